//! Type parameters and type aliases (PEP 695).
//!
//! The scope of type parameters is inlined: its names are hidden registers or cells of the frame around. Bounds,
//! constraints, defaults and the values of aliases are functions that run when somebody asks.

use super::Compiler;
use crate::bytecode::{CallParams, CodeId, Const, Intrinsic, Op, Reg};
use crate::resolve::{Node, ScopeId};
use crate::syntax::ast::*;

/// The scope of type parameters at hand.
pub(super) struct Generic {
    scope: ScopeId,
    outside: ScopeId,
    /// The tuple of the parameters.
    pub tuple: Reg,
}

impl<'t> Compiler<'t> {
    /// Makes the type parameters; their tuple is in a new register.
    pub fn begin_type_params(&mut self, id: StmtId, params: &'t [TypeParam]) -> Option<Generic> {
        if params.is_empty() {
            return None;
        }
        let scope = self.scopes.of(Node::TypeParams(id));
        let outside = std::mem::replace(&mut self.unit.scope, scope);
        self.begin_inlined(scope);
        let tuple = self.unit.next();
        for (at, param) in params.iter().enumerate() {
            self.at(param.span);
            let reg = self.push_type_param(id, at as u32, param);
            self.store_name(param.name.name, reg);
        }
        self.emit(Op::BuildTuple { dst: tuple, base: tuple, n: params.len().min(255) as u8 });
        self.unit.set_top(tuple.0 as u16 + 1);
        Some(Generic { scope, outside, tuple })
    }

    pub fn end_type_params(&mut self, generic: Generic) {
        self.end_inlined(generic.scope);
        self.unit.scope = generic.outside;
    }

    fn push_type_param(&mut self, id: StmtId, at: u32, param: &'t TypeParam) -> Reg {
        let text = self.names.text(param.name.name).to_owned();
        let base = self.push_str(&text);
        let intrinsic = match param.kind {
            TypeParamKind::TypeVar { bound: None } => Intrinsic::TypeVar,
            TypeParamKind::TypeVar { bound: Some(bound) } => {
                self.push_lazy(Node::Bound(id, at), bound);
                match self.tree[bound].kind {
                    ExprKind::Tuple(_) => Intrinsic::TypeVarConstraints,
                    _ => Intrinsic::TypeVarBound,
                }
            }
            TypeParamKind::TypeVarTuple => Intrinsic::TypeVarTuple,
            TypeParamKind::ParamSpec => Intrinsic::ParamSpec,
        };
        self.emit(Op::Intrinsic { dst: base, base, intrinsic });
        self.unit.set_top(base.0 as u16 + 1);
        if let Some(default) = param.default {
            self.push_lazy(Node::Default(id, at), default);
            self.emit(Op::Intrinsic { dst: base, base, intrinsic: Intrinsic::TypeParamDefault });
            self.unit.set_top(base.0 as u16 + 1);
        }
        base
    }

    /// A function that computes an expression when it is called.
    fn push_lazy(&mut self, node: Node, value: ExprId) -> Reg {
        let code = self.lazy_code(node, value);
        let dst = self.unit.next();
        self.emit(Op::MakeClosure { dst, code });
        self.unit.push()
    }

    fn lazy_code(&mut self, node: Node, value: ExprId) -> CodeId {
        let scope = self.scopes.of(node);
        let span = self.tree[value].span;
        let line = self.lines.line(span.start);
        let saved = self.enter_frame(scope, CallParams::default(), line);
        self.emit_prologue();
        let src = match self.tree[value].kind {
            ExprKind::Starred(inner) => self.push_only_element(inner),
            _ => self.operand(value),
        };
        self.at(span);
        self.emit(Op::Return { src });
        self.leave_frame(saved)
    }

    /// `type Name[params] = value`
    pub fn compile_type_alias(&mut self, id: StmtId, name: Ident, params: &'t [TypeParam], value: ExprId) {
        let span = self.tree[id].span;
        let text = self.names.text(name.name).to_owned();
        let base = self.push_str(&text);
        let generic = self.begin_type_params(id, params);
        if generic.is_none() {
            self.push_const(Const::None);
        }
        self.push_lazy(Node::Alias(id), value);
        self.at(span);
        self.emit(Op::Intrinsic { dst: base, base, intrinsic: Intrinsic::TypeAlias });
        self.unit.set_top(base.0 as u16 + 1);
        if let Some(generic) = generic {
            self.end_type_params(generic);
        }
        self.store_name(name.name, base);
    }
}
