//! The table of `float`.
//!
//! Rows of operators are generic over the operator; operands that are no numbers get NotImplemented.

use aspen_grammar::bytecode::{Arith, Compare};

use super::construct::{float_new, from_hex};
use super::{arith, hex};
use crate::call::{Ask, Cx, Outcome};
use crate::types::format::float::format_float;
use crate::types::int::text::{format_error, parse_spec};
use crate::types::operator::{ARITHS, COMPARES, holds};
use crate::types::{int, number};
use crate::value::Value;
use crate::value::bigint::IntRef;
use crate::value::hash::hash_f64;

const ADD: u8 = Arith::Add as u8;
const SUB: u8 = Arith::Sub as u8;
const MUL: u8 = Arith::Mul as u8;
const DIV: u8 = Arith::Div as u8;
const FLOOR_DIV: u8 = Arith::FloorDiv as u8;
const MOD: u8 = Arith::Mod as u8;
const LT: u8 = Compare::Less as u8;
const LE: u8 = Compare::LessEq as u8;
const EQ: u8 = Compare::Eq as u8;
const NE: u8 = Compare::NotEq as u8;
const GT: u8 = Compare::Greater as u8;
const GE: u8 = Compare::GreaterEq as u8;

crate::natives! {
    /// The rows of `float`.
    pub static FLOAT_ROWS = [
        new "__new__(cls, x=0, /)" => step float_new, "Convert a string or number to a floating-point number, if possible.";
        special "__repr__(self, /)" => float_repr, "Return repr(self).";
        special "__hash__(self, /)" => float_hash, "Return hash(self).";
        special "__lt__(self, value, /)" => ordered::<LT>, "Return self<value.";
        special "__le__(self, value, /)" => ordered::<LE>, "Return self<=value.";
        special "__eq__(self, value, /)" => ordered::<EQ>, "Return self==value.";
        special "__ne__(self, value, /)" => ordered::<NE>, "Return self!=value.";
        special "__gt__(self, value, /)" => ordered::<GT>, "Return self>value.";
        special "__ge__(self, value, /)" => ordered::<GE>, "Return self>=value.";
        special "__add__(self, value, /)" => plain::<ADD>, "Return self+value.";
        special "__radd__(self, value, /)" => reflected::<ADD>, "Return value+self.";
        special "__sub__(self, value, /)" => plain::<SUB>, "Return self-value.";
        special "__rsub__(self, value, /)" => reflected::<SUB>, "Return value-self.";
        special "__mul__(self, value, /)" => plain::<MUL>, "Return self*value.";
        special "__rmul__(self, value, /)" => reflected::<MUL>, "Return value*self.";
        special "__mod__(self, value, /)" => plain::<MOD>, "Return self%value.";
        special "__rmod__(self, value, /)" => reflected::<MOD>, "Return value%self.";
        special "__divmod__(self, value, /)" => float_divmod, "Return divmod(self, value).";
        special "__rdivmod__(self, value, /)" => float_rdivmod, "Return divmod(value, self).";
        special "__pow__(self, value, mod=None, /)" => float_pow, "Return pow(self, value, mod).";
        special "__rpow__(self, value, mod=None, /)" => float_rpow, "Return pow(value, self, mod).";
        special "__neg__(self, /)" => float_neg, "-self";
        special "__pos__(self, /)" => float_itself, "+self";
        special "__abs__(self, /)" => float_abs, "abs(self)";
        special "__bool__(self, /)" => float_bool, "True if self else False";
        special "__int__(self, /)" => float_int, "int(self)";
        special "__float__(self, /)" => float_itself, "float(self)";
        special "__floordiv__(self, value, /)" => plain::<FLOOR_DIV>, "Return self//value.";
        special "__rfloordiv__(self, value, /)" => reflected::<FLOOR_DIV>, "Return value//self.";
        special "__truediv__(self, value, /)" => plain::<DIV>, "Return self/value.";
        special "__rtruediv__(self, value, /)" => reflected::<DIV>, "Return value/self.";
        class "fromhex(type, string: str, /)" => step from_hex, "Create a floating-point number from a hexadecimal string.";
        method "conjugate(self, /)" => float_itself, "Return self, the complex conjugate of any float.";
        method "as_integer_ratio(self, /)" => as_integer_ratio, "Return a pair of integers, whose ratio is exactly equal to the original float.";
        method "hex(self, /)" => float_hex, "Return a hexadecimal representation of a floating-point number.";
        method "is_integer(self, /)" => is_integer, "Return True if the float is an integer.";
        method "__trunc__(self, /)" => float_int, "Return the Integral closest to x between 0 and x.";
        method "__floor__(self, /)" => floor, "Return the floor as an Integral.";
        method "__ceil__(self, /)" => ceil, "Return the ceiling as an Integral.";
        method "__round__(self, ndigits: clip=None, /)" => round_row, "Return the Integral closest to x, rounding half toward even.\n\nWhen an argument is passed, work like built-in round(x, ndigits).";
        method "__getnewargs__(self, /)" => getnewargs, "";
        method "__format__(self, format_spec: str, /)" => float_format, "Formats the float according to format_spec.";
        class "__getformat__(type, typestr: str, /)" => getformat, "You probably don't want to use this function.";
        attr "real" => float_itself, "the real part of a complex number";
        attr "imag" => float_zero, "the imaginary part of a complex number";
    ]
}

