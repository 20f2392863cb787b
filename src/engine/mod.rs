//! An engine: one interpreter with its heap, its texts, its fibers and its door to the outside.
//!
//! 1. [`drive`]: the run loop's owner: slices, quanta, what came back.
//! 2. [`schedule`]: parks fibers, gathers news from outside, chooses who runs; [`interlude`]: calls between two instructions.
//! 3. [`answer`]: what natives ask of the machine; [`compile`]: text to a link; [`inspect`]: frames as scripts see them.
//! 4. [`reclaim`]: collections and what they leave to do. [`limits`]: fuel, time, memory, cancellation.
//! 5. [`deadlock`]: who waits on what, when nothing can go on.
//! 6. [`embed`]: what embedders, the command among them, do with an engine.
//! 7. [`start`]: the modules that are there from the beginning; [`session`]: programs, one after the other.

pub mod answer;
pub mod compile;
pub mod deadlock;
pub mod drive;
pub mod embed;
pub mod inspect;
pub mod interlude;
pub mod limits;
pub mod reclaim;
pub mod schedule;
pub mod session;
pub mod start;

use crate::call::Cx;
use crate::host::Host;
use crate::sched::fibers::Fibers;
use crate::value::{Exc, Id, Value};
use crate::vm::fiber::Fiber;
use crate::vm::text::Texts;

pub use crate::call::embed::{Arguments, Data, Failure, Given, HostFunction, HostModule, Loader, ModuleText, Object};
pub use crate::host::{Capture, Clock, Grant, Grants, HostOptions, Input, Interrupt, Output, ProcessOutput, Random};
pub use aspen_grammar::report::Style;
pub use embed::{Mistakes, Raised, Stop, Text};
pub use limits::{Limit, Limits};

/// What an engine may use, and what it is.
pub struct EngineOptions {
    pub host: HostOptions,
    pub limits: Limits,
    /// CPython 3.13 to the letter.
    pub is_strict: bool,
    /// The modern forms of old spellings are shown.
    pub hints: bool,
    /// Where modules are looked for beside the script: `ASPENPATH`.
    pub path: Vec<String>,
    /// Instructions until the engine looks around, for tests: nothing of it is visible to a script.
    pub slice: i64,
}

impl Default for EngineOptions {
    fn default() -> Self {
        EngineOptions {
            host: HostOptions::default(),
            limits: Limits::default(),
            is_strict: false,
            hints: false,
            path: Vec::new(),
            slice: drive::SLICE,
        }
    }
}

/// An interpreter. `Send`, and small until something runs.
pub struct Engine {
    pub(crate) cx: Cx,
    pub(crate) texts: Texts,
    /// The fiber that runs; which one is in `cx.fiber`.
    pub(crate) fiber: Fiber,
    /// Whether one runs: false while all wait.
    pub(crate) is_running: bool,
    pub(crate) fibers: Fibers,
    pub(crate) limits: limits::Meter,
    /// Instructions at a time.
    pub(crate) slice: i64,
    /// Instructions that the running fiber has until the next one goes on.
    pub(crate) quantum: i64,
    /// Signals that were not handled yet, in the order in which they came.
    pub(crate) signals: Vec<i32>,
    /// Fuel that was used up so far.
    pub(crate) n_burned: i64,
    /// Where there was no room the last time.
    pub(crate) full_at: Option<reclaim::FullAt>,
    /// A limit that was reached in the middle of a slice.
    pub(crate) stopping: Option<Limit>,
    pub(crate) path: Vec<String>,
    /// The modules are there that are there from the beginning: made when the first program is.
    pub(crate) is_prepared: bool,
    /// A fault of ours left its state in the middle of something.
    pub(crate) is_broken: bool,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    Value(Value),
    Raised(Id<Exc>),
    /// A limit was reached; no handler of the script ran.
    Stopped(Limit),
    /// All wait, and nothing can end that: the report.
    Deadlock(String),
    /// A fault of Aspen's own, or of the host.
    Fault(String),
}

impl Engine {
    /// A new engine; nothing has run in it.
    pub fn new(mut options: EngineOptions) -> Engine {
        let mut key = [0; 8];
        options.host.random.fill(&mut key);
        let mut cx = Cx::new(options.limits.memory, u64::from_le_bytes(key));
        cx.host = Host::new(options.host);
        cx.is_strict = options.is_strict;
        cx.hinted = options.hints.then(Box::default);
        let mut engine = Engine {
            cx,
            texts: Texts::default(),
            fiber: Fiber::default(),
            is_running: false,
            fibers: Fibers::default(),
            limits: limits::Meter::new(options.limits),
            slice: options.slice,
            quantum: drive::QUANTUM,
            signals: Vec::new(),
            n_burned: 0,
            full_at: None,
            stopping: None,
            path: options.path,
            is_prepared: false,
            is_broken: false,
        };
        engine.limits.arm(&mut engine.cx);
        engine
    }
}

const _: () = {
    const fn is_send<T: Send>() {}
    is_send::<Engine>();
};
