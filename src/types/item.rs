//! `obj[index]`, `obj[index] = value`, `del obj[index]`, and slices.
//!
//! Exact built-in containers with plain indices are done here at once. Indices with `__index__` of the script, and sources
//! of slice assignments that must be iterated, are converted in a frame, which then begins again with plain ones.

use super::dict::ops as dict_ops;
use super::list::splice;
pub use super::namespace::{get_or_frame, set_default_frame};
use super::quick::call_native;
use super::slice::{self, Selection};
use super::{attribute, drive, protocol, range};
use crate::call::{Ask, Cx, Outcome, names};
use crate::value::special::Special;
use crate::value::{Class, Id, NativeFrame, NativeId, Value};

/// What is done with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Get,
    Set,
    Delete,
    /// `slice.indices(len)`.
    Indices,
}

crate::natives! {
    /// Steps of subscription.
    pub static ITEM_STEPS = [
        hidden "item(action, obj, index, value)" => step item_step, "Subscription, once its operands are plain.";
        hidden "class_item(class, index)" => step class_item_step, "`class[index]`, by `__class_getitem__`.";
    ]
}

const ITEM: NativeId = NativeId { table: crate::tables::ITEM, row: 0 };
const CLASS_ITEM: NativeId = NativeId { table: crate::tables::ITEM, row: 1 };

/// `obj[index]`.
#[inline]
pub fn get(cx: &mut Cx, obj: Value, index: Value) -> Outcome {
    match (obj, index) {
        (Value::Dict(id), _) => dict_ops::get(cx, id, index, Value::Undef),
        (Value::List(id), Value::Int(at)) => {
            let items = &cx.heap.lists.get(id).items;
            let place = if at < 0 { at + items.len() as i64 } else { at };
            match items.get(place as usize) {
                Some(item) => Ok(*item),
                None => Err(cx.index_error("list index out of range")),
            }
        }
        (Value::Str(id), Value::Int(at)) => {
            let len = cx.heap.strs.get(id).n_chars as i64;
            let place = if at < 0 { at + len } else { at };
            if (0..len).contains(&place) {
                return Ok(cx.heap.char_str_at(id, place as usize));
            }
            Err(cx.index_error("string index out of range"))
        }
        _ => get_general(cx, obj, index),
    }
}

/// `obj[index] = value`.
#[inline]
pub fn set(cx: &mut Cx, obj: Value, index: Value, value: Value) -> Outcome {
    match (obj, index) {
        (Value::Dict(id), _) => dict_ops::set(cx, id, index, value),
        (Value::List(id), Value::Int(at)) => {
            let items = &mut cx.heap.lists.get_mut(id).items;
            let place = if at < 0 { at + items.len() as i64 } else { at };
            match items.get_mut(place as usize) {
                Some(item) => {
                    *item = value;
                    Ok(Value::None)
                }
                None => Err(cx.index_error("list assignment index out of range")),
            }
        }
        (Value::List(_), _) => sequence(cx, Action::Set, obj, index, value),
        _ => by_class(cx, Action::Set, obj, index, value),
    }
}

/// `del obj[index]`.
pub fn delete(cx: &mut Cx, obj: Value, index: Value) -> Outcome {
    match obj {
        Value::Dict(id) => dict_ops::delete(cx, id, index),
        Value::List(_) => sequence(cx, Action::Delete, obj, index, Value::Undef),
        _ => by_class(cx, Action::Delete, obj, index, Value::Undef),
    }
}

/// `obj[start:stop]`; None where a bound is absent.
pub fn get_slice(cx: &mut Cx, obj: Value, start: Value, stop: Value) -> Outcome {
    if let (Value::Str(id), Some((start, stop))) = (obj, plain_bounds(len_of(cx, obj), start, stop)) {
        return Ok(cx.heap.slice_str(id, start, stop)?);
    }
    if matches!(obj, Value::List(_) | Value::Str(_) | Value::Tuple(_) | Value::Bytes(_))
        && let Some(Ok(selection)) = slice::select(cx, [start, stop, Value::None], len_of(cx, obj))
    {
        return selected(cx, obj, selection);
    }
    let index = slice::new(cx, start, stop, Value::None);
    get(cx, obj, index)
}

