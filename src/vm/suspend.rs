//! Generators, coroutines and await chains: parked and resumed.
//!
//! ```text
//! frames  … consumer │ Resumed: the seat of a generator │ Call, Linked, Native: what it awaits …
//! ```
//!
//! A suspension parks everything from the top down to the nearest `Resumed` frame in that generator: the innermost becomes
//! the seat, the others its parents. A resume restores the seat alone, as a `Resumed` frame; when that returns, the
//! innermost parent takes its place. A native seat stands above a `Resumed` mark without a link.

use aspen_grammar::bytecode::{Op, Reg};

use super::deliver::{deliver, deliver_end, deliver_item, grant, push_native, settle};
use super::fiber::Fiber;
use super::text::{Text, Texts};
use super::{Moved, Next, unwind, watch};
use crate::call::{Ask, Cx, Outcome, iterate};
use crate::types::{awaitable, classes};
use crate::value::frame::{Frame, FrameKind, Told, Want};
use crate::value::special::Special;
use crate::value::{Exc, GenKind, GenState, Generator, Heap, Id, Parked, Value};

/// The generator whose handle is under the base of a `Resumed` or `Linked` frame.
pub fn handle_of(fiber: &Fiber, frame: Frame) -> Id<Generator> {
    match fiber.stack[frame.base as usize - 1] {
        Value::Gen(id) => id,
        _ => crate::bug!("a resumed frame has its generator under its base"),
    }
}

// ----- Loops -----

/// `ForIter` over anything but a range, list or tuple.
#[inline(never)]
pub fn for_iter(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx) -> Moved {
    let frame = fiber.top();
    let Op::ForIter { dst, iter, to } = texts.get(frame.link).ops[frame.pc as usize - 1] else {
        crate::bug!("a loop's instruction")
    };
    let iterator = fiber.reg(iter.0);
    if let Value::Gen(id) = iterator
        && cx.heap.gens.get(id).kind == GenKind::Generator
    {
        return enter_generator(fiber, texts, cx, id, dst.0);
    }
    if cx.heap.is_due() {
        fiber.top_mut().pc -= 1;
        return Err(super::Signal::Full);
    }
    match iterate::advance(cx, iterator) {
        Ok(Some(value)) => {
            fiber.top_mut().pc = to.0;
            fiber.set_reg(dst.0, value);
            Ok(Next::Script)
        }
        Ok(None) => Ok(Next::Script),
        Err(ask) => grant(fiber, texts, cx, ask, dst.0, Want::Next),
    }
}

/// A loop over a generator.
fn enter_generator(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, id: Id<Generator>, dst: u8) -> Moved {
    if cx.heap.gens.get(id).state == GenState::Finished {
        return Ok(Next::Script);
    }
    resume(fiber, texts, cx, id, Value::None, dst, Want::Next)
}

/// The most frequent case, with the fewest looks: a loop enters a flat generator, whose frame is to be of this kind and at
/// `base`. None: any other case. What its `yield` gives is for the caller to set.
#[inline]
pub fn enter_flat(
    fiber: &mut Fiber,
    cx: &mut Cx,
    id: Id<Generator>,
    kind: FrameKind,
    base: u32,
    dst: u8,
) -> Option<Frame> {
    let generator = cx.heap.gens.get_mut(id);
    if generator.state != GenState::Suspended || !generator.is_flat || !fiber.frames.has_room(0) {
        return None;
    }
    let Parked::Script { frame, regs, .. } = &generator.seat else { return None };
    let start = base as usize;
    let Some([handle, places @ ..]) = fiber.stack.get_mut(start - 1..start + regs.len()) else { return None };
    *handle = Value::Gen(id);
    places.copy_from_slice(regs);
    let frame = Frame { base, dst, kind, want: Want::Next, ..*frame };
    fiber.frames.push(frame);
    generator.state = GenState::Running;
    Some(frame)
}

/// The same where nothing is known of the frame on top, for one whose innermost frame is any script code: what that awaits
/// brought a plain result, or nothing is awaited. False: any other case.
fn resume_seat(fiber: &mut Fiber, texts: &Texts, cx: &mut Cx, id: Id<Generator>, dst: u8, want: Want) -> bool {
    let base = fiber.ceiling(texts) + 1;
    let Heap { gens, futures, tasks, .. } = &mut cx.heap;
    let generator = gens.get_mut(id);
    let Parked::Script { frame, regs, .. } = &generator.seat else { return false };
    let is_fresh = generator.state == GenState::Created;
    if !(is_fresh || generator.state == GenState::Suspended) || !fiber.frames.has_room(0) {
        return false;
    }
    let brought = match generator.awaiting {
        Value::Undef => Some(Value::None),
        Value::Future(id) => futures.get(id).plain_result(),
        Value::Task(id) => tasks.get(id).future.plain_result(),
        _ => None,
    };
    let Some(brought) = brought else { return false };
    let start = base as usize;
    let Some([handle, places @ ..]) = fiber.stack.get_mut(start - 1..start + regs.len()) else { return false };
    *handle = Value::Gen(id);
    places.copy_from_slice(regs);
    fiber.frames.push(Frame { base, dst, kind: FrameKind::Resumed, want, ..*frame });
    generator.state = GenState::Running;
    generator.awaiting = Value::Undef;
    if !is_fresh {
        receive(fiber, texts, brought);
    }
    true
}

