//! dict objects: entries in insertion order behind an index.
//!
//! What can compare keys without running script code is here; what can't is told as [`Found::Unsure`], and the search goes
//! on in a frame (`call/probe.rs`).

use super::dict_table::DictTable;
use super::sequence::{LARGE, trace_part, trace_values};
use super::slab::{Gray, Kind};
use super::value::Value;

#[derive(Clone, Copy, Default)]
pub struct DictEntry {
    pub hash: u64,
    /// `Undef` where an entry was deleted.
    pub key: Value,
    pub value: Value,
}

pub struct Dict {
    pub table: DictTable,
    pub entries: Vec<DictEntry>,
    /// No entry before this one is alive: where the search for the first one begins.
    first: usize,
    /// Changes when a key comes, goes or moves, never when a value is replaced. Never 0.
    pub keys_version: u32,
}

impl Default for Dict {
    fn default() -> Self {
        Dict { table: DictTable::new(), entries: Vec::new(), first: 0, keys_version: 1 }
    }
}

impl Dict {
    pub fn len(&self) -> usize {
        self.table.len()
    }

    pub fn is_empty(&self) -> bool {
        self.table.len() == 0
    }

    /// The first live entry at or after `index`.
    #[inline]
    pub fn next_entry(&self, mut index: usize) -> Option<(usize, &DictEntry)> {
        while let Some(entry) = self.entries.get(index) {
            if !entry.key.is_undef() {
                return Some((index, entry));
            }
            index += 1;
        }
        None
    }

    /// The first live entry. Taking the first one again and again is linear all in all.
    pub fn first_entry(&mut self) -> Option<usize> {
        let (first, _) = self.next_entry(self.first)?;
        self.first = first;
        Some(first)
    }

    /// Live entries in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &DictEntry> {
        self.entries.iter().filter(|entry| !entry.key.is_undef())
    }

    /// Adds a key that is known to be absent.
    pub fn add(&mut self, hash: u64, key: Value, value: Value) {
        if self.table.is_full() {
            self.make_room(1);
        }
        let entry_idx = self.table.insert(hash);
        debug_assert_eq!(entry_idx as usize, self.entries.len());
        self.entries.push(DictEntry { hash, key, value });
        self.touch();
    }

    /// Replaces the value of a live entry. Every change of a value comes here: the caches of calls hold functions by the
    /// version of the keys, so replacing one changes it.
    #[inline]
    pub fn replace(&mut self, entry_idx: usize, value: Value) {
        if let Value::Func(_) = self.entries[entry_idx].value {
            self.touch();
        }
        self.entries[entry_idx].value = value;
    }

    /// Removes a live entry.
    pub fn remove_at(&mut self, entry_idx: usize) -> DictEntry {
        let entry = self.entries[entry_idx];
        self.table.remove(entry.hash, entry_idx as u32);
        self.entries[entry_idx] = DictEntry::default();
        self.touch();
        entry
    }

    /// Removes the live entry that was added last, and what was emptied behind it.
    pub fn pop_last(&mut self) -> Option<DictEntry> {
        let at = self.entries.iter().rposition(|entry| !entry.key.is_undef())?;
        let entry = self.remove_at(at);
        while self.entries.last().is_some_and(|entry| entry.key.is_undef()) {
            self.entries.pop();
            self.table.forget_last();
        }
        self.first = self.first.min(self.entries.len());
        Some(entry)
    }

    pub fn clear(&mut self) {
        let version = self.keys_version;
        *self = Dict::default();
        self.keys_version = version;
        self.touch();
    }

    /// Drops the holes and makes the index anew, with room for `extra` more.
    pub fn make_room(&mut self, extra: usize) {
        self.entries.retain(|entry| !entry.key.is_undef());
        self.first = 0;
        self.table.rebuild(self.entries.iter().map(|entry| entry.hash), extra);
        self.touch();
    }

    fn touch(&mut self) {
        self.keys_version = self.keys_version.checked_add(1).unwrap_or(1);
    }
}

impl Kind for Dict {
    const SWEPT: bool = true;
    fn trace(&self, gray: &mut Gray) {
        for entry in &self.entries {
            trace_values(&[entry.key, entry.value], gray);
        }
    }
    fn trace_from(&self, from: usize, gray: &mut Gray) -> Option<usize> {
        trace_part(&self.entries, from, gray, |entry, gray| trace_values(&[entry.key, entry.value], gray))
    }
    fn is_large(&self) -> bool {
        self.entries.len() > LARGE
    }
    fn trace_place(&self, place: usize, gray: &mut Gray) {
        if let Some(entry) = self.entries.get(place) {
            trace_values(&[entry.key, entry.value], gray);
        }
    }
    fn owned(&self) -> usize {
        self.entries.capacity() * size_of::<DictEntry>() + self.table.bytes()
    }
}
