//! Words that are keywords only in some places, decided before the parser sees them.
//!
//! - `match` at the start of a logical line that ends in a colon outside brackets, or that a `case` block follows;
//! - `case` at the start of a line directly in the block of a `match`;
//! - `type` at the start of any statement, before a name and then `=` or `[`;
//! - `(` behind `with`, where it holds the items of the statement: it is closed right before the colon, and an `as`
//!   stands directly inside. (Without an `as` it is an ordinary expression; the builder splits a tuple into items.)
//!
//! Everywhere else `match`, `case` and `type` become ordinary names.

use super::token::{Token, TokenKind};

/// What is known of the blocks around the current line.
#[derive(Debug, Default)]
pub(super) struct SoftKeywords {
    /// For each open block, whether it is that of a `match`.
    blocks: Vec<bool>,
    /// The line before was the head of a `match`.
    after_match: bool,
    /// Where a `match` stands whose line does not end in a colon, if it was the line before.
    undecided: Option<usize>,
}

impl SoftKeywords {
    pub fn open_block(&mut self) {
        self.blocks.push(self.after_match || self.undecided.is_some());
    }

    pub fn close_block(&mut self) {
        self.blocks.pop();
    }

    /// Decides for the line that starts at token `start` and has just been read to its `Newline`.
    pub fn decide(&mut self, list: &mut [Token], start: usize) {
        self.after_match = false;
        let undecided = self.undecided.take();
        let Some(first) = list.get(start).map(|token| token.kind) else { return };
        let mut has_soft = false;
        let (mut at, mut previous) = (start, TokenKind::Newline);
        while at < list.len() {
            let kind = list[at].kind;
            match kind {
                TokenKind::Match | TokenKind::Case => {
                    has_soft |= at == start;
                    if at > start {
                        list[at].kind = TokenKind::Name;
                    }
                }
                TokenKind::Type if !is_type_statement(list, at, previous) => list[at].kind = TokenKind::Name,
                _ => {}
            }
            previous = kind;
            at += 1;
        }
        match first {
            TokenKind::Match if has_soft => self.decide_match(list, start),
            TokenKind::Case if has_soft => self.decide_case(list, start, undecided),
            TokenKind::With => mark_with(list, start + 1),
            TokenKind::Async if list.get(start + 1).map(|token| token.kind) == Some(TokenKind::With) => {
                mark_with(list, start + 2);
            }
            _ => {}
        }
    }

    fn decide_match(&mut self, list: &mut [Token], start: usize) {
        let next = list.get(start + 1).map_or(TokenKind::Newline, |token| token.kind);
        if !starts_subject(next) {
            list[start].kind = TokenKind::Name;
            return;
        }
        let ends_in_colon = list.len() >= 2 && list[list.len() - 2].kind == TokenKind::Colon;
        self.after_match = ends_in_colon && list.len() - start > 2;
        if !self.after_match {
            list[start].kind = TokenKind::Name;
            self.undecided = Some(start);
        }
    }

    fn decide_case(&mut self, list: &mut [Token], start: usize, undecided: Option<usize>) {
        if self.blocks.last() != Some(&true) {
            list[start].kind = TokenKind::Name;
            return;
        }
        // The block of a `match` without its colon: now it is known to be one.
        if let Some(at) = undecided {
            list[at].kind = TokenKind::Match;
        }
    }
}

/// Makes ordinary names of all soft keywords: an expression has none.
pub(super) fn forget(list: &mut [Token]) {
    for token in list {
        if matches!(token.kind, TokenKind::Match | TokenKind::Case | TokenKind::Type) {
            token.kind = TokenKind::Name;
        }
    }
}

/// Whether a token behind `match` can begin the subject of a statement.
fn starts_subject(kind: TokenKind) -> bool {
    !matches!(
        kind,
        TokenKind::Newline
            | TokenKind::Assign
            | TokenKind::Colon
            | TokenKind::Dot
            | TokenKind::Comma
            | TokenKind::RightParen
            | TokenKind::RightSquare
            | TokenKind::RightBrace
            | TokenKind::Semicolon
    )
}

fn is_type_statement(list: &[Token], at: usize, previous: TokenKind) -> bool {
    let starts = matches!(previous, TokenKind::Newline | TokenKind::Semicolon | TokenKind::Colon);
    let kind_at = |at: usize| list.get(at).map_or(TokenKind::Newline, |token| token.kind);
    let is_name = |kind| matches!(kind, TokenKind::Name | TokenKind::Match | TokenKind::Case | TokenKind::Type);
    starts && is_name(kind_at(at + 1)) && matches!(kind_at(at + 2), TokenKind::Assign | TokenKind::LeftSquare)
}

/// Marks the parenthesis at token `open`, if it is one that holds the items of a `with` statement.
fn mark_with(list: &mut [Token], open: usize) {
    if list.get(open).map(|token| token.kind) != Some(TokenKind::LeftParen) {
        return;
    }
    let mut depth = 0;
    let mut has_as = false;
    for at in open..list.len() {
        let kind = list[at].kind;
        has_as |= depth == 1 && kind == TokenKind::As;
        if kind.is_opening() {
            depth += 1;
        } else if kind.is_closing() {
            depth -= 1;
            if depth == 0 {
                let next = list.get(at + 1).map(|token| token.kind);
                if has_as && matches!(next, Some(TokenKind::Colon | TokenKind::Newline)) {
                    list[open].kind = TokenKind::WithParen;
                }
                return;
            }
        }
    }
}