/// The loop was left: a generator that its header made is closed.
pub fn close_iter(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, iter: Reg) -> Moved {
    let Value::Gen(id) = fiber.reg(iter.0) else { return Ok(Next::Script) };
    let generator = cx.heap.gens.get(id);
    if !generator.closes_with_loop || generator.state != GenState::Suspended {
        return Ok(Next::Script);
    }
    if generator.kind == GenKind::AsyncGenerator
        && let Some(hook) = generator.hook()
    {
        // Its loop closes it, in a task.
        let ask = cx.ask_call(hook, &[Value::Gen(id)]);
        return grant(fiber, texts, cx, ask, 0, Want::Nothing);
    }
    let frame = awaitable::close_frame(id);
    push_native(fiber, texts, cx, frame, 0, Want::Nothing)
}

// ----- Resuming -----

/// Resumes a generator with a value; what it yields is the result for the frame on top.
pub fn resume(
    fiber: &mut Fiber,
    texts: &mut Texts,
    cx: &mut Cx,
    id: Id<Generator>,
    sent: Value,
    dst: u8,
    want: Want,
) -> Moved {
    if sent.is_none() && resume_seat(fiber, texts, cx, id, dst, want) {
        return Ok(Next::Script);
    }
    let generator = cx.heap.gens.get(id);
    match generator.state {
        GenState::Created if !sent.is_none() && !sent.is_undef() => {
            let what = kind_name(generator.kind);
            let ask = cx.type_error(format!("can't send non-None value to a just-started {what}"));
            return grant(fiber, texts, cx, ask, dst, want);
        }
        GenState::Created | GenState::Suspended => {}
        GenState::Running | GenState::Driven => {
            let ask = already_running(cx, id);
            return grant(fiber, texts, cx, ask, dst, want);
        }
        GenState::Finished => {
            let ask = finished(cx, id);
            return grant(fiber, texts, cx, ask, dst, want);
        }
    }
    let is_fresh = generator.state == GenState::Created;
    let awaiting = generator.awaiting;
    if !restore_seat(fiber, texts, cx, id, dst, want) {
        let ask = cx.recursion_error();
        return grant(fiber, texts, cx, ask, dst, want);
    }
    if is_fresh {
        return Ok(if fiber.top().kind == FrameKind::Native { Next::Native } else { Next::Script });
    }
    let told = if awaiting.is_undef() { Ok(sent) } else { awaitable::future_result(cx, awaiting) };
    match told {
        Ok(value) => receive_any(fiber, texts, value),
        Err(ask) => grant_suspended(fiber, texts, cx, ask),
    }
}

/// What a suspended frame gets, script or native.
fn receive_any(fiber: &mut Fiber, texts: &Texts, value: Value) -> Moved {
    if fiber.top().kind == FrameKind::Native {
        fiber.natives.last_mut().expect("one per native frame").told = Told::Value(value);
        return Ok(Next::Native);
    }
    receive(fiber, texts, value);
    Ok(Next::Script)
}

/// What a suspended frame waited for asks for something first: the result goes where its instruction says.
fn grant_suspended(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, ask: Ask) -> Moved {
    let frame = fiber.top();
    if frame.kind == FrameKind::Native {
        return grant(fiber, texts, cx, ask, 0, Want::Value);
    }
    let op = texts.get(frame.link).ops[frame.pc as usize - 1];
    match op {
        Op::Yield { dst, .. } | Op::Await { dst, .. } | Op::YieldFrom { dst, .. } => {
            grant(fiber, texts, cx, ask, dst.0, Want::Value)
        }
        Op::ForAsync { dst, .. } => grant(fiber, texts, cx, ask, dst.0, Want::Next),
        _ => crate::bug!("{op:?} does not suspend"),
    }
}

/// What a suspended script frame gets goes where its instruction says.
fn receive(fiber: &mut Fiber, texts: &Texts, value: Value) {
    let frame = fiber.top();
    let op = texts.get(frame.link).ops[frame.pc as usize - 1];
    match op {
        Op::Yield { dst, .. } | Op::Await { dst, .. } | Op::YieldFrom { dst, .. } => fiber.set_reg(dst.0, value),
        Op::ForAsync { dst, .. } => deliver_item(fiber, texts, value, dst.0),
        _ => crate::bug!("{op:?} does not suspend"),
    }
}

