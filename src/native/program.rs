//! The bottom of a fiber: a whole program, or a thread.
//!
//! ```text
//! run the module ─→ (raised: sys.excepthook) ─→ threads are joined ─→ exit functions ─→ things end ─→ streams are flushed
//! ```
//!
//! The command's program ends with its exit code; an embedded one with its value, or raises once more, its report made.

use super::sys;
use crate::call::outcome::CallAsk;
use crate::call::{Ask, Cx, MachineAsk, Outcome, Wait, WaitKind, names};
use crate::host::StandardStream;
use crate::types::exception::families::slot;
use crate::types::exception::report::report_frame;
use crate::types::exception::traceback_of;
use crate::types::syntax_warning::{self, SyntaxWarnings};
use crate::types::{classes, method_call, strings};
use crate::value::{Exc, GenKind, Id, NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// The steps of programs and threads.
    pub static PROGRAM_STEPS = [
        hidden "program(link, namespace, kind)" => step program, "Runs a program to its end.";
        hidden "thread(handle, callee, keywords, *args)" => step thread, "Runs the function of a thread.";
    ]
}

const PROGRAM: NativeId = NativeId { table: crate::tables::PROGRAM_STEPS, row: 0 };
const THREAD: NativeId = NativeId { table: crate::tables::PROGRAM_STEPS, row: 1 };

/// Who wants to know how a program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramKind {
    /// The command: uncaught exceptions are printed, the result is the exit code.
    Command,
    /// An embedder: the result is the value of the last expression, or what was raised.
    Embedded,
    /// A line of the prompt: as embedded, but nothing is joined.
    Line,
}

/// The frame of a program: the code of a module.
pub fn program_frame(link: Value, namespace: Value, kind: ProgramKind) -> NativeFrame {
    let mut frame = NativeFrame::new(PROGRAM, &[link, namespace, Value::Int(kind as i64)]);
    frame.values.extend([Value::None, Value::Undef, Value::Undef]);
    frame
}

/// The same of a text in which the compiler found what it warns of.
pub fn warned_program_frame(link: Value, kind: ProgramKind, warnings: Vec<Value>) -> NativeFrame {
    let mut frame = program_frame(link, Value::Undef, kind);
    frame.step = OPTIONS;
    frame.values.extend(warnings);
    frame
}

/// The frame of an embedder's call. The callee is the value itself, or that of a link; more arguments may be appended, the last
/// ones named by the tuple [`KEYWORDS`].
pub fn call_frame(callee: Value, keywords: Value, args: &[Value]) -> NativeFrame {
    let mut frame = program_frame(callee, Value::Undef, ProgramKind::Embedded);
    frame.values.push(keywords);
    frame.values.extend_from_slice(args);
    frame.step = CALL;
    frame
}

/// The frame of a thread that makes a call.
pub fn thread_frame(handle: Value, call: CallAsk) -> NativeFrame {
    let mut frame = NativeFrame::new(THREAD, &[handle, call.callee, call.keywords]);
    frame.values.extend_from_slice(&call.args);
    frame
}

// The values of a program.
const LINK: usize = 0;
const NAMESPACE: usize = 1;
const KIND: usize = 2;
/// The exit code or the value.
const RESULT: usize = 3;
/// What was raised.
const RAISED: usize = 4;
/// A second exception, from a hook.
const AGAIN: usize = 5;

/// Of a call: the names of its last arguments; the arguments follow.
pub const KEYWORDS: usize = 6;

