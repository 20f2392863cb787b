//! The table of `complex`.

use aspen_grammar::bytecode::Arith;

use super::construct::complex_new;
use super::{Complex, make, power, view};
use crate::call::{Ask, Cx, Outcome};
use crate::types::format::complex::format_complex;
use crate::types::int::text::{format_error, parse_spec};
use crate::types::int::{make_room, too_large_for_float};
use crate::types::number;
use crate::types::operator::ARITHS;
use crate::value::Value;
use crate::value::hash::{hash_complex, hash_f64};

const ADD: u8 = Arith::Add as u8;
const SUB: u8 = Arith::Sub as u8;
const MUL: u8 = Arith::Mul as u8;
const DIV: u8 = Arith::Div as u8;

crate::natives! {
    /// The rows of `complex`.
    pub static COMPLEX_ROWS = [
        new "__new__(cls, real=0, imag=0)" => step complex_new, "Create a complex number from a string or numbers.\n\nIf a string is given, parse it as a complex number.\nIf a single number is given, convert it to a complex number.\nIf the 'real' or 'imag' arguments are given, create a complex number\nwith the specified real and imaginary components.";
        special "__repr__(self, /)" => complex_repr, "Return repr(self).";
        special "__hash__(self, /)" => complex_hash, "Return hash(self).";
        special "__eq__(self, value, /)" => complex_eq, "Return self==value.";
        special "__ne__(self, value, /)" => complex_ne, "Return self!=value.";
        special "__lt__(self, value, /)" => not_ordered, "Return self<value.";
        special "__le__(self, value, /)" => not_ordered, "Return self<=value.";
        special "__gt__(self, value, /)" => not_ordered, "Return self>value.";
        special "__ge__(self, value, /)" => not_ordered, "Return self>=value.";
        special "__add__(self, value, /)" => plain::<ADD>, "Return self+value.";
        special "__radd__(self, value, /)" => reflected::<ADD>, "Return value+self.";
        special "__sub__(self, value, /)" => plain::<SUB>, "Return self-value.";
        special "__rsub__(self, value, /)" => reflected::<SUB>, "Return value-self.";
        special "__mul__(self, value, /)" => plain::<MUL>, "Return self*value.";
        special "__rmul__(self, value, /)" => reflected::<MUL>, "Return value*self.";
        special "__truediv__(self, value, /)" => plain::<DIV>, "Return self/value.";
        special "__rtruediv__(self, value, /)" => reflected::<DIV>, "Return value/self.";
        special "__pow__(self, value, mod=None, /)" => complex_pow, "Return pow(self, value, mod).";
        special "__rpow__(self, value, mod=None, /)" => complex_rpow, "Return pow(value, self, mod).";
        special "__neg__(self, /)" => complex_neg, "-self";
        special "__pos__(self, /)" => complex_itself, "+self";
        special "__abs__(self, /)" => complex_abs, "abs(self)";
        special "__bool__(self, /)" => complex_bool, "True if self else False";
        method "conjugate(self, /)" => conjugate, "Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j.";
        method "__complex__(self, /)" => complex_itself, "Convert this value to exact type complex.";
        method "__getnewargs__(self, /)" => getnewargs, "";
        method "__format__(self, format_spec: str, /)" => complex_format, "Convert to a string according to format_spec.";
        attr "real" => real, "the real part of a complex number";
        attr "imag" => imag, "the imaginary part of a complex number";
    ]
}

fn of_self(cx: &Cx, this: Value) -> Complex {
    view(&cx.heap, cx.exact(this)).expect("self is a complex: it was converted")
}

/// An operand as a complex number: None for what is no number, and an error for an int that is too large.
fn operand(cx: &mut Cx, value: Value) -> Result<Option<Complex>, Ask> {
    let exact = cx.exact(value);
    if let Some(number) = view(&cx.heap, exact) {
        return Ok(Some(number));
    }
    match number::as_float(&cx.heap, exact) {
        Some(Some(real)) => Ok(Some(Complex::new(real, 0.0))),
        Some(None) => Err(too_large_for_float(cx)),
        None => Ok(None),
    }
}