/// Throws an exception into a generator at the place where it is suspended.
pub fn throw(
    fiber: &mut Fiber,
    texts: &mut Texts,
    cx: &mut Cx,
    id: Id<Generator>,
    exc: Id<Exc>,
    dst: u8,
    want: Want,
) -> Moved {
    match cx.heap.gens.get(id).state {
        GenState::Created => {
            finish(cx, id);
            return grant(fiber, texts, cx, Ask::Raise(exc), dst, want);
        }
        GenState::Suspended => {}
        GenState::Running | GenState::Driven => {
            let ask = already_running(cx, id);
            return grant(fiber, texts, cx, ask, dst, want);
        }
        GenState::Finished => {
            let is_coroutine = cx.heap.gens.get(id).kind == GenKind::Coroutine;
            let ask = if is_coroutine { finished(cx, id) } else { Ask::Raise(exc) };
            return grant(fiber, texts, cx, ask, dst, want);
        }
    }
    let awaiting = cx.heap.gens.get(id).awaiting;
    if !restore_seat(fiber, texts, cx, id, dst, want) {
        let ask = cx.recursion_error();
        return grant(fiber, texts, cx, ask, dst, want);
    }
    if !cx.heap.gens.get(id).parents.is_empty() && cx.is_exception(exc, classes::GENERATOR_EXIT) {
        let generator = cx.heap.gens.get_mut(id);
        (generator.closing, generator.is_flat) = (exc, false);
    }
    if !awaiting.is_undef() {
        // Who waits in a primitive cleans up first, and may have a result after all.
        match awaitable::future_thrown(cx, awaiting, exc) {
            Ok(value) => return receive_any(fiber, texts, value),
            Err(Ask::Raise(raised)) if raised == exc => {}
            Err(ask) => return grant_suspended(fiber, texts, cx, ask),
        }
    }
    if fiber.top().kind == FrameKind::Native {
        fiber.natives.last_mut().expect("one per native frame").told = Told::Raised(exc);
        return Ok(Next::Native);
    }
    unwind::raise_thrown(fiber, texts, cx, exc)
}

/// The seat goes on the stack, above a slot with the generator's handle. False at the recursion limit.
fn restore_seat(fiber: &mut Fiber, texts: &Texts, cx: &mut Cx, id: Id<Generator>, dst: u8, want: Want) -> bool {
    if !fiber.has_room(cx.recursion_limit) {
        return false;
    }
    let base = fiber.ceiling(texts) + 1;
    fiber.ensure(base);
    fiber.stack[base as usize - 1] = Value::Gen(id);
    let generator = cx.heap.gens.get_mut(id);
    generator.state = GenState::Running;
    generator.awaiting = Value::Undef;
    match &mut generator.seat {
        Parked::Script { frame, regs, .. } => {
            fiber.ensure(base + regs.len() as u32);
            fiber.stack[base as usize..][..regs.len()].copy_from_slice(regs);
            fiber.frames.push(Frame { base, dst, kind: FrameKind::Resumed, want, ..*frame });
        }
        Parked::Native { frame, native } => {
            let frame = Frame { base, ..*frame };
            let native = std::mem::take(&mut **native);
            fiber.frames.push(Frame { base, dst, kind: FrameKind::Resumed, want, ..Frame::default() });
            // A native above a mark gives its result to the mark, whatever it was parked for.
            fiber.frames.push(frame);
            fiber.natives.push(native);
        }
    }
    true
}

fn kind_name(kind: GenKind) -> &'static str {
    match kind {
        GenKind::Generator => "generator",
        GenKind::Coroutine => "coroutine",
        GenKind::AsyncGenerator => "async generator",
    }
}

fn already_running(cx: &mut Cx, id: Id<Generator>) -> Ask {
    let what = kind_name(cx.heap.gens.get(id).kind);
    cx.value_error(format!("{what} already executing"))
}

fn finished(cx: &mut Cx, id: Id<Generator>) -> Ask {
    match cx.heap.gens.get(id).kind {
        GenKind::Coroutine => cx.runtime_error("cannot reuse already awaited coroutine"),
        GenKind::Generator => Ask::End,
        GenKind::AsyncGenerator => cx.raise_with(classes::STOP_ASYNC_ITERATION, &[]),
    }
}

/// Nothing of it will run any more.
pub fn finish(cx: &mut Cx, id: Id<Generator>) {
    let generator = cx.heap.gens.get_mut(id);
    generator.state = GenState::Finished;
    generator.seat = Parked::default();
    generator.parents = Vec::new();
    generator.awaiting = Value::Undef;
    generator.closing = Id::NONE;
    generator.seat_owner = Id::NONE;
}

// ----- Suspending -----

/// `yield` of anything but a flat generator: its frame or the whole chain is parked.
#[inline(never)]
pub fn yield_op(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx) -> Moved {
    let frame = fiber.top();
    let text = texts.get(frame.link);
    let Op::Yield { src, .. } = text.ops[frame.pc as usize - 1] else { crate::bug!("a yield") };
    let value = fiber.reg(src.0);
    if text.code.flags.is_async_generator {
        return yield_async(fiber, texts, cx, value);
    }
    if frame.kind != FrameKind::Resumed {
        return suspend(fiber, texts, cx, value, Value::Undef);
    }
    let id = handle_of(fiber, frame);
    let generator = cx.heap.gens.get_mut(id);
    if !generator.closing.is_none() {
        return ignored_exit(fiber, texts, cx, fiber.frames.len() - 1);
    }
    generator.state = GenState::Suspended;
    generator.is_flat = generator.kind == GenKind::Generator
        && generator.parents.is_empty()
        && generator.awaiting.is_undef()
        && generator.seat_owner.is_none();
    park_seat(fiber, text, generator, frame);
    watch::leave(fiber, texts, cx, fiber.frames.len() - 1);
    fiber.frames.pop();
    give(fiber, texts, cx, value, frame)
}

