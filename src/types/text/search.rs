//! Searching and replacing bytes in bytes, for str and bytes alike: a whole text is found only at whole code points.
//!
//! Places are byte offsets here; [`find_chars`] and its like translate for texts. The empty needle, which is found between
//! all units, is a case of its own: what a unit is (a code point or a byte) only the caller knows.

use std::ops::Range;

use memchr::memmem::{self, Finder};

use super::index::{TextRef, len_of_char};

/// What an element of a sequence is: where the empty needle is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units {
    CodePoints,
    Bytes,
}

impl Units {
    /// The length of the unit that begins with this byte.
    #[inline]
    pub fn len_of(self, first: u8) -> usize {
        match self {
            Units::CodePoints => len_of_char(first),
            Units::Bytes => 1,
        }
    }

    /// How many units there are.
    pub fn count(self, bytes: &[u8]) -> usize {
        match self {
            Units::CodePoints => super::index::count_chars(bytes),
            Units::Bytes => bytes.len(),
        }
    }
}

/// The offset of the first occurrence.
#[inline]
pub fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [only] => memchr::memchr(*only, haystack),
        _ => memmem::find(haystack, needle),
    }
}

/// The offset of the last occurrence.
pub fn rfind(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [only] => memchr::memrchr(*only, haystack),
        _ => memmem::rfind(haystack, needle),
    }
}

/// How often the needle is found without overlaps, at most `limit` times.
pub fn count(haystack: &[u8], needle: &[u8], limit: usize, units: Units) -> usize {
    match needle {
        [] => (units.count(haystack) + 1).min(limit),
        [only] => memchr::memchr_iter(*only, haystack).take(limit).count(),
        _ => memmem::find_iter(haystack, needle).take(limit).count(),
    }
}

/// `text.find(needle, start, end)` in code points.
pub fn find_chars(text: TextRef, needle: &[u8], bounds: Range<usize>) -> Option<usize> {
    let from = bounds.start;
    if needle.is_empty() {
        return Some(from);
    }
    let range = text.byte_range(bounds);
    let found = find(&text.bytes[range.clone()], needle)?;
    Some(text.char_at_offset(range.start + found))
}

/// `text.rfind(needle, start, end)` in code points.
pub fn rfind_chars(text: TextRef, needle: &[u8], bounds: Range<usize>) -> Option<usize> {
    if needle.is_empty() {
        return Some(bounds.end);
    }
    let range = text.byte_range(bounds);
    let found = rfind(&text.bytes[range.clone()], needle)?;
    Some(text.char_at_offset(range.start + found))
}

/// The length of the text after `replace` of so many occurrences; None if no machine could hold it.
pub fn replaced_len(len: usize, old_len: usize, new_len: usize, n_occurrences: usize) -> Option<usize> {
    (len - old_len * n_occurrences).checked_add(new_len.checked_mul(n_occurrences)?)
}

/// The text with the first `n_occurrences` of `old` (so many as `count` found) replaced. Charge `replaced_len` first.
pub fn replace(text: &[u8], old: &[u8], new: &[u8], n_occurrences: usize, units: Units) -> Vec<u8> {
    let len = replaced_len(text.len(), old.len(), new.len(), n_occurrences).expect("the caller charged the length");
    let mut replaced = Vec::with_capacity(len);
    let mut from = 0;
    if old.is_empty() {
        // Before the first units, and behind the last one if there are enough.
        for _ in 0..n_occurrences {
            replaced.extend_from_slice(new);
            let Some(first) = text.get(from) else { break };
            let until = from + units.len_of(*first);
            replaced.extend_from_slice(&text[from..until]);
            from = until;
        }
    } else if let ([old], [new]) = (old, new) {
        replaced.extend_from_slice(text);
        memchr::memchr_iter(*old, text).take(n_occurrences).for_each(|at| replaced[at] = *new);
        return replaced;
    } else {
        let finder = Finder::new(old);
        for at in finder.find_iter(text).take(n_occurrences) {
            replaced.extend_from_slice(&text[from..at]);
            replaced.extend_from_slice(new);
            from = at + old.len();
        }
    }
    replaced.extend_from_slice(&text[from..]);
    replaced
}

/// `text.partition(separator)`: what is before and behind the first occurrence.
pub fn partition<'a>(text: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = find(text, separator)?;
    Some((&text[..at], &text[at + separator.len()..]))
}

/// `text.rpartition(separator)`: what is before and behind the last occurrence.
pub fn rpartition<'a>(text: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = rfind(text, separator)?;
    Some((&text[..at], &text[at + separator.len()..]))
}
