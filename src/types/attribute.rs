//! Attribute access: `obj.name`, with descriptors, `__getattr__` and `__getattribute__`.
//!
//! [`resolve`] says what an attribute is without running script code; [`get`] and [`set`] do what that says, and the inline
//! caches of the machine keep it. What needs script code is asked for.

use super::classes;
use super::instance_dict;
use crate::call::{Ask, CallAsk, Cx, NativeKind, Outcome, cx::native_def, names};
use crate::value::native_object::NativeObject;
use crate::value::slab::Gray;
use crate::value::special::Special;
use crate::value::{Class, DescrKind, Dict, Id, Inst, Name, NativeFrame, NativeId, Told, Value};

/// What an attribute of an object is.
#[derive(Clone, Copy, Debug)]
pub enum Resolved {
    /// A field of the instance, by its place in the shape; `value` is `Undef` for an empty slot.
    Field {
        index: usize,
        value: Value,
    },
    /// In the instance's dict.
    InDict(Value),
    /// From the class: `attr` is to be bound to the instance.
    FromClass {
        attr: Value,
        dict: Id<Dict>,
        entry_idx: usize,
    },
    Missing,
}

/// `__slots__` makes one of these for each name.
pub struct MemberDescr {
    pub name: Name,
    pub owner: Id<Class>,
}

impl NativeObject for MemberDescr {
    fn trace(&self, gray: &mut Gray) {
        gray.extend([Value::Str(self.name), Value::Class(self.owner)]);
    }
    fn bytes(&self) -> usize {
        size_of::<MemberDescr>()
    }
}

/// The attributes of an instance, as fields.
#[inline]
pub fn inst_of(cx: &Cx, obj: Value) -> Option<&Inst> {
    match obj {
        Value::Inst(id) => Some(cx.heap.insts.get(id)),
        Value::Exc(id) => Some(&cx.heap.excs.get(id).inst),
        _ => None,
    }
}

/// The same, to be changed.
#[inline]
pub fn inst_mut(cx: &mut Cx, obj: Value) -> Option<&mut Inst> {
    match obj {
        Value::Inst(id) => Some(cx.heap.insts.get_mut(id)),
        Value::Exc(id) => Some(&mut cx.heap.excs.get_mut(id).inst),
        _ => None,
    }
}

/// What `obj.name` is, for an object that is no class: data descriptors, then the instance, then the class.
pub fn resolve(cx: &mut Cx, obj: Value, class: Id<Class>, name: Name) -> Resolved {
    let found = classes::find(cx, class, name);
    if let Some((dict, entry_idx, attr)) = found
        && is_data_descriptor(cx, attr)
    {
        if let Some(slot) = slot_field(cx, obj, attr) {
            return slot;
        }
        // One that only sets does not hide what the instance has.
        let only_sets = matches!(attr, Value::Inst(_)) && cx.special_of(attr, Special::Get).is_none();
        if let Some(own) = only_sets.then(|| own_attribute(cx, obj, name)).flatten() {
            return own;
        }
        return Resolved::FromClass { attr, dict, entry_idx };
    }
    if let Some(own) = own_attribute(cx, obj, name) {
        return own;
    }
    match found {
        Some((dict, entry_idx, attr)) => Resolved::FromClass { attr, dict, entry_idx },
        None => Resolved::Missing,
    }
}

fn slot_field(cx: &Cx, obj: Value, attr: Value) -> Option<Resolved> {
    let Value::Native(id) = attr else { return None };
    let member = cx.heap.native::<MemberDescr>(id)?;
    let inst = inst_of(cx, obj)?;
    let index = cx.heap.shapes.get(inst.shape).position(member.name)?;
    Some(Resolved::Field { index, value: inst.field(index) })
}

