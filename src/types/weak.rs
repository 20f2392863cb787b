//! Weak references and proxies.
//!
//! The collector knows them by `Heap::weak_refs`. When the target died, the reference's `__del__` row runs before the next
//! instruction: it forgets the target and calls the callback.

use super::compose::compose;
use super::{
    attribute, class, classes, container, generic_alias, item, method_call, object, operator, protocol, strings,
};
use crate::call::{Ask, Cx, Outcome, names};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::special::Special;
use crate::value::{Id, NativeFrame, Value};
use aspen_grammar::bytecode::{Arith, Compare};

/// The state of a reference, and of a proxy.
pub struct WeakRef {
    /// `Undef`: it died. Not traced: that is what makes it weak.
    target: Value,
    /// None, or what is called with the reference when the target died.
    callback: Value,
    /// The target's, once it was asked for.
    hash: Option<i64>,
}

impl NativeObject for WeakRef {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.callback], gray);
    }
    fn bytes(&self) -> usize {
        size_of::<WeakRef>() + size_of::<(Value, Value)>()
    }
}

crate::natives! {
    /// The rows of `weakref.ReferenceType`.
    pub static WEAK_REF = [
        new "__new__(cls, object, callback=None, /)" => ref_new, "";
        special "__init__(self, object, callback=None, /)" => ref_init, "";
        special "__call__(self)" => ref_call, "Call self as a function.";
        special "__repr__(self, /)" => ref_repr, "Return repr(self).";
        special "__hash__(self, /)" => step ref_hash, "Return hash(self).";
        special "__eq__(self, value, /)" => ref_eq, "Return self==value.";
        special "__ne__(self, value, /)" => ref_ne, "Return self!=value.";
        special "__del__(self, /)" => step ref_died, "The target died.";
        class "__class_getitem__(cls, item, /)" => generic_alias::class_getitem, "See PEP 585";
        attr "__callback__" => get_callback, "";
    ]
}

crate::natives! {
    /// The rows of `weakref.ProxyType`.
    pub static WEAK_PROXY = [
        special "__getattribute__(self, name: str, /)" => proxy_getattribute, "Return getattr(self, name).";
        special "__setattr__(self, name: str, value, /)" => proxy_setattr, "Implement setattr(self, name, value).";
        special "__delattr__(self, name: str, /)" => proxy_delattr, "Implement delattr(self, name).";
        special "__repr__(self, /)" => proxy_repr, "Return repr(self).";
        special "__str__(self, /)" => proxy_str, "Return str(self).";
        special "__bool__(self, /)" => proxy_bool, "True if self else False";
        special "__len__(self, /)" => proxy_len, "Return len(self).";
        special "__getitem__(self, key, /)" => proxy_getitem, "Return self[key].";
        special "__setitem__(self, key, value, /)" => proxy_setitem, "Set self[key] to value.";
        special "__delitem__(self, key, /)" => proxy_delitem, "Delete self[key].";
        special "__contains__(self, key, /)" => proxy_contains, "Return bool(key in self).";
        special "__iter__(self, /)" => proxy_iter, "Implement iter(self).";
        special "__next__(self, /)" => proxy_next, "Implement next(self).";
        special "__call__(self, *args, **kwargs)" => proxy_call, "Call self as a function.";
        special "__hash__(self, /)" => proxy_hash, "Return hash(self).";
        special "__eq__(self, value, /)" => proxy_eq, "Return self==value.";
        special "__ne__(self, value, /)" => proxy_ne, "Return self!=value.";
        special "__lt__(self, value, /)" => proxy_lt, "Return self<value.";
        special "__le__(self, value, /)" => proxy_le, "Return self<=value.";
        special "__gt__(self, value, /)" => proxy_gt, "Return self>value.";
        special "__ge__(self, value, /)" => proxy_ge, "Return self>=value.";
        special "__add__(self, value, /)" => proxy_add, "Return self+value.";
        special "__radd__(self, value, /)" => proxy_radd, "Return value+self.";
        special "__sub__(self, value, /)" => proxy_sub, "Return self-value.";
        special "__mul__(self, value, /)" => proxy_mul, "Return self*value.";
        special "__truediv__(self, value, /)" => proxy_truediv, "Return self/value.";
        special "__floordiv__(self, value, /)" => proxy_floordiv, "Return self//value.";
        special "__mod__(self, value, /)" => proxy_mod, "Return self%value.";
        special "__and__(self, value, /)" => proxy_and, "Return self&value.";
        special "__or__(self, value, /)" => proxy_or, "Return self|value.";
        special "__xor__(self, value, /)" => proxy_xor, "Return self^value.";
        special "__neg__(self, /)" => proxy_neg, "-self";
        special "__index__(self, /)" => proxy_index, "Return self converted to an integer.";
        special "__int__(self, /)" => proxy_int, "int(self)";
        special "__float__(self, /)" => proxy_float, "float(self)";
        special "__del__(self, /)" => step ref_died, "The target died.";
    ]
}

