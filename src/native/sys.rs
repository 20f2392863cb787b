//! The module `sys`. It is there from the beginning; what is rarely asked for (`version_info`, `flags`, …) is in the library
//! and made at first use, through the module's `__getattr__`.

use super::import;
use crate::call::{Ask, Cx, MachineAsk, Outcome, names};
use crate::host::StandardStream;
use crate::types::exception::report::report_frame;
use crate::types::exception::traceback_of;
use crate::types::file::standard::{self, Standard};
use crate::types::{classes, method_call, strings};
use crate::value::{Dict, Id, Name, NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// The functions of `sys`.
    pub static SYS = [
        func "exit(status=None, /)" => exit, "Exit the interpreter by raising SystemExit(status).";
        func "excepthook(exctype, value, traceback, /)" => step excepthook, "Handle an exception by displaying it with a traceback on sys.stderr.";
        func "displayhook(object, /)" => step displayhook, "Print an object to sys.stdout and also save it in builtins._";
        func "unraisablehook(unraisable, /)" => step unraisablehook, "Handle an unraisable exception.";
        func "exc_info()" => step exc_info, "Return current exception information: (type, value, traceback).";
        func "exception()" => step exception, "Return the current exception.";
        func "getrecursionlimit()" => get_recursion_limit, "Return the current value of the recursion limit.";
        func "setrecursionlimit(limit: index, /)" => set_recursion_limit, "Set the maximum depth of the Python interpreter stack to n.";
        func "_getframe(depth: index=0, /)" => get_frame, "Return a frame object from the call stack.";
        func "_getframemodulename(depth: index=0)" => step get_frame_module, "Return the name of the module for a calling frame.";
        func "intern(string, /)" => intern, "``Intern'' the given string.";
        func "getrefcount(object, /)" => get_refcount, "Return the reference count of object.";
        func "getdefaultencoding()" => utf8, "Return the current default encoding used by the Unicode implementation.";
        func "getfilesystemencoding()" => utf8, "Return the encoding used to convert Unicode filenames to OS filenames.";
        func "getfilesystemencodeerrors()" => surrogateescape, "Return the error mode used for Unicode to OS filename conversion.";
        func "getswitchinterval()" => get_switch_interval, "Return the current thread switch interval; see sys.setswitchinterval().";
        func "setswitchinterval(interval: float, /)" => set_switch_interval, "Set the ideal thread switching delay inside the Python interpreter.";
        func "get_int_max_str_digits()" => get_max_digits, "Return the maximum string digits limit for non-binary int<->str conversions.";
        func "set_int_max_str_digits(maxdigits: index)" => set_max_digits, "Set the maximum string digits limit for non-binary int<->str conversions.";
        func "gettrace()" => nothing, "Return the global debug tracing function set with sys.settrace.";
        func "getprofile()" => nothing, "Return the profiling function set with sys.setprofile.";
        func "settrace(function, /)" => set_nothing, "Set the global debug tracing function; it is never called.";
        func "setprofile(function, /)" => set_nothing, "Set the profiling function; it is never called.";
        func "is_finalizing()" => always_false, "Return True if Python is exiting.";
        func "_is_gil_enabled()" => always_true, "Return True if the GIL is currently enabled and False otherwise.";
        func "audit(event, /, *args)" => ignore, "Passes the event to any hooks that are attached.";
        func "call_tracing(func, args, /)" => ignore, "";
        func "getallocatedblocks()" => allocated_blocks, "Return the number of memory blocks currently allocated.";
        func "getsizeof(object, default=None)" => size_of_object, "Return the size of object in bytes.";
        func "get_coroutine_origin_tracking_depth()" => zero, "Check status of origin tracking for coroutine objects in this thread.";
        func "set_coroutine_origin_tracking_depth(depth: index)" => set_nothing, "Enable or disable origin tracking for coroutine objects in this thread.";
        func "__getattr__(name: str, /)" => step lazy, "What is made at first use.";
    ]
}

/// The number of the default `excepthook`.
pub const EXCEPTHOOK: NativeId = NativeId { table: crate::tables::SYS, row: 1 };

/// Where the library is shown to be.
const PREFIX: &str = "/usr";

