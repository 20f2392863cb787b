//! Exception groups, and what `except*` does with them.
//!
//! A group keeps its message in slot 0 and a tuple of exceptions in slot 1. Taking one apart is in [`super::split`].

use super::base::{args_of, no_keywords, own};
use super::families::{get_slot, put_slot, slot};
use super::raising::{handler_classes, is_one_of};
use super::split::{self, Condition};
use crate::call::{Ask, Cx, Outcome};
use crate::types::class::checked_class;
use crate::types::classes::{self, BASE_EXCEPTION_GROUP, EXCEPTION, EXCEPTION_GROUP};
use crate::types::compose::compose;
use crate::value::special::Special;
use crate::value::{Class, Exc, Id, NativeFrame, NativeId, Told, Value};

pub const MESSAGE: usize = 0;
pub const EXCEPTIONS: usize = 1;

crate::natives! {
    /// The rows of BaseExceptionGroup.
    pub static BASE_EXCEPTION_GROUP_ROWS = [
        new "__new__(cls, *args, **kwargs)" => step group_new, "A combination of multiple unrelated exceptions.";
        special "__init__(self, *args, **kwargs)" => group_init, "Initialize self.";
        special "__str__(self, /)" => group_str, "Return str(self).";
        special "__repr__(self, /)" => group_repr, "Return repr(self).";
        method "derive(self, excs, /)" => derive, "";
        method "split(self, matcher_value, /)" => split_native, "";
        method "subgroup(self, matcher_value, /)" => subgroup_native, "";
        class "__class_getitem__(cls, item, /)" => crate::types::generic_alias::class_getitem, "See PEP 585";
        attr "message" => get_slot::<0>, set read_only, "exception message";
        attr "exceptions" => get_exceptions, set read_only, "nested exceptions";
    ]
}

crate::natives! {
    /// Steps of `except*`.
    pub static STAR_STEPS = [
        hidden "star_match(rest, info)" => step star_match_steps, "The part of what is left that a clause takes.";
        hidden "star_end(original, rest, raised)" => step star_end_steps, "What is to be raised after all clauses.";
    ]
}

const STAR_MATCH: NativeId = NativeId { table: crate::tables::STAR_STEPS, row: 0 };
const STAR_END: NativeId = NativeId { table: crate::tables::STAR_STEPS, row: 1 };

fn read_only(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.raise(classes::ATTRIBUTE_ERROR, "readonly attribute"))
}

pub fn is_group(cx: &Cx, exc: Id<Exc>) -> bool {
    cx.is_exception(exc, BASE_EXCEPTION_GROUP)
}

/// The exceptions in a group.
pub fn exceptions_of(cx: &Cx, group: Id<Exc>) -> Vec<Id<Exc>> {
    let Value::Tuple(tuple) = slot(cx, group, EXCEPTIONS) else { return Vec::new() };
    let as_exc = |value: &Value| match value {
        Value::Exc(id) => Some(*id),
        _ => None,
    };
    cx.heap.tuples.get(tuple).items().iter().filter_map(as_exc).collect()
}

// ----- Making one -----

