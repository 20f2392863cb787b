//! The converters of a signature, run before the body.
//!
//! What needs no script code is converted at once; the rest in a frame that ends by running the native itself, so that
//! nobody has to come back.

use super::args::Bound;
use super::cx::{Cx, native_def};
use super::native::{Body, NativeKind};
use super::outcome::{Ask, Outcome};
use super::signature::{Converter, ParamKind};
use crate::types::{classes, drive, protocol};
use crate::value::bigint::{self, IntRef};
use crate::value::special::Special;
use crate::value::{NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// Steps of conversion.
    pub static CONVERT_STEPS = [
        hidden "convert(native, *bound)" => step convert_step, "Converts the arguments, then runs the native.";
    ]
}

const CONVERT: NativeId = NativeId { table: crate::tables::CONVERT, row: 0 };

/// Runs the converters of a signature on bound arguments. If it asks, the answer is the result of the native itself.
pub fn convert(cx: &mut Cx, native: NativeId, bound: &mut Bound) -> Result<(), Ask> {
    for at in 0..native_def(native).signature().params.len() {
        match convert_one(cx, native, at, bound[at]) {
            Ok(value) => bound[at] = value,
            Err(ask @ (Ask::Raise(_) | Ask::Full)) => return Err(ask),
            // The frame asks again, for itself.
            Err(_) => {
                let mut frame = NativeFrame::at_step(CONVERT, at as u32 * 2, &[Value::Builtin(native)]);
                frame.values.extend_from_slice(bound);
                return Err(cx.ask_push(frame));
            }
        }
    }
    Ok(())
}

/// The last step: the native has been run and asked for something.
const LAST: u32 = u32::MAX;

/// Steps: twice the number of the parameter; one more if its conversion was asked for.
fn convert_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Builtin(native) = frame.values[0] else { crate::bug!("a frame of conversions names its native") };
    if frame.step == LAST {
        return frame.told.into_outcome();
    }
    let n_params = native_def(native).signature().params.len() as u32;
    while frame.step < n_params * 2 {
        let at = frame.step as usize / 2;
        if frame.step % 2 == 1 {
            let answer = frame.told.into_outcome()?;
            frame.values[at + 1] = check_answer(cx, native, at, frame.values[at + 1], answer)?;
        } else {
            match convert_one(cx, native, at, frame.values[at + 1]) {
                Ok(value) => frame.values[at + 1] = value,
                Err(Ask::Full) => return Err(Ask::Full),
                Err(ask) => {
                    frame.step += 1;
                    return Err(ask.to_come_back());
                }
            }
        }
        frame.step = (at as u32 + 1) * 2;
    }
    match native_def(native).body {
        Body::Plain(body) => {
            let outcome = body(cx, &frame.values[1..]);
            match outcome {
                Err(ask) if ask.is_question() && ask != Ask::Call => {
                    frame.step = LAST;
                    Err(ask)
                }
                Err(ask) => Err(ask.to_be_last()),
                Ok(value) => Ok(value),
            }
        }
        Body::Stepped(body) => {
            frame.values.remove(0);
            frame.native = native;
            frame.step = 0;
            frame.told = Told::Start;
            body(cx, frame)
        }
    }
}

/// The converted argument, or what must be asked for: then [`check_answer`] makes it of the answer.
#[inline]
fn convert_one(cx: &mut Cx, native: NativeId, at: usize, value: Value) -> Outcome {
    let param = &native_def(native).signature().params[at];
    match (param.converter, value) {
        (Converter::Any, _) | (_, Value::Undef) => Ok(value),
        (Converter::This, _) => check_this(cx, native, value),
        (Converter::Index | Converter::Size | Converter::Clip, Value::Int(_)) => Ok(value),
        (Converter::Index, _) => protocol::index(cx, value),
        (Converter::Size, _) => protocol::index(cx, value).and_then(|int| fit_size(cx, native, int)),
        (Converter::Clip, _) => protocol::index(cx, value).map(|int| clip(cx, int)),
        (Converter::Float, Value::Float(_)) => Ok(value),
        (Converter::Float, _) => protocol::float(cx, value),
        (Converter::Str, Value::Str(_)) => Ok(value),
        (Converter::Str, _) if cx.text_of(value).is_some() => Ok(value),
        (Converter::Str, _) => Err(wrong_type(cx, native, at, "str", value)),
        (Converter::Truth, _) => protocol::truth(cx, value),
        (Converter::Buffer, _) => check_buffer(cx, value),
        (Converter::List, Value::List(_) | Value::Tuple(_)) => Ok(value),
        (Converter::List, _) => drive::list(cx, value),
        (Converter::Iter, _) => protocol::iter(cx, value),
    }
}

