//! Operators: binary, in place, unary, and the rich comparisons.
//!
//! 1. Exact numbers and strs are computed at once ([`number`]).
//! 2. Otherwise the special methods decide, in CPython's order: the reflected one first where the right operand's class is a
//!    subclass, each asked until one answers with something else than NotImplemented.
//! 3. Concatenation and repetition of sequences come last, as in CPython, where they are no operators of numbers.
//!
//! A special method of the script runs in a frame (`steps`); natives are called here, without one. A native row answers
//! NotImplemented at once or not at all, so what it asks for is final.

use aspen_grammar::bytecode::{Arith, Compare};

use super::{classes, number};
use crate::call::signature::{Converter, ParamKind};
use crate::call::{Ask, Body, Cx, NativeKind, Outcome, args::Bound, cx::native_def};
use crate::value::special::Special;
use crate::value::{NativeFrame, NativeId, Value};

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

/// What came of asking one candidate.
enum Attempt {
    /// The answer.
    Value(Value),
    NotImplemented,
    /// A native needs something; what comes of that is the answer.
    Final(Ask),
    /// A script method: it is called from a frame.
    Script {
        method: Value,
        this: Value,
        other: Value,
    },
    /// `object.__ne__` of these two: `__eq__`, turned round.
    NotEqual {
        this: Value,
        other: Value,
    },
}

