//! The data of an asyncio loop: its queue, its timers, its handles.
//!
//! ```text
//! call_soon ──→ ready ──→ the turn: just as many as there are when it begins
//! call_at ────→ timers ── due ──↗
//! ```
//!
//! What runs it is the frame of `run_forever`.

use std::collections::{HashMap, VecDeque};

use smallvec::SmallVec;

use super::class::Class;
use super::context::Context;
use super::dict::Dict;
use super::exception::Exc;
use super::future::{Callback, Future, FutureRef, Task};
use super::generator::Generator;
use super::instance::Inst;
use super::native_object::Boxed;
use super::sequence::trace_values;
use super::slab::{Gray, Kind};
use super::timers::{Timer, Timers};
use super::value::{Id, NativeId, Value};
use crate::host::WatchId;

/// One entry of the ready queue: each is one `call_soon` of CPython.
#[derive(Clone, Copy, Debug)]
pub enum Entry {
    /// A task starts, or goes on after a bare yield.
    Step(Id<Task>),
    /// The same, but this is thrown into it.
    StepRaise(Id<Task>, Id<Exc>),
    /// A task goes on after this future, which is done.
    Wake(Id<Task>, FutureRef),
    /// A sleep is over: the future gets its result unless it is done.
    Release(Id<Future>),
    /// A future's callback; never `Wake`.
    Done(Callback, FutureRef),
    /// `call_soon`, `call_later`, `call_at` of a script.
    Handle(Id<Handle>),
    /// A native of the library, with one object.
    Native(NativeId, Id<Boxed>),
}

/// `asyncio.Handle`, or with `when` a TimerHandle.
#[derive(Default)]
pub struct Handle {
    /// `Undef` once it is cancelled.
    pub callback: Value,
    pub args: SmallVec<[Value; 2]>,
    pub context: Id<Context>,
    /// The loop, as scripts see it.
    pub event_loop: Value,
    pub when: Option<f64>,
    pub is_cancelled: bool,
    /// It is among the timers.
    pub is_scheduled: bool,
    pub rare: Option<Box<HandleRare>>,
}

/// What few handles have.
#[derive(Default)]
pub struct HandleRare {
    pub outer: Option<Id<Inst>>,
    pub dict: Option<Id<Dict>>,
    /// `_source_traceback` of the debug mode.
    pub source: Value,
    /// The repr from before it was cancelled.
    pub repr: Value,
}

#[derive(Default)]
pub struct EventLoop {
    /// Its class, unless it is the payload of `outer`.
    pub class: Id<Class>,
    pub outer: Option<Id<Inst>>,
    /// Attributes that a script set.
    pub dict: Option<Id<Dict>>,
    pub ready: VecDeque<Entry>,
    pub timers: Timers,
    /// How many entries at the front of `ready` an earlier collection has seen.
    pub n_seen: usize,
    /// How many entries of the turn under way are left.
    pub n_left: usize,
    /// The number of the turn.
    pub n_turns: u64,
    pub is_running: bool,
    pub is_closed: bool,
    pub is_stopping: bool,
    pub is_debug: bool,
    /// A method that the library calls was replaced: `call_soon` and the like are attribute calls.
    pub is_patched: bool,
    pub is_shutting_asyncgens: bool,
    pub is_shutting_executor: bool,
    /// The task that runs.
    pub current: Value,
    pub task_factory: Value,
    pub exception_handler: Value,
    pub default_executor: Value,
    /// Asynchronous generators that have begun, in order. Weak: the collector takes the dead ones out.
    pub asyncgens: Vec<Id<Generator>>,
    /// Who runs it: `threading.get_ident()`.
    pub thread: u64,
    /// Watched descriptors: those of `add_reader` and of transports.
    pub watchers: Watchers,
    /// Its fiber waits in a poll: whoever puts something into the queue from elsewhere wakes it.
    pub is_polling: bool,
}

/// Who is told that a descriptor is ready.
#[derive(Clone, Copy, Debug)]
pub struct Watcher {
    pub watch: WatchId,
    pub fd: i32,
    pub is_writer: bool,
    /// What is appended each time.
    pub entry: Entry,
}

/// The watchers of a loop, by their places.
#[derive(Default)]
pub struct Watchers {
    slots: Vec<Option<Watcher>>,
    /// The place of the one for a descriptor and a direction.
    places: HashMap<(i32, bool), u32, foldhash::fast::FixedState>,
    free: Vec<u32>,
    pub n_active: usize,
}

