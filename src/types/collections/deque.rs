//! `collections.deque`: a queue with two ends.

use std::collections::VecDeque;

use aspen_grammar::bytecode::Compare;

use super::deque_iterator;
use crate::call::launch::{launch, then_give};
use crate::call::{Ask, Cx, Outcome};
use crate::types::drive::{Flow, drive, no_answer};
use crate::types::list::methods::search_bounds;
use crate::types::{class, classes, container, generic_alias, protocol, search, walk};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::{Gray, Id, NativeFrame, NativeId, Value};

/// The state of a deque.
pub struct Deque {
    pub items: VecDeque<Value>,
    pub max_len: Option<usize>,
    /// Changes with every mutation, so that iterators notice.
    pub version: u64,
}

impl NativeObject for Deque {
    fn trace(&self, gray: &mut Gray) {
        gray.extend(self.items.iter().filter(|item| item.is_handle()));
    }
    fn bytes(&self) -> usize {
        size_of::<Deque>() + self.items.capacity() * size_of::<Value>()
    }
}

crate::natives! {
    /// The rows of the class deque.
    pub static DEQUE = [
        new "__new__(cls, *args, **kwargs)" => deque_new, "Create and return a new object.  See help(type) for accurate signature.";
        special "__init__(self, iterable=, maxlen=)" => deque_init, "A list-like sequence optimized for data accesses near its endpoints.";
        method "append(self, item, /)" => deque_append, "Add an element to the right side of the deque.";
        method "appendleft(self, item, /)" => deque_appendleft, "Add an element to the left side of the deque.";
        method "pop(self, /)" => deque_pop, "Remove and return the rightmost element.";
        method "popleft(self, /)" => deque_popleft, "Remove and return the leftmost element.";
        method "extend(self, iterable, /)" => deque_extend, "Extend the right side of the deque with elements from the iterable.";
        method "extendleft(self, iterable, /)" => deque_extendleft, "Extend the left side of the deque with elements from the iterable.";
        method "clear(self, /)" => deque_clear, "Remove all elements from the deque.";
        method "copy(self, /)" => deque_copy, "Return a shallow copy of a deque.";
        method "__copy__(self, /)" => deque_copy, "Return a shallow copy of a deque.";
        method "count(self, value, /)" => deque_count, "Return number of occurrences of value.";
        method "index(self, value, start: clip=, stop: clip=, /)" => deque_index, "Return first index of value.\n\nRaises ValueError if the value is not present.";
        method "insert(self, index: size, value, /)" => deque_insert, "Insert value before index.";
        method "remove(self, value, /)" => deque_remove, "Remove first occurrence of value.";
        method "reverse(self, /)" => deque_reverse, "Reverse *IN PLACE*.";
        method "rotate(self, n: size=, /)" => deque_rotate, "Rotate the deque n steps to the right.  If n is negative, rotates left.";
        special "__len__(self, /)" => deque_len, "Return len(self).";
        special "__iter__(self, /)" => deque_iter, "Implement iter(self).";
        special "__reversed__(self, /)" => deque_reversed, "Return a reverse iterator over the deque.";
        special "__contains__(self, key, /)" => deque_contains, "Return bool(key in self).";
        special "__getitem__(self, key: size, /)" => deque_getitem, "Return self[key].";
        special "__setitem__(self, key: size, value, /)" => deque_setitem, "Set self[key] to value.";
        special "__delitem__(self, key: size, /)" => deque_delitem, "Delete self[key].";
        special "__add__(self, value, /)" => deque_add, "Return self+value.";
        special "__iadd__(self, value, /)" => deque_iadd, "Implement self+=value.";
        special "__mul__(self, value: size, /)" => deque_mul, "Return self*value.";
        special "__rmul__(self, value: size, /)" => deque_mul, "Return value*self.";
        special "__imul__(self, value: size, /)" => deque_imul, "Implement self*=value.";
        special "__eq__(self, value, /)" => deque_eq, "Return self==value.";
        special "__ne__(self, value, /)" => deque_ne, "Return self!=value.";
        special "__lt__(self, value, /)" => deque_lt, "Return self<value.";
        special "__le__(self, value, /)" => deque_le, "Return self<=value.";
        special "__gt__(self, value, /)" => deque_gt, "Return self>value.";
        special "__ge__(self, value, /)" => deque_ge, "Return self>=value.";
        special "__repr__(self, /)" => deque_repr, "Return repr(self).";
        method "__reduce__(self, /)" => deque_reduce, "Return state information for pickling.";
        method "__sizeof__(self, /)" => deque_sizeof, "Return the size of the deque in memory, in bytes.";
        class "__class_getitem__(cls, item, /)" => generic_alias::class_getitem, "See PEP 585";
        attr "maxlen" => deque_maxlen, "maximum size of a deque or None if unbounded";
    ]
}

