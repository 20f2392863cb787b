//! Tasks: made, stepped, and what comes of a step.
//!
//! ```text
//! begin_step ── the coroutine runs ── after_step: done, waits for a future, goes on next turn
//! ```
//!
//! The frame of the turn calls both and stays on the fiber between them; so does a frame of its own where a script calls the
//! step of a task itself.

use super::future;
use super::schedule::{self, soon, soon_for};
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::{attribute, awaitable, classes, context, method_call, quick, walk};
use crate::value::event_loop::Entry;
use crate::value::future::FutureState;
use crate::value::{Callback, EventLoop, Exc, FutureRef, GenKind, Id, NativeFrame, Role, Task, Told, Value};

/// A new task of a loop; its first step is not scheduled yet.
pub fn new(
    cx: &mut Cx,
    event_loop: Id<EventLoop>,
    coro: Value,
    context: Option<Id<crate::value::Context>>,
) -> Id<Task> {
    let context = context.unwrap_or_else(|| context::copy_current(cx));
    cx.asyncio.n_tasks += 1;
    cx.asyncio.n_named += 1;
    let mut task = Task {
        coro,
        name: Value::Int(cx.asyncio.n_named as i64),
        context,
        number: cx.asyncio.n_tasks as u32,
        reports_death: true,
        ..Task::default()
    };
    task.future.event_loop = event_loop;
    cx.heap.charge(size_of::<Task>());
    let id = cx.heap.tasks.alloc(task);
    cx.heap.mortal.push(Value::Task(id));
    id
}

/// The name of a task, made if nobody asked before.
pub fn name(cx: &mut Cx, id: Id<Task>) -> Value {
    if let Value::Int(number) = cx.heap.tasks.get(id).name {
        let name = cx.str(&format!("Task-{number}"));
        cx.heap.tasks.get_mut(id).name = name;
    }
    cx.heap.tasks.get(id).name
}

/// Whether a value is a coroutine: a coroutine object, or an object with the methods of one.
pub fn is_coroutine(cx: &mut Cx, value: Value) -> bool {
    match value {
        Value::Gen(id) => {
            let generator = cx.heap.gens.get(id);
            // A generator of `@asyncio.coroutine` is an old spelling.
            generator.kind == GenKind::Coroutine || generator.is_iterable_coroutine && !cx.is_strict
        }
        Value::Inst(_) | Value::Native(_) => {
            let class = cx.class_of(value);
            let has = |cx: &mut Cx, name| classes::lookup(cx, class, name).is_some_and(|found| !found.is_none());
            has(cx, names::special(crate::value::special::Special::Await))
                && has(cx, names::SEND)
                && has(cx, names::THROW)
                && has(cx, names::CLOSE)
        }
        _ => false,
    }
}

// ----- A step -----

/// Begins the step of a task after the future that it waits for.
#[inline]
pub fn begin_wake(cx: &mut Cx, id: Id<Task>, done: FutureRef) -> Option<Ask> {
    let task = cx.heap.tasks.get(id);
    if let Value::Gen(generator) = task.coro
        && !task.must_cancel
        && !task.future.is_done()
        && cx.heap.gens.get(generator).awaiting == done.value()
    {
        // The await itself takes the result or raises.
        return Some(resume(cx, id, Value::None));
    }
    if cx.heap.tasks.get(id).must_cancel {
        // What the future brought is lost, but counts as seen. A cancellation stays the one that it is.
        let object = cx.heap.future_mut(done);
        object.is_unretrieved = false;
        let is_cancelled = object.state == FutureState::Cancelled;
        let exc = is_cancelled.then(|| future::cancelled_error(cx, done));
        return begin_step(cx, id, exc);
    }
    if let Role::Waits { .. } = cx.heap.future(done).role {
        // Whoever awaits it, deeper in the chain, runs its code.
        return begin_step(cx, id, None);
    }
    match future::result(cx, done) {
        Err(Ask::Raise(exc)) => begin_step(cx, id, Some(exc)),
        _ => begin_step(cx, id, None),
    }
}

