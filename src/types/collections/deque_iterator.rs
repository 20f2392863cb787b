//! Iterators over deques: they notice when the deque changes.

use super::deque;
use crate::call::{Ask, Cx, Outcome};
use crate::types::{classes, iterator};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::{Gray, Id, Value};

/// How far a deque has been read.
pub struct DequeIterator {
    deque: Id<Boxed>,
    /// How many items are behind.
    index: usize,
    /// Of the deque when the iterator was made.
    version: u64,
    is_reversed: bool,
}

impl NativeObject for DequeIterator {
    fn trace(&self, gray: &mut Gray) {
        gray.push(Value::Native(self.deque));
    }
    fn bytes(&self) -> usize {
        size_of::<DequeIterator>()
    }
}

crate::natives! {
    /// The rows of both classes.
    pub static DEQUE_ITERATOR = [
        special "__iter__(self, /)" => iterator::iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => next, "Implement next(self).";
        method "__length_hint__(self, /)" => length_hint, "Private method returning an estimate of len(list(it)).";
    ]
}

/// An iterator over a deque that has skipped some items.
pub fn new(cx: &mut Cx, deque: Id<Boxed>, index: usize, is_reversed: bool) -> Value {
    let version = deque::get(cx, deque).version;
    let class = if is_reversed { classes::DEQUE_REVERSE_ITERATOR } else { classes::DEQUE_ITERATOR };
    cx.heap.new_native(class, DequeIterator { deque, index, version, is_reversed })
}

fn this(cx: &Cx, args: &[Value]) -> Id<Boxed> {
    match cx.exact(args[0]) {
        Value::Native(id) => id,
        other => crate::bug!("{other:?} is no iterator of a deque"),
    }
}

fn next(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args);
    let state = cx.heap.native::<DequeIterator>(id).expect("it is an iterator of a deque");
    let deque = deque::get(cx, state.deque);
    if state.index >= deque.items.len() {
        return Err(Ask::End);
    }
    if deque.version != state.version {
        return Err(cx.runtime_error("deque mutated during iteration"));
    }
    let place = if state.is_reversed { deque.items.len() - 1 - state.index } else { state.index };
    let item = deque.items[place];
    cx.heap.native_mut::<DequeIterator>(id).expect("it is an iterator of a deque").index += 1;
    Ok(item)
}

fn length_hint(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = cx.heap.native::<DequeIterator>(this(cx, args)).expect("it is an iterator of a deque");
    let len = deque::get(cx, state.deque).items.len();
    Ok(Value::Int(len.saturating_sub(state.index) as i64))
}
