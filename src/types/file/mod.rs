//! Files: the classes of the module `io` over the host's descriptors.
//!
//! ```text
//!     TextIOWrapper ──> BufferedReader | BufferedWriter | BufferedRandom ──> FileIO ──> the host
//!     (`text/`)         (`buffered/`)                                        (`raw.rs`)
//!     StringIO (`string_io.rs`)     BytesIO (`bytes_io.rs`)
//! ```
//!
//! Each layer is a native object that knows the one below it as a value. The standard streams are such towers too
//! ([`standard`]), whose lowest storey is the buffer that the host keeps.

pub mod argument;
pub mod base;
pub mod buffered;
pub mod bytes_io;
pub mod newline;
pub mod open;
pub mod raw;
pub mod standard;
pub mod string_io;
pub mod text;

use crate::call::{Cx, Outcome};
use crate::host::{Fd, StandardStream};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::slab::Gray;
use crate::value::{Id, Value};

/// `FileIO`: a descriptor, without any buffer of its own.
pub struct FileIo {
    pub way: Way,
    /// What the script called it: a str, bytes or a number.
    pub name: Value,
    pub is_readable: bool,
    pub is_writable: bool,
    /// Opened with `x`, with `a`.
    pub is_created: bool,
    pub is_appending: bool,
    /// Closing it closes the descriptor.
    pub closes: bool,
}

/// Where a `FileIO` leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Closed,
    File(Fd),
    Input,
    Output(StandardStream),
}

/// `BufferedReader`, `BufferedWriter`, `BufferedRandom`.
pub struct Buffered {
    /// Undef: detached.
    pub raw: Value,
    pub can_read: bool,
    pub can_write: bool,
    /// How much is read or kept back at once.
    pub size: usize,
    /// What was read from the raw file, and how much of it was given away.
    pub read: Vec<u8>,
    pub read_pos: usize,
    /// What waits to be written. Never at the same time as unread bytes.
    pub write: Vec<u8>,
}

impl NativeObject for FileIo {
    fn trace(&self, gray: &mut Gray) {
        crate::value::sequence::trace_values(&[self.name], gray);
    }
    fn bytes(&self) -> usize {
        size_of::<FileIo>()
    }
    fn has_end(&self) -> bool {
        self.closes
    }
}

impl NativeObject for Buffered {
    fn has_end(&self) -> bool {
        !self.raw.is_undef()
    }
    fn trace(&self, gray: &mut Gray) {
        crate::value::sequence::trace_values(&[self.raw], gray);
    }
    fn bytes(&self) -> usize {
        size_of::<Buffered>() + self.read.capacity() + self.write.capacity()
    }
}

/// Writes out all that files of ours keep back: before another file is opened, and at the end. Errors are left for whoever
/// closes the file.
pub fn flush_all(cx: &mut Cx) {
    for id in cx.unflushed.clone() {
        let object = cx.heap.natives.get(id);
        let (is_text, is_buffered) =
            (object.as_ref::<text::TextFile>().is_some(), object.as_ref::<Buffered>().is_some());
        if is_text {
            let _ = text::flush_now(cx, id);
        } else if is_buffered {
            let _ = buffered::write::flush_now(cx, id);
        }
    }
}

/// How much a text file reads at once, and keeps back.
pub const TEXT_CHUNK: usize = 8192;

/// `io.DEFAULT_BUFFER_SIZE`.
pub const BUFFER_SIZE: usize = 8192;

/// The native object in a value, or in an instance of a script subclass.
pub fn native_id(cx: &Cx, value: Value) -> Option<Id<Boxed>> {
    match cx.exact(value) {
        Value::Native(id) => Some(id),
        _ => None,
    }
}

/// Writes a str to a text file of ours; None if it is something else, whose `write` is to be called.
pub fn native_write(cx: &mut Cx, file: Value, text: Value) -> Option<Outcome> {
    let Value::Native(id) = file else { return None };
    cx.heap.native::<text::TextFile>(id)?;
    Some(text::write(cx, id, text))
}
