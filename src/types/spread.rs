//! Steps of calls and assignments that need script code before they can be made: `f(*iterable)`, `a, b = iterable`,
//! `obj.method()` where the attribute is computed.

use smallvec::SmallVec;

use super::{attribute, classes, protocol};
use crate::call::{Ask, CallAsk, Cx, Outcome, iterate};
use crate::tables;
use crate::value::special::Special;
use crate::value::{NativeFrame, NativeId, Value};

crate::natives! {
    /// Steps of spreading.
    pub static SPREAD_STEPS = [
        hidden "call_spread(callee, iterable, keywords)" => step call_spread, "`callee(*iterable, **keywords)`.";
        hidden "call_attr(obj, name, *args)" => step call_attr, "`obj.name(*args)`.";
        hidden "super_attr(callee, class, obj, name)" => step super_attr, "`callee(class, obj).name`.";
        hidden "late_bound(method, obj, *args)" => step late_bound_call, "`method.__get__(obj)(*args)`.";
        hidden "unpack(iterable, before, after, iterator, *items)" => step unpack, "The values of `a, *b, c = iterable`, as a tuple.";
    ]
}

const fn row(row: u16) -> NativeId {
    NativeId { table: tables::SPREAD, row }
}

/// `callee(*iterable, **keywords)`; `keywords` is a dict or `Undef`.
pub fn call_frame(callee: Value, iterable: Value, keywords: Value) -> NativeFrame {
    NativeFrame::new(row(0), &[callee, iterable, keywords])
}

/// `obj.name(*args)`.
pub fn call_attr_frame(obj: Value, name: Value, args: &[Value]) -> NativeFrame {
    let mut frame = NativeFrame::new(row(1), &[obj, name]);
    frame.values.extend_from_slice(args);
    frame
}

/// `callee(class, obj).name`, where `callee` was found under the name `super`.
pub fn super_frame(callee: Value, class: Value, obj: Value, name: Value) -> NativeFrame {
    NativeFrame::new(row(2), &[callee, class, obj, name])
}

/// A callable that binds `method` to `obj` when it is called.
pub fn late_bound(cx: &mut Cx, method: Value, obj: Value) -> Value {
    let inner = cx.heap.new_method(method, obj);
    cx.heap.new_method(Value::Builtin(row(3)), inner)
}

/// The values of an unpacking: just `before` of them, or with `after` a list of the others between.
pub fn unpack_frame(iterable: Value, before: usize, after: Option<usize>) -> NativeFrame {
    let after = after.map_or(Value::None, |after| Value::Int(after as i64));
    NativeFrame::new(row(4), &[iterable, Value::Int(before as i64), after, Value::Undef])
}

fn call_spread(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (callee, iterable, keywords) = (frame.values[0], frame.values[1], frame.values[2]);
    let positional: SmallVec<[Value; 8]> = match frame.step {
        0 => {
            frame.step = 1;
            if !is_iterable(cx, iterable) {
                let name = super::dict::update::function_text(cx, callee);
                let message = format!("{name} argument after * must be an iterable, not {}", cx.class_name(iterable));
                return Err(cx.type_error(message));
            }
            match super::drive::tuple(cx, iterable) {
                Ok(Value::Tuple(id)) => cx.heap.tuples.get(id).items().into(),
                Ok(_) => crate::bug!("a drive to a tuple gives one"),
                Err(ask) => return Err(ask.to_come_back()),
            }
        }
        _ => match frame.told.into_outcome()? {
            Value::Tuple(id) => cx.heap.tuples.get(id).items().into(),
            _ => crate::bug!("a drive to a tuple gives one"),
        },
    };
    let mut args = SmallVec::<[Value; 6]>::from_slice(&positional);
    let mut names = Vec::new();
    if let Value::Dict(id) = keywords {
        let entries: Vec<_> = cx.heap.dicts.get(id).iter().map(|entry| (entry.key, entry.value)).collect();
        for (key, value) in entries {
            let Some(name) = cx.name_of(key) else { return Err(cx.type_error("keywords must be strings")) };
            names.push(Value::Str(name));
            args.push(value);
        }
    }
    let keywords = if names.is_empty() { Value::Undef } else { cx.heap.new_tuple_from(names) };
    cx.call = CallAsk { callee, args, keywords };
    Err(Ask::Tail)
}

fn call_attr(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let name = cx.name_of(frame.values[1]).expect("the name is a str");
        return match attribute::get(cx, frame.values[0], name) {
            Ok(callee) => Err(cx.ask_tail(callee, &frame.values[2..])),
            Err(ask) => Err(if ask == Ask::Tail { Ask::Call } else { ask }),
        };
    }
    let callee = frame.told.into_outcome()?;
    Err(cx.ask_tail(callee, &frame.values[2..]))
}

