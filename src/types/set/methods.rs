//! The rows of the classes set and frozenset. `self` may be an instance of a subclass: its payload is the set.

use aspen_grammar::bytecode::Compare;

use super::{algebra, fold, ops, update};
use crate::call::launch::{launch, then_give};
use crate::call::{Ask, Cx, Outcome};
use crate::types::probe::{self, Action};
use crate::types::{class, classes, int, protocol, reduce, walk};
use crate::value::iterator::Iter;
use crate::value::{Id, Kind, NativeFrame, NativeId, Set, Value};

crate::natives! {
    /// The rows of the class set.
    pub static SET = [
        hidden "set(iterable=, /)" => set_make, "Build an unordered collection of unique elements.";
        new "__new__(cls, *args, **kwargs)" => set_new, "Create and return a new object.  See help(type) for accurate signature.";
        special "__init__(self, iterable=, /)" => set_init, "Initialize self.  See help(type(self)) for accurate signature.";
        method "add(self, object, /)" => set_add, "Add an element to a set.\n\nThis has no effect if the element is already present.";
        method "discard(self, object, /)" => set_discard, "Remove an element from a set if it is a member.\n\nUnlike set.remove(), the discard() method does not raise\nan exception when an element is missing from the set.";
        method "remove(self, object, /)" => set_remove, "Remove an element from a set; it must be a member.\n\nIf the element is not a member, raise a KeyError.";
        method "pop(self, /)" => set_pop, "Remove and return an arbitrary set element.\n\nRaises KeyError if the set is empty.";
        method "clear(self, /)" => set_clear, "Remove all elements from this set.";
        method "copy(self, /)" => set_copy, "Return a shallow copy of a set.";
        method "update(self, *others)" => set_update, "Update the set, adding elements from all others.";
        method "difference_update(self, *others)" => set_difference_update, "Update the set, removing elements found in others.";
        method "intersection_update(self, *others)" => set_intersection_update, "Update the set, keeping only elements found in it and all others.";
        method "symmetric_difference_update(self, other, /)" => set_symmetric_difference_update, "Update the set, keeping only elements found in either set, but not in both.";
        method "union(self, *others)" => set_union, "Return a new set with elements from the set and all others.";
        method "intersection(self, *others)" => set_intersection, "Return a new set with elements common to the set and all others.";
        method "difference(self, *others)" => set_difference, "Return a new set with elements in the set that are not in the others.";
        method "symmetric_difference(self, other, /)" => set_symmetric_difference, "Return a new set with elements in either the set or other but not both.";
        method "isdisjoint(self, other, /)" => set_isdisjoint, "Return True if two sets have a null intersection.";
        method "issubset(self, other, /)" => set_issubset, "Report whether another set contains this set.";
        method "issuperset(self, other, /)" => set_issuperset, "Report whether this set contains another set.";
        special "__len__(self, /)" => set_len, "Return len(self).";
        special "__iter__(self, /)" => set_iter, "Implement iter(self).";
        special "__contains__(self, object, /)" => set_contains, "x.__contains__(y) <==> y in x.";
        special "__repr__(self, /)" => set_repr, "Return repr(self).";
        special "__and__(self, value, /)" => set_and, "Return self&value.";
        special "__rand__(self, value, /)" => set_rand, "Return value&self.";
        special "__or__(self, value, /)" => set_or, "Return self|value.";
        special "__ror__(self, value, /)" => set_ror, "Return value|self.";
        special "__sub__(self, value, /)" => set_sub, "Return self-value.";
        special "__rsub__(self, value, /)" => set_rsub, "Return value-self.";
        special "__xor__(self, value, /)" => set_xor, "Return self^value.";
        special "__rxor__(self, value, /)" => set_rxor, "Return value^self.";
        special "__iand__(self, value, /)" => set_iand, "Return self&=value.";
        special "__ior__(self, value, /)" => set_ior, "Return self|=value.";
        special "__isub__(self, value, /)" => set_isub, "Return self-=value.";
        special "__ixor__(self, value, /)" => set_ixor, "Return self^=value.";
        special "__eq__(self, value, /)" => set_eq, "Return self==value.";
        special "__ne__(self, value, /)" => set_ne, "Return self!=value.";
        special "__lt__(self, value, /)" => set_lt, "Return self<value.";
        special "__le__(self, value, /)" => set_le, "Return self<=value.";
        special "__gt__(self, value, /)" => set_gt, "Return self>value.";
        special "__ge__(self, value, /)" => set_ge, "Return self>=value.";
        method "__sizeof__(self, /)" => set_sizeof, "S.__sizeof__() -> size of S in memory, in bytes.";
        method "__reduce__(self, /)" => set_reduce, "Return state information for pickling.";
        class "__class_getitem__(cls, item, /)" => crate::types::generic_alias::class_getitem, "See PEP 585";
    ]
}

