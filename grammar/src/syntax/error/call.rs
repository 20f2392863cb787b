//! The arguments of calls and classes.

use super::walk::{Halt, Walk, Walker};
use crate::report::{Diagnostic, SyntaxMistake};
use crate::syntax::token::TokenKind;

impl Walker<'_> {
    /// Arguments up to the closing parenthesis.
    pub fn arguments(&mut self) -> Walk<()> {
        let mut after = None;
        while !self.is(TokenKind::RightParen) {
            let is_keyword = self.is(TokenKind::Name) && self.ahead(1) == TokenKind::Assign;
            let is_plain = !is_keyword && !matches!(self.peek(), TokenKind::Star | TokenKind::StarStar);
            let is_unpacking = self.is(TokenKind::StarStar);
            let start = self.here();
            self.argument()?;
            if let (Some(mistake), true) = (&after, is_plain) {
                let diagnostic = Diagnostic::new(SyntaxMistake::clone(mistake), start);
                return self.report(diagnostic.raised_at(self.span_at(self.failed)));
            }
            if is_unpacking {
                after = Some(SyntaxMistake::PositionalAfterUnpacking);
            } else if is_keyword {
                after = after.or(Some(SyntaxMistake::PositionalAfterKeyword));
            }
            if !self.take(TokenKind::Comma) {
                return Ok(());
            }
        }
        Ok(())
    }

    fn argument(&mut self) -> Walk<()> {
        match (self.peek(), self.ahead(1)) {
            (TokenKind::Star, _) => self.star_argument(),
            (TokenKind::StarStar, _) => self.star_star_argument(),
            (TokenKind::Name, TokenKind::Assign) => self.keyword_argument(),
            (TokenKind::Name, TokenKind::Walrus) => {
                self.bump();
                self.bump();
                self.expression()?;
                self.comprehension_clauses().map(|_| ())
            }
            _ => self.positional_argument(),
        }
    }

    fn star_argument(&mut self) -> Walk<()> {
        let star = self.here();
        self.unpacked()?;
        if self.take(TokenKind::Assign) {
            let value = self.expression()?;
            return self.found(SyntaxMistake::AssignToUnpacking { what: "iterable" }, star.to(value.span));
        }
        Ok(())
    }

    fn star_star_argument(&mut self) -> Walk<()> {
        let stars = self.here();
        self.bump();
        self.expression()?;
        if self.take(TokenKind::Assign) {
            let value = self.expression()?;
            return self.found(SyntaxMistake::AssignToUnpacking { what: "keyword" }, stars.to(value.span));
        }
        Ok(())
    }

    fn keyword_argument(&mut self) -> Walk<()> {
        let name = self.here();
        self.bump();
        let equals = self.here();
        self.bump();
        if matches!(self.peek(), TokenKind::Comma | TokenKind::RightParen) {
            return self.found(SyntaxMistake::MissingArgumentValue, name.to(equals));
        }
        self.expression()?;
        if self.is(TokenKind::For) || self.is(TokenKind::Async) {
            self.comprehension_clauses()?;
            return self.found(SyntaxMistake::MaybeWalrus, name.to(equals));
        }
        Ok(())
    }

    fn positional_argument(&mut self) -> Walk<()> {
        let shape = self.expression()?;
        if self.is(TokenKind::Assign) {
            let span = shape.span.to(self.here());
            return match shape.what {
                what @ ("True" | "False" | "None") => self.found(SyntaxMistake::NotAssignable { what }, span),
                _ => self.found(SyntaxMistake::AssignmentInArgument, span),
            };
        }
        if self.is(TokenKind::Walrus) {
            return Err(Halt::At(self.at));
        }
        self.comprehension_clauses().map(|_| ())
    }
}
