//! set and frozenset.
//!
//! 1. [`ops`]: one key of a set; [`update`]: sets filled from others.
//! 2. [`algebra`]: intersection, difference and the like, also of the views of dicts; [`fold`]: the methods that take any
//!    number of others.
//! 3. [`methods`]: the rows of the classes.

pub mod algebra;
pub mod fold;
pub mod methods;
pub mod ops;
pub mod update;

pub use ops::frozen;
