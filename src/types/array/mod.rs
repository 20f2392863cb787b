//! `array.array`: numbers or characters side by side in memory.
//!
//! 1. [`pack`]: an item to bytes and back. 2. [`make`]: new arrays and what fills them. 3. [`item`]: indices and slices.
//! 4. [`content`]: the other methods. 5. [`natives`]: the rows.
//!
//! Its state is that of a bytearray with a letter for the type of its items, so that views and whatever reads buffers
//! need not know it.

pub mod content;
pub mod item;
pub mod make;
pub mod natives;
pub mod pack;

use crate::call::{Ask, Cx};
use crate::types::bytearray::{self, ByteArray};
use crate::types::classes;
use crate::value::native_object::Boxed;
use crate::value::{Id, Value};

/// All type codes.
pub const CODES: &[u8] = b"bBuwhHiIlLqQfd";

/// The bytes of an item.
pub fn item_len(code: u8) -> usize {
    match code {
        b'b' | b'B' => 1,
        b'h' | b'H' => 2,
        b'i' | b'I' | b'f' | b'u' | b'w' => 4,
        _ => 8,
    }
}

/// Whether the items are characters.
pub fn is_text(code: u8) -> bool {
    matches!(code, b'u' | b'w')
}

/// A new array.
pub fn new(cx: &mut Cx, code: u8, data: Vec<u8>) -> Value {
    cx.heap.new_native(classes::ARRAY, ByteArray { data, code, ..ByteArray::default() })
}

/// The array that `self` is or carries.
pub fn this(cx: &Cx, value: Value) -> Id<Boxed> {
    array_of(cx, value).unwrap_or_else(|| crate::bug!("self of a method of array is {value:?}"))
}

/// The array that a value is or carries; None for anything else.
pub fn array_of(cx: &Cx, value: Value) -> Option<Id<Boxed>> {
    let Value::Native(id) = cx.exact(value) else { return None };
    cx.heap.native::<ByteArray>(id).filter(|array| array.code != 0).map(|_| id)
}

fn state(cx: &Cx, id: Id<Boxed>) -> &ByteArray {
    cx.heap.native::<ByteArray>(id).expect("it is an array")
}

fn data_mut(cx: &mut Cx, id: Id<Boxed>) -> &mut Vec<u8> {
    &mut cx.heap.native_mut::<ByteArray>(id).expect("it is an array").data
}

fn code_of(cx: &Cx, id: Id<Boxed>) -> u8 {
    state(cx, id).code
}

/// The format and size of its items, as views have them.
pub fn format_of(cx: &Cx, id: Id<Boxed>) -> (u8, usize) {
    let code = code_of(cx, id);
    (code, item_len(code))
}

/// How many items.
fn len_of(cx: &Cx, id: Id<Boxed>) -> usize {
    let array = state(cx, id);
    array.data.len() / item_len(array.code)
}

/// The item at a place that is in it.
fn item_at(cx: &mut Cx, id: Id<Boxed>, place: usize) -> Value {
    let array = state(cx, id);
    let (code, len) = (array.code, item_len(array.code));
    let mut item = [0; 8];
    item[..len].copy_from_slice(&array.data[place * len..(place + 1) * len]);
    pack::unpack(cx, code, &item[..len])
}

/// All items. Memory is asked for before.
fn items(cx: &mut Cx, id: Id<Boxed>) -> Result<Vec<Value>, Ask> {
    let n_items = len_of(cx, id);
    cx.heap.ensure(n_items * size_of::<Value>())?;
    cx.burnt += n_items as i64 / 4;
    Ok((0..n_items).map(|place| item_at(cx, id, place)).collect())
}

/// Room for some more bytes; no view may look at it.
fn make_room(cx: &mut Cx, id: Id<Boxed>, extra: usize) -> Result<(), Ask> {
    bytearray::check_exports(cx, id)?;
    bytearray::grow(cx, id, extra)?;
    Ok(())
}
