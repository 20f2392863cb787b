//! The command `aspen`: files, texts of the command line, the prompt, and a look at every stage.
//!
//! 1. [`arguments`]: what the command line asks for. 2. [`file`]: a program is run to its exit code.
//! 3. [`dump`]: tokens, tree, scopes, code. 4. [`repl`]: the prompt.
//!
//! Nothing here knows more of the engine than an embedder does.

mod arguments;
mod dump;
mod file;
mod repl;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use arguments::{Action, HELP, parse};

/// Usage, or a mistake in the program's text.
const WRONG: u8 = 2;

/// Runs the command of the process.
pub fn main() -> ExitCode {
    crate::host::use_small_pages();
    let mut given: Vec<Vec<u8>> = Vec::new();
    for argument in std::env::args_os().skip(1) {
        given.push(std::os::unix::ffi::OsStringExt::into_vec(argument));
    }
    let command = match parse(given) {
        Ok(command) => command,
        Err(mistake) => {
            eprintln!("aspen: {mistake}\nTry 'aspen --help'.");
            return ExitCode::from(WRONG);
        }
    };
    let code = match command.action {
        Action::Help => {
            print!("{HELP}");
            0
        }
        Action::Version => {
            println!("aspen {} (Python 3.13 syntax)", env!("CARGO_PKG_VERSION"));
            0
        }
        Action::Dump { stage, file } => dump::dump(stage, &file),
        Action::File(_) | Action::Text(_) | Action::Input | Action::Prompt => {
            file::note_faults();
            let run = if matches!(command.action, Action::Prompt) { repl::run } else { file::run };
            // Nothing of it is looked at afterwards.
            catch_unwind(AssertUnwindSafe(|| run(command))).unwrap_or_else(|panic| file::tell_fault(&*panic))
        }
    };
    ExitCode::from(code as u8)
}
