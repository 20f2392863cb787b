//! The table of `int`: its operators, conversions and attributes.
//!
//! Rows of operators are generic over the operator; operands that are no ints get NotImplemented.

use aspen_grammar::bytecode::{Arith, Compare};

use super::construct::int_new;
use super::{exact_self, make, methods, of_self, text};
use crate::call::{Cx, Outcome};
use crate::types::operator::{ARITHS, COMPARES, holds};
use crate::types::{number, strings};
use crate::value::Value;
use crate::value::bigint::{self, arith, bits};

const ADD: u8 = Arith::Add as u8;
const SUB: u8 = Arith::Sub as u8;
const MUL: u8 = Arith::Mul as u8;
const DIV: u8 = Arith::Div as u8;
const FLOOR_DIV: u8 = Arith::FloorDiv as u8;
const MOD: u8 = Arith::Mod as u8;
const L_SHIFT: u8 = Arith::LShift as u8;
const R_SHIFT: u8 = Arith::RShift as u8;
const AND: u8 = Arith::BitAnd as u8;
const OR: u8 = Arith::BitOr as u8;
const XOR: u8 = Arith::BitXor as u8;
const LT: u8 = Compare::Less as u8;
const LE: u8 = Compare::LessEq as u8;
const EQ: u8 = Compare::Eq as u8;
const NE: u8 = Compare::NotEq as u8;
const GT: u8 = Compare::Greater as u8;
const GE: u8 = Compare::GreaterEq as u8;

crate::natives! {
    /// The rows of `int`.
    pub static INT_ROWS = [
        new "__new__(cls, x=, /, base: index=)" => step int_new, "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or string to an integer, or return 0 if no arguments\nare given.";
        special "__repr__(self, /)" => int_repr, "Return repr(self).";
        special "__hash__(self, /)" => int_hash, "Return hash(self).";
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
        special "__divmod__(self, value, /)" => int_divmod, "Return divmod(self, value).";
        special "__rdivmod__(self, value, /)" => int_rdivmod, "Return divmod(value, self).";
        special "__pow__(self, value, mod=None, /)" => int_pow, "Return pow(self, value, mod).";
        special "__rpow__(self, value, mod=None, /)" => int_rpow, "Return pow(value, self, mod).";
        special "__neg__(self, /)" => int_neg, "-self";
        special "__pos__(self, /)" => int_itself, "+self";
        special "__abs__(self, /)" => int_abs, "abs(self)";
        special "__bool__(self, /)" => int_bool, "True if self else False";
        special "__invert__(self, /)" => int_invert, "~self";
        special "__lshift__(self, value, /)" => plain::<L_SHIFT>, "Return self<<value.";
        special "__rlshift__(self, value, /)" => reflected::<L_SHIFT>, "Return value<<self.";
        special "__rshift__(self, value, /)" => plain::<R_SHIFT>, "Return self>>value.";
        special "__rrshift__(self, value, /)" => reflected::<R_SHIFT>, "Return value>>self.";
        special "__and__(self, value, /)" => plain::<AND>, "Return self&value.";
        special "__rand__(self, value, /)" => reflected::<AND>, "Return value&self.";
        special "__xor__(self, value, /)" => plain::<XOR>, "Return self^value.";
        special "__rxor__(self, value, /)" => reflected::<XOR>, "Return value^self.";
        special "__or__(self, value, /)" => plain::<OR>, "Return self|value.";
        special "__ror__(self, value, /)" => reflected::<OR>, "Return value|self.";
        special "__int__(self, /)" => int_itself, "int(self)";
        special "__float__(self, /)" => int_float, "float(self)";
        special "__floordiv__(self, value, /)" => plain::<FLOOR_DIV>, "Return self//value.";
        special "__rfloordiv__(self, value, /)" => reflected::<FLOOR_DIV>, "Return value//self.";
        special "__truediv__(self, value, /)" => plain::<DIV>, "Return self/value.";
        special "__rtruediv__(self, value, /)" => reflected::<DIV>, "Return value/self.";
        special "__index__(self, /)" => int_itself, "Return self converted to an integer, if self is suitable for use as an index into a list.";
        method "conjugate(self, /)" => int_itself, "Returns self, the complex conjugate of any int.";
        method "bit_length(self, /)" => methods::bit_length, "Number of bits necessary to represent self in binary.";
        method "bit_count(self, /)" => methods::bit_count, "Number of ones in the binary representation of the absolute value of self.";
        method "to_bytes(self, /, length: size=1, byteorder: str='big', *, signed: truth=False)" => methods::to_bytes, "Return an array of bytes representing an integer.";
        class "from_bytes(type, /, bytes, byteorder: str='big', *, signed: truth=False)" => step methods::from_bytes, "Return the integer represented by the given array of bytes.";
        method "as_integer_ratio(self, /)" => methods::as_integer_ratio, "Return a pair of integers, whose ratio is equal to the original int.";
        method "is_integer(self, /)" => methods::is_integer, "Returns True. Exists for duck type compatibility with float.is_integer.";
        method "__trunc__(self, /)" => int_itself, "Truncating an Integral returns itself.";
        method "__floor__(self, /)" => int_itself, "Flooring an Integral returns itself.";
        method "__ceil__(self, /)" => int_itself, "Ceiling of an Integral returns itself.";
        method "__round__(self, ndigits: index=, /)" => methods::round, "Rounding an Integral returns itself.\n\nRounding with an ndigits argument also returns an integer.";
        method "__getnewargs__(self, /)" => methods::getnewargs, "";
        method "__format__(self, format_spec: str, /)" => int_format, "Convert to a string according to format_spec.";
        method "__sizeof__(self, /)" => methods::sizeof, "Returns size in memory, in bytes.";
        attr "real" => int_itself, "the real part of a complex number";
        attr "imag" => int_zero, "the imaginary part of a complex number";
        attr "numerator" => int_itself, "the numerator of a rational number in lowest terms";
        attr "denominator" => int_one, "the denominator of a rational number in lowest terms";
    ]
}

