//! functools.partial: a callable with some of its arguments.

use super::compose::compose;
use super::{attribute, class, classes, generic_alias};
use crate::call::{Ask, Cx, Outcome};
use crate::value::native_object::NativeObject;
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Dict, Id, Value};

/// The state.
pub struct Partial {
    func: Value,
    args: Vec<Value>,
    keywords: Id<Dict>,
    dict: Option<Id<Dict>>,
}

impl NativeObject for Partial {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.func, Value::Dict(self.keywords)], gray);
        trace_values(&self.args, gray);
        gray.extend(self.dict.map(Value::Dict));
    }
    fn bytes(&self) -> usize {
        size_of::<Partial>() + self.args.capacity() * size_of::<Value>()
    }
    fn attributes(&self) -> Option<Id<Dict>> {
        self.dict
    }
    fn set_attributes(&mut self, dict: Id<Dict>) -> bool {
        self.dict = Some(dict);
        true
    }
}

crate::natives! {
    /// The rows of `functools.partial`.
    pub static PARTIAL = [
        new "__new__(cls, /, *args, **kwargs)" => partial_new, "Create a new function with partial application of the given arguments and keywords.";
        special "__init__(self, *args, **kwargs)" => partial_init, "";
        special "__call__(self, *args, **kwargs)" => partial_call, "Call self as a function.";
        special "__repr__(self, /)" => partial_repr, "Return repr(self).";
        method "__reduce__(self, /)" => partial_reduce, "";
        method "__setstate__(self, state, /)" => partial_setstate, "";
        class "__class_getitem__(cls, item, /)" => generic_alias::class_getitem, "See PEP 585";
        attr "func" => get_func, "function object to use in future partial calls";
        attr "args" => get_args, "tuple of arguments to future partial calls";
        attr "keywords" => get_keywords, "dictionary of keyword arguments to future partial calls";
        attr "__dict__" => get_dict, set set_dict, "";
    ]
}

/// Callable, arguments and keywords of a partial.
pub fn parts(cx: &Cx, value: Value) -> Option<(Value, Vec<Value>, Id<Dict>)> {
    let Value::Native(id) = cx.exact(value) else { return None };
    cx.heap.native::<Partial>(id).map(|partial| (partial.func, partial.args.clone(), partial.keywords))
}

fn own(cx: &Cx, args: &[Value]) -> (Value, Vec<Value>, Id<Dict>) {
    parts(cx, args[0]).expect("self is a partial")
}

fn copy_dict(cx: &mut Cx, from: Id<Dict>) -> Id<Dict> {
    let copy = cx.heap.new_dict();
    add_all(cx, copy, from);
    copy
}

fn add_all(cx: &mut Cx, to: Id<Dict>, from: Id<Dict>) {
    for entry in cx.heap.dicts.get(from).iter().copied().collect::<Vec<_>>() {
        if let Some(name) = cx.name_of(entry.key) {
            cx.heap.set_in(to, name, entry.value);
        }
    }
}

/// A partial of a partial is one partial, unless either is of a subclass or has attributes.
fn partial_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let own_class = class::checked_class(cx, args[0], classes::PARTIAL)?;
    let Value::Dict(given) = args[1] else { crate::bug!("keywords are a dict") };
    let Some(&func) = args.get(2) else {
        return Err(cx.type_error("type 'partial' takes at least one argument"));
    };
    if !crate::types::protocol::is_callable(cx, func) {
        return Err(cx.type_error("the first argument must be callable"));
    }
    let mut state = Partial { func, args: args[3..].to_vec(), keywords: given, dict: None };
    let is_exact = cx.class_of(func) == classes::PARTIAL;
    if is_exact
        && own_class == classes::PARTIAL
        && let Some((inner, mut first, keywords)) = parts(cx, func)
        && !has_attributes(cx, func)
    {
        first.extend_from_slice(&args[3..]);
        let merged = copy_dict(cx, keywords);
        add_all(cx, merged, given);
        state = Partial { func: inner, args: first, keywords: merged, dict: None };
    }
    let made = cx.heap.new_native(classes::PARTIAL, state);
    Ok(if own_class == classes::PARTIAL { made } else { class::allocate(cx, own_class, made) })
}

