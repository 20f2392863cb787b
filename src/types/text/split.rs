//! Taking texts apart: `split`, `rsplit`, `splitlines`, and `strip` and its like. Parts are slices of the whole.
//!
//! The iterators are plain data over the rest of the text, so that a list can be filled as they go.

use std::ops::Range;

use super::index::{chars_with_offsets, len_of_char, previous_char};
use super::search::{Units, find, rfind};
use super::unicode::{Class, is};
use aspen_grammar::source::wtf8::decode;

/// Whether the unit at an offset is white space, and its length. A str has Unicode's white space, bytes have ASCII's.
#[inline]
fn space_at(bytes: &[u8], offset: usize, units: Units) -> (bool, usize) {
    let byte = bytes[offset];
    match units {
        Units::Bytes => (matches!(byte, 9..=13 | 32), 1),
        Units::CodePoints if byte < 0x80 => (matches!(byte, 9..=13 | 28..=32), 1),
        Units::CodePoints => {
            let len = len_of_char(byte);
            (decode(&bytes[offset..]).is_some_and(|(code, _)| is(code, Class::Space)), len)
        }
    }
}

/// The length of the white space at the start.
fn leading_space(bytes: &[u8], units: Units) -> usize {
    let mut offset = 0;
    while offset < bytes.len() {
        let (is_space, len) = space_at(bytes, offset, units);
        if !is_space {
            break;
        }
        offset += len;
    }
    offset
}

/// The length of what is before the first white space.
fn leading_word(bytes: &[u8], units: Units) -> usize {
    let mut offset = 0;
    while offset < bytes.len() {
        let (is_space, len) = space_at(bytes, offset, units);
        if is_space {
            break;
        }
        offset += len;
    }
    offset
}

/// Whether an ASCII character is white space of a str.
#[inline(always)]
fn is_ascii_space(byte: u8) -> bool {
    const SPACES: u64 = 0x1F << 9 | 0x1F << 28;
    byte <= 32 && SPACES >> byte & 1 == 1
}

/// The places of the words of a text that is ASCII, as [`split_space`] finds them.
pub fn ascii_words(text: &[u8], max_split: usize) -> Vec<Range<usize>> {
    let mut words = Vec::with_capacity(8);
    let mut at = 0;
    loop {
        while text.get(at).is_some_and(|&byte| is_ascii_space(byte)) {
            at += 1;
        }
        if at == text.len() {
            return words;
        }
        if words.len() == max_split {
            words.push(at..text.len());
            return words;
        }
        let start = at;
        while text.get(at).is_some_and(|&byte| !is_ascii_space(byte)) {
            at += 1;
        }
        words.push(start..at);
    }
}

fn previous_unit(bytes: &[u8], end: usize, units: Units) -> usize {
    match units {
        Units::Bytes => end - 1,
        Units::CodePoints => previous_char(bytes, end),
    }
}

/// The length that is left without the white space at the end.
fn without_trailing_space(bytes: &[u8], units: Units) -> usize {
    let mut end = bytes.len();
    while end > 0 {
        let start = previous_unit(bytes, end, units);
        if !space_at(bytes, start, units).0 {
            break;
        }
        end = start;
    }
    end
}

/// `text.split(None, max_split)`: the words between white space.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    rest: &'a [u8],
    units: Units,
    /// How many splits may follow; then the rest is one word, with the white space inside and behind it.
    n_left: usize,
}

/// The words of a text; `usize::MAX` is no limit.
pub fn split_space(text: &[u8], units: Units, max_split: usize) -> Words<'_> {
    Words { rest: &text[leading_space(text, units)..], units, n_left: max_split }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        if self.n_left == 0 {
            return Some(std::mem::take(&mut self.rest));
        }
        self.n_left -= 1;
        let (word, rest) = self.rest.split_at(leading_word(self.rest, self.units));
        self.rest = &rest[leading_space(rest, self.units)..];
        Some(word)
    }
}

/// `text.rsplit(None, max_split)`, in the order of the text.
pub fn rsplit_space(text: &[u8], units: Units, max_split: usize) -> Vec<&[u8]> {
    let mut words = Vec::new();
    let mut rest = &text[..without_trailing_space(text, units)];
    while !rest.is_empty() {
        if words.len() == max_split {
            words.push(rest);
            break;
        }
        let mut start = rest.len();
        while start > 0 {
            let previous = previous_unit(rest, start, units);
            if space_at(rest, previous, units).0 {
                break;
            }
            start = previous;
        }
        words.push(&rest[start..]);
        rest = &rest[..without_trailing_space(&rest[..start], units)];
    }
    words.reverse();
    words
}

/// `text.split(separator, max_split)`.
#[derive(Clone, Copy, Debug)]
pub struct Pieces<'a, 'b> {
    /// None behind the last piece.
    rest: Option<&'a [u8]>,
    separator: &'b [u8],
    n_left: usize,
}

