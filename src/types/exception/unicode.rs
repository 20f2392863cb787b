//! UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError: which part of what a codec could not do.

use super::base::{init_args, no_keywords, own};
use super::families::{get_slot, put_slot, set_slot, slot};
use crate::call::{Ask, Cx, Outcome};
use crate::types::compose::compose;
use crate::value::{Exc, Id, Value};
use aspen_grammar::source::wtf8;

const ENCODING: usize = 0;
const OBJECT: usize = 1;
const START: usize = 2;
const END: usize = 3;
const REASON: usize = 4;

crate::natives! {
    /// The rows of UnicodeEncodeError.
    pub static UNICODE_ENCODE_ERROR_ROWS = [
        special "__init__(self, *args, **kwargs)" => encode_error_init, "Initialize self.";
        special "__str__(self, /)" => encode_error_str, "Return str(self).";
        attr "encoding" => get_slot::<0>, set set_slot::<0>, "exception encoding";
        attr "object" => get_slot::<1>, set set_slot::<1>, "exception object";
        attr "start" => get_slot::<2>, set set_slot::<2>, "exception start";
        attr "end" => get_slot::<3>, set set_slot::<3>, "exception end";
        attr "reason" => get_slot::<4>, set set_slot::<4>, "exception reason";
    ]
}

crate::natives! {
    /// The rows of UnicodeDecodeError.
    pub static UNICODE_DECODE_ERROR_ROWS = [
        special "__init__(self, *args, **kwargs)" => decode_error_init, "Initialize self.";
        special "__str__(self, /)" => decode_error_str, "Return str(self).";
        attr "encoding" => get_slot::<0>, set set_slot::<0>, "exception encoding";
        attr "object" => get_slot::<1>, set set_slot::<1>, "exception object";
        attr "start" => get_slot::<2>, set set_slot::<2>, "exception start";
        attr "end" => get_slot::<3>, set set_slot::<3>, "exception end";
        attr "reason" => get_slot::<4>, set set_slot::<4>, "exception reason";
    ]
}

crate::natives! {
    /// The rows of UnicodeTranslateError.
    pub static UNICODE_TRANSLATE_ERROR_ROWS = [
        special "__init__(self, *args, **kwargs)" => translate_error_init, "Initialize self.";
        special "__str__(self, /)" => translate_error_str, "Return str(self).";
        attr "encoding" => get_slot::<0>, set set_slot::<0>, "exception encoding";
        attr "object" => get_slot::<1>, set set_slot::<1>, "exception object";
        attr "start" => get_slot::<2>, set set_slot::<2>, "exception start";
        attr "end" => get_slot::<3>, set set_slot::<3>, "exception end";
        attr "reason" => get_slot::<4>, set set_slot::<4>, "exception reason";
    ]
}

/// What kind of value an argument must be.
#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Str,
    Bytes,
    Int,
}

fn encode_error_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    use Wanted::{Int, Str};
    keep(cx, args, &[(ENCODING, Str), (OBJECT, Str), (START, Int), (END, Int), (REASON, Str)])
}

fn decode_error_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    use Wanted::{Bytes, Int, Str};
    keep(cx, args, &[(ENCODING, Str), (OBJECT, Bytes), (START, Int), (END, Int), (REASON, Str)])
}

fn translate_error_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    use Wanted::{Int, Str};
    keep(cx, args, &[(OBJECT, Str), (START, Int), (END, Int), (REASON, Str)])
}

fn keep(cx: &mut Cx, args: &[Value], wanted: &[(usize, Wanted)]) -> Outcome {
    no_keywords(cx, args[0], args[1])?;
    let (exc, given) = (own(args), &args[2..]);
    init_args(cx, exc, given);
    if given.len() != wanted.len() {
        let message = format!("function takes exactly {} arguments ({} given)", wanted.len(), given.len());
        return Err(cx.type_error(message));
    }
    for (number, (&value, &(at, kind))) in given.iter().zip(wanted).enumerate() {
        let value = checked(cx, value, kind, number + 1)?;
        put_slot(cx, exc, at, value);
    }
    Ok(Value::None)
}

