//! `float(x)` and `float.fromhex(text)`.

use super::{hex, text};
use crate::call::{Cx, Outcome};
use crate::types::class::checked_class;
use crate::types::int::{self, instance};
use crate::types::text::unicode::ascii_of_decimals;
use crate::types::{bytes, classes, protocol, strings};
use crate::value::special::Special;
use crate::value::{NativeFrame, Value};

const CALLED_FLOAT: u32 = 1;
const CALLED_INDEX: u32 = 2;

/// `float.__new__(cls, x)`; values: cls, x.
pub fn float_new(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let class = checked_class(cx, frame.values[0], classes::FLOAT)?;
    let number = match frame.step {
        0 => match frame.values[1].given() {
            None => Value::Float(0.0),
            Some(x) => of_any(cx, frame, x)?,
        },
        CALLED_FLOAT => {
            let answer = frame.told.into_outcome()?;
            match cx.exact(answer) {
                exact @ Value::Float(_) => exact,
                _ => {
                    let (class, actual) = (cx.class_name(frame.values[1]), cx.class_name(answer));
                    return Err(cx.type_error(format!("{class}.__float__ returned non-float (type {actual})")));
                }
            }
        }
        _ => {
            let answer = frame.told.into_outcome()?;
            of_int(cx, answer)?
        }
    };
    Ok(instance(cx, class, classes::FLOAT, number))
}

fn of_any(cx: &mut Cx, frame: &mut NativeFrame, x: Value) -> Outcome {
    match x {
        Value::Float(_) => return Ok(x),
        Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => return of_int(cx, x),
        Value::Str(_) => return of_text(cx, x),
        _ => {}
    }
    if let Some(method) = cx.special_of(x, Special::Float) {
        if let (Value::Builtin(_), exact @ Value::Float(_)) = (method, cx.exact(x)) {
            return Ok(exact);
        }
        frame.step = CALLED_FLOAT;
        return Err(cx.ask_method(method, x, &[]));
    }
    if cx.special_of(x, Special::Index).is_some() {
        frame.step = CALLED_INDEX;
        let int = protocol::index(cx, x)?;
        return of_int(cx, int);
    }
    if matches!(cx.exact(x), Value::Str(_)) || bytes::buffer::is_buffer(cx, x) {
        return of_text(cx, x);
    }
    let class = cx.class_name(x);
    Err(cx.type_error(format!("float() argument must be a string or a real number, not '{class}'")))
}

fn of_int(cx: &mut Cx, x: Value) -> Outcome {
    match int::view(&cx.heap, x).and_then(|int| int.to_owned_float()) {
        Some(float) => Ok(Value::Float(float)),
        None => Err(int::too_large_for_float(cx)),
    }
}

fn of_text(cx: &mut Cx, x: Value) -> Outcome {
    let parsed = match cx.text_of(x) {
        Some(text) => text::parse(&ascii_of_decimals(text)),
        None => text::parse(&bytes::buffer::bytes_of(cx, x).unwrap_or_default()),
    };
    if let Some(number) = parsed {
        return Ok(Value::Float(number));
    }
    let shown = match cx.exact(x) {
        exact @ (Value::Str(_) | Value::Bytes(_)) => strings::to_repr(cx, exact)?,
        _ => strings::to_repr(cx, x)?,
    };
    let shown = String::from_utf8_lossy(cx.text_of(shown).unwrap_or_default()).into_owned();
    Err(cx.value_error(format!("could not convert string to float: {shown}")))
}

/// `float.fromhex(text)`: through the class, if that is a subclass.
pub fn from_hex(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step != 0 {
        return frame.told.into_outcome();
    }
    let number = match hex::from_hex(cx.text_of(frame.values[1]).expect("converted")) {
        Ok(number) => Value::Float(number),
        Err(hex::FromHexError::TooLarge) => {
            return Err(cx.overflow_error("hexadecimal value too large to represent as a float"));
        }
        Err(hex::FromHexError::Invalid) => {
            return Err(cx.value_error("invalid hexadecimal floating-point string"));
        }
    };
    match frame.values[0] {
        Value::Class(class) if class == classes::FLOAT => Ok(number),
        class => {
            frame.step = 1;
            Err(cx.ask_call(class, &[number]))
        }
    }
}
