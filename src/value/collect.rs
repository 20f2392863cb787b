//! The collections: minor ones trace what is young, major ones everything.
//!
//! A minor collection begins at the roots and at the old objects that were touched, and stops at old ones. A major one
//! proves anew that everything lives, a slice at a time. Both run between two instructions, when no native is on the Rust stack, so that
//! nothing has to be rooted.

use super::heap::{Heap, NURSERY};
use super::slab::{Gray, Kind, Slab};
use super::value::{Id, Name, Value};

/// What a collection left to do.
#[derive(Default)]
pub struct Collected {
    /// What was wanted fits now; false is a MemoryError.
    pub has_room: bool,
    /// Dead objects with an end (`__del__`, suspended generators, …), in order of creation: kept alive once more.
    pub ended: Vec<Value>,
    /// Weak references whose target died.
    pub cleared: Vec<Value>,
    /// A major collection came to its end: texts of links that died can be dropped.
    pub is_major: bool,
}

/// Objects that one slice of a major collection marks: some milliseconds of work, where memory is far away.
const SLICE: usize = 200_000;

impl Heap {
    /// Collects. `roots` are all values that the machine holds; `root_bytes` what its stacks and native frames own.
    ///
    /// A major collection is marked in slices, one after each minor collection, so that none of them takes long. Between
    /// two slices the old objects that were touched are marked again, and what became old is marked too. The last slice begins anew
    /// at the roots. What is wanted at once (`gc.collect()`, no room) is done in one go.
    pub fn collect(&mut self, roots: &[Value], root_bytes: usize, is_forced: bool) -> Collected {
        let is_forced = is_forced || std::mem::take(&mut self.is_major_wanted);
        let mut collected = Collected::default();
        if is_forced {
            self.collect_all(roots, &mut collected);
        } else {
            self.collect_young(roots, &mut collected);
            if self.marking.is_none() && self.old > (2 * self.old_at_major).max(4 * NURSERY) {
                self.begin_marking(roots);
            }
            if self.mark_slice() {
                self.finish_marking(roots, &mut collected);
            }
        }
        self.used = self.old + root_bytes;
        if !is_forced && self.used.saturating_add(self.wanted) > self.limit {
            self.collect_all(roots, &mut collected);
            self.used = self.old + root_bytes;
        }
        // What is wanted, and room for what is charged until it is asked for again: else it would collect for ever.
        let mut room = self.wanted.saturating_add(NURSERY);
        collected.has_room = self.used.saturating_add(self.wanted) <= self.limit;
        if std::mem::take(&mut self.is_stuck) {
            collected.has_room &= self.trigger < self.limit;
            room = room.max(self.room.saturating_mul(2));
        }
        self.room = room;
        self.trigger = self.used.saturating_add(room).min(self.limit);
        self.wanted = 0;
        collected
    }

    /// A minor collection.
    fn collect_young(&mut self, roots: &[Value], collected: &mut Collected) {
        let mut gray = self.all_roots(roots);
        self.each_slab(|slab| slab.trace_touched(&mut gray));
        if let Some(mut marking) = self.marking.take() {
            self.each_slab(|slab| slab.trace_rewritten(&mut marking));
            self.marking = Some(marking);
        }
        self.settle(gray, false, collected);
    }

    /// A major collection in one go; one that is under way is given up.
    fn collect_all(&mut self, roots: &[Value], collected: &mut Collected) {
        self.begin_marking(roots);
        self.finish_marking(roots, collected);
    }

    fn begin_marking(&mut self, roots: &[Value]) {
        self.each_slab(|slab| slab.begin());
        self.marked = 0;
        self.marking = Some(self.all_roots(roots));
    }

    /// Marks a slice of what is known to live. True: nothing is left that a slice could do.
    fn mark_slice(&mut self) -> bool {
        let Some(mut gray) = self.marking.take() else { return false };
        self.each_slab(|slab| slab.extend());
        for _ in 0..SLICE {
            let Some(value) = gray.pop() else { break };
            self.marked += self.reach(value, &mut gray);
        }
        let is_done = gray.is_empty();
        self.marking = Some(gray);
        is_done
    }

