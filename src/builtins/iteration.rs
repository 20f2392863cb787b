//! iter, next, len, hash, sorted, min, max, sum, any, all, aiter, anext.

use aspen_grammar::bytecode::{Arith, Compare};

use crate::call::iterate::{advance, take};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::types::drive::{Flow, drive};
use crate::types::{classes, generator, list, operator, protocol};
use crate::value::iterator::Iter;
use crate::value::special::Special;
use crate::value::{GenKind, NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// The functions.
    pub static ITERATION = [
        func "len(obj, /)" => builtin_len, "Return the number of items in a container.";
        func "hash(obj, /)" => builtin_hash, "Return the hash value for the given object.";
        func "iter(object, sentinel=, /)" => builtin_iter, "Get an iterator from an object.";
        func "next(iterator, default=, /)" => builtin_next, "Return the next item from the iterator.";
        func "sorted(iterable, /, *, key=, reverse: truth=)" => builtin_sorted, "Return a new list containing all items from the iterable in ascending order.";
        func "min(*args, key=, default=)" => builtin_min, "With a single iterable argument, return its smallest item.";
        func "max(*args, key=, default=)" => builtin_max, "With a single iterable argument, return its biggest item.";
        func "sum(iterable, /, start=)" => builtin_sum, "Return the sum of a 'start' value (default: 0) plus an iterable of numbers";
        func "any(iterable, /)" => builtin_any, "Return True if bool(x) is True for any x in the iterable.";
        func "all(iterable, /)" => builtin_all, "Return True if bool(x) is True for all values x in the iterable.";
        func "anext(async_iterator, default=, /)" => builtin_anext, "Return the next item from the async iterator.";
        func "aiter(async_iterable, /)" => builtin_aiter, "Return an AsyncIterator for an AsyncIterable object.";
    ]
}

crate::natives! {
    /// Steps of these functions.
    pub static ITERATION_STEPS = [
        hidden "next_or(iterator, default)" => step next_or_step, "The next item, or the default.";
        hidden "extreme(iterable, item, key, is_max, default, best, best_key, item_key, phase)" => step extreme_step, "min and max.";
        hidden "sum(iterable, item, total, compensation)" => step sum_step, "The sum of an iterable.";
        hidden "quantify(iterable, item, is_any, result)" => step quantify_step, "any and all.";
        hidden "anext_or(default, iterator)" => step anext_or_step, "The next item of an asynchronous iterator, or the default.";
        hidden "checked_aiter(obj)" => step aiter_step, "What `__aiter__` returns must have `__anext__`.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::ITERATION, row }
}

fn builtin_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    protocol::len(cx, args[0])
}

fn builtin_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    protocol::hash(cx, args[0])
}

fn builtin_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    if args[1].is_undef() {
        return protocol::iter(cx, args[0]);
    }
    if !protocol::is_callable(cx, args[0]) {
        return Err(cx.type_error("iter(v, w): v must be callable"));
    }
    Ok(cx.heap.new_iter(Iter::Calls { callee: args[0], sentinel: args[1] }))
}

fn builtin_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let (Value::Gen(id), false) = (args[0], args[1].is_undef())
        && cx.heap.gens.get(id).kind == GenKind::Generator
    {
        cx.sent = args[1];
        return Err(Ask::ResumeOr(id));
    }
    if !args[1].is_undef() {
        return launch(cx, next_or_frame(args[0], args[1]));
    }
    match advance(cx, args[0])? {
        Some(item) => Ok(item),
        None => Err(Ask::End),
    }
}

/// The frame of `next(iterator, default)`.
pub fn next_or_frame(iterator: Value, default: Value) -> NativeFrame {
    NativeFrame::new(step(0), &[iterator, default])
}

fn next_or_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let iterator = frame.values[0];
    match take(cx, frame, iterator)? {
        Some(item) => Ok(item),
        None => Ok(frame.values[1]),
    }
}

fn builtin_sorted(cx: &mut Cx, args: &[Value]) -> Outcome {
    list::sort::sorted(cx, args[0], args[1], args[2])
}

// ----- min and max -----

fn builtin_min(cx: &mut Cx, args: &[Value]) -> Outcome {
    extreme(cx, args, false)
}

fn builtin_max(cx: &mut Cx, args: &[Value]) -> Outcome {
    extreme(cx, args, true)
}

