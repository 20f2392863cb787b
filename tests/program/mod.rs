//! A program with the answer in it, and what came of running it.
//!
//! ```text
//!   # expect: text                 the next line of output
//!   # expect error: title          the diagnostic whose primary label is on this line
//!   # expect raise: Class: text    the uncaught exception whose innermost frame is this line
//!   # stdin: text                  header: one line of standard input
//!   # clock: real                  header: time is virtual otherwise
//!   # cpython: no — reason         header: not in the parity run; named in DIVERGENCES.md
//!   # skip: reason                 header: not run, counted aloud
//! ```
//!
//! [`Program`] is a file of `tests/spec`, [`Seen`] what was seen, [`Program::check`] compares. How it is run is the
//! business of those who use this: `spec.rs` in one go, `slices.rs` bit by bit, `parity.rs` on CPython.

#![allow(dead_code, reason = "each test uses a part of it")]

pub mod cpython;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aspen::engine::session::Source;
use aspen::engine::{Ended, Engine, EngineOptions, Limits};
use aspen::host::{Capture, Clock, HostOptions, Input};
use aspen::native::program::ProgramKind;
use aspen::value::Value;
use aspen_grammar::compile::{CompileOptions, compile_module};
use aspen_grammar::report::{Diagnostic, Style};
use aspen_grammar::syntax::{Mode, Origin, parse};

/// A program that hangs is stopped.
const TIME: Duration = Duration::from_secs(120);

/// A file of `tests/spec`, and what it expects.
#[derive(Clone, Debug, Default)]
pub struct Program {
    pub path: PathBuf,
    pub text: String,
    pub output: Vec<String>,
    /// The lines and titles of diagnostics.
    pub errors: Vec<(usize, String)>,
    /// The line and the last line of the traceback.
    pub raise: Option<(usize, String)>,
    pub stdin: String,
    pub is_real_time: bool,
    /// Why CPython is not asked.
    pub not_cpython: Option<String>,
    pub skip: Option<String>,
}

/// What was seen of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub output: String,
    pub error_output: String,
    /// Diagnostics, if it was not run at all.
    pub errors: Vec<(usize, String)>,
    /// How it ended, if not well: an exit code, a limit, a deadlock.
    pub ended: Option<String>,
}

impl Program {
    /// Reads a file's directives.
    pub fn read(path: &Path) -> Program {
        let bytes = fs::read(path).expect("a spec can be read");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut program = Program { path: path.to_owned(), ..Program::default() };
        for (number, line) in text.lines().enumerate() {
            program.read_line(number + 1, line);
        }
        program.text = text;
        program
    }

    fn read_line(&mut self, number: usize, line: &str) {
        if let Some(rest) = line.strip_prefix("# stdin:") {
            self.stdin.push_str(rest.strip_prefix(' ').unwrap_or(rest));
            self.stdin.push('\n');
        } else if line.starts_with("# clock: real") {
            self.is_real_time = true;
        } else if let Some(reason) = line.strip_prefix("# cpython: no") {
            self.not_cpython = Some(reason.trim_matches([' ', '—']).to_owned());
        } else if let Some(reason) = line.strip_prefix("# skip:") {
            self.skip = Some(reason.trim().to_owned());
        } else if let Some((_, text)) = line.rsplit_once("# expect:") {
            self.output.push(text.strip_prefix(' ').unwrap_or(text).to_owned());
        } else if let Some((_, title)) = line.rsplit_once("# expect error: ") {
            self.errors.push((number, title.to_owned()));
        } else if let Some((_, message)) = line.rsplit_once("# expect raise: ") {
            self.raise = Some((number, message.to_owned()));
        }
    }

    /// Its name in messages: the path below `tests/spec`.
    pub fn name(&self) -> String {
        self.path.strip_prefix(spec_folder()).unwrap_or(&self.path).display().to_string()
    }

    /// What is wrong with what was seen, if anything is.
    pub fn check(&self, seen: &Seen) -> Result<(), String> {
        if seen.errors != self.errors {
            return Err(format!("diagnostics: {:?}\n  instead of: {:?}", seen.errors, self.errors));
        }
        self.check_output(&seen.output).map_err(|wrong| format!("{wrong}\n{}", indent(&seen.error_output)))?;
        match (&self.raise, last_raise(&seen.error_output), &seen.ended) {
            (None, _, None) => Ok(()),
            (Some(expected), Some(raised), _) if *expected == raised => Ok(()),
            (Some((line, message)), Some((at, raised)), _) => {
                Err(format!("raised in line {at}: {raised}\n  instead of line {line}: {message}"))
            }
            (Some((line, message)), None, _) => Err(format!("nothing was raised in line {line}: {message}")),
            (None, _, Some(ended)) => Err(format!("{ended}\n{}", indent(&seen.error_output))),
        }
    }