const START: u32 = 0;
const RAN: u32 = 1;
/// `sys.excepthook` was called.
const HOOKED: u32 = 2;
/// The text of a failure of the hook, and of what it was called for.
const HOOK_REPORTED: u32 = 3;
const ORIGINAL_REPORTED: u32 = 4;
/// The text of `sys.exit("text")`.
const EXIT_TEXT: u32 = 5;
/// The report for an embedder.
const REPORTED: u32 = 6;
const SHUT_DOWN: u32 = 7;
const COUNT: u32 = 8;
const COUNTED: u32 = 9;
const EXIT_FUNCTIONS: u32 = 10;
const ENDED: u32 = 11;
const FLUSHED: u32 = 12;
/// The runner of asyncio is imported for a module that awaits.
const AWAITS: u32 = 13;
const RUNNER: u32 = 14;
/// An embedder's call: the callee is looked up, called, and a coroutine of it is run.
const CALL: u32 = 15;
const CALLEE: u32 = 16;
const CALLED: u32 = 17;
/// `warnings` is imported, if there are options for it; then what the compiler warns of is shown.
const OPTIONS: u32 = 18;
const WARNINGS: u32 = 19;
const WARNED: u32 = 20;

/// Of a program: what the compiler warns of.
const FIRST_WARNING: usize = 6;

fn program(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    loop {
        match frame.step {
            START => {
                let (link, namespace) = (frame.values[LINK], frame.values[NAMESPACE]);
                if awaits(cx, link) {
                    frame.step = AWAITS;
                    return Err(cx.ask_machine(MachineAsk::Coroutine { link, namespace }));
                }
                frame.step = RAN;
                return Err(cx.ask_machine(MachineAsk::Run { link, namespace, closure: Value::Undef }));
            }
            AWAITS => {
                frame.values[LINK] = frame.told.into_outcome()?;
                frame.step = RUNNER;
                return Err(cx.ask_import("asyncio"));
            }
            RUNNER => {
                frame.step = RAN;
                match frame.told.into_outcome() {
                    Ok(module) => {
                        let coroutine = frame.values[LINK];
                        let run = cx.name("run");
                        return Err(method_call::ask(cx, module, run, &[coroutine]));
                    }
                    Err(Ask::Raise(exc)) => frame.told = Told::Raised(exc),
                    Err(ask) => return Err(ask),
                }
            }
            CALL => {
                frame.step = CALLEE;
                if let link @ Value::Link(_) = frame.values[LINK] {
                    return Err(cx.ask_machine(MachineAsk::Run {
                        link,
                        namespace: Value::Undef,
                        closure: Value::Undef,
                    }));
                }
                frame.told = Told::Value(frame.values[LINK]);
            }
            CALLEE => match frame.told.into_outcome() {
                Ok(callee) => {
                    frame.step = CALLED;
                    let args = frame.values[KEYWORDS + 1..].into();
                    cx.call = CallAsk { callee, args, keywords: frame.values[KEYWORDS] };
                    return Err(Ask::Call);
                }
                Err(_) => frame.step = RAN,
            },
            CALLED => match frame.told {
                Told::Value(Value::Gen(id)) if cx.heap.gens.get(id).kind == GenKind::Coroutine => frame.step = AWAITS,
                Told::Value(_) | Told::Returned(_) | Told::Raised(_) | Told::Start | Told::End => frame.step = RAN,
            },
            OPTIONS => {
                frame.step = WARNINGS;
                if sys::has_warning_options(cx) {
                    return Err(cx.ask_import("warnings"));
                }
            }
            WARNINGS => {
                let warnings = frame.values.drain(FIRST_WARNING..).collect::<Vec<_>>();
                frame.step = if matches!(frame.told, Told::Raised(_)) { RAN } else { WARNED };
                if frame.step == WARNED && !warnings.is_empty() {
                    let then = SyntaxWarnings::Give(frame.values[LINK]);
                    return Err(cx.ask_push(syntax_warning::frame(then, &warnings)));
                }
            }
            WARNED => frame.step = if matches!(frame.told, Told::Raised(_)) { RAN } else { START },
            RAN => after_run(cx, frame)?,
            HOOKED => {
                frame.step = SHUT_DOWN;
                if let Told::Raised(exc) = frame.told {
                    frame.values[AGAIN] = Value::Exc(exc);
                    frame.step = HOOK_REPORTED;
                    return Err(cx.ask_push(report_frame(exc)));
                }
            }
            HOOK_REPORTED => {
                let text = told_text(cx, frame.told);
                write_error(cx, &[b"Error in sys.excepthook:\n", &text, b"\nOriginal exception was:\n"]);
                frame.step = ORIGINAL_REPORTED;
                let Value::Exc(exc) = frame.values[RAISED] else { crate::bug!("something was raised") };
                return Err(cx.ask_push(report_frame(exc)));
            }
            ORIGINAL_REPORTED => {
                let text = told_text(cx, frame.told);
                write_error(cx, &[&text]);
                frame.step = SHUT_DOWN;
            }
            EXIT_TEXT => {
                let text = told_text(cx, frame.told);
                write_error(cx, &[&text, b"\n"]);
                frame.step = SHUT_DOWN;
            }
            REPORTED => {
                cx.report = Some(String::from_utf8_lossy(&told_text(cx, frame.told)).into_owned());
                frame.step = SHUT_DOWN;
            }
            SHUT_DOWN => {
                if kind(frame) == ProgramKind::Line {
                    return finish(frame);
                }
                frame.step = COUNT;
                if let Some(function) = module_function(cx, "threading", "_shutdown") {
                    return Err(cx.ask_call(function, &[]));
                }
            }
            COUNT => {
                frame.step = COUNTED;
                return Err(cx.ask_machine(MachineAsk::Others));
            }
            COUNTED => {
                frame.step = EXIT_FUNCTIONS;
                if matches!(frame.told, Told::Value(Value::Int(n)) if n > 0) {
                    frame.step = COUNT;
                    return Err(cx.ask_machine(MachineAsk::Park(Wait::on(WaitKind::AllThreads, Value::Undef))));
                }
            }
            EXIT_FUNCTIONS => {
                if kind(frame) == ProgramKind::Embedded {
                    return finish(frame);
                }
                frame.step = ENDED;
                if let Some(function) = module_function(cx, "atexit", "_run_exitfuncs") {
                    return Err(cx.ask_call(function, &[]));
                }
            }
            ENDED => {
                frame.step = FLUSHED;
                return Err(cx.ask_machine(MachineAsk::EndAll));
            }
            FLUSHED => {
                frame.step = u32::MAX;
                if let Some(file) = sys::attribute(cx, names::STDOUT)
                    && crate::types::file::standard::direct(cx, file).is_none()
                    && !file.is_none()
                {
                    return Err(method_call::ask(cx, file, names::FLUSH, &[]));
                }
            }
            _ => return finish(frame),
        }
    }
}

