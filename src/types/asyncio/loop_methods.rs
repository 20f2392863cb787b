//! The rows of the loops: what is native, and what the library has in Aspen.
//!
//! `run_forever` and its like stand first: other files know their places.

use super::ensure;
use super::schedule::{self, loop_of};
use super::{handle, run, timer, watch, wrapped_in};
use crate::call::fiber::FiberId;
use crate::call::{Ask, Cx, Outcome};
use crate::tables;
use crate::types::{classes, context, protocol, quick};
use crate::value::event_loop::Entry;
use crate::value::future::Role;
use crate::value::{Class, Context, EventLoop, Id, NativeFrame, NativeId, Value};

const fn row(row: u16) -> NativeId {
    NativeId { table: classes::BASE_EVENT_LOOP.number() as u16, row }
}
/// `run_forever`.
pub const RUN_FOREVER: NativeId = row(0);
/// `_run_once`.
pub const RUN_ONCE: NativeId = row(1);
/// `_asyncgen_firstiter_hook`.
pub const FIRST_ITER: NativeId = row(2);
/// `_asyncgen_finalizer_hook`.
pub const FINALIZER: NativeId = row(3);
/// `run_until_complete`.
pub const RUN_UNTIL_COMPLETE: NativeId = row(7);

crate::natives! {
    /// The rows of `BaseEventLoop`.
    pub static BASE_EVENT_LOOP = [
        method "run_forever(self)" => step run::run_forever, "Run until stop() is called.";
        method "_run_once(self)" => step run::run_once, "Run one full iteration of the event loop.";
        method "_asyncgen_firstiter_hook(self, agen)" => first_iter, "An asynchronous generator begins.";
        method "_asyncgen_finalizer_hook(self, agen)" => step finalizer, "An asynchronous generator dies.";
        new "__new__(cls, *args, **kwargs)" => loop_new, "Create and return a new object.";
        special "__init__(self, *args)" => loop_init, "Initialize self.";
        special "__repr__(self, /)" => loop_repr, "Return repr(self).";
        method "run_until_complete(self, future)" => step run::run_until_complete, "Run until the Future is done.";
        method "stop(self)" => loop_stop, "Stop running the event loop.";
        method "close(self)" => step loop_close, "Close the event loop.";
        method "is_running(self)" => loop_is_running, "Returns True if the event loop is running.";
        method "is_closed(self)" => loop_is_closed, "Returns True if the event loop was closed.";
        method "time(self)" => loop_time, "Return the time according to the event loop's clock.";
        method "call_soon(self, callback, *args, context=None)" => call_soon, "Arrange for a callback to be called as soon as possible.";
        method "call_soon_threadsafe(self, callback, *args, context=None)" => call_soon_threadsafe, "Like call_soon(), but thread-safe.";
        method "call_later(self, delay, callback, *args, context=None)" => call_later, "Arrange for a callback to be called at a given time.";
        method "call_at(self, when, callback, *args, context=None)" => call_at, "Like call_later(), but uses an absolute time.";
        method "create_future(self)" => create_future, "Create a Future object attached to the loop.";
        method "create_task(self, coro, *, name=None, context=None)" => create_task, "Schedule or begin executing a coroutine object.";
        method "set_task_factory(self, factory)" => set_task_factory, "Set a task factory that will be used by loop.create_task().";
        method "get_task_factory(self)" => get_task_factory, "Return a task factory, or None if the default one is in use.";
        method "set_exception_handler(self, handler)" => set_exception_handler, "Set handler as the new event loop exception handler.";
        method "get_exception_handler(self)" => get_exception_handler, "Return an exception handler, or None if the default one is in use.";
        method "get_debug(self)" => get_debug, "Whether the debug mode is on.";
        method "set_debug(self, enabled)" => set_debug, "Turns the debug mode on or off.";
        method "_check_closed(self)" => check_closed_method, "RuntimeError if the loop is closed.";
        method "_timer_handle_cancelled(self, handle)" => timer_cancelled, "A timer was cancelled.";
        method "_write_to_self(self)" => nothing, "Wakes the loop.";
        attr "_ready" => ready, "The handles that are ready.";
        attr "_scheduled" => scheduled, "The timers.";
        attr "_closed" => loop_is_closed, "Whether it is closed.";
        attr "_stopping" => stopping, set set_stopping, "Whether it stops after this turn.";
        attr "_debug" => get_debug, set set_debug_attr, "Whether the debug mode is on.";
        attr "_clock_resolution" => clock_resolution, "The resolution of the clock.";
        attr "_default_executor" => default_executor, set set_default_executor_attr, "The executor of run_in_executor().";
        attr "_thread_id" => thread_id, "The thread that runs it, or None.";
        attr "_task_factory" => get_task_factory_attr, "The task factory.";
        attr "_exception_handler" => get_exception_handler, "The exception handler.";
        attr "_asyncgens" => asyncgens, "The asynchronous generators that have begun.";
        method "_take_asyncgens(self)" => take_asyncgens, "The asynchronous generators that have begun, which are forgotten.";
        attr "_asyncgens_shutdown_called" => shut_asyncgens, set set_shut_asyncgens, "Whether shutdown_asyncgens() was called.";
        attr "_executor_shutdown_called" => shut_executor, set set_shut_executor, "Whether shutdown_default_executor() was called.";
        attr "slow_callback_duration" => slow_callback_duration, set nothing, "What counts as slow in debug mode.";
        method "call_exception_handler(self, *args, **kwargs)" => step in_library, "Call the current event loop's exception handler.";
        method "default_exception_handler(self, *args, **kwargs)" => step in_library, "Default exception handler.";
        method "shutdown_asyncgens(self, *args, **kwargs)" => step in_library, "Shutdown all active asynchronous generators.";
        method "shutdown_default_executor(self, *args, **kwargs)" => step in_library, "Schedule the shutdown of the default executor.";
        method "run_in_executor(self, *args, **kwargs)" => step in_library, "Run a function in an executor.";
        method "set_default_executor(self, *args, **kwargs)" => step in_library, "Set the executor of run_in_executor().";
        method "getaddrinfo(self, *args, **kwargs)" => step in_library, "The addresses of a host.";
        method "getnameinfo(self, *args, **kwargs)" => step in_library, "The name of an address.";
        method "create_connection(self, *args, **kwargs)" => step in_library, "Connect to a TCP server.";
        method "create_server(self, *args, **kwargs)" => step in_library, "Create a TCP server.";
        method "connect_accepted_socket(self, *args, **kwargs)" => step in_library, "Handle an accepted connection.";
        method "create_datagram_endpoint(self, *args, **kwargs)" => step in_library, "Create datagram connection.";
        method "create_unix_connection(self, *args, **kwargs)" => step in_library, "Connect to a Unix socket.";
        method "create_unix_server(self, *args, **kwargs)" => step in_library, "Create a server on a Unix socket.";
        method "start_tls(self, *args, **kwargs)" => step in_library, "Upgrade transport to TLS.";
        method "sendfile(self, *args, **kwargs)" => step in_library, "Send a file to transport.";
        method "connect_read_pipe(self, *args, **kwargs)" => step in_library, "Register read pipe in event loop.";
        method "connect_write_pipe(self, *args, **kwargs)" => step in_library, "Register write pipe in event loop.";
        method "subprocess_shell(self, *args, **kwargs)" => step in_library, "Run a command through the shell.";
        method "subprocess_exec(self, *args, **kwargs)" => step in_library, "Run a command.";
        method "add_signal_handler(self, *args, **kwargs)" => step in_library, "Add a handler for a signal.";
        method "remove_signal_handler(self, *args, **kwargs)" => step in_library, "Remove a handler for a signal.";
        method "_ensure_resolved(self, *args, **kwargs)" => step in_library, "The addresses of a host.";
    ]
}

