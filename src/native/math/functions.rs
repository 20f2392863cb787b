//! Functions of floats. A nan out of no nan is a domain error, an infinity out of finite numbers a range error (or a domain
//! error at a pole), as C99 has it.

use crate::call::{Ask, Cx, Outcome};
use crate::types::{int, protocol};
use crate::value::bigint::float::{decompose, round_to_f64};
use crate::value::bigint::{IntRef, bits};
use crate::value::special::Special;
use crate::value::{NativeFrame, Value};

/// `ValueError: math domain error`.
pub fn domain_error(cx: &mut Cx) -> Ask {
    cx.value_error("math domain error")
}

/// `OverflowError: math range error`.
pub fn range_error(cx: &mut Cx) -> Ask {
    cx.overflow_error("math range error")
}

/// A converted float argument.
pub fn float_of(value: Value) -> f64 {
    match value {
        Value::Float(float) => float,
        _ => crate::bug!("the argument is a float: it was converted"),
    }
}

/// The result of a function of one float, checked.
fn checked(cx: &mut Cx, x: f64, result: f64, can_overflow: bool) -> Outcome {
    if result.is_nan() && !x.is_nan() {
        return Err(domain_error(cx));
    }
    if result.is_infinite() && x.is_finite() {
        return Err(if can_overflow { range_error(cx) } else { domain_error(cx) });
    }
    Ok(Value::Float(result))
}

/// The result of a function of two floats, checked.
fn checked_of_two(cx: &mut Cx, x: f64, y: f64, result: f64) -> Outcome {
    if result.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(domain_error(cx));
    }
    if result.is_infinite() && x.is_finite() && y.is_finite() {
        return Err(range_error(cx));
    }
    Ok(Value::Float(result))
}

macro_rules! functions_of_one {
    ($($name:ident $body:expr, $can_overflow:literal;)*) => {
        $(#[doc = concat!("`math.", stringify!($name), "(x)`.")]
        pub fn $name(cx: &mut Cx, args: &[Value]) -> Outcome {
            let x = float_of(args[0]);
            let function: fn(f64) -> f64 = $body;
            checked(cx, x, function(x), $can_overflow)
        })*
    };
}

functions_of_one! {
    acos f64::acos, false;
    acosh accurate_acosh, false;
    asin f64::asin, false;
    asinh accurate_asinh, false;
    atan f64::atan, false;
    atanh accurate_atanh, false;
    cbrt f64::cbrt, false;
    cos f64::cos, false;
    cosh f64::cosh, true;
    erf libm::erf, false;
    erfc libm::erfc, false;
    exp f64::exp, true;
    exp2 f64::exp2, true;
    expm1 f64::exp_m1, true;
    fabs f64::abs, false;
    log1p |x| if x == 0.0 { x } else { x.ln_1p() }, false;
    sin f64::sin, false;
    sinh f64::sinh, true;
    sqrt f64::sqrt, false;
    tan f64::tan, false;
    tanh f64::tanh, false;
    degrees |x| x * (180.0 / std::f64::consts::PI), true;
    radians |x| x * (std::f64::consts::PI / 180.0), true;
}

/// As C's libraries compute it: those of Rust's own take shorter ways that cost digits.
fn accurate_acosh(x: f64) -> f64 {
    libm::acosh(x)
}

fn accurate_asinh(x: f64) -> f64 {
    libm::asinh(x)
}

fn accurate_atanh(x: f64) -> f64 {
    if x.abs() == 1.0 { f64::INFINITY.copysign(x) } else { libm::atanh(x) }
}

/// `math.gamma(x)`.
pub fn gamma(cx: &mut Cx, args: &[Value]) -> Outcome {
    let x = float_of(args[0]);
    match super::gamma::gamma(x) {
        Some(result) if result.is_infinite() && x.is_finite() => Err(range_error(cx)),
        Some(result) => Ok(Value::Float(result)),
        None => Err(domain_error(cx)),
    }
}

/// `math.lgamma(x)`.
pub fn lgamma(cx: &mut Cx, args: &[Value]) -> Outcome {
    let x = float_of(args[0]);
    match super::gamma::log_gamma(x) {
        Some(result) if result.is_infinite() && x.is_finite() => Err(range_error(cx)),
        Some(result) => Ok(Value::Float(result)),
        None => Err(domain_error(cx)),
    }
}

/// `math.atan2(y, x)`.
pub fn atan2(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Float(float_of(args[0]).atan2(float_of(args[1]))))
}

/// `math.copysign(x, y)`.
pub fn copysign(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Float(float_of(args[0]).copysign(float_of(args[1]))))
}

/// `math.fmod(x, y)`.
pub fn fmod(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (x, y) = (float_of(args[0]), float_of(args[1]));
    let result = x % y;
    if result.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(domain_error(cx));
    }
    Ok(Value::Float(result))
}