/// Whether an argument is already what its converter would make of it. Said in doubt: no.
#[inline]
pub fn fits(cx: &Cx, native: NativeId, converter: Converter, value: Value) -> bool {
    match (converter, value) {
        (Converter::Any, _)
        | (Converter::Index | Converter::Size | Converter::Clip, Value::Int(_) | Value::Undef)
        | (Converter::Float, Value::Float(_) | Value::Undef)
        | (Converter::Str, Value::Str(_) | Value::Undef)
        | (Converter::Truth, Value::Bool(_) | Value::Undef)
        | (Converter::Buffer, Value::Bytes(_) | Value::Undef)
        | (Converter::List, Value::List(_) | Value::Tuple(_) | Value::Undef)
        | (Converter::Iter, Value::Iter(_) | Value::Undef) => true,
        (Converter::This, _) => match classes::class_of_table(native.table) {
            Some(owner) => {
                // The first argument of a `__new__` is the class itself.
                let class = match (native_def(native).kind, value) {
                    (NativeKind::New, Value::Class(class)) => class,
                    (NativeKind::New, _) => return false,
                    _ => cx.class_of(value),
                };
                class == owner || classes::is_subclass(cx, class, owner)
            }
            None => true,
        },
        _ => false,
    }
}

/// What a converter makes of the answer that it asked for.
fn check_answer(cx: &mut Cx, native: NativeId, at: usize, _value: Value, answer: Value) -> Outcome {
    match native_def(native).signature().params[at].converter {
        Converter::Size => fit_size(cx, native, answer),
        Converter::Clip => Ok(clip(cx, answer)),
        _ => Ok(answer),
    }
}

/// The same with what a method says, which is not what an operator says.
fn fit_size(cx: &mut Cx, native: NativeId, int: Value) -> Outcome {
    match (int, native_def(native).kind) {
        (Value::Int(_), _) => Ok(int),
        (_, NativeKind::Special) => fit(cx, int),
        _ => Err(cx.overflow_error("Python int too large to convert to C ssize_t")),
    }
}

/// An int that must fit.
pub fn fit(cx: &mut Cx, int: Value) -> Outcome {
    match int {
        Value::Int(_) => Ok(int),
        _ => Err(cx.overflow_error("cannot fit 'int' into an index-sized integer")),
    }
}

/// The nearest int that fits.
pub fn clip(cx: &Cx, int: Value) -> Value {
    match cx.heap.int_ref(int) {
        Some(IntRef::Small(small)) => Value::Int(small),
        Some(big) => Value::Int(if bigint::IntRef::is_negative(big) { i64::MIN } else { i64::MAX }),
        None => int,
    }
}

/// `self` is an instance of the class of the table.
#[inline]
fn check_this(cx: &mut Cx, native: NativeId, value: Value) -> Outcome {
    let owner = classes::class_of_table(native.table);
    let Some(owner) = owner.filter(|_| !fits(cx, native, Converter::This, value)) else { return Ok(value) };
    if native_def(native).kind == NativeKind::New {
        return crate::types::class::checked_class(cx, value, owner).map(Value::Class);
    }
    let def = native_def(native);
    let (name, actual) = (cx.text(cx.heap.classes.get(owner).name), cx.class_name(value));
    let message = match def.kind {
        NativeKind::Special => {
            format!("descriptor '{}' requires a '{name}' object but received a '{actual}'", def.name())
        }
        _ => format!("descriptor '{}' for '{name}' objects doesn't apply to a '{actual}' object", def.name()),
    };
    Err(cx.type_error(message))
}

fn check_buffer(cx: &mut Cx, value: Value) -> Outcome {
    let is_buffer = match cx.exact(value) {
        Value::Bytes(_) => true,
        exact @ Value::Native(_) => {
            let class = cx.class_of(exact);
            class == classes::BYTEARRAY || class == classes::MEMORYVIEW || cx.special(class, Special::Buffer).is_some()
        }
        _ => false,
    };
    if is_buffer {
        return Ok(value);
    }
    let message = format!("a bytes-like object is required, not '{}'", cx.class_name(value));
    Err(cx.type_error(message))
}

/// `f() argument 1 must be str, not int`.
fn wrong_type(cx: &mut Cx, native: NativeId, at: usize, wanted: &str, value: Value) -> Ask {
    let def = native_def(native);
    let signature = def.signature();
    let n_hidden = match def.kind {
        NativeKind::Function | NativeKind::StaticMethod | NativeKind::Hidden => 0,
        NativeKind::Method
        | NativeKind::Special
        | NativeKind::Attribute
        | NativeKind::ClassMethod
        | NativeKind::New => 1,
    };
    let is_positional = signature.params.iter().all(|param| param.kind == ParamKind::PositionalOnly);
    let which = match (is_positional, signature.params.len() - n_hidden) {
        (true, 1) => "argument".to_owned(),
        (true, _) => format!("argument {}", at + 1 - n_hidden),
        (false, _) => format!("argument '{}'", signature.params[at].name),
    };
    let actual = if value.is_none() { "None".to_owned() } else { cx.class_name(value) };
    let name = match (def.kind, classes::class_of_table(native.table)) {
        (NativeKind::New, Some(class)) => cx.text(cx.heap.classes.get(class).name),
        _ => def.name().to_owned(),
    };
    cx.type_error(format!("{name}() {which} must be {wanted}, not {actual}"))
}
