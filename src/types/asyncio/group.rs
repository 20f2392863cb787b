//! `asyncio.TaskGroup`: tasks that end together.
//!
//! The group is the callback of each of its tasks ([`Callback::Group`]): a task is left until its entry has run. Children that
//! are no futures of ours join through `stdlib/asyncio/taskgroups.as`.

use super::waiting::{self, state_id};
use super::{ask_library, ensure, future, schedule, sleep, task_methods, wrapped_in};
use crate::call::{Ask, Cx, Outcome, launch, names};
use crate::tables;
use crate::types::{attribute, classes};
use crate::value::future::{Callback, FutureState};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::{Exc, Future, FutureRef, Gray, Id, NativeFrame, NativeId, Role, Task, Told, Value};

/// The state of a group.
#[derive(Default)]
pub struct TaskGroup {
    is_entered: bool,
    is_exiting: bool,
    is_aborting: bool,
    /// The group has cancelled its parent, and takes that back when the block is left.
    has_cancelled_parent: bool,
    /// The loop, as scripts see it.
    event_loop: Value,
    parent: Id<Task>,
    /// The children, in order of creation; some of those that ended may still be among them.
    tasks: Vec<Value>,
    n_left: usize,
    errors: Vec<Value>,
    /// A SystemExit or KeyboardInterrupt, or `Undef`.
    base_error: Value,
    /// In which the parent waits for the children.
    waiter: Id<Future>,
}

impl NativeObject for TaskGroup {
    fn trace(&self, gray: &mut Gray) {
        let values = self.tasks.iter().chain(&self.errors).chain([&self.event_loop, &self.base_error]);
        gray.extend(values.filter(|value| value.is_handle()));
        if !self.parent.is_none() {
            gray.push(Value::Task(self.parent));
        }
        if !self.waiter.is_none() {
            gray.push(Value::Future(self.waiter));
        }
    }
    fn bytes(&self) -> usize {
        size_of::<TaskGroup>() + (self.tasks.capacity() + self.errors.capacity()) * size_of::<Value>()
    }
}

crate::natives! {
    /// The rows of `asyncio.TaskGroup`.
    pub static TASK_GROUP = [
        new "__new__(cls, *args, **kwargs)" => group_new, "Create and return a new object.";
        special "__init__(self)" => group_init, "Initialize self.";
        special "__repr__(self, /)" => group_repr, "Return repr(self).";
        aspecial "__aenter__(self)" => group_aenter, "Begins the block.";
        aspecial "__aexit__(self, et, exc, tb)" => step group_aexit, "Waits for all tasks.";
        method "create_task(self, coro, *, name=None, context=None)" => group_create_task, "Create a new task in this group and return it.";
        method "_on_task_done(self, task)" => group_on_task_done, "A task of the group is done.";
        method "_keep(self, task)" => group_keep, "A task that is none of asyncio's joins.";
        method "_note_end(self, task, exc)" => group_note_end, "It is done.";
    ]
}

crate::natives! {
    /// Steps of groups.
    pub static TASK_GROUP_STEPS = [
        hidden "adopt(group)" => step adopt_step, "A task that a loop made joins the group.";
        hidden "child_done(group, task)" => step child_done_step, "Wakes the parent, then looks how the task ended.";
    ]
}

const fn row(row: u16) -> NativeId {
    NativeId { table: tables::TASK_GROUP_STEPS, row }
}
const ADOPT: NativeId = row(0);
const CHILD_DONE: NativeId = row(1);

/// `_on_task_done`, to be bound to a group.
pub const ON_TASK_DONE: NativeId = NativeId { table: classes::TASK_GROUP.number() as u16, row: 6 };

fn fresh() -> TaskGroup {
    TaskGroup { parent: Id::NONE, waiter: Id::NONE, ..TaskGroup::default() }
}

fn group_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let payload = cx.heap.new_native(classes::TASK_GROUP, fresh());
    Ok(wrapped_in(cx, args[0], classes::TASK_GROUP, payload))
}

