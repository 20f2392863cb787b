//! Text to raw tokens: what `logos` recognises, and by hand what is not regular (numbers, strings, f-strings).
//!
//! A token is a kind and a span, nothing more: values are read from the text when the tree is built. Brackets are
//! counted here, so that the newlines inside them vanish; lines and blocks are the business of [`super::indent`].
//! A mistake becomes an `Error` token and an entry beside the tokens, and reading goes on behind it.

use std::cell::Cell;

use logos::Logos;

use crate::report::{Diagnostic, Raised, SyntaxMistake};
use crate::source::Span;

/// How deep brackets may stand in each other, as in CPython.
pub const MAX_BRACKETS: usize = 200;

/// A kind of token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

/// What a token is. The spelling of the fixed ones stands beside them.
#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[logos(skip r"[ \t\x0C]+")]
#[logos(skip(r"#[^\n]*", allow_greedy = true))]
#[logos(skip "\\\\\n")]
#[rustfmt::skip]
pub enum TokenKind {
    #[regex("[a-zA-Z_][a-zA-Z0-9_]*")] Name,
    /// A name with characters beyond ASCII, not checked yet; never leaves the lexer.
    #[regex("[a-zA-Z_\u{80}-\u{10FFFF}][a-zA-Z0-9_\u{80}-\u{10FFFF}]*", priority = 1)] WideName,
    /// The start of a number; never leaves the lexer.
    #[regex(r"\.?[0-9]")] Digit,
    Int,
    Float,
    Imaginary,
    /// The prefix and quotes of a plain literal; never leaves the lexer.
    #[regex(r#"([uUbBrR]|[bB][rR]|[rR][bB])?("|'|"""|''')"#)] Quote,
    /// A whole literal, prefix and quotes included; bytes too.
    Str,
    #[regex(r#"([fF]|[fF][rR]|[rR][fF])("|'|"""|''')"#)] FStart,
    FText,
    FTextRaw,
    FEnd,
    FieldOpen,
    FieldColon,
    FieldClose,
    #[token("!")] Exclaim,

    #[token("False")] False,
    #[token("None")] None,
    #[token("True")] True,
    #[token("and")] And,
    #[token("as")] As,
    #[token("assert")] Assert,
    #[token("async")] Async,
    #[token("await")] Await,
    #[token("break")] Break,
    #[token("class")] Class,
    #[token("continue")] Continue,
    #[token("def")] Def,
    #[token("del")] Del,
    #[token("elif")] Elif,
    #[token("else")] Else,
    #[token("except")] Except,
    #[token("finally")] Finally,
    #[token("for")] For,
    #[token("from")] From,
    #[token("global")] Global,
    #[token("if")] If,
    #[token("import")] Import,
    #[token("in")] In,
    #[token("is")] Is,
    #[token("lambda")] Lambda,
    #[token("nonlocal")] Nonlocal,
    #[token("not")] Not,
    #[token("or")] Or,
    #[token("pass")] Pass,
    #[token("raise")] Raise,
    #[token("return")] Return,
    #[token("try")] Try,
    #[token("while")] While,
    #[token("with")] With,
    #[token("yield")] Yield,
    /// Soft keywords; where they are ordinary names, the indent layer has made them `Name`.
    #[token("match")] Match,
    #[token("case")] Case,
    #[token("type")] Type,

    #[token("(")] LeftParen,
    /// The parenthesis that holds the items of a `with` statement.
    WithParen,
    #[token(")")] RightParen,
    #[token("[")] LeftSquare,
    #[token("]")] RightSquare,
    #[token("{")] LeftBrace,
    #[token("}")] RightBrace,
    #[token(",")] Comma,
    #[token(":")] Colon,
    #[token(";")] Semicolon,
    #[token(".")] Dot,
    #[token("...")] Ellipsis,
    #[token("->")] Arrow,
    #[token("@")] At,
    #[token("=")] Assign,
    #[token(":=")] Walrus,
    #[token("+")] Plus,
    #[token("-")] Minus,
    #[token("*")] Star,
    #[token("**")] StarStar,
    #[token("/")] Slash,
    #[token("//")] SlashSlash,
    #[token("%")] Percent,
    #[token("<<")] LeftShift,
    #[token(">>")] RightShift,
    #[token("&")] Ampersand,
    #[token("|")] Bar,
    #[token("^")] Caret,
    #[token("~")] Tilde,
    #[token("<")] Less,
    #[token(">")] Greater,
    #[token("<=")] LessEqual,
    #[token(">=")] GreaterEqual,
    #[token("==")] Equal,
    #[token("!=")] NotEqual,
    #[token("<>")] LessGreater,
    #[token("+=")] PlusAssign,
    #[token("-=")] MinusAssign,
    #[token("*=")] StarAssign,
    #[token("@=")] AtAssign,
    #[token("/=")] SlashAssign,
    #[token("%=")] PercentAssign,
    #[token("&=")] AmpersandAssign,
    #[token("|=")] BarAssign,
    #[token("^=")] CaretAssign,
    #[token("<<=")] LeftShiftAssign,
    #[token(">>=")] RightShiftAssign,
    #[token("**=")] StarStarAssign,
    #[token("//=")] SlashSlashAssign,

