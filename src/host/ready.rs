//! The readiness set: which descriptors can be read or written now.
//!
//! One level-triggered epoll set per engine, made at the first watch. Whoever has to wait for a descriptor *watches* it,
//! with a token of his own; each poll reports the tokens of what is ready, in the kernel's order, readers of a
//! descriptor before its writers. Several may watch the same descriptor in the same direction (two loops, a fiber beside a
//! loop); each is reported as long as it watches and the descriptor is ready.
//!
//! Changes go to the kernel as late as possible: a watch that is dropped and taken up again between two polls, as every
//! `sock_recv` does, costs no system call. Only the first watch of a descriptor goes at once, so that one that can't be
//! watched (a regular file) is refused where the script asked.
//!
//! How the engine waits for the set itself is in `waiting.rs`; which operations wait for a
//! descriptor of the host's own (standard input), in `operation.rs`.

use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd};

use rustix::event::Timespec;
use rustix::event::epoll::{self, Event, EventData, EventFlags};
use rustix::io::Errno;

use super::error::HostResult;
use super::table::{Fd, Table};

/// What a descriptor is watched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Read,
    Write,
}

/// One watch of one descriptor; a descriptor that was closed, or a watch that was dropped, is never confused with a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WatchId {
    fd: Fd,
    serial: u64,
}

/// A watched descriptor is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    pub fd: Fd,
    pub direction: Direction,
    /// What the watcher gave.
    pub token: u64,
    pub watch: WatchId,
}

struct Watch {
    serial: u64,
    direction: Direction,
    token: u64,
}

/// Who watches one descriptor, and what the kernel knows of it.
#[derive(Default)]
pub(super) struct Watchers {
    list: Vec<Watch>,
    /// What the kernel watches for; empty if it does not.
    registered: u32,
    /// In the set's list of changes.
    changed: bool,
    /// The round in which the kernel reported it last.
    round: u64,
}

impl Watchers {
    fn wanted(&self) -> u32 {
        self.list.iter().fold(0, |flags, watch| {
            flags
                | match watch.direction {
                    Direction::Read => EventFlags::IN.bits(),
                    Direction::Write => EventFlags::OUT.bits(),
                }
        })
    }
}

/// Data of epoll events that are not of the table: an operation's number, or the signals' pipe.
pub(super) const INTERNAL: u64 = 1 << 63;

/// So many events are fetched by one system call, onto the stack.
const BATCH: usize = 256;

/// What the kernel reported: the number of the event, and what is ready.
#[derive(Clone, Copy)]
pub(super) struct Report {
    pub data: u64,
    pub flags: u32,
}

/// The watches of an engine.
#[derive(Default)]
pub(super) struct ReadySet {
    /// Descriptors whose watchers changed since the kernel was told.
    changes: Vec<Fd>,
    /// Reported by the kernel, not yet asked for.
    pub reports: Vec<Report>,
    /// How many of the reports are about the host's own descriptors.
    pub own_reports: usize,
    serial: u64,
    round: u64,
    /// Watches of the table's descriptors.
    watches: usize,
    /// Descriptors that the kernel watches, the host's own included.
    pub registered: usize,
}

impl ReadySet {
    /// How many watches there are, the host's own not counted.
    pub fn watches(&self) -> usize {
        self.watches
    }

    /// Adds a watch.
    pub fn watch(
        &mut self,
        epoll: BorrowedFd<'_>,
        table: &mut Table,
        fd: Fd,
        direction: Direction,
        token: u64,
    ) -> HostResult<WatchId> {
        let entry = table.get_mut(fd)?;
        self.serial += 1;
        let serial = self.serial;
        entry.watchers.list.push(Watch { serial, direction, token });
        if entry.watchers.registered == 0 {
            let wanted = entry.watchers.wanted();
            let added =
                epoll::add(epoll, entry.as_fd(), EventData::new_u64(fd.0 as u64), EventFlags::from_bits_retain(wanted));
            if let Err(errno) = added {
                entry.watchers.list.pop();
                return Err(errno.into());
            }
            entry.watchers.registered = wanted;
            self.registered += 1;
        } else {
            self.note_change(table, fd);
        }
        self.watches += 1;
        Ok(WatchId { fd, serial })
    }

    /// Drops a watch; false if there is none.
    pub fn unwatch(&mut self, table: &mut Table, watch: WatchId) -> bool {
        let Ok(entry) = table.get_mut(watch.fd) else { return false };
        let Some(place) = entry.watchers.list.iter().position(|one| one.serial == watch.serial) else { return false };
        entry.watchers.list.remove(place);
        self.watches -= 1;
        self.note_change(table, watch.fd);
        true
    }

