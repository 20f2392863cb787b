//! Cases, padding, `expandtabs`, `translate`.

use aspen_grammar::source::{Wtf8, wtf8};

use super::{made, part, text_argument, this};
use crate::call::{Ask, Cx, Outcome};
use crate::types::text::classify::{Translated, push_translated};
use crate::types::text::pad::{self, Place};
use crate::types::text::{bytes, case, search::Units};
use crate::types::{classes, container, item};
use crate::value::{Dict, Heap, Id, NativeFrame, NativeId, Str, Told, Value};

crate::natives! {
    /// Steps: `translate` with a table that is no dict.
    pub static STR_CHANGE_STEPS = [
        hidden "translate(text, table, at, done)" => step translate_step, "Each character through the table.";
    ]
}

const TRANSLATE: NativeId = NativeId { table: crate::tables::STR_CHANGE, row: 0 };

// ----- Cases -----

/// Changes an ASCII text byte by byte in place, any other as a whole.
#[inline]
fn recase(cx: &mut Cx, args: &[Value], ascii: impl Fn(u8) -> u8, any: fn(&[u8]) -> Vec<u8>) -> Outcome {
    let id = this(cx, args[0]);
    if !cx.heap.is_ascii(id) {
        return change(cx, args, any, any);
    }
    cx.heap.ensure(cx.heap.text(id).len())?;
    Ok(cx.heap.map_ascii(id, ascii))
}

fn change(cx: &mut Cx, args: &[Value], ascii: fn(&[u8]) -> Vec<u8>, any: fn(&[u8]) -> Vec<u8>) -> Outcome {
    let id = this(cx, args[0]);
    let n_bytes = cx.heap.text(id).len();
    cx.heap.ensure(n_bytes)?;
    let is_ascii = cx.heap.is_ascii(id);
    let text = cx.heap.text(id);
    let changed = if is_ascii { ascii(text) } else { any(text) };
    Ok(made(cx, changed, is_ascii))
}

pub(super) fn str_upper(cx: &mut Cx, args: &[Value]) -> Outcome {
    recase(cx, args, |byte| byte.to_ascii_uppercase(), case::upper)
}

pub(super) fn str_lower(cx: &mut Cx, args: &[Value]) -> Outcome {
    recase(cx, args, |byte| byte.to_ascii_lowercase(), case::lower)
}

pub(super) fn str_casefold(cx: &mut Cx, args: &[Value]) -> Outcome {
    recase(cx, args, |byte| byte.to_ascii_lowercase(), case::casefold)
}

pub(super) fn str_swapcase(cx: &mut Cx, args: &[Value]) -> Outcome {
    change(cx, args, bytes::swapcase, case::swapcase)
}

pub(super) fn str_capitalize(cx: &mut Cx, args: &[Value]) -> Outcome {
    change(cx, args, bytes::capitalize, case::capitalize)
}

pub(super) fn str_title(cx: &mut Cx, args: &[Value]) -> Outcome {
    change(cx, args, bytes::title, case::title)
}

// ----- Padding -----

pub(super) fn str_center(cx: &mut Cx, args: &[Value]) -> Outcome {
    padded(cx, args, Place::Center)
}

pub(super) fn str_ljust(cx: &mut Cx, args: &[Value]) -> Outcome {
    padded(cx, args, Place::Left)
}

pub(super) fn str_rjust(cx: &mut Cx, args: &[Value]) -> Outcome {
    padded(cx, args, Place::Right)
}

fn padded(cx: &mut Cx, args: &[Value], place: Place) -> Outcome {
    let id = this(cx, args[0]);
    let fill = match args[2].given() {
        None => b" ".to_vec(),
        Some(fill) => {
            let fill = text_argument(cx, fill, |class| {
                format!("The fill character must be a unicode character, not {class}")
            })?;
            if cx.heap.n_chars(fill) != 1 {
                return Err(cx.type_error("The fill character must be exactly one character long"));
            }
            cx.heap.text(fill).to_vec()
        }
    };
    let Value::Int(width) = args[1] else { crate::bug!("a size is an Int") };
    let n_chars = cx.heap.n_chars(id);
    if width <= n_chars as i64 {
        let len = cx.heap.text(id).len();
        return Ok(part(cx, args[0], id, 0..len));
    }
    room(cx, width, fill.len())?;
    let is_ascii = cx.heap.is_ascii(id) && fill.len() == 1;
    let text = pad::pad(cx.heap.text(id), n_chars, width as usize, &fill, place);
    Ok(made(cx, text, is_ascii))
}

