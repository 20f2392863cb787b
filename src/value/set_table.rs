//! The index of a set: hash to entry number, laid out exactly as CPython 3.13 lays out its table.
//!
//! The entries belong to the caller, in insertion order; a removed one stays there, emptied, until the next `rebuild`.
//! A set whose keys all have CPython's own hashes (numbers, None, tuples of these) is iterated by slots, and so in
//! CPython's order; any other by insertion. Probing (nine linear steps, then the hash bit by bit), the moment and the
//! size of growth, and what is done in which order are CPython's. What the operations on whole sets do:
//!
//! - `set(list)`, a display that is not constant, a comprehension: `add` (below) one by one.
//! - `set(other_set)`, `copy`, `update(other_set)`, `|=`: *merge*: [`SetTable::presize`] for `other.len()`, then
//!   [`SetTable::copy_layout`] if [`SetTable::can_copy_layout`], else `add` other's keys in its order. `|`: copy, merge.
//!   A constant display `{3, 1, 2}` of three or more is merged from a frozenset that was added to one by one.
//! - `update(dict)`, `set(dict)`: `presize`, then `add`. `&`: walk the smaller one (the right one, if they are
//!   equally large), look up in the other, `add` to an empty set. `&=`: the same, then [`SetTable::replace`].
//! - `-`: if `len(a) // 4 > len(b)` copy and `-=`, else walk a, look up in b, `add` to an empty set.
//! - `-=`: remove, and at the end `rebuild(growth())` if [`SetTable::has_many_dummies`]. `a ^= b`: walk b; remove
//!   or add. `a ^ b`: copy b, then walk a.
//!
//! To add: search; if absent: `compact` if `wants_compacting`; `insert`; push the entry; if that says that the table is
//! full, `rebuild(growth())`. After `compact` and `rebuild` the caller drops the emptied entries.

/// Slots that are looked at one after the other before jumping.
const LINEAR_PROBES: usize = 9;
/// The smallest table.
const MIN_SLOTS: usize = 8;
/// No entry was ever put here. Its entry bits are out of the range of entry numbers, whatever the size of the table.
const EMPTY: u32 = u32::MAX;
/// An entry was here and is removed; probing goes on.
const DUMMY: u32 = u32::MAX - 1;

/// The index of one set.
#[derive(Clone, Debug, Default)]
pub struct SetTable {
    /// Empty as long as nothing was added; then a power of two long, at least eight.
    slots: Vec<u32>,
    /// Slots that are not `EMPTY`.
    fill: u32,
    /// Entries that are not removed.
    used: u32,
    /// The number that the next entry will have: the length of the caller's vector, removed entries included.
    next_entry: u32,
    /// Entries that are not removed and whose hash is not CPython's.
    strangers: u32,
    /// Where `pop` looks next when the order is that of the slots.
    finger: u32,
    /// No entry before this one is alive: where `pop` looks next when the order is that of insertion.
    first: u32,
    /// Changes whenever entry numbers may have changed their meaning.
    epoch: u32,
}

/// Where a search stands, as plain data: it may be kept while script code compares keys.
///
/// If `epoch` of the table changed meanwhile, the search must be begun again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetProbe {
    /// The next slot.
    at: usize,
    /// How many slots come after it before the jump.
    linear: usize,
    /// Where this run of slots began.
    run: usize,
    perturb: u64,
    /// What the tag bits of a slot must be.
    wanted: u32,
}

impl SetTable {
    /// An empty index without memory of its own.
    pub const fn new() -> Self {
        SetTable { slots: Vec::new(), fill: 0, used: 0, next_entry: 0, strangers: 0, finger: 0, first: 0, epoch: 0 }
    }

    /// The number of entries that are not removed.
    pub fn len(&self) -> usize {
        self.used as usize
    }

    /// Whether no entry is alive.
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// The number of entries in the caller's vector, removed ones included.
    pub fn entry_count(&self) -> usize {
        self.next_entry as usize
    }

