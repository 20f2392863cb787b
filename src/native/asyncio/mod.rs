//! The package `asyncio`: the native functions, and where the rest is.
//!
//! Most programs use a dozen names. So the package itself is Rust, and the submodules, which are written in Aspen
//! (`stdlib/asyncio/`), are imported when one of their names is first asked for.
//!
//! 1. Here: the functions of `_asyncio`. [`package`]: the names of `asyncio`.
//! 2. [`prelude`]: names without an import. [`interrupt`]: Ctrl-C. [`waits`]: what tasks wait for, in words.

pub mod interrupt;
pub mod package;
pub mod prelude;
pub mod waits;

use crate::call::fiber::FiberId;
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::asyncio::{ensure, future, gather, loop_methods, old, schedule, sleep, task, task_methods, timeout};
use crate::types::exception::report::report_frame;
use crate::types::{attribute, classes, context};
use crate::value::{Dict, FutureRef, Id, Value};

crate::natives! {
    /// The functions of `_asyncio`, which `asyncio` has too.
    pub static ASYNCIO = [
        afn "sleep(delay, result=None)" => sleep::sleep, "Coroutine that completes after a given time (in seconds).";
        afn "wait_for(fut, timeout, *, loop=)" => step timeout::wait_for, "Wait for the single Future or coroutine to complete, with timeout.";
        func "timeout(delay)" => timeout::timeout, "Timeout async context manager.";
        func "timeout_at(when)" => timeout::timeout_at, "Schedule the timeout at absolute time.";
        func "gather(*coros_or_futures, return_exceptions=False)" => step gather::gather, "Return a future aggregating results from the given coroutines/futures.";
        func "get_running_loop()" => get_running_loop, "Return the running event loop.  Raise a RuntimeError if there is none.";
        func "_get_running_loop()" => get_running_loop_or_none, "Return the running event loop or None.";
        func "_set_running_loop(loop, /)" => set_running_loop, "Set the running event loop.";
        func "get_event_loop()" => get_event_loop, "Return an asyncio event loop.";
        func "create_task(coro, *, name=None, context=None)" => create_task, "Schedule the execution of a coroutine object in a spawn task.";
        func "ensure_future(coro_or_future, *, loop=None)" => ensure_future, "Wrap a coroutine or an awaitable in a future.";
        func "current_task(loop=None)" => current_task, "Return a currently executed task.";
        func "all_tasks(loop=None)" => all_tasks, "Return a set of all tasks for the loop.";
        func "iscoroutine(obj)" => iscoroutine, "Return True if obj is a coroutine object.";
        func "iscoroutinefunction(func)" => iscoroutinefunction, "Return True if func is a decorated coroutine function.";
        func "isfuture(obj)" => isfuture, "Return True if obj is a Future.";
        func "eager_task_factory(loop, coro, *, name=None, context=None)" => task_methods::eager_task_factory, "Request immediate task start.";
        func "_enter_task(loop, task)" => enter_task, "Enter into task execution or resume suspended task.";
        func "_leave_task(loop, task)" => leave_task, "Leave task execution or suspend a task.";
        func "_swap_current_task(loop, task)" => swap_current_task, "Temporarily swap in the supplied task and return the original one.";
        func "_register_task(task)" => no_registry, "Register a task in asyncio as executed by loop.";
        func "_register_eager_task(task)" => no_registry, "Register an eager task in asyncio.";
        func "_unregister_task(task)" => no_registry, "Unregister a task.";
        func "_unregister_eager_task(task)" => no_registry, "Unregister an eager task.";
        func "_new_selector_loop()" => new_selector_loop, "A new loop.";
        func "_current_loop()" => local_loop, "What set_event_loop() was given.";
        func "_keep_loop(loop)" => keep_loop, "What set_event_loop() is given.";
        func "_is_loop_kept()" => is_loop_kept, "Whether set_event_loop() was called.";
        func "_made_at(future)" => waits::made_at_text, "Where a task or future was made: file, line and its text; None: unknown, or --strict.";
        func "_hint(key: str)" => step old::hint_of_library, "With --hints: an old spelling was used.";
        func "_is_strict()" => is_strict, "Whether old spellings are refused.";
        func "_use_policy(policy)" => use_policy, "What set_event_loop_policy() is given.";
        func "_fiber()" => fiber, "The number of the thread.";
        func "_is_main_fiber()" => is_main_fiber, "Whether this is the main thread.";
        func "_format_exception(exc)" => format_exception, "The text of a traceback.";
        func "_interrupt_handler(runner, task)" => interrupt::interrupt_handler, "What a Runner does with SIGINT.";
        func "_copy_context()" => context::copy_context, "A copy of the current context.";
    ]
}

