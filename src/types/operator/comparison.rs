//! The rich comparisons.

use aspen_grammar::bytecode::Compare;

use super::COMPARE;
use super::attempt::{ANSWER, ASK, Attempt, CALLED, again_if_full, attempt, int_at};
use crate::call::{Cx, Outcome};
use crate::types::{classes, number};
use crate::value::special::Special;
use crate::value::{NativeFrame, Told, Value};

/// `lhs op rhs`.
#[inline]
pub fn compare(cx: &mut Cx, compare: Compare, lhs: Value, rhs: Value) -> Outcome {
    if let (Value::Str(left), Value::Str(right)) = (lhs, rhs) {
        return Ok(Value::Bool(match compare {
            Compare::Eq => cx.heap.same_text(left, right),
            Compare::NotEq => !cx.heap.same_text(left, right),
            // The order of bytes is the order of code points.
            _ => holds(compare, Some(cx.heap.text(left).cmp(cx.heap.text(right)))),
        }));
    }
    match number::order(&cx.heap, lhs, rhs) {
        Some(order) => Ok(Value::Bool(holds(compare, order))),
        None => Comparison { compare, lhs, rhs }.go(cx),
    }
}

/// Whether a comparison holds for this order; None is that of a nan.
#[inline]
pub fn holds(compare: Compare, order: Option<std::cmp::Ordering>) -> bool {
    match compare {
        Compare::Less => order.is_some_and(|order| order.is_lt()),
        Compare::LessEq => order.is_some_and(|order| order.is_le()),
        Compare::Eq => order.is_some_and(|order| order.is_eq()),
        Compare::NotEq => !order.is_some_and(|order| order.is_eq()),
        Compare::Greater => order.is_some_and(|order| order.is_gt()),
        Compare::GreaterEq => order.is_some_and(|order| order.is_ge()),
    }
}

/// The comparison seen from the other operand.
fn mirrored(compare: Compare) -> Compare {
    match compare {
        Compare::Less => Compare::Greater,
        Compare::LessEq => Compare::GreaterEq,
        Compare::Eq => Compare::Eq,
        Compare::NotEq => Compare::NotEq,
        Compare::Greater => Compare::Less,
        Compare::GreaterEq => Compare::LessEq,
    }
}

/// The special method of a comparison.
pub fn special_of_compare(compare: Compare) -> Special {
    match compare {
        Compare::Less => Special::Lt,
        Compare::LessEq => Special::Le,
        Compare::Eq => Special::Eq,
        Compare::NotEq => Special::Ne,
        Compare::Greater => Special::Gt,
        Compare::GreaterEq => Special::Ge,
    }
}

/// As messages show it.
pub fn symbol_of_compare(compare: Compare) -> &'static str {
    match compare {
        Compare::Less => "<",
        Compare::LessEq => "<=",
        Compare::Eq => "==",
        Compare::NotEq => "!=",
        Compare::Greater => ">",
        Compare::GreaterEq => ">=",
    }
}

/// All of [`Compare`], likewise.
pub const COMPARES: [Compare; 6] =
    [Compare::Less, Compare::LessEq, Compare::Eq, Compare::NotEq, Compare::Greater, Compare::GreaterEq];

/// A comparison under way: candidates 0 and 1 are the operands, the one whose class is a subclass first.
#[derive(Clone, Copy)]
struct Comparison {
    compare: Compare,
    lhs: Value,
    rhs: Value,
}

impl Comparison {
    fn go(self, cx: &mut Cx) -> Outcome {
        for candidate in 0..2 {
            match self.ask(cx, candidate) {
                Attempt::Value(value) => return Ok(value),
                Attempt::NotImplemented => {}
                Attempt::Final(ask) => return Err(ask),
                Attempt::Script { .. } => {
                    let number = Value::Int(self.compare as i64);
                    let values = [self.lhs, self.rhs, number, Value::Int(candidate as i64)];
                    return Err(cx.ask_push(NativeFrame::new(COMPARE, &values)));
                }
            }
        }
        self.last_resort(cx)
    }

