//! tuple.

use aspen_grammar::bytecode::Compare;

use super::list::methods::{repeat_items, repeated_len, search_bounds};
use crate::call::{Ask, Cx, Outcome};
use crate::types::search::Missing;
use crate::types::{class, classes, container, drive, int, item, protocol, search, walk};
use crate::value::iterator::Iter;
use crate::value::{Id, Tuple, Value};

crate::natives! {
    /// The rows of the class tuple.
    pub static TUPLE = [
        new "__new__(cls, iterable=, /)" => tuple_new, "Built-in immutable sequence.";
        method "count(self, value, /)" => tuple_count, "Return number of occurrences of value.";
        method "index(self, value, start: clip=, stop: clip=, /)" => tuple_index, "Return first index of value.\n\nRaises ValueError if the value is not present.";
        special "__repr__(self, /)" => tuple_repr, "Return repr(self).";
        special "__hash__(self, /)" => tuple_hash, "Return hash(self).";
        special "__len__(self, /)" => tuple_len, "Return len(self).";
        special "__iter__(self, /)" => tuple_iter, "Implement iter(self).";
        special "__contains__(self, key, /)" => tuple_contains, "Return bool(key in self).";
        special "__getitem__(self, key, /)" => item::get_native, "Return self[key].";
        special "__add__(self, value, /)" => tuple_add, "Return self+value.";
        special "__mul__(self, value: size, /)" => tuple_mul, "Return self*value.";
        special "__rmul__(self, value: size, /)" => tuple_mul, "Return value*self.";
        special "__eq__(self, value, /)" => tuple_eq, "Return self==value.";
        special "__ne__(self, value, /)" => tuple_ne, "Return self!=value.";
        special "__lt__(self, value, /)" => tuple_lt, "Return self<value.";
        special "__le__(self, value, /)" => tuple_le, "Return self<=value.";
        special "__gt__(self, value, /)" => tuple_gt, "Return self>value.";
        special "__ge__(self, value, /)" => tuple_ge, "Return self>=value.";
        method "__getnewargs__(self, /)" => tuple_getnewargs, "The arguments that make an equal one.";
        class "__class_getitem__(cls, item, /)" => crate::types::generic_alias::class_getitem, "See PEP 585";
    ]
}

crate::natives! {
    /// Steps of tuples.
    pub static TUPLE_STEPS = [
        hidden "new(cls, iterable)" => step new_step, "An instance of a subclass, once its items are a tuple.";
    ]
}

fn this(cx: &Cx, value: Value) -> Id<Tuple> {
    match cx.exact(value) {
        Value::Tuple(id) => id,
        other => crate::bug!("{other:?} is no tuple"),
    }
}

fn tuple_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    if args[0] == Value::Class(classes::TUPLE) {
        return match args[1] {
            Value::Undef => Ok(cx.heap.empty_tuple),
            iterable => drive::tuple(cx, iterable),
        };
    }
    let class = class::checked_class(cx, args[0], classes::TUPLE)?;
    let items = match args[1] {
        Value::Undef => cx.heap.empty_tuple,
        Value::Tuple(_) => args[1],
        iterable => {
            let native = crate::value::NativeId { table: crate::tables::TUPLE, row: 0 };
            let frame = crate::value::NativeFrame::new(native, &[args[0], iterable]);
            return crate::call::launch::launch(cx, frame);
        }
    };
    Ok(int::instance(cx, class, classes::TUPLE, items))
}

fn new_step(cx: &mut Cx, frame: &mut crate::value::NativeFrame) -> Outcome {
    let Value::Class(class) = frame.values[0] else { crate::bug!("the class was checked") };
    let items = match frame.step {
        0 => {
            let outcome = drive::tuple(cx, frame.values[1]).map_err(Ask::to_come_back);
            frame.step = (outcome != Err(Ask::Full)) as u32;
            outcome?
        }
        _ => frame.told.into_outcome()?,
    };
    Ok(int::instance(cx, class, classes::TUPLE, items))
}

