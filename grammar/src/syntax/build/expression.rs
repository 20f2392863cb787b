//! Expressions that are neither literals nor calls.

use super::{Builder, Targets, span};
use crate::report::SyntaxMistake;
use crate::source::Span;
use crate::syntax::ast::*;

/// One entry of a dict display.
#[derive(Clone, Copy, Debug)]
pub struct DictItem {
    /// None for `**value`.
    pub key: Option<ExprId>,
    pub value: ExprId,
    /// The `**` of `**value`.
    pub stars: Option<Span>,
}

impl Builder<'_> {
    /// Parentheses around an expression leave no node.
    pub fn group(&mut self, l: u32, e: ExprId, r: u32) -> ExprId {
        if matches!(self.tree[e].kind, ExprKind::Starred(_)) {
            self.mistake(SyntaxMistake::StarredHere, self.span_of(e));
        }
        self.groups.insert(e, span(l, r));
        e
    }

    pub fn tuple(&mut self, l: u32, list: Vec<ExprId>, r: u32) -> ExprId {
        let depth = self.around(&list);
        self.add(ExprKind::Tuple(list), span(l, r), depth)
    }

    pub fn list_display(&mut self, l: u32, list: Vec<ExprId>, r: u32) -> ExprId {
        let depth = self.around(&list);
        self.add(ExprKind::List(list), span(l, r), depth)
    }

    pub fn set(&mut self, l: u32, list: Vec<ExprId>, r: u32) -> ExprId {
        let depth = self.around(&list);
        self.add(ExprKind::Set(list), span(l, r), depth)
    }

    pub fn dict_pair(&mut self, key: ExprId, value: ExprId) -> DictItem {
        DictItem { key: Some(key), value, stars: None }
    }

    pub fn dict_unpack(&mut self, l: u32, value: ExprId, _r: u32) -> DictItem {
        DictItem { key: None, value, stars: Some(span(l, l + 2)) }
    }

    pub fn dict(&mut self, l: u32, items: Vec<DictItem>, r: u32) -> ExprId {
        let deepest = items.iter().map(|item| item.key.map_or(0, |key| self.depth(key)).max(self.depth(item.value)));
        let depth = 1 + deepest.max().unwrap_or(0);
        let pairs = items.into_iter().map(|item| (item.key, item.value)).collect();
        self.add(ExprKind::Dict(pairs), span(l, r), depth)
    }

    pub fn starred(&mut self, l: u32, e: ExprId, r: u32) -> ExprId {
        let depth = self.around(&[e]);
        self.add(ExprKind::Starred(e), span(l, r), depth)
    }

    pub fn for_clause(&mut self, target: ExprId, iter: ExprId, conditions: Vec<ExprId>, is_async: bool) -> ForClause {
        self.check_loop_target(target);
        ForClause { target, iter, conditions, is_async }
    }

    pub fn list_comp(&mut self, l: u32, element: ExprId, clauses: Vec<ForClause>, r: u32) -> ExprId {
        let (comp, depth) = self.comprehension(element, None, clauses);
        self.add(ExprKind::ListComp(comp), span(l, r), depth)
    }

    pub fn set_comp(&mut self, l: u32, element: ExprId, clauses: Vec<ForClause>, r: u32) -> ExprId {
        let (comp, depth) = self.comprehension(element, None, clauses);
        self.add(ExprKind::SetComp(comp), span(l, r), depth)
    }

    pub fn generator(&mut self, l: u32, element: ExprId, clauses: Vec<ForClause>, r: u32) -> ExprId {
        let (comp, depth) = self.comprehension(element, None, clauses);
        self.add(ExprKind::Generator(comp), span(l, r), depth)
    }

    pub fn dict_comp(&mut self, l: u32, item: DictItem, clauses: Vec<ForClause>, r: u32) -> ExprId {
        if let Some(stars) = item.stars {
            self.mistake(SyntaxMistake::DictUnpackInComprehension, stars);
        }
        let (comp, depth) = self.comprehension(item.key.unwrap_or(item.value), Some(item.value), clauses);
        self.add(ExprKind::DictComp(comp), span(l, r), depth)
    }

    fn comprehension(
        &mut self,
        element: ExprId,
        value: Option<ExprId>,
        clauses: Vec<ForClause>,
    ) -> (Box<Comprehension>, u16) {
        if matches!(self.tree[element].kind, ExprKind::Starred(_)) {
            self.mistake(SyntaxMistake::UnpackInComprehension, self.span_of(element));
        }
        let mut depth = self.depth(element).max(value.map_or(0, |value| self.depth(value)));
        for clause in &clauses {
            depth = depth.max(self.depth(clause.target)).max(self.depth(clause.iter));
            depth = depth.max(self.around(&clause.conditions) - 1);
        }
        (Box::new(Comprehension { element, value, clauses }), depth + 1)
    }

    pub fn attribute(&mut self, l: u32, value: ExprId, attr: Ident, r: u32) -> ExprId {
        let depth = self.depth(value);
        self.add(ExprKind::Attribute { value, attr }, span(l, r), depth)
    }

    pub fn subscript(&mut self, l: u32, value: ExprId, index: ExprId, r: u32) -> ExprId {
        let depth = self.around(&[index]).max(self.depth(value));
        let subscript = self.add(ExprKind::Subscript { value, index }, span(l, r), depth);
        self.check_subscripted(value, index, subscript);
        subscript
    }

    /// What stands in the brackets of a subscript: several items, or a starred one, are a tuple.
    pub fn subscripts(&mut self, l: u32, items: Targets, r: u32) -> ExprId {
        if let ([only], false) = (items.list.as_slice(), items.comma)
            && !matches!(self.tree[*only].kind, ExprKind::Starred(_))
        {
            return *only;
        }
        self.tuple(l, items.list, r)
    }

    pub fn slice(
        &mut self,
        l: u32,
        lower: Option<ExprId>,
        upper: Option<ExprId>,
        step: Option<ExprId>,
        r: u32,
    ) -> ExprId {
        let deepest = [lower, upper, step].into_iter().flatten().map(|part| self.depth(part)).max();
        self.add(ExprKind::Slice { lower, upper, step }, span(l, r), 1 + deepest.unwrap_or(0))
    }

    pub fn await_expr(&mut self, l: u32, e: ExprId, r: u32) -> ExprId {
        let depth = self.around(&[e]);
        self.add(ExprKind::Await(e), span(l, r), depth)
    }

    pub fn unary(&mut self, l: u32, op: UnaryOp, operand: ExprId, r: u32) -> ExprId {
        let depth = self.around(&[operand]);
        self.add(ExprKind::Unary { op, operand }, span(l, r), depth)
    }

    pub fn binary(&mut self, l: u32, op: BinaryOp, lhs: ExprId, rhs: ExprId, r: u32) -> ExprId {
        let depth = self.around(&[rhs]).max(self.depth(lhs));
        self.add(ExprKind::Binary { op, lhs, rhs }, span(l, r), depth)
    }

    pub fn compare(&mut self, l: u32, first: ExprId, rest: Vec<(CompareOp, ExprId)>, r: u32) -> ExprId {
        let deepest = rest.iter().map(|&(_, operand)| self.depth(operand)).max().unwrap_or(0);
        let depth = 1 + deepest.max(self.depth(first));
        let is_identity = rest.iter().any(|(op, _)| matches!(op, CompareOp::Is | CompareOp::IsNot));
        let operands = if is_identity { rest.clone() } else { Vec::new() };
        let compare = self.add(ExprKind::Compare { first, rest }, span(l, r), depth);
        self.check_identity(first, &operands, compare);
        compare
    }

    pub fn boolean(&mut self, l: u32, op: BoolOp, first: ExprId, mut rest: Vec<ExprId>, r: u32) -> ExprId {
        rest.insert(0, first);
        let depth = self.around(&rest);
        self.add(ExprKind::Bool { op, values: rest }, span(l, r), depth)
    }

    pub fn if_else(&mut self, l: u32, then: ExprId, test: ExprId, otherwise: ExprId, r: u32) -> ExprId {
        let depth = self.around(&[then, test, otherwise]);
        self.add(ExprKind::IfElse { test, then, otherwise }, span(l, r), depth)
    }

    pub fn lambda(&mut self, l: u32, params: Params, body: ExprId, r: u32) -> ExprId {
        let depth = self.around(&[body]).max(1 + self.depth_of_params(&params));
        self.add(ExprKind::Lambda { params: Box::new(params), body }, span(l, r), depth)
    }

    pub fn walrus(&mut self, l: u32, target: ExprId, value: ExprId, r: u32) -> ExprId {
        let at = self.span_of(target);
        let depth = self.around(&[value]);
        let name = match &self.tree[target].kind {
            ExprKind::Name(name) if !self.groups.contains_key(&target) => *name,
            _ => {
                let what = self.describe(target);
                self.mistake(SyntaxMistake::WalrusTarget { what }, at);
                self.tree.names.intern("_")
            }
        };
        self.add(ExprKind::Walrus { target: Ident { name, span: at }, value }, span(l, r), depth)
    }

    pub fn yield_expr(&mut self, l: u32, value: Option<ExprId>, r: u32) -> ExprId {
        let depth = match value {
            Some(value) => {
                self.refuse_star(value);
                self.around(&[value])
            }
            None => 1,
        };
        self.add(ExprKind::Yield(value), span(l, r), depth)
    }

    pub fn yield_from(&mut self, l: u32, value: ExprId, r: u32) -> ExprId {
        let depth = self.around(&[value]);
        self.add(ExprKind::YieldFrom(value), span(l, r), depth)
    }
}