crate::natives! {
    /// The rows of `BaseSelectorEventLoop`.
    pub static BASE_SELECTOR_EVENT_LOOP = [
        method "add_reader(self, fd, callback, *args)" => step add_reader, "Add a reader callback.";
        method "remove_reader(self, fd)" => step remove_reader, "Remove a reader callback.";
        method "add_writer(self, fd, callback, *args)" => step add_writer, "Add a writer callback.";
        method "remove_writer(self, fd)" => step remove_writer, "Remove a writer callback.";
        method "_add_reader(self, fd, callback, *args)" => step add_reader, "Add a reader callback.";
        method "_remove_reader(self, fd)" => step remove_reader, "Remove a reader callback.";
        method "_add_writer(self, fd, callback, *args)" => step add_writer, "Add a writer callback.";
        method "_remove_writer(self, fd)" => step remove_writer, "Remove a writer callback.";
        method "sock_recv(self, *args, **kwargs)" => step in_library, "Receive data from the socket.";
        method "sock_recv_into(self, *args, **kwargs)" => step in_library, "Receive data into a buffer.";
        method "sock_recvfrom(self, *args, **kwargs)" => step in_library, "Receive a datagram.";
        method "sock_recvfrom_into(self, *args, **kwargs)" => step in_library, "Receive a datagram into a buffer.";
        method "sock_sendall(self, *args, **kwargs)" => step in_library, "Send data to the socket.";
        method "sock_sendto(self, *args, **kwargs)" => step in_library, "Send a datagram.";
        method "sock_connect(self, *args, **kwargs)" => step in_library, "Connect to a remote socket.";
        method "sock_accept(self, *args, **kwargs)" => step in_library, "Accept a connection.";
        method "sock_sendfile(self, *args, **kwargs)" => step in_library, "Send a file to a socket.";
        method "_start_serving(self, *args, **kwargs)" => step in_library, "Begins to accept.";
        method "_stop_serving(self, *args, **kwargs)" => step in_library, "Stops to accept.";
        method "_make_socket_transport(self, *args, **kwargs)" => step in_library, "A transport over a connected socket.";
    ]
}

