//! `list.sort` and `sorted`.
//!
//! The items are taken out of the list while they are sorted, so that script code cannot disturb the sort; if it put
//! something into the list meanwhile, that is an error at the end. Keys that are all ints, floats or strs are sorted at
//! once; otherwise the sorting machine asks for comparisons.

use aspen_grammar::bytecode::Compare;

use super::methods::this;
use crate::call::iterate::pause;
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::types::search::Missing;
use crate::types::sort::{Sort, SortStep, order_of_floats, order_of_ints, order_of_texts};
use crate::types::{direct, drive, operator, protocol, quick, search, walk};
use crate::value::iterator::Iter;
use crate::value::native_object::NativeObject;
use crate::value::{Gray, Id, List, NativeFrame, NativeId, Value};

crate::natives! {
    /// Steps of sorts.
    pub static SORT_STEPS = [
        hidden "sort(list, key, reverse, result)" => step sort_step, "Sorts a list.";
        hidden "sorted(iterable, key, reverse)" => step sorted_step, "A new sorted list.";
        hidden "remove(list, value, from)" => step remove_step, "Removes the first equal item.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::SORT, row }
}

/// A sort under way.
struct Sorting {
    items: Vec<Value>,
    /// One per item, once they are computed; empty if the items are their own keys.
    keys: Vec<Value>,
    sort: Option<Sort>,
    /// The answer to the machine's last question.
    answer: Option<bool>,
}

impl NativeObject for Sorting {
    fn trace(&self, gray: &mut Gray) {
        gray.extend(self.items.iter().chain(&self.keys).filter(|value| value.is_handle()));
    }
    fn bytes(&self) -> usize {
        let sort = self.sort.as_ref().map_or(0, |_| Sort::bytes(self.items.len()));
        size_of::<Sorting>() + (self.items.capacity() + self.keys.capacity()) * size_of::<Value>() + sort
    }
}

/// The body of `list.sort`.
pub fn list_sort(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = this(cx, args[0]);
    sort(cx, list, args[1], args[2], Value::None)
}

/// Sorts a list; `result` is what comes of it.
fn sort(cx: &mut Cx, list: Id<List>, key: Value, reverse: Value, result: Value) -> Outcome {
    let is_reversed = reverse == Value::Bool(true);
    let has_key = !key.is_undef() && !key.is_none();
    if !has_key && sort_directly(cx, list, is_reversed) {
        return Ok(result);
    }
    let n_items = cx.heap.lists.get(list).items.len();
    cx.heap.ensure(Sort::bytes(n_items) + n_items * size_of::<Value>())?;
    let key = if has_key { key } else { Value::Undef };
    launch(cx, NativeFrame::new(step(0), &[Value::List(list), key, Value::Bool(is_reversed), result]))
}

/// `sorted(iterable, key=None, reverse=False)`.
pub fn sorted(cx: &mut Cx, iterable: Value, key: Value, reverse: Value) -> Outcome {
    match drive::quick_items(cx, iterable)? {
        Some(items) => {
            let list = cx.heap.new_list(items);
            let Value::List(id) = list else { crate::bug!("a list was made") };
            sort(cx, id, key, reverse, list)
        }
        None => launch(cx, NativeFrame::new(step(1), &[iterable, key, reverse])),
    }
}

fn sorted_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let list = match frame.step {
        0 => {
            let outcome = drive::list(cx, frame.values[0]).map_err(Ask::to_come_back);
            frame.step = (outcome != Err(Ask::Full)) as u32;
            frame.values[0] = outcome?;
            frame.values[0]
        }
        1 => frame.told.into_outcome()?,
        _ => return frame.told.into_outcome(),
    };
    frame.values[0] = list;
    let Value::List(id) = list else { crate::bug!("a list was made") };
    let outcome = sort(cx, id, frame.values[1], frame.values[2], list).map_err(Ask::to_come_back);
    match outcome {
        Err(Ask::Full) => {
            // The list is there; only the sort is begun again.
            frame.step = 0;
            outcome
        }
        _ => {
            frame.step = 2;
            outcome
        }
    }
}

/// What all keys are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ints,
    Floats,
    Texts,
    Mixed,
}

fn kind_of(keys: &[Value]) -> Kind {
    let is_kind = |kind: fn(&Value) -> bool| keys.iter().all(kind);
    match keys.first() {
        Some(Value::Int(_)) if is_kind(|key| matches!(key, Value::Int(_))) => Kind::Ints,
        Some(Value::Float(_)) if is_kind(|key| matches!(key, Value::Float(_))) => Kind::Floats,
        Some(Value::Str(_)) if is_kind(|key| matches!(key, Value::Str(_))) => Kind::Texts,
        _ => Kind::Mixed,
    }
}

