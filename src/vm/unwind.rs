//! Exceptions: raised, passed outward frame by frame, caught.

use aspen_grammar::bytecode::Reg;

use super::deliver::{deliver_end, grant};
use super::fiber::Fiber;
use super::text::Texts;
use super::{Moved, Next, Signal};
use super::{suspend, watch};
use crate::call::{Ask, Cx, Outcome};
use crate::types::class::construct::{is_exception_class, is_plain_exception};
use crate::types::{classes, exception};
use crate::value::exception::TraceEntry;
use crate::value::frame::{Frame, FrameKind, Told, Want};
use crate::value::{Exc, GenKind, Id, Parked, Value};

/// Raises an exception in the frame on top.
#[inline(never)]
pub fn raise(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, exc: Id<Exc>) -> Moved {
    set_context(fiber, texts, cx, exc);
    pass_on(fiber, texts, cx, exc)
}

/// Raises what was thrown into the generator whose frame is on top: only what the generator handles is its context.
pub fn raise_thrown(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, exc: Id<Exc>) -> Moved {
    if let Some(handled) = handled_by(fiber, texts, cx, &fiber.top()) {
        set_context_to(cx, exc, handled);
    }
    pass_on(fiber, texts, cx, exc)
}

/// The exception being handled where this one is raised becomes its context.
fn set_context(fiber: &Fiber, texts: &Texts, cx: &mut Cx, exc: Id<Exc>) {
    set_context_to(cx, exc, handled(fiber, texts, cx));
}

fn set_context_to(cx: &mut Cx, exc: Id<Exc>, context: Value) {
    let Value::Exc(context) = context else { return };
    if context == exc || matches!(cx.heap.excs.get(exc).context, Value::Exc(known) if known == context) {
        return;
    }
    // No cycles: where the chain of contexts comes back to this exception, it is cut.
    let mut at = context;
    let mut n_seen = 0;
    while let Value::Exc(next) = cx.heap.excs.get(at).context {
        if next == exc {
            cx.heap.excs.get_mut(at).context = Value::None;
            break;
        }
        at = next;
        n_seen += 1;
        if n_seen > 10_000 {
            break;
        }
    }
    cx.heap.excs.get_mut(exc).context = Value::Exc(context);
}

/// The exception that the frame on top, or one that called it or awaits it, is handling; None if none is.
pub fn handled(fiber: &Fiber, texts: &Texts, cx: &Cx) -> Value {
    fiber.frames.iter().rev().find_map(|frame| handled_by(fiber, texts, cx, frame)).unwrap_or(Value::None)
}

/// The exception that a frame is handling, or one of the parked frames that it stands for.
fn handled_by(fiber: &Fiber, texts: &Texts, cx: &Cx, frame: &Frame) -> Option<Value> {
    if frame.kind == FrameKind::Native {
        return None;
    }
    let registers = fiber.stack.get(frame.base as usize..).unwrap_or_default();
    if let Some(handled) = handled_in(texts, frame, registers) {
        return Some(handled);
    }
    if frame.kind != FrameKind::Resumed {
        return None;
    }
    let parents = &cx.heap.gens.get(suspend::handle_of(fiber, *frame)).parents;
    parents.iter().rev().find_map(|parent| match parent {
        Parked::Script { frame, regs, .. } => handled_in(texts, frame, regs),
        Parked::Native { .. } => None,
    })
}

/// The exception that one frame is handling.
fn handled_in(texts: &Texts, frame: &Frame, registers: &[Value]) -> Option<Value> {
    if frame.link.is_none() {
        return None;
    }
    let reg = texts.get(frame.link).code.handled_at(frame.pc.saturating_sub(1))?;
    registers.get(reg.0 as usize).copied().filter(|value| matches!(value, Value::Exc(_)))
}

/// From frame to frame, until one has a handler.
pub fn pass_on(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, exc: Id<Exc>) -> Moved {
    pass(fiber, texts, cx, exc, true)
}

