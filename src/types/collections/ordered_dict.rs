//! `collections.OrderedDict`: dicts keep their order anyway; this one can change it, and compares it.

use crate::call::launch::{launch, then_give};
use crate::call::{Ask, Cx, Outcome};
use crate::types::dict::methods::{copy, pop_last, this};
use crate::types::dict::{compare, ops, update};
use crate::types::probe::{self, Action, Found};
use crate::types::{class, classes, protocol, walk};
use crate::value::{Dict, Id, NativeFrame, NativeId, Value};

crate::natives! {
    /// The rows of the class OrderedDict.
    pub static ORDERED_DICT = [
        new "__new__(cls, *args, **kwargs)" => ordered_new, "Create and return a new object.  See help(type) for accurate signature.";
        method "move_to_end(self, /, key, last: truth=)" => ordered_move_to_end, "Move an existing element to the end (or beginning if last is false).\n\nRaise KeyError if the element does not exist.";
        method "popitem(self, /, last: truth=)" => ordered_popitem, "Remove and return a (key, value) pair from the dictionary.\n\nPairs are returned in LIFO order if last is true or FIFO order if false.";
        method "copy(self, /)" => ordered_copy, "od.copy() -> a shallow copy of od";
        special "__eq__(self, value, /)" => ordered_eq, "Return self==value.";
        special "__ne__(self, value, /)" => ordered_ne, "Return self!=value.";
        special "__repr__(self, /)" => ordered_repr, "Return repr(self).";
        special "__or__(self, value, /)" => ordered_or, "Return self|value.";
        special "__ror__(self, value, /)" => ordered_ror, "Return value|self.";
        special "__ior__(self, value, /)" => ordered_ior, "Return self|=value.";
        method "__reduce__(self, /)" => ordered_reduce, "Return state information for pickling";
    ]
}

crate::natives! {
    /// Steps of OrderedDict.
    pub static ORDERED_DICT_STEPS = [
        hidden "equal(lhs, rhs, is_negated)" => step equal_step, "Equal entries in the same order.";
        hidden "move(dict, key, last)" => step move_step, "Moves an entry, once it is found.";
    ]
}

const EQUAL: NativeId = NativeId { table: crate::tables::ORDERED_DICT, row: 0 };
const MOVE: NativeId = NativeId { table: crate::tables::ORDERED_DICT, row: 1 };

fn ordered_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = class::checked_class(cx, args[0], classes::ORDERED_DICT)?;
    let dict = Value::Dict(cx.heap.new_dict());
    Ok(class::allocate(cx, class, dict))
}

fn ordered_move_to_end(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    let is_last = args[2] != Value::Bool(false);
    match probe::find_in_dict(cx, dict, args[1]) {
        Found::At(at) => move_entry(cx, dict, at, is_last),
        Found::Absent(_) => Err(cx.key_error(args[1])),
        Found::Unsure => Err(cx.ask_push(NativeFrame::new(MOVE, &[Value::Dict(dict), args[1], Value::Bool(is_last)]))),
    }
}

fn move_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [Value::Dict(dict), key, last] = frame.values[..] else { crate::bug!("a dict and a key") };
    let at = match frame.step {
        0 => {
            frame.step = 1;
            probe::run(cx, Action::Locate, Value::Dict(dict), key, Value::Undef).map_err(Ask::to_come_back)?
        }
        _ => frame.told.into_outcome()?,
    };
    match at {
        Value::Int(at) => move_entry(cx, dict, at as usize, last == Value::Bool(true)),
        _ => Err(cx.key_error(key)),
    }
}

fn move_entry(cx: &mut Cx, dict: Id<Dict>, at: usize, is_last: bool) -> Outcome {
    if is_last {
        if at + 1 == cx.heap.dicts.get(dict).entries.len() {
            return Ok(Value::None);
        }
        // Room first: what is taken out must come in again.
        let object = cx.heap.dicts.get(dict);
        if object.table.is_full() || object.entries.len() == object.entries.capacity() {
            let key = object.entries[at].key;
            let hash = object.entries[at].hash;
            ops::grow(cx, dict, 1)?;
            return match probe::find_any_in_dict(cx, dict, key, hash) {
                Found::At(at) => move_entry(cx, dict, at, true),
                _ => Ok(Value::None),
            };
        }
        let object = cx.heap.dicts.get_mut(dict);
        let entry = object.remove_at(at);
        object.add(entry.hash, entry.key, entry.value);
        return Ok(Value::None);
    }
    let object = cx.heap.dicts.get_mut(dict);
    let n_entries = object.entries.len();
    object.entries[..=at].rotate_right(1);
    object.make_room(0);
    cx.burnt += n_entries as i64;
    Ok(Value::None)
}

