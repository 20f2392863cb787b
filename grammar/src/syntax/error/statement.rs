//! Simple statements.

use super::expression::starts_expression;
use super::walk::{Halt, Shape, Walk, Walker};
use crate::report::{Diagnostic, Raised, SyntaxMistake};
use crate::syntax::token::TokenKind;

impl Walker<'_> {
    /// The logical line: the head of a compound statement, or simple statements.
    pub fn line(&mut self) -> Walk<()> {
        match self.clause()? {
            true => Ok(()),
            false => self.simple_statements(),
        }
    }

    pub fn simple_statements(&mut self) -> Walk<()> {
        loop {
            self.simple_statement()?;
            if !self.take(TokenKind::Semicolon) || self.is(TokenKind::Newline) {
                return match self.is(TokenKind::Newline) {
                    true => Ok(()),
                    false => self.lost(),
                };
            }
        }
    }

    fn simple_statement(&mut self) -> Walk<()> {
        match self.peek() {
            TokenKind::Import => self.import(),
            TokenKind::From => self.import_from(),
            TokenKind::Del => self.delete(),
            TokenKind::Assert => self.assert(),
            TokenKind::Raise => self.raise(),
            TokenKind::Return => {
                self.bump();
                self.optional_expressions()
            }
            TokenKind::Pass | TokenKind::Break | TokenKind::Continue => {
                self.bump();
                Ok(())
            }
            TokenKind::Global | TokenKind::Nonlocal => {
                self.bump();
                self.expect(TokenKind::Name)?;
                while self.take(TokenKind::Comma) {
                    self.expect(TokenKind::Name)?;
                }
                Ok(())
            }
            TokenKind::Type => self.type_alias(),
            _ => self.expression_statement(),
        }
    }

    fn optional_expressions(&mut self) -> Walk<()> {
        match starts_expression(self.peek()) || self.is(TokenKind::Star) {
            true => self.star_expressions().map(|_| ()),
            false => Ok(()),
        }
    }

    fn expression_statement(&mut self) -> Walk<()> {
        let start = self.at;
        let first = self.value()?;
        if self.is(TokenKind::Walrus) {
            if first.what != "name" || !first.is_bare {
                self.bump();
                self.expression()?;
                return self.found(SyntaxMistake::WalrusTarget { what: first.what }, first.span);
            }
            return self.lost();
        }
        if self.is(TokenKind::Colon) {
            let colon = self.at;
            self.bump();
            let is_target = matches!(first.what, "name" | "attribute" | "subscript");
            if self.maybe(|walker| walker.expression())?.is_none() {
                return if is_target { self.lost() } else { Err(Halt::At(colon)) };
            }
            let mistake = match first.what {
                "list" => SyntaxMistake::AnnotatedList { what: "list" },
                "tuple" => SyntaxMistake::AnnotatedList { what: "tuple" },
                "name" | "attribute" | "subscript" => return self.annotated_value(),
                _ => SyntaxMistake::AnnotationTarget,
            };
            return self.found(mistake, first.span);
        }
        if is_augmented(self.peek()) {
            self.bump();
            self.value()?;
            return match first.what {
                "name" | "attribute" | "subscript" => Ok(()),
                what => self.found(SyntaxMistake::AugAssignTarget { what }, first.span),
            };
        }
        self.assignment(start, first)
    }

    /// The values behind the first `=`; one target that is none is a mistake, whatever comes behind it.
    fn assignment(&mut self, start: usize, first: Shape) -> Walk<()> {
        let mut target = first;
        while self.is(TokenKind::Assign) {
            if let Some((what, span)) = target.bad {
                self.single_equals(start, first)?;
                return match what {
                    "yield expression" if target.is_bare => self.found(SyntaxMistake::AssignToYield, span),
                    _ => self.found(SyntaxMistake::NotAssignable { what }, span),
                };
            }
            self.bump();
            let Some(value) = self.maybe(|walker| walker.value())? else { return self.lost() };
            target = value;
        }
        Ok(())
    }

    fn annotated_value(&mut self) -> Walk<()> {
        match self.take(TokenKind::Assign) {
            true => self.value().map(|_| ()),
            false => Ok(()),
        }
    }

    fn import(&mut self) -> Walk<()> {
        let keyword = self.here();
        self.bump();
        if self.is(TokenKind::Newline) {
            let (start, end) = (self.here().start, self.here().end);
            let diagnostic = Diagnostic::new(SyntaxMistake::MissingImportNames, self.here());
            return self.report(diagnostic.raised_as(Raised::From(start, end)));
        }
        let mut has_as = false;
        loop {
            self.dotted_name()?;
            if self.take(TokenKind::As) {
                has_as = true;
                self.expect(TokenKind::Name)?;
            }
            if !self.take(TokenKind::Comma) {
                break;
            }
        }
        if self.is(TokenKind::From) && !has_as {
            self.bump();
            self.dotted_name()?;
            let diagnostic = Diagnostic::new(SyntaxMistake::ImportBeforeFrom, keyword.to(self.behind()));
            return self.report(diagnostic.raised_as(Raised::From(keyword.start, self.here().end)));
        }
        Ok(())
    }

    fn dotted_name(&mut self) -> Walk<()> {
        self.expect(TokenKind::Name)?;
        while self.take(TokenKind::Dot) {
            self.expect(TokenKind::Name)?;
        }
        Ok(())
    }

    fn import_from(&mut self) -> Walk<()> {
        self.bump();
        while matches!(self.peek(), TokenKind::Dot | TokenKind::Ellipsis) {
            self.bump();
        }
        if !self.is(TokenKind::Import) {
            self.dotted_name()?;
        }
        self.expect(TokenKind::Import)?;
        if self.is(TokenKind::Newline) {
            let (start, end) = (self.here().start, self.here().end);
            let diagnostic = Diagnostic::new(SyntaxMistake::MissingImportNames, self.here());
            return self.report(diagnostic.raised_as(Raised::From(start, end)));
        }
        if self.take(TokenKind::Star) {
            return Ok(());
        }
        let is_bracketed = self.take(TokenKind::LeftParen);
        loop {
            self.expect(TokenKind::Name)?;
            if self.take(TokenKind::As) {
                self.expect(TokenKind::Name)?;
            }
            if !self.take(TokenKind::Comma) {
                break;
            }
            if is_bracketed && self.is(TokenKind::RightParen) {
                break;
            }
            if !is_bracketed && self.is(TokenKind::Newline) {
                return self.found(SyntaxMistake::ImportTrailingComma, self.here());
            }
        }
        match is_bracketed {
            true => self.expect(TokenKind::RightParen),
            false => Ok(()),
        }
    }

    fn delete(&mut self) -> Walk<()> {
        self.bump();
        let targets = self.star_expressions()?;
        match targets.bad {
            None => Ok(()),
            Some((what, span)) => self.found(SyntaxMistake::NotDeletable { what }, span),
        }
    }

    fn assert(&mut self) -> Walk<()> {
        self.bump();
        self.expression()?;
        match self.take(TokenKind::Comma) {
            true => self.expression().map(|_| ()),
            false => Ok(()),
        }
    }

    fn raise(&mut self) -> Walk<()> {
        self.bump();
        if starts_expression(self.peek()) {
            self.expression()?;
            if self.take(TokenKind::From) {
                self.expression()?;
            }
        }
        Ok(())
    }

    fn type_alias(&mut self) -> Walk<()> {
        self.bump();
        self.expect(TokenKind::Name)?;
        self.type_parameters()?;
        self.expect(TokenKind::Assign)?;
        self.expression().map(|_| ())
    }
}

fn is_augmented(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::PlusAssign
            | TokenKind::MinusAssign
            | TokenKind::StarAssign
            | TokenKind::AtAssign
            | TokenKind::SlashAssign
            | TokenKind::PercentAssign
            | TokenKind::AmpersandAssign
            | TokenKind::BarAssign
            | TokenKind::CaretAssign
            | TokenKind::LeftShiftAssign
            | TokenKind::RightShiftAssign
            | TokenKind::StarStarAssign
            | TokenKind::SlashSlashAssign
    )
}
