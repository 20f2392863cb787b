//! How an engine that waits is woken from outside.
//!
//! `Shared` is the only part of a host that other threads touch: a word of flags, the list of operations that can go on,
//! and the waker of whoever polls the engine. Each operation has a waker of its own that adds its number to the list, so
//! that a hundred thousand pending operations cost nothing until one of them can go on.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

use super::operation::OpId;

const WOKEN: u32 = 1;
const CANCELLED: u32 = 2;
const OPERATIONS: u32 = 4;

/// What a host shares with its operations and with the embedder's threads.
#[derive(Default)]
pub(super) struct Shared {
    /// What is to be looked at: the bits above.
    flags: AtomicU32,
    lists: Mutex<Lists>,
}

#[derive(Default)]
struct Lists {
    /// Operations whose future can go on, in the order they were woken.
    woken: Vec<OpId>,
    /// Whoever polls the engine, while it waits.
    driver: Option<Waker>,
}

impl Shared {
    fn lists(&self) -> MutexGuard<'_, Lists> {
        // The lists are whole between any two statements, so a panic elsewhere does not spoil them.
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn raise(&self, flag: u32, woken: Option<OpId>) {
        let driver = {
            let mut lists = self.lists();
            lists.woken.extend(woken);
            self.flags.fetch_or(flag, Ordering::Release);
            lists.driver.take()
        };
        // Outside the lock: whoever is woken may be here at once.
        if let Some(driver) = driver {
            driver.wake();
        }
    }

    /// An operation can go on.
    pub fn wake_operation(&self, op: OpId) {
        self.raise(OPERATIONS, Some(op));
    }

    /// Whether the embedder did anything that a waiting engine has to look at.
    pub fn called(&self) -> bool {
        self.flags.load(Ordering::Acquire) & (WOKEN | CANCELLED) != 0
    }

    /// Moves the operations that can go on to `into`.
    pub fn take_woken(&self, into: &mut Vec<OpId>) {
        if self.flags.load(Ordering::Acquire) & OPERATIONS != 0 {
            let mut lists = self.lists();
            self.flags.fetch_and(!OPERATIONS, Ordering::AcqRel);
            into.append(&mut lists.woken);
        }
    }

    /// From here on, whatever happens wakes this waker; false if something has happened already.
    pub fn wait_with(&self, waker: &Waker) -> bool {
        let mut lists = self.lists();
        match &lists.driver {
            Some(driver) if driver.will_wake(waker) => {}
            _ => lists.driver = Some(waker.clone()),
        }
        self.flags.load(Ordering::Acquire) == 0
    }

    fn take(&self, flag: u32) -> bool {
        self.flags.load(Ordering::Acquire) & flag != 0 && self.flags.fetch_and(!flag, Ordering::AcqRel) & flag != 0
    }

    /// Whether the engine was woken since this was asked last.
    pub fn take_wake(&self) -> bool {
        self.take(WOKEN)
    }

    /// Whether the engine was cancelled since this was asked last.
    pub fn take_cancel(&self) -> bool {
        self.take(CANCELLED)
    }

    /// Whether the engine was cancelled, and nobody has taken notice yet.
    pub fn cancelled(&self) -> bool {
        self.flags.load(Ordering::Relaxed) & CANCELLED != 0
    }
}

/// The embedder's handle on an engine that runs or waits somewhere: wakes it or cancels it, from any thread.
#[derive(Clone)]
pub struct Interrupt {
    shared: Arc<Shared>,
}

impl Interrupt {
    pub(super) fn new(shared: Arc<Shared>) -> Interrupt {
        Interrupt { shared }
    }

    /// Ends the engine's wait, so that it looks at what the embedder put somewhere (`call_soon_threadsafe`).
    pub fn wake(&self) {
        self.shared.raise(WOKEN, None);
    }

    /// Asks the engine to stop what it runs: no script can catch this.
    pub fn cancel(&self) {
        self.shared.raise(CANCELLED, None);
    }

    /// Whether the engine was asked to stop and has not taken notice yet: one relaxed load.
    pub fn cancelled(&self) -> bool {
        self.shared.cancelled()
    }
}

/// Wakes one operation.
pub(super) struct OperationWaker {
    shared: Arc<Shared>,
    op: OpId,
    /// In the list already.
    listed: AtomicBool,
}

impl OperationWaker {
    pub fn new(shared: &Arc<Shared>, op: OpId) -> Arc<OperationWaker> {
        Arc::new(OperationWaker { shared: Arc::clone(shared), op, listed: AtomicBool::new(false) })
    }

    /// The future is about to be polled: the next wake counts again.
    pub fn unlist(&self) {
        self.listed.store(false, Ordering::Release);
    }
}

impl Wake for OperationWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.listed.swap(true, Ordering::AcqRel) {
            self.shared.wake_operation(self.op);
        }
    }
}
