//! Spines: `a.b(c)[d] + e`, walked from the innermost value outward without recursion.
//!
//! Each link of the spine takes the value of the one below and lands where the next one wants it: a method call wants its
//! object in R[base + 1], any other call its callee in R[base], the rest take any register.

use super::Compiler;
use crate::bytecode::{Arith, Const, Op, Reg};
use crate::source::Span;
use crate::syntax::ast::*;

impl<'t> Compiler<'t> {
    pub fn compile_spine(&mut self, expr: ExprId, dst: Reg) {
        let mark = self.unit.top();
        let mut links = Vec::new();
        let mut base = expr;
        while let Some(inner) = self.spine_below(base) {
            links.push(base);
            base = inner;
        }
        let Some(&first) = links.last() else { return self.compile_atom_call(expr, dst) };
        let mut value = self.spine_base(base, first);
        while let Some(link) = links.pop() {
            let out = match links.last() {
                None => dst,
                Some(&next) => Reg((mark + self.landing(next)).min(254) as u8),
            };
            self.compile_link(link, value, mark, out);
            self.unit.set_top(out.0 as u16 + 1);
            value = out;
        }
        self.unit.set_top(mark);
    }

    /// The part of a link that stands before it; None where a spine begins.
    fn spine_below(&mut self, expr: ExprId) -> Option<ExprId> {
        if self.is_constant(expr) {
            return None;
        }
        match &self.tree[expr].kind {
            ExprKind::Binary { lhs, .. } => Some(*lhs),
            ExprKind::Subscript { value, .. } => Some(*value),
            ExprKind::Attribute { value, .. } => (!self.is_super_call(*value)).then_some(*value),
            ExprKind::Call { func, .. } => match &self.tree[*func].kind {
                ExprKind::Name(_) => None,
                ExprKind::Attribute { value, .. } if self.is_method_call(expr) => {
                    (!self.is_super_call(*value)).then_some(*value)
                }
                _ => Some(*func),
            },
            _ => None,
        }
    }

    /// `value.name(…)` whose arguments fit in registers.
    fn is_method_call(&self, expr: ExprId) -> bool {
        let ExprKind::Call { func, args, keywords } = &self.tree[expr].kind else { return false };
        matches!(self.tree[*func].kind, ExprKind::Attribute { .. }) && !self.is_spread(args, keywords)
    }

    /// Where a link wants the value below it, counted from the base.
    fn landing(&self, link: ExprId) -> u16 {
        self.is_method_call(link) as u16
    }

    /// The innermost value: read in place if the first link allows it.
    fn spine_base(&mut self, base: ExprId, first: ExprId) -> Reg {
        match &self.tree[first].kind {
            ExprKind::Call { .. } => {
                let at = self.unit.top() + self.landing(first);
                self.unit.set_top(at);
                self.push_expr(base)
            }
            ExprKind::Binary { rhs, .. } => self.operand_before(base, &[*rhs]),
            ExprKind::Subscript { index, .. } => self.operand_before(base, &[*index]),
            _ => self.operand(base),
        }
    }

    fn compile_link(&mut self, link: ExprId, value: Reg, mark: u16, dst: Reg) {
        let tree = self.tree;
        match &tree[link].kind {
            ExprKind::Binary { op, rhs, .. } => self.compile_binary(link, *op, value, *rhs, dst),
            ExprKind::Attribute { attr, .. } => {
                self.at_attr(link, *attr);
                let attr = self.attr_id(attr.name);
                self.emit(Op::GetAttr { dst, obj: value, attr });
            }
            ExprKind::Subscript { index, .. } => self.compile_item(link, value, *index, dst),
            ExprKind::Call { func, args, keywords } => {
                let base = Reg(mark as u8);
                match self.is_method_call(link) {
                    true => self.compile_method_call(link, *func, base, args, keywords, dst),
                    false => self.compile_call(link, base, args, keywords, dst),
                }
            }
            // `spine_below` stops at everything else.
            _ => {}
        }
    }

    pub fn attr_id(&mut self, name: crate::source::Name) -> crate::bytecode::AttrId {
        let name = self.mangled(name);
        self.unit.attr_id(name, self.names.text(name))
    }

    /// What follows comes from an attribute, or a call of one; one that stands on a line of its own begins there.
    pub fn at_attr(&mut self, expr: ExprId, attr: Ident) {
        self.unit.span = self.attr_span(expr, attr);
    }

    pub fn attr_span(&self, expr: ExprId, attr: Ident) -> Span {
        let span = self.tree[expr].span;
        let is_same_line = self.lines.line(span.start) == self.lines.line(attr.span.end);
        Span { start: if is_same_line { span.start } else { attr.span.start }, end: span.end }
    }

    // ----- Binary operators -----

