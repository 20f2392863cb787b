//! `array[key]`, its assignment and deletion, and the methods that take one item.
//!
//! Keys and items that need script code are made plain in a frame first.

use super::make::step;
use super::{array_of, code_of, data_mut, item_at, item_len, len_of, make_room, new, pack, state, this};
use crate::call::{Ask, Cx, Outcome};
use crate::types::slice::{self, Selection};
use crate::types::{bytearray, protocol};
use crate::value::native_object::Boxed;
use crate::value::special::Special;
use crate::value::{Id, NativeFrame, Told, Value};

/// What is done at a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Get,
    Set,
    Delete,
    Append,
    Insert,
}

const ACTIONS: [Action; 5] = [Action::Get, Action::Set, Action::Delete, Action::Append, Action::Insert];

pub fn array_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    at_key(cx, Action::Get, args[0], args[1], Value::Undef)
}

pub fn array_setitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    at_key(cx, Action::Set, args[0], args[1], args[2])
}

pub fn array_delitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    at_key(cx, Action::Delete, args[0], args[1], Value::Undef)
}

pub fn array_append(cx: &mut Cx, args: &[Value]) -> Outcome {
    at_key(cx, Action::Append, args[0], Value::Int(0), args[1])
}

pub fn array_insert(cx: &mut Cx, args: &[Value]) -> Outcome {
    at_key(cx, Action::Insert, args[0], args[1], args[2])
}

fn at_key(cx: &mut Cx, action: Action, array: Value, key: Value, value: Value) -> Outcome {
    let id = this(cx, array);
    match cx.exact(key) {
        Value::Int(index) => at_index(cx, action, id, index, [array, key, value]),
        Value::Bool(index) => at_index(cx, action, id, index as i64, [array, key, value]),
        Value::BigInt(_) => Err(cx.index_error("cannot fit 'int' into an index-sized integer")),
        Value::Slice(slice) => match slice::select(cx, slice::parts(cx, slice), len_of(cx, id)) {
            Some(Ok(selection)) => at_slice(cx, action, id, selection, value),
            Some(Err(_)) => Err(slice::zero_step(cx)),
            None => Err(ask(cx, action, [array, key, value])),
        },
        _ if cx.special_of(key, Special::Index).is_some() => Err(ask(cx, action, [array, key, value])),
        _ => Err(cx.type_error("array indices must be integers")),
    }
}

fn ask(cx: &mut Cx, action: Action, [array, key, value]: [Value; 3]) -> Ask {
    cx.ask_push(NativeFrame::new(step(2), &[array, key, value, Value::Int(action as i64)]))
}

fn at_index(cx: &mut Cx, action: Action, id: Id<Boxed>, index: i64, operands: [Value; 3]) -> Outcome {
    let (code, len) = (code_of(cx, id), len_of(cx, id) as i64);
    let place = if index < 0 { index.saturating_add(len) } else { index };
    match action {
        Action::Append | Action::Insert => {}
        Action::Get if !(0..len).contains(&place) => return Err(cx.index_error("array index out of range")),
        Action::Set | Action::Delete if !(0..len).contains(&place) => {
            return Err(cx.index_error("array assignment index out of range"));
        }
        Action::Get => return Ok(item_at(cx, id, place as usize)),
        Action::Delete => {
            bytearray::check_exports(cx, id)?;
            let start = place as usize * item_len(code);
            data_mut(cx, id).drain(start..start + item_len(code));
            return Ok(Value::None);
        }
        Action::Set => {}
    }
    let plain = match pack::plain(cx, code, operands[2]) {
        Ok(plain) => plain,
        Err(ask @ (Ask::Raise(_) | Ask::Full)) => return Err(ask),
        Err(_) => return Err(ask(cx, action, operands)),
    };
    let (item, item_len) = pack::pack(cx, code, plain)?;
    let item = &item[..item_len];
    let start = match action {
        Action::Set => {
            let start = place as usize * item_len;
            data_mut(cx, id)[start..start + item_len].copy_from_slice(item);
            return Ok(Value::None);
        }
        Action::Insert => place.clamp(0, len) as usize * item_len,
        Action::Append | Action::Get | Action::Delete => len as usize * item_len,
    };
    make_room(cx, id, item_len)?;
    data_mut(cx, id).splice(start..start, item.iter().copied());
    Ok(Value::None)
}

