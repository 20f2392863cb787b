//! set and frozenset.
//!
//! 1. [`ops`]: one key of a set; [`update`]: sets filled from others.

pub mod ops;
pub mod update;

pub use ops::frozen;
