//! Hashes: CPython's for numbers and for tuples and frozensets of them, a keyed one for texts.
//!
//! The hash of a text depends on a key that each engine draws for itself; nothing that a script can see depends on it.

use super::bigint::HASH_MODULUS;
use super::bigint::float::decompose;

/// `hash(None)`.
pub const HASH_OF_NONE: i64 = 0xFCA8_6420;
/// `hash(float('inf'))`; that of minus infinity is its negative.
const HASH_OF_INFINITY: i64 = 314_159;

const XX_PRIME_1: u64 = 11_400_714_785_074_694_791;
const XX_PRIME_2: u64 = 14_029_467_366_897_019_727;
const XX_PRIME_5: u64 = 2_870_177_450_012_600_261;

/// The hash of an int that fits 64 bits; larger ones: [`super::bigint::hash`].
#[inline]
pub fn hash_i64(number: i64) -> i64 {
    // Most numbers are their own hash.
    if number.unsigned_abs() < HASH_MODULUS && number != -1 {
        return number;
    }
    not_minus_one((number.unsigned_abs() % HASH_MODULUS) as i64 * number.signum())
}

/// The hash of a float; None for nan, whose hash is that of the object's identity.
pub fn hash_f64(number: f64) -> Option<i64> {
    if number.is_nan() {
        return None;
    }
    if number.is_infinite() {
        return Some(if number > 0.0 { HASH_OF_INFINITY } else { -HASH_OF_INFINITY });
    }
    let (negative, mantissa, exponent) = decompose(number);
    // Modulo 2^61 - 1, doubling is a rotation of 61 bits.
    let turns = exponent.rem_euclid(61) as u32;
    let rotated = ((mantissa << turns) & HASH_MODULUS) | (mantissa >> (61 - turns));
    Some(not_minus_one(if negative { -(rotated as i64) } else { rotated as i64 }))
}

/// The hash of a complex number from those of its parts.
pub fn hash_complex(hash_of_real: i64, hash_of_imaginary: i64) -> i64 {
    not_minus_one(hash_of_real.wrapping_add(hash_of_imaginary.wrapping_mul(1_000_003)))
}

fn not_minus_one(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

/// The hash of a tuple, item by item; plain data, so that script code may run between two items.
#[derive(Clone, Copy, Debug)]
pub struct TupleHash(u64);

impl TupleHash {
    /// Before the first item.
    pub const fn new() -> Self {
        TupleHash(XX_PRIME_5)
    }

    /// Takes the hash of the next item.
    #[inline]
    pub fn add(&mut self, hash_of_item: i64) {
        let mixed = self.0.wrapping_add((hash_of_item as u64).wrapping_mul(XX_PRIME_2));
        self.0 = mixed.rotate_left(31).wrapping_mul(XX_PRIME_1);
    }

    /// The hash of a tuple of so many items.
    pub fn finish(self, n_items: usize) -> i64 {
        avoid_minus_one(self.0.wrapping_add(n_items as u64 ^ (XX_PRIME_5 ^ 3_527_539)), 1_546_275_796)
    }

    /// The hash of a slice, whose three parts were added.
    pub fn finish_slice(self) -> i64 {
        avoid_minus_one(self.0, 1_546_275_796)
    }
}

impl Default for TupleHash {
    fn default() -> Self {
        TupleHash::new()
    }
}

/// The hash of a frozenset from those of its items, in any order.
pub fn hash_frozenset(hashes: impl ExactSizeIterator<Item = i64>) -> i64 {
    let n_items = hashes.len() as u64;
    let spread = |hash: u64| ((hash ^ 89_869_747) ^ (hash << 16)).wrapping_mul(3_644_798_167);
    let mixed = hashes.fold(0, |mixed, hash| mixed ^ spread(hash as u64)) ^ (n_items + 1).wrapping_mul(1_927_868_237);
    let mixed = mixed ^ (mixed >> 11) ^ (mixed >> 25);
    avoid_minus_one(mixed.wrapping_mul(69_069).wrapping_add(907_133_923), 590_923_713)
}

fn avoid_minus_one(hash: u64, instead: i64) -> i64 {
    if hash == u64::MAX { instead } else { hash as i64 }
}

/// The key of an engine's text hashes.
#[derive(Clone, Copy, Debug)]
pub struct TextHashKey {
    start: u64,
    spread: u64,
}

impl TextHashKey {
    /// Makes a key from any two random words.
    pub const fn new(first: u64, second: u64) -> Self {
        // Small words, as tests use, are made large: a factor of zero or one would mix nothing.
        TextHashKey { start: first ^ XX_PRIME_2, spread: second ^ XX_PRIME_5.rotate_left(32) }
    }

    /// The hash of a str or bytes: never 0, which stands for "not computed yet", and never -1.
    #[inline]
    pub fn hash(&self, text: &[u8]) -> u64 {
        let mut state = self.start;
        let mut rest = text;
        while let Some((chunk, more)) = rest.split_first_chunk::<16>() {
            let [low, high] = halves(chunk);
            state = fold(state ^ low, self.spread ^ high);
            rest = more;
        }
        let [low, high] = short_halves(rest);
        let hash = fold(fold(state ^ low, self.spread ^ high) ^ self.start, XX_PRIME_1 ^ text.len() as u64);
        if hash.wrapping_add(1) <= 1 { 2 } else { hash }
    }
}

fn halves(chunk: &[u8; 16]) -> [u64; 2] {
    let whole = u128::from_le_bytes(*chunk);
    [whole as u64, (whole >> 64) as u64]
}

/// All of at most fifteen bytes, in two words; they overlap where there are fewer, and the length tells them apart.
#[inline]
fn short_halves(bytes: &[u8]) -> [u64; 2] {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        return [u64::from_le_bytes(*first), u64::from_le_bytes(*last)];
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return [u32::from_le_bytes(*first) as u64, u32::from_le_bytes(*last) as u64];
    }
    match bytes {
        [] => [0, 0],
        [first, .., last] => [*first as u64 | (bytes[bytes.len() / 2] as u64) << 8, *last as u64],
        [only] => [*only as u64, 0],
    }
}

