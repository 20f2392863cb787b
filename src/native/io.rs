//! The module `_io`: the native classes of files, and `open`.

use crate::call::{Cx, Outcome};
use crate::types::classes;
use crate::types::file::{BUFFER_SIZE, open};
use crate::value::{Dict, Id, Value};

crate::natives! {
    /// The functions of the module.
    pub static IO_MODULE = [
        func "open(file, mode: str=, buffering=, encoding=, errors=, newline=, closefd: truth=, opener=)" => open::open,
            "Opens a file.";
        func "open_code(path: str)" => open_code, "Opens a file of code.";
        func "text_encoding(encoding, stacklevel=2, /)" => text_encoding, "The encoding itself, or 'locale' for None.";
    ]
}

/// `open(path, 'rb')`.
fn open_code(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mut all = [Value::Undef; 8];
    all[0] = args[0];
    all[1] = cx.str("rb");
    open::open(cx, &all)
}

fn text_encoding(cx: &mut Cx, args: &[Value]) -> Outcome {
    if args[0].is_none() { Ok(cx.str("locale")) } else { Ok(args[0]) }
}

/// Adds the classes and constants.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    for (name, class) in [
        ("_IOBase", classes::IO_BASE),
        ("_RawIOBase", classes::RAW_IO_BASE),
        ("_BufferedIOBase", classes::BUFFERED_IO_BASE),
        ("_TextIOBase", classes::TEXT_IO_BASE),
        ("FileIO", classes::FILE_IO),
        ("BytesIO", classes::BYTES_IO),
        ("StringIO", classes::STRING_IO),
        ("BufferedReader", classes::BUFFERED_READER),
        ("BufferedWriter", classes::BUFFERED_WRITER),
        ("BufferedRandom", classes::BUFFERED_RANDOM),
        ("TextIOWrapper", classes::TEXT_IO_WRAPPER),
        ("BlockingIOError", classes::BLOCKING_IO_ERROR),
        ("UnsupportedOperation", classes::UNSUPPORTED_OPERATION),
    ] {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Class(class));
    }
    let name = cx.name("DEFAULT_BUFFER_SIZE");
    cx.heap.set_in(dict, name, Value::Int(BUFFER_SIZE as i64));
}
