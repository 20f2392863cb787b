//! What the grammar's actions call: makes the nodes, and checks what a grammar cannot say.
//!
//! 1. [`name`]: identifiers, dotted names, lists.
//! 2. [`literal`] and [`string`]: the values of numbers and strings.
//! 3. [`expression`], [`call`], [`parameter`]: expressions.
//! 4. [`target`]: what can be assigned to and deleted.
//! 5. [`statement`], [`block`], [`pattern`]: statements.
//! 6. [`warning`]: what can hardly be meant so.
//!
//! A mistake is noted and building goes on, so that one statement can show several. Every expression knows how deep it
//! is; the left spine (`a.b(c)[d] + e`) does not count, everything else is bounded by [`MAX_DEPTH`], so that the later
//! stages may walk a tree recursively if they take the left spine in a loop.

mod block;
mod call;
mod expression;
mod literal;
mod name;
mod parameter;
mod pattern;
mod statement;
mod string;
mod target;
mod warning;

use std::collections::HashMap;

use super::ast::*;
use crate::report::{Diagnostic, SyntaxMistake, SyntaxWarning};
use crate::source::Span;

pub use block::{ClassArgument, HandlerItem};
pub use call::Argument;
pub use expression::DictItem;
pub use parameter::ParamItem;
pub use pattern::{MapItem, MatchItem};
pub use string::Piece;
pub use target::Targets;

/// How deep expressions and patterns may stand in each other, left spines not counted.
pub const MAX_DEPTH: u16 = 250;

/// How many mistakes of one statement are noted.
const MAX_MISTAKES: usize = 20;

/// Makes one tree.
pub struct Builder<'s> {
    pub(super) text: &'s str,
    pub(super) tree: Tree,
    /// The depth of each expression of the tree.
    depths: Vec<u16>,
    /// The depth of each pattern of the tree.
    pattern_depths: Vec<u16>,
    /// The parentheses around expressions that have no node of their own.
    groups: HashMap<ExprId, Span>,
    pub(super) mistakes: Vec<Diagnostic>,
    pub(super) warnings: Vec<SyntaxWarning>,
    /// The statement at hand is too deep, which was said already.
    is_too_deep: bool,
}

impl<'s> Builder<'s> {
    pub fn new(text: &'s str) -> Self {
        let n_exprs = text.len() / 12;
        let tree =
            Tree { exprs: Vec::with_capacity(n_exprs), stmts: Vec::with_capacity(text.len() / 60), ..Tree::default() };
        Builder {
            text,
            tree,
            depths: Vec::with_capacity(n_exprs),
            pattern_depths: Vec::new(),
            groups: HashMap::new(),
            mistakes: Vec::new(),
            warnings: Vec::new(),
            is_too_deep: false,
        }
    }

    /// Forgets what only matters within one top-level statement.
    pub(super) fn start_statement(&mut self) {
        self.groups.clear();
        self.is_too_deep = false;
    }

    pub(super) fn mistake(&mut self, mistake: SyntaxMistake, span: Span) {
        self.note(Diagnostic::new(mistake, span));
    }

    /// Notes a mistake; more than a few of one statement would not be read.
    fn note(&mut self, diagnostic: Diagnostic) {
        if self.mistakes.len() < MAX_MISTAKES {
            self.mistakes.push(diagnostic);
        }
    }

    fn depth(&self, expr: ExprId) -> u16 {
        self.depths[expr.0 as usize]
    }

    /// The depth of a node around these children.
    fn around(&self, children: &[ExprId]) -> u16 {
        1 + children.iter().map(|&child| self.depth(child)).max().unwrap_or(0)
    }

    fn add(&mut self, kind: ExprKind, span: Span, depth: u16) -> ExprId {
        let depth = self.limit(depth, span);
        self.depths.push(depth);
        self.tree.add_expr(kind, span)
    }

    fn add_pattern(&mut self, kind: PatternKind, span: Span, depth: u16) -> PatternId {
        let depth = self.limit(depth, span);
        self.pattern_depths.push(depth);
        self.tree.add_pattern(kind, span)
    }

    /// Says once per statement that it is too deep; the tree is not used then.
    fn limit(&mut self, depth: u16, span: Span) -> u16 {
        if depth <= MAX_DEPTH {
            return depth;
        }
        if !self.is_too_deep {
            self.is_too_deep = true;
            let start = Span::new(span.start as usize, span.start as usize + 1);
            self.note(Diagnostic::new(SyntaxMistake::TooDeep, start));
        }
        0
    }

    fn span_of(&self, expr: ExprId) -> Span {
        self.tree[expr].span
    }

    /// About where the token behind an offset stands, which is where CPython reports some mistakes.
    fn next_token(&self, from: u32) -> Span {
        let rest = &self.text[from as usize..];
        let skipped = rest.trim_start_matches([' ', '\t', '\x0C']);
        let start = from as usize + rest.len() - skipped.len();
        let n_word = skipped.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let is_wide = ["**", "\"\"\"", "'''"].iter().find(|wide| skipped.starts_with(**wide));
        Span::new(start, start + n_word.max(is_wide.map_or(1, |wide| wide.len())))
    }

    /// The span with the parentheses around an expression, if there are any.
    fn outer_span(&self, expr: ExprId) -> Span {
        self.groups.get(&expr).copied().unwrap_or(self.tree[expr].span)
    }
}

fn span(l: u32, r: u32) -> Span {
    Span { start: l, end: r }
}
