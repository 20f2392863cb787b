//! What went wrong in a callback or in a task that nobody asked: handed to the loop's exception handler.
//!
//! The texts are made by the library (`stdlib/asyncio/base_events.as`): nothing here is in a hurry.

use super::handle;
use crate::call::{Ask, Cx};
use crate::value::{Exc, Id, Value};

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
