//! Bound methods of script functions and other callables.

use super::function::{call_self, read_only};
use crate::call::{Cx, Outcome};
use crate::types::compose::compose;
use crate::types::{attribute, object, protocol};
use crate::value::{Method, Value};

crate::natives! {
    /// The rows of `method`.
    pub static METHOD = [
        new "__new__(cls, function, instance, /)" => method_new, "Create a bound instance method object.";
        special "__get__(self, instance, owner=, /)" => method_get, "Return an attribute of instance, which is of type owner.";
        special "__call__(self, *args, **kwargs)" => call_self, "Call self as a function.";
        special "__repr__(self, /)" => method_repr, "Return repr(self).";
        special "__eq__(self, value, /)" => method_eq, "Return self==value.";
        special "__ne__(self, value, /)" => method_ne, "Return self!=value.";
        special "__hash__(self, /)" => method_hash, "Return hash(self).";
        special "__getattr__(self, name: str, /)" => method_getattr, "The attribute of the function.";
        method "__reduce__(self, /)" => method_reduce, "";
        attr "__func__" => get_func, set read_only, "the function (or other callable) implementing a method";
        attr "__self__" => get_self, set read_only, "the instance to which a method is bound";
        attr "__doc__" => get_doc, "";
    ]
}

/// Function and `self` of a bound method.
pub fn parts(cx: &Cx, value: Value) -> Option<Method> {
    match value {
        Value::Method(id) => Some(*cx.heap.methods.get(id)),
        _ => None,
    }
}

fn own(cx: &Cx, args: &[Value]) -> Method {
    parts(cx, args[0]).expect("self is a bound method")
}

fn method_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (func, this) = (args[1], args[2]);
    let is_callable = crate::types::protocol::is_callable(cx, func);
    if !is_callable {
        return Err(cx.type_error("first argument must be callable"));
    }
    if this.is_none() {
        return Err(cx.type_error("instance must not be None"));
    }
    // A native that is bound already is hidden behind the class of natives: it is called through its `__call__`.
    Ok(cx.heap.new_method(func, this))
}

fn method_get(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(args[0])
}

fn method_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Method { func, this } = own(cx, args);
    let name = match func {
        Value::Func(id) => super::function::qualname(cx, id),
        _ => {
            let name = attribute::generic_get(cx, func, crate::call::names::QUALNAME);
            name.unwrap_or(Value::Undef)
        }
    };
    let name = cx.text_of(name).map_or("?".to_owned(), |text| String::from_utf8_lossy(text).into_owned());
    compose(cx, &format!("<bound method {} of %r>", name.replace('%', "")), &[this])
}

fn same(cx: &Cx, lhs: Value, rhs: Value) -> Option<bool> {
    let (left, right) = (parts(cx, lhs)?, parts(cx, rhs)?);
    Some(left.this.is(&right.this) && left.func.is(&right.func))
}

fn method_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(same(cx, args[0], args[1]).map_or(Value::NotImplemented, Value::Bool))
}

fn method_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(same(cx, args[0], args[1]).map_or(Value::NotImplemented, |same| Value::Bool(!same)))
}

fn method_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Method { func, this } = own(cx, args);
    Ok(Value::Int((protocol::identity(this).rotate_left(7) ^ protocol::identity(func)) as i64))
}

fn method_getattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    let func = own(cx, args).func;
    attribute::get(cx, func, name)
}

fn method_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Method { func, this } = own(cx, args);
    let name = attribute::generic_get(cx, func, crate::call::names::NAME)?;
    let name_of = cx.name("getattr");
    let getattr = cx.heap.get_in(cx.builtins, name_of).unwrap_or(Value::None);
    let given = cx.heap.new_tuple(&[this, name]);
    Ok(cx.heap.new_tuple(&[getattr, given]))
}

fn get_func(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(own(cx, args).func)
}

fn get_self(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(own(cx, args).this)
}

fn get_doc(cx: &mut Cx, args: &[Value]) -> Outcome {
    let func = own(cx, args).func;
    attribute::get(cx, func, crate::call::names::DOC)
}

/// For the rows of natives: the text of an object that is bound to.
pub fn object_text(cx: &Cx, this: Value) -> String {
    format!("{} object at {:#x}", cx.class_name(this), object::address(this))
}
