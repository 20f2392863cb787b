//! Exceptions that nobody can catch: `sys.unraisablehook` is called, which prints them unless a script replaced it.

use super::{attribute, hooks};
use crate::call::{Ask, Cx, Outcome};
use crate::types::exception::report::report_frame;
use crate::types::exception::traceback_of;
use crate::types::{strings, struct_sequence};
use crate::value::{NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// Steps.
    pub static UNRAISABLE_STEPS = [
        hidden "unraisable(exc, object)" => step unraisable, "Calls `sys.unraisablehook` for an exception that `object` raised.";
        hidden "print_unraisable(exc, object, message)" => step print, "What the hook does by itself.";
    ]
}

const PRINT: NativeId = NativeId { table: crate::tables::UNRAISABLE_STEPS, row: 1 };

/// The frame that prints it; `object` may be None, `message` may be None.
pub fn print_frame(exc: Value, object: Value, message: Value) -> NativeFrame {
    NativeFrame::new(PRINT, &[exc, object, message])
}

fn unraisable(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    // What the hook itself raises has nowhere to go.
    if frame.step == 1 {
        return Ok(Value::None);
    }
    frame.step = 1;
    let (exc, object) = (frame.values[0], frame.values[1]);
    let Value::Exc(id) = exc else { return Ok(Value::None) };
    let (hook, class) = (cx.name("unraisablehook"), cx.name("UnraisableHookArgs"));
    match (attribute(cx, hook), attribute(cx, class)) {
        (Some(hook), Some(Value::Class(class))) if hook != Value::Builtin(hooks::UNRAISABLEHOOK) => {
            let kind = Value::Class(cx.class_of(exc));
            let traceback = traceback_of(cx, id);
            let arguments = struct_sequence::make(cx, class, &[kind, exc, traceback, Value::None, object]);
            Err(cx.ask_call(hook, &[arguments]))
        }
        _ => Err(cx.ask_push(print_frame(exc, object, Value::None))),
    }
}

fn print(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    match frame.step {
        0 => {
            frame.step = 1;
            let shown = match frame.values[1] {
                Value::None => Ok(Value::None),
                object => strings::to_repr(cx, object),
            };
            frame.told = match shown {
                Ok(text) => Told::Value(text),
                Err(Ask::Raise(exc)) => Told::Raised(exc),
                Err(ask) => return Err(ask.to_come_back()),
            };
            print(cx, frame)
        }
        1 => {
            frame.values[1] = match frame.told {
                Told::Value(text) => text,
                Told::Start | Told::End | Told::Returned(_) | Told::Raised(_) => cx.str("<object repr() failed>"),
            };
            frame.step = 2;
            let Value::Exc(exc) = frame.values[0] else { return Ok(Value::None) };
            Err(cx.ask_push(report_frame(exc)))
        }
        2 => {
            let report = frame.told.into_outcome()?;
            frame.step = 3;
            let mut text = match cx.text_of(frame.values[2]) {
                Some(message) => message.to_vec(),
                None if frame.values[1].is_none() => b"Exception ignored".to_vec(),
                None => b"Exception ignored in".to_vec(),
            };
            text.extend_from_slice(b":");
            if let Some(object) = cx.text_of(frame.values[1]) {
                text.push(b' ');
                text.extend_from_slice(object);
            }
            text.push(b'\n');
            text.extend_from_slice(cx.text_of(report).unwrap_or_default());
            let text = cx.heap.new_str(&text);
            hooks::write_error(cx, text)
        }
        _ => Ok(Value::None),
    }
}