crate::natives! {
    /// The functions of `_weakref`.
    pub static WEAKREF_FUNCTIONS = [
        func "getweakrefcount(object, /)" => getweakrefcount, "Return the number of weak references to 'object'.";
        func "getweakrefs(object, /)" => getweakrefs, "Return a list of all weak reference objects pointing to 'object'.";
        func "proxy(object, callback=None, /)" => proxy, "Create a proxy object that weakly references 'object'.";
    ]
}

// ----- Making -----

/// A reference that a script may have: objects of most classes can be its target.
fn check_target(cx: &mut Cx, target: Value) -> Result<(), Ask> {
    let class = cx.class_of(target);
    if cx.heap.classes.get(class).has_weakrefs {
        return Ok(());
    }
    let message = format!("cannot create weak reference to '{}' object", cx.class_name(target));
    Err(cx.type_error(message))
}

fn make(cx: &mut Cx, native: Id<crate::value::Class>, target: Value, callback: Value) -> Value {
    let made = cx.heap.new_native(native, WeakRef { target, callback, hash: None });
    cx.heap.weak_refs.push((made, target));
    made
}

/// A reference without a callback: the same one again where it was made lately.
pub fn new_ref(cx: &mut Cx, target: Value, callback: Value) -> Value {
    if callback.is_none() {
        let recent = cx.heap.weak_refs.iter().rev().take(64).find(|(weak, of)| {
            of.is(&target) && matches!(weak, Value::Native(_)) && cx.class_of(*weak) == classes::WEAK_REF && {
                state(cx, *weak).is_some_and(|state| state.callback.is_none())
            }
        });
        if let Some(&(weak, _)) = recent {
            return weak;
        }
    }
    make(cx, classes::WEAK_REF, target, callback)
}

fn ref_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let own = class::checked_class(cx, args[0], classes::WEAK_REF)?;
    check_target(cx, args[1])?;
    let callback = args[2].given().unwrap_or(Value::None);
    if own == classes::WEAK_REF {
        return Ok(new_ref(cx, args[1], callback));
    }
    // An instance of a subclass is what the callback gets.
    let inner = cx.heap.new_native(classes::WEAK_REF, WeakRef { target: args[1], callback, hash: None });
    let made = class::allocate(cx, own, inner);
    cx.heap.weak_refs.push((made, args[1]));
    Ok(made)
}

fn ref_init(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

fn native_id(cx: &Cx, value: Value) -> Option<Id<Boxed>> {
    match cx.exact(value) {
        Value::Native(id) if cx.heap.native::<WeakRef>(id).is_some() => Some(id),
        _ => None,
    }
}

fn state(cx: &Cx, value: Value) -> Option<&WeakRef> {
    native_id(cx, value).and_then(|id| cx.heap.native::<WeakRef>(id))
}

fn target_of(cx: &Cx, value: Value) -> Value {
    state(cx, value).map_or(Value::Undef, |state| state.target)
}

/// The target died: the reference forgets it, and calls its callback with itself.
fn ref_died(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 1 {
        return frame.told.into_outcome().map(|_| Value::None);
    }
    let this = frame.values[0];
    let Some(id) = native_id(cx, this) else { return Ok(Value::None) };
    let Some(state) = cx.heap.native_mut::<WeakRef>(id) else { return Ok(Value::None) };
    // Called by a script, with a target that lives: nothing.
    state.target = Value::Undef;
    let callback = std::mem::replace(&mut state.callback, Value::None);
    if callback.is_none() {
        return Ok(Value::None);
    }
    frame.step = 1;
    Err(cx.ask_call(callback, &[this]))
}

// ----- References -----

fn ref_call(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(target_of(cx, args[0]).given().unwrap_or(Value::None))
}

fn ref_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = target_of(cx, args[0]);
    let at = object::address(args[0]);
    if target.is_undef() {
        return Ok(cx.str(&format!("<weakref at {at:#x}; dead>")));
    }
    let class = cx.class_name(target);
    let to = object::address(target);
    match attribute::generic_get(cx, target, names::NAME) {
        Ok(name) if cx.text_of(name).is_some() => {
            compose(cx, &format!("<weakref at {at:#x}; to '{class}' at {to:#x} (%s)>"), &[name])
        }
        _ => Ok(cx.str(&format!("<weakref at {at:#x}; to '{class}' at {to:#x}>"))),
    }
}

