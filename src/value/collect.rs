//! The collections: minor ones trace what is young, major ones everything.
//!
//! A minor collection begins at the roots and at the old objects that were touched, and stops at old ones. A major one
//! proves anew that everything lives, a slice at a time. Both run between two instructions, when no native is on the Rust stack, so that
//! nothing has to be rooted.

use super::heap::{Heap, NURSERY};
use super::slab::{Gray, MAJOR, MINOR};
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

/// Objects that a major collection marks for each [`NURSERY`] that was allocated: some milliseconds of work, where memory is
/// far away. A slice comes with every minor collection, so that the heap grows by a small part of itself meanwhile. It is
/// larger where much was allocated in one go: new objects must not come faster than they are marked.
const SLICE: usize = 50_000;

/// Slots of each slab that are swept after each collection, until all are.
const SWEPT: usize = 20_000;

/// A heap smaller than this has major collections more often.
const SMALL: usize = 16 << 20;

/// Touched old objects that make a minor collection due: what it costs depends on them.
const TOUCHED: usize = 1 << 15;

impl Heap {
    /// Collects. `roots` are all values that the machine holds; `root_bytes` what its stacks and native frames own.
    ///
    /// A major collection is marked in slices, one after each minor collection, so that none of them takes long. Between
    /// two slices the old objects that were touched are marked again, and what became old is marked too. The last slice
    /// begins anew at the roots. Then what died is swept, in slices too. What is wanted at once (`gc.collect()`, no room)
    /// is done in one go.
    pub fn collect(&mut self, roots: &[Value], root_bytes: usize, is_forced: bool) -> Collected {
        let is_forced = is_forced || std::mem::take(&mut self.is_major_wanted);
        let mut collected = Collected::default();
        let allocated = self.used.saturating_sub(self.settled);
        if is_forced {
            self.collect_all(roots, &mut collected);
        } else {
            self.collect_young(roots, &mut collected);
            if self.marking.is_none() && self.old > self.major_from() {
                self.begin_marking(roots);
            }
            if self.mark_slice(roots, allocated) {
                self.finish_marking(roots, &mut collected);
            }
            self.each_slab(|slab| slab.sweep_some(SWEPT));
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
        (self.room, self.settled) = (room, self.used);
        self.trigger = self.used.saturating_add(room).min(self.limit);
        self.wanted = 0;
        collected
    }

    /// Whether so many old objects were touched that the next minor collection should not wait for the nursery to fill.
    pub fn is_much_touched(&mut self) -> bool {
        let mut n_touched = 0;
        self.each_slab(|slab| n_touched += slab.n_touched());
        n_touched > TOUCHED
    }

    /// How much may be old before a major collection begins. A small heap is marked quickly, so it may grow by half only.
    fn major_from(&self) -> usize {
        let room = if self.old_at_major < SMALL { self.old_at_major / 2 } else { self.old_at_major };
        self.old_at_major + room.max(NURSERY)
    }

    /// A minor collection.
    fn collect_young(&mut self, roots: &[Value], collected: &mut Collected) {
        let mut gray: Gray = roots.to_vec();
        if self.n_collections == [0, 0] {
            gray.extend(self.fixed_roots());
        }
        gray.extend(self.latin.iter().filter(|name| !name.is_none()).map(|&name| Value::Str(name)));
        self.each_slab(|slab| slab.trace_touched_places(&mut gray));
        if let Some(mut marking) = self.marking.take() {
            self.each_slab(|slab| slab.trace_again(&mut marking));
            self.marking = Some(marking);
        }
        self.settle(gray, false, collected);
    }

    /// A major collection in one go; one that is under way is given up.
    fn collect_all(&mut self, roots: &[Value], collected: &mut Collected) {
        self.begin_marking(roots);
        self.finish_marking(roots, collected);
        self.each_slab(|slab| slab.sweep_some(usize::MAX));
    }

    fn begin_marking(&mut self, roots: &[Value]) {
        self.each_slab(|slab| slab.begin_major());
        self.marked = 0;
        self.marking = Some(self.all_roots(roots));
    }

    /// Marks a slice of what is known to live; `allocated`: bytes since the last one. True: nothing is left that a slice
    /// could do.
    fn mark_slice(&mut self, roots: &[Value], allocated: usize) -> bool {
        let Some(mut gray) = self.marking.take() else { return false };
        self.each_slab(|slab| slab.extend_major());
        let mut left = SLICE * allocated.div_ceil(NURSERY).max(1);
        // What came to be held by the roots alone may be much: it is found before the last slice.
        let is_done = self.reach_some(&mut gray, &mut left) && {
            gray.extend(self.all_roots(roots));
            self.reach_some(&mut gray, &mut left)
        };
        self.marking = Some(gray);
        is_done
    }

    /// True: all was marked before `left` came to an end.
    fn reach_some(&mut self, gray: &mut Gray, left: &mut usize) -> bool {
        while *left > 0 {
            match gray.pop() {
                Some(value) => {
                    *left -= 1;
                    self.marked += self.reach(value, gray);
                }
                None if self.trace_part(MAJOR, gray) => {}
                None => return true,
            }
        }
        false
    }

    /// The end of a major collection: what was not marked dies.
    fn finish_marking(&mut self, roots: &[Value], collected: &mut Collected) {
        self.each_slab(|slab| slab.extend_major());
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
        gray.extend(self.fixed_roots());
        gray.extend(self.latin.iter().filter(|name| !name.is_none()).map(|&name| Value::Str(name)));
        gray
    }

    /// Roots that were there from the beginning.
    fn fixed_roots(&self) -> impl Iterator<Item = Value> + use<> {
        let few = [Value::Str(self.empty_str), self.empty_tuple, self.empty_bytes];
        (0..self.n_fixed_names).map(|index| Value::Str(Name::new(index))).chain(few)
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
            self.reach_some(gray, &mut usize::MAX.clone());
            return;
        }
        // What becomes old while a major collection is under way must be found by it.
        let mut marking = self.marking.take();
        loop {
            let Some(value) = gray.pop() else {
                if self.trace_part(MINOR, gray) {
                    continue;
                }
                break;
            };
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
        let mut ended = Vec::new();
        // In place: there may be millions, of which none has died. What is old can't die in a minor collection.
        let mut old = std::mem::take(&mut self.old_mortal);
        if is_major {
            old.retain(|&value| self.stays_mortal(value, is_major, &mut ended));
        }
        let mut young = std::mem::take(&mut self.mortal);
        young.retain(|&value| self.stays_mortal(value, is_major, &mut ended));
        old.append(&mut young);
        self.old_mortal = old;
        gray.extend_from_slice(&ended);
        ended
    }

    /// Whether an object lives, and may come to have an end. What died and has one is put into `ended`.
    fn stays_mortal(&self, value: Value, is_major: bool, ended: &mut Vec<Value>) -> bool {
        if self.is_marked(value, is_major) {
            // What has ended by itself will not need an end.
            return self.may_end(value);
        }
        // A task or generator that ended by itself has nothing left to do.
        if self.has_end(value) {
            ended.push(value);
        }
        false
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

    /// Living weak references whose target is dead now. Where both are old, a minor collection can't part them.
    fn clear_weak_refs(&mut self, gray: &mut Gray, is_major: bool) -> Vec<Value> {
        let mut weak_refs = std::mem::take(&mut self.weak_refs);
        let is_cleared = |&mut (weak, target): &mut (Value, Value)| {
            self.is_marked(weak, is_major) && !self.is_marked(target, is_major)
        };
        let cleared = weak_refs.extract_if(self.first_weak_ref(is_major).., is_cleared);
        let cleared: Vec<Value> = cleared.map(|(weak, _)| weak).collect();
        self.weak_refs = weak_refs;
        gray.extend_from_slice(&cleared);
        cleared
    }

    fn forget_dead_weak_refs(&mut self, is_major: bool) {
        let mut weak_refs = std::mem::take(&mut self.weak_refs);
        let is_dead = |&mut (weak, _): &mut (Value, Value)| !self.is_marked(weak, is_major);
        weak_refs.extract_if(self.first_weak_ref(is_major).., is_dead).for_each(drop);
        self.n_old_weak_refs = weak_refs.len();
        self.weak_refs = weak_refs;
    }

    /// The first weak reference that a collection has to look at.
    fn first_weak_ref(&self, is_major: bool) -> usize {
        if is_major { 0 } else { self.n_old_weak_refs }
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

    /// Names that died leave the table: their slots are reused from now on.
    fn forget_dead_names(&mut self, is_major: bool) {
        let Heap { names, strs, young_names, .. } = self;
        if is_major {
            names.retain(|&mut name| strs.is_reached(name));
        } else {
            for &name in young_names.iter().filter(|&&name| !strs.is_old(name)) {
                let hash = strs.get(name).hash.get();
                if let Ok(entry) = names.find_entry(hash, |&known| known == name) {
                    entry.remove();
                }
            }
        }
        young_names.clear();
    }

    fn forget_dead_subclasses(&mut self, is_major: bool) {
        if !is_major && self.classes.has_no_young() {
            return;
        }
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
}
