//! The module `bisect`: where an item belongs in a sorted sequence.

use aspen_grammar::bytecode::Compare;

use crate::call::{Ask, Cx, Outcome};
use crate::types::{item, method_call, operator, protocol};
use crate::value::{NativeFrame, Value};

crate::natives! {
    /// The functions of the module.
    pub static BISECT = [
        func "bisect_right(a, x, lo: size=0, hi=None, *, key=None)" => step bisect_right, "Return the index where to insert item x in list a, assuming a is sorted.\n\nThe return value i is such that all e in a[:i] have e <= x, and all e in\na[i:] have e > x.";
        func "bisect(a, x, lo: size=0, hi=None, *, key=None)" => step bisect_right, "Return the index where to insert item x in list a, assuming a is sorted.";
        func "bisect_left(a, x, lo: size=0, hi=None, *, key=None)" => step bisect_left, "Return the index where to insert item x in list a, assuming a is sorted.\n\nThe return value i is such that all e in a[:i] have e < x, and all e in\na[i:] have e >= x.";
        func "insort_right(a, x, lo: size=0, hi=None, *, key=None)" => step insort_right, "Insert item x in list a, and keep it sorted assuming a is sorted.\n\nIf x is already in a, insert it to the right of the rightmost x.";
        func "insort(a, x, lo: size=0, hi=None, *, key=None)" => step insort_right, "Insert item x in list a, and keep it sorted assuming a is sorted.";
        func "insort_left(a, x, lo: size=0, hi=None, *, key=None)" => step insort_left, "Insert item x in list a, and keep it sorted assuming a is sorted.\n\nIf x is already in a, insert it to the left of the leftmost x.";
    ]
}

// The places of the values in a frame.
const SEQUENCE: usize = 0;
const ITEM: usize = 1;
const LOW: usize = 2;
const HIGH: usize = 3;
const KEY: usize = 4;
/// What is compared: the item, or its key.
const WANTED: usize = 5;

/// What was asked for last.
const START: u32 = 0;
const KEY_OF_ITEM: u32 = 1;
const BOUND: u32 = 2;
const LENGTH: u32 = 3;
const NEXT: u32 = 4;
const ITEM_AT: u32 = 5;
const KEY_AT: u32 = 6;
const ANSWER: u32 = 7;
const INSERTED: u32 = 8;

fn bisect_left(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    prepare(cx, frame, false)?;
    search(cx, frame, true)
}

fn bisect_right(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    prepare(cx, frame, false)?;
    search(cx, frame, false)
}

fn insort_left(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    insort(cx, frame, true)
}

fn insort_right(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    insort(cx, frame, false)
}

fn insort(cx: &mut Cx, frame: &mut NativeFrame, is_left: bool) -> Outcome {
    if frame.step == INSERTED {
        frame.told.into_outcome()?;
        return Ok(Value::None);
    }
    prepare(cx, frame, true)?;
    let place = search(cx, frame, is_left)?;
    let item = frame.values[ITEM];
    if let Value::List(list) = frame.values[SEQUENCE] {
        // Should memory be short, the search ends at once the next time.
        frame.step = NEXT;
        cx.heap.push(list, item)?;
        let items = &mut cx.heap.lists.get_mut(list).items;
        let at = (place.as_int().unwrap_or(0) as usize).min(items.len() - 1);
        items[at..].rotate_right(1);
        return Ok(Value::None);
    }
    frame.step = INSERTED;
    let name = cx.name("insert");
    Err(method_call::ask(cx, frame.values[SEQUENCE], name, &[place, item]))
}