/// What `_asyncio` has beside its functions.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    for &(name, class) in package::CLASSES {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Class(class));
    }
    for (name, class) in [
        ("_BaseEventLoop", classes::BASE_EVENT_LOOP),
        ("_BaseSelectorEventLoop", classes::BASE_SELECTOR_EVENT_LOOP),
        ("_UnixSelectorEventLoop", classes::UNIX_SELECTOR_EVENT_LOOP),
        ("_SelectorSocketTransport", classes::SOCKET_TRANSPORT),
    ] {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Class(class));
    }
}

fn get_running_loop(cx: &mut Cx, _args: &[Value]) -> Outcome {
    ensure::running_loop(cx)
}

fn get_running_loop_or_none(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(cx.fiber.running_loop.given().unwrap_or(Value::None))
}

fn set_running_loop(cx: &mut Cx, args: &[Value]) -> Outcome {
    cx.fiber.running_loop = if args[0].is_none() { Value::Undef } else { args[0] };
    Ok(Value::None)
}

fn get_event_loop(cx: &mut Cx, _args: &[Value]) -> Outcome {
    if let Some(event_loop) = cx.fiber.running_loop.given() {
        return Ok(event_loop);
    }
    Err(crate::types::asyncio::ask_library(cx, "asyncio.events", "_get_event_loop", &[]))
}

/// Arguments: coro, name, context.
fn create_task(cx: &mut Cx, args: &[Value]) -> Outcome {
    let shown = ensure::running_loop(cx)?;
    let name = args[1].given().unwrap_or(Value::None);
    let context = cx.none_or(args[2]);
    if let Some(id) = schedule::loop_of(cx, shown)
        && (matches!(shown, Value::Loop(_)) || schedule::has_own(cx, shown, names::CREATE_TASK))
    {
        let context = match context {
            Some(Value::Context(context)) => Some(context),
            _ => None,
        };
        return ensure::create_task(cx, id, args[0], name, context);
    }
    let method = attribute::get(cx, shown, names::CREATE_TASK)?;
    match context {
        None => Err(ensure::ask_keyword_call(cx, method, &[args[0], name], &[names::NAME_ATTR])),
        Some(context) => {
            let keywords = [names::NAME_ATTR, names::CONTEXT_ATTR];
            Err(ensure::ask_keyword_call(cx, method, &[args[0], name, context], &keywords))
        }
    }
}

/// Arguments: the object, loop.
fn ensure_future(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = match cx.none_or(args[1]) {
        None => Id::NONE,
        Some(shown) => match schedule::loop_of(cx, shown) {
            Some(id) => id,
            None => {
                let given = [args[0], shown];
                return Err(crate::types::asyncio::ask_library(cx, "asyncio.tasks", "_ensure_on", &given));
            }
        },
    };
    if is_future(cx, args[0]) && future::future_of(cx, args[0]).is_none() {
        return Ok(args[0]);
    }
    ensure::ensure_in(cx, args[0], id)
}

fn current_task(cx: &mut Cx, args: &[Value]) -> Outcome {
    let shown = match cx.none_or(args[0]) {
        Some(shown) => shown,
        None => ensure::running_loop(cx)?,
    };
    let Some(id) = schedule::loop_of(cx, shown) else { return Ok(Value::None) };
    Ok(match cx.heap.event_loops.get(id).current {
        Value::Task(task) => future::shown(cx, FutureRef::Task(task)),
        other => other.given().unwrap_or(Value::None),
    })
}

fn all_tasks(cx: &mut Cx, args: &[Value]) -> Outcome {
    let shown = match cx.none_or(args[0]) {
        Some(shown) => shown,
        None => ensure::running_loop(cx)?,
    };
    let Some(id) = schedule::loop_of(cx, shown) else { return crate::types::container::build_set(cx, &[]) };
    let tasks: Vec<Value> =
        task::all(cx, id).into_iter().map(|task| future::shown(cx, FutureRef::Task(task))).collect();
    crate::types::container::build_set(cx, &tasks)
}

fn iscoroutine(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(task::is_coroutine(cx, args[0])))
}

