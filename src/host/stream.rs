//! Standard input, output and error.
//!
//! Output goes through a buffer here, so that a program that prints a million lines into a pipe makes few system calls: lines
//! are flushed one by one on a terminal, blocks otherwise; standard error always by lines. A reader that is slow must not
//! hold up other fibers: what was written is accepted, and the writer suspends on `HostOp::StreamWritable`. A pipe is
//! therefore opened anew without blocking, for its flags belong to everybody who has it; a terminal or a file is
//! written as it is.
//!
//! Input is read when it is ready; `HostOp::StandardInput` waits for that.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::{FileType, Mode, OFlags};

use super::error::{HostError, HostResult};

/// Standard output or standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandardStream {
    Output,
    Error,
}

/// When what was written leaves the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buffering {
    /// When there is much of it.
    Block,
    /// At the end of each line.
    Line,
    /// At once.
    None,
}

/// What became of bytes that were written to a standard stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// They are written or buffered.
    Done,
    /// They are buffered, but nobody takes them: the writer suspends on `HostOp::StreamWritable`.
    Full,
}

/// Where a standard stream leads to.
pub trait Output: Send {
    /// Writes what can be written now; `WouldBlock` if nothing can.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// How the stream is buffered before it comes here.
    fn buffering(&self) -> Buffering;

    /// Whether a person is at the other end (`isatty`).
    fn is_terminal(&self) -> bool {
        false
    }

    /// What becomes writable when `write` no longer says `WouldBlock`; without one, a write must not say so.
    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        None
    }
}

/// An output that keeps what was written, for the embedder who holds a clone.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl Capture {
    /// Takes what was written so far.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.bytes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Output for Capture {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn buffering(&self) -> Buffering {
        Buffering::None
    }
}

/// The process's own standard output or error.
#[derive(Debug)]
pub struct ProcessOutput {
    stream: StandardStream,
    way: Option<Way>,
}

/// How bytes get out without holding up the thread.
#[derive(Debug)]
enum Way {
    /// As they are: a file, a terminal.
    Plain,
    /// A pipe, opened a second time without blocking.
    Pipe(OwnedFd),
    /// A socket, where each call says that it must not block.
    Socket,
}

impl ProcessOutput {
    /// Standard output or error of this process; nothing is asked of the system yet.
    pub fn new(stream: StandardStream) -> ProcessOutput {
        ProcessOutput { stream, way: None }
    }

    fn own(&self) -> BorrowedFd<'static> {
        match self.stream {
            StandardStream::Output => rustix::stdio::stdout(),
            StandardStream::Error => rustix::stdio::stderr(),
        }
    }

    fn find_way(&self) -> Way {
        let kind = rustix::fs::fstat(self.own()).map(|stat| FileType::from_raw_mode(stat.st_mode));
        match kind {
            Ok(FileType::Fifo) => {
                let number = match self.stream {
                    StandardStream::Output => 1,
                    StandardStream::Error => 2,
                };
                let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
                let opened = rustix::fs::open(format!("/proc/self/fd/{number}"), flags, Mode::empty());
                opened.map_or(Way::Plain, Way::Pipe)
            }
            Ok(FileType::Socket) => Way::Socket,
            _ => Way::Plain,
        }
    }
}

impl Output for ProcessOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.way.is_none() {
            self.way = Some(self.find_way());
        }
        let written = rustix::io::retry_on_intr(|| match &self.way {
            Some(Way::Pipe(pipe)) => rustix::io::write(pipe, bytes),
            Some(Way::Socket) => super::socket::send_without_blocking(self.own(), bytes),
            Some(Way::Plain) | None => rustix::io::write(self.own(), bytes),
        });
        Ok(written?)
    }

    fn buffering(&self) -> Buffering {
        if self.stream == StandardStream::Error || self.is_terminal() { Buffering::Line } else { Buffering::Block }
    }

    fn is_terminal(&self) -> bool {
        rustix::termios::isatty(self.own())
    }

    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        match &self.way {
            Some(Way::Pipe(pipe)) => Some(pipe.as_fd()),
            Some(Way::Plain | Way::Socket) | None => Some(self.own()),
        }
    }
}