    /// The end of a major collection: what was not marked dies.
    fn finish_marking(&mut self, roots: &[Value], collected: &mut Collected) {
        self.each_slab(|slab| slab.extend());
        let mut gray = self.marking.take().unwrap_or_default();
        gray.extend(self.all_roots(roots));
        // What a minor collection has just found dead is kept for its end, and nobody else holds it.
        gray.extend(collected.ended.iter().chain(&collected.cleared));
        self.settle(gray, true, collected);
        self.old = self.marked;
        self.old_at_major = self.old;
        collected.is_major = true;
    }

    /// The machine's roots and the heap's own.
    fn all_roots(&self, roots: &[Value]) -> Gray {
        let mut gray: Gray = roots.to_vec();
        gray.extend((0..self.n_fixed_names).map(|index| Value::Str(Name::new(index))));
        gray.extend([Value::Str(self.empty_str), self.empty_tuple, self.empty_bytes]);
        gray.extend(self.latin.iter().filter(|name| !name.is_none()).map(|&name| Value::Str(name)));
        gray
    }

    /// Marks everything, deals with what died, and sweeps.
    fn settle(&mut self, mut gray: Gray, is_major: bool, collected: &mut Collected) {
        self.n_collections[is_major as usize] += 1;
        self.drain(&mut gray, is_major);
        // What is kept for its end is dead for weak references; some of them may live again with it.
        collected.cleared.extend(self.clear_weak_refs(&mut gray, is_major));
        collected.ended.extend(self.revive_ended(&mut gray, is_major));
        self.drain(&mut gray, is_major);
        collected.cleared.extend(self.clear_weak_refs(&mut gray, is_major));
        self.drain(&mut gray, is_major);
        self.forget_dead_weak_refs(is_major);
        self.forget_dead_names(is_major);
        self.forget_dead_subclasses(is_major);
        self.settle_loops(is_major);
        self.each_slab(|slab| slab.end(is_major));
    }

    fn drain(&mut self, gray: &mut Gray, is_major: bool) {
        if is_major {
            while let Some(value) = gray.pop() {
                self.marked += self.reach(value, gray);
            }
            return;
        }
        // What becomes old while a major collection is under way must be found by it.
        let mut marking = self.marking.take();
        while let Some(value) = gray.pop() {
            let bytes = self.mark(value, gray);
            self.old += bytes;
            if bytes > 0
                && let Some(marking) = &mut marking
            {
                marking.push(value);
            }
        }
        self.marking = marking;
    }

    /// Objects with an end that are dead now are kept for their end, in order of creation.
    fn revive_ended(&mut self, gray: &mut Gray, is_major: bool) -> Vec<Value> {
        let mut mortal = std::mem::take(&mut self.mortal);
        // What is old can't die in a minor collection.
        if is_major {
            let mut old = std::mem::take(&mut self.old_mortal);
            old.append(&mut mortal);
            mortal = old;
        }
        let (mut alive, mut ended): (Vec<_>, Vec<_>) =
            mortal.into_iter().partition(|&value| self.is_marked(value, is_major));
        // What has ended by itself will not need an end.
        alive.retain(|&value| self.may_end(value));
        self.old_mortal.append(&mut alive);
        // A task or generator that ended by itself has nothing left to do.
        ended.retain(|&value| self.has_end(value));
        gray.extend_from_slice(&ended);
        ended
    }

    /// Whether an object that lives may come to have an end.
    fn may_end(&self, value: Value) -> bool {
        match value {
            Value::Gen(id) => self.gens.get(id).state != super::GenState::Finished,
            _ => true,
        }
    }

    /// Whether something is to be done when it dies.
    pub fn has_end(&self, value: Value) -> bool {
        match value {
            Value::Gen(id) => self.gens.get(id).has_end(),
            Value::Native(id) => self.natives.get(id).object.as_ref().is_some_and(|object| object.has_end()),
            Value::Task(id) => self.tasks.get(id).has_end(),
            Value::Future(id) => self.futures.get(id).is_unretrieved,
            _ => true,
        }
    }

    /// Living weak references whose target is dead now.
    fn clear_weak_refs(&mut self, gray: &mut Gray, is_major: bool) -> Vec<Value> {
        let weak_refs = std::mem::take(&mut self.weak_refs);
        let is_cleared =
            |&(weak, target): &(Value, Value)| self.is_marked(weak, is_major) && !self.is_marked(target, is_major);
        let (cleared, kept): (Vec<_>, Vec<_>) = weak_refs.into_iter().partition(is_cleared);
        self.weak_refs = kept;
        let cleared: Vec<Value> = cleared.into_iter().map(|(weak, _)| weak).collect();
        gray.extend_from_slice(&cleared);
        cleared
    }

