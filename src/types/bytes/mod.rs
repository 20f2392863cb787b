//! `bytes`, and what it shares with `bytearray`.
//!
//! 1. [`buffer`]: the bytes inside bytes-like objects. 2. [`table`]: the rows of both classes.
//! 3. [`special`]: operators. 4. [`make`]: `bytes(x)`, `bytearray(x)`, and bytes from iterables.
//! 5. [`search`], [`parts`], [`change`], [`classify`]: the methods; what they do to bytes is in `types/text/`.

pub mod buffer;
pub mod change;
pub mod classify;
pub mod make;
pub mod parts;
pub mod search;
pub mod special;
pub mod table;

pub use buffer::{data_of, is_view};

use crate::call::Cx;
use crate::types::bytearray;
use crate::value::Value;

/// The bytes of `self`, an instance of bytes or bytearray.
#[inline]
pub fn this(cx: &Cx, value: Value) -> &[u8] {
    match value {
        Value::Bytes(id) => &cx.heap.bytes.get(id).data,
        _ => data_of(cx, value).unwrap_or_default(),
    }
}

/// A result of the type of `self`.
pub fn like(cx: &mut Cx, this: Value, data: Vec<u8>) -> Value {
    match cx.exact(this) {
        Value::Bytes(_) => cx.heap.new_bytes(data),
        _ => bytearray::new(cx, data),
    }
}

/// `self` itself if it is exact bytes, else a copy.
pub fn unchanged(cx: &mut Cx, this: Value) -> Value {
    match this {
        Value::Bytes(_) => this,
        _ => {
            let data = self::this(cx, this).to_vec();
            like(cx, this, data)
        }
    }
}
