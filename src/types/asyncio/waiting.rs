//! What the primitives have in common: waiters in line, and the loop that they are bound to.
//!
//! A task that has to wait awaits a future with [`Role::Waits`]: no frame stands for the method that it called. When the task
//! goes on, the primitive's `after` function is run first: it is the part of the method behind its `await`.

use std::collections::VecDeque;

use super::{ensure, future, schedule};
use crate::call::{Ask, Cx, Outcome, Place};
use crate::types::{attribute, classes, strings};
use crate::value::future::{FutureState, Role};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::{EventLoop, Exc, Future, FutureRef, Gray, Id, NativeId, Value};

/// Futures of those who wait, in line.
#[derive(Default)]
pub struct Line {
    futures: VecDeque<Id<Future>>,
    /// Where the primitive was made.
    pub made_at: Place,
}

impl Line {
    /// Nobody waits yet.
    pub fn made_at(made_at: Place) -> Line {
        Line { made_at, ..Line::default() }
    }

    pub fn len(&self) -> usize {
        self.futures.len()
    }

    pub fn is_empty(&self) -> bool {
        self.futures.is_empty()
    }

    pub fn push(&mut self, future: Id<Future>) {
        self.futures.push_back(future);
    }

    pub fn pop(&mut self) -> Option<Id<Future>> {
        self.futures.pop_front()
    }

    pub fn first(&self) -> Option<Id<Future>> {
        self.futures.front().copied()
    }

    pub fn iter(&self) -> impl Iterator<Item = Id<Future>> + '_ {
        self.futures.iter().copied()
    }

    /// Takes one out; false if it was not in line.
    pub fn remove(&mut self, future: Id<Future>) -> bool {
        let Some(at) = self.futures.iter().position(|&known| known == future) else { return false };
        self.futures.remove(at);
        true
    }

    pub fn trace(&self, gray: &mut Gray) {
        gray.extend(self.futures.iter().map(|&id| Value::Future(id)));
        self.made_at.trace(gray);
    }

    pub fn bytes(&self) -> usize {
        self.futures.capacity() * size_of::<Id<Future>>()
    }
}

/// The state of a primitive: the object that a value is, or the one inside an instance of a subclass.
pub fn state_id<T: NativeObject>(cx: &mut Cx, value: Value) -> Result<Id<Boxed>, Ask> {
    if let Value::Native(id) = cx.exact(value)
        && cx.heap.native::<T>(id).is_some()
    {
        return Ok(id);
    }
    Err(cx.type_error(format!("a '{}' object was not expected", cx.class_name(value))))
}

/// The state of a primitive that is known to be one.
pub fn of<T: NativeObject>(cx: &Cx, id: Id<Boxed>) -> &T {
    cx.heap.native(id).expect("it was looked at before")
}

/// The same, to be changed.
pub fn of_mut<T: NativeObject>(cx: &mut Cx, id: Id<Boxed>) -> &mut T {
    cx.heap.native_mut(id).expect("it was looked at before")
}

/// The running loop, to which a primitive is bound by its first wait.
pub fn bound_loop(cx: &mut Cx, shown: Value, bound: Id<EventLoop>) -> Result<Id<EventLoop>, Ask> {
    let running = ensure::running_loop(cx)?;
    let Some(id) = schedule::loop_of(cx, running) else {
        return Err(cx.not_implemented("waiting on a loop that is not one of asyncio's"));
    };
    if !bound.is_none() && bound != id {
        let text = super::repr::text_of(cx, shown);
        return Err(cx.runtime_error(format!("{text} is bound to a different event loop")));
    }
    Ok(id)
}

/// The number of the task that runs; 0: none.
pub fn current_number(cx: &Cx) -> u32 {
    let event_loop = cx.fiber.running_loop.given().and_then(|shown| schedule::loop_of(cx, shown));
    match event_loop.map(|id| cx.heap.event_loops.get(id).current) {
        Some(Value::Task(task)) => cx.heap.tasks.get(task).number,
        _ => 0,
    }
}