/// Where a slice with plain bounds begins and ends.
#[inline]
fn plain_bounds(len: usize, start: Value, stop: Value) -> Option<(usize, usize)> {
    let place = |bound: Value, default: usize| match bound {
        Value::None => Some(default),
        Value::Int(at) if at < 0 => Some(at.saturating_add(len as i64).max(0) as usize),
        Value::Int(at) => Some((at as usize).min(len)),
        _ => None,
    };
    let start = place(start, 0)?;
    Some((start, place(stop, len)?.max(start)))
}

/// `obj[start:stop] = source`.
pub fn set_slice(cx: &mut Cx, obj: Value, start: Value, stop: Value, source: Value) -> Outcome {
    let index = slice::new(cx, start, stop, Value::None);
    set(cx, obj, index, source)
}

/// `slice(start, stop, step)`.
pub fn new_slice(cx: &mut Cx, start: Value, stop: Value, step: Value) -> Value {
    slice::new(cx, start, stop, step)
}

/// The body of `__getitem__` rows of list, tuple, str, bytes and range: `self` may be of a subclass.
pub fn get_native(cx: &mut Cx, args: &[Value]) -> Outcome {
    let exact = cx.exact(args[0]);
    get(cx, exact, args[1])
}

/// The body of `list.__setitem__`.
pub fn set_native(cx: &mut Cx, args: &[Value]) -> Outcome {
    let exact = cx.exact(args[0]);
    set(cx, exact, args[1], args[2])
}

/// The body of `list.__delitem__`.
pub fn delete_native(cx: &mut Cx, args: &[Value]) -> Outcome {
    let exact = cx.exact(args[0]);
    delete(cx, exact, args[1])
}

/// `slice.indices(len)` of a slice whose parts are not plain.
pub fn slice_indices_frame(cx: &mut Cx, index: Value, len: Value) -> Outcome {
    Err(ask_item(cx, Action::Indices, Value::None, index, len))
}

#[inline(never)]
fn get_general(cx: &mut Cx, obj: Value, index: Value) -> Outcome {
    match obj {
        Value::List(_) | Value::Tuple(_) | Value::Str(_) | Value::Bytes(_) | Value::Range(_) => {
            sequence(cx, Action::Get, obj, index, Value::Undef)
        }
        Value::Class(class) => get_of_class(cx, class, index),
        _ => by_class(cx, Action::Get, obj, index, Value::Undef),
    }
}

/// By the special method.
fn by_class(cx: &mut Cx, action: Action, obj: Value, index: Value, value: Value) -> Outcome {
    let special = match action {
        Action::Get => Special::GetItem,
        Action::Set => Special::SetItem,
        Action::Delete | Action::Indices => Special::DelItem,
    };
    let args = [obj, index, value];
    let args = if action == Action::Set { &args[..] } else { &args[..2] };
    let Some(method) = cx.special_of(obj, special).filter(|method| !method.is_none()) else {
        return Err(not_supported(cx, action, obj, index));
    };
    if let Value::Builtin(_) = method {
        match (cx.exact(obj), action) {
            (exact, _) if exact == obj => {}
            (Value::Dict(id), Action::Get) => return dict_ops::get(cx, id, index, obj),
            (exact @ (Value::List(_) | Value::Tuple(_) | Value::Str(_) | Value::Bytes(_)), Action::Get) => {
                return get(cx, exact, index);
            }
            (exact @ (Value::List(_) | Value::Dict(_)), Action::Set) => return set(cx, exact, index, value),
            (exact @ (Value::List(_) | Value::Dict(_)), Action::Delete) => return delete(cx, exact, index),
            _ => {}
        }
        if let Some(outcome) = call_native(cx, method, args) {
            return outcome;
        }
    }
    Err(cx.ask_method(method, obj, &args[1..]).to_be_last())
}

