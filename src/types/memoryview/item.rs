//! `view[index]`, slices of views, and assignment to both.

use super::{MemoryView, byte_array, format, gather, make, offsets, owner_data, released_error};
use crate::call::{Ask, Cx, Outcome};
use crate::types::bytes::buffer;
use crate::types::slice::{self, Selection};
use crate::types::{array, protocol};
use crate::value::special::Special;
use crate::value::{Id, NativeFrame, NativeId, Slice, Told, Value};

/// A view that is not released.
pub fn open(cx: &mut Cx, this: Value) -> Result<MemoryView, Ask> {
    let view = match this {
        Value::Native(id) => cx.heap.native::<MemoryView>(id).cloned(),
        _ => None,
    };
    match view {
        Some(view) if !view.owner.is_undef() => Ok(view),
        Some(_) | None => Err(released_error(cx)),
    }
}

crate::natives! {
    /// Steps: keys that script code makes ints.
    pub static MEMORYVIEW_STEPS = [
        hidden "item(view, key, value=)" => step index_step, "`view[key]`, or its assignment, with a plain key.";
    ]
}

const ITEM: NativeId = NativeId { table: crate::tables::MEMORYVIEW_STEPS, row: 0 };

/// Asks for the index that a key is by its `__index__`; None if it is plain, or none at all.
fn ask_index(cx: &mut Cx, args: &[Value]) -> Option<Ask> {
    let exact = cx.exact(args[1]);
    let is_object = matches!(exact, Value::Inst(_) | Value::Native(_) | Value::Exc(_));
    (is_object && cx.special_of(exact, Special::Index).is_some()).then(|| {
        let mut frame = NativeFrame::new(ITEM, args);
        frame.values.resize(3, Value::Undef);
        cx.ask_push(frame)
    })
}

fn index_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let index = protocol::index(cx, frame.values[1]).map_err(Ask::to_come_back)?;
        frame.told = Told::Value(index);
    }
    frame.values[1] = frame.told.into_outcome()?;
    match frame.values[2] {
        Value::Undef => memoryview_getitem(cx, &frame.values[..2]),
        _ => memoryview_setitem(cx, &frame.values),
    }
}

pub fn memoryview_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let view = open(cx, args[0])?;
    if let Some(ask) = ask_index(cx, args) {
        return Err(ask);
    }
    match cx.exact(args[1]) {
        Value::Slice(id) => {
            let part = sliced(cx, view, id)?;
            Ok(make(cx, part))
        }
        Value::Ellipsis if view.shape.is_empty() => Ok(make(cx, view)),
        _ => {
            let offset = item_offset(cx, &view, args[1])?;
            read(cx, &view, offset)
        }
    }
}

/// The value of the item at an offset.
pub fn read(cx: &mut Cx, view: &MemoryView, offset: usize) -> Outcome {
    let Some(data) = owner_data(cx, view) else { return Err(released_error(cx)) };
    let item = data[offset..offset + view.item_len].to_vec();
    Ok(format::unpack(cx, view.format, &item))
}

/// Where the item is that an index, or a tuple of them, names.
fn item_offset(cx: &mut Cx, view: &MemoryView, key: Value) -> Result<usize, Ask> {
    let keys = match cx.exact(key) {
        Value::Tuple(id) => {
            let keys = cx.heap.tuples.get(id).items().to_vec();
            if keys.iter().any(|key| matches!(key, Value::Slice(_))) {
                return Err(cx.not_implemented("multi-dimensional slicing is not implemented"));
            }
            if keys.len() < view.shape.len() {
                return Err(cx.not_implemented("sub-views are not implemented"));
            }
            keys
        }
        _ => vec![key],
    };
    let mut places = Vec::with_capacity(keys.len());
    for key in &keys {
        match cx.exact(*key).as_int() {
            Some(place) => places.push(place),
            None => return Err(cx.type_error("memoryview: invalid slice key")),
        }
    }
    let n_dimensions = view.shape.len();
    if n_dimensions == 0 {
        return Err(cx.type_error("invalid indexing of 0-dim memory"));
    }
    if places.len() > n_dimensions {
        let message = format!("cannot index {n_dimensions}-dimension view with {}-element tuple", places.len());
        return Err(cx.type_error(message));
    }
    if places.len() < n_dimensions {
        return Err(cx.not_implemented("multi-dimensional sub-views are not implemented"));
    }
    let mut offset = view.start as isize;
    for (dimension, &place) in places.iter().enumerate() {
        let len = view.shape[dimension] as i64;
        let place = if place < 0 { place + len } else { place };
        if !(0..len).contains(&place) {
            return Err(cx.index_error(format!("index out of bounds on dimension {}", dimension + 1)));
        }
        offset += place as isize * view.strides[dimension];
    }
    Ok(offset as usize)
}