/// A buffer of this many bytes is flushed.
const BLOCK: usize = 8192;

/// One standard stream with its buffer.
pub(super) struct StreamBuffer {
    output: Box<dyn Output>,
    buffer: Vec<u8>,
    /// Asked of the output at the first write.
    buffering: Option<Buffering>,
    /// A write found that nobody will read it.
    has_lost_reader: bool,
}

impl StreamBuffer {
    pub fn new(output: Box<dyn Output>) -> StreamBuffer {
        StreamBuffer { output, buffer: Vec::new(), buffering: None, has_lost_reader: false }
    }

    pub fn output(&self) -> &dyn Output {
        &*self.output
    }

    /// Whether something was written that has not left.
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// Whether a write found that nobody will read it.
    pub fn has_lost_reader(&self) -> bool {
        self.has_lost_reader
    }

    /// Accepts bytes, and flushes if it is time to.
    pub fn write(&mut self, bytes: &[u8]) -> HostResult<Written> {
        let output = &self.output;
        let buffering = *self.buffering.get_or_insert_with(|| output.buffering());
        self.buffer.extend_from_slice(bytes);
        let due = match buffering {
            Buffering::Block => self.buffer.len() >= BLOCK,
            Buffering::Line => self.buffer.len() >= BLOCK || bytes.contains(&b'\n'),
            Buffering::None => true,
        };
        if due { self.flush() } else { Ok(Written::Done) }
    }

    /// Writes what can be written now. After an error the buffer is empty: the bytes would fail again.
    pub fn flush(&mut self) -> HostResult<Written> {
        let mut sent = 0;
        while sent < self.buffer.len() {
            match self.output.write(&self.buffer[sent..]) {
                Ok(0) => break,
                Ok(count) => sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => {
                    self.has_lost_reader |= error.kind() == io::ErrorKind::BrokenPipe;
                    self.buffer.clear();
                    return Err(error.into());
                }
            }
        }
        self.buffer.drain(..sent);
        Ok(if self.buffer.is_empty() { Written::Done } else { Written::Full })
    }

    /// Writes everything, however long it takes: the end of the program.
    pub fn finish(&mut self) -> HostResult<()> {
        while self.flush()? == Written::Full {
            let Some(descriptor) = self.output.descriptor() else { break };
            wait_until(descriptor, PollFlags::OUT)?;
        }
        Ok(())
    }
}

/// Holds this thread until a descriptor is ready.
fn wait_until(descriptor: BorrowedFd<'_>, flags: PollFlags) -> HostResult<()> {
    let mut polled = [PollFd::from_borrowed_fd(descriptor, flags)];
    rustix::io::retry_on_intr(|| rustix::event::poll(&mut polled, None))?;
    Ok(())
}

/// What the script reads from standard input.
#[derive(Debug, Default)]
pub enum Input {
    /// Nothing: it is at its end.
    #[default]
    Empty,
    /// These bytes, from the given place on.
    Bytes(Vec<u8>, usize),
    /// The process's own.
    Process,
}

impl Input {
    /// Reads what is there; would block if nothing is yet, and gives 0 at the end.
    pub(super) fn read(&mut self, into: &mut [u8]) -> HostResult<usize> {
        match self {
            Input::Empty => Ok(0),
            Input::Bytes(bytes, place) => {
                let rest = &bytes[*place..];
                let count = rest.len().min(into.len());
                into[..count].copy_from_slice(&rest[..count]);
                *place += count;
                Ok(count)
            }
            Input::Process => {
                let input = rustix::stdio::stdin();
                let mut polled = [PollFd::from_borrowed_fd(input, PollFlags::IN)];
                let ready = rustix::event::poll(&mut polled, Some(&Timespec { tv_sec: 0, tv_nsec: 0 }));
                if ready == Ok(0) {
                    return Err(HostError::would_block_now());
                }
                Ok(rustix::io::retry_on_intr(|| rustix::io::read(input, &mut *into))?)
            }
        }
    }
}
