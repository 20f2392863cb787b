//! The one way into a loop's queue: entries for a loop that nobody patched, `loop.call_soon(…)` for any other.
//!
//! CPython's tasks and futures call `loop.call_soon` as an attribute. A program can tell only if the loop is not one of
//! ours, or if it (or its class) has another `call_soon`; then the entry is made a callable and the attribute is called.

use super::future;
use crate::call::{Ask, CallAsk, Cx, Outcome, names};
use crate::tables;
use crate::types::{attribute, classes};
use crate::value::event_loop::Entry;
use crate::value::{Callback, Context, EventLoop, FutureRef, Id, Name, NativeFrame, NativeId, Task, Value};

crate::natives! {
    /// Steps of scheduling.
    pub static SCHEDULE_STEPS = [
        hidden "call_all(index, future)" => step call_all, "The callbacks of a future, by attribute calls.";
        hidden "task_step(task, exception=)" => step task_step, "TaskStepMethWrapper";
        hidden "task_wakeup(task, future)" => step task_wakeup, "task_wakeup";
        hidden "release(future)" => release, "_set_result_unless_cancelled";
        hidden "done(kind, future)" => step super::gather::done_step, "_done_callback";
        hidden "stop(loop, future)" => step super::run::stop_step, "_run_until_complete_cb";
    ]
}

const fn row(row: u16) -> NativeId {
    NativeId { table: tables::SCHEDULE, row }
}
const CALL_ALL: NativeId = row(0);
/// Bound to a task: what CPython calls a TaskStepMethWrapper.
pub const TASK_STEP: NativeId = row(1);
/// Bound to a task: what CPython calls `task_wakeup`.
pub const TASK_WAKEUP: NativeId = row(2);
const RELEASE: NativeId = row(3);
/// The callback of `gather`, bound to what it gave.
pub const GATHER_DONE: NativeId = row(4);
/// The callback of `run_until_complete`.
pub const STOP: NativeId = row(5);

/// The data of a loop: of one of ours, or of an instance of a subclass.
#[inline]
pub fn loop_of(cx: &Cx, value: Value) -> Option<Id<EventLoop>> {
    match cx.exact(value) {
        Value::Loop(id) => Some(id),
        _ => None,
    }
}

/// The loop as scripts see it.
pub fn shown_loop(cx: &Cx, id: Id<EventLoop>) -> Value {
    cx.heap.event_loops.get(id).outer.map_or(Value::Loop(id), Value::Inst)
}

/// Whether the library may put entries into the queue itself.
#[inline]
pub fn is_plain(cx: &Cx, id: Id<EventLoop>) -> bool {
    !id.is_none() && !cx.heap.event_loops.get(id).is_patched && !cx.asyncio.is_patched
}

/// Whether `loop.name` is the native method of ours.
pub fn has_own(cx: &mut Cx, event_loop: Value, name: Name) -> bool {
    let class = cx.class_of(event_loop);
    match attribute::resolve(cx, event_loop, class, name) {
        attribute::Resolved::FromClass { attr: Value::Builtin(id), .. } => classes::class_of_table(id.table)
            .is_some_and(|class| class == classes::BASE_EVENT_LOOP || class == classes::BASE_SELECTOR_EVENT_LOOP),
        _ => false,
    }
}

/// Methods whose replacement the library must notice.
pub const HOOKS: &[Name] = &[names::CALL_SOON, names::CALL_AT, names::CALL_LATER, names::TIME];

/// Looks anew whether a loop is plain: a script set an attribute, or it is an instance of a subclass.
pub fn check_patched(cx: &mut Cx, id: Id<EventLoop>) {
    let shown = shown_loop(cx, id);
    let is_patched = HOOKS.iter().any(|&name| !has_own(cx, shown, name));
    cx.heap.event_loops.get_unbarred(id).is_patched = is_patched;
}

/// Puts an entry into the queue. An Ask's answer is to be ignored.
#[inline]
pub fn soon(cx: &mut Cx, id: Id<EventLoop>, entry: Entry) -> Result<(), Ask> {
    if !is_plain(cx, id) {
        return Err(call_soon(cx, id, Value::Undef, entry));
    }
    let event_loop = cx.heap.event_loops.get_mut(id);
    if event_loop.is_closed {
        return Err(cx.runtime_error("Event loop is closed"));
    }
    event_loop.push(entry);
    Ok(())
}

