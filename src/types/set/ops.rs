//! What is done with one key of a set, and sets made from others.

use crate::call::{Ask, Cx, Outcome};
use crate::types::classes;
use crate::types::keys;
use crate::types::probe::{self, Action, Found};
use crate::types::protocol;
use crate::value::set::SetEntry;
use crate::value::{Id, Set, Value};

/// An empty set.
pub fn new(cx: &mut Cx) -> Id<Set> {
    cx.heap.charge(size_of::<Set>());
    cx.heap.sets.alloc(Set::default())
}

/// Adds a key.
pub fn add(cx: &mut Cx, set: Id<Set>, key: Value) -> Outcome {
    match keys::find_in_set(&cx.heap, set, key) {
        Found::At(_) => return Ok(Value::None),
        Found::Absent(hash) => {
            insert(cx, set, hash, key)?;
            return Ok(Value::None);
        }
        Found::Unsure => {}
    }
    if matches!(key, Value::Set(_) | Value::Inst(_)) && probe::unhashable_set(cx, key).is_some() {
        return Err(cx.unhashable(key));
    }
    probe::run(cx, Action::Add, Value::Set(set), key, Value::Undef)
}

/// What is done where the search ended.
pub fn finish(cx: &mut Cx, action: Action, set: Id<Set>, key: Value, found: Found) -> Outcome {
    match (action, found) {
        (Action::Contains, found) => Ok(Value::Bool(matches!(found, Found::At(_)))),
        (Action::Add, Found::At(_)) => Ok(Value::None),
        (Action::Add | Action::Toggle, Found::Absent(hash)) => {
            insert(cx, set, hash, key)?;
            Ok(Value::None)
        }
        (Action::Remove | Action::Discard | Action::Toggle, Found::At(at)) => {
            let is_exact = hash_is_exact(cx, cx.heap.sets.get(set).entries[at].key);
            cx.heap.sets.get_unbarred(set).remove_at(at, is_exact);
            Ok(Value::Bool(true))
        }
        (Action::Remove, _) => Err(cx.key_error(key)),
        (Action::Discard, _) => Ok(Value::Bool(false)),
        (Action::Locate, Found::At(at)) => Ok(Value::Int(at as i64)),
        (Action::Locate, _) => Ok(Value::None),
        (Action::Add | Action::Toggle, Found::Unsure) => crate::bug!("the search has ended"),
        (
            Action::Get | Action::GetOr | Action::Set | Action::Delete | Action::Pop | Action::SetDefault,
            Found::At(_) | Found::Absent(_) | Found::Unsure,
        ) => crate::bug!("{action:?} is for dicts"),
    }
}

/// Adds a key that is known to be absent; growth is asked for before.
pub fn insert(cx: &mut Cx, set: Id<Set>, hash: u64, key: Value) -> Result<(), Ask> {
    let object = cx.heap.sets.get(set);
    let n_new = if object.entries.len() == object.entries.capacity() { (object.entries.len() / 2).max(4) } else { 0 };
    let bytes = object.table.bytes_of_next_insert() + n_new * size_of::<SetEntry>();
    let (at, n_live) = (object.entries.len(), object.len());
    if bytes > 0 {
        let is_old = cx.heap.sets.is_old(set);
        cx.heap.reserve_for(bytes, is_old)?;
    }
    let is_exact = hash_is_exact(cx, key);
    let object = match at == n_live {
        true => cx.heap.sets.get_mut_at(set, at, key.is_handle()),
        // The holes may be closed.
        false => cx.heap.sets.get_mut(set),
    };
    if n_new > 0 {
        object.entries.reserve_exact(n_new);
    }
    object.add(hash, key, is_exact);
    Ok(())
}

/// Whether the hash of a key is what CPython computes: of numbers, None, and tuples and the like of those.
pub fn hash_is_exact(cx: &Cx, key: Value) -> bool {
    hash_is_exact_within(cx, key, 4)
}

fn hash_is_exact_within(cx: &Cx, key: Value, depth: u32) -> bool {
    match key {
        Value::Int(_) | Value::Bool(_) | Value::None | Value::BigInt(_) | Value::Range(_) => true,
        Value::Float(float) => !float.is_nan(),
        Value::Tuple(id) => {
            let items = cx.heap.tuples.get(id).items();
            depth > 0 && items.len() <= 64 && items.iter().all(|&item| hash_is_exact_within(cx, item, depth - 1))
        }
        Value::FrozenSet(id) => {
            let set = cx.heap.sets.get(id);
            depth > 0 && set.len() <= 64 && set.iter().all(|entry| hash_is_exact_within(cx, entry.key, depth - 1))
        }
        Value::Native(_) => cx.class_of(key) == classes::COMPLEX,
        _ => false,
    }
}

/// A frozenset of constants, whose hashes need no script code. Its order is that of a constant in CPython, which makes
/// a second one of what the first one gives.
pub fn frozen(cx: &mut Cx, items: &[Value]) -> Value {
    let first = filled(cx, items);
    let mut keys = Vec::with_capacity(items.len());
    let mut position = 0;
    while let Some((at, key)) = cx.heap.sets.get(first).next_key(position) {
        keys.push(key);
        position = at + 1;
    }
    let set = filled(cx, &keys);
    let bytes = crate::value::Kind::owned(cx.heap.sets.get(set));
    cx.heap.charge(bytes);
    Value::FrozenSet(set)
}

fn filled(cx: &mut Cx, items: &[Value]) -> Id<Set> {
    let set = new(cx);
    for &item in items {
        let hash = protocol::quick_hash(cx, item).expect("constants are hashable");
        if let Found::Absent(hash) = probe::find_any_in_set(cx, set, item, hash) {
            let is_exact = hash_is_exact(cx, item);
            cx.heap.sets.get_mut(set).add(hash, item, is_exact);
        }
    }
    set
}
