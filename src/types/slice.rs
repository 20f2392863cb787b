//! slice objects, and what their three parts mean for a sequence of some length.

use super::protocol;
use crate::call::{Ask, Cx, Outcome};
use crate::types::walk;
use crate::value::bigint::{Int, IntRef, arith, compare};
use crate::value::{Id, Slice, Value};
use aspen_grammar::bytecode::Compare;
use std::cmp::Ordering;

crate::natives! {
    /// The rows of the class slice.
    pub static SLICE = [
        new "__new__(cls, start, stop=, step=, /)" => slice_new,
            "slice(stop)\nslice(start, stop[, step])\n\nCreate a slice object.";
        special "__repr__(self, /)" => slice_repr, "Return repr(self).";
        special "__hash__(self, /)" => slice_hash, "Return hash(self).";
        special "__eq__(self, value, /)" => slice_eq, "Return self==value.";
        special "__lt__(self, value, /)" => slice_lt, "Return self<value.";
        special "__le__(self, value, /)" => slice_le, "Return self<=value.";
        special "__gt__(self, value, /)" => slice_gt, "Return self>value.";
        special "__ge__(self, value, /)" => slice_ge, "Return self>=value.";
        method "indices(self, len: index, /)" => slice_indices, "S.indices(len) -> (start, stop, stride)";
        method "__reduce__(self, /)" => slice_reduce, "Return state information for pickling.";
        attr "start" => slice_start, "The start, or None.";
        attr "stop" => slice_stop, "The stop, or None.";
        attr "step" => slice_step, "The step, or None.";
    ]
}

/// What a slice selects of a sequence: `count` items from `start` on, `step` apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    pub start: usize,
    pub stop: usize,
    pub step: i64,
    pub count: usize,
}

/// A new slice object.
pub fn new(cx: &mut Cx, start: Value, stop: Value, step: Value) -> Value {
    cx.heap.charge(size_of::<Slice>());
    Value::Slice(cx.heap.slices.alloc(Slice { start, stop, step }))
}

/// A bound as an int near enough: `Some(None)` for None, and `None` for what is neither None nor an exact int.
pub fn plain_bound(cx: &Cx, bound: Value) -> Option<Option<i64>> {
    match bound {
        Value::None => Some(None),
        Value::Int(int) => Some(Some(int)),
        Value::Bool(bool) => Some(Some(bool as i64)),
        Value::BigInt(_) => {
            let is_negative = cx.heap.int_ref(bound).is_some_and(IntRef::is_negative);
            Some(Some(if is_negative { i64::MIN } else { i64::MAX }))
        }
        _ => None,
    }
}

/// What the parts of a slice select of a sequence of `len` items; None if they are not exact ints.
pub fn select(cx: &Cx, parts: [Value; 3], len: usize) -> Option<Result<Selection, ZeroStep>> {
    let [start, stop, step] = parts.map(|part| plain_bound(cx, part));
    let (start, stop, step) = (start?, stop?, step?.unwrap_or(1));
    if step == 0 {
        return Some(Err(ZeroStep));
    }
    let step = step.max(-i64::MAX);
    let len = len as i64;
    let (lowest, highest) = if step < 0 { (-1, len - 1) } else { (0, len) };
    let clamp = |bound: i64| if bound < 0 { (bound + len).max(lowest) } else { bound.min(highest) };
    let start = start.map_or(if step < 0 { highest } else { 0 }, clamp);
    let stop = stop.map_or(if step < 0 { -1 } else { len }, clamp);
    let count = match step < 0 {
        true if stop < start => (start - stop - 1) / -step + 1,
        false if start < stop => (stop - start - 1) / step + 1,
        _ => 0,
    };
    // Without items the place still matters: that of an insertion.
    let start = start.max(0);
    Some(Ok(Selection { start: start as usize, stop: stop.max(start) as usize, step, count: count as usize }))
}

/// `ValueError: slice step cannot be zero`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZeroStep;

/// The error of a zero step.
pub fn zero_step(cx: &mut Cx) -> Ask {
    cx.value_error("slice step cannot be zero")
}

/// The error of a bound that is neither None nor an int.
pub fn bad_bound(cx: &mut Cx) -> Ask {
    cx.type_error("slice indices must be integers or None or have an __index__ method")
}

