//! Descriptors in general, and files: open, read, write, close.
//!
//! Regular files are read and written inline: the system does not say when they would block, and a trip to another thread
//! costs more than most reads. Pipes made here never block underneath. What a script calls a blocking descriptor is kept
//! beside it (`is_blocking`), for the native to decide between an exception and a wait.

use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{FileType, Mode, OFlags, SeekFrom};
use rustix::io::{FdFlags, retry_on_intr};
use rustix::pipe::PipeFlags;

use super::Host;
use super::error::{HostError, HostResult};
use super::path::FileStatus;
use super::table::{Descriptor, Fd, FdKind};

impl Host {
    /// Opens a path with the system's flags (`O_RDONLY`, ...), as `os.open` does; never inherited by other programs.
    pub fn open(&mut self, path: &[u8], flags: i32, mode: u32) -> HostResult<Fd> {
        let owned = self.open_owned(path, flags, mode)?;
        Ok(self.table.insert(owned, FdKind::File))
    }

    /// Opens a file for reading or writing, as `io.open` does: a directory is refused.
    pub fn open_file(&mut self, path: &[u8], flags: i32, mode: u32) -> HostResult<Fd> {
        let owned = self.open_owned(path, flags, mode)?;
        let status = rustix::fs::fstat(&owned)?;
        if FileType::from_raw_mode(status.st_mode) == FileType::Directory {
            return Err(HostError::system(libc::EISDIR).with_filename(path));
        }
        Ok(self.table.insert(owned, FdKind::File))
    }

