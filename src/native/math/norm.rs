//! Euclidean distances, nearly always correctly rounded: squares and their sum keep what rounding takes from them.

use super::functions::{float_of, scale, split};
use crate::call::{Ask, Cx, Outcome};
use crate::types::protocol;
use crate::value::{NativeFrame, Value};

/// A product or sum of two floats: what is rounded, and what rounding took.
#[derive(Clone, Copy)]
pub(super) struct Double {
    pub high: f64,
    pub low: f64,
}

/// The exact product.
pub(super) fn product(x: f64, y: f64) -> Double {
    let high = x * y;
    Double { high, low: x.mul_add(y, -high) }
}

/// The exact sum, where the first is not less than the second.
fn sum_of_ordered(x: f64, y: f64) -> Double {
    let high = x + y;
    Double { high, low: (x - high) + y }
}

/// The exact sum.
pub(super) fn sum(x: f64, y: f64) -> Double {
    let high = x + y;
    let y_part = high - x;
    let x_part = high - y_part;
    Double { high, low: (x - x_part) + (y - y_part) }
}

/// The length of a vector of magnitudes.
fn length(vector: &[f64]) -> f64 {
    let largest = vector.iter().copied().fold(0.0, f64::max);
    if vector.iter().any(|x| x.is_infinite()) {
        return f64::INFINITY;
    }
    if vector.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if largest == 0.0 || vector.len() <= 1 {
        return largest;
    }
    let (_, exponent) = split(largest);
    if exponent < -1023 {
        // The scale itself would not be a normal number.
        let scaled: Vec<f64> = vector.iter().map(|x| x / f64::MIN_POSITIVE).collect();
        return f64::MIN_POSITIVE * length(&scaled);
    }
    let factor = scale(1.0, -exponent);
    // The sum begins at one, above all squares, so that each addition is of ordered numbers.
    let (mut total, mut low_of_squares, mut low_of_sums) = (1.0, 0.0, 0.0);
    let mut add = |x: f64, y: f64| {
        let square = product(x, y);
        let next = sum_of_ordered(total, square.high);
        total = next.high;
        low_of_squares += square.low;
        low_of_sums += next.low;
        total - 1.0 + (low_of_squares + low_of_sums)
    };
    let mut squares = 0.0;
    for x in vector {
        squares = add(x * factor, x * factor);
    }
    let root = squares.sqrt();
    let rest = add(-root, root);
    (root + rest / (2.0 * root)) / factor
}

/// `math.hypot(*coordinates)`; values: the coordinates, converted one after the other.
pub fn hypot(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    convert_from(cx, frame, 0)?;
    let vector: Vec<f64> = frame.values.iter().map(|&value| float_of(value).abs()).collect();
    Ok(Value::Float(length(&vector)))
}

/// Makes floats of the values from `first` on. Steps: twice the place; one more while it is converted.
fn convert_from(cx: &mut Cx, frame: &mut NativeFrame, first: usize) -> Result<(), Ask> {
    while first + (frame.step as usize / 2) < frame.values.len() {
        let at = first + frame.step as usize / 2;
        frame.values[at] = if frame.step % 2 == 1 {
            frame.step += 1;
            frame.told.into_outcome()?
        } else {
            frame.step += 1;
            let float = protocol::float(cx, frame.values[at])?;
            frame.step += 1;
            float
        };
    }
    Ok(())
}

/// `math.dist(p, q)`; values: p, q; then their coordinates.
pub fn dist(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 && frame.values.len() == 2 {
        let (p, q) = (items(cx, frame.values[0]), items(cx, frame.values[1]));
        if p.len() != q.len() {
            return Err(cx.value_error("both points must have the same number of dimensions"));
        }
        frame.values.extend_from_slice(&p);
        frame.values.extend_from_slice(&q);
    }
    convert_from(cx, frame, 2)?;
    let (p, q) = frame.values[2..].split_at((frame.values.len() - 2) / 2);
    let vector: Vec<f64> = p.iter().zip(q).map(|(&p, &q)| (float_of(p) - float_of(q)).abs()).collect();
    Ok(Value::Float(length(&vector)))
}

/// Copies of the items of a converted `list` argument.
pub(super) fn items(cx: &Cx, value: Value) -> Vec<Value> {
    match value {
        Value::List(id) => cx.heap.lists.get(id).items.clone(),
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        _ => crate::bug!("the argument is a list or tuple: it was converted"),
    }
}

/// How many items it has.
pub(super) fn n_items(cx: &Cx, value: Value) -> usize {
    match value {
        Value::List(id) => cx.heap.lists.get(id).items.len(),
        Value::Tuple(id) => cx.heap.tuples.get(id).items().len(),
        _ => 0,
    }
}

/// One of its items; None if script code took it away.
pub(super) fn item(cx: &Cx, value: Value, at: usize) -> Option<Value> {
    match value {
        Value::List(id) => cx.heap.lists.get(id).items.get(at).copied(),
        Value::Tuple(id) => cx.heap.tuples.get(id).items().get(at).copied(),
        _ => None,
    }
}
