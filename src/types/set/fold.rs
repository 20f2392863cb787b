//! Set methods that take any number of others: each is applied to what came of the one before.

use super::{algebra, update};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::value::{Id, NativeFrame, NativeId, Set, Value};

/// What one of the others does to the set: the result is another set, or None if it was changed.
type Change = fn(&mut Cx, Id<Set>, Value) -> Outcome;

crate::natives! {
    /// Steps of set methods.
    pub static FOLD_STEPS = [
        hidden "update_all(set, *others)" => step update_all, "`|=` for each of the others; the set is the result.";
        hidden "subtract_all(set, *others)" => step subtract_all, "`-=` for each of the others; the set is the result.";
        hidden "intersect_all(set, *others)" => step intersect_all, "`&` with each of the others.";
        hidden "toggle_all(set, *others)" => step toggle_all, "`^=` for each of the others; the set is the result.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::SET_FOLD, row }
}

/// Values: the set, then the others. The step is twice the number of the next one, and one more while it is being applied.
fn fold(cx: &mut Cx, frame: &mut NativeFrame, change: Change) -> Outcome {
    loop {
        let Value::Set(current) = frame.values[0] else { crate::bug!("a set is changed") };
        let outcome = if frame.step % 2 == 1 {
            std::mem::take(&mut frame.told).into_outcome()
        } else {
            let Some(&other) = frame.values.get(frame.step as usize / 2 + 1) else { return Ok(Value::Set(current)) };
            frame.step += 1;
            change(cx, current, other).map_err(Ask::to_come_back)
        };
        if outcome == Err(Ask::Full) {
            frame.step -= 1;
        }
        if let result @ Value::Set(_) = outcome? {
            frame.values[0] = result;
        }
        frame.step += 1;
    }
}

fn update_all(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    fold(cx, frame, update::update)
}

fn subtract_all(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    fold(cx, frame, algebra::subtract)
}

fn toggle_all(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    fold(cx, frame, algebra::toggle)
}

fn intersect_all(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    fold(cx, frame, |cx, set, other| algebra::intersection(cx, set, other, false))
}

fn run(cx: &mut Cx, row: u16, set: Id<Set>, others: &[Value]) -> Outcome {
    let mut frame = NativeFrame::new(step(row), &[Value::Set(set)]);
    frame.values.extend_from_slice(others);
    launch(cx, frame)
}

/// `set |= other` for each; the result is the set.
pub fn update(cx: &mut Cx, set: Id<Set>, others: &[Value]) -> Outcome {
    run(cx, 0, set, others)
}

/// `set -= other` for each; the result is the set.
pub fn subtract(cx: &mut Cx, set: Id<Set>, others: &[Value]) -> Outcome {
    run(cx, 1, set, others)
}

/// `set & other & …`; the result is a new set.
pub fn intersection(cx: &mut Cx, set: Id<Set>, others: &[Value]) -> Outcome {
    if others.is_empty() {
        let copy = update::copy(cx, set)?;
        return Ok(Value::Set(copy));
    }
    run(cx, 2, set, others)
}
