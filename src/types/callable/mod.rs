//! What can be called, and what binds: functions, methods, natives as scripts see them, descriptors, cells, code, super.
//!
//! 1. [`function`]: functions of the script, their attributes and their making; [`cell`], [`code`].
//! 2. [`method`]: bound methods; [`builtin`]: native functions, methods and attributes.
//! 3. [`property`], [`wrapper`] (classmethod, staticmethod), [`super_object`].
//!
//! How they bind is `types::attribute`'s business, how they are called the machine's.

pub mod builtin;
pub mod cell;
pub mod code;
pub mod function;
pub mod method;
pub mod property;
pub mod super_object;
pub mod wrapper;
