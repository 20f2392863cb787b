//! The prelude: names of asyncio that are there without an import.

use super::super::add_functions;
use super::package::CLASSES;
use crate::call::{Ask, Cx, Outcome};
use crate::tables;
use crate::types::asyncio::{loop_methods, old};
use crate::value::{NativeFrame, NativeId, Value};

crate::natives! {
    /// Names of the prelude that are in the library.
    pub static PRELUDE = [
        func "wait_for(*args, **kwargs)" => prelude_wait_for, "Wait for the single Future or coroutine to complete, with timeout.";
        func "timeout(*args, **kwargs)" => prelude_timeout, "Timeout async context manager.";
        func "TaskGroup(*args, **kwargs)" => prelude_task_group, "Asynchronous context manager for managing groups of tasks.";
        func "open_connection(*args, **kwargs)" => prelude_open_connection, "A connection as a pair of streams.";
        func "start_server(*args, **kwargs)" => prelude_start_server, "A server whose connections are pairs of streams.";
    ]
}

/// The prelude: names that are there without an import, unless the engine is strict.
pub fn install_prelude(cx: &mut Cx) {
    old::install(cx);
    let builtins = cx.builtins;
    for (row, def) in super::ASYNCIO.iter().enumerate() {
        if matches!(def.name(), "sleep" | "gather" | "create_task") {
            let name = cx.name(def.name());
            let native = NativeId { table: tables::ASYNCIO, row: row as u16 };
            cx.heap.set_in(builtins, name, Value::Builtin(native));
        }
    }
    for &(name, class) in CLASSES {
        if matches!(name, "Lock" | "Event" | "Semaphore" | "Queue" | "PriorityQueue") {
            let name = cx.name(name);
            cx.heap.set_in(builtins, name, Value::Class(class));
        }
    }
    add_functions(cx, "_prelude", builtins);
}

/// Names of the prelude that are in the library: it is imported when they are first called.
fn lazily(cx: &mut Cx, module: &str, name: &str, args: &[Value]) -> Ask {
    let (module, function) = (cx.str(module), cx.name(name));
    // Behind the named parameters: the dict of keywords, then the other arguments.
    let mut frame = NativeFrame::new(loop_methods::LIBRARY_METHOD, &[module, Value::Str(function)]);
    frame.values.extend_from_slice(args);
    cx.ask_push(frame)
}

fn prelude_wait_for(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(lazily(cx, "asyncio.tasks", "wait_for", args))
}

fn prelude_timeout(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(lazily(cx, "asyncio.timeouts", "timeout", args))
}

fn prelude_task_group(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(lazily(cx, "asyncio.taskgroups", "TaskGroup", args))
}

fn prelude_open_connection(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(lazily(cx, "asyncio.streams", "open_connection", args))
}

fn prelude_start_server(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(lazily(cx, "asyncio.streams", "start_server", args))
}