/// The float inside of `self` of a method.
pub fn of_self(cx: &Cx, this: Value) -> f64 {
    match cx.exact(this) {
        Value::Float(float) => float,
        _ => crate::bug!("self is a float: it was converted"),
    }
}

/// Both operands unwrapped, if both are numbers that floats compute with.
fn numbers(cx: &Cx, lhs: Value, rhs: Value) -> Option<(Value, Value)> {
    let is_number =
        |value: &Value| matches!(value, Value::Float(_) | Value::Int(_) | Value::Bool(_) | Value::BigInt(_));
    let pair = (cx.exact(lhs), cx.exact(rhs));
    (is_number(&pair.0) && is_number(&pair.1)).then_some(pair)
}

fn of_two(cx: &mut Cx, op: Arith, lhs: Value, rhs: Value) -> Outcome {
    match numbers(cx, lhs, rhs) {
        Some((lhs, rhs)) => number::binary(cx, op, lhs, rhs).unwrap_or(Ok(Value::NotImplemented)),
        None => Ok(Value::NotImplemented),
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

/// `self op value`, a comparison.
fn ordered<const COMPARE: u8>(cx: &mut Cx, args: &[Value]) -> Outcome {
    let order = numbers(cx, args[0], args[1]).and_then(|(lhs, rhs)| number::order(&cx.heap, lhs, rhs));
    Ok(order.map_or(Value::NotImplemented, |order| Value::Bool(holds(COMPARES[COMPARE as usize], order))))
}

fn divmod_of(cx: &mut Cx, lhs: Value, rhs: Value) -> Outcome {
    match numbers(cx, lhs, rhs) {
        Some((lhs, rhs)) => number::divmod(cx, lhs, rhs).unwrap_or(Ok(Value::NotImplemented)),
        None => Ok(Value::NotImplemented),
    }
}

fn float_divmod(cx: &mut Cx, args: &[Value]) -> Outcome {
    divmod_of(cx, args[0], args[1])
}

fn float_rdivmod(cx: &mut Cx, args: &[Value]) -> Outcome {
    divmod_of(cx, args[1], args[0])
}

fn power(cx: &mut Cx, base: Value, exponent: Value, modulus: Value) -> Outcome {
    if !modulus.is_none() && !modulus.is_undef() {
        return Err(cx.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
    }
    of_two(cx, Arith::Pow, base, exponent)
}

fn float_pow(cx: &mut Cx, args: &[Value]) -> Outcome {
    power(cx, args[0], args[1], args[2])
}

fn float_rpow(cx: &mut Cx, args: &[Value]) -> Outcome {
    power(cx, args[1], args[0], args[2])
}

fn float_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text = super::text::repr(of_self(cx, args[0]));
    Ok(cx.heap.new_ascii(text.into_bytes()))
}

/// The hash of a nan is that of the object, as far as it has an identity.
fn float_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = of_self(cx, args[0]);
    let of_nan = match args[0] {
        Value::Inst(id) => id.number() as i64,
        _ => (number.to_bits() >> 4) as i64,
    };
    Ok(Value::Int(hash_f64(number).unwrap_or(of_nan)))
}

fn float_neg(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Float(-of_self(cx, args[0])))
}

