//! What every class has: its name, bases, order, dict, and which of them can be changed.

use super::{layout, order};
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::classes;
use crate::types::mapping_proxy;
use crate::value::special::Special;
use crate::value::{Class, Id, Name, Value};

/// `self` of a row of `type`.
pub fn own(args: &[Value]) -> Id<Class> {
    let Value::Class(class) = args[0] else { crate::bug!("self of a row of type is a class") };
    class
}

fn class_text(cx: &Cx, class: Id<Class>) -> String {
    cx.text(cx.heap.classes.get(class).name)
}

/// The attributes of built-in classes are fixed; those that every class has can't be deleted.
fn check_set(cx: &mut Cx, class: Id<Class>, name: &str, value: Value) -> Result<(), Ask> {
    let text = class_text(cx, class);
    if !cx.heap.classes.get(class).is_heap {
        return Err(cx.type_error(format!("cannot set '{name}' attribute of immutable type '{text}'")));
    }
    if value.is_undef() {
        return Err(cx.type_error(format!("cannot delete '{name}' attribute of immutable type '{text}'")));
    }
    Ok(())
}

/// What stands in the class's own dict.
fn own_entry(cx: &mut Cx, class: Id<Class>, name: Name) -> Option<Value> {
    let dict = classes::dict_of(cx, class);
    cx.heap.get_in(dict, name)
}

fn set_entry(cx: &mut Cx, class: Id<Class>, name: Name, value: Value) {
    let dict = classes::dict_of(cx, class);
    cx.heap.set_in(dict, name, value);
    classes::touch(cx, class);
}

pub fn get_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = own(args);
    let object = cx.heap.classes.get(class);
    if object.is_heap {
        return Ok(Value::Str(object.name));
    }
    let name = class_text(cx, class);
    Ok(cx.str(name.rsplit('.').next().unwrap_or(&name)))
}

pub fn set_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = own(args);
    check_set(cx, class, "__name__", args[1])?;
    let Some(name) = cx.name_of(args[1]) else { return Err(only_string(cx, class, "__name__", args[1])) };
    if cx.heap.text(name).contains(&0) {
        return Err(cx.value_error("type name must not contain null characters"));
    }
    super::create::check_encodable(cx, args[1], name)?;
    cx.heap.classes.get_mut(class).name = name;
    Ok(Value::None)
}

fn only_string(cx: &mut Cx, class: Id<Class>, attribute: &str, value: Value) -> Ask {
    let message =
        format!("can only assign string to {}.{attribute}, not '{}'", class_text(cx, class), cx.class_name(value));
    cx.type_error(message)
}

pub fn get_qualname(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.classes.get(own(args)).qualname)
}

pub fn set_qualname(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = own(args);
    check_set(cx, class, "__qualname__", args[1])?;
    if cx.text_of(args[1]).is_none() {
        return Err(only_string(cx, class, "__qualname__", args[1]));
    }
    cx.heap.classes.get_mut(class).qualname = args[1];
    Ok(Value::None)
}

pub fn get_module(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = own(args);
    match own_entry(cx, class, names::MODULE) {
        Some(module) => Ok(module),
        None if cx.heap.classes.get(class).is_heap => Err(cx.raise(classes::ATTRIBUTE_ERROR, "__module__")),
        None => Ok(cx.str("builtins")),
    }
}

pub fn set_module(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = own(args);
    check_set(cx, class, "__module__", args[1])?;
    set_entry(cx, class, names::MODULE, args[1]);
    Ok(Value::None)
}

pub fn get_doc(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = own(args);
    match own_entry(cx, class, names::DOC) {
        Some(attr) => crate::types::attribute::unbound(cx, attr, class),
        None => Ok(Value::None),
    }
}

pub fn set_doc(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = own(args);
    check_set(cx, class, "__doc__", args[1])?;
    set_entry(cx, class, names::DOC, args[1]);
    Ok(Value::None)
}

fn class_tuple(cx: &mut Cx, list: Vec<Id<Class>>) -> Value {
    cx.heap.new_tuple_from(list.into_iter().map(Value::Class).collect())
}

pub fn get_bases(cx: &mut Cx, args: &[Value]) -> Outcome {
    let bases = cx.heap.classes.get(own(args)).bases.clone();
    Ok(class_tuple(cx, bases))
}

pub fn get_base(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(layout::base_of(cx, own(args)).map_or(Value::None, Value::Class))
}

