//! `int` and `bool`.
//!
//! 1. This file: ints as values: made, seen, charged; and `__index__`.
//! 2. The algorithms are in `value/bigint`; arithmetic with floats is in `types/number`.

use crate::call::{Ask, Cx};
use crate::value::bigint::{BigInt, Int, IntRef, float};
use crate::value::{Heap, Value};

/// The most digits that conversions between int and decimal text take: `sys.get_int_max_str_digits()`.
pub const MAX_STR_DIGITS: usize = 4300;

/// A value of an int.
#[inline]
pub fn make(cx: &mut Cx, int: Int) -> Value {
    match int {
        Int::Small(small) => Value::Int(small),
        Int::Big(big) => {
            cx.heap.charge(size_of::<BigInt>() + big.bytes());
            Value::BigInt(cx.heap.big_ints.alloc(big))
        }
    }
}

/// The number that an exact int or bool is.
#[inline]
pub fn view(heap: &Heap, value: Value) -> Option<IntRef<'_>> {
    match value {
        Value::Int(int) => Some(IntRef::Small(int)),
        Value::Bool(bool) => Some(IntRef::Small(bool as i64)),
        Value::BigInt(id) => Some(IntRef::Big(heap.big_ints.get(id))),
        _ => None,
    }
}

/// Asks for the memory of a large result before it is computed, and charges the work.
pub fn make_room(cx: &mut Cx, n_bytes: usize) -> Result<(), Ask> {
    const LARGE: usize = 4096;
    if n_bytes > LARGE {
        cx.heap.reserve(n_bytes)?;
        // The result itself is charged when it is made.
        cx.heap.used -= n_bytes;
        cx.burnt += (n_bytes / 64) as i64;
    }
    Ok(())
}

/// The value of a decimal literal: digits only, of any number.
pub fn from_decimal(cx: &mut Cx, digits: &str) -> Value {
    match crate::value::bigint::text::parse(digits.as_bytes(), 10, 0) {
        Ok(int) => make(cx, int),
        Err(error) => crate::bug!("the digits of a literal are digits, not {error:?}"),
    }
}

/// `OverflowError: int too large to convert to float`.
pub fn too_large_for_float(cx: &mut Cx) -> Ask {
    cx.overflow_error("int too large to convert to float")
}

impl IntRef<'_> {
    /// The nearest float; None if it is too large.
    pub fn to_owned_float(self) -> Option<f64> {
        float::to_f64(self)
    }
}