    fn forget_dead_weak_refs(&mut self, is_major: bool) {
        let mut weak_refs = std::mem::take(&mut self.weak_refs);
        weak_refs.retain(|&(weak, _)| self.is_marked(weak, is_major));
        self.weak_refs = weak_refs;
    }

    /// Everything in the queues of the living loops has been seen; their dead generators are forgotten.
    fn settle_loops(&mut self, is_major: bool) {
        for id in (0..self.event_loops.n_slots()).map(Id::new) {
            if !self.is_marked(Value::Loop(id), is_major) {
                continue;
            }
            let mut asyncgens = std::mem::take(&mut self.event_loops.get_unbarred(id).asyncgens);
            asyncgens.retain(|&generator| self.is_marked(Value::Gen(generator), is_major));
            let event_loop = self.event_loops.get_unbarred(id);
            event_loop.asyncgens = asyncgens;
            event_loop.note_seen();
        }
    }

    fn forget_dead_names(&mut self, is_major: bool) {
        if !is_major {
            // Young names that died are found here too: their slots are reused from now on.
            let Heap { names, strs, .. } = self;
            names.retain(|&mut name| strs.is_old(name));
            return;
        }
        let Heap { names, strs, .. } = self;
        names.retain(|&mut name| strs.is_reached(name));
    }

    fn forget_dead_subclasses(&mut self, is_major: bool) {
        let dead = |heap: &Heap, id: Id<super::Class>| !heap.is_marked(Value::Class(id), is_major);
        let with_dead: Vec<_> = (0..self.classes.n_slots())
            .map(Id::new)
            .filter(|&id| self.classes.get(id).subclasses.iter().any(|&subclass| dead(self, subclass)))
            .collect();
        for id in with_dead {
            let mut subclasses = self.classes.get(id).subclasses.clone();
            subclasses.retain(|&subclass| !dead(self, subclass));
            // Not through the barrier: nothing comes to be pointed to.
            self.classes.get_unbarred(id).subclasses = subclasses;
        }
    }

    /// Whether the mark phase has found it.
    pub fn is_marked(&self, value: Value, is_major: bool) -> bool {
        macro_rules! marked {
            ($slab:ident, $id:expr) => {
                if is_major { self.$slab.is_reached($id) } else { self.$slab.is_old($id) }
            };
        }
        match value {
            Value::Str(id) => marked!(strs, id),
            Value::Bytes(id) => marked!(bytes, id),
            Value::BigInt(id) => marked!(big_ints, id),
            Value::Tuple(id) => marked!(tuples, id),
            Value::List(id) => marked!(lists, id),
            Value::Dict(id) => marked!(dicts, id),
            Value::Set(id) | Value::FrozenSet(id) => marked!(sets, id),
            Value::Range(id) => marked!(ranges, id),
            Value::Slice(id) => marked!(slices, id),
            Value::Func(id) => marked!(funcs, id),
            Value::Method(id) => marked!(methods, id),
            Value::Class(id) => marked!(classes, id),
            Value::Inst(id) => marked!(insts, id),
            Value::Exc(id) => marked!(excs, id),
            Value::Gen(id) => marked!(gens, id),
            Value::Iter(id) => marked!(iters, id),
            Value::Cell(id) => marked!(cells, id),
            Value::Module(id) => marked!(modules, id),
            Value::Descr(id) => marked!(descrs, id),
            Value::Link(id) => marked!(links, id),
            Value::Shape(id) => marked!(shapes, id),
            Value::Buffer(id) => marked!(buffers, id),
            Value::Native(id) => marked!(natives, id),
            Value::Future(id) => marked!(futures, id),
            Value::Task(id) => marked!(tasks, id),
            Value::Loop(id) => marked!(event_loops, id),
            Value::Handle(id) => marked!(handles, id),
            Value::Context(id) => marked!(contexts, id),
            Value::Undef
            | Value::None
            | Value::NotImplemented
            | Value::Ellipsis
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Builtin(_) => true,
        }
    }
}

