//! `list[int]`: types.GenericAlias; and `Class[int]` of a script's generic class, which is the same under another name.

use super::library::{ask_library, ask_library_with};
use super::{attribute, classes, type_params, union};
use crate::call::{Ask, Cx, Outcome};
use crate::value::native_object::NativeObject;
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Class, Id, NativeFrame, Value};
use aspen_grammar::bytecode::Compare;

/// The state.
pub struct GenericAlias {
    pub origin: Value,
    pub args: Vec<Value>,
    /// `*list[int]`.
    pub is_starred: bool,
    /// A tuple, made at first use; `Undef` until then.
    pub parameters: Value,
}

impl NativeObject for GenericAlias {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.origin, self.parameters], gray);
        trace_values(&self.args, gray);
    }
    fn bytes(&self) -> usize {
        size_of::<GenericAlias>() + self.args.capacity() * size_of::<Value>()
    }
}

crate::natives! {
    /// The rows of `types.GenericAlias`.
    pub static GENERIC_ALIAS = [
        new "__new__(cls, origin, args, /)" => alias_new, "Represent a PEP 585 generic type";
        special "__repr__(self, /)" => alias_repr, "Return repr(self).";
        special "__eq__(self, value, /)" => alias_eq, "Return self==value.";
        special "__hash__(self, /)" => alias_hash, "Return hash(self).";
        special "__or__(self, value, /)" => alias_or, "Return self|value.";
        special "__ror__(self, value, /)" => alias_ror, "Return value|self.";
        special "__getitem__(self, key, /)" => alias_getitem, "Return self[key].";
        special "__getattr__(self, name: str, /)" => alias_getattr, "The attribute of the origin.";
        special "__setattr__(self, name: str, value, /)" => alias_setattr, "Implement setattr(self, name, value).";
        special "__call__(self, *args, **kwargs)" => step alias_call, "Call self as a function.";
        special "__iter__(self, /)" => alias_iter, "Implement iter(self).";
        method "__mro_entries__(self, bases, /)" => alias_mro_entries, "";
        method "__instancecheck__(self, instance, /)" => alias_instancecheck, "";
        method "__subclasscheck__(self, subclass, /)" => alias_subclasscheck, "";
        method "__dir__(self, /)" => alias_dir, "";
        method "__reduce__(self, /)" => alias_reduce, "";
        attr "__origin__" => get_origin, "";
        attr "__args__" => get_args, "";
        attr "__parameters__" => get_parameters, "Type variables in the GenericAlias.";
        attr "__unpacked__" => get_unpacked, "";
        attr "__typing_unpacked_tuple_args__" => get_unpacked_args, "";
    ]
}

fn own(cx: &Cx, value: Value) -> Option<&GenericAlias> {
    let Value::Native(id) = cx.exact(value) else { return None };
    cx.heap.native::<GenericAlias>(id)
}

/// Origin and arguments, if the value is an alias.
pub fn parts(cx: &Cx, value: Value) -> Option<(Value, Vec<Value>)> {
    own(cx, value).map(|alias| (alias.origin, alias.args.clone()))
}

/// `origin[args]`; a tuple is several arguments.
pub fn new(cx: &mut Cx, class: Id<Class>, origin: Value, args: Value) -> Value {
    let args = match args {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        one => vec![one],
    };
    cx.heap.new_native(class, GenericAlias { origin, args, is_starred: false, parameters: Value::Undef })
}

/// The `__class_getitem__` of built-in generic classes.
pub fn class_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(new(cx, classes::GENERIC_ALIAS, args[0], args[1]))
}

fn alias_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let made = new(cx, classes::GENERIC_ALIAS, args[1], args[2]);
    match args[0] {
        Value::Class(class) if class != classes::GENERIC_ALIAS => Ok(super::class::allocate(cx, class, made)),
        _ => Ok(made),
    }
}

fn alias_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(alias) = own(cx, args[0]) else { crate::bug!("self is an alias") };
    let (origin, parts, is_starred) = (alias.origin, alias.args.clone(), alias.is_starred);
    let prefix = match origin {
        Value::Class(class) => super::class::methods::full_name(cx, class),
        Value::Native(_) if type_params::alias_name(cx, origin).is_some() => {
            type_params::alias_name(cx, origin).unwrap_or_default()
        }
        other => cx.class_name(other),
    };
    let star = if is_starred { "*" } else { "" };
    if parts.is_empty() {
        return Ok(cx.str(&format!("{star}{prefix}[()]")));
    }
    union::join_texts(cx, &format!("{star}{prefix}["), ", ", "]", &parts)
}

