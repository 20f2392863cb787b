//! Truth, hash and equality as far as they need neither script code nor a walk through deep nesting.
//!
//! Each answers None where it does not know; `protocol.rs` and the frames go on from there. Nested tuples and lists are
//! followed a few levels and a bounded number of items, so that no script can grow the Rust stack or hold up the machine.

use crate::call::cx::native_def;
use crate::call::{Body, Cx, Outcome};
use crate::types::classes;
use crate::value::bigint::{self, IntRef};
use crate::value::hash::{HASH_OF_NONE, TupleHash, hash_f64, hash_frozenset, hash_i64};
use crate::value::special::Special;
use crate::value::{Heap, Id, Range, Set, Tuple, Value};
use std::cmp::Ordering;

/// How deep nested tuples and lists are followed, and how many items all in all.
#[derive(Clone, Copy)]
struct Budget {
    depth: u32,
    items: u32,
}

impl Budget {
    const fn full() -> Self {
        Budget { depth: 5, items: 2_000 }
    }

    /// One level deeper, into a container of so many items; None if that is too much.
    fn enter(&mut self, n_items: usize) -> Option<Budget> {
        if self.depth == 0 || n_items > self.items as usize {
            return None;
        }
        self.items -= n_items as u32;
        Some(Budget { depth: self.depth - 1, items: self.items })
    }
}

/// The body of a native special method that needs no frame, called at once; None for any other method.
pub fn call_native(cx: &mut Cx, method: Value, args: &[Value]) -> Option<Outcome> {
    let Value::Builtin(id) = method else { return None };
    match native_def(id).body {
        Body::Plain(body) => Some(body(cx, args)),
        Body::Stepped(_) => None,
    }
}

/// Whether a special method is the one of `object`: identity.
pub fn is_of_object(method: Value) -> bool {
    matches!(method, Value::Builtin(id) if id.table as usize == classes::OBJECT.index())
}

// ----- Truth -----

/// The truth of a value; None: script code decides.
#[inline]
pub fn quick_truth(cx: &mut Cx, value: Value) -> Option<bool> {
    Some(match value {
        Value::Bool(bool) => bool,
        Value::None => false,
        Value::Int(int) => int != 0,
        Value::Float(float) => float != 0.0,
        Value::Str(id) => cx.heap.strs.get(id).n_chars != 0,
        Value::Bytes(id) => !cx.heap.bytes.get(id).data.is_empty(),
        Value::Tuple(id) => !cx.heap.tuples.get(id).items().is_empty(),
        Value::List(id) => !cx.heap.lists.get(id).items.is_empty(),
        Value::Dict(id) => !cx.heap.dicts.get(id).is_empty(),
        Value::Set(id) | Value::FrozenSet(id) => !cx.heap.sets.get(id).table.is_empty(),
        Value::Range(id) => cx.heap.ranges.get(id).len != Value::Int(0),
        Value::Inst(_) | Value::Exc(_) | Value::Native(_) | Value::Context(_) | Value::Class(_) | Value::Module(_) => {
            return truth_by_class(cx, value);
        }
        Value::Ellipsis
        | Value::NotImplemented
        | Value::Future(_)
        | Value::Task(_)
        | Value::Loop(_)
        | Value::Handle(_)
        | Value::Builtin(_)
        | Value::BigInt(_)
        | Value::Slice(_)
        | Value::Func(_)
        | Value::Method(_)
        | Value::Gen(_)
        | Value::Iter(_)
        | Value::Cell(_)
        | Value::Descr(_)
        | Value::Link(_) => true,
        Value::Undef | Value::Shape(_) | Value::Buffer(_) => crate::bug!("{value:?} is not a script's value"),
    })
}

fn truth_by_class(cx: &mut Cx, value: Value) -> Option<bool> {
    let class = cx.class_of(value);
    if class == classes::TYPE {
        return Some(true);
    }
    let method = match cx.special(class, Special::Bool) {
        Some(method) => method,
        None => match cx.special(class, Special::Len) {
            Some(method) => method,
            None => return Some(true),
        },
    };
    let exact = cx.exact(value);
    if matches!(method, Value::Builtin(_)) && !exact.is(&value) {
        return quick_truth(cx, exact);
    }
    match call_native(cx, method, &[value])? {
        Ok(Value::Bool(bool)) => Some(bool),
        Ok(Value::Int(int)) => Some(int != 0),
        _ => None,
    }
}

