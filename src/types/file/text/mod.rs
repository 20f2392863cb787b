//! `TextIOWrapper`: text over a buffered file.
//!
//! [`read`] and [`write`] are restartable steps whose progress is in the state here; the file below may be one of ours or any
//! object of the script. [`position`] finds places in bytes for places in the text. [`attributes`]: what it says of itself.

pub mod attributes;
pub mod position;
pub mod read;
pub mod write;

pub use write::write;

use super::argument::closed_error;
use super::buffered;
use super::bytes_io::{BytesIo, of_class};
use super::newline::{Newlines, Seen};
use super::{Buffered, FileIo, Way, native_id};
use crate::call::{Ask, Cx, Outcome, names};
use crate::host::StandardStream;
use crate::types::text::codec::Codec;
use crate::types::{classes, codecs, method_call};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Id, Name, NativeFrame, Value};

/// A text file.
pub struct TextFile {
    /// Undef: not made yet, or detached.
    pub buffer: Value,
    pub codec: Codec,
    /// Strs, as they were given.
    pub encoding: Value,
    pub errors: Value,
    pub mode: Value,
    pub newlines: Newlines,
    pub seen: Seen,
    pub is_line_buffered: bool,
    pub is_write_through: bool,
    /// The standard stream that it leads to, while nothing stands between.
    pub direct: Option<StandardStream>,
    /// Decoded text, of which what is before `read_pos` was given away.
    pub read: Vec<u8>,
    pub read_pos: usize,
    /// The bytes that `read` was decoded from, since it was last empty.
    pub chunk: Vec<u8>,
    /// Read and not yet decoded: the beginning of a character.
    pub undecoded: Vec<u8>,
    /// The text before ended with a `\r` that may be half of an end.
    pub has_pending_cr: bool,
    /// Encoded and not yet given to the file below.
    pub write: Vec<u8>,
    /// False while a loop over the lines reads ahead.
    pub can_tell: bool,
}

impl TextFile {
    /// Over this buffer; nothing is read yet. A LookupError if there is no such encoding.
    pub fn new(cx: &mut Cx, buffer: Value, encoding: &[u8], errors: &[u8], newlines: Newlines) -> Result<Self, Ask> {
        let codec = codecs::named(cx, encoding, "decode")?;
        Ok(TextFile {
            buffer,
            codec,
            encoding: cx.heap.new_str(encoding),
            errors: cx.heap.new_str(errors),
            mode: Value::Undef,
            newlines,
            seen: Seen::default(),
            is_line_buffered: false,
            is_write_through: false,
            direct: None,
            read: Vec::new(),
            read_pos: 0,
            chunk: Vec::new(),
            undecoded: Vec::new(),
            has_pending_cr: false,
            write: Vec::new(),
            can_tell: true,
        })
    }

    /// The text that is there to be read.
    pub fn rest(&self) -> &[u8] {
        &self.read[self.read_pos..]
    }

    /// Forgets what was read ahead.
    pub fn forget_read(&mut self) {
        self.read.clear();
        self.read_pos = 0;
        self.chunk.clear();
        self.undecoded.clear();
        self.has_pending_cr = false;
        self.can_tell = true;
    }
}

impl NativeObject for TextFile {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.buffer, self.encoding, self.errors, self.mode], gray);
    }
    fn bytes(&self) -> usize {
        let owned = [&self.read, &self.chunk, &self.undecoded, &self.write];
        size_of::<TextFile>() + owned.iter().map(|vector| vector.capacity()).sum::<usize>()
    }
    fn has_end(&self) -> bool {
        !self.buffer.is_undef() && self.direct.is_none()
    }
}

crate::natives! {
    /// The rows of `TextIOWrapper`.
    pub static TEXT_IO_WRAPPER = [
        new "__new__(cls, *args, **kwargs)" => text_new, "Creates a text file.";
        special "__init__(self, buffer, encoding=, errors=, newline=, line_buffering: truth=False, write_through: truth=False)" => text_init,
            "Puts it over a buffered file.";
        special "__repr__(self, /)" => attributes::text_repr, "Return repr(self).";
        special "__next__(self, /)" => read::text_next, "The next line.";
        special "__del__(self, /)" => write::text_close, "Closes the file.";
        method "read(self, size=-1, /)" => read::text_read, "Reads at most so many characters, or all.";
        method "readline(self, size=-1, /)" => read::text_readline, "The next line.";
        method "write(self, text, /)" => write::text_write, "Writes a str; gives its length.";
        method "flush(self, /)" => write::text_flush, "Writes what is kept back.";
        method "close(self, /)" => write::text_close, "Flushes and closes the file.";
        method "detach(self, /)" => write::text_detach, "Gives the buffered file away.";
        method "seek(self, cookie, whence=0, /)" => position::text_seek, "Moves the position.";
        method "tell(self, /)" => position::text_tell, "The position, as seek takes it.";
        method "truncate(self, pos=None, /)" => position::text_truncate, "Cuts the file off.";
        method "reconfigure(self, *, encoding=, errors=, newline=, line_buffering=, write_through=)" => attributes::text_reconfigure,
            "Changes how it reads and writes.";
        method "readable(self, /)" => attributes::text_readable, "Whether it can be read.";
        method "writable(self, /)" => attributes::text_writable, "Whether it can be written.";
        method "seekable(self, /)" => attributes::text_seekable, "Whether it has a position.";
        method "fileno(self, /)" => attributes::text_fileno, "The number of the descriptor.";
        method "isatty(self, /)" => attributes::text_isatty, "Whether it is a terminal.";
        attr "buffer" => attributes::text_buffer, "The file below.";
        attr "encoding" => attributes::text_encoding, "The name of the encoding.";
        attr "errors" => attributes::text_errors, "The name of the error handler.";
        attr "newlines" => attributes::text_newlines, "The ends of lines seen so far.";
        attr "line_buffering" => attributes::text_line_buffering, "Whether each line is flushed.";
        attr "write_through" => attributes::text_write_through, "Whether nothing is kept back.";
        attr "closed" => attributes::text_closed, "True if the file is closed.";
        attr "name" => attributes::text_name, "What it was opened by.";
        attr "mode" => attributes::text_mode, set attributes::text_set_mode, "How it was opened.";
        attr "_CHUNK_SIZE" => attributes::text_chunk_size, "How much is read at once.";
    ]
}

