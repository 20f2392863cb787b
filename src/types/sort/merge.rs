//! Merging two runs side by side: A, then B.
//!
//! What need not move at the two ends is found by galloping. Then the smaller side is copied out, and the gap is filled
//! from its end: forwards if A is out, backwards if B is. The gap is always as long as what is still copied out.

use super::{Run, Sort, SortStep, State};

/// So many wins in a row are worth a gallop.
pub(super) const MIN_GALLOP: usize = 7;

/// What comes after a merge.
#[derive(Clone, Copy, Debug)]
pub(super) enum Then {
    /// The run that was found is pushed.
    PushRun {
        start: usize,
        len: usize,
    },
    Collapse,
}

/// A merge under way.
#[derive(Clone, Debug)]
pub(super) struct Merge {
    side: Side,
    /// Forwards: where B ends. Backwards: where A begins.
    fixed: usize,
    /// Items left on either side.
    n_a: usize,
    n_b: usize,
    /// How often in a row either side won.
    a_wins: usize,
    b_wins: usize,
    then: Then,
}

/// Which side is copied out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// A; the result grows from the left.
    Forwards,
    /// B; the result grows from the right.
    Backwards,
}

/// A search for the place of `key` in a sorted part, beginning at a hint and doubling the distance.
#[derive(Clone, Debug)]
pub(super) struct Gallop {
    key: u32,
    /// Whether equal items stay right of the place.
    before_equals: bool,
    in_temp: bool,
    start: usize,
    len: usize,
    phase: Phase,
    goal: Goal,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    /// At the hint.
    First {
        hint: usize,
    },
    /// To the right of the hint: how far, and how far before.
    Right {
        hint: usize,
        last: usize,
        ofs: usize,
    },
    Left {
        hint: usize,
        last: usize,
        ofs: usize,
    },
    /// Between two places.
    Halve {
        low: usize,
        high: usize,
    },
}

/// What the place is wanted for.
#[derive(Clone, Debug)]
enum Goal {
    /// Before a merge: what of A is in place already.
    TrimA {
        a: Run,
        b: Run,
        then: Then,
    },
    /// What of B is in place already.
    TrimB {
        a: Run,
        b: Run,
        then: Then,
    },
    /// Within one: how many of A come before B's item; how many of B before A's.
    CountA(Merge),
    CountB(Merge),
}

impl Gallop {
    /// The merge that this search is a part of.
    pub(super) fn merge_under_way(&self) -> Option<&Merge> {
        match &self.goal {
            Goal::TrimA { .. } | Goal::TrimB { .. } => None,
            Goal::CountA(merge) | Goal::CountB(merge) => Some(merge),
        }
    }
}

impl Merge {
    /// Where the next item goes, or behind it.
    fn gap(&self) -> usize {
        match self.side {
            Side::Forwards => self.fixed - self.n_b - self.n_a,
            Side::Backwards => self.fixed + self.n_a,
        }
    }
}

impl Sort {
    /// Merges the pending run `nth` with the next one.
    pub(super) fn merge_runs(&mut self, nth: usize, then: Then) -> SortStep {
        let (a, b) = (self.pending[nth], self.pending.remove(nth + 1));
        // The border behind the merged run is that behind B.
        self.pending[nth] = Run { len: a.len + b.len, ..a };
        self.pending[nth].power = b.power;
        self.gallop(self.order[b.start], false, (false, a.start, a.len), 0, Goal::TrimA { a, b, then })
    }

    fn after_merge(&mut self, then: Then) -> SortStep {
        self.temp.clear();
        match then {
            Then::PushRun { start, len } => self.push_run(start, len),
            Then::Collapse => self.collapse(),
        }
    }

    fn gallop(
        &mut self,
        key: u32,
        before_equals: bool,
        (in_temp, start, len): (bool, usize, usize),
        hint: usize,
        goal: Goal,
    ) -> SortStep {
        let phase = Phase::First { hint };
        self.ask_gallop(Gallop { key, before_equals, in_temp, start, len, phase, goal })
    }

    /// Asks at the phase's place, or goes on to the next phase where there is nothing to ask.
    fn ask_gallop(&mut self, mut gallop: Gallop) -> SortStep {
        let at = loop {
            match gallop.phase {
                Phase::First { hint } => break hint,
                Phase::Right { hint, ofs, .. } if ofs < gallop.len - hint => break hint + ofs,
                Phase::Right { hint, last, .. } => {
                    gallop.phase = Phase::Halve { low: hint + last + 1, high: gallop.len };
                }
                Phase::Left { hint, ofs, .. } if ofs <= hint => break hint - ofs,
                Phase::Left { hint, last, .. } => gallop.phase = Phase::Halve { low: 0, high: hint - last },
                Phase::Halve { low, high } if low < high => break low + (high - low) / 2,
                Phase::Halve { high, .. } => return self.reach_goal(gallop.goal, high),
            }
        };
        let items = if gallop.in_temp { &self.temp } else { &self.order };
        let (item, key) = (items[gallop.start + at], gallop.key);
        let (lhs, rhs) = if gallop.before_equals { (item, key) } else { (key, item) };
        self.ask(State::Gallop(gallop), lhs, rhs)
    }

