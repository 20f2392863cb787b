//! The formats of a view's items: the letters of the struct module, in the machine's order.

use crate::call::{Ask, Cx};
use crate::types::int;
use crate::value::bigint::bits::{self, ByteOrder};
use crate::value::{Id, Str, Value};

/// The length of an item in bytes; None for a letter that is no format.
pub fn item_len(format: u8) -> Option<usize> {
    Some(match format {
        b'c' | b'b' | b'B' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'd' | b'P' => 8,
        _ => return None,
    })
}

/// The letter of a format text: one letter, `@` may stand before.
pub fn letter(cx: &Cx, text: Id<Str>) -> Option<u8> {
    match cx.heap.text(text) {
        [letter] | [b'@', letter] if item_len(*letter).is_some() => Some(*letter),
        _ => None,
    }
}

fn is_signed(format: u8) -> bool {
    matches!(format, b'b' | b'h' | b'i' | b'l' | b'q' | b'n')
}

/// The value of an item.
pub fn unpack(cx: &mut Cx, format: u8, item: &[u8]) -> Value {
    match (format, item) {
        (b'B', [byte]) => Value::Int(*byte as i64),
        (b'c', _) => cx.heap.new_bytes(item.to_vec()),
        (b'?', [byte]) => Value::Bool(*byte != 0),
        (b'f', &[a, b, c, d]) => Value::Float(f32::from_le_bytes([a, b, c, d]) as f64),
        (b'd', &[a, b, c, d, e, f, g, h]) => Value::Float(f64::from_le_bytes([a, b, c, d, e, f, g, h])),
        (b'e', &[a, b]) => Value::Float(half_to_f64(u16::from_le_bytes([a, b]))),
        _ => {
            let number = bits::from_bytes(item, ByteOrder::Little, is_signed(format));
            int::make(cx, number)
        }
    }
}

/// A float of 16 bits.
fn half_to_f64(half: u16) -> f64 {
    let sign = if half >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = ((half >> 10 & 31) as i32, (half & 1023) as f64);
    sign * match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}

/// The bytes of a value as an item.
pub fn pack(cx: &mut Cx, format: u8, value: Value) -> Result<Vec<u8>, Ask> {
    let exact = cx.exact(value);
    let packed = match format {
        b'?' => match crate::types::quick::quick_truth(cx, value) {
            Some(truth) => Ok(vec![truth as u8]),
            None => Err(true),
        },
        b'c' => match exact {
            Value::Bytes(id) => match &*cx.heap.bytes.get(id).data {
                [byte] => Ok(vec![*byte]),
                _ => Err(false),
            },
            _ => Err(true),
        },
        b'f' | b'd' | b'e' => match (exact, int::view(&cx.heap, exact)) {
            (Value::Float(number), _) => Ok(number),
            (_, Some(number)) => number.to_owned_float().ok_or(false),
            (_, None) => Err(true),
        }
        .map(|number| match format {
            b'f' => (number as f32).to_le_bytes().to_vec(),
            _ => number.to_le_bytes().to_vec(),
        }),
        _ => match int::view(&cx.heap, exact) {
            Some(number) => {
                let len = item_len(format).unwrap_or(1);
                bits::to_bytes(number, len, ByteOrder::Little, is_signed(format)).map_err(|_| false)
            }
            None => Err(true),
        },
    };
    packed.map_err(|is_type| {
        let letter = format as char;
        match is_type {
            true => cx.type_error(format!("memoryview: invalid type for format '{letter}'")),
            false => cx.value_error(format!("memoryview: invalid value for format '{letter}'")),
        }
    })
}
