//! property objects.

use super::function;
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::class::{allocate, checked_class};
use crate::types::{attribute, classes, protocol};
use crate::value::{Descr, DescrKind, Id, Value};

crate::natives! {
    /// The rows of `property`.
    pub static PROPERTY = [
        new "__new__(cls, *args, **kwargs)" => property_new, "Create and return a new object.";
        special "__init__(self, fget=None, fset=None, fdel=None, doc=None)" => property_init, "Property attribute.";
        special "__get__(self, instance, owner=, /)" => property_get, "Return an attribute of instance, which is of type owner.";
        special "__set__(self, instance, value, /)" => property_set, "Set an attribute of instance to value.";
        special "__delete__(self, instance, /)" => property_delete, "Delete an attribute of instance.";
        method "getter(self, fget, /)" => property_getter, "Descriptor to obtain a copy of the property with a different getter.";
        method "setter(self, fset, /)" => property_setter, "Descriptor to obtain a copy of the property with a different setter.";
        method "deleter(self, fdel, /)" => property_deleter, "Descriptor to obtain a copy of the property with a different deleter.";
        method "__set_name__(self, owner, name, /)" => property_set_name, "Method to set name of a property.";
        attr "fget" => get_fget, set function::read_only, "";
        attr "fset" => get_fset, set function::read_only, "";
        attr "fdel" => get_fdel, set function::read_only, "";
        attr "__doc__" => get_doc, set set_doc, "";
        attr "__name__" => get_name, set set_name, "";
        attr "__isabstractmethod__" => get_abstract, "";
    ]
}

/// The property that `self` is, or that an instance of a subclass carries.
fn own(cx: &Cx, args: &[Value]) -> Id<Descr> {
    let Value::Descr(id) = cx.exact(args[0]) else { crate::bug!("self of a property's row is a property") };
    id
}

fn property_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = checked_class(cx, args[0], classes::PROPERTY)?;
    let made = cx.heap.new_descr(Descr { kind: DescrKind::Property, ..Descr::default() });
    Ok(if class == classes::PROPERTY { made } else { allocate(cx, class, made) })
}

fn part(value: Value) -> Value {
    if value.is_none() { Value::Undef } else { value }
}

fn property_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = own(cx, args);
    let (get, given_doc) = (part(args[1]), part(args[4]));
    let doc = match (given_doc, get) {
        (Value::Undef, Value::Func(func)) => function::doc(cx, func),
        (Value::Undef, Value::Undef) => Value::None,
        (Value::Undef, get) => attribute::generic_get(cx, get, names::DOC).unwrap_or(Value::None),
        (doc, _) => doc,
    };
    // An instance of a subclass keeps its doc as an attribute of its own, so that the class's docstring does not hide it.
    if matches!(args[0], Value::Inst(_)) && !doc.is_none() {
        let outcome = attribute::generic_set(cx, args[0], names::DOC, doc);
        if let Err(ask) = outcome
            && !function::is_missing(cx, ask)
        {
            return Err(ask);
        }
    }
    let descr = cx.heap.descrs.get_mut(id);
    (descr.get, descr.set, descr.delete) = (get, part(args[2]), part(args[3]));
    descr.doc = doc;
    Ok(Value::None)
}

fn property_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    if args[1].is_none() {
        if args[2].is_undef() || args[2].is_none() {
            return Err(cx.type_error("__get__(None, None) is invalid"));
        }
        return Ok(args[0]);
    }
    let property = cx.exact(args[0]);
    attribute::bind(cx, property, args[1])
}

fn property_set(cx: &mut Cx, args: &[Value]) -> Outcome {
    let property = cx.exact(args[0]);
    attribute::set_through(cx, property, args[1], names::VALUE, args[2])
}

fn property_delete(cx: &mut Cx, args: &[Value]) -> Outcome {
    let property = cx.exact(args[0]);
    attribute::set_through(cx, property, args[1], names::VALUE, Value::Undef)
}

