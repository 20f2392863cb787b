//! Every search in a dict or set, and what is done where it ends.
//!
//! [`find_in_dict`] and [`find_in_set`] compare keys without leaving Rust; strs and ints (`keys.rs`) end there. Where a key
//! needs script code for its hash or equality, the operation goes on in a frame that searches step by step, and begins
//! again if that code changed the container.

use super::dict::ops as dict_ops;
use super::keys;
use super::protocol::{self, quick_hash, quick_same, quick_truth};
use super::quick::hash_frozen;
use super::set::ops as set_ops;
use crate::call::{Ask, Cx, Outcome};
use crate::value::dict_table::DictProbe;
use crate::value::iterator::{DictPart, Iter};
use crate::value::native_object::NativeObject;
use crate::value::set_table::SetProbe;
use crate::value::special::Special;
use crate::value::{Dict, Gray, Id, NativeFrame, NativeId, Set, Told, Value};

/// Where a search ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found {
    /// At this entry.
    At(usize),
    /// Nowhere; this is the hash of the key.
    Absent(u64),
    /// Script code must hash or compare.
    Unsure,
}

/// What is done once the search has ended; see `finish` for what the extra values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Action {
    /// The value; `extra` is the object whose `__missing__` may make one, or `Undef`.
    Get,
    /// The value, or `extra`.
    GetOr,
    Set,
    Delete,
    /// Removes and gives the value, or `extra`; KeyError if that is `Undef`.
    Pop,
    SetDefault,
    /// A Bool: whether the key was there.
    Contains,
    /// Adds to a set. `extra` is `Undef`.
    Add,
    /// Removes from a set; KeyError if it is not there.
    Remove,
    /// Removes from a set; a Bool: whether it was there.
    Discard,
    /// Removes from the set if it is there, else adds: `^=`.
    Toggle,
    /// The number of the entry, or None.
    Locate,
}

const ACTIONS: [Action; 12] = [
    Action::Get,
    Action::GetOr,
    Action::Set,
    Action::Delete,
    Action::Pop,
    Action::SetDefault,
    Action::Contains,
    Action::Add,
    Action::Remove,
    Action::Discard,
    Action::Toggle,
    Action::Locate,
];

crate::natives! {
    /// Steps of searches.
    pub static PROBE_STEPS = [
        hidden "probe(action, container, key, extra)" => step probe_step, "A search with keys of the script.";
    ]
}

const PROBE: NativeId = NativeId { table: crate::tables::PROBE, row: 0 };

/// Searches an exact dict, set or frozenset for a key and does something there.
pub fn run(cx: &mut Cx, action: Action, container: Value, key: Value, extra: Value) -> Outcome {
    let found = match container {
        Value::Dict(id) => find_in_dict(cx, id, key),
        Value::Set(id) | Value::FrozenSet(id) => find_in_set(cx, id, key),
        _ => crate::bug!("only dicts and sets are searched"),
    };
    match found {
        Found::Unsure => {
            let values = [Value::Int(action as i64), container, key, extra];
            Err(cx.ask_push(NativeFrame::new(PROBE, &values)))
        }
        found => finish(cx, action, container, key, extra, found),
    }
}

/// The same with a key that an iterator just gave: if that walks through a dict or set, the hash is known.
pub fn run_walked(
    cx: &mut Cx,
    action: Action,
    container: Value,
    (iterator, key): (Value, Value),
    extra: Value,
) -> Outcome {
    let hash = match key {
        Value::Str(_) | Value::Int(_) => None,
        _ => hash_of_last(cx, iterator, key),
    };
    let Some(hash) = hash else {
        // Only methods that take one key look for a set as for the frozenset with its keys.
        if matches!(key, Value::Set(_) | Value::Inst(_)) && unhashable_set(cx, key).is_some() {
            return Err(cx.unhashable(key));
        }
        return run(cx, action, container, key, extra);
    };
    let found = match container {
        Value::Dict(id) => find_any_in_dict(cx, id, key, hash),
        Value::Set(id) | Value::FrozenSet(id) => find_any_in_set(cx, id, key, hash),
        _ => crate::bug!("only dicts and sets are searched"),
    };
    match found {
        Found::Unsure => {
            let values = [Value::Int(action as i64), container, key, extra];
            let mut frame = NativeFrame::at_step(PROBE, HASHED, &values);
            frame.told = Told::Value(Value::Int(hash as i64));
            Err(cx.ask_push(frame))
        }
        found => finish(cx, action, container, key, extra, found),
    }
}