/// start, stop and step for a length of any size, from parts that are None or exact ints.
pub fn indices_of(cx: &mut Cx, parts: [Value; 3], len: Value) -> Result<[Value; 3], Ask> {
    let [start, stop, step] = parts;
    if step == Value::Int(0) {
        return Err(zero_step(cx));
    }
    let small = |int: i64| Int::Small(int);
    let owned = |value: Value| match cx.heap.int_ref(value) {
        Some(IntRef::Small(int)) => Some(Int::Small(int)),
        Some(IntRef::Big(big)) => Some(Int::Big(big.clone())),
        None => None,
    };
    let len = owned(len).expect("a length is an int");
    let step = owned(step).unwrap_or(small(1));
    let is_down = step.as_ref().is_negative();
    let (lowest, highest) = match is_down {
        true => (small(-1), arith::sub(len.as_ref(), IntRef::Small(1))),
        false => (small(0), arith::add(len.as_ref(), IntRef::Small(0))),
    };
    let clamp = |bound: Int| {
        if bound.as_ref().is_negative() {
            let moved = arith::add(bound.as_ref(), len.as_ref());
            return if compare(moved.as_ref(), lowest.as_ref()) == Ordering::Less { lowest.clone() } else { moved };
        }
        if compare(bound.as_ref(), highest.as_ref()) == Ordering::Greater { highest.clone() } else { bound }
    };
    let start = owned(start).map_or_else(|| if is_down { highest.clone() } else { small(0) }, clamp);
    let stop = owned(stop).map_or_else(|| if is_down { small(-1) } else { highest.clone() }, clamp);
    Ok([start, stop, step].map(|int| cx.heap.new_int(int)))
}

fn parts_of(cx: &Cx, value: Value) -> [Value; 3] {
    match value {
        Value::Slice(id) => {
            let slice = *cx.heap.slices.get(id);
            [slice.start, slice.stop, slice.step]
        }
        _ => crate::bug!("self is a slice"),
    }
}

/// The parts of a slice object.
pub fn parts(cx: &Cx, id: Id<Slice>) -> [Value; 3] {
    parts_of(cx, Value::Slice(id))
}

fn slice_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let step = args[3].given().unwrap_or(Value::None);
    let (start, stop) = if args[2].is_undef() { (Value::None, args[1]) } else { (args[1], args[2]) };
    Ok(new(cx, start, stop, step))
}

fn slice_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    walk::repr_parts(cx, "slice(", &parts_of(cx, args[0]), ")")
}

fn slice_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    protocol::hash(cx, args[0])
}

fn compare_parts(cx: &mut Cx, op: Compare, args: &[Value]) -> Outcome {
    if !matches!(args[1], Value::Slice(_)) {
        return Ok(Value::NotImplemented);
    }
    let (lhs, rhs) = (parts_of(cx, args[0]), parts_of(cx, args[1]));
    let (lhs, rhs) = (cx.heap.new_tuple(&lhs), cx.heap.new_tuple(&rhs));
    walk::compare(cx, op, lhs, rhs)
}

fn slice_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare_parts(cx, Compare::Eq, args)
}

fn slice_lt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare_parts(cx, Compare::Less, args)
}

fn slice_le(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare_parts(cx, Compare::LessEq, args)
}

fn slice_gt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare_parts(cx, Compare::Greater, args)
}

fn slice_ge(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare_parts(cx, Compare::GreaterEq, args)
}

fn slice_indices(cx: &mut Cx, args: &[Value]) -> Outcome {
    if cx.heap.int_ref(args[1]).is_some_and(IntRef::is_negative) {
        return Err(cx.value_error("length should not be negative"));
    }
    let mut parts = parts_of(cx, args[0]);
    for part in &mut parts {
        // Parts with a script's `__index__` are converted by subscription only.
        if !part.is_none() {
            *part = match cx.exact(*part) {
                exact @ (Value::Int(_) | Value::BigInt(_)) => exact,
                Value::Bool(bool) => Value::Int(bool as i64),
                _ => return super::item::slice_indices_frame(cx, args[0], args[1]),
            };
        }
    }
    let indices = indices_of(cx, parts, args[1])?;
    Ok(cx.heap.new_tuple(&indices))
}

fn slice_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let parts = parts_of(cx, args[0]);
    let parts = cx.heap.new_tuple(&parts);
    Ok(cx.heap.new_tuple(&[Value::Class(super::classes::SLICE), parts]))
}

fn slice_start(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(parts_of(cx, args[0])[0])
}

fn slice_stop(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(parts_of(cx, args[0])[1])
}

fn slice_step(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(parts_of(cx, args[0])[2])
}
