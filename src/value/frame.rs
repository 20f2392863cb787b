//! Places on a fiber, as plain data.
//!
//! A *frame* is 16 bytes: where in which code, where its registers begin, and what is to be done with its result. The state
//! of a native that waits for script code is a [`NativeFrame`] beside it: the native, its step, and a few values.
//! What runs them is `vm`.

use smallvec::SmallVec;

use super::exception::Exc;
use super::function::Link;
use super::native_object::NativeObject;
use super::sequence::trace_values;
use super::slab::Gray;
use super::value::{Id, NativeId, Value};

/// A place on a fiber. `pc` is that of the next instruction, and stale while the frame runs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frame {
    pub link: Id<Link>,
    pub pc: u32,
    pub base: u32,
    /// Which register of the frame below gets the result.
    pub dst: u8,
    pub kind: FrameKind,
    /// What the frame below wants of the result.
    pub want: Want,
}

const _: () = assert!(size_of::<Frame>() == 16);

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

/// What a frame is, and so what its return means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum FrameKind {
    /// Called by script code; its result goes to a register. The only kind that `Return` handles in the loop.
    #[default]
    Call,
    /// As `Call`, but `want` is not `Value`, or a native frame is below.
    Callback,
    /// `__init__` called by a class: must return None; the instance in the slot two below `base` is the result.
    Init,
    /// The innermost frame of a generator that something drives (`next`, `send`, a loop, a task); the handle is in the
    /// slot under `base`. Without a link it is a mark only: the innermost frame is the native one above it.
    Resumed,
    /// The frame of a generator that the frame below awaits (or delegates to); the handle is in the slot under `base`.
    /// A suspension passes through it.
    Linked,
    /// Not script code: its state is the last of the fiber's natives.
    Native,
    /// The bottom of a fiber.
    Entry,
}

/// What the frame below wants of a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Want {
    /// The value, in `dst`.
    #[default]
    Value,
    /// Its truth decides the branch instruction before the consumer's pc.
    Branch,
    /// Its truth, in `dst`.
    Truth,
    /// The opposite of its truth, in `dst`.
    NotTruth,
    /// Nothing.
    Nothing,
    /// The next value of the loop whose `ForIter` is before the consumer's pc; StopIteration ends the loop.
    Next,
    /// An iterator, for the `GetIter` before the consumer's pc.
    Iterator,
    /// The next value, for a native frame: StopIteration is told as the end.
    NativeNext,
    /// The value is awaited (delegated to) by the instruction before the consumer's pc.
    Await,
    /// A tuple of just the values for the registers from `dst` on.
    Unpacked,
    /// What an `except*` clause matched, and the rest.
    StarMatched,
    /// Nothing: the frame ran between two instructions of the one below, which goes on where it was.
    Interlude,
    /// The value, in `dst`; at the end of the generator the second argument of the call before the consumer's pc.
    NextOr,
    /// What a special method answers to the operator before the consumer's pc; NotImplemented: the next one is asked.
    Answer,
    /// The attribute for `LoadMethod`: R[dst] = value, R[dst + 1] = unbound.
    Callee,
}

/// What a native frame is told about the last thing it asked for.
#[derive(Clone, Copy, Debug, Default)]
pub enum Told {
    /// Nothing was asked yet.
    #[default]
    Start,
    Value(Value),
    /// The iterator is exhausted.
    End,
    /// The generator that was resumed returned this.
    Returned(Value),
    Raised(Id<Exc>),
}

/// A native under way: which, at which step, with which values. Never a closure.
#[derive(Default)]
pub struct NativeFrame {
    pub native: NativeId,
    /// 0 is the start; what the others mean is the native's own affair.
    pub step: u32,
    /// Arguments first, as bound; the native may keep others here.
    pub values: SmallVec<[Value; 4]>,
    /// State that is not a few values: a sort, a walk.
    pub state: Option<Box<dyn NativeObject>>,
    pub told: Told,
    /// What it asked for is the next value of an iterator: StopIteration is told as [`Told::End`].
    pub wants_next: bool,
    /// The same for the native itself: what it is told is the item that its loop asked for (`call/iterate.rs`).
    pub awaits_item: bool,
}

impl NativeFrame {
    pub fn new(native: NativeId, values: &[Value]) -> Self {
        NativeFrame { native, values: SmallVec::from_slice(values), ..NativeFrame::default() }
    }

    pub fn at_step(native: NativeId, step: u32, values: &[Value]) -> Self {
        NativeFrame { step, ..NativeFrame::new(native, values) }
    }

    pub fn trace(&self, gray: &mut Gray) {
        trace_values(&self.values, gray);
        if let Some(state) = &self.state {
            state.trace(gray);
        }
        match self.told {
            Told::Value(value) | Told::Returned(value) => trace_values(&[value], gray),
            Told::Raised(exc) => gray.push(Value::Exc(exc)),
            Told::Start | Told::End => {}
        }
    }

    pub fn owned(&self) -> usize {
        size_of::<NativeFrame>() + self.state.as_ref().map_or(0, |state| state.bytes())
    }
}

impl Default for NativeId {
    fn default() -> Self {
        NativeId { table: u16::MAX, row: u16::MAX }
    }
}
