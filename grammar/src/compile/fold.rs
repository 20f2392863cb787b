//! Constant folding: one pass over the arena, in which parts come before the whole, so nothing recurses.
//!
//! Folds what CPython folds as far as a 64-bit result goes, within CPython's limits of size; where it would raise, the
//! machine does. The parts of a folded expression give their values away: concatenating a long chain stays linear.

use crate::bytecode::Const;
use crate::source::{Name, Wtf8};
use crate::syntax::ast::*;

/// CPython's limits for what folding may make.
const MAX_STR_SIZE: usize = 4096;
const MAX_COLLECTION_SIZE: usize = 256;

/// The values of the expressions that are constant without being literals.
pub(super) struct Folded {
    /// 0: not constant; else an index into `values`, plus one.
    at: Vec<u32>,
    values: Vec<Const>,
}

impl Folded {
    pub fn new(tree: &Tree, debug: Option<Name>, debug_value: bool) -> Self {
        let mut folded = Folded { at: vec![0; tree.exprs.len()], values: Vec::new() };
        for index in 0..tree.exprs.len() {
            let value = match &tree.exprs[index].kind {
                ExprKind::Name(name) if Some(*name) == debug => Some(Const::Bool(debug_value)),
                ExprKind::Unary { op, operand } => folded.unary(tree, *op, *operand),
                ExprKind::Binary { op, lhs, rhs } => folded.binary(tree, *op, *lhs, *rhs),
                ExprKind::Tuple(items) => folded.tuple(tree, items),
                ExprKind::Subscript { value, index } => folded.item(tree, *value, *index),
                _ => None,
            };
            if let Some(value) = value {
                folded.values.push(value);
                folded.at[index] = folded.values.len() as u32;
            }
        }
        folded
    }

    pub fn is_constant(&self, tree: &Tree, id: ExprId) -> bool {
        self.at[id.0 as usize] > 0 || matches!(tree[id].kind, ExprKind::Constant(_))
    }

    /// The value of an expression, if it is known.
    pub fn get(&self, tree: &Tree, id: ExprId) -> Option<Const> {
        match &tree[id].kind {
            ExprKind::Constant(constant) => Some(literal(constant)),
            _ => self.folded(id).cloned(),
        }
    }

    /// The value of a small integer.
    pub fn int(&self, tree: &Tree, id: ExprId) -> Option<i64> {
        match &tree[id].kind {
            ExprKind::Constant(Constant::Int(value)) => Some(*value),
            _ => match self.folded(id) {
                Some(Const::Int(value)) => Some(*value),
                _ => None,
            },
        }
    }

    /// Whether a constant expression is true.
    pub fn truth(&self, tree: &Tree, id: ExprId) -> Option<bool> {
        match &tree[id].kind {
            ExprKind::Constant(constant) => Some(match constant {
                Constant::None | Constant::False => false,
                Constant::True | Constant::Ellipsis | Constant::BigInt(_) => true,
                Constant::Int(value) => *value != 0,
                Constant::Float(value) | Constant::Imaginary(value) => *value != 0.0,
                Constant::Str(text) => !text.is_empty(),
                Constant::Bytes(bytes) => !bytes.is_empty(),
            }),
            _ => self.folded(id).map(truth),
        }
    }

    fn folded(&self, id: ExprId) -> Option<&Const> {
        let at = self.at[id.0 as usize] as usize;
        at.checked_sub(1).map(|index| &self.values[index])
    }

    /// The value of a part, which nobody else asks for.
    fn take(&mut self, tree: &Tree, id: ExprId) -> Option<Const> {
        match &tree[id].kind {
            ExprKind::Constant(constant) => Some(literal(constant)),
            _ => {
                let index = (self.at[id.0 as usize] as usize).checked_sub(1)?;
                Some(std::mem::replace(&mut self.values[index], Const::None))
            }
        }
    }

