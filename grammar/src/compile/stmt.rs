//! Statements: the dispatch, and the simple ones.

use super::{CompileMode, Compiler};
use crate::bytecode::{Const, Intrinsic, Op};
use crate::resolve::{ScopeKind, Scopes};
use crate::source::Span;
use crate::syntax::ast::*;

impl<'t> Compiler<'t> {
    /// The code of the whole source.
    pub fn compile_top(&mut self) -> std::sync::Arc<crate::bytecode::Code> {
        let outermost = self.enter_frame(Scopes::MODULE, Default::default(), 1);
        drop(outermost);
        self.emit_prologue();
        let tree = self.tree;
        if self.options.mode == CompileMode::Expression
            && let Some(StmtKind::Expr(value)) = tree.body.first().map(|&id| &tree[id].kind)
        {
            self.compile_return(Some(*value), self.tree[*value].span);
        } else {
            self.compile_body(&tree.body, true);
            self.emit(Op::ReturnNone);
        }
        let unit = std::mem::replace(&mut self.unit, Box::new(super::Unit::new(Scopes::MODULE, Default::default())));
        self.finish_unit(unit)
    }

    /// The statements of a module or class: the docstring and the annotations come first.
    pub fn compile_body(&mut self, body: &'t [StmtId], may_have_docstring: bool) {
        let scope = &self.scopes[self.unit.frame];
        let has_docstring = may_have_docstring && self.options.mode == CompileMode::Module;
        if scope.has_annotations {
            let dst = self.unit.next();
            self.emit(Op::Intrinsic { dst, base: dst, intrinsic: Intrinsic::Annotations });
            self.unit.push();
            self.unit.set_top(dst.0 as u16);
        }
        let docstring = if has_docstring { self.docstring(body) } else { None };
        let skipped = docstring.is_some() as usize;
        if let Some(text) = docstring
            && self.options.optimize < 2
        {
            self.at(self.tree[body[0]].span);
            let src = self.push_const(Const::Str(text));
            self.store_namespace("__doc__", src);
            self.unit.set_top(src.0 as u16);
        }
        self.compile_block(&body[skipped..]);
    }

    pub fn compile_block(&mut self, body: &'t [StmtId]) {
        for &id in body {
            if !self.unit.is_reachable() {
                return;
            }
            self.compile_stmt(id);
        }
    }

    fn compile_stmt(&mut self, id: StmtId) {
        if !self.descend() {
            return self.ascend();
        }
        let top = self.unit.top();
        self.statement = self.tree[id].span;
        self.at(self.statement);
        self.compile_stmt_kind(id);
        self.unit.set_top(top);
        self.ascend();
    }