crate::natives! {
    /// Steps of deques.
    pub static DEQUE_STEPS = [
        hidden "extend(iterable, item, deque, is_left)" => step extend_step, "Adds all items at one end.";
        hidden "remove(deque, value)" => step remove_step, "Removes the first equal item.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::DEQUE, row }
}

/// The deque that `self` is or carries.
#[inline]
pub fn this(cx: &Cx, value: Value) -> Id<Boxed> {
    match cx.exact(value) {
        Value::Native(id) => id,
        other => crate::bug!("{other:?} is no deque"),
    }
}

/// The state of a deque.
#[inline]
pub fn get(cx: &Cx, id: Id<Boxed>) -> &Deque {
    cx.heap.native::<Deque>(id).expect("it is a deque")
}

#[inline]
fn get_mut(cx: &mut Cx, id: Id<Boxed>) -> &mut Deque {
    let deque = cx.heap.native_mut::<Deque>(id).expect("it is a deque");
    deque.version += 1;
    deque
}

fn make(cx: &mut Cx, items: VecDeque<Value>, max_len: Option<usize>) -> Value {
    cx.heap.new_native(classes::DEQUE, Deque { items, max_len, version: 0 })
}

fn deque_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = class::checked_class(cx, args[0], classes::DEQUE)?;
    let deque = make(cx, VecDeque::new(), None);
    if class == classes::DEQUE { Ok(deque) } else { Ok(class::allocate(cx, class, deque)) }
}

fn deque_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let max_len = match args[2].given().map(|value| cx.exact(value)) {
        None | Some(Value::None) => None,
        Some(Value::Int(len)) if len >= 0 => Some(len as usize),
        Some(Value::Int(_)) => return Err(cx.value_error("maxlen must be non-negative")),
        Some(_) => return Err(cx.type_error("an integer is required")),
    };
    let id = this(cx, args[0]);
    let deque = get_mut(cx, id);
    deque.items.clear();
    deque.max_len = max_len;
    match args[1] {
        Value::Undef => Ok(Value::None),
        iterable => extend(cx, id, iterable, false),
    }
}

/// Room for one more item; asked for before.
fn make_room(cx: &mut Cx, id: Id<Boxed>, extra: usize) -> Result<(), Ask> {
    let items = &get(cx, id).items;
    if items.capacity() - items.len() >= extra {
        return Ok(());
    }
    let more = extra.max(items.capacity()).max(8);
    let is_old = cx.heap.natives.is_old(id);
    cx.heap.reserve_for(more * size_of::<Value>(), is_old)?;
    get_mut(cx, id).items.reserve_exact(more);
    Ok(())
}

#[inline]
fn push(cx: &mut Cx, id: Id<Boxed>, item: Value, is_left: bool) -> Result<(), Ask> {
    let items = &get(cx, id).items;
    if items.len() == items.capacity() {
        make_room(cx, id, 1)?;
    }
    let deque = get_mut(cx, id);
    if is_left {
        deque.items.push_front(item);
    } else {
        deque.items.push_back(item);
    }
    if deque.max_len.is_some_and(|max_len| deque.items.len() > max_len) {
        if is_left {
            deque.items.pop_back();
        } else {
            deque.items.pop_front();
        }
    }
    Ok(())
}

fn deque_append(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    push(cx, id, args[1], false)?;
    Ok(Value::None)
}

fn deque_appendleft(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    push(cx, id, args[1], true)?;
    Ok(Value::None)
}

fn deque_pop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    match get_mut(cx, id).items.pop_back() {
        Some(item) => Ok(item),
        None => Err(cx.index_error("pop from an empty deque")),
    }
}

fn deque_popleft(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    match get_mut(cx, id).items.pop_front() {
        Some(item) => Ok(item),
        None => Err(cx.index_error("pop from an empty deque")),
    }
}

fn extend(cx: &mut Cx, id: Id<Boxed>, iterable: Value, is_left: bool) -> Outcome {
    // Its own items are those that it has now.
    let iterable = match cx.exact(iterable) {
        Value::Native(other) if other == id => {
            let items = get(cx, id).items.iter().copied().collect();
            cx.heap.new_list(items)
        }
        _ => iterable,
    };
    let values = [iterable, Value::Undef, Value::Native(id), Value::Bool(is_left)];
    launch(cx, NativeFrame::new(step(0), &values))
}

