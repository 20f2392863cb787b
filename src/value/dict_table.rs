//! The index of a dict: hash to entry number. The entries belong to the caller, in insertion order.
//!
//! A power-of-two table is probed as CPython probes: the low bits of the hash first, so that runs of ints stay
//! neighbours, then all its bits by and by. Up to ten entries the table is one word of sixteen 4-bit slots. Beyond, a
//! slot is a u32: the entry number in as many bits as the table needs and a tag of the hash in the rest, so that a slot
//! of another key is passed over without looking at its entry.
//!
//! The table knows neither keys nor equality. A deleted entry stays where it is (the caller empties it) until the
//! caller compacts: when `is_full` says so, drop the emptied entries, then `rebuild`. Entry numbers are stable between
//! two rebuilds.

/// Entries that fit in the word.
const SMALL: u32 = 10;
/// The word without entries: sixteen empty slots.
const SMALL_EMPTY: u64 = u64::MAX;
/// In the word: an entry was here and is deleted.
const SMALL_DELETED: u64 = 14;
/// No entry was ever put here. Its entry bits are out of the range of entry numbers, whatever the size of the table.
const EMPTY: u32 = u32::MAX;
/// An entry was here and is deleted; probing goes on.
const DELETED: u32 = u32::MAX - 1;

/// The index of one dict.
#[derive(Clone, Debug)]
pub struct DictTable {
    /// Empty as long as there are at most ten entries; then a power of two long.
    slots: Vec<u32>,
    /// The small form: sixteen slots of an entry number each, or 14 for deleted, or 15 for empty.
    word: u64,
    /// Entries that are not deleted.
    live: u32,
    /// The number that the next entry will have: entries handed out since the last rebuild, the deleted ones included.
    next_entry: u32,
    /// Slots that are not `EMPTY`.
    filled: u32,
    /// Changes whenever entry numbers may have changed their meaning.
    epoch: u32,
}

/// Where a search stands, as plain data: it may be kept while script code compares keys.
///
/// If `epoch` of the table changed meanwhile, the search must be begun again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DictProbe {
    /// The next slot.
    at: u64,
    /// What the tag bits of a slot must be.
    wanted: u32,
    /// The bits of the hash that still take part in probing.
    perturb: u64,
}

impl DictTable {
    /// An empty index without memory of its own.
    pub const fn new() -> Self {
        DictTable { slots: Vec::new(), word: SMALL_EMPTY, live: 0, next_entry: 0, filled: 0, epoch: 0 }
    }

    /// The number of entries that are not deleted.
    pub fn len(&self) -> usize {
        self.live as usize
    }

    /// Whether there is no live entry.
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// The number of entries in the caller's vector, deleted ones included.
    pub fn entry_count(&self) -> usize {
        self.next_entry as usize
    }

    /// Whether the caller's vector holds deleted entries.
    pub fn has_holes(&self) -> bool {
        self.live != self.next_entry
    }

