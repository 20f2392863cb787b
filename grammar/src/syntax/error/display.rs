//! Parentheses, lists, sets and dicts.

use super::expression::starts_expression;
use super::walk::{Rank, Shape, Walk, Walker};
use crate::report::{Diagnostic, SyntaxMistake};
use crate::source::Span;
use crate::syntax::token::TokenKind;

/// What a display is, and its first element that is no target.
type Listed = (&'static str, Option<(&'static str, Span)>);

impl Walker<'_> {
    pub fn parentheses(&mut self) -> Walk<Shape> {
        let open = self.here();
        self.bump();
        let inner = self.inside(|walker| walker.in_parentheses())?;
        self.expect(TokenKind::RightParen)?;
        let whole = open.to(self.behind());
        Ok(match inner {
            Some(shape) if shape.what == "generator expression" && shape.is_bare => {
                Shape::new("generator expression", whole, Rank::Atom)
            }
            Some(shape) if shape.what == "elements" => {
                Shape { bad: shape.bad, ..Shape::new("tuple", whole, Rank::Atom) }
            }
            Some(shape) => Shape { rank: Rank::Atom, is_bare: false, ..shape },
            None => Shape::new("tuple", whole, Rank::Atom),
        })
    }

    /// What stands in parentheses; None if nothing.
    fn in_parentheses(&mut self) -> Walk<Option<Shape>> {
        match self.peek() {
            TokenKind::RightParen => return Ok(None),
            TokenKind::Yield => return self.value().map(Some),
            TokenKind::StarStar => {
                let stars = self.here();
                self.bump();
                self.expression()?;
                if self.is(TokenKind::RightParen) {
                    return self.found(SyntaxMistake::DoubleStarredHere, stars);
                }
                return self.lost();
            }
            _ => {}
        }
        let first = self.element()?;
        if self.is_comprehension() {
            let last = self.comprehension_clauses()?;
            let span = first.span.to(last);
            return Ok(Some(Shape::new("generator expression", span, Rank::Atom)));
        }
        if !self.is(TokenKind::Comma) {
            return Ok(Some(first));
        }
        let (last, bad) = self.elements(TokenKind::RightParen)?;
        if self.is_comprehension() {
            self.comprehension_clauses()?;
            return self.lost();
        }
        let bad = first.bad.or(bad);
        Ok(Some(Shape { bad, ..Shape::new("elements", first.span.to(last), Rank::Atom) }))
    }

    fn is_comprehension(&self) -> bool {
        self.is(TokenKind::For) || (self.is(TokenKind::Async) && self.ahead(1) == TokenKind::For)
    }

    fn element(&mut self) -> Walk<Shape> {
        match self.is(TokenKind::Star) {
            true => self.starred(),
            false => self.named_expression(),
        }
    }

    /// More elements behind the first, from its comma on; gives the last, and the first that is no target.
    fn elements(&mut self, close: TokenKind) -> Walk<(Span, Option<(&'static str, Span)>)> {
        let (mut last, mut bad) = (self.here(), None);
        while self.is(TokenKind::Comma) {
            last = self.here();
            self.bump();
            if self.is(close) || self.is_comprehension() {
                break;
            }
            let next = self.element()?;
            last = next.span;
            bad = bad.or(next.bad);
        }
        Ok((last, bad))
    }

    pub fn list_display(&mut self) -> Walk<Shape> {
        let open = self.here();
        self.bump();
        let (what, bad) = self.inside(|walker| walker.in_list(TokenKind::RightSquare, "list", "list comprehension"))?;
        self.expect(TokenKind::RightSquare)?;
        let shape = Shape::new(what, open.to(self.behind()), Rank::Atom);
        Ok(Shape { bad: shape.bad.or(bad), ..shape })
    }

    fn in_list(&mut self, close: TokenKind, display: &'static str, comp: &'static str) -> Walk<Listed> {
        if self.is(close) {
            return Ok((display, None));
        }
        let first = self.element()?;
        self.after_first(first, close, display, comp)
    }

    fn after_first(
        &mut self,
        first: Shape,
        close: TokenKind,
        display: &'static str,
        comp: &'static str,
    ) -> Walk<Listed> {
        if self.is_comprehension() {
            self.comprehension_clauses()?;
            return Ok((comp, None));
        }
        if !self.is(TokenKind::Comma) {
            return Ok((display, first.bad));
        }
        let (last, bad) = self.elements(close)?;
        if self.is_comprehension() {
            self.comprehension_clauses()?;
            return self.found(SyntaxMistake::BareComprehensionTarget, first.span.to(last));
        }
        Ok((display, first.bad.or(bad)))
    }

    pub fn braces(&mut self) -> Walk<Shape> {
        let open = self.here();
        self.bump();
        let what = self.inside(|walker| walker.in_braces())?;
        self.expect(TokenKind::RightBrace)?;
        Ok(Shape::new(what, open.to(self.behind()), Rank::Atom))
    }

    fn in_braces(&mut self) -> Walk<&'static str> {
        match self.peek() {
            TokenKind::RightBrace => return Ok("dict literal"),
            TokenKind::StarStar => return self.dict_items(),
            TokenKind::Star => {
                return self.in_list(TokenKind::RightBrace, "set display", "set comprehension").map(|listed| listed.0);
            }
            _ => {}
        }
        let start = self.at;
        let first = self.named_expression()?;
        if self.is(TokenKind::Colon) {
            self.at = start;
            return self.dict_items();
        }
        self.after_first(first, TokenKind::RightBrace, "set display", "set comprehension").map(|listed| listed.0)
    }

    fn dict_items(&mut self) -> Walk<&'static str> {
        let mut is_first = true;
        loop {
            if self.is(TokenKind::RightBrace) {
                return Ok("dict literal");
            }
            if self.take(TokenKind::StarStar) {
                self.bit_or()?;
            } else {
                self.dict_pair(is_first)?;
            }
            if is_first && self.is_comprehension() {
                self.comprehension_clauses()?;
                return Ok("dict comprehension");
            }
            is_first = false;
            if !self.take(TokenKind::Comma) {
                return Ok("dict literal");
            }
        }
    }

    fn dict_pair(&mut self, is_first: bool) -> Walk<()> {
        let key = self.expression()?;
        if !self.is(TokenKind::Colon) {
            if is_first {
                return self.lost();
            }
            let last = Span { start: key.span.end - 1, end: key.span.end };
            return self.report(Diagnostic::at_start(SyntaxMistake::MissingKeyColon, last));
        }
        let colon = self.here();
        self.bump();
        match self.peek() {
            TokenKind::RightBrace | TokenKind::Comma => self.found(SyntaxMistake::MissingDictValue, colon),
            TokenKind::Star => {
                let star = self.here();
                self.bump();
                self.bit_or()?;
                self.found(SyntaxMistake::StarredDictValue, star.to(self.behind()))
            }
            kind if starts_expression(kind) => self.expression().map(|_| ()),
            _ => self.lost(),
        }
    }
}
