//! `BytesIO`: a file in memory.

use super::argument::{self, closed_error, truth};
use super::native_id;
use crate::call::{Ask, Cx, Outcome};
use crate::types::bytes::buffer;
use crate::types::{bytearray, class, classes, memoryview};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::slab::Gray;
use crate::value::{Id, Value};

/// The state of a BytesIO.
pub struct BytesIo {
    /// A bytearray that nobody else has, so that views can look at it; Undef once closed.
    pub data: Value,
    pub pos: usize,
}

impl NativeObject for BytesIo {
    fn trace(&self, gray: &mut Gray) {
        crate::value::sequence::trace_values(&[self.data], gray);
    }
    fn bytes(&self) -> usize {
        size_of::<BytesIo>()
    }
}

crate::natives! {
    /// The rows of `BytesIO`.
    pub static BYTES_IO = [
        new "__new__(cls, *args, **kwargs)" => bytes_io_new, "Creates a file in memory.";
        special "__init__(self, initial_bytes=b'')" => bytes_io_init, "Fills it.";
        method "read(self, size=-1, /)" => bytes_io_read, "Reads at most so many bytes, or all.";
        method "read1(self, size=-1, /)" => bytes_io_read, "Reads at most so many bytes, or all.";
        method "readinto(self, buffer, /)" => bytes_io_readinto, "Reads into a buffer; gives the number of bytes.";
        method "readline(self, size=-1, /)" => bytes_io_readline, "The next line.";
        method "write(self, b, /)" => bytes_io_write, "Writes bytes; gives their number.";
        method "seek(self, pos, whence=0, /)" => bytes_io_seek, "Changes the position.";
        method "tell(self, /)" => bytes_io_tell, "The position.";
        method "truncate(self, size=None, /)" => bytes_io_truncate, "Cuts the file off.";
        method "getvalue(self, /)" => bytes_io_getvalue, "All bytes.";
        method "getbuffer(self, /)" => bytes_io_getbuffer, "A view of the bytes.";
        method "close(self, /)" => bytes_io_close, "Frees the bytes.";
        method "readable(self, /)" => bytes_io_able, "True.";
        method "writable(self, /)" => bytes_io_able, "True.";
        method "seekable(self, /)" => bytes_io_able, "True.";
        method "isatty(self, /)" => bytes_io_isatty, "False.";
        method "flush(self, /)" => bytes_io_flush, "Does nothing.";
        attr "closed" => bytes_io_closed, "True if the file is closed.";
    ]
}

fn bytes_io_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let data = bytearray::new(cx, Vec::new());
    let payload = cx.heap.new_native(classes::BYTES_IO, BytesIo { data, pos: 0 });
    of_class(cx, args[0], classes::BYTES_IO, payload)
}

/// The new object itself, or an instance of a script subclass around it.
pub fn of_class(cx: &mut Cx, class: Value, own: Id<crate::value::Class>, payload: Value) -> Outcome {
    match class {
        Value::Class(id) if id != own => Ok(class::allocate(cx, id, payload)),
        _ => Ok(payload),
    }
}

fn bytes_io_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let data = match cx.none_or(args[1]) {
        Some(initial) => buffer::require(cx, initial)?,
        None => Vec::new(),
    };
    let Some(id) = native_id(cx, args[0]) else { return Err(closed_error(cx)) };
    let data = bytearray::new(cx, data);
    if let Some(file) = cx.heap.native_mut::<BytesIo>(id) {
        *file = BytesIo { data, pos: 0 };
    }
    Ok(Value::None)
}

/// Its state, with the bytes; ValueError if it is closed.
fn open(cx: &mut Cx, this: Value) -> Result<(Id<Boxed>, Id<Boxed>, usize), Ask> {
    let found = native_id(cx, this).and_then(|id| cx.heap.native::<BytesIo>(id).map(|file| (id, file.data, file.pos)));
    match found {
        Some((id, Value::Native(data), pos)) => Ok((id, data, pos)),
        _ => Err(closed_error(cx)),
    }
}

fn data(cx: &Cx, id: Id<Boxed>) -> &[u8] {
    cx.heap.native::<bytearray::ByteArray>(id).map_or(&[], |array| &array.data)
}

fn set_pos(cx: &mut Cx, id: Id<Boxed>, pos: usize) {
    if let Some(file) = cx.heap.native_mut::<BytesIo>(id) {
        file.pos = pos;
    }
}

fn take(cx: &mut Cx, id: Id<Boxed>, array: Id<Boxed>, pos: usize, len: usize) -> Outcome {
    cx.heap.ensure(len)?;
    let piece = data(cx, array)[pos..pos + len].to_vec();
    set_pos(cx, id, pos + len);
    Ok(cx.heap.new_bytes(piece))
}

