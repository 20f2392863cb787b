//! The names of the package `asyncio`: those that are there at once, and the submodules that have the others.

use super::super::{add_functions, import};
use crate::call::{Cx, Outcome, names};
use crate::types::asyncio::old;
use crate::types::{attribute, classes};
use crate::value::{Class, Dict, Id, NativeFrame, Told, Value};

crate::natives! {
    /// The functions of the package alone.
    pub static PACKAGE = [
        func "__getattr__(name)" => step package_getattr, "Imports the submodule that has the name.";
    ]
}

/// Submodules, and the public names that each has.
const SUBMODULES: &[(&str, &[&str])] = &[
    ("base_events", &["BaseEventLoop"]),
    ("coroutines", &[]),
    (
        "events",
        &[
            "AbstractEventLoopPolicy",
            "AbstractServer",
            "get_event_loop_policy",
            "set_event_loop_policy",
            "set_event_loop",
            "new_event_loop",
            "get_child_watcher",
            "set_child_watcher",
        ],
    ),
    ("exceptions", &["IncompleteReadError", "LimitOverrunError"]),
    ("futures", &["wrap_future"]),
    ("locks", &["Condition", "Barrier"]),
    ("protocols", &["BaseProtocol", "Protocol", "DatagramProtocol", "SubprocessProtocol", "BufferedProtocol"]),
    ("runners", &["Runner", "run", "_run_main"]),
    ("queues", &[]),
    ("streams", &["open_connection", "start_server", "open_unix_connection", "start_unix_server"]),
    ("taskgroups", &[]),
    (
        "tasks",
        &[
            "wait",
            "as_completed",
            "shield",
            "run_coroutine_threadsafe",
            "create_eager_task_factory",
            "FIRST_COMPLETED",
            "FIRST_EXCEPTION",
            "ALL_COMPLETED",
        ],
    ),
    ("threads", &["to_thread"]),
    ("timeouts", &[]),
    ("transports", &["DatagramTransport", "SubprocessTransport"]),
    ("unix_events", &["SelectorEventLoop", "DefaultEventLoopPolicy", "EventLoop"]),
    ("selector_events", &["Server"]),
    ("staggered", &[]),
    ("trsock", &[]),
    ("mixins", &[]),
    ("constants", &[]),
    ("format_helpers", &[]),
    ("base_futures", &[]),
    ("base_tasks", &[]),
    ("log", &[]),
    ("sslproto", &[]),
    ("subprocess", &[]),
    ("old", &["async", "async_", "coroutine", "JoinableQueue"]),
];

/// Classes that are in the package itself.
pub(super) const CLASSES: &[(&str, Id<Class>)] = &[
    ("Future", classes::FUTURE),
    ("Task", classes::TASK),
    ("Handle", classes::HANDLE),
    ("TimerHandle", classes::TIMER_HANDLE),
    ("AbstractEventLoop", classes::ABSTRACT_EVENT_LOOP),
    ("CancelledError", classes::CANCELLED_ERROR),
    ("InvalidStateError", classes::INVALID_STATE_ERROR),
    ("TimeoutError", classes::TIMEOUT_ERROR),
    ("BrokenBarrierError", classes::BROKEN_BARRIER_ERROR),
    ("SendfileNotAvailableError", classes::SENDFILE_NOT_AVAILABLE_ERROR),
    ("QueueEmpty", classes::QUEUE_EMPTY),
    ("QueueFull", classes::QUEUE_FULL),
    ("QueueShutDown", classes::QUEUE_SHUT_DOWN),
    ("BaseTransport", classes::BASE_TRANSPORT),
    ("ReadTransport", classes::READ_TRANSPORT),
    ("WriteTransport", classes::WRITE_TRANSPORT),
    ("Transport", classes::TRANSPORT),
    ("StreamReader", classes::STREAM_READER),
    ("StreamReaderProtocol", classes::STREAM_PROTOCOL),
    ("StreamWriter", classes::STREAM_WRITER),
    ("Lock", classes::LOCK),
    ("Event", classes::EVENT),
    ("Semaphore", classes::SEMAPHORE),
    ("BoundedSemaphore", classes::BOUNDED_SEMAPHORE),
    ("Queue", classes::QUEUE),
    ("PriorityQueue", classes::PRIORITY_QUEUE),
    ("LifoQueue", classes::LIFO_QUEUE),
    ("Timeout", classes::TIMEOUT),
    ("TaskGroup", classes::TASK_GROUP),
];

/// What the package has beside its functions.
pub fn fill_package(cx: &mut Cx, dict: Id<Dict>) {
    add_functions(cx, "_asyncio", dict);
    for &(name, class) in CLASSES {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Class(class));
    }
    let package = cx.str("asyncio");
    cx.heap.set_in(dict, names::PACKAGE, package);
    let path = cx.heap.new_list(Vec::new());
    cx.heap.set_in(dict, names::PATH, path);
    let natives = super::ASYNCIO.iter().map(|def| def.name()).filter(|name| !name.starts_with('_'));
    let classes = CLASSES.iter().map(|&(name, _)| name);
    let others = SUBMODULES.iter().filter(|(module, _)| *module != "old").flat_map(|(_, names)| names.iter().copied());
    let others = others.filter(|name| !name.starts_with('_'));
    let all: Vec<&str> =
        natives.chain(classes).chain(others).chain(["_get_running_loop", "_set_running_loop"]).collect();
    let all = all.into_iter().map(|name| Value::Str(cx.name(name))).collect();
    let all = cx.heap.new_list(all);
    cx.heap.set_in(dict, names::ALL, all);
}

/// `asyncio.name` for a name that is not there yet. values: the name; then the module that has it.
fn package_getattr(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Some(name) = cx.name_of(frame.values[0]) else { return Err(cx.type_error("attribute name must be string")) };
    let text = cx.text(name);
    let package = cx.name("asyncio");
    if frame.step == 0 {
        let is_module = SUBMODULES.iter().any(|(module, _)| *module == text);
        let owner = SUBMODULES.iter().find(|(_, names)| names.contains(&text.as_str())).map(|(module, _)| *module);
        let is_refused = owner == Some("old") && cx.is_strict;
        let Some(owner) = owner.or(is_module.then_some(text.as_str())).filter(|_| !is_refused) else {
            let module = cx.heap.get_in(cx.modules, package).unwrap_or(Value::None);
            return Err(cx.attribute_error(module, name));
        };
        if owner == "old" && !is_module {
            old::hint(cx, &text);
        }
        frame.step = if is_module { 2 } else { 1 };
        let full = cx.str(&format!("asyncio.{owner}"));
        let names = cx.heap.new_tuple(&[Value::Str(name)]);
        return Err(cx.ask_push(import::import_frame(full, Value::None, names, 0)));
    }
    let module = std::mem::replace(&mut frame.told, Told::Start).into_outcome()?;
    let value = if frame.step == 1 { attribute::get(cx, module, name)? } else { module };
    // Old names are looked for each time: each place gets its hint.
    let is_kept = cx.hinted.is_none()
        || !SUBMODULES.iter().any(|(module, names)| *module == "old" && names.contains(&text.as_str()));
    if let Some(Value::Module(id)) = cx.heap.get_in(cx.modules, package)
        && is_kept
    {
        let dict = cx.heap.modules.get(id).dict;
        cx.heap.set_in(dict, name, value);
    }
    Ok(value)
}
