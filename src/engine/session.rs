//! Programs, one after the other, in one engine.

use std::future::poll_fn;
use std::task::{Context, Poll};

use aspen_grammar::report::render::{Style, render};
use aspen_grammar::syntax::Mode;

use super::compile::{Failed, compile_text};
use super::{Ended, Engine};
use crate::native::program::{ProgramKind, warned_program_frame};
use crate::native::sys;
use crate::value::Value;

/// A program's text.
pub struct Source<'s> {
    pub text: &'s [u8],
    /// What tracebacks call it.
    pub name: &'s str,
    /// Tracebacks show the text although the name is no file's.
    pub shows_source: bool,
}

impl Engine {
    /// Sets up a program as the module `__main__`; `poll` runs it. The error is the rendered diagnostics.
    pub fn load(&mut self, source: &Source, kind: ProgramKind, style: Style) -> Result<(), String> {
        let compiled = match compile_text(source, Mode::Module, self.cx.is_strict, false) {
            Ok(compiled) => compiled,
            Err(Failed { diagnostics, text, .. }) => return Err(render(&diagnostics, &text, source.name, style)),
        };
        let globals = self.main_globals();
        // As a module here, as a dict in all the others.
        let builtins = self.cx.name("builtins");
        if let Some(builtins) = self.cx.heap.get_in(self.cx.modules, builtins) {
            self.cx.heap.set_in(globals, crate::call::names::BUILTINS, builtins);
        }
        let file = self.cx.str(source.name);
        self.cx.heap.set_in(globals, crate::call::names::FILE, file);
        let link = self.link(compiled.code, globals);
        let warnings = self.warning_values(&compiled.warnings, source.name);
        self.begin_program(warned_program_frame(Value::Link(link), kind, warnings));
        Ok(())
    }

    /// Sets `sys.argv` and `sys.path`: the directory of the script comes first.
    pub fn set_arguments(&mut self, arguments: &[Vec<u8>], directory: Option<&str>) {
        self.prepare();
        let path: Vec<String> = directory.map(str::to_owned).into_iter().chain(self.path.iter().cloned()).collect();
        sys::set_program(&mut self.cx, arguments, &path);
    }

    /// Runs what was loaded until it is over or must wait. Must be polled on a tokio runtime if it waits.
    pub fn poll(&mut self, waker: &mut Context<'_>) -> Poll<Ended> {
        let ended = self.poll_main(waker);
        if let Poll::Ready(ended) = &ended {
            self.after_end(ended);
        }
        ended
    }

    /// The same as a future.
    pub async fn run_loaded(&mut self) -> Ended {
        poll_fn(|waker| self.poll(waker)).await
    }

    /// Nothing goes on after the end of the main fiber.
    fn after_end(&mut self, ended: &Ended) {
        self.drop_fibers();
        if let Ended::Raised(exc) = ended {
            // It is to be described; nothing else holds it.
            self.cx.thrown = *exc;
        }
    }

    /// Sends on everything that was printed, however long it takes.
    pub fn flush(&mut self) -> crate::host::HostResult<()> {
        self.cx.host.finish_streams()
    }

    /// From here on this signal comes to the script, if the host may watch it.
    pub fn watch_signal(&mut self, number: i32) {
        // Without it the signal does what it does by default.
        let _ = self.cx.host.watch_signal(number);
    }

    /// The text of what the last program raised.
    pub fn take_report(&mut self) -> Option<String> {
        self.cx.report.take()
    }
}