/// Arguments: key, default, then the values.
fn extreme(cx: &mut Cx, args: &[Value], is_max: bool) -> Outcome {
    let name = if is_max { "max" } else { "min" };
    let (key, default) = (args[0].given().unwrap_or(Value::None), args[1]);
    let iterable = match args[2..] {
        [] => return Err(cx.type_error(format!("{name} expected at least 1 argument, got 0"))),
        [Value::Int(lhs), Value::Int(rhs)] if key.is_none() && default.is_undef() => {
            return Ok(Value::Int(if (rhs > lhs) == is_max { rhs } else { lhs }));
        }
        [Value::Float(lhs), Value::Float(rhs)] if key.is_none() && default.is_undef() => {
            let is_second = if is_max { rhs > lhs } else { rhs < lhs };
            return Ok(Value::Float(if is_second { rhs } else { lhs }));
        }
        [iterable] => iterable,
        _ if !default.is_undef() => {
            let message = format!("Cannot specify a default for {name}() with multiple positional arguments");
            return Err(cx.type_error(message));
        }
        _ => cx.heap.new_tuple(&args[2..]),
    };
    let undef = Value::Undef;
    let values = [iterable, undef, key, Value::Bool(is_max), default, undef, undef, undef, Value::Int(0)];
    launch(cx, NativeFrame::new(step(1), &values))
}

const KEY: Value = Value::Int(0);
const COMPARED: Value = Value::Int(1);
const TRUTH: Value = Value::Int(2);

fn extreme_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(
        cx,
        frame,
        |cx, frame, item| {
            if frame.values[2].is_none() {
                return weigh(cx, frame, item, item);
            }
            frame.values[8] = KEY;
            Err(cx.ask_call(frame.values[2], &[item]))
        },
        |cx, frame, item, answer| match frame.values[8] {
            KEY => weigh(cx, frame, item, answer),
            _ => decide(cx, frame, item, answer),
        },
    )?;
    match (frame.values[5].given(), frame.values[4].given()) {
        (Some(best), _) => Ok(best),
        (None, Some(default)) => Ok(default),
        (None, None) => {
            let name = if frame.values[3] == Value::Bool(true) { "max" } else { "min" };
            Err(cx.value_error(format!("{name}() iterable argument is empty")))
        }
    }
}

/// Compares an item, by its key, with the best so far.
fn weigh(cx: &mut Cx, frame: &mut NativeFrame, item: Value, key: Value) -> Result<Flow, Ask> {
    frame.values[7] = key;
    if frame.values[5].is_undef() {
        frame.values[5] = item;
        frame.values[6] = key;
        return Ok(Flow::Go);
    }
    let op = if frame.values[3] == Value::Bool(true) { Compare::Greater } else { Compare::Less };
    frame.values[8] = COMPARED;
    let answer = operator::compare(cx, op, key, frame.values[6])?;
    decide(cx, frame, item, answer)
}

fn decide(cx: &mut Cx, frame: &mut NativeFrame, item: Value, answer: Value) -> Result<Flow, Ask> {
    match protocol::quick_truth(cx, answer) {
        Some(true) => {
            frame.values[5] = item;
            frame.values[6] = frame.values[7];
            Ok(Flow::Go)
        }
        Some(false) => Ok(Flow::Go),
        None => {
            frame.values[8] = TRUTH;
            Err(cx.ask_push(protocol::truth_frame(answer)))
        }
    }
}

// ----- sum -----

fn builtin_sum(cx: &mut Cx, args: &[Value]) -> Outcome {
    let start = args[1].given().unwrap_or(Value::Int(0));
    let advice = match cx.exact(start) {
        Value::Str(_) => Some("sum() can't sum strings [use ''.join(seq) instead]"),
        Value::Bytes(_) => Some("sum() can't sum bytes [use b''.join(seq) instead]"),
        Value::Native(_) if cx.class_of(start) == classes::BYTEARRAY => {
            Some("sum() can't sum bytearray [use b''.join(seq) instead]")
        }
        _ => None,
    };
    if let Some(advice) = advice {
        if let Err(Ask::Raise(exc)) = protocol::iter(cx, args[0]) {
            return Err(Ask::Raise(exc));
        }
        return Err(cx.type_error(advice));
    }
    if let (Value::Int(start), Value::List(id)) = (start, args[0])
        && let Some(sum) = sum_of_ints(&cx.heap.lists.get(id).items, start)
    {
        cx.burnt += cx.heap.lists.get(id).items.len() as i64 / 8;
        return Ok(Value::Int(sum));
    }
    launch(cx, NativeFrame::new(step(2), &[args[0], Value::Undef, start, Value::Undef]))
}

/// The sum of a list of ints, if it fits.
fn sum_of_ints(items: &[Value], start: i64) -> Option<i64> {
    let mut sum = start;
    for item in items {
        let Value::Int(int) = item else { return None };
        sum = sum.checked_add(*int)?;
    }
    Some(sum)
}

