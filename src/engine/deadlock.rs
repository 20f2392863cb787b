//! When nothing can run and nothing outside can change that: who waits on what, made where, held by whom.

use super::{Ended, Engine};
use crate::call::fiber::{FiberId, Place, WaitKind};
use crate::host::Grant;
use crate::native::asyncio::interrupt;
use crate::native::thread;
use crate::sched::fibers::{Parking, Rest, Resting};
use crate::types::asyncio::report;
use crate::types::warning;
use crate::value::Value;

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
        let mut out = String::from("deadlock: nothing can go on\n");
        for resting in self.fibers.iter() {
            let Rest::Parked(parking) = &resting.rest else { continue };
            out.push_str(&self.describe_wait(resting, parking));
        }
        out.push_str(&report::waiting_tasks(&mut self.cx));
        out
    }

    fn describe_wait(&self, resting: &Resting, parking: &Parking) -> String {
        let mut out = format!("  {} waits for {}", fiber_name(resting.locals.id), self.describe_object(parking));
        let made_at = thread::lock_of(&self.cx, parking.wait.object).map(|lock| lock.made_at).unwrap_or_default();
        if !made_at.link.is_none() {
            let (file, line, source) = warning::where_is(&self.cx, made_at);
            out.push_str(&format!(", made at {file}:{line}"));
            if let Some(source) = source {
                out.push_str(&format!("\n      {source}"));
            }
        }
        out.push('\n');
        if let Some(holder) = parking.wait.holder {
            let own = if holder == resting.locals.id { " (itself)" } else { "" };
            out.push_str(&format!("    held by {}{own}\n", fiber_name(holder)));
        }
        if let Some(place) = self.place_of(resting) {
            let (file, line, source) = warning::where_is(&self.cx, place);
            out.push_str(&format!("    at {file}:{line}\n"));
            if let Some(source) = source {
                out.push_str(&format!("      {source}\n"));
            }
        }
        out
    }

    fn describe_object(&self, parking: &Parking) -> String {
        match parking.wait.kind {
            WaitKind::Sleep => "time".to_owned(),
            WaitKind::Lock => "a lock".to_owned(),
            WaitKind::Thread => "the end of a thread".to_owned(),
            WaitKind::Queue => "an item of a queue".to_owned(),
            WaitKind::AllThreads => "the end of the threads".to_owned(),
            WaitKind::Loop => match parking.wait.object {
                Value::Undef | Value::None => "the outside".to_owned(),
                object => format!("a {} of asyncio", self.cx.class_name(object)),
            },
            WaitKind::Descriptor(..) | WaitKind::Descriptors => "a descriptor".to_owned(),
            WaitKind::Operation => "an operation".to_owned(),
        }
    }

    /// Where a fiber stands: its innermost script frame that is not the library's.
    fn place_of(&self, resting: &Resting) -> Option<Place> {
        let frames = resting.fiber.frames.iter().rev();
        let mut visible = frames.filter(|frame| {
            frame.kind != crate::value::FrameKind::Native
                && !frame.link.is_none()
                && !self.texts.get(frame.link).code.flags.is_hidden
        });
        visible.next().map(|frame| Place { link: frame.link, pc: frame.pc.saturating_sub(1) })
    }
}

fn fiber_name(id: FiberId) -> String {
    if id == FiberId::MAIN { "the main program".to_owned() } else { format!("thread {}", id.0) }
}
