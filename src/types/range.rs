//! range: arithmetic progressions with bounds of any size.

use super::protocol;
use super::pull::range_iter;
use crate::call::{Cx, Outcome};
use crate::types::{container, item, slice};
use crate::value::bigint::{Int, IntRef, arith, compare};
use crate::value::iterator::Iter;
use crate::value::{Class, Id, Range, Value};
use std::cmp::Ordering;

crate::natives! {
    /// The rows of the class range.
    pub static RANGE = [
        new "__new__(cls, start: index, stop: index=, step: index=, /)" => range_new,
            "range(stop) -> range object\nrange(start, stop[, step]) -> range object";
        special "__len__(self, /)" => range_len, "Return len(self).";
        special "__bool__(self, /)" => range_bool, "True if self else False";
        special "__iter__(self, /)" => range_iterator, "Implement iter(self).";
        special "__contains__(self, key, /)" => range_contains, "Return bool(key in self).";
        special "__getitem__(self, key, /)" => item::get_native, "Return self[key].";
        special "__repr__(self, /)" => range_repr, "Return repr(self).";
        special "__hash__(self, /)" => range_hash, "Return hash(self).";
        special "__eq__(self, value, /)" => range_eq, "Return self==value.";
        special "__reversed__(self, /)" => range_reversed, "Return a reverse iterator.";
        method "count(self, value, /)" => range_count, "rangeobject.count(value) -> integer -- return number of occurrences of value";
        method "index(self, value, /)" => range_index, "rangeobject.index(value) -> integer -- return index of value.\nRaise ValueError if the value is not present.";
        method "__reduce__(self, /)" => range_reduce, "Helper for pickle.";
        attr "start" => range_start, "The first number.";
        attr "stop" => range_stop, "The bound.";
        attr "step" => range_step, "The difference.";
    ]
}

fn this(args: &[Value]) -> Id<Range> {
    match args[0] {
        Value::Range(id) => id,
        _ => crate::bug!("self is a range"),
    }
}

/// A range of exact ints; `step` is not zero.
pub fn make(cx: &mut Cx, start: Value, stop: Value, step: Value) -> Value {
    let len = len_of(cx, start, stop, step);
    cx.heap.charge(size_of::<Range>());
    Value::Range(cx.heap.ranges.alloc(Range { start, stop, step, len }))
}

/// How many numbers there are.
pub fn len_of(cx: &mut Cx, start: Value, stop: Value, step: Value) -> Value {
    if let (Value::Int(start), Value::Int(stop), Value::Int(step)) = (start, stop, step) {
        let (start, stop, step) = (start as i128, stop as i128, step as i128);
        let len = match step > 0 {
            true if start < stop => (stop - start - 1) / step + 1,
            false if start > stop => (start - stop - 1) / -step + 1,
            _ => 0,
        };
        if let Ok(len) = i64::try_from(len) {
            return Value::Int(len);
        }
    }
    let heap = &cx.heap;
    let int = |value: Value| heap.int_ref(value).expect("a range is made of ints");
    let (low, high, step) = match int(step).is_negative() {
        false => (int(start), int(stop), arith::abs(int(step))),
        true => (int(stop), int(start), arith::abs(int(step))),
    };
    if compare(low, high) != Ordering::Less {
        return Value::Int(0);
    }
    let last = arith::sub(arith::sub(high, low).as_ref(), IntRef::Small(1));
    let len = arith::add(arith::floor_div(last.as_ref(), step.as_ref()).as_ref(), IntRef::Small(1));
    cx.heap.new_int(len)
}

/// Whether an int is one of the numbers.
pub fn contains(cx: &Cx, id: Id<Range>, value: Value) -> bool {
    let range = cx.heap.ranges.get(id);
    if let (Value::Int(start), Value::Int(stop), Value::Int(step), Some(int)) =
        (range.start, range.stop, range.step, value.as_int())
    {
        let is_inside = if step > 0 { start <= int && int < stop } else { stop < int && int <= start };
        return is_inside && (int as i128 - start as i128) % step as i128 == 0;
    }
    let as_int = |value: Value| cx.heap.int_ref(value).expect("a range is made of ints");
    let (start, stop, step, int) = (as_int(range.start), as_int(range.stop), as_int(range.step), as_int(value));
    let is_inside = match step.is_negative() {
        false => compare(start, int) != Ordering::Greater && compare(int, stop) == Ordering::Less,
        true => compare(stop, int) == Ordering::Less && compare(int, start) != Ordering::Greater,
    };
    is_inside && arith::modulo(arith::sub(int, start).as_ref(), step).as_ref().is_zero()
}

/// The number at an index of any size, which may be negative; None outside.
pub fn at(cx: &mut Cx, id: Id<Range>, index: Value) -> Option<Value> {
    let Range { start, step, len, .. } = *cx.heap.ranges.get(id);
    if let (Value::Int(start), Value::Int(step), Value::Int(len), Value::Int(index)) = (start, step, len, index) {
        let index = if index < 0 { index + len } else { index };
        return (0..len).contains(&index).then(|| Value::Int(start + index * step));
    }
    let heap = &cx.heap;
    let int = |value: Value| heap.int_ref(value).expect("a range is made of ints");
    let index = match int(index).is_negative() {
        true => arith::add(int(index), int(len)),
        false => arith::add(int(index), IntRef::Small(0)),
    };
    if index.as_ref().is_negative() || compare(index.as_ref(), int(len)) != Ordering::Less {
        return None;
    }
    let number = nth(int(start), int(step), index.as_ref());
    Some(cx.heap.new_int(number))
}

