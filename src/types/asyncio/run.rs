//! `run_forever`: the frame of the turn.
//!
//! ```text
//! begin ─ poll ─ descriptors, timers ─ entry, entry, … ─ begin …
//! ```
//!
//! It stands on the fiber while the loop runs. An entry that runs script code is asked for, and its answer is looked at
//! before the next entry is taken; everything else happens right here. A turn runs just as many entries as there are when
//! it begins.

use super::schedule::{self, loop_of};
use super::task::{self, Stepped};
use super::{ensure, future, gather, group, handle, report, timer};
use crate::call::{Ask, Body, Cx, MachineAsk, Outcome, cx::native_def, names};
use crate::types::{attribute, classes, method_call};
use crate::value::event_loop::Entry;
use crate::value::future::FutureState;
use crate::value::{Callback, EventLoop, FutureRef, Id, NativeFrame, Task, Told, Value};

/// Steps of the frame.
const START: u32 = 0;
const BEGIN: u32 = 1;
/// The machine waited.
const POLLED: u32 = 2;
const NEXT: u32 = 3;
/// A task's coroutine ran.
const STEPPED: u32 = 4;
/// A callback ran; what it raises is reported.
const CALLED: u32 = 5;
/// What came is ignored, exceptions leave.
const IGNORED: u32 = 6;
/// `self._run_once()` of a script ran.
const TURNED: u32 = 7;

/// Values of the frame: the loop as scripts see it, the loop, what is restored at the end, what runs.
const SHOWN: usize = 0;
const LOOP: usize = 1;
const RUNNING: usize = 2;
const FIRST_HOOK: usize = 3;
const LAST_HOOK: usize = 4;
const CONTEXT: usize = 5;
/// The task, or the callback and its argument, or the handle.
const SUBJECT: usize = 6;
const ARGUMENT: usize = 7;

/// So many turns may pass before descriptors are looked at, as long as entries are ready.
const TURNS_PER_POLL: u64 = 64;

/// `loop.run_forever()`.
pub fn run_forever(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if cx.heap.is_due() {
        return Err(Ask::Full);
    }
    if frame.step == START {
        start(cx, frame)?;
    }
    let id = loop_in(frame);
    let outcome = turns(cx, frame, id);
    match outcome {
        Err(ask) if ask.is_question() => Err(ask),
        outcome => {
            end(cx, frame, id);
            outcome
        }
    }
}

/// `loop._run_once()`: one turn, for a script that replaced it and calls the one that it inherits.
pub fn run_once(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if cx.heap.is_due() {
        return Err(Ask::Full);
    }
    if frame.step == START {
        let shown = frame.values[0];
        let Some(id) = loop_of(cx, shown) else { return Err(cx.type_error("a loop is needed")) };
        frame.values.extend([Value::Loop(id), Value::Undef, Value::Undef, Value::Undef]);
        frame.values.extend([Value::Context(cx.fiber.context), Value::Undef, Value::Undef]);
        frame.step = BEGIN;
    }
    let id = loop_in(frame);
    turns(cx, frame, id)
}

fn loop_in(frame: &NativeFrame) -> Id<EventLoop> {
    match frame.values[LOOP] {
        Value::Loop(id) => id,
        _ => crate::bug!("the frame of a turn knows its loop"),
    }
}

/// Checks, and makes the loop the running one.
fn start(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let shown = frame.values[SHOWN];
    let Some(id) = loop_of(cx, shown) else { return Err(cx.type_error("a loop is needed")) };
    let event_loop = cx.heap.event_loops.get(id);
    if event_loop.is_closed {
        return Err(cx.runtime_error("Event loop is closed"));
    }
    if event_loop.is_running {
        return Err(cx.runtime_error("This event loop is already running"));
    }
    if !cx.fiber.running_loop.is_undef() {
        return Err(cx.runtime_error("Cannot run the event loop while another loop is running"));
    }
    let thread = cx.fiber.id.0;
    let event_loop = cx.heap.event_loops.get_mut(id);
    event_loop.is_running = true;
    event_loop.thread = thread;
    let hooks = cx.fiber.async_generator_hooks;
    frame.values.truncate(1);
    frame.values.extend([Value::Loop(id), cx.fiber.running_loop, hooks[0], hooks[1]]);
    frame.values.extend([Value::Context(cx.fiber.context), Value::Undef, Value::Undef]);
    cx.fiber.running_loop = shown;
    cx.fiber.async_generator_hooks[0] = cx.heap.new_method(Value::Builtin(super::loop_methods::FIRST_ITER), shown);
    cx.fiber.async_generator_hooks[1] = cx.heap.new_method(Value::Builtin(super::loop_methods::FINALIZER), shown);
    frame.step = BEGIN;
    Ok(())
}

