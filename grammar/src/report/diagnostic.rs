//! A mistake at a place of one source text, and a warning.

use super::codes::{Mistake, SyntaxMistake};
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

/// Where CPython says that a mistake is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    /// From the first to the last byte of a span.
    Span(Span),
    /// At one column, without an end: what the tokenizer of CPython reports. The offset is that of a byte.
    Column(u32),
    /// Behind the last byte of the line of an offset, as for a wrong indentation.
    Line(u32),
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

    /// What CPython points at, in `text`; None where it names no place.
    pub fn place(&self, text: &str) -> Option<Place> {
        let (start, end) = match self.raised {
            Raised::Span(span) => (span.start, Some(span.end)),
            Raised::Column(column) => (before(text, column), None),
            Raised::Line(at) => (line_end(text, at), None),
            Raised::Nowhere => return None,
        };
        let (line, column) = line_and_column(text, start);
        let (end_line, end_offset) = match end {
            Some(end) => {
                let (line, column) = line_and_column(text, end);
                (line, column as i64 + 1)
            }
            None => (line, -1),
        };
        let from = text[..start as usize].rfind('\n').map_or(0, |newline| newline + 1);
        let to = line_end(text, start) as usize;
        let mut line_text = text[from..to].to_owned();
        line_text.push('\n');
        Some(Place { line, offset: column as i64 + 1, end_line, end_offset, text: line_text })
    }
}

impl SyntaxWarning {
    /// A number that runs into a keyword, as in `1if`.
    pub fn tight_number(span: Span, radix: &str) -> Self {
        SyntaxWarning { message: format!("invalid {radix} literal"), span }
    }
}

fn line_end(text: &str, at: u32) -> u32 {
    let rest = &text.as_bytes()[at as usize..];
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
