//! What tasks wait for: their part of the report of a deadlock.

use crate::call::{Cx, Outcome, Place};
use crate::native::wait_report::{WaitReport, WaitingFrame, is_visible, made_at, sort_frames, with_article};
use crate::types::asyncio::lock::Lock;
use crate::types::asyncio::queue::Queue;
use crate::types::asyncio::{future, repr, task};
use crate::types::warning;
use crate::value::{Future, FutureRef, Id, Parked, Role, Task, Value};

/// Of the futures of a `gather` so many are named.
const N_NAMED: usize = 5;

/// The tasks that wait, in order of creation.
pub fn waiting_tasks(cx: &mut Cx) -> Vec<WaitReport> {
    let waits = |task: &Task| !task.waiting.is_undef() && !task.future.is_done();
    let mut tasks: Vec<Id<Task>> =
        cx.heap.tasks.iter_made().filter(|(_, task)| waits(task)).map(|(id, _)| id).collect();
    tasks.sort_by_key(|&id| cx.heap.tasks.get(id).number);
    tasks.into_iter().map(|id| describe(cx, id)).collect()
}

fn describe(cx: &mut Cx, id: Id<Task>) -> WaitReport {
    let who = task_name(cx, id);
    let awaited = awaited(cx, cx.heap.tasks.get(id).waiting);
    let (places, in_library) = sort_frames(cx, &frames_of(cx, id));
    let Some((what, object)) = in_library else {
        return WaitReport { who, places, ..awaited };
    };
    WaitReport { who, what, made_at: made_at(cx, object), holder: None, places }
}

/// `task 'Task-1'`.
pub fn task_name(cx: &mut Cx, id: Id<Task>) -> String {
    let name = task::name(cx, id);
    format!("task {}", repr::text_of(cx, name))
}

/// `_asyncio._made_at(future)`.
pub fn made_at_text(cx: &mut Cx, args: &[Value]) -> Outcome {
    let place = made_at(cx, args[0]);
    if cx.is_strict || !is_visible(cx, place) {
        return Ok(Value::None);
    }
    let (file, line, source) = warning::where_is(cx, place);
    let source = source.map_or(String::new(), |source| format!("\n  {source}"));
    Ok(cx.str(&format!("{file}:{line}{source}")))
}

/// What somebody waits for, and where it was made: the rest is left open.
pub fn awaited(cx: &mut Cx, awaited: Value) -> WaitReport {
    let (mut holder, mut origin) = (None, awaited);
    let what = match future::future_of(cx, awaited) {
        Some(FutureRef::Task(id)) => task_name(cx, id),
        Some(FutureRef::Future(id)) => match cx.heap.futures.get(id).role {
            Role::Waits { target, .. } => {
                origin = Value::Native(target);
                let number = cx.heap.native::<Lock>(target).and_then(|lock| lock.origin().1);
                holder = number.map(|number| holder_name(cx, number));
                let purpose = cx.heap.native::<Queue>(target).map_or("", |queue| queue.purpose(id));
                format!("{purpose}{}", with_article(&cx.class_name(origin)))
            }
            Role::Gather(_) => gathered(cx, id),
            Role::Plain | Role::Own(_) | Role::Sleep | Role::Deadline(_) => "a Future".to_owned(),
            Role::Call(_) => "a function of the host".to_owned(),
        },
        None => with_article(&cx.class_name(awaited)),
    };
    WaitReport { who: String::new(), what, made_at: made_at(cx, origin), holder, places: Vec::new() }
}

/// `2 of the 3 that it gathers: task 'a', task 'b'`.
fn gathered(cx: &mut Cx, id: Id<Future>) -> String {
    let Role::Gather(gather) = &cx.heap.futures.get(id).role else { return String::new() };
    let n_children = gather.children.len();
    let pending: Vec<FutureRef> = gather
        .children
        .iter()
        .filter_map(|&child| future::future_of(cx, child))
        .filter(|&child| !cx.heap.future(child).is_done())
        .collect();
    let mut names: Vec<String> = Vec::new();
    for &child in pending.iter().take(N_NAMED) {
        names.push(match child {
            FutureRef::Task(id) => task_name(cx, id),
            FutureRef::Future(_) => "a Future".to_owned(),
        });
    }
    let dots = if pending.len() > N_NAMED { ", …" } else { "" };
    format!("{} of the {n_children} that it gathers: {}{dots}", pending.len(), names.join(", "))
}

/// The task of a number; it may be over, or gone.
fn holder_name(cx: &mut Cx, number: u32) -> String {
    let found = cx.heap.tasks.iter_made().find(|(_, task)| task.number == number).map(|(id, _)| id);
    match found {
        Some(id) if cx.heap.tasks.get(id).future.is_done() => format!("{}, which is done", task_name(cx, id)),
        Some(id) => task_name(cx, id),
        None => "a task that is done".to_owned(),
    }
}

/// The chain of awaits of a task, from the outside inwards.
fn frames_of(cx: &Cx, id: Id<Task>) -> Vec<WaitingFrame> {
    let Value::Gen(generator) = cx.heap.tasks.get(id).coro else { return Vec::new() };
    let generator = cx.heap.gens.get(generator);
    let chain = generator.parents.iter().chain([&generator.seat]);
    let frame_of = |parked: &Parked| match parked {
        Parked::Script { frame, regs, .. } if !frame.link.is_none() => Some(WaitingFrame {
            place: Place { link: frame.link, pc: frame.pc.saturating_sub(1) },
            is_hidden: cx.heap.links.get(frame.link).code().flags.is_hidden,
            this: regs.first().copied().unwrap_or_default(),
        }),
        Parked::Script { .. } | Parked::Native { .. } => None,
    };
    chain.filter_map(frame_of).collect()
}
