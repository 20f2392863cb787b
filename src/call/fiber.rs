//! Fibers as natives know them: which one runs, what one waits for, who is to be woken.
//!
//! Plain data, left in `Cx`. Who runs next is the scheduler's affair: a native that must wait asks the machine to park its
//! fiber, is told later whether it was woken (True) or its time was up (False), and looks again at what it waited for.

use crate::host::{Direction, Fd, Nanos};
use crate::value::{Gray, Id, Link, Value};

/// The number of a fiber: `threading.get_ident()`. Never used again, but for the main fiber's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiberId(pub u64);

impl FiberId {
    /// The main program.
    pub const MAIN: FiberId = FiberId(1);
}

/// Which fiber runs: `Cx::fiber`.
#[derive(Clone, Copy, Debug)]
pub struct FiberLocals {
    pub id: FiberId,
    /// Nobody waits for it at the end.
    pub is_daemon: bool,
}

impl Default for FiberLocals {
    fn default() -> Self {
        FiberLocals { id: FiberId::MAIN, is_daemon: false }
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

/// A place in code: where something was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub link: Id<Link>,
    pub pc: u32,
}

impl Place {
    pub fn trace(self, gray: &mut Gray) {
        if !self.link.is_none() {
            gray.push(Value::Link(self.link));
        }
    }
}
