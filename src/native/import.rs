//! How modules are found and run.
//!
//! In this order: what is in `sys.modules`, modules in Rust, the library, then `x.as`, `x/__init__.as`, `x.py`,
//! `x/__init__.py` in the directories of `sys.path` (of a package: of its `__path__`). A module is in `sys.modules` while it
//! runs, so that cycles see what is there already; one that fails is taken out again.

use super::{LIBRARY, MODULES, add_functions, embed};
use crate::call::embed::ModuleText;
use crate::call::outcome::{CompileAsk, CompileMode, LoadAsk};
use crate::call::{Cx, MachineAsk, Outcome, names};
use crate::tables;
use crate::types::{attribute, classes, simple_namespace};
use crate::value::{Dict, Id, Module, NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// Steps of importing.
    pub static IMPORT_STEPS = [
        hidden "import(name, globals, fromlist, level, absolute, position, module)" => step import, "`__import__`.";
        hidden "load(name, module)" => step load, "Finds and runs one module whose parent is there.";
        hidden "from_list(module, names, position)" => step from_list, "Submodules named by `from package import a, b`.";
        hidden "import_attribute(module, name)" => step import_attribute, "The attribute, or ImportError.";
    ]
}

crate::natives! {
    /// The function that the statement calls, where a script replaced it.
    pub static IMPORT_BUILTINS = [
        func "__import__(name: str, globals=None, locals=None, fromlist=(), level: index=0)" => dunder_import, "Import a module.";
    ]
}

fn dunder_import(cx: &mut Cx, args: &[Value]) -> Outcome {
    let level = args[4].as_int().unwrap_or(0);
    if level < 0 {
        return Err(cx.value_error("level must be >= 0"));
    }
    let fromlist = args[3].given().unwrap_or(Value::None);
    let globals = args[1].given().unwrap_or(Value::None);
    Err(cx.ask_push(import_frame(args[0], globals, fromlist, level)))
}

const fn row(row: u16) -> NativeId {
    NativeId { table: tables::IMPORT, row }
}
const IMPORT: NativeId = row(0);
const LOAD: NativeId = row(1);
const FROM_LIST: NativeId = row(2);
const ATTRIBUTE: NativeId = row(3);

/// `__import__(name, globals, None, fromlist, level)`.
pub fn import_frame(name: Value, globals: Value, fromlist: Value, level: i64) -> NativeFrame {
    let level = Value::Int(level);
    NativeFrame::new(IMPORT, &[name, globals, fromlist, level, Value::Undef, Value::Int(0), Value::Undef])
}

/// The text of a str value that is certain to be one.
fn text_of(cx: &Cx, value: Value) -> String {
    cx.text_of(value).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default()
}

/// values: name, globals, fromlist, level, absolute name, how much of it is done, the last module.
fn import(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    match frame.step {
        0 => {
            let name = text_of(cx, frame.values[0]);
            let level = frame.values[3].as_int().unwrap_or(0);
            let absolute = if level > 0 { resolve(cx, frame.values[1], &name, level)? } else { name };
            if absolute.is_empty() {
                return Err(cx.value_error("Empty module name"));
            }
            frame.values[4] = cx.str(&absolute);
            frame.step = 1;
        }
        1 => {
            let module = frame.told.into_outcome()?;
            bind_in_parent(cx, frame, module);
            frame.values[6] = module;
        }
        _ => return frame.told.into_outcome(),
    }
    let absolute = text_of(cx, frame.values[4]);
    loop {
        let done = frame.values[5].as_int().unwrap_or(0) as usize;
        if done >= absolute.len() {
            break;
        }
        let end = absolute[done..].find('.').map_or(absolute.len(), |at| done + at);
        frame.values[5] = Value::Int(end as i64 + 1);
        let part = &absolute[..end];
        let name = cx.name(part);
        match cx.heap.get_in(cx.modules, name) {
            Some(Value::None) => {
                let message = format!("import of {part} halted; None in sys.modules");
                return Err(not_found(cx, part, &message));
            }
            Some(module) => frame.values[6] = module,
            None => {
                let parent = frame.values[6];
                if !parent.is_undef()
                    && search_path(cx, parent).is_none()
                    && !is_library_package(&absolute[..done.saturating_sub(1)])
                {
                    let package = &absolute[..done.saturating_sub(1)];
                    let message = format!("No module named '{part}'; '{package}' is not a package");
                    return Err(not_found(cx, part, &message));
                }
                return Err(cx.ask_push(NativeFrame::new(LOAD, &[Value::Str(name), Value::Undef, parent])));
            }
        }
    }
    finish(cx, frame, &absolute)
}

