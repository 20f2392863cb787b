//! The driver: text to tokens, then one top-level statement at a time through the generated parser.
//!
//! 1. [`super::encoding`] makes text of bytes; [`super::indent`] makes all tokens.
//! 2. The tokens are cut where a top-level statement ends: at a `Newline` or `Dedent` outside all blocks, unless an
//!    `else`, `elif`, `except` or `finally` goes on with the same statement, or the line was a decorator.
//! 3. Each piece is parsed on its own. One that fails is explained by [`super::error`], and parsing goes on behind it.

use lalrpop_util::{ParseError, lalrpop_mod};

use super::ast::{StmtId, Tree};
use super::build::Builder;
use super::encoding::{self, Origin};
use super::error;
use super::indent::{Tokens, read_tokens};
use super::token::{Token, TokenKind, Unfinished};
use crate::report::{Diagnostic, SyntaxMistake, SyntaxWarning};
use crate::source::Span;

lalrpop_mod!(
    #[allow(clippy::all, clippy::unwrap_used, dead_code, unused_imports, unused_parens, missing_docs)]
    aspen
);

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Any number of statements: a file, or the text of `exec`.
    Module,
    /// One expression: the text of `eval`.
    Expression,
    /// One statement as typed at a prompt: CPython's `single`.
    Interactive,
}

/// What `parse` gives; the tree means something only if there are no diagnostics.
#[derive(Debug)]
pub struct Parsed {
    /// In mode `Expression` its body is one expression statement.
    pub tree: Tree,
    /// The first is the one that CPython raises; the others follow in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    pub warnings: Vec<SyntaxWarning>,
    /// The text is the beginning of something that may become right: a prompt should ask for more.
    pub incomplete: bool,
    /// The decoded source, with `\n` at the ends of lines: what all spans refer to.
    pub text: String,
}

/// After so many mistakes nobody reads on.
const MAX_DIAGNOSTICS: usize = 20;

/// Parses a source text, whatever its bytes are.
pub fn parse(source: &[u8], mode: Mode, origin: Origin) -> Parsed {
    let text = match encoding::decode(source, origin) {
        Ok(text) => text,
        Err(failure) => {
            let tree = Tree::default();
            let diagnostics = vec![failure.diagnostic];
            return Parsed { tree, diagnostics, warnings: Vec::new(), incomplete: false, text: failure.text };
        }
    };
    let mut tokens = match mode {
        Mode::Module | Mode::Interactive => read_tokens(&text, 0),
        Mode::Expression => read_tokens(&text, encoding::n_leading_blanks(&text)),
    };
    let mut parser = Pieces::new(&text, &mut tokens);
    match mode {
        Mode::Module => parser.module(),
        Mode::Expression => parser.expression(),
        Mode::Interactive => parser.interactive(),
    }
    let (tree, diagnostics, mut warnings, incomplete) = parser.finish();
    warnings.extend(tokens.warnings);
    warnings.sort_by_key(|warning| warning.span.start);
    Parsed { tree, diagnostics, warnings, incomplete, text }
}

struct Pieces<'s> {
    text: &'s str,
    tokens: &'s Tokens,
    builder: Builder<'s>,
    /// The next token to be parsed.
    at: usize,
    diagnostics: Vec<Diagnostic>,
    /// A piece failed at the very end of the text.
    failed_at_end: bool,
}

impl<'s> Pieces<'s> {
    fn new(text: &'s str, tokens: &'s mut Tokens) -> Self {
        let builder = Builder::new(text);
        Pieces { text, tokens, builder, at: 0, diagnostics: Vec::new(), failed_at_end: false }
    }

    fn module(&mut self) {
        let parser = aspen::StartParser::new();
        while self.at < self.tokens.list.len() && self.diagnostics.len() < MAX_DIAGNOSTICS {
            let end = piece_end(&self.tokens.list, self.at);
            if let Some(body) = self.piece(&parser, TokenKind::StartFile, end) {
                self.builder.tree.body.extend(body);
            }
            self.at = end;
        }
    }

    fn expression(&mut self) {
        let parser = aspen::StartParser::new();
        let end = self.tokens.list.len();
        if let Some(body) = self.piece(&parser, TokenKind::StartEval, end) {
            self.builder.tree.body = body;
        }
    }

