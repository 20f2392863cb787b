//! What went wrong in a callback or in a task that nobody asked: handed to the loop's exception handler.
//!
//! The texts are made by the library (`stdlib/asyncio/base_events.as`): nothing here is in a hurry.

use super::{future, handle, task};
use crate::call::{Ask, Cx, Place};
use crate::types::warning;
use crate::value::{Exc, FutureRef, Id, Parked, Role, Task, Value};

/// A callback raised: `subject` is its handle, or the callable (with its argument).
pub fn callback_raised(cx: &mut Cx, event_loop: Value, subject: Value, argument: Value, exc: Id<Exc>) -> Ask {
    let handle = match subject {
        Value::Handle(_) => subject,
        Value::Task(task) => {
            let context = cx.heap.tasks.get(task).context;
            let step = cx.heap.new_method(Value::Builtin(super::schedule::TASK_STEP), subject);
            Value::Handle(handle::new(cx, event_loop, step, &[], context, None))
        }
        _ => {
            let context = cx.fiber.context;
            let args: &[Value] = if argument.is_undef() { &[] } else { &[argument] };
            Value::Handle(handle::new(cx, event_loop, subject, args, context, None))
        }
    };
    super::ask_library(cx, "asyncio.base_events", "_callback_raised", &[event_loop, handle, Value::Exc(exc)])
}

/// A future or task died: what nobody will hear of otherwise is reported. None: there is nothing to say.
pub fn died(cx: &mut Cx, object: Value) -> Option<Ask> {
    let future = FutureRef::of(object)?;
    let shown = future::shown(cx, future);
    let event_loop = future::loop_value(cx, future);
    let state = cx.heap.future_mut(future);
    if std::mem::take(&mut state.is_unretrieved) {
        let exc = state.result;
        return Some(super::ask_library(cx, "asyncio.base_events", "_exception_lost", &[event_loop, shown, exc]));
    }
    if let FutureRef::Task(id) = future
        && !state.is_done()
        && std::mem::take(&mut cx.heap.tasks.get_mut(id).reports_death)
    {
        cx.heap.tasks.get_mut(id).is_lost = true;
        return Some(super::ask_library(cx, "asyncio.base_events", "_task_lost", &[event_loop, shown]));
    }
    None
}

/// The tasks that wait, each with what it waits for and where: part of the report of a deadlock.
pub fn waiting_tasks(cx: &mut Cx) -> String {
    let waits = |task: &Task| !task.waiting.is_undef() && !task.future.is_done();
    let mut tasks: Vec<Id<Task>> =
        cx.heap.tasks.iter_made().filter(|(_, task)| waits(task)).map(|(id, _)| id).collect();
    tasks.sort_by_key(|&id| cx.heap.tasks.get(id).number);
    let mut out = String::new();
    for id in tasks {
        let name = task::name(cx, id);
        let name = super::repr::text_of(cx, name);
        let waiting = cx.heap.tasks.get(id).waiting;
        out.push_str(&format!("  task {name} waits for {}\n", awaited_text(cx, waiting)));
        if let Some(place) = place_of(cx, id) {
            let (file, line, source) = warning::where_is(cx, place);
            out.push_str(&format!("    at {file}:{line}\n"));
            if let Some(source) = source {
                out.push_str(&format!("      {source}\n"));
            }
        }
    }
    out
}

/// What a task waits for, in a few words.
fn awaited_text(cx: &mut Cx, waiting: Value) -> String {
    match future::future_of(cx, waiting) {
        Some(FutureRef::Task(id)) => {
            let name = task::name(cx, id);
            format!("task {}", super::repr::text_of(cx, name))
        }
        Some(FutureRef::Future(id)) => match cx.heap.futures.get(id).role {
            Role::Waits { target, .. } => format!("a {} of asyncio", cx.class_name(Value::Native(target))),
            Role::Gather(_) => "what it gathers".to_owned(),
            Role::Plain | Role::Sleep | Role::Deadline(_) => "a future".to_owned(),
            Role::Call(_) => "a function in Rust".to_owned(),
        },
        None => format!("a {}", cx.class_name(waiting)),
    }
}

/// Where a task stands: its innermost script frame that is not the library's.
fn place_of(cx: &Cx, id: Id<Task>) -> Option<Place> {
    let Value::Gen(generator) = cx.heap.tasks.get(id).coro else { return None };
    let generator = cx.heap.gens.get(generator);
    let chain = generator.parents.iter().chain([&generator.seat]).rev();
    let mut visible = chain.filter_map(|parked| match parked {
        Parked::Script { frame, .. } if !frame.link.is_none() => {
            let is_hidden = cx.heap.links.get(frame.link).code().flags.is_hidden;
            (!is_hidden).then_some(Place { link: frame.link, pc: frame.pc.saturating_sub(1) })
        }
        Parked::Script { .. } | Parked::Native { .. } => None,
    });
    visible.next()
}
