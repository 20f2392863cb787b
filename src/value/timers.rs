//! The timers of a loop, ordered by (when, order of creation).
//!
//! Most programs sleep for the same few durations, so that a new timer is mostly the latest of all. Such a one goes to the end
//! of a queue; only others go to a heap. The earliest is at the front of either.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use super::event_loop::{Entry, Handle};
use super::future::Future;
use super::value::Id;

/// What a timer does when it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Release(Id<Future>),
    Handle(Id<Handle>),
}

#[derive(Clone, Copy, Debug)]
pub struct Timer {
    pub when: f64,
    pub number: u64,
    pub due: Due,
}

#[derive(Default)]
pub struct Timers {
    /// In order.
    queue: VecDeque<Timer>,
    /// The others.
    heap: BinaryHeap<Timer>,
    /// How many at the front of `queue` an earlier collection has seen.
    n_seen: usize,
    /// Timers put into `heap` since then.
    new_in_heap: Vec<Timer>,
    /// How many of all are cancelled.
    pub n_cancelled: usize,
    n_made: u64,
}

impl Timers {
    pub fn len(&self) -> usize {
        self.queue.len() + self.heap.len()
    }

    pub fn is_empty(&self) -> bool {
        self.queue.is_empty() && self.heap.is_empty()
    }

    #[inline]
    pub fn push(&mut self, when: f64, due: Due) {
        self.n_made += 1;
        let timer = Timer { when, number: self.n_made, due };
        if self.queue.back().is_none_or(|last| last.when <= when) {
            self.queue.push_back(timer);
        } else {
            self.heap.push(timer);
            self.new_in_heap.push(timer);
        }
    }

    /// The earliest.
    #[inline]
    pub fn first(&self) -> Option<Timer> {
        match (self.queue.front(), self.heap.peek()) {
            (Some(queued), Some(heaped)) => Some(if heaped.is_before(queued) { *heaped } else { *queued }),
            (Some(queued), None) => Some(*queued),
            (None, heaped) => heaped.copied(),
        }
    }

    /// Takes the earliest.
    #[inline]
    pub fn pop(&mut self) -> Option<Timer> {
        let is_heaped = match (self.queue.front(), self.heap.peek()) {
            (Some(queued), Some(heaped)) => heaped.is_before(queued),
            (queued, _) => queued.is_none(),
        };
        if is_heaped {
            return self.heap.pop();
        }
        self.n_seen = self.n_seen.saturating_sub(1);
        self.queue.pop_front()
    }

    /// Throws out all but those that `keeps` accepts.
    pub fn retain(&mut self, mut keeps: impl FnMut(&Timer) -> bool) {
        self.queue.retain(&mut keeps);
        self.heap.retain(&mut keeps);
        // Which of them a collection has seen is not known any more.
        self.n_seen = 0;
        self.new_in_heap = self.heap.iter().copied().collect();
    }

    pub fn clear(&mut self) {
        let n_made = self.n_made;
        *self = Timers { n_made, ..Timers::default() };
    }

    pub fn iter(&self) -> impl Iterator<Item = &Timer> {
        self.queue.iter().chain(self.heap.iter())
    }

    /// In the order in which they are due.
    pub fn sorted(&self) -> Vec<Timer> {
        let mut all: Vec<Timer> = self.iter().copied().collect();
        all.sort_by(|lhs, rhs| rhs.cmp(lhs));
        all
    }

    /// What no collection has seen.
    pub fn new_ones(&self) -> impl Iterator<Item = &Timer> {
        self.queue.iter().skip(self.n_seen).chain(&self.new_in_heap)
    }

    pub fn note_seen(&mut self) {
        self.n_seen = self.queue.len();
        self.new_in_heap = Vec::new();
    }

    pub fn bytes(&self) -> usize {
        (self.queue.capacity() + self.heap.capacity() + self.new_in_heap.capacity()) * size_of::<Timer>()
    }
}

impl Timer {
    fn is_before(&self, other: &Timer) -> bool {
        self.cmp(other) == Ordering::Greater
    }

    /// What is appended to the ready queue when it is due.
    pub fn entry(&self) -> Entry {
        match self.due {
            Due::Release(future) => Entry::Release(future),
            Due::Handle(handle) => Entry::Handle(handle),
        }
    }
}

// The heap's first is its greatest: the earliest timer counts as that.
impl Ord for Timer {
    fn cmp(&self, other: &Self) -> Ordering {
        other.when.total_cmp(&self.when).then(other.number.cmp(&self.number))
    }
}
impl PartialOrd for Timer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Timer {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Timer {}
