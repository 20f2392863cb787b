//! asyncio's futures and tasks.
//!
//! A task is a future with a coroutine. Who waits is kept as plain data: the library's own callbacks are variants of
//! [`Callback`] and become entries of the loop's queue without an object for each. What a future is for, beyond being a
//! future, is its [`Role`].

use super::context::Context;
use super::dict::Dict;
use super::event_loop::EventLoop;
use super::exception::Exc;
use super::frame::Place;
use super::instance::Inst;
use super::native_object::Boxed;
use super::sequence::trace_values;
use super::slab::{Gray, Kind};
use super::value::{Id, NativeId, Value};
use crate::host::OpId;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FutureState {
    #[default]
    Pending,
    Cancelled,
    Finished,
}

/// A future or a task, by its own handle (of an instance of a subclass: that of the payload).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FutureRef {
    Future(Id<Future>),
    Task(Id<Task>),
}

/// Who is told that a future is done.
#[derive(Clone, Copy, Debug, Default)]
pub enum Callback {
    #[default]
    None,
    /// The task goes on.
    Wake(Id<Task>),
    /// The child of a `gather` is done; this is what `gather` gave.
    Gather(Id<Future>),
    /// The task of a TaskGroup is done.
    Group(Id<Boxed>),
    /// The loop stops: of `run_until_complete`.
    Stop,
    /// The script's: called with the future, in this context.
    Call { callback: Value, context: Id<Context> },
}

/// What a future is for.
#[derive(Default)]
pub enum Role {
    #[default]
    Plain,
    /// The script's own: where it was made.
    Own(Place),
    /// `asyncio.sleep`: the result is there from the beginning, a timer releases it.
    Sleep,
    /// What `gather` gave.
    Gather(Box<Gather>),
    /// Somebody waits in a primitive: when he goes on, `after(target, item, future[, exception])` has the word first. What
    /// it gives is the result of the await.
    Waits { after: NativeId, target: Id<Boxed>, item: Value },
    /// The end of an operation of the host is awaited.
    Call(OpId),
    /// A timer of a time limit: when it is due the task is cancelled.
    Deadline(Id<Task>),
}

/// The state of a `gather`.
#[derive(Default)]
pub struct Gather {
    /// One per argument.
    pub children: Vec<Value>,
    /// Different ones, and how many of them are done.
    pub n_different: usize,
    pub n_finished: usize,
    pub gives_exceptions: bool,
    pub is_cancel_requested: bool,
}

#[derive(Default)]
pub struct Future {
    pub state: FutureState,
    /// It is awaited, not merely yielded.
    pub is_blocking: bool,
    /// It has an exception that nobody asked for yet.
    pub is_unretrieved: bool,
    /// Its exception was raised for somebody: the next one sees no traceback of that.
    pub was_raised: bool,
    /// `result` is an exception that was raised.
    pub has_exception: bool,
    /// Its loop; none: `extra` has an object that is no loop of ours.
    pub event_loop: Id<EventLoop>,
    /// The result or the exception; while pending, `Undef` or what a sleep will give.
    pub result: Value,
    pub callback: Callback,
    /// Callbacks behind the first.
    #[allow(clippy::box_collection)]
    pub more: Option<Box<Vec<Callback>>>,
    pub role: Role,
    pub extra: Option<Box<FutureExtra>>,
}

/// What few futures have.
#[derive(Default)]
pub struct FutureExtra {
    /// The instance of a subclass whose payload it is.
    pub outer: Option<Id<Inst>>,
    pub dict: Option<Id<Dict>>,
    /// `Undef` or what `cancel(msg)` was given.
    pub cancel_message: Value,
    /// The CancelledError with which a task ended, until somebody takes it.
    pub cancelled_exc: Value,
    pub foreign_loop: Value,
    /// `_source_traceback` of the debug mode.
    pub source: Value,
}

#[derive(Default)]
pub struct Task {
    pub future: Future,
    pub coro: Value,
    /// A str, or the number of a name that nobody asked for yet.
    pub name: Value,
    /// The future that it waits for.
    pub waiting: Value,
    pub context: Id<Context>,
    /// `cancelling()`.
    pub n_cancels: u32,
    /// The order of creation; it begins anew after four thousand million tasks.
    pub number: u32,
    /// At its next step it gets CancelledError.
    pub must_cancel: bool,
    /// Whether its death while pending is reported.
    pub reports_death: bool,
    /// It died while it was pending: nobody is to find it any more.
    pub is_lost: bool,
}

impl Future {
    #[inline]
    pub fn is_done(&self) -> bool {
        self.state != FutureState::Pending
    }

    /// What awaiting it gives, if that is just its result.
    #[inline]
    pub fn plain_result(&self) -> Option<Value> {
        let is_plain =
            self.state == FutureState::Finished && !self.has_exception && !matches!(self.role, Role::Waits { .. });
        is_plain.then_some(self.result)
    }

    #[inline]
    pub fn add_callback(&mut self, callback: Callback) {
        if matches!(self.callback, Callback::None) && self.more.is_none() {
            self.callback = callback;
        } else {
            self.more.get_or_insert_default().push(callback);
        }
    }

