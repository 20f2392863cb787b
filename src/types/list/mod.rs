//! list.
//!
//! 1. [`splice`]: slice assignment and deletion.

pub mod splice;
