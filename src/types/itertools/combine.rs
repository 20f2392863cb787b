//! product, permutations, combinations, combinations_with_replacement.

use super::tool::{self, Tool};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::types::iterator::iterator_iter;
use crate::types::{classes, drive};
use crate::value::native_object::Boxed;
use crate::value::{Id, NativeFrame, NativeId, Value};

crate::natives! {
    /// The rows of the class product.
    pub static PRODUCT = [
        new "__new__(cls, *iterables, repeat: size=)" => product_new, "Cartesian product of input iterables.  Equivalent to nested for-loops.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => product_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class permutations.
    pub static PERMUTATIONS = [
        new "__new__(cls, iterable: list, r=)" => permutations_new, "Return successive r-length permutations of elements in the iterable.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => permutations_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class combinations.
    pub static COMBINATIONS = [
        new "__new__(cls, iterable: list, r: size)" => combinations_new, "Return successive r-length combinations of elements in the iterable.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => combinations_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class combinations_with_replacement.
    pub static COMBINATIONS_WITH_REPLACEMENT = [
        new "__new__(cls, iterable: list, r: size)" => replaced_new, "Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => replaced_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// Steps of making them.
    pub static COMBINE_STEPS = [
        hidden "product(cls, repeat, *iterables)" => step product_step, "Once all pools are tuples.";
    ]
}

const PRODUCT_STEP: NativeId = NativeId { table: crate::tables::COMBINE, row: 0 };

fn items_of(cx: &Cx, sequence: Value) -> Vec<Value> {
    match sequence {
        Value::List(id) => cx.heap.lists.get(id).items.clone(),
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        _ => crate::bug!("a pool is a list or a tuple"),
    }
}

/// The items at the places, as a tuple.
fn chosen(cx: &mut Cx, id: Id<Boxed>) -> Value {
    let state = tool::get(cx, id);
    let items: Vec<Value> = state.places.iter().map(|&place| state.items[place]).collect();
    cx.burnt += items.len() as i64 / 16;
    cx.heap.new_tuple_from(items)
}

/// `next`: 0 before the first, 1 under way, 2 at the end.
fn state_of(cx: &Cx, id: Id<Boxed>) -> i64 {
    tool::get(cx, id).next
}

fn set_state(cx: &mut Cx, id: Id<Boxed>, state: i64) {
    tool::get_mut(cx, id).next = state;
}

// ----- product -----

fn product_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let repeat = args[1].given().unwrap_or(Value::Int(1));
    if repeat.as_int().unwrap_or_default() < 0 {
        return Err(cx.value_error("repeat argument cannot be negative"));
    }
    let mut frame = NativeFrame::new(PRODUCT_STEP, &[args[0], repeat]);
    if repeat != Value::Int(0) {
        frame.values.extend_from_slice(&args[2..]);
    }
    launch(cx, frame)
}

/// The step is twice the number of the next pool, one more while it is asked for.
fn product_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    loop {
        let at = 2 + frame.step as usize / 2;
        let Some(&iterable) = frame.values.get(at) else { break };
        frame.values[at] = if frame.step % 2 == 1 {
            frame.step -= 1;
            std::mem::take(&mut frame.told).into_outcome()?
        } else {
            match drive::tuple(cx, iterable) {
                Ok(pool) => pool,
                Err(Ask::Full) => return Err(Ask::Full),
                Err(ask) => {
                    frame.step += 1;
                    return Err(ask.to_come_back());
                }
            }
        };
        frame.step += 2;
    }
    let (mut items, mut places, mut marks) = (Vec::new(), Vec::new(), Vec::new());
    // The marks are the borders of the pools; those of a repetition are the same again.
    for &pool in &frame.values[2..] {
        let start = items.len();
        items.extend(items_of(cx, pool));
        marks.extend([start, items.len()]);
        places.push(start);
    }
    let repeat = frame.values[1].as_int().unwrap_or_default() as usize;
    let n_places = places.len().saturating_mul(repeat);
    cx.heap.ensure(n_places.saturating_mul(3 * size_of::<usize>()))?;
    let places = places.repeat(repeat);
    let marks = marks.repeat(repeat);
    let is_empty = marks.chunks(2).any(|pool| pool[0] == pool[1]);
    let tool = Tool { items, places, marks, next: if is_empty { 2 } else { 0 }, ..Tool::default() };
    tool::make(cx, frame.values[0], classes::PRODUCT, tool)
}

fn product_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = tool::id_of(cx, args[0]);
    match state_of(cx, id) {
        0 => set_state(cx, id, 1),
        1 => {
            let Tool { places, marks, .. } = tool::get_mut(cx, id);
            // Counts like an odometer.
            let turned = places.iter_mut().zip(marks.chunks(2)).rev().any(|(place, pool)| {
                *place += 1;
                if *place < pool[1] {
                    return true;
                }
                *place = pool[0];
                false
            });
            if !turned {
                set_state(cx, id, 2);
                return Err(Ask::End);
            }
        }
        _ => return Err(Ask::End),
    }
    Ok(chosen(cx, id))
}

// ----- combinations -----

/// The length of what is chosen, not negative.
fn length(cx: &mut Cx, r: Value) -> Result<usize, Ask> {
    match r.as_int().unwrap_or_default() {
        r if r < 0 => Err(cx.value_error("r must be non-negative")),
        r => Ok(r as usize),
    }
}

fn combinations_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let items = items_of(cx, args[1]);
    let r = length(cx, args[2])?;
    let (places, next) = if r > items.len() { (Vec::new(), 2) } else { ((0..r).collect(), 0) };
    tool::make(cx, args[0], classes::COMBINATIONS, Tool { items, places, next, ..Tool::default() })
}

