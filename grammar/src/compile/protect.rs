//! What protects statements: `try … finally`, `with`, and the way out of them.
//!
//! Every statement that leaves blocks (`return`, `break`, `continue`) runs their ends inline, from the innermost outward,
//! each outside of the ranges of the block that ends: [`Compiler::unwind`] takes the blocks and the ranges away,
//! [`Compiler::rewind`] puts them back for what follows in the text.

use super::Compiler;
use super::flow::Flow;
use super::unit::{Label, Region, RegionKind};
use crate::bytecode::{Op, Reg};
use crate::report::ScopeMistake;
use crate::source::{Name, Span};
use crate::syntax::ast::*;

/// CPython's limit of blocks in blocks.
const MAX_BLOCKS: usize = 21;

#[derive(Clone, Copy)]
pub(super) enum BlockKind<'t> {
    Loop {
        break_label: Label,
        continue_label: Label,
        /// The state of a loop whose generator is closed when the loop is left.
        close: Option<Reg>,
    },
    /// `finally` runs these statements.
    Finally(&'t [StmtId]),
    /// The bound `__exit__` is in R[context].
    With { context: Reg, is_async: bool, span: Span },
    /// `except … as name`: the name is forgotten.
    Handler(Option<Name>),
    /// The body of `try … except`: nothing to do when it is left.
    Guarded,
    /// A `finally` that runs because of an exception.
    Handled,
    /// A clause of `except*`, which nothing leaves.
    HandledStar,
}

#[derive(Clone, Copy)]
pub(super) struct Block<'t> {
    pub kind: BlockKind<'t>,
    /// Ranges that were open around the block.
    pub n_regions: usize,
}

/// Blocks and ranges that a statement leaves.
pub(super) struct Unwound<'t> {
    blocks: Vec<Block<'t>>,
    regions: Vec<Vec<Region>>,
}

impl<'t> Compiler<'t> {
    pub fn push_block(&mut self, kind: BlockKind<'t>) {
        // The ranges of a block are opened before it is pushed.
        let own = match kind {
            BlockKind::Loop { close, .. } => close.is_some() as usize,
            BlockKind::Finally(_) | BlockKind::With { .. } | BlockKind::Guarded | BlockKind::Handled => 1,
            BlockKind::HandledStar => 2,
            BlockKind::Handler(name) => 1 + name.is_some() as usize,
        };
        let n_regions = self.unit.n_regions() - own;
        self.blocks.push(Block { kind, n_regions });
        if self.blocks.len() > MAX_BLOCKS {
            if !matches!(kind, BlockKind::With { .. }) {
                self.at(self.statement);
            }
            self.unit.fail(ScopeMistake::TooManyBlocks);
        }
    }

    pub fn pop_block(&mut self) {
        self.blocks.pop();
    }