/// The module of the library that has a method.
fn module_of(method: &str) -> &'static str {
    match method {
        "add_signal_handler" | "remove_signal_handler" => "asyncio.unix_events",
        "_start_serving" | "_stop_serving" | "_make_socket_transport" | "_ensure_resolved" => "asyncio.selector_events",
        "create_connection" | "create_server" | "connect_accepted_socket" => "asyncio.selector_events",
        "getaddrinfo" | "getnameinfo" | "start_tls" | "sendfile" => "asyncio.selector_events",
        "create_datagram_endpoint" | "create_unix_connection" | "create_unix_server" => "asyncio.selector_events",
        "connect_read_pipe" | "connect_write_pipe" => "asyncio.selector_events",
        "subprocess_shell" | "subprocess_exec" => "asyncio.selector_events",
        "run_in_executor" => "asyncio.futures",
        _ if method.starts_with("sock_") => "asyncio.selector_events",
        _ => "asyncio.base_events",
    }
}

/// A method that the library has in Aspen. values: self, the dict of keywords, the other arguments.
fn in_library(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 1 {
        return frame.told.into_outcome();
    }
    frame.step = 1;
    let name = cx.name(crate::call::cx::native_def(frame.native).name());
    let module = module_of(crate::call::cx::native_def(frame.native).name());
    let module = Value::Str(cx.name(module));
    let mut call = NativeFrame::new(LIBRARY_METHOD, &[module, Value::Str(name), frame.values[1], frame.values[0]]);
    call.values.extend_from_slice(&frame.values[2..]);
    Err(cx.ask_push(call))
}