fn kind(frame: &NativeFrame) -> ProgramKind {
    match frame.values[KIND] {
        Value::Int(1) => ProgramKind::Embedded,
        Value::Int(2) => ProgramKind::Line,
        _ => ProgramKind::Command,
    }
}

fn finish(frame: &NativeFrame) -> Outcome {
    match frame.values[RAISED] {
        Value::Exc(exc) if kind(frame) != ProgramKind::Command => Err(Ask::Raise(exc)),
        _ => Ok(frame.values[RESULT]),
    }
}

fn awaits(cx: &Cx, link: Value) -> bool {
    matches!(link, Value::Link(link) if cx.heap.links.get(link).code().flags.is_top_level_await)
}

/// The module is over: what it raised is dealt with.
fn after_run(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    frame.step = SHUT_DOWN;
    let exc = match frame.told {
        Told::Raised(exc) => exc,
        Told::Value(value) | Told::Returned(value) => {
            frame.values[RESULT] = if kind(frame) == ProgramKind::Command { Value::Int(0) } else { value };
            return Ok(());
        }
        Told::Start | Told::End => return Ok(()),
    };
    frame.values[RAISED] = Value::Exc(exc);
    if kind(frame) != ProgramKind::Command {
        frame.step = REPORTED;
        return Err(cx.ask_push(report_frame(exc)));
    }
    if cx.is_exception(exc, classes::SYSTEM_EXIT) {
        return exit(cx, frame, exc);
    }
    if cx.is_exception(exc, classes::BROKEN_PIPE_ERROR) && cx.host.has_lost_reader() {
        // Who was to read it has gone, and does not want to hear of it.
        frame.values[RESULT] = Value::Int(1);
        return Ok(());
    }
    let is_interrupt = cx.is_exception(exc, classes::KEYBOARD_INTERRUPT);
    frame.values[RESULT] = Value::Int(if is_interrupt { 130 } else { 1 });
    frame.step = HOOKED;
    Err(hook_ask(cx, exc))
}

