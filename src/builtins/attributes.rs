//! Functions of `builtins` that look at objects: getattr and its family, callable, id, dir, vars, hash.

use crate::call::{Ask, Cx, Outcome, names};
use crate::types::{attribute, classes, object, protocol};
use crate::value::special::Special;
use crate::value::{Name, NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// The functions, and their steps.
    pub static ATTRIBUTE_BUILTINS = [
        func "getattr(object, name, default=, /)" => getattr, "Get a named attribute from an object.";
        func "setattr(obj, name, value, /)" => setattr, "Sets the named attribute on the given object to the specified value.";
        func "delattr(obj, name, /)" => delattr, "Deletes the named attribute from the given object.";
        func "hasattr(obj, name, /)" => hasattr, "Return whether the object has an attribute with the given name.";
        func "callable(obj, /)" => callable, "Return whether the object is callable (i.e., some kind of function).";
        func "id(obj, /)" => id, "Return the identity of an object.";
        func "dir(object=, /)" => step dir, "Return an alphabetized list of names.";
        func "vars(object=, /)" => vars, "Return the __dict__ of an object, or the local variables.";
        func "globals()" => globals, "Return the dictionary containing the current scope's global variables.";
        func "locals()" => locals, "Return a dictionary containing the current scope's local variables.";
        hidden "getattr(obj, name, default)" => step getattr_steps, "The attribute, or the default where AttributeError is raised.";
        hidden "hasattr(obj, name)" => step hasattr_steps, "Whether no AttributeError is raised.";
    ]
}

const GETATTR: NativeId = NativeId { table: crate::tables::ATTRIBUTE_BUILTINS, row: 10 };
const HASATTR: NativeId = NativeId { table: crate::tables::ATTRIBUTE_BUILTINS, row: 11 };

fn attribute_name(cx: &mut Cx, value: Value) -> Result<Name, Ask> {
    match cx.name_of(value) {
        Some(name) => Ok(name),
        None => {
            let message = format!("attribute name must be string, not '{}'", cx.class_name(value));
            Err(cx.type_error(message))
        }
    }
}

fn is_missing(cx: &Cx, ask: Ask) -> bool {
    matches!(ask, Ask::Raise(exc) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR))
}

fn getattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = attribute_name(cx, args[1])?;
    let outcome = attribute::get(cx, args[0], name);
    if args[2].is_undef() {
        return outcome;
    }
    match outcome {
        Ok(value) => Ok(value),
        Err(ask) if is_missing(cx, ask) => Ok(args[2]),
        Err(Ask::Raise(exc)) => Err(Ask::Raise(exc)),
        Err(_) => Err(cx.ask_push(NativeFrame::new(GETATTR, &[args[0], Value::Str(name), args[2]]))),
    }
}

/// Asks for the attribute, again: the first time it took script code.
fn get_told(cx: &mut Cx, frame: &mut NativeFrame) -> Result<Option<Value>, Ask> {
    if frame.step == 0 {
        frame.step = 1;
        let name = cx.name_of(frame.values[1]).expect("the name is a str");
        let outcome = attribute::get(cx, frame.values[0], name);
        frame.tell(outcome)?;
    }
    match frame.told {
        Told::Raised(exc) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => Ok(None),
        told => told.into_outcome().map(Some),
    }
}

fn getattr_steps(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let found = get_told(cx, frame)?;
    Ok(found.unwrap_or(frame.values[2]))
}

fn setattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = attribute_name(cx, args[1])?;
    attribute::set(cx, args[0], name, args[2]).map(|_| Value::None)
}

fn delattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = attribute_name(cx, args[1])?;
    attribute::set(cx, args[0], name, Value::Undef).map(|_| Value::None)
}

fn hasattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = attribute_name(cx, args[1])?;
    match attribute::get(cx, args[0], name) {
        Ok(_) => Ok(Value::Bool(true)),
        Err(ask) if is_missing(cx, ask) => Ok(Value::Bool(false)),
        Err(Ask::Raise(exc)) => Err(Ask::Raise(exc)),
        Err(_) => Err(cx.ask_push(NativeFrame::new(HASATTR, &[args[0], Value::Str(name)]))),
    }
}

fn hasattr_steps(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    Ok(Value::Bool(get_told(cx, frame)?.is_some()))
}

fn callable(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(protocol::is_callable(cx, args[0])))
}

fn id(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(object::address(args[0])))
}

/// The names of the caller's locals, or what `__dir__` says; sorted.
fn dir(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    match frame.step {
        0 if frame.values[0].is_undef() => {
            frame.step = 1;
            Err(cx.ask_machine(crate::call::MachineAsk::Locals))
        }
        0 => {
            frame.step = 1;
            let Some(ask) = cx.ask_special(frame.values[0], Special::Dir, &[]) else {
                return Err(cx.type_error("object does not provide __dir__"));
            };
            Err(ask)
        }
        1 => {
            let names = frame.told.into_outcome()?;
            frame.step = 2;
            let names = match cx.exact(names) {
                Value::Dict(dict) => {
                    let keys = cx.heap.dicts.get(dict).iter().map(|entry| entry.key).collect();
                    cx.heap.new_list(keys)
                }
                _ => names,
            };
            let sorted = cx.name("sorted");
            let sorted = cx.heap.get_in(cx.builtins, sorted).unwrap_or(Value::None);
            Err(cx.ask_tail(sorted, &[names]))
        }
        step => crate::bug!("dir has no step {step}"),
    }
}

fn vars(cx: &mut Cx, args: &[Value]) -> Outcome {
    if args[0].is_undef() {
        return locals(cx, args);
    }
    match attribute::get(cx, args[0], names::DICT) {
        Err(ask) if is_missing(cx, ask) => Err(cx.type_error("vars() argument must have __dict__ attribute")),
        outcome => outcome,
    }
}

fn globals(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.ask_machine(crate::call::MachineAsk::Globals))
}

fn locals(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.ask_machine(crate::call::MachineAsk::Locals))
}
