//! dict.
//!
//! 1. [`ops`]: one key of a dict; [`update`]: dicts filled from others.

pub mod ops;
pub mod update;
