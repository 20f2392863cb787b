//! repr, comparison and hash of containers.
//!
//! Each frame walks through one container; what is in it and needs script code, or is nested too deep for the Rust stack
//! (see `call/launch.rs`), goes on in a frame of its own. So depth is limited by the recursion limit alone.

use super::operator;
use super::protocol;
use super::quick;
use super::str::repr::push_repr;
use super::strings;
use crate::call::attempt::attempt_frame;
use crate::call::iterate::pause;
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::value::hash::TupleHash;
use crate::value::native_object::NativeObject;
use crate::value::{Gray, NativeFrame, NativeId, Told, Value};
use aspen_grammar::bytecode::Compare;
use std::borrow::Cow;

crate::natives! {
    /// Steps through containers.
    pub static WALK_STEPS = [
        hidden "repr(container, piece)" => step repr_step, "The text of a container, item by item.";
        hidden "compare(lhs, rhs, op, index)" => step compare_step, "Two lists or two tuples.";
        hidden "hash(sequence, *hashes)" => step hash_walk, "A tuple or slice, item by item.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::WALK, row }
}

// ----- repr -----

/// How a container is written.
pub struct Layout {
    pub open: String,
    pub items: Vec<Value>,
    /// The items are keys and values in turn.
    pub is_pairs: bool,
    pub close: String,
    /// What is written where the container is found inside of itself.
    pub marker: Cow<'static, str>,
}

/// A text under way.
struct Writing {
    layout: Layout,
    next: usize,
    out: Vec<u8>,
}

impl NativeObject for Writing {
    fn trace(&self, gray: &mut Gray) {
        gray.extend(self.layout.items.iter().filter(|item| item.is_handle()));
    }
    fn bytes(&self) -> usize {
        size_of::<Writing>() + self.out.capacity() + self.layout.items.capacity() * size_of::<Value>()
    }
}

/// The text of an exact list, tuple, dict, set or frozenset.
pub fn repr(cx: &mut Cx, container: Value) -> Outcome {
    let items = |items: &[Value]| items.to_vec();
    let (open, items, is_pairs, close, marker) = match container {
        Value::List(id) => ("[", items(&cx.heap.lists.get(id).items), false, "]", "[...]"),
        Value::Tuple(id) => {
            let own = cx.heap.tuples.get(id).items();
            ("(", items(own), false, if own.len() == 1 { ",)" } else { ")" }, "(...)")
        }
        Value::Dict(id) => {
            let pairs = cx.heap.dicts.get(id).iter().flat_map(|entry| [entry.key, entry.value]).collect();
            ("{", pairs, true, "}", "{...}")
        }
        Value::Set(id) if cx.heap.sets.get(id).is_empty() => return Ok(cx.str("set()")),
        Value::FrozenSet(id) if cx.heap.sets.get(id).is_empty() => return Ok(cx.str("frozenset()")),
        Value::Set(id) => ("{", cx.heap.sets.get(id).iter().map(|entry| entry.key).collect(), false, "}", "set(...)"),
        Value::FrozenSet(id) => {
            let keys = cx.heap.sets.get(id).iter().map(|entry| entry.key).collect();
            ("frozenset({", keys, false, "})", "frozenset(...)")
        }
        _ => crate::bug!("{container:?} is no container"),
    };
    repr_as(
        cx,
        container,
        Layout { open: open.to_owned(), items, is_pairs, close: close.to_owned(), marker: marker.into() },
    )
}

/// The text of a container of any kind, which may be inside of itself.
pub fn repr_as(cx: &mut Cx, container: Value, layout: Layout) -> Outcome {
    if cx.printing.contains(container) {
        return Ok(cx.str(&layout.marker));
    }
    let out = layout.open.as_bytes().to_vec();
    let mut frame = NativeFrame::new(step(0), &[container, Value::Undef, Value::Bool(false)]);
    frame.state = Some(Box::new(Writing { layout, next: 0, out }));
    attempt_frame(cx, frame, repr_step)
}

/// The text of a few values between two texts.
pub fn repr_parts(cx: &mut Cx, open: &str, parts: &[Value], close: &str) -> Outcome {
    let layout = Layout {
        open: open.to_owned(),
        items: parts.to_vec(),
        is_pairs: false,
        close: close.to_owned(),
        marker: "...".into(),
    };
    repr_as(cx, Value::Undef, layout)
}

/// The container is among those that are printed while its frame waits, and while it is tried on the Rust stack.
fn repr_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let container = frame.values[0];
    if frame.values[2] == Value::Bool(false) {
        cx.printing.begin(container);
        frame.values[2] = Value::Bool(true);
    }
    let outcome = match std::mem::take(&mut frame.told) {
        Told::Raised(exc) => Err(Ask::Raise(exc)),
        Told::Value(piece) if frame.step == 1 => {
            frame.values[1] = cx.exact(piece);
            frame.step = 0;
            write_items(cx, frame)
        }
        Told::Value(_) | Told::Returned(_) | Told::Start | Told::End => write_items(cx, frame),
    };
    if cx.n_launched > 0 || matches!(outcome, Ok(_) | Err(Ask::Raise(_))) {
        frame.values[2] = Value::Bool(false);
        cx.printing.end(container);
    }
    outcome
}