// ----- Identity -----

/// A number that no other living value of the same kind has.
pub fn identity(value: Value) -> u64 {
    let of = |tag: u64, number: u32| number as u64 | tag << 40;
    match value {
        Value::Undef => 0,
        Value::None => 1 << 40,
        Value::NotImplemented => 2 << 40,
        Value::Ellipsis => 3 << 40,
        Value::Bool(bool) => of(4, bool as u32),
        Value::Int(int) => (int as u64).wrapping_mul(32) ^ 5 << 40,
        Value::Float(float) => float.to_bits() ^ 6 << 40,
        Value::Builtin(id) => of(7, (id.table as u32) << 16 | id.row as u32),
        Value::Str(id) => of(8, id.number()),
        Value::Bytes(id) => of(9, id.number()),
        Value::BigInt(id) => of(10, id.number()),
        Value::Tuple(id) => of(11, id.number()),
        Value::List(id) => of(12, id.number()),
        Value::Dict(id) => of(13, id.number()),
        Value::Set(id) => of(14, id.number()),
        Value::FrozenSet(id) => of(15, id.number()),
        Value::Range(id) => of(16, id.number()),
        Value::Slice(id) => of(17, id.number()),
        Value::Func(id) => of(18, id.number()),
        Value::Method(id) => of(19, id.number()),
        Value::Class(id) => of(20, id.number()),
        Value::Inst(id) => of(21, id.number()),
        Value::Exc(id) => of(22, id.number()),
        Value::Gen(id) => of(23, id.number()),
        Value::Iter(id) => of(24, id.number()),
        Value::Cell(id) => of(25, id.number()),
        Value::Module(id) => of(26, id.number()),
        Value::Descr(id) => of(27, id.number()),
        Value::Link(id) => of(28, id.number()),
        Value::Shape(id) => of(29, id.number()),
        Value::Buffer(id) => of(30, id.number()),
        Value::Native(id) => of(31, id.number()),
        Value::Future(id) => of(32, id.number()),
        Value::Task(id) => of(33, id.number()),
        Value::Loop(id) => of(34, id.number()),
        Value::Handle(id) => of(35, id.number()),
        Value::Context(id) => of(36, id.number()),
    }
}

// ----- Hash -----

/// The hash of a value; None: it has none, or script code decides.
#[inline]
pub fn quick_hash(cx: &mut Cx, value: Value) -> Option<u64> {
    match value {
        Value::Str(id) => Some(cx.heap.hash_str(id)),
        Value::Int(int) => Some(hash_i64(int) as u64),
        _ => hash_within(cx, value, &mut Budget::full()),
    }
}

fn hash_within(cx: &mut Cx, value: Value, budget: &mut Budget) -> Option<u64> {
    Some(match value {
        Value::Str(id) => cx.heap.hash_str(id),
        Value::Int(int) => hash_i64(int) as u64,
        Value::Bool(bool) => bool as u64,
        Value::None => HASH_OF_NONE as u64,
        // Two nans with the same bits are the same object here.
        Value::Float(float) => hash_f64(float).map_or(identity(value), |hash| hash as u64),
        Value::BigInt(id) => bigint::hash(IntRef::Big(cx.heap.big_ints.get(id))) as u64,
        Value::Bytes(id) => {
            let bytes = cx.heap.bytes.get(id);
            if bytes.hash.get() == 0 {
                bytes.hash.set(crate::value::hash_text(cx.heap.hash_key, &bytes.data));
            }
            bytes.hash.get()
        }
        Value::Tuple(id) => return hash_tuple(cx, id, budget),
        Value::FrozenSet(id) => hash_frozen(cx, id),
        Value::Range(id) => return hash_range(cx, *cx.heap.ranges.get(id)),
        Value::Slice(id) => {
            let slice = *cx.heap.slices.get(id);
            let mut state = TupleHash::new();
            for part in [slice.start, slice.stop, slice.step] {
                state.add(hash_within(cx, part, &mut budget.enter(3)?)? as i64);
            }
            state.finish_slice() as u64
        }
        Value::Method(id) => {
            let method = *cx.heap.methods.get(id);
            identity(method.this).rotate_left(7) ^ identity(method.func)
        }
        Value::List(_) | Value::Dict(_) | Value::Set(_) => return None,
        Value::Inst(_)
        | Value::Exc(_)
        | Value::Native(_)
        | Value::Context(_)
        | Value::Handle(_)
        | Value::Class(_)
        | Value::Module(_) => {
            return hash_by_class(cx, value, budget);
        }
        Value::NotImplemented
        | Value::Ellipsis
        | Value::Builtin(_)
        | Value::Future(_)
        | Value::Task(_)
        | Value::Loop(_)
        | Value::Func(_)
        | Value::Gen(_)
        | Value::Iter(_)
        | Value::Cell(_)
        | Value::Descr(_)
        | Value::Link(_) => identity(value),
        Value::Undef | Value::Shape(_) | Value::Buffer(_) => crate::bug!("{value:?} is not a script's value"),
    })
}

