//! Floats in the format mini-language and in `%` formats: the digits of `e`, `f`, `g`, `%` and of no letter.

use super::layout::{Parts, lay_out};
use super::spec::{FormatError, Spec};
use crate::types::float::digits::{self, Digits};

/// How a float is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// `e`: one digit, the point, so many digits, the exponent.
    Exponent,
    /// `f`: so many digits behind the point.
    Fixed,
    /// `g`: so many digits, in whichever notation suits.
    General,
    /// No letter and no precision: as `repr`.
    Shortest,
}

/// What else decides on the digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub notation: Notation,
    pub precision: usize,
    /// `#`: the point stays, and the zeros of `g`.
    pub alternate: bool,
    /// A whole number in fixed notation shows `.0`.
    pub with_point: bool,
    pub no_negative_zero: bool,
    pub uppercase: bool,
}

/// `format(number, spec)`.
pub fn format_float(number: f64, spec: &Spec) -> Result<Vec<u8>, FormatError> {
    let style = style_of(spec, 'r')?;
    let is_percent = spec.code == '%' as u32;
    let mut parts = parts_of(if is_percent { number * 100.0 } else { number }, &style);
    if is_percent {
        parts.rest.push('%');
    }
    Ok(lay_out(&parts, spec, 3))
}

/// What the type letter and the precision mean; `bare` says which rules hold without a letter.
pub(super) fn style_of(spec: &Spec, bare: char) -> Result<Style, FormatError> {
    let letter = char::from_u32(spec.code).unwrap_or('?');
    let notation = match letter {
        '\0' if spec.precision.is_none() => Notation::Shortest,
        '\0' | 'g' | 'G' | 'n' => Notation::General,
        'e' | 'E' => Notation::Exponent,
        'f' | 'F' => Notation::Fixed,
        '%' if bare == 'r' => Notation::Fixed,
        _ => return Err(FormatError::UnknownCode(spec.code)),
    };
    if spec.precision.is_some_and(|precision| precision > i32::MAX as usize) {
        return Err(FormatError::PrecisionTooBig);
    }
    Ok(Style {
        notation,
        precision: spec.precision.unwrap_or(6),
        alternate: spec.alternate,
        with_point: letter == '\0' && bare == 'r',
        no_negative_zero: spec.no_negative_zero,
        uppercase: letter.is_ascii_uppercase(),
    })
}

/// The parts of a float in a style.
pub(super) fn parts_of(number: f64, style: &Style) -> Parts {
    let negative = number.is_sign_negative() && !number.is_nan();
    let mut parts = match number.is_finite() {
        true => finite_parts(number, style),
        false => Parts { rest: if number.is_nan() { "nan" } else { "inf" }.to_string(), ..Parts::default() },
    };
    let shows_zero = number.is_finite() && parts.is_zero();
    parts.negative = negative && !(style.no_negative_zero && shows_zero);
    if style.uppercase {
        parts.rest.make_ascii_uppercase();
    }
    parts
}

impl Parts {
    /// Whether all digits shown are zeros.
    fn is_zero(&self) -> bool {
        let fraction = self.rest.split(['e', 'E']).next().unwrap_or("");
        self.whole.bytes().chain(fraction.bytes()).all(|byte| matches!(byte, b'0' | b'.'))
    }
}

fn finite_parts(number: f64, style: &Style) -> Parts {
    let (mut digits, precision) = match style.notation {
        Notation::Exponent => (digits::significant(number, style.precision.saturating_add(1)), style.precision),
        Notation::Fixed => (digits::fixed(number, style.precision), style.precision),
        Notation::General => (digits::significant(number, style.precision.max(1)), style.precision.max(1)),
        Notation::Shortest => (digits::shortest(number), 0),
    };
    while digits.digits.len() > 1 && digits.digits.last() == Some(&b'0') {
        digits.digits.pop();
    }
    let point = digits.point as i64;
    match style.notation {
        Notation::Exponent => with_exponent(&digits, precision, style.alternate),
        Notation::Fixed => without_exponent(&digits, precision, style.alternate),
        Notation::General => {
            let has_exponent = point <= -4 || point > precision as i64 - style.with_point as i64;
            // Zeros at the end are left out, or all shown.
            let n_shown = if style.alternate { precision.max(digits.digits.len()) } else { digits.digits.len() };
            if has_exponent {
                return with_exponent(&digits, n_shown - 1, style.alternate);
            }
            let n_fraction = (n_shown as i64 - point).max(style.with_point as i64) as usize;
            without_exponent(&digits, n_fraction, style.alternate)
        }
        Notation::Shortest if point <= -4 || point > 16 => {
            with_exponent(&digits, digits.digits.len() - 1, style.alternate)
        }
        Notation::Shortest => {
            let n_fraction = (digits.digits.len() as i64 - point).max(style.with_point as i64) as usize;
            without_exponent(&digits, n_fraction, style.alternate)
        }
    }
}

/// `D.DDDe+XX` with so many digits behind the point.
fn with_exponent(digits: &Digits, n_fraction: usize, keeps_point: bool) -> Parts {
    let text = std::str::from_utf8(&digits.digits).expect("digits are ASCII");
    let (first, fraction) = text.split_at(1);
    let point = if n_fraction > 0 || keeps_point { "." } else { "" };
    let exponent = if first == "0" { 0 } else { digits.point - 1 };
    let sign = if exponent < 0 { '-' } else { '+' };
    let mut rest = String::with_capacity(n_fraction + 8);
    rest.push_str(point);
    push_padded(&mut rest, fraction, n_fraction);
    rest.push_str(&format!("e{sign}{:02}", exponent.abs()));
    Parts { whole: first.to_string(), rest, ..Parts::default() }
}

/// `DDD.DDD` with so many digits behind the point.
fn without_exponent(digits: &Digits, n_fraction: usize, keeps_point: bool) -> Parts {
    let text = std::str::from_utf8(&digits.digits).expect("digits are ASCII");
    let n_whole = digits.point.max(0) as usize;
    let (mut whole, fraction) = match text.split_at_checked(n_whole) {
        Some((whole, fraction)) => (whole.to_string(), fraction),
        None => (format!("{text:0<n_whole$}"), ""),
    };
    if whole.is_empty() {
        whole.push('0');
    }
    let mut rest = String::with_capacity(n_fraction + 1);
    if n_fraction > 0 || keeps_point {
        rest.push('.');
    }
    let n_zeros = (-digits.point).max(0) as usize;
    push_padded(&mut rest, "", n_zeros.min(n_fraction));
    push_padded(&mut rest, fraction, n_fraction.saturating_sub(n_zeros));
    Parts { whole, rest, ..Parts::default() }
}

/// The digits, cut or filled up with zeros to this length.
fn push_padded(text: &mut String, digits: &str, len: usize) {
    let shown = &digits[..digits.len().min(len)];
    text.push_str(shown);
    text.extend(std::iter::repeat_n('0', len - shown.len()));
}
