//! String literals and f-strings in the text: where they end, and the pieces of an f-string.
//!
//! Escapes are only stepped over here; [`super::escape`] reads them when the tree is built. An f-string is read as
//! `FStart`, then `FText` and fields in turn, then `FEnd`; the expression inside a field is read by the ordinary lexer.

use super::token::{Lexer, OpenFString, Token, TokenKind, Unfinished};
use crate::report::{Diagnostic, SyntaxMistake};
use crate::source::Span;

/// How deep fields may stand in each other's format specifications.
const MAX_FIELDS: usize = 3;

/// How deep f-strings may stand in each other's fields.
const MAX_FSTRINGS: usize = 150;

impl Lexer<'_> {
    /// Reads a plain literal whose prefix and opening quotes are `start`.
    pub(super) fn read_string(&mut self, start: Span) -> Token {
        let bytes = self.text.as_bytes();
        let quote = bytes[start.end as usize - 1];
        let is_triple = is_triple(bytes, start);
        let mut at = start.end as usize;
        let mut has_escaped_quote = false;
        loop {
            let Some(n_bytes) = find_end(bytes, at, quote, is_triple) else {
                return self.unterminated(start, bytes.len(), is_triple, has_escaped_quote);
            };
            at += n_bytes;
            match bytes[at] {
                b'\\' if at + 1 < bytes.len() => {
                    has_escaped_quote |= bytes[at + 1] == quote;
                    at += 1 + char_len(bytes[at + 1]);
                }
                b'\\' => return self.unterminated(start, bytes.len(), is_triple, has_escaped_quote),
                b'\n' => return self.unterminated(start, at, is_triple, has_escaped_quote),
                _ if !is_triple => return self.end_string(start, at + 1),
                _ if bytes[at..].starts_with(&[quote; 3]) => return self.end_string(start, at + 3),
                _ => at += 1,
            }
        }
    }

    fn end_string(&mut self, start: Span, end: usize) -> Token {
        self.raw.bump(end - start.end as usize);
        Token { kind: TokenKind::Str, span: Span::new(start.start as usize, end) }
    }

    /// A literal without its end: a triple-quoted one reaches to the end of the text, another to the end of its line.
    fn unterminated(&mut self, start: Span, end: usize, is_triple: bool, has_escaped_quote: bool) -> Token {
        self.raw.bump(end - self.position());
        let span = Span::new(start.start as usize, end);
        let line = self.line_of(start.start);
        let quote = self.text.as_bytes()[start.end as usize - 1];
        let is_field_end = |fstring: &OpenFString| fstring.quote == quote && fstring.is_triple == is_triple;
        let mistake = match is_triple {
            _ if self.fstrings.last().is_some_and(is_field_end) => SyntaxMistake::FStringExpectingBrace,
            true => {
                self.unfinished = Some(Unfinished::TripleQuoted);
                let line = self.line_of(end as u32) - self.text.ends_with('\n') as u32;
                SyntaxMistake::UnterminatedTripleQuoted { line }
            }
            false if has_escaped_quote => SyntaxMistake::UnterminatedEscapedString { line },
            false => SyntaxMistake::UnterminatedString { line },
        };
        self.mistake(span, Diagnostic::at_column(mistake, start, start.start + 1))
    }

    /// Begins an f-string whose prefix and opening quotes are `start`.
    pub(super) fn open_fstring(&mut self, start: Span) -> Token {
        let bytes = self.text.as_bytes();
        if self.fstrings.len() >= MAX_FSTRINGS {
            self.raw.bump(self.raw.remainder().len());
            self.fstrings.clear();
            self.brackets.clear();
            return self.mistake(start, Diagnostic::at_column(SyntaxMistake::TooManyFStrings, start, start.end));
        }
        self.fstrings.push(OpenFString {
            start,
            quote: bytes[start.end as usize - 1],
            is_triple: is_triple(bytes, start),
            is_raw: bytes[start.range()].iter().any(|b| matches!(b, b'r' | b'R')),
            fields: Vec::new(),
            in_text: true,
        });
        Token { kind: TokenKind::FStart, span: start }
    }

    /// The next piece of the innermost f-string, where text is expected: text, the start of a field, or the end.
    pub(super) fn read_fstring_text(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let fstring = self.fstrings.last()?;
        let (quote, is_triple, is_raw) = (fstring.quote, fstring.is_triple, fstring.is_raw);
        let in_spec = !fstring.fields.is_empty();
        let start = self.position();
        let mut at = start;
        let stop = loop {
            match bytes.get(at) {
                None => break at,
                Some(b'{') if !in_spec && bytes.get(at + 1) == Some(&b'{') => at += 2,
                Some(b'}') if !in_spec && bytes.get(at + 1) == Some(&b'}') => at += 2,
                Some(b'{' | b'}') => break at,
                Some(b'\n') if !is_triple => break at,
                Some(b'\\') => at += escape_len(bytes, at, is_raw),
                Some(&b) if b == quote && (!is_triple || bytes[at..].starts_with(&[quote; 3])) => break at,
                Some(_) => at += 1,
            }
        };
        let is_line_end = in_spec && !is_triple && bytes.get(stop) == Some(&b'\n');
        if is_line_end {
            // A newline ends the specification, and may stand before the brace.
            self.fstrings.last_mut()?.in_text = false;
        }
        if stop > start {
            self.raw.bump(stop - start);
            let kind = if is_raw { TokenKind::FTextRaw } else { TokenKind::FText };
            return Some(Token { kind, span: Span::new(start, stop) });
        }
        if is_line_end {
            return self.read_any();
        }
        Some(self.read_fstring_mark(stop, in_spec))
    }

    /// What ended a stretch of text, at `at`.
    fn read_fstring_mark(&mut self, at: usize, in_spec: bool) -> Token {
        let byte = self.text.as_bytes().get(at).copied();
        match byte {
            Some(b'{') => self.open_field(at),
            Some(b'}') if in_spec => self.close_field(at),
            Some(b'}') => {
                self.raw.bump(1);
                let span = Span::new(at, at + 1);
                let diagnostic = Diagnostic::at_column(SyntaxMistake::FStringSingleBrace, span, span.end);
                self.mistake(span, diagnostic)
            }
            Some(b'\n') | None => self.unterminated_fstring(at),
            Some(_) => self.close_fstring(at, in_spec),
        }
    }

    fn open_field(&mut self, at: usize) -> Token {
        self.raw.bump(1);
        let span = Span::new(at, at + 1);
        let token = self.open(TokenKind::FieldOpen, span);
        let depth = self.brackets.len();
        let Some(fstring) = self.fstrings.last_mut() else { return token };
        fstring.fields.push(depth);
        fstring.in_text = false;
        if fstring.fields.len() > MAX_FIELDS {
            let diagnostic = Diagnostic::at_column(SyntaxMistake::FStringTooDeep, span, span.start);
            return self.mistake(span, diagnostic);
        }
        token
    }

    fn close_field(&mut self, at: usize) -> Token {
        self.raw.bump(1);
        self.brackets.pop();
        if let Some(fstring) = self.fstrings.last_mut() {
            fstring.fields.pop();
            fstring.in_text = true;
        }
        Token { kind: TokenKind::FieldClose, span: Span::new(at, at + 1) }
    }

    fn close_fstring(&mut self, at: usize, in_spec: bool) -> Token {
        let Some(fstring) = self.fstrings.pop() else { return self.unterminated_fstring(at) };
        let n_quotes = if fstring.is_triple { 3 } else { 1 };
        let span = Span::new(at, at + n_quotes);
        self.raw.bump(n_quotes);
        if let (Some(&first), true) = (fstring.fields.first(), in_spec) {
            // The quote ends the string inside a field, which the parser will not like.
            self.brackets.truncate(first - 1);
        }
        Token { kind: TokenKind::FEnd, span }
    }

    fn unterminated_fstring(&mut self, at: usize) -> Token {
        let Some(fstring) = self.fstrings.pop() else {
            let span = Span::new(at, at);
            return self.mistake(span, Diagnostic::new(SyntaxMistake::UnexpectedEnd, span));
        };
        if let Some(&first) = fstring.fields.first() {
            self.brackets.truncate(first - 1);
        }
        let mistake = match fstring.is_triple {
            true => {
                self.unfinished = Some(Unfinished::TripleQuoted);
                let line = self.line_of(at as u32) - self.text.ends_with('\n') as u32;
                SyntaxMistake::UnterminatedTripleQuotedFString { line }
            }
            false => SyntaxMistake::UnterminatedFString { line: self.line_of(fstring.start.start) },
        };
        let span = Span::new(fstring.start.start as usize, at);
        let diagnostic = Diagnostic::at_column(mistake, fstring.start, fstring.start.start + 1);
        self.mistake(span, diagnostic)
    }

    /// Inside a field and outside all brackets in it, `!`, `:` and `}` belong to the field.
    pub(super) fn read_field_punctuation(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let mut at = self.position();
        loop {
            match bytes.get(at)? {
                b' ' | b'\t' | b'\x0C' | b'\n' => at += 1,
                b'#' => at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at),
                _ => break,
            }
        }
        let span = Span::new(at, at + 1);
        let byte = bytes[at];
        if byte == b'!' && bytes.get(at + 1) != Some(&b'=') {
            self.raw.bump(span.end as usize - self.position());
            return Some(Token { kind: TokenKind::Exclaim, span });
        }
        if byte == b':' {
            self.raw.bump(span.end as usize - self.position());
            self.fstrings.last_mut()?.in_text = true;
            return Some(Token { kind: TokenKind::FieldColon, span });
        }
        if byte == b'}' {
            self.raw.bump(at - self.position());
            return Some(self.close_field(at));
        }
        None
    }
}

fn is_triple(bytes: &[u8], start: Span) -> bool {
    let quote = bytes[start.end as usize - 1];
    bytes[start.range()].ends_with(&[quote; 3])
}

/// The distance to the next byte at which a literal might end.
fn find_end(bytes: &[u8], at: usize, quote: u8, is_triple: bool) -> Option<usize> {
    match is_triple {
        true => memchr::memchr2(quote, b'\\', &bytes[at..]),
        false => memchr::memchr3(quote, b'\\', b'\n', &bytes[at..]),
    }
}

fn char_len(first: u8) -> usize {
    match first {
        0..0xC0 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// The length of what a backslash in the text of an f-string takes with it: never the brace of a field.
fn escape_len(bytes: &[u8], at: usize, is_raw: bool) -> usize {
    match bytes.get(at + 1) {
        None => 1,
        Some(b'{' | b'}') => 1,
        Some(b'N') if !is_raw && bytes.get(at + 2) == Some(&b'{') => {
            let name = bytes[at + 3..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-'));
            let n_name = name.count();
            match bytes.get(at + 3 + n_name) {
                Some(b'}') => 4 + n_name,
                _ => 3 + n_name,
            }
        }
        Some(&b) => 1 + char_len(b),
    }
}
