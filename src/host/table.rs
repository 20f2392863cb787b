//! The descriptors that an engine owns.
//!
//! A script sees the system's numbers (`fileno()`), and the table maps each to the descriptor behind it. A number that is
//! not in the table is `EBADF`, though the process may have it: a script can't touch what belongs to the embedder.
//! All of them are closed with the engine. Who in the script holds one is not known here.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use super::error::{HostError, HostResult};
use super::ready::Watchers;

/// A descriptor, by the number that scripts see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fd(pub i32);

/// What a descriptor leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FdKind {
    /// Something opened by path: calls on it may block, and are made inline.
    File,
    /// One end of a pipe, without blocking underneath.
    Pipe,
    /// A socket, without blocking underneath.
    Socket,
    /// The process's own 0, 1 or 2: never closed, its flags are never changed. Calls on it may block: whoever can't afford
    /// that asks `ready_now` first, and watches.
    Standard,
}

pub(super) enum Descriptor {
    Owned(OwnedFd),
    Standard(BorrowedFd<'static>),
}

/// One descriptor of the table.
pub(super) struct Entry {
    pub descriptor: Descriptor,
    pub kind: FdKind,
    /// What the script was told (`os.set_blocking`, `settimeout`); the host itself never blocks on sockets and pipes.
    pub blocking: bool,
    /// Who waits for it to be ready.
    pub watchers: Watchers,
}

impl AsFd for Entry {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match &self.descriptor {
            Descriptor::Owned(owned) => owned.as_fd(),
            Descriptor::Standard(borrowed) => *borrowed,
        }
    }
}

/// All descriptors of an engine.
#[derive(Default)]
pub(super) struct Table {
    entries: HashMap<Fd, Entry, BuildHasherDefault<FdHasher>>,
}

impl Table {
    /// Takes a descriptor over.
    pub fn insert(&mut self, owned: OwnedFd, kind: FdKind) -> Fd {
        let fd = Fd(owned.as_raw_fd());
        self.put(fd, Descriptor::Owned(owned), kind);
        fd
    }

    /// Adds one of the process's standard streams.
    pub fn insert_standard(&mut self, borrowed: BorrowedFd<'static>) {
        self.put(Fd(borrowed.as_raw_fd()), Descriptor::Standard(borrowed), FdKind::Standard);
    }

    fn put(&mut self, fd: Fd, descriptor: Descriptor, kind: FdKind) {
        let entry = Entry { descriptor, kind, blocking: true, watchers: Watchers::default() };
        let previous = self.entries.insert(fd, entry);
        debug_assert!(previous.is_none(), "a descriptor that the system gave twice");
    }

    /// The entry with this number, or `EBADF`.
    #[inline]
    pub fn get(&self, fd: Fd) -> HostResult<&Entry> {
        self.entries.get(&fd).ok_or_else(HostError::bad_descriptor)
    }

    /// The entry with this number, or `EBADF`.
    #[inline]
    pub fn get_mut(&mut self, fd: Fd) -> HostResult<&mut Entry> {
        self.entries.get_mut(&fd).ok_or_else(HostError::bad_descriptor)
    }

    /// Takes a descriptor out, or `EBADF`.
    pub fn remove(&mut self, fd: Fd) -> HostResult<Entry> {
        self.entries.remove(&fd).ok_or_else(HostError::bad_descriptor)
    }

    /// How many descriptors the engine owns: its debt to the collector.
    pub fn owned(&self) -> usize {
        self.entries.len() - self.entries.values().filter(|entry| entry.kind == FdKind::Standard).count()
    }
}

/// Hashes a small number by one multiplication: the table is looked into for each system call on a socket.
#[derive(Default)]
pub(super) struct FdHasher(u64);

impl Hasher for FdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_i32(i32::from(byte));
        }
    }

    #[inline]
    fn write_i32(&mut self, number: i32) {
        let mixed = (self.0 ^ number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ mixed >> 32;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
