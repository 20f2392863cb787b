//! Membership, displays and unpacking into them: what the machine's container instructions mean.

use super::dict::{ops as dict_ops, update};
pub use super::namespace::import_star_frame;
use super::probe::{self, Action};
use super::protocol::{self, call_native};
use super::set::{ops as set_ops, update as set_update_of};
use super::{classes, drive};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::value::special::Special;
use crate::value::{NativeFrame, NativeId, Told, Value};
use drive::Flow;

crate::natives! {
    /// Steps of the container instructions.
    pub static CONTAINER_STEPS = [
        hidden "contains(iterable, item, wanted, found)" => step contains_step, "`wanted in iterable`, by iteration.";
        hidden "build_dict(items)" => step build_dict_step, "A dict of the keys and values in a tuple.";
        hidden "build_set(iterable, item, set)" => step build_set_step, "A set of what an iterable gives.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::CONTAINER, row }
}

/// `item in container`: any value, whose truth is meant.
pub fn contains(cx: &mut Cx, container: Value, item: Value) -> Outcome {
    match container {
        Value::Dict(id) => dict_ops::contains(cx, id, item),
        Value::Set(_) | Value::FrozenSet(_) => probe::run(cx, Action::Contains, container, item, Value::Undef),
        Value::List(_) | Value::Tuple(_) => contains_in_sequence(cx, container, item),
        Value::Range(id) if matches!(item, Value::Int(_) | Value::Bool(_) | Value::BigInt(_)) => {
            Ok(Value::Bool(super::range::contains(cx, id, item)))
        }
        _ => contains_by_class(cx, container, item),
    }
}

fn contains_by_class(cx: &mut Cx, container: Value, item: Value) -> Outcome {
    match cx.special_of(container, Special::Contains) {
        Some(Value::None) => {
            let message = format!("'{}' object is not a container", cx.class_name(container));
            Err(cx.type_error(message))
        }
        Some(method) => {
            if let exact @ (Value::Dict(_) | Value::Set(_) | Value::FrozenSet(_) | Value::List(_) | Value::Tuple(_)) =
                cx.exact(container)
                && matches!(method, Value::Builtin(_))
            {
                return contains(cx, exact, item);
            }
            match call_native(cx, method, &[container, item]) {
                Some(outcome) => outcome,
                None => Err(cx.ask_method(method, container, &[item]).to_be_last()),
            }
        }
        None => match protocol::iter(cx, container) {
            Ok(iterator) => contains_by_iteration(cx, iterator, item),
            Err(Ask::Raise(exc)) if cx.is_exception(exc, classes::TYPE_ERROR) => {
                let message = format!("argument of type '{}' is not iterable", cx.class_name(container));
                Err(cx.type_error(message))
            }
            Err(Ask::Raise(exc)) => Err(Ask::Raise(exc)),
            Err(_) => contains_by_iteration(cx, container, item),
        },
    }
}

/// The same, by comparing with each item of an iterable.
pub fn contains_by_iteration(cx: &mut Cx, iterable: Value, item: Value) -> Outcome {
    launch(cx, NativeFrame::new(step(0), &[iterable, Value::Undef, item, Value::Bool(false)]))
}

/// A few items at once, the rest by iteration, which pauses.
fn contains_in_sequence(cx: &mut Cx, container: Value, item: Value) -> Outcome {
    let len = protocol::quick_len(cx, container).expect("a sequence has a length");
    if len <= 5_000 {
        for at in 0..len {
            let other = match container {
                Value::List(id) => cx.heap.lists.get(id).items[at],
                Value::Tuple(id) => cx.heap.tuples.get(id).items()[at],
                _ => crate::bug!("neither list nor tuple"),
            };
            match protocol::quick_same(cx, other, item) {
                Some(true) => return Ok(Value::Bool(true)),
                Some(false) => {}
                None => return contains_by_iteration(cx, container, item),
            }
        }
        cx.burnt += len as i64 / 4;
        return Ok(Value::Bool(false));
    }
    contains_by_iteration(cx, container, item)
}

fn contains_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive::drive(
        cx,
        frame,
        |cx, frame, item| {
            let answer = protocol::equals(cx, item, frame.values[2])?;
            note_found(frame, answer)
        },
        |_, frame, _, answer| note_found(frame, answer),
    )?;
    Ok(frame.values[3])
}

