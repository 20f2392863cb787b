//! The code under construction: instructions, labels, ranges of handlers, registers, and the side tables.
//!
//! Knows nothing of the tree. Jumps carry the number of their label until [`Unit::finish`] puts addresses in their place.
//! Nothing is emitted where the flow does not reach, so dead code needs no pass of its own.

use std::collections::HashMap;
use std::sync::Arc;

use super::constant::const_key;
use super::flow::{Bound, Flow, meet};
use crate::bytecode::{
    AttrId, Callee, Code, Const, ConstId, GlobalId, Handled, Handler, Jump, NameId, Op, Position, Reg,
};
use crate::report::ScopeMistake;
use crate::resolve::ScopeId;
use crate::source::{LineIndex, Name, Span};

/// A place in the code that is jumped to, perhaps not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label(u32);

impl Label {
    pub fn jump(self) -> Jump {
        Jump(self.0)
    }
}

#[derive(Clone, Copy, Default)]
struct LabelState {
    at: Option<u32>,
    /// What the jumps that were seen so far bring along.
    flow: Flow,
    /// Of a handler: some instruction is in its range.
    is_raised_to: bool,
}

/// What a range of instructions is for.
#[derive(Clone, Copy)]
pub(super) enum RegionKind {
    /// Exceptions go to `target`.
    Raising { target: Label, exc: Reg },
    /// R[exc] is being handled.
    Handling { exc: Reg },
}

/// An open range.
#[derive(Clone, Copy)]
pub(super) struct Region {
    kind: RegionKind,
    start: u32,
}

/// A handler that closes a loop's generator, to be emitted at the end of the code.
struct Closing {
    label: Label,
    flow: Flow,
    iter: Reg,
    /// The ranges that it is in.
    regions: Vec<Region>,
    top: u16,
    span: Span,
}

struct Range {
    depth: usize,
    start: u32,
    end: u32,
    kind: RegionKind,
}

/// Where a local lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Register(Reg),
    Cell(Reg),
    Far(u32),
}

/// The highest number of registers that a code may have.
const MAX_REGISTERS: u16 = 255;

/// More instructions than any source that somebody wrote.
const MAX_OPS: usize = 1 << 23;

/// A place that belongs to no line.
pub(super) const NOWHERE: Span = Span { start: u32::MAX, end: u32::MAX };

pub(super) struct Unit {
    pub code: Code,
    /// The scope whose code this is.
    pub frame: ScopeId,
    /// The innermost scope: `frame`, or one that is inlined in it.
    pub scope: ScopeId,
    pub slots: HashMap<(ScopeId, Name), Slot>,
    pub n_locals: u16,
    /// The registers below are in use.
    top: u16,
    max_top: u16,
    pub span: Span,
    spans: Vec<Span>,
    /// Of fused calls: where the callee stands.
    callees: Vec<(u32, Span)>,
    pub flow: Flow,
    /// Locals that some `del` may unbind.
    pub deleted: Bound,
    labels: Vec<LabelState>,
    regions: Vec<Region>,
    ranges: Vec<Range>,
    closings: Vec<Closing>,
    /// No instruction before this index may be taken back: a label or a range refers to it.
    fixed: usize,
    const_ids: HashMap<Vec<u8>, ConstId>,
    name_ids: HashMap<Name, NameId>,
    global_ids: HashMap<NameId, GlobalId>,
    /// Constants that the loop around keeps in registers.
    pub hoisted: Vec<(Vec<u8>, Reg)>,
    pub loop_depth: u32,
    /// The first limit that was hit.
    pub failure: Option<(ScopeMistake, Span)>,
}

impl Unit {
    pub fn new(frame: ScopeId, code: Code) -> Self {
        Unit {
            code,
            frame,
            scope: frame,
            slots: HashMap::new(),
            n_locals: 0,
            top: 0,
            max_top: 0,
            span: NOWHERE,
            spans: Vec::new(),
            callees: Vec::new(),
            flow: Some(Bound::default()),
            deleted: Bound::default(),
            labels: Vec::new(),
            regions: Vec::new(),
            ranges: Vec::new(),
            closings: Vec::new(),
            fixed: 0,
            const_ids: HashMap::new(),
            name_ids: HashMap::new(),
            global_ids: HashMap::new(),
            hoisted: Vec::new(),
            loop_depth: 0,
            failure: None,
        }
    }

    pub fn fail(&mut self, kind: ScopeMistake) {
        let span = self.span;
        self.failure.get_or_insert((kind, span));
    }

    // ----- Registers -----

    pub fn top(&self) -> u16 {
        self.top
    }

    pub fn set_top(&mut self, top: u16) {
        if top > MAX_REGISTERS {
            self.fail(ScopeMistake::TooComplex);
            return;
        }
        self.top = top;
        self.max_top = self.max_top.max(top);
    }

    /// The register that the next push takes.
    pub fn next(&self) -> Reg {
        Reg(self.top.min(MAX_REGISTERS - 1) as u8)
    }

    /// Takes a register.
    pub fn push(&mut self) -> Reg {
        let reg = self.next();
        self.set_top(self.top + 1);
        reg
    }

