//! The stable sort of lists, as a machine that asks for one comparison after the other.
//!
//! CPython's algorithm, question by question: runs are found (and descending ones turned round), short ones are filled up
//! by binary insertion, and neighbours are merged in the order of powersort, galloping where one side wins often. What
//! is sorted are numbers of items, so that items stay where they are while script code compares them. A comparator that
//! lies, raises or changes the list does no harm: there is always a permutation.
//!
//! [`merge`] is the second half of the machine. What needs no script code is sorted by [`order_of_ints`] and its like.

mod merge;

use merge::{Gallop, Merge};

/// Runs shorter than this, or half of it, are filled up.
const MAX_MINRUN: usize = 64;

/// What the machine wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortStep {
    /// Whether the first item is less than the second; the answer goes into the next step.
    Compare(u32, u32),
    Done,
}

/// A sort under way; plain data.
#[derive(Clone, Debug)]
pub struct Sort {
    /// The numbers of the items, as far as they are sorted.
    order: Vec<u32>,
    /// The smaller side of a merge.
    temp: Vec<u32>,
    /// Sorted runs that are not merged yet, side by side from the start.
    pending: Vec<Run>,
    /// How often one side must win before galloping begins.
    min_gallop: usize,
    min_run: usize,
    state: State,
    is_reversed: bool,
}

/// A sorted part of the order.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: usize,
    len: usize,
    /// How deep in the tree of merges this run meets the next one.
    power: u32,
}

/// The question that was asked last.
#[derive(Clone, Debug)]
enum State {
    /// None yet.
    Start,
    /// Whether the run that begins at `start` and has `n` items so far goes on: is the next less than its last?
    Ascending {
        start: usize,
        n: usize,
    },
    /// The run ends with a smaller item: are its `n` items all equal? (Is the first less than the last?)
    AllEqual {
        start: usize,
        n: usize,
    },
    /// Whether a descending run goes on; its last `n_equal + 1` items are equal.
    Descending {
        start: usize,
        n: usize,
        n_equal: usize,
    },
    /// The next is not less than the last; is it larger?
    DescendingEnds {
        start: usize,
        n: usize,
        n_equal: usize,
    },
    /// The descending run is turned round; does it go on ascending?
    Suffix {
        start: usize,
        n: usize,
    },
    /// Where between `left` and `right` the item at `at` belongs; all before it is sorted, and `end` is where to stop.
    Insert {
        start: usize,
        end: usize,
        at: usize,
        left: usize,
        right: usize,
    },
    /// Where an item belongs in a sorted part.
    Gallop(Gallop),
    /// Which side of a merge is next: is B's item less than A's?
    Merge(Merge),
    Done,
}

impl Sort {
    /// A sort of so many items.
    pub fn new(n_items: usize) -> Self {
        Sort::with_order((0..n_items as u32).collect(), false)
    }

    /// The same, the largest first; equal items keep their order.
    pub fn new_reversed(n_items: usize) -> Self {
        Sort::with_order((0..n_items as u32).rev().collect(), true)
    }

    fn with_order(order: Vec<u32>, is_reversed: bool) -> Self {
        let min_run = min_run(order.len());
        let (temp, pending) = (Vec::new(), Vec::new());
        Sort { order, temp, pending, min_gallop: merge::MIN_GALLOP, min_run, state: State::Start, is_reversed }
    }

    /// The most heap bytes that a sort of so many items takes, to be charged before.
    pub fn bytes(n_items: usize) -> usize {
        n_items * size_of::<u32>() * 3 / 2 + 64 * size_of::<Run>()
    }

