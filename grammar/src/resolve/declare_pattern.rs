//! The walk over `match`: the names that patterns bind.
//!
//! What a pattern may not be is checked where the tree is built; only keys that are there twice are found here.

use super::declare::Declare;
use crate::report::ScopeMistake;
use crate::syntax::ast::*;

impl<'t> Declare<'t> {
    pub fn declare_match(&mut self, subject: ExprId, cases: &'t [MatchCase]) {
        self.visit_expr(subject);
        for case in cases {
            self.declare_pattern(case.pattern);
            self.visit_exprs(&case.guard);
            self.declare_block(&case.body);
        }
    }

    fn declare_patterns(&mut self, patterns: &'t [PatternId]) {
        patterns.iter().for_each(|&pattern| self.declare_pattern(pattern));
    }

    fn declare_pattern(&mut self, id: PatternId) {
        let tree = self.tree;
        let span = tree[id].span;
        match &tree[id].kind {
            PatternKind::Value(value) => self.visit_expr(*value),
            PatternKind::Singleton(_) | PatternKind::Wildcard | PatternKind::Star(None) => {}
            PatternKind::Capture(name) | PatternKind::Star(Some(name)) => {
                self.bind_name(name.name, span);
            }
            PatternKind::Sequence(patterns) | PatternKind::Or(patterns) => self.declare_patterns(patterns),
            PatternKind::Mapping { pairs, rest } => {
                for (key, pattern) in pairs {
                    self.visit_expr(*key);
                    self.declare_pattern(*pattern);
                }
                if let Some(rest) = rest {
                    self.bind_name(rest.name, span);
                }
            }
            PatternKind::Class { class, positional, keywords } => {
                self.visit_expr(*class);
                self.declare_patterns(positional);
                for (name, pattern) in keywords {
                    if name.name == self.special.debug {
                        self.mistake(ScopeMistake::AssignsDebug, tree[*pattern].span);
                    }
                    self.declare_pattern(*pattern);
                }
            }
            PatternKind::As { pattern, name } => {
                self.declare_pattern(*pattern);
                self.bind_name(name.name, span);
            }
        }
    }
}
