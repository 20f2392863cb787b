//! Programs over three sets of numbers, with CPython 3.13's order after each step.
//!
//! A line of `scenarios.txt` is the hashes of the keys, then steps `target:operation:arguments=the keys in order`.

use super::*;

/// A set of numbered keys, kept as the callers keep theirs.
#[derive(Clone, Default)]
struct Model {
    table: SetTable,
    entries: Vec<Option<usize>>,
}

struct Machine {
    hashes: Vec<u64>,
    sets: [Model; 3],
}

impl Model {
    fn find(&self, hashes: &[u64], key: usize) -> Option<u32> {
        self.table.find(hashes[key], |entry_idx| self.entries[entry_idx as usize] == Some(key))
    }

    fn rebuild(&mut self, minimum: usize, hashes: &[u64]) {
        let expected = self.table.bytes_after_rebuild(minimum);
        self.table.rebuild(minimum, |entry_idx| hashes[self.entries[entry_idx as usize].expect("alive")]);
        self.entries.retain(Option::is_some);
        assert_eq!(self.table.bytes(), expected);
    }

    fn add(&mut self, hashes: &[u64], key: usize) {
        if self.find(hashes, key).is_some() {
            return;
        }
        if self.table.wants_compacting() {
            self.table.compact();
            self.entries.retain(Option::is_some);
        }
        let (before, charged) = (self.table.bytes(), self.table.bytes_of_next_insert());
        let is_full = self.table.insert(hashes[key], true);
        self.entries.push(Some(key));
        if is_full {
            self.rebuild(self.table.growth(), hashes);
        }
        assert_eq!(self.table.entry_count(), self.entries.len());
        assert!(self.table.bytes() == before || self.table.bytes() <= charged);
    }

    fn discard(&mut self, hashes: &[u64], key: usize) -> bool {
        let Some(entry_idx) = self.find(hashes, key) else { return false };
        self.table.remove(hashes[key], entry_idx, true);
        self.entries[entry_idx as usize] = None;
        true
    }

    fn merge(&mut self, hashes: &[u64], other: &Model) {
        if let Some(minimum) = self.table.presize(other.table.len()) {
            self.rebuild(minimum, hashes);
        }
        if self.table.can_copy_layout(&other.table) {
            self.table.copy_layout(&other.table);
            self.entries = other.entries.clone();
            return;
        }
        other.keys().into_iter().for_each(|key| self.add(hashes, key));
    }

    fn copy(&self, hashes: &[u64]) -> Model {
        let mut copy = Model::default();
        copy.merge(hashes, self);
        copy
    }

    fn keys(&self) -> Vec<usize> {
        let positions = 0..self.table.position_count();
        positions.filter_map(|at| self.entries[self.table.entry_at(at)? as usize]).collect()
    }

    fn intersection(&self, hashes: &[u64], other: &Model) -> Model {
        let (walked, searched) = if other.table.len() > self.table.len() { (self, other) } else { (other, self) };
        walked.filtered(hashes, |key| searched.find(hashes, key).is_some())
    }

    fn filtered(&self, hashes: &[u64], keeps: impl Fn(usize) -> bool) -> Model {
        let mut result = Model::default();
        self.keys().into_iter().filter(|key| keeps(*key)).for_each(|key| result.add(hashes, key));
        result
    }

    fn subtract(&mut self, hashes: &[u64], other: &Model) {
        other.keys().into_iter().for_each(|key| _ = self.discard(hashes, key));
        if self.table.has_many_dummies() {
            self.rebuild(self.table.growth(), hashes);
        }
    }

    fn toggle(&mut self, hashes: &[u64], other: &Model) {
        for key in other.keys() {
            if !self.discard(hashes, key) {
                self.add(hashes, key);
            }
        }
    }

    fn pop(&mut self, hashes: &[u64]) -> usize {
        let entry_idx = self.table.choose_for_pop(|at| self.entries[at as usize].is_some()).expect("not empty");
        let key = self.entries[entry_idx as usize].expect("alive");
        assert!(self.discard(hashes, key));
        key
    }

    fn replace(&mut self, other: Model) {
        self.table.replace(other.table);
        self.entries = other.entries;
    }
}

