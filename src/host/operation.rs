//! What the outside world will finish: operations, as plain data, and the futures behind them.
//!
//! ```text
//! start(HostOp) → OpId …the fiber suspends… take_completed() → (OpId, OpResult) …the fiber goes on
//!                    └── or cancel(OpId)
//! ```
//!
//! | operation | done by | cancelling it |
//! | --- | --- | --- |
//! | `Resolve`, `NameOf` | the runtime's blocking pool | detaches: the thread ends its call, nobody hears of it |
//! | `StandardInput` | the readiness set | drops the watch; nothing was read |
//! | `StreamWritable` | the readiness set | drops the watch; what was accepted is written later |
//! | `Call` | the embedder's future | drops the future |
//!
//! No operation on a descriptor holds bytes: it only says that the caller may try again. So cancelling loses nothing.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use tokio::task::JoinHandle;

use super::address::Address;
use super::error::{HostError, HostResult};
use super::ready::INTERNAL;
use super::resolve::{ResolveQuery, Resolved};
use super::stream::StandardStream;
use super::wake::{OperationWaker, Shared};

/// The number of an operation; never used again within an engine's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OpId(u64);

impl OpId {
    fn new(place: usize, generation: u32) -> OpId {
        OpId(u64::from(generation) << 32 | place as u64)
    }

    fn place(self) -> usize {
        self.0 as u32 as usize
    }
}

/// What somebody waits for, as plain data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostOp {
    /// The addresses of a host (`getaddrinfo`): completes with `Addresses`.
    Resolve(Box<ResolveQuery>),
    /// The names of an address (`getnameinfo`): completes with `Names`.
    NameOf { address: Box<Address>, flags: i32 },
    /// Something can be read from standard input, or it is at its end: completes with `Done`; then `read_input`.
    StandardInput,
    /// A standard stream has taken what was written to it: completes with `Done`.
    StreamWritable(StandardStream),
    /// An async function of the embedder, by a number of his: completes with `Value`.
    Call(u64),
}

/// What an operation gave.
pub enum OpOutput {
    Done,
    Addresses(Vec<Resolved>),
    Names { host: String, service: String },
    Value(HostValue),
}

/// What an embedder's async function gives; only the embedder and the engine's wiring know what it is.
pub type HostValue = Box<dyn Any + Send>;

/// How an operation ended.
pub type OpResult = HostResult<OpOutput>;

/// An async function of the embedder under way.
pub type HostFuture = Pin<Box<dyn Future<Output = OpResult> + Send>>;

impl fmt::Debug for OpOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpOutput::Done => f.write_str("Done"),
            OpOutput::Addresses(addresses) => f.debug_tuple("Addresses").field(addresses).finish(),
            OpOutput::Names { host, service } => f.debug_tuple("Names").field(host).field(service).finish(),
            OpOutput::Value(_) => f.write_str("Value(..)"),
        }
    }
}

/// Who does the work.
pub(super) enum Work {
    /// A thread of the blocking pool.
    Pool(JoinHandle<OpResult>),
    /// Whatever the embedder awaits.
    Future(HostFuture),
    /// The readiness set, which watches this duplicate of a descriptor of the process.
    Descriptor(OwnedFd),
    /// Nobody: it is done already.
    Finished(OpResult),
}

struct Pending {
    op: HostOp,
    work: Work,
    waker: Arc<OperationWaker>,
}

struct Slot {
    generation: u32,
    pending: Option<Pending>,
}

/// The operations of an engine.
#[derive(Default)]
pub(super) struct Operations {
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// Done, and not yet taken, in the order they were done.
    completed: Vec<(OpId, OpResult)>,
    /// Reused by each round of polling.
    woken: Vec<OpId>,
    pending: usize,
}

impl Operations {
    /// Operations that are not done, or done and not taken.
    pub fn in_flight(&self) -> usize {
        self.pending + self.completed.len()
    }

    /// Whether any is done and not taken.
    pub fn any_completed(&self) -> bool {
        !self.completed.is_empty()
    }

