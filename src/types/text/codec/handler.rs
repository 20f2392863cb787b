//! The built-in error handlers, and whole texts encoded and decoded with them.

use aspen_grammar::source::Wtf8;

use super::decode::{DecodeError, Decoder};
use super::encode::{EncodeError, Encoder, is_surrogate};
use super::names::{Codec, Handler};
use crate::types::text::index::chars_with_offsets;

/// Why decoding ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeFailure {
    Error(DecodeError),
    /// `TypeError: don't know how to handle UnicodeDecodeError in error callback`.
    HandlerEncodesOnly,
}

/// Decodes all; the text and how many bytes it took (all, if `is_final`). The text has at most four times the bytes.
pub fn decode_all(
    codec: Codec,
    data: &[u8],
    handler: Handler,
    is_final: bool,
) -> Result<(Vec<u8>, usize), DecodeFailure> {
    let mut decoder = Decoder::new(codec, data, is_final);
    let mut text = Wtf8::new();
    while let Err(error) = decoder.run(&mut text) {
        let resume_at = handle_decoding(&decoder, &error, handler, &mut text)?;
        decoder.resume_at(resume_at);
    }
    Ok((text.into_bytes(), decoder.consumed()))
}

/// Appends what a handler puts in the place of wrong bytes, and returns where decoding goes on.
pub fn handle_decoding(
    decoder: &Decoder,
    error: &DecodeError,
    handler: Handler,
    into: &mut Wtf8,
) -> Result<usize, DecodeFailure> {
    let wrong = &decoder.data()[error.start..error.end];
    match handler {
        Handler::Strict => Err(DecodeFailure::Error(*error)),
        Handler::Ignore => Ok(error.end),
        Handler::Replace => {
            into.push_code_point(0xFFFD);
            Ok(error.end)
        }
        Handler::BackslashReplace => {
            wrong.iter().for_each(|byte| into.push_str(&format!("\\x{byte:02x}")));
            Ok(error.end)
        }
        Handler::XmlCharRefReplace | Handler::NameReplace => Err(DecodeFailure::HandlerEncodesOnly),
        Handler::SurrogateEscape => {
            let escaped = wrong.iter().take(4).take_while(|byte| !byte.is_ascii());
            let n_escaped = escaped.map(|byte| into.push_code_point(0xDC00 + *byte as u32)).count();
            if n_escaped == 0 { Err(DecodeFailure::Error(*error)) } else { Ok(error.start + n_escaped) }
        }
        Handler::SurrogatePass => {
            let (surrogate, len) = passed_surrogate(decoder.codec(), &decoder.data()[error.start..])
                .ok_or(DecodeFailure::Error(*error))?;
            into.push_code_point(surrogate);
            Ok(error.start + len)
        }
    }
}

/// The surrogate that the bytes stand for, and its length.
fn passed_surrogate(codec: Codec, bytes: &[u8]) -> Option<(u32, usize)> {
    let (surrogate, len) = match (codec, bytes) {
        (Codec::Utf8, [0xED, second @ 0xA0..0xC0, third @ 0x80..0xC0, ..]) => {
            (0xD000 | ((second & 0x3F) as u32) << 6 | (third & 0x3F) as u32, 3)
        }
        (Codec::Utf16Le, [low, high, ..]) => (u16::from_le_bytes([*low, *high]) as u32, 2),
        (Codec::Utf16Be, [high, low, ..]) => (u16::from_be_bytes([*high, *low]) as u32, 2),
        (Codec::Utf32Le, [a, b, c, d, ..]) => (u32::from_le_bytes([*a, *b, *c, *d]), 4),
        (Codec::Utf32Be, [a, b, c, d, ..]) => (u32::from_be_bytes([*a, *b, *c, *d]), 4),
        (_, _) => return None,
    };
    is_surrogate(surrogate).then_some((surrogate, len))
}

