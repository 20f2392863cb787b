//! The rows of `asyncio.Task`, and its eager start.

use super::future::{self, future_of};
use super::task::{self, Stepped};
use super::{ensure, future_methods, schedule, wrapped_in};
use crate::call::{Ask, Cx, Outcome, names};
use crate::tables;
use crate::types::{classes, context, quick, strings};
use crate::value::event_loop::Entry;
use crate::value::{EventLoop, FutureRef, Id, NativeFrame, NativeId, Task, Told, Value};

crate::natives! {
    /// The rows of `asyncio.Task`.
    pub static TASK = [
        new "__new__(cls, *args, **kwargs)" => task_new, "Create and return a new object.";
        special "__init__(self, coro, *, loop=None, name=None, context=None, eager_start=False)" => step task_init, "A coroutine wrapped in a Future.";
        special "__repr__(self, /)" => step super::repr::task_repr, "Return repr(self).";
        method "set_result(self, result, /)" => task_set_result, "Refused: the coroutine sets it.";
        method "set_exception(self, exception, /)" => task_set_exception, "Refused: the coroutine sets it.";
        method "cancelling(self, /)" => task_cancelling, "The number of cancellation requests.";
        method "uncancel(self, /)" => task_uncancel, "Takes one cancellation request back.";
        method "get_stack(self, /, *, limit=None)" => task_get_stack, "The frames of the coroutine.";
        method "print_stack(self, /, *, limit=None, file=None)" => task_print_stack, "Prints the stack of the coroutine.";
        method "get_coro(self, /)" => task_get_coro, "The coroutine.";
        method "get_context(self, /)" => task_get_context, "The context.";
        method "get_name(self, /)" => task_get_name, "The name.";
        method "set_name(self, value, /)" => step task_set_name, "Sets the name.";
        attr "_coro" => task_get_coro, "The coroutine.";
        attr "_fut_waiter" => task_fut_waiter, "The future that it waits for.";
        attr "_must_cancel" => task_must_cancel, "Whether it gets CancelledError at its next step.";
        attr "_num_cancels_requested" => task_cancelling, "The number of cancellation requests.";
        attr "_log_destroy_pending" => task_log_destroy, set task_set_log_destroy, "Whether its death while pending is reported.";
    ]
}

crate::natives! {
    /// Steps of tasks.
    pub static TASK_STEPS = [
        hidden "foreign(task, value)" => step task::foreign, "A task yielded what is no future of ours.";
        hidden "start_eagerly(task)" => step start_eagerly, "The first step, at once.";
    ]
}

/// See [`task::foreign`].
pub const FOREIGN: NativeId = NativeId { table: tables::TASK_STEPS, row: 0 };
const START_EAGERLY: NativeId = NativeId { table: tables::TASK_STEPS, row: 1 };

fn this(cx: &mut Cx, args: &[Value]) -> Result<Id<Task>, Ask> {
    match future_of(cx, args[0]) {
        Some(FutureRef::Task(id)) => Ok(id),
        _ => Err(cx.type_error("a task is needed")),
    }
}

fn task_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    cx.heap.charge(size_of::<Task>());
    let id = cx.heap.tasks.alloc(Task { reports_death: true, ..Task::default() });
    cx.heap.tasks.get_mut(id).context = cx.fiber.context;
    let made = wrapped_in(cx, args[0], classes::TASK, Value::Task(id));
    if let Value::Inst(outer) = made {
        cx.heap.tasks.get_mut(id).future.extra_mut().outer = Some(outer);
    }
    Ok(made)
}

/// values: self, coro, loop, name, context, eager_start.
fn task_init(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = this(cx, &frame.values)?;
    if frame.step == 0 {
        frame.step = 1;
        frame.told = match cx.none_or(frame.values[2]) {
            Some(given) => Told::Value(given),
            None => Told::Value(ensure::current_loop(cx)?),
        };
    }
    if frame.step == 1 {
        let given = std::mem::take(&mut frame.told).into_outcome()?;
        future_methods::set_loop(cx, FutureRef::Task(id), given);
        let coro = frame.values[1];
        if !task::is_coroutine(cx, coro) {
            cx.heap.tasks.get_mut(id).reports_death = false;
            let text = super::repr::text_of(cx, coro);
            return Err(cx.type_error(format!("a coroutine was expected, got {text}")));
        }
        set_up(cx, frame, id, coro);
        frame.step = 2;
        frame.told = match cx.none_or(frame.values[3]) {
            Some(name) => Told::Value(strings::to_str(cx, name).map_err(Ask::to_come_back)?),
            None => Told::Value(Value::Undef),
        };
    }
    if frame.step == 2 {
        let name = std::mem::take(&mut frame.told).into_outcome()?;
        if !name.is_undef() {
            cx.heap.tasks.get_mut(id).name = name;
        }
        frame.step = 3;
        let is_eager = frame.values[5].given().is_some_and(|value| quick::quick_truth(cx, value).unwrap_or(true));
        let event_loop = cx.heap.tasks.get(id).future.event_loop;
        if is_eager && !event_loop.is_none() && cx.heap.event_loops.get(event_loop).is_running {
            return Err(cx.ask_push(NativeFrame::new(START_EAGERLY, &[Value::Task(id)])));
        }
        schedule::soon_for(cx, FutureRef::Task(id), Entry::Step(id))?;
        return Ok(Value::None);
    }
    frame.told.into_outcome().map(|_| Value::None)
}

