//! Loops of natives over any iterable: list, tuple, extend, update, sum, min, join, …
//!
//! A stepped native that loops calls [`drive`] with two functions: what is done with an item, and with the answer if
//! that asked for something. Where it is, is in the frame: R[0] is the iterable, then its iterator; R[1] the item at hand;
//! the others are the native's own. Such natives are run with [`launch`], so that loops over built-in values need no frame.

use super::protocol;
use crate::call::iterate::{pause, take};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::value::{Id, List, NativeFrame, NativeId, Told, Value};

/// Whether a loop goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Go,
    Stop,
}

/// What is done with an item.
pub type ItemFn = fn(&mut Cx, &mut NativeFrame, Value) -> Result<Flow, Ask>;
/// What is done with the answer, when that asked for something.
pub type AnswerFn = fn(&mut Cx, &mut NativeFrame, Value, Value) -> Result<Flow, Ask>;

const START: u32 = 0;
const ITERATOR: u32 = 1;
const NEXT: u32 = 2;
const AGAIN: u32 = 3;
const ANSWER: u32 = 4;

/// Feeds item after item to a native; its frame is at step 0 the first time. Ends with the iterable, or with `Flow::Stop`.
pub fn drive(cx: &mut Cx, frame: &mut NativeFrame, on_item: ItemFn, on_answer: AnswerFn) -> Result<(), Ask> {
    if frame.step <= ITERATOR {
        begin(cx, frame)?;
    }
    let iterator = frame.values[0];
    loop {
        let flow = match frame.step {
            ANSWER => {
                let answer = std::mem::take(&mut frame.told).into_outcome()?;
                let item = frame.values[1];
                on_answer(cx, frame, item, answer)
            }
            AGAIN => {
                let item = frame.values[1];
                on_item(cx, frame, item)
            }
            _ => {
                if let Some(ask) = pause(cx) {
                    return Err(ask);
                }
                let Some(item) = take(cx, frame, iterator)? else { return Ok(()) };
                cx.burnt += 1;
                frame.values[1] = item;
                on_item(cx, frame, item)
            }
        };
        frame.step = NEXT;
        match flow {
            Ok(Flow::Go) => {}
            Ok(Flow::Stop) => return Ok(()),
            Err(Ask::Full) => {
                frame.step = AGAIN;
                return Err(Ask::Full);
            }
            Err(ask) => {
                frame.step = ANSWER;
                return Err(ask.to_come_back());
            }
        }
    }
}

/// R[0], an iterable, becomes its iterator.
fn begin(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    frame.values[0] = if frame.step == START {
        frame.step = ITERATOR;
        protocol::iter(cx, frame.values[0]).map_err(Ask::to_come_back)?
    } else {
        frame.told.into_outcome()?
    };
    frame.step = NEXT;
    frame.told = Told::Start;
    Ok(())
}

/// For natives that never ask for anything about an item.
pub fn no_answer(_cx: &mut Cx, _frame: &mut NativeFrame, _item: Value, _answer: Value) -> Result<Flow, Ask> {
    crate::bug!("nothing was asked for")
}

/// For natives to which the answer means nothing.
pub fn any_answer(_cx: &mut Cx, _frame: &mut NativeFrame, _item: Value, _answer: Value) -> Result<Flow, Ask> {
    Ok(Flow::Go)
}

// ----- Lists and tuples of what an iterable gives -----

