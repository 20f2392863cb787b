//! Aspen: Python's syntax and semantics on a fast, stackless machine, with asyncio as part of the language.

#![forbid(unsafe_code)]
#![recursion_limit = "1024"]

pub mod builtins;
pub mod call;
pub mod cli;
pub mod engine;
pub mod host;
pub mod native;
pub mod sched;
pub mod tables;
pub mod types;
pub mod value;
pub mod vm;

/// A fault of Aspen's own: says so, and where.
#[macro_export]
macro_rules! bug {
    ($($message:tt)*) => {
        panic!("{} ({}:{})", format_args!($($message)*), file!(), line!())
    };
}
