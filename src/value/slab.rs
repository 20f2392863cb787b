//! One kind of heap object: chunks that never move, and a mark bitmap that is also the free map.
//!
//! A collection sets marks; `alloc` walks the zero bits and overwrites what it finds there. Between two collections a set
//! mark means *old* and a clear one *young or free*: generations without a header, as long as every mutation passes
//! through `get_mut`, which is the only barrier. Who is traced when is `collect.rs`.

use std::ops::Range;

use super::value::{Id, Value};

/// Objects in one chunk: small enough that an idle engine stays small.
const CHUNK: usize = 128;
const WORDS: usize = CHUNK / 64;
/// Entries that the vectors of a slab keep room for.
const KEPT: usize = 1024;
/// Gray values that are enough for a while.
const BATCH: usize = 1024;
/// Places of `parts`: the minor collection and the major one.
pub const MINOR: usize = 0;
pub const MAJOR: usize = 1;

/// Values found but not yet marked. Objects are marked when they are popped: marking on push would need the slab
/// mutably while one of its objects is being traced.
pub type Gray = Vec<Value>;

/// What a slab must know of the objects in it.
pub trait Kind: Default {
    /// Kinds that usually own memory are dropped right after marking. The others are overwritten lazily, but for those
    /// objects that do own some.
    const SWEPT: bool;
    fn trace(&self, gray: &mut Gray);
    /// Traces what it holds from the place `from` on; where to go on, if that is too much for one step.
    fn trace_from(&self, _from: usize, gray: &mut Gray) -> Option<usize> {
        self.trace(gray);
        None
    }
    /// Whether it is so large that the places written in it are remembered rather than the object.
    fn is_large(&self) -> bool {
        false
    }
    /// Traces one place of a large object.
    fn trace_place(&self, _place: usize, _gray: &mut Gray) {}
    /// Whether what it came to hold since the last collection is known: [`Kind::trace_touched`] traces less than all.
    const KNOWS_NEW: bool = false;
    /// Traces what may have come to be pointed to since the last collection.
    fn trace_touched(&self, gray: &mut Gray) {
        self.trace(gray);
    }
    /// Bytes owned outside of the slot.
    fn owned(&self) -> usize;
}

pub struct Slab<T> {
    /// Arrays rather than vectors: the inner index needs no bounds check, growth moves nothing.
    chunks: Vec<Box<[T; CHUNK]>>,
    /// 1 = survived a collection (old). Never set by `alloc`: a new object is young because its bit is still 0.
    marks: Vec<u64>,
    /// 1 = old and not yet on `dirty`: `marks` minus the dirty ones, so that the barrier is one test.
    clean: Vec<u64>,
    /// Old objects that may have come to point to young ones since the last collection.
    dirty: Vec<Id<T>>,
    /// How many of them the minor collection under way has traced.
    n_traced: usize,
    /// Places in large old objects that are not dirty as a whole.
    places: Vec<(Id<T>, u32)>,
    /// Large objects of which a part was traced, and where to go on: of the minor and of the major collection.
    parts: [Vec<(Id<T>, u32)>; 2],
    /// 1 = reached by the major collection under way. Empty when none is.
    reached: Vec<u64>,
    /// Young objects that own memory, of a kind that is not swept, and whether some old one may.
    young_owners: Vec<Id<T>>,
    has_old_owners: bool,
    /// What the last major collection left to be swept: bitmap words.
    unswept: Range<usize>,
    /// Where `alloc` began after the last collection: nothing young is before it.
    start: usize,
    /// The bitmap word that `alloc` is in, and its free slots not given out yet.
    word: usize,
    free: u64,
}

impl<T: Kind> Default for Slab<T> {
    fn default() -> Self {
        Slab {
            chunks: Vec::new(),
            marks: Vec::new(),
            clean: Vec::new(),
            dirty: Vec::new(),
            n_traced: 0,
            places: Vec::new(),
            parts: Default::default(),
            reached: Vec::new(),
            young_owners: Vec::new(),
            has_old_owners: false,
            unswept: 0..0,
            start: 0,
            word: 0,
            free: 0,
        }
    }
}