/// The view of a part of the first dimension.
fn sliced(cx: &mut Cx, mut view: MemoryView, slice: Id<Slice>) -> Result<MemoryView, Ask> {
    if view.shape.is_empty() {
        return Err(cx.type_error("invalid indexing of 0-dim memory"));
    }
    let Selection { start, step, count, .. } = match slice::select(cx, slice::parts(cx, slice), view.shape[0]) {
        Some(Ok(selection)) => selection,
        Some(Err(_)) => return Err(slice::zero_step(cx)),
        None => return Err(slice::bad_bound(cx)),
    };
    view.start = (view.start as isize + start as isize * view.strides[0]) as usize;
    view.shape[0] = count;
    view.strides[0] *= step as isize;
    Ok(view)
}

pub fn memoryview_setitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let view = open(cx, args[0])?;
    if view.is_readonly {
        return Err(cx.type_error("cannot modify read-only memory"));
    }
    if let Some(ask) = ask_index(cx, args) {
        return Err(ask);
    }
    if let Value::Slice(id) = cx.exact(args[1]) {
        if view.shape.len() > 1 {
            return Err(cx.not_implemented("memoryview slice assignments are currently restricted to ndim = 1"));
        }
        let part = sliced(cx, view, id)?;
        return assign(cx, &part, args[2]);
    }
    let offset = item_offset(cx, &view, args[1])?;
    let item = format::pack(cx, view.format, args[2])?;
    if let Some(array) = byte_array(cx, view.owner) {
        array.data[offset..offset + item.len()].copy_from_slice(&item);
    }
    Ok(Value::None)
}

fn assign(cx: &mut Cx, part: &MemoryView, source: Value) -> Outcome {
    let Some(data) = buffer::bytes_of(cx, source) else { return Err(buffer::not_bytes_like(cx, source)) };
    let data = data.into_owned();
    let format = match source {
        Value::Native(id) => match cx.heap.native::<MemoryView>(id) {
            Some(view) => view.format,
            None => array::array_of(cx, source).map_or(b'B', |id| array::format_of(cx, id).0),
        },
        _ => b'B',
    };
    if data.len() != part.n_bytes() || format != part.format {
        return Err(cx.value_error("memoryview assignment: lvalue and rvalue have different structures"));
    }
    let places = offsets(part);
    let item_len = part.item_len;
    if let Some(array) = byte_array(cx, part.owner) {
        for (item, place) in data.chunks(item_len).zip(places) {
            array.data[place..place + item_len].copy_from_slice(item);
        }
    }
    Ok(Value::None)
}

pub fn memoryview_delitem(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.type_error("cannot delete memory"))
}

/// The items as nested lists.
pub fn to_list(cx: &mut Cx, view: &MemoryView) -> Outcome {
    let Some(data) = gather(cx, view) else { return Err(released_error(cx)) };
    cx.heap.ensure(view.n_items() * size_of::<Value>())?;
    let mut level: Vec<Value> = data.chunks(view.item_len).map(|item| format::unpack(cx, view.format, item)).collect();
    if view.shape.is_empty() {
        return Ok(level[0]);
    }
    // The innermost lists first.
    for &len in view.shape[1..].iter().rev() {
        level = level.chunks(len.max(1)).map(<[Value]>::to_vec).map(|items| cx.heap.new_list(items)).collect();
    }
    Ok(cx.heap.new_list(level))
}
