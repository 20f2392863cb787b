//! Text to a link that can run: the main program, `exec`, `eval`, `compile`, imports.

use std::sync::Arc;

use aspen_grammar::bytecode::Code;
use aspen_grammar::bytecode::store::read_code;
use aspen_grammar::compile::{self, CompileOptions, compile_module};
use aspen_grammar::report::{Diagnostic, ExceptionClass, Place, SyntaxWarning, WarningStage};
use aspen_grammar::syntax::{Mode, Origin, parse};

use super::Engine;
use super::session::Source;
use crate::call::outcome::{CompileAsk, CompileMode, LoadAsk};
use crate::call::{Ask, Cx, names};
use crate::native::import;
use crate::types::classes;
use crate::types::exception::syntax;
use crate::types::syntax_warning::{self, SyntaxWarnings};
use crate::value::frame::{Frame, FrameKind, Want};
use crate::value::{Class, Dict, Exc, Id, Link, Value};
use crate::vm::deliver::grant;
use crate::vm::{Moved, Next, text};

impl Engine {
    /// Binds code to globals.
    pub(crate) fn link(&mut self, code: Arc<Code>, globals: Id<Dict>) -> Id<Link> {
        let builtins = match self.cx.heap.get_in(globals, names::BUILTINS) {
            Some(Value::Dict(dict)) => dict,
            Some(Value::Module(id)) => self.cx.heap.modules.get(id).dict,
            Some(given) if matches!(self.cx.exact(given), Value::Dict(_)) => match self.cx.exact(given) {
                Value::Dict(dict) => dict,
                _ => crate::bug!("it carries a dict"),
            },
            _ => {
                let builtins = self.cx.builtins;
                self.cx.heap.set_in(globals, names::BUILTINS, Value::Dict(builtins));
                builtins
            }
        };
        text::link(&mut self.cx, &mut self.texts, code, globals, builtins)
    }

    /// The SyntaxError of the first diagnostic.
    fn syntax_error(&mut self, failed: &Failed, file: &str, mode: Mode) -> Id<Exc> {
        let first = failed.diagnostics.first().expect("a failed compilation says why");
        let class = match first.mistake.class() {
            ExceptionClass::SyntaxError => classes::SYNTAX_ERROR,
            ExceptionClass::IndentationError => classes::INDENTATION_ERROR,
            ExceptionClass::TabError => classes::TAB_ERROR,
        };
        let message = first.mistake.cpython_text();
        let place = first.place(&failed.text).map(|place| as_read(place, first, &message, &failed.text, mode));
        self.new_syntax_error(class, &message, file, place)
    }

    /// A SyntaxError as CPython fills it: the message, and where in which text.
    fn new_syntax_error(&mut self, class: Id<Class>, message: &str, file: &str, place: Option<Place>) -> Id<Exc> {
        let message = self.cx.str(message);
        let details = place_values(&mut self.cx, file, place.as_ref());
        syntax::new_error(&mut self.cx, class, message, details)
    }

    /// `compile`, `exec`, `eval`, and the code of a module.
    pub(crate) fn answer_compile(&mut self, ask: CompileAsk, dst: u8, want: Want) -> Moved {
        let mode = match ask.mode {
            CompileMode::Exec => Mode::Module,
            CompileMode::Eval => Mode::Expression,
            CompileMode::Single => Mode::Interactive,
        };
        let file = String::from_utf8_lossy(&ask.file).into_owned();
        let is_prompt = ask.flags & import::PROMPT != 0;
        let source = Source { text: &ask.source, name: &file, shows_source: is_prompt };
        let is_strict = ask.flags & import::TOP_LEVEL_AWAIT == 0;
        let compiled = match is_prompt {
            true => compile_as(&source, Mode::Module, compile::CompileMode::Interactive, is_strict, false),
            false => compile_text(&source, mode, is_strict, false),
        };
        let (compiled, warnings) = match compiled {
            Ok(Compiled { code, warnings }) => (Ok(code), warnings),
            Err(failed) => (Err(self.syntax_error(&failed, &file, mode)), failed.warnings),
        };
        if warnings.is_empty() {
            return self.after_compile(compiled, ask.run_in, dst, want);
        }
        let (globals, namespace) = ask.run_in.unwrap_or((Value::Undef, Value::Undef));
        let result = match compiled {
            Err(exc) => Value::Exc(exc),
            Ok(code) => Value::Link(self.link_in(code, globals)),
        };
        let warnings = self.warning_values(&warnings, &file);
        let then =
            if globals.is_undef() { SyntaxWarnings::Give(result) } else { SyntaxWarnings::Run(result, namespace) };
        let frame = syntax_warning::frame(then, &warnings);
        let push = self.cx.ask_push(frame);
        grant(&mut self.fiber, &mut self.texts, &mut self.cx, push, dst, want)
    }

