//! Comprehensions: loops inlined in the frame around (list, set, dict), and generator expressions.
//!
//! The variables of an inlined comprehension are registers of their own, unbound again at its end, so nothing of it is
//! seen outside. A generator expression is a function of one argument, `.0`, the iterator of its first clause.

use super::Compiler;
use super::unit::{Label, Slot};
use crate::bytecode::{CallParams, Intrinsic, Op, Reg};
use crate::resolve::{Node, ScopeId, ScopeKind};
use crate::syntax::ast::*;

/// What a comprehension does with its elements.
#[derive(Clone, Copy)]
enum Collect {
    List(Reg),
    Set(Reg),
    Dict(Reg),
    Yield,
}

impl<'t> Compiler<'t> {
    pub fn compile_comprehension(&mut self, expr: ExprId, dst: Reg) {
        let (ExprKind::ListComp(parts) | ExprKind::SetComp(parts) | ExprKind::DictComp(parts)) = &self.tree[expr].kind
        else {
            return;
        };
        let scope = self.scopes.of(Node::Expr(expr));
        self.at_expr(expr);
        let result = self.unit.next();
        let (op, collect) = match self.scopes[scope].kind {
            ScopeKind::ListComp => (Op::BuildList { dst: result, base: result, n: 0 }, Collect::List(result)),
            ScopeKind::SetComp => (Op::BuildSet { dst: result, base: result, n: 0 }, Collect::Set(result)),
            _ => (Op::BuildDict { dst: result, base: result, n: 0 }, Collect::Dict(result)),
        };
        // CPython makes the result after the first iterable, which it evaluates outside; nobody can tell.
        self.emit(op);
        self.unit.push();
        let n_hoisted = self.begin_hoisting_comprehension(parts);
        let outside = self.unit.scope;
        let first = &parts.clauses[0];
        let iter = self.push_iterator(first.iter, first.is_async);
        self.unit.scope = scope;
        self.begin_inlined(scope);
        self.compile_clauses(parts, 0, iter, collect);
        self.end_inlined(scope);
        self.unit.scope = outside;
        self.end_hoisting(n_hoisted);
        self.at_expr(expr);
        self.move_to(dst, result);
    }

    /// The variables of an inlined scope become its own: cells are made anew.
    pub fn begin_inlined(&mut self, scope: ScopeId) {
        let mut cells = Vec::new();
        for symbol in &self.scopes[scope].symbols {
            match self.unit.slots.get(&(scope, symbol.name)) {
                Some(Slot::Cell(reg)) => cells.push(*reg),
                Some(Slot::Register(reg)) => {
                    if let Some(bound) = &mut self.unit.flow {
                        bound.remove(reg.0);
                    }
                }
                Some(Slot::Far(_)) | None => {}
            }
        }
        for reg in cells {
            self.emit(Op::Unbind { from: reg, n: 1 });
            self.emit(Op::MakeCell { reg });
        }
    }

    /// The variables of an inlined scope are unbound.
    pub fn end_inlined(&mut self, scope: ScopeId) {
        let mut regs: Vec<u8> = Vec::new();
        for symbol in &self.scopes[scope].symbols {
            if let Some(Slot::Cell(reg) | Slot::Register(reg)) = self.unit.slots.get(&(scope, symbol.name)) {
                regs.push(reg.0);
            }
        }
        regs.sort();
        let mut at = 0;
        while at < regs.len() {
            let n = (at..regs.len()).take_while(|&next| regs[next] as usize == regs[at] as usize + next - at).count();
            self.emit(Op::Unbind { from: Reg(regs[at]), n: n as u8 });
            at += n;
        }
        for reg in regs {
            if let Some(bound) = &mut self.unit.flow {
                bound.remove(reg);
            }
        }
    }

    /// The state of a loop over an expression, in three new registers.
    pub fn push_iterator(&mut self, iter: ExprId, is_async: bool) -> Reg {
        let state = self.unit.next();
        let src = match self.constant_display(iter) {
            // `for x in [1, 2]` needs no new list.
            Some(crate::bytecode::Const::Tuple(items)) if !is_async => {
                self.at_expr(iter);
                self.push_const(crate::bytecode::Const::Tuple(items))
            }
            _ => self.operand(iter),
        };
        self.at_expr(iter);
        self.emit(match is_async {
            true => Op::GetAsyncIter { iter: state, src },
            false => Op::GetIter { iter: state, src },
        });
        self.unit.set_top(state.0 as u16 + if is_async { 1 } else { 3 });
        state
    }

