//! Functions on numbers: abs, bin, divmod, hex, oct, pow, round.

use crate::call::{Cx, Outcome};
use crate::types::int::text::prefixed;
use crate::types::{float, operator};
use crate::value::Value;
use crate::value::special::Special;

crate::natives! {
    /// The functions of `builtins` on numbers.
    pub static NUMBER_BUILTINS = [
        func "abs(x, /)" => abs, "Return the absolute value of the argument.";
        func "bin(number: index, /)" => bin, "Return the binary representation of an integer.";
        func "divmod(x, y, /)" => divmod, "Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.";
        func "hex(number: index, /)" => hex, "Return the hexadecimal representation of an integer.";
        func "oct(number: index, /)" => oct, "Return the octal representation of an integer.";
        func "pow(base, exp, mod=None)" => pow, "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.";
        func "round(number, ndigits=None)" => round, "Round a number to a given precision in decimal digits.";
    ]
}

fn abs(cx: &mut Cx, args: &[Value]) -> Outcome {
    operator::absolute(cx, args[0])
}

fn bin(cx: &mut Cx, args: &[Value]) -> Outcome {
    prefixed(cx, args[0], "0b", 2)
}

fn oct(cx: &mut Cx, args: &[Value]) -> Outcome {
    prefixed(cx, args[0], "0o", 8)
}

fn hex(cx: &mut Cx, args: &[Value]) -> Outcome {
    prefixed(cx, args[0], "0x", 16)
}

fn divmod(cx: &mut Cx, args: &[Value]) -> Outcome {
    operator::divmod(cx, args[0], args[1])
}

fn pow(cx: &mut Cx, args: &[Value]) -> Outcome {
    operator::power(cx, args[0], args[1], args[2])
}

fn round(cx: &mut Cx, args: &[Value]) -> Outcome {
    let n_digits = cx.none_or(args[1]);
    match (args[0], n_digits) {
        (Value::Int(_) | Value::BigInt(_), None) => return Ok(args[0]),
        (Value::Float(number), None) => return float::natives::round(cx, number, Value::Undef),
        (Value::Float(number), Some(digits @ Value::Int(_))) => return float::natives::round(cx, number, digits),
        _ => {}
    }
    let given: &[Value] = n_digits.as_slice();
    match cx.ask_special(args[0], Special::Round, given) {
        Some(ask) => Err(ask),
        None => {
            let message = format!("type {} doesn't define __round__ method", cx.class_name(args[0]));
            Err(cx.type_error(message))
        }
    }
}
