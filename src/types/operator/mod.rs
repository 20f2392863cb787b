//! Operators: binary, in place, unary, and the rich comparisons.
//!
//! 1. Exact numbers and strs are computed at once ([`number`](super::number)).
//! 2. Otherwise the special methods decide, in CPython's order: the reflected one first where the right operand's class is a
//!    subclass, each asked until one answers with something else than NotImplemented.
//! 3. Concatenation and repetition of sequences come last, as in CPython, where they are no operators of numbers.
//!
//! [`binary`] and [`comparison`] hold the searches, [`attempt`] how one candidate is asked: natives are called there
//! without a frame, a special method of the script runs in one (`STEPS`). [`unary`] has `-`, `+`, `~`, `abs` and `pow`.

pub mod attempt;
pub mod binary;
pub mod comparison;
pub mod unary;

pub use binary::{ARITHS, after_first, binary, divmod, in_place, special_of_arith};
pub use comparison::{COMPARES, compare, compare_after_first, holds, special_of_compare, symbol_of_compare};
pub use unary::{absolute, invert, negative, positive, power};

use crate::value::NativeId;

crate::natives! {
    /// Steps of operators whose special methods are script code.
    pub static STEPS = [
        hidden "binary(lhs, rhs, operator, in_place, candidate)" => step binary::step_binary, "A binary operator, candidate by candidate.";
        hidden "compare(lhs, rhs, compare, candidate)" => step comparison::step_compare, "A comparison, candidate by candidate.";
        hidden "power(base, exponent, modulus)" => step unary::step_power, "`pow` with three operands.";
    ]
}

const BINARY: NativeId = NativeId { table: crate::tables::OPERATOR, row: 0 };
const COMPARE: NativeId = NativeId { table: crate::tables::OPERATOR, row: 1 };
const POWER: NativeId = NativeId { table: crate::tables::OPERATOR, row: 2 };
