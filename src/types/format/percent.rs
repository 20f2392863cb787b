//! `%` formatting of str and bytes: the pieces of a format, and what they do to numbers and texts.
//!
//! `%[(key)][flags][width][.precision][length]conversion`. The caller fetches the arguments, in this order: the mapping's
//! item, `*` width, `*` precision, then `Field::fault` is raised if there is one, then comes the value.

use aspen_grammar::source::wtf8::decode;

use super::float::{Notation, Style, parts_of};
use super::layout::Parts;
use super::spec::{FormatError, Sign};
use crate::types::text::index::{count_chars, prefix_of_chars};
use crate::value::bigint::{IntRef, text::magnitude_digits, text::to_decimal};

/// A part of a `%` format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Literal(&'a [u8]),
    Field(Field<'a>),
}

/// `%...d` and the like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// What stands in parentheses.
    pub key: Option<&'a [u8]>,
    pub flags: Flags,
    pub width: Amount,
    pub precision: Option<Amount>,
    /// The conversion's letter, not checked; 0 if there is a fault.
    pub conversion: u32,
    /// Where the conversion's letter stands, in code points (str) or bytes; for the message of an unknown one.
    pub index: usize,
    pub fault: Option<PercentError>,
}

/// A width or precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    Given(usize),
    /// `*`: the next argument.
    Star,
}

/// The flags of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    pub left: bool,
    pub plus: bool,
    pub space: bool,
    pub alternate: bool,
    pub zero: bool,
}

/// What is wrong with a format; all are ValueErrors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentError {
    Incomplete,
    IncompleteKey,
    WidthTooBig,
    /// A str says `precision`, bytes say `prec`.
    PrecisionTooBig,
    /// The letter, and its place.
    Unsupported(u32, usize),
}

impl PercentError {
    /// CPython's message.
    pub fn message(self, is_bytes: bool) -> String {
        match self {
            PercentError::Incomplete => "incomplete format".to_string(),
            PercentError::IncompleteKey => "incomplete format key".to_string(),
            PercentError::WidthTooBig => "width too big".to_string(),
            PercentError::PrecisionTooBig if is_bytes => "prec too big".to_string(),
            PercentError::PrecisionTooBig => "precision too big".to_string(),
            PercentError::Unsupported(code, index) => {
                let shown = char::from_u32(code).filter(|code| matches!(code, ' '..='~')).unwrap_or('?');
                format!("unsupported format character '{shown}' (0x{code:x}) at index {index}")
            }
        }
    }
}

/// A field whose stars are resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    pub flags: Flags,
    pub width: usize,
    pub precision: Option<usize>,
    pub conversion: u32,
}

impl Field<'_> {
    /// Fills in what the stars stood for: a negative width is the flag `-`, a negative precision is 0.
    pub fn resolve(&self, star_width: i64, star_precision: i64) -> Resolved {
        let mut flags = self.flags;
        let width = match self.width {
            Amount::Given(width) => width,
            Amount::Star => {
                flags.left |= star_width < 0;
                star_width.unsigned_abs() as usize
            }
        };
        let precision = self.precision.map(|precision| match precision {
            Amount::Given(precision) => precision,
            Amount::Star => star_precision.max(0) as usize,
        });
        Resolved { flags, width, precision, conversion: self.conversion }
    }

    /// The error for a letter that the caller does not know.
    pub fn unsupported(&self) -> PercentError {
        PercentError::Unsupported(self.conversion, self.index)
    }
}

/// Reads a format piece by piece; plain data.
#[derive(Clone, Copy, Debug)]
pub struct Pieces<'a> {
    format: &'a [u8],
    at: usize,
    is_bytes: bool,
}

impl<'a> Pieces<'a> {
    /// The pieces of a str.
    pub fn of_text(format: &'a [u8]) -> Self {
        Pieces { format, at: 0, is_bytes: false }
    }

    /// The pieces of bytes.
    pub fn of_bytes(format: &'a [u8]) -> Self {
        Pieces { format, at: 0, is_bytes: true }
    }

