//! Warnings that the engine itself gives.
//!
//! If the script has imported `warnings`, its filters decide: `warn_explicit` is called. Otherwise the warning is printed as
//! CPython prints it.

use crate::call::{Ask, Cx, Outcome, Place, names};
use crate::host::StandardStream;
use crate::value::{Class, Id, NativeFrame, NativeId, Value};

crate::natives! {
    /// Nothing is left to do.
    pub static WARNING_STEPS = [
        hidden "shown()" => step shown, "A warning that was printed.";
    ]
}

const SHOWN: NativeId = NativeId { table: crate::tables::WARNING_STEPS, row: 0 };

fn shown(_cx: &mut Cx, _frame: &mut NativeFrame) -> Outcome {
    Ok(Value::None)
}

/// A warning about what stands at a place in code.
pub fn at_place(cx: &mut Cx, category: Id<Class>, message: &str, place: Place) -> Ask {
    let (file, line, source) = where_is(cx, place);
    let message = cx.str(message);
    show(cx, category, message, (&file, line, source))
}

/// A warning about what stands at a line of a file, or of a text that is no file.
pub fn show(
    cx: &mut Cx,
    category: Id<Class>,
    message: Value,
    (file, line, source): (&str, i64, Option<String>),
) -> Ask {
    let module = cx.name("warnings");
    if let Some(Value::Module(module)) = cx.heap.get_in(cx.modules, module) {
        let name = cx.name("warn_explicit");
        if let Some(warn) = cx.heap.get_in(cx.heap.modules.get(module).dict, name) {
            let args = [message, Value::Class(category), cx.str(file), Value::Int(line)];
            return cx.ask_call(warn, &args);
        }
    }
    let class = cx.text(cx.heap.classes.get(category).name);
    let message = cx.text_of(message).map(String::from_utf8_lossy).unwrap_or_default();
    let mut text = format!("{file}:{line}: {class}: {message}\n");
    if let Some(source) = source {
        text.push_str(&format!("  {source}\n"));
    }
    // Nobody is there to hear of a failure.
    let _ = cx.host.write_stream(StandardStream::Error, text.as_bytes());
    cx.ask_push(NativeFrame::new(SHOWN, &[]))
}

/// File, line and its text.
pub fn where_is(cx: &Cx, place: Place) -> (String, i64, Option<String>) {
    if place.link.is_none() {
        return ("sys".to_owned(), 1, None);
    }
    let code = cx.heap.links.get(place.link).code();
    let line = super::frame::line_at(cx, place.link, place.pc);
    let text = code.source.lines().nth((line.max(1) - 1) as usize).map(|text| text.trim().to_owned());
    (code.file.to_string(), line, text.filter(|text| !text.is_empty()))
}

/// The globals' `__name__` of the code at a place.
pub fn module_of(cx: &Cx, place: Place) -> Option<Value> {
    let link = Some(place.link).filter(|link| !link.is_none())?;
    cx.heap.get_in(cx.heap.links.get(link).globals, names::NAME)
}