impl<T: Kind> Slab<T> {
    /// Memory has been charged before: this cannot fail and never collects.
    #[inline]
    pub fn alloc(&mut self, object: T) -> Id<T> {
        while self.free == 0 {
            self.next_word();
        }
        let index = self.word * 64 + self.free.trailing_zeros() as usize;
        self.free &= self.free - 1;
        if !T::SWEPT && object.owned() > 0 {
            self.young_owners.push(Id::new(index));
        }
        self.chunks[index / CHUNK][index % CHUNK] = object;
        Id::new(index)
    }

    /// An object of a kind that is not swept has come to own memory.
    pub fn note_owner(&mut self, id: Id<T>) {
        if !T::SWEPT {
            if self.is_old(id) { self.has_old_owners = true } else { self.young_owners.push(id) }
        }
    }

    #[inline]
    pub fn get(&self, id: Id<T>) -> &T {
        &self.chunks[id.index() / CHUNK][id.index() % CHUNK]
    }

    /// The only door to mutation, hence the only write barrier. It is per object and not per store.
    #[inline]
    pub fn get_mut(&mut self, id: Id<T>) -> &mut T {
        if self.clean[id.index() / 64] & (1 << (id.index() % 64)) != 0 {
            self.remember(id);
        }
        &mut self.chunks[id.index() / CHUNK][id.index() % CHUNK]
    }

    /// Mutation of one place of an object; `points`: a handle is written there. The places of a large old object are
    /// remembered one by one: it need not be traced as a whole. Whoever moves what is in it comes through `get_mut`.
    #[inline]
    pub fn get_mut_at(&mut self, id: Id<T>, place: usize, points: bool) -> &mut T {
        if points && self.clean[id.index() / 64] & (1 << (id.index() % 64)) != 0 {
            self.remember_place(id, place);
        }
        &mut self.chunks[id.index() / CHUNK][id.index() % CHUNK]
    }

    #[inline]
    pub fn is_old(&self, id: Id<T>) -> bool {
        self.marks[id.index() / 64] & (1 << (id.index() % 64)) != 0
    }

    /// Minor: marks and traces a young object once; returns its bytes the first time, 0 afterwards.
    #[inline]
    pub fn mark(&mut self, id: Id<T>, gray: &mut Gray) -> usize {
        if self.is_old(id) {
            return 0;
        }
        self.marks[id.index() / 64] |= 1 << (id.index() % 64);
        self.trace_begin(id, MINOR, gray)
    }

    /// Major: the same on the bitmap of the major collection.
    #[inline]
    pub fn reach(&mut self, id: Id<T>, gray: &mut Gray) -> usize {
        let (word, bit) = (id.index() / 64, 1 << (id.index() % 64));
        if self.reached[word] & bit != 0 {
            return 0;
        }
        self.reached[word] |= bit;
        self.trace_begin(id, MAJOR, gray)
    }

    #[inline]
    fn trace_begin(&mut self, id: Id<T>, which: usize, gray: &mut Gray) -> usize {
        let object = &self.chunks[id.index() / CHUNK][id.index() % CHUNK];
        if let Some(from) = object.trace_from(0, gray) {
            self.parts[which].push((id, from as u32));
        }
        size_of::<T>() + object.owned()
    }

    /// Goes on with what was put off: large objects of which a part was traced, and touched ones. False: there is nothing.
    /// A few at a time, so that what they hold is never all in `gray` at once.
    pub fn trace_part(&mut self, which: usize, gray: &mut Gray) -> bool {
        let mut went_on = false;
        while gray.len() < BATCH {
            if let Some((id, from)) = self.parts[which].pop() {
                if from == 0 && !self.get(id).is_large() {
                    self.get(id).trace_touched(gray);
                } else if let Some(from) = self.get(id).trace_from(from as usize, gray) {
                    self.parts[which].push((id, from as u32));
                }
            } else if which == MINOR && self.n_traced < self.dirty.len() {
                let id = self.dirty[self.n_traced];
                self.n_traced += 1;
                if self.get(id).is_large() { self.parts[MINOR].push((id, 0)) } else { self.get(id).trace_touched(gray) }
            } else {
                break;
            }
            went_on = true;
        }
        went_on
    }

