//! `itemgetter`, `attrgetter`, `methodcaller`: callables that keep what they look up.

use super::{attribute, classes, item, strings, walk};
use crate::call::{Ask, Cx, Outcome};
use crate::value::native_object::NativeObject;
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Name, NativeFrame, Value};

/// The state of an `itemgetter`: its keys.
struct ItemGetter {
    keys: Vec<Value>,
}

/// The state of an `attrgetter`: paths of names.
struct AttrGetter {
    paths: Vec<Vec<Name>>,
    /// As they were given.
    texts: Vec<Value>,
}

/// The state of a `methodcaller`.
struct MethodCaller {
    name: Name,
    /// Positional arguments, then those with names.
    args: Vec<Value>,
    /// A tuple of names, or `Undef`.
    keywords: Value,
}

impl NativeObject for ItemGetter {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&self.keys, gray);
    }
    fn bytes(&self) -> usize {
        size_of::<ItemGetter>() + self.keys.capacity() * size_of::<Value>()
    }
}

impl NativeObject for AttrGetter {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&self.texts, gray);
        gray.extend(self.paths.iter().flatten().map(|&name| Value::Str(name)));
    }
    fn bytes(&self) -> usize {
        size_of::<AttrGetter>() + self.texts.capacity() * size_of::<Value>() + self.paths.len() * 64
    }
}

impl NativeObject for MethodCaller {
    fn trace(&self, gray: &mut Gray) {
        gray.push(Value::Str(self.name));
        trace_values(&self.args, gray);
        trace_values(&[self.keywords], gray);
    }
    fn bytes(&self) -> usize {
        size_of::<MethodCaller>() + self.args.capacity() * size_of::<Value>()
    }
}

crate::natives! {
    /// The rows of `itemgetter`.
    pub static ITEM_GETTER_ROWS = [
        new "__new__(cls, item, /, *items)" => item_getter_new, "Return a callable object that fetches the given item(s) from its operand.";
        special "__call__(self, obj, /)" => step item_getter_call, "Call self as a function.";
        special "__repr__(self, /)" => item_getter_repr, "Return repr(self).";
        method "__reduce__(self, /)" => item_getter_reduce, "Return state information for pickling";
    ]
}

crate::natives! {
    /// The rows of `attrgetter`.
    pub static ATTR_GETTER_ROWS = [
        new "__new__(cls, attr, /, *attrs)" => attr_getter_new, "Return a callable object that fetches the given attribute(s) from its operand.";
        special "__call__(self, obj, /)" => step attr_getter_call, "Call self as a function.";
        special "__repr__(self, /)" => attr_getter_repr, "Return repr(self).";
        method "__reduce__(self, /)" => attr_getter_reduce, "Return state information for pickling";
    ]
}

crate::natives! {
    /// The rows of `methodcaller`.
    pub static METHOD_CALLER_ROWS = [
        new "__new__(cls, name, /, *args, **kwargs)" => method_caller_new, "Return a callable object that calls the given method on its operand.";
        special "__call__(self, obj, /)" => step method_caller_call, "Call self as a function.";
        special "__repr__(self, /)" => step method_caller_repr, "Return repr(self).";
    ]
}

// ----- itemgetter -----

fn item_getter_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.new_native(classes::ITEM_GETTER, ItemGetter { keys: args[1..].to_vec() }))
}

fn item_getter(cx: &Cx, this: Value) -> &ItemGetter {
    let Value::Native(id) = this else { crate::bug!("an itemgetter is native") };
    cx.heap.native(id).expect("self was converted")
}

/// Values: self, obj, then what was found.
fn item_getter_call(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 1 {
        frame.step = 0;
        let found = frame.told.into_outcome()?;
        frame.values.push(found);
    }
    loop {
        let at = frame.values.len() - 2;
        let keys = &item_getter(cx, frame.values[0]).keys;
        let n_keys = keys.len();
        let Some(&key) = keys.get(at) else { break };
        match item::get(cx, frame.values[1], key) {
            Ok(found) if n_keys == 1 => return Ok(found),
            Ok(found) => frame.values.push(found),
            Err(Ask::Full) => return Err(Ask::Full),
            Err(ask) => {
                frame.step = 1;
                return Err(ask.to_come_back());
            }
        }
    }
    Ok(tuple_or_only(cx, &frame.values[2..]))
}

fn tuple_or_only(cx: &mut Cx, found: &[Value]) -> Value {
    match *found {
        [only] => only,
        ref several => cx.heap.new_tuple(several),
    }
}

fn item_getter_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let keys = item_getter(cx, args[0]).keys.clone();
    walk::repr_parts(cx, "operator.itemgetter(", &keys, ")")
}

fn item_getter_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let keys = item_getter(cx, args[0]).keys.clone();
    let keys = cx.heap.new_tuple_from(keys);
    Ok(cx.heap.new_tuple(&[Value::Class(classes::ITEM_GETTER), keys]))
}

// ----- attrgetter -----

fn attr_getter_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mut paths = Vec::new();
    for &text in &args[1..] {
        let Some(bytes) = cx.text_of(text) else { return Err(cx.type_error("attribute name must be a string")) };
        let parts: Vec<Vec<u8>> = bytes.split(|&byte| byte == b'.').map(<[u8]>::to_vec).collect();
        paths.push(parts.iter().map(|part| cx.heap.intern(part)).collect());
    }
    Ok(cx.heap.new_native(classes::ATTR_GETTER, AttrGetter { paths, texts: args[1..].to_vec() }))
}

