//! Aspen.

pub mod types;
pub mod value;
