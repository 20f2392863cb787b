//! The module `_thread`: fibers, locks, and what their waiting means.
//!
//! Nothing here blocks: a native that can't go on parks its fiber and looks again when it is woken. A release wakes the
//! first waiter, which goes to the end of the runnable queue, and the lock stays free until somebody takes it.

use std::collections::VecDeque;

use super::deadline;
use crate::call::{Ask, Cx, FiberId, MachineAsk, Outcome, Place, Wait, WaitKind};
use crate::types::classes;
use crate::value::native_object::NativeObject;
use crate::value::{Class, Dict, Gray, Id, NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// The functions of `_thread`.
    pub static THREAD = [
        func "start_new_thread(function, args, kwargs=None, /)" => step start_new_thread, "Start a new thread and return its identifier.";
        func "start_joinable_thread(function, handle=None, daemon=True)" => step start_joinable_thread, "*For internal use only*: start a new thread.";
        func "get_ident()" => get_ident, "Return a non-zero integer that uniquely identifies the current thread.";
        func "get_native_id()" => get_ident, "Return a non-negative integer identifying the thread as reported by the OS.";
        func "allocate_lock()" => lock_new, "Create a new lock object.";
        func "_count()" => step count, "Return the number of currently running Python threads, excluding the main thread.";
        func "stack_size(size: index=0, /)" => stack_size, "Return the thread stack size used when creating new threads.";
        func "interrupt_main(signum: index=2, /)" => interrupt_main, "Simulate the arrival of the given signal in the main thread.";
        func "_make_thread_handle(ident: index, /)" => make_thread_handle, "Internal only. Make a thread handle for threads not spawned by the _thread or threading module.";
        func "_processors()" => processors, "Internal only. How many processors there are.";
        func "_get_main_thread_ident()" => main_ident, "Internal only. Return a non-zero integer that uniquely identifies the main thread.";
    ]
}

crate::natives! {
    /// The rows of `lock`.
    pub static LOCK = [
        new "__new__(cls)" => lock_new, "Create a new lock object.";
        special "__repr__(self, /)" => lock_repr, "Return repr(self).";
        method "acquire(self, blocking=True, timeout: float=-1.0)" => lock_acquire, "Lock the lock.";
        method "acquire_lock(self, blocking=True, timeout: float=-1.0)" => lock_acquire, "Lock the lock.";
        method "release(self, /)" => lock_release, "Release the lock.";
        method "release_lock(self, /)" => lock_release, "Release the lock.";
        method "locked(self, /)" => lock_locked, "Return whether the lock is in the locked state.";
        method "locked_lock(self, /)" => lock_locked, "Return whether the lock is in the locked state.";
        method "__enter__(self, /)" => lock_enter, "Lock the lock.";
        method "__exit__(self, /, *exc_info)" => lock_exit, "Release the lock.";
        method "_at_fork_reinit(self, /)" => lock_forget, "";
    ]
}

crate::natives! {
    /// The rows of `RLock`.
    pub static RLOCK = [
        new "__new__(cls, *args, **kwargs)" => rlock_new, "Create a new reentrant lock.";
        special "__repr__(self, /)" => rlock_repr, "Return repr(self).";
        method "acquire(self, blocking=True, timeout: float=-1.0)" => rlock_acquire, "Lock the lock.";
        method "release(self, /)" => rlock_release, "Release the lock.";
        method "__enter__(self, /)" => rlock_enter, "Lock the lock.";
        method "__exit__(self, /, *exc_info)" => rlock_exit, "Release the lock.";
        method "_is_owned(self, /)" => rlock_is_owned, "For internal use by `threading.Condition`.";
        method "_recursion_count(self, /)" => rlock_count, "For internal use by reentrancy guards.";
        method "_release_save(self, /)" => rlock_save, "For internal use by `threading.Condition`.";
        method "_acquire_restore(self, state, /)" => step rlock_restore, "For internal use by `threading.Condition`.";
        method "_at_fork_reinit(self, /)" => lock_forget, "";
    ]
}

