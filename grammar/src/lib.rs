//! The front of Aspen: text to code, in stages that can each be printed.
//!
//! ```text
//! text --token--> tokens --indent--> tokens --aspen.lalrpop--> tree --resolve--> scopes --compile--> code
//! ```
//!
//! Pure: no files, no clock, no environment, no global state.

#![forbid(unsafe_code)]

pub mod bytecode;
pub mod compile;
pub mod report;
pub mod resolve;
pub mod source;
pub mod syntax;
