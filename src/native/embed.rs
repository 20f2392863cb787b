//! Functions in Rust that an embedder registered, and values to and from [`Data`].
//!
//! A function is an object of the class `host_function`: the numbers of its module and of itself. A sync one has its result at
//! once. An async one becomes an operation of the host; in a running loop its call gives a future that the end of the operation
//! completes (`engine/schedule.rs`), elsewhere the fiber waits.

use crate::call::embed::{Arguments, Data, Failure, Given, HostBody, HostModule};
use crate::call::{Ask, Cx, MachineAsk, Outcome};
use crate::host::{OpId, OpOutput, OpResult};
use crate::types::asyncio::{future, schedule};
use crate::types::{classes, container, int};
use crate::value::bigint::{IntRef, text};
use crate::value::event_loop::Entry;
use crate::value::future::Role;
use crate::value::native_object::NativeObject;
use crate::value::slab::Gray;
use crate::value::{Class, Dict, Future, Id, NativeFrame, Value};

/// A function of the embedder, as a script's object.
struct HostCallable {
    module: u32,
    function: u32,
}

impl NativeObject for HostCallable {
    fn trace(&self, _gray: &mut Gray) {}
    fn bytes(&self) -> usize {
        size_of::<HostCallable>()
    }
}

crate::natives! {
    /// The rows of `host_function`.
    pub static HOST_FUNCTION = [
        special "__call__(self, /, *args, **kwargs)" => step call, "Call the function in Rust.";
        special "__repr__(self, /)" => repr, "Return repr(self).";
        attr "__name__" => get_name, "";
        attr "__qualname__" => get_name, "";
        attr "__module__" => get_module, "";
    ]
}

/// The namespace of a module in Rust.
pub fn fill(cx: &mut Cx, number: usize, dict: Id<Dict>) -> Result<(), Ask> {
    let module = cx.host_modules[number].clone();
    for (name, data) in module.values {
        let value = to_value(cx, data)?;
        let name = cx.name(&name);
        cx.heap.set_in(dict, name, value);
    }
    for (row, function) in module.functions.iter().enumerate() {
        let callable = HostCallable { module: number as u32, function: row as u32 };
        let value = cx.heap.new_native(classes::HOST_FUNCTION, callable);
        let name = cx.name(&function.name);
        cx.heap.set_in(dict, name, value);
    }
    Ok(())
}

/// The number of the module with this name.
pub fn find(cx: &Cx, name: &str) -> Option<usize> {
    cx.host_modules.iter().rposition(|module| *module.name == *name)
}

/// Whether it is a module in Rust or the package of one.
pub fn is_package(cx: &Cx, name: &str) -> bool {
    cx.host_modules.iter().any(|module| *module.name == *name)
}

fn parts(cx: &Cx, this: Value) -> (&HostModule, usize) {
    let Value::Native(id) = this else { crate::bug!("self is a host_function") };
    let callable: &HostCallable = cx.heap.native(id).expect("self is a host_function");
    (&cx.host_modules[callable.module as usize], callable.function as usize)
}

// ----- Calling -----

/// The first value is self, the second a dict of keywords, the others the positional arguments.
fn call(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 1 {
        frame.told.into_outcome()?;
        return match cx.output.take() {
            Some(output) => result_of(cx, output),
            None => Ok(Value::None),
        };
    }
    let (module, function) = parts(cx, frame.values[0]);
    let body = module.functions[function].body.clone();
    let arguments = arguments_of(cx, &frame.values);
    match body {
        HostBody::Sync(body) => given(cx, body(arguments)),
        HostBody::Async(body) => {
            let promise = body(arguments);
            let work = async move { Ok(OpOutput::Value(Box::new(promise.await))) };
            cx.n_host_calls += 1;
            let operation = cx.host.start_call(cx.n_host_calls, Box::pin(work));
            if !cx.fiber.running_loop.is_undef() {
                return future_of(cx, operation);
            }
            frame.step = 1;
            Err(cx.ask_machine(MachineAsk::Started(operation)))
        }
    }
}