/// The same for an exception that is raised again: it gets no new entry for the frame on top.
fn pass_again(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, exc: Id<Exc>) -> Moved {
    pass(fiber, texts, cx, exc, false)
}

fn pass(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, mut exc: Id<Exc>, mut leaves_trace: bool) -> Moved {
    loop {
        let frame = fiber.top();
        if frame.kind == FrameKind::Native {
            // A native that asked is told; one that raised is popped already.
            fiber.natives.last_mut().expect("one per native frame").told = Told::Raised(exc);
            return Ok(Next::Native);
        }
        if !frame.link.is_none() {
            let pc = frame.pc.saturating_sub(1);
            let code = &texts.get(frame.link).code;
            if !code.flags.is_hidden && leaves_trace {
                add_trace(fiber, cx, exc, frame, pc);
            }
            leaves_trace = true;
            if let Some(handler) = code.handler_at(pc) {
                fiber.top_mut().pc = handler.target.0;
                fiber.set_reg(handler.exc.0, Value::Exc(exc));
                return Ok(Next::Script);
            }
        }
        match leave(fiber, texts, cx, frame, exc) {
            Left::Below(Some(other)) => exc = other,
            Left::Below(None) => {}
            Left::Moved(moved) => return moved,
        }
    }
}

/// What became of a frame that an exception left.
enum Left {
    /// The exception, or another in its place, goes on in the frame that is now on top.
    Below(Option<Id<Exc>>),
    Moved(Moved),
}

fn leave(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, frame: Frame, exc: Id<Exc>) -> Left {
    watch::leave(fiber, texts, cx, fiber.frames.len() - 1);
    match frame.kind {
        FrameKind::Entry => Left::Moved(Err(Signal::Died(exc))),
        FrameKind::Call | FrameKind::Callback | FrameKind::Init => {
            fiber.frames.pop();
            // The body of a coroutine that was awaited without an object.
            if let Some(kind) = body_kind(texts, frame) {
                return Left::Below(Some(as_generator_raises(cx, kind, exc)));
            }
            end_of_iterator(fiber, cx, frame, exc)
        }
        FrameKind::Linked => {
            let id = suspend::handle_of(fiber, frame);
            let exc = as_generator_raises(cx, cx.heap.gens.get(id).kind, exc);
            suspend::finish(cx, id);
            fiber.frames.pop();
            Left::Below(Some(exc))
        }
        FrameKind::Resumed => {
            let id = suspend::handle_of(fiber, frame);
            let kind = body_kind(texts, frame).unwrap_or(cx.heap.gens.get(id).kind);
            let exc = as_generator_raises(cx, kind, exc);
            if let Some(owner) = cx.heap.gens.get(id).seat_owner.given() {
                suspend::finish(cx, owner);
            }
            if !cx.heap.gens.get(id).parents.is_empty() {
                suspend::restore_parent(fiber, texts, cx, id);
                return Left::Below(Some(exc));
            }
            suspend::finish(cx, id);
            fiber.frames.pop();
            Left::Below(Some(exc))
        }
        FrameKind::Native => crate::bug!("native frames are told, not left"),
    }
}

/// What a frame is the body of; None for functions and for marks.
fn body_kind(texts: &Texts, frame: Frame) -> Option<GenKind> {
    if frame.link.is_none() {
        return None;
    }
    let flags = texts.get(frame.link).code.flags;
    match () {
        () if flags.is_async_generator => Some(GenKind::AsyncGenerator),
        () if flags.is_coroutine => Some(GenKind::Coroutine),
        () if flags.is_generator => Some(GenKind::Generator),
        () => None,
    }
}

/// StopIteration from a script `__next__` is the end of the loop that asked for it.
fn end_of_iterator(fiber: &mut Fiber, cx: &Cx, frame: Frame, exc: Id<Exc>) -> Left {
    let is_end = matches!(frame.want, Want::Next | Want::NativeNext) && cx.is_exception(exc, classes::STOP_ITERATION);
    if is_end { Left::Moved(deliver_end(fiber)) } else { Left::Below(None) }
}