crate::natives! {
    /// Loops that fill lists.
    pub static DRIVE_STEPS = [
        hidden "to_list(iterable, item, list)" => step to_list_step, "Appends all items; the list is the result.";
        hidden "to_tuple(iterable, item, list)" => step to_tuple_step, "Appends all items; a tuple of them is the result.";
        hidden "extend(iterable, item, list)" => step extend_step, "Appends all items; None is the result.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::DRIVE, row }
}

/// What an exact built-in container holds, copied; None for anything else. Memory is asked for before.
pub fn quick_items(cx: &mut Cx, iterable: Value) -> Result<Option<Vec<Value>>, Ask> {
    let n_items = match iterable {
        Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Set(_) | Value::FrozenSet(_) => {
            protocol::quick_len(cx, iterable).expect("it has a length")
        }
        Value::Range(id) => match *cx.heap.ranges.get(id) {
            crate::value::Range { start: Value::Int(_), step: Value::Int(_), len: Value::Int(len), .. } => len as usize,
            _ => return Ok(None),
        },
        _ => return Ok(None),
    };
    if n_items > 1000 {
        // Only asked, not charged: who takes the items charges them.
        cx.heap.ensure(n_items.saturating_mul(size_of::<Value>()))?;
    }
    // Large ones are collected step by step, so that fuel is looked at.
    if n_items > 100_000 && matches!(iterable, Value::Range(_)) {
        cx.heap.ensure(n_items.saturating_mul(size_of::<Value>()))?;
        return Ok(None);
    }
    cx.burnt += n_items as i64 / 8;
    Ok(Some(match iterable {
        Value::List(id) => cx.heap.lists.get(id).items.to_vec(),
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        Value::Dict(id) => cx.heap.dicts.get(id).iter().map(|entry| entry.key).collect(),
        Value::Set(id) | Value::FrozenSet(id) => cx.heap.sets.get(id).iter().map(|entry| entry.key).collect(),
        Value::Range(id) => match *cx.heap.ranges.get(id) {
            crate::value::Range { start: Value::Int(start), step: Value::Int(step), .. } => {
                (0..n_items as i64).map(|at| Value::Int(start + at * step)).collect()
            }
            _ => crate::bug!("a long range was excluded"),
        },
        _ => crate::bug!("{iterable:?} holds no items"),
    }))
}

/// A new list of all items.
pub fn list(cx: &mut Cx, iterable: Value) -> Outcome {
    if let Some(items) = quick_items(cx, iterable)? {
        return Ok(cx.heap.new_list(items));
    }
    let list = cx.heap.new_list(Vec::new());
    launch(cx, NativeFrame::new(step(0), &[iterable, Value::Undef, list]))
}

/// A tuple of all items; an exact tuple as it is.
pub fn tuple(cx: &mut Cx, iterable: Value) -> Outcome {
    if let Value::Tuple(_) = iterable {
        return Ok(iterable);
    }
    if let Some(items) = quick_items(cx, iterable)? {
        return Ok(cx.heap.new_tuple_from(items));
    }
    let list = cx.heap.new_list(Vec::new());
    launch(cx, NativeFrame::new(step(1), &[iterable, Value::Undef, list]))
}

/// Appends all items to a list.
pub fn extend(cx: &mut Cx, list: Id<List>, iterable: Value) -> Outcome {
    if let Some(items) = quick_items(cx, iterable)? {
        cx.heap.grow_list(list, items.len())?;
        cx.heap.lists.get_mut(list).items.extend_from_slice(&items);
        return Ok(Value::None);
    }
    launch(cx, NativeFrame::new(step(2), &[iterable, Value::Undef, Value::List(list)]))
}

fn to_list_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(cx, frame, append_item, no_answer)?;
    Ok(frame.values[2])
}

fn to_tuple_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(cx, frame, append_item, no_answer)?;
    let Value::List(list) = frame.values[2] else { crate::bug!("items go to a list") };
    let items = std::mem::take(&mut cx.heap.lists.get_mut(list).items);
    Ok(cx.heap.new_tuple_from(items))
}

fn extend_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(cx, frame, append_item, no_answer)?;
    Ok(Value::None)
}

fn append_item(cx: &mut Cx, frame: &mut NativeFrame, item: Value) -> Result<Flow, Ask> {
    let Value::List(list) = frame.values[2] else { crate::bug!("items go to a list") };
    cx.heap.push(list, item)?;
    Ok(Flow::Go)
}
