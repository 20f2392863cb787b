//! Definite assignment: which register locals are bound for certain at a place of the code.
//!
//! The compiler walks the tree and carries the state along; `None` is a place that nothing reaches. Where paths meet,
//! what is bound on all of them is bound. A loop's head is reached from its end too, where only what some `del` may have
//! unbound can be missing: such locals are taken out at each head and at each handler.

/// A set of registers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bound([u64; 4]);

impl Bound {
    pub fn insert(&mut self, reg: u8) {
        self.0[reg as usize / 64] |= 1 << (reg % 64);
    }

    pub fn remove(&mut self, reg: u8) {
        self.0[reg as usize / 64] &= !(1 << (reg % 64));
    }

    pub fn contains(&self, reg: u8) -> bool {
        self.0[reg as usize / 64] >> (reg % 64) & 1 == 1
    }

    /// What is in both.
    pub fn and(self, other: Bound) -> Bound {
        Bound(std::array::from_fn(|at| self.0[at] & other.0[at]))
    }

    /// What is in `self` only.
    pub fn without(self, other: Bound) -> Bound {
        Bound(std::array::from_fn(|at| self.0[at] & !other.0[at]))
    }
}

/// The state at a place; None if nothing reaches it.
pub(super) type Flow = Option<Bound>;

/// The state where two paths meet.
pub(super) fn meet(left: Flow, right: Flow) -> Flow {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.and(right)),
        (Some(only), None) | (None, Some(only)) => Some(only),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(regs: &[u8]) -> Bound {
        let mut set = Bound::default();
        regs.iter().for_each(|&reg| set.insert(reg));
        set
    }

    #[test]
    fn a_register_is_in_the_set_until_removed() {
        let mut set = bound(&[0, 63, 64, 255]);
        assert!([0, 63, 64, 255].iter().all(|&reg| set.contains(reg)));
        set.remove(64);
        assert!(!set.contains(64) && set.contains(63));
    }

    #[test]
    fn where_paths_meet_both_must_bind() {
        assert_eq!(meet(Some(bound(&[1, 2])), Some(bound(&[2, 3]))), Some(bound(&[2])));
    }

    #[test]
    fn a_path_that_nothing_reaches_does_not_count() {
        assert_eq!(meet(Some(bound(&[1])), None), Some(bound(&[1])));
        assert_eq!(meet(None, None), None);
    }

    #[test]
    fn deleted_locals_are_taken_out() {
        assert_eq!(bound(&[1, 2]).without(bound(&[2, 9])), bound(&[1]));
    }
}