crate::natives! {
    /// The rows of the class frozenset.
    pub static FROZENSET = [
        new "__new__(cls, iterable=, /)" => frozenset_new, "Build an immutable unordered collection of unique elements.";
        method "copy(self, /)" => set_copy, "Return a shallow copy of a set.";
        method "union(self, *others)" => set_union, "Return a new set with elements from the set and all others.";
        method "intersection(self, *others)" => set_intersection, "Return a new set with elements common to the set and all others.";
        method "difference(self, *others)" => set_difference, "Return a new set with elements in the set that are not in the others.";
        method "symmetric_difference(self, other, /)" => set_symmetric_difference, "Return a new set with elements in either the set or other but not both.";
        method "isdisjoint(self, other, /)" => set_isdisjoint, "Return True if two sets have a null intersection.";
        method "issubset(self, other, /)" => set_issubset, "Report whether another set contains this set.";
        method "issuperset(self, other, /)" => set_issuperset, "Report whether this set contains another set.";
        special "__len__(self, /)" => set_len, "Return len(self).";
        special "__iter__(self, /)" => set_iter, "Implement iter(self).";
        special "__contains__(self, object, /)" => set_contains, "x.__contains__(y) <==> y in x.";
        special "__repr__(self, /)" => set_repr, "Return repr(self).";
        special "__hash__(self, /)" => frozenset_hash, "Return hash(self).";
        special "__and__(self, value, /)" => set_and, "Return self&value.";
        special "__rand__(self, value, /)" => set_rand, "Return value&self.";
        special "__or__(self, value, /)" => set_or, "Return self|value.";
        special "__ror__(self, value, /)" => set_ror, "Return value|self.";
        special "__sub__(self, value, /)" => set_sub, "Return self-value.";
        special "__rsub__(self, value, /)" => set_rsub, "Return value-self.";
        special "__xor__(self, value, /)" => set_xor, "Return self^value.";
        special "__rxor__(self, value, /)" => set_rxor, "Return value^self.";
        special "__eq__(self, value, /)" => set_eq, "Return self==value.";
        special "__ne__(self, value, /)" => set_ne, "Return self!=value.";
        special "__lt__(self, value, /)" => set_lt, "Return self<value.";
        special "__le__(self, value, /)" => set_le, "Return self<=value.";
        special "__gt__(self, value, /)" => set_gt, "Return self>value.";
        special "__ge__(self, value, /)" => set_ge, "Return self>=value.";
        method "__sizeof__(self, /)" => set_sizeof, "S.__sizeof__() -> size of S in memory, in bytes.";
        method "__reduce__(self, /)" => set_reduce, "Return state information for pickling.";
        class "__class_getitem__(cls, item, /)" => crate::types::generic_alias::class_getitem, "See PEP 585";
    ]
}

crate::natives! {
    /// Steps of sets.
    pub static SET_STEPS = [
        hidden "as_frozenset(set)" => step as_frozenset, "What was asked for is a set; a frozenset of it is the result.";
        hidden "new(cls, iterable)" => step new_step, "An instance of a subclass of frozenset.";
    ]
}

const AS_FROZENSET: NativeId = NativeId { table: crate::tables::SET, row: 0 };
const NEW: NativeId = NativeId { table: crate::tables::SET, row: 1 };

