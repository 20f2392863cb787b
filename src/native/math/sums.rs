//! `fsum`, `prod`, `sumprod`: many numbers together. Numbers of built-in types never leave the loop; others are added and
//! multiplied by their special methods, from a frame.

use aspen_grammar::bytecode::Arith;

use super::norm::{Double, item, n_items, product, sum};
use crate::call::{Ask, Cx, Outcome};
use crate::types::{number, operator, protocol};
use crate::value::native_object::NativeObject;
use crate::value::slab::Gray;
use crate::value::{NativeFrame, Value};

// ----- fsum -----

/// The partial sums of `fsum`: they do not overlap, the smallest first, and their sum is exact.
#[derive(Default)]
struct Partials {
    sums: Vec<f64>,
    /// Of numbers that are not finite.
    special: f64,
    /// Of infinities alone.
    infinities: f64,
}

impl NativeObject for Partials {
    fn trace(&self, _gray: &mut Gray) {}
    fn bytes(&self) -> usize {
        size_of::<Partials>() + self.sums.capacity() * size_of::<f64>()
    }
}

impl Partials {
    /// Adds a number; false is an overflow on the way.
    fn add(&mut self, number: f64) -> bool {
        let mut x = number;
        let mut n_kept = 0;
        for at in 0..self.sums.len() {
            let mut y = self.sums[at];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                self.sums[n_kept] = low;
                n_kept += 1;
            }
            x = high;
        }
        self.sums.truncate(n_kept);
        if x == 0.0 {
            return true;
        }
        if x.is_finite() {
            self.sums.push(x);
            return true;
        }
        if number.is_finite() {
            return false;
        }
        if number.is_infinite() {
            self.infinities += number;
        }
        self.special += number;
        self.sums.clear();
        true
    }

    /// The sum, rounded once.
    fn total(&self) -> f64 {
        let mut rest = self.sums.as_slice();
        let Some((&last, before)) = rest.split_last() else { return 0.0 };
        rest = before;
        let (mut high, mut low) = (last, 0.0);
        while let Some((&next, before)) = rest.split_last() {
            rest = before;
            let x = high;
            high = x + next;
            low = next - (high - x);
            if low != 0.0 {
                break;
            }
        }
        // Halfway between two floats, what comes after decides.
        if let Some(&next) = rest.last()
            && ((low < 0.0 && next < 0.0) || (low > 0.0 && next > 0.0))
        {
            let doubled = low * 2.0;
            let x = high + doubled;
            if doubled == x - high {
                high = x;
            }
        }
        high
    }
}

/// `math.fsum(seq)`; values: the list, how far. Step 1: an item is converted.
pub fn fsum(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.values.len() == 1 {
        frame.values.push(Value::Int(0));
        frame.state = Some(Box::new(Partials::default()));
    }
    let mut state = take_state::<Partials>(frame);
    let done = fsum_loop(cx, frame, &mut state);
    frame.state = Some(state);
    done
}

fn fsum_loop(cx: &mut Cx, frame: &mut NativeFrame, partials: &mut Partials) -> Outcome {
    loop {
        let at = frame.values[1].as_int().unwrap_or(0) as usize;
        let Some(value) = item(cx, frame.values[0], at) else { break };
        let number = match (frame.step, value) {
            (1, _) => frame.told.into_outcome()?,
            (_, Value::Float(_)) => value,
            (_, _) => {
                frame.step = 1;
                protocol::float(cx, value)?
            }
        };
        frame.step = 0;
        frame.values[1] = Value::Int(at as i64 + 1);
        cx.burnt += 1;
        let Value::Float(number) = number else { crate::bug!("it was converted") };
        if !partials.add(number) {
            return Err(cx.overflow_error("intermediate overflow in fsum"));
        }
    }
    if partials.special != 0.0 {
        if partials.infinities.is_nan() {
            return Err(cx.value_error("-inf + inf in fsum"));
        }
        return Ok(Value::Float(partials.special));
    }
    Ok(Value::Float(partials.total()))
}

/// The state that the first step put into the frame.
fn take_state<T: NativeObject>(frame: &mut NativeFrame) -> Box<T> {
    let state: Option<Box<dyn std::any::Any>> = frame.state.take().map(|state| state as _);
    match state.map(|state| state.downcast::<T>()) {
        Some(Ok(state)) => state,
        _ => crate::bug!("the frame has its state"),
    }
}

// ----- prod -----