    /// The offset of the next piece.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// Goes on at an offset that `offset` said.
    pub fn resume(self, offset: usize) -> Self {
        Pieces { at: offset, ..self }
    }

    /// The next piece; None at the end.
    pub fn next_piece(&mut self) -> Option<Piece<'a>> {
        let rest = &self.format[self.at..];
        match rest {
            [] => None,
            [b'%', b'%', ..] => {
                self.at += 2;
                Some(Piece::Literal(&rest[1..2]))
            }
            [b'%', ..] => {
                self.at += 1;
                Some(Piece::Field(self.take_field()))
            }
            _ => {
                let len = memchr::memchr(b'%', rest).unwrap_or(rest.len());
                self.at += len;
                Some(Piece::Literal(&rest[..len]))
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    fn take_field(&mut self) -> Field<'a> {
        let mut field = Field {
            key: None,
            flags: Flags::default(),
            width: Amount::Given(0),
            precision: None,
            conversion: 0,
            index: 0,
            fault: None,
        };
        field.fault = self.fill(&mut field).err();
        field
    }

    fn fill(&mut self, field: &mut Field<'a>) -> Result<(), PercentError> {
        if self.peek() == Some(b'(') {
            field.key = Some(self.take_key()?);
        }
        while let Some(flag) = self.peek().and_then(|byte| field.flags.of(byte)) {
            *flag = true;
            self.at += 1;
        }
        if let Some(width) = self.take_amount(isize::MAX as usize, PercentError::WidthTooBig)? {
            field.width = width;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            let precision = self.take_amount(i32::MAX as usize, PercentError::PrecisionTooBig)?;
            field.precision = Some(precision.unwrap_or(Amount::Given(0)));
        }
        if matches!(self.peek(), Some(b'h' | b'l' | b'L')) {
            self.at += 1;
        }
        let rest = &self.format[self.at..];
        let (code, len) = match (self.is_bytes, rest) {
            (_, []) => return Err(PercentError::Incomplete),
            (true, [byte, ..]) => (*byte as u32, 1),
            (false, _) => decode(rest).unwrap_or((0, 1)),
        };
        field.conversion = code;
        field.index = if self.is_bytes { self.at } else { count_chars(&self.format[..self.at]) };
        self.at += len;
        Ok(())
    }

    /// The key between balanced parentheses.
    fn take_key(&mut self) -> Result<&'a [u8], PercentError> {
        let mut depth = 0;
        for (at, byte) in self.format[self.at..].iter().enumerate() {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let key = &self.format[self.at + 1..self.at + at];
                self.at += at + 1;
                return Ok(key);
            }
        }
        Err(PercentError::IncompleteKey)
    }

    fn take_amount(&mut self, limit: usize, too_big: PercentError) -> Result<Option<Amount>, PercentError> {
        if self.peek() == Some(b'*') {
            self.at += 1;
            return Ok(Some(Amount::Star));
        }
        let mut amount = None;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let next =
                amount.unwrap_or(0usize).checked_mul(10).and_then(|sum| sum.checked_add((digit - b'0') as usize));
            amount = Some(next.filter(|next| *next <= limit).ok_or(too_big)?);
            self.at += 1;
        }
        Ok(amount.map(Amount::Given))
    }
}

impl Flags {
    /// The flag that a letter sets.
    fn of(&mut self, letter: u8) -> Option<&mut bool> {
        match letter {
            b'-' => Some(&mut self.left),
            b'+' => Some(&mut self.plus),
            b' ' => Some(&mut self.space),
            b'#' => Some(&mut self.alternate),
            b'0' => Some(&mut self.zero),
            _ => None,
        }
    }

    fn sign(self) -> Sign {
        match (self.plus, self.space) {
            (true, _) => Sign::Always,
            (false, true) => Sign::Space,
            (false, false) => Sign::Unspecified,
        }
    }
}

