//! All slabs, the byte counter, the table of names, and allocation.
//!
//! Small allocations never fail: the run loop compares the counter with the trigger before each instruction that
//! allocates, and collects there. Whatever can be large is asked for first with [`Heap::reserve`], before any effect;
//! [`Full`] makes the loop collect and run the instruction again, or raise MemoryError.

use hashbrown::HashTable;

use super::bigint::BigInt;
use super::class::Class;
use super::context::Context;
use super::dict::{Dict, DictEntry};
use super::event_loop::{EventLoop, Handle};
use super::exception::Exc;
use super::function::{Cell, Descr, Func, Link, Method, Module};
use super::future::{Future, Task};
use super::generator::Generator;
use super::instance::{Inst, Shape};
use super::iterator::Iter;
use super::native_object::{Boxed, NativeObject};
use super::sequence::{List, Range, Slice, Tuple};
use super::set::Set;
use super::slab::{Gray, Kind, Slab};
use super::string::{Buffer, Bytes, Str};
use super::value::{Id, Name, Value};

/// "Collect, then run this instruction again."
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// What may be allocated between two minor collections: about the size of a second-level cache.
pub const NURSERY: usize = 1 << 20;

/// Fields, not a map of kinds: different slabs can be borrowed at once.
pub struct Heap {
    pub strs: Slab<Str>,
    pub buffers: Slab<Buffer>,
    pub bytes: Slab<Bytes>,
    pub big_ints: Slab<BigInt>,
    pub tuples: Slab<Tuple>,
    pub lists: Slab<List>,
    pub dicts: Slab<Dict>,
    pub sets: Slab<Set>,
    pub ranges: Slab<Range>,
    pub slices: Slab<Slice>,
    pub funcs: Slab<Func>,
    pub methods: Slab<Method>,
    pub classes: Slab<Class>,
    pub insts: Slab<Inst>,
    pub shapes: Slab<Shape>,
    pub excs: Slab<Exc>,
    pub gens: Slab<Generator>,
    pub iters: Slab<Iter>,
    pub cells: Slab<Cell>,
    pub modules: Slab<Module>,
    pub descrs: Slab<Descr>,
    pub links: Slab<Link>,
    pub natives: Slab<Boxed>,
    pub futures: Slab<Future>,
    pub tasks: Slab<Task>,
    pub event_loops: Slab<EventLoop>,
    pub handles: Slab<Handle>,
    pub contexts: Slab<Context>,
    /// Interned strings; weak, but for the first `n_fixed_names`.
    pub(super) names: HashTable<Name>,
    pub(super) n_fixed_names: usize,
    /// Those that were interned since the last collection.
    pub(super) young_names: Vec<Name>,
    /// `''`, and the one-character Latin-1 strings once they were needed.
    pub empty_str: Name,
    pub(super) latin: Box<[Name; 256]>,
    pub empty_tuple: Value,
    pub empty_bytes: Value,
    /// The key of the strings' hashes.
    pub hash_key: u64,
    /// Bytes in use, and those of them that survived a collection.
    pub used: usize,
    pub(super) old: usize,
    pub(super) old_at_major: usize,
    /// Of the major collection under way: what is still to be marked, and the bytes of what was.
    pub(super) marking: Option<Gray>,
    pub(super) marked: usize,
    /// Above this it is time to collect; never above `limit`.
    pub trigger: usize,
    pub limit: usize,
    /// How far the trigger was from what was in use after the last collection.
    pub(super) room: usize,
    /// What was in use after the last collection.
    pub(super) settled: usize,
    /// What the failed `reserve` asked for.
    pub wanted: usize,
    /// The instruction that is out of room was so before, and has done nothing since: more room is needed than it says.
    pub is_stuck: bool,
    /// The next collection is to be a major one.
    pub is_major_wanted: bool,
    /// Objects with `__del__`, in order of creation; the collector takes the dead ones out.
    pub mortal: Vec<Value>,
    /// Those of them that survived a collection.
    pub old_mortal: Vec<Value>,
    /// Weak references and what they refer to: `(weakref object, target)`.
    pub weak_refs: Vec<(Value, Value)>,
    /// How many of them, from the front, a collection has seen.
    pub(super) n_old_weak_refs: usize,
    /// `gc.disable()`: automatic collections keep running, as they must, but this is what `gc.isenabled` tells.
    pub is_gc_enabled: bool,
    /// Collections so far: minor, major.
    pub n_collections: [usize; 2],
}

