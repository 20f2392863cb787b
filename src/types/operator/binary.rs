//! Binary operators and their in-place forms.

use aspen_grammar::bytecode::Arith;

use super::BINARY;
use super::attempt::{ANSWER, ASK, Attempt, CALLED, again_if_full, attempt, attempt_with, int_at};
use crate::call::{Ask, Cx, Outcome, cx::native_def};
use crate::types::{classes, number};
use crate::value::special::Special;
use crate::value::{NativeFrame, Told, Value};

/// One binary operator: its special methods and how messages call it.
pub(super) struct Binary {
    pub plain: Special,
    reflected: Special,
    in_place: Option<Special>,
    symbol: &'static str,
    in_place_symbol: &'static str,
}

macro_rules! binaries {
    ($($plain:ident $reflected:ident $in_place:expr, $symbol:literal $in_place_symbol:literal;)*) => {
        &[$(Binary {
            plain: Special::$plain,
            reflected: Special::$reflected,
            in_place: $in_place,
            symbol: $symbol,
            in_place_symbol: $in_place_symbol,
        },)*]
    };
}

use Special as S;

/// In the order of [`Arith`], then `divmod`.
static BINARIES: &[Binary] = binaries! {
    Add RAdd Some(S::IAdd), "+" "+=";
    Sub RSub Some(S::ISub), "-" "-=";
    Mul RMul Some(S::IMul), "*" "*=";
    MatMul RMatMul Some(S::IMatMul), "@" "@=";
    TrueDiv RTrueDiv Some(S::ITrueDiv), "/" "/=";
    FloorDiv RFloorDiv Some(S::IFloorDiv), "//" "//=";
    Mod RMod Some(S::IMod), "%" "%=";
    Pow RPow Some(S::IPow), "** or pow()" "**=";
    LShift RLShift Some(S::ILShift), "<<" "<<=";
    RShift RRShift Some(S::IRShift), ">>" ">>=";
    And RAnd Some(S::IAnd), "&" "&=";
    Or ROr Some(S::IOr), "|" "|=";
    Xor RXor Some(S::IXor), "^" "^=";
    DivMod RDivMod None, "divmod()" "divmod()";
};

/// All of [`Arith`], so that a row of a table of natives can be generic over one: `plain::<ADD>`.
pub const ARITHS: [Arith; 13] = [
    Arith::Add,
    Arith::Sub,
    Arith::Mul,
    Arith::MatMul,
    Arith::Div,
    Arith::FloorDiv,
    Arith::Mod,
    Arith::Pow,
    Arith::LShift,
    Arith::RShift,
    Arith::BitAnd,
    Arith::BitOr,
    Arith::BitXor,
];

/// The place of `divmod` in the table.
const DIVMOD: usize = Arith::BitXor as usize + 1;

/// `lhs op rhs`.
#[inline]
pub fn binary(cx: &mut Cx, arith: Arith, lhs: Value, rhs: Value) -> Outcome {
    match number::binary(cx, arith, lhs, rhs) {
        Some(outcome) => outcome,
        None => binary_of_any(cx, arith, lhs, rhs),
    }
}

#[inline(never)]
fn binary_of_any(cx: &mut Cx, arith: Arith, lhs: Value, rhs: Value) -> Outcome {
    if let (Arith::Add, Value::Str(left), Value::Str(right)) = (arith, lhs, rhs) {
        return Ok(cx.heap.concat(left, right)?);
    }
    Search { operator: arith as usize, in_place: false, lhs, rhs }.go(cx, 1)
}

/// `lhs op= rhs`.
pub fn in_place(cx: &mut Cx, arith: Arith, lhs: Value, rhs: Value) -> Outcome {
    if let Some(outcome) = number::binary(cx, arith, lhs, rhs) {
        return outcome;
    }
    if let (Arith::Add, Value::Str(left), Value::Str(right)) = (arith, lhs, rhs) {
        return Ok(cx.heap.concat(left, right)?);
    }
    Search { operator: arith as usize, in_place: true, lhs, rhs }.go(cx, 0)
}