fn hash_by_class(cx: &mut Cx, value: Value, budget: &mut Budget) -> Option<u64> {
    let Some(method) = cx.special_of(value, Special::Hash) else { return Some(identity(value)) };
    if is_of_object(method) {
        return Some(identity(value));
    }
    let exact = cx.exact(value);
    if matches!(method, Value::Builtin(_)) && !matches!(exact, Value::Inst(_) | Value::Native(_)) && exact != value {
        return hash_within(cx, exact, budget);
    }
    match call_native(cx, method, &[value])? {
        Ok(Value::Int(hash)) => Some(hash as u64),
        _ => None,
    }
}

fn hash_tuple(cx: &mut Cx, id: Id<Tuple>, budget: &mut Budget) -> Option<u64> {
    let len = cx.heap.tuples.get(id).items().len();
    let mut inner = budget.enter(len)?;
    let mut state = TupleHash::new();
    for at in 0..len {
        let item = cx.heap.tuples.get(id).items()[at];
        state.add(hash_within(cx, item, &mut inner)? as i64);
    }
    budget.items = inner.items;
    Some(state.finish(len) as u64)
}

/// The hash of a set as a frozenset has it: its keys' hashes are known.
pub fn hash_frozen(cx: &mut Cx, id: Id<Set>) -> u64 {
    let set = cx.heap.sets.get(id);
    if set.hash.get() == 0 {
        let hashes: Vec<i64> =
            set.entries.iter().filter(|entry| !entry.key.is_undef()).map(|entry| entry.hash as i64).collect();
        set.hash.set(hash_frozenset(hashes.into_iter()) as u64);
    }
    set.hash.get()
}

/// As the tuple of length, start and step; what does not matter is None.
fn hash_range(cx: &mut Cx, range: Range) -> Option<u64> {
    let parts = match range.len {
        Value::Int(0) => [range.len, Value::None, Value::None],
        Value::Int(1) => [range.len, range.start, Value::None],
        _ => [range.len, range.start, range.step],
    };
    let mut state = TupleHash::new();
    for part in parts {
        state.add(hash_within(cx, part, &mut Budget::full())? as i64);
    }
    Some(state.finish(3) as u64)
}

// ----- Equality -----

/// `lhs == rhs`; None: script code or a walk decides.
#[inline]
pub fn quick_eq(cx: &mut Cx, lhs: Value, rhs: Value) -> Option<bool> {
    match (lhs, rhs) {
        (Value::Int(lhs), Value::Int(rhs)) => Some(lhs == rhs),
        (Value::Str(lhs), Value::Str(rhs)) => Some(cx.heap.same_text(lhs, rhs)),
        _ => eq_within(cx, lhs, rhs, &mut Budget::full()),
    }
}

/// `lhs is rhs or lhs == rhs`: how containers compare what is in them.
#[inline]
pub fn quick_same(cx: &mut Cx, lhs: Value, rhs: Value) -> Option<bool> {
    if lhs.is(&rhs) { Some(true) } else { quick_eq(cx, lhs, rhs) }
}

