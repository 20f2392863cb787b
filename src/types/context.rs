//! contextvars: `Context`, `ContextVar`, `Token`.
//!
//! The current context belongs to the fiber (`cx.fiber.context`); whoever runs something for another one exchanges it.

use super::{classes, generic_alias, quick};
use crate::call::{Ask, Cx, Outcome};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::{Context, Gray, Id, Iter, NativeFrame, Value};

/// `ContextVar`.
pub struct ContextVar {
    pub name: Value,
    /// `Undef`: none.
    pub default: Value,
}

/// `Token`: what a variable was before it was set.
pub struct Token {
    pub variable: Value,
    pub context: Id<Context>,
    /// `Undef`: it was not set.
    pub old: Value,
    pub is_used: bool,
}

/// `Token.MISSING`.
pub struct Missing;

impl NativeObject for ContextVar {
    fn trace(&self, gray: &mut Gray) {
        gray.extend([self.name, self.default].into_iter().filter(|value| value.is_handle()));
    }
    fn bytes(&self) -> usize {
        size_of::<ContextVar>()
    }
}

impl NativeObject for Token {
    fn trace(&self, gray: &mut Gray) {
        gray.extend([self.variable, self.old].into_iter().filter(|value| value.is_handle()));
        gray.push(Value::Context(self.context));
    }
    fn bytes(&self) -> usize {
        size_of::<Token>()
    }
}

impl NativeObject for Missing {
    fn trace(&self, _gray: &mut Gray) {}
    fn bytes(&self) -> usize {
        0
    }
}

crate::natives! {
    /// The rows of `Context`.
    pub static CONTEXT = [
        new "__new__(cls)" => context_new, "Create and return a new object.";
        special "__len__(self, /)" => context_len, "Return len(self).";
        special "__getitem__(self, key, /)" => context_getitem, "Return self[key].";
        special "__contains__(self, key, /)" => context_contains, "Return key in self.";
        special "__iter__(self, /)" => context_iter, "Implement iter(self).";
        special "__eq__(self, other, /)" => context_eq, "Return self==other.";
        method "run(self, callable, /, *args, **kwargs)" => step context_run, "Calls it in this context.";
        method "copy(self, /)" => context_copy, "Return a shallow copy of the context object.";
        method "get(self, key, default=None, /)" => context_get, "The value of a variable, or the default.";
        method "keys(self, /)" => context_keys, "All variables.";
        method "values(self, /)" => context_values, "All values.";
        method "items(self, /)" => context_items, "All variables with their values.";
    ]
}

crate::natives! {
    /// The rows of `ContextVar`.
    pub static CONTEXT_VAR = [
        new "__new__(cls, name: str, /, *, default=)" => var_new, "Create and return a new object.";
        special "__repr__(self, /)" => var_repr, "Return repr(self).";
        method "get(self, default=, /)" => var_get, "Return a value for the context variable for the current context.";
        method "set(self, value, /)" => var_set, "Call to set a new value for the context variable in the current context.";
        method "reset(self, token, /)" => var_reset, "Reset the context variable.";
        class "__class_getitem__(cls, item, /)" => generic_alias::class_getitem, "See PEP 585";
        attr "name" => var_name, "The name.";
    ]
}

crate::natives! {
    /// The rows of `Token`.
    pub static TOKEN = [
        new "__new__(cls, *args, **kwargs)" => token_new, "Tokens are made by ContextVar.set().";
        special "__repr__(self, /)" => token_repr, "Return repr(self).";
        class "__class_getitem__(cls, item, /)" => generic_alias::class_getitem, "See PEP 585";
        attr "var" => token_var, "The variable.";
        attr "old_value" => token_old_value, "What it was before, or Token.MISSING.";
    ]
}

crate::natives! {
    /// The row of the class of `Token.MISSING`.
    pub static TOKEN_MISSING = [
        special "__repr__(self, /)" => missing_repr, "Return repr(self).";
    ]
}

/// A copy of the current context: what a callback or a task gets.
#[inline]
pub fn copy_current(cx: &mut Cx) -> Id<Context> {
    let copy = cx.heap.contexts.get(cx.fiber.context).copied();
    cx.heap.charge(size_of::<Context>());
    cx.heap.contexts.alloc(copy)
}

/// `contextvars.copy_context()`.
pub fn copy_context(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Context(copy_current(cx)))
}

fn this(cx: &mut Cx, args: &[Value]) -> Result<Id<Context>, Ask> {
    match args[0] {
        Value::Context(id) => Ok(id),
        _ => Err(cx.type_error("a context is needed")),
    }
}

