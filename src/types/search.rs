//! `count` and `index` of sequences: an item is compared with one after the other.

use super::drive::{Flow, drive};
use super::protocol;
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
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

/// How many items of an iterable are the same as `wanted` or equal to it.
pub fn count(cx: &mut Cx, iterable: Value, wanted: Value) -> Outcome {
    launch(cx, NativeFrame::new(step(0), &[iterable, Value::Undef, wanted, Value::Int(0)]))
}

/// The number of the first item of an iterable that is the same as `wanted` or equal to it.
pub fn index(cx: &mut Cx, iterable: Value, wanted: Value, message: &str) -> Outcome {
    index_from(cx, iterable, wanted, 0, i64::MAX, message)
}

/// The same for an iterator whose next item has the number `from`, as long as the number is less than `stop`.
pub fn index_from(cx: &mut Cx, iterable: Value, wanted: Value, from: i64, stop: i64, message: &str) -> Outcome {
    let message = cx.str(message);
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

fn index_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(
        cx,
        frame,
        |cx, frame, item| {
            if frame.values[3] == frame.values[4] {
                return Err(not_found(cx, frame));
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

fn not_found(cx: &mut Cx, frame: &NativeFrame) -> Ask {
    cx.raise_with(super::classes::VALUE_ERROR, &[frame.values[5]])
}