/// `math.pow(x, y)`.
pub fn pow(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (x, y) = (float_of(args[0]), float_of(args[1]));
    let result = x.powf(y);
    if result.is_infinite() && x == 0.0 && y.is_finite() {
        return Err(domain_error(cx));
    }
    checked_of_two(cx, x, y, result)
}

/// `math.remainder(x, y)`: IEEE's, to the nearest multiple, halves to the even one.
pub fn remainder(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (x, y) = (float_of(args[0]), float_of(args[1]));
    let result = match (x, y) {
        _ if x.is_nan() || y.is_nan() => f64::NAN,
        _ if x.is_infinite() || y == 0.0 => return Err(domain_error(cx)),
        _ if y.is_infinite() => x,
        _ => ieee_remainder(x, y),
    };
    Ok(Value::Float(result))
}

fn ieee_remainder(x: f64, y: f64) -> f64 {
    let (magnitude, divisor) = (x.abs(), y.abs());
    let below = magnitude % divisor;
    let above = divisor - below;
    let rest = if below < above {
        below
    } else if below > above {
        -above
    } else {
        // Just in the middle: the quotient's evenness decides.
        below - 2.0 * ((0.5 * (magnitude - below)) % divisor)
    };
    1f64.copysign(x) * rest
}

/// `math.fma(x, y, z)`.
pub fn fma(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (x, y, z) = (float_of(args[0]), float_of(args[1]), float_of(args[2]));
    let result = x.mul_add(y, z);
    if result.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
        return Err(cx.value_error("invalid operation in fma"));
    }
    if result.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
        return Err(cx.overflow_error("overflow in fma"));
    }
    Ok(Value::Float(result))
}

/// `math.isfinite(x)`.
pub fn isfinite(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(float_of(args[0]).is_finite()))
}

/// `math.isinf(x)`.
pub fn isinf(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(float_of(args[0]).is_infinite()))
}

/// `math.isnan(x)`.
pub fn isnan(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(float_of(args[0]).is_nan()))
}

/// `math.isclose(a, b, *, rel_tol, abs_tol)`.
pub fn isclose(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (a, b) = (float_of(args[0]), float_of(args[1]));
    let relative = args[2].given().map_or(1e-9, float_of);
    let absolute = args[3].given().map_or(0.0, float_of);
    if relative < 0.0 || absolute < 0.0 {
        return Err(cx.value_error("tolerances must be non-negative"));
    }
    let close = a == b
        || (a.is_finite() && b.is_finite() && {
            let difference = (b - a).abs();
            difference <= (relative * b).abs() || difference <= (relative * a).abs() || difference <= absolute
        });
    Ok(Value::Bool(close))
}

// ----- Parts of floats -----

/// `math.frexp(x)`.
pub fn frexp(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (mantissa, exponent) = split(float_of(args[0]));
    Ok(cx.heap.new_tuple(&[Value::Float(mantissa), Value::Int(exponent)]))
}

/// The number as `mantissa * 2**exponent`, the mantissa between a half and one; zeros, infinities and nan as they are.
pub fn split(x: f64) -> (f64, i64) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    let (_, mantissa, exponent) = decompose(x);
    let n_bits = 64 - mantissa.leading_zeros() as i64;
    (round_to_f64(mantissa as u128, -n_bits, false).copysign(x), exponent + n_bits)
}

/// `x * 2**exponent`, rounded once.
pub fn scale(x: f64, exponent: i64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    let (_, mantissa, own) = decompose(x);
    round_to_f64(mantissa as u128, own + exponent.clamp(-5000, 5000), false).copysign(x)
}

/// `math.ldexp(x, i)`.
pub fn ldexp(cx: &mut Cx, args: &[Value]) -> Outcome {
    let x = float_of(args[0]);
    let exponent = match int::view(&cx.heap, cx.exact(args[1])) {
        Some(IntRef::Small(exponent)) => exponent,
        Some(big) if big.is_negative() => i64::MIN,
        Some(_) => i64::MAX,
        None => return Err(cx.type_error("Expected an int as second argument to ldexp.")),
    };
    let result = scale(x, exponent);
    if result.is_infinite() && x.is_finite() {
        return Err(range_error(cx));
    }
    Ok(Value::Float(result))
}

/// `math.modf(x)`.
pub fn modf(cx: &mut Cx, args: &[Value]) -> Outcome {
    let x = float_of(args[0]);
    let parts = match x {
        _ if x.is_infinite() => [0f64.copysign(x), x],
        _ if x.is_nan() => [x, x],
        _ => [x.fract().copysign(x), x.trunc()],
    };
    Ok(cx.heap.new_tuple(&parts.map(Value::Float)))
}