/// What prints an uncaught exception.
fn hook_ask(cx: &mut Cx, exc: Id<Exc>) -> Ask {
    let class = Value::Class(cx.class_of(Value::Exc(exc)));
    let traceback = traceback_of(cx, exc);
    match sys::attribute(cx, names::EXCEPTHOOK) {
        Some(hook) => cx.ask_call(hook, &[class, Value::Exc(exc), traceback]),
        None => cx.ask_push(NativeFrame::new(sys::EXCEPTHOOK, &[class, Value::Exc(exc), traceback])),
    }
}

/// `sys.exit(code)`.
fn exit(cx: &mut Cx, frame: &mut NativeFrame, exc: Id<Exc>) -> Result<(), Ask> {
    match slot(cx, exc, 0) {
        Value::None => frame.values[RESULT] = Value::Int(0),
        Value::Int(code) => frame.values[RESULT] = Value::Int(code),
        Value::Bool(code) => frame.values[RESULT] = Value::Int(code as i64),
        other => {
            frame.values[RESULT] = Value::Int(1);
            frame.step = EXIT_TEXT;
            let text = strings::to_str(cx, other);
            frame.tell(text)?;
        }
    }
    Ok(())
}

fn told_text(cx: &Cx, told: Told) -> Vec<u8> {
    match told {
        Told::Value(text) | Told::Returned(text) => cx.text_of(text).unwrap_or_default().to_vec(),
        Told::Start | Told::End | Told::Raised(_) => Vec::new(),
    }
}

fn write_error(cx: &mut Cx, parts: &[&[u8]]) {
    // What was printed comes first, wherever the two streams lead. Nobody is there to hear of a failure.
    let _ = cx.host.flush_stream(StandardStream::Output);
    let _ = cx.host.write_stream(StandardStream::Error, &parts.concat());
}

/// A function of a module, if that was imported.
fn module_function(cx: &mut Cx, module: &str, function: &str) -> Option<Value> {
    let module = cx.name(module);
    let Value::Module(module) = cx.heap.get_in(cx.modules, module)? else { return None };
    let function = cx.name(function);
    cx.heap.get_in(cx.heap.modules.get(module).dict, function)
}

// ----- Threads -----

fn thread(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    match frame.step {
        0 => {
            frame.step = 1;
            let (callee, keywords) = (frame.values[1], frame.values[2]);
            cx.call = CallAsk { callee, args: frame.values[3..].into(), keywords };
            Err(Ask::Call)
        }
        1 => {
            frame.step = 3;
            if let Told::Raised(exc) = frame.told
                && !cx.is_exception(exc, classes::SYSTEM_EXIT)
            {
                frame.step = 2;
                return Err(cx.ask_push(report_frame(exc)));
            }
            thread(cx, frame)
        }
        2 => {
            let text = told_text(cx, frame.told);
            write_error(cx, &[b"Exception ignored in thread started by a function:\n", &text]);
            frame.step = 3;
            thread(cx, frame)
        }
        _ => {
            super::thread::note_end(cx, frame.values[0]);
            Ok(Value::None)
        }
    }
}
