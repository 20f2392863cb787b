//! The decimal digits of a finite float, correctly rounded, halves to even.

use std::io::Write;

/// No f64 has more digits than this, before or behind the point; beyond are zeros.
const ALL_DIGITS: usize = 1100;

/// The absolute value of a number as `0.DIGITS * 10**point`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digits {
    /// ASCII digits. The first is not zero, unless all are.
    pub digits: Vec<u8>,
    /// Where the decimal point stands, counted from the first digit.
    pub point: i32,
}

/// The fewest digits that read back as the same float; of several the nearest, of two equally near the even one.
pub fn shortest(number: f64) -> Digits {
    let mut text = Vec::with_capacity(32);
    write!(text, "{:e}", number.abs()).expect("a vector takes everything");
    let shortest = from_scientific(text);
    // Rust leaves open which of two equally near ones it prints. That happens only here: elsewhere the exact value has
    // too many digits to lie in the middle.
    let n_digits = shortest.digits.len();
    if n_digits >= 15 && (5e14..1e40).contains(&number.abs()) {
        let even = significant(number, n_digits);
        let text = format!("0.{}e{}", String::from_utf8_lossy(&even.digits), even.point);
        if text.parse() == Ok(number.abs()) {
            return even;
        }
    }
    shortest
}

/// `n_digits` significant digits, at least one; trailing zeros that no float has may be left out.
pub fn significant(number: f64, n_digits: usize) -> Digits {
    let mut text = Vec::with_capacity(n_digits.min(ALL_DIGITS) + 8);
    write!(text, "{:.*e}", n_digits.clamp(1, ALL_DIGITS) - 1, number.abs()).expect("a vector takes everything");
    from_scientific(text)
}

/// The digits up to `precision` places behind the point; trailing zeros that no float has may be left out.
///
/// A number that rounds to zero has only zeros behind the point.
pub fn fixed(number: f64, precision: usize) -> Digits {
    let mut text = Vec::with_capacity(precision.min(ALL_DIGITS) + 24);
    write!(text, "{:.*}", precision.min(ALL_DIGITS), number.abs()).expect("a vector takes everything");
    let point = text.iter().position(|byte| *byte == b'.').unwrap_or(text.len());
    text.retain(|byte| *byte != b'.');
    let n_leading = text.iter().take_while(|digit| **digit == b'0').count().min(text.len() - 1);
    text.drain(..n_leading);
    Digits { digits: text, point: point as i32 - n_leading as i32 }
}

/// Takes `D.DDDe-XX` apart.
fn from_scientific(mut text: Vec<u8>) -> Digits {
    let exponent_at = text.iter().position(|byte| *byte == b'e').expect("the format has an exponent");
    let exponent = std::str::from_utf8(&text[exponent_at + 1..]).ok().and_then(|digits| digits.parse::<i32>().ok());
    text.truncate(exponent_at);
    text.retain(|byte| *byte != b'.');
    Digits { digits: text, point: exponent.expect("the exponent is a number") + 1 }
}
