//! Cases, padding, `hex`, `translate`.

use super::{buffer, like, this, unchanged};
use crate::call::{Ask, Cx, Outcome};
use crate::types::text::bytes;
use crate::types::text::pad::{self, Place};
use crate::types::text::search::Units;
use crate::value::Value;

fn change(cx: &mut Cx, args: &[Value], map: fn(&[u8]) -> Vec<u8>) -> Outcome {
    cx.heap.ensure(this(cx, args[0]).len())?;
    let changed = map(this(cx, args[0]));
    Ok(like(cx, args[0], changed))
}

pub(super) fn bytes_upper(cx: &mut Cx, args: &[Value]) -> Outcome {
    change(cx, args, <[u8]>::to_ascii_uppercase)
}

pub(super) fn bytes_lower(cx: &mut Cx, args: &[Value]) -> Outcome {
    change(cx, args, <[u8]>::to_ascii_lowercase)
}

pub(super) fn bytes_swapcase(cx: &mut Cx, args: &[Value]) -> Outcome {
    change(cx, args, bytes::swapcase)
}

pub(super) fn bytes_capitalize(cx: &mut Cx, args: &[Value]) -> Outcome {
    change(cx, args, bytes::capitalize)
}

pub(super) fn bytes_title(cx: &mut Cx, args: &[Value]) -> Outcome {
    change(cx, args, bytes::title)
}

pub(super) fn bytes_center(cx: &mut Cx, args: &[Value]) -> Outcome {
    padded(cx, args, "center", Place::Center)
}

pub(super) fn bytes_ljust(cx: &mut Cx, args: &[Value]) -> Outcome {
    padded(cx, args, "ljust", Place::Left)
}

pub(super) fn bytes_rjust(cx: &mut Cx, args: &[Value]) -> Outcome {
    padded(cx, args, "rjust", Place::Right)
}

fn padded(cx: &mut Cx, args: &[Value], name: &str, place: Place) -> Outcome {
    let fill = match args[2].given() {
        None => b' ',
        Some(fill) => match buffer::data_of(cx, fill) {
            Some([fill]) => *fill,
            Some(_) | None => {
                let class = cx.class_name(fill);
                let message = format!("{name}() argument 2 must be a byte string of length 1, not {class}");
                return Err(cx.type_error(message));
            }
        },
    };
    let Value::Int(width) = args[1] else { crate::bug!("a size is an Int") };
    let len = this(cx, args[0]).len();
    if width <= len as i64 {
        return Ok(unchanged(cx, args[0]));
    }
    cx.heap.ensure(width as usize)?;
    let text = pad::pad(this(cx, args[0]), len, width as usize, &[fill], place);
    Ok(like(cx, args[0], text))
}

pub(super) fn bytes_zfill(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Int(width) = args[1] else { crate::bug!("a size is an Int") };
    let len = this(cx, args[0]).len();
    if width <= len as i64 {
        return Ok(unchanged(cx, args[0]));
    }
    cx.heap.ensure(width as usize)?;
    let text = pad::zero_fill(this(cx, args[0]), len, width as usize);
    Ok(like(cx, args[0], text))
}

pub(super) fn bytes_expandtabs(cx: &mut Cx, args: &[Value]) -> Outcome {
    let tab_size = match args[1] {
        Value::Int(size) => size.max(0) as usize,
        _ => 8,
    };
    let Some(len) = pad::expanded_len(this(cx, args[0]), tab_size, Units::Bytes) else {
        return Err(cx.overflow_error("result too long"));
    };
    cx.heap.ensure(len)?;
    let text = pad::expand_tabs(this(cx, args[0]), tab_size, Units::Bytes);
    Ok(like(cx, args[0], text))
}

pub(super) fn bytes_translate(cx: &mut Cx, args: &[Value]) -> Outcome {
    let table = match cx.none_or(args[1]) {
        None => None,
        Some(table) => Some(buffer::require(cx, table)?),
    };
    if table.as_ref().is_some_and(|table| table.len() != 256) {
        return Err(cx.value_error("translation table must be 256 characters long"));
    }
    let delete = match args[2].given() {
        None => Vec::new(),
        Some(delete) => buffer::require(cx, delete)?,
    };
    cx.heap.ensure(this(cx, args[0]).len())?;
    let translated = bytes::translate(this(cx, args[0]), table.as_deref(), &delete);
    Ok(like(cx, args[0], translated))
}

pub(super) fn bytes_maketrans(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (from, to) = (buffer::require(cx, args[0])?, buffer::require(cx, args[1])?);
    if from.len() != to.len() {
        return Err(cx.value_error("maketrans arguments must have same length"));
    }
    Ok(cx.heap.new_bytes(bytes::make_translation(&from, &to)))
}

pub(super) fn bytes_hex(cx: &mut Cx, args: &[Value]) -> Outcome {
    let data = this(cx, args[0]).to_vec();
    hex(cx, &data, args[1], args[2])
}

/// `data.hex(sep, bytes_per_sep)`.
pub fn hex(cx: &mut Cx, data: &[u8], separator: Value, bytes_per_group: Value) -> Outcome {
    let separator = hex_separator(cx, separator)?;
    let per_group = match bytes_per_group {
        Value::Int(number) => number,
        _ => 1,
    };
    cx.heap.ensure(data.len().saturating_mul(3))?;
    Ok(cx.heap.new_ascii(bytes::hex(data, separator, per_group)))
}

fn hex_separator(cx: &mut Cx, value: Value) -> Result<Option<u8>, Ask> {
    let Some(value) = value.given() else { return Ok(None) };
    let separator = match cx.exact(value) {
        Value::Str(id) => cx.heap.text(id),
        exact => match buffer::data_of(cx, exact) {
            Some(data) => data,
            None if crate::types::protocol::quick_len(cx, exact).is_none() => {
                let message = format!("object of type '{}' has no len()", cx.class_name(value));
                return Err(cx.type_error(message));
            }
            None => return Err(cx.type_error("sep must be str or bytes.")),
        },
    };
    match separator {
        [byte] if byte.is_ascii() => Ok(Some(*byte)),
        [_] => Err(cx.value_error("sep must be ASCII.")),
        other if !other.is_ascii() && crate::value::string::count_chars(other) == 1 => {
            Err(cx.value_error("sep must be ASCII."))
        }
        _ => Err(cx.value_error("sep must be length 1.")),
    }
}
