//! The method resolution order: C3.

use crate::call::{Ask, Cx};
use crate::value::{Class, Id, Value};

/// The order of a class with these bases, itself first.
pub fn linearize(cx: &mut Cx, class: Id<Class>, bases: &[Id<Class>]) -> Result<Vec<Id<Class>>, Ask> {
    if let Some((at, _)) = bases.iter().enumerate().find(|(at, base)| bases[..*at].contains(base)) {
        let name = cx.text(cx.heap.classes.get(bases[at]).name);
        return Err(cx.type_error(format!("duplicate base class {name}")));
    }
    let mut order = vec![class];
    if let [base] = bases {
        order.extend_from_slice(&cx.heap.classes.get(*base).mro);
        return Ok(order);
    }
    let mut lists: Vec<Vec<Id<Class>>> = bases.iter().map(|&base| cx.heap.classes.get(base).mro.clone()).collect();
    lists.push(bases.to_vec());
    // How far each list has been consumed.
    let mut heads = vec![0; lists.len()];
    loop {
        let mut rest = lists.iter().zip(&heads).filter_map(|(list, &head)| list.get(head)).copied().peekable();
        if rest.peek().is_none() {
            return Ok(order);
        }
        let in_tail = |class: Id<Class>| {
            lists.iter().zip(&heads).any(|(list, &head)| list.iter().skip(head + 1).any(|&later| later == class))
        };
        let Some(next) = rest.find(|&class| !in_tail(class)) else { return Err(inconsistent(cx, &lists, &heads)) };
        order.push(next);
        for (list, head) in lists.iter().zip(&mut heads) {
            *head += (list.get(*head) == Some(&next)) as usize;
        }
    }
}

fn inconsistent(cx: &mut Cx, lists: &[Vec<Id<Class>>], heads: &[usize]) -> Ask {
    let mut left: Vec<Id<Class>> = Vec::new();
    for (list, &head) in lists.iter().zip(heads) {
        if let Some(&class) = list.get(head)
            && !left.contains(&class)
        {
            left.push(class);
        }
    }
    let names: Vec<_> = left.iter().map(|&class| cx.text(cx.heap.classes.get(class).name)).collect();
    let message = format!("Cannot create a consistent method resolution order (MRO) for bases {}", names.join(", "));
    cx.type_error(message)
}

/// The order that a script's `mro()` returned, checked.
pub fn checked(cx: &mut Cx, class: Id<Class>, items: &[Value]) -> Result<Vec<Id<Class>>, Ask> {
    let solid = super::layout::solid_base(cx, class);
    let mut order = Vec::with_capacity(items.len());
    for &item in items {
        let Value::Class(base) = item else {
            let message = format!("mro() returned a non-class ('{}')", cx.class_name(item));
            return Err(cx.type_error(message));
        };
        if !cx.heap.classes.get(solid).is_subclass_of(super::layout::solid_base(cx, base)) {
            let name = cx.text(cx.heap.classes.get(base).name);
            return Err(cx.type_error(format!("mro() returned base with unsuitable layout ('{name}')")));
        }
        order.push(base);
    }
    Ok(order)
}
