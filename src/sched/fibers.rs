//! The fibers of an engine that do not run: those that can go on, in order, and those that wait.
//!
//! The order is CPython's in practice: a wake-up appends to the end of the queue, the starter of a thread goes to its
//! front, and a fiber at the end of its quantum to its end. A wake-up beats a deadline that comes at the same moment.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::call::fiber::{FiberId, FiberLocals, Wait};
use crate::host::{Nanos, OpId, OpOutput, WatchId};
use crate::types::printing::Printing;
use crate::value::{Exc, Gray, Id, Value, Want};
use crate::vm::fiber::Fiber;
use crate::vm::text::Texts;

/// A fiber that does not run now.
pub struct Resting {
    pub fiber: Fiber,
    pub locals: FiberLocals,
    /// Containers whose `repr` is under way.
    pub printing: Printing,
    pub rest: Rest,
}

/// Why a fiber does not run, and what it needs to go on.
pub enum Rest {
    /// Its quantum was over, or it has not begun.
    Ready,
    /// Its wait is over.
    Answered { answer: Answer, to: (u8, Want) },
    /// It waits.
    Parked(Parking),
}

/// A wait under way.
pub struct Parking {
    pub wait: Wait,
    /// Where the answer goes.
    pub to: (u8, Want),
    /// The operation that is waited for.
    pub operation: Option<OpId>,
    /// The watch that the scheduler keeps meanwhile.
    pub watch: Option<WatchId>,
}

/// How a wait ended.
pub enum Answer {
    Woken,
    TimedOut,
    /// This was raised instead.
    Raised(Id<Exc>),
    /// The operation is done.
    Output(OpOutput),
}

/// All fibers but the running one.
#[derive(Default)]
pub struct Fibers {
    resting: BTreeMap<FiberId, Box<Resting>>,
    runnable: VecDeque<FiberId>,
    /// Of those parked that have one.
    deadlines: BTreeSet<(Nanos, FiberId)>,
    operations: HashMap<OpId, FiberId>,
    /// The number of the last fiber made.
    n_made: u64,
}

impl Fibers {
    /// A number for a new fiber.
    pub fn next_id(&mut self) -> FiberId {
        self.n_made = self.n_made.max(FiberId::MAIN.0) + 1;
        FiberId(self.n_made)
    }

    /// A fiber that can go on goes to the end of the queue.
    pub fn append(&mut self, resting: Box<Resting>) {
        let id = resting.locals.id;
        self.resting.insert(id, resting);
        self.runnable.push_back(id);
    }

    /// A fiber that can go on is the next one.
    pub fn prepend(&mut self, resting: Box<Resting>) {
        let id = resting.locals.id;
        self.resting.insert(id, resting);
        self.runnable.push_front(id);
    }

    /// A fiber begins to wait.
    pub fn park(&mut self, resting: Box<Resting>) {
        let id = resting.locals.id;
        let Rest::Parked(parking) = &resting.rest else { crate::bug!("a fiber that is parked waits") };
        self.deadlines.extend(parking.wait.deadline.map(|deadline| (deadline, id)));
        self.operations.extend(parking.operation.map(|operation| (operation, id)));
        self.resting.insert(id, resting);
    }

    /// Ends a wait: the fiber goes to the end of the queue. None if it does not wait; otherwise what it waited with.
    pub fn wake(&mut self, id: FiberId, answer: Answer) -> Option<Parking> {
        let resting = self.resting.get_mut(&id)?;
        let Rest::Parked(parking) = &resting.rest else { return None };
        let rest = Rest::Answered { answer, to: parking.to };
        let Rest::Parked(parking) = std::mem::replace(&mut resting.rest, rest) else { return None };
        if let Some(deadline) = parking.wait.deadline {
            self.deadlines.remove(&(deadline, id));
        }
        if let Some(operation) = parking.operation {
            self.operations.remove(&operation);
        }
        self.runnable.push_back(id);
        Some(parking)
    }

    /// The fiber that runs next.
    pub fn take_next(&mut self) -> Option<Box<Resting>> {
        let id = self.runnable.pop_front()?;
        Some(self.resting.remove(&id).expect("what can run rests"))
    }

    /// Whether any could run.
    pub fn any_runnable(&self) -> bool {
        !self.runnable.is_empty()
    }

    /// Who waits for this operation.
    pub fn of_operation(&self, operation: OpId) -> Option<FiberId> {
        self.operations.get(&operation).copied()
    }

    /// The next moment at which a wait ends by itself.
    pub fn first_deadline(&self) -> Option<Nanos> {
        self.deadlines.first().map(|&(deadline, _)| deadline)
    }

    /// A fiber whose deadline has come.
    pub fn expired(&self, now: Nanos) -> Option<FiberId> {
        self.deadlines.first().filter(|&&(deadline, _)| deadline <= now).map(|&(_, id)| id)
    }

    /// What a fiber waits with, if it waits.
    pub fn parking(&self, id: FiberId) -> Option<&Parking> {
        match &self.resting.get(&id)?.rest {
            Rest::Parked(parking) => Some(parking),
            Rest::Ready | Rest::Answered { .. } => None,
        }
    }

    /// All of them, in order of creation.
    pub fn iter(&self) -> impl Iterator<Item = &Resting> {
        self.resting.values().map(|resting| &**resting)
    }

    /// Whether there is such a fiber, and it does not run.
    pub fn contains(&self, id: FiberId) -> bool {
        self.resting.contains_key(&id)
    }

    /// Those that are waited for at the end.
    pub fn n_to_join(&self) -> usize {
        self.iter().filter(|resting| !resting.locals.is_daemon && resting.locals.id != FiberId::MAIN).count()
    }

    /// Drops all; gives what they waited with.
    pub fn clear(&mut self) -> Vec<Parking> {
        self.runnable.clear();
        self.deadlines.clear();
        self.operations.clear();
        let all = std::mem::take(&mut self.resting).into_values();
        all.filter_map(|resting| match resting.rest {
            Rest::Parked(parking) => Some(parking),
            Rest::Ready | Rest::Answered { .. } => None,
        })
        .collect()
    }

    /// Everything that they keep alive.
    pub fn trace(&self, texts: &Texts, gray: &mut Gray) {
        for resting in self.resting.values() {
            resting.fiber.trace(texts, gray);
            resting.locals.trace(gray);
            resting.printing.trace(gray);
            match &resting.rest {
                Rest::Parked(parking) => gray.extend(Some(parking.wait.object).filter(Value::is_handle)),
                Rest::Answered { answer: Answer::Raised(exc), .. } => gray.push(Value::Exc(*exc)),
                Rest::Answered { .. } | Rest::Ready => {}
            }
        }
    }

    /// Bytes of their stacks.
    pub fn bytes(&self) -> usize {
        self.resting.values().map(|resting| resting.fiber.bytes() + size_of::<Resting>()).sum()
    }
}
