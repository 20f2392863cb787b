//! Integers of any size: what Python's `int` does once 64 bits are not enough.
//!
//! 1. This file: [`BigInt`] (never a number that fits an i64), [`Int`] (what every operation returns), [`IntRef`] (what
//!    every operation takes), comparison, hash, and the size of a result before it is computed.
//! 2. [`arith`]: + - * // % ** with floor semantics, and the same on two i64 with a way out of overflow.
//! 3. [`bits`]: shifts, & | ^ ~ on two's complement, bit counts, to and from bytes.
//! 4. [`float`]: to and from f64, true division, comparison with f64, all exact.
//! 5. [`text`]: parsing and printing in any base.
//!
//! Nobody else names the library underneath. Nothing here allocates more than the estimates say, so that the caller can
//! charge memory before it computes.

pub mod arith;
pub mod bits;
pub mod float;
pub mod text;

use std::cmp::Ordering;

use dashu_int::{IBig, Sign, UBig};

/// The modulus of numeric hashes: the prime 2^61 - 1.
pub const HASH_MODULUS: u64 = (1 << 61) - 1;

/// An integer that does not fit an i64.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BigInt(IBig);

/// Any integer; `Big` is never a number that fits an i64, so equal numbers are equal values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Int {
    Small(i64),
    Big(BigInt),
}

/// Any integer, by reference. `Big` may be only what an [`Int`] would hold.
#[derive(Clone, Copy, Debug)]
pub enum IntRef<'a> {
    Small(i64),
    Big(&'a BigInt),
}

impl Int {
    /// The same, by reference.
    pub fn as_ref(&self) -> IntRef<'_> {
        match self {
            Int::Small(small) => IntRef::Small(*small),
            Int::Big(big) => IntRef::Big(big),
        }
    }

    /// Normalises what the library computed.
    fn from_ibig(big: IBig) -> Int {
        match small_value(&big) {
            Some(small) => Int::Small(small),
            None => Int::Big(BigInt(big)),
        }
    }

    fn from_ubig(big: UBig) -> Int {
        Int::from_ibig(IBig::from(big))
    }
}

impl From<i64> for Int {
    fn from(small: i64) -> Int {
        Int::Small(small)
    }
}

impl From<u64> for Int {
    fn from(number: u64) -> Int {
        match i64::try_from(number) {
            Ok(small) => Int::Small(small),
            Err(_) => Int::Big(BigInt(IBig::from(number))),
        }
    }
}

impl From<i128> for Int {
    fn from(number: i128) -> Int {
        match i64::try_from(number) {
            Ok(small) => Int::Small(small),
            Err(_) => Int::Big(BigInt(IBig::from(number))),
        }
    }
}

/// The number, if it fits.
fn small_value(big: &IBig) -> Option<i64> {
    let (sign, words) = big.as_sign_words();
    match (words, sign) {
        ([], _) => Some(0),
        (&[word], Sign::Positive) => i64::try_from(word).ok(),
        (&[word], Sign::Negative) => 0i64.checked_sub_unsigned(word),
        _ => None,
    }
}

impl BigInt {
    /// The heap bytes of the number.
    pub fn bytes(&self) -> usize {
        let n_words = self.0.as_sign_words().1.len();
        if n_words <= 2 { 0 } else { n_words * 8 }
    }

    /// Whether the number is below zero.
    pub fn is_negative(&self) -> bool {
        self.0.sign() == Sign::Negative
    }
}

impl<'a> IntRef<'a> {
    /// An owned copy.
    pub fn to_int(self) -> Int {
        match self {
            IntRef::Small(small) => Int::Small(small),
            IntRef::Big(big) => Int::Big(big.clone()),
        }
    }

    /// Whether the number is below zero.
    pub fn is_negative(self) -> bool {
        match self {
            IntRef::Small(small) => small < 0,
            IntRef::Big(big) => big.is_negative(),
        }
    }

    /// Whether the number is zero.
    pub fn is_zero(self) -> bool {
        matches!(self, IntRef::Small(0))
    }