    /// Changes whenever entry numbers may have changed their meaning (rebuild, clear, an entry popped).
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The heap bytes of the index.
    pub fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<u32>()
    }

    /// The entry of this hash for which `is_same` holds. `is_same` must itself compare the whole hash if it matters.
    #[inline(always)]
    pub fn find(&self, hash: u64, mut is_same: impl FnMut(u32) -> bool) -> Option<u32> {
        if self.slots.is_empty() {
            let (mut at, mut perturb) = (hash, hash);
            loop {
                let entry_idx = (self.word >> (at % 16 * 4)) as u32 & 15;
                if entry_idx < self.next_entry && is_same(entry_idx) {
                    return Some(entry_idx);
                }
                if entry_idx == 15 {
                    return None;
                }
                perturb >>= 5;
                at = at.wrapping_mul(5).wrapping_add(perturb).wrapping_add(1);
            }
        }
        let mask = self.slots.len() - 1;
        let wanted = tag_of(hash);
        let mut at = hash as usize & mask;
        let mut perturb = hash;
        loop {
            let slot = self.slots[at];
            if (slot ^ wanted) as usize & !mask & 0xFFFF_FFFF == 0 {
                let entry_idx = slot & mask as u32;
                if entry_idx < self.next_entry && is_same(entry_idx) {
                    return Some(entry_idx);
                }
            }
            if slot == EMPTY {
                return None;
            }
            perturb >>= 5;
            at = at.wrapping_mul(5).wrapping_add(perturb as usize).wrapping_add(1) & mask;
        }
    }

    /// Begins a search that may be interrupted.
    pub fn probe(&self, hash: u64) -> DictProbe {
        DictProbe { at: hash, wanted: tag_of(hash), perturb: hash }
    }

    /// The next entry that may be the one searched; None if there is no more. The caller compares the whole hash.
    pub fn next_candidate(&self, probe: &mut DictProbe) -> Option<u32> {
        let mask = self.slots.len().wrapping_sub(1) as u32;
        loop {
            let (slot, entry_idx, tags_agree) = if self.slots.is_empty() {
                let entry_idx = (self.word >> (probe.at % 16 * 4)) as u32 & 15;
                (if entry_idx == 15 { EMPTY } else { entry_idx }, entry_idx, true)
            } else {
                let slot = self.slots[probe.at as usize & mask as usize];
                (slot, slot & mask, (slot ^ probe.wanted) & !mask == 0)
            };
            if slot == EMPTY {
                return None;
            }
            probe.perturb >>= 5;
            probe.at = probe.at.wrapping_mul(5).wrapping_add(probe.perturb).wrapping_add(1);
            if tags_agree && entry_idx < self.next_entry {
                return Some(entry_idx);
            }
        }
    }

    /// Whether `insert` needs a `rebuild` first.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.filled >= if self.slots.is_empty() { SMALL } else { usable(self.slots.len()) }
    }

    /// The bytes that the index will have after `rebuild(_, extra)`, to be charged before.
    pub fn bytes_after_rebuild(&self, extra: usize) -> usize {
        slots_for(self.live as usize, extra) * size_of::<u32>()
    }

    /// Makes the index anew for the caller's entries, all of them live by now, with room for `extra` more.
    ///
    /// With `extra` of 1 the size at least doubles unless a half of it was deleted entries. Panics beyond 2^31 slots,
    /// which is more entries than any memory limit lets through.
    pub fn rebuild(&mut self, hashes: impl ExactSizeIterator<Item = u64>, extra: usize) {
        let n_entries = hashes.len();
        let n_slots = slots_for(n_entries, extra);
        assert!(n_slots <= 1 << 31, "a dict of more than 2^31 slots passed the memory limit");
        *self = DictTable {
            live: n_entries as u32,
            next_entry: n_entries as u32,
            filled: n_entries as u32,
            epoch: self.epoch.wrapping_add(1),
            ..DictTable::new()
        };
        if n_slots == 0 {
            for (entry_idx, hash) in hashes.enumerate() {
                put_small(&mut self.word, hash, entry_idx as u64);
            }
            return;
        }
        let mut slots = vec![EMPTY; n_slots];
        for (entry_idx, hash) in hashes.enumerate() {
            put(&mut slots, hash, entry_idx as u32);
        }
        self.slots = slots;
    }

    /// Adds an entry that is known to be absent, and returns its number: the caller's vector's length until now.
    #[inline]
    pub fn insert(&mut self, hash: u64) -> u32 {
        let entry_idx = self.next_entry;
        debug_assert!(!self.is_full(), "the caller rebuilds a full index before it inserts");
        if self.slots.is_empty() {
            put_small(&mut self.word, hash, entry_idx as u64);
        } else {
            put(&mut self.slots, hash, entry_idx);
        }
        self.filled += 1;
        self.next_entry += 1;
        self.live += 1;
        entry_idx
    }

    /// Deletes a live entry; the caller empties its place in the vector but keeps it.
    pub fn remove(&mut self, hash: u64, entry_idx: u32) {
        self.live -= 1;
        if self.slots.is_empty() {
            // Numbers below 14 stand in one slot each.
            let at = (0..16).find(|at| self.word >> (at * 4) & 15 == entry_idx as u64).expect("the entry is live");
            self.word = self.word & !(15 << (at * 4)) | SMALL_DELETED << (at * 4);
            return;
        }
        let mask = self.slots.len() - 1;
        let wanted = (tag_of(hash) & !(mask as u32)) | entry_idx;
        let mut at = hash as usize & mask;
        let mut perturb = hash;
        while self.slots[at] != wanted {
            debug_assert!(self.slots[at] != EMPTY, "a live entry is in the index under its hash");
            perturb >>= 5;
            at = at.wrapping_mul(5).wrapping_add(perturb as usize).wrapping_add(1) & mask;
        }
        self.slots[at] = DELETED;
    }

    /// Gives back the number of the last entry, which the caller deleted with `remove` and now pops from its vector.
    pub fn forget_last(&mut self) {
        self.next_entry -= 1;
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// Empties the index and frees its memory.
    pub fn clear(&mut self) {
        *self = DictTable { epoch: self.epoch.wrapping_add(1), ..DictTable::new() };
    }
}

/// Two thirds: what a table of this size holds before it is rebuilt.
fn usable(n_slots: usize) -> u32 {
    (n_slots as u64 * 2 / 3) as u32
}

/// The size of the table for so many live entries and room for some more; 0 is the small form.
fn slots_for(n_live: usize, extra: usize) -> usize {
    let wanted = n_live + extra;
    if wanted <= SMALL as usize {
        return 0;
    }
    // A dict that grows one by one doubles; one that was asked for a size gets just that.
    let wanted = if extra == 1 { n_live + n_live / 2 + 1 } else { wanted };
    let mut n_slots = 16;
    while (usable(n_slots) as usize) < wanted {
        n_slots *= 2;
    }
    n_slots
}

