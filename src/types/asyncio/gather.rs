//! `gather`: one future for many.
//!
//! The children get one callback each, which is the outer future's handle: no closure. Wrapping the arguments may need
//! script code (a task factory), so the function is stepped; with a loop of ours and coroutines it runs in one go.

use std::collections::HashMap;

use super::future::{self, future_of};
use super::{ensure, schedule};
use crate::call::{Ask, Cx, Outcome};
use crate::types::classes;
use crate::types::quick::identity;
use crate::value::event_loop::Entry;
use crate::value::future::{FutureState, Gather};
use crate::value::native_object::NativeObject;
use crate::value::{Callback, EventLoop, Future, FutureRef, Gray, Id, NativeFrame, Role, Told, Value};

/// A call of `gather` under way.
struct Gathering {
    args: Vec<Value>,
    /// What became of the arguments, in order.
    children: Vec<Value>,
    /// No argument is given twice.
    is_distinct: bool,
    /// Otherwise the place of the first child that an argument became.
    known: HashMap<u64, usize, foldhash::fast::FixedState>,
    /// Children that were done already.
    done: Vec<FutureRef>,
    n_different: usize,
    gives_exceptions: bool,
    event_loop: Id<EventLoop>,
    outer: Id<Future>,
}

impl NativeObject for Gathering {
    fn trace(&self, gray: &mut Gray) {
        gray.extend(self.args.iter().chain(&self.children).filter(|value| value.is_handle()));
        gray.push(Value::Future(self.outer));
    }
    fn bytes(&self) -> usize {
        size_of::<Gathering>() + (self.args.capacity() + self.children.capacity()) * 2 * size_of::<Value>()
    }
}

/// Whether each is a later one than the one before, as coroutines that were made one after the other are: then they all
/// differ, and need not be remembered.
fn are_ascending(args: &[Value]) -> bool {
    args.windows(2).all(|pair| identity(pair[0]) < identity(pair[1]))
}

fn state(frame: &mut NativeFrame) -> &mut Gathering {
    let state: &mut dyn std::any::Any = frame.state.as_deref_mut().expect("made at the first step");
    state.downcast_mut().expect("the state of a gather")
}

/// `gather(*coros_or_futures, return_exceptions=False)`. values: return_exceptions, then the arguments.
pub fn gather(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        if frame.values.len() == 1 {
            return gather_nothing(cx, frame);
        }
        let gives_exceptions = frame.values[0].given().unwrap_or(Value::Bool(false));
        let gives_exceptions = crate::types::quick::quick_truth(cx, gives_exceptions).unwrap_or(true);
        let args: Vec<Value> = std::mem::take(&mut frame.values).into_iter().skip(1).collect();
        cx.heap.charge(args.len() * 32);
        frame.state = Some(Box::new(Gathering {
            children: Vec::with_capacity(args.len()),
            is_distinct: are_ascending(&args),
            known: HashMap::default(),
            done: Vec::new(),
            n_different: 0,
            gives_exceptions,
            event_loop: Id::NONE,
            outer: future::new(cx, Id::NONE, Role::Gather(Box::default())),
            args,
        }));
        frame.step = 1;
    } else {
        let told = std::mem::take(&mut frame.told).into_outcome()?;
        if frame.step == IN_LIBRARY {
            return Ok(told);
        }
        frame.step = IN_LIBRARY;
        add_child(cx, state(frame), told)?;
        frame.step = 1;
    }
    // The state leaves the frame while it works: both are needed.
    loop {
        let gathering = state(frame);
        let at = gathering.children.len();
        let Some(&arg) = gathering.args.get(at) else { return finish(cx, frame) };
        if let Some(&known) = gathering.known.get(&identity(arg)) {
            let child = gathering.children[known];
            gathering.children.push(child);
            continue;
        }
        let event_loop = gathering.event_loop;
        let child = ensure::ensure_in(cx, arg, event_loop)?;
        frame.step = IN_LIBRARY;
        add_child(cx, state(frame), child)?;
        frame.step = 1;
    }
}

/// The library gathers instead: what it gives is the result.
const IN_LIBRARY: u32 = 2;

/// One argument has become a child.
fn add_child(cx: &mut Cx, gathering: &mut Gathering, child: Value) -> Result<(), Ask> {
    let at = gathering.children.len();
    let arg = gathering.args[at];
    let Some(future) = future_of(cx, child) else { return Err(in_library(cx, gathering, child)) };
    let object = cx.heap.future_mut(future);
    if gathering.event_loop.is_none() {
        gathering.event_loop = object.event_loop;
    }
    gathering.n_different += 1;
    if object.is_done() {
        gathering.done.push(future);
    } else {
        object.add_callback(Callback::Gather(gathering.outer));
    }
    if !child.is(&arg)
        && let FutureRef::Task(task) = future
    {
        cx.heap.tasks.get_mut(task).reports_death = false;
    }
    if !gathering.is_distinct {
        gathering.known.insert(identity(arg), at);
    }
    gathering.children.push(child);
    Ok(())
}