/// `math.prod(iterable, *, start)`; values: the list, the product, how far. Step 1: a multiplication was asked for.
pub fn prod(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.values.len() == 2 {
        frame.values[1] = frame.values[1].given().unwrap_or(Value::Int(1));
        frame.values.push(Value::Int(0));
    }
    loop {
        let at = frame.values[2].as_int().unwrap_or(0) as usize;
        if frame.step == 1 {
            frame.values[1] = frame.told.into_outcome()?;
        } else {
            let Some(value) = item(cx, frame.values[0], at) else { return Ok(frame.values[1]) };
            frame.values[1] = match operator::binary(cx, Arith::Mul, frame.values[1], value) {
                Ok(result) => result,
                Err(ask) => return Err(later(frame, 1, ask)),
            };
        }
        cx.burnt += 1;
        frame.step = 0;
        frame.values[2] = Value::Int(at as i64 + 1);
    }
}

/// Goes on at `step`, unless the same is to be tried again after a collection.
fn later(frame: &mut NativeFrame, step: u32, ask: Ask) -> Ask {
    if ask != Ask::Full {
        frame.step = step;
    }
    ask
}

// ----- sumprod -----

/// A sum of products kept in three floats.
#[derive(Clone, Copy, Default)]
struct Triple {
    high: f64,
    low: f64,
    tiny: f64,
}

impl Triple {
    fn add_product(self, x: f64, y: f64) -> Triple {
        let square: Double = product(x, y);
        let first = sum(self.high, square.high);
        let second = sum(self.low, square.low);
        let third = sum(first.low, second.high);
        Triple { high: first.high, low: third.high, tiny: self.tiny + second.low + third.low }
    }

    fn total(self) -> f64 {
        let last = sum(self.tiny, self.low);
        let total = sum(self.high, last.high);
        // The low parts that were rounded away count only together.
        total.high + (total.low + last.low)
    }
}

/// `math.sumprod(p, q)`; values: p, q, the sum, how far, a product.
///
/// Ints are summed as ints up to the first other pair; then pairs with a float in three floats up to the first other pair;
/// what follows by the operators. Step 1: a product was asked for; 2: a sum.
pub fn sumprod(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (p, q) = (frame.values[0], frame.values[1]);
    if n_items(cx, p) != n_items(cx, q) {
        return Err(cx.value_error("Inputs are not the same length"));
    }
    if frame.values.len() == 2 {
        let (sum, done) = sum_of_floats(cx, p, q);
        frame.values.extend_from_slice(&[sum, Value::Int(done as i64), Value::Undef]);
    }
    loop {
        let at = frame.values[3].as_int().unwrap_or(0) as usize;
        let (Some(left), Some(right)) = (item(cx, p, at), item(cx, q, at)) else { return Ok(frame.values[2]) };
        if frame.step == 2 {
            frame.values[2] = frame.told.into_outcome()?;
        } else {
            if frame.step == 0 {
                frame.values[4] = match operator::binary(cx, Arith::Mul, left, right) {
                    Ok(result) => result,
                    Err(ask) => return Err(later(frame, 1, ask)),
                };
            } else if frame.step == 1 {
                frame.values[4] = frame.told.into_outcome()?;
            }
            // Not the product again, if the sum is tried again.
            frame.step = 3;
            frame.values[2] = match operator::binary(cx, Arith::Add, frame.values[2], frame.values[4]) {
                Ok(result) => result,
                Err(ask) => return Err(later(frame, 2, ask)),
            };
        }
        cx.burnt += 1;
        frame.step = 0;
        frame.values[3] = Value::Int(at as i64 + 1);
    }
}

/// The sum of the longest beginning that consists of 64-bit ints, then of pairs with a float; and how long that is.
fn sum_of_floats(cx: &mut Cx, p: Value, q: Value) -> (Value, usize) {
    let mut at = 0;
    let mut ints = 0i64;
    let pair = |cx: &Cx, at: usize| Some((item(cx, p, at)?, item(cx, q, at)?));
    while let Some((Value::Int(left), Value::Int(right))) = pair(cx, at)
        && let Some(sum) = left.checked_mul(right).and_then(|product| ints.checked_add(product))
    {
        ints = sum;
        at += 1;
    }
    let mut floats = Triple::default();
    let begin = at;
    while let Some((left, right)) = pair(cx, at)
        && (matches!(left, Value::Float(_)) || matches!(right, Value::Float(_)))
        && let (Some(Some(x)), Some(Some(y))) = (number::as_float(&cx.heap, left), number::as_float(&cx.heap, right))
    {
        let next = floats.add_product(x, y);
        if !next.high.is_finite() {
            break;
        }
        floats = next;
        at += 1;
    }
    cx.burnt += at as i64;
    if at == begin {
        return (Value::Int(ints), at);
    }
    (Value::Float(ints as f64 + floats.total()), at)
}
