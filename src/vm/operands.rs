//! What an instruction of arithmetic operates on.

use aspen_grammar::bytecode::{Arith, Op, Reg};

use super::branch::Rhs;

/// `R[dst] = R[lhs] op rhs`.
#[derive(Clone, Copy, Debug)]
pub struct Arithmetic {
    pub arith: Arith,
    pub dst: Reg,
    pub lhs: Reg,
    pub rhs: Rhs,
    pub is_in_place: bool,
}

pub fn arithmetic(op: Op) -> Option<Arithmetic> {
    use Arith::*;
    let plain = |arith, dst, lhs, rhs| Arithmetic { arith, dst, lhs, rhs: Rhs::Reg(rhs), is_in_place: false };
    let with_int = |arith, dst, lhs, int: i32| Arithmetic { arith, dst, lhs, rhs: Rhs::Int(int), is_in_place: false };
    let in_place = |arith, dst, rhs| Arithmetic { arith, dst, lhs: dst, rhs, is_in_place: true };
    Some(match op {
        Op::Add { dst, lhs, rhs } => plain(Add, dst, lhs, rhs),
        Op::Sub { dst, lhs, rhs } => plain(Sub, dst, lhs, rhs),
        Op::Mul { dst, lhs, rhs } => plain(Mul, dst, lhs, rhs),
        Op::Div { dst, lhs, rhs } => plain(Div, dst, lhs, rhs),
        Op::FloorDiv { dst, lhs, rhs } => plain(FloorDiv, dst, lhs, rhs),
        Op::Mod { dst, lhs, rhs } => plain(Mod, dst, lhs, rhs),
        Op::BitAnd { dst, lhs, rhs } => plain(BitAnd, dst, lhs, rhs),
        Op::BitOr { dst, lhs, rhs } => plain(BitOr, dst, lhs, rhs),
        Op::BitXor { dst, lhs, rhs } => plain(BitXor, dst, lhs, rhs),
        Op::Arith { dst, lhs, rhs, op } => plain(op, dst, lhs, rhs),
        Op::AddI { dst, lhs, int } => with_int(Add, dst, lhs, int),
        Op::SubI { dst, lhs, int } => with_int(Sub, dst, lhs, int),
        Op::MulI { dst, lhs, int } => with_int(Mul, dst, lhs, int),
        Op::FloorDivI { dst, lhs, int } => with_int(FloorDiv, dst, lhs, int),
        Op::ModI { dst, lhs, int } => with_int(Mod, dst, lhs, int),
        Op::BitAndI { dst, lhs, int } => with_int(BitAnd, dst, lhs, int),
        Op::LShiftI { dst, lhs, int } => with_int(LShift, dst, lhs, int),
        Op::RShiftI { dst, lhs, int } => with_int(RShift, dst, lhs, int),
        Op::AddTo { dst, rhs } => in_place(Add, dst, Rhs::Reg(rhs)),
        Op::SubTo { dst, rhs } => in_place(Sub, dst, Rhs::Reg(rhs)),
        Op::MulTo { dst, rhs } => in_place(Mul, dst, Rhs::Reg(rhs)),
        Op::AddToI { dst, int } => in_place(Add, dst, Rhs::Int(int)),
        Op::SubToI { dst, int } => in_place(Sub, dst, Rhs::Int(int)),
        Op::InPlace { dst, lhs, rhs, op } => Arithmetic { arith: op, dst, lhs, rhs: Rhs::Reg(rhs), is_in_place: true },
        _ => return None,
    })
}
