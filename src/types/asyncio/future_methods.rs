//! The rows of `asyncio.Future`.

use super::future::{self, future_of};
use super::schedule::{self, loop_of};
use super::{ensure, wrapped_in};
use crate::call::{Ask, Cx, Outcome, launch};
use crate::tables;
use crate::types::{classes, context, generic_alias, quick};
use crate::value::event_loop::Entry;
use crate::value::future::FutureState;
use crate::value::generator::GenKind;
use crate::value::{Callback, Future, FutureRef, NativeFrame, NativeId, Role, Value};

crate::natives! {
    /// The rows of `asyncio.Future`; a task has them too.
    pub static FUTURE = [
        new "__new__(cls, *args, **kwargs)" => future_new, "Create and return a new object.";
        special "__init__(self, *, loop=None)" => step future_init, "This class is almost compatible with concurrent.futures.Future.";
        special "__repr__(self, /)" => step super::repr::future_repr, "Return repr(self).";
        special "__await__(self, /)" => future_await, "Return an iterator to be used in await expression.";
        special "__iter__(self, /)" => future_await, "Implement iter(self).";
        method "result(self, /)" => future_result, "The result, or the exception raised; InvalidStateError if there is none yet.";
        method "exception(self, /)" => future_exception, "The exception, or None.";
        method "set_result(self, result, /)" => future_set_result, "Marks the future done, with a result.";
        method "set_exception(self, exception, /)" => step future_set_exception, "Marks the future done, with an exception.";
        method "add_done_callback(self, fn, /, *, context=)" => future_add_done_callback, "Adds a callback to be run when the future is done.";
        method "remove_done_callback(self, fn, /)" => future_remove_done_callback, "Removes all instances of a callback; how many they were.";
        method "cancel(self, /, msg=None)" => future_cancel, "Cancels the future and schedules its callbacks.";
        method "cancelled(self, /)" => future_cancelled, "Whether it was cancelled.";
        method "done(self, /)" => future_done, "Whether it is done.";
        method "get_loop(self, /)" => future_get_loop, "The loop that it is bound to.";
        method "_make_cancelled_error(self, /)" => future_make_cancelled_error, "The CancelledError to be raised.";
        class "__class_getitem__(cls, item, /)" => future_class_getitem, "See PEP 585";
        attr "_state" => future_state, "PENDING, CANCELLED or FINISHED.";
        attr "_asyncio_future_blocking" => future_blocking, set future_set_blocking, "Whether it is awaited.";
        attr "_loop" => future_loop, "The loop.";
        attr "_callbacks" => future_callbacks, "Callbacks with their contexts, or None.";
        attr "_result" => future_result_attr, "The result, or None.";
        attr "_exception" => future_exception_attr, "The exception, or None.";
        attr "_log_traceback" => future_log_traceback, set future_set_log_traceback, "Whether its exception will be reported.";
        attr "_source_traceback" => future_source, "Where it was made, in debug mode.";
        attr "_cancel_message" => future_cancel_message, set future_set_cancel_message, "What cancel() was given.";
        attr "_cancelled_exc" => future_cancelled_exc, "The CancelledError with which it ended.";
    ]
}

crate::natives! {
    /// Steps of futures.
    pub static FUTURE_STEPS = [
        hidden "__await__(future)" => await_future, "Awaits a future.";
    ]
}

const AWAIT_FUTURE: NativeId = NativeId { table: tables::FUTURE_STEPS, row: 0 };

/// The future of a method; one whose `__init__` never ran is a RuntimeError.
pub fn this(cx: &mut Cx, args: &[Value]) -> Result<FutureRef, Ask> {
    let Some(future) = future_of(cx, args[0]) else { return Err(cx.type_error("a future is needed")) };
    let object = cx.heap.future(future);
    if object.event_loop.is_none() && object.extra.as_ref().is_none_or(|extra| extra.foreign_loop.is_undef()) {
        let what = if matches!(future, FutureRef::Task(_)) { "Task" } else { "Future" };
        let _ = what;
        return Err(cx.runtime_error("Future object is not initialized."));
    }
    Ok(future)
}

/// The same for `result` and `exception`, where that is an InvalidStateError.
fn this_to_ask(cx: &mut Cx, args: &[Value]) -> Result<FutureRef, Ask> {
    match this(cx, args) {
        Err(Ask::Raise(exc)) if cx.is_exception(exc, classes::RUNTIME_ERROR) => {
            Err(cx.raise(classes::INVALID_STATE_ERROR, "Future object is not initialized."))
        }
        found => found,
    }
}

