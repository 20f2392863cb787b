//! Equality of dicts, and whether a dict holds a pair.

use crate::call::iterate::pause;
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::types::probe::{self, Action, Found};
use crate::types::protocol;
use crate::value::{Dict, Id, NativeFrame, NativeId, Value};

crate::natives! {
    /// Steps of comparisons of dicts.
    pub static DICT_COMPARE_STEPS = [
        hidden "equal(lhs, rhs, index)" => step equal_step, "Whether two dicts of one length are equal.";
        hidden "has_pair(dict, key, value)" => step has_pair_step, "Whether a dict has this value for this key.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::DICT_COMPARE, row }
}

/// `lhs == rhs` as a Bool.
pub fn equal(cx: &mut Cx, lhs: Id<Dict>, rhs: Id<Dict>) -> Outcome {
    if lhs == rhs && cx.heap.dicts.get(lhs).is_empty() {
        return Ok(Value::Bool(true));
    }
    if cx.heap.dicts.get(lhs).len() != cx.heap.dicts.get(rhs).len() {
        return Ok(Value::Bool(false));
    }
    launch(cx, NativeFrame::new(step(0), &[Value::Dict(lhs), Value::Dict(rhs), Value::Int(0)]))
}

/// Whether the dict has this value for this key, as a Bool.
pub fn has_pair(cx: &mut Cx, dict: Id<Dict>, key: Value, value: Value) -> Outcome {
    launch(cx, NativeFrame::new(step(1), &[Value::Dict(dict), key, value]))
}

const LOCATED: u32 = 1;
const COMPARED: u32 = 2;

/// Entry after entry of the left one.
fn equal_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [Value::Dict(lhs), Value::Dict(rhs), Value::Int(index)] = frame.values[..] else {
        crate::bug!("two dicts and an index")
    };
    let mut index = index as usize;
    let (mut step, mut told) = (frame.step, std::mem::take(&mut frame.told));
    frame.step = 0;
    loop {
        if step == COMPARED {
            if std::mem::take(&mut told).into_outcome()? != Value::Bool(true) {
                return Ok(Value::Bool(false));
            }
            index += 1;
            step = 0;
        }
        let Some((at, entry)) = cx.heap.dicts.get(lhs).next_entry(index) else { return Ok(Value::Bool(true)) };
        let entry = *entry;
        index = at;
        frame.values[2] = Value::Int(index as i64);
        let found = if step == LOCATED {
            step = 0;
            match std::mem::take(&mut told).into_outcome()? {
                Value::Int(at) => Found::At(at as usize),
                _ => Found::Absent(0),
            }
        } else {
            if let Some(ask) = pause(cx) {
                return Err(ask);
            }
            cx.burnt += 1;
            probe::find_any_in_dict(cx, rhs, entry.key, entry.hash)
        };
        match found {
            Found::Unsure => {
                frame.step = LOCATED;
                return probe::run(cx, Action::Locate, Value::Dict(rhs), entry.key, Value::Undef);
            }
            Found::Absent(_) => return Ok(Value::Bool(false)),
            Found::At(place) => {
                let Some(other) = cx.heap.dicts.get(rhs).entries.get(place).map(|entry| entry.value) else {
                    return Ok(Value::Bool(false));
                };
                match protocol::equals(cx, entry.value, other) {
                    Ok(Value::Bool(true)) => index += 1,
                    Ok(_) => return Ok(Value::Bool(false)),
                    Err(ask) => {
                        frame.step = COMPARED;
                        return Err(ask);
                    }
                }
            }
        }
    }
}

fn has_pair_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [Value::Dict(dict), key, value] = frame.values[..] else { crate::bug!("a dict, a key and a value") };
    let place = match frame.step {
        0 => {
            frame.step = LOCATED;
            probe::run(cx, Action::Locate, Value::Dict(dict), key, Value::Undef).map_err(Ask::to_come_back)?
        }
        LOCATED => frame.told.into_outcome()?,
        _ => return frame.told.into_outcome(),
    };
    let Value::Int(place) = place else { return Ok(Value::Bool(false)) };
    let own = cx.heap.dicts.get(dict).entries[place as usize].value;
    frame.step = COMPARED;
    protocol::equals(cx, own, value)
}
