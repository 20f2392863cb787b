//! `bytearray`.

use crate::call::{Ask, Cx};
use crate::value::native_object::NativeObject;
use crate::value::slab::Gray;
use crate::value::{Full, Id, Value};

/// The state of a bytearray.
#[derive(Default)]
pub struct ByteArray {
    pub data: Vec<u8>,
    /// How many memoryviews look at it: while there is one, its length stays.
    pub n_exports: usize,
}

impl NativeObject for ByteArray {
    fn trace(&self, _gray: &mut Gray) {}
    fn bytes(&self) -> usize {
        size_of::<ByteArray>() + self.data.capacity()
    }
}

/// A new bytearray.
pub fn new(cx: &mut Cx, data: Vec<u8>) -> Value {
    cx.heap.new_native(super::classes::BYTEARRAY, ByteArray { data, n_exports: 0 })
}

/// `BufferError: Existing exports of data: object cannot be re-sized`
pub fn exports_error(cx: &mut Cx) -> Ask {
    cx.raise(super::classes::BUFFER_ERROR, "Existing exports of data: object cannot be re-sized")
}

/// Room for `extra` more bytes, charged; growth is in proportion to the length.
pub fn grow(cx: &mut Cx, id: Id<crate::value::native_object::Boxed>, extra: usize) -> Result<(), Full> {
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
