//! The walk over definitions: functions, classes, type parameters and aliases, each with scopes of its own.

use super::declare::{Declare, Outside};
use super::place::TypePlace;
use super::scope::{Node, ScopeKind};
use crate::report::ScopeMistake;
use crate::source::{Name, Span};
use crate::syntax::ast::*;

impl<'t> Declare<'t> {
    pub fn declare_function(&mut self, id: StmtId, function: &'t Function) {
        self.bind_name(function.name.name, self.tree[id].span);
        self.visit_defaults(&function.params);
        self.visit_exprs(&function.decorators);
        let generic = self.enter_type_params(id, function.name.name, &function.type_params, false);
        self.visit_param_annotations(&function.params);
        if let Some(returns) = function.returns {
            self.visit_annotation(returns);
        }
        let outside = self.enter(ScopeKind::Function, function.name.name, Some(Node::Stmt(id)));
        self.scope().is_async = function.is_async;
        self.declare_params(&function.params);
        self.declare_block(&function.body);
        let scope = self.scope();
        if let (true, true, Some(span)) = (scope.is_async, scope.has_yield, scope.return_value) {
            self.mistake(ScopeMistake::ReturnValueInAsyncGenerator, span);
        }
        self.leave(outside);
        generic.into_iter().for_each(|outside| self.leave(outside));
    }

    pub fn declare_class(&mut self, id: StmtId, class: &'t Class, span: Span) {
        self.bind_name(class.name.name, span);
        self.visit_exprs(&class.decorators);
        let generic = self.enter_type_params(id, class.name.name, &class.type_params, true);
        let type_params = self.special.type_params;
        if generic.is_some() {
            self.scope().symbol_mut(type_params).is_bound = true;
        }
        for &base in &class.bases {
            self.visit_element(base);
        }
        self.visit_keywords(&class.keywords);
        let outside = self.enter(ScopeKind::Class, class.name.name, Some(Node::Stmt(id)));
        self.scope().class = Some(class.name.name);
        self.scope().mangled_only = None;
        if generic.is_some() {
            self.scope().symbol_mut(type_params).is_used = true;
        }
        self.declare_block(&class.body);
        self.leave(outside);
        generic.into_iter().for_each(|outside| self.leave(outside));
    }

    pub fn declare_alias(&mut self, id: StmtId, name: Ident, type_params: &'t [TypeParam], value: ExprId) {
        self.bind_name(name.name, self.tree[id].span);
        let generic = self.enter_type_params(id, name.name, type_params, false);
        let outside = self.enter(ScopeKind::TypeAlias, name.name, Some(Node::Alias(id)));
        self.places.push((self.current, TypePlace::Alias));
        self.visit_expr(value);
        self.leave(outside);
        generic.into_iter().for_each(|outside| self.leave(outside));
    }

    /// The scope of type parameters, if there are any; the caller leaves it.
    fn enter_type_params(
        &mut self,
        id: StmtId,
        name: Name,
        params: &'t [TypeParam],
        is_class: bool,
    ) -> Option<Outside> {
        if params.is_empty() {
            return None;
        }
        let outside = self.enter(ScopeKind::TypeParams, name, Some(Node::TypeParams(id)));
        self.places.push((self.current, TypePlace::Generic));
        if is_class {
            self.scope().class = Some(name);
            self.scope().mangled_only = Some(params.iter().map(|param| param.name.name).collect());
        }
        for (at, param) in params.iter().enumerate() {
            let mangled = self.mangled(param.name.name);
            if self.scope().symbol(mangled).is_some_and(|symbol| symbol.is_type_param) {
                let kind = ScopeMistake::DuplicateTypeParam { name: self.text(mangled) };
                self.mistake(kind, param.span);
            }
            self.bind_name(param.name.name, param.span).is_type_param = true;
            if let TypeParamKind::TypeVar { bound: Some(bound) } = param.kind {
                let is_tuple = matches!(self.tree[bound].kind, ExprKind::Tuple(_));
                let place = if is_tuple { TypePlace::Constraint } else { TypePlace::Bound };
                self.declare_lazy(bound, param.name.name, Node::Bound(id, at as u32), place);
            }
            if let Some(default) = param.default {
                let place = match param.kind {
                    TypeParamKind::TypeVar { .. } => TypePlace::TypeVarDefault,
                    TypeParamKind::ParamSpec => TypePlace::ParamSpecDefault,
                    TypeParamKind::TypeVarTuple => TypePlace::TypeVarTupleDefault,
                };
                self.declare_lazy(default, param.name.name, Node::Default(id, at as u32), place);
            }
        }
        Some(outside)
    }

    fn declare_lazy(&mut self, value: ExprId, name: Name, node: Node, place: TypePlace) {
        let outside = self.enter(ScopeKind::TypeParamValue, name, Some(node));
        self.places.push((self.current, place));
        self.visit_element(value);
        self.leave(outside);
    }

    pub fn declare_params(&mut self, params: &'t Params) {
        let groups = params.positional_only.iter().chain(&params.positional).chain(&params.keyword_only);
        for param in groups.chain(&params.star).chain(&params.star_star) {
            let name = self.mangled(param.name.name);
            if self.scope().symbol(name).is_some_and(|symbol| symbol.is_param) {
                let kind = ScopeMistake::DuplicateArgument { name: self.text(name) };
                self.mistake(kind, param.name.span);
            }
            self.bind_name(param.name.name, param.name.span).is_param = true;
        }
    }
}
