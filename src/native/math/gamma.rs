//! The gamma function and its logarithm, by Lanczos' approximation.

use std::f64::consts::PI;

/// Lanczos' parameter; the coefficients below belong to it.
const G: f64 = 6.024_680_040_776_73;
const G_MINUS_HALF: f64 = 5.524_680_040_776_73;
const LOG_PI: f64 = 1.144_729_885_849_400_2;

/// The rational function of the approximation: numerator and denominator, constant terms first.
const NUMERATOR: [f64; 13] = [
    23_531_376_880.410_76,
    42_919_803_642.649_1,
    35_711_959_237.355_67,
    17_921_034_426.037_21,
    6_039_542_586.352_028,
    1_439_720_407.311_721_6,
    248_874_557.862_054_17,
    31_426_415.585_400_194,
    2_876_370.628_935_372_5,
    186_056.265_395_223_48,
    8_071.672_002_365_816,
    210.824_277_751_579_36,
    2.506_628_274_631_000_2,
];
const DENOMINATOR: [f64; 13] = [
    0.0,
    39916800.0,
    120543840.0,
    150917976.0,
    105258076.0,
    45995730.0,
    13339535.0,
    2637558.0,
    357423.0,
    32670.0,
    1925.0,
    66.0,
    1.0,
];

/// The largest argument whose factorial a float holds exactly.
const LARGEST_EXACT: f64 = 23.0;

fn lanczos_sum(x: f64) -> f64 {
    let (mut numerator, mut denominator) = (0.0, 0.0);
    let terms = NUMERATOR.iter().zip(&DENOMINATOR);
    // For large arguments in powers of 1/x, so that nothing overflows.
    if x < 5.0 {
        for (above, below) in terms.rev() {
            numerator = numerator * x + above;
            denominator = denominator * x + below;
        }
    } else {
        for (above, below) in terms {
            numerator = numerator / x + above;
            denominator = denominator / x + below;
        }
    }
    numerator / denominator
}

/// `sin(pi * x)`, exact at multiples of a half.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let result = match (2.0 * y).round() as i64 {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    1f64.copysign(x) * result
}

/// `math.gamma(x)`; None is a domain error. An infinity out of a finite number is a range error.
pub fn gamma(x: f64) -> Option<f64> {
    if x.is_nan() || x == f64::INFINITY {
        return Some(x);
    }
    if x == f64::NEG_INFINITY || x == 0.0 || (x < 0.0 && x == x.floor()) {
        return None;
    }
    if x == x.floor() && x <= LARGEST_EXACT {
        return Some((2..x as u64).map(|factor| factor as f64).product());
    }
    let magnitude = x.abs();
    if magnitude < 1e-20 {
        return Some(1.0 / x);
    }
    if magnitude > 200.0 {
        return Some(if x < 0.0 { 0.0 / sin_pi(x) } else { f64::INFINITY });
    }
    let y = magnitude + G_MINUS_HALF;
    // What rounding took from y.
    let lost = if magnitude > G_MINUS_HALF { (y - magnitude) - G_MINUS_HALF } else { (y - G_MINUS_HALF) - magnitude };
    let correction = lost * G / y;
    let mut result;
    if x < 0.0 {
        result = -PI / sin_pi(magnitude) / magnitude * y.exp() / lanczos_sum(magnitude);
        result -= correction * result;
        if magnitude < 140.0 {
            result /= y.powf(magnitude - 0.5);
        } else {
            let root = y.powf(magnitude / 2.0 - 0.25);
            result = result / root / root;
        }
    } else {
        result = lanczos_sum(magnitude) / y.exp();
        result += correction * result;
        if magnitude < 140.0 {
            result *= y.powf(magnitude - 0.5);
        } else {
            let root = y.powf(magnitude / 2.0 - 0.25);
            result = result * root * root;
        }
    }
    Some(result)
}

/// `math.lgamma(x)`; None is a domain error.
pub fn log_gamma(x: f64) -> Option<f64> {
    if !x.is_finite() {
        return Some(if x.is_nan() { x } else { f64::INFINITY });
    }
    if x == x.floor() && x <= 2.0 {
        return (x > 0.0).then_some(0.0);
    }
    let magnitude = x.abs();
    if magnitude < 1e-20 {
        return Some(-magnitude.ln());
    }
    let mut result = lanczos_sum(magnitude).ln() - G;
    result += (magnitude - 0.5) * ((magnitude + G - 0.5).ln() - 1.0);
    if x < 0.0 {
        result = LOG_PI - sin_pi(magnitude).abs().ln() - magnitude.ln() - result;
    }
    Some(result)
}
