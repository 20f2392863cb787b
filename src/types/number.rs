//! Arithmetic and order of exact numbers: int, bool, float and what they give together.
//!
//! Each function answers None for what is no such number; then the special methods decide. Results that may be large are
//! asked for before they are computed.

use std::cmp::Ordering;

use aspen_grammar::bytecode::Arith;

use super::complex::{self, Complex};
use super::float::arith::{self as floats, PowError};
use super::int;
use crate::call::{Ask, Cx, Outcome};
use crate::value::bigint::arith::{self, ModPowError};
use crate::value::bigint::float::{self as conversion, TrueDivError};
use crate::value::bigint::{self, IntRef, bits};
use crate::value::{Heap, Value};

/// `lhs op rhs`; None also where numbers do not know the operator.
#[inline]
pub fn binary(cx: &mut Cx, op: Arith, lhs: Value, rhs: Value) -> Option<Outcome> {
    match (lhs, rhs) {
        (Value::Int(left), Value::Int(right)) => small(cx, op, left, right),
        (Value::Float(left), Value::Float(right)) => of_floats(cx, op, left, right),
        (Value::Float(left), Value::Int(right)) => of_floats(cx, op, left, right as f64),
        (Value::Int(left), Value::Float(right)) => of_floats(cx, op, left as f64, right),
        _ => mixed(cx, op, lhs, rhs),
    }
}

#[inline(never)]
fn mixed(cx: &mut Cx, op: Arith, lhs: Value, rhs: Value) -> Option<Outcome> {
    match (lhs, rhs) {
        (Value::Bool(left), Value::Bool(right)) => of_bools(cx, op, left, right),
        (Value::Float(left), _) => {
            let right = int::view(&cx.heap, rhs)?.to_owned_float();
            with_float(cx, op, Some(left), right)
        }
        (_, Value::Float(right)) => {
            let left = int::view(&cx.heap, lhs)?.to_owned_float();
            with_float(cx, op, left, Some(right))
        }
        _ => match (lhs.as_int(), rhs.as_int()) {
            (Some(left), Some(right)) => small(cx, op, left, right),
            _ => large(cx, op, lhs, rhs),
        },
    }
}

fn of_bools(cx: &mut Cx, op: Arith, lhs: bool, rhs: bool) -> Option<Outcome> {
    match op {
        Arith::BitAnd => Some(Ok(Value::Bool(lhs & rhs))),
        Arith::BitOr => Some(Ok(Value::Bool(lhs | rhs))),
        Arith::BitXor => Some(Ok(Value::Bool(lhs ^ rhs))),
        _ => small(cx, op, lhs as i64, rhs as i64),
    }
}

/// One operand was an int; None where it is too large for a float.
fn with_float(cx: &mut Cx, op: Arith, lhs: Option<f64>, rhs: Option<f64>) -> Option<Outcome> {
    match op {
        Arith::MatMul | Arith::LShift | Arith::RShift | Arith::BitAnd | Arith::BitOr | Arith::BitXor => None,
        Arith::Add | Arith::Sub | Arith::Mul | Arith::Div | Arith::FloorDiv | Arith::Mod | Arith::Pow => {
            match (lhs, rhs) {
                (Some(left), Some(right)) => of_floats(cx, op, left, right),
                _ => Some(Err(int::too_large_for_float(cx))),
            }
        }
    }
}

#[inline]
fn small(cx: &mut Cx, op: Arith, lhs: i64, rhs: i64) -> Option<Outcome> {
    let fast = match op {
        Arith::Add => lhs.checked_add(rhs),
        Arith::Sub => lhs.checked_sub(rhs),
        Arith::Mul => lhs.checked_mul(rhs),
        Arith::BitAnd => Some(lhs & rhs),
        Arith::BitOr => Some(lhs | rhs),
        Arith::BitXor => Some(lhs ^ rhs),
        Arith::Mod if rhs != 0 => Some(arith::modulo_small(lhs, rhs)),
        Arith::FloorDiv if rhs > 0 => Some(lhs.div_euclid(rhs)),
        Arith::LShift if (0..63).contains(&rhs) => bits::shl_small(lhs, rhs as u32),
        Arith::RShift if rhs >= 0 => Some(lhs >> rhs.min(63)),
        Arith::Pow if rhs >= 0 => u32::try_from(rhs).ok().and_then(|exponent| arith::pow_small(lhs, exponent)),
        Arith::Mod | Arith::FloorDiv | Arith::LShift | Arith::RShift | Arith::Pow | Arith::Div | Arith::MatMul => None,
    };
    match fast {
        Some(result) => Some(Ok(Value::Int(result))),
        None => large(cx, op, Value::Int(lhs), Value::Int(rhs)),
    }
}