/// The set that `self` is or carries, and whether it is a frozenset.
fn this(cx: &Cx, value: Value) -> (Id<Set>, bool) {
    match cx.exact(value) {
        Value::Set(id) => (id, false),
        Value::FrozenSet(id) => (id, true),
        other => crate::bug!("{other:?} is no set"),
    }
}

// ----- Making -----

fn set_make(cx: &mut Cx, args: &[Value]) -> Outcome {
    let set = ops::new(cx);
    filled(cx, set, args[0])
}

/// The set, once it has all items of an iterable (`Undef`: none).
fn filled(cx: &mut Cx, set: Id<Set>, iterable: Value) -> Outcome {
    if !iterable.is_undef()
        && let Err(ask) = update::update(cx, set, iterable)
    {
        return Err(then_give(cx, ask, Value::Set(set)));
    }
    Ok(Value::Set(set))
}

fn set_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = class::checked_class(cx, args[0], classes::SET)?;
    let set = Value::Set(ops::new(cx));
    Ok(int::instance(cx, class, classes::SET, set))
}

fn set_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    cx.heap.sets.get_mut(set).clear();
    match args[1] {
        Value::Undef => Ok(Value::None),
        iterable => update::update(cx, set, iterable),
    }
}

fn frozenset_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = class::checked_class(cx, args[0], classes::FROZENSET)?;
    if class == classes::FROZENSET {
        if let Value::FrozenSet(_) = args[1] {
            return Ok(args[1]);
        }
        let made = set_make(cx, &args[1..]);
        return frozen_result(cx, made);
    }
    launch(cx, NativeFrame::new(NEW, args))
}

fn new_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Class(class) = frame.values[0] else { crate::bug!("the class was checked") };
    let made = match frame.step {
        0 => {
            let iterable = frame.values[1];
            let outcome = set_make(cx, &[iterable]).map_err(Ask::to_come_back);
            frame.step = (outcome != Err(Ask::Full)) as u32;
            outcome?
        }
        _ => frame.told.into_outcome()?,
    };
    let (set, _) = this(cx, made);
    Ok(int::instance(cx, class, classes::FROZENSET, Value::FrozenSet(set)))
}

/// A new set as a frozenset.
fn frozen_result(cx: &mut Cx, made: Outcome) -> Outcome {
    match made {
        Ok(made) => {
            let (set, _) = this(cx, made);
            Ok(Value::FrozenSet(set))
        }
        Err(ask @ (Ask::Raise(_) | Ask::Full | Ask::End)) => Err(ask),
        Err(ask) => Err(crate::call::launch::ask_from(cx, ask.to_come_back(), NativeFrame::new(AS_FROZENSET, &[]))),
    }
}

fn as_frozenset(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let told = frame.told.into_outcome();
    frozen_result(cx, told)
}

/// What an operation on `self` gives, with the type of `self`.
fn as_type_of(cx: &mut Cx, is_frozen: bool, made: Outcome) -> Outcome {
    if is_frozen { frozen_result(cx, made) } else { made }
}

// ----- One key -----

fn set_add(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    ops::add(cx, set, args[1])
}

fn set_discard(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    match probe::run(cx, Action::Discard, Value::Set(set), args[1], Value::Undef) {
        Ok(_) => Ok(Value::None),
        Err(ask) => Err(then_give(cx, ask, Value::None)),
    }
}

fn set_remove(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    match probe::run(cx, Action::Remove, Value::Set(set), args[1], Value::Undef) {
        Ok(_) => Ok(Value::None),
        Err(ask) => Err(then_give(cx, ask, Value::None)),
    }
}

fn set_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    probe::run(cx, Action::Contains, Value::Set(set), args[1], Value::Undef)
}

fn set_pop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    let Set { table, entries, .. } = cx.heap.sets.get_mut(set);
    match table.choose_for_pop(|entry_idx| !entries[entry_idx as usize].key.is_undef()) {
        Some(entry_idx) => {
            let is_exact = ops::hash_is_exact(cx, cx.heap.sets.get(set).entries[entry_idx as usize].key);
            Ok(cx.heap.sets.get_mut(set).remove_at(entry_idx as usize, is_exact))
        }
        None => {
            let message = cx.str("pop from an empty set");
            Err(cx.key_error(message))
        }
    }
}

