//! The views of dicts: keys(), values() and items().

use aspen_grammar::bytecode::Compare;

use super::{compare, methods, ops};
use crate::call::{Cx, Outcome};
use crate::types::set::algebra;
use crate::types::{classes, pull, walk};
use crate::value::iterator::DictPart;
use crate::value::native_object::NativeObject;
use crate::value::{Dict, Gray, Id, Value};

/// A view: the dict and what of it is seen.
pub struct View {
    pub dict: Id<Dict>,
    pub part: DictPart,
}

impl NativeObject for View {
    fn trace(&self, gray: &mut Gray) {
        gray.push(Value::Dict(self.dict));
    }
    fn bytes(&self) -> usize {
        size_of::<View>()
    }
}

crate::natives! {
    /// The rows of the class dict_keys.
    pub static KEYS = [
        special "__len__(self, /)" => view_len, "Return len(self).";
        special "__iter__(self, /)" => view_iter, "Implement iter(self).";
        special "__reversed__(self, /)" => view_reversed, "Return a reverse iterator over the dict keys.";
        special "__repr__(self, /)" => view_repr, "Return repr(self).";
        special "__contains__(self, key, /)" => keys_contains, "Return bool(key in self).";
        special "__and__(self, value, /)" => view_and, "Return self&value.";
        special "__rand__(self, value, /)" => view_rand, "Return value&self.";
        special "__or__(self, value, /)" => view_or, "Return self|value.";
        special "__ror__(self, value, /)" => view_ror, "Return value|self.";
        special "__sub__(self, value, /)" => view_sub, "Return self-value.";
        special "__rsub__(self, value, /)" => view_rsub, "Return value-self.";
        special "__xor__(self, value, /)" => view_xor, "Return self^value.";
        special "__rxor__(self, value, /)" => view_rxor, "Return value^self.";
        special "__eq__(self, value, /)" => view_eq, "Return self==value.";
        special "__ne__(self, value, /)" => view_ne, "Return self!=value.";
        special "__lt__(self, value, /)" => view_lt, "Return self<value.";
        special "__le__(self, value, /)" => view_le, "Return self<=value.";
        special "__gt__(self, value, /)" => view_gt, "Return self>value.";
        special "__ge__(self, value, /)" => view_ge, "Return self>=value.";
        method "isdisjoint(self, other, /)" => view_isdisjoint, "Return True if the view and the given iterable have a null intersection.";
    ]
}

crate::natives! {
    /// The rows of the class dict_items.
    pub static ITEMS = [
        special "__len__(self, /)" => view_len, "Return len(self).";
        special "__iter__(self, /)" => view_iter, "Implement iter(self).";
        special "__reversed__(self, /)" => view_reversed, "Return a reverse iterator over the dict items.";
        special "__repr__(self, /)" => view_repr, "Return repr(self).";
        special "__contains__(self, key, /)" => items_contains, "Return bool(key in self).";
        special "__and__(self, value, /)" => view_and, "Return self&value.";
        special "__rand__(self, value, /)" => view_rand, "Return value&self.";
        special "__or__(self, value, /)" => view_or, "Return self|value.";
        special "__ror__(self, value, /)" => view_ror, "Return value|self.";
        special "__sub__(self, value, /)" => view_sub, "Return self-value.";
        special "__rsub__(self, value, /)" => view_rsub, "Return value-self.";
        special "__xor__(self, value, /)" => view_xor, "Return self^value.";
        special "__rxor__(self, value, /)" => view_rxor, "Return value^self.";
        special "__eq__(self, value, /)" => view_eq, "Return self==value.";
        special "__ne__(self, value, /)" => view_ne, "Return self!=value.";
        special "__lt__(self, value, /)" => view_lt, "Return self<value.";
        special "__le__(self, value, /)" => view_le, "Return self<=value.";
        special "__gt__(self, value, /)" => view_gt, "Return self>value.";
        special "__ge__(self, value, /)" => view_ge, "Return self>=value.";
        method "isdisjoint(self, other, /)" => view_isdisjoint, "Return True if the view and the given iterable have a null intersection.";
    ]
}

