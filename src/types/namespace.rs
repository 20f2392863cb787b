//! Steps on namespaces that are no exact dicts (`__prepare__`, `exec` with a mapping), and `from module import *`.

use super::{attribute, classes, drive, item};
use crate::call::{Ask, Cx, Outcome, names};
use crate::tables;
use crate::value::{NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// Steps on namespaces.
    pub static NAMESPACE_STEPS = [
        hidden "get_or(mapping, name, default)" => step get_or, "`mapping[name]`; the default, or NameError, where that is a KeyError.";
        hidden "set_default(mapping, name, value)" => step set_default, "`mapping[name]`, set first if it is not there.";
        hidden "import_star(module, namespace, names, position)" => step import_star, "Every public name of a module.";
    ]
}

const fn row(row: u16) -> NativeId {
    NativeId { table: tables::NAMESPACE, row }
}

/// `mapping[name]`; if that is a KeyError, the default, or NameError where it is `Undef`.
pub fn get_or_frame(mapping: Value, name: Value, default: Value) -> NativeFrame {
    NativeFrame::new(row(0), &[mapping, name, default])
}

/// `mapping[name]`, set to `value` first if it is not there.
pub fn set_default_frame(mapping: Value, name: Value, value: Value) -> NativeFrame {
    NativeFrame::new(row(1), &[mapping, name, value])
}

/// `from module import *` into a namespace.
pub fn import_star_frame(module: Value, namespace: Value) -> NativeFrame {
    NativeFrame::new(row(2), &[module, namespace, Value::Undef, Value::Int(0)])
}

fn get_or(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        match item::get(cx, frame.values[0], frame.values[1]) {
            Ok(value) => return Ok(value),
            Err(Ask::Raise(exc)) => frame.told = Told::Raised(exc),
            Err(ask) => return Err(ask.to_come_back()),
        }
    }
    match frame.told {
        Told::Raised(exc) if cx.is_exception(exc, classes::KEY_ERROR) => match frame.values[2].given() {
            Some(default) => Ok(default),
            None => {
                let name = cx.name_of(frame.values[1]).expect("the name is a str");
                Err(cx.name_error(name))
            }
        },
        told => told.into_outcome(),
    }
}

fn set_default(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (mapping, name, value) = (frame.values[0], frame.values[1], frame.values[2]);
    if frame.step == 0 {
        frame.step = 1;
        match item::get(cx, mapping, name) {
            Ok(value) => return Ok(value),
            Err(Ask::Raise(exc)) => frame.told = Told::Raised(exc),
            Err(ask) => return Err(ask.to_come_back()),
        }
    }
    if frame.step == 2 {
        frame.told.into_outcome()?;
        return Ok(value);
    }
    match frame.told {
        Told::Raised(exc) if cx.is_exception(exc, classes::KEY_ERROR) => {
            frame.step = 2;
            item::set(cx, mapping, name, value).map_err(Ask::to_come_back)?;
            Ok(value)
        }
        told => told.into_outcome(),
    }
}

/// values: module, namespace, the list of names, position.
fn import_star(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (module, namespace) = (frame.values[0], frame.values[1]);
    match frame.step {
        0 => {
            frame.step = 1;
            match attribute::get(cx, module, names::ALL) {
                Ok(all) => frame.told = Told::Value(all),
                Err(Ask::Raise(exc)) => frame.told = Told::Raised(exc),
                Err(ask) => return Err(ask.to_come_back()),
            }
            return choose_names(cx, frame);
        }
        1 => return choose_names(cx, frame),
        2 => frame.values[2] = frame.told.into_outcome()?,
        // The value of the name before `position`.
        3 => {
            let value = frame.told.into_outcome()?;
            frame.step = 4;
            store(cx, frame, namespace, value)?;
        }
        _ => {
            frame.told.into_outcome()?;
        }
    }
    copy_names(cx, frame)
}

fn choose_names(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    frame.step = 2;
    match frame.told {
        Told::Raised(exc) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => {
            let Value::Module(id) = frame.values[0] else { return Err(no_names(cx)) };
            let dict = cx.heap.modules.get(id).dict;
            let keys: Vec<Value> = cx.heap.dicts.get(dict).iter().map(|entry| entry.key).collect();
            let is_public = |cx: &Cx, key: &Value| cx.text_of(*key).is_some_and(|text| !text.starts_with(b"_"));
            let public = keys.into_iter().filter(|key| is_public(cx, key)).collect();
            frame.values[2] = cx.heap.new_list(public);
        }
        told => {
            let all = told.into_outcome()?;
            match drive::list(cx, all) {
                Ok(list) => frame.values[2] = list,
                Err(ask) => return Err(ask.to_come_back()),
            }
        }
    }
    copy_names(cx, frame)
}

fn no_names(cx: &mut Cx) -> Ask {
    cx.raise(classes::IMPORT_ERROR, "from-import-* object has no __dict__ and no __all__")
}

fn copy_names(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (module, namespace) = (frame.values[0], frame.values[1]);
    loop {
        let at = frame.values[3].as_int().unwrap_or(0) as usize;
        let Value::List(names) = frame.values[2] else { crate::bug!("the names were listed") };
        let Some(&item) = cx.heap.lists.get(names).items.get(at) else { return Ok(Value::None) };
        frame.values[3] = Value::Int(at as i64 + 1);
        let Some(name) = cx.name_of(item) else {
            let message = format!("Item in __all__ must be str, not {}", cx.class_name(item));
            return Err(cx.type_error(message));
        };
        frame.step = 3;
        let value = attribute::get(cx, module, name).map_err(Ask::to_come_back)?;
        frame.step = 4;
        store(cx, frame, namespace, value)?;
    }
}

fn store(cx: &mut Cx, frame: &NativeFrame, namespace: Value, value: Value) -> Result<(), Ask> {
    let at = frame.values[3].as_int().unwrap_or(1) as usize - 1;
    let Value::List(names) = frame.values[2] else { crate::bug!("the names were listed") };
    let item = cx.heap.lists.get(names).items[at];
    match (namespace, cx.name_of(item)) {
        (Value::Dict(dict), Some(name)) => cx.heap.set_in(dict, name, value),
        _ => {
            item::set(cx, namespace, item, value).map_err(Ask::to_come_back)?;
        }
    }
    Ok(())
}
