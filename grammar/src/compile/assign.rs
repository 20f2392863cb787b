//! Assignments: plain, in parallel, augmented, annotated.
//!
//! The value comes first, then the targets from left to right. A value that goes to a local is compiled into the local's
//! own register; `a, b = b, a` makes no tuple.

use super::Compiler;
use super::spine::arith;
use crate::bytecode::{Const, Op, Reg};
use crate::resolve::ScopeKind;
use crate::source::Span;
use crate::syntax::ast::*;
use crate::syntax::unparse::unparse;

/// Tuples up to this length are assigned element by element.
const MAX_PARALLEL: usize = 24;

/// Where a value of a parallel assignment is until it is stored.
enum Held {
    Reg(Reg),
    Constant(Const),
    /// In the register of its target already.
    Stored,
}

impl<'t> Compiler<'t> {
    pub fn compile_assign(&mut self, targets: &'t [ExprId], value: ExprId) {
        let tree = self.tree;
        let [target] = targets[..] else { return self.compile_chained(targets, value) };
        match (&tree[target].kind, &tree[value].kind) {
            (ExprKind::Name(name), _) => self.assign_to_name(target, *name, value),
            (ExprKind::Tuple(places) | ExprKind::List(places), ExprKind::Tuple(values) | ExprKind::List(values))
                if self.is_parallel(places, values) =>
            {
                self.assign_in_parallel(places, values)
            }
            _ => {
                let parts = self.target_parts(target);
                let src = self.operand_before(value, &parts);
                self.assign_target(target, src);
            }
        }
    }

    fn assign_to_name(&mut self, target: ExprId, name: crate::source::Name, value: ExprId) {
        if let Some(reg) = self.local_register(name) {
            self.compile_into(value, reg);
            return self.mark_bound(reg);
        }
        let src = self.operand(value);
        self.at_expr(target);
        self.store_name(name, src);
    }

    /// The expressions inside a target.
    fn target_parts(&self, target: ExprId) -> Vec<ExprId> {
        match &self.tree[target].kind {
            ExprKind::Attribute { value, .. } => vec![*value],
            ExprKind::Subscript { value, index } => vec![*value, *index],
            ExprKind::Tuple(items) | ExprKind::List(items) => items.clone(),
            _ => Vec::new(),
        }
    }

    /// `a = b = value`
    fn compile_chained(&mut self, targets: &'t [ExprId], value: ExprId) {
        let constant = self.constant(value).filter(|constant| !matches!(constant, Const::Tuple(_)));
        let src = match constant {
            Some(_) => None,
            None => Some(self.push_expr(value)),
        };
        for &target in targets {
            let own = match self.tree[target].kind {
                ExprKind::Name(name) => self.local_register(name),
                _ => None,
            };
            match (src, own, &constant) {
                (None, Some(reg), Some(constant)) => {
                    self.at_expr(target);
                    self.load_const(constant.clone(), reg);
                    self.mark_bound(reg);
                }
                (Some(src), _, _) => self.assign_target(target, src),
                (None, _, _) => {
                    let top = self.unit.top();
                    let src = self.operand(value);
                    self.assign_target(target, src);
                    self.unit.set_top(top);
                }
            }
        }
    }

    fn is_parallel(&self, places: &[ExprId], values: &[ExprId]) -> bool {
        let is_star = |&expr: &ExprId| matches!(self.tree[expr].kind, ExprKind::Starred(_));
        places.len() == values.len()
            && places.len() <= MAX_PARALLEL.min(self.unit.n_free() as usize / 3)
            && !places.iter().any(is_star)
            && !values.iter().any(is_star)
    }

