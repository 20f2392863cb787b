//! The fields of f-strings.

use super::walk::{Walk, Walker};
use crate::report::SyntaxMistake;
use crate::syntax::token::TokenKind;

impl Walker<'_> {
    /// One f-string, from its opening quotes to its closing ones.
    pub fn fstring(&mut self) -> Walk<()> {
        self.bump();
        self.fstring_parts()?;
        self.expect(TokenKind::FEnd)
    }

    fn fstring_parts(&mut self) -> Walk<()> {
        loop {
            match self.peek() {
                TokenKind::FText | TokenKind::FTextRaw => self.bump(),
                TokenKind::FieldOpen => self.inside(|walker| walker.field())?,
                _ => return Ok(()),
            }
        }
    }

    fn field(&mut self) -> Walk<()> {
        self.bump();
        let before = match self.peek() {
            TokenKind::Assign => Some('='),
            TokenKind::Exclaim => Some('!'),
            TokenKind::FieldColon => Some(':'),
            TokenKind::FieldClose => Some('}'),
            _ => None,
        };
        if let Some(before) = before {
            return self.found(SyntaxMistake::FStringEmptyField { before }, self.here());
        }
        if self.maybe(|walker| walker.value())?.is_none() {
            return match self.is_at_end() {
                true => self.lost(),
                false => self.found(SyntaxMistake::FStringNoExpression, self.here()),
            };
        }
        self.after_value()
    }

    fn expecting(&self, what: &'static str) -> Walk<()> {
        match self.is(TokenKind::Error) || self.is_at_end() {
            true => self.lost(),
            false => self.found(SyntaxMistake::FStringExpecting { what }, self.here()),
        }
    }

    fn after_value(&mut self) -> Walk<()> {
        let is_end = |kind| matches!(kind, TokenKind::Exclaim | TokenKind::FieldColon | TokenKind::FieldClose);
        if self.take(TokenKind::Assign) {
            if !is_end(self.peek()) {
                return self.expecting("'!', or ':', or '}'");
            }
        } else if !is_end(self.peek()) {
            return self.expecting("'=', or '!', or ':', or '}'");
        }
        if self.take(TokenKind::Exclaim) {
            match self.peek() {
                TokenKind::FieldColon | TokenKind::FieldClose => {
                    return self.found(SyntaxMistake::FStringMissingConversion, self.here());
                }
                TokenKind::Name => self.bump(),
                TokenKind::Error => return self.lost(),
                _ => return self.found(SyntaxMistake::FStringBadConversion, self.here()),
            }
            if !is_end(self.peek()) || self.is(TokenKind::Exclaim) {
                return self.expecting("':' or '}'");
            }
        }
        if self.take(TokenKind::FieldColon) {
            self.fstring_parts()?;
            if !self.is(TokenKind::FieldClose) {
                return self.expecting("'}', or format specs");
            }
        }
        match self.take(TokenKind::FieldClose) {
            true => Ok(()),
            false => self.expecting("'}'"),
        }
    }
}
