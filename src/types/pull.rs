//! Iterators that pull from other iterators: enumerate, zip, map, filter.
//!
//! Over built-in iterators enumerate and zip (and filter without a function) give their next item at once, a bounded
//! number of levels deep; otherwise the next item is made in a frame.

use super::{classes, direct, protocol};
use crate::call::iterate::{self, Next, take};
use crate::call::{Ask, Cx, Outcome};
use crate::value::bigint::{IntRef, arith};
use crate::value::iterator::{DictPart, Iter, Pull, PullKind};
use crate::value::{Dict, Id, NativeFrame, NativeId, Range, Value};

crate::natives! {
    /// Steps of pulling iterators.
    pub static PULL_STEPS = [
        hidden "next_enumerated(iterator)" => step next_enumerated, "The next pair of enumerate.";
        hidden "next_zipped(iterator)" => step next_zipped, "The next tuple of zip.";
        hidden "next_mapped(iterator)" => step next_mapped, "The next result of map.";
        hidden "next_filtered(iterator, item)" => step next_filtered, "The next item that filter lets pass.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::PULL, row }
}

/// How deep built-in iterators over each other are followed on the Rust stack.
const MAX_DEPTH: u8 = 6;

/// An iterator over a dict.
pub fn dict_iter(cx: &Cx, dict: Id<Dict>, part: DictPart) -> Iter {
    let expected_len = cx.heap.dicts.get(dict).len();
    Iter::Dict { dict, part, index: 0, expected_len, remaining: expected_len }
}

/// An iterator over a range.
pub fn range_iter(range: Range) -> Iter {
    match (range.start, range.step, range.len) {
        (Value::Int(next), Value::Int(step), Value::Int(len)) => Iter::Range { next, remaining: len as u64, step },
        (next, step, remaining) => Iter::LongRange { next, step, remaining },
    }
}

/// A pulling iterator.
pub fn new(cx: &mut Cx, kind: PullKind, head: Value, mut iters: Vec<Value>) -> Value {
    let depth = match kind {
        PullKind::Map => 0,
        PullKind::Filter if !head.is_none() => 0,
        PullKind::Enumerate | PullKind::Zip | PullKind::ZipStrict | PullKind::Filter => iters
            .iter()
            .map(|&iter| depth_of(cx, iter))
            .try_fold(1, |deepest: u8, depth| depth.map(|depth| deepest.max(depth)))
            .filter(|&depth| depth < MAX_DEPTH)
            .map_or(0, |depth| depth + 1),
    };
    if kind == PullKind::Filter {
        iters.push(Value::Undef);
    }
    cx.heap.new_iter(Iter::Pull(Box::new(Pull { kind, head, iters, depth })))
}

/// How deep an iterator goes that needs no script code; None if it may need some.
fn depth_of(cx: &Cx, iter: Value) -> Option<u8> {
    let Value::Iter(id) = iter else { return None };
    match cx.heap.iters.get(id) {
        Iter::Pull(pull) => Some(pull.depth).filter(|&depth| depth > 0),
        Iter::Indexed { .. } | Iter::IndexedReversed { .. } | Iter::Calls { .. } => None,
        Iter::Items { sequence: Value::Native(_), .. } => None,
        Iter::Done
        | Iter::List { .. }
        | Iter::ListReversed { .. }
        | Iter::Items { .. }
        | Iter::Str { .. }
        | Iter::Range { .. }
        | Iter::LongRange { .. }
        | Iter::Dict { .. }
        | Iter::DictReversed { .. }
        | Iter::Set { .. } => Some(1),
    }
}

fn pull_of(cx: &Cx, id: Id<Iter>) -> &Pull {
    match cx.heap.iters.get(id) {
        Iter::Pull(pull) => pull,
        _ => crate::bug!("not a pulling iterator"),
    }
}

fn pull_mut(cx: &mut Cx, id: Id<Iter>) -> &mut Pull {
    match cx.heap.iters.get_mut(id) {
        Iter::Pull(pull) => pull,
        _ => crate::bug!("not a pulling iterator"),
    }
}

/// The next item of a pulling iterator.
pub fn advance(cx: &mut Cx, id: Id<Iter>) -> Next {
    let pull = pull_of(cx, id);
    let (kind, is_quick) = (pull.kind, pull.depth > 0);
    let row = match kind {
        PullKind::Enumerate if is_quick => {
            let inner = pull.iters[0];
            let Some(item) = iterate::advance(cx, inner)? else { return Ok(None) };
            return number(cx, id, item).map(Some);
        }
        PullKind::Zip if is_quick => return zip_quickly(cx, id),
        PullKind::Filter if is_quick => {
            if let Some(next) = filter_quickly(cx, id) {
                return next;
            }
            3
        }
        PullKind::Enumerate => 0,
        PullKind::Zip | PullKind::ZipStrict => 1,
        PullKind::Map if has_quick_item(cx, pull) => {
            let function = pull.head;
            let Some(item) = next_argument(cx, id)? else { return Ok(None) };
            return match direct::call(cx, function, &[item]) {
                Some(Ok(value)) => Ok(Some(value)),
                Some(Err(Ask::Raise(exc))) if cx.is_exception(exc, classes::STOP_ITERATION) => Ok(None),
                Some(Err(ask)) => Err(ask.to_come_back()),
                None => Err(cx.ask_call(function, &[item])),
            };
        }
        PullKind::Map => 2,
        PullKind::Filter => 3,
    };
    Err(cx.ask_push(NativeFrame::new(step(row), &[Value::Iter(id)])))
}

/// The next pair of enumerate, or of a zip of two, over iterators that need no script code. None: any other.
pub fn advance_pair(cx: &mut Cx, id: Id<Iter>) -> Option<Result<Option<[Value; 2]>, Ask>> {
    let pull = pull_of(cx, id);
    if pull.depth == 0 {
        return None;
    }
    match (pull.kind, pull.iters.as_slice()) {
        (PullKind::Enumerate, &[inner]) => {
            Some(iterate::advance(cx, inner).map(|item| item.map(|item| [count(cx, id), item])))
        }
        (PullKind::Zip, &[first, second]) => Some(both(cx, first, second)),
        _ => None,
    }
}

fn both(cx: &mut Cx, first: Value, second: Value) -> Result<Option<[Value; 2]>, Ask> {
    let Some(left) = iterate::advance(cx, first)? else { return Ok(None) };
    Ok(iterate::advance(cx, second)?.map(|right| [left, right]))
}

/// What a map over one iterator calls.
pub fn mapped_by(cx: &Cx, id: Id<Iter>) -> Option<Value> {
    match cx.heap.iters.get(id) {
        Iter::Pull(pull) if pull.kind == PullKind::Map && has_quick_item(cx, pull) => Some(pull.head),
        _ => None,
    }
}

/// Whether the one iterator of a map needs no script code.
fn has_quick_item(cx: &Cx, pull: &Pull) -> bool {
    matches!(pull.iters.as_slice(), &[inner] if depth_of(cx, inner).is_some())
}

/// The next argument of such a map.
pub fn next_argument(cx: &mut Cx, id: Id<Iter>) -> Next {
    let inner = pull_of(cx, id).iters[0];
    iterate::advance(cx, inner)
}

/// The pair of enumerate.
fn number(cx: &mut Cx, id: Id<Iter>, item: Value) -> Outcome {
    let number = count(cx, id);
    Ok(cx.heap.new_tuple(&[number, item]))
}

/// The number of enumerate, which counts on.
fn count(cx: &mut Cx, id: Id<Iter>) -> Value {
    let number = pull_of(cx, id).head;
    let after = match number {
        Value::Int(int) if int < i64::MAX => Value::Int(int + 1),
        _ => {
            let sum = arith::add(cx.heap.int_ref(number).expect("it counts in ints"), IntRef::Small(1));
            cx.heap.new_int(sum)
        }
    };
    pull_mut(cx, id).head = after;
    number
}

fn zip_quickly(cx: &mut Cx, id: Id<Iter>) -> Next {
    let n_iters = pull_of(cx, id).iters.len();
    if n_iters <= 3 {
        let mut few = [Value::Undef; 3];
        for (at, place) in few[..n_iters].iter_mut().enumerate() {
            let inner = pull_of(cx, id).iters[at];
            let Some(item) = iterate::advance(cx, inner)? else { return Ok(None) };
            *place = item;
        }
        return Ok((n_iters > 0).then(|| cx.heap.new_tuple(&few[..n_iters])));
    }
    let mut items = Vec::with_capacity(n_iters);
    for at in 0..n_iters {
        let inner = pull_of(cx, id).iters[at];
        let Some(item) = iterate::advance(cx, inner)? else { return Ok(None) };
        items.push(item);
    }
    Ok(Some(cx.heap.new_tuple_from(items)))
}

/// None: an item's truth needs script code, or many items did not pass; a frame goes on.
fn filter_quickly(cx: &mut Cx, id: Id<Iter>) -> Option<Next> {
    let inner = pull_of(cx, id).iters[0];
    if !pull_of(cx, id).iters[1].is_undef() {
        return None;
    }
    for _ in 0..1000 {
        let item = match iterate::advance(cx, inner) {
            Ok(Some(item)) => item,
            other => return Some(other),
        };
        match protocol::quick_truth(cx, item) {
            Some(true) => return Some(Ok(Some(item))),
            Some(false) => {}
            None => {
                // The frame begins with this item.
                let kept = cx.heap.new_tuple(&[item]);
                pull_mut(cx, id).iters[1] = kept;
                return None;
            }
        }
    }
    cx.burnt += 250;
    None
}

// ----- Frames -----

fn iter_of(frame: &NativeFrame) -> Id<Iter> {
    match frame.values[0] {
        Value::Iter(id) => id,
        _ => crate::bug!("the frame of an iterator"),
    }
}

fn next_enumerated(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = iter_of(frame);
    let inner = pull_of(cx, id).iters[0];
    match take(cx, frame, inner)? {
        Some(item) => number(cx, id, item),
        None => Err(Ask::End),
    }
}

/// The values behind the iterator are the items so far.
fn next_zipped(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = iter_of(frame);
    let (n_iters, is_strict) = (pull_of(cx, id).iters.len(), pull_of(cx, id).kind == PullKind::ZipStrict);
    // The step of strict zips once the first has ended: which of the others is asked whether it has ended too.
    if frame.step > 0 {
        return check_ends(cx, frame, id, n_iters);
    }
    if n_iters == 0 {
        return Err(Ask::End);
    }
    while frame.values.len() <= n_iters {
        let at = frame.values.len() - 1;
        let inner = pull_of(cx, id).iters[at];
        match take(cx, frame, inner)? {
            Some(item) => frame.values.push(item),
            None if is_strict && at > 0 => return Err(uneven(cx, at, "shorter")),
            None if is_strict => {
                frame.step = 1;
                return check_ends(cx, frame, id, n_iters);
            }
            None => return Err(Ask::End),
        }
    }
    Ok(cx.heap.new_tuple(&frame.values[1..]))
}

fn check_ends(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Iter>, n_iters: usize) -> Outcome {
    while (frame.step as usize) < n_iters {
        let inner = pull_of(cx, id).iters[frame.step as usize];
        if take(cx, frame, inner)?.is_some() {
            return Err(uneven(cx, frame.step as usize, "longer"));
        }
        frame.step += 1;
    }
    Err(Ask::End)
}

/// `zip() argument 3 is shorter than arguments 1-2`
fn uneven(cx: &mut Cx, at: usize, how: &str) -> Ask {
    let others = if at == 1 { " 1".to_owned() } else { format!("s 1-{at}") };
    cx.value_error(format!("zip() argument {} is {how} than argument{others}", at + 1))
}

/// The values behind the iterator are the arguments so far.
fn next_mapped(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = iter_of(frame);
    let n_iters = pull_of(cx, id).iters.len();
    while frame.values.len() <= n_iters {
        let inner = pull_of(cx, id).iters[frame.values.len() - 1];
        match take(cx, frame, inner)? {
            Some(item) => frame.values.push(item),
            None => return Err(Ask::End),
        }
    }
    let function = pull_of(cx, id).head;
    Err(cx.ask_tail(function, &frame.values[1..]))
}

const TESTED: u32 = 1;
const TRUTH: u32 = 2;

/// The second value is the item whose truth is asked for.
fn next_filtered(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = iter_of(frame);
    let (inner, function) = (pull_of(cx, id).iters[0], pull_of(cx, id).head);
    loop {
        let tested = match frame.step {
            TESTED | TRUTH => std::mem::take(&mut frame.told).into_outcome()?,
            _ => {
                if let Some(ask) = iterate::pause(cx) {
                    return Err(ask);
                }
                let kept = std::mem::replace(&mut pull_mut(cx, id).iters[1], Value::Undef);
                let item = match kept {
                    Value::Tuple(kept) => cx.heap.tuples.get(kept).items()[0],
                    _ => match take(cx, frame, inner)? {
                        Some(item) => item,
                        None => return Err(Ask::End),
                    },
                };
                cx.burnt += 1;
                frame.values.truncate(1);
                frame.values.push(item);
                if !function.is_none() {
                    frame.step = TESTED;
                    return Err(cx.ask_call(function, &[item]));
                }
                item
            }
        };
        match protocol::quick_truth(cx, tested) {
            Some(true) => return Ok(frame.values[1]),
            Some(false) => frame.step = 0,
            None => {
                frame.step = TRUTH;
                return Err(cx.ask_push(protocol::truth_frame(tested)));
            }
        }
    }
}
