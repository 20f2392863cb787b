//! `asyncio.Handle` and `TimerHandle`.

use super::schedule::loop_of;
use super::{report, wrapped_in};
use crate::call::{Ask, Cx, Outcome};
use crate::types::classes;
use crate::types::context;
use crate::types::operator;
use crate::value::event_loop::HandleRare;
use crate::value::timers::Due;
use crate::value::{Class, Context, EventLoop, Handle, Id, Value};

crate::natives! {
    /// The rows of `asyncio.Handle`.
    pub static HANDLE = [
        new "__new__(cls, *args, **kwargs)" => handle_new, "Create and return a new object.";
        special "__init__(self, callback, args, loop, context=None)" => handle_init, "A callback with arguments.";
        special "__repr__(self, /)" => step super::repr::handle_repr, "Return repr(self).";
        method "get_context(self)" => handle_get_context, "The context in which the callback runs.";
        method "cancel(self)" => handle_cancel, "The callback will not be called.";
        method "cancelled(self)" => handle_cancelled, "Whether it was cancelled.";
        method "_run(self)" => step handle_run, "Calls the callback; what it raises is reported.";
        attr "_callback" => handle_callback, "The callback, None once it is cancelled.";
        attr "_args" => handle_args, "Its arguments.";
        attr "_context" => handle_get_context, "Its context.";
        attr "_loop" => handle_loop, "The loop.";
        attr "_cancelled" => handle_cancelled, "Whether it was cancelled.";
        attr "_source_traceback" => handle_source, "Where it was made, in debug mode.";
    ]
}

crate::natives! {
    /// The rows of `asyncio.TimerHandle`.
    pub static TIMER_HANDLE = [
        new "__new__(cls, *args, **kwargs)" => timer_new, "Create and return a new object.";
        special "__init__(self, when, callback, args, loop, context=None)" => timer_init, "A callback with arguments, due at a time.";
        special "__hash__(self, /)" => timer_hash, "Return hash(self).";
        special "__lt__(self, other, /)" => timer_lt, "Return self<other.";
        special "__le__(self, other, /)" => timer_le, "Return self<=other.";
        special "__gt__(self, other, /)" => timer_gt, "Return self>other.";
        special "__ge__(self, other, /)" => timer_ge, "Return self>=other.";
        special "__eq__(self, other, /)" => timer_eq, "Return self==other.";
        method "when(self)" => timer_when, "The moment at which it is due.";
        attr "_when" => timer_when, "The moment at which it is due.";
        attr "_scheduled" => timer_scheduled, set timer_set_scheduled, "Whether it is among the loop's timers.";
    ]
}

/// The handle that a value is.
pub fn handle_of(cx: &Cx, value: Value) -> Option<Id<Handle>> {
    match cx.exact(value) {
        Value::Handle(id) => Some(id),
        _ => None,
    }
}

fn this(cx: &mut Cx, args: &[Value]) -> Result<Id<Handle>, Ask> {
    match handle_of(cx, args[0]) {
        Some(id) => Ok(id),
        None => Err(cx.type_error("a handle is needed")),
    }
}

/// A new handle of a loop.
pub fn new(
    cx: &mut Cx,
    event_loop: Value,
    callback: Value,
    args: &[Value],
    context: Id<Context>,
    when: Option<f64>,
) -> Id<Handle> {
    cx.heap.charge(size_of::<Handle>());
    let handle = Handle { callback, args: args.into(), context, event_loop, when, ..Handle::default() };
    cx.heap.handles.alloc(handle)
}

/// Asks for the callback, in its context. None: it was cancelled.
#[inline]
pub fn call(cx: &mut Cx, id: Id<Handle>) -> Option<Ask> {
    let handle = cx.heap.handles.get(id);
    if handle.is_cancelled {
        return None;
    }
    cx.call.callee = handle.callback;
    cx.call.args.clear();
    cx.call.args.extend_from_slice(&handle.args);
    cx.call.keywords = Value::Undef;
    cx.fiber.context = handle.context;
    Some(Ask::Call)
}

/// Cancels a handle.
pub fn cancel(cx: &mut Cx, id: Id<Handle>) {
    let handle = cx.heap.handles.get_mut(id);
    if handle.is_cancelled {
        return;
    }
    handle.is_cancelled = true;
    handle.callback = Value::Undef;
    handle.args.clear();
    if !handle.is_scheduled {
        return;
    }
    let event_loop = handle.event_loop;
    if let Some(event_loop) = loop_of(cx, event_loop) {
        cx.heap.event_loops.get_unbarred(event_loop).timers.n_cancelled += 1;
    }
}

/// Puts a handle among the timers of its loop.
pub fn schedule(cx: &mut Cx, event_loop: Id<EventLoop>, id: Id<Handle>, when: f64) {
    cx.heap.handles.get_unbarred(id).is_scheduled = true;
    cx.heap.event_loops.get_mut(event_loop).timers.push(when, Due::Handle(id));
}

fn handle_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, args[0], classes::HANDLE, None)
}

fn timer_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, args[0], classes::TIMER_HANDLE, Some(0.0))
}

fn make(cx: &mut Cx, class: Value, own: Id<Class>, when: Option<f64>) -> Outcome {
    let context = cx.fiber.context;
    let id = new(cx, Value::None, Value::None, &[], context, when);
    let made = wrapped_in(cx, class, own, Value::Handle(id));
    if let Value::Inst(outer) = made {
        cx.heap.handles.get_mut(id).rare = Some(Box::new(HandleRare { outer: Some(outer), ..HandleRare::default() }));
    }
    Ok(made)
}

