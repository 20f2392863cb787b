//! `str(x)`, `repr(x)`, `ascii(x)`, `format(x, spec)`, and texts put together: what f-strings, `print` and `%` are made of.
//!
//! Exact built-in values have their text at once. Anything else is asked for it through its special methods: natives of
//! built-in classes are called directly, functions of the script in a frame that checks what they return. What comes back
//! may be an ask, never `Ask::Tail`: it can stand in the middle of a stepped native.

use super::formatting;
use super::str::repr;
use crate::call::cx::native_def;
use crate::call::{Ask, Body, Cx, Outcome};
use crate::value::special::Special;
use crate::value::string::{MAX_SHORT, Text};
use crate::value::{NativeFrame, NativeId, Value};

crate::natives! {
    /// Steps: a special method of the script, whose result must be a str.
    pub static STRING_STEPS = [
        hidden "str(value)" => step str_step, "`type(value).__str__(value)`.";
        hidden "repr(value)" => step repr_step, "`type(value).__repr__(value)`.";
        hidden "ascii(value)" => step ascii_step, "The same, with escapes for what is not ASCII.";
        hidden "format(value, spec)" => step format_step, "`type(value).__format__(value, spec)`.";
    ]
}

const STR_STEP: NativeId = NativeId { table: crate::tables::STRINGS, row: 0 };
const REPR_STEP: NativeId = NativeId { table: crate::tables::STRINGS, row: 1 };
const ASCII_STEP: NativeId = NativeId { table: crate::tables::STRINGS, row: 2 };
const FORMAT_STEP: NativeId = NativeId { table: crate::tables::STRINGS, row: 3 };

/// `str(value)`.
#[inline]
pub fn to_str(cx: &mut Cx, value: Value) -> Outcome {
    match value {
        Value::Str(_) => Ok(value),
        Value::Int(int) => Ok(int_text(cx, int)),
        _ => to_str_slow(cx, value),
    }
}

#[inline(never)]
fn to_str_slow(cx: &mut Cx, value: Value) -> Outcome {
    if let Some(known) = constant_text(value) {
        return Ok(cx.str(known));
    }
    if let Value::Float(number) = value {
        return Ok(float_text(cx, number));
    }
    match cx.special_of(value, Special::Str) {
        // `object.__str__` is `repr`.
        Some(Value::Builtin(id)) if super::classes::class_of_table(id.table) == Some(super::classes::OBJECT) => {
            match cx.special_of(value, Special::Repr) {
                Some(Value::Builtin(id)) => call_native(cx, id, &[value]),
                Some(_) => Err(cx.ask_push(NativeFrame::new(STR_STEP, &[value]))),
                None => to_repr(cx, value),
            }
        }
        Some(Value::Builtin(id)) => call_native(cx, id, &[value]),
        Some(_) => Err(cx.ask_push(NativeFrame::new(STR_STEP, &[value]))),
        None => to_repr(cx, value),
    }
}

/// `repr(value)`.
pub fn to_repr(cx: &mut Cx, value: Value) -> Outcome {
    match value {
        Value::Int(int) => return Ok(int_text(cx, int)),
        Value::Str(id) => return str_repr(cx, id),
        Value::Float(number) => return Ok(float_text(cx, number)),
        _ => {}
    }
    if let Some(known) = constant_text(value) {
        return Ok(cx.str(known));
    }
    match cx.special_of(value, Special::Repr) {
        Some(Value::Builtin(id)) => call_native(cx, id, &[value]),
        Some(_) => Err(cx.ask_push(NativeFrame::new(REPR_STEP, &[value]))),
        None => {
            let message = format!("'{}' object has no repr", cx.class_name(value));
            Err(cx.type_error(message))
        }
    }
}

/// `ascii(value)`.
pub fn to_ascii(cx: &mut Cx, value: Value) -> Outcome {
    match to_repr(cx, value) {
        Ok(text) => Ok(escape_text(cx, text)),
        Err(Ask::Raise(exc)) => Err(Ask::Raise(exc)),
        Err(Ask::Full) => Err(Ask::Full),
        // Asked again from a frame that goes on with the result.
        Err(_) => Err(cx.ask_push(NativeFrame::new(ASCII_STEP, &[value]))),
    }
}

