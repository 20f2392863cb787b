//! What went wrong outside, as data.
//!
//! A `HostError` is an error number of the system with what CPython's `OSError` would carry beside it (the file names),
//! or one of the few failures that have no number. Natives make the exception of it; nothing here knows exceptions.
//! It is two words, and making one for "would block" allocates nothing: that is the commonest answer of a socket.

use std::fmt;

use super::grants::Grant;

/// The result of everything that passes the door.
pub type HostResult<T> = Result<T, HostError>;

/// What kind of failure a `HostError` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostErrorKind {
    /// The system said no: `errno` is its number, for `OSError` and its subclasses.
    System,
    /// A name was not resolved: `errno` is the number of getaddrinfo (`EAI_NONAME`), for `socket.gaierror`.
    Resolver,
    /// The embedder did not grant this: `errno` is `EPERM`, for `PermissionError`.
    Refused(Grant),
    /// Aspen can't do this; `message` names it. `errno` is what a system without it would answer.
    Unsupported,
    /// The engine was polled outside a tokio runtime, or on one without timer or I/O driver.
    NoRuntime,
    /// The runtime that worked on an operation went away before it was done.
    Abandoned,
}

/// A failure outside, as plain data.
#[derive(Clone, PartialEq, Eq)]
pub struct HostError {
    pub kind: HostErrorKind,
    /// The number that `OSError.errno` gets.
    pub errno: i32,
    details: Option<Box<Details>>,
}

/// The rarer parts of an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Details {
    filename: Option<Box<[u8]>>,
    filename2: Option<Box<[u8]>>,
    message: Option<Box<str>>,
}

impl HostError {
    /// The error with this number of the system.
    pub fn system(errno: i32) -> HostError {
        HostError { kind: HostErrorKind::System, errno, details: None }
    }

    /// The embedder did not grant this.
    pub fn refused(grant: Grant) -> HostError {
        HostError { kind: HostErrorKind::Refused(grant), errno: libc::EPERM, details: None }
    }

    /// getaddrinfo or getnameinfo failed with this number.
    pub fn resolver(code: i32) -> HostError {
        HostError { kind: HostErrorKind::Resolver, errno: code, details: None }
    }

    /// Something that Aspen can't do, with the number a system without it would give.
    pub fn unsupported(errno: i32, what: &str) -> HostError {
        HostError { kind: HostErrorKind::Unsupported, errno, details: None }.with_message(what)
    }

    /// The engine is not polled on a tokio runtime.
    pub fn no_runtime() -> HostError {
        HostError { kind: HostErrorKind::NoRuntime, errno: libc::ENOSYS, details: None }
            .with_message("an engine that waits has to be polled on a tokio runtime with its time and I/O drivers")
    }

    /// The runtime that worked on the operation is gone.
    pub fn abandoned() -> HostError {
        HostError { kind: HostErrorKind::Abandoned, errno: libc::ECANCELED, details: None }
    }

    /// A call that can't be done at once: the caller registers interest and suspends.
    pub fn would_block_now() -> HostError {
        HostError::system(libc::EAGAIN)
    }

    /// A descriptor that is not (or no longer) in the engine's table.
    pub fn bad_descriptor() -> HostError {
        HostError::system(libc::EBADF)
    }

    /// The same error, about this file.
    pub fn with_filename(mut self, filename: &[u8]) -> HostError {
        self.details.get_or_insert_default().filename = Some(filename.into());
        self
    }

    /// The same error, about a second file too (`rename`, `link`).
    pub fn with_filename2(mut self, filename: &[u8]) -> HostError {
        self.details.get_or_insert_default().filename2 = Some(filename.into());
        self
    }

    /// The same error, with a text of its own in place of the system's.
    pub fn with_message(mut self, message: &str) -> HostError {
        self.details.get_or_insert_default().message = Some(message.into());
        self
    }

    /// True if the call would have to wait: a connection in progress counts.
    pub fn would_block(&self) -> bool {
        self.kind == HostErrorKind::System && matches!(self.errno, libc::EAGAIN | libc::EINPROGRESS | libc::EALREADY)
    }

    /// True if there are no more descriptors: the caller collects, and tries once more.
    pub fn too_many_files(&self) -> bool {
        self.kind == HostErrorKind::System && matches!(self.errno, libc::EMFILE | libc::ENFILE)
    }

    /// True if nobody reads what was written any more.
    pub fn broken_pipe(&self) -> bool {
        self.kind == HostErrorKind::System && self.errno == libc::EPIPE
    }

    /// The file it is about, as the bytes the caller gave.
    pub fn filename(&self) -> Option<&[u8]> {
        self.details.as_ref()?.filename.as_deref()
    }

    /// The second file it is about.
    pub fn filename2(&self) -> Option<&[u8]> {
        self.details.as_ref()?.filename2.as_deref()
    }

    /// The text for `OSError.strerror`: the system's, CPython's too.
    pub fn message(&self) -> String {
        let own = self.details.as_ref().and_then(|details| details.message.as_deref());
        match (own, self.kind) {
            (Some(message), _) => message.to_owned(),
            (None, HostErrorKind::Resolver) => resolver_message(self.errno).to_owned(),
            (None, _) => system_message(self.errno),
        }
    }
}

/// The system's text for an error number (`strerror`).
pub fn system_message(errno: i32) -> String {
    let mut text = std::io::Error::from_raw_os_error(errno).to_string();
    if let Some(end) = text.rfind(" (os error ") {
        text.truncate(end);
    }
    text
}

/// The system's text for an error number of getaddrinfo (`gai_strerror`).
pub fn resolver_message(code: i32) -> &'static str {
    match code {
        libc::EAI_BADFLAGS => "Bad value for ai_flags",
        libc::EAI_NONAME => "Name or service not known",
        libc::EAI_AGAIN => "Temporary failure in name resolution",
        libc::EAI_FAIL => "Non-recoverable failure in name resolution",
        libc::EAI_NODATA => "No address associated with hostname",
        libc::EAI_FAMILY => "ai_family not supported",
        libc::EAI_SOCKTYPE => "ai_socktype not supported",
        libc::EAI_SERVICE => "Servname not supported for ai_socktype",
        libc::EAI_MEMORY => "Memory allocation failure",
        libc::EAI_SYSTEM => "System error",
        libc::EAI_OVERFLOW => "Argument buffer overflow",
        -9 => "Address family for hostname not supported",
        _ => "Unknown error",
    }
}

impl From<rustix::io::Errno> for HostError {
    fn from(errno: rustix::io::Errno) -> HostError {
        HostError::system(errno.raw_os_error())
    }
}

impl From<std::io::Error> for HostError {
    fn from(error: std::io::Error) -> HostError {
        match error.raw_os_error() {
            Some(errno) => HostError::system(errno),
            None if error.kind() == std::io::ErrorKind::WouldBlock => HostError::would_block_now(),
            None if error.kind() == std::io::ErrorKind::BrokenPipe => HostError::system(libc::EPIPE),
            None => HostError::system(libc::EIO).with_message(&error.to_string()),
        }
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[Errno {}] {}", self.errno, self.message())?;
        match self.filename() {
            Some(filename) => write!(f, ": {:?}", String::from_utf8_lossy(filename)),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {self}", self.kind)
    }
}

impl std::error::Error for HostError {}