fn ordered_popitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    let popped = if args[1] == Value::Bool(false) { pop_first(cx, dict) } else { pop_last(cx, dict) };
    match popped {
        Some((key, value)) => Ok(cx.heap.new_tuple(&[key, value])),
        None => {
            let message = cx.str("dictionary is empty");
            Err(cx.key_error(message))
        }
    }
}

fn pop_first(cx: &mut Cx, dict: Id<Dict>) -> Option<(Value, Value)> {
    let object = cx.heap.dicts.get_mut(dict);
    let at = object.first_entry()?;
    let entry = object.remove_at(at);
    Some((entry.key, entry.value))
}

fn ordered_copy(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = cx.class_of(args[0]);
    if class != classes::ORDERED_DICT {
        return Err(cx.ask_tail(Value::Class(class), &[args[0]]));
    }
    let dict = copy(cx, this(cx, args[0]))?;
    Ok(class::allocate(cx, class, Value::Dict(dict)))
}

fn is_ordered(cx: &Cx, value: Value) -> bool {
    let class = cx.class_of(value);
    classes::is_subclass(cx, class, classes::ORDERED_DICT)
}

fn equality(cx: &mut Cx, args: &[Value], is_negated: bool) -> Outcome {
    let Value::Dict(rhs) = cx.exact(args[1]) else { return Ok(Value::NotImplemented) };
    let lhs = this(cx, args[0]);
    let is_ordered = Value::Bool(is_ordered(cx, args[1]));
    let values = [Value::Dict(lhs), Value::Dict(rhs), Value::Bool(is_negated), is_ordered];
    launch(cx, NativeFrame::new(EQUAL, &values))
}

fn equal_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [Value::Dict(lhs), Value::Dict(rhs), negated, ordered] = frame.values[..] else { crate::bug!("two dicts") };
    let answer = match frame.step {
        0 => {
            frame.step = 1;
            compare::equal(cx, lhs, rhs)?
        }
        _ => frame.told.into_outcome()?,
    };
    let mut is_equal = answer == Value::Bool(true);
    if is_equal && ordered == Value::Bool(true) {
        let pairs: Vec<_> = (cx.heap.dicts.get(lhs).iter().zip(cx.heap.dicts.get(rhs).iter()))
            .map(|(left, right)| (left.key, right.key))
            .collect();
        // Keys that need script code were compared before; here they count as different unless they are the same.
        is_equal = pairs.into_iter().all(|(left, right)| protocol::quick_same(cx, left, right) == Some(true));
    }
    Ok(Value::Bool(is_equal != (negated == Value::Bool(true))))
}

fn ordered_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    equality(cx, args, false)
}

fn ordered_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    equality(cx, args, true)
}

fn ordered_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    let name = cx.class_name(args[0]);
    if cx.heap.dicts.get(dict).is_empty() {
        return Ok(cx.str(&format!("{name}()")));
    }
    let items = cx.heap.dicts.get(dict).iter().flat_map(|entry| [entry.key, entry.value]).collect();
    let (open, close) = (format!("{name}({{"), "})".to_owned());
    walk::repr_as(cx, args[0], walk::Layout { open, items, is_pairs: true, close, marker: "...".into() })
}

fn merged(cx: &mut Cx, class_of: Value, lhs: Value, rhs: Value) -> Outcome {
    let (Value::Dict(left), Value::Dict(right)) = (cx.exact(lhs), cx.exact(rhs)) else {
        return Ok(Value::NotImplemented);
    };
    let dict = copy(cx, left)?;
    let class = cx.class_of(class_of);
    let made = class::allocate(cx, class, Value::Dict(dict));
    match update::merge(cx, dict, Value::Dict(right), update::Strictness::Update) {
        Ok(_) => Ok(made),
        Err(ask) => Err(then_give(cx, ask, made)),
    }
}

fn ordered_or(cx: &mut Cx, args: &[Value]) -> Outcome {
    merged(cx, args[0], args[0], args[1])
}

fn ordered_ror(cx: &mut Cx, args: &[Value]) -> Outcome {
    merged(cx, args[0], args[1], args[0])
}

fn ordered_ior(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = this(cx, args[0]);
    match update::merge(cx, dict, args[1], update::Strictness::Update) {
        Ok(_) => Ok(args[0]),
        Err(ask) => Err(then_give(cx, ask, args[0])),
    }
}

fn ordered_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = Value::Class(cx.class_of(args[0]));
    let dict = this(cx, args[0]);
    let view = crate::types::dict::views::new(cx, dict, crate::value::iterator::DictPart::Items);
    let items = protocol::iter(cx, view)?;
    let empty = cx.heap.empty_tuple;
    Ok(cx.heap.new_tuple(&[class, empty, Value::None, Value::None, items]))
}