fn alias_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (Some(left), Some(right)) = (own(cx, args[0]), own(cx, args[1])) else { return Ok(Value::NotImplemented) };
    if left.is_starred != right.is_starred {
        return Ok(Value::Bool(false));
    }
    // Arguments may be objects of `typing`, with an `__eq__` of their own.
    let as_tuple = |alias: &GenericAlias| [&[alias.origin][..], &alias.args].concat();
    let (left, right) = (as_tuple(left), as_tuple(right));
    let (left, right) = (cx.heap.new_tuple_from(left), cx.heap.new_tuple_from(right));
    super::operator::compare(cx, Compare::Eq, left, right)
}

fn alias_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int((union::type_hash(cx, args[0]) >> 1) as i64))
}

fn alias_or(cx: &mut Cx, args: &[Value]) -> Outcome {
    union::join(cx, args[0], args[1])
}

fn alias_ror(cx: &mut Cx, args: &[Value]) -> Outcome {
    union::join(cx, args[1], args[0])
}

// ----- Type parameters -----

/// The type parameters in some types, each once, as a tuple.
pub fn collect_parameters(cx: &mut Cx, types: &[Value]) -> Value {
    let mut found = Vec::new();
    collect_into(cx, types, &mut found, 0);
    cx.heap.new_tuple_from(found)
}

fn collect_into(cx: &mut Cx, types: &[Value], found: &mut Vec<Value>, depth: usize) {
    for &one in types {
        if type_params::is_type_param(cx, one) {
            if !found.iter().any(|known| known.is(&one)) {
                found.push(one);
            }
            continue;
        }
        let inner = match cx.exact(one) {
            Value::List(id) => Some(cx.heap.lists.get(id).items.clone()),
            Value::Tuple(id) => Some(cx.heap.tuples.get(id).items().to_vec()),
            _ => parts(cx, one).map(|(_, args)| args).or_else(|| union::arguments(cx, one)),
        };
        match inner {
            Some(inner) if depth < 50 => collect_into(cx, &inner, found, depth + 1),
            Some(_) => {}
            None => collect_attribute(cx, one, found),
        }
    }
}

/// What has `__parameters__`, as the objects of `typing` have.
fn collect_attribute(cx: &mut Cx, value: Value, found: &mut Vec<Value>) {
    if !matches!(value, Value::Inst(_)) {
        return;
    }
    let name = cx.name("__parameters__");
    if let Some(
        attribute::Resolved::Field { value: Value::Tuple(id), .. } | attribute::Resolved::InDict(Value::Tuple(id)),
    ) = attribute::own_attribute(cx, value, name)
    {
        for param in cx.heap.tuples.get(id).items().to_vec() {
            if !found.iter().any(|known| known.is(&param)) {
                found.push(param);
            }
        }
    }
}

fn parameters_of(cx: &mut Cx, alias: Value) -> Value {
    let Some(known) = own(cx, alias) else { crate::bug!("self is an alias") };
    if !known.parameters.is_undef() {
        return known.parameters;
    }
    let args = known.args.clone();
    let parameters = collect_parameters(cx, &args);
    if let Value::Native(id) = cx.exact(alias)
        && let Some(alias) = cx.heap.native_mut::<GenericAlias>(id)
    {
        alias.parameters = parameters;
    }
    parameters
}

fn alias_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(ask_library(cx, "typing", "_subscript_alias", args))
}

// ----- As the origin -----

/// Attributes that an alias does not have from its origin.
const OWN_NAMES: &[&str] = &["__copy__", "__deepcopy__", "__reduce_ex__", "__reduce__", "__mro_entries__", "__bases__"];

fn alias_getattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    let text = cx.text(name);
    if OWN_NAMES.contains(&text.as_str()) {
        return Err(cx.attribute_error(args[0], name));
    }
    let (origin, _) = parts(cx, args[0]).expect("self is an alias");
    attribute::get(cx, origin, name)
}

fn alias_setattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    let (origin, _) = parts(cx, args[0]).expect("self is an alias");
    attribute::set(cx, origin, name, args[2])
}

