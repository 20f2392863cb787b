//! `def`, `lambda`, and decorators.
//!
//! CPython's order: decorators, defaults, type parameters, annotations, the function, then the decorators' calls from the
//! inside outward.

use super::Compiler;
use super::frame::call_params;
use crate::bytecode::{CodeId, Const, Intrinsic, Op, Reg};
use crate::resolve::{Node, ScopeId};
use crate::source::{Name, Span};
use crate::syntax::ast::*;

impl<'t> Compiler<'t> {
    pub fn compile_function(&mut self, id: StmtId, function: &'t Function) {
        let span = self.tree[id].span;
        let bases = self.push_decorators(&function.decorators);
        let own = self.local_register(function.name.name);
        let dst = match (bases.is_empty(), own) {
            (true, Some(reg)) => reg,
            _ => self.unit.next(),
        };
        let scope = self.scopes.of(Node::Stmt(id));
        let base = self.unit.next();
        let has_annotations =
            function.returns.is_some() || all_params(&function.params).any(|p| p.annotation.is_some());
        let has_parts = has_annotations || all_params(&function.params).any(|p| p.default.is_some());
        if has_parts {
            self.push_defaults(&function.params);
        }
        let generic = self.begin_type_params(id, &function.type_params);
        if has_parts {
            self.push_annotations(&function.params, function.returns);
        }
        let first_line = self.first_line(span, &function.decorators);
        let code = self.function_code(scope, &function.params, first_line, |this| {
            this.compile_function_body(&function.body);
        });
        self.at(span);
        match generic {
            None => self.make_function(dst, base, code, has_parts),
            Some(generic) => {
                // The tuple of type parameters stands between the defaults and the annotations.
                self.make_generic_function(dst, base, code, generic.tuple, has_parts);
                self.unit.set_top(base.0 as u16 + 1);
                self.end_type_params(generic);
            }
        }
        if !self.is_local(dst) {
            self.unit.set_top(dst.0 as u16 + 1);
        }
        let result = self.call_decorators(&bases, &function.decorators, dst, own);
        self.at(span);
        self.store_name(function.name.name, result);
    }

    fn make_function(&mut self, dst: Reg, base: Reg, code: CodeId, has_parts: bool) {
        self.emit(match has_parts {
            true => Op::MakeFunction { dst, base, code },
            false => Op::MakeClosure { dst, code },
        });
    }

    /// R[base], R[base + 1]: defaults; R[base + 2]: the type parameters; R[base + 3]: the annotations.
    fn make_generic_function(&mut self, dst: Reg, base: Reg, code: CodeId, tuple: Reg, has_parts: bool) {
        let function = self.unit.next();
        if has_parts {
            for src in [base, Reg(base.0 + 1), Reg(tuple.0 + 1)] {
                let next = self.unit.next();
                self.emit(Op::Move { dst: next, src });
                self.unit.push();
            }
        }
        self.make_function(function, function, code, has_parts);
        self.unit.set_top(function.0 as u16 + 1);
        let next = self.unit.next();
        self.emit(Op::Move { dst: next, src: tuple });
        self.unit.push();
        self.emit(Op::Intrinsic { dst, base: function, intrinsic: Intrinsic::SetTypeParams });
    }

    /// The line of the first decorator, or of the definition.
    pub fn first_line(&self, span: Span, decorators: &[ExprId]) -> u32 {
        let start = decorators.first().map_or(span.start, |&first| self.tree[first].span.start.min(span.start));
        self.lines.line(start)
    }

    fn compile_function_body(&mut self, body: &'t [StmtId]) {
        let docstring = self.docstring(body);
        let skipped = docstring.is_some() as usize;
        if let Some(text) = docstring
            && self.options.optimize < 2
        {
            self.unit.const_id(Const::Str(text));
            self.unit.code.flags.has_docstring = true;
        }
        self.compile_block(&body[skipped..]);
        self.emit(Op::ReturnNone);
    }

    /// The code of a function whose statements `body` compiles.
    pub fn function_code(
        &mut self,
        scope: ScopeId,
        params: &Params,
        first_line: u32,
        body: impl FnOnce(&mut Self),
    ) -> CodeId {
        let saved = self.enter_frame(scope, call_params(params), first_line);
        self.emit_prologue();
        body(self);
        self.leave_frame(saved)
    }

