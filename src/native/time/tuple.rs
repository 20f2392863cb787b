//! `time.struct_time`: nine items, and two attributes that are no items.

use super::calendar::Moment;
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::{class, classes, compose, drive};
use crate::value::{Inst, Value};

crate::natives! {
    /// The rows of `struct_time`.
    pub static STRUCT_TIME = [
        new "__new__(cls, sequence, dict=, /)" => tuple_new, "The time value as returned by gmtime(), localtime(), and strptime(), and accepted by asctime(), mktime() and strftime().";
        special "__repr__(self, /)" => tuple_repr, "Return repr(self).";
        method "__reduce__(self, /)" => tuple_reduce, "";
        attr "tm_year" => item::<0>, "year, for example, 1993";
        attr "tm_mon" => item::<1>, "month of year, range [1, 12]";
        attr "tm_mday" => item::<2>, "day of month, range [1, 31]";
        attr "tm_hour" => item::<3>, "hours, range [0, 23]";
        attr "tm_min" => item::<4>, "minutes, range [0, 59]";
        attr "tm_sec" => item::<5>, "seconds, range [0, 61])";
        attr "tm_wday" => item::<6>, "day of week, range [0, 6], Monday is 0";
        attr "tm_yday" => item::<7>, "day of year, range [1, 366]";
        attr "tm_isdst" => item::<8>, "1 if summer time is in effect, 0 if not, and -1 if unknown";
        attr "tm_zone" => zone, "abbreviation of timezone name";
        attr "tm_gmtoff" => offset, "offset from UTC in seconds";
    ]
}

const FIELDS: [&str; 9] =
    ["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"];

/// Where an instance keeps the attributes that are no items. The names can't be written in a script.
const HIDDEN: [&str; 2] = ["tm_zone ", "tm_gmtoff "];

/// What the class has beside its rows.
pub fn finish_class(cx: &mut Cx) {
    let dict = classes::dict_of(cx, classes::STRUCT_TIME);
    let fields = FIELDS.map(|field| Value::Str(cx.name(field)));
    let fields = cx.heap.new_tuple(&fields);
    cx.heap.set_in(dict, names::MATCH_ARGS, fields);
    for (name, count) in [("n_fields", 11), ("n_sequence_fields", 9), ("n_unnamed_fields", 0)] {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Int(count));
    }
    let hidden = HIDDEN.map(|name| cx.name(name)).to_vec();
    let root = cx.heap.classes.get(classes::STRUCT_TIME).root_shape;
    cx.heap.shapes.get_mut(root).names = hidden;
}

fn instance(cx: &mut Cx, items: &[Value], zone: Value, offset: Value) -> Value {
    let payload = cx.heap.new_tuple(items);
    let shape = cx.heap.classes.get(classes::STRUCT_TIME).root_shape;
    let mut inst = Inst::with_payload(shape, payload);
    inst.set_field(0, zone);
    inst.set_field(1, offset);
    cx.heap.new_inst(inst)
}

/// A moment as a script sees it.
pub fn make(cx: &mut Cx, moment: &Moment) -> Value {
    let items = [
        moment.year,
        moment.month,
        moment.day,
        moment.hour,
        moment.minute,
        moment.second,
        moment.weekday,
        moment.yearday,
        moment.is_dst,
    ];
    let zone = match &moment.zone {
        Some(zone) => cx.str(zone),
        None => Value::None,
    };
    let offset = moment.offset.map_or(Value::None, Value::Int);
    instance(cx, &items.map(Value::Int), zone, offset)
}

fn hidden(cx: &Cx, value: Value, at: usize) -> Value {
    match value {
        Value::Inst(id) if cx.class_of(value) == classes::STRUCT_TIME => cx.heap.insts.get(id).field(at),
        _ => Value::None,
    }
}

/// The moment that a tuple of nine ints is.
pub fn moment_of(cx: &mut Cx, value: Value, function: &str) -> Result<Moment, Ask> {
    let Value::Tuple(id) = cx.exact(value) else {
        return Err(cx.type_error("Tuple or struct_time argument required"));
    };
    let items = cx.heap.tuples.get(id).items().to_vec();
    let mut numbers = [0; 9];
    if items.len() != numbers.len() {
        return Err(cx.type_error(format!("{function}(): illegal time tuple argument")));
    }
    for (number, &item) in numbers.iter_mut().zip(&items) {
        *number = match cx.exact(item) {
            Value::Int(int) if i32::try_from(int).is_ok() => int,
            Value::Bool(bool) => bool.into(),
            Value::Int(int) if int > 0 => {
                return Err(cx.overflow_error("signed integer is greater than maximum"));
            }
            Value::Int(_) => return Err(cx.overflow_error("signed integer is less than minimum")),
            Value::BigInt(_) => return Err(cx.overflow_error("Python int too large to convert to C long")),
            _ => {
                let message = format!("'{}' object cannot be interpreted as an integer", cx.class_name(item));
                return Err(cx.type_error(message));
            }
        };
    }
    let [year, month, day, hour, minute, second, weekday, yearday, is_dst] = numbers;
    let zone = hidden(cx, value, 0);
    let zone = cx.text_of(zone).map(|text| String::from_utf8_lossy(text).into_owned());
    let offset = hidden(cx, value, 1).as_int();
    Ok(Moment { year, month, day, hour, minute, second, weekday, yearday, is_dst, offset, zone })
}

fn item<const N: usize>(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Tuple(id) = cx.exact(args[0]) else { crate::bug!("self is a tuple") };
    Ok(cx.heap.tuples.get(id).items().get(N).copied().unwrap_or(Value::None))
}

fn zone(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(hidden(cx, args[0], 0).given().unwrap_or(Value::None))
}

fn offset(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(hidden(cx, args[0], 1).given().unwrap_or(Value::None))
}

fn tuple_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(items) = drive::quick_items(cx, args[1])? else {
        return Err(cx.type_error("constructor requires a sequence"));
    };
    let count = items.len();
    if count < FIELDS.len() {
        let message = format!("time.struct_time() takes an at least 9-sequence ({count}-sequence given)");
        return Err(cx.type_error(message));
    }
    if count > FIELDS.len() + HIDDEN.len() {
        let message = format!("time.struct_time() takes an at most 11-sequence ({count}-sequence given)");
        return Err(cx.type_error(message));
    }
    let (zone, offset) = (items.get(9).copied(), items.get(10).copied());
    Ok(instance(cx, &items[..9], zone.unwrap_or(Value::None), offset.unwrap_or(Value::None)))
}

fn tuple_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Tuple(id) = cx.exact(args[0]) else { crate::bug!("self is a tuple") };
    let items = cx.heap.tuples.get(id).items().to_vec();
    let fields: Vec<String> = FIELDS.iter().map(|field| format!("{field}=%r")).collect();
    let class_name = class::methods::full_name(cx, classes::STRUCT_TIME);
    compose::compose(cx, &format!("{class_name}({})", fields.join(", ")), &items)
}

fn tuple_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let items = cx.exact(args[0]);
    let given = cx.heap.new_tuple(&[items]);
    Ok(cx.heap.new_tuple(&[Value::Class(classes::STRUCT_TIME), given]))
}
