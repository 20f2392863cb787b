//! Intersection, difference, symmetric difference, and the comparisons by inclusion.
//!
//! What is walked through and what is looked up in is as in CPython, so that sets of numbers come out in its order.

use aspen_grammar::bytecode::Compare;

use super::{ops, update};
use crate::call::launch::{launch, then_give};
use crate::call::{Ask, Cx, Outcome};
use crate::types::dict::views;
use crate::types::drive::{Flow, drive};
use crate::types::probe::{self, Action};
use crate::types::{container, protocol};
use crate::value::iterator::DictPart;
use crate::value::{Id, NativeFrame, NativeId, Set, Value};

crate::natives! {
    /// Steps of set algebra.
    pub static ALGEBRA_STEPS = [
        hidden "walk(iterable, item, kind, container, target, result, phase)" => step walk_step, "One walk through an iterable.";
        hidden "toggle_all(other, target, set)" => step toggle_all_step, "`target ^= other`, of any iterable.";
        hidden "intersect(set, *others)" => step replace_step, "The set becomes the result.";
        hidden "compare(lhs, rhs, kind, is_negated)" => step compare_step, "Whether all of one are in the other.";
        hidden "view(set, lhs, rhs, change)" => step view_step, "An operator of a view: a set, filled, then changed.";
        hidden "is_in_all(set, iterable, made)" => step is_in_all_step, "Whether an iterable gives all keys of a set.";
        hidden "symmetric(other, set, made, is_frozen)" => step symmetric_step, "What is in just one of both.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::ALGEBRA, row }
}

/// What a walk does with each item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Adds it to the target if it is in the container.
    AddIfIn,
    AddIfNotIn,
    /// Removes it from the target.
    Discard,
    /// Adds it to the target, or removes it.
    Toggle,
    /// The result is whether some item is not in the container.
    AnyNotIn,
    AnyIn,
}

const KINDS: [Kind; 6] = [Kind::AddIfIn, Kind::AddIfNotIn, Kind::Discard, Kind::Toggle, Kind::AnyNotIn, Kind::AnyIn];

/// A set or frozenset, of an instance of a subclass the one inside.
pub fn set_of(cx: &Cx, value: Value) -> Option<Id<Set>> {
    match cx.exact(value) {
        Value::Set(id) | Value::FrozenSet(id) => Some(id),
        _ => None,
    }
}

/// The set as the type that the operation on `like` has.
pub fn typed(set: Id<Set>, is_frozen: bool) -> Value {
    if is_frozen { Value::FrozenSet(set) } else { Value::Set(set) }
}

fn walk(cx: &mut Cx, kind: Kind, iterable: Value, container: Value, target: Value, result: Value) -> Outcome {
    let kind = Value::Int(kind as i64);
    launch(cx, NativeFrame::new(step(0), &[iterable, Value::Undef, kind, container, target, result, Value::Int(0)]))
}

fn walk_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(cx, frame, on_item, on_answer)?;
    if let (Kind::Discard, Value::Set(target)) = (kind_of(frame), frame.values[4])
        && cx.heap.sets.get(target).table.has_many_dummies()
    {
        let growth = cx.heap.sets.get(target).table.growth();
        cx.heap.sets.get_mut(target).rebuild(growth);
    }
    Ok(frame.values[5])
}

fn kind_of(frame: &NativeFrame) -> Kind {
    KINDS[frame.values[2].as_int().unwrap_or_default() as usize]
}

