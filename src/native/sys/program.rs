//! The module `sys` of the program that runs: it is there from the beginning.

use crate::call::{Cx, names};
use crate::native::import;
use crate::value::{Dict, Id, Name, Value};

/// Puts the module into `sys.modules`.
pub fn prepare(cx: &mut Cx) {
    let name = cx.name("sys");
    let doc = "This module provides access to some objects used or maintained by the interpreter and to functions that \
               interact strongly with the interpreter.";
    let (module, dict) = import::new_module(cx, Value::Str(name), Some(doc));
    cx.heap.set_in(cx.modules, name, module);
    crate::native::add_functions(cx, "sys", dict);
    super::fill(cx, dict);
    let modules = Value::Dict(cx.modules);
    cx.heap.set_in(dict, names::MODULES, modules);
}

fn put(cx: &mut Cx, dict: Id<Dict>, name: &str, value: Value) {
    let name = cx.name(name);
    cx.heap.set_in(dict, name, value);
}

/// The namespace of the module.
pub fn namespace(cx: &mut Cx) -> Option<Id<Dict>> {
    let name = cx.name("sys");
    match cx.heap.get_in(cx.modules, name) {
        Some(Value::Module(id)) => Some(cx.heap.modules.get(id).dict),
        _ => None,
    }
}

/// An attribute of the module as it is now.
pub fn attribute(cx: &mut Cx, name: Name) -> Option<Value> {
    let dict = namespace(cx)?;
    cx.heap.get_in(dict, name)
}

/// Sets `argv` and `path`.
pub fn set_program(cx: &mut Cx, arguments: &[Vec<u8>], path: &[String]) {
    let Some(dict) = namespace(cx) else { return };
    let arguments: Vec<Value> = arguments.iter().map(|argument| cx.heap.new_str(&decode_argument(argument))).collect();
    let path: Vec<Value> = path.iter().map(|entry| cx.str(entry)).collect();
    let (arguments, path) = (cx.heap.new_list(arguments), cx.heap.new_list(path));
    put(cx, dict, "argv", arguments);
    put(cx, dict, "path", path);
}

/// Sets `warnoptions`.
pub fn set_warning_options(cx: &mut Cx, options: &[String]) {
    let Some(dict) = namespace(cx) else { return };
    let options: Vec<Value> = options.iter().map(|option| cx.str(option)).collect();
    let options = cx.heap.new_list(options);
    put(cx, dict, "warnoptions", options);
}

/// Whether there are any: then `warnings` is there from the beginning.
pub fn has_warning_options(cx: &mut Cx) -> bool {
    let name = cx.name("warnoptions");
    match namespace(cx).and_then(|dict| cx.heap.get_in(dict, name)) {
        Some(Value::List(options)) => !cx.heap.lists.get(options).items.is_empty(),
        _ => false,
    }
}

/// Bytes that are no UTF-8 become lone surrogates.
fn decode_argument(argument: &[u8]) -> Vec<u8> {
    let mut out = aspen_grammar::source::Wtf8::new();
    for chunk in argument.utf8_chunks() {
        out.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|&byte| out.push_code_point(0xDC00 + byte as u32));
    }
    out.into_bytes()
}