/// The hash of the key that an iterator over a dict or set gave last.
fn hash_of_last(cx: &Cx, iterator: Value, key: Value) -> Option<u64> {
    let Value::Iter(id) = iterator else { return None };
    let (hash, last) = match *cx.heap.iters.get(id) {
        Iter::Dict { dict, part: DictPart::Keys, index, .. } => {
            let entry = cx.heap.dicts.get(dict).entries.get(index.checked_sub(1)?)?;
            (entry.hash, entry.key)
        }
        Iter::Set { set, index, .. } => {
            let set = cx.heap.sets.get(set);
            let entry = set.entries.get(set.table.entry_at(index.checked_sub(1)?)? as usize)?;
            (entry.hash, entry.key)
        }
        _ => return None,
    };
    last.is(&key).then_some(hash)
}

fn finish(cx: &mut Cx, action: Action, container: Value, key: Value, extra: Value, found: Found) -> Outcome {
    match container {
        Value::Dict(id) => dict_ops::finish(cx, action, id, key, extra, found),
        Value::Set(id) | Value::FrozenSet(id) => set_ops::finish(cx, action, id, key, found),
        _ => crate::bug!("only dicts and sets are searched"),
    }
}

/// The entry of a key in a dict.
pub fn find_in_dict(cx: &mut Cx, dict: Id<Dict>, key: Value) -> Found {
    match keys::find_in_dict(&cx.heap, dict, key) {
        Found::Unsure => {}
        found => return found,
    }
    match quick_hash(cx, key) {
        Some(hash) => find_any_in_dict(cx, dict, key, hash),
        None => Found::Unsure,
    }
}

/// The same for any key, whose hash is known.
pub fn find_any_in_dict(cx: &mut Cx, dict: Id<Dict>, key: Value, hash: u64) -> Found {
    let mut probe = cx.heap.dicts.get(dict).table.probe(hash);
    loop {
        let object = cx.heap.dicts.get(dict);
        let Some(entry_idx) = object.table.next_candidate(&mut probe) else { return Found::Absent(hash) };
        let entry = object.entries[entry_idx as usize];
        if entry.hash == hash {
            match quick_same(cx, entry.key, key) {
                Some(true) => return Found::At(entry_idx as usize),
                Some(false) => {}
                None => return Found::Unsure,
            }
        }
    }
}

/// The entry of a key in a set.
pub fn find_in_set(cx: &mut Cx, set: Id<Set>, key: Value) -> Found {
    match keys::find_in_set(&cx.heap, set, key) {
        Found::Unsure => {}
        found => return found,
    }
    let hash = match quick_hash(cx, key) {
        Some(hash) => hash,
        // A set is searched as the frozenset with its keys; adding one fails before.
        None => match unhashable_set(cx, key) {
            Some(id) => hash_frozen(cx, id),
            None => return Found::Unsure,
        },
    };
    find_any_in_set(cx, set, key, hash)
}

/// The set that a key is, or carries as an instance of a subclass, if it has no hash.
pub fn unhashable_set(cx: &mut Cx, key: Value) -> Option<Id<Set>> {
    match (key, cx.exact(key)) {
        (Value::Set(id), _) => Some(id),
        (Value::Inst(_), Value::Set(id)) if cx.special_of(key, Special::Hash) == Some(Value::None) => Some(id),
        _ => None,
    }
}

/// The same for a key whose hash is known.
pub fn find_any_in_set(cx: &mut Cx, set: Id<Set>, key: Value, hash: u64) -> Found {
    let mut probe = cx.heap.sets.get(set).table.probe(hash);
    loop {
        let object = cx.heap.sets.get(set);
        let Some(entry_idx) = object.table.next_candidate(&mut probe) else { return Found::Absent(hash) };
        let entry = object.entries[entry_idx as usize];
        if entry.hash == hash {
            match quick_same(cx, entry.key, key) {
                Some(true) => return Found::At(entry_idx as usize),
                Some(false) => {}
                None => return Found::Unsure,
            }
        }
    }
}

// ----- With script code -----

enum Cursor {
    Dict(DictProbe),
    Set(SetProbe),
}

/// A search under way.
struct Search {
    hash: u64,
    cursor: Cursor,
    /// Of the table when the search began: if it changes, the search begins again.
    epoch: u32,
    /// The entry that is compared.
    entry_idx: usize,
    entry_key: Value,
}

impl NativeObject for Search {
    fn trace(&self, gray: &mut Gray) {
        gray.extend(Some(self.entry_key).filter(Value::is_handle));
    }
    fn bytes(&self) -> usize {
        size_of::<Search>()
    }
}

