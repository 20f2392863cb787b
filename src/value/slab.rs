//! One kind of heap object: chunks that never move, and a mark bitmap that is also the free map.
//!
//! A collection sets marks; `alloc` walks the zero bits and overwrites what it finds there. Between two collections a set
//! mark means *old* and a clear one *young or free*: generations without a header, as long as every mutation passes
//! through `get_mut`, which is the only barrier. Who is traced when is `collect.rs`.

use super::value::{Id, Value};

/// Objects in one chunk: small enough that an idle engine stays small.
const CHUNK: usize = 128;
const WORDS: usize = CHUNK / 64;

/// Values found but not yet marked. Objects are marked when they are popped: marking on push would need the slab
/// mutably while one of its objects is being traced.
pub type Gray = Vec<Value>;

/// What a slab must know of the objects in it.
pub trait Kind: Default {
    /// Kinds that usually own memory are dropped right after marking. The others are overwritten lazily, but for those
    /// objects that do own some.
    const SWEPT: bool;
    fn trace(&self, gray: &mut Gray);
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
    /// 1 = reached by the major collection under way. Empty when none is.
    reached: Vec<u64>,
    /// Young and old objects that own memory, of a kind that is not swept.
    young_owners: Vec<Id<T>>,
    old_owners: Vec<Id<T>>,
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
            reached: Vec::new(),
            young_owners: Vec::new(),
            old_owners: Vec::new(),
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
            if self.is_old(id) { self.old_owners.push(id) } else { self.young_owners.push(id) }
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
        let object = self.get(id);
        object.trace(gray);
        size_of::<T>() + object.owned()
    }

    /// Major: the same on the bitmap of the major collection.
    #[inline]
    pub fn reach(&mut self, id: Id<T>, gray: &mut Gray) -> usize {
        let (word, bit) = (id.index() / 64, 1 << (id.index() % 64));
        if self.reached[word] & bit != 0 {
            return 0;
        }
        self.reached[word] |= bit;
        let object = self.get(id);
        object.trace(gray);
        size_of::<T>() + object.owned()
    }

    /// Minor: old objects are roots only if they were touched.
    pub fn trace_dirty(&self, gray: &mut Gray) {
        self.dirty.iter().for_each(|&id| self.get(id).trace_touched(gray));
    }

    /// Major, under way: of the objects that were touched, those that it has seen already.
    pub fn trace_dirty_reached(&self, gray: &mut Gray) {
        let seen = self.dirty.iter().filter(|&&id| self.is_reached(id));
        seen.for_each(|&id| self.get(id).trace_touched(gray));
    }

    /// The old objects that were touched since the last collection.
    pub fn dirty(&self) -> &[Id<T>] {
        &self.dirty
    }

    /// Whether the major collection under way has reached it. False for what was made after it began.
    pub fn is_reached(&self, id: Id<T>) -> bool {
        self.reached.get(id.index() / 64).is_some_and(|word| word & (1 << (id.index() % 64)) != 0)
    }

    /// Major: begins with nothing reached.
    pub fn begin_major(&mut self) {
        self.reached.clear();
        self.reached.resize(self.marks.len(), 0);
    }

    /// Room in the major's bitmap for what was made since it began.
    pub fn extend_major(&mut self) {
        self.reached.resize(self.marks.len(), 0);
    }

    /// Major: what was reached is what lives.
    pub fn end_major(&mut self) {
        self.reached.resize(self.marks.len(), 0);
        std::mem::swap(&mut self.marks, &mut self.reached);
        self.reached = Vec::new();
        self.finish(usize::MAX);
    }

    /// After marking. `alloc` starts again at the front: the slots used last are the ones in the cache.
    pub fn finish(&mut self, words: usize) {
        if T::SWEPT {
            self.sweep(words.min(self.marks.len()));
        } else {
            self.drop_owners(words == usize::MAX);
        }
        self.clean.copy_from_slice(&self.marks);
        self.dirty.clear();
        self.word = 0;
        self.free = self.marks.first().map_or(0, |marks| !marks);
    }

    /// How far `alloc` has come: nothing behind it has become garbage since a minor collection.
    pub fn words_used(&self) -> usize {
        self.word + 1
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
        self.marks.iter().enumerate().flat_map(move |(word, &bits)| {
            (0..64).filter(move |bit| bits & (1 << bit) != 0).map(move |bit| {
                let id = Id::new(word * 64 + bit);
                (id, self.get(id))
            })
        })
    }

    /// Bytes of the chunks and bitmaps themselves.
    pub fn footprint(&self) -> usize {
        self.chunks.len() * (CHUNK * size_of::<T>() + size_of::<usize>()) + self.marks.len() * 16
    }

    fn sweep(&mut self, words: usize) {
        for word in 0..words {
            let mut dead = !self.marks[word];
            while dead != 0 {
                let index = word * 64 + dead.trailing_zeros() as usize;
                self.chunks[index / CHUNK][index % CHUNK] = T::default();
                dead &= dead - 1;
            }
        }
    }

    fn drop_owners(&mut self, is_major: bool) {
        let mut owners = std::mem::take(&mut self.young_owners);
        let mut survivors = if is_major { Vec::new() } else { std::mem::take(&mut self.old_owners) };
        if is_major {
            owners.append(&mut self.old_owners);
        }
        for id in owners {
            if self.is_old(id) {
                survivors.push(id);
            } else {
                self.chunks[id.index() / CHUNK][id.index() % CHUNK] = T::default();
            }
        }
        self.old_owners = survivors;
    }

    #[cold]
    fn remember(&mut self, id: Id<T>) {
        self.clean[id.index() / 64] &= !(1 << (id.index() % 64));
        self.dirty.push(id);
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
