//! Steps of `match`: class patterns, mapping patterns.

use super::attribute;
use crate::call::{Ask, Cx, Outcome, names};
use crate::tables;
use crate::types::classes;
use crate::value::class::Collection;
use crate::value::special::Special;
use crate::value::{NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// Steps of patterns.
    pub static PATTERN_STEPS = [
        hidden "match_class(subject, class, n_positional, keywords, names, position, *values)" => step match_class, "The attributes that a class pattern looks at, or None.";
        hidden "match_keys(subject, keys, getter, marker, position, *values)" => step match_keys, "The values of a mapping pattern's keys, or None.";
        hidden "match_rest(subject, keys, position, rest)" => step match_rest, "What a mapping pattern's `**rest` gets.";
    ]
}

const fn row(row: u16) -> NativeId {
    NativeId { table: tables::PATTERN, row }
}

/// subject, class, number of positional patterns, tuple of keyword names.
pub fn class_frame(operands: [Value; 4]) -> NativeFrame {
    let mut frame = NativeFrame::new(row(0), &operands);
    frame.values.extend([Value::Undef, Value::Int(0)]);
    frame
}

pub fn keys_frame(subject: Value, keys: Value) -> NativeFrame {
    NativeFrame::new(row(1), &[subject, keys, Value::Undef, Value::Undef, Value::Int(0)])
}

pub fn rest_frame(subject: Value, keys: Value) -> NativeFrame {
    NativeFrame::new(row(2), &[subject, keys, Value::Int(0), Value::Undef])
}

/// Whether a value matches a sequence pattern: registered sequences, but no text.
pub fn is_sequence(cx: &mut Cx, value: Value) -> Outcome {
    let is = match cx.exact(value) {
        Value::List(_) | Value::Tuple(_) | Value::Range(_) => true,
        Value::Str(_) | Value::Bytes(_) | Value::Dict(_) => false,
        _ => has_flag(cx, value, Collection::Sequence),
    };
    Ok(Value::Bool(is))
}

pub fn is_mapping(cx: &mut Cx, value: Value) -> Outcome {
    let is = match cx.exact(value) {
        Value::Dict(_) => true,
        _ => has_flag(cx, value, Collection::Mapping),
    };
    Ok(Value::Bool(is))
}

fn has_flag(cx: &Cx, value: Value, flag: Collection) -> bool {
    let class = cx.class_of(value);
    let known = match () {
        () if class == classes::MAPPING_PROXY => Collection::Mapping,
        () if class == classes::DEQUE || class == classes::MEMORYVIEW => Collection::Sequence,
        () => cx.heap.classes.get(class).collection,
    };
    known == flag
}

/// Built-in classes whose single positional pattern is the subject itself.
fn matches_itself(cx: &Cx, class: crate::value::Id<crate::value::Class>) -> bool {
    const SELF: [crate::value::Id<crate::value::Class>; 11] = [
        classes::BOOL,
        classes::BYTEARRAY,
        classes::BYTES,
        classes::DICT_CLASS,
        classes::FLOAT,
        classes::FROZENSET,
        classes::INT,
        classes::LIST,
        classes::SET,
        classes::STR,
        classes::TUPLE,
    ];
    SELF.iter().any(|&base| classes::is_subclass(cx, class, base))
}

/// values: subject, class, n_positional, keyword names, all names, position, values so far …
fn match_class(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (subject, class) = (frame.values[0], frame.values[1]);
    match frame.step {
        0 => {
            let Value::Class(_) = class else {
                return Err(cx.type_error("called match pattern must be a class"));
            };
            frame.step = 1;
            let check = cx.heap.get_in(cx.builtins, crate::call::names::ISINSTANCE);
            let Some(check) = check else { return Err(cx.runtime_error("lost isinstance")) };
            return Err(cx.ask_call(check, &[subject, class]));
        }
        1 => {
            if frame.told.into_outcome()? != Value::Bool(true) {
                return Ok(Value::None);
            }
            frame.step = 2;
            if frame.values[2] != Value::Int(0) {
                match attribute::get(cx, class, names::MATCH_ARGS) {
                    Ok(names) => frame.told = Told::Value(names),
                    Err(Ask::Raise(exc)) => frame.told = Told::Raised(exc),
                    Err(ask) => return Err(ask.to_come_back()),
                }
            }
            name_attributes(cx, frame)?;
            frame.step = 3;
        }
        2 => {
            name_attributes(cx, frame)?;
            frame.step = 3;
        }
        _ => match frame.told {
            Told::Raised(exc) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => return Ok(Value::None),
            told => {
                let value = told.into_outcome()?;
                frame.values.push(value);
            }
        },
    }
    let Value::Tuple(all) = frame.values[4] else { crate::bug!("the names were just made") };
    loop {
        let at = frame.values[5].as_int().unwrap_or(0) as usize;
        let Some(&name) = cx.heap.tuples.get(all).items().get(at) else {
            return Ok(cx.heap.new_tuple(&frame.values[6..]));
        };
        frame.values[5] = Value::Int(at as i64 + 1);
        let Value::Str(_) = name else {
            // A built-in class's positional pattern: the subject itself.
            frame.values.push(subject);
            continue;
        };
        let name = cx.name_of(name).expect("it is a str");
        match attribute::get(cx, subject, name) {
            Ok(value) => frame.values.push(value),
            Err(Ask::Raise(exc)) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => return Ok(Value::None),
            Err(ask) => return Err(ask.to_come_back()),
        }
    }
}