/// Memory for a result of so many code points.
pub(super) fn room(cx: &mut Cx, n_chars: i64, bytes_per_char: usize) -> Result<(), Ask> {
    let n_bytes = (n_chars as usize).saturating_mul(bytes_per_char);
    if n_bytes > u32::MAX as usize {
        return Err(cx.memory_error());
    }
    cx.heap.ensure(n_bytes)?;
    Ok(())
}

pub(super) fn str_zfill(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let Value::Int(width) = args[1] else { crate::bug!("a size is an Int") };
    let n_chars = cx.heap.n_chars(id);
    if width <= n_chars as i64 {
        let len = cx.heap.text(id).len();
        return Ok(part(cx, args[0], id, 0..len));
    }
    room(cx, width, 1)?;
    let is_ascii = cx.heap.is_ascii(id);
    let text = pad::zero_fill(cx.heap.text(id), n_chars, width as usize);
    Ok(made(cx, text, is_ascii))
}

pub(super) fn str_expandtabs(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let tab_size = match args[1] {
        Value::Int(size) => size.max(0) as usize,
        _ => 8,
    };
    let len = pad::expanded_len(cx.heap.text(id), tab_size, Units::CodePoints).filter(|&len| len <= u32::MAX as usize);
    let Some(len) = len else { return Err(cx.overflow_error("new string is too long")) };
    cx.heap.ensure(len)?;
    let is_ascii = cx.heap.is_ascii(id);
    let text = pad::expand_tabs(cx.heap.text(id), tab_size, Units::CodePoints);
    Ok(made(cx, text, is_ascii))
}

// ----- Translate -----

pub(super) fn str_translate(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    match args[1] {
        Value::Dict(table) => translate_by_dict(cx, id, table),
        table => {
            let done = Value::Str(cx.heap.empty_str);
            Err(cx.ask_push(NativeFrame::new(TRANSLATE, &[Value::Str(id), table, Value::Int(0), done])))
        }
    }
}

fn translate_by_dict(cx: &mut Cx, id: Id<Str>, table: Id<Dict>) -> Outcome {
    cx.heap.ensure(cx.heap.text(id).len())?;
    let mut out = Wtf8::new();
    let mut at = 0;
    // What became of the ASCII characters seen so far.
    let mut known: [Option<Value>; 128] = [None; 128];
    while let Some((code, len)) = wtf8::decode(&cx.heap.text(id)[at..]) {
        at += len;
        let memo = known.get(code as usize).copied().flatten();
        let found = memo.unwrap_or_else(|| find_code(&cx.heap, table, code).unwrap_or_default());
        if let Some(place) = known.get_mut(code as usize) {
            *place = Some(found);
        }
        push_found(cx, code, found, &mut out)?;
        if out.as_bytes().len() > u32::MAX as usize {
            return Err(cx.memory_error());
        }
        cx.heap.ensure(out.as_bytes().len() * 2)?;
    }
    Ok(cx.heap.new_str_from(out.into_bytes()))
}

/// What a dict has under a code point.
fn find_code(heap: &Heap, table: Id<Dict>, code: u32) -> Option<Value> {
    let dict = heap.dicts.get(table);
    let is_key = |entry_idx: u32| match dict.entries[entry_idx as usize].key {
        Value::Int(key) => key == code as i64,
        Value::Bool(key) => key as i64 == code as i64,
        Value::Float(key) => key == code as f64,
        _ => false,
    };
    let entry_idx = dict.table.find(crate::value::hash::hash_i64(code as i64) as u64, is_key)?;
    Some(dict.entries[entry_idx as usize].value)
}

/// Appends what a table says of a code point; `Undef`: nothing, so that it stays.
fn push_found(cx: &mut Cx, code: u32, found: Value, out: &mut Wtf8) -> Result<(), Ask> {
    let translated = match cx.exact(found) {
        Value::Undef => Translated::Same,
        Value::None => Translated::Nothing,
        Value::Int(int @ 0..0x11_0000) => Translated::Code(int as u32),
        Value::Bool(bool) => Translated::Code(bool as u32),
        Value::Int(_) | Value::BigInt(_) => {
            return Err(cx.value_error("character mapping must be in range(0x110000)"));
        }
        Value::Str(id) => Translated::Text(cx.heap.text(id)),
        _ => return Err(cx.type_error("character mapping must return integer, None or str")),
    };
    push_translated(code, translated, out);
    Ok(())
}