/// The loop of a method.
fn this(cx: &mut Cx, args: &[Value]) -> Result<Id<EventLoop>, Ask> {
    match loop_of(cx, args[0]) {
        Some(id) => Ok(id),
        None => Err(cx.type_error("an event loop is needed")),
    }
}

fn loop_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Class(class) = args[0] else { return Err(cx.type_error("a class is needed")) };
    Ok(new(cx, class))
}

/// A new loop of a class.
pub fn new(cx: &mut Cx, class: Id<Class>) -> Value {
    let mut own = class;
    while cx.heap.classes.get(own).is_heap {
        own = crate::types::class::layout::base_of(cx, own).unwrap_or(classes::UNIX_SELECTOR_EVENT_LOOP);
    }
    cx.heap.charge(size_of::<EventLoop>());
    let id = cx.heap.event_loops.alloc(EventLoop { class: own, ..EventLoop::default() });
    let made = wrapped_in(cx, Value::Class(class), own, Value::Loop(id));
    if let Value::Inst(outer) = made {
        cx.heap.event_loops.get_mut(id).outer = Some(outer);
        schedule::check_patched(cx, id);
    }
    made
}

fn loop_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    schedule::check_patched(cx, id);
    Ok(Value::None)
}

fn loop_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let object = cx.heap.event_loops.get(id);
    let (is_running, is_closed, is_debug) = (object.is_running, object.is_closed, object.is_debug);
    let word = |value| if value { "True" } else { "False" };
    let text = format!(
        "<{} running={} closed={} debug={}>",
        cx.class_name(args[0]),
        word(is_running),
        word(is_closed),
        word(is_debug)
    );
    Ok(cx.str(&text))
}

fn nothing(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

fn loop_stop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    run::stop_loop(cx, id);
    Ok(Value::None)
}

/// values: self.
fn loop_close(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = this(cx, &frame.values)?;
    if frame.step == 1 {
        return frame.told.into_outcome().map(|_| Value::None);
    }
    let object = cx.heap.event_loops.get_mut(id);
    if object.is_running {
        return Err(cx.runtime_error("Cannot close a running event loop"));
    }
    if object.is_closed {
        return Ok(Value::None);
    }
    object.is_closed = true;
    object.clear();
    object.is_shutting_executor = true;
    let executor = std::mem::take(&mut object.default_executor);
    watch::remove_all(cx, id);
    if executor.is_undef() || executor.is_none() {
        return Ok(Value::None);
    }
    frame.step = 1;
    Err(super::ask_library(cx, "asyncio.base_events", "_end_executor", &[executor]))
}

fn loop_is_running(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(cx.heap.event_loops.get(id).is_running))
}

fn loop_is_closed(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(cx.heap.event_loops.get(id).is_closed))
}

fn loop_time(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Float(timer::read(cx)))
}

// ----- Callbacks -----

/// The context that was given, or a copy of the current one.
fn context_or_copy(cx: &mut Cx, given: Value) -> Result<Id<Context>, Ask> {
    match given {
        Value::Context(context) => Ok(context),
        Value::Undef | Value::None => Ok(context::copy_current(cx)),
        other => {
            let message = format!("a context is expected, got {}", cx.class_name(other));
            Err(cx.type_error(message))
        }
    }
}

fn check_closed(cx: &mut Cx, id: Id<EventLoop>) -> Result<(), Ask> {
    if cx.heap.event_loops.get(id).is_closed {
        return Err(cx.runtime_error("Event loop is closed"));
    }
    Ok(())
}

fn check_closed_method(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    check_closed(cx, id)?;
    Ok(Value::None)
}

