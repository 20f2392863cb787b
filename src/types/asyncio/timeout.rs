//! `asyncio.Timeout`, `timeout`, `timeout_at`, `wait_for`: time limits.
//!
//! A limit is a future with [`Role::Deadline`] among the timers: when it is due its task is cancelled, and that it is done
//! tells whoever leaves the block that the cancellation is his. On a loop that is none of ours, or patched, the timer is
//! made by attribute calls, in `stdlib/asyncio/timeouts.as`.

use super::waiting::{self, state_id};
use super::{ask_library, await_library, ensure, future, schedule, sleep, task_methods, timer, wrapped_in};
use crate::call::{Ask, Cx, Outcome, launch, names};
use crate::types::{attribute, classes, float, method_call};
use crate::value::event_loop::Entry;
use crate::value::future::FutureState;
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::timers::Due;
use crate::value::{EventLoop, Exc, Future, FutureRef, Gray, Id, NativeFrame, Role, Task, Told, Value};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Created,
    Entered,
    Expiring,
    Expired,
    Exited,
}

impl State {
    fn text(self) -> &'static str {
        match self {
            State::Created => "created",
            State::Entered => "active",
            State::Expiring => "expiring",
            State::Expired => "expired",
            State::Exited => "finished",
        }
    }
}

/// The state of a Timeout.
#[derive(Default)]
pub struct Timeout {
    state: State,
    /// A number, or None.
    when: Value,
    /// Our timer, a handle of a foreign loop, or `Undef`.
    timer: Value,
    task: Id<Task>,
    /// `task.cancelling()` at the beginning of the block.
    n_cancels: u32,
}

impl NativeObject for Timeout {
    fn trace(&self, gray: &mut Gray) {
        gray.extend([self.when, self.timer].iter().filter(|value| value.is_handle()));
        if !self.task.is_none() {
            gray.push(Value::Task(self.task));
        }
    }
    fn bytes(&self) -> usize {
        size_of::<Timeout>()
    }
}

crate::natives! {
    /// The rows of `asyncio.Timeout`.
    pub static TIMEOUT = [
        new "__new__(cls, *args, **kwargs)" => timeout_new, "Create and return a new object.";
        special "__init__(self, when)" => timeout_init, "Schedule a timeout that will trigger at a given loop time.";
        special "__repr__(self, /)" => timeout_repr, "Return repr(self).";
        aspecial "__aenter__(self)" => timeout_aenter, "Begins the time limit.";
        aspecial "__aexit__(self, exc_type, exc_val, exc_tb)" => timeout_aexit, "Ends the time limit.";
        method "when(self)" => timeout_when, "Return the current deadline.";
        method "reschedule(self, when)" => timeout_reschedule, "Reschedule the timeout.";
        method "expired(self)" => timeout_expired, "Is timeout expired during execution?";
        method "_on_timeout(self)" => timeout_on_timeout, "The time is over.";
        attr "_timeout_handler" => timeout_handler, set timeout_set_handler, "The handle of a timer of a foreign loop.";
    ]
}

// ----- The timer -----

/// The running loop, if the library may set timers itself.
fn plain_loop(cx: &mut Cx) -> Result<Option<Id<EventLoop>>, Ask> {
    let running = ensure::running_loop(cx)?;
    Ok(schedule::loop_of(cx, running).filter(|&id| schedule::is_plain(cx, id)))
}

/// The task that a time limit is for.
fn own_task(cx: &mut Cx) -> Result<Id<Task>, Ask> {
    sleep::current_task(cx).ok_or_else(|| cx.runtime_error("Timeout should be used inside a task"))
}

/// A timer that cancels the task: due in the next turn, before what the block appends, if the moment has passed.
fn set_timer(cx: &mut Cx, event_loop: Id<EventLoop>, task: Id<Task>, when: f64) -> Result<Id<Future>, Ask> {
    let now = timer::read(cx);
    let made = future::new(cx, event_loop, Role::Deadline(task));
    if when <= now {
        schedule::soon(cx, event_loop, Entry::Release(made))?;
    } else {
        cx.heap.event_loops.get_mut(event_loop).timers.push(when, Due::Release(made));
    }
    Ok(made)
}

/// The timer will not do anything. Whether it had.
fn drop_timer(cx: &mut Cx, id: Id<Future>) -> bool {
    let object = cx.heap.futures.get_unbarred(id);
    if object.is_done() {
        return object.state == FutureState::Finished;
    }
    object.state = FutureState::Cancelled;
    let event_loop = object.event_loop;
    cx.heap.event_loops.get_unbarred(event_loop).timers.n_cancelled += 1;
    false
}

/// A timer is due.
pub fn expire(cx: &mut Cx, task: Id<Task>) -> Result<(), Ask> {
    future::cancel_by_name(cx, FutureRef::Task(task)).map(|_| ())
}

// ----- Timeout -----

fn timeout_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let payload = cx.heap.new_native(classes::TIMEOUT, Timeout { task: Id::NONE, ..Timeout::default() });
    Ok(wrapped_in(cx, args[0], classes::TIMEOUT, payload))
}

