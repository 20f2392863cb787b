//! The operators as functions. Those of a family are one function, generic over the operator.

use aspen_grammar::bytecode::{Arith, Compare};

use crate::call::{Ask, Cx, Outcome};
use crate::types::operator::{self, ARITHS, COMPARES};
use crate::types::{classes, container, item, protocol, search};
use crate::value::special::Special;
use crate::value::{NativeFrame, Told, Value};

/// The operators' numbers: the parameters of the generic functions.
pub const ADD: u8 = Arith::Add as u8;
pub const SUB: u8 = Arith::Sub as u8;
pub const MUL: u8 = Arith::Mul as u8;
pub const MAT_MUL: u8 = Arith::MatMul as u8;
pub const DIV: u8 = Arith::Div as u8;
pub const FLOOR_DIV: u8 = Arith::FloorDiv as u8;
pub const MOD: u8 = Arith::Mod as u8;
pub const POW: u8 = Arith::Pow as u8;
pub const L_SHIFT: u8 = Arith::LShift as u8;
pub const R_SHIFT: u8 = Arith::RShift as u8;
pub const AND: u8 = Arith::BitAnd as u8;
pub const OR: u8 = Arith::BitOr as u8;
pub const XOR: u8 = Arith::BitXor as u8;
pub const LT: u8 = Compare::Less as u8;
pub const LE: u8 = Compare::LessEq as u8;
pub const EQ: u8 = Compare::Eq as u8;
pub const NE: u8 = Compare::NotEq as u8;
pub const GT: u8 = Compare::Greater as u8;
pub const GE: u8 = Compare::GreaterEq as u8;

/// `a op b`.
pub fn binary<const OP: u8>(cx: &mut Cx, args: &[Value]) -> Outcome {
    operator::binary(cx, ARITHS[OP as usize], args[0], args[1])
}

/// `a op= b`.
pub fn in_place<const OP: u8>(cx: &mut Cx, args: &[Value]) -> Outcome {
    operator::in_place(cx, ARITHS[OP as usize], args[0], args[1])
}

/// `a op b`, a comparison.
pub fn compare<const COMPARE: u8>(cx: &mut Cx, args: &[Value]) -> Outcome {
    operator::compare(cx, COMPARES[COMPARE as usize], args[0], args[1])
}

/// `-a`.
pub fn neg(cx: &mut Cx, args: &[Value]) -> Outcome {
    operator::negative(cx, args[0])
}

/// `+a`.
pub fn pos(cx: &mut Cx, args: &[Value]) -> Outcome {
    operator::positive(cx, args[0])
}

/// `~a`.
pub fn invert(cx: &mut Cx, args: &[Value]) -> Outcome {
    operator::invert(cx, args[0])
}

/// `abs(a)`.
pub fn abs(cx: &mut Cx, args: &[Value]) -> Outcome {
    operator::absolute(cx, args[0])
}

/// `not a`.
pub fn not(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let truth = if frame.step == 0 {
        frame.step = 1;
        protocol::truth(cx, frame.values[0])?
    } else {
        frame.told.into_outcome()?
    };
    Ok(Value::Bool(truth != Value::Bool(true)))
}

/// `operator.truth(a)`.
pub fn truth(cx: &mut Cx, args: &[Value]) -> Outcome {
    protocol::truth(cx, args[0])
}

/// `a is b`.
pub fn is(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(args[0].is(&args[1])))
}

/// `a is not b`.
pub fn is_not(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(!args[0].is(&args[1])))
}

/// `a.__index__()`.
pub fn index(cx: &mut Cx, args: &[Value]) -> Outcome {
    protocol::index(cx, args[0])
}

/// Both operands of a concatenation are sequences.
fn check_sequences(cx: &mut Cx, args: &[Value]) -> Result<(), Ask> {
    for &value in &args[..2] {
        let is_sequence =
            cx.special_of(value, Special::GetItem).is_some() && !matches!(cx.exact(value), Value::Dict(_));
        if !is_sequence {
            let message = format!("'{}' object can't be concatenated", cx.class_name(value));
            return Err(cx.type_error(message));
        }
    }
    Ok(())
}

/// `a + b` of sequences.
pub fn concat(cx: &mut Cx, args: &[Value]) -> Outcome {
    check_sequences(cx, args)?;
    operator::binary(cx, Arith::Add, args[0], args[1])
}

