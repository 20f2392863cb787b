//! The walk over expressions and targets.
//!
//! Expressions that only hold others are walked with a list of what is still to be visited, so that long spines need no
//! native stack; only a new scope (lambda, comprehension) recurses.

use super::declare::Declare;
use super::place::TypePlace;
use super::scope::{Node, ScopeKind};
use crate::report::ScopeMistake;
use crate::source::{Name, Span};
use crate::syntax::ast::*;

impl<'t> Declare<'t> {
    pub fn visit_exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e ExprId>) {
        for &expr in exprs {
            self.visit_expr(expr);
        }
    }

    pub fn visit_expr(&mut self, expr: ExprId) {
        let bottom = self.pending.len();
        self.pending.push(expr);
        while self.pending.len() > bottom {
            let Some(next) = self.pending.pop() else { break };
            let first = self.pending.len();
            self.visit_one(next);
            // The first to be visited is on top.
            self.pending[first..].reverse();
        }
    }

    /// An element of a display or an argument, where `*value` may stand.
    pub fn visit_element(&mut self, expr: ExprId) {
        match self.tree[expr].kind {
            ExprKind::Starred(value) => self.visit_expr(value),
            _ => self.visit_expr(expr),
        }
    }

    fn push_element(&mut self, expr: ExprId) {
        self.pending.push(match self.tree[expr].kind {
            ExprKind::Starred(value) => value,
            _ => expr,
        });
    }

    /// Visits one node; its parts are left in `pending`, the first one first.
    fn visit_one(&mut self, id: ExprId) {
        let tree = self.tree;
        let Expr { kind, span } = &tree[id];
        let span = *span;
        match kind {
            ExprKind::Constant(_) => {}
            ExprKind::Name(name) => self.use_name(*name),
            ExprKind::FString(parts) => self.push_parts(parts),
            ExprKind::Attribute { value, .. } => self.pending.push(*value),
            ExprKind::Subscript { value, index } => {
                self.pending.push(*value);
                self.push_element(*index);
            }
            ExprKind::Slice { lower, upper, step } => self.pending.extend(lower.iter().chain(upper).chain(step)),
            ExprKind::Starred(value) => {
                self.mistake(ScopeMistake::StarredValueHere, span);
                self.pending.push(*value);
            }
            ExprKind::Call { func, args, keywords } => {
                self.check_keywords(keywords);
                self.pending.push(*func);
                args.iter().for_each(|&arg| self.push_element(arg));
                self.pending.extend(keywords.iter().map(|keyword| keyword.value));
            }
            ExprKind::Unary { operand, .. } => self.pending.push(*operand),
            ExprKind::Binary { lhs, rhs, .. } => self.pending.extend([*lhs, *rhs]),
            ExprKind::Bool { values, .. } => self.pending.extend(values),
            ExprKind::Compare { first, rest } => {
                self.pending.push(*first);
                self.pending.extend(rest.iter().map(|(_, operand)| *operand));
            }
            ExprKind::IfElse { test, then, otherwise } => self.pending.extend([*test, *then, *otherwise]),
            ExprKind::Lambda { params, body } => self.visit_lambda(id, params, *body),
            ExprKind::Walrus { target, value } => self.visit_walrus(*target, *value, span),
            ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Set(items) => {
                items.iter().for_each(|&item| self.push_element(item));
            }
            ExprKind::Dict(pairs) => {
                for (key, value) in pairs {
                    self.pending.extend(key.iter().chain([value]));
                }
            }
            ExprKind::ListComp(parts) => self.visit_comprehension(id, parts, ScopeKind::ListComp),
            ExprKind::SetComp(parts) => self.visit_comprehension(id, parts, ScopeKind::SetComp),
            ExprKind::DictComp(parts) => self.visit_comprehension(id, parts, ScopeKind::DictComp),
            ExprKind::Generator(parts) => self.visit_comprehension(id, parts, ScopeKind::Generator),
            ExprKind::Await(value) => {
                self.note_await(span);
                self.pending.push(*value);
            }
            ExprKind::Yield(value) => {
                self.note_yield(span);
                self.pending.extend(value);
            }
            ExprKind::YieldFrom(value) => {
                self.note_yield(span);
                if self.scope().is_async {
                    self.mistake(ScopeMistake::YieldFromInAsync, span);
                }
                self.pending.push(*value);
            }
        }
    }

    fn push_parts(&mut self, parts: &'t [FPart]) {
        for part in parts {
            let FPart::Field(field) = part else { continue };
            self.pending.push(field.value);
            if let Some(spec) = &field.spec {
                self.push_parts(spec);
            }
        }
    }

    fn check_keywords(&mut self, keywords: &[Keyword]) {
        for keyword in keywords {
            if keyword.name.is_some_and(|name| name.name == self.special.debug) {
                self.mistake(ScopeMistake::AssignsDebug, keyword.span);
            }
        }
    }

    pub fn visit_keywords(&mut self, keywords: &'t [Keyword]) {
        self.check_keywords(keywords);
        for keyword in keywords {
            self.visit_expr(keyword.value);
        }
    }

    // ----- Functions inside expressions -----

    fn visit_lambda(&mut self, id: ExprId, params: &'t Params, body: ExprId) {
        self.visit_defaults(params);
        let name = self.names.intern("<lambda>");
        let outside = self.enter(ScopeKind::Lambda, name, Some(Node::Expr(id)));
        self.declare_params(params);
        self.visit_expr(body);
        self.leave(outside);
    }

    pub fn visit_defaults(&mut self, params: &'t Params) {
        for param in params.positional_only.iter().chain(&params.positional).chain(&params.keyword_only) {
            self.visit_exprs(&param.default);
        }
    }

    pub fn visit_param_annotations(&mut self, params: &'t Params) {
        let positional = params.positional_only.iter().chain(&params.positional);
        for param in positional.chain(&params.star).chain(&params.keyword_only).chain(&params.star_star) {
            if let Some(annotation) = param.annotation {
                self.visit_annotation(annotation);
            }
        }
    }

    /// With `from __future__ import annotations` an annotation is text; its names belong to nobody.
    pub fn visit_annotation(&mut self, annotation: ExprId) {
        if !self.scopes.future_annotations {
            return self.visit_element(annotation);
        }
        let name = self.names.intern("<annotation>");
        let outside = self.enter(ScopeKind::TypeParamValue, name, None);
        self.places.push((self.current, TypePlace::Annotation));
        self.visit_element(annotation);
        self.leave(outside);
    }

    fn visit_comprehension(&mut self, id: ExprId, parts: &'t Comprehension, kind: ScopeKind) {
        let Some((first, others)) = parts.clauses.split_first() else { return };
        self.in_iterable += 1;
        self.visit_expr(first.iter);
        self.in_iterable -= 1;
        let name = self.names.intern(match kind {
            ScopeKind::Generator => "<genexpr>",
            _ => "<comprehension>",
        });
        let outside = self.enter(kind, name, Some(Node::Expr(id)));
        if kind == ScopeKind::Generator {
            let argument = self.names.intern(".0");
            let symbol = self.scope().symbol_mut(argument);
            (symbol.is_bound, symbol.is_param) = (true, true);
        }
        self.scope().has_await = first.is_async;
        self.visit_iteration(first.target);
        self.visit_exprs(&first.conditions);
        for clause in others {
            self.scope().has_await |= clause.is_async;
            self.in_iterable += 1;
            self.visit_expr(clause.iter);
            self.in_iterable -= 1;
            self.visit_iteration(clause.target);
            self.visit_exprs(&clause.conditions);
        }
        self.visit_expr(parts.element);
        self.visit_exprs(&parts.value);
        let has_await = self.scope().has_await;
        self.leave(outside);
        if has_await && kind != ScopeKind::Generator {
            self.note_async_comprehension(self.tree[id].span);
        }
    }

    fn visit_iteration(&mut self, target: ExprId) {
        self.in_iteration_target = true;
        self.declare_target(target);
        self.in_iteration_target = false;
    }

    fn note_async_comprehension(&mut self, span: Span) {
        let top_level_await = self.options.top_level_await;
        let scope = self.scope();
        scope.has_await = true;
        let allowed = match scope.kind {
            ScopeKind::Module => top_level_await,
            kind => scope.is_async || kind.is_comprehension(),
        };
        if !allowed {
            self.mistake(ScopeMistake::AsyncComprehensionOutside, span);
        }
    }

    // ----- What may not stand everywhere -----

    /// True, with a mistake, where annotations and type parameters are computed.
    fn is_refused_by_type_scope(&mut self, what: &'static str, span: Span) -> bool {
        let place = self.places.iter().rev().find(|(scope, _)| *scope == self.current);
        let Some(&(_, place)) = place else { return false };
        self.mistake(ScopeMistake::NotAllowedIn { what, place: place.phrase() }, span);
        true
    }

    fn note_await(&mut self, span: Span) {
        if self.is_refused_by_type_scope("await expression", span) {
            return;
        }
        let top_level_await = self.options.top_level_await;
        let scope = self.scope();
        scope.has_await = true;
        match scope.kind {
            ScopeKind::Module if top_level_await => {}
            ScopeKind::Module | ScopeKind::Class => self.mistake(ScopeMistake::AwaitOutsideFunction, span),
            kind if kind.is_comprehension() || scope.is_async => {}
            _ => self.mistake(ScopeMistake::AwaitOutsideAsync, span),
        }
    }

    fn note_yield(&mut self, span: Span) {
        if self.is_refused_by_type_scope("yield expression", span) {
            return;
        }
        let scope = self.scope();
        scope.has_yield = true;
        let place = match scope.kind {
            ScopeKind::Module | ScopeKind::Class => return self.mistake(ScopeMistake::YieldOutsideFunction, span),
            ScopeKind::ListComp => "list comprehension",
            ScopeKind::SetComp => "set comprehension",
            ScopeKind::DictComp => "dict comprehension",
            ScopeKind::Generator => "generator expression",
            ScopeKind::Function
            | ScopeKind::Lambda
            | ScopeKind::TypeParams
            | ScopeKind::TypeParamValue
            | ScopeKind::TypeAlias => return,
        };
        self.mistake(ScopeMistake::YieldInComprehension { place }, span);
    }

    fn visit_walrus(&mut self, target: Ident, value: ExprId, span: Span) {
        if self.is_refused_by_type_scope("named expression", span) {
            return;
        }
        if self.in_iterable > 0 {
            return self.mistake(ScopeMistake::WalrusInIterable, span);
        }
        match self.scope().kind.is_comprehension() {
            true => self.bind_walrus_outside(target.name, target.span),
            false => self.bind_name(target.name, target.span).is_walrus = true,
        }
        self.pending.push(value);
    }

    /// `:=` in a comprehension binds in the function or module around it.
    fn bind_walrus_outside(&mut self, source: Name, span: Span) {
        let name = self.mangled(source);
        let mut scope = self.current;
        loop {
            let found = &mut self.scopes[scope];
            if found.kind.is_comprehension() {
                if found.symbol(name).is_some_and(|symbol| symbol.is_iteration) {
                    let kind = ScopeMistake::WalrusRebindsIteration { name: self.text(source) };
                    return self.mistake(kind, span);
                }
                scope = found.parent.expect("a comprehension is inside something");
                continue;
            }
            let kind = match found.kind {
                ScopeKind::Class => ScopeMistake::WalrusInClass,
                kind if kind.is_type_scope() => {
                    let place = self.places.iter().rev().find(|(place, _)| *place == scope);
                    ScopeMistake::WalrusInTypeScope {
                        place: place.map_or(TypePlace::Generic, |(_, place)| *place).with_preposition(),
                    }
                }
                _ => break,
            };
            return self.mistake(kind, span);
        }
        let is_module = self.scopes[scope].kind == ScopeKind::Module;
        let symbol = self.scopes[scope].symbol_mut(name);
        symbol.is_bound = true;
        symbol.is_walrus = true;
        symbol.is_global |= is_module;
        let is_global = symbol.is_global;
        let inner = self.scope().symbol_mut(name);
        inner.is_bound = true;
        inner.is_walrus = true;
        inner.is_global |= is_global;
        inner.is_nonlocal |= !is_global;
        inner.directive.get_or_insert(span);
    }

    // ----- Targets -----

    pub fn declare_target(&mut self, target: ExprId) {
        let tree = self.tree;
        let span = tree[target].span;
        match &tree[target].kind {
            ExprKind::Name(name) => {
                self.bind_name(*name, span);
            }
            ExprKind::Attribute { value, attr } => {
                if attr.name == self.special.debug {
                    self.mistake(ScopeMistake::AssignsDebug, span);
                }
                self.note_static_attribute(*value, attr.name);
                self.visit_part(*value);
            }
            ExprKind::Subscript { value, index } => {
                self.visit_part(*value);
                self.visit_part(*index);
            }
            ExprKind::Starred(inner) => self.declare_target(*inner),
            ExprKind::Tuple(items) | ExprKind::List(items) => self.declare_targets(items, span),
            // The tree's builder lets nothing else through.
            _ => self.visit_expr(target),
        }
    }

    /// A part of a target is an ordinary expression, also in a comprehension.
    fn visit_part(&mut self, expr: ExprId) {
        let in_target = std::mem::take(&mut self.in_iteration_target);
        self.visit_element(expr);
        self.in_iteration_target = in_target;
    }

    fn declare_targets(&mut self, items: &'t [ExprId], span: Span) {
        for (at, &item) in items.iter().enumerate() {
            if at >= 256 && matches!(self.tree[item].kind, ExprKind::Starred(_)) {
                self.mistake(ScopeMistake::TooManyTargets, span);
            }
            self.declare_target(item);
        }
    }

    pub fn declare_deleted(&mut self, target: ExprId) {
        let tree = self.tree;
        let span = tree[target].span;
        match &tree[target].kind {
            ExprKind::Name(name) if *name == self.special.debug => self.mistake(ScopeMistake::DeletesDebug, span),
            ExprKind::Name(name) => self.bind_name(*name, span).is_deleted = true,
            ExprKind::Attribute { value, .. } => self.visit_expr(*value),
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                items.iter().for_each(|&item| self.declare_deleted(item));
            }
            _ => self.visit_expr(target),
        }
    }

    /// A method that assigns to `self.name` adds to `__static_attributes__` of its class.
    fn note_static_attribute(&mut self, value: ExprId, attr: Name) {
        if !matches!(self.tree[value].kind, ExprKind::Name(name) if name == self.special.self_) {
            return;
        }
        let mut at = self.scopes[self.current].parent;
        while let Some(scope) = at {
            let scope = &mut self.scopes[scope];
            if scope.kind == ScopeKind::Class {
                if !scope.static_attributes.contains(&attr) {
                    scope.static_attributes.push(attr);
                }
                return;
            }
            at = scope.parent;
        }
    }
}