fn timeout_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    *this(cx, args)? = Timeout { when: args[1], task: Id::NONE, ..Timeout::default() };
    Ok(Value::None)
}

fn this<'a>(cx: &'a mut Cx, args: &[Value]) -> Result<&'a mut Timeout, Ask> {
    let id = state_id::<Timeout>(cx, args[0])?;
    Ok(waiting::of_mut(cx, id))
}

/// What it is doing: our own timer does not tell it that it was due.
fn state(cx: &Cx, id: Id<Boxed>) -> State {
    let timeout: &Timeout = waiting::of(cx, id);
    match (timeout.state, timeout.timer) {
        (State::Entered, Value::Future(timer)) if cx.heap.futures.get(timer).is_done() => State::Expiring,
        (state, _) => state,
    }
}

fn timeout_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = state_id::<Timeout>(cx, args[0])?;
    let state = state(cx, id);
    let mut text = format!("<Timeout [{}]", state.text());
    if state == State::Entered {
        let when = match waiting::of::<Timeout>(cx, id).when {
            Value::Float(when) => float::natives::round(cx, when, Value::Int(3))?,
            when => when,
        };
        text.push_str(&format!(" when={}", waiting::part(cx, when)));
    }
    text.push('>');
    Ok(cx.str(&text))
}

fn timeout_when(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(this(cx, args)?.when)
}

fn timeout_expired(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = state_id::<Timeout>(cx, args[0])?;
    Ok(Value::Bool(matches!(state(cx, id), State::Expiring | State::Expired)))
}

fn timeout_handler(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(this(cx, args)?.timer.given().unwrap_or(Value::None))
}

fn timeout_set_handler(cx: &mut Cx, args: &[Value]) -> Outcome {
    this(cx, args)?.timer = if args[1].is_none() { Value::Undef } else { args[1] };
    Ok(Value::None)
}

/// Another deadline. Its answer is None.
fn reschedule(cx: &mut Cx, shown: Value, id: Id<Boxed>, when: Value) -> Outcome {
    let timeout: &mut Timeout = waiting::of_mut(cx, id);
    timeout.when = when;
    let (old, task) = (timeout.timer, timeout.task);
    if let Value::Future(old) = old {
        drop_timer(cx, old);
        waiting::of_mut::<Timeout>(cx, id).timer = Value::Undef;
    }
    let event_loop = plain_loop(cx)?;
    let is_ours = matches!(old, Value::Future(_) | Value::Undef);
    match (event_loop, super::float_of(cx, when)) {
        _ if is_ours && when.is_none() => {}
        (Some(event_loop), Some(moment)) if is_ours => {
            let timer = set_timer(cx, event_loop, task, moment)?;
            waiting::of_mut::<Timeout>(cx, id).timer = Value::Future(timer);
        }
        _ => return Err(ask_library(cx, "asyncio.timeouts", "_arm", &[shown, when])),
    }
    Ok(Value::None)
}

fn timeout_reschedule(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = state_id::<Timeout>(cx, args[0])?;
    match state(cx, id) {
        State::Entered => reschedule(cx, args[0], id, args[1]),
        State::Created => Err(cx.runtime_error("Timeout has not been entered")),
        state => Err(cx.runtime_error(format!("Cannot change state of {} Timeout", state.text()))),
    }
}

fn timeout_aenter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = state_id::<Timeout>(cx, args[0])?;
    if waiting::of::<Timeout>(cx, id).state != State::Created {
        return Err(cx.runtime_error("Timeout has already been entered"));
    }
    ensure::running_loop(cx)?;
    let task = own_task(cx)?;
    let n_cancels = cx.heap.tasks.get(task).n_cancels;
    let timeout: &mut Timeout = waiting::of_mut(cx, id);
    (timeout.state, timeout.task, timeout.n_cancels) = (State::Entered, task, n_cancels);
    let when = timeout.when;
    match reschedule(cx, args[0], id, when) {
        Ok(_) => Ok(args[0]),
        Err(ask) => Err(launch::then_give(cx, ask, args[0])),
    }
}

fn timeout_aexit(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = state_id::<Timeout>(cx, args[0])?;
    let state = state(cx, id);
    let timeout: &mut Timeout = waiting::of_mut(cx, id);
    let (timer, task, n_cancels) = (std::mem::take(&mut timeout.timer), timeout.task, timeout.n_cancels);
    timeout.state = match state {
        State::Entered => State::Exited,
        State::Expiring => State::Expired,
        State::Created | State::Expired | State::Exited => state,
    };
    match timer {
        Value::Undef => {}
        Value::Future(timer) => {
            drop_timer(cx, timer);
        }
        // What it answers is nothing that the block would do something about.
        foreign => {
            let ask = method_call::ask(cx, foreign, names::CANCEL, &[]);
            return Err(launch::then_give(cx, ask, Value::None));
        }
    }
    if state == State::Expiring
        && task_methods::uncancel(cx, task) <= n_cancels
        && let Value::Exc(exc) = args[2]
    {
        timed_out(cx, exc)?;
    }
    Ok(Value::None)
}