/// What a `finally` would do.
fn end(cx: &mut Cx, frame: &NativeFrame, id: Id<EventLoop>) {
    let event_loop = cx.heap.event_loops.get_mut(id);
    event_loop.is_running = false;
    event_loop.is_stopping = false;
    event_loop.is_polling = false;
    event_loop.n_left = 0;
    cx.fiber.running_loop = frame.values[RUNNING];
    cx.fiber.async_generator_hooks = [frame.values[FIRST_HOOK], frame.values[LAST_HOOK]];
    restore_context(cx, frame);
}

#[inline]
fn restore_context(cx: &mut Cx, frame: &NativeFrame) {
    if let Value::Context(context) = frame.values[CONTEXT] {
        cx.fiber.context = context;
    }
}

/// Turn after turn, until the loop stops or something is to be asked.
fn turns(cx: &mut Cx, frame: &mut NativeFrame, id: Id<EventLoop>) -> Outcome {
    loop {
        match frame.step {
            BEGIN => {
                if is_single(frame) || !overrides_run_once(cx, frame, id) {
                    begin_turn(cx, frame, id)?;
                } else {
                    frame.step = TURNED;
                    return Err(method_call::ask(cx, frame.values[SHOWN], names::RUN_ONCE, &[]));
                }
            }
            POLLED => {
                cx.heap.event_loops.get_unbarred(id).is_polling = false;
                std::mem::take(&mut frame.told).into_outcome()?;
                super::watch::append_ready(cx, id);
                count_entries(cx, id);
                frame.step = NEXT;
            }
            NEXT => match cx.heap.event_loops.get_mut(id).pop() {
                Some(entry) => run_entry(cx, frame, id, entry)?,
                None => {
                    frame.values[SUBJECT] = Value::Undef;
                    if is_single(frame) || cx.heap.event_loops.get(id).is_stopping {
                        return Ok(Value::None);
                    }
                    frame.step = BEGIN;
                }
            },
            STEPPED => after_task(cx, frame)?,
            CALLED => {
                restore_context(cx, frame);
                frame.step = NEXT;
                if let Told::Raised(exc) = std::mem::take(&mut frame.told) {
                    if cx.is_exception(exc, classes::SYSTEM_EXIT) || cx.is_exception(exc, classes::KEYBOARD_INTERRUPT) {
                        return Err(Ask::Raise(exc));
                    }
                    frame.step = IGNORED;
                    let (shown, subject, argument) =
                        (frame.values[SHOWN], frame.values[SUBJECT], frame.values[ARGUMENT]);
                    return Err(report::callback_raised(cx, shown, subject, argument, exc));
                }
            }
            TURNED => {
                std::mem::take(&mut frame.told).into_outcome()?;
                if cx.heap.event_loops.get(id).is_stopping {
                    return Ok(Value::None);
                }
                frame.step = BEGIN;
            }
            _ => {
                restore_context(cx, frame);
                frame.step = NEXT;
                std::mem::take(&mut frame.told).into_outcome()?;
            }
        }
    }
}

/// `_run_once` was called, not `run_forever`.
fn is_single(frame: &NativeFrame) -> bool {
    frame.native == super::loop_methods::RUN_ONCE
}

fn overrides_run_once(cx: &mut Cx, frame: &NativeFrame, id: Id<EventLoop>) -> bool {
    let object = cx.heap.event_loops.get(id);
    (object.outer.is_some() || object.dict.is_some() || cx.asyncio.is_patched)
        && !schedule::has_own(cx, frame.values[SHOWN], names::RUN_ONCE)
}

// ----- The beginning of a turn -----

/// Cancelled timers go; then the machine waits if nothing is ready, and otherwise the entries are counted.
fn begin_turn(cx: &mut Cx, frame: &mut NativeFrame, id: Id<EventLoop>) -> Result<(), Ask> {
    timer::drop_cancelled(cx, id);
    let event_loop = cx.heap.event_loops.get_mut(id);
    event_loop.n_turns += 1;
    let is_busy = !event_loop.ready.is_empty() || event_loop.is_stopping;
    let has_watchers = event_loop.watchers.n_active > 0;
    if is_busy {
        if has_watchers && event_loop.n_turns.is_multiple_of(TURNS_PER_POLL) {
            super::watch::collect(cx, id)?;
        }
        count_entries(cx, id);
        frame.step = NEXT;
        return Ok(());
    }
    let deadline = timer::deadline(cx, id);
    if deadline.is_some_and(|deadline| deadline <= cx.host.clock.now()) {
        if has_watchers {
            super::watch::collect(cx, id)?;
        }
        count_entries(cx, id);
        frame.step = NEXT;
        return Ok(());
    }
    if std::mem::take(&mut cx.asyncio.has_failures) {
        // What failed and is held by nobody is reported before the loop waits; then the turn begins anew.
        return Err(cx.ask_machine(MachineAsk::Collect));
    }
    frame.step = POLLED;
    cx.heap.event_loops.get_unbarred(id).is_polling = true;
    Err(cx.ask_machine(MachineAsk::Poll { deadline }))
}