    /// Takes up an operation.
    pub fn start(&mut self, shared: &Arc<Shared>, op: HostOp, work: Work) -> OpId {
        let place = self.free.pop().map_or(self.slots.len(), |place| place as usize);
        if place == self.slots.len() {
            self.slots.push(Slot { generation: 0, pending: None });
        }
        let id = OpId::new(place, self.slots[place].generation);
        let waker = OperationWaker::new(shared, id);
        let wakes_itself = matches!(work, Work::Descriptor(_));
        self.slots[place].pending = Some(Pending { op, work, waker: Arc::clone(&waker) });
        self.pending += 1;
        if !wakes_itself {
            // The first poll of a future happens where all others do.
            Waker::from(waker).wake();
        }
        id
    }

    /// What an operation that is not done is for: reports name it.
    pub fn describe(&self, id: OpId) -> Option<&HostOp> {
        let slot = self.slots.get(id.place())?;
        let pending = slot.pending.as_ref()?;
        (OpId::new(id.place(), slot.generation) == id).then_some(&pending.op)
    }

    /// Forgets an operation that is done and not taken; false if it is not.
    pub fn forget_completed(&mut self, id: OpId) -> bool {
        let listed = self.completed.len();
        self.completed.retain(|(done, _)| *done != id);
        self.completed.len() < listed
    }

    /// Takes an operation out that is not done: what is behind it is the caller's to end.
    pub fn remove(&mut self, id: OpId) -> Option<Work> {
        self.describe(id)?;
        let slot = &mut self.slots[id.place()];
        let work = slot.pending.take().map(|pending| pending.work);
        // The top bit of an event's data says that it is the host's own.
        slot.generation = (slot.generation + 1) & (u32::MAX >> 1);
        self.free.push(id.place() as u32);
        self.pending -= 1;
        work
    }

    /// Polls the futures that were woken.
    pub fn poll_woken(&mut self, shared: &Shared) {
        let mut woken = std::mem::take(&mut self.woken);
        shared.take_woken(&mut woken);
        for id in woken.drain(..) {
            if let Some(result) = self.poll(id) {
                self.remove(id);
                self.complete(id, result);
            }
        }
        self.woken = woken;
    }

    fn poll(&mut self, id: OpId) -> Option<OpResult> {
        self.describe(id)?;
        let pending = self.slots[id.place()].pending.as_mut()?;
        pending.waker.unlist();
        let waker = Waker::from(Arc::clone(&pending.waker));
        let mut cx = Context::from_waker(&waker);
        match &mut pending.work {
            Work::Pool(job) => match Pin::new(job).poll(&mut cx) {
                Poll::Ready(joined) => Some(joined.unwrap_or_else(|_| Err(HostError::abandoned()))),
                Poll::Pending => None,
            },
            Work::Future(future) => match future.as_mut().poll(&mut cx) {
                Poll::Ready(result) => Some(result),
                Poll::Pending => None,
            },
            Work::Descriptor(_) => None,
            Work::Finished(result) => Some(std::mem::replace(result, Ok(OpOutput::Done))),
        }
    }

    /// An operation that was taken out is done.
    pub fn complete(&mut self, id: OpId, result: OpResult) {
        self.completed.push((id, result));
    }

    /// Hands out what is done.
    pub fn take_completed(&mut self, into: &mut Vec<(OpId, OpResult)>) {
        into.append(&mut self.completed);
    }

    /// The duplicate of a descriptor that the readiness set watches for an operation.
    pub fn descriptor(&self, id: OpId) -> Option<BorrowedFd<'_>> {
        match &self.slots.get(id.place())?.pending.as_ref()?.work {
            Work::Descriptor(fd) => Some(fd.as_fd()),
            Work::Pool(_) | Work::Future(_) | Work::Finished(_) => None,
        }
    }
}

/// What an event of the readiness set about this operation carries.
pub(super) fn event_data(id: OpId) -> u64 {
    id.0 | INTERNAL
}

/// The operation that an event of the readiness set is about.
pub(super) fn operation_of_event(data: u64) -> OpId {
    OpId(data & !INTERNAL)
}
