//! The values of string literals, adjacent ones joined, and f-strings.

use super::{Builder, span};
use crate::report::{Diagnostic, SyntaxMistake, SyntaxWarning, WarningStage};
use crate::source::{Span, Wtf8};
use crate::syntax::ast::*;
use crate::syntax::escape::{BadEscape, Finding, decode_bytes, decode_raw_fstring, decode_str};

/// One of several adjacent literals.
#[derive(Clone, Debug)]
pub enum Piece {
    Str(Wtf8),
    Bytes(Vec<u8>),
    FString(Vec<FPart>),
}

impl Builder<'_> {
    /// A literal without fields: its prefix and quotes are part of the token.
    pub fn plain_piece(&mut self, l: u32, r: u32) -> Piece {
        let token = &self.text[l as usize..r as usize];
        let n_prefix = token.bytes().take_while(u8::is_ascii_alphabetic).count();
        let prefix = &token[..n_prefix];
        let is_bytes = prefix.contains(['b', 'B']);
        let is_raw = prefix.contains(['r', 'R']);
        let quotes = &token.as_bytes()[n_prefix..];
        let n_quotes = if quotes.len() >= 6 && quotes[1] == quotes[0] && quotes[2] == quotes[0] { 3 } else { 1 };
        let body = n_prefix + n_quotes..token.len() - n_quotes;
        let start = l + body.start as u32;
        let body = &token[body];
        if is_bytes {
            return Piece::Bytes(self.bytes_value(body, is_raw, start, span(l, r)));
        }
        if is_raw || !body.contains('\\') {
            return Piece::Str(Wtf8::from(body));
        }
        Piece::Str(self.str_value(body, start, span(l, r), None))
    }

    fn bytes_value(&mut self, body: &str, is_raw: bool, start: u32, token: Span) -> Vec<u8> {
        if !body.is_ascii() {
            self.mistake(SyntaxMistake::BytesNotAscii, token);
            return Vec::new();
        }
        if is_raw || !body.contains('\\') {
            return body.as_bytes().to_vec();
        }
        let mut found = Vec::new();
        let value = decode_bytes(body, &mut found);
        self.warn_escapes(&found, start, token);
        value.unwrap_or_else(|bad| {
            let mistake = SyntaxMistake::BadBytesEscape { reason: bad.reason, position: bad.first };
            self.bad_escape(mistake, &bad, start, token);
            Vec::new()
        })
    }

    /// `behind`: the token behind, in an f-string, which is where CPython reports what is wrong.
    fn str_value(&mut self, body: &str, start: u32, token: Span, behind: Option<Span>) -> Wtf8 {
        let mut found = Vec::new();
        let value = decode_str(body, behind.is_some(), &mut found);
        self.warn_escapes(&found, start, token);
        value.unwrap_or_else(|bad| {
            let position = match bad.first == bad.last {
                true => format!("byte in position {}", bad.first),
                false => format!("bytes in position {}-{}", bad.first, bad.last),
            };
            let mistake = SyntaxMistake::BadEscape { reason: bad.reason, position };
            self.bad_escape(mistake, &bad, start, behind.unwrap_or(token));
            Wtf8::new()
        })
    }

    fn bad_escape(&mut self, mistake: SyntaxMistake, bad: &BadEscape, start: u32, token: Span) {
        let at = start as usize + bad.at;
        self.note(Diagnostic::new(mistake, Span::new(at, at + 2)).raised_at(token));
    }

    /// CPython names the line on which the literal begins.
    fn warn_escapes(&mut self, found: &[Finding], start: u32, token: Span) {
        for finding in found {
            let message = match finding {
                Finding::InvalidEscape { c, .. } => format!("invalid escape sequence '\\{c}'"),
                Finding::InvalidOctal { at, len } => {
                    let from = start as usize + at;
                    let escape = &self.text[from..from + 1 + len];
                    format!("invalid octal escape sequence '{escape}'")
                }
            };
            self.warnings.push(SyntaxWarning { message, span: token, stage: WarningStage::Reading });
        }
    }

    pub fn fstring_piece(&mut self, _l: u32, parts: Vec<FPart>, _r: u32) -> Piece {
        Piece::FString(parts)
    }

    pub fn ftext(&mut self, l: u32, r: u32) -> Vec<FPart> {
        let body = &self.text[l as usize..r as usize];
        let next = self.next_token(r);
        vec![FPart::Text(self.str_value(body, l, span(l, r), Some(next)))]
    }

    pub fn ftext_raw(&mut self, l: u32, r: u32) -> Vec<FPart> {
        vec![FPart::Text(decode_raw_fstring(&self.text[l as usize..r as usize]))]
    }

    /// Adds parts to those of an f-string; text joins the text before it.
    pub fn push_parts(&mut self, mut parts: Vec<FPart>, more: Vec<FPart>) -> Vec<FPart> {
        for part in more {
            push_part(&mut parts, part);
        }
        parts
    }

    /// A field; with `=` the text of its expression comes first.
    pub fn field(
        &mut self,
        l: u32,
        value: ExprId,
        equals: Option<u32>,
        conversion: Option<Ident>,
        spec: Option<Vec<FPart>>,
        r: u32,
    ) -> Vec<FPart> {
        self.refuse_star(value);
        let mut parts = Vec::new();
        let mut conversion = conversion.and_then(|name| self.conversion(name));
        if let Some(equals) = equals {
            let end = equals as usize + blank_len(&self.text[equals as usize..r as usize]);
            let shown = without_comments(&self.text[l as usize + 1..end]);
            parts.push(FPart::Text(Wtf8::from(shown)));
            if conversion.is_none() && spec.is_none() {
                conversion = Some(Conversion::Repr);
            }
        }
        parts.push(FPart::Field(Box::new(FField { value, conversion, spec, span: span(l, r) })));
        parts
    }

    fn conversion(&mut self, name: Ident) -> Option<Conversion> {
        let before = &self.text[..name.span.start as usize];
        if !before.ends_with('!') {
            let mark = before.rfind('!').unwrap_or(before.len());
            self.mistake(SyntaxMistake::FStringConversionSpace, Span::new(mark, name.span.end as usize));
            return None;
        }
        match self.tree.names.text(name.name) {
            "s" => Some(Conversion::Str),
            "r" => Some(Conversion::Repr),
            "a" => Some(Conversion::Ascii),
            other => {
                let name_text = other.to_owned();
                self.mistake(SyntaxMistake::FStringConversion { name: name_text }, name.span);
                None
            }
        }
    }

    pub fn string(&mut self, l: u32, piece: Piece, r: u32) -> ExprId {
        match piece {
            Piece::Str(text) => self.constant(l, Constant::Str(text), r),
            Piece::Bytes(bytes) => self.constant(l, Constant::Bytes(bytes.into()), r),
            Piece::FString(parts) => self.fstring(l, parts, r),
        }
    }

    /// Adjacent literals: one value.
    pub fn strings(&mut self, l: u32, pieces: Vec<Piece>, r: u32) -> ExprId {
        let n_bytes = pieces.iter().filter(|piece| matches!(piece, Piece::Bytes(_))).count();
        if n_bytes == pieces.len() {
            let bytes: Vec<u8> = pieces.into_iter().flat_map(Piece::into_bytes).collect();
            return self.constant(l, Constant::Bytes(bytes.into()), r);
        }
        if n_bytes > 0 {
            let next = self.next_token(r);
            self.note(Diagnostic::new(SyntaxMistake::MixedBytes, span(l, r)).raised_at(next));
            return self.constant(l, Constant::Bytes(Box::default()), r);
        }
        let has_fields = pieces.iter().any(|piece| matches!(piece, Piece::FString(_)));
        let mut parts = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Str(text) => push_part(&mut parts, FPart::Text(text)),
                Piece::FString(more) => more.into_iter().for_each(|part| push_part(&mut parts, part)),
                Piece::Bytes(_) => {}
            }
        }
        if has_fields {
            return self.fstring(l, parts, r);
        }
        let text = match parts.pop() {
            Some(FPart::Text(text)) => text,
            _ => Wtf8::new(),
        };
        self.constant(l, Constant::Str(text), r)
    }

    fn fstring(&mut self, l: u32, mut parts: Vec<FPart>, r: u32) -> ExprId {
        parts.retain(|part| !matches!(part, FPart::Text(text) if text.is_empty()));
        let depth = 1 + self.depth_of_parts(&parts);
        self.add(ExprKind::FString(parts), span(l, r), depth)
    }

    /// Fields stand at most three deep in each other's specifications, so this recursion is short.
    fn depth_of_parts(&self, parts: &[FPart]) -> u16 {
        let of_part = |part: &FPart| match part {
            FPart::Text(_) => 0,
            FPart::Field(field) => {
                let spec = field.spec.as_deref().map_or(0, |spec| 1 + self.depth_of_parts(spec));
                self.depth(field.value).max(spec)
            }
        };
        parts.iter().map(of_part).max().unwrap_or(0)
    }
}