impl Watchers {
    pub fn get(&self, place: u32) -> Option<&Watcher> {
        self.slots.get(place as usize)?.as_ref()
    }

    /// The place that the next one gets.
    pub fn next_place(&self) -> u32 {
        self.free.last().copied().unwrap_or(self.slots.len() as u32)
    }

    pub fn insert(&mut self, watcher: Watcher) {
        let place = self.next_place();
        self.places.insert((watcher.fd, watcher.is_writer), place);
        self.n_active += 1;
        if self.free.pop().is_some() {
            self.slots[place as usize] = Some(watcher);
        } else {
            self.slots.push(Some(watcher));
        }
    }

    pub fn remove(&mut self, fd: i32, is_writer: bool) -> Option<Watcher> {
        let place = self.places.remove(&(fd, is_writer))?;
        self.free.push(place);
        self.n_active -= 1;
        self.slots[place as usize].take()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Watcher> {
        self.slots.iter().flatten()
    }
}

impl EventLoop {
    #[inline]
    pub fn push(&mut self, entry: Entry) {
        self.ready.push_back(entry);
    }

    /// The next entry, if the turn has one left.
    #[inline]
    pub fn pop(&mut self) -> Option<Entry> {
        self.n_left = self.n_left.checked_sub(1)?;
        self.n_seen = self.n_seen.saturating_sub(1);
        self.ready.pop_front()
    }

    /// Throws queue and timers away.
    pub fn clear(&mut self) {
        self.ready.clear();
        self.timers.clear();
        self.n_seen = 0;
        self.n_left = 0;
    }

    /// A collection has seen all of it: the next minor one looks at what is new only.
    pub fn note_seen(&mut self) {
        self.n_seen = self.ready.len();
        self.timers.note_seen();
    }

    /// What may be young.
    pub fn trace_new(&self, gray: &mut Gray) {
        self.ready.iter().skip(self.n_seen).for_each(|entry| entry.trace(gray));
        self.timers.new_ones().for_each(|timer| timer.trace(gray));
        self.trace_parts(gray);
    }

    fn trace_parts(&self, gray: &mut Gray) {
        gray.push(Value::Class(self.class));
        gray.extend(self.outer.map(Value::Inst));
        gray.extend(self.dict.map(Value::Dict));
        trace_values(&[self.current, self.task_factory, self.exception_handler, self.default_executor], gray);
        self.watchers.iter().for_each(|watcher| watcher.entry.trace(gray));
    }
}

impl Entry {
    pub fn trace(&self, gray: &mut Gray) {
        match *self {
            Entry::Step(task) => gray.push(Value::Task(task)),
            Entry::StepRaise(task, exc) => gray.extend([Value::Task(task), Value::Exc(exc)]),
            Entry::Wake(task, future) => gray.extend([Value::Task(task), future.value()]),
            Entry::Release(future) => gray.push(Value::Future(future)),
            Entry::Done(callback, future) => {
                callback.trace(gray);
                gray.push(future.value());
            }
            Entry::Handle(handle) => gray.push(Value::Handle(handle)),
            Entry::Native(_, object) => gray.push(Value::Native(object)),
        }
    }
}

impl Timer {
    fn trace(&self, gray: &mut Gray) {
        self.entry().trace(gray);
    }
}

impl Kind for EventLoop {
    const SWEPT: bool = true;
    fn trace(&self, gray: &mut Gray) {
        if self.class.is_none() {
            return;
        }
        self.ready.iter().for_each(|entry| entry.trace(gray));
        self.timers.iter().for_each(|timer| timer.trace(gray));
        self.trace_parts(gray);
    }
    const KNOWS_NEW: bool = true;
    fn trace_touched(&self, gray: &mut Gray) {
        if !self.class.is_none() {
            self.trace_new(gray);
        }
    }
    fn owned(&self) -> usize {
        self.ready.capacity() * size_of::<Entry>() + self.timers.bytes()
    }
}

impl Kind for Handle {
    const SWEPT: bool = false;
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.callback, self.event_loop], gray);
        trace_values(&self.args, gray);
        if !self.context.is_none() {
            gray.push(Value::Context(self.context));
        }
        if let Some(rare) = &self.rare {
            gray.extend(rare.outer.map(Value::Inst));
            gray.extend(rare.dict.map(Value::Dict));
            trace_values(&[rare.source, rare.repr], gray);
        }
    }
    fn owned(&self) -> usize {
        let args = if self.args.spilled() { self.args.capacity() * size_of::<Value>() } else { 0 };
        args + self.rare.as_ref().map_or(0, |_| size_of::<HandleRare>())
    }
}