    /// All callbacks, in the order they were added.
    pub fn callbacks(&self) -> impl Iterator<Item = Callback> + '_ {
        let first = Some(self.callback).filter(|callback| !matches!(callback, Callback::None));
        first.into_iter().chain(self.more.iter().flat_map(|more| more.iter().copied()))
    }

    pub fn extra_mut(&mut self) -> &mut FutureExtra {
        self.extra.get_or_insert_default()
    }

    pub fn outer(&self) -> Option<Id<Inst>> {
        self.extra.as_ref().and_then(|extra| extra.outer)
    }

    fn trace_future(&self, gray: &mut Gray) {
        if !self.event_loop.is_none() {
            gray.push(Value::Loop(self.event_loop));
        }
        trace_values(&[self.result], gray);
        self.callback.trace(gray);
        self.more.iter().flat_map(|more| more.iter()).for_each(|callback| callback.trace(gray));
        match &self.role {
            Role::Plain | Role::Sleep | Role::Call(_) => {}
            Role::Deadline(task) => gray.push(Value::Task(*task)),
            Role::Own(made_at) => made_at.trace(gray),
            Role::Gather(gather) => trace_values(&gather.children, gray),
            Role::Waits { target, item, .. } => {
                gray.push(Value::Native(*target));
                trace_values(&[*item], gray);
            }
        }
        if let Some(extra) = &self.extra {
            gray.extend(extra.outer.map(Value::Inst));
            gray.extend(extra.dict.map(Value::Dict));
            trace_values(&[extra.cancel_message, extra.cancelled_exc, extra.foreign_loop, extra.source], gray);
        }
    }

    fn owned_by_future(&self) -> usize {
        let more = self.more.as_ref().map_or(0, |more| more.capacity() * size_of::<Callback>() + size_of::<Vec<()>>());
        let extra = self.extra.as_ref().map_or(0, |_| size_of::<FutureExtra>());
        let role = match &self.role {
            Role::Gather(gather) => size_of::<Gather>() + gather.children.capacity() * size_of::<Value>(),
            Role::Plain | Role::Own(_) | Role::Sleep | Role::Waits { .. } | Role::Call(_) | Role::Deadline(_) => 0,
        };
        more + extra + role
    }
}

impl Callback {
    pub fn trace(&self, gray: &mut Gray) {
        match *self {
            Callback::None | Callback::Stop => {}
            Callback::Wake(task) => gray.push(Value::Task(task)),
            Callback::Gather(outer) => gray.push(Value::Future(outer)),
            Callback::Group(group) => gray.push(Value::Native(group)),
            Callback::Call { callback, context } => {
                trace_values(&[callback], gray);
                gray.push(Value::Context(context));
            }
        }
    }
}

impl FutureRef {
    /// The handle as a value: for traces and comparisons, not for scripts (see `outer`).
    #[inline]
    pub fn value(self) -> Value {
        match self {
            FutureRef::Future(id) => Value::Future(id),
            FutureRef::Task(id) => Value::Task(id),
        }
    }

    /// The future that an exact value is.
    #[inline]
    pub fn of(value: Value) -> Option<FutureRef> {
        match value {
            Value::Future(id) => Some(FutureRef::Future(id)),
            Value::Task(id) => Some(FutureRef::Task(id)),
            _ => None,
        }
    }
}

impl Task {
    /// Whether its death is to be reported.
    pub fn has_end(&self) -> bool {
        (!self.future.is_done() && self.reports_death && !self.coro.is_undef()) || self.future.is_unretrieved
    }

    /// The exception of a task that failed.
    pub fn exception(&self) -> Option<Id<Exc>> {
        match (self.future.has_exception, self.future.result) {
            (true, Value::Exc(exc)) => Some(exc),
            _ => None,
        }
    }
}

impl Kind for Future {
    const SWEPT: bool = false;
    fn trace(&self, gray: &mut Gray) {
        self.trace_future(gray);
    }
    fn owned(&self) -> usize {
        self.owned_by_future()
    }
}

impl Kind for Task {
    // Swept, so that `all_tasks` finds no dead one.
    const SWEPT: bool = true;
    fn trace(&self, gray: &mut Gray) {
        self.future.trace_future(gray);
        trace_values(&[self.coro, self.name, self.waiting], gray);
        if !self.context.is_none() {
            gray.push(Value::Context(self.context));
        }
    }
    fn owned(&self) -> usize {
        self.future.owned_by_future()
    }
}

impl super::heap::Heap {
    #[inline]
    pub fn future(&self, future: FutureRef) -> &Future {
        match future {
            FutureRef::Future(id) => self.futures.get(id),
            FutureRef::Task(id) => &self.tasks.get(id).future,
        }
    }

    #[inline]
    pub fn future_mut(&mut self, future: FutureRef) -> &mut Future {
        match future {
            FutureRef::Future(id) => self.futures.get_mut(id),
            FutureRef::Task(id) => &mut self.tasks.get_mut(id).future,
        }
    }
}
