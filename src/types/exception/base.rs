//! What all exceptions have.

use crate::call::{Ask, Cx, Outcome, names};
use crate::types::class::checked_class;
use crate::types::compose::compose;
use crate::types::{attribute, classes, drive, strings};
use crate::value::{Exc, Id, Value};

crate::natives! {
    /// The rows of BaseException.
    pub static BASE_EXCEPTION_ROWS = [
        new "__new__(cls, *args, **kwargs)" => exception_new, "Create and return a new object.  See help(type) for accurate signature.";
        special "__init__(self, *args, **kwargs)" => exception_init, "Initialize self.  See help(type(self)) for accurate signature.";
        special "__repr__(self, /)" => exception_repr, "Return repr(self).";
        special "__str__(self, /)" => exception_str, "Return str(self).";
        method "with_traceback(self, tb, /)" => with_traceback, "Set self.__traceback__ to tb and return self.";
        method "add_note(self, note, /)" => add_note, "Add a note to the exception";
        method "__reduce__(self, /)" => reduce, "Helper for pickle.";
        method "__setstate__(self, state, /)" => setstate, "";
        attr "args" => get_args, set set_args, "";
        attr "__traceback__" => get_traceback, set set_traceback, "";
        attr "__context__" => get_context, set set_context, "exception context";
        attr "__cause__" => get_cause, set set_cause, "exception cause";
        attr "__suppress_context__" => get_suppress_context, set set_suppress_context, "";
        attr "__dict__" => get_dict, set set_dict, "";
    ]
}

/// `self` of a row of an exception class.
pub fn own(args: &[Value]) -> Id<Exc> {
    let Value::Exc(id) = args[0] else { crate::bug!("self of an exception's row is an exception") };
    id
}

fn exception_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = checked_class(cx, args[0], classes::BASE_EXCEPTION)?;
    Ok(Value::Exc(cx.new_exception(class, &args[2..])))
}

/// The last parameter of an `__init__` is a dict of keyword arguments, of which there must be none.
pub fn no_keywords(cx: &mut Cx, this: Value, keywords: Value) -> Result<(), Ask> {
    match keywords {
        Value::Dict(dict) if !cx.heap.dicts.get(dict).is_empty() => {
            let message = format!("{}() takes no keyword arguments", cx.class_name(this));
            Err(cx.type_error(message))
        }
        _ => Ok(()),
    }
}

fn exception_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    no_keywords(cx, args[0], args[1])?;
    init_args(cx, own(args), &args[2..]);
    Ok(Value::None)
}

/// `args` become those given to `__init__`.
pub fn init_args(cx: &mut Cx, exc: Id<Exc>, given: &[Value]) {
    let known = cx.heap.excs.get(exc).args;
    if let Value::Tuple(id) = known
        && cx.heap.tuples.get(id).items() == given
    {
        return;
    }
    let tuple = cx.heap.new_tuple(given);
    cx.heap.excs.get_mut(exc).args = tuple;
}

/// The items of `args`.
pub fn args_of(cx: &Cx, exc: Id<Exc>) -> Vec<Value> {
    match cx.heap.excs.get(exc).args {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        _ => Vec::new(),
    }
}

fn exception_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.class_name(args[0]);
    match args_of(cx, own(args)).as_slice() {
        [] => Ok(cx.str(&format!("{name}()"))),
        [only] => compose(cx, &format!("{name}(%r)"), &[*only]),
        _ => {
            let tuple = cx.heap.excs.get(own(args)).args;
            compose(cx, &format!("{name}%r"), &[tuple])
        }
    }
}

/// `str(exception)` as BaseException has it.
pub fn exception_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args_of(cx, own(args)).as_slice() {
        [] => Ok(Value::Str(cx.heap.empty_str)),
        [only] => strings::to_str(cx, *only),
        _ => {
            let tuple = cx.heap.excs.get(own(args)).args;
            strings::to_repr(cx, tuple)
        }
    }
}

fn with_traceback(cx: &mut Cx, args: &[Value]) -> Outcome {
    set_traceback(cx, args)?;
    Ok(args[0])
}

fn get_traceback(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(super::traceback_of(cx, own(args)))
}

fn set_traceback(cx: &mut Cx, args: &[Value]) -> Outcome {
    let value = args[1];
    if value.is_undef() {
        return Err(cx.type_error("__traceback__ may not be deleted"));
    }
    if !value.is_none() && cx.class_of(value) != classes::TRACEBACK {
        return Err(cx.type_error("__traceback__ must be a traceback or None"));
    }
    let exc = cx.heap.excs.get_mut(own(args));
    exc.trace.clear();
    exc.traceback = value;
    Ok(Value::None)
}

fn get_context(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.excs.get(own(args)).context.given().unwrap_or(Value::None))
}

fn get_cause(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.excs.get(own(args)).cause.given().unwrap_or(Value::None))
}