pub fn get_mro(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mro = cx.heap.classes.get(own(args)).mro.clone();
    Ok(class_tuple(cx, mro))
}

/// `C.__bases__ = …`: the orders of the class and of all that derive from it are made anew, or nothing changes.
pub fn set_bases(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = own(args);
    check_set(cx, class, "__bases__", args[1])?;
    let bases = checked_bases(cx, class, args[1])?;
    let new_base = layout::best_base(cx, &bases)?;
    let old_base = layout::base_of(cx, class).unwrap_or(classes::OBJECT);
    if !fits_in_place(cx, old_base, new_base) {
        let message = format!(
            "__bases__ assignment: '{}' object layout differs from '{}'",
            class_text(cx, new_base),
            class_text(cx, old_base)
        );
        return Err(cx.type_error(message));
    }
    let old_bases = std::mem::replace(&mut cx.heap.classes.get_mut(class).bases, bases.clone());
    let mut undo = Vec::new();
    if let Err(ask) = order_anew(cx, class, &mut undo) {
        for (changed, mro) in undo {
            cx.heap.classes.get_mut(changed).mro = mro;
        }
        cx.heap.classes.get_mut(class).bases = old_bases;
        return Err(ask);
    }
    for &base in old_bases.iter().filter(|base| !bases.contains(base)) {
        cx.heap.classes.get_mut(base).subclasses.retain(|&subclass| subclass != class);
    }
    for &base in bases.iter().filter(|base| !old_bases.contains(base)) {
        cx.heap.classes.get_mut(base).subclasses.push(class);
    }
    classes::touch(cx, class);
    Ok(Value::None)
}

fn checked_bases(cx: &mut Cx, class: Id<Class>, value: Value) -> Result<Vec<Id<Class>>, Ask> {
    let name = class_text(cx, class);
    let Value::Tuple(tuple) = cx.exact(value) else {
        let message = format!("can only assign tuple to {name}.__bases__, not {}", cx.class_name(value));
        return Err(cx.type_error(message));
    };
    let items = cx.heap.tuples.get(tuple).items().to_vec();
    if items.is_empty() {
        return Err(cx.type_error(format!("can only assign non-empty tuple to {name}.__bases__, not ()")));
    }
    let mut bases = Vec::with_capacity(items.len());
    for item in items {
        let Value::Class(base) = item else {
            let message = format!("{name}.__bases__ must be tuple of classes, not '{}'", cx.class_name(item));
            return Err(cx.type_error(message));
        };
        if classes::is_subclass(cx, base, class) {
            return Err(cx.type_error("a __bases__ item causes an inheritance cycle"));
        }
        bases.push(base);
    }
    Ok(bases)
}

/// Whether instances stay what they are under another base.
fn fits_in_place(cx: &Cx, old: Id<Class>, new: Id<Class>) -> bool {
    let (old_solid, new_solid) = (layout::solid_base(cx, old), layout::solid_base(cx, new));
    if old_solid != new_solid {
        return false;
    }
    let (old, new) = (cx.heap.classes.get(old), cx.heap.classes.get(new));
    old.has_dict == new.has_dict && old.has_weakrefs == new.has_weakrefs
}

fn order_anew(cx: &mut Cx, class: Id<Class>, undo: &mut Vec<(Id<Class>, Vec<Id<Class>>)>) -> Result<(), Ask> {
    let bases = cx.heap.classes.get(class).bases.clone();
    let mro = order::linearize(cx, class, &bases)?;
    let old = std::mem::replace(&mut cx.heap.classes.get_mut(class).mro, mro);
    undo.push((class, old));
    for subclass in cx.heap.classes.get(class).subclasses.clone() {
        order_anew(cx, subclass, undo)?;
    }
    Ok(())
}

pub fn get_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    let dict = classes::dict_of(cx, own(args));
    Ok(mapping_proxy::new(cx, Value::Dict(dict)))
}

pub fn get_annotations(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = own(args);
    match own_entry(cx, class, names::ANNOTATIONS) {
        Some(annotations) => Ok(annotations),
        None if cx.heap.classes.get(class).is_heap => {
            let made = Value::Dict(cx.heap.new_dict());
            set_entry(cx, class, names::ANNOTATIONS, made);
            Ok(made)
        }
        None => Err(cx.attribute_error(args[0], names::ANNOTATIONS)),
    }
}

