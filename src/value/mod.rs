//! Values and the heap.
//!
//! 1. [`value`]: the 16-byte `Value`, whose tag is the exact built-in type, and typed handles.
//! 2. [`slab`]: one kind of heap object: chunks, a mark bitmap that is also the free map, and the one door to mutation.
//! 3. [`heap`]: all slabs, the byte counter, allocation; [`collect`]: the collections, with `kinds`: the
//!    tables that name every kind.
//! 4. The kinds: [`string`], [`text`], [`sequence`] (tuple, list, range, slice), [`dict`], [`set`], [`instance`] (shapes), [`class`],
//!    [`function`] (functions, cells, bound methods, links), [`generator`], [`exception`], [`iterator`], [`native_object`].
//!
//! 5. Data structures under them that know no values: [`bigint`], [`dict_table`], [`set_table`].
//!
//! Before: nothing. After: `call`, where natives see all this as `Cx`.

pub mod bigint;
pub mod class;
pub mod collect;
pub mod context;
pub mod dict;
pub mod dict_table;
pub mod event_loop;
pub mod exception;
pub mod frame;
pub mod function;
pub mod future;
pub mod generator;
pub mod hash;
pub mod heap;
pub mod instance;
pub mod int;
pub mod iterator;
mod kinds;
pub mod names;
pub mod native_object;
pub mod sequence;
pub mod set;
pub mod set_table;
pub mod slab;
pub mod special;
pub mod string;
pub mod text;
pub mod timers;
#[allow(clippy::module_inception, reason = "the folder is named after its first stage")]
pub mod value;

pub use class::Class;
pub use context::Context;
pub use dict::Dict;
pub use event_loop::{Entry, EventLoop, Handle};
pub use exception::Exc;
pub use frame::{Frame, FrameKind, NativeFrame, Told, Want};
pub use function::{Cell, Descr, DescrKind, Func, Link, Method, Module};
pub use future::{Callback, Future, FutureRef, FutureState, Role, Task};
pub use generator::{GenKind, GenState, Generator, Parked};
pub use heap::{Full, Heap};
pub use instance::{Inst, Shape};
pub use iterator::Iter;
pub use native_object::NativeObject;
pub use sequence::{List, Range, Slice, Tuple};
pub use set::Set;
pub use slab::{Gray, Kind, Slab};
pub use string::{Bytes, Str};
pub use value::{Id, Name, NativeId, Value};

/// The keyed hash of a text; 0, which also stands for "not computed", only of the empty one.
pub fn hash_text(key: u64, text: &[u8]) -> u64 {
    if text.is_empty() {
        return 0;
    }
    use std::hash::{BuildHasher, Hasher};
    let mut hasher = foldhash::quality::FixedState::with_seed(key).build_hasher();
    hasher.write(text);
    hasher.finish().max(1)
}