impl Piece {
    fn into_bytes(self) -> Vec<u8> {
        match self {
            Piece::Bytes(bytes) => bytes,
            Piece::Str(_) | Piece::FString(_) => Vec::new(),
        }
    }
}

/// The length of the white space and comments at the start of a text.
fn blank_len(text: &str) -> usize {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\x0C']);
        match rest.strip_prefix('#') {
            Some(comment) => rest = comment.find('\n').map_or("", |end| &comment[end..]),
            None => return text.len() - rest.len(),
        }
    }
}

/// The text of a field with `=` as CPython shows it: comments are left out, quotes are looked at one by one.
fn without_comments(text: &str) -> String {
    if !text.contains('#') {
        return text.to_owned();
    }
    let (mut shown, mut quote, mut in_comment) = (String::with_capacity(text.len()), None, false);
    for c in text.chars() {
        in_comment &= c != '\n';
        if in_comment || (quote.is_none() && c == '#') {
            in_comment = true;
            continue;
        }
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '\'' | '"') => quote = Some(c),
            _ => {}
        }
        shown.push(c);
    }
    shown
}

fn push_part(parts: &mut Vec<FPart>, part: FPart) {
    match (parts.last_mut(), part) {
        (Some(FPart::Text(before)), FPart::Text(text)) => before.push_wtf8(&text),
        (_, part) => parts.push(part),
    }
}