/// Two ints of any size.
#[inline(never)]
fn large(cx: &mut Cx, op: Arith, lhs: Value, rhs: Value) -> Option<Outcome> {
    let (left, right) = (int::view(&cx.heap, lhs)?, int::view(&cx.heap, rhs)?);
    Some(match op {
        Arith::Add => {
            let result = arith::add(left, right);
            Ok(int::make(cx, result))
        }
        Arith::Sub => {
            let result = arith::sub(left, right);
            Ok(int::make(cx, result))
        }
        Arith::BitAnd => {
            let result = bits::and(left, right);
            Ok(int::make(cx, result))
        }
        Arith::BitOr => {
            let result = bits::or(left, right);
            Ok(int::make(cx, result))
        }
        Arith::BitXor => {
            let result = bits::xor(left, right);
            Ok(int::make(cx, result))
        }
        Arith::Mul => multiply(cx, lhs, rhs),
        Arith::Div => true_div(cx, lhs, rhs),
        Arith::FloorDiv if right.is_zero() => Err(cx.zero_division("integer division or modulo by zero")),
        Arith::Mod if right.is_zero() => Err(cx.zero_division("integer modulo by zero")),
        Arith::FloorDiv => quotient(cx, lhs, rhs, arith::floor_div),
        Arith::Mod => quotient(cx, lhs, rhs, arith::modulo),
        Arith::Pow => int_power(cx, lhs, rhs),
        Arith::LShift => shift_left(cx, lhs, rhs),
        Arith::RShift => shift_right(cx, lhs, rhs),
        Arith::MatMul => return None,
    })
}

/// Two ints of a value that is known to be one.
fn views(heap: &Heap, lhs: Value, rhs: Value) -> (IntRef<'_>, IntRef<'_>) {
    let view = |value| int::view(heap, value).expect("an int, as the caller saw");
    (view(lhs), view(rhs))
}

/// From so many bytes on the work of operations is looked at.
const LARGE: usize = 4096;

fn multiply(cx: &mut Cx, lhs: Value, rhs: Value) -> Outcome {
    let (left, right) = views(&cx.heap, lhs, rhs);
    let n_bytes = bigint::mul_bytes(left, right);
    if n_bytes > LARGE {
        let work = bigint::product_work(bits::bit_length(left), bits::bit_length(right));
        int::make_room(cx, n_bytes)?;
        int::charge_work(cx, work)?;
    }
    let (left, right) = views(&cx.heap, lhs, rhs);
    let result = arith::mul(left, right);
    Ok(int::make(cx, result))
}

fn quotient(cx: &mut Cx, lhs: Value, rhs: Value, divide: fn(IntRef, IntRef) -> bigint::Int) -> Outcome {
    let (left, right) = quotient_views(cx, lhs, rhs)?;
    let result = divide(left, right);
    Ok(int::make(cx, result))
}

/// Both operands of a division, whose work is charged.
fn quotient_views(cx: &mut Cx, lhs: Value, rhs: Value) -> Result<(IntRef<'_>, IntRef<'_>), Ask> {
    let (left, right) = views(&cx.heap, lhs, rhs);
    let (n_left, n_right) = (bits::bit_length(left), bits::bit_length(right));
    if n_left > LARGE as u64 * 8 && n_left > n_right {
        int::charge_work(cx, bigint::product_work(n_left - n_right, n_right))?;
    }
    Ok(views(&cx.heap, lhs, rhs))
}

fn true_div(cx: &mut Cx, lhs: Value, rhs: Value) -> Outcome {
    let (left, right) = views(&cx.heap, lhs, rhs);
    match conversion::true_div(left, right) {
        Ok(quotient) => Ok(Value::Float(quotient)),
        Err(TrueDivError::Zero) => Err(cx.zero_division("division by zero")),
        Err(TrueDivError::Overflow) => Err(cx.overflow_error("integer division result too large for a float")),
    }
}

