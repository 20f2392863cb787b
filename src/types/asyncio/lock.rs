//! `asyncio.Lock`.

use super::waiting::{self, Line};
use super::{ask_library, wrapped_in};
use crate::call::{Ask, Cx, Outcome, Place, names};
use crate::tables;
use crate::types::classes;
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::{EventLoop, Gray, Id, NativeId, Value};

/// The state of a lock.
#[derive(Default)]
pub struct Lock {
    is_locked: bool,
    waiters: Line,
    event_loop: Id<EventLoop>,
    /// The number of the task that took it last; 0: none did.
    taken_by: u32,
}

impl NativeObject for Lock {
    fn trace(&self, gray: &mut Gray) {
        self.waiters.trace(gray);
        if !self.event_loop.is_none() {
            gray.push(Value::Loop(self.event_loop));
        }
    }
    fn bytes(&self) -> usize {
        size_of::<Lock>() + self.waiters.bytes()
    }
}

crate::natives! {
    /// The rows of `asyncio.Lock`.
    pub static LOCK = [
        new "__new__(cls, *args, **kwargs)" => lock_new, "Create and return a new object.";
        special "__init__(self)" => lock_init, "Initialize self.";
        special "__repr__(self, /)" => lock_repr, "Return repr(self).";
        aspecial "__aenter__(self)" => lock_aenter, "Acquires the lock.";
        aspecial "__aexit__(self, exc_type, exc, tb)" => lock_aexit, "Releases the lock.";
        method "locked(self)" => lock_locked, "Return True if lock is acquired.";
        amethod "acquire(self)" => lock_acquire, "Acquire a lock.";
        method "release(self)" => lock_release, "Release a lock.";
        attr "_locked" => lock_locked, set lock_set_locked, "Whether it is acquired.";
        attr "_waiters" => lock_waiters, "The futures of those who wait.";
        attr "_loop" => lock_loop, "The loop that it is bound to.";
    ]
}

crate::natives! {
    /// Steps of locks.
    pub static LOCK_STEPS = [
        hidden "after(lock, item, future, exception)" => after, "The waiter goes on.";
    ]
}

const AFTER: NativeId = NativeId { table: tables::LOCK_STEPS, row: 0 };

fn lock_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = Lock { event_loop: Id::NONE, waiters: Line::made_at(cx.place), ..Lock::default() };
    let payload = cx.heap.new_native(classes::LOCK, state);
    Ok(wrapped_in(cx, args[0], classes::LOCK, payload))
}

fn lock_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let lock = this(cx, args)?;
    *lock = Lock { event_loop: Id::NONE, waiters: Line::made_at(lock.waiters.made_at), ..Lock::default() };
    Ok(Value::None)
}

impl Lock {
    /// Where it was made, and the number of the task that holds it.
    pub fn origin(&self) -> (Place, Option<u32>) {
        (self.waiters.made_at, Some(self.taken_by).filter(|&number| self.is_locked && number != 0))
    }
}

fn this<'a>(cx: &'a mut Cx, args: &[Value]) -> Result<&'a mut Lock, Ask> {
    let id = waiting::state_id::<Lock>(cx, args[0])?;
    Ok(waiting::of_mut(cx, id))
}

fn lock_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let lock = this(cx, args)?;
    let (extra, n_waiters) = (if lock.is_locked { "locked" } else { "unlocked" }, lock.waiters.len());
    waiting::repr(cx, args[0], extra, n_waiters)
}

fn lock_locked(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(this(cx, args)?.is_locked))
}

fn lock_set_locked(cx: &mut Cx, args: &[Value]) -> Outcome {
    this(cx, args)?.is_locked = args[1] == Value::Bool(true);
    Ok(Value::None)
}

fn lock_waiters(cx: &mut Cx, args: &[Value]) -> Outcome {
    let line = this(cx, args)?.waiters.iter().collect::<Vec<_>>();
    if line.is_empty() {
        return Ok(Value::None);
    }
    Ok(waiting::shown_line(cx, line))
}

fn lock_loop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?.event_loop;
    Ok(if id.is_none() { Value::None } else { super::schedule::shown_loop(cx, id) })
}

/// Takes the lock, or waits; what the await gives then is `result`.
fn acquire(cx: &mut Cx, shown: Value, result: Value) -> Outcome {
    let id = waiting::state_id::<Lock>(cx, shown)?;
    let lock: &Lock = waiting::of(cx, id);
    if !lock.is_locked && lock.waiters.iter().all(|waiter| waiting::is_cancelled(cx, waiter)) {
        take(cx, id);
        return Ok(result);
    }
    let bound = lock.event_loop;
    let event_loop = waiting::bound_loop(cx, shown, bound)?;
    let waiter = waiting::new(cx, event_loop, AFTER, id, result);
    let lock: &mut Lock = waiting::of_mut(cx, id);
    lock.event_loop = event_loop;
    lock.waiters.push(waiter);
    waiting::wait(cx, waiter)
}

fn take(cx: &mut Cx, id: Id<Boxed>) {
    let taken_by = waiting::current_number(cx);
    let lock: &mut Lock = waiting::of_mut(cx, id);
    lock.is_locked = true;
    lock.taken_by = taken_by;
}

/// The waiter goes on: it has the lock now, or passes it on.
fn after(cx: &mut Cx, args: &[Value]) -> Outcome {
    let after = waiting::after(cx, args)?;
    let lock: &mut Lock = waiting::of_mut(cx, after.target);
    lock.waiters.remove(after.future);
    let Some(exc) = after.exc else {
        take(cx, after.target);
        return Ok(after.item);
    };
    if !lock.is_locked && cx.is_exception(exc, classes::CANCELLED_ERROR) {
        wake_first(cx, after.target)?;
    }
    Err(Ask::Raise(exc))
}

fn wake_first(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    if let Some(first) = waiting::of::<Lock>(cx, id).waiters.first() {
        waiting::wake(cx, first, Value::Bool(true))?;
    }
    Ok(())
}

fn release(cx: &mut Cx, shown: Value) -> Outcome {
    let id = waiting::state_id::<Lock>(cx, shown)?;
    let lock: &mut Lock = waiting::of_mut(cx, id);
    if !lock.is_locked {
        return Err(cx.runtime_error("Lock is not acquired."));
    }
    lock.is_locked = false;
    wake_first(cx, id)?;
    Ok(Value::None)
}

fn lock_acquire(cx: &mut Cx, args: &[Value]) -> Outcome {
    acquire(cx, args[0], Value::Bool(true))
}

fn lock_release(cx: &mut Cx, args: &[Value]) -> Outcome {
    release(cx, args[0])
}

fn lock_aenter(cx: &mut Cx, args: &[Value]) -> Outcome {
    if waiting::replaces(cx, args[0], &[names::ACQUIRE]) {
        return Err(super::await_library(cx, "asyncio.locks", "_enter", &args[..1]));
    }
    acquire(cx, args[0], Value::None)
}

fn lock_aexit(cx: &mut Cx, args: &[Value]) -> Outcome {
    if waiting::replaces(cx, args[0], &[names::RELEASE]) {
        return Err(ask_library(cx, "asyncio.locks", "_leave", &args[..1]));
    }
    release(cx, args[0])
}
