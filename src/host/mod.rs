//! The door: everything that an engine wants of the world outside passes here.
//!
//! ```text
//!   a native            Host                                              outside
//!   ────────            ────────────────────────────────────────────      ───────
//!   try now       ───→  socket, file, path, stream: one system call  ───→ kernel
//!     would block ←───
//!   watch, suspend ──→  ready: who waits for which descriptor        ───→ epoll
//!   start, suspend ──→  operation: futures, each with its own waker  ───→ tokio's pool, the embedder
//!
//!   the scheduler: poll_ready, take_completed, take_signals; and when nothing can run: wait(cx, deadline)
//! ```
//!
//! The host knows neither script values nor fibers: it deals in operations (plain data), numbers of operations and
//! watches, descriptors and bytes. A native that can't go on *watches* a descriptor with a token of its own, or *starts*
//! an operation, and suspends; tokens and numbers come back to the scheduler, which knows whose they are.
//!
//! There is one host per engine. It is `Send`, makes no system call until something is asked of it, and may be polled on any
//! tokio runtime, from any thread, and on another one the next time. Linux only, for now.
//!
//! In reading order: `grants` (what is allowed), `error`, `clock`, `table` (descriptors), `ready` (who waits for them),
//! `operation` and `wake` (what others finish), `waiting` (how the engine sleeps), then the calls by subject.

#[cfg(not(target_os = "linux"))]
compile_error!("Aspen runs on Linux only: its readiness set is epoll");

mod address;
mod clock;
pub mod constant;
mod environment;
mod error;
mod file;
mod grants;
mod operation;
mod pages;
mod path;
mod random;
mod ready;
mod redirect;
mod resolve;
mod signal;
mod socket;
mod socket_option;
mod stream;
mod table;
mod waiting;
mod wake;
mod zone;

pub use address::{Address, inet_aton, inet_ntop, inet_pton};
pub use clock::{Clock, Nanos, SECOND, VirtualClock};
pub use environment::{Machine, Variable, default_memory_limit};
pub use error::{HostError, HostErrorKind, HostResult, resolver_message, system_message};
pub use grants::{Grant, Grants};
pub use operation::{HostFuture, HostOp, HostValue, OpId, OpOutput, OpResult};
pub use pages::{Pages, use_small_pages};
pub use path::{DirectoryEntry, EntryKind, FileStatus};
pub use random::Random;
pub use ready::{Direction, Ready, WatchId};
pub use redirect::Redirections;
pub use resolve::{ResolveQuery, Resolved};
pub use socket::RECEIVE_LIMIT;
pub use stream::{Buffering, Capture, Input, Output, ProcessOutput, StandardStream, Written};
pub use table::{Fd, FdKind};
pub use wake::Interrupt;
pub use zone::LocalTime;

use std::os::fd::OwnedFd;
use std::sync::Arc;

use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::event::{PollFd, PollFlags, Timespec};
use tokio::runtime::Handle;

use environment::Environment;
use operation::{Operations, Work, event_data};
use ready::ReadySet;
use signal::Signals;
use stream::StreamBuffer;
use table::Table;
use waiting::Waiting;
use wake::Shared;

/// How a host is made. The default grants nothing and prints to the process's standard output and error.
pub struct HostOptions {
    pub grants: Grants,
    pub clock: Clock,
    pub input: Input,
    pub output: Box<dyn Output>,
    pub error: Box<dyn Output>,
    /// What `sys.argv` is made from, as bytes.
    pub arguments: Vec<Vec<u8>>,
    /// The script's environment; `None` is the process's, if that is granted.
    pub variables: Option<Vec<Variable>>,
    pub random: Random,
    pub redirections: Redirections,
    /// The process began with `use_small_pages`, and the engine may end that.
    pub has_small_pages: bool,
}