/// start + index * step
fn nth(start: IntRef, step: IntRef, index: IntRef) -> Int {
    arith::add(start, arith::mul(index, step).as_ref())
}

/// `range[slice]`: again a range.
pub fn sliced(cx: &mut Cx, id: Id<Range>, parts: [Value; 3]) -> Outcome {
    let Range { start, step, len, .. } = *cx.heap.ranges.get(id);
    let [from, to, by] = slice::indices_of(cx, parts, len)?;
    let heap = &cx.heap;
    let int = |value: Value| heap.int_ref(value).expect("a range is made of ints");
    let new_start = nth(int(start), int(step), int(from));
    let new_stop = nth(int(start), int(step), int(to));
    let new_step = arith::mul(int(step), int(by));
    let (new_start, new_stop) = (cx.heap.new_int(new_start), cx.heap.new_int(new_stop));
    let new_step = cx.heap.new_int(new_step);
    Ok(make(cx, new_start, new_stop, new_step))
}

fn range_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    // Subclasses cannot be.
    let [_, start, stop, step] = *args else { crate::bug!("range takes a class and three values") };
    let (start, stop) = if stop.is_undef() { (Value::Int(0), start) } else { (start, stop) };
    let step = step.given().unwrap_or(Value::Int(1));
    if step == Value::Int(0) {
        return Err(cx.value_error("range() arg 3 must not be zero"));
    }
    Ok(make(cx, start, stop, step))
}

fn range_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    protocol::len(cx, args[0])
}

fn range_bool(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(cx.heap.ranges.get(this(args)).len != Value::Int(0)))
}

fn range_iterator(cx: &mut Cx, args: &[Value]) -> Outcome {
    let iter = range_iter(*cx.heap.ranges.get(this(args)));
    Ok(cx.heap.new_iter(iter))
}

fn range_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[1] {
        Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => Ok(Value::Bool(contains(cx, this(args), args[1]))),
        _ => container::contains_by_iteration(cx, args[0], args[1]),
    }
}

fn range_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Range { start, stop, step, .. } = *cx.heap.ranges.get(this(args));
    let text = |value: Value| {
        let int = cx.heap.int_ref(value).expect("a range is made of ints");
        crate::value::bigint::text::to_decimal(int, 0).unwrap_or_default()
    };
    let text = match step {
        Value::Int(1) => format!("range({}, {})", text(start), text(stop)),
        _ => format!("range({}, {}, {})", text(start), text(stop), text(step)),
    };
    Ok(cx.str(&text))
}

fn range_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    protocol::hash(cx, args[0])
}

fn range_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[1] {
        Value::Range(_) => Ok(Value::Bool(protocol::quick_eq(cx, args[0], args[1]) == Some(true))),
        _ => Ok(Value::NotImplemented),
    }
}

fn range_reversed(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Range { start, step, len, .. } = *cx.heap.ranges.get(this(args));
    let int = |cx: &Cx, value: Value| match cx.heap.int_ref(value) {
        Some(IntRef::Small(small)) => Int::Small(small),
        Some(IntRef::Big(big)) => Int::Big(big.clone()),
        None => crate::bug!("a range is made of ints"),
    };
    let (start, step, len) = (int(cx, start), int(cx, step), int(cx, len));
    let last = arith::sub(len.as_ref(), IntRef::Small(1));
    let new_start = nth(start.as_ref(), step.as_ref(), last.as_ref());
    let new_step = arith::neg(step.as_ref());
    let iter = match (new_start, new_step, len) {
        (Int::Small(next), Int::Small(step), Int::Small(len)) => Iter::Range { next, remaining: len as u64, step },
        (next, step, remaining) => Iter::LongRange {
            next: cx.heap.new_int(next),
            step: cx.heap.new_int(step),
            remaining: cx.heap.new_int(remaining),
        },
    };
    Ok(cx.heap.new_iter(iter))
}

fn range_count(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[1] {
        Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => Ok(Value::Int(contains(cx, this(args), args[1]) as i64)),
        _ => super::search::count(cx, args[0], args[1]),
    }
}

fn range_index(cx: &mut Cx, args: &[Value]) -> Outcome {
    if !matches!(args[1], Value::Int(_) | Value::Bool(_) | Value::BigInt(_)) {
        return super::search::index(cx, args[0], args[1], "sequence.index(x): x not in sequence");
    }
    if !contains(cx, this(args), args[1]) {
        let text = cx.heap.int_ref(args[1]).map(|int| crate::value::bigint::text::to_decimal(int, 0));
        let text = match args[1] {
            Value::Bool(bool) => (if bool { "True" } else { "False" }).to_owned(),
            _ => text.and_then(Result::ok).unwrap_or_default(),
        };
        return Err(cx.value_error(format!("{text} is not in range")));
    }
    let Range { start, step, .. } = *cx.heap.ranges.get(this(args));
    let int = |value: Value| cx.heap.int_ref(value).expect("a range is made of ints");
    let index = arith::floor_div(arith::sub(int(args[1]), int(start)).as_ref(), int(step));
    Ok(cx.heap.new_int(index))
}

fn range_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Range { start, stop, step, .. } = *cx.heap.ranges.get(this(args));
    let parts = cx.heap.new_tuple(&[start, stop, step]);
    let class: Id<Class> = super::classes::RANGE;
    Ok(cx.heap.new_tuple(&[Value::Class(class), parts]))
}

fn range_start(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.ranges.get(this(args)).start)
}

fn range_stop(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.ranges.get(this(args)).stop)
}

fn range_step(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.ranges.get(this(args)).step)
}
