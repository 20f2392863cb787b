//! What embedders do with an engine.
//!
//! ```no_run
//! # use aspen::engine::{Engine, EngineOptions, HostModule, Text};
//! # async fn example() -> Result<(), aspen::engine::Stop> {
//! let shop = HostModule::new("shop").function("price", |mut given| {
//!     let item: String = given.take(0, "item")?;
//!     Ok(item.len().into())
//! });
//! let mut engine = Engine::new(EngineOptions::default());
//! engine.add_module(shop);
//! engine.run(Text::named("order.as", "import shop\ndef total(items): return sum(map(shop.price, items))")).await?;
//! let total: i64 = engine.call("total", [vec!["tea", "milk"].into()]).await?.try_into().expect("a number");
//! # Ok(())
//! # }
//! ```
//!
//! All texts of an engine share the module `__main__`, until one of them ends for want of memory: then its variables are dropped. Each `run`, `eval` and `call` has all of the limits anew. What is still
//! under way when one ends (tasks, daemon threads) is dropped. The futures are `Send`, and must be polled on a tokio runtime with time and I/O
//! as soon as a script waits.

use std::future::poll_fn;
use std::task::Context;

use aspen_grammar::report::{Diagnostic, Style, render};
use aspen_grammar::syntax::Mode;

use super::compile::{Failed, compile_text};
use super::limits::{Limit, Limits};
use super::session::Source;
use super::{Ended, Engine};
use crate::call::embed::{Arguments, Data, HostModule, Loader, Object};
use crate::call::{Ask, FiberId};
use crate::host::Interrupt;
use crate::native::program::{ProgramKind, call_frame, warned_program_frame};
use crate::native::{embed, import, sys};
use crate::types::classes;
use crate::types::exception::families::slot;
use crate::value::{Dict, Exc, Id, NativeFrame, Value};

/// A text and its name.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    pub name: &'t str,
    pub text: &'t [u8],
}

impl<'t> Text<'t> {
    /// What tracebacks call it, and the text.
    pub fn named(name: &'t str, text: &'t str) -> Text<'t> {
        Text { name, text: text.as_bytes() }
    }
}

impl<'t> From<&'t str> for Text<'t> {
    fn from(text: &'t str) -> Text<'t> {
        Text::named("<string>", text)
    }
}

/// Why there is no result.
#[derive(Clone, Debug)]
pub enum Stop {
    /// The text is no program; nothing of it ran.
    Mistakes(Mistakes),
    /// An exception that nothing in the script caught.
    Raised(Box<Raised>),
    /// A limit was reached, or somebody cancelled; no handler of the script ran.
    Limit(Limit),
    /// Everything waits, and nothing can end that: the report.
    Deadlock(String),
    /// A fault of Aspen's own. The engine will not run anything more.
    Fault(String),
}

/// The mistakes of a text.
#[derive(Clone, Debug)]
pub struct Mistakes {
    diagnostics: Vec<Diagnostic>,
    text: String,
    name: String,
}

/// An exception that ended a script.
#[derive(Clone, Debug)]
pub struct Raised {
    /// The name of its class.
    pub class: String,
    /// Its text.
    pub message: String,
    /// What CPython would print.
    pub traceback: String,
    /// Of SystemExit: the exit code.
    pub exit_code: Option<i32>,
    /// The exception itself.
    pub exception: Object,
}

impl Mistakes {
    /// All of them with excerpts and help.
    pub fn render(&self, style: Style) -> String {
        render(&self.diagnostics, &self.text, &self.name, style)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.diagnostics.len()
    }
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Stop::Mistakes(mistakes) => f.write_str(&mistakes.render(Style::Plain)),
            Stop::Raised(raised) => f.write_str(&raised.traceback),
            Stop::Limit(limit) => write!(f, "stopped: {}", limit.describe()),
            Stop::Deadlock(report) => f.write_str(report),
            Stop::Fault(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Stop {}

impl Engine {
    // ----- What scripts find -----

    /// Registers a module in Rust. It comes before all others of its name; one that was imported already stays.
    pub fn add_module(&mut self, module: HostModule) {
        self.cx.host_modules.push(module);
    }

    /// Sets where else modules come from: behind the library, before files.
    pub fn set_loader(&mut self, loader: impl Loader + 'static) {
        self.cx.loader = Some(Box::new(loader));
    }

    /// Sets a global variable of `__main__`.
    pub fn set(&mut self, name: &str, data: impl Into<Data>) -> Result<(), Stop> {
        match embed::to_value(&mut self.cx, data.into()) {
            Ok(value) => {
                let name = self.cx.name(name);
                let globals = self.main_globals();
                self.cx.heap.set_in(globals, name, value);
                Ok(())
            }
            Err(ask) => Err(self.refused(ask)),
        }
    }

    /// A global variable of `__main__`; None if there is no such.
    pub fn get(&mut self, name: &str) -> Option<Data> {
        let name = self.cx.name(name);
        let globals = self.main_globals();
        let value = self.cx.heap.get_in(globals, name)?;
        Some(embed::to_data(&mut self.cx, value))
    }

    /// Sets `sys.warnoptions`, the filters of warnings as the command has them (`-W`). They hold for programs that begin later.
    pub fn set_warning_options(&mut self, options: &[String]) {
        self.prepare();
        sys::set_warning_options(&mut self.cx, options);
    }

    // ----- Limits -----

    /// Other limits, from the next `run`, `eval` or `call` on.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits.set(limits);
    }

    /// Bytes that the engine's heap uses now, as of its last collection and what was allocated since.
    pub fn memory_used(&self) -> usize {
        self.cx.heap.used
    }

    /// A handle that stops or wakes this engine from any thread. Stopping holds for what runs, or else for what runs next.
    pub fn interrupt(&self) -> Interrupt {
        self.cx.host.interrupt()
    }

    // ----- Running -----

    /// What is wrong with a text, without running it.
    pub fn check(&self, text: Text<'_>) -> Result<(), Mistakes> {
        compile_text(&source_of(&text), Mode::Module, self.cx.is_strict, false)
            .map(|_| ())
            .map_err(|failed| mistakes(failed, text.name))
    }

    /// Runs statements in `__main__`. Threads that are no daemons are waited for.
    pub async fn run<'t>(&mut self, text: impl Into<Text<'t>>) -> Result<(), Stop> {
        self.begin_text(&text.into(), Mode::Module, ProgramKind::Embedded)?;
        self.finish().await.map(|_| ())
    }

