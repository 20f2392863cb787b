//! `ensure_future`, `create_task`, and which loop they mean.

use super::{future, schedule, task};
use crate::call::{Ask, CallAsk, Cx, Outcome, launch, names};
use crate::tables;
use crate::types::{attribute, classes, method_call};
use crate::value::event_loop::Entry;
use crate::value::generator::{GenKind, GenState, Generator, Parked};
use crate::value::special::Special;
use crate::value::{Context, EventLoop, Frame, FrameKind, Id, NativeFrame, NativeId, Value};

crate::natives! {
    /// Steps of making tasks.
    pub static ENSURE_STEPS = [
        hidden "with_factory(loop, coro, name, context)" => step with_factory, "A task from the loop's factory.";
        hidden "_wrap_awaitable(awaitable)" => wrap_awaitable, "`return await awaitable`.";
        hidden "run_async(native, *args)" => step run_async, "An async native as a coroutine object.";
    ]
}

const fn row(row: u16) -> NativeId {
    NativeId { table: tables::ENSURE, row }
}
const WITH_FACTORY: NativeId = row(0);
const WRAP_AWAITABLE: NativeId = row(1);
const RUN_ASYNC: NativeId = row(2);

/// The running loop, as scripts see it, or an exception.
pub fn running_loop(cx: &mut Cx) -> Outcome {
    match cx.fiber.running_loop.given() {
        Some(event_loop) => Ok(event_loop),
        None => Err(cx.runtime_error("no running event loop")),
    }
}

/// The running loop, or else the one that was set for the fiber.
pub fn current_loop(cx: &mut Cx) -> Outcome {
    if let Some(event_loop) = cx.fiber.running_loop.given() {
        return Ok(event_loop);
    }
    match kept_loop(cx) {
        Some(event_loop) => Ok(event_loop),
        None => Err(super::ask_library(cx, "asyncio.events", "get_event_loop", &[])),
    }
}

/// What `set_event_loop` was given, unless a policy of the script knows better.
fn kept_loop(cx: &Cx) -> Option<Value> {
    match cx.fiber.event_loop {
        Value::Undef | Value::None => None,
        event_loop => cx.asyncio.policy.is_undef().then_some(event_loop),
    }
}

/// `ensure_future(value, loop=loop)`; with `Id::NONE` the current loop.
pub fn ensure_in(cx: &mut Cx, value: Value, event_loop: Id<EventLoop>) -> Outcome {
    if let Some(known) = future::future_of(cx, value) {
        let own = cx.heap.future(known).event_loop;
        if !event_loop.is_none() && own != event_loop {
            return Err(
                cx.value_error("The future belongs to a different loop than the one specified as the loop argument")
            );
        }
        return Ok(value);
    }
    if follows_protocol(cx, value) {
        return Ok(value);
    }
    let coro = match value {
        _ if task::is_coroutine(cx, value) => value,
        _ if is_awaitable(cx, value) => wrap(cx, value),
        _ => {
            return Err(cx.type_error("An asyncio.Future, a coroutine or an awaitable is required"));
        }
    };
    let id = if event_loop.is_none() {
        let current = match cx.fiber.running_loop.given() {
            Some(current) => current,
            None => match kept_loop(cx) {
                None => return Err(super::ask_library(cx, "asyncio.tasks", "_create_on_new_loop", &[coro])),
                Some(current) => current,
            },
        };
        match schedule::loop_of(cx, current) {
            Some(id) => id,
            None => return Err(method_call::ask(cx, current, names::CREATE_TASK, &[coro])),
        }
    } else {
        event_loop
    };
    let shown = schedule::shown_loop(cx, id);
    if id_is_exact(cx, id) || schedule::has_own(cx, shown, names::CREATE_TASK) {
        return create_task(cx, id, coro, Value::None, None);
    }
    Err(method_call::ask(cx, shown, names::CREATE_TASK, &[coro]))
}

/// Whether a value is an instance of a class of the script that follows the future protocol.
pub fn follows_protocol(cx: &mut Cx, value: Value) -> bool {
    if !matches!(value, Value::Inst(_)) {
        return false;
    }
    let class = cx.class_of(value);
    classes::lookup(cx, class, names::FUTURE_BLOCKING).is_some()
}

fn id_is_exact(cx: &Cx, id: Id<EventLoop>) -> bool {
    let object = cx.heap.event_loops.get(id);
    object.outer.is_none() && object.dict.is_none() && !cx.asyncio.is_patched
}

/// `loop.create_task(coro, name=name, context=context)`.
pub fn create_task(cx: &mut Cx, id: Id<EventLoop>, coro: Value, name: Value, context: Option<Id<Context>>) -> Outcome {
    let object = cx.heap.event_loops.get(id);
    if object.is_closed {
        return Err(cx.runtime_error("Event loop is closed"));
    }
    if !object.task_factory.is_undef() && !object.task_factory.is_none() {
        let shown_context = context.map_or(Value::None, Value::Context);
        return Err(cx.ask_push(NativeFrame::new(WITH_FACTORY, &[Value::Loop(id), coro, name, shown_context])));
    }
    if !matches!(coro, Value::Gen(generator) if cx.heap.gens.get(generator).kind == GenKind::Coroutine)
        && !task::is_coroutine(cx, coro)
    {
        let text = super::repr::text_of(cx, coro);
        return Err(cx.type_error(format!("a coroutine was expected, got {text}")));
    }
    let made = task::new(cx, id, coro, context);
    note_started(cx, coro);
    let result = Value::Task(made);
    if !name.is_none() && !name.is_undef() {
        match crate::types::strings::to_str(cx, name) {
            Ok(name) => cx.heap.tasks.get_mut(made).name = name,
            Err(ask @ Ask::Raise(_)) => return Err(ask),
            Err(_) => return Err(cx.not_implemented("a task's name that is no str")),
        }
    }
    match schedule::soon(cx, id, Entry::Step(made)) {
        Ok(()) => Ok(result),
        Err(ask) => Err(launch::then_give(cx, ask, result)),
    }
}

