//! The rows of the class list. `self` may be an instance of a subclass: its payload is the list.

use aspen_grammar::bytecode::Compare;

use super::sort;
use crate::call::launch::then_give;
use crate::call::{Cx, Outcome};
use crate::types::search::Missing;
use crate::types::{class, classes, container, drive, int, item, protocol, search, walk};
use crate::value::iterator::Iter;
use crate::value::{Id, List, Value};

crate::natives! {
    /// The rows of the class list.
    pub static LIST = [
        hidden "list(iterable=, /)" => list_make, "Built-in mutable sequence.";
        new "__new__(cls, *args, **kwargs)" => list_new, "Create and return a new object.  See help(type) for accurate signature.";
        special "__init__(self, iterable=, /)" => list_init, "Initialize self.  See help(type(self)) for accurate signature.";
        method "append(self, object, /)" => list_append, "Append object to the end of the list.";
        method "clear(self, /)" => list_clear, "Remove all items from list.";
        method "copy(self, /)" => list_copy, "Return a shallow copy of the list.";
        method "count(self, value, /)" => list_count, "Return number of occurrences of value.";
        method "extend(self, iterable, /)" => list_extend, "Extend list by appending elements from the iterable.";
        method "index(self, value, start: clip=, stop: clip=, /)" => list_index, "Return first index of value.\n\nRaises ValueError if the value is not present.";
        method "insert(self, index: clip, object, /)" => list_insert, "Insert object before index.";
        method "pop(self, index: size=, /)" => list_pop, "Remove and return item at index (default last).\n\nRaises IndexError if list is empty or index is out of range.";
        method "remove(self, value, /)" => list_remove, "Remove first occurrence of value.\n\nRaises ValueError if the value is not present.";
        method "reverse(self, /)" => list_reverse, "Reverse *IN PLACE*.";
        method "sort(self, /, *, key=, reverse: truth=)" => sort::list_sort, "Sort the list in ascending order and return None.\n\nThe sort is in-place (i.e. the list itself is modified) and stable (i.e. the\norder of two equal elements is maintained).\n\nIf a key function is given, apply it once to each list item and sort them,\nascending or descending, according to their function values.\n\nThe reverse flag can be set to sort in descending order.";
        special "__repr__(self, /)" => list_repr, "Return repr(self).";
        special "__len__(self, /)" => list_len, "Return len(self).";
        special "__iter__(self, /)" => list_iter, "Implement iter(self).";
        special "__reversed__(self, /)" => list_reversed, "Return a reverse iterator over the list.";
        special "__contains__(self, key, /)" => list_contains, "Return bool(key in self).";
        special "__getitem__(self, index, /)" => item::get_native, "Return self[index].";
        special "__setitem__(self, key, value, /)" => item::set_native, "Set self[key] to value.";
        special "__delitem__(self, key, /)" => item::delete_native, "Delete self[key].";
        special "__add__(self, value, /)" => list_add, "Return self+value.";
        special "__iadd__(self, value, /)" => list_iadd, "Implement self+=value.";
        special "__mul__(self, value: size, /)" => list_mul, "Return self*value.";
        special "__rmul__(self, value: size, /)" => list_mul, "Return value*self.";
        special "__imul__(self, value: size, /)" => list_imul, "Implement self*=value.";
        special "__eq__(self, value, /)" => list_eq, "Return self==value.";
        special "__ne__(self, value, /)" => list_ne, "Return self!=value.";
        special "__lt__(self, value, /)" => list_lt, "Return self<value.";
        special "__le__(self, value, /)" => list_le, "Return self<=value.";
        special "__gt__(self, value, /)" => list_gt, "Return self>value.";
        special "__ge__(self, value, /)" => list_ge, "Return self>=value.";
        method "__sizeof__(self, /)" => list_sizeof, "Return the size of the list in memory, in bytes.";
        class "__class_getitem__(cls, item, /)" => crate::types::generic_alias::class_getitem, "See PEP 585";
    ]
}

/// The list that `self` is or carries.
#[inline]
pub fn this(cx: &Cx, value: Value) -> Id<List> {
    match value {
        Value::List(id) => id,
        _ => match cx.exact(value) {
            Value::List(id) => id,
            other => crate::bug!("{other:?} is no list"),
        },
    }
}

fn list_make(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[0] {
        Value::Undef => Ok(cx.heap.new_list(Vec::new())),
        iterable => drive::list(cx, iterable),
    }
}

/// An empty list; `__init__` fills it.
fn list_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = class::checked_class(cx, args[0], classes::LIST)?;
    let list = cx.heap.new_list(Vec::new());
    Ok(int::instance(cx, class, classes::LIST, list))
}

fn list_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    cx.heap.lists.get_mut(list).items.clear();
    match args[1] {
        Value::Undef => Ok(Value::None),
        iterable => drive::extend(cx, list, iterable),
    }
}

fn list_append(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    cx.heap.push(list, args[1])?;
    Ok(Value::None)
}

fn list_clear(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    cx.heap.lists.get_mut(list).items = Vec::new();
    Ok(Value::None)
}

fn list_copy(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    drive::list(cx, Value::List(list))
}

fn list_count(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    search::count(cx, Value::List(list), args[1])
}

fn list_extend(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    drive::extend(cx, list, args[1])
}

/// The bounds of `index`, as for slices: negative ones count from the end.
pub fn search_bounds(len: usize, start: Value, stop: Value) -> (i64, i64) {
    let len = len as i64;
    let bound = |value: Value, default: i64| match value {
        Value::Int(int) if int < 0 => (int.saturating_add(len)).max(0),
        Value::Int(int) => int,
        _ => default,
    };
    (bound(start, 0), bound(stop, i64::MAX))
}

