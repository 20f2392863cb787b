//! What the embedder lets the scripts of an engine do outside.
//!
//! Coarse on purpose: a whole area of the outside world is granted or it is not. Each call that leaves the process asks
//! here first; what is refused is `EPERM`, which scripts see as `PermissionError`. The clock, randomness, pipes and socket
//! pairs within the engine need no grant.

use super::error::{HostError, HostResult};

/// One area of the outside world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Grant {
    /// Opening, looking at and changing files and directories.
    Files = 1,
    /// Sockets of any family, and resolving names.
    Network = 2,
    /// The variables of the process's environment; without it the script sees none.
    Environment = 4,
    /// Installing signal handlers in this process.
    Signals = 8,
    /// Work in the blocking pool of the runtime, which may start threads there (resolving names).
    Pool = 16,
    /// The process's own standard input, as descriptor 0; and 1 and 2 as descriptors.
    Streams = 32,
}

/// The set of areas that an engine may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grants(u8);

impl Grants {
    /// Nothing: the script computes, and prints where the embedder says.
    pub const NONE: Grants = Grants(0);
    /// Everything, as the command has it.
    pub const ALL: Grants = Grants(63);

    /// These, and this area too.
    pub const fn with(self, grant: Grant) -> Grants {
        Grants(self.0 | grant as u8)
    }

    /// These, but not this area.
    pub const fn without(self, grant: Grant) -> Grants {
        Grants(self.0 & !(grant as u8))
    }

    /// Whether this area is granted.
    pub const fn has(self, grant: Grant) -> bool {
        self.0 & grant as u8 != 0
    }

    /// Refuses unless this area is granted.
    pub fn require(self, grant: Grant) -> HostResult<()> {
        if self.has(grant) { Ok(()) } else { Err(HostError::refused(grant)) }
    }
}