impl Heap {
    /// An empty heap that may grow to `limit` bytes, whose names begin with `fixed_names` in that order.
    pub fn new<'a>(limit: usize, hash_key: u64, fixed_names: impl Iterator<Item = &'a str>) -> Self {
        let mut heap = Heap {
            strs: Slab::default(),
            buffers: Slab::default(),
            bytes: Slab::default(),
            big_ints: Slab::default(),
            tuples: Slab::default(),
            lists: Slab::default(),
            dicts: Slab::default(),
            sets: Slab::default(),
            ranges: Slab::default(),
            slices: Slab::default(),
            funcs: Slab::default(),
            methods: Slab::default(),
            classes: Slab::default(),
            insts: Slab::default(),
            shapes: Slab::default(),
            excs: Slab::default(),
            gens: Slab::default(),
            iters: Slab::default(),
            cells: Slab::default(),
            modules: Slab::default(),
            descrs: Slab::default(),
            links: Slab::default(),
            natives: Slab::default(),
            futures: Slab::default(),
            tasks: Slab::default(),
            event_loops: Slab::default(),
            handles: Slab::default(),
            contexts: Slab::default(),
            names: HashTable::new(),
            n_fixed_names: 0,
            young_names: Vec::new(),
            empty_str: Name::NONE,
            latin: Box::new([Name::NONE; 256]),
            empty_tuple: Value::Undef,
            empty_bytes: Value::Undef,
            hash_key,
            used: 0,
            old: 0,
            old_at_major: 0,
            marking: None,
            marked: 0,
            trigger: NURSERY.min(limit),
            limit,
            room: NURSERY,
            settled: 0,
            wanted: 0,
            is_stuck: false,
            is_major_wanted: false,
            mortal: Vec::new(),
            old_mortal: Vec::new(),
            weak_refs: Vec::new(),
            n_old_weak_refs: 0,
            is_gc_enabled: true,
            n_collections: [0; 2],
        };
        for (at, text) in fixed_names.enumerate() {
            let name = heap.intern(text.as_bytes());
            debug_assert_eq!(name.index(), at, "the fixed name {text:?} stands in the table twice");
            heap.n_fixed_names = at + 1;
        }
        heap.empty_str = heap.intern(b"");
        heap.empty_tuple = Value::Tuple(heap.tuples.alloc(Tuple::new(&[])));
        heap.empty_bytes = Value::Bytes(heap.bytes.alloc(Bytes::default()));
        heap
    }

    // ----- Charging -----

    /// Charges `bytes`, or charges nothing and asks for a collection.
    #[inline]
    pub fn reserve(&mut self, bytes: usize) -> Result<(), Full> {
        let used = self.used.saturating_add(bytes);
        if used > self.trigger {
            self.wanted = bytes;
            return Err(Full);
        }
        self.used = used;
        Ok(())
    }

    /// The same for what will be owned by an object that may be old: a minor collection will not count it again.
    #[inline]
    pub fn reserve_for(&mut self, bytes: usize, is_old: bool) -> Result<(), Full> {
        self.reserve(bytes)?;
        if is_old {
            self.old += bytes;
            // Marked already or not: to count too much is harmless.
            self.marked += bytes;
        }
        Ok(())
    }

    /// Charges a small allocation that was not asked for before.
    #[inline]
    pub fn charge(&mut self, bytes: usize) {
        self.used += bytes;
    }

    /// Another limit; the next collection comes when it always would, or at the limit.
    pub fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
        self.trigger = self.used.saturating_add(NURSERY).min(limit);
    }

    /// The size of one object with what it owns, for `sys.getsizeof`.
    pub fn size_of(&self, value: Value) -> usize {
        match value {
            Value::Str(id) => 41 + self.text(id).len(),
            Value::Bytes(id) => 33 + self.bytes.get(id).data.len(),
            Value::List(id) => 56 + self.lists.get(id).items.capacity() * 8,
            Value::Tuple(id) => 40 + self.tuples.get(id).items().len() * 8,
            Value::Dict(id) => 64 + self.dicts.get(id).owned(),
            Value::Set(id) | Value::FrozenSet(id) => 216 + self.sets.get(id).owned(),
            Value::None => 16,
            Value::Int(_) | Value::Bool(_) => 28,
            Value::Float(_) => 24,
            _ => 48,
        }
    }

    /// Whether it is time to collect before the next allocation.
    #[inline]
    pub fn is_due(&self) -> bool {
        self.used > self.trigger
    }

    // ----- Containers -----

    pub fn new_bytes(&mut self, data: Vec<u8>) -> Value {
        if data.is_empty() {
            return self.empty_bytes;
        }
        self.charge(size_of::<Bytes>() + data.len());
        Value::Bytes(self.bytes.alloc(Bytes { data: data.into_boxed_slice(), ..Bytes::default() }))
    }

    #[inline]
    pub fn new_tuple(&mut self, items: &[Value]) -> Value {
        if items.is_empty() {
            return self.empty_tuple;
        }
        let tuple = Tuple::new(items);
        self.charge(size_of::<Tuple>() + tuple.owned());
        Value::Tuple(self.tuples.alloc(tuple))
    }

    pub fn new_tuple_from(&mut self, items: Vec<Value>) -> Value {
        if items.is_empty() {
            return self.empty_tuple;
        }
        let tuple = Tuple::from_vec(items);
        self.charge(size_of::<Tuple>() + tuple.owned());
        Value::Tuple(self.tuples.alloc(tuple))
    }

    pub fn new_list(&mut self, items: Vec<Value>) -> Value {
        self.charge(size_of::<List>() + items.capacity() * size_of::<Value>());
        Value::List(self.lists.alloc(List { items }))
    }

    /// Appends to a list; growth is asked for before.
    #[inline]
    pub fn push(&mut self, list: Id<List>, value: Value) -> Result<(), Full> {
        let items = &self.lists.get(list).items;
        let at = items.len();
        if at == items.capacity() {
            self.grow_list(list, 1)?;
        }
        self.lists.get_mut_at(list, at, value.is_handle()).items.push(value);
        Ok(())
    }

    /// Room for at least `extra` more items.
    #[inline(never)]
    pub fn grow_list(&mut self, list: Id<List>, extra: usize) -> Result<(), Full> {
        let items = &self.lists.get(list).items;
        if items.capacity() - items.len() >= extra {
            return Ok(());
        }
        let more = (items.len() + extra).saturating_sub(items.capacity()).max(items.capacity() / 2).max(4);
        let before = items.capacity() * size_of::<Value>();
        let bytes = more.saturating_mul(size_of::<Value>());
        // For a moment there are both, the old items and their copy.
        self.ensure(before.saturating_add(bytes))?;
        self.reserve_for(bytes, self.lists.is_old(list))?;
        let items = &mut self.lists.get_unbarred(list).items;
        items.reserve_exact(items.capacity() - items.len() + more);
        Ok(())
    }

    pub fn new_dict(&mut self) -> Id<Dict> {
        self.charge(size_of::<Dict>());
        self.dicts.alloc(Dict::default())
    }

    pub fn new_cell(&mut self, value: Value) -> Value {
        self.charge(size_of::<Cell>());
        Value::Cell(self.cells.alloc(Cell { value }))
    }

    pub fn new_method(&mut self, func: Value, this: Value) -> Value {
        self.charge(size_of::<Method>());
        Value::Method(self.methods.alloc(Method { func, this }))
    }

    pub fn new_descr(&mut self, descr: super::function::Descr) -> Value {
        self.charge(size_of::<super::function::Descr>());
        Value::Descr(self.descrs.alloc(descr))
    }

    pub fn new_iter(&mut self, iter: Iter) -> Value {
        self.charge(size_of::<Iter>() + iter.owned());
        Value::Iter(self.iters.alloc(iter))
    }

    pub fn new_inst(&mut self, inst: Inst) -> Value {
        self.charge(size_of::<Inst>() + inst.owned());
        Value::Inst(self.insts.alloc(inst))
    }

    pub fn new_native(&mut self, class: Id<Class>, object: impl NativeObject) -> Value {
        self.charge(size_of::<Boxed>() + object.bytes());
        Value::Native(self.natives.alloc(Boxed { class, object: Some(Box::new(object)) }))
    }

    /// The state of a native object of type `T`; None if it is of another type.
    pub fn native<T: NativeObject>(&self, id: Id<Boxed>) -> Option<&T> {
        self.natives.get(id).as_ref()
    }

    pub fn native_mut<T: NativeObject>(&mut self, id: Id<Boxed>) -> Option<&mut T> {
        self.natives.get_mut(id).as_mut()
    }

    // ----- Dicts with names as keys: namespaces -----

    /// The entry of a name in a namespace.
    #[inline]
    pub fn find_in(&self, dict: Id<Dict>, name: Name) -> Option<usize> {
        let Dict { table, entries, .. } = self.dicts.get(dict);
        let hash = self.hash_str(name);
        let found = table.find(hash, |entry_idx| {
            let entry = &entries[entry_idx as usize];
            match entry.key {
                Value::Str(key) => key == name || (entry.hash == hash && self.same_text(key, name)),
                _ => false,
            }
        });
        found.map(|entry_idx| entry_idx as usize)
    }

    #[inline]
    pub fn get_in(&self, dict: Id<Dict>, name: Name) -> Option<Value> {
        self.find_in(dict, name).map(|entry_idx| self.dicts.get(dict).entries[entry_idx].value)
    }

    /// Sets a name in a namespace.
    pub fn set_in(&mut self, dict: Id<Dict>, name: Name, value: Value) {
        match self.find_in(dict, name) {
            Some(entry_idx) => self.dicts.get_mut_at(dict, entry_idx, value.is_handle()).replace(entry_idx, value),
            None => {
                let hash = self.hash_str(name);
                self.add_entry(dict, hash, Value::Str(name), value);
            }
        }
    }

    /// Adds a key that is known to be absent. Small growth is charged, not asked for: see `call/probe.rs` for large dicts.
    pub fn add_entry(&mut self, dict: Id<Dict>, hash: u64, key: Value, value: Value) {
        let known = self.dicts.get(dict);
        let object = match known.table.is_full() {
            // Its entries move.
            true => self.dicts.get_mut(dict),
            false => self.dicts.get_mut_at(dict, known.entries.len(), key.is_handle() || value.is_handle()),
        };
        let before = object.owned();
        object.add(hash, key, value);
        let grown = object.owned().saturating_sub(before);
        self.charge(grown);
        if self.dicts.is_old(dict) {
            self.old += grown;
            self.marked += grown;
        }
    }

    /// Removes a name from a namespace.
    pub fn remove_in(&mut self, dict: Id<Dict>, name: Name) -> Option<DictEntry> {
        let entry_idx = self.find_in(dict, name)?;
        Some(self.dicts.get_unbarred(dict).remove_at(entry_idx))
    }
}