/// `a += b` of sequences.
pub fn concat_in_place(cx: &mut Cx, args: &[Value]) -> Outcome {
    check_sequences(cx, args)?;
    operator::in_place(cx, Arith::Add, args[0], args[1])
}

/// `b in a`; step 1: any value came, step 2: its truth.
pub fn contains(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let answer = match frame.step {
        0 => match container::contains(cx, frame.values[0], frame.values[1]) {
            Ok(answer) => answer,
            Err(ask) => {
                frame.step = if ask == Ask::Full { 0 } else { 1 };
                return Err(ask.to_come_back());
            }
        },
        _ => frame.told.into_outcome()?,
    };
    if let Value::Bool(_) = answer {
        return Ok(answer);
    }
    frame.step = 2;
    protocol::truth(cx, answer)
}

/// `operator.countOf(a, b)`.
pub fn count_of(cx: &mut Cx, args: &[Value]) -> Outcome {
    search::count(cx, args[0], args[1])
}

/// `operator.indexOf(a, b)`.
pub fn index_of(cx: &mut Cx, args: &[Value]) -> Outcome {
    search::index(cx, args[0], args[1], "sequence.index(x): x not in sequence")
}

/// `a[b]`.
pub fn get_item(cx: &mut Cx, args: &[Value]) -> Outcome {
    item::get(cx, args[0], args[1])
}

/// `a[b] = c`: None.
pub fn set_item(cx: &mut Cx, args: &[Value]) -> Outcome {
    item::set(cx, args[0], args[1], args[2])
}

/// `del a[b]`: None.
pub fn delete_item(cx: &mut Cx, args: &[Value]) -> Outcome {
    item::delete(cx, args[0], args[1])
}

/// `operator.length_hint(obj, default)`; step 1: the length came, step 2: the hint.
pub fn length_hint(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let obj = frame.values[0];
    let default = frame.values[1].given().unwrap_or(Value::Int(0));
    let told = match frame.step {
        0 if cx.special_of(obj, Special::Len).is_some() => {
            frame.step = 1;
            match protocol::len(cx, obj) {
                Err(Ask::Raise(exc)) => Told::Raised(exc),
                outcome => return outcome,
            }
        }
        0 => Told::End,
        _ => frame.told,
    };
    match (frame.step, told) {
        (1, Told::Value(len)) => return Ok(len),
        // An object whose `__len__` raises a TypeError has no length.
        (1, Told::Raised(exc)) if !cx.is_exception(exc, classes::TYPE_ERROR) => return Err(Ask::Raise(exc)),
        (2, Told::Raised(exc)) if cx.is_exception(exc, classes::TYPE_ERROR) => return Ok(default),
        (2, told) => return check_hint(cx, told.into_outcome()?, default),
        (_, _) => {}
    }
    frame.step = 2;
    match cx.ask_special(obj, Special::LengthHint, &[]) {
        Some(ask) => Err(ask),
        None => Ok(default),
    }
}

fn check_hint(cx: &mut Cx, hint: Value, default: Value) -> Outcome {
    match cx.exact(hint) {
        Value::NotImplemented => Ok(default),
        Value::Int(hint) if hint < 0 => Err(cx.value_error("__length_hint__() should return >= 0")),
        exact @ Value::Int(_) => Ok(exact),
        Value::Bool(bool) => Ok(Value::Int(bool as i64)),
        _ => {
            let message = format!("__length_hint__ must be an integer, not {}", cx.class_name(hint));
            Err(cx.type_error(message))
        }
    }
}

/// `obj(*args, **kwargs)`; args: obj, the dict of keywords, the positional arguments.
pub fn call(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Dict(keywords) = args[1] else { crate::bug!("keyword arguments are a dict") };
    let (names, values): (Vec<Value>, Vec<Value>) =
        cx.heap.dicts.get(keywords).iter().map(|entry| (entry.key, entry.value)).unzip();
    let ask = cx.ask_tail(args[0], &args[2..]);
    if !names.is_empty() {
        cx.call.args.extend_from_slice(&values);
        cx.call.keywords = cx.heap.new_tuple_from(names);
    }
    Err(ask)
}
