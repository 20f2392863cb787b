//! Frame objects: a place in code, with its locals.
//!
//! The machine makes one when a script looks, and while the activation is under way only it knows the registers: the line,
//! the locals and the caller of such a frame are asked for. When the activation ends the machine leaves all that here.

use crate::call::outcome::FramePart;
use crate::call::{Cx, MachineAsk, Outcome};
use crate::types::classes;
use crate::types::exception::traceback;
use crate::types::object::address;
use crate::value::native_object::NativeObject;
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Id, Link, Value};

/// The state of a frame object.
pub struct FrameObject {
    pub link: Id<Link>,
    /// The instruction under way, of an activation that ended or is suspended.
    pub pc: u32,
    /// The caller's frame object, a traceback that has it, None, or `Undef`: not known.
    pub back: Value,
    /// A dict, or `Undef`: the machine knows, or nobody does any more.
    pub locals: Value,
    /// `f_trace`, which is kept and never called.
    pub tracer: Value,
    /// The machine's number of the activation, while it is under way.
    pub activation: Option<u64>,
}

impl NativeObject for FrameObject {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.back, self.locals, self.tracer], gray);
        if !self.link.is_none() {
            gray.push(Value::Link(self.link));
        }
    }
    fn bytes(&self) -> usize {
        size_of::<FrameObject>()
    }
}

crate::natives! {
    /// The rows of `frame`.
    pub static FRAME = [
        special "__repr__(self, /)" => frame_repr, "Return repr(self).";
        method "clear(self, /)" => frame_clear, "Clear all references held by the frame.";
        attr "f_code" => f_code, "Return the code being executed in this frame.";
        attr "f_lineno" => f_lineno, "Return the current line number in the frame.";
        attr "f_lasti" => f_lasti, "Return the index of the last attempted instruction in the frame.";
        attr "f_back" => f_back, "";
        attr "f_locals" => f_locals, "Return the mapping used by the frame to look up local variables.";
        attr "f_globals" => f_globals, "Return the global variables in the frame.";
        attr "f_builtins" => f_builtins, "Return the built-in variables in the frame.";
        attr "f_trace" => f_trace, set set_trace, "Return the trace function for this frame, or None if no trace function is set.";
        attr "f_trace_lines" => always_true, set ignore, "";
        attr "f_trace_opcodes" => always_false, set ignore, "";
    ]
}

/// The frame object of an activation that is under way.
pub fn under_way(cx: &mut Cx, link: Id<Link>, activation: u64) -> Value {
    let state = FrameObject {
        link,
        pc: 0,
        back: Value::Undef,
        locals: Value::Undef,
        tracer: Value::None,
        activation: Some(activation),
    };
    cx.heap.new_native(classes::FRAME, state)
}

/// The frame object of an activation that ended before anybody looked: without locals.
/// `back` is the caller's frame, or a traceback that leads to it.
pub fn ended(cx: &mut Cx, link: Id<Link>, pc: u32, back: Value) -> Value {
    let locals = if cx.heap.links.get(link).code().flags.is_function {
        Value::Undef
    } else {
        Value::Dict(cx.heap.links.get(link).globals)
    };
    let state = FrameObject { link, pc, back, locals, tracer: Value::None, activation: None };
    cx.heap.new_native(classes::FRAME, state)
}

/// The activation of a frame object ended (or its generator was suspended): what it leaves.
pub fn leave(cx: &mut Cx, frame: Value, pc: u32, back: Value, locals: Value) {
    if let Some(state) = state_mut(cx, frame) {
        *state = FrameObject { pc, back, locals, activation: None, link: state.link, tracer: state.tracer };
    }
}

pub fn state(cx: &Cx, value: Value) -> Option<&FrameObject> {
    let Value::Native(id) = value else { return None };
    cx.heap.native::<FrameObject>(id)
}

fn state_mut(cx: &mut Cx, value: Value) -> Option<&mut FrameObject> {
    let Value::Native(id) = value else { return None };
    cx.heap.native_mut::<FrameObject>(id)
}

fn own<'a>(cx: &'a Cx, args: &[Value]) -> &'a FrameObject {
    state(cx, args[0]).expect("self is a frame")
}

/// Link and instruction of a frame object.
pub fn place(cx: &Cx, frame: Value) -> Option<(Id<Link>, u32)> {
    state(cx, frame).map(|state| (state.link, state.pc))
}

/// The line of an instruction; that of the code where the instruction has none.
pub fn line_at(cx: &Cx, link: Id<Link>, pc: u32) -> i64 {
    let code = cx.heap.links.get(link).code();
    let line = code.positions.get(pc as usize).map_or(0, |position| position.line);
    if line == 0 { code.first_line as i64 } else { line as i64 }
}

fn ask_part(cx: &mut Cx, frame: Value, part: FramePart) -> Outcome {
    Err(cx.ask_machine(MachineAsk::OfFrame { frame, part }))
}

fn frame_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = own(cx, args);
    let (link, pc) = (state.link, state.pc);
    let line = line_at(cx, link, pc);
    let code = cx.heap.links.get(link).code().clone();
    let text = format!("<frame at {:#x}, file '{}', line {line}, code {}>", address(args[0]), code.file, code.name);
    Ok(cx.str(&text))
}

fn frame_clear(cx: &mut Cx, args: &[Value]) -> Outcome {
    if own(cx, args).activation.is_some() {
        return Err(cx.runtime_error("cannot clear an executing frame"));
    }
    if let Some(state) = state_mut(cx, args[0]) {
        state.locals = Value::Undef;
    }
    Ok(Value::None)
}

fn f_code(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Link(own(cx, args).link))
}

fn f_lineno(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = own(cx, args);
    match state.activation {
        Some(_) => ask_part(cx, args[0], FramePart::Line),
        None => Ok(Value::Int(line_at(cx, state.link, state.pc))),
    }
}

fn f_lasti(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(own(cx, args).pc as i64 * 2))
}

fn f_back(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = own(cx, args);
    match state.activation {
        Some(_) => ask_part(cx, args[0], FramePart::Back),
        None if traceback::state(cx, state.back).is_some() => {
            let back = state.back;
            traceback::get_frame(cx, &[back])
        }
        None => Ok(state.back.given().unwrap_or(Value::None)),
    }
}

fn f_locals(cx: &mut Cx, args: &[Value]) -> Outcome {
    let state = own(cx, args);
    match state.activation {
        Some(_) => ask_part(cx, args[0], FramePart::Locals),
        None if !state.locals.is_undef() => Ok(state.locals),
        None => {
            let empty = Value::Dict(cx.heap.new_dict());
            if let Some(state) = state_mut(cx, args[0]) {
                state.locals = empty;
            }
            Ok(empty)
        }
    }
}

fn f_globals(cx: &mut Cx, args: &[Value]) -> Outcome {
    let link = own(cx, args).link;
    Ok(Value::Dict(cx.heap.links.get(link).globals))
}

fn f_builtins(cx: &mut Cx, args: &[Value]) -> Outcome {
    let link = own(cx, args).link;
    Ok(Value::Dict(cx.heap.links.get(link).builtins))
}

fn f_trace(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(own(cx, args).tracer)
}

fn set_trace(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let Some(state) = state_mut(cx, args[0]) {
        state.tracer = args[1].given().unwrap_or(Value::None);
    }
    Ok(Value::None)
}

fn always_true(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(true))
}

fn always_false(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(false))
}

fn ignore(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}
