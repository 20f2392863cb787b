//! The walk over the statements: makes the scopes, notes each use and binding of a name.
//!
//! Expressions are in `declare_expr`, patterns in `declare_pattern`. Mistakes that need no more than the walk are found
//! here too; those about owners of names are `bind`'s.

use super::mangle;
use super::place::TypePlace;
use super::scope::{Node, Scope, ScopeId, ScopeKind, Scopes, Symbol};
use super::{ResolveOptions, future};
use crate::report::{Diagnostic, ScopeMistake};
use crate::source::{Name, Names, Span};
use crate::syntax::ast::*;

const GLOBAL: &str = "global";
const NONLOCAL: &str = "nonlocal";

/// What a statement is inside of, within its function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    Loop,
    StarHandler,
}

/// Names that the language itself asks for.
pub(super) struct Special {
    pub class_cell: Name,
    pub super_: Name,
    pub debug: Name,
    pub self_: Name,
    pub type_params: Name,
}

pub(super) struct Declare<'t> {
    pub tree: &'t Tree,
    pub scopes: Scopes,
    pub names: Names,
    pub special: Special,
    pub mistakes: Vec<Diagnostic>,
    pub options: ResolveOptions,
    pub current: ScopeId,
    /// Loops and `except*` clauses around, in the current function.
    pub around: Vec<Around>,
    /// Inside the iterable of a comprehension of this scope.
    pub in_iterable: u32,
    /// Inside the target of a comprehension of this scope.
    pub in_iteration_target: bool,
    /// What a type scope stands for.
    pub places: Vec<(ScopeId, TypePlace)>,
    /// Expressions that the walk still has to visit.
    pub pending: Vec<ExprId>,
    n_leading: usize,
    /// The statement at hand is among the imports from `__future__` at the top.
    may_be_future: bool,
}

/// What is restored when a scope is left.
pub(super) struct Outside {
    current: ScopeId,
    around: Vec<Around>,
    in_iterable: u32,
    in_iteration_target: bool,
}

impl<'t> Declare<'t> {
    pub fn new(tree: &'t Tree, options: ResolveOptions) -> Self {
        let mut names = tree.names.clone();
        let special = Special {
            class_cell: names.intern("__class__"),
            super_: names.intern("super"),
            debug: names.intern("__debug__"),
            self_: names.intern("self"),
            type_params: names.intern(".type_params"),
        };
        for text in ["__classdict__", "__annotations__", ".0"] {
            names.intern(text);
        }
        let scopes = Scopes { future_annotations: options.future_annotations, ..Scopes::default() };
        Declare {
            tree,
            scopes,
            names,
            special,
            mistakes: Vec::new(),
            options,
            current: Scopes::MODULE,
            around: Vec::new(),
            in_iterable: 0,
            in_iteration_target: false,
            places: Vec::new(),
            pending: Vec::new(),
            n_leading: 0,
            may_be_future: false,
        }
    }

    pub fn finish(self) -> (Scopes, Names, Vec<Diagnostic>) {
        (self.scopes, self.names, self.mistakes)
    }

    pub fn declare_module(&mut self) {
        let future = future::future_imports(self.tree, &self.names, &mut self.mistakes);
        self.n_leading = future.n_leading;
        self.scopes.future_annotations |= future.annotations;
        let name = self.names.intern("<module>");
        self.push_scope(ScopeKind::Module, name, None);
        let tree = self.tree;
        for (at, &id) in tree.body.iter().enumerate() {
            self.may_be_future = at < self.n_leading;
            self.declare_stmt(id);
        }
    }

    // ----- Scopes -----

    pub fn scope(&mut self) -> &mut Scope {
        let current = self.current;
        &mut self.scopes[current]
    }