/// Begins a step: what it asks runs the coroutine. None: nothing runs, the task was done already.
#[inline]
pub fn begin_step(cx: &mut Cx, id: Id<Task>, exc: Option<Id<Exc>>) -> Option<Ask> {
    let task = cx.heap.tasks.get(id);
    if task.future.is_done() {
        let shown = future::shown(cx, FutureRef::Task(id));
        let message = format!("__step(): already done: {}", super::repr::task_text(cx, shown, id));
        return Some(cx.raise(classes::INVALID_STATE_ERROR, message));
    }
    if !task.must_cancel && exc.is_none() {
        return Some(resume(cx, id, Value::None));
    }
    let exc = if task.must_cancel {
        let task = cx.heap.tasks.get_mut(id);
        task.must_cancel = false;
        match exc {
            Some(exc) if cx.is_exception(exc, classes::CANCELLED_ERROR) => exc,
            _ => future::cancelled_error(cx, FutureRef::Task(id)),
        }
    } else {
        exc.expect("one of both")
    };
    enter(cx, id);
    match cx.heap.tasks.get(id).coro {
        Value::Gen(generator) => {
            cx.thrown = exc;
            Some(Ask::Throw(generator))
        }
        coro => Some(method_call::ask(cx, coro, names::THROW, &[Value::Exc(exc)])),
    }
}

/// From here on the task is the current one.
#[inline]
fn enter(cx: &mut Cx, id: Id<Task>) {
    let task = cx.heap.tasks.get_mut(id);
    task.waiting = Value::Undef;
    let (event_loop, context) = (task.future.event_loop, task.context);
    if !event_loop.is_none() {
        cx.heap.event_loops.get_mut(event_loop).current = Value::Task(id);
    }
    cx.fiber.context = context;
}

#[inline]
fn resume(cx: &mut Cx, id: Id<Task>, sent: Value) -> Ask {
    enter(cx, id);
    match cx.heap.tasks.get(id).coro {
        Value::Gen(generator) => {
            cx.sent = sent;
            Ask::Resume(generator)
        }
        coro => method_call::ask(cx, coro, names::SEND, &[sent]),
    }
}

/// No task is the current one.
#[inline]
pub fn leave(cx: &mut Cx, id: Id<Task>) {
    let event_loop = cx.heap.tasks.get(id).future.event_loop;
    if !event_loop.is_none() {
        cx.heap.event_loops.get_unbarred(event_loop).current = Value::Undef;
    }
}

/// How the step of a task ended.
pub enum Stepped {
    /// Nothing more is to be done.
    Done,
    /// This must be asked; the answer is ignored.
    Ask(Ask),
    /// This goes on out of the loop: SystemExit, KeyboardInterrupt.
    Leaves(Id<Exc>),
    /// The task yielded an object that is none of our futures: [`foreign`] looks at it.
    Foreign(Value),
}

/// What comes of a step; the task is not the current one any more.
#[inline]
pub fn after_step(cx: &mut Cx, id: Id<Task>, told: Told) -> Stepped {
    match told {
        Told::Value(Value::None) => from_ask(soon_for(cx, FutureRef::Task(id), Entry::Step(id))),
        Told::Value(value) => match value {
            Value::Future(_) | Value::Task(_) => yielded_future(cx, id, value),
            Value::Inst(_) if is_plain_subclass(cx, value) => yielded_future(cx, id, value),
            _ => Stepped::Foreign(value),
        },
        Told::Returned(value) => returned(cx, id, value),
        Told::Raised(exc) => raised(cx, id, exc),
        Told::Start | Told::End => returned(cx, id, Value::None),
    }
}

fn from_ask(result: Result<(), Ask>) -> Stepped {
    match result {
        Ok(()) => Stepped::Done,
        Err(ask) => Stepped::Ask(ask),
    }
}

fn from_bool(result: Result<bool, Ask>) -> Stepped {
    from_ask(result.map(|_| ()))
}

