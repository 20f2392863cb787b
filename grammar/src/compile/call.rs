//! Calls: callee first, then the arguments into the slots where the callee's window begins.
//!
//! ```text
//! R[base] callee   R[base + 1] the machine's (self)   R[base + 2…] arguments
//! ```
//!
//! Where evaluating the arguments cannot be seen, looking up the callee is left to the call itself (`CallGlobal`,
//! `CallAttr`). More arguments than registers, `*args` and `**kwargs` go through a list and a dict (`CallEx`).

use super::Compiler;
use crate::bytecode::{Const, Op, Reg};
use crate::resolve::{Binding, ScopeKind};
use crate::source::{Name, Span};
use crate::syntax::ast::*;

/// More arguments than these are handed over in a list.
const MAX_ARGS: usize = 100;

impl<'t> Compiler<'t> {
    /// The arguments are not known one by one, or too many for registers.
    pub fn is_spread(&self, args: &[ExprId], keywords: &[Keyword]) -> bool {
        args.len() + keywords.len() > MAX_ARGS.min(self.unit.n_free() as usize / 2)
            || args.iter().any(|&arg| matches!(self.tree[arg].kind, ExprKind::Starred(_)))
            || keywords.iter().any(|keyword| keyword.name.is_none())
    }

    /// A call that begins a spine, or an attribute of `super()`.
    pub fn compile_atom_call(&mut self, expr: ExprId, dst: Reg) {
        let tree = self.tree;
        match &tree[expr].kind {
            ExprKind::Attribute { attr, .. } => self.compile_super_attribute(expr, attr.name, dst),
            ExprKind::Call { func, args, keywords } => match &tree[*func].kind {
                ExprKind::Attribute { attr, .. } => self.compile_super_call(expr, attr.name, args, keywords, dst),
                _ => self.compile_named_call(expr, *func, args, keywords, dst),
            },
            _ => {}
        }
    }

    /// `name(…)`
    fn compile_named_call(&mut self, expr: ExprId, func: ExprId, args: &[ExprId], keywords: &[Keyword], dst: Reg) {
        if let ExprKind::Name(name) = self.tree[func].kind
            && keywords.is_empty()
            && !self.is_spread(args, keywords)
            && !self.is_constant(func)
        {
            let name = self.mangled(name);
            if self.binding(name) == Binding::Global && args.iter().all(|&arg| self.is_quiet(arg, 0)) {
                let base = self.unit.push();
                self.unit.push();
                args.iter().for_each(|&arg| {
                    self.push_expr(arg);
                });
                self.at_expr(expr);
                let global = self.global_id(name);
                self.unit.note_callee(self.tree[func].span);
                return self.emit(Op::CallGlobal { dst, base, argc: args.len() as u8, global });
            }
        }
        let base = self.push_expr(func);
        self.compile_call(expr, base, args, keywords, dst);
    }

    /// A call of R[base], the topmost register.
    pub fn compile_call(&mut self, expr: ExprId, base: Reg, args: &[ExprId], keywords: &[Keyword], dst: Reg) {
        let span = self.tree[expr].span;
        if self.is_spread(args, keywords) {
            return self.compile_spread_call(span, base, args, keywords, dst);
        }
        self.reserve_self(args, keywords);
        args.iter().for_each(|&arg| {
            self.push_expr(arg);
        });
        self.finish_call(span, base, args.len(), keywords, dst);
    }

    /// The keyword arguments and the call itself; `n_args` positional ones are there already.
    pub fn finish_call(&mut self, span: Span, base: Reg, n_args: usize, keywords: &[Keyword], dst: Reg) {
        let argc = (n_args + keywords.len()) as u8;
        if keywords.is_empty() {
            self.at(span);
            return self.emit(Op::Call { dst, base, argc });
        }
        let names = self.push_keywords(keywords);
        self.at(span);
        let names = self.unit.const_id(names);
        self.emit(Op::CallKw { dst, base, argc, names });
    }

    /// Takes R[base + 1]; it must hold nothing old while calls in the arguments run.
    fn reserve_self(&mut self, args: &[ExprId], keywords: &[Keyword]) {
        let values = keywords.iter().map(|keyword| keyword.value);
        let is_seen = args.iter().copied().chain(values).any(|value| self.may_call(value));
        if is_seen {
            let from = self.unit.next();
            self.emit(Op::Unbind { from, n: 1 });
        }
        self.unit.push();
    }

    /// Whether something in the expression looks like a call, so that a collection may come in between.
    fn may_call(&self, expr: ExprId) -> bool {
        match &self.tree[expr].kind {
            ExprKind::Constant(_) | ExprKind::Name(_) | ExprKind::Lambda { .. } => false,
            ExprKind::Attribute { value, .. } => self.may_call(*value),
            ExprKind::Subscript { value, index } => self.may_call(*value) || self.may_call(*index),
            ExprKind::Unary { operand, .. } => self.may_call(*operand),
            ExprKind::Binary { lhs, rhs, .. } => {
                // A long spine is not worth the walk.
                matches!(self.tree[*lhs].kind, ExprKind::Binary { .. }) || self.may_call(*lhs) || self.may_call(*rhs)
            }
            _ => true,
        }
    }

