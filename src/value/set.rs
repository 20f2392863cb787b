//! set and frozenset objects: entries in insertion order behind an index.

use std::cell::Cell as Memo;

use super::sequence::{LARGE, trace_part, trace_values};
use super::set_table::SetTable;
use super::slab::{Gray, Kind};
use super::value::Value;

#[derive(Clone, Copy, Default)]
pub struct SetEntry {
    pub hash: u64,
    /// `Undef` where an entry was removed.
    pub key: Value,
}

#[derive(Default)]
pub struct Set {
    pub table: SetTable,
    pub entries: Vec<SetEntry>,
    /// Of a frozenset, or of a set while nothing changes it; 0 = not computed yet.
    pub hash: Memo<u64>,
}

impl Set {
    pub fn len(&self) -> usize {
        self.table.len()
    }

    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// The key at the first position at or after `position` of an iteration, and that position.
    #[inline]
    pub fn next_key(&self, mut position: usize) -> Option<(usize, Value)> {
        let n_positions = self.table.position_count();
        while position < n_positions {
            if let Some(entry_idx) = self.table.entry_at(position) {
                let key = self.entries[entry_idx as usize].key;
                if !key.is_undef() {
                    return Some((position, key));
                }
            }
            position += 1;
        }
        None
    }

    /// Live entries in the order of an iteration.
    pub fn iter(&self) -> impl Iterator<Item = &SetEntry> {
        let positions = 0..self.table.position_count();
        positions
            .filter_map(|position| self.table.entry_at(position))
            .map(|entry_idx| &self.entries[entry_idx as usize])
            .filter(|entry| !entry.key.is_undef())
    }

    /// Adds a key that is known to be absent; `hash_is_exact`: see [`SetTable::insert`].
    pub fn add(&mut self, hash: u64, key: Value, hash_is_exact: bool) {
        if self.table.wants_compacting() {
            self.table.compact();
            self.entries.retain(|entry| !entry.key.is_undef());
        }
        let is_full = self.table.insert(hash, hash_is_exact);
        self.entries.push(SetEntry { hash, key });
        self.hash.set(0);
        if is_full {
            self.rebuild(self.table.growth());
        }
    }

    /// Lays the table out anew.
    pub fn rebuild(&mut self, minimum: usize) {
        let Set { table, entries, .. } = self;
        table.rebuild(minimum, |entry_idx| entries[entry_idx as usize].hash);
        entries.retain(|entry| !entry.key.is_undef());
    }

    /// Removes a live entry.
    pub fn remove_at(&mut self, entry_idx: usize, hash_is_exact: bool) -> Value {
        let entry = self.entries[entry_idx];
        self.table.remove(entry.hash, entry_idx as u32, hash_is_exact);
        self.entries[entry_idx] = SetEntry::default();
        self.hash.set(0);
        entry.key
    }

    pub fn clear(&mut self) {
        self.table.clear();
        self.entries = Vec::new();
        self.hash.set(0);
    }
}

impl Kind for Set {
    const SWEPT: bool = true;
    fn trace(&self, gray: &mut Gray) {
        for entry in &self.entries {
            trace_values(&[entry.key], gray);
        }
    }
    fn trace_from(&self, from: usize, gray: &mut Gray) -> Option<usize> {
        trace_part(&self.entries, from, gray, |entry, gray| trace_values(&[entry.key], gray))
    }
    fn is_large(&self) -> bool {
        self.entries.len() > LARGE
    }
    fn trace_place(&self, place: usize, gray: &mut Gray) {
        if let Some(entry) = self.entries.get(place) {
            trace_values(&[entry.key], gray);
        }
    }
    fn owned(&self) -> usize {
        self.entries.capacity() * size_of::<SetEntry>() + self.table.bytes()
    }
}
