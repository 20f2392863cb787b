//! Texts of futures, tasks and handles.
//!
//! `repr` of a result or of a callback may be script code, so these are stepped: the parts are listed first, and a `Walk`
//! makes text of them. Messages take what is there without script code.

use super::future::{self, future_of};
use super::{handle, schedule, task};
use crate::call::{Cx, Outcome};
use crate::types::strings;
use crate::value::future::FutureState;
use crate::value::generator::{GenState, Parked};
use crate::value::{Callback, FutureRef, Generator, Id, Link, NativeFrame, Role, Task, Told, Value};

/// What a value is in a message: its `repr` where that needs no script code.
pub fn text_of(cx: &mut Cx, value: Value) -> String {
    if let Some(future) = future_of(cx, value) {
        return future_text(cx, value, future);
    }
    match strings::to_repr(cx, value) {
        Ok(text) => cx.text_of(text).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default(),
        Err(_) => {
            cx.pushed = None;
            format!("<{} object>", cx.class_name(value))
        }
    }
}

/// The same of a task.
pub fn task_text(cx: &mut Cx, shown: Value, id: Id<Task>) -> String {
    future_text(cx, shown, FutureRef::Task(id))
}

fn future_text(cx: &mut Cx, shown: Value, future: FutureRef) -> String {
    let result = cx.heap.future(future).result;
    let is_finished = cx.heap.future(future).state == FutureState::Finished;
    let text = if is_finished { Some(text_of(cx, result)) } else { None };
    whole_text(cx, shown, future, text)
}

/// `<Task pending name='Task-1' coro=<main() running at …>>`, with the text of the result.
fn whole_text(cx: &mut Cx, shown: Value, future: FutureRef, result: Option<String>) -> String {
    let object = cx.heap.future(future);
    let (state, has_exception) = (object.state, object.has_exception);
    let mut parts = vec![match (state, future) {
        (FutureState::Pending, FutureRef::Task(id)) if cx.heap.tasks.get(id).n_cancels > 0 => "cancelling".to_owned(),
        (FutureState::Pending, _) => "pending".to_owned(),
        (FutureState::Cancelled, _) => "cancelled".to_owned(),
        (FutureState::Finished, _) => "finished".to_owned(),
    }];
    if let FutureRef::Task(id) = future {
        let name = task::name(cx, id);
        parts.push(format!("name={}", text_of(cx, name)));
        let coro = cx.heap.tasks.get(id).coro;
        if !coro.is_undef() {
            parts.push(format!("coro=<{}>", coroutine_text(cx, coro)));
        }
        let waiting = cx.heap.tasks.get(id).waiting;
        if !waiting.is_undef() && state == FutureState::Pending {
            // Not what that one waits for in turn: chains may be long.
            let text = match future_of(cx, waiting) {
                Some(target) => short_text(cx, waiting, target),
                None => text_of(cx, waiting),
            };
            parts.push(format!("wait_for={text}"));
        }
    }
    if let Some(result) = result {
        parts.push(if has_exception { format!("exception={result}") } else { format!("result={result}") });
    }
    if let Some(callbacks) = callbacks_text(cx, future) {
        parts.push(callbacks);
    }
    let name = match future {
        FutureRef::Future(id) if matches!(cx.heap.futures.get(id).role, Role::Gather(_)) => {
            "_GatheringFuture".to_owned()
        }
        FutureRef::Future(_) | FutureRef::Task(_) => cx.class_name(shown),
    };
    format!("<{name} {}>", parts.join(" "))
}

fn short_text(cx: &mut Cx, shown: Value, future: FutureRef) -> String {
    if let FutureRef::Task(id) = future {
        let waiting = std::mem::take(&mut cx.heap.tasks.get_mut(id).waiting);
        let text = whole_text(cx, shown, future, None);
        cx.heap.tasks.get_mut(id).waiting = waiting;
        return text;
    }
    whole_text(cx, shown, future, None)
}

fn callbacks_text(cx: &mut Cx, future: FutureRef) -> Option<String> {
    let callbacks: Vec<Callback> = cx.heap.future(future).callbacks().collect();
    let one = |cx: &mut Cx, callback: Callback| {
        let (shown, _) = schedule::shown_callback(cx, callback);
        callback_text(cx, shown, None)
    };
    Some(match callbacks.as_slice() {
        [] => return None,
        [only] => format!("cb=[{}]", one(cx, *only)),
        [first, second] => format!("cb=[{}, {}]", one(cx, *first), one(cx, *second)),
        [first, .., last] => {
            let n_more = callbacks.len() - 2;
            format!("cb=[{}, <{n_more} more>, {}]", one(cx, *first), one(cx, *last))
        }
    })
}

