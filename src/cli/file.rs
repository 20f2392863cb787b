//! A program is run to its exit code.

use std::io::Read;

use aspen_grammar::report::Style;

use super::WRONG;
use super::arguments::{Action, Command};
use crate::engine::session::Source;
use crate::engine::{Ended, Engine};
use crate::native::program::ProgramKind;
use crate::native::signal::INTERRUPT;
use crate::value::Value;

/// Exit codes.
const FAILED: i32 = 1;
const DEADLOCK: i32 = 3;

/// Runs a file, a text, or standard input.
pub fn run(command: Command) -> i32 {
    let Command { action, options, arguments } = command;
    let (text, shown, argv0, directory) = match action {
        Action::File(file) => match std::fs::read(&file) {
            Ok(text) => {
                let whole = absolute(&file);
                let directory = whole.rsplit_once('/').map_or("", |(directory, _)| directory).to_owned();
                (text, file.clone(), file, directory)
            }
            Err(error) => {
                eprintln!("aspen: can't open file '{file}': {}", reason(&error));
                return WRONG as i32;
            }
        },
        Action::Text(text) => (text, "<string>".to_owned(), "-c".to_owned(), String::new()),
        Action::Input | Action::Prompt | Action::Help | Action::Version | Action::Dump { .. } => {
            let mut text = Vec::new();
            if let Err(error) = std::io::stdin().read_to_end(&mut text) {
                eprintln!("aspen: can't read standard input: {}", reason(&error));
                return WRONG as i32;
            }
            (text, "<stdin>".to_owned(), "-".to_owned(), String::new())
        }
    };
    let mut engine = Engine::new(options);
    let all: Vec<Vec<u8>> = std::iter::once(argv0.into_bytes()).chain(arguments).collect();
    engine.set_arguments(&all, Some(&directory));
    let name = if shown.starts_with('<') { shown.clone() } else { absolute(&shown) };
    let source = Source { text: &text, name: &name, shown: &shown, shows_source: true };
    if let Err(diagnostics) = engine.load(&source, ProgramKind::Command, style()) {
        eprint!("{diagnostics}");
        return WRONG as i32;
    }
    finish(&mut engine)
}

/// The whole path of a file, as `__file__` and tracebacks have it.
fn absolute(file: &str) -> String {
    std::path::absolute(file).map_or(file.to_owned(), |path| path.to_string_lossy().into_owned())
}

/// Runs what was loaded on a runtime of this thread.
fn finish(engine: &mut Engine) -> i32 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ended = match runtime {
        Ok(runtime) => {
            let _guard = runtime.enter();
            engine.watch_signal(INTERRUPT);
            runtime.block_on(engine.run_loaded())
        }
        Err(error) => Ended::Fault(format!("no runtime: {error}")),
    };
    // A reader that has gone does not want to hear of it.
    let _ = engine.flush();
    match ended {
        Ended::Value(Value::Int(code)) => (code & 0xFF) as i32,
        Ended::Value(_) => 0,
        Ended::Raised(_) => FAILED,
        Ended::Stopped(limit) => {
            eprintln!("aspen: stopped: {}", limit.describe());
            FAILED
        }
        Ended::Deadlock(report) => {
            eprint!("{report}");
            DEADLOCK
        }
        Ended::Fault(message) => {
            eprintln!("aspen: {message}");
            FAILED
        }
    }
}

fn style() -> Style {
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