fn iscoroutinefunction(cx: &mut Cx, args: &[Value]) -> Outcome {
    if ensure::is_coroutine_function(cx, args[0]) {
        return Ok(Value::Bool(true));
    }
    let has_marks = match args[0] {
        Value::Inst(_) | Value::Native(_) => true,
        Value::Func(id) => cx.heap.funcs.get(id).extra.as_ref().is_some_and(|extra| extra.dict.is_some()),
        _ => false,
    };
    match has_marks {
        true => Err(crate::types::asyncio::ask_library(cx, "asyncio.coroutines", "_is_marked", args)),
        false => Ok(Value::Bool(false)),
    }
}

/// Whether a value is a future of ours or of a class that follows the future protocol.
fn is_future(cx: &mut Cx, value: Value) -> bool {
    future::future_of(cx, value).is_some() || ensure::follows_protocol(cx, value)
}

fn isfuture(cx: &mut Cx, args: &[Value]) -> Outcome {
    if future::future_of(cx, args[0]).is_some() {
        return Ok(Value::Bool(true));
    }
    match args[0] {
        // A mock may say that its class is another one, and that it is none after all.
        Value::Inst(_) => Err(crate::types::asyncio::ask_library(cx, "asyncio.base_futures", "_is_future", args)),
        _ => Ok(Value::Bool(false)),
    }
}

fn current_of(cx: &mut Cx, shown: Value) -> Result<Id<crate::value::EventLoop>, Ask> {
    match schedule::loop_of(cx, shown) {
        Some(id) => Ok(id),
        None => Err(cx.not_implemented("the current task of a loop that is not one of asyncio's")),
    }
}

fn enter_task(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = current_of(cx, args[0])?;
    let current = cx.heap.event_loops.get(id).current;
    if !current.is_undef() {
        let (new, old) =
            (crate::types::asyncio::repr::text_of(cx, args[1]), crate::types::asyncio::repr::text_of(cx, current));
        let message = format!("Cannot enter into task {new} while another task {old} is being executed.");
        return Err(cx.runtime_error(message));
    }
    cx.heap.event_loops.get_mut(id).current = cx.exact(args[1]);
    Ok(Value::None)
}

fn leave_task(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = current_of(cx, args[0])?;
    let current = cx.heap.event_loops.get(id).current;
    if !current.is(&cx.exact(args[1])) {
        let new = crate::types::asyncio::repr::text_of(cx, args[1]);
        let old = match current {
            Value::Undef => "None".to_owned(),
            current => crate::types::asyncio::repr::text_of(cx, current),
        };
        return Err(cx.runtime_error(format!("Invalid attempt to leave task {new} while task {old} is entered.")));
    }
    cx.heap.event_loops.get_mut(id).current = Value::Undef;
    Ok(Value::None)
}

fn swap_current_task(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = current_of(cx, args[0])?;
    let new = if args[1].is_none() { Value::Undef } else { cx.exact(args[1]) };
    let old = std::mem::replace(&mut cx.heap.event_loops.get_mut(id).current, new);
    Ok(match old {
        Value::Task(task) => future::shown(cx, FutureRef::Task(task)),
        other => other.given().unwrap_or(Value::None),
    })
}

/// All tasks are found in the heap: there is no list of them to be kept.
fn no_registry(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

fn new_selector_loop(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(loop_methods::new(cx, classes::UNIX_SELECTOR_EVENT_LOOP))
}

fn local_loop(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(cx.fiber.event_loop.given().unwrap_or(Value::None))
}

fn keep_loop(cx: &mut Cx, args: &[Value]) -> Outcome {
    cx.fiber.event_loop = args[0];
    Ok(Value::None)
}

fn is_loop_kept(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(!cx.fiber.event_loop.is_undef()))
}

fn is_strict(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(cx.is_strict))
}

fn use_policy(cx: &mut Cx, args: &[Value]) -> Outcome {
    if args[0].is_none() {
        // The default policy is made anew: it has no loop yet.
        cx.fiber.event_loop = Value::Undef;
        cx.asyncio.policy = Value::Undef;
    } else {
        cx.asyncio.policy = args[0];
    }
    Ok(Value::None)
}

fn fiber(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.fiber.id.0 as i64))
}

fn is_main_fiber(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(cx.fiber.id == FiberId::MAIN))
}

fn format_exception(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[0] {
        Value::Exc(exc) => Err(cx.ask_push(report_frame(exc))),
        _ => Ok(cx.str("")),
    }
}
