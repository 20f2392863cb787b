//! Ints and f64: every conversion correctly rounded, every comparison exact.

use std::cmp::Ordering;

use dashu_int::ops::DivRem;

use super::{Int, IntRef, bits};

/// Why `lhs / rhs` has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrueDivError {
    /// `ZeroDivisionError: division by zero`.
    Zero,
    /// `OverflowError: integer division result too large for a float`.
    Overflow,
}

/// `mantissa * 2**exponent`, rounded to the nearest f64, halves to even; infinity if it is too large.
///
/// `sticky` says that a little more, less than one unit of the mantissa, belongs to the number. The mantissa must then
/// have at least 55 bits.
pub fn round_to_f64(mantissa: u128, exponent: i64, sticky: bool) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let n_bits = 128 - mantissa.leading_zeros() as i64;
    // What the lowest bit of the result stands for: 53 bits of precision, but no less than the smallest subnormal.
    let lowest = (exponent + n_bits - 53).max(-1074);
    if lowest > 971 {
        return f64::INFINITY;
    }
    let n_dropped = lowest - exponent;
    let kept = match n_dropped {
        ..=0 => (mantissa << -n_dropped) as u64,
        1..=128 => {
            let kept = mantissa.checked_shr(n_dropped as u32).unwrap_or(0) as u64;
            let half = 1u128 << (n_dropped - 1);
            let beyond_half = mantissa & (half - 1) != 0 || sticky;
            kept + (mantissa & half != 0 && (beyond_half || kept & 1 == 1)) as u64
        }
        129.. => 0,
    };
    // Both factors and the product are exact, except that the product may overflow.
    kept as f64 * power_of_two(lowest)
}

/// 2**exponent for an exponent from -1074 to 1023.
fn power_of_two(exponent: i64) -> f64 {
    if exponent >= -1022 {
        f64::from_bits(((exponent + 1023) as u64) << 52)
    } else {
        f64::from_bits(1 << (exponent + 1074))
    }
}

/// `float(number)`; None is `OverflowError: int too large to convert to float`.
pub fn to_f64(number: IntRef) -> Option<f64> {
    let IntRef::Big(big) = number else {
        let IntRef::Small(small) = number else { return None };
        return Some(small as f64);
    };
    let words = big.0.as_sign_words().1;
    let (mantissa, lower) = match words {
        [lower @ .., low, high] => ((*high as u128) << 64 | *low as u128, lower),
        [only] => (*only as u128, &[][..]),
        [] => (0, &[][..]),
    };
    let sticky = lower.iter().any(|word| *word != 0);
    let magnitude = round_to_f64(mantissa, lower.len() as i64 * 64, sticky);
    magnitude.is_finite().then_some(if big.is_negative() { -magnitude } else { magnitude })
}

/// `int(number)`: the fraction is dropped. None for an infinity and for nan.
pub fn from_f64(number: f64) -> Option<Int> {
    if !number.is_finite() {
        return None;
    }
    let truncated = number.trunc();
    // Both bounds are exact as f64; the upper one is not an i64 any more.
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&truncated) {
        return Some(Int::Small(truncated as i64));
    }
    let (negative, mantissa, exponent) = decompose(truncated);
    let magnitude = bits::shl(IntRef::Small(mantissa as i64), exponent as u64)?;
    Some(if negative { super::arith::neg(magnitude.as_ref()) } else { magnitude })
}

/// Sign, mantissa and exponent of a finite number: `mantissa * 2**exponent`.
pub fn decompose(number: f64) -> (bool, u64, i64) {
    let raw = number.to_bits();
    let fraction = raw & ((1 << 52) - 1);
    match (raw >> 52 & 0x7FF) as i64 {
        0 => (number.is_sign_negative(), fraction, -1074),
        biased => (number.is_sign_negative(), fraction | 1 << 52, biased - 1075),
    }
}

/// `lhs / rhs`, correctly rounded even where the operands are not floats exactly.
pub fn true_div(lhs: IntRef, rhs: IntRef) -> Result<f64, TrueDivError> {
    const EXACT: u64 = 1 << 53;
    match (lhs, rhs) {
        (_, IntRef::Small(0)) => return Err(TrueDivError::Zero),
        (IntRef::Small(lhs), IntRef::Small(rhs)) if lhs.unsigned_abs() <= EXACT && rhs.unsigned_abs() <= EXACT => {
            return Ok(lhs as f64 / rhs as f64);
        }
        _ => {}
    }
    let negative = lhs.is_negative() != rhs.is_negative();
    let difference = bits::bit_length(lhs) as i64 - bits::bit_length(rhs) as i64;
    if difference > 1025 {
        return Err(TrueDivError::Overflow);
    }
    // The quotient of the scaled numbers has 66 or 67 bits.
    let scale = difference - 66;
    let magnitude = if difference < -1200 {
        0.0
    } else {
        let (mut dividend, mut divisor) = (lhs.to_magnitude(), rhs.to_magnitude());
        if scale > 0 {
            divisor <<= scale as usize;
        } else {
            dividend <<= -scale as usize;
        }
        let (quotient, rest) = dividend.div_rem(divisor);
        let quotient = u128::try_from(quotient).expect("the quotient was scaled to 67 bits at most");
        round_to_f64(quotient, scale, !rest.is_zero())
    };
    if magnitude.is_infinite() {
        return Err(TrueDivError::Overflow);
    }
    Ok(if negative { -magnitude } else { magnitude })
}

/// Compares exactly, without rounding the int; None if the float is nan.
pub fn compare_with_f64(lhs: IntRef, rhs: f64) -> Option<Ordering> {
    if rhs.is_nan() {
        return None;
    }
    if let IntRef::Small(lhs) = lhs
        && lhs.unsigned_abs() <= 1 << 53
    {
        return (lhs as f64).partial_cmp(&rhs);
    }
    let Some(whole) = from_f64(rhs) else {
        return Some(if rhs > 0.0 { Ordering::Less } else { Ordering::Greater });
    };
    // Where the whole parts agree the fraction decides.
    Some(super::compare(lhs, whole.as_ref()).then(rhs.trunc().total_cmp(&rhs)))
}
