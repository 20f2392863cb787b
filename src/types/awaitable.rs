//! What `await`, `yield from` and `async for` do with objects that are not plain coroutines: steps that drive them.
//!
//! A *delegate* drives an iterator for the chain above which it stands: what the iterator gives is yielded to whoever
//! drives the chain, what is sent or thrown in reaches the iterator, its end is the result.

use super::asyncio::future;
use super::generator::asynchronous;
use super::{attribute, classes, protocol};
use crate::call::{Ask, CallAsk, Cx, Outcome, names};
use crate::tables;
use crate::value::special::Special;
use crate::value::{Exc, GenKind, GenState, Generator, Id, NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// Steps of awaiting.
    pub static AWAIT_STEPS = [
        hidden "delegate(iterator)" => step delegate, "Drives an iterator or a suspended generator.";
        hidden "await_object(obj)" => step await_object, "`__await__`, then a delegate.";
        hidden "yield_from(iterable)" => step yield_from, "`iter`, then a delegate.";
        hidden "close_generator(generator)" => step close_generator, "Throws GeneratorExit and looks what comes.";
        hidden "async_iter(obj)" => step async_iter, "`__aiter__`, checked.";
        hidden "anext(iterator)" => step anext, "`__anext__`, awaited; StopAsyncIteration is the end.";
    ]
}

/// The builtin function; and see `native/sys/unraisable.rs`.
const GETATTR: NativeId = NativeId { table: crate::tables::ATTRIBUTE_BUILTINS, row: 0 };
const UNRAISABLE: NativeId = NativeId { table: crate::tables::UNRAISABLE_STEPS, row: 0 };

const fn row(row: u16) -> NativeId {
    NativeId { table: tables::AWAIT, row }
}
const DELEGATE: NativeId = row(0);
const AWAIT_OBJECT: NativeId = row(1);
const YIELD_FROM: NativeId = row(2);
const CLOSE_GENERATOR: NativeId = row(3);
const ASYNC_ITER: NativeId = row(4);
const ANEXT: NativeId = row(5);

pub fn delegate_frame(iterator: Value) -> NativeFrame {
    NativeFrame::new(DELEGATE, &[iterator])
}

pub fn await_frame(obj: Value) -> NativeFrame {
    NativeFrame::new(AWAIT_OBJECT, &[obj])
}

pub fn yield_from_frame(iterable: Value) -> NativeFrame {
    NativeFrame::new(YIELD_FROM, &[iterable])
}

pub fn close_frame(id: Id<Generator>) -> NativeFrame {
    NativeFrame::new(CLOSE_GENERATOR, &[Value::Gen(id)])
}

pub fn async_iter_frame(obj: Value) -> NativeFrame {
    NativeFrame::new(ASYNC_ITER, &[obj])
}

pub fn anext_frame(iterator: Value) -> NativeFrame {
    NativeFrame::new(ANEXT, &[iterator])
}

// ----- Futures -----

/// What awaiting an exact future does at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FutureState {
    Pending,
    Done,
}

/// None: it is no future that awaiting knows.
#[inline]
pub fn future_state(cx: &mut Cx, value: Value) -> Option<FutureState> {
    let future = future::awaited(cx, value)?;
    Some(if cx.heap.future(future).is_done() { FutureState::Done } else { FutureState::Pending })
}

/// The result of a future that is done; one that is not was resumed by somebody else than its task.
#[inline]
pub fn future_result(cx: &mut Cx, value: Value) -> Outcome {
    match future::future_of(cx, value) {
        Some(future) => future::resumed(cx, future),
        None => Err(cx.runtime_error("await wasn't used with future")),
    }
}

/// What comes of an exception that is thrown in where a future is awaited.
pub fn future_thrown(cx: &mut Cx, value: Value, exc: Id<Exc>) -> Outcome {
    match future::future_of(cx, value) {
        Some(future) => future::thrown(cx, future, exc),
        None => Err(Ask::Raise(exc)),
    }
}

