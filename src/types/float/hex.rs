//! `float.hex` and `float.fromhex`.

use super::text::{parse_special, trim};
use crate::value::bigint::float::{decompose, round_to_f64};

/// Why `float.fromhex` fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FromHexError {
    /// `ValueError: invalid hexadecimal floating-point string`.
    Invalid,
    /// `OverflowError: hexadecimal value too large to represent as a float`.
    TooLarge,
}

/// `number.hex()`.
pub fn hex(number: f64) -> String {
    if !number.is_finite() {
        return super::text::repr(number);
    }
    let (negative, mantissa, exponent) = decompose(number);
    let sign = if negative { "-" } else { "" };
    if mantissa == 0 {
        return format!("{sign}0x0.0p+0");
    }
    let (whole, fraction) = (mantissa >> 52, mantissa & ((1 << 52) - 1));
    // The unit of the mantissa's lowest bit is 2^exponent; the point stands 52 bits higher.
    format!("{sign}0x{whole}.{fraction:013x}p{:+}", exponent + 52)
}

/// `float.fromhex(text)`; ASCII only, anything else is invalid.
pub fn from_hex(text: &[u8]) -> Result<f64, FromHexError> {
    let text = trim(text);
    if let Some(special) = parse_special(text) {
        return Ok(special);
    }
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let rest = rest.strip_prefix(b"0x").or_else(|| rest.strip_prefix(b"0X")).unwrap_or(rest);
    let mantissa_len = rest.iter().take_while(|byte| byte.is_ascii_hexdigit() || **byte == b'.').count();
    let (mantissa, rest) = rest.split_at(mantissa_len);
    let (exponent, rest) = match rest {
        [b'p' | b'P', exponent @ ..] => parse_exponent(exponent).ok_or(FromHexError::Invalid)?,
        rest => (0, rest),
    };
    // What follows the number is looked at last, as in CPython.
    let magnitude = scale(mantissa, exponent).ok_or(FromHexError::Invalid)?;
    if magnitude.is_infinite() {
        return Err(FromHexError::TooLarge);
    }
    if !rest.is_empty() {
        return Err(FromHexError::Invalid);
    }
    Ok(if negative { -magnitude } else { magnitude })
}

/// Decimal digits with a sign, and what follows; far too large numbers are cut to what is far too large anyway.
fn parse_exponent(text: &[u8]) -> Option<(i64, &[u8])> {
    let (sign, text) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        rest => (1, rest),
    };
    let (digits, rest) = text.split_at(text.iter().take_while(|byte| byte.is_ascii_digit()).count());
    let add = |sum: i64, digit: &u8| (sum * 10 + (digit - b'0') as i64).min(1 << 50);
    (!digits.is_empty()).then(|| (sign * digits.iter().fold(0, add), rest))
}

/// Hexadecimal digits with at most one point, times a power of two.
fn scale(mantissa: &[u8], exponent: i64) -> Option<f64> {
    let (mut value, mut sticky, mut n_digits, mut n_points) = (0u128, false, 0usize, 0);
    // Where the value's lowest bit stands.
    let mut exponent = exponent;
    for &byte in mantissa {
        let Some(digit) = (byte as char).to_digit(16) else {
            n_points += 1;
            continue;
        };
        n_digits += 1;
        // Thirty digits are more than a float holds; of the rest it matters only whether there is anything.
        let is_kept = value >> 120 == 0;
        if is_kept {
            value = value << 4 | digit as u128;
        } else {
            sticky |= digit != 0;
        }
        exponent += match (is_kept, n_points > 0) {
            (true, true) => -4,
            (false, false) => 4,
            (true, false) | (false, true) => 0,
        };
    }
    (n_digits > 0 && n_points <= 1).then(|| round_to_f64(value, exponent, sticky))
}