    /// The number as the library holds it; a small one is made in place, without allocation.
    fn to_ibig(self) -> std::borrow::Cow<'a, IBig> {
        match self {
            IntRef::Small(small) => std::borrow::Cow::Owned(IBig::from(small)),
            IntRef::Big(big) => std::borrow::Cow::Borrowed(&big.0),
        }
    }

    /// The absolute value as the library holds it.
    fn to_magnitude(self) -> UBig {
        match self {
            IntRef::Small(small) => UBig::from(small.unsigned_abs()),
            IntRef::Big(big) => big.0.clone().into_parts().1,
        }
    }
}

/// Which of two integers is less.
pub fn compare(lhs: IntRef, rhs: IntRef) -> Ordering {
    match (lhs, rhs) {
        (IntRef::Small(lhs), IntRef::Small(rhs)) => lhs.cmp(&rhs),
        (IntRef::Small(_), IntRef::Big(rhs)) if rhs.is_negative() => Ordering::Greater,
        (IntRef::Small(_), IntRef::Big(_)) => Ordering::Less,
        (IntRef::Big(lhs), IntRef::Small(_)) if lhs.is_negative() => Ordering::Less,
        (IntRef::Big(_), IntRef::Small(_)) => Ordering::Greater,
        (IntRef::Big(lhs), IntRef::Big(rhs)) => lhs.0.cmp(&rhs.0),
    }
}

/// CPython's hash of an int: the number modulo 2^61 - 1 with its sign, and -2 instead of -1.
pub fn hash(number: IntRef) -> i64 {
    let (negative, rest) = match number {
        IntRef::Small(small) => (small < 0, small.unsigned_abs() % HASH_MODULUS),
        IntRef::Big(big) => {
            let (sign, words) = big.0.as_sign_words();
            // From the highest word down; 2^64 is 8 modulo 2^61 - 1.
            let fold = |rest: u64, &word: &u64| ((rest as u128 * 8 + word as u128) % HASH_MODULUS as u128) as u64;
            (sign == Sign::Negative, words.iter().rev().fold(0, fold))
        }
    };
    match (negative, rest as i64) {
        (true, 1) => -2,
        (true, rest) => -rest,
        (false, rest) => rest,
    }
}

/// About how many products of words a product of so many bits takes; a quotient is of the same order.
pub fn product_work(lhs_bits: u64, rhs_bits: u64) -> u64 {
    let (long, short) = (lhs_bits.max(rhs_bits) / 64 + 1, lhs_bits.min(rhs_bits) / 64 + 1);
    long.saturating_mul(short.isqrt().max(1))
}

/// At least the bytes of the product.
pub fn mul_bytes(lhs: IntRef, rhs: IntRef) -> usize {
    bytes_of_bits(bits::bit_length(lhs).saturating_add(bits::bit_length(rhs)))
}

/// At least the bytes of `base ** exponent`.
pub fn pow_bytes(base: IntRef, exponent: IntRef) -> usize {
    let base_bits = bits::bit_length(base);
    match exponent {
        _ if base_bits <= 1 => 16,
        IntRef::Small(exponent) => bytes_of_bits(base_bits.saturating_mul(exponent.max(0) as u64)),
        IntRef::Big(_) => usize::MAX,
    }
}

/// At least the bytes of `number << count`.
pub fn shl_bytes(number: IntRef, count: IntRef) -> usize {
    match count {
        _ if number.is_zero() => 16,
        IntRef::Small(count) => bytes_of_bits(bits::bit_length(number).saturating_add(count.max(0) as u64)),
        IntRef::Big(_) => usize::MAX,
    }
}

/// At least the bytes of the number printed in base ten, sign included.
pub fn decimal_bytes(number: IntRef) -> usize {
    // log10(2) is a little below 0.30103.
    (bits::bit_length(number) as u128 * 30103 / 100_000 + 3) as usize
}

fn bytes_of_bits(n_bits: u64) -> usize {
    usize::try_from(n_bits / 8).unwrap_or(usize::MAX).saturating_add(16)
}

#[cfg(test)]
mod tests;

impl super::slab::Kind for BigInt {
    const SWEPT: bool = true;
    fn trace(&self, _gray: &mut super::slab::Gray) {}
    fn owned(&self) -> usize {
        self.bytes()
    }
}