/// The compensation is a float while a float is summed, None once a general `+` was needed.
fn sum_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(
        cx,
        frame,
        |cx, frame, item| {
            let total = frame.values[2];
            match (total, item, frame.values[3]) {
                (Value::Int(sum), Value::Int(_) | Value::Bool(_), Value::Undef) => {
                    let int = item.as_int().unwrap_or_default();
                    match sum.checked_add(int) {
                        Some(sum) => {
                            frame.values[2] = Value::Int(sum);
                            return Ok(Flow::Go);
                        }
                        None => frame.values[3] = Value::None,
                    }
                }
                (Value::Float(sum), Value::Float(float), Value::Undef | Value::Float(_)) => {
                    add_float(frame, sum, float);
                    return Ok(Flow::Go);
                }
                (Value::Float(sum), Value::Int(int), Value::Undef | Value::Float(_)) => {
                    frame.values[2] = Value::Float(sum + int as f64);
                    return Ok(Flow::Go);
                }
                (Value::Float(sum), _, Value::Float(compensation)) => {
                    frame.values[2] = Value::Float(compensated(sum, compensation));
                    frame.values[3] = Value::None;
                }
                (Value::Float(_), _, Value::Undef) => frame.values[3] = Value::None,
                _ => {}
            }
            add(cx, frame, item)
        },
        |_, frame, _, answer| {
            frame.values[2] = answer;
            Ok(Flow::Go)
        },
    )?;
    Ok(match (frame.values[2], frame.values[3]) {
        (Value::Float(sum), Value::Float(compensation)) => Value::Float(compensated(sum, compensation)),
        (total, _) => total,
    })
}

fn add(cx: &mut Cx, frame: &mut NativeFrame, item: Value) -> Result<Flow, Ask> {
    frame.values[2] = operator::binary(cx, Arith::Add, frame.values[2], item)?;
    Ok(Flow::Go)
}

/// Adds with the error of the addition kept aside (Neumaier).
fn add_float(frame: &mut NativeFrame, sum: f64, float: f64) {
    let compensation = if let Value::Float(compensation) = frame.values[3] { compensation } else { 0.0 };
    let next = sum + float;
    let error = if sum.abs() >= float.abs() { (sum - next) + float } else { (float - next) + sum };
    frame.values[2] = Value::Float(next);
    frame.values[3] = Value::Float(compensation + error);
}

fn compensated(sum: f64, compensation: f64) -> f64 {
    if compensation != 0.0 && compensation.is_finite() { sum + compensation } else { sum }
}

// ----- any and all -----

fn builtin_any(cx: &mut Cx, args: &[Value]) -> Outcome {
    launch(cx, NativeFrame::new(step(3), &[args[0], Value::Undef, Value::Bool(true), Value::Bool(false)]))
}

fn builtin_all(cx: &mut Cx, args: &[Value]) -> Outcome {
    launch(cx, NativeFrame::new(step(3), &[args[0], Value::Undef, Value::Bool(false), Value::Bool(true)]))
}

/// Stops at the first item whose truth decides.
fn quantify_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(
        cx,
        frame,
        |cx, frame, item| {
            let truth = protocol::truth(cx, item)?;
            Ok(note_truth(frame, truth))
        },
        |_, frame, _, truth| Ok(note_truth(frame, truth)),
    )?;
    Ok(frame.values[3])
}

fn note_truth(frame: &mut NativeFrame, truth: Value) -> Flow {
    if truth != frame.values[2] {
        return Flow::Go;
    }
    frame.values[3] = truth;
    Flow::Stop
}

// ----- Asynchronous iterators -----

fn builtin_aiter(cx: &mut Cx, args: &[Value]) -> Outcome {
    if cx.special_of(args[0], Special::AIter).is_none() {
        let message = format!("'{}' object is not an async iterable", cx.class_name(args[0]));
        return Err(cx.type_error(message));
    }
    launch(cx, NativeFrame::new(step(5), args))
}

fn aiter_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let obj = frame.values[0];
    if frame.step == 0 {
        frame.step = 1;
        let method = cx.special_of(obj, Special::AIter).unwrap_or(Value::None);
        return Err(cx.ask_method(method, obj, &[]));
    }
    let iterator = frame.told.into_outcome()?;
    if cx.special_of(iterator, Special::ANext).is_some() {
        return Ok(iterator);
    }
    let message = format!("aiter() returned not an async iterator of type '{}'", cx.class_name(iterator));
    Err(cx.type_error(message))
}

fn builtin_anext(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (iterator, default) = (args[0], args[1]);
    let Some(method) = cx.special_of(iterator, Special::ANext) else {
        let message = format!("'{}' object is not an async iterator", cx.class_name(iterator));
        return Err(cx.type_error(message));
    };
    if default.is_undef() {
        return Err(cx.ask_method(method, iterator, &[]));
    }
    Ok(generator::native_coroutine(cx, NativeFrame::new(step(4), &[default, iterator]), "anext"))
}

fn anext_or_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    match frame.step {
        0 => {
            let iterator = frame.values[1];
            frame.step = 1;
            match cx.ask_special(iterator, Special::ANext, &[]) {
                Some(ask) => Err(ask),
                None => Err(cx.type_error("an asynchronous iterator has lost its __anext__")),
            }
        }
        1 => {
            cx.sent = frame.told.into_outcome()?;
            frame.step = 2;
            Err(Ask::Await)
        }
        _ => match frame.told {
            Told::Raised(exc) if cx.is_exception(exc, classes::STOP_ASYNC_ITERATION) => Ok(frame.values[0]),
            told => told.into_outcome(),
        },
    }
}