/// R[2] is the byte offset of the character at hand, R[3] what is done.
fn translate_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (Value::Str(id), Value::Int(mut at)) = (frame.values[0], frame.values[2]) else {
        crate::bug!("a frame of translate has a text and a place")
    };
    let table = frame.values[1];
    let mut out = Wtf8::new();
    while let Some((code, len)) = wtf8::decode(&cx.heap.text(id)[at as usize..]) {
        let found = match std::mem::take(&mut frame.told) {
            Told::Start => item::get(cx, table, Value::Int(code as i64)),
            told => told.into_outcome(),
        };
        let found = match found {
            Ok(found) => found,
            Err(Ask::Raise(exc)) if cx.is_exception(exc, classes::LOOKUP_ERROR) => Value::Undef,
            Err(ask) => {
                keep(cx, frame, at, out)?;
                return Err(ask.to_come_back());
            }
        };
        push_found(cx, code, found, &mut out)?;
        at += len as i64;
        cx.burnt += 1;
    }
    keep(cx, frame, at, out)?;
    Ok(frame.values[3])
}

fn keep(cx: &mut Cx, frame: &mut NativeFrame, at: i64, out: Wtf8) -> Result<(), Ask> {
    frame.values[2] = Value::Int(at);
    if out.is_empty() {
        return Ok(());
    }
    let (Value::Str(done), Value::Str(more)) = (frame.values[3], cx.heap.new_str_from(out.into_bytes())) else {
        crate::bug!("what is done is a str")
    };
    frame.values[3] = cx.heap.concat(done, more).unwrap_or(frame.values[3]);
    Ok(())
}

/// `str.maketrans(x[, y[, z]])`.
pub(super) fn str_maketrans(cx: &mut Cx, args: &[Value]) -> Outcome {
    let [x, y, z] = [args[0], args[1], args[2]];
    let mut pairs = Vec::new();
    if y.is_undef() {
        let Value::Dict(table) = cx.exact(x) else {
            return Err(cx.type_error("if you give only one argument to maketrans it must be a dict"));
        };
        let entries: Vec<_> = cx.heap.dicts.get(table).iter().map(|entry| (entry.key, entry.value)).collect();
        for (key, value) in entries {
            pairs.extend([translation_key(cx, key)?, value]);
        }
        return container::build_dict(cx, &pairs);
    }
    let from =
        text_argument(cx, x, |_| "first maketrans argument must be a string if there is a second argument".into())?;
    let to = this(cx, y);
    if cx.heap.n_chars(from) != cx.heap.n_chars(to) {
        return Err(cx.value_error("the first two maketrans arguments must have equal length"));
    }
    let codes = |cx: &Cx, id: Id<Str>| -> Vec<u32> {
        let mut rest = cx.heap.text(id);
        std::iter::from_fn(|| {
            let (code, len) = wtf8::decode(rest)?;
            rest = &rest[len..];
            Some(code)
        })
        .collect()
    };
    for (from, to) in codes(cx, from).into_iter().zip(codes(cx, to)) {
        pairs.extend([Value::Int(from as i64), Value::Int(to as i64)]);
    }
    if let Some(deleted) = z.given() {
        let deleted = this(cx, deleted);
        pairs.extend(codes(cx, deleted).into_iter().flat_map(|code| [Value::Int(code as i64), Value::None]));
    }
    container::build_dict(cx, &pairs)
}

fn translation_key(cx: &mut Cx, key: Value) -> Outcome {
    match cx.exact(key) {
        Value::Int(_) | Value::BigInt(_) | Value::Bool(_) => Ok(key),
        Value::Str(id) if cx.heap.n_chars(id) == 1 => Ok(Value::Int(cx.heap.char_at(id, 0) as i64)),
        Value::Str(_) => Err(cx.value_error("string keys in translate table must be of length 1")),
        _ => Err(cx.type_error("keys in translate table must be strings or integers")),
    }
}