impl Machine {
    fn step(&mut self, target: usize, operation: &str, arguments: &[usize]) {
        let (hashes, sets) = (self.hashes.as_slice(), &self.sets);
        let operand = |at: usize| &sets[arguments[at]];
        let mut set = sets[target].clone();
        match operation {
            "add" | "addmany" | "update" => arguments.iter().for_each(|key| set.add(hashes, *key)),
            "discard" => _ = set.discard(hashes, arguments[0]),
            "pop" | "popmany" => arguments.iter().for_each(|key| assert_eq!(set.pop(hashes), *key)),
            "clear" => set.replace(Model::default()),
            "list" | "frozen" => {
                let mut listed = Model::default();
                arguments.iter().for_each(|key| listed.add(hashes, *key));
                set = if operation == "list" { listed } else { listed.copy(hashes) };
            }
            "dict" => {
                let mut keys: Vec<usize> = Vec::new();
                arguments.iter().for_each(|key| {
                    if !keys.contains(key) {
                        keys.push(*key)
                    }
                });
                if let Some(minimum) = set.table.presize(keys.len()) {
                    set.rebuild(minimum, hashes);
                }
                keys.into_iter().for_each(|key| set.add(hashes, key));
            }
            "copy" => set = operand(0).copy(hashes),
            "or" => {
                set = operand(0).copy(hashes);
                if arguments[0] != arguments[1] {
                    set.merge(hashes, operand(1));
                }
            }
            "and" => {
                let same = arguments[0] == arguments[1];
                set = if same { operand(0).copy(hashes) } else { operand(0).intersection(hashes, operand(1)) };
            }
            "sub" if operand(0).table.len() / 4 > operand(1).table.len() => {
                set = operand(0).copy(hashes);
                set.subtract(hashes, operand(1));
            }
            "sub" => set = operand(0).filtered(hashes, |key| operand(1).find(hashes, key).is_none()),
            "xor" => {
                set = operand(1).copy(hashes);
                set.toggle(hashes, operand(0));
            }
            "ior" if arguments[0] == target => {}
            "ior" => set.merge(hashes, operand(0)),
            "iand" if arguments[0] == target => set.replace(set.clone().copy(hashes)),
            "iand" => set.replace(set.intersection(hashes, operand(0))),
            "isub" | "ixor" if arguments[0] == target => set.replace(Model::default()),
            "isub" => set.subtract(hashes, operand(0)),
            "ixor" => set.toggle(hashes, operand(0)),
            _ => panic!("{operation}"),
        }
        self.sets[target] = set;
    }
}

fn numbers(text: &str) -> Vec<usize> {
    text.split('.').filter(|part| !part.is_empty()).map(|part| part.parse().expect("a key")).collect()
}

fn run_scenario(line: &str) {
    let (hashes, steps) = line.split_once(';').expect("hashes; steps");
    let hashes = hashes.split(',').map(|hash| hash.parse::<i64>().expect("a hash") as u64).collect();
    let mut machine = Machine { hashes, sets: Default::default() };
    for (nth, step) in steps.split(' ').enumerate() {
        let (action, order) = step.split_once('=').expect("step=order");
        let [target, operation, arguments] = action.split(':').collect::<Vec<_>>()[..] else { panic!("{action}") };
        let target: usize = target.parse().expect("a set");
        machine.step(target, operation, &numbers(arguments));
        assert_eq!(machine.sets[target].keys(), numbers(order), "step {nth}: {action} in {line:.200}");
    }
}

#[test]
fn numbers_iterate_as_in_cpython() {
    include_str!("scenarios.txt").lines().for_each(run_scenario);
    // More of them, made by hand when the algorithm changes.
    if let Ok(path) = std::env::var("ASPEN_SET_SCENARIOS") {
        std::fs::read_to_string(path).expect("a file").lines().for_each(run_scenario);
    }
}

#[test]
fn others_iterate_by_insertion() {
    let mut table = SetTable::new();
    for key in [5u64, 3, 9] {
        assert!(!table.insert(key, key != 3));
    }
    assert!(!table.iterates_by_slots());
    let order: Vec<_> = (0..table.position_count()).map(|position| table.entry_at(position)).collect();
    assert_eq!(order, [Some(0), Some(1), Some(2)]);
    assert_eq!(table.choose_for_pop(|_| true), Some(0));
    table.remove(5, 0, true);
    assert_eq!(table.choose_for_pop(|entry_idx| entry_idx != 0), Some(1));
    table.remove(3, 1, false);
    assert!(table.iterates_by_slots());
}
