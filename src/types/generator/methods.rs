//! The methods and attributes of generators and coroutines.

use super::{asynchronous, place, wrapper};
use crate::call::{Ask, Cx, Outcome};
use crate::types::class::methods::repr_text;
use crate::types::classes::{self, BASE_EXCEPTION};
use crate::types::object::address;
use crate::types::{awaitable, exception};
use crate::value::{GenKind, GenState, Generator, Id, NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// The rows of `generator`.
    pub static GENERATOR = [
        special "__iter__(self, /)" => generator_iter, "Implement iter(self).";
        special "__next__(self, /)" => generator_next, "Implement next(self).";
        special "__repr__(self, /)" => generator_repr, "Return repr(self).";
        method "send(self, arg, /)" => generator_send, "send(value) -> send 'value' into generator,\nreturn next yielded value or raise StopIteration.";
        method "throw(self, typ, val=, tb=, /)" => generator_throw, "throw(value)\nthrow(type[,value[,tb]])";
        method "close(self, /)" => generator_close, "close() -> raise GeneratorExit inside generator.";
        class "__class_getitem__(cls, item, /)" => crate::types::generic_alias::class_getitem, "See PEP 585";
        attr "__name__" => get_name, set set_name, "name of the generator";
        attr "__qualname__" => get_qualname, set set_qualname, "qualified name of the generator";
        attr "gi_code" => get_code, "";
        attr "gi_frame" => get_frame, "";
        attr "gi_running" => get_running, "";
        attr "gi_suspended" => get_suspended, "";
        attr "gi_yieldfrom" => get_awaited, "object being iterated by yield from, or None";
    ]
}

crate::natives! {
    /// The rows of `coroutine`.
    pub static COROUTINE = [
        special "__await__(self, /)" => coroutine_await, "Return an iterator to be used in await expression.";
        special "__repr__(self, /)" => generator_repr, "Return repr(self).";
        method "send(self, arg, /)" => generator_send, "send(arg) -> send 'arg' into coroutine,\nreturn next iterated value or raise StopIteration.";
        method "throw(self, typ, val=, tb=, /)" => generator_throw, "throw(value)\nthrow(type[,value[,traceback]])";
        method "close(self, /)" => generator_close, "close() -> raise GeneratorExit inside coroutine.";
        class "__class_getitem__(cls, item, /)" => crate::types::generic_alias::class_getitem, "See PEP 585";
        attr "__name__" => get_name, set set_name, "name of the coroutine";
        attr "__qualname__" => get_qualname, set set_qualname, "qualified name of the coroutine";
        attr "cr_code" => get_code, "";
        attr "cr_frame" => get_frame, "";
        attr "cr_running" => get_running, "";
        attr "cr_suspended" => get_suspended, "";
        attr "cr_await" => get_awaited, "object being awaited on, or None";
        attr "cr_origin" => get_origin, "";
    ]
}

crate::natives! {
    /// The rows of `async_generator`.
    pub static ASYNC_GENERATOR = [
        special "__aiter__(self, /)" => generator_iter, "Return an awaitable, that resolves in asynchronous iterator.";
        special "__anext__(self, /)" => asynchronous::anext, "Return a value or raise StopAsyncIteration.";
        special "__repr__(self, /)" => generator_repr, "Return repr(self).";
        method "asend(self, value, /)" => asynchronous::asend, "asend(v) -> send 'v' in generator.";
        method "athrow(self, typ, val=, tb=, /)" => asynchronous::athrow, "athrow(value)\nathrow(type[,value[,tb]])";
        method "aclose(self, /)" => asynchronous::aclose, "aclose() -> raise GeneratorExit inside generator.";
        class "__class_getitem__(cls, item, /)" => crate::types::generic_alias::class_getitem, "See PEP 585";
        attr "__name__" => get_name, set set_name, "name of the async generator";
        attr "__qualname__" => get_qualname, set set_qualname, "qualified name of the async generator";
        attr "ag_code" => get_code, "";
        attr "ag_frame" => get_frame, "";
        attr "ag_running" => asynchronous::get_running, "";
        attr "ag_suspended" => get_suspended, "";
        attr "ag_await" => get_awaited, "object being awaited on, or None";
    ]
}

crate::natives! {
    /// Steps: what `throw` was given becomes an exception, which is thrown.
    pub static THROW_STEPS = [
        hidden "throw(generator, typ, val, tb)" => step throw_steps, "Normalizes, then throws.";
    ]
}

const THROW: NativeId = NativeId { table: crate::tables::THROW_STEPS, row: 0 };

fn own(args: &[Value]) -> Id<Generator> {
    let Value::Gen(id) = args[0] else { crate::bug!("self of a generator's row is a generator") };
    id
}

fn generator_iter(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(args[0])
}

fn generator_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    cx.sent = Value::None;
    Err(Ask::Resume(own(args)))
}

fn generator_send(cx: &mut Cx, args: &[Value]) -> Outcome {
    let generator = own(args);
    cx.heap.gens.get_mut(generator).was_started = true;
    cx.sent = args[1];
    Err(Ask::Resume(generator))
}

fn generator_throw(cx: &mut Cx, args: &[Value]) -> Outcome {
    let generator = own(args);
    cx.heap.gens.get_mut(generator).was_started = true;
    if let (Value::Exc(exc), Value::Undef) = (args[1], args[2]) {
        cx.thrown = exc;
        return Err(Ask::Throw(generator));
    }
    Err(cx.ask_push(NativeFrame::new(THROW, args)))
}