fn future_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    cx.heap.charge(size_of::<Future>());
    let id = cx.heap.futures.alloc(Future { role: Role::Own(cx.place), ..Future::default() });
    let made = wrapped_in(cx, args[0], classes::FUTURE, Value::Future(id));
    if let Value::Inst(outer) = made {
        cx.heap.futures.get_mut(id).extra_mut().outer = Some(outer);
    }
    Ok(made)
}

/// values: self, loop.
fn future_init(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let given = match frame.step {
        0 => match cx.none_or(frame.values[1]) {
            Some(given) => given,
            None => {
                frame.step = 1;
                ensure::current_loop(cx)?
            }
        },
        _ => frame.told.into_outcome()?,
    };
    let Some(future) = future_of(cx, frame.values[0]) else { return Err(cx.type_error("a future is needed")) };
    set_loop(cx, future, given);
    Ok(Value::None)
}

/// The loop of a fresh future.
pub fn set_loop(cx: &mut Cx, future: FutureRef, given: Value) {
    match loop_of(cx, given) {
        Some(id) => cx.heap.future_mut(future).event_loop = id,
        None => cx.heap.future_mut(future).extra_mut().foreign_loop = given,
    }
}

fn future_await(cx: &mut Cx, args: &[Value]) -> Outcome {
    this(cx, args)?;
    Ok(ensure::new_suspendable(cx, GenKind::Generator, AWAIT_FUTURE, &args[..1]))
}

fn await_future(cx: &mut Cx, args: &[Value]) -> Outcome {
    cx.sent = args[0];
    Err(Ask::Await)
}

fn future_result(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this_to_ask(cx, args)?;
    future::result(cx, future)
}

fn future_exception(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this_to_ask(cx, args)?;
    let object = cx.heap.future(future);
    match object.state {
        FutureState::Pending => Err(cx.raise(classes::INVALID_STATE_ERROR, "Exception is not set.")),
        FutureState::Cancelled => Err(Ask::Raise(future::cancelled_error(cx, future))),
        FutureState::Finished if object.has_exception => {
            let object = cx.heap.future_mut(future);
            object.is_unretrieved = false;
            Ok(object.result)
        }
        FutureState::Finished => Ok(Value::None),
    }
}

fn future_set_result(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    if cx.heap.future(future).is_done() {
        return Err(cx.raise(classes::INVALID_STATE_ERROR, "invalid state"));
    }
    future::finish(cx, future, args[1])?;
    Ok(Value::None)
}

/// values: self, the exception or its class.
fn future_set_exception(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let future = this(cx, &frame.values)?;
    if frame.step == 2 {
        return frame.told.into_outcome().map(|_| Value::None);
    }
    let given = if frame.step == 1 {
        frame.told.into_outcome()?
    } else {
        if cx.heap.future(future).is_done() {
            return Err(cx.raise(classes::INVALID_STATE_ERROR, "invalid state"));
        }
        if let Value::Class(class) = frame.values[1]
            && classes::is_subclass(cx, class, classes::BASE_EXCEPTION)
        {
            frame.step = 1;
            return Err(cx.ask_call(frame.values[1], &[]));
        }
        frame.values[1]
    };
    let Value::Exc(mut exc) = given else { return Err(cx.type_error("invalid exception object")) };
    if cx.is_exception(exc, classes::STOP_ITERATION) {
        let message = cx.str("StopIteration interacts badly with generators and cannot be raised into a Future");
        let wrapped = cx.new_exception(classes::RUNTIME_ERROR, &[message]);
        let object = cx.heap.excs.get_mut(wrapped);
        (object.cause, object.context, object.suppress_context) = (Value::Exc(exc), Value::Exc(exc), true);
        exc = wrapped;
    }
    frame.step = 2;
    future::fail(cx, future, exc)?;
    Ok(Value::None)
}

fn future_add_done_callback(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    let context = match args[2] {
        Value::Context(context) => context,
        Value::Undef | Value::None => context::copy_current(cx),
        other => {
            let message = format!("a context is expected, got {}", cx.class_name(other));
            return Err(cx.type_error(message));
        }
    };
    let callback = Callback::Call { callback: args[1], context };
    let object = cx.heap.future_mut(future);
    if !object.is_done() {
        object.add_callback(callback);
        return Ok(Value::None);
    }
    match schedule::soon_for(cx, future, Entry::Done(callback, future)) {
        Ok(()) => Ok(Value::None),
        Err(ask) => Err(launch::then_give(cx, ask, Value::None)),
    }
}