fn group_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = state_id::<TaskGroup>(cx, args[0])?;
    *of_mut(cx, id) = fresh();
    Ok(Value::None)
}

fn of(cx: &Cx, id: Id<Boxed>) -> &TaskGroup {
    waiting::of(cx, id)
}

fn of_mut(cx: &mut Cx, id: Id<Boxed>) -> &mut TaskGroup {
    waiting::of_mut(cx, id)
}

fn text(group: &TaskGroup) -> String {
    let mut text = "<TaskGroup".to_owned();
    if group.n_left > 0 {
        text.push_str(&format!(" tasks={}", group.n_left));
    }
    if !group.errors.is_empty() {
        text.push_str(&format!(" errors={}", group.errors.len()));
    }
    text.push_str(match group {
        TaskGroup { is_aborting: true, .. } => " cancelling",
        TaskGroup { is_entered: true, .. } => " entered",
        _ => "",
    });
    text + ">"
}

fn group_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = state_id::<TaskGroup>(cx, args[0])?;
    let text = text(of(cx, id));
    Ok(cx.str(&text))
}

fn group_aenter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = state_id::<TaskGroup>(cx, args[0])?;
    if of(cx, id).is_entered {
        let text = waiting::part(cx, args[0]);
        return Err(cx.runtime_error(format!("TaskGroup {text} has already been entered")));
    }
    let event_loop = ensure::running_loop(cx)?;
    of_mut(cx, id).event_loop = event_loop;
    let Some(parent) = sleep::current_task(cx) else {
        let text = waiting::part(cx, args[0]);
        return Err(cx.runtime_error(format!("TaskGroup {text} cannot determine the parent task")));
    };
    let group = of_mut(cx, id);
    (group.parent, group.is_entered) = (parent, true);
    Ok(args[0])
}

// ----- Joining -----

/// Arguments: self, coro, name, context.
fn group_create_task(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = state_id::<TaskGroup>(cx, args[0])?;
    let refused = match of(cx, id) {
        group if !group.is_entered => Some("has not been entered"),
        group if group.is_exiting && group.n_left == 0 => Some("is finished"),
        group if group.is_aborting => Some("is shutting down"),
        _ => None,
    };
    if let Some(refused) = refused {
        let refused = cx.str(refused);
        return Err(ask_library(cx, "asyncio.taskgroups", "_refuse", &[args[0], args[1], refused]));
    }
    let made = make_task(cx, of(cx, id).event_loop, args);
    match made {
        Ok(task) => adopt(cx, args[0], id, task),
        Err(ask @ Ask::Raise(_)) => Err(ask),
        Err(ask) => {
            let frame = NativeFrame::at_step(ADOPT, 1, &args[..1]);
            Err(launch::ask_from(cx, ask.to_come_back(), frame))
        }
    }
}

/// `loop.create_task(coro, name=name, context=context)`.
fn make_task(cx: &mut Cx, shown: Value, args: &[Value]) -> Outcome {
    let (coro, name, context) = (args[1], args[2].given().unwrap_or(Value::None), cx.none_or(args[3]));
    if let Some(id) = schedule::loop_of(cx, shown)
        && (matches!(shown, Value::Loop(_)) || schedule::has_own(cx, shown, names::CREATE_TASK))
    {
        let context = match context {
            Some(Value::Context(context)) => Some(context),
            _ => None,
        };
        return ensure::create_task(cx, id, coro, name, context);
    }
    let method = attribute::get(cx, shown, names::CREATE_TASK)?;
    let (mut given, mut keywords) = (vec![coro, name], vec![names::NAME_ATTR]);
    if let Some(context) = context {
        given.push(context);
        keywords.push(names::CONTEXT_ATTR);
    }
    Err(ensure::ask_keyword_call(cx, method, &given, &keywords))
}

/// values: the group. Told: the task.
fn adopt_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let task = frame.told.into_outcome()?;
    let id = state_id::<TaskGroup>(cx, frame.values[0])?;
    adopt(cx, frame.values[0], id, task).map_err(Ask::to_be_last)
}

