//! Floats as text: `repr(x)` and `float('...')`.

use super::digits;

/// `repr(number)`: the shortest text that reads back, with a point or an exponent.
pub fn repr(number: f64) -> String {
    shown(number, true)
}

/// The same without the `.0` of whole numbers: a part of a complex number.
pub fn repr_without_point(number: f64) -> String {
    shown(number, false)
}

fn shown(number: f64, with_point: bool) -> String {
    if number.is_nan() {
        return "nan".to_string();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_string();
    }
    let sign = if number.is_sign_negative() { "-" } else { "" };
    // Whole numbers below 10^15, the most frequent ones, without the general way.
    if number.abs() < 1e15 && number.trunc() == number {
        return format!("{sign}{}{}", number.abs() as i64, if with_point { ".0" } else { "" });
    }
    let digits::Digits { digits, point } = digits::shortest(number);
    let digits = String::from_utf8(digits).expect("digits are ASCII");
    let n_digits = digits.len() as i32;
    if !(-3..=16).contains(&point) {
        let (first, rest) = digits.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let exponent = point - 1;
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{first}{dot}{rest}e{exponent_sign}{:02}", exponent.abs());
    }
    if point <= 0 {
        return format!("{sign}0.{:0<1$}{digits}", "", -point as usize);
    }
    if point >= n_digits {
        return format!("{sign}{digits:0<0$}{1}", point as usize, if with_point { ".0" } else { "" });
    }
    let (whole, fraction) = digits.split_at(point as usize);
    format!("{sign}{whole}.{fraction}")
}

/// Parses what `float(text)` accepts; None is `ValueError: could not convert string to float: ...`.
///
/// The text is ASCII; a str is brought to that by `text::unicode::ascii_of_decimals`.
pub fn parse(text: &[u8]) -> Option<f64> {
    let text = trim(text);
    if !text.contains(&b'_') {
        return parse_plain(text);
    }
    // An underscore stands between two digits.
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let is_misplaced = |at: usize| text[at] == b'_' && !(at > 0 && is_digit(at - 1) && is_digit(at + 1));
    if (0..text.len()).any(is_misplaced) {
        return None;
    }
    let plain: Vec<u8> = text.iter().copied().filter(|byte| *byte != b'_').collect();
    parse_plain(&plain)
}

/// Without underscores and white space around.
pub(super) fn parse_plain(text: &[u8]) -> Option<f64> {
    if let Some(special) = parse_special(text) {
        return Some(special);
    }
    // The rest of the grammar is Rust's too.
    let is_numeric = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    text.iter().all(is_numeric).then(|| std::str::from_utf8(text).ok()?.parse().ok()).flatten()
}

/// `inf`, `infinity` and `nan` in any case, with a sign.
pub(super) fn parse_special(text: &[u8]) -> Option<f64> {
    let (sign, name) = match text {
        [b'-', rest @ ..] => (-1.0, rest),
        [b'+', rest @ ..] => (1.0, rest),
        rest => (1.0, rest),
    };
    let is = |word: &[u8]| name.eq_ignore_ascii_case(word);
    if is(b"inf") || is(b"infinity") {
        Some(f64::INFINITY.copysign(sign))
    } else if is(b"nan") {
        Some(f64::NAN.copysign(sign))
    } else {
        None
    }
}

/// The text without white space around it, as C has it: the vertical tab counts, which Rust's `trim_ascii` leaves.
pub(super) fn trim(text: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | 9..=13);
    let from = text.iter().position(|byte| !is_space(byte)).unwrap_or(text.len());
    let to = text.iter().rposition(|byte| !is_space(byte)).map_or(from, |last| last + 1);
    &text[from..to]
}