/// Timers that are due are appended; then the entries of the turn are counted.
fn count_entries(cx: &mut Cx, id: Id<EventLoop>) {
    timer::append_due(cx, id);
    let event_loop = cx.heap.event_loops.get_unbarred(id);
    event_loop.n_left = event_loop.ready.len();
}

// ----- Entries -----

/// Runs one entry; what it asks is told at the step that was set.
#[inline]
fn run_entry(cx: &mut Cx, frame: &mut NativeFrame, id: Id<EventLoop>, entry: Entry) -> Result<(), Ask> {
    match entry {
        Entry::Step(task) => {
            let ask = task::begin_step(cx, task, None);
            run_task(frame, task, ask)
        }
        Entry::Wake(task, future) => {
            let ask = task::begin_wake(cx, task, future);
            run_task(frame, task, ask)
        }
        Entry::StepRaise(task, exc) => {
            let ask = task::begin_step(cx, task, Some(exc));
            run_task(frame, task, ask)
        }
        Entry::Release(future) => {
            let result = future::release(cx, future);
            ignored(frame, result)
        }
        Entry::Done(Callback::Gather(outer), child) => {
            let result = gather::child_done(cx, outer, child);
            ignored(frame, result)
        }
        Entry::Done(Callback::Group(group), child) => {
            let result = group::child_done(cx, group, child);
            ignored(frame, result)
        }
        Entry::Done(Callback::Stop, future) => {
            stop(cx, id, future);
            Ok(())
        }
        Entry::Done(Callback::Call { callback, context }, future) => {
            let shown = future::shown(cx, future);
            frame.values[SUBJECT] = callback;
            frame.values[ARGUMENT] = shown;
            frame.step = CALLED;
            cx.fiber.context = context;
            Err(cx.ask_call(callback, &[shown]))
        }
        Entry::Done(Callback::None | Callback::Wake(_), _) => Ok(()),
        Entry::Handle(handle) => {
            let Some(ask) = handle::call(cx, handle) else { return Ok(()) };
            frame.values[SUBJECT] = Value::Handle(handle);
            frame.values[ARGUMENT] = Value::Undef;
            frame.step = CALLED;
            Err(ask)
        }
        Entry::Native(native, object) => {
            frame.values[SUBJECT] = Value::Builtin(native);
            frame.values[ARGUMENT] = Value::Native(object);
            let outcome = match native_def(native).body {
                Body::Plain(body) => body(cx, &[Value::Native(object)]),
                Body::Stepped(_) => crate::call::launch::launch(cx, NativeFrame::new(native, &[Value::Native(object)])),
            };
            match outcome {
                Ok(_) => Ok(()),
                Err(Ask::Raise(exc)) => {
                    frame.step = CALLED;
                    frame.told = Told::Raised(exc);
                    Ok(())
                }
                Err(ask) => {
                    frame.step = CALLED;
                    Err(ask.to_come_back())
                }
            }
        }
    }
}

fn run_task(frame: &mut NativeFrame, task: Id<Task>, ask: Option<Ask>) -> Result<(), Ask> {
    match ask {
        None => Ok(()),
        Some(Ask::Raise(exc)) => {
            frame.values[SUBJECT] = Value::Task(task);
            frame.step = CALLED;
            frame.told = Told::Raised(exc);
            Ok(())
        }
        Some(ask) => {
            frame.values[SUBJECT] = Value::Task(task);
            frame.step = STEPPED;
            Err(ask)
        }
    }
}

fn ignored(frame: &mut NativeFrame, result: Result<(), Ask>) -> Result<(), Ask> {
    match result {
        Ok(()) => Ok(()),
        Err(Ask::Raise(exc)) => {
            frame.step = CALLED;
            frame.told = Told::Raised(exc);
            Ok(())
        }
        Err(ask) => {
            frame.step = CALLED;
            Err(ask)
        }
    }
}

/// The coroutine of a task came back.
#[inline]
fn after_task(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let Value::Task(id) = frame.values[SUBJECT] else { crate::bug!("the task that was stepped") };
    let told = std::mem::take(&mut frame.told);
    task::leave(cx, id);
    restore_context(cx, frame);
    frame.step = NEXT;
    match task::after_step(cx, id, told) {
        Stepped::Done => Ok(()),
        Stepped::Ask(ask) => ignored(frame, Err(ask)),
        Stepped::Leaves(exc) => Err(Ask::Raise(exc)),
        Stepped::Foreign(value) => {
            frame.step = CALLED;
            Err(cx.ask_push(task::foreign_frame(id, value)))
        }
    }
}