// ----- The whole -----

fn set_clear(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    cx.heap.sets.get_mut(set).clear();
    Ok(Value::None)
}

fn set_copy(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let Value::FrozenSet(_) = args[0] {
        return Ok(args[0]);
    }
    let (set, is_frozen) = this(cx, args[0]);
    let copy = update::copy(cx, set)?;
    let (class, native) = (cx.class_of(args[0]), if is_frozen { classes::FROZENSET } else { classes::SET });
    Ok(int::instance(cx, class, native, algebra::typed(copy, is_frozen)))
}

fn set_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    Ok(Value::Int(cx.heap.sets.get(set).len() as i64))
}

fn set_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    let expected_len = cx.heap.sets.get(set).len();
    Ok(cx.heap.new_iter(Iter::Set { set, index: 0, expected_len }))
}

fn set_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let Value::Set(_) | Value::FrozenSet(_) = args[0] {
        return walk::repr(cx, args[0]);
    }
    let (set, _) = this(cx, args[0]);
    let name = cx.class_name(args[0]);
    if cx.heap.sets.get(set).is_empty() {
        return Ok(cx.str(&format!("{name}()")));
    }
    let items = cx.heap.sets.get(set).iter().map(|entry| entry.key).collect();
    let (open, close) = (format!("{name}({{"), "})".to_owned());
    let marker = format!("{name}(...)").into();
    walk::repr_as(cx, args[0], walk::Layout { open, items, is_pairs: false, close, marker })
}

fn frozenset_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    protocol::hash(cx, Value::FrozenSet(set))
}

fn set_sizeof(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    Ok(Value::Int(72 + cx.heap.sets.get(set).owned() as i64))
}

fn set_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    let keys = cx.heap.sets.get(set).iter().map(|entry| entry.key).collect();
    let keys = cx.heap.new_list(keys);
    let arguments = cx.heap.new_tuple(&[keys]);
    let class = cx.class_of(args[0]);
    let state = reduce::object_getstate(cx, &args[..1])?;
    Ok(cx.heap.new_tuple(&[Value::Class(class), arguments, state]))
}

// ----- Methods with others -----

/// The result is None, once the set is changed.
fn changed(cx: &mut Cx, outcome: Outcome) -> Outcome {
    match outcome {
        Ok(_) => Ok(Value::None),
        Err(ask) => Err(then_give(cx, ask, Value::None)),
    }
}

fn set_update(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    let outcome = fold::update(cx, set, &args[1..]);
    changed(cx, outcome)
}

fn set_difference_update(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    let outcome = fold::subtract(cx, set, &args[1..]);
    changed(cx, outcome)
}

fn set_intersection_update(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    match &args[1..] {
        [other] => algebra::intersect(cx, set, *other),
        others => algebra::intersect_all(cx, set, others),
    }
}

fn set_symmetric_difference_update(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    algebra::toggle(cx, set, args[1])
}

fn set_union(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, is_frozen) = this(cx, args[0]);
    let copy = update::copy(cx, set)?;
    let made = fold::update(cx, copy, &args[1..]);
    as_type_of(cx, is_frozen, made)
}

fn set_intersection(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, is_frozen) = this(cx, args[0]);
    let made = fold::intersection(cx, set, &args[1..]);
    as_type_of(cx, is_frozen, made)
}

fn set_difference(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, is_frozen) = this(cx, args[0]);
    if let [other] = args[1..] {
        return algebra::difference(cx, set, other, is_frozen);
    }
    let copy = update::copy(cx, set)?;
    let made = fold::subtract(cx, copy, &args[1..]);
    as_type_of(cx, is_frozen, made)
}

fn set_symmetric_difference(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, is_frozen) = this(cx, args[0]);
    algebra::symmetric_difference(cx, set, args[1], is_frozen)
}

fn set_isdisjoint(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    algebra::is_disjoint(cx, Value::Set(set), args[1])
}

