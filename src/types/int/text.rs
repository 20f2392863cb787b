//! Ints to text: decimal, in other bases, and as a format spec wants it.

use crate::call::{Ask, Cx, Outcome};
use crate::types::format::int::format_int;
use crate::types::format::spec::{FormatError, Spec};
use crate::value::Value;
use crate::value::bigint::{self, text};

/// `str(int)` of an exact int.
pub fn decimal(cx: &mut Cx, int: Value) -> Outcome {
    if let Value::Int(small) = int {
        return Ok(crate::types::strings::int_text(cx, small));
    }
    let number = super::view(&cx.heap, int).expect("an exact int");
    let n_bytes = bigint::decimal_bytes(number);
    super::make_room(cx, n_bytes)?;
    let number = super::view(&cx.heap, int).expect("an exact int");
    match text::to_decimal(number, cx.max_str_digits) {
        Ok(text) => Ok(cx.heap.new_ascii(text.into_bytes())),
        Err(text::TooManyDigits) => Err(too_many_digits(cx)),
    }
}

/// `ValueError: Exceeds the limit (4300 digits) for integer string conversion; …`
fn too_many_digits(cx: &mut Cx) -> Ask {
    let limit = cx.max_str_digits;
    cx.value_error(format!(
        "Exceeds the limit ({limit} digits) for integer string conversion; use sys.set_int_max_str_digits() to \
         increase the limit"
    ))
}

/// `bin(int)` and its like: sign, prefix, digits.
pub fn prefixed(cx: &mut Cx, int: Value, prefix: &str, base: u32) -> Outcome {
    let number = super::view(&cx.heap, int).expect("an exact int");
    let n_bits = bigint::bits::bit_length(number) as usize;
    super::make_room(cx, n_bits)?;
    let number = super::view(&cx.heap, int).expect("an exact int");
    let sign = if number.is_negative() { "-" } else { "" };
    let text = format!("{sign}{prefix}{}", text::magnitude_digits(number, base));
    Ok(cx.heap.new_ascii(text.into_bytes()))
}

/// `int.__format__` of an exact int.
pub fn format(cx: &mut Cx, int: Value, spec: Value) -> Outcome {
    let parsed = parse_spec(cx, spec, "int")?;
    let Some(parsed) = parsed else { return decimal(cx, int) };
    let number = super::view(&cx.heap, int).expect("an exact int");
    let n_bytes = parsed.extra_bytes() + bigint::bits::bit_length(number) as usize;
    super::make_room(cx, n_bytes)?;
    let number = super::view(&cx.heap, int).expect("an exact int");
    match format_int(number, &parsed, cx.max_str_digits) {
        Ok(text) => Ok(cx.heap.new_str_from(text)),
        Err(error) => Err(format_error(cx, &error, "int")),
    }
}

/// The parsed spec of a number; None for the empty one.
pub fn parse_spec(cx: &mut Cx, spec: Value, type_name: &str) -> Result<Option<Spec>, Ask> {
    let text = cx.text_of(spec).expect("converted");
    if text.is_empty() {
        return Ok(None);
    }
    match Spec::parse_for_number(text) {
        Ok(parsed) => Ok(Some(parsed)),
        Err(error) => Err(format_error(cx, &error, type_name)),
    }
}

/// The exception of a spec that does not fit its value.
pub fn format_error(cx: &mut Cx, error: &FormatError, type_name: &str) -> Ask {
    let message = cx.heap.new_str(error.message(type_name).as_bytes());
    let class = match error.is_overflow() {
        true => crate::types::classes::OVERFLOW_ERROR,
        false => crate::types::classes::VALUE_ERROR,
    };
    cx.raise_with(class, &[message])
}
