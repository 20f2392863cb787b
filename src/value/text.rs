//! Texts on the heap: made from pieces whose length is known, indexed and sliced by code points.
//!
//! A text that is ASCII is indexed by bytes. Any other long one gets a sparse index at first use: the byte offset of every
//! 64th code point. What needs no heap (searching, case, escapes) is `types/text/`.

use std::ops::Range;

use aspen_grammar::source::wtf8;

use super::heap::{Full, Heap};
use super::string::{Buffer, MAX_SHORT, Str, Text, count_chars};
use super::value::{Id, Value};

/// Every how many code points the sparse index has an entry.
const STRIDE: usize = 64;
/// Smaller results are not asked for.
const LARGE: usize = 1 << 14;

/// The length of the code point that begins with this byte.
#[inline]
pub fn char_len(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0.. => 4,
    }
}

/// Skips `n` code points of a text that has as many.
fn skip(text: &[u8], mut offset: usize, n: usize) -> usize {
    for _ in 0..n {
        offset += char_len(text[offset]);
    }
    offset
}

/// The offsets of every 64th code point. A text has less than 4 GiB.
pub fn make_index(text: &[u8]) -> Vec<u32> {
    let starts = text.iter().enumerate().filter(|(_, byte)| **byte & 0xC0 != 0x80);
    starts.step_by(STRIDE).map(|(offset, _)| offset as u32).collect()
}

/// From this length on, a concatenation keeps a buffer that can be appended to.
const SHARED_FROM: usize = 256;

/// The text of a str that is without it for a moment.
struct Lent {
    text: Text,
    /// The bytes of the buffer that it shares.
    buffer: Vec<u8>,
}

impl Lent {
    fn bytes(&self) -> &[u8] {
        match &self.text {
            Text::Short { len, bytes } => &bytes[..*len as usize],
            Text::Own(bytes) => bytes,
            Text::Shared { len, .. } => &self.buffer[..*len as usize],
        }
    }
}

impl Heap {
    /// The bytes of a str, in generalised UTF-8.
    #[inline]
    pub fn text(&self, id: Id<Str>) -> &[u8] {
        self.strs.get(id).text.bytes(&self.buffers)
    }