/// The attribute in the instance itself.
pub fn own_attribute(cx: &Cx, obj: Value, name: Name) -> Option<Resolved> {
    let in_dict = |dict: Option<Id<Dict>>| dict.and_then(|dict| cx.heap.get_in(dict, name)).map(Resolved::InDict);
    match obj {
        Value::Inst(_) | Value::Exc(_) => {
            let inst = inst_of(cx, obj)?;
            let shape = cx.heap.shapes.get(inst.shape);
            if shape.is_dict {
                return in_dict(inst.dict());
            }
            let index = shape.position(name)?;
            let value = inst.field(index);
            // An empty slot is not an attribute of the dict kind.
            if value.is_undef() { None } else { Some(Resolved::Field { index, value }) }
        }
        Value::Module(id) => in_dict(Some(cx.heap.modules.get(id).dict)),
        Value::Func(id) => in_dict(cx.heap.funcs.get(id).extra.as_ref().and_then(|extra| extra.dict)),
        Value::Descr(id) => in_dict(cx.heap.descrs.get(id).dict),
        Value::Native(id) => in_dict(cx.heap.natives.get(id).object.as_ref().and_then(|object| object.attributes())),
        Value::Future(_) | Value::Task(_) => {
            let future = crate::value::FutureRef::of(obj).expect("it is one");
            in_dict(cx.heap.future(future).extra.as_ref().and_then(|extra| extra.dict))
        }
        Value::Loop(id) => in_dict(cx.heap.event_loops.get(id).dict),
        _ => None,
    }
}

/// Whether a class attribute goes before the instance's own attribute.
pub fn is_data_descriptor(cx: &mut Cx, attr: Value) -> bool {
    match attr {
        Value::Builtin(id) => native_def(id).kind == NativeKind::Attribute,
        Value::Descr(id) => cx.heap.descrs.get(id).kind == DescrKind::Property,
        Value::Native(id) if cx.heap.native::<MemberDescr>(id).is_some() => true,
        Value::Inst(_) | Value::Native(_) => {
            cx.special_of(attr, Special::Set).is_some() || cx.special_of(attr, Special::Delete).is_some()
        }
        _ => false,
    }
}

/// `obj.name`.
pub fn get(cx: &mut Cx, obj: Value, name: Name) -> Outcome {
    let class = cx.class_of(obj);
    if let Some(method) = cx.special(class, Special::GetAttribute)
        && !is_default_getattribute(method)
    {
        if let Value::Builtin(id) = method
            && let crate::call::Body::Plain(body) = native_def(id).body
        {
            return body(cx, &[obj, Value::Str(name)]);
        }
        return Err(cx.ask_push(NativeFrame::new(GET_CUSTOM, &[obj, Value::Str(name)])));
    }
    if cx.special(class, Special::GetAttr).is_some() {
        return Err(cx.ask_push(NativeFrame::new(GET_OR_GETATTR, &[obj, Value::Str(name)])));
    }
    generic_get(cx, obj, name)
}

/// `object.__getattribute__` and `type.__getattribute__`: without the `__getattr__` of the class.
pub fn generic_get(cx: &mut Cx, obj: Value, name: Name) -> Outcome {
    if let Value::Class(class) = obj {
        return get_of_class(cx, class, name);
    }
    let class = cx.class_of(obj);
    match resolve(cx, obj, class, name) {
        Resolved::Field { value: Value::Undef, .. } => Err(cx.attribute_error(obj, name)),
        Resolved::Field { value, .. } | Resolved::InDict(value) => Ok(value),
        Resolved::FromClass { attr, .. } => bind(cx, attr, obj),
        Resolved::Missing => missing(cx, obj, class, name),
    }
}

fn missing(cx: &mut Cx, obj: Value, class: Id<Class>, name: Name) -> Outcome {
    if let Value::Module(id) = cx.exact(obj) {
        let dict = cx.heap.modules.get(id).dict;
        if let Some(getter) = cx.heap.get_in(dict, names::special(Special::GetAttr)) {
            return Err(cx.ask_tail(getter, &[Value::Str(name)]));
        }
    }
    if name == names::CLASS {
        return Ok(Value::Class(class));
    }
    Err(cx.attribute_error(obj, name))
}

/// Whether a class's `__getattribute__` (or `__setattr__`, `__delattr__`) is the general one.
#[inline]
pub fn is_default_getattribute(method: Value) -> bool {
    let general = [classes::OBJECT.index() as u16, classes::TYPE.index() as u16];
    matches!(method, Value::Builtin(id) if general.contains(&id.table))
}