/// StopIteration that leaves the body of a generator is a RuntimeError (PEP 479).
fn as_generator_raises(cx: &mut Cx, kind: GenKind, exc: Id<Exc>) -> Id<Exc> {
    let (what, is_stop) = match kind {
        GenKind::Generator => ("generator", cx.is_exception(exc, classes::STOP_ITERATION)),
        GenKind::Coroutine => ("coroutine", cx.is_exception(exc, classes::STOP_ITERATION)),
        GenKind::AsyncGenerator => ("async generator", cx.is_exception(exc, classes::STOP_ITERATION)),
    };
    if kind == GenKind::AsyncGenerator && cx.is_exception(exc, classes::STOP_ASYNC_ITERATION) {
        return wrap_stop(cx, "async generator raised StopAsyncIteration", exc);
    }
    if !is_stop {
        return exc;
    }
    wrap_stop(cx, &format!("{what} raised StopIteration"), exc)
}

fn wrap_stop(cx: &mut Cx, message: &str, exc: Id<Exc>) -> Id<Exc> {
    let message = cx.str(message);
    let wrapped = cx.new_exception(classes::RUNTIME_ERROR, &[message]);
    let object = cx.heap.excs.get_mut(wrapped);
    object.cause = Value::Exc(exc);
    object.context = Value::Exc(exc);
    object.suppress_context = true;
    wrapped
}

fn add_trace(fiber: &Fiber, cx: &mut Cx, exc: Id<Exc>, frame: Frame, pc: u32) {
    let object = watch::known_at(fiber, fiber.frames.len() - 1);
    let trace = &mut cx.heap.excs.get_mut(exc).trace;
    // A recursion without bounds would otherwise keep an entry per level twice: once here, once in the frames.
    if trace.len() < 100_000 {
        trace.push(TraceEntry { link: frame.link, pc, frame: object });
    }
}

// ----- The statements -----

/// `raise value from cause` (`cause` is `Undef` without it).
pub fn raise_value(cx: &mut Cx, value: Value, cause: Value) -> Outcome {
    match (value, cause) {
        (Value::Exc(id), Value::Undef) => Err(Ask::Raise(id)),
        (Value::Class(class), Value::Undef) if is_plain_exception(cx, class) => {
            Err(Ask::Raise(cx.new_exception(class, &[])))
        }
        _ => Err(cx.ask_push(exception::raise_frame(value, cause))),
    }
}

/// `raise` alone.
pub fn raise_handled(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx) -> Moved {
    match handled(fiber, texts, cx) {
        Value::Exc(id) => pass_again(fiber, texts, cx, id),
        _ => {
            let ask = cx.runtime_error("No active exception to reraise");
            grant(fiber, texts, cx, ask, 0, Want::Value)
        }
    }
}

/// R[src] goes on, with the traceback that it has.
pub fn reraise(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, src: Reg) -> Moved {
    let Value::Exc(id) = fiber.reg(src.0) else { crate::bug!("only exceptions are raised again") };
    pass_again(fiber, texts, cx, id)
}

/// Whether an exception matches a class or a tuple of classes.
pub fn matches(cx: &mut Cx, exc: Value, class: Value) -> Outcome {
    if let (Value::Exc(id), Value::Class(class)) = (exc, class)
        && is_exception_class(cx, class)
    {
        return Ok(Value::Bool(cx.is_exception(id, class)));
    }
    exception::matches(cx, exc, class)
}

/// `R[context](type, exc, traceback)`.
pub fn exit_raised(fiber: &mut Fiber, _texts: &Texts, cx: &mut Cx, context: Reg, exc: Reg) -> Outcome {
    let (exit, value) = (fiber.reg(context.0), fiber.reg(exc.0));
    let class = Value::Class(cx.class_of(value));
    let traceback = match value {
        Value::Exc(id) => exception::traceback_of(cx, id),
        _ => Value::None,
    };
    Err(cx.ask_call(exit, &[class, value, traceback]))
}