    fn unary(&mut self, tree: &Tree, op: UnaryOp, operand: ExprId) -> Option<Const> {
        let value = match &tree[operand].kind {
            ExprKind::Constant(constant) => literal(constant),
            _ => self.folded(operand)?.clone(),
        };
        Some(match (op, value) {
            (UnaryOp::Not, value) => Const::Bool(!truth(&value)),
            (UnaryOp::Neg, Const::Int(value)) => match value.checked_neg() {
                Some(value) => Const::Int(value),
                None => Const::BigInt("9223372036854775808".into()),
            },
            (UnaryOp::Neg, Const::BigInt(digits)) => negated(&digits),
            (UnaryOp::Neg, Const::Float(value)) => Const::Float(-value),
            (UnaryOp::Neg, Const::Complex(real, imaginary)) => Const::Complex(-real, -imaginary),
            (UnaryOp::Neg, Const::Bool(value)) => Const::Int(-(value as i64)),
            (UnaryOp::Pos, Const::Bool(value)) => Const::Int(value as i64),
            (UnaryOp::Pos, value @ (Const::Int(_) | Const::BigInt(_) | Const::Float(_) | Const::Complex(..))) => value,
            (UnaryOp::Invert, Const::Int(value)) => Const::Int(!value),
            _ => return None,
        })
    }

    fn binary(&mut self, tree: &Tree, op: BinaryOp, lhs: ExprId, rhs: ExprId) -> Option<Const> {
        if !self.is_constant(tree, lhs) || !self.is_constant(tree, rhs) {
            return None;
        }
        let is_sequence = |value: &Const| matches!(value, Const::Str(_) | Const::Bytes(_) | Const::Tuple(_));
        let peeked = self.get_small(tree, lhs);
        match peeked {
            Some(left) if !is_sequence(&left) => arithmetic(op, left, self.get_small(tree, rhs)?),
            _ => self.sequence(tree, op, lhs, rhs),
        }
    }

    /// The value of a number; None for the others, which are not worth copying.
    fn get_small(&self, tree: &Tree, id: ExprId) -> Option<Const> {
        match &tree[id].kind {
            ExprKind::Constant(Constant::Str(_) | Constant::Bytes(_)) => None,
            ExprKind::Constant(constant) => Some(literal(constant)),
            _ => match self.folded(id)? {
                Const::Str(_) | Const::Bytes(_) | Const::Tuple(_) | Const::FrozenSet(_) => None,
                value => Some(value.clone()),
            },
        }
    }

