//! Arguments of the methods of files, and what refuses them.

use crate::call::{Ask, Cx, Outcome};
use crate::types::classes;
use crate::value::Value;

/// `io.UnsupportedOperation`
pub fn unsupported(cx: &mut Cx, message: &str) -> Ask {
    cx.raise(classes::UNSUPPORTED_OPERATION, message)
}

/// `ValueError: I/O operation on closed file.`
pub fn closed_error(cx: &mut Cx) -> Ask {
    cx.value_error("I/O operation on closed file.")
}

/// How much to read: None for all, which an absent argument, None and negative numbers mean.
pub fn size(cx: &mut Cx, value: Value) -> Result<Option<usize>, Ask> {
    match cx.exact(value) {
        Value::Undef | Value::None => Ok(None),
        Value::Int(int) => Ok(usize::try_from(int).ok()),
        Value::Bool(bool) => Ok(Some(bool as usize)),
        Value::BigInt(_) => Err(cx.overflow_error("cannot fit 'int' into an index-sized integer")),
        other => {
            let message = format!("argument should be integer or None, not '{}'", cx.class_name(other));
            Err(cx.type_error(message))
        }
    }
}

/// A place in a file: an int.
pub fn position(cx: &mut Cx, value: Value) -> Result<i64, Ask> {
    match cx.exact(value) {
        Value::Int(int) => Ok(int),
        Value::Bool(bool) => Ok(bool as i64),
        Value::BigInt(_) => Err(cx.overflow_error("Python int too large to convert to C long")),
        other => {
            let message = format!("'{}' object cannot be interpreted as an integer", cx.class_name(other));
            Err(cx.type_error(message))
        }
    }
}

/// `whence` of `seek`.
pub fn whence(cx: &mut Cx, value: Value) -> Result<i32, Ask> {
    match value.given() {
        None => Ok(0),
        Some(value) => Ok(i32::try_from(position(cx, value)?).unwrap_or(i32::MAX)),
    }
}

/// How many bytes of `data` a line has that begins there: up to the first `\n`, at most `limit`.
pub fn line_len(data: &[u8], limit: Option<usize>) -> usize {
    let within = &data[..limit.unwrap_or(usize::MAX).min(data.len())];
    memchr::memchr(b'\n', within).map_or(within.len(), |at| at + 1)
}

/// A bool as an outcome.
pub fn truth(holds: bool) -> Outcome {
    Ok(Value::Bool(holds))
}