    /// `a, b = x, y`: all values, then all stores.
    fn assign_in_parallel(&mut self, places: &'t [ExprId], values: &'t [ExprId]) {
        let own: Vec<Option<Reg>> = places.iter().map(|&place| self.own_register(place)).collect();
        let mut held: Vec<Held> = Vec::with_capacity(values.len());
        for (at, &value) in values.iter().enumerate() {
            let is_last = at + 1 == values.len();
            let one = self.hold(value, at, &own, &values[at + 1..], &held, is_last);
            held.push(one);
        }
        for (at, one) in held.into_iter().enumerate() {
            match (one, own[at]) {
                (Held::Stored, _) => {}
                (Held::Reg(src), _) => self.assign_target(places[at], src),
                (Held::Constant(constant), Some(reg)) => {
                    self.at_expr(places[at]);
                    self.load_const(constant, reg);
                }
                (Held::Constant(constant), None) => {
                    let top = self.unit.top();
                    let src = match self.unit.hoisted(&constant) {
                        Some(reg) => reg,
                        None => self.push_const(constant),
                    };
                    self.assign_target(places[at], src);
                    self.unit.set_top(top);
                }
            }
            own[at].into_iter().for_each(|reg| self.mark_bound(reg));
        }
    }

    fn own_register(&mut self, place: ExprId) -> Option<Reg> {
        match self.tree[place].kind {
            ExprKind::Name(name) => self.local_register(name),
            _ => None,
        }
    }

    /// Evaluates one value of a parallel assignment; it must survive the stores before its own.
    fn hold(
        &mut self,
        value: ExprId,
        at: usize,
        own: &[Option<Reg>],
        later: &[ExprId],
        held: &[Held],
        is_last: bool,
    ) -> Held {
        if let Some(constant) = self.constant(value) {
            return Held::Constant(constant);
        }
        if let Some(reg) = self.operand_in_place(value) {
            let is_overwritten = own[..at].contains(&Some(reg));
            let may_be_rebound = matches!(self.tree[value].kind, ExprKind::Name(name) if self.is_walrus_target(name));
            let is_alone = later.iter().all(|&other| self.is_simple(other));
            if !is_overwritten && (!may_be_rebound || is_alone) {
                return Held::Reg(reg);
            }
            return Held::Reg(self.push_expr(value));
        }
        // The last value may be written at once if nobody reads or writes its register before.
        if let (true, Some(reg)) = (is_last, own[at])
            && own.iter().all(|one| one.is_some())
            && !own[..at].contains(&Some(reg))
            && !held.iter().any(|one| matches!(one, Held::Reg(other) if *other == reg))
        {
            self.compile_into(value, reg);
            return Held::Stored;
        }
        Held::Reg(self.push_expr(value))
    }

    // ----- Augmented -----

    pub fn compile_aug_assign(&mut self, target: ExprId, op: BinaryOp, value: ExprId, span: Span) {
        let tree = self.tree;
        match &tree[target].kind {
            ExprKind::Name(name) => self.aug_assign_name(target, *name, op, value, span),
            ExprKind::Attribute { value: object, attr } => {
                let obj = self.operand_before(*object, &[value]);
                let dst = self.unit.next();
                self.at_attr(target, *attr);
                let get = self.attr_id(attr.name);
                self.emit(Op::GetAttr { dst, obj, attr: get });
                self.unit.push();
                self.emit_in_place(op, dst, value, span);
                self.at_attr(target, *attr);
                let set = self.attr_id(attr.name);
                self.emit(Op::SetAttr { obj, src: dst, attr: set });
            }
            ExprKind::Subscript { value: object, index } => {
                self.aug_assign_item(target, *object, *index, op, value, span);
            }
            // The tree's builder lets nothing else through.
            _ => {}
        }
    }

    fn aug_assign_name(&mut self, target: ExprId, name: crate::source::Name, op: BinaryOp, value: ExprId, span: Span) {
        if let Some(reg) = self.local_register(name)
            && (self.is_simple(value) || !self.is_walrus_target(name))
        {
            self.at_expr(target);
            self.check_bound(reg, name);
            return self.emit_in_place(op, reg, value, span);
        }
        let dst = self.push_expr(target);
        self.emit_in_place(op, dst, value, span);
        self.at_expr(target);
        self.store_name(name, dst);
    }

