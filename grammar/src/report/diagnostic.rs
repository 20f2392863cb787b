//! A mistake at a place of one source text, and a warning.

use super::codes::{Mistake, ScopeMistake, SyntaxMistake};
use crate::source::Span;

/// The class of the exception that CPython raises for a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExceptionClass {
    SyntaxError,
    IndentationError,
    TabError,
}

impl ExceptionClass {
    /// The name of the class in a script.
    pub fn name(self) -> &'static str {
        match self {
            ExceptionClass::SyntaxError => "SyntaxError",
            ExceptionClass::IndentationError => "IndentationError",
            ExceptionClass::TabError => "TabError",
        }
    }
}

/// Where CPython says that a mistake is; its parts report places in several ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    /// From the first to the last byte of a span.
    Span(Span),
    /// At one column: the byte before this offset is the last one that the tokenizer of CPython had read.
    Column(u32),
    /// At the byte of an offset, without an end.
    Start(u32),
    /// From the first offset to where the tokenizer stood, the second.
    From(u32, u32),
    /// Behind the last byte of the line of an offset, as for a wrong indentation.
    Line(u32),
    /// At the first column of the line of an offset.
    LineStart(u32),
    /// At the end of the indentation before an offset.
    Indentation(u32),
    /// Behind the newline of the last line; with an end where it is reported as a plain token.
    EndOfText,
    /// Without a place.
    Nowhere,
}

/// One mistake of a source text.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    pub mistake: Mistake,
    /// What the reader should look at.
    pub span: Span,
    /// The cause of it, elsewhere.
    pub second: Option<(Span, &'static str)>,
    pub raised: Raised,
}

/// `lineno`, `offset`, `end_lineno`, `end_offset` and `text` of a SyntaxError, by CPython's conventions: lines and
/// columns count from 1, columns are code points; None where CPython has None.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: u32,
    pub offset: i64,
    pub end_line: u32,
    pub end_offset: i64,
    pub text: String,
}

/// What CPython says in a SyntaxWarning while it compiles; the program runs nevertheless.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntaxWarning {
    pub message: String,
    pub span: Span,
    pub stage: WarningStage,
}

/// When CPython finds what it warns about. It warns of all that one stage found before the next one begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarningStage {
    Reading,
    Compiling,
}

impl Diagnostic {
    /// A mistake that CPython reports at the same span.
    pub fn new(mistake: impl Into<Mistake>, span: Span) -> Self {
        Diagnostic { mistake: mistake.into(), span, second: None, raised: Raised::Span(span) }
    }

    /// A mistake that CPython reports at one column: the byte before `column` is the last one that it read.
    pub fn at_column(mistake: impl Into<Mistake>, span: Span, column: u32) -> Self {
        Diagnostic { mistake: mistake.into(), span, second: None, raised: Raised::Column(column) }
    }

    /// A mistake that CPython reports at the end of the line.
    pub fn at_line(mistake: impl Into<Mistake>, span: Span) -> Self {
        Diagnostic { mistake: mistake.into(), span, second: None, raised: Raised::Line(span.end) }
    }

    /// Adds a label at the cause.
    pub fn with_second(mut self, span: Span, label: &'static str) -> Self {
        self.second = Some((span, label));
        self
    }

    /// Changes what CPython points at.
    pub fn raised_at(mut self, span: Span) -> Self {
        self.raised = Raised::Span(span);
        self
    }

    /// A mistake that CPython reports at the first byte, without an end.
    pub fn at_start(mistake: impl Into<Mistake>, span: Span) -> Self {
        Diagnostic::new(mistake, span).raised_as(Raised::Start(span.start))
    }

    /// A mistake that was found when the text had ended.
    pub fn at_end_of_text(mistake: impl Into<Mistake>, text: &str) -> Self {
        let end = text.trim_end().len();
        Diagnostic::new(mistake, Span::new(end, end)).raised_as(Raised::EndOfText)
    }

    /// Changes how CPython reports it.
    pub fn raised_as(mut self, raised: Raised) -> Self {
        self.raised = raised;
        self
    }

