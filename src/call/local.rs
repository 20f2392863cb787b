//! What belongs to one fiber rather than to the engine, and asyncio's state beyond its objects.
//!
//! The driver exchanges `Cx::local` when another fiber goes on.

use crate::value::{Context, Gray, Id, Value};

/// What a fiber has of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Local {
    /// The current context of contextvars.
    pub context: Id<Context>,
    /// The asyncio loop that runs on it, as scripts see it; `Undef`: none.
    pub running_loop: Value,
    /// What `set_event_loop` was given; `Undef`: nothing yet, None: None.
    pub event_loop: Value,
    /// `sys.set_asyncgen_hooks`; `Undef`: none.
    pub asyncgen_first: Value,
    pub asyncgen_last: Value,
    /// `threading.get_ident()`.
    pub thread: u64,
}

/// asyncio's state beyond its objects.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsyncState {
    /// How many tasks had the number in their name asked for: the next one is `Task-(n + 1)`.
    pub n_named: u64,
    /// How many tasks were made.
    pub n_tasks: u64,
    /// A script replaced a method of a loop class.
    pub is_patched: bool,
    /// `set_event_loop_policy`; `Undef`: nothing yet.
    pub policy: Value,
    /// A moment of the virtual clock, and exactly what the timer that brought it there says.
    pub exact_time: (i64, f64),
}

impl Local {
    /// Every value inside.
    pub fn trace(&self, gray: &mut Gray) {
        let values = [self.running_loop, self.event_loop, self.asyncgen_first, self.asyncgen_last];
        gray.extend(values.into_iter().filter(|value| value.is_handle()));
        if !self.context.is_none() {
            gray.push(Value::Context(self.context));
        }
    }
}

impl AsyncState {
    /// Every value inside.
    pub fn trace(&self, gray: &mut Gray) {
        gray.extend(Some(self.policy).filter(|policy| policy.is_handle()));
    }
}