fn combinations_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = tool::id_of(cx, args[0]);
    match state_of(cx, id) {
        0 => set_state(cx, id, 1),
        1 => {
            let Tool { items, places, .. } = tool::get_mut(cx, id);
            let (n, r) = (items.len(), places.len());
            // The last place that can still move, and those behind it right after.
            let Some(at) = (0..r).rev().find(|&at| places[at] != at + n - r) else {
                set_state(cx, id, 2);
                return Err(Ask::End);
            };
            let first = places[at] + 1;
            for (offset, place) in places[at..].iter_mut().enumerate() {
                *place = first + offset;
            }
        }
        _ => return Err(Ask::End),
    }
    Ok(chosen(cx, id))
}

fn replaced_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let items = items_of(cx, args[1]);
    let r = length(cx, args[2])?;
    cx.heap.ensure(r.saturating_mul(size_of::<usize>()))?;
    let next = if items.is_empty() && r > 0 { 2 } else { 0 };
    let native = classes::COMBINATIONS_WITH_REPLACEMENT;
    tool::make(cx, args[0], native, Tool { items, places: vec![0; r], next, ..Tool::default() })
}

fn replaced_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = tool::id_of(cx, args[0]);
    match state_of(cx, id) {
        0 => set_state(cx, id, 1),
        1 => {
            let Tool { items, places, .. } = tool::get_mut(cx, id);
            let last = items.len().wrapping_sub(1);
            let Some(at) = places.iter().rposition(|&place| place != last) else {
                set_state(cx, id, 2);
                return Err(Ask::End);
            };
            let moved = places[at] + 1;
            places[at..].fill(moved);
        }
        _ => return Err(Ask::End),
    }
    Ok(chosen(cx, id))
}

// ----- permutations -----

/// `places` is the whole order, of which the first `stop` are given; `marks` are the cycles.
fn permutations_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let items = items_of(cx, args[1]);
    let n = items.len();
    let r = match args[2].given().map(|r| cx.exact(r)) {
        None | Some(Value::None) => n,
        Some(Value::Int(_) | Value::Bool(_)) => length(cx, cx.exact(args[2]))?,
        Some(_) => return Err(cx.type_error("Expected int as r")),
    };
    let marks = if r <= n { (0..r).map(|at| n - at).collect() } else { Vec::new() };
    let next = if r > n { 2 } else { 0 };
    let tool = Tool { items, places: (0..n).collect(), marks, next, stop: r as i64, ..Tool::default() };
    tool::make(cx, args[0], classes::PERMUTATIONS, tool)
}

fn permutations_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = tool::id_of(cx, args[0]);
    match state_of(cx, id) {
        0 => set_state(cx, id, 1),
        1 => {
            if !next_permutation(tool::get_mut(cx, id)) {
                set_state(cx, id, 2);
                return Err(Ask::End);
            }
        }
        _ => return Err(Ask::End),
    }
    let state = tool::get(cx, id);
    let items: Vec<Value> = state.places[..state.stop as usize].iter().map(|&place| state.items[place]).collect();
    Ok(cx.heap.new_tuple_from(items))
}

/// The place furthest right whose cycle is not over is exchanged; a cycle that is over turns its rest back.
fn next_permutation(state: &mut Tool) -> bool {
    let Tool { places, marks, .. } = state;
    let n = places.len();
    for at in (0..marks.len()).rev() {
        marks[at] -= 1;
        if marks[at] == 0 {
            places[at..].rotate_left(1);
            marks[at] = n - at;
        } else {
            let other = n - marks[at];
            places.swap(at, other);
            return true;
        }
    }
    false
}
