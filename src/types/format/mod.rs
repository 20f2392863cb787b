//! Text from values: the format mini-language, `%` formatting, and the templates of `str.format`.
//!
//! ```text
//!     '{:>10,.2f}'.format(x)   template ──> spec ──> int | float | complex | text ──> layout
//!     '%10.2f' % x             percent ────────────> number ─────────────────────────> layout
//! ```
//!
//! 1. [`spec`]: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`, and every mistake in it.
//! 2. [`int`], [`float`], [`complex`], [`text`]: what a spec does to a value. 3. [`layout`]: signs, groups, padding.
//! 4. [`percent`]: the pieces of a `%` format, and the numbers in it.
//! 5. [`template`]: the pieces of a `str.format` template, field names, numbering.
//!
//! Texts are generalised UTF-8. Before a result is made, `Spec::extra_bytes` and `Field::extra_bytes` say how large width
//! and precision make it: the caller charges that.

pub mod complex;
pub mod float;
pub mod int;
pub mod layout;
pub mod percent;
pub mod spec;
pub mod template;
pub mod text;

#[cfg(test)]
mod tests;
