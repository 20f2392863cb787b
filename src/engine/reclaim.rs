//! Collections between two instructions, and what they leave to do.

use super::{Engine, Limit};
use crate::call::{Ask, FiberId};
use crate::types::finalize;
use crate::value::frame::FrameKind;
use crate::value::heap::NURSERY;
use crate::value::{Gray, Id, Link, Value};
use crate::vm::{Moved, Next, native, unwind};

/// A collection that found no room burns as much fuel as instructions would have run in its time.
const BYTES_PER_FUEL: usize = 64;

/// Where there was no room, and how much had been executed by then, without what natives burnt: a native that runs again
/// burns again.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct FullAt {
    fiber: FiberId,
    n_frames: usize,
    link: Id<Link>,
    pc: u32,
    n_executed: i64,
}

impl Engine {
    /// Collects, since the next allocation does not fit. Then the same instruction runs again, or MemoryError is raised.
    pub(crate) fn make_room(&mut self) -> Moved {
        self.cx.heap.is_stuck = self.is_stuck();
        if self.collect(false) {
            return Ok(Next::Script);
        }
        let heap = &mut self.cx.heap;
        // All that lives was marked in vain: who asks again and again pays for it.
        self.cx.burnt += (heap.used / BYTES_PER_FUEL) as i64;
        if heap.used > self.limits.hard() {
            self.stopping = Some(Limit::Memory);
            return Ok(Next::Script);
        }
        if heap.used + NURSERY.min(self.limits.hard() / 64) > heap.limit {
            // Its handlers may use the reserve.
            heap.set_limit(self.limits.hard());
        }
        let ask = self.cx.memory_error();
        if self.fiber.top().kind == FrameKind::Native {
            native::pop_native(&mut self.fiber);
        } else {
            self.fiber.top_mut().pc += 1;
        }
        let Ask::Raise(exc) = ask else { crate::bug!("a MemoryError is raised") };
        unwind::raise(&mut self.fiber, &mut self.texts, &mut self.cx, exc)
    }

    /// Whether the instruction (or the step of a native) for which there must be room is the one that ran last time.
    fn is_stuck(&mut self) -> bool {
        let top = self.fiber.top();
        let now = FullAt {
            fiber: self.cx.fiber.id,
            n_frames: self.fiber.frames.len(),
            link: top.link,
            pc: top.pc,
            n_executed: self.n_burned - self.cx.burnt_before,
        };
        let last = self.full_at.replace(now);
        let n_steps = (top.kind == FrameKind::Native) as i64;
        last.is_some_and(|last| {
            now.n_executed - last.n_executed <= n_steps && FullAt { n_executed: now.n_executed, ..last } == now
        })
    }

    /// Collects; what died with an end is finalised before the next instruction. False: what was wanted does not fit.
    pub(crate) fn collect(&mut self, is_forced: bool) -> bool {
        let mut roots = Gray::new();
        self.fiber.trace(&self.texts, &mut roots);
        self.fibers.trace(&self.texts, &mut roots);
        self.cx.trace(&mut roots);
        let root_bytes = self.fiber.bytes() + self.fibers.bytes();
        let collected = self.cx.heap.collect(&roots, root_bytes, is_forced);
        self.cx.host.pages.note_heap(self.cx.heap.used);
        if collected.is_major {
            let heap = &self.cx.heap;
            self.texts.sweep(|link| heap.links.is_old(link));
        }
        self.texts.forget_dead(&self.cx, collected.is_major);
        if self.cx.heap.limit > self.limits.soft() && self.cx.heap.used < self.limits.soft() / 2 {
            self.cx.heap.set_limit(self.limits.soft());
        }
        if self.is_running && !(collected.ended.is_empty() && collected.cleared.is_empty()) {
            let ended = finalize::in_order(&self.cx, collected.ended);
            self.interlude(finalize::frame(ended, collected.cleared));
        }
        collected.has_room
    }

    /// `gc.collect()`: everything; the number of objects that died is the result.
    pub(crate) fn collect_all(&mut self, to: (u8, crate::value::Want)) -> Moved {
        let moved = self.settle(Ok(Value::Int(0)), to.0, to.1);
        self.collect(true);
        moved
    }

    /// The program is over: everything that has an end ends, in order of creation.
    pub(crate) fn end_all(&mut self, to: (u8, crate::value::Want)) -> Moved {
        let moved = self.settle(Ok(Value::None), to.0, to.1);
        let mut ended = std::mem::take(&mut self.cx.heap.old_mortal);
        ended.append(&mut self.cx.heap.mortal);
        ended.retain(|&object| self.cx.heap.has_end(object));
        if !ended.is_empty() {
            let ended = finalize::in_order(&self.cx, ended);
            self.interlude(finalize::frame(ended, Vec::new()));
        }
        moved
    }
}
