//! What Unicode 15.1 says about a code point, as CPython 3.13 sees it: classes, digits, case mappings.
//!
//! The table is data made by `unicode/generate.py`; std's answers are those of a newer Unicode and of other definitions.
//! A code point leads through a block of 128 to one of some 330 records.

use std::borrow::Cow;

use aspen_grammar::source::wtf8::decode;

const DATA: &[u8] = include_bytes!("unicode/unicode.bin");
const BLOCK: usize = 128;
const N_INDEX: usize = word(DATA, 0) as usize;
const N_BLOCK_CELLS: usize = word(DATA, 4) as usize;
const N_RECORDS: usize = word(DATA, 8) as usize;
const N_SPECIALS: usize = word(DATA, 12) as usize;
const BLOCKS_AT: usize = 16 + N_INDEX * 2;
const RECORDS_AT: usize = BLOCKS_AT + N_BLOCK_CELLS * 2;
const SPECIALS_AT: usize = RECORDS_AT + N_RECORDS * 20;

static INDEX: [u16; N_INDEX] = halves(16);
static BLOCKS: [u16; N_BLOCK_CELLS] = halves(BLOCKS_AT);
static RECORDS: [Record; N_RECORDS] = records();
static SPECIALS: [u32; N_SPECIALS] = specials();

/// What is known of a code point.
#[derive(Clone, Copy)]
struct Record {
    flags: u16,
    /// Its value as a digit, or 255.
    digit: u16,
    /// For each case the distance to the mapped code point, or `MANY` and where in `SPECIALS` several ones stand.
    cases: [i32; 4],
}

const MANY: i32 = 0x4000_0000;

/// A class of code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Class {
    Alpha = 1 << 0,
    Decimal = 1 << 1,
    Digit = 1 << 2,
    Numeric = 1 << 3,
    Space = 1 << 4,
    Lower = 1 << 5,
    Upper = 1 << 6,
    /// Title case only: neither upper nor lower.
    Title = 1 << 7,
    Printable = 1 << 8,
    IdStart = 1 << 9,
    IdContinue = 1 << 10,
    Cased = 1 << 11,
    CaseIgnorable = 1 << 12,
}

/// A case mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    Upper,
    Title,
    Lower,
    Fold,
}

const fn word(data: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([data[at], data[at + 1], data[at + 2], data[at + 3]])
}

const fn half(at: usize) -> u16 {
    u16::from_le_bytes([DATA[at], DATA[at + 1]])
}

const fn halves<const N: usize>(from: usize) -> [u16; N] {
    let mut table = [0; N];
    let mut at = 0;
    while at < N {
        table[at] = half(from + at * 2);
        at += 1;
    }
    table
}

const fn records() -> [Record; N_RECORDS] {
    let mut table = [Record { flags: 0, digit: 0, cases: [0; 4] }; N_RECORDS];
    let mut at = 0;
    while at < N_RECORDS {
        let from = RECORDS_AT + at * 20;
        let mut cases = [0; 4];
        let mut case = 0;
        while case < 4 {
            cases[case] = word(DATA, from + 4 + case * 4) as i32;
            case += 1;
        }
        table[at] = Record { flags: half(from), digit: half(from + 2), cases };
        at += 1;
    }
    table
}

const fn specials() -> [u32; N_SPECIALS] {
    let mut table = [0; N_SPECIALS];
    let mut at = 0;
    while at < N_SPECIALS {
        table[at] = word(DATA, SPECIALS_AT + at * 4);
        at += 1;
    }
    table
}

#[inline]
fn record(code: u32) -> &'static Record {
    let block = INDEX[code as usize / BLOCK] as usize;
    &RECORDS[BLOCKS[block * BLOCK + code as usize % BLOCK] as usize]
}

/// Whether a code point belongs to a class.
#[inline]
pub fn is(code: u32, class: Class) -> bool {
    record(code).flags & class as u16 != 0
}

/// The value of a decimal digit of any script.
#[inline]
pub fn decimal_value(code: u32) -> Option<u32> {
    if code < 0x80 {
        return (code as u8).is_ascii_digit().then(|| code - '0' as u32);
    }
    let record = record(code);
    (record.flags & Class::Decimal as u16 != 0).then_some(record.digit as u32)
}

/// The value of a digit, superscripts and the like included.
pub fn digit_value(code: u32) -> Option<u32> {
    let digit = record(code).digit;
    (digit != 255).then_some(digit as u32)
}

/// Calls `push` with the code points that a code point becomes; the final sigma is the caller's affair.
#[inline]
pub fn map_case(code: u32, case: Case, mut push: impl FnMut(u32)) {
    let mapping = record(code).cases[case as usize];
    if mapping < MANY {
        push(code.wrapping_add_signed(mapping));
        return;
    }
    let at = (mapping - MANY) as usize;
    let len = SPECIALS[at] as usize;
    SPECIALS[at + 1..at + 1 + len].iter().for_each(|code| push(*code));
}

/// Brings what `int`, `float` and `complex` accept to ASCII: decimal digits of any script to `0` to `9`, white space to
/// spaces, and everything else that is not ASCII to `?`, which no number contains.
pub fn ascii_of_decimals(text: &[u8]) -> Cow<'_, [u8]> {
    if text.is_ascii() && !text.iter().any(|byte| matches!(byte, 0x1c..=0x1f)) {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((code, len)) = decode(rest) {
        rest = &rest[len..];
        plain.push(match decimal_value(code) {
            Some(digit) => b'0' + digit as u8,
            None if is(code, Class::Space) => b' ',
            None if code < 0x80 => code as u8,
            None => b'?',
        });
    }
    Cow::Owned(plain)
}
