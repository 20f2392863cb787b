//! How natives are written: what they see, how they are called, how they pause.
//!
//! 1. [`cx`]: `Cx`, the engine as a native sees it: heap, classes, host, budget; never the interpreter.
//! 2. [`outcome`]: how a native ends: a value, or an `Ask` of what it needs.
//! 3. [`native`]: the rows of the tables: name and signature as Python text, body, doc.
//! 4. [`signature`]: the text parsed, once; [`args`]: arguments bound to it, with CPython's messages.
//! 5. [`raise`]: exceptions; a message used twice has its constructor there.
//! 6. [`names`]: the names that Rust code knows. 7. [`attempt`], [`launch`]: stepped natives that mostly need no frame.
//! 8. [`convert`]: the converters of a signature; [`iterate`]: the next item of an iterator.
//! 9. [`fiber`]: which fiber runs, what it has of its own, what it waits for.
//!
//! # Writing a native
//!
//! A row in a table (`natives!`), a function, a doc line. The function gets bound and converted arguments and ends with an
//! `Outcome`. If script code must run in the middle (`__eq__`, `__index__`, a key function), it is a *stepped* native: it
//! sets `frame.step`, keeps values in `frame.values`, and returns an `Ask`; at the next step `frame.told` has the answer.
//!
//! - Nothing needs rooting: collections happen between instructions, never while a native runs.
//! - Small allocations (`cx.heap.new_…`) never fail. What can be large is asked for first: `cx.heap.reserve(bytes)?`, before
//!   any effect, since the native then runs again from the start of its step.
//! - Long loops charge themselves: `cx.burnt += 1` per item or so.
//! - `Ask::Tail` is "the result of this call is my result"; a plain native's `Ask::Call` is the same.
//! - The next value of an iterator: `frame.wants_next = true`, ask, and be told `Told::Value` or `Told::End`. A native
//!   `__next__` that is at its end returns `Err(Ask::End)`.
//! - `self` and other arguments may be instances of script subclasses of built-in types: unwrap them with `cx.exact(value)`.
//! - No recursion over script data structures on the Rust stack: `repr`, `==`, `hash` of nested values are frames.
//!
//! Before: `value`, `host`. After: `types`, `builtins`, `native`, which are made of these.

pub mod args;
pub mod attempt;
pub mod convert;
pub mod cx;
pub mod embed;
pub mod fiber;
pub mod iterate;
pub mod launch;
pub mod names;
pub mod native;
pub mod outcome;
pub mod raise;
pub mod signature;

pub use cx::Cx;
pub use fiber::{FiberId, Place, Wait, WaitKind};
pub use native::{Body, NativeDef, NativeKind, StepFn};
pub use outcome::{Ask, CallAsk, MachineAsk, Outcome};