    fn interactive(&mut self) {
        self.module();
        let n_top = self.builder.tree.body.len();
        if n_top > 1 && self.diagnostics.is_empty() {
            let first_end = piece_end(&self.tokens.list, 0);
            if let Some(token) = self.tokens.list.get(first_end) {
                let span = Span { start: token.span.start, end: self.text.len() as u32 };
                self.diagnostics.push(Diagnostic::new(SyntaxMistake::SeveralStatements, span));
            }
        }
    }

    /// Parses the tokens up to `end`; None if they are no statement.
    fn piece(&mut self, parser: &aspen::StartParser, start: TokenKind, end: usize) -> Option<Vec<StmtId>> {
        self.builder.start_statement();
        let list = &self.tokens.list[self.at..end];
        let at = list.first().map_or(self.text.len() as u32, |token| token.span.start);
        let head = std::iter::once((at, start, at));
        let tail = list.iter().map(|token| (token.span.start, token.kind, token.span.end));
        let result = parser.parse(&mut self.builder, head.chain(tail).map(Ok::<_, std::convert::Infallible>));
        let n_found = self.builder.mistakes.len();
        let failed_at = match result {
            Ok(body) => {
                self.diagnostics.append(&mut self.builder.mistakes);
                return (n_found == 0).then_some(body);
            }
            Err(ParseError::UnrecognizedToken { token: (start, _, _), .. }) => {
                list.iter().position(|token| token.span.start == start && !is_passed(token, list, start))
            }
            Err(ParseError::UnrecognizedEof { .. }) => None,
            Err(ParseError::InvalidToken { .. } | ParseError::ExtraToken { .. }) => None,
            Err(ParseError::User { error }) => match error {},
        };
        let failed_at = self.at + failed_at.unwrap_or(list.len());
        self.diagnostics.append(&mut self.builder.mistakes);
        if n_found == 0 || self.is_lexical(failed_at) {
            let diagnostic = error::explain(self.text, self.tokens, self.at, failed_at);
            self.failed_at_end |= self.is_at_end(failed_at);
            self.diagnostics.push(diagnostic);
        }
        None
    }

    fn is_lexical(&self, failed_at: usize) -> bool {
        self.tokens.list.get(failed_at).is_some_and(|token| token.kind == TokenKind::Error)
    }

    /// Only the tokens that close the text are left.
    fn is_at_end(&self, failed_at: usize) -> bool {
        let rest = self.tokens.list.get(failed_at..).unwrap_or(&[]);
        rest.iter().all(|token| matches!(token.kind, TokenKind::Dedent))
    }

    fn finish(self) -> (Tree, Vec<Diagnostic>, Vec<SyntaxWarning>, bool) {
        let mut incomplete = self.tokens.unfinished.is_some() && self.diagnostics.len() <= 1;
        incomplete |= self.failed_at_end && self.diagnostics.len() == 1;
        let mut diagnostics = self.diagnostics;
        if let (Some(Unfinished::Bracket(at)), true) = (self.tokens.unfinished, diagnostics.is_empty()) {
            diagnostics.push(error::unclosed(self.text, at));
        }
        (self.builder.tree, diagnostics, self.builder.warnings, incomplete)
    }
}

/// Several tokens may start at one place, since `Dedent` is empty: the failing one is the first that is no `Dedent`.
fn is_passed(token: &Token, list: &[Token], start: u32) -> bool {
    token.kind == TokenKind::Dedent && list.iter().any(|other| other.span.start == start && other.kind != token.kind)
}

/// The end of the piece that begins at token `at`.
pub(super) fn piece_end(list: &[Token], mut at: usize) -> usize {
    let mut depth = 0usize;
    let mut starts_line = true;
    let mut is_decorator = false;
    loop {
        let Some(token) = list.get(at) else { return at };
        at += 1;
        match token.kind {
            TokenKind::Indent => depth += 1,
            TokenKind::Dedent => depth = depth.saturating_sub(1),
            TokenKind::Newline => {}
            kind => {
                if starts_line {
                    is_decorator = kind == TokenKind::At;
                }
                starts_line = false;
                continue;
            }
        }
        starts_line = true;
        if depth > 0 {
            continue;
        }
        let next = list.get(at).map(|token| token.kind);
        let goes_on = matches!(
            next,
            Some(
                TokenKind::Indent
                    | TokenKind::Dedent
                    | TokenKind::Elif
                    | TokenKind::Else
                    | TokenKind::Except
                    | TokenKind::Finally
            )
        );
        let is_decorated = is_decorator && next.is_some();
        if !goes_on && !is_decorated {
            return at;
        }
    }
}
