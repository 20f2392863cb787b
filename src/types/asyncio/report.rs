//! What went wrong in a callback or in a task that nobody asked: handed to the loop's exception handler.
//!
//! The texts are made by the library (`stdlib/asyncio/base_events.as`): nothing here is in a hurry.

use super::{future, handle};
use crate::call::{Ask, Cx};
use crate::value::{Exc, FutureRef, Id, Value};

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