/// An instance of the origin, which is told what it was made as.
fn alias_call(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    match frame.step {
        0 => {
            frame.step = 1;
            let (origin, _) = parts(cx, frame.values[0]).expect("self is an alias");
            let Value::Dict(keywords) = frame.values[1] else { crate::bug!("keywords are a dict") };
            Err(cx.ask_call_with(origin, &frame.values[2..], Some(keywords)))
        }
        1 => {
            let made = frame.told.into_outcome()?;
            if !matches!(made, Value::Inst(_) | Value::Exc(_)) {
                return Ok(made);
            }
            frame.step = 2;
            frame.values[1] = made;
            let name = cx.name("__orig_class__");
            match attribute::set(cx, made, name, frame.values[0]) {
                Ok(_) | Err(Ask::Raise(_)) => Ok(made),
                Err(Ask::Tail) => Err(Ask::Call),
                Err(ask) => Err(ask),
            }
        }
        _ => Ok(frame.values[1]),
    }
}

fn alias_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (origin, inner) = parts(cx, args[0]).expect("self is an alias");
    let class = cx.class_of(args[0]);
    let starred = GenericAlias { origin, args: inner, is_starred: true, parameters: Value::Undef };
    let starred = cx.heap.new_native(class, starred);
    let one = cx.heap.new_tuple(&[starred]);
    Ok(cx.heap.new_iter(crate::value::Iter::Items { sequence: one, index: 0 }))
}

/// What stands for `list[…]` among the bases: the origin.
fn alias_mro_entries(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (origin, _) = parts(cx, args[0]).expect("self is an alias");
    Ok(cx.heap.new_tuple(&[origin]))
}

fn alias_instancecheck(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.type_error("isinstance() argument 2 cannot be a parameterized generic"))
}

fn alias_subclasscheck(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.type_error("issubclass() argument 2 cannot be a parameterized generic"))
}

fn alias_dir(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (origin, _) = parts(cx, args[0]).expect("self is an alias");
    let class = match origin {
        Value::Class(class) => class,
        other => cx.class_of(other),
    };
    let mut found = super::class::methods::names_of_class(cx, class);
    for name in ["__args__", "__origin__", "__parameters__"] {
        found.push(cx.str(name));
    }
    Ok(cx.heap.new_list(found))
}

fn alias_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (origin, inner) = parts(cx, args[0]).expect("self is an alias");
    let inner = cx.heap.new_tuple_from(inner);
    let arguments = cx.heap.new_tuple(&[origin, inner]);
    Ok(cx.heap.new_tuple(&[Value::Class(classes::GENERIC_ALIAS), arguments]))
}

fn get_origin(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(parts(cx, args[0]).expect("self is an alias").0)
}

fn get_args(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (_, inner) = parts(cx, args[0]).expect("self is an alias");
    Ok(cx.heap.new_tuple_from(inner))
}

fn get_parameters(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(parameters_of(cx, args[0]))
}

fn get_unpacked(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(own(cx, args[0]).is_some_and(|alias| alias.is_starred)))
}

fn get_unpacked_args(cx: &mut Cx, args: &[Value]) -> Outcome {
    let is_tuple =
        own(cx, args[0]).is_some_and(|alias| alias.is_starred && alias.origin == Value::Class(classes::TUPLE));
    if is_tuple { get_args(cx, args) } else { Ok(Value::None) }
}

// ----- typing.Generic -----

crate::natives! {
    /// The rows of `typing.Generic`.
    pub static GENERIC = [
        class "__class_getitem__(cls, params, /)" => generic_getitem, "Parameterizes a generic class.";
        class "__init_subclass__(cls, **kwargs)" => generic_init_subclass, "Function to initialize subclasses.";
    ]
}

/// `Generic[T]`, for classes with type parameters.
pub fn subscript_generic(cx: &mut Cx, params: Value) -> Outcome {
    Err(ask_library(cx, "typing", "_declare_generic", &[params]))
}

fn generic_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(ask_library(cx, "typing", "_generic_class_getitem", args))
}

/// Finds out `__parameters__` of the new class, then goes on to the next `__init_subclass__`.
fn generic_init_subclass(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(ask_library_with(cx, "typing", "_generic_init_subclass", args[1], &args[..1]))
}
