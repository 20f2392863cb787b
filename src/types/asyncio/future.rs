//! What can be done with a future, without its methods: made, completed, cancelled, asked.

use super::schedule;
use crate::call::{Ask, Cx, Outcome};
use crate::tables;
use crate::types::{classes, quick};
use crate::value::future::{FutureState, Role};
use crate::value::{EventLoop, Exc, Future, FutureRef, Id, NativeFrame, NativeId, Task, Told, Value};

crate::natives! {
    /// Steps of cancelling.
    pub static CANCEL_STEPS = [
        hidden "cancel(message, result, *todo)" => step cancel_steps, "Cancels what waits on what.";
    ]
}

const CANCEL: NativeId = NativeId { table: tables::CANCEL, row: 0 };

/// The future that a value is, or the one inside an instance of a subclass.
#[inline]
pub fn future_of(cx: &Cx, value: Value) -> Option<FutureRef> {
    FutureRef::of(cx.exact(value))
}

/// The future as scripts see it.
#[inline]
pub fn shown(cx: &Cx, future: FutureRef) -> Value {
    cx.heap.future(future).outer().map_or(future.value(), Value::Inst)
}

/// A new pending future.
#[inline]
pub fn new(cx: &mut Cx, event_loop: Id<EventLoop>, role: Role) -> Id<Future> {
    cx.heap.charge(size_of::<Future>());
    cx.heap.futures.alloc(Future { event_loop, role, ..Future::default() })
}

/// The loop of a future, as scripts see it; `Undef` before `__init__`.
pub fn loop_value(cx: &Cx, future: FutureRef) -> Value {
    let object = cx.heap.future(future);
    if object.event_loop.is_none() {
        return object.extra.as_ref().map_or(Value::Undef, |extra| extra.foreign_loop);
    }
    schedule::shown_loop(cx, object.event_loop)
}

// ----- Completing -----

/// Gives a pending future its result.
#[inline]
pub fn finish(cx: &mut Cx, future: FutureRef, result: Value) -> Result<(), Ask> {
    let object = cx.heap.future_mut(future);
    object.state = FutureState::Finished;
    object.result = result;
    schedule::call_back(cx, future)
}

/// Gives a pending future its exception.
pub fn fail(cx: &mut Cx, future: FutureRef, exc: Id<Exc>) -> Result<(), Ask> {
    let object = cx.heap.future_mut(future);
    object.state = FutureState::Finished;
    object.result = Value::Exc(exc);
    object.has_exception = true;
    object.is_unretrieved = true;
    cx.asyncio.has_failures = true;
    // A task is among the mortals since it was made.
    if let FutureRef::Future(id) = future {
        cx.heap.mortal.push(Value::Future(id));
    }
    schedule::call_back(cx, future)
}

/// A timer is due. A sleep is over: unless something came before, the result that was there from the beginning is the
/// result. A time limit is reached: its task is cancelled.
#[inline]
pub fn release(cx: &mut Cx, id: Id<Future>) -> Result<(), Ask> {
    let object = cx.heap.futures.get_mut(id);
    if object.is_done() {
        return Ok(());
    }
    object.state = FutureState::Finished;
    if let Role::Deadline(task) = object.role {
        return super::timeout::expire(cx, task);
    }
    schedule::call_back(cx, FutureRef::Future(id))
}

/// `super().cancel()`: a pending future becomes cancelled.
pub fn cancel_itself(cx: &mut Cx, future: FutureRef, message: Value) -> Result<bool, Ask> {
    let object = cx.heap.future_mut(future);
    object.is_unretrieved = false;
    if object.is_done() {
        return Ok(false);
    }
    object.state = FutureState::Cancelled;
    object.result = Value::Undef;
    object.has_exception = false;
    if !message.is_undef() && !message.is_none() {
        object.extra_mut().cancel_message = message;
    } else if let Some(extra) = &mut object.extra {
        extra.cancel_message = Value::Undef;
    }
    if let Role::Sleep = object.role {
        let id = object.event_loop;
        cx.heap.event_loops.get_unbarred(id).timers.n_cancelled += 1;
    } else if let Role::Call(operation) = object.role {
        cx.awaited.retain(|(own, _)| *own != operation);
        cx.host.cancel(operation);
    }
    schedule::call_back(cx, future)?;
    Ok(true)
}

// ----- Asking -----

/// The CancelledError of a cancelled future.
pub fn cancelled_error(cx: &mut Cx, future: FutureRef) -> Id<Exc> {
    let mut message = Value::Undef;
    if cx.heap.future(future).extra.is_some() {
        let extra = cx.heap.future_mut(future).extra_mut();
        if let Value::Exc(exc) = std::mem::take(&mut extra.cancelled_exc) {
            return exc;
        }
        message = extra.cancel_message;
    }
    new_cancelled_error(cx, message)
}

