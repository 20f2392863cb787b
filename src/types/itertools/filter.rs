//! dropwhile, takewhile, filterfalse.

use super::tool::{self, Tool};
use crate::call::iterate::{pause, take};
use crate::call::{Ask, Cx, Outcome};
use crate::types::iterator::iterator_iter;
use crate::types::{classes, protocol};
use crate::value::{Class, Id, NativeFrame, Value};

crate::natives! {
    /// The rows of the class dropwhile.
    pub static DROPWHILE = [
        new "__new__(cls, predicate, iterable: iter, /)" => dropwhile_new, "Drop items from the iterable while predicate(item) is true.\n\nAfterwards, return every element until the iterable is exhausted.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step dropwhile_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class takewhile.
    pub static TAKEWHILE = [
        new "__new__(cls, predicate, iterable: iter, /)" => takewhile_new, "Return successive entries from an iterable as long as the predicate evaluates to true for each entry.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step takewhile_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class filterfalse.
    pub static FILTERFALSE = [
        new "__new__(cls, function, iterable: iter, /)" => filterfalse_new, "Return those items of iterable for which function(item) is false.\n\nIf function is None, return the items that are false.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step filterfalse_next, "Implement next(self).";
    ]
}

fn make(cx: &mut Cx, args: &[Value], native: Id<Class>) -> Outcome {
    tool::make(cx, args[0], native, Tool { with: args[1], source: args[2], ..Tool::default() })
}

fn dropwhile_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, args, classes::DROPWHILE)
}

fn takewhile_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, args, classes::TAKEWHILE)
}

fn filterfalse_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, args, classes::FILTERFALSE)
}

/// The next item with what the predicate says of it. Values: self, then the item. Steps: 0; 1 the predicate was called;
/// 2 the truth of its result is asked for.
fn tested(cx: &mut Cx, frame: &mut NativeFrame) -> Result<Option<(Value, bool)>, Ask> {
    let id = tool::own(cx, frame);
    let (source, predicate) = (tool::get(cx, id).source, tool::get(cx, id).with);
    let truth = match frame.step {
        0 => {
            if let Some(ask) = pause(cx).filter(|_| !frame.awaits_item) {
                return Err(ask);
            }
            cx.burnt += 1;
            let Some(item) = take(cx, frame, source)? else { return Ok(None) };
            frame.values.truncate(1);
            frame.values.push(item);
            if !predicate.is_none() {
                frame.step = 1;
                return Err(cx.ask_call(predicate, &[item]));
            }
            frame.step = 2;
            protocol::truth(cx, item)?
        }
        1 => {
            let answer = std::mem::take(&mut frame.told).into_outcome()?;
            frame.step = 2;
            protocol::truth(cx, answer)?
        }
        _ => std::mem::take(&mut frame.told).into_outcome()?,
    };
    frame.step = 0;
    Ok(Some((frame.values[1], truth == Value::Bool(true))))
}

/// `flag`: the predicate has failed.
fn dropwhile_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = tool::own(cx, frame);
    if tool::get(cx, id).flag {
        let source = tool::get(cx, id).source;
        return take(cx, frame, source)?.ok_or(Ask::End);
    }
    while let Some((item, holds)) = tested(cx, frame)? {
        if !holds {
            tool::get_mut(cx, id).flag = true;
            return Ok(item);
        }
    }
    Err(Ask::End)
}

/// `flag`: the predicate has failed.
fn takewhile_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = tool::own(cx, frame);
    if tool::get(cx, id).flag {
        return Err(Ask::End);
    }
    match tested(cx, frame)? {
        Some((item, true)) => Ok(item),
        Some((_, false)) => {
            tool::get_mut(cx, id).flag = true;
            Err(Ask::End)
        }
        None => Err(Ask::End),
    }
}

fn filterfalse_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    while let Some((item, holds)) = tested(cx, frame)? {
        if !holds {
            return Ok(item);
        }
    }
    Err(Ask::End)
}