/// The variable that a value is.
fn variable(cx: &mut Cx, value: Value) -> Result<Id<Boxed>, Ask> {
    if let Value::Native(id) = value
        && cx.heap.native::<ContextVar>(id).is_some()
    {
        return Ok(id);
    }
    let text = super::asyncio::repr::text_of(cx, value);
    Err(cx.type_error(format!("a ContextVar key was expected, got {text}")))
}

fn context_new(cx: &mut Cx, _args: &[Value]) -> Outcome {
    cx.heap.charge(size_of::<Context>());
    Ok(Value::Context(cx.heap.contexts.alloc(Context::default())))
}

fn context_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Int(cx.heap.contexts.get(id).bindings().len() as i64))
}

fn context_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let key = variable(cx, args[1])?;
    match cx.heap.contexts.get(id).get(key) {
        Some(value) => Ok(value),
        None => Err(cx.key_error(args[1])),
    }
}

fn context_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let key = variable(cx, args[1])?;
    Ok(Value::Bool(cx.heap.contexts.get(id).get(key).is_some()))
}

fn context_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let key = variable(cx, args[1])?;
    Ok(cx.heap.contexts.get(id).get(key).unwrap_or(args[2].given().unwrap_or(Value::None)))
}

/// An iterator over values that are listed now: nobody changes a context while it is looked at.
fn listed(cx: &mut Cx, values: &[Value]) -> Outcome {
    let sequence = cx.heap.new_tuple(values);
    Ok(cx.heap.new_iter(Iter::Items { sequence, index: 0 }))
}

fn context_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let keys: Vec<Value> = cx.heap.contexts.get(id).bindings().iter().map(|&(key, _)| Value::Native(key)).collect();
    listed(cx, &keys)
}

fn context_keys(cx: &mut Cx, args: &[Value]) -> Outcome {
    context_iter(cx, args)
}

fn context_values(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let values: Vec<Value> = cx.heap.contexts.get(id).bindings().iter().map(|&(_, value)| value).collect();
    listed(cx, &values)
}

fn context_items(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let bindings = cx.heap.contexts.get(id).bindings().to_vec();
    let pairs: Vec<Value> =
        bindings.into_iter().map(|(key, value)| cx.heap.new_tuple(&[Value::Native(key), value])).collect();
    listed(cx, &pairs)
}

fn context_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (Value::Context(left), Value::Context(right)) = (args[0], args[1]) else { return Ok(Value::NotImplemented) };
    let (left, right) =
        (cx.heap.contexts.get(left).bindings().to_vec(), cx.heap.contexts.get(right).bindings().to_vec());
    if left.len() != right.len() {
        return Ok(Value::Bool(false));
    }
    for ((key, value), (other_key, other)) in left.into_iter().zip(right) {
        if key != other_key || !(value.is(&other) || quick::quick_eq(cx, value, other).unwrap_or(false)) {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

fn context_copy(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let copy = cx.heap.contexts.get(id).copied();
    cx.heap.charge(size_of::<Context>());
    Ok(Value::Context(cx.heap.contexts.alloc(copy)))
}

/// values: self, callable, the dict of keywords, the arguments; the context from before takes the place of the dict.
fn context_run(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = this(cx, &frame.values)?;
    if frame.step == 1 {
        cx.heap.contexts.get_unbarred(id).is_entered = false;
        if let Value::Context(before) = frame.values[2] {
            cx.fiber.context = before;
        }
        return frame.told.into_outcome();
    }
    if cx.heap.contexts.get(id).is_entered {
        let text = super::asyncio::repr::text_of(cx, frame.values[0]);
        return Err(cx.runtime_error(format!("cannot enter context: {text} is already entered")));
    }
    cx.ask_call(frame.values[1], &frame.values[3..]);
    if let Value::Dict(keywords) = frame.values[2] {
        let entries: Vec<_> = cx.heap.dicts.get(keywords).iter().map(|entry| (entry.key, entry.value)).collect();
        if !entries.is_empty() {
            cx.call.args.extend(entries.iter().map(|&(_, value)| value));
            let names: Vec<Value> = entries.into_iter().map(|(key, _)| key).collect();
            cx.call.keywords = cx.heap.new_tuple(&names);
        }
    }
    frame.step = 1;
    frame.values[2] = Value::Context(cx.fiber.context);
    cx.heap.contexts.get_unbarred(id).is_entered = true;
    cx.fiber.context = id;
    Err(Ask::Call)
}

// ----- Variables -----

fn var_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let variable = ContextVar { name: args[1], default: args[2] };
    Ok(cx.heap.new_native(classes::CONTEXT_VAR, variable))
}

fn own(cx: &mut Cx, args: &[Value]) -> Result<(Id<Boxed>, Value, Value), Ask> {
    let id = variable(cx, args[0])?;
    let variable = cx.heap.native::<ContextVar>(id).expect("it was one");
    Ok((id, variable.name, variable.default))
}

fn var_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, name, default) = own(cx, args)?;
    let name = super::asyncio::repr::text_of(cx, name);
    let default = match default.given() {
        Some(default) => format!(" default={}", super::asyncio::repr::text_of(cx, default)),
        None => String::new(),
    };
    let text = format!("<ContextVar name={name}{default} at {:#x}>", quick::identity(Value::Native(id)));
    Ok(cx.str(&text))
}