    /// The text for messages: lone surrogates become replacement characters.
    pub fn text_lossy(&self, id: Id<Str>) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.text(id))
    }

    /// A str of generalised UTF-8.
    pub fn new_str(&mut self, text: &[u8]) -> Value {
        if let Some(short) = self.short_str(text) {
            return short;
        }
        let is_ascii = text.is_ascii();
        let n_chars = if is_ascii { text.len() } else { count_chars(text) };
        self.new_text(Text::from(text), n_chars, is_ascii)
    }

    /// The same, taking the memory.
    pub fn new_str_from(&mut self, text: Vec<u8>) -> Value {
        if let Some(short) = self.short_str(&text) {
            return short;
        }
        let is_ascii = text.is_ascii();
        let n_chars = if is_ascii { text.len() } else { count_chars(&text) };
        self.new_text(Text::from(text), n_chars, is_ascii)
    }

    /// A str of a text of which there is no singleton: two code points at least, or one beyond Latin-1.
    #[inline]
    pub fn new_text(&mut self, text: Text, n_chars: usize, is_ascii: bool) -> Value {
        self.charge(size_of::<Str>() + text.owned());
        let hash = Default::default();
        let index = Default::default();
        Value::Str(self.strs.alloc(Str { text, hash, index, n_chars: n_chars as u32, is_ascii, is_name: false }))
    }

    /// `''` and one-character Latin-1 strings are singletons.
    fn short_str(&mut self, text: &[u8]) -> Option<Value> {
        if text.len() > 2 {
            return None;
        }
        match wtf8::decode(text) {
            None => Some(Value::Str(self.empty_str)),
            Some((code, len)) if len == text.len() && code < 256 => Some(self.latin_char(code as u8)),
            Some(_) => None,
        }
    }

    /// The one-character string of a Latin-1 code point.
    #[inline]
    pub fn latin_char(&mut self, code: u8) -> Value {
        let known = self.latin[code as usize];
        if !known.is_none() {
            return Value::Str(known);
        }
        let mut utf8 = [0; 2];
        let name = self.intern((code as char).encode_utf8(&mut utf8).as_bytes());
        self.latin[code as usize] = name;
        Value::Str(name)
    }

    /// A one-character string.
    pub fn char_str(&mut self, code: u32) -> Value {
        if code < 256 {
            return self.latin_char(code as u8);
        }
        let mut text = wtf8::Wtf8::new();
        text.push_code_point(code);
        self.new_text(Text::from(text.into_bytes()), 1, false)
    }

    /// `lhs + rhs`. Appending to a string that ends where its buffer ends copies only `rhs`.
    pub fn concat(&mut self, lhs: Id<Str>, rhs: Id<Str>) -> Result<Value, Full> {
        let (left, right) = (self.strs.get(lhs), self.strs.get(rhs));
        let Some(n_chars) = left.n_chars.checked_add(right.n_chars) else {
            // Code points are counted in 32 bits.
            self.wanted = usize::MAX;
            return Err(Full);
        };
        let is_ascii = left.is_ascii && right.is_ascii;
        let (left, right) = (left.text.bytes(&self.buffers), right.text.bytes(&self.buffers));
        let (n_left, n_right) = (left.len(), right.len());
        if n_right == 0 {
            return Ok(Value::Str(lhs));
        }
        if n_left == 0 {
            return Ok(Value::Str(rhs));
        }
        let len = n_left + n_right;
        if len <= MAX_SHORT {
            let mut bytes = [0; MAX_SHORT];
            bytes[..n_left].copy_from_slice(left);
            bytes[n_left..len].copy_from_slice(right);
            return Ok(self.new_text(Text::Short { len: len as u8, bytes }, n_chars as usize, is_ascii));
        }
        if len < SHARED_FROM {
            let text = [left, right].concat().into_boxed_slice();
            return Ok(self.new_text(Text::Own(text), n_chars as usize, is_ascii));
        }
        if len > u32::MAX as usize {
            self.wanted = usize::MAX;
            return Err(Full);
        }
        let buffer = self.buffer_ending_with(lhs, n_left, n_right)?;
        let Heap { strs, buffers, .. } = self;
        let copied;
        let right = match &strs.get(rhs).text {
            Text::Short { len, bytes } => &bytes[..*len as usize],
            Text::Own(bytes) => bytes,
            Text::Shared { buffer, len } => {
                copied = buffers.get(*buffer).bytes[..*len as usize].to_vec();
                &copied
            }
        };
        buffers.get_mut(buffer).bytes.extend_from_slice(right);
        let text = Text::Shared { buffer, len: len as u32 };
        Ok(Value::Str(self.strs.alloc(Str { text, n_chars, is_ascii, ..Str::default() })))
    }

    /// A buffer that ends with the text of `id`, and has room for `extra` bytes.
    fn buffer_ending_with(&mut self, id: Id<Str>, len: usize, extra: usize) -> Result<Id<Buffer>, Full> {
        if let Text::Shared { buffer, .. } = self.strs.get(id).text {
            let bytes = &self.buffers.get(buffer).bytes;
            if bytes.len() == len {
                if bytes.capacity() < len + extra {
                    let more = (len + extra).max(bytes.capacity() * 2) - bytes.capacity();
                    self.reserve_for(more + size_of::<Str>(), self.buffers.is_old(buffer))?;
                    self.buffers.get_mut(buffer).bytes.reserve_exact(extra.max(more));
                } else {
                    self.charge(size_of::<Str>());
                }
                return Ok(buffer);
            }
        }
        self.reserve((len + extra) * 2 + size_of::<Str>() + size_of::<Buffer>())?;
        let mut bytes = Vec::with_capacity((len + extra) * 2);
        bytes.extend_from_slice(self.text(id));
        Ok(self.buffers.alloc(Buffer { bytes }))
    }

    /// Whether there is room for `bytes`, which whoever allocates charges himself: what a native makes at its end.
    #[inline]
    pub fn ensure(&mut self, bytes: usize) -> Result<(), Full> {
        if bytes > LARGE {
            self.reserve(bytes)?;
            self.used -= bytes;
        }
        Ok(())
    }

    /// A str whose bytes are known to be ASCII.
    #[inline]
    pub fn new_ascii(&mut self, text: Vec<u8>) -> Value {
        let n_chars = text.len();
        self.new_counted(text, n_chars, true)
    }

    /// A str whose number of code points is known; `is_ascii` must say whether all are below 128.
    #[inline]
    pub fn new_counted(&mut self, text: Vec<u8>, n_chars: usize, is_ascii: bool) -> Value {
        if n_chars <= 1 {
            return self.new_str_from(text);
        }
        self.new_text(Text::from(text), n_chars, is_ascii)
    }

    /// A str of ASCII bytes that are borrowed from elsewhere.
    #[inline]
    pub fn new_short_ascii(&mut self, text: &[u8]) -> Value {
        match text {
            [] => Value::Str(self.empty_str),
            [byte] => self.latin_char(*byte),
            _ => self.new_text(Text::from(text), text.len(), true),
        }
    }

    /// A part of a str, by the offsets of its bytes, which are on boundaries.
    #[inline]
    pub fn part_of(&mut self, id: Id<Str>, range: Range<usize>) -> Value {
        let whole = self.strs.get(id);
        let is_ascii = whole.is_ascii;
        let part = &whole.text.bytes(&self.buffers)[range];
        match part {
            [] => return Value::Str(self.empty_str),
            [byte] => {
                let byte = *byte;
                return self.latin_char(byte);
            }
            [_, _] if !is_ascii => {
                let part = [part[0], part[1]];
                return self.new_str(&part);
            }
            _ => {}
        }
        let is_ascii = is_ascii || part.is_ascii();
        let n_chars = if is_ascii { part.len() } else { count_chars(part) };
        let text = Text::from(part);
        self.new_text(text, n_chars, is_ascii)
    }

    /// The str that `change` makes of each byte of one that is ASCII; the str itself if it stays the same.
    #[inline]
    pub fn map_ascii(&mut self, id: Id<Str>, change: impl Fn(u8) -> u8) -> Value {
        if let Text::Short { len, bytes: before } = &self.strs.get(id).text {
            // The bytes behind the text are zero, and stay it.
            let (len, bytes) = (*len, before.map(&change));
            return match bytes {
                _ if bytes == *before => Value::Str(id),
                [only, ..] if len == 1 => self.latin_char(only),
                _ => self.new_text(Text::Short { len, bytes }, len as usize, true),
            };
        }
        let before = self.text(id);
        if before.iter().all(|&byte| change(byte) == byte) {
            return Value::Str(id);
        }
        let after: Vec<u8> = before.iter().map(|&byte| change(byte)).collect();
        self.new_ascii(after)
    }

    /// Parts of a str, by the offsets of their bytes, which are on boundaries.
    pub fn parts_of(&mut self, id: Id<Str>, places: &[Range<usize>]) -> Vec<Value> {
        let is_ascii = self.is_ascii(id);
        let len = self.text(id).len();
        if !is_ascii || matches!(places, [place] if place.len() == len) {
            return places.iter().map(|place| self.part_of(id, place.clone())).collect();
        }
        // The text is taken out of its str, so that others can be made meanwhile.
        let lent = self.lend(id);
        let mut parts = Vec::with_capacity(places.len());
        let bytes = lent.bytes();
        parts.extend(places.iter().map(|place| self.new_short_ascii(&bytes[place.clone()])));
        self.give_back(id, lent);
        parts
    }

    fn lend(&mut self, id: Id<Str>) -> Lent {
        let text = std::mem::take(&mut self.strs.get_unbarred(id).text);
        let buffer = match text {
            Text::Shared { buffer, .. } => std::mem::take(&mut self.buffers.get_unbarred(buffer).bytes),
            Text::Short { .. } | Text::Own(_) => Vec::new(),
        };
        Lent { text, buffer }
    }

    fn give_back(&mut self, id: Id<Str>, lent: Lent) {
        if let Text::Shared { buffer, .. } = lent.text {
            self.buffers.get_unbarred(buffer).bytes = lent.buffer;
        }
        self.strs.get_unbarred(id).text = lent.text;
    }

    /// How many code points a str has.
    #[inline]
    pub fn n_chars(&self, id: Id<Str>) -> usize {
        self.strs.get(id).n_chars as usize
    }

    /// Whether all code points of a str are below 128.
    #[inline]
    pub fn is_ascii(&self, id: Id<Str>) -> bool {
        self.strs.get(id).is_ascii
    }

    /// The byte offset of code point number `index`, which may be the end.
    pub fn char_offset(&self, id: Id<Str>, index: usize) -> usize {
        let str = self.strs.get(id);
        if str.is_ascii {
            return index;
        }
        let text = self.text(id);
        if index >= str.n_chars as usize {
            return text.len();
        }
        if index < STRIDE {
            return skip(text, 0, index);
        }
        let offsets = str.index.get_or_init(|| Box::new(make_index(text)));
        skip(text, offsets[index / STRIDE] as usize, index % STRIDE)
    }

    /// The number of the code point at a byte offset, which is on a boundary.
    pub fn char_number(&self, id: Id<Str>, offset: usize) -> usize {
        let str = self.strs.get(id);
        if str.is_ascii {
            return offset;
        }
        let text = self.text(id);
        if offset < STRIDE * 4 {
            return count_chars(&text[..offset]);
        }
        let offsets = str.index.get_or_init(|| Box::new(make_index(text)));
        let block = offsets.partition_point(|&start| start as usize <= offset) - 1;
        block * STRIDE + count_chars(&text[offsets[block] as usize..offset])
    }

    /// The sparse index of a long text that is not ASCII; of any other nothing.
    pub fn sparse_index(&self, id: Id<Str>) -> &[u32] {
        let str = self.strs.get(id);
        if str.is_ascii || (str.n_chars as usize) < 2 * STRIDE {
            return &[];
        }
        str.index.get_or_init(|| Box::new(make_index(self.text(id))))
    }

    /// The code point number `index` of a str that has as many.
    #[inline]
    pub fn char_at(&self, id: Id<Str>, index: usize) -> u32 {
        if self.strs.get(id).is_ascii {
            return self.text(id)[index] as u32;
        }
        let offset = self.char_offset(id, index);
        wtf8::decode(&self.text(id)[offset..]).expect("the index is inside the text").0
    }

    /// `text[index]` as a str, for an index inside.
    #[inline]
    pub fn char_str_at(&mut self, id: Id<Str>, index: usize) -> Value {
        let code = self.char_at(id, index);
        self.char_str(code)
    }

    /// `text[start:stop]`, for bounds inside with `start <= stop`.
    pub fn slice_str(&mut self, id: Id<Str>, start: usize, stop: usize) -> Result<Value, Full> {
        let n_chars = self.n_chars(id);
        if start == 0 && stop == n_chars {
            return Ok(Value::Str(id));
        }
        let (from, to) = (self.char_offset(id, start), self.char_offset(id, stop));
        self.ensure(to - from)?;
        Ok(self.part_of(id, from..to))
    }

    /// `text[start], text[start + step], …`: `count` code points, all inside.
    pub fn slice_str_by(&mut self, id: Id<Str>, start: usize, step: i64, count: usize) -> Result<Value, Full> {
        self.ensure(count)?;
        let index = |nth: usize| (start as i64 + nth as i64 * step) as usize;
        if self.is_ascii(id) {
            let text = self.text(id);
            let part = (0..count).map(|nth| text[index(nth)]).collect();
            return Ok(self.new_ascii(part));
        }
        let mut part = wtf8::Wtf8::new();
        for nth in 0..count {
            part.push_code_point(self.char_at(id, index(nth)));
        }
        Ok(self.new_str_from(part.into_bytes()))
    }
}
