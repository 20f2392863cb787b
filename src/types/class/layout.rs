//! What instances of a class are made of, and which bases go together.
//!
//! A class is *solid* if its instances carry more than those of its bases: another built-in layout, or slots. Of several
//! bases, one must have the solid class that derives from all the others' solid classes.

use crate::call::{Ask, Cx};
use crate::value::class::{ExcLayout, Layout};
use crate::value::{Class, Id};

/// The base that decides what instances are made of.
pub fn best_base(cx: &mut Cx, bases: &[Id<Class>]) -> Result<Id<Class>, Ask> {
    for &base in bases {
        let class = cx.heap.classes.get(base);
        if !class.is_base {
            let message = format!("type '{}' is not an acceptable base type", cx.text(class.name));
            return Err(cx.type_error(message));
        }
    }
    match choose(cx, bases) {
        Some((base, _)) => Ok(base),
        None => Err(cx.type_error("multiple bases have instance lay-out conflict")),
    }
}

/// The base and its solid class. None: they don't go together.
fn choose(cx: &Cx, bases: &[Id<Class>]) -> Option<(Id<Class>, Id<Class>)> {
    let mut best: Option<(Id<Class>, Id<Class>)> = None;
    for &base in bases {
        let candidate = solid_base(cx, base);
        best = match best {
            None => Some((base, candidate)),
            Some((_, winner)) if cx.heap.classes.get(winner).is_subclass_of(candidate) => best,
            Some((_, winner)) if cx.heap.classes.get(candidate).is_subclass_of(winner) => Some((base, candidate)),
            Some(_) => return None,
        };
    }
    best
}

/// `__base__`: the base that decides what instances are made of. None: `object`.
pub fn base_of(cx: &Cx, class: Id<Class>) -> Option<Id<Class>> {
    let bases = &cx.heap.classes.get(class).bases;
    match bases.as_slice() {
        [] => None,
        [base] => Some(*base),
        several => choose(cx, several).map(|(base, _)| base).or(Some(several[0])),
    }
}

/// The nearest class up the line that added something to its instances.
pub fn solid_base(cx: &Cx, class: Id<Class>) -> Id<Class> {
    let mut class = class;
    while let Some(base) = base_of(cx, class) {
        let (own, below) = (cx.heap.classes.get(class), cx.heap.classes.get(base));
        if own.slots.len() > below.slots.len() || essence(own.layout) != essence(below.layout) {
            return class;
        }
        class = base;
    }
    class
}

/// KeyError keeps no more than its bases do.
fn essence(layout: Layout) -> Layout {
    match layout {
        Layout::Exception(ExcLayout::KeyError) => Layout::Exception(ExcLayout::Plain),
        other => other,
    }
}

/// Whether instances of one class can become instances of the other.
pub fn are_compatible(cx: &Cx, from: Id<Class>, to: Id<Class>) -> bool {
    let (from_class, to_class) = (cx.heap.classes.get(from), cx.heap.classes.get(to));
    essence(from_class.layout) == essence(to_class.layout)
        && have_same_slots(cx, from, to)
        && from_class.has_dict == to_class.has_dict
        && from_class.has_weakrefs == to_class.has_weakrefs
}

/// Whether two classes got their slots from the same class, or added the same ones to the same base.
fn have_same_slots(cx: &Cx, from: Id<Class>, to: Id<Class>) -> bool {
    let (from, to) = (slot_base(cx, from), slot_base(cx, to));
    let slots = |class: Id<Class>| &cx.heap.classes.get(class).slots;
    from == to || (slots(from) == slots(to) && base_of(cx, from) == base_of(cx, to))
}

/// The nearest class up the line that added slots, or the last one.
fn slot_base(cx: &Cx, class: Id<Class>) -> Id<Class> {
    let mut class = class;
    while let Some(base) = base_of(cx, class) {
        if cx.heap.classes.get(class).slots.len() > cx.heap.classes.get(base).slots.len() {
            return class;
        }
        class = base;
    }
    class
}