fn at_slice(cx: &mut Cx, action: Action, id: Id<Boxed>, selection: Selection, value: Value) -> Outcome {
    let Selection { start, step, count, .. } = selection;
    let code = code_of(cx, id);
    let size = item_len(code);
    let place = |nth: usize| (start as i64 + nth as i64 * step) as usize * size;
    match action {
        Action::Get => {
            cx.heap.ensure(count * size)?;
            let data = &state(cx, id).data;
            let part = match step {
                1 => data[start * size..(start + count) * size].to_vec(),
                _ => (0..count).flat_map(|nth| data[place(nth)..place(nth) + size].iter().copied()).collect(),
            };
            Ok(new(cx, code, part))
        }
        Action::Delete => delete_slice(cx, id, selection, size),
        Action::Set | Action::Append | Action::Insert => {
            let Some(other) = array_of(cx, value) else {
                let class = cx.class_name(value);
                return Err(cx.type_error(format!("can only assign array (not \"{class}\") to array slice")));
            };
            if code_of(cx, other) != code {
                return Err(cx.type_error("bad argument type for built-in operation"));
            }
            let given = state(cx, other).data.clone();
            let n_given = given.len() / size;
            if step == 1 {
                if n_given != count {
                    make_room(cx, id, given.len().saturating_sub(count * size))?;
                }
                data_mut(cx, id).splice(start * size..(start + count) * size, given);
                return Ok(Value::None);
            }
            if n_given == 0 {
                return delete_slice(cx, id, selection, size);
            }
            if n_given != count {
                let message = format!("attempt to assign array of size {n_given} to extended slice of size {count}");
                return Err(cx.value_error(message));
            }
            let data = data_mut(cx, id);
            for (nth, item) in given.chunks(size).enumerate() {
                data[place(nth)..place(nth) + size].copy_from_slice(item);
            }
            Ok(Value::None)
        }
    }
}

fn delete_slice(cx: &mut Cx, id: Id<Boxed>, selection: Selection, size: usize) -> Outcome {
    let Selection { start, step, count, .. } = selection;
    if count == 0 {
        return Ok(Value::None);
    }
    bytearray::check_exports(cx, id)?;
    let mut places: Vec<_> = (0..count).map(|nth| (start as i64 + nth as i64 * step) as usize).collect();
    places.sort_unstable();
    let data = data_mut(cx, id);
    let kept = data.chunks(size).enumerate().filter(|(at, _)| places.binary_search(at).is_err());
    let kept = kept.flat_map(|(_, item)| item.iter().copied()).collect();
    *data = kept;
    Ok(Value::None)
}

// ----- With script code -----

const KEY: u32 = 3;
const VALUE: u32 = 4;

/// Steps 0 to 2: the parts of a slice; then the key, then the item.
pub fn key_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let mut answer = match std::mem::take(&mut frame.told) {
        Told::Start => None,
        told => Some(told.into_outcome()?),
    };
    let action = ACTIONS[frame.values[3].as_int().unwrap_or_default() as usize];
    while frame.step < KEY {
        let Value::Slice(slice) = frame.values[1] else {
            frame.step = KEY;
            break;
        };
        let mut parts = slice::parts(cx, slice);
        let at = frame.step as usize;
        if slice::plain_bound(cx, parts[at]).is_none() {
            if cx.special_of(parts[at], Special::Index).is_none() {
                return Err(slice::bad_bound(cx));
            }
            parts[at] = match answer.take() {
                Some(answer) => answer,
                None => protocol::index(cx, parts[at]).map_err(Ask::to_come_back)?,
            };
            frame.values[1] = slice::new(cx, parts[0], parts[1], parts[2]);
        }
        frame.step += 1;
    }
    let is_slice = matches!(frame.values[1], Value::Slice(_));
    if frame.step == KEY {
        if !is_slice {
            frame.values[1] = match answer.take() {
                Some(answer) => answer,
                None => protocol::index(cx, frame.values[1]).map_err(Ask::to_come_back)?,
            };
        }
        frame.step = VALUE;
    }
    if !is_slice && !matches!(action, Action::Get | Action::Delete) {
        let code = code_of(cx, this(cx, frame.values[0]));
        frame.values[2] = match answer.take() {
            Some(answer) => answer,
            None => pack::plain(cx, code, frame.values[2]).map_err(Ask::to_come_back)?,
        };
    }
    at_key(cx, action, frame.values[0], frame.values[1], frame.values[2])
}
