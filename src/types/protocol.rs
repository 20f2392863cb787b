//! What a value is to the language: its truth, length, hash, iterator; as an index, as a float; equal to another.
//!
//! Each function gives its answer at once where no script code is needed. Otherwise it asks for a frame from the table
//! below, which calls the special method and checks what that returned: the answer that comes back is always of the
//! right type. `quick_…` (in `quick.rs`) only say what is known at once.

pub use super::quick::{call_native, identity, quick_eq, quick_hash, quick_same, quick_truth};
use super::{operator, pull, walk};
use crate::call::cx::native_def;
use crate::call::{Ask, Body, Cx, Outcome};
use crate::value::bigint::{self, IntRef};
use crate::value::hash::hash_i64;
use crate::value::iterator::{DictPart, Iter};
use crate::value::special::Special;
use crate::value::{GenKind, NativeFrame, NativeId, Value};
use aspen_grammar::bytecode::Compare;

crate::natives! {
    /// Steps of the protocols.
    pub static PROTOCOL_STEPS = [
        hidden "truth(value)" => step truth_step, "`bool(value)`.";
        hidden "iter(value)" => step iter_step, "`iter(value)`.";
        hidden "len(value)" => step len_step, "`len(value)`.";
        hidden "hash(value)" => step hash_step, "`hash(value)`.";
        hidden "index(value)" => step index_step, "`value.__index__()`.";
        hidden "float(value)" => step float_step, "`value.__float__()`.";
        hidden "equals(lhs, rhs)" => step equals_step, "`lhs is rhs or lhs == rhs`.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::PROTOCOL, row }
}

/// Calls a special method: at once if it is a plain native, otherwise asks.
fn call_special(cx: &mut Cx, method: Value, value: Value) -> Outcome {
    if let Value::Builtin(id) = method {
        return match native_def(id).body {
            Body::Plain(body) => body(cx, &[value]).map_err(Ask::to_come_back),
            Body::Stepped(_) => Err(cx.ask_push(NativeFrame::new(id, &[value]))),
        };
    }
    Err(cx.ask_method(method, value, &[]))
}

/// The special method, unless it is absent or set to None.
fn method_of(cx: &mut Cx, value: Value, special: Special) -> Option<Value> {
    cx.special_of(value, special).filter(|method| !method.is_none())
}

// ----- Truth -----

/// `bool(value)`, as a Bool.
pub fn truth(cx: &mut Cx, value: Value) -> Outcome {
    match quick_truth(cx, value) {
        Some(truth) => Ok(Value::Bool(truth)),
        None => Err(cx.ask_push(truth_frame(value))),
    }
}

/// A frame whose result is the truth of a value, as a Bool.
pub fn truth_frame(value: Value) -> NativeFrame {
    NativeFrame::new(step(0), &[value])
}

fn truth_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let value = frame.values[0];
    if frame.step == 0 {
        if let Some(truth) = quick_truth(cx, value) {
            return Ok(Value::Bool(truth));
        }
        frame.step = 1;
        let Some(method) = cx.special_of(value, Special::Bool) else {
            frame.step = 2;
            return len(cx, value).map(|len| Value::Bool(len != Value::Int(0)));
        };
        frame.told = match call_special(cx, method, value) {
            Ok(answer) => crate::value::Told::Value(answer),
            Err(ask) => return Err(ask),
        };
    }
    let answer = frame.told.into_outcome()?;
    match answer {
        Value::Bool(_) => Ok(answer),
        _ if frame.step == 2 => Ok(Value::Bool(answer != Value::Int(0))),
        _ => {
            let message = format!("__bool__ should return bool, returned {}", cx.class_name(answer));
            Err(cx.type_error(message))
        }
    }
}

// ----- Iterators -----

/// Whether a value is an iterator: its class has `__next__`.
pub fn is_iterator(cx: &mut Cx, value: Value) -> bool {
    match value {
        Value::Iter(_) => true,
        Value::Gen(id) => cx.heap.gens.get(id).kind == GenKind::Generator,
        Value::Inst(_) | Value::Native(_) | Value::Exc(_) | Value::Class(_) => {
            method_of(cx, value, Special::Next).is_some()
        }
        _ => false,
    }
}

/// `iter(value)`.
pub fn iter(cx: &mut Cx, value: Value) -> Outcome {
    match plain_iter(cx, value) {
        Some(iterator) => Ok(iterator),
        None => iter_of_object(cx, value, true),
    }
}

