//! What `coroutine.__await__()` gives: an iterator that drives the coroutine.

use super::methods;
use crate::call::{Ask, Cx, Outcome};
use crate::types::classes;
use crate::value::native_object::NativeObject;
use crate::value::slab::Gray;
use crate::value::{Generator, Id, NativeFrame, Told, Value};

/// The state.
pub struct CoroutineWrapper {
    pub coroutine: Id<Generator>,
}

impl NativeObject for CoroutineWrapper {
    fn trace(&self, gray: &mut Gray) {
        gray.push(Value::Gen(self.coroutine));
    }
    fn bytes(&self) -> usize {
        size_of::<CoroutineWrapper>()
    }
}

crate::natives! {
    /// The rows of `coroutine_wrapper`.
    pub static COROUTINE_WRAPPER = [
        special "__iter__(self, /)" => wrapper_iter, "Implement iter(self).";
        special "__next__(self, /)" => wrapper_next, "Implement next(self).";
        method "send(self, arg, /)" => wrapper_send, "send(arg) -> send 'arg' into coroutine";
        method "throw(self, typ, val=, tb=, /)" => step wrapper_throw, "throw(value)";
        method "close(self, /)" => wrapper_close, "close() -> raise GeneratorExit inside coroutine.";
    ]
}

pub fn new(cx: &mut Cx, coroutine: Id<Generator>) -> Value {
    cx.heap.new_native(classes::COROUTINE_WRAPPER, CoroutineWrapper { coroutine })
}

fn own(cx: &Cx, this: Value) -> Id<Generator> {
    let Value::Native(id) = this else { crate::bug!("self is a coroutine wrapper") };
    cx.heap.native::<CoroutineWrapper>(id).expect("self is a coroutine wrapper").coroutine
}

fn wrapper_iter(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(args[0])
}

fn wrapper_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    let coroutine = own(cx, args[0]);
    cx.heap.gens.get_mut(coroutine).was_started = true;
    cx.sent = Value::None;
    Err(Ask::Resume(coroutine))
}

fn wrapper_send(cx: &mut Cx, args: &[Value]) -> Outcome {
    let coroutine = own(cx, args[0]);
    cx.heap.gens.get_mut(coroutine).was_started = true;
    cx.sent = args[1];
    Err(Ask::Resume(coroutine))
}

fn wrapper_throw(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let coroutine = own(cx, frame.values[0]);
    if frame.step == 2 {
        return match frame.told {
            Told::Returned(value) => Err(cx.stop_iteration(value)),
            told => told.into_outcome(),
        };
    }
    let exc = methods::thrown_exception(cx, frame, 1)?;
    frame.step = 2;
    cx.thrown = exc;
    Err(Ask::Throw(coroutine))
}

fn wrapper_close(cx: &mut Cx, args: &[Value]) -> Outcome {
    let coroutine = own(cx, args[0]);
    cx.heap.gens.get_mut(coroutine).was_started = true;
    Err(cx.ask_push(crate::types::awaitable::close_frame(coroutine)))
}
