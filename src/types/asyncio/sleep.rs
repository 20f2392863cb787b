//! `asyncio.sleep`: a bare yield, or a future with a timer of its own.

use super::{future, schedule, task, timer};
use crate::call::{Ask, Cx, Outcome, launch};
use crate::value::timers::Due;
use crate::value::{Role, Value};

/// `await asyncio.sleep(delay, result=None)`.
pub fn sleep(cx: &mut Cx, args: &[Value]) -> Outcome {
    let result = args[1].given().unwrap_or(Value::None);
    let delay = match args[0] {
        Value::Int(int) => int as f64,
        Value::Float(float) => float,
        other => match super::float_of(cx, other) {
            Some(float) => float,
            None => return Err(super::ask_library(cx, "asyncio.tasks", "_sleep", &[other, result])),
        },
    };
    if delay <= 0.0 {
        cx.sent = Value::None;
        return Err(if result.is_none() { Ask::Yield } else { launch::then_give(cx, Ask::Yield, result) });
    }
    if delay.is_nan() {
        return Err(cx.value_error("Invalid delay: NaN (not a number)"));
    }
    let event_loop = super::ensure::running_loop(cx)?;
    let Some(id) = schedule::loop_of(cx, event_loop).filter(|&id| schedule::is_plain(cx, id)) else {
        return Err(super::ask_library(cx, "asyncio.tasks", "_sleep", &[args[0], result]));
    };
    let when = timer::read(cx) + delay;
    let waiter = future::new(cx, id, Role::Sleep);
    cx.heap.futures.get_mut(waiter).result = result;
    cx.heap.event_loops.get_mut(id).timers.push(when, Due::Release(waiter));
    cx.sent = Value::Future(waiter);
    Err(Ask::Await)
}

/// The task that runs on the running loop.
pub fn current_task(cx: &Cx) -> Option<crate::value::Id<crate::value::Task>> {
    let id = schedule::loop_of(cx, cx.fiber.running_loop)?;
    match cx.heap.event_loops.get(id).current {
        Value::Task(task) => Some(task),
        _ => None,
    }
}

/// The same, as scripts see it.
pub fn shown_current_task(cx: &Cx) -> Value {
    match current_task(cx) {
        Some(id) => future::shown(cx, crate::value::FutureRef::Task(id)),
        None => Value::None,
    }
}

/// The name of the running task, for messages.
pub fn current_name(cx: &mut Cx) -> Value {
    match current_task(cx) {
        Some(id) => task::name(cx, id),
        None => Value::None,
    }
}