/// A CancelledError with a message, if there is one.
pub fn new_cancelled_error(cx: &mut Cx, message: Value) -> Id<Exc> {
    match cx.none_or(message) {
        Some(message) => cx.new_exception(classes::CANCELLED_ERROR, &[message]),
        None => cx.new_exception(classes::CANCELLED_ERROR, &[]),
    }
}

/// The result of a future that is done; its exception counts as retrieved.
#[inline]
pub fn result(cx: &mut Cx, future: FutureRef) -> Outcome {
    let object = cx.heap.future(future);
    match object.state {
        FutureState::Finished if !object.has_exception => Ok(object.result),
        FutureState::Finished => {
            let Value::Exc(exc) = object.result else { crate::bug!("the exception of a future is one") };
            let object = cx.heap.future_mut(future);
            object.is_unretrieved = false;
            if std::mem::replace(&mut object.was_raised, true) {
                let raised = cx.heap.excs.get_mut(exc);
                raised.trace.clear();
                raised.traceback = Value::None;
            }
            Err(Ask::Raise(exc))
        }
        FutureState::Cancelled => Err(Ask::Raise(cancelled_error(cx, future))),
        FutureState::Pending => Err(cx.raise(classes::INVALID_STATE_ERROR, "Result is not set.")),
    }
}

// ----- Cancelling -----

/// Cancels a future or a task, and what it waits for. The answer is a bool.
pub fn cancel(cx: &mut Cx, future: FutureRef, message: Value) -> Outcome {
    if let FutureRef::Future(id) = future
        && !matches!(cx.heap.futures.get(id).role, Role::Gather(_))
    {
        return cancel_itself(cx, future, message).map(Value::Bool);
    }
    let frame = NativeFrame::new(CANCEL, &[message, Value::Undef, future.value()]);
    crate::call::launch::launch(cx, frame)
}

/// Cancels all of them, in this order.
pub fn cancel_all(cx: &mut Cx, shown: &[Value]) -> Outcome {
    if shown.is_empty() {
        return Ok(Value::None);
    }
    let mut frame = NativeFrame::new(CANCEL, &[Value::Undef, Value::Bool(true)]);
    frame.values.extend(shown.iter().rev().copied());
    crate::call::launch::launch(cx, frame)
}

/// `future.cancel()`, which an instance of a subclass may have replaced.
pub fn cancel_by_name(cx: &mut Cx, future: FutureRef) -> Outcome {
    let shown = shown(cx, future);
    if overrides_cancel(cx, shown) {
        return Err(crate::types::method_call::ask(cx, shown, crate::call::names::CANCEL, &[]));
    }
    cancel(cx, future, Value::Undef)
}

/// Whether `cancel()` of it would be True.
fn can_cancel(cx: &Cx, value: Value) -> bool {
    let mut todo = vec![value];
    while let Some(value) = todo.pop() {
        let Some(future) = future_of(cx, value) else { return true };
        let object = cx.heap.future(future);
        if object.is_done() {
            continue;
        }
        match &object.role {
            Role::Gather(gather) => todo.extend_from_slice(&gather.children),
            Role::Plain | Role::Own(_) | Role::Sleep | Role::Waits { .. } | Role::Call(_) | Role::Deadline(_) => {
                return true;
            }
        }
    }
    false
}

/// values: the message, the answer for the first one, then what is to be cancelled, the next one last. A Tuple of a task
/// says that the answer for what was cancelled before decides whether the task is marked.
///
/// Tasks that await each other are a chain of any length, so this is a list of things to do and no recursion.
fn cancel_steps(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let message = frame.values[0];
    if frame.step == 1 {
        let answer = frame.told.into_outcome()?;
        let holds = quick::quick_truth(cx, answer).unwrap_or(true);
        mark_after(cx, frame, holds, message);
    }
    frame.step = 1;
    while frame.values.len() > 2 {
        let value = frame.values.pop().expect("the loop has seen it");
        if let Value::Tuple(_) = value {
            continue;
        }
        let own = future_of(cx, value);
        let is_first = frame.values[1].is_undef();
        let Some(future) = own.filter(|_| is_first || !overrides_cancel(cx, value)) else {
            return Err(ask_cancel(cx, value, message));
        };
        let answer = cancel_one(cx, frame, future, message);
        let is_done = match answer {
            Ok(is_done) => is_done,
            Err(ask) => {
                // Callbacks by attribute calls: whatever they answer, this one was cancelled.
                if is_first {
                    frame.values[1] = Value::Bool(true);
                }
                return Err(ask);
            }
        };
        if is_first {
            frame.values[1] = Value::Bool(is_done);
        }
    }
    Ok(frame.values[1])
}

/// If a task waits for the answer of the call just made: False marks it.
fn mark_after(cx: &mut Cx, frame: &mut NativeFrame, holds: bool, message: Value) {
    let Some(&Value::Tuple(id)) = frame.values.last() else { return };
    frame.values.pop();
    if holds {
        return;
    }
    if let Some(&Value::Task(task)) = cx.heap.tuples.get(id).items().first() {
        mark(cx, task, message);
    }
}