/// Puts the module into `sys.modules`; its path begins where the script is.
pub fn prepare(cx: &mut Cx) {
    let name = cx.name("sys");
    let (module, dict) = import::new_module(cx, Value::Str(name), Some("System-specific parameters and functions."));
    cx.heap.set_in(cx.modules, name, module);
    super::add_functions(cx, "sys", dict);
    let modules = Value::Dict(cx.modules);
    cx.heap.set_in(dict, names::MODULES, modules);
    for (which, names) in [
        (Standard::Input, ["stdin", "__stdin__"]),
        (Standard::Output, ["stdout", "__stdout__"]),
        (Standard::Error, ["stderr", "__stderr__"]),
    ] {
        let file = standard::make(cx, which);
        for name in names {
            put(cx, dict, name, file);
        }
    }
    for (copy, original) in [("__excepthook__", "excepthook"), ("__displayhook__", "displayhook"), ("__unraisablehook__", "unraisablehook")] {
        let original = cx.name(original);
        let value = cx.heap.get_in(dict, original).expect("the table has it");
        put(cx, dict, copy, value);
    }
    for (name, text) in [
        ("byteorder", if cfg!(target_endian = "big") { "big" } else { "little" }),
        ("platform", "linux"),
        ("prefix", PREFIX),
        ("exec_prefix", PREFIX),
        ("base_prefix", PREFIX),
        ("base_exec_prefix", PREFIX),
        ("platlibdir", "lib"),
        ("float_repr_style", "short"),
        ("copyright", "Copyright (c) the authors of Aspen."),
        ("executable", ""),
    ] {
        let text = cx.str(text);
        put(cx, dict, name, text);
    }
    for (name, number) in [("maxsize", i64::MAX), ("maxunicode", 0x10_FFFF), ("hexversion", 0x030D_00F0), ("api_version", 1013)] {
        put(cx, dict, name, Value::Int(number));
    }
    for name in ["path", "argv", "orig_argv", "warnoptions", "path_hooks", "meta_path"] {
        let list = cx.heap.new_list(Vec::new());
        put(cx, dict, name, list);
    }
    let importers = Value::Dict(cx.heap.new_dict());
    put(cx, dict, "path_importer_cache", importers);
    put(cx, dict, "dont_write_bytecode", Value::Bool(true));
    put(cx, dict, "pycache_prefix", Value::None);
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

/// Bytes that are no UTF-8 become lone surrogates.
fn decode_argument(argument: &[u8]) -> Vec<u8> {
    let mut out = aspen_grammar::source::Wtf8::new();
    for chunk in argument.utf8_chunks() {
        out.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|&byte| out.push_code_point(0xDC00 + byte as u32));
    }
    out.into_bytes()
}

// ----- Exceptions -----

fn exit(cx: &mut Cx, args: &[Value]) -> Outcome {
    let status: &[Value] = match cx.exact(args[0]) {
        Value::Undef | Value::None => &[],
        Value::Tuple(id) => &cx.heap.tuples.get(id).items().to_vec(),
        _ => &args[..1],
    };
    let status = status.to_vec();
    Err(cx.ask_call(Value::Class(classes::SYSTEM_EXIT), &status)).or_else(|ask| raise_made(cx, ask))
}

/// The exception that a call makes is raised.
fn raise_made(cx: &mut Cx, _ask: Ask) -> Outcome {
    let status = std::mem::take(&mut cx.call.args);
    let exc = cx.new_exception(classes::SYSTEM_EXIT, &status);
    let code = match &status[..] {
        [] => Value::None,
        [code] => *code,
        several => cx.heap.new_tuple(several),
    };
    crate::types::exception::families::put_slot(cx, exc, 0, code);
    Err(Ask::Raise(exc))
}

/// values: class, exception, traceback.
fn excepthook(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    match frame.step {
        0 => {
            let Value::Exc(exc) = frame.values[1] else { return Ok(Value::None) };
            frame.step = 1;
            Err(cx.ask_push(report_frame(exc)))
        }
        1 => {
            let text = frame.told.into_outcome()?;
            frame.step = 2;
            // What was printed comes first, wherever the two streams lead.
            let _ = cx.host.flush_stream(StandardStream::Output);
            match attribute(cx, names::STDERR) {
                Some(file) if standard::direct(cx, file).is_none() && !file.is_none() => {
                    Err(method_call::ask(cx, file, names::WRITE, &[text]))
                }
                _ => {
                    let text = cx.text_of(text).unwrap_or_default().to_vec();
                    let _ = cx.host.write_stream(StandardStream::Error, &text);
                    Ok(Value::None)
                }
            }
        }
        _ => Ok(Value::None),
    }
}

/// values: an object with `exc_value`, `err_msg` and `object`.
fn unraisablehook(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    match frame.step {
        0 => {
            frame.step = 1;
            let name = cx.name("exc_value");
            let exc = crate::types::attribute::get(cx, frame.values[0], name);
            frame.tell(exc)?;
            unraisablehook(cx, frame)
        }
        1 => {
            let Value::Exc(exc) = frame.told.into_outcome()? else { return Ok(Value::None) };
            frame.step = 2;
            Err(cx.ask_push(report_frame(exc)))
        }
        _ => {
            let text = frame.told.into_outcome()?;
            let text = [b"Exception ignored:\n".as_slice(), cx.text_of(text).unwrap_or_default()].concat();
            let _ = cx.host.write_stream(StandardStream::Error, &text);
            Ok(Value::None)
        }
    }
}

