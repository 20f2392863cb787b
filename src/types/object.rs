//! `object`: what every class inherits.

use super::attribute;
use crate::call::{Cx, Outcome};
use crate::value::Value;

crate::natives! {
    /// The rows of `object`.
    pub static OBJECT = [
        special "__getattribute__(self, name: str, /)" => object_getattribute, "Return getattr(self, name).";
        special "__setattr__(self, name: str, value, /)" => object_setattr, "Implement setattr(self, name, value).";
        special "__delattr__(self, name: str, /)" => object_delattr, "Implement delattr(self, name).";
    ]
}

fn object_getattribute(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    attribute::generic_get(cx, args[0], name)
}

fn object_setattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    attribute::generic_set(cx, args[0], name, args[2])
}

fn object_delattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    attribute::generic_set(cx, args[0], name, Value::Undef)
}