fn int_power(cx: &mut Cx, lhs: Value, rhs: Value) -> Outcome {
    let (base, exponent) = views(&cx.heap, lhs, rhs);
    if exponent.is_negative() {
        return match (conversion::to_f64(base), conversion::to_f64(exponent)) {
            (Some(base), Some(exponent)) => float_power(cx, base, exponent),
            _ => Err(int::too_large_for_float(cx)),
        };
    }
    let n_bytes = bigint::pow_bytes(base, exponent);
    if n_bytes > LARGE {
        int::make_room(cx, n_bytes)?;
        if !bits::is_power_of_two(views(&cx.heap, lhs, rhs).0) {
            let n_bits = n_bytes as u64 * 8;
            int::charge_work(cx, bigint::product_work(n_bits, n_bits / 2))?;
        }
    }
    let (base, exponent) = views(&cx.heap, lhs, rhs);
    match arith::pow(base, exponent) {
        Some(result) => Ok(int::make(cx, result)),
        None => Err(cx.memory_error()),
    }
}

fn shift_left(cx: &mut Cx, lhs: Value, rhs: Value) -> Outcome {
    let (number, count) = views(&cx.heap, lhs, rhs);
    if count.is_negative() {
        return Err(cx.value_error("negative shift count"));
    }
    if number.is_zero() {
        return Ok(Value::Int(0));
    }
    let IntRef::Small(count) = count else { return Err(cx.overflow_error("too many digits in integer")) };
    let n_bytes = bigint::shl_bytes(number, IntRef::Small(count));
    int::make_room(cx, n_bytes)?;
    let (number, _) = views(&cx.heap, lhs, rhs);
    match bits::shl(number, count as u64) {
        Some(result) => Ok(int::make(cx, result)),
        None => Err(cx.memory_error()),
    }
}

fn shift_right(cx: &mut Cx, lhs: Value, rhs: Value) -> Outcome {
    let (number, count) = views(&cx.heap, lhs, rhs);
    if count.is_negative() {
        return Err(cx.value_error("negative shift count"));
    }
    let count = match count {
        IntRef::Small(count) => count as u64,
        IntRef::Big(_) => u64::MAX,
    };
    let result = bits::shr(number, count);
    Ok(int::make(cx, result))
}

/// `divmod(lhs, rhs)`.
pub fn divmod(cx: &mut Cx, lhs: Value, rhs: Value) -> Option<Outcome> {
    if let (Some(_), Some(right)) = (int::view(&cx.heap, lhs), int::view(&cx.heap, rhs)) {
        if right.is_zero() {
            return Some(Err(cx.zero_division("integer division or modulo by zero")));
        }
        let (left, right) = match quotient_views(cx, lhs, rhs) {
            Ok(both) => both,
            Err(ask) => return Some(Err(ask)),
        };
        let (quotient, rest) = arith::divmod(left, right);
        let pair = [int::make(cx, quotient), int::make(cx, rest)];
        return Some(Ok(cx.heap.new_tuple(&pair)));
    }
    let left = as_float(&cx.heap, lhs)?;
    let right = as_float(&cx.heap, rhs)?;
    let (Some(left), Some(right)) = (left, right) else { return Some(Err(int::too_large_for_float(cx))) };
    if right == 0.0 {
        return Some(Err(cx.zero_division("float divmod()")));
    }
    let (quotient, rest) = floats::divmod(left, right);
    Some(Ok(cx.heap.new_tuple(&[Value::Float(quotient), Value::Float(rest)])))
}

/// The number as a float; the inner None is an int that is too large.
pub fn as_float(heap: &Heap, value: Value) -> Option<Option<f64>> {
    match value {
        Value::Float(float) => Some(Some(float)),
        _ => int::view(heap, value).map(conversion::to_f64),
    }
}

// ----- Floats -----

#[inline]
fn of_floats(cx: &mut Cx, op: Arith, lhs: f64, rhs: f64) -> Option<Outcome> {
    let result = match op {
        Arith::Add => lhs + rhs,
        Arith::Sub => lhs - rhs,
        Arith::Mul => lhs * rhs,
        Arith::Div if rhs != 0.0 => lhs / rhs,
        Arith::FloorDiv if rhs != 0.0 => floats::floor_div(lhs, rhs),
        Arith::Mod if rhs != 0.0 => floats::modulo(lhs, rhs),
        Arith::Pow => return Some(float_power(cx, lhs, rhs)),
        Arith::Div => return Some(Err(cx.zero_division("float division by zero"))),
        Arith::FloorDiv => return Some(Err(cx.zero_division("float floor division by zero"))),
        Arith::Mod => return Some(Err(cx.zero_division("float modulo by zero"))),
        Arith::MatMul | Arith::LShift | Arith::RShift | Arith::BitAnd | Arith::BitOr | Arith::BitXor => return None,
    };
    Some(Ok(Value::Float(result)))
}