    /// What CPython points at, in `text`; None where it names no place.
    pub fn place(&self, text: &str) -> Option<Place> {
        let line_at = |at: u32| line_and_column(text, at).0;
        let column_at = |at: u32| line_and_column(text, at).1 as i64;
        let (at, offset, end) = match self.raised {
            Raised::Span(span) => return Some(place_of_span(text, span)),
            Raised::Column(column) => {
                let at = before(text, column);
                (at, column_at(at) + 1, column_at(at) + 1)
            }
            Raised::Start(at) => (at, column_at(at) + 1, 0),
            Raised::From(at, read) => (at, column_at(at) + 1, column_at(before(text, read)) + 1),
            Raised::Line(at) => (at, column_at(line_end(text, at)) + 1, -1),
            Raised::LineStart(at) => (at, 1, 0),
            Raised::Indentation(at) => (at, column_at(at), -1),
            Raised::EndOfText => {
                let at = text.strip_suffix('\n').unwrap_or(text).len() as u32;
                (at, column_at(at) + 1, -1)
            }
            Raised::Nowhere => return None,
        };
        let line = line_at(at);
        Some(Place { line, offset, end_line: line, end_offset: end, text: line_text(text, at) })
    }
}

/// An end on another line is cut to the length of the first, as CPython does.
fn place_of_span(text: &str, span: Span) -> Place {
    let (line, column) = line_and_column(text, span.start);
    if span.start as usize >= text.len() {
        let end_offset = column as i64 + 1 + (span.end - span.start) as i64;
        return Place {
            line,
            offset: column as i64 + 1,
            end_line: line,
            end_offset,
            text: line_text(text, span.start),
        };
    }
    // The end of a newline is still on its line.
    let last = if span.end > span.start { before(text, span.end) } else { span.end };
    let (mut end_line, end_column) = line_and_column(text, last);
    let mut end_offset = end_column as i64 + 1 + (span.end > span.start) as i64;
    let first_line = line_text(text, span.start);
    if end_line > line {
        end_offset = end_offset.min(first_line.chars().count() as i64);
    }
    end_line = end_line.max(line);
    Place { line, offset: column as i64 + 1, end_line, end_offset, text: first_line }
}

/// The line of an offset, with its newline.
fn line_text(text: &str, at: u32) -> String {
    let at = at.min(text.len() as u32);
    let from = text.as_bytes()[..at as usize].iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    let mut line = text[from..line_end(text, at) as usize].to_owned();
    line.push('\n');
    line
}

impl SyntaxWarning {
    /// A number that runs into a keyword, as in `1if`.
    pub fn tight_number(span: Span, radix: &str) -> Self {
        SyntaxWarning { message: format!("invalid {radix} literal"), span, stage: WarningStage::Reading }
    }

    /// Where it is in `text`, as a SyntaxError would have it.
    pub fn place(&self, text: &str) -> Place {
        place_of_span(text, self.span)
    }
}

fn line_end(text: &str, at: u32) -> u32 {
    let rest = &text.as_bytes()[(at as usize).min(text.len())..];
    memchr::memchr(b'\n', rest).map_or(text.len(), |newline| at as usize + newline) as u32
}

/// Where the character before an offset begins.
fn before(text: &str, at: u32) -> u32 {
    let mut at = (at as usize).min(text.len()).saturating_sub(1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at as u32
}

/// The line from 1 and the column from 0, in code points.
fn line_and_column(text: &str, at: u32) -> (u32, u32) {
    let at = at.min(text.len() as u32) as usize;
    let before = &text.as_bytes()[..at];
    let line = memchr::memchr_iter(b'\n', before).count() as u32 + 1;
    let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    let column = text.as_bytes()[start..at].iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
    (line, column as u32)
}

impl From<SyntaxMistake> for Mistake {
    fn from(mistake: SyntaxMistake) -> Self {
        Mistake::Syntax(mistake)
    }
}

impl From<ScopeMistake> for Mistake {
    fn from(mistake: ScopeMistake) -> Self {
        Mistake::Scope(mistake)
    }
}
