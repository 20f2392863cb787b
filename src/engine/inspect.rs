//! What scripts see of the running frames: their globals and locals.

use super::Engine;
use crate::call::Outcome;
use crate::call::outcome::FramePart;
use crate::types::exception::traceback;
use crate::types::frame;
use crate::value::frame::{Frame, FrameKind};
use crate::value::{Id, Link, Value};
use crate::vm::watch;

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
        let n_frames = self.fiber.frames.len();
        match watch::visible_below(&self.fiber, &self.texts, n_frames, 0) {
            Some(depth) => watch::locals_at(&self.fiber, &self.texts, &mut self.cx, depth),
            None => Value::None,
        }
    }

    /// `sys._getframe(depth)`.
    pub(crate) fn frame_object(&mut self, n_levels: usize) -> Outcome {
        let n_frames = self.fiber.frames.len();
        match watch::visible_below(&self.fiber, &self.texts, n_frames, n_levels) {
            Some(depth) => Ok(watch::object_at(&mut self.fiber, &mut self.cx, depth)),
            None => Err(self.cx.value_error("call stack is not deep enough")),
        }
    }

    /// `tb_frame` of the head of a traceback: the frame that handled the exception, if it still runs.
    pub(crate) fn frame_of_traceback(&mut self, of: Value, link: Id<Link>) -> Value {
        let depth = self.fiber.frames.iter().rposition(|frame| frame.kind != FrameKind::Native && frame.link == link);
        let found = match depth {
            Some(depth) => watch::object_at(&mut self.fiber, &mut self.cx, depth),
            None => {
                let pc = traceback::state(&self.cx, of).map_or(0, |state| state.pc);
                frame::ended(&mut self.cx, link, pc, Value::Undef)
            }
        };
        traceback::set_frame(&mut self.cx, of, found);
        found
    }

    /// A part of a frame object whose activation is under way. Of one that stands in another fiber: what is known.
    pub(crate) fn part_of_frame(&mut self, frame: Value, part: FramePart) -> Outcome {
        let Some(depth) = watch::depth_of(&self.fiber, frame) else { return Ok(Value::None) };
        match part {
            FramePart::Line => {
                let place = self.fiber.frames[depth];
                Ok(Value::Int(frame::line_at(&self.cx, place.link, place.pc.saturating_sub(1))))
            }
            FramePart::Back => match watch::visible_below(&self.fiber, &self.texts, depth, 0) {
                Some(below) => Ok(watch::object_at(&mut self.fiber, &mut self.cx, below)),
                None => Ok(Value::None),
            },
            FramePart::Locals => Ok(watch::locals_at(&self.fiber, &self.texts, &mut self.cx, depth)),
        }
    }

    /// `super()` without arguments: a tuple of `__class__` and the first argument of the calling function.
    pub(crate) fn super_operands(&mut self) -> Outcome {
        let Some(frame) = self.calling_frame() else { return Err(self.cx.runtime_error("super(): no current frame")) };
        let code = self.texts.get(frame.link).code.clone();
        if !code.flags.is_function || (code.params.n_positional == 0 && !code.params.has_star) {
            return Err(self.cx.runtime_error("super(): no arguments"));
        }
        let register = |engine: &Engine, at: usize| match engine.fiber.stack[frame.base as usize + at] {
            Value::Cell(cell) => engine.cx.heap.cells.get(cell).value,
            value => value,
        };
        let this = register(self, 0);
        if this.is_undef() {
            return Err(self.cx.runtime_error("super(): arg[0] deleted"));
        }
        let first_free = code.n_register_params() as usize;
        let frees = first_free..first_free + code.captures.len();
        let Some(at) = frees.clone().find(|&at| &*code.locals[at] == "__class__") else {
            return Err(self.cx.runtime_error("super(): __class__ cell not found"));
        };
        match register(self, at) {
            Value::Undef => Err(self.cx.runtime_error("super(): empty __class__ cell")),
            class => Ok(self.cx.heap.new_tuple(&[class, this])),
        }
    }
}