    fn aug_assign_item(
        &mut self,
        target: ExprId,
        object: ExprId,
        index: ExprId,
        op: BinaryOp,
        value: ExprId,
        span: Span,
    ) {
        let obj = self.operand_before(object, &[index, value]);
        if let ExprKind::Slice { lower, upper, step: None } = self.tree[index].kind {
            let bounds = self.push_bounds(lower, upper);
            let dst = self.unit.next();
            self.at_expr(target);
            self.emit(Op::GetSlice { dst, obj, bounds });
            self.unit.push();
            self.emit_in_place(op, dst, value, span);
            self.at_expr(target);
            return self.emit(Op::SetSlice { obj, bounds, src: dst });
        }
        if let Some(int) = self.small_index(index) {
            let dst = self.unit.next();
            self.at_expr(target);
            self.emit(Op::GetItemI { dst, obj, int });
            self.unit.push();
            self.emit_in_place(op, dst, value, span);
            self.at_expr(target);
            return self.emit(Op::SetItemI { obj, src: dst, int });
        }
        let index = self.operand_before(index, &[value]);
        let dst = self.unit.next();
        self.at_expr(target);
        self.emit(Op::GetItem { dst, obj, index });
        self.unit.push();
        self.emit_in_place(op, dst, value, span);
        self.at_expr(target);
        self.emit(Op::SetItem { obj, index, src: dst });
    }

    /// R[dst] op= value
    fn emit_in_place(&mut self, op: BinaryOp, dst: Reg, value: ExprId, span: Span) {
        let top = self.unit.top();
        if let Some(int) = self.int_constant(value)
            && let Ok(int) = i32::try_from(int)
            && matches!(op, BinaryOp::Add | BinaryOp::Sub)
        {
            self.at(span);
            return self.emit(match op {
                BinaryOp::Add => Op::AddToI { dst, int },
                _ => Op::SubToI { dst, int },
            });
        }
        let rhs = self.operand(value);
        self.at(span);
        self.emit(match op {
            BinaryOp::Add => Op::AddTo { dst, rhs },
            BinaryOp::Sub => Op::SubTo { dst, rhs },
            BinaryOp::Mul => Op::MulTo { dst, rhs },
            _ => Op::InPlace { dst, lhs: dst, rhs, op: arith(op) },
        });
        self.unit.set_top(top);
    }

    // ----- Annotated -----

    pub fn compile_ann_assign(&mut self, target: ExprId, annotation: ExprId, value: Option<ExprId>, simple: bool) {
        let tree = self.tree;
        if let Some(value) = value {
            let parts = self.target_parts(target);
            match tree[target].kind {
                ExprKind::Name(name) => self.assign_to_name(target, name, value),
                _ => {
                    let src = self.operand_before(value, &parts);
                    self.assign_target(target, src);
                }
            }
        }
        let is_evaluated = matches!(self.scopes[self.unit.frame].kind, ScopeKind::Module | ScopeKind::Class);
        match &tree[target].kind {
            ExprKind::Name(name) if simple && is_evaluated => return self.store_annotation(*name, annotation),
            ExprKind::Name(_) => {}
            ExprKind::Attribute { value: object, .. } if value.is_none() => {
                self.operand(*object);
            }
            ExprKind::Subscript { value: object, index } if value.is_none() => {
                self.operand(*object);
                self.operand(*index);
            }
            _ => {}
        }
        if !simple && is_evaluated && !self.scopes.future_annotations {
            self.operand(annotation);
        }
    }

    /// `__annotations__[name] = annotation`
    fn store_annotation(&mut self, name: crate::source::Name, annotation: ExprId) {
        let src = self.push_annotation(annotation);
        let obj = self.unit.next();
        self.at_expr(annotation);
        self.load_namespace("__annotations__", obj);
        self.unit.push();
        let name = self.mangled(name);
        let text = self.names.text(name).to_owned();
        let index = self.push_str(&text);
        self.emit(Op::SetItem { obj, index, src });
    }

    /// The value of an annotation, or its text where annotations are text.
    pub fn push_annotation(&mut self, annotation: ExprId) -> Reg {
        if self.scopes.future_annotations {
            let text = unparse(self.tree, &self.names, annotation);
            self.at_expr(annotation);
            return self.push_str(&text);
        }
        if let ExprKind::Starred(value) = self.tree[annotation].kind {
            return self.push_only_element(value);
        }
        self.push_expr(annotation)
    }

    /// `*value` where it must be one element: `*args: *Ts`.
    pub fn push_only_element(&mut self, value: ExprId) -> Reg {
        let src = self.push_expr(value);
        self.at_expr(value);
        self.emit(Op::Unpack { src, base: src, n: 1 });
        src
    }
}
