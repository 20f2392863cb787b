//! How natives are written: what they see, how they are called, how they pause.
//!
//! 1. [`cx`]: `Cx`, the engine as a native sees it: heap, classes, host, budget; never the interpreter.
//! 2. [`outcome`]: how a native ends: a value, or an `Ask` of what it needs.
//! 3. [`native`]: the rows of the tables: name and signature as Python text, body, doc.
//! 4. [`signature`]: the text parsed, once; [`args`]: arguments bound to it, with CPython's messages.
//! 5. [`raise`]: exceptions; a message used twice has its constructor there.
//! 6. [`names`]: the names that Rust code knows.
//!
//! Before: `value`, `host`. After: `types`, `builtins`, `native`, which are made of these.

pub mod args;
pub mod cx;
pub mod names;
pub mod native;
pub mod outcome;
pub mod raise;
pub mod signature;

pub use cx::Cx;
pub use native::{Body, NativeDef, NativeKind, StepFn};
pub use outcome::{Ask, CallAsk, MachineAsk, Outcome};