/// The same for a `for` loop: an exact list, tuple or range is given as it is, and what a script's `__iter__` returns is
/// not checked.
pub fn loop_over(cx: &mut Cx, value: Value) -> Outcome {
    match value {
        Value::List(_) | Value::Tuple(_) => Ok(value),
        Value::Range(id) if cx.heap.ranges.get(id).is_short() => Ok(value),
        _ => match plain_iter(cx, value) {
            Some(iterator) => Ok(iterator),
            None => iter_of_object(cx, value, false),
        },
    }
}

/// The iterator of an exact built-in value.
pub fn plain_iter(cx: &mut Cx, value: Value) -> Option<Value> {
    let iter = match value {
        Value::List(list) => Iter::List { list, index: 0 },
        Value::Tuple(_) | Value::Bytes(_) => Iter::Items { sequence: value, index: 0 },
        Value::Str(text) => Iter::Str { text, offset: 0 },
        Value::Dict(dict) => pull::dict_iter(cx, dict, DictPart::Keys),
        Value::Set(set) | Value::FrozenSet(set) => {
            Iter::Set { set, index: 0, expected_len: cx.heap.sets.get(set).table.len() }
        }
        Value::Range(id) => pull::range_iter(*cx.heap.ranges.get(id)),
        Value::Iter(_) => return Some(value),
        Value::Gen(id) if cx.heap.gens.get(id).kind == GenKind::Generator => return Some(value),
        _ => return None,
    };
    Some(cx.heap.new_iter(iter))
}

#[inline(never)]
fn iter_of_object(cx: &mut Cx, value: Value, is_checked: bool) -> Outcome {
    let Some(method) = cx.special_of(value, Special::Iter) else {
        if cx.special_of(value, Special::GetItem).is_some() {
            return Ok(cx.heap.new_iter(Iter::Indexed { obj: value, index: 0 }));
        }
        return Err(cx.not_iterable(value));
    };
    match method {
        Value::None => Err(cx.not_iterable(value)),
        Value::Builtin(_) => {
            // What an instance of a subclass of a built-in type inherits is that of its payload.
            if let exact @ (Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Set(_) | Value::FrozenSet(_)) =
                cx.exact(value)
                && let Some(iterator) = plain_iter(cx, exact)
            {
                return Ok(iterator);
            }
            call_special(cx, method, value)
        }
        _ if is_checked => Err(cx.ask_push(NativeFrame::new(step(1), &[value]))),
        _ => Err(cx.ask_method(method, value, &[]).to_be_last()),
    }
}

fn iter_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let value = frame.values[0];
        let Some(method) = method_of(cx, value, Special::Iter) else { return Err(cx.not_iterable(value)) };
        return Err(cx.ask_method(method, value, &[]));
    }
    let iterator = frame.told.into_outcome()?;
    if is_iterator(cx, iterator) {
        return Ok(iterator);
    }
    let message = format!("iter() returned non-iterator of type '{}'", cx.class_name(iterator));
    Err(cx.type_error(message))
}

// ----- Length -----

/// The length of an exact built-in value.
#[inline]
pub fn quick_len(cx: &Cx, value: Value) -> Option<usize> {
    Some(match value {
        Value::List(id) => cx.heap.lists.get(id).items.len(),
        Value::Str(id) => cx.heap.strs.get(id).n_chars as usize,
        Value::Dict(id) => cx.heap.dicts.get(id).len(),
        Value::Tuple(id) => cx.heap.tuples.get(id).items().len(),
        Value::Set(id) | Value::FrozenSet(id) => cx.heap.sets.get(id).table.len(),
        Value::Bytes(id) => cx.heap.bytes.get(id).data.len(),
        _ => return None,
    })
}

/// `len(value)`, as an Int.
#[inline]
pub fn len(cx: &mut Cx, value: Value) -> Outcome {
    match quick_len(cx, value) {
        Some(len) => Ok(Value::Int(len as i64)),
        None => len_of_object(cx, value),
    }
}