    /// The value of an expression, in `__main__`. It may await.
    pub async fn eval<'t>(&mut self, text: impl Into<Text<'t>>) -> Result<Data, Stop> {
        self.begin_text(&text.into(), Mode::Expression, ProgramKind::Embedded)?;
        self.finish().await
    }

    /// Calls a function of `__main__` by its name (or a dotted path from there). The coroutine of an `async def` is run to its end.
    pub async fn call(&mut self, function: &str, arguments: impl Into<Arguments>) -> Result<Data, Stop> {
        let frame = call_frame(Value::Undef, Value::Undef, &[]);
        self.begin_call(frame, Some(function), arguments.into())?;
        self.finish().await
    }

    /// Calls an object that the embedder holds.
    pub async fn call_object(&mut self, callee: &Object, arguments: impl Into<Arguments>) -> Result<Data, Stop> {
        let callee = match self.cx.held.get(callee) {
            Some(callee) => callee,
            None => {
                let ask = self.cx.value_error("the object belongs to another engine");
                return Err(self.refused(ask));
            }
        };
        self.begin_call(call_frame(callee, Value::Undef, &[]), None, arguments.into())?;
        self.finish().await
    }

    /// Runs a text as a program of its own, as the command does: uncaught exceptions are printed, exit functions run, what has an
    /// end ends. The result is the exit code.
    pub async fn run_program(&mut self, text: Text<'_>) -> Result<i32, Stop> {
        self.begin_text(&text, Mode::Module, ProgramKind::Command)?;
        match self.finish().await? {
            Data::Int(code) => Ok((code & 0xFF) as i32),
            _ => Ok(0),
        }
    }

    fn begin_text(&mut self, text: &Text, mode: Mode, kind: ProgramKind) -> Result<(), Stop> {
        self.refuse_if_broken()?;
        let compiled = compile_text(&source_of(text), mode, self.cx.is_strict, false)
            .map_err(|failed| Stop::Mistakes(mistakes(failed, text.name)))?;
        let globals = self.main_globals();
        let file = self.cx.str(text.name);
        self.cx.heap.set_in(globals, crate::call::names::FILE, file);
        let link = self.link(compiled.code, globals);
        let warnings = self.warning_values(&compiled.warnings, text.name);
        self.begin_program(warned_program_frame(Value::Link(link), kind, warnings));
        Ok(())
    }

    fn begin_call(&mut self, mut frame: NativeFrame, path: Option<&str>, arguments: Arguments) -> Result<(), Stop> {
        self.refuse_if_broken()?;
        let (names, values): (Vec<String>, Vec<Data>) = arguments.keywords.into_iter().unzip();
        let n_keywords = names.len();
        let mut given = arguments.positional;
        given.extend(values);
        let values = match embed::to_values(&mut self.cx, given) {
            Ok(values) => values,
            Err(ask) => return Err(self.refused(ask)),
        };
        let names: Vec<Value> = names.iter().map(|name| Value::Str(self.cx.name(name))).collect();
        let keywords = if n_keywords > 0 { self.cx.heap.new_tuple_from(names) } else { Value::Undef };
        if let Some(path) = path {
            let globals = self.main_globals();
            let code = compile_text(&source_of(&path.into()), Mode::Expression, true, true)
                .map_err(|failed| Stop::Mistakes(mistakes(failed, "<call>")))?;
            frame.values[0] = Value::Link(self.link(code.code, globals));
        }
        frame.values[crate::native::program::KEYWORDS] = keywords;
        frame.values.extend(values);
        self.begin_program(frame);
        Ok(())
    }

    /// The bottom of the main fiber, with all limits anew.
    pub(super) fn begin_program(&mut self, frame: NativeFrame) {
        self.drop_fibers();
        self.limits.arm(&mut self.cx);
        self.cx.report = None;
        self.begin(frame, FiberId::MAIN, false);
    }

    /// Makes what is there from the beginning, at the first use.
    pub(super) fn prepare(&mut self) {
        if !self.is_prepared {
            self.is_prepared = true;
            super::start::prepare(&mut self.cx);
        }
    }

    /// The namespace of `__main__`.
    pub(super) fn main_globals(&mut self) -> Id<Dict> {
        self.prepare();
        let name = self.cx.name("__main__");
        if let Some(Value::Module(module)) = self.cx.heap.get_in(self.cx.modules, name) {
            return self.cx.heap.modules.get(module).dict;
        }
        let (module, globals) = import::new_module(&mut self.cx, Value::Str(name), None);
        self.cx.heap.set_in(self.cx.modules, name, module);
        globals
    }

    /// Empties `__main__`: what a program left there that ran out of memory would leave no room for the next.
    fn forget_globals(&mut self) {
        let globals = self.main_globals();
        let keys: Vec<Value> = self.cx.heap.dicts.get(globals).iter().map(|entry| entry.key).collect();
        for key in keys {
            if let Value::Str(name) = key
                && !self.cx.text_of(key).is_some_and(|name| name.starts_with(b"__"))
            {
                self.cx.heap.remove_in(globals, name);
            }
        }
    }

    async fn finish(&mut self) -> Result<Data, Stop> {
        let ended = self.finish_once().await;
        let is_out_of_memory = match &ended {
            Err(Stop::Limit(limit)) => *limit == Limit::Memory,
            Err(Stop::Raised(raised)) => raised.class == "MemoryError",
            _ => false,
        };
        if is_out_of_memory {
            self.forget_globals();
        }
        ended
    }

    async fn finish_once(&mut self) -> Result<Data, Stop> {
        match poll_fn(|waker: &mut Context<'_>| self.poll(waker)).await {
            Ended::Value(value) => Ok(embed::to_data(&mut self.cx, value)),
            Ended::Raised(exc) => Err(Stop::Raised(Box::new(self.describe(exc)))),
            Ended::Stopped(limit) => Err(Stop::Limit(limit)),
            Ended::Deadlock(report) => Err(Stop::Deadlock(report)),
            Ended::Fault(message) => Err(Stop::Fault(message)),
        }
    }

    fn refuse_if_broken(&self) -> Result<(), Stop> {
        if self.is_broken {
            return Err(Stop::Fault("the engine had a fault before".to_owned()));
        }
        Ok(())
    }

    /// What could not be converted.
    fn refused(&mut self, ask: Ask) -> Stop {
        match ask {
            Ask::Raise(exc) => {
                let args = self.cx.heap.excs.get(exc).args;
                let message = match args {
                    Value::Tuple(id) => self.cx.heap.tuples.get(id).items().first().copied(),
                    _ => None,
                };
                let message = message.and_then(|message| self.cx.text_of(message)).unwrap_or_default().to_vec();
                let class = self.cx.class_name(Value::Exc(exc));
                self.cx.report = Some(format!("{class}: {}\n", String::from_utf8_lossy(&message)));
                Stop::Raised(Box::new(self.describe(exc)))
            }
            _ => Stop::Limit(Limit::Memory),
        }
    }

    fn describe(&mut self, exc: Id<Exc>) -> Raised {
        let class = self.cx.class_name(Value::Exc(exc));
        let traceback = self.take_report().unwrap_or_default();
        let exit_code = self.cx.is_exception(exc, classes::SYSTEM_EXIT).then(|| match slot(&self.cx, exc, 0) {
            Value::None => 0,
            Value::Int(code) => (code & 0xFF) as i32,
            Value::Bool(code) => i32::from(code),
            _ => 1,
        });
        let exception = self.cx.held.hold(Value::Exc(exc), &class);
        Raised { message: message_of(&traceback, &class), class, traceback, exit_code, exception }
    }
}

fn source_of<'s>(text: &Text<'s>) -> Source<'s> {
    Source { text: text.text, name: text.name, shows_source: true }
}

fn mistakes(failed: Failed, name: &str) -> Mistakes {
    Mistakes { diagnostics: failed.diagnostics, text: failed.text, name: name.to_owned() }
}

/// The text of an exception in its report: from its class's name to the end.
fn message_of(report: &str, class: &str) -> String {
    let mut at = 0;
    let mut found = "";
    for line in report.split_inclusive('\n') {
        let name = line.split([':', '\n']).next().unwrap_or_default();
        if name.rsplit('.').next() == Some(class) {
            found = report[at + name.len()..].trim_start_matches(':').trim();
        }
        at += line.len();
    }
    found.to_owned()
}
