//! types.SimpleNamespace: attributes and nothing else.

use super::compose::compose;
use super::{attribute, class, classes, operator};
use crate::call::{Cx, Outcome};
use crate::value::Value;
use aspen_grammar::bytecode::Compare;

crate::natives! {
    /// The rows of `types.SimpleNamespace`.
    pub static SIMPLE_NAMESPACE = [
        new "__new__(cls, *args, **kwargs)" => namespace_new, "Create and return a new object.";
        special "__init__(self, *args, **kwargs)" => namespace_init, "Initialize self.";
        special "__repr__(self, /)" => namespace_repr, "Return repr(self).";
        special "__eq__(self, value, /)" => namespace_eq, "Return self==value.";
        special "__ne__(self, value, /)" => namespace_ne, "Return self!=value.";
        method "__reduce__(self, /)" => namespace_reduce, "Return state information for pickling";
        method "__replace__(self, /, **changes)" => namespace_replace, "Return a copy of the namespace object with new values for the specified attributes.";
        attr "__dict__" => get_dict, set set_dict, "";
    ]
}

/// A namespace with these attributes.
pub fn new(cx: &mut Cx, entries: &[(&str, Value)]) -> Value {
    let made = class::allocate(cx, classes::SIMPLE_NAMESPACE, Value::Undef);
    for &(name, value) in entries {
        let name = cx.name(name);
        attribute::generic_set(cx, made, name, value).expect("a namespace takes any attribute");
    }
    made
}

fn namespace_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let own = class::checked_class(cx, args[0], classes::SIMPLE_NAMESPACE)?;
    Ok(class::allocate(cx, own, Value::Undef))
}

fn namespace_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let given = &args[2..];
    if given.len() > 1 {
        let name = cx.class_name(args[0]);
        let message = format!("{name} expected at most 1 argument, got {}", given.len());
        return Err(cx.type_error(message));
    }
    if let Some(&first) = given.first() {
        let pairs = pairs_of(cx, first)?;
        set_all(cx, args[0], pairs)?;
    }
    let Value::Dict(keywords) = args[1] else { crate::bug!("keywords are a dict") };
    let pairs = cx.heap.dicts.get(keywords).iter().map(|entry| (entry.key, entry.value)).collect();
    set_all(cx, args[0], pairs)?;
    Ok(Value::None)
}

/// The pairs of a mapping or of an iterable of pairs, as far as no script code is needed.
fn pairs_of(cx: &mut Cx, given: Value) -> Result<Vec<(Value, Value)>, crate::call::Ask> {
    if let Value::Dict(dict) = cx.exact(given) {
        return Ok(cx.heap.dicts.get(dict).iter().map(|entry| (entry.key, entry.value)).collect());
    }
    let items = super::exception::base::items_now(cx, given)?;
    let mut pairs = Vec::with_capacity(items.len());
    for item in items {
        let parts = super::exception::base::items_now(cx, item)?;
        let [key, value] = parts[..] else {
            return Err(cx.value_error("dictionary update sequence element has a length other than 2"));
        };
        pairs.push((key, value));
    }
    Ok(pairs)
}

fn set_all(cx: &mut Cx, this: Value, pairs: Vec<(Value, Value)>) -> Result<(), crate::call::Ask> {
    for (key, value) in pairs {
        let Some(name) = cx.name_of(key) else {
            let message = format!("keywords must be strings, not '{}'", cx.class_name(key));
            return Err(cx.type_error(message));
        };
        attribute::generic_set(cx, this, name, value)?;
    }
    Ok(())
}

/// Names and values of the attributes, in order.
fn attributes(cx: &Cx, this: Value) -> Vec<(String, Value)> {
    let own = attribute::own_names(cx, this);
    let value = |name| match attribute::own_attribute(cx, this, name) {
        Some(attribute::Resolved::Field { value, .. } | attribute::Resolved::InDict(value)) => value,
        _ => Value::None,
    };
    own.into_iter().map(|name| (cx.text(name), value(name))).collect()
}

fn namespace_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = cx.class_of(args[0]);
    let name = match class == classes::SIMPLE_NAMESPACE {
        true => "namespace".to_owned(),
        false => cx.text(cx.heap.classes.get(class).name),
    };
    let own = attributes(cx, args[0]);
    // A namespace in itself is shown as dots.
    let parts: Vec<String> = own
        .iter()
        .map(|(name, value)| match value.is(&args[0]) {
            true => format!("{name}={}(...)", "namespace"),
            false => format!("{name}=%r"),
        })
        .collect();
    let values: Vec<Value> = own.iter().map(|&(_, value)| value).filter(|value| !value.is(&args[0])).collect();
    compose(cx, &format!("{name}({})", parts.join(", ")), &values)
}

fn compare(cx: &mut Cx, args: &[Value], how: Compare) -> Outcome {
    let is_namespace = |cx: &Cx, value| classes::is_subclass(cx, cx.class_of(value), classes::SIMPLE_NAMESPACE);
    if !is_namespace(cx, args[1]) {
        return Ok(Value::NotImplemented);
    }
    let (left, right) = (attribute::dict_attribute(cx, args[0])?, attribute::dict_attribute(cx, args[1])?);
    operator::compare(cx, how, left, right)
}

fn namespace_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, Compare::Eq)
}

fn namespace_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, Compare::NotEq)
}

fn namespace_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = Value::Class(cx.class_of(args[0]));
    let dict = attribute::dict_attribute(cx, args[0])?;
    let empty = cx.heap.empty_tuple;
    Ok(cx.heap.new_tuple(&[class, empty, dict]))
}

fn namespace_replace(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = cx.class_of(args[0]);
    let made = class::allocate(cx, class, Value::Undef);
    for (name, value) in attributes(cx, args[0]) {
        let name = cx.name(&name);
        attribute::generic_set(cx, made, name, value)?;
    }
    let Value::Dict(changes) = args[1] else { crate::bug!("keywords are a dict") };
    let pairs = cx.heap.dicts.get(changes).iter().map(|entry| (entry.key, entry.value)).collect();
    set_all(cx, made, pairs)?;
    Ok(made)
}

fn get_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    attribute::dict_attribute(cx, args[0])
}

fn set_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    attribute::set_dict_attribute(cx, args[0], args[1])
}