/// Says that the future is awaited rather than merely yielded.
#[inline]
pub fn set_blocking(cx: &mut Cx, value: Value) {
    if let Some(future) = future::future_of(cx, value) {
        cx.heap.future_mut(future).is_blocking = true;
    }
}

// ----- Delegates -----

/// values: the iterator.
fn delegate(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let iterator = frame.values[0];
    match frame.step {
        0 => {
            frame.step = 1;
            Err(send(cx, iterator, Value::None))
        }
        // The iterator answered.
        1 => match frame.told {
            Told::Value(value) => {
                frame.step = 2;
                cx.sent = value;
                Err(Ask::Yield)
            }
            Told::Returned(value) => Ok(value),
            Told::Raised(exc) if cx.is_exception(exc, classes::STOP_ITERATION) => Ok(stop_value(cx, exc)),
            Told::Raised(exc) => Err(Ask::Raise(exc)),
            Told::Start | Told::End => Ok(Value::None),
        },
        // The chain was resumed.
        2 => {
            frame.step = 1;
            match frame.told {
                Told::Raised(exc) if asks_for_attributes(cx, iterator) => {
                    let is_exit = cx.is_exception(exc, classes::GENERATOR_EXIT);
                    frame.values.truncate(1);
                    frame.values.push(Value::Exc(exc));
                    frame.step = if is_exit { 5 } else { 4 };
                    let name = if is_exit { names::CLOSE } else { names::THROW };
                    Err(cx.ask_call(Value::Builtin(GETATTR), &[iterator, Value::Str(name), Value::None]))
                }
                Told::Raised(exc) if cx.is_exception(exc, classes::GENERATOR_EXIT) => {
                    frame.step = 3;
                    frame.values.truncate(1);
                    frame.values.push(Value::Exc(exc));
                    close(cx, iterator)
                }
                Told::Raised(exc) => Err(throw(cx, iterator, exc)),
                Told::Value(value) => Err(send(cx, iterator, value)),
                Told::Start | Told::End | Told::Returned(_) => Err(send(cx, iterator, Value::None)),
            }
        }
        // Its `throw` was looked for, its `close`.
        4 => match (frame.told.into_outcome()?, frame.values[1]) {
            (Value::None, Value::Exc(exc)) => Err(Ask::Raise(exc)),
            (method, exc) => {
                frame.step = 1;
                Err(cx.ask_call(method, &[exc]))
            }
        },
        5 => {
            frame.step = 3;
            match frame.told {
                Told::Value(method) if !method.is_none() => Err(cx.ask_call(method, &[])),
                Told::Raised(exc) => Err(cx.ask_push(NativeFrame::new(UNRAISABLE, &[Value::Exc(exc), iterator]))),
                _ => match frame.values[1] {
                    Value::Exc(exc) => Err(Ask::Raise(exc)),
                    _ => Ok(Value::None),
                },
            }
        }
        // The iterator was closed: GeneratorExit goes on, unless closing it raised something else.
        _ => match (frame.told, frame.values[1]) {
            (Told::Raised(exc), _) => Err(Ask::Raise(exc)),
            (_, Value::Exc(exc)) => Err(Ask::Raise(exc)),
            _ => Ok(Value::None),
        },
    }
}

/// The value that a StopIteration carries.
pub fn stop_value(cx: &Cx, exc: Id<Exc>) -> Value {
    cx.heap.excs.get(exc).slots.as_ref().and_then(|slots| slots[0].given()).unwrap_or(Value::None)
}

fn send(cx: &mut Cx, iterator: Value, value: Value) -> Ask {
    match iterator {
        Value::Gen(id) => {
            cx.sent = value;
            Ask::Resume(id)
        }
        _ if value.is_none() => match cx.ask_special(iterator, Special::Next, &[]) {
            Some(ask) => ask,
            None => cx.type_error("the iterator has no __next__"),
        },
        _ => call_method(cx, iterator, names::SEND, &[value]),
    }
}