/// The same for what belongs to a future, whose loop may be no loop of ours.
pub fn soon_for(cx: &mut Cx, future: FutureRef, entry: Entry) -> Result<(), Ask> {
    let id = cx.heap.future(future).event_loop;
    if !id.is_none() {
        return soon(cx, id, entry);
    }
    let foreign = cx.heap.future(future).extra.as_ref().map_or(Value::Undef, |extra| extra.foreign_loop);
    Err(call_soon(cx, id, foreign, entry))
}

/// `loop.call_soon(callable, *args, context=context)` for an entry.
fn call_soon(cx: &mut Cx, id: Id<EventLoop>, foreign: Value, entry: Entry) -> Ask {
    let event_loop = if id.is_none() { foreign } else { shown_loop(cx, id) };
    let (callable, arg, context) = as_call(cx, entry);
    let mut args: smallvec::SmallVec<[Value; 6]> = smallvec::smallvec![callable];
    args.extend(arg);
    args.push(Value::Context(context));
    let keywords = cx.heap.new_tuple(&[Value::Str(names::CONTEXT_ATTR)]);
    match attribute::get(cx, event_loop, names::CALL_SOON) {
        Ok(callee) => {
            cx.call = CallAsk { callee, args, keywords };
            Ask::Call
        }
        Err(ask @ Ask::Raise(_)) => ask,
        Err(_) => cx.not_implemented("call_soon as a computed attribute of a loop"),
    }
}

/// An entry as a callable, its argument, and its context.
fn as_call(cx: &mut Cx, entry: Entry) -> (Value, Option<Value>, Id<Context>) {
    match entry {
        Entry::Step(task) => (bound_to_task(cx, TASK_STEP, task), None, cx.heap.tasks.get(task).context),
        Entry::StepRaise(task, exc) => {
            (bound_to_task(cx, TASK_STEP, task), Some(Value::Exc(exc)), cx.heap.tasks.get(task).context)
        }
        Entry::Wake(task, future) => {
            let shown = future::shown(cx, future);
            (bound_to_task(cx, TASK_WAKEUP, task), Some(shown), cx.heap.tasks.get(task).context)
        }
        Entry::Release(id) => {
            let callable = cx.heap.new_method(Value::Builtin(RELEASE), Value::Future(id));
            (callable, None, cx.fiber.context)
        }
        Entry::Done(callback, future) => {
            let shown = future::shown(cx, future);
            let (callable, context) = shown_callback(cx, callback);
            (callable, Some(shown), context)
        }
        Entry::Handle(id) => {
            let handle = cx.heap.handles.get(id);
            (handle.callback, handle.args.first().copied(), handle.context)
        }
        Entry::Native(native, object) => {
            let callable = cx.heap.new_method(Value::Builtin(native), Value::Native(object));
            (callable, None, cx.fiber.context)
        }
    }
}

/// An entry as a handle, for scripts that look into the queue.
pub fn as_handle(cx: &mut Cx, event_loop: Value, entry: Entry) -> Value {
    if let Entry::Handle(id) = entry {
        return cx
            .heap
            .handles
            .get(id)
            .rare
            .as_ref()
            .and_then(|rare| rare.outer)
            .map_or(Value::Handle(id), Value::Inst);
    }
    let (callable, arg, context) = as_call(cx, entry);
    let args: &[Value] = arg.as_slice();
    Value::Handle(super::handle::new(cx, event_loop, callable, args, context, None))
}

fn bound_to_task(cx: &mut Cx, native: NativeId, task: Id<Task>) -> Value {
    cx.heap.new_method(Value::Builtin(native), Value::Task(task))
}

/// A callback as scripts see it, and its context.
pub fn shown_callback(cx: &mut Cx, callback: Callback) -> (Value, Id<Context>) {
    let context = cx.fiber.context;
    match callback {
        Callback::None => (Value::None, context),
        Callback::Wake(task) => (bound_to_task(cx, TASK_WAKEUP, task), cx.heap.tasks.get(task).context),
        Callback::Gather(outer) => (cx.heap.new_method(Value::Builtin(GATHER_DONE), Value::Future(outer)), context),
        Callback::Group(group) => {
            (cx.heap.new_method(Value::Builtin(super::group::ON_TASK_DONE), Value::Native(group)), context)
        }
        Callback::Stop => (Value::Builtin(STOP), context),
        Callback::Call { callback, context } => (callback, context),
    }
}

