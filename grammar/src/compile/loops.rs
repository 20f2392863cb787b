//! `while` and `for`: the test, or the step, stands at the bottom.
//!
//! ```text
//!        branch not test -> else                 GetIter; Jump next
//!  head: body                              body: body
//!  next: Loop… test -> head                next: ForIter -> body
//!  else: …                                 else: …
//!  end:                                    end:
//! ```
//!
//! The test of `while` is compiled twice, so that a turn costs one jump and entering costs none.

use super::Compiler;
use super::protect::{Block, BlockKind};
use super::unit::Label;
use crate::bytecode::{Op, Reg};
use crate::syntax::ast::*;

/// Where the step of a loop leaves the element.
#[derive(Clone, Copy)]
pub(super) struct Iteration {
    pub dst: Reg,
    /// The register is the loop variable's own.
    is_direct: bool,
}

impl<'t> Compiler<'t> {
    pub fn compile_while(&mut self, test: ExprId, body: &'t [StmtId], otherwise: &'t [StmtId]) {
        let truth = self.folded.truth(self.tree, test);
        if truth == Some(false) {
            return self.compile_block(otherwise);
        }
        let n_hoisted = self.begin_hoisting_loop(&[test], body);
        let (head, next) = (self.unit.new_label(), self.unit.new_label());
        let (else_label, end) = (self.unit.new_label(), self.unit.new_label());
        self.branch(test, false, else_label);
        let flow = self.unit.flow;
        self.unit.place_head(head, flow);
        // A loop without a test goes round at its head; CPython's `continue` does, too.
        let continue_label = if truth == Some(true) { head } else { next };
        self.push_block(BlockKind::Loop { break_label: end, continue_label, close: None });
        self.unit.loop_depth += 1;
        self.compile_block(body);
        self.unit.loop_depth -= 1;
        self.pop_block();
        match truth {
            Some(_) => self.unit.jump(head),
            None => {
                self.unit.place(next);
                self.branch(test, true, head);
            }
        }
        self.unit.place(else_label);
        self.end_hoisting(n_hoisted);
        self.compile_block(otherwise);
        self.unit.place(end);
    }

    pub fn compile_for(
        &mut self,
        target: ExprId,
        iter: ExprId,
        body: &'t [StmtId],
        otherwise: &'t [StmtId],
        is_async: bool,
    ) {
        let top = self.unit.top();
        let n_hoisted = self.begin_hoisting_loop(&[], body);
        let state = self.push_iterator(iter, is_async);
        let (head, next, end) = (self.unit.new_label(), self.unit.new_label(), self.unit.new_label());
        let handler = self.begin_closing(iter);
        let iteration = self.begin_iteration(target, head, next);
        let close = handler.is_some().then_some(state);
        self.push_block(BlockKind::Loop { break_label: end, continue_label: next, close });
        self.unit.loop_depth += 1;
        self.store_iteration(target, iteration);
        self.compile_block(body);
        self.unit.loop_depth -= 1;
        self.pop_block();
        self.unit.place(next);
        self.end_iteration(iter, iteration.dst, state, head, is_async);
        self.end_closing(handler, state);
        self.unit.set_top(top + n_hoisted as u16);
        self.end_hoisting(n_hoisted);
        self.compile_block(otherwise);
        self.unit.place(end);
    }

    /// Jumps to the step of a loop and begins its body.
    pub fn begin_iteration(&mut self, target: ExprId, body: Label, next: Label) -> Iteration {
        let direct = match self.tree[target].kind {
            ExprKind::Name(name) => self.local_register(name),
            _ => None,
        };
        let dst = direct.unwrap_or_else(|| self.unit.next());
        let flow = self.unit.flow;
        self.unit.jump(next);
        self.unit.place_head(body, flow);
        if let Some(reg) = direct {
            self.mark_bound(reg);
        }
        Iteration { dst, is_direct: direct.is_some() }
    }

    /// The element goes to the loop's variables.
    pub fn store_iteration(&mut self, target: ExprId, iteration: Iteration) {
        if iteration.is_direct {
            return;
        }
        let src = self.unit.push();
        self.assign_target(target, src);
        self.unit.set_top(src.0 as u16);
    }

    /// The step itself.
    pub fn end_iteration(&mut self, iter_expr: ExprId, dst: Reg, iter: Reg, body: Label, is_async: bool) {
        self.at_expr(iter_expr);
        let to = body.jump();
        let top = self.unit.top();
        let op = if is_async { Op::ForAsync { dst, iter, to } } else { Op::ForIter { dst, iter, to } };
        self.unit.emit_jump(op, body, top);
        if dst.0 as u16 >= top {
            // The register was counted when the element was stored.
            debug_assert!(self.unit.n_free() > 0);
        }
    }

    pub fn compile_break(&mut self) {
        self.compile_loop_exit(true);
    }

    pub fn compile_continue(&mut self) {
        self.compile_loop_exit(false);
    }

    fn compile_loop_exit(&mut self, is_break: bool) {
        let is_loop = |block: &Block<'_>| matches!(block.kind, BlockKind::Loop { .. });
        let Some(at) = self.blocks.iter().rposition(is_loop) else { return };
        let BlockKind::Loop { break_label, continue_label, close } = self.blocks[at].kind else { return };
        let span = self.unit.span;
        let unwound = self.unwind(at + 1);
        self.at(span);
        if is_break {
            if let Some(iter) = close {
                // What closing raises is no more of the loop's business.
                let region = self.blocks[at].n_regions;
                let closed = self.unit.close_to(region.min(self.unit.n_regions()));
                self.emit(Op::CloseIter { iter });
                self.unit.jump(break_label);
                self.unit.reopen(closed);
            } else {
                self.unit.jump(break_label);
            }
        } else {
            self.unit.jump(continue_label);
        }
        self.rewind(unwound);
    }
}