crate::natives! {
    /// The rows of `_ThreadHandle`.
    pub static THREAD_HANDLE = [
        new "__new__(cls)" => handle_new, "";
        attr "ident" => handle_ident, "";
        method "join(self, timeout=None, /)" => step handle_join, "";
        method "is_done(self, /)" => handle_is_done, "";
        method "_set_done(self, /)" => handle_set_done, "";
    ]
}

crate::natives! {
    /// Steps of waiting.
    pub static THREAD_STEPS = [
        hidden "acquire(lock, deadline)" => step acquire_step, "Waits for a lock.";
    ]
}

const ACQUIRE: NativeId = NativeId { table: crate::tables::THREAD_STEPS, row: 0 };

/// Fills the module.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    for (name, value) in [
        ("LockType", Value::Class(classes::THREAD_LOCK)),
        ("lock", Value::Class(classes::THREAD_LOCK)),
        ("RLock", Value::Class(classes::THREAD_RLOCK)),
        ("_ThreadHandle", Value::Class(classes::THREAD_HANDLE)),
        ("error", Value::Class(classes::RUNTIME_ERROR)),
        ("TIMEOUT_MAX", Value::Float(9_223_372_036.0)),
    ] {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, value);
    }
}

// ----- Locks -----

/// A lock, or with `depth` above 1 a reentrant one that is held several times.
pub struct Lock {
    holder: Option<FiberId>,
    /// How often it is held; 0 is free.
    depth: u64,
    waiters: VecDeque<FiberId>,
    /// Where it was made.
    pub made_at: Place,
}

impl NativeObject for Lock {
    fn trace(&self, gray: &mut Gray) {
        self.made_at.trace(gray);
    }
    fn bytes(&self) -> usize {
        size_of::<Lock>() + self.waiters.capacity() * size_of::<FiberId>()
    }
}

/// The state of a lock of either kind.
pub fn lock_of(cx: &Cx, value: Value) -> Option<&Lock> {
    let Value::Native(id) = cx.exact(value) else { return None };
    cx.heap.native::<Lock>(id)
}

impl Lock {
    /// The fiber that has it.
    pub fn holder(&self) -> Option<FiberId> {
        self.holder.filter(|_| self.depth > 0)
    }
}

fn lock_mut(cx: &mut Cx, value: Value) -> &mut Lock {
    let Value::Native(id) = cx.exact(value) else { crate::bug!("self of a lock's row is a lock") };
    cx.heap.native_mut::<Lock>(id).expect("self of a lock's row is a lock")
}

fn make_lock(cx: &mut Cx, class: Id<Class>) -> Value {
    let lock = Lock { holder: None, depth: 0, waiters: VecDeque::new(), made_at: cx.place };
    cx.heap.new_native(class, lock)
}

fn lock_new(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(make_lock(cx, classes::THREAD_LOCK))
}

fn rlock_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = crate::types::class::checked_class(cx, args[0], classes::THREAD_RLOCK)?;
    let made = make_lock(cx, classes::THREAD_RLOCK);
    Ok(if class == classes::THREAD_RLOCK { made } else { crate::types::class::allocate(cx, class, made) })
}

/// The deadline of `acquire(blocking, timeout)`; `Err(None)`: it must not wait.
fn acquire_deadline(cx: &mut Cx, blocking: Value, timeout: Value) -> Result<Option<Value>, Ask> {
    let is_blocking = deadline::is_true(cx, blocking);
    let seconds = match timeout {
        Value::Float(seconds) => seconds,
        _ => -1.0,
    };
    match (is_blocking, seconds) {
        (false, -1.0) => Ok(None),
        (false, _) => Err(cx.value_error("can't specify a timeout for a non-blocking call")),
        (true, -1.0) => Ok(Some(Value::None)),
        (true, seconds) if seconds < 0.0 => Err(cx.value_error("timeout value must be a non-negative number")),
        (true, seconds) if seconds > 9_223_372_036.0 => Err(cx.overflow_error("timeout value is too large")),
        (true, seconds) => Ok(Some(Value::Int(deadline::after(cx, seconds)))),
    }
}