fn arguments_of(cx: &mut Cx, values: &[Value]) -> Arguments {
    let mut budget = BUDGET;
    let mut arguments = Arguments::default();
    if let Value::Dict(keywords) = values[1] {
        let entries: Vec<_> = cx.heap.dicts.get(keywords).iter().map(|entry| (entry.key, entry.value)).collect();
        for (key, value) in entries {
            let key = String::from_utf8_lossy(cx.text_of(key).unwrap_or_default()).into_owned();
            arguments.keywords.push((key, data_of(cx, value, &mut Vec::new(), &mut budget)));
        }
    }
    for &value in &values[2..] {
        arguments.positional.push(data_of(cx, value, &mut Vec::new(), &mut budget));
    }
    arguments
}

/// A future that is done when the operation is.
fn future_of(cx: &mut Cx, operation: OpId) -> Outcome {
    let running = cx.fiber.running_loop;
    let Some(event_loop) = schedule::loop_of(cx, running) else {
        cx.host.cancel(operation);
        return Err(cx.not_implemented("an async function of the host in a loop that is not one of asyncio's"));
    };
    let id = future::new(cx, event_loop, Role::Call(operation));
    cx.awaited.push((operation, id));
    Ok(Value::Future(id))
}

/// An operation is over: the future that stands for it is done in its loop's next turn. False: no future does.
pub fn complete(cx: &mut Cx, operation: OpId, result: OpResult) -> Result<(), OpResult> {
    let Some(place) = cx.awaited.iter().position(|(own, _)| *own == operation) else { return Err(result) };
    let (_, id) = cx.awaited.swap_remove(place);
    let outcome = match result {
        Ok(output) => result_of(cx, output),
        Err(error) => Err(crate::types::os_error::raise(cx, &error)),
    };
    if cx.heap.futures.get(id).is_done() {
        return Ok(());
    }
    set_ahead(cx, id, outcome);
    let event_loop = cx.heap.futures.get(id).event_loop;
    // A loop that was closed meanwhile is not told.
    let _ = schedule::soon(cx, event_loop, Entry::Release(id));
    Ok(())
}

/// What the future will have once its entry has run.
fn set_ahead(cx: &mut Cx, id: Id<Future>, outcome: Outcome) {
    let future = cx.heap.futures.get_mut(id);
    match outcome {
        Ok(value) => future.result = value,
        Err(Ask::Raise(exc)) => {
            future.result = Value::Exc(exc);
            future.has_exception = true;
            future.is_unretrieved = true;
            cx.heap.mortal.push(Value::Future(id));
        }
        Err(_) => future.result = Value::None,
    }
}

/// What the script gets of an operation.
fn result_of(cx: &mut Cx, output: OpOutput) -> Outcome {
    match output {
        OpOutput::Value(value) => match value.downcast::<Given>() {
            Ok(result) => given(cx, *result),
            Err(_) => Ok(Value::None),
        },
        OpOutput::Done | OpOutput::Addresses(_) | OpOutput::Names { .. } => Ok(Value::None),
    }
}

fn given(cx: &mut Cx, given: Given) -> Outcome {
    match given {
        Ok(data) => to_value(cx, data),
        Err(failure) => Err(raise(cx, &failure)),
    }
}

/// The exception of a failure.
fn raise(cx: &mut Cx, failure: &Failure) -> Ask {
    let name = cx.name(&failure.class);
    let class = match cx.heap.get_in(cx.builtins, name) {
        Some(Value::Class(class)) if is_exception_class(cx, class) => class,
        _ => classes::RUNTIME_ERROR,
    };
    cx.raise(class, &failure.message)
}

fn is_exception_class(cx: &Cx, class: Id<Class>) -> bool {
    cx.heap.classes.get(class).is_subclass_of(classes::BASE_EXCEPTION)
}

// ----- Attributes -----

fn repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (module, function) = parts(cx, args[0]);
    let text = format!("<built-in function {}>", module.functions[function].name);
    Ok(cx.str(&text))
}

fn get_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (module, function) = parts(cx, args[0]);
    let name = module.functions[function].name.to_string();
    Ok(cx.str(&name))
}

fn get_module(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = parts(cx, args[0]).0.name.to_string();
    Ok(cx.str(&name))
}

// ----- Values -----

/// How deeply containers are taken along; what is deeper stays an object.
const MAX_DEPTH: usize = 32;
/// How many values one conversion makes; containers beyond stay objects.
const BUDGET: usize = 1 << 22;

/// A script's value as data. What has no counterpart is held.
pub fn to_data(cx: &mut Cx, value: Value) -> Data {
    data_of(cx, value, &mut Vec::new(), &mut { BUDGET })
}

