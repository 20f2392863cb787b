//! Fibers as natives know them: which one runs, what one waits for, who is to be woken.
//!
//! Plain data, left in `Cx`. Who runs next is the scheduler's affair: a native that must wait asks the machine to park its
//! fiber, is told later whether it was woken (True) or its time was up (False), and looks again at what it waited for.

use crate::host::{Direction, Fd, Nanos};
use crate::value::{Context, Gray, Id, Value};

pub use crate::value::frame::Place;

/// The number of a fiber: `threading.get_ident()`. Never used again, but for the main fiber's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiberId(pub u64);

impl FiberId {
    /// The main program.
    pub const MAIN: FiberId = FiberId(1);
}

/// The fiber that runs, and what it has of its own: `Cx::fiber`. The driver exchanges it when another fiber goes on.
#[derive(Clone, Copy, Debug)]
pub struct FiberLocals {
    pub id: FiberId,
    /// Nobody waits for it at the end.
    pub is_daemon: bool,
    /// The current context of contextvars.
    pub context: Id<Context>,
    /// The asyncio loop that runs on it, as scripts see it; `Undef`: none.
    pub running_loop: Value,
    /// What `set_event_loop` was given; `Undef`: nothing yet, None: None.
    pub event_loop: Value,
    /// `sys.set_asyncgen_hooks`: called at the first iteration of an asynchronous generator, and when one is dropped.
    pub async_generator_hooks: [Value; 2],
}

impl FiberLocals {
    /// What a fiber has when it begins.
    pub fn new(id: FiberId, is_daemon: bool, context: Id<Context>) -> FiberLocals {
        FiberLocals { id, is_daemon, context, ..FiberLocals::default() }
    }

    /// Every value inside.
    pub fn trace(&self, gray: &mut Gray) {
        let values = [self.running_loop, self.event_loop].into_iter().chain(self.async_generator_hooks);
        gray.extend(values.filter(Value::is_handle));
        if !self.context.is_none() {
            gray.push(Value::Context(self.context));
        }
    }
}

impl Default for FiberLocals {
    fn default() -> Self {
        FiberLocals {
            id: FiberId::MAIN,
            is_daemon: false,
            context: Id::NONE,
            running_loop: Value::Undef,
            event_loop: Value::Undef,
            async_generator_hooks: [Value::None; 2],
        }
    }
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
    /// A future failed since the last collection: a loop that has nothing to do looks whether anybody cares.
    pub has_failures: bool,
    /// `set_event_loop_policy`; `Undef`: nothing yet.
    pub policy: Value,
    /// A moment of the virtual clock, and exactly what the timer that brought it there says.
    pub exact_time: (i64, f64),
}

impl AsyncState {
    /// Every value inside.
    pub fn trace(&self, gray: &mut Gray) {
        gray.extend(Some(self.policy).filter(Value::is_handle));
    }
}

/// What a fiber waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitKind {
    /// Time alone: `time.sleep`.
    Sleep,
    /// A lock that another fiber holds.
    Lock,
    /// The end of a thread.
    Thread,
    /// An item of a queue.
    Queue,
    /// The end of all threads that are not daemons.
    AllThreads,
    /// A loop has nothing to do. The object is the future that `run_until_complete` waits for, or None.
    Loop,
    /// A descriptor is to become ready: the scheduler watches it meanwhile.
    Descriptor(Fd, Direction),
    /// Any of several descriptors that the native watches itself, with its fiber's token.
    Descriptors,
    /// An operation of the host.
    Operation,
}

/// A named wait.
#[derive(Clone, Copy, Debug)]
pub struct Wait {
    pub kind: WaitKind,
    /// The script object that is waited on.
    pub object: Value,
    /// The fiber that has it now, if one does.
    pub holder: Option<FiberId>,
    /// In engine time; `None` is for ever.
    pub deadline: Option<Nanos>,
}

impl Wait {
    /// A wait for an object, for ever.
    pub fn on(kind: WaitKind, object: Value) -> Wait {
        Wait { kind, object, holder: None, deadline: None }
    }

    /// The same, until a moment.
    pub fn until(self, deadline: Option<Nanos>) -> Wait {
        Wait { deadline, ..self }
    }
}

/// The token of a watch whose news are for a fiber; other tokens are those of loops.
pub const fn fiber_token(fiber: FiberId) -> u64 {
    FIBER_TOKEN | fiber.0
}

/// The fiber that a token belongs to.
pub const fn fiber_of_token(token: u64) -> Option<FiberId> {
    if token & FIBER_TOKEN != 0 { Some(FiberId(token & !FIBER_TOKEN)) } else { None }
}

/// The top bit is the host's own.
const FIBER_TOKEN: u64 = 1 << 62;
