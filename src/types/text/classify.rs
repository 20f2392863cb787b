//! `isalpha` and its like, and `translate`.

use aspen_grammar::source::Wtf8;

use super::index::chars_with_offsets;
use super::unicode::{Class, is};

/// Whether all code points of a text belong to one of the classes, and there is one.
fn all(text: &[u8], classes: &[Class]) -> bool {
    !text.is_empty() && chars_with_offsets(text).all(|(_, code)| classes.iter().any(|class| is(code, *class)))
}

/// `text.isalpha()`.
pub fn is_alpha(text: &[u8]) -> bool {
    all(text, &[Class::Alpha])
}

/// `text.isalnum()`.
pub fn is_alnum(text: &[u8]) -> bool {
    all(text, &[Class::Alpha, Class::Decimal, Class::Digit, Class::Numeric])
}

/// `text.isdecimal()`.
pub fn is_decimal(text: &[u8]) -> bool {
    all(text, &[Class::Decimal])
}

/// `text.isdigit()`.
pub fn is_digit(text: &[u8]) -> bool {
    all(text, &[Class::Digit])
}

/// `text.isnumeric()`.
pub fn is_numeric(text: &[u8]) -> bool {
    all(text, &[Class::Numeric])
}

/// `text.isspace()`.
pub fn is_space(text: &[u8]) -> bool {
    all(text, &[Class::Space])
}

/// `text.isprintable()`, which the empty text is.
pub fn is_printable(text: &[u8]) -> bool {
    chars_with_offsets(text).all(|(_, code)| is(code, Class::Printable))
}

/// `text.isidentifier()`.
pub fn is_identifier(text: &[u8]) -> bool {
    let fits = |(offset, code)| is(code, if offset == 0 { Class::IdStart } else { Class::IdContinue });
    !text.is_empty() && chars_with_offsets(text).all(fits)
}

/// `text.islower()`: something is lower case, and nothing is upper or title case.
pub fn is_lower(text: &[u8]) -> bool {
    has_case(text, Class::Lower, Class::Upper)
}

/// `text.isupper()`: something is upper case, and nothing is lower or title case.
pub fn is_upper(text: &[u8]) -> bool {
    has_case(text, Class::Upper, Class::Lower)
}

fn has_case(text: &[u8], wanted: Class, other: Class) -> bool {
    let mut found = false;
    for (_, code) in chars_with_offsets(text) {
        if is(code, other) || is(code, Class::Title) {
            return false;
        }
        found |= is(code, wanted);
    }
    found
}

/// `text.istitle()`: capitals only behind what has no case, small letters only behind what has.
pub fn is_title(text: &[u8]) -> bool {
    let (mut after_cased, mut found) = (false, false);
    for (_, code) in chars_with_offsets(text) {
        let is_capital = is(code, Class::Upper) || is(code, Class::Title);
        let is_small = is(code, Class::Lower);
        if is_capital && after_cased || is_small && !is_capital && !after_cased {
            return false;
        }
        after_cased = is_capital || is_small;
        found |= after_cased;
    }
    found
}

/// What `translate` makes of a code point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Translated<'a> {
    Same,
    Nothing,
    Code(u32),
    Text(&'a [u8]),
}

/// Appends what a code point was translated to.
pub fn push_translated(code: u32, translated: Translated, into: &mut Wtf8) {
    match translated {
        Translated::Same => into.push_code_point(code),
        Translated::Nothing => {}
        Translated::Code(code) => into.push_code_point(code),
        Translated::Text(text) => chars_with_offsets(text).for_each(|(_, code)| into.push_code_point(code)),
    }
}
