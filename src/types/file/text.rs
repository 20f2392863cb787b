//! `TextIOWrapper`: text over a buffered file.

use super::argument::closed_error;
use super::newline::Newlines;
use super::standard;
use crate::call::{Cx, MachineAsk, Outcome};
use crate::host::{HostOp, StandardStream, Written};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Id, Value};

/// A text file.
pub struct TextFile {
    /// Undef: detached.
    pub buffer: Value,
    /// Strs.
    pub encoding: Value,
    pub errors: Value,
    pub mode: Value,
    pub newlines: Newlines,
    pub is_line_buffered: bool,
    pub is_write_through: bool,
    /// The standard stream that it leads to, while nothing stands between.
    pub direct: Option<StandardStream>,
    /// Decoded and not yet given away from `read_pos` on.
    pub read: Vec<u8>,
    pub read_pos: usize,
    /// Read and not yet decoded.
    pub undecoded: Vec<u8>,
    /// Encoded and not yet written.
    pub write: Vec<u8>,
}

impl TextFile {
    /// Over this buffer; nothing is read yet.
    pub fn new(cx: &mut Cx, buffer: Value, encoding: &str, errors: &str, newlines: Newlines) -> Self {
        TextFile {
            buffer,
            encoding: cx.str(encoding),
            errors: cx.str(errors),
            mode: Value::None,
            newlines,
            is_line_buffered: false,
            is_write_through: false,
            direct: None,
            read: Vec::new(),
            read_pos: 0,
            undecoded: Vec::new(),
            write: Vec::new(),
        }
    }
}

impl NativeObject for TextFile {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.buffer, self.encoding, self.errors, self.mode], gray);
    }
    fn bytes(&self) -> usize {
        size_of::<TextFile>() + self.read.capacity() + self.undecoded.capacity() + self.write.capacity()
    }
}

crate::natives! {
    /// The rows of `TextIOWrapper`.
    pub static TEXT_IO_WRAPPER = [
        method "write(self, text: str, /)" => text_write, "Writes a str; gives its length.";
        method "flush(self, /)" => text_flush, "Writes what is kept back.";
    ]
}

fn text_write(cx: &mut Cx, args: &[Value]) -> Outcome {
    match super::native_id(cx, args[0]) {
        Some(id) => write(cx, id, args[1]),
        None => Err(closed_error(cx)),
    }
}

fn text_flush(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(stream) = standard::direct(cx, cx.exact(args[0])) else { return Err(closed_error(cx)) };
    match cx.host.flush_stream(stream) {
        Ok(Written::Done) => Ok(Value::None),
        Ok(Written::Full) => Err(cx.ask_machine(MachineAsk::Operation(Box::new(HostOp::StreamWritable(stream))))),
        Err(error) => Err(crate::types::os_error::raise(cx, &error)),
    }
}

/// Writes a str.
pub fn write(cx: &mut Cx, file: Id<Boxed>, text: Value) -> Outcome {
    let Some(stream) = standard::direct(cx, Value::Native(file)) else { return Err(closed_error(cx)) };
    let Value::Str(id) = cx.exact(text) else { crate::bug!("only strs are written") };
    let written = if cx.heap.is_ascii(id) {
        let result = cx.host.write_stream(stream, cx.heap.text(id));
        result.map_err(|error| crate::types::os_error::raise(cx, &error))?
    } else {
        standard::write_encoded(cx, stream, text)?
    };
    match written {
        Written::Done => Ok(Value::Int(cx.heap.n_chars(id) as i64)),
        Written::Full => Err(cx.ask_machine(MachineAsk::Operation(Box::new(HostOp::StreamWritable(stream))))),
    }
}