fn future_remove_done_callback(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    let callbacks: Vec<Callback> = cx.heap.future(future).callbacks().collect();
    let mut kept = Vec::with_capacity(callbacks.len());
    let n_all = callbacks.len();
    for callback in callbacks {
        let is_same = match callback {
            Callback::Call { callback, .. } => {
                callback.is(&args[1]) || quick::quick_eq(cx, callback, args[1]).unwrap_or(false)
            }
            Callback::None | Callback::Wake(_) | Callback::Gather(_) | Callback::Group(_) | Callback::Stop => false,
        };
        if !is_same {
            kept.push(callback);
        }
    }
    let n_removed = n_all - kept.len();
    if n_removed > 0 {
        let object = cx.heap.future_mut(future);
        object.callback = Callback::None;
        object.more = None;
        kept.into_iter().for_each(|callback| object.add_callback(callback));
    }
    Ok(Value::Int(n_removed as i64))
}

fn future_cancel(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    future::cancel(cx, future, args[1].given().unwrap_or(Value::None))
}

fn future_cancelled(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(future) = future_of(cx, args[0]) else { return Ok(Value::Bool(false)) };
    Ok(Value::Bool(cx.heap.future(future).state == FutureState::Cancelled))
}

fn future_done(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(future) = future_of(cx, args[0]) else { return Ok(Value::Bool(false)) };
    Ok(Value::Bool(cx.heap.future(future).is_done()))
}

fn future_get_loop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    Ok(future::loop_value(cx, future))
}

fn future_make_cancelled_error(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    Ok(Value::Exc(future::cancelled_error(cx, future)))
}

fn future_class_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    generic_alias::class_getitem(cx, args)
}

// ----- Attributes -----

fn future_state(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    let text = match cx.heap.future(future).state {
        FutureState::Pending => "PENDING",
        FutureState::Cancelled => "CANCELLED",
        FutureState::Finished => "FINISHED",
    };
    Ok(Value::Str(cx.name(text)))
}

fn future_blocking(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(future) = future_of(cx, args[0]) else { return Ok(Value::None) };
    Ok(Value::Bool(cx.heap.future(future).is_blocking))
}

fn future_set_blocking(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    if args[1].is_undef() {
        return Err(cx.raise(classes::ATTRIBUTE_ERROR, "cannot delete attribute"));
    }
    let holds = quick::quick_truth(cx, args[1]).unwrap_or(true);
    cx.heap.future_mut(future).is_blocking = holds;
    Ok(Value::None)
}

fn future_loop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(future) = future_of(cx, args[0]) else { return Ok(Value::None) };
    Ok(future::loop_value(cx, future).given().unwrap_or(Value::None))
}

fn future_callbacks(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    let callbacks: Vec<Callback> = cx.heap.future(future).callbacks().collect();
    if callbacks.is_empty() {
        return Ok(Value::None);
    }
    let mut pairs = Vec::with_capacity(callbacks.len());
    for callback in callbacks {
        let (shown, context) = schedule::shown_callback(cx, callback);
        pairs.push(cx.heap.new_tuple(&[shown, Value::Context(context)]));
    }
    Ok(cx.heap.new_list(pairs))
}

fn future_result_attr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    let object = cx.heap.future(future);
    let has_result = object.state == FutureState::Finished && !object.has_exception;
    Ok(if has_result { object.result } else { Value::None })
}

fn future_exception_attr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    let object = cx.heap.future(future);
    Ok(if object.has_exception { object.result } else { Value::None })
}

fn future_log_traceback(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    Ok(Value::Bool(cx.heap.future(future).is_unretrieved))
}

fn future_set_log_traceback(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    if args[1].is_undef() {
        return Err(cx.raise(classes::ATTRIBUTE_ERROR, "cannot delete attribute"));
    }
    if quick::quick_truth(cx, args[1]).unwrap_or(true) {
        return Err(cx.value_error("_log_traceback can only be set to False"));
    }
    cx.heap.future_mut(future).is_unretrieved = false;
    Ok(Value::None)
}

fn future_source(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    let source = cx.heap.future(future).extra.as_ref().and_then(|extra| extra.source.given());
    Ok(source.unwrap_or(Value::None))
}

fn future_cancel_message(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    let message = cx.heap.future(future).extra.as_ref().and_then(|extra| extra.cancel_message.given());
    Ok(message.unwrap_or(Value::None))
}

fn future_set_cancel_message(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    if args[1].is_undef() {
        return Err(cx.raise(classes::ATTRIBUTE_ERROR, "cannot delete attribute"));
    }
    let message = if args[1].is_none() { Value::Undef } else { args[1] };
    cx.heap.future_mut(future).extra_mut().cancel_message = message;
    Ok(Value::None)
}

fn future_cancelled_exc(cx: &mut Cx, args: &[Value]) -> Outcome {
    let future = this(cx, args)?;
    let exc = cx.heap.future(future).extra.as_ref().and_then(|extra| extra.cancelled_exc.given());
    Ok(exc.unwrap_or(Value::None))
}
