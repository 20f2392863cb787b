//! OSError: the class follows from the number, and the file's name is not among `args`.

use super::base::{args_of, exception_str, init_args, no_keywords, own, reduce_with};
use super::families::{get_slot, put_slot, set_slot, slot};
use crate::call::{Ask, Cx, Outcome};
use crate::types::class::checked_class;
use crate::types::compose::compose;
use crate::types::{classes, os_error};
use crate::value::special::Special;
use crate::value::{Class, Exc, Id, Value};

const ERRNO: usize = 0;
const STRERROR: usize = 1;
const FILENAME: usize = 2;
const FILENAME2: usize = 3;
const CHARACTERS_WRITTEN: usize = 4;

crate::natives! {
    /// The rows of OSError.
    pub static OS_ERROR_ROWS = [
        new "__new__(cls, *args, **kwargs)" => os_error_new, "Create and return a new object.";
        special "__init__(self, *args, **kwargs)" => os_error_init, "Initialize self.";
        special "__str__(self, /)" => os_error_str, "Return str(self).";
        method "__reduce__(self, /)" => os_error_reduce, "Helper for pickle.";
        attr "errno" => get_slot::<0>, set set_slot::<0>, "POSIX exception code";
        attr "strerror" => get_slot::<1>, set set_slot::<1>, "exception strerror";
        attr "filename" => get_slot::<2>, set set_slot::<2>, "exception filename";
        attr "filename2" => get_slot::<3>, set set_slot::<3>, "second exception filename";
        attr "characters_written" => get_characters, set set_characters, "";
    ]
}

/// A subclass with an `__init__` of its own and nobody's `__new__` has its arguments looked at there.
fn leaves_to_init(cx: &mut Cx, class: Id<Class>) -> bool {
    let is_own =
        |value: Option<Value>| matches!(value, Some(Value::Builtin(id)) if id.table == crate::tables::OS_ERROR);
    let (new, init) = (cx.special(class, Special::New), cx.special(class, Special::Init));
    !is_own(init) && is_own(new)
}

fn os_error_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mut class = checked_class(cx, args[0], classes::OS_ERROR)?;
    if leaves_to_init(cx, class) {
        return Ok(Value::Exc(cx.new_exception(class, &[])));
    }
    if let Value::Dict(keywords) = args[1]
        && !cx.heap.dicts.get(keywords).is_empty()
    {
        let name = cx.text(cx.heap.classes.get(class).name);
        return Err(cx.type_error(format!("{name}() takes no keyword arguments")));
    }
    let given = &args[2..];
    if class == classes::OS_ERROR
        && (2..=5).contains(&given.len())
        && let Some(errno) = given[0].as_int()
    {
        class = os_error::class_of_errno(errno);
    }
    let exc = cx.new_exception(class, given);
    keep_parts(cx, exc, class, given);
    Ok(Value::Exc(exc))
}

fn os_error_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = cx.class_of(args[0]);
    if !leaves_to_init(cx, class) {
        return Ok(Value::None);
    }
    no_keywords(cx, args[0], args[1])?;
    init_args(cx, own(args), &args[2..]);
    keep_parts(cx, own(args), class, &args[2..]);
    Ok(Value::None)
}

fn keep_parts(cx: &mut Cx, exc: Id<Exc>, class: Id<Class>, given: &[Value]) {
    if !(2..=5).contains(&given.len()) {
        return;
    }
    put_slot(cx, exc, ERRNO, given[0]);
    put_slot(cx, exc, STRERROR, given[1]);
    let Some(&filename) = given.get(2).filter(|filename| !filename.is_none()) else { return };
    let counts = classes::is_subclass(cx, class, classes::BLOCKING_IO_ERROR);
    if counts && let Some(written) = filename.as_int() {
        put_slot(cx, exc, CHARACTERS_WRITTEN, Value::Int(written));
        return;
    }
    put_slot(cx, exc, FILENAME, filename);
    if let Some(&filename2) = given.get(4).filter(|filename2| !filename2.is_none()) {
        put_slot(cx, exc, FILENAME2, filename2);
    }
    let short = cx.heap.new_tuple(&given[..2]);
    cx.heap.excs.get_mut(exc).args = short;
}

fn has(cx: &Cx, exc: Id<Exc>, at: usize) -> bool {
    cx.heap.excs.get(exc).slots.as_ref().is_some_and(|slots| !slots[at].is_undef())
}

fn os_error_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    let exc = own(args);
    let [errno, strerror, filename, filename2] = [ERRNO, STRERROR, FILENAME, FILENAME2].map(|at| slot(cx, exc, at));
    if has(cx, exc, FILENAME) {
        if has(cx, exc, FILENAME2) {
            return compose(cx, "[Errno %s] %s: %r -> %r", &[errno, strerror, filename, filename2]);
        }
        return compose(cx, "[Errno %s] %s: %r", &[errno, strerror, filename]);
    }
    if has(cx, exc, ERRNO) && has(cx, exc, STRERROR) {
        return compose(cx, "[Errno %s] %s", &[errno, strerror]);
    }
    exception_str(cx, args)
}

fn os_error_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let exc = own(args);
    let mut given = args_of(cx, exc);
    if given.len() == 2 && has(cx, exc, FILENAME) {
        given.push(slot(cx, exc, FILENAME));
        if has(cx, exc, FILENAME2) {
            given.extend([Value::None, slot(cx, exc, FILENAME2)]);
        }
    }
    let given = cx.heap.new_tuple_from(given);
    reduce_with(cx, args[0], given)
}

fn get_characters(cx: &mut Cx, args: &[Value]) -> Outcome {
    match slot(cx, own(args), CHARACTERS_WRITTEN) {
        Value::None => Err(no_characters(cx)),
        written => Ok(written),
    }
}

fn no_characters(cx: &mut Cx) -> Ask {
    cx.raise(classes::ATTRIBUTE_ERROR, "characters_written")
}

fn set_characters(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[1] {
        Value::Undef if !has(cx, own(args), CHARACTERS_WRITTEN) => return Err(no_characters(cx)),
        Value::Undef => put_slot(cx, own(args), CHARACTERS_WRITTEN, Value::Undef),
        value => match value.as_int() {
            Some(written) => put_slot(cx, own(args), CHARACTERS_WRITTEN, Value::Int(written)),
            None => {
                let message = format!("'{}' object cannot be interpreted as an integer", cx.class_name(value));
                return Err(cx.type_error(message));
            }
        },
    }
    Ok(Value::None)
}
