//! Where instructions lead.

use super::op::{Jump, Op};

impl Op {
    /// The target, of an instruction that has one.
    pub fn jump(&self) -> Option<Jump> {
        let mut copy = *self;
        copy.jump_mut().copied()
    }

    /// The target, to be set.
    pub fn jump_mut(&mut self) -> Option<&mut Jump> {
        let (Op::Jump { to, .. }
        | Op::Loop { to, .. }
        | Op::JumpIf { to, .. }
        | Op::JumpIfNot { to, .. }
        | Op::LoopIf { to, .. }
        | Op::LoopIfNot { to, .. }
        | Op::JumpIfNone { to, .. }
        | Op::JumpIfNotNone { to, .. }
        | Op::JumpIfLess { to, .. }
        | Op::JumpIfLessEq { to, .. }
        | Op::JumpIfGreater { to, .. }
        | Op::JumpIfGreaterEq { to, .. }
        | Op::JumpIfEq { to, .. }
        | Op::JumpIfNotEq { to, .. }
        | Op::JumpUnlessLess { to, .. }
        | Op::JumpUnlessLessEq { to, .. }
        | Op::JumpUnlessGreater { to, .. }
        | Op::JumpUnlessGreaterEq { to, .. }
        | Op::JumpUnlessEq { to, .. }
        | Op::JumpUnlessNotEq { to, .. }
        | Op::JumpIfLessI { to, .. }
        | Op::JumpIfLessEqI { to, .. }
        | Op::JumpIfGreaterI { to, .. }
        | Op::JumpIfGreaterEqI { to, .. }
        | Op::JumpIfEqI { to, .. }
        | Op::JumpIfNotEqI { to, .. }
        | Op::JumpUnlessLessI { to, .. }
        | Op::JumpUnlessLessEqI { to, .. }
        | Op::JumpUnlessGreaterI { to, .. }
        | Op::JumpUnlessGreaterEqI { to, .. }
        | Op::JumpUnlessEqI { to, .. }
        | Op::JumpUnlessNotEqI { to, .. }
        | Op::LoopIfLess { to, .. }
        | Op::LoopIfLessEq { to, .. }
        | Op::LoopIfGreater { to, .. }
        | Op::LoopIfGreaterEq { to, .. }
        | Op::LoopIfEq { to, .. }
        | Op::LoopIfNotEq { to, .. }
        | Op::LoopIfLessI { to, .. }
        | Op::LoopIfLessEqI { to, .. }
        | Op::LoopIfGreaterI { to, .. }
        | Op::LoopIfGreaterEqI { to, .. }
        | Op::LoopIfEqI { to, .. }
        | Op::LoopIfNotEqI { to, .. }
        | Op::ForIter { to, .. }
        | Op::ForAsync { to, .. }
        | Op::JumpUnlessMatch { to, .. }) = self
        else {
            return None;
        };
        Some(to)
    }

    /// What follows it is reached only by a jump.
    pub fn ends_block(&self) -> bool {
        matches!(
            self,
            Op::Jump { .. }
                | Op::Loop { .. }
                | Op::Return { .. }
                | Op::ReturnNone
                | Op::Raise { .. }
                | Op::RaiseFrom { .. }
                | Op::RaiseHandled
                | Op::Reraise { .. }
        )
    }
}
