//! Results, given to who waits for them.

use aspen_grammar::bytecode::Op;

use super::fiber::Fiber;
use super::text::Texts;
use super::{Moved, Next, Signal, attr, branch, call, enter, intrinsic, suspend, unwind};
use crate::builtins::iteration;
use crate::call::{Ask, Cx, Outcome};
use crate::types::protocol;
use crate::value::Value;
use crate::value::frame::{Frame, FrameKind, NativeFrame, Told, Want};

/// What came of an instruction of the script frame on top, or of a native that was called for the frame on top.
pub fn settle(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, outcome: Outcome, dst: u8, want: Want) -> Moved {
    match outcome {
        Ok(value) => deliver(fiber, texts, cx, value, dst, want),
        Err(ask) => grant(fiber, texts, cx, ask, dst, want),
    }
}

/// Does what was asked for; its result is for the frame on top.
#[inline(never)]
pub fn grant(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, ask: Ask, dst: u8, want: Want) -> Moved {
    match ask {
        Ask::Raise(exc) => unwind::raise(fiber, texts, cx, exc),
        Ask::Call | Ask::Tail => call::start_asked(fiber, texts, cx, dst, want),
        Ask::Push => {
            let frame = cx.pushed.take().expect("who asks for a push leaves the frame");
            push_native(fiber, texts, cx, frame, dst, want)
        }
        Ask::Resume(id) => {
            let sent = std::mem::take(&mut cx.sent);
            suspend::resume(fiber, texts, cx, id, sent, dst, want)
        }
        Ask::ResumeOr(id) => {
            let default = std::mem::take(&mut cx.sent);
            if want == Want::Value && suspend::given_default(fiber, texts) == Some((Value::Gen(id), default)) {
                return suspend::resume(fiber, texts, cx, id, Value::None, dst, Want::NextOr);
            }
            push_native(fiber, texts, cx, iteration::next_or_frame(Value::Gen(id), default), dst, want)
        }
        Ask::Enter(id) => {
            let what = (std::mem::take(&mut cx.sent), std::mem::take(&mut cx.thrown));
            suspend::enter_for_native(fiber, texts, cx, id, what)
        }
        Ask::Throw(id) => {
            let exc = std::mem::take(&mut cx.thrown);
            suspend::throw(fiber, texts, cx, id, exc, dst, want)
        }
        Ask::Yield => {
            let value = std::mem::take(&mut cx.sent);
            suspend::suspend(fiber, texts, cx, value, Value::Undef)
        }
        Ask::Await => {
            let value = std::mem::take(&mut cx.sent);
            suspend::await_value(fiber, texts, cx, value, dst, want)
        }
        // The native was the seat of an await chain: the end is for the innermost parent.
        Ask::End if fiber.top().link.is_none() && fiber.top().kind == FrameKind::Resumed => {
            suspend::end_in_chain(fiber, texts, cx)
        }
        Ask::End if want == Want::NextOr => suspend::deliver_default(fiber, texts, dst),
        Ask::End => {
            let tells = match fiber.natives.last() {
                Some(_) if fiber.top().kind == FrameKind::Native => want == Want::NativeNext,
                _ => want == Want::Next,
            };
            if tells {
                return deliver_end(fiber);
            }
            let ask = cx.stop_iteration(Value::None);
            grant(fiber, texts, cx, ask, dst, want)
        }
        Ask::Full => {
            if fiber.top().kind != FrameKind::Native {
                fiber.top_mut().pc -= 1;
            }
            Err(Signal::Full)
        }
        Ask::Machine => {
            // The driver answers with `deliver`, through these.
            cx.answer_to = (dst, want);
            Err(Signal::Ask)
        }
    }
}

/// A native frame goes on top.
pub fn push_native(
    fiber: &mut Fiber,
    texts: &mut Texts,
    cx: &mut Cx,
    frame: NativeFrame,
    dst: u8,
    want: Want,
) -> Moved {
    if !fiber.has_room(cx.recursion_limit) {
        let ask = cx.recursion_error();
        return grant(fiber, texts, cx, ask, dst, want);
    }
    let base = fiber.ceiling(texts);
    fiber.frames.push(Frame { base, dst, kind: FrameKind::Native, want, ..Frame::default() });
    fiber.natives.push(frame);
    Ok(Next::Native)
}