/// The module that the statement binds: the first part, or the last one for `from … import`.
fn finish(cx: &mut Cx, frame: &mut NativeFrame, absolute: &str) -> Outcome {
    let fromlist = frame.values[2];
    let has_names = match fromlist {
        Value::Tuple(id) => !cx.heap.tuples.get(id).items().is_empty(),
        Value::List(id) => !cx.heap.lists.get(id).items.is_empty(),
        _ => false,
    };
    if has_names {
        let module = frame.values[6];
        frame.step = 2;
        return Err(cx.ask_push(NativeFrame::new(FROM_LIST, &[module, fromlist, Value::Int(0)])));
    }
    let level = frame.values[3].as_int().unwrap_or(0);
    if level > 0 {
        // `from . import x` always has names; a relative name without them gives its own first part.
        return Ok(frame.values[6]);
    }
    let first = absolute.split('.').next().unwrap_or(absolute);
    let name = cx.name(first);
    Ok(cx.heap.get_in(cx.modules, name).unwrap_or(frame.values[6]))
}

/// A submodule is an attribute of its package.
fn bind_in_parent(cx: &mut Cx, frame: &NativeFrame, module: Value) {
    let absolute = text_of(cx, frame.values[4]);
    let done = (frame.values[5].as_int().unwrap_or(1) - 1) as usize;
    let part = &absolute[..done.min(absolute.len())];
    if let (Value::Module(parent), Some((_, last))) = (frame.values[6], part.rsplit_once('.')) {
        let dict = cx.heap.modules.get(parent).dict;
        let name = cx.name(last);
        cx.heap.set_in(dict, name, module);
    }
}

fn resolve(cx: &mut Cx, globals: Value, name: &str, level: i64) -> Result<String, crate::call::Ask> {
    let lookup = |cx: &Cx, name| match globals {
        Value::Dict(dict) => cx.heap.get_in(dict, name),
        _ => None,
    };
    let package = match lookup(cx, names::PACKAGE).and_then(|value| cx.text_of(value)) {
        Some(text) => String::from_utf8_lossy(text).into_owned(),
        None => {
            let own = lookup(cx, names::NAME).map(|value| text_of(cx, value)).unwrap_or_default();
            match lookup(cx, names::PATH) {
                Some(_) => own,
                None => own.rsplit_once('.').map_or(String::new(), |(package, _)| package.to_owned()),
            }
        }
    };
    if package.is_empty() {
        return Err(cx.raise(classes::IMPORT_ERROR, "attempted relative import with no known parent package"));
    }
    let mut base = package.as_str();
    for _ in 1..level {
        match base.rsplit_once('.') {
            Some((parent, _)) => base = parent,
            None => return Err(cx.raise(classes::IMPORT_ERROR, "attempted relative import beyond top-level package")),
        }
    }
    Ok(if name.is_empty() { base.to_owned() } else { format!("{base}.{name}") })
}

fn not_found(cx: &mut Cx, name: &str, message: &str) -> crate::call::Ask {
    let name = cx.name(name);
    let message = cx.str(message);
    let exc = cx.new_exception(classes::MODULE_NOT_FOUND_ERROR, &[message]);
    let slots = cx.heap.excs.get_mut(exc).slots.get_or_insert_default();
    slots[0] = message;
    slots[1] = Value::Str(name);
    crate::call::Ask::Raise(exc)
}

/// The `__path__` of a package.
fn search_path(cx: &Cx, module: Value) -> Option<Value> {
    let Value::Module(id) = module else { return None };
    cx.heap.get_in(cx.heap.modules.get(id).dict, names::PATH)
}

fn is_library_package(name: &str) -> bool {
    LIBRARY.iter().any(|(known, is_package, _)| *known == name && *is_package)
        || MODULES.iter().any(|def| def.name == name)
}

