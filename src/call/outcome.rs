//! How a native ends.

use std::sync::Arc;

use aspen_grammar::bytecode::Code;
use smallvec::SmallVec;

use super::fiber::Wait;
use crate::host::{HostOp, Nanos, OpId};
use crate::value::{Dict, Exc, Full, Func, Generator, Id, Link, NativeFrame, Told, Value};

/// A value, or what is needed first.
pub type Outcome = Result<Value, Ask>;

/// Why a native came back without a value. Small, so that `Outcome` travels in registers; what belongs to it is in `Cx`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ask {
    /// This exception is raised.
    Raise(Id<Exc>),
    /// `Cx::call` is to be called. A stepped native is told the result at its next step; the result of a plain native is
    /// that of the call.
    Call,
    /// The same, and the native is done: the result of the call is its result.
    Tail,
    /// `Cx::pushed` is to be run: its result is what a stepped native is told, or the result of a plain one.
    Push,
    /// The generator is resumed with `Cx::sent`; what it yields is the result, its end is StopIteration.
    Resume(Id<Generator>),
    /// The generator goes on; at its end the result is `Cx::sent`, the second argument of the call (`next(g, default)`).
    ResumeOr(Id<Generator>),
    /// This exception is thrown into the generator: `Cx::thrown`.
    Throw(Id<Generator>),
    /// The asynchronous generator runs above this frame as if it were called: what it awaits suspends the chain, what it
    /// yields is told. `Cx::sent` is sent to it; if that is `Undef`, `Cx::thrown` is thrown.
    Enter(Id<Generator>),
    /// The await chain is suspended; `Cx::sent` is what its driver gets. Told: what the resume sends.
    Yield,
    /// `Cx::sent` is awaited.
    Await,
    /// An iterator's `__next__` is at its end: StopIteration, or quicker where a loop waits.
    End,
    /// Collect, then run it again; it had no effect yet.
    Full,
    /// What only the machine can do: `Cx::machine_ask`.
    Machine,
}

impl Ask {
    /// The same for a native that goes on afterwards: what was asked for comes back to it.
    #[inline]
    pub fn to_come_back(self) -> Ask {
        if self == Ask::Tail { Ask::Call } else { self }
    }

    /// The same for a native that is done: where the machine has a form for that, the native's frame goes.
    #[inline]
    pub fn to_be_last(self) -> Ask {
        if self == Ask::Call { Ask::Tail } else { self }
    }

    /// Whether something will be told to the native's frame, if it has one.
    pub fn is_question(self) -> bool {
        match self {
            Ask::Call
            | Ask::Push
            | Ask::Resume(_)
            | Ask::ResumeOr(_)
            | Ask::Throw(_)
            | Ask::Enter(_)
            | Ask::Yield
            | Ask::Await
            | Ask::Machine => true,
            Ask::Raise(_) | Ask::Tail | Ask::End | Ask::Full => false,
        }
    }
}

/// A call that a native asks for.
#[derive(Default)]
pub struct CallAsk {
    pub callee: Value,
    pub args: SmallVec<[Value; 6]>,
    /// The last arguments are keyword arguments with the names of this tuple; `Undef`: none are.
    pub keywords: Value,
}

