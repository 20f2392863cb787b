//! Arithmetic of ints with Python's floor semantics. Division by zero is the caller's to refuse.

use dashu_int::fast_div::ConstDivisor;
use dashu_int::ops::{DivRem, Gcd, SquareRoot};
use dashu_int::{IBig, UBig};

use super::{Int, IntRef};

/// Why `pow(base, exponent, modulus)` has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModPowError {
    /// `ValueError: pow() 3rd argument cannot be 0`.
    ZeroModulus,
    /// `ValueError: base is not invertible for the given modulus`.
    NotInvertible,
}

/// `lhs + rhs`.
pub fn add(lhs: IntRef, rhs: IntRef) -> Int {
    match (lhs, rhs) {
        (IntRef::Small(lhs), IntRef::Small(rhs)) => Int::from(lhs as i128 + rhs as i128),
        (lhs, rhs) => Int::from_ibig(&*lhs.to_ibig() + &*rhs.to_ibig()),
    }
}

/// `lhs - rhs`.
pub fn sub(lhs: IntRef, rhs: IntRef) -> Int {
    match (lhs, rhs) {
        (IntRef::Small(lhs), IntRef::Small(rhs)) => Int::from(lhs as i128 - rhs as i128),
        (lhs, rhs) => Int::from_ibig(&*lhs.to_ibig() - &*rhs.to_ibig()),
    }
}

/// `lhs * rhs`; charge [`super::mul_bytes`] first.
pub fn mul(lhs: IntRef, rhs: IntRef) -> Int {
    match (lhs, rhs) {
        (IntRef::Small(lhs), IntRef::Small(rhs)) => Int::from(lhs as i128 * rhs as i128),
        (lhs, rhs) => Int::from_ibig(&*lhs.to_ibig() * &*rhs.to_ibig()),
    }
}

/// `-number`.
pub fn neg(number: IntRef) -> Int {
    match number {
        IntRef::Small(small) => Int::from(-(small as i128)),
        IntRef::Big(big) => Int::from_ibig(-&big.0),
    }
}

/// `abs(number)`.
pub fn abs(number: IntRef) -> Int {
    if number.is_negative() { neg(number) } else { number.to_int() }
}

/// `lhs // rhs` of two small numbers; the one overflow is `-2**63 // -1`.
#[inline]
pub fn floor_div_small(lhs: i64, rhs: i64) -> Int {
    match lhs.checked_div(rhs) {
        Some(quotient) => Int::Small(quotient - ((lhs % rhs != 0) & ((lhs < 0) != (rhs < 0))) as i64),
        None => Int::from(-(lhs as i128)),
    }
}

/// `lhs % rhs` of two small numbers: the sign is that of `rhs`.
#[inline]
pub fn modulo_small(lhs: i64, rhs: i64) -> i64 {
    let rest = lhs.wrapping_rem(rhs);
    if rest != 0 && (rest < 0) != (rhs < 0) { rest + rhs } else { rest }
}

/// `lhs // rhs`.
pub fn floor_div(lhs: IntRef, rhs: IntRef) -> Int {
    match (lhs, rhs) {
        (IntRef::Small(lhs), IntRef::Small(rhs)) => floor_div_small(lhs, rhs),
        (lhs, rhs) => divmod(lhs, rhs).0,
    }
}

/// `lhs % rhs`.
pub fn modulo(lhs: IntRef, rhs: IntRef) -> Int {
    match (lhs, rhs) {
        (IntRef::Small(lhs), IntRef::Small(rhs)) => Int::Small(modulo_small(lhs, rhs)),
        (lhs, rhs) => {
            let (rest, divisor) = (&*lhs.to_ibig() % &*rhs.to_ibig(), rhs);
            let adjust = !rest.is_zero() && (rest < IBig::ZERO) != divisor.is_negative();
            Int::from_ibig(if adjust { rest + &*divisor.to_ibig() } else { rest })
        }
    }
}

/// `divmod(lhs, rhs)`.
pub fn divmod(lhs: IntRef, rhs: IntRef) -> (Int, Int) {
    if let (IntRef::Small(lhs), IntRef::Small(rhs)) = (lhs, rhs) {
        return (floor_div_small(lhs, rhs), Int::Small(modulo_small(lhs, rhs)));
    }
    let (quotient, rest) = (&*lhs.to_ibig()).div_rem(&*rhs.to_ibig());
    if !rest.is_zero() && (rest < IBig::ZERO) != rhs.is_negative() {
        (Int::from_ibig(quotient - IBig::ONE), Int::from_ibig(rest + &*rhs.to_ibig()))
    } else {
        (Int::from_ibig(quotient), Int::from_ibig(rest))
    }
}

/// The nearest integer to `lhs / rhs`, halves to even: what `round(n, -k)` is made of.
pub fn divide_to_nearest(lhs: IntRef, rhs: IntRef) -> Int {
    let (quotient, rest) = divmod(lhs, rhs);
    let doubled = abs(mul(rest.as_ref(), IntRef::Small(2)).as_ref());
    let odd = super::bits::is_odd(quotient.as_ref());
    match super::compare(doubled.as_ref(), abs(rhs).as_ref()) {
        std::cmp::Ordering::Greater => add(quotient.as_ref(), IntRef::Small(1)),
        std::cmp::Ordering::Equal if odd => add(quotient.as_ref(), IntRef::Small(1)),
        std::cmp::Ordering::Equal | std::cmp::Ordering::Less => quotient,
    }
}

