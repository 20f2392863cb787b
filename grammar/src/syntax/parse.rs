//! The driver: text to tokens, then one top-level statement at a time through the generated parser.
//!
//! 1. [`super::encoding`] makes text of bytes; [`super::indent`] makes all tokens.
//! 2. The tokens are cut where a top-level statement ends: at a `Newline` or `Dedent` outside all blocks, unless an
//!    `else`, `elif`, `except` or `finally` goes on with the same statement, or the line was a decorator.
//! 3. Each piece is parsed on its own. One that fails is explained by [`super::error`]; then the inner statement that
//!    failed is left out and the piece tried again, so that several mistakes of one class or function are found.
//! 4. Behind a bracket that was never closed, reading begins anew at the next line that must be a statement.

use std::convert::Infallible;

use lalrpop_util::{ParseError, lalrpop_mod};

use super::ast::{StmtId, Tree};
use super::build::Builder;
use super::encoding::{self, Origin};
use super::error;
use super::indent::{Tokens, read_tokens};
use super::recovery;
use super::soft;
use super::token::{Token, TokenKind, Unfinished};
use crate::report::{Diagnostic, Mistake, SyntaxMistake, SyntaxWarning};
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
    /// One statement as typed at a prompt, each line with its `\n`: CPython's `single`.
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
    let mut tokens = read_tokens(&text, 0);
    if mode == Mode::Expression {
        soft::forget(&mut tokens.list);
    }
    let mut warnings = std::mem::take(&mut tokens.warnings);
    let mut pieces = Pieces { text: &text, tokens, builder: Builder::new(&text), at: 0, found: Found::default() };
    match mode {
        Mode::Module => pieces.module(),
        Mode::Expression => pieces.expression(),
        Mode::Interactive => pieces.interactive(),
    }
    let Pieces { tokens, builder, mut found, .. } = pieces;
    let incomplete = found.is_incomplete(&tokens, &text, mode);
    warnings.extend(builder.warnings);
    warnings.sort_by_key(|warning| (warning.stage, warning.span.start));
    let tree = builder.tree;
    found.put_in_order(&text);
    Parsed { tree, diagnostics: found.diagnostics, warnings, incomplete, text }
}

/// The tokens of a source text, and what is wrong with them alone.
#[derive(Debug)]
pub struct Lexed {
    pub text: String,
    pub tokens: Vec<Token>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the tokens of a source text without parsing them.
pub fn tokens(source: &[u8], origin: Origin) -> Lexed {
    match encoding::decode(source, origin) {
        Ok(text) => {
            let tokens = read_tokens(&text, 0);
            let diagnostics = tokens.mistakes.into_iter().map(|mistake| mistake.diagnostic).collect();
            Lexed { text, tokens: tokens.list, diagnostics }
        }
        Err(failure) => Lexed { text: failure.text, tokens: Vec::new(), diagnostics: vec![failure.diagnostic] },
    }
}

/// What was found so far.
#[derive(Default)]
struct Found {
    diagnostics: Vec<Diagnostic>,
    /// The first mistake of the lexer, which CPython raises before any other.
    lexical: Option<Diagnostic>,
    /// The bracket that was never closed, in the first reading.
    unclosed: Option<u32>,
    /// Where the first statement failed.
    failed_at: Option<u32>,
    /// The first failure was at the very end of the text.
    failed_at_end: bool,
}

struct Pieces<'s> {
    text: &'s str,
    tokens: Tokens,
    builder: Builder<'s>,
    /// The next token to be parsed.
    at: usize,
    found: Found,
}

