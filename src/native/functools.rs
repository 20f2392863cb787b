//! `functools.reduce`.

use crate::call::iterate::{pause, take};
use crate::call::{Ask, Cx, Outcome};
use crate::types::{classes, protocol};
use crate::value::{NativeFrame, Told, Value};

crate::natives! {
    /// The function of this file.
    pub static REDUCE = [
        func "reduce(function, iterable, initial=, /)" => step reduce, "Apply a function of two arguments cumulatively to the items of an iterable, from left to right.";
    ]
}

const BEGIN: u32 = 0;
const ITERATOR: u32 = 1;
/// The next item.
const ITEM: u32 = 2;
const CALLED: u32 = 3;
const PAUSED: u32 = 4;

/// values: function, the iterable and then its iterator, what was made so far.
fn reduce(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    loop {
        match frame.step {
            BEGIN => {
                frame.step = ITERATOR;
                let iterator = protocol::iter(cx, frame.values[1]);
                frame.tell(iterator)?;
            }
            ITERATOR => match std::mem::take(&mut frame.told) {
                Told::Raised(exc) if cx.is_exception(exc, classes::TYPE_ERROR) => {
                    return Err(cx.type_error("reduce() arg 2 must support iteration"));
                }
                told => {
                    frame.values[1] = told.into_outcome()?;
                    frame.step = ITEM;
                }
            },
            ITEM => {
                let iterator = frame.values[1];
                let Some(item) = take(cx, frame, iterator)? else { return result(cx, frame) };
                if frame.values[2].is_undef() {
                    frame.values[2] = item;
                    continue;
                }
                frame.step = CALLED;
                let so_far = frame.values[2];
                return Err(cx.ask_call(frame.values[0], &[so_far, item]));
            }
            CALLED => {
                frame.values[2] = std::mem::take(&mut frame.told).into_outcome()?;
                cx.burnt += 1;
                frame.step = PAUSED;
                if let Some(ask) = pause(cx) {
                    return Err(ask);
                }
            }
            PAUSED => {
                frame.told = Told::Start;
                frame.step = ITEM;
            }
            step => crate::bug!("reduce has no step {step}"),
        }
    }
}

fn result(cx: &mut Cx, frame: &NativeFrame) -> Result<Value, Ask> {
    match frame.values[2] {
        Value::Undef => Err(cx.type_error("reduce() of empty iterable with no initial value")),
        value => Ok(value),
    }
}