crate::natives! {
    /// The rows of the class dict_values.
    pub static VALUES = [
        special "__len__(self, /)" => view_len, "Return len(self).";
        special "__iter__(self, /)" => view_iter, "Implement iter(self).";
        special "__reversed__(self, /)" => view_reversed, "Return a reverse iterator over the dict values.";
        special "__repr__(self, /)" => view_repr, "Return repr(self).";
    ]
}

/// A view of a dict.
pub fn new(cx: &mut Cx, dict: Id<Dict>, part: DictPart) -> Value {
    let class = match part {
        DictPart::Keys => classes::DICT_KEYS,
        DictPart::Values => classes::DICT_VALUES,
        DictPart::Items => classes::DICT_ITEMS,
    };
    cx.heap.new_native(class, View { dict, part })
}

/// The view that a value is.
pub fn view_of(cx: &Cx, value: Value) -> Option<(Id<Dict>, DictPart)> {
    let Value::Native(id) = value else { return None };
    cx.heap.native::<View>(id).map(|view| (view.dict, view.part))
}

fn this(cx: &Cx, args: &[Value]) -> (Id<Dict>, DictPart) {
    view_of(cx, args[0]).expect("self is a view")
}

fn view_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (dict, _) = this(cx, args);
    Ok(Value::Int(cx.heap.dicts.get(dict).len() as i64))
}

fn view_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (dict, part) = this(cx, args);
    let iter = pull::dict_iter(cx, dict, part);
    Ok(cx.heap.new_iter(iter))
}

fn view_reversed(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (dict, part) = this(cx, args);
    Ok(methods::reversed(cx, dict, part))
}

fn view_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (dict, part) = this(cx, args);
    let entries: Vec<_> = cx.heap.dicts.get(dict).iter().copied().collect();
    let mut items = Vec::with_capacity(entries.len());
    for entry in entries {
        items.push(match part {
            DictPart::Keys => entry.key,
            DictPart::Values => entry.value,
            DictPart::Items => cx.heap.new_tuple(&[entry.key, entry.value]),
        });
    }
    let open = format!("{}([", cx.class_name(args[0]));
    let layout = walk::Layout { open, items, is_pairs: false, close: "])".to_owned(), marker: "...".into() };
    walk::repr_as(cx, args[0], layout)
}

fn keys_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (dict, _) = this(cx, args);
    ops::contains(cx, dict, args[1])
}

fn items_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (dict, _) = this(cx, args);
    match args[1] {
        Value::Tuple(id) if cx.heap.tuples.get(id).items().len() == 2 => {
            let &[key, value] = cx.heap.tuples.get(id).items() else { crate::bug!("it has two items") };
            compare::has_pair(cx, dict, key, value)
        }
        _ => Ok(Value::Bool(false)),
    }
}

fn view_and(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::view_and(cx, args[0], args[1])
}

fn view_rand(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::view_and(cx, args[1], args[0])
}

fn view_or(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::view_or(cx, args[0], args[1])
}

fn view_ror(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::view_or(cx, args[1], args[0])
}

fn view_sub(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::view_sub(cx, args[0], args[1])
}

fn view_rsub(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::view_sub(cx, args[1], args[0])
}

fn view_xor(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::view_xor(cx, args[0], args[1])
}

fn view_rxor(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::view_xor(cx, args[1], args[0])
}

fn view_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::view_compare(cx, Compare::Eq, args[0], args[1])
}

fn view_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::view_compare(cx, Compare::NotEq, args[0], args[1])
}

fn view_lt(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::view_compare(cx, Compare::Less, args[0], args[1])
}

fn view_le(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::view_compare(cx, Compare::LessEq, args[0], args[1])
}

fn view_gt(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::view_compare(cx, Compare::Greater, args[0], args[1])
}

fn view_ge(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::view_compare(cx, Compare::GreaterEq, args[0], args[1])
}

fn view_isdisjoint(cx: &mut Cx, args: &[Value]) -> Outcome {
    algebra::is_disjoint(cx, args[0], args[1])
}