fn var_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, _, default) = own(cx, args)?;
    if let Some(value) = cx.heap.contexts.get(cx.fiber.context).get(id) {
        return Ok(value);
    }
    match args[1].given().or(default.given()) {
        Some(value) => Ok(value),
        None => Err(cx.raise_with(classes::LOOKUP_ERROR, &[args[0]])),
    }
}

fn var_set(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, _, _) = own(cx, args)?;
    let context = cx.fiber.context;
    let old = cx.heap.contexts.get(context).get(id).unwrap_or(Value::Undef);
    cx.heap.contexts.get_mut(context).set(id, args[1]);
    cx.heap.charge(size_of::<(Value, Value)>());
    Ok(cx.heap.new_native(classes::TOKEN, Token { variable: args[0], context, old, is_used: false }))
}

fn var_reset(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, _, _) = own(cx, args)?;
    let token = match args[1] {
        Value::Native(token) => cx.heap.native_mut::<Token>(token),
        _ => None,
    };
    let Some(token) = token else {
        let text = super::asyncio::repr::text_of(cx, args[1]);
        return Err(cx.type_error(format!("expected an instance of Token, got {text}")));
    };
    let (variable, context, old, is_used) = (token.variable, token.context, token.old, token.is_used);
    let shown = super::asyncio::repr::text_of(cx, args[1]);
    if is_used {
        return Err(cx.runtime_error(format!("{shown} has already been used once")));
    }
    if !variable.is(&args[0]) {
        return Err(cx.value_error(format!("{shown} was created by a different ContextVar")));
    }
    if context != cx.fiber.context {
        return Err(cx.value_error(format!("{shown} was created in a different Context")));
    }
    if let Value::Native(token) = args[1]
        && let Some(token) = cx.heap.native_mut::<Token>(token)
    {
        token.is_used = true;
    }
    let bindings = cx.heap.contexts.get_mut(context);
    if old.is_undef() {
        bindings.remove(id)
    } else {
        bindings.set(id, old)
    }
    Ok(Value::None)
}

fn var_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    own(cx, args).map(|(_, name, _)| name)
}

// ----- Tokens -----

fn token_new(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.runtime_error("Tokens can only be created by ContextVars"))
}

fn token_parts(cx: &mut Cx, args: &[Value]) -> Result<(Value, Value, bool), Ask> {
    let found = match args[0] {
        Value::Native(id) => cx.heap.native::<Token>(id).map(|token| (token.variable, token.old, token.is_used)),
        _ => None,
    };
    match found {
        Some(found) => Ok(found),
        None => Err(cx.type_error("a token is needed")),
    }
}

fn token_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (variable, _, is_used) = token_parts(cx, args)?;
    let variable = super::asyncio::repr::text_of(cx, variable);
    let used = if is_used { " used" } else { "" };
    let text = format!("<Token{used} var={variable} at {:#x}>", quick::identity(args[0]));
    Ok(cx.str(&text))
}

fn token_var(cx: &mut Cx, args: &[Value]) -> Outcome {
    token_parts(cx, args).map(|(variable, _, _)| variable)
}

fn token_old_value(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (_, old, _) = token_parts(cx, args)?;
    match old.given() {
        Some(old) => Ok(old),
        None => Ok(missing(cx)),
    }
}

/// `Token.MISSING`, from the dict of its class.
pub fn missing(cx: &mut Cx) -> Value {
    let dict = classes::dict_of(cx, classes::TOKEN);
    let name = cx.name("MISSING");
    if let Some(known) = cx.heap.get_in(dict, name) {
        return known;
    }
    let made = cx.heap.new_native(classes::TOKEN_MISSING, Missing);
    cx.heap.set_in(dict, name, made);
    made
}

fn missing_repr(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(cx.str("<Token.MISSING>"))
}
