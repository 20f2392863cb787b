//! set and frozenset objects: entries in insertion order behind an index.

use std::cell::Cell as Memo;

use super::sequence::trace_values;
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
    /// Entries that are not removed.
    pub len: usize,
    /// Of a frozenset; 0 = not computed yet.
    pub hash: Memo<u64>,
}

impl Kind for Set {
    const SWEPT: bool = true;
    fn trace(&self, gray: &mut Gray) {
        for entry in &self.entries {
            trace_values(&[entry.key], gray);
        }
    }
    fn owned(&self) -> usize {
        self.entries.capacity() * size_of::<SetEntry>() + self.table.bytes()
    }
}