    fn ask(self, cx: &mut Cx, candidate: usize) -> Attempt {
        let (left, right) = (cx.class_of(self.lhs), cx.class_of(self.rhs));
        let right_first = left != right && classes::is_subclass(cx, right, left);
        let is_left = (candidate == 0) != right_first;
        match is_left {
            true => attempt_compare(cx, self.compare, self.lhs, self.rhs),
            false => attempt_compare(cx, mirrored(self.compare), self.rhs, self.lhs),
        }
    }

    /// Nobody knows: identity, or a TypeError.
    fn last_resort(self, cx: &mut Cx) -> Outcome {
        match self.compare {
            Compare::Eq => Ok(Value::Bool(self.lhs.is(&self.rhs))),
            Compare::NotEq => Ok(Value::Bool(!self.lhs.is(&self.rhs))),
            Compare::Less | Compare::LessEq | Compare::Greater | Compare::GreaterEq => {
                let (left, right) = (cx.class_name(self.lhs), cx.class_name(self.rhs));
                let symbol = symbol_of_compare(self.compare);
                let message = format!("'{symbol}' not supported between instances of '{left}' and '{right}'");
                Err(cx.type_error(message))
            }
        }
    }
}

/// Asks the comparison method of `this`; the defaults of `object` are answered here.
fn attempt_compare(cx: &mut Cx, compare: Compare, this: Value, other: Value) -> Attempt {
    let method = cx.special_of(this, special_of_compare(compare));
    let is_default = match method {
        None => true,
        Some(Value::Builtin(id)) => classes::class_of_table(id.table) == Some(classes::OBJECT),
        Some(_) => false,
    };
    match method.filter(|_| !is_default) {
        Some(own) => attempt(cx, own, this, other),
        None => match compare {
            Compare::Eq if this.is(&other) => Attempt::Value(Value::Bool(true)),
            Compare::NotEq => attempt_not_equal(cx, method, this, other),
            Compare::Eq | Compare::Less | Compare::LessEq | Compare::Greater | Compare::GreaterEq => {
                Attempt::NotImplemented
            }
        },
    }
}

/// `object.__ne__`, the method: the opposite of `__eq__`. It is called only if that needs a frame.
fn attempt_not_equal(cx: &mut Cx, method: Option<Value>, this: Value, other: Value) -> Attempt {
    match (attempt_compare(cx, Compare::Eq, this, other), method) {
        (Attempt::Value(Value::Bool(equal)), _) => Attempt::Value(Value::Bool(!equal)),
        (Attempt::NotImplemented, _) | (_, None) => Attempt::NotImplemented,
        (Attempt::Value(_) | Attempt::Final(_) | Attempt::Script { .. }, Some(method)) => {
            Attempt::Script { method, this, other }
        }
    }
}

/// The frame of a comparison whose left operand does not know.
pub fn compare_after_first(compare: Compare, lhs: Value, rhs: Value) -> NativeFrame {
    let values = [lhs, rhs, Value::Int(compare as i64), Value::Int(0)];
    NativeFrame { told: Told::Value(Value::NotImplemented), ..NativeFrame::at_step(COMPARE, CALLED, &values) }
}

// ----- The frame -----

/// Values: lhs, rhs, the comparison, the candidate.
pub(super) fn step_compare(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let comparison = Comparison { compare: COMPARES[int_at(frame, 2)], lhs: frame.values[0], rhs: frame.values[1] };
    let mut candidate = int_at(frame, 3);
    match frame.step {
        ASK => {}
        CALLED => match frame.told.into_outcome()? {
            Value::NotImplemented => candidate += 1,
            value => return Ok(value),
        },
        _ => return frame.told.into_outcome(),
    }
    for candidate in candidate..2 {
        frame.step = ANSWER;
        match comparison.ask(cx, candidate) {
            Attempt::Value(value) => return Ok(value),
            Attempt::NotImplemented => {}
            Attempt::Final(ask) => return Err(again_if_full(frame, candidate, 3, ask)),
            Attempt::Script { method, this, other } => {
                frame.step = CALLED;
                frame.values[3] = Value::Int(candidate as i64);
                return Err(cx.ask_method(method, this, &[other]));
            }
        }
    }
    comparison.last_resort(cx)
}
