//! dict.
//!
//! 1. [`ops`]: one key of a dict; [`update`]: dicts filled from others; [`compare`]: `==`.
//! 2. [`methods`]: the rows of the class; [`views`]: those of keys(), values() and items().

pub mod compare;
pub mod methods;
pub mod ops;
pub mod update;
pub mod views;