/// What the debug mode checks.
fn check_callback(cx: &mut Cx, id: Id<EventLoop>, callback: Value, method: &str) -> Result<(), Ask> {
    if !cx.heap.event_loops.get(id).is_debug {
        return Ok(());
    }
    let object = cx.heap.event_loops.get(id);
    if object.is_running && object.thread != cx.fiber.id.0 && method != "call_soon_threadsafe" {
        return Err(cx.runtime_error("Non-thread-safe operation invoked on an event loop other than the current one"));
    }
    if super::task::is_coroutine(cx, callback) || super::ensure::is_coroutine_function(cx, callback) {
        return Err(cx.type_error(format!("coroutines cannot be used with {method}()")));
    }
    if !protocol::is_callable(cx, callback) {
        let text = super::repr::text_of(cx, callback);
        return Err(cx.type_error(format!("a callable object was expected by {method}(), got {text}")));
    }
    Ok(())
}

/// Arguments: self, callback, context, the callback's arguments.
fn call_soon(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    check_closed(cx, id)?;
    check_callback(cx, id, args[1], "call_soon")?;
    let context = context_or_copy(cx, args[2])?;
    let made = handle::new(cx, args[0], args[1], &args[3..], context, None);
    cx.heap.event_loops.get_mut(id).push(Entry::Handle(made));
    Ok(Value::Handle(made))
}

fn call_soon_threadsafe(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    check_closed(cx, id)?;
    check_callback(cx, id, args[1], "call_soon_threadsafe")?;
    let context = context_or_copy(cx, args[2])?;
    let made = handle::new(cx, args[0], args[1], &args[3..], context, None);
    let event_loop = cx.heap.event_loops.get_mut(id);
    event_loop.push(Entry::Handle(made));
    if event_loop.is_polling {
        cx.wakes.push(FiberId(event_loop.thread));
    }
    Ok(Value::Handle(made))
}

/// Arguments: self, delay, callback, context, the callback's arguments.
fn call_later(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    if args[1].is_none() {
        return Err(cx.type_error("delay must not be None"));
    }
    let Some(delay) = super::float_of(cx, args[1]) else { return Err(not_a_number(cx, args[1])) };
    if !schedule::is_plain(cx, id) {
        let event_loop = args[0];
        let mut given = vec![event_loop, args[1], args[2], args[3].given().unwrap_or(Value::None)];
        given.extend_from_slice(&args[4..]);
        return Err(super::ask_library(cx, "asyncio.base_events", "_call_later", &given));
    }
    let when = timer::read(cx) + delay;
    at(cx, args, id, when, "call_later")
}

fn call_at(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    if args[1].is_none() {
        return Err(cx.type_error("when cannot be None"));
    }
    let Some(when) = super::float_of(cx, args[1]) else { return Err(not_a_number(cx, args[1])) };
    at(cx, args, id, when, "call_at")
}

fn not_a_number(cx: &mut Cx, value: Value) -> Ask {
    let message = format!("must be real number, not {}", cx.class_name(value));
    cx.type_error(message)
}

fn at(cx: &mut Cx, args: &[Value], id: Id<EventLoop>, when: f64, method: &str) -> Outcome {
    check_closed(cx, id)?;
    check_callback(cx, id, args[2], method)?;
    let context = context_or_copy(cx, args[3])?;
    let made = handle::new(cx, args[0], args[2], &args[4..], context, Some(when));
    handle::schedule(cx, id, made, when);
    Ok(Value::Handle(made))
}

fn timer_cancelled(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    if let Some(known) = handle::handle_of(cx, args[1])
        && cx.heap.handles.get(known).is_scheduled
    {
        cx.heap.event_loops.get_mut(id).timers.n_cancelled += 1;
    }
    Ok(Value::None)
}

// ----- Futures and tasks -----

fn create_future(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let made_at = cx.place;
    Ok(Value::Future(super::future::new(cx, id, Role::Own(made_at))))
}

fn create_task(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let context = match args[3] {
        Value::Context(context) => Some(context),
        _ => None,
    };
    ensure::create_task(cx, id, args[1], args[2].given().unwrap_or(Value::None), context)
}