fn attr_getter(cx: &Cx, this: Value) -> &AttrGetter {
    let Value::Native(id) = this else { crate::bug!("an attrgetter is native") };
    cx.heap.native(id).expect("self was converted")
}

/// Values: self, obj, how far in the path, the object there, then what was found.
fn attr_getter_call(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    const FOUND: usize = 4;
    if frame.values.len() == 2 {
        frame.values.extend_from_slice(&[Value::Int(0), frame.values[1]]);
    }
    loop {
        if frame.step == 1 {
            frame.step = 0;
            frame.values[3] = frame.told.into_outcome()?;
            frame.values[2] = Value::Int(frame.values[2].as_int().unwrap_or(0) + 1);
        }
        let getter = attr_getter(cx, frame.values[0]);
        let Some(path) = getter.paths.get(frame.values.len() - FOUND) else { break };
        let at = frame.values[2].as_int().unwrap_or(0) as usize;
        let Some(&name) = path.get(at) else {
            let found = frame.values[3];
            frame.values.push(found);
            (frame.values[2], frame.values[3]) = (Value::Int(0), frame.values[1]);
            continue;
        };
        match attribute::get(cx, frame.values[3], name) {
            Ok(found) => {
                frame.values[3] = found;
                frame.values[2] = Value::Int(at as i64 + 1);
            }
            Err(Ask::Full) => return Err(Ask::Full),
            Err(ask) => {
                frame.step = 1;
                return Err(ask.to_come_back());
            }
        }
    }
    Ok(tuple_or_only(cx, &frame.values[FOUND..]))
}

fn attr_getter_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let texts = attr_getter(cx, args[0]).texts.clone();
    walk::repr_parts(cx, "operator.attrgetter(", &texts, ")")
}

fn attr_getter_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let texts = attr_getter(cx, args[0]).texts.clone();
    let texts = cx.heap.new_tuple_from(texts);
    Ok(cx.heap.new_tuple(&[Value::Class(classes::ATTR_GETTER), texts]))
}

// ----- methodcaller -----

/// Args: cls, name, the dict of keywords, the positional arguments.
fn method_caller_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(name) = cx.name_of(args[1]) else { return Err(cx.type_error("method name must be a string")) };
    let Value::Dict(keywords) = args[2] else { crate::bug!("keyword arguments are a dict") };
    let (names, values): (Vec<Value>, Vec<Value>) =
        cx.heap.dicts.get(keywords).iter().map(|entry| (entry.key, entry.value)).unzip();
    let keywords = if names.is_empty() { Value::Undef } else { cx.heap.new_tuple_from(names) };
    let args = args[3..].iter().copied().chain(values).collect();
    Ok(cx.heap.new_native(classes::METHOD_CALLER, MethodCaller { name, args, keywords }))
}

fn method_caller(cx: &Cx, this: Value) -> &MethodCaller {
    let Value::Native(id) = this else { crate::bug!("a methodcaller is native") };
    cx.heap.native(id).expect("self was converted")
}

/// Values: self, obj. Step 1: the method came.
fn method_caller_call(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let method = match frame.step {
        0 => {
            let name = method_caller(cx, frame.values[0]).name;
            match attribute::get(cx, frame.values[1], name) {
                Ok(method) => method,
                Err(Ask::Full) => return Err(Ask::Full),
                Err(ask) => {
                    frame.step = 1;
                    return Err(ask.to_come_back());
                }
            }
        }
        _ => frame.told.into_outcome()?,
    };
    let caller = method_caller(cx, frame.values[0]);
    let (args, keywords) = (caller.args.clone(), caller.keywords);
    let ask = cx.ask_tail(method, &args);
    cx.call.keywords = keywords;
    Err(ask)
}

/// Values: self, then the texts of the parts. Step 1: a text came.
fn method_caller_repr(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 1 {
        frame.step = 0;
        let text = frame.told.into_outcome()?;
        frame.values.push(text);
    }
    loop {
        let at = frame.values.len() - 1;
        let caller = method_caller(cx, frame.values[0]);
        let part = if at == 0 { Some(Value::Str(caller.name)) } else { caller.args.get(at - 1).copied() };
        let Some(part) = part else { break };
        match strings::to_repr(cx, part) {
            Ok(text) => frame.values.push(text),
            Err(Ask::Full) => return Err(Ask::Full),
            Err(ask) => {
                frame.step = 1;
                return Err(ask.to_come_back());
            }
        }
    }
    let caller = method_caller(cx, frame.values[0]);
    let names: Vec<Value> = match caller.keywords {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        _ => Vec::new(),
    };
    let n_positional = frame.values.len() - 1 - names.len();
    let mut text = b"operator.methodcaller(".to_vec();
    for (at, &part) in frame.values[1..].iter().enumerate() {
        if at > 0 {
            text.extend_from_slice(b", ");
        }
        if let Some(&name) = at.checked_sub(n_positional).and_then(|at| names.get(at)) {
            text.extend_from_slice(cx.text_of(name).unwrap_or_default());
            text.push(b'=');
        }
        text.extend_from_slice(cx.text_of(part).unwrap_or_default());
    }
    text.push(b')');
    Ok(cx.heap.new_str_from(text))
}