fn ref_hash(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let this = frame.values[0];
    if frame.step == 0 {
        let Some(state) = state(cx, this) else { crate::bug!("self is a reference") };
        if let Some(hash) = state.hash {
            return Ok(Value::Int(hash));
        }
        if state.target.is_undef() {
            return Err(cx.type_error("weak object has gone away"));
        }
        frame.step = 1;
        let target = state.target;
        frame.tell(protocol::hash(cx, target))?;
    }
    let hash = frame.told.into_outcome()?;
    if let (Value::Int(hash), Some(id)) = (hash, native_id(cx, this))
        && let Some(state) = cx.heap.native_mut::<WeakRef>(id)
    {
        state.hash = Some(hash);
    }
    Ok(hash)
}

fn compare(cx: &mut Cx, args: &[Value], how: Compare) -> Outcome {
    if state(cx, args[1]).is_none() {
        return Ok(Value::NotImplemented);
    }
    let (left, right) = (target_of(cx, args[0]), target_of(cx, args[1]));
    if left.is_undef() || right.is_undef() {
        let same = args[0].is(&args[1]);
        return Ok(Value::Bool(same == (how == Compare::Eq)));
    }
    operator::compare(cx, how, left, right)
}

fn ref_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, Compare::Eq)
}

fn ref_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, Compare::NotEq)
}

fn get_callback(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(state(cx, args[0]).map_or(Value::None, |state| state.callback))
}

fn refs_of(cx: &Cx, target: Value) -> Vec<Value> {
    cx.heap.weak_refs.iter().filter(|(_, of)| of.is(&target)).map(|&(weak, _)| weak).collect()
}

fn getweakrefcount(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(refs_of(cx, args[0]).len() as i64))
}

fn getweakrefs(cx: &mut Cx, args: &[Value]) -> Outcome {
    let refs = refs_of(cx, args[0]);
    Ok(cx.heap.new_list(refs))
}

// ----- Proxies -----

fn proxy(cx: &mut Cx, args: &[Value]) -> Outcome {
    check_target(cx, args[0])?;
    let is_callable = crate::types::protocol::is_callable(cx, args[0]);
    let native = if is_callable { classes::CALLABLE_PROXY } else { classes::WEAK_PROXY };
    let callback = args[1].given().unwrap_or(Value::None);
    if callback.is_none()
        && let Some(known) = refs_of(cx, args[0]).into_iter().find(|&weak| cx.class_of(weak) == native)
    {
        return Ok(known);
    }
    Ok(make(cx, native, args[0], callback))
}

/// What a proxy stands for.
fn behind(cx: &mut Cx, value: Value) -> Outcome {
    match target_of(cx, value) {
        Value::Undef => Err(cx.raise(classes::REFERENCE_ERROR, "weakly-referenced object no longer exists")),
        target => Ok(target),
    }
}

/// An operand: what it stands for, if it is a proxy.
fn operand(cx: &mut Cx, value: Value) -> Outcome {
    let class = cx.class_of(value);
    if class == classes::WEAK_PROXY || class == classes::CALLABLE_PROXY { behind(cx, value) } else { Ok(value) }
}

fn proxy_getattribute(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    let target = behind(cx, args[0])?;
    attribute::get(cx, target, name)
}

fn proxy_setattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    let target = behind(cx, args[0])?;
    attribute::set(cx, target, name, args[2])
}

fn proxy_delattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    let target = behind(cx, args[0])?;
    attribute::set(cx, target, name, Value::Undef)
}

