//! The next item of an iterator.
//!
//! [`advance`] gives it at once where no script code is needed, and asks otherwise. [`next`] and [`take`] are the same for
//! a stepped native, which is told the item, or [`Told::End`], at its next step.

use super::cx::{Cx, native_def};
use super::launch::launch;
use super::native::Body;
use super::outcome::{Ask, Outcome};
use crate::types::{classes, item, protocol, pull};
use crate::value::bigint::{IntRef, arith};
use crate::value::iterator::{DictPart, Iter};
use crate::value::special::Special;
use crate::value::{GenKind, Heap, Id, NativeFrame, NativeId, Told, Value};

/// An item, or None at the end.
pub type Next = Result<Option<Value>, Ask>;

/// What a stepped native does at most without a pause, in items or the like.
pub const STRETCH: i64 = 10_000;

/// The next item of an iterator. What it asks for is to be told as the next item: `Want::Next` or `wants_next`.
#[inline]
pub fn advance(cx: &mut Cx, iterator: Value) -> Next {
    match iterator {
        Value::Iter(id) => advance_native(cx, id),
        Value::Gen(id) if cx.heap.gens.get(id).kind == GenKind::Generator => {
            cx.sent = Value::None;
            Err(Ask::Resume(id))
        }
        _ => advance_object(cx, iterator),
    }
}

/// The same in a stepped native.
#[inline]
pub fn next(cx: &mut Cx, frame: &mut NativeFrame, iterator: Value) -> Next {
    let next = advance(cx, iterator);
    if let Err(ask) = next {
        frame.wants_next = ask.is_question();
        frame.awaits_item = frame.wants_next;
    }
    next
}

/// The next item in a loop of a stepped native: what was told, if an item was asked for, otherwise asks.
#[inline]
pub fn take(cx: &mut Cx, frame: &mut NativeFrame, iterator: Value) -> Next {
    if !frame.awaits_item {
        return next(cx, frame, iterator);
    }
    frame.awaits_item = false;
    match std::mem::take(&mut frame.told) {
        Told::Value(value) => Ok(Some(value)),
        Told::End | Told::Returned(_) => Ok(None),
        Told::Raised(exc) => Err(Ask::Raise(exc)),
        // The machine runs a step again after a collection.
        Told::Start => next(cx, frame, iterator),
    }
}

/// Long native loops pause now and then, so that fuel is looked at: None if it is not yet time.
pub fn pause(cx: &mut Cx) -> Option<Ask> {
    (cx.burnt > STRETCH).then(|| cx.ask_push(NativeFrame::new(PAUSE, &[])))
}

crate::natives! {
    /// Steps of iteration.
    pub static ITERATE_STEPS = [
        hidden "pause()" => step pause_step, "Nothing: the machine looks at its fuel.";
        hidden "next_indexed(iterator)" => step next_indexed, "`obj[index]` until IndexError.";
        hidden "next_called(iterator)" => step next_called, "`callee()` until the sentinel.";
    ]
}

const PAUSE: NativeId = NativeId { table: crate::tables::ITERATE, row: 0 };
const NEXT_INDEXED: NativeId = NativeId { table: crate::tables::ITERATE, row: 1 };
const NEXT_CALLED: NativeId = NativeId { table: crate::tables::ITERATE, row: 2 };

fn pause_step(_cx: &mut Cx, _frame: &mut NativeFrame) -> Outcome {
    Ok(Value::None)
}

fn advance_native(cx: &mut Cx, id: Id<Iter>) -> Next {
    let Heap { iters, lists, tuples, .. } = &mut cx.heap;
    match iters.get_mut(id) {
        Iter::List { list, index } => {
            let item = lists.get(*list).items.get(*index).copied();
            // A list that grows again after its end gives nothing more.
            *index = if item.is_some() { *index + 1 } else { usize::MAX };
            Ok(item)
        }
        Iter::Items { sequence: Value::Tuple(tuple), index } => {
            let item = tuples.get(*tuple).items().get(*index).copied();
            *index += item.is_some() as usize;
            Ok(item)
        }
        Iter::Range { next, remaining, step } => {
            if *remaining == 0 {
                return Ok(None);
            }
            let item = Value::Int(*next);
            *remaining -= 1;
            *next = next.wrapping_add(*step);
            Ok(Some(item))
        }
        Iter::Dict { .. } => advance_dict(cx, id),
        Iter::Pull(_) => pull::advance(cx, id),
        _ => advance_rare(cx, id),
    }
}

