//! The scopes as text, for `dump --scopes` and the golden tests.
//!
//! One scope a paragraph, indented by nesting; one name a line: what it is here, and what has been noted about it.

use std::fmt::Write;

use super::scope::{Binding, Scope, ScopeId, Scopes, Symbol};
use crate::source::Names;

/// All scopes of a tree, outermost first.
pub fn print_scopes(scopes: &Scopes, names: &Names) -> String {
    let mut out = String::new();
    for index in 0..scopes.scopes.len() {
        print_scope(scopes, names, ScopeId(index as u32), &mut out);
    }
    out
}

fn print_scope(scopes: &Scopes, names: &Names, id: ScopeId, out: &mut String) {
    let scope = &scopes[id];
    let indent = "    ".repeat(depth(scopes, id));
    let _ = writeln!(out, "{indent}{:?} {}{}", scope.kind, names.text(scope.name), notes(scope));
    for symbol in &scope.symbols {
        let binding = match symbol.binding {
            Binding::Local { owner } if owner == id => "local".to_string(),
            Binding::Local { owner } => format!("local of {}", names.text(scopes[owner].name)),
            Binding::Free => "free".into(),
            Binding::Global => "global".into(),
            Binding::Namespace => "namespace".into(),
            Binding::NamespaceOrFree => "namespace or free".into(),
            Binding::ClassOrGlobal => "class or global".into(),
            Binding::ClassOrFree => "class or free".into(),
        };
        let _ = writeln!(out, "{indent}  {}: {binding}{}", names.text(symbol.name), marks(symbol));
    }
    if !scope.frees.is_empty() {
        let frees: Vec<&str> = scope.frees.iter().map(|(name, _)| names.text(*name)).collect();
        let _ = writeln!(out, "{indent}  captures {}", frees.join(", "));
    }
}

fn depth(scopes: &Scopes, id: ScopeId) -> usize {
    std::iter::successors(scopes[id].parent, |&outer| scopes[outer].parent).count()
}

fn notes(scope: &Scope) -> String {
    list(&[
        (scope.kind.is_inlined(), "inlined"),
        (scope.is_async, "async"),
        (scope.has_yield, "yields"),
        (scope.has_await, "awaits"),
        (scope.has_annotations, "annotations"),
        (scope.needs_class_cell, "__class__"),
        (scope.needs_class_dict, "__classdict__"),
        (scope.sees_class, "sees the class"),
    ])
}

fn marks(symbol: &Symbol) -> String {
    list(&[
        (symbol.is_param, "parameter"),
        (symbol.is_cell, "cell"),
        (symbol.is_type_param, "type parameter"),
        (symbol.is_iteration, "iteration"),
        (symbol.is_deleted, "deleted"),
        (symbol.is_walrus, "walrus"),
        (symbol.is_annotated, "annotated"),
        (symbol.is_nonlocal, "nonlocal"),
        (!symbol.is_bound, "only read"),
    ])
}

fn list(marks: &[(bool, &str)]) -> String {
    let set: Vec<&str> = marks.iter().filter(|(set, _)| *set).map(|(_, mark)| *mark).collect();
    if set.is_empty() { String::new() } else { format!(" ({})", set.join(", ")) }
}
