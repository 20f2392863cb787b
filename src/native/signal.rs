//! The module `signal`: handlers, which the main fiber calls between two instructions.
//!
//! The engine watches a signal from the moment a script (or the command) asks for it; the library itself installs nothing.

use crate::call::{Ask, Cx, Outcome};
use crate::host::Grant;
use crate::types::{classes, os_error};
use crate::value::{Dict, Id, NativeFrame, NativeId, Value};

crate::natives! {
    /// The functions of `signal`.
    pub static SIGNAL = [
        func "signal(signalnum, handler, /)" => set_handler, "Set the action for the given signal.";
        func "getsignal(signalnum: index, /)" => get_handler, "Return the current action for the given signal.";
        func "default_int_handler(signalnum, frame, /)" => default_int_handler, "The default handler for SIGINT installed by Python.";
        func "raise_signal(signalnum: index, /)" => raise_signal, "Send a signal to the executing process.";
        func "strsignal(signalnum: index, /)" => describe_signal, "Return the system description of the given signal.";
        func "valid_signals()" => valid_signals, "Return a set of valid signal numbers on this platform.";
        func "set_wakeup_fd(fd: index, /, *, warn_on_full_buffer=True)" => set_wakeup_fd, "Sets the fd to be written to (with the signal number) when a signal comes in.";
        func "siginterrupt(signalnum: index, flag: index, /)" => sig_interrupt, "Change system call restart behaviour.";
    ]
}

crate::natives! {
    /// Steps of signals.
    pub static SIGNAL_STEPS = [
        hidden "handle(number)" => step handle, "Calls the handler of a signal.";
    ]
}

const HANDLE: NativeId = NativeId { table: crate::tables::SIGNAL_STEPS, row: 0 };
/// `signal.default_int_handler`.
pub const DEFAULT_INT_HANDLER: NativeId = NativeId { table: crate::tables::SIGNAL, row: 2 };

/// `SIG_DFL` and `SIG_IGN`.
const BY_DEFAULT: i64 = 0;
const IGNORED: i64 = 1;

/// The interrupt from the keyboard.
pub const INTERRUPT: i32 = 2;

const NUMBERS: &[(&str, i64)] = &[
    ("SIGHUP", 1),
    ("SIGINT", 2),
    ("SIGQUIT", 3),
    ("SIGILL", 4),
    ("SIGTRAP", 5),
    ("SIGABRT", 6),
    ("SIGBUS", 7),
    ("SIGFPE", 8),
    ("SIGKILL", 9),
    ("SIGUSR1", 10),
    ("SIGSEGV", 11),
    ("SIGUSR2", 12),
    ("SIGPIPE", 13),
    ("SIGALRM", 14),
    ("SIGTERM", 15),
    ("SIGCHLD", 17),
    ("SIGCONT", 18),
    ("SIGSTOP", 19),
    ("SIGTSTP", 20),
    ("SIGTTIN", 21),
    ("SIGTTOU", 22),
    ("SIGURG", 23),
    ("SIGWINCH", 28),
    ("SIGIO", 29),
    ("SIG_DFL", BY_DEFAULT),
    ("SIG_IGN", IGNORED),
    ("NSIG", 65),
];

/// Fills the module.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    for &(name, number) in NUMBERS {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Int(number));
    }
}

/// The frame that calls the handler of a signal, if it has one.
pub fn handler_frame(number: i32) -> NativeFrame {
    NativeFrame::new(HANDLE, &[Value::Int(number as i64)])
}

fn handle(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 1 {
        return frame.told.into_outcome();
    }
    frame.step = 1;
    let number = frame.values[0].as_int().unwrap_or(0) as i32;
    match handler_of(cx, number) {
        Value::Int(_) | Value::None => Ok(Value::None),
        handler => Err(cx.ask_call(handler, &[Value::Int(number as i64), Value::None])),
    }
}

/// The handler of a signal: a callable, `SIG_DFL` or `SIG_IGN`.
fn handler_of(cx: &Cx, number: i32) -> Value {
    let known = cx.signal_handlers.iter().find(|(known, _)| *known == number);
    match known {
        Some(&(_, handler)) => handler,
        None if number == INTERRUPT => Value::Builtin(DEFAULT_INT_HANDLER),
        None => Value::Int(BY_DEFAULT),
    }
}

fn set_handler(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = match cx.exact(args[0]) {
        Value::Int(number) if (1..65).contains(&number) => number as i32,
        Value::Int(_) => return Err(cx.value_error("signal number out of range")),
        _ => {
            let class = cx.class_name(args[0]);
            return Err(cx.type_error(format!("'{class}' object cannot be interpreted as an integer")));
        }
    };
    if cx.fiber.id != crate::call::FiberId::MAIN {
        return Err(cx.value_error("signal only works in main thread of the main interpreter"));
    }
    let handler = cx.exact(args[1]);
    let is_callable = crate::types::protocol::is_callable(cx, args[1]);
    let result = match handler {
        // Nothing of the process is touched; what the script raises itself comes to the handler nevertheless.
        Value::Int(_) | Value::None if !cx.host.grants().has(Grant::Signals) => Ok(()),
        _ if is_callable && !cx.host.grants().has(Grant::Signals) => Ok(()),
        Value::Int(BY_DEFAULT) => {
            cx.host.default_signal(number);
            Ok(())
        }
        Value::Int(IGNORED) => cx.host.watch_signal(number),
        _ if is_callable => cx.host.watch_signal(number),
        _ => {
            return Err(cx.type_error("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"));
        }
    };
    if let Err(error) = result {
        return Err(os_error::raise(cx, &error));
    }
    let before = handler_of(cx, number);
    cx.signal_handlers.retain(|(known, _)| *known != number);
    cx.signal_handlers.push((number, args[1]));
    Ok(before)
}

fn get_handler(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = args[0].as_int().unwrap_or(0);
    if !(1..65).contains(&number) {
        return Err(cx.value_error("signal number out of range"));
    }
    Ok(handler_of(cx, number as i32))
}

fn default_int_handler(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.raise_with(classes::KEYBOARD_INTERRUPT, &[]))
}

fn raise_signal(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = args[0].as_int().unwrap_or(0) as i32;
    match handler_of(cx, number) {
        // Nothing of the system is needed for a handler of our own.
        Value::Int(BY_DEFAULT) => match cx.host.raise_signal(number) {
            Ok(()) => Ok(Value::None),
            Err(error) => Err(os_error::raise(cx, &error)),
        },
        Value::Int(_) | Value::None => Ok(Value::None),
        handler => {
            let ask = cx.ask_call(handler, &[Value::Int(number as i64), Value::None]);
            Err(if ask == Ask::Call { Ask::Tail } else { ask })
        }
    }
}

fn describe_signal(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text = match args[0].as_int().unwrap_or(0) {
        1 => "Hangup",
        2 => "Interrupt",
        3 => "Quit",
        6 => "Aborted",
        9 => "Killed",
        10 => "User defined signal 1",
        12 => "User defined signal 2",
        13 => "Broken pipe",
        14 => "Alarm clock",
        15 => "Terminated",
        _ => return Ok(Value::None),
    };
    Ok(cx.str(text))
}

fn valid_signals(cx: &mut Cx, _args: &[Value]) -> Outcome {
    let numbers: Vec<Value> = (1..65).filter(|number| !(32..34).contains(number)).map(Value::Int).collect();
    crate::types::container::build_set(cx, &numbers)
}

fn set_wakeup_fd(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    // The engine's own waiting is woken by any signal.
    Ok(Value::Int(-1))
}

fn sig_interrupt(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}