/// `divmod(lhs, rhs)`.
pub fn divmod(cx: &mut Cx, lhs: Value, rhs: Value) -> Outcome {
    match number::divmod(cx, lhs, rhs) {
        Some(outcome) => outcome,
        None => Search { operator: DIVMOD, in_place: false, lhs, rhs }.go(cx, 1),
    }
}

/// A binary operator under way: who is asked, in which order.
///
/// Candidate 0 is the in-place method, 1 and 2 are the method of the left operand and the reflected one of the right
/// operand (or the other way round), 3 is the sequence operation.
#[derive(Clone, Copy)]
struct Search {
    operator: usize,
    in_place: bool,
    lhs: Value,
    rhs: Value,
}

impl Search {
    /// Asks the candidates from `first` on, without a frame while none is script code.
    fn go(self, cx: &mut Cx, first: usize) -> Outcome {
        for candidate in first..3 {
            match self.ask(cx, candidate) {
                Attempt::Value(value) => return Ok(value),
                Attempt::NotImplemented => {}
                Attempt::Final(ask) => return Err(ask),
                Attempt::Script { .. } => {
                    let values = [
                        self.lhs,
                        self.rhs,
                        Value::Int(self.operator as i64),
                        Value::Bool(self.in_place),
                        Value::Int(candidate as i64),
                    ];
                    return Err(cx.ask_push(NativeFrame::new(BINARY, &values)));
                }
            }
        }
        self.sequence(cx)
    }

    fn ask(self, cx: &mut Cx, candidate: usize) -> Attempt {
        let def = &BINARIES[self.operator];
        let (left, right) = (cx.class_of(self.lhs), cx.class_of(self.rhs));
        if candidate == 0 {
            return match def.in_place.and_then(|special| cx.special(left, special)) {
                Some(method) if !is_sequence(method) => attempt(cx, method, self.lhs, self.rhs),
                _ => Attempt::NotImplemented,
            };
        }
        // Only a class that overrides the reflected method goes first.
        let reflected = if left == right { None } else { cx.special(right, def.reflected) };
        let reflected_first = reflected.is_some()
            && classes::is_subclass(cx, right, left)
            && reflected != cx.special(left, def.reflected);
        let is_reflected = (candidate == 1) == reflected_first;
        let (method, this, other) = match is_reflected {
            true => (reflected, self.rhs, self.lhs),
            false => (cx.special(left, def.plain), self.lhs, self.rhs),
        };
        match method {
            Some(method) if !is_sequence(method) => attempt(cx, method, this, other),
            _ => Attempt::NotImplemented,
        }
    }

    /// What is left when no operand took the operator as one of numbers.
    fn sequence(self, cx: &mut Cx) -> Outcome {
        let (lhs, rhs) = (self.lhs, self.rhs);
        if self.operator == Arith::Add as usize
            && let Some(method) = self.sequence_method(cx, lhs, Special::IAdd, Special::Add)
        {
            return match attempt(cx, method, lhs, rhs) {
                Attempt::Value(value) => Ok(value),
                Attempt::Final(ask) => Err(ask),
                Attempt::Script { method, .. } => Err(cx.ask_call(method, &[lhs, rhs])),
                Attempt::NotImplemented => Err(self.unsupported(cx)),
            };
        }
        if self.operator == Arith::Mul as usize {
            if let Some(method) = self.sequence_method(cx, lhs, Special::IMul, Special::Mul) {
                return repeat(cx, method, lhs, rhs);
            }
            let right = cx.special_of(rhs, Special::Mul);
            if let Some(method) = right.filter(|&method| is_sequence(method)) {
                return repeat(cx, method, rhs, lhs);
            }
        }
        Err(self.unsupported(cx))
    }

    fn sequence_method(self, cx: &mut Cx, value: Value, in_place: Special, plain: Special) -> Option<Value> {
        let first =
            if self.in_place { cx.special_of(value, in_place).filter(|&method| is_sequence(method)) } else { None };
        first.or_else(|| cx.special_of(value, plain).filter(|&method| is_sequence(method)))
    }