fn check_chained(cx: &mut Cx, value: Value, what: &str) -> Result<(), Ask> {
    if value.is_undef() {
        return Err(cx.type_error(format!("__{what}__ may not be deleted")));
    }
    if !matches!(value, Value::None | Value::Exc(_)) {
        return Err(cx.type_error(format!("exception {what} must be None or derive from BaseException")));
    }
    Ok(())
}

fn set_context(cx: &mut Cx, args: &[Value]) -> Outcome {
    check_chained(cx, args[1], "context")?;
    cx.heap.excs.get_mut(own(args)).context = args[1];
    Ok(Value::None)
}

fn set_cause(cx: &mut Cx, args: &[Value]) -> Outcome {
    check_chained(cx, args[1], "cause")?;
    let exc = cx.heap.excs.get_mut(own(args));
    exc.cause = args[1];
    exc.suppress_context = true;
    Ok(Value::None)
}

fn get_suppress_context(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(cx.heap.excs.get(own(args)).suppress_context))
}

fn set_suppress_context(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[1] {
        Value::Bool(suppress) => cx.heap.excs.get_mut(own(args)).suppress_context = suppress,
        Value::Undef => return Err(cx.type_error("can't delete numeric/char attribute")),
        _ => return Err(cx.type_error("attribute value type must be bool")),
    }
    Ok(Value::None)
}

fn get_args(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.excs.get(own(args)).args)
}

fn set_args(cx: &mut Cx, args: &[Value]) -> Outcome {
    let items = match args[1] {
        Value::Undef => return Err(cx.type_error("args may not be deleted")),
        tuple @ Value::Tuple(_) => tuple,
        Value::List(id) => {
            let items = cx.heap.lists.get(id).items.clone();
            cx.heap.new_tuple_from(items)
        }
        other => {
            let items = items_now(cx, other)?;
            cx.heap.new_tuple_from(items)
        }
    };
    cx.heap.excs.get_mut(own(args)).args = items;
    Ok(Value::None)
}

/// The items of an iterable that needs no script code.
pub fn items_now(cx: &mut Cx, iterable: Value) -> Result<Vec<Value>, Ask> {
    match drive::quick_items(cx, iterable)? {
        Some(items) => Ok(items),
        None => Err(cx.not_iterable(iterable)),
    }
}

fn get_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    attribute::dict_attribute(cx, args[0])
}

fn set_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    attribute::set_dict_attribute(cx, args[0], args[1])
}

// ----- Notes -----

fn add_note(cx: &mut Cx, args: &[Value]) -> Outcome {
    if cx.text_of(args[1]).is_none() {
        let message = format!("note must be a str, not '{}'", cx.class_name(args[1]));
        return Err(cx.type_error(message));
    }
    append_note(cx, own(args), args[1])
}

/// Adds a note of our own; a `__notes__` that is no list stays as it is.
pub fn add_note_text(cx: &mut Cx, exc: Id<Exc>, note: &str) {
    let note = cx.str(note);
    // A script's odd `__notes__` is no reason to lose the exception itself.
    let _ = append_note(cx, exc, note);
}

fn append_note(cx: &mut Cx, exc: Id<Exc>, note: Value) -> Outcome {
    let this = Value::Exc(exc);
    match notes_of(cx, exc) {
        Some(Value::List(list)) => cx.heap.lists.get_mut(list).items.push(note),
        Some(_) => return Err(cx.type_error("Cannot add note: __notes__ is not a list")),
        None => {
            let list = cx.heap.new_list(vec![note]);
            attribute::generic_set(cx, this, names::NOTES, list)?;
        }
    }
    Ok(Value::None)
}

/// `__notes__`, if the exception has any.
pub fn notes_of(cx: &Cx, exc: Id<Exc>) -> Option<Value> {
    match attribute::own_attribute(cx, Value::Exc(exc), names::NOTES)? {
        attribute::Resolved::Field { value, .. } | attribute::Resolved::InDict(value) => value.given(),
        attribute::Resolved::FromClass { .. } | attribute::Resolved::Missing => None,
    }
}

// ----- Taking apart -----

fn reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let given = cx.heap.excs.get(own(args)).args;
    reduce_with(cx, args[0], given)
}

/// `(class, args)`, and the attributes if there are any.
pub fn reduce_with(cx: &mut Cx, this: Value, given: Value) -> Outcome {
    let class = Value::Class(cx.class_of(this));
    let own = attribute::own_names(cx, this);
    if own.is_empty() {
        return Ok(cx.heap.new_tuple(&[class, given]));
    }
    let dict = attribute::dict_attribute(cx, this)?;
    Ok(cx.heap.new_tuple(&[class, given, dict]))
}

fn setstate(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = match args[1] {
        Value::None => return Ok(Value::None),
        Value::Dict(state) => state,
        _ => return Err(cx.type_error("state is not a dictionary")),
    };
    let entries: Vec<_> = cx.heap.dicts.get(state).iter().map(|entry| (entry.key, entry.value)).collect();
    for (key, value) in entries {
        let Some(name) = cx.name_of(key) else { return Err(cx.type_error("attribute name must be string")) };
        attribute::set(cx, args[0], name, value)?;
    }
    Ok(Value::None)
}
