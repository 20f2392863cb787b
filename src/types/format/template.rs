//! Templates of `str.format`: literal pieces and fields, field names as paths, numbering.
//!
//! `'a{0.x[k]!r:>{w}}'` is the literal `a` and a field with the name `0.x[k]`, the conversion `r` and the spec `>{w}`,
//! which is a template itself. All mistakes are ValueErrors.

use aspen_grammar::source::wtf8::decode;

use super::spec::quoted_code;
use crate::types::text::unicode::decimal_value;

/// A piece of literal text and the field behind it, if one follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Text as it stands; a doubled brace ends a piece after its first half.
    pub literal: &'a [u8],
    pub field: Option<Field<'a>>,
}

/// `{name!conversion:spec}`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    pub name: &'a [u8],
    /// The code point behind `!`, not checked.
    pub conversion: Option<u32>,
    pub spec: &'a [u8],
    /// Whether the spec holds fields itself.
    pub spec_is_template: bool,
}

/// What is wrong with a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateError {
    SingleClose,
    SingleOpen,
    OpenInName,
    MissingConversion,
    ColonExpected,
    UnmatchedInSpec,
    CloseExpected,
    EmptyAttribute,
    MissingBracket,
    NoAccessor,
    TooManyDigits,
    AutoAfterManual,
    ManualAfterAuto,
    TooDeep,
    UnknownConversion(u32),
}

impl TemplateError {
    /// CPython's message.
    pub fn message(self) -> String {
        match self {
            TemplateError::SingleClose => "Single '}' encountered in format string",
            TemplateError::SingleOpen => "Single '{' encountered in format string",
            TemplateError::OpenInName => "unexpected '{' in field name",
            TemplateError::MissingConversion => "end of string while looking for conversion specifier",
            TemplateError::ColonExpected => "expected ':' after conversion specifier",
            TemplateError::UnmatchedInSpec => "unmatched '{' in format spec",
            TemplateError::CloseExpected => "expected '}' before end of string",
            TemplateError::EmptyAttribute => "Empty attribute in format string",
            TemplateError::MissingBracket => "Missing ']' in format string",
            TemplateError::NoAccessor => "Only '.' or '[' may follow ']' in format field specifier",
            TemplateError::TooManyDigits => "Too many decimal digits in format string",
            TemplateError::AutoAfterManual => {
                "cannot switch from manual field specification to automatic field numbering"
            }
            TemplateError::ManualAfterAuto => {
                "cannot switch from automatic field numbering to manual field specification"
            }
            TemplateError::TooDeep => "Max string recursion exceeded",
            TemplateError::UnknownConversion(code) => {
                return format!("Unknown conversion specifier {}", quoted_conversion(code));
            }
        }
        .to_string()
    }
}

fn quoted_conversion(code: u32) -> String {
    if code == 0x7F { "\\x7f".to_string() } else { quoted_code(code) }
}

/// Reads a template piece by piece; plain data.
#[derive(Clone, Copy, Debug)]
pub struct Template<'a> {
    rest: &'a [u8],
}

impl<'a> Template<'a> {
    /// From the start of a template.
    pub fn new(template: &'a [u8]) -> Self {
        Template { rest: template }
    }

    /// What is still unread: a later `Template::new` of it goes on here.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next piece; None at the end.
    pub fn next_piece(&mut self) -> Result<Option<Piece<'a>>, TemplateError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let Some(brace_at) = self.rest.iter().position(|byte| matches!(byte, b'{' | b'}')) else {
            let literal = std::mem::take(&mut self.rest);
            return Ok(Some(Piece { literal, field: None }));
        };
        let (literal, brace, behind) =
            (&self.rest[..brace_at], self.rest[brace_at], self.rest.get(brace_at + 1).copied());
        if behind == Some(brace) {
            let literal = &self.rest[..brace_at + 1];
            self.rest = &self.rest[brace_at + 2..];
            return Ok(Some(Piece { literal, field: None }));
        }
        match (brace, behind) {
            (b'}', _) => return Err(TemplateError::SingleClose),
            (_, None) => return Err(TemplateError::SingleOpen),
            (_, Some(_)) => {}
        }
        self.rest = &self.rest[brace_at + 1..];
        let field = self.parse_field()?;
        Ok(Some(Piece { literal, field: Some(field) }))
    }

    /// What follows the opening brace, up to the closing one.
    fn parse_field(&mut self) -> Result<Field<'a>, TemplateError> {
        let (name, end) = self.take_name()?;
        let mut field = Field { name, conversion: None, spec: &[], spec_is_template: false };
        if end == b'}' {
            return Ok(field);
        }
        if end == b'!' {
            let (code, len) = decode(self.rest).ok_or(TemplateError::MissingConversion)?;
            field.conversion = Some(code);
            self.rest = &self.rest[len..];
            match self.rest.split_first() {
                Some((b'}', rest)) => {
                    self.rest = rest;
                    return Ok(field);
                }
                Some((b':', rest)) => self.rest = rest,
                Some(_) => return Err(TemplateError::ColonExpected),
                // The spec, which is missing, is found not to end.
                None => {}
            }
        }
        let mut depth = 1;
        for (at, byte) in self.rest.iter().enumerate() {
            match byte {
                b'{' => {
                    field.spec_is_template = true;
                    depth += 1;
                }
                b'}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                field.spec = &self.rest[..at];
                self.rest = &self.rest[at + 1..];
                return Ok(field);
            }
        }
        Err(TemplateError::UnmatchedInSpec)
    }

    /// The name of a field and the byte that ends it; what is between brackets is not looked at.
    fn take_name(&mut self) -> Result<(&'a [u8], u8), TemplateError> {
        let mut in_brackets = false;
        for (at, &byte) in self.rest.iter().enumerate() {
            match byte {
                b']' => in_brackets = false,
                _ if in_brackets => {}
                b'[' => in_brackets = true,
                b'{' => return Err(TemplateError::OpenInName),
                b'}' | b':' | b'!' => {
                    let name = &self.rest[..at];
                    self.rest = &self.rest[at + 1..];
                    return Ok((name, byte));
                }
                _ => {}
            }
        }
        Err(TemplateError::CloseExpected)
    }
}