    fn compile_binary(&mut self, expr: ExprId, op: BinaryOp, lhs: Reg, rhs: ExprId, dst: Reg) {
        if let Some(int) = self.int_constant(rhs)
            && let Ok(int) = i32::try_from(int)
            && let Some(op) = immediate(op, dst, lhs, int)
        {
            self.at_expr(expr);
            return self.emit(op);
        }
        let rhs = self.operand(rhs);
        self.at_expr(expr);
        self.emit(binary(op, dst, lhs, rhs));
    }

    // ----- Subscripts -----

    fn compile_item(&mut self, expr: ExprId, obj: Reg, index: ExprId, dst: Reg) {
        if let ExprKind::Slice { lower, upper, step: None } = self.tree[index].kind {
            let bounds = self.push_bounds(lower, upper);
            self.at_expr(expr);
            return self.emit(Op::GetSlice { dst, obj, bounds });
        }
        if let Some(int) = self.small_index(index) {
            self.at_expr(expr);
            return self.emit(Op::GetItemI { dst, obj, int });
        }
        let index = self.operand(index);
        self.at_expr(expr);
        self.emit(Op::GetItem { dst, obj, index });
    }

    pub fn small_index(&self, index: ExprId) -> Option<i32> {
        self.int_constant(index).and_then(|int| i32::try_from(int).ok())
    }

    pub fn push_bounds(&mut self, lower: Option<ExprId>, upper: Option<ExprId>) -> Reg {
        let bounds = self.push_optional(lower);
        self.push_optional(upper);
        bounds
    }

    pub fn push_optional(&mut self, expr: Option<ExprId>) -> Reg {
        match expr {
            Some(expr) => self.push_expr(expr),
            None => self.push_const(Const::None),
        }
    }

    pub fn compile_slice(&mut self, expr: ExprId, parts: [Option<ExprId>; 3], dst: Reg) {
        let base = self.unit.next();
        parts.into_iter().for_each(|part| {
            self.push_optional(part);
        });
        self.at_expr(expr);
        self.emit(Op::BuildSlice { dst, base });
    }
}

pub(super) fn arith(op: BinaryOp) -> Arith {
    match op {
        BinaryOp::Add => Arith::Add,
        BinaryOp::Sub => Arith::Sub,
        BinaryOp::Mul => Arith::Mul,
        BinaryOp::MatMul => Arith::MatMul,
        BinaryOp::Div => Arith::Div,
        BinaryOp::FloorDiv => Arith::FloorDiv,
        BinaryOp::Mod => Arith::Mod,
        BinaryOp::Pow => Arith::Pow,
        BinaryOp::LShift => Arith::LShift,
        BinaryOp::RShift => Arith::RShift,
        BinaryOp::BitAnd => Arith::BitAnd,
        BinaryOp::BitOr => Arith::BitOr,
        BinaryOp::BitXor => Arith::BitXor,
    }
}

/// R[dst] = R[lhs] op R[rhs]
fn binary(op: BinaryOp, dst: Reg, lhs: Reg, rhs: Reg) -> Op {
    match op {
        BinaryOp::Add => Op::Add { dst, lhs, rhs },
        BinaryOp::Sub => Op::Sub { dst, lhs, rhs },
        BinaryOp::Mul => Op::Mul { dst, lhs, rhs },
        BinaryOp::Div => Op::Div { dst, lhs, rhs },
        BinaryOp::FloorDiv => Op::FloorDiv { dst, lhs, rhs },
        BinaryOp::Mod => Op::Mod { dst, lhs, rhs },
        BinaryOp::BitAnd => Op::BitAnd { dst, lhs, rhs },
        BinaryOp::BitOr => Op::BitOr { dst, lhs, rhs },
        BinaryOp::BitXor => Op::BitXor { dst, lhs, rhs },
        BinaryOp::MatMul | BinaryOp::Pow | BinaryOp::LShift | BinaryOp::RShift => {
            Op::Arith { dst, lhs, rhs, op: arith(op) }
        }
    }
}

/// R[dst] = R[lhs] op int, for the operators that have such a form.
fn immediate(op: BinaryOp, dst: Reg, lhs: Reg, int: i32) -> Option<Op> {
    Some(match op {
        BinaryOp::Add => Op::AddI { dst, lhs, int },
        BinaryOp::Sub => Op::SubI { dst, lhs, int },
        BinaryOp::Mul => Op::MulI { dst, lhs, int },
        BinaryOp::FloorDiv => Op::FloorDivI { dst, lhs, int },
        BinaryOp::Mod => Op::ModI { dst, lhs, int },
        BinaryOp::BitAnd => Op::BitAndI { dst, lhs, int },
        BinaryOp::LShift => Op::LShiftI { dst, lhs, int },
        BinaryOp::RShift => Op::RShiftI { dst, lhs, int },
        BinaryOp::MatMul | BinaryOp::Div | BinaryOp::Pow | BinaryOp::BitOr | BinaryOp::BitXor => return None,
    })
}

/// Whether an operator on a small integer has a form of its own, so that the constant needs no register.
pub(super) fn has_immediate(op: BinaryOp) -> bool {
    immediate(op, Reg(0), Reg(0), 0).is_some()
}