fn on_item(cx: &mut Cx, frame: &mut NativeFrame, item: Value) -> Result<Flow, Ask> {
    frame.values[6] = Value::Int(0);
    match kind_of(frame) {
        Kind::AddIfIn | Kind::AddIfNotIn | Kind::AnyIn | Kind::AnyNotIn => {
            let is_in = match frame.values[3] {
                searched @ (Value::Dict(_) | Value::Set(_) | Value::FrozenSet(_)) => {
                    probe::run_walked(cx, Action::Contains, searched, (frame.values[0], item), Value::Undef)?
                }
                searched => container::contains(cx, searched, item)?,
            };
            found(cx, frame, item, is_in)
        }
        kind @ (Kind::Discard | Kind::Toggle) => {
            let action = if kind == Kind::Discard { Action::Discard } else { Action::Toggle };
            probe::run_walked(cx, action, frame.values[4], (frame.values[0], item), Value::Undef).map(|_| Flow::Go)
        }
    }
}

fn on_answer(cx: &mut Cx, frame: &mut NativeFrame, item: Value, answer: Value) -> Result<Flow, Ask> {
    match (kind_of(frame), frame.values[6]) {
        (Kind::Discard | Kind::Toggle, _) | (_, Value::Int(1)) => Ok(Flow::Go),
        _ => found(cx, frame, item, answer),
    }
}

fn found(cx: &mut Cx, frame: &mut NativeFrame, item: Value, is_in: Value) -> Result<Flow, Ask> {
    let is_in = protocol::quick_truth(cx, is_in).unwrap_or(true);
    match kind_of(frame) {
        Kind::AnyIn | Kind::AnyNotIn => {
            let is_wanted = is_in == (kind_of(frame) == Kind::AnyIn);
            if is_wanted {
                frame.values[5] = Value::Bool(true);
            }
            Ok(if is_wanted { Flow::Stop } else { Flow::Go })
        }
        kind if is_in == (kind == Kind::AddIfIn) => {
            frame.values[6] = Value::Int(1);
            probe::run_walked(cx, Action::Add, frame.values[4], (frame.values[0], item), Value::Undef).map(|_| Flow::Go)
        }
        _ => Ok(Flow::Go),
    }
}

// ----- Sets -----

/// What is in both.
pub fn intersection(cx: &mut Cx, set: Id<Set>, other: Value, is_frozen: bool) -> Outcome {
    let result = ops::new(cx);
    let (own, given) = (Value::Set(set), typed(result, is_frozen));
    let target = Value::Set(result);
    match set_of(cx, other) {
        Some(id) if id == set => {
            let copy = update::copy(cx, set)?;
            Ok(typed(copy, is_frozen))
        }
        // The smaller one is walked through.
        Some(id) if cx.heap.sets.get(id).len() > cx.heap.sets.get(set).len() => {
            walk(cx, Kind::AddIfIn, own, Value::Set(id), target, given)
        }
        Some(id) => walk(cx, Kind::AddIfIn, Value::Set(id), own, target, given),
        None => walk(cx, Kind::AddIfIn, other, own, target, given),
    }
}

/// `set &= other` for each.
pub fn intersect_all(cx: &mut Cx, set: Id<Set>, others: &[Value]) -> Outcome {
    let mut frame = NativeFrame::new(step(2), &[Value::Set(set)]);
    frame.values.extend_from_slice(others);
    launch(cx, frame)
}

/// `set &= other`.
pub fn intersect(cx: &mut Cx, set: Id<Set>, other: Value) -> Outcome {
    launch(cx, NativeFrame::new(step(2), &[Value::Set(set), other]))
}

fn replace_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Set(set) = frame.values[0] else { crate::bug!("a set is changed") };
    let result = match frame.step {
        0 => {
            let outcome = super::fold::intersection(cx, set, &frame.values[1..]);
            frame.step = (outcome != Err(Ask::Full)) as u32;
            outcome?
        }
        _ => frame.told.into_outcome()?,
    };
    let Value::Set(result) = result else { crate::bug!("an intersection is a set") };
    let made = std::mem::take(cx.heap.sets.get_mut(result));
    let own = cx.heap.sets.get_mut(set);
    own.table.replace(made.table);
    own.entries = made.entries;
    own.hash.set(0);
    Ok(Value::None)
}

