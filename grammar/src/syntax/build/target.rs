//! What can be assigned to, deleted, or bound by a loop.

use super::{Builder, span};
use crate::report::SyntaxMistake;
use crate::syntax::ast::*;

/// A list with or without a comma behind it.
#[derive(Clone, Debug)]
pub struct Targets {
    pub list: Vec<ExprId>,
    pub comma: bool,
}

impl Builder<'_> {
    /// The targets of a loop: one, or a tuple.
    pub fn targets(&mut self, l: u32, targets: Targets, r: u32) -> ExprId {
        if let ([only], false) = (targets.list.as_slice(), targets.comma) {
            return *only;
        }
        self.tuple(l, targets.list, r)
    }

    pub(super) fn check_loop_target(&mut self, target: ExprId) {
        if let Some(bad) = self.invalid_target(target) {
            let what = self.describe(bad);
            self.mistake(SyntaxMistake::NotAssignable { what }, self.span_of(bad));
        } else {
            self.check_stars(target);
        }
    }

    /// The first part of `target` that cannot be assigned to.
    pub(super) fn invalid_target(&self, target: ExprId) -> Option<ExprId> {
        let mut pending = vec![target];
        while let Some(next) = pending.pop() {
            match &self.tree[next].kind {
                ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Subscript { .. } => {}
                ExprKind::Tuple(list) | ExprKind::List(list) => pending.extend(list.iter().rev()),
                ExprKind::Starred(inner) => {
                    if matches!(self.tree[*inner].kind, ExprKind::Starred(_)) {
                        return Some(next);
                    }
                    pending.push(*inner);
                }
                _ => return Some(next),
            }
        }
        None
    }

    /// At most one star in each list of targets, and none outside a list.
    pub(super) fn check_stars(&mut self, target: ExprId) {
        if matches!(self.tree[target].kind, ExprKind::Starred(_)) {
            self.mistake(SyntaxMistake::StarOutsideList, self.span_of(target));
            return;
        }
        let mut pending = vec![target];
        while let Some(next) = pending.pop() {
            match &self.tree[next].kind {
                ExprKind::Tuple(list) | ExprKind::List(list) => {
                    let is_star = |expr: &&ExprId| matches!(self.tree[**expr].kind, ExprKind::Starred(_));
                    let second = list.iter().filter(is_star).nth(1).copied();
                    pending.extend(list);
                    if second.is_some() {
                        self.mistake(SyntaxMistake::SeveralStars, self.span_of(next));
                    }
                }
                ExprKind::Starred(inner) => pending.push(*inner),
                _ => {}
            }
        }
    }

    /// A star where only one value can be.
    pub(super) fn refuse_star(&mut self, value: ExprId) {
        if matches!(self.tree[value].kind, ExprKind::Starred(_)) {
            self.mistake(SyntaxMistake::StarredValue, self.span_of(value));
        }
    }

    /// The first part of `target` that cannot be deleted.
    pub(super) fn undeletable(&self, target: ExprId) -> Option<ExprId> {
        let mut pending = vec![target];
        while let Some(next) = pending.pop() {
            match &self.tree[next].kind {
                ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Subscript { .. } => {}
                ExprKind::Tuple(list) | ExprKind::List(list) => pending.extend(list.iter().rev()),
                _ => return Some(next),
            }
        }
        None
    }

    pub fn delete(&mut self, l: u32, targets: Vec<ExprId>, r: u32) -> StmtId {
        for &target in &targets {
            if let Some(bad) = self.undeletable(target) {
                let what = self.describe(bad);
                self.mistake(SyntaxMistake::NotDeletable { what }, self.span_of(bad));
            }
        }
        self.tree.add_stmt(StmtKind::Delete(targets), span(l, r))
    }

    /// What CPython calls an expression in its messages.
    pub(super) fn describe(&self, expr: ExprId) -> &'static str {
        match &self.tree[expr].kind {
            ExprKind::Constant(constant) => match constant {
                Constant::None => "None",
                Constant::True => "True",
                Constant::False => "False",
                Constant::Ellipsis => "ellipsis",
                Constant::Int(_) | Constant::BigInt(_) | Constant::Float(_) | Constant::Imaginary(_) => "literal",
                Constant::Str(_) | Constant::Bytes(_) => "literal",
            },
            ExprKind::Name(_) => "name",
            ExprKind::FString(_) => "f-string expression",
            ExprKind::Attribute { .. } => "attribute",
            ExprKind::Subscript { .. } => "subscript",
            ExprKind::Slice { .. } => "slice",
            ExprKind::Starred(_) => "starred",
            ExprKind::Call { .. } => "function call",
            ExprKind::Unary { .. } | ExprKind::Binary { .. } | ExprKind::Bool { .. } => "expression",
            ExprKind::Compare { .. } => "comparison",
            ExprKind::IfElse { .. } => "conditional expression",
            ExprKind::Lambda { .. } => "lambda",
            ExprKind::Walrus { .. } => "named expression",
            ExprKind::Tuple(_) => "tuple",
            ExprKind::List(_) => "list",
            ExprKind::Set(_) => "set display",
            ExprKind::Dict(_) => "dict literal",
            ExprKind::ListComp(_) => "list comprehension",
            ExprKind::SetComp(_) => "set comprehension",
            ExprKind::DictComp(_) => "dict comprehension",
            ExprKind::Generator(_) => "generator expression",
            ExprKind::Await(_) => "await expression",
            ExprKind::Yield(_) | ExprKind::YieldFrom(_) => "yield expression",
        }
    }
}
