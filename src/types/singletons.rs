//! Native objects of which there is one: kept in the dict of their class.

use super::classes::{self, NO_DEFAULT_TYPE};
use crate::call::{Cx, Outcome};
use crate::value::native_object::NativeObject;
use crate::value::slab::Gray;
use crate::value::{Class, Id, Value};

/// An object that is nothing but itself.
pub struct Singleton {
    pub repr: &'static str,
}

impl NativeObject for Singleton {
    fn trace(&self, _gray: &mut Gray) {}
    fn bytes(&self) -> usize {
        size_of::<Singleton>()
    }
}

crate::natives! {
    /// The rows of `typing.NoDefaultType`.
    pub static NO_DEFAULT = [
        new "__new__(cls)" => no_default_new, "The type of the NoDefault singleton.";
        special "__repr__(self, /)" => singleton_repr, "Return repr(self).";
        method "__reduce__(self, /)" => singleton_repr, "";
    ]
}

/// `typing.NoDefault`.
pub fn no_default(cx: &mut Cx) -> Value {
    only(cx, NO_DEFAULT_TYPE, "typing.NoDefault")
}

fn only(cx: &mut Cx, class: Id<Class>, repr: &'static str) -> Value {
    let dict = classes::dict_of(cx, class);
    let key = cx.name("_instance");
    if let Some(known) = cx.heap.get_in(dict, key) {
        return known;
    }
    let made = cx.heap.new_native(class, Singleton { repr });
    cx.heap.set_in(dict, key, made);
    made
}

fn no_default_new(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(no_default(cx))
}

fn singleton_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Native(id) = args[0] else { crate::bug!("a singleton is native") };
    let repr = cx.heap.native::<Singleton>(id).map_or("", |singleton| singleton.repr);
    Ok(cx.str(repr))
}
