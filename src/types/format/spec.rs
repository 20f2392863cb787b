//! The format mini-language: a spec as data, and its mistakes with CPython's wording.

use aspen_grammar::source::Wtf8;
use aspen_grammar::source::wtf8::decode;

use crate::types::text::unicode::decimal_value;

/// `[[fill]align][sign]["z"]["#"]["0"][width][grouping]["." precision][type]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// The code point that padding consists of.
    pub fill: u32,
    pub align: Align,
    pub sign: Sign,
    /// `z`: a negative zero, as it would be shown, loses its sign.
    pub no_negative_zero: bool,
    /// `#`.
    pub alternate: bool,
    pub width: usize,
    pub grouping: Grouping,
    pub precision: Option<usize>,
    /// The type letter; if there is none `s` for a str and 0 for a number.
    pub code: u32,
}

/// Where a value stands in its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
    Center,
    /// The padding stands between the sign and the digits.
    AfterSign,
}

/// Which signs are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// No sign was asked for: as `Negative`, where a sign makes sense.
    Unspecified,
    Negative,
    Always,
    /// A space where the plus would be.
    Space,
}

/// What stands between groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    None,
    Comma,
    Underscore,
}

/// What a spec cannot do. Except for `TooLargeForFloat`, `CharOutOfRange` and `CharTooLarge`, which are OverflowErrors,
/// all are ValueErrors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    TooManyDigits,
    BothGroupings,
    MissingPrecision,
    /// The whole spec: more follows where the type letter should be the last.
    Invalid(Vec<u8>),
    /// The grouping and the type letter.
    Grouping(char, u32),
    UnknownCode(u32),
    PrecisionInInt,
    PrecisionTooBig,
    NegativeZeroInInt,
    NegativeZeroInText,
    SignWithChar,
    AlternateWithChar,
    CharOutOfRange,
    CharTooLarge,
    /// An int that is no float: the type letter asks for one.
    TooLargeForFloat,
    /// A str: more decimal digits than `sys.set_int_max_str_digits` allows, which is the number here.
    TooManyIntDigits(usize),
    SignInText,
    SpaceInText,
    AlternateInText,
    AfterSignInText,
    ZeroPaddingInComplex,
    AfterSignInComplex,
}

impl FormatError {
    /// Whether the exception is an OverflowError; else it is a ValueError.
    pub fn is_overflow(&self) -> bool {
        matches!(self, FormatError::TooLargeForFloat | FormatError::CharOutOfRange | FormatError::CharTooLarge)
    }

    /// CPython's message; `type_name` is that of the value's class.
    pub fn message(&self, type_name: &str) -> Wtf8 {
        let mut text = Wtf8::new();
        match self {
            FormatError::Invalid(spec) => {
                text.push_str("Invalid format specifier '");
                push_bytes(&mut text, spec);
                text.push_str(&format!("' for object of type '{type_name}'"));
            }
            FormatError::Grouping(grouping, code) => {
                text.push_str(&format!("Cannot specify '{grouping}' with '{}'.", quoted_code(*code)));
            }
            FormatError::UnknownCode(code) => {
                let code = quoted_code(*code);
                text.push_str(&format!("Unknown format code '{code}' for object of type '{type_name}'"));
            }
            FormatError::TooManyIntDigits(limit) => text.push_str(&format!(
                "Exceeds the limit ({limit} digits) for integer string conversion; use \
                 sys.set_int_max_str_digits() to increase the limit"
            )),
            plain => text.push_str(plain.plain_message()),
        }
        text
    }

    fn plain_message(&self) -> &'static str {
        match self {
            FormatError::TooManyDigits => "Too many decimal digits in format string",
            FormatError::BothGroupings => "Cannot specify both ',' and '_'.",
            FormatError::MissingPrecision => "Format specifier missing precision",
            FormatError::PrecisionInInt => "Precision not allowed in integer format specifier",
            FormatError::PrecisionTooBig => "precision too big",
            FormatError::NegativeZeroInInt => "Negative zero coercion (z) not allowed in integer format specifier",
            FormatError::NegativeZeroInText => "Negative zero coercion (z) not allowed in string format specifier",
            FormatError::SignWithChar => "Sign not allowed with integer format specifier 'c'",
            FormatError::AlternateWithChar => "Alternate form (#) not allowed with integer format specifier 'c'",
            FormatError::CharOutOfRange => "%c arg not in range(0x110000)",
            FormatError::CharTooLarge => "Python int too large to convert to C long",
            FormatError::TooLargeForFloat => "int too large to convert to float",
            FormatError::SignInText => "Sign not allowed in string format specifier",
            FormatError::SpaceInText => "Space not allowed in string format specifier",
            FormatError::AlternateInText => "Alternate form (#) not allowed in string format specifier",
            FormatError::AfterSignInText => "'=' alignment not allowed in string format specifier",
            FormatError::ZeroPaddingInComplex => "Zero padding is not allowed in complex format specifier",
            FormatError::AfterSignInComplex => "'=' alignment flag is not allowed in complex format specifier",
            FormatError::Invalid(_)
            | FormatError::Grouping(..)
            | FormatError::UnknownCode(_)
            | FormatError::TooManyIntDigits(_) => "",
        }
    }
}