/// Writes item after item. At a step that is not 0 the text of the item before `next` is missing.
fn write_items(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let state = frame.state.as_deref_mut().map(|state| state as &mut dyn std::any::Any);
    let Some(writing) = state.and_then(|state| state.downcast_mut::<Writing>()) else {
        crate::bug!("a text under way has its state")
    };
    if frame.step > 0 {
        // It was tried on the Rust stack, and is asked for again by the frame.
        let item = writing.layout.items[writing.next - 1];
        frame.values[1] = text_of_item(cx, &mut frame.step, item)?;
    }
    loop {
        if let Value::Str(piece) = cx.exact(frame.values[1]) {
            let len = cx.heap.text(piece).len();
            make_room(cx, &mut writing.out, len)?;
            writing.out.extend_from_slice(cx.heap.text(piece));
            frame.values[1] = Value::Undef;
        }
        if let Some(ask) = pause(cx) {
            return Err(ask);
        }
        let Some(&item) = writing.layout.items.get(writing.next) else { break };
        // Room for separator and number; a str makes its own.
        let room = if let Value::Str(id) = item { cx.heap.text(id).len() * 4 + 64 } else { 64 };
        make_room(cx, &mut writing.out, room)?;
        if writing.next > 0 {
            let is_value = writing.layout.is_pairs && writing.next % 2 == 1;
            writing.out.extend_from_slice(if is_value { b": " } else { b", " });
        }
        writing.next += 1;
        cx.burnt += 1;
        match item {
            Value::Str(id) => push_repr(cx.heap.text(id), &mut writing.out),
            Value::Int(int) => writing.out.extend_from_slice(strings::decimal(int, &mut [0; _])),
            Value::None => writing.out.extend_from_slice(b"None"),
            Value::Bool(bool) => writing.out.extend_from_slice(if bool { b"True" } else { b"False" }),
            _ => frame.values[1] = text_of_item(cx, &mut frame.step, item)?,
        }
    }
    let mut out = std::mem::take(&mut writing.out);
    out.extend_from_slice(writing.layout.close.as_bytes());
    Ok(cx.heap.new_str_from(out))
}

/// Steps: 0 there is a text; 1 it was asked for; 2 it must be asked for once more, after a collection.
fn text_of_item(cx: &mut Cx, step: &mut u32, item: Value) -> Outcome {
    let outcome = strings::to_repr(cx, item).map_err(Ask::to_come_back);
    *step = match outcome {
        Ok(_) => 0,
        Err(Ask::Full) => 2,
        Err(_) => 1,
    };
    outcome
}

/// Growth is asked for before.
fn make_room(cx: &mut Cx, out: &mut Vec<u8>, extra: usize) -> Result<(), Ask> {
    if out.capacity() - out.len() < extra {
        let more = extra.max(out.len());
        cx.heap.reserve(more)?;
        out.reserve(more);
    }
    Ok(())
}

// ----- Comparison -----

/// Compares two lists or two tuples.
pub fn compare(cx: &mut Cx, op: Compare, lhs: Value, rhs: Value) -> Outcome {
    if matches!(op, Compare::Eq | Compare::NotEq)
        && let Some(is_equal) = protocol::quick_eq(cx, lhs, rhs)
    {
        return Ok(Value::Bool(is_equal == (op == Compare::Eq)));
    }
    let quick = match op {
        Compare::Less => quick::quick_less(&cx.heap, lhs, rhs),
        Compare::Greater => quick::quick_less(&cx.heap, rhs, lhs),
        Compare::LessEq | Compare::Eq | Compare::NotEq | Compare::GreaterEq => None,
    };
    if let Some(holds) = quick {
        return Ok(Value::Bool(holds));
    }
    launch(cx, NativeFrame::new(step(1), &[lhs, rhs, Value::Int(op as i64), Value::Int(0)]))
}