    /// The end of a logical line.
    #[token("\n")] Newline,
    Indent,
    Dedent,
    /// A character that means nothing, `$`, `?` or a backquote.
    Stray,
    /// What could not be read; its diagnostic is in the list of the lexer's mistakes.
    Error,
    /// What the parser is asked for: the first token of each of its runs.
    StartFile,
    StartEval,
}

impl TokenKind {
    pub fn is_opening(self) -> bool {
        matches!(
            self,
            TokenKind::LeftParen
                | TokenKind::LeftSquare
                | TokenKind::LeftBrace
                | TokenKind::WithParen
                | TokenKind::FieldOpen
        )
    }

    pub fn is_closing(self) -> bool {
        matches!(self, TokenKind::RightParen | TokenKind::RightSquare | TokenKind::RightBrace | TokenKind::FieldClose)
    }
}

/// A bracket that is still open.
#[derive(Clone, Copy, Debug)]
pub struct OpenBracket {
    pub kind: TokenKind,
    pub at: u32,
}

/// An f-string that is being read.
#[derive(Clone, Debug)]
pub(super) struct OpenFString {
    /// Prefix and opening quotes.
    pub start: Span,
    pub quote: u8,
    pub is_triple: bool,
    pub is_raw: bool,
    /// The open fields, as the number of brackets that are open inside each.
    pub fields: Vec<usize>,
    /// Reading text (or a format specification, inside a field), not an expression.
    pub in_text: bool,
}

/// A mistake of the lexer and the `Error` token that stands for it.
#[derive(Clone, Debug)]
pub struct LexMistake {
    pub token: Token,
    pub diagnostic: Diagnostic,
}

/// How a text ended that ended too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfinished {
    /// A bracket that was never closed, by its place.
    Bracket(u32),
    /// A string in three quotes without its end.
    TripleQuoted,
    /// A backslash was the last character.
    Continuation,
}

/// Reads raw tokens, one at a time.
pub struct Lexer<'s> {
    pub(super) raw: logos::Lexer<'s, TokenKind>,
    pub(super) text: &'s str,
    pub(super) brackets: Vec<OpenBracket>,
    pub(super) fstrings: Vec<OpenFString>,
    pub(super) mistakes: Vec<LexMistake>,
    pub(super) unfinished: Option<Unfinished>,
    /// Where the last token ended.
    pub(super) last_end: usize,
    /// An offset and its line.
    counted: Cell<(u32, u32)>,
    /// Numbers that run into a keyword (`1if`), which CPython warns about.
    pub(super) tight_numbers: Vec<(Span, &'static str)>,
}

impl<'s> Lexer<'s> {
    /// Reads `text` from a byte offset on.
    pub fn new(text: &'s str, from: u32) -> Self {
        let mut raw = TokenKind::lexer(text);
        raw.bump(from as usize);
        Lexer {
            raw,
            text,
            brackets: Vec::new(),
            fstrings: Vec::new(),
            mistakes: Vec::new(),
            unfinished: None,
            last_end: from as usize,
            counted: Cell::new((0, 1)),
            tight_numbers: Vec::new(),
        }
    }

    /// Where the next token would be read.
    pub fn position(&self) -> usize {
        self.raw.span().end
    }

    /// Moves on without reading a token.
    pub fn advance(&mut self, n_bytes: usize) {
        self.raw.bump(n_bytes);
    }

