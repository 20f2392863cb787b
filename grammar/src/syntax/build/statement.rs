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
        self.tree.add_stmt(StmtKind::Assert { test, message }, span(l, r))
    }

    /// `first = rest[0] = ... = value`.
    pub fn assign(&mut self, l: u32, first: ExprId, mut rest: Vec<ExprId>, r: u32) -> StmtId {
        let value = rest.pop().expect("an assignment has a value");
        rest.insert(0, first);
        let is_single = rest.len() == 1;
        for &target in &rest {
            self.check_assigned(target, is_single);
        }
        self.refuse_star(value);
        self.tree.add_stmt(StmtKind::Assign { targets: rest, value }, span(l, r))
    }

    fn check_assigned(&mut self, target: ExprId, is_single: bool) {
        let Some(bad) = self.invalid_target(target) else {
            self.check_stars(target);
            return;
        };
        let what = self.describe(bad);
        let at = self.outer_span(bad);
        if matches!(self.tree[bad].kind, ExprKind::Yield(_) | ExprKind::YieldFrom(_)) && bad == target {
            self.mistake(SyntaxMistake::AssignToYield, at);
            return;
        }
        // A comparison with one `=` too few is likely, where a whole expression stands alone on the left.
        let may_compare = is_single
            && bad == target
            && match &self.tree[bad].kind {
                ExprKind::Generator(_) | ExprKind::Constant(Constant::True | Constant::False | Constant::None) => false,
                ExprKind::IfElse { .. }
                | ExprKind::Lambda { .. }
                | ExprKind::Bool { .. }
                | ExprKind::Compare { .. } => self.groups.contains_key(&bad),
                ExprKind::Unary { op: UnaryOp::Not, .. } => self.groups.contains_key(&bad),
                _ => true,
            };
        match may_compare {
            true => self.mistake(SyntaxMistake::NotAssignableHere { what }, at),
            false => self.mistake(SyntaxMistake::NotAssignable { what }, at),
        }
    }

    pub fn aug_assign(&mut self, l: u32, target: ExprId, op: BinaryOp, value: ExprId, r: u32) -> StmtId {
        let is_target = matches!(
            self.tree[target].kind,
            ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Subscript { .. }
        );
        if !is_target {
            let what = self.describe(target);
            self.mistake(SyntaxMistake::AugAssignTarget { what }, self.outer_span(target));
        }
        self.refuse_star(value);
        self.tree.add_stmt(StmtKind::AugAssign { target, op, value }, span(l, r))
    }

    pub fn ann_assign(&mut self, l: u32, target: ExprId, annotation: ExprId, value: Option<ExprId>, r: u32) -> StmtId {
        let is_grouped = self.groups.contains_key(&target);
        let mistake = match &self.tree[target].kind {
            ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Subscript { .. } => None,
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

    pub fn import_from(&mut self, l: u32, level: u32, module: Option<Ident>, names: Vec<Alias>, r: u32) -> StmtId {
        self.check_module(l, level, module);
        self.tree.add_stmt(StmtKind::ImportFrom { module, level, names, star: None }, span(l, r))
    }

    pub fn import_star(&mut self, l: u32, level: u32, module: Option<Ident>, star: u32, r: u32) -> StmtId {
        self.check_module(l, level, module);
        let star = Some(Span { start: star, end: r });
        self.tree.add_stmt(StmtKind::ImportFrom { module, level, names: Vec::new(), star }, span(l, r))
    }

    fn check_module(&mut self, l: u32, level: u32, module: Option<Ident>) {
        if level == 0 && module.is_none() {
            let at = self.text[l as usize..].find("import").map_or(l, |n| l + n as u32);
            self.mistake(SyntaxMistake::UnexpectedToken { what: "'import'".to_owned() }, span(at, at + 6));
        }
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
