//! Values and the heap.

pub mod bigint;
pub mod dict_table;
pub mod hash;
pub mod set_table;