/// A flat generator yields again: with the fewest looks. Its frame; None: any other case.
#[inline]
pub fn park_flat(fiber: &mut Fiber, cx: &mut Cx, text: &Text, pc: u32) -> Option<Frame> {
    let frame = Frame { pc, ..fiber.top() };
    if !matches!(frame.kind, FrameKind::Resumed | FrameKind::Linked) || !fiber.watched.is_empty() {
        return None;
    }
    let base = frame.base as usize;
    let places = base - 1..base + text.n_regs as usize;
    let Some([Value::Gen(id), registers @ ..]) = fiber.stack.get(places) else { return None };
    let generator = cx.heap.gens.get_mut(*id);
    let Parked::Script { frame: seat, regs, .. } = &mut generator.seat else { return None };
    if !generator.is_flat || regs.len() != registers.len() {
        return None;
    }
    copy_live(text, pc, registers, regs);
    *seat = frame;
    generator.state = GenState::Suspended;
    fiber.frames.pop();
    Some(frame)
}

/// Copies the registers of the innermost frame into the seat, whose box is kept where it fits.
#[inline]
fn park_seat(fiber: &Fiber, text: &Text, generator: &mut Generator, frame: Frame) {
    let registers = &fiber.stack[frame.base as usize..][..text.n_regs as usize];
    match &mut generator.seat {
        Parked::Script { frame: seat, regs, .. } if regs.len() == registers.len() => {
            *seat = frame;
            copy_live(text, frame.pc, registers, regs);
        }
        seat => {
            let mut regs: Box<[Value]> = registers.into();
            copy_live(text, frame.pc, registers, &mut regs);
            *seat = Parked::Script { frame, regs, owner: None };
        }
    }
}

/// Copies the registers that the instruction before `pc` leaves alive. What is in the others may be long dead: the
/// collector must not see it.
#[inline]
fn copy_live(text: &Text, pc: u32, registers: &[Value], regs: &mut [Value]) {
    let n_live = n_live(text, pc).min(regs.len()).min(registers.len());
    let (live, dead) = regs.split_at_mut(n_live);
    live.copy_from_slice(&registers[..n_live]);
    dead.fill(Value::Undef);
}

/// How many registers the instruction before `pc` leaves alive: not those of its call.
#[inline]
fn n_live(text: &Text, pc: u32) -> usize {
    let ceiling = text.code.ceilings.get(pc as usize - 1).map_or(text.n_regs as usize, |&ceiling| ceiling as usize);
    ceiling.max(text.code.n_locals())
}

/// What a suspended generator yielded, for whoever resumed it.
#[inline]
pub fn give(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, value: Value, resumed: Frame) -> Moved {
    let consumer = fiber.top();
    if resumed.want == Want::Next && consumer.kind != FrameKind::Native && !consumer.link.is_none() {
        deliver_item(fiber, texts, value, resumed.dst);
        return Ok(Next::Script);
    }
    if resumed.want == Want::NativeNext && consumer.kind == FrameKind::Native {
        fiber.natives.last_mut().expect("one per native frame").told = Told::Value(value);
        return Ok(Next::Native);
    }
    deliver(fiber, texts, cx, value, resumed.dst, resumed.want)
}

/// `yield` in an asynchronous generator: its own frame is parked, and the value is what `__anext__` gives.
fn yield_async(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, value: Value) -> Moved {
    let frame = fiber.top();
    let text = texts.get(frame.link);
    // Restored after an await inside it, it is the seat of another chain.
    if frame.kind == FrameKind::Resumed {
        let holder = handle_of(fiber, frame);
        if let Some(owner) = cx.heap.gens.get(holder).seat_owner.given() {
            let generator = cx.heap.gens.get_mut(owner);
            generator.state = GenState::Suspended;
            park_seat(fiber, text, generator, frame);
            return return_to_parent(fiber, texts, cx, holder, value);
        }
    }
    let id = handle_of(fiber, frame);
    let generator = cx.heap.gens.get_mut(id);
    generator.state = GenState::Suspended;
    generator.is_flat = generator.has_hooks;
    park_seat(fiber, text, generator, frame);
    watch::leave(fiber, texts, cx, fiber.frames.len() - 1);
    fiber.frames.pop();
    give(fiber, texts, cx, value, frame)
}