fn returned(cx: &mut Cx, id: Id<Task>, value: Value) -> Stepped {
    let task = cx.heap.tasks.get_mut(id);
    if task.must_cancel {
        task.must_cancel = false;
        let message = task.future.extra.as_ref().map_or(Value::Undef, |extra| extra.cancel_message);
        return from_bool(future::cancel_itself(cx, FutureRef::Task(id), message));
    }
    from_ask(future::finish(cx, FutureRef::Task(id), value))
}

fn raised(cx: &mut Cx, id: Id<Task>, exc: Id<Exc>) -> Stepped {
    let own = FutureRef::Task(id);
    if cx.is_exception(exc, classes::CANCELLED_ERROR) {
        cx.heap.future_mut(own).extra_mut().cancelled_exc = Value::Exc(exc);
        return from_bool(future::cancel_itself(cx, own, Value::Undef));
    }
    if cx.is_exception(exc, classes::STOP_ITERATION) && !matches!(cx.heap.tasks.get(id).coro, Value::Gen(_)) {
        let value = awaitable::stop_value(cx, exc);
        return returned(cx, id, value);
    }
    let leaves = cx.is_exception(exc, classes::KEYBOARD_INTERRUPT) || cx.is_exception(exc, classes::SYSTEM_EXIT);
    match future::fail(cx, own, exc) {
        Ok(()) if leaves => Stepped::Leaves(exc),
        Ok(()) => Stepped::Done,
        Err(ask) => Stepped::Ask(ask),
    }
}

/// An instance of a subclass whose futures behave as ours do.
fn is_plain_subclass(cx: &mut Cx, value: Value) -> bool {
    if future::future_of(cx, value).is_none() {
        return false;
    }
    let class = cx.class_of(value);
    let is_native = |cx: &mut Cx, name| matches!(classes::lookup(cx, class, name), Some(Value::Builtin(_)));
    is_native(cx, names::ADD_DONE_CALLBACK)
        && is_native(cx, names::FUTURE_BLOCKING)
        && is_native(cx, names::CANCEL)
        && is_native(cx, names::GET_LOOP)
}

/// The task yielded a future of ours: awaited, it waits for it.
#[inline]
fn yielded_future(cx: &mut Cx, id: Id<Task>, value: Value) -> Stepped {
    let own_loop = cx.heap.tasks.get(id).future.event_loop;
    let target = future::future_of(cx, value).expect("the caller saw it");
    let object = cx.heap.future_mut(target);
    let is_own = object.event_loop == own_loop && !own_loop.is_none();
    if !is_own || !object.is_blocking || target == FutureRef::Task(id) {
        return bad_future(cx, id, target, value);
    }
    object.is_blocking = false;
    let added = if object.is_done() {
        soon(cx, own_loop, Entry::Wake(id, target))
    } else {
        object.add_callback(Callback::Wake(id));
        Ok(())
    };
    let task = cx.heap.tasks.get_mut(id);
    task.waiting = value;
    if let Err(ask) = added {
        return Stepped::Ask(ask);
    }
    if task.must_cancel {
        return cancel_waiting(cx, id, value);
    }
    Stepped::Done
}

/// A task that is marked as cancelled has begun to wait: what it waits for is cancelled at once.
fn cancel_waiting(cx: &mut Cx, id: Id<Task>, value: Value) -> Stepped {
    let message = cx.heap.tasks.get(id).future.extra.as_ref().map_or(Value::Undef, |extra| extra.cancel_message);
    let target = future::future_of(cx, value).expect("the caller saw it");
    match future::cancel(cx, target, message) {
        Ok(answer) => {
            if answer == Value::Bool(true) {
                cx.heap.tasks.get_mut(id).must_cancel = false;
            }
            Stepped::Done
        }
        Err(ask) => {
            cx.heap.tasks.get_mut(id).must_cancel = false;
            Stepped::Ask(ask)
        }
    }
}