/// Asks for `obj.name(*args)`.
fn call_method(cx: &mut Cx, obj: Value, name: crate::value::Name, args: &[Value]) -> Ask {
    cx.ask_push(super::spread::call_attr_frame(obj, Value::Str(name), args))
}

/// Whether looking for an attribute of it may run script code.
fn asks_for_attributes(cx: &mut Cx, iterator: Value) -> bool {
    matches!(iterator, Value::Inst(_))
        && (cx.special_of(iterator, Special::GetAttr).is_some()
            || cx
                .special_of(iterator, Special::GetAttribute)
                .is_some_and(|method| !attribute::is_default_getattribute(method)))
}

fn has_attribute(cx: &mut Cx, obj: Value, name: crate::value::Name) -> bool {
    let class = cx.class_of(obj);
    !matches!(attribute::resolve(cx, obj, class, name), attribute::Resolved::Missing)
}

fn throw(cx: &mut Cx, iterator: Value, exc: Id<Exc>) -> Ask {
    match iterator {
        Value::Gen(id) => {
            cx.thrown = exc;
            Ask::Throw(id)
        }
        _ if has_attribute(cx, iterator, names::THROW) => call_method(cx, iterator, names::THROW, &[Value::Exc(exc)]),
        _ => Ask::Raise(exc),
    }
}

fn close(cx: &mut Cx, iterator: Value) -> Outcome {
    match iterator {
        Value::Gen(id) => Err(cx.ask_push(close_frame(id))),
        _ if has_attribute(cx, iterator, names::CLOSE) => Err(call_method(cx, iterator, names::CLOSE, &[])),
        _ => Err(cx.ask_push(NativeFrame::at_step(CLOSE_GENERATOR, 2, &[Value::None]))),
    }
}

fn await_object(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let obj = frame.values[0];
    if frame.step == 0 {
        frame.step = 1;
        if let Value::Gen(id) = obj
            && cx.heap.gens.get(id).is_iterable_coroutine
        {
            return become_delegate(cx, frame, obj);
        }
        if let Some(entry) = asynchronous::awaited_frame(cx, obj) {
            *frame = entry;
            return asynchronous::enter(cx, frame);
        }
        return match cx.ask_special(obj, Special::Await, &[]) {
            Some(ask) => Err(ask),
            None => {
                let message = format!("object {} can't be used in 'await' expression", cx.class_name(obj));
                Err(cx.type_error(message))
            }
        };
    }
    let iterator = frame.told.into_outcome()?;
    if let Value::Gen(id) = iterator
        && cx.heap.gens.get(id).kind == GenKind::Coroutine
    {
        return Err(cx.type_error("__await__() returned a coroutine"));
    }
    if !protocol::is_iterator(cx, iterator) {
        let message = format!("__await__() returned non-iterator of type '{}'", cx.class_name(iterator));
        return Err(cx.type_error(message));
    }
    become_delegate(cx, frame, iterator)
}

/// The frame goes on as a delegate.
fn become_delegate(cx: &mut Cx, frame: &mut NativeFrame, iterator: Value) -> Outcome {
    *frame = delegate_frame(iterator);
    delegate(cx, frame)
}

fn yield_from(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let iterable = frame.values[0];
    if frame.step == 0 {
        frame.step = 1;
        if let Value::Gen(id) = iterable {
            let generator = cx.heap.gens.get(id);
            if generator.kind == GenKind::Coroutine {
                return Err(cx.type_error("cannot 'yield from' a coroutine object in a non-coroutine generator"));
            }
            return become_delegate(cx, frame, iterable);
        }
        return match protocol::iter(cx, iterable) {
            Ok(iterator) => become_delegate(cx, frame, iterator),
            Err(ask) => Err(if ask == Ask::Tail { Ask::Call } else { ask }),
        };
    }
    let iterator = frame.told.into_outcome()?;
    become_delegate(cx, frame, iterator)
}