    /// `+` and `*` of strings, bytes and tuples.
    fn sequence(&mut self, tree: &Tree, op: BinaryOp, lhs: ExprId, rhs: ExprId) -> Option<Const> {
        match op {
            BinaryOp::Mul => {
                let count = self.int(tree, rhs)?;
                let value = self.get(tree, lhs)?;
                repeat(value, count)
            }
            BinaryOp::Add if self.same_kind(tree, lhs, rhs) => {
                let right = self.take(tree, rhs)?;
                match (self.take(tree, lhs)?, right) {
                    (Const::Str(mut left), Const::Str(right)) => {
                        left.push_wtf8(&right);
                        Some(Const::Str(left))
                    }
                    (Const::Bytes(left), Const::Bytes(right)) => {
                        let mut left = left.into_vec();
                        left.extend_from_slice(&right);
                        Some(Const::Bytes(left.into()))
                    }
                    (Const::Tuple(mut left), Const::Tuple(right)) => {
                        left.extend(right);
                        Some(Const::Tuple(left))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn same_kind(&self, tree: &Tree, lhs: ExprId, rhs: ExprId) -> bool {
        let kind = |id: ExprId| match &tree[id].kind {
            ExprKind::Constant(Constant::Str(_)) => 1,
            ExprKind::Constant(Constant::Bytes(_)) => 2,
            _ => match self.folded(id) {
                Some(Const::Str(_)) => 1,
                Some(Const::Bytes(_)) => 2,
                Some(Const::Tuple(_)) => 3,
                _ => 0,
            },
        };
        kind(lhs) == kind(rhs) && kind(lhs) > 0
    }

    /// The elements keep their values: `a, b = 1, -1` asks for them one by one.
    fn tuple(&self, tree: &Tree, items: &[ExprId]) -> Option<Const> {
        if !items.iter().all(|&item| self.is_constant(tree, item)) {
            return None;
        }
        items.iter().map(|&item| self.get(tree, item)).collect::<Option<Vec<_>>>().map(Const::Tuple)
    }

    /// `"abc"[1]`, `(1, 2)[0]`.
    fn item(&self, tree: &Tree, value: ExprId, index: ExprId) -> Option<Const> {
        let index = self.int(tree, index)?;
        let at = |len: usize| usize::try_from(if index < 0 { index + len as i64 } else { index }).ok();
        match self.get(tree, value)? {
            Const::Str(text) => {
                let mut out = Wtf8::new();
                out.push_code_point(text.code_points().nth(at(text.code_points().count())?)?);
                Some(Const::Str(out))
            }
            Const::Bytes(bytes) => bytes.get(at(bytes.len())?).map(|&byte| Const::Int(byte as i64)),
            Const::Tuple(items) => items.get(at(items.len())?).cloned(),
            _ => None,
        }
    }
}

/// The constant of a literal.
pub(super) fn literal(constant: &Constant) -> Const {
    match constant {
        Constant::None => Const::None,
        Constant::True => Const::Bool(true),
        Constant::False => Const::Bool(false),
        Constant::Ellipsis => Const::Ellipsis,
        Constant::Int(value) => Const::Int(*value),
        Constant::BigInt(digits) => Const::BigInt(digits.clone()),
        Constant::Float(value) => Const::Float(*value),
        Constant::Imaginary(value) => Const::Complex(0.0, *value),
        Constant::Str(text) => Const::Str(text.clone()),
        Constant::Bytes(bytes) => Const::Bytes(bytes.clone()),
    }
}

fn truth(value: &Const) -> bool {
    match value {
        Const::None => false,
        Const::Ellipsis | Const::BigInt(_) => true,
        Const::Bool(value) => *value,
        Const::Int(value) => *value != 0,
        Const::Float(value) => *value != 0.0,
        Const::Complex(real, imaginary) => *real != 0.0 || *imaginary != 0.0,
        Const::Str(text) => !text.is_empty(),
        Const::Bytes(bytes) => !bytes.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
    }
}

fn negated(digits: &str) -> Const {
    if digits == "9223372036854775808" || digits == "0x8000000000000000" {
        return Const::Int(i64::MIN);
    }
    Const::BigInt(match digits.strip_prefix('-') {
        Some(positive) => positive.into(),
        None => format!("-{digits}").into(),
    })
}

fn repeat(value: Const, count: i64) -> Option<Const> {
    let count = count.max(0) as usize;
    let fits = |len: usize, limit: usize| len == 0 || count <= limit / len;
    Some(match value {
        Const::Str(text) if fits(text.code_points().count(), MAX_STR_SIZE) => {
            let mut out = Wtf8::new();
            (0..count.min(MAX_STR_SIZE)).for_each(|_| out.push_wtf8(&text));
            Const::Str(out)
        }
        Const::Bytes(bytes) if fits(bytes.len(), MAX_STR_SIZE) => Const::Bytes(bytes.repeat(count).into()),
        Const::Tuple(items) if fits(items.len(), MAX_COLLECTION_SIZE) => {
            Const::Tuple((0..count).flat_map(|_| items.iter().cloned()).collect())
        }
        _ => return None,
    })
}

/// A binary operator on two numbers.
fn arithmetic(op: BinaryOp, left: Const, right: Const) -> Option<Const> {
    let plain = |value| match value {
        Const::Bool(value) => Const::Int(value as i64),
        value => value,
    };
    match (op, left, right) {
        (BinaryOp::BitAnd, Const::Bool(left), Const::Bool(right)) => Some(Const::Bool(left & right)),
        (BinaryOp::BitOr, Const::Bool(left), Const::Bool(right)) => Some(Const::Bool(left | right)),
        (BinaryOp::BitXor, Const::Bool(left), Const::Bool(right)) => Some(Const::Bool(left ^ right)),
        (op, left, right) => match (plain(left), plain(right)) {
            (Const::Int(left), Const::Int(right)) => int_arithmetic(op, left, right),
            (Const::Float(left), Const::Float(right)) => float_arithmetic(op, left, right),
            (Const::Float(left), Const::Int(right)) => float_arithmetic(op, left, exact_float(right)?),
            (Const::Int(left), Const::Float(right)) => float_arithmetic(op, exact_float(left)?, right),
            (Const::Int(left), Const::Complex(real, imaginary)) => {
                complex_arithmetic(op, (exact_float(left)?, 0.0), (real, imaginary))
            }
            (Const::Float(left), Const::Complex(real, imaginary)) => {
                complex_arithmetic(op, (left, 0.0), (real, imaginary))
            }
            (Const::Complex(real, imaginary), Const::Complex(other, other_imaginary)) => {
                complex_arithmetic(op, (real, imaginary), (other, other_imaginary))
            }
            _ => None,
        },
    }
}

fn exact_float(value: i64) -> Option<f64> {
    (value.unsigned_abs() < 1 << 53).then_some(value as f64)
}

fn int_arithmetic(op: BinaryOp, left: i64, right: i64) -> Option<Const> {
    let int = match op {
        BinaryOp::Add => left.checked_add(right),
        BinaryOp::Sub => left.checked_sub(right),
        BinaryOp::Mul => left.checked_mul(right),
        BinaryOp::FloorDiv => {
            let quotient = left.checked_div(right)?;
            let is_below = left % right != 0 && (left < 0) != (right < 0);
            Some(quotient - is_below as i64)
        }
        BinaryOp::Mod => {
            let rest = left.checked_rem(right)?;
            Some(if rest != 0 && (rest < 0) != (right < 0) { rest + right } else { rest })
        }
        BinaryOp::Pow if right < 0 => {
            let power = (left != 0).then(|| exact_float(left).map(|base| base.powf(right as f64)))??;
            return Some(Const::Float(power));
        }
        BinaryOp::Pow => left.checked_pow(u32::try_from(right).ok()?),
        BinaryOp::LShift => {
            let shift = u32::try_from(right).ok().filter(|&shift| shift < 63)?;
            let shifted = left << shift;
            (shifted >> shift == left).then_some(shifted)
        }
        BinaryOp::RShift => (right >= 0).then(|| left >> right.min(63)),
        BinaryOp::BitAnd => Some(left & right),
        BinaryOp::BitOr => Some(left | right),
        BinaryOp::BitXor => Some(left ^ right),
        BinaryOp::Div => {
            let (left, right) = (exact_float(left)?, exact_float(right)?);
            return (right != 0.0).then_some(Const::Float(left / right));
        }
        BinaryOp::MatMul => None,
    };
    int.map(Const::Int)
}

fn float_arithmetic(op: BinaryOp, left: f64, right: f64) -> Option<Const> {
    let float = match op {
        BinaryOp::Add => left + right,
        BinaryOp::Sub => left - right,
        BinaryOp::Mul => left * right,
        BinaryOp::Div if right != 0.0 => left / right,
        BinaryOp::Pow if left > 0.0 => left.powf(right),
        _ => return None,
    };
    float.is_finite().then_some(Const::Float(float))
}

fn complex_arithmetic(op: BinaryOp, left: (f64, f64), right: (f64, f64)) -> Option<Const> {
    match op {
        BinaryOp::Add => Some(Const::Complex(left.0 + right.0, left.1 + right.1)),
        BinaryOp::Sub => Some(Const::Complex(left.0 - right.0, left.1 - right.1)),
        _ => None,
    }
}
