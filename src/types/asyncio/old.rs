//! Old spellings: what asyncio accepted in earlier versions and the syntax still has. One table; refused with `--strict`.
//!
//! `loop=` arguments are passed over; `Task.all_tasks()`, `Task.current_task()`, `with await lock` and `yield from lock` are
//! rows that a class gets unless the engine is strict. The other half is in `stdlib/asyncio/old.as`.

use super::{ask_library, future};
use crate::call::cx::native_def;
use crate::call::{Ask, Cx, MachineAsk, Outcome};
use crate::host::StandardStream;
use crate::tables;
use crate::types::{classes, warning};
use crate::value::{Class, FutureRef, Id, NativeFrame, NativeId, Value};

crate::natives! {
    /// Rows that classes get unless the engine is strict.
    pub static OLD_STEPS = [
        class "all_tasks(cls, loop=None)" => all_tasks, "All tasks of a loop that are not done.";
        class "current_task(cls, loop=None)" => current_task, "The task that runs.";
        method "__await__(self)" => await_lock, "`with await lock`.";
        method "__iter__(self)" => await_lock, "`with (yield from lock)`.";
    ]
}

const fn row(row: u16) -> NativeId {
    NativeId { table: tables::OLD, row }
}

/// Class, name, row.
const ROWS: &[(Id<Class>, &str, u16)] = &[
    (classes::TASK, "all_tasks", 0),
    (classes::TASK, "current_task", 1),
    (classes::LOCK, "__await__", 2),
    (classes::LOCK, "__iter__", 3),
    (classes::SEMAPHORE, "__await__", 2),
    (classes::SEMAPHORE, "__iter__", 3),
];

/// The old spellings: a key, how it was written, what is written today.
const SPELLINGS: &[(&str, &str, &str)] = &[
    ("loop", "the argument 'loop'", "leave it out: what runs on a loop finds it"),
    ("wait", "asyncio.wait() with coroutines", "give it tasks: asyncio.wait([asyncio.create_task(coro), ...])"),
    ("with_await", "'with await lock', 'with (yield from lock)'", "async with lock"),
    ("all_tasks", "Task.all_tasks()", "asyncio.all_tasks()"),
    ("current_task", "Task.current_task()", "asyncio.current_task()"),
    (
        "get_event_loop",
        "asyncio.get_event_loop() where no loop runs",
        "asyncio.run(main()), or asyncio.new_event_loop()",
    ),
    ("coroutine", "@asyncio.coroutine", "async def, with await for 'yield from'"),
    ("async", "asyncio.async()", "asyncio.create_task() or asyncio.ensure_future()"),
    ("async_", "asyncio.async_()", "asyncio.create_task() or asyncio.ensure_future()"),
    ("JoinableQueue", "asyncio.JoinableQueue", "asyncio.Queue"),
];

/// With `--hints`: the modern form of an old spelling is shown, once for each place where the old one was used.
pub fn hint(cx: &mut Cx, key: &str) {
    if cx.hinted.is_none() {
        return;
    }
    let Some(&(key, old, today)) = SPELLINGS.iter().find(|(known, _, _)| *known == key) else {
        crate::bug!("the old spelling {key} is in the table")
    };
    let (file, line, source) = warning::where_is(cx, cx.place);
    let is_new = cx.hinted.as_mut().is_some_and(|seen| seen.insert((file.clone(), line, key)));
    if !is_new {
        return;
    }
    let mut text = format!("{file}:{line}: hint: {old}: an old spelling, today {today}\n");
    if let Some(source) = source {
        text.push_str(&format!("  {source}\n"));
    }
    // Nobody is there to hear of a failure.
    let _ = cx.host.write_stream(StandardStream::Error, text.as_bytes());
}

/// `_asyncio._hint(key)`: the same for the part of asyncio that is not Rust; the place is its caller's.
pub fn hint_of_library(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if cx.hinted.is_none() {
        return Ok(Value::None);
    }
    if frame.step == 0 {
        frame.step = 1;
        return Err(cx.ask_machine(MachineAsk::Place));
    }
    let key = cx.text_of(frame.values[0]).map(|key| String::from_utf8_lossy(key).into_owned()).unwrap_or_default();
    hint(cx, &key);
    Ok(Value::None)
}

/// Adds the rows.
pub fn install(cx: &mut Cx) {
    for &(class, name, number) in ROWS {
        let dict = classes::dict_of(cx, class);
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Builtin(row(number)));
        classes::touch(cx, class);
    }
}

/// Whether a native had a `loop` argument once.
pub fn took_loop(native: NativeId) -> bool {
    let name = native_def(native).name();
    if native.table == tables::ASYNCIO {
        return matches!(name, "sleep" | "gather");
    }
    let with_loop = [
        classes::LOCK,
        classes::EVENT,
        classes::SEMAPHORE,
        classes::BOUNDED_SEMAPHORE,
        classes::QUEUE,
        classes::PRIORITY_QUEUE,
        classes::LIFO_QUEUE,
    ];
    name == "__init__" && classes::class_of_table(native.table).is_some_and(|class| with_loop.contains(&class))
}

fn given_loop(cx: &mut Cx, given: Value) -> Result<Value, Ask> {
    match cx.none_or(given) {
        Some(event_loop) => Ok(event_loop),
        None => super::ensure::current_loop(cx),
    }
}

fn all_tasks(cx: &mut Cx, args: &[Value]) -> Outcome {
    hint(cx, "all_tasks");
    let shown = given_loop(cx, args[1])?;
    let tasks = match super::schedule::loop_of(cx, shown) {
        Some(id) => super::task::all(cx, id),
        None => Vec::new(),
    };
    let tasks: Vec<Value> = tasks.into_iter().map(|task| future::shown(cx, FutureRef::Task(task))).collect();
    crate::types::container::build_set(cx, &tasks)
}

fn current_task(cx: &mut Cx, args: &[Value]) -> Outcome {
    hint(cx, "current_task");
    let shown = given_loop(cx, args[1])?;
    let current = super::schedule::loop_of(cx, shown).map(|id| cx.heap.event_loops.get(id).current);
    Ok(match current {
        Some(Value::Task(task)) => future::shown(cx, FutureRef::Task(task)),
        _ => Value::None,
    })
}

fn await_lock(cx: &mut Cx, args: &[Value]) -> Outcome {
    hint(cx, "with_await");
    Err(ask_library(cx, "asyncio.old", "_await_lock", &args[..1]))
}