impl Pieces<'_> {
    fn module(&mut self) {
        self.found.lexical = first_lexical(&self.tokens);
        let parser = aspen::StartParser::new();
        loop {
            while self.at < self.tokens.list.len() && self.found.diagnostics.len() < MAX_DIAGNOSTICS {
                let end = recovery::piece_end(&self.tokens.list, self.at);
                if let Some(body) = self.piece(&parser, TokenKind::StartFile, end) {
                    self.builder.tree.body.extend(body);
                }
                self.at = end;
            }
            let Some(Unfinished::Bracket(at)) = self.tokens.unfinished else { return };
            self.found.unclosed.get_or_insert(at);
            let Some(resume) = recovery::statement_behind(self.text, at) else { return };
            if self.found.diagnostics.len() >= MAX_DIAGNOSTICS {
                return;
            }
            self.tokens = read_tokens(self.text, resume);
            self.at = 0;
        }
    }

    fn expression(&mut self) {
        self.found.lexical = first_lexical(&self.tokens);
        if let Some(Unfinished::Bracket(at)) = self.tokens.unfinished {
            self.found.unclosed = Some(at);
        }
        let parser = aspen::StartParser::new();
        let end = self.tokens.list.len();
        if let Some(body) = self.piece(&parser, TokenKind::StartEval, end) {
            self.builder.tree.body = body;
        }
    }

    fn interactive(&mut self) {
        self.found.lexical = first_lexical(&self.tokens);
        if let Some(Unfinished::Bracket(at)) = self.tokens.unfinished {
            self.found.unclosed = Some(at);
        }
        let parser = aspen::StartParser::new();
        let end = recovery::piece_end(&self.tokens.list, 0);
        if end == 0 {
            return;
        }
        let body = self.piece(&parser, TokenKind::StartFile, end);
        let is_alone = end == self.tokens.list.len();
        if let (Some(_), false) = (&body, is_alone) {
            // CPython reports it where the first statement ends.
            let (last, next) = (self.tokens.list[end - 1].span, self.tokens.list[end].span);
            let span = Span { start: next.start, end: self.text.trim_end().len() as u32 };
            let raised = Span { start: last.start, end: last.start + 1 };
            self.found.diagnostics.push(Diagnostic::new(SyntaxMistake::SeveralStatements, span).raised_at(raised));
        }
        self.builder.tree.body = body.unwrap_or_default();
    }

    /// Parses the tokens up to `end`; None if they are no statement.
    fn piece(&mut self, parser: &aspen::StartParser, start: TokenKind, end: usize) -> Option<Vec<StmtId>> {
        let first = match attempt(&mut self.builder, parser, start, &self.tokens.list[self.at..end]) {
            Ok(body) if self.builder.mistakes.is_empty() => return Some(body),
            Ok(_) => None,
            Err(failed) => Some(failed),
        };
        // The token behind the piece stays behind it, for what explains the mistake.
        let mut list = self.tokens.list[self.at..(end + 1).min(self.tokens.list.len())].to_vec();
        let n_behind = list.len() - (end - self.at);
        let mut failed = first;
        let mut explained = Vec::new();
        let mut checked = std::mem::take(&mut self.builder.mistakes);
        while let Some(at) = failed {
            let line = recovery::line_offset(&list, at);
            let is_told = checked.iter().any(|mistake| mistake.span.start >= line);
            if !is_told || list.get(at).is_some_and(|token| token.kind == TokenKind::Error) {
                let (diagnostic, furthest) = error::explain(self.text, &self.tokens, &list, start, at);
                explained.push(diagnostic);
                self.found.note_failure(&list, at, furthest);
            }
            if explained.len() >= MAX_DIAGNOSTICS || !recovery::leave_out(&mut list, at) {
                break;
            }
            failed = attempt(&mut self.builder, parser, start, &list[..list.len() - n_behind]).err();
            for mistake in std::mem::take(&mut self.builder.mistakes) {
                if !checked.contains(&mistake) {
                    checked.push(mistake);
                }
            }
        }
        self.found.diagnostics.append(&mut explained);
        self.found.diagnostics.append(&mut checked);
        None
    }
}

/// Runs the parser over one piece; where it fails, the index of the token at which it could not go on.
fn attempt(
    builder: &mut Builder<'_>,
    parser: &aspen::StartParser,
    start: TokenKind,
    list: &[Token],
) -> Result<Vec<StmtId>, usize> {
    builder.start_statement();
    let first = list.first().map_or(0, |token| token.span.start);
    let n_read = std::cell::Cell::new(0usize);
    let head = std::iter::once((first, start, first));
    let tail = list.iter().map(|token| {
        n_read.set(n_read.get() + 1);
        (token.span.start, token.kind, token.span.end)
    });
    let result = parser.parse(builder, head.chain(tail).map(Ok::<_, Infallible>));
    result.map_err(|error| match error {
        ParseError::UnrecognizedToken { .. } | ParseError::ExtraToken { .. } => n_read.get().saturating_sub(1),
        ParseError::UnrecognizedEof { .. } | ParseError::InvalidToken { .. } => list.len(),
        ParseError::User { error } => match error {},
    })
}

/// The first mistake of the lexer that CPython raises instead of an earlier one of its parser.
fn first_lexical(tokens: &Tokens) -> Option<Diagnostic> {
    let is_raised_early = |diagnostic: &&Diagnostic| {
        let Mistake::Syntax(mistake) = &diagnostic.mistake else { return false };
        !matches!(
            mistake,
            SyntaxMistake::InconsistentDedent
                | SyntaxMistake::InconsistentTabs
                | SyntaxMistake::TooManyIndents
                | SyntaxMistake::AfterContinuation
                | SyntaxMistake::UnexpectedEnd
                | SyntaxMistake::FStringExpectingBrace
        )
    };
    tokens.mistakes.first().map(|mistake| &mistake.diagnostic).filter(is_raised_early).cloned()
}

