//! Names to slots: which scope each name belongs to, and how code of a scope reaches it.
//!
//! 1. [`scope`]: scopes, their symbols, and what a name means in them.
//! 2. `future`: the `from __future__` imports at the top.
//! 3. `declare`, `declare_def`, `declare_expr`, `declare_pattern`: one walk over the tree makes the scopes and notes every use and binding.
//! 4. `bind`: each name of each scope finds its owner; what is reached from another frame becomes a cell.
//! 5. [`print`]: the scopes as text.
//!
//! Comprehensions other than generator expressions, and the scopes of type parameters, have scopes but no frames: they
//! are *inlined* in the frame around them. Compare PEP 709.

mod bind;
mod declare;
mod declare_def;
mod declare_expr;
mod declare_pattern;
mod future;
mod place;
pub mod print;
pub mod scope;

use crate::report::{Diagnostic, Mistake};
use crate::source::Names;
use crate::syntax::ast::Tree;

pub use scope::{Binding, Node, Scope, ScopeId, ScopeKind, Scopes, Symbol};

/// What the source is, as far as its names are concerned.
#[derive(Clone, Copy, Debug, Default)]
pub struct ResolveOptions {
    /// `await` outside functions is allowed.
    pub top_level_await: bool,
    /// `from __future__ import annotations` is in force already.
    pub future_annotations: bool,
}

/// Makes the scopes of a tree. The names come back with those that mangling added.
pub fn resolve(tree: &Tree, options: ResolveOptions) -> Result<(Scopes, Names), Vec<Diagnostic>> {
    let mut declare = declare::Declare::new(tree, options);
    declare.declare_module();
    let (mut scopes, names, mut mistakes) = declare.finish();
    bind::bind_all(&mut scopes, &names, &mut mistakes);
    if mistakes.is_empty() {
        return Ok((scopes, names));
    }
    // CPython finds all that has to do with names before the rest.
    mistakes.sort_by_key(|found| matches!(&found.mistake, Mistake::Scope(mistake) if mistake.is_late()));
    Err(mistakes)
}

/// A private name as it is inside a class: `__x` in `class _A` is `_A__x`.
pub fn mangle(names: &mut Names, class: Option<crate::source::Name>, name: crate::source::Name) -> crate::source::Name {
    let Some(class) = class else { return name };
    let text = names.text(name);
    if !text.starts_with("__") || text.ends_with("__") || text.contains('.') {
        return name;
    }
    let class = names.text(class).trim_start_matches('_');
    if class.is_empty() {
        return name;
    }
    let mangled = format!("_{class}{text}");
    names.intern(&mangled)
}