/// Parks the chain down to the nearest `Resumed` frame; `value` is for whoever resumed it. With `awaiting`, a resume
/// delivers that future's result.
pub fn suspend(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, value: Value, awaiting: Value) -> Moved {
    let frame = fiber.top();
    if frame.kind != FrameKind::Resumed || frame.link.is_none() || !fiber.watched.is_empty() {
        return suspend_chain(fiber, texts, cx, value, awaiting);
    }
    // The innermost frame alone was restored: its parents, if there are any, stay parked.
    let id = handle_of(fiber, frame);
    let generator = cx.heap.gens.get_mut(id);
    if !generator.closing.is_none() {
        return suspend_chain(fiber, texts, cx, value, awaiting);
    }
    park_seat(fiber, texts.get(frame.link), generator, frame);
    generator.is_flat = false;
    generator.state = GenState::Suspended;
    generator.awaiting = awaiting;
    fiber.frames.pop();
    give(fiber, texts, cx, value, frame)
}

/// The same for any number of frames.
fn suspend_chain(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, value: Value, awaiting: Value) -> Moved {
    let Some(floor) = fiber.frames.iter().rposition(|frame| frame.kind == FrameKind::Resumed) else {
        let ask = cx.runtime_error("await outside of a coroutine that something drives");
        return grant(fiber, texts, cx, ask, 0, Want::Value);
    };
    let resumed = fiber.frames[floor];
    let id = handle_of(fiber, resumed);
    if !cx.heap.gens.get(id).closing.is_none() {
        return ignored_exit(fiber, texts, cx, floor);
    }
    let top = fiber.frames.len() - 1;
    // A mark is no frame to be parked; the floor otherwise is the seat that was restored last.
    let first = if resumed.link.is_none() { floor + 1 } else { floor };
    let generator = cx.heap.gens.get_mut(id);
    let (seat_dst, seat_want, floor_owner) = (generator.seat_dst, generator.seat_want, generator.seat_owner.given());
    let mut parents = std::mem::take(&mut generator.parents);
    let n_before = parents.len();
    parents.reserve_exact(top - first);
    parents.resize_with(n_before + top - first, Parked::default);
    // The states of the natives stand in order: from the top down each is the last one.
    for at in (first..=top).rev() {
        let mut frame = fiber.frames[at];
        if at == floor {
            (frame.dst, frame.want) = (seat_dst, seat_want);
        }
        let owner = match frame.kind {
            FrameKind::Linked => Some(drive(cx, handle_of(fiber, frame), id)),
            _ if at == floor => floor_owner,
            _ => None,
        };
        if at == top {
            park_top(fiber, texts, cx, id, frame, owner);
        } else {
            let parked = park_parent(fiber, texts, frame, owner);
            cx.heap.charge(parked.owned());
            parents[n_before + at - first] = parked;
        }
    }
    let generator = cx.heap.gens.get_mut(id);
    generator.parents = parents;
    generator.is_flat = false;
    generator.state = GenState::Suspended;
    generator.awaiting = awaiting;
    watch::leave(fiber, texts, cx, floor);
    fiber.frames.truncate(floor);
    give(fiber, texts, cx, value, resumed)
}

/// The innermost part of a chain that is being closed suspends instead: what awaits it gets a RuntimeError.
#[cold]
fn ignored_exit(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, floor: usize) -> Moved {
    let resumed = fiber.frames[floor];
    let id = handle_of(fiber, resumed);
    let n_natives = fiber.frames[floor..].iter().filter(|frame| frame.kind == FrameKind::Native).count();
    fiber.natives.truncate(fiber.natives.len() - n_natives);
    watch::leave(fiber, texts, cx, floor);
    fiber.frames.truncate(floor + 1);
    if let Some(owner) = cx.heap.gens.get(id).seat_owner.given() {
        finish(cx, owner);
    }
    let is_generator = !resumed.link.is_none() && texts.get(resumed.link).code.flags.is_generator;
    let what = if is_generator { "generator" } else { "coroutine" };
    restore_parent(fiber, texts, cx, id);
    let ask = cx.runtime_error(format!("{what} ignored GeneratorExit"));
    grant(fiber, texts, cx, ask, 0, Want::Value)
}

/// The frame of a generator is part of the chain of another one now.
fn drive(cx: &mut Cx, owner: Id<Generator>, driver: Id<Generator>) -> Id<Generator> {
    let owned = cx.heap.gens.get_mut(owner);
    (owned.state, owned.driver) = (GenState::Driven, driver);
    owner
}

/// The innermost frame of a chain becomes the seat.
fn park_top(
    fiber: &mut Fiber,
    texts: &Texts,
    cx: &mut Cx,
    id: Id<Generator>,
    frame: Frame,
    owner: Option<Id<Generator>>,
) {
    let generator = cx.heap.gens.get_mut(id);
    (generator.seat_dst, generator.seat_want) = (frame.dst, frame.want);
    generator.seat_owner = owner.unwrap_or(Id::NONE);
    if frame.kind == FrameKind::Native {
        let native = Box::new(fiber.natives.pop().expect("one per native frame"));
        generator.seat = Parked::Native { frame, native };
    } else {
        park_seat(fiber, texts.get(frame.link), generator, frame);
    }
}

