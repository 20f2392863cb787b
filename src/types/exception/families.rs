//! What some exceptions keep beside `args`: StopIteration, SystemExit, KeyError, NameError, AttributeError, ImportError.
//!
//! The places of the attributes among the slots are those that `call::raise` writes.

use super::base::{args_of, exception_str, init_args, no_keywords, own, reduce_with};
use crate::call::{Ask, Cx, Outcome};
use crate::types::strings;
use crate::value::{Exc, Id, Value};

/// A getter of the slot `N`; None where nothing is.
pub fn get_slot<const N: usize>(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(slot(cx, own(args), N))
}

/// A setter of the slot `N`.
pub fn set_slot<const N: usize>(cx: &mut Cx, args: &[Value]) -> Outcome {
    put_slot(cx, own(args), N, args[1]);
    Ok(Value::None)
}

/// What is in a slot; None if nothing.
pub fn slot(cx: &Cx, exc: Id<Exc>, at: usize) -> Value {
    let slots = cx.heap.excs.get(exc).slots.as_ref();
    slots.and_then(|slots| slots[at].given()).unwrap_or(Value::None)
}

/// Puts a value (or `Undef`) into a slot.
pub fn put_slot(cx: &mut Cx, exc: Id<Exc>, at: usize, value: Value) {
    let had_slots = cx.heap.excs.get(exc).slots.is_some();
    if value.is_undef() && !had_slots {
        return;
    }
    if !had_slots {
        cx.heap.charge(size_of::<[Value; crate::value::exception::N_SLOTS]>());
    }
    cx.heap.excs.get_mut(exc).slots.get_or_insert_default()[at] = value;
}

/// The keyword arguments that an `__init__` takes, by their slots; any other is an error.
fn take_keywords(cx: &mut Cx, this: Value, keywords: Value, known: &[(&str, usize)]) -> Result<(), Ask> {
    let (Value::Dict(dict), Value::Exc(exc)) = (keywords, this) else { return Ok(()) };
    let entries: Vec<_> = cx.heap.dicts.get(dict).iter().map(|entry| (entry.key, entry.value)).collect();
    for (key, value) in entries {
        let text = cx.text_of(key).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default();
        match known.iter().find(|(name, _)| *name == text) {
            Some(&(_, at)) => put_slot(cx, exc, at, value),
            None => {
                let base = match known.first() {
                    Some(("msg", _)) => "ImportError",
                    Some(("obj", _)) => "AttributeError",
                    _ => "NameError",
                };
                return Err(cx.type_error(format!("{base}() got an unexpected keyword argument '{text}'")));
            }
        }
    }
    Ok(())
}

// ----- StopIteration and SystemExit -----

crate::natives! {
    /// The rows of StopIteration.
    pub static STOP_ITERATION_ROWS = [
        special "__init__(self, *args, **kwargs)" => stop_iteration_init, "Initialize self.";
        attr "value" => get_slot::<0>, set set_slot::<0>, "generator return value";
    ]
}

crate::natives! {
    /// The rows of SystemExit.
    pub static SYSTEM_EXIT_ROWS = [
        special "__init__(self, *args, **kwargs)" => system_exit_init, "Initialize self.";
        attr "code" => get_slot::<0>, set set_slot::<0>, "exception code";
    ]
}

fn stop_iteration_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    no_keywords(cx, args[0], args[1])?;
    init_args(cx, own(args), &args[2..]);
    put_slot(cx, own(args), 0, args.get(2).copied().unwrap_or(Value::None));
    Ok(Value::None)
}

fn system_exit_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    no_keywords(cx, args[0], args[1])?;
    init_args(cx, own(args), &args[2..]);
    let code = match args[2..] {
        [] => Value::None,
        [only] => only,
        _ => cx.heap.excs.get(own(args)).args,
    };
    put_slot(cx, own(args), 0, code);
    Ok(Value::None)
}

// ----- KeyError -----

