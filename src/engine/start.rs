//! The modules that are there from the beginning: `builtins` and `__main__`.

use crate::call::{Cx, names};
use crate::native::{add_functions, import};
use crate::types::classes::{self, CLASSES, EXCEPTIONS, N_CLASSES};
use crate::value::{Id, Value};

/// Fills the built-in names.
pub fn prepare(cx: &mut Cx) {
    let name = cx.name("builtins");
    let module = cx.heap.modules.alloc(crate::value::Module { dict: cx.builtins, name: Value::Str(name) });
    let builtins = cx.builtins;
    cx.heap.set_in(builtins, names::NAME, Value::Str(name));
    cx.heap.set_in(cx.modules, name, Value::Module(module));
    add_functions(cx, "builtins", builtins);
    for (number, def) in CLASSES.iter().enumerate() {
        if def.module == "builtins" && PUBLIC.contains(&def.name) {
            let name = cx.name(def.name);
            cx.heap.set_in(builtins, name, Value::Class(Id::new(number)));
        }
    }
    for (number, def) in EXCEPTIONS.iter().enumerate() {
        if def.module == "builtins" {
            let name = cx.name(def.name);
            cx.heap.set_in(builtins, name, Value::Class(Id::new(N_CLASSES + number)));
        }
    }
    for (text, value) in [
        ("NotImplemented", Value::NotImplemented),
        ("Ellipsis", Value::Ellipsis),
        ("__debug__", Value::Bool(true)),
        ("EnvironmentError", Value::Class(classes::OS_ERROR)),
        ("IOError", Value::Class(classes::OS_ERROR)),
    ] {
        let name = cx.name(text);
        cx.heap.set_in(builtins, name, value);
    }
    crate::native::sys::prepare(cx);
    if !cx.is_strict {
        crate::native::asyncio::prelude::install_prelude(cx);
    }
    let main = cx.name("__main__");
    let (module, _) = import::new_module(cx, Value::Str(main), None);
    cx.heap.set_in(cx.modules, main, module);
}

/// Built-in classes that are names without an import.
const PUBLIC: &[&str] = &[
    "object",
    "type",
    "int",
    "bool",
    "float",
    "complex",
    "str",
    "bytes",
    "bytearray",
    "memoryview",
    "tuple",
    "list",
    "dict",
    "set",
    "frozenset",
    "range",
    "slice",
    "property",
    "classmethod",
    "staticmethod",
    "super",
    "reversed",
    "enumerate",
    "zip",
    "map",
    "filter",
];