/// A new module object with the usual names.
pub fn new_module(cx: &mut Cx, name: Value, doc: Option<&str>) -> (Value, Id<Dict>) {
    let dict = cx.heap.new_dict();
    cx.heap.set_in(dict, names::NAME, name);
    let doc = doc.map_or(Value::None, |doc| cx.str(doc));
    cx.heap.set_in(dict, names::DOC, doc);
    cx.heap.set_in(dict, names::LOADER, Value::None);
    cx.heap.set_in(dict, names::SPEC, Value::None);
    cx.heap.charge(size_of::<Module>());
    (Value::Module(cx.heap.modules.alloc(Module { dict, name })), dict)
}

/// values: name, the module once it is made, its package.
fn load(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let name_value = frame.values[0];
    let name_text = text_of(cx, name_value);
    let name = cx.name(&name_text);
    if frame.step == 1 {
        let module = frame.values[1];
        cx.loading.retain(|loading| !loading.is(&module));
        return match frame.told {
            Told::Raised(exc) => {
                cx.heap.remove_in(cx.modules, name);
                Err(crate::call::Ask::Raise(exc))
            }
            // The module may have replaced itself.
            _ => Ok(cx.heap.get_in(cx.modules, name).unwrap_or(module)),
        };
    }
    frame.step = 1;
    if let Some(number) = embed::find(cx, &name_text) {
        return load_registered(cx, name_value, number);
    }
    if let Some(def) = MODULES.iter().find(|def| def.name == name_text) {
        return Ok(load_native(cx, name_value, def));
    }
    let found = find(cx, &name_text, frame.values[2]);
    let Some(found) = found else {
        let message = format!("No module named '{name_text}'");
        return Err(not_found(cx, &name_text, &message));
    };
    let (module, dict) = new_module(cx, name_value, None);
    frame.values[1] = module;
    set_up(cx, dict, &name_text, &found);
    cx.heap.set_in(cx.modules, name, module);
    cx.loading.push(module);
    add_functions(cx, &name_text, dict);
    let ask = match found.content {
        Content::Library(bytes) => MachineAsk::Load(Box::new(LoadAsk { bytes, file: found.file, globals: dict })),
        Content::Text(source) => MachineAsk::Compile(Box::new(CompileAsk {
            source,
            file: found.file.into_bytes(),
            mode: CompileMode::Exec,
            flags: 0,
            run_in: Some((Value::Dict(dict), Value::Undef)),
        })),
    };
    Err(cx.ask_machine(ask))
}

/// What a module is made of: in the library, from the host's loader, in the files of a path.
fn find(cx: &mut Cx, name: &str, parent: Value) -> Option<Found> {
    if let Some((is_package, bytes)) = find_in_library(name) {
        let file = format!("<stdlib>/{}{}.as", name.replace('.', "/"), if is_package { "/__init__" } else { "" });
        return Some(Found { file, content: Content::Library(bytes), is_package, directory: None });
    }
    match cx.loader.as_mut().and_then(|loader| loader.load(name)) {
        Some(ModuleText { text, file, is_package }) => {
            Some(Found { file, content: Content::Text(text), is_package, directory: None })
        }
        None => find_in_files(cx, name, parent),
    }
}

/// A flag of `CompileAsk`: what was typed at the prompt. Expression statements are shown, tracebacks have the text.
pub const PROMPT: i64 = 1 << 41;

/// `ast.PyCF_ALLOW_TOP_LEVEL_AWAIT`.
pub const TOP_LEVEL_AWAIT: i64 = 0x2000;

struct Found {
    file: String,
    content: Content,
    is_package: bool,
    directory: Option<String>,
}

