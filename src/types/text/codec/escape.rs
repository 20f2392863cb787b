//! `unicode_escape` and `raw_unicode_escape`: backslashes in Latin-1.

use aspen_grammar::source::Wtf8;

use super::names::Codec;
use crate::types::text::index::chars_with_offsets;

/// Where a mistake is, and its reason.
type Mistake = (usize, usize, &'static str);

/// Decodes from `at` up to the end or a mistake.
pub(super) fn decode(codec: Codec, data: &[u8], at: &mut usize, into: &mut Wtf8) -> Result<(), Mistake> {
    while let Some(&byte) = data.get(*at) {
        if byte != b'\\' {
            into.push_code_point(byte as u32);
            *at += 1;
            continue;
        }
        *at = match codec {
            Codec::UnicodeEscape => decode_escape(data, *at, into)?,
            _ => decode_raw_escape(data, *at, into)?,
        };
    }
    Ok(())
}

/// What begins with a backslash at `start`; the place behind it.
fn decode_escape(data: &[u8], start: usize, into: &mut Wtf8) -> Result<usize, Mistake> {
    let Some(&letter) = data.get(start + 1) else { return Err((start, start + 1, "\\ at end of string")) };
    let behind = start + 2;
    let plain = match letter {
        b'\n' => return Ok(behind),
        b'\\' | b'\'' | b'"' => letter,
        b'a' => 7,
        b'b' => 8,
        b't' => 9,
        b'n' => 10,
        b'v' => 11,
        b'f' => 12,
        b'r' => 13,
        b'0'..=b'7' => {
            let digits = data[start + 1..].iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7'));
            let (len, code) = digits.fold((0, 0), |(len, code), digit| (len + 1, code * 8 + (digit - b'0') as u32));
            into.push_code_point(code);
            return Ok(start + 1 + len);
        }
        b'x' => return decode_hex(data, start, 2, "truncated \\xXX escape", "illegal Unicode character", into),
        b'u' => return decode_hex(data, start, 4, "truncated \\uXXXX escape", "illegal Unicode character", into),
        b'U' => return decode_hex(data, start, 8, "truncated \\UXXXXXXXX escape", "illegal Unicode character", into),
        b'N' => return decode_name(data, start, into),
        other => {
            into.push_code_point('\\' as u32);
            other
        }
    };
    into.push_code_point(plain as u32);
    Ok(behind)
}

/// A backslash of the raw form counts only before `u` and `U`.
fn decode_raw_escape(data: &[u8], start: usize, into: &mut Wtf8) -> Result<usize, Mistake> {
    let too_large = "\\Uxxxxxxxx out of range";
    match data.get(start + 1) {
        Some(b'u') => decode_hex(data, start, 4, "truncated \\uXXXX escape", too_large, into),
        Some(b'U') => decode_hex(data, start, 8, "truncated \\UXXXXXXXX escape", too_large, into),
        other => {
            into.push_code_point('\\' as u32);
            // The second one of two backslashes begins nothing.
            other.iter().for_each(|byte| into.push_code_point(**byte as u32));
            Ok((start + 2).min(data.len()))
        }
    }
}

fn decode_hex(
    data: &[u8],
    start: usize,
    n_digits: usize,
    truncated: &'static str,
    too_large: &'static str,
    into: &mut Wtf8,
) -> Result<usize, Mistake> {
    let behind = &data[start + 2..];
    let digits = behind.iter().take(n_digits).map_while(|byte| (*byte as char).to_digit(16));
    let (len, code) = digits.fold((0, 0u32), |(len, code), digit| (len + 1, code << 4 | digit));
    let end = start + 2 + len;
    if len < n_digits {
        return Err((start, end, truncated));
    }
    if code >= 0x110000 {
        return Err((start, end, too_large));
    }
    into.push_code_point(code);
    Ok(end)
}

/// `\N{NAME}`
fn decode_name(data: &[u8], start: usize, into: &mut Wtf8) -> Result<usize, Mistake> {
    let malformed = "malformed \\N character escape";
    if data.get(start + 2) != Some(&b'{') {
        return Err((start, start + 2, malformed));
    }
    let name = &data[start + 3..];
    let len = name.iter().position(|byte| *byte == b'}').unwrap_or(name.len());
    if len == 0 || len == name.len() {
        return Err((start, start + 3 + len, malformed));
    }
    let end = start + 4 + len;
    let found = std::str::from_utf8(&name[..len]).ok().and_then(unicode_names2::character);
    into.push_code_point(found.ok_or((start, end, "unknown Unicode character name"))? as u32);
    Ok(end)
}

/// Appends a text in `unicode_escape`.
pub(super) fn encode(text: &[u8], into: &mut Vec<u8>) {
    for (_, code) in chars_with_offsets(text) {
        match code {
            0x09 => into.extend(b"\\t"),
            0x0A => into.extend(b"\\n"),
            0x0D => into.extend(b"\\r"),
            0x5C => into.extend(b"\\\\"),
            0x20..0x7F => into.push(code as u8),
            0..0x100 => into.extend(format!("\\x{code:02x}").bytes()),
            0x100..0x10000 => into.extend(format!("\\u{code:04x}").bytes()),
            _ => into.extend(format!("\\U{code:08x}").bytes()),
        }
    }
}

/// Appends a text in `raw_unicode_escape`.
pub(super) fn encode_raw(text: &[u8], into: &mut Vec<u8>) {
    for (_, code) in chars_with_offsets(text) {
        match code {
            0..0x100 => into.push(code as u8),
            0x100..0x10000 => into.extend(format!("\\u{code:04x}").bytes()),
            _ => into.extend(format!("\\U{code:08x}").bytes()),
        }
    }
}
