//! The rows of all iterator classes, and of enumerate, zip, map, filter and reversed.

use super::pull;
use super::{class, classes, int, protocol};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome, iterate};
use crate::value::iterator::{Iter, PullKind};
use crate::value::special::Special;
use crate::value::{NativeFrame, NativeId, Value};

crate::natives! {
    /// The rows of iterators that only iterate.
    pub static ITERATOR = [
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => iterator_next, "Implement next(self).";
        method "__length_hint__(self, /)" => iterator_length_hint, "Private method returning an estimate of len(list(it)).";
    ]
}

crate::natives! {
    /// The rows of the class enumerate.
    pub static ENUMERATE = [
        new "__new__(cls, iterable: iter, start: index=)" => enumerate_new, "Return an enumerate object.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => iterator_next, "Implement next(self).";
        class "__class_getitem__(cls, item, /)" => crate::types::generic_alias::class_getitem, "See PEP 585";
    ]
}

crate::natives! {
    /// The rows of the class zip.
    pub static ZIP = [
        new "__new__(cls, *iterables, strict: truth=)" => zip_new, "The zip object yields n-length tuples, where n is the number of iterables\npassed as positional arguments to zip().";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => iterator_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class map.
    pub static MAP = [
        new "__new__(cls, *args)" => map_new, "Make an iterator that computes the function using arguments from\neach of the iterables.  Stops when the shortest iterable is exhausted.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => iterator_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class filter.
    pub static FILTER = [
        new "__new__(cls, function, iterable: iter, /)" => filter_new, "Return an iterator yielding those items of iterable for which function(item)\nis true. If function is None, return the items that are true.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => iterator_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class reversed.
    pub static REVERSED = [
        new "__new__(cls, sequence, /)" => reversed_new, "Return a reverse iterator over the values of the given sequence.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => iterator_next, "Implement next(self).";
        method "__length_hint__(self, /)" => iterator_length_hint, "Private method returning an estimate of len(list(it)).";
    ]
}

crate::natives! {
    /// Steps of making iterators.
    pub static ITERATOR_STEPS = [
        hidden "iterators(cls, kind, head, *iterables)" => step iterators_step, "A pulling iterator, once all iterators are there.";
        hidden "reversed_by_len(sequence)" => step reversed_step, "A reverse iterator by index, once the length is known.";
    ]
}

const ITERATORS: NativeId = NativeId { table: crate::tables::ITERATOR, row: 0 };
const REVERSED_BY_LEN: NativeId = NativeId { table: crate::tables::ITERATOR, row: 1 };

/// `__iter__` of an iterator: itself.
pub fn iterator_iter(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(args[0])
}

fn iterator_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    let exact = cx.exact(args[0]);
    match iterate::advance(cx, exact)? {
        Some(item) => Ok(item),
        None => Err(Ask::End),
    }
}

fn iterator_length_hint(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Iter(id) = cx.exact(args[0]) else { return Ok(Value::NotImplemented) };
    let left = match cx.heap.iters.get(id) {
        Iter::Done | Iter::Calls { .. } | Iter::Pull(_) => return Ok(Value::NotImplemented),
        Iter::List { list, index } => cx.heap.lists.get(*list).items.len().saturating_sub(*index),
        Iter::ListReversed { list, index } if *index <= cx.heap.lists.get(*list).items.len() => *index,
        Iter::ListReversed { .. } => 0,
        Iter::Items { sequence, index } => {
            let sequence = *sequence;
            let index = *index;
            protocol::quick_len(cx, sequence).unwrap_or_default().saturating_sub(index)
        }
        Iter::Str { text, offset } => {
            let rest = cx.heap.text(*text).get(*offset..).unwrap_or_default();
            crate::value::string::count_chars(rest)
        }
        Iter::Range { remaining, .. } => *remaining as usize,
        Iter::LongRange { remaining, .. } => return Ok(*remaining),
        Iter::Dict { dict, index, expected_len, .. } => {
            let object = cx.heap.dicts.get(*dict);
            if object.len() != *expected_len {
                0
            } else {
                object.entries.iter().skip(*index).filter(|entry| !entry.key.is_undef()).count()
            }
        }
        Iter::DictReversed { dict, index, .. } => {
            cx.heap.dicts.get(*dict).entries.iter().take(*index).filter(|entry| !entry.key.is_undef()).count()
        }
        Iter::Set { set, index, expected_len } => {
            let object = cx.heap.sets.get(*set);
            if object.len() != *expected_len {
                0
            } else {
                (object.len()).min(object.table.position_count().saturating_sub(*index))
            }
        }
        Iter::Indexed { obj, index } if *index >= 0 => {
            let (obj, index) = (*obj, *index);
            return Ok(match protocol::len(cx, obj) {
                Ok(Value::Int(len)) => Value::Int((len - index).max(0)),
                _ => Value::NotImplemented,
            });
        }
        Iter::Indexed { .. } => 0,
        Iter::IndexedReversed { index, .. } => (*index + 1) as usize,
    };
    Ok(Value::Int(left as i64))
}

fn enumerate_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = class::checked_class(cx, args[0], classes::ENUMERATE)?;
    let start = args[2].given().unwrap_or(Value::Int(0));
    let made = pull::new(cx, PullKind::Enumerate, start, vec![args[1]]);
    Ok(int::instance(cx, class, classes::ENUMERATE, made))
}

fn filter_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = class::checked_class(cx, args[0], classes::FILTER)?;
    let made = pull::new(cx, PullKind::Filter, args[1], vec![args[2]]);
    Ok(int::instance(cx, class, classes::FILTER, made))
}