    fn compile_stmt_kind(&mut self, id: StmtId) {
        let tree = self.tree;
        let Stmt { kind, span } = &tree[id];
        let span = *span;
        match kind {
            StmtKind::Expr(value) => self.compile_expression(*value),
            StmtKind::Assign { targets, value } => self.compile_assign(targets, *value),
            StmtKind::AugAssign { target, op, value } => self.compile_aug_assign(*target, *op, *value, span),
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                self.compile_ann_assign(*target, *annotation, *value, *simple);
            }
            StmtKind::Return(value) => self.compile_return(*value, span),
            StmtKind::Delete(targets) => targets.iter().for_each(|&target| self.delete_target(target)),
            StmtKind::Raise { exc, cause } => self.compile_raise(*exc, *cause, span),
            StmtKind::Assert { test, message } => self.compile_assert(*test, *message),
            StmtKind::Pass | StmtKind::Global(_) | StmtKind::Nonlocal(_) => {}
            StmtKind::Break => self.compile_break(),
            StmtKind::Continue => self.compile_continue(),
            StmtKind::Import(aliases) => self.compile_import(aliases, span),
            StmtKind::ImportFrom { module, level, names, star } => {
                self.compile_import_from(*module, *level, names, star.is_some(), span);
            }
            StmtKind::If { branches, otherwise } => self.compile_if(branches, otherwise),
            StmtKind::While { test, body, otherwise } => self.compile_while(*test, body, otherwise),
            StmtKind::For { target, iter, body, otherwise, is_async } => {
                self.compile_for(*target, *iter, body, otherwise, *is_async);
            }
            StmtKind::With { items, body, is_async } => self.compile_with(items, body, *is_async),
            StmtKind::Try(parts) => self.compile_try(parts),
            StmtKind::Match { subject, cases } => self.compile_match(*subject, cases),
            StmtKind::Function(function) => self.compile_function(id, function),
            StmtKind::Class(class) => self.compile_class(id, class),
            StmtKind::TypeAlias { name, type_params, value } => {
                self.compile_type_alias(id, *name, type_params, *value);
            }
        }
    }

    /// An expression as a statement: displayed at a prompt, else only evaluated.
    fn compile_expression(&mut self, value: ExprId) {
        let is_module = self.scopes[self.unit.frame].kind == ScopeKind::Module;
        if self.options.mode == CompileMode::Interactive && is_module {
            let base = self.push_expr(value);
            self.at_expr(value);
            return self.emit(Op::Intrinsic { dst: base, base, intrinsic: Intrinsic::Display });
        }
        if !self.is_constant(value) {
            self.operand(value);
        }
    }

    pub fn compile_return(&mut self, value: Option<ExprId>, span: Span) {
        let constant = match value {
            None => Some(Const::None),
            Some(value) => self.constant(value),
        };
        let src = match value {
            Some(value) if constant.is_none() => Some(match self.runs_statements() {
                true => self.push_expr(value),
                false => self.operand(value),
            }),
            _ => None,
        };
        let unwound = self.unwind(0);
        self.at(span);
        match (src, constant) {
            (Some(src), _) => self.emit(Op::Return { src }),
            (None, Some(constant)) if constant != Const::None => {
                let src = self.push_const(constant);
                self.emit(Op::Return { src });
            }
            _ => self.emit(Op::ReturnNone),
        }
        self.rewind(unwound);
    }

    fn compile_raise(&mut self, exc: Option<ExprId>, cause: Option<ExprId>, span: Span) {
        let op = match (exc, cause) {
            (Some(exc), Some(cause)) => {
                let src = self.operand_before(exc, &[cause]);
                Op::RaiseFrom { src, cause: self.operand(cause) }
            }
            (Some(exc), None) => Op::Raise { src: self.operand(exc) },
            (None, _) => Op::RaiseHandled,
        };
        self.at(span);
        self.emit(op);
    }

    fn compile_assert(&mut self, test: ExprId, message: Option<ExprId>) {
        if self.options.optimize > 0 {
            return;
        }
        let end = self.unit.new_label();
        self.branch(test, true, end);
        self.at_expr(test);
        let base = self.unit.next();
        self.emit(Op::Intrinsic { dst: base, base, intrinsic: Intrinsic::AssertionError });
        self.unit.push();
        if let Some(message) = message {
            self.emit(Op::Unbind { from: self.unit.next(), n: 1 });
            self.unit.push();
            self.push_expr(message);
            self.at_expr(test);
            self.emit(Op::Call { dst: base, base, argc: 1 });
            self.unit.set_top(base.0 as u16 + 1);
        }
        self.emit(Op::Raise { src: base });
        self.unit.set_top(base.0 as u16);
        self.unit.place(end);
    }

    /// `elif` chains are flat: one branch per test.
    fn compile_if(&mut self, branches: &'t [(ExprId, Vec<StmtId>)], otherwise: &'t [StmtId]) {
        let end = self.unit.new_label();
        for (at, (test, body)) in branches.iter().enumerate() {
            match self.folded.truth(self.tree, *test) {
                Some(false) => continue,
                Some(true) => {
                    self.compile_block(body);
                    self.unit.jump(end);
                    break;
                }
                None => {}
            }
            if at + 1 == branches.len() && otherwise.is_empty() {
                self.branch(*test, false, end);
                self.compile_block(body);
                break;
            }
            let next = self.unit.new_label();
            self.branch(*test, false, next);
            self.compile_block(body);
            self.unit.jump(end);
            self.unit.place(next);
            if !self.unit.is_reachable() {
                break;
            }
        }
        self.compile_block(otherwise);
        self.unit.place(end);
    }

    pub fn delete_target(&mut self, target: ExprId) {
        let tree = self.tree;
        let top = self.unit.top();
        match &tree[target].kind {
            ExprKind::Name(name) => {
                self.at_expr(target);
                self.delete_name(*name);
            }
            ExprKind::Attribute { value, attr } => {
                let obj = self.operand(*value);
                self.at_attr(target, *attr);
                let attr = self.attr_id(attr.name);
                self.emit(Op::DeleteAttr { obj, attr });
            }
            ExprKind::Subscript { value, index } => {
                let obj = self.operand_before(*value, &[*index]);
                let index = self.operand(*index);
                self.at_expr(target);
                self.emit(Op::DeleteItem { obj, index });
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                items.iter().for_each(|&item| self.delete_target(item));
            }
            // The tree's builder lets nothing else through.
            _ => {}
        }
        self.unit.set_top(top);
    }
}
