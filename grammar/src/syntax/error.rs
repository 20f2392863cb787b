//! Why a statement did not parse, from its tokens.

use super::indent::Tokens;
use super::token::{TokenKind, Unfinished, bracket_char};
use crate::report::{Diagnostic, SyntaxMistake};
use crate::source::Span;

/// The diagnostic for the statement that begins at token `start` and cannot go on at token `failed`.
pub(super) fn explain(text: &str, tokens: &Tokens, start: usize, failed: usize) -> Diagnostic {
    let _ = start;
    if let Some(token) = tokens.list.get(failed)
        && token.kind == TokenKind::Error
        && let Some(mistake) = tokens.mistakes.iter().find(|mistake| mistake.token.span == token.span)
    {
        return mistake.diagnostic.clone();
    }
    if let Some(Unfinished::Bracket(at)) = tokens.unfinished
        && tokens.list[failed.min(tokens.list.len())..]
            .iter()
            .all(|t| matches!(t.kind, TokenKind::Newline | TokenKind::Dedent))
    {
        return unclosed(text, at);
    }
    let end = Span::new(text.len(), text.len());
    let span = tokens.list.get(failed).map_or(end, |token| token.span);
    let what = format!("'{}'", &text[span.range()]);
    Diagnostic::new(SyntaxMistake::UnexpectedToken { what }, span)
}

/// A bracket that is still open at the end of the text.
pub(super) fn unclosed(text: &str, at: u32) -> Diagnostic {
    let span = Span::new(at as usize, at as usize + 1);
    let bracket = text[span.range()].chars().next().unwrap_or(bracket_char(TokenKind::LeftParen));
    Diagnostic::new(SyntaxMistake::UnclosedBracket { bracket }, span)
}