/// Spreads all bits of the hash over the tag; the position takes the low bits as they are.
#[inline(always)]
fn tag_of(hash: u64) -> u32 {
    (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

#[inline(always)]
fn put_small(word: &mut u64, hash: u64, entry_idx: u64) {
    let (mut at, mut perturb) = (hash, hash);
    while *word >> (at % 16 * 4) & 15 != 15 {
        perturb >>= 5;
        at = at.wrapping_mul(5).wrapping_add(perturb).wrapping_add(1);
    }
    // The slot is all ones; flip those that the number has not.
    *word ^= (15 ^ entry_idx) << (at % 16 * 4);
}

#[inline(always)]
fn put(slots: &mut [u32], hash: u64, entry_idx: u32) {
    let mask = slots.len() - 1;
    let mut at = hash as usize & mask;
    let mut perturb = hash;
    while slots[at] != EMPTY {
        perturb >>= 5;
        at = at.wrapping_mul(5).wrapping_add(perturb as usize).wrapping_add(1) & mask;
    }
    slots[at] = (tag_of(hash) & !(mask as u32)) | entry_idx;
}

impl Default for DictTable {
    fn default() -> Self {
        DictTable::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A dict of numbers that hash badly, as the callers keep it.
    #[derive(Default)]
    struct Model {
        table: DictTable,
        entries: Vec<Option<u64>>,
    }

    fn bad_hash(key: u64) -> u64 {
        match key % 4 {
            0 => key,
            1 => key << 40,
            2 => key % 5,
            _ => key.wrapping_mul(0x1234_5678_9ABC_DEF1),
        }
    }

    impl Model {
        fn find(&self, key: u64) -> Option<u32> {
            let found = self.table.find(bad_hash(key), |entry_idx| self.entries[entry_idx as usize] == Some(key));
            let mut probe = self.table.probe(bad_hash(key));
            let mut stepped = None;
            while let Some(entry_idx) = self.table.next_candidate(&mut probe) {
                assert!(self.entries[entry_idx as usize].is_some(), "candidates are live");
                if self.entries[entry_idx as usize] == Some(key) {
                    stepped = Some(entry_idx);
                    break;
                }
            }
            assert_eq!(found, stepped);
            found
        }

        fn add(&mut self, key: u64) {
            if self.find(key).is_some() {
                return;
            }
            if self.table.is_full() {
                self.entries.retain(Option::is_some);
                let expected = self.table.bytes_after_rebuild(1);
                self.table.rebuild(self.entries.iter().map(|key| bad_hash(key.expect("compacted"))), 1);
                assert!(self.table.bytes() >= expected);
            }
            assert_eq!(self.table.insert(bad_hash(key)) as usize, self.entries.len());
            self.entries.push(Some(key));
        }

        fn remove(&mut self, key: u64) {
            let Some(entry_idx) = self.find(key) else { return };
            self.table.remove(bad_hash(key), entry_idx);
            self.entries[entry_idx as usize] = None;
        }

        fn pop_last(&mut self) -> Option<u64> {
            let entry_idx = self.entries.iter().rposition(Option::is_some)?;
            let key = self.entries[entry_idx].take().expect("found live");
            self.table.remove(bad_hash(key), entry_idx as u32);
            while self.entries.last() == Some(&None) {
                self.entries.pop();
                self.table.forget_last();
            }
            Some(key)
        }
    }

    fn run_against_vector(n_keys: u64, n_steps: u64, seed: u64) {
        let mut model = Model::default();
        let mut expected: Vec<u64> = Vec::new();
        let mut state = seed;
        for _ in 0..n_steps {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let key = (state >> 33) % n_keys;
            match (state >> 20) % 8 {
                0..5 => {
                    model.add(key);
                    if !expected.contains(&key) {
                        expected.push(key);
                    }
                }
                5..7 => {
                    model.remove(key);
                    expected.retain(|other| *other != key);
                }
                _ => assert_eq!(model.pop_last(), expected.pop()),
            }
            assert_eq!(model.table.len(), expected.len());
            assert_eq!(model.table.entry_count(), model.entries.len());
            assert_eq!(model.find(key).is_some(), expected.contains(&key));
        }
        assert!(model.entries.iter().flatten().eq(expected.iter()), "entries keep their order");
    }

    #[test]
    fn agrees_with_a_vector() {
        for seed in 0..20 {
            run_against_vector(12, 2_000, seed);
            run_against_vector(400, 3_000, seed);
        }
    }

    #[test]
    fn grows_large_and_finds_all() {
        let mut model = Model::default();
        for key in 0..50_000 {
            if key % 4 != 2 {
                model.add(key);
            }
        }
        assert!((0..50_000).all(|key| model.find(key).is_some() == (key % 4 != 2)));
    }
}
