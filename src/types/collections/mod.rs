//! What `collections` has in Rust: deque, defaultdict, OrderedDict, and the counting loop of Counter.
//!
//! A deque is a native object of its own. defaultdict and OrderedDict are subclasses of dict: instances with a dict inside.

pub mod counter;
pub mod defaultdict;
pub mod deque;
pub mod deque_iterator;
pub mod ordered_dict;

use crate::call::Cx;
use crate::types::classes;
use crate::value::{Dict, Id, Value};

/// The classes of the module `_collections`.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    for class in [
        classes::DEQUE,
        classes::DEFAULT_DICT,
        classes::ORDERED_DICT,
        classes::DEQUE_ITERATOR,
        classes::DEQUE_REVERSE_ITERATOR,
    ] {
        let name = cx.heap.classes.get(class).name;
        cx.heap.set_in(dict, name, Value::Class(class));
    }
}
