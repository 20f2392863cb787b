//! What the compiler warns of: shown one after the other before the code is given or run.
//!
//! As in CPython each goes through `warnings.warn_explicit`, with the filters of the script, if that module is there; one that
//! becomes an exception is a SyntaxError instead of the code.

use super::exception::syntax::new_error;
use super::{classes, warning};
use crate::call::{Ask, Cx, MachineAsk, Outcome};
use crate::value::{NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// The step that shows them.
    pub static SYNTAX_WARNING_STEPS = [
        hidden "syntax_warnings(result, namespace, *warnings)" => step show, "Shows warnings, then gives or runs the code.";
    ]
}

const SHOW: NativeId = NativeId { table: crate::tables::SYNTAX_WARNING_STEPS, row: 0 };

// The values: the link or the exception; the namespace in which the link is run, or `NotImplemented`; then each warning: its
// message, and the details of a SyntaxError.
const RESULT: usize = 0;
const NAMESPACE: usize = 1;
const FIRST: usize = 2;

/// At this step the code ran.
const RAN: u32 = u32::MAX;

/// What comes after the warnings.
pub enum SyntaxWarnings {
    /// The link is the result, or the exception is raised.
    Give(Value),
    /// The link is run in a namespace, or the exception is raised.
    Run(Value, Value),
}

/// The frame that shows warnings.
pub fn frame(then: SyntaxWarnings, warnings: &[Value]) -> NativeFrame {
    let mut frame = match then {
        SyntaxWarnings::Give(result) => NativeFrame::new(SHOW, &[result, Value::NotImplemented]),
        SyntaxWarnings::Run(result, namespace) => NativeFrame::new(SHOW, &[result, namespace]),
    };
    frame.values.extend_from_slice(warnings);
    frame
}

/// Each step shows one.
fn show(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == RAN {
        return frame.told.into_outcome();
    }
    let next = FIRST + frame.step as usize;
    if let Told::Raised(exc) = frame.told {
        let (message, details) = parts(cx, frame.values[next - 1]);
        if !cx.is_exception(exc, classes::SYNTAX_WARNING) {
            return Err(Ask::Raise(exc));
        }
        return Err(Ask::Raise(new_error(cx, classes::SYNTAX_ERROR, message, details)));
    }
    if let Some(&warned) = frame.values.get(next) {
        frame.step += 1;
        let (message, [file, line, _, text, ..]) = parts(cx, warned);
        let text_of = |value: Value| String::from_utf8_lossy(cx.text_of(value).unwrap_or_default()).into_owned();
        let (file, text) = (text_of(file), text_of(text).trim().to_owned());
        // As CPython, which looks for the line in the file.
        let text = Some(text).filter(|text| !text.is_empty() && !file.starts_with('<'));
        let line = line.as_int().unwrap_or(0);
        return Err(warning::show(cx, classes::SYNTAX_WARNING, message, (&file, line, text)));
    }
    match (frame.values[RESULT], frame.values[NAMESPACE]) {
        (Value::Exc(exc), _) => Err(Ask::Raise(exc)),
        (result, Value::NotImplemented) => Ok(result),
        (link, namespace) => {
            frame.step = RAN;
            Err(cx.ask_machine(MachineAsk::Run { link, namespace, closure: Value::Undef }))
        }
    }
}

/// Message and details of a warning.
fn parts(cx: &Cx, warned: Value) -> (Value, [Value; 6]) {
    let items = |value: Value| match value {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        _ => crate::bug!("a warning is a tuple"),
    };
    let [message, details] = items(warned)[..] else { crate::bug!("a warning has a message and a place") };
    (message, items(details).try_into().unwrap_or([Value::None; 6]))
}