    /// The loops from clause `at` on; the state of the first one is in R[iter..iter + 3].
    fn compile_clauses(&mut self, parts: &'t Comprehension, at: usize, iter: Reg, collect: Collect) {
        if !self.descend() {
            return self.ascend();
        }
        let clause = &parts.clauses[at];
        let top = self.unit.top();
        let (body, next) = (self.unit.new_label(), self.unit.new_label());
        let handler = self.begin_closing(clause.iter);
        let direct = self.begin_iteration(clause.target, body, next);
        self.unit.loop_depth += 1;
        self.store_iteration(clause.target, direct);
        for &condition in &clause.conditions {
            self.branch(condition, false, next);
        }
        if at + 1 < parts.clauses.len() {
            let inner = &parts.clauses[at + 1];
            let inner_iter = self.push_iterator(inner.iter, inner.is_async);
            self.compile_clauses(parts, at + 1, inner_iter, collect);
        } else {
            self.collect(parts, collect);
        }
        self.unit.set_top(top);
        self.unit.loop_depth -= 1;
        self.unit.place(next);
        self.end_iteration(clause.iter, direct.dst, iter, body, clause.is_async);
        self.end_closing(handler, iter);
        self.ascend();
    }

    fn collect(&mut self, parts: &'t Comprehension, collect: Collect) {
        let element = parts.element;
        match collect {
            Collect::List(list) => {
                let src = self.operand(element);
                self.at_expr(element);
                self.emit(Op::ListAppend { list, src });
            }
            Collect::Set(set) => {
                let src = self.operand(element);
                self.at_expr(element);
                self.emit(Op::SetAdd { set, src });
            }
            Collect::Dict(dict) => {
                let key = self.push_expr(element);
                self.push_optional(parts.value);
                self.at_expr(element);
                self.emit(Op::DictInsert { dict, key });
            }
            Collect::Yield => {
                let src = self.operand(element);
                self.at_expr(element);
                let dst = self.unit.next();
                self.unit.push();
                self.emit(Op::Yield { dst, src });
            }
        }
    }

    /// A range whose exceptions close the generator of a loop, if a call may have made one.
    pub fn begin_closing(&mut self, iter: ExprId) -> Option<(Label, super::flow::Flow)> {
        self.may_make_generator(iter).then(|| self.open_handler())
    }

    /// Ends the range; its handler stands at the end of the code, so that leaving the loop costs no jump.
    pub fn end_closing(&mut self, handler: Option<(Label, super::flow::Flow)>, iter: Reg) {
        let Some((label, flow)) = handler else { return };
        self.close_region();
        self.unit.defer_closing(label, flow, iter);
    }

    /// A generator made here is closed when the loop is left.
    pub fn may_make_generator(&self, iter: ExprId) -> bool {
        matches!(self.tree[iter].kind, ExprKind::Call { .. } | ExprKind::Generator(_))
    }

    // ----- Generator expressions -----

    pub fn compile_generator(&mut self, expr: ExprId, parts: &'t Comprehension, dst: Reg) {
        let scope = self.scopes.of(Node::Expr(expr));
        let first = &parts.clauses[0];
        let base = self.unit.next();
        self.at_expr(expr);
        let code = self.generator_code(expr, scope, parts);
        self.emit(Op::MakeClosure { dst: base, code });
        self.unit.push();
        let unused = self.unit.next();
        if self.operand_in_place(first.iter).is_none() {
            self.emit(Op::Unbind { from: unused, n: 1 });
        }
        self.unit.push();
        let argument = self.unit.next();
        let src = self.operand(first.iter);
        self.at_expr(first.iter);
        let intrinsic = if first.is_async { Intrinsic::AsyncIter } else { Intrinsic::Iter };
        self.emit(Op::Intrinsic { dst: argument, base: src, intrinsic });
        self.unit.set_top(argument.0 as u16 + 1);
        self.at_expr(expr);
        self.emit(Op::Call { dst, base, argc: 1 });
    }

    fn generator_code(&mut self, expr: ExprId, scope: ScopeId, parts: &'t Comprehension) -> crate::bytecode::CodeId {
        let params = CallParams { n_positional_only: 0, n_positional: 1, ..CallParams::default() };
        let line = self.lines.line(self.tree[expr].span.start);
        let saved = self.enter_frame(scope, params, line);
        self.emit_prologue();
        self.at_expr(expr);
        let first = &parts.clauses[0];
        let n_hoisted = self.begin_hoisting_comprehension(parts);
        let iter = self.unit.next();
        match first.is_async {
            true => self.emit(Op::Move { dst: iter, src: Reg(0) }),
            false => self.emit(Op::Intrinsic { dst: iter, base: Reg(0), intrinsic: Intrinsic::LoopOver }),
        }
        self.unit.set_top(iter.0 as u16 + if first.is_async { 1 } else { 3 });
        self.compile_clauses(parts, 0, iter, Collect::Yield);
        self.end_hoisting(n_hoisted);
        self.emit(Op::ReturnNone);
        self.leave_frame(saved)
    }
}