fn not_supported(cx: &mut Cx, action: Action, obj: Value, index: Value) -> Ask {
    let class = cx.class_name(obj);
    cx.type_error(match action {
        Action::Get => format!("'{class}' object is not subscriptable"),
        Action::Set => format!("'{class}' object does not support item assignment"),
        Action::Delete | Action::Indices if matches!(index, Value::Slice(_)) => {
            format!("'{class}' object does not support item deletion")
        }
        Action::Delete | Action::Indices => format!("'{class}' object doesn't support item deletion"),
    })
}

/// `class[index]`: the metaclass's `__getitem__`, then the class's `__class_getitem__`.
fn get_of_class(cx: &mut Cx, class: Id<Class>, index: Value) -> Outcome {
    let metaclass = cx.heap.classes.get(class).metaclass;
    if let Some(method) = cx.special(metaclass, Special::GetItem) {
        return Err(cx.ask_method(method, Value::Class(class), &[index]).to_be_last());
    }
    if class == super::classes::TYPE {
        return super::generic_alias::class_getitem(cx, &[Value::Class(class), index]);
    }
    if cx.special(class, Special::ClassGetItem).is_none() {
        let name = cx.text(cx.heap.classes.get(class).name);
        return Err(cx.type_error(format!("type '{name}' is not subscriptable")));
    }
    match attribute::get(cx, Value::Class(class), names::special(Special::ClassGetItem)) {
        Ok(method) => Err(cx.ask_tail(method, &[index])),
        Err(Ask::Raise(exc)) => Err(Ask::Raise(exc)),
        Err(_) => Err(cx.ask_push(NativeFrame::new(CLASS_ITEM, &[Value::Class(class), index]))),
    }
}

fn class_item_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (class, index) = (frame.values[0], frame.values[1]);
    let method = match frame.step {
        0 => {
            frame.step = 1;
            attribute::get(cx, class, names::special(Special::ClassGetItem)).map_err(Ask::to_come_back)?
        }
        _ => frame.told.into_outcome()?,
    };
    Err(cx.ask_tail(method, &[index]))
}

// ----- Exact sequences -----

fn len_of(cx: &Cx, obj: Value) -> usize {
    protocol::quick_len(cx, obj).unwrap_or_default()
}

fn sequence(cx: &mut Cx, action: Action, obj: Value, index: Value, value: Value) -> Outcome {
    match cx.exact(index) {
        Value::Int(at) => at_index(cx, action, obj, at, value),
        Value::Bool(at) => at_index(cx, action, obj, at as i64, value),
        big @ Value::BigInt(_) => match (obj, action) {
            (Value::Range(id), _) => match range::at(cx, id, big) {
                Some(item) => Ok(item),
                None => Err(cx.index_error("range object index out of range")),
            },
            _ => Err(cx.index_error("cannot fit 'int' into an index-sized integer")),
        },
        Value::Slice(id) => at_slice(cx, action, obj, index, slice::parts(cx, id), value),
        _ if cx.special_of(index, Special::Index).is_some() => Err(ask_item(cx, action, obj, index, value)),
        _ => Err(bad_index(cx, obj, index)),
    }
}

fn ask_item(cx: &mut Cx, action: Action, obj: Value, index: Value, value: Value) -> Ask {
    cx.ask_push(NativeFrame::new(ITEM, &[Value::Int(action as i64), obj, index, value]))
}

fn bad_index(cx: &mut Cx, obj: Value, index: Value) -> Ask {
    let class = cx.class_name(index);
    cx.type_error(match obj {
        Value::Str(_) => format!("string indices must be integers, not '{class}'"),
        Value::Bytes(_) => format!("byte indices must be integers or slices, not {class}"),
        _ => format!("{} indices must be integers or slices, not {class}", cx.class_name(obj)),
    })
}

