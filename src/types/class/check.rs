//! `isinstance` and `issubclass`: by the order of bases, or as `__instancecheck__` and `__subclasscheck__` say.
//!
//! Plain classes, tuples and unions of them are decided at once. Where a script's check must be asked, a frame walks
//! what is left of the class info, outermost first.

use super::attributes::own;
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::attribute::{self, Resolved};
use crate::types::classes::{self, OBJECT, TYPE};
use crate::types::{protocol, union};
use crate::value::special::Special;
use crate::value::{Class, Id, NativeFrame, NativeId, Value};

crate::natives! {
    /// The functions, and the steps of those that ask script code.
    pub static CHECKS = [
        func "isinstance(obj, class_or_tuple, /)" => isinstance_native,
            "Return whether an object is an instance of a class or of a subclass thereof.";
        func "issubclass(cls, class_or_tuple, /)" => issubclass_native,
            "Return whether 'cls' is derived from another class or is the same class.";
        hidden "isinstance(obj, *classes)" => step instance_steps, "One class info after the other.";
        hidden "issubclass(cls, *classes)" => step subclass_steps, "One class info after the other.";
    ]
}

const INSTANCE_STEPS: NativeId = NativeId { table: crate::tables::CHECKS, row: 2 };
const SUBCLASS_STEPS: NativeId = NativeId { table: crate::tables::CHECKS, row: 3 };

fn isinstance_native(cx: &mut Cx, args: &[Value]) -> Outcome {
    isinstance(cx, args[0], args[1])
}

fn issubclass_native(cx: &mut Cx, args: &[Value]) -> Outcome {
    issubclass(cx, args[0], args[1])
}

/// `isinstance(obj, info)`.
pub fn isinstance(cx: &mut Cx, obj: Value, info: Value) -> Outcome {
    if let Value::Class(class) = info {
        if cx.class_of(obj) == class {
            return Ok(Value::Bool(true));
        }
        if let Some(known) = quick_instance(cx, obj, class) {
            return Ok(Value::Bool(known));
        }
    }
    Err(cx.ask_push(NativeFrame::new(INSTANCE_STEPS, &[obj, info])))
}

/// Where the metaclass has no check of its own, and the object does not say that it is of another class.
fn quick_instance(cx: &mut Cx, obj: Value, class: Id<Class>) -> Option<bool> {
    if !has_default_check(cx, class, Special::InstanceCheck) {
        return None;
    }
    let own = cx.class_of(obj);
    if classes::is_subclass(cx, own, class) {
        return Some(true);
    }
    let claims_nothing = !matches!(obj, Value::Inst(_) | Value::Native(_))
        || matches!(classes::find(cx, own, names::CLASS), Some((dict, _, _)) if dict == cx.heap.classes.get(OBJECT).dict);
    claims_nothing.then_some(false)
}

fn has_default_check(cx: &mut Cx, class: Id<Class>, special: Special) -> bool {
    let metaclass = cx.heap.classes.get(class).metaclass;
    metaclass == TYPE
        || matches!(cx.special(metaclass, special), Some(Value::Builtin(id)) if id.table == TYPE.index() as u16)
}

/// `issubclass(class, info)`.
pub fn issubclass(cx: &mut Cx, class: Value, info: Value) -> Outcome {
    if let (Value::Class(class), Value::Class(base)) = (class, info)
        && has_default_check(cx, base, Special::SubclassCheck)
    {
        return Ok(Value::Bool(classes::is_subclass(cx, class, base)));
    }
    Err(cx.ask_push(NativeFrame::new(SUBCLASS_STEPS, &[class, info])))
}

// ----- Rows of `type` -----

pub fn type_instancecheck(cx: &mut Cx, args: &[Value]) -> Outcome {
    default_instance(cx, args[1], own(args))
}

pub fn type_subclasscheck(cx: &mut Cx, args: &[Value]) -> Outcome {
    let base = own(args);
    match args[1] {
        Value::Class(class) => Ok(Value::Bool(classes::is_subclass(cx, class, base))),
        other => by_bases(cx, other, Value::Class(base)).map(Value::Bool),
    }
}

/// By the object's class, then by the class that it claims to be of.
fn default_instance(cx: &mut Cx, obj: Value, class: Id<Class>) -> Outcome {
    let own = cx.class_of(obj);
    if classes::is_subclass(cx, own, class) {
        return Ok(Value::Bool(true));
    }
    if !matches!(obj, Value::Inst(_) | Value::Native(_)) {
        return Ok(Value::Bool(false));
    }
    match attribute::get(cx, obj, names::CLASS) {
        Ok(Value::Class(claimed)) => Ok(Value::Bool(classes::is_subclass(cx, claimed, class))),
        Ok(_) => Ok(Value::Bool(false)),
        Err(Ask::Raise(exc)) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => Ok(Value::Bool(false)),
        Err(Ask::Raise(exc)) => Err(Ask::Raise(exc)),
        Err(_) => {
            cx.pushed = None;
            Err(cx.ask_push(NativeFrame::at_step(INSTANCE_STEPS, CLAIM, &[obj, Value::Class(class)])))
        }
    }
}

// ----- The steps -----

