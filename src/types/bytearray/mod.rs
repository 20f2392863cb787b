//! `bytearray`: its state, [`item`] access, and the methods that change its [`content`].
//!
//! What it shares with bytes is in `types/bytes/`, its rows too.

pub mod content;
pub mod item;

use crate::call::{Ask, Cx};
use crate::types::memoryview::MemoryView;
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::slab::Gray;
use crate::value::{Full, Id, Value};

/// The state of a bytearray.
#[derive(Default)]
pub struct ByteArray {
    pub data: Vec<u8>,
    /// Of an `array.array` the type code of its items; 0: it is a bytearray.
    pub code: u8,
    /// How many memoryviews look at it: while there is one, its length stays.
    pub n_exports: usize,
    /// The number of the major collection after which they were counted anew, if none was made since.
    pub counted_after: Option<usize>,
    /// That after which the next one was asked for.
    pub asked_after: Option<usize>,
}

impl NativeObject for ByteArray {
    fn trace(&self, _gray: &mut Gray) {}
    fn bytes(&self) -> usize {
        size_of::<ByteArray>() + self.data.capacity()
    }
}

/// A new bytearray.
pub fn new(cx: &mut Cx, data: Vec<u8>) -> Value {
    cx.heap.new_native(super::classes::BYTEARRAY, ByteArray { data, ..ByteArray::default() })
}

/// `BufferError: Existing exports of data: object cannot be re-sized`
pub fn exports_error(cx: &mut Cx) -> Ask {
    cx.raise(super::classes::BUFFER_ERROR, "Existing exports of data: object cannot be re-sized")
}

fn resize_error(cx: &mut Cx, id: Id<Boxed>) -> Ask {
    match cx.heap.native::<ByteArray>(id) {
        Some(array) if array.code != 0 => {
            cx.raise(super::classes::BUFFER_ERROR, "cannot resize an array that is exporting buffers")
        }
        _ => exports_error(cx),
    }
}

/// Whether the length may change: no live view may look at it.
///
/// Views that nobody has any more still count until they are collected, so a collection comes before the error; the
/// native runs again after it.
pub fn check_exports(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    let Some(array) = cx.heap.native::<ByteArray>(id) else { return Ok(()) };
    if array.n_exports == 0 {
        return Ok(());
    }
    let n_collections = cx.heap.n_collections[1];
    if array.counted_after == Some(n_collections) {
        return Err(resize_error(cx, id));
    }
    if array.asked_after.is_some_and(|asked| asked < n_collections) {
        let is_view = |object: &Boxed| object.as_ref::<MemoryView>().is_some_and(|view| view.is_of(&cx.heap, id));
        let n_exports = cx.heap.natives.iter_old().filter(|(_, object)| is_view(object)).count();
        if let Some(array) = cx.heap.native_mut::<ByteArray>(id) {
            array.n_exports = n_exports;
            array.asked_after = None;
            array.counted_after = Some(n_collections);
        }
        return if n_exports == 0 { Ok(()) } else { Err(resize_error(cx, id)) };
    }
    if let Some(array) = cx.heap.native_mut::<ByteArray>(id) {
        array.asked_after = Some(n_collections);
    }
    cx.heap.is_major_wanted = true;
    Err(Ask::Full)
}

/// Room for `extra` more bytes, charged; growth is in proportion to the length.
pub fn grow(cx: &mut Cx, id: Id<Boxed>, extra: usize) -> Result<(), Full> {
    let Some(array) = cx.heap.native::<ByteArray>(id) else { return Ok(()) };
    let free = array.data.capacity() - array.data.len();
    if free >= extra {
        return Ok(());
    }
    let more = (extra - free).max(array.data.capacity() / 2);
    let is_old = cx.heap.natives.is_old(id);
    cx.heap.reserve_for(more, is_old)?;
    if let Some(array) = cx.heap.native_mut::<ByteArray>(id) {
        array.data.reserve_exact(free + more);
    }
    Ok(())
}