enum Content {
    /// Compiled when Aspen was built.
    Library(&'static [u8]),
    Text(Vec<u8>),
}

fn set_up(cx: &mut Cx, dict: Id<Dict>, name: &str, found: &Found) {
    let file = cx.str(&found.file);
    cx.heap.set_in(dict, names::FILE, file);
    let package = if found.is_package { name } else { name.rsplit_once('.').map_or("", |(package, _)| package) };
    let package = cx.str(package);
    cx.heap.set_in(dict, names::PACKAGE, package);
    let mut path = Value::None;
    if found.is_package {
        let directory = found.directory.as_deref().map(|directory| cx.str(directory));
        path = cx.heap.new_list(directory.into_iter().collect());
        cx.heap.set_in(dict, names::PATH, path);
    }
    if let Content::Text(_) = found.content {
        let name = cx.str(name);
        let entries = [
            ("name", name),
            ("loader", Value::None),
            ("origin", file),
            ("submodule_search_locations", path),
            ("parent", package),
            ("has_location", Value::Bool(true)),
            ("cached", Value::None),
        ];
        let spec = simple_namespace::new(cx, &entries);
        cx.heap.set_in(dict, names::SPEC, spec);
    }
    let builtins = Value::Dict(cx.builtins);
    cx.heap.set_in(dict, names::BUILTINS, builtins);
}

/// A module that the embedder registered.
fn load_registered(cx: &mut Cx, name: Value, number: usize) -> Outcome {
    let doc = cx.host_modules[number].doc.to_string();
    let (module, dict) = new_module(cx, name, Some(&doc));
    let path = cx.heap.new_list(Vec::new());
    cx.heap.set_in(dict, names::PATH, path);
    embed::fill(cx, number, dict)?;
    let name = cx.name_of(name).expect("a module's name is a str");
    cx.heap.set_in(cx.modules, name, module);
    Ok(module)
}

fn load_native(cx: &mut Cx, name: Value, def: &super::ModuleDef) -> Value {
    let (module, dict) = new_module(cx, name, Some(def.doc));
    let package = cx.str("");
    cx.heap.set_in(dict, names::PACKAGE, package);
    let name = cx.name_of(name).expect("a module's name is a str");
    cx.heap.set_in(cx.modules, name, module);
    add_functions(cx, def.name, dict);
    (def.fill)(cx, dict);
    module
}

fn find_in_library(name: &str) -> Option<(bool, &'static [u8])> {
    LIBRARY.iter().find(|(known, _, _)| *known == name).map(|&(_, is_package, bytes)| (is_package, bytes))
}

fn find_in_files(cx: &mut Cx, name: &str, parent: Value) -> Option<Found> {
    let last = name.rsplit('.').next().unwrap_or(name);
    let path = match search_path(cx, parent) {
        Some(path) => path,
        None if parent.is_undef() => sys_path(cx)?,
        None => return None,
    };
    let directories: Vec<String> = match path {
        Value::List(id) => cx.heap.lists.get(id).items.clone().into_iter().map(|item| text_of(cx, item)).collect(),
        _ => return None,
    };
    for directory in directories {
        let base = if directory.is_empty() { last.to_owned() } else { format!("{directory}/{last}") };
        for (file, is_package) in [
            (format!("{base}.as"), false),
            (format!("{base}/__init__.as"), true),
            (format!("{base}.py"), false),
            (format!("{base}/__init__.py"), true),
        ] {
            if let Ok(text) = cx.host.read_file(file.as_bytes()) {
                let directory = is_package.then(|| base.clone());
                return Some(Found { file, content: Content::Text(text), is_package, directory });
            }
        }
    }
    None
}

fn sys_path(cx: &mut Cx) -> Option<Value> {
    let sys = cx.name("sys");
    let Value::Module(sys) = cx.heap.get_in(cx.modules, sys)? else { return None };
    cx.heap.get_in(cx.heap.modules.get(sys).dict, names::PATH_ATTR)
}

/// values: module, names, position.
fn from_list(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let module = frame.values[0];
    if frame.step == 1 {
        match frame.told {
            // A name that is no submodule: the statement looks for an attribute and says what is wrong.
            Told::Raised(exc) if cx.is_exception(exc, classes::MODULE_NOT_FOUND_ERROR) => {}
            told => {
                let loaded = told.into_outcome()?;
                bind_submodule(cx, frame, module, loaded);
            }
        }
    }
    frame.step = 1;
    let Value::Module(id) = module else { return Ok(module) };
    let dict = cx.heap.modules.get(id).dict;
    if search_path(cx, module).is_none() {
        return Ok(module);
    }
    let package = cx.heap.get_in(dict, names::NAME).map(|name| text_of(cx, name)).unwrap_or_default();
    loop {
        let at = frame.values[2].as_int().unwrap_or(0) as usize;
        let items = match frame.values[1] {
            Value::Tuple(id) => cx.heap.tuples.get(id).items(),
            Value::List(id) => cx.heap.lists.get(id).items.as_slice(),
            _ => return Ok(module),
        };
        let Some(&item) = items.get(at) else { return Ok(module) };
        frame.values[2] = Value::Int(at as i64 + 1);
        let Some(name) = cx.name_of(item) else { continue };
        let text = cx.text(name);
        if text == "*" || cx.heap.get_in(dict, name).is_some() {
            continue;
        }
        let full = cx.name(&format!("{package}.{text}"));
        if let Some(loaded) = cx.heap.get_in(cx.modules, full) {
            cx.heap.set_in(dict, name, loaded);
            continue;
        }
        return Err(cx.ask_push(NativeFrame::new(LOAD, &[Value::Str(full), Value::Undef, module])));
    }
}

fn bind_submodule(cx: &mut Cx, frame: &NativeFrame, module: Value, loaded: Value) {
    let at = frame.values[2].as_int().unwrap_or(1) as usize - 1;
    let item = match frame.values[1] {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().get(at).copied(),
        Value::List(id) => cx.heap.lists.get(id).items.get(at).copied(),
        _ => None,
    };
    if let (Value::Module(id), Some(name)) = (module, item.and_then(|item| cx.name_of(item))) {
        let dict = cx.heap.modules.get(id).dict;
        cx.heap.set_in(dict, name, loaded);
    }
}

/// `from module import name`.
pub fn import_from(cx: &mut Cx, module: Value, name: crate::value::Name) -> Outcome {
    if let Value::Module(id) = module {
        let dict = cx.heap.modules.get(id).dict;
        if let Some(value) = cx.heap.get_in(dict, name) {
            return Ok(value);
        }
        let own = cx.heap.get_in(dict, names::NAME).map(|name| text_of(cx, name)).unwrap_or_default();
        let full = cx.name(&format!("{own}.{}", cx.text(name)));
        if let Some(module) = cx.heap.get_in(cx.modules, full) {
            return Ok(module);
        }
        if cx.heap.get_in(dict, names::special(crate::value::special::Special::GetAttr)).is_none() {
            return Err(cannot_import(cx, module, name));
        }
    }
    Err(cx.ask_push(NativeFrame::new(ATTRIBUTE, &[module, Value::Str(name)])))
}

/// The attribute of a module that answers for itself, or of what a script put in a module's place.
fn import_attribute(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let name = cx.name_of(frame.values[1]).expect("a name is a str");
    if frame.step == 0 {
        frame.step = 1;
        let value = attribute::get(cx, frame.values[0], name);
        frame.tell(value)?;
    }
    match frame.told {
        Told::Raised(exc) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => {
            Err(cannot_import(cx, frame.values[0], name))
        }
        told => told.into_outcome(),
    }
}

fn cannot_import(cx: &mut Cx, module: Value, name: crate::value::Name) -> crate::call::Ask {
    let text = cx.text(name);
    let of_module = |cx: &Cx, name| match module {
        Value::Module(id) => cx.heap.get_in(cx.heap.modules.get(id).dict, name).map(|text| text_of(cx, text)),
        _ => None,
    };
    let place = of_module(cx, names::FILE).unwrap_or_else(|| "unknown location".to_owned());
    let own = of_module(cx, names::NAME).unwrap_or_else(|| "<unknown module name>".to_owned());
    let is_loading = cx.loading.iter().any(|loading| loading.is(&module));
    let (partially, because) = match is_loading {
        true => ("partially initialized module ", " (most likely due to a circular import)"),
        false => ("", ""),
    };
    let message = cx.str(&format!("cannot import name '{text}' from {partially}'{own}'{because} ({place})"));
    let module = own.as_str();
    let exc = cx.new_exception(classes::IMPORT_ERROR, &[message]);
    let module = cx.str(module);
    let slots = cx.heap.excs.get_mut(exc).slots.get_or_insert_default();
    slots[0] = message;
    slots[1] = module;
    slots[3] = Value::Str(name);
    crate::call::Ask::Raise(exc)
}
