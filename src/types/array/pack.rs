//! An item of an array to bytes and back.

use super::{is_text, item_len};
use crate::call::{Ask, Cx, Outcome};
use crate::types::{int, protocol};
use crate::value::Value;
use crate::value::bigint::IntRef;
use crate::value::bigint::bits::{self, ByteOrder};

/// The bytes of an item.
pub type Item = ([u8; 8], usize);

/// The value of an item.
pub fn unpack(cx: &mut Cx, code: u8, item: &[u8]) -> Value {
    match (code, item) {
        (b'f', &[a, b, c, d]) => Value::Float(f32::from_le_bytes([a, b, c, d]) as f64),
        (b'd', &[a, b, c, d, e, f, g, h]) => Value::Float(f64::from_le_bytes([a, b, c, d, e, f, g, h])),
        (b'u' | b'w', &[a, b, c, d]) => cx.heap.char_str(u32::from_le_bytes([a, b, c, d]).min(0x10_FFFF)),
        _ => {
            let is_signed = matches!(code, b'b' | b'h' | b'i' | b'l' | b'q');
            let number = bits::from_bytes(item, ByteOrder::Little, is_signed);
            int::make(cx, number)
        }
    }
}

/// A value as the exact int, float or str that is packed; script code may be asked.
pub fn plain(cx: &mut Cx, code: u8, value: Value) -> Outcome {
    match code {
        b'u' | b'w' => match cx.exact(value) {
            text @ Value::Str(_) => Ok(text),
            _ => Err(no_character(cx)),
        },
        b'f' | b'd' => protocol::float(cx, value),
        _ => protocol::index(cx, value),
    }
}

fn no_character(cx: &mut Cx) -> Ask {
    cx.type_error("array item must be unicode character")
}

/// The bytes of what [`plain`] gave.
pub fn pack(cx: &mut Cx, code: u8, plain: Value) -> Result<Item, Ask> {
    let mut item = [0; 8];
    let len = item_len(code);
    match plain {
        Value::Float(float) if code == b'f' => item[..4].copy_from_slice(&(float as f32).to_le_bytes()),
        Value::Float(float) => item = float.to_le_bytes(),
        Value::Str(id) if is_text(code) => {
            let text = cx.heap.text(id);
            match aspen_grammar::source::wtf8::decode(text) {
                Some((character, n_bytes)) if n_bytes == text.len() => {
                    item[..4].copy_from_slice(&character.to_le_bytes());
                }
                _ => return Err(no_character(cx)),
            }
        }
        _ => {
            let bytes = match int::view(&cx.heap, plain) {
                Some(IntRef::Small(number)) => small(code, number),
                Some(number) => match (code, number.is_negative()) {
                    (b'L' | b'Q', false) => bits::to_bytes(number, 8, ByteOrder::Little, false)
                        .ok()
                        .and_then(|bytes| bytes.try_into().ok())
                        .ok_or_else(|| too_large(code)),
                    (b'I', false) if bits::bit_length(number) <= 64 => Err("unsigned int is greater than maximum"),
                    (_, is_negative) => Err(if is_negative { too_small(code) } else { too_large(code) }),
                },
                None => crate::bug!("the item was made plain"),
            };
            item = bytes.map_err(|message| cx.overflow_error(message))?;
        }
    }
    Ok((item, len))
}

/// An int that fits 64 bits; the error is the message of an OverflowError.
fn small(code: u8, number: i64) -> Result<[u8; 8], &'static str> {
    let (least, most, below, above) = match code {
        b'b' => match i16::try_from(number) {
            Ok(_) => (-128, 127, "signed char is less than minimum", "signed char is greater than maximum"),
            Err(_) => short(),
        },
        b'h' => short(),
        b'B' => (0, 255, "unsigned byte integer is less than minimum", "unsigned byte integer is greater than maximum"),
        b'H' => match i32::try_from(number) {
            Ok(_) => (0, 65535, "unsigned short is less than minimum", "unsigned short is greater than maximum"),
            Err(_) => signed(),
        },
        b'i' => signed(),
        b'I' => {
            (0, u32::MAX as i64, "can't convert negative value to unsigned int", "unsigned int is greater than maximum")
        }
        b'L' => (0, i64::MAX, "can't convert negative value to unsigned int", ""),
        b'Q' => (0, i64::MAX, "can't convert negative int to unsigned", ""),
        _ => (i64::MIN, i64::MAX, "", ""),
    };
    match number {
        number if number < least => Err(below),
        number if number > most => Err(above),
        number => Ok(number.to_le_bytes()),
    }
}

type Range = (i64, i64, &'static str, &'static str);

fn short() -> Range {
    let (below, above) = ("signed short integer is less than minimum", "signed short integer is greater than maximum");
    (i16::MIN as i64, i16::MAX as i64, below, above)
}

fn signed() -> Range {
    let (below, above) = ("signed integer is less than minimum", "signed integer is greater than maximum");
    (i32::MIN as i64, i32::MAX as i64, below, above)
}

fn too_small(code: u8) -> &'static str {
    match code {
        b'I' | b'L' => "can't convert negative value to unsigned int",
        b'Q' => "can't convert negative int to unsigned",
        _ => too_large(code),
    }
}

fn too_large(code: u8) -> &'static str {
    match code {
        b'q' | b'Q' => "int too big to convert",
        b'I' | b'L' => "Python int too large to convert to C unsigned long",
        _ => "Python int too large to convert to C long",
    }
}
