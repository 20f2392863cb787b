//! `StringIO`: a text file in memory. Its places are code points.

use super::argument::{self, closed_error, truth};
use super::bytes_io::of_class;
use super::native_id;
use super::newline::{Newlines, Seen};
use crate::call::{Ask, Cx, Outcome};
use crate::types::classes;
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::slab::Gray;
use crate::value::string::count_chars;
use crate::value::text::char_len;
use crate::value::{Id, Value};

/// The state of a StringIO.
pub struct StringIo {
    pub text: Vec<u8>,
    /// The position in bytes; beyond the end it counts as if there were NULs.
    pub pos: usize,
    pub newlines: Newlines,
    pub seen: Seen,
    pub is_closed: bool,
}

impl NativeObject for StringIo {
    fn trace(&self, _gray: &mut Gray) {}
    fn bytes(&self) -> usize {
        size_of::<StringIo>() + self.text.capacity()
    }
}

impl StringIo {
    fn rest(&self) -> &[u8] {
        self.text.get(self.pos..).unwrap_or_default()
    }

    fn n_chars_before(&self) -> usize {
        match self.text.get(..self.pos) {
            Some(before) => count_chars(before),
            None => count_chars(&self.text) + self.pos - self.text.len(),
        }
    }
}

crate::natives! {
    /// The rows of `StringIO`.
    pub static STRING_IO = [
        new "__new__(cls, *args, **kwargs)" => string_io_new, "Creates a text file in memory.";
        special "__init__(self, initial_value='', newline=)" => string_io_init, "Fills it.";
        method "read(self, size=-1, /)" => string_io_read, "Reads at most so many characters, or all.";
        method "readline(self, size=-1, /)" => string_io_readline, "The next line.";
        method "write(self, s, /)" => string_io_write, "Writes a str; gives its length.";
        method "seek(self, pos, whence=0, /)" => string_io_seek, "Changes the position.";
        method "tell(self, /)" => string_io_tell, "The position.";
        method "truncate(self, pos=None, /)" => string_io_truncate, "Cuts the file off.";
        method "getvalue(self, /)" => string_io_getvalue, "The whole text.";
        method "close(self, /)" => string_io_close, "Frees the text.";
        method "readable(self, /)" => string_io_able, "True.";
        method "writable(self, /)" => string_io_able, "True.";
        method "seekable(self, /)" => string_io_able, "True.";
        method "isatty(self, /)" => string_io_isatty, "False.";
        method "flush(self, /)" => string_io_flush, "Does nothing.";
        attr "closed" => string_io_closed, "True if the file is closed.";
        attr "newlines" => string_io_newlines, "The ends of lines seen so far.";
        attr "line_buffering" => string_io_isatty, "False.";
        attr "encoding" => string_io_nothing, "None.";
        attr "errors" => string_io_nothing, "None.";
    ]
}

fn string_io_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let file = StringIo { text: Vec::new(), pos: 0, newlines: Newlines::Lf, seen: Seen::default(), is_closed: false };
    let payload = cx.heap.new_native(classes::STRING_IO, file);
    of_class(cx, args[0], classes::STRING_IO, payload)
}

fn string_io_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let newlines = match args[2].given() {
        None => Newlines::Lf,
        Some(value) => Newlines::from_argument(cx, value)?,
    };
    let Some(id) = native_id(cx, args[0]) else { return Err(closed_error(cx)) };
    if let Some(file) = cx.heap.native_mut::<StringIo>(id) {
        *file = StringIo { text: Vec::new(), pos: 0, newlines, seen: Seen::default(), is_closed: false };
    }
    if let Some(initial) = cx.none_or(args[1]) {
        if cx.text_of(initial).is_none() {
            let message = format!("initial_value must be str or None, not {}", cx.class_name(initial));
            return Err(cx.type_error(message));
        }
        write(cx, id, initial)?;
        if let Some(file) = cx.heap.native_mut::<StringIo>(id) {
            file.pos = 0;
        }
    }
    Ok(Value::None)
}

/// An open one.
fn open(cx: &mut Cx, this: Value) -> Result<Id<Boxed>, Ask> {
    let found = native_id(cx, this).filter(|&id| cx.heap.native::<StringIo>(id).is_some_and(|file| !file.is_closed));
    found.ok_or_else(|| closed_error(cx))
}

fn state(cx: &mut Cx, id: Id<Boxed>) -> &mut StringIo {
    cx.heap.native_mut::<StringIo>(id).expect("it was found before")
}

/// Takes `len` bytes from the position on.
fn take(cx: &mut Cx, id: Id<Boxed>, len: usize) -> Outcome {
    cx.heap.ensure(len)?;
    let file = state(cx, id);
    let piece = file.rest()[..len].to_vec();
    file.pos += len;
    Ok(cx.heap.new_str_from(piece))
}

/// The length in bytes of the first `n_chars` code points.
fn bytes_of_chars(text: &[u8], n_chars: Option<usize>) -> usize {
    let Some(n_chars) = n_chars.filter(|&n| n < text.len()) else { return text.len() };
    let mut len = 0;
    for _ in 0..n_chars {
        match text.get(len) {
            Some(&first) => len += char_len(first),
            None => break,
        }
    }
    len
}

fn string_io_read(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open(cx, args[0])?;
    let size = argument::size(cx, args[1])?;
    let len = bytes_of_chars(state(cx, id).rest(), size);
    take(cx, id, len)
}

fn string_io_readline(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open(cx, args[0])?;
    let size = argument::size(cx, args[1])?;
    readline(cx, id, size)
}

