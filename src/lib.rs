//! Aspen.

pub mod types;
