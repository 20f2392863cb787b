//! `format(value, spec)` of exact built-in values, appended to a text: what f-strings, `str.format` and the rows
//! `__format__` share.
//!
//! The specs of everyday (`05d`, `.2f`, `>10`) are done without the general layout.

use std::io::Write;

use super::format::spec::{FormatError, Spec};
use super::format::{float, int, text};
use super::strings;
use crate::call::{Ask, Cx};
use crate::types::text::index::count_chars;
use crate::value::Value;

/// A spec of everyday: `[<|>][0][width][.precision][letter]`.
#[derive(Clone, Copy)]
struct Everyday {
    /// `<`, `>`, or 0.
    align: u8,
    is_zero: bool,
    width: usize,
    precision: Option<usize>,
    letter: u8,
}

/// Widths and precisions from here on are the general layout's.
const SMALL: usize = 200;

impl Everyday {
    fn parse(spec: &[u8]) -> Option<Everyday> {
        let mut rest = spec;
        let mut parsed = Everyday { align: 0, is_zero: false, width: 0, precision: None, letter: 0 };
        if let [align @ (b'<' | b'>'), after @ ..] = rest {
            (parsed.align, rest) = (*align, after);
        } else if let [b'0', after @ ..] = rest {
            (parsed.is_zero, rest) = (true, after);
        }
        if rest.first() == Some(&b'0') {
            return None;
        }
        parsed.width = take_number(&mut rest)?;
        if let [b'.', after @ ..] = rest {
            rest = after;
            if !rest.first().is_some_and(u8::is_ascii_digit) {
                return None;
            }
            parsed.precision = Some(take_number(&mut rest)?);
        }
        match rest {
            [] => Some(parsed),
            [letter] => Some(Everyday { letter: *letter, ..parsed }),
            _ => None,
        }
    }
}

fn take_number(rest: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    while let [digit @ b'0'..=b'9', after @ ..] = *rest {
        number = number * 10 + (digit - b'0') as usize;
        *rest = after;
        if number > SMALL {
            return None;
        }
    }
    Some(number)
}

/// Appends what an exact built-in value becomes; None for any other value, whose `__format__` is to be called.
pub fn push_formatted(cx: &mut Cx, value: Value, spec: &[u8], out: &mut Vec<u8>) -> Option<Result<(), Ask>> {
    if let Err(ask) = room_behind(cx, value, out) {
        return Some(Err(ask));
    }
    if spec.is_empty() {
        return push_plain(cx, value, out);
    }
    if let Some(everyday) = Everyday::parse(spec)
        && push_everyday(cx, value, everyday, out)
    {
        return Some(Ok(()));
    }
    let formatted = match value {
        Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => format_int(cx, value, spec),
        Value::Float(number) => match Spec::parse_for_number(spec) {
            Ok(spec) => room_for(cx, &spec, 0).and_then(|()| fail(cx, value, float::format_float(number, &spec))),
            Err(error) => Err(format_error(cx, &error, value)),
        },
        Value::Str(id) => match Spec::parse_for_text(spec) {
            Ok(spec) => room_for(cx, &spec, cx.heap.text(id).len()).and_then(|()| {
                let formatted = text::format_text(cx.heap.text(id), cx.heap.n_chars(id), &spec);
                fail(cx, value, formatted)
            }),
            Err(error) => Err(format_error(cx, &error, value)),
        },
        _ => return None,
    };
    Some(formatted.map(|text| out.extend_from_slice(&text)))
}

/// Memory for a text that grows by what a value becomes, once it is large.
#[inline]
fn room_behind(cx: &mut Cx, value: Value, out: &[u8]) -> Result<(), Ask> {
    let more = if let Value::Str(id) = value { cx.heap.text(id).len() } else { 0 };
    let wanted = out.len() + more;
    if wanted < 1 << 14 {
        return Ok(());
    }
    if wanted > u32::MAX as usize {
        return Err(cx.memory_error());
    }
    // A vector that grows doubles.
    Ok(cx.heap.ensure(wanted * 2)?)
}

/// Without a spec.
fn push_plain(cx: &mut Cx, value: Value, out: &mut Vec<u8>) -> Option<Result<(), Ask>> {
    match value {
        Value::Str(id) => out.extend_from_slice(cx.heap.text(id)),
        Value::Int(int) => out.extend_from_slice(strings::decimal(int, &mut [0; strings::DECIMAL_LEN])),
        Value::Float(number) => out.extend_from_slice(super::float::text::repr(number).as_bytes()),
        _ => return None,
    }
    Some(Ok(()))
}

/// Whether it was done: an int, a finite float with `f`, a short str.
fn push_everyday(cx: &Cx, value: Value, spec: Everyday, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    match (value, spec.letter, spec.precision) {
        (Value::Int(int), 0 | b'd', None) => {
            out.extend_from_slice(strings::decimal(int, &mut [0; strings::DECIMAL_LEN]));
        }
        (Value::Float(number), b'f', Some(precision)) if number.is_finite() => {
            if !super::float::fixed::push_fixed(number, precision, out) {
                write!(out, "{number:.precision$}").expect("a vector takes all");
            }
        }
        (Value::Str(id), 0 | b's', None) if !spec.is_zero => {
            let text = cx.heap.text(id);
            let n_padding = spec.width.saturating_sub(cx.heap.n_chars(id));
            if spec.align == b'>' {
                out.resize(start + n_padding, b' ');
            }
            out.extend_from_slice(text);
            if spec.align != b'>' {
                out.resize(out.len() + n_padding, b' ');
            }
            return true;
        }
        _ => return false,
    }
    let len = out.len() - start;
    if len >= spec.width {
        return true;
    }
    let n_padding = spec.width - len;
    let (at, fill) = match (spec.align, spec.is_zero) {
        (b'<', _) => (out.len(), b' '),
        (_, true) => (start + (out[start] == b'-') as usize, b'0'),
        (_, false) => (start, b' '),
    };
    out.splice(at..at, std::iter::repeat_n(fill, n_padding));
    true
}

fn format_int(cx: &mut Cx, value: Value, spec: &[u8]) -> Result<Vec<u8>, Ask> {
    let spec = match Spec::parse_for_number(spec) {
        Ok(spec) => spec,
        Err(error) => return Err(format_error(cx, &error, value)),
    };
    room_for(cx, &spec, 0)?;
    let number = super::int::view(&cx.heap, value).expect("it is an int");
    let formatted = int::format_int(number, &spec, cx.max_str_digits);
    fail(cx, value, formatted)
}

fn fail(cx: &mut Cx, value: Value, formatted: Result<Vec<u8>, FormatError>) -> Result<Vec<u8>, Ask> {
    formatted.map_err(|error| format_error(cx, &error, value))
}

/// Memory for what width and precision make of a value.
pub fn room_for(cx: &mut Cx, spec: &Spec, len: usize) -> Result<(), Ask> {
    let n_bytes = spec.extra_bytes().saturating_add(len);
    if n_bytes > u32::MAX as usize {
        return Err(cx.memory_error());
    }
    cx.heap.ensure(n_bytes)?;
    Ok(())
}

/// Raises what a spec can't do to a value.
pub fn format_error(cx: &mut Cx, error: &FormatError, value: Value) -> Ask {
    let class = cx.class_name(value);
    super::int::text::format_error(cx, error, &class)
}

/// A str of a formatted text.
pub fn to_str(cx: &mut Cx, text: Vec<u8>) -> Value {
    if text.is_ascii() {
        return cx.heap.new_ascii(text);
    }
    let n_chars = count_chars(&text);
    cx.heap.new_counted(text, n_chars, false)
}