/// Once per await that suspends, however often its callee does: afterwards these frames stay parked.
fn park_parent(fiber: &mut Fiber, texts: &Texts, frame: Frame, owner: Option<Id<Generator>>) -> Parked {
    if frame.kind == FrameKind::Native {
        return Parked::Native { frame, native: Box::new(fiber.natives.pop().expect("one per native frame")) };
    }
    let n_regs = n_live(texts.get(frame.link), frame.pc);
    Parked::Script { frame, regs: fiber.stack[frame.base as usize..][..n_regs].into(), owner }
}

// ----- Returning -----

/// The frame on top, which was resumed, returns.
pub fn return_resumed(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, value: Value) -> Moved {
    let frame = fiber.top();
    let id = handle_of(fiber, frame);
    if frame.kind == FrameKind::Linked {
        let kind = cx.heap.gens.get(id).kind;
        finish(cx, id);
        fiber.frames.pop();
        if kind == GenKind::AsyncGenerator {
            return end_of_async(fiber, texts, cx, frame);
        }
        return deliver(fiber, texts, cx, value, frame.dst, frame.want);
    }
    if let Some(owner) = cx.heap.gens.get(id).seat_owner.given() {
        let kind = cx.heap.gens.get(owner).kind;
        finish(cx, owner);
        if kind == GenKind::AsyncGenerator {
            return end_of_async_in_chain(fiber, texts, cx, id);
        }
    }
    if !cx.heap.gens.get(id).parents.is_empty() {
        return return_to_parent(fiber, texts, cx, id, value);
    }
    let kind = cx.heap.gens.get(id).kind;
    finish(cx, id);
    fiber.frames.pop();
    if kind == GenKind::AsyncGenerator {
        return end_of_async(fiber, texts, cx, frame);
    }
    return_to_consumer(fiber, texts, cx, value, frame)
}

/// The result of a finished generator, for whoever resumed it.
fn return_to_consumer(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, value: Value, resumed: Frame) -> Moved {
    if fiber.top().kind == FrameKind::Native {
        let told = if resumed.want == Want::NativeNext { Told::End } else { Told::Returned(value) };
        fiber.natives.last_mut().expect("one per native frame").told = told;
        return Ok(Next::Native);
    }
    match resumed.want {
        Want::Next => return deliver_end(fiber),
        Want::NextOr => return deliver_default(fiber, texts, resumed.dst),
        _ => {}
    }
    let ask = cx.stop_iteration(value);
    grant(fiber, texts, cx, ask, resumed.dst, resumed.want)
}

/// The arguments of the call of two before the pc of the script frame on top.
pub fn given_default(fiber: &Fiber, texts: &Texts) -> Option<(Value, Value)> {
    let frame = fiber.top();
    if frame.kind == FrameKind::Native || frame.link.is_none() {
        return None;
    }
    match texts.get(frame.link).ops[frame.pc as usize - 1] {
        Op::Call { base, argc: 2, .. } | Op::CallGlobal { base, argc: 2, .. } => {
            Some((fiber.reg(base.0 + 2), fiber.reg(base.0 + 3)))
        }
        _ => None,
    }
}

/// `next(g, default)` of a generator at its end.
pub fn deliver_default(fiber: &mut Fiber, texts: &Texts, dst: u8) -> Moved {
    let Some((_, default)) = given_default(fiber, texts) else { crate::bug!("the call has a default") };
    fiber.set_reg(dst, default);
    Ok(Next::Script)
}

/// An asynchronous generator is at its end: an `async for` loop falls through, anybody else gets StopAsyncIteration.
fn end_of_async(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, resumed: Frame) -> Moved {
    if resumed.want == Want::Next && fiber.top().kind != FrameKind::Native {
        return deliver_end(fiber);
    }
    let ask = cx.raise_with(classes::STOP_ASYNC_ITERATION, &[]);
    grant(fiber, texts, cx, ask, resumed.dst, resumed.want)
}

/// The same, where the generator's frame was the seat of a chain: its consumer is the innermost parent.
fn end_of_async_in_chain(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, holder: Id<Generator>) -> Moved {
    let (dst, want) = (cx.heap.gens.get(holder).seat_dst, cx.heap.gens.get(holder).seat_want);
    restore_parent(fiber, texts, cx, holder);
    if want == Want::Next && fiber.top().kind != FrameKind::Native {
        return deliver_end(fiber);
    }
    let ask = cx.raise_with(classes::STOP_ASYNC_ITERATION, &[]);
    grant(fiber, texts, cx, ask, dst, want)
}

/// The seat of a chain is at the end of an iterator: so is the loop of the innermost parent.
pub fn end_in_chain(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx) -> Moved {
    let id = handle_of(fiber, fiber.top());
    let (dst, want) = (cx.heap.gens.get(id).seat_dst, cx.heap.gens.get(id).seat_want);
    let has_parent = !cx.heap.gens.get(id).parents.is_empty();
    if has_parent {
        restore_parent(fiber, texts, cx, id);
        let is_native = fiber.top().kind == FrameKind::Native;
        if want == (if is_native { Want::NativeNext } else { Want::Next }) {
            return deliver_end(fiber);
        }
    }
    let ask = cx.stop_iteration(Value::None);
    grant(fiber, texts, cx, ask, dst, want)
}

