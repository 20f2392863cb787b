//! The module `sys`.
//!
//! [`facts`]: constants and the named tuples; [`program`]: what the module knows of the program that runs; [`hooks`]: what
//! scripts may replace; here the other functions.

mod facts;
pub mod hooks;
pub mod program;
pub mod unraisable;

pub use facts::fill;
pub use hooks::EXCEPTHOOK;
pub use program::{attribute, has_warning_options, namespace, prepare, set_program, set_warning_options};

use crate::call::{Ask, Cx, MachineAsk, Outcome, names};
use crate::types::exception::families::put_slot;
use crate::types::{attribute, classes, exception, method_call};
use crate::value::{NativeFrame, Value};

crate::natives! {
    /// The functions of the module.
    pub static SYS = [
        func "exit(status=None, /)" => exit, "Exit the interpreter by raising SystemExit(status).";
        func "exc_info()" => step exc_info, "Return current exception information: (type, value, traceback).";
        func "exception()" => exception_handled, "Return the current exception.";
        func "_getframe(depth: index=0, /)" => get_frame, "Return a frame object from the call stack.";
        func "_getframemodulename(depth: index=0)" => step get_frame_module, "Return the name of the module for a calling frame.";
        func "getrecursionlimit()" => getrecursionlimit, "Return the current value of the recursion limit.";
        func "setrecursionlimit(limit: index, /)" => setrecursionlimit, "Set the maximum depth of the Python interpreter stack to n.";
        func "intern(string, /)" => intern, "``Intern'' the given string.";
        func "_is_interned(string, /)" => is_interned, "Return True if the given string is \"interned\".";
        func "getsizeof(object, default=)" => step getsizeof, "Return the size of object in bytes.";
        func "getrefcount(object, /)" => getrefcount, "Return the reference count of object.";
        func "getdefaultencoding()" => utf8, "Return the current default encoding used by the Unicode implementation.";
        func "getfilesystemencoding()" => utf8, "Return the encoding used to convert Unicode filenames to OS filenames.";
        func "getfilesystemencodeerrors()" => surrogateescape, "Return the error mode used for Unicode to OS filename conversion.";
        func "getswitchinterval()" => getswitchinterval, "Return the current thread switch interval.";
        func "setswitchinterval(interval: float, /)" => setswitchinterval, "Set the ideal thread switching delay inside the Python interpreter.";
        func "gettrace()" => none, "Return the global debug tracing function set with sys.settrace.";
        func "settrace(function, /)" => settrace, "Set the global debug tracing function.";
        func "getprofile()" => none, "Return the profiling function set with sys.setprofile.";
        func "setprofile(function, /)" => setprofile, "Set the profiling function.";
        func "get_asyncgen_hooks()" => facts::get_asyncgen_hooks, "Return the installed asynchronous generators hooks.";
        func "set_asyncgen_hooks(firstiter=, finalizer=)" => set_asyncgen_hooks, "Set a finalizer for async generators objects.";
        func "get_coroutine_origin_tracking_depth()" => zero, "Check status of origin tracking for coroutine objects in this thread.";
        func "set_coroutine_origin_tracking_depth(depth: index)" => ignore, "Enable or disable origin tracking for coroutine objects in this thread.";
        func "get_int_max_str_digits()" => get_int_max_str_digits, "Return the maximum string digits limit for non-binary int<->str conversions.";
        func "set_int_max_str_digits(maxdigits: index)" => set_int_max_str_digits, "Set the maximum string digits limit for non-binary int<->str conversions.";
        func "is_finalizing()" => no, "Return True if Python is exiting.";
        func "_is_gil_enabled()" => yes, "Return True if the GIL is currently enabled.";
        func "_clear_type_cache()" => ignore_all, "Clear the internal type lookup cache.";
        func "_clear_internal_caches()" => ignore_all, "Clear all internal performance-related caches.";
        func "getallocatedblocks()" => getallocatedblocks, "Return the number of memory blocks currently allocated.";
        func "audit(event: str, /, *args)" => ignore, "Passes the event to any hooks that are attached.";
    ]
}

// ----- Leaving and looking -----

fn exit(cx: &mut Cx, args: &[Value]) -> Outcome {
    let status = args[0].given().unwrap_or(Value::None);
    let given = match cx.exact(status) {
        Value::None => Vec::new(),
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        _ => vec![status],
    };
    let exc = cx.new_exception(classes::SYSTEM_EXIT, &given);
    let code = match given.as_slice() {
        [] => Value::None,
        [only] => *only,
        _ => cx.heap.excs.get(exc).args,
    };
    put_slot(cx, exc, 0, code);
    Err(Ask::Raise(exc))
}

