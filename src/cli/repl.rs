//! The prompt.
//!
//! ```text
//!   thread of the editor                     this thread: the engine, on a runtime
//!   ────────────────────                     ─────────────────────────────────────
//!   rustyline: edit, history, more lines ←── await _console.read()      stdlib/_prompt.as: a task per line
//!   mistakes are shown, and asked again ───→ the text, or None at the end
//! ```
//!
//! The editor has a thread of its own, so that the script's tasks run on while it waits. What they print meanwhile goes above the
//! line that is being edited. Input that is no terminal is no prompt but a script.

use std::io::{self, IsTerminal};
use std::os::fd::BorrowedFd;
use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};

use aspen_grammar::compile::{CompileMode, CompileOptions, compile_module};
use aspen_grammar::report::render;
use aspen_grammar::syntax::{Mode, Origin, parse};
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Completer, Config, Editor, ExternalPrinter, Helper, Highlighter, Hinter};
use tokio::sync::oneshot;

use super::arguments::{Action, Command};
use super::file;
use crate::engine::{Data, HostModule, Output, ProcessOutput, Text};
use crate::host::{Buffering, StandardStream};

/// What the engine runs: the session in the library.
const PROGRAM: &str = "import _prompt; _prompt.run()";

const GREETING: &str =
    concat!("Aspen ", env!("CARGO_PKG_VERSION"), " (Python 3.13 syntax). Ctrl-D ends, Ctrl-C stops what runs.");

/// Where the next text, or the end, is wanted.
type Wanted = oneshot::Sender<Option<String>>;

/// Prints above the line that is being edited.
type Printer = Box<dyn FnMut(String) + Send>;

/// How output reaches the terminal: by the printer while a line is edited.
type Line = Arc<Mutex<Option<Printer>>>;

/// Reads, evaluates, prints, until the input ends; the exit code.
pub fn run(mut command: Command) -> i32 {
    if !io::stdin().is_terminal() {
        return file::run(Command { action: Action::Input, ..command });
    }
    let line = Line::default();
    if io::stdout().is_terminal() {
        command.options.host.output = Box::new(PromptOutput::new(StandardStream::Output, &line));
        command.options.host.error = Box::new(PromptOutput::new(StandardStream::Error, &line));
    }
    let (wants, wanted) = mpsc::channel();
    let editor = std::thread::Builder::new().name("editor".to_owned()).spawn(move || edit(&wanted, &line));
    if let Err(error) = editor {
        eprintln!("aspen: no prompt: {error}");
        return file::FAILED;
    }
    println!("{GREETING}");
    file::run_text(command, Text::named("<prompt>", PROGRAM), "", vec![console(wants)])
}

/// The module through which the session reads.
fn console(wants: mpsc::Sender<Wanted>) -> HostModule {
    // `Sender` is shared by the calls, of which there is one at a time.
    let wants = Arc::new(Mutex::new(wants));
    HostModule::new("_console").async_function("read", move |_| {
        let (answer, answered) = oneshot::channel();
        let sent = wants.lock().unwrap_or_else(PoisonError::into_inner).send(answer);
        async move {
            // The end of the editor is the end of the input.
            let text = if sent.is_ok() { answered.await.ok().flatten() } else { None };
            Ok(Data::from(text))
        }
    })
}

/// The thread of the editor: a text for each that is wanted.
fn edit(wanted: &mpsc::Receiver<Wanted>, line: &Line) {
    let config = Config::builder().auto_add_history(false).max_history_size(5000).map(|builder| builder.build());
    let editor = config.and_then(Editor::<Lines, FileHistory>::with_config);
    let Ok(mut editor) = editor else { return };
    editor.set_helper(Some(Lines));
    let history = history_file();
    if let Some(history) = &history {
        // There is none the first time.
        let _ = editor.load_history(history);
    }
    while let Ok(answer) = wanted.recv() {
        let text = read(&mut editor, line);
        if let (Some(_), Some(history)) = (&text, &history) {
            let _ = editor.append_history(history);
        }
        if answer.send(text).is_err() {
            break;
        }
    }
}

/// The next text without mistakes; None at the end of the input.
fn read(editor: &mut Editor<Lines, FileHistory>, line: &Line) -> Option<String> {
    loop {
        let printer = editor.create_external_printer().ok().map(|mut printer| -> Printer {
            Box::new(move |text| {
                // A terminal that is gone shows nothing.
                let _ = printer.print(text);
            })
        });
        *line.lock().unwrap_or_else(PoisonError::into_inner) = printer;
        let typed = editor.readline(">>> ");
        *line.lock().unwrap_or_else(PoisonError::into_inner) = None;
        match typed {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => {
                let _ = editor.add_history_entry(text.trim_end());
                let text = text + "\n";
                match mistakes(&text) {
                    Some(mistakes) => eprint!("{mistakes}"),
                    None => return Some(text),
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(_) => return None,
        }
    }
}

/// What is wrong with a text, for the eye.
fn mistakes(text: &str) -> Option<String> {
    let parsed = parse(text.as_bytes(), Mode::Module, Origin::Bytes);
    let diagnostics = if parsed.diagnostics.is_empty() {
        let options = CompileOptions { mode: CompileMode::Interactive, ..CompileOptions::default() };
        compile_module(&parsed.tree, &parsed.text, "<prompt>", options).err()?
    } else {
        parsed.diagnostics
    };
    Some(render(&diagnostics, &parsed.text, "<prompt>", file::style()))
}

/// `$XDG_STATE_HOME/aspen/history`, by default in `~/.local/state`.
fn history_file() -> Option<PathBuf> {
    let state = std::env::var_os("XDG_STATE_HOME").filter(|path| !path.is_empty()).map(PathBuf::from);
    let state = state.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/state")))?;
    let folder = state.join("aspen");
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history"))
}

/// Knows when a text is at its end.
#[derive(Completer, Helper, Highlighter, Hinter)]
struct Lines;

impl Validator for Lines {
    fn validate(&self, context: &mut ValidationContext) -> rustyline::Result<ValidationResult> {
        let text = format!("{}\n", context.input());
        let is_unfinished = |mode| parse(text.as_bytes(), mode, Origin::Bytes).incomplete;
        let goes_on = !text.trim().is_empty() && (is_unfinished(Mode::Interactive) || is_unfinished(Mode::Module));
        Ok(if goes_on { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

/// A standard stream of the session.
struct PromptOutput {
    plain: ProcessOutput,
    line: Line,
}

impl PromptOutput {
    fn new(stream: StandardStream, line: &Line) -> PromptOutput {
        PromptOutput { plain: ProcessOutput::new(stream), line: Arc::clone(line) }
    }
}

impl Output for PromptOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *line {
            Some(printer) => {
                printer(String::from_utf8_lossy(bytes).into_owned());
                Ok(bytes.len())
            }
            None => self.plain.write(bytes),
        }
    }

    fn buffering(&self) -> Buffering {
        Buffering::Line
    }

    fn is_terminal(&self) -> bool {
        self.plain.is_terminal()
    }

    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        self.plain.descriptor()
    }
}