/// What only the machine can do for a native: it knows the frames.
#[derive(Debug)]
pub enum MachineAsk {
    /// Run the code of this link; R[0] is the namespace (`Undef`: the globals are), `closure` a tuple of cells, or `Undef`.
    Run { link: Value, namespace: Value, closure: Value },
    /// Compile a text and give its code as a value, or run it.
    Compile(Box<CompileAsk>),
    /// Run a module of the library.
    Load(Box<LoadAsk>),
    /// The globals of the calling script function.
    Globals,
    /// Its locals, as `locals()` gives them.
    Locals,
    /// The frame object `depth` levels up.
    Frame { depth: usize },
    /// `super()` without arguments.
    Super,
    /// The exception being handled, or None.
    Handled,
    /// Import a module by its absolute name.
    Import(Box<ImportAsk>),
    /// The loop that runs on this fiber has nothing to do until the deadline. Told as for `Park`.
    Poll { deadline: Option<Nanos> },
    /// The fiber waits. Told: True if it was woken (`Cx::wakes`, a descriptor, the end of an operation), False at the
    /// deadline; or an exception that ends the wait.
    Park(Wait),
    /// A new fiber calls `Cx::call` and runs at once; this one is next. `handle` hears of its end. Told: its number.
    Spawn { is_daemon: bool, handle: Value },
    /// The fiber waits until this operation of the host is done; told: None (what it gave is in `Cx::output`), or the
    /// OSError.
    Operation(Box<HostOp>),
    /// The same for one that was started already.
    Started(OpId),
    /// The place of the calling script function goes to `Cx::place`; told: None.
    Place,
    /// A coroutine that runs the code of this link; R[0] is the namespace.
    Coroutine { link: Value, namespace: Value },
    /// Finalise everything that has an end: the program is over.
    EndAll,
    /// How many fibers there are but this one and daemons.
    Others,
    /// Collect everything now; the number of what died is the result.
    Collect,
    /// `sys.setrecursionlimit`.
    RecursionLimit(usize),
    /// The same code under other globals, as a code object; with `for_func`, that function runs it from now on.
    Bind(BindAsk),
    /// Other code under the same globals, as a code object.
    Recode(RecodeAsk),
    /// The frame object of the innermost activation of this link that is under way; that of the traceback otherwise, which
    /// keeps it.
    FrameOf { traceback: Value, link: Id<Link> },
    /// A part of a frame object whose activation is under way.
    OfFrame { frame: Value, part: FramePart },
}

#[derive(Clone, Copy, Debug)]
pub struct BindAsk {
    pub link: Id<Link>,
    pub globals: Id<Dict>,
    pub for_func: Option<Id<Func>>,
}

#[derive(Debug)]
pub struct RecodeAsk {
    pub link: Id<Link>,
    pub code: Arc<Code>,
}

/// What the machine knows of an activation under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FramePart {
    Line,
    /// The frame object of the caller, or None.
    Back,
    /// A dict of its locals, the same each time.
    Locals,
}

#[derive(Debug)]
pub struct CompileAsk {
    pub source: Vec<u8>,
    pub file: Vec<u8>,
    pub mode: CompileMode,
    pub flags: i64,
    /// Then run it with these globals and locals, and give the result: `exec` and `eval`.
    pub run_in: Option<(Value, Value)>,
}

#[derive(Debug)]
pub struct LoadAsk {
    /// The code, as it was stored when Aspen was built.
    pub bytes: &'static [u8],
    pub file: String,
    pub globals: Id<Dict>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompileMode {
    Exec,
    Eval,
    Single,
}

#[derive(Debug)]
pub struct ImportAsk {
    pub name: Vec<u8>,
}

impl From<Full> for Ask {
    fn from(Full: Full) -> Self {
        Ask::Full
    }
}

impl NativeFrame {
    /// Tells the frame an outcome that was there at once, as if it had been asked for; anything else is to be asked for.
    pub fn tell(&mut self, outcome: Outcome) -> Result<(), Ask> {
        match outcome {
            Ok(value) => self.told = Told::Value(value),
            Err(Ask::Raise(exc)) => self.told = Told::Raised(exc),
            Err(Ask::Tail) => return Err(Ask::Call),
            Err(ask) => return Err(ask),
        }
        Ok(())
    }
}

/// A native frame for [`Ask::Push`].
pub type Pushed = Option<NativeFrame>;

impl Told {
    /// The value, or the exception again. The end of an iterator is a mistake here: whoever asks for it knows.
    pub fn into_outcome(self) -> Outcome {
        match self {
            Told::Value(value) | Told::Returned(value) => Ok(value),
            Told::Raised(exc) => Err(Ask::Raise(exc)),
            Told::Start | Told::End => Ok(Value::None),
        }
    }
}