    pub fn compile_lambda(&mut self, expr: ExprId, params: &'t Params, body: ExprId, dst: Reg) {
        let span = self.tree[expr].span;
        let base = self.unit.next();
        let has_defaults = all_params(params).any(|param| param.default.is_some());
        if has_defaults {
            self.push_defaults(params);
            self.push_unbound();
        }
        let scope = self.scopes.of(Node::Expr(expr));
        let line = self.lines.line(span.start);
        let code = self.function_code(scope, params, line, |this| {
            let value_span = this.tree[body].span;
            this.compile_return(Some(body), value_span);
        });
        self.at(span);
        self.make_function(dst, base, code, has_defaults);
    }

    // ----- What a function is made with -----

    /// The defaults in two new registers, unbound if there are none.
    fn push_defaults(&mut self, params: &'t Params) {
        let positional = params.positional_only.iter().chain(&params.positional);
        let defaults: Vec<ExprId> = positional.filter_map(|param| param.default).collect();
        let keywords: Vec<(Name, ExprId)> =
            params.keyword_only.iter().filter_map(|param| Some((param.name.name, param.default?))).collect();
        match defaults.first() {
            Some(&first) => self.push_tuple(first, &defaults),
            None => self.push_unbound(),
        }
        match keywords.is_empty() {
            false => self.push_named_dict(&keywords),
            true => self.push_unbound(),
        }
    }

    fn push_unbound(&mut self) {
        self.emit(Op::Unbind { from: self.unit.next(), n: 1 });
        self.unit.push();
    }

    fn push_tuple(&mut self, first: ExprId, items: &[ExprId]) {
        let dst = self.unit.next();
        let constants: Option<Vec<Const>> = items.iter().map(|&item| self.constant(item)).collect();
        match constants {
            Some(constants) => self.load_const(Const::Tuple(constants), dst),
            None => self.compile_tuple(first, items, dst),
        }
        self.unit.set_top(dst.0 as u16);
        self.unit.push();
    }

    /// A dict of names, mangled, and values.
    fn push_named_dict(&mut self, pairs: &[(Name, ExprId)]) {
        let dict = self.begin_dict();
        for &(name, value) in pairs {
            self.insert_named(dict, name, |this| this.push_expr(value));
        }
    }

    fn begin_dict(&mut self) -> Reg {
        let dict = self.unit.next();
        self.emit(Op::BuildDict { dst: dict, base: dict, n: 0 });
        self.unit.push()
    }

    fn insert_named(&mut self, dict: Reg, name: Name, value: impl FnOnce(&mut Self) -> Reg) {
        let name = self.mangled(name);
        let text = self.names.text(name).to_owned();
        let key = self.push_str(&text);
        value(self);
        self.emit(Op::DictInsert { dict, key });
        self.unit.set_top(dict.0 as u16 + 1);
    }

    /// The annotations in a new register, unbound if there are none.
    fn push_annotations(&mut self, params: &'t Params, returns: Option<ExprId>) {
        let annotated = all_params(params).filter_map(|param| Some((param.name.name, param.annotation?)));
        let mut annotated: Vec<(Name, ExprId)> = annotated.collect();
        if let Some(returns) = returns {
            annotated.push((self.names.intern("return"), returns));
        }
        if annotated.is_empty() {
            return self.push_unbound();
        }
        let dict = self.begin_dict();
        for (name, annotation) in annotated {
            self.insert_named(dict, name, |this| this.push_annotation(annotation));
        }
    }

    // ----- Decorators -----

    /// The decorators as callees, outermost first; the registers of the calls.
    pub fn push_decorators(&mut self, decorators: &[ExprId]) -> Vec<Reg> {
        let mut bases = Vec::new();
        for &decorator in decorators {
            bases.push(self.push_expr(decorator));
            self.push_unbound();
        }
        bases
    }

    /// Calls the decorators on R[value], innermost first; the register of the result.
    pub fn call_decorators(&mut self, bases: &[Reg], decorators: &[ExprId], value: Reg, own: Option<Reg>) -> Reg {
        let mut result = value;
        for (at, &base) in bases.iter().enumerate().rev() {
            let dst = match (at, own) {
                (0, Some(reg)) => reg,
                _ => base,
            };
            self.unit.set_top(base.0 as u16 + 3);
            self.at_expr(decorators[at]);
            // The argument of the next one out is the slot below this callee.
            let dst = if at > 0 { Reg(bases[at - 1].0 + 2) } else { dst };
            self.emit(Op::Call { dst, base, argc: 1 });
            result = dst;
        }
        if !self.is_local(result) {
            self.unit.set_top(result.0 as u16 + 1);
        }
        result
    }
}

/// All parameters, in the order in which CPython evaluates their annotations.
fn all_params(params: &Params) -> impl Iterator<Item = &Param> {
    let positional = params.positional_only.iter().chain(&params.positional);
    positional.chain(&params.star).chain(&params.keyword_only).chain(&params.star_star)
}