/// The next item of a built-in iterator whose items are pairs, without the tuple: of `dict.items()`, and of enumerate and
/// zip over iterators that need no script code. None: any other iterator.
#[inline]
pub fn advance_pair(cx: &mut Cx, id: Id<Iter>) -> Option<Result<Option<[Value; 2]>, Ask>> {
    match cx.heap.iters.get(id) {
        Iter::Dict { part: DictPart::Items, .. } => {
            Some(advance_entry(cx, id).map(|entry| entry.map(|(_, pair)| pair)))
        }
        Iter::Pull(_) => pull::advance_pair(cx, id),
        _ => None,
    }
}

fn advance_rare(cx: &mut Cx, id: Id<Iter>) -> Next {
    let Heap { iters, lists, bytes, .. } = &mut cx.heap;
    match iters.get_mut(id) {
        Iter::ListReversed { list, index } => {
            let item = index.checked_sub(1).and_then(|at| lists.get(*list).items.get(at)).copied();
            *index = if item.is_some() { *index - 1 } else { 0 };
            Ok(item)
        }
        Iter::Items { sequence: Value::Bytes(data), index } => {
            let item = bytes.get(*data).data.get(*index).map(|&byte| Value::Int(byte as i64));
            *index += item.is_some() as usize;
            Ok(item)
        }
        &mut Iter::Items { sequence, index } => {
            let item = indexed_item(cx, sequence, index as i64)?;
            if let Iter::Items { index, .. } = cx.heap.iters.get_mut(id) {
                *index = if item.is_some() { *index + 1 } else { i64::MAX as usize };
            }
            Ok(item)
        }
        Iter::Str { .. } => Ok(advance_str(cx, id)),
        Iter::LongRange { .. } => Ok(advance_long_range(cx, id)),
        Iter::Set { .. } => advance_set(cx, id),
        Iter::DictReversed { .. } => advance_dict_reversed(cx, id),
        &mut Iter::Indexed { obj, index } | &mut Iter::IndexedReversed { obj, index } => {
            if index < 0 {
                return Ok(None);
            }
            let item = match obj {
                Value::Inst(_) => return Err(cx.ask_push(NativeFrame::new(NEXT_INDEXED, &[Value::Iter(id)]))),
                _ => indexed_item(cx, obj, index)?,
            };
            step_index(cx, id, item.is_some());
            Ok(item)
        }
        Iter::Calls { callee: Value::Undef, .. } | Iter::Done => Ok(None),
        Iter::Calls { .. } => Err(cx.ask_push(NativeFrame::new(NEXT_CALLED, &[Value::Iter(id)]))),
        Iter::List { .. } | Iter::Range { .. } | Iter::Dict { .. } | Iter::Pull(_) => {
            crate::bug!("a frequent iterator came to the rare ones")
        }
    }
}

/// `sequence[index]` of a native sequence, None behind its end.
fn indexed_item(cx: &mut Cx, sequence: Value, index: i64) -> Next {
    match item::get(cx, sequence, Value::Int(index)) {
        Ok(item) => Ok(Some(item)),
        Err(Ask::Raise(exc)) if cx.is_exception(exc, classes::INDEX_ERROR) => Ok(None),
        Err(ask) => Err(ask),
    }
}

/// After an item of an iterator by index, or at its end.
fn step_index(cx: &mut Cx, id: Id<Iter>, had_item: bool) {
    match cx.heap.iters.get_mut(id) {
        Iter::Indexed { index, .. } => *index = if had_item { *index + 1 } else { -1 },
        Iter::IndexedReversed { index, .. } => *index = if had_item { *index - 1 } else { -1 },
        _ => crate::bug!("not an iterator by index"),
    }
}

