//! Lines and blocks: raw tokens to the tokens of the parser, with `Newline`, `Indent` and `Dedent`.
//!
//! 1. At the start of each logical line its indentation is measured twice, with tabs of eight and of one; where the two
//!    disagree about deeper or shallower, the file mixes tabs and spaces (TabError).
//! 2. The raw tokens of the line follow; the lexer already hides newlines inside brackets.
//! 3. At its end [`super::soft`] decides which `match`, `case`, `type` and `(` of this line are special.

use super::soft::SoftKeywords;
use super::token::{LexMistake, Lexer, Token, TokenKind, Unfinished};
use crate::report::{Diagnostic, Raised, SyntaxMistake, SyntaxWarning};
use crate::source::Span;

/// How deep blocks may stand in each other, as in CPython.
pub const MAX_INDENTS: usize = 100;

/// All tokens of a text.
#[derive(Debug, Default)]
pub struct Tokens {
    /// Ends with the `Newline` of the last line and the `Dedent`s of the blocks still open there.
    pub list: Vec<Token>,
    /// One entry per `Error` token, in the same order.
    pub mistakes: Vec<LexMistake>,
    pub warnings: Vec<SyntaxWarning>,
    pub unfinished: Option<Unfinished>,
}

/// The width of an indentation by both measures.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Width {
    eight: u32,
    one: u32,
}

/// Reads the tokens of `text` from a byte offset on, which is the start of a line outside all blocks.
pub fn read_tokens(text: &str, from: u32) -> Tokens {
    let mut lines = Lines {
        lexer: Lexer::new(text, from),
        list: Vec::with_capacity((text.len() - from as usize) / 4),
        widths: vec![Width { eight: 0, one: 0 }],
        soft: SoftKeywords::default(),
    };
    while lines.read_line() {}
    lines.finish()
}

struct Lines<'s> {
    lexer: Lexer<'s>,
    list: Vec<Token>,
    /// The indentations of the blocks that are open, the outermost first.
    widths: Vec<Width>,
    soft: SoftKeywords,
}

impl Lines<'_> {
    /// Reads one logical line, or skips an empty one; false at the end of the text.
    fn read_line(&mut self) -> bool {
        let start = self.lexer.position();
        let (width, first) = self.measure(start);
        let bytes = self.lexer.text.as_bytes();
        match bytes.get(first) {
            None => {
                self.lexer.advance(first - start);
                if let Some(n) = memchr::memrchr(b'\\', &bytes[start..]) {
                    // A backslash in the last line waits for another line.
                    let span = Span::new(start + n, start + n + 1);
                    self.lexer.unfinished = Some(Unfinished::Continuation);
                    self.push_mistake(Diagnostic::at_line(SyntaxMistake::UnexpectedEnd, span), span);
                    self.list.push(Token { kind: TokenKind::Newline, span: Span::new(first, first) });
                }
                return false;
            }
            Some(b'\n') => {
                self.lexer.advance(first + 1 - start);
                return true;
            }
            Some(b'#') => {
                let end = memchr::memchr(b'\n', &bytes[first..]).map_or(bytes.len(), |at| first + at + 1);
                self.lexer.advance(end - start);
                return true;
            }
            Some(_) => self.lexer.advance(first - start),
        }
        self.indent(width, first);
        let line_start = self.list.len();
        loop {
            match self.lexer.read() {
                Some(token) if token.kind == TokenKind::Newline => {
                    // An error may have eaten the whole line; then its newline is empty.
                    self.list.push(token);
                    break;
                }
                Some(token) => self.list.push(token),
                None => {
                    let end = self.lexer.text.len();
                    self.list.push(Token { kind: TokenKind::Newline, span: Span::new(end, end) });
                    break;
                }
            }
        }
        self.soft.decide(&mut self.list, line_start);
        true
    }

    /// The width of the white space at `at`, and where it ends.
    fn measure(&self, mut at: usize) -> (Width, usize) {
        let bytes = self.lexer.text.as_bytes();
        let mut width = Width { eight: 0, one: 0 };
        let mut continued = None;
        loop {
            match bytes.get(at) {
                Some(b' ') => {
                    width.eight += 1;
                    width.one += 1;
                }
                Some(b'\t') => {
                    width.eight = (width.eight / 8 + 1) * 8;
                    width.one += 1;
                }
                Some(b'\x0C') => width = Width { eight: 0, one: 0 },
                Some(b'\\') if bytes.get(at + 1) == Some(&b'\n') => {
                    // The first of several continued lines gives the indentation.
                    continued = continued.or(Some(width));
                    width = Width { eight: 0, one: 0 };
                    at += 1;
                }
                _ => return (continued.filter(|width| width.eight > 0).unwrap_or(width), at),
            }
            at += 1;
        }
    }

    /// Opens or closes blocks for a line of this width whose first token is at `at`.
    fn indent(&mut self, width: Width, at: usize) {
        let top = self.widths[self.widths.len() - 1];
        if width == top {
            return;
        }
        if width.eight == top.eight || (width.eight > top.eight) != (width.one > top.one) {
            self.tab_mistake(at);
            return;
        }
        if width.eight > top.eight {
            self.open_block(width, at);
        } else {
            self.close_blocks(width, at);
        }
    }

    fn open_block(&mut self, width: Width, at: usize) {
        let start = self.line_start(at);
        let span = Span::new(start, at);
        if self.widths.len() >= MAX_INDENTS {
            self.push_mistake(Diagnostic::at_line(SyntaxMistake::TooManyIndents, span), span);
            return;
        }
        self.widths.push(width);
        self.soft.open_block();
        self.list.push(Token { kind: TokenKind::Indent, span });
    }

    fn close_blocks(&mut self, width: Width, at: usize) {
        let span = Span::new(at, at);
        while self.widths.len() > 1 && width.eight < self.widths[self.widths.len() - 1].eight {
            self.widths.pop();
            self.soft.close_block();
            self.list.push(Token { kind: TokenKind::Dedent, span });
        }
        let top = self.widths[self.widths.len() - 1];
        if width.eight != top.eight {
            let line = Span::new(self.line_start(at), at);
            self.push_mistake(Diagnostic::at_line(SyntaxMistake::InconsistentDedent, line), line);
        } else if width.one != top.one {
            self.tab_mistake(at);
        }
    }

    fn tab_mistake(&mut self, at: usize) {
        let span = Span::new(self.line_start(at), at);
        let raised = Raised::LineStart(span.end);
        self.push_mistake(Diagnostic::new(SyntaxMistake::InconsistentTabs, span).raised_as(raised), span);
    }

    fn push_mistake(&mut self, diagnostic: Diagnostic, span: Span) {
        let token = self.lexer.mistake(span, diagnostic);
        self.list.push(token);
    }

    fn line_start(&self, at: usize) -> usize {
        memchr::memrchr(b'\n', &self.lexer.text.as_bytes()[..at]).map_or(0, |newline| newline + 1)
    }

    fn finish(mut self) -> Tokens {
        let end = self.lexer.text.len();
        for _ in 1..self.widths.len() {
            self.list.push(Token { kind: TokenKind::Dedent, span: Span::new(end, end) });
        }
        let warnings = self.lexer.tight_numbers.drain(..).map(|(span, radix)| SyntaxWarning::tight_number(span, radix));
        let warnings = warnings.collect();
        Tokens { list: self.list, mistakes: self.lexer.mistakes, warnings, unfinished: self.lexer.unfinished }
    }
}
