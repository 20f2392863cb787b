//! The classes of `None`, `NotImplemented` and `Ellipsis`, of which there is one object each.

use super::{classes, strings};
use crate::call::{Cx, Outcome};
use crate::value::{Class, Id, Value};

crate::natives! {
    /// The rows of `NoneType`.
    pub static NONE_ROWS = [
        new "__new__(cls, *args, **kwargs)" => none_new, "The type of the None singleton.";
        special "__repr__(self, /)" => repr, "Return repr(self).";
        special "__bool__(self, /)" => never, "True if self else False";
    ]
}

crate::natives! {
    /// The rows of `NotImplementedType`.
    pub static NOT_IMPLEMENTED_ROWS = [
        new "__new__(cls, *args, **kwargs)" => not_implemented_new, "The type of the NotImplemented singleton.";
        special "__repr__(self, /)" => repr, "Return repr(self).";
        special "__bool__(self, /)" => always, "True if self else False";
        method "__reduce__(self, /)" => repr, "";
    ]
}

crate::natives! {
    /// The rows of `ellipsis`.
    pub static ELLIPSIS_ROWS = [
        new "__new__(cls, *args, **kwargs)" => ellipsis_new, "The type of the Ellipsis singleton.";
        special "__repr__(self, /)" => repr, "Return repr(self).";
        method "__reduce__(self, /)" => repr, "";
    ]
}

fn none_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    only(cx, args, classes::NONE_TYPE, Value::None, "NoneType")
}

fn not_implemented_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    only(cx, args, classes::NOT_IMPLEMENTED_TYPE, Value::NotImplemented, "NotImplementedType")
}

fn ellipsis_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    only(cx, args, classes::ELLIPSIS_TYPE, Value::Ellipsis, "EllipsisType")
}

/// Args: cls, the dict of keywords, the positional arguments. There may be none of either.
fn only(cx: &mut Cx, args: &[Value], class: Id<Class>, value: Value, name: &str) -> Outcome {
    super::class::checked_class(cx, args[0], class)?;
    let Value::Dict(keywords) = args[1] else { crate::bug!("keyword arguments are a dict") };
    if args.len() > 2 || !cx.heap.dicts.get(keywords).is_empty() {
        return Err(cx.type_error(format!("{name} takes no arguments")));
    }
    Ok(value)
}

fn repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    strings::to_repr(cx, args[0])
}

fn never(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(false))
}

fn always(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(true))
}
