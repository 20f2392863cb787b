//! Tokens and trees as text, for `aspen dump` and the goldens.
//!
//! A token is a line. A statement is a line too, its blocks indented below; an expression stands in its statement's
//! line as a list in parentheses, so that the text grows only linearly with the tree.

mod expression;
mod statement;

use super::ast::Tree;
use super::token::{Token, TokenKind};
use crate::source::LineIndex;

/// One line per token: place, kind, and what stands there.
pub fn dump_tokens(text: &str, list: &[Token]) -> String {
    let lines = LineIndex::new(text.as_bytes());
    let mut out = String::new();
    for token in list {
        let (line, column) = lines.line_column(token.span.start);
        let (end_line, end_column) = lines.line_column(token.span.end);
        let place = format!("{line}:{column}-{end_line}:{end_column}");
        let shown = match token.kind {
            TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent => String::new(),
            _ => format!(" {}", text[token.span.range()].escape_debug()),
        };
        out.push_str(&format!("{place:<11} {:?}{shown}\n", token.kind));
    }
    out
}

/// The statements of a tree; with spans, each node says where it stands.
pub fn dump_tree(text: &str, tree: &Tree, with_spans: bool) -> String {
    let lines = with_spans.then(|| LineIndex::new(text.as_bytes()));
    let mut dump = Dump { tree, lines, out: String::new() };
    dump.block(&tree.body, 0);
    dump.out
}

struct Dump<'t> {
    tree: &'t Tree,
    /// Only where spans are wanted.
    lines: Option<LineIndex>,
    out: String,
}

impl Dump<'_> {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn push_name(&mut self, name: crate::source::Name) {
        self.out.push_str(self.tree.names.text(name));
    }

    fn push_span(&mut self, span: crate::source::Span) {
        if let Some(lines) = &self.lines {
            let (line, column) = lines.line_column(span.start);
            let (end_line, end_column) = lines.line_column(span.end);
            self.out.push_str(&format!("@{line}:{column}-{end_line}:{end_column} "));
        }
    }

    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.out.push_str("  ");
        }
    }
}
