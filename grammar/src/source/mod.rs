//! What all stages share: places in a text, names, and strings as Python has them.
//!
//! 1. [`span`]: a range of bytes of one source text; line and column on demand.
//! 2. [`names`]: identifiers as small integers.
//! 3. [`wtf8`]: strings in generalised UTF-8, which may hold lone surrogates.

pub mod names;
pub mod span;
pub mod wtf8;

pub use names::{Name, Names};
pub use span::{LineIndex, Span};
pub use wtf8::Wtf8;
