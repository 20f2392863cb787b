//! Calling a class: `__new__`, then `__init__`.
//!
//! What needs no script code is made at once by [`construct`]; otherwise it leaves a frame of [`CONSTRUCT`]. The machine has
//! ways of its own for the plain case, a script's `__init__` and nobody's `__new__`.

use super::layout;
use crate::call::{Ask, Body, CallAsk, Cx, Outcome, args, cx::native_def, launch::then_give, names};
use crate::types::attribute;
use crate::types::classes::{self, OBJECT, TYPE};
use crate::value::class::Layout;
use crate::value::special::Special;
use crate::value::{Class, DescrKind, Id, Inst, NativeFrame, NativeId, Value};

crate::natives! {
    /// The steps of calling a class.
    pub static CONSTRUCT_STEPS = [
        hidden "construct(cls, keywords, *args)" => step construct_steps, "`cls(*args)`, as `type.__call__` does it.";
    ]
}

/// The frame: values are the class, the names of keyword arguments (a tuple, or `Undef`), and all arguments.
pub const CONSTRUCT: NativeId = NativeId { table: crate::tables::CONSTRUCT_STEPS, row: 0 };

/// Whether it is a row of `object`.
pub fn is_of_object(method: Value) -> bool {
    matches!(method, Value::Builtin(id) if id.table == OBJECT.index() as u16)
}

/// The frame of a call of a class, the metaclass's `__call__` included.
pub fn construct_frame(class: Id<Class>, args: &[Value], keywords: Value) -> NativeFrame {
    let mut frame = NativeFrame::new(CONSTRUCT, &[Value::Class(class), keywords]);
    frame.values.extend_from_slice(args);
    frame
}

/// `class(*args)`, as `type.__call__` does it: the metaclass's own `__call__` is not asked.
pub fn construct(cx: &mut Cx, class: Id<Class>, args: &[Value], keywords: Value) -> Outcome {
    if let Some(outcome) = construct_at_once(cx, class, args, keywords) {
        return outcome;
    }
    let frame = NativeFrame { step: NEW, ..construct_frame(class, args, keywords) };
    Err(cx.ask_push(frame))
}

/// The same where no script code stands between `__new__` and `__init__`.
fn construct_at_once(cx: &mut Cx, class: Id<Class>, args: &[Value], keywords: Value) -> Option<Outcome> {
    if class == TYPE && keywords.is_undef() && args.len() == 1 {
        return Some(Ok(Value::Class(cx.class_of(args[0]))));
    }
    if class == TYPE && args.len() - keyword_names(cx, keywords).len() != 3 {
        return Some(Err(cx.type_error("type() takes 1 or 3 arguments")));
    }
    let new = cx.special(class, Special::New).unwrap_or_default();
    let init = cx.special(class, Special::Init).unwrap_or_default();
    let Value::Builtin(native_new) = new else { return None };
    if is_of_object(new) {
        if !is_of_object(init) {
            return None;
        }
        let outcome = check_no_arguments(cx, class, args.is_empty()).and_then(|()| instantiate(cx, class));
        return Some(outcome);
    }
    if is_of_object(init) && !cx.heap.classes.get(class).has_del {
        // The result of `__new__` is the result.
        cx.call = CallAsk { callee: new, keywords, ..CallAsk::default() };
        cx.call.args.push(Value::Class(class));
        cx.call.args.extend_from_slice(args);
        return Some(Err(Ask::Tail));
    }
    let Value::Builtin(native_init) = init else { return None };
    run_both(cx, class, native_new, native_init, args, keywords)
}

/// Whether instances of the class are made just as those of `BaseException` are: `Cx::new_exception` makes them.
pub fn is_plain_exception(cx: &mut Cx, class: Id<Class>) -> bool {
    is_exception_shell(cx, class)
        && cx.special(class, Special::Init) == cx.special(classes::BASE_EXCEPTION, Special::Init)
}

