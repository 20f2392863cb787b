//! `queue.SimpleQueue`: an unbounded queue, whose `get` parks the fiber.

use std::collections::VecDeque;

use super::deadline;
use crate::call::{Ask, Cx, FiberId, MachineAsk, Outcome, Wait, WaitKind};
use crate::types::classes;
use crate::value::native_object::NativeObject;
use crate::value::{Dict, Gray, Id, NativeFrame, Told, Value};

crate::natives! {
    /// The rows of `SimpleQueue`.
    pub static SIMPLE_QUEUE = [
        new "__new__(cls)" => queue_new, "Simple, unbounded, reentrant FIFO queue.";
        method "put(self, item, block=True, timeout=None)" => queue_put, "Put the item on the queue.";
        method "put_nowait(self, item)" => queue_put, "Put an item into the queue without blocking.";
        method "get(self, block=True, timeout=None)" => step queue_get, "Remove and return an item from the queue.";
        method "get_nowait(self, /)" => queue_get_nowait, "Remove and return an item from the queue without blocking.";
        method "empty(self, /)" => queue_empty, "Return True if the queue is empty, False otherwise (not reliable!).";
        method "qsize(self, /)" => queue_size, "Return the approximate size of the queue (not reliable!).";
        class "__class_getitem__(cls, item, /)" => crate::types::generic_alias::class_getitem, "See PEP 585";
    ]
}

/// Fills the module `_queue`.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    for (name, class) in [("SimpleQueue", classes::SIMPLE_QUEUE), ("Empty", classes::EMPTY)] {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Class(class));
    }
}

#[derive(Default)]
struct Queue {
    items: VecDeque<Value>,
    waiters: VecDeque<FiberId>,
}

impl NativeObject for Queue {
    fn trace(&self, gray: &mut Gray) {
        gray.extend(self.items.iter().filter(|item| item.is_handle()));
    }
    fn bytes(&self) -> usize {
        size_of::<Queue>() + self.items.capacity() * size_of::<Value>()
    }
}

fn queue_mut(cx: &mut Cx, value: Value) -> &mut Queue {
    let Value::Native(id) = cx.exact(value) else { crate::bug!("self of a queue's row is a queue") };
    cx.heap.native_mut::<Queue>(id).expect("self of a queue's row is a queue")
}

fn queue_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = crate::types::class::checked_class(cx, args[0], classes::SIMPLE_QUEUE)?;
    let made = cx.heap.new_native(classes::SIMPLE_QUEUE, Queue::default());
    Ok(if class == classes::SIMPLE_QUEUE { made } else { crate::types::class::allocate(cx, class, made) })
}

fn queue_put(cx: &mut Cx, args: &[Value]) -> Outcome {
    cx.heap.reserve(size_of::<Value>())?;
    let queue = queue_mut(cx, args[0]);
    queue.items.push_back(args[1]);
    if let Some(waiter) = queue.waiters.pop_front() {
        cx.wakes.push(waiter);
    }
    Ok(Value::None)
}

fn empty_error(cx: &mut Cx) -> Ask {
    cx.raise_with(classes::EMPTY, &[])
}

fn queue_get_nowait(cx: &mut Cx, args: &[Value]) -> Outcome {
    match queue_mut(cx, args[0]).items.pop_front() {
        Some(item) => Ok(item),
        None => Err(empty_error(cx)),
    }
}

/// values: self, whether it waits, the time-out, which becomes the deadline.
fn queue_get(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (queue, own) = (frame.values[0], cx.fiber.id);
    if frame.step == 0 {
        frame.step = 1;
        let waits = deadline::is_true(cx, frame.values[1]);
        let deadline = if waits { deadline::of_timeout(cx, frame.values[2])? } else { None };
        frame.values[1] = Value::Bool(waits);
        frame.values[2] = deadline.map_or(Value::None, Value::Int);
    }
    let state = queue_mut(cx, queue);
    match frame.told {
        Told::Value(Value::Bool(false)) => {
            state.waiters.retain(|&waiter| waiter != own);
            return Err(empty_error(cx));
        }
        Told::Raised(exc) => {
            state.waiters.retain(|&waiter| waiter != own);
            if !state.items.is_empty()
                && let Some(next) = state.waiters.pop_front()
            {
                cx.wakes.push(next);
            }
            return Err(Ask::Raise(exc));
        }
        Told::Start | Told::End | Told::Value(_) | Told::Returned(_) => {}
    }
    if let Some(item) = state.items.pop_front() {
        state.waiters.retain(|&waiter| waiter != own);
        return Ok(item);
    }
    if frame.values[1] != Value::Bool(true) {
        return Err(empty_error(cx));
    }
    if !state.waiters.contains(&own) {
        state.waiters.push_back(own);
    }
    let wait = Wait::on(WaitKind::Queue, queue).until(frame.values[2].as_int());
    Err(cx.ask_machine(MachineAsk::Park(wait)))
}

fn queue_empty(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(queue_mut(cx, args[0]).items.is_empty()))
}

fn queue_size(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(queue_mut(cx, args[0]).items.len() as i64))
}
