//! The built-in classes are made, in the order of their handles, when an engine is.

use crate::call::{Cx, names};
use crate::types::classes::{BASE, CLASSES, DICT, EXCEPTIONS, N_CLASSES, OBJECT, TYPE, WEAK};
use crate::value::class::Layout;
use crate::value::{Class, Id, Shape, Value};

/// Makes all built-in classes, in the order of their handles.
pub fn make_all(cx: &mut Cx) {
    for (number, def) in CLASSES.iter().enumerate() {
        let flags = def.flags;
        let class = Class {
            layout: def.layout,
            table: Some(number as u16),
            is_base: flags & BASE != 0,
            has_dict: flags & DICT != 0,
            has_weakrefs: flags & WEAK != 0,
            ..Class::default()
        };
        make(cx, Id::new(number), def.name, def.module, def.bases, class);
    }
    for (number, def) in EXCEPTIONS.iter().enumerate() {
        let class = Class {
            layout: Layout::Exception(def.layout),
            table: crate::types::exception::table_of(Id::new(N_CLASSES + number)),
            is_base: true,
            has_dict: true,
            has_weakrefs: true,
            ..Class::default()
        };
        make(cx, Id::new(N_CLASSES + number), def.name, def.module, def.bases, class);
    }
    crate::types::collections::defaultdict::add_slots(cx);
}

fn make(cx: &mut Cx, id: Id<Class>, name: &str, module: &str, bases: &[Id<Class>], class: Class) {
    let name = cx.name(name);
    let dict = cx.heap.new_dict();
    if id == OBJECT {
        // No attribute row: an instance may have a `__doc__` of its own.
        cx.heap.set_in(dict, names::DOC, Value::None);
    }
    if module != "builtins" {
        let module = cx.str(module);
        cx.heap.set_in(dict, names::MODULE, module);
        // There are hundreds, and few are ever filled.
        cx.heap.dicts.get_mut(dict).entries.shrink_to_fit();
    }
    let mro = mro_of(cx, id, bases);
    let shapes = [false, true].map(|is_dict| cx.heap.shapes.alloc(Shape { class: id, is_dict, ..Shape::default() }));
    let [root_shape, dict_shape] = shapes;
    cx.heap.charge(size_of::<Class>() + 2 * size_of::<Shape>());
    let class = Class {
        name,
        qualname: Value::Str(name),
        metaclass: TYPE,
        bases: bases.to_vec(),
        mro,
        dict,
        root_shape,
        dict_shape,
        ..class
    };
    let made = cx.heap.classes.alloc(class);
    debug_assert_eq!(made, id, "built-in classes have the handles of their places");
    for &base in bases {
        cx.heap.classes.get_mut(base).subclasses.push(id);
    }
}

/// The order of a built-in class: no cycles, and few with two bases (ExceptionGroup).
fn mro_of(cx: &Cx, id: Id<Class>, bases: &[Id<Class>]) -> Vec<Id<Class>> {
    let mut mro = vec![id];
    for (at, &base) in bases.iter().enumerate() {
        let rest = &bases[at + 1..];
        let later = |class: &Id<Class>| rest.iter().any(|&other| cx.heap.classes.get(other).mro.contains(class));
        mro.extend(cx.heap.classes.get(base).mro.iter().filter(|class| !later(class)));
    }
    mro
}