/// An attribute of the class, seen through an instance: `attr.__get__(this, type(this))`.
pub fn bind(cx: &mut Cx, attr: Value, this: Value) -> Outcome {
    match attr {
        Value::Func(_) => Ok(cx.heap.new_method(attr, this)),
        Value::Builtin(id) => match native_def(id).kind {
            NativeKind::Method | NativeKind::Special => Ok(cx.heap.new_method(attr, this)),
            NativeKind::ClassMethod => {
                let class = Value::Class(cx.class_of(this));
                Ok(cx.heap.new_method(attr, class))
            }
            NativeKind::Attribute => get_native_attribute(cx, id, this),
            NativeKind::Function | NativeKind::StaticMethod | NativeKind::New | NativeKind::Hidden => Ok(attr),
        },
        Value::Descr(id) => {
            let (kind, get) = (cx.heap.descrs.get(id).kind, cx.heap.descrs.get(id).get);
            match kind {
                DescrKind::StaticMethod => Ok(get),
                DescrKind::Foreign => Ok(cx.heap.new_method(get, this)),
                DescrKind::ClassMethod => {
                    let class = cx.class_of(this);
                    bind_to_class(cx, get, class)
                }
                DescrKind::Property if get.is_undef() || get.is_none() => Err(no_getter(cx, attr, this)),
                DescrKind::Property => Err(cx.ask_tail(get, &[this])),
            }
        }
        Value::Native(id) if cx.heap.native::<MemberDescr>(id).is_some() => get_member(cx, attr, this),
        Value::Inst(_) | Value::Native(_) => match cx.special_of(attr, Special::Get) {
            Some(getter) => {
                let class = Value::Class(cx.class_of(this));
                call_get(cx, getter, attr, this, class)
            }
            None => Ok(attr),
        },
        _ => Ok(attr),
    }
}

/// `attr.__get__(this, class)`; a native one at once.
fn call_get(cx: &mut Cx, getter: Value, attr: Value, this: Value, class: Value) -> Outcome {
    if let Value::Builtin(id) = getter
        && let crate::call::Body::Plain(body) = native_def(id).body
    {
        return body(cx, &[attr, this, class]);
    }
    Err(as_tail(cx.ask_method(getter, attr, &[this, class])))
}

/// A class method's function bound to the class.
fn bind_to_class(cx: &mut Cx, func: Value, class: Id<Class>) -> Outcome {
    match func {
        Value::Func(_) | Value::Builtin(_) | Value::Method(_) | Value::Class(_) => {
            Ok(cx.heap.new_method(func, Value::Class(class)))
        }
        _ => match cx.special_of(func, Special::Get) {
            Some(getter) => {
                let metaclass = Value::Class(cx.class_of(Value::Class(class)));
                let ask = cx.ask_method(getter, func, &[Value::Class(class), metaclass]);
                Err(as_tail(ask))
            }
            None => Ok(cx.heap.new_method(func, Value::Class(class))),
        },
    }
}

/// A native attribute read through an instance.
fn get_native_attribute(cx: &mut Cx, id: NativeId, this: Value) -> Outcome {
    let def = native_def(id);
    if let Some(owner) = classes::class_of_table(id.table)
        && !classes::is_subclass(cx, cx.class_of(this), owner)
    {
        let owner = cx.text(cx.heap.classes.get(owner).name);
        let message = format!(
            "descriptor '{}' for '{owner}' objects doesn't apply to a '{}' object",
            def.name(),
            cx.class_name(this)
        );
        return Err(cx.type_error(message));
    }
    match def.body {
        crate::call::Body::Plain(body) => body(cx, &[this]),
        crate::call::Body::Stepped(_) => Err(cx.ask_push(NativeFrame::new(id, &[this]))),
    }
}

fn get_member(cx: &mut Cx, attr: Value, this: Value) -> Outcome {
    match slot_field(cx, this, attr) {
        Some(Resolved::Field { value, .. }) if !value.is_undef() => Ok(value),
        _ => {
            let Value::Native(id) = attr else { crate::bug!("a member descriptor is native") };
            let name = cx.heap.native::<MemberDescr>(id).map(|member| member.name).unwrap_or_default();
            Err(cx.attribute_error(this, name))
        }
    }
}