// ----- Stopping, and running until something is done -----

/// The callback of `run_until_complete`: the loop stops, unless SystemExit or KeyboardInterrupt has left it already.
fn stop(cx: &mut Cx, id: Id<EventLoop>, future: FutureRef) {
    let object = cx.heap.future(future);
    if let (FutureState::Finished, true, Value::Exc(exc)) = (object.state, object.has_exception, object.result) {
        cx.heap.future_mut(future).is_unretrieved = false;
        if cx.is_exception(exc, classes::SYSTEM_EXIT) || cx.is_exception(exc, classes::KEYBOARD_INTERRUPT) {
            return;
        }
    }
    cx.heap.event_loops.get_mut(id).is_stopping = true;
}

/// The same as a callable. values: the future.
pub fn stop_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if let Some(future) = future::future_of(cx, frame.values[0]) {
        let id = cx.heap.future(future).event_loop;
        if !id.is_none() {
            stop(cx, id, future);
        }
    }
    Ok(Value::None)
}

/// `loop.run_until_complete(future)`. values: self, the argument; later the future and whether it was made here.
pub fn run_until_complete(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let shown = frame.values[0];
    let Some(id) = loop_of(cx, shown) else { return Err(cx.type_error("a loop is needed")) };
    loop {
        match frame.step {
            0 => {
                let event_loop = cx.heap.event_loops.get(id);
                if event_loop.is_closed {
                    return Err(cx.runtime_error("Event loop is closed"));
                }
                if event_loop.is_running {
                    return Err(cx.runtime_error("This event loop is already running"));
                }
                if !cx.fiber.running_loop.is_undef() {
                    return Err(cx.runtime_error("Cannot run the event loop while another loop is running"));
                }
                let is_new = future::future_of(cx, frame.values[1]).is_none();
                frame.values.truncate(2);
                frame.values.push(Value::Bool(is_new));
                frame.step = 1;
                let made = ensure::ensure_in(cx, frame.values[1], id)?;
                frame.told = Told::Value(made);
            }
            1 => {
                let made = std::mem::take(&mut frame.told).into_outcome()?;
                frame.values[1] = made;
                let Some(future) = future::future_of(cx, made) else {
                    frame.step = 4;
                    let given = [shown, made, frame.values[2]];
                    return Err(super::ask_library(cx, "asyncio.base_events", "_run_foreign", &given));
                };
                if frame.values[2] == Value::Bool(true)
                    && let FutureRef::Task(task) = future
                {
                    cx.heap.tasks.get_mut(task).reports_death = false;
                }
                frame.step = 2;
                let object = cx.heap.future_mut(future);
                if object.is_done() {
                    schedule::soon(cx, id, Entry::Done(Callback::Stop, future))?;
                } else {
                    object.add_callback(Callback::Stop);
                }
                frame.told = Told::Value(Value::None);
            }
            2 => {
                std::mem::take(&mut frame.told).into_outcome()?;
                frame.step = 3;
                if schedule::has_own(cx, shown, names::RUN_FOREVER) {
                    return Err(cx.ask_push(NativeFrame::new(super::loop_methods::RUN_FOREVER, &[shown])));
                }
                return Err(method_call::ask(cx, shown, names::RUN_FOREVER, &[]));
            }
            3 => return after_run(cx, frame),
            _ => return std::mem::take(&mut frame.told).into_outcome(),
        }
    }
}

/// `run_forever` is over: the result of the future, or what left the loop.
fn after_run(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let future = future::future_of(cx, frame.values[1]).expect("checked before");
    let object = cx.heap.future_mut(future);
    if matches!(object.callback, Callback::Stop) {
        object.callback = Callback::None;
    }
    if let Some(more) = &mut object.more {
        more.retain(|callback| !matches!(callback, Callback::Stop));
    }
    if let Told::Raised(exc) = frame.told {
        let object = cx.heap.future_mut(future);
        if frame.values[2] == Value::Bool(true) && object.state == FutureState::Finished {
            object.is_unretrieved = false;
        }
        return Err(Ask::Raise(exc));
    }
    if !cx.heap.future(future).is_done() {
        return Err(cx.runtime_error("Event loop stopped before Future completed."));
    }
    future::result(cx, future)
}

/// `loop.stop()`.
pub fn stop_loop(cx: &mut Cx, id: Id<EventLoop>) {
    cx.heap.event_loops.get_mut(id).is_stopping = true;
}

/// Whether an attribute of a loop was replaced, for those that look at it once.
pub fn own_attribute(cx: &mut Cx, shown: Value, name: crate::value::Name) -> Outcome {
    attribute::get(cx, shown, name)
}