fn list_index(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    let bounds = search_bounds(cx.heap.lists.get(list).items.len(), args[2], args[3]);
    search::index_in(cx, Value::List(list), args[1], bounds, Missing::InList)
}

fn list_insert(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    cx.heap.grow_list(list, 1)?;
    let items = &mut cx.heap.lists.get_mut(list).items;
    let len = items.len() as i64;
    let index = args[1].as_int().unwrap_or_default();
    let place = if index < 0 { (index.saturating_add(len)).max(0) } else { index.min(len) };
    items.insert(place as usize, args[2]);
    cx.burnt += (len - place) / 256;
    Ok(Value::None)
}

fn list_pop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    if args[1].is_undef() {
        // Nothing moves, and nothing new is pointed to.
        return match cx.heap.lists.get_unbarred(list).items.pop() {
            Some(item) => Ok(item),
            None => Err(cx.index_error("pop from empty list")),
        };
    }
    let items = &mut cx.heap.lists.get_mut(list).items;
    let len = items.len() as i64;
    if len == 0 {
        return Err(cx.index_error("pop from empty list"));
    }
    let index = args[1].as_int().unwrap_or_default();
    let place = if index < 0 { index + len } else { index };
    if !(0..len).contains(&place) {
        return Err(cx.index_error("pop index out of range"));
    }
    let item = items.remove(place as usize);
    cx.burnt += (len - place) / 256;
    Ok(item)
}

fn list_remove(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    let n_items = cx.heap.lists.get(list).items.len();
    for at in 0..n_items {
        let other = cx.heap.lists.get(list).items[at];
        match protocol::quick_same(cx, other, args[1]) {
            Some(true) => {
                cx.heap.lists.get_mut(list).items.remove(at);
                cx.burnt += n_items as i64 / 64;
                return Ok(Value::None);
            }
            Some(false) => {}
            None => return sort::remove_slowly(cx, list, args[1], at),
        }
    }
    cx.burnt += n_items as i64 / 4;
    Err(cx.value_error("list.remove(x): x not in list"))
}

fn list_reverse(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    cx.heap.lists.get_mut(list).items.reverse();
    Ok(Value::None)
}

fn list_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    walk::repr(cx, Value::List(list))
}

fn list_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    Ok(Value::Int(cx.heap.lists.get(list).items.len() as i64))
}

fn list_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    Ok(cx.heap.new_iter(Iter::List { list, index: 0 }))
}

fn list_reversed(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    let index = cx.heap.lists.get(list).items.len();
    Ok(cx.heap.new_iter(Iter::ListReversed { list, index }))
}

fn list_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    container::contains(cx, Value::List(list), args[1])
}

fn list_add(cx: &mut Cx, args: &[Value]) -> Outcome {
    let left = this(cx, args[0]);
    let Value::List(right) = cx.exact(args[1]) else {
        let message = format!("can only concatenate list (not \"{}\") to list", cx.class_name(args[1]));
        return Err(cx.type_error(message));
    };
    let n_items = cx.heap.lists.get(left).items.len() + cx.heap.lists.get(right).items.len();
    cx.heap.ensure(n_items * size_of::<Value>())?;
    cx.burnt += n_items as i64 / 16;
    let mut items = Vec::with_capacity(n_items);
    items.extend_from_slice(&cx.heap.lists.get(left).items);
    items.extend_from_slice(&cx.heap.lists.get(right).items);
    Ok(cx.heap.new_list(items))
}

/// As `extend`; the result is `self`.
fn list_iadd(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    match drive::extend(cx, list, args[1]) {
        Ok(_) => Ok(args[0]),
        Err(ask) => Err(then_give(cx, ask, args[0])),
    }
}

/// How many items a repetition has; None if it is more than memory can hold.
pub fn repeated_len(len: usize, count: Value) -> Option<usize> {
    let count = count.as_int().unwrap_or_default().max(0) as usize;
    len.checked_mul(count).filter(|len| *len <= isize::MAX as usize / size_of::<Value>())
}

/// The items over and over, `total` of them.
pub fn repeat_items(items: &[Value], total: usize) -> Vec<Value> {
    let mut repeated = Vec::with_capacity(total);
    while repeated.len() < total {
        repeated.extend_from_slice(items);
    }
    repeated
}

fn list_mul(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    let Some(total) = repeated_len(cx.heap.lists.get(list).items.len(), args[1]) else {
        return Err(cx.memory_error());
    };
    cx.heap.ensure(total * size_of::<Value>())?;
    cx.burnt += total as i64 / 16;
    let items = repeat_items(&cx.heap.lists.get(list).items, total);
    Ok(cx.heap.new_list(items))
}

fn list_imul(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    let len = cx.heap.lists.get(list).items.len();
    let Some(total) = repeated_len(len, args[1]) else { return Err(cx.memory_error()) };
    cx.heap.grow_list(list, total.saturating_sub(len))?;
    cx.burnt += total as i64 / 16;
    let items = repeat_items(&cx.heap.lists.get(list).items, total);
    cx.heap.lists.get_mut(list).items = items;
    Ok(args[0])
}

fn compare(cx: &mut Cx, op: Compare, args: &[Value]) -> Outcome {
    let left = this(cx, args[0]);
    match cx.exact(args[1]) {
        right @ Value::List(_) => walk::compare(cx, op, Value::List(left), right),
        _ => Ok(Value::NotImplemented),
    }
}

fn list_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::Eq, args)
}

fn list_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::NotEq, args)
}

fn list_lt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::Less, args)
}

fn list_le(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::LessEq, args)
}

fn list_gt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::Greater, args)
}

fn list_ge(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::GreaterEq, args)
}

fn list_sizeof(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    Ok(Value::Int(40 + 8 * cx.heap.lists.get(list).items.capacity() as i64))
}