/// The names of all attributes to look at, positional ones by `__match_args__`.
fn name_attributes(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    let Value::Class(class) = frame.values[1] else { crate::bug!("it was checked") };
    let n_positional = frame.values[2].as_int().unwrap_or(0) as usize;
    let class_name = cx.text(cx.heap.classes.get(class).name);
    let mut names = Vec::new();
    if n_positional > 0 {
        let args = match frame.told {
            Told::Raised(exc) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => None,
            told => Some(told.into_outcome()?),
        };
        match args {
            Some(Value::Tuple(id)) => {
                let args = cx.heap.tuples.get(id).items().to_vec();
                if args.len() < n_positional {
                    return Err(too_many(cx, &class_name, args.len(), n_positional));
                }
                for &arg in &args[..n_positional] {
                    if cx.text_of(arg).is_none() {
                        let message = format!("__match_args__ elements must be strings (got {})", cx.class_name(arg));
                        return Err(cx.type_error(message));
                    }
                    if names.contains(&arg) {
                        return Err(twice(cx, &class_name, arg));
                    }
                    names.push(arg);
                }
            }
            Some(other) => {
                let message = format!("{class_name}.__match_args__ must be a tuple (got {})", cx.class_name(other));
                return Err(cx.type_error(message));
            }
            None if matches_itself(cx, class) && n_positional == 1 => names.push(Value::None),
            None => {
                let allowed = matches_itself(cx, class) as usize;
                return Err(too_many(cx, &class_name, allowed, n_positional));
            }
        }
    }
    if let Value::Tuple(id) = frame.values[3] {
        for name in cx.heap.tuples.get(id).items().to_vec() {
            let is_same = |known: &Value| match (known, name) {
                (Value::Str(known), Value::Str(name)) => cx.heap.same_text(*known, name),
                _ => false,
            };
            if names.iter().any(is_same) {
                return Err(twice(cx, &class_name, name));
            }
            names.push(name);
        }
    }
    frame.values[4] = cx.heap.new_tuple_from(names);
    Ok(())
}

fn too_many(cx: &mut Cx, class: &str, allowed: usize, given: usize) -> Ask {
    let s = if allowed == 1 { "" } else { "s" };
    cx.type_error(format!("{class}() accepts {allowed} positional sub-pattern{s} ({given} given)"))
}

fn twice(cx: &mut Cx, class: &str, name: Value) -> Ask {
    let text = cx.text_of(name).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default();
    cx.type_error(format!("{class}() got multiple sub-patterns for attribute '{text}'"))
}

/// values: subject, keys, bound `get`, marker, position, values so far …
fn match_keys(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let subject = frame.values[0];
    match frame.step {
        0 => {
            if let Some(duplicate) = duplicate_key(cx, frame.values[1]) {
                let text = plain_repr(cx, duplicate);
                return Err(cx.value_error(format!("mapping pattern checks duplicate key ({text})")));
            }
            frame.step = 1;
            match attribute::get(cx, subject, names::GET) {
                Ok(getter) => frame.values[2] = getter,
                Err(ask) => return Err(ask.to_come_back()),
            }
        }
        1 => frame.values[2] = frame.told.into_outcome()?,
        _ => {
            let value = frame.told.into_outcome()?;
            if value.is(&frame.values[3]) {
                return Ok(Value::None);
            }
            frame.values.push(value);
        }
    }
    frame.step = 2;
    if frame.values[3].is_undef() {
        frame.values[3] = classes::new_instance(cx, classes::OBJECT);
    }
    let at = frame.values[4].as_int().unwrap_or(0) as usize;
    let Value::Tuple(keys) = frame.values[1] else { crate::bug!("the keys are a tuple") };
    let Some(&key) = cx.heap.tuples.get(keys).items().get(at) else {
        return Ok(cx.heap.new_tuple(&frame.values[5..]));
    };
    frame.values[4] = Value::Int(at as i64 + 1);
    let (getter, marker) = (frame.values[2], frame.values[3]);
    Err(cx.ask_call(getter, &[key, marker]))
}

fn duplicate_key(cx: &mut Cx, keys: Value) -> Option<Value> {
    let Value::Tuple(id) = keys else { return None };
    let items = cx.heap.tuples.get(id).items().to_vec();
    for (at, &key) in items.iter().enumerate() {
        for &earlier in &items[..at] {
            if super::protocol::quick_eq(cx, earlier, key) == Some(true) {
                return Some(key);
            }
        }
    }
    None
}

/// values: subject, keys, position, the copy.
fn match_rest(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    match frame.step {
        0 => {
            frame.step = 1;
            return Err(cx.ask_call(Value::Class(classes::DICT_CLASS), &[frame.values[0]]));
        }
        1 => {
            frame.values[3] = frame.told.into_outcome()?;
            frame.step = 2;
        }
        _ => {
            frame.told.into_outcome()?;
        }
    }
    let at = frame.values[2].as_int().unwrap_or(0) as usize;
    let Value::Tuple(keys) = frame.values[1] else { crate::bug!("the keys are a tuple") };
    let Some(&key) = cx.heap.tuples.get(keys).items().get(at) else { return Ok(frame.values[3]) };
    frame.values[2] = Value::Int(at as i64 + 1);
    match cx.ask_special(frame.values[3], Special::DelItem, &[key]) {
        Some(ask) => Err(ask),
        None => crate::bug!("a dict has __delitem__"),
    }
}

/// The repr of a literal key.
fn plain_repr(cx: &mut Cx, value: Value) -> String {
    match super::strings::to_repr(cx, value) {
        Ok(text) => cx.text_of(text).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default(),
        Err(_) => String::from("..."),
    }
}