/// A future in which somebody waits.
pub fn new(cx: &mut Cx, event_loop: Id<EventLoop>, after: NativeId, target: Id<Boxed>, item: Value) -> Id<Future> {
    future::new(cx, event_loop, Role::Waits { after, target, item })
}

/// Suspends the caller until the future is done.
pub fn wait(cx: &mut Cx, future: Id<Future>) -> Outcome {
    cx.sent = Value::Future(future);
    Err(Ask::Await)
}

/// Wakes one that waits, unless it is done.
pub fn wake(cx: &mut Cx, id: Id<Future>, result: Value) -> Result<bool, Ask> {
    if cx.heap.futures.get(id).is_done() {
        return Ok(false);
    }
    future::finish(cx, FutureRef::Future(id), result)?;
    Ok(true)
}

/// What an `after` function is told: its arguments are target, item, future, exception.
pub struct After {
    pub target: Id<Boxed>,
    pub item: Value,
    pub future: Id<Future>,
    /// What is raised: thrown in, or what the future brought.
    pub exc: Option<Id<Exc>>,
}

/// The arguments of an `after` function.
pub fn after(cx: &mut Cx, args: &[Value]) -> Result<After, Ask> {
    let (Value::Native(target), Value::Future(future)) = (args[0], args[2]) else {
        crate::bug!("an `after` function knows whom it serves")
    };
    let exc = match args[3] {
        Value::Exc(exc) => Some(exc),
        _ => match cx.heap.futures.get(future).state {
            FutureState::Pending => return Err(cx.runtime_error("await wasn't used with future")),
            FutureState::Finished if !cx.heap.futures.get(future).has_exception => None,
            FutureState::Finished | FutureState::Cancelled => match future::result(cx, FutureRef::Future(future)) {
                Err(Ask::Raise(exc)) => Some(exc),
                Err(ask) => return Err(ask),
                Ok(_) => None,
            },
        },
    };
    Ok(After { target, item: args[1], future, exc })
}

/// Whether the future of a waiter was cancelled.
pub fn is_cancelled(cx: &Cx, id: Id<Future>) -> bool {
    cx.heap.futures.get(id).state == FutureState::Cancelled
}

/// `<asyncio.locks.Lock object at 0x… [extra]>`.
pub fn repr(cx: &mut Cx, shown: Value, extra: &str, n_waiters: usize) -> Outcome {
    let class = cx.class_of(shown);
    let name = crate::types::class::methods::full_name(cx, class);
    let waiters = if n_waiters > 0 { format!(", waiters:{n_waiters}") } else { String::new() };
    let text = format!("<{name} object at {:#x} [{extra}{waiters}]>", crate::types::quick::identity(shown));
    Ok(cx.str(&text))
}

/// The futures of a line as a list, or None: what `_waiters` shows.
pub fn shown_line(cx: &mut Cx, line: Vec<Id<Future>>) -> Value {
    let futures = line.into_iter().map(Value::Future).collect();
    cx.heap.new_list(futures)
}

/// Whether an instance of a script's subclass replaces one of the methods that the others are made of.
pub fn replaces(cx: &mut Cx, value: Value, names: &[crate::value::Name]) -> bool {
    if !matches!(value, Value::Inst(_)) {
        return false;
    }
    let class = cx.class_of(value);
    names.iter().any(|&name| !matches!(classes::lookup(cx, class, name), Some(Value::Builtin(_))))
}

/// `repr(value)` for a part of another text, without script code.
pub fn part(cx: &mut Cx, value: Value) -> String {
    super::repr::text_of(cx, value)
}

/// The text of a value as `str()` gives it, without script code.
pub fn plain(cx: &mut Cx, value: Value) -> String {
    match strings::to_str(cx, value) {
        Ok(text) => cx.text_of(text).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default(),
        Err(_) => super::repr::text_of(cx, value),
    }
}

/// An attribute of an object that has to be there.
pub fn attribute(cx: &mut Cx, value: Value, name: crate::value::Name) -> Outcome {
    attribute::get(cx, value, name)
}
