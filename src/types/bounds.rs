//! The optional bounds of `find`, `count`, `startswith`, `index` and their like: ints, None, or anything with `__index__`.

use super::{classes, protocol};
use crate::call::{Ask, Cx, Outcome};
use crate::value::bigint::IntRef;
use crate::value::special::Special;
use crate::value::{Class, Id, NativeFrame, NativeId, Value};

crate::natives! {
    /// Steps: bounds of the script's own types.
    pub static BOUNDS_STEPS = [
        hidden "bounds(class, name, *args)" => step bounds_step, "Makes ints of the bounds, then calls the method.";
    ]
}

const BOUNDS: NativeId = NativeId { table: crate::tables::BOUNDS, row: 0 };

/// The bounds in `args[2]` and `args[3]` of a method `name` of a class. What they ask for ends with the whole method.
#[inline]
pub fn bounds(cx: &mut Cx, class: Id<Class>, name: &str, args: &[Value]) -> Result<(i64, i64), Ask> {
    match (args[2], args[3]) {
        (Value::Undef, Value::Undef) => Ok((0, i64::MAX)),
        (Value::Int(start), Value::Undef) => Ok((start, i64::MAX)),
        (Value::Int(start), Value::Int(end)) => Ok((start, end)),
        _ => general(cx, class, name, args),
    }
}

#[cold]
fn general(cx: &mut Cx, class: Id<Class>, name: &str, args: &[Value]) -> Result<(i64, i64), Ask> {
    match (plain(cx, args[2], 0), plain(cx, args[3], i64::MAX)) {
        (Some(start), Some(end)) => Ok((start, end)),
        _ => {
            let name = cx.str(name);
            let mut frame = NativeFrame::new(BOUNDS, &[Value::Class(class), name]);
            frame.values.extend_from_slice(args);
            Err(cx.ask_push(frame))
        }
    }
}

/// A bound that needs no script code.
fn plain(cx: &Cx, value: Value, default: i64) -> Option<i64> {
    match cx.exact(value) {
        Value::Undef | Value::None => Some(default),
        Value::Int(int) => Some(int),
        Value::Bool(bool) => Some(bool as i64),
        Value::BigInt(id) => {
            let is_negative = IntRef::Big(cx.heap.big_ints.get(id)).is_negative();
            Some(if is_negative { i64::MIN } else { i64::MAX })
        }
        _ => None,
    }
}

/// Steps 0 and 1: the two bounds are made ints. The arguments begin at R[2].
fn bounds_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if let crate::value::Told::Value(answer) = std::mem::take(&mut frame.told) {
        frame.values[4 + frame.step as usize] = answer;
        frame.step += 1;
    } else if let crate::value::Told::Raised(exc) = frame.told {
        return Err(Ask::Raise(exc));
    }
    while frame.step < 2 {
        let at = 4 + frame.step as usize;
        let value = frame.values[at];
        if plain(cx, value, 0).is_none() {
            if cx.special_of(value, Special::Index).is_none() {
                return Err(cx.type_error("slice indices must be integers or None or have an __index__ method"));
            }
            frame.values[at] = protocol::index(cx, value).map_err(Ask::to_come_back)?;
        }
        frame.step += 1;
    }
    let (Value::Class(class), Some(name)) = (frame.values[0], cx.name_of(frame.values[1])) else {
        crate::bug!("a frame of bounds names its method")
    };
    let method = classes::lookup(cx, class, name).expect("the method asked");
    Err(cx.ask_tail(method, &frame.values[2..]))
}
