//! `sys.stdin`, `sys.stdout`, `sys.stderr`.

use super::newline::Newlines;
use super::text::TextFile;
use super::{Buffered, FileIo, Way};
use crate::call::{Ask, Cx};
use crate::host::{StandardStream, Written};
use crate::types::{classes, os_error, unicode_error};
use crate::value::Value;

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    Input,
    Output,
    Error,
}

/// Makes one: a text file over a buffered file over a raw one.
pub fn make(cx: &mut Cx, which: Standard) -> Value {
    let (way, name, is_readable, errors) = match which {
        Standard::Input => (Way::Input, "<stdin>", true, "strict"),
        Standard::Output => (Way::Output(StandardStream::Output), "<stdout>", false, "strict"),
        Standard::Error => (Way::Output(StandardStream::Error), "<stderr>", false, "backslashreplace"),
    };
    let name = cx.str(name);
    let raw = FileIo {
        way,
        name,
        is_readable,
        is_writable: !is_readable,
        is_created: false,
        is_appending: false,
        closes: false,
    };
    let raw = cx.heap.new_native(classes::FILE_IO, raw);
    let buffered = Buffered {
        raw,
        can_read: is_readable,
        can_write: !is_readable,
        size: super::BUFFER_SIZE,
        read: Vec::new(),
        read_pos: 0,
        write: Vec::new(),
    };
    let class = if is_readable { classes::BUFFERED_READER } else { classes::BUFFERED_WRITER };
    let buffer = cx.heap.new_native(class, buffered);
    let is_terminal = match which {
        Standard::Input => cx.host.input_is_terminal(),
        Standard::Output => cx.host.stream_is_terminal(StandardStream::Output),
        Standard::Error => true,
    };
    let mut file =
        TextFile::new(cx, buffer, b"utf-8", errors.as_bytes(), Newlines::Universal).expect("the codec is known");
    file.is_line_buffered = is_terminal;
    file.mode = cx.str(if is_readable { "r" } else { "w" });
    file.direct = match way {
        Way::Output(stream) => Some(stream),
        Way::Input | Way::File(_) | Way::Closed => None,
    };
    cx.heap.new_native(classes::TEXT_IO_WRAPPER, file)
}

/// The stream of the host that a file leads to, if writing there needs nothing else: no codec, nothing kept back.
#[inline]
pub fn direct(cx: &Cx, file: Value) -> Option<StandardStream> {
    let Value::Native(id) = file else { return None };
    cx.heap.native::<TextFile>(id)?.direct
}

/// Writes a str that is not ASCII.
pub fn write_encoded(cx: &mut Cx, stream: StandardStream, text: Value) -> Result<Written, Ask> {
    let bytes = cx.text_of(text).expect("only strs are written");
    let result = match std::str::from_utf8(bytes) {
        Ok(_) => {
            let Value::Str(id) = cx.exact(text) else { crate::bug!("a str is a str") };
            cx.host.write_stream(stream, cx.heap.text(id))
        }
        Err(_) if stream == StandardStream::Error => {
            let mut escaped = Vec::new();
            crate::types::str::repr::push_escaped_surrogates(bytes, &mut escaped);
            cx.host.write_stream(stream, &escaped)
        }
        Err(_) => {
            let bytes = bytes.to_vec();
            return Err(unicode_error::surrogates_not_allowed(cx, "utf-8", text, &bytes));
        }
    };
    result.map_err(|error| os_error::raise(cx, &error))
}