macro_rules! marking {
    ($name:ident, $mark:ident) => {
        impl Heap {
            fn $name(&mut self, value: Value, gray: &mut Gray) -> usize {
                match value {
                    Value::Str(id) => {
                        if let super::string::Text::Shared { buffer, .. } = self.strs.get(id).text {
                            gray.push(Value::Buffer(buffer));
                        }
                        self.strs.$mark(id, gray)
                    }
                    Value::Bytes(id) => self.bytes.$mark(id, gray),
                    Value::BigInt(id) => self.big_ints.$mark(id, gray),
                    Value::Tuple(id) => self.tuples.$mark(id, gray),
                    Value::List(id) => self.lists.$mark(id, gray),
                    Value::Dict(id) => self.dicts.$mark(id, gray),
                    Value::Set(id) | Value::FrozenSet(id) => self.sets.$mark(id, gray),
                    Value::Range(id) => self.ranges.$mark(id, gray),
                    Value::Slice(id) => self.slices.$mark(id, gray),
                    Value::Func(id) => self.funcs.$mark(id, gray),
                    Value::Method(id) => self.methods.$mark(id, gray),
                    Value::Class(id) => self.classes.$mark(id, gray),
                    Value::Inst(id) => {
                        let shape = self.insts.get(id).shape;
                        self.insts.$mark(id, gray) + self.shapes.$mark(shape, gray)
                    }
                    Value::Exc(id) => {
                        let shape = self.excs.get(id).inst.shape;
                        self.excs.$mark(id, gray) + self.shapes.$mark(shape, gray)
                    }
                    Value::Gen(id) => self.gens.$mark(id, gray),
                    Value::Iter(id) => self.iters.$mark(id, gray),
                    Value::Cell(id) => self.cells.$mark(id, gray),
                    Value::Module(id) => self.modules.$mark(id, gray),
                    Value::Descr(id) => self.descrs.$mark(id, gray),
                    Value::Link(id) => self.links.$mark(id, gray),
                    Value::Shape(id) => self.shapes.$mark(id, gray),
                    Value::Buffer(id) => self.buffers.$mark(id, gray),
                    Value::Native(id) => self.natives.$mark(id, gray),
                    Value::Future(id) => self.futures.$mark(id, gray),
                    Value::Task(id) => self.tasks.$mark(id, gray),
                    Value::Loop(id) => self.event_loops.$mark(id, gray),
                    Value::Handle(id) => self.handles.$mark(id, gray),
                    Value::Context(id) => self.contexts.$mark(id, gray),
                    Value::Undef
                    | Value::None
                    | Value::NotImplemented
                    | Value::Ellipsis
                    | Value::Bool(_)
                    | Value::Int(_)
                    | Value::Float(_)
                    | Value::Builtin(_) => 0,
                }
            }
        }
    };
}

marking!(mark, mark);
marking!(reach, reach);

/// What the collector does with every slab, whatever is in it.
trait AnySlab {
    fn begin(&mut self);
    fn trace_touched(&self, gray: &mut Gray);
    fn trace_rewritten(&self, gray: &mut Gray);
    fn extend(&mut self);
    fn end(&mut self, is_major: bool);
}

impl<T: Kind> AnySlab for Slab<T> {
    fn begin(&mut self) {
        self.begin_major();
    }
    fn trace_touched(&self, gray: &mut Gray) {
        self.trace_dirty(gray);
    }
    fn trace_rewritten(&self, gray: &mut Gray) {
        self.trace_dirty_reached(gray);
    }
    fn extend(&mut self) {
        self.extend_major();
    }
    fn end(&mut self, is_major: bool) {
        if is_major {
            self.end_major();
        } else {
            self.finish(self.words_used());
        }
    }
}

impl Heap {
    fn each_slab(&mut self, mut action: impl FnMut(&mut dyn AnySlab)) {
        action(&mut self.strs);
        action(&mut self.buffers);
        action(&mut self.bytes);
        action(&mut self.big_ints);
        action(&mut self.tuples);
        action(&mut self.lists);
        action(&mut self.dicts);
        action(&mut self.sets);
        action(&mut self.ranges);
        action(&mut self.slices);
        action(&mut self.funcs);
        action(&mut self.methods);
        action(&mut self.classes);
        action(&mut self.insts);
        action(&mut self.shapes);
        action(&mut self.excs);
        action(&mut self.gens);
        action(&mut self.iters);
        action(&mut self.cells);
        action(&mut self.modules);
        action(&mut self.descrs);
        action(&mut self.links);
        action(&mut self.natives);
        action(&mut self.futures);
        action(&mut self.tasks);
        action(&mut self.event_loops);
        action(&mut self.handles);
        action(&mut self.contexts);
    }
}
