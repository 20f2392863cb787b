//! The module `math`.
//!
//! 1. [`functions`]: functions of floats, with C's idea of what is an error.
//! 2. [`logarithm`]: logarithms, which take ints of any size; [`gamma`]: the gamma function and the error function.
//! 3. [`integers`]: gcd, comb, factorial and the others on ints.
//! 4. [`sums`]: sums and products of many numbers; [`norm`]: distances.

pub mod functions;
pub mod gamma;
pub mod integers;
pub mod logarithm;
pub mod norm;
pub mod sums;

use crate::call::Cx;
use crate::value::{Dict, Id, Value};

use functions as f;

crate::natives! {
    /// The functions of the module.
    pub static MATH = [
        func "acos(x: float, /)" => f::acos, "Return the arc cosine (measured in radians) of x.\n\nThe result is between 0 and pi.";
        func "acosh(x: float, /)" => f::acosh, "Return the inverse hyperbolic cosine of x.";
        func "asin(x: float, /)" => f::asin, "Return the arc sine (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2.";
        func "asinh(x: float, /)" => f::asinh, "Return the inverse hyperbolic sine of x.";
        func "atan(x: float, /)" => f::atan, "Return the arc tangent (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2.";
        func "atan2(y: float, x: float, /)" => f::atan2, "Return the arc tangent (measured in radians) of y/x.\n\nUnlike atan(y/x), the signs of both x and y are considered.";
        func "atanh(x: float, /)" => f::atanh, "Return the inverse hyperbolic tangent of x.";
        func "cbrt(x: float, /)" => f::cbrt, "Return the cube root of x.";
        func "ceil(x, /)" => step f::ceil, "Return the ceiling of x as an Integral.\n\nThis is the smallest integer >= x.";
        func "comb(n: index, k: index, /)" => integers::comb, "Number of ways to choose k items from n items without repetition and without order.";
        func "copysign(x: float, y: float, /)" => f::copysign, "Return a float with the magnitude (absolute value) of x but the sign of y.";
        func "cos(x: float, /)" => f::cos, "Return the cosine of x (measured in radians).";
        func "cosh(x: float, /)" => f::cosh, "Return the hyperbolic cosine of x.";
        func "degrees(x: float, /)" => f::degrees, "Convert angle x from radians to degrees.";
        func "dist(p: list, q: list, /)" => step norm::dist, "Return the Euclidean distance between two points p and q.";
        func "erf(x: float, /)" => f::erf, "Error function at x.";
        func "erfc(x: float, /)" => f::erfc, "Complementary error function at x.";
        func "exp(x: float, /)" => f::exp, "Return e raised to the power of x.";
        func "exp2(x: float, /)" => f::exp2, "Return 2 raised to the power of x.";
        func "expm1(x: float, /)" => f::expm1, "Return exp(x)-1.\n\nThis function avoids the loss of precision involved in the direct evaluation of exp(x)-1 for small x.";
        func "fabs(x: float, /)" => f::fabs, "Return the absolute value of the float x.";
        func "factorial(n: index, /)" => integers::factorial, "Find n!.\n\nRaise a ValueError if x is negative or non-integral.";
        func "floor(x, /)" => step f::floor, "Return the floor of x as an Integral.\n\nThis is the largest integer <= x.";
        func "fma(x: float, y: float, z: float, /)" => f::fma, "Fused multiply-add operation.\n\nCompute (x * y) + z with a single round.";
        func "fmod(x: float, y: float, /)" => f::fmod, "Return fmod(x, y), according to platform C.\n\nx % y may differ.";
        func "frexp(x: float, /)" => f::frexp, "Return the mantissa and exponent of x, as pair (m, e).\n\nm is a float and e is an int, such that x = m * 2.**e.\nIf x is 0, m and e are both 0.  Else 0.5 <= abs(m) < 1.0.";
        func "fsum(seq: list, /)" => step sums::fsum, "Return an accurate floating-point sum of values in the iterable seq.\n\nAssumes IEEE-754 floating-point arithmetic.";
        func "gamma(x: float, /)" => f::gamma, "Gamma function at x.";
        func "gcd(*integers)" => step integers::gcd, "Greatest Common Divisor.";
        func "hypot(*coordinates)" => step norm::hypot, "Multidimensional Euclidean distance from the origin to a point.";
        func "isclose(a: float, b: float, *, rel_tol: float=1e-09, abs_tol: float=0.0)" => f::isclose, "Determine whether two floating-point numbers are close in value.";
        func "isfinite(x: float, /)" => f::isfinite, "Return True if x is neither an infinity nor a NaN, and False otherwise.";
        func "isinf(x: float, /)" => f::isinf, "Return True if x is a positive or negative infinity, and False otherwise.";
        func "isnan(x: float, /)" => f::isnan, "Return True if x is a NaN (not a number), and False otherwise.";
        func "isqrt(n: index, /)" => integers::isqrt, "Return the integer part of the square root of the input.";
        func "lcm(*integers)" => step integers::lcm, "Least Common Multiple.";
        func "ldexp(x: float, i, /)" => f::ldexp, "Return x * (2**i).\n\nThis is essentially the inverse of frexp().";
        func "lgamma(x: float, /)" => f::lgamma, "Natural logarithm of absolute value of Gamma function at x.";
        func "log(x, base=, /)" => step logarithm::log, "log(x, [base=math.e])\nReturn the logarithm of x to the given base.\n\nIf the base is not specified, returns the natural logarithm (base e) of x.";
        func "log10(x, /)" => step logarithm::log10, "Return the base 10 logarithm of x.";
        func "log1p(x: float, /)" => f::log1p, "Return the natural logarithm of 1+x (base e).\n\nThe result is computed in a way which is accurate for x near zero.";
        func "log2(x, /)" => step logarithm::log2, "Return the base 2 logarithm of x.";
        func "modf(x: float, /)" => f::modf, "Return the fractional and integer parts of x.\n\nBoth results carry the sign of x and are floats.";
        func "nextafter(x: float, y: float, /, *, steps=None)" => step f::nextafter, "Return the floating-point value the given number of steps after x towards y.";
        func "perm(n: index, k=None, /)" => step integers::perm, "Number of ways to choose k items from n items without repetition and with order.";
        func "pow(x: float, y: float, /)" => f::pow, "Return x**y (x to the power of y).";
        func "prod(iterable: list, /, *, start=1)" => step sums::prod, "Calculate the product of all the elements in the input iterable.\n\nThe default start value for the product is 1.";
        func "radians(x: float, /)" => f::radians, "Convert angle x from degrees to radians.";
        func "remainder(x: float, y: float, /)" => f::remainder, "Difference between x and the closest integer multiple of y.";
        func "sin(x: float, /)" => f::sin, "Return the sine of x (measured in radians).";
        func "sinh(x: float, /)" => f::sinh, "Return the hyperbolic sine of x.";
        func "sqrt(x: float, /)" => f::sqrt, "Return the square root of x.";
        func "sumprod(p: list, q: list, /)" => step sums::sumprod, "Return the sum of products of values from two iterables p and q.";
        func "tan(x: float, /)" => f::tan, "Return the tangent of x (measured in radians).";
        func "tanh(x: float, /)" => f::tanh, "Return the hyperbolic tangent of x.";
        func "trunc(x, /)" => f::trunc, "Truncates the Real x to the nearest Integral toward 0.\n\nUses the __trunc__ magic method.";
        func "ulp(x: float, /)" => f::ulp, "Return the value of the least significant bit of the float x.";
    ]
}

/// Adds the constants.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    let constants = [
        ("pi", std::f64::consts::PI),
        ("e", std::f64::consts::E),
        ("tau", std::f64::consts::TAU),
        ("inf", f64::INFINITY),
        ("nan", f64::NAN),
    ];
    for (name, number) in constants {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Float(number));
    }
}