/// A type letter as messages show it.
pub(super) fn quoted_code(code: u32) -> String {
    match char::from_u32(code) {
        Some(code @ '!'..='\x7f') => code.to_string(),
        _ => format!("\\x{code:x}"),
    }
}

fn push_bytes(text: &mut Wtf8, bytes: &[u8]) {
    let mut rest = bytes;
    while let Some((code, len)) = decode(rest) {
        text.push_code_point(code);
        rest = &rest[len..];
    }
}

impl Spec {
    /// Parses the spec of a number, whose alignment is to the right.
    pub fn parse_for_number(spec: &[u8]) -> Result<Spec, FormatError> {
        parse(spec, Align::Right, 0)
    }

    /// Parses the spec of a str.
    pub fn parse_for_text(spec: &[u8]) -> Result<Spec, FormatError> {
        parse(spec, Align::Left, 's' as u32)
    }

    /// How many bytes width and precision may add to the value's own text.
    pub fn extra_bytes(&self) -> usize {
        self.width.saturating_mul(4).saturating_add(self.precision.unwrap_or(0)).saturating_add(64)
    }
}

/// What is left of the spec while it is parsed.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn peek(&self) -> Option<u32> {
        decode(self.0).map(|(code, _)| code)
    }

    fn skip(&mut self) {
        if let Some((_, len)) = decode(self.0) {
            self.0 = &self.0[len..];
        }
    }

    /// Takes the next code point if it is this one.
    fn take(&mut self, wanted: char) -> bool {
        let is_next = self.peek() == Some(wanted as u32);
        if is_next {
            self.skip();
        }
        is_next
    }

    /// Decimal digits of any script; None if there is none.
    fn take_number(&mut self) -> Result<Option<usize>, FormatError> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(decimal_value) {
            self.skip();
            let next = number.unwrap_or(0usize).checked_mul(10).and_then(|number| number.checked_add(digit as usize));
            number = Some(next.filter(|next| *next <= isize::MAX as usize).ok_or(FormatError::TooManyDigits)?);
        }
        Ok(number)
    }
}

fn align_of(code: Option<u32>) -> Option<Align> {
    match code.and_then(char::from_u32)? {
        '<' => Some(Align::Left),
        '>' => Some(Align::Right),
        '^' => Some(Align::Center),
        '=' => Some(Align::AfterSign),
        _ => None,
    }
}

fn parse(whole: &[u8], default_align: Align, default_code: u32) -> Result<Spec, FormatError> {
    let mut rest = Rest(whole);
    let (mut fill, mut align) = (None, None);
    let second = decode(whole).and_then(|(_, len)| decode(&whole[len..])).map(|(code, _)| code);
    if let Some(asked) = align_of(second) {
        (fill, align) = (rest.peek(), Some(asked));
        rest.skip();
        rest.skip();
    } else if let Some(asked) = align_of(rest.peek()) {
        align = Some(asked);
        rest.skip();
    }
    let sign = if rest.take('+') {
        Sign::Always
    } else if rest.take(' ') {
        Sign::Space
    } else if rest.take('-') {
        Sign::Negative
    } else {
        Sign::Unspecified
    };
    let (no_negative_zero, alternate) = (rest.take('z'), rest.take('#'));
    if fill.is_none() && rest.take('0') {
        fill = Some('0' as u32);
        if align.is_none() && default_align == Align::Right {
            align = Some(Align::AfterSign);
        }
    }
    let width = rest.take_number()?.unwrap_or(0);
    let grouping = parse_grouping(&mut rest)?;
    let precision = match rest.take('.') {
        true => Some(rest.take_number()?.ok_or(FormatError::MissingPrecision)?),
        false => None,
    };
    let code = rest.peek().unwrap_or(default_code);
    rest.skip();
    if !rest.0.is_empty() {
        return Err(FormatError::Invalid(whole.to_vec()));
    }
    check_grouping(grouping, code)?;
    let (fill, align) = (fill.unwrap_or(' ' as u32), align.unwrap_or(default_align));
    Ok(Spec { fill, align, sign, no_negative_zero, alternate, width, grouping, precision, code })
}

fn parse_grouping(rest: &mut Rest) -> Result<Grouping, FormatError> {
    let comma = rest.take(',');
    let underscore = rest.take('_');
    match (comma, underscore) {
        (true, true) => Err(FormatError::BothGroupings),
        (false, true) if rest.peek() == Some(',' as u32) => Err(FormatError::BothGroupings),
        (false, true) => Ok(Grouping::Underscore),
        (true, false) => Ok(Grouping::Comma),
        (false, false) => Ok(Grouping::None),
    }
}

/// Groups make sense in decimal numbers, and underscores in the other bases too.
fn check_grouping(grouping: Grouping, code: u32) -> Result<(), FormatError> {
    let letter = char::from_u32(code).unwrap_or('?');
    let is_decimal = code == 0 || matches!(letter, 'd' | 'e' | 'f' | 'g' | 'E' | 'F' | 'G' | '%');
    match grouping {
        Grouping::Comma if !is_decimal => Err(FormatError::Grouping(',', code)),
        Grouping::Underscore if !is_decimal && !matches!(letter, 'b' | 'o' | 'x' | 'X') => {
            Err(FormatError::Grouping('_', code))
        }
        Grouping::None | Grouping::Comma | Grouping::Underscore => Ok(()),
    }
}