impl Default for HostOptions {
    fn default() -> HostOptions {
        HostOptions {
            grants: Grants::NONE,
            clock: Clock::real(),
            input: Input::Empty,
            output: Box::new(ProcessOutput::new(StandardStream::Output)),
            error: Box::new(ProcessOutput::new(StandardStream::Error)),
            arguments: Vec::new(),
            variables: None,
            random: Random::System,
            redirections: Redirections::default(),
            has_small_pages: false,
        }
    }
}

impl HostOptions {
    /// As the command has it: everything granted, the process's own streams.
    pub fn command() -> HostOptions {
        HostOptions { grants: Grants::ALL, input: Input::Process, has_small_pages: true, ..HostOptions::default() }
    }
}

/// One engine's door to the outside.
pub struct Host {
    grants: Grants,
    /// The engine's time.
    pub clock: Clock,
    /// The engine's randomness.
    pub random: Random,
    /// Descriptors, by the numbers that scripts see.
    table: Table,
    /// Who waits for which descriptor.
    ready: ReadySet,
    /// What others are to finish.
    operations: Operations,
    /// The readiness set's descriptor and the timer, on the runtime of the last poll.
    waiting: Waiting,
    signals: Signals,
    /// What other threads touch.
    shared: Arc<Shared>,
    input: Input,
    output: StreamBuffer,
    error: StreamBuffer,
    environment: Environment,
    redirections: Redirections,
    zone: zone::Zone,
    /// The process's pages, where they are ours to decide about.
    pub pages: Pages,
    /// What `receive` reads into; empty until then.
    scratch: Box<[u8]>,
}

impl Host {
    /// Makes a host; asks nothing of the system.
    pub fn new(options: HostOptions) -> Host {
        let mut table = Table::default();
        if options.grants.has(Grant::Streams) {
            table.insert_standard(rustix::stdio::stdin());
            table.insert_standard(rustix::stdio::stdout());
            table.insert_standard(rustix::stdio::stderr());
        }
        Host {
            grants: options.grants,
            clock: options.clock,
            random: options.random,
            table,
            ready: ReadySet::default(),
            operations: Operations::default(),
            waiting: Waiting::default(),
            signals: Signals::default(),
            shared: Arc::default(),
            input: options.input,
            output: StreamBuffer::new(options.output),
            error: StreamBuffer::new(options.error),
            environment: Environment { variables: options.variables, arguments: options.arguments, directory: None },
            redirections: options.redirections,
            zone: zone::Zone::default(),
            pages: Pages { are_small: options.has_small_pages },
            scratch: Box::default(),
        }
    }

    /// What the embedder granted.
    pub fn grants(&self) -> Grants {
        self.grants
    }

    /// A handle that wakes or cancels this engine from anywhere.
    pub fn interrupt(&self) -> Interrupt {
        Interrupt::new(Arc::clone(&self.shared))
    }

    /// Whether somebody called `Interrupt::cancel`: one relaxed load, for the run loop.
    #[inline]
    pub fn cancelled(&self) -> bool {
        self.shared.cancelled()
    }

    /// Takes notice of `Interrupt::cancel`; until then `wait` does not wait.
    pub fn take_cancel(&mut self) -> bool {
        self.shared.take_cancel()
    }

    /// Takes notice of `Interrupt::wake`; until then `wait` does not wait.
    pub fn take_wake(&mut self) -> bool {
        self.shared.take_wake()
    }
}

/// Waiting for descriptors.
impl Host {
    /// Watches a descriptor: while it is ready, each poll reports `token`. A regular file can't be watched (`EPERM`).
    pub fn watch(&mut self, fd: Fd, direction: Direction, token: u64) -> HostResult<WatchId> {
        self.table.get(fd)?;
        let set = self.waiting.open()?;
        self.ready.watch(set, &mut self.table, fd, direction, token)
    }

    /// Stops watching; false if the watch, or its descriptor, is gone already.
    pub fn unwatch(&mut self, watch: WatchId) -> bool {
        self.ready.unwatch(&mut self.table, watch)
    }

