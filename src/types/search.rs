//! `count` and `index` of sequences: an item is compared with one after the other.

use super::drive::{Flow, drive};
use super::{protocol, strings};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::value::iterator::Iter;
use crate::value::{NativeFrame, NativeId, Value};

crate::natives! {
    /// Steps of searches by comparison.
    pub static SEARCH_STEPS = [
        hidden "count(iterable, item, wanted, count)" => step count_step, "How many items are equal to the wanted one.";
        hidden "index(iterable, item, wanted, at, stop, message)" => step index_step, "Where the first equal item is.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::SEARCH, row }
}

/// What the ValueError says if there is no such item.
#[derive(Clone, Copy)]
pub enum Missing<'a> {
    Text(&'a str),
    /// `… is not in list`, with the wanted one's text.
    InList,
    InDeque,
}

/// How many items are compared before the loop pauses.
const MOST_AT_ONCE: usize = 50_000;

/// How many items of an iterable are the same as `wanted` or equal to it.
pub fn count(cx: &mut Cx, iterable: Value, wanted: Value) -> Outcome {
    let mut count = 0;
    let mut at = 0;
    if let Some(len) = len_of(cx, iterable) {
        let end = len.min(MOST_AT_ONCE);
        while at < end {
            match protocol::quick_same(cx, item_at(cx, iterable, at), wanted) {
                Some(is_same) => count += is_same as i64,
                None => break,
            }
            at += 1;
        }
        cx.burnt += at as i64 / 4;
        if at == len {
            return Ok(Value::Int(count));
        }
    }
    let rest = if at == 0 { iterable } else { rest_of(cx, iterable, at) };
    launch(cx, NativeFrame::new(step(0), &[rest, Value::Undef, wanted, Value::Int(count)]))
}

fn len_of(cx: &Cx, sequence: Value) -> Option<usize> {
    match sequence {
        Value::List(id) => Some(cx.heap.lists.get(id).items.len()),
        Value::Tuple(id) => Some(cx.heap.tuples.get(id).items().len()),
        _ => None,
    }
}

fn item_at(cx: &Cx, sequence: Value, at: usize) -> Value {
    match sequence {
        Value::List(id) => cx.heap.lists.get(id).items[at],
        Value::Tuple(id) => cx.heap.tuples.get(id).items()[at],
        _ => crate::bug!("neither list nor tuple"),
    }
}

fn rest_of(cx: &mut Cx, sequence: Value, at: usize) -> Value {
    cx.heap.new_iter(match sequence {
        Value::List(list) => Iter::List { list, index: at },
        _ => Iter::Items { sequence, index: at },
    })
}

/// The number of the first item of an iterable that is the same as `wanted` or equal to it.
pub fn index(cx: &mut Cx, iterable: Value, wanted: Value, message: &str) -> Outcome {
    index_from(cx, iterable, wanted, 0, i64::MAX, Missing::Text(message))
}

/// The same in a list or tuple between two places.
pub fn index_in(cx: &mut Cx, sequence: Value, wanted: Value, (start, stop): (i64, i64), missing: Missing) -> Outcome {
    let len = len_of(cx, sequence).expect("a list or a tuple");
    let end = (stop.max(0) as usize).min(len).min((start as usize).saturating_add(MOST_AT_ONCE));
    let mut at = start as usize;
    while at < end {
        match protocol::quick_same(cx, item_at(cx, sequence, at), wanted) {
            Some(true) => return Ok(Value::Int(at as i64)),
            Some(false) => at += 1,
            None => break,
        }
    }
    cx.burnt += (at as i64 - start) / 4;
    let rest = rest_of(cx, sequence, at);
    index_from(cx, rest, wanted, at as i64, stop.max(at as i64), missing)
}

/// The same for an iterator whose next item has the number `from`, as long as the number is less than `stop`.
pub fn index_from(cx: &mut Cx, iterable: Value, wanted: Value, from: i64, stop: i64, missing: Missing) -> Outcome {
    let message = match missing {
        Missing::Text(text) => cx.str(text),
        Missing::InList => Value::Int(0),
        Missing::InDeque => Value::Int(1),
    };
    let values = [iterable, Value::Undef, wanted, Value::Int(from), Value::Int(stop), message];
    launch(cx, NativeFrame::new(step(1), &values))
}

fn count_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(
        cx,
        frame,
        |cx, frame, item| {
            let answer = protocol::equals(cx, item, frame.values[2])?;
            note_count(frame, answer)
        },
        |_, frame, _, answer| note_count(frame, answer),
    )?;
    Ok(frame.values[3])
}

fn note_count(frame: &mut NativeFrame, answer: Value) -> Result<Flow, Ask> {
    if let (Value::Int(count), Value::Bool(true)) = (frame.values[3], answer) {
        frame.values[3] = Value::Int(count + 1);
    }
    Ok(Flow::Go)
}

/// The step at which the text of the wanted one was asked for; `drive` has those before.
const TEXT: u32 = 16;

fn index_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == TEXT {
        let text = frame.told.into_outcome()?;
        return Err(not_in(cx, frame.values[5], text));
    }
    drive(
        cx,
        frame,
        |cx, frame, item| {
            if frame.values[3] == frame.values[4] {
                return Ok(Flow::Stop);
            }
            let answer = protocol::equals(cx, item, frame.values[2])?;
            note_index(frame, answer)
        },
        |_, frame, _, answer| note_index(frame, answer),
    )?;
    match frame.values[2] {
        Value::Undef => Ok(frame.values[3]),
        _ => Err(not_found(cx, frame)),
    }
}

/// A found item leaves `Undef` in the place of the wanted one.
fn note_index(frame: &mut NativeFrame, answer: Value) -> Result<Flow, Ask> {
    if answer == Value::Bool(true) {
        frame.values[2] = Value::Undef;
        return Ok(Flow::Stop);
    }
    if let Value::Int(at) = frame.values[3] {
        frame.values[3] = Value::Int(at + 1);
    }
    Ok(Flow::Go)
}

fn not_found(cx: &mut Cx, frame: &mut NativeFrame) -> Ask {
    if let Value::Str(_) = frame.values[5] {
        return cx.raise_with(super::classes::VALUE_ERROR, &[frame.values[5]]);
    }
    frame.step = TEXT;
    match strings::to_repr(cx, frame.values[2]) {
        Ok(text) => not_in(cx, frame.values[5], text),
        Err(ask) => ask.to_come_back(),
    }
}

fn not_in(cx: &mut Cx, which: Value, text: Value) -> Ask {
    let mut message = cx.text_of(text).unwrap_or_default().to_vec();
    let rest: &[u8] = if which == Value::Int(0) { b" is not in list" } else { b" is not in deque" };
    message.extend_from_slice(rest);
    let message = cx.heap.new_str_from(message);
    cx.raise_with(super::classes::VALUE_ERROR, &[message])
}
