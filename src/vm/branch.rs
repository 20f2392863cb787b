//! Branch instructions whose condition took more than the loop knows.

use aspen_grammar::bytecode::{Compare, Jump, Op, Reg};

use super::fiber::Fiber;
use super::text::Texts;

/// What a branch compares: two registers, or a register and an int.
#[derive(Clone, Copy, Debug)]
pub enum Rhs {
    Reg(Reg),
    Int(i32),
}

/// The comparison of a compare-and-branch instruction, its target, and whether it jumps when the comparison holds.
pub fn comparison(op: Op) -> Option<(Compare, Reg, Rhs, Jump, bool)> {
    use Compare::*;
    let regs = |compare, lhs, rhs, to, sense| Some((compare, lhs, Rhs::Reg(rhs), to, sense));
    let ints = |compare, lhs, int: i16, to, sense| Some((compare, lhs, Rhs::Int(int.into()), to, sense));
    match op {
        Op::JumpIfLess { lhs, rhs, to } | Op::LoopIfLess { lhs, rhs, to } => regs(Less, lhs, rhs, to, true),
        Op::JumpIfLessEq { lhs, rhs, to } | Op::LoopIfLessEq { lhs, rhs, to } => regs(LessEq, lhs, rhs, to, true),
        Op::JumpIfGreater { lhs, rhs, to } | Op::LoopIfGreater { lhs, rhs, to } => regs(Greater, lhs, rhs, to, true),
        Op::JumpIfGreaterEq { lhs, rhs, to } | Op::LoopIfGreaterEq { lhs, rhs, to } => {
            regs(GreaterEq, lhs, rhs, to, true)
        }
        Op::JumpIfEq { lhs, rhs, to } | Op::LoopIfEq { lhs, rhs, to } => regs(Eq, lhs, rhs, to, true),
        Op::JumpIfNotEq { lhs, rhs, to } | Op::LoopIfNotEq { lhs, rhs, to } => regs(NotEq, lhs, rhs, to, true),
        Op::JumpUnlessLess { lhs, rhs, to } => regs(Less, lhs, rhs, to, false),
        Op::JumpUnlessLessEq { lhs, rhs, to } => regs(LessEq, lhs, rhs, to, false),
        Op::JumpUnlessGreater { lhs, rhs, to } => regs(Greater, lhs, rhs, to, false),
        Op::JumpUnlessGreaterEq { lhs, rhs, to } => regs(GreaterEq, lhs, rhs, to, false),
        Op::JumpUnlessEq { lhs, rhs, to } => regs(Eq, lhs, rhs, to, false),
        Op::JumpUnlessNotEq { lhs, rhs, to } => regs(NotEq, lhs, rhs, to, false),
        Op::JumpIfLessI { lhs, int, to } | Op::LoopIfLessI { lhs, int, to } => ints(Less, lhs, int, to, true),
        Op::JumpIfLessEqI { lhs, int, to } | Op::LoopIfLessEqI { lhs, int, to } => ints(LessEq, lhs, int, to, true),
        Op::JumpIfGreaterI { lhs, int, to } | Op::LoopIfGreaterI { lhs, int, to } => ints(Greater, lhs, int, to, true),
        Op::JumpIfGreaterEqI { lhs, int, to } | Op::LoopIfGreaterEqI { lhs, int, to } => {
            ints(GreaterEq, lhs, int, to, true)
        }
        Op::JumpIfEqI { lhs, int, to } | Op::LoopIfEqI { lhs, int, to } => ints(Eq, lhs, int, to, true),
        Op::JumpIfNotEqI { lhs, int, to } | Op::LoopIfNotEqI { lhs, int, to } => ints(NotEq, lhs, int, to, true),
        Op::JumpUnlessLessI { lhs, int, to } => ints(Less, lhs, int, to, false),
        Op::JumpUnlessLessEqI { lhs, int, to } => ints(LessEq, lhs, int, to, false),
        Op::JumpUnlessGreaterI { lhs, int, to } => ints(Greater, lhs, int, to, false),
        Op::JumpUnlessGreaterEqI { lhs, int, to } => ints(GreaterEq, lhs, int, to, false),
        Op::JumpUnlessEqI { lhs, int, to } => ints(Eq, lhs, int, to, false),
        Op::JumpUnlessNotEqI { lhs, int, to } => ints(NotEq, lhs, int, to, false),
        _ => None,
    }
}

/// Whether the instruction before the pc of the frame on top compares.
pub fn is_comparison(fiber: &Fiber, texts: &Texts) -> bool {
    let frame = fiber.top();
    comparison(texts.get(frame.link).ops[frame.pc as usize - 1]).is_some()
}

/// The branch before the pc of the frame on top is decided.
pub fn take(fiber: &mut Fiber, texts: &Texts, holds: bool) {
    let frame = fiber.top_mut();
    let op = texts.get(frame.link).ops[frame.pc as usize - 1];
    let (to, sense) = match op {
        Op::JumpIf { to, .. } | Op::LoopIf { to, .. } => (to, true),
        Op::JumpIfNot { to, .. } | Op::LoopIfNot { to, .. } => (to, false),
        // "Unless it matches": the truth of a match.
        Op::JumpUnlessMatch { to, .. } => (to, false),
        _ => match comparison(op) {
            Some((_, _, _, to, sense)) => (to, sense),
            None => crate::bug!("{op:?} waits for no truth"),
        },
    };
    if holds == sense {
        frame.pc = to.0;
    }
}
