//! The hooks of `sys`: what shows a value, an exception, and an exception that nobody can raise.

use super::attribute;
use crate::call::{Cx, Outcome, names};
use crate::host::StandardStream;
use crate::types::exception::report::{coloured, report_frame};
use crate::types::file::standard;
use crate::types::{method_call, strings};
use crate::value::{NativeFrame, NativeId, Value};

crate::natives! {
    /// The functions that may be replaced.
    pub static SYS_HOOKS = [
        func "excepthook(exctype, value, traceback, /)" => step excepthook, "Handle an exception by displaying it with a traceback on sys.stderr.";
        func "displayhook(object, /)" => step displayhook, "Print an object to sys.stdout and also save it in builtins._";
        func "unraisablehook(unraisable, /)" => step unraisablehook, "Handle an unraisable exception.";
        func "breakpointhook(*args, **kws)" => breakpointhook, "This hook function is called by built-in breakpoint().";
    ]
}

/// The number of the default `excepthook`.
pub const EXCEPTHOOK: NativeId = NativeId { table: crate::tables::SYS_HOOKS, row: 0 };

/// The number of the default `unraisablehook`.
pub const UNRAISABLEHOOK: NativeId = NativeId { table: crate::tables::SYS_HOOKS, row: 2 };

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
            let text = if is_coloured(cx) { coloured_text(cx, text) } else { text };
            write_error(cx, text)
        }
        _ => Ok(Value::None),
    }
}

/// Whether `sys.stderr` is a terminal whose user does not object to colours.
fn is_coloured(cx: &mut Cx) -> bool {
    let is_direct = attribute(cx, names::STDERR).is_some_and(|file| standard::direct(cx, file).is_some());
    is_direct
        && cx.host.stream_is_terminal(StandardStream::Error)
        && cx.host.variable(b"NO_COLOR").is_none()
        && cx.host.variable(b"TERM") != Some(b"dumb")
}

fn coloured_text(cx: &mut Cx, text: Value) -> Value {
    let plain = String::from_utf8_lossy(cx.text_of(text).unwrap_or_default()).into_owned();
    cx.str(&coloured(&plain))
}

/// Writes to `sys.stderr`, behind what was printed, wherever the two streams lead.
pub fn write_error(cx: &mut Cx, text: Value) -> Outcome {
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

/// values: an object with `exc_value`, `object` and `err_msg`, each of which is read in its turn.
fn unraisablehook(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    const PARTS: [&str; 3] = ["exc_value", "object", "err_msg"];
    loop {
        if frame.step as usize > PARTS.len() {
            return Ok(Value::None);
        }
        if frame.step > 0 {
            let told = frame.told.into_outcome()?;
            frame.values.push(told);
        }
        frame.step += 1;
        match PARTS.get(frame.step as usize - 1) {
            Some(part) => {
                let name = cx.name(part);
                let value = crate::types::attribute::get(cx, frame.values[0], name);
                frame.tell(value)?;
            }
            None => {
                let print = super::unraisable::print_frame(frame.values[1], frame.values[2], frame.values[3]);
                return Err(cx.ask_push(print));
            }
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

fn breakpointhook(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.not_implemented("sys.breakpointhook: there is no debugger"))
}