    /// Reads a whole file: a module's source.
    pub fn read_file(&mut self, path: &[u8]) -> HostResult<Vec<u8>> {
        let owned = self.open_owned(path, libc::O_RDONLY, 0)?;
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::fs::File::from(owned), &mut bytes)
            .map_err(|error| HostError::from(error).with_filename(path))?;
        Ok(bytes)
    }

    fn open_owned(&self, path: &[u8], flags: i32, mode: u32) -> HostResult<OwnedFd> {
        let place = self.locate(path)?;
        let flags = OFlags::from_bits_retain(flags as u32) | OFlags::CLOEXEC;
        retry_on_intr(|| rustix::fs::open(&*place, flags, Mode::from_raw_mode(mode)))
            .map_err(|errno| HostError::from(errno).with_filename(path))
    }

    /// Takes over a descriptor of the embedder's; sockets and pipes are set not to block.
    pub fn adopt(&mut self, owned: OwnedFd) -> HostResult<Fd> {
        let kind = match FileType::from_raw_mode(rustix::fs::fstat(&owned)?.st_mode) {
            FileType::Socket => FdKind::Socket,
            FileType::Fifo => FdKind::Pipe,
            _ => FdKind::File,
        };
        if kind != FdKind::File {
            rustix::io::ioctl_fionbio(&owned, true)?;
        }
        Ok(self.table.insert(owned, kind))
    }

    /// Gives a descriptor to the embedder: the engine no longer has it.
    pub fn release(&mut self, fd: Fd) -> HostResult<OwnedFd> {
        self.ready.forget(self.waiting.set(), &mut self.table, fd);
        match self.table.remove(fd)?.descriptor {
            Descriptor::Owned(owned) => Ok(owned),
            Descriptor::Standard(borrowed) => Ok(borrowed.try_clone_to_owned()?),
        }
    }

    /// Closes a descriptor; its watches are gone with it. The process's own 0, 1 and 2 are only closed to this engine.
    pub fn close(&mut self, fd: Fd) -> HostResult<()> {
        self.ready.forget(self.waiting.set(), &mut self.table, fd);
        self.table.remove(fd).map(drop)
    }

    /// Makes a second descriptor for the same thing.
    pub fn duplicate(&mut self, fd: Fd) -> HostResult<Fd> {
        let entry = self.table.get(fd)?;
        let kind = if entry.kind == FdKind::Standard { FdKind::File } else { entry.kind };
        let blocking = entry.blocking;
        let owned = rustix::io::fcntl_dupfd_cloexec(entry, 3)?;
        let copy = self.table.insert(owned, kind);
        self.table.get_mut(copy)?.blocking = blocking;
        Ok(copy)
    }

    /// Makes a pipe: the end to read from, and the end to write to.
    pub fn pipe(&mut self) -> HostResult<(Fd, Fd)> {
        let (read, write) = rustix::pipe::pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
        Ok((self.table.insert(read, FdKind::Pipe), self.table.insert(write, FdKind::Pipe)))
    }

    /// What a descriptor leads to.
    pub fn descriptor_kind(&self, fd: Fd) -> HostResult<FdKind> {
        self.table.get(fd).map(|entry| entry.kind)
    }

    /// How many descriptors the engine owns: unclosed ones are debt to the collector.
    pub fn open_descriptors(&self) -> usize {
        self.table.owned()
    }

    /// Whether the script may be held up by calls on this descriptor (`os.get_blocking`).
    pub fn is_blocking(&self, fd: Fd) -> HostResult<bool> {
        self.table.get(fd).map(|entry| entry.blocking)
    }

    /// Notes whether the script may be held up by calls on this descriptor.
    pub fn set_blocking(&mut self, fd: Fd, blocking: bool) -> HostResult<()> {
        self.table.get_mut(fd).map(|entry| entry.blocking = blocking)
    }

    /// Whether programs that are started get this descriptor too.
    pub fn is_inheritable(&self, fd: Fd) -> HostResult<bool> {
        Ok(!rustix::io::fcntl_getfd(self.table.get(fd)?)?.contains(FdFlags::CLOEXEC))
    }

    /// Says whether programs that are started get this descriptor too.
    pub fn set_inheritable(&self, fd: Fd, inheritable: bool) -> HostResult<()> {
        let entry = self.table.get(fd)?;
        let flags = rustix::io::fcntl_getfd(entry)?.difference(FdFlags::CLOEXEC);
        let flags = if inheritable { flags } else { flags | FdFlags::CLOEXEC };
        Ok(rustix::io::fcntl_setfd(entry, flags)?)
    }

    /// Reads into the caller's buffer; 0 is the end.
    pub fn read(&self, fd: Fd, into: &mut [u8]) -> HostResult<usize> {
        let entry = self.table.get(fd)?;
        Ok(retry_on_intr(|| rustix::io::read(entry, &mut *into))?)
    }

    /// Appends at most `limit` bytes to a vector, without writing zeros there first; 0 is the end.
    pub fn read_append(&self, fd: Fd, into: &mut Vec<u8>, limit: usize) -> HostResult<usize> {
        let entry = self.table.get(fd)?;
        into.reserve(limit);
        let spare = into.spare_capacity_mut();
        let room = spare.len().min(limit);
        if room < spare.len() {
            // The allocator gave more than was asked for, and the limit is the caller's.
            let mut piece = vec![0; room];
            let count = retry_on_intr(|| rustix::io::read(entry, &mut piece[..]))?;
            into.extend_from_slice(&piece[..count]);
            return Ok(count);
        }
        Ok(retry_on_intr(|| rustix::io::read(entry, rustix::buffer::spare_capacity(into)))?)
    }

    /// Reads at a place of a file, without moving its position.
    pub fn read_at(&self, fd: Fd, into: &mut [u8], offset: u64) -> HostResult<usize> {
        let entry = self.table.get(fd)?;
        Ok(retry_on_intr(|| rustix::io::pread(entry, &mut *into, offset))?)
    }

    /// Writes what can be written.
    pub fn write(&self, fd: Fd, bytes: &[u8]) -> HostResult<usize> {
        let entry = self.table.get(fd)?;
        Ok(retry_on_intr(|| rustix::io::write(entry, bytes))?)
    }

    /// Moves the position of a file: `SEEK_SET`, `SEEK_CUR`, `SEEK_END`. Gives the new one.
    pub fn seek(&self, fd: Fd, offset: i64, whence: i32) -> HostResult<u64> {
        let entry = self.table.get(fd)?;
        let invalid = || HostError::system(libc::EINVAL);
        let place = match whence {
            libc::SEEK_SET => SeekFrom::Start(u64::try_from(offset).map_err(|_| invalid())?),
            libc::SEEK_CUR => SeekFrom::Current(offset),
            libc::SEEK_END => SeekFrom::End(offset),
            _ => return Err(invalid()),
        };
        Ok(rustix::fs::seek(entry, place)?)
    }

    /// Cuts a file off, or fills it up with zeros.
    pub fn truncate(&self, fd: Fd, length: u64) -> HostResult<()> {
        let entry = self.table.get(fd)?;
        Ok(retry_on_intr(|| rustix::fs::ftruncate(entry, length))?)
    }

    /// Waits until a file is on the disk.
    pub fn synchronize(&self, fd: Fd) -> HostResult<()> {
        let entry = self.table.get(fd)?;
        Ok(retry_on_intr(|| rustix::fs::fsync(entry))?)
    }

    /// What the system knows of an open descriptor.
    pub fn status_of(&self, fd: Fd) -> HostResult<FileStatus> {
        Ok(FileStatus::from_system(&rustix::fs::fstat(self.table.get(fd)?)?))
    }

    /// Whether a descriptor is a terminal.
    pub fn is_terminal(&self, fd: Fd) -> HostResult<bool> {
        Ok(rustix::termios::isatty(self.table.get(fd)?.as_fd()))
    }

    /// Columns and lines of a terminal.
    pub fn terminal_size(&self, fd: Fd) -> HostResult<(u16, u16)> {
        let size = rustix::termios::tcgetwinsize(self.table.get(fd)?)?;
        Ok((size.ws_col, size.ws_row))
    }
}
