//! classmethod and staticmethod objects.

use super::function::{call_self, is_missing};
use super::property::is_abstract;
use crate::call::{Cx, Outcome, names};
use crate::types::class::{allocate, checked_class};
use crate::types::compose::compose;
use crate::types::{attribute, classes};
use crate::value::{Descr, DescrKind, Dict, Id, Name, Value};

crate::natives! {
    /// The rows of `classmethod`.
    pub static CLASSMETHOD = [
        new "__new__(cls, *args, **kwargs)" => classmethod_new, "Create and return a new object.";
        special "__init__(self, function, /)" => wrapper_init, "Convert a function to be a class method.";
        special "__get__(self, instance, owner=, /)" => classmethod_get, "Return an attribute of instance, which is of type owner.";
        special "__repr__(self, /)" => classmethod_repr, "Return repr(self).";
        attr "__func__" => get_func, "";
        attr "__wrapped__" => get_func, "";
        attr "__isabstractmethod__" => get_abstract, "";
        attr "__dict__" => get_dict, "";
        attr "__name__" => get_name, set set_name, "";
        attr "__qualname__" => get_qualname, set set_qualname, "";
        attr "__doc__" => get_doc, set set_doc, "";
        attr "__module__" => get_module, set set_module, "";
        attr "__annotations__" => get_annotations, set set_annotations, "";
        class "__class_getitem__(cls, item, /)" => crate::types::generic_alias::class_getitem, "See PEP 585";
    ]
}

crate::natives! {
    /// The rows of `staticmethod`.
    pub static STATICMETHOD = [
        new "__new__(cls, *args, **kwargs)" => staticmethod_new, "Create and return a new object.";
        special "__init__(self, function, /)" => wrapper_init, "Convert a function to be a static method.";
        special "__get__(self, instance, owner=, /)" => staticmethod_get, "Return an attribute of instance, which is of type owner.";
        special "__call__(self, *args, **kwargs)" => staticmethod_call, "Call self as a function.";
        special "__repr__(self, /)" => staticmethod_repr, "Return repr(self).";
        attr "__func__" => get_func, "";
        attr "__wrapped__" => get_func, "";
        attr "__isabstractmethod__" => get_abstract, "";
        attr "__dict__" => get_dict, "";
        attr "__name__" => get_name, set set_name, "";
        attr "__qualname__" => get_qualname, set set_qualname, "";
        attr "__doc__" => get_doc, set set_doc, "";
        attr "__module__" => get_module, set set_module, "";
        attr "__annotations__" => get_annotations, set set_annotations, "";
        class "__class_getitem__(cls, item, /)" => crate::types::generic_alias::class_getitem, "See PEP 585";
    ]
}

fn own(cx: &Cx, args: &[Value]) -> Id<Descr> {
    let Value::Descr(id) = cx.exact(args[0]) else { crate::bug!("self of a wrapper's row is a wrapper") };
    id
}

fn make(cx: &mut Cx, given: Value, kind: DescrKind) -> Outcome {
    let native = if kind == DescrKind::ClassMethod { classes::CLASSMETHOD } else { classes::STATICMETHOD };
    let class = checked_class(cx, given, native)?;
    let made = cx.heap.new_descr(Descr { kind, get: Value::None, ..Descr::default() });
    Ok(if class == native { made } else { allocate(cx, class, made) })
}

fn classmethod_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, args[0], DescrKind::ClassMethod)
}

fn staticmethod_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, args[0], DescrKind::StaticMethod)
}

fn wrapper_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = own(cx, args);
    cx.heap.descrs.get_mut(id).get = args[1];
    Ok(Value::None)
}

fn classmethod_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    let wrapper = cx.exact(args[0]);
    match args[2] {
        Value::Class(class) => attribute::unbound(cx, wrapper, class),
        _ => attribute::bind(cx, wrapper, args[1]),
    }
}

fn staticmethod_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    get_func(cx, args)
}

fn staticmethod_call(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mut forwarded = args.to_vec();
    forwarded[0] = cx.heap.descrs.get(own(cx, args)).get;
    call_self(cx, &forwarded)
}

fn classmethod_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let func = get_func(cx, args)?;
    compose(cx, "<classmethod(%r)>", &[func])
}

fn staticmethod_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let func = get_func(cx, args)?;
    compose(cx, "<staticmethod(%r)>", &[func])
}

fn get_func(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.descrs.get(own(cx, args)).get)
}

fn get_abstract(cx: &mut Cx, args: &[Value]) -> Outcome {
    let func = get_func(cx, args)?;
    is_abstract(cx, func).map(Value::Bool)
}

// ----- What is as the function has it, until it is set -----

const COPIED: [Name; 4] = [names::MODULE, names::NAME, names::QUALNAME, names::DOC];

fn dict_of(cx: &mut Cx, args: &[Value]) -> Id<Dict> {
    let id = own(cx, args);
    if let Some(dict) = cx.heap.descrs.get(id).dict {
        return dict;
    }
    let dict = cx.heap.new_dict();
    cx.heap.descrs.get_mut(id).dict = Some(dict);
    dict
}

/// The attributes of the wrapper, those of the function that `functools.wraps` would copy among them.
fn get_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    let func = get_func(cx, args)?;
    let dict = dict_of(cx, args);
    for name in COPIED {
        if cx.heap.get_in(dict, name).is_none()
            && let Ok(value) = attribute::generic_get(cx, func, name)
        {
            cx.heap.set_in(dict, name, value);
        }
    }
    Ok(Value::Dict(dict))
}

fn get_copied(cx: &mut Cx, args: &[Value], name: Name) -> Outcome {
    let descr = cx.heap.descrs.get(own(cx, args));
    let (func, dict) = (descr.get, descr.dict);
    if let Some(value) = dict.and_then(|dict| cx.heap.get_in(dict, name)) {
        return Ok(value);
    }
    match attribute::get(cx, func, name) {
        Err(ask) if is_missing(cx, ask) => Err(cx.attribute_error(args[0], name)),
        outcome => outcome,
    }
}

fn set_copied(cx: &mut Cx, args: &[Value], name: Name) -> Outcome {
    let dict = dict_of(cx, args);
    if args[1].is_undef() {
        cx.heap.remove_in(dict, name);
    } else {
        cx.heap.set_in(dict, name, args[1]);
    }
    Ok(Value::None)
}

fn get_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    get_copied(cx, args, names::NAME)
}

fn set_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    set_copied(cx, args, names::NAME)
}

fn get_qualname(cx: &mut Cx, args: &[Value]) -> Outcome {
    get_copied(cx, args, names::QUALNAME)
}

fn set_qualname(cx: &mut Cx, args: &[Value]) -> Outcome {
    set_copied(cx, args, names::QUALNAME)
}

fn get_doc(cx: &mut Cx, args: &[Value]) -> Outcome {
    get_copied(cx, args, names::DOC)
}

fn set_doc(cx: &mut Cx, args: &[Value]) -> Outcome {
    set_copied(cx, args, names::DOC)
}

fn get_module(cx: &mut Cx, args: &[Value]) -> Outcome {
    get_copied(cx, args, names::MODULE)
}

fn set_module(cx: &mut Cx, args: &[Value]) -> Outcome {
    set_copied(cx, args, names::MODULE)
}

fn get_annotations(cx: &mut Cx, args: &[Value]) -> Outcome {
    get_copied(cx, args, names::ANNOTATIONS)
}

fn set_annotations(cx: &mut Cx, args: &[Value]) -> Outcome {
    set_copied(cx, args, names::ANNOTATIONS)
}
