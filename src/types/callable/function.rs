//! Functions of the script.

use crate::call::outcome::BindAsk;
use crate::call::{Ask, Cx, MachineAsk, Outcome, names};
use crate::types::attribute;
use crate::types::object::address;
use crate::types::{classes, exception};
use crate::value::{Func, Id, Name, NativeFrame, Value};
use aspen_grammar::bytecode::Const;

crate::natives! {
    /// The rows of `function`.
    pub static FUNCTION = [
        new "__new__(cls, code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)" => step function_new, "Create a function object.";
        special "__get__(self, instance, owner=, /)" => function_get, "Return an attribute of instance, which is of type owner.";
        special "__call__(self, *args, **kwargs)" => call_self, "Call self as a function.";
        special "__repr__(self, /)" => function_repr, "Return repr(self).";
        attr "__name__" => get_name, set set_name, "";
        attr "__qualname__" => get_qualname, set set_qualname, "";
        attr "__doc__" => get_doc, set set_doc, "";
        attr "__module__" => get_module, set set_module, "";
        attr "__defaults__" => get_defaults, set set_defaults, "";
        attr "__kwdefaults__" => get_keyword_defaults, set set_keyword_defaults, "";
        attr "__annotations__" => get_annotations, set set_annotations, "";
        attr "__type_params__" => get_type_params, set set_type_params, "";
        attr "__code__" => get_code, set set_code, "";
        attr "__globals__" => get_globals, set read_only, "";
        attr "__builtins__" => get_builtins, set read_only, "";
        attr "__closure__" => get_closure, set read_only, "";
        attr "__dict__" => get_dict, set set_dict, "";
    ]
}

fn own(args: &[Value]) -> Id<Func> {
    let Value::Func(id) = args[0] else { crate::bug!("self of a function's row is a function") };
    id
}

pub fn read_only(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.raise(classes::ATTRIBUTE_ERROR, "readonly attribute"))
}

/// `function.__call__` and its like: calls `self` with the rest.
pub fn call_self(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Dict(keywords) = args[1] else { crate::bug!("keywords are a dict") };
    cx.ask_call_with(args[0], &args[2..], Some(keywords));
    Err(Ask::Tail)
}

fn function_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[1] {
        Value::None if args[2].is_none() || args[2].is_undef() => Err(cx.type_error("__get__(None, None) is invalid")),
        Value::None => Ok(args[0]),
        this => attribute::bind(cx, args[0], this),
    }
}

fn function_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = qualname(cx, own(args));
    let name = cx.text_of(name).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default();
    Ok(cx.str(&format!("<function {name} at {:#x}>", address(args[0]))))
}

// ----- Names and texts -----

fn get_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Str(cx.heap.funcs.get(own(args)).name))
}

fn must_be_set(cx: &mut Cx, attribute: &str, what: &str) -> Ask {
    cx.type_error(format!("{attribute} must be set to a {what}"))
}

fn set_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[1] {
        Value::Str(name) => cx.heap.funcs.get_mut(own(args)).name = name,
        other => match cx.name_of(other) {
            Some(name) => cx.heap.funcs.get_mut(own(args)).name = name,
            None => return Err(must_be_set(cx, "__name__", "string object")),
        },
    }
    Ok(Value::None)
}

/// The qualified name, as the code has it or as it was set.
pub fn qualname(cx: &mut Cx, func: Id<Func>) -> Value {
    let object = cx.heap.funcs.get(func);
    if let Some(name) = object.extra.as_ref().and_then(|extra| extra.qualname.given()) {
        return name;
    }
    let code = cx.heap.links.get(object.link).code().clone();
    Value::Str(cx.name(&code.qualname))
}

fn get_qualname(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(qualname(cx, own(args)))
}

fn set_qualname(cx: &mut Cx, args: &[Value]) -> Outcome {
    if cx.text_of(args[1]).is_none() {
        return Err(must_be_set(cx, "__qualname__", "string object"));
    }
    cx.heap.funcs.get_mut(own(args)).extra.get_or_insert_default().qualname = args[1];
    Ok(Value::None)
}

/// The docstring: the first constant of code that has one, or what was set.
pub fn doc(cx: &Cx, func: Id<Func>) -> Value {
    let object = cx.heap.funcs.get(func);
    if let Some(doc) = object.extra.as_ref().and_then(|extra| extra.doc.given()) {
        return doc;
    }
    let link = cx.heap.links.get(object.link);
    let code = link.code();
    match code.consts.first() {
        Some(Const::Str(_)) if code.flags.has_docstring => link.consts[0],
        _ => Value::None,
    }
}

fn get_doc(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(doc(cx, own(args)))
}

fn set_doc(cx: &mut Cx, args: &[Value]) -> Outcome {
    let doc = args[1].given().unwrap_or(Value::None);
    cx.heap.funcs.get_mut(own(args)).extra.get_or_insert_default().doc = doc;
    Ok(Value::None)
}