    /// The next token; None at the end of the text. A `Newline` comes only where no bracket is open.
    pub fn read(&mut self) -> Option<Token> {
        let token = self.read_any();
        if token.is_some() {
            self.last_end = self.position();
        }
        token
    }

    pub(super) fn read_any(&mut self) -> Option<Token> {
        if let Some(fstring) = self.fstrings.last() {
            if fstring.in_text {
                return self.read_fstring_text();
            }
            if fstring.fields.last() == Some(&self.brackets.len())
                && let Some(token) = self.read_field_punctuation()
            {
                return Some(token);
            }
        }
        loop {
            let kind = self.raw.next();
            let span = Span::new(self.raw.span().start, self.raw.span().end);
            return Some(match kind {
                None => return self.read_end(),
                Some(Ok(kind)) => match kind {
                    TokenKind::Newline if !self.brackets.is_empty() => continue,
                    TokenKind::WideName => self.read_wide_name(span),
                    TokenKind::Digit => self.read_number(span),
                    TokenKind::Quote => self.read_string(span),
                    TokenKind::FStart => self.open_fstring(span),
                    TokenKind::LeftParen | TokenKind::LeftSquare | TokenKind::LeftBrace => self.open(kind, span),
                    TokenKind::RightParen | TokenKind::RightSquare | TokenKind::RightBrace => self.close(kind, span),
                    kind => Token { kind, span },
                },
                Some(Err(())) => self.read_stray(span),
            });
        }
    }

    fn read_end(&mut self) -> Option<Token> {
        if let Some(bracket) = self.brackets.last()
            && self.unfinished.is_none()
        {
            self.unfinished = Some(Unfinished::Bracket(bracket.at));
        }
        // A backslash in the last line waits for another line.
        let blank = self.text[self.last_end..].trim_start_matches([' ', '\t', '\x0C']);
        if self.brackets.is_empty() && self.unfinished.is_none() && blank.starts_with("\\\n") {
            let at = self.text.len() - blank.len();
            self.unfinished = Some(Unfinished::Continuation);
            self.last_end = self.text.len();
            let span = Span::new(at, at + 1);
            return Some(self.mistake(span, Diagnostic::at_line(SyntaxMistake::UnexpectedEnd, span)));
        }
        None
    }

    /// Notes a mistake and gives the token that stands for it.
    pub(super) fn mistake(&mut self, span: Span, diagnostic: Diagnostic) -> Token {
        let token = Token { kind: TokenKind::Error, span };
        self.mistakes.push(LexMistake { token, diagnostic });
        token
    }

    pub(super) fn open(&mut self, kind: TokenKind, span: Span) -> Token {
        if self.brackets.len() >= MAX_BRACKETS {
            let diagnostic = Diagnostic::at_column(SyntaxMistake::TooManyBrackets, span, span.end);
            // Everything behind would only repeat this.
            self.brackets.clear();
            self.fstrings.clear();
            self.raw.bump(self.raw.remainder().len());
            return self.mistake(span, diagnostic);
        }
        self.brackets.push(OpenBracket { kind, at: span.start });
        Token { kind, span }
    }

    fn close(&mut self, kind: TokenKind, span: Span) -> Token {
        let close = bracket_char(kind);
        let floor = self.fstrings.last().and_then(|fstring| fstring.fields.last().copied()).unwrap_or(0);
        let Some(&open) = self.brackets.last() else {
            let diagnostic = Diagnostic::at_column(SyntaxMistake::UnmatchedBracket { close }, span, span.end);
            return self.mistake(span, diagnostic);
        };
        let in_field = floor > 0;
        if in_field && self.brackets.len() == floor {
            // A bracket that would close the field itself: `f'{a)}'`.
            let diagnostic = Diagnostic::at_column(SyntaxMistake::FStringUnmatchedBracket { close }, span, span.end);
            return self.mistake(span, diagnostic);
        }
        self.brackets.pop();
        let expected = matching(open.kind);
        if expected == kind {
            return Token { kind, span };
        }
        let diagnostic = self.mismatch(open, close, span);
        self.mistake(span, diagnostic)
    }