/// The next line, at most so many characters; `''` at the end.
pub fn readline(cx: &mut Cx, id: Id<Boxed>, size: Option<usize>) -> Outcome {
    let file = state(cx, id);
    let within = bytes_of_chars(file.rest(), size);
    let len = file.newlines.line_end(&file.rest()[..within], true).unwrap_or(within);
    take(cx, id, len)
}

fn string_io_write(cx: &mut Cx, args: &[Value]) -> Outcome {
    if cx.text_of(args[1]).is_none() {
        let message = format!("string argument expected, got '{}'", cx.class_name(args[1]));
        return Err(cx.type_error(message));
    }
    let id = open(cx, args[0])?;
    write(cx, id, args[1])
}

/// Writes a str.
pub fn write(cx: &mut Cx, id: Id<Boxed>, text: Value) -> Outcome {
    let Value::Str(str) = cx.exact(text) else { crate::bug!("only strs are written") };
    let n_chars = cx.heap.n_chars(str);
    let is_old = cx.heap.natives.is_old(id);
    let file = state(cx, id);
    if file.is_closed {
        return Err(closed_error(cx));
    }
    let newlines = file.newlines;
    if newlines == Newlines::Lf && file.pos == file.text.len() {
        // By far the most frequent: the text is appended as it is.
        let len = cx.heap.text(str).len();
        let file = state(cx, id);
        if file.text.capacity() - file.text.len() < len {
            let more = len.max(file.text.capacity());
            cx.heap.reserve_for(more, is_old)?;
            state(cx, id).text.reserve_exact(more);
        }
        let crate::value::Heap { natives, strs, buffers, .. } = &mut cx.heap;
        let text = strs.get(str).text.bytes(buffers);
        let file = natives.get_mut(id).as_mut::<StringIo>().expect("it was found before");
        file.text.extend_from_slice(text);
        file.pos = file.text.len();
        return Ok(Value::Int(n_chars as i64));
    }
    let text = cx.heap.text(str).to_vec();
    cx.heap.reserve_for(text.len() + 16, is_old)?;
    write_anywhere(state(cx, id), &text);
    Ok(Value::Int(n_chars as i64))
}

fn write_anywhere(file: &mut StringIo, text: &[u8]) {
    let written = match file.newlines {
        Newlines::Universal => std::borrow::Cow::Owned(file.seen.translate(text, &mut false, true)),
        Newlines::Untranslated | Newlines::Lf | Newlines::Cr | Newlines::CrLf => file.newlines.to_written(text),
    };
    if file.pos > file.text.len() {
        file.text.resize(file.pos, 0);
    }
    let replaced = bytes_of_chars(file.rest(), Some(count_chars(&written)));
    file.text.splice(file.pos..file.pos + replaced, written.iter().copied());
    file.pos += written.len();
}

fn string_io_seek(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open(cx, args[0])?;
    let offset = argument::position(cx, args[1])?;
    let whence = argument::whence(cx, args[2])?;
    let file = state(cx, id);
    file.pos = match whence {
        0 if offset < 0 => return Err(cx.value_error(format!("Negative seek position {offset}"))),
        0 => place_of(&file.text, offset as usize),
        1 | 2 if offset != 0 => return Err(cx.raise(classes::OS_ERROR, "Can't do nonzero cur-relative seeks")),
        1 => file.pos,
        2 => file.text.len(),
        other => return Err(cx.value_error(format!("Invalid whence ({other}, should be 0, 1 or 2)"))),
    };
    let place = state(cx, id).n_chars_before();
    Ok(Value::Int(place as i64))
}

/// The byte offset of a code point, beyond the end too.
fn place_of(text: &[u8], n_chars: usize) -> usize {
    let len = bytes_of_chars(text, Some(n_chars));
    if len < text.len() { len } else { len + n_chars - count_chars(text) }
}

fn string_io_tell(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open(cx, args[0])?;
    Ok(Value::Int(state(cx, id).n_chars_before() as i64))
}

fn string_io_truncate(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open(cx, args[0])?;
    let size = match cx.none_or(args[1]) {
        None => state(cx, id).n_chars_before() as i64,
        Some(size) => argument::position(cx, size)?,
    };
    if size < 0 {
        return Err(cx.value_error(format!("Negative size value {size}")));
    }
    let file = state(cx, id);
    let len = bytes_of_chars(&file.text, Some(size as usize));
    file.text.truncate(len);
    Ok(Value::Int(size))
}

fn string_io_getvalue(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open(cx, args[0])?;
    let len = state(cx, id).text.len();
    cx.heap.ensure(len)?;
    let text = state(cx, id).text.clone();
    Ok(cx.heap.new_str_from(text))
}

fn string_io_close(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let Ok(id) = open(cx, args[0]) {
        let file = state(cx, id);
        file.is_closed = true;
        file.text = Vec::new();
    }
    Ok(Value::None)
}

fn string_io_able(cx: &mut Cx, args: &[Value]) -> Outcome {
    open(cx, args[0]).and(truth(true))
}

fn string_io_isatty(cx: &mut Cx, args: &[Value]) -> Outcome {
    open(cx, args[0]).and(truth(false))
}

fn string_io_flush(cx: &mut Cx, args: &[Value]) -> Outcome {
    open(cx, args[0]).and(Ok(Value::None))
}

fn string_io_closed(cx: &mut Cx, args: &[Value]) -> Outcome {
    truth(open(cx, args[0]).is_err())
}

fn string_io_newlines(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open(cx, args[0])?;
    let seen = state(cx, id).seen;
    Ok(seen.to_value(cx))
}

fn string_io_nothing(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}