    /// Runs the ends of all blocks but the outer `n`.
    pub fn unwind(&mut self, n: usize) -> Unwound<'t> {
        let blocks: Vec<Block<'t>> = self.blocks[n..].to_vec();
        let mut regions = Vec::new();
        while self.blocks.len() > n {
            let Some(block) = self.blocks.pop() else { break };
            // What a jump out of a loop closes is the loop's own affair.
            regions.push(self.unit.close_to(block.n_regions));
            self.end_block(block.kind);
        }
        Unwound { blocks, regions }
    }

    pub fn rewind(&mut self, unwound: Unwound<'t>) {
        self.blocks.extend(unwound.blocks);
        for regions in unwound.regions.into_iter().rev() {
            self.unit.reopen(regions);
        }
    }

    /// Whether leaving all blocks runs statements of the script, which may rebind locals.
    pub fn runs_statements(&self) -> bool {
        self.blocks.iter().any(|block| match block.kind {
            BlockKind::Finally(_) => true,
            BlockKind::Handler(name) => name.is_some(),
            BlockKind::Loop { .. } | BlockKind::With { .. } => false,
            BlockKind::Guarded | BlockKind::Handled | BlockKind::HandledStar => false,
        })
    }

    fn end_block(&mut self, kind: BlockKind<'t>) {
        match kind {
            BlockKind::Loop { close: Some(iter), .. } => self.emit(Op::CloseIter { iter }),
            BlockKind::Loop { close: None, .. } => {}
            BlockKind::Guarded | BlockKind::Handled | BlockKind::HandledStar => {}
            BlockKind::Finally(body) => self.compile_block(body),
            BlockKind::With { context, is_async, span } => self.emit_exit(context, is_async, span),
            BlockKind::Handler(name) => name.into_iter().for_each(|name| self.forget_name(name)),
        }
    }

    /// Opens a range whose exceptions go to a new label, with the exception in the next register.
    pub fn open_handler(&mut self) -> (Label, Flow) {
        let target = self.unit.new_label();
        let exc = self.unit.next();
        self.unit.open(RegionKind::Raising { target, exc });
        (target, self.unit.flow)
    }

    pub fn close_region(&mut self) {
        let n = self.unit.n_regions() - 1;
        self.unit.close_to(n);
    }

    // ----- try … finally -----

    pub fn compile_try(&mut self, parts: &'t Try) {
        if parts.finally.is_empty() {
            return self.compile_guarded(parts);
        }
        let (target, flow) = self.open_handler();
        self.push_block(BlockKind::Finally(&parts.finally));
        match parts.handlers.is_empty() {
            true => self.compile_block(&parts.body),
            false => self.compile_guarded(parts),
        }
        self.pop_block();
        self.close_region();
        self.compile_block(&parts.finally);
        let end = self.unit.new_label();
        self.unit.jump(end);
        self.unit.place_handler(target, flow);
        let exc = self.unit.push();
        self.unit.open(RegionKind::Handling { exc });
        self.push_block(BlockKind::Handled);
        self.compile_block(&parts.finally);
        self.pop_block();
        self.emit(Op::Reraise { src: exc });
        self.close_region();
        self.unit.set_top(exc.0 as u16);
        self.unit.place(end);
    }

    fn compile_guarded(&mut self, parts: &'t Try) {
        match parts.is_star {
            true => self.compile_try_star(parts),
            false => self.compile_try_except(parts),
        }
    }

    // ----- with -----

    pub fn compile_with(&mut self, items: &'t [WithItem], body: &'t [StmtId], is_async: bool) {
        let Some((item, rest)) = items.split_first() else { return self.compile_block(body) };
        if !self.descend() {
            return self.ascend();
        }
        let span = self.tree[item.context].span;
        let context = self.push_expr(item.context);
        self.at(span);
        let entered = match is_async {
            true => self.enter_async(item, context),
            false => self.enter(item, context),
        };
        let (target, flow) = self.open_handler_above(context);
        self.push_block(BlockKind::With { context, is_async, span });
        if let (Some(place), Some(src)) = (item.target, entered) {
            self.assign_target(place, src);
        }
        self.unit.set_top(context.0 as u16 + 1);
        self.compile_with(rest, body, is_async);
        self.pop_block();
        self.close_region();
        self.emit_exit(context, is_async, span);
        let end = self.unit.new_label();
        self.unit.jump(end);
        self.unit.place_handler(target, flow);
        self.exit_raised(context, is_async, span, end);
        self.unit.set_top(context.0 as u16);
        self.unit.place(end);
        self.ascend();
    }

    /// A handler whose exception comes directly above R[context], though a value may still be there.
    fn open_handler_above(&mut self, context: Reg) -> (Label, Flow) {
        let top = self.unit.top();
        self.unit.set_top(context.0 as u16 + 1);
        let opened = self.open_handler();
        self.unit.set_top(top);
        opened
    }

    /// Enters a context; the register of what it gave, unless it is the variable of the target itself.
    fn enter(&mut self, item: &WithItem, context: Reg) -> Option<Reg> {
        let direct = self.entered_register(item);
        let dst = direct.unwrap_or_else(|| self.unit.next());
        self.emit(Op::Enter { dst, context });
        match direct {
            Some(reg) => {
                self.mark_bound(reg);
                None
            }
            None => Some(self.unit.push()),
        }
    }

    fn enter_async(&mut self, item: &WithItem, context: Reg) -> Option<Reg> {
        let src = self.unit.next();
        self.emit(Op::EnterAsync { dst: src, context });
        self.unit.push();
        let direct = self.entered_register(item);
        self.emit(Op::Await { dst: direct.unwrap_or(src), src });
        match direct {
            Some(reg) => {
                self.mark_bound(reg);
                None
            }
            None => Some(src),
        }
    }

    /// The local that a context gives its value to.
    fn entered_register(&mut self, item: &WithItem) -> Option<Reg> {
        match self.tree[item.target?].kind {
            ExprKind::Name(name) => self.local_register(name),
            _ => None,
        }
    }

    fn emit_exit(&mut self, context: Reg, is_async: bool, span: Span) {
        self.at(span);
        let dst = self.unit.next();
        self.emit(Op::Exit { dst, context });
        self.unit.push();
        if is_async {
            self.emit(Op::Await { dst, src: dst });
        }
        self.unit.set_top(dst.0 as u16);
    }

    /// The exception goes to `__exit__`, which may swallow it.
    fn exit_raised(&mut self, context: Reg, is_async: bool, span: Span, end: Label) {
        let exc = self.unit.push();
        self.unit.open(RegionKind::Handling { exc });
        self.at(span);
        let dst = self.unit.next();
        self.emit(Op::ExitRaised { dst, context, exc });
        self.unit.push();
        if is_async {
            self.emit(Op::Await { dst, src: dst });
        }
        self.jump_if(dst, true, end);
        self.unit.set_top(exc.0 as u16 + 1);
        self.emit(Op::Reraise { src: exc });
        self.close_region();
    }
}