/// `round(number, -n_digits)`: to a multiple of a power of ten, halves to even.
pub fn round_to_tens(number: IntRef, n_digits: u64) -> Int {
    // Half of the power is above the number: nothing to compute, however large the power.
    if n_digits > super::decimal_bytes(number) as u64 {
        return Int::Small(0);
    }
    let power = Int::from_ubig(UBig::from(10u8).pow(n_digits as usize));
    mul(divide_to_nearest(number, power.as_ref()).as_ref(), power.as_ref())
}

/// `base ** exponent` of two small numbers, the exponent not negative; None where it does not fit an i64.
#[inline]
pub fn pow_small(base: i64, exponent: u32) -> Option<i64> {
    base.checked_pow(exponent)
}

/// `base ** exponent` for an exponent that is not negative; charge [`super::pow_bytes`] first.
///
/// None if no machine could hold the result.
pub fn pow(base: IntRef, exponent: IntRef) -> Option<Int> {
    let odd = super::bits::is_odd(exponent);
    match (base, exponent) {
        (_, IntRef::Small(0)) => Some(Int::Small(1)),
        (IntRef::Small(0 | 1), _) => Some(base.to_int()),
        (IntRef::Small(-1), _) => Some(Int::Small(if odd { -1 } else { 1 })),
        (IntRef::Small(small), IntRef::Small(exponent)) => match fitting_pow(small, exponent) {
            Some(result) => Some(Int::Small(result)),
            None => large_pow(base, exponent),
        },
        (IntRef::Big(_), IntRef::Small(exponent)) => large_pow(base, exponent),
        (_, IntRef::Big(_)) => None,
    }
}

fn large_pow(base: IntRef, exponent: i64) -> Option<Int> {
    let exponent = usize::try_from(exponent).ok().filter(|exponent| *exponent < 1 << 48)?;
    Some(Int::from_ibig(base.to_ibig().pow(exponent)))
}

fn fitting_pow(base: i64, exponent: i64) -> Option<i64> {
    pow_small(base, u32::try_from(exponent).ok()?)
}

/// `pow(base, exponent, modulus)`: the sign is that of the modulus, a negative exponent asks for the inverse.
pub fn mod_pow(base: IntRef, exponent: IntRef, modulus: IntRef) -> Result<Int, ModPowError> {
    if modulus.is_zero() {
        return Err(ModPowError::ZeroModulus);
    }
    let magnitude = modulus.to_magnitude();
    if magnitude.is_one() {
        return Ok(Int::Small(0));
    }
    let base = match exponent.is_negative() {
        false => modulo(base, abs(modulus).as_ref()),
        true => inverse(base, modulus)?,
    };
    let exponent = exponent.to_magnitude();
    let result = match (u64::try_from(&magnitude), base.as_ref()) {
        (Ok(modulus), IntRef::Small(base)) if modulus < 1 << 63 => {
            UBig::from(mod_pow_word(base as u64, &exponent, modulus))
        }
        (_, base) => {
            let ring = ConstDivisor::new(magnitude.clone());
            ring.reduce(base.to_magnitude()).pow(&exponent).residue()
        }
    };
    let below_zero = modulus.is_negative() && !result.is_zero();
    Ok(Int::from_ibig(if below_zero { IBig::from(result) - IBig::from(magnitude) } else { IBig::from(result) }))
}

fn mod_pow_word(base: u64, exponent: &UBig, modulus: u64) -> u64 {
    let times = |lhs: u64, rhs: u64| (lhs as u128 * rhs as u128 % modulus as u128) as u64;
    let mut result = 1 % modulus;
    for word in exponent.as_words().iter().rev() {
        for bit in (0..64).rev() {
            result = times(result, result);
            if word >> bit & 1 == 1 {
                result = times(result, base);
            }
        }
    }
    result
}

/// The inverse of `base` modulo `|modulus|`, which is at least 2; between 0 and the modulus.
fn inverse(base: IntRef, modulus: IntRef) -> Result<Int, ModPowError> {
    let magnitude = Int::from_ubig(modulus.to_magnitude());
    // Euclid's algorithm, with the factor of `base` carried along.
    let (mut rest, mut next) = (magnitude.clone(), modulo(base, magnitude.as_ref()));
    let (mut factor, mut next_factor) = (Int::Small(0), Int::Small(1));
    while next != Int::Small(0) {
        let (quotient, remainder) = divmod(rest.as_ref(), next.as_ref());
        let step = sub(factor.as_ref(), mul(quotient.as_ref(), next_factor.as_ref()).as_ref());
        (rest, next) = (next, remainder);
        (factor, next_factor) = (next_factor, step);
    }
    match rest {
        Int::Small(1) => Ok(modulo(factor.as_ref(), magnitude.as_ref())),
        Int::Small(_) | Int::Big(_) => Err(ModPowError::NotInvertible),
    }
}

/// `math.gcd(lhs, rhs)`: never negative, 0 for two zeros.
pub fn gcd(lhs: IntRef, rhs: IntRef) -> Int {
    match (lhs, rhs) {
        (IntRef::Small(lhs), IntRef::Small(rhs)) => {
            let (mut lhs, mut rhs) = (lhs.unsigned_abs(), rhs.unsigned_abs());
            while rhs != 0 {
                (lhs, rhs) = (rhs, lhs % rhs);
            }
            Int::from(lhs)
        }
        (IntRef::Small(0), other) | (other, IntRef::Small(0)) => abs(other),
        (lhs, rhs) => Int::from_ubig((&*lhs.to_ibig()).gcd(&*rhs.to_ibig())),
    }
}

/// `math.isqrt(number)` of a number that is not negative.
pub fn isqrt(number: IntRef) -> Int {
    match number {
        IntRef::Small(small) => Int::Small(small.isqrt()),
        IntRef::Big(_) => Int::from_ubig(number.to_magnitude().sqrt()),
    }
}