pub fn set_annotations(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = own(args);
    if !cx.heap.classes.get(class).is_heap {
        check_set(cx, class, "__annotations__", args[1])?;
    }
    if !args[1].is_undef() {
        set_entry(cx, class, names::ANNOTATIONS, args[1]);
        return Ok(Value::None);
    }
    let dict = classes::dict_of(cx, class);
    match cx.heap.remove_in(dict, names::ANNOTATIONS) {
        Some(_) => Ok(Value::None),
        None => Err(cx.raise(classes::ATTRIBUTE_ERROR, "__annotations__")),
    }
}

pub fn get_type_params(cx: &mut Cx, args: &[Value]) -> Outcome {
    let found = own_entry(cx, own(args), names::TYPE_PARAMS);
    Ok(found.unwrap_or(cx.heap.empty_tuple))
}

pub fn set_type_params(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = own(args);
    check_set(cx, class, "__type_params__", args[1])?;
    set_entry(cx, class, names::TYPE_PARAMS, args[1]);
    Ok(Value::None)
}

pub fn get_abstract_methods(cx: &mut Cx, args: &[Value]) -> Outcome {
    match own_entry(cx, own(args), names::ABSTRACT_METHODS) {
        Some(methods) if own(args) != classes::TYPE => Ok(methods),
        _ => Err(cx.raise(classes::ATTRIBUTE_ERROR, "__abstractmethods__")),
    }
}

/// An iterable that is not empty makes the class abstract.
pub fn set_abstract_methods(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = own(args);
    if !cx.heap.classes.get(class).is_heap {
        check_set(cx, class, "__abstractmethods__", args[1])?;
    }
    let dict = classes::dict_of(cx, class);
    if args[1].is_undef() {
        if cx.heap.remove_in(dict, names::ABSTRACT_METHODS).is_none() {
            return Err(cx.raise(classes::ATTRIBUTE_ERROR, "__abstractmethods__"));
        }
        cx.heap.classes.get_mut(class).is_abstract = false;
        return Ok(Value::None);
    }
    cx.heap.set_in(dict, names::ABSTRACT_METHODS, args[1]);
    let is_abstract = crate::types::protocol::quick_truth(cx, args[1]).unwrap_or(true);
    cx.heap.classes.get_mut(class).is_abstract = is_abstract;
    Ok(Value::None)
}

pub fn get_text_signature(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

pub fn get_basicsize(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = cx.heap.classes.get(own(args));
    let pointers = class.slots.len() + class.has_dict as usize + class.has_weakrefs as usize;
    Ok(Value::Int(16 + 8 * pointers as i64))
}

pub fn get_itemsize(cx: &mut Cx, args: &[Value]) -> Outcome {
    use crate::value::class::Layout;
    let size = match cx.heap.classes.get(own(args)).layout {
        Layout::Int => 4,
        Layout::Bytes => 1,
        Layout::Tuple => 8,
        Layout::Type => 40,
        _ => 0,
    };
    Ok(Value::Int(size))
}

/// The flags that programs look at: heap type, base type, abstract, has finished its making, and the built-in families.
pub fn get_flags(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = own(args);
    let object = cx.heap.classes.get(class);
    let families = [
        (24, classes::INT),
        (25, classes::LIST),
        (26, classes::TUPLE),
        (27, classes::BYTES),
        (28, classes::STR),
        (29, classes::DICT_CLASS),
        (30, classes::BASE_EXCEPTION),
        (31, classes::TYPE),
    ];
    let mut flags = 1 << 12;
    flags |= (object.is_heap as i64) << 9;
    flags |= (object.is_base as i64) << 10;
    flags |= (!object.is_heap as i64) << 8;
    flags |= (object.is_abstract as i64) << 20;
    for (bit, family) in families {
        flags |= (object.is_subclass_of(family) as i64) << bit;
    }
    Ok(Value::Int(flags))
}

pub fn get_dictoffset(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(if cx.heap.classes.get(own(args)).has_dict { -1 } else { 0 }))
}

pub fn get_weakrefoffset(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(if cx.heap.classes.get(own(args)).has_weakrefs { 16 } else { 0 }))
}

/// The special methods of a class that changed under it, for [`Special::Del`].
pub fn note_del(cx: &mut Cx, class: Id<Class>) {
    let has_del = classes::lookup(cx, class, names::special(Special::Del)).is_some();
    cx.heap.classes.get_mut(class).has_del = has_del;
    for subclass in cx.heap.classes.get(class).subclasses.clone() {
        note_del(cx, subclass);
    }
}