    /// How many registers are free.
    pub fn n_free(&self) -> u16 {
        MAX_REGISTERS - self.top
    }

    // ----- Instructions -----

    pub fn is_reachable(&self) -> bool {
        self.flow.is_some()
    }

    pub fn emit(&mut self, op: Op) {
        self.emit_alive(op, self.top);
    }

    /// Emits an instruction before which only the registers below `alive` mean something.
    pub fn emit_alive(&mut self, op: Op, alive: u16) {
        if self.flow.is_none() {
            return;
        }
        if self.code.ops.len() >= MAX_OPS {
            return self.fail(ScopeMistake::TooLarge);
        }
        self.code.ops.push(op);
        self.code.ceilings.push(alive as u8);
        self.spans.push(self.span);
        if op.ends_block() {
            self.flow = None;
        }
    }

    /// The callee of the call that is emitted next stands here.
    pub fn note_callee(&mut self, span: Span) {
        if self.is_reachable() {
            self.callees.push((self.here(), span));
        }
    }

    pub fn here(&self) -> u32 {
        self.code.ops.len() as u32
    }

    // ----- Labels -----

    pub fn new_label(&mut self) -> Label {
        self.labels.push(LabelState::default());
        Label(self.labels.len() as u32 - 1)
    }

    /// Emits an instruction that jumps to `label`, which its `to` names.
    pub fn emit_jump(&mut self, op: Op, label: Label, alive: u16) {
        let flow = self.flow;
        let state = &mut self.labels[label.0 as usize];
        if state.at.is_none() {
            state.flow = meet(state.flow, flow);
        }
        self.emit_alive(op, alive);
    }

    pub fn jump(&mut self, label: Label) {
        let to = label.jump();
        let op = if self.is_placed(label) { Op::Loop { to } } else { Op::Jump { to } };
        self.emit_jump(op, label, self.top);
    }

    /// A jump that takes the value in R[held] along, which need not have been pushed.
    pub fn jump_holding(&mut self, label: Label, held: Reg) {
        let alive = self.top.max(held.0 as u16 + 1);
        self.emit_jump(Op::Jump { to: label.jump() }, label, alive);
    }

    pub fn is_placed(&self, label: Label) -> bool {
        self.labels[label.0 as usize].at.is_some()
    }

    /// The label is here: the paths that jump to it meet the one that falls through.
    pub fn place(&mut self, label: Label) {
        self.drop_jump_to_here(label);
        let here = self.here();
        let state = &mut self.labels[label.0 as usize];
        state.at = Some(here);
        self.flow = meet(self.flow, state.flow);
        self.fixed = here as usize;
    }

    /// A loop begins here: also reached from its end, with some locals unbound perhaps.
    pub fn place_head(&mut self, label: Label, flow: Flow) {
        let here = self.here();
        self.labels[label.0 as usize].at = Some(here);
        self.flow = flow.map(|bound| bound.without(self.deleted));
        self.fixed = here as usize;
    }

    /// Takes back a jump to the very next instruction.
    fn drop_jump_to_here(&mut self, label: Label) {
        let len = self.code.ops.len();
        if len <= self.fixed || self.code.ops.last() != Some(&Op::Jump { to: label.jump() }) || self.flow.is_some() {
            return;
        }
        self.code.ops.pop();
        self.code.ceilings.pop();
        self.spans.pop();
        for region in &mut self.regions {
            region.start = region.start.min(len as u32 - 1);
        }
    }

    // ----- Ranges -----

    pub fn n_regions(&self) -> usize {
        self.regions.len()
    }

    pub fn open(&mut self, kind: RegionKind) {
        let start = self.here();
        self.fixed = start as usize;
        self.regions.push(Region { kind, start });
    }

    /// Ends the innermost ranges down to `n` of them; what is returned can be opened again.
    pub fn close_to(&mut self, n: usize) -> Vec<Region> {
        let end = self.here();
        self.fixed = end as usize;
        let closed = self.regions.split_off(n);
        for (at, region) in closed.iter().enumerate() {
            if region.start < end {
                self.ranges.push(Range { depth: n + at, start: region.start, end, kind: region.kind });
                if let RegionKind::Raising { target, .. } = region.kind {
                    self.labels[target.0 as usize].is_raised_to = true;
                }
            }
        }
        closed
    }

    pub fn reopen(&mut self, regions: Vec<Region>) {
        let start = self.here();
        self.fixed = start as usize;
        self.regions.extend(regions.into_iter().map(|region| Region { start, ..region }));
    }

    /// A handler begins here, if anything can raise into it; `flow` is the state where its range began.
    pub fn place_handler(&mut self, label: Label, flow: Flow) {
        let here = self.here();
        let state = &mut self.labels[label.0 as usize];
        state.at = Some(here);
        self.flow = if state.is_raised_to { flow.map(|bound| bound.without(self.deleted)) } else { None };
        self.fixed = here as usize;
    }

