//! Ints in the format mini-language.

use super::layout::{Parts, lay_out};
use super::spec::{FormatError, Sign, Spec};
use crate::value::bigint::{IntRef, float::to_f64, text::magnitude_digits, text::to_decimal};

/// `format(number, spec)`; `max_digits` is `sys.get_int_max_str_digits()`, 0 for no limit.
pub fn format_int(number: IntRef, spec: &Spec, max_digits: usize) -> Result<Vec<u8>, FormatError> {
    let (base, prefix) = match char::from_u32(spec.code).unwrap_or('?') {
        '\0' | 'd' | 'n' => (10, ""),
        'b' => (2, "0b"),
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        'c' => return format_char(number, spec),
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => {
            let float = to_f64(number).ok_or(FormatError::TooLargeForFloat)?;
            return super::float::format_float(float, spec);
        }
        _ => return Err(FormatError::UnknownCode(spec.code)),
    };
    check_flags(spec)?;
    let mut whole = if base == 10 {
        let text = to_decimal(number, max_digits).map_err(|_| FormatError::TooManyIntDigits(max_digits))?;
        if number.is_negative() { text[1..].to_string() } else { text }
    } else {
        magnitude_digits(number, base)
    };
    if spec.code == 'X' as u32 {
        whole.make_ascii_uppercase();
    }
    let prefix = if spec.alternate { prefix } else { "" };
    let parts = Parts { negative: number.is_negative(), prefix, whole, rest: String::new() };
    Ok(lay_out(&parts, spec, if base == 10 { 3 } else { 4 }))
}

fn check_flags(spec: &Spec) -> Result<(), FormatError> {
    if spec.precision.is_some() {
        return Err(FormatError::PrecisionInInt);
    }
    if spec.no_negative_zero { Err(FormatError::NegativeZeroInInt) } else { Ok(()) }
}

/// `format(65, 'c')`.
fn format_char(number: IntRef, spec: &Spec) -> Result<Vec<u8>, FormatError> {
    check_flags(spec)?;
    if spec.sign != Sign::Unspecified {
        return Err(FormatError::SignWithChar);
    }
    if spec.alternate {
        return Err(FormatError::AlternateWithChar);
    }
    let IntRef::Small(code) = number else { return Err(FormatError::CharTooLarge) };
    if !(0..0x110000).contains(&code) {
        return Err(FormatError::CharOutOfRange);
    }
    let mut text = aspen_grammar::source::Wtf8::new();
    text.push_code_point(code as u32);
    // Padded as a number: to the right unless the spec says otherwise.
    Ok(super::layout::pad(text.as_bytes(), 1, spec))
}
