//! Targets of assignments, and unpacking into several of them.

use super::Compiler;
use crate::bytecode::{Op, Reg};
use crate::syntax::ast::*;

impl<'t> Compiler<'t> {
    /// `target = R[src]`; the register stays as it is.
    pub fn assign_target(&mut self, target: ExprId, src: Reg) {
        let tree = self.tree;
        let top = self.unit.top();
        match &tree[target].kind {
            ExprKind::Name(name) => {
                self.at_expr(target);
                self.store_name(*name, src);
            }
            ExprKind::Attribute { value, attr } => {
                let obj = self.operand(*value);
                self.at_attr(target, *attr);
                let attr = self.attr_id(attr.name);
                self.emit(Op::SetAttr { obj, src, attr });
            }
            ExprKind::Subscript { value, index } => self.assign_item(target, *value, *index, src),
            ExprKind::Tuple(items) | ExprKind::List(items) => self.unpack(target, items, src),
            ExprKind::Starred(inner) => self.assign_target(*inner, src),
            // The tree's builder lets nothing else through.
            _ => {}
        }
        self.unit.set_top(top);
    }

    fn assign_item(&mut self, target: ExprId, value: ExprId, index: ExprId, src: Reg) {
        let obj = self.operand_before(value, &[index]);
        if let ExprKind::Slice { lower, upper, step: None } = self.tree[index].kind {
            let bounds = self.push_bounds(lower, upper);
            self.at_expr(target);
            return self.emit(Op::SetSlice { obj, bounds, src });
        }
        if let Some(int) = self.small_index(index) {
            self.at_expr(target);
            return self.emit(Op::SetItemI { obj, src, int });
        }
        let index = self.operand(index);
        self.at_expr(target);
        self.emit(Op::SetItem { obj, index, src });
    }

    /// `a, *b, c = R[src]`
    fn unpack(&mut self, target: ExprId, items: &'t [ExprId], src: Reg) {
        if !self.descend() {
            return self.ascend();
        }
        let is_star = |&item: &ExprId| matches!(self.tree[item].kind, ExprKind::Starred(_));
        let star = items.iter().position(is_star);
        let limit = self.unit.n_free() as usize / 2;
        if items.len() > limit.max(1) {
            self.unpack_many(target, items, src, limit.max(1));
            return self.ascend();
        }
        let n = items.len() as u8;
        let adjacent = self.adjacent_locals(items);
        let base = adjacent.unwrap_or_else(|| self.unit.next());
        self.at_expr(target);
        self.emit(match star {
            None => Op::Unpack { src, base, n },
            Some(at) => Op::UnpackStar { src, base, before: at as u8, after: n - 1 - at as u8 },
        });
        if adjacent.is_some() {
            (base.0..base.0 + n).for_each(|reg| self.mark_bound(Reg(reg)));
        } else {
            self.unit.set_top(base.0 as u16 + n as u16);
            for (at, &item) in items.iter().enumerate() {
                self.assign_target(item, Reg(base.0 + at as u8));
            }
        }
        self.ascend();
    }

    /// The first of the registers, if the targets are locals in registers next to each other.
    fn adjacent_locals(&mut self, items: &[ExprId]) -> Option<Reg> {
        let mut first = None;
        for (at, &item) in items.iter().enumerate() {
            let inner = match self.tree[item].kind {
                ExprKind::Starred(inner) => inner,
                _ => item,
            };
            let ExprKind::Name(name) = self.tree[inner].kind else { return None };
            let reg = self.local_register(name)?;
            let base = *first.get_or_insert(reg);
            if reg.0 as usize != base.0 as usize + at {
                return None;
            }
        }
        first
    }

    /// More targets than registers: some now, the rest from a list.
    fn unpack_many(&mut self, target: ExprId, items: &'t [ExprId], src: Reg, limit: usize) {
        let is_star = |&item: &ExprId| matches!(self.tree[item].kind, ExprKind::Starred(_));
        let n_before = items.iter().position(is_star).unwrap_or(items.len());
        let n = n_before.min(limit.saturating_sub(1)).max(1).min(items.len() - 1);
        let base = self.unit.next();
        self.at_expr(target);
        if n_before == 0 {
            // The star comes first: the last ones are taken off.
            let after = limit.saturating_sub(1).min(items.len() - 1).max(1) as u8;
            self.emit(Op::UnpackStar { src, base, before: 0, after });
            self.unit.set_top(base.0 as u16 + 1 + after as u16);
            let (rest, last) = items.split_at(items.len() - after as usize);
            self.unpack_rest(target, rest, base);
            for (at, &item) in last.iter().enumerate() {
                self.assign_target(item, Reg(base.0 + 1 + at as u8));
            }
            return;
        }
        self.emit(Op::UnpackStar { src, base, before: n as u8, after: 0 });
        let rest = Reg(base.0 + n as u8);
        self.unit.set_top(rest.0 as u16 + 1);
        for (at, &item) in items[..n].iter().enumerate() {
            self.assign_target(item, Reg(base.0 + at as u8));
        }
        self.emit(Op::Move { dst: base, src: rest });
        self.unit.set_top(base.0 as u16 + 1);
        self.unpack_rest(target, &items[n..], base);
    }

    fn unpack_rest(&mut self, target: ExprId, items: &'t [ExprId], src: Reg) {
        match items {
            [only] if matches!(self.tree[*only].kind, ExprKind::Starred(_)) => self.assign_target(*only, src),
            _ => self.unpack(target, items, src),
        }
    }
}