/// A new task joins the group; one that is done already needs no turn. The answer is the task.
fn adopt(cx: &mut Cx, shown: Value, id: Id<Boxed>, task: Value) -> Outcome {
    let Some(child) = future::future_of(cx, task) else {
        return Err(ask_library(cx, "asyncio.taskgroups", "_adopt", &[shown, task]));
    };
    if cx.heap.future(child).is_done() {
        return match note_end(cx, id, child) {
            Ok(()) => Ok(task),
            Err(ask) => Err(launch::then_give(cx, ask, task)),
        };
    }
    cx.heap.future_mut(child).add_callback(Callback::Group(id));
    keep(cx, id, task);
    Ok(task)
}

fn keep(cx: &mut Cx, id: Id<Boxed>, task: Value) {
    let group = of(cx, id);
    if group.tasks.len() == group.tasks.capacity() {
        forget_ended(cx, id);
        cx.heap.charge(of(cx, id).tasks.len() * size_of::<Value>());
    }
    let group = of_mut(cx, id);
    group.tasks.push(task);
    group.n_left += 1;
}

/// Takes the tasks that ended off the list.
fn forget_ended(cx: &mut Cx, id: Id<Boxed>) {
    let mut tasks = std::mem::take(&mut of_mut(cx, id).tasks);
    tasks.retain(|&task| future::future_of(cx, task).is_none_or(|task| !cx.heap.future(task).is_done()));
    of_mut(cx, id).tasks = tasks;
}

/// Arguments: self, the task.
fn group_keep(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = state_id::<TaskGroup>(cx, args[0])?;
    keep(cx, id, args[1]);
    Ok(Value::None)
}

// ----- A task ends -----

/// Arguments: self, the task.
fn group_on_task_done(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = state_id::<TaskGroup>(cx, args[0])?;
    match future::future_of(cx, args[1]) {
        Some(child) => child_done(cx, id, child).map(|()| Value::None),
        None => Err(ask_library(cx, "asyncio.taskgroups", "_ended", args)),
    }
}

/// The entry of a task of the group.
pub fn child_done(cx: &mut Cx, id: Id<Boxed>, child: FutureRef) -> Result<(), Ask> {
    let group = of_mut(cx, id);
    group.n_left = group.n_left.saturating_sub(1);
    let is_over = group.n_left == 0;
    // A list of those that ended would keep them alive.
    if is_over {
        group.tasks.clear();
    } else if group.tasks.len() > 2 * group.n_left + 16 {
        forget_ended(cx, id);
    }
    if let Some(waiter) = to_be_woken(cx, id) {
        let event_loop = cx.heap.futures.get(waiter).event_loop;
        if !schedule::is_plain(cx, event_loop) {
            return Err(cx.ask_push(NativeFrame::new(CHILD_DONE, &[Value::Native(id), child.value()])));
        }
        future::finish(cx, FutureRef::Future(waiter), Value::Bool(true))?;
    }
    note_end(cx, id, child)
}

/// The parent's future, if the last task is done and it waits.
fn to_be_woken(cx: &Cx, id: Id<Boxed>) -> Option<Id<Future>> {
    let group = of(cx, id);
    let is_waiting = group.n_left == 0 && !group.waiter.is_none() && !cx.heap.futures.get(group.waiter).is_done();
    is_waiting.then_some(group.waiter)
}

/// The same where waking the parent is an attribute call. values: the group, the task.
fn child_done_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (Value::Native(id), Some(child)) = (frame.values[0], FutureRef::of(frame.values[1])) else {
        crate::bug!("a group and its task")
    };
    if frame.step == 0 {
        frame.step = 1;
        if let Some(waiter) = to_be_woken(cx, id) {
            future::finish(cx, FutureRef::Future(waiter), Value::Bool(true))?;
        }
    } else if frame.step == 2 {
        return frame.told.into_outcome();
    }
    frame.step = 2;
    note_end(cx, id, child).map(|()| Value::None)
}

