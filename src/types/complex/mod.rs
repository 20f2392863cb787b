//! `complex`: a native object of two floats, whose algorithms are in `types/float/complex`.
//!
//! 1. This file: complex numbers as values.
//! 2. [`natives`]: the table; [`construct`]: `complex(x)`.

pub mod construct;
pub mod natives;

use super::classes;
pub use super::float::complex::Complex;
use super::float::complex::ComplexPowError;
use crate::call::{Cx, Outcome};
use crate::value::native_object::NativeObject;
use crate::value::slab::Gray;
use crate::value::{Heap, Value};

impl NativeObject for Complex {
    fn trace(&self, _gray: &mut Gray) {}
    fn bytes(&self) -> usize {
        size_of::<Complex>()
    }
}

/// A complex number.
pub fn new(cx: &mut Cx, re: f64, im: f64) -> Value {
    make(cx, Complex::new(re, im))
}

/// A value of a complex number.
pub fn make(cx: &mut Cx, number: Complex) -> Value {
    cx.heap.new_native(classes::COMPLEX, number)
}

/// The number that an exact complex is.
pub fn view(heap: &Heap, value: Value) -> Option<Complex> {
    match value {
        Value::Native(id) => heap.native::<Complex>(id).copied(),
        _ => None,
    }
}

/// `base ** exponent`.
pub fn power(cx: &mut Cx, base: Complex, exponent: Complex) -> Outcome {
    match base.pow(exponent) {
        Ok(result) => Ok(make(cx, result)),
        Err(ComplexPowError::ZeroToNegative) => Err(cx.zero_division("0.0 to a negative or complex power")),
        Err(ComplexPowError::Overflow) => Err(cx.overflow_error("complex exponentiation")),
    }
}
