//! Statements, one line each, their blocks indented below.

use super::Dump;
use crate::syntax::ast::*;

impl Dump<'_> {
    pub(super) fn block(&mut self, list: &[StmtId], depth: usize) {
        for &statement in list {
            self.statement(statement, depth);
        }
    }

    /// A line of its own for a part of the statement, and the block below it.
    fn part(&mut self, label: &str, body: &[StmtId], depth: usize) {
        if !body.is_empty() {
            self.indent(depth);
            self.push(label);
            self.push("\n");
            self.block(body, depth + 1);
        }
    }

    fn body(&mut self, body: &[StmtId], depth: usize) {
        self.push("\n");
        self.block(body, depth + 1);
    }

    fn line(&mut self, label: &str, list: &[ExprId]) {
        self.push(label);
        self.more(list);
        self.push("\n");
    }

    fn statement(&mut self, statement: StmtId, depth: usize) {
        let tree = self.tree;
        let statement = &tree[statement];
        if let StmtKind::Function(function) = &statement.kind {
            self.decorators(&function.decorators, depth);
        }
        if let StmtKind::Class(class) = &statement.kind {
            self.decorators(&class.decorators, depth);
        }
        self.indent(depth);
        self.push_span(statement.span);
        match &statement.kind {
            StmtKind::Expr(value) => self.line("Expr", &[*value]),
            StmtKind::Assign { targets, value } => {
                self.push("Assign");
                self.more(targets);
                self.line(" =", &[*value]);
            }
            StmtKind::AugAssign { target, op, value } => self.line(&format!("AugAssign {op:?}"), &[*target, *value]),
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                self.push(if *simple { "AnnAssign simple" } else { "AnnAssign" });
                self.more(&[*target, *annotation]);
                self.line("", value.as_slice());
            }
            StmtKind::Return(value) => self.line("Return", value.as_slice()),
            StmtKind::Delete(targets) => self.line("Delete", targets),
            StmtKind::Raise { exc, cause } => {
                self.line("Raise", &exc.iter().chain(cause).copied().collect::<Vec<ExprId>>());
            }
            StmtKind::Assert { test, message } => {
                self.push("Assert");
                self.more(&[*test]);
                self.line("", message.as_slice());
            }
            StmtKind::Pass => self.push("Pass\n"),
            StmtKind::Break => self.push("Break\n"),
            StmtKind::Continue => self.push("Continue\n"),
            StmtKind::Global(names) => self.names("Global", names),
            StmtKind::Nonlocal(names) => self.names("Nonlocal", names),
            StmtKind::Import(names) => self.aliases("Import", names),
            StmtKind::ImportFrom { module, level, names, star } => {
                self.push(&format!("ImportFrom {level} "));
                if let Some(module) = module {
                    self.push_name(module.name);
                }
                self.aliases(if star.is_some() { " *" } else { "" }, names);
            }
            StmtKind::If { branches, otherwise } => self.if_stmt(branches, otherwise, depth),
            StmtKind::While { test, body, otherwise } => {
                self.push("While");
                self.more(&[*test]);
                self.body(body, depth);
                self.part("else", otherwise, depth);
            }
            StmtKind::For { target, iter, body, otherwise, is_async } => {
                self.push(if *is_async { "AsyncFor" } else { "For" });
                self.more(&[*target, *iter]);
                self.body(body, depth);
                self.part("else", otherwise, depth);
            }
            StmtKind::With { items, body, is_async } => {
                self.push(if *is_async { "AsyncWith" } else { "With" });
                for item in items {
                    self.more(&[item.context]);
                    if let Some(target) = item.target {
                        self.push(" as");
                        self.more(&[target]);
                    }
                }
                self.body(body, depth);
            }
            StmtKind::Try(parts) => self.try_stmt(parts, depth),
            StmtKind::Match { subject, cases } => self.match_stmt(*subject, cases, depth),
            StmtKind::Function(function) => self.function(function, depth),
            StmtKind::Class(class) => self.class(class, depth),
            StmtKind::TypeAlias { name, type_params, value } => {
                self.push("TypeAlias ");
                self.push_name(name.name);
                self.type_params(type_params);
                self.line("", &[*value]);
            }
        }
    }

    fn names(&mut self, label: &str, names: &[Ident]) {
        self.push(label);
        for ident in names {
            self.push(" ");
            self.push_name(ident.name);
        }
        self.push("\n");
    }

    fn aliases(&mut self, label: &str, names: &[Alias]) {
        self.push(label);
        for alias in names {
            self.push(" ");
            self.push_name(alias.name.name);
            if let Some(as_name) = alias.as_name {
                self.push(":");
                self.push_name(as_name.name);
            }
        }
        self.push("\n");
    }

    fn decorators(&mut self, list: &[ExprId], depth: usize) {
        for &decorator in list {
            self.indent(depth);
            self.line("@", &[decorator]);
        }
    }

    fn if_stmt(&mut self, branches: &[(ExprId, Vec<StmtId>)], otherwise: &[StmtId], depth: usize) {
        for (at, (test, body)) in branches.iter().enumerate() {
            if at > 0 {
                self.indent(depth);
            }
            self.push(if at == 0 { "If" } else { "elif" });
            self.more(&[*test]);
            self.body(body, depth);
        }
        self.part("else", otherwise, depth);
    }

    fn try_stmt(&mut self, parts: &Try, depth: usize) {
        self.push(if parts.is_star { "TryStar" } else { "Try" });
        self.body(&parts.body, depth);
        for handler in &parts.handlers {
            self.indent(depth);
            self.push_span(handler.span);
            self.push("except");
            self.more(handler.class.as_slice());
            if let Some(name) = handler.name {
                self.push(" as ");
                self.push_name(name.name);
            }
            self.body(&handler.body, depth);
        }
        self.part("else", &parts.otherwise, depth);
        self.part("finally", &parts.finally, depth);
    }

    fn match_stmt(&mut self, subject: ExprId, cases: &[MatchCase], depth: usize) {
        self.line("Match", &[subject]);
        for case in cases {
            self.indent(depth);
            self.push("case ");
            self.pattern(case.pattern);
            if let Some(guard) = case.guard {
                self.push(" if");
                self.more(&[guard]);
            }
            self.body(&case.body, depth);
        }
    }

    fn type_params(&mut self, params: &[TypeParam]) {
        for param in params {
            self.push(" (");
            self.push_span(param.span);
            let bound = match param.kind {
                TypeParamKind::TypeVar { bound } => bound,
                TypeParamKind::TypeVarTuple => {
                    self.push("*");
                    None
                }
                TypeParamKind::ParamSpec => {
                    self.push("**");
                    None
                }
            };
            self.push_name(param.name.name);
            if let Some(bound) = bound {
                self.push(":");
                self.expr(bound);
            }
            if let Some(default) = param.default {
                self.push("=");
                self.expr(default);
            }
            self.push(")");
        }
    }

    fn function(&mut self, function: &Function, depth: usize) {
        self.push(if function.is_async { "AsyncFunction " } else { "Function " });
        self.push_name(function.name.name);
        self.type_params(&function.type_params);
        self.push(" ");
        self.params(&function.params);
        if let Some(returns) = function.returns {
            self.push(" ->");
            self.more(&[returns]);
        }
        self.body(&function.body, depth);
    }

    fn class(&mut self, class: &Class, depth: usize) {
        self.push("Class ");
        self.push_name(class.name.name);
        self.type_params(&class.type_params);
        self.more(&class.bases);
        self.keywords(&class.keywords);
        self.body(&class.body, depth);
    }
}
