//! Conditions: compare-and-branch instead of a truth value, and comparisons as values.
//!
//! `branch(test, when, label)` goes to `label` if the truth of the test is `when`, else falls through. A label that is placed
//! already is a loop's head: the jump then is one of the `Loop` instructions.

use super::Compiler;
use super::unit::Label;
use crate::bytecode::{Compare, Const, Op, Reg};
use crate::syntax::ast::*;

/// What stands on the right of a comparison.
#[derive(Clone, Copy)]
enum Right {
    Reg(Reg),
    Int(i16),
}

impl<'t> Compiler<'t> {
    pub fn branch(&mut self, test: ExprId, when: bool, label: Label) {
        if !self.descend() {
            return self.ascend();
        }
        let top = self.unit.top();
        if let Some(truth) = self.folded.truth(self.tree, test) {
            if truth == when {
                self.at_expr(test);
                self.unit.jump(label);
            }
        } else {
            self.branch_on(test, when, label);
        }
        self.unit.set_top(top);
        self.ascend();
    }

    fn branch_on(&mut self, test: ExprId, when: bool, label: Label) {
        let tree = self.tree;
        match &tree[test].kind {
            ExprKind::Unary { op: UnaryOp::Not, operand } => self.branch(*operand, !when, label),
            ExprKind::Bool { op, values } => self.branch_bool(*op == BoolOp::And, values, when, label),
            ExprKind::Compare { first, rest } => self.branch_compare(test, *first, rest, when, label),
            ExprKind::IfElse { test: inner, then, otherwise } => {
                let (else_label, end) = (self.unit.new_label(), self.unit.new_label());
                self.branch(*inner, false, else_label);
                self.branch(*then, when, label);
                self.unit.jump(end);
                self.unit.place(else_label);
                self.branch(*otherwise, when, label);
                self.unit.place(end);
            }
            _ => {
                let src = self.operand(test);
                self.at_expr(test);
                self.jump_if(src, when, label);
            }
        }
    }

    fn branch_bool(&mut self, is_and: bool, values: &[ExprId], when: bool, label: Label) {
        let (last, others) = values.split_last().expect("an operator has operands");
        if is_and != when {
            // One operand decides: each may go to the label.
            others.iter().for_each(|&value| self.branch(value, when, label));
            return self.branch(*last, when, label);
        }
        let end = self.unit.new_label();
        others.iter().for_each(|&value| self.branch(value, !when, end));
        self.branch(*last, when, label);
        self.unit.place(end);
    }

    fn branch_compare(&mut self, expr: ExprId, first: ExprId, rest: &[(CompareOp, ExprId)], when: bool, label: Label) {
        let [(op, other)] = rest[..] else { return self.branch_chain(expr, first, rest, when, label) };
        if matches!(op, CompareOp::Is | CompareOp::IsNot) && matches!(self.constant(other), Some(Const::None)) {
            let src = self.operand(first);
            self.at_expr(expr);
            return self.jump_if_none(src, (op == CompareOp::Is) == when, label);
        }
        let lhs = self.operand_before(first, &[other]);
        let right = self.right(op, other);
        self.at_expr(expr);
        self.emit_branch(op, lhs, right, when, label);
    }

    /// `a < b < c`: each operand once.
    fn branch_chain(&mut self, expr: ExprId, first: ExprId, rest: &[(CompareOp, ExprId)], when: bool, label: Label) {
        let end = self.unit.new_label();
        let fail = if when { end } else { label };
        let later: Vec<ExprId> = rest.iter().map(|(_, operand)| *operand).collect();
        let lowest = self.unit.next().plus(1).0;
        let mut lhs = self.operand_before(first, &later);
        for (at, &(op, operand)) in rest.iter().enumerate() {
            let is_last = at + 1 == rest.len();
            let right = if is_last {
                self.right(op, operand)
            } else {
                Right::Reg(self.operand_before(operand, &later[at + 1..]))
            };
            self.at_expr(expr);
            match is_last {
                true => self.emit_branch(op, lhs, right, when, label),
                false => self.emit_branch(op, lhs, right, false, fail),
            }
            if let (Right::Reg(reg), false) = (right, is_last) {
                lhs = self.settle(reg, lowest);
            }
        }
        self.unit.place(end);
    }