fn set_task_factory(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    if !args[1].is_none() && !protocol::is_callable(cx, args[1]) {
        return Err(cx.type_error("task factory must be a callable or None"));
    }
    cx.heap.event_loops.get_mut(id).task_factory = args[1];
    Ok(Value::None)
}

fn get_task_factory(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(cx.heap.event_loops.get(id).task_factory.given().unwrap_or(Value::None))
}

fn get_task_factory_attr(cx: &mut Cx, args: &[Value]) -> Outcome {
    get_task_factory(cx, args)
}

fn set_exception_handler(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    if !args[1].is_none() && !protocol::is_callable(cx, args[1]) {
        let text = super::repr::text_of(cx, args[1]);
        return Err(cx.type_error(format!("A callable object or None is expected, got {text}")));
    }
    cx.heap.event_loops.get_mut(id).exception_handler = args[1];
    Ok(Value::None)
}

fn get_exception_handler(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(cx.heap.event_loops.get(id).exception_handler.given().unwrap_or(Value::None))
}

// ----- State -----

fn get_debug(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(cx.heap.event_loops.get(id).is_debug))
}

fn set_debug(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let holds = quick::quick_truth(cx, args[1]).unwrap_or(true);
    cx.heap.event_loops.get_mut(id).is_debug = holds;
    Ok(Value::None)
}

fn set_debug_attr(cx: &mut Cx, args: &[Value]) -> Outcome {
    set_debug(cx, args)
}

fn stopping(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(cx.heap.event_loops.get(id).is_stopping))
}

fn set_stopping(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    cx.heap.event_loops.get_mut(id).is_stopping = args[1] == Value::Bool(true);
    Ok(Value::None)
}

fn clock_resolution(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Float(1e-9))
}

fn slow_callback_duration(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Float(0.1))
}

fn default_executor(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(cx.heap.event_loops.get(id).default_executor.given().unwrap_or(Value::None))
}

fn set_default_executor_attr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    cx.heap.event_loops.get_mut(id).default_executor = args[1];
    Ok(Value::None)
}

fn thread_id(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let object = cx.heap.event_loops.get(id);
    Ok(if object.is_running { Value::Int(object.thread as i64) } else { Value::None })
}

fn shut_asyncgens(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(cx.heap.event_loops.get(id).is_shutting_asyncgens))
}

fn set_shut_asyncgens(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    cx.heap.event_loops.get_mut(id).is_shutting_asyncgens = args[1] == Value::Bool(true);
    Ok(Value::None)
}

fn shut_executor(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(cx.heap.event_loops.get(id).is_shutting_executor))
}

fn set_shut_executor(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    cx.heap.event_loops.get_mut(id).is_shutting_executor = args[1] == Value::Bool(true);
    Ok(Value::None)
}

/// The ready queue as a list of handles: for those who look, not for those who change it.
fn ready(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let entries: Vec<Entry> = cx.heap.event_loops.get(id).ready.iter().copied().collect();
    let handles = entries.into_iter().map(|entry| schedule::as_handle(cx, args[0], entry)).collect();
    Ok(cx.heap.new_list(handles))
}

fn scheduled(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let timers = cx.heap.event_loops.get(id).timers.sorted();
    let handles = timers
        .into_iter()
        .map(|timer| {
            let shown = schedule::as_handle(cx, args[0], timer.entry());
            if let Value::Handle(made) = shown {
                cx.heap.handles.get_mut(made).when = Some(timer.when);
            }
            shown
        })
        .collect();
    Ok(cx.heap.new_list(handles))
}

fn asyncgens(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let found = cx.heap.event_loops.get(id).asyncgens.clone();
    let found =
        found.into_iter().filter(|&generator| cx.heap.gens.get(generator).state != crate::value::GenState::Finished);
    let list = found.map(Value::Gen).collect();
    Ok(cx.heap.new_list(list))
}

// ----- Asynchronous generators -----