fn exc_info(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        return Err(cx.ask_machine(MachineAsk::Handled));
    }
    let parts = match frame.told.into_outcome()? {
        Value::Exc(exc) => {
            let class = Value::Class(cx.class_of(Value::Exc(exc)));
            let traceback = exception::traceback_of(cx, exc);
            [class, Value::Exc(exc), traceback]
        }
        _ => [Value::None; 3],
    };
    Ok(cx.heap.new_tuple(&parts))
}

fn exception_handled(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.ask_machine(MachineAsk::Handled))
}

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
    let found = match frame.told {
        crate::value::Told::Raised(_) => return Ok(Value::None),
        told => told.into_outcome()?,
    };
    match crate::types::frame::place(cx, found) {
        Some((link, _)) => {
            let globals = cx.heap.links.get(link).globals;
            Ok(cx.heap.get_in(globals, names::NAME).unwrap_or(Value::None))
        }
        None => Ok(Value::None),
    }
}

// ----- Limits and sizes -----

fn getrecursionlimit(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.recursion_limit as i64))
}

fn setrecursionlimit(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[0] {
        Value::Int(limit) if limit >= 1 => {
            if limit > i32::MAX as i64 {
                return Err(cx.overflow_error("Python int too large to convert to C int"));
            }
            Err(cx.ask_machine(MachineAsk::RecursionLimit(limit as usize)))
        }
        Value::BigInt(_) => Err(cx.overflow_error("Python int too large to convert to C int")),
        _ => Err(cx.value_error("recursion limit must be greater or equal than 1")),
    }
}

fn intern(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[0] {
        Value::Str(id) => Ok(Value::Str(cx.heap.intern_str(id))),
        other if cx.text_of(other).is_some() => {
            let message = format!("can't intern {}", cx.class_name(other));
            Err(cx.type_error(message))
        }
        other => {
            let message = format!("intern() argument must be str, not {}", cx.class_name(other));
            Err(cx.type_error(message))
        }
    }
}

fn is_interned(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(matches!(args[0], Value::Str(id) if cx.heap.strs.get(id).is_name)))
}

fn getsizeof(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let name = cx.name("__sizeof__");
        return Err(method_call::ask(cx, frame.values[0], name, &[]).to_come_back());
    }
    match frame.told {
        crate::value::Told::Raised(exc) if !frame.values[1].is_undef() && cx.is_exception(exc, classes::TYPE_ERROR) => {
            Ok(frame.values[1])
        }
        told => match told.into_outcome()? {
            Value::Int(size) if size < 0 => Err(cx.value_error("__sizeof__() should return >= 0")),
            size @ Value::Int(_) => Ok(size),
            other => {
                let message = format!("'{}' object cannot be interpreted as an integer", cx.class_name(other));
                Err(cx.type_error(message))
            }
        },
    }
}

/// There are no counts: the answer is what CPython says of an object with one name.
fn getrefcount(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(2))
}

fn getallocatedblocks(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int((cx.heap.used / 64) as i64))
}

fn get_int_max_str_digits(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.max_str_digits as i64))
}

fn set_int_max_str_digits(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[0] {
        Value::Int(0) => cx.max_str_digits = 0,
        Value::Int(digits) if digits >= 640 => cx.max_str_digits = digits as usize,
        _ => return Err(cx.value_error("maxdigits must be 0 or larger than 640")),
    }
    Ok(Value::None)
}

// ----- Answers that never change -----

fn none(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

fn ignore(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

fn ignore_all(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

fn zero(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(0))
}

fn no(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(false))
}

fn yes(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(true))
}

fn utf8(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(cx.str("utf-8"))
}

fn surrogateescape(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(cx.str("surrogateescape"))
}

fn getswitchinterval(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Float(0.005))
}

fn setswitchinterval(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[0] {
        Value::Float(interval) if interval <= 0.0 => Err(cx.value_error("switch interval must be strictly positive")),
        _ => Ok(Value::None),
    }
}

fn settrace(cx: &mut Cx, args: &[Value]) -> Outcome {
    if args[0].is_none() { Ok(Value::None) } else { Err(cx.not_implemented("sys.settrace")) }
}

fn setprofile(cx: &mut Cx, args: &[Value]) -> Outcome {
    if args[0].is_none() { Ok(Value::None) } else { Err(cx.not_implemented("sys.setprofile")) }
}

fn set_asyncgen_hooks(cx: &mut Cx, args: &[Value]) -> Outcome {
    for (&hook, what) in args.iter().zip(["firstiter", "finalizer"]) {
        if !hook.is_undef() && !hook.is_none() && !crate::types::protocol::is_callable(cx, hook) {
            let message = format!("callable {what} expected, got {}", cx.class_name(hook));
            return Err(cx.type_error(message));
        }
    }
    for (at, &hook) in args.iter().enumerate() {
        if !hook.is_undef() {
            cx.fiber.async_generator_hooks[at] = hook;
        }
    }
    Ok(Value::None)
}
