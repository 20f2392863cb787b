//! mappingproxy: a mapping that can only be read, as the `__dict__` of a class is.

use crate::call::{Cx, Outcome, names};
use crate::types::{attribute, classes, container, item, method_call, operator, protocol, strings};
use crate::value::native_object::NativeObject;
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::special::Special;
use crate::value::{NativeFrame, Value};
use aspen_grammar::bytecode::{Arith, Compare};

/// The state: what is looked at.
pub struct MappingProxy {
    pub mapping: Value,
}

impl NativeObject for MappingProxy {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.mapping], gray);
    }
    fn bytes(&self) -> usize {
        size_of::<MappingProxy>()
    }
}

crate::natives! {
    /// The rows of `mappingproxy`.
    pub static MAPPING_PROXY = [
        new "__new__(cls, mapping)" => proxy_new, "Read-only proxy of a mapping.";
        special "__getitem__(self, key, /)" => proxy_getitem, "Return self[key].";
        special "__contains__(self, key, /)" => proxy_contains, "Return bool(key in self).";
        special "__len__(self, /)" => proxy_len, "Return len(self).";
        special "__iter__(self, /)" => proxy_iter, "Implement iter(self).";
        special "__repr__(self, /)" => step proxy_repr, "Return repr(self).";
        special "__str__(self, /)" => proxy_str, "Return str(self).";
        special "__eq__(self, value, /)" => proxy_eq, "Return self==value.";
        special "__ne__(self, value, /)" => proxy_ne, "Return self!=value.";
        special "__hash__(self, /)" => proxy_hash, "Return hash(self).";
        special "__or__(self, value, /)" => proxy_or, "Return self|value.";
        special "__ror__(self, value, /)" => proxy_ror, "Return value|self.";
        special "__ior__(self, value, /)" => proxy_ior, "Return self|=value.";
        method "__reversed__(self, /)" => proxy_reversed, "D.__reversed__() -> reverse iterator";
        method "get(self, key, default=None, /)" => proxy_get, "Return the value for key if key is in the mapping, else default.";
        method "keys(self, /)" => proxy_keys, "a set-like object providing a view on D's keys";
        method "values(self, /)" => proxy_values, "an object providing a view on D's values";
        method "items(self, /)" => proxy_items, "a set-like object providing a view on D's items";
        method "copy(self, /)" => proxy_copy, "a shallow copy of D";
        class "__class_getitem__(cls, item, /)" => crate::types::generic_alias::class_getitem, "See PEP 585";
    ]
}

/// A proxy of a mapping.
pub fn new(cx: &mut Cx, mapping: Value) -> Value {
    cx.heap.new_native(classes::MAPPING_PROXY, MappingProxy { mapping })
}

/// The mapping behind a proxy.
pub fn mapping_of(cx: &Cx, value: Value) -> Option<Value> {
    let Value::Native(id) = value else { return None };
    cx.heap.native::<MappingProxy>(id).map(|proxy| proxy.mapping)
}

fn own(cx: &Cx, args: &[Value]) -> Value {
    mapping_of(cx, args[0]).expect("self is a mappingproxy")
}

fn proxy_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mapping = args[1];
    let is_mapping = cx.special_of(mapping, Special::GetItem).is_some()
        && !matches!(cx.exact(mapping), Value::List(_) | Value::Tuple(_));
    if !is_mapping {
        let message = format!("mappingproxy() argument must be a mapping, not {}", cx.class_name(mapping));
        return Err(cx.type_error(message));
    }
    Ok(new(cx, mapping))
}

fn proxy_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mapping = own(cx, args);
    item::get(cx, mapping, args[1])
}

fn proxy_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mapping = own(cx, args);
    container::contains(cx, mapping, args[1])
}

fn proxy_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mapping = own(cx, args);
    protocol::len(cx, mapping)
}

fn proxy_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mapping = own(cx, args);
    protocol::iter(cx, mapping)
}

fn proxy_repr(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let mapping = own(cx, &frame.values);
        let text = strings::to_repr(cx, mapping);
        frame.tell(text)?;
    }
    let text = frame.told.into_outcome()?;
    let mut shown = b"mappingproxy(".to_vec();
    shown.extend_from_slice(cx.text_of(text).unwrap_or_default());
    shown.push(b')');
    Ok(cx.heap.new_str_from(shown))
}

fn proxy_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mapping = own(cx, args);
    strings::to_str(cx, mapping)
}

fn proxy_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mapping = own(cx, args);
    let other = mapping_of(cx, args[1]).unwrap_or(args[1]);
    operator::compare(cx, Compare::Eq, mapping, other)
}

fn proxy_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mapping = own(cx, args);
    let other = mapping_of(cx, args[1]).unwrap_or(args[1]);
    operator::compare(cx, Compare::NotEq, mapping, other)
}

fn proxy_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mapping = own(cx, args);
    protocol::hash(cx, mapping)
}

fn proxy_or(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (lhs, rhs) = (own(cx, args), mapping_of(cx, args[1]).unwrap_or(args[1]));
    operator::binary(cx, Arith::BitOr, lhs, rhs)
}

fn proxy_ror(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (lhs, rhs) = (mapping_of(cx, args[1]).unwrap_or(args[1]), own(cx, args));
    operator::binary(cx, Arith::BitOr, lhs, rhs)
}

fn proxy_ior(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.type_error("'|=' is not supported by mappingproxy; use '|' instead"))
}

/// A method of the mapping, by name.
fn forward(cx: &mut Cx, args: &[Value], name: &str) -> Outcome {
    let mapping = own(cx, args);
    let name = cx.name(name);
    Err(attribute::as_tail(method_call::ask(cx, mapping, name, &args[1..])))
}

fn proxy_reversed(cx: &mut Cx, args: &[Value]) -> Outcome {
    forward(cx, args, "__reversed__")
}

fn proxy_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mapping = own(cx, args);
    if let (Value::Dict(dict), Value::Str(_)) = (mapping, args[1]) {
        let name = cx.name_of(args[1]).expect("it is a str");
        let default = args[2].given().unwrap_or(Value::None);
        return Ok(cx.heap.get_in(dict, name).unwrap_or(default));
    }
    let args = [args[0], args[1], args[2].given().unwrap_or(Value::None)];
    forward(cx, &args, "get")
}

fn proxy_keys(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mapping = own(cx, args);
    Err(attribute::as_tail(method_call::ask(cx, mapping, names::KEYS, &[])))
}

fn proxy_values(cx: &mut Cx, args: &[Value]) -> Outcome {
    forward(cx, args, "values")
}

fn proxy_items(cx: &mut Cx, args: &[Value]) -> Outcome {
    forward(cx, args, "items")
}

fn proxy_copy(cx: &mut Cx, args: &[Value]) -> Outcome {
    forward(cx, args, "copy")
}