/// The name of the module in whose namespace it was made, or what was set.
pub fn module(cx: &Cx, func: Id<Func>) -> Value {
    let object = cx.heap.funcs.get(func);
    if let Some(module) = object.extra.as_ref().and_then(|extra| extra.module.given()) {
        return module;
    }
    let globals = cx.heap.links.get(object.link).globals;
    cx.heap.get_in(globals, names::NAME).unwrap_or(Value::None)
}

fn get_module(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(module(cx, own(args)))
}

fn set_module(cx: &mut Cx, args: &[Value]) -> Outcome {
    let module = args[1].given().unwrap_or(Value::None);
    cx.heap.funcs.get_mut(own(args)).extra.get_or_insert_default().module = module;
    Ok(Value::None)
}

// ----- Defaults and annotations -----

fn get_defaults(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.funcs.get(own(args)).defaults.given().unwrap_or(Value::None))
}

fn set_defaults(cx: &mut Cx, args: &[Value]) -> Outcome {
    let defaults = match args[1] {
        Value::None | Value::Undef => Value::Undef,
        given => match cx.exact(given) {
            tuple @ Value::Tuple(_) => tuple,
            _ => return Err(must_be_set(cx, "__defaults__", "tuple object")),
        },
    };
    cx.heap.funcs.get_mut(own(args)).defaults = defaults;
    Ok(Value::None)
}

fn get_keyword_defaults(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.funcs.get(own(args)).keyword_defaults.given().unwrap_or(Value::None))
}

fn set_keyword_defaults(cx: &mut Cx, args: &[Value]) -> Outcome {
    let defaults = match args[1] {
        Value::None | Value::Undef => Value::Undef,
        given => match cx.exact(given) {
            dict @ Value::Dict(_) => dict,
            _ => return Err(must_be_set(cx, "__kwdefaults__", "dict object")),
        },
    };
    cx.heap.funcs.get_mut(own(args)).keyword_defaults = defaults;
    Ok(Value::None)
}

/// The annotations, a dict made at first use.
pub fn annotations(cx: &mut Cx, func: Id<Func>) -> Value {
    let known = cx.heap.funcs.get(func).extra.as_ref().map_or(Value::Undef, |extra| extra.annotations);
    if !known.is_undef() {
        return known;
    }
    let made = Value::Dict(cx.heap.new_dict());
    cx.heap.funcs.get_mut(func).extra.get_or_insert_default().annotations = made;
    made
}

fn get_annotations(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(annotations(cx, own(args)))
}

fn set_annotations(cx: &mut Cx, args: &[Value]) -> Outcome {
    let annotations = match args[1] {
        Value::None | Value::Undef => Value::Undef,
        given => match cx.exact(given) {
            dict @ Value::Dict(_) => dict,
            _ => return Err(must_be_set(cx, "__annotations__", "dict object")),
        },
    };
    cx.heap.funcs.get_mut(own(args)).extra.get_or_insert_default().annotations = annotations;
    Ok(Value::None)
}

fn get_type_params(cx: &mut Cx, args: &[Value]) -> Outcome {
    let known = cx.heap.funcs.get(own(args)).extra.as_ref().and_then(|extra| extra.type_params.given());
    Ok(known.unwrap_or(cx.heap.empty_tuple))
}

fn set_type_params(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Tuple(_) = args[1] else { return Err(must_be_set(cx, "__type_params__", "tuple")) };
    cx.heap.funcs.get_mut(own(args)).extra.get_or_insert_default().type_params = args[1];
    Ok(Value::None)
}

/// The `SetTypeParams` instruction.
pub fn give_type_params(cx: &mut Cx, func: Value, params: Value) {
    if let Value::Func(id) = func {
        cx.heap.funcs.get_mut(id).extra.get_or_insert_default().type_params = params;
    }
}

// ----- Code and namespaces -----

fn get_code(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Link(cx.heap.funcs.get(own(args)).link))
}

/// Other code under the same globals. The function is no longer one that the machine enters straight.
fn set_code(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Link(new) = args[1] else { return Err(must_be_set(cx, "__code__", "code object")) };
    let func = own(args);
    let n_free = cx.heap.links.get(new).code().captures.len();
    let n_own = cx.heap.funcs.get(func).closure.len();
    if n_free != n_own {
        let name = cx.text(cx.heap.funcs.get(func).name);
        let message = format!("{name}() requires a code object with {n_own} free vars, not {n_free}");
        return Err(cx.value_error(message));
    }
    let globals = cx.heap.links.get(cx.heap.funcs.get(func).link).globals;
    if cx.heap.links.get(new).globals != globals {
        return Err(cx.ask_machine(MachineAsk::Bind(BindAsk { link: new, globals, for_func: Some(func) })));
    }
    rebind(cx, func, new);
    Ok(Value::None)
}

/// The function runs the code of this link from now on.
pub fn rebind(cx: &mut Cx, func: Id<Func>, link: Id<crate::value::Link>) {
    let object = cx.heap.funcs.get_mut(func);
    object.link = link;
    object.direct = Func::NEVER;
}

