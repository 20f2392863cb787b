//! A program is run to its exit code.

use std::io::Read;
use std::sync::{Mutex, PoisonError};

use aspen_grammar::report::Style;

use super::WRONG;
use super::arguments::{Action, Command};
use crate::engine::{Engine, HostModule, Stop, Text};

/// Exit codes.
pub const FAILED: i32 = 1;
const DEADLOCK: i32 = 3;

/// SIGINT.
const INTERRUPT: i32 = 2;

/// Where a fault of ours happened: known to the panic hook alone.
static FAULT: Mutex<Option<String>> = Mutex::new(None);

/// Runs a file, a text, or standard input.
pub fn run(command: Command) -> i32 {
    let (text, name, argv0, directory) = match &command.action {
        Action::File(file) => match std::fs::read(file) {
            Ok(text) => {
                // `__file__` and tracebacks have the whole path.
                let whole = std::path::absolute(file).map_or(file.clone(), |path| path.to_string_lossy().into_owned());
                let directory = whole.rsplit_once('/').map_or("", |(directory, _)| directory).to_owned();
                (text, whole, file.clone(), directory)
            }
            Err(error) => {
                eprintln!("aspen: can't open file '{file}': {}", reason(&error));
                return WRONG as i32;
            }
        },
        Action::Text(text) => (text.clone(), "<string>".to_owned(), "-c".to_owned(), String::new()),
        Action::Input | Action::Prompt | Action::Help | Action::Version | Action::Dump { .. } => {
            let mut text = Vec::new();
            if let Err(error) = std::io::stdin().read_to_end(&mut text) {
                eprintln!("aspen: can't read standard input: {}", reason(&error));
                return WRONG as i32;
            }
            (text, "<stdin>".to_owned(), "-".to_owned(), String::new())
        }
    };
    let arguments = std::iter::once(argv0.into_bytes()).chain(command.arguments.iter().cloned()).collect();
    run_text(Command { arguments, ..command }, Text { name: &name, text: &text }, &directory, Vec::new())
}

/// Runs a text on a runtime of this thread. The first argument is the program's name.
pub fn run_text(command: Command, text: Text, directory: &str, modules: Vec<HostModule>) -> i32 {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("aspen: no runtime: {error}");
            return FAILED;
        }
    };
    let mut engine = Engine::new(command.options);
    modules.into_iter().for_each(|module| engine.add_module(module));
    engine.set_arguments(&command.arguments, Some(directory));
    engine.set_warning_options(&command.warnings);
    let ended = runtime.block_on(async {
        engine.watch_signal(INTERRUPT);
        engine.run_program(text).await
    });
    // A reader that has gone does not want to hear of it.
    let _ = engine.flush();
    let code = match ended {
        Ok(code) => code,
        Err(stop) => tell(&stop),
    };
    // The process ends: taking the heap apart first is work for nothing, and what still runs in the pool of the runtime is
    // not waited for.
    std::mem::forget((engine, runtime));
    code
}

/// Says why a program did not come to its end; the exit code.
fn tell(stop: &Stop) -> i32 {
    match stop {
        Stop::Mistakes(mistakes) => {
            eprint!("{}", mistakes.render(style()));
            WRONG as i32
        }
        Stop::Raised(raised) => {
            eprint!("{}", raised.traceback);
            FAILED
        }
        Stop::Limit(limit) => {
            eprintln!("aspen: stopped: {}", limit.describe());
            FAILED
        }
        Stop::Deadlock(report) => {
            eprint!("{report}");
            DEADLOCK
        }
        Stop::Fault(message) => {
            let place = FAULT.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
            let place = if message.contains(&place) { "" } else { &place };
            eprintln!("aspen: a bug in Aspen{place}: {message}");
            FAILED
        }
    }
}

/// A fault outside of any program; the exit code.
pub fn tell_fault(panic: &(dyn std::any::Any + Send)) -> i32 {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    tell(&Stop::Fault(text))
}

/// Faults are told by whoever catches them: until then only their place is noted.
pub fn note_faults() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!(" ({}:{})", place.file(), place.line()));
        *FAULT.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
}

/// Colours where a person looks.
pub fn style() -> Style {
    let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    if is_terminal && std::env::var_os("NO_COLOR").is_none() { Style::Coloured } else { Style::Plain }
}

/// The system's words alone: `[Errno 2] No such file or directory`.
fn reason(error: &std::io::Error) -> String {
    match error.raw_os_error() {
        Some(number) => {
            let text = error.to_string();
            let words = text.split(" (os error").next().unwrap_or(&text);
            format!("[Errno {number}] {words}")
        }
        None => error.to_string(),
    }
}
