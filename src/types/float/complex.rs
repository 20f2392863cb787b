//! Complex numbers: CPython's algorithms step by step, since their rounding shows.

use super::text::{parse_special, repr_without_point, trim};

/// A complex number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex {
    pub real: f64,
    pub imag: f64,
}

/// Why a power of complex numbers raises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplexPowError {
    /// `ZeroDivisionError: 0.0 to a negative or complex power`.
    ZeroToNegative,
    /// `OverflowError: complex exponentiation`.
    Overflow,
}

impl Complex {
    /// From its parts.
    pub const fn new(real: f64, imag: f64) -> Self {
        Complex { real, imag }
    }

    /// `lhs + rhs`.
    pub fn plus(self, rhs: Complex) -> Complex {
        Complex::new(self.real + rhs.real, self.imag + rhs.imag)
    }

    /// `lhs - rhs`.
    pub fn minus(self, rhs: Complex) -> Complex {
        Complex::new(self.real - rhs.real, self.imag - rhs.imag)
    }

    /// `lhs * rhs`.
    pub fn times(self, rhs: Complex) -> Complex {
        Complex::new(self.real * rhs.real - self.imag * rhs.imag, self.real * rhs.imag + self.imag * rhs.real)
    }

    /// `lhs / rhs`; None is `ZeroDivisionError: complex division by zero`.
    ///
    /// Smith's algorithm: the larger part of the divisor is divided out first, so that nothing overflows on the way.
    pub fn divided_by(self, rhs: Complex) -> Option<Complex> {
        if rhs.real.abs() >= rhs.imag.abs() {
            if rhs.real == 0.0 {
                return None;
            }
            let ratio = rhs.imag / rhs.real;
            let divisor = rhs.real + rhs.imag * ratio;
            let (real, imag) = (self.real + self.imag * ratio, self.imag - self.real * ratio);
            return Some(Complex::new(real / divisor, imag / divisor));
        }
        if rhs.imag.abs() >= rhs.real.abs() {
            let ratio = rhs.real / rhs.imag;
            let divisor = rhs.real * ratio + rhs.imag;
            let (real, imag) = (self.real * ratio + self.imag, self.imag * ratio - self.real);
            return Some(Complex::new(real / divisor, imag / divisor));
        }
        // A nan in the divisor.
        Some(Complex::new(f64::NAN, f64::NAN))
    }

    /// `abs(number)`; None is `OverflowError: absolute value too large`.
    pub fn magnitude(self) -> Option<f64> {
        let magnitude = self.real.hypot(self.imag);
        let overflows = magnitude.is_infinite() && self.real.is_finite() && self.imag.is_finite();
        (!overflows).then_some(magnitude)
    }

    /// `base ** exponent`.
    pub fn pow(self, exponent: Complex) -> Result<Complex, ComplexPowError> {
        let is_small_int = exponent.imag == 0.0 && exponent.real.fract() == 0.0 && exponent.real.abs() <= 100.0;
        let result = if is_small_int {
            self.pow_int(exponent.real as i32).ok_or(ComplexPowError::ZeroToNegative)?
        } else {
            self.pow_general(exponent).ok_or(ComplexPowError::ZeroToNegative)?
        };
        if result.real.is_infinite() || result.imag.is_infinite() {
            return Err(ComplexPowError::Overflow);
        }
        Ok(result)
    }

    fn pow_int(self, exponent: i32) -> Option<Complex> {
        if exponent <= 0 {
            return Complex::new(1.0, 0.0).divided_by(self.pow_unsigned(exponent.unsigned_abs()));
        }
        Some(self.pow_unsigned(exponent.unsigned_abs()))
    }

    fn pow_unsigned(self, exponent: u32) -> Complex {
        let (mut result, mut power, mut rest) = (Complex::new(1.0, 0.0), self, exponent);
        while rest > 0 {
            if rest & 1 == 1 {
                result = result.times(power);
            }
            power = power.times(power);
            rest >>= 1;
        }
        result
    }

    fn pow_general(self, exponent: Complex) -> Option<Complex> {
        if exponent.real == 0.0 && exponent.imag == 0.0 {
            return Some(Complex::new(1.0, 0.0));
        }
        if self.real == 0.0 && self.imag == 0.0 {
            let is_possible = exponent.imag == 0.0 && exponent.real >= 0.0;
            return is_possible.then_some(Complex::new(0.0, 0.0));
        }
        let magnitude = self.real.hypot(self.imag);
        let angle = self.imag.atan2(self.real);
        let mut length = magnitude.powf(exponent.real);
        let mut phase = angle * exponent.real;
        if exponent.imag != 0.0 {
            length /= (angle * exponent.imag).exp();
            phase += exponent.imag * magnitude.ln();
        }
        // The sine of an infinity is a domain error in C, which CPython reports as the other one.
        if phase.is_infinite() {
            return None;
        }
        Some(Complex::new(length * phase.cos(), length * phase.sin()))
    }

    /// `repr(number)`.
    pub fn repr(self) -> String {
        let imag = repr_without_point(self.imag);
        if self.real == 0.0 && self.real.is_sign_positive() {
            return format!("{imag}j");
        }
        let plus = if self.imag.is_sign_negative() && !self.imag.is_nan() { "" } else { "+" };
        format!("({}{plus}{imag}j)", repr_without_point(self.real))
    }
}

/// Parses what `complex(text)` accepts; None is `ValueError: complex() arg is a malformed string`.
///
/// The text is ASCII; a str is brought to that by `text::unicode::ascii_of_decimals`.
pub fn parse(text: &[u8]) -> Option<Complex> {
    let text = trim(text);
    let text = match text {
        [b'(', inner @ .., b')'] => trim(inner),
        _ => text,
    };
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let is_misplaced = |at: usize| text[at] == b'_' && !(at > 0 && is_digit(at - 1) && is_digit(at + 1));
    if (0..text.len()).any(is_misplaced) {
        return None;
    }
    let plain: Vec<u8> = text.iter().copied().filter(|byte| *byte != b'_').collect();
    let Some((b'j' | b'J', rest)) = plain.split_last() else {
        return Some(Complex::new(parse_part(&plain)?, 0.0));
    };
    // The imaginary part begins at the last sign that is not one of an exponent.
    let begins = |at: &usize| matches!(rest[*at], b'+' | b'-') && !(*at > 0 && ends_in_exponent_mark(&rest[..*at]));
    let split = (0..rest.len()).rev().find(begins).unwrap_or(0);
    let (real, imag) = rest.split_at(split);
    let imag = match imag {
        [] | b"+" => 1.0,
        b"-" => -1.0,
        number => parse_part(number)?,
    };
    Some(Complex::new(if real.is_empty() { 0.0 } else { parse_part(real)? }, imag))
}

/// The mark of an exponent, which a digit or a point precedes.
fn ends_in_exponent_mark(text: &[u8]) -> bool {
    matches!(text, [.., b'0'..=b'9' | b'.', b'e' | b'E'])
}

fn parse_part(text: &[u8]) -> Option<f64> {
    // A number has at most the sign in front.
    parse_special(text).or_else(|| super::text::parse_plain(text))
}
