//! `int(x)` and `int(text, base)`.

use super::{instance, make, make_room};
use crate::call::{Ask, Cx, Outcome};
use crate::types::class::checked_class;
use crate::types::text::unicode::ascii_of_decimals;
use crate::types::{array, bytes, classes, protocol, strings};
use crate::value::bigint::{float, text};
use crate::value::special::Special;
use crate::value::{NativeFrame, Value};

/// Steps: `__int__`, `__index__` or `__trunc__` was called.
const CALLED_INT: u32 = 1;
const CALLED_INDEX: u32 = 2;
const CALLED_TRUNC: u32 = 3;

/// `int.__new__(cls, x, base)`; values: cls, x, base.
pub fn int_new(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (x, base) = (frame.values[1], frame.values[2]);
    let number = match frame.step {
        0 if frame.values[0] == Value::Class(classes::INT) && matches!(x, Value::Int(_)) && base.is_undef() => x,
        0 => {
            checked_class(cx, frame.values[0], classes::INT)?;
            match (x.given(), base.given()) {
                (None, None) => Value::Int(0),
                (None, Some(_)) => return Err(cx.type_error("int() missing string argument")),
                (Some(x), Some(base)) => with_base(cx, x, base)?,
                (Some(x), None) => of_any(cx, frame, x)?,
            }
        }
        step => {
            let answer = frame.told.into_outcome()?;
            checked_answer(cx, frame, step, answer)?
        }
    };
    let class = checked_class(cx, frame.values[0], classes::INT)?;
    Ok(instance(cx, class, classes::INT, number))
}

/// `int(x)`: an exact int, or what must be asked for.
fn of_any(cx: &mut Cx, frame: &mut NativeFrame, x: Value) -> Outcome {
    match x {
        Value::Int(_) | Value::BigInt(_) => return Ok(x),
        Value::Bool(bool) => return Ok(Value::Int(bool as i64)),
        Value::Float(number) => return of_float(cx, number),
        Value::Str(_) => return of_text(cx, x, 10),
        _ => {}
    }
    let steps = [(Special::Int, CALLED_INT), (Special::Index, CALLED_INDEX), (Special::Trunc, CALLED_TRUNC)];
    for (special, step) in steps {
        if let Some(method) = cx.special_of(x, special) {
            if let Value::Builtin(_) = method
                && let exact @ (Value::Int(_) | Value::BigInt(_)) = cx.exact(x)
            {
                return Ok(exact);
            }
            frame.step = step;
            return Err(cx.ask_method(method, x, &[]));
        }
    }
    if matches!(cx.exact(x), Value::Str(_)) || bytes::buffer::is_buffer(cx, x) {
        return of_text(cx, x, 10);
    }
    let class = cx.class_name(x);
    let wanted = "a string, a bytes-like object or a real number";
    Err(cx.type_error(format!("int() argument must be {wanted}, not '{class}'")))
}

/// What a special method returned, as an exact int.
fn checked_answer(cx: &mut Cx, frame: &mut NativeFrame, step: u32, answer: Value) -> Outcome {
    match cx.exact(answer) {
        Value::Bool(bool) => return Ok(Value::Int(bool as i64)),
        exact @ (Value::Int(_) | Value::BigInt(_)) => return Ok(exact),
        _ => {}
    }
    let actual = cx.class_name(answer);
    match step {
        CALLED_INT => Err(cx.type_error(format!("__int__ returned non-int (type {actual})"))),
        CALLED_TRUNC if cx.special_of(answer, Special::Index).is_some() => {
            frame.step = CALLED_INDEX;
            protocol::index(cx, answer)
        }
        CALLED_TRUNC => Err(cx.type_error(format!("__trunc__ returned non-Integral (type {actual})"))),
        _ => Err(cx.type_error(format!("__index__ returned non-int (type {actual})"))),
    }
}

/// `int(number)` of a float.
pub fn of_float(cx: &mut Cx, number: f64) -> Outcome {
    match float::from_f64(number) {
        Some(int) => Ok(make(cx, int)),
        None if number.is_nan() => Err(cx.value_error("cannot convert float NaN to integer")),
        None => Err(cx.overflow_error("cannot convert float infinity to integer")),
    }
}

fn with_base(cx: &mut Cx, x: Value, base: Value) -> Outcome {
    let base = match base {
        Value::Int(base @ (0 | 2..=36)) => base as u32,
        _ => return Err(cx.value_error("int() base must be >= 2 and <= 36, or 0")),
    };
    let is_bytes =
        |cx: &Cx| bytes::data_of(cx, x).is_some() && !bytes::is_view(cx, x) && array::array_of(cx, x).is_none();
    if !matches!(cx.exact(x), Value::Str(_)) && !is_bytes(cx) {
        return Err(cx.type_error("int() can't convert non-string with explicit base"));
    }
    of_text(cx, x, base)
}

/// The number that a str or bytes-like object says.
fn of_text(cx: &mut Cx, x: Value, base: u32) -> Outcome {
    let n_bytes = cx.text_of(x).map_or(0, <[u8]>::len);
    make_room(cx, n_bytes)?;
    let parsed = match cx.text_of(x) {
        Some(text) => text::parse(&ascii_of_decimals(text), base, cx.max_str_digits),
        None => {
            let data = bytes::buffer::bytes_of(cx, x).unwrap_or_default();
            text::parse(&data, base, cx.max_str_digits)
        }
    };
    match parsed {
        Ok(int) => Ok(make(cx, int)),
        Err(text::ParseIntError::TooManyDigits(n_digits)) => {
            let limit = cx.max_str_digits;
            Err(cx.value_error(format!(
                "Exceeds the limit ({limit} digits) for integer string conversion: value has {n_digits} digits; use \
                 sys.set_int_max_str_digits() to increase the limit"
            )))
        }
        Err(text::ParseIntError::Invalid | text::ParseIntError::Base) => Err(invalid_literal(cx, x, base)),
    }
}

/// `ValueError: invalid literal for int() with base 10: 'x'`, with no more than 200 characters of the literal.
fn invalid_literal(cx: &mut Cx, x: Value, base: u32) -> Ask {
    let exact = match cx.exact(x) {
        exact @ (Value::Str(_) | Value::Bytes(_)) => exact,
        _ => {
            let data = bytes::buffer::bytes_of(cx, x).unwrap_or_default().into_owned();
            cx.heap.new_bytes(data)
        }
    };
    let repr = match strings::to_repr(cx, exact) {
        Ok(repr) => repr,
        Err(ask) => return ask,
    };
    let shown: String = String::from_utf8_lossy(cx.text_of(repr).unwrap_or_default()).chars().take(200).collect();
    cx.value_error(format!("invalid literal for int() with base {base}: {shown}"))
}
