//! Calls, and the arguments of classes.

use std::collections::HashSet;

use super::{Builder, span};
use crate::report::SyntaxMistake;
use crate::source::Span;
use crate::syntax::ast::*;

/// One argument of a call, in the order of the text.
#[derive(Clone, Debug)]
pub enum Argument {
    Positional(ExprId),
    /// `*value`: a `Starred` node.
    Star(ExprId),
    /// A comprehension without parentheses of its own.
    Generator(ExprId),
    Keyword(Keyword),
}

impl Builder<'_> {
    pub fn argument(&mut self, value: ExprId) -> Argument {
        Argument::Positional(value)
    }

    pub fn keyword(&mut self, l: u32, name: ExprId, value: ExprId, r: u32) -> Argument {
        let at = self.span_of(name);
        let equals = self.text[at.end as usize..].find('=').map_or(at.end, |n| at.end + n as u32 + 1);
        let name = match &self.tree[name].kind {
            ExprKind::Name(text) if !self.groups.contains_key(&name) => *text,
            ExprKind::Constant(Constant::True | Constant::False | Constant::None) => {
                let what = self.describe(name);
                self.mistake(SyntaxMistake::NotAssignable { what }, span(l, equals));
                self.tree.names.intern("_")
            }
            _ => {
                self.mistake(SyntaxMistake::AssignmentInArgument, span(at.start, equals));
                self.tree.names.intern("_")
            }
        };
        Argument::Keyword(Keyword { name: Some(Ident { name, span: at }), value, span: span(l, r) })
    }

    pub fn generator_argument(&mut self, l: u32, element: ExprId, clauses: Vec<ForClause>, r: u32) -> Argument {
        Argument::Generator(self.generator(l, element, clauses, r))
    }

    pub fn star_argument(&mut self, l: u32, value: ExprId, r: u32) -> Argument {
        Argument::Star(self.starred(l, value, r))
    }

    pub fn star_star_argument(&mut self, l: u32, value: ExprId, r: u32) -> Argument {
        Argument::Keyword(Keyword { name: None, value, span: span(l, r) })
    }

    pub fn call(&mut self, l: u32, func: ExprId, open: u32, args: Vec<Argument>, r: u32) -> ExprId {
        if let ([Argument::Generator(only)], false) = (args.as_slice(), self.has_trailing_comma(r)) {
            // The parentheses of the call are those of the generator.
            self.tree.exprs[only.0 as usize].span = span(open, r);
        }
        let (args, keywords) = self.arguments(args, r);
        let inner = args.iter().copied().chain(keywords.iter().map(|keyword| keyword.value));
        let deepest = inner.map(|arg| self.depth(arg)).max().unwrap_or(0);
        let depth = self.depth(func).max(1 + deepest);
        let call = self.add(ExprKind::Call { func, args, keywords }, span(l, r), depth);
        self.check_called(func, call);
        call
    }

    /// Whether a comma stands before the closing parenthesis that ends at `r`.
    fn has_trailing_comma(&self, r: u32) -> bool {
        self.text[..r as usize - 1].trim_end().ends_with(',')
    }

    /// Splits arguments into positional ones and keywords, and checks their order.
    pub(super) fn arguments(&mut self, list: Vec<Argument>, r: u32) -> (Vec<ExprId>, Vec<Keyword>) {
        let (mut args, mut keywords) = (Vec::with_capacity(list.len()), Vec::new());
        let is_alone = list.len() == 1 && !self.has_trailing_comma(r);
        let mut order = Order::default();
        for argument in list {
            match argument {
                Argument::Positional(value) => {
                    self.check_positional(&mut order, value, r);
                    args.push(value);
                }
                Argument::Star(value) => {
                    if order.has_unpacking {
                        let at = self.span_of(value);
                        let comma = self.text[..at.start as usize].rfind(',').unwrap_or(at.start as usize);
                        self.mistake(SyntaxMistake::StarAfterUnpacking, Span::new(comma, at.end as usize));
                    }
                    args.push(value);
                }
                Argument::Generator(value) => {
                    if !is_alone {
                        self.mistake(SyntaxMistake::BareGenerator, self.span_of(value));
                    }
                    args.push(value);
                }
                Argument::Keyword(keyword) => {
                    order.has_keyword |= keyword.name.is_some();
                    order.has_unpacking |= keyword.name.is_none();
                    keywords.push(keyword);
                }
            }
        }
        self.check_repeated(&keywords);
        (args, keywords)
    }

    fn check_positional(&mut self, order: &mut Order, value: ExprId, r: u32) {
        if order.is_reported || !(order.has_keyword || order.has_unpacking) {
            return;
        }
        order.is_reported = true;
        let mistake = match order.has_unpacking {
            true => SyntaxMistake::PositionalAfterUnpacking,
            false => SyntaxMistake::PositionalAfterKeyword,
        };
        let raised = Span { start: r - 1, end: r };
        let diagnostic = crate::report::Diagnostic::new(mistake, self.outer_span(value)).raised_at(raised);
        self.note(diagnostic);
    }

    fn check_repeated(&mut self, keywords: &[Keyword]) {
        if keywords.len() < 2 {
            return;
        }
        let mut seen = HashSet::with_capacity(keywords.len());
        for keyword in keywords {
            if let Some(ident) = keyword.name
                && !seen.insert(ident.name)
            {
                let name = self.tree.names.text(ident.name).to_owned();
                self.mistake(SyntaxMistake::RepeatedKeyword { name }, keyword.span);
            }
        }
    }
}

/// What has been seen of an argument list so far.
#[derive(Default)]
struct Order {
    has_keyword: bool,
    has_unpacking: bool,
    is_reported: bool,
}