/// What is in the set and not in the other.
pub fn difference(cx: &mut Cx, set: Id<Set>, other: Value, is_frozen: bool) -> Outcome {
    let n_other = match cx.exact(other) {
        Value::Set(id) | Value::FrozenSet(id) => Some(cx.heap.sets.get(id).len()),
        Value::Dict(id) => Some(cx.heap.dicts.get(id).len()),
        _ => None,
    };
    if n_other.is_some_and(|n_other| cx.heap.sets.get(set).len() / 4 <= n_other) {
        let result = ops::new(cx);
        let exact = cx.exact(other);
        return walk(cx, Kind::AddIfNotIn, Value::Set(set), exact, Value::Set(result), typed(result, is_frozen));
    }
    let copy = update::copy(cx, set)?;
    match subtract(cx, copy, other) {
        Ok(_) => Ok(typed(copy, is_frozen)),
        Err(ask) => Err(then_give(cx, ask, typed(copy, is_frozen))),
    }
}

/// `set -= other`. The result is None.
pub fn subtract(cx: &mut Cx, set: Id<Set>, other: Value) -> Outcome {
    if set_of(cx, other) == Some(set) {
        cx.heap.sets.get_mut(set).clear();
        return Ok(Value::None);
    }
    walk(cx, Kind::Discard, other, Value::Undef, Value::Set(set), Value::None)
}

/// `set ^= other`. The result is None.
pub fn toggle(cx: &mut Cx, set: Id<Set>, other: Value) -> Outcome {
    match cx.exact(other) {
        Value::Set(id) | Value::FrozenSet(id) if id == set => {
            cx.heap.sets.get_mut(set).clear();
            Ok(Value::None)
        }
        exact @ (Value::Set(_) | Value::FrozenSet(_) | Value::Dict(_)) => {
            walk(cx, Kind::Toggle, exact, Value::Undef, Value::Set(set), Value::None)
        }
        _ => {
            let made = ops::new(cx);
            launch(cx, NativeFrame::new(step(1), &[other, Value::Set(set), Value::Set(made)]))
        }
    }
}

/// An item that is there twice counts once: first a set is made of them.
fn toggle_all_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [other, Value::Set(set), Value::Set(made)] = frame.values[..] else { crate::bug!("an iterable and two sets") };
    match frame.step {
        0 => {
            let outcome = update::update(cx, made, other).map_err(Ask::to_come_back);
            frame.step = (outcome != Err(Ask::Full)) as u32;
            outcome?;
        }
        1 => {
            frame.told.into_outcome()?;
        }
        _ => return frame.told.into_outcome(),
    }
    frame.step = 2;
    walk(cx, Kind::Toggle, Value::Set(made), Value::Undef, Value::Set(set), Value::None)
}

/// What is in just one of them: a copy of the right one, toggled by the left one.
pub fn symmetric_difference(cx: &mut Cx, set: Id<Set>, other: Value, is_frozen: bool) -> Outcome {
    if let Some(id) = set_of(cx, other) {
        let copy = update::copy(cx, id)?;
        return match walk(cx, Kind::Toggle, Value::Set(set), Value::Undef, Value::Set(copy), Value::None) {
            Ok(_) => Ok(typed(copy, is_frozen)),
            Err(ask) => Err(then_give(cx, ask, typed(copy, is_frozen))),
        };
    }
    let made = ops::new(cx);
    let values = [other, Value::Set(set), Value::Set(made), Value::Bool(is_frozen)];
    launch(cx, NativeFrame::new(step(6), &values))
}

/// A set of what the other gives, toggled by the set.
fn symmetric_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [other, set, Value::Set(made), is_frozen] = frame.values[..] else { crate::bug!("an iterable and two sets") };
    match frame.step {
        0 => {
            let outcome = update::update(cx, made, other).map_err(Ask::to_come_back);
            frame.step = (outcome != Err(Ask::Full)) as u32;
            outcome?;
        }
        1 => {
            frame.told.into_outcome()?;
        }
        _ => return frame.told.into_outcome(),
    }
    frame.step = 2;
    let result = typed(made, is_frozen == Value::Bool(true));
    walk(cx, Kind::Toggle, set, Value::Undef, Value::Set(made), result)
}

