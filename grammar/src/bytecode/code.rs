//! One compiled scope.
//!
//! Immutable and without handles, so that engines and threads share it. What an engine adds (constants as values,
//! inline caches, the globals) is made once per code and globals, and is the machine's.

use std::sync::Arc;

use super::op::{Jump, Op, Reg};
use crate::source::Wtf8;

macro_rules! index_types {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            #[inline]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        })*
    };
}

index_types! {
    /// An index into [`Code::consts`].
    ConstId,
    /// An index into [`Code::names`].
    NameId,
    /// An index into [`Code::attrs`]: one per attribute instruction, as each has a cache.
    AttrId,
    /// An index into [`Code::globals`]: one per distinct name.
    GlobalId,
    /// An index into [`Code::codes`].
    CodeId,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    /// Decimal digits, with a sign if negative.
    BigInt(Box<str>),
    Float(f64),
    /// Real and imaginary part.
    Complex(f64, f64),
    Str(Wtf8),
    Bytes(Box<[u8]>),
    Tuple(Vec<Const>),
    /// For `x in {1, 2}`.
    FrozenSet(Vec<Const>),
}

/// How a call binds its arguments. The parameters are registers 0, 1, … in this order: positional-only, positional,
/// keyword-only, `*args`, `**kwargs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallParams {
    pub n_positional_only: u32,
    /// Positional-only ones included.
    pub n_positional: u32,
    pub n_keyword_only: u32,
    pub has_star: bool,
    pub has_star_star: bool,
}

impl CallParams {
    /// How many registers the parameters take.
    pub fn total(&self) -> u32 {
        self.n_positional + self.n_keyword_only + self.has_star as u32 + self.has_star_star as u32
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeFlags {
    pub is_generator: bool,
    pub is_coroutine: bool,
    pub is_async_generator: bool,
    /// The generators may be awaited (`types.coroutine`); the compiler never sets it.
    pub is_iterable_coroutine: bool,
    /// Names are registers: a function, a lambda, a generator expression. False: a module, `exec`, a class body.
    pub is_function: bool,
    /// A class body: R[0] is its namespace.
    pub is_class: bool,
    /// Defined inside a function.
    pub is_nested: bool,
    /// Tracebacks show its text although its file is named `<…>`: the text of a command line.
    pub shows_source: bool,
    /// From the library: tracebacks and stack levels skip it.
    pub is_hidden: bool,
    /// The first constant is the docstring.
    pub has_docstring: bool,
    /// `from __future__ import annotations` was in force.
    pub future_annotations: bool,
    /// The module has `await` at top level, outside functions: it runs as a coroutine.
    pub is_top_level_await: bool,
    /// Defined in a class body: `super()` and `__class__` work.
    pub is_method: bool,
}

/// A range of instructions [start, end) whose exceptions go to `target`, with the exception in R[exc].
/// The table is searched from the front: inner ranges come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    pub start: Jump,
    pub end: Jump,
    pub target: Jump,
    pub exc: Reg,
}

/// In [start, end) the exception in R[exc] is the one being handled (`sys.exception()`, bare `raise`, `__context__`).
/// Searched from the front: inner ranges come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handled {
    pub start: Jump,
    pub end: Jump,
    pub exc: Reg,
}

/// Where in the text an instruction comes from: lines from 1, columns in bytes from 0; line 0 is "nowhere".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    pub line: u32,
    pub end_line: u32,
    pub column: u32,
    pub end_column: u32,
}

/// The place of the callee of a fused call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Callee {
    pub pc: u32,
    pub position: Position,
}

/// Where a function finds one of its free cells when it is made: a register of the enclosing frame, which holds a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capture {
    pub from: Reg,
}

/// Parameters beyond these are far locals.
pub const MAX_REGISTER_PARAMS: u32 = 128;

#[derive(Clone, Debug, Default)]
pub struct Code {
    pub name: Box<str>,
    pub qualname: Box<str>,
    /// The file's name as shown in tracebacks.
    pub file: Arc<str>,
    /// The text it was compiled from, for excerpts in tracebacks and in reports.
    pub source: Arc<str>,
    pub first_line: u32,
    pub flags: CodeFlags,
    pub params: CallParams,
    /// Names of the registers 0..n_locals, cells and free variables included; an empty name is a hidden one.
    pub locals: Vec<Box<str>>,
    /// Which of the locals are cells made by this scope (`MakeCell`); those of comprehensions are unbound outside of them.
    pub cells: Vec<Reg>,
    /// Free variables are the registers n_register_params..n_register_params + captures.len(), in the order of `captures`.
    pub captures: Vec<Capture>,
    /// Names of the locals past the registers, by index of `LoadFar`; parameters among them come first.
    pub far_locals: Vec<Box<str>>,
    /// The register of the list of the far locals. Where parameters are among them (`Code::n_far_params`) the call makes the
    /// list, as long as `far_locals`, with these parameters first and the others unbound; else the code does (`FarLocals`).
    pub far_list: Option<Reg>,
    /// Registers in all: what a parked frame of this code keeps.
    pub n_regs: u16,
    pub ops: Vec<Op>,
    /// How many registers are alive before each instruction: locals, and the temporaries in use. One per instruction.
    pub ceilings: Vec<u8>,
    /// One per instruction.
    pub positions: Vec<Position>,
    /// Where the callee of each `CallGlobal` and `CallAttr` stands: what the lookup raises comes from there. By `pc`.
    pub callees: Vec<Callee>,
    pub handlers: Vec<Handler>,
    pub handled: Vec<Handled>,
    pub consts: Vec<Const>,
    pub names: Vec<Box<str>>,
    /// The name of each attribute instruction.
    pub attrs: Vec<NameId>,
    /// The name of each global instruction.
    pub globals: Vec<NameId>,
    pub codes: Vec<Arc<Code>>,
}

impl Code {
    pub fn n_params(&self) -> u32 {
        self.params.total()
    }

    /// How many of the parameters are registers; the others are the first far locals.
    pub fn n_register_params(&self) -> u32 {
        self.n_params().min(MAX_REGISTER_PARAMS)
    }

    /// Parameters past the registers.
    pub fn n_far_params(&self) -> u32 {
        self.n_params() - self.n_register_params()
    }

    pub fn n_locals(&self) -> usize {
        self.locals.len()
    }

    /// A call of it makes an object and runs nothing.
    pub fn is_suspendable(&self) -> bool {
        self.flags.is_generator || self.flags.is_coroutine || self.flags.is_async_generator
    }

    /// Where the callee of the fused call at `pc` stands.
    pub fn callee_at(&self, pc: u32) -> Option<Position> {
        let at = self.callees.binary_search_by_key(&pc, |callee| callee.pc).ok()?;
        Some(self.callees[at].position)
    }

    /// The handler for an exception raised by the instruction at `pc`.
    pub fn handler_at(&self, pc: u32) -> Option<&Handler> {
        self.handlers.iter().find(|handler| handler.start.0 <= pc && pc < handler.end.0)
    }

    /// The register of the exception that is being handled at `pc`.
    pub fn handled_at(&self, pc: u32) -> Option<Reg> {
        let range = self.handled.iter().find(|range| range.start.0 <= pc && pc < range.end.0);
        range.map(|range| range.exc)
    }
}
