//! The `from __future__` imports: which are known, and where they may stand.
//!
//! Only `annotations` still changes anything. Comes before all scopes, as CPython checks them first.

use crate::report::{Diagnostic, ScopeMistake};
use crate::source::Names;
use crate::syntax::ast::{Constant, ExprKind, StmtId, StmtKind, Tree};

const KNOWN: [&str; 10] = [
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "barry_as_FLUFL",
    "generator_stop",
    "annotations",
];

/// The imports from `__future__` at the top of a module.
pub(super) struct Future {
    /// How many statements of the body come before anything else may.
    pub n_leading: usize,
    pub annotations: bool,
}

/// Reads the leading statements: a docstring, then imports from `__future__`.
pub(super) fn future_imports(tree: &Tree, names: &Names, mistakes: &mut Vec<Diagnostic>) -> Future {
    let mut future = Future { n_leading: 0, annotations: false };
    for (at, &id) in tree.body.iter().enumerate() {
        if at == 0 && is_docstring(tree, id) {
            future.n_leading = 1;
            continue;
        }
        if !is_future(tree, names, id) {
            break;
        }
        future.n_leading = at + 1;
        future.annotations |= read_import(tree, names, id, mistakes);
    }
    future
}

/// Whether a statement is `from __future__ import …`.
pub(super) fn is_future(tree: &Tree, names: &Names, id: StmtId) -> bool {
    let StmtKind::ImportFrom { module: Some(module), level: 0, .. } = &tree[id].kind else { return false };
    names.text(module.name) == "__future__"
}

fn is_docstring(tree: &Tree, id: StmtId) -> bool {
    let StmtKind::Expr(expr) = tree[id].kind else { return false };
    matches!(tree[expr].kind, ExprKind::Constant(Constant::Str(_)))
}

/// True if the import has `annotations`.
fn read_import(tree: &Tree, names: &Names, id: StmtId, mistakes: &mut Vec<Diagnostic>) -> bool {
    let StmtKind::ImportFrom { names: aliases, star, .. } = &tree[id].kind else { return false };
    if let Some(span) = star {
        mistakes.push(Diagnostic::new(ScopeMistake::FutureUnknown { name: "*".into() }, *span));
    }
    let mut annotations = false;
    for alias in aliases {
        let name = names.text(alias.name.name);
        annotations |= name == "annotations";
        let kind = match name {
            "braces" => ScopeMistake::FutureBraces,
            _ if KNOWN.contains(&name) => continue,
            _ => ScopeMistake::FutureUnknown { name: name.into() },
        };
        mistakes.push(Diagnostic::new(kind, tree[id].span));
    }
    annotations
}
