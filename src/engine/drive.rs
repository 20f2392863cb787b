//! The driver: runs the chosen fiber slice by slice, and does what the loop came back for.
//!
//! Two counters. The *slice* is how long the host lets us run before we look at limits: the same fiber goes on, and no
//! script can tell. The *quantum* is how long a fiber has the interpreter before the next one goes on. Only at the end of
//! a quantum, when a fiber parks, and at a loop's poll do answers of the outside come in.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Poll};

use super::{Ended, Engine};
use crate::call::FiberId;
use crate::value::frame::FrameKind;
use crate::vm::{Signal, run::run_fiber};

/// Instructions before the driver looks around.
pub const SLICE: i64 = 20_000;

/// Instructions that a fiber has before the next one goes on: some milliseconds.
pub const QUANTUM: i64 = 100_000;

/// Slices of one poll, before the runtime has its turn.
const SLICES_PER_POLL: u32 = 50;

/// What came of a slice.
enum Step {
    /// Go on.
    On,
    /// No fiber can run.
    Idle,
    Ended(Ended),
}

impl Engine {
    /// Runs the fibers until the main one is over. Bounded: a long computation wakes its task and is polled again.
    pub(crate) fn poll_main(&mut self, waker: &mut Context<'_>) -> Poll<Ended> {
        let mut n_slices = 0;
        loop {
            match self.step() {
                Step::On => {
                    n_slices += 1;
                    if n_slices == SLICES_PER_POLL {
                        waker.waker().wake_by_ref();
                        return Poll::Pending;
                    }
                }
                Step::Ended(ended) => return Poll::Ready(ended),
                Step::Idle => {
                    if let Some(ended) = self.idle_verdict() {
                        return Poll::Ready(ended);
                    }
                    let deadline = self.fibers.first_deadline();
                    if self.limits.poll_deadline(&mut self.cx.host, waker) {
                        return Poll::Ready(self.stop(super::Limit::Time));
                    }
                    match self.cx.host.wait(waker, deadline) {
                        Poll::Ready(Ok(())) => self.gather(),
                        Poll::Ready(Err(error)) => return Poll::Ready(Ended::Fault(error.to_string())),
                        Poll::Pending => return Poll::Pending,
                    }
                }
            }
        }
    }

    /// One slice of the running fiber, or of the next one.
    fn step(&mut self) -> Step {
        if let Some(limit) = self.limits.reached(&mut self.cx.host) {
            return Step::Ended(self.stop(limit));
        }
        if !self.is_running && !self.choose() {
            return Step::Idle;
        }
        let slice = self.slice.min(self.limits.fuel_left()).max(1);
        let Engine { fiber, texts, cx, .. } = self;
        // The state behind is whole enough for a report and for the next program: all of it is dropped below.
        let ran = catch_unwind(AssertUnwindSafe(|| run_fiber(fiber, texts, cx, slice - 1)));
        let (signal, left) = match ran {
            Ok(ran) => ran,
            Err(panic) => return Step::Ended(self.stop_at_fault(message_of(&*panic))),
        };
        let burned = slice - 1 - left;
        self.limits.burn(burned);
        self.n_burned += burned;
        self.quantum -= burned;
        let mut signal = Some(signal);
        while let Some(now) = signal.take() {
            match now {
                Signal::Fuel => {}
                Signal::Full => signal = self.make_room().err(),
                Signal::Ask => signal = self.answer().err(),
                Signal::Done(value) if self.cx.fiber.id == FiberId::MAIN => {
                    self.is_running = false;
                    return Step::Ended(Ended::Value(value));
                }
                Signal::Died(exc) if self.cx.fiber.id == FiberId::MAIN => {
                    self.is_running = false;
                    return Step::Ended(Ended::Raised(exc));
                }
                Signal::Done(_) | Signal::Died(_) => {
                    self.leave();
                    return Step::On;
                }
            }
        }
        if let Some(limit) = self.stopping.take() {
            return Step::Ended(self.stop(limit));
        }
        if self.is_running && self.quantum <= 0 {
            self.end_quantum();
        }
        Step::On
    }

    /// What comes at the end of a quantum: young values may have been written to many old objects without any allocation.
    fn end_quantum(&mut self) {
        if self.cx.heap.is_much_touched() {
            self.collect(false);
        }
        if !self.is_hidden() {
            self.preempt();
        }
    }

    /// Whether the running fiber is in the library, which is not preempted or interrupted.
    pub(crate) fn is_hidden(&self) -> bool {
        let is_script = |frame: &&crate::value::Frame| frame.kind != FrameKind::Native && !frame.link.is_none();
        let innermost = self.fiber.frames.iter().rev().find(is_script);
        innermost.is_some_and(|frame| self.texts.get(frame.link).code.flags.is_hidden)
    }
}

/// What a panic says.
fn message_of(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic without a message")
}
