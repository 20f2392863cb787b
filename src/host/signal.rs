//! Signals, as data.
//!
//! Nothing is installed until the engine asks, and it may only ask with the grant. A signal sets a flag and writes a byte
//! into a pipe that the readiness set watches, so an engine that waits wakes up. The engine takes the signals at its
//! own moments. An interrupt (SIGINT) that comes while an earlier one has not been taken ends the process at once: the way
//! out when a program is stuck.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::pipe::PipeFlags;
use signal_hook::{SigId, flag, low_level};

use super::Host;
use super::error::{HostError, HostResult};
use super::grants::Grant;

/// The exit code of a process that was interrupted.
const INTERRUPTED: i32 = 130;

/// What an event of the readiness set about the signals' pipe carries.
pub(super) const SIGNALS_EVENT: u64 = u64::MAX;

/// The signals that an engine gets.
#[derive(Default)]
pub(super) struct Signals {
    watched: Vec<WatchedSignal>,
    /// Both ends of the pipe, once a signal is watched.
    pipe: Option<(OwnedFd, OwnedFd)>,
}

struct WatchedSignal {
    number: i32,
    /// It came, and was not taken.
    came: Arc<AtomicBool>,
    /// The script gave the default action back.
    by_default: Arc<AtomicBool>,
    actions: Vec<SigId>,
}

impl Signals {
    fn watched(&self, number: i32) -> Option<&WatchedSignal> {
        self.watched.iter().find(|signal| signal.number == number)
    }

    /// Whether any came that was not taken.
    pub fn any(&self) -> bool {
        self.watched.iter().any(|signal| signal.came.load(Ordering::Relaxed))
    }

    /// Empties the pipe: it has done its work.
    pub fn drain(&self) {
        if let Some((read, _)) = &self.pipe {
            let mut bytes = [0; 64];
            while matches!(rustix::io::read(read, &mut bytes[..]), Ok(64)) {}
        }
    }

    fn install(&mut self, number: i32, write: OwnedFd) -> std::io::Result<()> {
        let came = Arc::new(AtomicBool::new(false));
        let by_default = Arc::new(AtomicBool::new(false));
        let mut actions = Vec::new();
        // They run in this order. Some signals have no default that could be played; those have no first action.
        actions.extend(flag::register_conditional_default(number, Arc::clone(&by_default)).ok());
        if number == libc::SIGINT {
            actions.push(flag::register_conditional_shutdown(number, INTERRUPTED, Arc::clone(&came))?);
        }
        actions.push(flag::register(number, Arc::clone(&came))?);
        actions.push(low_level::pipe::register(number, write)?);
        self.watched.push(WatchedSignal { number, came, by_default, actions });
        Ok(())
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for action in self.watched.iter().flat_map(|signal| &signal.actions) {
            low_level::unregister(*action);
        }
    }
}

impl Host {
    /// From here on this signal comes to the engine, which drops it if the script ignores it. Needs the grant.
    pub fn watch_signal(&mut self, number: i32) -> HostResult<()> {
        self.grants.require(Grant::Signals)?;
        let known = number > 0 && low_level::signal_name(number).is_some();
        if !known || signal_hook::consts::FORBIDDEN.contains(&number) {
            return Err(HostError::system(libc::EINVAL));
        }
        if let Some(signal) = self.signals.watched(number) {
            signal.by_default.store(false, Ordering::SeqCst);
            return Ok(());
        }
        let epoll = self.waiting.open()?;
        if self.signals.pipe.is_none() {
            let (read, write) = rustix::pipe::pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
            epoll::add(epoll, read.as_fd(), EventData::new_u64(SIGNALS_EVENT), EventFlags::IN)?;
            self.ready.registered += 1;
            self.signals.pipe = Some((read, write));
        }
        let Some((_, write)) = &self.signals.pipe else { return Err(HostError::bad_descriptor()) };
        let write = write.try_clone()?;
        Ok(self.signals.install(number, write)?)
    }

    /// Lets a signal do again what it does by default (`SIG_DFL`).
    pub fn default_signal(&mut self, number: i32) {
        if let Some(signal) = self.signals.watched(number) {
            signal.by_default.store(true, Ordering::SeqCst);
        }
    }

    /// Sends a signal to this process (`signal.raise_signal`). Needs the grant.
    pub fn raise_signal(&mut self, number: i32) -> HostResult<()> {
        self.grants.require(Grant::Signals)?;
        Ok(low_level::raise(number)?)
    }

    /// Hands out the signals that came, each once, by number.
    pub fn take_signals(&mut self, into: &mut Vec<i32>) {
        let before = into.len();
        for signal in &self.signals.watched {
            if signal.came.swap(false, Ordering::AcqRel) {
                into.push(signal.number);
            }
        }
        into[before..].sort_unstable();
    }
}