/// What the first part of a field name, or the text between brackets, names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key<'a> {
    Index(usize),
    Name(&'a [u8]),
}

/// A step from a value to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accessor<'a> {
    Attribute(&'a [u8]),
    Item(Key<'a>),
}

/// The steps of a field name behind its first part; plain data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path<'a> {
    rest: &'a [u8],
}

/// Splits a field name into its first part and the path behind it; an empty first part is numbered automatically.
pub fn split_name(name: &[u8]) -> Result<(Key<'_>, Path<'_>), TemplateError> {
    let end = name.iter().position(|byte| matches!(byte, b'.' | b'[')).unwrap_or(name.len());
    let (first, rest) = name.split_at(end);
    Ok((key_of(first)?, Path { rest }))
}

/// A number if it consists of decimal digits, at least one.
fn key_of(text: &[u8]) -> Result<Key<'_>, TemplateError> {
    let (mut rest, mut index) = (text, None);
    while let Some((code, len)) = decode(rest) {
        let Some(digit) = decimal_value(code) else { return Ok(Key::Name(text)) };
        let next = index.unwrap_or(0usize).checked_mul(10).and_then(|index| index.checked_add(digit as usize));
        index = Some(next.filter(|next| *next <= isize::MAX as usize).ok_or(TemplateError::TooManyDigits)?);
        rest = &rest[len..];
    }
    Ok(index.map_or(Key::Name(text), Key::Index))
}

impl<'a> Path<'a> {
    /// From a rest that `rest` gave.
    pub fn new(rest: &'a [u8]) -> Self {
        Path { rest }
    }

    /// What is not followed yet: a later `Path::new` of it goes on here.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next step; None at the end.
    pub fn next_accessor(&mut self) -> Result<Option<Accessor<'a>>, TemplateError> {
        let accessor = match self.rest.split_first() {
            None => return Ok(None),
            Some((b'.', rest)) => {
                let end = rest.iter().position(|byte| matches!(byte, b'.' | b'[')).unwrap_or(rest.len());
                self.rest = &rest[end..];
                Accessor::Attribute(&rest[..end])
            }
            Some((b'[', rest)) => {
                let end = rest.iter().position(|byte| *byte == b']').ok_or(TemplateError::MissingBracket)?;
                self.rest = &rest[end + 1..];
                Accessor::Item(key_of(&rest[..end])?)
            }
            Some(_) => return Err(TemplateError::NoAccessor),
        };
        match accessor {
            Accessor::Attribute([]) | Accessor::Item(Key::Name([])) => Err(TemplateError::EmptyAttribute),
            Accessor::Attribute(_) | Accessor::Item(_) => Ok(Some(accessor)),
        }
    }
}

/// Whether a template numbers its fields itself; nested specs share it with their template.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbering {
    #[default]
    Undecided,
    /// The number of the next `{}`.
    Automatic(usize),
    Manual,
}

impl Numbering {
    /// Resolves the first part of a field name: an empty one is numbered, and the two ways do not mix.
    pub fn resolve<'a>(&mut self, key: Key<'a>) -> Result<Key<'a>, TemplateError> {
        let next = match (key, *self) {
            (Key::Name([]), Numbering::Manual) => return Err(TemplateError::AutoAfterManual),
            (Key::Name([]), Numbering::Undecided) => 0,
            (Key::Name([]), Numbering::Automatic(next)) => next,
            (Key::Name(_), _) => return Ok(key),
            (Key::Index(_), Numbering::Automatic(_)) => return Err(TemplateError::ManualAfterAuto),
            (Key::Index(_), Numbering::Undecided | Numbering::Manual) => {
                *self = Numbering::Manual;
                return Ok(key);
            }
        };
        *self = Numbering::Automatic(next + 1);
        Ok(Key::Index(next))
    }
}
