//! The command as a user meets it: exit codes, streams, options, warnings, hints, reports.

use std::io::{Read, Write};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const ASPEN: &str = env!("CARGO_BIN_EXE_aspen");

/// What a run of the command gave.
struct Ran {
    code: Option<i32>,
    output: String,
    error: String,
}

fn ran(output: Output) -> Ran {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ran { code: output.status.code(), output: text(output.stdout), error: text(output.stderr) }
}

fn run(arguments: &[&str]) -> Ran {
    run_with(arguments, "")
}

fn run_with(arguments: &[&str], input: &str) -> Ran {
    let mut child = Command::new(ASPEN)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    // A child that does not read does not mind.
    let _ = child.stdin.take().expect("it is piped").write_all(input.as_bytes());
    ran(child.wait_with_output().expect("it ends"))
}

/// The codes of texts.
fn codes(texts: &[&str]) -> Vec<Option<i32>> {
    texts.iter().map(|text| run(&["-c", text]).code).collect()
}

#[test]
fn exit_codes() {
    let texts = [
        "print(1)",
        "1/0",
        "1 +",
        "import asyncio; await asyncio.Event().wait()",
        "raise KeyboardInterrupt",
        "import sys; sys.exit(7)",
        "import sys; sys.exit('text')",
        "import sys; sys.exit(None)",
        "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
    ];
    let expected = [0, 1, 2, 3, 130, 7, 1, 0, 3].map(Some);
    assert_eq!(codes(&texts), expected);
}

#[test]
fn usage() {
    for (arguments, text) in [
        (&["--bogus"][..], "aspen: unknown option --bogus\nTry 'aspen --help'.\n"),
        (&["-c"], "aspen: -c needs a text\nTry 'aspen --help'.\n"),
        (&["--memory", "12"], "aspen: '12' is too small or too large\nTry 'aspen --help'.\n"),
        (&["/nowhere/there.as"], "aspen: can't open file '/nowhere/there.as': [Errno 2] No such file or directory\n"),
    ] {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.error.as_str()), (Some(2), text));
    }
    assert!(run(&["--help"]).output.starts_with("aspen: "));
    assert_eq!(run(&["--version"]).output, concat!("aspen ", env!("CARGO_PKG_VERSION"), " (Python 3.13 syntax)\n"));
}

#[test]
fn texts_come_from_everywhere() {
    assert_eq!(run(&["-c", "import sys; print(sys.argv)", "-x", "y"]).output, "['-c', '-x', 'y']\n");
    assert_eq!(run_with(&["-", "a"], "import sys; print(sys.argv)").output, "['-', 'a']\n");
    // Input that is no terminal is no prompt.
    assert_eq!(run_with(&[], "print(6 * 7)").output, "42\n");
    assert_eq!(run(&["run", "--virtual-time", "-c", "await sleep(3600); print('later')"]).output, "later\n");
}

#[test]
fn output_is_flushed_at_a_crash() {
    let ran = run(&["-c", "print('first'); 1/0"]);
    assert_eq!(ran.output, "first\n");
    assert!(ran.error.ends_with("ZeroDivisionError: division by zero\n"), "{}", ran.error);
    assert_eq!(run(&["run", "--fuel", "1000", "-c", "print('first')\nwhile True: pass"]).output, "first\n");
    assert_eq!(run(&["-c", "print('first'); await Event().wait()"]).output, "first\n");
}