fn tuple_count(cx: &mut Cx, args: &[Value]) -> Outcome {
    let tuple = this(cx, args[0]);
    search::count(cx, Value::Tuple(tuple), args[1])
}

fn tuple_index(cx: &mut Cx, args: &[Value]) -> Outcome {
    let tuple = this(cx, args[0]);
    let bounds = search_bounds(cx.heap.tuples.get(tuple).items().len(), args[2], args[3]);
    search::index_in(cx, Value::Tuple(tuple), args[1], bounds, Missing::Text("tuple.index(x): x not in tuple"))
}

fn tuple_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let tuple = this(cx, args[0]);
    walk::repr(cx, Value::Tuple(tuple))
}

fn tuple_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let tuple = this(cx, args[0]);
    protocol::hash(cx, Value::Tuple(tuple))
}

fn tuple_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    let tuple = this(cx, args[0]);
    Ok(Value::Int(cx.heap.tuples.get(tuple).items().len() as i64))
}

fn tuple_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let sequence = Value::Tuple(this(cx, args[0]));
    Ok(cx.heap.new_iter(Iter::Items { sequence, index: 0 }))
}

fn tuple_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    let tuple = this(cx, args[0]);
    container::contains(cx, Value::Tuple(tuple), args[1])
}

fn tuple_add(cx: &mut Cx, args: &[Value]) -> Outcome {
    let left = this(cx, args[0]);
    let Value::Tuple(right) = cx.exact(args[1]) else {
        let message = format!("can only concatenate tuple (not \"{}\") to tuple", cx.class_name(args[1]));
        return Err(cx.type_error(message));
    };
    let (n_left, n_right) = (cx.heap.tuples.get(left).items().len(), cx.heap.tuples.get(right).items().len());
    if n_right == 0 && matches!(args[0], Value::Tuple(_)) {
        return Ok(args[0]);
    }
    if n_left == 0 && matches!(args[1], Value::Tuple(_)) {
        return Ok(args[1]);
    }
    cx.heap.ensure((n_left + n_right) * size_of::<Value>())?;
    cx.burnt += (n_left + n_right) as i64 / 16;
    let mut items = Vec::with_capacity(n_left + n_right);
    items.extend_from_slice(cx.heap.tuples.get(left).items());
    items.extend_from_slice(cx.heap.tuples.get(right).items());
    Ok(cx.heap.new_tuple_from(items))
}

fn tuple_mul(cx: &mut Cx, args: &[Value]) -> Outcome {
    let tuple = this(cx, args[0]);
    if args[1] == Value::Int(1) && matches!(args[0], Value::Tuple(_)) {
        return Ok(args[0]);
    }
    let Some(total) = repeated_len(cx.heap.tuples.get(tuple).items().len(), args[1]) else {
        return Err(cx.memory_error());
    };
    cx.heap.ensure(total * size_of::<Value>())?;
    cx.burnt += total as i64 / 16;
    let items = repeat_items(cx.heap.tuples.get(tuple).items(), total);
    Ok(cx.heap.new_tuple_from(items))
}

fn compare(cx: &mut Cx, op: Compare, args: &[Value]) -> Outcome {
    let left = this(cx, args[0]);
    match cx.exact(args[1]) {
        right @ Value::Tuple(_) => walk::compare(cx, op, Value::Tuple(left), right),
        _ => Ok(Value::NotImplemented),
    }
}

fn tuple_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::Eq, args)
}

fn tuple_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::NotEq, args)
}

fn tuple_lt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::Less, args)
}

fn tuple_le(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::LessEq, args)
}

fn tuple_gt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::Greater, args)
}

fn tuple_ge(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, Compare::GreaterEq, args)
}

fn tuple_getnewargs(cx: &mut Cx, args: &[Value]) -> Outcome {
    let tuple = this(cx, args[0]);
    let copy = cx.heap.tuples.get(tuple).items().to_vec();
    let copy = cx.heap.new_tuple_from(copy);
    Ok(cx.heap.new_tuple(&[copy]))
}