fn checked(cx: &mut Cx, value: Value, wanted: Wanted, number: usize) -> Result<Value, Ask> {
    let fits = match (wanted, cx.exact(value)) {
        (Wanted::Str, Value::Str(_)) | (Wanted::Bytes, Value::Bytes(_)) | (Wanted::Int, Value::Int(_)) => true,
        (Wanted::Int, Value::Bool(bool)) => return Ok(Value::Int(bool as i64)),
        // A copy of what a bytearray or memoryview has now.
        (Wanted::Bytes, other) => {
            match crate::types::bytes::buffer::bytes_of(cx, other).map(|data| data.into_owned()) {
                Some(data) => return Ok(cx.heap.new_bytes(data)),
                None => false,
            }
        }
        _ => false,
    };
    if fits {
        return Ok(value);
    }
    let class = cx.class_name(value);
    let message = match wanted {
        Wanted::Str => format!("argument {number} must be str, not {class}"),
        Wanted::Bytes => format!("a bytes-like object is required, not '{class}'"),
        Wanted::Int => format!("'{class}' object cannot be interpreted as an integer"),
    };
    Err(cx.type_error(message))
}

/// Start and end, kept within the object.
fn range(cx: &Cx, exc: Id<Exc>, len: usize) -> (usize, usize) {
    let int = |at| match slot(cx, exc, at) {
        Value::Int(int) => int.max(0) as usize,
        _ => 0,
    };
    let start = int(START).min(len.saturating_sub(1));
    (start, int(END).max(1).min(len))
}

fn code_point(cx: &Cx, exc: Id<Exc>, at: usize) -> Option<u32> {
    let text = cx.text_of(slot(cx, exc, OBJECT))?;
    let mut rest = text;
    for _ in 0..at {
        let (_, len) = wtf8::decode(rest)?;
        rest = &rest[len..];
    }
    wtf8::decode(rest).map(|(code, _)| code)
}

fn escaped(code: u32) -> String {
    match code {
        0..=0xFF => format!("\\x{code:02x}"),
        0x100..=0xFFFF => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

fn n_chars(cx: &Cx, exc: Id<Exc>) -> usize {
    match cx.exact(slot(cx, exc, OBJECT)) {
        Value::Str(id) => cx.heap.strs.get(id).n_chars as usize,
        Value::Bytes(id) => cx.heap.bytes.get(id).data.len(),
        _ => 0,
    }
}

fn encode_error_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    let exc = own(args);
    if slot(cx, exc, OBJECT).is_none() {
        return Ok(Value::Str(cx.heap.empty_str));
    }
    let (encoding, reason) = (slot(cx, exc, ENCODING), slot(cx, exc, REASON));
    let (start, end) = range(cx, exc, n_chars(cx, exc));
    let place = match code_point(cx, exc, start) {
        Some(code) if end == start + 1 => format!("character '{}' in position {start}", escaped(code)),
        _ => format!("characters in position {start}-{}", end as i64 - 1),
    };
    compose(cx, &format!("'%s' codec can't encode {place}: %s"), &[encoding, reason])
}

fn decode_error_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    let exc = own(args);
    let Value::Bytes(object) = cx.exact(slot(cx, exc, OBJECT)) else { return Ok(Value::Str(cx.heap.empty_str)) };
    let (encoding, reason) = (slot(cx, exc, ENCODING), slot(cx, exc, REASON));
    let (start, end) = range(cx, exc, n_chars(cx, exc));
    let place = match cx.heap.bytes.get(object).data.get(start) {
        Some(byte) if end == start + 1 => format!("byte {byte:#04x} in position {start}"),
        _ => format!("bytes in position {start}-{}", end as i64 - 1),
    };
    compose(cx, &format!("'%s' codec can't decode {place}: %s"), &[encoding, reason])
}

fn translate_error_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    let exc = own(args);
    if slot(cx, exc, OBJECT).is_none() {
        return Ok(Value::Str(cx.heap.empty_str));
    }
    let reason = slot(cx, exc, REASON);
    let (start, end) = range(cx, exc, n_chars(cx, exc));
    let place = match code_point(cx, exc, start) {
        Some(code) if end == start + 1 => format!("character '{}' in position {start}", escaped(code)),
        _ => format!("characters in position {start}-{}", end as i64 - 1),
    };
    compose(cx, &format!("can't translate {place}: %s"), &[reason])
}
