//! The bytes inside a bytes-like object: bytes, bytearray, memoryview.

use std::borrow::Cow;

use crate::call::{Ask, Cx};
use crate::types::bytearray::ByteArray;
use crate::types::memoryview::{self, MemoryView};
use crate::value::Value;

/// The bytes of a bytes-like object whose bytes stand side by side; None for anything else.
pub fn data_of(cx: &Cx, value: Value) -> Option<&[u8]> {
    match cx.exact(value) {
        Value::Bytes(id) => Some(&cx.heap.bytes.get(id).data),
        Value::Native(id) => {
            let boxed = cx.heap.natives.get(id);
            if let Some(array) = boxed.as_ref::<ByteArray>() {
                return Some(&array.data);
            }
            let view = boxed.as_ref::<MemoryView>()?;
            memoryview::side_by_side(cx, view)
        }
        _ => None,
    }
}

/// The bytes of any bytes-like object, in the order of its items; None for anything else.
pub fn bytes_of(cx: &Cx, value: Value) -> Option<Cow<'_, [u8]>> {
    if let Some(data) = data_of(cx, value) {
        return Some(Cow::Borrowed(data));
    }
    let Value::Native(id) = cx.exact(value) else { return None };
    let view = cx.heap.native::<MemoryView>(id)?;
    memoryview::gather(cx, view).map(Cow::Owned)
}

/// The bytes of a bytes-like object, or `TypeError: a bytes-like object is required, not 'int'`.
pub fn require(cx: &mut Cx, value: Value) -> Result<Vec<u8>, Ask> {
    if let Some(data) = bytes_of(cx, value) {
        return Ok(data.into_owned());
    }
    Err(not_bytes_like(cx, value))
}

/// `TypeError: a bytes-like object is required, not 'int'`; a released view says that it is.
pub fn not_bytes_like(cx: &mut Cx, value: Value) -> Ask {
    if is_view(cx, value) {
        return memoryview::released_error(cx);
    }
    let message = format!("a bytes-like object is required, not '{}'", cx.class_name(value));
    cx.type_error(message)
}

/// Whether it is a memoryview.
pub fn is_view(cx: &Cx, value: Value) -> bool {
    matches!(value, Value::Native(id) if cx.heap.native::<MemoryView>(id).is_some())
}

/// Whether it is bytes-like at all.
pub fn is_buffer(cx: &Cx, value: Value) -> bool {
    match cx.exact(value) {
        Value::Bytes(_) => true,
        Value::Native(id) => {
            let boxed = cx.heap.natives.get(id);
            boxed.as_ref::<ByteArray>().is_some() || boxed.as_ref::<MemoryView>().is_some()
        }
        _ => false,
    }
}
