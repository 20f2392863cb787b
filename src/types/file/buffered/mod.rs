//! `BufferedReader`, `BufferedWriter`, `BufferedRandom`: bytes kept between a file and the calls on it.
//!
//! The raw file may be one of ours or any object of the script: what is asked of it goes through [`lower`], and every
//! method is a restartable step whose progress is in the buffers themselves. [`read`], [`write`], [`position`] are the
//! methods by subject.

pub mod position;
pub mod read;
pub mod write;

use super::argument::{self, closed_error, truth};
use super::bytes_io::of_class;
use super::{BUFFER_SIZE, Buffered, Way, native_id};
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::{classes, method_call, strings};
use crate::value::native_object::Boxed;
use crate::value::{Class, Id, Name, NativeFrame, NativeId, Value};

macro_rules! buffered_rows {
    ($(#[$meta:meta])* $vis:vis static $table:ident = [$($own:tt)*]) => {
        crate::natives! {
            $(#[$meta])*
            $vis static $table = [
                $($own)*
                special "__repr__(self, /)" => buffered_repr, "Return repr(self).";
                special "__del__(self, /)" => write::buffered_close, "Closes the file.";
                method "flush(self, /)" => write::buffered_flush, "Writes what is kept back.";
                method "close(self, /)" => write::buffered_close, "Flushes and closes the file.";
                method "detach(self, /)" => write::buffered_detach, "Gives the raw file away.";
                method "seek(self, target, whence=0, /)" => position::buffered_seek, "Moves the position.";
                method "tell(self, /)" => position::buffered_tell, "The position.";
                method "truncate(self, pos=None, /)" => position::buffered_truncate, "Cuts the file off.";
                method "readable(self, /)" => buffered_readable, "Whether it can be read.";
                method "writable(self, /)" => buffered_writable, "Whether it can be written.";
                method "seekable(self, /)" => buffered_seekable, "Whether it has a position.";
                method "fileno(self, /)" => buffered_fileno, "The number of the descriptor.";
                method "isatty(self, /)" => buffered_isatty, "Whether it is a terminal.";
                attr "raw" => buffered_raw, "The file below.";
                attr "closed" => buffered_closed, "True if the file is closed.";
                attr "name" => buffered_name, "What it was opened by.";
                attr "mode" => buffered_mode, "How it was opened.";
            ]
        }
    };
}

buffered_rows! {
    /// The rows of `BufferedReader`.
    pub static BUFFERED_READER = [
        new "__new__(cls, *args, **kwargs)" => reader_new, "Creates a reader.";
        special "__init__(self, raw, buffer_size=)" => reader_init, "Puts it over a raw file.";
        method "read(self, size=-1, /)" => read::buffered_read, "Reads so many bytes, or all.";
        method "read1(self, size=-1, /)" => read::buffered_read1, "Reads with at most one call below.";
        method "peek(self, size=0, /)" => read::buffered_peek, "What will be read next.";
        method "readinto(self, buffer, /)" => read::buffered_readinto, "Reads into a buffer.";
        method "readinto1(self, buffer, /)" => read::buffered_readinto, "Reads into a buffer.";
        method "readline(self, size=-1, /)" => read::buffered_readline, "The next line.";
        special "__next__(self, /)" => read::buffered_next, "The next line.";
    ]
}

buffered_rows! {
    /// The rows of `BufferedWriter`.
    pub static BUFFERED_WRITER = [
        new "__new__(cls, *args, **kwargs)" => writer_new, "Creates a writer.";
        special "__init__(self, raw, buffer_size=)" => writer_init, "Puts it over a raw file.";
        method "write(self, buffer, /)" => write::buffered_write, "Writes bytes; gives their number.";
    ]
}

buffered_rows! {
    /// The rows of `BufferedRandom`.
    pub static BUFFERED_RANDOM = [
        new "__new__(cls, *args, **kwargs)" => random_new, "Creates a file to read and write.";
        special "__init__(self, raw, buffer_size=)" => random_init, "Puts it over a raw file.";
        method "read(self, size=-1, /)" => read::buffered_read, "Reads so many bytes, or all.";
        method "read1(self, size=-1, /)" => read::buffered_read1, "Reads with at most one call below.";
        method "peek(self, size=0, /)" => read::buffered_peek, "What will be read next.";
        method "readinto(self, buffer, /)" => read::buffered_readinto, "Reads into a buffer.";
        method "readinto1(self, buffer, /)" => read::buffered_readinto, "Reads into a buffer.";
        method "readline(self, size=-1, /)" => read::buffered_readline, "The next line.";
        method "write(self, buffer, /)" => write::buffered_write, "Writes bytes; gives their number.";
        special "__next__(self, /)" => read::buffered_next, "The next line.";
    ]
}

crate::natives! {
    /// Steps: what goes through the raw file.
    pub static BUFFERED_STEPS = [
        hidden "read(file, size)" => step read::read_step, "Reads so many bytes, or all.";
        hidden "read1(file, size)" => step read::read1_step, "Reads what one call gives.";
        hidden "readline(file, size)" => step read::readline_step, "Reads a line.";
        hidden "write(file, data)" => step write::write_step, "Writes bytes.";
        hidden "flush(file)" => step write::flush_step, "Writes what is kept back.";
        hidden "close(file)" => step write::close_step, "Flushes and closes.";
        hidden "seek(file, target, whence)" => step position::seek_step, "Moves the position.";
        hidden "tell(file)" => step position::tell_step, "The position.";
        hidden "truncate(file, size)" => step position::truncate_step, "Cuts the file off.";
        hidden "next(file)" => step read::next_step, "The next line, or the end.";
        hidden "peek(file)" => step read::peek_step, "What will be read next.";
        hidden "readinto(file, buffer)" => step read::readinto_step, "Reads into a buffer.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::BUFFERED_STEPS, row }
}

// ----- Making -----

fn new(cx: &mut Cx, class: Value, own: Id<Class>, can_read: bool, can_write: bool) -> Outcome {
    let file = Buffered {
        raw: Value::Undef,
        can_read,
        can_write,
        size: BUFFER_SIZE,
        read: Vec::new(),
        read_pos: 0,
        write: Vec::new(),
    };
    let payload = cx.heap.new_native(own, file);
    of_class(cx, class, own, payload)
}

fn reader_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    new(cx, args[0], classes::BUFFERED_READER, true, false)
}

fn writer_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    new(cx, args[0], classes::BUFFERED_WRITER, false, true)
}

fn random_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    new(cx, args[0], classes::BUFFERED_RANDOM, true, true)
}