    /// The right operand: a small integer goes into the instruction.
    fn right(&mut self, op: CompareOp, expr: ExprId) -> Right {
        let has_immediate = !matches!(op, CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn);
        if has_immediate
            && let Some(int) = self.int_constant(expr)
            && let Ok(int) = i16::try_from(int)
        {
            return Right::Int(int);
        }
        Right::Reg(self.container(op, expr))
    }

    /// The right operand of `in` is a constant where it is a display of constants.
    fn container(&mut self, op: CompareOp, expr: ExprId) -> Reg {
        if matches!(op, CompareOp::In | CompareOp::NotIn)
            && let Some(constant) = self.constant_display(expr)
        {
            return match self.unit.hoisted(&constant) {
                Some(reg) => reg,
                None => {
                    self.at_expr(expr);
                    self.push_const(constant)
                }
            };
        }
        self.operand(expr)
    }

    /// `[1, 2]` as a tuple and `{1, 2}` as a frozenset, if all elements are constants.
    pub fn constant_display(&self, expr: ExprId) -> Option<Const> {
        let (items, is_set) = match &self.tree[expr].kind {
            ExprKind::List(items) => (items, false),
            ExprKind::Set(items) => (items, true),
            _ => return None,
        };
        let values: Option<Vec<Const>> = items.iter().map(|&item| self.constant(item)).collect();
        values.map(if is_set { Const::FrozenSet } else { Const::Tuple })
    }

    fn jump_if_none(&mut self, src: Reg, when: bool, label: Label) {
        if self.unit.is_placed(label) {
            return self.loop_unless(label, |this, skip| this.jump_if_none(src, !when, skip));
        }
        let to = label.jump();
        let op = if when { Op::JumpIfNone { src, to } } else { Op::JumpIfNotNone { src, to } };
        self.unit.emit_jump(op, label, self.unit.top());
    }

    /// Goes back to `label` unless `skip` jumps: for the conditions without a backward instruction.
    fn loop_unless(&mut self, label: Label, skip: impl FnOnce(&mut Self, Label)) {
        let end = self.unit.new_label();
        skip(self, end);
        self.unit.jump(label);
        self.unit.place(end);
    }

    fn emit_branch(&mut self, op: CompareOp, lhs: Reg, right: Right, when: bool, label: Label) {
        let is_back = self.unit.is_placed(label);
        let to = label.jump();
        let op = match (right, is_back, when) {
            (Right::Reg(rhs), false, true) => jump_if(op, lhs, rhs, to),
            (Right::Reg(rhs), false, false) => jump_unless(op, lhs, rhs, to),
            (Right::Reg(rhs), true, true) => loop_if(op, lhs, rhs, to),
            (Right::Int(int), false, true) => jump_if_int(op, lhs, int, to),
            (Right::Int(int), false, false) => jump_unless_int(op, lhs, int, to),
            (Right::Int(int), true, true) => loop_if_int(op, lhs, int, to),
            (_, true, false) => {
                return self.loop_unless(label, |this, skip| this.emit_branch(op, lhs, right, true, skip));
            }
        }
        .ok_or(op);
        match (op, right) {
            (Ok(op), _) => self.unit.emit_jump(op, label, self.unit.top()),
            (Err(op), Right::Reg(rhs)) => {
                let dst = self.unit.next();
                self.emit_compare(op, dst, lhs, rhs);
                self.jump_if(dst, when, label);
            }
            (Err(_), Right::Int(_)) => {}
        }
    }

    // ----- Comparisons as values -----

