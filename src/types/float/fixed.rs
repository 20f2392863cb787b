//! Floats with a fixed number of decimals, rounded as the exact value of the float says, halves to even.

use crate::types::strings::{DECIMAL_LEN, decimal};

/// As many decimals as are done in 128 bits.
const MAX_DECIMALS: usize = 15;

/// Appends a float with so many decimals; false, and nothing is done, if it is not one of everyday.
pub fn push_fixed(number: f64, n_decimals: usize, out: &mut Vec<u8>) -> bool {
    let Some(digits) = scaled(number, n_decimals) else { return false };
    if number.is_sign_negative() {
        out.push(b'-');
    }
    let power = 10u64.pow(n_decimals as u32);
    let (whole, mut rest) = (digits / power, digits % power);
    out.extend_from_slice(decimal(whole as i64, &mut [0; DECIMAL_LEN]));
    if n_decimals == 0 {
        return true;
    }
    out.push(b'.');
    let start = out.len();
    out.resize(start + n_decimals, b'0');
    for place in out[start..].iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    true
}

/// `abs(number) * 10 ** n_decimals`, rounded; None where it does not fit, or the float is no normal one.
fn scaled(number: f64, n_decimals: usize) -> Option<u64> {
    let bits = number.to_bits();
    let (exponent, fraction) = (bits >> 52 & 0x7FF, bits & ((1 << 52) - 1));
    if n_decimals > MAX_DECIMALS {
        return None;
    }
    if exponent == 0 {
        return if fraction == 0 { Some(0) } else { None };
    }
    // The number is `mantissa / 2 ** shift`.
    let shift = 1075u64.checked_sub(exponent)?;
    let product = (fraction | 1 << 52) as u128 * 10u128.pow(n_decimals as u32);
    if shift > 120 {
        // The product has less than 104 bits: that is nearer to zero than to one.
        return Some(0);
    }
    let quotient = product >> shift;
    let doubled_rest = (product & ((1 << shift) - 1)) << 1;
    let is_up = doubled_rest > 1 << shift || (doubled_rest == 1 << shift && quotient & 1 == 1);
    u64::try_from(quotient + is_up as u128).ok().filter(|&digits| digits <= i64::MAX as u64)
}

#[cfg(test)]
mod tests {
    use super::push_fixed;

    #[test]
    fn agrees_with_the_standard_library() {
        let mut state = 1u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let number = (state as i64 as f64) / 10f64.powi((state % 23) as i32);
            for number in [number, (number * 8.0).round() / 8.0, number / 1e6] {
                for n_decimals in [0, 1, 2, 3, 6, 12, 15] {
                    let mut out = Vec::new();
                    if push_fixed(number, n_decimals, &mut out) {
                        assert_eq!(String::from_utf8_lossy(&out), format!("{number:.n_decimals$}"));
                    }
                }
            }
        }
    }

    #[test]
    fn halves_and_signs() {
        for (number, n_decimals, expected) in [
            (0.5, 0, "0"),
            (1.5, 0, "2"),
            (-0.0, 2, "-0.00"),
            (0.125, 2, "0.12"),
            (2.675, 2, "2.67"),
            (-0.001, 2, "-0.00"),
        ] {
            let mut out = Vec::new();
            assert!(push_fixed(number, n_decimals, &mut out));
            assert_eq!(String::from_utf8_lossy(&out), expected);
        }
    }
}