/// Whether no item of the other is in the container, as a Bool.
pub fn is_disjoint(cx: &mut Cx, container: Value, other: Value) -> Outcome {
    let (walked, searched) = match (set_of(cx, container), set_of(cx, other)) {
        (Some(own), Some(id)) if cx.heap.sets.get(id).len() > cx.heap.sets.get(own).len() => {
            (Value::Set(own), Value::Set(id))
        }
        (Some(own), _) => (other, Value::Set(own)),
        _ => (other, container),
    };
    negated(cx, Kind::AnyIn, walked, searched)
}

/// Whether all items of an iterable are in a container, as a Bool.
pub fn all_in(cx: &mut Cx, iterable: Value, container: Value) -> Outcome {
    negated(cx, Kind::AnyNotIn, iterable, container)
}

/// Whether all keys of a set are among what an iterable gives, as a Bool.
pub fn is_in_all_of(cx: &mut Cx, set: Value, iterable: Value) -> Outcome {
    let made = ops::new(cx);
    launch(cx, NativeFrame::new(step(5), &[set, iterable, Value::Set(made)]))
}

fn is_in_all_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [set, iterable, made @ Value::Set(id)] = frame.values[..] else { crate::bug!("a set, an iterable and a set") };
    match frame.step {
        0 => {
            let outcome = update::update(cx, id, iterable).map_err(Ask::to_come_back);
            frame.step = (outcome != Err(Ask::Full)) as u32;
            outcome?;
        }
        1 => {
            frame.told.into_outcome()?;
        }
        _ => return frame.told.into_outcome(),
    }
    frame.step = 2;
    all_in(cx, set, made)
}

/// Whether no item is as the kind of the walk says.
fn negated(cx: &mut Cx, kind: Kind, walked: Value, searched: Value) -> Outcome {
    let negate = Value::Bool(true);
    launch(cx, NativeFrame::new(step(3), &[walked, searched, Value::Int(kind as i64), negate]))
}

fn compare_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [walked, searched, Value::Int(kind), negate] = frame.values[..] else { crate::bug!("two containers") };
    let answer = match frame.step {
        0 => {
            frame.step = 1;
            walk(cx, KINDS[kind as usize], walked, searched, Value::Undef, Value::Bool(false))?
        }
        _ => frame.told.into_outcome()?,
    };
    Ok(Value::Bool((answer == Value::Bool(true)) != (negate == Value::Bool(true))))
}

/// A comparison by inclusion of two containers with known lengths.
fn compare_by_inclusion(cx: &mut Cx, op: Compare, lhs: (Value, usize), rhs: (Value, usize)) -> Outcome {
    let ((left, n_left), (right, n_right)) = (lhs, rhs);
    let is_possible = match op {
        Compare::Eq | Compare::NotEq => n_left == n_right,
        Compare::Less => n_left < n_right,
        Compare::LessEq => n_left <= n_right,
        Compare::Greater => n_left > n_right,
        Compare::GreaterEq => n_left >= n_right,
    };
    match op {
        _ if !is_possible => Ok(Value::Bool(op == Compare::NotEq)),
        Compare::Eq | Compare::Less | Compare::LessEq => all_in(cx, left, right),
        Compare::Greater | Compare::GreaterEq => all_in(cx, right, left),
        Compare::NotEq => {
            let kind = Value::Int(Kind::AnyNotIn as i64);
            launch(cx, NativeFrame::new(step(3), &[left, right, kind, Value::Bool(false)]))
        }
    }
}

