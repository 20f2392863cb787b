//! What is done with one key of a dict.
//!
//! All of it works on exact dicts; what an instance of a subclass adds (`__missing__`) comes in as a value.

use crate::call::{Ask, Cx, Outcome};
use crate::types::keys;
use crate::types::probe::{self, Action, Found};
use crate::value::dict::DictEntry;
use crate::value::special::Special;
use crate::value::{Dict, Full, Id, Kind, Value};

/// Does something with a key: at once if it is one of everyday.
#[inline(always)]
fn act(cx: &mut Cx, action: Action, dict: Id<Dict>, key: Value, extra: Value) -> Outcome {
    match keys::find_in_dict(&cx.heap, dict, key) {
        Found::Unsure => probe::run(cx, action, Value::Dict(dict), key, extra),
        found => finish(cx, action, dict, key, extra, found),
    }
}

/// `dict[key]`, or what `__missing__` of `obj` gives; `obj` may be `Undef`.
#[inline]
pub fn get(cx: &mut Cx, dict: Id<Dict>, key: Value, obj: Value) -> Outcome {
    act(cx, Action::Get, dict, key, obj)
}

/// `dict.get(key, default)`.
#[inline]
pub fn get_or(cx: &mut Cx, dict: Id<Dict>, key: Value, default: Value) -> Outcome {
    act(cx, Action::GetOr, dict, key, default)
}

/// `dict[key] = value`.
#[inline]
pub fn set(cx: &mut Cx, dict: Id<Dict>, key: Value, value: Value) -> Outcome {
    act(cx, Action::Set, dict, key, value)
}

/// `del dict[key]`.
pub fn delete(cx: &mut Cx, dict: Id<Dict>, key: Value) -> Outcome {
    act(cx, Action::Delete, dict, key, Value::Undef)
}

/// `key in dict`, as a Bool.
#[inline]
pub fn contains(cx: &mut Cx, dict: Id<Dict>, key: Value) -> Outcome {
    act(cx, Action::Contains, dict, key, Value::Undef)
}

/// `dict.pop(key, default)`; without default (`Undef`) a KeyError.
pub fn pop(cx: &mut Cx, dict: Id<Dict>, key: Value, default: Value) -> Outcome {
    act(cx, Action::Pop, dict, key, default)
}

/// `dict.setdefault(key, default)`.
pub fn set_default(cx: &mut Cx, dict: Id<Dict>, key: Value, default: Value) -> Outcome {
    act(cx, Action::SetDefault, dict, key, default)
}

/// What is done where the search ended.
#[inline(always)]
pub fn finish(cx: &mut Cx, action: Action, dict: Id<Dict>, key: Value, extra: Value, found: Found) -> Outcome {
    match (action, found) {
        (Action::Get | Action::GetOr | Action::SetDefault, Found::At(at)) => {
            Ok(cx.heap.dicts.get(dict).entries[at].value)
        }
        (Action::Get, _) => missing(cx, key, extra),
        (Action::GetOr, _) => Ok(extra),
        (Action::Set, Found::At(at)) => {
            cx.heap.dicts.get_mut_at(dict, at, extra.is_handle()).replace(at, extra);
            Ok(Value::None)
        }
        (Action::Set, Found::Absent(hash)) => {
            add(cx, dict, hash, key, extra)?;
            Ok(Value::None)
        }
        (Action::SetDefault, Found::Absent(hash)) => {
            add(cx, dict, hash, key, extra)?;
            Ok(extra)
        }
        (Action::Contains, found) => Ok(Value::Bool(matches!(found, Found::At(_)))),
        (Action::Delete, Found::At(at)) => {
            cx.heap.dicts.get_unbarred(dict).remove_at(at);
            Ok(Value::None)
        }
        (Action::Pop, Found::At(at)) => Ok(cx.heap.dicts.get_unbarred(dict).remove_at(at).value),
        (Action::Pop, _) if !extra.is_undef() => Ok(extra),
        (Action::Delete | Action::Pop, _) => Err(cx.key_error(key)),
        (Action::Locate, Found::At(at)) => Ok(Value::Int(at as i64)),
        (Action::Locate, _) => Ok(Value::None),
        (Action::Set | Action::SetDefault, Found::Unsure) => crate::bug!("the search has ended"),
        (Action::Add | Action::Remove | Action::Discard | Action::Toggle, _) => crate::bug!("{action:?} is for sets"),
    }
}

/// Of an instance of a subclass: `__missing__`; otherwise a KeyError.
#[cold]
fn missing(cx: &mut Cx, key: Value, obj: Value) -> Outcome {
    if let Value::Inst(_) | Value::Native(_) = obj
        && let Some(method) = cx.special_of(obj, Special::Missing)
    {
        if let Some(outcome) = super::super::quick::call_native(cx, method, &[obj, key]) {
            return outcome;
        }
        return Err(cx.ask_method(method, obj, &[key]).to_be_last());
    }
    Err(cx.key_error(key))
}

/// Adds a key that is known to be absent; growth is asked for before.
#[inline]
pub fn add(cx: &mut Cx, dict: Id<Dict>, hash: u64, key: Value, value: Value) -> Result<(), Ask> {
    let object = cx.heap.dicts.get(dict);
    if object.table.is_full() || object.entries.len() == object.entries.capacity() {
        grow(cx, dict, 1)?;
    }
    // There is room now, so no entry moves.
    let (at, points) = (cx.heap.dicts.get(dict).entries.len(), key.is_handle() || value.is_handle());
    cx.heap.dicts.get_mut_at(dict, at, points).add(hash, key, value);
    Ok(())
}

/// Room for `extra` more entries.
#[inline(never)]
pub fn grow(cx: &mut Cx, dict: Id<Dict>, extra: usize) -> Result<(), Full> {
    let object = cx.heap.dicts.get(dict);
    let must_rebuild = object.table.is_full() || extra > 1;
    let index = if must_rebuild { object.table.bytes_after_rebuild(extra) } else { 0 };
    let len = if must_rebuild { object.len() } else { object.entries.len() };
    let wanted = (len + extra).max(len + len / 2).max(4);
    let more = wanted.saturating_sub(object.entries.capacity());
    let before = object.owned();
    let bytes =
        (more.saturating_mul(size_of::<DictEntry>())).saturating_add(index.saturating_sub(object.table.bytes()));
    let is_old = cx.heap.dicts.is_old(dict);
    cx.heap.reserve_for(bytes, is_old)?;
    let object = cx.heap.dicts.get_mut(dict);
    if must_rebuild {
        object.make_room(extra);
    }
    let spare = wanted.saturating_sub(object.entries.len());
    object.entries.reserve_exact(spare);
    debug_assert!(object.owned() <= before + bytes || object.owned() <= before * 2 + bytes);
    Ok(())
}
