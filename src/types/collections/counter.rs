//! The counting loop of `collections.Counter`.

use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::types::dict::ops;
use crate::types::drive::{Flow, drive};
use crate::types::operator;
use crate::types::probe::{self, Found};
use crate::value::special::Special;
use crate::value::{NativeFrame, NativeId, Value};
use aspen_grammar::bytecode::Arith;

crate::natives! {
    /// The function.
    pub static COUNTER = [
        func "_count_elements(mapping, iterable, /)" => count_elements, "_count_elements(mapping, iterable) -> None\n\nCount elements in the iterable, updating the mapping";
    ]
}

crate::natives! {
    /// Steps of counting.
    pub static COUNTER_STEPS = [
        hidden "count(iterable, item, dict, phase, count)" => step count_step, "Adds one for each item.";
    ]
}

const COUNT: NativeId = NativeId { table: crate::tables::COUNTER, row: 0 };

/// A mapping that is no dict is counted in by the library's own loop: NotImplemented says so.
fn count_elements(cx: &mut Cx, args: &[Value]) -> Outcome {
    let is_plain = |cx: &mut Cx, special| matches!(cx.special_of(args[0], special), Some(Value::Builtin(_)));
    let Value::Dict(dict) = cx.exact(args[0]) else { return Ok(Value::NotImplemented) };
    if !is_plain(cx, Special::GetItem) || !is_plain(cx, Special::SetItem) {
        return Ok(Value::NotImplemented);
    }
    let undef = Value::Undef;
    launch(cx, NativeFrame::new(COUNT, &[args[1], undef, Value::Dict(dict), Value::Int(0), undef]))
}

const FOUND: Value = Value::Int(0);
const ADDED: Value = Value::Int(1);
const STORED: Value = Value::Int(2);

fn count_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(
        cx,
        frame,
        |cx, frame, item| {
            let Value::Dict(dict) = frame.values[2] else { crate::bug!("counted in a dict") };
            frame.values[3] = FOUND;
            match probe::find_in_dict(cx, dict, item) {
                Found::At(at) => {
                    if let Value::Int(count) = &mut cx.heap.dicts.get_mut(dict).entries[at].value
                        && *count < i64::MAX
                    {
                        *count += 1;
                        return Ok(Flow::Go);
                    }
                    let count = cx.heap.dicts.get(dict).entries[at].value;
                    add_one(cx, frame, item, count)
                }
                Found::Absent(hash) => {
                    ops::add(cx, dict, hash, item, Value::Int(1))?;
                    Ok(Flow::Go)
                }
                Found::Unsure => {
                    let count = ops::get_or(cx, dict, item, Value::Int(0))?;
                    add_one(cx, frame, item, count)
                }
            }
        },
        |cx, frame, item, answer| match frame.values[3] {
            FOUND => add_one(cx, frame, item, answer),
            ADDED => store(cx, frame, item, answer),
            _ => Ok(Flow::Go),
        },
    )?;
    Ok(Value::None)
}

fn add_one(cx: &mut Cx, frame: &mut NativeFrame, item: Value, count: Value) -> Result<Flow, Ask> {
    frame.values[3] = ADDED;
    let count = operator::binary(cx, Arith::Add, count, Value::Int(1))?;
    store(cx, frame, item, count)
}

fn store(cx: &mut Cx, frame: &mut NativeFrame, item: Value, count: Value) -> Result<Flow, Ask> {
    let Value::Dict(dict) = frame.values[2] else { crate::bug!("counted in a dict") };
    frame.values[3] = STORED;
    ops::set(cx, dict, item, count).map(|_| Flow::Go)
}