impl Search {
    /// Asks the candidates from `first` on, without a frame while none is script code.
    fn go(self, cx: &mut Cx, first: usize) -> Outcome {
        for candidate in first..3 {
            match self.ask(cx, candidate) {
                Attempt::Value(value) => return Ok(value),
                Attempt::NotImplemented => {}
                Attempt::Final(ask) => return Err(ask),
                Attempt::Script { .. } | Attempt::NotEqual { .. } => {
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
                Attempt::NotImplemented | Attempt::NotEqual { .. } => Err(self.unsupported(cx)),
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
            Attempt::Script { .. } | Attempt::NotImplemented | Attempt::NotEqual { .. } => {
                Err(cx.ask_call(method, &[sequence, Value::Int(int)]))
            }
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

/// Asks a special method that was found in the class of `this`.
fn attempt(cx: &mut Cx, method: Value, this: Value, other: Value) -> Attempt {
    if let Value::Builtin(id) = method
        && takes_anything(id)
    {
        return attempt_with(cx, method, this, other);
    }
    Attempt::Script { method, this, other }
}

/// The same for an argument that needs no conversion.
fn attempt_with(cx: &mut Cx, method: Value, this: Value, other: Value) -> Attempt {
    let Value::Builtin(id) = method else { return Attempt::Script { method, this, other } };
    let def = native_def(id);
    match def.body {
        Body::Stepped(_) => {
            let mut frame = NativeFrame::new(id, &[this, other]);
            frame.values.resize(def.signature().params.len().max(2), Value::Undef);
            Attempt::Final(cx.ask_push(frame))
        }
        Body::Plain(body) => {
            let n_params = def.signature().params.len();
            let outcome = if n_params == 2 {
                body(cx, &[this, other])
            } else {
                let mut bound: Bound = [this, other].as_slice().into();
                bound.resize(n_params.max(2), Value::Undef);
                body(cx, &bound)
            };
            match outcome {
                Ok(Value::NotImplemented) => Attempt::NotImplemented,
                Ok(value) => Attempt::Value(value),
                Err(ask) => Attempt::Final(ask),
            }
        }
    }
}

/// Whether a native can be called with `self` and one other as they are.
fn takes_anything(id: NativeId) -> bool {
    let def = native_def(id);
    let signature = def.signature();
    let is_free = |at: usize| {
        let param = &signature.params[at];
        param.kind != ParamKind::KeywordOnly && (at == 0 || param.converter == Converter::Any)
    };
    matches!(def.kind, NativeKind::Special | NativeKind::Method)
        && signature.n_positional >= 2
        && signature.n_required <= 2
        && signature.star.is_none()
        && signature.star_star.is_none()
        && (0..signature.params.len()).all(is_free)
}

// ----- Comparison -----

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
                Attempt::Script { .. } | Attempt::NotEqual { .. } => {
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
    let Some(method) = method.filter(|_| !is_default) else {
        return match compare {
            Compare::Eq if this.is(&other) => Attempt::Value(Value::Bool(true)),
            Compare::NotEq => attempt_not_equal(cx, this, other),
            Compare::Eq | Compare::Less | Compare::LessEq | Compare::Greater | Compare::GreaterEq => {
                Attempt::NotImplemented
            }
        };
    };
    attempt(cx, method, this, other)
}

/// `object.__ne__`: the opposite of `__eq__`.
fn attempt_not_equal(cx: &mut Cx, this: Value, other: Value) -> Attempt {
    match attempt_compare(cx, Compare::Eq, this, other) {
        Attempt::Value(Value::Bool(equal)) => Attempt::Value(Value::Bool(!equal)),
        Attempt::NotImplemented => Attempt::NotImplemented,
        Attempt::Value(_) | Attempt::Final(_) | Attempt::Script { .. } | Attempt::NotEqual { .. } => {
            Attempt::NotEqual { this, other }
        }
    }
}

/// `object.__eq__`: identity, or NotImplemented.
pub fn object_eq(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(if args[0].is(&args[1]) { Value::Bool(true) } else { Value::NotImplemented })
}

/// `object.__ne__`: the opposite of what `__eq__` of the object's class says.
pub fn object_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    match attempt_not_equal(cx, args[0], args[1]) {
        Attempt::Value(value) => Ok(value),
        Attempt::NotImplemented => Ok(Value::NotImplemented),
        Attempt::Final(ask) => Err(ask),
        Attempt::Script { .. } | Attempt::NotEqual { .. } => {
            Err(cx.ask_push(NativeFrame::new(NOT_EQUAL, &[args[0], args[1]])))
        }
    }
}

/// The order comparisons of `object`: NotImplemented.
pub fn object_order(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::NotImplemented)
}

// ----- Unary -----

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

// ----- Powers -----

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

// ----- Frames -----

crate::natives! {
    /// Steps of operators whose special methods are script code.
    pub static STEPS = [
        hidden "binary(lhs, rhs, operator, in_place, candidate)" => step step_binary, "A binary operator, candidate by candidate.";
        hidden "compare(lhs, rhs, compare, candidate)" => step step_compare, "A comparison, candidate by candidate.";
        hidden "not_equal(this, other)" => step step_not_equal, "`object.__ne__` by a script's `__eq__`.";
        hidden "power(base, exponent, modulus)" => step step_power, "`pow` with three operands.";
    ]
}

const BINARY: NativeId = NativeId { table: crate::tables::OPERATOR, row: 0 };
const COMPARE: NativeId = NativeId { table: crate::tables::OPERATOR, row: 1 };
const NOT_EQUAL: NativeId = NativeId { table: crate::tables::OPERATOR, row: 2 };
const POWER: NativeId = NativeId { table: crate::tables::OPERATOR, row: 3 };

/// Steps: a candidate is to be asked; a script method was called; what is told is the answer.
const ASK: u32 = 0;
const CALLED: u32 = 1;
const ANSWER: u32 = 2;
const CALLED_EQ: u32 = 3;
const TRUTH_OF_EQ: u32 = 4;

fn int_at(frame: &NativeFrame, at: usize) -> usize {
    match frame.values[at] {
        Value::Int(int) => int as usize,
        _ => crate::bug!("the frame of an operator keeps an int at {at}"),
    }
}

fn step_binary(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
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
            Attempt::NotEqual { .. } => crate::bug!("a binary operator is no comparison"),
        }
    }
    frame.step = ANSWER;
    match search.sequence(cx) {
        Err(ask) => Err(again_if_full(frame, 3, 4, ask)),
        done => done,
    }
}

/// A native that must run again after a collection is asked again.
fn again_if_full(frame: &mut NativeFrame, candidate: usize, at: usize, ask: Ask) -> Ask {
    if ask == Ask::Full {
        frame.step = ASK;
        frame.values[at] = Value::Int(candidate as i64);
    }
    ask
}

fn step_compare(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
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
            Attempt::NotEqual { this, other } => {
                frame.step = CALLED;
                frame.values[3] = Value::Int(candidate as i64);
                return Err(cx.ask_push(NativeFrame::new(NOT_EQUAL, &[this, other])));
            }
        }
    }
    comparison.last_resort(cx)
}

/// Values: this, other. NotImplemented, or the opposite of the truth of what `__eq__` gives.
fn step_not_equal(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (this, other) = (frame.values[0], frame.values[1]);
    let told = match frame.step {
        ASK => match attempt_compare(cx, Compare::Eq, this, other) {
            Attempt::Value(value) => value,
            Attempt::NotImplemented => return Ok(Value::NotImplemented),
            Attempt::Final(ask) => {
                frame.step = if ask == Ask::Full { ASK } else { CALLED_EQ };
                return Err(ask);
            }
            Attempt::Script { method, this, other } => {
                frame.step = CALLED_EQ;
                return Err(cx.ask_method(method, this, &[other]));
            }
            Attempt::NotEqual { .. } => crate::bug!("`__eq__` is not derived from anything"),
        },
        _ => frame.told.into_outcome()?,
    };
    match told {
        Value::NotImplemented if frame.step != TRUTH_OF_EQ => Ok(Value::NotImplemented),
        Value::Bool(equal) => Ok(Value::Bool(!equal)),
        value => {
            frame.step = TRUTH_OF_EQ;
            Err(cx.ask_call(Value::Class(classes::BOOL), &[value]))
        }
    }
}

/// Values: base, exponent, modulus. Only the method of the base is asked.
fn step_power(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
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