fn displayhook(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let value = frame.values[0];
    match frame.step {
        0 => {
            if value.is_none() {
                return Ok(Value::None);
            }
            let builtins = cx.builtins;
            cx.heap.set_in(builtins, names::UNDERSCORE, Value::None);
            frame.step = 1;
            let text = strings::to_repr(cx, value);
            frame.tell(text)?;
            displayhook(cx, frame)
        }
        1 => {
            let text = frame.told.into_outcome()?;
            frame.step = 2;
            let line = [cx.text_of(text).unwrap_or_default(), b"\n"].concat();
            let line = cx.heap.new_str(&line);
            let Some(file) = attribute(cx, names::STDOUT) else { return Err(cx.runtime_error("lost sys.stdout")) };
            Err(method_call::ask(cx, file, names::WRITE, &[line]))
        }
        _ => {
            frame.told.into_outcome()?;
            let builtins = cx.builtins;
            cx.heap.set_in(builtins, names::UNDERSCORE, value);
            Ok(Value::None)
        }
    }
}

fn exc_info(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        return Err(cx.ask_machine(MachineAsk::Handled));
    }
    let exc = frame.told.into_outcome()?;
    let parts = match exc {
        Value::Exc(id) => [Value::Class(cx.class_of(exc)), exc, traceback_of(cx, id)],
        _ => [Value::None; 3],
    };
    Ok(cx.heap.new_tuple(&parts))
}

fn exception(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        return Err(cx.ask_machine(MachineAsk::Handled));
    }
    frame.told.into_outcome()
}

// ----- Frames and limits -----

fn get_frame(cx: &mut Cx, args: &[Value]) -> Outcome {
    let depth = args[0].as_int().unwrap_or(0).max(0) as usize;
    Err(cx.ask_machine(MachineAsk::Frame { depth }))
}

fn get_frame_module(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let depth = frame.values[0].as_int().unwrap_or(0).max(0) as usize;
        return Err(cx.ask_machine(MachineAsk::Frame { depth }));
    }
    match frame.told {
        Told::Value(object) => {
            let Some((link, _)) = crate::types::frame::place(cx, object) else { return Ok(Value::None) };
            let globals = cx.heap.links.get(link).globals;
            Ok(cx.heap.get_in(globals, names::NAME).unwrap_or(Value::None))
        }
        Told::Start | Told::End | Told::Returned(_) | Told::Raised(_) => Ok(Value::None),
    }
}

fn get_recursion_limit(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.recursion_limit as i64))
}

fn set_recursion_limit(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[0].as_int() {
        Some(limit) if limit >= 1 && limit <= i32::MAX as i64 => {
            cx.recursion_limit = limit as usize;
            Ok(Value::None)
        }
        Some(limit) if limit < 1 => Err(cx.value_error("recursion limit must be greater or equal than 1")),
        _ => Err(cx.overflow_error("Python int too large to convert to C int")),
    }
}

fn get_max_digits(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.max_str_digits as i64))
}

fn set_max_digits(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[0].as_int() {
        Some(limit) if limit == 0 || (640..=i32::MAX as i64).contains(&limit) => {
            cx.max_str_digits = limit as usize;
            Ok(Value::None)
        }
        _ => Err(cx.value_error("maxdigits must be 0 or larger than 640")),
    }
}

fn get_switch_interval(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Float(0.005))
}

fn set_switch_interval(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[0] {
        Value::Float(interval) if interval > 0.0 => Ok(Value::None),
        _ => Err(cx.value_error("switch interval must be strictly positive")),
    }
}

// ----- Small things -----

fn intern(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[0] {
        Value::Str(id) => Ok(Value::Str(cx.heap.intern_str(id))),
        other => {
            let class = cx.class_name(other);
            Err(cx.type_error(format!("intern() argument must be str, not {class}")))
        }
    }
}

fn get_refcount(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    // There are none: what a fresh object would have.
    Ok(Value::Int(2))
}

fn size_of_object(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.heap.size_of(args[0]) as i64))
}

fn allocated_blocks(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int((cx.heap.used / 64) as i64))
}

fn utf8(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(cx.str("utf-8"))
}

fn surrogateescape(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(cx.str("surrogateescape"))
}

fn nothing(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

fn set_nothing(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

fn ignore(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

fn always_false(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(false))
}

fn always_true(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(true))
}

fn zero(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(0))
}

/// What the library makes at first use. values: the name.
fn lazy(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let name = cx.name_of(frame.values[0]).expect("a converter made it a str");
    if frame.step == 0 {
        let text = cx.text(name);
        if text.starts_with("__") {
            return Err(cx.raise(classes::ATTRIBUTE_ERROR, format!("module 'sys' has no attribute '{text}'")));
        }
        frame.step = 1;
        return Err(cx.ask_import("_sysinfo"));
    }
    let Value::Module(module) = frame.told.into_outcome()? else { return Ok(Value::None) };
    match cx.heap.get_in(cx.heap.modules.get(module).dict, name) {
        Some(value) => {
            if let Some(dict) = namespace(cx) {
                cx.heap.set_in(dict, name, value);
            }
            Ok(value)
        }
        None => {
            let text = cx.text(name);
            Err(cx.raise(classes::ATTRIBUTE_ERROR, format!("module 'sys' has no attribute '{text}'")))
        }
    }
}