/// The pieces of a text between separators, which are not empty; `usize::MAX` is no limit.
pub fn split<'a, 'b>(text: &'a [u8], separator: &'b [u8], max_split: usize) -> Pieces<'a, 'b> {
    Pieces { rest: Some(text), separator, n_left: max_split }
}

impl<'a> Iterator for Pieces<'a, '_> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        let at = if self.n_left == 0 { None } else { find(rest, self.separator) };
        self.n_left = self.n_left.saturating_sub(1);
        self.rest = at.map(|at| &rest[at + self.separator.len()..]);
        Some(at.map_or(rest, |at| &rest[..at]))
    }
}

/// `text.rsplit(separator, max_split)`, in the order of the text.
pub fn rsplit<'a>(text: &'a [u8], separator: &[u8], max_split: usize) -> Vec<&'a [u8]> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while pieces.len() < max_split
        && let Some(at) = rfind(rest, separator)
    {
        pieces.push(&rest[at + separator.len()..]);
        rest = &rest[..at];
    }
    pieces.push(rest);
    pieces.reverse();
    pieces
}

/// `text.splitlines(keep_ends)`.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    rest: &'a [u8],
    units: Units,
    keep_ends: bool,
}

/// The lines of a text. Bytes know `\n`, `\r` and `\r\n` only.
pub fn split_lines(text: &[u8], units: Units, keep_ends: bool) -> Lines<'_> {
    Lines { rest: text, units, keep_ends }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let (len, end_len) = self.line_end();
        let line = &self.rest[..if self.keep_ends { len + end_len } else { len }];
        self.rest = &self.rest[len + end_len..];
        Some(line)
    }
}

impl Lines<'_> {
    /// The length of the first line, and that of its end.
    fn line_end(&self) -> (usize, usize) {
        let bytes = self.rest;
        for (at, byte) in bytes.iter().enumerate() {
            let end_len = match (*byte, self.units) {
                (b'\r', _) if bytes.get(at + 1) == Some(&b'\n') => 2,
                (b'\n' | b'\r', _) => 1,
                (0x0b | 0x0c | 0x1c..=0x1e, Units::CodePoints) => 1,
                // U+0085, U+2028 and U+2029.
                (0xC2, Units::CodePoints) if bytes[at + 1] == 0x85 => 2,
                (0xE2, Units::CodePoints) if bytes[at + 1] == 0x80 && matches!(bytes[at + 2], 0xA8 | 0xA9) => 3,
                _ => continue,
            };
            return (at, end_len);
        }
        (bytes.len(), 0)
    }
}

/// Which ends are stripped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    Both,
    Left,
    Right,
}

/// `text.strip()` and its like: without white space at the ends.
pub fn strip_space(text: &[u8], units: Units, ends: Ends) -> &[u8] {
    let text = if ends == Ends::Left { text } else { &text[..without_trailing_space(text, units)] };
    if ends == Ends::Right { text } else { &text[leading_space(text, units)..] }
}

/// `text.strip(chars)` and its like: without these units at the ends.
pub fn strip_chars<'a>(text: &'a [u8], chars: &[u8], units: Units, ends: Ends) -> &'a [u8] {
    let set = UnitSet::new(chars, units);
    let (mut start, mut end) = (0, text.len());
    while ends != Ends::Right && start < end {
        let len = units.len_of(text[start]);
        if !set.contains(&text[start..start + len]) {
            break;
        }
        start += len;
    }
    while ends != Ends::Left && start < end {
        let from = previous_unit(text, end, units);
        if !set.contains(&text[from..end]) {
            break;
        }
        end = from;
    }
    &text[start..end]
}

/// A set of code points or bytes: single bytes in a bit map, the others in a sorted list.
struct UnitSet<'a> {
    single: [u64; 4],
    others: Vec<&'a [u8]>,
}

impl<'a> UnitSet<'a> {
    fn new(chars: &'a [u8], units: Units) -> Self {
        let (mut single, mut others) = ([0; 4], Vec::new());
        let mut add_single = |byte: u8| single[byte as usize / 64] |= 1u64 << (byte % 64);
        match units {
            Units::Bytes => chars.iter().for_each(|byte| add_single(*byte)),
            Units::CodePoints => {
                for (offset, _) in chars_with_offsets(chars) {
                    match len_of_char(chars[offset]) {
                        1 => add_single(chars[offset]),
                        len => others.push(&chars[offset..offset + len]),
                    }
                }
                others.sort_unstable();
            }
        }
        UnitSet { single, others }
    }

    fn contains(&self, unit: &[u8]) -> bool {
        match unit {
            [byte] => self.single[*byte as usize / 64] >> (byte % 64) & 1 == 1,
            _ => self.others.binary_search(&unit).is_ok(),
        }
    }
}
