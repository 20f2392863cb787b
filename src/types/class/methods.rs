//! The methods of classes themselves.

use super::attributes::own;
use super::construct;
use crate::call::{Cx, Outcome, names};
use crate::types::attribute;
use crate::types::classes;
use crate::types::union;
use crate::value::{Class, Id, Value};

/// `type.__init__`: the work was done by `__new__`.
pub fn type_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let n_args = args.len() - 2;
    let Value::Dict(keywords) = args[1] else { crate::bug!("keywords are a dict") };
    if n_args == 1 && !cx.heap.dicts.get(keywords).is_empty() {
        return Err(cx.type_error("type.__init__() takes no keyword arguments"));
    }
    if n_args != 1 && n_args != 3 {
        return Err(cx.type_error("type.__init__() takes 1 or 3 arguments"));
    }
    Ok(Value::None)
}

pub fn type_call(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Dict(keywords) = args[1] else { crate::bug!("keywords are a dict") };
    cx.ask_call_with(Value::None, &args[2..], Some(keywords));
    let ask = std::mem::take(&mut cx.call);
    construct::construct(cx, own(args), &ask.args, ask.keywords)
}

/// `<class 'module.qualname'>`.
pub fn repr_text(cx: &Cx, class: Id<Class>) -> String {
    format!("<class '{}'>", full_name(cx, class))
}

/// `module.qualname`, without `builtins`.
pub fn full_name(cx: &Cx, class: Id<Class>) -> String {
    let object = cx.heap.classes.get(class);
    let name = cx.text_of(object.qualname).map(|text| String::from_utf8_lossy(text).into_owned());
    let name = name.unwrap_or_default();
    match cx.heap.get_in(object.dict, names::MODULE) {
        Some(module) => match cx.text_of(module) {
            Some(b"builtins") | None => name,
            Some(module) => format!("{}.{name}", String::from_utf8_lossy(module)),
        },
        None => name,
    }
}

pub fn type_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text = repr_text(cx, own(args));
    Ok(cx.str(&text))
}

pub fn type_getattribute(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    attribute::generic_get(cx, args[0], name)
}

pub fn type_setattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    attribute::generic_set(cx, args[0], name, args[2])
}

pub fn type_delattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    attribute::generic_set(cx, args[0], name, Value::Undef)
}

pub fn type_or(cx: &mut Cx, args: &[Value]) -> Outcome {
    union::join(cx, args[0], args[1])
}

pub fn type_ror(cx: &mut Cx, args: &[Value]) -> Outcome {
    union::join(cx, args[1], args[0])
}

pub fn type_mro(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = own(args);
    let bases = cx.heap.classes.get(class).bases.clone();
    let mro = if bases.is_empty() { vec![class] } else { super::order::linearize(cx, class, &bases)? };
    Ok(cx.heap.new_list(mro.into_iter().map(Value::Class).collect()))
}

pub fn type_subclasses(cx: &mut Cx, args: &[Value]) -> Outcome {
    let subclasses = cx.heap.classes.get(own(args)).subclasses.clone();
    Ok(cx.heap.new_list(subclasses.into_iter().map(Value::Class).collect()))
}

pub fn type_prepare(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Dict(cx.heap.new_dict()))
}

/// All names of the class and its bases.
pub fn type_dir(cx: &mut Cx, args: &[Value]) -> Outcome {
    let found = names_of_class(cx, own(args));
    Ok(cx.heap.new_list(found))
}

/// The keys of the dicts of a class and its bases, each once.
pub fn names_of_class(cx: &mut Cx, class: Id<Class>) -> Vec<Value> {
    let mut seen = hashbrown::HashSet::new();
    let mut found = Vec::new();
    for base in cx.heap.classes.get(class).mro.clone() {
        let dict = classes::dict_of(cx, base);
        let keys: Vec<_> = cx.heap.dicts.get(dict).iter().map(|entry| entry.key).collect();
        for key in keys {
            if let Some(name) = cx.name_of(key)
                && seen.insert(name.number())
            {
                found.push(Value::Str(name));
            }
        }
    }
    found
}

pub fn type_sizeof(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(size_of::<Class>() as i64))
}

/// The texts in a set, frozenset, list, tuple or dict.
pub fn texts_in(cx: &Cx, value: Value) -> Vec<String> {
    let items: Vec<Value> = match cx.exact(value) {
        Value::Set(id) | Value::FrozenSet(id) => cx.heap.sets.get(id).entries.iter().map(|entry| entry.key).collect(),
        Value::List(id) => cx.heap.lists.get(id).items.clone(),
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        Value::Dict(id) => cx.heap.dicts.get(id).iter().map(|entry| entry.key).collect(),
        _ => Vec::new(),
    };
    let text = |item| cx.text_of(item).map(|text| String::from_utf8_lossy(text).into_owned());
    items.into_iter().filter_map(text).collect()
}
