//! Expressions: compiled straight into the register where the value is wanted.
//!
//! [`Compiler::compile_into`] writes its destination with the last instruction of each path and leaves the stack of
//! temporaries as it found it. The destination may be the next free register: temporaries then start in it.

use super::Compiler;
use crate::bytecode::{Const, Op, Reg};
use crate::syntax::ast::*;

impl<'t> Compiler<'t> {
    /// The value of a constant expression.
    pub fn constant(&self, expr: ExprId) -> Option<Const> {
        self.folded.get(self.tree, expr)
    }

    pub fn is_constant(&self, expr: ExprId) -> bool {
        self.folded.is_constant(self.tree, expr)
    }

    pub fn int_constant(&self, expr: ExprId) -> Option<i64> {
        self.folded.int(self.tree, expr)
    }

    /// R[dst] = the constant.
    pub fn load_const(&mut self, constant: Const, dst: Reg) {
        let op = match constant {
            Const::None => Op::LoadNone { dst },
            Const::Bool(value) => Op::LoadBool { dst, value },
            Const::Int(value) if i32::try_from(value).is_ok() => Op::LoadInt { dst, int: value as i32 },
            constant => match self.unit.hoisted(&constant) {
                Some(src) => Op::Move { dst, src },
                None => Op::LoadConst { dst, constant: self.unit.const_id(constant) },
            },
        };
        self.emit(op);
    }

    pub fn push_const(&mut self, constant: Const) -> Reg {
        self.load_const(constant, self.unit.next());
        self.unit.push()
    }

    pub fn push_str(&mut self, text: &str) -> Reg {
        self.push_const(Const::Str(text.into()))
    }

    /// The value in a new register on top of the others.
    pub fn push_expr(&mut self, expr: ExprId) -> Reg {
        self.compile_into(expr, self.unit.next());
        self.unit.push()
    }

    /// A register that holds the value: that of the local or constant itself, or a new one.
    pub fn operand(&mut self, expr: ExprId) -> Reg {
        self.operand_in_place(expr).unwrap_or_else(|| self.push_expr(expr))
    }

    /// The same, for a value that must survive the evaluation of `later`: a local that they may rebind is copied.
    pub fn operand_before(&mut self, expr: ExprId, later: &[ExprId]) -> Reg {
        if let ExprKind::Name(name) = self.tree[expr].kind
            && !later.iter().all(|&other| self.is_simple(other))
            && self.is_walrus_target(name)
        {
            return self.push_expr(expr);
        }
        self.operand(expr)
    }

    pub fn operand_in_place(&mut self, expr: ExprId) -> Option<Reg> {
        match &self.tree[expr].kind {
            ExprKind::Name(name) if !self.is_constant(expr) => {
                let reg = self.local_register(*name)?;
                self.at_expr(expr);
                self.check_bound(reg, *name);
                Some(reg)
            }
            _ if self.unit.hoisted.is_empty() => None,
            _ => self.unit.hoisted(&self.constant(expr)?),
        }
    }

    /// A name or a constant: its evaluation binds nothing.
    pub fn is_simple(&self, expr: ExprId) -> bool {
        self.is_constant(expr) || matches!(self.tree[expr].kind, ExprKind::Name(_))
    }

    /// Whether a register is a local, whose old value may still be read.
    pub fn is_local(&self, reg: Reg) -> bool {
        (reg.0 as u16) < self.unit.n_locals
    }

    /// R[dst] = the value.
    pub fn compile_into(&mut self, expr: ExprId, dst: Reg) {
        if !self.descend() {
            return self.ascend();
        }
        let top = self.unit.top();
        if let Some(constant) = self.constant(expr) {
            self.at_expr(expr);
            self.load_const(constant, dst);
        } else {
            self.compile_node(expr, dst);
        }
        self.unit.set_top(top);
        self.ascend();
    }

    fn compile_node(&mut self, expr: ExprId, dst: Reg) {
        let tree = self.tree;
        match &tree[expr].kind {
            ExprKind::Constant(_) => {}
            ExprKind::Name(name) => {
                self.at_expr(expr);
                self.load_name(*name, dst);
            }
            ExprKind::FString(parts) => self.compile_fstring(expr, parts, dst),
            ExprKind::Attribute { .. }
            | ExprKind::Subscript { .. }
            | ExprKind::Call { .. }
            | ExprKind::Binary { .. } => {
                self.compile_spine(expr, dst);
            }
            ExprKind::Slice { lower, upper, step } => self.compile_slice(expr, [*lower, *upper, *step], dst),
            // `*value` where the tree's builder allows it is compiled with what is around it.
            ExprKind::Starred(value) => self.compile_into(*value, dst),
            ExprKind::Unary { op, operand } => self.compile_unary(expr, *op, *operand, dst),
            ExprKind::Bool { .. } => self.compile_bool(expr, dst),
            ExprKind::Compare { first, rest } => self.compile_compare(expr, *first, rest, dst),
            ExprKind::IfElse { test, then, otherwise } => self.compile_if_else(*test, *then, *otherwise, dst),
            ExprKind::Lambda { params, body } => self.compile_lambda(expr, params, *body, dst),
            ExprKind::Walrus { target, value } => self.compile_walrus(expr, *target, *value, dst),
            ExprKind::Tuple(items) => self.compile_tuple(expr, items, dst),
            ExprKind::List(items) => self.compile_list(expr, items, dst),
            ExprKind::Set(items) => self.compile_set(expr, items, dst),
            ExprKind::Dict(pairs) => self.compile_dict(expr, pairs, dst),
            ExprKind::ListComp(_) | ExprKind::SetComp(_) | ExprKind::DictComp(_) => {
                self.compile_comprehension(expr, dst);
            }
            ExprKind::Generator(parts) => self.compile_generator(expr, parts, dst),
            ExprKind::Await(value) => {
                let src = self.push_expr(*value);
                self.at_expr(expr);
                self.emit(Op::Await { dst, src });
            }
            ExprKind::Yield(value) => {
                let src = match value {
                    Some(value) => self.operand(*value),
                    None => self.push_const(Const::None),
                };
                self.at_expr(expr);
                self.emit(Op::Yield { dst, src });
            }
            ExprKind::YieldFrom(value) => {
                let src = self.push_expr(*value);
                self.at_expr(expr);
                self.emit(Op::YieldFrom { dst, src });
            }
        }
    }

