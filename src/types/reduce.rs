//! What an object is made of, for `copy` and `pickle`: `__reduce_ex__`, `__reduce__`, `__getstate__`.

use super::{attribute, classes, protocol};
use crate::call::outcome::ImportAsk;
use crate::call::{Ask, Cx, MachineAsk, Outcome, names};
use crate::value::class::Layout;
use crate::value::{NativeFrame, Told, Value};

/// `object.__reduce__()`: as protocol 0, by `copyreg._reduce_ex`.
pub fn object_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(cx.ask_push(NativeFrame::new(REDUCE_OLD, &[args[0], Value::Int(0)])))
}

crate::natives! {
    /// Steps of taking objects apart.
    pub static REDUCE_STEPS = [
        hidden "reduce_old(obj, protocol)" => step reduce_old, "`copyreg._reduce_ex(obj, protocol)`.";
    ]
}

const REDUCE_OLD: crate::value::NativeId = crate::value::NativeId { table: crate::tables::REDUCE_STEPS, row: 0 };

fn import_copyreg(cx: &mut Cx) -> Ask {
    cx.ask_machine(MachineAsk::Import(Box::new(ImportAsk { name: b"copyreg".to_vec() })))
}

fn reduce_old(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    match frame.step {
        0 => {
            frame.step = 1;
            Err(import_copyreg(cx))
        }
        1 => {
            let module = frame.told.into_outcome()?;
            frame.step = 2;
            let name = cx.name("_reduce_ex");
            frame.tell(attribute::get(cx, module, name))?;
            reduce_old(cx, frame)
        }
        _ => {
            let func = frame.told.into_outcome()?;
            let args = [frame.values[0], frame.values[1]];
            Err(cx.ask_tail(func, &args))
        }
    }
}

// ----- `__reduce_ex__` -----

const BEGIN: u32 = 0;
const OVERRIDDEN: u32 = 1;
const COPYREG: u32 = 2;
const MAKER: u32 = 3;
const EXTENDED: u32 = 4;
const EXTENDED_DONE: u32 = 5;
const NEW_ARGS: u32 = 6;
const NEW_ARGS_DONE: u32 = 7;
const STATE: u32 = 8;
const STATE_DONE: u32 = 9;
const ITEMS: u32 = 10;
const ITEMS_DONE: u32 = 11;

// The values: self, protocol, then what is found.
const COPYREG_MODULE: usize = 2;
const FUNC: usize = 3;
const ARGS: usize = 4;
const STATE_VALUE: usize = 5;

/// `object.__reduce_ex__(protocol)`.
pub fn object_reduce_ex(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let this = frame.values[0];
    loop {
        match frame.step {
            BEGIN => {
                frame.values.truncate(2);
                frame.values.resize(6, Value::Undef);
                let class = cx.class_of(this);
                let own = classes::lookup(cx, class, names::REDUCE);
                let is_default = matches!(own, Some(Value::Builtin(id)) if id.table == classes::OBJECT.index() as u16);
                frame.step = if is_default { COPYREG } else { OVERRIDDEN };
                if !is_default {
                    frame.tell(attribute::get(cx, this, names::REDUCE))?;
                } else if matches!(frame.values[1], Value::Int(0 | 1)) {
                    let args = [this, frame.values[1]];
                    return Err(cx.ask_push(NativeFrame::new(REDUCE_OLD, &args)));
                } else {
                    return Err(import_copyreg(cx));
                }
            }
            OVERRIDDEN => {
                let method = frame.told.into_outcome()?;
                return Err(cx.ask_tail(method, &[]));
            }
            COPYREG => {
                let module = frame.told.into_outcome()?;
                if matches!(frame.values[1], Value::Int(0 | 1)) {
                    return Ok(module);
                }
                check_layout(cx, this)?;
                frame.values[COPYREG_MODULE] = module;
                ask_optional(cx, frame, this, "__getnewargs_ex__", EXTENDED)?;
            }
            EXTENDED | NEW_ARGS => match take_optional(cx, frame)? {
                Some(method) => {
                    frame.step += 1;
                    return Err(cx.ask_call(method, &[]));
                }
                None if frame.step == EXTENDED => ask_optional(cx, frame, this, "__getnewargs__", NEW_ARGS)?,
                None => {
                    frame.step = NEW_ARGS_DONE;
                    frame.told = Told::Value(cx.heap.empty_tuple);
                }
            },
            EXTENDED_DONE => {
                let pair = frame.told.into_outcome()?;
                extended(cx, frame, pair)?;
            }
            NEW_ARGS_DONE => {
                let args = frame.told.into_outcome()?;
                let Value::Tuple(id) = cx.exact(args) else {
                    let message = format!("__getnewargs__ should return a tuple, not '{}'", cx.class_name(args));
                    return Err(cx.type_error(message));
                };
                let mut all = vec![Value::Class(cx.class_of(this))];
                all.extend_from_slice(cx.heap.tuples.get(id).items());
                frame.values[ARGS] = cx.heap.new_tuple_from(all);
                ask_module(cx, frame, "__newobj__")?;
            }
            MAKER => {
                frame.values[FUNC] = frame.told.into_outcome()?;
                frame.step = STATE;
                frame.tell(attribute::get(cx, this, names::GETSTATE))?;
            }
            STATE => {
                let method = frame.told.into_outcome()?;
                frame.step = STATE_DONE;
                return Err(cx.ask_call(method, &[]));
            }
            STATE_DONE => {
                frame.values[STATE_VALUE] = frame.told.into_outcome()?;
                frame.step = ITEMS;
                let iterator = match cx.exact(this) {
                    list @ Value::List(_) => protocol::iter(cx, list),
                    _ => Ok(Value::None),
                };
                frame.tell(iterator)?;
            }
            ITEMS => {
                let list_items = frame.told.into_outcome()?;
                frame.values[COPYREG_MODULE] = list_items;
                frame.step = ITEMS_DONE;
                match cx.exact(this) {
                    dict @ Value::Dict(_) => {
                        let name = cx.name("items");
                        let ask = super::method_call::ask(cx, dict, name, &[]);
                        return Err(ask);
                    }
                    _ => frame.told = Told::Value(Value::None),
                }
            }
            ITEMS_DONE => {
                let view = frame.told.into_outcome()?;
                let dict_items = if view.is_none() { view } else { protocol::iter(cx, view)? };
                let parts = [
                    frame.values[FUNC],
                    frame.values[ARGS],
                    frame.values[STATE_VALUE],
                    frame.values[COPYREG_MODULE],
                    dict_items,
                ];
                return Ok(cx.heap.new_tuple(&parts));
            }
            step => crate::bug!("__reduce_ex__ has no step {step}"),
        }
    }
}