const OPS: [Compare; 6] =
    [Compare::Less, Compare::LessEq, Compare::Eq, Compare::NotEq, Compare::Greater, Compare::GreaterEq];

fn len_and_item(cx: &Cx, sequence: Value, at: usize) -> (usize, Value) {
    let items = match sequence {
        Value::List(id) => &cx.heap.lists.get(id).items[..],
        Value::Tuple(id) => cx.heap.tuples.get(id).items(),
        _ => crate::bug!("only lists and tuples are compared item by item"),
    };
    (items.len(), items.get(at).copied().unwrap_or_default())
}

/// Steps: 0 the loop; 1 an equality was asked for; 2 the comparison of the first items that differ.
fn compare_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [lhs, rhs, Value::Int(op), Value::Int(index)] = frame.values[..] else {
        crate::bug!("two sequences, an operator and an index")
    };
    let (op, mut index) = (OPS[op as usize], index as usize);
    let mut answer = match frame.step {
        2 => return frame.told.into_outcome(),
        1 => Some(frame.told.into_outcome()?),
        _ => None,
    };
    frame.step = 0;
    loop {
        let (n_left, left) = len_and_item(cx, lhs, index);
        let (n_right, right) = len_and_item(cx, rhs, index);
        if n_left != n_right && matches!(op, Compare::Eq | Compare::NotEq) {
            return Ok(Value::Bool(op == Compare::NotEq));
        }
        if index >= n_left || index >= n_right {
            return Ok(Value::Bool(operator::holds(op, Some(n_left.cmp(&n_right)))));
        }
        let is_equal = match answer.take() {
            Some(answer) => answer,
            None => {
                frame.values[3] = Value::Int(index as i64);
                if let Some(ask) = pause(cx) {
                    return Err(ask);
                }
                cx.burnt += 1;
                frame.step = 1;
                let answer = protocol::equals(cx, left, right)?;
                frame.step = 0;
                answer
            }
        };
        if is_equal == Value::Bool(true) {
            index += 1;
            continue;
        }
        return match op {
            Compare::Eq => Ok(Value::Bool(false)),
            Compare::NotEq => Ok(Value::Bool(true)),
            Compare::Less | Compare::LessEq | Compare::Greater | Compare::GreaterEq => {
                let outcome = operator::compare(cx, op, left, right).map_err(Ask::to_be_last);
                if matches!(outcome, Err(ask) if ask.is_question()) {
                    frame.step = 2;
                }
                outcome
            }
        };
    }
}

// ----- Hash -----

/// The hash of a tuple or slice whose items need script code or are nested deep.
pub fn hash(cx: &mut Cx, sequence: Value) -> Outcome {
    launch(cx, NativeFrame::new(step(2), &[sequence]))
}

/// The values behind the sequence are the hashes so far. Step 1: one was asked for.
fn hash_walk(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 1 {
        let answer = std::mem::take(&mut frame.told).into_outcome()?;
        frame.values.push(answer);
        frame.step = 0;
    }
    let sequence = frame.values[0];
    let item_at = |cx: &Cx, at: usize| match sequence {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().get(at).copied(),
        Value::Slice(id) => super::slice::parts(cx, id).get(at).copied(),
        _ => crate::bug!("only tuples and slices are hashed item by item"),
    };
    while let Some(item) = item_at(cx, frame.values.len() - 1) {
        if let Some(ask) = pause(cx) {
            return Err(ask);
        }
        cx.burnt += 1;
        frame.step = 1;
        let hash = protocol::hash(cx, item).map_err(Ask::to_come_back)?;
        frame.values.push(hash);
        frame.step = 0;
    }
    let mut state = TupleHash::new();
    for hash in &frame.values[1..] {
        state.add(hash.as_int().unwrap_or_default());
    }
    Ok(Value::Int(match sequence {
        Value::Tuple(_) => state.finish(frame.values.len() - 1),
        _ => state.finish_slice(),
    }))
}
