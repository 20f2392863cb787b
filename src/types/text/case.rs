//! The cases of a str: full mappings, where one code point may become three, and the sigma that differs at a word's end.

use aspen_grammar::source::Wtf8;

use super::index::{chars_with_offsets, previous_char};
use super::unicode::{Case, Class, is, map_case};
use aspen_grammar::source::wtf8::decode;

const CAPITAL_SIGMA: u32 = 0x3A3;
const SMALL_SIGMA: u32 = 0x3C3;
const FINAL_SIGMA: u32 = 0x3C2;

/// `text.upper()`.
pub fn upper(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    map_all(text, |_, code, into| map_case(code, Case::Upper, |code| into.push_code_point(code)))
}

/// `text.lower()`.
pub fn lower(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    map_all(text, |offset, code, into| push_lower(text, offset, code, into))
}

/// `text.casefold()`.
pub fn casefold(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    map_all(text, |_, code, into| map_case(code, Case::Fold, |code| into.push_code_point(code)))
}

/// `text.swapcase()`.
pub fn swapcase(text: &[u8]) -> Vec<u8> {
    map_all(text, |offset, code, into| {
        if is(code, Class::Upper) {
            push_lower(text, offset, code, into);
        } else if is(code, Class::Lower) {
            map_case(code, Case::Upper, |code| into.push_code_point(code));
        } else {
            into.push_code_point(code);
        }
    })
}

/// `text.capitalize()`: title case for the first, lower case for the others.
pub fn capitalize(text: &[u8]) -> Vec<u8> {
    map_all(text, |offset, code, into| match offset {
        0 => map_case(code, Case::Title, |code| into.push_code_point(code)),
        _ => push_lower(text, offset, code, into),
    })
}

/// `text.title()`: title case for each that follows one without case, lower case for the others.
pub fn title(text: &[u8]) -> Vec<u8> {
    let mut after_cased = false;
    map_all(text, |offset, code, into| {
        if after_cased {
            push_lower(text, offset, code, into);
        } else {
            map_case(code, Case::Title, |code| into.push_code_point(code));
        }
        after_cased = is(code, Class::Cased);
    })
}

fn map_all(text: &[u8], mut push: impl FnMut(usize, u32, &mut Wtf8)) -> Vec<u8> {
    let mut mapped = Wtf8::new();
    for (offset, code) in chars_with_offsets(text) {
        push(offset, code, &mut mapped);
    }
    mapped.into_bytes()
}

fn push_lower(text: &[u8], offset: usize, code: u32, into: &mut Wtf8) {
    match code {
        CAPITAL_SIGMA if ends_word(text, offset) => into.push_code_point(FINAL_SIGMA),
        CAPITAL_SIGMA => into.push_code_point(SMALL_SIGMA),
        _ => map_case(code, Case::Lower, |code| into.push_code_point(code)),
    }
}

/// Whether a sigma has letters before it and none behind; marks that do not count are skipped both ways.
fn ends_word(text: &[u8], offset: usize) -> bool {
    let code_at = |offset: usize| decode(&text[offset..]).map_or(0, |(code, _)| code);
    let counts = |code: &u32| !is(*code, Class::CaseIgnorable);
    let mut before = offset;
    let previous = std::iter::from_fn(|| {
        before = if before == 0 { return None } else { previous_char(text, before) };
        Some(code_at(before))
    })
    .find(counts);
    let next = chars_with_offsets(&text[offset..]).skip(1).map(|(_, code)| code).find(counts);
    let is_cased = |code: Option<u32>| code.is_some_and(|code| is(code, Class::Cased));
    is_cased(previous) && !is_cased(next)
}
