//! The heads of compound statements, up to the colon and what may follow it on the line.

use super::walk::{Walk, Walker};
use crate::report::{Diagnostic, Raised, SyntaxMistake};
use crate::syntax::token::TokenKind;

impl Walker<'_> {
    /// Walks the head of a compound statement; false if the line is none.
    pub fn clause(&mut self) -> Walk<bool> {
        if self.take(TokenKind::Async) && !matches!(self.peek(), TokenKind::Def | TokenKind::For | TokenKind::With) {
            return self.lost();
        }
        if self.is(TokenKind::Name) && self.text_of(self.here()) == "match" && self.failed == self.at + 1 {
            self.match_without_colon()?;
        }
        match self.peek() {
            TokenKind::If | TokenKind::Elif | TokenKind::While => {
                self.bump();
                self.named_expression()?;
                self.colon_or_end()?;
            }
            TokenKind::Else | TokenKind::Try | TokenKind::Finally => {
                self.bump();
                self.colon()?;
            }
            TokenKind::For => {
                self.bump();
                self.loop_targets()?;
                self.star_expressions()?;
                self.colon_or_end()?;
            }
            TokenKind::With => self.with_items()?,
            TokenKind::Except => self.except()?,
            TokenKind::Def => self.function()?,
            TokenKind::Class => self.class()?,
            TokenKind::Match => {
                self.bump();
                self.star_named_expressions()?;
                self.colon_or_end()?;
            }
            TokenKind::Case => {
                self.bump();
                self.patterns()?;
                if self.take(TokenKind::If) {
                    self.named_expression()?;
                }
                self.colon_or_end()?;
            }
            TokenKind::At => {
                self.bump();
                self.named_expression()?;
                return match self.is(TokenKind::Newline) {
                    true => Ok(true),
                    false => self.lost(),
                };
            }
            _ => return Ok(false),
        }
        match self.is(TokenKind::Newline) {
            true => Ok(true),
            false => self.simple_statements().map(|_| true),
        }
    }

    /// `match x` alone on a line was taken for a name.
    fn match_without_colon(&mut self) -> Walk<()> {
        let start = self.at;
        let subject = self.maybe(|walker| {
            walker.bump();
            walker.star_named_expressions()
        })?;
        if subject.is_some() && self.is(TokenKind::Newline) {
            return self.found(SyntaxMistake::MissingColon, self.here());
        }
        self.at = start;
        Ok(())
    }

    /// The colon, which is missed only at the end of the line.
    fn colon_or_end(&mut self) -> Walk<()> {
        if self.take(TokenKind::Colon) {
            return Ok(());
        }
        match self.is(TokenKind::Newline) {
            true => self.found(SyntaxMistake::MissingColon, self.here()),
            false => self.lost(),
        }
    }

    /// The colon, where nothing else can follow.
    fn colon(&mut self) -> Walk<()> {
        match self.take(TokenKind::Colon) {
            true => Ok(()),
            false if self.is(TokenKind::Error) => self.lost(),
            false => self.found(SyntaxMistake::MissingColon, self.here()),
        }
    }

    fn star_named_expressions(&mut self) -> Walk<()> {
        loop {
            match self.is(TokenKind::Star) {
                true => self.starred()?,
                false => self.named_expression()?,
            };
            if !self.take(TokenKind::Comma) || matches!(self.peek(), TokenKind::Colon | TokenKind::Newline) {
                return Ok(());
            }
        }
    }

    fn with_items(&mut self) -> Walk<()> {
        self.bump();
        if self.take(TokenKind::WithParen) {
            self.inside(|walker| walker.with_list(TokenKind::RightParen))?;
            self.expect(TokenKind::RightParen)?;
        } else {
            self.with_list(TokenKind::Colon)?;
        }
        self.colon_or_end()
    }

    fn with_list(&mut self, close: TokenKind) -> Walk<()> {
        loop {
            self.expression()?;
            if self.take(TokenKind::As) {
                self.with_target()?;
            }
            if !self.take(TokenKind::Comma) || self.is(close) {
                return Ok(());
            }
        }
    }

    fn with_target(&mut self) -> Walk<()> {
        if self.is(TokenKind::Star) {
            return self.starred().map(|_| ());
        }
        let shape = self.expression()?;
        let is_end = matches!(self.peek(), TokenKind::Comma | TokenKind::RightParen | TokenKind::Colon);
        match shape.bad {
            Some((what, span)) if is_end => self.found(SyntaxMistake::NotAssignable { what }, span),
            _ => Ok(()),
        }
    }

    fn except(&mut self) -> Walk<()> {
        self.bump();
        let is_star = self.take(TokenKind::Star);
        if matches!(self.peek(), TokenKind::Newline | TokenKind::Colon) {
            if is_star {
                return self.found(SyntaxMistake::MissingExceptionClass, self.here());
            }
            return self.colon_or_end();
        }
        let class = self.expression()?;
        if self.is(TokenKind::Comma) {
            return self.several_classes(class.span);
        }
        if self.take(TokenKind::As) {
            self.expect(TokenKind::Name)?;
        }
        self.colon_or_end()
    }

    /// `except A, B:`, as in Python 2.
    fn several_classes(&mut self, first: crate::source::Span) -> Walk<()> {
        while self.take(TokenKind::Comma) {
            self.expression()?;
        }
        let last = self.behind();
        if self.take(TokenKind::As) {
            self.expect(TokenKind::Name)?;
        }
        self.expect(TokenKind::Colon)?;
        let diagnostic = Diagnostic::new(SyntaxMistake::SeveralExceptionClasses, first.to(last));
        self.report(diagnostic.raised_as(Raised::From(first.start, self.behind().end)))
    }

    fn function(&mut self) -> Walk<()> {
        self.bump();
        self.expect(TokenKind::Name)?;
        self.maybe(|walker| walker.type_parameters())?;
        if !self.is(TokenKind::LeftParen) {
            return match self.peek() {
                TokenKind::Error => self.lost(),
                _ => self.found(SyntaxMistake::MissingParen, self.here()),
            };
        }
        self.bump();
        self.inside(|walker| walker.parameters(TokenKind::RightParen))?;
        self.expect(TokenKind::RightParen)?;
        if self.is(TokenKind::Arrow) {
            self.maybe(|walker| {
                walker.bump();
                walker.expression()
            })?;
        }
        self.colon()
    }

    fn class(&mut self) -> Walk<()> {
        self.bump();
        self.expect(TokenKind::Name)?;
        self.type_parameters()?;
        if self.take(TokenKind::LeftParen) {
            self.inside(|walker| walker.arguments())?;
            self.expect(TokenKind::RightParen)?;
        }
        self.colon_or_end()
    }
}
