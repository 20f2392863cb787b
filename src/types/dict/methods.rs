//! The rows of the class dict. `self` may be an instance of a subclass: its payload is the dict.

use super::update::{self, Strictness};
use super::{compare, ops, views};
use crate::call::launch::{launch, then_give};
use crate::call::{Ask, Cx, Outcome};
use crate::types::drive::{Flow, any_answer, drive};
use crate::types::{class, classes, int, item, probe, walk};
use crate::value::iterator::{DictPart, Iter};
use crate::value::{Dict, Id, Kind, NativeFrame, NativeId, Value};

crate::natives! {
    /// The rows of the class dict.
    pub static DICT = [
        hidden "dict(source=, /, **kwargs)" => step dict_make, "dict() -> new empty dictionary";
        new "__new__(cls, *args, **kwargs)" => dict_new, "Create and return a new object.  See help(type) for accurate signature.";
        special "__init__(self, source=, /, **kwargs)" => step dict_init, "Initialize self.  See help(type(self)) for accurate signature.";
        method "get(self, key, default=, /)" => dict_get, "Return the value for key if key is in the dictionary, else default.";
        method "setdefault(self, key, default=, /)" => dict_setdefault, "Insert key with a value of default if key is not in the dictionary.\n\nReturn the value for key if key is in the dictionary, else default.";
        method "pop(self, key, default=, /)" => dict_pop, "D.pop(k[,d]) -> v, remove specified key and return the corresponding value.\n\nIf the key is not found, return the default if given; otherwise,\nraise a KeyError.";
        method "popitem(self, /)" => dict_popitem, "Remove and return a (key, value) pair as a 2-tuple.\n\nPairs are returned in LIFO (last-in, first-out) order.\nRaises KeyError if the dict is empty.";
        method "update(self, source=, /, **kwargs)" => step dict_update, "D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.";
        method "keys(self, /)" => dict_keys, "Return a set-like object providing a view on the dict's keys.";
        method "values(self, /)" => dict_values, "Return an object providing a view on the dict's values.";
        method "items(self, /)" => dict_items, "Return a set-like object providing a view on the dict's items.";
        method "clear(self, /)" => dict_clear, "Remove all items from the dict.";
        method "copy(self, /)" => dict_copy, "Return a shallow copy of the dict.";
        class "fromkeys(cls, iterable, value=, /)" => step dict_fromkeys, "Create a new dictionary with keys from iterable and values set to value.";
        special "__getitem__(self, key, /)" => dict_getitem, "Return self[key].";
        special "__setitem__(self, key, value, /)" => dict_setitem, "Set self[key] to value.";
        special "__delitem__(self, key, /)" => dict_delitem, "Delete self[key].";
        special "__contains__(self, key, /)" => dict_contains, "True if the dictionary has the specified key, else False.";
        special "__len__(self, /)" => dict_len, "Return len(self).";
        special "__iter__(self, /)" => dict_iter, "Implement iter(self).";
        special "__reversed__(self, /)" => dict_reversed, "Return a reverse iterator over the dict keys.";
        special "__repr__(self, /)" => dict_repr, "Return repr(self).";
        special "__eq__(self, value, /)" => dict_eq, "Return self==value.";
        special "__ne__(self, value, /)" => dict_ne, "Return self!=value.";
        special "__or__(self, value, /)" => dict_or, "Return self|value.";
        special "__ror__(self, value, /)" => dict_ror, "Return value|self.";
        special "__ior__(self, value, /)" => dict_ior, "Return self|=value.";
        method "__sizeof__(self, /)" => dict_sizeof, "Return the size of the dict in memory.";
        class "__class_getitem__(cls, item, /)" => crate::types::generic_alias::class_getitem, "See PEP 585";
    ]
}

crate::natives! {
    /// Steps of dict methods.
    pub static DICT_STEPS = [
        hidden "fill(keys, key, obj, value)" => step fill_step, "Sets one value for all keys; the object is the result.";
        hidden "not_equal(lhs, rhs)" => step not_equal_step, "The opposite of equality.";
        hidden "update(self, source=, /, **kwargs)" => step dict_init, "Merges a source and keyword arguments.";
    ]
}