    /// Takes the answer to the last question (None at first) and asks the next.
    pub fn step(&mut self, answer: Option<bool>) -> SortStep {
        let state = std::mem::replace(&mut self.state, State::Done);
        let is_less = answer.unwrap_or(false);
        match state {
            State::Start if self.order.len() < 2 => self.finish(),
            State::Start => self.find_run(0),
            State::Ascending { start, n } if is_less => self.after_ascending(start, n),
            State::Ascending { start, n } => self.ask_ascending(start, n + 1),
            State::AllEqual { start, n } if is_less => self.found_run(start, n),
            State::AllEqual { start, n } => {
                self.order[start..start + n].reverse();
                self.ask_descending(start, n + 1, 0)
            }
            State::Descending { start, n, n_equal } if is_less => {
                self.reverse_equals(start, n, n_equal);
                self.ask_descending(start, n + 1, 0)
            }
            State::Descending { start, n, n_equal } => {
                let (last, next) = (self.order[start + n - 1], self.order[start + n]);
                self.ask(State::DescendingEnds { start, n, n_equal }, last, next)
            }
            State::DescendingEnds { start, n, n_equal } if is_less => self.turn_round(start, n, n_equal),
            State::DescendingEnds { start, n, n_equal } => self.ask_descending(start, n + 1, n_equal + 1),
            State::Suffix { start, n } if is_less => self.found_run(start, n),
            State::Suffix { start, n } => self.ask_suffix(start, n + 1),
            State::Insert { start, end, at, left, right } => {
                let middle = (left + right) / 2;
                let (left, right) = if is_less { (left, middle) } else { (middle + 1, right) };
                self.ask_insert(start, end, at, left, right)
            }
            State::Gallop(gallop) => self.gallop_answered(gallop, is_less),
            State::Merge(merge) => self.merge_answered(merge, is_less),
            State::Done => SortStep::Done,
        }
    }

    /// The numbers of the items in their order; some permutation if the sort was abandoned before its end.
    pub fn into_order(mut self) -> Vec<u32> {
        match std::mem::replace(&mut self.state, State::Done) {
            State::Merge(merge) => self.put_back(&merge),
            State::Gallop(gallop) => {
                if let Some(merge) = gallop.merge_under_way() {
                    self.put_back(merge);
                }
            }
            State::Done => return self.order,
            _ => {}
        }
        if self.is_reversed {
            self.order.reverse();
        }
        self.order
    }

    fn ask(&mut self, state: State, lhs: u32, rhs: u32) -> SortStep {
        self.state = state;
        SortStep::Compare(lhs, rhs)
    }

    /// Whether the item `n` of the run at `start` is less than the one before it.
    fn ask_if_smaller(&mut self, state: State, start: usize, n: usize) -> SortStep {
        let (next, last) = (self.order[start + n], self.order[start + n - 1]);
        self.ask(state, next, last)
    }

    fn find_run(&mut self, start: usize) -> SortStep {
        if start == self.order.len() {
            return self.collapse();
        }
        self.ask_ascending(start, 1)
    }

    fn ask_ascending(&mut self, start: usize, n: usize) -> SortStep {
        if start + n == self.order.len() {
            return self.found_run(start, n);
        }
        self.ask_if_smaller(State::Ascending { start, n }, start, n)
    }

    /// An ascending run of `n` is ended by a smaller item. If all its items are equal it is the start of a descending one.
    fn after_ascending(&mut self, start: usize, n: usize) -> SortStep {
        if n == 1 {
            return self.ask_descending(start, 2, 0);
        }
        let (first, last) = (self.order[start], self.order[start + n - 1]);
        self.ask(State::AllEqual { start, n }, first, last)
    }

    fn ask_descending(&mut self, start: usize, n: usize, n_equal: usize) -> SortStep {
        if start + n == self.order.len() {
            return self.turn_round(start, n, n_equal);
        }
        self.ask_if_smaller(State::Descending { start, n, n_equal }, start, n)
    }

    /// The last `n_equal + 1` items are equal: turned round now, they are in their order after all is turned round.
    fn reverse_equals(&mut self, start: usize, n: usize, n_equal: usize) {
        self.order[start + n - n_equal - 1..start + n].reverse();
    }

    fn turn_round(&mut self, start: usize, n: usize, n_equal: usize) -> SortStep {
        self.reverse_equals(start, n, n_equal);
        self.order[start..start + n].reverse();
        self.ask_suffix(start, n)
    }

    fn ask_suffix(&mut self, start: usize, n: usize) -> SortStep {
        if start + n == self.order.len() {
            return self.found_run(start, n);
        }
        self.ask_if_smaller(State::Suffix { start, n }, start, n)
    }

    /// A sorted run of `n`: filled up if it is short.
    fn found_run(&mut self, start: usize, n: usize) -> SortStep {
        let end = start + n.max(self.min_run).min(self.order.len() - start);
        self.insert_next(start, end, start + n)
    }

