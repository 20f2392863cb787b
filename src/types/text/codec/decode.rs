//! From bytes to text: a machine that stops at each mistake.

use aspen_grammar::source::Wtf8;

use super::names::Codec;

/// What is wrong with the bytes `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// As the exception says it.
    pub encoding: &'static str,
    pub start: usize,
    pub end: usize,
    pub reason: &'static str,
    /// How many bytes were taken off in front (a UTF-8 signature); the others are counted from there, and the
    /// exception's object begins there.
    pub n_skipped: usize,
}

impl DecodeError {
    /// CPython's message; `data` is what the exception's object will be.
    pub fn message(&self, data: &[u8]) -> String {
        let DecodeError { encoding, start, end, reason, .. } = self;
        match data.get(*start) {
            Some(byte) if end - start == 1 => {
                format!("'{encoding}' codec can't decode byte 0x{byte:02x} in position {start}: {reason}")
            }
            _ => format!("'{encoding}' codec can't decode bytes in position {start}-{}: {reason}", *end as i64 - 1),
        }
    }
}

/// Decoding under way.
#[derive(Clone, Debug)]
pub struct Decoder<'a> {
    /// The codec, its byte order decided.
    codec: Codec,
    data: &'a [u8],
    at: usize,
    /// Whether the data is all there is: an incomplete sequence at its end is a mistake.
    is_final: bool,
    n_skipped: usize,
}

/// Which byte of a unit comes first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

impl<'a> Decoder<'a> {
    /// Begins; the mark of UTF-8, UTF-16 and UTF-32 decides on the order and is taken off.
    pub fn new(codec: Codec, data: &'a [u8], is_final: bool) -> Self {
        let mut decoder = Decoder { codec, data, at: 0, is_final, n_skipped: 0 };
        match codec {
            Codec::Utf8Sig => {
                decoder.codec = Codec::Utf8;
                if let Some(rest) = data.strip_prefix(b"\xef\xbb\xbf") {
                    decoder.data = rest;
                    decoder.n_skipped = 3;
                }
            }
            Codec::Utf16 => decoder.take_mark(&[0xff, 0xfe], &[0xfe, 0xff], Codec::Utf16Le, Codec::Utf16Be),
            Codec::Utf32 => {
                decoder.take_mark(&[0xff, 0xfe, 0, 0], &[0, 0, 0xfe, 0xff], Codec::Utf32Le, Codec::Utf32Be);
            }
            _ => {}
        }
        decoder
    }

    fn take_mark(&mut self, little_mark: &[u8], big_mark: &[u8], little: Codec, big: Codec) {
        let is_big = self.data.starts_with(big_mark);
        if is_big || self.data.starts_with(little_mark) {
            self.at = little_mark.len();
        }
        self.codec = if is_big { big } else { little };
    }

    /// How many bytes are decoded; less than all only if more data may follow.
    pub fn consumed(&self) -> usize {
        self.n_skipped + self.at
    }

    /// The codec with its byte order decided, for whoever decodes what follows.
    pub fn codec(&self) -> Codec {
        self.codec
    }

    /// The data that errors speak of.
    pub fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Goes on behind a mistake, from this place in `data`.
    pub fn resume_at(&mut self, at: usize) {
        self.at = at;
    }

    /// Decodes up to the end or the next mistake.
    pub fn run(&mut self, into: &mut Wtf8) -> Result<(), DecodeError> {
        match self.codec {
            Codec::Utf8 | Codec::Utf8Sig => self.run_utf8(into),
            Codec::Utf16 | Codec::Utf16Le => self.run_utf16(into, Order::Little),
            Codec::Utf16Be => self.run_utf16(into, Order::Big),
            Codec::Utf32 | Codec::Utf32Le => self.run_utf32(into, Order::Little),
            Codec::Utf32Be => self.run_utf32(into, Order::Big),
            Codec::Latin1 => {
                self.data[self.at..].iter().for_each(|byte| into.push_code_point(*byte as u32));
                self.at = self.data.len();
                Ok(())
            }
            Codec::Ascii => self.run_ascii(into),
            Codec::UnicodeEscape | Codec::RawUnicodeEscape => {
                let (codec, data) = (self.codec, self.data);
                super::escape::decode(codec, data, &mut self.at, into)
                    .map_err(|(start, end, reason)| self.error(start, end, reason))
            }
        }
    }