/// `math.ulp(x)`.
pub fn ulp(_cx: &mut Cx, args: &[Value]) -> Outcome {
    let x = float_of(args[0]).abs();
    let next = x.next_up();
    Ok(Value::Float(match x {
        _ if !x.is_finite() => x,
        _ if next.is_infinite() => x - x.next_down(),
        _ => next - x,
    }))
}

/// `math.nextafter(x, y, *, steps)`; values: x, y, steps.
pub fn nextafter(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (x, y) = (float_of(frame.values[0]), float_of(frame.values[1]));
    let steps = match frame.step {
        _ if cx.none_or(frame.values[2]).is_none() => return Ok(Value::Float(stepped(x, y, 1))),
        0 => {
            frame.step = 1;
            protocol::index(cx, frame.values[2])?
        }
        _ => frame.told.into_outcome()?,
    };
    match int::view(&cx.heap, steps) {
        Some(steps) if steps.is_negative() => Err(cx.value_error("steps must be a non-negative integer")),
        Some(IntRef::Small(steps)) => Ok(Value::Float(stepped(x, y, steps as u64))),
        Some(IntRef::Big(_)) | None => Ok(Value::Float(stepped(x, y, u64::MAX))),
    }
}

/// The float `steps` after `x` towards `y`, and no further.
fn stepped(x: f64, y: f64, steps: u64) -> f64 {
    if steps == 0 || x.is_nan() {
        return x;
    }
    if y.is_nan() || x == y {
        return y;
    }
    const SIGN: u64 = 1 << 63;
    let (from, to) = (x.to_bits(), y.to_bits());
    let (from_zero, to_zero) = (from & !SIGN, to & !SIGN);
    // Between two floats of opposite signs lies zero, which counts once.
    if (from ^ to) & SIGN != 0 {
        return match from_zero {
            _ if from_zero + to_zero <= steps => y,
            _ if from_zero < steps => f64::from_bits(to & SIGN | (steps - from_zero)),
            _ => f64::from_bits(from - steps),
        };
    }
    match from_zero > to_zero {
        true if from_zero - to_zero > steps => f64::from_bits(from - steps),
        false if to_zero - from_zero > steps => f64::from_bits(from + steps),
        _ => y,
    }
}

// ----- To ints -----

/// `math.floor(x)`.
pub fn floor(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    to_int(cx, frame, Special::Floor, f64::floor)
}

/// `math.ceil(x)`.
pub fn ceil(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    to_int(cx, frame, Special::Ceil, f64::ceil)
}

/// By the special method, otherwise as a float.
fn to_int(cx: &mut Cx, frame: &mut NativeFrame, special: Special, rounded: fn(f64) -> f64) -> Outcome {
    const SPECIAL: u32 = 1;
    const CONVERTED: u32 = 2;
    let x = frame.values[0];
    let number = match (frame.step, x) {
        (SPECIAL, _) => return frame.told.into_outcome(),
        (CONVERTED, _) => frame.told.into_outcome()?,
        (_, Value::Float(_)) => x,
        (_, Value::Int(_) | Value::BigInt(_)) => return Ok(x),
        (_, _) => match cx.ask_special(x, special, &[]) {
            Some(ask) => {
                frame.step = SPECIAL;
                return Err(ask);
            }
            None => {
                frame.step = CONVERTED;
                protocol::float(cx, x)?
            }
        },
    };
    int::construct::of_float(cx, rounded(float_of(number)))
}

/// `math.trunc(x)`.
pub fn trunc(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[0] {
        Value::Float(number) => int::construct::of_float(cx, number),
        x => match cx.ask_special(x, Special::Trunc, &[]) {
            Some(ask) => Err(ask),
            None => {
                let message = format!("type {} doesn't define __trunc__ method", cx.class_name(x));
                Err(cx.type_error(message))
            }
        },
    }
}

/// The 53 highest bits of an int that is too large for a float, between a half and one, and the exponent that belongs to
/// them.
pub fn split_int(number: IntRef) -> (f64, i64) {
    let n_bits = bits::bit_length(number);
    let n_dropped = n_bits.saturating_sub(66);
    let kept = bits::shr(number, n_dropped);
    let is_exact = bits::trailing_zeros(number).is_none_or(|n_zeros| n_zeros >= n_dropped);
    let words = bits::to_words(kept.as_ref());
    let mantissa = words.iter().rev().fold(0u128, |sum, &word| sum << 64 | word as u128);
    let magnitude = round_to_f64(mantissa, -((n_bits - n_dropped) as i64), !is_exact);
    // Rounding up may have reached one.
    let (magnitude, n_bits) = if magnitude == 1.0 { (0.5, n_bits + 1) } else { (magnitude, n_bits) };
    (if number.is_negative() { -magnitude } else { magnitude }, n_bits as i64)
}