fn next_indexed(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Iter(id) = frame.values[0] else { crate::bug!("not an iterator") };
    if frame.step == 0 {
        let (Iter::Indexed { obj, index } | Iter::IndexedReversed { obj, index }) = *cx.heap.iters.get(id) else {
            crate::bug!("not an iterator by index");
        };
        frame.step = 1;
        frame.told = match item::get(cx, obj, Value::Int(index)) {
            Ok(item) => Told::Value(item),
            Err(Ask::Raise(exc)) => Told::Raised(exc),
            Err(ask) => return Err(ask.to_come_back()),
        };
    }
    match frame.told {
        Told::Raised(exc)
            if cx.is_exception(exc, classes::INDEX_ERROR) || cx.is_exception(exc, classes::STOP_ITERATION) =>
        {
            step_index(cx, id, false);
            Err(Ask::End)
        }
        told => {
            let item = told.into_outcome()?;
            step_index(cx, id, true);
            Ok(item)
        }
    }
}

fn next_called(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Iter(id) = frame.values[0] else { crate::bug!("not an iterator") };
    let &Iter::Calls { callee, sentinel } = cx.heap.iters.get(id) else { crate::bug!("not an iterator of calls") };
    let end = |cx: &mut Cx| {
        *cx.heap.iters.get_mut(id) = Iter::Calls { callee: Value::Undef, sentinel: Value::None };
        Err(Ask::End)
    };
    match frame.step {
        0 if callee.is_undef() => Err(Ask::End),
        0 => {
            frame.step = 1;
            Err(cx.ask_call(callee, &[]))
        }
        1 => {
            let item = match frame.told {
                Told::Raised(exc) if cx.is_exception(exc, classes::STOP_ITERATION) => return end(cx),
                told => told.into_outcome()?,
            };
            frame.values.truncate(1);
            frame.values.push(item);
            frame.step = 2;
            match protocol::equals(cx, sentinel, item) {
                Ok(Value::Bool(false)) => Ok(item),
                Ok(_) => end(cx),
                Err(ask) => Err(ask),
            }
        }
        _ => match frame.told.into_outcome()? {
            Value::Bool(false) => Ok(frame.values[1]),
            _ => end(cx),
        },
    }
}

fn advance_dict(cx: &mut Cx, id: Id<Iter>) -> Next {
    let Some((part, [key, value])) = advance_entry(cx, id)? else { return Ok(None) };
    Ok(Some(part_of(&mut cx.heap, part, key, value)))
}

/// The next key and value of an iterator over a dict, and what of them is its item.
#[inline]
fn advance_entry(cx: &mut Cx, id: Id<Iter>) -> Result<Option<(DictPart, [Value; 2])>, Ask> {
    let Heap { iters, dicts, .. } = &mut cx.heap;
    let Iter::Dict { dict, part, index, expected_len, remaining } = iters.get_mut(id) else {
        crate::bug!("not an iterator of a dict")
    };
    let object = dicts.get(*dict);
    if object.len() != *expected_len {
        return if *index == usize::MAX { Ok(None) } else { Err(changed_size(cx, id, "dictionary")) };
    }
    let Some((at, entry)) = object.next_entry(*index) else {
        *index = usize::MAX;
        return Ok(None);
    };
    if *remaining == 0 {
        *index = usize::MAX;
        return Err(cx.runtime_error("dictionary keys changed during iteration"));
    }
    *remaining -= 1;
    *index = at + 1;
    Ok(Some((*part, [entry.key, entry.value])))
}

fn part_of(heap: &mut Heap, part: DictPart, key: Value, value: Value) -> Value {
    match part {
        DictPart::Keys => key,
        DictPart::Values => value,
        DictPart::Items => heap.new_tuple(&[key, value]),
    }
}