/// What a task is made of, once its coroutine is accepted.
fn set_up(cx: &mut Cx, frame: &NativeFrame, id: Id<Task>, coro: Value) {
    let context = match frame.values[4] {
        Value::Context(context) => context,
        _ => context::copy_current(cx),
    };
    cx.asyncio.n_tasks += 1;
    let number = cx.asyncio.n_tasks;
    let name = if cx.none_or(frame.values[3]).is_none() {
        cx.asyncio.n_named += 1;
        Value::Int(cx.asyncio.n_named as i64)
    } else {
        Value::Undef
    };
    let task = cx.heap.tasks.get_mut(id);
    (task.coro, task.context, task.number, task.name) = (coro, context, number as u32, name);
    task.reports_death = true;
    cx.heap.mortal.push(Value::Task(id));
}

/// The first step of an eager task, inside the call that makes it. values: the task, then what is restored.
fn start_eagerly(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Task(id) = frame.values[0] else { crate::bug!("a task") };
    let event_loop: Id<EventLoop> = cx.heap.tasks.get(id).future.event_loop;
    match frame.step {
        0 => {
            let current = cx.heap.event_loops.get(event_loop).current;
            frame.values.extend([current, Value::Context(cx.fiber.context)]);
            frame.step = 1;
            task::begin_step(cx, id, None).map_or(Ok(Value::None), Err)
        }
        1 => {
            cx.heap.event_loops.get_mut(event_loop).current = frame.values[1];
            if let Value::Context(context) = frame.values[2] {
                cx.fiber.context = context;
            }
            frame.step = 2;
            match task::after_step(cx, id, std::mem::take(&mut frame.told)) {
                Stepped::Done => Ok(Value::None),
                Stepped::Ask(ask) => Err(ask),
                Stepped::Leaves(exc) => Err(Ask::Raise(exc)),
                Stepped::Foreign(value) => Err(cx.ask_push(task::foreign_frame(id, value))),
            }
        }
        _ => frame.told.into_outcome().map(|_| Value::None),
    }
}

fn task_set_result(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.runtime_error("Task does not support set_result operation"))
}

fn task_set_exception(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.runtime_error("Task does not support set_exception operation"))
}

fn task_cancelling(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Int(cx.heap.tasks.get(id).n_cancels as i64))
}

fn task_uncancel(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Int(uncancel(cx, id).into()))
}

/// Takes a cancellation request back; how many are left.
pub fn uncancel(cx: &mut Cx, id: Id<Task>) -> u32 {
    let task = cx.heap.tasks.get_mut(id);
    if task.n_cancels > 0 {
        task.n_cancels -= 1;
        if task.n_cancels == 0 {
            task.must_cancel = false;
        }
    }
    task.n_cancels
}

fn task_get_stack(cx: &mut Cx, args: &[Value]) -> Outcome {
    this(cx, args)?;
    let given: Vec<Value> = args.iter().map(|arg| arg.given().unwrap_or(Value::None)).collect();
    Err(super::ask_library(cx, "asyncio.base_tasks", "_task_get_stack", &given))
}

fn task_print_stack(cx: &mut Cx, args: &[Value]) -> Outcome {
    this(cx, args)?;
    let given: Vec<Value> = args.iter().map(|arg| arg.given().unwrap_or(Value::None)).collect();
    Err(super::ask_library(cx, "asyncio.base_tasks", "_task_print_stack", &given))
}

fn task_get_coro(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(cx.heap.tasks.get(id).coro.given().unwrap_or(Value::None))
}

fn task_get_context(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Context(cx.heap.tasks.get(id).context))
}

fn task_get_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(task::name(cx, id).given().unwrap_or(Value::None))
}

/// values: self, the name.
fn task_set_name(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = this(cx, &frame.values)?;
    let name = if frame.step == 0 {
        frame.step = 1;
        strings::to_str(cx, frame.values[1]).map_err(Ask::to_come_back)?
    } else {
        frame.told.into_outcome()?
    };
    cx.heap.tasks.get_mut(id).name = name;
    Ok(Value::None)
}

fn task_fut_waiter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(cx.heap.tasks.get(id).waiting.given().unwrap_or(Value::None))
}

fn task_must_cancel(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(cx.heap.tasks.get(id).must_cancel))
}

fn task_log_destroy(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(cx.heap.tasks.get(id).reports_death))
}

fn task_set_log_destroy(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    if args[1].is_undef() {
        return Err(cx.raise(classes::ATTRIBUTE_ERROR, "cannot delete attribute"));
    }
    let holds = quick::quick_truth(cx, args[1]).unwrap_or(true);
    cx.heap.tasks.get_mut(id).reports_death = holds;
    Ok(Value::None)
}

/// `asyncio.eager_task_factory(loop, coro, *, name=None, context=None)`.
pub fn eager_task_factory(cx: &mut Cx, args: &[Value]) -> Outcome {
    let none = |value: Value| value.given().unwrap_or(Value::None);
    let given = [args[1], args[0], none(args[2]), none(args[3]), Value::Bool(true)];
    let keywords = [names::LOOP, names::NAME_ATTR, names::CONTEXT_ATTR, names::EAGER_START];
    Err(ensure::ask_keyword_call(cx, Value::Class(classes::TASK), &given, &keywords))
}

/// Whether it is a future of ours, for those that only need to know.
pub fn is_future(cx: &Cx, value: Value) -> bool {
    future::future_of(cx, value).is_some()
}
