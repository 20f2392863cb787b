//! Dicts filled from mappings, from pairs, and from keyword arguments.

use super::ops;
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::drive::{self, Flow, drive};
use crate::types::probe::{self, Found};
use crate::types::{attribute, classes, item};
use crate::value::special::Special;
use crate::value::{Dict, Id, NativeFrame, NativeId, Told, Value};

/// What `**source` must be, and what two equal keys mean.
#[derive(Clone, Copy, Debug)]
pub enum Strictness {
    /// `{**source}`: a mapping.
    Display,
    /// Of a call of this: a mapping, and a key that is already there is an error.
    Call(Value),
    /// `dict.update(source)`: a mapping or an iterable of pairs.
    Update,
}

crate::natives! {
    /// Steps that fill dicts.
    pub static DICT_UPDATE_STEPS = [
        hidden "merge_dict(dict, source, callee, n_keys)" => step merge_dict, "From an exact dict.";
        hidden "merge_mapping(keys, item, dict, source, callee, phase)" => step merge_mapping, "From what has keys().";
        hidden "merge_pairs(pairs, item, dict, count, phase)" => step merge_pairs, "From an iterable of pairs.";
        hidden "merge(dict, source, callee)" => step merge_step, "From a mapping, if it has keys.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::DICT_UPDATE, row }
}

/// Adds what a mapping or an iterable of pairs gives. The result is None.
pub fn merge(cx: &mut Cx, dict: Id<Dict>, source: Value, strictness: Strictness) -> Outcome {
    let callee = match strictness {
        Strictness::Call(callee) => callee,
        Strictness::Display => Value::None,
        Strictness::Update => Value::Undef,
    };
    let exact = cx.exact(source);
    if let Value::Dict(from) = exact
        && (exact == source || is_plain_dict(cx, source))
    {
        if let Some(outcome) = copy_all(cx, dict, from) {
            return outcome;
        }
        let n_keys = Value::Int(cx.heap.dicts.get(from).len() as i64);
        return launch(cx, NativeFrame::new(step(0), &[Value::Dict(dict), exact, callee, n_keys]));
    }
    launch(cx, NativeFrame::new(step(3), &[Value::Dict(dict), source, callee]))
}

/// Whether an instance of a subclass of dict iterates as dicts do.
fn is_plain_dict(cx: &mut Cx, obj: Value) -> bool {
    matches!(cx.special_of(obj, Special::Iter), Some(Value::Builtin(_)))
        && cx.special_of(obj, Special::GetItem).is_some_and(|method| matches!(method, Value::Builtin(_)))
}

/// Into an empty dict the entries go as they are.
fn copy_all(cx: &mut Cx, dict: Id<Dict>, from: Id<Dict>) -> Option<Outcome> {
    if !cx.heap.dicts.get(dict).is_empty() {
        return None;
    }
    let n_items = cx.heap.dicts.get(from).len();
    if n_items == 0 {
        return Some(Ok(Value::None));
    }
    if let Err(full) = ops::grow(cx, dict, n_items) {
        return Some(Err(full.into()));
    }
    cx.burnt += n_items as i64 / 4;
    for at in 0..cx.heap.dicts.get(from).entries.len() {
        let entry = cx.heap.dicts.get(from).entries[at];
        if !entry.key.is_undef() {
            cx.heap.dicts.get_mut(dict).add(entry.hash, entry.key, entry.value);
        }
    }
    Some(Ok(Value::None))
}

/// The step is twice the number of the next entry, and one more while a search is under way.
fn merge_dict(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [Value::Dict(dict), Value::Dict(from), callee, Value::Int(n_keys)] = frame.values[..] else {
        crate::bug!("two dicts and a callee")
    };
    if frame.step % 2 == 1 {
        frame.told.into_outcome()?;
        frame.step += 1;
        if cx.heap.dicts.get(from).len() as i64 != n_keys {
            return Err(cx.runtime_error("dict mutated during update"));
        }
    }
    while let Some((at, entry)) = cx.heap.dicts.get(from).next_entry(frame.step as usize / 2) {
        let entry = *entry;
        cx.burnt += 1;
        frame.step = at as u32 * 2;
        match probe::find_any_in_dict(cx, dict, entry.key, entry.hash) {
            Found::At(_) if !callee.is_undef() && !callee.is_none() => return Err(twice(cx, callee, entry.key)),
            Found::At(place) => {
                cx.heap.dicts.get_mut_at(dict, place, entry.value.is_handle()).replace(place, entry.value);
            }
            Found::Absent(hash) => ops::add(cx, dict, hash, entry.key, entry.value)?,
            Found::Unsure => {
                frame.step += 1;
                return ops::set(cx, dict, entry.key, entry.value).map_err(Ask::to_come_back);
            }
        }
        frame.step += 2;
    }
    Ok(Value::None)
}

fn merge_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [dict, source, callee] = frame.values[..] else { crate::bug!("a dict, a source and a callee") };
    let keys = match frame.step {
        0 => {
            frame.step = 1;
            match attribute::get(cx, source, names::KEYS) {
                Ok(keys) => Told::Value(keys),
                Err(Ask::Raise(exc)) => Told::Raised(exc),
                Err(ask) => return Err(ask.to_come_back()),
            }
        }
        _ => frame.told,
    };
    match (frame.step, keys) {
        (1, Told::Raised(exc)) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => {
            if !callee.is_undef() {
                return Err(no_mapping(cx, callee, source));
            }
            become_step(frame, step(2), &[source, Value::Undef, dict, Value::Int(0), Value::Int(0)]);
            merge_pairs(cx, frame)
        }
        (1, told) => {
            let keys = told.into_outcome()?;
            frame.step = 2;
            Err(cx.ask_call(keys, &[]))
        }
        (_, told) => {
            let keys = told.into_outcome()?;
            become_step(frame, step(1), &[keys, Value::Undef, dict, source, callee, Value::Int(0)]);
            merge_mapping(cx, frame)
        }
    }
}