fn take_asyncgens(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = asyncgens(cx, args)?;
    let id = this(cx, args)?;
    cx.heap.event_loops.get_mut(id).asyncgens.clear();
    Ok(list)
}

fn first_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    if let Value::Gen(generator) = args[1] {
        cx.heap.event_loops.get_mut(id).asyncgens.push(generator);
    }
    if cx.heap.event_loops.get(id).is_shutting_asyncgens {
        return Err(super::ask_library(cx, "asyncio.base_events", "_late_asyncgen", &[args[0], args[1]]));
    }
    Ok(Value::None)
}

/// values: self, the generator.
fn finalizer(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = this(cx, &frame.values)?;
    let generator = frame.values[1];
    if frame.step == 0 {
        if let Value::Gen(dead) = generator {
            cx.heap.event_loops.get_mut(id).asyncgens.retain(|&known| known != dead);
        }
        if cx.heap.event_loops.get(id).is_closed {
            return Ok(Value::None);
        }
        frame.step = 1;
        return Err(crate::types::method_call::ask(cx, generator, crate::call::names::ACLOSE, &[]));
    }
    let closing = frame.told.into_outcome()?;
    let shown = frame.values[0];
    let create = cx.heap.new_method(Value::Builtin(CREATE_TASK), shown);
    call_soon_threadsafe(cx, &[shown, create, Value::None, closing])
}

const CREATE_TASK: NativeId = row(18);

// ----- Descriptors -----

/// The number of a descriptor: an int, or what `fileno()` of an object gives.
fn fd_of(cx: &mut Cx, frame: &mut NativeFrame) -> Result<i32, Ask> {
    let given = match frame.step {
        0 => frame.values[1],
        _ => frame.told.into_outcome()?,
    };
    match cx.exact(given) {
        Value::Int(fd) if (0..=i32::MAX as i64).contains(&fd) => Ok(fd as i32),
        Value::Int(fd) => Err(cx.value_error(format!("Invalid file descriptor: {fd}"))),
        _ if frame.step == 0 => {
            frame.step = 1;
            Err(crate::types::method_call::ask(cx, given, crate::call::names::FILENO, &[]))
        }
        _ => {
            let text = super::repr::text_of(cx, frame.values[1]);
            Err(cx.value_error(format!("Invalid file object: {text}")))
        }
    }
}

fn add(cx: &mut Cx, frame: &mut NativeFrame, is_writer: bool) -> Outcome {
    let id = this(cx, &frame.values)?;
    check_closed(cx, id)?;
    let fd = fd_of(cx, frame)?;
    let context = context::copy_current(cx);
    let args = frame.values[3..].to_vec();
    let made = handle::new(cx, frame.values[0], frame.values[2], &args, context, None);
    if let Some(Entry::Handle(old)) = watch::add(cx, id, fd, is_writer, Entry::Handle(made))? {
        handle::cancel(cx, old);
    }
    Ok(Value::Handle(made))
}

fn remove(cx: &mut Cx, frame: &mut NativeFrame, is_writer: bool) -> Outcome {
    let id = this(cx, &frame.values)?;
    if cx.heap.event_loops.get(id).is_closed {
        return Ok(Value::Bool(false));
    }
    let fd = fd_of(cx, frame)?;
    let entry = watch::remove(cx, id, fd, is_writer);
    if let Some(Entry::Handle(old)) = entry {
        handle::cancel(cx, old);
    }
    Ok(Value::Bool(entry.is_some()))
}

fn add_reader(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    add(cx, frame, false)
}

fn add_writer(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    add(cx, frame, true)
}

fn remove_reader(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    remove(cx, frame, false)
}

fn remove_writer(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    remove(cx, frame, true)
}

/// The table that a row of the library's methods is called through.
pub const LIBRARY_METHOD: NativeId = NativeId { table: tables::LIBRARY, row: 1 };
