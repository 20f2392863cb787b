//! Calls of natives, and the native frames on the stack.

use aspen_grammar::bytecode::Op;
use smallvec::SmallVec;

use super::call::{Site, place, start_asked};
use super::deliver::{deliver, grant, push_native, settle};
use super::fiber::Fiber;
use super::text::Texts;
use super::{Moved, Next, Signal, suspend, unwind};
use crate::call::cx::native_def;
use crate::call::signature::MAX_FLAT;
use crate::call::{Ask, Body, Cx, Outcome, Place, args, convert};
use crate::types::asyncio::ensure;
use crate::types::direct;
use crate::value::frame::{Frame, FrameKind, NativeFrame, Told, Want};
use crate::value::{Name, NativeId, Value};

/// Calls a native with the arguments at `site`. An async one runs at once if its result is awaited at once, otherwise its
/// coroutine is the result.
pub fn call_native(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, id: NativeId, mut site: Site) -> Moved {
    let makes_coroutine = native_def(id).is_async && !is_awaited(fiber, texts, &mut site);
    cx.place = visible_place(fiber, texts);
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

/// Where script code stands that makes a call, maybe through the library. Not looked for farther out than the library is deep.
pub fn visible_place(fiber: &Fiber, texts: &Texts) -> Place {
    const FARTHEST: usize = 8;
    let is_visible = |frame: &&Frame| {
        frame.kind != FrameKind::Native && !frame.link.is_none() && !texts.get(frame.link).code.flags.is_hidden
    };
    let found = fiber.frames.iter().rev().take(FARTHEST).find(is_visible);
    found.map_or(Place::default(), |frame| Place { link: frame.link, pc: frame.pc.saturating_sub(1) })
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
#[inline(never)]
pub fn run_flat(cx: &mut Cx, id: NativeId, given: &[Value]) -> Option<Done> {
    let def = native_def(id);
    let mut padded = [Value::Undef; MAX_FLAT];
    let args = direct::arrange(cx, id, def, given, &mut padded)?;
    Some(run_native(cx, id, args))
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
    match native_def(id).body {
        Body::Plain(body) => match body(cx, args) {
            Err(Ask::Full) => again(id, args),
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

/// A plain native that found the heap full. It runs again from its arguments, wherever it was called from.
#[cold]
pub fn again(id: NativeId, args: &[Value]) -> Done {
    Done::Waits(NativeFrame::new(id, args), Ask::Full)
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
            let want = if frame.wants_next { Want::NativeNext } else { Want::Value };
            frame.told = Told::Start;
            match ask {
                Ask::Resume(id) => {
                    let sent = std::mem::take(&mut cx.sent);
                    suspend::resume(fiber, texts, cx, id, sent, 0, want)
                }
                Ask::Call => start_asked(fiber, texts, cx, 0, want),
                ask => grant(fiber, texts, cx, ask, 0, want),
            }
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
