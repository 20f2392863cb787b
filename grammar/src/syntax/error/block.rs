//! What is wrong between lines: a missing block, a `try` without handlers, an indentation too many.

use super::line_start;
use crate::report::{Diagnostic, Raised, SyntaxMistake};
use crate::source::Span;
use crate::syntax::token::{Token, TokenKind};

/// The mistake, where token `failed` begins a line and the line before explains it.
pub(super) fn between_lines(text: &str, list: &[Token], failed: usize) -> Option<Diagnostic> {
    let before = list[..failed.min(list.len())].last()?;
    match before.kind {
        TokenKind::Newline | TokenKind::Dedent
            if list.get(failed).is_some_and(|next| next.kind == TokenKind::Indent) =>
        {
            missing_handler(text, list, failed)
        }
        TokenKind::Newline => missing_block(text, list, failed).or_else(|| missing_handler(text, list, failed)),
        TokenKind::Dedent => missing_handler(text, list, failed),
        _ => None,
    }
}

/// The place of the token after the line, as CPython has it at the end of the text too.
fn at_token(mistake: SyntaxMistake, text: &str, list: &[Token], at: usize) -> Diagnostic {
    match list.get(at) {
        Some(token) if token.kind == TokenKind::Dedent => at_dedent(mistake, text, token.span),
        Some(token) if token.kind == TokenKind::Indent => {
            Diagnostic::new(mistake, token.span).raised_as(Raised::Indentation(token.span.end))
        }
        Some(token) => Diagnostic::new(mistake, token.span),
        None => Diagnostic::at_end_of_text(mistake, text),
    }
}

/// A `Dedent` is reported at the end of the indentation that it goes back to.
pub(super) fn at_dedent(mistake: SyntaxMistake, text: &str, span: Span) -> Diagnostic {
    match span.start as usize >= text.trim_end().len() {
        true => Diagnostic::at_end_of_text(mistake, text),
        false => Diagnostic::new(mistake, span).raised_as(Raised::Indentation(span.start)),
    }
}

/// The line before ends in the colon of a compound statement, and no block follows.
fn missing_block(text: &str, list: &[Token], failed: usize) -> Option<Diagnostic> {
    let first = line_start(list, failed - 1);
    let line = &list[first..failed - 1];
    if line.last().map(|token| token.kind) != Some(TokenKind::Colon) {
        return None;
    }
    let (head, second) = (line.first()?, line.get(1).map(|token| token.kind));
    let keyword = match (head.kind, second) {
        (TokenKind::Async, Some(kind)) => (kind, line[1].span),
        (kind, _) => (kind, head.span),
    };
    let after = match keyword.0 {
        TokenKind::If => "'if' statement",
        TokenKind::Elif => "'elif' statement",
        TokenKind::Else => "'else' statement",
        TokenKind::While => "'while' statement",
        TokenKind::For => "'for' statement",
        TokenKind::With => "'with' statement",
        TokenKind::Try => "'try' statement",
        TokenKind::Except if second == Some(TokenKind::Star) => "'except*' statement",
        TokenKind::Except => "'except' statement",
        TokenKind::Finally => "'finally' statement",
        TokenKind::Match => "'match' statement",
        TokenKind::Case => "'case' statement",
        TokenKind::Def => "function definition",
        TokenKind::Class => "class definition",
        _ => return None,
    };
    let line = memchr::memchr_iter(b'\n', &text.as_bytes()[..keyword.1.start as usize]).count() as u32 + 1;
    let mistake = SyntaxMistake::MissingBlock { after, line };
    let head = Span { start: keyword.1.start, end: keyword.1.end };
    Some(at_token(mistake, text, list, failed).with_second(head, "the block of this"))
}

/// The line before ends the block of a `try`, and neither `except` nor `finally` follows.
fn missing_handler(text: &str, list: &[Token], failed: usize) -> Option<Diagnostic> {
    let head = statement_before(list, failed)?;
    let is_open_try = list[head].kind == TokenKind::Try;
    let next = list.get(failed).map(|token| token.kind);
    if !is_open_try || matches!(next, Some(TokenKind::Except | TokenKind::Finally)) {
        return None;
    }
    let at = at_token(SyntaxMistake::MissingHandler, text, list, failed);
    Some(at.with_second(list[head].span, "the 'try'"))
}

/// The first token of the statement (or clause) that ends right before token `failed`, at the same depth.
fn statement_before(list: &[Token], failed: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = failed;
    while at > 0 {
        at -= 1;
        match list[at].kind {
            TokenKind::Dedent => depth += 1,
            TokenKind::Indent => {
                depth = depth.checked_sub(1)?;
                // The line before is the head of the block.
                if depth == 0 && at > 0 {
                    return Some(line_start(list, at - 1));
                }
            }
            TokenKind::Newline if depth == 0 && at + 1 < failed => return Some(at + 1),
            _ => {}
        }
    }
    (depth == 0).then_some(0)
}