    /// Appends what is ready now, in the kernel's order, of one descriptor the readers before the writers. If `wait` has
    /// just found something, this costs no system call.
    pub fn poll_ready(&mut self, into: &mut Vec<Ready>) -> HostResult<()> {
        self.clock.catch_up();
        if self.ready.reports.is_empty() && self.ready.registered > 0 {
            self.fetch()?;
        }
        self.ready.take_ready(&self.table, into);
        Ok(())
    }

    /// Which of these are ready now, as `select` says it: regular files always are.
    pub fn ready_now(&self, asked: &[(Fd, Direction)]) -> HostResult<Vec<bool>> {
        let mut polled = Vec::with_capacity(asked.len());
        for (fd, direction) in asked {
            let flags = match direction {
                Direction::Read => PollFlags::IN,
                Direction::Write => PollFlags::OUT,
            };
            polled.push(PollFd::new(self.table.get(*fd)?, flags));
        }
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        rustix::io::retry_on_intr(|| rustix::event::poll(&mut polled, Some(&now)))?;
        Ok(polled.iter().map(|one| !one.revents().is_empty()).collect())
    }

    /// How many watches there are.
    pub fn watched_descriptors(&self) -> usize {
        self.ready.watches()
    }
}

/// Waiting for operations.
impl Host {
    /// Starts an operation; its end comes with `take_completed`.
    pub fn start(&mut self, op: HostOp) -> HostResult<OpId> {
        match op {
            HostOp::Resolve(_) | HostOp::NameOf { .. } => self.start_in_pool(op),
            HostOp::StandardInput => self.start_input(),
            HostOp::StreamWritable(stream) => self.start_stream(stream),
            HostOp::Call(_) => Err(HostError::unsupported(libc::ENOSYS, "a call is started with its future")),
        }
    }

    /// Takes up an async function of the embedder, under a number of his.
    pub fn start_call(&mut self, call: u64, future: HostFuture) -> OpId {
        self.operations.start(&self.shared, HostOp::Call(call), Work::Future(future))
    }

    fn start_in_pool(&mut self, op: HostOp) -> HostResult<OpId> {
        self.grants.require(Grant::Pool)?;
        let asked = op.clone();
        let work = match Handle::try_current() {
            Ok(runtime) => Work::Pool(runtime.spawn_blocking(move || resolve::ask(&asked))),
            Err(_) => Work::Finished(resolve::ask(&asked)),
        };
        Ok(self.operations.start(&self.shared, op, work))
    }

    /// A person who is asked something sees the question first.
    fn start_input(&mut self) -> HostResult<OpId> {
        self.output.flush()?;
        let work = match self.input {
            Input::Empty | Input::Bytes(..) => Work::Finished(Ok(OpOutput::Done)),
            Input::Process => Work::Descriptor(rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?),
        };
        self.start_watched(HostOp::StandardInput, work, EventFlags::IN)
    }

    fn start_stream(&mut self, stream: StandardStream) -> HostResult<OpId> {
        let buffer = self.stream(stream);
        let work = match buffer.output().descriptor() {
            Some(descriptor) if !buffer.is_empty() => Work::Descriptor(rustix::io::fcntl_dupfd_cloexec(descriptor, 3)?),
            _ => Work::Finished(Ok(OpOutput::Done)),
        };
        self.start_watched(HostOp::StreamWritable(stream), work, EventFlags::OUT)
    }

    /// Starts an operation that waits for a descriptor; one that can't be watched never waits.
    fn start_watched(&mut self, op: HostOp, work: Work, flags: EventFlags) -> HostResult<OpId> {
        let id = self.operations.start(&self.shared, op, work);
        let set = self.waiting.open()?;
        let Some(descriptor) = self.operations.descriptor(id) else { return Ok(id) };
        match epoll::add(set, descriptor, EventData::new_u64(event_data(id)), flags) {
            Ok(()) => self.ready.registered += 1,
            Err(errno) => {
                self.operations.remove(id);
                let can_go_on = errno == rustix::io::Errno::PERM;
                self.operations.complete(id, if can_go_on { Ok(OpOutput::Done) } else { Err(errno.into()) });
            }
        }
        Ok(id)
    }