fn group_new(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        let class = checked_class(cx, frame.values[0], BASE_EXCEPTION_GROUP)?;
        if let Value::Dict(keywords) = frame.values[1]
            && !cx.heap.dicts.get(keywords).is_empty()
        {
            let name = cx.text(cx.heap.classes.get(class).name);
            return Err(cx.type_error(format!("{name}() takes no keyword arguments")));
        }
        let [message, excs] = frame.values[2..] else {
            let n = frame.values.len() - 2;
            return Err(cx.type_error(format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({n} given)")));
        };
        if cx.text_of(message).is_none() {
            let text = format!("BaseExceptionGroup.__new__() argument 1 must be str, not {}", cx.class_name(message));
            return Err(cx.type_error(text));
        }
        frame.step = 1;
        match cx.exact(excs) {
            items @ (Value::Tuple(_) | Value::List(_)) => frame.told = Told::Value(items),
            Value::Dict(_) | Value::Set(_) | Value::FrozenSet(_) => return Err(not_a_sequence(cx)),
            _ if cx.special_of(excs, Special::GetItem).is_none() => return Err(not_a_sequence(cx)),
            _ => return Err(cx.ask_call(Value::Class(classes::TUPLE), &[excs])),
        }
    }
    let items = match frame.told.into_outcome()? {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        Value::List(id) => cx.heap.lists.get(id).items.clone(),
        other => crate::bug!("{other:?} is no sequence of our own"),
    };
    let Value::Class(class) = frame.values[0] else { crate::bug!("it was checked") };
    let class = check_items(cx, class, &items)?;
    let exc = cx.new_exception(class, &frame.values[2..]);
    let tuple = cx.heap.new_tuple_from(items);
    put_slot(cx, exc, MESSAGE, frame.values[2]);
    put_slot(cx, exc, EXCEPTIONS, tuple);
    Ok(Value::Exc(exc))
}

fn not_a_sequence(cx: &mut Cx) -> Ask {
    cx.type_error("second argument (exceptions) must be a sequence")
}

/// The class that the group will have: ExceptionGroup where all are Exceptions.
fn check_items(cx: &mut Cx, class: Id<Class>, items: &[Value]) -> Result<Id<Class>, Ask> {
    if items.is_empty() {
        return Err(cx.value_error("second argument (exceptions) must be a non-empty sequence"));
    }
    let mut are_exceptions = true;
    for (at, &item) in items.iter().enumerate() {
        let Value::Exc(exc) = item else {
            let message = format!("Item {at} of second argument (exceptions) is not an exception");
            return Err(cx.value_error(message));
        };
        are_exceptions &= cx.is_exception(exc, EXCEPTION);
    }
    if class == BASE_EXCEPTION_GROUP {
        return Ok(if are_exceptions { EXCEPTION_GROUP } else { class });
    }
    if are_exceptions {
        return Ok(class);
    }
    if class == EXCEPTION_GROUP {
        return Err(cx.type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
    }
    if classes::is_subclass(cx, class, EXCEPTION) {
        let name = cx.text(cx.heap.classes.get(class).name);
        return Err(cx.type_error(format!("Cannot nest BaseExceptions in '{name}'")));
    }
    Ok(class)
}

/// A group of the built-in classes.
pub fn new_group(cx: &mut Cx, message: Value, excs: &[Value]) -> Id<Exc> {
    let class = check_items(cx, BASE_EXCEPTION_GROUP, excs).expect("they are exceptions, at least one");
    let list = cx.heap.new_list(excs.to_vec());
    let exc = cx.new_exception(class, &[message, list]);
    let tuple = cx.heap.new_tuple(excs);
    put_slot(cx, exc, MESSAGE, message);
    put_slot(cx, exc, EXCEPTIONS, tuple);
    exc
}

fn group_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    no_keywords(cx, args[0], args[1])?;
    super::base::init_args(cx, own(args), &args[2..]);
    Ok(Value::None)
}

fn group_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    let n = exceptions_of(cx, own(args)).len();
    let s = if n == 1 { "" } else { "s" };
    let message = slot(cx, own(args), MESSAGE);
    compose(cx, &format!("%s ({n} sub-exception{s})"), &[message])
}

/// As any exception, but the sequence is shown as it was given, or as a list where it was changed since.
fn group_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.class_name(args[0]);
    let given = args_of(cx, own(args));
    let message = slot(cx, own(args), MESSAGE);
    let excs: Vec<Value> = exceptions_of(cx, own(args)).into_iter().map(Value::Exc).collect();
    let shown = match given.get(1).map(|&excs| cx.exact(excs)) {
        Some(Value::Tuple(_)) => cx.heap.new_tuple(&excs),
        _ => cx.heap.new_list(excs),
    };
    compose(cx, &format!("{name}(%r, %r)"), &[message, shown])
}

fn get_exceptions(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(slot(cx, own(args), EXCEPTIONS))
}

fn derive(cx: &mut Cx, args: &[Value]) -> Outcome {
    let message = slot(cx, own(args), MESSAGE);
    Err(cx.ask_tail(Value::Class(BASE_EXCEPTION_GROUP), &[message, args[1]]))
}

/// The condition that a script gave to `split` or `subgroup`.
fn condition(cx: &mut Cx, value: Value) -> Result<Condition, Ask> {
    if let Value::Class(_) | Value::Tuple(_) = value
        && let Ok(classes) = handler_classes(cx, value)
    {
        return Ok(Condition::Classes(classes));
    }
    let is_callable = matches!(value, Value::Func(_) | Value::Builtin(_) | Value::Method(_))
        || (!matches!(value, Value::Class(_)) && cx.special_of(value, Special::Call).is_some());
    if is_callable {
        return Ok(Condition::Callee(value));
    }
    Err(cx.type_error("expected an exception type, a tuple of exception types, or a callable (other than a class)"))
}

fn split_native(cx: &mut Cx, args: &[Value]) -> Outcome {
    let condition = condition(cx, args[1])?;
    Err(split::ask(cx, own(args), condition, true))
}

fn subgroup_native(cx: &mut Cx, args: &[Value]) -> Outcome {
    let condition = condition(cx, args[1])?;
    Err(split::ask(cx, own(args), condition, false))
}

// ----- except* -----

/// `except*` begins: what is left to be matched, and an empty list for what clauses raise.
pub fn star_begin(cx: &mut Cx, exc: Value) -> (Value, Value) {
    (exc, cx.heap.new_list(Vec::new()))
}

/// `except* info`: the frame gives a tuple of the part of `rest` that matches (None: nothing) and of what is left after it.
pub fn star_match_frame(rest: Value, info: Value) -> NativeFrame {
    NativeFrame::new(STAR_MATCH, &[rest, info])
}

/// A clause raised an exception.
pub fn star_raised(cx: &mut Cx, raised: Value, exc: Value) -> Outcome {
    let Value::List(list) = raised else { crate::bug!("what was raised is a list") };
    cx.heap.lists.get_mut(list).items.push(exc);
    Ok(Value::None)
}