fn handle_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    init(cx, args[0], args[1], args[2], args[3], args[4])
}

fn timer_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    init(cx, args[0], args[2], args[3], args[4], args[5])?;
    let id = this(cx, args)?;
    let when = super::float_of(cx, args[1]).unwrap_or(f64::NAN);
    cx.heap.handles.get_mut(id).when = Some(when);
    Ok(Value::None)
}

fn init(cx: &mut Cx, this: Value, callback: Value, given: Value, event_loop: Value, context: Value) -> Outcome {
    let Some(id) = handle_of(cx, this) else { return Err(cx.type_error("a handle is needed")) };
    let context = match context {
        Value::Context(context) => context,
        _ => context::copy_current(cx),
    };
    let args = match given {
        Value::Tuple(tuple) => cx.heap.tuples.get(tuple).items().into(),
        Value::List(list) => cx.heap.lists.get(list).items.as_slice().into(),
        _ => Default::default(),
    };
    let handle = cx.heap.handles.get_mut(id);
    (handle.callback, handle.args, handle.event_loop, handle.context) = (callback, args, event_loop, context);
    Ok(Value::None)
}

fn handle_get_context(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Context(cx.heap.handles.get(id).context))
}

fn handle_cancel(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let event_loop = cx.heap.handles.get(id).event_loop;
    if let Some(event_loop) = loop_of(cx, event_loop)
        && cx.heap.event_loops.get(event_loop).is_debug
        && !cx.heap.handles.get(id).is_cancelled
        && let Some(text) = super::task::quick_text(cx, args[0])
    {
        let text = cx.str(&text);
        cx.heap.handles.get_mut(id).rare.get_or_insert_default().repr = text;
    }
    cancel(cx, id);
    Ok(Value::None)
}

fn handle_cancelled(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(cx.heap.handles.get(id).is_cancelled))
}

/// values: self; then the context from before.
fn handle_run(cx: &mut Cx, frame: &mut crate::value::NativeFrame) -> Outcome {
    let id = this(cx, &frame.values)?;
    match frame.step {
        0 => {
            frame.values.truncate(1);
            frame.values.push(Value::Context(cx.fiber.context));
            frame.step = 1;
            call(cx, id).map_or(Ok(Value::None), Err)
        }
        1 => {
            if let Value::Context(context) = frame.values[1] {
                cx.fiber.context = context;
            }
            frame.step = 2;
            match frame.told {
                crate::value::Told::Raised(exc)
                    if cx.is_exception(exc, classes::SYSTEM_EXIT)
                        || cx.is_exception(exc, classes::KEYBOARD_INTERRUPT) =>
                {
                    Err(Ask::Raise(exc))
                }
                crate::value::Told::Raised(exc) => {
                    let event_loop = cx.heap.handles.get(id).event_loop;
                    Err(report::callback_raised(cx, event_loop, Value::Handle(id), Value::Undef, exc))
                }
                _ => Ok(Value::None),
            }
        }
        _ => frame.told.into_outcome().map(|_| Value::None),
    }
}

fn handle_callback(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(cx.heap.handles.get(id).callback.given().unwrap_or(Value::None))
}

fn handle_args(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    if cx.heap.handles.get(id).is_cancelled {
        return Ok(Value::None);
    }
    let items = cx.heap.handles.get(id).args.to_vec();
    Ok(cx.heap.new_tuple(&items))
}

fn handle_loop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(cx.heap.handles.get(id).event_loop)
}

fn handle_source(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(cx.heap.handles.get(id).rare.as_ref().and_then(|rare| rare.source.given()).unwrap_or(Value::None))
}

// ----- Timers -----

fn timer_when(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Float(cx.heap.handles.get(id).when.unwrap_or(0.0)))
}

fn timer_scheduled(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(cx.heap.handles.get(id).is_scheduled))
}

fn timer_set_scheduled(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    cx.heap.handles.get_mut(id).is_scheduled = args[1] == Value::Bool(true);
    Ok(Value::None)
}

fn timer_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    crate::types::protocol::hash(cx, Value::Float(cx.heap.handles.get(id).when.unwrap_or(0.0)))
}

fn compare(cx: &mut Cx, args: &[Value], op: aspen_grammar::bytecode::Compare) -> Outcome {
    let id = this(cx, args)?;
    let Some(other) = handle_of(cx, args[1]).filter(|&other| cx.heap.handles.get(other).when.is_some()) else {
        return Ok(Value::NotImplemented);
    };
    let (left, right) = (cx.heap.handles.get(id).when, cx.heap.handles.get(other).when);
    Ok(Value::Bool(operator::holds(op, left.partial_cmp(&right))))
}

fn timer_lt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, aspen_grammar::bytecode::Compare::Less)
}

fn timer_le(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, aspen_grammar::bytecode::Compare::LessEq)
}

fn timer_gt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, aspen_grammar::bytecode::Compare::Greater)
}

fn timer_ge(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, aspen_grammar::bytecode::Compare::GreaterEq)
}

fn timer_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let Some(other) = handle_of(cx, args[1]).filter(|&other| cx.heap.handles.get(other).when.is_some()) else {
        return Ok(Value::NotImplemented);
    };
    let (left, right) = (cx.heap.handles.get(id), cx.heap.handles.get(other));
    let is_same = left.when == right.when
        && left.callback.is(&right.callback)
        && left.args.len() == right.args.len()
        && left.args.iter().zip(&right.args).all(|(left, right)| left.is(right))
        && left.is_cancelled == right.is_cancelled;
    Ok(Value::Bool(is_same))
}
