//! Codecs: texts to bytes and back, with CPython's errors and error handlers.
//!
//! 1. [`names`]: encodings and handlers by name.
//! 2. [`decode`], [`encode`]: machines that run until the end or a mistake, which is data; whoever handles it pushes
//!    something instead and lets the machine go on, so that a script's own handler is possible.
//! 3. [`handler`]: the built-in handlers on top of them: [`decode_all`], [`encode_all`]: what natives call.
//! 4. [`escape`]: `unicode_escape` and `raw_unicode_escape`.

pub mod decode;
pub mod encode;
pub mod escape;
pub mod handler;
pub mod names;

pub use handler::{DecodeFailure, decode_all, encode_all};
pub use names::{Codec, Handler};

#[cfg(test)]
mod tests;