fn proxy_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    let class = cx.class_name(target);
    let text =
        format!("<weakproxy at {:#x}; to '{class}' at {:#x}>", object::address(args[0]), object::address(target));
    Ok(cx.str(&text))
}

fn proxy_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    strings::to_str(cx, target)
}

fn proxy_bool(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    protocol::truth(cx, target)
}

fn proxy_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    protocol::len(cx, target)
}

fn proxy_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    item::get(cx, target, args[1])
}

fn proxy_setitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    item::set(cx, target, args[1], args[2])
}

fn proxy_delitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    item::delete(cx, target, args[1])
}

fn proxy_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    container::contains(cx, target, args[1])
}

fn proxy_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    protocol::iter(cx, target)
}

fn proxy_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    if cx.special_of(target, Special::Next).is_none() {
        let message = format!("Weakref proxy referenced a non-iterator '{}' object", cx.class_name(target));
        return Err(cx.type_error(message));
    }
    let name = names::special(Special::Next);
    Err(method_call::ask(cx, target, name, &[]).to_be_last())
}

fn proxy_call(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    let Value::Dict(keywords) = args[1] else { crate::bug!("keywords are a dict") };
    cx.ask_call_with(target, &args[2..], Some(keywords));
    Err(Ask::Tail)
}

fn proxy_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = cx.class_name(args[0]);
    Err(cx.type_error(format!("unhashable type: '{class}'")))
}

fn proxy_compare(cx: &mut Cx, args: &[Value], how: Compare) -> Outcome {
    let (left, right) = (operand(cx, args[0])?, operand(cx, args[1])?);
    operator::compare(cx, how, left, right)
}

fn proxy_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    proxy_compare(cx, args, Compare::Eq)
}

fn proxy_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    proxy_compare(cx, args, Compare::NotEq)
}

fn proxy_lt(cx: &mut Cx, args: &[Value]) -> Outcome {
    proxy_compare(cx, args, Compare::Less)
}

fn proxy_le(cx: &mut Cx, args: &[Value]) -> Outcome {
    proxy_compare(cx, args, Compare::LessEq)
}

fn proxy_gt(cx: &mut Cx, args: &[Value]) -> Outcome {
    proxy_compare(cx, args, Compare::Greater)
}

fn proxy_ge(cx: &mut Cx, args: &[Value]) -> Outcome {
    proxy_compare(cx, args, Compare::GreaterEq)
}

fn arithmetic(cx: &mut Cx, args: &[Value], arith: Arith) -> Outcome {
    let (left, right) = (operand(cx, args[0])?, operand(cx, args[1])?);
    operator::binary(cx, arith, left, right)
}

fn proxy_add(cx: &mut Cx, args: &[Value]) -> Outcome {
    arithmetic(cx, args, Arith::Add)
}

fn proxy_radd(cx: &mut Cx, args: &[Value]) -> Outcome {
    arithmetic(cx, &[args[1], args[0]], Arith::Add)
}

fn proxy_sub(cx: &mut Cx, args: &[Value]) -> Outcome {
    arithmetic(cx, args, Arith::Sub)
}

fn proxy_mul(cx: &mut Cx, args: &[Value]) -> Outcome {
    arithmetic(cx, args, Arith::Mul)
}

fn proxy_truediv(cx: &mut Cx, args: &[Value]) -> Outcome {
    arithmetic(cx, args, Arith::Div)
}

fn proxy_floordiv(cx: &mut Cx, args: &[Value]) -> Outcome {
    arithmetic(cx, args, Arith::FloorDiv)
}

fn proxy_mod(cx: &mut Cx, args: &[Value]) -> Outcome {
    arithmetic(cx, args, Arith::Mod)
}

fn proxy_and(cx: &mut Cx, args: &[Value]) -> Outcome {
    arithmetic(cx, args, Arith::BitAnd)
}

fn proxy_or(cx: &mut Cx, args: &[Value]) -> Outcome {
    arithmetic(cx, args, Arith::BitOr)
}

fn proxy_xor(cx: &mut Cx, args: &[Value]) -> Outcome {
    arithmetic(cx, args, Arith::BitXor)
}

fn proxy_neg(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    operator::negative(cx, target)
}

fn proxy_index(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    protocol::index(cx, target)
}

fn proxy_int(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    Err(cx.ask_tail(Value::Class(classes::INT), &[target]))
}

fn proxy_float(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    protocol::float(cx, target)
}