    /// The code is given, or run; or its exception raised.
    fn after_compile(
        &mut self,
        compiled: Result<Arc<Code>, Id<Exc>>,
        run_in: Option<(Value, Value)>,
        dst: u8,
        want: Want,
    ) -> Moved {
        let code = match compiled {
            Ok(code) => code,
            Err(exc) => return grant(&mut self.fiber, &mut self.texts, &mut self.cx, Ask::Raise(exc), dst, want),
        };
        let (globals, namespace) = run_in.unwrap_or((Value::Undef, Value::Undef));
        let link = self.link_in(code, globals);
        match globals.is_undef() {
            true => self.settle(Ok(Value::Link(link)), dst, want),
            false => self.enter(link, namespace, dst, want),
        }
    }

    /// Runs the code of a module of the library.
    pub(crate) fn answer_load(&mut self, ask: &LoadAsk, to: (u8, Want)) -> Moved {
        let Some(code) = read_code(ask.bytes, &ask.file) else { crate::bug!("the code of {} is broken", ask.file) };
        let link = self.link(Arc::new(code), ask.globals);
        self.enter(link, Value::Undef, to.0, to.1)
    }

    /// Binds code to these globals, or to new ones.
    fn link_in(&mut self, code: Arc<Code>, globals: Value) -> Id<Link> {
        let globals = match globals {
            Value::Dict(globals) => globals,
            _ => self.cx.heap.new_dict(),
        };
        self.link(code, globals)
    }

    /// Each warning as (message, details): the details are those of a SyntaxError.
    pub(crate) fn warning_values(&mut self, warnings: &[(String, Place)], file: &str) -> Vec<Value> {
        let pair = |(message, place): &(String, Place)| {
            let message = self.cx.str(message);
            let details = place_values(&mut self.cx, file, Some(place));
            let details = self.cx.heap.new_tuple(&details);
            self.cx.heap.new_tuple(&[message, details])
        };
        warnings.iter().map(pair).collect()
    }

    /// Runs a code object: one that suspends only makes its generator.
    pub(crate) fn run_code(&mut self, link: Id<Link>, namespace: Value, closure: Value, to: (u8, Want)) -> Moved {
        let code = self.texts.get(link).code.clone();
        if code.is_suspendable() {
            let made = self.coroutine_of(Value::Link(link), namespace);
            return self.settle(Ok(made), to.0, to.1);
        }
        let entered = self.enter(link, namespace, to.0, to.1);
        let frame = self.fiber.top();
        if code.flags.is_function && frame.link == link && frame.pc == 0 {
            let base = frame.base as usize;
            let cells: &[Value] = match closure {
                Value::Tuple(id) => self.cx.heap.tuples.get(id).items(),
                _ => &[],
            };
            let first_cell = code.n_register_params() as usize;
            self.fiber.stack[base..base + first_cell].fill(Value::Undef);
            self.fiber.stack[base + first_cell..][..cells.len()].copy_from_slice(cells);
        }
        entered
    }