fn zip_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    class::checked_class(cx, args[0], classes::ZIP)?;
    let kind = if args[1] == Value::Bool(true) { PullKind::ZipStrict } else { PullKind::Zip };
    iterators(cx, args[0], kind, Value::None, &args[2..])
}

fn map_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    class::checked_class(cx, args[0], classes::MAP)?;
    let [class, function, iterables @ ..] = args else {
        return Err(cx.type_error("map() must have at least two arguments."));
    };
    if iterables.is_empty() {
        return Err(cx.type_error("map() must have at least two arguments."));
    }
    iterators(cx, *class, PullKind::Map, *function, iterables)
}

fn iterators(cx: &mut Cx, class: Value, kind: PullKind, head: Value, iterables: &[Value]) -> Outcome {
    let number = match kind {
        PullKind::Zip => 0,
        PullKind::ZipStrict => 1,
        _ => 2,
    };
    let mut frame = NativeFrame::new(ITERATORS, &[class, Value::Int(number), head]);
    frame.values.extend_from_slice(iterables);
    launch(cx, frame)
}

/// Iterables become iterators one after the other. The step is twice the number of the next one, one more if it is asked for.
fn iterators_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    const FIRST: usize = 3;
    loop {
        let at = FIRST + frame.step as usize / 2;
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
    let (kind, native) = match frame.values[1] {
        Value::Int(0) => (PullKind::Zip, classes::ZIP),
        Value::Int(1) => (PullKind::ZipStrict, classes::ZIP),
        _ => (PullKind::Map, classes::MAP),
    };
    let Value::Class(class) = frame.values[0] else { crate::bug!("the class was checked") };
    let made = pull::new(cx, kind, frame.values[2], frame.values[FIRST..].to_vec());
    Ok(int::instance(cx, class, native, made))
}

fn reversed_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = class::checked_class(cx, args[0], classes::REVERSED)?;
    let sequence = args[1];
    if let Some(method) = cx.special_of(sequence, Special::Reversed) {
        if method.is_none() {
            return Err(not_reversible(cx, sequence));
        }
        if let Some(outcome) = protocol::call_native(cx, method, &[sequence]) {
            return outcome;
        }
        return Err(cx.ask_method(method, sequence, &[]).to_be_last());
    }
    let is_sequence = match cx.exact(sequence) {
        Value::Dict(_) | Value::Set(_) | Value::FrozenSet(_) => false,
        _ => cx.special_of(sequence, Special::Len).is_some() && cx.special_of(sequence, Special::GetItem).is_some(),
    };
    if !is_sequence {
        return Err(not_reversible(cx, sequence));
    }
    match protocol::len(cx, sequence) {
        Ok(len) => {
            let made = reversed_by_index(cx, sequence, len);
            Ok(int::instance(cx, class, classes::REVERSED, made))
        }
        Err(Ask::Raise(exc)) => Err(Ask::Raise(exc)),
        Err(_) => Err(cx.ask_push(NativeFrame::new(REVERSED_BY_LEN, &[sequence]))),
    }
}

fn reversed_by_index(cx: &mut Cx, obj: Value, len: Value) -> Value {
    let index = len.as_int().unwrap_or_default() - 1;
    cx.heap.new_iter(Iter::IndexedReversed { obj, index })
}

fn reversed_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let sequence = frame.values[0];
    let len = match frame.step {
        0 => {
            frame.step = 1;
            protocol::len(cx, sequence).map_err(Ask::to_come_back)?
        }
        _ => frame.told.into_outcome()?,
    };
    Ok(reversed_by_index(cx, sequence, len))
}

fn not_reversible(cx: &mut Cx, value: Value) -> Ask {
    let message = format!("'{}' object is not reversible", cx.class_name(value));
    cx.type_error(message)
}
