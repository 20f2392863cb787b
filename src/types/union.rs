//! `X | Y` of classes: types.UnionType.

use smallvec::SmallVec;

use super::class::methods::full_name;
use super::generic_alias::{self, GenericAlias};
use super::{classes, strings, type_params};
use crate::call::{Cx, Outcome};
use crate::value::native_object::NativeObject;
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{NativeFrame, NativeId, Value};

/// The state: the alternatives, flat, each once.
pub struct Union {
    pub args: Vec<Value>,
}

impl NativeObject for Union {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&self.args, gray);
    }
    fn bytes(&self) -> usize {
        size_of::<Union>() + self.args.capacity() * size_of::<Value>()
    }
}

crate::natives! {
    /// The rows of `types.UnionType`.
    pub static UNION = [
        special "__repr__(self, /)" => union_repr, "Return repr(self).";
        special "__eq__(self, value, /)" => union_eq, "Return self==value.";
        special "__hash__(self, /)" => union_hash, "Return hash(self).";
        special "__or__(self, value, /)" => union_or, "Return self|value.";
        special "__ror__(self, value, /)" => union_ror, "Return value|self.";
        special "__getitem__(self, key, /)" => union_getitem, "Return self[key].";
        method "__instancecheck__(self, instance, /)" => union_instancecheck, "";
        method "__subclasscheck__(self, subclass, /)" => union_subclasscheck, "";
        attr "__args__" => union_args, "";
        attr "__parameters__" => union_parameters, "Type variables in the types.UnionType.";
    ]
}

crate::natives! {
    /// Steps: the text of types, parts of which have a `__repr__` of the script.
    pub static TYPE_TEXT_STEPS = [
        hidden "type_text(separator, prefix, suffix, *parts)" => step type_text_steps, "The texts of types, joined.";
    ]
}

const TYPE_TEXT: NativeId = NativeId { table: crate::tables::TYPE_TEXT_STEPS, row: 0 };

fn own(cx: &Cx, value: Value) -> Option<&Union> {
    let Value::Native(id) = value else { return None };
    cx.heap.native::<Union>(id)
}

/// The alternatives of a union, as classes; None if the value is no union.
pub fn arguments(cx: &Cx, value: Value) -> Option<Vec<Value>> {
    let as_class = |&arg: &Value| if arg.is_none() { Value::Class(classes::NONE_TYPE) } else { arg };
    own(cx, value).map(|union| union.args.iter().map(as_class).collect())
}

/// `lhs | rhs` of types; NotImplemented for what is no type.
pub fn join(cx: &mut Cx, lhs: Value, rhs: Value) -> Outcome {
    let mut args: Vec<Value> = Vec::new();
    for side in [lhs, rhs] {
        if !is_type(cx, side) {
            return Ok(Value::NotImplemented);
        }
        let parts = match own(cx, side) {
            Some(union) => union.args.clone(),
            None => vec![if side == Value::Class(classes::NONE_TYPE) { Value::None } else { side }],
        };
        for part in parts {
            if !args.iter().any(|&known| same_type(cx, known, part)) {
                args.push(part);
            }
        }
    }
    Ok(make(cx, args))
}

/// A union of alternatives that are already flat and different; the only one of one.
pub fn make(cx: &mut Cx, args: Vec<Value>) -> Value {
    match args.as_slice() {
        [Value::None] => Value::Class(classes::NONE_TYPE),
        [only] => *only,
        _ => cx.heap.new_native(classes::UNION_TYPE, Union { args }),
    }
}

fn is_type(cx: &Cx, value: Value) -> bool {
    match cx.exact(value) {
        Value::None | Value::Class(_) => true,
        Value::Native(id) => {
            cx.heap.native::<Union>(id).is_some()
                || cx.heap.native::<GenericAlias>(id).is_some()
                || type_params::is_alias(cx, value)
        }
        _ => false,
    }
}

/// Whether two types are equal, as far as no script code is needed.
pub fn same_type(cx: &mut Cx, lhs: Value, rhs: Value) -> bool {
    if lhs.is(&rhs) {
        return true;
    }
    if let (Value::Class(left), Value::Class(right)) = (lhs, rhs)
        && [left, right].iter().all(|&class| cx.heap.classes.get(class).metaclass == classes::TYPE)
    {
        return false;
    }
    if let (Some(left), Some(right)) = (generic_alias::parts(cx, lhs), generic_alias::parts(cx, rhs)) {
        return same_type(cx, left.0, right.0)
            && left.1.len() == right.1.len()
            && left.1.iter().zip(&right.1).all(|(&left, &right)| same_type(cx, left, right));
    }
    if let (Some(left), Some(right)) = (own(cx, lhs), own(cx, rhs)) {
        let (left, right) = (left.args.clone(), right.args.clone());
        return same_set(cx, &left, &right);
    }
    crate::types::protocol::quick_eq(cx, lhs, rhs).unwrap_or(false)
}

