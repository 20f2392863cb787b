//! The clauses of comprehensions, and what loops bind.

use super::expression::starts_expression;
use super::walk::{Walk, Walker};
use crate::report::SyntaxMistake;
use crate::source::Span;
use crate::syntax::token::TokenKind;

impl Walker<'_> {
    /// `for … in … if …`, as often as it comes.
    pub fn comprehension_clauses(&mut self) -> Walk<Span> {
        let mut last = self.here();
        while self.is(TokenKind::For) || (self.is(TokenKind::Async) && self.ahead(1) == TokenKind::For) {
            self.take(TokenKind::Async);
            self.bump();
            let start = self.at;
            if self.maybe(|walker| walker.plain_targets())?.is_some() && !self.is(TokenKind::In) {
                return self.found(SyntaxMistake::MissingIn, self.here());
            }
            self.at = start;
            self.loop_targets()?;
            last = self.disjunction()?.span;
            while self.take(TokenKind::If) {
                last = self.disjunction()?.span;
            }
        }
        Ok(last)
    }

    fn plain_targets(&mut self) -> Walk<()> {
        loop {
            self.bit_or()?;
            if !self.take(TokenKind::Comma) || !starts_expression(self.peek()) {
                return Ok(());
            }
        }
    }

    /// What a loop binds, and `in`.
    pub fn loop_targets(&mut self) -> Walk<()> {
        let start = self.at;
        let targets = self.maybe(|walker| {
            let mut bad = None;
            loop {
                walker.take(TokenKind::Star);
                bad = bad.or(walker.bit_or()?.bad);
                if !walker.take(TokenKind::Comma) || walker.is(TokenKind::In) {
                    break;
                }
            }
            walker.expect(TokenKind::In)?;
            Ok(bad)
        })?;
        if let Some(None) = targets {
            return Ok(());
        }
        self.at = start;
        let shape = self.star_expressions()?;
        match shape.bad {
            Some((what, span)) => self.found(SyntaxMistake::NotAssignable { what }, span),
            None => self.lost(),
        }
    }
}