    fn push_scope(&mut self, kind: ScopeKind, name: Name, parent: Option<ScopeId>) -> ScopeId {
        let id = ScopeId(self.scopes.scopes.len() as u32);
        let (frame, class, mangled_only, sees_class) = match parent {
            None => (id, None, None, false),
            Some(parent_id) => {
                let parent = &mut self.scopes[parent_id];
                if kind.is_inlined() {
                    parent.inlined.push(id);
                }
                let frame = if kind.is_inlined() { parent.frame } else { id };
                let sees_class = match kind {
                    ScopeKind::Module | ScopeKind::Class | ScopeKind::Function => false,
                    _ if kind.is_type_scope() => parent.kind == ScopeKind::Class || parent.sees_class,
                    _ => false,
                };
                (frame, parent.class, parent.mangled_only.clone(), sees_class)
            }
        };
        self.scopes.scopes.push(Scope {
            kind,
            name,
            parent,
            frame,
            class,
            mangled_only,
            symbols: Vec::new(),
            by_name: Default::default(),
            frees: Vec::new(),
            inlined: Vec::new(),
            is_async: false,
            has_yield: false,
            has_await: false,
            return_value: None,
            has_annotations: false,
            needs_class_cell: false,
            needs_class_dict: false,
            sees_class,
            static_attributes: Vec::new(),
        });
        id
    }

    pub fn enter(&mut self, kind: ScopeKind, name: Name, node: Option<Node>) -> Outside {
        let id = self.push_scope(kind, name, Some(self.current));
        if let Some(node) = node {
            self.scopes.by_node.insert(node, id);
        }
        Outside {
            current: std::mem::replace(&mut self.current, id),
            around: std::mem::take(&mut self.around),
            // What is made in an iterable is in it, too.
            in_iterable: self.in_iterable,
            in_iteration_target: std::mem::take(&mut self.in_iteration_target),
        }
    }

    pub fn leave(&mut self, outside: Outside) {
        self.current = outside.current;
        self.around = outside.around;
        self.in_iterable = outside.in_iterable;
        self.in_iteration_target = outside.in_iteration_target;
    }

    // ----- Names -----

    pub fn mistake(&mut self, kind: ScopeMistake, span: Span) {
        self.mistakes.push(Diagnostic::new(kind, span));
    }

    pub fn text(&self, name: Name) -> String {
        self.names.text(name).to_owned()
    }

    pub fn mangled(&mut self, name: Name) -> Name {
        let class = self.scopes[self.current].mangling_class(name);
        mangle(&mut self.names, class, name)
    }

    pub fn use_name(&mut self, name: Name) {
        let name = self.mangled(name);
        self.scope().symbol_mut(name).is_used = true;
        let special = self.special.class_cell;
        if name == self.special.super_ && self.scopes[self.current].kind.is_function_like() {
            self.scope().symbol_mut(special).is_used = true;
        }
    }

    /// Notes that the current scope binds `name`; `span` is what CPython blames for `__debug__`.
    pub fn bind_name(&mut self, name: Name, span: Span) -> &mut Symbol {
        let name = self.mangled(name);
        if name == self.special.debug {
            self.mistake(ScopeMistake::AssignsDebug, span);
        }
        let is_iteration = self.in_iteration_target;
        if is_iteration {
            let symbol = self.scope().symbol_mut(name);
            symbol.is_iteration = true;
            if symbol.is_global || symbol.is_nonlocal {
                let kind = ScopeMistake::IterationRebindsWalrus { name: self.text(name) };
                self.mistake(kind, span);
            }
        }
        let symbol = self.scope().symbol_mut(name);
        symbol.is_bound = true;
        symbol
    }

    /// `global names` or `nonlocal names`.
    fn declare_directive(&mut self, idents: &[Ident], which: &'static str, span: Span) {
        if which == NONLOCAL && self.scope().kind == ScopeKind::Module {
            return self.mistake(ScopeMistake::NonlocalAtModule, span);
        }
        for ident in idents {
            let name = self.mangled(ident.name);
            let text = self.text(name);
            let symbol = self.scope().symbol_mut(name);
            let mistake = if symbol.is_param {
                Some(ScopeMistake::ParameterAndDirective { name: text, which })
            } else if symbol.is_used {
                Some(ScopeMistake::UsedBefore { name: text, which })
            } else if symbol.is_annotated {
                Some(ScopeMistake::AnnotatedAndDirective { name: text, which })
            } else if symbol.is_bound {
                Some(ScopeMistake::AssignedBefore { name: text, which })
            } else {
                None
            };
            symbol.is_global |= which == GLOBAL;
            symbol.is_nonlocal |= which == NONLOCAL;
            symbol.directive.get_or_insert(span);
            if which == GLOBAL {
                // As in CPython the name is then a global of the module's own code too.
                self.scopes[Scopes::MODULE].symbol_mut(name).is_global = true;
            }
            if let Some(kind) = mistake {
                self.mistake(kind, span);
            }
        }
    }

