//! Patterns of `case`.

use super::walk::{Walk, Walker};
use crate::report::SyntaxMistake;
use crate::source::Span;
use crate::syntax::token::TokenKind;

impl Walker<'_> {
    /// Patterns with commas between, up to something else.
    pub fn patterns(&mut self) -> Walk<()> {
        loop {
            self.take(TokenKind::Star);
            self.pattern()?;
            if !self.take(TokenKind::Comma) || !starts_pattern(self.peek()) {
                return Ok(());
            }
        }
    }

    fn pattern(&mut self) -> Walk<()> {
        self.deeper(|walker| {
            walker.closed_pattern()?;
            while walker.take(TokenKind::Bar) {
                walker.closed_pattern()?;
            }
            walker.pattern_target()
        })
    }

    /// Only a name other than `_` can follow `as`.
    fn pattern_target(&mut self) -> Walk<()> {
        if !self.take(TokenKind::As) {
            return Ok(());
        }
        let at = self.here();
        if self.is(TokenKind::Name) && self.text_of(at) == "_" {
            return self.found(SyntaxMistake::WildcardTarget, at);
        }
        let is_name = self.is(TokenKind::Name)
            && !matches!(self.ahead(1), TokenKind::Dot | TokenKind::LeftParen | TokenKind::Assign);
        if is_name {
            self.bump();
            return Ok(());
        }
        let at = self.at;
        let Some(shape) = self.attempt(|walker| walker.expression()) else { return self.lost() };
        self.at = at;
        self.found(SyntaxMistake::PatternTarget, shape.span)
    }

    fn closed_pattern(&mut self) -> Walk<()> {
        match self.peek() {
            TokenKind::LeftParen => self.bracketed(TokenKind::RightParen),
            TokenKind::LeftSquare => self.bracketed(TokenKind::RightSquare),
            TokenKind::LeftBrace => {
                self.bump();
                self.inside(|walker| walker.mapping_items())?;
                self.expect(TokenKind::RightBrace)
            }
            TokenKind::Name => self.named_pattern(),
            TokenKind::None | TokenKind::True | TokenKind::False => {
                self.bump();
                Ok(())
            }
            TokenKind::Str | TokenKind::FStart | TokenKind::Minus => self.bit_or().map(|_| ()),
            TokenKind::Int | TokenKind::Float | TokenKind::Imaginary => {
                self.bump();
                if matches!(self.peek(), TokenKind::Plus | TokenKind::Minus) {
                    self.bump();
                    self.bump();
                }
                Ok(())
            }
            _ => self.lost(),
        }
    }

    fn bracketed(&mut self, close: TokenKind) -> Walk<()> {
        self.bump();
        if !self.is(close) {
            self.inside(|walker| walker.patterns())?;
        }
        self.expect(close)
    }

    fn named_pattern(&mut self) -> Walk<()> {
        self.bump();
        while self.take(TokenKind::Dot) {
            self.expect(TokenKind::Name)?;
        }
        if !self.take(TokenKind::LeftParen) {
            return Ok(());
        }
        self.inside(|walker| {
            let mut has_keyword = false;
            let mut wrong = None::<Span>;
            while !walker.is(TokenKind::RightParen) {
                let is_keyword = walker.is(TokenKind::Name) && walker.ahead(1) == TokenKind::Assign;
                if is_keyword {
                    walker.bump();
                    walker.bump();
                }
                if let (Some(wrong), true) = (wrong, is_keyword) {
                    return walker.found(SyntaxMistake::PositionalPatternAfterKeyword, wrong);
                }
                let start = walker.here();
                walker.pattern()?;
                has_keyword |= is_keyword;
                if has_keyword && !is_keyword {
                    let span = start.to(walker.behind());
                    wrong = Some(wrong.map_or(span, |wrong| wrong.to(span)));
                }
                if !walker.take(TokenKind::Comma) {
                    break;
                }
            }
            Ok(())
        })?;
        self.expect(TokenKind::RightParen)
    }

    fn mapping_items(&mut self) -> Walk<()> {
        while !self.is(TokenKind::RightBrace) {
            if self.take(TokenKind::StarStar) {
                self.expect(TokenKind::Name)?;
            } else {
                self.closed_pattern()?;
                self.expect(TokenKind::Colon)?;
                self.pattern()?;
            }
            if !self.take(TokenKind::Comma) {
                break;
            }
        }
        Ok(())
    }
}

fn starts_pattern(kind: TokenKind) -> bool {
    !matches!(
        kind,
        TokenKind::Colon
            | TokenKind::If
            | TokenKind::RightParen
            | TokenKind::RightSquare
            | TokenKind::RightBrace
            | TokenKind::Newline
    )
}