fn no_getter(cx: &mut Cx, property: Value, this: Value) -> Ask {
    let message = match property_name(cx, property) {
        Some(name) => format!("property '{name}' of '{}' object has no getter", cx.class_name(this)),
        None => format!("property of '{}' object has no getter", cx.class_name(this)),
    };
    cx.raise(classes::ATTRIBUTE_ERROR, message)
}

fn property_name(cx: &Cx, property: Value) -> Option<String> {
    let Value::Descr(id) = property else { return None };
    cx.text_of(cx.heap.descrs.get(id).name).map(|text| format!("{}", String::from_utf8_lossy(text)))
}

/// An attribute of a class: the metaclass's data descriptors, then the class and its bases, then the metaclass.
fn get_of_class(cx: &mut Cx, class: Id<Class>, name: Name) -> Outcome {
    let metaclass = cx.heap.classes.get(class).metaclass;
    let meta_attr = classes::lookup(cx, metaclass, name);
    if let Some(attr) = meta_attr
        && is_data_descriptor(cx, attr)
        && (!matches!(attr, Value::Inst(_)) || cx.special_of(attr, Special::Get).is_some())
    {
        return bind(cx, attr, Value::Class(class));
    }
    if let Some(attr) = classes::lookup(cx, class, name) {
        return unbound(cx, attr, class);
    }
    match meta_attr {
        Some(attr) => bind(cx, attr, Value::Class(class)),
        None => Err(cx.attribute_error(Value::Class(class), name)),
    }
}

/// An attribute of the class, seen through the class itself: `attr.__get__(None, class)`.
pub fn unbound(cx: &mut Cx, attr: Value, class: Id<Class>) -> Outcome {
    match attr {
        Value::Builtin(id) if native_def(id).kind == NativeKind::ClassMethod => {
            Ok(cx.heap.new_method(attr, Value::Class(class)))
        }
        Value::Descr(id) => match cx.heap.descrs.get(id).kind {
            DescrKind::Property => Ok(attr),
            DescrKind::StaticMethod | DescrKind::Foreign => Ok(cx.heap.descrs.get(id).get),
            DescrKind::ClassMethod => {
                let func = cx.heap.descrs.get(id).get;
                bind_to_class(cx, func, class)
            }
        },
        Value::Native(id) if cx.heap.native::<MemberDescr>(id).is_some() => Ok(attr),
        Value::Inst(_) | Value::Native(_) => match cx.special_of(attr, Special::Get) {
            Some(getter) => call_get(cx, getter, attr, Value::None, Value::Class(class)),
            None => Ok(attr),
        },
        _ => Ok(attr),
    }
}

/// The result of what is asked for is the result of the native.
pub fn as_tail(ask: Ask) -> Ask {
    if ask == Ask::Call { Ask::Tail } else { ask }
}

/// The names of the attributes in an instance, in order.
pub fn own_names(cx: &Cx, obj: Value) -> Vec<Name> {
    let Some(inst) = inst_of(cx, obj) else { return Vec::new() };
    let shape = cx.heap.shapes.get(inst.shape);
    if let Some(dict) = inst.dict() {
        let names = cx.heap.dicts.get(dict).iter().filter_map(|entry| match entry.key {
            Value::Str(name) => Some(name),
            _ => None,
        });
        return names.collect();
    }
    let n_slots = cx.heap.classes.get(shape.class).slots.len();
    shape.names.iter().skip(n_slots).copied().collect()
}

/// `obj.__dict__` of whatever has attributes of its own.
pub fn dict_attribute(cx: &mut Cx, obj: Value) -> Outcome {
    match obj {
        Value::Inst(_) | Value::Exc(_) if cx.heap.classes.get(cx.class_of(obj)).has_dict => {
            Ok(Value::Dict(instance_dict::dict_of(cx, obj)))
        }
        Value::Class(class) => {
            let dict = classes::dict_of(cx, class);
            Ok(super::mapping_proxy::new(cx, Value::Dict(dict)))
        }
        _ => match attribute_dict(cx, obj) {
            Some(dict) => Ok(Value::Dict(dict)),
            None => Err(cx.attribute_error(obj, crate::call::names::DICT)),
        },
    }
}

