//! count, cycle, repeat.

use aspen_grammar::bytecode::Arith;

use super::tool::{self, Tool};
use crate::call::iterate::take;
use crate::call::{Ask, Cx, Outcome};
use crate::types::iterator::iterator_iter;
use crate::types::{classes, operator, walk};
use crate::value::special::Special;
use crate::value::{NativeFrame, Value};

crate::natives! {
    /// The rows of the class count.
    pub static COUNT = [
        new "__new__(cls, start=, step=)" => count_new, "Return a count object whose .__next__() method returns consecutive values.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step count_next, "Implement next(self).";
        special "__repr__(self, /)" => count_repr, "Return repr(self).";
    ]
}

crate::natives! {
    /// The rows of the class cycle.
    pub static CYCLE = [
        new "__new__(cls, iterable: iter, /)" => cycle_new, "Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step cycle_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class repeat.
    pub static REPEAT = [
        new "__new__(cls, object, times: clip=)" => repeat_new, "repeat(object [,times]) -> create an iterator which returns the object\nfor the specified number of times.  If not specified, returns the object\nendlessly.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => repeat_next, "Implement next(self).";
        special "__repr__(self, /)" => repeat_repr, "Return repr(self).";
        method "__length_hint__(self, /)" => repeat_length_hint, "Private method returning an estimate of len(list(it)).";
    ]
}

fn is_number(cx: &mut Cx, value: Value) -> bool {
    [Special::Int, Special::Float, Special::Index, Special::Complex]
        .into_iter()
        .any(|special| cx.special_of(value, special).is_some())
}

/// `kept` is the next number, `with` the step.
fn count_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let start = args[1].given().unwrap_or(Value::Int(0));
    let step = args[2].given().unwrap_or(Value::Int(1));
    if !is_number(cx, start) || !is_number(cx, step) {
        return Err(cx.type_error("a number is required"));
    }
    tool::make(cx, args[0], classes::COUNT, Tool { kept: start, with: step, ..Tool::default() })
}

fn count_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = tool::own(cx, frame);
    let (number, by) = (tool::get(cx, id).kept, tool::get(cx, id).with);
    if let (Value::Int(int), Value::Int(by)) = (number, by)
        && let Some(next) = int.checked_add(by)
    {
        tool::get_mut(cx, id).kept = Value::Int(next);
        return Ok(number);
    }
    let next = match frame.step {
        0 => {
            let outcome = operator::binary(cx, Arith::Add, number, by).map_err(Ask::to_come_back);
            frame.step = (outcome != Err(Ask::Full)) as u32;
            outcome?
        }
        _ => frame.told.into_outcome()?,
    };
    tool::get_mut(cx, id).kept = next;
    Ok(number)
}

fn count_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = tool::get(cx, tool::id_of(cx, args[0]));
    let (number, by) = (state.kept, state.with);
    let parts: &[Value] = if by == Value::Int(1) { &[number] } else { &[number, by] };
    let open = format!("{}(", cx.class_name(args[0]));
    walk::repr_parts(cx, &open, parts, ")")
}

/// `items` is what the source gave, `next` where the repetition is, `flag` that the source is at its end.
fn cycle_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    tool::make(cx, args[0], classes::CYCLE, Tool { source: args[1], ..Tool::default() })
}

fn cycle_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = tool::own(cx, frame);
    if !tool::get(cx, id).flag {
        let source = tool::get(cx, id).source;
        if let Some(item) = take(cx, frame, source)? {
            // Charged, not asked for: the item is already taken.
            cx.heap.charge(size_of::<Value>());
            tool::get_mut(cx, id).items.push(item);
            return Ok(item);
        }
        tool::get_mut(cx, id).flag = true;
    }
    let state = tool::get_mut(cx, id);
    let Some(&item) = state.items.get(state.next as usize) else { return Err(Ask::End) };
    state.next = (state.next + 1) % state.items.len() as i64;
    Ok(item)
}

/// `kept` is the object, `next` how often it is still given, or -1.
fn repeat_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let next = args[2].given().and_then(|times| times.as_int()).map_or(-1, |times| times.max(0));
    tool::make(cx, args[0], classes::REPEAT, Tool { kept: args[1], next, ..Tool::default() })
}

fn repeat_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = tool::id_of(cx, args[0]);
    match tool::get(cx, id).next {
        0 => return Err(Ask::End),
        times if times > 0 => tool::get_mut(cx, id).next -= 1,
        _ => {}
    }
    Ok(tool::get(cx, id).kept)
}

fn repeat_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = tool::get(cx, tool::id_of(cx, args[0]));
    let (object, times) = (state.kept, state.next);
    let open = format!("{}(", cx.class_name(args[0]));
    if times < 0 {
        return walk::repr_parts(cx, &open, &[object], ")");
    }
    walk::repr_parts(cx, &open, &[object, Value::Int(times)], ")")
}

fn repeat_length_hint(cx: &mut Cx, args: &[Value]) -> Outcome {
    match tool::get(cx, tool::id_of(cx, args[0])).next {
        -1 => Err(cx.type_error("len() of unsized object")),
        times => Ok(Value::Int(times)),
    }
}
