//! `complex(real, imag)` and `complex(text)`.

use super::{Complex, make, view};
use crate::call::{Ask, Cx, Outcome};
use crate::types::class::checked_class;
use crate::types::float::complex::parse;
use crate::types::int::instance;
use crate::types::text::unicode::ascii_of_decimals;
use crate::types::{classes, protocol};
use crate::value::special::Special;
use crate::value::{NativeFrame, Value};

/// Steps: `__complex__` of the first argument was called; a part was converted by `__float__` or `__index__`.
const CALLED_COMPLEX: u32 = 1;
const CONVERTED_REAL: u32 = 2;
const CONVERTED_IMAG: u32 = 3;

/// `complex.__new__(cls, real, imag)`; values: cls, and the two arguments, which become Floats or complex numbers.
pub fn complex_new(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let class = checked_class(cx, frame.values[0], classes::COMPLEX)?;
    match frame.step {
        0 => {
            if let Some(done) = start(cx, frame)? {
                return Ok(instance(cx, class, classes::COMPLEX, done));
            }
        }
        CALLED_COMPLEX => {
            let answer = frame.told.into_outcome()?;
            let exact = cx.exact(answer);
            if view(&cx.heap, exact).is_none() {
                let (class, actual) = (cx.class_name(frame.values[1]), cx.class_name(answer));
                return Err(cx.type_error(format!("{class}.__complex__() must return a complex, not {actual}")));
            }
            frame.values[1] = exact;
        }
        step => frame.values[(step - 1) as usize] = frame.told.into_outcome()?,
    }
    for (at, step) in [(1, CONVERTED_REAL), (2, CONVERTED_IMAG)] {
        let exact = cx.exact(frame.values[at]);
        if !frame.values[at].is_undef() && view(&cx.heap, exact).is_none() {
            frame.step = step;
            frame.values[at] = protocol::float(cx, frame.values[at])?;
        }
    }
    let number = put_together(cx, frame.values[1], frame.values[2]);
    let number = make(cx, number);
    Ok(instance(cx, class, classes::COMPLEX, number))
}

/// Checks the arguments; the result, if there is nothing to convert.
fn start(cx: &mut Cx, frame: &mut NativeFrame) -> Result<Option<Value>, Ask> {
    let (real, imag) = (frame.values[1], frame.values[2]);
    if imag.is_undef() && frame.values[0] == Value::Class(classes::COMPLEX) && view(&cx.heap, real).is_some() {
        return Ok(Some(real));
    }
    if let Some(text) = cx.text_of(real) {
        if !imag.is_undef() {
            return Err(cx.type_error("complex() can't take second arg if first is a string"));
        }
        return match parse(&ascii_of_decimals(text)) {
            Some(number) => Ok(Some(make(cx, number))),
            None => Err(cx.value_error("complex() arg is a malformed string")),
        };
    }
    if cx.text_of(imag).is_some() {
        return Err(cx.type_error("complex() second arg can't be a string"));
    }
    let method = if real.is_undef() { None } else { cx.special_of(real, Special::Complex) };
    if method.is_none() && !real.is_undef() && !is_number(cx, real) {
        let class = cx.class_name(real);
        return Err(cx.type_error(format!("complex() first argument must be a string or a number, not '{class}'")));
    }
    if !imag.is_undef() && !is_number(cx, imag) {
        let class = cx.class_name(imag);
        return Err(cx.type_error(format!("complex() second argument must be a number, not '{class}'")));
    }
    match method {
        Some(Value::Builtin(_)) | None => Ok(None),
        Some(method) => {
            frame.step = CALLED_COMPLEX;
            Err(cx.ask_method(method, real, &[]))
        }
    }
}

fn is_number(cx: &mut Cx, value: Value) -> bool {
    let exact = cx.exact(value);
    view(&cx.heap, exact).is_some()
        || cx.special_of(value, Special::Float).is_some()
        || cx.special_of(value, Special::Index).is_some()
}

/// `real + imag * 1j`, where both may be complex.
fn put_together(cx: &Cx, real: Value, imag: Value) -> Complex {
    let part = |value: Value| match cx.exact(value) {
        Value::Float(float) => Complex::new(float, 0.0),
        exact => view(&cx.heap, exact).unwrap_or(Complex::new(0.0, 0.0)),
    };
    let is_complex = |value: Value| view(&cx.heap, cx.exact(value)).is_some();
    let (first, second) = (part(real), part(imag));
    // Nothing is added where nothing was given: that would cost the sign of a zero.
    let real_part = if is_complex(imag) { first.real - second.imag } else { first.real };
    let imag_part = match (is_complex(real), imag.is_undef()) {
        (true, true) => first.imag,
        (true, false) => second.real + first.imag,
        (false, _) => second.real,
    };
    Complex::new(real_part, imag_part)
}