    fn compile_unary(&mut self, expr: ExprId, op: UnaryOp, operand: ExprId, dst: Reg) {
        if let (UnaryOp::Not, ExprKind::Compare { first, rest }) = (op, &self.tree[operand].kind)
            && let [(test @ (CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn), other)] = rest[..]
        {
            // `not a in b` is `a not in b`.
            let opposite = match test {
                CompareOp::Is => CompareOp::IsNot,
                CompareOp::IsNot => CompareOp::Is,
                CompareOp::In => CompareOp::NotIn,
                _ => CompareOp::In,
            };
            return self.compile_compare(expr, *first, &[(opposite, other)], dst);
        }
        let src = self.operand(operand);
        self.at_expr(expr);
        self.emit(match op {
            UnaryOp::Not => Op::Not { dst, src },
            UnaryOp::Neg => Op::Neg { dst, src },
            UnaryOp::Pos => Op::Pos { dst, src },
            UnaryOp::Invert => Op::Invert { dst, src },
        });
    }

    /// `a and b or c`: the value that decides.
    fn compile_bool(&mut self, expr: ExprId, dst: Reg) {
        let ExprKind::Bool { op, values } = &self.tree[expr].kind else { return };
        let is_and = *op == BoolOp::And;
        if !self.is_local(dst) {
            return self.compile_operands(expr, values, is_and, dst);
        }
        // A local is written last, as later operands may read it; `x = x or y` need not write it at all.
        let end = self.unit.new_label();
        let mut rest = &values[..];
        if self.operand_in_place(values[0]) == Some(dst) {
            self.at_expr(expr);
            self.jump_if(dst, !is_and, end);
            rest = &values[1..];
        }
        match rest {
            [only] => self.compile_into(*only, dst),
            _ => {
                let target = self.unit.next();
                self.compile_operands(expr, rest, is_and, target);
                self.move_to(dst, target);
            }
        }
        self.unit.place(end);
    }

    /// R[target] = the first operand that decides, or the last one.
    fn compile_operands(&mut self, expr: ExprId, values: &[ExprId], is_and: bool, target: Reg) {
        let end = self.unit.new_label();
        let (last, others) = values.split_last().expect("an operator has operands");
        for &value in others {
            match self.folded.truth(self.tree, value) {
                Some(truth) if truth == is_and => continue,
                Some(_) => {
                    self.compile_into(value, target);
                    self.unit.jump_holding(end, target);
                }
                None => {
                    self.compile_into(value, target);
                    self.at_expr(expr);
                    self.jump_if(target, !is_and, end);
                }
            }
        }
        self.compile_into(*last, target);
        self.unit.place(end);
    }

    /// if the truth of R[src] is `when`: go to `label`
    pub fn jump_if(&mut self, src: Reg, when: bool, label: super::unit::Label) {
        let to = label.jump();
        let op = match (when, self.unit.is_placed(label)) {
            (true, false) => Op::JumpIf { src, to },
            (false, false) => Op::JumpIfNot { src, to },
            (true, true) => Op::LoopIf { src, to },
            (false, true) => Op::LoopIfNot { src, to },
        };
        // The register is read by the jump, though nothing is pushed for it.
        let alive = self.unit.top().max(src.0 as u16 + 1);
        self.unit.emit_jump(op, label, alive);
    }

    fn compile_if_else(&mut self, test: ExprId, then: ExprId, otherwise: ExprId, dst: Reg) {
        if let Some(truth) = self.folded.truth(self.tree, test) {
            return self.compile_into(if truth { then } else { otherwise }, dst);
        }
        let (else_label, end) = (self.unit.new_label(), self.unit.new_label());
        self.branch(test, false, else_label);
        self.compile_into(then, dst);
        self.unit.jump_holding(end, dst);
        self.unit.place(else_label);
        self.compile_into(otherwise, dst);
        self.unit.place(end);
    }

    fn compile_walrus(&mut self, expr: ExprId, target: Ident, value: ExprId, dst: Reg) {
        if let Some(reg) = self.local_register(target.name) {
            self.compile_into(value, reg);
            self.mark_bound(reg);
            return self.move_to(dst, reg);
        }
        // The value is wanted in `dst` anyway; a local is written last.
        let src = if self.is_local(dst) { self.unit.next() } else { dst };
        self.compile_into(value, src);
        self.at_expr(expr);
        let top = self.unit.top();
        self.unit.set_top(top.max(src.0 as u16 + 1));
        self.store_name(target.name, src);
        self.unit.set_top(top);
        self.move_to(dst, src);
    }
}
