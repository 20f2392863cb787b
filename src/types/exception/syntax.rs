//! SyntaxError: where in which text.

use super::base::{exception_str, init_args, items_now, no_keywords, own};
use super::families::{get_slot, put_slot, set_slot, slot};
use crate::call::{Cx, Outcome};
use crate::types::compose::compose;
use crate::value::{Class, Exc, Id, Value};

const MSG: usize = 0;
const FILENAME: usize = 1;
const LINENO: usize = 2;
const OFFSET: usize = 3;
const TEXT: usize = 4;
const END_LINENO: usize = 5;
const END_OFFSET: usize = 6;

crate::natives! {
    /// The rows of SyntaxError.
    pub static SYNTAX_ERROR_ROWS = [
        special "__init__(self, *args, **kwargs)" => syntax_error_init, "Initialize self.";
        special "__str__(self, /)" => syntax_error_str, "Return str(self).";
        attr "msg" => get_slot::<0>, set set_slot::<0>, "exception msg";
        attr "filename" => get_slot::<1>, set set_slot::<1>, "exception filename";
        attr "lineno" => get_slot::<2>, set set_slot::<2>, "exception lineno";
        attr "offset" => get_slot::<3>, set set_slot::<3>, "exception offset";
        attr "text" => get_slot::<4>, set set_slot::<4>, "exception text";
        attr "end_lineno" => get_slot::<5>, set set_slot::<5>, "exception end lineno";
        attr "end_offset" => get_slot::<6>, set set_slot::<6>, "exception end offset";
        attr "print_file_and_line" => get_slot::<7>, set set_slot::<7>, "exception print_file_and_line";
    ]
}

/// A SyntaxError as the compiler fills it: the message, and file, line, offset, text, end line, end offset.
pub fn new_error(cx: &mut Cx, class: Id<Class>, message: Value, details: [Value; 6]) -> Id<Exc> {
    let args = cx.heap.new_tuple(&details);
    let exc = cx.new_exception(class, &[message, args]);
    let slots = cx.heap.excs.get_mut(exc).slots.get_or_insert_default();
    slots[0] = message;
    slots[1..7].copy_from_slice(&details);
    exc
}

fn syntax_error_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    no_keywords(cx, args[0], args[1])?;
    let (exc, given) = (own(args), &args[2..]);
    init_args(cx, exc, given);
    if let Some(&message) = given.first() {
        put_slot(cx, exc, MSG, message);
    }
    let [_, place] = given else { return Ok(Value::None) };
    let parts = match *place {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        Value::List(id) => cx.heap.lists.get(id).items.clone(),
        other => items_now(cx, other)?,
    };
    match parts.len() {
        n @ 0..=3 => return Err(cx.type_error(format!("function takes at least 4 arguments ({n} given)"))),
        4 | 6 => {}
        5 => return Err(cx.type_error("end_offset must be provided when end_lineno is provided")),
        n => return Err(cx.type_error(format!("function takes at most 6 arguments ({n} given)"))),
    }
    for (part, at) in parts.into_iter().zip([FILENAME, LINENO, OFFSET, TEXT, END_LINENO, END_OFFSET]) {
        put_slot(cx, exc, at, part);
    }
    Ok(Value::None)
}

/// The message, with the last part of the file's name and the line.
fn syntax_error_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    let exc = own(args);
    let message = slot(cx, exc, MSG);
    let file = cx.text_of(slot(cx, exc, FILENAME)).map(|text| String::from_utf8_lossy(text).into_owned());
    let file = file.map(|path| path.rsplit('/').next().unwrap_or_default().to_owned());
    let place = match (file, slot(cx, exc, LINENO)) {
        (Some(file), Value::Int(line)) => format!(" ({file}, line {line})"),
        (Some(file), _) => format!(" ({file})"),
        (None, Value::Int(line)) => format!(" (line {line})"),
        (None, _) if message.is_none() => return exception_str(cx, args),
        (None, _) => String::new(),
    };
    // A file may have a percent sign in its name.
    let place = cx.str(&place);
    compose(cx, "%s%s", &[message, place])
}