fn eq_within(cx: &mut Cx, lhs: Value, rhs: Value, budget: &mut Budget) -> Option<bool> {
    Some(match (lhs, rhs) {
        (Value::Int(lhs), Value::Int(rhs)) => lhs == rhs,
        (Value::Str(lhs), Value::Str(rhs)) => cx.heap.same_text(lhs, rhs),
        (Value::Float(lhs), Value::Float(rhs)) => lhs == rhs,
        (Value::Bool(_) | Value::Int(_), Value::Bool(_) | Value::Int(_)) => lhs.as_int() == rhs.as_int(),
        (Value::Bool(_) | Value::Int(_) | Value::BigInt(_), Value::Float(float))
        | (Value::Float(float), Value::Bool(_) | Value::Int(_) | Value::BigInt(_)) => {
            let int = if matches!(lhs, Value::Float(_)) { rhs } else { lhs };
            let int = cx.heap.int_ref(int)?;
            bigint::float::compare_with_f64(int, float) == Some(Ordering::Equal)
        }
        (Value::BigInt(lhs), Value::BigInt(rhs)) => cx.heap.big_ints.get(lhs) == cx.heap.big_ints.get(rhs),
        (Value::Bytes(lhs), Value::Bytes(rhs)) => cx.heap.bytes.get(lhs).data == cx.heap.bytes.get(rhs).data,
        (Value::Tuple(left), Value::Tuple(right)) => {
            let lens = (cx.heap.tuples.get(left).items().len(), cx.heap.tuples.get(right).items().len());
            let item =
                |cx: &Cx, at: usize| (cx.heap.tuples.get(left).items()[at], cx.heap.tuples.get(right).items()[at]);
            return eq_items(cx, lens, budget, item);
        }
        (Value::List(left), Value::List(right)) => {
            let lens = (cx.heap.lists.get(left).items.len(), cx.heap.lists.get(right).items.len());
            let item = |cx: &Cx, at: usize| (cx.heap.lists.get(left).items[at], cx.heap.lists.get(right).items[at]);
            return eq_items(cx, lens, budget, item);
        }
        (Value::Slice(left), Value::Slice(right)) => {
            let (left, right) = (*cx.heap.slices.get(left), *cx.heap.slices.get(right));
            let (left, right) = ([left.start, left.stop, left.step], [right.start, right.stop, right.step]);
            return eq_items(cx, (3, 3), budget, |_, at| (left[at], right[at]));
        }
        (Value::Range(left), Value::Range(right)) => {
            let (left, right) = (*cx.heap.ranges.get(left), *cx.heap.ranges.get(right));
            return eq_ranges(cx, left, right, budget);
        }
        (Value::Method(left), Value::Method(right)) => {
            let (left, right) = (*cx.heap.methods.get(left), *cx.heap.methods.get(right));
            left.func.is(&right.func) && left.this.is(&right.this)
        }
        (Value::Set(left) | Value::FrozenSet(left), Value::Set(right) | Value::FrozenSet(right)) => {
            if left != right && cx.heap.sets.get(left).table.len() == cx.heap.sets.get(right).table.len() {
                return None;
            }
            left == right
        }
        (Value::Dict(left), Value::Dict(right)) => {
            if cx.heap.dicts.get(left).len() == cx.heap.dicts.get(right).len() {
                return None;
            }
            false
        }
        _ if has_class_of_its_own(lhs) || has_class_of_its_own(rhs) => return eq_by_class(cx, lhs, rhs, budget),
        _ => lhs.is(&rhs),
    })
}

fn eq_items(
    cx: &mut Cx,
    lens: (usize, usize),
    budget: &mut Budget,
    item: impl Fn(&Cx, usize) -> (Value, Value),
) -> Option<bool> {
    if lens.0 != lens.1 {
        return Some(false);
    }
    let mut inner = budget.enter(lens.0)?;
    for at in 0..lens.0 {
        let (left, right) = item(cx, at);
        if !left.is(&right) && !eq_within(cx, left, right, &mut inner)? {
            return Some(false);
        }
    }
    budget.items = inner.items;
    Some(true)
}