    pub(super) fn gallop_answered(&mut self, mut gallop: Gallop, is_less: bool) -> SortStep {
        // Whether the place is right of the item.
        let goes_right = gallop.before_equals == is_less;
        gallop.phase = match gallop.phase {
            Phase::First { hint } if goes_right => Phase::Right { hint, last: 0, ofs: 1 },
            Phase::First { hint } => Phase::Left { hint, last: 0, ofs: 1 },
            Phase::Right { hint, ofs, .. } if goes_right => Phase::Right { hint, last: ofs, ofs: 2 * ofs + 1 },
            Phase::Right { hint, last, ofs } => Phase::Halve { low: hint + last + 1, high: hint + ofs },
            Phase::Left { hint, last, ofs } if goes_right => Phase::Halve { low: hint - ofs + 1, high: hint - last },
            Phase::Left { hint, ofs, .. } => Phase::Left { hint, last: ofs, ofs: 2 * ofs + 1 },
            Phase::Halve { low, high } => {
                let middle = low + (high - low) / 2;
                if goes_right { Phase::Halve { low: middle + 1, high } } else { Phase::Halve { low, high: middle } }
            }
        };
        self.ask_gallop(gallop)
    }

    /// The place is found.
    fn reach_goal(&mut self, goal: Goal, place: usize) -> SortStep {
        match goal {
            Goal::TrimA { a, b, then } => {
                let a = Run { start: a.start + place, len: a.len - place, ..a };
                if a.len == 0 {
                    return self.after_merge(then);
                }
                let key = self.order[a.start + a.len - 1];
                self.gallop(key, true, (false, b.start, b.len), b.len - 1, Goal::TrimB { a, b, then })
            }
            Goal::TrimB { then, .. } if place == 0 => self.after_merge(then),
            Goal::TrimB { a, b, then } => self.begin_merge(a, Run { len: place, ..b }, then),
            Goal::CountA(merge) => self.counted_a(merge, place),
            Goal::CountB(merge) => self.counted_b(merge, place),
        }
    }

    /// B's first item comes before all of A, and A's last one behind all of B.
    fn begin_merge(&mut self, a: Run, b: Run, then: Then) -> SortStep {
        let (n_a, n_b) = (a.len, b.len);
        let merge = |side, fixed| Merge { side, fixed, n_a, n_b, a_wins: 0, b_wins: 0, then };
        if n_a <= n_b {
            self.temp.extend_from_slice(&self.order[a.start..a.start + n_a]);
            let mut merge = merge(Side::Forwards, b.start + n_b);
            self.take_b(&mut merge, 1);
            return self.ask_merge(merge);
        }
        self.temp.extend_from_slice(&self.order[b.start..b.start + n_b]);
        let mut merge = merge(Side::Backwards, a.start);
        self.take_a(&mut merge, 1);
        self.ask_merge(merge)
    }

    /// Moves the next items of A into the gap.
    fn take_a(&mut self, merge: &mut Merge, count: usize) {
        match merge.side {
            Side::Forwards => {
                let (gap, from) = (merge.gap(), self.temp.len() - merge.n_a);
                self.order[gap..gap + count].copy_from_slice(&self.temp[from..from + count]);
            }
            Side::Backwards => {
                let end = merge.fixed + merge.n_a;
                self.order.copy_within(end - count..end, end - count + merge.n_b);
            }
        }
        merge.n_a -= count;
    }

    /// Moves the next items of B into the gap.
    fn take_b(&mut self, merge: &mut Merge, count: usize) {
        match merge.side {
            Side::Forwards => {
                let from = merge.fixed - merge.n_b;
                self.order.copy_within(from..from + count, merge.gap());
            }
            Side::Backwards => {
                let (end, from) = (merge.gap() + merge.n_b, merge.n_b - count);
                self.order[end - count..end].copy_from_slice(&self.temp[from..merge.n_b]);
            }
        }
        merge.n_b -= count;
    }

    /// Whether the merge is decided: one side is used up, or only the copied-out side's far end is left, which is known to
    /// belong behind (before) all of the other side.
    fn is_decided(merge: &Merge) -> bool {
        match merge.side {
            Side::Forwards => merge.n_b == 0 || merge.n_a <= 1,
            Side::Backwards => merge.n_a == 0 || merge.n_b <= 1,
        }
    }

