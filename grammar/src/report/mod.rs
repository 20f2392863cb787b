//! Mistakes of a source text as data: what is wrong, where, and how both Aspen and CPython say it.
//!
//! 1. [`codes`]: the tables of named mistakes, one enum per stage, with their texts.
//! 2. [`diagnostic`]: a mistake at a place, and where CPython points for it.
//! 3. [`render`]: the only file that knows how a diagnostic looks to a reader.

pub mod codes;
pub mod diagnostic;
pub mod render;
mod scope_codes;
mod syntax_codes;

pub use codes::{Mistake, ScopeMistake, SyntaxMistake};
pub use diagnostic::{Diagnostic, ExceptionClass, Place, Raised, SyntaxWarning, WarningStage};
pub use render::{Style, render};
