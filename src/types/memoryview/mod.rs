//! `memoryview` over bytes, bytearray and other views: the state of a view, and how natives read and write through it.
//!
//! The rows are in [`natives`], items and slices in [`item`], formats in [`format`].

pub mod format;
pub mod item;
pub mod natives;

use super::bytearray::ByteArray;
use crate::call::{Ask, Cx, Outcome};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Heap, Id, Value};

/// A view: items in a buffer, by shape and strides.
#[derive(Clone)]
pub struct MemoryView {
    /// bytes, bytearray, or an instance of a subclass; Undef once released.
    pub owner: Value,
    /// Where the first item begins.
    pub start: usize,
    /// `B`, `b`, `c`, `i`, …, as the struct module has them.
    pub format: u8,
    pub item_len: usize,
    pub shape: Vec<usize>,
    /// In bytes.
    pub strides: Vec<isize>,
    pub is_readonly: bool,
    /// Its hash, once it was asked for: it outlives the release.
    pub hash: Option<i64>,
}

impl NativeObject for MemoryView {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.owner], gray);
    }
    fn bytes(&self) -> usize {
        size_of::<MemoryView>() + (self.shape.capacity() + self.strides.capacity()) * size_of::<usize>()
    }
}

impl MemoryView {
    /// How many items.
    pub fn n_items(&self) -> usize {
        self.shape.iter().product()
    }

    /// How many bytes the items have.
    pub fn n_bytes(&self) -> usize {
        self.n_items() * self.item_len
    }

    /// Whether it looks at this bytearray.
    pub fn is_of(&self, heap: &Heap, array: Id<Boxed>) -> bool {
        match self.owner {
            Value::Native(id) => id == array,
            Value::Inst(id) => heap.insts.get(id).payload() == Value::Native(array),
            _ => false,
        }
    }

    /// Whether the items stand side by side in the order of a C array.
    pub fn is_contiguous(&self) -> bool {
        let mut expected = self.item_len as isize;
        for (&len, &stride) in self.shape.iter().zip(&self.strides).rev() {
            if len > 1 && stride != expected {
                return self.n_items() == 0;
            }
            expected *= len as isize;
        }
        true
    }
}

/// The bytes that a view looks at, whole; None once it is released.
pub fn owner_data<'a>(cx: &'a Cx, view: &MemoryView) -> Option<&'a [u8]> {
    if view.owner.is_undef() {
        return None;
    }
    super::bytes::data_of(cx, view.owner)
}

/// The bytes of the items, if they stand side by side.
pub fn side_by_side<'a>(cx: &'a Cx, view: &MemoryView) -> Option<&'a [u8]> {
    let data = owner_data(cx, view)?;
    if !view.is_contiguous() {
        return None;
    }
    if view.n_items() == 0 {
        return Some(&[]);
    }
    data.get(view.start..view.start + view.n_bytes())
}

/// The bytes of the items, one after the other.
pub fn gather(cx: &Cx, view: &MemoryView) -> Option<Vec<u8>> {
    let data = owner_data(cx, view)?;
    let mut bytes = Vec::with_capacity(view.n_bytes());
    for offset in offsets(view) {
        bytes.extend_from_slice(&data[offset..offset + view.item_len]);
    }
    Some(bytes)
}

/// Where each item begins, in the order of a C array.
pub fn offsets(view: &MemoryView) -> Vec<usize> {
    let mut offsets = vec![view.start as isize];
    for (&len, &stride) in view.shape.iter().zip(&view.strides) {
        offsets = offsets.iter().flat_map(|&start| (0..len as isize).map(move |nth| start + nth * stride)).collect();
    }
    offsets.into_iter().map(|offset| offset as usize).collect()
}

/// `ValueError: operation forbidden on released memoryview object`
pub fn released_error(cx: &mut Cx) -> Ask {
    cx.value_error("operation forbidden on released memoryview object")
}

/// `memoryview(value)`.
pub fn of(cx: &mut Cx, value: Value) -> Outcome {
    if let Value::Native(id) = value
        && let Some(view) = cx.heap.native::<MemoryView>(id)
    {
        if view.owner.is_undef() {
            return Err(released_error(cx));
        }
        let copy = view.clone();
        return Ok(make(cx, copy));
    }
    let Some(len) = super::bytes::data_of(cx, value).map(<[u8]>::len) else {
        let message = format!("memoryview: a bytes-like object is required, not '{}'", cx.class_name(value));
        return Err(cx.type_error(message));
    };
    let (format, item_len) = match super::array::array_of(cx, value) {
        Some(id) => super::array::format_of(cx, id),
        None => (b'B', 1),
    };
    let view = MemoryView {
        owner: value,
        start: 0,
        format,
        item_len,
        shape: vec![len / item_len],
        strides: vec![item_len as isize],
        is_readonly: matches!(cx.exact(value), Value::Bytes(_)),
        hash: None,
    };
    Ok(make(cx, view))
}

/// A new view, counted by the bytearray that it looks at.
pub fn make(cx: &mut Cx, mut view: MemoryView) -> Value {
    view.hash = None;
    count_export(cx, view.owner, 1);
    cx.heap.new_native(super::classes::MEMORYVIEW, view)
}

/// The view looks at nothing any more.
pub fn release(cx: &mut Cx, id: Id<Boxed>) {
    if let Some(view) = cx.heap.native_mut::<MemoryView>(id) {
        let owner = std::mem::take(&mut view.owner);
        count_export(cx, owner, -1);
    }
}

/// One view more or less looks at a bytearray.
fn count_export(cx: &mut Cx, owner: Value, change: isize) {
    if let Some(array) = byte_array(cx, owner) {
        array.n_exports = array.n_exports.saturating_add_signed(change);
        array.counted_after = None;
    }
}

/// The bytearray that a value is.
fn byte_array(cx: &mut Cx, value: Value) -> Option<&mut ByteArray> {
    match cx.exact(value) {
        Value::Native(id) => cx.heap.native_mut::<ByteArray>(id),
        _ => None,
    }
}

/// How many bytes can be written into a bytearray or a view of one; a TypeError for anything else.
pub fn writable_len(cx: &mut Cx, value: Value, function: &str) -> Result<usize, Ask> {
    if let Some(array) = byte_array(cx, value) {
        return Ok(array.data.len());
    }
    if let Value::Native(id) = value
        && let Some(view) = cx.heap.native::<MemoryView>(id)
        && !view.is_readonly
    {
        return if view.owner.is_undef() { Err(released_error(cx)) } else { Ok(view.n_bytes()) };
    }
    let message = format!("{function}() argument must be read-write bytes-like object, not {}", cx.class_name(value));
    Err(cx.type_error(message))
}

/// Writes bytes to the front of what [`writable_len`] measured; they fit.
pub fn write_front(cx: &mut Cx, value: Value, bytes: &[u8]) {
    if let Some(array) = byte_array(cx, value) {
        array.data[..bytes.len()].copy_from_slice(bytes);
        return;
    }
    let Value::Native(id) = value else { return };
    let Some(view) = cx.heap.native::<MemoryView>(id).cloned() else { return };
    let places = offsets(&view);
    if let Some(array) = byte_array(cx, view.owner) {
        for (piece, offset) in bytes.chunks(view.item_len).zip(places) {
            array.data[offset..offset + piece.len()].copy_from_slice(piece);
        }
    }
}
