//! Searches in dicts and sets for the keys of everyday: strs, ints, and tuples of these.
//!
//! They read the heap only, so they need no frame, and each kind of key has a loop of its own. Whatever they can't compare
//! is told as [`Found::Unsure`]; `probe.rs` goes on with that.

use super::probe::Found;
use crate::value::hash::{TupleHash, hash_i64};
use crate::value::{Dict, Heap, Id, Set, Str, Tuple, Value};

/// Tuples with more items than this are searched in the general way, which counts its steps.
const MAX_ITEMS: usize = 8;

/// The entry of a key in a dict; `Unsure` says nothing.
#[inline]
pub fn find_in_dict(heap: &Heap, dict: Id<Dict>, key: Value) -> Found {
    match key {
        Value::Str(text) => find_str(heap, dict, text),
        Value::Int(int) => find_int(heap, dict, int),
        Value::Tuple(id) => find_tuple(heap, dict, id),
        _ => Found::Unsure,
    }
}

/// The same in a set.
#[inline]
pub fn find_in_set(heap: &Heap, set: Id<Set>, key: Value) -> Found {
    match key {
        Value::Str(text) => find_str(heap, set, text),
        Value::Int(int) => find_int(heap, set, int),
        Value::Tuple(id) => find_tuple(heap, set, id),
        _ => Found::Unsure,
    }
}

/// A dict or a set.
trait Table: Copy {
    /// The entry with this hash for whose key `is_same` holds.
    fn find(self, heap: &Heap, hash: u64, is_same: impl FnMut(Value) -> bool) -> Option<u32>;
}

impl Table for Id<Dict> {
    #[inline(always)]
    fn find(self, heap: &Heap, hash: u64, mut is_same: impl FnMut(Value) -> bool) -> Option<u32> {
        let Dict { table, entries, .. } = heap.dicts.get(self);
        table.find(hash, |entry_idx| {
            let entry = &entries[entry_idx as usize];
            entry.hash == hash && is_same(entry.key)
        })
    }
}

impl Table for Id<Set> {
    #[inline(always)]
    fn find(self, heap: &Heap, hash: u64, mut is_same: impl FnMut(Value) -> bool) -> Option<u32> {
        let Set { table, entries, .. } = heap.sets.get(self);
        table.find(hash, |entry_idx| {
            let entry = &entries[entry_idx as usize];
            entry.hash == hash && is_same(entry.key)
        })
    }
}

/// Searches with a comparison that gives None where it does not know.
#[inline(always)]
fn find(heap: &Heap, table: impl Table, hash: u64, compare: impl Fn(Value) -> Option<bool>) -> Found {
    let mut is_unsure = false;
    let found = table.find(heap, hash, |key| {
        compare(key).unwrap_or_else(|| {
            is_unsure = true;
            false
        })
    });
    match found {
        Some(entry_idx) => Found::At(entry_idx as usize),
        None if is_unsure => Found::Unsure,
        None => Found::Absent(hash),
    }
}

#[inline(never)]
fn find_str(heap: &Heap, table: impl Table, text: Id<Str>) -> Found {
    let sought = heap.strs.get(text);
    find(heap, table, heap.hash_str(text), |key| match key {
        Value::Str(other) => Some(other == text || sought.is_same(heap.strs.get(other), &heap.buffers)),
        _ => None,
    })
}

#[inline(never)]
fn find_int(heap: &Heap, table: impl Table, int: i64) -> Found {
    find(heap, table, hash_i64(int) as u64, |key| match key {
        Value::Int(other) => Some(other == int),
        _ => None,
    })
}

#[inline(never)]
fn find_tuple(heap: &Heap, table: impl Table, id: Id<Tuple>) -> Found {
    let items = heap.tuples.get(id).items();
    let Some(hash) = hash_of_items(heap, items) else { return Found::Unsure };
    find(heap, table, hash, |key| match key {
        Value::Tuple(other) => same_items(heap, heap.tuples.get(other).items(), items),
        _ => None,
    })
}

/// The hash of a tuple of strs and ints.
#[inline]
fn hash_of_items(heap: &Heap, items: &[Value]) -> Option<u64> {
    if items.len() > MAX_ITEMS {
        return None;
    }
    let mut state = TupleHash::new();
    for item in items {
        state.add(match *item {
            Value::Str(text) => heap.hash_str(text) as i64,
            Value::Int(int) => hash_i64(int),
            _ => return None,
        });
    }
    Some(state.finish(items.len()) as u64)
}

/// Whether two tuples of strs and ints are equal.
#[inline]
fn same_items(heap: &Heap, left: &[Value], right: &[Value]) -> Option<bool> {
    if left.len() != right.len() {
        return Some(false);
    }
    for (left, right) in left.iter().zip(right) {
        let is_same = match (*left, *right) {
            (Value::Int(left), Value::Int(right)) => left == right,
            (Value::Str(left), Value::Str(right)) => heap.same_text(left, right),
            (Value::Int(_), Value::Str(_)) | (Value::Str(_), Value::Int(_)) => false,
            _ => return None,
        };
        if !is_same {
            return Some(false);
        }
    }
    Some(true)
}
