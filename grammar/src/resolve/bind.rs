//! Every name of every scope finds its owner.
//!
//! Parents come before children in the list of scopes, so that what a name is in an outer scope is known by the
//! declarations alone. A variable that is reached from another frame becomes a cell, and every frame between the two
//! captures it.

use super::scope::{Binding, ScopeId, ScopeKind, Scopes, Symbol};
use crate::report::{Diagnostic, ScopeMistake};
use crate::source::{Name, Names};

/// Where the search outward ended.
enum Owner {
    Scope(ScopeId),
    /// Declared `global` on the way, or found nowhere.
    Globals,
}

struct Binder<'a> {
    scopes: &'a mut Scopes,
    class_cell: Name,
    class_dict: Name,
}

pub(super) fn bind_all(scopes: &mut Scopes, names: &Names, mistakes: &mut Vec<Diagnostic>) {
    let find = |text| names.find(text).expect("declared with the special names");
    let (class_cell, class_dict) = (find("__class__"), find("__classdict__"));
    let mut binder = Binder { scopes, class_cell, class_dict };
    for index in 0..binder.scopes.scopes.len() {
        let id = ScopeId(index as u32);
        for at in 0..binder.scopes[id].symbols.len() {
            match binder.bind(id, at) {
                Ok(binding) => binder.scopes[id].symbols[at].binding = binding,
                Err(kind) => {
                    let symbol = &binder.scopes[id].symbols[at];
                    let text = names.text(symbol.name).to_owned();
                    let span = symbol.directive.unwrap_or_default();
                    mistakes.push(Diagnostic::new(kind(text), span));
                }
            }
        }
    }
    for scope in &mut scopes.scopes {
        scope.frees.sort_by(|(left, _), (right, _)| names.text(*left).cmp(names.text(*right)));
    }
}

impl Binder<'_> {
    fn bind(&mut self, id: ScopeId, at: usize) -> Result<Binding, fn(String) -> ScopeMistake> {
        let scope = &self.scopes[id];
        let symbol = &scope.symbols[at];
        let (name, kind) = (symbol.name, scope.kind);
        if symbol.is_global && symbol.is_nonlocal {
            return Err(|name| ScopeMistake::NonlocalAndGlobal { name });
        }
        if symbol.is_global {
            return Ok(Binding::Global);
        }
        if symbol.is_nonlocal {
            return self.bind_nonlocal(id, name);
        }
        if symbol.is_own() {
            return Ok(match kind {
                ScopeKind::Module | ScopeKind::Class => Binding::Namespace,
                _ => Binding::Local { owner: id },
            });
        }
        let owner = self.search(id, name);
        let frame = self.scopes[id].frame;
        let frame_kind = self.scopes[frame].kind;
        // The code of a class body reads its names in the namespace; what is inlined in it does so only if it belongs to PEP 695.
        let reads_namespace = id == frame || self.scopes[id].sees_class;
        let binding = match owner {
            Owner::Scope(owner) => {
                let is_far = self.capture(owner, frame, name);
                match frame_kind {
                    _ if !is_far => Binding::Local { owner },
                    ScopeKind::Class if reads_namespace => Binding::NamespaceOrFree,
                    _ if self.scopes[id].sees_class && frame_kind != ScopeKind::Class => Binding::ClassOrFree,
                    _ => Binding::Free,
                }
            }
            Owner::Globals => match frame_kind {
                ScopeKind::Module => Binding::Namespace,
                ScopeKind::Class if reads_namespace => Binding::Namespace,
                _ if self.scopes[id].sees_class && frame_kind != ScopeKind::Class => Binding::ClassOrGlobal,
                _ => Binding::Global,
            },
        };
        if matches!(binding, Binding::ClassOrFree | Binding::ClassOrGlobal) {
            self.capture_class_dict(id);
        }
        Ok(binding)
    }

    fn bind_nonlocal(&mut self, id: ScopeId, name: Name) -> Result<Binding, fn(String) -> ScopeMistake> {
        let Owner::Scope(owner) = self.search(id, name) else { return Err(|name| ScopeMistake::NoBinding { name }) };
        if self.scopes[owner].symbol(name).is_some_and(|symbol| symbol.is_type_param) {
            return Err(|name| ScopeMistake::NonlocalTypeParam { name });
        }
        let frame = self.scopes[id].frame;
        if !self.capture(owner, frame, name) {
            return Ok(Binding::Local { owner });
        }
        Ok(match self.scopes[id].kind {
            ScopeKind::Class => Binding::NamespaceOrFree,
            _ => Binding::Free,
        })
    }

    /// The scope around `id` that owns `name`.
    fn search(&self, id: ScopeId, name: Name) -> Owner {
        let mut at = self.scopes[id].parent;
        let mut sees_class = self.scopes[id].sees_class;
        while let Some(outer) = at {
            let scope = &self.scopes[outer];
            at = scope.parent;
            if scope.kind == ScopeKind::Class {
                if name == self.class_cell {
                    return Owner::Scope(outer);
                }
                // What looks into the namespace of a class sees its variables as the class does: if not there, as globals.
                let is_of_class = |symbol: &Symbol| symbol.is_own() || symbol.is_global;
                if sees_class && scope.symbol(name).is_some_and(is_of_class) {
                    return Owner::Globals;
                }
            }
            sees_class &= scope.sees_class;
            if !scope.kind.is_function_like() {
                continue;
            }
            let Some(symbol) = scope.symbol(name) else { continue };
            if symbol.is_global {
                return Owner::Globals;
            }
            if symbol.is_own() {
                return Owner::Scope(outer);
            }
        }
        Owner::Globals
    }

    /// Makes the variable reachable from `frame`; false if it is of the same frame, where nothing is needed.
    fn capture(&mut self, owner: ScopeId, frame: ScopeId, name: Name) -> bool {
        let home = self.scopes[owner].frame;
        if self.scopes[owner].kind == ScopeKind::Class {
            self.scopes[owner].needs_class_cell |= name == self.class_cell;
            self.scopes[owner].needs_class_dict |= name == self.class_dict;
        } else if frame != home {
            self.scopes[owner].symbol_mut(name).is_cell = true;
        }
        let mut at = frame;
        while at != home {
            let scope = &mut self.scopes[at];
            if scope.frees.contains(&(name, owner)) {
                break;
            }
            scope.frees.push((name, owner));
            let parent = scope.parent.expect("the owner is around it");
            at = self.scopes[parent].frame;
        }
        frame != home
    }

    /// The namespace of the class around becomes a variable that this scope captures.
    fn capture_class_dict(&mut self, id: ScopeId) {
        let frame = self.scopes[id].frame;
        let mut at = self.scopes[id].parent;
        while let Some(outer) = at {
            if self.scopes[outer].kind == ScopeKind::Class {
                self.capture(outer, frame, self.class_dict);
                return;
            }
            at = self.scopes[outer].parent;
        }
    }
}