/// A child is no future of ours: the library gathers, by attribute calls. What was done so far is taken back.
fn in_library(cx: &mut Cx, gathering: &mut Gathering, child: Value) -> Ask {
    let outer = gathering.outer;
    for &known in &gathering.children {
        let Some(future) = future_of(cx, known) else { continue };
        let object = cx.heap.future_mut(future);
        let is_ours = |callback: &Callback| matches!(callback, Callback::Gather(id) if *id == outer);
        if let Some(more) = &mut object.more {
            more.retain(|callback| !is_ours(callback));
        }
        if is_ours(&object.callback) {
            object.callback =
                object.more.as_mut().filter(|more| !more.is_empty()).map(|more| more.remove(0)).unwrap_or_default();
        }
    }
    let mut given = vec![Value::Bool(gathering.gives_exceptions)];
    given.extend_from_slice(&gathering.children);
    given.push(child);
    given.extend_from_slice(&gathering.args[gathering.children.len() + 1..]);
    super::ask_library(cx, "asyncio.tasks", "_gather_foreign", &given).to_be_last()
}

fn finish(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let gathering = state(frame);
    let outer = gathering.outer;
    let made = Gather {
        children: std::mem::take(&mut gathering.children),
        n_different: gathering.n_different,
        gives_exceptions: gathering.gives_exceptions,
        ..Gather::default()
    };
    let done = std::mem::take(&mut gathering.done);
    let object = cx.heap.futures.get_mut(outer);
    object.event_loop = gathering.event_loop;
    object.role = Role::Gather(Box::new(made));
    cx.heap.futures.note_owner(outer);
    for child in done {
        child_done(cx, outer, child)?;
    }
    Ok(Value::Future(outer))
}

/// `gather()`: a future that is done.
fn gather_nothing(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let _ = frame;
    let event_loop = ensure::current_loop(cx)?;
    let Some(id) = schedule::loop_of(cx, event_loop) else {
        return Err(cx.not_implemented("gather on a loop that is not one of asyncio's"));
    };
    let outer = future::new(cx, id, Role::Plain);
    let list = cx.heap.new_list(Vec::new());
    future::finish(cx, FutureRef::Future(outer), list)?;
    Ok(Value::Future(outer))
}

/// The entry of a child that is done.
pub fn child_done(cx: &mut Cx, outer: Id<Future>, child: FutureRef) -> Result<(), Ask> {
    let is_over = cx.heap.futures.get(outer).is_done();
    let Role::Gather(gather) = &mut cx.heap.futures.get_mut(outer).role else { crate::bug!("what gather gave") };
    gather.n_finished += 1;
    let (is_last, gives_exceptions) = (gather.n_finished == gather.n_different, gather.gives_exceptions);
    let object = cx.heap.future(child);
    let (state, has_exception) = (object.state, object.has_exception);
    if is_over {
        if has_exception {
            cx.heap.future_mut(child).is_unretrieved = false;
        }
        return Ok(());
    }
    if !gives_exceptions {
        if state == FutureState::Cancelled {
            let exc = future::cancelled_error(cx, child);
            return future::fail(cx, FutureRef::Future(outer), exc);
        }
        if has_exception {
            let Value::Exc(exc) = cx.heap.future(child).result else { crate::bug!("the exception of a future") };
            cx.heap.future_mut(child).is_unretrieved = false;
            return future::fail(cx, FutureRef::Future(outer), exc);
        }
    }
    if is_last { collect(cx, outer) } else { Ok(()) }
}

/// All children are done: the list of their results.
fn collect(cx: &mut Cx, outer: Id<Future>) -> Result<(), Ask> {
    let Role::Gather(gather) = &mut cx.heap.futures.get_mut(outer).role else { crate::bug!("what gather gave") };
    let children = std::mem::take(&mut gather.children);
    let is_cancel_requested = gather.is_cancel_requested;
    let last = children.last().copied();
    let mut results = Vec::with_capacity(children.len());
    for child in children {
        let future = future_of(cx, child).expect("checked when it became a child");
        let object = cx.heap.future(future);
        let result = match object.state {
            FutureState::Cancelled => {
                let message = object.extra.as_ref().map_or(Value::Undef, |extra| extra.cancel_message);
                let message = message.given().unwrap_or(Value::Str(cx.heap.empty_str));
                Value::Exc(cx.new_exception(classes::CANCELLED_ERROR, &[message]))
            }
            FutureState::Pending | FutureState::Finished => {
                let result = object.result;
                if object.has_exception {
                    cx.heap.future_mut(future).is_unretrieved = false;
                }
                result
            }
        };
        results.push(result);
    }
    if is_cancel_requested {
        let last = last.and_then(|last| future_of(cx, last)).expect("a gather has children");
        let exc = future::cancelled_error(cx, last);
        return future::fail(cx, FutureRef::Future(outer), exc);
    }
    let list = cx.heap.new_list(results);
    future::finish(cx, FutureRef::Future(outer), list)
}

/// The same as a callable. values: what gather gave, the child.
pub fn done_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 1 {
        return std::mem::replace(&mut frame.told, Told::Start).into_outcome().map(|_| Value::None);
    }
    frame.step = 1;
    let (Value::Future(outer), Some(child)) = (frame.values[0], future_of(cx, frame.values[1])) else {
        return Err(cx.type_error("a future is needed"));
    };
    child_done(cx, outer, child)?;
    Ok(Value::None)
}

/// An entry of the queue for a child.
pub fn entry(outer: Id<Future>, child: FutureRef) -> Entry {
    Entry::Done(Callback::Gather(outer), child)
}