/// A result for the frame that is now on top.
pub fn deliver(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, value: Value, dst: u8, want: Want) -> Moved {
    let consumer = fiber.top();
    if want == Want::Interlude {
        return Ok(end_interlude(fiber));
    }
    if consumer.kind == FrameKind::Native {
        fiber.natives.last_mut().expect("one per native frame").told = Told::Value(value);
        return Ok(Next::Native);
    }
    if consumer.link.is_none() && consumer.kind == FrameKind::Entry {
        return Err(Signal::Done(value));
    }
    if consumer.link.is_none() {
        // The mark under a native seat: the innermost frame of a generator is over.
        return suspend::return_resumed(fiber, texts, cx, value);
    }
    match want {
        Want::Value | Want::NextOr => fiber.stack[consumer.base as usize + dst as usize] = value,
        Want::Answer if value == Value::NotImplemented => {
            return enter::ask_others(fiber, texts, cx, dst, Want::Value);
        }
        Want::Answer => fiber.stack[consumer.base as usize + dst as usize] = value,
        Want::Nothing | Want::Interlude => {}
        Want::Branch if value == Value::NotImplemented && branch::is_comparison(fiber, texts) => {
            return enter::ask_others(fiber, texts, cx, dst, Want::Branch);
        }
        Want::Branch => {
            let Some(holds) = protocol::quick_truth(cx, value) else {
                return push_native(fiber, texts, cx, protocol::truth_frame(value), dst, Want::Branch);
            };
            branch::take(fiber, texts, holds);
        }
        Want::Truth | Want::NotTruth => {
            let Some(holds) = protocol::quick_truth(cx, value) else {
                return push_native(fiber, texts, cx, protocol::truth_frame(value), dst, want);
            };
            fiber.set_reg(dst, Value::Bool(holds == (want == Want::Truth)));
        }
        Want::Next | Want::NativeNext => deliver_item(fiber, texts, value, dst),
        Want::Iterator => return deliver_iterator(fiber, texts, cx, value, dst),
        Want::Await => return suspend::await_value(fiber, texts, cx, value, dst, Want::Value),
        Want::Unpacked => attr::spread_into(fiber, cx, value, dst),
        Want::StarMatched => return intrinsic::star_matched(fiber, texts, cx, value),
        Want::Callee => {
            fiber.set_reg(dst, value);
            fiber.set_reg(dst + 1, Value::Undef);
        }
    }
    Ok(Next::Script)
}

/// What ran between two instructions is over. A native below keeps what it was told.
#[cold]
fn end_interlude(fiber: &mut Fiber) -> Next {
    let frame = fiber.top_mut();
    if frame.kind == FrameKind::Native {
        return Next::Native;
    }
    frame.pc -= 1;
    Next::Script
}

/// The frame on top, which a script frame wants something plain of, is over: it goes, and its value is delivered. Gives the
/// frame below and where it goes on; None: any other case, and nothing was done.
#[inline]
pub fn leave_callback(fiber: &mut Fiber, texts: &Texts, value: Value) -> Option<(Frame, u32)> {
    let &[caller, frame] = fiber.frames.top_two()?;
    if caller.kind == FrameKind::Native || caller.link.is_none() || !fiber.watched.is_empty() {
        return None;
    }
    let mut to = caller.pc;
    let value = match (frame.kind, frame.want) {
        (FrameKind::Init, Want::Value) if value.is_none() => fiber.stack[frame.base as usize - 1],
        (FrameKind::Callback, Want::Value) => value,
        (FrameKind::Callback, Want::Answer) if value != Value::NotImplemented => value,
        (FrameKind::Callback, Want::Truth) if matches!(value, Value::Bool(_)) => value,
        (FrameKind::Callback, Want::Next) => match texts.get(caller.link).ops[caller.pc as usize - 1] {
            Op::ForIter { to: body, .. } => {
                to = body.0;
                value
            }
            _ => return None,
        },
        _ => return None,
    };
    fiber.frames.pop();
    fiber.stack[caller.base as usize + frame.dst as usize] = value;
    Some((caller, to))
}

/// An item for the loop of the script frame on top: it goes on in its body.
#[inline]
pub fn deliver_item(fiber: &mut Fiber, texts: &Texts, value: Value, dst: u8) {
    let frame = fiber.top_mut();
    let text = texts.get(frame.link);
    if let Op::ForIter { to, .. } | Op::ForAsync { to, .. } = text.ops[frame.pc as usize - 1] {
        frame.pc = to.0;
    }
    let at = frame.base as usize + dst as usize;
    fiber.stack[at] = value;
}

/// The result of `__iter__`, checked, becomes the state of a loop.
fn deliver_iterator(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, value: Value, dst: u8) -> Moved {
    if !protocol::is_iterator(cx, value) {
        let message = format!("iter() returned non-iterator of type '{}'", cx.class_name(value));
        let ask = cx.type_error(message);
        return grant(fiber, texts, cx, ask, dst, Want::Value);
    }
    set_loop(fiber, cx, value, dst);
    Ok(Next::Script)
}

/// R[iter..iter + 3] of the frame on top.
pub fn set_loop(fiber: &mut Fiber, cx: &Cx, value: Value, iter: u8) {
    for (at, part) in loop_state(cx, value).into_iter().enumerate() {
        fiber.set_reg(iter + at as u8, part);
    }
}

/// The registers of a loop over an iterator, or over an exact range, list or tuple.
pub fn loop_state(cx: &Cx, value: Value) -> [Value; 3] {
    match value {
        Value::List(_) | Value::Tuple(_) => [value, Value::Int(0), Value::Undef],
        Value::Range(id) => {
            let range = *cx.heap.ranges.get(id);
            match (range.start, range.len, range.step) {
                (Value::Int(_), Value::Int(_), Value::Int(_)) => [range.start, range.len, range.step],
                _ => [value, Value::Undef, Value::Undef],
            }
        }
        _ => [value, Value::Undef, Value::Undef],
    }
}

/// The iterator that the frame on top asked for the next item is at its end.
pub fn deliver_end(fiber: &mut Fiber) -> Moved {
    if fiber.top().kind == FrameKind::Native {
        fiber.natives.last_mut().expect("one per native frame").told = Told::End;
        return Ok(Next::Native);
    }
    // A loop falls through its `ForIter`.
    Ok(Next::Script)
}