/// What is wrong with a future that was yielded: the task gets a RuntimeError at its next step.
fn bad_future(cx: &mut Cx, id: Id<Task>, target: FutureRef, value: Value) -> Stepped {
    let shown = future::shown(cx, FutureRef::Task(id));
    if target == FutureRef::Task(id) {
        let task = super::repr::task_text(cx, shown, id);
        return throw_next(cx, id, &format!("Task cannot await on itself: {task}"));
    }
    let own_loop = future::loop_value(cx, FutureRef::Task(id));
    if !future::loop_value(cx, target).is(&own_loop) {
        let (task, other) = (super::repr::task_text(cx, shown, id), super::repr::text_of(cx, value));
        return throw_next(cx, id, &format!("Task {task} got Future {other} attached to a different loop"));
    }
    if cx.heap.future(target).is_blocking {
        // The same loop, but none of ours: everything by attribute calls.
        return Stepped::Foreign(value);
    }
    let (task, other) = (super::repr::task_text(cx, shown, id), super::repr::text_of(cx, value));
    throw_next(cx, id, &format!("yield was used instead of yield from in task {task} with {other}"))
}

/// The task gets a RuntimeError at its next step.
fn throw_next(cx: &mut Cx, id: Id<Task>, message: &str) -> Stepped {
    let message = cx.str(message);
    let exc = cx.new_exception(classes::RUNTIME_ERROR, &[message]);
    from_ask(soon_for(cx, FutureRef::Task(id), Entry::StepRaise(id, exc)))
}

// ----- Objects that follow the future protocol -----

/// What a task does with an object that it yielded and that is none of our futures. Steps; values: the task, the object,
/// then what each step found.
pub fn foreign(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (Value::Task(id), value) = (frame.values[0], frame.values[1]) else { crate::bug!("the frame of a task") };
    loop {
        match frame.step {
            0 => {
                frame.step = 1;
                match attribute::get(cx, value, names::FUTURE_BLOCKING) {
                    Ok(found) => frame.told = Told::Value(found),
                    Err(Ask::Raise(exc)) => frame.told = Told::Raised(exc),
                    Err(ask) => return Err(ask.to_come_back()),
                }
            }
            1 => {
                let found = match std::mem::take(&mut frame.told) {
                    Told::Raised(exc) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => Value::None,
                    told => told.into_outcome()?,
                };
                if found.is_none() {
                    return not_awaitable(cx, id, value);
                }
                let is_blocking = quick::quick_truth(cx, found).unwrap_or(true);
                frame.values.push(Value::Bool(is_blocking));
                frame.step = 2;
                match attribute::get(cx, value, names::GET_LOOP) {
                    Ok(method) => return Err(cx.ask_call(method, &[])),
                    Err(Ask::Raise(_)) => frame.step = 3,
                    Err(ask) => return Err(ask.to_come_back()),
                }
            }
            2 => {
                let found = std::mem::take(&mut frame.told).into_outcome()?;
                frame.step = 3;
                let own_loop = future::loop_value(cx, FutureRef::Task(id));
                if !found.is(&own_loop) {
                    let shown = future::shown(cx, FutureRef::Task(id));
                    let (task, other) = (super::repr::task_text(cx, shown, id), super::repr::text_of(cx, value));
                    let text = format!("Task {task} got Future {other} attached to a different loop");
                    return finish_stepped(cx, id, &text);
                }
            }
            3 => {
                let shown = future::shown(cx, FutureRef::Task(id));
                if frame.values[2] != Value::Bool(true) {
                    let (task, other) = (super::repr::task_text(cx, shown, id), super::repr::text_of(cx, value));
                    let text = format!("yield was used instead of yield from in task {task} with {other}");
                    return finish_stepped(cx, id, &text);
                }
                if value.is(&shown) {
                    let task = super::repr::task_text(cx, shown, id);
                    return finish_stepped(cx, id, &format!("Task cannot await on itself: {task}"));
                }
                frame.step = 4;
                attribute::set(cx, value, names::FUTURE_BLOCKING, Value::Bool(false)).map_err(Ask::to_come_back)?;
            }
            4 => {
                frame.step = 5;
                let method = attribute::get(cx, value, names::ADD_DONE_CALLBACK).map_err(Ask::to_come_back)?;
                let wakeup = cx.heap.new_method(Value::Builtin(schedule::TASK_WAKEUP), Value::Task(id));
                let context = Value::Context(cx.heap.tasks.get(id).context);
                let keywords = cx.heap.new_tuple(&[Value::Str(names::CONTEXT_ATTR)]);
                cx.ask_call(method, &[wakeup, context]);
                cx.call.keywords = keywords;
                return Err(Ask::Call);
            }
            5 => {
                std::mem::take(&mut frame.told).into_outcome()?;
                let task = cx.heap.tasks.get_mut(id);
                task.waiting = value;
                if !task.must_cancel {
                    return Ok(Value::None);
                }
                frame.step = 6;
                let message = task.future.extra.as_ref().map_or(Value::None, |extra| extra.cancel_message);
                let method = attribute::get(cx, value, names::CANCEL).map_err(Ask::to_come_back)?;
                let keywords = cx.heap.new_tuple(&[Value::Str(names::MSG)]);
                cx.ask_call(method, &[message.given().unwrap_or(Value::None)]);
                cx.call.keywords = keywords;
                return Err(Ask::Call);
            }
            _ => {
                let answer = std::mem::take(&mut frame.told).into_outcome()?;
                if quick::quick_truth(cx, answer).unwrap_or(true) {
                    cx.heap.tasks.get_mut(id).must_cancel = false;
                }
                return Ok(Value::None);
            }
        }
    }
}