fn star_match_steps(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (rest, info) = (frame.values[0], frame.values[1]);
    if frame.step == 1 {
        return checked_pair(cx, frame, rest);
    }
    let classes = handler_classes(cx, info)?;
    if classes
        .iter()
        .any(|&class| matches!(class, Value::Class(class) if classes::is_subclass(cx, class, BASE_EXCEPTION_GROUP)))
    {
        return Err(cx.type_error("catching ExceptionGroup with except* is not allowed. Use except instead."));
    }
    let Value::Exc(exc) = rest else { return Ok(cx.heap.new_tuple(&[Value::None, Value::None])) };
    if is_group(cx, exc) {
        frame.step = 1;
        let name = cx.name("split");
        return Err(crate::types::method_call::ask(cx, rest, name, &[info]));
    }
    if !is_one_of(cx, exc, &classes) {
        return Ok(cx.heap.new_tuple(&[Value::None, rest]));
    }
    let empty = Value::Str(cx.heap.empty_str);
    let wrapped = new_group(cx, empty, &[rest]);
    // The entries of this frame; the exception inside keeps its own.
    let traceback = super::traceback_of(cx, exc);
    cx.heap.excs.get_mut(wrapped).traceback = traceback;
    Ok(cx.heap.new_tuple(&[Value::Exc(wrapped), Value::None]))
}

fn checked_pair(cx: &mut Cx, frame: &mut NativeFrame, rest: Value) -> Outcome {
    let pair = frame.told.into_outcome()?;
    let class = cx.class_of(rest);
    let Value::Tuple(id) = cx.exact(pair) else {
        let message = format!(
            "{}.split must return a tuple, not {}",
            cx.text(cx.heap.classes.get(class).name),
            cx.class_name(pair)
        );
        return Err(cx.type_error(message));
    };
    let items = cx.heap.tuples.get(id).items();
    if items.len() < 2 {
        let message = format!(
            "{}.split must return a 2-tuple, got tuple of size {}",
            cx.text(cx.heap.classes.get(class).name),
            items.len()
        );
        return Err(cx.type_error(message));
    }
    let items = [items[0], items[1]];
    Ok(cx.heap.new_tuple(&items))
}

/// `except*` ends: the exception that is to be raised, or None.
pub fn star_end(cx: &mut Cx, original: Value, rest: Value, raised: Value) -> Outcome {
    Err(cx.ask_push(NativeFrame::new(STAR_END, &[original, rest, raised])))
}

/// What came out of the clauses: parts of the original that were raised again go back to their places in it, new
/// exceptions stand beside it.
fn star_end_steps(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (original, rest) = (frame.values[0], frame.values[1]);
    if frame.step == 1 {
        let again = frame.told.into_outcome()?;
        return Ok(with_new(cx, frame, again));
    }
    let Value::Exc(first) = original else { crate::bug!("except* handles an exception") };
    let Value::List(raised) = frame.values[2] else { crate::bug!("what was raised is a list") };
    let raised = cx.heap.lists.get(raised).items.clone();
    if !is_group(cx, first) {
        return Ok(raised.first().copied().unwrap_or(rest));
    }
    if raised.is_empty() {
        return Ok(rest);
    }
    let (mut again, mut new) = (Vec::new(), Vec::new());
    for exc in raised {
        let Value::Exc(id) = exc else { continue };
        if is_part_of(cx, id, first) { again.push(id) } else { new.push(exc) }
    }
    if let Value::Exc(rest) = rest {
        again.push(rest);
    }
    frame.values[2] = cx.heap.new_list(new);
    if again.is_empty() {
        return Ok(with_new(cx, frame, Value::None));
    }
    frame.step = 1;
    let mut leaves = Vec::new();
    for exc in again {
        split::collect_leaves(cx, exc, &mut leaves);
    }
    Err(split::ask(cx, first, Condition::Leaves(leaves), false))
}

/// New exceptions and what is left of the original, as one.
fn with_new(cx: &mut Cx, frame: &NativeFrame, again: Value) -> Value {
    let Value::List(new) = frame.values[2] else { crate::bug!("the new ones are a list") };
    let mut all = cx.heap.lists.get(new).items.clone();
    if all.is_empty() {
        return again;
    }
    // One new exception alone is not wrapped.
    if let ([new], Value::None) = (all.as_slice(), again) {
        return *new;
    }
    if !again.is_none() {
        all.push(again);
    }
    let empty = Value::Str(cx.heap.empty_str);
    Value::Exc(new_group(cx, empty, &all))
}

/// Whether an exception is a part of the group that was split: it has the same traceback, cause and context.
fn is_part_of(cx: &Cx, exc: Id<Exc>, group: Id<Exc>) -> bool {
    let (one, other) = (cx.heap.excs.get(exc), cx.heap.excs.get(group));
    let same =
        |left: Value, right: Value| left.given().unwrap_or(Value::None).is(&right.given().unwrap_or(Value::None));
    is_group(cx, exc)
        && one.trace.len() == other.trace.len()
        && same(one.traceback, other.traceback)
        && same(one.cause, other.cause)
        && same(one.context, other.context)
}
