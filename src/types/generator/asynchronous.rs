//! `asend`, `athrow`, `aclose`, `__anext__` of asynchronous generators: awaitables, each for one entry.
//!
//! Awaiting one puts a frame of [`ENTER`] on the chain, above which the generator runs as if it were called: what it awaits
//! suspends the whole chain, what it yields is the frame's result. Driven by hand (`send`, `throw`), the same frame is the
//! body of a coroutine that nobody sees.

use super::methods::thrown_exception;
use crate::call::{Ask, Cx, Outcome};
use crate::types::classes;
use crate::value::frame::{Frame, FrameKind};
use crate::value::native_object::NativeObject;
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Exc, GenKind, GenState, Generator, Id, NativeFrame, NativeId, Parked, Told, Value};

/// What an entry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    Send,
    Throw,
    Close,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Fresh,
    Driven,
    Over,
}

/// The state of an awaitable.
pub struct AsyncEntry {
    generator: Id<Generator>,
    entry: Entry,
    /// What is sent; or the three arguments of `athrow`.
    args: [Value; 3],
    used: Use,
    /// What was thrown into it before anything of it ran: `args` begins with the exception.
    throws: bool,
    /// The coroutine that runs the frame, once it is driven by hand.
    holder: Value,
}

impl NativeObject for AsyncEntry {
    fn trace(&self, gray: &mut Gray) {
        gray.push(Value::Gen(self.generator));
        trace_values(&self.args, gray);
        trace_values(&[self.holder], gray);
    }
    fn bytes(&self) -> usize {
        size_of::<AsyncEntry>()
    }
}

crate::natives! {
    /// The rows of `async_generator_asend`.
    pub static ASEND = [
        special "__await__(self, /)" => entry_self, "Return an iterator to be used in await expression.";
        special "__iter__(self, /)" => entry_self, "Implement iter(self).";
        special "__next__(self, /)" => entry_next, "Implement next(self).";
        method "send(self, arg, /)" => entry_send, "send(value) -> send 'value' into generator,\nreturn next yielded value or raise StopIteration.";
        method "throw(self, typ, val=, tb=, /)" => step entry_throw, "throw(value)";
        method "close(self, /)" => step entry_close, "close() -> raise GeneratorExit inside generator.";
    ]
}

crate::natives! {
    /// The rows of `async_generator_athrow`.
    pub static ATHROW = [
        special "__await__(self, /)" => entry_self, "Return an iterator to be used in await expression.";
        special "__iter__(self, /)" => entry_self, "Implement iter(self).";
        special "__next__(self, /)" => entry_next, "Implement next(self).";
        method "send(self, arg, /)" => entry_send, "send(value) -> send 'value' into generator,\nreturn next yielded value or raise StopIteration.";
        method "throw(self, typ, val=, tb=, /)" => step entry_throw, "throw(value)";
        method "close(self, /)" => step entry_close, "close() -> raise GeneratorExit inside generator.";
    ]
}

crate::natives! {
    /// Steps of entering an asynchronous generator.
    pub static ASYNC_ENTRY_STEPS = [
        hidden "enter(entry, generator, typ, val, tb)" => step enter, "Enters the generator; what it yields is the result.";
        hidden "first_iteration(generator, entry)" => step first_iteration, "Calls the hook of a generator that is iterated for the first time.";
    ]
}

const ENTER: NativeId = NativeId { table: crate::tables::ASYNC_ENTRY_STEPS, row: 0 };
const FIRST: NativeId = NativeId { table: crate::tables::ASYNC_ENTRY_STEPS, row: 1 };

// ----- Making one -----

fn own_generator(args: &[Value]) -> Id<Generator> {
    let Value::Gen(id) = args[0] else { crate::bug!("self is an asynchronous generator") };
    id
}

pub fn anext(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, own_generator(args), Entry::Send, [Value::None, Value::Undef, Value::Undef])
}

pub fn asend(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, own_generator(args), Entry::Send, [args[1], Value::Undef, Value::Undef])
}

pub fn athrow(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, own_generator(args), Entry::Throw, [args[1], args[2], args[3]])
}

pub fn aclose(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, own_generator(args), Entry::Close, [Value::Undef; 3])
}