#[inline(never)]
fn len_of_object(cx: &mut Cx, value: Value) -> Outcome {
    if let Value::Range(id) = value {
        return match cx.heap.ranges.get(id).len {
            len @ Value::Int(_) => Ok(len),
            _ => Err(cx.overflow_error("Python int too large to convert to C ssize_t")),
        };
    }
    let Some(method) = method_of(cx, value, Special::Len) else {
        let message = format!("object of type '{}' has no len()", cx.class_name(value));
        return Err(cx.type_error(message));
    };
    if let Value::Builtin(_) = method {
        let exact = cx.exact(value);
        return match quick_len(cx, exact) {
            Some(len) => Ok(Value::Int(len as i64)),
            None => call_special(cx, method, value),
        };
    }
    Err(cx.ask_push(NativeFrame::new(step(2), &[value])))
}

fn len_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let value = frame.values[0];
    match frame.step {
        0 => {
            frame.step = 1;
            let method = method_of(cx, value, Special::Len).unwrap_or(Value::None);
            Err(cx.ask_method(method, value, &[]))
        }
        1 => {
            let answer = frame.told.into_outcome()?;
            frame.step = 2;
            let len = index(cx, answer)?;
            check_len(cx, len)
        }
        _ => {
            let len = frame.told.into_outcome()?;
            check_len(cx, len)
        }
    }
}

fn check_len(cx: &mut Cx, len: Value) -> Outcome {
    match cx.heap.int_ref(len) {
        Some(int) if int.is_negative() => Err(cx.value_error("__len__() should return >= 0")),
        Some(IntRef::Big(_)) => Err(cx.overflow_error("cannot fit 'int' into an index-sized integer")),
        _ => Ok(len),
    }
}

// ----- Hash -----

/// `hash(value)`, as an Int.
pub fn hash(cx: &mut Cx, value: Value) -> Outcome {
    if let Some(hash) = quick_hash(cx, value) {
        return Ok(Value::Int(hash as i64));
    }
    match value {
        Value::Tuple(_) | Value::Slice(_) => walk::hash(cx, value),
        Value::List(_) | Value::Dict(_) | Value::Set(_) => Err(cx.unhashable(value)),
        _ => hash_of_object(cx, value),
    }
}

fn hash_of_object(cx: &mut Cx, value: Value) -> Outcome {
    match cx.special_of(value, Special::Hash) {
        None => Ok(Value::Int(identity(value) as i64)),
        Some(Value::None) => Err(cx.unhashable(value)),
        Some(method @ Value::Builtin(_)) => match cx.exact(value) {
            Value::Inst(_) | Value::Native(_) | Value::Exc(_) | Value::Class(_) => call_special(cx, method, value),
            exact => hash(cx, exact),
        },
        Some(_) => Err(cx.ask_push(NativeFrame::new(step(3), &[value]))),
    }
}

fn hash_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let value = frame.values[0];
    if frame.step == 0 {
        frame.step = 1;
        let method = method_of(cx, value, Special::Hash).unwrap_or(Value::None);
        return Err(cx.ask_method(method, value, &[]));
    }
    let answer = frame.told.into_outcome()?;
    match cx.exact(answer) {
        Value::Int(-1) => Ok(Value::Int(-2)),
        Value::Int(int) => Ok(Value::Int(int)),
        Value::Bool(bool) => Ok(Value::Int(bool as i64)),
        Value::BigInt(id) => Ok(Value::Int(bigint::hash(IntRef::Big(cx.heap.big_ints.get(id))))),
        _ => Err(cx.type_error("__hash__ method should return an integer")),
    }
}

/// The hash of an int as dicts and sets use it.
pub fn hash_of_int(int: i64) -> u64 {
    hash_i64(int) as u64
}

// ----- Index and float -----

/// A value as an exact int, by `__index__`.
pub fn index(cx: &mut Cx, value: Value) -> Outcome {
    match value {
        Value::Int(_) | Value::BigInt(_) => Ok(value),
        Value::Bool(bool) => Ok(Value::Int(bool as i64)),
        _ => match cx.exact(value) {
            exact @ (Value::Int(_) | Value::BigInt(_)) => Ok(exact),
            _ => index_of_object(cx, value),
        },
    }
}

fn index_of_object(cx: &mut Cx, value: Value) -> Outcome {
    match method_of(cx, value, Special::Index) {
        Some(method @ Value::Builtin(_)) => call_special(cx, method, value),
        Some(_) => Err(cx.ask_push(NativeFrame::new(step(4), &[value]))),
        None => {
            let message = format!("'{}' object cannot be interpreted as an integer", cx.class_name(value));
            Err(cx.type_error(message))
        }
    }
}