    /// Changes whenever entry numbers may have changed their meaning.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The heap bytes of the index.
    pub fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<u32>()
    }

    fn mask(&self) -> usize {
        self.slots.len().max(MIN_SLOTS) - 1
    }

    /// The entry of this hash for which `is_same` holds. `is_same` must itself compare the whole hash if it matters.
    #[inline]
    pub fn find(&self, hash: u64, mut is_same: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut probe = self.probe(hash);
        while let Some(entry_idx) = self.next_candidate(&mut probe) {
            if is_same(entry_idx) {
                return Some(entry_idx);
            }
        }
        None
    }

    /// Begins a search.
    #[inline]
    pub fn probe(&self, hash: u64) -> SetProbe {
        let mask = self.mask();
        let at = hash as usize & mask;
        SetProbe { at, linear: linear_run(at, mask), run: at, perturb: hash, wanted: tag_of(hash) }
    }

    /// The next entry that may be the one searched; None if there is no more. The caller compares the whole hash.
    #[inline]
    pub fn next_candidate(&self, probe: &mut SetProbe) -> Option<u32> {
        let mask = self.slots.len().wrapping_sub(1);
        loop {
            // An index without memory is empty.
            let slot = *self.slots.get(probe.at)?;
            if slot == EMPTY {
                return None;
            }
            probe.advance(mask);
            let entry_idx = slot & mask as u32;
            if (slot ^ probe.wanted) & !(mask as u32) == 0 && entry_idx < self.next_entry {
                return Some(entry_idx);
            }
        }
    }

    /// Whether the caller's vector holds so many removed entries that `compact` must come before the next `insert`.
    pub fn wants_compacting(&self) -> bool {
        // The two highest numbers are `EMPTY` and `DUMMY`.
        self.next_entry as usize >= self.mask() - 1
    }

    /// Adds an entry that is known to be absent under the number of the caller's vector's length until now; whether the
    /// table is full, so that `rebuild(growth())` must follow once the entry is pushed.
    ///
    /// `hash_is_exact` says that the hash is what CPython computes for the key.
    #[must_use]
    pub fn insert(&mut self, hash: u64, hash_is_exact: bool) -> bool {
        if self.slots.is_empty() {
            self.slots = vec![EMPTY; MIN_SLOTS];
        }
        debug_assert!(!self.wants_compacting(), "the caller compacts before it inserts");
        let at = self.slot_to_fill(hash);
        let takes_new_slot = self.slots[at] == EMPTY;
        self.slots[at] = (tag_of(hash) & !(self.mask() as u32)) | self.next_entry;
        self.fill += takes_new_slot as u32;
        self.used += 1;
        self.next_entry += 1;
        self.strangers += !hash_is_exact as u32;
        takes_new_slot && self.fill as usize * 5 >= self.mask() * 3
    }

    /// The last dummy before the first empty slot, or that slot.
    fn slot_to_fill(&self, hash: u64) -> usize {
        let mask = self.mask();
        let mut probe = self.probe(hash);
        let mut last_dummy = None;
        while self.slots[probe.at] != EMPTY {
            if self.slots[probe.at] == DUMMY {
                last_dummy = Some(probe.at);
            }
            probe.advance(mask);
        }
        last_dummy.unwrap_or(probe.at)
    }

    /// The bytes that the next `insert` may allocate with the rebuild that may follow it: what to charge before adding.
    pub fn bytes_of_next_insert(&self) -> usize {
        let fills = (self.fill as usize + 1) * 5 >= self.mask() * 3;
        let growth = growth(self.used as usize + 1);
        if fills || self.slots.is_empty() { self.bytes_after_rebuild(if fills { growth } else { 0 }) } else { 0 }
    }

    /// What to give to `rebuild` when the table is full.
    pub fn growth(&self) -> usize {
        growth(self.used as usize)
    }

    /// The bytes of the index after `rebuild(minimum, _)`, to be charged before.
    pub fn bytes_after_rebuild(&self, minimum: usize) -> usize {
        slots_for(minimum) * size_of::<u32>()
    }

    /// Lays the table out anew with more than `minimum` slots; afterwards the caller drops its removed entries, keeping
    /// the order of the others.
    pub fn rebuild(&mut self, minimum: usize, hash_of: impl Fn(u32) -> u64) {
        let mask = self.slots.len().wrapping_sub(1) as u32;
        let n_slots = slots_for(minimum);
        assert!(n_slots <= 1 << 31, "a set of more than 2^31 slots passed the memory limit");
        let new_numbers = self.new_numbers();
        let mut slots = vec![EMPTY; n_slots];
        for slot in self.slots.iter().filter(|slot| **slot < DUMMY) {
            put(&mut slots, hash_of(slot & mask), new_numbers[(slot & mask) as usize]);
        }
        self.slots = slots;
        self.fill = self.used;
        self.next_entry = self.used;
        self.first = 0;
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// Gives the live entries new numbers and changes nothing else; afterwards the caller drops its removed entries.
    pub fn compact(&mut self) {
        let mask = self.mask() as u32;
        let new_numbers = self.new_numbers();
        for slot in self.slots.iter_mut().filter(|slot| **slot < DUMMY) {
            *slot = (*slot & !mask) | new_numbers[(*slot & mask) as usize];
        }
        self.next_entry = self.used;
        self.first = 0;
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// For each entry the number of live entries before it.
    fn new_numbers(&self) -> Vec<u32> {
        let mask = self.mask() as u32;
        let mut numbers = vec![0; self.next_entry as usize];
        for slot in self.slots.iter().filter(|slot| **slot < DUMMY) {
            numbers[(slot & mask) as usize] = 1;
        }
        let mut n_live = 0;
        for number in &mut numbers {
            n_live += std::mem::replace(number, n_live);
        }
        numbers
    }

    /// What to `rebuild` with before merging a set or dict with so many keys, if at all.
    pub fn presize(&self, n_other: usize) -> Option<usize> {
        let crowded = (self.fill as usize + n_other) * 5 >= self.mask() * 3;
        (n_other != 0 && crowded).then_some((self.used as usize + n_other) * 2)
    }

    /// Whether merging `other`, after the presizing, is a mere copy of its table and entries.
    pub fn can_copy_layout(&self, other: &SetTable) -> bool {
        self.fill == 0 && self.mask() == other.mask() && other.fill == other.used
    }

    /// Takes over the layout of `other`; the caller copies all entries, removed ones too. Only if `can_copy_layout`.
    pub fn copy_layout(&mut self, other: &SetTable) {
        let (finger, epoch) = (self.finger, self.epoch.wrapping_add(1));
        *self = SetTable { finger, epoch, first: 0, ..other.clone() };
    }

    /// Whether more than a quarter of the table is dummies, which `-=` does away with at its end.
    pub fn has_many_dummies(&self) -> bool {
        (self.fill - self.used) as usize > self.mask() / 4
    }

    /// Removes a live entry; the caller empties its place in the vector but keeps it.
    pub fn remove(&mut self, hash: u64, entry_idx: u32, hash_is_exact: bool) {
        let mask = self.slots.len() - 1;
        let mut probe = self.probe(hash);
        let wanted = (probe.wanted & !(mask as u32)) | entry_idx;
        while self.slots[probe.at] != wanted {
            debug_assert!(self.slots[probe.at] != EMPTY, "a live entry is in the index under its hash");
            probe.advance(mask);
        }
        self.forget(probe.at, hash_is_exact);
    }

    fn forget(&mut self, at: usize, hash_is_exact: bool) {
        self.slots[at] = DUMMY;
        self.used -= 1;
        self.strangers -= !hash_is_exact as u32;
    }

    /// The entry that `pop` takes, which the caller then removes with `remove`; None if the set is empty.
    pub fn choose_for_pop(&mut self, is_live: impl Fn(u32) -> bool) -> Option<u32> {
        if self.used == 0 {
            return None;
        }
        if !self.iterates_by_slots() {
            self.first += (self.first..self.next_entry).position(is_live).expect("a live entry") as u32;
            return Some(self.first);
        }
        let mask = self.mask();
        let mut at = self.finger as usize & mask;
        while self.slots[at] >= DUMMY {
            at = (at + 1) & mask;
        }
        self.finger = at as u32 + 1;
        Some(self.slots[at] & mask as u32)
    }

    /// Whether iteration follows the slots; else it follows the caller's entries.
    pub fn iterates_by_slots(&self) -> bool {
        self.strangers == 0
    }

    /// How many positions an iteration visits.
    pub fn position_count(&self) -> usize {
        if self.iterates_by_slots() { self.slots.len() } else { self.next_entry as usize }
    }

    /// The entry at a position of the iteration: None for an empty slot. It may be one that the caller has emptied.
    pub fn entry_at(&self, position: usize) -> Option<u32> {
        if !self.iterates_by_slots() {
            return Some(position as u32);
        }
        let &slot = self.slots.get(position)?;
        (slot < DUMMY).then_some(slot & self.mask() as u32)
    }

    /// Empties the index and frees its memory.
    pub fn clear(&mut self) {
        self.replace(SetTable::new());
    }

    /// Becomes `other`, as after `&=`; the place where `pop` goes on stays.
    pub fn replace(&mut self, other: SetTable) {
        let (finger, epoch) = (self.finger, self.epoch.wrapping_add(1));
        *self = SetTable { finger, epoch, ..other };
    }
}

impl SetProbe {
    #[inline]
    fn advance(&mut self, mask: usize) {
        if self.linear > 0 {
            self.linear -= 1;
            self.at += 1;
            return;
        }
        self.perturb >>= 5;
        self.run = self.run.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb as usize) & mask;
        self.at = self.run;
        self.linear = linear_run(self.run, mask);
    }
}

#[inline]
fn linear_run(at: usize, mask: usize) -> usize {
    if at + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 }
}

fn growth(n_used: usize) -> usize {
    if n_used > 50_000 { n_used * 2 } else { n_used * 4 }
}

fn slots_for(minimum: usize) -> usize {
    (minimum + 1).next_power_of_two().max(MIN_SLOTS)
}

/// Spreads all bits of the hash over the tag; the position takes the low bits as they are.
#[inline]
fn tag_of(hash: u64) -> u32 {
    (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

fn put(slots: &mut [u32], hash: u64, entry_idx: u32) {
    let mask = slots.len() - 1;
    let at = hash as usize & mask;
    let mut probe = SetProbe { at, linear: linear_run(at, mask), run: at, perturb: hash, wanted: 0 };
    while slots[probe.at] != EMPTY {
        probe.advance(mask);
    }
    slots[probe.at] = (tag_of(hash) & !(mask as u32)) | entry_idx;
}

#[cfg(test)]
mod tests;
