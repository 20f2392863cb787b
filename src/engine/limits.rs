//! Fuel, time, memory and the host's cancellation.
//!
//! None of them is an exception: a script can't catch them. The fibers end without handlers, the host is told which limit
//! it was, and the engine can run the next program. Only MemoryError is ordinary, as long as it can be handled: it is
//! raised while a small reserve is left, and beyond that the program is stopped.

use std::task::Context;
use std::time::{Duration, Instant};

use super::{Ended, Engine};
use crate::call::outcome::CallAsk;
use crate::call::{Cx, Place};
use crate::host::Host;
use crate::native::embed;
use crate::value::Value;
use crate::vm::fiber::Fiber;

/// What stopped a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// It executed as many instructions as it may.
    Fuel,
    /// It ran as long as it may.
    Time,
    /// It went on beyond a MemoryError.
    Memory,
    /// The host asked for it.
    Cancelled,
}

impl Limit {
    /// For messages.
    pub fn describe(self) -> &'static str {
        match self {
            Limit::Fuel => "the fuel is used up",
            Limit::Time => "the time is over",
            Limit::Memory => "the memory is used up",
            Limit::Cancelled => "cancelled",
        }
    }
}

/// How much one program may use.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Calls and rounds of loops, each about one unit; natives are charged for long work.
    pub fuel: Option<u64>,
    /// Real time.
    pub time: Option<Duration>,
    /// Bytes of the heap.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { fuel: None, time: None, memory: 1 << 30 }
    }
}

/// What is left of the limits.
pub(crate) struct Meter {
    limits: Limits,
    fuel: i64,
    deadline: Option<Instant>,
}

impl Meter {
    pub fn new(limits: Limits) -> Meter {
        Meter { limits, fuel: i64::MAX, deadline: None }
    }

    /// From here on a program has all of its limits.
    pub fn arm(&mut self, cx: &mut Cx) {
        self.fuel = self.limits.fuel.map_or(i64::MAX, |fuel| i64::try_from(fuel).unwrap_or(i64::MAX));
        self.deadline = self.limits.time.map(|time| Instant::now() + time);
        cx.heap.set_limit(self.soft());
    }

    /// Other limits, when a program is armed next.
    pub fn set(&mut self, limits: Limits) {
        self.limits = limits;
    }

    pub fn fuel_left(&self) -> i64 {
        self.fuel
    }

    pub fn burn(&mut self, instructions: i64) {
        if self.limits.fuel.is_some() {
            self.fuel -= instructions;
        }
    }

    /// The limit that is reached now.
    #[inline]
    pub fn reached(&self, host: &mut Host) -> Option<Limit> {
        if host.cancelled() && host.take_cancel() {
            return Some(Limit::Cancelled);
        }
        if self.fuel <= 0 {
            return Some(Limit::Fuel);
        }
        self.deadline.filter(|&deadline| Instant::now() >= deadline).map(|_| Limit::Time)
    }

    /// While all wait: whether the time is over; otherwise its end wakes the task.
    pub fn poll_deadline(&self, host: &mut Host, waker: &mut Context<'_>) -> bool {
        self.deadline.is_some_and(|deadline| host.poll_limit(waker, deadline))
    }

    /// Bytes from which on MemoryError is raised, and those at which the program is stopped.
    pub fn soft(&self) -> usize {
        self.limits.memory - (self.limits.memory / 16).min(RESERVE)
    }

    pub fn hard(&self) -> usize {
        self.limits.memory
    }
}

/// What is left for handling a MemoryError.
const RESERVE: usize = 1 << 20;

impl Engine {
    /// Ends all fibers, without handlers.
    pub(crate) fn stop(&mut self, limit: Limit) -> Ended {
        self.drop_fibers();
        Ended::Stopped(limit)
    }

    /// The same after a panic: the message, where the script stood and at which instruction. Nothing more runs.
    pub(crate) fn stop_at_fault(&mut self, message: &str) -> Ended {
        let mut text = message.to_owned();
        if let Some(frame) = self.calling_frame() {
            let place = Place { link: frame.link, pc: frame.pc.saturating_sub(1) };
            let code = self.cx.heap.links.get(frame.link).code().clone();
            let (file, line, source) = crate::types::warning::where_is(&self.cx, place);
            text.push_str(&format!("\n  while it ran {file}:{line}"));
            if let Some(op) = code.ops.get(place.pc as usize) {
                text.push_str(&format!(", instruction {} {op:?}", place.pc));
            }
            text.extend(source.map(|source| format!("\n    {source}")));
        }
        self.is_broken = true;
        self.drop_fibers();
        Ended::Fault(text)
    }

    /// Forgets everything that runs or waits. Modules stay.
    pub(crate) fn drop_fibers(&mut self) {
        for parking in self.fibers.clear() {
            if let Some(watch) = parking.watch {
                self.cx.host.unwatch(watch);
            }
            if let Some(operation) = parking.operation {
                self.cx.host.cancel(operation);
            }
        }
        embed::abandon_all(&mut self.cx);
        self.fiber = Fiber::default();
        self.is_running = false;
        self.stopping = None;
        self.signals.clear();
        let cx = &mut self.cx;
        cx.fiber = Default::default();
        cx.printing.clear();
        cx.wakes.clear();
        cx.ready.clear();
        cx.completed.clear();
        cx.output = None;
        cx.call = CallAsk::default();
        cx.pushed = None;
        cx.sent = Value::Undef;
        cx.thrown = crate::value::Id::NONE;
        cx.machine_ask = None;
        cx.burnt = 0;
        cx.n_launched = 0;
    }
}
