//! Parameters of functions and lambdas, and type parameters.

use super::expression::starts_expression;
use super::walk::{Walk, Walker};
use crate::report::{Diagnostic, Raised, SyntaxMistake};
use crate::syntax::token::TokenKind;

impl Walker<'_> {
    /// Parameters up to `close`: a parenthesis, or the colon of a lambda.
    pub fn parameters(&mut self, close: TokenKind) -> Walk<()> {
        let is_lambda = close == TokenKind::Colon;
        let mut has_other = false;
        let mut after_slash = false;
        if self.is(TokenKind::Slash) && self.ahead(1) == TokenKind::Comma {
            return self.found(SyntaxMistake::NothingBeforeSlash, self.here());
        }
        loop {
            let at = self.here();
            match self.peek() {
                kind if kind == close => return Ok(()),
                TokenKind::FieldColon if is_lambda => return Ok(()),
                TokenKind::Star if after_slash => return self.found(SyntaxMistake::SlashBeforeStar, at),
                TokenKind::Slash => {
                    has_other = true;
                    self.bump();
                }
                TokenKind::Star | TokenKind::StarStar => {
                    has_other = true;
                    self.star_parameter(is_lambda)?;
                }
                TokenKind::LeftParen => return self.parenthesized_parameters(is_lambda, has_other),
                TokenKind::Name => has_other |= self.parameter(is_lambda)?,
                _ => return self.lost(),
            }
            after_slash = self.list[self.at - 1].kind == TokenKind::Slash;
            if after_slash && self.is(TokenKind::Star) {
                continue;
            }
            after_slash = false;
            if !self.take(TokenKind::Comma) {
                return match self.is(close) || self.is(TokenKind::FieldColon) {
                    true => Ok(()),
                    false => self.lost(),
                };
            }
        }
    }

    /// `*`, `*args` or `**kwargs`: no default can follow.
    fn star_parameter(&mut self, is_lambda: bool) -> Walk<()> {
        let kind = if self.is(TokenKind::Star) { "var-positional" } else { "var-keyword" };
        self.bump();
        if !self.is(TokenKind::Name) {
            return Ok(());
        }
        self.annotated_name(is_lambda)?;
        match self.is(TokenKind::Assign) {
            true => self.found(SyntaxMistake::StarParamDefault { kind }, self.here()),
            false => Ok(()),
        }
    }

    fn annotated_name(&mut self, is_lambda: bool) -> Walk<()> {
        self.bump();
        if !is_lambda && self.take(TokenKind::Colon) {
            match self.is(TokenKind::Star) {
                true => self.starred()?,
                false => self.expression()?,
            };
        }
        Ok(())
    }

    /// A name with its annotation and default; whether it has one.
    fn parameter(&mut self, is_lambda: bool) -> Walk<bool> {
        self.annotated_name(is_lambda)?;
        let equals = self.here();
        if !self.take(TokenKind::Assign) {
            return Ok(false);
        }
        if matches!(self.peek(), TokenKind::RightParen | TokenKind::Comma) {
            return self.found(SyntaxMistake::MissingDefault, equals);
        }
        self.expression()?;
        Ok(true)
    }

    /// `def f((a, b)):`, as in Python 2.
    fn parenthesized_parameters(&mut self, is_lambda: bool, has_other: bool) -> Walk<()> {
        let open = self.here();
        self.bump();
        if has_other {
            return self.lost();
        }
        loop {
            self.expect(TokenKind::Name)?;
            if !self.take(TokenKind::Comma) || self.is(TokenKind::RightParen) {
                break;
            }
        }
        self.expect(TokenKind::RightParen)?;
        let kind = if is_lambda { "Lambda expression" } else { "Function" };
        self.found(SyntaxMistake::ParenthesizedParameters { kind }, open.to(self.behind()))
    }

    /// `[T, *Ts, **P]`.
    pub fn type_parameters(&mut self) -> Walk<()> {
        if !self.take(TokenKind::LeftSquare) {
            return Ok(());
        }
        if self.is(TokenKind::RightSquare) {
            let (start, end) = (self.here().start, self.here().end);
            let diagnostic = Diagnostic::new(SyntaxMistake::NoTypeParameters, self.here());
            return self.report(diagnostic.raised_as(Raised::From(start, end)));
        }
        self.inside(|walker| {
            while !walker.is(TokenKind::RightSquare) {
                let _ = walker.take(TokenKind::Star) || walker.take(TokenKind::StarStar);
                walker.expect(TokenKind::Name)?;
                if walker.take(TokenKind::Colon) {
                    walker.expression()?;
                }
                if walker.take(TokenKind::Assign) {
                    match starts_expression(walker.peek()) {
                        true => walker.expression()?,
                        false => walker.starred()?,
                    };
                }
                if !walker.take(TokenKind::Comma) {
                    break;
                }
            }
            Ok(())
        })?;
        self.expect(TokenKind::RightSquare)
    }
}
