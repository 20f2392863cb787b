//! The file system by path: looking at files and directories, making, renaming and removing them.
//!
//! Paths are bytes, as the system has them; a relative one counts from the engine's own working directory. Errors carry the
//! path as the script gave it.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::DirEntryExt;
use std::path::Path;

use rustix::fs::{Access, AtFlags, CWD, Mode, Stat, Timespec, Timestamps};
use rustix::io::Errno;

use super::Host;
use super::error::{HostError, HostResult};
use super::grants::Grant;

/// What the system knows of a file (`os.stat_result`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStatus {
    pub mode: u32,
    pub inode: u64,
    pub device: u64,
    pub links: u64,
    pub user: u32,
    pub group: u32,
    pub size: i64,
    /// Nanoseconds since 1970.
    pub accessed: i128,
    pub modified: i128,
    pub changed: i128,
    pub block_size: i64,
    pub blocks: i64,
    pub special_device: u64,
}

impl FileStatus {
    // Some fields have other types on other machines.
    #[allow(clippy::unnecessary_cast)]
    pub(super) fn from_system(stat: &Stat) -> FileStatus {
        let nanos = |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
        FileStatus {
            mode: stat.st_mode as u32,
            inode: stat.st_ino as u64,
            device: stat.st_dev as u64,
            links: stat.st_nlink as u64,
            user: stat.st_uid as u32,
            group: stat.st_gid as u32,
            size: stat.st_size as i64,
            accessed: nanos(stat.st_atime as i64, stat.st_atime_nsec as i64),
            modified: nanos(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            changed: nanos(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
            block_size: stat.st_blksize as i64,
            blocks: stat.st_blocks as i64,
            special_device: stat.st_rdev as u64,
        }
    }

    /// Whether it is a directory.
    pub fn is_directory(&self) -> bool {
        self.mode & libc::S_IFMT == libc::S_IFDIR
    }

    /// Whether it is a regular file.
    pub fn is_file(&self) -> bool {
        self.mode & libc::S_IFMT == libc::S_IFREG
    }

    /// Whether it is a symbolic link.
    pub fn is_link(&self) -> bool {
        self.mode & libc::S_IFMT == libc::S_IFLNK
    }
}

/// What an entry of a directory is, without asking for its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    File,
    Directory,
    Link,
    Other,
}

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryEntry {
    pub name: Vec<u8>,
    pub kind: EntryKind,
    pub inode: u64,
}

impl Host {
    /// Where a path leads to from the engine's working directory; refuses if files are not granted.
    pub(super) fn locate<'p>(&self, path: &'p [u8]) -> HostResult<Cow<'p, Path>> {
        self.grants.require(Grant::Files).map_err(|error| error.with_filename(path))?;
        let path = Path::new(OsStr::from_bytes(path));
        match &self.environment.directory {
            // An empty path is nobody's: the system refuses it.
            Some(directory) if !path.as_os_str().is_empty() => Ok(Cow::Owned(directory.join(path))),
            _ => Ok(Cow::Borrowed(path)),
        }
    }

    fn at<T>(&self, path: &[u8], call: impl FnOnce(&Path) -> Result<T, Errno>) -> HostResult<T> {
        let place = self.locate(path)?;
        call(&place).map_err(|errno| HostError::from(errno).with_filename(path))
    }

    fn between(&self, from: &[u8], to: &[u8], call: impl FnOnce(&Path, &Path) -> Result<(), Errno>) -> HostResult<()> {
        let (source, target) = (self.locate(from)?, self.locate(to)?);
        call(&source, &target).map_err(|errno| HostError::from(errno).with_filename(from).with_filename2(to))
    }

    /// What the system knows of a file, through symbolic links (`os.stat`).
    pub fn status(&self, path: &[u8]) -> HostResult<FileStatus> {
        self.at(path, |place| rustix::fs::stat(place)).map(|stat| FileStatus::from_system(&stat))
    }

    /// What the system knows of a file or of the symbolic link itself (`os.lstat`).
    pub fn link_status(&self, path: &[u8]) -> HostResult<FileStatus> {
        self.at(path, |place| rustix::fs::lstat(place)).map(|stat| FileStatus::from_system(&stat))
    }

    /// The entries of a directory without `.` and `..`, in the system's order.
    pub fn list_directory(&self, path: &[u8]) -> HostResult<Vec<DirectoryEntry>> {
        let place = self.locate(path)?;
        let about = |error: std::io::Error| HostError::from(error).with_filename(path);
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(&place).map_err(about)? {
            let entry = entry.map_err(about)?;
            let kind = entry.file_type().map_or(EntryKind::Other, |kind| match () {
                () if kind.is_dir() => EntryKind::Directory,
                () if kind.is_file() => EntryKind::File,
                () if kind.is_symlink() => EntryKind::Link,
                () => EntryKind::Other,
            });
            entries.push(DirectoryEntry { name: entry.file_name().into_vec(), kind, inode: entry.ino() });
        }
        Ok(entries)
    }

    /// Makes a directory.
    pub fn make_directory(&self, path: &[u8], mode: u32) -> HostResult<()> {
        self.at(path, |place| rustix::fs::mkdir(place, Mode::from_raw_mode(mode)))
    }

    /// Removes an empty directory.
    pub fn remove_directory(&self, path: &[u8]) -> HostResult<()> {
        self.at(path, |place| rustix::fs::rmdir(place))
    }

    /// Removes a file.
    pub fn remove_file(&self, path: &[u8]) -> HostResult<()> {
        self.at(path, |place| rustix::fs::unlink(place))
    }

    /// Renames a file or a directory, over what is there.
    pub fn rename(&self, from: &[u8], to: &[u8]) -> HostResult<()> {
        self.between(from, to, |source, target| rustix::fs::rename(source, target))
    }

    /// Gives a file a second name.
    pub fn make_link(&self, from: &[u8], to: &[u8]) -> HostResult<()> {
        self.between(from, to, |source, target| rustix::fs::link(source, target))
    }

    /// Makes a symbolic link at `path`, which leads to `target` as it is written.
    pub fn make_symbolic_link(&self, target: &[u8], path: &[u8]) -> HostResult<()> {
        let place = self.locate(path)?;
        rustix::fs::symlink(target, &*place)
            .map_err(|errno| HostError::from(errno).with_filename(target).with_filename2(path))
    }

    /// What is written in a symbolic link.
    pub fn read_link(&self, path: &[u8]) -> HostResult<Vec<u8>> {
        self.at(path, |place| rustix::fs::readlink(place, Vec::new())).map(|target| target.into_bytes())
    }

    /// Changes the permissions of a file.
    pub fn change_mode(&self, path: &[u8], mode: u32) -> HostResult<()> {
        self.at(path, |place| rustix::fs::chmod(place, Mode::from_raw_mode(mode)))
    }

    /// Whether the process may do this with a file: `F_OK`, or `R_OK`, `W_OK`, `X_OK` together.
    pub fn may_access(&self, path: &[u8], mode: u32) -> HostResult<bool> {
        let place = self.locate(path)?;
        Ok(rustix::fs::access(&*place, Access::from_bits_retain(mode)).is_ok())
    }

    /// Sets when a file was read and written last, in nanoseconds since 1970.
    pub fn set_times(&self, path: &[u8], accessed: i64, modified: i64) -> HostResult<()> {
        let time =
            |nanos: i64| Timespec { tv_sec: nanos.div_euclid(1_000_000_000), tv_nsec: nanos.rem_euclid(1_000_000_000) };
        let times = Timestamps { last_access: time(accessed), last_modification: time(modified) };
        self.at(path, |place| rustix::fs::utimensat(CWD, place, &times, AtFlags::empty()))
    }

    /// Cuts a file off by path.
    pub fn truncate_path(&self, path: &[u8], length: u64) -> HostResult<()> {
        let owned = self.at(path, |place| {
            rustix::fs::open(place, rustix::fs::OFlags::WRONLY | rustix::fs::OFlags::CLOEXEC, Mode::empty())
        })?;
        rustix::fs::ftruncate(&owned, length).map_err(|errno| HostError::from(errno).with_filename(path))
    }

    /// The engine's working directory, absolute.
    pub fn current_directory(&self) -> HostResult<Vec<u8>> {
        self.grants.require(Grant::Files)?;
        match &self.environment.directory {
            Some(directory) => Ok(directory.as_os_str().as_bytes().to_vec()),
            None => Ok(std::env::current_dir()?.into_os_string().into_vec()),
        }
    }

    /// Changes the engine's working directory; the process's own stays.
    pub fn change_directory(&mut self, path: &[u8]) -> HostResult<()> {
        let about = |error: std::io::Error| HostError::from(error).with_filename(path);
        let place = std::fs::canonicalize(self.locate(path)?).map_err(about)?;
        if !std::fs::metadata(&place).map_err(about)?.is_dir() {
            return Err(HostError::system(libc::ENOTDIR).with_filename(path));
        }
        rustix::fs::access(&place, Access::EXEC_OK).map_err(|errno| HostError::from(errno).with_filename(path))?;
        self.environment.directory = Some(place);
        Ok(())
    }

    /// The absolute path without symbolic links; fails if it does not exist.
    pub fn real_path(&self, path: &[u8]) -> HostResult<Vec<u8>> {
        let place = self.locate(path)?;
        let real = std::fs::canonicalize(&*place).map_err(|error| HostError::from(error).with_filename(path))?;
        Ok(real.into_os_string().into_vec())
    }
}
