//! `bytes.isalpha` and its like: ASCII's classes.

use super::this;
use crate::call::{Cx, Outcome};
use crate::types::text::bytes;
use crate::value::Value;

pub(super) fn bytes_isalpha(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(bytes::all(this(cx, args[0]), u8::is_ascii_alphabetic)))
}

pub(super) fn bytes_isalnum(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(bytes::all(this(cx, args[0]), u8::is_ascii_alphanumeric)))
}

pub(super) fn bytes_isascii(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(this(cx, args[0]).is_ascii()))
}

pub(super) fn bytes_isdigit(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(bytes::all(this(cx, args[0]), u8::is_ascii_digit)))
}

pub(super) fn bytes_islower(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(bytes::is_lower(this(cx, args[0]))))
}

pub(super) fn bytes_isupper(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(bytes::is_upper(this(cx, args[0]))))
}

pub(super) fn bytes_istitle(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(bytes::is_title(this(cx, args[0]))))
}

pub(super) fn bytes_isspace(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(bytes::all(this(cx, args[0]), bytes::is_space)))
}
