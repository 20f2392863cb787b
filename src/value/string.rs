//! str and bytes.
//!
//! A str is generalised UTF-8. Its bytes are its own (a short text stands in the object itself), or (for what `+=`
//! builds) the front of a buffer that a longer string continues: appending to the string that ends where the buffer
//! ends copies nothing, so building a text piece by piece is linear. Indexing a text that is not ASCII uses a sparse
//! index, made at first use.

use std::cell::Cell as Memo;
use std::cell::OnceCell;

use super::slab::{Gray, Kind, Slab};
use super::value::{Id, Value};

#[derive(Default)]
pub struct Str {
    pub text: Text,
    /// 0 = not computed yet.
    pub hash: Memo<u64>,
    /// Byte offsets of every 64th code point; only of long texts that are not ASCII. Boxed twice: few texts have one.
    #[allow(clippy::box_collection, reason = "a word in each of the many texts that have none")]
    pub index: OnceCell<Box<Vec<u32>>>,
    /// Length in code points.
    pub n_chars: u32,
    pub is_ascii: bool,
    /// In the table of names: equal texts are the same handle.
    pub is_name: bool,
}

const _: () = assert!(size_of::<Str>() == 48);

/// So many bytes fit where the place of a longer text would be noted.
pub const MAX_SHORT: usize = 22;

/// Where the bytes of a str are.
pub enum Text {
    /// Here. Bytes behind the text are zero.
    Short {
        len: u8,
        bytes: [u8; MAX_SHORT],
    },
    Own(Box<[u8]>),
    /// The first `len` bytes of a growing buffer.
    Shared {
        buffer: Id<Buffer>,
        len: u32,
    },
}

impl Text {
    /// The bytes.
    #[inline]
    pub fn bytes<'t>(&'t self, buffers: &'t Slab<Buffer>) -> &'t [u8] {
        match self {
            Text::Short { len, bytes } => &bytes[..*len as usize],
            Text::Own(bytes) => bytes,
            Text::Shared { buffer, len } => &buffers.get(*buffer).bytes[..*len as usize],
        }
    }

    /// What it owns outside of the object.
    pub fn owned(&self) -> usize {
        match self {
            Text::Own(bytes) => bytes.len(),
            Text::Short { .. } | Text::Shared { .. } => 0,
        }
    }
}

impl Default for Text {
    #[inline]
    fn default() -> Self {
        Text::Short { len: 0, bytes: [0; MAX_SHORT] }
    }
}

impl From<&[u8]> for Text {
    #[inline]
    fn from(text: &[u8]) -> Self {
        match short_copy(text) {
            Some(bytes) => Text::Short { len: text.len() as u8, bytes },
            None => Text::Own(text.into()),
        }
    }
}

/// The bytes of a short text, with zeros behind them; None for a longer one. Copied in a few words that may overlap.
#[inline]
fn short_copy(text: &[u8]) -> Option<[u8; MAX_SHORT]> {
    let mut bytes = [0; MAX_SHORT];
    let len = text.len();
    if len > MAX_SHORT {
        return None;
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<16>(), text.last_chunk::<16>()) {
        bytes[..16].copy_from_slice(first);
        bytes[len - 16..len].copy_from_slice(last);
    } else if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        bytes[..8].copy_from_slice(first);
        bytes[len - 8..len].copy_from_slice(last);
    } else if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        bytes[..4].copy_from_slice(first);
        bytes[len - 4..len].copy_from_slice(last);
    } else {
        match *text {
            [one, two, three] => bytes[..3].copy_from_slice(&[one, two, three]),
            [one, two] => bytes[..2].copy_from_slice(&[one, two]),
            [one] => bytes[0] = one,
            _ => {}
        }
    }
    Some(bytes)
}

impl Str {
    /// Whether two strs have the same text.
    #[inline]
    pub fn is_same(&self, other: &Str, buffers: &Slab<Buffer>) -> bool {
        match (&self.text, &other.text) {
            (Text::Short { len: n_left, bytes: left }, Text::Short { len: n_right, bytes: right }) => {
                n_left == n_right && left == right
            }
            // Short texts are never anywhere else.
            (Text::Short { .. }, _) | (_, Text::Short { .. }) => false,
            (left, right) => {
                self.n_chars == other.n_chars
                    && !(self.is_name && other.is_name)
                    && left.bytes(buffers) == right.bytes(buffers)
            }
        }
    }
}

impl From<Vec<u8>> for Text {
    #[inline]
    fn from(text: Vec<u8>) -> Self {
        if text.len() <= MAX_SHORT { Text::from(text.as_slice()) } else { Text::Own(text.into_boxed_slice()) }
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
        self.text.owned()
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