fn extend_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive(
        cx,
        frame,
        |cx, frame, item| {
            let Value::Native(id) = frame.values[2] else { crate::bug!("items go to a deque") };
            push(cx, id, item, frame.values[3] == Value::Bool(true))?;
            Ok(Flow::Go)
        },
        no_answer,
    )?;
    Ok(Value::None)
}

fn deque_extend(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    extend(cx, id, args[1], false)
}

fn deque_extendleft(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    extend(cx, id, args[1], true)
}

fn deque_clear(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    get_mut(cx, id).items = VecDeque::new();
    Ok(Value::None)
}

/// A deque with these items, of the class of `self`.
fn similar(cx: &mut Cx, like: Value, items: VecDeque<Value>) -> Outcome {
    let max_len = get(cx, this(cx, like)).max_len;
    if let Value::Native(_) = like {
        return Ok(make(cx, items, max_len));
    }
    // A subclass is called, as any script would.
    let class = Value::Class(cx.class_of(like));
    let items = cx.heap.new_list(items.into());
    let max_len = max_len.map(|len| Value::Int(len as i64));
    let args: &[Value] = match max_len {
        Some(max_len) => &[items, max_len],
        None => &[items],
    };
    Err(cx.ask_tail(class, args))
}

fn deque_copy(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let bytes = get(cx, id).bytes();
    cx.heap.ensure(bytes)?;
    let items = get(cx, id).items.clone();
    similar(cx, args[0], items)
}

/// An iterator over the deque, which notices mutations.
fn iterator(cx: &mut Cx, value: Value, from: usize) -> Value {
    let id = this(cx, value);
    deque_iterator::new(cx, id, from, false)
}

fn deque_count(cx: &mut Cx, args: &[Value]) -> Outcome {
    let items = iterator(cx, args[0], 0);
    search::count(cx, items, args[1])
}

fn deque_index(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let len = get(cx, id).items.len();
    let (start, stop) = search_bounds(len, args[2], args[3]);
    let start = start.min(len as i64);
    let items = iterator(cx, args[0], start as usize);
    search::index_from(cx, items, args[1], start, stop.max(start), search::Missing::InDeque)
}

fn deque_insert(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let deque = get(cx, id);
    let len = deque.items.len() as i64;
    if deque.max_len == Some(len as usize) {
        return Err(cx.index_error("deque already at its maximum size"));
    }
    make_room(cx, id, 1)?;
    let index = args[1].as_int().unwrap_or_default();
    let place = if index < 0 { (index + len).max(0) } else { index.min(len) };
    get_mut(cx, id).items.insert(place as usize, args[2]);
    Ok(Value::None)
}

fn deque_remove(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    launch(cx, NativeFrame::new(step(1), &[Value::Native(id), args[1]]))
}

fn remove_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [Value::Native(id), value] = frame.values[..] else { crate::bug!("a deque and a value") };
    let at = match frame.step {
        0 => {
            frame.step = 1;
            let items = deque_iterator::new(cx, id, 0, false);
            search::index(cx, items, value, "deque.remove(x): x not in deque")?
        }
        _ => frame.told.into_outcome()?,
    };
    let at = at.as_int().unwrap_or_default() as usize;
    if get_mut(cx, id).items.remove(at).is_none() {
        return Err(cx.index_error("deque mutated during remove()."));
    }
    Ok(Value::None)
}

fn deque_reverse(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    get_mut(cx, id).items.make_contiguous().reverse();
    Ok(Value::None)
}

fn deque_rotate(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let by = args[1].given().and_then(|by| by.as_int()).unwrap_or(1);
    let items = &mut get_mut(cx, id).items;
    if !items.is_empty() {
        let by = by.rem_euclid(items.len() as i64) as usize;
        items.rotate_right(by);
    }
    Ok(Value::None)
}

fn deque_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    Ok(Value::Int(get(cx, id).items.len() as i64))
}

fn deque_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(iterator(cx, args[0], 0))
}

fn deque_reversed(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    Ok(deque_iterator::new(cx, id, 0, true))
}

fn deque_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    let items = iterator(cx, args[0], 0);
    container::contains_by_iteration(cx, items, args[1])
}

/// The place of an index, which may be negative.
fn place_of(cx: &mut Cx, id: Id<Boxed>, index: Value) -> Result<usize, Ask> {
    let len = get(cx, id).items.len() as i64;
    let index = index.as_int().unwrap_or_default();
    let place = if index < 0 { index + len } else { index };
    if (0..len).contains(&place) { Ok(place as usize) } else { Err(cx.index_error("deque index out of range")) }
}

fn deque_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let place = place_of(cx, id, args[1])?;
    Ok(get(cx, id).items[place])
}

