//! New arrays, and what is appended to them.

use super::{CODES, array_of, code_of, data_mut, is_text, item_len, make_room, new, pack, state, this};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::types::bytes::buffer;
use crate::types::drive::{Flow, drive};
use crate::types::{class, classes};
use crate::value::native_object::Boxed;
use crate::value::{Id, NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// Steps that fill arrays.
    pub static ARRAY_STEPS = [
        hidden "extend(iterable, item, array, result)" => step extend_step, "Appends all items; then gives the result.";
        hidden "from_list(array, list, data)" => step from_list_step, "Appends the items of a list, or none.";
        hidden "at_key(array, key, value, action)" => step super::item::key_step, "`array[key]` with a plain key.";
        hidden "read(array, file, n_items)" => step super::content::read_step, "Appends what a file gives.";
    ]
}

/// A row of the steps.
pub const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::ARRAY_STEPS, row }
}

pub fn array_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = class::checked_class(cx, args[0], classes::ARRAY)?;
    let code = type_code(cx, args[1])?;
    let source = args[2];
    let array = new(cx, code, Vec::new());
    let made = if class == classes::ARRAY { array } else { class::allocate(cx, class, array) };
    let id = this(cx, array);
    let letter = code as char;
    match cx.exact(source) {
        Value::Undef => return Ok(made),
        Value::Str(_) if !is_text(code) => {
            let message = format!("cannot use a str to initialize an array with typecode '{letter}'");
            return Err(cx.type_error(message));
        }
        Value::Str(text) => {
            append_text(cx, id, text)?;
            return Ok(made);
        }
        Value::Native(other) if array_of(cx, source).is_some() => {
            let other_code = code_of(cx, other);
            if is_text(other_code) && !is_text(code) {
                let message = format!("cannot use a unicode array to initialize an array with typecode '{letter}'");
                return Err(cx.type_error(message));
            }
            if other_code == code {
                let data = state(cx, other).data.clone();
                append(cx, id, &data)?;
                return Ok(made);
            }
        }
        Value::Bytes(_) | Value::Native(_) if !buffer::is_view(cx, source) && buffer::is_buffer(cx, source) => {
            append_bytes(cx, id, source)?;
            return Ok(made);
        }
        _ => {}
    }
    extend_by(cx, source, array, made)
}

fn type_code(cx: &mut Cx, value: Value) -> Result<u8, Ask> {
    let Some(text) = cx.text_of(value) else {
        let message = format!("array() argument 1 must be a unicode character, not {}", cx.class_name(value));
        return Err(cx.type_error(message));
    };
    match text {
        [code] if CODES.contains(code) => Ok(*code),
        text if crate::value::string::count_chars(text) == 1 => {
            Err(cx.value_error("bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)"))
        }
        _ => Err(cx.type_error("array() argument 1 must be a unicode character, not str")),
    }
}

/// Appends bytes that are whole items.
pub fn append(cx: &mut Cx, id: Id<Boxed>, data: &[u8]) -> Result<(), Ask> {
    make_room(cx, id, data.len())?;
    data_mut(cx, id).extend_from_slice(data);
    Ok(())
}

/// Appends the bytes of a buffer.
pub fn append_bytes(cx: &mut Cx, id: Id<Boxed>, source: Value) -> Result<(), Ask> {
    let data = buffer::require(cx, source)?;
    if data.len() % item_len(code_of(cx, id)) != 0 {
        return Err(cx.value_error("bytes length not a multiple of item size"));
    }
    append(cx, id, &data)
}

/// Appends the characters of a text.
pub fn append_text(cx: &mut Cx, id: Id<Boxed>, text: Id<crate::value::Str>) -> Result<(), Ask> {
    cx.heap.ensure(cx.heap.n_chars(text) * 4)?;
    let mut rest = cx.heap.text(text);
    let mut data = Vec::with_capacity(cx.heap.n_chars(text) * 4);
    while let Some((character, len)) = aspen_grammar::source::wtf8::decode(rest) {
        data.extend_from_slice(&character.to_le_bytes());
        rest = &rest[len..];
    }
    append(cx, id, &data)
}

/// Appends what an iterable gives; an array must have the same type of items.
pub fn extend(cx: &mut Cx, array: Value, source: Value) -> Outcome {
    let id = this(cx, array);
    if let Some(other) = array_of(cx, source) {
        if code_of(cx, other) != code_of(cx, id) {
            return Err(cx.type_error("can only extend with array of same kind"));
        }
        let data = state(cx, other).data.clone();
        append(cx, id, &data)?;
        return Ok(Value::None);
    }
    extend_by(cx, source, Value::Native(id), Value::None)
}

fn extend_by(cx: &mut Cx, source: Value, array: Value, result: Value) -> Outcome {
    launch(cx, NativeFrame::new(step(0), &[source, Value::Undef, array, result]))
}

fn extend_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(
        cx,
        frame,
        |cx, frame, item| {
            let id = this(cx, frame.values[2]);
            let code = code_of(cx, id);
            let plain = pack::plain(cx, code, item)?;
            push_plain(cx, id, plain)
        },
        |cx, frame, _, answer| {
            let id = this(cx, frame.values[2]);
            push_plain(cx, id, answer)
        },
    )?;
    Ok(frame.values[3])
}

fn push_plain(cx: &mut Cx, id: Id<Boxed>, plain: Value) -> Result<Flow, Ask> {
    let code = code_of(cx, id);
    let (item, len) = pack::pack(cx, code, plain)?;
    append(cx, id, &item[..len])?;
    Ok(Flow::Go)
}

/// `array.fromlist(list)`: if an item does not fit, the array stays as it was.
pub fn array_fromlist(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::List(_) = cx.exact(args[1]) else { return Err(cx.type_error("arg must be list")) };
    let id = this(cx, args[0]);
    let code = code_of(cx, id);
    let made = new(cx, code, Vec::new());
    let list = cx.exact(args[1]);
    launch(cx, NativeFrame::new(step(1), &[Value::Native(id), list, made]))
}

fn from_list_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [array, list, made] = frame.values[..] else { crate::bug!("an array, a list and an array") };
    if frame.step == 0 {
        frame.step = 1;
        let outcome = extend_by(cx, list, made, Value::None).map_err(Ask::to_come_back);
        if outcome == Err(Ask::Full) {
            frame.step = 0;
        }
        frame.told = Told::Value(outcome?);
    }
    frame.told.into_outcome()?;
    extend(cx, array, made)
}
