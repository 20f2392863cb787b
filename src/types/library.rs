//! Natives that go on in a function of the library, written in Aspen.

use crate::call::{Ask, Cx};
use crate::tables;
use crate::value::{NativeFrame, NativeId, Value};

/// Asks for `module.function(*args)`; the module is imported when it is first needed.
pub fn ask_library(cx: &mut Cx, module: &str, function: &str, args: &[Value]) -> Ask {
    let frame = library_frame(cx, module, function, args);
    cx.ask_push(frame)
}

/// The frame of that.
pub fn library_frame(cx: &mut Cx, module: &str, function: &str, args: &[Value]) -> NativeFrame {
    let (module, function) = (cx.str(module), cx.name(function));
    let mut frame = NativeFrame::new(row(0), &[module, Value::Str(function)]);
    frame.values.extend_from_slice(args);
    frame
}

/// The same with the keywords of a dict.
pub fn ask_library_with(cx: &mut Cx, module: &str, function: &str, keywords: Value, args: &[Value]) -> Ask {
    let (module, function) = (cx.str(module), cx.name(function));
    let mut frame = NativeFrame::new(row(1), &[module, Value::Str(function), keywords]);
    frame.values.extend_from_slice(args);
    cx.ask_push(frame)
}

/// Asks for an async function of the library, and awaits what it gives.
pub fn await_library(cx: &mut Cx, module: &str, function: &str, args: &[Value]) -> Ask {
    let mut frame = library_frame(cx, module, function, args);
    frame.native = row(2);
    cx.ask_push(frame)
}

const fn row(row: u16) -> NativeId {
    NativeId { table: tables::LIBRARY, row }
}
