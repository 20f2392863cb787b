//! The cursor over the tokens of one logical line, and what a step of the walk can say.

use std::cell::Cell;

use crate::report::{Diagnostic, SyntaxMistake};
use crate::source::Span;
use crate::syntax::token::{Token, TokenKind};

/// Why a walk stopped.
#[derive(Debug)]
pub(super) enum Halt {
    /// A known mistake.
    Found(Box<Diagnostic>),
    /// At a token that the lexer could not read.
    Lexical(usize),
    /// At a token that cannot stand there, though the parser went on a little.
    At(usize),
    /// At something that is wrong in no known way.
    Lost,
}

pub(super) type Walk<T> = Result<T, Halt>;

/// How tightly an expression binds, as far as the mistakes care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// A name, literal, display, or what stands in parentheses.
    Atom,
    /// An attribute, subscript, call or await.
    Primary,
    /// Arithmetic and bits.
    BitOr,
    /// A comparison, `not`, `and`, `or`.
    Disjunction,
    /// A conditional expression or lambda.
    Test,
}

/// What is known of an expression that was walked over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// What CPython calls it in messages.
    pub what: &'static str,
    /// Its place, without parentheses around it.
    pub span: Span,
    pub rank: Rank,
    /// No parentheses stand around it.
    pub is_bare: bool,
    /// Its first part that cannot be assigned to.
    pub bad: Option<(&'static str, Span)>,
}

impl Shape {
    /// An expression without parentheses around it.
    pub fn new(what: &'static str, span: Span, rank: Rank) -> Self {
        let is_target = matches!(what, "name" | "attribute" | "subscript" | "tuple" | "list");
        Shape { what, span, rank, is_bare: true, bad: (!is_target).then_some((what, span)) }
    }
}

/// Brackets deeper than this are not walked into: the walk is recursive.
const MAX_WALK: usize = 40;

pub(super) struct Walker<'t> {
    pub text: &'t str,
    pub list: &'t [Token],
    pub at: usize,
    /// The brackets that are open here.
    pub level: usize,
    /// Walking only to see whether something could be read; nothing is reported.
    pub is_quiet: bool,
    /// The walk came to the end of the text, where a bracket may be open.
    pub hit_end: Cell<bool>,
    /// The last token that was looked at.
    pub furthest: Cell<usize>,
    /// The token at which the parser could not go on.
    pub failed: usize,
    depth: usize,
    /// How many more atoms are walked over: trying again must not take forever.
    fuel: usize,
}

impl<'t> Walker<'t> {
    pub fn new(text: &'t str, list: &'t [Token], at: usize, failed: usize) -> Self {
        let (hit_end, furthest) = (Cell::new(false), Cell::new(failed));
        Walker {
            text,
            list,
            at,
            level: 0,
            is_quiet: false,
            hit_end,
            furthest,
            failed,
            depth: 0,
            fuel: 2000 + 4 * (list.len() - at),
        }
    }

    /// The kind of the token `n` ahead; behind the end, that of a `Newline`.
    pub fn ahead(&self, n: usize) -> TokenKind {
        self.list.get(self.at + n).map_or(TokenKind::Newline, |token| token.kind)
    }

    pub fn peek(&self) -> TokenKind {
        self.ahead(0)
    }

    pub fn is(&self, kind: TokenKind) -> bool {
        self.peek() == kind
    }

    /// The place of the token at hand.
    pub fn here(&self) -> Span {
        self.span_at(self.at)
    }

    pub fn span_at(&self, at: usize) -> Span {
        let end = Span::new(self.text.len(), self.text.len());
        self.list.get(at).map_or(end, |token| match token.kind {
            TokenKind::Newline => super::newline_span(token.span),
            _ => token.span,
        })
    }

    /// The place of the token before.
    pub fn behind(&self) -> Span {
        self.span_at(self.at.saturating_sub(1))
    }

    pub fn text_of(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or_default()
    }

    pub fn bump(&mut self) {
        self.at += 1;
    }

    /// Steps over a token of this kind, if it is there.
    pub fn take(&mut self, kind: TokenKind) -> bool {
        let is_there = self.is(kind);
        self.at += is_there as usize;
        is_there
    }

    /// Steps over a token that must be there.
    pub fn expect(&mut self, kind: TokenKind) -> Walk<()> {
        match self.take(kind) {
            true => Ok(()),
            false => self.lost(),
        }
    }

    /// Nothing known is wrong, but it cannot go on here.
    pub fn lost<T>(&self) -> Walk<T> {
        self.hit_end.set(self.hit_end.get() || self.is_at_end());
        self.furthest.set(self.furthest.get().max(self.at));
        match self.peek() {
            TokenKind::Error => Err(Halt::Lexical(self.at)),
            _ => Err(Halt::Lost),
        }
    }

    pub fn is_at_end(&self) -> bool {
        self.here().start as usize >= self.text.trim_end().len()
    }

    /// A known mistake, unless nothing is to be reported.
    pub fn found<T>(&self, mistake: SyntaxMistake, span: Span) -> Walk<T> {
        self.report(Diagnostic::new(mistake, span))
    }

    pub fn report<T>(&self, diagnostic: Diagnostic) -> Walk<T> {
        match self.is_quiet {
            true => Err(Halt::Lost),
            false => Err(Halt::Found(Box::new(diagnostic))),
        }
    }

    /// Walks on trial: None and no step where it fails.
    pub fn attempt<T>(&mut self, walk: impl FnOnce(&mut Self) -> Walk<T>) -> Option<T> {
        let (at, level, depth, is_quiet) = (self.at, self.level, self.depth, self.is_quiet);
        self.is_quiet = true;
        let result = walk(self);
        self.is_quiet = is_quiet;
        if result.is_err() {
            (self.at, self.level, self.depth) = (at, level, depth);
        }
        result.ok()
    }

    /// Walks on if that is possible; where it is not, stays and gives None. A known mistake counts.
    pub fn maybe<T>(&mut self, walk: impl FnOnce(&mut Self) -> Walk<T>) -> Walk<Option<T>> {
        let (at, level, depth) = (self.at, self.level, self.depth);
        match walk(self) {
            Ok(result) => Ok(Some(result)),
            Err(Halt::Lost) => {
                (self.at, self.level, self.depth) = (at, level, depth);
                Ok(None)
            }
            Err(halt) => Err(halt),
        }
    }

    /// Counts an atom; there are enough for every line that is not made to be walked over again and again.
    pub fn burn(&mut self) -> Walk<()> {
        self.fuel = self.fuel.checked_sub(1).ok_or(Halt::Lost)?;
        Ok(())
    }

    /// Walks inside brackets.
    pub fn inside<T>(&mut self, walk: impl FnOnce(&mut Self) -> Walk<T>) -> Walk<T> {
        self.level += 1;
        let result = self.deeper(walk);
        self.level -= 1;
        result
    }

    pub fn deeper<T>(&mut self, walk: impl FnOnce(&mut Self) -> Walk<T>) -> Walk<T> {
        if self.depth >= MAX_WALK {
            return Err(Halt::Lost);
        }
        self.depth += 1;
        let result = walk(self);
        self.depth -= 1;
        result
    }
}
