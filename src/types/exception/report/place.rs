//! The frames that an exception passed through, as plain data.

use std::sync::Arc;

use aspen_grammar::bytecode::{Code, Op, Position};

use super::anchors::Node;
use super::excerpt::excerpt;
use crate::call::Cx;
use crate::types::exception::traceback;
use crate::types::frame;
use crate::value::{Exc, Id, Link, Value};

/// One frame of a traceback.
#[derive(Clone)]
pub struct FramePlace {
    pub code: Arc<Code>,
    pub pc: u32,
    pub line: i64,
}

/// From how many on repeated frames are counted instead of shown.
const REPEATED: usize = 3;

/// The frames that an exception passed through, outermost first. None if it was never raised.
pub fn places_of(cx: &Cx, exc: Id<Exc>) -> Option<Vec<FramePlace>> {
    let object = cx.heap.excs.get(exc);
    let mut places: Vec<FramePlace> =
        object.trace.iter().rev().map(|entry| place(cx, entry.link, entry.pc, None)).collect();
    let mut at = object.traceback;
    while let Some(state) = traceback::state(cx, at) {
        places.push(place(cx, state.link, state.pc, state.line));
        at = state.next;
    }
    if places.is_empty() && matches!(object.traceback, Value::Undef | Value::None) { None } else { Some(places) }
}

fn place(cx: &Cx, link: Id<Link>, pc: u32, line: Option<i64>) -> FramePlace {
    let line = line.unwrap_or_else(|| frame::line_at(cx, link, pc));
    FramePlace { code: cx.heap.links.get(link).code().clone(), pc, line }
}

impl FramePlace {
    fn is_same(&self, other: &FramePlace) -> bool {
        self.line == other.line && self.code.name == other.code.name && self.code.file == other.code.file
    }

    /// The instruction's place in the text, if it has one and a script has not said another line.
    fn position(&self) -> Option<Position> {
        let position = *self.code.positions.get(self.pc as usize)?;
        (position.line != 0 && position.line as i64 == self.line).then_some(position)
    }

    /// Whether the text is to be shown: that of `exec` is not there for CPython.
    pub(super) fn has_source(&self) -> bool {
        !self.code.source.is_empty() && (!self.code.file.starts_with('<') || self.code.flags.shows_source)
    }

    /// What kind of expression the instruction is the top of.
    fn node(&self) -> Node {
        match self.code.ops.get(self.pc as usize) {
            Some(op) => node_of(*op),
            None => Node::Other,
        }
    }

    /// `  File "x.py", line 1, in f` and the excerpt.
    fn push_lines(&self, out: &mut Vec<String>) {
        out.push(format!("  File \"{}\", line {}, in {}", self.code.file, self.line, self.code.name));
        if self.has_source() {
            excerpt(&self.code.source, self.line, self.position(), self.node(), out);
        }
    }
}

/// The lines of a traceback's frames.
pub fn frame_lines(places: &[FramePlace]) -> Vec<String> {
    let mut out = Vec::new();
    let mut n_same = 0;
    for (at, place) in places.iter().enumerate() {
        let repeats = at > 0 && place.is_same(&places[at - 1]);
        if !repeats {
            push_repeated(n_same, &mut out);
            n_same = 0;
        }
        n_same += 1;
        if n_same <= REPEATED {
            place.push_lines(&mut out);
        }
    }
    push_repeated(n_same, &mut out);
    out
}

fn push_repeated(n_same: usize, out: &mut Vec<String>) {
    if n_same > REPEATED {
        let n_more = n_same - REPEATED;
        let plural = if n_more > 1 { "s" } else { "" };
        out.push(format!("  [Previous line repeated {n_more} more time{plural}]"));
    }
}

pub(super) fn node_of(op: Op) -> Node {
    match op {
        Op::Add { .. }
        | Op::Sub { .. }
        | Op::Mul { .. }
        | Op::Div { .. }
        | Op::FloorDiv { .. }
        | Op::Mod { .. }
        | Op::BitAnd { .. }
        | Op::BitOr { .. }
        | Op::BitXor { .. }
        | Op::Arith { .. }
        | Op::AddI { .. }
        | Op::SubI { .. }
        | Op::MulI { .. }
        | Op::FloorDivI { .. }
        | Op::ModI { .. }
        | Op::BitAndI { .. }
        | Op::LShiftI { .. }
        | Op::RShiftI { .. } => Node::Binary,
        Op::GetItem { .. } | Op::GetItemI { .. } | Op::GetSlice { .. } => Node::Subscript,
        Op::Call { .. }
        | Op::CallGlobal { .. }
        | Op::CallAttr { .. }
        | Op::CallMethod { .. }
        | Op::CallMethodKw { .. }
        | Op::CallKw { .. }
        | Op::CallEx { .. } => Node::Call,
        _ => Node::Other,
    }
}