fn lock_acquire(cx: &mut Cx, args: &[Value]) -> Outcome {
    let deadline = acquire_deadline(cx, args[1], args[2])?;
    acquire(cx, args[0], deadline, false)
}

fn rlock_acquire(cx: &mut Cx, args: &[Value]) -> Outcome {
    let deadline = acquire_deadline(cx, args[1], args[2])?;
    acquire(cx, args[0], deadline, true)
}

fn acquire(cx: &mut Cx, lock: Value, deadline: Option<Value>, is_reentrant: bool) -> Outcome {
    let own = cx.fiber.id;
    if take(lock_mut(cx, lock), own, is_reentrant) {
        return Ok(Value::Bool(true));
    }
    match deadline {
        None => Ok(Value::Bool(false)),
        Some(deadline) => Err(cx.ask_push(NativeFrame::new(ACQUIRE, &[lock, deadline]))),
    }
}

fn take(lock: &mut Lock, own: FiberId, is_reentrant: bool) -> bool {
    if lock.depth == 0 {
        lock.holder = Some(own);
        lock.depth = 1;
        return true;
    }
    if is_reentrant && lock.holder == Some(own) {
        lock.depth += 1;
        return true;
    }
    false
}

/// values: the lock, the deadline or None.
fn acquire_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (lock, deadline, own) = (frame.values[0], frame.values[1], cx.fiber.id);
    match frame.told {
        Told::Value(Value::Bool(false)) => {
            lock_mut(cx, lock).waiters.retain(|&waiter| waiter != own);
            return Ok(Value::Bool(false));
        }
        Told::Raised(exc) => {
            let state = lock_mut(cx, lock);
            state.waiters.retain(|&waiter| waiter != own);
            // A release may have woken this fiber: the next one gets its chance.
            if state.depth == 0
                && let Some(next) = state.waiters.pop_front()
            {
                cx.wakes.push(next);
            }
            return Err(Ask::Raise(exc));
        }
        Told::Start | Told::End | Told::Value(_) | Told::Returned(_) => {}
    }
    let state = lock_mut(cx, lock);
    if take(state, own, false) {
        state.waiters.retain(|&waiter| waiter != own);
        return Ok(Value::Bool(true));
    }
    if !state.waiters.contains(&own) {
        state.waiters.push_back(own);
    }
    let wait = Wait { kind: WaitKind::Lock, object: lock, holder: state.holder, deadline: deadline.as_int() };
    Err(cx.ask_machine(MachineAsk::Park(wait)))
}

fn give_up(cx: &mut Cx, lock: Value) {
    let state = lock_mut(cx, lock);
    state.depth = 0;
    state.holder = None;
    if let Some(next) = state.waiters.pop_front() {
        cx.wakes.push(next);
    }
}

fn lock_release(cx: &mut Cx, args: &[Value]) -> Outcome {
    if lock_mut(cx, args[0]).depth == 0 {
        return Err(cx.runtime_error("release unlocked lock"));
    }
    give_up(cx, args[0]);
    Ok(Value::None)
}

fn lock_locked(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(lock_mut(cx, args[0]).depth > 0))
}

fn lock_enter(cx: &mut Cx, args: &[Value]) -> Outcome {
    acquire(cx, args[0], Some(Value::None), false)
}

fn lock_exit(cx: &mut Cx, args: &[Value]) -> Outcome {
    lock_release(cx, args)
}

fn lock_forget(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = lock_mut(cx, args[0]);
    state.depth = 0;
    state.holder = None;
    state.waiters.clear();
    Ok(Value::None)
}

fn lock_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let word = if lock_mut(cx, args[0]).depth > 0 { "locked" } else { "unlocked" };
    let text = format!("<{word} _thread.lock object at {:#x}>", crate::types::object::address(args[0]));
    Ok(cx.str(&text))
}

// ----- Reentrant locks -----

