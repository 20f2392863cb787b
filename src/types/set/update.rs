//! Sets filled from other sets, from dicts, and from any iterable.

use super::ops;
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::types::drive::{self, Flow, drive};
use crate::types::probe::{self, Action, Found};
use crate::value::set::SetEntry;
use crate::value::{Id, Kind, NativeFrame, NativeId, Set, Value};

crate::natives! {
    /// Steps that fill sets.
    pub static SET_UPDATE_STEPS = [
        hidden "update(iterable, item, set)" => step update_step, "Adds all items.";
        hidden "merge(set, source)" => step merge_step, "Adds the keys of a set, whose hashes are known.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::SET_UPDATE, row }
}

/// Adds what an iterable gives. The result is None.
pub fn update(cx: &mut Cx, set: Id<Set>, source: Value) -> Outcome {
    match source {
        Value::Set(from) | Value::FrozenSet(from) => merge(cx, set, from),
        Value::Dict(from) => {
            let n_keys = cx.heap.dicts.get(from).len();
            presize(cx, set, n_keys)?;
            launch(cx, NativeFrame::new(step(0), &[source, Value::Undef, Value::Set(set)]))
        }
        _ => match cx.exact(source) {
            exact @ (Value::Set(_) | Value::FrozenSet(_)) if iterates_plainly(cx, source) => update(cx, set, exact),
            _ => launch(cx, NativeFrame::new(step(0), &[source, Value::Undef, Value::Set(set)])),
        },
    }
}

fn iterates_plainly(cx: &mut Cx, obj: Value) -> bool {
    matches!(cx.special_of(obj, crate::value::special::Special::Iter), Some(Value::Builtin(_)))
}

fn update_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(
        cx,
        frame,
        |cx, frame, item| {
            let Value::Set(set) = frame.values[2] else { crate::bug!("items go to a set") };
            let key = (frame.values[0], item);
            probe::run_walked(cx, Action::Add, Value::Set(set), key, Value::Undef).map(|_| Flow::Go)
        },
        drive::any_answer,
    )?;
    Ok(Value::None)
}

/// Room for so many keys, as CPython makes it.
fn presize(cx: &mut Cx, set: Id<Set>, n_keys: usize) -> Result<(), Ask> {
    if let Some(minimum) = cx.heap.sets.get(set).table.presize(n_keys) {
        let bytes = cx.heap.sets.get(set).table.bytes_after_rebuild(minimum);
        let is_old = cx.heap.sets.is_old(set);
        cx.heap.reserve_for(bytes, is_old)?;
        cx.heap.sets.get_mut(set).rebuild(minimum);
    }
    Ok(())
}

/// Adds the keys of another set.
pub fn merge(cx: &mut Cx, set: Id<Set>, from: Id<Set>) -> Outcome {
    let source = cx.heap.sets.get(from);
    if set == from || source.is_empty() {
        return Ok(Value::None);
    }
    let (n_keys, n_entries) = (source.len(), source.entries.len());
    presize(cx, set, n_keys)?;
    cx.burnt += n_keys as i64 / 4;
    if cx.heap.sets.get(set).table.can_copy_layout(&cx.heap.sets.get(from).table) {
        let is_old = cx.heap.sets.is_old(set);
        cx.heap.reserve_for(n_entries * size_of::<SetEntry>(), is_old)?;
        let (table, entries) = (cx.heap.sets.get(from).table.clone(), cx.heap.sets.get(from).entries.clone());
        let object = cx.heap.sets.get_mut(set);
        object.table.copy_layout(&table);
        object.entries = entries;
        object.hash.set(0);
        return Ok(Value::None);
    }
    if !cx.heap.sets.get(set).is_empty() {
        return launch(cx, NativeFrame::new(step(1), &[Value::Set(set), Value::Set(from)]));
    }
    // The keys of one set differ from each other.
    let is_old = cx.heap.sets.is_old(set);
    cx.heap.reserve_for(n_keys * size_of::<SetEntry>(), is_old)?;
    let entries: Vec<SetEntry> = cx.heap.sets.get(from).iter().copied().collect();
    cx.heap.sets.get_mut(set).entries.reserve_exact(n_keys);
    for entry in entries {
        let is_exact = ops::hash_is_exact(cx, entry.key);
        cx.heap.sets.get_mut(set).add(entry.hash, entry.key, is_exact);
    }
    Ok(Value::None)
}

/// The step is twice the next position, and one more while a search is under way.
fn merge_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [Value::Set(set), Value::Set(from)] = frame.values[..] else { crate::bug!("two sets") };
    if frame.step % 2 == 1 {
        frame.told.into_outcome()?;
        frame.step += 1;
    }
    while let Some((position, key)) = cx.heap.sets.get(from).next_key(frame.step as usize / 2) {
        let source = cx.heap.sets.get(from);
        let entry_idx = source.table.entry_at(position).expect("a key was found there") as usize;
        let hash = source.entries[entry_idx].hash;
        frame.step = position as u32 * 2;
        match probe::find_any_in_set(cx, set, key, hash) {
            Found::At(_) => {}
            Found::Absent(hash) => ops::insert(cx, set, hash, key)?,
            Found::Unsure => {
                frame.step += 1;
                return ops::add(cx, set, key).map_err(Ask::to_come_back);
            }
        }
        frame.step += 2;
    }
    Ok(Value::None)
}

/// A copy with the layout of the original.
pub fn copy(cx: &mut Cx, from: Id<Set>) -> Result<Id<Set>, Ask> {
    let owned = cx.heap.sets.get(from).owned();
    cx.heap.reserve(owned)?;
    cx.heap.used -= owned;
    let set = ops::new(cx);
    merge(cx, set, from)?;
    Ok(set)
}