crate::natives! {
    /// The rows of KeyError.
    pub static KEY_ERROR_ROWS = [
        special "__str__(self, /)" => key_error_str, "Return str(self).";
    ]
}

/// The repr of the key, so that `''` can be told from nothing.
fn key_error_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args_of(cx, own(args)).as_slice() {
        [key] => strings::to_repr(cx, *key),
        _ => exception_str(cx, args),
    }
}

// ----- NameError and AttributeError -----

crate::natives! {
    /// The rows of NameError.
    pub static NAME_ERROR_ROWS = [
        special "__init__(self, *args, **kwargs)" => name_error_init, "Initialize self.";
        attr "name" => get_slot::<0>, set set_slot::<0>, "name";
    ]
}

crate::natives! {
    /// The rows of AttributeError.
    pub static ATTRIBUTE_ERROR_ROWS = [
        special "__init__(self, *args, **kwargs)" => attribute_error_init, "Initialize self.";
        attr "name" => get_slot::<0>, set set_slot::<0>, "attribute name";
        attr "obj" => get_slot::<1>, set set_slot::<1>, "object";
    ]
}

fn name_error_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    init_args(cx, own(args), &args[2..]);
    take_keywords(cx, args[0], args[1], &[("name", 0)])?;
    Ok(Value::None)
}

fn attribute_error_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    init_args(cx, own(args), &args[2..]);
    take_keywords(cx, args[0], args[1], &[("obj", 1), ("name", 0)])?;
    Ok(Value::None)
}

// ----- ImportError -----

crate::natives! {
    /// The rows of ImportError.
    pub static IMPORT_ERROR_ROWS = [
        special "__init__(self, *args, **kwargs)" => import_error_init, "Initialize self.";
        special "__str__(self, /)" => import_error_str, "Return str(self).";
        method "__reduce__(self, /)" => import_error_reduce, "Helper for pickle.";
        attr "msg" => get_slot::<0>, set set_slot::<0>, "exception message";
        attr "name" => get_slot::<1>, set set_slot::<1>, "module name";
        attr "path" => get_slot::<2>, set set_slot::<2>, "module path";
        attr "name_from" => get_slot::<3>, set set_slot::<3>, "name imported from module";
    ]
}

fn import_error_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    init_args(cx, own(args), &args[2..]);
    if let [message] = args[2..] {
        put_slot(cx, own(args), 0, message);
    }
    let known = [("msg", usize::MAX), ("name", 1), ("path", 2), ("name_from", 3)];
    if let Value::Dict(dict) = args[1]
        && let msg = cx.name("msg")
        && cx.heap.get_in(dict, msg).is_some()
    {
        return Err(cx.type_error("ImportError() got an unexpected keyword argument 'msg'"));
    }
    take_keywords(cx, args[0], args[1], &known)?;
    Ok(Value::None)
}

fn import_error_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    let message = slot(cx, own(args), 0);
    if cx.text_of(message).is_some() {
        return Ok(message);
    }
    exception_str(cx, args)
}

/// What was given by keyword is part of the state.
fn import_error_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let given = cx.heap.excs.get(own(args)).args;
    let reduced = reduce_with(cx, args[0], given)?;
    let mut keywords = Vec::new();
    for (name, at) in [("name", 1), ("path", 2), ("name_from", 3)] {
        let value = slot(cx, own(args), at);
        if !value.is_none() {
            keywords.push((cx.name(name), value));
        }
    }
    if keywords.is_empty() {
        return Ok(reduced);
    }
    let state = cx.heap.new_dict();
    for name in crate::types::attribute::own_names(cx, args[0]) {
        if let Ok(value) = crate::types::attribute::generic_get(cx, args[0], name) {
            cx.heap.set_in(state, name, value);
        }
    }
    for (name, value) in keywords {
        cx.heap.set_in(state, name, value);
    }
    let class = Value::Class(cx.class_of(args[0]));
    Ok(cx.heap.new_tuple(&[class, given, Value::Dict(state)]))
}
