//! Suspended generators, coroutines and asynchronous generators.
//!
//! An await chain is flat: the frames that await each other are parked in one vector, outermost first, whoever started
//! them. The innermost one is the *seat*: only it is restored by a resume; a parent comes back when its callee returns.
//! A frame that has a generator object of its own (`await coroutine_object`) is parked with its owner, which says that it is
//! driven by another one until it ends.

use super::exception::Exc;
use super::frame::{Frame, NativeFrame, Want};
use super::sequence::trace_values;
use super::slab::{Gray, Kind};
use super::value::{Id, Name, Value};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GenKind {
    #[default]
    Generator,
    Coroutine,
    AsyncGenerator,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GenState {
    /// Nothing of it has run.
    #[default]
    Created,
    Suspended,
    Running,
    /// Its frame is part of the chain of another generator, which drives it.
    Driven,
    Finished,
}

/// A frame that does not run, and exactly what it needs to go on.
pub enum Parked {
    Script {
        frame: Frame,
        regs: Box<[Value]>,
        /// The generator object of this frame, unless it is the one that holds the chain.
        owner: Option<Id<Generator>>,
    },
    /// `frame` keeps where the result goes.
    Native { frame: Frame, native: Box<NativeFrame> },
}

impl Default for Parked {
    fn default() -> Self {
        Parked::Script { frame: Frame::default(), regs: Box::default(), owner: None }
    }
}

#[derive(Default)]
pub struct Generator {
    pub kind: GenKind,
    pub state: GenState,
    /// The innermost frame. While it runs its box is kept for the next suspension.
    pub seat: Parked,
    /// The seat is its own frame, script code that waits at a `yield`, and nothing awaits it: loops enter it straight. An
    /// asynchronous one may be so while it runs, too, until an await in it suspends.
    pub is_flat: bool,
    /// Where the result of the seat goes in the innermost of `parents`.
    pub seat_dst: u8,
    pub seat_want: Want,
    /// The generator object of the seat's frame, where it is not this one.
    pub seat_owner: Id<Generator>,
    /// The one whose chain this one's frame is part of, while it is driven.
    pub driver: Id<Generator>,
    /// Those that await it, outermost first. Empty, and without memory, for a plain generator.
    pub parents: Vec<Parked>,
    /// The future that the seat awaits: a resume delivers its result. `Undef` if it waits for what is sent.
    pub awaiting: Value,
    /// The GeneratorExit with which the chain is being closed, frame by frame from the innermost; none if it is not.
    pub closing: Id<Exc>,
    /// The function's name; none: as the code says.
    pub name: Name,
    pub rare: Option<Box<GeneratorRare>>,
    /// The link of the outermost frame.
    pub link: Id<super::Link>,
    /// Where a coroutine was made.
    pub made_at: super::frame::Place,
    /// Somebody awaited it or sent to it: no warning when it ends.
    pub was_started: bool,
    /// Its generators may be awaited (`types.coroutine`).
    pub is_iterable_coroutine: bool,
    /// Made by the call in the header of a `for` loop, which closes it when it is left.
    pub closes_with_loop: bool,
    /// Of an asynchronous generator: its hooks were called.
    pub has_hooks: bool,
    /// Of an asynchronous generator: `aclose` or its end closed it.
    pub is_closed: bool,
    /// Of an asynchronous generator: an `asend`, `athrow` or `aclose` is under way.
    pub is_busy: bool,
}

/// What few generators have.
#[derive(Default)]
pub struct GeneratorRare {
    /// Names that a script set, on it or on its function.
    pub name: Value,
    pub qualname: Value,
    /// The finalizer hook of an asynchronous generator.
    pub hook: Value,
}

impl Generator {
    pub fn rare_mut(&mut self) -> &mut GeneratorRare {
        self.rare.get_or_insert_default()
    }

    /// The name, unless it is as the code says.
    pub fn given_name(&self) -> Option<Value> {
        let set = self.rare.as_ref().and_then(|rare| rare.name.given());
        set.or_else(|| self.name.given().map(Value::Str))
    }

    /// The qualified name, unless it is as the code says.
    pub fn given_qualname(&self) -> Option<Value> {
        let set = self.rare.as_ref().and_then(|rare| rare.qualname.given());
        set.or_else(|| self.given_name().filter(|_| self.link.is_none()))
    }

    pub fn hook(&self) -> Option<Value> {
        self.rare.as_ref().and_then(|rare| rare.hook.given())
    }

    /// Whether its death is to be noticed: a suspended body may have `finally` blocks, a coroutine may warn.
    pub fn has_end(&self) -> bool {
        match self.state {
            GenState::Suspended => true,
            GenState::Created => self.kind == GenKind::Coroutine && !self.was_started,
            GenState::Running | GenState::Driven | GenState::Finished => false,
        }
    }
}

impl Parked {
    pub fn trace(&self, gray: &mut Gray) {
        match self {
            Parked::Script { frame, regs, owner } => {
                if !frame.link.is_none() {
                    gray.push(Value::Link(frame.link));
                }
                trace_values(regs, gray);
                gray.extend(owner.map(Value::Gen));
            }
            Parked::Native { native, .. } => native.trace(gray),
        }
    }

    pub fn owned(&self) -> usize {
        match self {
            Parked::Script { regs, .. } => size_of_val::<[Value]>(regs),
            Parked::Native { native, .. } => native.owned(),
        }
    }
}

impl Kind for Generator {
    const SWEPT: bool = true;
    fn trace(&self, gray: &mut Gray) {
        // While it runs, its registers are on the stack, and the copy here is stale.
        if matches!(self.state, GenState::Created | GenState::Suspended) {
            self.seat.trace(gray);
        }
        self.parents.iter().for_each(|parent| parent.trace(gray));
        gray.extend(self.seat_owner.given().map(Value::Gen));
        if self.state == GenState::Created {
            self.made_at.trace(gray);
        }
        trace_values(&[self.awaiting], gray);
        gray.extend(self.closing.given().map(Value::Exc));
        gray.extend(self.name.given().map(Value::Str));
        if let Some(rare) = &self.rare {
            trace_values(&[rare.name, rare.qualname, rare.hook], gray);
        }
        if !self.link.is_none() {
            gray.push(Value::Link(self.link));
        }
    }
    fn owned(&self) -> usize {
        let parents: usize = self.parents.iter().map(Parked::owned).sum();
        let rare = self.rare.as_ref().map_or(0, |_| size_of::<GeneratorRare>());
        self.seat.owned() + parents + rare + self.parents.capacity() * size_of::<Parked>()
    }
}
