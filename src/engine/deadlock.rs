//! When nothing can run and nothing outside can change that: who waits on what, made where, held by whom.

use super::{Ended, Engine};
use crate::call::fiber::{FiberId, Place, WaitKind};
use crate::host::Grant;
use crate::native::asyncio::{interrupt, waits};
use crate::native::wait_report::{WaitReport, WaitingFrame, made_at, sort_frames, thread_name};
use crate::value::{FrameKind, Value};

impl Engine {
    /// The verdict when no fiber can run: a deadlock, or None if something outside may still happen.
    pub(crate) fn idle_verdict(&mut self) -> Option<Ended> {
        let may_go_on = self.fibers.first_deadline().is_some()
            || self.cx.host.in_flight() > 0
            || self.cx.host.watched_descriptors() > 0
            || self.may_be_signalled()
            || !self.signals.is_empty();
        if may_go_on {
            return None;
        }
        let main = self.fibers.parking(FiberId::MAIN)?;
        // A loop that was told to run for ever waits for the outside.
        if main.wait.kind == WaitKind::Loop && main.wait.object.given().is_none_or(|object| object.is_none()) {
            return None;
        }
        let report = self.deadlock_report();
        self.drop_fibers();
        Some(Ended::Deadlock(report))
    }

    /// Whether a handler of the script, other than that of asyncio's runner, waits for a signal.
    fn may_be_signalled(&self) -> bool {
        let is_scripts = |&(_, handler): &(i32, Value)| !interrupt::is_runners_handler(&self.cx, handler);
        self.cx.host.grants().has(Grant::Signals) && self.cx.signal_handlers.iter().any(is_scripts)
    }

    fn deadlock_report(&mut self) -> String {
        let parked: Vec<FiberId> = self.fibers.iter().map(|resting| resting.locals.id).collect();
        let mut reports: Vec<WaitReport> = parked.into_iter().filter_map(|id| self.describe_wait(id)).collect();
        reports.extend(waits::waiting_tasks(&mut self.cx));
        let blocks: String = reports.iter().map(|report| report.render(&self.cx)).collect();
        format!("deadlock: nothing can go on\n{blocks}")
    }

    fn describe_wait(&mut self, id: FiberId) -> Option<WaitReport> {
        let wait = self.fibers.parking(id)?.wait;
        let frames = self.waiting_frames(id);
        let (places, in_library) = sort_frames(&self.cx, &frames);
        let who = self.fiber_name(id);
        // Of threads, locks are what the library is made of.
        let of_lock = matches!(wait.kind, WaitKind::Lock | WaitKind::Queue);
        if let Some((what, object)) = in_library.filter(|_| of_lock) {
            let holder = wait.holder.filter(|&holder| holder != id).map(|holder| self.fiber_name(holder));
            return Some(WaitReport { who, what, made_at: made_at(&self.cx, object), holder, places });
        }
        let object = wait.object;
        if wait.kind == WaitKind::Loop && !matches!(object, Value::Undef | Value::None) {
            let awaited = waits::awaited(&mut self.cx, object);
            return Some(WaitReport { who, places, ..awaited });
        }
        let (what, holder) = match (wait.kind, wait.holder) {
            (WaitKind::Thread, Some(thread)) => (format!("the end of {}", self.fiber_name(thread)), None),
            (_, Some(holder)) if holder == id => (kind_text(wait.kind).to_owned(), Some(format!("{who} itself"))),
            (_, holder) => (kind_text(wait.kind).to_owned(), holder.map(|holder| self.fiber_name(holder))),
        };
        Some(WaitReport { who, what, made_at: made_at(&self.cx, object), holder, places })
    }

    /// The script frames of a fiber that waits, from the outside inwards.
    fn waiting_frames(&self, id: FiberId) -> Vec<WaitingFrame> {
        let Some(resting) = self.fibers.iter().find(|resting| resting.locals.id == id) else { return Vec::new() };
        let fiber = &resting.fiber;
        let frames = fiber.frames.iter().filter(|frame| frame.kind != FrameKind::Native && !frame.link.is_none());
        let waiting = frames.map(|frame| WaitingFrame {
            place: Place { link: frame.link, pc: frame.pc.saturating_sub(1) },
            is_hidden: self.texts.get(frame.link).code.flags.is_hidden,
            this: fiber.stack.get(frame.base as usize).copied().unwrap_or_default(),
        });
        waiting.collect()
    }

    fn fiber_name(&mut self, id: FiberId) -> String {
        if id == FiberId::MAIN {
            return "the main program".to_owned();
        }
        match thread_name(&mut self.cx, id.0) {
            Some(name) => format!("thread '{name}'"),
            None => format!("thread {}", id.0),
        }
    }
}

fn kind_text(kind: WaitKind) -> &'static str {
    match kind {
        WaitKind::Sleep => "time",
        WaitKind::Lock => "a lock",
        WaitKind::Thread => "the end of a thread",
        WaitKind::Queue => "an item of a queue",
        WaitKind::AllThreads => "the end of the threads",
        WaitKind::Loop => "the outside",
        WaitKind::Descriptor(..) | WaitKind::Descriptors => "a descriptor",
        WaitKind::Operation => "an operation",
    }
}
