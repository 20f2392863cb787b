//! Natives called at once, by the machine and by other natives: their arguments need neither binding nor conversion.

use super::classes;
use crate::call::cx::native_def;
use crate::call::signature::{Converter, MAX_FLAT};
use crate::call::{Ask, Body, Cx, NativeDef, NativeKind, Outcome, convert};
use crate::value::special::Special;
use crate::value::{Class, Id, NativeId, Value};

/// Runs a plain native whose arguments are just those that its body wants. None: anything else.
#[inline]
pub fn run_plain(cx: &mut Cx, id: NativeId, given: &[Value]) -> Option<Outcome> {
    let def = native_def(id);
    let Body::Plain(body) = def.body else { return None };
    let signature = def.signature();
    if given.len() != signature.n_exact {
        return None;
    }
    let passes = match signature.checks[..] {
        [] => true,
        [(0, Converter::This)] => is_own(cx, id, def, given[0]) || pass(cx, id, def, given),
        _ => pass(cx, id, def, given),
    };
    if passes { Some(body(cx, given)) } else { None }
}

/// The arguments as the body wants them: as they are given, or in `padded` with absent ones between or behind them. None:
/// they need binding or conversion.
#[inline]
pub fn arrange<'a>(
    cx: &Cx,
    id: NativeId,
    def: &NativeDef,
    given: &'a [Value],
    padded: &'a mut [Value; MAX_FLAT],
) -> Option<&'a [Value]> {
    let signature = def.signature();
    let (n_params, n_positional) = (signature.params.len(), signature.n_positional);
    let n_extra = given.len().saturating_sub(n_positional);
    if !signature.is_flat || given.len() < signature.n_required || (n_extra > 0 && signature.star.is_none()) {
        return None;
    }
    let mut args = given;
    if given.len() != n_params + n_extra {
        // Parameters without an argument, and those that take keywords only, before what is left for the star.
        let n_taken = given.len() - n_extra;
        padded[..n_taken].copy_from_slice(&given[..n_taken]);
        padded.get_mut(n_params..n_params + n_extra)?.copy_from_slice(&given[n_taken..]);
        args = &padded[..n_params + n_extra];
    }
    pass(cx, id, def, args).then_some(args)
}

/// Whether all arguments are already what their converters would make of them.
fn pass(cx: &Cx, id: NativeId, def: &NativeDef, given: &[Value]) -> bool {
    def.signature().checks.iter().all(|&(at, converter)| match (given.get(at as usize), converter) {
        (None, _) => true,
        (Some(Value::Int(_)), Converter::Index | Converter::Size | Converter::Clip) => true,
        (Some(Value::Str(_)), Converter::Str) => true,
        (Some(this), Converter::This) if is_own(cx, id, def, *this) => true,
        (Some(value), _) => convert::fits(cx, id, converter, *value),
    })
}

/// Whether a value is of the class itself whose table has the native. Said in doubt: no.
#[inline]
fn is_own(cx: &Cx, id: NativeId, def: &NativeDef, this: Value) -> bool {
    cx.class_of(this).index() == id.table as usize && def.kind != NativeKind::New
}

/// Calls a plain native, the constructor of a built-in class, or a bound method that is native. None: it is something else,
/// or the call needs more than the arguments as they are; then nothing has been done.
pub fn call(cx: &mut Cx, callee: Value, args: &[Value]) -> Option<Outcome> {
    let (id, first) = match callee {
        Value::Builtin(id) => (id, None),
        Value::Class(class) => (native_constructor(cx, class)?, Some(callee)),
        Value::Method(id) => match *cx.heap.methods.get(id) {
            crate::value::Method { func: Value::Builtin(id), this } => (id, Some(this)),
            _ => return None,
        },
        _ => return None,
    };
    let def = native_def(id);
    let Body::Plain(body) = def.body else { return None };
    let mut given = smallvec::SmallVec::<[Value; MAX_FLAT]>::new();
    given.extend(first);
    given.extend_from_slice(args);
    let mut padded = [Value::Undef; MAX_FLAT];
    let args = if def.is_async { None } else { arrange(cx, id, def, &given, &mut padded) };
    match body(cx, args?) {
        Err(Ask::Full | Ask::End) => None,
        outcome => Some(outcome),
    }
}

/// A built-in class that has nothing but `__new__` is just that native.
pub fn native_constructor(cx: &mut Cx, id: Id<Class>) -> Option<NativeId> {
    let class = cx.heap.classes.get(id);
    if class.is_heap || class.metaclass != classes::TYPE || id == classes::TYPE {
        return None;
    }
    let object = classes::OBJECT.index() as u16;
    let Some(Value::Builtin(new)) = cx.special(id, Special::New) else { return None };
    if new.table == object || native_def(new).kind != NativeKind::New {
        return None;
    }
    match cx.special(id, Special::Init) {
        None => Some(new),
        Some(Value::Builtin(init)) if init.table == object => Some(new),
        Some(_) => None,
    }
}