    fn error(&self, start: usize, end: usize, reason: &'static str) -> DecodeError {
        let encoding = self.codec.name_in_errors();
        DecodeError { encoding, start, end, reason, n_skipped: self.n_skipped }
    }

    fn run_utf8(&mut self, into: &mut Wtf8) -> Result<(), DecodeError> {
        let rest = &self.data[self.at..];
        let mistake = match std::str::from_utf8(rest) {
            Ok(text) => {
                into.push_str(text);
                self.at = self.data.len();
                return Ok(());
            }
            Err(mistake) => mistake,
        };
        let (valid, invalid) = rest.split_at(mistake.valid_up_to());
        into.push_str(std::str::from_utf8(valid).unwrap_or_default());
        self.at += valid.len();
        let (start, first) = (self.at, invalid[0]);
        match mistake.error_len() {
            None if !self.is_final => Ok(()),
            // The beginning of a surrogate, which `surrogatepass` may want whole.
            Some(_) if !self.is_final && matches!(invalid, [0xED, 0xA0..0xC0]) => Ok(()),
            None => Err(self.error(start, self.data.len(), "unexpected end of data")),
            Some(len) if matches!(first, 0xC2..=0xF4) => {
                Err(self.error(start, start + len, "invalid continuation byte"))
            }
            Some(len) => Err(self.error(start, start + len, "invalid start byte")),
        }
    }

    fn run_ascii(&mut self, into: &mut Wtf8) -> Result<(), DecodeError> {
        let rest = &self.data[self.at..];
        let len = rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        into.push_str(std::str::from_utf8(&rest[..len]).unwrap_or_default());
        self.at += len;
        match len == rest.len() {
            true => Ok(()),
            false => Err(self.error(self.at, self.at + 1, "ordinal not in range(128)")),
        }
    }

    fn run_utf16(&mut self, into: &mut Wtf8, order: Order) -> Result<(), DecodeError> {
        let unit_at = |at: usize| {
            let pair = self.data[at..].first_chunk::<2>()?;
            Some(if order == Order::Little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) } as u32)
        };
        let end = self.data.len();
        while let Some(unit) = unit_at(self.at) {
            let start = self.at;
            match (unit, unit_at(start + 2)) {
                (0xD800..0xDC00, Some(low @ 0xDC00..0xE000)) => {
                    into.push_code_point(0x10000 + ((unit & 0x3FF) << 10 | (low & 0x3FF)));
                    self.at += 4;
                }
                (0xD800..0xDC00, Some(_)) => {
                    return Err(self.error(start, start + 2, "illegal UTF-16 surrogate"));
                }
                (0xD800..0xDC00, None) if !self.is_final => return Ok(()),
                (0xD800..0xDC00, None) => return Err(self.error(start, end, "unexpected end of data")),
                (0xDC00..0xE000, _) => return Err(self.error(start, start + 2, "illegal encoding")),
                (_, _) => {
                    into.push_code_point(unit);
                    self.at += 2;
                }
            }
        }
        self.finish_units()
    }

    fn run_utf32(&mut self, into: &mut Wtf8, order: Order) -> Result<(), DecodeError> {
        while let Some(four) = self.data[self.at..].first_chunk::<4>() {
            let code = if order == Order::Little { u32::from_le_bytes(*four) } else { u32::from_be_bytes(*four) };
            let reason = match code {
                0xD800..0xE000 => "code point in surrogate code point range(0xd800, 0xe000)",
                0x110000.. => "code point not in range(0x110000)",
                _ => {
                    into.push_code_point(code);
                    self.at += 4;
                    continue;
                }
            };
            return Err(self.error(self.at, self.at + 4, reason));
        }
        self.finish_units()
    }

    /// Whether part of a unit is left.
    fn finish_units(&self) -> Result<(), DecodeError> {
        let end = self.data.len();
        if self.at == end || !self.is_final { Ok(()) } else { Err(self.error(self.at, end, "truncated data")) }
    }
}
