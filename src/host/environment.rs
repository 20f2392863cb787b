//! What an engine is told about where it runs: variables, arguments, working directory, machine.
//!
//! Variables and working directory are the engine's own copies: what a script changes, other engines of the process don't
//! see (and changing the process's would not be safe while other threads run).

use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use super::Host;
use super::grants::Grant;

/// A variable: name and value.
pub type Variable = (Vec<u8>, Vec<u8>);

/// The surroundings of an engine.
#[derive(Debug, Default)]
pub(super) struct Environment {
    /// `None` until somebody asks for the process's.
    pub variables: Option<Vec<Variable>>,
    /// The script's own arguments, its name first.
    pub arguments: Vec<Vec<u8>>,
    /// `None` while it is the process's.
    pub directory: Option<PathBuf>,
}

/// The machine, as `os.uname` tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    pub system: String,
    pub node: String,
    pub release: String,
    pub version: String,
    pub machine: String,
}

impl Host {
    /// The script's arguments, its name first.
    pub fn arguments(&self) -> &[Vec<u8>] {
        &self.environment.arguments
    }

    /// The variables of the environment; none if it is not granted.
    pub fn variables(&mut self) -> &mut Vec<Variable> {
        let granted = self.grants.has(Grant::Environment);
        self.environment.variables.get_or_insert_with(|| {
            let process = std::env::vars_os().filter(|_| granted);
            process.map(|(name, value)| (name.into_vec(), value.into_vec())).collect()
        })
    }

    /// The value of a variable.
    pub fn variable(&mut self, name: &[u8]) -> Option<&[u8]> {
        self.variables().iter().find(|(one, _)| one == name).map(|(_, value)| &value[..])
    }

    /// Sets a variable for this engine and the programs that it starts.
    pub fn set_variable(&mut self, name: &[u8], value: &[u8]) {
        let variables = self.variables();
        match variables.iter_mut().find(|(one, _)| one == name) {
            Some((_, old)) => *old = value.to_vec(),
            None => variables.push((name.to_vec(), value.to_vec())),
        }
    }

    /// Removes a variable; false if there is none.
    pub fn unset_variable(&mut self, name: &[u8]) -> bool {
        let variables = self.variables();
        let before = variables.len();
        variables.retain(|(one, _)| one != name);
        variables.len() < before
    }

    /// The number of this process.
    pub fn process_id(&self) -> u32 {
        std::process::id()
    }

    /// The number of the process that started this one.
    pub fn parent_process_id(&self) -> u32 {
        std::os::unix::process::parent_id()
    }

    /// How many processors the process may use.
    pub fn processors(&self) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }

    /// The name of this machine (`socket.gethostname`).
    pub fn host_name(&self) -> String {
        self.machine().node
    }

    /// The machine and its system.
    pub fn machine(&self) -> Machine {
        let names = rustix::system::uname();
        let text = |name: &std::ffi::CStr| name.to_string_lossy().into_owned();
        Machine {
            system: text(names.sysname()),
            node: text(names.nodename()),
            release: text(names.release()),
            version: text(names.version()),
            machine: text(names.machine()),
        }
    }
}

/// How much memory the command lets a script have unless it is told: half of the machine's, or three quarters of
/// what the process may map, whichever is less.
pub fn default_memory_limit() -> u64 {
    let machine = rustix::system::sysinfo();
    let half = (machine.totalram as u64).saturating_mul(u64::from(machine.mem_unit)) / 2;
    let mapped = rustix::process::getrlimit(rustix::process::Resource::As).current;
    mapped.map_or(half, |limit| half.min(limit / 4 * 3))
}