    fn mismatch(&self, open: OpenBracket, close: char, span: Span) -> Diagnostic {
        let opened = Span::new(open.at as usize, open.at as usize + 1);
        let open_char = bracket_char(open.kind);
        let between = &self.text[open.at as usize..span.start as usize];
        let mistake = match between.contains('\n') {
            false => SyntaxMistake::MismatchedBracket { open: open_char, close },
            true => {
                let line = self.line_of(open.at);
                SyntaxMistake::MismatchedBracketOnLine { open: open_char, close, line }
            }
        };
        Diagnostic::at_column(mistake, span, span.end).with_second(opened, "opened here")
    }

    /// The line of an offset; they are asked for nearly in order, so that counting goes on from the last.
    pub(super) fn line_of(&self, offset: u32) -> u32 {
        let (mut from, mut line) = self.counted.get();
        if offset < from {
            (from, line) = (0, 1);
        }
        line += memchr::memchr_iter(b'\n', &self.text.as_bytes()[from as usize..offset as usize]).count() as u32;
        self.counted.set((offset, line));
        line
    }

    fn read_wide_name(&mut self, span: Span) -> Token {
        let text = &self.text[span.range()];
        let is_first = |c: char| c == '_' || unicode_ident::is_xid_start(c);
        let bad = match text.char_indices().next() {
            Some((at, first)) if !is_first(first) => Some((at, first)),
            _ => text.char_indices().find(|&(_, c)| !unicode_ident::is_xid_continue(c)),
        };
        let Some((at, bad)) = bad else {
            return Token { kind: TokenKind::Name, span };
        };
        // Go on behind the character that cannot be in a name.
        let at = span.start as usize + at;
        let bad_span = Span::new(at, at + bad.len_utf8());
        let code = format!("{:04X}", bad as u32);
        let mistake = match is_printable(bad) {
            true => SyntaxMistake::InvalidCharacter { character: bad, code },
            false => SyntaxMistake::NonPrintableCharacter { code },
        };
        let diagnostic = Diagnostic::at_column(mistake, bad_span, bad_span.end);
        self.mistake(span, diagnostic)
    }

    fn read_stray(&mut self, span: Span) -> Token {
        let c = self.text[span.range()].chars().next().unwrap_or(' ');
        if c == '\\' {
            return self.read_stray_backslash(span);
        }
        if matches!(c, '$' | '?' | '`') {
            return Token { kind: TokenKind::Stray, span };
        }
        let code = format!("{:04X}", c as u32);
        self.mistake(span, Diagnostic::at_column(SyntaxMistake::NonPrintableCharacter { code }, span, span.end))
    }

    fn read_stray_backslash(&mut self, span: Span) -> Token {
        if self.raw.remainder().is_empty() {
            self.unfinished = Some(Unfinished::Continuation);
            return self.mistake(span, Diagnostic::at_line(SyntaxMistake::UnexpectedEnd, span));
        }
        let diagnostic = Diagnostic::new(SyntaxMistake::AfterContinuation, span).raised_as(Raised::Start(span.end));
        self.mistake(span, diagnostic)
    }
}

/// The character of a bracket token.
pub fn bracket_char(kind: TokenKind) -> char {
    match kind {
        TokenKind::LeftParen | TokenKind::WithParen => '(',
        TokenKind::RightParen => ')',
        TokenKind::LeftSquare => '[',
        TokenKind::RightSquare => ']',
        TokenKind::LeftBrace | TokenKind::FieldOpen => '{',
        _ => '}',
    }
}

fn matching(kind: TokenKind) -> TokenKind {
    match kind {
        TokenKind::LeftParen => TokenKind::RightParen,
        TokenKind::LeftSquare => TokenKind::RightSquare,
        _ => TokenKind::RightBrace,
    }
}

/// What CPython shows as the character itself in a message about it.
fn is_printable(c: char) -> bool {
    let invisible = matches!(c as u32, 0..0x20 | 0x7F..0xA1 | 0xAD | 0x600..=0x605 | 0x61C | 0x6DD | 0x70F | 0x180E
        | 0x2000..=0x200F | 0x2028..=0x202F | 0x205F..=0x206F | 0x3000 | 0xD800..=0xF8FF | 0xFEFF | 0xFFF0..=0xFFFB
        | 0xE0000..=0x10FFFF);
    !invisible && !c.is_control() && !c.is_whitespace() && unicode_names2::name(c).is_some()
}