/// `format(value, spec)`; `Undef` is the empty spec.
pub fn format(cx: &mut Cx, value: Value, spec: Value) -> Outcome {
    let is_empty = match spec {
        Value::Undef => true,
        Value::Str(id) => cx.heap.n_chars(id) == 0,
        _ => false,
    };
    if is_empty {
        match value {
            Value::Str(_) => return Ok(value),
            Value::Int(int) => return Ok(int_text(cx, int)),
            Value::Bool(_) | Value::None | Value::Float(_) | Value::BigInt(_) => return to_str_slow(cx, value),
            _ => {}
        }
    } else {
        let Some(text) = cx.text_of(spec) else {
            let message = format!("Format specifier must be a string, not {}", cx.class_name(spec));
            return Err(cx.type_error(message));
        };
        if let Value::Int(_) | Value::Float(_) | Value::Str(_) | Value::Bool(_) | Value::BigInt(_) = value {
            let spec: smallvec::SmallVec<[u8; 16]> = text.into();
            let mut text = Vec::with_capacity(32);
            formatting::push_formatted(cx, value, &spec, &mut text).expect("its format is known")?;
            return Ok(formatting::to_str(cx, text));
        }
    }
    let spec = if spec.is_undef() { Value::Str(cx.heap.empty_str) } else { spec };
    match cx.special_of(value, Special::Format) {
        Some(Value::Builtin(id)) => call_native(cx, id, &[value, spec]),
        Some(_) => Err(cx.ask_push(NativeFrame::new(FORMAT_STEP, &[value, spec]))),
        None => {
            let message = format!("Type {} doesn't define __format__", cx.class_name(value));
            Err(cx.type_error(message))
        }
    }
}

/// The texts of an f-string, one after the other.
pub fn concat(cx: &mut Cx, parts: &[Value]) -> Outcome {
    match *parts {
        [] => return Ok(Value::Str(cx.heap.empty_str)),
        [only] => return Ok(only),
        _ => {}
    }
    let (mut n_bytes, mut n_chars, mut is_ascii) = (0, 0, true);
    for &part in parts {
        let Value::Str(id) = cx.exact(part) else { crate::bug!("a part of a text is no str: {part:?}") };
        let str = cx.heap.strs.get(id);
        n_chars += str.n_chars as usize;
        is_ascii &= str.is_ascii;
        n_bytes += if str.is_ascii { str.n_chars as usize } else { cx.heap.text(id).len() };
    }
    cx.heap.ensure(n_bytes)?;
    if n_bytes <= MAX_SHORT && n_chars > 1 {
        let (mut bytes, mut len) = ([0; MAX_SHORT], 0);
        for &part in parts {
            let text = cx.text_of(part).unwrap_or_default();
            bytes[len..len + text.len()].copy_from_slice(text);
            len += text.len();
        }
        return Ok(cx.heap.new_text(Text::Short { len: len as u8, bytes }, n_chars, is_ascii));
    }
    let mut text = Vec::with_capacity(n_bytes);
    for &part in parts {
        text.extend_from_slice(cx.text_of(part).unwrap_or_default());
    }
    Ok(cx.heap.new_counted(text, n_chars, is_ascii))
}

/// The decimal text of an int of 64 bits.
pub fn int_text(cx: &mut Cx, int: i64) -> Value {
    if let 0..10 = int {
        return cx.heap.latin_char(b'0' + int as u8);
    }
    let mut buffer = [0; DECIMAL_LEN];
    cx.heap.new_short_ascii(decimal(int, &mut buffer))
}

fn float_text(cx: &mut Cx, number: f64) -> Value {
    let text = super::float::text::repr(number).into_bytes();
    cx.heap.new_ascii(text)
}

/// The longest decimal text of 64 bits, with its sign.
pub const DECIMAL_LEN: usize = 20;

