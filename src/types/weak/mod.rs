//! Weak references and proxies.
//!
//! The collector knows them by `Heap::weak_refs`. When the target died, the reference's `__del__` row runs before the next
//! instruction: it forgets the target and calls the callback. Proxies are in [`proxy`].

mod proxy;

pub use proxy::WEAK_PROXY;

use super::compose::compose;
use super::{attribute, class, classes, generic_alias, object, operator, protocol};
use crate::call::{Ask, Cx, Outcome, names};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Id, NativeFrame, Value};
use aspen_grammar::bytecode::Compare;

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
    /// The functions of `_weakref`.
    pub static WEAKREF_FUNCTIONS = [
        func "getweakrefcount(object, /)" => getweakrefcount, "Return the number of weak references to 'object'.";
        func "getweakrefs(object, /)" => getweakrefs, "Return a list of all weak reference objects pointing to 'object'.";
        func "proxy(object, callback=None, /)" => proxy::proxy, "Create a proxy object that weakly references 'object'.";
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