fn index_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let value = frame.values[0];
    if frame.step == 0 {
        frame.step = 1;
        let method = method_of(cx, value, Special::Index).unwrap_or(Value::None);
        return Err(cx.ask_method(method, value, &[]));
    }
    let answer = frame.told.into_outcome()?;
    match (answer, cx.exact(answer)) {
        (Value::Bool(bool), _) => Ok(Value::Int(bool as i64)),
        (_, exact @ (Value::Int(_) | Value::BigInt(_))) => Ok(exact),
        _ => {
            let message = format!("__index__ returned non-int (type {})", cx.class_name(answer));
            Err(cx.type_error(message))
        }
    }
}

/// A value as an exact float, by `__float__` or `__index__`.
pub fn float(cx: &mut Cx, value: Value) -> Outcome {
    let exact = match value {
        Value::Inst(_) if !is_float_native(cx, value) => value,
        _ => cx.exact(value),
    };
    match exact {
        Value::Float(_) => Ok(exact),
        Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => float_of_int(cx, exact),
        _ => Err(match method_of(cx, value, Special::Float).or_else(|| method_of(cx, value, Special::Index)) {
            Some(_) => cx.ask_push(NativeFrame::new(step(5), &[value])),
            None => {
                let message = format!("must be real number, not {}", cx.class_name(value));
                cx.type_error(message)
            }
        }),
    }
}

/// Whether the script class of an instance inherits `__float__` from a built-in type.
fn is_float_native(cx: &mut Cx, value: Value) -> bool {
    matches!(cx.special_of(value, Special::Float), None | Some(Value::Builtin(_)))
}

fn float_of_int(cx: &mut Cx, int: Value) -> Outcome {
    let float = cx.heap.int_ref(int).map(bigint::float::to_f64).expect("it is an int");
    match float {
        Some(float) => Ok(Value::Float(float)),
        None => Err(cx.overflow_error("int too large to convert to float")),
    }
}

fn float_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let value = frame.values[0];
    match frame.step {
        0 => match method_of(cx, value, Special::Float) {
            Some(method) => {
                frame.step = 1;
                frame.told = crate::value::Told::Value(call_special(cx, method, value)?);
                float_step(cx, frame)
            }
            None => {
                frame.step = 2;
                let int = index(cx, value)?;
                float_of_int(cx, int)
            }
        },
        1 => {
            let answer = frame.told.into_outcome()?;
            if let exact @ Value::Float(_) = cx.exact(answer) {
                return Ok(exact);
            }
            let (class, actual) = (cx.class_name(value), cx.class_name(answer));
            Err(cx.type_error(format!("{class}.__float__ returned non-float (type {actual})")))
        }
        _ => {
            let int = frame.told.into_outcome()?;
            float_of_int(cx, int)
        }
    }
}

// ----- Equality -----

/// `lhs is rhs or lhs == rhs` as a Bool: how containers compare what is in them.
#[inline]
pub fn equals(cx: &mut Cx, lhs: Value, rhs: Value) -> Outcome {
    match quick_same(cx, lhs, rhs) {
        Some(same) => Ok(Value::Bool(same)),
        None => Err(cx.ask_push(NativeFrame::new(step(6), &[lhs, rhs]))),
    }
}

fn equals_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let answer = match frame.step {
        0 => {
            frame.step = 1;
            operator::compare(cx, Compare::Eq, frame.values[0], frame.values[1]).map_err(Ask::to_come_back)?
        }
        _ => frame.told.into_outcome()?,
    };
    match (frame.step, quick_truth(cx, answer)) {
        (_, Some(truth)) => Ok(Value::Bool(truth)),
        (_, None) => {
            frame.step = 2;
            Err(cx.ask_push(truth_frame(answer)))
        }
    }
}

/// Whether a value can be called: functions, classes, and whatever has `__call__` in its class.
pub fn is_callable(cx: &mut Cx, value: Value) -> bool {
    match value {
        Value::Func(_) | Value::Builtin(_) | Value::Method(_) | Value::Class(_) => true,
        Value::Descr(_) | Value::Inst(_) | Value::Exc(_) | Value::Native(_) | Value::Module(_) => {
            cx.special_of(value, Special::Call).is_some()
        }
        _ => false,
    }
}
