//! Text to tree.
//!
//! 1. [`encoding`]: bytes to text.
//! 2. [`token`], with [`number`] and [`quote`]: text to raw tokens.
//! 3. [`indent`], with [`soft`]: lines, blocks, and words that are keywords only in places.
//! 4. [`parse`]: one top-level statement at a time through the generated parser, whose actions call [`build`].
//! 5. [`error`]: why a statement did not parse.
//! 6. [`ast`]: what comes out; [`dump`] shows it.
//! 7. [`unparse`]: expressions back to text, for annotations.

pub mod ast;
pub mod build;
mod dump;
mod encoding;
mod error;
mod escape;
mod indent;
mod number;
mod parse;
mod quote;
mod recovery;
mod soft;
pub mod token;
pub mod unparse;

pub use build::MAX_DEPTH;
pub use dump::{dump_tokens, dump_tree};
pub use encoding::Origin;
pub use parse::{Lexed, Mode, Parsed, parse, tokens};