fn throw_steps(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Gen(generator) = frame.values[0] else { crate::bug!("a generator is thrown into") };
    if frame.step == 2 {
        return match frame.told {
            Told::Returned(value) => Err(cx.stop_iteration(value)),
            told => told.into_outcome(),
        };
    }
    let exc = thrown_exception(cx, frame, 1)?;
    frame.step = 2;
    cx.thrown = exc;
    Err(Ask::Throw(generator))
}

/// The exception of `throw(typ, val, tb)`, whose arguments are the values from `at` on. Asks for the call of a class, and
/// is to be called again with what is told.
pub fn thrown_exception(cx: &mut Cx, frame: &mut NativeFrame, at: usize) -> Result<Id<crate::value::Exc>, Ask> {
    let [kind, value, traceback] = [frame.values[at], frame.values[at + 1], frame.values[at + 2]];
    if frame.step == 0
        && let Some(given) = traceback.given().filter(|given| !given.is_none())
        && exception::traceback::state(cx, given).is_none()
    {
        return Err(cx.type_error("throw() third argument must be a traceback object"));
    }
    let exc = match kind {
        // What goes wrong in making the exception is thrown instead of it.
        _ if frame.step == 1 => match frame.told.into_outcome() {
            Ok(Value::Exc(exc)) | Err(Ask::Raise(exc)) => exc,
            Ok(other) => not_an_exception(cx, kind, other)?,
            Err(ask) => return Err(ask),
        },
        Value::Exc(_) if !value.is_undef() && !value.is_none() => {
            return Err(cx.type_error("instance exception may not have a separate value"));
        }
        Value::Exc(exc) => exc,
        Value::Class(class) if classes::is_subclass(cx, class, BASE_EXCEPTION) => match value {
            Value::Exc(exc) if cx.is_exception(exc, class) => exc,
            _ => {
                frame.step = 1;
                let args = match cx.exact(value) {
                    Value::Undef | Value::None => Vec::new(),
                    Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
                    _ => vec![value],
                };
                return Err(cx.ask_call(kind, &args));
            }
        },
        other => {
            let message = format!(
                "exceptions must be classes or instances deriving from BaseException, not {}",
                cx.class_name(other)
            );
            return Err(cx.type_error(message));
        }
    };
    if let Some(given) = traceback.given().filter(|given| !given.is_none()) {
        let object = cx.heap.excs.get_mut(exc);
        object.trace.clear();
        object.traceback = given;
    }
    Ok(exc)
}

/// The TypeError of an exception class that made something else.
fn not_an_exception(cx: &mut Cx, kind: Value, made: Value) -> Result<Id<crate::value::Exc>, Ask> {
    let shown = |cx: &Cx, class: Value| match class {
        Value::Class(class) => repr_text(cx, class),
        _ => String::new(),
    };
    let (kind, made) = (shown(cx, kind), shown(cx, Value::Class(cx.class_of(made))));
    match cx.type_error(format!("calling {kind} should have returned an instance of BaseException, not {made}")) {
        Ask::Raise(exc) => Ok(exc),
        ask => Err(ask),
    }
}

fn generator_close(cx: &mut Cx, args: &[Value]) -> Outcome {
    let generator = own(args);
    cx.heap.gens.get_mut(generator).was_started = true;
    Err(cx.ask_push(awaitable::close_frame(generator)))
}

fn coroutine_await(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(wrapper::new(cx, own(args)))
}

// ----- Attributes -----

fn generator_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let what = match cx.heap.gens.get(own(args)).kind {
        GenKind::Generator => "generator",
        GenKind::Coroutine => "coroutine",
        GenKind::AsyncGenerator => "async_generator",
    };
    let name = get_qualname(cx, args)?;
    let name = cx.text_of(name).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default();
    Ok(cx.str(&format!("<{what} object {name} at {:#x}>", address(args[0]))))
}

fn get_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    let generator = cx.heap.gens.get(own(args));
    if let Some(name) = generator.given_name() {
        return Ok(name);
    }
    let code = cx.heap.links.get(generator.link).code().clone();
    Ok(Value::Str(cx.name(&code.name)))
}

fn get_qualname(cx: &mut Cx, args: &[Value]) -> Outcome {
    let generator = cx.heap.gens.get(own(args));
    if let Some(qualname) = generator.given_qualname() {
        return Ok(qualname);
    }
    let code = cx.heap.links.get(generator.link).code().clone();
    Ok(Value::Str(cx.name(&code.qualname)))
}

fn checked_name(cx: &mut Cx, value: Value, attribute: &str) -> Outcome {
    if cx.text_of(value).is_some() {
        return Ok(value);
    }
    Err(cx.type_error(format!("{attribute} must be set to a string object")))
}

fn set_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = checked_name(cx, args[1], "__name__")?;
    cx.heap.gens.get_mut(own(args)).rare_mut().name = name;
    Ok(Value::None)
}

fn set_qualname(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = checked_name(cx, args[1], "__qualname__")?;
    cx.heap.gens.get_mut(own(args)).rare_mut().qualname = name;
    Ok(Value::None)
}

fn get_code(cx: &mut Cx, args: &[Value]) -> Outcome {
    let link = cx.heap.gens.get(own(args)).link;
    Ok(if link.is_none() { Value::None } else { Value::Link(link) })
}

fn get_frame(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(place::frame_of(cx, own(args)))
}

fn get_running(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = cx.heap.gens.get(own(args)).state;
    Ok(Value::Bool(state == GenState::Running))
}

fn get_suspended(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = cx.heap.gens.get(own(args)).state;
    Ok(Value::Bool(matches!(state, GenState::Suspended | GenState::Driven)))
}

fn get_awaited(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(place::awaited_by(cx, own(args)))
}

fn get_origin(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}
