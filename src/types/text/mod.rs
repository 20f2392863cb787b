//! The algorithms of str and bytes.
//!
//! A str is generalised UTF-8: lone surrogates are three bytes. Byte order is code point order, so that comparing bytes
//! compares texts, and a byte search finds whole code points only. Places and lengths that a script sees are code points:
//! [`index`] translates.
//!
//! 1. [`unicode`]: what is known of a code point. 2. [`index`]: places.
//! 3. [`search`], [`split`] (and strip), [`pad`]: for str and bytes alike; `Units` says which.
//! 4. [`case`], [`classify`]: of a str; [`bytes`]: of bytes.
//! 5. [`codec`]: from texts to bytes and back.

pub mod bytes;
pub mod case;
pub mod classify;
pub mod codec;
pub mod index;
pub mod pad;
pub mod search;
pub mod split;
pub mod unicode;

#[cfg(test)]
mod tests;