/// The time of a foreign loop's timer is over.
fn timeout_on_timeout(cx: &mut Cx, args: &[Value]) -> Outcome {
    let timeout = this(cx, args)?;
    (timeout.state, timeout.timer) = (State::Expiring, Value::Undef);
    let task = timeout.task;
    if task.is_none() { Ok(Value::None) } else { future::cancel_by_name(cx, FutureRef::Task(task)) }
}

// ----- TimeoutError -----

/// The cancellation was ours: TimeoutError takes its place, or its place in the chain of contexts.
fn timed_out(cx: &mut Cx, exc: Id<Exc>) -> Result<(), Ask> {
    if cx.is_exception(exc, classes::CANCELLED_ERROR) {
        return Err(Ask::Raise(timeout_error(cx, exc)));
    }
    replace_cancellation(cx, exc);
    if cx.is_exception(exc, classes::EXCEPTION_GROUP)
        && let Ok(Value::Tuple(parts)) = attribute::get(cx, Value::Exc(exc), names::EXCEPTIONS)
    {
        let parts = cx.heap.tuples.get(parts).items().to_vec();
        for part in parts {
            if let Value::Exc(part) = part {
                replace_cancellation(cx, part);
            }
        }
    }
    Ok(())
}

/// A TimeoutError because of a cancellation.
fn timeout_error(cx: &mut Cx, cancelled: Id<Exc>) -> Id<Exc> {
    let made = cx.new_exception(classes::TIMEOUT_ERROR, &[]);
    let object = cx.heap.excs.get_mut(made);
    (object.cause, object.context) = (Value::Exc(cancelled), Value::Exc(cancelled));
    object.suppress_context = true;
    made
}

/// Puts a TimeoutError before the first CancelledError among the contexts.
fn replace_cancellation(cx: &mut Cx, exc: Id<Exc>) {
    let mut at = exc;
    while let Value::Exc(context) = cx.heap.excs.get(at).context {
        if cx.is_exception(context, classes::CANCELLED_ERROR) {
            let made = timeout_error(cx, context);
            cx.heap.excs.get_mut(at).context = Value::Exc(made);
            return;
        }
        at = context;
    }
}

// ----- The functions -----

fn new_timeout(cx: &mut Cx, when: Value) -> Value {
    cx.heap.new_native(classes::TIMEOUT, Timeout { when, task: Id::NONE, ..Timeout::default() })
}

/// `asyncio.timeout(delay)`.
pub fn timeout(cx: &mut Cx, args: &[Value]) -> Outcome {
    let event_loop = plain_loop(cx)?;
    if args[0].is_none() {
        return Ok(new_timeout(cx, Value::None));
    }
    match (event_loop, super::float_of(cx, args[0])) {
        (Some(_), Some(delay)) => {
            let when = timer::read(cx) + delay;
            Ok(new_timeout(cx, Value::Float(when)))
        }
        _ => Err(ask_library(cx, "asyncio.timeouts", "_timeout", args)),
    }
}

/// `asyncio.timeout_at(when)`.
pub fn timeout_at(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(new_timeout(cx, args[0]))
}

/// `asyncio.wait_for(fut, timeout)`. values: the future, the time limit, the loop of old programs; then the timer and
/// `cancelling()` from before.
pub fn wait_for(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        let (awaited, limit, old) = (frame.values[0], frame.values[1], frame.values[2]);
        if !old.is_undef() && cx.is_strict {
            return Err(cx.type_error("wait_for() got an unexpected keyword argument 'loop'"));
        }
        let limit = if limit.is_none() { Some(f64::INFINITY) } else { super::float_of(cx, limit) };
        frame.step = 2;
        let (Some(limit), Some(event_loop)) = (limit.filter(|&limit| limit > 0.0), plain_loop(cx)?) else {
            let args = [awaited, frame.values[1]];
            return Err(await_library(cx, "asyncio.tasks", "_wait_for", &args));
        };
        let task = own_task(cx)?;
        if !frame.values[1].is_none() {
            let when = timer::read(cx) + limit;
            let timer = set_timer(cx, event_loop, task, when)?;
            let n_cancels = cx.heap.tasks.get(task).n_cancels;
            frame.values.truncate(0);
            frame.values.extend([Value::Future(timer), Value::Int(n_cancels as i64)]);
            frame.step = 1;
        }
        cx.sent = awaited;
        return Err(Ask::Await);
    }
    if frame.step == 1 {
        let (Value::Future(timer), Value::Int(n_cancels)) = (frame.values[0], frame.values[1]) else {
            crate::bug!("the timer of wait_for")
        };
        if drop_timer(cx, timer)
            && let Role::Deadline(task) = cx.heap.futures.get(timer).role
            && i64::from(task_methods::uncancel(cx, task)) <= n_cancels
            && let Told::Raised(exc) = frame.told
        {
            timed_out(cx, exc)?;
        }
    }
    frame.told.into_outcome()
}
