//! `array[index]`, slices, and their assignment and deletion.
//!
//! Keys and values that need script code (`__index__`, an iterable) are made plain in a frame first.

use super::{ByteArray, check_exports, grow};
use crate::call::{Ask, Cx, Outcome};
use crate::types::bytes::{make, this};
use crate::types::slice::{self, Selection};
use crate::types::{bytearray, protocol};
use crate::value::native_object::Boxed;
use crate::value::special::Special;
use crate::value::{Id, NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// Steps: keys and values that must be converted.
    pub static BYTEARRAY_ITEM_STEPS = [
        hidden "item(action, array, key, value)" => step item_step, "The same with a plain key and value.";
    ]
}

const ITEM: NativeId = NativeId { table: crate::tables::BYTEARRAY_ITEM, row: 0 };

#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Get,
    Set,
    Delete,
}

pub fn bytearray_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    at_key(cx, Action::Get, args[0], args[1], Value::Undef)
}

pub fn bytearray_setitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    at_key(cx, Action::Set, args[0], args[1], args[2])
}

pub fn bytearray_delitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    at_key(cx, Action::Delete, args[0], args[1], Value::Undef)
}

fn at_key(cx: &mut Cx, action: Action, array: Value, key: Value, value: Value) -> Outcome {
    let Value::Native(id) = cx.exact(array) else { crate::bug!("a bytearray is native") };
    match cx.exact(key) {
        Value::Int(at) => at_index(cx, action, id, [array, key, value], at),
        Value::Bool(at) => at_index(cx, action, id, [array, key, value], at as i64),
        Value::BigInt(_) => Err(cx.index_error("cannot fit 'int' into an index-sized integer")),
        Value::Slice(slice) => match slice::select(cx, slice::parts(cx, slice), this(cx, array).len()) {
            Some(Ok(selection)) => at_slice(cx, action, id, [array, key, value], selection),
            Some(Err(_)) => Err(slice::zero_step(cx)),
            None => Err(ask(cx, action, [array, key, value])),
        },
        _ if cx.special_of(key, Special::Index).is_some() => Err(ask(cx, action, [array, key, value])),
        _ => {
            let message = format!("bytearray indices must be integers or slices, not {}", cx.class_name(key));
            Err(cx.type_error(message))
        }
    }
}

fn ask(cx: &mut Cx, action: Action, [array, key, value]: [Value; 3]) -> Ask {
    cx.ask_push(NativeFrame::new(ITEM, &[Value::Int(action as i64), array, key, value]))
}

fn at_index(cx: &mut Cx, action: Action, id: Id<Boxed>, operands: [Value; 3], at: i64) -> Outcome {
    let byte = match action {
        Action::Set => match byte_of(cx, operands[2])? {
            Some(byte) => byte,
            None => return Err(ask(cx, action, operands)),
        },
        Action::Get | Action::Delete => 0,
    };
    let len = this(cx, Value::Native(id)).len() as i64;
    let place = if at < 0 { at + len } else { at };
    if !(0..len).contains(&place) {
        return Err(cx.index_error("bytearray index out of range"));
    }
    let place = place as usize;
    match action {
        Action::Get => Ok(Value::Int(this(cx, Value::Native(id))[place] as i64)),
        Action::Delete => {
            check_exports(cx, id)?;
            data_mut(cx, id).remove(place);
            Ok(Value::None)
        }
        Action::Set => {
            data_mut(cx, id)[place] = byte;
            Ok(Value::None)
        }
    }
}

/// The byte that a value stands for; None if its `__index__` must be asked.
pub fn byte_of(cx: &mut Cx, value: Value) -> Result<Option<u8>, Ask> {
    match cx.exact(value) {
        Value::Int(byte @ 0..256) => Ok(Some(byte as u8)),
        Value::Bool(byte) => Ok(Some(byte as u8)),
        Value::Int(_) | Value::BigInt(_) => Err(cx.value_error("byte must be in range(0, 256)")),
        _ => Ok(None),
    }
}

fn data_mut(cx: &mut Cx, id: Id<Boxed>) -> &mut Vec<u8> {
    &mut cx.heap.native_mut::<ByteArray>(id).expect("self is a bytearray").data
}