    /// Old objects are roots of a minor collection only if they were touched. Those that are traced as a whole have their
    /// turn in [`Slab::trace_part`].
    pub fn trace_touched_places(&self, gray: &mut Gray) {
        self.places.iter().for_each(|&(id, place)| self.get(id).trace_place(place as usize, gray));
    }

    /// Of the major collection under way: what it has seen already and what was touched since is to be traced again.
    pub fn trace_again(&mut self, gray: &mut Gray) {
        for at in 0..self.dirty.len() {
            let id = self.dirty[at];
            match self.is_reached(id) {
                true if T::KNOWS_NEW => self.get(id).trace_touched(gray),
                true => self.parts[MAJOR].push((id, 0)),
                false => {}
            }
        }
        for &(id, place) in self.places.iter().filter(|(id, _)| self.is_reached(*id)) {
            self.get(id).trace_place(place as usize, gray);
        }
    }

    /// How much a minor collection will have to look at because it was touched.
    pub fn n_touched(&self) -> usize {
        self.dirty.len() + self.places.len()
    }

    /// Whether nothing was allocated since the last collection.
    pub fn has_no_young(&self) -> bool {
        self.word == self.start && self.free == self.marks.get(self.start).map_or(0, |marks| !marks)
    }

    /// Whether the major collection under way has reached it. False for what was made after it began.
    pub fn is_reached(&self, id: Id<T>) -> bool {
        self.reached.get(id.index() / 64).is_some_and(|word| word & (1 << (id.index() % 64)) != 0)
    }

    /// Major: begins with nothing reached.
    pub fn begin_major(&mut self) {
        self.parts[MAJOR].clear();
        self.reached.clear();
        self.reached.resize(self.marks.len(), 0);
    }

    /// Room in the major's bitmap for what was made since it began.
    pub fn extend_major(&mut self) {
        self.reached.resize(self.marks.len(), 0);
    }

    /// Major: what was reached is what lives. What died is swept later, in slices.
    pub fn end_major(&mut self) {
        self.reached.resize(self.marks.len(), 0);
        std::mem::swap(&mut self.marks, &mut self.reached);
        self.reached = Vec::new();
        self.drop_young_owners();
        self.clean.copy_from_slice(&self.marks);
        self.forget_touched();
        if T::SWEPT || self.has_old_owners {
            self.unswept = 0..self.marks.len();
        }
        self.rewind(0);
    }

    /// After the marking of a minor collection. `alloc` starts again where it began: the slots used last are the ones in
    /// the cache.
    pub fn end_minor(&mut self) {
        let young = self.start..(self.word + 1).min(self.marks.len());
        if T::SWEPT {
            young.clone().for_each(|word| self.sweep_word(word));
        } else {
            self.drop_young_owners();
        }
        self.clean[young.clone()].copy_from_slice(&self.marks[young]);
        for at in 0..self.dirty.len() {
            let index = self.dirty[at].index();
            self.clean[index / 64] |= 1 << (index % 64);
        }
        self.forget_touched();
        self.rewind(self.start);
    }

    /// Goes on sweeping what the last major collection found dead, `budget` slots of it. Right after a collection only:
    /// what is not marked is dead then.
    pub fn sweep_some(&mut self, budget: usize) {
        let mut left = budget;
        while left > 0 && !self.unswept.is_empty() {
            let word = self.unswept.start;
            self.unswept.start += 1;
            left = left.saturating_sub(1 + self.marks[word].count_zeros() as usize);
            self.sweep_word(word);
        }
    }

    /// How many slots there are, used or not.
    pub fn n_slots(&self) -> usize {
        self.marks.len() * 64
    }