fn advance_dict_reversed(cx: &mut Cx, id: Id<Iter>) -> Next {
    let Heap { iters, dicts, .. } = &mut cx.heap;
    let Iter::DictReversed { dict, part, index, expected_len } = iters.get_mut(id) else {
        crate::bug!("not a reversed iterator of a dict")
    };
    let object = dicts.get(*dict);
    if object.len() != *expected_len {
        return if *index == 0 { Ok(None) } else { Err(changed_size(cx, id, "dictionary")) };
    }
    let before = object.entries.get(..*index).unwrap_or(&object.entries);
    let Some(at) = before.iter().rposition(|entry| !entry.key.is_undef()) else {
        *index = 0;
        return Ok(None);
    };
    *index = at;
    let (key, value) = (object.entries[at].key, object.entries[at].value);
    let part = *part;
    Ok(Some(part_of(&mut cx.heap, part, key, value)))
}

/// From now on the iterator raises this each time.
fn changed_size(cx: &mut Cx, id: Id<Iter>, what: &str) -> Ask {
    let mut what = what;
    match cx.heap.iters.get_mut(id) {
        Iter::Dict { expected_len, .. } | Iter::DictReversed { expected_len, .. } => *expected_len = usize::MAX,
        Iter::Set { expected_len, .. } => {
            *expected_len = usize::MAX;
            what = "Set";
        }
        _ => crate::bug!("only dicts and sets change their size"),
    }
    cx.runtime_error(format!("{what} changed size during iteration"))
}

fn advance_set(cx: &mut Cx, id: Id<Iter>) -> Next {
    let Heap { iters, sets, .. } = &mut cx.heap;
    let Iter::Set { set, index, expected_len } = iters.get_mut(id) else { crate::bug!("not an iterator of a set") };
    let object = sets.get(*set);
    if object.table.len() != *expected_len {
        return if *index == usize::MAX { Ok(None) } else { Err(changed_size(cx, id, "Set")) };
    }
    match object.next_key(*index) {
        Some((position, key)) => {
            *index = position + 1;
            Ok(Some(key))
        }
        None => {
            *index = usize::MAX;
            Ok(None)
        }
    }
}

fn advance_str(cx: &mut Cx, id: Id<Iter>) -> Option<Value> {
    let &Iter::Str { text, offset } = cx.heap.iters.get(id) else { crate::bug!("not an iterator of a str") };
    let rest = cx.heap.text(text).get(offset..)?;
    let (code, len) = aspen_grammar::source::wtf8::decode(rest)?;
    if let Iter::Str { offset, .. } = cx.heap.iters.get_mut(id) {
        *offset += len;
    }
    Some(cx.heap.char_str(code))
}

fn advance_long_range(cx: &mut Cx, id: Id<Iter>) -> Option<Value> {
    let &Iter::LongRange { next, step, remaining } = cx.heap.iters.get(id) else {
        crate::bug!("not an iterator of a range")
    };
    let as_int = |value: Value| cx.heap.int_ref(value).expect("a range is made of ints");
    if as_int(remaining).is_zero() {
        return None;
    }
    let after = arith::add(as_int(next), as_int(step));
    let left = arith::sub(as_int(remaining), IntRef::Small(1));
    let (after, left) = (cx.heap.new_int(after), cx.heap.new_int(left));
    *cx.heap.iters.get_mut(id) = Iter::LongRange { next: after, step, remaining: left };
    Some(next)
}

/// `__next__` of anything else.
#[inline(never)]
fn advance_object(cx: &mut Cx, iterator: Value) -> Next {
    let Some(method) = cx.special_of(iterator, Special::Next).filter(|method| !method.is_none()) else {
        let message = format!("'{}' object is not an iterator", cx.class_name(iterator));
        return Err(cx.type_error(message));
    };
    let Value::Builtin(id) = method else { return Err(cx.ask_method(method, iterator, &[])) };
    match native_def(id).body {
        Body::Plain(body) => match body(cx, &[iterator]) {
            Ok(item) => Ok(Some(item)),
            Err(Ask::End) => Ok(None),
            Err(Ask::Raise(exc)) if cx.is_exception(exc, classes::STOP_ITERATION) => Ok(None),
            Err(ask) => Err(ask.to_come_back()),
        },
        Body::Stepped(_) => match launch(cx, NativeFrame::new(id, &[iterator])) {
            Ok(item) => Ok(Some(item)),
            Err(Ask::End) => Ok(None),
            Err(ask) => Err(ask.to_come_back()),
        },
    }
}