fn note_found(frame: &mut NativeFrame, answer: Value) -> Result<Flow, Ask> {
    frame.values[3] = answer;
    Ok(if answer == Value::Bool(true) { Flow::Stop } else { Flow::Go })
}

// ----- Displays -----

/// `{a, b, …}`.
pub fn build_set(cx: &mut Cx, items: &[Value]) -> Outcome {
    let set = set_ops::new(cx);
    for (at, &item) in items.iter().enumerate() {
        match set_ops::add(cx, set, item) {
            Ok(_) => {}
            Err(ask @ (Ask::Raise(_) | Ask::Full)) => return Err(ask),
            Err(_) => {
                let rest = cx.heap.new_tuple(&items[at..]);
                return Err(cx.ask_push(NativeFrame::new(step(2), &[rest, Value::Undef, Value::Set(set)])));
            }
        }
    }
    Ok(Value::Set(set))
}

fn build_set_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive::drive(
        cx,
        frame,
        |cx, frame, item| {
            let Value::Set(set) = frame.values[2] else { crate::bug!("items go to a set") };
            set_ops::add(cx, set, item).map(|_| Flow::Go)
        },
        drive::any_answer,
    )?;
    Ok(frame.values[2])
}

/// `{key: value, …}`.
pub fn build_dict(cx: &mut Cx, items: &[Value]) -> Outcome {
    let dict = cx.heap.new_dict();
    for (at, pair) in items.chunks_exact(2).enumerate() {
        match dict_ops::set(cx, dict, pair[0], pair[1]) {
            Ok(_) => {}
            Err(ask @ (Ask::Raise(_) | Ask::Full)) => return Err(ask),
            Err(_) => {
                let rest = cx.heap.new_tuple(&items[at * 2..]);
                return Err(cx.ask_push(NativeFrame::new(step(1), &[rest, Value::Dict(dict)])));
            }
        }
    }
    Ok(Value::Dict(dict))
}

/// The step is the number of the next item.
fn build_dict_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (Value::Tuple(items), Value::Dict(dict)) = (frame.values[0], frame.values[1]) else {
        crate::bug!("a tuple of items and a dict")
    };
    if let Told::Raised(exc) = frame.told {
        return Err(Ask::Raise(exc));
    }
    while let Some(&[key, value]) = cx.heap.tuples.get(items).items().get(frame.step as usize..frame.step as usize + 2)
    {
        match dict_ops::set(cx, dict, key, value) {
            Err(Ask::Full) => return Err(Ask::Full),
            outcome => {
                frame.step += 2;
                outcome.map_err(Ask::to_come_back)?;
            }
        }
    }
    Ok(Value::Dict(dict))
}

/// Adds an item to the set of a display or comprehension.
pub fn set_add(cx: &mut Cx, set: Value, item: Value) -> Outcome {
    let Value::Set(id) = set else { crate::bug!("a display is a set") };
    set_ops::add(cx, id, item)
}

/// `*source` in a display.
pub fn list_extend(cx: &mut Cx, list: Value, source: Value) -> Outcome {
    let Value::List(id) = list else { crate::bug!("a display is a list") };
    if matches!(source, Value::List(_) | Value::Tuple(_) | Value::Range(_) | Value::Dict(_) | Value::Iter(_)) {
        return drive::extend(cx, id, source);
    }
    let is_iterable = match cx.special_of(source, Special::Iter) {
        Some(method) => !method.is_none(),
        None => cx.special_of(source, Special::GetItem).is_some(),
    };
    if !is_iterable {
        let message = format!("Value after * must be an iterable, not {}", cx.class_name(source));
        return Err(cx.type_error(message));
    }
    drive::extend(cx, id, source)
}

/// `*source` in a set display.
pub fn set_update(cx: &mut Cx, set: Value, source: Value) -> Outcome {
    let Value::Set(id) = set else { crate::bug!("a display is a set") };
    set_update_of::update(cx, id, source)
}

/// `**source` in a dict display.
pub fn dict_update(cx: &mut Cx, dict: Value, source: Value) -> Outcome {
    let Value::Dict(id) = dict else { crate::bug!("a display is a dict") };
    update::merge(cx, id, source, update::Strictness::Display)
}

/// `**source` in a call of `callee`.
pub fn dict_merge(cx: &mut Cx, dict: Value, source: Value, callee: Value) -> Outcome {
    let Value::Dict(id) = dict else { crate::bug!("keyword arguments are a dict") };
    update::merge(cx, id, source, update::Strictness::Call(callee))
}