    /// Polls what was woken, and appends the operations that are done, in the order they were done.
    pub fn take_completed(&mut self, into: &mut Vec<(OpId, OpResult)>) {
        self.clock.catch_up();
        self.operations.poll_woken(&self.shared);
        self.operations.take_completed(into);
    }

    /// Gives an operation up (`operation.rs` says what that means for each); false if its end was taken already.
    pub fn cancel(&mut self, op: OpId) -> bool {
        match self.operations.remove(op) {
            Some(work) => {
                self.end_work(work);
                true
            }
            None => self.operations.forget_completed(op),
        }
    }

    /// What an operation that is not done is for.
    pub fn describe(&self, op: OpId) -> Option<&HostOp> {
        self.operations.describe(op)
    }

    /// How many operations are not done, or done and not taken: while there is one, virtual time does not jump.
    pub fn in_flight(&self) -> usize {
        self.operations.in_flight()
    }

    fn end_work(&mut self, work: Work) {
        match work {
            // A job that has not begun never will; one that runs is left alone.
            Work::Pool(job) => job.abort(),
            Work::Descriptor(descriptor) => self.drop_watched(&descriptor),
            Work::Future(_) | Work::Finished(_) => {}
        }
    }

    /// The original is still open, so closing the duplicate alone would leave it in the set.
    fn drop_watched(&mut self, descriptor: &OwnedFd) {
        if let Some(set) = self.waiting.set() {
            let _ = epoll::delete(set, descriptor);
            self.ready.registered -= 1;
        }
    }

    /// Before an operation on a stream ends, what waits in the stream's buffer goes.
    fn flush_for(&mut self, op: OpId) -> HostResult<Written> {
        match self.operations.describe(op) {
            Some(HostOp::StreamWritable(stream)) => {
                let stream = *stream;
                self.stream(stream).flush()
            }
            _ => Ok(Written::Done),
        }
    }
}

/// Standard streams.
impl Host {
    fn stream(&mut self, stream: StandardStream) -> &mut StreamBuffer {
        match stream {
            StandardStream::Output => &mut self.output,
            StandardStream::Error => &mut self.error,
        }
    }

    /// Writes to a standard stream. The bytes are taken in any case; `Full` asks the writer to suspend on
    /// `HostOp::StreamWritable` before it writes more. After an error (a broken pipe) the buffer is empty.
    pub fn write_stream(&mut self, stream: StandardStream, bytes: &[u8]) -> HostResult<Written> {
        self.stream(stream).write(bytes)
    }

    /// Sends on what is buffered of a standard stream.
    pub fn flush_stream(&mut self, stream: StandardStream) -> HostResult<Written> {
        self.stream(stream).flush()
    }

    /// Whether a standard stream is a terminal.
    pub fn stream_is_terminal(&mut self, stream: StandardStream) -> bool {
        self.stream(stream).output().is_terminal()
    }

    /// Whether whoever reads standard output has gone.
    pub fn has_lost_reader(&self) -> bool {
        self.output.has_lost_reader()
    }

    /// Writes everything that is buffered, however long it takes: the end of the program, or a crash.
    pub fn finish_streams(&mut self) -> HostResult<()> {
        let output = self.output.finish();
        self.error.finish().and(output)
    }

    /// Reads what there is of standard input; 0 is its end. If it would block, the reader suspends on
    /// `HostOp::StandardInput`.
    pub fn read_input(&mut self, into: &mut [u8]) -> HostResult<usize> {
        self.input.read(into)
    }

    /// Whether standard input is a terminal.
    pub fn input_is_terminal(&self) -> bool {
        matches!(self.input, Input::Process) && rustix::termios::isatty(rustix::stdio::stdin())
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // What can go at once goes; to wait for a reader here could hold up a thread of the embedder's runtime for ever.
        // Whoever needs the rest calls `finish_streams`.
        let _ = self.output.flush();
        let _ = self.error.flush();
    }
}