fn not_awaitable(cx: &mut Cx, id: Id<Task>, value: Value) -> Outcome {
    let shown = future::shown(cx, FutureRef::Task(id));
    let task = super::repr::task_text(cx, shown, id);
    let other = super::repr::text_of(cx, value);
    let is_generator = matches!(value, Value::Gen(generator) if cx.heap.gens.get(generator).kind == GenKind::Generator);
    let text = if is_generator {
        format!("yield was used instead of yield from for generator in task {task} with {other}")
    } else {
        format!("Task got bad yield: {other}")
    };
    finish_stepped(cx, id, &text)
}

fn finish_stepped(cx: &mut Cx, id: Id<Task>, message: &str) -> Outcome {
    match throw_next(cx, id, message) {
        Stepped::Ask(ask) => Err(ask.to_be_last()),
        Stepped::Done | Stepped::Leaves(_) | Stepped::Foreign(_) => Ok(Value::None),
    }
}

/// The rest of a step that a frame of its own runs. values: the task, ...
pub fn after_step_in_frame(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Task>) -> Outcome {
    match frame.step {
        1 => {
            leave(cx, id);
            if let Some(&Value::Context(context)) = frame.values.get(2) {
                cx.fiber.context = context;
            }
            frame.step = 2;
            match after_step(cx, id, std::mem::take(&mut frame.told)) {
                Stepped::Done => Ok(Value::None),
                Stepped::Ask(ask) => Err(ask),
                Stepped::Leaves(exc) => Err(Ask::Raise(exc)),
                Stepped::Foreign(value) => Err(cx.ask_push(foreign_frame(id, value))),
            }
        }
        _ => frame.told.into_outcome().map(|_| Value::None),
    }
}

/// The frame of [`foreign`].
pub fn foreign_frame(id: Id<Task>, value: Value) -> NativeFrame {
    NativeFrame::new(super::task_methods::FOREIGN, &[Value::Task(id), value])
}

/// All tasks of a loop that are not done, in the order in which they were made.
pub fn all(cx: &Cx, event_loop: Id<EventLoop>) -> Vec<Id<Task>> {
    let belongs = |task: &Task| {
        !task.coro.is_undef() && !task.is_lost && !task.future.is_done() && task.future.event_loop == event_loop
    };
    let mut found: Vec<Id<Task>> =
        cx.heap.tasks.iter_made().filter(|(_, task)| belongs(task)).map(|(id, _)| id).collect();
    found.sort_by_key(|&id| cx.heap.tasks.get(id).number);
    found
}

/// The text of a value, for messages: its `repr` if no script code is needed for that.
pub fn quick_text(cx: &mut Cx, value: Value) -> Option<String> {
    match walk::repr(cx, value) {
        Ok(text) => cx.text_of(text).map(|text| String::from_utf8_lossy(text).into_owned()),
        Err(_) => None,
    }
}
