//! The values of numbers.

use super::{Builder, span};
use crate::report::SyntaxMistake;
use crate::syntax::ast::*;

/// The longest decimal number, as CPython's default limit for conversions.
const MAX_DIGITS: usize = 4300;

impl Builder<'_> {
    pub fn constant(&mut self, l: u32, value: Constant, r: u32) -> ExprId {
        self.add(ExprKind::Constant(value), span(l, r), 1)
    }

    pub fn ellipsis(&mut self, l: u32, r: u32) -> ExprId {
        self.constant(l, Constant::Ellipsis, r)
    }

    pub fn int(&mut self, l: u32, r: u32) -> ExprId {
        let text = &self.text[l as usize..r as usize];
        let value = match text.as_bytes() {
            [b'0', b'x' | b'X', ..] => radix_int(text, 16),
            [b'0', b'o' | b'O', ..] => radix_int(text, 8),
            [b'0', b'b' | b'B', ..] => radix_int(text, 2),
            _ => self.decimal_int(l, r),
        };
        self.constant(l, value, r)
    }

    fn decimal_int(&mut self, l: u32, r: u32) -> Constant {
        let text = &self.text[l as usize..r as usize];
        if let Ok(value) = text.parse() {
            return Constant::Int(value);
        }
        let digits = without_underscores(text);
        if let Ok(value) = digits.parse() {
            return Constant::Int(value);
        }
        if digits.len() > MAX_DIGITS {
            self.mistake(SyntaxMistake::HugeInt { n_digits: digits.len() }, span(l, r));
        }
        Constant::BigInt(digits.into())
    }

    pub fn float(&mut self, l: u32, r: u32) -> ExprId {
        let value = float_value(&self.text[l as usize..r as usize]);
        self.constant(l, Constant::Float(value), r)
    }

    pub fn imaginary(&mut self, l: u32, r: u32) -> ExprId {
        let value = float_value(&self.text[l as usize..r as usize - 1]);
        self.constant(l, Constant::Imaginary(value), r)
    }
}

fn without_underscores(text: &str) -> String {
    text.chars().filter(|&c| c != '_').collect()
}

fn float_value(text: &str) -> f64 {
    let value = match text.contains('_') {
        true => without_underscores(text).parse(),
        false => text.parse(),
    };
    value.expect("the lexer has checked the number")
}

/// The value of `0x…`, `0o…`, `0b…`; beyond 64 bits as hexadecimal digits, which takes linear time.
fn radix_int(text: &str, radix: u32) -> Constant {
    let digits = without_underscores(&text[2..]);
    if let Ok(value) = i64::from_str_radix(&digits, radix) {
        return Constant::Int(value);
    }
    let digits = digits.trim_start_matches('0');
    let hexadecimal = match radix {
        16 => digits.to_ascii_lowercase(),
        8 => regroup(digits, 3),
        _ => regroup(digits, 1),
    };
    Constant::BigInt(format!("0x{hexadecimal}").into())
}

/// Digits of some bits each as hexadecimal digits.
fn regroup(digits: &str, n_bits: u32) -> String {
    let mut nibbles = Vec::with_capacity(digits.len());
    let (mut buffer, mut n_buffered) = (0u32, 0);
    for byte in digits.bytes().rev() {
        buffer |= ((byte - b'0') as u32) << n_buffered;
        n_buffered += n_bits;
        while n_buffered >= 4 {
            nibbles.push(buffer & 0xF);
            buffer >>= 4;
            n_buffered -= 4;
        }
    }
    nibbles.push(buffer);
    let text: String = nibbles.iter().rev().filter_map(|&nibble| char::from_digit(nibble, 16)).collect();
    text.trim_start_matches('0').to_owned()
}