/// A failed task cancels the others and the parent.
fn note_end(cx: &mut Cx, id: Id<Boxed>, child: FutureRef) -> Result<(), Ask> {
    let object = cx.heap.future_mut(child);
    if object.state == FutureState::Cancelled || !object.has_exception {
        return Ok(());
    }
    object.is_unretrieved = false;
    let Value::Exc(exc) = object.result else { crate::bug!("the exception of a future is one") };
    let shown = future::shown(cx, child);
    note_error(cx, id, shown, exc)
}

fn note_error(cx: &mut Cx, id: Id<Boxed>, task: Value, exc: Id<Exc>) -> Result<(), Ask> {
    let is_base = is_base_error(cx, exc);
    let group = of_mut(cx, id);
    group.errors.push(Value::Exc(exc));
    if is_base && group.base_error.is_undef() {
        group.base_error = Value::Exc(exc);
    }
    let (parent, event_loop) = (group.parent, group.event_loop);
    if parent.is_none() || cx.heap.tasks.get(parent).future.is_done() {
        let parent = if parent.is_none() { Value::None } else { future::shown(cx, FutureRef::Task(parent)) };
        let args = [event_loop, task, parent, Value::Exc(exc)];
        return Err(ask_library(cx, "asyncio.taskgroups", "_report_orphan", &args));
    }
    let group = of_mut(cx, id);
    if group.is_aborting || group.has_cancelled_parent {
        return Ok(());
    }
    group.has_cancelled_parent = true;
    let parent = future::shown(cx, FutureRef::Task(parent));
    abort(cx, id, Some(parent)).map(|_| ())
}

fn is_base_error(cx: &Cx, exc: Id<Exc>) -> bool {
    cx.is_exception(exc, classes::SYSTEM_EXIT) || cx.is_exception(exc, classes::KEYBOARD_INTERRUPT)
}

/// Arguments: self, a task that is none of ours, its exception.
fn group_note_end(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = state_id::<TaskGroup>(cx, args[0])?;
    let group = of_mut(cx, id);
    if let Some(at) = group.tasks.iter().position(|task| task.is(&args[1])) {
        group.tasks.remove(at);
        group.n_left -= 1;
    }
    if let Some(waiter) = to_be_woken(cx, id) {
        future::finish(cx, FutureRef::Future(waiter), Value::Bool(true))?;
    }
    if let Value::Exc(exc) = args[2] {
        note_error(cx, id, args[1], exc)?;
    }
    Ok(Value::None)
}

/// Cancels every task that is not done, in order, and then the parent if it is given.
fn abort(cx: &mut Cx, id: Id<Boxed>, parent: Option<Value>) -> Outcome {
    let group = of_mut(cx, id);
    group.is_aborting = true;
    let tasks = group.tasks.clone();
    let is_pending = |task: &Value| future::future_of(cx, *task).is_none_or(|task| !cx.heap.future(task).is_done());
    let tasks: Vec<Value> = tasks.into_iter().filter(is_pending).chain(parent).collect();
    future::cancel_all(cx, &tasks)
}

// ----- The end of the block -----

/// Steps: the children are to be waited for; one wait is over; the parent was cancelled again; the error is made.
const WAIT: u32 = 1;
const WAITED: u32 = 2;
const FAIL: u32 = 3;
const RAISE: u32 = 4;

