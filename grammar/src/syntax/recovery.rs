//! Where to cut and where to go on: the ends of top-level statements, and what is left out behind a mistake.

use super::token::{Token, TokenKind};

/// Whether a token goes on with the compound statement before it.
fn is_continuation(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Elif | TokenKind::Else | TokenKind::Except | TokenKind::Finally)
}

fn is_line_break(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent)
}

/// Whether the text begins with a statement that can have several lines.
pub(super) fn is_compound(list: &[Token]) -> bool {
    list.first().is_some_and(|first| {
        matches!(
            first.kind,
            TokenKind::If
                | TokenKind::While
                | TokenKind::For
                | TokenKind::With
                | TokenKind::Try
                | TokenKind::Match
                | TokenKind::Def
                | TokenKind::Class
                | TokenKind::Async
                | TokenKind::At
        )
    })
}

/// The end of the top-level statement that begins at token `at`.
pub(super) fn piece_end(list: &[Token], mut at: usize) -> usize {
    let mut depth = 0usize;
    let mut starts_line = true;
    let mut is_decorator = false;
    loop {
        let Some(token) = list.get(at) else { return at };
        at += 1;
        match token.kind {
            TokenKind::Indent => depth += 1,
            TokenKind::Dedent => depth = depth.saturating_sub(1),
            TokenKind::Newline => {}
            kind => {
                if starts_line {
                    is_decorator = kind == TokenKind::At;
                }
                starts_line = false;
                continue;
            }
        }
        starts_line = true;
        if depth > 0 {
            continue;
        }
        let next = list.get(at).map(|token| token.kind);
        let goes_on =
            next.is_some_and(|kind| is_continuation(kind) || matches!(kind, TokenKind::Indent | TokenKind::Dedent));
        let is_decorated = is_decorator && next.is_some();
        if !goes_on && !is_decorated {
            return at;
        }
    }
}

/// The first token of the line that holds token `at`; the line before, where `at` begins a line.
fn line_start(list: &[Token], at: usize) -> usize {
    list[..at.min(list.len())].iter().rposition(|token| is_line_break(token.kind)).map_or(0, |before| before + 1)
}

/// The offset of the line that holds token `at`.
pub(super) fn line_offset(list: &[Token], at: usize) -> u32 {
    list.get(line_start(list, at)).map_or(0, |token| token.span.start)
}

/// Takes the inner statement that failed at token `at` out of a piece; false where nothing would be gained.
pub(super) fn leave_out(list: &mut Vec<Token>, at: usize) -> bool {
    if at >= list.len() {
        return false;
    }
    if list[at].kind == TokenKind::Indent {
        let end = skip_block(list, at);
        list.drain(at..end);
        return true;
    }
    let mut start = line_start(list, at);
    let is_missing_block = at == start && at >= 2 && list[at - 1].kind == TokenKind::Newline;
    if is_missing_block && list[at - 2].kind == TokenKind::Colon {
        start = line_start(list, at - 1);
    }
    let depth: isize = list[..start].iter().map(|token| depth_change(token.kind)).sum();
    let first = list[start].kind;
    if depth <= 0 || is_continuation(first) || is_line_break(first) || first == TokenKind::Case {
        return false;
    }
    let mut end = skip_line(list, start);
    while list.get(end).is_some_and(|token| is_continuation(token.kind)) {
        end = skip_line(list, end);
    }
    // Decorators go with what they decorate.
    while start > 0 && list[start - 1].kind == TokenKind::Newline {
        let before = line_start(list, start - 1);
        if list[before].kind != TokenKind::At {
            break;
        }
        start = before;
    }
    let span = list[start].span;
    let stand_in = [TokenKind::Pass, TokenKind::Newline].map(|kind| Token { kind, span });
    list.splice(start..end, stand_in);
    true
}

fn depth_change(kind: TokenKind) -> isize {
    match kind {
        TokenKind::Indent => 1,
        TokenKind::Dedent => -1,
        _ => 0,
    }
}

/// The end of a line and of the block below it.
fn skip_line(list: &[Token], start: usize) -> usize {
    let newline = list[start..].iter().position(|token| token.kind == TokenKind::Newline);
    let end = newline.map_or(list.len(), |n| start + n + 1);
    match list.get(end).map(|token| token.kind) {
        Some(TokenKind::Indent) => skip_block(list, end),
        _ => end,
    }
}

/// The end of the block whose `Indent` is at `start`.
fn skip_block(list: &[Token], start: usize) -> usize {
    let mut depth = 0;
    for (at, token) in list.iter().enumerate().skip(start) {
        depth += depth_change(token.kind);
        if depth == 0 {
            return at + 1;
        }
    }
    list.len()
}

/// Words that begin a statement and can stand at the start of a line in no expression.
const STATEMENT_WORDS: &[&str] =
    &["def ", "class ", "import ", "return ", "while ", "with ", "try:", "raise ", "del ", "global ", "async def "];

/// The offset of the first line behind an open bracket that must be a statement.
pub(super) fn statement_behind(text: &str, bracket: u32) -> Option<u32> {
    let mut at = bracket as usize;
    while let Some(n) = memchr::memchr(b'\n', &text.as_bytes()[at..]) {
        at += n + 1;
        if STATEMENT_WORDS.iter().any(|word| text[at..].starts_with(word)) {
            return Some(at as u32);
        }
    }
    None
}