/// Without keys: ints, strs and floats without a nan are sorted as they are.
fn sort_directly(cx: &mut Cx, list: Id<List>, is_reversed: bool) -> bool {
    let items = &cx.heap.lists.get(list).items;
    let n_items = items.len();
    if n_items < 2 {
        return true;
    }
    match kind_of(items) {
        Kind::Ints => {
            let mut ints: Vec<i64> = items.iter().filter_map(Value::as_int).collect();
            ints.sort_unstable();
            if is_reversed {
                ints.reverse();
            }
            let items = &mut cx.heap.lists.get_mut(list).items;
            items.iter_mut().zip(ints).for_each(|(item, int)| *item = Value::Int(int));
        }
        Kind::Floats | Kind::Texts | Kind::Mixed => {
            let kind = kind_of(items);
            let Some(order) = quick_order(cx, items, kind, is_reversed) else { return false };
            let sorted = order.into_iter().map(|at| items[at as usize]).collect();
            cx.heap.lists.get_mut(list).items = sorted;
        }
    }
    charge_sort(cx, n_items);
    true
}

fn charge_sort(cx: &mut Cx, n_items: usize) {
    cx.burnt += (n_items as i64) * (n_items.max(2).ilog2() as i64) / 8;
}

/// The order of keys that need no script code; None: they may need some.
fn quick_order(cx: &Cx, keys: &[Value], kind: Kind, is_reversed: bool) -> Option<Vec<u32>> {
    // Equal items keep their order: what is turned round twice does.
    let turned = |keys: &[Value]| -> Vec<Value> {
        if is_reversed { keys.iter().rev().copied().collect() } else { keys.to_vec() }
    };
    let keys = turned(keys);
    let mut order = match kind {
        Kind::Ints => order_of_ints(&keys.iter().filter_map(Value::as_int).collect::<Vec<_>>()),
        Kind::Floats => {
            let float = |key: &Value| if let Value::Float(float) = key { Some(*float) } else { None };
            order_of_floats(&keys.iter().filter_map(float).collect::<Vec<_>>())
        }
        Kind::Texts => {
            let text = |key: &Value| if let Value::Str(id) = key { Some(cx.heap.text(*id)) } else { None };
            order_of_texts(&keys.iter().filter_map(text).collect::<Vec<_>>())
        }
        Kind::Mixed => return None,
    };
    if is_reversed {
        let last = keys.len() as u32 - 1;
        order.reverse();
        order.iter_mut().for_each(|at| *at = last - *at);
    }
    Some(order)
}

const KEY: u32 = 1;
const COMPARED: u32 = 2;
const TRUTH: u32 = 3;
const SORTING: u32 = 4;

/// Whatever happens, the items go back into the list.
fn sort_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::List(list) = frame.values[0] else { crate::bug!("only lists are sorted") };
    if frame.step == 0 {
        let items = std::mem::take(&mut cx.heap.lists.get_mut(list).items);
        frame.state = Some(Box::new(Sorting { items, keys: Vec::new(), sort: None, answer: None }));
        frame.step = SORTING;
    }
    let outcome = sort_items(cx, frame);
    match outcome {
        Ok(_) | Err(Ask::Raise(_)) => {}
        Err(ask) => return Err(ask),
    }
    let sorting = sorting_of(frame);
    let items = std::mem::take(&mut sorting.items);
    let sorted = match sorting.sort.take() {
        Some(sort) => sort.into_order().into_iter().map(|at| items[at as usize]).collect(),
        None => items,
    };
    let own = &mut cx.heap.lists.get_mut(list).items;
    let was_modified = own.capacity() > 0;
    *own = sorted;
    outcome?;
    if was_modified {
        return Err(cx.value_error("list modified during sort"));
    }
    Ok(frame.values[3])
}

fn sorting_of(frame: &mut NativeFrame) -> &mut Sorting {
    let state = frame.state.as_deref_mut().map(|state| state as &mut dyn std::any::Any);
    match state.and_then(|state| state.downcast_mut::<Sorting>()) {
        Some(sorting) => sorting,
        None => crate::bug!("a sort has its state"),
    }
}