/// The class infos still to be looked at are the values from 1 on, a stack.
const NEXT: u32 = 0;
const ANSWERED: u32 = 1;
const TRUTH: u32 = 2;
/// `obj.__class__` takes script code: ask for it, then compare.
const CLAIM: u32 = 3;
const CLAIMED: u32 = 4;

fn instance_steps(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    steps(cx, frame, Special::InstanceCheck)
}

fn subclass_steps(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    steps(cx, frame, Special::SubclassCheck)
}

fn steps(cx: &mut Cx, frame: &mut NativeFrame, special: Special) -> Outcome {
    loop {
        match frame.step {
            NEXT => {
                let Some(info) = (frame.values.len() > 1).then(|| frame.values.pop()).flatten() else {
                    return Ok(Value::Bool(false));
                };
                look_at(cx, frame, info, special)?;
            }
            ANSWERED => {
                let answer = frame.told.into_outcome()?;
                frame.step = TRUTH;
                match protocol::quick_truth(cx, answer) {
                    Some(truth) => frame.told = crate::value::Told::Value(Value::Bool(truth)),
                    None => return Err(cx.ask_push(protocol::truth_frame(answer))),
                }
            }
            TRUTH => {
                if frame.told.into_outcome()? == Value::Bool(true) {
                    return Ok(Value::Bool(true));
                }
                frame.step = NEXT;
            }
            CLAIM => {
                frame.step = CLAIMED;
                let claimed = attribute::get(cx, frame.values[0], names::CLASS);
                frame.tell(claimed)?;
            }
            CLAIMED => {
                let claimed = match frame.told {
                    crate::value::Told::Raised(exc) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => Value::None,
                    told => told.into_outcome()?,
                };
                let (Value::Class(claimed), Value::Class(class)) = (claimed, frame.values[1]) else {
                    return Ok(Value::Bool(false));
                };
                return Ok(Value::Bool(classes::is_subclass(cx, claimed, class)));
            }
            step => crate::bug!("a class check has no step {step}"),
        }
    }
}

fn look_at(cx: &mut Cx, frame: &mut NativeFrame, info: Value, special: Special) -> Result<(), Ask> {
    cx.burnt += 1;
    let subject = frame.values[0];
    let items = match cx.exact(info) {
        Value::Tuple(id) => Some(cx.heap.tuples.get(id).items().to_vec()),
        _ => union::arguments(cx, info),
    };
    if let Some(items) = items {
        frame.values.extend(items.into_iter().rev());
        return Ok(());
    }
    if special == Special::InstanceCheck && info == Value::Class(cx.class_of(subject)) {
        frame.step = TRUTH;
        frame.told = crate::value::Told::Value(Value::Bool(true));
        return Ok(());
    }
    frame.step = ANSWERED;
    if let Value::Class(class) = info
        && has_default_check(cx, class, special)
    {
        let outcome = match special {
            Special::InstanceCheck => default_instance(cx, subject, class),
            _ => type_subclasscheck(cx, &[info, subject]),
        };
        return frame.tell(outcome);
    }
    if let Some(ask) = cx.ask_special(info, special, &[subject]) {
        return Err(ask);
    }
    let outcome = match special {
        Special::InstanceCheck => instance_by_bases(cx, subject, info),
        _ => by_bases(cx, subject, info),
    };
    frame.tell(outcome.map(Value::Bool))
}

// ----- Objects that are classes by having `__bases__` -----

/// The tuple that an object has as `__bases__`, read without script code.
fn bases_of(cx: &mut Cx, value: Value) -> Option<Vec<Value>> {
    if let Value::Class(class) = value {
        return Some(cx.heap.classes.get(class).bases.iter().map(|&base| Value::Class(base)).collect());
    }
    let class = cx.class_of(value);
    let found = match attribute::resolve(cx, value, class, names::BASES) {
        Resolved::Field { value, .. } | Resolved::InDict(value) => value,
        Resolved::FromClass { attr, .. } => attr,
        Resolved::Missing => return None,
    };
    match found {
        Value::Tuple(id) => Some(cx.heap.tuples.get(id).items().to_vec()),
        _ => None,
    }
}

fn instance_by_bases(cx: &mut Cx, obj: Value, info: Value) -> Result<bool, Ask> {
    if bases_of(cx, info).is_none() {
        return Err(cx.type_error("isinstance() arg 2 must be a type, a tuple of types, or a union"));
    }
    let class = Value::Class(cx.class_of(obj));
    by_bases(cx, class, info)
}

/// Whether `info` is reached from `class` through `__bases__`.
fn by_bases(cx: &mut Cx, class: Value, info: Value) -> Result<bool, Ask> {
    if bases_of(cx, class).is_none() {
        return Err(cx.type_error("issubclass() arg 1 must be a class"));
    }
    if bases_of(cx, info).is_none() {
        return Err(cx.type_error("issubclass() arg 2 must be a class, a tuple of classes, or a union"));
    }
    let mut left = vec![class];
    let mut n_seen = 0;
    while let Some(next) = left.pop() {
        if next.is(&info) {
            return Ok(true);
        }
        n_seen += 1;
        if n_seen > 100_000 {
            return Err(cx.recursion_error());
        }
        left.extend(bases_of(cx, next).unwrap_or_default());
    }
    Ok(false)
}