/// The seat of a chain gave its result: the innermost parent takes its place and gets it.
pub fn return_to_parent(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, id: Id<Generator>, value: Value) -> Moved {
    let (dst, want) = (cx.heap.gens.get(id).seat_dst, cx.heap.gens.get(id).seat_want);
    let closing = cx.heap.gens.get(id).closing;
    restore_parent(fiber, texts, cx, id);
    if !closing.is_none() {
        return unwind::raise(fiber, texts, cx, closing);
    }
    deliver(fiber, texts, cx, value, dst, want)
}

/// The innermost parent takes the place of the `Resumed` frame on top.
pub fn restore_parent(fiber: &mut Fiber, _texts: &Texts, cx: &mut Cx, id: Id<Generator>) {
    let resumed = fiber.top();
    let base = resumed.base;
    let generator = cx.heap.gens.get_mut(id);
    let parent = generator.parents.pop().expect("the caller saw it");
    generator.seat_owner = Id::NONE;
    if generator.parents.is_empty() {
        generator.closing = Id::NONE;
    }
    match parent {
        Parked::Script { frame, regs, owner } => {
            (generator.seat_dst, generator.seat_want) = (frame.dst, frame.want);
            generator.seat_owner = owner.unwrap_or(Id::NONE);
            fiber.ensure(base + regs.len() as u32);
            fiber.stack[base as usize..][..regs.len()].copy_from_slice(&regs);
            *fiber.top_mut() = Frame { base, dst: resumed.dst, want: resumed.want, kind: FrameKind::Resumed, ..frame };
        }
        Parked::Native { frame, native } => {
            (generator.seat_dst, generator.seat_want) = (frame.dst, frame.want);
            let Frame { dst, want, .. } = resumed;
            *fiber.top_mut() = Frame { base, dst, want, kind: FrameKind::Resumed, ..Frame::default() };
            fiber.frames.push(Frame { base, ..frame });
            fiber.natives.push(*native);
        }
    }
}

// ----- await -----

/// The `Await` before the pc of the frame on top.
#[inline(never)]
pub fn await_op(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx) -> Moved {
    let frame = fiber.top();
    if cx.heap.is_due() {
        fiber.top_mut().pc -= 1;
        return Err(super::Signal::Full);
    }
    let Op::Await { dst, src } = texts.get(frame.link).ops[frame.pc as usize - 1] else { crate::bug!("an await") };
    let value = fiber.reg(src.0);
    await_value(fiber, texts, cx, value, dst.0, Want::Value)
}

/// `await value` in the frame on top.
pub fn await_value(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, value: Value, dst: u8, want: Want) -> Moved {
    if let Value::Gen(id) = value {
        let generator = cx.heap.gens.get(id);
        let is_awaitable = generator.kind == GenKind::Coroutine || generator.is_iterable_coroutine;
        if is_awaitable && generator.state == GenState::Created {
            return enter_linked(fiber, texts, cx, id, dst, want);
        }
        if is_awaitable && generator.kind == GenKind::Coroutine {
            let ask = match generator.state {
                GenState::Finished => cx.runtime_error("cannot reuse already awaited coroutine"),
                GenState::Driven => cx.runtime_error("coroutine is being awaited already"),
                GenState::Running => cx.value_error("coroutine already executing"),
                GenState::Created | GenState::Suspended => {
                    return push_native(fiber, texts, cx, awaitable::delegate_frame(value), dst, want);
                }
            };
            return grant(fiber, texts, cx, ask, dst, want);
        }
    }
    if let Some(state) = awaitable::future_state(cx, value) {
        return match state {
            awaitable::FutureState::Done => {
                let outcome = awaitable::future_result(cx, value);
                settle(fiber, texts, cx, outcome, dst, want)
            }
            awaitable::FutureState::Pending => {
                awaitable::set_blocking(cx, value);
                suspend(fiber, texts, cx, value, value)
            }
        };
    }
    let frame = awaitable::await_frame(value);
    push_native(fiber, texts, cx, frame, dst, want)
}

/// The frame of a fresh coroutine (or generator) above the frame that awaits it (delegates to it).
fn enter_linked(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, id: Id<Generator>, dst: u8, want: Want) -> Moved {
    if !fiber.has_room(cx.recursion_limit) {
        let ask = cx.recursion_error();
        return grant(fiber, texts, cx, ask, dst, want);
    }
    let base = fiber.ceiling(texts) + 2;
    let generator = cx.heap.gens.get_mut(id);
    generator.was_started = true;
    if let Parked::Native { native, .. } = &mut generator.seat {
        // The body goes on the stack; nothing is left to be driven.
        let native = std::mem::take(&mut **native);
        finish(cx, id);
        return push_native(fiber, texts, cx, native, dst, want);
    }
    let generator = cx.heap.gens.get_mut(id);
    generator.state = GenState::Running;
    let Parked::Script { frame, regs, .. } = &generator.seat else { crate::bug!("a native seat was looked at") };
    fiber.ensure(base + regs.len() as u32);
    fiber.stack[base as usize - 1] = Value::Gen(id);
    fiber.stack[base as usize..][..regs.len()].copy_from_slice(regs);
    fiber.frames.push(Frame { base, dst, kind: FrameKind::Linked, want, ..*frame });
    cx.burnt += 1;
    Ok(Next::Script)
}