fn make(cx: &mut Cx, generator: Id<Generator>, entry: Entry, args: [Value; 3]) -> Outcome {
    let class = if entry == Entry::Send { classes::ASYNC_GENERATOR_ASEND } else { classes::ASYNC_GENERATOR_ATHROW };
    let state = AsyncEntry { generator, entry, args, used: Use::Fresh, throws: false, holder: Value::Undef };
    let made = cx.heap.new_native(class, state);
    let object = cx.heap.gens.get_mut(generator);
    if object.has_hooks {
        return Ok(made);
    }
    object.has_hooks = true;
    let [first, finalizer] = cx.fiber.async_generator_hooks;
    if !finalizer.is_none() {
        cx.heap.gens.get_mut(generator).rare_mut().hook = finalizer;
    }
    if first.is_none() || first.is_undef() {
        return Ok(made);
    }
    Err(cx.ask_push(NativeFrame::new(FIRST, &[Value::Gen(generator), made])))
}

fn first_iteration(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let hook = cx.fiber.async_generator_hooks[0];
        return Err(cx.ask_call(hook, &[frame.values[0]]));
    }
    frame.told.into_outcome().map(|_| frame.values[1])
}

pub fn get_running(cx: &mut Cx, args: &[Value]) -> Outcome {
    let generator = cx.heap.gens.get(own_generator(args));
    Ok(Value::Bool(generator.is_busy || generator.state == GenState::Running))
}

// ----- Using it -----

fn state(cx: &Cx, this: Value) -> &AsyncEntry {
    let Value::Native(id) = this else { crate::bug!("self is an entry") };
    cx.heap.native::<AsyncEntry>(id).expect("self is an entry")
}

fn state_mut(cx: &mut Cx, this: Value) -> &mut AsyncEntry {
    let Value::Native(id) = this else { crate::bug!("self is an entry") };
    cx.heap.native_mut::<AsyncEntry>(id).expect("self is an entry")
}

/// The frame that awaiting the value runs, if it is a fresh entry: no object drives it.
pub fn awaited_frame(cx: &mut Cx, value: Value) -> Option<NativeFrame> {
    let Value::Native(id) = value else { return None };
    let entry = cx.heap.native_mut::<AsyncEntry>(id)?;
    if entry.used != Use::Fresh {
        return None;
    }
    entry.used = Use::Over;
    Some(frame_of(entry))
}

fn frame_of(entry: &AsyncEntry) -> NativeFrame {
    let kind = match entry.entry {
        Entry::Send if entry.throws => 1,
        Entry::Send => 0,
        Entry::Throw => 1,
        Entry::Close => 2,
    };
    let [first, second, third] = entry.args;
    NativeFrame::new(ENTER, &[Value::Int(kind), Value::Gen(entry.generator), first, second, third])
}

fn entry_self(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(args[0])
}

fn reused(cx: &mut Cx, this: Value) -> Ask {
    let what = match state(cx, this).entry {
        Entry::Send => "__anext__()/asend()",
        Entry::Throw | Entry::Close => "aclose()/athrow()",
    };
    cx.runtime_error(format!("cannot reuse already awaited {what}"))
}

/// The coroutine that runs the frame.
fn holder(cx: &mut Cx, this: Value) -> Result<Id<Generator>, Ask> {
    match state(cx, this).used {
        Use::Over => return Err(reused(cx, this)),
        Use::Driven => {
            let Value::Gen(holder) = state(cx, this).holder else { crate::bug!("a driven entry has a holder") };
            return Ok(holder);
        }
        Use::Fresh => {}
    }
    let native = frame_of(state(cx, this));
    let holder = run_by_hand(cx, native);
    let entry = state_mut(cx, this);
    entry.used = Use::Driven;
    entry.holder = Value::Gen(holder);
    Ok(holder)
}

/// A coroutine whose body is a native frame.
pub fn run_by_hand(cx: &mut Cx, native: NativeFrame) -> Id<Generator> {
    let frame = Frame { kind: FrameKind::Native, ..Frame::default() };
    let coroutine = Generator {
        kind: GenKind::Coroutine,
        state: GenState::Suspended,
        seat: Parked::Native { frame, native: Box::new(native) },
        was_started: true,
        ..Generator::default()
    };
    cx.heap.charge(size_of::<Generator>() + size_of::<NativeFrame>());
    cx.heap.gens.alloc(coroutine)
}