fn float_abs(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Float(of_self(cx, args[0]).abs()))
}

fn float_bool(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(of_self(cx, args[0]) != 0.0))
}

fn float_itself(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Float(of_self(cx, args[0])))
}

fn float_zero(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Float(0.0))
}

fn float_int(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = of_self(cx, args[0]);
    int::construct::of_float(cx, number)
}

fn floor(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = of_self(cx, args[0]).floor();
    int::construct::of_float(cx, number)
}

fn ceil(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = of_self(cx, args[0]).ceil();
    int::construct::of_float(cx, number)
}

fn round_row(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = of_self(cx, args[0]);
    round(cx, number, args[1])
}

/// `round(number, ndigits)`; without digits (`Undef`) the result is an int.
pub fn round(cx: &mut Cx, number: f64, n_digits: Value) -> Outcome {
    let n_digits = match int::view(&cx.heap, n_digits) {
        None => return int::construct::of_float(cx, number.round_ties_even()),
        Some(IntRef::Small(n_digits)) => n_digits,
        Some(big) if big.is_negative() => i64::MIN,
        Some(_) => i64::MAX,
    };
    match arith::round_to_digits(number, n_digits) {
        Some(rounded) => Ok(Value::Float(rounded)),
        None => Err(cx.overflow_error("rounded value too large to represent")),
    }
}

fn as_integer_ratio(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = of_self(cx, args[0]);
    match arith::as_integer_ratio(number) {
        Some((numerator, denominator)) => {
            let pair = [int::make(cx, numerator), int::make(cx, denominator)];
            Ok(cx.heap.new_tuple(&pair))
        }
        None => Err(no_ratio(cx, number)),
    }
}

fn no_ratio(cx: &mut Cx, number: f64) -> Ask {
    match number.is_nan() {
        true => cx.value_error("cannot convert NaN to integer ratio"),
        false => cx.overflow_error("cannot convert Infinity to integer ratio"),
    }
}

fn float_hex(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text = hex::hex(of_self(cx, args[0]));
    Ok(cx.heap.new_ascii(text.into_bytes()))
}

fn is_integer(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(arith::is_integer(of_self(cx, args[0]))))
}

fn getnewargs(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = of_self(cx, args[0]);
    Ok(cx.heap.new_tuple(&[Value::Float(number)]))
}

fn float_format(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = of_self(cx, args[0]);
    let Some(spec) = parse_spec(cx, args[1], "float")? else {
        return crate::types::strings::to_str(cx, args[0]);
    };
    int::make_room(cx, spec.extra_bytes() + 400)?;
    match format_float(number, &spec) {
        Ok(text) => Ok(cx.heap.new_str_from(text)),
        Err(error) => Err(format_error(cx, &error, "float")),
    }
}

fn getformat(cx: &mut Cx, args: &[Value]) -> Outcome {
    match cx.text_of(args[1]) {
        Some(b"double" | b"float") => Ok(cx.str("IEEE, little-endian")),
        _ => Err(cx.value_error("__getformat__() argument 1 must be 'double' or 'float'")),
    }
}