/// `yield from value`.
pub fn yield_from(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, dst: Reg, src: Reg) -> Moved {
    let value = fiber.reg(src.0);
    let delegates_as_await = texts.get(fiber.top().link).code.flags.is_iterable_coroutine
        && matches!(value, Value::Gen(id) if cx.heap.gens.get(id).kind == GenKind::Coroutine);
    if delegates_as_await {
        return await_value(fiber, texts, cx, value, dst.0, Want::Value);
    }
    if let Value::Gen(id) = value {
        let generator = cx.heap.gens.get(id);
        if generator.kind == GenKind::Generator && generator.state == GenState::Created {
            return enter_linked(fiber, texts, cx, id, dst.0, Want::Value);
        }
    }
    // A coroutine may be delegated to only by a coroutine, or by a generator that counts as one.
    let frame = awaitable::yield_from_frame(value);
    push_native(fiber, texts, cx, frame, dst.0, Want::Value)
}

// ----- async for -----

/// `aiter(value)`, checked.
pub fn async_iter(cx: &mut Cx, value: Value) -> Outcome {
    if let Value::Gen(id) = value
        && cx.heap.gens.get(id).kind == GenKind::AsyncGenerator
    {
        return Ok(value);
    }
    match cx.ask_special(value, Special::AIter, &[]) {
        Some(_) => Err(cx.ask_push(awaitable::async_iter_frame(value))),
        None => {
            let class = cx.class_name(value);
            let message = format!("'async for' requires an object with __aiter__ method, got {class}");
            Err(cx.type_error(message))
        }
    }
}

/// The next item of an `async for` loop. An asynchronous generator is entered straight.
pub fn for_async(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx) -> Moved {
    let frame = fiber.top();
    let Op::ForAsync { dst, iter, .. } = texts.get(frame.link).ops[frame.pc as usize - 1] else {
        crate::bug!("an async loop's instruction")
    };
    let iterator = fiber.reg(iter.0);
    if let Value::Gen(id) = iterator {
        let generator = cx.heap.gens.get(id);
        let can_enter = generator.kind == GenKind::AsyncGenerator
            && generator.has_hooks
            && !generator.is_busy
            && generator.parents.is_empty()
            && matches!(generator.state, GenState::Created | GenState::Suspended)
            && matches!(generator.seat, Parked::Script { .. });
        if can_enter && fiber.has_room(cx.recursion_limit) {
            return enter_async_generator(fiber, texts, cx, id, dst.0);
        }
    }
    push_native(fiber, texts, cx, awaitable::anext_frame(iterator), dst.0, Want::Next)
}

/// A native enters an asynchronous generator: sends a value, or throws if that is `Undef`.
pub fn enter_for_native(
    fiber: &mut Fiber,
    texts: &mut Texts,
    cx: &mut Cx,
    id: Id<Generator>,
    (sent, thrown): (Value, Id<Exc>),
) -> Moved {
    if !fiber.has_room(cx.recursion_limit) {
        let ask = cx.recursion_error();
        return grant(fiber, texts, cx, ask, 0, Want::Value);
    }
    let base = fiber.ceiling(texts) + 2;
    let generator = cx.heap.gens.get_mut(id);
    let is_fresh = generator.state == GenState::Created;
    generator.state = GenState::Running;
    let Parked::Script { frame, regs, .. } = &generator.seat else { crate::bug!("it suspends only where it yields") };
    fiber.ensure(base + regs.len() as u32);
    fiber.stack[base as usize - 1] = Value::Gen(id);
    fiber.stack[base as usize..][..regs.len()].copy_from_slice(regs);
    fiber.frames.push(Frame { base, dst: 0, kind: FrameKind::Linked, want: Want::Value, ..*frame });
    cx.burnt += 1;
    match sent {
        Value::Undef => return unwind::raise_thrown(fiber, texts, cx, thrown),
        sent if !is_fresh => receive(fiber, texts, sent),
        _ => {}
    }
    Ok(Next::Script)
}

fn enter_async_generator(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, id: Id<Generator>, dst: u8) -> Moved {
    let base = fiber.ceiling(texts) + 2;
    let generator = cx.heap.gens.get_mut(id);
    let is_fresh = generator.state == GenState::Created;
    generator.state = GenState::Running;
    let Parked::Script { frame, regs, .. } = &generator.seat else { crate::bug!("the caller saw a script seat") };
    fiber.ensure(base + regs.len() as u32);
    fiber.stack[base as usize - 1] = Value::Gen(id);
    fiber.stack[base as usize..][..regs.len()].copy_from_slice(regs);
    fiber.frames.push(Frame { base, dst, kind: FrameKind::Linked, want: Want::Next, ..*frame });
    if !is_fresh {
        receive(fiber, texts, Value::None);
    }
    cx.burnt += 1;
    Ok(Next::Script)
}
