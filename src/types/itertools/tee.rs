//! tee: several iterators over what one gives.
//!
//! What was read is a chain of nodes: each iterator stands at one, and what no iterator needs any more is garbage.

use super::tool::{self, Tool};
use crate::call::iterate::take;
use crate::call::{Ask, Cx, Outcome};
use crate::types::iterator::iterator_iter;
use crate::types::{class, classes};
use crate::value::{NativeFrame, Value};

crate::natives! {
    /// The rows of the class _tee.
    pub static TEE = [
        new "__new__(cls, iterable: iter, /)" => tee_new, "Iterator wrapped to make it copyable.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step tee_next, "Implement next(self).";
        method "__copy__(self, /)" => tee_copy, "Returns an independent iterator.";
    ]
}

crate::natives! {
    /// The function.
    pub static TEE_FUNCTIONS = [
        func "tee(iterable: iter, n: size=, /)" => tee, "Returns a tuple of n independent iterators.";
    ]
}

/// A node: `source` the iterator, `kept` the item once it was read, `with` the next node then.
fn new_node(cx: &mut Cx, source: Value) -> Value {
    cx.heap.new_native(classes::OBJECT, Tool { source, ..Tool::default() })
}

/// An iterator: `source` is its node.
fn new_tee(cx: &mut Cx, node: Value) -> Value {
    cx.heap.new_native(classes::TEE, Tool { source: node, ..Tool::default() })
}

/// A copy of an iterator of this kind, or the first one over any other.
fn first_tee(cx: &mut Cx, iterator: Value) -> Value {
    if let Value::Native(id) = iterator
        && cx.class_of(iterator) == classes::TEE
    {
        let node = tool::get(cx, id).source;
        return new_tee(cx, node);
    }
    let node = new_node(cx, iterator);
    new_tee(cx, node)
}

fn tee(cx: &mut Cx, args: &[Value]) -> Outcome {
    let n = args[1].given().map_or(2, |n| n.as_int().unwrap_or_default());
    if n < 0 {
        return Err(cx.value_error("n must be >= 0"));
    }
    if n == 0 {
        return Ok(cx.heap.empty_tuple);
    }
    cx.heap.ensure((n as usize).saturating_mul(200))?;
    let first = first_tee(cx, args[0]);
    let node = tool::get(cx, tool::id_of(cx, first)).source;
    let mut made = vec![first];
    for _ in 1..n {
        made.push(new_tee(cx, node));
    }
    Ok(cx.heap.new_tuple_from(made))
}

fn tee_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    class::checked_class(cx, args[0], classes::TEE)?;
    Ok(first_tee(cx, args[1]))
}

fn tee_copy(cx: &mut Cx, args: &[Value]) -> Outcome {
    let node = tool::get(cx, tool::id_of(cx, args[0])).source;
    Ok(new_tee(cx, node))
}

fn tee_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let own = tool::own(cx, frame);
    // The node when the item was asked for: another iterator may have read it meanwhile.
    let node = match frame.values.get(1) {
        Some(&node) => node,
        None => {
            let node = tool::get(cx, own).source;
            frame.values.push(node);
            node
        }
    };
    let Value::Native(node) = node else { crate::bug!("a tee stands at a node") };
    if tool::get(cx, node).kept.is_undef() || frame.awaits_item {
        let source = tool::get(cx, node).source;
        let Some(item) = take(cx, frame, source)? else { return Err(Ask::End) };
        let next = new_node(cx, source);
        let state = tool::get_mut(cx, node);
        state.kept = item;
        state.with = next;
    }
    let (item, next) = (tool::get(cx, node).kept, tool::get(cx, node).with);
    tool::get_mut(cx, own).source = next;
    Ok(item)
}