    fn check_output(&self, output: &str) -> Result<(), String> {
        let mut lines = output.lines();
        for (n_before, expected) in self.output.iter().enumerate() {
            match lines.next() {
                Some(line) if line.trim_end() == expected.trim_end() => {}
                Some(line) => {
                    return Err(format!("line {} of the output: {line}\n  instead of: {expected}", n_before + 1));
                }
                None => return Err(format!("the output ends before: {expected}")),
            }
        }
        match lines.next() {
            Some(line) => Err(format!("more output than expected: {line}")),
            None => Ok(()),
        }
    }

    /// An engine with this program loaded, and its two streams; or its diagnostics.
    pub fn load(&self, slice: Option<i64>) -> Result<(Engine, Capture, Capture), Seen> {
        let (output, error) = (Capture::default(), Capture::default());
        let clock = if self.is_real_time { Clock::real() } else { Clock::virtual_time() };
        let host = HostOptions {
            clock,
            input: Input::Bytes(self.stdin.clone().into_bytes(), 0),
            output: Box::new(output.clone()),
            error: Box::new(error.clone()),
            ..HostOptions::command()
        };
        let limits = Limits { time: Some(TIME), ..Limits::default() };
        let mut options = EngineOptions { host, limits, ..EngineOptions::default() };
        if let Some(slice) = slice {
            options.slice = slice;
        }
        let mut engine = Engine::new(options);
        let name = self.path.display().to_string();
        let directory = self.path.parent().map(|folder| folder.display().to_string());
        engine.set_arguments(&[name.clone().into_bytes()], directory.as_deref());
        let source = Source { text: self.text.as_bytes(), name: &name, shows_source: true };
        match engine.load(&source, ProgramKind::Command, Style::Plain) {
            Ok(()) => Ok((engine, output, error)),
            Err(error_output) => Err(Seen { error_output, errors: self.diagnose(), ..Seen::default() }),
        }
    }

    /// The diagnostics of the text as (line, title).
    fn diagnose(&self) -> Vec<(usize, String)> {
        let parsed = parse(self.text.as_bytes(), Mode::Module, Origin::Bytes);
        let mut diagnostics = parsed.diagnostics;
        if diagnostics.is_empty() {
            let compiled = compile_module(&parsed.tree, &parsed.text, "spec.as", CompileOptions::default());
            diagnostics = compiled.err().unwrap_or_default();
        }
        diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
        let at = |diagnostic: &Diagnostic| {
            let before = &parsed.text.as_bytes()[..diagnostic.span.start as usize];
            (before.iter().filter(|&&byte| byte == b'\n').count() + 1, diagnostic.mistake.title())
        };
        diagnostics.iter().map(at).collect()
    }

    /// Runs it in one go.
    pub fn run(&self) -> Seen {
        let (mut engine, output, error) = match self.load(None) {
            Ok(loaded) => loaded,
            Err(seen) => return seen,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let ended = runtime.block_on(engine.run_loaded());
        finish(engine, ended, &output, &error)
    }
}

/// What was seen of an engine that is at its end.
pub fn finish(mut engine: Engine, ended: Ended, output: &Capture, error: &Capture) -> Seen {
    let flushed = engine.flush();
    let ended = match ended {
        Ended::Value(Value::Int(0)) => flushed.err().map(|error| error.to_string()),
        Ended::Value(Value::Int(code)) => Some(format!("exit code {code}")),
        Ended::Deadlock(report) => Some(report),
        other => Some(format!("{other:?}")),
    };
    let text = |capture: &Capture| String::from_utf8_lossy(&capture.take()).into_owned();
    Seen { output: text(output), error_output: text(error), errors: Vec::new(), ended }
}

/// The innermost line and the message of the last traceback of a text.
pub fn last_raise(error_output: &str) -> Option<(usize, String)> {
    let mut line = None;
    let mut message = None;
    for text in error_output.lines() {
        if let Some(rest) = text.strip_prefix("  File \"") {
            let number = rest.split(", line ").nth(1)?;
            line = number.split(',').next()?.trim().parse().ok();
        } else if !text.starts_with(' ') && !text.starts_with("Traceback (most recent call last)") {
            message = message.or(line.map(|_| text.to_owned()));
        } else if text.starts_with("Traceback (most recent call last)") {
            (line, message) = (None, None);
        }
    }
    Some((line?, message?))
}

/// Where the specs are.
pub fn spec_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec")
}

/// All specs, or those whose name contains `$SPEC`, in the order of their names.
pub fn all() -> Vec<Program> {
    let wanted = std::env::var("SPEC").unwrap_or_default();
    let mut programs: Vec<Program> = files(&spec_folder(), "as").iter().map(|path| Program::read(path)).collect();
    programs.retain(|program| program.name().contains(&wanted));
    programs
}

/// All files below a folder with an extension, sorted.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the project can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Does something for each of these, on as many threads as there are processors; what is wrong is collected.
pub fn check_each<T: Sync>(all: &[T], check: impl Fn(&T) -> Result<(), String> + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    let n_threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(message) = check(one) {
                        wrong.lock().expect("nobody panics with it").push(message);
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().expect("nobody panics with it");
    wrong.sort();
    wrong
}

/// Says something even if the test passes: the harness holds back only what the macros print.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}