/// The same as a value with a name.
pub fn native_coroutine(cx: &mut Cx, native: NativeFrame, name: &str) -> Value {
    let id = run_by_hand(cx, native);
    let name = cx.name(name);
    cx.heap.gens.get_mut(id).name = name;
    Value::Gen(id)
}

fn entry_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    send(cx, args[0], Value::None)
}

fn entry_send(cx: &mut Cx, args: &[Value]) -> Outcome {
    send(cx, args[0], args[1])
}

fn send(cx: &mut Cx, this: Value, value: Value) -> Outcome {
    if state(cx, this).used == Use::Fresh && !value.is_none() {
        let entry = state_mut(cx, this);
        match entry.entry {
            Entry::Send if entry.args[0].is_none() => entry.args[0] = value,
            Entry::Send => {}
            Entry::Throw | Entry::Close => {
                return Err(cx.runtime_error("can't send non-None value to a just-started coroutine"));
            }
        }
    }
    let holder = holder(cx, this)?;
    if cx.heap.gens.get(holder).state == GenState::Finished {
        state_mut(cx, this).used = Use::Over;
        return Err(reused(cx, this));
    }
    cx.sent = value;
    Err(Ask::Resume(holder))
}

fn entry_throw(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let this = frame.values[0];
    if frame.step == 2 {
        return match frame.told {
            Told::Returned(value) => Err(cx.stop_iteration(value)),
            told => told.into_outcome(),
        };
    }
    let exc = thrown_exception(cx, frame, 1)?;
    match state(cx, this).used {
        Use::Fresh => {
            frame.step = 2;
            Err(throw_first(cx, this, exc)?)
        }
        Use::Over => Err(reused(cx, this)),
        Use::Driven => {
            let holder = holder(cx, this)?;
            frame.step = 2;
            cx.thrown = exc;
            Err(Ask::Throw(holder))
        }
    }
}

/// Nothing of it has run: the generator gets the exception instead of what was to be sent.
fn throw_first(cx: &mut Cx, this: Value, exc: Id<Exc>) -> Result<Ask, Ask> {
    let entry = state_mut(cx, this);
    entry.throws = true;
    entry.args = [Value::Exc(exc), Value::Undef, Value::Undef];
    let holder = holder(cx, this)?;
    cx.sent = Value::None;
    Ok(Ask::Resume(holder))
}

fn entry_close(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let this = frame.values[0];
    if frame.step == 1 {
        return closed(cx, frame);
    }
    match state(cx, this).used {
        Use::Over => Ok(Value::None),
        Use::Fresh => {
            frame.step = 1;
            let exc = cx.new_exception(classes::GENERATOR_EXIT, &[]);
            Err(throw_first(cx, this, exc)?)
        }
        Use::Driven => {
            let holder = holder(cx, this)?;
            frame.step = 1;
            Err(cx.ask_push(crate::types::awaitable::close_frame(holder)))
        }
    }
}

/// How closing an entry ended.
fn closed(cx: &mut Cx, frame: &NativeFrame) -> Outcome {
    let ends = [classes::STOP_ITERATION, classes::STOP_ASYNC_ITERATION, classes::GENERATOR_EXIT];
    match frame.told {
        Told::Raised(exc) if ends.iter().any(|&class| cx.is_exception(exc, class)) => Ok(Value::None),
        Told::Raised(exc) => Err(Ask::Raise(exc)),
        Told::Value(value) if !value.is_none() => Err(cx.runtime_error("coroutine ignored GeneratorExit")),
        Told::Value(_) | Told::Start | Told::End | Told::Returned(_) => Ok(Value::None),
    }
}

// ----- The frame -----

const BEGIN: u32 = 0;
const THROWN_MADE: u32 = 1;
const ENTERED: u32 = 2;

fn entry_of(frame: &NativeFrame) -> Entry {
    match frame.values[0] {
        Value::Int(0) => Entry::Send,
        Value::Int(1) => Entry::Throw,
        _ => Entry::Close,
    }
}

