//! `str.isalpha` and its like.

use super::this;
use crate::call::{Cx, Outcome};
use crate::types::text::{bytes, classify};
use crate::value::Value;

/// Asks the quick question of an ASCII text, the other of any other.
fn ask(cx: &Cx, args: &[Value], ascii: impl Fn(&[u8]) -> bool, any: impl Fn(&[u8]) -> bool) -> Outcome {
    let id = this(cx, args[0]);
    let text = cx.heap.text(id);
    Ok(Value::Bool(if cx.heap.is_ascii(id) { ascii(text) } else { any(text) }))
}

pub(super) fn str_isalpha(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask(cx, args, |text| bytes::all(text, u8::is_ascii_alphabetic), classify::is_alpha)
}

pub(super) fn str_isalnum(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask(cx, args, |text| bytes::all(text, u8::is_ascii_alphanumeric), classify::is_alnum)
}

pub(super) fn str_isascii(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(cx.heap.is_ascii(this(cx, args[0]))))
}

pub(super) fn str_isdecimal(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask(cx, args, |text| bytes::all(text, u8::is_ascii_digit), classify::is_decimal)
}

pub(super) fn str_isdigit(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask(cx, args, |text| bytes::all(text, u8::is_ascii_digit), classify::is_digit)
}

pub(super) fn str_isnumeric(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask(cx, args, |text| bytes::all(text, u8::is_ascii_digit), classify::is_numeric)
}

pub(super) fn str_isidentifier(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask(cx, args, classify::is_identifier, classify::is_identifier)
}

pub(super) fn str_islower(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask(cx, args, bytes::is_lower, classify::is_lower)
}

pub(super) fn str_isupper(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask(cx, args, bytes::is_upper, classify::is_upper)
}

pub(super) fn str_istitle(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask(cx, args, bytes::is_title, classify::is_title)
}

pub(super) fn str_isprintable(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask(cx, args, |text| text.iter().all(|byte| (0x20..0x7F).contains(byte)), classify::is_printable)
}

pub(super) fn str_isspace(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask(cx, args, |text| bytes::all(text, |byte| matches!(byte, 9..=13 | 28..=32)), classify::is_space)
}