    /// Runs a link in a frame of its own; its result is for the frame that is now on top.
    pub(crate) fn enter(&mut self, link: Id<Link>, namespace: Value, dst: u8, want: Want) -> Moved {
        if !self.fiber.has_room(self.cx.recursion_limit) {
            let ask = self.cx.recursion_error();
            return grant(&mut self.fiber, &mut self.texts, &mut self.cx, ask, dst, want);
        }
        let base = self.fiber.ceiling(&self.texts) + 2;
        self.fiber.ensure(base);
        self.fiber.stack[base as usize] = namespace;
        self.fiber.frames.push(Frame { link, pc: 0, base, dst, kind: FrameKind::Callback, want });
        Ok(Next::Script)
    }
}

/// CPython adds a newline to a text that lacks it only for statements, and once it has read all of it.
fn as_read(mut place: Place, mistake: &Diagnostic, message: &str, text: &str, mode: Mode) -> Place {
    let is_expression = mode == Mode::Expression;
    let n_lines = text.lines().count() as u32;
    let has_newline = text.ends_with('\n');
    if !has_newline && place.line >= n_lines && (is_expression || message.starts_with("unterminated ")) {
        place.text.truncate(place.text.trim_end_matches('\n').len());
    }
    let ends_early = mistake.span.start as usize >= text.trim_end().len();
    if is_expression && ends_early && message == "invalid syntax" && (!has_newline || text.trim().is_empty()) {
        place = Place { line: n_lines, offset: 0, end_line: n_lines, end_offset: 0, text: place.text };
    }
    place
}

/// What a SyntaxError knows of its place: file, line, offset, text, end line, end offset.
fn place_values(cx: &mut Cx, file: &str, place: Option<&Place>) -> [Value; 6] {
    let file = cx.str(file);
    let Some(place) = place else { return [file, Value::None, Value::None, Value::None, Value::None, Value::None] };
    let text = cx.str(&place.text);
    let int = |number: i64| Value::Int(number);
    [file, int(place.line as i64), int(place.offset), text, int(place.end_line as i64), int(place.end_offset)]
}

/// A text that is no program: the mistakes, and what their spans refer to.
pub(crate) struct Failed {
    pub diagnostics: Vec<Diagnostic>,
    pub text: String,
    /// What was warned of before the first mistake was found.
    pub warnings: Vec<(String, Place)>,
}

/// A program, and what can hardly be meant so in it.
pub(crate) struct Compiled {
    pub code: Arc<Code>,
    pub warnings: Vec<(String, Place)>,
}

/// Text to code.
pub(crate) fn compile_text(source: &Source, mode: Mode, is_strict: bool, is_hidden: bool) -> Result<Compiled, Failed> {
    let purpose = match mode {
        Mode::Module => compile::CompileMode::Module,
        Mode::Expression => compile::CompileMode::Expression,
        Mode::Interactive => compile::CompileMode::Interactive,
    };
    compile_as(source, mode, purpose, is_strict, is_hidden)
}

/// The same for a text that is one thing and used as another: what was typed at a prompt may be several statements.
fn compile_as(
    source: &Source,
    mode: Mode,
    purpose: compile::CompileMode,
    is_strict: bool,
    is_hidden: bool,
) -> Result<Compiled, Failed> {
    let parsed = parse(source.text, mode, Origin::Bytes);
    let (reading, compiling): (Vec<_>, Vec<_>) =
        parsed.warnings.iter().partition(|warning| warning.stage == WarningStage::Reading);
    let placed = |warning: &SyntaxWarning| (warning.message.clone(), warning.place(&parsed.text));
    let mut warnings: Vec<_> = reading.into_iter().map(placed).collect();
    if !parsed.diagnostics.is_empty() {
        return Err(Failed { diagnostics: parsed.diagnostics, text: parsed.text, warnings });
    }
    let shows_source = source.shows_source;
    let options =
        CompileOptions { mode: purpose, strict: is_strict, is_hidden, shows_source, ..CompileOptions::default() };
    match compile_module(&parsed.tree, &parsed.text, source.name, options) {
        Ok(code) => {
            warnings.extend(compiling.into_iter().map(placed));
            Ok(Compiled { code, warnings })
        }
        Err(diagnostics) => Err(Failed { diagnostics, text: parsed.text, warnings }),
    }
}
