//! Ints as text: `int('...', base)` and printing in any base.

use dashu_int::{IBig, UBig};

use super::{Int, IntRef};

/// Why a text is no int.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseIntError {
    /// `ValueError: invalid literal for int() with base 10: '...'`.
    Invalid,
    /// `ValueError: int() base must be >= 2 and <= 36, or 0`.
    Base,
    /// `ValueError: Exceeds the limit (4300 digits) for integer string conversion: value has N digits; use
    /// sys.set_int_max_str_digits() to increase the limit`, with N here.
    TooManyDigits(usize),
}

/// `ValueError: Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to
/// increase the limit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyDigits;

/// Parses what `int(text, base)` accepts: white space around, sign, prefix, single underscores between digits.
///
/// The text is ASCII; a str is brought to that by `text::unicode::ascii_of_decimals`. `max_digits` of 0 is no limit; it
/// holds for bases that are not powers of two.
pub fn parse(text: &[u8], base: u32, max_digits: usize) -> Result<Int, ParseIntError> {
    if base == 1 || base > 36 {
        return Err(ParseIntError::Base);
    }
    let is_space = |byte: &u8| matches!(byte, b' ' | 9..=13);
    let from = text.iter().position(|byte| !is_space(byte)).ok_or(ParseIntError::Invalid)?;
    let to = text.iter().rposition(|byte| !is_space(byte)).map_or(from, |last| last + 1);
    let (negative, digits) = match &text[from..to] {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (base, digits) = split_prefix(digits, base)?;
    // The short way: up to eighteen plain decimal digits.
    if base == 10 && (1..=18).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) {
        let magnitude = digits.iter().fold(0i64, |number, digit| number * 10 + (digit - b'0') as i64);
        return Ok(Int::Small(if negative { -magnitude } else { magnitude }));
    }
    let digits = without_underscores(digits, base)?;
    if max_digits != 0 && !base.is_power_of_two() && digits.len() > max_digits {
        return Err(ParseIntError::TooManyDigits(digits.len()));
    }
    let magnitude = UBig::from_str_radix(&digits, base).map_err(|_| ParseIntError::Invalid)?;
    let number = IBig::from(magnitude);
    Ok(Int::from_ibig(if negative { -number } else { number }))
}

/// The base that the prefix says (or that was asked for), and the digits behind the prefix.
fn split_prefix(digits: &[u8], base: u32) -> Result<(u32, &[u8]), ParseIntError> {
    let prefixed = match digits {
        [b'0', b'x' | b'X', rest @ ..] => Some((16, rest)),
        [b'0', b'o' | b'O', rest @ ..] => Some((8, rest)),
        [b'0', b'b' | b'B', rest @ ..] => Some((2, rest)),
        _ => None,
    };
    match prefixed {
        Some((said, rest)) if base == 0 || base == said => {
            // One underscore may follow the prefix.
            Ok((said, rest.strip_prefix(b"_").unwrap_or(rest)))
        }
        _ if base != 0 => Ok((base, digits)),
        // Without a base a leading zero is allowed only on zero itself.
        _ if digits.first() == Some(&b'0') && digits.iter().any(|byte| !matches!(byte, b'0' | b'_')) => {
            Err(ParseIntError::Invalid)
        }
        _ => Ok((10, digits)),
    }
}

fn without_underscores(digits: &[u8], base: u32) -> Result<String, ParseIntError> {
    let mut plain = String::with_capacity(digits.len());
    let mut after_digit = false;
    for &byte in digits {
        match byte {
            b'_' if after_digit => after_digit = false,
            _ if (byte as char).is_digit(base) => {
                plain.push(byte as char);
                after_digit = true;
            }
            _ => return Err(ParseIntError::Invalid),
        }
    }
    if after_digit { Ok(plain) } else { Err(ParseIntError::Invalid) }
}

/// `str(number)`; `max_digits` of 0 is no limit. Charge [`super::decimal_bytes`] first.
pub fn to_decimal(number: IntRef, max_digits: usize) -> Result<String, TooManyDigits> {
    let IntRef::Big(big) = number else {
        let IntRef::Small(small) = number else { return Err(TooManyDigits) };
        return Ok(small.to_string());
    };
    // A number of n bits has more than 0.30102 * (n - 1) digits: refused before the long work.
    let at_least = (super::bits::bit_length(number) - 1) as u128 * 30102 / 100_000;
    if max_digits != 0 && at_least > max_digits as u128 {
        return Err(TooManyDigits);
    }
    let text = big.0.to_string();
    let n_digits = text.len() - big.is_negative() as usize;
    if max_digits != 0 && n_digits > max_digits { Err(TooManyDigits) } else { Ok(text) }
}

/// The digits of the absolute value in a base from 2 to 36, lower case, no prefix, no sign.
pub fn magnitude_digits(number: IntRef, base: u32) -> String {
    match number {
        IntRef::Small(small) => small_digits(small.unsigned_abs(), base),
        IntRef::Big(_) => number.to_magnitude().in_radix(base as u8).to_string(),
    }
}

fn small_digits(mut number: u64, base: u32) -> String {
    let mut digits = Vec::with_capacity(64);
    loop {
        digits.push(char::from_digit((number % base as u64) as u32, base).expect("a remainder is a digit"));
        number /= base as u64;
        if number == 0 {
            break;
        }
    }
    digits.iter().rev().collect()
}
