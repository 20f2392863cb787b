//! Names in namespaces that are no exact dicts (`exec` with a mapping, `__prepare__`), and `from module import *`.

use super::drive::{Flow, drive};
use super::{attribute, classes, item};
use crate::call::{Ask, Cx, Outcome, names};
use crate::value::{NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// Steps of names in mappings.
    pub static NAMESPACE_STEPS = [
        hidden "get_or(mapping, key, fallback)" => step get_or_step, "`mapping[key]`, or the fallback, or a NameError.";
        hidden "set_default(mapping, key, value)" => step set_default_step, "`mapping[key]`, set before if need be.";
        hidden "star_names(module, namespace)" => step star_names, "The names that `import *` takes, then the import.";
        hidden "import_star(names, name, module, namespace, phase)" => step import_star, "Each of them, into the namespace.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::NAMESPACE, row }
}

/// A frame whose result is `mapping[key]`; for a KeyError the fallback, or (`Undef`) a NameError.
pub fn get_or_frame(mapping: Value, key: Value, fallback: Value) -> NativeFrame {
    NativeFrame::new(step(0), &[mapping, key, fallback])
}

/// A frame whose result is `mapping[key]`, which is set to a value if it is missing.
pub fn set_default_frame(mapping: Value, key: Value, value: Value) -> NativeFrame {
    NativeFrame::new(step(1), &[mapping, key, value])
}

/// `mapping[key]` in a step that is 0 the first time; None for a KeyError.
fn get_or_missing(cx: &mut Cx, frame: &mut NativeFrame) -> Result<Option<Value>, Ask> {
    if frame.step == 0 {
        frame.step = 1;
        frame.told = match item::get(cx, frame.values[0], frame.values[1]) {
            Ok(value) => return Ok(Some(value)),
            Err(Ask::Raise(exc)) => Told::Raised(exc),
            Err(ask) => return Err(ask.to_come_back()),
        };
    }
    match frame.told {
        Told::Raised(exc) if cx.is_exception(exc, classes::KEY_ERROR) => Ok(None),
        told => told.into_outcome().map(Some),
    }
}

fn get_or_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if let Some(value) = get_or_missing(cx, frame)? {
        return Ok(value);
    }
    match frame.values[2].given() {
        Some(fallback) => Ok(fallback),
        None => {
            let name = cx.name_of(frame.values[1]).expect("the key is a name");
            Err(cx.name_error(name))
        }
    }
}

fn set_default_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step < 2 {
        if let Some(value) = get_or_missing(cx, frame)? {
            return Ok(value);
        }
        frame.step = 2;
        item::set(cx, frame.values[0], frame.values[1], frame.values[2]).map_err(Ask::to_come_back)?;
    } else {
        frame.told.into_outcome()?;
    }
    Ok(frame.values[2])
}

/// A frame that puts all public names of a module into a namespace.
pub fn import_star_frame(module: Value, namespace: Value) -> NativeFrame {
    NativeFrame::new(step(2), &[module, namespace])
}

/// `__all__`, or the names without a leading underscore.
fn star_names(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (module, namespace) = (frame.values[0], frame.values[1]);
    if frame.step == 0 {
        frame.step = 1;
        frame.told = match attribute::get(cx, module, names::ALL) {
            Ok(all) => Told::Value(all),
            Err(Ask::Raise(exc)) => Told::Raised(exc),
            Err(ask) => return Err(ask.to_come_back()),
        };
    }
    let (all, is_listed) = match (frame.step, frame.told) {
        (1, Told::Raised(exc)) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => match module {
            Value::Module(id) => (Value::Dict(cx.heap.modules.get(id).dict), false),
            _ => {
                frame.step = 2;
                (attribute::get(cx, module, names::DICT).map_err(Ask::to_come_back)?, false)
            }
        },
        (step, told) => (told.into_outcome()?, step == 1),
    };
    // A copy: the namespace may be the module's own.
    let all = match all {
        Value::Dict(_) => super::drive::list(cx, all)?,
        _ => all,
    };
    let phase = Value::Int(if is_listed { 2 } else { 0 });
    *frame = NativeFrame::new(step(3), &[all, Value::Undef, module, namespace, phase]);
    import_star(cx, frame)
}

/// The phase: bit 0 the value is being set; bit 1 the names are those of `__all__`.
fn import_star(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(
        cx,
        frame,
        |cx, frame, name| {
            let is_listed = frame.values[4].as_int().unwrap_or_default() & 2 != 0;
            let Some(interned) = cx.name_of(name) else {
                let message = match is_listed {
                    true => format!(
                        "Item in {}.__all__ must be str, not {}",
                        module_name(cx, frame.values[2]),
                        cx.class_name(name)
                    ),
                    false => format!(
                        "Key in {}.__dict__ must be str, not {}",
                        module_name(cx, frame.values[2]),
                        cx.class_name(name)
                    ),
                };
                return Err(cx.type_error(message));
            };
            if !is_listed && cx.heap.text(interned).first() == Some(&b'_') {
                return Ok(Flow::Go);
            }
            frame.values[4] = Value::Int(if is_listed { 2 } else { 0 });
            let value = attribute::get(cx, frame.values[2], interned)?;
            put(cx, frame, name, value)
        },
        |cx, frame, name, answer| match frame.values[4].as_int().unwrap_or_default() & 1 {
            0 => put(cx, frame, name, answer),
            _ => Ok(Flow::Go),
        },
    )?;
    Ok(Value::None)
}

fn put(cx: &mut Cx, frame: &mut NativeFrame, name: Value, value: Value) -> Result<Flow, Ask> {
    let phase = frame.values[4].as_int().unwrap_or_default();
    frame.values[4] = Value::Int(phase | 1);
    item::set(cx, frame.values[3], name, value).map(|_| Flow::Go)
}

fn module_name(cx: &Cx, module: Value) -> String {
    match module {
        Value::Module(id) => {
            cx.text_of(cx.heap.modules.get(id).name).map(|text| String::from_utf8_lossy(text).into_owned())
        }
        _ => None,
    }
    .unwrap_or_default()
}