/// Objects whose state is Rust's can't be taken apart in general.
fn check_layout(cx: &mut Cx, this: Value) -> Result<(), Ask> {
    let layout = cx.heap.classes.get(cx.class_of(this)).layout;
    let is_plain = matches!(
        layout,
        Layout::Object
            | Layout::Int
            | Layout::Float
            | Layout::Str
            | Layout::Bytes
            | Layout::Tuple
            | Layout::List
            | Layout::Dict
    );
    if is_plain {
        return Ok(());
    }
    let message = format!("cannot pickle '{}' object", cx.class_name(this));
    Err(cx.type_error(message))
}

fn ask_optional(cx: &mut Cx, frame: &mut NativeFrame, this: Value, name: &str, step: u32) -> Result<(), Ask> {
    frame.step = step;
    let name = cx.name(name);
    frame.tell(attribute::get(cx, this, name))
}

fn take_optional(cx: &mut Cx, frame: &NativeFrame) -> Result<Option<Value>, Ask> {
    match frame.told {
        Told::Raised(exc) if cx.is_exception(exc, classes::ATTRIBUTE_ERROR) => Ok(None),
        told => told.into_outcome().map(Some),
    }
}

fn ask_module(cx: &mut Cx, frame: &mut NativeFrame, name: &str) -> Result<(), Ask> {
    frame.step = MAKER;
    let name = cx.name(name);
    let module = frame.values[COPYREG_MODULE];
    frame.tell(attribute::get(cx, module, name))
}

fn extended(cx: &mut Cx, frame: &mut NativeFrame, pair: Value) -> Result<(), Ask> {
    let items = match cx.exact(pair) {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        _ => {
            let message = format!("__getnewargs_ex__ should return a tuple, not '{}'", cx.class_name(pair));
            return Err(cx.type_error(message));
        }
    };
    let [args, keywords] = items.as_slice() else {
        let message = format!("__getnewargs_ex__ should return a tuple of length 2, not {}", items.len());
        return Err(cx.type_error(message));
    };
    let class = Value::Class(cx.class_of(frame.values[0]));
    frame.values[ARGS] = cx.heap.new_tuple(&[class, *args, *keywords]);
    ask_module(cx, frame, "__newobj_ex__")
}

// ----- `__getstate__` -----

/// A copy of the object's dict, None if it has nothing, or a pair with the values of its slots.
pub fn object_getstate(cx: &mut Cx, args: &[Value]) -> Outcome {
    let this = args[0];
    let class = cx.class_of(this);
    let own = attribute::own_names(cx, this);
    let mut state = Value::None;
    if !own.is_empty() && matches!(this, Value::Inst(_) | Value::Exc(_)) {
        let dict = cx.heap.new_dict();
        for name in own {
            if let Some(attribute::Resolved::Field { value, .. } | attribute::Resolved::InDict(value)) =
                attribute::own_attribute(cx, this, name)
            {
                cx.heap.set_in(dict, name, value);
            }
        }
        state = Value::Dict(dict);
    }
    let slots = cx.heap.classes.get(class).slots.clone();
    if slots.is_empty() {
        return Ok(state);
    }
    let dict = cx.heap.new_dict();
    for (at, name) in slots.into_iter().enumerate() {
        let value = attribute::inst_of(cx, this).map_or(Value::Undef, |inst| inst.field(at));
        if !value.is_undef() {
            cx.heap.set_in(dict, name, value);
        }
    }
    if cx.heap.dicts.get(dict).is_empty() {
        return Ok(state);
    }
    Ok(cx.heap.new_tuple(&[state, Value::Dict(dict)]))
}
