//! Numbers, read by hand: CPython says of each malformed one what is wrong with it.
//!
//! Only the extent and the kind are found here; the value is read when the tree is built.

use super::token::{Lexer, Token, TokenKind};
use crate::report::{Diagnostic, SyntaxMistake};
use crate::source::Span;

/// Where a number stops, and what is wrong with it.
enum Scan {
    Number(TokenKind, usize),
    Wrong(SyntaxMistake, usize),
}

impl Lexer<'_> {
    /// Reads a number whose first character (or `.` and a digit) is `span`.
    pub(super) fn read_number(&mut self, span: Span) -> Token {
        let start = span.start as usize;
        let bytes = self.text.as_bytes();
        let scan = match (bytes[start], bytes.get(start + 1).map(u8::to_ascii_lowercase)) {
            (b'0', Some(b'x')) => scan_radix(bytes, start, "hexadecimal", |b| b.is_ascii_hexdigit()),
            (b'0', Some(b'o')) => scan_radix(bytes, start, "octal", |b| matches!(b, b'0'..=b'7')),
            (b'0', Some(b'b')) => scan_radix(bytes, start, "binary", |b| matches!(b, b'0' | b'1')),
            _ => scan_decimal(bytes, start),
        };
        match scan {
            Scan::Number(kind, end) => {
                self.raw.bump(end - span.end as usize);
                if bytes.get(end).is_some_and(u8::is_ascii_alphabetic) {
                    let radix = match (kind, &bytes[start..end]) {
                        (TokenKind::Imaginary, _) => "imaginary",
                        (_, [b'0', b'x' | b'X', ..]) => "hexadecimal",
                        (_, [b'0', b'o' | b'O', ..]) => "octal",
                        (_, [b'0', b'b' | b'B', ..]) => "binary",
                        _ => "decimal",
                    };
                    self.tight_numbers.push((Span::new(start, end), radix));
                }
                Token { kind, span: Span::new(start, end) }
            }
            Scan::Wrong(mistake, at) => self.wrong_number(mistake, start, at),
        }
    }

    /// `at` is the first byte that is wrong; CPython points at the one before, or at the digit itself.
    fn wrong_number(&mut self, mistake: SyntaxMistake, start: usize, at: usize) -> Token {
        let rest = &self.text.as_bytes()[at..];
        let n_rest = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_' || **b >= 0x80).count();
        let end = at + n_rest;
        let token_end = self.raw.span().end;
        self.raw.bump(end.max(token_end) - token_end);
        let span = Span::new(start, end.max(token_end));
        let column = match mistake {
            SyntaxMistake::InvalidDigit { .. } => at + 1,
            SyntaxMistake::LeadingZeros => {
                let zeros = Span::new(start, at);
                let diagnostic = Diagnostic::new(mistake, zeros);
                return self.mistake(span, diagnostic);
            }
            _ => at,
        };
        self.mistake(span, Diagnostic::at_column(mistake, span, column as u32))
    }
}

fn scan_radix(bytes: &[u8], start: usize, radix: &'static str, is_digit: fn(u8) -> bool) -> Scan {
    let mut at = start + 2;
    loop {
        if bytes.get(at) == Some(&b'_') {
            at += 1;
        }
        match bytes.get(at) {
            Some(&b) if is_digit(b) => {}
            Some(&b) if b.is_ascii_digit() => {
                return Scan::Wrong(SyntaxMistake::InvalidDigit { digit: b as char, radix }, at);
            }
            _ => return Scan::Wrong(SyntaxMistake::InvalidNumber { radix }, at),
        }
        while bytes.get(at).is_some_and(|&b| is_digit(b)) {
            at += 1;
        }
        match bytes.get(at) {
            Some(b'_') => continue,
            Some(&b) if b.is_ascii_digit() => {
                return Scan::Wrong(SyntaxMistake::InvalidDigit { digit: b as char, radix }, at);
            }
            _ => return end_of_number(bytes, at, TokenKind::Int, radix),
        }
    }
}

/// Digits with single underscores between; None where an underscore is followed by something else.
fn scan_digits(bytes: &[u8], mut at: usize) -> Result<usize, usize> {
    loop {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        if bytes.get(at) != Some(&b'_') {
            return Ok(at);
        }
        at += 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_digit) {
            return Err(at);
        }
    }
}

fn scan_decimal(bytes: &[u8], start: usize) -> Scan {
    let wrong = |at| Scan::Wrong(SyntaxMistake::InvalidNumber { radix: "decimal" }, at);
    let mut kind = TokenKind::Int;
    let mut at = match scan_digits(bytes, start) {
        Ok(at) => at,
        Err(at) => return wrong(at),
    };
    let n_zeros = bytes[start..at].iter().take_while(|b| matches!(b, b'0' | b'_')).count();
    let has_leading_zeros = bytes[start] == b'0' && n_zeros < at - start;
    let digits_end = at;
    if bytes.get(at) == Some(&b'.') {
        kind = TokenKind::Float;
        at += 1;
        if bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at = match scan_digits(bytes, at) {
                Ok(at) => at,
                Err(at) => return wrong(at),
            };
        }
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let signed = matches!(bytes.get(at + 1), Some(b'+' | b'-'));
        let exponent = at + 1 + signed as usize;
        if bytes.get(exponent).is_some_and(u8::is_ascii_digit) {
            kind = TokenKind::Float;
            at = match scan_digits(bytes, exponent) {
                Ok(at) => at,
                Err(at) => return wrong(at),
            };
        } else if signed {
            return wrong(exponent);
        } else if let wrong @ Scan::Wrong(..) = end_of_number(bytes, at, kind, "decimal") {
            return wrong;
        }
    }
    if matches!(bytes.get(at), Some(b'j' | b'J')) {
        return end_of_number(bytes, at + 1, TokenKind::Imaginary, "imaginary");
    }
    if kind == TokenKind::Int && has_leading_zeros {
        return Scan::Wrong(SyntaxMistake::LeadingZeros, start + n_zeros.min(digits_end - start));
    }
    end_of_number(bytes, at, kind, "decimal")
}

/// A number may not run into a name, except into the keywords that can follow one.
fn end_of_number(bytes: &[u8], at: usize, kind: TokenKind, radix: &'static str) -> Scan {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    match bytes.get(at) {
        Some(b) if is_name(b) && !runs_into_keyword(&bytes[at..]) => {
            Scan::Wrong(SyntaxMistake::InvalidNumber { radix }, at)
        }
        _ => Scan::Number(kind, at),
    }
}

fn runs_into_keyword(rest: &[u8]) -> bool {
    ["and", "else", "for", "if", "in", "is", "not", "or"].iter().any(|word| rest.starts_with(word.as_bytes()))
}