impl Found {
    fn note_failure(&mut self, list: &[Token], at: usize, furthest: u32) {
        if self.failed_at.is_none() {
            self.failed_at = Some(furthest);
            let is_closing = |token: &Token| matches!(token.kind, TokenKind::Dedent);
            self.failed_at_end = list.get(at..).unwrap_or(&[]).iter().all(is_closing);
        }
    }

    /// Whether more text could make it right.
    fn is_incomplete(&self, tokens: &Tokens, text: &str, mode: Mode) -> bool {
        if mode == Mode::Interactive && self.diagnostics.is_empty() {
            // A compound statement goes on until an empty line.
            return recovery::is_compound(&tokens.list) && !ends_with_blank_line(text);
        }
        self.diagnostics.len() == 1 && (tokens.unfinished.is_some() || self.failed_at_end)
    }

    /// Puts the one first that CPython raises: a mistake of its tokenizer, a bracket that was never closed, one of its
    /// parser, then one of its compiler; the others follow in the order of the text.
    fn put_in_order(&mut self, text: &str) {
        self.put_first(text);
        self.diagnostics.truncate(MAX_DIAGNOSTICS);
    }

    fn put_first(&mut self, text: &str) {
        let place = |diagnostic: &Diagnostic| diagnostic.span.start;
        self.diagnostics.sort_by_key(place);
        let early = self.diagnostics.iter().find(|diagnostic| !is_late(&diagnostic.mistake));
        let lexical =
            self.lexical.take().filter(|lexical| !early.is_some_and(|early| is_raised_before(early, lexical)));
        let is_plain =
            |early: &Diagnostic| matches!(early.mistake, Mistake::Syntax(SyntaxMistake::UnexpectedToken { .. }));
        let unclosed = self.unclosed.filter(|&bracket| {
            self.failed_at.is_none_or(|at| {
                let is_behind = at > bracket && text.as_bytes()[bracket as usize..at as usize].contains(&b'\n');
                let is_at_end = at as usize >= text.trim_end().len();
                is_behind || (is_at_end && early.is_none_or(is_plain))
            })
        });
        let first = match (lexical, unclosed, early) {
            (Some(lexical), _, _) => lexical,
            (None, Some(bracket), _) => error::unclosed(text, bracket),
            (None, None, Some(early)) => early.clone(),
            (None, None, None) => return,
        };
        self.diagnostics.retain(|diagnostic| diagnostic.span != first.span || diagnostic.mistake != first.mistake);
        self.diagnostics.insert(0, first);
        self.diagnostics
            .dedup_by(|next, before| next.span == before.span && next.mistake.code() == before.mistake.code());
    }
}

/// Whether CPython raises a mistake of its parser although the tokenizer finds another behind it.
fn is_raised_before(early: &Diagnostic, lexical: &Diagnostic) -> bool {
    let (Mistake::Syntax(early_mistake), Mistake::Syntax(lexical_mistake)) = (&early.mistake, &lexical.mistake) else {
        return false;
    };
    let is_indentation = matches!(early_mistake, SyntaxMistake::UnexpectedIndent | SyntaxMistake::UnexpectedDedent);
    let is_inside_fstring = matches!(
        lexical_mistake,
        SyntaxMistake::UnterminatedFString { .. } | SyntaxMistake::UnterminatedTripleQuotedFString { .. }
    );
    (is_indentation && early.span.start < lexical.span.start)
        || (is_inside_fstring && early.span.start > lexical.span.start)
}

fn ends_with_blank_line(text: &str) -> bool {
    text.rsplit_once('\n').is_some_and(|(before, last)| {
        last.trim().is_empty() && before.rsplit('\n').next().is_some_and(|line| line.trim().is_empty())
    })
}

/// What CPython finds only after it has parsed the whole text.
fn is_late(mistake: &Mistake) -> bool {
    let Mistake::Syntax(mistake) = mistake else { return true };
    matches!(
        mistake,
        SyntaxMistake::StarredValue
            | SyntaxMistake::StarOutsideList
            | SyntaxMistake::SeveralStars
            | SyntaxMistake::RepeatedKeyword { .. }
            | SyntaxMistake::BareExceptNotLast
            | SyntaxMistake::SeveralStarPatterns
            | SyntaxMistake::UnreachableAfterCapture { .. }
            | SyntaxMistake::UnreachableAfterWildcard
            | SyntaxMistake::DifferentBindings
            | SyntaxMistake::BoundTwice { .. }
            | SyntaxMistake::FStringPattern
            | SyntaxMistake::RepeatedAttribute { .. }
    )
}
