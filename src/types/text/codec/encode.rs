//! From text to bytes: a machine that stops at each mistake.

use std::ops::Range;

use aspen_grammar::source::wtf8::decode;

use super::names::Codec;
use crate::types::text::index::{chars_with_offsets, count_chars};

/// What cannot be encoded: the code points `start..end` of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    /// As the exception says it.
    pub encoding: &'static str,
    pub start: usize,
    pub end: usize,
    pub reason: &'static str,
    /// The same range in bytes of the text.
    pub bytes: Range<usize>,
}

impl EncodeError {
    /// CPython's message.
    pub fn message(&self, text: &[u8]) -> String {
        let EncodeError { encoding, start, end, reason, bytes } = self;
        if end - start != 1 {
            return format!("'{encoding}' codec can't encode characters in position {start}-{}: {reason}", end - 1);
        }
        let shown = match decode(&text[bytes.start..]).map_or(0, |(code, _)| code) {
            code @ 0..0x100 => format!("\\x{code:02x}"),
            code @ 0x100..0x10000 => format!("\\u{code:04x}"),
            code => format!("\\U{code:08x}"),
        };
        format!("'{encoding}' codec can't encode character '{shown}' in position {start}: {reason}")
    }
}

/// Encoding under way.
#[derive(Clone, Debug)]
pub struct Encoder<'a> {
    codec: Codec,
    text: &'a [u8],
    /// The byte offset that comes next.
    at: usize,
}

impl<'a> Encoder<'a> {
    /// Begins, with the mark that the codec puts in front.
    pub fn new(codec: Codec, text: &'a [u8], into: &mut Vec<u8>) -> Self {
        match codec {
            Codec::Utf8Sig => into.extend(b"\xef\xbb\xbf"),
            Codec::Utf16 => into.extend(b"\xff\xfe"),
            Codec::Utf32 => into.extend(b"\xff\xfe\0\0"),
            _ => {}
        }
        Encoder { codec, text, at: 0 }
    }

    /// Goes on behind a mistake, from this byte offset of the text.
    pub fn resume_at(&mut self, at: usize) {
        self.at = at;
    }

    /// The codec.
    pub fn codec(&self) -> Codec {
        self.codec
    }

    /// Encodes up to the end or the next mistake.
    pub fn run(&mut self, into: &mut Vec<u8>) -> Result<(), EncodeError> {
        let rest = &self.text[self.at..];
        match self.codec {
            Codec::Utf8 | Codec::Utf8Sig => {
                let len = surrogate_at(rest).unwrap_or(rest.len());
                into.extend_from_slice(&rest[..len]);
                self.stop_after(len, is_surrogate, "surrogates not allowed")
            }
            Codec::Ascii => {
                let len = rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
                into.extend_from_slice(&rest[..len]);
                self.stop_after(len, |code| code >= 0x80, "ordinal not in range(128)")
            }
            Codec::Latin1 => {
                let mut len = rest.len();
                for (offset, code) in chars_with_offsets(rest) {
                    if code >= 0x100 {
                        len = offset;
                        break;
                    }
                    into.push(code as u8);
                }
                self.stop_after(len, |code| code >= 0x100, "ordinal not in range(256)")
            }
            Codec::Utf16 | Codec::Utf16Le => {
                self.run_units(into, |code, into| push_utf16(code, into, u16::to_le_bytes))
            }
            Codec::Utf16Be => self.run_units(into, |code, into| push_utf16(code, into, u16::to_be_bytes)),
            Codec::Utf32 | Codec::Utf32Le => self.run_units(into, |code, into| into.extend(code.to_le_bytes())),
            Codec::Utf32Be => self.run_units(into, |code, into| into.extend(code.to_be_bytes())),
            Codec::UnicodeEscape => {
                super::escape::encode(rest, into);
                self.stop_after(rest.len(), |_| false, "")
            }
            Codec::RawUnicodeEscape => {
                super::escape::encode_raw(rest, into);
                self.stop_after(rest.len(), |_| false, "")
            }
        }
    }

    /// One code point after the other; surrogates stop it one by one.
    fn run_units(&mut self, into: &mut Vec<u8>, push: impl Fn(u32, &mut Vec<u8>)) -> Result<(), EncodeError> {
        for (offset, code) in chars_with_offsets(&self.text[self.at..]) {
            if is_surrogate(code) {
                self.at += offset;
                let start = count_chars(&self.text[..self.at]);
                let (encoding, reason) = (self.codec.name_in_errors(), "surrogates not allowed");
                let bytes = self.at..self.at + 3;
                return Err(EncodeError { encoding, start, end: start + 1, reason, bytes });
            }
            push(code, into);
        }
        self.at = self.text.len();
        Ok(())
    }

    /// After `len` good bytes: the mistake is the whole run of bad code points.
    fn stop_after(
        &mut self,
        len: usize,
        is_bad: impl Fn(u32) -> bool,
        reason: &'static str,
    ) -> Result<(), EncodeError> {
        self.at += len;
        if self.at == self.text.len() {
            return Ok(());
        }
        let rest = &self.text[self.at..];
        let run = chars_with_offsets(rest).find(|(_, code)| !is_bad(*code)).map_or(rest.len(), |(offset, _)| offset);
        let start = count_chars(&self.text[..self.at]);
        let end = start + count_chars(&rest[..run]);
        let encoding = self.codec.name_in_errors();
        Err(EncodeError { encoding, start, end, reason, bytes: self.at..self.at + run })
    }
}

/// Whether a code point is half of a pair.
pub fn is_surrogate(code: u32) -> bool {
    (0xD800..0xE000).contains(&code)
}

/// The offset of the first surrogate of a text.
pub fn surrogate_at(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(0xED, text).find(|at| text[at + 1] >= 0xA0)
}

fn push_utf16(code: u32, into: &mut Vec<u8>, to_bytes: fn(u16) -> [u8; 2]) {
    if code < 0x10000 {
        into.extend(to_bytes(code as u16));
        return;
    }
    let code = code - 0x10000;
    into.extend(to_bytes(0xD800 | (code >> 10) as u16));
    into.extend(to_bytes(0xDC00 | (code & 0x3FF) as u16));
}
