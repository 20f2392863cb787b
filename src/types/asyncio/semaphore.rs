//! `asyncio.Semaphore` and `BoundedSemaphore`.

use super::waiting::{self, Line};
use super::{ask_library, wrapped_in};
use crate::call::{Ask, Cx, Outcome, Place, names};
use crate::tables;
use crate::types::classes;
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::{Class, EventLoop, Gray, Id, NativeId, Value};

/// The state of a semaphore.
#[derive(Default)]
pub struct Semaphore {
    value: i64,
    /// Of a bounded one: what it began with.
    bound: Option<i64>,
    waiters: Line,
    event_loop: Id<EventLoop>,
}

impl NativeObject for Semaphore {
    fn trace(&self, gray: &mut Gray) {
        self.waiters.trace(gray);
        if !self.event_loop.is_none() {
            gray.push(Value::Loop(self.event_loop));
        }
    }
    fn bytes(&self) -> usize {
        size_of::<Semaphore>() + self.waiters.bytes()
    }
}

crate::natives! {
    /// The rows of `asyncio.Semaphore`.
    pub static SEMAPHORE = [
        new "__new__(cls, *args, **kwargs)" => semaphore_new, "Create and return a new object.";
        special "__init__(self, value=1)" => semaphore_init, "Initialize self.";
        special "__repr__(self, /)" => semaphore_repr, "Return repr(self).";
        aspecial "__aenter__(self)" => semaphore_aenter, "Acquires the semaphore.";
        aspecial "__aexit__(self, exc_type, exc, tb)" => semaphore_aexit, "Releases the semaphore.";
        method "locked(self)" => semaphore_locked, "Returns True if semaphore cannot be acquired immediately.";
        amethod "acquire(self)" => semaphore_acquire, "Acquire a semaphore.";
        method "release(self)" => semaphore_release, "Release a semaphore, incrementing the internal counter by one.";
        attr "_value" => semaphore_value, set semaphore_set_value, "The counter.";
        attr "_waiters" => semaphore_waiters, "The futures of those who wait.";
    ]
}

crate::natives! {
    /// The rows of `asyncio.BoundedSemaphore`.
    pub static BOUNDED_SEMAPHORE = [
        new "__new__(cls, *args, **kwargs)" => bounded_new, "Create and return a new object.";
        special "__init__(self, value=1)" => bounded_init, "Initialize self.";
        attr "_bound_value" => bounded_value, "What the counter began with.";
    ]
}

crate::natives! {
    /// Steps of semaphores.
    pub static SEMAPHORE_STEPS = [
        hidden "after(semaphore, item, future, exception)" => after, "The waiter goes on.";
    ]
}

const AFTER: NativeId = NativeId { table: tables::SEMAPHORE_STEPS, row: 0 };

fn make(cx: &mut Cx, class: Value, own: Id<Class>) -> Outcome {
    let waiters = Line::made_at(cx.place);
    let state = Semaphore { value: 1, waiters, event_loop: Id::NONE, ..Semaphore::default() };
    let payload = cx.heap.new_native(own, state);
    Ok(wrapped_in(cx, class, own, payload))
}

fn semaphore_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, args[0], classes::SEMAPHORE)
}

fn bounded_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, args[0], classes::BOUNDED_SEMAPHORE)
}

fn initial(cx: &mut Cx, value: Value) -> Result<i64, Ask> {
    let value = match cx.exact(value) {
        Value::Undef => 1,
        Value::Int(int) => int,
        Value::Bool(bool) => bool as i64,
        other => {
            let message = format!("'<' not supported between instances of '{}' and 'int'", cx.class_name(other));
            return Err(cx.type_error(message));
        }
    };
    if value < 0 {
        return Err(cx.value_error("Semaphore initial value must be >= 0"));
    }
    Ok(value)
}

fn semaphore_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let value = initial(cx, args[1])?;
    begin(cx, args, value, None)
}

fn bounded_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let value = initial(cx, args[1])?;
    begin(cx, args, value, Some(value))
}

fn begin(cx: &mut Cx, args: &[Value], value: i64, bound: Option<i64>) -> Outcome {
    let semaphore = this(cx, args)?;
    let waiters = Line::made_at(semaphore.waiters.made_at);
    *semaphore = Semaphore { value, bound, waiters, event_loop: Id::NONE };
    Ok(Value::None)
}

impl Semaphore {
    /// Where it was made.
    pub fn origin(&self) -> Place {
        self.waiters.made_at
    }
}

fn this<'a>(cx: &'a mut Cx, args: &[Value]) -> Result<&'a mut Semaphore, Ask> {
    let id = waiting::state_id::<Semaphore>(cx, args[0])?;
    Ok(waiting::of_mut(cx, id))
}