const FILL: NativeId = NativeId { table: crate::tables::DICT, row: 0 };
/// The frame that does what `dict.update` does: values are the dict, the source and the keyword arguments.
pub const UPDATE: NativeId = NativeId { table: crate::tables::DICT, row: 2 };
const NOT_EQUAL: NativeId = NativeId { table: crate::tables::DICT, row: 1 };

/// The dict that `self` is or carries.
#[inline]
pub fn this(cx: &Cx, value: Value) -> Id<Dict> {
    match value {
        Value::Dict(id) => id,
        _ => match cx.exact(value) {
            Value::Dict(id) => id,
            other => crate::bug!("{other:?} is no dict"),
        },
    }
}

/// Values: source, keyword arguments.
fn dict_make(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        let dict = cx.heap.new_dict();
        frame.values.push(Value::Dict(dict));
    }
    let (source, kwargs, dict) = (frame.values[0], frame.values[1], frame.values[2]);
    fill(cx, frame, dict, source, kwargs)?;
    Ok(dict)
}

/// From a source, then from keyword arguments. Steps: 0; 1 the source is being merged; 2 it is.
fn fill(cx: &mut Cx, frame: &mut NativeFrame, dict: Value, source: Value, kwargs: Value) -> Result<(), Ask> {
    let Value::Dict(id) = dict else { crate::bug!("a dict is filled") };
    match frame.step {
        0 => {
            if !source.is_undef() {
                let outcome = update::merge(cx, id, source, Strictness::Update);
                frame.step = (outcome != Err(Ask::Full)) as u32;
                outcome.map_err(Ask::to_come_back)?;
            }
        }
        _ => {
            frame.told.into_outcome()?;
        }
    }
    if let Value::Dict(_) = kwargs {
        // Keys are strs: nothing is asked for.
        update::merge(cx, id, kwargs, Strictness::Update)?;
    }
    Ok(())
}

fn dict_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = class::checked_class(cx, args[0], classes::DICT_CLASS)?;
    let dict = Value::Dict(cx.heap.new_dict());
    Ok(int::instance(cx, class, classes::DICT_CLASS, dict))
}

fn dict_init(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let dict = Value::Dict(this(cx, frame.values[0]));
    let (source, kwargs) = (frame.values[1], frame.values[2]);
    fill(cx, frame, dict, source, kwargs)?;
    Ok(Value::None)
}

fn dict_update(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    dict_init(cx, frame)
}

fn dict_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    ops::get_or(cx, dict, args[1], args[2].given().unwrap_or(Value::None))
}

fn dict_setdefault(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    ops::set_default(cx, dict, args[1], args[2].given().unwrap_or(Value::None))
}

fn dict_pop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    ops::pop(cx, dict, args[1], args[2])
}

fn dict_popitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    match pop_last(cx, dict) {
        Some((key, value)) => Ok(cx.heap.new_tuple(&[key, value])),
        None => {
            let message = cx.str("popitem(): dictionary is empty");
            Err(cx.key_error(message))
        }
    }
}

/// Removes the entry that was added last.
pub fn pop_last(cx: &mut Cx, dict: Id<Dict>) -> Option<(Value, Value)> {
    let entry = cx.heap.dicts.get_mut(dict).pop_last()?;
    Some((entry.key, entry.value))
}

fn dict_keys(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    Ok(views::new(cx, dict, DictPart::Keys))
}

fn dict_values(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    Ok(views::new(cx, dict, DictPart::Values))
}

fn dict_items(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    Ok(views::new(cx, dict, DictPart::Items))
}

fn dict_clear(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    cx.heap.dicts.get_mut(dict).clear();
    Ok(Value::None)
}

/// A new dict with the same entries.
pub fn copy(cx: &mut Cx, from: Id<Dict>) -> Result<Id<Dict>, Ask> {
    let object = cx.heap.dicts.get(from);
    let owned = object.owned();
    let n_entries = object.entries.len() as i64;
    cx.heap.ensure(owned)?;
    cx.heap.charge(owned);
    cx.burnt += n_entries / 8;
    let copy = cx.heap.new_dict();
    let (table, entries) = (cx.heap.dicts.get(from).table.clone(), cx.heap.dicts.get(from).entries.clone());
    let object = cx.heap.dicts.get_mut(copy);
    object.table = table;
    object.entries = entries;
    Ok(copy)
}