/// Two sets; NotImplemented for anything else.
pub fn compare(cx: &mut Cx, op: Compare, lhs: Value, rhs: Value) -> Outcome {
    let (Some(left), Some(right)) = (set_of(cx, lhs), set_of(cx, rhs)) else { return Ok(Value::NotImplemented) };
    if left == right {
        return Ok(Value::Bool(matches!(op, Compare::Eq | Compare::LessEq | Compare::GreaterEq)));
    }
    let (n_left, n_right) = (cx.heap.sets.get(left).len(), cx.heap.sets.get(right).len());
    compare_by_inclusion(cx, op, (Value::Set(left), n_left), (Value::Set(right), n_right))
}

// ----- Views of dicts -----

/// A set, or a view that is like one, and its length.
fn set_like(cx: &Cx, value: Value) -> Option<(Value, usize)> {
    if let Some(id) = set_of(cx, value) {
        return Some((value, cx.heap.sets.get(id).len()));
    }
    match views::view_of(cx, value) {
        Some((dict, DictPart::Keys | DictPart::Items)) => Some((value, cx.heap.dicts.get(dict).len())),
        _ => None,
    }
}

/// A view and a set or another view; NotImplemented for anything else.
pub fn view_compare(cx: &mut Cx, op: Compare, lhs: Value, rhs: Value) -> Outcome {
    match (set_like(cx, lhs), set_like(cx, rhs)) {
        (Some(lhs), Some(rhs)) => compare_by_inclusion(cx, op, lhs, rhs),
        _ => Ok(Value::NotImplemented),
    }
}

/// `lhs & rhs`, one of them a view.
pub fn view_and(cx: &mut Cx, lhs: Value, rhs: Value) -> Outcome {
    let result = Value::Set(ops::new(cx));
    let (walked, searched) = match (set_like(cx, lhs), set_like(cx, rhs)) {
        (Some((_, n_left)), Some((_, n_right))) if n_right > n_left => (lhs, rhs),
        (Some(_), _) => (rhs, lhs),
        (None, _) => (lhs, rhs),
    };
    walk(cx, Kind::AddIfIn, walked, searched, result, result)
}

/// How a set of what the left one gives is changed by the right one.
#[derive(Clone, Copy)]
enum Change {
    Update,
    Subtract,
    Toggle,
}

fn view_change(cx: &mut Cx, lhs: Value, rhs: Value, change: Change) -> Outcome {
    let set = Value::Set(ops::new(cx));
    launch(cx, NativeFrame::new(step(4), &[set, lhs, rhs, Value::Int(change as i64)]))
}

/// Steps: 0; 1 the left one is being added; 2 it is; 3 the right one is being applied.
fn view_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [Value::Set(set), lhs, rhs, Value::Int(change)] = frame.values[..] else { crate::bug!("a set and two others") };
    if frame.step % 2 == 1 {
        std::mem::take(&mut frame.told).into_outcome()?;
        frame.step += 1;
    }
    while frame.step < 4 {
        let outcome = match (frame.step, change) {
            (0, _) => update::update(cx, set, lhs),
            (_, 0) => update::update(cx, set, rhs),
            (_, 1) => subtract(cx, set, rhs),
            _ => toggle(cx, set, rhs),
        };
        if matches!(outcome, Err(ask) if ask != Ask::Full) {
            frame.step += 1;
        }
        outcome.map_err(Ask::to_come_back)?;
        frame.step += 2;
    }
    Ok(Value::Set(set))
}

/// `lhs | rhs`, one of them a view.
pub fn view_or(cx: &mut Cx, lhs: Value, rhs: Value) -> Outcome {
    view_change(cx, lhs, rhs, Change::Update)
}

/// `lhs - rhs`, one of them a view.
pub fn view_sub(cx: &mut Cx, lhs: Value, rhs: Value) -> Outcome {
    view_change(cx, lhs, rhs, Change::Subtract)
}

/// `lhs ^ rhs`, one of them a view.
pub fn view_xor(cx: &mut Cx, lhs: Value, rhs: Value) -> Outcome {
    view_change(cx, lhs, rhs, Change::Toggle)
}