/// `obj.__dict__ = value`.
pub fn set_dict_attribute(cx: &mut Cx, obj: Value, value: Value) -> Outcome {
    let dict = match cx.exact(value) {
        Value::Undef => cx.heap.new_dict(),
        Value::Dict(dict) => dict,
        _ => {
            let message = format!("__dict__ must be set to a dictionary, not a '{}'", cx.class_name(value));
            return Err(cx.type_error(message));
        }
    };
    match obj {
        Value::Inst(_) | Value::Exc(_) => instance_dict::replace_dict(cx, obj, dict),
        Value::Func(id) => cx.heap.funcs.get_mut(id).extra.get_or_insert_default().dict = Some(dict),
        Value::Native(id)
            if cx.heap.natives.get_mut(id).object.as_mut().is_some_and(|object| object.set_attributes(dict)) => {}
        _ => return Err(cx.attribute_error(obj, crate::call::names::DICT)),
    }
    Ok(Value::None)
}

// ----- Setting and deleting -----

/// `obj.name = value`; `Undef` deletes.
pub fn set(cx: &mut Cx, obj: Value, name: Name, value: Value) -> Outcome {
    let class = cx.class_of(obj);
    let special = if value.is_undef() { Special::DelAttr } else { Special::SetAttr };
    if let Some(method) = cx.special(class, special)
        && !is_default_getattribute(method)
    {
        let args = [Value::Str(name), value];
        if let Value::Builtin(id) = method
            && let crate::call::Body::Plain(body) = native_def(id).body
        {
            return body(cx, &[obj, args[0], value][..2 + !value.is_undef() as usize]);
        }
        let ask = cx.ask_method(method, obj, if value.is_undef() { &args[..1] } else { &args });
        return Err(as_tail(ask));
    }
    generic_set(cx, obj, name, value)
}

/// `object.__setattr__`, `type.__setattr__`, and their deletions.
pub fn generic_set(cx: &mut Cx, obj: Value, name: Name, value: Value) -> Outcome {
    if let Value::Class(class) = obj {
        return set_of_class(cx, class, name, value);
    }
    let class = cx.class_of(obj);
    if let Some(attr) = classes::lookup(cx, class, name)
        && is_data_descriptor(cx, attr)
    {
        return set_through(cx, attr, obj, name, value);
    }
    set_own(cx, obj, class, name, value)
}

/// Through a data descriptor.
pub fn set_through(cx: &mut Cx, attr: Value, obj: Value, name: Name, value: Value) -> Outcome {
    match attr {
        Value::Builtin(id) => match native_def(id).setter {
            Some(setter) => setter(cx, &[obj, value]),
            None => {
                let text = cx.text(name);
                let message = format!("attribute '{text}' of '{}' objects is not writable", cx.class_name(obj));
                Err(cx.attribute_error_with(obj, name, &message))
            }
        },
        Value::Descr(id) => {
            let descr = cx.heap.descrs.get(id);
            let (method, what) = if value.is_undef() { (descr.delete, "deleter") } else { (descr.set, "setter") };
            if method.is_undef() || method.is_none() {
                let message = match property_name(cx, attr) {
                    Some(name) => format!("property '{name}' of '{}' object has no {what}", cx.class_name(obj)),
                    None => format!("property of '{}' object has no {what}", cx.class_name(obj)),
                };
                return Err(cx.raise(classes::ATTRIBUTE_ERROR, message));
            }
            let args = [obj, value];
            Err(cx.ask_tail(method, if value.is_undef() { &args[..1] } else { &args }))
        }
        Value::Native(id) if cx.heap.native::<MemberDescr>(id).is_some() => set_member(cx, obj, name, value),
        _ => {
            let special = if value.is_undef() { Special::Delete } else { Special::Set };
            let args = [obj, value];
            match cx.ask_special(attr, special, if value.is_undef() { &args[..1] } else { &args }) {
                Some(ask) => Err(as_tail(ask)),
                None => {
                    let what = if value.is_undef() { "__delete__" } else { "__set__" };
                    Err(cx.attribute_error_with(obj, name, what))
                }
            }
        }
    }
}

