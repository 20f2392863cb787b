//! `__slots__`: which fields every instance has, and whether it has attributes of its own.

use smallvec::SmallVec;

use crate::call::{Ask, Cx, names};
use crate::value::class::Layout;
use crate::value::{Class, Dict, Id, Name, Value};

/// What `__slots__` says.
#[derive(Default)]
pub struct Slots {
    /// The slots of this class, mangled, sorted.
    pub names: Vec<Name>,
    pub adds_dict: bool,
    pub adds_weakrefs: bool,
}

/// What a class without `__slots__` adds to its base.
pub fn without(cx: &Cx, base: Id<Class>) -> Slots {
    let class = cx.heap.classes.get(base);
    Slots { names: Vec::new(), adds_dict: !class.has_dict, adds_weakrefs: may_add_weakrefs(class) }
}

fn may_add_weakrefs(base: &Class) -> bool {
    !base.has_weakrefs && !is_variable(base.layout)
}

/// Instances end with as many items as they need: no room for fields behind them.
fn is_variable(layout: Layout) -> bool {
    matches!(layout, Layout::Int | Layout::Tuple | Layout::Bytes | Layout::Type)
}

/// Checks the items of `__slots__` of a class whose name, base and namespace are given.
pub fn parse(
    cx: &mut Cx,
    items: &[Value],
    class_name: &str,
    base: Id<Class>,
    namespace: Id<Dict>,
) -> Result<Slots, Ask> {
    if !items.is_empty() && is_variable(cx.heap.classes.get(base).layout) {
        let name = cx.text(cx.heap.classes.get(base).name);
        return Err(cx.type_error(format!("nonempty __slots__ not supported for subtype of '{name}'")));
    }
    let mut slots = Slots::default();
    for &item in items {
        let Some(name) = cx.name_of(item) else {
            let message = format!("__slots__ items must be strings, not '{}'", cx.class_name(item));
            return Err(cx.type_error(message));
        };
        add(cx, &mut slots, name, class_name, base, namespace)?;
    }
    let mut sorted: SmallVec<[(Vec<u8>, Name); 8]> =
        slots.names.iter().map(|&name| (cx.heap.text(name).to_vec(), name)).collect();
    sorted.sort_by(|left, right| left.0.cmp(&right.0));
    slots.names = sorted.into_iter().map(|(_, name)| name).collect();
    Ok(slots)
}

fn add(
    cx: &mut Cx,
    slots: &mut Slots,
    name: Name,
    class_name: &str,
    base: Id<Class>,
    namespace: Id<Dict>,
) -> Result<(), Ask> {
    if name == names::DICT {
        if slots.adds_dict || cx.heap.classes.get(base).has_dict {
            return Err(cx.type_error("__dict__ slot disallowed: we already got one"));
        }
        slots.adds_dict = true;
        return Ok(());
    }
    if name == names::WEAKREF {
        if slots.adds_weakrefs || !may_add_weakrefs(cx.heap.classes.get(base)) {
            return Err(cx.type_error("__weakref__ slot disallowed: we already got one"));
        }
        slots.adds_weakrefs = true;
        return Ok(());
    }
    let text = cx.text(name);
    if !is_identifier(&text) {
        return Err(cx.type_error("__slots__ must be identifiers"));
    }
    let mangled = mangle(class_name, &text);
    let name = cx.name(&mangled);
    // What the compiler itself puts there is no conflict.
    let is_own = name == names::QUALNAME || name == names::CLASSCELL;
    if !is_own && cx.heap.get_in(namespace, name).is_some() {
        return Err(cx.value_error(format!("'{mangled}' in __slots__ conflicts with class variable")));
    }
    if !slots.names.contains(&name) {
        slots.names.push(name);
    }
    Ok(())
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && chars.all(|char| char == '_' || char.is_alphanumeric())
}

/// `__x` in a class is `_Class__x`.
pub fn mangle(class_name: &str, name: &str) -> String {
    let class_name = class_name.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || class_name.is_empty() {
        return name.to_owned();
    }
    format!("_{class_name}{name}")
}