/// A copy with one function replaced. A subclass is called with the functions, as its own constructor may want.
fn copy_with(cx: &mut Cx, args: &[Value], change: impl FnOnce(&mut [Value; 3])) -> Outcome {
    let id = own(cx, args);
    let descr = cx.heap.descrs.get(id);
    let (doc, name) = (descr.doc, descr.name);
    let mut functions = [descr.get, descr.set, descr.delete].map(|func| func.given().unwrap_or(Value::None));
    let old_get = functions[0];
    change(&mut functions);
    let [get, set, delete] = functions;
    // A doc that came from the old getter is that of the new one in the copy.
    let doc = match old_get {
        Value::Func(func) if get != old_get && function::doc(cx, func).is(&doc) => Value::None,
        _ => doc.given().unwrap_or(Value::None),
    };
    if let Value::Inst(_) = args[0] {
        let class = Value::Class(cx.class_of(args[0]));
        return Err(cx.ask_tail(class, &[get, set, delete, doc]));
    }
    let made = cx.heap.new_descr(Descr { kind: DescrKind::Property, name, ..Descr::default() });
    property_init(cx, &[made, get, set, delete, doc])?;
    Ok(made)
}

fn property_getter(cx: &mut Cx, args: &[Value]) -> Outcome {
    copy_with(cx, args, |functions| functions[0] = args[1])
}

fn property_setter(cx: &mut Cx, args: &[Value]) -> Outcome {
    copy_with(cx, args, |functions| functions[1] = args[1])
}

fn property_deleter(cx: &mut Cx, args: &[Value]) -> Outcome {
    copy_with(cx, args, |functions| functions[2] = args[1])
}

fn property_set_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = own(cx, args);
    cx.heap.descrs.get_mut(id).name = args[2];
    Ok(Value::None)
}

fn get_fget(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.descrs.get(own(cx, args)).get.given().unwrap_or(Value::None))
}

fn get_fset(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.descrs.get(own(cx, args)).set.given().unwrap_or(Value::None))
}

fn get_fdel(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.descrs.get(own(cx, args)).delete.given().unwrap_or(Value::None))
}

fn get_doc(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.descrs.get(own(cx, args)).doc.given().unwrap_or(Value::None))
}

fn set_doc(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = own(cx, args);
    cx.heap.descrs.get_mut(id).doc = args[1].given().unwrap_or(Value::None);
    Ok(Value::None)
}

/// The name that the class gave it, or that of its getter.
fn get_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    let descr = cx.heap.descrs.get(own(cx, args));
    let (name, get) = (descr.name, descr.get);
    if !name.is_undef() {
        return Ok(name);
    }
    if !get.is_undef() {
        match attribute::get(cx, get, names::NAME) {
            Err(ask) if function::is_missing(cx, ask) => {}
            outcome => return outcome,
        }
    }
    Err(cx.attribute_error(args[0], names::NAME))
}

fn set_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = own(cx, args);
    cx.heap.descrs.get_mut(id).name = args[1];
    Ok(Value::None)
}

/// Whether one of the functions is abstract.
fn get_abstract(cx: &mut Cx, args: &[Value]) -> Outcome {
    let descr = cx.heap.descrs.get(own(cx, args));
    for func in [descr.get, descr.set, descr.delete] {
        if is_abstract(cx, func)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

/// `func.__isabstractmethod__`, as far as no script code is needed.
pub fn is_abstract(cx: &mut Cx, func: Value) -> Result<bool, Ask> {
    if func.is_undef() || func.is_none() {
        return Ok(false);
    }
    match attribute::generic_get(cx, func, names::ISABSTRACT) {
        Ok(flag) => Ok(protocol::quick_truth(cx, flag).unwrap_or(true)),
        Err(Ask::Raise(exc)) if !cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => Err(Ask::Raise(exc)),
        Err(_) => Ok(false),
    }
}
