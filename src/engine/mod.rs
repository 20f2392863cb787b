//! An engine: one interpreter with its heap, its texts, its fibers and its door to the outside.
//!
//! 1. [`drive`]: runs fibers, collects, answers what only the machine can do.
//! 2. [`compile`]: text to a link; `exec`, `eval`, imports.
//! 3. [`inspect`]: frames and their locals, as scripts see them.
//! 4. [`start`]: the modules that are there from the beginning.

pub mod compile;
pub mod drive;
pub mod inspect;
pub mod start;

use crate::call::Cx;
use crate::host::{Host, HostOptions};
use crate::value::{Exc, Id, Value};
use crate::vm::fiber::Fiber;
use crate::vm::text::Texts;

/// What an engine may use, and what it is.
pub struct EngineOptions {
    pub host: HostOptions,
    /// Bytes that the heap may grow to.
    pub memory: usize,
    /// CPython 3.13 to the letter.
    pub is_strict: bool,
}

impl Default for EngineOptions {
    fn default() -> Self {
        EngineOptions { host: HostOptions::default(), memory: 1 << 30, is_strict: false }
    }
}

/// An interpreter. `Send`, and small until something runs.
pub struct Engine {
    pub(crate) cx: Cx,
    pub(crate) texts: Texts,
    pub(crate) fiber: Fiber,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ended {
    Value(Value),
    Raised(Id<Exc>),
}

impl Engine {
    /// A new engine; nothing has run in it.
    pub fn new(options: EngineOptions) -> Engine {
        let mut cx = Cx::new(options.memory, 0x5EED);
        cx.host = Host::new(options.host);
        cx.is_strict = options.is_strict;
        start::prepare(&mut cx);
        Engine { cx, texts: Texts::default(), fiber: Fiber::default() }
    }

    /// Runs a text as the module `__main__`.
    pub fn run(&mut self, source: &[u8], file: &str) -> Ended {
        match self.compile_main(source, file) {
            Ok(link) => {
                self.fiber = Fiber::new(link, Value::Undef);
                self.drive()
            }
            Err(exc) => Ended::Raised(exc),
        }
    }

    /// The text of an exception: `Class: message`, for tests and first looks.
    pub fn describe(&mut self, exc: Id<Exc>) -> String {
        let class = self.cx.class_name(Value::Exc(exc));
        let args = match self.cx.heap.excs.get(exc).args {
            Value::Tuple(id) => self.cx.heap.tuples.get(id).items().to_vec(),
            _ => Vec::new(),
        };
        let text =
            args.first().and_then(|&arg| self.cx.text_of(arg)).map(|text| String::from_utf8_lossy(text).into_owned());
        let mut out = String::new();
        for entry in self.cx.heap.excs.get(exc).trace.iter().rev() {
            let code = self.cx.heap.links.get(entry.link).code();
            let line = code.positions.get(entry.pc as usize).map_or(0, |position| position.line);
            out.push_str(&format!("  File \"{}\", line {line}, in {}\n", code.file, code.name));
        }
        match text {
            Some(text) if !text.is_empty() => format!("{out}{class}: {text}"),
            _ => format!("{out}{class}"),
        }
    }
}