/// `lhs op rhs` of two ints; NotImplemented if one is none.
pub fn of_two(cx: &mut Cx, op: Arith, lhs: Value, rhs: Value) -> Outcome {
    let (lhs, rhs) = (cx.exact(lhs), cx.exact(rhs));
    if !is_int(lhs) || !is_int(rhs) {
        return Ok(Value::NotImplemented);
    }
    number::binary(cx, op, lhs, rhs).unwrap_or(Ok(Value::NotImplemented))
}

fn is_int(value: Value) -> bool {
    matches!(value, Value::Int(_) | Value::Bool(_) | Value::BigInt(_))
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
    let (lhs, rhs) = (cx.exact(args[0]), cx.exact(args[1]));
    if !is_int(rhs) {
        return Ok(Value::NotImplemented);
    }
    match number::order(&cx.heap, lhs, rhs) {
        Some(order) => Ok(Value::Bool(holds(COMPARES[COMPARE as usize], order))),
        None => Ok(Value::NotImplemented),
    }
}

fn divmod_of(cx: &mut Cx, lhs: Value, rhs: Value) -> Outcome {
    let (lhs, rhs) = (cx.exact(lhs), cx.exact(rhs));
    if !is_int(lhs) || !is_int(rhs) {
        return Ok(Value::NotImplemented);
    }
    number::divmod(cx, lhs, rhs).unwrap_or(Ok(Value::NotImplemented))
}

fn int_divmod(cx: &mut Cx, args: &[Value]) -> Outcome {
    divmod_of(cx, args[0], args[1])
}

fn int_rdivmod(cx: &mut Cx, args: &[Value]) -> Outcome {
    divmod_of(cx, args[1], args[0])
}

fn power(cx: &mut Cx, base: Value, exponent: Value, modulus: Value) -> Outcome {
    if modulus.is_none() || modulus.is_undef() {
        return of_two(cx, Arith::Pow, base, exponent);
    }
    let operands = [base, exponent, modulus].map(|operand| cx.exact(operand));
    number::mod_pow(cx, operands[0], operands[1], operands[2]).unwrap_or(Ok(Value::NotImplemented))
}

fn int_pow(cx: &mut Cx, args: &[Value]) -> Outcome {
    power(cx, args[0], args[1], args[2])
}

fn int_rpow(cx: &mut Cx, args: &[Value]) -> Outcome {
    power(cx, args[1], args[0], args[2])
}

fn int_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let int = exact_self(cx, args[0]);
    text::decimal(cx, int)
}

fn int_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(bigint::hash(of_self(cx, args[0]))))
}

fn int_neg(cx: &mut Cx, args: &[Value]) -> Outcome {
    let result = arith::neg(of_self(cx, args[0]));
    Ok(make(cx, result))
}

fn int_abs(cx: &mut Cx, args: &[Value]) -> Outcome {
    let result = arith::abs(of_self(cx, args[0]));
    Ok(make(cx, result))
}

fn int_invert(cx: &mut Cx, args: &[Value]) -> Outcome {
    let result = bits::invert(of_self(cx, args[0]));
    Ok(make(cx, result))
}

fn int_bool(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(!of_self(cx, args[0]).is_zero()))
}

fn int_itself(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(exact_self(cx, args[0]))
}

fn int_zero(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(0))
}

fn int_one(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(1))
}

fn int_float(cx: &mut Cx, args: &[Value]) -> Outcome {
    match of_self(cx, args[0]).to_owned_float() {
        Some(float) => Ok(Value::Float(float)),
        None => Err(super::too_large_for_float(cx)),
    }
}

fn int_format(cx: &mut Cx, args: &[Value]) -> Outcome {
    // Without a spec it is the text of what it is: a bool is its name, and a subclass may have another text.
    if let (false, Some(b"")) = (matches!(args[0], Value::Int(_)), cx.text_of(args[1])) {
        return strings::to_str(cx, args[0]);
    }
    let int = exact_self(cx, args[0]);
    text::format(cx, int, args[1])
}