/// The key of the item (of `insort`), and the bounds.
fn prepare(cx: &mut Cx, frame: &mut NativeFrame, wants_key: bool) -> Result<(), Ask> {
    if frame.step == START {
        frame.values.push(frame.values[ITEM]);
        if let Value::Int(..0) = frame.values[LOW] {
            return Err(cx.value_error("lo must be non-negative"));
        }
        frame.values[LOW] = frame.values[LOW].given().unwrap_or(Value::Int(0));
        frame.step = KEY_OF_ITEM;
        match cx.none_or(frame.values[KEY]) {
            Some(key) if wants_key => return Err(cx.ask_call(key, &[frame.values[ITEM]])),
            Some(_) | None => {}
        }
    } else if frame.step == KEY_OF_ITEM {
        frame.values[WANTED] = frame.told.into_outcome()?;
    }
    if frame.step == KEY_OF_ITEM {
        let high = cx.none_or(frame.values[HIGH]);
        frame.values[HIGH] = match high {
            None => {
                frame.step = LENGTH;
                protocol::len(cx, frame.values[SEQUENCE])?
            }
            Some(high) => {
                frame.step = BOUND;
                bound(cx, high)?
            }
        };
        frame.step = NEXT;
    } else if frame.step == BOUND || frame.step == LENGTH {
        frame.values[HIGH] = frame.told.into_outcome()?;
        frame.step = NEXT;
    }
    Ok(())
}

fn bound(cx: &mut Cx, high: Value) -> Outcome {
    if cx.special_of(high, crate::value::special::Special::Index).is_none() {
        let message = format!("argument should be integer or None, not '{}'", cx.class_name(high));
        return Err(cx.type_error(message));
    }
    protocol::index(cx, high)
}

/// Halves the range until it is empty.
fn search(cx: &mut Cx, frame: &mut NativeFrame, is_left: bool) -> Outcome {
    loop {
        let (Value::Int(low), Value::Int(high)) = (frame.values[LOW], frame.values[HIGH]) else {
            return Err(cx.overflow_error("cannot fit 'int' into an index-sized integer"));
        };
        if low >= high {
            return Ok(Value::Int(low));
        }
        let middle = low + (high - low) / 2;
        let answer = match frame.step {
            ANSWER => frame.told.into_outcome()?,
            _ => ask_at(cx, frame, is_left, middle)?,
        };
        let Some(is_less) = protocol::quick_truth(cx, answer) else {
            frame.step = ANSWER;
            return Err(cx.ask_push(protocol::truth_frame(answer)));
        };
        frame.step = NEXT;
        // Left: is the item there less than the wanted one? Right: is the wanted one less?
        match is_less == is_left {
            true => frame.values[LOW] = Value::Int(middle + 1),
            false => frame.values[HIGH] = Value::Int(middle),
        }
    }
}

/// The comparison with the item in the middle, or its key.
fn ask_at(cx: &mut Cx, frame: &mut NativeFrame, is_left: bool, middle: i64) -> Outcome {
    let mut there = match (frame.step, frame.values[SEQUENCE]) {
        (ITEM_AT | KEY_AT, _) => frame.told.into_outcome()?,
        (_, Value::List(list)) => match cx.heap.lists.get(list).items.get(middle as usize) {
            Some(&there) => there,
            None => return Err(cx.index_error("list index out of range")),
        },
        (_, sequence) => item::get(cx, sequence, Value::Int(middle)).map_err(|ask| later(frame, ITEM_AT, ask))?,
    };
    if let Some(key) = cx.none_or(frame.values[KEY])
        && frame.step != KEY_AT
    {
        frame.step = KEY_AT;
        there = Err(cx.ask_call(key, &[there]))?;
    }
    let wanted = frame.values[WANTED];
    let (lhs, rhs) = if is_left { (there, wanted) } else { (wanted, there) };
    operator::compare(cx, Compare::Less, lhs, rhs).map_err(|ask| later(frame, ANSWER, ask))
}

/// Goes on at `step`, unless the same is to be tried again after a collection.
fn later(frame: &mut NativeFrame, step: u32, ask: Ask) -> Ask {
    if ask != Ask::Full {
        frame.step = step;
    }
    ask.to_come_back()
}
