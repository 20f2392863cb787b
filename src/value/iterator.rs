//! Iterator objects of the built-in types.
//!
//! A `for` loop over an exact range, list, tuple or str makes none of these: its state is in registers.

use super::dict::Dict;
use super::sequence::{List, trace_values};
use super::set::Set;
use super::slab::{Gray, Kind};
use super::value::{Id, Value};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DictPart {
    Keys,
    Values,
    Items,
}

#[derive(Default)]
pub enum Iter {
    /// Exhausted for ever.
    #[default]
    Done,
    List {
        list: Id<List>,
        index: usize,
    },
    /// Counts down; `index` is one past the next item.
    ListReversed {
        list: Id<List>,
        index: usize,
    },
    /// A tuple, bytes, or another native sequence that does not change its length.
    Items {
        sequence: Value,
        index: usize,
    },
    /// `offset` is in bytes.
    Str {
        text: Id<super::Str>,
        offset: usize,
    },
    Range {
        next: i64,
        remaining: u64,
        step: i64,
    },
    /// Bounds beyond 64 bits.
    LongRange {
        next: Value,
        step: Value,
        remaining: Value,
    },
    Dict {
        dict: Id<Dict>,
        part: DictPart,
        index: usize,
        expected_len: usize,
        /// How many entries it may still give: more come of keys that were replaced meanwhile.
        remaining: usize,
    },
    DictReversed {
        dict: Id<Dict>,
        part: DictPart,
        index: usize,
        expected_len: usize,
    },
    Set {
        set: Id<Set>,
        index: usize,
        expected_len: usize,
    },
    /// `obj[0]`, `obj[1]`, … until IndexError.
    Indexed {
        obj: Value,
        index: i64,
    },
    IndexedReversed {
        obj: Value,
        index: i64,
    },
    /// `iter(callee, sentinel)`.
    Calls {
        callee: Value,
        sentinel: Value,
    },
    /// `zip`, `map`, `filter`, `enumerate` and those of itertools: pulled from other iterators.
    Pull(Box<Pull>),
}

/// What a pulling iterator is; its step is in `call/pull.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullKind {
    Enumerate,
    Zip,
    ZipStrict,
    Map,
    Filter,
}

pub struct Pull {
    pub kind: PullKind,
    /// The function of map and filter; the next number of enumerate.
    pub head: Value,
    /// Behind that of filter: a tuple of an item that was taken and not yet tested, or `Undef`.
    pub iters: Vec<Value>,
    /// How many built-in iterators stand on each other here; 0 if script code may be needed.
    pub depth: u8,
}

impl Kind for Iter {
    const SWEPT: bool = false;
    fn trace(&self, gray: &mut Gray) {
        match self {
            Iter::Done | Iter::Range { .. } => {}
            Iter::List { list, .. } | Iter::ListReversed { list, .. } => gray.push(Value::List(*list)),
            Iter::Items { sequence, .. } => trace_values(&[*sequence], gray),
            Iter::Str { text, .. } => gray.push(Value::Str(*text)),
            Iter::LongRange { next, step, remaining } => trace_values(&[*next, *step, *remaining], gray),
            Iter::Dict { dict, .. } | Iter::DictReversed { dict, .. } => gray.push(Value::Dict(*dict)),
            Iter::Set { set, .. } => gray.push(Value::Set(*set)),
            Iter::Indexed { obj, .. } | Iter::IndexedReversed { obj, .. } => trace_values(&[*obj], gray),
            Iter::Calls { callee, sentinel } => trace_values(&[*callee, *sentinel], gray),
            Iter::Pull(pull) => {
                trace_values(&[pull.head], gray);
                trace_values(&pull.iters, gray);
            }
        }
    }
    fn owned(&self) -> usize {
        match self {
            Iter::Pull(pull) => size_of::<Pull>() + pull.iters.capacity() * size_of::<Value>(),
            _ => 0,
        }
    }
}