fn set_member(cx: &mut Cx, obj: Value, name: Name, value: Value) -> Outcome {
    let position = inst_of(cx, obj).and_then(|inst| cx.heap.shapes.get(inst.shape).position(name));
    let Some(index) = position else { return Err(cx.attribute_error(obj, name)) };
    let inst = inst_mut(cx, obj).expect("it has a shape");
    if value.is_undef() && inst.field(index).is_undef() {
        let text = cx.text(name);
        return Err(cx.attribute_error_with(obj, name, &text));
    }
    inst.set_field(index, value);
    Ok(Value::None)
}

/// In the instance itself.
fn set_own(cx: &mut Cx, obj: Value, class: Id<Class>, name: Name, value: Value) -> Outcome {
    if let Value::Inst(_) | Value::Exc(_) = obj {
        if cx.heap.classes.get(class).has_dict {
            return instance_dict::set_field(cx, obj, class, name, value);
        }
    } else if let Some(dict) = attribute_dict(cx, obj) {
        if !value.is_undef() {
            cx.heap.set_in(dict, name, value);
            return Ok(Value::None);
        }
        if cx.heap.remove_in(dict, name).is_some() {
            return Ok(Value::None);
        }
        return Err(cx.attribute_error(obj, name));
    }
    let text = cx.text(name);
    if classes::lookup(cx, class, name).is_some() {
        let message = format!("'{}' object attribute '{text}' is read-only", cx.class_name(obj));
        return Err(cx.attribute_error_with(obj, name, &message));
    }
    let message =
        format!("'{}' object has no attribute '{text}' and no __dict__ for setting new attributes", cx.class_name(obj));
    Err(cx.attribute_error_with(obj, name, &message))
}

/// The dict of an object that is no instance of a script class, made if need be.
fn attribute_dict(cx: &mut Cx, obj: Value) -> Option<Id<Dict>> {
    match obj {
        Value::Module(id) => Some(cx.heap.modules.get(id).dict),
        Value::Func(id) => {
            let known = cx.heap.funcs.get(id).extra.as_ref().and_then(|extra| extra.dict);
            Some(known.unwrap_or_else(|| {
                let dict = cx.heap.new_dict();
                cx.heap.funcs.get_mut(id).extra.get_or_insert_default().dict = Some(dict);
                dict
            }))
        }
        Value::Descr(id) if cx.heap.descrs.get(id).kind != DescrKind::Property => {
            Some(cx.heap.descrs.get(id).dict.unwrap_or_else(|| {
                let dict = cx.heap.new_dict();
                cx.heap.descrs.get_mut(id).dict = Some(dict);
                dict
            }))
        }
        Value::Native(id) => native_dict(cx, id),
        Value::Future(_) | Value::Task(_) => {
            let future = crate::value::FutureRef::of(obj).expect("it is one");
            let known = cx.heap.future(future).extra.as_ref().and_then(|extra| extra.dict);
            Some(known.unwrap_or_else(|| {
                let dict = cx.heap.new_dict();
                cx.heap.future_mut(future).extra_mut().dict = Some(dict);
                dict
            }))
        }
        Value::Loop(id) => Some(cx.heap.event_loops.get(id).dict.unwrap_or_else(|| {
            let dict = cx.heap.new_dict();
            cx.heap.event_loops.get_mut(id).dict = Some(dict);
            dict
        })),
        _ => None,
    }
}

/// The dict of a native object that keeps attributes, made if need be.
fn native_dict(cx: &mut Cx, id: Id<crate::value::native_object::Boxed>) -> Option<Id<Dict>> {
    let known = cx.heap.natives.get(id).object.as_ref().and_then(|object| object.attributes());
    if known.is_some() || !cx.heap.classes.get(cx.heap.natives.get(id).class).has_dict {
        return known;
    }
    let dict = cx.heap.new_dict();
    let keeps = cx.heap.natives.get_mut(id).object.as_mut().is_some_and(|object| object.set_attributes(dict));
    keeps.then_some(dict)
}