impl Search {
    fn new(cx: &Cx, container: Value, hash: u64) -> Search {
        let (cursor, epoch) = match container {
            Value::Dict(id) => {
                let table = &cx.heap.dicts.get(id).table;
                (Cursor::Dict(table.probe(hash)), table.epoch())
            }
            Value::Set(id) | Value::FrozenSet(id) => {
                let table = &cx.heap.sets.get(id).table;
                (Cursor::Set(table.probe(hash)), table.epoch())
            }
            _ => crate::bug!("only dicts and sets are searched"),
        };
        Search { hash, cursor, epoch, entry_idx: usize::MAX, entry_key: Value::Undef }
    }

    /// The next entry with this hash becomes the one to compare.
    fn advance(&mut self, cx: &Cx, container: Value) -> bool {
        loop {
            let (candidate, hash) = match (&mut self.cursor, container) {
                (Cursor::Dict(probe), Value::Dict(id)) => {
                    let dict = cx.heap.dicts.get(id);
                    let Some(at) = dict.table.next_candidate(probe) else { return false };
                    let entry = &dict.entries[at as usize];
                    self.entry_key = entry.key;
                    (at, entry.hash)
                }
                (Cursor::Set(probe), Value::Set(id) | Value::FrozenSet(id)) => {
                    let set = cx.heap.sets.get(id);
                    let Some(at) = set.table.next_candidate(probe) else { return false };
                    let entry = &set.entries[at as usize];
                    self.entry_key = entry.key;
                    (at, entry.hash)
                }
                _ => crate::bug!("a search stays in its container"),
            };
            self.entry_idx = candidate as usize;
            if hash == self.hash {
                return true;
            }
        }
    }

    /// Whether script code left the table and the entry as they were.
    fn is_valid(&self, cx: &Cx, container: Value) -> bool {
        let (epoch, key) = match container {
            Value::Dict(id) => {
                let dict = cx.heap.dicts.get(id);
                (dict.table.epoch(), dict.entries.get(self.entry_idx).map(|entry| entry.key))
            }
            Value::Set(id) | Value::FrozenSet(id) => {
                let set = cx.heap.sets.get(id);
                (set.table.epoch(), set.entries.get(self.entry_idx).map(|entry| entry.key))
            }
            _ => crate::bug!("only dicts and sets are searched"),
        };
        epoch == self.epoch && key.is_some_and(|key| key.is(&self.entry_key))
    }
}

const START: u32 = 0;
const HASHED: u32 = 1;
const COMPARED: u32 = 2;

fn probe_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [action, container, key, extra] = frame.values[..] else { crate::bug!("a probe has four values") };
    let Value::Int(action) = action else { crate::bug!("a probe has an action") };
    let action = ACTIONS[action as usize];
    let found = search(cx, frame, container, key)?;
    // What is asked for from here on is the result.
    finish(cx, action, container, key, extra, found).map_err(Ask::to_be_last)
}

fn search(cx: &mut Cx, frame: &mut NativeFrame, container: Value, key: Value) -> Result<Found, Ask> {
    let hash = match frame.step {
        START => {
            frame.step = HASHED;
            match unhashable_set(cx, key) {
                Some(id) if !matches!(container, Value::Dict(_)) => hash_frozen(cx, id),
                _ => as_hash(protocol::hash(cx, key).map_err(Ask::to_come_back)?),
            }
        }
        HASHED => as_hash(frame.told.into_outcome()?),
        _ => return go_on(cx, frame, container, key),
    };
    frame.step = COMPARED;
    frame.told = Told::Start;
    let found = Search::new(cx, container, hash);
    frame.state = Some(Box::new(found));
    go_on(cx, frame, container, key)
}

fn as_hash(hash: Value) -> u64 {
    match hash {
        Value::Int(hash) => hash as u64,
        _ => crate::bug!("a hash is an int"),
    }
}

/// Compares candidate after candidate.
fn go_on(cx: &mut Cx, frame: &mut NativeFrame, container: Value, key: Value) -> Result<Found, Ask> {
    let told = std::mem::take(&mut frame.told);
    let state = frame.state.as_deref_mut().map(|state| state as &mut dyn std::any::Any);
    let Some(search) = state.and_then(|state| state.downcast_mut::<Search>()) else {
        crate::bug!("a search has its state")
    };
    if !matches!(told, Told::Start) {
        let answer = told.into_outcome()?;
        // The answer of `equals` is a Bool.
        if !search.is_valid(cx, container) {
            *search = Search::new(cx, container, search.hash);
        } else if quick_truth(cx, answer) == Some(true) {
            return Ok(Found::At(search.entry_idx));
        }
    }
    while search.advance(cx, container) {
        match protocol::equals(cx, search.entry_key, key) {
            Ok(Value::Bool(false)) => {}
            Ok(_) => return Ok(Found::At(search.entry_idx)),
            Err(ask) => return Err(ask),
        }
    }
    Ok(Found::Absent(search.hash))
}
