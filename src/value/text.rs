//! Texts on the heap: made from pieces whose length is known, indexed and sliced by code points.
//!
//! A text that is ASCII is indexed by bytes. Any other long one gets a sparse index at first use: the byte offset of every
//! 64th code point. What needs no heap (searching, case, escapes) is `types/text/`.

use aspen_grammar::source::wtf8;

use super::heap::{Full, Heap};
use super::string::{Str, Text, count_chars};
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

/// The offsets of every 64th code point.
fn make_index(text: &[u8]) -> Box<[u32]> {
    let mut index = Vec::with_capacity(text.len() / STRIDE + 1);
    let mut n_chars = 0;
    for (offset, byte) in text.iter().enumerate() {
        if byte & 0xC0 != 0x80 {
            if n_chars % STRIDE == 0 {
                index.push(offset as u32);
            }
            n_chars += 1;
        }
    }
    index.into_boxed_slice()
}

impl Heap {
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
    pub fn new_ascii(&mut self, text: Vec<u8>) -> Value {
        let n_chars = text.len();
        self.new_counted(text, n_chars, true)
    }

    /// A str whose number of code points is known; `is_ascii` must say whether all are below 128.
    pub fn new_counted(&mut self, text: Vec<u8>, n_chars: usize, is_ascii: bool) -> Value {
        if n_chars <= 1 {
            return self.new_str_from(text);
        }
        self.charge(size_of::<Str>() + text.len());
        let text = Text::Own(text.into_boxed_slice());
        Value::Str(self.strs.alloc(Str { text, n_chars: n_chars as u32, is_ascii, ..Str::default() }))
    }

    /// A part of an existing text: as `new_str`, without looking for what is known of it.
    pub fn new_part(&mut self, text: &[u8], is_ascii: bool) -> Value {
        if !is_ascii || text.len() < 2 {
            return self.new_str(text);
        }
        self.new_counted(text.to_vec(), text.len(), true)
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
        let offsets = str.index.get_or_init(|| make_index(text));
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
        let offsets = str.index.get_or_init(|| make_index(text));
        let block = offsets.partition_point(|&start| start as usize <= offset) - 1;
        block * STRIDE + count_chars(&text[offsets[block] as usize..offset])
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
        let is_ascii = self.is_ascii(id);
        let (from, to) = (self.char_offset(id, start), self.char_offset(id, stop));
        self.ensure(to - from)?;
        let part = self.text(id)[from..to].to_vec();
        if is_ascii {
            return Ok(self.new_ascii(part));
        }
        let is_ascii = part.len() == stop - start;
        Ok(self.new_counted(part, stop - start, is_ascii))
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