/// `base ** exponent`; a negative base with a fraction as exponent gives a complex number.
fn float_power(cx: &mut Cx, base: f64, exponent: f64) -> Outcome {
    match floats::pow(base, exponent) {
        Ok(result) => Ok(Value::Float(result)),
        Err(PowError::ZeroToNegative) => Err(cx.zero_division("0.0 cannot be raised to a negative power")),
        Err(PowError::Complex) => complex::power(cx, Complex::new(base, 0.0), Complex::new(exponent, 0.0)),
        Err(PowError::Overflow) => Err(result_out_of_range(cx)),
    }
}

/// `OverflowError: (34, 'Numerical result out of range')`.
pub fn result_out_of_range(cx: &mut Cx) -> Ask {
    let message = cx.str("Numerical result out of range");
    cx.raise_with(super::classes::OVERFLOW_ERROR, &[Value::Int(34), message])
}

// ----- Order -----

/// Whether a float holds an int as it is.
#[inline]
fn is_exact(int: i64) -> bool {
    int.unsigned_abs() <= 1 << 53
}

/// How two numbers compare; the inner None is that of a nan.
#[inline]
pub fn order(heap: &Heap, lhs: Value, rhs: Value) -> Option<Option<Ordering>> {
    match (lhs, rhs) {
        (Value::Int(left), Value::Int(right)) => Some(Some(left.cmp(&right))),
        (Value::Float(left), Value::Float(right)) => Some(left.partial_cmp(&right)),
        (Value::Float(left), Value::Int(right)) if is_exact(right) => Some(left.partial_cmp(&(right as f64))),
        (Value::Int(left), Value::Float(right)) if is_exact(left) => Some((left as f64).partial_cmp(&right)),
        (Value::Float(left), _) => {
            let right = int::view(heap, rhs)?;
            Some(conversion::compare_with_f64(right, left).map(Ordering::reverse))
        }
        (_, Value::Float(right)) => Some(conversion::compare_with_f64(int::view(heap, lhs)?, right)),
        _ => Some(Some(bigint::compare(int::view(heap, lhs)?, int::view(heap, rhs)?))),
    }
}

// ----- One operand -----

/// `-value`.
pub fn negative(cx: &mut Cx, value: Value) -> Option<Value> {
    match value {
        Value::Float(float) => Some(Value::Float(-float)),
        _ => {
            let result = arith::neg(int::view(&cx.heap, value)?);
            Some(int::make(cx, result))
        }
    }
}

/// `~value`.
pub fn invert(cx: &mut Cx, value: Value) -> Option<Value> {
    let result = bits::invert(int::view(&cx.heap, value)?);
    Some(int::make(cx, result))
}

/// `abs(value)`.
pub fn absolute(cx: &mut Cx, value: Value) -> Option<Value> {
    match value {
        Value::Float(float) => Some(Value::Float(float.abs())),
        _ => {
            let result = arith::abs(int::view(&cx.heap, value)?);
            Some(int::make(cx, result))
        }
    }
}

/// `pow(base, exponent, modulus)` of three ints.
pub fn mod_pow(cx: &mut Cx, base: Value, exponent: Value, modulus: Value) -> Option<Outcome> {
    let numbers = [base, exponent, modulus];
    int::view(&cx.heap, base)?;
    let exponent = int::view(&cx.heap, exponent)?;
    let modulus = int::view(&cx.heap, modulus)?;
    let [n_exponent, n_modulus] = [exponent, modulus].map(bits::bit_length);
    let work = n_exponent.saturating_mul(bigint::product_work(n_modulus, n_modulus).saturating_mul(2));
    if work > LARGE as u64
        && let Err(ask) = int::charge_work(cx, work)
    {
        return Some(Err(ask));
    }
    let [base, exponent, modulus] = numbers.map(|number| int::view(&cx.heap, number).expect("an int, as seen above"));
    Some(match arith::mod_pow(base, exponent, modulus) {
        Ok(result) => Ok(int::make(cx, result)),
        Err(ModPowError::ZeroModulus) => Err(cx.value_error("pow() 3rd argument cannot be 0")),
        Err(ModPowError::NotInvertible) => Err(cx.value_error("base is not invertible for the given modulus")),
    })
}