/// Encodes all. The bytes are at most four for each code point, ten with `backslashreplace` and `xmlcharrefreplace`, a
/// hundred with `namereplace`, times the width of the codec's units.
pub fn encode_all(codec: Codec, text: &[u8], handler: Handler) -> Result<Vec<u8>, EncodeError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut encoder = Encoder::new(codec, text, &mut bytes);
    while let Err(error) = encoder.run(&mut bytes) {
        handle_encoding(codec, text, &error, handler, &mut bytes)?;
        encoder.resume_at(error.bytes.end);
    }
    Ok(bytes)
}

/// Appends what a handler puts in the place of code points that cannot be encoded.
pub fn handle_encoding(
    codec: Codec,
    text: &[u8],
    error: &EncodeError,
    handler: Handler,
    into: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let wrong = || chars_with_offsets(&text[error.bytes.clone()]).map(|(_, code)| code);
    let replacement: String = match handler {
        Handler::Strict => return Err(error.clone()),
        Handler::Ignore => return Ok(()),
        Handler::Replace => wrong().map(|_| '?').collect(),
        Handler::BackslashReplace => wrong().map(backslashed).collect(),
        Handler::XmlCharRefReplace => wrong().map(|code| format!("&#{code};")).collect(),
        Handler::NameReplace => wrong().map(named).collect(),
        Handler::SurrogateEscape => return escape_surrogates(codec, wrong(), error, into),
        Handler::SurrogatePass => return pass_surrogates(codec, wrong(), error, into),
    };
    // Every codec has ASCII.
    let mut encoder = Encoder::new(unmarked(codec), replacement.as_bytes(), into);
    encoder.run(into)
}

/// The codec without its mark.
fn unmarked(codec: Codec) -> Codec {
    match codec {
        Codec::Utf8Sig => Codec::Utf8,
        Codec::Utf16 => Codec::Utf16Le,
        Codec::Utf32 => Codec::Utf32Le,
        other => other,
    }
}

fn backslashed(code: u32) -> String {
    match code {
        0..0x100 => format!("\\x{code:02x}"),
        0x100..0x10000 => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

fn named(code: u32) -> String {
    match char::from_u32(code).and_then(unicode_names2::name) {
        Some(name) => format!("\\N{{{name}}}"),
        None => backslashed(code),
    }
}

/// The bytes that were escaped when they were decoded; what is none of them is the mistake that remains.
fn escape_surrogates(
    codec: Codec,
    wrong: impl Iterator<Item = u32>,
    error: &EncodeError,
    into: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    // A single byte is no unit of the wide codecs.
    let is_narrow = matches!(codec, Codec::Utf8 | Codec::Utf8Sig | Codec::Ascii | Codec::Latin1);
    for (nth, code) in wrong.enumerate() {
        if !is_narrow || !(0xDC80..0xDD00).contains(&code) {
            let mut rest = error.clone();
            rest.start += nth;
            rest.bytes.start += nth * 3;
            return Err(rest);
        }
        into.push((code & 0xFF) as u8);
    }
    Ok(())
}

fn pass_surrogates(
    codec: Codec,
    wrong: impl Iterator<Item = u32>,
    error: &EncodeError,
    into: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    for code in wrong {
        match codec {
            _ if !is_surrogate(code) => return Err(error.clone()),
            Codec::Utf8 | Codec::Utf8Sig => {
                into.extend([0xED, 0x80 | (code >> 6 & 0x3F) as u8, 0x80 | (code & 0x3F) as u8]);
            }
            Codec::Utf16 | Codec::Utf16Le => into.extend((code as u16).to_le_bytes()),
            Codec::Utf16Be => into.extend((code as u16).to_be_bytes()),
            Codec::Utf32 | Codec::Utf32Le => into.extend(code.to_le_bytes()),
            Codec::Utf32Be => into.extend(code.to_be_bytes()),
            Codec::Latin1 | Codec::Ascii | Codec::UnicodeEscape | Codec::RawUnicodeEscape => return Err(error.clone()),
        }
    }
    Ok(())
}