#[test]
fn a_broken_pipe_is_quiet() {
    let mut child = Command::new(ASPEN)
        .args(["-c", "while True: print('again')"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut output = child.stdout.take().expect("it is piped");
    output.read_exact(&mut [0; 100]).expect("it prints");
    drop(output);
    let mut error = String::new();
    child.stderr.take().expect("it is piped").read_to_string(&mut error).expect("it ends");
    assert_eq!((child.wait().expect("it ends").code(), error.as_str()), (Some(1), ""));
}

#[test]
fn piped_tracebacks_have_no_colours() {
    assert!(!run(&["-c", "1/0"]).error.contains('\x1b'));
    assert!(!run(&["-c", "1 +"]).error.contains('\x1b'));
}

#[test]
fn an_interrupt_ends_the_program() {
    let texts = ["while True: pass", "import time; time.sleep(100)", "await sleep(100)", "input()"];
    for text in texts {
        let child = Command::new(ASPEN)
            .args(["-c", &format!("print('begun', flush=True)\n{text}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = child.expect("the command starts");
        child.stdout.as_mut().expect("it is piped").read_exact(&mut [0; 6]).expect("it begins");
        std::thread::sleep(Duration::from_millis(50));
        let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill is there");
        assert!(killed.success());
        let ran = ran(child.wait_with_output().expect("it ends"));
        assert_eq!(ran.code, Some(130), "{text}: {}", ran.error);
        assert!(ran.error.ends_with("KeyboardInterrupt\n"), "{text}: {}", ran.error);
    }
}

// ----- Warnings and hints -----

#[test]
fn warnings_of_the_compiler_are_shown() {
    let text = "x = '\\d'\nprint(x is 1)\n";
    let shown = "<string>:1: SyntaxWarning: invalid escape sequence '\\d'\n\
                 <string>:2: SyntaxWarning: \"is\" with 'int' literal. Did you mean \"==\"?\n";
    let ran = run(&["-c", text]);
    assert_eq!((ran.output.as_str(), ran.error.as_str()), ("False\n", shown));
    assert_eq!(run(&["-W", "ignore", "-c", text]).error, "");
    let ran = run(&["-Werror", "-c", text]);
    assert_eq!((ran.code, ran.output.as_str()), (Some(1), ""));
    assert!(ran.error.ends_with("SyntaxError: invalid escape sequence '\\d'\n"), "{}", ran.error);
    assert_eq!(run(&["-Wbad", "-c", ""]).error, "Invalid -W option ignored: invalid action: 'bad'\n");
}

#[test]
fn old_spellings_have_hints_once_per_place() {
    let text = "\
import asyncio
async def main():
    for _ in range(2):
        await asyncio.sleep(0, loop=None)
        asyncio.Task.all_tasks()
asyncio.get_event_loop().run_until_complete(main())
";
    let ran = run(&["--hints", "-c", text]);
    let lines: Vec<&str> = ran.error.lines().filter(|line| line.contains(" hint: ")).collect();
    let expected = [
        "<string>:6: hint: asyncio.get_event_loop() where no loop runs: an old spelling, today asyncio.run(main()), or \
         asyncio.new_event_loop()",
        "<string>:4: hint: the argument 'loop': an old spelling, today leave it out: what runs on a loop finds it",
        "<string>:5: hint: Task.all_tasks(): an old spelling, today asyncio.all_tasks()",
    ];
    assert_eq!(lines, expected);
    assert_eq!(run(&["-c", text]).error, "");
}

// ----- Reports -----

#[test]
fn a_deadlock_names_tasks_and_what_they_wait_for() {
    let text = "\
import asyncio
async def holder(lock):
    async with lock:
        event = asyncio.Event()
        await event.wait()
async def waiter(lock):
    await lock.acquire()
async def main():
    lock = asyncio.Lock()
    held = asyncio.create_task(holder(lock), name='holder')
    await asyncio.sleep(0)
    await waiter(lock)
asyncio.run(main())
";
    let report = "\
deadlock: nothing can go on
  the main program waits for task 'Task-1'
    made at <string>:13
      asyncio.run(main())
    at <string>:13, in <module>
      asyncio.run(main())
  task 'Task-1' waits for a Lock
    made at <string>:9
      lock = asyncio.Lock()
    held by task 'holder'
    at <string>:12, in main
      await waiter(lock)
    at <string>:7, in waiter
      await lock.acquire()
  task 'holder' waits for an Event
    made at <string>:4
      event = asyncio.Event()
    at <string>:5, in holder
      await event.wait()
";
    let ran = run(&["-c", text]);
    assert_eq!((ran.code, ran.error.as_str()), (Some(3), report));
}

#[test]
fn a_deadlock_names_queues_futures_conditions_and_gathers() {
    let text = "\
import asyncio
async def main():
    queue = asyncio.Queue(1)
    future = asyncio.get_running_loop().create_future()
    condition = asyncio.Condition()
    semaphore = asyncio.Semaphore(0)
    async def of_condition():
        async with condition:
            await condition.wait()
    async def of_future():
        await future
    await asyncio.gather(queue.get(), of_condition(), of_future(), semaphore.acquire())
asyncio.run(main())
";
    let ran = run(&["-c", text]);
    for line in [
        "waits for 4 of the 4 that it gathers: task 'Task-2', task 'Task-3', task 'Task-4', task 'Task-5'\n",
        "'Task-2' waits for an item of a Queue\n    made at <string>:3\n",
        "'Task-3' waits for a Condition\n    made at <string>:5\n",
        "'Task-4' waits for a Future\n    made at <string>:4\n",
        "'Task-5' waits for a Semaphore\n    made at <string>:6\n",
    ] {
        assert!(ran.error.contains(line), "{line}\n{}", ran.error);
    }
}

#[test]
fn a_deadlock_names_threads_and_locks() {
    let text = "\
import threading, queue
first, second = threading.Lock(), threading.RLock()
items = queue.Queue()
def in_the_other_order():
    with second:
        first.acquire()
def get():
    items.get()
first.acquire()
threading.Thread(target=in_the_other_order, name='other').start()
threading.Thread(target=get, name='getter').start()
with second:
    pass
";
    let report = "\
deadlock: nothing can go on
  the main program waits for a lock
    made at <string>:2
      first, second = threading.Lock(), threading.RLock()
    held by thread 'other'
    at <string>:12, in <module>
      with second:
  thread 'other' waits for a lock
    made at <string>:2
      first, second = threading.Lock(), threading.RLock()
    held by the main program
    at <string>:6, in in_the_other_order
      first.acquire()
  thread 'getter' waits for a Queue
    made at <string>:3
      items = queue.Queue()
    at <string>:8, in get
      items.get()
";
    let ran = run(&["-c", text]);
    assert_eq!((ran.code, ran.error.as_str()), (Some(3), report));
}

#[test]
fn what_was_forgotten_is_reported_with_its_place() {
    let text = "\
import asyncio, gc
async def fails():
    raise ValueError('lost')
async def waits():
    await asyncio.Event().wait()
async def main():
    asyncio.create_task(fails())
    asyncio.create_task(waits())
    fails()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gc.collect()
asyncio.new_event_loop().run_until_complete(main())
";
    let ran = run(&["-c", text]);
    for line in [
        "<string>:9: RuntimeWarning: coroutine 'fails' was never awaited\n",
        "Task exception was never retrieved\n",
        "made at <string>:7\n  asyncio.create_task(fails())\n",
        "Task was destroyed but it is pending!\n",
        "made at <string>:8\n  asyncio.create_task(waits())\n",
    ] {
        assert!(ran.error.contains(line), "{line}\n{}", ran.error);
    }
    assert!(!run(&["--strict", "-c", text]).error.contains("made at"));
}