/// The product's two halves on top of each other: every bit of the result depends on all bits of both.
#[inline]
fn fold(lhs: u64, rhs: u64) -> u64 {
    let product = lhs as u128 * rhs as u128;
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    //! Expectations from CPython 3.13.
    use super::*;

    #[test]
    fn numbers() {
        for (number, expected) in [
            (0, 0),
            (-1, -2),
            (-2, -2),
            ((1 << 61) - 1, 0),
            ((1 << 61) - 2, 2_305_843_009_213_693_950),
            (-(1 << 61), -2),
            (i64::MAX, 3),
            (i64::MIN, -4),
        ] {
            assert_eq!(hash_i64(number), expected, "{number}");
        }
        for (number, expected) in [
            (0.0, 0),
            (-0.0, 0),
            (1.0, 1),
            (-1.0, -2),
            (0.5, 1_152_921_504_606_846_976),
            (-2.25, -576_460_752_303_423_490),
            (0.1, 230_584_300_921_369_408),
            (1e300, 1_224_995_262_755_759_164),
            (5e-324, 16_777_216),
            (1.7976931348623157e308, 2_234_066_890_152_476_671),
            (f64::NEG_INFINITY, -314_159),
        ] {
            assert_eq!(hash_f64(number), Some(expected), "{number}");
        }
        assert_eq!(hash_f64(f64::NAN), None);
        assert_eq!(hash_complex(1, 1_152_921_504_606_846_976), 3_458_764_513_820_540_929);
    }

    #[test]
    fn tuples() {
        let hash = |items: &[i64]| {
            let mut state = TupleHash::new();
            items.iter().for_each(|item| state.add(*item));
            state.finish(items.len())
        };
        assert_eq!(hash(&[]), 5_740_354_900_026_072_187);
        assert_eq!(hash(&[1]), -6_644_214_454_873_602_895);
        assert_eq!(hash(&[1, -2, 3]), -7_250_808_254_517_930_442);
        let mut slice = TupleHash::new();
        [1, 2, 3].iter().for_each(|item| slice.add(*item));
        assert_eq!(slice.finish_slice(), -2_340_833_382_717_974_474);
    }

    #[test]
    fn frozensets() {
        let hash = |items: &[i64]| hash_frozenset(items.iter().copied());
        assert_eq!(hash(&[]), 133_146_708_735_736);
        assert_eq!(hash(&[1, 2, 3]), hash(&[3, 1, 2]));
        assert_eq!(hash(&[1, 2, 3]), -272_375_401_224_217_160);
    }

    #[test]
    fn texts() {
        let key = TextHashKey::new(1, 2);
        let mut hashes: Vec<u64> = (0..100).map(|len| key.hash(&vec![b'a'; len])).collect();
        hashes.push(key.hash(b"b"));
        hashes.push(key.hash(b"a\0"));
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), 102);
        assert_ne!(key.hash(b"a"), TextHashKey::new(3, 2).hash(b"a"));
    }
}