/// `path`: the containers that it is in.
fn data_of(cx: &mut Cx, value: Value, path: &mut Vec<Value>, budget: &mut usize) -> Data {
    *budget = budget.saturating_sub(1);
    match value {
        Value::None | Value::Undef => Data::None,
        Value::Bool(value) => Data::Bool(value),
        Value::Int(value) => Data::Int(value),
        Value::Float(value) => Data::Float(value),
        Value::BigInt(id) => match text::to_decimal(IntRef::Big(cx.heap.big_ints.get(id)), 0) {
            Ok(digits) => Data::BigInt(digits),
            Err(_) => hold(cx, value),
        },
        Value::Str(id) => Data::Str(cx.heap.text_lossy(id).into_owned()),
        Value::Bytes(id) => Data::Bytes(cx.heap.bytes.get(id).data.to_vec()),
        Value::List(_) | Value::Tuple(_) | Value::Dict(_)
            if *budget > 0 && path.len() < MAX_DEPTH && !path.contains(&value) =>
        {
            path.push(value);
            let data = container_data(cx, value, path, budget);
            path.pop();
            data
        }
        _ => hold(cx, value),
    }
}

fn container_data(cx: &mut Cx, value: Value, path: &mut Vec<Value>, budget: &mut usize) -> Data {
    let items = match value {
        Value::List(id) => cx.heap.lists.get(id).items.clone(),
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        Value::Dict(id) => cx.heap.dicts.get(id).iter().flat_map(|entry| [entry.key, entry.value]).collect(),
        _ => Vec::new(),
    };
    let mut data: Vec<Data> = items.into_iter().map(|item| data_of(cx, item, path, budget)).collect();
    match value {
        Value::List(_) => Data::List(data),
        Value::Dict(_) => Data::Dict(
            data.chunks_exact_mut(2).map(|pair| (std::mem::take(&mut pair[0]), std::mem::take(&mut pair[1]))).collect(),
        ),
        _ => Data::Tuple(data),
    }
}

fn hold(cx: &mut Cx, value: Value) -> Data {
    let class = cx.class_name(value);
    Data::Object(cx.held.hold(value, &class))
}

/// Data as a script's value. TypeError: a key of a dict can't be one; ValueError: an object of another engine.
pub fn to_value(cx: &mut Cx, data: Data) -> Outcome {
    match data {
        Data::None => Ok(Value::None),
        Data::Bool(value) => Ok(Value::Bool(value)),
        Data::Int(value) => Ok(Value::Int(value)),
        Data::Float(value) => Ok(Value::Float(value)),
        Data::BigInt(digits) => {
            let is_number = digits.strip_prefix('-').unwrap_or(&digits).bytes().all(|byte| byte.is_ascii_digit());
            if !is_number || !digits.ends_with(|last: char| last.is_ascii_digit()) {
                return Err(cx.value_error(format!("not the digits of an int: '{digits}'")));
            }
            Ok(int::from_decimal(cx, &digits))
        }
        Data::Str(text) => Ok(cx.heap.new_str_from(text.into_bytes())),
        Data::Bytes(data) => Ok(cx.heap.new_bytes(data)),
        Data::List(items) => {
            let items = to_values(cx, items)?;
            Ok(cx.heap.new_list(items))
        }
        Data::Tuple(items) => {
            let items = to_values(cx, items)?;
            Ok(cx.heap.new_tuple_from(items))
        }
        Data::Dict(pairs) => {
            let items = to_values(cx, pairs.into_iter().flat_map(|(key, value)| [key, value]).collect())?;
            match container::build_dict(cx, &items) {
                Err(ask @ Ask::Raise(_)) => Err(ask),
                Err(_) => Err(cx.type_error("a key from Rust must be a number, a text or a tuple of such")),
                made => made,
            }
        }
        Data::Object(object) => match cx.held.get(&object) {
            Some(value) => Ok(value),
            None => Err(cx.value_error("the object belongs to another engine")),
        },
    }
}

/// The values of several data.
pub fn to_values(cx: &mut Cx, items: Vec<Data>) -> Result<Vec<Value>, Ask> {
    items.into_iter().map(|item| to_value(cx, item)).collect()
}

/// The operations whose ends are for futures; the engine drops them with its fibers.
pub fn abandon_all(cx: &mut Cx) {
    for (operation, _) in std::mem::take(&mut cx.awaited) {
        cx.host.cancel(operation);
    }
}
