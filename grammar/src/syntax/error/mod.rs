//! Why a statement did not parse, from its tokens.
//!
//! The parser only knows at which token it could not go on. Here the logical line with that token is walked once more,
//! by hand, with an eye for the usual mistakes: each of them is looked for exactly where CPython looks for it, so that
//! class, text and place are CPython's. What matches none of them is an unexpected token.
//!
//! 1. [`block`]: what is wrong between lines: a block that is missing, an indentation too many.
//! 2. [`walk`]: the cursor, and what a step can say.
//! 3. [`statement`], [`clause`]: simple statements and the heads of compound ones.
//! 4. [`expression`], [`comprehension`], [`call`], [`display`], [`fstring`], [`parameter`], [`pattern`]: the parts of a line.

mod block;
mod call;
mod clause;
mod comprehension;
mod display;
mod expression;
mod fstring;
mod parameter;
mod pattern;
mod statement;
mod walk;

use super::indent::Tokens;
use super::token::{Token, TokenKind, Unfinished};
use crate::report::{Diagnostic, Raised, SyntaxMistake};
use crate::source::Span;
use walk::{Halt, Walker};

/// The diagnostic for a piece that cannot go on at token `failed`.
/// With it comes the offset of the last token that was looked at.
pub(super) fn explain(
    text: &str,
    tokens: &Tokens,
    list: &[Token],
    start: TokenKind,
    failed: usize,
) -> (Diagnostic, u32) {
    let offset = |at: usize| list.get(at).map_or(text.len() as u32, |token| token.span.start);
    let mut furthest = failed;
    let diagnostic = explain_at(text, tokens, list, start, failed, &mut furthest);
    (diagnostic, offset(furthest))
}

fn explain_at(
    text: &str,
    tokens: &Tokens,
    list: &[Token],
    start: TokenKind,
    failed: usize,
    furthest: &mut usize,
) -> Diagnostic {
    if let Some(diagnostic) = lexical(tokens, list, failed) {
        return diagnostic;
    }
    if let Some(diagnostic) = block::between_lines(text, list, failed) {
        return diagnostic;
    }
    if let Some(diagnostic) = unclosed_before(text, tokens, list, failed) {
        return diagnostic;
    }
    let line = line_start(list, failed);
    if line == failed && !list.get(line).is_some_and(|token| token.kind == TokenKind::Case) {
        return unexpected(text, list, failed);
    }
    let mut walker = Walker::new(text, list, line, failed);
    let walked = match start {
        TokenKind::StartEval => walker.expressions(),
        _ => walker.line(),
    };
    *furthest = walker.furthest.get();
    match walked {
        Err(Halt::Found(diagnostic)) => return *diagnostic,
        Err(Halt::At(at)) => return unexpected(text, list, at),
        Err(Halt::Lexical(at)) => {
            if let Some(diagnostic) = lexical(tokens, list, at) {
                return diagnostic;
            }
        }
        Err(Halt::Lost) | Ok(()) => {}
    }
    if let Some(Unfinished::Bracket(at)) = tokens.unfinished
        && (walker.hit_end.get() || list.get(failed..).unwrap_or(&[]).iter().all(is_closing_text))
    {
        return unclosed(text, at);
    }
    unexpected(text, list, failed)
}

/// Nothing behind the line of a bracket that was never closed can be understood.
fn unclosed_before(text: &str, tokens: &Tokens, list: &[Token], failed: usize) -> Option<Diagnostic> {
    let Some(Unfinished::Bracket(bracket)) = tokens.unfinished else { return None };
    let at = list.get(failed).map_or(text.len(), |token| token.span.start as usize);
    let between = text.as_bytes().get(bracket as usize..at)?;
    between.contains(&b'\n').then(|| unclosed(text, bracket))
}

/// Tokens that only close the text.
fn is_closing_text(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Newline | TokenKind::Dedent)
}

/// The lexer's own mistake, where the failing token stands for one.
fn lexical(tokens: &Tokens, list: &[Token], failed: usize) -> Option<Diagnostic> {
    let token = list.get(failed).filter(|token| token.kind == TokenKind::Error)?;
    let at = tokens.mistakes.partition_point(|mistake| mistake.token.span.end < token.span.end);
    let same = tokens.mistakes[at..].iter().find(|mistake| mistake.token.span == token.span);
    same.map(|mistake| mistake.diagnostic.clone())
}

/// The first token of the logical line that holds token `at`.
fn line_start(list: &[Token], at: usize) -> usize {
    let at = at.min(list.len());
    let is_break = |token: &Token| matches!(token.kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent);
    list[..at].iter().rposition(is_break).map_or(0, |before| before + 1)
}

/// A bracket that is still open at the end of the text.
pub(super) fn unclosed(text: &str, at: u32) -> Diagnostic {
    let span = Span::new(at as usize, at as usize + 1);
    let bracket = text[span.range()].chars().next().unwrap_or('(');
    Diagnostic::at_start(SyntaxMistake::UnclosedBracket { bracket }, span)
}

/// A token that nothing explains.
fn unexpected(text: &str, list: &[Token], failed: usize) -> Diagnostic {
    let Some(token) = list.get(failed) else {
        return Diagnostic::at_end_of_text(SyntaxMistake::UnexpectedToken { what: "the end".to_owned() }, text);
    };
    match token.kind {
        TokenKind::Indent => {
            let raised = Raised::Indentation(token.span.end);
            Diagnostic::new(SyntaxMistake::UnexpectedIndent, token.span).raised_as(raised)
        }
        TokenKind::Dedent => block::at_dedent(SyntaxMistake::UnexpectedDedent, text, token.span),
        TokenKind::Newline => {
            let what = "the end of the line".to_owned();
            Diagnostic::new(SyntaxMistake::UnexpectedToken { what }, newline_span(token.span))
        }
        _ => {
            let shown: String = text[token.span.range()].chars().take(40).collect();
            let what = format!("'{}'", shown.lines().next().unwrap_or_default());
            Diagnostic::new(SyntaxMistake::UnexpectedToken { what }, token.span)
        }
    }
}

/// A newline token, which is empty at the end of the text, is one column wide in CPython.
fn newline_span(span: Span) -> Span {
    Span { start: span.start, end: span.start + 1 }
}