/// The steps of an entry.
pub fn enter(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Gen(generator) = frame.values[1] else { crate::bug!("a generator is entered") };
    let entry = entry_of(frame);
    match frame.step {
        BEGIN => {
            // The holder of a hand-driven one tells it what was sent first, which it knows already.
            if let Told::Raised(exc) = frame.told {
                return Err(Ask::Raise(exc));
            }
            begin(cx, frame, generator, entry)
        }
        THROWN_MADE => throw(cx, frame, generator),
        _ => ended(cx, frame, generator, entry),
    }
}

fn begin(cx: &mut Cx, frame: &mut NativeFrame, generator: Id<Generator>, entry: Entry) -> Outcome {
    let object = cx.heap.gens.get(generator);
    if object.is_busy || object.state == GenState::Running {
        let what = match entry {
            Entry::Send => "anext()",
            Entry::Throw => "athrow()",
            Entry::Close => "aclose()",
        };
        return Err(cx.runtime_error(format!("{what}: asynchronous generator is already running")));
    }
    if object.is_closed || object.state == GenState::Finished {
        return match entry {
            Entry::Close => Ok(Value::None),
            Entry::Send | Entry::Throw => Err(cx.raise_with(classes::STOP_ASYNC_ITERATION, &[])),
        };
    }
    let is_fresh = object.state == GenState::Created;
    match entry {
        Entry::Send if is_fresh && !frame.values[2].is_none() => {
            Err(cx.type_error("can't send non-None value to a just-started async generator"))
        }
        Entry::Send => {
            cx.heap.gens.get_mut(generator).is_busy = true;
            frame.step = ENTERED;
            cx.sent = frame.values[2];
            Err(Ask::Enter(generator))
        }
        Entry::Throw => throw(cx, frame, generator),
        Entry::Close => {
            let object = cx.heap.gens.get_mut(generator);
            object.is_closed = true;
            let given = frame.values[2];
            if is_fresh {
                finish(cx, generator);
                return if let Value::Exc(exc) = given { Err(Ask::Raise(exc)) } else { Ok(Value::None) };
            }
            object.is_busy = true;
            frame.step = ENTERED;
            cx.sent = Value::Undef;
            cx.thrown = match given {
                Value::Exc(exc) => exc,
                _ => cx.new_exception(classes::GENERATOR_EXIT, &[]),
            };
            Err(Ask::Enter(generator))
        }
    }
}

/// Nothing of it will run any more.
fn finish(cx: &mut Cx, generator: Id<Generator>) {
    let object = cx.heap.gens.get_mut(generator);
    object.state = GenState::Finished;
    object.seat = Parked::default();
}

fn throw(cx: &mut Cx, frame: &mut NativeFrame, generator: Id<Generator>) -> Outcome {
    let exc = thrown_exception(cx, frame, 2)?;
    let object = cx.heap.gens.get_mut(generator);
    if object.state == GenState::Created {
        object.is_closed = true;
        finish(cx, generator);
        return Err(Ask::Raise(exc));
    }
    object.is_busy = true;
    frame.step = ENTERED;
    cx.sent = Value::Undef;
    cx.thrown = exc;
    Err(Ask::Enter(generator))
}

/// The generator yielded, returned or raised.
fn ended(cx: &mut Cx, frame: &mut NativeFrame, generator: Id<Generator>, entry: Entry) -> Outcome {
    cx.heap.gens.get_mut(generator).is_busy = false;
    match (frame.told, entry) {
        (Told::Value(_), Entry::Close) => Err(cx.runtime_error("async generator ignored GeneratorExit")),
        (Told::Value(value), _) => Ok(value),
        (Told::Raised(exc), _) => {
            let is_stop = cx.is_exception(exc, classes::STOP_ASYNC_ITERATION);
            let is_exit = cx.is_exception(exc, classes::GENERATOR_EXIT);
            if is_stop || is_exit {
                cx.heap.gens.get_mut(generator).is_closed = true;
            }
            if entry == Entry::Close && (is_stop || is_exit) { Ok(Value::None) } else { Err(Ask::Raise(exc)) }
        }
        (Told::Start | Told::End | Told::Returned(_), Entry::Close) => Ok(Value::None),
        (Told::Start | Told::End | Told::Returned(_), _) => Err(cx.raise_with(classes::STOP_ASYNC_ITERATION, &[])),
    }
}