    /// The handler at `label` closes the loop over R[iter] and raises on: at the end of the code.
    pub fn defer_closing(&mut self, label: Label, flow: Flow, iter: Reg) {
        let (regions, top, span) = (self.regions.clone(), self.top, self.span);
        self.closings.push(Closing { label, flow, iter, regions, top, span });
    }

    fn emit_closings(&mut self) {
        for closing in std::mem::take(&mut self.closings) {
            self.place_handler(closing.label, closing.flow);
            self.set_top(closing.top);
            self.span = closing.span;
            self.reopen(closing.regions);
            let src = self.push();
            self.emit(Op::CloseIter { iter: closing.iter });
            self.emit(Op::Reraise { src });
            self.close_to(0);
        }
    }

    // ----- Tables -----

    pub fn const_id(&mut self, constant: Const) -> ConstId {
        let mut key = Vec::new();
        const_key(&constant, &mut key);
        let next = ConstId(self.code.consts.len() as u32);
        let id = *self.const_ids.entry(key).or_insert(next);
        if id == next {
            self.code.consts.push(constant);
        }
        id
    }

    /// The loop at hand keeps a constant in a register.
    pub fn hoist(&mut self, constant: &Const, reg: Reg) {
        let mut key = Vec::new();
        const_key(constant, &mut key);
        self.hoisted.push((key, reg));
    }

    /// Forgets the last `n` of them.
    pub fn unhoist(&mut self, n: usize) {
        let rest = self.hoisted.len() - n;
        self.hoisted.truncate(rest);
    }

    /// The register in which the loop around keeps a constant.
    pub fn hoisted(&self, constant: &Const) -> Option<Reg> {
        if self.hoisted.is_empty() {
            return None;
        }
        let mut key = Vec::new();
        const_key(constant, &mut key);
        self.hoisted.iter().find(|(hoisted, _)| *hoisted == key).map(|(_, reg)| *reg)
    }

    pub fn name_id(&mut self, name: Name, text: &str) -> NameId {
        let next = NameId(self.code.names.len() as u32);
        let id = *self.name_ids.entry(name).or_insert(next);
        if id == next {
            self.code.names.push(text.into());
        }
        id
    }

    pub fn attr_id(&mut self, name: Name, text: &str) -> AttrId {
        let name = self.name_id(name, text);
        self.code.attrs.push(name);
        AttrId(self.code.attrs.len() as u32 - 1)
    }

    pub fn global_id(&mut self, name: Name, text: &str) -> GlobalId {
        let name = self.name_id(name, text);
        let next = GlobalId(self.code.globals.len() as u32);
        let id = *self.global_ids.entry(name).or_insert(next);
        if id == next {
            self.code.globals.push(name);
        }
        id
    }

    // ----- The end -----

    /// Puts addresses in the place of labels and makes the tables.
    pub fn finish(mut self, lines: &LineIndex) -> Code {
        debug_assert!(self.regions.is_empty(), "every range is closed");
        self.emit_closings();
        self.set_addresses();
        self.code.n_regs = self.max_top.max(self.n_locals).max(1);
        let mut last = (NOWHERE, Position::default());
        self.code.positions = Vec::with_capacity(self.spans.len());
        for &span in &self.spans {
            if span != last.0 {
                last = (span, position(lines, span));
            }
            self.code.positions.push(last.1);
        }
        for &(pc, span) in &self.callees {
            self.code.callees.push(Callee { pc, position: position(lines, span) });
        }
        // Inner ranges come first.
        self.ranges.sort_by_key(|range| std::cmp::Reverse(range.depth));
        for range in &self.ranges {
            let (start, end) = (Jump(range.start), Jump(range.end));
            match range.kind {
                RegionKind::Raising { target, exc } => {
                    let target = Jump(self.labels[target.0 as usize].at.expect("every handler is placed"));
                    self.code.handlers.push(Handler { start, end, target, exc });
                }
                RegionKind::Handling { exc } => self.code.handled.push(Handled { start, end, exc }),
            }
        }
        self.code
    }

    fn set_addresses(&mut self) {
        for op in &mut self.code.ops {
            if let Some(to) = op.jump_mut() {
                *to = Jump(self.labels[to.0 as usize].at.expect("every label that is jumped to is placed"));
            }
        }
        // A jump to a jump goes straight to the end.
        for at in 0..self.code.ops.len() {
            let mut op = self.code.ops[at];
            let Some(to) = op.jump_mut() else { continue };
            let mut n_hops = 0;
            while let Some(&Op::Jump { to: further }) = self.code.ops.get(to.0 as usize)
                && to.0 > at as u32
                && n_hops < 16
            {
                *to = further;
                n_hops += 1;
            }
            self.code.ops[at] = op;
        }
    }

    pub fn into_shared(self, lines: &LineIndex) -> Arc<Code> {
        Arc::new(self.finish(lines))
    }
}

fn position(lines: &LineIndex, span: Span) -> Position {
    if span == NOWHERE {
        return Position::default();
    }
    let (line, column) = lines.line_column(span.start);
    let (end_line, end_column) = lines.line_column(span.end);
    Position { line, end_line, column, end_column }
}
