//! `asyncio.Event`.

use super::waiting::{self, Line};
use super::wrapped_in;
use crate::call::{Ask, Cx, Outcome, Place};
use crate::tables;
use crate::types::classes;
use crate::value::native_object::NativeObject;
use crate::value::{EventLoop, Gray, Id, NativeId, Value};

/// The state of an event.
#[derive(Default)]
pub struct Event {
    is_set: bool,
    waiters: Line,
    event_loop: Id<EventLoop>,
}

impl NativeObject for Event {
    fn trace(&self, gray: &mut Gray) {
        self.waiters.trace(gray);
        if !self.event_loop.is_none() {
            gray.push(Value::Loop(self.event_loop));
        }
    }
    fn bytes(&self) -> usize {
        size_of::<Event>() + self.waiters.bytes()
    }
}

crate::natives! {
    /// The rows of `asyncio.Event`.
    pub static EVENT = [
        new "__new__(cls, *args, **kwargs)" => event_new, "Create and return a new object.";
        special "__init__(self)" => event_init, "Initialize self.";
        special "__repr__(self, /)" => event_repr, "Return repr(self).";
        method "is_set(self)" => event_is_set, "Return True if and only if the internal flag is true.";
        method "set(self)" => step event_set, "Set the internal flag to true.";
        method "clear(self)" => event_clear, "Reset the internal flag to false.";
        amethod "wait(self)" => event_wait, "Block until the internal flag is true.";
        attr "_value" => event_is_set, "The flag.";
        attr "_waiters" => event_waiters, "The futures of those who wait.";
    ]
}

crate::natives! {
    /// Steps of events.
    pub static EVENT_STEPS = [
        hidden "after(event, item, future, exception)" => after, "The waiter goes on.";
    ]
}

const AFTER: NativeId = NativeId { table: tables::EVENT_STEPS, row: 0 };

fn event_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = Event { event_loop: Id::NONE, waiters: Line::made_at(cx.place), ..Event::default() };
    let payload = cx.heap.new_native(classes::EVENT, state);
    Ok(wrapped_in(cx, args[0], classes::EVENT, payload))
}

fn event_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let event = this(cx, args)?;
    *event = Event { event_loop: Id::NONE, waiters: Line::made_at(event.waiters.made_at), ..Event::default() };
    Ok(Value::None)
}

impl Event {
    /// Where it was made.
    pub fn origin(&self) -> Place {
        self.waiters.made_at
    }
}

fn this<'a>(cx: &'a mut Cx, args: &[Value]) -> Result<&'a mut Event, Ask> {
    let id = waiting::state_id::<Event>(cx, args[0])?;
    Ok(waiting::of_mut(cx, id))
}

fn event_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let event = this(cx, args)?;
    let (extra, n_waiters) = (if event.is_set { "set" } else { "unset" }, event.waiters.len());
    waiting::repr(cx, args[0], extra, n_waiters)
}

fn event_is_set(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(this(cx, args)?.is_set))
}

fn event_waiters(cx: &mut Cx, args: &[Value]) -> Outcome {
    let line = this(cx, args)?.waiters.iter().collect::<Vec<_>>();
    Ok(waiting::shown_line(cx, line))
}

/// Wakes all that wait, in line. They leave the line when they go on. values: self.
fn event_set(cx: &mut Cx, frame: &mut crate::value::NativeFrame) -> Outcome {
    let id = waiting::state_id::<Event>(cx, frame.values[0])?;
    if frame.step == 0 {
        let event: &mut Event = waiting::of_mut(cx, id);
        if event.is_set {
            return Ok(Value::None);
        }
        event.is_set = true;
    } else {
        frame.told.into_outcome()?;
    }
    frame.step = 1;
    // Which of them are done is known: a second round after a question finds the rest.
    let pending: Vec<_> = waiting::of::<Event>(cx, id).waiters.iter().collect();
    for waiter in pending {
        waiting::wake(cx, waiter, Value::Bool(true))?;
    }
    Ok(Value::None)
}

fn event_clear(cx: &mut Cx, args: &[Value]) -> Outcome {
    this(cx, args)?.is_set = false;
    Ok(Value::None)
}

fn event_wait(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Event>(cx, args[0])?;
    let event: &Event = waiting::of(cx, id);
    if event.is_set {
        return Ok(Value::Bool(true));
    }
    let bound = event.event_loop;
    let event_loop = waiting::bound_loop(cx, args[0], bound)?;
    let waiter = waiting::new(cx, event_loop, AFTER, id, Value::Undef);
    let event: &mut Event = waiting::of_mut(cx, id);
    event.event_loop = event_loop;
    event.waiters.push(waiter);
    waiting::wait(cx, waiter)
}

fn after(cx: &mut Cx, args: &[Value]) -> Outcome {
    let after = waiting::after(cx, args)?;
    waiting::of_mut::<Event>(cx, after.target).waiters.remove(after.future);
    match after.exc {
        None => Ok(Value::Bool(true)),
        Some(exc) => Err(Ask::Raise(exc)),
    }
}
