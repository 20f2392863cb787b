//! str and bytes.
//!
//! A str is generalised UTF-8. Its bytes are its own, or (for what `+=` builds) the front of a buffer that a longer string
//! continues: appending to the string that ends where the buffer ends copies nothing, so building a text piece by
//! piece is linear. Indexing a text that is not ASCII uses a sparse index, made at first use.

use std::cell::Cell as Memo;
use std::cell::OnceCell;

use super::slab::{Gray, Kind};
use super::value::{Id, Value};

#[derive(Default)]
pub struct Str {
    pub text: Text,
    /// Length in code points.
    pub n_chars: u32,
    /// 0 = not computed yet.
    pub hash: Memo<u64>,
    pub is_ascii: bool,
    /// In the table of names: equal texts are the same handle.
    pub is_name: bool,
    /// Byte offsets of every 64th code point; only of long texts that are not ASCII.
    pub index: OnceCell<Box<[u32]>>,
}

/// Where the bytes of a str are.
pub enum Text {
    Own(Box<[u8]>),
    /// The first `len` bytes of a growing buffer.
    Shared {
        buffer: Id<Buffer>,
        len: u32,
    },
}

impl Default for Text {
    fn default() -> Self {
        Text::Own(Box::default())
    }
}

/// What strings built by appending share.
#[derive(Default)]
pub struct Buffer {
    pub bytes: Vec<u8>,
}

#[derive(Default)]
pub struct Bytes {
    pub data: Box<[u8]>,
    /// 0 = not computed yet.
    pub hash: Memo<u64>,
}

/// How many code points generalised UTF-8 has.
pub fn count_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

impl Kind for Str {
    const SWEPT: bool = true;
    fn trace(&self, _gray: &mut Gray) {}
    fn owned(&self) -> usize {
        match &self.text {
            Text::Own(bytes) => bytes.len(),
            Text::Shared { .. } => 0,
        }
    }
}

impl Kind for Buffer {
    const SWEPT: bool = true;
    fn trace(&self, _gray: &mut Gray) {}
    fn owned(&self) -> usize {
        self.bytes.capacity()
    }
}

impl Kind for Bytes {
    const SWEPT: bool = true;
    fn trace(&self, _gray: &mut Gray) {}
    fn owned(&self) -> usize {
        self.data.len()
    }
}

impl From<Id<Str>> for Value {
    fn from(id: Id<Str>) -> Value {
        Value::Str(id)
    }
}