fn at_index(cx: &mut Cx, action: Action, obj: Value, index: i64, value: Value) -> Outcome {
    if let Value::Range(id) = obj {
        return match range::at(cx, id, Value::Int(index)) {
            Some(item) => Ok(item),
            None => Err(cx.index_error("range object index out of range")),
        };
    }
    let len = len_of(cx, obj) as i64;
    let place = if index < 0 { index + len } else { index };
    if !(0..len).contains(&place) {
        return Err(cx.index_error(match (obj, action) {
            (Value::List(_), Action::Get) => "list index out of range",
            (Value::List(_), _) => "list assignment index out of range",
            (Value::Tuple(_), _) => "tuple index out of range",
            (Value::Str(_), _) => "string index out of range",
            _ => "index out of range",
        }));
    }
    let place = place as usize;
    match (obj, action) {
        (Value::List(id), Action::Get) => Ok(cx.heap.lists.get(id).items[place]),
        (Value::List(id), Action::Set) => {
            cx.heap.lists.get_mut(id).items[place] = value;
            Ok(Value::None)
        }
        (Value::List(id), _) => {
            cx.heap.lists.get_mut(id).items.remove(place);
            Ok(Value::None)
        }
        (Value::Tuple(id), _) => Ok(cx.heap.tuples.get(id).items()[place]),
        (Value::Str(id), _) => Ok(cx.heap.char_str_at(id, place)),
        (Value::Bytes(id), _) => Ok(Value::Int(cx.heap.bytes.get(id).data[place] as i64)),
        _ => crate::bug!("{obj:?} is no sequence"),
    }
}

fn at_slice(cx: &mut Cx, action: Action, obj: Value, index: Value, parts: [Value; 3], value: Value) -> Outcome {
    if let Value::Range(id) = obj {
        return match parts.iter().all(|&part| slice::plain_bound(cx, part).is_some()) {
            true => range::sliced(cx, id, parts),
            false => Err(ask_item(cx, action, obj, index, value)),
        };
    }
    let Some(selection) = slice::select(cx, parts, len_of(cx, obj)) else {
        return Err(ask_item(cx, action, obj, index, value));
    };
    let Ok(selection) = selection else { return Err(slice::zero_step(cx)) };
    match (obj, action) {
        (_, Action::Get) => selected(cx, obj, selection),
        (Value::List(id), Action::Set) => {
            let source = match value {
                Value::List(_) | Value::Tuple(_) => value,
                _ if is_iterable(cx, value) => return Err(ask_item(cx, action, obj, index, value)),
                _ => return Err(cx.type_error("must assign iterable to extended slice")),
            };
            splice::assign(cx, id, selection, source)
        }
        (Value::List(id), _) => splice::delete(cx, id, selection),
        _ => crate::bug!("{obj:?} cannot change"),
    }
}

fn is_iterable(cx: &mut Cx, value: Value) -> bool {
    match cx.special_of(value, Special::Iter) {
        Some(method) => !method.is_none(),
        None => protocol::plain_iter(cx, value).is_some() || cx.special_of(value, Special::GetItem).is_some(),
    }
}

/// A new sequence of the items that a slice selects.
fn selected(cx: &mut Cx, obj: Value, selection: Selection) -> Outcome {
    let Selection { start, step, count, .. } = selection;
    if let Value::Str(id) = obj {
        return Ok(match step {
            1 => cx.heap.slice_str(id, start, start + count)?,
            _ => cx.heap.slice_str_by(id, start, step, count)?,
        });
    }
    let whole = step == 1 && count == len_of(cx, obj);
    if whole && matches!(obj, Value::Tuple(_) | Value::Bytes(_)) {
        return Ok(obj);
    }
    if count > 1000 {
        cx.heap.ensure(count * size_of::<Value>())?;
        cx.burnt += count as i64 / 16;
    }
    let places = (0..count).map(|at| (start as i64 + at as i64 * step) as usize);
    Ok(match obj {
        Value::List(id) => {
            let items = &cx.heap.lists.get(id).items;
            let items = match step {
                1 => items[start..start + count].to_vec(),
                _ => places.map(|place| items[place]).collect(),
            };
            cx.heap.new_list(items)
        }
        Value::Tuple(id) => {
            let items = cx.heap.tuples.get(id).items();
            let items = match step {
                1 => items[start..start + count].to_vec(),
                _ => places.map(|place| items[place]).collect(),
            };
            cx.heap.new_tuple_from(items)
        }
        Value::Bytes(id) => {
            let data = &cx.heap.bytes.get(id).data;
            let data = match step {
                1 => data[start..start + count].to_vec(),
                _ => places.map(|place| data[place]).collect(),
            };
            cx.heap.new_bytes(data)
        }
        _ => crate::bug!("{obj:?} is no sequence"),
    })
}

