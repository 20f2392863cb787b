//! Calls of natives, and the native frames on the stack.

use aspen_grammar::bytecode::Op;
use smallvec::SmallVec;

use super::call::{Site, place};
use super::deliver::{deliver, grant, push_native, settle};
use super::fiber::Fiber;
use super::text::Texts;
use super::{Moved, Next, Signal, unwind};
use crate::call::cx::native_def;
use crate::call::signature::{Converter, MAX_FLAT};
use crate::call::{Ask, Body, Cx, NativeDef, NativeKind, Outcome, args, convert};
use crate::types::asyncio::ensure;
use crate::types::classes;
use crate::value::frame::{Frame, FrameKind, NativeFrame, Told, Want};
use crate::value::special::Special;
use crate::value::{Class, Id, Name, NativeId, Value};

/// Calls a native with the arguments at `site`. An async one runs at once if its result is awaited at once, otherwise its
/// coroutine is the result.
pub fn call_native(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, id: NativeId, mut site: Site) -> Moved {
    let makes_coroutine = native_def(id).is_async && !is_awaited(fiber, texts, &mut site);
    if site.keywords.is_undef() && !makes_coroutine {
        let args = &fiber.stack[site.first as usize..][..site.argc as usize];
        if let Some(done) = run_flat(cx, id, args) {
            return finish_native(fiber, texts, cx, done, site.dst, site.want);
        }
    }
    let given: SmallVec<[Value; 8]> = SmallVec::from_slice(&fiber.stack[site.first as usize..][..site.argc as usize]);
    let names = keyword_names(cx, site.keywords);
    let mut bound = match args::bind(cx, id, &given, &names) {
        Ok(bound) => bound,
        Err(ask) => return grant(fiber, texts, cx, ask, site.dst, site.want),
    };
    match convert::convert(cx, id, &mut bound) {
        Ok(()) if makes_coroutine => {
            let made = ensure::new_coroutine(cx, id, &bound);
            if let Value::Gen(made) = made {
                cx.heap.gens.get_mut(made).made_at = place(fiber);
            }
            deliver(fiber, texts, cx, made, site.dst, site.want)
        }
        Ok(()) => {
            let done = run_native(cx, id, &bound);
            finish_native(fiber, texts, cx, done, site.dst, site.want)
        }
        Err(ask) => grant(fiber, texts, cx, ask, site.dst, site.want),
    }
}

/// Whether the next instruction awaits the result; then it is part of the call.
fn is_awaited(fiber: &mut Fiber, texts: &Texts, site: &mut Site) -> bool {
    let top = fiber.top();
    if top.kind == FrameKind::Native || top.link.is_none() || site.want != Want::Value {
        return false;
    }
    match texts.get(top.link).ops.get(top.pc as usize) {
        Some(Op::Await { dst, src }) if src.0 == site.dst => {
            site.dst = dst.0;
            fiber.top_mut().pc += 1;
            true
        }
        _ => false,
    }
}

/// Runs a native whose arguments need neither binding nor conversion. None: they do.
#[inline]
pub fn run_flat(cx: &mut Cx, id: NativeId, given: &[Value]) -> Option<Done> {
    let def = native_def(id);
    let signature = def.signature();
    let (n_params, n_positional) = (signature.params.len(), signature.n_positional);
    let n_extra = given.len().saturating_sub(n_positional);
    if !signature.is_flat || given.len() < signature.n_required || (n_extra > 0 && signature.star.is_none()) {
        return None;
    }
    if given.len() == n_params + n_extra {
        return run_checked(cx, id, def, given);
    }
    // Parameters without an argument, and those that take keywords only, before what is left for the star.
    let mut padded = [Value::Undef; MAX_FLAT];
    let n_taken = given.len() - n_extra;
    padded[..n_taken].copy_from_slice(&given[..n_taken]);
    padded.get_mut(n_params..n_params + n_extra)?.copy_from_slice(&given[n_taken..]);
    run_checked(cx, id, def, &padded[..n_params + n_extra])
}

#[inline]
fn run_checked(cx: &mut Cx, id: NativeId, def: &NativeDef, args: &[Value]) -> Option<Done> {
    for &(at, converter) in &def.signature().checks {
        let value = args[at as usize];
        let is_own = converter == Converter::This && def.kind != NativeKind::New && is_exactly(cx, value, id.table);
        if !is_own && !convert::fits(cx, id, converter, value) {
            return None;
        }
    }
    Some(run_def(cx, id, def, args))
}