fn sort_items(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (key, is_reversed) = (frame.values[1], frame.values[2] == Value::Bool(true));
    let (step, told) = (frame.step, std::mem::take(&mut frame.told));
    frame.step = SORTING;
    match step {
        KEY => {
            let computed = told.into_outcome()?;
            sorting_of(frame).keys.push(computed);
        }
        COMPARED => {
            let answer = told.into_outcome()?;
            if let Some(ask) = take_answer(cx, frame, answer) {
                return Err(ask);
            }
        }
        TRUTH => {
            let answer = told.into_outcome()?;
            sorting_of(frame).answer = Some(answer == Value::Bool(true));
        }
        _ => {}
    }
    if !key.is_undef() {
        compute_keys(cx, frame, key)?;
    }
    let sorting = sorting_of(frame);
    if sorting.sort.is_none() {
        let keys = if key.is_undef() { &sorting.items } else { &sorting.keys };
        if keys.is_empty() {
            return Ok(Value::None);
        }
        if let Some(order) = quick_order(cx, keys, kind_of(keys), is_reversed) {
            charge_sort(cx, order.len());
            sorting.items = order.into_iter().map(|at| sorting.items[at as usize]).collect();
            return Ok(Value::None);
        }
        let n_items = sorting.items.len();
        sorting.sort = Some(if is_reversed { Sort::new_reversed(n_items) } else { Sort::new(n_items) });
    }
    compare_items(cx, frame)
}

/// Computes the keys that are missing: at once if the key function is a plain native.
fn compute_keys(cx: &mut Cx, frame: &mut NativeFrame, key: Value) -> Result<(), Ask> {
    loop {
        let sorting = sorting_of(frame);
        let Some(&item) = sorting.items.get(sorting.keys.len()) else { return Ok(()) };
        if let Some(ask) = pause(cx) {
            return Err(ask);
        }
        cx.burnt += 1;
        match direct::call(cx, key, &[item]) {
            Some(Ok(computed)) => sorting.keys.push(computed),
            Some(Err(Ask::Raise(exc))) => return Err(Ask::Raise(exc)),
            Some(Err(ask)) => {
                frame.step = KEY;
                return Err(ask.to_come_back());
            }
            None => {
                frame.step = KEY;
                return Err(cx.ask_call(key, &[item]));
            }
        }
    }
}

/// Answers the machine's questions.
fn compare_items(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let has_key = !frame.values[1].is_undef();
    loop {
        if let Some(ask) = pause(cx) {
            return Err(ask);
        }
        let sorting = sorting_of(frame);
        let answer = sorting.answer.take();
        let Some(sort) = &mut sorting.sort else { crate::bug!("the sort has begun") };
        let SortStep::Compare(lhs, rhs) = sort.step(answer) else { return Ok(Value::None) };
        cx.burnt += 1;
        let keys = if has_key { &sorting.keys } else { &sorting.items };
        let (lhs, rhs) = (keys[lhs as usize], keys[rhs as usize]);
        if let Some(is_less) = quick::quick_less(&cx.heap, lhs, rhs) {
            sorting.answer = Some(is_less);
            continue;
        }
        let outcome = match (lhs, rhs) {
            (Value::Tuple(_), Value::Tuple(_)) => walk::compare(cx, Compare::Less, lhs, rhs),
            _ => operator::compare(cx, Compare::Less, lhs, rhs),
        };
        match outcome {
            Ok(Value::Bool(is_less)) => sorting_of(frame).answer = Some(is_less),
            Ok(answer) => {
                if let Some(ask) = take_answer(cx, frame, answer) {
                    return Err(ask);
                }
            }
            Err(ask) => {
                frame.step = COMPARED;
                return Err(ask.to_come_back());
            }
        }
    }
}

/// The truth of what `<` gave; an ask if script code must tell it.
fn take_answer(cx: &mut Cx, frame: &mut NativeFrame, answer: Value) -> Option<Ask> {
    match protocol::quick_truth(cx, answer) {
        Some(truth) => {
            sorting_of(frame).answer = Some(truth);
            None
        }
        None => {
            frame.step = TRUTH;
            Some(cx.ask_push(protocol::truth_frame(answer)))
        }
    }
}

/// `list.remove` from an item on whose equality needs script code.
pub fn remove_slowly(cx: &mut Cx, list: Id<List>, value: Value, from: usize) -> Outcome {
    launch(cx, NativeFrame::new(step(2), &[Value::List(list), value, Value::Int(from as i64)]))
}

fn remove_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [Value::List(list), value, Value::Int(from)] = frame.values[..] else {
        crate::bug!("a list and where to begin")
    };
    let at = match frame.step {
        0 => {
            frame.step = 1;
            let iterator = cx.heap.new_iter(Iter::List { list, index: from as usize });
            search::index_from(cx, iterator, value, from, i64::MAX, Missing::Text("list.remove(x): x not in list"))?
        }
        _ => frame.told.into_outcome()?,
    };
    let items = &mut cx.heap.lists.get_mut(list).items;
    if let Value::Int(at) = at
        && (at as usize) < items.len()
    {
        items.remove(at as usize);
    }
    Ok(Value::None)
}
