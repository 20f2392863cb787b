//! Escapes in string and bytes literals: from the text of a literal to its value.
//!
//! Strings are built in generalised UTF-8, so that `'\ud800'` keeps its lone surrogate. What CPython only warns about
//! (`'\d'`) keeps its backslash and is told to the caller.

use crate::source::Wtf8;

/// What was found while decoding, by its place in the text of the literal.
#[derive(Debug, PartialEq)]
pub enum Finding {
    /// `\d`: the backslash stays.
    InvalidEscape { at: usize, c: char },
    /// `\400`: beyond one byte.
    InvalidOctal { at: usize, len: usize },
}

/// Why a literal has no value.
#[derive(Debug, PartialEq)]
pub struct BadEscape {
    /// The first and the last place of it, as CPython's codec counts.
    pub first: usize,
    pub last: usize,
    pub reason: &'static str,
    /// The byte of the text where it begins.
    pub at: usize,
}

/// Decodes the text between the quotes of a string. In an f-string, doubled braces are one.
pub fn decode_str(text: &str, in_fstring: bool, found: &mut Vec<Finding>) -> Result<Wtf8, BadEscape> {
    let mut value = Wtf8::new();
    let mut at = 0;
    let bytes = text.as_bytes();
    let mut plain = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if at + 1 < bytes.len() => {
                value.push_str(&text[plain..at]);
                at = decode_escape(text, at, &mut value, found)?;
                plain = at;
            }
            b'\\' if in_fstring => {
                // Before the brace of a field, which is not part of this text.
                found.push(Finding::InvalidEscape { at, c: '{' });
                at += 1;
            }
            b'{' | b'}' if in_fstring && bytes.get(at + 1) == Some(&bytes[at]) => {
                value.push_str(&text[plain..=at]);
                at += 2;
                plain = at;
            }
            _ => at += 1,
        }
    }
    value.push_str(&text[plain..]);
    Ok(value)
}

/// Doubled braces are one; nothing else changes in a raw f-string.
pub fn decode_raw_fstring(text: &str) -> Wtf8 {
    Wtf8::from(text.replace("{{", "{").replace("}}", "}"))
}

/// Decodes one escape whose backslash is at `at`; gives the place behind it.
fn decode_escape(text: &str, at: usize, value: &mut Wtf8, found: &mut Vec<Finding>) -> Result<usize, BadEscape> {
    let bytes = text.as_bytes();
    let simple = |value: &mut Wtf8, c: char| {
        value.push_char(c);
        Ok(at + 2)
    };
    match bytes[at + 1] {
        b'\n' => Ok(at + 2),
        b'\\' => simple(value, '\\'),
        b'\'' => simple(value, '\''),
        b'"' => simple(value, '"'),
        b'a' => simple(value, '\x07'),
        b'b' => simple(value, '\x08'),
        b'f' => simple(value, '\x0C'),
        b'n' => simple(value, '\n'),
        b'r' => simple(value, '\r'),
        b't' => simple(value, '\t'),
        b'v' => simple(value, '\x0B'),
        b'0'..=b'7' => {
            let (code, len) = octal(&bytes[at + 1..]);
            if code > 0xFF {
                found.push(Finding::InvalidOctal { at, len });
            }
            value.push_code_point(code);
            Ok(at + 1 + len)
        }
        b'x' => hexadecimal(text, at, 2, "truncated \\xXX escape", value),
        b'u' => hexadecimal(text, at, 4, "truncated \\uXXXX escape", value),
        b'U' => hexadecimal(text, at, 8, "truncated \\UXXXXXXXX escape", value),
        b'N' => named(text, at, value),
        _ => {
            let c = text[at + 1..].chars().next().unwrap_or('\\');
            if c.is_ascii() {
                found.push(Finding::InvalidEscape { at, c });
            }
            value.push_char('\\');
            Ok(at + 1)
        }
    }
}

fn octal(bytes: &[u8]) -> (u32, usize) {
    let len = bytes.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    let code = bytes[..len].iter().fold(0, |code, byte| code * 8 + (byte - b'0') as u32);
    (code, len)
}

fn hexadecimal(text: &str, at: usize, n: usize, reason: &'static str, value: &mut Wtf8) -> Result<usize, BadEscape> {
    let digits = &text.as_bytes()[at + 2..];
    let len = digits.iter().take(n).take_while(|byte| byte.is_ascii_hexdigit()).count();
    if len < n {
        return Err(bad(text, at, at + 2 + len, reason));
    }
    let code = digits[..n].iter().fold(0u32, |code, &byte| code << 4 | (byte as char).to_digit(16).unwrap_or(0));
    if code > 0x10FFFF {
        return Err(bad(text, at, at + 2 + n, "illegal Unicode character"));
    }
    value.push_code_point(code);
    Ok(at + 2 + n)
}

fn named(text: &str, at: usize, value: &mut Wtf8) -> Result<usize, BadEscape> {
    let rest = &text[at + 2..];
    let close = rest.find('}');
    let (Some('{'), Some(close)) = (rest.chars().next(), close) else {
        let end = if rest.starts_with('{') { text.len() } else { at + 2 };
        return Err(bad(text, at, end, "malformed \\N character escape"));
    };
    if close == 1 {
        return Err(bad(text, at, at + 4, "malformed \\N character escape"));
    }
    let end = at + 2 + close + 1;
    let name = &rest[1..close];
    match unicode_names2::character(name) {
        Some(c) => {
            value.push_char(c);
            Ok(end)
        }
        None => Err(bad(text, at, end, "unknown Unicode character name")),
    }
}

/// CPython's codec sees each character beyond ASCII as an escape of ten bytes.
fn bad(text: &str, at: usize, end: usize, reason: &'static str) -> BadEscape {
    let place = |to: usize| text[..to].chars().map(|c| if c.is_ascii() { 1 } else { 10 }).sum::<usize>();
    BadEscape { first: place(at), last: place(end) - 1, reason, at }
}

/// Decodes the text between the quotes of a bytes literal, which is ASCII.
pub fn decode_bytes(text: &str, found: &mut Vec<Finding>) -> Result<Vec<u8>, BadEscape> {
    let bytes = text.as_bytes();
    let mut value = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' || at + 1 >= bytes.len() {
            value.push(bytes[at]);
            at += 1;
            continue;
        }
        let simple = match bytes[at + 1] {
            b'\n' => None,
            b'\\' => Some(b'\\'),
            b'\'' => Some(b'\''),
            b'"' => Some(b'"'),
            b'a' => Some(7),
            b'b' => Some(8),
            b'f' => Some(12),
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'v' => Some(11),
            b'0'..=b'7' => {
                let (code, len) = octal(&bytes[at + 1..]);
                if code > 0xFF {
                    found.push(Finding::InvalidOctal { at, len });
                }
                at += len - 1;
                Some(code as u8)
            }
            b'x' => {
                let digit = |at: usize| bytes.get(at).and_then(|&byte| (byte as char).to_digit(16));
                let (Some(high), Some(low)) = (digit(at + 2), digit(at + 3)) else {
                    return Err(BadEscape { first: at, last: at, reason: "invalid \\x escape", at });
                };
                at += 2;
                Some((high << 4 | low) as u8)
            }
            c => {
                found.push(Finding::InvalidEscape { at, c: c as char });
                value.push(b'\\');
                Some(c)
            }
        };
        value.extend(simple);
        at += 2;
    }
    Ok(value)
}