crate::natives! {
    /// Steps: what goes through the file below.
    pub static TEXT_STEPS = [
        hidden "read(file, size)" => step read::read_step, "Reads so many characters, or all.";
        hidden "readline(file, size)" => step read::readline_step, "Reads a line.";
        hidden "next(file)" => step read::next_step, "The next line, or the end.";
        hidden "write(file, text)" => step write::write_step, "Writes a text.";
        hidden "flush(file)" => step write::flush_step, "Writes what is kept back.";
        hidden "close(file)" => step write::close_step, "Flushes and closes.";
        hidden "seek(file, cookie, whence)" => step position::seek_step, "Moves the position.";
        hidden "tell(file)" => step position::tell_step, "The position.";
        hidden "truncate(file, size)" => step position::truncate_step, "Cuts the file off.";
    ]
}

const fn step(row: u16) -> crate::value::NativeId {
    crate::value::NativeId { table: crate::tables::TEXT_STEPS, row }
}

fn text_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let file = TextFile::new(cx, Value::Undef, b"utf-8", b"strict", Newlines::Universal)?;
    let payload = cx.heap.new_native(classes::TEXT_IO_WRAPPER, file);
    of_class(cx, args[0], classes::TEXT_IO_WRAPPER, payload)
}

fn text_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let newlines = Newlines::from_argument(cx, args[4])?;
    let mut encoding = option(cx, args[2], b"UTF-8");
    if encoding == b"locale" {
        encoding = b"UTF-8".to_vec();
    }
    let errors = option(cx, args[3], b"strict");
    let mut file = TextFile::new(cx, args[1], &encoding, &errors, newlines)?;
    file.is_line_buffered = args[5] == Value::Bool(true);
    file.is_write_through = args[6] == Value::Bool(true);
    let Some(id) = native_id(cx, args[0]) else { return Err(closed_error(cx)) };
    *state(cx, id) = file;
    cx.heap.mortal.push(Value::Native(id));
    Ok(Value::None)
}

fn option(cx: &Cx, value: Value, default: &[u8]) -> Vec<u8> {
    cx.none_or(value).and_then(|text| cx.text_of(text)).unwrap_or(default).to_vec()
}

/// The state of a text file.
pub fn state(cx: &mut Cx, id: Id<Boxed>) -> &mut TextFile {
    cx.heap.native_mut::<TextFile>(id).expect("it is a text file")
}

/// The text file that a value is.
fn id_of(cx: &mut Cx, this: Value) -> Result<Id<Boxed>, Ask> {
    let id = native_id(cx, this).filter(|&id| cx.heap.native::<TextFile>(id).is_some());
    let Some(id) = id else { return Err(closed_error(cx)) };
    if state(cx, id).buffer.is_undef() {
        return Err(cx.value_error("underlying buffer has been detached"));
    }
    Ok(id)
}

/// The same of an open one, as far as the files below are ours.
fn open_id(cx: &mut Cx, this: Value) -> Result<Id<Boxed>, Ask> {
    let id = id_of(cx, this)?;
    if is_closed(cx, id) { Err(closed_error(cx)) } else { Ok(id) }
}

/// Whether the file below is one of ours, and closed.
fn is_closed(cx: &mut Cx, id: Id<Boxed>) -> bool {
    let mut below = state(cx, id).buffer;
    while let Value::Native(id) = below {
        let object = cx.heap.natives.get(id);
        if let Some(file) = object.as_ref::<Buffered>() {
            below = file.raw;
        } else if let Some(file) = object.as_ref::<FileIo>() {
            return file.way == Way::Closed;
        } else {
            return object.as_ref::<BytesIo>().is_some_and(|file| file.data.is_undef());
        }
    }
    false
}

/// Calls a method of the file below, or takes the answer to that.
fn lower(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Boxed>, name: Name, args: &[Value]) -> Outcome {
    let buffer = state(cx, id).buffer;
    method_call::answered(cx, frame, buffer, name, args)
}

/// Writes what a text file and the one below keep back, at once; if both are ours.
pub fn flush_now(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    let Value::Native(below) = state(cx, id).buffer else { return Ok(()) };
    if cx.heap.native::<Buffered>(below).is_none() {
        return Ok(());
    }
    let data = std::mem::take(&mut state(cx, id).write);
    cx.unflushed.retain(|&other| other != id);
    buffered::state(cx, below).write.extend_from_slice(&data);
    buffered::write::flush_now(cx, below)
}

/// The name that `open` and scripts call reading by.
const READ: Name = names::READ;
