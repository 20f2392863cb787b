//! `str`.
//!
//! 1. [`repr`]: how a text is quoted.

pub mod repr;