fn same_set(cx: &mut Cx, lhs: &[Value], rhs: &[Value]) -> bool {
    let within = |cx: &mut Cx, some: &[Value], all: &[Value]| {
        some.iter().all(|&one| all.iter().any(|&other| same_type(cx, one, other)))
    };
    lhs.len() == rhs.len() && within(cx, lhs, rhs) && within(cx, rhs, lhs)
}

fn union_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (Some(left), Some(right)) = (own(cx, args[0]), own(cx, args[1])) else { return Ok(Value::NotImplemented) };
    let (left, right) = (left.args.clone(), right.args.clone());
    Ok(Value::Bool(same_set(cx, &left, &right)))
}

/// The order of the alternatives does not matter.
fn union_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let parts = own(cx, args[0]).map(|union| union.args.clone()).unwrap_or_default();
    let mut hash = parts.len() as u64;
    for part in parts {
        hash ^= type_hash(cx, part).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    Ok(Value::Int(hash as i64 >> 1))
}

/// A hash that equal types share.
pub fn type_hash(cx: &mut Cx, value: Value) -> u64 {
    match generic_alias::parts(cx, value) {
        Some((origin, args)) => {
            let mut hash = type_hash(cx, origin);
            for arg in args {
                hash = hash.rotate_left(5) ^ type_hash(cx, arg);
            }
            hash
        }
        None if own(cx, value).is_some() => 7,
        None => crate::types::protocol::quick_hash(cx, value).unwrap_or(11),
    }
}

fn union_or(cx: &mut Cx, args: &[Value]) -> Outcome {
    join(cx, args[0], args[1])
}

fn union_ror(cx: &mut Cx, args: &[Value]) -> Outcome {
    join(cx, args[1], args[0])
}

fn union_args(cx: &mut Cx, args: &[Value]) -> Outcome {
    let parts = arguments(cx, args[0]).unwrap_or_default();
    Ok(cx.heap.new_tuple_from(parts))
}

fn union_parameters(cx: &mut Cx, args: &[Value]) -> Outcome {
    let parts = arguments(cx, args[0]).unwrap_or_default();
    Ok(generic_alias::collect_parameters(cx, &parts))
}

fn union_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(super::library::ask_library(cx, "typing", "_subscript_union", args))
}

fn union_instancecheck(cx: &mut Cx, args: &[Value]) -> Outcome {
    let parts = union_args(cx, args)?;
    super::class::check::isinstance(cx, args[1], parts)
}

fn union_subclasscheck(cx: &mut Cx, args: &[Value]) -> Outcome {
    let parts = union_args(cx, args)?;
    super::class::check::issubclass(cx, args[1], parts)
}

// ----- Text -----

fn union_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let parts = own(cx, args[0]).map(|union| union.args.clone()).unwrap_or_default();
    join_texts(cx, "", " | ", "", &parts)
}

/// `prefix`, the texts of types with `separator` between, `suffix`.
pub fn join_texts(cx: &mut Cx, prefix: &str, separator: &str, suffix: &str, parts: &[Value]) -> Outcome {
    let texts = [separator, prefix, suffix].map(|text| cx.str(text));
    let mut frame = NativeFrame::new(TYPE_TEXT, &texts);
    frame.values.extend_from_slice(parts);
    crate::call::attempt::attempt_frame(cx, frame, type_text_steps)
}

/// The text of a type that has one without asking: classes by their full names, `...`, None.
fn known_text(cx: &Cx, value: Value) -> Option<String> {
    match value {
        Value::Ellipsis => Some("...".to_owned()),
        Value::None => Some("None".to_owned()),
        Value::Class(class) if class == classes::NONE_TYPE => Some("None".to_owned()),
        Value::Class(class) => Some(full_name(cx, class)),
        _ => None,
    }
}

/// The step is the number of the part whose text is told.
fn type_text_steps(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    const FIRST: usize = 3;
    // Texts replace the parts, one by one.
    loop {
        let at = FIRST + frame.step as usize;
        if !matches!(frame.told, crate::value::Told::Start) {
            let text = frame.told.into_outcome()?;
            frame.told = crate::value::Told::Start;
            frame.values[at] = text;
            frame.step += 1;
            continue;
        }
        let Some(&part) = frame.values.get(at) else { break };
        let text = match known_text(cx, part) {
            Some(text) => Ok(cx.str(&text)),
            None => match cx.exact(part) {
                // A list of types, as in Callable[[int], str].
                Value::List(id) => {
                    let items = cx.heap.lists.get(id).items.clone();
                    join_texts(cx, "[", ", ", "]", &items)
                }
                _ => strings::to_repr(cx, part),
            },
        };
        frame.tell(text)?;
    }
    let texts = SmallVec::<[Value; 8]>::from_slice(&frame.values);
    let mut joined = cx.text_of(texts[1]).unwrap_or_default().to_vec();
    for (at, &text) in texts[FIRST..].iter().enumerate() {
        if at > 0 {
            joined.extend_from_slice(cx.text_of(texts[0]).unwrap_or_default());
        }
        joined.extend_from_slice(cx.text_of(text).unwrap_or_default());
    }
    joined.extend_from_slice(cx.text_of(texts[2]).unwrap_or_default());
    Ok(cx.heap.new_str_from(joined))
}
