//! `try … except` and `try … except*`.
//!
//! The handlers stand behind the body; the exception is in a register above what the body's surroundings use, and the
//! whole block of a handler is a range in which that exception is being handled.

use super::Compiler;
use super::protect::BlockKind;
use super::unit::{Label, RegionKind};
use crate::bytecode::{Intrinsic, Op, Reg};
use crate::syntax::ast::*;

impl<'t> Compiler<'t> {
    pub fn compile_try_except(&mut self, parts: &'t Try) {
        let (target, flow) = self.open_handler();
        self.push_block(BlockKind::Guarded);
        self.compile_block(&parts.body);
        self.pop_block();
        self.close_region();
        self.compile_block(&parts.otherwise);
        let end = self.unit.new_label();
        self.unit.jump(end);
        self.unit.place_handler(target, flow);
        let exc = self.unit.push();
        self.unit.open(RegionKind::Handling { exc });
        let mut is_caught = false;
        for handler in &parts.handlers {
            is_caught |= handler.class.is_none();
            self.compile_handler(handler, exc, end);
        }
        if !is_caught {
            self.emit(Op::Reraise { src: exc });
        }
        self.close_region();
        self.unit.set_top(exc.0 as u16);
        self.unit.place(end);
    }

    fn compile_handler(&mut self, handler: &'t Handler, exc: Reg, end: Label) {
        let next = self.unit.new_label();
        let top = self.unit.top();
        if let Some(class_expr) = handler.class {
            let class = self.operand(class_expr);
            self.at_expr(class_expr);
            let alive = self.unit.top();
            self.unit.emit_jump(Op::JumpUnlessMatch { exc, class, to: next.jump() }, next, alive);
            self.unit.set_top(top);
        }
        self.at(handler.span);
        match handler.name {
            Some(name) => self.compile_named_handler(handler, name, exc, end),
            None => {
                // The range of the exception is the whole handler's; leaving the block ends it.
                self.push_block(BlockKind::Handler(None));
                self.compile_block(&handler.body);
                self.pop_block();
                self.unit.jump(end);
            }
        }
        self.unit.place(next);
    }

    /// `except E as name`: whatever happens, the name is gone afterwards.
    fn compile_named_handler(&mut self, handler: &'t Handler, name: Ident, exc: Reg, end: Label) {
        self.store_name(name.name, exc);
        let (cleanup, flow) = self.open_handler();
        self.push_block(BlockKind::Handler(Some(name.name)));
        self.compile_block(&handler.body);
        self.pop_block();
        self.close_region();
        self.at(handler.span);
        // What forgetting the name raises has no exception as its context: the handler is over.
        let handling = self.unit.close_to(self.unit.n_regions() - 1);
        self.forget_name(name.name);
        self.unit.jump(end);
        self.unit.reopen(handling);
        self.unit.place_handler(cleanup, flow);
        let raised = self.unit.push();
        self.forget_name(name.name);
        self.emit(Op::Reraise { src: raised });
        self.unit.set_top(raised.0 as u16);
    }

    /// ```text
    /// R[base] exception   R[base + 1] what is left of it   R[base + 2] what the clauses raised   R[base + 3] the part at hand
    /// ```
    pub fn compile_try_star(&mut self, parts: &'t Try) {
        let (target, flow) = self.open_handler();
        self.push_block(BlockKind::Guarded);
        self.compile_block(&parts.body);
        self.pop_block();
        self.close_region();
        self.compile_block(&parts.otherwise);
        let end = self.unit.new_label();
        self.unit.jump(end);
        self.unit.place_handler(target, flow);
        let base = self.unit.push();
        self.unit.open(RegionKind::Handling { exc: base });
        self.push_block(BlockKind::Handled);
        self.emit(Op::Intrinsic { dst: base, base, intrinsic: Intrinsic::StarBegin });
        self.unit.set_top(base.0 as u16 + 3);
        for handler in &parts.handlers {
            self.compile_star_handler(handler, base);
        }
        let dst = self.unit.next();
        self.emit(Op::Intrinsic { dst, base, intrinsic: Intrinsic::StarEnd });
        self.unit.push();
        self.pop_block();
        let nothing = self.unit.new_label();
        let alive = self.unit.top();
        self.unit.emit_jump(Op::JumpIfNone { src: dst, to: nothing.jump() }, nothing, alive);
        self.emit(Op::Reraise { src: dst });
        self.close_region();
        self.unit.place(nothing);
        self.unit.set_top(base.0 as u16);
        self.unit.place(end);
    }

    fn compile_star_handler(&mut self, handler: &'t Handler, base: Reg) {
        let Some(class) = handler.class else { return };
        let next = self.unit.new_label();
        let part = self.push_expr(class);
        self.at_expr(class);
        self.emit(Op::Intrinsic { dst: part, base, intrinsic: Intrinsic::StarMatch });
        let alive = self.unit.top();
        self.unit.emit_jump(Op::JumpIfNone { src: part, to: next.jump() }, next, alive);
        self.unit.open(RegionKind::Handling { exc: part });
        // What the block raises comes into the register of the part.
        self.unit.set_top(part.0 as u16);
        let (raised, flow) = self.open_handler();
        self.unit.set_top(part.0 as u16 + 1);
        if let Some(name) = handler.name {
            self.at(handler.span);
            self.store_name(name.name, part);
        }
        self.push_block(BlockKind::HandledStar);
        self.compile_block(&handler.body);
        self.pop_block();
        self.close_region();
        self.close_region();
        handler.name.into_iter().for_each(|name| self.forget_name(name.name));
        self.unit.jump(next);
        self.unit.place_handler(raised, flow);
        handler.name.into_iter().for_each(|name| self.forget_name(name.name));
        self.emit(Op::Intrinsic { dst: part, base, intrinsic: Intrinsic::StarRaised });
        self.unit.set_top(part.0 as u16);
        self.unit.place(next);
    }
}