    // ----- Statements -----

    pub fn declare_block(&mut self, body: &'t [StmtId]) {
        for &id in body {
            self.declare_stmt(id);
        }
    }

    fn declare_stmt(&mut self, id: StmtId) {
        let tree = self.tree;
        let Stmt { kind, span } = &tree[id];
        let span = *span;
        match kind {
            StmtKind::Expr(value) => self.visit_expr(*value),
            StmtKind::Assign { targets, value } => {
                self.visit_expr(*value);
                targets.iter().for_each(|&target| self.declare_target(target));
            }
            StmtKind::AugAssign { target, value, .. } => {
                match tree[*target].kind {
                    // CPython lets `x.__debug__ += 1` through.
                    ExprKind::Attribute { value: object, .. } => self.visit_expr(object),
                    _ => self.declare_target(*target),
                }
                self.visit_expr(*value);
            }
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                self.declare_annotated(*target, *annotation, *value, *simple, span);
            }
            StmtKind::Return(value) => self.declare_return(*value, span),
            StmtKind::Delete(targets) => targets.iter().for_each(|&target| self.declare_deleted(target)),
            StmtKind::Raise { exc, cause } => self.visit_exprs(exc.iter().chain(cause)),
            StmtKind::Assert { test, message } => self.visit_exprs([test].into_iter().chain(message)),
            StmtKind::Pass => {}
            StmtKind::Break => self.declare_exit(ScopeMistake::BreakOutsideLoop, span),
            StmtKind::Continue => self.declare_exit(ScopeMistake::ContinueOutsideLoop, span),
            StmtKind::Global(names) => self.declare_directive(names, GLOBAL, span),
            StmtKind::Nonlocal(names) => self.declare_directive(names, NONLOCAL, span),
            StmtKind::Import(aliases) => self.declare_import(aliases, span),
            StmtKind::ImportFrom { names, star, .. } => {
                if !self.may_be_future && future::is_future(tree, &self.names, id) {
                    self.mistake(ScopeMistake::FutureLate, span);
                }
                self.declare_import_from(names, *star, span);
            }
            StmtKind::If { branches, otherwise } => self.declare_if(branches, otherwise),
            StmtKind::While { test, body, otherwise } => {
                self.visit_expr(*test);
                self.declare_loop(body, otherwise);
            }
            StmtKind::For { target, iter, body, otherwise, is_async } => {
                if *is_async {
                    self.require_async(ScopeMistake::AsyncForOutside, span);
                }
                self.visit_expr(*iter);
                self.declare_target(*target);
                self.declare_loop(body, otherwise);
            }
            StmtKind::With { items, body, is_async } => self.declare_with(items, body, *is_async, span),
            StmtKind::Try(parts) => self.declare_try(parts),
            StmtKind::Match { subject, cases } => self.declare_match(*subject, cases),
            StmtKind::Function(function) => self.declare_function(id, function),
            StmtKind::Class(class) => self.declare_class(id, class, span),
            StmtKind::TypeAlias { name, type_params, value } => self.declare_alias(id, *name, type_params, *value),
        }
    }

    fn declare_annotated(
        &mut self,
        target: ExprId,
        annotation: ExprId,
        value: Option<ExprId>,
        simple: bool,
        span: Span,
    ) {
        let is_module = self.current == Scopes::MODULE;
        self.scope().has_annotations = true;
        match self.tree[target].kind {
            ExprKind::Name(name) => {
                let mangled = self.mangled(name);
                let symbol = self.scope().symbol_mut(mangled);
                let (is_global, is_nonlocal) = (symbol.is_global, symbol.is_nonlocal);
                if (is_global || is_nonlocal) && !is_module && simple {
                    let which = if is_global { GLOBAL } else { NONLOCAL };
                    let kind = ScopeMistake::AnnotatedAndDirective { name: self.text(mangled), which };
                    self.mistake(kind, span);
                }
                if simple {
                    self.bind_name(name, self.tree[target].span).is_annotated = true;
                } else if value.is_some() {
                    self.bind_name(name, self.tree[target].span);
                } else if name == self.special.debug {
                    self.mistake(ScopeMistake::AssignsDebug, span);
                }
            }
            ExprKind::Attribute { value: object, attr } if attr.name == self.special.debug => {
                self.mistake(ScopeMistake::AssignsDebug, span);
                self.visit_expr(object);
            }
            _ => self.declare_target(target),
        }
        self.visit_annotation(annotation);
        if let Some(value) = value {
            self.visit_expr(value);
        }
    }

    fn declare_return(&mut self, value: Option<ExprId>, span: Span) {
        if let Some(value) = value {
            self.visit_expr(value);
            self.scope().return_value.get_or_insert(span);
        }
        if !matches!(self.scope().kind, ScopeKind::Function) {
            self.mistake(ScopeMistake::ReturnOutsideFunction, span);
        } else if self.around.contains(&Around::StarHandler) {
            self.mistake(ScopeMistake::LeavesStarHandler, span);
        }
    }

    fn declare_exit(&mut self, outside: ScopeMistake, span: Span) {
        match self.around.last() {
            Some(Around::Loop) => {}
            Some(Around::StarHandler) => self.mistake(ScopeMistake::LeavesStarHandler, span),
            None => self.mistake(outside, span),
        }
    }

    fn declare_import(&mut self, aliases: &[Alias], span: Span) {
        for alias in aliases {
            let name = alias.as_name.unwrap_or_else(|| {
                let text = self.names.text(alias.name.name);
                let first = text.split('.').next().unwrap_or(text).to_owned();
                Ident { name: self.names.intern(&first), span: alias.name.span }
            });
            self.bind_name(name.name, span);
        }
    }

    fn declare_import_from(&mut self, aliases: &[Alias], star: Option<Span>, span: Span) {
        if let Some(star) = star
            && self.current != Scopes::MODULE
        {
            self.mistake(ScopeMistake::ImportStarInside, star);
        }
        for alias in aliases {
            self.bind_name(alias.as_name.unwrap_or(alias.name).name, span);
        }
    }

    fn declare_if(&mut self, branches: &'t [(ExprId, Vec<StmtId>)], otherwise: &'t [StmtId]) {
        for (test, body) in branches {
            self.visit_expr(*test);
            self.declare_block(body);
        }
        self.declare_block(otherwise);
    }

    fn declare_loop(&mut self, body: &'t [StmtId], otherwise: &'t [StmtId]) {
        self.around.push(Around::Loop);
        self.declare_block(body);
        self.around.pop();
        self.declare_block(otherwise);
    }

    fn declare_with(&mut self, items: &'t [WithItem], body: &'t [StmtId], is_async: bool, span: Span) {
        if is_async {
            self.require_async(ScopeMistake::AsyncWithOutside, span);
        }
        for item in items {
            self.visit_expr(item.context);
            if let Some(target) = item.target {
                self.declare_target(target);
            }
        }
        self.declare_block(body);
    }

    fn declare_try(&mut self, parts: &'t Try) {
        self.declare_block(&parts.body);
        self.declare_block(&parts.otherwise);
        for handler in &parts.handlers {
            self.visit_exprs(&handler.class);
            if let Some(name) = handler.name {
                self.bind_name(name.name, handler.span).is_deleted = true;
            }
            if parts.is_star {
                self.around.push(Around::StarHandler);
            }
            self.declare_block(&handler.body);
            if parts.is_star {
                self.around.pop();
            }
        }
        self.declare_block(&parts.finally);
    }

    /// `async for` and `async with` need an asynchronous function, or the top level where that may wait.
    fn require_async(&mut self, outside: ScopeMistake, span: Span) {
        let top_level_await = self.options.top_level_await;
        let scope = self.scope();
        let allowed = match scope.kind {
            ScopeKind::Module => top_level_await,
            _ => scope.is_async,
        };
        scope.has_await = true;
        if !allowed {
            self.mistake(outside, span);
        }
    }
}