fn super_attr(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    match frame.step {
        0 => {
            frame.step = 1;
            let args = [frame.values[1], frame.values[2]];
            // A `super` of the script's own is called as it is written: without arguments.
            let is_own = frame.values[0] != Value::Class(classes::SUPER);
            Err(cx.ask_call(frame.values[0], if is_own { &[] } else { &args }))
        }
        _ => {
            let proxy = frame.told.into_outcome()?;
            let name = cx.name_of(frame.values[3]).expect("the name is a str");
            attribute::get(cx, proxy, name)
        }
    }
}

fn late_bound_call(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Method(id) = frame.values[0] else { return Err(cx.type_error("a late-bound method")) };
    let method = *cx.heap.methods.get(id);
    if frame.step == 0 {
        frame.step = 1;
        return match attribute::bind(cx, method.func, method.this) {
            Ok(callee) => Err(cx.ask_tail(callee, &frame.values[1..])),
            Err(ask) => Err(if ask == Ask::Tail { Ask::Call } else { ask }),
        };
    }
    let callee = frame.told.into_outcome()?;
    Err(cx.ask_tail(callee, &frame.values[1..]))
}

/// values: iterable, before, after or None, iterator, items …
fn unpack(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let before = frame.values[1].as_int().unwrap_or(0) as usize;
    let after = frame.values[2].as_int().map(|after| after as usize);
    match frame.step {
        0 => {
            frame.step = 1;
            match protocol::iter(cx, frame.values[0]) {
                Ok(iterator) => frame.values[3] = iterator,
                Err(ask @ Ask::Raise(exc)) => return Err(not_unpackable(cx, frame.values[0], exc, ask)),
                Err(ask) => return Err(if ask == Ask::Tail { Ask::Call } else { ask }),
            }
        }
        _ if frame.values[3].is_undef() => frame.values[3] = frame.told.into_outcome()?,
        _ => {}
    }
    loop {
        // One more than wanted is enough to know that there are too many.
        if after.is_none() && frame.values.len() - 4 > before {
            return Err(wrong_count(cx, usize::MAX, before));
        }
        if let Some(ask) = iterate::pause(cx) {
            return Err(ask);
        }
        if frame.values.len() == frame.values.capacity() {
            // The items are copied into a list at the end.
            cx.heap.ensure(frame.values.len() * 3 * size_of::<Value>())?;
        }
        cx.burnt += 1;
        let iterator = frame.values[3];
        match iterate::take(cx, frame, iterator)? {
            Some(item) => frame.values.push(item),
            None => return finish_unpack(cx, frame, before, after),
        }
    }
}

fn finish_unpack(cx: &mut Cx, frame: &mut NativeFrame, before: usize, after: Option<usize>) -> Outcome {
    let items = &frame.values[4..];
    let least = before + after.unwrap_or(0);
    if items.len() < least {
        let at_least = if after.is_some() { "at least " } else { "" };
        let message = format!("not enough values to unpack (expected {at_least}{least}, got {})", items.len());
        return Err(cx.value_error(message));
    }
    let Some(after) = after else { return Ok(cx.heap.new_tuple(items)) };
    let mut values = items[..before].to_vec();
    let middle = items[before..items.len() - after].to_vec();
    let last = items[items.len() - after..].to_vec();
    values.push(cx.heap.new_list(middle));
    values.extend(last);
    Ok(cx.heap.new_tuple_from(values))
}

fn not_unpackable(cx: &mut Cx, value: Value, exc: crate::value::Id<crate::value::Exc>, ask: Ask) -> Ask {
    if !cx.is_exception(exc, classes::TYPE_ERROR) || is_iterable(cx, value) {
        return ask;
    }
    let message = format!("cannot unpack non-iterable {} object", cx.class_name(value));
    cx.type_error(message)
}

/// A list or tuple of the wrong length was unpacked.
pub fn wrong_count(cx: &mut Cx, n_given: usize, expected: usize) -> Ask {
    if n_given < expected {
        return cx.value_error(format!("not enough values to unpack (expected {expected}, got {n_given})"));
    }
    cx.value_error(format!("too many values to unpack (expected {expected})"))
}

/// Whether `iter` would find something to ask.
fn is_iterable(cx: &mut Cx, value: Value) -> bool {
    let has = |cx: &mut Cx, special| matches!(cx.special_of(value, special), Some(method) if !method.is_none());
    protocol::plain_iter(cx, value).is_some() || has(cx, Special::Iter) || has(cx, Special::GetItem)
}