/// Schedules the callbacks of a future that has just been completed.
#[inline]
pub fn call_back(cx: &mut Cx, future: FutureRef) -> Result<(), Ask> {
    let object = cx.heap.future_mut(future);
    let first = std::mem::take(&mut object.callback);
    let more = object.more.take();
    let id = object.event_loop;
    if matches!(first, Callback::None) && more.is_none() {
        return Ok(());
    }
    if is_plain(cx, id) {
        let event_loop = cx.heap.event_loops.get_mut(id);
        if event_loop.is_closed {
            return Err(cx.runtime_error("Event loop is closed"));
        }
        push_callback(event_loop, first, future);
        more.iter().flat_map(|more| more.iter()).for_each(|&callback| push_callback(event_loop, callback, future));
        return Ok(());
    }
    let object = cx.heap.future_mut(future);
    object.callback = first;
    object.more = more;
    Err(cx.ask_push(NativeFrame::new(CALL_ALL, &[future.value()])))
}

fn push_callback(event_loop: &mut EventLoop, callback: Callback, future: FutureRef) {
    match callback {
        Callback::None => {}
        Callback::Wake(task) => event_loop.push(Entry::Wake(task, future)),
        Callback::Gather(_) | Callback::Group(_) | Callback::Stop | Callback::Call { .. } => {
            event_loop.push(Entry::Done(callback, future));
        }
    }
}

/// values: the future; its callbacks are taken off one by one.
fn call_all(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Some(future) = FutureRef::of(frame.values[0]) else { crate::bug!("only futures have callbacks") };
    if frame.step == 1 {
        frame.told.into_outcome()?;
    }
    frame.step = 1;
    loop {
        let object = cx.heap.future_mut(future);
        let callback = std::mem::take(&mut object.callback);
        if let Some(more) = &mut object.more {
            if more.is_empty() {
                object.more = None;
            } else {
                object.callback = more.remove(0);
            }
        }
        match callback {
            Callback::None => return Ok(Value::None),
            Callback::Wake(task) => soon_for(cx, future, Entry::Wake(task, future))?,
            Callback::Gather(_) | Callback::Group(_) | Callback::Stop | Callback::Call { .. } => {
                soon_for(cx, future, Entry::Done(callback, future))?;
            }
        }
    }
}

// ----- Entries as callables -----

/// values: the task, an exception.
fn task_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Task(task) = frame.values[0] else { return Err(cx.type_error("a task is needed")) };
    if frame.step == 0 {
        frame.step = 1;
        let exc = match frame.values[1] {
            Value::Exc(exc) => Some(exc),
            _ => None,
        };
        frame.values.push(Value::Context(cx.fiber.context));
        return super::task::begin_step(cx, task, exc).map_or(Ok(Value::None), Err);
    }
    super::task::after_step_in_frame(cx, frame, task)
}

fn task_wakeup(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Task(task) = frame.values[0] else { return Err(cx.type_error("a task is needed")) };
    if frame.step == 0 {
        let future = frame.values[1];
        if let Some(future) = FutureRef::of(cx.exact(future)) {
            frame.step = 1;
            frame.values.push(Value::Context(cx.fiber.context));
            return super::task::begin_wake(cx, task, future).map_or(Ok(Value::None), Err);
        }
        frame.step = 10;
        return Err(crate::types::method_call::ask(cx, future, names::RESULT, &[]));
    }
    if frame.step == 10 {
        // The result of a future that is none of ours.
        frame.step = 1;
        let exc = match std::mem::take(&mut frame.told) {
            crate::value::Told::Raised(exc) => Some(exc),
            _ => None,
        };
        frame.values.push(Value::Context(cx.fiber.context));
        return super::task::begin_step(cx, task, exc).map_or(Ok(Value::None), Err);
    }
    super::task::after_step_in_frame(cx, frame, task)
}

fn release(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Future(id) = args[0] else { return Ok(Value::None) };
    future::release(cx, id)?;
    Ok(Value::None)
}
