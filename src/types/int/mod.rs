//! `int` and `bool`.
//!
//! 1. This file: ints as values: made, seen, charged.
//! 2. [`natives`]: the table of `int`, its operators and attributes; [`methods`]: `to_bytes` and what needs more lines.
//! 3. [`construct`]: `int(x)` and `int(text, base)`; [`boolean`]: the table of `bool`.
//! 4. [`text`]: ints to text.
//!
//! The algorithms are in `value/bigint`; arithmetic with floats is in `types/number`.

pub mod boolean;
pub mod construct;
pub mod methods;
pub mod natives;
pub mod text;

use crate::call::{Ask, Cx};
use crate::types::classes;
use crate::value::bigint::{BigInt, Int, IntRef, float};
use crate::value::{Class, Heap, Id, Value};

/// The most digits that conversions between int and decimal text take, until a script says otherwise.
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

/// The int inside of `self` of a method: of int, bool, or a subclass.
pub fn of_self(cx: &Cx, this: Value) -> IntRef<'_> {
    view(&cx.heap, cx.exact(this)).expect("self is an int: it was converted")
}

/// `self` as an exact int.
pub fn exact_self(cx: &Cx, this: Value) -> Value {
    match cx.exact(this) {
        Value::Bool(bool) => Value::Int(bool as i64),
        exact => exact,
    }
}

/// Asks for the memory of a large result before it is computed, and charges the work.
pub fn make_room(cx: &mut Cx, n_bytes: usize) -> Result<(), Ask> {
    const LARGE: usize = 4096;
    if n_bytes > LARGE {
        cx.heap.ensure(n_bytes)?;
        cx.burnt += (n_bytes / 64) as i64;
    }
    Ok(())
}

/// Charges the work of an operation in products of words. What would take minutes, which nothing could interrupt, is
/// refused.
pub fn charge_work(cx: &mut Cx, work: u64) -> Result<(), Ask> {
    const MOST: u64 = 1 << 35;
    if work > MOST {
        return Err(cx.raise(classes::MEMORY_ERROR, "the integers are too large to compute with"));
    }
    cx.burnt += (work / 16) as i64;
    Ok(())
}

/// The value of an int literal too large for 64 bits: digits of any number, with the prefix of their base if that is not ten.
pub fn from_decimal(cx: &mut Cx, digits: &str) -> Value {
    match crate::value::bigint::text::parse(digits.as_bytes(), 0, 0) {
        Ok(int) => make(cx, int),
        Err(error) => crate::bug!("the digits of a literal are digits, not {error:?}"),
    }
}

/// A built-in value as an instance of `class`: itself, or the payload of an instance of a subclass.
pub fn instance(cx: &mut Cx, class: Id<Class>, native: Id<Class>, value: Value) -> Value {
    if class == native {
        return value;
    }
    crate::types::class::allocate(cx, class, value)
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