    fn unsupported(self, cx: &mut Cx) -> Ask {
        let def = &BINARIES[self.operator];
        let symbol = if self.in_place { def.in_place_symbol } else { def.symbol };
        if let Value::Builtin(id) = self.lhs
            && symbol == ">>"
            && native_def(id).name() == "print"
        {
            let (left, right) = (cx.class_name(self.lhs), cx.class_name(self.rhs));
            let hint = "Did you mean \"print(<message>, file=<output_stream>)\"?";
            return cx.type_error(format!("unsupported operand type(s) for >>: '{left}' and '{right}'. {hint}"));
        }
        cx.unsupported_operands(symbol, self.lhs, self.rhs)
    }
}

/// Whether a special method is the concatenation or the repetition of a built-in sequence.
fn is_sequence(method: Value) -> bool {
    let Value::Builtin(id) = method else { return false };
    let Some(class) = classes::class_of_table(id.table) else { return false };
    let is_number = [classes::INT, classes::BOOL, classes::FLOAT, classes::COMPLEX, classes::OBJECT].contains(&class);
    !is_number && matches!(native_def(id).name(), "__add__" | "__iadd__" | "__mul__" | "__rmul__" | "__imul__")
}

/// `sequence * count`, by the row of the sequence.
fn repeat(cx: &mut Cx, method: Value, sequence: Value, count: Value) -> Outcome {
    let exact = cx.exact(count);
    if let Some(int) = exact.as_int() {
        return match attempt_with(cx, method, sequence, Value::Int(int)) {
            Attempt::Value(value) => Ok(value),
            Attempt::Final(ask) => Err(ask),
            Attempt::Script { .. } | Attempt::NotImplemented => Err(cx.ask_call(method, &[sequence, Value::Int(int)])),
        };
    }
    if let Value::BigInt(_) = exact {
        return Err(cx.overflow_error("cannot fit 'int' into an index-sized integer"));
    }
    if cx.special_of(count, Special::Index).is_none() {
        let message = format!("can't multiply sequence by non-int of type '{}'", cx.class_name(count));
        return Err(cx.type_error(message));
    }
    Err(cx.ask_call(method, &[sequence, count]))
}

/// The special methods of an operator, plain and in place.
pub fn special_of_arith(arith: Arith) -> (Special, Option<Special>) {
    let def = &BINARIES[arith as usize];
    (def.plain, def.in_place)
}

/// The frame of an operator whose first candidate does not know: the method of the left operand.
pub fn after_first(cx: &mut Cx, arith: Arith, in_place: bool, lhs: Value, rhs: Value) -> NativeFrame {
    let has_own = in_place && special_of_arith(arith).1.is_some_and(|special| cx.special_of(lhs, special).is_some());
    let candidate = if has_own { 0 } else { 1 };
    let values = [lhs, rhs, Value::Int(arith as i64), Value::Bool(in_place), Value::Int(candidate)];
    NativeFrame { told: Told::Value(Value::NotImplemented), ..NativeFrame::at_step(BINARY, CALLED, &values) }
}

// ----- The frame -----

/// Values: lhs, rhs, the operator, whether it is in place, the candidate.
pub(super) fn step_binary(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let search = Search {
        operator: int_at(frame, 2),
        in_place: frame.values[3] == Value::Bool(true),
        lhs: frame.values[0],
        rhs: frame.values[1],
    };
    let mut candidate = int_at(frame, 4);
    match frame.step {
        ASK => {}
        CALLED => match frame.told.into_outcome()? {
            Value::NotImplemented => candidate += 1,
            value => return Ok(value),
        },
        _ => return frame.told.into_outcome(),
    }
    for candidate in candidate..3 {
        frame.step = ANSWER;
        match search.ask(cx, candidate) {
            Attempt::Value(value) => return Ok(value),
            Attempt::NotImplemented => {}
            Attempt::Final(ask) => return Err(again_if_full(frame, candidate, 4, ask)),
            Attempt::Script { method, this, other } => {
                frame.step = CALLED;
                frame.values[4] = Value::Int(candidate as i64);
                return Err(cx.ask_method(method, this, &[other]));
            }
        }
    }
    frame.step = ANSWER;
    match search.sequence(cx) {
        Err(ask) => Err(again_if_full(frame, 3, 4, ask)),
        done => done,
    }
}
