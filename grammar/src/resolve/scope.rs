//! Scopes, their symbols, and what a name means in them.
//!
//! Plain data, filled by `declare` and then `bind`. A *frame* is a scope that becomes a `Code` of its own; the others are
//! inlined in the frame around them.

use std::collections::HashMap;

use crate::source::{Name, Span};
use crate::syntax::ast::{ExprId, StmtId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub u32);

/// The part of the tree that a scope belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// The body of a function or class.
    Stmt(StmtId),
    /// A lambda or a comprehension.
    Expr(ExprId),
    /// The type parameters of a function, class or alias.
    TypeParams(StmtId),
    /// What computes the bound of a type parameter, by its index.
    Bound(StmtId, u32),
    /// What computes the default of a type parameter.
    Default(StmtId, u32),
    /// What computes the value of a type alias.
    Alias(StmtId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScopeKind {
    Module,
    Class,
    Function,
    Lambda,
    Generator,
    ListComp,
    SetComp,
    DictComp,
    TypeParams,
    /// A bound, a constraint or a default of a type parameter: a function that is called when somebody asks.
    TypeParamValue,
    TypeAlias,
}

impl ScopeKind {
    pub fn is_inlined(self) -> bool {
        matches!(self, ScopeKind::ListComp | ScopeKind::SetComp | ScopeKind::DictComp | ScopeKind::TypeParams)
    }

    pub fn is_comprehension(self) -> bool {
        matches!(self, ScopeKind::ListComp | ScopeKind::SetComp | ScopeKind::DictComp | ScopeKind::Generator)
    }

    /// Its names are registers.
    pub fn is_function_like(self) -> bool {
        !matches!(self, ScopeKind::Module | ScopeKind::Class)
    }

    /// A scope of PEP 695.
    pub fn is_type_scope(self) -> bool {
        matches!(self, ScopeKind::TypeParams | ScopeKind::TypeParamValue | ScopeKind::TypeAlias)
    }
}

/// How the code of a scope reaches a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// A register of the same frame, or a cell in one; `owner` is the scope that has it.
    Local {
        owner: ScopeId,
    },
    /// A cell that this frame got when its function was made.
    Free,
    /// The globals, then the built-ins.
    Global,
    /// The namespace (of a module, of `exec`, of a class body), then as `Global`.
    Namespace,
    /// A class body reads a variable of an enclosing function: the namespace first.
    NamespaceOrFree,
    /// A scope of PEP 695 inside a class: the namespace of the class, then as `Global`.
    ClassOrGlobal,
    ClassOrFree,
}

/// A name in a scope.
#[derive(Clone, Debug)]
pub struct Symbol {
    pub name: Name,
    pub is_bound: bool,
    pub is_used: bool,
    pub is_param: bool,
    pub is_global: bool,
    pub is_nonlocal: bool,
    pub is_annotated: bool,
    pub is_type_param: bool,
    /// A loop variable of a comprehension.
    pub is_iteration: bool,
    /// Some `del` or `except … as` may unbind it.
    pub is_deleted: bool,
    /// A `:=` may bind it in the middle of an expression.
    pub is_walrus: bool,
    /// Reached from another frame.
    pub is_cell: bool,
    /// The first `global` or `nonlocal` of it.
    pub directive: Option<Span>,
    pub binding: Binding,
}

impl Symbol {
    pub fn new(name: Name) -> Self {
        Symbol {
            name,
            is_bound: false,
            is_used: false,
            is_param: false,
            is_global: false,
            is_nonlocal: false,
            is_annotated: false,
            is_type_param: false,
            is_iteration: false,
            is_deleted: false,
            is_walrus: false,
            is_cell: false,
            directive: None,
            binding: Binding::Global,
        }
    }

    /// A variable of the scope that the symbol stands in.
    pub fn is_own(&self) -> bool {
        (self.is_bound || self.is_param) && !self.is_global && !self.is_nonlocal
    }
}

#[derive(Clone, Debug)]
pub struct Scope {
    pub kind: ScopeKind,
    /// Of a function, class or alias; `<lambda>` and the like for the others.
    pub name: Name,
    pub parent: Option<ScopeId>,
    /// The scope whose code this one is part of: itself unless it is inlined.
    pub frame: ScopeId,
    /// The class whose private names are mangled here.
    pub class: Option<Name>,
    /// In the type parameters of a class only these names are.
    pub mangled_only: Option<Vec<Name>>,
    /// In order of first appearance.
    pub symbols: Vec<Symbol>,
    pub by_name: HashMap<Name, u32>,
    /// Of a frame: the variables of enclosing frames that it needs, with their owners.
    pub frees: Vec<(Name, ScopeId)>,
    /// The scopes directly inside that are inlined, in order.
    pub inlined: Vec<ScopeId>,
    /// Defined with `async def`.
    pub is_async: bool,
    /// There is a `yield`; a generator expression is one anyway.
    pub has_yield: bool,
    /// There is an `await`, `async for`, `async with` or an asynchronous comprehension.
    pub has_await: bool,
    /// The first `return` with a value.
    pub return_value: Option<Span>,
    /// A module or class with annotated variables.
    pub has_annotations: bool,
    /// Of a class: some method needs `__class__`.
    pub needs_class_cell: bool,
    /// Of a class: a scope of PEP 695 looks into its namespace.
    pub needs_class_dict: bool,
    /// It reads names in the namespace of the class around it.
    pub sees_class: bool,
    /// Of a class: the attributes that its methods assign to on `self`.
    pub static_attributes: Vec<Name>,
}

impl Scope {
    /// The class that mangles this name here.
    pub fn mangling_class(&self, name: Name) -> Option<Name> {
        let is_excepted = self.mangled_only.as_ref().is_some_and(|names| !names.contains(&name));
        if is_excepted { None } else { self.class }
    }

    pub fn symbol(&self, name: Name) -> Option<&Symbol> {
        self.by_name.get(&name).map(|&at| &self.symbols[at as usize])
    }

    pub fn symbol_mut(&mut self, name: Name) -> &mut Symbol {
        let at = *self.by_name.entry(name).or_insert_with(|| {
            self.symbols.push(Symbol::new(name));
            self.symbols.len() as u32 - 1
        });
        &mut self.symbols[at as usize]
    }
}

/// All scopes of a tree; the first is the module's, and parents come before their children.
#[derive(Clone, Debug, Default)]
pub struct Scopes {
    pub scopes: Vec<Scope>,
    pub by_node: HashMap<Node, ScopeId>,
    pub future_annotations: bool,
}

impl Scopes {
    pub const MODULE: ScopeId = ScopeId(0);

    pub fn of(&self, node: Node) -> ScopeId {
        *self.by_node.get(&node).expect("every scope of the tree was declared")
    }
}

impl std::ops::Index<ScopeId> for Scopes {
    type Output = Scope;
    fn index(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }
}

impl std::ops::IndexMut<ScopeId> for Scopes {
    fn index_mut(&mut self, id: ScopeId) -> &mut Scope {
        &mut self.scopes[id.0 as usize]
    }
}
