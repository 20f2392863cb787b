//! Lengths and places in code points: a text is bytes, a script counts code points.
//!
//! In ASCII they are the same. Other long texts have a sparse index, the byte offset of every 64th code point, so that a
//! place costs a look-up and at most 63 steps.

use std::ops::Range;

use aspen_grammar::source::wtf8::decode;

/// Code points per entry of an index.
const STRIDE: usize = 64;

/// A text and what is known about it.
#[derive(Clone, Copy, Debug)]
pub struct TextRef<'a> {
    pub bytes: &'a [u8],
    /// Length in code points.
    pub n_chars: usize,
    /// The heap's sparse index; empty for ASCII, and where there is none (then places cost a walk).
    pub index: &'a [u32],
}

/// How many code points generalised UTF-8 has.
#[inline]
pub fn count_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

/// The length in bytes of the code point that begins with this byte.
#[inline]
pub fn len_of_char(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0.. => 4,
    }
}

/// The first code points of a text, all of it if there are fewer.
pub fn prefix_of_chars(bytes: &[u8], n_chars: usize) -> &[u8] {
    &bytes[..walk(bytes, n_chars)]
}

/// The byte offset of a code point, counted from the start.
fn walk(bytes: &[u8], n_chars: usize) -> usize {
    let mut offset = 0;
    for _ in 0..n_chars {
        match bytes.get(offset) {
            Some(first) => offset += len_of_char(*first),
            None => break,
        }
    }
    offset
}

/// The start of the code point that ends at an offset.
#[inline]
pub fn previous_char(bytes: &[u8], end: usize) -> usize {
    let mut start = end - 1;
    while bytes[start] & 0xC0 == 0x80 {
        start -= 1;
    }
    start
}

impl<'a> TextRef<'a> {
    /// A text without an index, whose code points are counted now.
    pub fn new(bytes: &'a [u8]) -> Self {
        TextRef { bytes, n_chars: count_chars(bytes), index: &[] }
    }

    /// Whether every code point is one byte.
    pub fn is_ascii(&self) -> bool {
        self.n_chars == self.bytes.len()
    }

    /// The byte offset of a code point; the length for all beyond the end.
    pub fn offset_of(&self, char_idx: usize) -> usize {
        if char_idx >= self.n_chars {
            return self.bytes.len();
        }
        if self.is_ascii() {
            return char_idx;
        }
        match self.index.get(char_idx / STRIDE) {
            Some(from) => *from as usize + walk(&self.bytes[*from as usize..], char_idx % STRIDE),
            None => walk(self.bytes, char_idx),
        }
    }

    /// The number of the code point that begins at a byte offset.
    pub fn char_at_offset(&self, offset: usize) -> usize {
        if self.is_ascii() {
            return offset;
        }
        let nth = self.index.partition_point(|from| *from as usize <= offset).saturating_sub(1);
        let from = self.index.get(nth).map_or(0, |from| *from as usize);
        nth * STRIDE + count_chars(&self.bytes[from..offset])
    }

    /// The bytes of one code point.
    pub fn char_bytes(&self, char_idx: usize) -> Option<&'a [u8]> {
        let offset = self.offset_of(char_idx);
        self.bytes.get(offset).map(|first| &self.bytes[offset..offset + len_of_char(*first)])
    }

    /// The byte range of a range of code points.
    pub fn byte_range(&self, chars: Range<usize>) -> Range<usize> {
        let start = self.offset_of(chars.start);
        // A short slice is walked to its end.
        if chars.len() <= STRIDE && !self.is_ascii() {
            return start..start + walk(&self.bytes[start..], chars.len());
        }
        start..self.offset_of(chars.end).max(start)
    }

    /// The code points `start, start + step, ...`, so many of them, all of which exist; the step is not 1.
    pub fn stepped(&self, start: usize, step: i64, count: usize) -> Vec<u8> {
        let mut picked = Vec::with_capacity(count);
        if self.is_ascii() {
            picked.extend((0..count as i64).map(|nth| self.bytes[(start as i64 + nth * step) as usize]));
            return picked;
        }
        let mut offset = self.offset_of(start);
        for nth in 0..count {
            let len = len_of_char(self.bytes[offset]);
            picked.extend_from_slice(&self.bytes[offset..offset + len]);
            if nth + 1 == count {
                break;
            }
            if step.unsigned_abs() as usize > STRIDE {
                offset = self.offset_of((start as i64 + (nth as i64 + 1) * step) as usize);
                continue;
            }
            for _ in 0..step.unsigned_abs() {
                offset =
                    if step > 0 { offset + len_of_char(self.bytes[offset]) } else { previous_char(self.bytes, offset) };
            }
        }
        picked
    }
}

/// The code points of a text with their byte offsets.
pub fn chars_with_offsets(bytes: &[u8]) -> impl Iterator<Item = (usize, u32)> + '_ {
    let mut offset = 0;
    std::iter::from_fn(move || {
        let (code, len) = decode(&bytes[offset..])?;
        offset += len;
        Some((offset - len, code))
    })
}

/// Brings the optional bounds of `find`, `count`, `startswith` and the like into the text; None if nothing, not even
/// the empty text, lies between them.
pub fn clamp_bounds(start: i64, end: i64, n_chars: usize) -> Option<Range<usize>> {
    let len = n_chars as i64;
    let from_end = |at: i64| if at < 0 { at.saturating_add(len).max(0) } else { at };
    let (start, end) = (from_end(start), from_end(end.min(len)));
    (start <= end).then_some(start as usize..end as usize)
}