    /// Mutation that cannot make the object point to anything new.
    pub fn get_unbarred(&mut self, id: Id<T>) -> &mut T {
        &mut self.chunks[id.index() / CHUNK][id.index() % CHUNK]
    }

    /// Every old object, in order of slots. Right after a collection these are all live objects.
    pub fn iter_old(&self) -> impl Iterator<Item = (Id<T>, &T)> {
        let old = (0..self.n_slots()).map(Id::new).filter(|&id| self.is_old(id));
        old.map(|id| (id, self.get(id)))
    }

    /// Every object that survived the last collection or was made since, in order of slots. Not what is dead and only
    /// waits to be swept: what that points to may be gone.
    pub fn iter_made(&self) -> impl Iterator<Item = (Id<T>, &T)> {
        let is_young = |index: usize| {
            let word = index / 64;
            (self.start..self.word).contains(&word) || (word == self.word && self.free & (1 << (index % 64)) == 0)
        };
        let made = (0..self.n_slots()).map(Id::new).filter(move |&id| self.is_old(id) || is_young(id.index()));
        made.map(|id| (id, self.get(id)))
    }

    /// Bytes of the chunks and bitmaps themselves.
    pub fn footprint(&self) -> usize {
        self.chunks.len() * (CHUNK * size_of::<T>() + size_of::<usize>()) + self.marks.len() * 16
    }

    fn sweep_word(&mut self, word: usize) {
        let mut dead = !self.marks[word];
        while dead != 0 {
            let index = word * 64 + dead.trailing_zeros() as usize;
            let slot = &mut self.chunks[index / CHUNK][index % CHUNK];
            if T::SWEPT || slot.owned() > 0 {
                *slot = T::default();
            }
            dead &= dead - 1;
        }
    }

    fn drop_young_owners(&mut self) {
        for at in 0..self.young_owners.len() {
            let id = self.young_owners[at];
            if self.is_old(id) {
                self.has_old_owners = true;
            } else {
                self.chunks[id.index() / CHUNK][id.index() % CHUNK] = T::default();
            }
        }
        reuse(&mut self.young_owners);
    }

    fn forget_touched(&mut self) {
        reuse(&mut self.dirty);
        self.n_traced = 0;
        reuse(&mut self.places);
    }

    /// `alloc` goes on at the first word from `start` on that is not full.
    fn rewind(&mut self, start: usize) {
        let is_full = |marks: &u64| *marks == !0;
        let n_full = self.marks[start.min(self.marks.len())..].iter().take_while(|marks| is_full(marks)).count();
        self.start = (start + n_full).min(self.marks.len().saturating_sub(1));
        self.word = self.start;
        self.free = self.marks.get(self.start).map_or(0, |marks| !marks);
    }

    #[cold]
    fn remember(&mut self, id: Id<T>) {
        self.clean[id.index() / 64] &= !(1 << (id.index() % 64));
        self.dirty.push(id);
    }

    #[cold]
    fn remember_place(&mut self, id: Id<T>, place: usize) {
        if self.get(id).is_large() {
            self.places.push((id, place as u32));
        } else {
            self.remember(id);
        }
    }

    #[inline(never)]
    fn next_word(&mut self) {
        if !self.chunks.is_empty() {
            self.word += 1;
        }
        if self.word == self.marks.len() {
            self.grow();
        }
        self.free = !self.marks[self.word];
    }

    fn grow(&mut self) {
        let chunk: Vec<T> = (0..CHUNK).map(|_| T::default()).collect();
        self.chunks.push(chunk.try_into().ok().expect("a chunk has CHUNK slots"));
        self.marks.resize(self.marks.len() + WORDS, 0);
        self.clean.resize(self.marks.len(), 0);
    }
}

/// Empties a vector, and gives its memory back if that is more than a collection usually needs.
fn reuse<E>(entries: &mut Vec<E>) {
    if entries.capacity() > KEPT {
        *entries = Vec::new();
    }
    entries.clear();
}