/// The frame goes on as another native, from its start.
fn become_step(frame: &mut NativeFrame, native: NativeId, values: &[Value]) {
    *frame = NativeFrame::new(native, values);
}

const FETCH: Value = Value::Int(0);
const STORE: Value = Value::Int(1);

fn merge_mapping(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(
        cx,
        frame,
        |cx, frame, key| {
            frame.values[5] = FETCH;
            let value = item::get(cx, frame.values[3], key)?;
            store(cx, frame, key, value)
        },
        |cx, frame, key, answer| match frame.values[5] {
            FETCH => store(cx, frame, key, answer),
            _ => Ok(Flow::Go),
        },
    )?;
    Ok(Value::None)
}

fn store(cx: &mut Cx, frame: &mut NativeFrame, key: Value, value: Value) -> Result<Flow, Ask> {
    let (Value::Dict(dict), callee) = (frame.values[2], frame.values[4]) else { crate::bug!("a dict is filled") };
    if !callee.is_undef() && !callee.is_none() && matches!(probe::find_in_dict(cx, dict, key), Found::At(_)) {
        return Err(twice(cx, callee, key));
    }
    frame.values[5] = STORE;
    ops::set(cx, dict, key, value).map(|_| Flow::Go)
}

fn merge_pairs(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(
        cx,
        frame,
        |cx, frame, pair| {
            frame.values[4] = FETCH;
            let exact = if matches!(pair, Value::Tuple(_) | Value::List(_)) { pair } else { Value::Undef };
            if !exact.is_undef() {
                return store_pair(cx, frame, exact);
            }
            match drive::list(cx, pair) {
                Ok(items) => store_pair(cx, frame, items),
                Err(Ask::Raise(exc)) if cx.is_exception(exc, classes::TYPE_ERROR) => {
                    let number = frame.values[3].as_int().unwrap_or_default();
                    let message = format!("cannot convert dictionary update sequence element #{number} to a sequence");
                    Err(cx.type_error(message))
                }
                Err(ask) => Err(ask),
            }
        },
        |cx, frame, _, answer| match frame.values[4] {
            FETCH => store_pair(cx, frame, answer),
            _ => Ok(Flow::Go),
        },
    )?;
    Ok(Value::None)
}

fn store_pair(cx: &mut Cx, frame: &mut NativeFrame, pair: Value) -> Result<Flow, Ask> {
    let Value::Dict(dict) = frame.values[2] else { crate::bug!("a dict is filled") };
    let number = frame.values[3].as_int().unwrap_or_default();
    let items = match pair {
        Value::Tuple(id) => cx.heap.tuples.get(id).items(),
        Value::List(id) => &cx.heap.lists.get(id).items,
        _ => crate::bug!("a pair is a list or a tuple"),
    };
    let &[key, value] = items else {
        let len = items.len();
        let message = format!("dictionary update sequence element #{number} has length {len}; 2 is required");
        return Err(cx.value_error(message));
    };
    frame.values[4] = STORE;
    let outcome = ops::set(cx, dict, key, value);
    if outcome != Err(Ask::Full) {
        frame.values[3] = Value::Int(number + 1);
    }
    outcome.map(|_| Flow::Go)
}

fn no_mapping(cx: &mut Cx, callee: Value, source: Value) -> Ask {
    let class = cx.class_name(source);
    if callee.is_none() {
        return cx.type_error(format!("'{class}' object is not a mapping"));
    }
    let callee = function_text(cx, callee);
    cx.type_error(format!("{callee} argument after ** must be a mapping, not {class}"))
}

fn twice(cx: &mut Cx, callee: Value, key: Value) -> Ask {
    let callee = function_text(cx, callee);
    let Some(text) = cx.text_of(key).map(|text| String::from_utf8_lossy(text).into_owned()) else {
        return cx.type_error("keywords must be strings");
    };
    cx.type_error(format!("{callee} got multiple values for keyword argument '{text}'"))
}

/// A callable as CPython names it in messages about calls: `__main__.f()`.
pub fn function_text(cx: &Cx, callee: Value) -> String {
    let lossy = |value: Value| cx.text_of(value).map(|text| String::from_utf8_lossy(text).into_owned());
    let of_module = |module: Option<String>, name: String| match module {
        Some(module) if module != "builtins" => format!("{module}.{name}()"),
        _ => format!("{name}()"),
    };
    match callee {
        Value::Func(id) => {
            let func = cx.heap.funcs.get(id);
            let link = cx.heap.links.get(func.link);
            let extra = func.extra.as_ref();
            let name = extra
                .and_then(|extra| lossy(extra.qualname))
                .unwrap_or_else(|| String::from_utf8_lossy(link.code().qualname.as_bytes()).into_owned());
            let module = extra
                .and_then(|extra| lossy(extra.module))
                .or_else(|| cx.heap.get_in(link.globals, names::NAME).and_then(lossy));
            of_module(module, name)
        }
        Value::Method(id) => function_text(cx, cx.heap.methods.get(id).func),
        Value::Class(id) => {
            let class = cx.heap.classes.get(id);
            let module = cx.heap.get_in(class.dict, names::MODULE).and_then(lossy);
            of_module(module, lossy(class.qualname).unwrap_or_default())
        }
        Value::Builtin(id) => format!("{}()", crate::call::cx::native_def(id).name()),
        _ => format!("{} object", cx.class_name(callee)),
    }
}
