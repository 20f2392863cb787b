//! accumulate, batched, pairwise, zip_longest.

use aspen_grammar::bytecode::Arith;

use super::tool::{self, Tool};
use crate::call::iterate::take;
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::types::iterator::iterator_iter;
use crate::types::{classes, operator, protocol};
use crate::value::{NativeFrame, NativeId, Value};

crate::natives! {
    /// The rows of the class accumulate.
    pub static ACCUMULATE = [
        new "__new__(cls, iterable: iter, func=, *, initial=)" => accumulate_new, "Return series of accumulated sums.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step accumulate_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class batched.
    pub static BATCHED = [
        new "__new__(cls, iterable: iter, n: size, *, strict: truth=)" => batched_new, "Batch data into tuples of length n. The last batch may be shorter than n.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step batched_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class pairwise.
    pub static PAIRWISE = [
        new "__new__(cls, iterable: iter, /)" => pairwise_new, "Return an iterator of overlapping pairs taken from the input iterator.\n\n    s -> (s0,s1), (s1,s2), (s2, s3), ...";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step pairwise_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class zip_longest.
    pub static ZIP_LONGEST = [
        new "__new__(cls, *iterables, fillvalue=)" => zip_longest_new, "Return a zip_longest object whose .__next__() method returns a tuple where\nthe i-th element comes from the i-th iterable argument.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step zip_longest_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// Steps of making them.
    pub static ITERTOOLS_STEPS = [
        hidden "zip_longest(cls, fillvalue, *iterables)" => step zip_longest_step, "Once all iterators are there.";
    ]
}

const ZIP_LONGEST_STEP: NativeId = NativeId { table: crate::tables::ITERTOOLS, row: 0 };

/// `kept` is the total, `items` the initial value that is to be given first.
fn accumulate_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let [class, source, function, initial] = *args else { crate::bug!("accumulate takes four values") };
    let with = function.given().unwrap_or(Value::None);
    let items = initial.given().filter(|initial| !initial.is_none()).into_iter().collect();
    tool::make(cx, class, classes::ACCUMULATE, Tool { source, with, items, ..Tool::default() })
}

/// Step 1: the new total was asked for.
fn accumulate_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = tool::own(cx, frame);
    if frame.step == 0
        && let Some(initial) = tool::get_mut(cx, id).items.pop()
    {
        tool::get_mut(cx, id).kept = initial;
        return Ok(initial);
    }
    let total = match frame.step {
        0 => {
            let (source, function, total) = (tool::get(cx, id).source, tool::get(cx, id).with, tool::get(cx, id).kept);
            let Some(item) = take(cx, frame, source)? else { return Err(Ask::End) };
            if total.is_undef() {
                item
            } else {
                frame.step = 1;
                match function {
                    Value::None => operator::binary(cx, Arith::Add, total, item).map_err(Ask::to_come_back)?,
                    _ => return Err(cx.ask_call(function, &[total, item])),
                }
            }
        }
        _ => frame.told.into_outcome()?,
    };
    tool::get_mut(cx, id).kept = total;
    Ok(total)
}

/// `next` is the size of a batch, `flag` that the last one must be full.
fn batched_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let size = args[2].as_int().unwrap_or_default();
    if size < 1 {
        return Err(cx.value_error("n must be at least one"));
    }
    let flag = args[3] == Value::Bool(true);
    tool::make(cx, args[0], classes::BATCHED, Tool { source: args[1], next: size, flag, ..Tool::default() })
}

/// The values behind self are the batch so far.
fn batched_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = tool::own(cx, frame);
    let (source, size, is_strict) = (tool::get(cx, id).source, tool::get(cx, id).next, tool::get(cx, id).flag);
    if source.is_undef() {
        return Err(Ask::End);
    }
    while (frame.values.len() as i64) <= size {
        match take(cx, frame, source)? {
            Some(item) => frame.values.push(item),
            None => {
                tool::get_mut(cx, id).source = Value::Undef;
                if frame.values.len() == 1 {
                    return Err(Ask::End);
                }
                if is_strict {
                    return Err(cx.value_error("batched(): incomplete batch"));
                }
                break;
            }
        }
    }
    Ok(cx.heap.new_tuple(&frame.values[1..]))
}

/// `kept` is the item before.
fn pairwise_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    tool::make(cx, args[0], classes::PAIRWISE, Tool { source: args[1], ..Tool::default() })
}

fn pairwise_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = tool::own(cx, frame);
    let source = tool::get(cx, id).source;
    loop {
        if source.is_undef() {
            return Err(Ask::End);
        }
        let Some(item) = take(cx, frame, source)? else {
            tool::get_mut(cx, id).source = Value::Undef;
            return Err(Ask::End);
        };
        let before = std::mem::replace(&mut tool::get_mut(cx, id).kept, item);
        if !before.is_undef() {
            return Ok(cx.heap.new_tuple(&[before, item]));
        }
    }
}

/// `items` are the iterators, `Undef` where one is at its end; `with` is the fill value, `next` how many are alive.
fn zip_longest_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mut frame = NativeFrame::new(ZIP_LONGEST_STEP, &[args[0], args[1].given().unwrap_or(Value::None)]);
    frame.values.extend_from_slice(&args[2..]);
    launch(cx, frame)
}

/// The step is twice the number of the next iterable, one more while its iterator is asked for.
fn zip_longest_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    loop {
        let at = 2 + frame.step as usize / 2;
        let Some(&iterable) = frame.values.get(at) else { break };
        frame.values[at] = if frame.step % 2 == 1 {
            frame.step -= 1;
            std::mem::take(&mut frame.told).into_outcome()?
        } else {
            match protocol::iter(cx, iterable) {
                Ok(iterator) => iterator,
                Err(ask) => {
                    frame.step += 1;
                    return Err(ask.to_come_back());
                }
            }
        };
        frame.step += 2;
    }
    let items = frame.values[2..].to_vec();
    let next = items.len() as i64;
    let tool = Tool { items, next, with: frame.values[1], ..Tool::default() };
    tool::make(cx, frame.values[0], classes::ZIP_LONGEST, tool)
}

/// The values behind self are the items so far.
fn zip_longest_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = tool::own(cx, frame);
    let n_iters = tool::get(cx, id).items.len();
    if tool::get(cx, id).next == 0 {
        return Err(Ask::End);
    }
    while frame.values.len() <= n_iters {
        let at = frame.values.len() - 1;
        let (iterator, fill) = (tool::get(cx, id).items[at], tool::get(cx, id).with);
        if iterator.is_undef() {
            frame.values.push(fill);
            continue;
        }
        match take(cx, frame, iterator)? {
            Some(item) => frame.values.push(item),
            None => {
                let state = tool::get_mut(cx, id);
                state.items[at] = Value::Undef;
                state.next -= 1;
                if state.next == 0 {
                    return Err(Ask::End);
                }
                frame.values.push(fill);
            }
        }
    }
    Ok(cx.heap.new_tuple(&frame.values[1..]))
}
