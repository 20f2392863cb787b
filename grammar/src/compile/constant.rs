//! Which constants are the same.

use crate::bytecode::Const;

/// Bytes that are equal for equal constants: `1`, `1.0` and `True` differ, and so do the zeros.
pub(super) fn const_key(constant: &Const, key: &mut Vec<u8>) {
    let mut tagged = |tag: u8, bytes: &[u8]| {
        key.push(tag);
        key.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        key.extend_from_slice(bytes);
    };
    match constant {
        Const::None => tagged(0, &[]),
        Const::Ellipsis => tagged(1, &[]),
        Const::Bool(value) => tagged(2, &[*value as u8]),
        Const::Int(value) => tagged(3, &value.to_le_bytes()),
        Const::BigInt(digits) => tagged(4, digits.as_bytes()),
        Const::Float(value) => tagged(5, &value.to_bits().to_le_bytes()),
        Const::Complex(real, imaginary) => {
            tagged(6, &real.to_bits().to_le_bytes());
            key.extend_from_slice(&imaginary.to_bits().to_le_bytes());
        }
        Const::Str(text) => tagged(7, text.as_bytes()),
        Const::Bytes(bytes) => tagged(8, bytes),
        Const::Tuple(items) | Const::FrozenSet(items) => {
            let tag = if matches!(constant, Const::Tuple(_)) { 9 } else { 10 };
            tagged(tag, &(items.len() as u32).to_le_bytes());
            items.iter().for_each(|item| const_key(item, key));
        }
    }
}
