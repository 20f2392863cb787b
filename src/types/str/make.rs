//! `str(object)`, `str(data, encoding)`, and `encode`.

use super::this;
use crate::call::{Cx, Outcome};
use crate::types::bytes::buffer;
use crate::types::{classes, codecs, strings};
use crate::value::{NativeFrame, NativeId, Value};

crate::natives! {
    /// Steps: an instance of a subclass, made from an object whose text must be asked for.
    pub static STR_MAKE_STEPS = [
        hidden "str_new(class, object)" => step new_step, "The text of the object, then the instance.";
    ]
}

const NEW: NativeId = NativeId { table: crate::tables::STR_MAKE, row: 0 };

pub(super) fn str_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let [class, object, encoding, errors] = [args[0], args[1], args[2], args[3]];
    if !object.is_undef() && (!encoding.is_undef() || !errors.is_undef()) {
        let text = decoded(cx, object, encoding, errors)?;
        return Ok(of_class(cx, class, text));
    }
    let text = match object {
        Value::Undef => Ok(Value::Str(cx.heap.empty_str)),
        _ => strings::to_str(cx, object),
    };
    match text {
        Ok(text) => Ok(of_class(cx, class, text)),
        Err(ask) if class != Value::Class(classes::STR) && ask.is_question() => {
            Err(cx.ask_push(NativeFrame::new(NEW, &[class, object])))
        }
        Err(ask) => Err(ask),
    }
}

fn decoded(cx: &mut Cx, object: Value, encoding: Value, errors: Value) -> Outcome {
    if let Value::Str(_) = cx.exact(object) {
        return Err(cx.type_error("decoding str is not supported"));
    }
    let Some(data) = buffer::bytes_of(cx, object) else {
        let message = format!("decoding to str: need a bytes-like object, {} found", cx.class_name(object));
        return Err(cx.type_error(message));
    };
    let data = data.into_owned();
    let outcome = codecs::arguments(cx, encoding, errors, "decode")
        .and_then(|(codec, errors)| codecs::decode(cx, &data, codec, &errors));
    codecs::registered(cx, outcome, "_decode", [object, encoding, errors])
}

/// The text itself, or an instance of a script subclass with it.
fn of_class(cx: &mut Cx, class: Value, text: Value) -> Value {
    match class {
        Value::Class(id) if id != classes::STR => {
            let payload = Value::Str(this(cx, text));
            crate::types::class::allocate(cx, id, payload)
        }
        _ => text,
    }
}

fn new_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        frame.told = crate::value::Told::Value(strings::to_str(cx, frame.values[1])?);
    }
    let text = frame.told.into_outcome()?;
    Ok(of_class(cx, frame.values[0], text))
}

pub(super) fn str_encode(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let outcome = codecs::arguments(cx, args[1], args[2], "encode")
        .and_then(|(codec, errors)| codecs::encode(cx, id, codec, &errors))
        .map(|data| cx.heap.new_bytes(data));
    codecs::registered(cx, outcome, "_encode", [args[0], args[1], args[2]])
}
