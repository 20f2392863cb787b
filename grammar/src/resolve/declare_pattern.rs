//! The walk over `match`: the names that patterns bind.
//!
//! What a pattern may not be is checked where the tree is built; only keys that are there twice are found here.

use super::declare::Declare;
use crate::report::ScopeMistake;
use crate::source::Span;
use crate::syntax::ast::*;
use crate::syntax::unparse::constant_text;

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
                self.check_keys(pairs, span);
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

    /// Two literal keys that are the same text; `1` and `1.0` are left to the machine.
    fn check_keys(&mut self, pairs: &[(ExprId, PatternId)], span: Span) {
        for (at, (key, _)) in pairs.iter().enumerate() {
            let ExprKind::Constant(constant) = &self.tree[*key].kind else { continue };
            let is_same = |(other, _): &(ExprId, PatternId)| matches!(&self.tree[*other].kind, ExprKind::Constant(other) if other == constant);
            if pairs[..at].iter().any(is_same) {
                let text = constant_text(constant);
                return self.mistake(ScopeMistake::PatternDuplicateKey { key: text }, span);
            }
        }
    }
}