fn is_locked(cx: &Cx, id: Id<Boxed>) -> bool {
    let semaphore: &Semaphore = waiting::of(cx, id);
    semaphore.value == 0 || semaphore.waiters.iter().any(|waiter| !waiting::is_cancelled(cx, waiter))
}

fn semaphore_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Semaphore>(cx, args[0])?;
    let semaphore: &Semaphore = waiting::of(cx, id);
    let (value, n_waiters) = (semaphore.value, semaphore.waiters.len());
    let extra = if is_locked(cx, id) { "locked".to_owned() } else { format!("unlocked, value:{value}") };
    waiting::repr(cx, args[0], &extra, n_waiters)
}

fn semaphore_locked(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Semaphore>(cx, args[0])?;
    Ok(Value::Bool(is_locked(cx, id)))
}

fn semaphore_value(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(this(cx, args)?.value))
}

fn semaphore_set_value(cx: &mut Cx, args: &[Value]) -> Outcome {
    this(cx, args)?.value = args[1].as_int().unwrap_or(0);
    Ok(Value::None)
}

fn bounded_value(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(this(cx, args)?.bound.unwrap_or(0)))
}

fn semaphore_waiters(cx: &mut Cx, args: &[Value]) -> Outcome {
    let line = this(cx, args)?.waiters.iter().collect::<Vec<_>>();
    if line.is_empty() {
        return Ok(Value::None);
    }
    Ok(waiting::shown_line(cx, line))
}

fn acquire(cx: &mut Cx, shown: Value, result: Value) -> Outcome {
    let id = waiting::state_id::<Semaphore>(cx, shown)?;
    if !is_locked(cx, id) {
        waiting::of_mut::<Semaphore>(cx, id).value -= 1;
        return Ok(result);
    }
    let bound = waiting::of::<Semaphore>(cx, id).event_loop;
    let event_loop = waiting::bound_loop(cx, shown, bound)?;
    let waiter = waiting::new(cx, event_loop, AFTER, id, result);
    let semaphore: &mut Semaphore = waiting::of_mut(cx, id);
    semaphore.event_loop = event_loop;
    semaphore.waiters.push(waiter);
    waiting::wait(cx, waiter)
}

fn after(cx: &mut Cx, args: &[Value]) -> Outcome {
    let after = waiting::after(cx, args)?;
    let has_unit = cx.heap.futures.get(after.future).is_done() && !waiting::is_cancelled(cx, after.future);
    let is_cancelled = after.exc.is_some_and(|exc| cx.is_exception(exc, classes::CANCELLED_ERROR));
    let semaphore: &mut Semaphore = waiting::of_mut(cx, after.target);
    semaphore.waiters.remove(after.future);
    if is_cancelled && has_unit {
        semaphore.value += 1;
    }
    while waiting::of::<Semaphore>(cx, after.target).value > 0 {
        if !wake_next(cx, after.target)? {
            break;
        }
    }
    match after.exc {
        None => Ok(after.item),
        Some(exc) => Err(Ask::Raise(exc)),
    }
}

/// The first waiter that is not done gets a unit. False: there is none.
fn wake_next(cx: &mut Cx, id: Id<Boxed>) -> Result<bool, Ask> {
    let semaphore: &Semaphore = waiting::of(cx, id);
    let next = semaphore.waiters.iter().find(|&waiter| !cx.heap.futures.get(waiter).is_done());
    let Some(next) = next else { return Ok(false) };
    waiting::of_mut::<Semaphore>(cx, id).value -= 1;
    waiting::wake(cx, next, Value::Bool(true))
}

fn release(cx: &mut Cx, shown: Value) -> Outcome {
    let id = waiting::state_id::<Semaphore>(cx, shown)?;
    let semaphore: &mut Semaphore = waiting::of_mut(cx, id);
    if semaphore.bound.is_some_and(|bound| semaphore.value >= bound) {
        return Err(cx.value_error("BoundedSemaphore released too many times"));
    }
    semaphore.value += 1;
    wake_next(cx, id)?;
    Ok(Value::None)
}

fn semaphore_acquire(cx: &mut Cx, args: &[Value]) -> Outcome {
    acquire(cx, args[0], Value::Bool(true))
}

fn semaphore_release(cx: &mut Cx, args: &[Value]) -> Outcome {
    release(cx, args[0])
}

fn semaphore_aenter(cx: &mut Cx, args: &[Value]) -> Outcome {
    if waiting::replaces(cx, args[0], &[names::ACQUIRE]) {
        return Err(super::await_library(cx, "asyncio.locks", "_enter", &args[..1]));
    }
    acquire(cx, args[0], Value::None)
}

fn semaphore_aexit(cx: &mut Cx, args: &[Value]) -> Outcome {
    if waiting::replaces(cx, args[0], &[names::RELEASE]) {
        return Err(ask_library(cx, "asyncio.locks", "_leave", &args[..1]));
    }
    release(cx, args[0])
}
