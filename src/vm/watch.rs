//! Frame objects of activations under way.
//!
//! A frame that a script looked at is *watched*: it never returns through the fast loop, and when it leaves the stack its
//! object gets the locals. Watched frames stand in the fiber by their depth, the innermost last.

use super::fiber::Fiber;
use super::text::Texts;
use crate::call::Cx;
use crate::types::frame;
use crate::value::frame::FrameKind;
use crate::value::{Dict, Id, Value};

/// A watched frame.
#[derive(Clone, Copy)]
pub struct Watched {
    /// Its place among the fiber's frames.
    pub depth: usize,
    pub object: Value,
}

/// Whether the frame at this depth is script code that scripts may see.
fn is_visible(fiber: &Fiber, texts: &Texts, depth: usize) -> bool {
    let frame = fiber.frames[depth];
    frame.kind != FrameKind::Native && !frame.link.is_none() && !texts.get(frame.link).code.flags.is_hidden
}

/// The depth of the visible frame `n_levels` outward from the innermost one below `from`.
pub fn visible_below(fiber: &Fiber, texts: &Texts, from: usize, n_levels: usize) -> Option<usize> {
    (0..from).rev().filter(|&depth| is_visible(fiber, texts, depth)).nth(n_levels)
}

/// The frame object of the frame at a depth: the same each time.
pub fn object_at(fiber: &mut Fiber, cx: &mut Cx, depth: usize) -> Value {
    let place = fiber.watched.partition_point(|watched| watched.depth < depth);
    if let Some(known) = fiber.watched.get(place)
        && known.depth == depth
    {
        return known.object;
    }
    let link = fiber.frames[depth].link;
    fiber.n_watched += 1;
    let object = frame::under_way(cx, link, fiber.n_watched);
    fiber.watched.insert(place, Watched { depth, object });
    // Not by the fast loop's return any more.
    if fiber.frames[depth].kind == FrameKind::Call {
        fiber.frames[depth].kind = FrameKind::Callback;
    }
    object
}

/// The depth of the activation of a frame object.
pub fn depth_of(fiber: &Fiber, object: Value) -> Option<usize> {
    fiber.watched.iter().find(|watched| watched.object.is(&object)).map(|watched| watched.depth)
}

/// The frame object of the frame at a depth, if there is one.
pub fn known_at(fiber: &Fiber, depth: usize) -> Value {
    match fiber.watched.iter().rev().find(|watched| watched.depth == depth) {
        Some(watched) => watched.object,
        None => Value::Undef,
    }
}

/// The frame on top, or more of them down to a depth, are about to go: their objects get what is to be kept.
#[inline]
pub fn leave(fiber: &mut Fiber, texts: &Texts, cx: &mut Cx, depth: usize) {
    if !fiber.watched.is_empty() {
        leave_watched(fiber, texts, cx, depth);
    }
}

#[cold]
fn leave_watched(fiber: &mut Fiber, texts: &Texts, cx: &mut Cx, depth: usize) {
    while let Some(&watched) = fiber.watched.last()
        && watched.depth >= depth
    {
        let pc = fiber.frames[watched.depth].pc.saturating_sub(1);
        let locals = locals_at(fiber, texts, cx, watched.depth);
        fiber.watched.pop();
        let back = match visible_below(fiber, texts, watched.depth, 0) {
            Some(below) => object_at(fiber, cx, below),
            None => Value::None,
        };
        frame::leave(cx, watched.object, pc, back, locals);
    }
}

/// What `locals()` gives in the frame at a depth: the namespace of a module or class, a new dict of a function's locals.
pub fn locals_at(fiber: &Fiber, texts: &Texts, cx: &mut Cx, depth: usize) -> Value {
    let frame = fiber.frames[depth];
    let text = texts.get(frame.link);
    if !text.code.flags.is_function {
        let namespace = fiber.stack[frame.base as usize];
        return namespace.given().unwrap_or(Value::Dict(text.globals));
    }
    let code = text.code.clone();
    let dict: Id<Dict> = cx.heap.new_dict();
    for (at, name) in code.locals.iter().enumerate() {
        let value = match fiber.stack.get(frame.base as usize + at).copied().unwrap_or_default() {
            Value::Cell(id) => cx.heap.cells.get(id).value,
            value => value,
        };
        if !name.is_empty() && !name.starts_with('.') && !value.is_undef() {
            let name = cx.name(name);
            cx.heap.set_in(dict, name, value);
        }
    }
    Value::Dict(dict)
}
