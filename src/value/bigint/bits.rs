//! Ints as rows of bits: shifts, the bitwise operators on an endless two's complement, counts, and bytes.

use dashu_int::ops::BitTest;
use dashu_int::{IBig, Sign, UBig};

use super::{Int, IntRef};

/// Why `int.to_bytes` fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToBytesError {
    /// `OverflowError: can't convert negative int to unsigned`.
    Negative,
    /// `OverflowError: int too big to convert`.
    TooBig,
}

/// Which byte comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    Little,
    Big,
}

/// `number << count` of a small number; None where it does not fit an i64.
#[inline]
pub fn shl_small(number: i64, count: u32) -> Option<i64> {
    let shifted = number.checked_shl(count)?;
    (shifted >> count == number).then_some(shifted)
}

/// `number << count`; charge [`super::shl_bytes`] first. None if no machine could hold the result.
pub fn shl(number: IntRef, count: u64) -> Option<Int> {
    match number {
        IntRef::Small(0) => Some(Int::Small(0)),
        IntRef::Small(small) if count < 64 => Some(match shl_small(small, count as u32) {
            Some(shifted) => Int::Small(shifted),
            None => Int::from((small as i128) << count),
        }),
        number => {
            let count = usize::try_from(count).ok().filter(|count| *count < 1 << 48)?;
            Some(Int::from_ibig(&*number.to_ibig() << count))
        }
    }
}

/// `number >> count`, rounding down.
pub fn shr(number: IntRef, count: u64) -> Int {
    match number {
        IntRef::Small(small) => Int::Small(small >> count.min(63)),
        IntRef::Big(big) if count >= bit_length(number) => Int::Small(if big.is_negative() { -1 } else { 0 }),
        IntRef::Big(big) => Int::from_ibig(&big.0 >> count as usize),
    }
}

/// `lhs & rhs`.
pub fn and(lhs: IntRef, rhs: IntRef) -> Int {
    match (lhs, rhs) {
        (IntRef::Small(lhs), IntRef::Small(rhs)) => Int::Small(lhs & rhs),
        (lhs, rhs) => Int::from_ibig(&*lhs.to_ibig() & &*rhs.to_ibig()),
    }
}

/// `lhs | rhs`.
pub fn or(lhs: IntRef, rhs: IntRef) -> Int {
    match (lhs, rhs) {
        (IntRef::Small(lhs), IntRef::Small(rhs)) => Int::Small(lhs | rhs),
        (lhs, rhs) => Int::from_ibig(&*lhs.to_ibig() | &*rhs.to_ibig()),
    }
}

/// `lhs ^ rhs`.
pub fn xor(lhs: IntRef, rhs: IntRef) -> Int {
    match (lhs, rhs) {
        (IntRef::Small(lhs), IntRef::Small(rhs)) => Int::Small(lhs ^ rhs),
        (lhs, rhs) => Int::from_ibig(&*lhs.to_ibig() ^ &*rhs.to_ibig()),
    }
}

/// `~number`.
pub fn invert(number: IntRef) -> Int {
    match number {
        IntRef::Small(small) => Int::Small(!small),
        IntRef::Big(big) => Int::from_ibig(!&big.0),
    }
}

/// `number.bit_length()`: the bits of the absolute value.
pub fn bit_length(number: IntRef) -> u64 {
    match number {
        IntRef::Small(small) => 64 - small.unsigned_abs().leading_zeros() as u64,
        IntRef::Big(big) => match big.0.as_sign_words().1 {
            [lower @ .., top] => lower.len() as u64 * 64 + 64 - top.leading_zeros() as u64,
            [] => 0,
        },
    }
}

/// `number.bit_count()`: the ones in the absolute value.
pub fn bit_count(number: IntRef) -> u64 {
    match number {
        IntRef::Small(small) => small.unsigned_abs().count_ones() as u64,
        IntRef::Big(big) => big.0.as_sign_words().1.iter().map(|word| word.count_ones() as u64).sum(),
    }
}

/// Whether the magnitude is a power of two.
pub fn is_power_of_two(number: IntRef) -> bool {
    trailing_zeros(number).is_some_and(|count| count + 1 == bit_length(number))
}

/// How often two divides the number; None for zero.
pub fn trailing_zeros(number: IntRef) -> Option<u64> {
    match number {
        IntRef::Small(0) => None,
        IntRef::Small(small) => Some(small.trailing_zeros() as u64),
        IntRef::Big(big) => big.0.trailing_zeros().map(|count| count as u64),
    }
}

/// Whether two does not divide the number.
pub fn is_odd(number: IntRef) -> bool {
    match number {
        IntRef::Small(small) => small & 1 == 1,
        IntRef::Big(big) => big.0.bit(0),
    }
}

/// `number.to_bytes(length, order, signed=...)`; charge `length` bytes first.
pub fn to_bytes(number: IntRef, length: usize, order: ByteOrder, signed: bool) -> Result<Vec<u8>, ToBytesError> {
    let negative = number.is_negative();
    if negative && !signed {
        return Err(ToBytesError::Negative);
    }
    // A negative number is kept as the complement, whose bits are those of a number that is not negative.
    let kept = if negative { invert(number) } else { number.to_int() };
    let needed_bits = bit_length(kept.as_ref()) + signed as u64;
    // No bytes at all hold 0 and, as in CPython, -1.
    if needed_bits > length as u64 * 8 && !(length == 0 && kept.as_ref().is_zero()) {
        return Err(ToBytesError::TooBig);
    }
    let mut bytes = match &kept {
        Int::Small(small) => small.to_le_bytes().to_vec(),
        Int::Big(_) => kept.as_ref().to_magnitude().to_le_bytes().into_vec(),
    };
    bytes.resize(length, 0);
    if negative {
        bytes.iter_mut().for_each(|byte| *byte = !*byte);
    }
    if order == ByteOrder::Big {
        bytes.reverse();
    }
    Ok(bytes)
}

/// `int.from_bytes(bytes, order, signed=...)`; the result is as large as the bytes.
pub fn from_bytes(bytes: &[u8], order: ByteOrder, signed: bool) -> Int {
    let top = match order {
        ByteOrder::Little => bytes.last(),
        ByteOrder::Big => bytes.first(),
    };
    let magnitude = match order {
        ByteOrder::Little => UBig::from_le_bytes(bytes),
        ByteOrder::Big => UBig::from_be_bytes(bytes),
    };
    if signed && top.is_some_and(|top| top & 0x80 != 0) {
        return Int::from_ibig(IBig::from(magnitude) - (IBig::ONE << (bytes.len() * 8)));
    }
    Int::from_ubig(magnitude)
}

/// The number whose absolute value has these 64-bit words, the lowest first.
pub fn from_words(negative: bool, words: &[u64]) -> Int {
    let sign = if negative { Sign::Negative } else { Sign::Positive };
    Int::from_ibig(IBig::from_parts(sign, UBig::from_words(words)))
}

/// The 64-bit words of the absolute value, the lowest first, without leading zeros.
pub fn to_words(number: IntRef) -> Vec<u64> {
    match number {
        IntRef::Small(0) => Vec::new(),
        IntRef::Small(small) => vec![small.unsigned_abs()],
        IntRef::Big(big) => big.0.as_sign_words().1.to_vec(),
    }
}