    fn end_merge(&mut self, mut merge: Merge) -> SortStep {
        match merge.side {
            Side::Forwards if merge.n_a == 1 => {
                let count = merge.n_b;
                self.take_b(&mut merge, count);
            }
            Side::Backwards if merge.n_b == 1 => {
                let count = merge.n_a;
                self.take_a(&mut merge, count);
            }
            Side::Forwards | Side::Backwards => {}
        }
        self.put_back(&merge);
        self.after_merge(merge.then)
    }

    /// Closes the gap with what is copied out.
    pub(super) fn put_back(&mut self, merge: &Merge) {
        let gap = merge.gap();
        match merge.side {
            Side::Forwards => {
                let from = self.temp.len() - merge.n_a;
                self.order[gap..gap + merge.n_a].copy_from_slice(&self.temp[from..]);
            }
            Side::Backwards => self.order[gap..gap + merge.n_b].copy_from_slice(&self.temp[..merge.n_b]),
        }
    }

    /// The next items of A and of B.
    fn next_items(&self, merge: &Merge) -> (u32, u32) {
        match merge.side {
            Side::Forwards => (self.temp[self.temp.len() - merge.n_a], self.order[merge.fixed - merge.n_b]),
            Side::Backwards => (self.order[merge.fixed + merge.n_a - 1], self.temp[merge.n_b - 1]),
        }
    }

    fn ask_merge(&mut self, merge: Merge) -> SortStep {
        if Self::is_decided(&merge) {
            return self.end_merge(merge);
        }
        let (a, b) = self.next_items(&merge);
        self.ask(State::Merge(merge), b, a)
    }

    pub(super) fn merge_answered(&mut self, mut merge: Merge, b_is_less: bool) -> SortStep {
        // The less one is next forwards, the other one backwards.
        let takes_b = b_is_less == (merge.side == Side::Forwards);
        if takes_b {
            self.take_b(&mut merge, 1);
            (merge.a_wins, merge.b_wins) = (0, merge.b_wins + 1);
        } else {
            self.take_a(&mut merge, 1);
            (merge.a_wins, merge.b_wins) = (merge.a_wins + 1, 0);
        }
        let gallops = merge.a_wins.max(merge.b_wins) >= self.min_gallop;
        if gallops && !Self::is_decided(&merge) {
            self.min_gallop += 1;
            return self.count_a(merge);
        }
        self.ask_merge(merge)
    }

    /// Galloping: how many of A are next?
    fn count_a(&mut self, merge: Merge) -> SortStep {
        self.min_gallop -= (self.min_gallop > 1) as usize;
        let (_, b) = self.next_items(&merge);
        let (place, hint) = match merge.side {
            Side::Forwards => ((true, self.temp.len() - merge.n_a, merge.n_a), 0),
            Side::Backwards => ((false, merge.fixed, merge.n_a), merge.n_a - 1),
        };
        self.gallop(b, false, place, hint, Goal::CountA(merge))
    }

    fn counted_a(&mut self, mut merge: Merge, place: usize) -> SortStep {
        let count = if merge.side == Side::Forwards { place } else { merge.n_a - place };
        self.take_a(&mut merge, count);
        merge.a_wins = count;
        // A comparator that lies may use up what should be left.
        if count > 0 && Self::is_decided(&merge) {
            return self.end_merge(merge);
        }
        self.take_b(&mut merge, 1);
        if Self::is_decided(&merge) {
            return self.end_merge(merge);
        }
        let (a, _) = self.next_items(&merge);
        let (place, hint) = match merge.side {
            Side::Forwards => ((false, merge.fixed - merge.n_b, merge.n_b), 0),
            Side::Backwards => ((true, 0, merge.n_b), merge.n_b - 1),
        };
        self.gallop(a, true, place, hint, Goal::CountB(merge))
    }

    fn counted_b(&mut self, mut merge: Merge, place: usize) -> SortStep {
        let count = if merge.side == Side::Forwards { place } else { merge.n_b - place };
        self.take_b(&mut merge, count);
        merge.b_wins = count;
        if count > 0 && Self::is_decided(&merge) {
            return self.end_merge(merge);
        }
        self.take_a(&mut merge, 1);
        if Self::is_decided(&merge) {
            return self.end_merge(merge);
        }
        if merge.a_wins >= MIN_GALLOP || merge.b_wins >= MIN_GALLOP {
            return self.count_a(merge);
        }
        self.min_gallop += 1;
        (merge.a_wins, merge.b_wins) = (0, 0);
        self.ask_merge(merge)
    }
}