/// A task will run it: no warning when it dies.
pub fn note_started(cx: &mut Cx, coro: Value) {
    let _ = (cx, coro);
}

/// values: the loop, the coroutine, name, context.
fn with_factory(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Loop(id) = frame.values[0] else { crate::bug!("a loop") };
    match frame.step {
        0 => {
            frame.step = 1;
            let factory = cx.heap.event_loops.get(id).task_factory;
            let (shown, context) = (schedule::shown_loop(cx, id), frame.values[3]);
            cx.ask_call(factory, &[shown, frame.values[1]]);
            if !context.is_none() {
                cx.call.args.push(context);
                cx.call.keywords = cx.heap.new_tuple(&[Value::Str(names::CONTEXT_ATTR)]);
            }
            Err(Ask::Call)
        }
        1 => {
            let made = frame.told.into_outcome()?;
            if frame.values[2].is_none() || frame.values[2].is_undef() {
                return Ok(made);
            }
            frame.values[3] = made;
            frame.step = 2;
            match attribute::get(cx, made, names::SET_NAME) {
                Ok(method) => Err(cx.ask_call(method, &[frame.values[2]])),
                Err(Ask::Raise(exc)) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => Ok(made),
                Err(ask) => Err(ask.to_come_back()),
            }
        }
        _ => {
            frame.told.into_outcome()?;
            Ok(frame.values[3])
        }
    }
}

// ----- Natives as coroutines -----

/// Whether `await value` may work: `inspect.isawaitable`.
pub fn is_awaitable(cx: &mut Cx, value: Value) -> bool {
    match value {
        Value::Gen(id) => {
            let generator = cx.heap.gens.get(id);
            generator.kind == GenKind::Coroutine || generator.is_iterable_coroutine
        }
        _ => cx.special_of(value, Special::Await).is_some_and(|method| !method.is_none()),
    }
}

fn wrap(cx: &mut Cx, awaitable: Value) -> Value {
    new_coroutine(cx, WRAP_AWAITABLE, &[awaitable])
}

fn wrap_awaitable(cx: &mut Cx, args: &[Value]) -> Outcome {
    cx.sent = args[0];
    Err(Ask::Await)
}

/// The coroutine object of an async native that was called and not awaited at once.
pub fn new_coroutine(cx: &mut Cx, native: NativeId, args: &[Value]) -> Value {
    let value = new_suspendable(cx, GenKind::Coroutine, native, args);
    cx.heap.mortal.push(value);
    value
}

/// A generator object whose body is an async native: what `__await__` of a future gives.
pub fn new_suspendable(cx: &mut Cx, kind: GenKind, native: NativeId, args: &[Value]) -> Value {
    let name = cx.name(crate::call::cx::native_def(native).name());
    let mut inner = NativeFrame::new(RUN_ASYNC, &[Value::Builtin(native)]);
    inner.values.extend_from_slice(args);
    let frame = Frame { kind: FrameKind::Native, ..Frame::default() };
    let generator = Generator {
        kind,
        state: GenState::Created,
        seat: Parked::Native { frame, native: Box::new(inner) },
        name,
        link: Id::NONE,
        ..Generator::default()
    };
    cx.heap.charge(size_of::<Generator>() + size_of::<NativeFrame>());
    Value::Gen(cx.heap.gens.alloc(generator))
}

/// values: the native, its arguments.
fn run_async(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 1 {
        return frame.told.into_outcome();
    }
    let Value::Builtin(native) = frame.values[0] else { crate::bug!("a frame of an async native names it") };
    match crate::call::cx::native_def(native).body {
        crate::call::Body::Plain(body) => {
            let args = smallvec::SmallVec::<[Value; 6]>::from_slice(&frame.values[1..]);
            match body(cx, &args) {
                Err(ask) if ask.is_question() => {
                    frame.step = 1;
                    Err(ask)
                }
                Err(Ask::Tail) => {
                    frame.step = 1;
                    Err(Ask::Call)
                }
                outcome => outcome,
            }
        }
        crate::call::Body::Stepped(body) => {
            frame.values.remove(0);
            frame.native = native;
            body(cx, frame)
        }
    }
}

/// A call with keyword arguments, the last of `args`.
pub fn ask_keyword_call(cx: &mut Cx, callee: Value, args: &[Value], keywords: &[crate::value::Name]) -> Ask {
    let names: Vec<Value> = keywords.iter().map(|&name| Value::Str(name)).collect();
    let keywords = cx.heap.new_tuple(&names);
    cx.call = CallAsk { callee, args: args.into(), keywords };
    Ask::Call
}

/// `inspect.iscoroutinefunction`.
pub fn is_coroutine_function(cx: &mut Cx, value: Value) -> bool {
    match value {
        Value::Func(id) => {
            let func = cx.heap.funcs.get(id);
            let is_marked = func.extra.as_ref().is_some_and(|extra| extra.is_marked_coroutine);
            is_marked || cx.heap.links.get(func.link).code().flags.is_coroutine
        }
        Value::Method(id) => {
            let func = cx.heap.methods.get(id).func;
            is_coroutine_function(cx, func)
        }
        Value::Builtin(id) => crate::call::cx::native_def(id).is_async,
        _ => false,
    }
}