fn of_two(cx: &mut Cx, op: Arith, lhs: Value, rhs: Value) -> Outcome {
    let (Some(lhs), Some(rhs)) = (operand(cx, lhs)?, operand(cx, rhs)?) else { return Ok(Value::NotImplemented) };
    let result = match op {
        Arith::Add => Some(lhs.plus(rhs)),
        Arith::Sub => Some(lhs.minus(rhs)),
        Arith::Mul => Some(lhs.times(rhs)),
        Arith::Div => lhs.divided_by(rhs),
        Arith::Pow => return power(cx, lhs, rhs),
        Arith::MatMul
        | Arith::FloorDiv
        | Arith::Mod
        | Arith::LShift
        | Arith::RShift
        | Arith::BitAnd
        | Arith::BitOr
        | Arith::BitXor => return Ok(Value::NotImplemented),
    };
    match result {
        Some(result) => Ok(make(cx, result)),
        None => Err(cx.zero_division("complex division by zero")),
    }
}

/// `self op value`.
fn plain<const OP: u8>(cx: &mut Cx, args: &[Value]) -> Outcome {
    of_two(cx, ARITHS[OP as usize], args[0], args[1])
}

/// `value op self`.
fn reflected<const OP: u8>(cx: &mut Cx, args: &[Value]) -> Outcome {
    of_two(cx, ARITHS[OP as usize], args[1], args[0])
}

fn power_of(cx: &mut Cx, base: Value, exponent: Value, modulus: Value) -> Outcome {
    if !modulus.is_none() && !modulus.is_undef() {
        return Err(cx.value_error("complex modulo"));
    }
    of_two(cx, Arith::Pow, base, exponent)
}

fn complex_pow(cx: &mut Cx, args: &[Value]) -> Outcome {
    power_of(cx, args[0], args[1], args[2])
}

fn complex_rpow(cx: &mut Cx, args: &[Value]) -> Outcome {
    power_of(cx, args[1], args[0], args[2])
}

/// Exactly, as ints and floats compare.
fn equal(cx: &Cx, lhs: Value, rhs: Value) -> Option<bool> {
    let (lhs, rhs) = (of_self(cx, lhs), cx.exact(rhs));
    if let Some(rhs) = view(&cx.heap, rhs) {
        return Some(lhs == rhs);
    }
    let order = number::order(&cx.heap, Value::Float(lhs.real), rhs)?;
    Some(lhs.imag == 0.0 && order.is_some_and(|order| order.is_eq()))
}

fn complex_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(equal(cx, args[0], args[1]).map_or(Value::NotImplemented, Value::Bool))
}

fn complex_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(equal(cx, args[0], args[1]).map_or(Value::NotImplemented, |equal| Value::Bool(!equal)))
}

fn not_ordered(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::NotImplemented)
}

fn complex_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text = of_self(cx, args[0]).repr();
    Ok(cx.heap.new_ascii(text.into_bytes()))
}

fn complex_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = of_self(cx, args[0]);
    // The hash of a nan goes by the identity of the object.
    let of_nan = match cx.exact(args[0]) {
        Value::Native(id) => id.number() as i64,
        _ => 0,
    };
    let [real, imag] = [number.real, number.imag].map(|part| hash_f64(part).unwrap_or(of_nan));
    Ok(Value::Int(hash_complex(real, imag)))
}

fn complex_neg(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = of_self(cx, args[0]);
    Ok(make(cx, Complex::new(-number.real, -number.imag)))
}

fn complex_itself(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.exact(args[0]))
}

fn complex_abs(cx: &mut Cx, args: &[Value]) -> Outcome {
    match of_self(cx, args[0]).magnitude() {
        Some(magnitude) => Ok(Value::Float(magnitude)),
        None => Err(cx.overflow_error("absolute value too large")),
    }
}

fn complex_bool(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = of_self(cx, args[0]);
    Ok(Value::Bool(number.real != 0.0 || number.imag != 0.0))
}

fn conjugate(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = of_self(cx, args[0]);
    Ok(make(cx, Complex::new(number.real, -number.imag)))
}

fn getnewargs(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = of_self(cx, args[0]);
    Ok(cx.heap.new_tuple(&[Value::Float(number.real), Value::Float(number.imag)]))
}

fn complex_format(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = of_self(cx, args[0]);
    let Some(spec) = parse_spec(cx, args[1], "complex")? else {
        return crate::types::strings::to_str(cx, args[0]);
    };
    make_room(cx, spec.extra_bytes() + 800)?;
    match format_complex(number, &spec) {
        Ok(text) => Ok(cx.heap.new_str_from(text)),
        Err(error) => Err(format_error(cx, &error, "complex")),
    }
}

fn real(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Float(of_self(cx, args[0]).real))
}

fn imag(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Float(of_self(cx, args[0]).imag))
}