fn bytes_io_read(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, array, pos) = open(cx, args[0])?;
    let size = argument::size(cx, args[1])?;
    let rest = data(cx, array).len().saturating_sub(pos);
    if rest == 0 {
        return Ok(cx.heap.empty_bytes);
    }
    take(cx, id, array, pos, size.unwrap_or(usize::MAX).min(rest))
}

fn bytes_io_readline(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, array, pos) = open(cx, args[0])?;
    let size = argument::size(cx, args[1])?;
    let rest = data(cx, array).get(pos..).unwrap_or_default();
    let len = argument::line_len(rest, size);
    if len == 0 {
        return Ok(cx.heap.empty_bytes);
    }
    take(cx, id, array, pos, len)
}

fn bytes_io_readinto(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, array, pos) = open(cx, args[0])?;
    let room = memoryview::writable_len(cx, args[1], "readinto")?;
    let rest = data(cx, array).get(pos..).unwrap_or_default();
    let piece = rest[..room.min(rest.len())].to_vec();
    memoryview::write_front(cx, args[1], &piece);
    set_pos(cx, id, pos + piece.len());
    Ok(Value::Int(piece.len() as i64))
}

fn bytes_io_write(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, array, pos) = open(cx, args[0])?;
    let written = buffer::require(cx, args[1])?;
    if written.is_empty() {
        return Ok(Value::Int(0));
    }
    let len = data(cx, array).len();
    let end = pos + written.len();
    if end > len {
        bytearray::check_exports(cx, array)?;
        bytearray::grow(cx, array, end - len)?;
    }
    if let Some(bytes) = cx.heap.native_mut::<bytearray::ByteArray>(array) {
        if end > len {
            bytes.data.resize(end, 0);
        }
        bytes.data[pos..end].copy_from_slice(&written);
    }
    set_pos(cx, id, end);
    Ok(Value::Int(written.len() as i64))
}

fn bytes_io_seek(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, array, pos) = open(cx, args[0])?;
    let offset = argument::position(cx, args[1])?;
    let whence = argument::whence(cx, args[2])?;
    let base = match whence {
        0 if offset < 0 => return Err(cx.value_error(format!("negative seek value {offset}"))),
        0 => 0,
        1 => pos as i64,
        2 => data(cx, array).len() as i64,
        other => return Err(cx.value_error(format!("invalid whence ({other}, should be 0, 1 or 2)"))),
    };
    let place = base.saturating_add(offset).max(0);
    set_pos(cx, id, place as usize);
    Ok(Value::Int(place))
}

fn bytes_io_tell(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (_, _, pos) = open(cx, args[0])?;
    Ok(Value::Int(pos as i64))
}

fn bytes_io_truncate(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (_, array, pos) = open(cx, args[0])?;
    bytearray::check_exports(cx, array)?;
    let size = match cx.none_or(args[1]) {
        None => pos as i64,
        Some(size) => argument::position(cx, size)?,
    };
    if size < 0 {
        return Err(cx.value_error(format!("negative size value {size}")));
    }
    if let Some(bytes) = cx.heap.native_mut::<bytearray::ByteArray>(array) {
        bytes.data.truncate(size as usize);
    }
    Ok(Value::Int(size))
}

fn bytes_io_getvalue(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (_, array, _) = open(cx, args[0])?;
    let all = data(cx, array).to_vec();
    cx.heap.ensure(all.len())?;
    Ok(cx.heap.new_bytes(all))
}

fn bytes_io_getbuffer(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (_, array, _) = open(cx, args[0])?;
    memoryview::of(cx, Value::Native(array))
}

fn bytes_io_close(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Ok((id, array, _)) = open(cx, args[0]) else { return Ok(Value::None) };
    bytearray::check_exports(cx, array)?;
    if let Some(file) = cx.heap.native_mut::<BytesIo>(id) {
        file.data = Value::Undef;
    }
    Ok(Value::None)
}

fn bytes_io_able(cx: &mut Cx, args: &[Value]) -> Outcome {
    open(cx, args[0]).and(truth(true))
}

fn bytes_io_isatty(cx: &mut Cx, args: &[Value]) -> Outcome {
    open(cx, args[0]).and(truth(false))
}

fn bytes_io_flush(cx: &mut Cx, args: &[Value]) -> Outcome {
    open(cx, args[0]).and(Ok(Value::None))
}

fn bytes_io_closed(cx: &mut Cx, args: &[Value]) -> Outcome {
    truth(open(cx, args[0]).is_err())
}
