//! Traceback objects, made from the entries of an exception when a script looks.
//!
//! While it unwinds, an exception gathers entries, innermost first. The objects are a list the other way round: the
//! head is the outermost frame, and what the exception had passed through before stands at its end.

use crate::call::{Cx, MachineAsk, Outcome};
use crate::types::{classes, frame};
use crate::value::native_object::NativeObject;
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Exc, Id, Link, Value};

/// The state of a traceback object: one frame that an exception passed through.
pub struct Traceback {
    /// A traceback, or None.
    pub next: Value,
    pub link: Id<Link>,
    pub pc: u32,
    /// The frame object; `Undef` until somebody looks.
    pub frame: Value,
    /// A line that was given by a script; otherwise the line follows from `pc`.
    pub line: Option<i64>,
    /// The traceback of the caller; `Undef` for the head, whose frame handled the exception and may be under way.
    pub outer: Value,
}

impl NativeObject for Traceback {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.next, self.frame, self.outer], gray);
        if !self.link.is_none() {
            gray.push(Value::Link(self.link));
        }
    }
    fn bytes(&self) -> usize {
        size_of::<Traceback>()
    }
}

crate::natives! {
    /// The rows of `traceback`.
    pub static TRACEBACK = [
        new "__new__(cls, tb_next, tb_frame, tb_lasti, tb_lineno)" => traceback_new, "Create a new traceback object.";
        attr "tb_next" => get_next, set set_next, "";
        attr "tb_frame" => get_frame, "";
        attr "tb_lasti" => get_lasti, "";
        attr "tb_lineno" => get_lineno, "";
        method "__dir__(self, /)" => traceback_dir, "";
    ]
}

/// `exc.__traceback__`: the entries gathered so far become objects.
pub fn traceback_of(cx: &mut Cx, exc: Id<Exc>) -> Value {
    if cx.heap.excs.get(exc).trace.is_empty() {
        return cx.heap.excs.get(exc).traceback.given().unwrap_or(Value::None);
    }
    let entries = std::mem::take(&mut cx.heap.excs.get_mut(exc).trace);
    let mut next = cx.heap.excs.get(exc).traceback.given().unwrap_or(Value::None);
    for entry in entries {
        let (link, pc, frame) = (entry.link, entry.pc, entry.frame);
        let made = Traceback { next, link, pc, frame, line: None, outer: Value::Undef };
        let made = cx.heap.new_native(classes::TRACEBACK, made);
        if let Some(inner) = state_mut(cx, next) {
            inner.outer = made;
        }
        next = made;
    }
    cx.heap.excs.get_mut(exc).traceback = next;
    next
}

/// The state of a traceback object.
pub fn state(cx: &Cx, value: Value) -> Option<&Traceback> {
    let Value::Native(id) = value else { return None };
    cx.heap.native::<Traceback>(id)
}

fn state_mut(cx: &mut Cx, value: Value) -> Option<&mut Traceback> {
    let Value::Native(id) = value else { return None };
    cx.heap.native_mut::<Traceback>(id)
}

fn traceback_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (next, of, lasti, line) = (args[1], args[2], args[3], args[4]);
    if !next.is_none() && state(cx, next).is_none() {
        let message = format!("expected traceback object or None, got '{}'", cx.class_name(next));
        return Err(cx.type_error(message));
    }
    let Some((link, pc)) = frame::place(cx, of) else {
        let message = format!("TracebackType() argument 'tb_frame' must be frame, not {}", cx.class_name(of));
        return Err(cx.type_error(message));
    };
    let (Some(_), Some(line)) = (lasti.as_int(), line.as_int()) else {
        return Err(cx.type_error("an integer is required"));
    };
    let made = Traceback { next, link, pc, frame: of, line: Some(line), outer: Value::Undef };
    Ok(cx.heap.new_native(classes::TRACEBACK, made))
}

fn get_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(state(cx, args[0]).map_or(Value::None, |traceback| traceback.next))
}

fn set_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    let next = args[1];
    if next.is_undef() {
        return Err(cx.type_error("can't delete tb_next attribute"));
    }
    if !next.is_none() && state(cx, next).is_none() {
        let message = format!("expected traceback object or None, got '{}'", cx.class_name(next));
        return Err(cx.type_error(message));
    }
    let mut at = next;
    while let Some(traceback) = state(cx, at) {
        if at.is(&args[0]) {
            return Err(cx.value_error("traceback loop detected"));
        }
        at = traceback.next;
    }
    if let Some(traceback) = state_mut(cx, args[0]) {
        traceback.next = next;
    }
    Ok(Value::None)
}

/// The frame of a traceback. That of the head may be under way: the machine looks.
pub fn get_frame(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(&Traceback { frame: known, link, pc, outer, .. }) = state(cx, args[0]) else { return Ok(Value::None) };
    if !known.is_undef() {
        return Ok(known);
    }
    if outer.is_undef() {
        return Err(cx.ask_machine(MachineAsk::FrameOf { traceback: args[0], link }));
    }
    Ok(ended_frame(cx, args[0], link, pc, outer))
}

/// The frame object of an activation that ended; `outer` leads to its caller.
pub fn ended_frame(cx: &mut Cx, traceback: Value, link: Id<Link>, pc: u32, outer: Value) -> Value {
    let made = frame::ended(cx, link, pc, outer);
    set_frame(cx, traceback, made);
    made
}

pub fn set_frame(cx: &mut Cx, traceback: Value, frame: Value) {
    if let Some(traceback) = state_mut(cx, traceback) {
        traceback.frame = frame;
    }
}

fn get_lasti(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(state(cx, args[0]).map_or(-1, |traceback| traceback.pc as i64 * 2)))
}

fn get_lineno(cx: &mut Cx, args: &[Value]) -> Outcome {
    let line = match state(cx, args[0]) {
        Some(Traceback { line: Some(line), .. }) => *line,
        Some(traceback) => frame::line_at(cx, traceback.link, traceback.pc),
        None => 0,
    };
    Ok(Value::Int(line))
}

fn traceback_dir(cx: &mut Cx, _args: &[Value]) -> Outcome {
    let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"].map(|name| cx.str(name));
    Ok(cx.heap.new_list(names.to_vec()))
}