fn set_issubset(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, is_frozen) = this(cx, args[0]);
    if algebra::set_of(cx, args[1]).is_some() {
        return algebra::compare(cx, Compare::LessEq, Value::Set(set), args[1]);
    }
    algebra::is_in_all_of(cx, algebra::typed(set, is_frozen), args[1])
}

fn set_issuperset(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (set, _) = this(cx, args[0]);
    if algebra::set_of(cx, args[1]).is_some() {
        return algebra::compare(cx, Compare::GreaterEq, Value::Set(set), args[1]);
    }
    algebra::all_in(cx, args[1], Value::Set(set))
}

// ----- Operators -----

/// The two sets of an operator, and whether the left one is frozen; None is NotImplemented.
fn operands(cx: &Cx, args: &[Value]) -> Option<(Id<Set>, Id<Set>, bool)> {
    let (left, is_frozen) = match cx.exact(args[0]) {
        Value::Set(id) => (id, false),
        Value::FrozenSet(id) => (id, true),
        _ => return None,
    };
    Some((left, algebra::set_of(cx, args[1])?, is_frozen))
}

fn set_and(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some((left, right, is_frozen)) = operands(cx, args) else { return Ok(Value::NotImplemented) };
    algebra::intersection(cx, left, Value::Set(right), is_frozen)
}

fn set_or(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some((left, right, is_frozen)) = operands(cx, args) else { return Ok(Value::NotImplemented) };
    let copy = update::copy(cx, left)?;
    match update::merge(cx, copy, right) {
        Ok(_) => Ok(algebra::typed(copy, is_frozen)),
        Err(ask) => Err(then_give(cx, ask, algebra::typed(copy, is_frozen))),
    }
}

fn set_sub(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some((left, right, is_frozen)) = operands(cx, args) else { return Ok(Value::NotImplemented) };
    algebra::difference(cx, left, Value::Set(right), is_frozen)
}

fn set_xor(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some((left, right, is_frozen)) = operands(cx, args) else { return Ok(Value::NotImplemented) };
    algebra::symmetric_difference(cx, left, Value::Set(right), is_frozen)
}

fn set_rand(cx: &mut Cx, args: &[Value]) -> Outcome {
    set_and(cx, &[args[1], args[0]])
}

fn set_ror(cx: &mut Cx, args: &[Value]) -> Outcome {
    set_or(cx, &[args[1], args[0]])
}

fn set_rsub(cx: &mut Cx, args: &[Value]) -> Outcome {
    set_sub(cx, &[args[1], args[0]])
}

fn set_rxor(cx: &mut Cx, args: &[Value]) -> Outcome {
    set_xor(cx, &[args[1], args[0]])
}

/// An operator in place: the result is `self`.
fn in_place(cx: &mut Cx, args: &[Value], change: fn(&mut Cx, Id<Set>, Value) -> Outcome) -> Outcome {
    let Some((left, right, _)) = operands(cx, args) else { return Ok(Value::NotImplemented) };
    match change(cx, left, Value::Set(right)) {
        Ok(_) => Ok(args[0]),
        Err(ask) => Err(then_give(cx, ask, args[0])),
    }
}

fn set_iand(cx: &mut Cx, args: &[Value]) -> Outcome {
    in_place(cx, args, algebra::intersect)
}

fn set_ior(cx: &mut Cx, args: &[Value]) -> Outcome {
    in_place(cx, args, update::update)
}

fn set_isub(cx: &mut Cx, args: &[Value]) -> Outcome {
    in_place(cx, args, algebra::subtract)
}

fn set_ixor(cx: &mut Cx, args: &[Value]) -> Outcome {
    in_place(cx, args, algebra::toggle)
}

fn set_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::compare(cx, Compare::Eq, args[0], args[1])
}

fn set_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::compare(cx, Compare::NotEq, args[0], args[1])
}

fn set_lt(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::compare(cx, Compare::Less, args[0], args[1])
}

fn set_le(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::compare(cx, Compare::LessEq, args[0], args[1])
}

fn set_gt(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::compare(cx, Compare::Greater, args[0], args[1])
}

fn set_ge(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::compare(cx, Compare::GreaterEq, args[0], args[1])
}
