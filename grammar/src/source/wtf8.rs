//! Strings as Python has them: any sequence of code points, lone surrogates included, in generalised UTF-8.
//!
//! A lone surrogate is three bytes (`ED A0 80` to `ED BF BF`); two of them never fuse into one code point, so that
//! `len`, indexing and `==` see what the script wrote. `&str` is available only where no surrogate is inside.

use std::fmt;

/// An owned string in generalised UTF-8.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Wtf8(Vec<u8>);

impl Wtf8 {
    pub fn new() -> Self {
        Wtf8::default()
    }

    pub fn push_str(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    pub fn push_char(&mut self, c: char) {
        self.push_code_point(c as u32);
    }

    /// Appends any code point up to U+10FFFF, surrogates included.
    pub fn push_code_point(&mut self, code: u32) {
        let byte = |shift: u32| 0x80 | ((code >> shift) & 0x3F) as u8;
        match code {
            0..0x80 => self.0.push(code as u8),
            0x80..0x800 => self.0.extend([0xC0 | (code >> 6) as u8, byte(0)]),
            0x800..0x10000 => self.0.extend([0xE0 | (code >> 12) as u8, byte(6), byte(0)]),
            _ => self.0.extend([0xF0 | (code >> 18) as u8, byte(12), byte(6), byte(0)]),
        }
    }

    pub fn push_wtf8(&mut self, other: &Wtf8) {
        self.0.extend_from_slice(&other.0);
    }

    /// The string whose `as_bytes` these are.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Wtf8(bytes.to_vec())
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// None if a lone surrogate is inside.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn code_points(&self) -> impl Iterator<Item = u32> + '_ {
        let mut rest = self.0.as_slice();
        std::iter::from_fn(move || {
            let (code, len) = decode(rest)?;
            rest = &rest[len..];
            Some(code)
        })
    }
}

/// The first code point of well-formed generalised UTF-8, and its length in bytes.
pub fn decode(bytes: &[u8]) -> Option<(u32, usize)> {
    let first = *bytes.first()? as u32;
    let tail = |at: usize| (bytes[at] & 0x3F) as u32;
    Some(match first {
        0..0x80 => (first, 1),
        0x80..0xE0 => ((first & 0x1F) << 6 | tail(1), 2),
        0xE0..0xF0 => ((first & 0x0F) << 12 | tail(1) << 6 | tail(2), 3),
        _ => ((first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4),
    })
}

impl From<&str> for Wtf8 {
    fn from(text: &str) -> Self {
        Wtf8(text.as_bytes().to_vec())
    }
}

impl From<String> for Wtf8 {
    fn from(text: String) -> Self {
        Wtf8(text.into_bytes())
    }
}

impl fmt::Debug for Wtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.0))
    }
}
