//! groupby.

use super::tool::{self, Tool};
use crate::call::iterate::{pause, take};
use crate::call::{Ask, Cx, Outcome};
use crate::types::iterator::iterator_iter;
use crate::types::{classes, protocol};
use crate::value::native_object::Boxed;
use crate::value::{Id, NativeFrame, Value};

crate::natives! {
    /// The rows of the class groupby.
    pub static GROUPBY = [
        new "__new__(cls, iterable: iter, key=)" => groupby_new, "make an iterator that returns consecutive keys and groups from the iterable";
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step groupby_next, "Implement next(self).";
    ]
}

crate::natives! {
    /// The rows of the class of the groups.
    pub static GROUPER = [
        special "__iter__(self, /)" => iterator_iter, "Implement iter(self).";
        special "__next__(self, /)" => step grouper_next, "Implement next(self).";
    ]
}

/// Places in `items`: the item that was read and not yet given, its key, the key of the current group; the current group
/// itself, so that an older one knows that it is over.
const ITEM: usize = 0;
const KEY: usize = 1;
const TARGET: usize = 2;
const GROUP: usize = 3;

fn groupby_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let with = args[2].given().unwrap_or(Value::None);
    let items = vec![Value::Undef; 4];
    tool::make(cx, args[0], classes::GROUPBY, Tool { source: args[1], with, items, ..Tool::default() })
}

const KEYED: u32 = 1;
const COMPARED: u32 = 2;

/// Reads the next item and computes its key; false at the end.
fn read(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Boxed>) -> Result<bool, Ask> {
    let (source, function) = (tool::get(cx, id).source, tool::get(cx, id).with);
    let key = match frame.step {
        KEYED => {
            frame.step = 0;
            std::mem::take(&mut frame.told).into_outcome()?
        }
        _ => {
            if let Some(ask) = pause(cx).filter(|_| !frame.awaits_item) {
                return Err(ask);
            }
            cx.burnt += 1;
            let Some(item) = take(cx, frame, source)? else { return Ok(false) };
            // The item has no key yet: it is not the one at hand before that.
            frame.values.truncate(1);
            frame.values.push(item);
            if !function.is_none() {
                frame.step = KEYED;
                return Err(cx.ask_call(function, &[item]));
            }
            item
        }
    };
    let item = frame.values[1];
    let state = tool::get_mut(cx, id);
    state.items[ITEM] = item;
    state.items[KEY] = key;
    Ok(true)
}

fn groupby_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = tool::own(cx, frame);
    if frame.step == 0 && !frame.awaits_item {
        tool::get_mut(cx, id).items[GROUP] = Value::Undef;
    }
    loop {
        let (key, target) = (tool::get(cx, id).items[KEY], tool::get(cx, id).items[TARGET]);
        // While an item is being read nothing is compared.
        if frame.step != KEYED && !frame.awaits_item && !key.is_undef() {
            if target.is_undef() {
                break;
            }
            let is_same = match frame.step {
                COMPARED => std::mem::take(&mut frame.told).into_outcome()?,
                _ => {
                    frame.step = COMPARED;
                    protocol::equals(cx, target, key)?
                }
            };
            frame.step = 0;
            if is_same != Value::Bool(true) {
                break;
            }
        }
        if !read(cx, frame, id)? {
            return Err(Ask::End);
        }
    }
    let key = tool::get(cx, id).items[KEY];
    let group = Tool { source: Value::Native(id), kept: key, ..Tool::default() };
    let group = cx.heap.new_native(classes::GROUPER, group);
    let state = tool::get_mut(cx, id);
    state.items[TARGET] = key;
    state.items[GROUP] = group;
    Ok(cx.heap.new_tuple(&[key, group]))
}

/// `source` is the groupby, `kept` the key of the group.
fn grouper_next(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let own = tool::own(cx, frame);
    let (Value::Native(parent), target) = (tool::get(cx, own).source, tool::get(cx, own).kept) else {
        crate::bug!("a group has its groupby")
    };
    if !tool::get(cx, parent).items[GROUP].is(&Value::Native(own)) {
        return Err(Ask::End);
    }
    let is_same = match frame.step {
        COMPARED => frame.told.into_outcome()?,
        _ => {
            if tool::get(cx, parent).items[ITEM].is_undef() && !read(cx, frame, parent)? {
                return Err(Ask::End);
            }
            let key = tool::get(cx, parent).items[KEY];
            frame.step = COMPARED;
            protocol::equals(cx, target, key)?
        }
    };
    if is_same != Value::Bool(true) {
        return Err(Ask::End);
    }
    Ok(std::mem::replace(&mut tool::get_mut(cx, parent).items[ITEM], Value::Undef))
}
