//! Slice assignment and deletion of lists.

use crate::call::{Cx, Outcome};
use crate::types::slice::Selection;
use crate::value::{Id, List, Value};

/// The selected items become those of an exact list or tuple.
pub fn assign(cx: &mut Cx, list: Id<List>, selection: Selection, source: Value) -> Outcome {
    let items = match source {
        Value::List(id) => cx.heap.lists.get(id).items.to_vec(),
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        _ => crate::bug!("the source is a list or a tuple"),
    };
    let Selection { start, step, count, .. } = selection;
    if step == 1 {
        cx.heap.grow_list(list, items.len().saturating_sub(count))?;
        cx.burnt += items.len() as i64 / 16;
        cx.heap.lists.get_mut(list).items.splice(start..start + count, items);
        return Ok(Value::None);
    }
    if items.len() != count {
        let n_items = items.len();
        let message = format!("attempt to assign sequence of size {n_items} to extended slice of size {count}");
        return Err(cx.value_error(message));
    }
    let own = &mut cx.heap.lists.get_mut(list).items;
    for (at, item) in items.into_iter().enumerate() {
        own[(start as i64 + at as i64 * step) as usize] = item;
    }
    Ok(Value::None)
}

/// The selected items go.
pub fn delete(cx: &mut Cx, list: Id<List>, selection: Selection) -> Outcome {
    let Selection { start, step, count, .. } = selection;
    if count == 0 {
        return Ok(Value::None);
    }
    let items = &mut cx.heap.lists.get_mut(list).items;
    if step == 1 {
        items.drain(start..start + count);
        return Ok(Value::None);
    }
    // Counted upwards, whichever way the slice goes.
    let gap = step.unsigned_abs() as usize;
    let first = if step < 0 { start - (count - 1) * gap } else { start };
    let last = first + (count - 1) * gap;
    let mut place = 0;
    items.retain(|_| {
        let goes = (first..=last).contains(&place) && (place - first) % gap == 0;
        place += 1;
        !goes
    });
    Ok(Value::None)
}