fn rlock_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = cx.class_of(args[0]);
    let name = cx.text(cx.heap.classes.get(class).name);
    let state = lock_mut(cx, args[0]);
    let word = if state.depth > 0 { "locked" } else { "unlocked" };
    let (owner, count) = (state.holder().map_or(0, |holder| holder.0), state.depth);
    let module = if class == classes::THREAD_RLOCK { "_thread." } else { "" };
    let address = crate::types::object::address(args[0]);
    Ok(cx.str(&format!("<{word} {module}{name} object owner={owner} count={count} at {address:#x}>")))
}

fn rlock_release(cx: &mut Cx, args: &[Value]) -> Outcome {
    let own = cx.fiber.id;
    let state = lock_mut(cx, args[0]);
    if state.holder() != Some(own) {
        return Err(cx.runtime_error("cannot release un-acquired lock"));
    }
    state.depth -= 1;
    if state.depth == 0 {
        give_up(cx, args[0]);
    }
    Ok(Value::None)
}

fn rlock_enter(cx: &mut Cx, args: &[Value]) -> Outcome {
    acquire(cx, args[0], Some(Value::None), true)
}

fn rlock_exit(cx: &mut Cx, args: &[Value]) -> Outcome {
    rlock_release(cx, args)
}

fn rlock_is_owned(cx: &mut Cx, args: &[Value]) -> Outcome {
    let own = cx.fiber.id;
    Ok(Value::Bool(lock_mut(cx, args[0]).holder() == Some(own)))
}

fn rlock_count(cx: &mut Cx, args: &[Value]) -> Outcome {
    let own = cx.fiber.id;
    let state = lock_mut(cx, args[0]);
    Ok(Value::Int(if state.holder() == Some(own) { state.depth as i64 } else { 0 }))
}

fn rlock_save(cx: &mut Cx, args: &[Value]) -> Outcome {
    let own = cx.fiber.id;
    let state = lock_mut(cx, args[0]);
    if state.depth == 0 {
        return Err(cx.runtime_error("cannot release un-acquired lock"));
    }
    let depth = state.depth as i64;
    give_up(cx, args[0]);
    Ok(cx.heap.new_tuple(&[Value::Int(depth), Value::Int(own.0 as i64)]))
}

fn rlock_restore(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let lock = frame.values[0];
    if frame.step == 0 {
        frame.step = 1;
        let taken = acquire(cx, lock, Some(Value::None), false);
        frame.tell(taken)?;
    }
    frame.told.into_outcome()?;
    if let Value::Tuple(id) = frame.values[1]
        && let Some(Value::Int(depth)) = cx.heap.tuples.get(id).items().first().copied()
    {
        lock_mut(cx, lock).depth = depth as u64;
    }
    Ok(Value::None)
}

// ----- Threads -----

/// What is known of a thread from outside.
struct Handle {
    fiber: Option<FiberId>,
    is_done: bool,
    waiters: Vec<FiberId>,
}

impl NativeObject for Handle {
    fn trace(&self, _gray: &mut Gray) {}
    fn bytes(&self) -> usize {
        size_of::<Handle>() + self.waiters.capacity() * size_of::<FiberId>()
    }
}

fn handle_mut(cx: &mut Cx, value: Value) -> Option<&mut Handle> {
    let Value::Native(id) = value else { return None };
    cx.heap.native_mut::<Handle>(id)
}

fn own_handle<'a>(cx: &'a mut Cx, args: &[Value]) -> &'a mut Handle {
    handle_mut(cx, args[0]).expect("self of a handle's row is a handle")
}

fn make_handle(cx: &mut Cx) -> Value {
    cx.heap.new_native(classes::THREAD_HANDLE, Handle { fiber: None, is_done: false, waiters: Vec::new() })
}

fn make_thread_handle(cx: &mut Cx, args: &[Value]) -> Outcome {
    let handle = make_handle(cx);
    note_start(cx, handle, FiberId(args[0].as_int().unwrap_or_default() as u64));
    Ok(handle)
}

fn processors(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.host.processors() as i64))
}

fn handle_new(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(make_handle(cx))
}