fn deque_setitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let place = place_of(cx, id, args[1])?;
    let deque = get_mut(cx, id);
    // No mutation in the eyes of iterators.
    deque.version -= 1;
    deque.items[place] = args[2];
    Ok(Value::None)
}

fn deque_delitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let place = place_of(cx, id, args[1])?;
    get_mut(cx, id).items.remove(place);
    Ok(Value::None)
}

/// Whether a value is a deque.
fn is_deque(cx: &Cx, value: Value) -> bool {
    matches!(cx.exact(value), Value::Native(id) if cx.heap.native::<Deque>(id).is_some())
}

fn deque_add(cx: &mut Cx, args: &[Value]) -> Outcome {
    if !is_deque(cx, args[1]) {
        let message = format!("can only concatenate deque (not \"{}\") to deque", cx.class_name(args[1]));
        return Err(cx.type_error(message));
    }
    let (left, right) = (this(cx, args[0]), this(cx, args[1]));
    let n_items = get(cx, left).items.len() + get(cx, right).items.len();
    cx.heap.ensure(n_items * size_of::<Value>())?;
    let max_len = get(cx, left).max_len;
    let mut items: VecDeque<Value> = get(cx, left).items.iter().chain(&get(cx, right).items).copied().collect();
    if let Some(max_len) = max_len {
        items.drain(..items.len().saturating_sub(max_len));
    }
    similar(cx, args[0], items)
}

fn deque_iadd(cx: &mut Cx, args: &[Value]) -> Outcome {
    match deque_extend(cx, args) {
        Ok(_) => Ok(args[0]),
        Err(ask) => Err(then_give(cx, ask, args[0])),
    }
}

/// The items over and over, as many as fit.
fn repeated(cx: &mut Cx, args: &[Value]) -> Result<VecDeque<Value>, Ask> {
    let id = this(cx, args[0]);
    let deque = get(cx, id);
    let Some(total) = crate::types::list::methods::repeated_len(deque.items.len(), args[1]) else {
        return Err(cx.memory_error());
    };
    let max_len = deque.max_len;
    let kept = max_len.map_or(total, |max_len| total.min(max_len));
    cx.heap.ensure(kept * size_of::<Value>())?;
    let items = &get(cx, id).items;
    Ok((total - kept..total).map(|at| items[at % items.len()]).collect())
}

fn deque_mul(cx: &mut Cx, args: &[Value]) -> Outcome {
    let items = repeated(cx, args)?;
    similar(cx, args[0], items)
}

fn deque_imul(cx: &mut Cx, args: &[Value]) -> Outcome {
    let items = repeated(cx, args)?;
    cx.heap.charge(items.len() * size_of::<Value>());
    let id = this(cx, args[0]);
    get_mut(cx, id).items = items;
    Ok(args[0])
}

fn compare(cx: &mut Cx, op: Compare, args: &[Value]) -> Outcome {
    if !is_deque(cx, args[1]) {
        return Ok(Value::NotImplemented);
    }
    let as_list = |cx: &mut Cx, value: Value| {
        let items = get(cx, this(cx, value)).items.iter().copied().collect();
        cx.heap.new_list(items)
    };
    let (left, right) = (as_list(cx, args[0]), as_list(cx, args[1]));
    walk::compare(cx, op, left, right)
}

fn deque_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::Eq, args)
}

fn deque_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::NotEq, args)
}

fn deque_lt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::Less, args)
}

fn deque_le(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::LessEq, args)
}

fn deque_gt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::Greater, args)
}

fn deque_ge(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::GreaterEq, args)
}

fn deque_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let deque = get(cx, this(cx, args[0]));
    let items = deque.items.iter().copied().collect();
    let close = match deque.max_len {
        Some(max_len) => format!("], maxlen={max_len})"),
        None => "])".to_owned(),
    };
    let open = format!("{}([", cx.class_name(args[0]));
    walk::repr_as(cx, args[0], walk::Layout { open, items, is_pairs: false, close, marker: "[...]".into() })
}

fn deque_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let max_len = get(cx, this(cx, args[0])).max_len;
    let class = Value::Class(cx.class_of(args[0]));
    let arguments = match max_len {
        Some(max_len) => {
            let empty = cx.heap.empty_tuple;
            cx.heap.new_tuple(&[empty, Value::Int(max_len as i64)])
        }
        None => cx.heap.empty_tuple,
    };
    let items = protocol::iter(cx, args[0])?;
    Ok(cx.heap.new_tuple(&[class, arguments, Value::None, items]))
}

fn deque_sizeof(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    Ok(Value::Int(get(cx, id).bytes() as i64))
}

fn deque_maxlen(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(get(cx, this(cx, args[0])).max_len.map_or(Value::None, |len| Value::Int(len as i64)))
}
