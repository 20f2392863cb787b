//! Displays: lists, tuples, sets, dicts.
//!
//! Elements are compiled into adjacent registers and gathered by one instruction; long displays and those with `*` are
//! built first and filled piece by piece. Displays of constants start from a constant.

use super::Compiler;
use crate::bytecode::{Const, Intrinsic, Op, Reg};
use crate::source::Span;
use crate::syntax::ast::*;

/// Elements that are gathered at once.
const CHUNK: usize = 32;

impl<'t> Compiler<'t> {
    fn has_star(&self, items: &[ExprId]) -> bool {
        items.iter().any(|&item| matches!(self.tree[item].kind, ExprKind::Starred(_)))
    }

    /// How many elements go into registers at once.
    fn chunk(&self) -> usize {
        CHUNK.min(self.unit.n_free() as usize / 4).max(1)
    }

    /// The elements in adjacent registers; None if they are too many, or not known one by one.
    fn push_items(&mut self, items: &[ExprId]) -> Option<Reg> {
        if items.len() > self.chunk() || self.has_star(items) {
            return None;
        }
        let base = self.unit.next();
        items.iter().for_each(|&item| {
            self.push_expr(item);
        });
        Some(base)
    }

    pub fn compile_list(&mut self, expr: ExprId, items: &[ExprId], dst: Reg) {
        if let Some(constants) = self.constants(items) {
            let list = self.push_empty_list(expr);
            let src = self.push_const(Const::Tuple(constants));
            self.emit(Op::ListExtend { list, src });
            return self.move_to(dst, list);
        }
        match self.push_items(items) {
            Some(base) => {
                self.at_expr(expr);
                self.emit(Op::BuildList { dst, base, n: items.len() as u8 });
            }
            None => {
                let list = self.push_list(items, self.tree[expr].span);
                self.move_to(dst, list);
            }
        }
    }

    /// The values of a display that is worth a constant.
    fn constants(&self, items: &[ExprId]) -> Option<Vec<Const>> {
        if items.len() < 3 || !items.iter().all(|&item| self.is_constant(item)) {
            return None;
        }
        items.iter().map(|&item| self.constant(item)).collect()
    }

    fn push_empty_list(&mut self, expr: ExprId) -> Reg {
        self.at_expr(expr);
        let dst = self.unit.next();
        self.emit(Op::BuildList { dst, base: dst, n: 0 });
        self.unit.push()
    }

    /// A new list of the elements in the next register, whatever their number.
    pub fn push_list(&mut self, items: &[ExprId], span: Span) -> Reg {
        let list = self.unit.next();
        let n = items.iter().take(self.chunk()).take_while(|&&item| !self.has_star(&[item])).count();
        let (first, rest) = items.split_at(n);
        first.iter().for_each(|&item| {
            self.push_expr(item);
        });
        self.emit(Op::BuildList { dst: list, base: list, n: n as u8 });
        self.unit.set_top(list.0 as u16 + 1);
        rest.iter().for_each(|&item| self.append(list, item, span));
        list
    }

    pub fn append(&mut self, list: Reg, item: ExprId, span: Span) {
        let top = self.unit.top();
        match self.tree[item].kind {
            ExprKind::Starred(value) => {
                let src = self.operand(value);
                self.at(span);
                self.emit(Op::ListExtend { list, src });
            }
            _ => {
                let src = self.operand(item);
                self.at(span);
                self.emit(Op::ListAppend { list, src });
            }
        }
        self.unit.set_top(top);
    }

    pub fn compile_tuple(&mut self, expr: ExprId, items: &[ExprId], dst: Reg) {
        if let Some(base) = self.push_items(items) {
            self.at_expr(expr);
            return self.emit(Op::BuildTuple { dst, base, n: items.len() as u8 });
        }
        let base = self.push_list(items, self.tree[expr].span);
        self.at_expr(expr);
        self.emit(Op::Intrinsic { dst, base, intrinsic: Intrinsic::ListToTuple });
    }

    pub fn compile_set(&mut self, expr: ExprId, items: &[ExprId], dst: Reg) {
        let constants = self.constants(items);
        if constants.is_none()
            && let Some(base) = self.push_items(items)
        {
            self.at_expr(expr);
            return self.emit(Op::BuildSet { dst, base, n: items.len() as u8 });
        }
        self.at_expr(expr);
        let set = self.unit.next();
        self.emit(Op::BuildSet { dst: set, base: set, n: 0 });
        self.unit.push();
        match constants {
            Some(constants) => {
                let src = self.push_const(Const::FrozenSet(constants));
                self.emit(Op::SetUpdate { set, src });
            }
            None => items.iter().for_each(|&item| self.add_to_set(set, item, self.tree[expr].span)),
        }
        self.move_to(dst, set);
    }

    fn add_to_set(&mut self, set: Reg, item: ExprId, span: Span) {
        let top = self.unit.top();
        match self.tree[item].kind {
            ExprKind::Starred(value) => {
                let src = self.operand(value);
                self.at(span);
                self.emit(Op::SetUpdate { set, src });
            }
            _ => {
                let src = self.operand(item);
                self.at(span);
                self.emit(Op::SetAdd { set, src });
            }
        }
        self.unit.set_top(top);
    }

    pub fn compile_dict(&mut self, expr: ExprId, pairs: &[(Option<ExprId>, ExprId)], dst: Reg) {
        let n_first = pairs.iter().take(self.chunk() / 2).take_while(|(key, _)| key.is_some()).count();
        let (first, rest) = pairs.split_at(n_first);
        let base = self.unit.next();
        for &(key, value) in first {
            self.push_optional(key);
            self.push_expr(value);
        }
        self.at_expr(expr);
        let n = n_first as u8;
        if rest.is_empty() {
            return self.emit(Op::BuildDict { dst, base, n });
        }
        self.emit(Op::BuildDict { dst: base, base, n });
        self.unit.set_top(base.0 as u16 + 1);
        for &(key, value) in rest {
            self.insert(base, key, value, self.tree[expr].span);
            self.unit.set_top(base.0 as u16 + 1);
        }
        self.move_to(dst, base);
    }

    fn insert(&mut self, dict: Reg, key: Option<ExprId>, value: ExprId, span: Span) {
        match key {
            Some(key_expr) => {
                let key = self.push_expr(key_expr);
                self.push_expr(value);
                self.at(span);
                self.emit(Op::DictInsert { dict, key });
            }
            None => {
                let src = self.operand(value);
                self.at(span);
                self.emit(Op::DictUpdate { dict, src });
            }
        }
    }
}
