//! The prompt.

use super::arguments::{Action, Command};

/// Reads, evaluates, prints, until the input ends; the exit code.
pub fn run(command: Command) -> i32 {
    super::file::run(Command { action: Action::Input, ..command })
}