fn mark(cx: &mut Cx, task: Id<Task>, message: Value) {
    let object = cx.heap.tasks.get_mut(task);
    object.must_cancel = true;
    if !message.is_undef() && !message.is_none() {
        object.future.extra_mut().cancel_message = message;
    } else if let Some(extra) = &mut object.future.extra {
        extra.cancel_message = Value::Undef;
    }
}

/// Cancels one future; what it waits for is put on the list.
fn cancel_one(cx: &mut Cx, frame: &mut NativeFrame, future: FutureRef, message: Value) -> Result<bool, Ask> {
    let task = match future {
        FutureRef::Task(task) => task,
        FutureRef::Future(id) => {
            let can = can_cancel(cx, future.value());
            let is_done = cx.heap.futures.get(id).is_done();
            if !is_done && let Role::Gather(gather) = &mut cx.heap.futures.get_mut(id).role {
                gather.is_cancel_requested |= can;
                frame.values.extend(gather.children.iter().rev().copied());
                return Ok(can);
            }
            return cancel_itself(cx, future, message);
        }
    };
    let object = cx.heap.tasks.get_mut(task);
    object.future.is_unretrieved = false;
    if object.future.is_done() {
        return Ok(false);
    }
    object.n_cancels += 1;
    let waiting = object.waiting;
    match waiting {
        Value::Undef => mark(cx, task, message),
        _ if future_of(cx, waiting).is_some() && !overrides_cancel(cx, waiting) => {
            if can_cancel(cx, waiting) {
                frame.values.push(waiting);
            } else {
                mark(cx, task, message);
            }
        }
        _ => {
            let after = cx.heap.new_tuple(&[Value::Task(task)]);
            frame.values.push(after);
            frame.values.push(waiting);
        }
    }
    Ok(true)
}

/// Whether `value.cancel` is script code.
fn overrides_cancel(cx: &mut Cx, value: Value) -> bool {
    if FutureRef::of(value).is_some() {
        return false;
    }
    let class = cx.class_of(value);
    !matches!(crate::types::classes::lookup(cx, class, crate::call::names::CANCEL), Some(Value::Builtin(_)))
}

fn ask_cancel(cx: &mut Cx, value: Value, message: Value) -> Ask {
    let message = message.given().unwrap_or(Value::None);
    let method = match crate::types::attribute::get(cx, value, crate::call::names::CANCEL) {
        Ok(method) => method,
        Err(ask) => return ask,
    };
    let keywords = cx.heap.new_tuple(&[Value::Str(crate::call::names::MSG)]);
    cx.ask_call(method, &[message]);
    cx.call.keywords = keywords;
    Ask::Call
}

// ----- Awaiting -----

/// The future that `await value` treats without a call: ours, or an instance of a subclass that does not replace `__await__`.
#[inline]
pub fn awaited(cx: &mut Cx, value: Value) -> Option<FutureRef> {
    match value {
        Value::Future(id) => Some(FutureRef::Future(id)),
        Value::Task(id) => Some(FutureRef::Task(id)),
        Value::Inst(_) => {
            let future = future_of(cx, value)?;
            let method = cx.special_of(value, crate::value::special::Special::Await)?;
            matches!(method, Value::Builtin(_)).then_some(future)
        }
        _ => None,
    }
}

/// What the await of a future gives when its task goes on.
#[inline]
pub fn resumed(cx: &mut Cx, future: FutureRef) -> Outcome {
    let object = cx.heap.future(future);
    if let Role::Waits { after, target, item } = object.role {
        return run_after(cx, after, &[Value::Native(target), item, future.value(), Value::Undef]);
    }
    if object.state == FutureState::Pending {
        return Err(cx.runtime_error("await wasn't used with future"));
    }
    result(cx, future)
}

/// The task goes on with an exception instead; whoever waits in a primitive cleans up. The answer is what is raised, or a
/// result after all.
#[inline]
pub fn thrown(cx: &mut Cx, future: FutureRef, exc: Id<Exc>) -> Outcome {
    if let Role::Waits { after, target, item } = cx.heap.future(future).role {
        return run_after(cx, after, &[Value::Native(target), item, future.value(), Value::Exc(exc)]);
    }
    Err(Ask::Raise(exc))
}

fn run_after(cx: &mut Cx, after: NativeId, args: &[Value]) -> Outcome {
    match crate::call::cx::native_def(after).body {
        crate::call::Body::Plain(body) => match body(cx, args) {
            // It runs again from its arguments.
            Err(Ask::Full) => Err(cx.ask_push(NativeFrame::new(after, args))),
            outcome => outcome,
        },
        crate::call::Body::Stepped(_) => crate::call::launch::launch(cx, NativeFrame::new(after, args)),
    }
}

/// What was told, as an exception or not.
pub fn raised(told: Told) -> Option<Id<Exc>> {
    match told {
        Told::Raised(exc) => Some(exc),
        Told::Start | Told::Value(_) | Told::End | Told::Returned(_) => None,
    }
}
