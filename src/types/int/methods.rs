//! Methods of `int` that are more than a line.

use super::{exact_self, make, make_room, of_self};
use crate::call::{Ask, Cx, Outcome};
use crate::types::{bytes, classes};
use crate::value::bigint::bits::{self, ByteOrder, ToBytesError};
use crate::value::bigint::{self, IntRef, arith};
use crate::value::special::Special;
use crate::value::{NativeFrame, Value};

/// `int.bit_length(self)`.
pub fn bit_length(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(bits::bit_length(of_self(cx, args[0])) as i64))
}

/// `int.bit_count(self)`.
pub fn bit_count(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(bits::bit_count(of_self(cx, args[0])) as i64))
}

/// `int.as_integer_ratio(self)`.
pub fn as_integer_ratio(cx: &mut Cx, args: &[Value]) -> Outcome {
    let int = exact_self(cx, args[0]);
    Ok(cx.heap.new_tuple(&[int, Value::Int(1)]))
}

/// `int.is_integer(self)`.
pub fn is_integer(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(true))
}

/// `int.__getnewargs__(self)`.
pub fn getnewargs(cx: &mut Cx, args: &[Value]) -> Outcome {
    let int = exact_self(cx, args[0]);
    Ok(cx.heap.new_tuple(&[int]))
}

/// `int.__sizeof__(self)`: what CPython would need, digits of 30 bits.
pub fn sizeof(cx: &mut Cx, args: &[Value]) -> Outcome {
    let n_digits = bits::bit_length(of_self(cx, args[0])).div_ceil(30).max(1);
    Ok(Value::Int(24 + 4 * n_digits as i64))
}

/// `int.__round__(self, ndigits)`: to tens where the digits are negative.
pub fn round(cx: &mut Cx, args: &[Value]) -> Outcome {
    let int = exact_self(cx, args[0]);
    let n_digits = match args[1].given().and_then(|digits| super::view(&cx.heap, digits)) {
        Some(digits) if digits.is_negative() => match digits {
            IntRef::Small(digits) => digits.unsigned_abs(),
            IntRef::Big(_) => u64::MAX,
        },
        Some(_) | None => return Ok(int),
    };
    let number = super::view(&cx.heap, int).expect("an exact int");
    let n_bytes = bigint::mul_bytes(number, number);
    make_room(cx, n_bytes)?;
    let result = arith::round_to_tens(super::view(&cx.heap, int).expect("an exact int"), n_digits);
    Ok(make(cx, result))
}

fn byte_order(cx: &mut Cx, value: Value) -> Result<ByteOrder, Ask> {
    match value.given().map(|value| cx.text_of(value).unwrap_or_default()) {
        None | Some(b"big") => Ok(ByteOrder::Big),
        Some(b"little") => Ok(ByteOrder::Little),
        Some(_) => Err(cx.value_error("byteorder must be either 'little' or 'big'")),
    }
}

/// `int.to_bytes(self, length, byteorder, *, signed)`.
pub fn to_bytes(cx: &mut Cx, args: &[Value]) -> Outcome {
    let order = byte_order(cx, args[2])?;
    let length = args[1].as_int().unwrap_or(1);
    let Ok(length) = usize::try_from(length) else {
        return Err(cx.value_error("length argument must be non-negative"));
    };
    make_room(cx, length)?;
    match bits::to_bytes(of_self(cx, args[0]), length, order, args[3] == Value::Bool(true)) {
        Ok(data) => Ok(cx.heap.new_bytes(data)),
        Err(ToBytesError::Negative) => Err(cx.overflow_error("can't convert negative int to unsigned")),
        Err(ToBytesError::TooBig) => Err(cx.overflow_error("int too big to convert")),
    }
}

/// `int.from_bytes(bytes, byteorder, *, signed)`. What is not bytes-like goes through `bytes(…)` first, and the number
/// through the class if that is a subclass.
pub fn from_bytes(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let source = frame.values[1];
    let data = match frame.step {
        0 => match bytes::buffer::bytes_of(cx, source) {
            Some(data) => data.into_owned(),
            None => {
                let is_iterable = cx.special_of(source, Special::Iter).is_some()
                    || cx.special_of(source, Special::GetItem).is_some()
                    || crate::types::protocol::plain_iter(cx, source).is_some();
                let has_bytes = cx.special_of(source, Special::Bytes).is_some();
                if matches!(cx.exact(source), Value::Str(_)) || !(is_iterable || has_bytes) {
                    let message = format!("cannot convert '{}' object to bytes", cx.class_name(source));
                    return Err(cx.type_error(message));
                }
                frame.step = 1;
                return Err(cx.ask_call(Value::Class(classes::BYTES), &[source]));
            }
        },
        1 => {
            let told = frame.told.into_outcome()?;
            bytes::buffer::require(cx, told)?
        }
        _ => return frame.told.into_outcome(),
    };
    let order = byte_order(cx, frame.values[2])?;
    let result = bits::from_bytes(&data, order, frame.values[3] == Value::Bool(true));
    let number = make(cx, result);
    match frame.values[0] {
        Value::Class(class) if class == classes::INT => Ok(number),
        class => {
            frame.step = 2;
            Err(cx.ask_call(class, &[number]))
        }
    }
}
