//! The special methods of bytes and bytearray.

use super::{buffer, data_of, like, this};
use crate::call::{Cx, Outcome};
use crate::types::str::percent;
use crate::types::{protocol, quick, text};
use crate::value::{Iter, Value};

pub(super) fn bytes_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let len = this(cx, args[0]).len();
    cx.heap.ensure(len.saturating_mul(2))?;
    let quoted = text::bytes::repr(this(cx, args[0]));
    if !matches!(cx.exact(args[0]), Value::Bytes(_)) {
        let class = cx.class_name(args[0]);
        let mut whole = format!("{class}(").into_bytes();
        // Unlike bytes, a bytearray escapes an apostrophe in any quotes.
        let is_double = quoted.get(1) == Some(&b'"');
        for byte in quoted {
            if byte == b'\'' && is_double {
                whole.push(b'\\');
            }
            whole.push(byte);
        }
        whole.push(b')');
        return Ok(cx.heap.new_str_from(whole));
    }
    Ok(cx.heap.new_ascii(quoted))
}

fn compare(cx: &Cx, args: &[Value], holds: fn(&[u8], &[u8]) -> bool) -> Outcome {
    let is_comparable = match (cx.exact(args[0]), cx.exact(args[1])) {
        (Value::Bytes(_), Value::Bytes(_)) => true,
        // A bytearray knows all buffers; bytes leave that to it.
        (Value::Bytes(_), _) => false,
        _ => true,
    };
    Ok(match buffer::bytes_of(cx, args[1]) {
        Some(other) if is_comparable => Value::Bool(holds(this(cx, args[0]), &other)),
        Some(_) | None => Value::NotImplemented,
    })
}

pub(super) fn bytes_lt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, |left, right| left < right)
}

pub(super) fn bytes_le(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, |left, right| left <= right)
}

pub(super) fn bytes_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, |left, right| left == right)
}

pub(super) fn bytes_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, |left, right| left != right)
}

pub(super) fn bytes_gt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, |left, right| left > right)
}

pub(super) fn bytes_ge(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, |left, right| left >= right)
}

pub(super) fn bytes_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let exact = cx.exact(args[0]);
    let hash = quick::quick_hash(cx, exact).expect("bytes have their hash");
    Ok(Value::Int(hash as i64))
}

pub(super) fn bytes_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    match cx.exact(args[0]) {
        exact @ Value::Bytes(_) => protocol::iter(cx, exact),
        exact => Ok(cx.heap.new_iter(Iter::Items { sequence: exact, index: 0 })),
    }
}

pub(super) fn bytes_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(this(cx, args[0]).len() as i64))
}

pub(super) fn bytes_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    let data = this(cx, args[0]);
    match cx.exact(args[1]) {
        Value::Int(byte @ 0..256) => return Ok(Value::Bool(data.contains(&(byte as u8)))),
        Value::Bool(byte) => return Ok(Value::Bool(data.contains(&(byte as u8)))),
        Value::Int(_) | Value::BigInt(_) => return Err(cx.value_error("byte must be in range(0, 256)")),
        _ => {}
    }
    match buffer::bytes_of(cx, args[1]) {
        Some(part) => Ok(Value::Bool(text::search::find(data, &part).is_some())),
        None => Err(buffer::not_bytes_like(cx, args[1])),
    }
}

pub(super) fn bytes_add(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(other) = buffer::bytes_of(cx, args[1]) else {
        let message = format!("can't concat {} to {}", cx.class_name(args[1]), cx.class_name(args[0]));
        return Err(cx.type_error(message));
    };
    let n_bytes = this(cx, args[0]).len() + other.len();
    cx.heap.ensure(n_bytes)?;
    let mut sum = Vec::with_capacity(n_bytes);
    sum.extend_from_slice(this(cx, args[0]));
    sum.extend_from_slice(&buffer::bytes_of(cx, args[1]).unwrap_or_default());
    Ok(like(cx, args[0], sum))
}

pub(super) fn bytes_mul(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Int(count) = args[1] else { crate::bug!("a size is an Int") };
    let (data, count) = (this(cx, args[0]), count.max(0) as usize);
    if count == 1
        && let Value::Bytes(_) = args[0]
    {
        return Ok(args[0]);
    }
    let Some(total) = data.len().checked_mul(count).filter(|&total| total <= i64::MAX as usize) else {
        return Err(cx.overflow_error("repeated bytes are too long"));
    };
    cx.heap.ensure(total)?;
    let data = this(cx, args[0]);
    let repeated = if let [byte] = data { vec![*byte; total] } else { data.repeat(count) };
    Ok(like(cx, args[0], repeated))
}

pub(super) fn bytes_mod(cx: &mut Cx, args: &[Value]) -> Outcome {
    let format = this(cx, args[0]).to_vec();
    let is_array = !matches!(cx.exact(args[0]), Value::Bytes(_));
    percent::bytes_mod(cx, format, args[1], is_array)
}

pub(super) fn bytes_rmod(cx: &mut Cx, args: &[Value]) -> Outcome {
    match data_of(cx, args[1]) {
        Some(format) if !buffer::is_view(cx, args[1]) => {
            let format = format.to_vec();
            let is_array = !matches!(cx.exact(args[1]), Value::Bytes(_));
            percent::bytes_mod(cx, format, args[0], is_array)
        }
        Some(_) | None => Ok(Value::NotImplemented),
    }
}

pub(super) fn bytes_bytes(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.exact(args[0]))
}

pub(super) fn bytes_getnewargs(cx: &mut Cx, args: &[Value]) -> Outcome {
    let exact = cx.exact(args[0]);
    Ok(cx.heap.new_tuple(&[exact]))
}

pub(super) fn bytes_sizeof(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int((this(cx, args[0]).len() + 33) as i64))
}
