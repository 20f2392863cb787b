//! What scripts see of the running frames: their globals and locals.

use super::Engine;
use crate::value::frame::{Frame, FrameKind};
use crate::value::{Dict, Id, Value};

impl Engine {
    /// The innermost script frame that is not the library's.
    pub(crate) fn calling_frame(&self) -> Option<Frame> {
        let is_visible = |frame: &&Frame| {
            frame.kind != FrameKind::Native && !frame.link.is_none() && !self.texts.get(frame.link).code.flags.is_hidden
        };
        self.fiber.frames.iter().rev().find(is_visible).copied()
    }

    pub(crate) fn calling_globals(&self) -> Value {
        self.calling_frame().map_or(Value::None, |frame| Value::Dict(self.texts.get(frame.link).globals))
    }

    /// `locals()`: the namespace of a module or class, a new dict of a function's locals.
    pub(crate) fn calling_locals(&mut self) -> Value {
        let Some(frame) = self.calling_frame() else { return Value::None };
        let text = self.texts.get(frame.link);
        if !text.code.flags.is_function {
            let namespace = self.fiber.stack[frame.base as usize];
            return namespace.given().unwrap_or(Value::Dict(text.globals));
        }
        Value::Dict(self.locals_of(frame))
    }

    fn locals_of(&mut self, frame: Frame) -> Id<Dict> {
        let code = self.texts.get(frame.link).code.clone();
        let dict = self.cx.heap.new_dict();
        for (at, name) in code.locals.iter().enumerate() {
            let value = match self.fiber.stack[frame.base as usize + at] {
                Value::Cell(id) => self.cx.heap.cells.get(id).value,
                value => value,
            };
            if !name.is_empty() && !name.starts_with('.') && !value.is_undef() {
                let name = self.cx.name(name);
                self.cx.heap.set_in(dict, name, value);
            }
        }
        dict
    }
}