/// The decimal digits of an int, written at the end of `buffer`.
#[inline]
pub fn decimal(int: i64, buffer: &mut [u8; DECIMAL_LEN]) -> &[u8] {
    let mut at = DECIMAL_LEN;
    let mut rest = int.unsigned_abs();
    while rest >= 100 {
        let pair = (rest % 100) as usize;
        rest /= 100;
        at -= 2;
        buffer[at..at + 2].copy_from_slice(&PAIRS[pair]);
    }
    if rest >= 10 {
        at -= 2;
        buffer[at..at + 2].copy_from_slice(&PAIRS[rest as usize]);
    } else {
        at -= 1;
        buffer[at] = b'0' + rest as u8;
    }
    if int < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    &buffer[at..]
}

/// `00` to `99`.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

/// The text of a value that has just one.
fn constant_text(value: Value) -> Option<&'static str> {
    match value {
        Value::None => Some("None"),
        Value::Bool(true) => Some("True"),
        Value::Bool(false) => Some("False"),
        Value::Ellipsis => Some("Ellipsis"),
        Value::NotImplemented => Some("NotImplemented"),
        _ => None,
    }
}

fn str_repr(cx: &mut Cx, id: crate::value::Id<crate::value::Str>) -> Outcome {
    let n_bytes = cx.heap.text(id).len();
    cx.heap.ensure(n_bytes)?;
    let mut text = Vec::with_capacity(n_bytes + 2);
    repr::push_repr(cx.heap.text(id), &mut text);
    if cx.heap.is_ascii(id) {
        return Ok(cx.heap.new_ascii(text));
    }
    Ok(cx.heap.new_str_from(text))
}

/// What is not ASCII in a str, escaped.
fn escape_text(cx: &mut Cx, text: Value) -> Value {
    let Value::Str(id) = cx.exact(text) else { return text };
    if cx.heap.is_ascii(id) {
        return text;
    }
    let mut escaped = Vec::new();
    repr::push_escaped_beyond_ascii(cx.heap.text(id), &mut escaped);
    cx.heap.new_ascii(escaped)
}

/// A special method of a built-in class, whose result needs no check. The result of its last call is its own result.
fn call_native(cx: &mut Cx, native: NativeId, args: &[Value]) -> Outcome {
    match native_def(native).body {
        Body::Plain(body) => match body(cx, args) {
            Err(Ask::Tail) => Err(Ask::Call),
            outcome => outcome,
        },
        Body::Stepped(_) => Err(cx.ask_push(NativeFrame::new(native, args))),
    }
}

// ----- Steps -----

fn str_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    special_step(cx, frame, Special::Str)
}

fn repr_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    special_step(cx, frame, Special::Repr)
}

fn special_step(cx: &mut Cx, frame: &mut NativeFrame, special: Special) -> Outcome {
    let value = frame.values[0];
    if frame.step == 0 {
        frame.step = 1;
        let method = match cx.special_of(value, special) {
            Some(method) if !matches!(method, Value::Builtin(_)) => method,
            // `object.__str__` is `repr`.
            _ => cx.special_of(value, Special::Repr).expect("it was found before"),
        };
        return Err(cx.ask_method(method, value, &[]));
    }
    let text = frame.told.into_outcome()?;
    if cx.text_of(text).is_some() {
        return Ok(text);
    }
    let message = format!("{} returned non-string (type {})", special.text(), cx.class_name(text));
    Err(cx.type_error(message))
}

fn ascii_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        return to_repr(cx, frame.values[0]).map(|text| escape_text(cx, text));
    }
    let text = frame.told.into_outcome()?;
    Ok(escape_text(cx, text))
}

fn format_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (value, spec) = (frame.values[0], frame.values[1]);
    if frame.step == 0 {
        frame.step = 1;
        let method = cx.special_of(value, Special::Format).expect("it was found before");
        return Err(cx.ask_method(method, value, &[spec]));
    }
    let text = frame.told.into_outcome()?;
    if cx.text_of(text).is_some() {
        return Ok(text);
    }
    let message = format!("__format__ must return a str, not {}", cx.class_name(text));
    Err(cx.type_error(message))
}