    fn insert_next(&mut self, start: usize, end: usize, at: usize) -> SortStep {
        if at == end {
            return self.push_run(start, end - start);
        }
        self.ask_insert(start, end, at, start, at)
    }

    fn ask_insert(&mut self, start: usize, end: usize, at: usize, left: usize, right: usize) -> SortStep {
        if left < right {
            let (pivot, middle) = (self.order[at], self.order[(left + right) / 2]);
            return self.ask(State::Insert { start, end, at, left, right }, pivot, middle);
        }
        self.order[left..=at].rotate_right(1);
        self.insert_next(start, end, at + 1)
    }

    /// A run is complete. What lies deeper in the tree of merges than the border before it is merged first.
    fn push_run(&mut self, start: usize, len: usize) -> SortStep {
        let Some(last) = self.pending.last_mut() else {
            self.pending.push(Run { start, len, power: 0 });
            return self.find_run(start + len);
        };
        let power = power_of_border(last.start, last.len, len, self.order.len());
        if let [.., before, _] = self.pending[..]
            && before.power > power
        {
            let nth = self.pending.len() - 2;
            return self.merge_runs(nth, merge::Then::PushRun { start, len });
        }
        if let Some(last) = self.pending.last_mut() {
            last.power = power;
        }
        self.pending.push(Run { start, len, power: 0 });
        self.find_run(start + len)
    }

    /// All runs are found: merges them all.
    fn collapse(&mut self) -> SortStep {
        match self.pending[..] {
            [] | [_] => self.finish(),
            [.., before, _, after] if before.len < after.len => {
                let nth = self.pending.len() - 3;
                self.merge_runs(nth, merge::Then::Collapse)
            }
            [..] => {
                let nth = self.pending.len() - 2;
                self.merge_runs(nth, merge::Then::Collapse)
            }
        }
    }

    fn finish(&mut self) -> SortStep {
        if self.is_reversed {
            self.order.reverse();
        }
        self.state = State::Done;
        SortStep::Done
    }
}

/// The length up to which runs are filled: such that the number of runs is a power of two or a little less.
fn min_run(n_items: usize) -> usize {
    let (mut n, mut odd) = (n_items, 0);
    while n >= MAX_MINRUN {
        odd |= n & 1;
        n >>= 1;
    }
    n + odd
}

/// In a perfectly balanced tree of merges, the depth of the border between a run and the next one: how many binary places
/// the middles of the two, as fractions of the whole, have in common, and one more.
fn power_of_border(start: usize, len: usize, next_len: usize, n_items: usize) -> u32 {
    let whole = 2 * n_items as u128;
    let left = 2 * start as u128 + len as u128;
    let right = left + len as u128 + next_len as u128;
    let mut power = 1;
    while (left << power) / whole == (right << power) / whole {
        power += 1;
    }
    power
}

/// Sorts with a comparator that runs no script code, with the same questions.
pub fn order_by(mut sort: Sort, mut is_less: impl FnMut(u32, u32) -> bool) -> Vec<u32> {
    let mut answer = None;
    while let SortStep::Compare(lhs, rhs) = sort.step(answer) {
        answer = Some(is_less(lhs, rhs));
    }
    sort.into_order()
}

/// The order of ints.
pub fn order_of_ints(keys: &[i64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
    order.sort_by_key(|at| keys[*at as usize]);
    order
}

/// The order of floats. With a nan among them it depends on the questions asked, and so it is as CPython's.
pub fn order_of_floats(keys: &[f64]) -> Vec<u32> {
    if keys.iter().any(|key| key.is_nan()) {
        return order_by(Sort::new(keys.len()), |lhs, rhs| keys[lhs as usize] < keys[rhs as usize]);
    }
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
    let compare = |lhs: &u32, rhs: &u32| keys[*lhs as usize].partial_cmp(&keys[*rhs as usize]);
    order.sort_by(|lhs, rhs| compare(lhs, rhs).unwrap_or(std::cmp::Ordering::Equal));
    order
}

/// The order of texts, or of bytes.
pub fn order_of_texts(keys: &[&[u8]]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
    order.sort_by_key(|at| keys[*at as usize]);
    order
}

#[cfg(test)]
mod tests;
