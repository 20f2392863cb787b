//! The tree to code.
//!
//! ```text
//! tree --resolve--> scopes
//!   \                 \
//!    +--fold-----------+--> Compiler: one Unit per frame, filled statement by statement --> Code
//! ```
//!
//! 1. [`fold`]: which expressions are constants. [`flow`]: which locals are bound for certain.
//! 2. [`unit`]: instructions, labels, registers of the code at hand. [`frame`]: where each variable lives; begin and end.
//! 3. `stmt`, `assign`, `unpack`, `imports`: simple statements. `branch`, `loops`, `protect`, `except`, `pattern`: compound ones.
//! 4. `expr`, `spine`, `call`, `display`, `text`, `comprehension`: expressions, compiled straight to where they are wanted.
//! 5. `function`, `class`, `generic`: what makes frames of its own.
//!
//! An expression is compiled *into* a register: a local's own, an argument's slot, or the next free one. Its temporaries are
//! a stack above what is in use, and the destination is written by the last instruction.

mod assign;
mod branch;
mod call;
mod class;
mod comprehension;
mod constant;
mod display;
mod docstring;
mod except;
mod expr;
mod flow;
mod fold;
mod frame;
mod function;
mod generic;
mod hoist;
mod imports;
mod loops;
mod names;
mod pattern;
mod protect;
mod spine;
mod stmt;
mod text;
mod unit;
mod unpack;

use std::sync::Arc;

use crate::bytecode::{Code, Op};
use crate::report::{Diagnostic, ScopeMistake};
use crate::resolve::{ResolveOptions, Scopes, resolve};
use crate::source::{LineIndex, Names, Span};
use crate::syntax::ast::{ExprId, Tree};

use fold::Folded;
use unit::Unit;

/// What the code of a source is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CompileMode {
    /// A file, or the text of `exec`.
    #[default]
    Module,
    /// `eval`: the code returns the value of its one expression.
    Expression,
    /// What was typed at a prompt: expression statements are displayed.
    Interactive,
}

/// How a source is compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CompileOptions {
    pub mode: CompileMode,
    /// CPython's rules to the letter: no `await` at top level.
    pub strict: bool,
    /// `from __future__ import annotations` is inherited from the code that asks.
    pub future_annotations: bool,
    /// From the library: tracebacks skip it.
    pub is_hidden: bool,
    /// Tracebacks show its text although its file is named `<…>`.
    pub shows_source: bool,
    /// CPython's `-O`: from 1 on no `assert`, and `__debug__` is false; from 2 on no docstrings.
    pub optimize: u8,
}

/// Compiles a tree to the code of its module.
pub fn compile_module(
    tree: &Tree,
    source: &str,
    file: &str,
    options: CompileOptions,
) -> Result<Arc<Code>, Vec<Diagnostic>> {
    let resolve_options =
        ResolveOptions { top_level_await: !options.strict, future_annotations: options.future_annotations };
    let (scopes, names) = resolve(tree, resolve_options)?;
    let debug = names.find("__debug__");
    let mut compiler = Compiler {
        tree,
        scopes: &scopes,
        names,
        folded: Folded::new(tree, debug, options.optimize == 0),
        lines: LineIndex::new(source.as_bytes()),
        file: file.into(),
        source: source.into(),
        options,
        unit: Box::new(Unit::new(Scopes::MODULE, Code::default())),
        blocks: Vec::new(),
        depth: 0,
        statement: Span::default(),
        failure: None,
    };
    let code = compiler.compile_top();
    match compiler.failure {
        None => Ok(code),
        Some((mistake, span)) => Err(vec![Diagnostic::new(mistake, span)]),
    }
}

/// How deeply statements and expressions may stand in each other: more than the parser lets through, but `finally` bodies
/// are compiled inside the statements that leave them.
const MAX_DEPTH: u32 = 700;

struct Compiler<'t> {
    tree: &'t Tree,
    scopes: &'t Scopes,
    /// Those of the tree, and what mangling and the compiler add.
    names: Names,
    folded: Folded,
    lines: LineIndex,
    file: Arc<str>,
    source: Arc<str>,
    options: CompileOptions,
    /// The code at hand.
    unit: Box<Unit>,
    /// What the statement at hand is inside of, in this code.
    blocks: Vec<protect::Block<'t>>,
    depth: u32,
    /// The innermost statement that was begun.
    statement: Span,
    /// The first limit that was hit.
    failure: Option<(ScopeMistake, Span)>,
}

impl Compiler<'_> {
    fn emit(&mut self, op: Op) {
        self.unit.emit(op);
    }

    /// What follows comes from here.
    fn at(&mut self, span: Span) {
        self.unit.span = span;
    }

    fn at_expr(&mut self, expr: ExprId) {
        self.unit.span = self.tree[expr].span;
    }

    /// One level deeper; false, with a failure, if that is too deep for the native stack.
    fn descend(&mut self) -> bool {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.unit.fail(ScopeMistake::NestedTooDeeply);
            return false;
        }
        true
    }

    fn ascend(&mut self) {
        self.depth -= 1;
    }
}
