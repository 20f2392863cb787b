//! Module objects.

use crate::call::{Cx, Outcome, names};
use crate::types::class::{allocate, checked_class};
use crate::types::compose::compose;
use crate::types::{attribute, classes};
use crate::value::special::Special;
use crate::value::{Dict, Id, Module, NativeFrame, Value};

crate::natives! {
    /// The rows of `module`.
    pub static MODULE = [
        new "__new__(cls, *args, **kwargs)" => module_new, "Create and return a new object.";
        special "__init__(self, name: str, doc=None)" => module_init, "Create a module object.";
        special "__repr__(self, /)" => module_repr, "Return repr(self).";
        method "__dir__(self, /)" => step module_dir, "__dir__() -> list";
        attr "__dict__" => get_dict, set read_only, "";
        attr "__annotations__" => get_annotations, set set_annotations, "";
    ]
}

/// A module with its name and the attributes that every module has.
pub fn new(cx: &mut Cx, name: Value, doc: Value) -> Value {
    let dict = cx.heap.new_dict();
    cx.heap.charge(size_of::<Module>());
    let made = Value::Module(cx.heap.modules.alloc(Module { dict, name }));
    fill(cx, dict, name, doc);
    made
}

fn fill(cx: &mut Cx, dict: Id<Dict>, name: Value, doc: Value) {
    let entries = [
        (names::NAME, name),
        (names::DOC, doc),
        (names::PACKAGE, Value::None),
        (names::LOADER, Value::None),
        (names::SPEC, Value::None),
    ];
    for (key, value) in entries {
        cx.heap.set_in(dict, key, value);
    }
}

/// The namespace of a module, or of an instance of a subclass.
pub fn dict_of(cx: &Cx, module: Value) -> Option<Id<Dict>> {
    match cx.exact(module) {
        Value::Module(id) => Some(cx.heap.modules.get(id).dict),
        _ => None,
    }
}

/// An instance of a subclass has the module's namespace as its own dict.
fn module_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = checked_class(cx, args[0], classes::MODULE)?;
    let dict = cx.heap.new_dict();
    cx.heap.charge(size_of::<Module>());
    let made = Value::Module(cx.heap.modules.alloc(Module { dict, name: Value::None }));
    if class == classes::MODULE {
        return Ok(made);
    }
    let inst = allocate(cx, class, made);
    crate::types::instance_dict::replace_dict(cx, inst, dict);
    Ok(inst)
}

fn module_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Module(id) = cx.exact(args[0]) else { crate::bug!("self of a module's row is a module") };
    let name = cx.exact(args[1]);
    cx.heap.modules.get_mut(id).name = name;
    let dict = cx.heap.modules.get(id).dict;
    let doc = args[2].given().unwrap_or(Value::None);
    fill(cx, dict, args[1], doc);
    Ok(Value::None)
}

fn module_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(dict) = dict_of(cx, args[0]) else { crate::bug!("self of a module's row is a module") };
    let name = cx.heap.get_in(dict, names::NAME).unwrap_or(Value::None);
    let shown = if name.is_none() { cx.str("?") } else { name };
    if let Some(file) = cx.heap.get_in(dict, names::FILE)
        && cx.text_of(file).is_some()
    {
        return compose(cx, "<module %r from %r>", &[shown, file]);
    }
    if is_built_in(cx, name) {
        return compose(cx, "<module %r (built-in)>", &[shown]);
    }
    compose(cx, "<module %r>", &[shown])
}

fn is_built_in(cx: &Cx, name: Value) -> bool {
    cx.text_of(name).is_some_and(|text| crate::tables::module_names().any(|known| known.as_bytes() == text))
}

/// The names of the module, or what its own `__dir__` says.
fn module_dir(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 1 {
        return frame.told.into_outcome();
    }
    let Some(dict) = dict_of(cx, frame.values[0]) else { crate::bug!("self of a module's row is a module") };
    if let Some(own) = cx.heap.get_in(dict, names::special(Special::Dir)) {
        return Err(cx.ask_tail(own, &[]));
    }
    let keys = cx.heap.dicts.get(dict).iter().map(|entry| entry.key).collect();
    Ok(cx.heap.new_list(keys))
}

fn get_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    match dict_of(cx, args[0]) {
        Some(dict) => Ok(Value::Dict(dict)),
        None => attribute::dict_attribute(cx, args[0]),
    }
}

fn read_only(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.raise(classes::ATTRIBUTE_ERROR, "readonly attribute"))
}

fn get_annotations(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(dict) = dict_of(cx, args[0]) else { crate::bug!("self of a module's row is a module") };
    if let Some(known) = cx.heap.get_in(dict, names::ANNOTATIONS) {
        return Ok(known);
    }
    let made = Value::Dict(cx.heap.new_dict());
    cx.heap.set_in(dict, names::ANNOTATIONS, made);
    Ok(made)
}

fn set_annotations(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(dict) = dict_of(cx, args[0]) else { crate::bug!("self of a module's row is a module") };
    if !args[1].is_undef() {
        cx.heap.set_in(dict, names::ANNOTATIONS, args[1]);
        return Ok(Value::None);
    }
    match cx.heap.remove_in(dict, names::ANNOTATIONS) {
        Some(_) => Ok(Value::None),
        None => Err(cx.attribute_error(args[0], names::ANNOTATIONS)),
    }
}
