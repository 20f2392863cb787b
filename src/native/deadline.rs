//! Time-outs in seconds as moments of engine time.

use crate::call::{Ask, Cx};
use crate::host::{Nanos, SECOND};
use crate::types::protocol;
use crate::value::Value;

/// Seconds as a float: an int or a float, or what makes a TypeError.
pub fn seconds(cx: &mut Cx, value: Value) -> Result<f64, Ask> {
    match cx.exact(value) {
        Value::Float(seconds) if seconds.is_nan() => Err(cx.value_error("Invalid value NaN (not a number)")),
        Value::Float(seconds) => Ok(seconds),
        Value::Int(seconds) => Ok(seconds as f64),
        Value::Bool(seconds) => Ok(seconds as i64 as f64),
        _ => {
            let class = cx.class_name(value);
            Err(cx.type_error(format!("'{class}' object cannot be interpreted as an integer")))
        }
    }
}

/// The moment so many seconds from now.
pub fn after(cx: &Cx, seconds: f64) -> Nanos {
    let ahead = (seconds * SECOND as f64).ceil();
    let ahead = if ahead >= Nanos::MAX as f64 { Nanos::MAX } else { ahead as Nanos };
    cx.host.clock.now().saturating_add(ahead)
}

/// `timeout=None`: no deadline; a negative one is an error for queues.
pub fn of_timeout(cx: &mut Cx, timeout: Value) -> Result<Option<Nanos>, Ask> {
    if timeout.is_none() || timeout.is_undef() {
        return Ok(None);
    }
    let seconds = seconds(cx, timeout)?;
    if seconds < 0.0 {
        return Err(cx.value_error("'timeout' must be a non-negative number"));
    }
    Ok(Some(after(cx, seconds)))
}

/// Whether a condition holds, for arguments that are mostly plain and true if they are absent.
pub fn is_true(cx: &mut Cx, value: Value) -> bool {
    value.is_undef() || protocol::quick_truth(cx, value).unwrap_or(true)
}