    pub fn compile_compare(&mut self, expr: ExprId, first: ExprId, rest: &[(CompareOp, ExprId)], dst: Reg) {
        if let [(op, other)] = rest[..] {
            let lhs = self.operand_before(first, &[other]);
            let rhs = self.container(op, other);
            self.at_expr(expr);
            return self.emit_compare(op, dst, lhs, rhs);
        }
        let end = self.unit.new_label();
        let later: Vec<ExprId> = rest.iter().map(|(_, operand)| *operand).collect();
        // The result replaces the first operand, or takes a register below those of the others.
        let target = self.unit.next();
        let mut lhs = self.operand_before(first, &later);
        if lhs != target {
            self.unit.push();
        }
        for (at, &(op, operand)) in rest.iter().enumerate() {
            let is_last = at + 1 == rest.len();
            let rhs = match is_last {
                true => self.container(op, operand),
                false => self.operand_before(operand, &later[at + 1..]),
            };
            self.at_expr(expr);
            self.emit_compare(op, target, lhs, rhs);
            if !is_last {
                self.jump_if(target, false, end);
                lhs = self.settle(rhs, target.plus(1).0);
            }
        }
        self.unit.place(end);
        self.move_to(dst, target);
    }

    /// Moves a temporary down to `lowest`, where those of a chain before it are no longer needed.
    fn settle(&mut self, reg: Reg, lowest: u8) -> Reg {
        if self.is_local(reg) || reg.0 <= lowest || self.unit.top() <= reg.0 as u16 {
            return reg;
        }
        self.emit(Op::Move { dst: Reg(lowest), src: reg });
        self.unit.set_top(lowest as u16 + 1);
        Reg(lowest)
    }

    fn emit_compare(&mut self, op: CompareOp, dst: Reg, lhs: Reg, rhs: Reg) {
        let compare = |op| Op::Compare { dst, lhs, rhs, op };
        self.emit(match op {
            CompareOp::Eq => compare(Compare::Eq),
            CompareOp::NotEq => compare(Compare::NotEq),
            CompareOp::Less => compare(Compare::Less),
            CompareOp::LessEq => compare(Compare::LessEq),
            CompareOp::Greater => compare(Compare::Greater),
            CompareOp::GreaterEq => compare(Compare::GreaterEq),
            CompareOp::Is => Op::Is { dst, lhs, rhs },
            CompareOp::IsNot => Op::IsNot { dst, lhs, rhs },
            CompareOp::In => Op::In { dst, lhs, rhs },
            CompareOp::NotIn => Op::NotIn { dst, lhs, rhs },
        });
    }
}

/// Makes a function from a comparison and its operands to an instruction; None for `is` and `in`.
macro_rules! branches {
    ($name:ident, $operand:ident: $type:ty, $less:ident $less_eq:ident $greater:ident $greater_eq:ident $eq:ident $not_eq:ident) => {
        fn $name(op: CompareOp, lhs: Reg, $operand: $type, to: crate::bytecode::Jump) -> Option<Op> {
            Some(match op {
                CompareOp::Less => Op::$less { lhs, $operand, to },
                CompareOp::LessEq => Op::$less_eq { lhs, $operand, to },
                CompareOp::Greater => Op::$greater { lhs, $operand, to },
                CompareOp::GreaterEq => Op::$greater_eq { lhs, $operand, to },
                CompareOp::Eq => Op::$eq { lhs, $operand, to },
                CompareOp::NotEq => Op::$not_eq { lhs, $operand, to },
                CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn => return None,
            })
        }
    };
}

branches!(jump_if, rhs: Reg, JumpIfLess JumpIfLessEq JumpIfGreater JumpIfGreaterEq JumpIfEq JumpIfNotEq);
branches!(jump_unless, rhs: Reg,
    JumpUnlessLess JumpUnlessLessEq JumpUnlessGreater JumpUnlessGreaterEq JumpUnlessEq JumpUnlessNotEq);
branches!(loop_if, rhs: Reg, LoopIfLess LoopIfLessEq LoopIfGreater LoopIfGreaterEq LoopIfEq LoopIfNotEq);
branches!(jump_if_int, int: i16,
    JumpIfLessI JumpIfLessEqI JumpIfGreaterI JumpIfGreaterEqI JumpIfEqI JumpIfNotEqI);
branches!(jump_unless_int, int: i16,
    JumpUnlessLessI JumpUnlessLessEqI JumpUnlessGreaterI JumpUnlessGreaterEqI JumpUnlessEqI JumpUnlessNotEqI);
branches!(loop_if_int, int: i16,
    LoopIfLessI LoopIfLessEqI LoopIfGreaterI LoopIfGreaterEqI LoopIfEqI LoopIfNotEqI);
