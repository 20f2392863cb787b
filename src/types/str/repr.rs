//! How a text is quoted: `repr(text)` and `ascii(text)`.

use aspen_grammar::source::wtf8;

use crate::types::text::unicode;

/// Appends `repr(text)`: in single quotes, unless there are such inside and no double ones.
pub fn push_repr(text: &[u8], into: &mut Vec<u8>) {
    let quote = if text.contains(&b'\'') && !text.contains(&b'"') { b'"' } else { b'\'' };
    into.push(quote);
    let mut rest = text;
    while let Some(&byte) = rest.first() {
        let plain = rest.iter().position(|&byte| !is_plain(byte, quote)).unwrap_or(rest.len());
        if plain > 0 {
            into.extend_from_slice(&rest[..plain]);
            rest = &rest[plain..];
            continue;
        }
        if byte < 0x80 {
            push_ascii_escape(byte, into);
            rest = &rest[1..];
            continue;
        }
        let Some((code, len)) = wtf8::decode(rest) else { break };
        if is_printable(code) {
            into.extend_from_slice(&rest[..len])
        } else {
            push_code_escape(code, into)
        }
        rest = &rest[len..];
    }
    into.push(quote);
}

/// Appends a text with escapes for all that is not ASCII.
pub fn push_escaped_beyond_ascii(text: &[u8], into: &mut Vec<u8>) {
    let mut rest = text;
    while let Some((code, len)) = wtf8::decode(rest) {
        if code < 0x80 {
            into.push(code as u8)
        } else {
            push_code_escape(code, into)
        }
        rest = &rest[len..];
    }
}

/// Appends a text with escapes for its surrogates.
pub fn push_escaped_surrogates(text: &[u8], into: &mut Vec<u8>) {
    let mut rest = text;
    while let Some((code, len)) = wtf8::decode(rest) {
        if let 0xD800..0xE000 = code {
            push_code_escape(code, into)
        } else {
            into.extend_from_slice(&rest[..len])
        }
        rest = &rest[len..];
    }
}

fn is_plain(byte: u8, quote: u8) -> bool {
    (0x20..0x7F).contains(&byte) && byte != b'\\' && byte != quote
}

fn push_ascii_escape(byte: u8, into: &mut Vec<u8>) {
    match byte {
        b'\n' => into.extend_from_slice(b"\\n"),
        b'\r' => into.extend_from_slice(b"\\r"),
        b'\t' => into.extend_from_slice(b"\\t"),
        b'\\' | b'\'' | b'"' => into.extend_from_slice(&[b'\\', byte]),
        _ => push_code_escape(byte as u32, into),
    }
}

/// `\xe9`, `\u20ac`, `\U0001f600`.
pub fn push_code_escape(code: u32, into: &mut Vec<u8>) {
    let (letter, n_digits) = match code {
        0..0x100 => (b'x', 2),
        0x100..0x10000 => (b'u', 4),
        _ => (b'U', 8),
    };
    into.extend_from_slice(&[b'\\', letter]);
    for digit in (0..n_digits).rev() {
        into.push(b"0123456789abcdef"[(code >> (4 * digit) & 15) as usize]);
    }
}

fn is_printable(code: u32) -> bool {
    unicode::is(code, unicode::Class::Printable)
}
