//! Attributes of instances: fields behind a shape, and the real dict that an instance moves to.

use crate::call::{Cx, Outcome};
use crate::types::attribute::{inst_mut, inst_of};
use crate::value::instance::MAX_FIELDS;
use crate::value::{Class, Dict, Id, Name, Shape, Value};

/// Sets (or with `Undef` deletes) an attribute of an instance whose class has no data descriptor of that name.
pub fn set_field(cx: &mut Cx, obj: Value, class: Id<Class>, name: Name, value: Value) -> Outcome {
    let shape = inst_of(cx, obj).expect("only instances have fields").shape;
    if cx.heap.shapes.get(shape).is_dict {
        return set_in_dict(cx, obj, name, value);
    }
    match cx.heap.shapes.get(shape).position(name) {
        Some(index) if !value.is_undef() => inst_mut(cx, obj).expect("it is an instance").set_field(index, value),
        Some(_) => return delete_field(cx, obj, class, name),
        None if value.is_undef() => return Err(cx.attribute_error(obj, name)),
        None if cx.heap.shapes.get(shape).names.len() >= MAX_FIELDS => {
            move_to_dict(cx, obj);
            return set_in_dict(cx, obj, name, value);
        }
        None => {
            let next = transition(cx, shape, name);
            let index = cx.heap.shapes.get(shape).names.len();
            let had_extra = inst_of(cx, obj).is_some_and(|inst| inst.extra.is_some());
            let inst = inst_mut(cx, obj).expect("it is an instance");
            inst.shape = next;
            inst.set_field(index, value);
            note_extra(cx, obj, had_extra);
        }
    }
    Ok(Value::None)
}

/// An instance that came to own memory is swept when it dies.
fn note_extra(cx: &mut Cx, obj: Value, had_extra: bool) {
    if let Value::Inst(id) = obj
        && !had_extra
        && cx.heap.insts.get(id).extra.is_some()
    {
        cx.heap.charge(128);
        cx.heap.insts.note_owner(id);
    }
}

/// The shape with one attribute more.
pub fn transition(cx: &mut Cx, shape: Id<Shape>, name: Name) -> Id<Shape> {
    let object = cx.heap.shapes.get(shape);
    if let Some(&(_, next)) = object.next.iter().find(|(added, _)| *added == name) {
        return next;
    }
    let mut names = Vec::with_capacity(object.names.len() + 1);
    names.extend_from_slice(&object.names);
    names.push(name);
    let class = object.class;
    cx.heap.charge(size_of::<Shape>() + names.len() * size_of::<Name>());
    let next = cx.heap.shapes.alloc(Shape { class, names, ..Shape::default() });
    cx.heap.shapes.get_mut(shape).next.push((name, next));
    next
}

/// Deleting the attribute that was added last takes the shape back; any other moves the instance to a dict.
fn delete_field(cx: &mut Cx, obj: Value, _class: Id<Class>, name: Name) -> Outcome {
    let inst = inst_of(cx, obj).expect("it is an instance");
    let index = cx.heap.shapes.get(inst.shape).position(name).expect("it was found");
    if inst.field(index).is_undef() {
        return Err(cx.attribute_error(obj, name));
    }
    move_to_dict(cx, obj);
    set_in_dict(cx, obj, name, Value::Undef)
}

fn set_in_dict(cx: &mut Cx, obj: Value, name: Name, value: Value) -> Outcome {
    let dict = dict_of(cx, obj);
    if !value.is_undef() {
        cx.heap.set_in(dict, name, value);
        return Ok(Value::None);
    }
    match cx.heap.remove_in(dict, name) {
        Some(_) => Ok(Value::None),
        None => Err(cx.attribute_error(obj, name)),
    }
}

/// `obj.__dict__` of an instance: from now on its attributes are this dict.
pub fn dict_of(cx: &mut Cx, obj: Value) -> Id<Dict> {
    if let Some(dict) = inst_of(cx, obj).expect("it is an instance").dict() {
        return dict;
    }
    move_to_dict(cx, obj)
}

/// Slots stay fields; everything else moves.
fn move_to_dict(cx: &mut Cx, obj: Value) -> Id<Dict> {
    let dict = cx.heap.new_dict();
    let inst = inst_of(cx, obj).expect("it is an instance");
    let shape = cx.heap.shapes.get(inst.shape);
    let class = shape.class;
    let n_slots = cx.heap.classes.get(class).slots.len();
    let own: Vec<_> = shape.names.iter().enumerate().skip(n_slots).map(|(at, &name)| (name, inst.field(at))).collect();
    for (name, value) in own {
        cx.heap.set_in(dict, name, value);
    }
    let dict_shape = cx.heap.classes.get(class).dict_shape;
    let had_extra = inst_of(cx, obj).is_some_and(|inst| inst.extra.is_some());
    let inst = inst_mut(cx, obj).expect("it is an instance");
    inst.shape = dict_shape;
    inst.extra.get_or_insert_default().dict = Some(dict);
    note_extra(cx, obj, had_extra);
    dict
}

/// `obj.__dict__ = dict`.
pub fn replace_dict(cx: &mut Cx, obj: Value, dict: Id<Dict>) {
    move_to_dict(cx, obj);
    if let Some(inst) = inst_mut(cx, obj) {
        inst.extra.get_or_insert_default().dict = Some(dict);
    }
}