impl Resolved {
    /// How many bytes width and precision may add to the value's own text.
    pub fn extra_bytes(&self) -> usize {
        self.width.saturating_add(self.precision.unwrap_or(0)).saturating_add(64)
    }

    /// `%d %i %u %o %x %X`; `max_digits` is `sys.get_int_max_str_digits()`, 0 for no limit.
    pub fn format_int(&self, number: IntRef, max_digits: usize) -> Result<Vec<u8>, FormatError> {
        let (base, prefix) = match char::from_u32(self.conversion).unwrap_or('?') {
            'o' => (8, "0o"),
            'x' => (16, "0x"),
            'X' => (16, "0X"),
            _ => (10, ""),
        };
        let mut whole = if base == 10 {
            let text = to_decimal(number, max_digits).map_err(|_| FormatError::TooManyIntDigits(max_digits))?;
            text.trim_start_matches('-').to_string()
        } else {
            magnitude_digits(number, base)
        };
        if prefix == "0X" {
            whole.make_ascii_uppercase();
        }
        let precision = self.precision.unwrap_or(0);
        if precision > whole.len() {
            whole.insert_str(0, &"0".repeat(precision - whole.len()));
        }
        let prefix = if self.flags.alternate { prefix } else { "" };
        Ok(self.place(&Parts { negative: number.is_negative(), prefix, whole, rest: String::new() }))
    }

    /// `%e %E %f %F %g %G`.
    pub fn format_float(&self, number: f64) -> Vec<u8> {
        let letter = char::from_u32(self.conversion).unwrap_or('f');
        let style = Style {
            notation: match letter.to_ascii_lowercase() {
                'e' => Notation::Exponent,
                'g' => Notation::General,
                _ => Notation::Fixed,
            },
            precision: self.precision.unwrap_or(6),
            alternate: self.flags.alternate,
            with_point: false,
            no_negative_zero: false,
            uppercase: letter.is_ascii_uppercase(),
        };
        self.place(&parts_of(number, &style))
    }

    /// A number in its width.
    fn place(&self, parts: &Parts) -> Vec<u8> {
        let sign = parts.sign(self.flags.sign());
        let len = sign.len() + parts.prefix.len() + parts.whole.len() + parts.rest.len();
        let n_padding = self.width.saturating_sub(len);
        let (before, zeros, after) = match (self.flags.left, self.flags.zero) {
            (true, _) => (0, 0, n_padding),
            (false, true) => (0, n_padding, 0),
            (false, false) => (n_padding, 0, 0),
        };
        let mut text = Vec::with_capacity(len + n_padding);
        text.resize(before, b' ');
        text.extend_from_slice(sign.as_bytes());
        text.extend_from_slice(parts.prefix.as_bytes());
        text.resize(text.len() + zeros, b'0');
        text.extend_from_slice(parts.whole.as_bytes());
        text.extend_from_slice(parts.rest.as_bytes());
        text.resize(text.len() + after, b' ');
        text
    }

    /// `%s %r %a %c` of a str: cut to the precision (not `%c`), spaces up to the width.
    pub fn format_text(&self, text: &[u8], n_chars: usize) -> Vec<u8> {
        match self.precision {
            Some(precision) if precision < n_chars && self.conversion != 'c' as u32 => {
                self.pad(prefix_of_chars(text, precision), precision)
            }
            Some(_) | None => self.pad(text, n_chars),
        }
    }

    /// The same of bytes.
    pub fn format_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let kept = match self.precision {
            Some(precision) if self.conversion != 'c' as u32 => &bytes[..bytes.len().min(precision)],
            Some(_) | None => bytes,
        };
        self.pad(kept, kept.len())
    }

    fn pad(&self, text: &[u8], n_chars: usize) -> Vec<u8> {
        let n_padding = self.width.saturating_sub(n_chars);
        let mut padded = Vec::with_capacity(text.len() + n_padding);
        padded.resize(if self.flags.left { 0 } else { n_padding }, b' ');
        padded.extend_from_slice(text);
        padded.resize(text.len() + n_padding, b' ');
        padded
    }
}