/// Whether a class is one of exceptions.
pub fn is_exception_class(cx: &Cx, class: Id<Class>) -> bool {
    matches!(cx.heap.classes.get(class).layout, Layout::Exception(_))
}

/// The same before `__init__`, which may be anybody's.
pub fn is_exception_shell(cx: &mut Cx, class: Id<Class>) -> bool {
    let object = cx.heap.classes.get(class);
    if !is_exception_class(cx, class) || object.metaclass != TYPE || object.has_del || object.is_abstract {
        return false;
    }
    cx.special(class, Special::New) == cx.special(classes::BASE_EXCEPTION, Special::New)
}

/// Native `__new__` and `__init__` that convert nothing: exceptions, mostly.
fn run_both(
    cx: &mut Cx,
    class: Id<Class>,
    new: NativeId,
    init: NativeId,
    args: &[Value],
    keywords: Value,
) -> Option<Outcome> {
    let (new_body, init_body) = (plain_body(new)?, plain_body(init)?);
    if cx.heap.classes.get(class).has_del {
        return None;
    }
    let with = |cx: &mut Cx, native: NativeId, first: Value| {
        let mut all: args::Bound = args::Bound::with_capacity(args.len() + 1);
        all.push(first);
        all.extend_from_slice(args);
        let names = keyword_names(cx, keywords);
        args::bind(cx, native, &all, &names)
    };
    let made = with(cx, new, Value::Class(class)).and_then(|bound| new_body(cx, &bound));
    let made = match made {
        Ok(made) if classes::is_subclass(cx, cx.class_of(made), class) => made,
        other => return Some(other),
    };
    Some(match with(cx, init, made).and_then(|bound| init_body(cx, &bound)) {
        Ok(_) => Ok(made),
        Err(ask) => Err(then_give(cx, ask, made)),
    })
}

/// The body of a native that runs to its end and converts nothing but `self`.
fn plain_body(native: NativeId) -> Option<crate::call::native::PlainFn> {
    use crate::call::signature::Converter;
    let def = native_def(native);
    let is_free = |converter| matches!(converter, Converter::Any | Converter::This);
    match def.body {
        Body::Plain(body) if def.signature().params.iter().all(|param| is_free(param.converter)) => Some(body),
        _ => None,
    }
}

/// The names of keyword arguments.
pub fn keyword_names(cx: &mut Cx, keywords: Value) -> Vec<crate::value::Name> {
    let Value::Tuple(id) = keywords else { return Vec::new() };
    let names = cx.heap.tuples.get(id).items().to_vec();
    names.into_iter().filter_map(|name| cx.name_of(name)).collect()
}

const META: u32 = 0;
const NEW: u32 = 1;
const MADE: u32 = 2;
const INIT_BOUND: u32 = 3;
const DONE: u32 = 4;
const GIVEN: u32 = 5;

fn construct_steps(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Class(class) = frame.values[0] else { crate::bug!("only classes are constructed") };
    loop {
        match frame.step {
            META => {
                if let Some(outcome) = call_metaclass(cx, frame, class) {
                    return outcome;
                }
                if let Some(outcome) = construct_at_once(cx, class, &frame.values[2..], frame.values[1]) {
                    // What it asks for is the result, unless it is to be tried again after a collection.
                    frame.step = if outcome == Err(Ask::Full) { META } else { GIVEN };
                    return outcome;
                }
                frame.step = NEW;
            }
            NEW => call_new(cx, frame, class)?,
            MADE => {
                let made = frame.told.into_outcome()?;
                if !classes::is_subclass(cx, cx.class_of(made), class) {
                    return Ok(made);
                }
                note_end(cx, made);
                // From here on the last value is what was made.
                frame.values.push(made);
                bind_init(cx, frame, made)?;
            }
            INIT_BOUND => {
                let bound = frame.told.into_outcome()?;
                frame.step = DONE;
                let args = frame.values[2..frame.values.len() - 1].into();
                cx.call = CallAsk { callee: bound, args, keywords: frame.values[1] };
                return Err(Ask::Call);
            }
            DONE => {
                let result = frame.told.into_outcome()?;
                if !result.is_none() {
                    let message = format!("__init__() should return None, not '{}'", cx.class_name(result));
                    return Err(cx.type_error(message));
                }
                return Ok(*frame.values.last().expect("the object was pushed"));
            }
            GIVEN => return frame.told.into_outcome(),
            step => crate::bug!("CONSTRUCT has no step {step}"),
        }
    }
}