fn get_globals(cx: &mut Cx, args: &[Value]) -> Outcome {
    let link = cx.heap.funcs.get(own(args)).link;
    Ok(Value::Dict(cx.heap.links.get(link).globals))
}

fn get_builtins(cx: &mut Cx, args: &[Value]) -> Outcome {
    let link = cx.heap.funcs.get(own(args)).link;
    Ok(Value::Dict(cx.heap.links.get(link).builtins))
}

fn get_closure(cx: &mut Cx, args: &[Value]) -> Outcome {
    let closure = cx.heap.funcs.get(own(args)).closure.to_vec();
    if closure.is_empty() {
        return Ok(Value::None);
    }
    Ok(cx.heap.new_tuple_from(closure))
}

fn get_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    attribute::dict_attribute(cx, args[0])
}

fn set_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    if args[1].is_undef() {
        return Err(cx.type_error("cannot delete __dict__"));
    }
    attribute::set_dict_attribute(cx, args[0], args[1])
}

// ----- FunctionType(code, globals, …) -----

fn function_new(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 1 {
        let Value::Link(link) = frame.told.into_outcome()? else { crate::bug!("the machine answers with a link") };
        return make(cx, link, &frame.values);
    }
    let (code, globals) = (frame.values[1], frame.values[2]);
    let Value::Link(link) = code else {
        let message = format!("function() argument 'code' must be code, not {}", cx.class_name(code));
        return Err(cx.type_error(message));
    };
    let Value::Dict(globals) = cx.exact(globals) else {
        let message = format!("function() argument 'globals' must be dict, not {}", cx.class_name(globals));
        return Err(cx.type_error(message));
    };
    check_parts(cx, link, &frame.values)?;
    if cx.heap.links.get(link).globals == globals {
        return make(cx, link, &frame.values);
    }
    frame.step = 1;
    Err(cx.ask_machine(MachineAsk::Bind(BindAsk { link, globals, for_func: None })))
}

fn check_parts(cx: &mut Cx, link: Id<crate::value::Link>, values: &[Value]) -> Result<(), Ask> {
    let given = |at: usize| values[at].given().filter(|value| !value.is_none());
    if given(3).is_some_and(|name| cx.text_of(name).is_none()) {
        return Err(cx.type_error("arg 3 (name) must be None or string"));
    }
    if given(4).is_some_and(|defaults| !matches!(cx.exact(defaults), Value::Tuple(_))) {
        return Err(cx.type_error("arg 4 (defaults) must be None or tuple"));
    }
    if given(6).is_some_and(|defaults| !matches!(cx.exact(defaults), Value::Dict(_))) {
        return Err(cx.type_error("arg 6 (kwdefaults) must be None or dict"));
    }
    let code = cx.heap.links.get(link).code().clone();
    let closure = match given(5) {
        None if code.captures.is_empty() => return Ok(()),
        Some(Value::Tuple(id)) => cx.heap.tuples.get(id).items().to_vec(),
        Some(_) if code.captures.is_empty() => return Err(cx.type_error("arg 5 (closure) must be None or tuple")),
        _ => return Err(cx.type_error("arg 5 (closure) must be tuple")),
    };
    if closure.len() != code.captures.len() {
        let (name, wanted, n) = (&code.name, code.captures.len(), closure.len());
        return Err(cx.value_error(format!("{name} requires closure of length {wanted}, not {n}")));
    }
    for cell in closure {
        if !matches!(cell, Value::Cell(_)) {
            let message = format!("arg 5 (closure) expected cell, found {}", cx.class_name(cell));
            return Err(cx.type_error(message));
        }
    }
    Ok(())
}

fn make(cx: &mut Cx, link: Id<crate::value::Link>, values: &[Value]) -> Outcome {
    let given = |at: usize| values[at].given().filter(|value| !value.is_none());
    let name: Name = match given(3).and_then(|name| cx.name_of(name)) {
        Some(name) => name,
        None => {
            let code = cx.heap.links.get(link).code().clone();
            cx.name(&code.name)
        }
    };
    let closure = match given(5) {
        Some(Value::Tuple(id)) => cx.heap.tuples.get(id).items().into(),
        _ => Box::default(),
    };
    let func = Func {
        link,
        direct: Func::NEVER,
        closure,
        defaults: given(4).map_or(Value::Undef, |defaults| cx.exact(defaults)),
        keyword_defaults: given(6).map_or(Value::Undef, |defaults| cx.exact(defaults)),
        name,
        extra: None,
    };
    cx.heap.charge(size_of::<Func>() + crate::value::Kind::owned(&func));
    Ok(Value::Func(cx.heap.funcs.alloc(func)))
}

/// Whether an exception is the AttributeError of something that is just not there.
pub fn is_missing(cx: &Cx, ask: Ask) -> bool {
    matches!(ask, Ask::Raise(exc) if cx.is_exception(exc, exception::ATTRIBUTE_ERROR))
}
