//! How an engine waits: on a tokio runtime, as one future.
//!
//! ```text
//! the kernel ── descriptor ready ──→ our epoll set ── tokio watches the set itself ─┐
//! tokio's timer ── the next deadline ───────────────────────────────────────────────┤
//! a thread of the pool, the embedder's future ── its waker ── the list in Shared ───┼──→ the task that polls the engine
//! Interrupt, another thread ── Shared ──────────────────────────────────────────────┘
//! ```
//!
//! tokio reports our set once when something in it *becomes* ready. So before waiting, the set itself must have been found
//! empty: what was ready before and is ready still makes no new report. `seen_empty` remembers that, and saves the
//! system call where the scheduler has just asked.
//!
//! Set and timer belong to the runtime that they were made on; when the engine is polled on another one, both are made anew.
//! Threads don't matter: the whole host is `Send`.

use std::future::Future;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use rustix::event::epoll::{self, CreateFlags};
use tokio::net::unix::pipe::Receiver;
use tokio::runtime::{self, Handle};
use tokio::time::{Instant, Sleep};

use super::Host;
use super::clock::Nanos;
use super::error::{HostError, HostResult};
use super::operation::{OpOutput, operation_of_event};
use super::signal::SIGNALS_EVENT;
use super::stream::Written;

/// No wait is longer; the engine then looks again.
const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// The readiness set's own descriptor, and who watches it.
#[derive(Default)]
enum Set {
    #[default]
    None,
    /// Nobody waits yet.
    Unwatched(OwnedFd),
    /// The runtime with this number watches it. A `Receiver` owns any descriptor and only ever waits for it here; it is
    /// never read from. (`AsyncFd` would say more plainly what is meant, but making one is unsafe.)
    Watched(runtime::Id, Receiver),
}

impl Set {
    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Set::None => None,
            Set::Unwatched(owned) => Some(owned.as_fd()),
            Set::Watched(_, receiver) => Some(receiver.as_fd()),
        }
    }
}

struct Timer {
    runtime: runtime::Id,
    deadline: Nanos,
    sleep: Pin<Box<Sleep>>,
}

/// What an engine waits with.
#[derive(Default)]
pub(super) struct Waiting {
    set: Set,
    timer: Option<Timer>,
    /// The end of the time that the engine may run.
    limit: Option<Timer>,
    /// The set was empty when it was asked last, and whatever came since has been reported to tokio.
    seen_empty: bool,
}

impl Waiting {
    /// The readiness set, if there is one.
    pub fn set(&self) -> Option<BorrowedFd<'_>> {
        self.set.descriptor()
    }

    /// The readiness set, made if there is none.
    pub fn open(&mut self) -> HostResult<BorrowedFd<'_>> {
        if matches!(self.set, Set::None) {
            self.set = Set::Unwatched(epoll::create(CreateFlags::CLOEXEC)?);
        }
        self.set.descriptor().ok_or_else(HostError::bad_descriptor)
    }

    /// Has the current runtime watch the set.
    fn watch_set(&mut self, runtime: runtime::Id) -> HostResult<()> {
        let owned = match std::mem::take(&mut self.set) {
            Set::None => return Ok(()),
            Set::Watched(watching, receiver) if watching == runtime => {
                self.set = Set::Watched(watching, receiver);
                return Ok(());
            }
            Set::Watched(_, receiver) => receiver.into_nonblocking_fd()?,
            Set::Unwatched(owned) => owned,
        };
        self.seen_empty = false;
        self.set = Set::Watched(runtime, Receiver::from_owned_fd_unchecked(owned)?);
        Ok(())
    }

    /// Whether the deadline, which is `left` ahead, has come; otherwise it will wake the task.
    fn poll_timer(&mut self, cx: &mut Context<'_>, runtime: runtime::Id, deadline: Nanos, left: Duration) -> bool {
        let due = Instant::now() + left.min(LONGEST_WAIT);
        match &mut self.timer {
            Some(timer) if timer.runtime == runtime => {
                if timer.deadline != deadline || timer.sleep.is_elapsed() {
                    timer.deadline = deadline;
                    timer.sleep.as_mut().reset(due);
                }
            }
            timer => *timer = Some(Timer { runtime, deadline, sleep: Box::pin(tokio::time::sleep_until(due)) }),
        }
        let Some(timer) = &mut self.timer else { return false };
        timer.sleep.as_mut().poll(cx).is_ready()
    }
}

