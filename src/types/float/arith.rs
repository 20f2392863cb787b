//! Arithmetic of floats where Python differs from the machine: floor division, `%`, `**`, rounding to digits, ratios.

use super::digits;
use crate::value::bigint::{Int, bits, float::decompose};

/// Why a float operation raises, or leaves the floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowError {
    /// `ZeroDivisionError: 0.0 cannot be raised to a negative power`.
    ZeroToNegative,
    /// A negative number to a fraction: the result is `complex::pow` of both.
    Complex,
    /// `OverflowError: (34, 'Numerical result out of range')`.
    Overflow,
}

/// `divmod(lhs, rhs)`; the caller has refused a divisor of zero.
pub fn divmod(lhs: f64, rhs: f64) -> (f64, f64) {
    let rest = lhs % rhs;
    // Exact but for its own rounding, as `lhs - rest` is a multiple of `rhs`.
    let mut quotient = (lhs - rest) / rhs;
    let modulo = modulo_of_rest(rest, rhs);
    if rest != 0.0 && (rest < 0.0) != (rhs < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0f64.copysign(lhs / rhs), modulo);
    }
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, modulo)
}

/// `lhs // rhs`; the caller has refused a divisor of zero.
pub fn floor_div(lhs: f64, rhs: f64) -> f64 {
    divmod(lhs, rhs).0
}

/// `lhs % rhs`, with the sign of `rhs`; the caller has refused a divisor of zero.
pub fn modulo(lhs: f64, rhs: f64) -> f64 {
    modulo_of_rest(lhs % rhs, rhs)
}

fn modulo_of_rest(rest: f64, rhs: f64) -> f64 {
    if rest == 0.0 {
        0f64.copysign(rhs)
    } else if (rest < 0.0) != (rhs < 0.0) {
        rest + rhs
    } else {
        rest
    }
}

/// `base ** exponent`.
pub fn pow(base: f64, exponent: f64) -> Result<f64, PowError> {
    if base == 0.0 && exponent < 0.0 && exponent.is_finite() {
        return Err(PowError::ZeroToNegative);
    }
    if base < 0.0 && base.is_finite() && exponent.is_finite() && exponent.fract() != 0.0 {
        return Err(PowError::Complex);
    }
    let result = base.powf(exponent);
    if result.is_infinite() && base.is_finite() && exponent.is_finite() {
        return Err(PowError::Overflow);
    }
    Ok(result)
}

/// `round(number, n_digits)` for a finite number, halves of the exact value to even.
///
/// None is `OverflowError: rounded value too large to represent`.
pub fn round_to_digits(number: f64, n_digits: i64) -> Option<f64> {
    // No float has more than 323 places before it is exact, and none is larger than 10^309.
    if !number.is_finite() || number == 0.0 || n_digits > 323 {
        return Some(number);
    }
    if n_digits < -309 {
        return Some(0f64.copysign(number));
    }
    let rounded = if n_digits >= 0 {
        let kept = digits::fixed(number, n_digits as usize);
        read(&kept.digits, kept.point)
    } else {
        round_to_tens(number.abs(), -n_digits as i32)
    };
    rounded.is_finite().then(|| rounded.copysign(number))
}

/// The nearest float to `0.DIGITS * 10**point`.
fn read(digits: &[u8], point: i32) -> f64 {
    let digits = std::str::from_utf8(digits).expect("digits are ASCII");
    format!("0.{digits}e{point}").parse().expect("a number")
}

fn round_to_tens(magnitude: f64, n_tens: i32) -> f64 {
    let point = digits::shortest(magnitude).point;
    let n_kept = point - n_tens;
    if n_kept >= 1 {
        let kept = digits::significant(magnitude, n_kept as usize);
        return read(&kept.digits, kept.point);
    }
    // Less than a half rounds to zero, and so does the half itself; more rounds to one unit.
    let is_above_half = n_kept == 0 && magnitude > read(b"5", point);
    if is_above_half { read(b"1", n_tens + 1) } else { 0.0 }
}

/// `round(number)`: to the nearest int, halves to even; None for an infinity and nan.
pub fn round_to_int(number: f64) -> Option<Int> {
    crate::value::bigint::float::from_f64(number.round_ties_even())
}

/// `number.as_integer_ratio()`; None for an infinity and nan.
pub fn as_integer_ratio(number: f64) -> Option<(Int, Int)> {
    if !number.is_finite() {
        return None;
    }
    let (negative, mantissa, exponent) = decompose(number);
    if mantissa == 0 {
        return Some((Int::Small(0), Int::Small(1)));
    }
    let n_zeros = mantissa.trailing_zeros();
    let odd = (mantissa >> n_zeros) as i64;
    let numerator = Int::Small(if negative { -odd } else { odd });
    let exponent = exponent + n_zeros as i64;
    if exponent >= 0 {
        Some((bits::shl(numerator.as_ref(), exponent as u64)?, Int::Small(1)))
    } else {
        Some((numerator, bits::shl(Int::Small(1).as_ref(), -exponent as u64)?))
    }
}

/// `number.is_integer()`.
pub fn is_integer(number: f64) -> bool {
    number.is_finite() && number.trunc() == number
}
