//! What CPython warns about while it compiles: code that can hardly be meant so.

use super::Builder;
use crate::report::{SyntaxWarning, WarningStage};
use crate::syntax::ast::*;

impl Builder<'_> {
    fn warn(&mut self, at: ExprId, message: String) {
        let span = self.span_of(at);
        self.warnings.push(SyntaxWarning { message, span, stage: WarningStage::Compiling });
    }

    /// The type that an expression surely has.
    fn literal_type(&self, expr: ExprId) -> Option<&'static str> {
        Some(match &self.tree[expr].kind {
            ExprKind::Constant(constant) => match constant {
                Constant::None => "NoneType",
                Constant::True | Constant::False => "bool",
                Constant::Ellipsis => "ellipsis",
                Constant::Int(_) | Constant::BigInt(_) => "int",
                Constant::Float(_) => "float",
                Constant::Imaginary(_) => "complex",
                Constant::Str(_) => "str",
                Constant::Bytes(_) => "bytes",
            },
            ExprKind::FString(_) => "str",
            ExprKind::Tuple(_) => "tuple",
            ExprKind::List(_) | ExprKind::ListComp(_) => "list",
            ExprKind::Dict(_) | ExprKind::DictComp(_) => "dict",
            ExprKind::Set(_) | ExprKind::SetComp(_) => "set",
            ExprKind::Generator(_) => "generator",
            ExprKind::Lambda { .. } => "function",
            _ => return None,
        })
    }

    /// A literal, or a tuple of literals. Nesting is bounded.
    fn is_constant(&self, expr: ExprId) -> bool {
        match &self.tree[expr].kind {
            ExprKind::Constant(_) => true,
            ExprKind::Tuple(list) => list.iter().all(|&inner| self.is_constant(inner)),
            _ => false,
        }
    }

    /// `1()`: a comma is missing, most likely.
    pub(super) fn check_called(&mut self, func: ExprId, call: ExprId) {
        match self.literal_type(func) {
            None | Some("function") => {}
            Some(kind) => {
                self.warn(call, format!("'{kind}' object is not callable; perhaps you missed a comma?"));
            }
        }
    }

    /// `1[0]` and `'a'['b']`.
    pub(super) fn check_subscripted(&mut self, value: ExprId, index: ExprId, subscript: ExprId) {
        let Some(kind) = self.literal_type(value) else { return };
        match kind {
            "dict" => {}
            "str" | "bytes" | "tuple" | "list" => {
                let index_kind = self.literal_type(index).filter(|kind| !matches!(*kind, "int" | "bool"));
                if let Some(index_kind) = index_kind {
                    let message = format!(
                        "{kind} indices must be integers or slices, not {index_kind}; perhaps you missed a comma?"
                    );
                    self.warn(subscript, message);
                }
            }
            _ => {
                self.warn(subscript, format!("'{kind}' object is not subscriptable; perhaps you missed a comma?"));
            }
        }
    }

    /// `x is 1`: identity of a literal is chance.
    pub(super) fn check_identity(&mut self, first: ExprId, rest: &[(CompareOp, ExprId)], compare: ExprId) {
        let mut left = first;
        for &(op, right) in rest {
            if matches!(op, CompareOp::Is | CompareOp::IsNot) {
                let is_value = |kind: &&str| !matches!(*kind, "NoneType" | "bool" | "ellipsis");
                let of_constant = |expr: ExprId| match self.is_constant(expr) {
                    true => self.literal_type(expr).filter(is_value),
                    false => None,
                };
                if let Some(kind) = of_constant(left).or_else(|| of_constant(right)) {
                    let (word, meant) = if op == CompareOp::Is { ("is", "==") } else { ("is not", "!=") };
                    self.warn(compare, format!("\"{word}\" with '{kind}' literal. Did you mean \"{meant}\"?"));
                }
            }
            left = right;
        }
    }

    /// `assert (x, "message")`: a tuple is always true.
    pub(super) fn check_asserted(&mut self, test: ExprId, statement: crate::source::Span) {
        if matches!(&self.tree[test].kind, ExprKind::Tuple(list) if !list.is_empty()) {
            let message = "assertion is always true, perhaps remove parentheses?".to_owned();
            self.warnings.push(SyntaxWarning { message, span: statement, stage: WarningStage::Compiling });
        }
    }
}
