//! Logarithms, of floats and of ints that no float can hold.

use super::functions::{domain_error, float_of, split_int};
use crate::call::{Cx, Outcome};
use crate::types::{int, protocol};
use crate::value::{NativeFrame, Value};

/// `math.log(x, base)`; values: x, base; the logarithms replace them.
pub fn log(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if !of_argument(cx, frame, 0, f64::ln)? {
        return Ok(frame.values[0]);
    }
    if frame.values[1].is_undef() {
        return Ok(frame.values[0]);
    }
    of_argument(cx, frame, 1, f64::ln)?;
    let (numerator, denominator) = (float_of(frame.values[0]), float_of(frame.values[1]));
    if denominator == 0.0 {
        return Err(cx.zero_division("float division by zero"));
    }
    Ok(Value::Float(numerator / denominator))
}

/// `math.log2(x)`.
pub fn log2(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    of_argument(cx, frame, 0, f64::log2)?;
    Ok(frame.values[0])
}

/// `math.log10(x)`.
pub fn log10(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    of_argument(cx, frame, 0, f64::log10)?;
    Ok(frame.values[0])
}

/// Replaces an argument by its logarithm. Steps: twice the argument's number; one more while it is converted.
fn of_argument(
    cx: &mut Cx,
    frame: &mut NativeFrame,
    at: usize,
    function: fn(f64) -> f64,
) -> Result<bool, crate::call::Ask> {
    let begin = at as u32 * 2;
    if frame.step > begin + 1 {
        return Ok(true);
    }
    let number = match (frame.step - begin, cx.exact(frame.values[at])) {
        (1, _) => float_of(frame.told.into_outcome()?),
        (_, exact) => match int::view(&cx.heap, exact) {
            Some(number) if number.is_negative() || number.is_zero() => return Err(domain_error(cx)),
            Some(number) => match number.to_owned_float() {
                Some(float) => float,
                None => {
                    let (mantissa, exponent) = split_int(number);
                    frame.values[at] = Value::Float(function(mantissa) + function(2.0) * exponent as f64);
                    frame.step = begin + 2;
                    return Ok(true);
                }
            },
            None => {
                frame.step = begin + 1;
                float_of(protocol::float(cx, frame.values[at])?)
            }
        },
    };
    if number <= 0.0 {
        return Err(domain_error(cx));
    }
    frame.values[at] = Value::Float(function(number));
    frame.step = begin + 2;
    Ok(true)
}