/// A callable with its arguments: `function(1, 2) at file:line`.
pub fn callback_text(cx: &mut Cx, callback: Value, args: Option<&[Value]>) -> String {
    let args: Vec<String> = args.unwrap_or(&[]).iter().map(|&arg| text_of(cx, arg)).collect();
    let args = args.join(", ");
    match callback {
        Value::Func(id) => {
            let func = cx.heap.funcs.get(id);
            let link = func.link;
            let code = cx.heap.links.get(link).code();
            let qualname = func.extra.as_ref().and_then(|extra| extra.qualname.given());
            let place = format!("{}:{}", code.file, code.first_line);
            let name = match qualname {
                Some(qualname) => cx.text_of(qualname).map(|text| String::from_utf8_lossy(text).into_owned()),
                None => Some(code.qualname.to_string()),
            };
            let name = name.unwrap_or_else(|| cx.heap.text_lossy(cx.heap.funcs.get(id).name).into_owned());
            format!("{name}({args}) at {place}")
        }
        Value::Method(id) => {
            let method = *cx.heap.methods.get(id);
            match method.func {
                Value::Func(_) => callback_text(cx, method.func, None).replacen("()", &format!("({args})"), 1),
                Value::Builtin(native) => format!("{}({args})", native_text(cx, method.this, native)),
                _ => format!("{}({args})", text_of(cx, callback)),
            }
        }
        Value::Builtin(schedule::STOP) => format!("_run_until_complete_cb({args})"),
        Value::Builtin(native) => format!("{}({args})", crate::call::cx::native_def(native).name()),
        _ => format!("{}({args})", text_of(cx, callback)),
    }
}

fn native_text(cx: &Cx, this: Value, native: crate::value::NativeId) -> String {
    let name = crate::call::cx::native_def(native).name();
    match native {
        schedule::TASK_STEP => name.to_owned(),
        schedule::TASK_WAKEUP => "Task.task_wakeup".to_owned(),
        schedule::GATHER_DONE => "gather.<locals>._done_callback".to_owned(),
        _ => format!("{}.{name}", cx.class_name(this)),
    }
}

/// `main() running at file:line`.
fn coroutine_text(cx: &mut Cx, coro: Value) -> String {
    let Value::Gen(id) = coro else { return format!("{}()", cx.class_name(coro)) };
    let generator = cx.heap.gens.get(id);
    let given = generator.given_qualname();
    let mut name = given
        .and_then(|name| cx.text_of(name))
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .unwrap_or_default();
    let link = generator.link;
    if link.is_none() {
        return format!("{name}()");
    }
    let code = cx.heap.links.get(link).code();
    if given.is_none() {
        name = code.qualname.to_string();
    }
    match (generator.state, line_of(cx, id, link)) {
        (GenState::Finished, _) => format!("{name}() done, defined at {}:{}", code.file, code.first_line),
        (GenState::Running, _) => format!("{name}() running at {}:{}", code.file, code.first_line),
        (_, line) => format!("{name}() running at {}:{line}", code.file),
    }
}

/// The line at which the outermost frame of a generator stands.
fn line_of(cx: &Cx, id: Id<Generator>, link: Id<Link>) -> u32 {
    let generator: &Generator = cx.heap.gens.get(id);
    let code = cx.heap.links.get(link).code();
    let outermost = generator.parents.first().unwrap_or(&generator.seat);
    let pc = match outermost {
        Parked::Script { frame, .. } if generator.state != GenState::Created => frame.pc.saturating_sub(1),
        Parked::Script { .. } | Parked::Native { .. } => return code.first_line,
    };
    code.positions.get(pc as usize).map_or(code.first_line, |position| position.line)
}

// ----- Rows -----

/// `repr(future)`. values: self.
pub fn future_repr(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let shown = frame.values[0];
    let Some(future) = future_of(cx, shown) else { return Err(cx.type_error("a future is needed")) };
    let object = cx.heap.future(future);
    if object.state == FutureState::Finished && frame.step == 0 {
        frame.step = 1;
        let result = object.result;
        match strings::to_repr(cx, result) {
            Ok(text) => frame.told = Told::Value(text),
            Err(ask) => return Err(ask.to_come_back()),
        }
    }
    let result = match frame.step {
        0 => None,
        _ => {
            let text = std::mem::take(&mut frame.told).into_outcome()?;
            cx.text_of(text).map(|text| String::from_utf8_lossy(text).into_owned())
        }
    };
    let text = whole_text(cx, shown, future, result);
    Ok(cx.str(&text))
}

/// `repr(task)`.
pub fn task_repr(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    future_repr(cx, frame)
}

/// `repr(handle)`. values: self.
pub fn handle_repr(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let shown = frame.values[0];
    let Some(id) = handle::handle_of(cx, shown) else { return Err(cx.type_error("a handle is needed")) };
    let object = cx.heap.handles.get(id);
    if let Some(text) = object.rare.as_ref().and_then(|rare| rare.repr.given()) {
        return Ok(text);
    }
    let (callback, args, when, is_cancelled) =
        (object.callback, object.args.to_vec(), object.when, object.is_cancelled);
    let mut parts = vec![cx.class_name(shown)];
    if is_cancelled {
        parts.push("cancelled".to_owned());
    }
    if let Some(when) = when {
        let when = text_of(cx, Value::Float(when));
        parts.push(format!("when={when}"));
    }
    if !callback.is_undef() {
        parts.push(callback_text(cx, callback, Some(&args)));
    }
    let text = format!("<{}>", parts.join(" "));
    Ok(cx.str(&text))
}

/// The text of a future for those who only have its handle.
pub fn ref_text(cx: &mut Cx, future: FutureRef) -> String {
    let shown = future::shown(cx, future);
    future_text(cx, shown, future)
}
