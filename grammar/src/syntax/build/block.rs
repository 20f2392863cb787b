//! Compound statements. A statement ends where its last inner statement ends.

use super::{Builder, call::Argument, span};
use crate::report::{Diagnostic, SyntaxMistake};
use crate::source::Span;
use crate::syntax::ast::*;

/// The arguments of a class and the parentheses around them.
#[derive(Clone, Debug)]
pub struct ClassArgument {
    pub open: u32,
    pub args: Vec<Argument>,
    pub close: u32,
}

/// One `except` block.
#[derive(Clone, Debug)]
pub struct HandlerItem {
    pub handler: Handler,
    /// `except*`: the keyword and its star.
    pub star: Option<Span>,
}

type Body = Vec<StmtId>;

impl Builder<'_> {
    fn end_of(&self, body: &[StmtId]) -> u32 {
        body.last().map_or(0, |&last| self.tree[last].span.end)
    }

    /// A span from `l` to the end of the last body that is not empty.
    fn span_to(&self, l: u32, bodies: &[&[StmtId]]) -> Span {
        let end = bodies.iter().rev().find(|body| !body.is_empty()).map_or(l, |body| self.end_of(body));
        span(l, end)
    }

    pub fn if_stmt(
        &mut self,
        l: u32,
        test: ExprId,
        body: Body,
        mut elifs: Vec<(ExprId, Body)>,
        otherwise: Option<Body>,
    ) -> StmtId {
        elifs.insert(0, (test, body));
        let otherwise = otherwise.unwrap_or_default();
        let last = elifs.last().map_or(&[] as &[StmtId], |(_, body)| body);
        let at = self.span_to(l, &[last, &otherwise]);
        self.tree.add_stmt(StmtKind::If { branches: elifs, otherwise }, at)
    }

    pub fn while_stmt(&mut self, l: u32, test: ExprId, body: Body, otherwise: Option<Body>) -> StmtId {
        let otherwise = otherwise.unwrap_or_default();
        let at = self.span_to(l, &[&body, &otherwise]);
        self.tree.add_stmt(StmtKind::While { test, body, otherwise }, at)
    }

    pub fn for_stmt(&mut self, l: u32, parts: (ExprId, ExprId, Body, Option<Body>), is_async: bool) -> StmtId {
        let (target, iter, body, otherwise) = parts;
        let otherwise = otherwise.unwrap_or_default();
        self.check_loop_target(target);
        self.refuse_star(iter);
        let at = self.span_to(l, &[&body, &otherwise]);
        self.tree.add_stmt(StmtKind::For { target, iter, body, otherwise, is_async }, at)
    }

    pub fn with_item(&mut self, context: ExprId, target: Option<ExprId>) -> WithItem {
        if let Some(target) = target {
            self.check_loop_target(target);
        }
        WithItem { context, target }
    }

    pub fn with_stmt(&mut self, l: u32, parts: (Vec<WithItem>, Body), is_async: bool) -> StmtId {
        let (mut items, body) = parts;
        if let [WithItem { context, target: None }] = items.as_slice()
            && let ExprKind::Tuple(list) = &self.tree[*context].kind
            && !list.is_empty()
            && list.iter().all(|&item| self.is_with_item(item))
        {
            // `with (a, b):` has two items; a tuple would need another pair of parentheses.
            items = list.iter().map(|&context| WithItem { context, target: None }).collect();
        }
        let at = self.span_to(l, &[&body]);
        self.tree.add_stmt(StmtKind::With { items, body, is_async }, at)
    }

    fn is_with_item(&self, item: ExprId) -> bool {
        match self.tree[item].kind {
            ExprKind::Starred(_) => false,
            ExprKind::Walrus { .. } => self.groups.contains_key(&item),
            _ => true,
        }
    }

    pub fn handler(&mut self, l: u32, class: Option<ExprId>, name: Option<Ident>, body: Body) -> HandlerItem {
        let at = self.span_to(l, &[&body]);
        HandlerItem { handler: Handler { class, name, body, span: at }, star: None }
    }

    pub fn star_handler(&mut self, l: u32, r: u32, class: ExprId, name: Option<Ident>, body: Body) -> HandlerItem {
        let at = self.span_to(l, &[&body]);
        HandlerItem { handler: Handler { class: Some(class), name, body, span: at }, star: Some(span(l, r)) }
    }

    pub fn try_stmt(
        &mut self,
        l: u32,
        body: Body,
        items: Vec<HandlerItem>,
        otherwise: Option<Body>,
        finally: Option<Body>,
    ) -> StmtId {
        self.check_handlers(&items);
        let is_star = items.first().is_some_and(|item| item.star.is_some());
        let handlers: Vec<Handler> = items.into_iter().map(|item| item.handler).collect();
        let (otherwise, finally) = (otherwise.unwrap_or_default(), finally.unwrap_or_default());
        let last = handlers.last().map_or(&[] as &[StmtId], |handler| &handler.body);
        let at = self.span_to(l, &[&body, last, &otherwise, &finally]);
        let parts = Try { body, handlers, is_star, otherwise, finally };
        self.tree.add_stmt(StmtKind::Try(Box::new(parts)), at)
    }

    fn check_handlers(&mut self, items: &[HandlerItem]) {
        let is_star = items.first().is_some_and(|item| item.star.is_some());
        let keyword = |item: &HandlerItem| {
            let start = item.handler.span.start as usize;
            item.star.unwrap_or(Span::new(start, start + "except".len()))
        };
        if let Some(odd) = items.iter().find(|item| item.star.is_some() != is_star) {
            self.mistake(SyntaxMistake::MixedExcept, keyword(odd));
            return;
        }
        let n_items = items.len();
        if let Some(bare) = items[..n_items.saturating_sub(1)].iter().find(|item| item.handler.class.is_none()) {
            let raised = bare.handler.span;
            let diagnostic = Diagnostic::new(SyntaxMistake::BareExceptNotLast, keyword(bare)).raised_at(raised);
            self.note(diagnostic);
        }
    }

    pub fn match_stmt(&mut self, l: u32, subject: ExprId, cases: Vec<MatchCase>) -> StmtId {
        let last = cases.last().map_or(&[] as &[StmtId], |case| &case.body);
        let at = self.span_to(l, &[last]);
        self.check_unreachable(&cases);
        self.tree.add_stmt(StmtKind::Match { subject, cases }, at)
    }

    pub fn function_rest(
        &mut self,
        name: Ident,
        type_params: Option<Vec<TypeParam>>,
        params: Params,
        returns: Option<ExprId>,
        body: Body,
    ) -> Box<Function> {
        let type_params = type_params.unwrap_or_default();
        Box::new(Function { name, type_params, params, returns, body, decorators: Vec::new(), is_async: false })
    }

    pub fn function(&mut self, l: u32, mut function: Box<Function>, is_async: bool) -> StmtId {
        function.is_async = is_async;
        let at = self.span_to(l, &[&function.body]);
        self.tree.add_stmt(StmtKind::Function(function), at)
    }

    pub fn class(
        &mut self,
        l: u32,
        name: Ident,
        type_params: Option<Vec<TypeParam>>,
        args: Option<ClassArgument>,
        body: Body,
    ) -> StmtId {
        let (mut bases, mut keywords) = (Vec::new(), Vec::new());
        if let Some(ClassArgument { open, args, close }) = args {
            if let [Argument::Generator(generator)] = args.as_slice()
                && let ExprKind::Generator(comprehension) = &self.tree[*generator].kind
            {
                let raised = self.next_token(self.outer_span(comprehension.element).end);
                let diagnostic = Diagnostic::new(SyntaxMistake::BareGeneratorBase, span(open, close));
                self.note(diagnostic.raised_at(raised));
            }
            (bases, keywords) = self.arguments(args, close);
        }
        let type_params = type_params.unwrap_or_default();
        let at = self.span_to(l, &[&body]);
        let parts = Class { name, type_params, bases, keywords, body, decorators: Vec::new() };
        self.tree.add_stmt(StmtKind::Class(Box::new(parts)), at)
    }

    pub fn decorate(&mut self, list: Vec<ExprId>, statement: StmtId) -> StmtId {
        match &mut self.tree.stmts[statement.0 as usize].kind {
            StmtKind::Function(function) => function.decorators = list,
            StmtKind::Class(class) => class.decorators = list,
            _ => {}
        }
        statement
    }
}
