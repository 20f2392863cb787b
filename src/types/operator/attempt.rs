//! One candidate asked: a special method of an operand.
//!
//! Natives are called here, without a frame. A native row answers NotImplemented at once or not at all, so what it asks
//! for is final.

use crate::call::signature::{Converter, ParamKind};
use crate::call::{Ask, Body, Cx, NativeKind, args::Bound, cx::native_def};
use crate::value::{NativeFrame, NativeId, Value};

/// What came of asking one candidate.
pub(super) enum Attempt {
    /// The answer.
    Value(Value),
    NotImplemented,
    /// A native needs something; what comes of that is the answer.
    Final(Ask),
    /// A script method: it is called from a frame.
    Script {
        method: Value,
        this: Value,
        other: Value,
    },
}

/// Asks a special method that was found in the class of `this`.
pub(super) fn attempt(cx: &mut Cx, method: Value, this: Value, other: Value) -> Attempt {
    if let Value::Builtin(id) = method
        && takes_anything(id)
    {
        return attempt_with(cx, method, this, other);
    }
    Attempt::Script { method, this, other }
}

/// The same for an argument that needs no conversion.
pub(super) fn attempt_with(cx: &mut Cx, method: Value, this: Value, other: Value) -> Attempt {
    let Value::Builtin(id) = method else { return Attempt::Script { method, this, other } };
    let def = native_def(id);
    match def.body {
        Body::Stepped(_) => {
            let mut frame = NativeFrame::new(id, &[this, other]);
            frame.values.resize(def.signature().params.len().max(2), Value::Undef);
            Attempt::Final(cx.ask_push(frame))
        }
        Body::Plain(body) => {
            let n_params = def.signature().params.len();
            let outcome = if n_params == 2 {
                body(cx, &[this, other])
            } else {
                let mut bound: Bound = [this, other].as_slice().into();
                bound.resize(n_params.max(2), Value::Undef);
                body(cx, &bound)
            };
            match outcome {
                Ok(Value::NotImplemented) => Attempt::NotImplemented,
                Ok(value) => Attempt::Value(value),
                Err(ask) => Attempt::Final(ask.to_come_back()),
            }
        }
    }
}

/// Whether a native can be called with `self` and one other as they are.
fn takes_anything(id: NativeId) -> bool {
    let def = native_def(id);
    let signature = def.signature();
    let is_free = |at: usize| {
        let param = &signature.params[at];
        param.kind != ParamKind::KeywordOnly && (at == 0 || param.converter == Converter::Any)
    };
    matches!(def.kind, NativeKind::Special | NativeKind::Method)
        && signature.n_positional >= 2
        && signature.n_required <= 2
        && signature.star.is_none()
        && signature.star_star.is_none()
        && (0..signature.params.len()).all(is_free)
}

/// Steps: a candidate is to be asked; a script method was called; what is told is the answer.
pub(super) const ASK: u32 = 0;
pub(super) const CALLED: u32 = 1;
pub(super) const ANSWER: u32 = 2;

/// An int that the frame keeps.
pub(super) fn int_at(frame: &NativeFrame, at: usize) -> usize {
    match frame.values[at] {
        Value::Int(int) => int as usize,
        _ => crate::bug!("the frame of an operator keeps an int at {at}"),
    }
}

/// A native that must run again after a collection is asked again.
pub(super) fn again_if_full(frame: &mut NativeFrame, candidate: usize, at: usize, ask: Ask) -> Ask {
    if ask == Ask::Full {
        frame.step = ASK;
        frame.values[at] = Value::Int(candidate as i64);
    }
    ask
}