/// values: self, the class, the exception and the traceback of what left the block. The class becomes the cancellation
/// that is to go on.
fn group_aexit(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = state_id::<TaskGroup>(cx, frame.values[0])?;
    let raised = match frame.values[2] {
        Value::Exc(exc) => Some(exc),
        _ => None,
    };
    loop {
        match frame.step {
            0 => begin_exit(cx, frame, id, raised)?,
            WAIT => {
                std::mem::take(&mut frame.told).into_outcome()?;
                if of(cx, id).n_left > 0 {
                    return Err(wait(cx, frame, id));
                }
                frame.step = FAIL;
                leave(cx, frame, id, raised)?;
            }
            WAITED => {
                frame.step = WAIT;
                of_mut(cx, id).waiter = Id::NONE;
                match std::mem::take(&mut frame.told) {
                    Told::Raised(exc) if cx.is_exception(exc, classes::CANCELLED_ERROR) => {
                        if !of(cx, id).is_aborting {
                            frame.values[1] = Value::Exc(exc);
                            abort(cx, id, None)?;
                        }
                    }
                    told => drop(told.into_outcome()?),
                }
            }
            FAIL => {
                std::mem::take(&mut frame.told).into_outcome()?;
                let errors = end(cx, id);
                if errors.is_empty() {
                    return Ok(Value::None);
                }
                frame.step = RAISE;
                let message = cx.str("unhandled errors in a TaskGroup");
                let errors = cx.heap.new_list(errors);
                return Err(cx.ask_call(Value::Class(classes::BASE_EXCEPTION_GROUP), &[message, errors]));
            }
            _ => {
                let Value::Exc(made) = frame.told.into_outcome()? else { crate::bug!("a group of exceptions") };
                let object = cx.heap.excs.get_mut(made);
                (object.cause, object.suppress_context) = (Value::None, true);
                return Err(Ask::Raise(made));
            }
        }
    }
}

/// The block is left: an exception cancels the children.
fn begin_exit(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Boxed>, raised: Option<Id<Exc>>) -> Result<(), Ask> {
    frame.step = WAIT;
    frame.values[1] = Value::Undef;
    of_mut(cx, id).is_exiting = true;
    let Some(exc) = raised else { return Ok(()) };
    if is_base_error(cx, exc) && of(cx, id).base_error.is_undef() {
        of_mut(cx, id).base_error = Value::Exc(exc);
    }
    if cx.is_exception(exc, classes::CANCELLED_ERROR) {
        frame.values[1] = Value::Exc(exc);
    }
    if !of(cx, id).is_aborting {
        abort(cx, id, None)?;
    }
    Ok(())
}

/// Waits for the last child.
fn wait(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Boxed>) -> Ask {
    frame.step = WAITED;
    if of(cx, id).waiter.is_none() {
        let Some(event_loop) = schedule::loop_of(cx, of(cx, id).event_loop) else {
            return cx.not_implemented("a TaskGroup on a loop that is not one of asyncio's");
        };
        let waiter = future::new(cx, event_loop, Role::Plain);
        of_mut(cx, id).waiter = waiter;
    }
    cx.sent = Value::Future(of(cx, id).waiter);
    Ask::Await
}

/// All tasks are done: what leaves the block, unless it is the group of errors.
fn leave(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Boxed>, raised: Option<Id<Exc>>) -> Result<(), Ask> {
    let group = of(cx, id);
    let (parent, base_error, has_cancelled) = (group.parent, group.base_error, group.has_cancelled_parent);
    if let Value::Exc(exc) = base_error {
        end(cx, id);
        return Err(Ask::Raise(exc));
    }
    let is_taken_back = has_cancelled && task_methods::uncancel(cx, parent) == 0;
    if let Value::Exc(cancelled) = frame.values[1]
        && !is_taken_back
        && of(cx, id).errors.is_empty()
    {
        end(cx, id);
        return Err(Ask::Raise(cancelled));
    }
    if let Some(exc) = raised.filter(|&exc| !cx.is_exception(exc, classes::CANCELLED_ERROR)) {
        of_mut(cx, id).errors.push(Value::Exc(exc));
    }
    if !of(cx, id).errors.is_empty() && cx.heap.tasks.get(parent).n_cancels > 0 {
        // A cancellation from outside is kept for the next await.
        task_methods::uncancel(cx, parent);
        future::cancel_by_name(cx, FutureRef::Task(parent))?;
    }
    Ok(())
}

/// The group forgets its parent and its errors, which are given.
fn end(cx: &mut Cx, id: Id<Boxed>) -> Vec<Value> {
    let group = of_mut(cx, id);
    (group.parent, group.base_error) = (Id::NONE, Value::Undef);
    std::mem::take(&mut group.errors)
}