fn reader_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    init(cx, args)
}

fn writer_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    init(cx, args)
}

fn random_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    init(cx, args)
}

fn init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let size = match args[2].given() {
        None => BUFFER_SIZE as i64,
        Some(size) => argument::position(cx, size)?,
    };
    if size <= 0 {
        return Err(cx.value_error("buffer size must be strictly positive"));
    }
    let Some(id) = native_id(cx, args[0]) else { return Err(closed_error(cx)) };
    let file = state(cx, id);
    (file.raw, file.size) = (args[1], size as usize);
    cx.heap.mortal.push(Value::Native(id));
    Ok(Value::None)
}

/// The buffered file that a value is.
fn id_of(cx: &mut Cx, this: Value) -> Result<Id<Boxed>, Ask> {
    let id = native_id(cx, this).filter(|&id| cx.heap.native::<Buffered>(id).is_some());
    let Some(id) = id else { return Err(closed_error(cx)) };
    if state(cx, id).raw.is_undef() {
        return Err(cx.value_error("raw stream has been detached"));
    }
    Ok(id)
}

/// Its state.
pub fn state(cx: &mut Cx, id: Id<Boxed>) -> &mut Buffered {
    cx.heap.native_mut::<Buffered>(id).expect("it is a buffered file")
}

/// Calls a method of the raw file, or takes the answer to that.
fn lower(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Boxed>, name: Name, args: &[Value]) -> Outcome {
    let raw = state(cx, id).raw;
    method_call::answered(cx, frame, raw, name, args)
}

/// Whether the raw file is one of ours, and closed.
fn is_closed(cx: &mut Cx, id: Id<Boxed>) -> bool {
    let raw = state(cx, id).raw;
    match raw {
        Value::Native(raw) => {
            cx.heap.native::<super::FileIo>(raw).is_some_and(|file| file.way == Way::Closed)
                || cx.heap.native::<super::bytes_io::BytesIo>(raw).is_some_and(|file| file.data.is_undef())
        }
        _ => false,
    }
}

fn check_open(cx: &mut Cx, id: Id<Boxed>, what: &str) -> Result<(), Ask> {
    if is_closed(cx, id) { Err(cx.value_error(format!("{what} closed file"))) } else { Ok(()) }
}

// ----- What the raw file says -----

fn ask_raw(cx: &mut Cx, this: Value, name: Name) -> Outcome {
    let id = id_of(cx, this)?;
    let raw = state(cx, id).raw;
    method_call::outcome(cx, raw, name, &[])
}

fn buffered_readable(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    if !state(cx, id).can_read { truth(false) } else { ask_raw(cx, args[0], names::READABLE) }
}

fn buffered_writable(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    if !state(cx, id).can_write { truth(false) } else { ask_raw(cx, args[0], names::WRITABLE) }
}

fn buffered_seekable(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask_raw(cx, args[0], names::SEEKABLE)
}

fn buffered_fileno(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask_raw(cx, args[0], names::FILENO)
}

fn buffered_isatty(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask_raw(cx, args[0], names::ISATTY)
}

fn raw_attribute(cx: &mut Cx, this: Value, name: Name) -> Outcome {
    let id = id_of(cx, this)?;
    let raw = state(cx, id).raw;
    crate::types::attribute::get(cx, raw, name)
}

fn buffered_raw(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    Ok(state(cx, id).raw)
}

fn buffered_closed(cx: &mut Cx, args: &[Value]) -> Outcome {
    raw_attribute(cx, args[0], names::CLOSED)
}

fn buffered_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    raw_attribute(cx, args[0], names::NAME_ATTR)
}

fn buffered_mode(cx: &mut Cx, args: &[Value]) -> Outcome {
    raw_attribute(cx, args[0], names::MODE)
}

fn buffered_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = cx.class_name(args[0]);
    let name = match buffered_name(cx, args) {
        Ok(name) => strings::to_repr(cx, name).ok(),
        Err(_) => None,
    };
    let shown = match name.and_then(|name| cx.text_of(name)) {
        Some(name) => format!("<_io.{class} name={}>", String::from_utf8_lossy(name)),
        None => format!("<_io.{class}>"),
    };
    Ok(cx.str(&shown))
}
