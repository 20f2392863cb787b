//! The methods of `bytearray` that change it.

use super::item::byte_of;
use super::{ByteArray, check_exports, grow};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::types::bytes::{buffer, make, this};
use crate::types::{bytearray, classes, protocol, reduce};
use crate::value::native_object::Boxed;
use crate::value::special::Special;
use crate::value::{Id, NativeFrame, NativeId, Value};

crate::natives! {
    /// Steps: content from what must be iterated.
    pub static BYTEARRAY_CONTENT_STEPS = [
        hidden "extend(array, source)" => step extend_step, "Appends the bytes of the source.";
    ]
}

const EXTEND: NativeId = NativeId { table: crate::tables::BYTEARRAY_CONTENT, row: 0 };

fn id_of(cx: &Cx, value: Value) -> Id<Boxed> {
    match cx.exact(value) {
        Value::Native(id) => id,
        other => crate::bug!("self of a method of bytearray is {other:?}"),
    }
}

fn data_mut(cx: &mut Cx, id: Id<Boxed>) -> &mut Vec<u8> {
    &mut cx.heap.native_mut::<ByteArray>(id).expect("self is a bytearray").data
}

/// A converted index argument as a byte.
fn byte(cx: &mut Cx, value: Value) -> Result<u8, Ask> {
    Ok(byte_of(cx, value)?.expect("converted"))
}

fn append_all(cx: &mut Cx, id: Id<Boxed>, data: &[u8]) -> Result<(), Ask> {
    if data.is_empty() {
        return Ok(());
    }
    check_exports(cx, id)?;
    grow(cx, id, data.len())?;
    data_mut(cx, id).extend_from_slice(data);
    Ok(())
}

pub fn bytearray_append(cx: &mut Cx, args: &[Value]) -> Outcome {
    let byte = byte(cx, args[1])?;
    let id = id_of(cx, args[0]);
    append_all(cx, id, &[byte])?;
    Ok(Value::None)
}

pub fn bytearray_insert(cx: &mut Cx, args: &[Value]) -> Outcome {
    let byte = byte(cx, args[2])?;
    let id = id_of(cx, args[0]);
    let Value::Int(index) = args[1] else { crate::bug!("a clipped index is an Int") };
    check_exports(cx, id)?;
    grow(cx, id, 1)?;
    let data = data_mut(cx, id);
    let len = data.len() as i64;
    let place = if index < 0 { index.saturating_add(len).max(0) } else { index.min(len) };
    data.insert(place as usize, byte);
    Ok(Value::None)
}

pub fn bytearray_pop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0]);
    let index = args[1].as_int().unwrap_or(-1);
    let len = data_mut(cx, id).len() as i64;
    if len == 0 {
        return Err(cx.index_error("pop from empty bytearray"));
    }
    let place = if index < 0 { index + len } else { index };
    if !(0..len).contains(&place) {
        return Err(cx.index_error("pop index out of range"));
    }
    check_exports(cx, id)?;
    Ok(Value::Int(data_mut(cx, id).remove(place as usize) as i64))
}

pub fn bytearray_remove(cx: &mut Cx, args: &[Value]) -> Outcome {
    let byte = byte(cx, args[1])?;
    let id = id_of(cx, args[0]);
    let Some(place) = memchr::memchr(byte, data_mut(cx, id)) else {
        return Err(cx.value_error("value not found in bytearray"));
    };
    check_exports(cx, id)?;
    data_mut(cx, id).remove(place);
    Ok(Value::None)
}

pub fn bytearray_reverse(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0]);
    data_mut(cx, id).reverse();
    Ok(Value::None)
}

pub fn bytearray_clear(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0]);
    check_exports(cx, id)?;
    data_mut(cx, id).clear();
    Ok(Value::None)
}

pub fn bytearray_copy(cx: &mut Cx, args: &[Value]) -> Outcome {
    let data = this(cx, args[0]).to_vec();
    cx.heap.ensure(data.len())?;
    Ok(bytearray::new(cx, data))
}

pub fn bytearray_alloc(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0]);
    Ok(Value::Int(data_mut(cx, id).capacity() as i64 + 1))
}

pub fn bytearray_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let data = this(cx, args[0]).to_vec();
    let arguments = if data.is_empty() {
        cx.heap.empty_tuple
    } else {
        let data = cx.heap.new_bytes(data);
        cx.heap.new_tuple(&[data])
    };
    let class = Value::Class(cx.class_of(args[0]));
    let state = reduce::object_getstate(cx, &args[..1])?;
    Ok(cx.heap.new_tuple(&[class, arguments, state]))
}

pub fn bytearray_iadd(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(data) = buffer::bytes_of(cx, args[1]) else {
        let message = format!("can't concat {} to {}", cx.class_name(args[1]), cx.class_name(args[0]));
        return Err(cx.type_error(message));
    };
    let data = data.into_owned();
    let id = id_of(cx, args[0]);
    append_all(cx, id, &data)?;
    Ok(args[0])
}

pub fn bytearray_imul(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Int(count) = args[1] else { crate::bug!("a size is an Int") };
    let id = id_of(cx, args[0]);
    let data = data_mut(cx, id).clone();
    let count = count.max(0) as usize;
    let Some(total) = data.len().checked_mul(count) else { return Err(cx.memory_error()) };
    if total != data.len() {
        check_exports(cx, id)?;
    }
    grow(cx, id, total.saturating_sub(data.len()))?;
    *data_mut(cx, id) = data.repeat(count);
    Ok(args[0])
}

/// `array.extend(source)`
pub fn bytearray_extend(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0]);
    let source = args[1];
    match cx.exact(source) {
        Value::Str(_) => {
            let class = cx.class_name(source);
            return Err(cx.type_error(format!("expected iterable of integers; got: '{class}'")));
        }
        Value::Int(_) | Value::Bool(_) | Value::BigInt(_) | Value::Float(_) | Value::None => {
            return Err(not_extendable(cx, source));
        }
        _ => {}
    }
    if let Some(data) = make::quick_source(cx, source, true) {
        let data = data?;
        append_all(cx, id, &data)?;
        return Ok(Value::None);
    }
    let is_iterable = protocol::plain_iter(cx, source).is_some()
        || cx.special_of(source, Special::Iter).is_some()
        || cx.special_of(source, Special::GetItem).is_some();
    if !is_iterable {
        return Err(not_extendable(cx, source));
    }
    launch(cx, NativeFrame::new(EXTEND, &[args[0], source]))
}

fn not_extendable(cx: &mut Cx, source: Value) -> Ask {
    let message = format!("can't extend bytearray with {}", cx.class_name(source));
    cx.raise(classes::TYPE_ERROR, message)
}

fn extend_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let data = if frame.step == 0 {
        frame.step = 1;
        make::source(cx, frame.values[1], true).map_err(Ask::to_come_back)?
    } else {
        frame.told.into_outcome()?
    };
    let data = this(cx, data).to_vec();
    let id = id_of(cx, frame.values[0]);
    append_all(cx, id, &data)?;
    Ok(Value::None)
}