/// The metaclass's `__call__`, if a script wrote one.
fn call_metaclass(cx: &mut Cx, frame: &NativeFrame, class: Id<Class>) -> Option<Outcome> {
    let metaclass = cx.heap.classes.get(class).metaclass;
    if metaclass == TYPE {
        return None;
    }
    let method = match cx.special(metaclass, Special::Call) {
        Some(Value::Builtin(id)) if id.table == TYPE.index() as u16 => return None,
        Some(method) => method,
        None => return Some(Err(cx.not_callable(Value::Class(class)))),
    };
    let ask = cx.ask_method(method, Value::Class(class), &frame.values[2..]);
    if ask == Ask::Call {
        cx.call.keywords = frame.values[1];
    }
    Some(Err(attribute::as_tail(ask)))
}

fn call_new(cx: &mut Cx, frame: &mut NativeFrame, class: Id<Class>) -> Result<(), Ask> {
    frame.step = MADE;
    let new = cx.special(class, Special::New).unwrap_or_default();
    if is_of_object(new) {
        if cx.special(class, Special::Init).is_some_and(is_of_object) {
            check_no_arguments(cx, class, frame.values.len() == 2)?;
        }
        let made = instantiate(cx, class);
        return frame.tell(made);
    }
    let callee = match new {
        Value::Builtin(_) | Value::Func(_) => new,
        Value::Descr(id) if cx.heap.descrs.get(id).kind == DescrKind::StaticMethod => cx.heap.descrs.get(id).get,
        other => attribute::unbound(cx, other, class)?,
    };
    cx.call = CallAsk { callee, keywords: frame.values[1], ..CallAsk::default() };
    cx.call.args.push(Value::Class(class));
    cx.call.args.extend_from_slice(&frame.values[2..]);
    Err(Ask::Call)
}

/// Calls `__init__`, or binds it first where that is not plain.
fn bind_init(cx: &mut Cx, frame: &mut NativeFrame, made: Value) -> Result<(), Ask> {
    let own = cx.class_of(made);
    let init = cx.special(own, Special::Init).unwrap_or_default();
    frame.step = DONE;
    if is_of_object(init) {
        let n_args = frame.values.len() - 3;
        if n_args > 0 && cx.special(own, Special::New).is_some_and(is_of_object) {
            check_no_arguments(cx, own, false)?;
        }
        frame.told = crate::value::Told::Value(Value::None);
        return Ok(());
    }
    if let Value::Func(_) | Value::Builtin(_) = init {
        cx.call = CallAsk { callee: init, keywords: frame.values[1], ..CallAsk::default() };
        cx.call.args.push(made);
        cx.call.args.extend_from_slice(&frame.values[2..frame.values.len() - 1]);
        return Err(Ask::Call);
    }
    frame.step = INIT_BOUND;
    let bound = attribute::bind(cx, init, made);
    frame.tell(bound)
}

// ----- Plain instances -----

fn check_no_arguments(cx: &mut Cx, class: Id<Class>, has_none: bool) -> Result<(), Ask> {
    if has_none {
        return Ok(());
    }
    let name = cx.text(cx.heap.classes.get(class).name);
    Err(cx.type_error(format!("{name}() takes no arguments")))
}