    /// Forgets a descriptor that is about to be closed: an open duplicate would keep it in the kernel's set.
    pub fn forget(&mut self, epoll: Option<BorrowedFd<'_>>, table: &mut Table, fd: Fd) {
        let Ok(entry) = table.get_mut(fd) else { return };
        self.watches -= entry.watchers.list.len();
        if let Some(epoll) = epoll
            && entry.watchers.registered != 0
        {
            // Nothing is lost if this fails: the descriptor goes in any case.
            let _ = epoll::delete(epoll, entry.as_fd());
            self.registered -= 1;
        }
        entry.watchers = Watchers::default();
        self.changes.retain(|&changed| changed != fd);
        self.reports.retain(|report| report.data != fd.0 as u64);
    }

    fn note_change(&mut self, table: &mut Table, fd: Fd) {
        if let Ok(entry) = table.get_mut(fd)
            && !entry.watchers.changed
            && entry.watchers.wanted() != entry.watchers.registered
        {
            entry.watchers.changed = true;
            self.changes.push(fd);
        }
    }

    /// Tells the kernel what changed.
    pub fn settle(&mut self, epoll: BorrowedFd<'_>, table: &mut Table) {
        for fd in self.changes.drain(..) {
            let Ok(entry) = table.get_mut(fd) else { continue };
            entry.watchers.changed = false;
            let wanted = entry.watchers.wanted();
            if wanted == entry.watchers.registered {
                continue;
            }
            // Both can only fail for a descriptor that is not in the set, and this one is.
            if wanted == 0 {
                let _ = epoll::delete(epoll, entry.as_fd());
                self.registered -= 1;
            } else {
                let data = EventData::new_u64(fd.0 as u64);
                let _ = epoll::modify(epoll, entry.as_fd(), data, EventFlags::from_bits_retain(wanted));
            }
            entry.watchers.registered = wanted;
        }
    }

    /// Asks the kernel what is ready, without waiting; true if anything is.
    pub fn fetch(&mut self, epoll: BorrowedFd<'_>, table: &mut Table) -> HostResult<bool> {
        self.settle(epoll, table);
        self.reports.clear();
        self.own_reports = 0;
        self.round += 1;
        let mut events = [const { MaybeUninit::<Event>::uninit() }; BATCH];
        loop {
            match epoll::wait(epoll, &mut events[..], Some(&Timespec { tv_sec: 0, tv_nsec: 0 })) {
                // A full batch may not be all; the kernel reports the others first, so go on until one comes again.
                Ok((batch, _)) => {
                    let full = batch.len() == BATCH;
                    if !self.note_reports(table, batch) || !full {
                        return Ok(!self.reports.is_empty());
                    }
                }
                Err(Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
    }

    /// Keeps what the kernel reported; false if one of them was reported in this round before.
    fn note_reports(&mut self, table: &mut Table, batch: &[Event]) -> bool {
        for event in batch {
            // The structure is packed: its fields are copied out.
            let (data, flags) = ({ event.data }.u64(), { event.flags }.bits());
            if data & INTERNAL == 0
                && let Ok(entry) = table.get_mut(Fd(data as i32))
                && std::mem::replace(&mut entry.watchers.round, self.round) == self.round
            {
                return false;
            }
            self.own_reports += usize::from(data & INTERNAL != 0);
            self.reports.push(Report { data, flags });
        }
        true
    }

    /// Hands out what was reported of the host's own descriptors.
    pub fn take_own_reports(&mut self) -> Vec<u64> {
        self.own_reports = 0;
        let own = self.reports.iter().filter(|report| report.data & INTERNAL != 0);
        let own = own.map(|report| report.data).collect();
        self.reports.retain(|report| report.data & INTERNAL == 0);
        own
    }

    /// Hands out what was reported of the table's descriptors, in order.
    pub fn take_ready(&mut self, table: &Table, into: &mut Vec<Ready>) {
        for report in self.reports.drain(..) {
            let fd = Fd(report.data as i32);
            let Ok(entry) = table.get(fd) else { continue };
            // An error or a hang-up makes both ready: the call that follows finds out.
            let readable = report.flags & !EventFlags::OUT.bits() != 0;
            let writable = report.flags & !EventFlags::IN.bits() != 0;
            for (direction, ready) in [(Direction::Read, readable), (Direction::Write, writable)] {
                let watches = entry.watchers.list.iter().filter(|watch| ready && watch.direction == direction);
                into.extend(watches.map(|watch| {
                    let id = WatchId { fd, serial: watch.serial };
                    Ready { fd, direction, token: watch.token, watch: id }
                }));
            }
        }
    }
}
