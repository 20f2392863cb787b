//! The end of things that the collector found dead: `finally` blocks of generators, `__del__`, coroutines never awaited,
//! callbacks of weak references.
//!
//! One frame for all that died together, in order of creation. What they raise is shown and dropped, as nobody is there
//! to catch it.

use super::{asyncio, awaitable, quick, warning};
use crate::call::{Ask, Cx, Outcome};
use crate::value::special::Special;
use crate::value::{GenKind, GenState, Generator, Id, NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// The step that finalises.
    pub static FINALIZE_STEPS = [
        hidden "finalize(subject, *objects)" => step finalize, "Ends objects that died.";
    ]
}

const FINALIZE: NativeId = NativeId { table: crate::tables::FINALIZE_STEPS, row: 0 };

/// How far the frame is with the object at hand.
const NEXT: u32 = 0;
/// Its finaliser ran.
const ENDED: u32 = 1;
/// A warning was shown.
const WARNED: u32 = 2;

// The values: the object (or method) at hand; then the objects.
const SUBJECT: usize = 0;
const FIRST: usize = 1;

/// See `native/sys/unraisable.rs`.
const UNRAISABLE: NativeId = NativeId { table: crate::tables::UNRAISABLE_STEPS, row: 0 };

/// The frame that ends these, then calls the callbacks of weak references.
pub fn frame(ended: Vec<Value>, cleared: Vec<Value>) -> NativeFrame {
    let mut frame = NativeFrame::new(FINALIZE, &[Value::Undef; FIRST]);
    // Taken from the end.
    frame.values.extend(cleared.into_iter().rev());
    frame.values.extend(ended.into_iter().rev());
    frame
}

/// In order of creation, but a task before its coroutine: it is reported before the coroutine is closed.
pub fn in_order(cx: &Cx, ended: Vec<Value>) -> Vec<Value> {
    let coroutine_of = |value: &Value| match value {
        Value::Task(id) => Some(cx.heap.tasks.get(*id).coro).filter(|coro| matches!(coro, Value::Gen(_))),
        _ => None,
    };
    let sorted = |values: &mut dyn Iterator<Item = Value>| {
        let mut identities: Vec<u64> = values.map(quick::identity).collect();
        identities.sort_unstable();
        identities
    };
    let owned = sorted(&mut ended.iter().filter_map(coroutine_of));
    if owned.is_empty() {
        return ended;
    }
    let dying = sorted(&mut ended.iter().copied());
    let is_in = |identities: &[u64], value: Value| identities.binary_search(&quick::identity(value)).is_ok();
    let mut ordered = Vec::with_capacity(ended.len());
    for value in ended {
        if is_in(&owned, value) {
            continue;
        }
        ordered.push(value);
        ordered.extend(coroutine_of(&value).filter(|&coro| is_in(&dying, coro)));
    }
    ordered
}

fn finalize(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    loop {
        match frame.step {
            NEXT => {
                if frame.values.len() == FIRST {
                    return Ok(Value::None);
                }
                let object = frame.values.pop().expect("it was looked at");
                frame.values[SUBJECT] = object;
                if let Some(ask) = end(cx, frame, object) {
                    return Err(ask);
                }
            }
            ENDED => {
                frame.step = NEXT;
                if let Told::Raised(exc) = frame.told {
                    frame.told = Told::Start;
                    return Err(cx.ask_push(NativeFrame::new(UNRAISABLE, &[Value::Exc(exc), frame.values[SUBJECT]])));
                }
            }
            _ => frame.step = NEXT,
        }
    }
}

/// Begins to end one object; None if there was nothing to ask.
fn end(cx: &mut Cx, frame: &mut NativeFrame, object: Value) -> Option<Ask> {
    match object {
        Value::Gen(id) => end_generator(cx, frame, id),
        Value::Task(_) | Value::Future(_) => {
            let ask = asyncio::report::died(cx, object)?;
            frame.step = ENDED;
            Some(ask)
        }
        _ => {
            let method = cx.special_of(object, Special::Del).filter(|method| !method.is_none())?;
            frame.values[SUBJECT] = method;
            frame.step = ENDED;
            Some(cx.ask_method(method, object, &[]))
        }
    }
}

fn end_generator(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Generator>) -> Option<Ask> {
    let generator = cx.heap.gens.get(id);
    match generator.state {
        GenState::Created if generator.kind == GenKind::Coroutine && !generator.was_started => {
            frame.step = WARNED;
            Some(never_awaited(cx, id))
        }
        GenState::Suspended
            if generator.kind == GenKind::AsyncGenerator
                && let Some(hook) = generator.hook() =>
        {
            frame.step = ENDED;
            Some(cx.ask_call(hook, &[Value::Gen(id)]))
        }
        GenState::Suspended => {
            frame.step = ENDED;
            Some(cx.ask_push(awaitable::close_frame(id)))
        }
        GenState::Created | GenState::Running | GenState::Driven | GenState::Finished => None,
    }
}

/// `RuntimeWarning: coroutine 'f' was never awaited`, at the place where it was made.
pub fn never_awaited(cx: &mut Cx, id: Id<Generator>) -> Ask {
    let generator = cx.heap.gens.get(id);
    let place = generator.made_at;
    let name = match generator.given_qualname() {
        Some(name) => cx.text_of(name).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default(),
        None => cx.heap.links.get(generator.link).code().qualname.to_string(),
    };
    cx.heap.gens.get_mut(id).was_started = true;
    let message = format!("coroutine '{name}' was never awaited");
    warning::at_place(cx, super::classes::RUNTIME_WARNING, &message, place)
}
