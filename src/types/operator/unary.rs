//! Operators of one operand, and powers with a modulus.

use aspen_grammar::bytecode::Arith;

use super::attempt::{ASK, CALLED};
use super::{POWER, binary};
use crate::call::{Ask, Cx, Outcome};
use crate::types::number;
use crate::value::special::Special;
use crate::value::{NativeFrame, Value};

/// `-value`.
pub fn negative(cx: &mut Cx, value: Value) -> Outcome {
    match number::negative(cx, value) {
        Some(result) => Ok(result),
        None => unary(cx, Special::Neg, "unary -", value),
    }
}

/// `+value`.
pub fn positive(cx: &mut Cx, value: Value) -> Outcome {
    match value {
        Value::Int(_) | Value::Float(_) | Value::BigInt(_) => Ok(value),
        Value::Bool(bool) => Ok(Value::Int(bool as i64)),
        _ => unary(cx, Special::Pos, "unary +", value),
    }
}

/// `~value`.
pub fn invert(cx: &mut Cx, value: Value) -> Outcome {
    match number::invert(cx, value) {
        Some(result) => Ok(result),
        None => unary(cx, Special::Invert, "unary ~", value),
    }
}

/// `abs(value)`.
pub fn absolute(cx: &mut Cx, value: Value) -> Outcome {
    match number::absolute(cx, value) {
        Some(result) => Ok(result),
        None => unary(cx, Special::Abs, "abs()", value),
    }
}

fn unary(cx: &mut Cx, special: Special, shown: &str, value: Value) -> Outcome {
    match cx.ask_special(value, special, &[]) {
        Some(ask) => Err(ask),
        None => {
            let message = format!("bad operand type for {shown}: '{}'", cx.class_name(value));
            Err(cx.type_error(message))
        }
    }
}

/// `pow(base, exponent, modulus)`.
pub fn power(cx: &mut Cx, base: Value, exponent: Value, modulus: Value) -> Outcome {
    if modulus.is_none() || modulus.is_undef() {
        return binary(cx, Arith::Pow, base, exponent);
    }
    if let Some(outcome) = number::mod_pow(cx, base, exponent, modulus) {
        return outcome;
    }
    match cx.special_of(base, Special::Pow) {
        Some(_) => Err(cx.ask_push(NativeFrame::new(POWER, &[base, exponent, modulus]))),
        None => Err(unsupported_power(cx, [base, exponent, modulus])),
    }
}

fn unsupported_power(cx: &mut Cx, operands: [Value; 3]) -> Ask {
    let [base, exponent, modulus] = operands.map(|operand| cx.class_name(operand));
    // Natives that only know floats say so themselves; what is left has no power with three operands.
    cx.type_error(format!("unsupported operand type(s) for ** or pow(): '{base}', '{exponent}', '{modulus}'"))
}

/// Values: base, exponent, modulus. Only the method of the base is asked.
pub(super) fn step_power(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let operands = [frame.values[0], frame.values[1], frame.values[2]];
    if frame.step == ASK {
        frame.step = CALLED;
        let method = cx.special_of(operands[0], Special::Pow).expect("it was found before");
        return Err(cx.ask_method(method, operands[0], &operands[1..]));
    }
    match frame.told.into_outcome()? {
        Value::NotImplemented => Err(unsupported_power(cx, operands)),
        value => Ok(value),
    }
}