/// Whether a value of one of the hot kinds has just the class of this table.
#[inline]
fn is_exactly(cx: &Cx, value: Value, table: u16) -> bool {
    let class = match value {
        Value::Native(id) => cx.heap.natives.get(id).class,
        Value::List(_) => classes::LIST,
        Value::Dict(_) => classes::DICT_CLASS,
        Value::Str(_) => classes::STR,
        Value::Future(_) => classes::FUTURE,
        Value::Task(_) => classes::TASK,
        _ => return false,
    };
    class.number() == table as u32
}

/// The names of a tuple of keyword names.
pub fn keyword_names(cx: &Cx, keywords: Value) -> SmallVec<[Name; 4]> {
    let Value::Tuple(id) = keywords else { return SmallVec::new() };
    let name = |value: &Value| match value {
        Value::Str(name) => *name,
        _ => crate::bug!("keyword names are strs"),
    };
    cx.heap.tuples.get(id).items().iter().map(name).collect()
}

/// How the first step of a native ended: a plain one for good, a stepped one perhaps with a frame to be kept.
pub enum Done {
    Outcome(Outcome),
    Waits(NativeFrame, Ask),
}

pub fn run_native(cx: &mut Cx, id: NativeId, args: &[Value]) -> Done {
    run_def(cx, id, native_def(id), args)
}

#[inline]
fn run_def(cx: &mut Cx, id: NativeId, def: &NativeDef, args: &[Value]) -> Done {
    match def.body {
        Body::Plain(body) => match body(cx, args) {
            // It runs again from its arguments, wherever it was called from.
            Err(Ask::Full) => Done::Waits(NativeFrame::new(id, args), Ask::Full),
            outcome => Done::Outcome(outcome),
        },
        Body::Stepped(body) => {
            let mut frame = NativeFrame::new(id, args);
            match body(cx, &mut frame) {
                Ok(value) => Done::Outcome(Ok(value)),
                Err(ask @ (Ask::Raise(_) | Ask::Tail | Ask::End)) => Done::Outcome(Err(ask)),
                Err(ask) => Done::Waits(frame, ask),
            }
        }
    }
}

pub fn finish_native(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, done: Done, dst: u8, want: Want) -> Moved {
    match done {
        Done::Outcome(outcome) => settle(fiber, texts, cx, outcome, dst, want),
        Done::Waits(frame, ask) => {
            let wants_next = frame.wants_next;
            let pushed = push_native(fiber, texts, cx, frame, dst, want)?;
            if fiber.top().kind != FrameKind::Native || pushed != Next::Native {
                // The recursion limit was reached instead.
                return Ok(pushed);
            }
            grant(fiber, texts, cx, ask, 0, if wants_next { Want::NativeNext } else { Want::Value })
        }
    }
}

/// One step of the native frame on top.
#[inline(never)]
pub fn step_native(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx) -> Moved {
    let frame = fiber.natives.last_mut().expect("one per native frame");
    let was_told = match frame.told {
        Told::Raised(exc) => Some(exc),
        Told::Start | Told::Value(_) | Told::End | Told::Returned(_) => None,
    };
    let (outcome, is_stepped) = match native_def(frame.native).body {
        Body::Plain(body) => (body(cx, &frame.values), false),
        Body::Stepped(body) => {
            let told = frame.told;
            frame.wants_next = false;
            let outcome = body(cx, frame);
            // It will be told the same again.
            if outcome == Err(Ask::Full) {
                frame.told = told;
            }
            (outcome, true)
        }
    };
    match outcome {
        Err(Ask::Full) => Err(Signal::Full),
        Err(ask) if is_stepped && !matches!(ask, Ask::Raise(_) | Ask::Tail | Ask::End) => {
            let wants_next = frame.wants_next;
            frame.told = Told::Start;
            grant(fiber, texts, cx, ask, 0, if wants_next { Want::NativeNext } else { Want::Value })
        }
        // What it was told, and passes on, has its context.
        Err(Ask::Raise(exc)) if was_told == Some(exc) => {
            pop_native(fiber);
            unwind::pass_on(fiber, texts, cx, exc)
        }
        outcome => {
            let place = pop_native(fiber);
            settle(fiber, texts, cx, outcome, place.dst, place.want)
        }
    }
}

/// The native frame on top is over.
pub fn pop_native(fiber: &mut Fiber) -> Frame {
    fiber.natives.pop();
    fiber.frames.pop().expect("it is on top")
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