fn dict_copy(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    Ok(Value::Dict(copy(cx, dict)?))
}

/// Values: class, iterable, value. Of a subclass, the class is called and its items are set one by one.
fn dict_fromkeys(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (class, keys) = (frame.values[0], frame.values[1]);
    let value = frame.values[2].given().unwrap_or(Value::None);
    let obj = match frame.step {
        0 if class == Value::Class(classes::DICT_CLASS) => Value::Dict(cx.heap.new_dict()),
        0 => {
            frame.step = 1;
            return Err(cx.ask_call(class, &[]));
        }
        1 => frame.told.into_outcome()?,
        _ => return frame.told.into_outcome(),
    };
    frame.step = 2;
    launch(cx, NativeFrame::new(FILL, &[keys, Value::Undef, obj, value]))
}

fn fill_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(
        cx,
        frame,
        |cx, frame, key| {
            let (iterator, obj, value) = (frame.values[0], frame.values[2], frame.values[3]);
            let outcome = match obj {
                Value::Dict(_) => probe::run_walked(cx, probe::Action::Set, obj, (iterator, key), value),
                _ => item::set(cx, obj, key, value),
            };
            outcome.map(|_| Flow::Go)
        },
        any_answer,
    )?;
    Ok(frame.values[2])
}

fn dict_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    ops::get(cx, dict, args[1], args[0])
}

fn dict_setitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    ops::set(cx, dict, args[1], args[2])
}

fn dict_delitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    ops::delete(cx, dict, args[1])
}

fn dict_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    ops::contains(cx, dict, args[1])
}

fn dict_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    Ok(Value::Int(cx.heap.dicts.get(dict).len() as i64))
}

fn dict_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    let iter = crate::types::pull::dict_iter(cx, dict, DictPart::Keys);
    Ok(cx.heap.new_iter(iter))
}

fn dict_reversed(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    Ok(reversed(cx, dict, DictPart::Keys))
}

/// A reverse iterator.
pub fn reversed(cx: &mut Cx, dict: Id<Dict>, part: DictPart) -> Value {
    let object = cx.heap.dicts.get(dict);
    let iter = Iter::DictReversed { dict, part, index: object.entries.len(), expected_len: object.len() };
    cx.heap.new_iter(iter)
}

fn dict_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    walk::repr(cx, Value::Dict(dict))
}

fn dict_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    let lhs = this(cx, args[0]);
    match cx.exact(args[1]) {
        Value::Dict(rhs) => compare::equal(cx, lhs, rhs),
        _ => Ok(Value::NotImplemented),
    }
}

fn dict_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    match cx.exact(args[1]) {
        Value::Dict(_) => launch(cx, NativeFrame::new(NOT_EQUAL, args)),
        _ => Ok(Value::NotImplemented),
    }
}

fn not_equal_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let answer = match frame.step {
        0 => {
            frame.step = 1;
            let values = [frame.values[0], frame.values[1]];
            dict_eq(cx, &values)?
        }
        _ => frame.told.into_outcome()?,
    };
    Ok(Value::Bool(answer != Value::Bool(true)))
}

fn dict_or(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (Value::Dict(lhs), Value::Dict(rhs)) = (cx.exact(args[0]), cx.exact(args[1])) else {
        return Ok(Value::NotImplemented);
    };
    let merged = copy(cx, lhs)?;
    match update::merge(cx, merged, Value::Dict(rhs), Strictness::Update) {
        Ok(_) => Ok(Value::Dict(merged)),
        Err(ask) => Err(then_give(cx, ask, Value::Dict(merged))),
    }
}

fn dict_ror(cx: &mut Cx, args: &[Value]) -> Outcome {
    dict_or(cx, &[args[1], args[0]])
}

fn dict_ior(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    match update::merge(cx, dict, args[1], Strictness::Update) {
        Ok(_) => Ok(args[0]),
        Err(ask) => Err(then_give(cx, ask, args[0])),
    }
}

fn dict_sizeof(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    Ok(Value::Int(48 + cx.heap.dicts.get(dict).owned() as i64))
}
