//! `obj.name(*args)` from a native: the attribute, then the call.

use super::attribute;
use crate::call::cx::native_def;
use crate::call::{Ask, Body, CallAsk, Cx, NativeKind, Outcome};
use crate::value::{Name, NativeFrame, NativeId, Told, Value};
use smallvec::SmallVec;

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

/// The same with its outcome: a plain native method of a native object is called at once. Its arguments need no conversion.
pub fn outcome(cx: &mut Cx, obj: Value, name: Name, args: &[Value]) -> Outcome {
    if let Value::Native(_) = obj {
        let class = cx.class_of(obj);
        if let Some(Value::Builtin(id)) = super::classes::lookup(cx, class, name) {
            let def = native_def(id);
            let mut bound: SmallVec<[Value; 6]> = SmallVec::new();
            bound.push(obj);
            bound.extend_from_slice(args);
            bound.resize(def.signature().params.len().max(bound.len()), Value::Undef);
            match def.body {
                Body::Plain(body) if def.kind == NativeKind::Attribute => return body(cx, &bound[..1]),
                Body::Plain(body) => return body(cx, &bound).map_err(Ask::to_come_back),
                Body::Stepped(_) => {}
            }
        }
    }
    Err(ask(cx, obj, name, args))
}

/// In a stepped native: the answer to the call that was asked for, or the outcome of making it now.
pub fn answered(cx: &mut Cx, frame: &mut NativeFrame, obj: Value, name: Name, args: &[Value]) -> Outcome {
    match std::mem::take(&mut frame.told) {
        Told::Start => outcome(cx, obj, name, args),
        told => told.into_outcome(),
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
