//! `obj.name(*args)` from a native: the attribute, then the call.

use super::attribute;
use crate::call::{Ask, CallAsk, Cx, Outcome};
use crate::value::{Name, NativeFrame, NativeId, Value};

crate::natives! {
    /// Steps: a method called by name.
    pub static METHOD_CALL_STEPS = [
        hidden "call_method(obj, name, *args)" => step call_method, "`obj.name(*args)`.";
    ]
}

const CALL_METHOD: NativeId = NativeId { table: crate::tables::METHOD_CALL, row: 0 };

/// Asks for `obj.name(*args)`.
pub fn ask(cx: &mut Cx, obj: Value, name: Name, args: &[Value]) -> Ask {
    match attribute::get(cx, obj, name) {
        Ok(method) => cx.ask_call(method, args),
        Err(Ask::Raise(exc)) => Ask::Raise(exc),
        Err(_) => {
            let mut frame = NativeFrame::new(CALL_METHOD, &[obj, Value::Str(name)]);
            frame.values.extend_from_slice(args);
            cx.ask_push(frame)
        }
    }
}

fn call_method(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let name = cx.name_of(frame.values[1]).expect("the name is a str");
        return match attribute::get(cx, frame.values[0], name) {
            Ok(method) => Err(cx.ask_tail(method, &frame.values[2..])),
            Err(Ask::Tail) => Err(Ask::Call),
            Err(ask) => Err(ask),
        };
    }
    let callee = frame.told.into_outcome()?;
    cx.call = CallAsk { callee, args: frame.values[2..].into(), ..CallAsk::default() };
    Err(Ask::Tail)
}
