//! Simple statements.

use super::{Builder, span};
use crate::report::SyntaxMistake;
use crate::source::Span;
use crate::syntax::ast::*;

impl Builder<'_> {
    /// A statement that needs no checks.
    pub fn stmt(&mut self, l: u32, kind: StmtKind, r: u32) -> StmtId {
        if let StmtKind::Return(Some(value)) = kind {
            self.refuse_star(value);
        }
        self.tree.add_stmt(kind, span(l, r))
    }

    pub fn eval_body(&mut self, l: u32, e: ExprId, r: u32) -> Vec<StmtId> {
        self.refuse_star(e);
        vec![self.tree.add_stmt(StmtKind::Expr(e), span(l, r))]
    }

    pub fn expr_stmt(&mut self, l: u32, e: ExprId, r: u32) -> StmtId {
        self.refuse_star(e);
        self.tree.add_stmt(StmtKind::Expr(e), span(l, r))
    }

    pub fn assert_stmt(&mut self, l: u32, test: ExprId, message: Option<ExprId>, r: u32) -> StmtId {
        self.check_asserted(test, span(l, r));
        self.tree.add_stmt(StmtKind::Assert { test, message }, span(l, r))
    }

    /// `first = rest[0] = ... = value`.
    pub fn assign(&mut self, l: u32, first: ExprId, mut rest: Vec<ExprId>, r: u32) -> StmtId {
        let value = rest.pop().expect("an assignment has a value");
        rest.insert(0, first);
        let left = self.left_operand(first);
        let right = self.right_operand(rest.get(1).copied().unwrap_or(value), rest.len() == 1);
        // Only the first target that is none is told.
        let _ = rest.iter().all(|&target| self.check_assigned(target, left, right));
        self.refuse_star(value);
        self.tree.add_stmt(StmtKind::Assign { targets: rest, value }, span(l, r))
    }

    /// Where a target is none, `==` was perhaps meant: CPython looks at what stands on both sides of the first `=`.
    fn check_assigned(&mut self, target: ExprId, left: ExprId, right: Option<ExprId>) -> bool {
        let Some(bad) = self.invalid_target(target) else {
            self.check_stars(target);
            return true;
        };
        let what = self.describe(bad);
        let at = self.span_of(bad);
        let is_grouped = |expr: &ExprId| self.groups.contains_key(expr);
        let mistake = match (&self.tree[left].kind, right) {
            (ExprKind::Name(_), Some(right)) if !is_grouped(&left) => {
                let span = self.span_of(left).to(self.span_of(right));
                self.mistake(SyntaxMistake::MaybeWalrus, span);
                return false;
            }
            (ExprKind::Tuple(_) | ExprKind::List(_) | ExprKind::Generator(_), _) => None,
            (ExprKind::Constant(Constant::True | Constant::False | Constant::None), _) => None,
            (_, Some(_)) if self.is_tight(left) => Some((self.describe(left), self.span_of(left))),
            _ => None,
        };
        let is_yield = matches!(self.tree[bad].kind, ExprKind::Yield(_) | ExprKind::YieldFrom(_));
        match mistake {
            Some((what, at)) => self.mistake(SyntaxMistake::NotAssignableHere { what }, at),
            None if is_yield && bad == target && !is_grouped(&bad) => self.mistake(SyntaxMistake::AssignToYield, at),
            None => self.mistake(SyntaxMistake::NotAssignable { what }, at),
        }
        false
    }

    /// The operand before the first `=` that could be one side of a comparison.
    fn left_operand(&self, target: ExprId) -> ExprId {
        match &self.tree[target].kind {
            ExprKind::Tuple(list) if !is_bracketed(self.text, self.span_of(target)) => {
                list.last().copied().unwrap_or(target)
            }
            _ => target,
        }
    }

    /// The operand behind the first `=`, if no other `=` follows it at once.
    fn right_operand(&self, value: ExprId, is_last: bool) -> Option<ExprId> {
        let mut at = value;
        loop {
            if self.is_tight(at) {
                return (is_last || at != value).then_some(at);
            }
            at = match &self.tree[at].kind {
                ExprKind::Tuple(list) => *list.first()?,
                ExprKind::IfElse { then, .. } => *then,
                ExprKind::Bool { values, .. } => *values.first()?,
                ExprKind::Compare { first, .. } => *first,
                _ => return None,
            };
        }
    }

    /// Whether an expression binds at least as tightly as `|`.
    fn is_tight(&self, expr: ExprId) -> bool {
        let is_loose = match &self.tree[expr].kind {
            ExprKind::Tuple(_) => !is_bracketed(self.text, self.span_of(expr)),
            ExprKind::IfElse { .. }
            | ExprKind::Lambda { .. }
            | ExprKind::Bool { .. }
            | ExprKind::Compare { .. }
            | ExprKind::Unary { op: UnaryOp::Not, .. }
            | ExprKind::Starred(_)
            | ExprKind::Walrus { .. }
            | ExprKind::Yield(_)
            | ExprKind::YieldFrom(_) => true,
            _ => false,
        };
        !is_loose || self.groups.contains_key(&expr)
    }

    pub fn aug_assign(&mut self, l: u32, target: ExprId, op: BinaryOp, value: ExprId, r: u32) -> StmtId {
        let is_target = matches!(
            self.tree[target].kind,
            ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Subscript { .. }
        );
        if !is_target {
            let what = self.describe(target);
            self.mistake(SyntaxMistake::AugAssignTarget { what }, self.span_of(target));
        }
        self.refuse_star(value);
        self.tree.add_stmt(StmtKind::AugAssign { target, op, value }, span(l, r))
    }

    pub fn ann_assign(&mut self, l: u32, target: ExprId, annotation: ExprId, value: Option<ExprId>, r: u32) -> StmtId {
        let is_grouped = self.groups.contains_key(&target);
        let mistake = match &self.tree[target].kind {
            ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Subscript { .. } => None,
            ExprKind::Tuple(list) if !is_bracketed(self.text, self.span_of(target)) => {
                let first = list.first().map_or(self.span_of(target), |&first| self.span_of(first));
                self.mistake(SyntaxMistake::AnnotatedList { what: "tuple" }, first);
                None
            }
            ExprKind::Tuple(_) => Some(SyntaxMistake::AnnotatedList { what: "tuple" }),
            ExprKind::List(_) => Some(SyntaxMistake::AnnotatedList { what: "list" }),
            _ => Some(SyntaxMistake::AnnotationTarget),
        };
        if let Some(mistake) = mistake {
            self.mistake(mistake, self.span_of(target));
        }
        if let Some(value) = value {
            self.refuse_star(value);
        }
        let simple = matches!(self.tree[target].kind, ExprKind::Name(_)) && !is_grouped;
        self.tree.add_stmt(StmtKind::AnnAssign { target, annotation, value, simple }, span(l, r))
    }

    pub fn alias(&mut self, name: Ident, as_name: Option<Ident>) -> Alias {
        Alias { name, as_name }
    }

    /// The dots before a module, and its name.
    pub fn import_source(&mut self, level: u32, module: Option<Ident>) -> (u32, Option<Ident>) {
        (level, module)
    }

    pub fn import_from(&mut self, l: u32, from: (u32, Option<Ident>), names: Vec<Alias>, r: u32) -> StmtId {
        let (level, module) = from;
        self.tree.add_stmt(StmtKind::ImportFrom { module, level, names, star: None }, span(l, r))
    }

    pub fn import_star(&mut self, l: u32, from: (u32, Option<Ident>), star: u32, r: u32) -> StmtId {
        let (level, module) = from;
        let star = Some(Span { start: star, end: r });
        self.tree.add_stmt(StmtKind::ImportFrom { module, level, names: Vec::new(), star }, span(l, r))
    }

    pub fn type_alias(
        &mut self,
        l: u32,
        name: Ident,
        type_params: Option<Vec<TypeParam>>,
        value: ExprId,
        r: u32,
    ) -> StmtId {
        let type_params = type_params.unwrap_or_default();
        self.tree.add_stmt(StmtKind::TypeAlias { name, type_params, value }, span(l, r))
    }
}

/// Whether a tuple has its own parentheses.
fn is_bracketed(text: &str, span: Span) -> bool {
    let bytes = text.as_bytes();
    bytes[span.start as usize] == b'(' && bytes[span.end as usize - 1] == b')'
}