/// `generator.close()`.
fn close_generator(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Gen(id) = frame.values[0] else { return Ok(Value::None) };
    if frame.step == 0 {
        frame.step = 1;
        match cx.heap.gens.get(id).state {
            GenState::Finished => return Ok(Value::None),
            GenState::Created => {
                cx.heap.gens.get_mut(id).was_started = true;
                cx.heap.gens.get_mut(id).state = GenState::Finished;
                return Ok(Value::None);
            }
            GenState::Suspended | GenState::Running | GenState::Driven => {}
        }
        cx.thrown = cx.new_exception(classes::GENERATOR_EXIT, &[]);
        return Err(Ask::Throw(id));
    }
    match frame.told {
        Told::Value(_) => {
            let what = match cx.heap.gens.get(id).kind {
                GenKind::Generator => "generator",
                GenKind::Coroutine => "coroutine",
                GenKind::AsyncGenerator => "async generator",
            };
            Err(cx.runtime_error(format!("{what} ignored GeneratorExit")))
        }
        Told::Raised(exc)
            if cx.is_exception(exc, classes::GENERATOR_EXIT) || cx.is_exception(exc, classes::STOP_ITERATION) =>
        {
            Ok(Value::None)
        }
        Told::Raised(exc) => Err(Ask::Raise(exc)),
        Told::Returned(value) => Ok(value),
        Told::Start | Told::End => Ok(Value::None),
    }
}

fn async_iter(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let obj = frame.values[0];
    if frame.step == 0 {
        frame.step = 1;
        return match cx.ask_special(obj, Special::AIter, &[]) {
            Some(ask) => Err(ask),
            None => {
                let message =
                    format!("'async for' requires an object with __aiter__ method, got {}", cx.class_name(obj));
                Err(cx.type_error(message))
            }
        };
    }
    let iterator = frame.told.into_outcome()?;
    if cx.special_of(iterator, Special::ANext).is_none() {
        let class = cx.class_name(iterator);
        let message =
            format!("'async for' received an object from __aiter__ that does not implement __anext__: {class}");
        return Err(cx.type_error(message));
    }
    Ok(iterator)
}

/// The next item of an asynchronous iterator, for an `async for` loop: its end is [`Ask::End`].
fn anext(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let iterator = frame.values[0];
    match frame.step {
        0 => {
            frame.step = 1;
            match cx.ask_special(iterator, Special::ANext, &[]) {
                Some(ask) => Err(ask),
                None => {
                    let class = cx.class_name(iterator);
                    let message = format!("'async for' requires an iterator with __anext__ method, got {class}");
                    Err(cx.type_error(message))
                }
            }
        }
        1 => {
            frame.step = 2;
            let awaitable = match frame.told {
                Told::Raised(exc) if cx.is_exception(exc, classes::STOP_ASYNC_ITERATION) => return Err(Ask::End),
                told => told.into_outcome()?,
            };
            if !is_awaitable(cx, awaitable) {
                return Err(invalid_anext(cx, awaitable));
            }
            cx.call = CallAsk::default();
            cx.sent = awaitable;
            Err(Ask::Await)
        }
        _ => match frame.told {
            Told::Raised(exc) if cx.is_exception(exc, classes::STOP_ASYNC_ITERATION) => Err(Ask::End),
            told => told.into_outcome(),
        },
    }
}

/// Whether `await` would take it, as far as its class tells.
fn is_awaitable(cx: &mut Cx, value: Value) -> bool {
    super::generator::place::is_coroutine(cx, value)
        || future_state(cx, value).is_some()
        || cx.special_of(value, Special::Await).is_some()
}

fn invalid_anext(cx: &mut Cx, value: Value) -> Ask {
    let class = cx.class_name(value);
    let cause = cx.type_error(format!("object {class} can't be used in 'await' expression"));
    let ask = cx.type_error(format!("'async for' received an invalid object from __anext__: {class}"));
    if let (Ask::Raise(cause), Ask::Raise(exc)) = (cause, ask) {
        let exc = cx.heap.excs.get_mut(exc);
        (exc.cause, exc.context) = (Value::Exc(cause), Value::Exc(cause));
        exc.suppress_context = true;
    }
    ask
}
