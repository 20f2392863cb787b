//! Expressions, walked with the precedence of the grammar as far as mistakes care.

use super::walk::{Halt, Rank, Shape, Walk, Walker};
use crate::report::SyntaxMistake;
use crate::syntax::token::TokenKind;

impl Walker<'_> {
    /// `star_expressions`: one expression or a tuple without parentheses.
    pub fn star_expressions(&mut self) -> Walk<Shape> {
        let first = self.star_expression()?;
        let (mut last, mut bad) = (first.span, first.bad);
        let mut is_tuple = false;
        while self.is(TokenKind::Comma) {
            is_tuple = true;
            last = self.here();
            self.bump();
            let Some(next) = self.maybe(|walker| walker.star_expression())? else { break };
            last = next.span;
            bad = bad.or(next.bad);
        }
        Ok(match is_tuple {
            true => Shape { bad, ..Shape::new("tuple", first.span.to(last), Rank::Test) },
            false => first,
        })
    }

    /// What `eval` takes: expressions with commas between.
    pub fn expressions(&mut self) -> Walk<()> {
        self.expression()?;
        while self.take(TokenKind::Comma) && starts_expression(self.peek()) {
            self.expression()?;
        }
        Ok(())
    }

    fn star_expression(&mut self) -> Walk<Shape> {
        match self.is(TokenKind::Star) {
            true => self.starred(),
            false => self.expression(),
        }
    }

    /// `*` and an expression of the rank of `|`.
    pub fn starred(&mut self) -> Walk<Shape> {
        let star = self.here();
        self.bump();
        let value = self.bit_or()?;
        Ok(Shape { bad: value.bad, ..Shape::new("starred", star.to(value.span), Rank::Test) })
    }

    /// `*` and any expression, as in arguments and subscripts.
    pub fn unpacked(&mut self) -> Walk<Shape> {
        let star = self.here();
        self.bump();
        match self.expression() {
            Ok(value) => Ok(Shape { bad: value.bad, ..Shape::new("starred", star.to(value.span), Rank::Test) }),
            Err(Halt::Lost) => self.found(SyntaxMistake::BareStar, self.here()),
            Err(halt) => Err(halt),
        }
    }

    /// `yield_expr` or `star_expressions`.
    pub fn value(&mut self) -> Walk<Shape> {
        if !self.is(TokenKind::Yield) {
            return self.star_expressions();
        }
        let start = self.here();
        self.bump();
        let span = match self.take(TokenKind::From) {
            true => start.to(self.expression()?.span),
            false if starts_expression(self.peek()) || self.is(TokenKind::Star) => {
                start.to(self.star_expressions()?.span)
            }
            false => start,
        };
        Ok(Shape::new("yield expression", span, Rank::Test))
    }

    /// `named_expression`: an expression, or `name := expression`; knows `=` where `==` or `:=` was meant.
    pub fn named_expression(&mut self) -> Walk<Shape> {
        let start = self.at;
        if self.is(TokenKind::Name) && self.ahead(1) == TokenKind::Walrus {
            let name = self.here();
            self.bump();
            self.bump();
            let value = self.expression()?;
            return Ok(Shape::new("named expression", name.to(value.span), Rank::Test));
        }
        let shape = self.expression()?;
        if self.is(TokenKind::Walrus) {
            self.bump();
            self.expression()?;
            return self.found(SyntaxMistake::WalrusTarget { what: shape.what }, shape.span);
        }
        self.single_equals(start, shape)?;
        Ok(shape)
    }

    /// `a = b` where an expression is wanted.
    pub fn single_equals(&mut self, start: usize, shape: Shape) -> Walk<()> {
        if !self.is(TokenKind::Assign) || shape.rank > Rank::BitOr {
            return Ok(());
        }
        let equals = self.at;
        let is_name = self.list[start].kind == TokenKind::Name && equals == start + 1;
        let rhs = self.attempt(|walker| {
            walker.bump();
            walker.bit_or()
        });
        let Some(rhs) = rhs else { return Ok(()) };
        let is_chain = matches!(self.peek(), TokenKind::Assign | TokenKind::Walrus);
        if self.is_at_end() && self.level > 0 {
            return self.lost();
        }
        self.at = equals;
        if is_chain {
            return Ok(());
        }
        if is_name {
            return self.found(SyntaxMistake::MaybeWalrus, shape.span.to(rhs.span));
        }
        let is_display = matches!(shape.what, "list" | "tuple" | "generator expression" | "True" | "None" | "False");
        match is_display {
            true => Ok(()),
            false => self.found(SyntaxMistake::NotAssignableHere { what: shape.what }, shape.span),
        }
    }

    /// `expression`, with what is often wrong behind the first part of one.
    pub fn expression(&mut self) -> Walk<Shape> {
        self.deeper(|walker| match walker.peek() {
            TokenKind::Lambda => walker.lambda(),
            _ => walker.conditional(),
        })
    }

    fn conditional(&mut self) -> Walk<Shape> {
        let start = self.at;
        let shape = self.disjunction()?;
        if !self.is_quiet {
            self.missing_comma(start, shape)?;
        }
        if !self.is_quiet {
            self.legacy_statement(start)?;
        }
        if self.is(TokenKind::If)
            && let Some(whole) = self.maybe(|walker| walker.condition(shape))?
        {
            return Ok(whole);
        }
        Ok(shape)
    }

    /// `if … else …` behind an expression.
    fn condition(&mut self, shape: Shape) -> Walk<Shape> {
        self.bump();
        let test = self.disjunction()?;
        if self.take(TokenKind::Else) {
            let otherwise = self.expression()?;
            return Ok(Shape::new("conditional expression", shape.span.to(otherwise.span), Rank::Test));
        }
        match self.is(TokenKind::Colon) {
            true => self.lost(),
            false => self.found(SyntaxMistake::MissingElse, shape.span.to(test.span)),
        }
    }

    /// Two expressions side by side inside brackets.
    fn missing_comma(&mut self, start: usize, shape: Shape) -> Walk<()> {
        let first = self.list[start];
        let is_prefix =
            first.kind == TokenKind::Name && self.list.get(start + 1).map(|token| token.kind) == Some(TokenKind::Str);
        let is_soft =
            first.kind == TokenKind::Name && matches!(self.text_of(first.span), "match" | "case" | "type" | "_");
        if is_prefix || is_soft || !starts_expression(self.peek()) {
            return Ok(());
        }
        let at = self.at;
        let Some(second) = self.attempt(|walker| walker.expression()) else { return Ok(()) };
        self.at = at;
        if self.level == 0 || is_legacy(self.text_of(shape.span)) {
            return Ok(());
        }
        self.found(SyntaxMistake::MissingComma, shape.span.to(second.span))
    }

    /// `print x`, as in Python 2.
    fn legacy_statement(&mut self, start: usize) -> Walk<()> {
        let name = self.span_at(start);
        let (kind, next) = (self.list[start].kind, self.list.get(start + 1).map(|token| token.kind));
        if kind != TokenKind::Name || next == Some(TokenKind::LeftParen) {
            return Ok(());
        }
        // What follows is walked over whatever the name is, and may itself be wrong in a known way.
        let at = self.at;
        self.at = start + 1;
        let rest = self.maybe(|walker| walker.star_expressions());
        self.at = at;
        match (rest?, self.text_of(name)) {
            (Some(rest), text @ ("print" | "exec")) => {
                let name_text = text.to_owned();
                self.found(SyntaxMistake::LegacyStatement { name: name_text }, name.to(rest.span))
            }
            _ => Ok(()),
        }
    }

    fn lambda(&mut self) -> Walk<Shape> {
        let start = self.here();
        self.bump();
        self.parameters(TokenKind::Colon)?;
        if self.is(TokenKind::FieldColon) {
            return self.found(SyntaxMistake::FStringLambda, start.to(self.here()));
        }
        self.expect(TokenKind::Colon)?;
        let body = self.expression()?;
        Ok(Shape::new("lambda", start.to(body.span), Rank::Test))
    }

    /// `or` and `and` over `not` and comparisons.
    pub fn disjunction(&mut self) -> Walk<Shape> {
        let first = self.inversion()?;
        let mut shape = first;
        while matches!(self.peek(), TokenKind::Or | TokenKind::And) {
            let next = self.maybe(|walker| {
                walker.bump();
                walker.inversion()
            })?;
            let Some(next) = next else { break };
            shape = Shape::new("expression", first.span.to(next.span), Rank::Disjunction);
        }
        Ok(shape)
    }

    fn inversion(&mut self) -> Walk<Shape> {
        let start = self.here();
        let mut is_not = false;
        while self.take(TokenKind::Not) {
            is_not = true;
        }
        let shape = self.comparison()?;
        Ok(match is_not {
            true => Shape::new("expression", start.to(shape.span), Rank::Disjunction),
            false => shape,
        })
    }

    fn comparison(&mut self) -> Walk<Shape> {
        let start = self.here();
        let first = self.bit_or()?;
        let mut shape = first;
        loop {
            let mut is_in = false;
            let next = self.maybe(|walker| {
                is_in = walker.is(TokenKind::In);
                match walker.comparison_operator() {
                    true => walker.bit_or(),
                    false => walker.lost(),
                }
            })?;
            let Some(next) = next else { return Ok(shape) };
            let whole = Shape::new("comparison", start.to(next.span), Rank::Disjunction);
            // What a loop would bind stands before its first `in`.
            let is_first_in = is_in && shape.what != "comparison";
            shape = Shape { bad: if is_first_in { first.bad } else { None }, ..whole };
        }
    }

    fn comparison_operator(&mut self) -> bool {
        let n_tokens = match (self.peek(), self.ahead(1)) {
            (TokenKind::Not, TokenKind::In) | (TokenKind::Is, TokenKind::Not) => 2,
            (
                TokenKind::Equal
                | TokenKind::NotEqual
                | TokenKind::Less
                | TokenKind::LessEqual
                | TokenKind::Greater
                | TokenKind::GreaterEqual
                | TokenKind::In
                | TokenKind::Is,
                _,
            ) => 1,
            _ => 0,
        };
        self.at += n_tokens;
        n_tokens > 0
    }

    /// Binary operators down from `|`; their order does not matter here.
    pub fn bit_or(&mut self) -> Walk<Shape> {
        let start = self.here();
        let mut shape = self.factor()?;
        while is_binary_operator(self.peek()) {
            let next = self.maybe(|walker| {
                let is_arithmetic = is_arithmetic_operator(walker.peek());
                walker.bump();
                if is_arithmetic {
                    walker.not_operand()?;
                }
                walker.factor()
            })?;
            let Some(next) = next else { break };
            shape = Shape::new("expression", start.to(next.span), Rank::BitOr);
        }
        Ok(shape)
    }

    /// `not` right behind an operator.
    fn not_operand(&mut self) -> Walk<()> {
        if !self.is(TokenKind::Not) {
            return Ok(());
        }
        let start = self.here();
        let operand = self.attempt(|walker| walker.deeper(|walker| walker.inversion()));
        match operand {
            Some(operand) => self.found(SyntaxMistake::NotOperand, start.to(operand.span)),
            None => Ok(()),
        }
    }

    fn factor(&mut self) -> Walk<Shape> {
        let start = self.here();
        let mut is_signed = false;
        while matches!(self.peek(), TokenKind::Plus | TokenKind::Minus | TokenKind::Tilde) {
            is_signed = true;
            self.bump();
            self.not_operand()?;
        }
        let is_await = self.take(TokenKind::Await);
        let mut shape = self.primary()?;
        if is_await {
            shape = Shape::new("await expression", start.to(shape.span), Rank::Primary);
        }
        if self.is(TokenKind::StarStar) {
            self.bump();
            let power = self.deeper(|walker| walker.factor())?;
            shape = Shape::new("expression", shape.span.to(power.span), Rank::BitOr);
        }
        if is_signed {
            shape = Shape::new("expression", start.to(shape.span), Rank::BitOr);
        }
        Ok(shape)
    }

    fn primary(&mut self) -> Walk<Shape> {
        let start = self.here();
        let mut shape = self.atom()?;
        loop {
            let what = match self.peek() {
                TokenKind::Dot => "attribute",
                TokenKind::LeftParen => "function call",
                TokenKind::LeftSquare => "subscript",
                _ => return Ok(shape),
            };
            if self.maybe(|walker| walker.trailer())?.is_none() {
                return Ok(shape);
            }
            shape = Shape::new(what, start.to(self.behind()), Rank::Primary);
        }
    }

    fn trailer(&mut self) -> Walk<()> {
        let kind = self.peek();
        self.bump();
        match kind {
            TokenKind::Dot => self.expect(TokenKind::Name),
            TokenKind::LeftParen => {
                self.inside(|walker| walker.arguments())?;
                self.expect(TokenKind::RightParen)
            }
            _ => {
                self.inside(|walker| walker.subscripts())?;
                self.expect(TokenKind::RightSquare)
            }
        }
    }

    fn atom(&mut self) -> Walk<Shape> {
        self.burn()?;
        let span = self.here();
        let what = match self.peek() {
            TokenKind::Name => "name",
            TokenKind::Int | TokenKind::Float | TokenKind::Imaginary => "literal",
            TokenKind::True => "True",
            TokenKind::False => "False",
            TokenKind::None => "None",
            TokenKind::Ellipsis => "ellipsis",
            TokenKind::Str | TokenKind::FStart => return self.strings(),
            TokenKind::LeftParen => return self.parentheses(),
            TokenKind::LeftSquare => return self.list_display(),
            TokenKind::LeftBrace => return self.braces(),
            _ => return self.lost(),
        };
        self.bump();
        Ok(Shape::new(what, span, Rank::Atom))
    }

    fn strings(&mut self) -> Walk<Shape> {
        let start = self.here();
        let mut what = "literal";
        loop {
            match self.peek() {
                TokenKind::Str => self.bump(),
                TokenKind::FStart => {
                    what = "f-string expression";
                    self.deeper(|walker| walker.fstring())?;
                }
                _ => break,
            }
        }
        Ok(Shape::new(what, start.to(self.behind()), Rank::Atom))
    }

    fn subscripts(&mut self) -> Walk<()> {
        loop {
            if self.is(TokenKind::Star) {
                self.unpacked()?;
            } else {
                self.subscript_item()?;
            }
            if !self.take(TokenKind::Comma) || self.is(TokenKind::RightSquare) {
                return Ok(());
            }
        }
    }

    fn subscript_item(&mut self) -> Walk<()> {
        if !self.is(TokenKind::Colon) {
            self.named_expression()?;
        }
        while self.take(TokenKind::Colon) {
            if starts_expression(self.peek()) {
                self.expression()?;
            }
        }
        Ok(())
    }
}

fn is_legacy(name: &str) -> bool {
    matches!(name, "print" | "exec")
}

/// Whether a token can begin an expression.
pub(super) fn starts_expression(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Imaginary
            | TokenKind::Str
            | TokenKind::FStart
            | TokenKind::True
            | TokenKind::False
            | TokenKind::None
            | TokenKind::Ellipsis
            | TokenKind::LeftParen
            | TokenKind::LeftSquare
            | TokenKind::LeftBrace
            | TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Tilde
            | TokenKind::Not
            | TokenKind::Lambda
            | TokenKind::Await
    )
}

fn is_arithmetic_operator(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Star
            | TokenKind::Slash
            | TokenKind::SlashSlash
            | TokenKind::Percent
            | TokenKind::At
    )
}

fn is_binary_operator(kind: TokenKind) -> bool {
    is_arithmetic_operator(kind)
        || matches!(
            kind,
            TokenKind::LeftShift | TokenKind::RightShift | TokenKind::Ampersand | TokenKind::Bar | TokenKind::Caret
        )
}