impl Host {
    /// Waits until something happens outside or the deadline comes: the caller says with it that nothing of the engine
    /// can run. Ready says only that it is worth looking: at `poll_ready`, `take_completed`, `take_signals`, the clock,
    /// and what the `Interrupt` brought.
    ///
    /// Under virtual time, with nothing in flight and nothing ready, the clock jumps to the deadline.
    ///
    /// Must be polled on a tokio runtime with time and I/O enabled; the error says so if there is no runtime.
    pub fn wait(&mut self, cx: &mut Context<'_>, deadline: Option<Nanos>) -> Poll<HostResult<()>> {
        match self.wait_or_register(cx, deadline) {
            Ok(true) => Poll::Ready(Ok(())),
            Ok(false) => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }

    fn wait_or_register(&mut self, cx: &mut Context<'_>, deadline: Option<Nanos>) -> HostResult<bool> {
        self.clock.catch_up();
        self.operations.poll_woken(&self.shared);
        if self.has_news() {
            return Ok(true);
        }
        let left = deadline.map(|deadline| deadline - self.clock.now());
        if left.is_some_and(|left| left <= 0) {
            return Ok(true);
        }
        if self.clock.is_virtual() && self.in_flight() == 0 && deadline.is_some() {
            if !self.fetch()? {
                self.clock.jump_to(deadline.unwrap_or_default());
            }
            return Ok(true);
        }
        if !self.shared.wait_with(cx.waker()) {
            // Something came just now. If it is an operation, the runtime has its turn before we look.
            cx.waker().wake_by_ref();
            return Ok(self.has_news());
        }
        let left = left.map(|left| Duration::from_nanos(left.unsigned_abs()));
        if self.poll_runtime(cx, deadline.zip(left))? {
            return Ok(true);
        }
        if self.in_flight() > 0 {
            self.clock.run_in_real_time();
        }
        Ok(false)
    }

    /// What tokio is needed for: the deadline and the readiness set.
    fn poll_runtime(&mut self, cx: &mut Context<'_>, deadline: Option<(Nanos, Duration)>) -> HostResult<bool> {
        if deadline.is_none() && self.ready.registered == 0 {
            return Ok(false);
        }
        let runtime = Handle::try_current().map_err(|_| HostError::no_runtime())?.id();
        if let Some((deadline, left)) = deadline
            && self.waiting.poll_timer(cx, runtime, deadline, left)
        {
            return Ok(true);
        }
        if let Some(set) = self.waiting.set.descriptor() {
            self.ready.settle(set, &mut self.table);
        }
        if self.ready.registered == 0 {
            return Ok(false);
        }
        self.waiting.watch_set(runtime)?;
        self.poll_set(cx)
    }

    /// Whether anything of the readiness set is ready; otherwise the set will wake the task.
    fn poll_set(&mut self, cx: &mut Context<'_>) -> HostResult<bool> {
        loop {
            let Set::Watched(_, receiver) = &self.waiting.set else { return Ok(false) };
            match receiver.poll_read_ready(cx) {
                Poll::Pending if self.waiting.seen_empty => return Ok(false),
                Poll::Pending => {
                    if self.fetch()? {
                        return Ok(true);
                    }
                }
                Poll::Ready(Err(error)) => return Err(error.into()),
                Poll::Ready(Ok(())) => {
                    // tokio forgets its report only if the set was empty after the report was made.
                    let (ready, table) = (&mut self.ready, &mut self.table);
                    let mut found = Ok(true);
                    let _ = receiver.try_io(|| {
                        found = ready.fetch(receiver.as_fd(), table);
                        if found == Ok(false) { Err(io::Error::from(io::ErrorKind::WouldBlock)) } else { Ok(()) }
                    });
                    self.waiting.seen_empty = !found?;
                    self.answer_own_reports();
                    if self.has_news() {
                        return Ok(true);
                    }
                }
            }
        }
    }

    /// Whether there is anything for the caller of `wait` to look at.
    fn has_news(&self) -> bool {
        !self.ready.reports.is_empty() || self.operations.any_completed() || self.shared.called() || self.signals.any()
    }

    /// Asks the kernel what is ready, without waiting; true if there is any news.
    pub(super) fn fetch(&mut self) -> HostResult<bool> {
        if let Some(set) = self.waiting.set.descriptor() {
            let found = self.ready.fetch(set, &mut self.table)?;
            self.waiting.seen_empty = !found;
            self.answer_own_reports();
        }
        Ok(self.has_news())
    }

    /// Deals with what was reported of the host's own descriptors, and leaves the rest.
    fn answer_own_reports(&mut self) {
        if self.ready.own_reports == 0 {
            return;
        }
        let own = self.ready.take_own_reports();
        for data in own {
            if data == SIGNALS_EVENT {
                self.signals.drain();
            } else {
                self.finish_watched_operation(data);
            }
        }
    }

    /// An operation that waits for a descriptor can end, unless a stream is still full.
    fn finish_watched_operation(&mut self, data: u64) {
        let op = operation_of_event(data);
        let result = match self.flush_for(op) {
            Ok(Written::Full) => return,
            Ok(Written::Done) => Ok(OpOutput::Done),
            Err(error) => Err(error),
        };
        if let Some(work) = self.operations.remove(op) {
            self.end_work(work);
            self.operations.complete(op, result);
        }
    }
}

impl Host {
    /// Whether a moment of real time has come; otherwise it will wake the task. Needs a runtime, like `wait`.
    pub fn poll_limit(&mut self, cx: &mut Context<'_>, moment: std::time::Instant) -> bool {
        let left = moment.saturating_duration_since(std::time::Instant::now());
        let Ok(runtime) = Handle::try_current() else { return left.is_zero() };
        let runtime = runtime.id();
        let limit = &mut self.waiting.limit;
        if limit.as_ref().is_none_or(|limit| limit.runtime != runtime) {
            let sleep = Box::pin(tokio::time::sleep_until(Instant::now() + left));
            *limit = Some(Timer { runtime, deadline: 0, sleep });
        }
        let Some(limit) = limit else { return false };
        limit.sleep.as_mut().reset(Instant::now() + left);
        limit.sleep.as_mut().poll(cx).is_ready()
    }
}