/// `lhs < rhs` of numbers, strs, and short tuples of these; None where it may be something else.
pub fn quick_less(heap: &Heap, lhs: Value, rhs: Value) -> Option<bool> {
    less_within(heap, lhs, rhs, 3)
}

fn less_within(heap: &Heap, lhs: Value, rhs: Value, depth: u32) -> Option<bool> {
    match (lhs, rhs) {
        (Value::Int(left), Value::Int(right)) => Some(left < right),
        (Value::Str(left), Value::Str(right)) => Some(heap.text(left) < heap.text(right)),
        (Value::Float(left), Value::Float(right)) => Some(left < right),
        (Value::Tuple(left), Value::Tuple(right)) if depth > 0 => {
            let (left, right) = (heap.tuples.get(left).items(), heap.tuples.get(right).items());
            if left.len() > 16 {
                return None;
            }
            for (&lhs, &rhs) in left.iter().zip(right) {
                if !plain_same(heap, lhs, rhs, depth - 1)? {
                    return less_within(heap, lhs, rhs, depth - 1);
                }
            }
            Some(left.len() < right.len())
        }
        _ => None,
    }
}

/// `lhs is rhs or lhs == rhs` of the same values.
fn plain_same(heap: &Heap, lhs: Value, rhs: Value, depth: u32) -> Option<bool> {
    match (lhs, rhs) {
        (Value::Int(left), Value::Int(right)) => Some(left == right),
        (Value::Str(left), Value::Str(right)) => Some(heap.same_text(left, right)),
        (Value::Float(left), Value::Float(right)) => Some(left == right || lhs.is(&rhs)),
        (Value::Tuple(left), Value::Tuple(right)) if left == right => Some(true),
        (Value::Tuple(left), Value::Tuple(right)) if depth > 0 => {
            let (left, right) = (heap.tuples.get(left).items(), heap.tuples.get(right).items());
            if left.len() != right.len() {
                return Some(false);
            }
            if left.len() > 16 {
                return None;
            }
            for (&lhs, &rhs) in left.iter().zip(right) {
                if !plain_same(heap, lhs, rhs, depth - 1)? {
                    return Some(false);
                }
            }
            Some(true)
        }
        _ => None,
    }
}

/// Ranges are equal if their numbers are.
fn eq_ranges(cx: &mut Cx, lhs: Range, rhs: Range, budget: &mut Budget) -> Option<bool> {
    Some(
        eq_within(cx, lhs.len, rhs.len, budget)?
            && (lhs.len == Value::Int(0)
                || (eq_within(cx, lhs.start, rhs.start, budget)?
                    && (lhs.len == Value::Int(1) || eq_within(cx, lhs.step, rhs.step, budget)?))),
    )
}

/// Whether a class of the script, or a native type without a tag, says what equality is.
fn has_class_of_its_own(value: Value) -> bool {
    matches!(
        value,
        Value::Inst(_)
            | Value::Exc(_)
            | Value::Native(_)
            | Value::Context(_)
            | Value::Handle(_)
            | Value::Class(_)
            | Value::Module(_)
    )
}

fn eq_by_class(cx: &mut Cx, lhs: Value, rhs: Value, budget: &mut Budget) -> Option<bool> {
    let (left, right) = (seen_by_eq(cx, lhs)?, seen_by_eq(cx, rhs)?);
    if has_class_of_its_own(left) || has_class_of_its_own(right) {
        return Some(lhs.is(&rhs));
    }
    eq_within(cx, left, right, budget)
}

/// What the built-in `==` looks at: the payload of an instance that inherits it, the value itself where identity decides.
fn seen_by_eq(cx: &mut Cx, value: Value) -> Option<Value> {
    if !has_class_of_its_own(value) {
        return Some(value);
    }
    let Some(method) = cx.special_of(value, Special::Eq) else { return Some(value) };
    if is_of_object(method) {
        return Some(value);
    }
    let exact = cx.exact(value);
    (matches!(method, Value::Builtin(_)) && !has_class_of_its_own(exact)).then_some(exact)
}