    /// The values of keyword arguments, and their names.
    fn push_keywords(&mut self, keywords: &[Keyword]) -> Const {
        let mut names = Vec::new();
        for keyword in keywords {
            let name = keyword.name.expect("`**` is a spread call");
            names.push(Const::Str(self.names.text(name.name).into()));
            self.push_expr(keyword.value);
        }
        Const::Tuple(names)
    }

    /// `value.name(…)` with the value in R[base + 1], the topmost register.
    pub fn compile_method_call(
        &mut self,
        expr: ExprId,
        func: ExprId,
        base: Reg,
        args: &[ExprId],
        keywords: &[Keyword],
        dst: Reg,
    ) {
        let ExprKind::Attribute { attr, .. } = self.tree[func].kind else { return };
        let argc = (args.len() + keywords.len()) as u8;
        if keywords.is_empty() && args.iter().all(|&arg| self.is_quiet(arg, 0)) {
            args.iter().for_each(|&arg| {
                self.push_expr(arg);
            });
            self.at_attr(expr, attr);
            self.unit.note_callee(self.attr_span(func, attr));
            let attr = self.attr_id(attr.name);
            return self.emit(Op::CallAttr { dst, base, argc, attr });
        }
        self.at_attr(func, attr);
        let span = self.attr_span(expr, attr);
        let attr = self.attr_id(attr.name);
        self.emit(Op::LoadMethod { base, attr });
        self.compile_loaded_method(span, base, args, keywords, dst);
    }

    /// A call after `LoadMethod`.
    fn compile_loaded_method(&mut self, span: Span, base: Reg, args: &[ExprId], keywords: &[Keyword], dst: Reg) {
        args.iter().for_each(|&arg| {
            self.push_expr(arg);
        });
        let argc = (args.len() + keywords.len()) as u8;
        if keywords.is_empty() {
            self.at(span);
            return self.emit(Op::CallMethod { dst, base, argc });
        }
        let names = self.push_keywords(keywords);
        self.at(span);
        let names = self.unit.const_id(names);
        self.emit(Op::CallMethodKw { dst, base, argc, names });
    }

    // ----- Arguments in a list and a dict -----

    fn compile_spread_call(&mut self, span: Span, base: Reg, args: &[ExprId], keywords: &[Keyword], dst: Reg) {
        let unused = self.unit.next();
        self.emit(Op::Unbind { from: unused, n: 1 });
        self.unit.push();
        self.push_spread_args(args, span);
        self.push_spread_keywords(base, keywords, span);
        self.at(span);
        self.emit(Op::CallEx { dst, base });
    }

    fn push_spread_args(&mut self, args: &[ExprId], span: Span) {
        if let [only] = args
            && let ExprKind::Starred(value) = self.tree[*only].kind
        {
            self.push_expr(value);
            return;
        }
        if !args.iter().any(|&arg| matches!(self.tree[arg].kind, ExprKind::Starred(_))) && args.len() <= MAX_ARGS / 2 {
            let base = self.unit.next();
            args.iter().for_each(|&arg| {
                self.push_expr(arg);
            });
            self.emit(Op::BuildTuple { dst: base, base, n: args.len() as u8 });
            self.unit.set_top(base.0 as u16 + 1);
            return;
        }
        self.push_list(args, span);
    }

    pub fn push_spread_keywords(&mut self, callee: Reg, keywords: &[Keyword], span: Span) {
        let dict = self.unit.next();
        if keywords.is_empty() {
            self.emit(Op::Unbind { from: dict, n: 1 });
            self.unit.push();
            return;
        }
        self.emit(Op::BuildDict { dst: dict, base: dict, n: 0 });
        self.unit.push();
        let mut rest = keywords;
        while let Some((first, others)) = rest.split_first() {
            if first.name.is_none() {
                let src = self.operand(first.value);
                self.at(span);
                self.emit(Op::DictMerge { dict, src, callee });
                self.unit.set_top(dict.0 as u16 + 1);
                rest = others;
                continue;
            }
            // Keywords between two `**` are merged at once: a name that is there already is a mistake.
            let n = rest.iter().take_while(|keyword| keyword.name.is_some()).count().min(MAX_ARGS / 4);
            let (named, others) = rest.split_at(n);
            self.merge_named(dict, callee, named, span);
            rest = others;
        }
    }

    fn merge_named(&mut self, dict: Reg, callee: Reg, named: &[Keyword], span: Span) {
        let base = self.unit.next();
        for keyword in named {
            let name = keyword.name.expect("only named ones");
            let text = self.names.text(name.name).to_owned();
            self.push_str(&text);
            self.push_expr(keyword.value);
        }
        self.at(span);
        self.emit(Op::BuildDict { dst: base, base, n: named.len() as u8 });
        self.unit.set_top(base.0 as u16 + 1);
        self.emit(Op::DictMerge { dict, src: base, callee });
        self.unit.set_top(dict.0 as u16 + 1);
    }