fn has_attributes(cx: &Cx, value: Value) -> bool {
    let Value::Native(id) = value else { return false };
    cx.heap.native::<Partial>(id).is_some_and(|partial| partial.dict.is_some())
}

fn partial_init(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

fn partial_call(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (func, mut all, keywords) = own(cx, args);
    let Value::Dict(given) = args[1] else { crate::bug!("keywords are a dict") };
    all.extend_from_slice(&args[2..]);
    let keywords = match (cx.heap.dicts.get(keywords).is_empty(), cx.heap.dicts.get(given).is_empty()) {
        (true, _) => given,
        (false, true) => keywords,
        (false, false) => {
            let merged = copy_dict(cx, keywords);
            add_all(cx, merged, given);
            merged
        }
    };
    cx.ask_call_with(func, &all, Some(keywords));
    Err(Ask::Tail)
}

fn partial_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (func, positional, keywords) = own(cx, args);
    let class = cx.class_of(args[0]);
    let name = class::methods::full_name(cx, class);
    let mut template = format!("{name}(%r");
    let mut values = vec![func];
    for arg in positional {
        template.push_str(", %r");
        values.push(arg);
    }
    let entries: Vec<_> = cx.heap.dicts.get(keywords).iter().map(|entry| (entry.key, entry.value)).collect();
    for (key, value) in entries {
        template.push_str(", %s=%r");
        values.extend([key, value]);
    }
    template.push(')');
    compose(cx, &template, &values)
}

fn partial_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (func, positional, keywords) = own(cx, args);
    let class = Value::Class(cx.class_of(args[0]));
    let given = cx.heap.new_tuple(&[func]);
    let positional = cx.heap.new_tuple_from(positional);
    let keywords = Value::Dict(copy_dict(cx, keywords));
    let dict = match has_attributes(cx, args[0]) {
        true => attribute::dict_attribute(cx, args[0])?,
        false => Value::None,
    };
    let state = cx.heap.new_tuple(&[func, positional, keywords, dict]);
    Ok(cx.heap.new_tuple(&[class, given, state]))
}

fn partial_setstate(cx: &mut Cx, args: &[Value]) -> Outcome {
    let items = match args[1] {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        _ => return Err(cx.type_error("invalid partial state")),
    };
    let [func, positional, keywords, dict] = items[..] else { return Err(cx.type_error("invalid partial state")) };
    let Value::Tuple(positional) = cx.exact(positional) else { return Err(cx.type_error("invalid partial state")) };
    let positional = cx.heap.tuples.get(positional).items().to_vec();
    let keywords = match cx.exact(keywords) {
        Value::Dict(keywords) => copy_dict(cx, keywords),
        Value::None => cx.heap.new_dict(),
        _ => return Err(cx.type_error("invalid partial state")),
    };
    if let Value::Native(id) = cx.exact(args[0])
        && let Some(partial) = cx.heap.native_mut::<Partial>(id)
    {
        (partial.func, partial.args, partial.keywords) = (func, positional, keywords);
    }
    if let Value::Dict(_) = dict {
        attribute::set_dict_attribute(cx, args[0], dict)?;
    }
    Ok(Value::None)
}

fn get_func(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(own(cx, args).0)
}

fn get_args(cx: &mut Cx, args: &[Value]) -> Outcome {
    let positional = own(cx, args).1;
    Ok(cx.heap.new_tuple_from(positional))
}

fn get_keywords(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Dict(own(cx, args).2))
}

fn get_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    attribute::dict_attribute(cx, args[0])
}

fn set_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    attribute::set_dict_attribute(cx, args[0], args[1])
}
