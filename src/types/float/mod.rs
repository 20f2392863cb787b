//! Floats and complex numbers: CPython's arithmetic, rounding and text.
//!
//! 1. [`digits`]: decimal digits of a float, exact: the shortest that reads back, or so many.
//! 2. [`text`]: `repr` and `float('...')`; [`hex`]: `float.hex` and `float.fromhex`.
//! 3. [`arith`]: `//`, `%`, `**`, rounding, ratios.
//! 4. [`complex`]: the same for complex numbers.
//! 5. [`natives`]: the table of the class; [`construct`]: `float(x)`.
//!
//! Exact arithmetic between ints and floats is in `value::bigint::float`, hashes in `value::hash`. Results that are
//! exceptions in Python are plain enums here; the natives know the wording.

pub mod arith;
pub mod complex;
pub mod construct;
pub mod digits;
pub mod fixed;
pub mod hex;
pub mod natives;
pub mod text;

#[cfg(test)]
mod tests;