// ----- With script code -----

const INDEX: u32 = 1;
const PARTS: u32 = 2;
const SOURCE: u32 = 8;

/// Makes the operands plain, then does it. Steps: 0; the index was asked for; the parts of a slice; the source.
fn item_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let action = match frame.values[0] {
        Value::Int(0) => Action::Get,
        Value::Int(1) => Action::Set,
        Value::Int(2) => Action::Delete,
        _ => Action::Indices,
    };
    let told = std::mem::take(&mut frame.told);
    match frame.step {
        0 => {}
        INDEX => frame.values[2] = told.into_outcome()?,
        SOURCE => frame.values[3] = told.into_outcome()?,
        step => {
            let part = told.into_outcome()?;
            put_part(cx, frame, step - PARTS, part);
        }
    }
    match frame.values[2] {
        Value::Slice(id) => {
            let own = slice::parts(cx, id);
            for (number, &part) in own.iter().enumerate() {
                if slice::plain_bound(cx, part).is_none() {
                    if !matches!(cx.exact(part), Value::Int(_) | Value::BigInt(_))
                        && cx.special_of(part, Special::Index).is_none()
                    {
                        return Err(slice::bad_bound(cx));
                    }
                    frame.step = PARTS + number as u32;
                    let plain = protocol::index(cx, part)?;
                    put_part(cx, frame, number as u32, plain);
                    frame.step = 0;
                    return item_step(cx, frame);
                }
            }
        }
        index if !matches!(index, Value::Int(_) | Value::BigInt(_)) => {
            frame.step = INDEX;
            frame.values[2] = protocol::index(cx, index)?;
        }
        _ => {}
    }
    let [_, obj, index, value] = frame.values[..] else { crate::bug!("an item has four values") };
    if action == Action::Set
        && matches!(index, Value::Slice(_))
        && !matches!(value, Value::List(_) | Value::Tuple(_))
        && is_iterable(cx, value)
    {
        let outcome = drive::list(cx, value).map_err(Ask::to_come_back);
        frame.step = if outcome == Err(Ask::Full) { 0 } else { SOURCE };
        frame.values[3] = outcome?;
    }
    finish_item(cx, action, obj, index, frame.values[3])
}

/// A slice object may be shared: the frame gets one of its own.
fn put_part(cx: &mut Cx, frame: &mut NativeFrame, number: u32, part: Value) {
    let Value::Slice(id) = frame.values[2] else { crate::bug!("only slices have parts") };
    let mut parts = slice::parts(cx, id);
    parts[number as usize] = part;
    let [start, stop, step] = parts;
    frame.values[2] = slice::new(cx, start, stop, step);
}

fn finish_item(cx: &mut Cx, action: Action, obj: Value, index: Value, value: Value) -> Outcome {
    match action {
        Action::Get => get(cx, obj, index),
        Action::Set => set(cx, obj, index, value),
        Action::Delete => delete(cx, obj, index),
        Action::Indices => {
            let Value::Slice(id) = index else { crate::bug!("only slices have indices") };
            let parts = slice::parts(cx, id);
            let indices = slice::indices_of(cx, parts, value)?;
            Ok(cx.heap.new_tuple(&indices))
        }
    }
}