/// The fiber of a handle begins.
pub fn note_start(cx: &mut Cx, handle: Value, fiber: FiberId) {
    if let Some(handle) = handle_mut(cx, handle) {
        handle.fiber = Some(fiber);
    }
}

/// The fiber of a handle is over.
pub fn note_end(cx: &mut Cx, handle: Value) {
    if let Some(handle) = handle_mut(cx, handle) {
        handle.is_done = true;
        let waiters = std::mem::take(&mut handle.waiters);
        cx.wakes.extend(waiters);
    }
}

fn handle_ident(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(own_handle(cx, args).fiber.map_or(0, |fiber| fiber.0 as i64)))
}

fn handle_is_done(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(own_handle(cx, args).is_done))
}

fn handle_set_done(cx: &mut Cx, args: &[Value]) -> Outcome {
    note_end(cx, args[0]);
    Ok(Value::None)
}

fn handle_join(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (handle, own) = (frame.values[0], cx.fiber.id);
    if frame.step == 0 {
        frame.step = 1;
        let deadline = match frame.values[1] {
            Value::None | Value::Undef => Value::None,
            timeout => {
                let seconds = deadline::seconds(cx, timeout)?;
                // A negative one waits for ever, as CPython's lock does.
                if seconds < 0.0 { Value::None } else { Value::Int(deadline::after(cx, seconds)) }
            }
        };
        frame.values[1] = deadline;
    }
    let deadline = frame.values[1].as_int();
    let state = handle_mut(cx, handle).expect("self of a handle's row is a handle");
    match frame.told {
        Told::Value(Value::Bool(false)) => {
            state.waiters.retain(|&waiter| waiter != own);
            return Ok(Value::None);
        }
        Told::Raised(exc) => {
            state.waiters.retain(|&waiter| waiter != own);
            return Err(Ask::Raise(exc));
        }
        Told::Start | Told::End | Told::Value(_) | Told::Returned(_) => {}
    }
    match state.fiber {
        _ if state.is_done => Ok(Value::None),
        None => Err(cx.runtime_error("thread not started")),
        Some(fiber) if fiber == own => Err(cx.runtime_error("Cannot join current thread")),
        holder => {
            if !state.waiters.contains(&own) {
                state.waiters.push(own);
            }
            let wait = Wait { kind: WaitKind::Thread, object: handle, holder, deadline };
            Err(cx.ask_machine(MachineAsk::Park(wait)))
        }
    }
}

fn start_new_thread(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 1 {
        return frame.told.into_outcome();
    }
    let Value::Tuple(args) = cx.exact(frame.values[1]) else {
        return Err(cx.type_error("2nd arg must be a tuple"));
    };
    frame.step = 1;
    let args = cx.heap.tuples.get(args).items().to_vec();
    let keywords = match frame.values[2] {
        Value::Dict(dict) => Some(dict),
        _ => None,
    };
    cx.ask_call_with(frame.values[0], &args, keywords);
    let handle = make_handle(cx);
    Err(cx.ask_machine(MachineAsk::Spawn { is_daemon: true, handle }))
}

fn start_joinable_thread(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 1 {
        frame.told.into_outcome()?;
        return Ok(frame.values[1]);
    }
    frame.step = 1;
    if handle_mut(cx, frame.values[1]).is_none() {
        frame.values[1] = make_handle(cx);
    }
    let is_daemon = deadline::is_true(cx, frame.values[2]);
    cx.ask_call(frame.values[0], &[]);
    let handle = frame.values[1];
    Err(cx.ask_machine(MachineAsk::Spawn { is_daemon, handle }))
}

fn get_ident(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.fiber.id.0 as i64))
}

fn main_ident(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(FiberId::MAIN.0 as i64))
}

fn count(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        return Err(cx.ask_machine(MachineAsk::Others));
    }
    frame.told.into_outcome()
}

fn stack_size(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(0))
}

fn interrupt_main(cx: &mut Cx, args: &[Value]) -> Outcome {
    cx.raised_signals.push(args[0].as_int().unwrap_or(2) as i32);
    Ok(Value::None)
}