/// What `object.__new__(class)` gives: the checks, then a fresh instance.
pub fn instantiate(cx: &mut Cx, class: Id<Class>) -> Outcome {
    let object = cx.heap.classes.get(class);
    if object.layout != Layout::Object || (!object.is_heap && class != OBJECT) {
        let name = cx.text(object.name);
        if !object.is_heap && !object.is_base {
            return Err(cx.type_error(format!("cannot create '{}' instances", shown_name(cx, class))));
        }
        let mut native = class;
        while cx.heap.classes.get(native).is_heap {
            native = layout::base_of(cx, native).unwrap_or(OBJECT);
        }
        let native = cx.text(cx.heap.classes.get(native).name);
        return Err(cx.type_error(format!("object.__new__({name}) is not safe, use {native}.__new__()")));
    }
    if object.is_abstract {
        return Err(abstract_error(cx, class));
    }
    Ok(allocate(cx, class, Value::Undef))
}

/// The name with which CPython's C code would know it: with the module, unless that is builtins.
pub fn shown_name(cx: &Cx, class: Id<Class>) -> String {
    let object = cx.heap.classes.get(class);
    let name = cx.text(object.name);
    match cx.heap.get_in(object.dict, names::MODULE) {
        Some(Value::Str(module)) if !object.is_heap => format!("{}.{name}", cx.text(module)),
        _ => name,
    }
}

/// A fresh instance of a class; `payload` is the built-in value inside, `Undef` if there is none.
pub fn allocate(cx: &mut Cx, class: Id<Class>, payload: Value) -> Value {
    let shape = cx.heap.classes.get(class).root_shape;
    let inst = if payload.is_undef() { Inst::new(shape) } else { Inst::with_payload(shape, payload) };
    let made = cx.heap.new_inst(inst);
    if cx.heap.classes.get(class).has_del {
        cx.heap.mortal.push(made);
    }
    made
}

/// An exception of a class with `__del__` is registered when the class's call sees it; instances are by `allocate`.
fn note_end(cx: &mut Cx, made: Value) {
    let class = cx.class_of(made);
    if let Value::Exc(_) = made
        && cx.heap.classes.get(class).has_del
        && !cx.heap.mortal.iter().rev().any(|known| known.is(&made))
    {
        cx.heap.mortal.push(made);
    }
}

fn abstract_error(cx: &mut Cx, class: Id<Class>) -> Ask {
    let dict = cx.heap.classes.get(class).dict;
    let mut missing = match cx.heap.get_in(dict, names::ABSTRACT_METHODS) {
        Some(found) => super::methods::texts_in(cx, found),
        None => Vec::new(),
    };
    missing.sort();
    let name = cx.text(cx.heap.classes.get(class).name);
    let s = if missing.len() == 1 { "" } else { "s" };
    cx.type_error(format!(
        "Can't instantiate abstract class {name} without an implementation for abstract method{s} '{}'",
        missing.join("', '")
    ))
}

/// The first argument of a native `__new__`: a class that derives from the one which has it.
pub fn checked_class(cx: &mut Cx, value: Value, native: Id<Class>) -> Result<Id<Class>, Ask> {
    let Value::Class(class) = value else {
        let own = shown_name(cx, native);
        let message = format!("{own}.__new__(X): X is not a type object ({})", cx.class_name(value));
        return Err(cx.type_error(message));
    };
    if !classes::is_subclass(cx, class, native) {
        let own = shown_name(cx, native);
        let name = cx.text(cx.heap.classes.get(class).name);
        return Err(cx.type_error(format!("{own}.__new__({name}): {name} is not a subtype of {own}")));
    }
    if class != native && cx.heap.classes.get(class).layout == Layout::Closed {
        let name = cx.text(cx.heap.classes.get(class).name);
        let own = shown_name(cx, native);
        return Err(cx.type_error(format!("{own}.__new__({name}) is not safe, use {name}.__new__()")));
    }
    Ok(class)
}