    // ----- super() -----

    /// `super()` without arguments, in a function that has `__class__` and a first parameter.
    pub fn is_super_call(&mut self, expr: ExprId) -> bool {
        let ExprKind::Call { func, args, keywords } = &self.tree[expr].kind else { return false };
        let ExprKind::Name(name) = self.tree[*func].kind else { return false };
        if !args.is_empty() || !keywords.is_empty() || self.names.text(name) != "super" {
            return false;
        }
        let class_cell = self.names.find("__class__").expect("declared with the special names");
        let frame = &self.scopes[self.unit.frame];
        let has_first = self.unit.code.params.n_positional > 0;
        matches!(frame.kind, ScopeKind::Function | ScopeKind::Lambda)
            && has_first
            && self.binding(name) == Binding::Global
            && self.scopes[self.unit.scope].symbol(class_cell).is_some_and(|symbol| symbol.binding == Binding::Free)
    }

    /// R[base] = super, R[base + 1] = `__class__`, R[base + 2] = the first parameter.
    fn push_super(&mut self, expr: ExprId) -> Reg {
        let span = self.tree[expr].span;
        self.at(span);
        let super_name = self.names.intern("super");
        let class_cell = self.names.intern("__class__");
        let global = self.global_id(super_name);
        let base = self.unit.next();
        self.emit(Op::LoadGlobal { dst: base, global });
        self.unit.push();
        let cell = self.free_register(class_cell);
        let dst = self.unit.next();
        self.emit(Op::LoadCell { dst, cell });
        self.unit.push();
        self.push_first_parameter();
        base
    }

    fn push_first_parameter(&mut self) {
        let dst = self.unit.next();
        let frame = self.unit.frame;
        let first: Name = self.scopes[frame].symbols[0].name;
        match self.unit.slots.get(&(frame, first)) {
            Some(super::unit::Slot::Cell(cell)) => {
                let cell = *cell;
                self.emit(Op::LoadCell { dst, cell });
            }
            _ => {
                self.check_bound(Reg(0), first);
                self.emit(Op::Move { dst, src: Reg(0) });
            }
        }
        self.unit.push();
    }

    fn compile_super_attribute(&mut self, expr: ExprId, attr: Name, dst: Reg) {
        let base = self.push_super(expr);
        let attr = self.attr_id(attr);
        self.emit(Op::GetSuper { dst, base, attr });
    }

    fn compile_super_call(&mut self, expr: ExprId, attr: Name, args: &[ExprId], keywords: &[Keyword], dst: Reg) {
        let ExprKind::Call { func, .. } = self.tree[expr].kind else { return };
        if self.is_spread(args, keywords) {
            let base = self.unit.next();
            self.compile_super_attribute(func, attr, base);
            self.unit.set_top(base.0 as u16 + 1);
            return self.compile_call(expr, base, args, keywords, dst);
        }
        let base = self.push_super(func);
        let attr = self.attr_id(attr);
        self.emit(Op::LoadSuperMethod { base, attr });
        self.unit.set_top(base.0 as u16 + 2);
        let span = self.tree[expr].span;
        self.compile_loaded_method(span, base, args, keywords, dst);
    }

    // ----- What cannot be seen -----

    /// Evaluating it has no effect that the lookup of the callee could see: constants, bound locals, and arithmetic on them.
    pub fn is_quiet(&mut self, expr: ExprId, depth: u32) -> bool {
        if self.is_constant(expr) {
            return true;
        }
        if depth > 3 {
            return false;
        }
        let tree = self.tree;
        match &tree[expr].kind {
            ExprKind::Name(name) => self.local_register(*name).is_some_and(|reg| self.is_bound(reg)),
            ExprKind::Binary { op, lhs, rhs } => {
                let is_plain = matches!(
                    op,
                    BinaryOp::Add
                        | BinaryOp::Sub
                        | BinaryOp::Mul
                        | BinaryOp::BitAnd
                        | BinaryOp::BitOr
                        | BinaryOp::BitXor
                );
                is_plain && self.is_quiet(*lhs, depth + 1) && self.is_quiet(*rhs, depth + 1)
            }
            ExprKind::Unary { op: UnaryOp::Neg | UnaryOp::Not, operand } => self.is_quiet(*operand, depth + 1),
            ExprKind::Compare { first, rest } => match rest[..] {
                [(_, other)] => self.is_quiet(*first, depth + 1) && self.is_quiet(other, depth + 1),
                _ => false,
            },
            ExprKind::Tuple(items) => items.len() <= 4 && items.iter().all(|&item| self.is_quiet(item, depth + 1)),
            _ => false,
        }
    }
}
