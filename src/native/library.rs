//! Functions of the library that natives call: written in Aspen, imported when first needed.

use super::import;
use crate::call::{Ask, CallAsk, Cx, Outcome};
use crate::types::attribute;
use crate::value::{NativeFrame, Told, Value};

crate::natives! {
    /// Steps of calling the library.
    pub static LIBRARY_STEPS = [
        hidden "call_library(module, function, *args)" => step call_library, "`module.function(*args)`.";
        hidden "call_library_method(module, function, keywords, *args)" => step call_library_method, "`module.function(*args, **keywords)`.";
        hidden "await_library(module, function, *args)" => step await_library, "`await module.function(*args)`.";
    ]
}

/// The function, once the module is there. values: module, function, ….
fn function(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (module, function) = (frame.values[0], frame.values[1]);
    let name = cx.name_of(function).expect("a function's name is a str");
    let module_name = cx.name_of(module).expect("a module's name is a str");
    if frame.step == 0 {
        frame.step = 1;
        if let Some(Value::Module(id)) = cx.heap.get_in(cx.modules, module_name)
            && let Some(function) = cx.heap.get_in(cx.heap.modules.get(id).dict, name)
        {
            return Ok(function);
        }
        let names = cx.heap.new_tuple(&[function]);
        return Err(cx.ask_push(import::import_frame(module, Value::None, names, 0)));
    }
    let module = std::mem::replace(&mut frame.told, Told::Start).into_outcome()?;
    attribute::get(cx, module, name)
}

fn call_library(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let callee = function(cx, frame)?;
    Err(cx.ask_tail(callee, &frame.values[2..]))
}

fn await_library(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    match frame.step {
        0 | 1 => {
            let callee = function(cx, frame)?;
            frame.step = 2;
            Err(cx.ask_call(callee, &frame.values[2..]))
        }
        2 => {
            cx.sent = std::mem::replace(&mut frame.told, Told::Start).into_outcome()?;
            frame.step = 3;
            Err(Ask::Await)
        }
        _ => frame.told.into_outcome(),
    }
}

fn call_library_method(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let callee = function(cx, frame)?;
    cx.call = CallAsk { callee, args: frame.values[3..].into(), ..CallAsk::default() };
    if let Value::Dict(keywords) = frame.values[2] {
        let entries: Vec<_> = cx.heap.dicts.get(keywords).iter().map(|entry| (entry.key, entry.value)).collect();
        if !entries.is_empty() {
            cx.call.args.extend(entries.iter().map(|&(_, value)| value));
            let names: Vec<Value> = entries.into_iter().map(|(key, _)| key).collect();
            cx.call.keywords = cx.heap.new_tuple(&names);
        }
    }
    Err(Ask::Tail)
}