fn at_slice(cx: &mut Cx, action: Action, id: Id<Boxed>, operands: [Value; 3], selection: Selection) -> Outcome {
    let Selection { start, step, count, .. } = selection;
    let place = |nth: usize| (start as i64 + nth as i64 * step) as usize;
    match action {
        Action::Get => {
            cx.heap.ensure(count)?;
            let data = this(cx, Value::Native(id));
            let part = match step {
                1 => data[start..start + count].to_vec(),
                _ => (0..count).map(|nth| data[place(nth)]).collect(),
            };
            Ok(bytearray::new(cx, part))
        }
        Action::Delete => {
            if count > 0 {
                check_exports(cx, id)?;
            }
            let data = data_mut(cx, id);
            if step == 1 {
                data.drain(start..start + count);
            } else {
                let mut places: Vec<_> = (0..count).map(place).collect();
                places.sort_unstable_by(|lhs, rhs| rhs.cmp(lhs));
                for place in places {
                    data.remove(place);
                }
            }
            Ok(Value::None)
        }
        Action::Set => match cx.exact(operands[2]) {
            value if is_number_or_text(cx, value) => {
                Err(cx.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)"))
            }
            _ => match make::quick_source(cx, operands[2], true) {
                Some(data) => {
                    let data = data?;
                    assign(cx, id, selection, &data)
                }
                None => Err(ask(cx, action, operands)),
            },
        },
    }
}

/// What a bytearray is not made of here, though `bytearray(value)` takes it.
fn is_number_or_text(cx: &mut Cx, value: Value) -> bool {
    matches!(value, Value::Str(_) | Value::Int(_) | Value::Float(_))
        || [Special::Index, Special::Int, Special::Float].iter().any(|&special| cx.special_of(value, special).is_some())
        || cx.class_of(value) == crate::types::classes::COMPLEX
}

fn assign(cx: &mut Cx, id: Id<Boxed>, selection: Selection, data: &[u8]) -> Outcome {
    let Selection { start, step, count, .. } = selection;
    if step == 1 {
        if data.len() != count {
            check_exports(cx, id)?;
            grow(cx, id, data.len().saturating_sub(count))?;
        }
        data_mut(cx, id).splice(start..start + count, data.iter().copied());
        return Ok(Value::None);
    }
    if data.is_empty() {
        return at_slice(cx, Action::Delete, id, [Value::Undef; 3], selection);
    }
    if data.len() != count {
        let n_bytes = data.len();
        let message = format!("attempt to assign bytes of size {n_bytes} to extended slice of size {count}");
        return Err(cx.value_error(message));
    }
    let content = data_mut(cx, id);
    for (nth, &byte) in data.iter().enumerate() {
        content[(start as i64 + nth as i64 * step) as usize] = byte;
    }
    Ok(Value::None)
}

// ----- Conversions -----

const KEY: u32 = 3;
const VALUE: u32 = 4;

/// Steps 0 to 2: the parts of a slice; then the key, then the value.
fn item_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let mut answer = match std::mem::take(&mut frame.told) {
        Told::Start => None,
        told => Some(told.into_outcome()?),
    };
    let action = match frame.values[0] {
        Value::Int(0) => Action::Get,
        Value::Int(1) => Action::Set,
        _ => Action::Delete,
    };
    if frame.step == 0 && !matches!(frame.values[2], Value::Slice(_)) {
        frame.step = KEY;
    }
    while frame.step < KEY {
        let Value::Slice(id) = frame.values[2] else { break };
        let mut parts = slice::parts(cx, id);
        let at = frame.step as usize;
        if slice::plain_bound(cx, parts[at]).is_none() {
            if cx.special_of(parts[at], Special::Index).is_none() {
                return Err(slice::bad_bound(cx));
            }
            parts[at] = match answer.take() {
                Some(answer) => answer,
                None => protocol::index(cx, parts[at]).map_err(Ask::to_come_back)?,
            };
            frame.values[2] = slice::new(cx, parts[0], parts[1], parts[2]);
        }
        frame.step += 1;
    }
    if frame.step == KEY {
        if !matches!(frame.values[2], Value::Slice(_)) {
            frame.values[2] = match answer.take() {
                Some(answer) => answer,
                None => protocol::index(cx, frame.values[2]).map_err(Ask::to_come_back)?,
            };
        }
        frame.step = VALUE;
    }
    if action == Action::Set {
        let (is_slice, value) = (matches!(frame.values[2], Value::Slice(_)), frame.values[3]);
        frame.values[3] = match answer.take() {
            Some(answer) => answer,
            None if is_slice => launch_source(cx, value)?,
            None => protocol::index(cx, value).map_err(Ask::to_come_back)?,
        };
    }
    at_key(cx, action, frame.values[1], frame.values[2], frame.values[3])
}

fn launch_source(cx: &mut Cx, value: Value) -> Outcome {
    if let Value::Int(_) | Value::Bool(_) | Value::Str(_) | Value::Float(_) = cx.exact(value) {
        return Ok(value);
    }
    make::source(cx, value, true).map_err(Ask::to_come_back)
}