/// An attribute of a class. Replacing one plain value by another empties no cache.
fn set_of_class(cx: &mut Cx, class: Id<Class>, name: Name, value: Value) -> Outcome {
    let metaclass = cx.heap.classes.get(class).metaclass;
    if let Some(attr) = classes::lookup(cx, metaclass, name)
        && is_data_descriptor(cx, attr)
    {
        return set_through(cx, attr, Value::Class(class), name, value);
    }
    if !cx.heap.classes.get(class).is_heap {
        let (text, class_name) = (cx.text(name), cx.text(cx.heap.classes.get(class).name));
        let message = format!("cannot set '{text}' attribute of immutable type '{class_name}'");
        return Err(cx.type_error(message));
    }
    let dict = classes::dict_of(cx, class);
    let known = cx.heap.get_in(dict, name);
    if value.is_undef() {
        if known.is_none() {
            return Err(cx.attribute_error(Value::Class(class), name));
        }
        cx.heap.remove_in(dict, name);
    } else {
        cx.heap.set_in(dict, name, value);
    }
    let is_plain = |cx: &mut Cx, value: Value| match value {
        Value::Func(_) | Value::Builtin(_) | Value::Descr(_) | Value::Method(_) | Value::Class(_) => false,
        Value::Inst(_) | Value::Native(_) => cx.special_of(value, Special::Get).is_none(),
        _ => !value.is_undef(),
    };
    if name == names::special(Special::Del) {
        super::class::attributes::note_del(cx, class);
    }
    let is_special = name.index() < Special::ALL.len();
    let stays = !is_special && known.is_some_and(|known| is_plain(cx, known)) && is_plain(cx, value);
    if !stays {
        classes::touch(cx, class);
    }
    Ok(Value::None)
}

// ----- Steps -----

crate::natives! {
    /// Steps of attribute access.
    pub static HIDDEN = [
        hidden "get_custom(obj, name)" => step get_custom, "`__getattribute__` of the script, then `__getattr__`.";
        hidden "get_or_getattr(obj, name)" => step get_or_getattr, "The generic way, then `__getattr__`.";
        hidden "call_bound(descriptor, obj, *args)" => step call_bound, "`descriptor.__get__(obj)(*args)`.";
    ]
}

const TABLE: u16 = crate::tables::ATTRIBUTE;
const GET_CUSTOM: NativeId = NativeId { table: TABLE, row: 0 };
const GET_OR_GETATTR: NativeId = NativeId { table: TABLE, row: 1 };
/// See [`Cx::ask_method`].
pub const CALL_BOUND: NativeId = NativeId { table: TABLE, row: 2 };

fn get_custom(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (obj, name) = (frame.values[0], frame.values[1]);
    match frame.step {
        0 => {
            frame.step = 1;
            let class = cx.class_of(obj);
            let method = cx.special(class, Special::GetAttribute).expect("it was found before");
            Err(cx.ask_method(method, obj, &[name]))
        }
        1 => or_getattr(cx, frame, obj, name),
        _ => frame.told.into_outcome(),
    }
}

fn get_or_getattr(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (obj, name) = (frame.values[0], frame.values[1]);
    if frame.step == 0 {
        frame.step = 1;
        let name = cx.name_of(name).expect("the name is a str");
        match generic_get(cx, obj, name) {
            Ok(value) => return Ok(value),
            Err(Ask::Raise(exc)) => frame.told = Told::Raised(exc),
            Err(Ask::Tail) => return Err(Ask::Call),
            Err(ask) => return Err(ask),
        }
    }
    if frame.step == 2 {
        return frame.told.into_outcome();
    }
    or_getattr(cx, frame, obj, name)
}

/// The value that was told; or `__getattr__` if what was told is an AttributeError.
fn or_getattr(cx: &mut Cx, frame: &mut NativeFrame, obj: Value, name: Value) -> Outcome {
    match frame.told {
        Told::Raised(exc) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => {
            frame.step = 2;
            match cx.ask_special(obj, Special::GetAttr, &[name]) {
                Some(ask) => Err(as_tail(ask)),
                None => Err(Ask::Raise(exc)),
            }
        }
        told => told.into_outcome(),
    }
}

fn call_bound(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        return match bind(cx, frame.values[0], frame.values[1]) {
            Ok(bound) => Err(cx.ask_tail(bound, &frame.values[2..])),
            Err(Ask::Tail) => Err(Ask::Call),
            Err(ask) => Err(ask),
        };
    }
    let bound = frame.told.into_outcome()?;
    cx.call = CallAsk { callee: bound, args: frame.values[2..].into(), ..CallAsk::default() };
    Err(Ask::Tail)
}
