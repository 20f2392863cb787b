//! list.
//!
//! 1. [`methods`]: the rows of the class.
//! 2. [`sort`]: `sort` and `sorted`.
//! 3. [`splice`]: slice assignment and deletion.

pub mod methods;
pub mod sort;
pub mod splice;
