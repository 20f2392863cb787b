//! Functions of ints: gcd, lcm, comb, perm, factorial, isqrt.

use crate::call::{Ask, Cx, Outcome};
use crate::types::{int, protocol};
use crate::value::bigint::{self, Int, IntRef, arith, bits, compare};
use crate::value::{NativeFrame, Value};

/// `math.gcd(*integers)`; values: the ints, converted one after the other.
pub fn gcd(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    convert_all(cx, frame)?;
    let mut result = Int::Small(0);
    for &value in &frame.values {
        result = arith::gcd(result.as_ref(), view(cx, value));
    }
    Ok(int::make(cx, result))
}

/// `math.lcm(*integers)`.
pub fn lcm(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    convert_all(cx, frame)?;
    let mut result = Int::Small(1);
    for &value in &frame.values {
        let number = view(cx, value);
        if number.is_zero() {
            return Ok(Value::Int(0));
        }
        let shared = arith::gcd(result.as_ref(), number);
        let factor = arith::floor_div(result.as_ref(), shared.as_ref());
        result = arith::abs(arith::mul(factor.as_ref(), number).as_ref());
    }
    Ok(int::make(cx, result))
}

fn view(cx: &Cx, value: Value) -> IntRef<'_> {
    int::view(&cx.heap, value).expect("it was converted")
}

/// Makes ints of all values. Steps: twice the place; one more while it is converted.
fn convert_all(cx: &mut Cx, frame: &mut NativeFrame) -> Result<(), Ask> {
    while (frame.step as usize / 2) < frame.values.len() {
        let at = frame.step as usize / 2;
        let is_told = frame.step % 2 == 1;
        frame.step += 1;
        frame.values[at] = match is_told {
            true => frame.told.into_outcome()?,
            false => {
                let index = protocol::index(cx, frame.values[at])?;
                frame.step += 1;
                index
            }
        };
    }
    Ok(())
}

/// `math.isqrt(n)`.
pub fn isqrt(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = view(cx, args[0]);
    if number.is_negative() {
        return Err(cx.value_error("isqrt() argument must be nonnegative"));
    }
    let result = arith::isqrt(number);
    Ok(int::make(cx, result))
}

/// `math.factorial(n)`.
pub fn factorial(cx: &mut Cx, args: &[Value]) -> Outcome {
    let number = view(cx, args[0]);
    if number.is_negative() {
        return Err(cx.value_error("factorial() not defined for negative values"));
    }
    let IntRef::Small(n) = number else {
        return Err(cx.overflow_error("factorial() argument should not exceed 9223372036854775807"));
    };
    falling(cx, args[0], n as u64)
}

/// `n * (n - 1) * …`, `count` factors, none of them below one.
fn falling(cx: &mut Cx, n: Value, count: u64) -> Outcome {
    let n_bits = bits::bit_length(view(cx, n)).saturating_mul(count);
    let n_bytes = usize::try_from(n_bits / 8).unwrap_or(usize::MAX);
    int::make_room(cx, n_bytes)?;
    // The products on the way are about as many instructions as they have words; the last of them are the longest.
    cx.burnt += (n_bits / 16) as i64;
    int::charge_work(cx, bigint::product_work(n_bits / 2, n_bits / 2).saturating_mul(16))?;
    let lowest = arith::sub(view(cx, n), Int::from(count).as_ref());
    let result = product_above(&lowest, count);
    Ok(int::make(cx, result))
}

/// The product of the `count` ints above `lowest`: in halves, so that the factors of each product are about equally long.
fn product_above(lowest: &Int, count: u64) -> Int {
    if count <= 8 {
        let factor = |at: u64| arith::add(lowest.as_ref(), Int::from(at).as_ref());
        return (1..=count).fold(Int::Small(1), |result, at| arith::mul(result.as_ref(), factor(at).as_ref()));
    }
    let half = count / 2;
    let middle = arith::add(lowest.as_ref(), Int::from(half).as_ref());
    arith::mul(product_above(lowest, half).as_ref(), product_above(&middle, count - half).as_ref())
}

/// `math.perm(n, k)`; values: n, k.
pub fn perm(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let n = frame.values[0];
    if cx.none_or(frame.values[1]).is_none() {
        return factorial(cx, &[n]);
    }
    let k = match frame.step {
        0 => {
            frame.step = 1;
            protocol::index(cx, frame.values[1])?
        }
        1 => frame.told.into_outcome()?,
        _ => frame.values[1],
    };
    // Should memory be short, this step runs again.
    frame.step = 2;
    frame.values[1] = k;
    let (number, count) = (view(cx, n), view(cx, k));
    if number.is_negative() {
        return Err(cx.value_error("n must be a non-negative integer"));
    }
    if count.is_negative() {
        return Err(cx.value_error("k must be a non-negative integer"));
    }
    if compare(number, count).is_lt() {
        return Ok(Value::Int(0));
    }
    match count {
        IntRef::Small(count) => falling(cx, n, count as u64),
        IntRef::Big(_) => Err(cx.overflow_error("k must not exceed 9223372036854775807")),
    }
}

/// `math.comb(n, k)`.
pub fn comb(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (number, count) = (view(cx, args[0]), view(cx, args[1]));
    if number.is_negative() {
        return Err(cx.value_error("n must be a non-negative integer"));
    }
    if count.is_negative() {
        return Err(cx.value_error("k must be a non-negative integer"));
    }
    if compare(number, count).is_lt() {
        return Ok(Value::Int(0));
    }
    let others = arith::sub(number, count);
    let fewer = if compare(others.as_ref(), count).is_lt() { others } else { count.to_int() };
    let Int::Small(count) = fewer else {
        return Err(cx.overflow_error("min(n - k, k) must not exceed 9223372036854775807"));
    };
    let product = falling(cx, args[0], count as u64)?;
    let divisor = product_above(&Int::Small(0), count as u64);
    let result = arith::floor_div(view(cx, product), divisor.as_ref());
    Ok(int::make(cx, result))
}
