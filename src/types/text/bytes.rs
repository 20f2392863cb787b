//! What bytes do that texts do not, or do otherwise: ASCII cases and classes, hexadecimal, quoting, `translate`.

/// `data.title()`.
pub fn title(data: &[u8]) -> Vec<u8> {
    let mut after_letter = false;
    let mut titled = Vec::with_capacity(data.len());
    for byte in data {
        titled.push(if after_letter { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() });
        after_letter = byte.is_ascii_alphabetic();
    }
    titled
}

/// `data.capitalize()`.
pub fn capitalize(data: &[u8]) -> Vec<u8> {
    let mut capitalized = data.to_ascii_lowercase();
    if let Some(first) = capitalized.first_mut() {
        first.make_ascii_uppercase();
    }
    capitalized
}

/// `data.swapcase()`.
pub fn swapcase(data: &[u8]) -> Vec<u8> {
    let swap = |byte: &u8| if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { *byte };
    data.iter().map(swap).collect()
}

/// Whether all bytes are of a class, and there is one: `isalpha`, `isdigit`, `isalnum`.
pub fn all(data: &[u8], is_member: impl Fn(&u8) -> bool) -> bool {
    !data.is_empty() && data.iter().all(is_member)
}

/// Whether a byte is white space to `isspace`, `split` and `strip`.
pub fn is_space(byte: &u8) -> bool {
    matches!(byte, 9..=13 | 32)
}

/// `data.islower()`.
pub fn is_lower(data: &[u8]) -> bool {
    data.iter().any(u8::is_ascii_lowercase) && !data.iter().any(u8::is_ascii_uppercase)
}

/// `data.isupper()`.
pub fn is_upper(data: &[u8]) -> bool {
    data.iter().any(u8::is_ascii_uppercase) && !data.iter().any(u8::is_ascii_lowercase)
}

/// `data.istitle()`.
pub fn is_title(data: &[u8]) -> bool {
    let (mut after_letter, mut found) = (false, false);
    for byte in data {
        let is_wrong = (byte.is_ascii_uppercase() && after_letter) || (byte.is_ascii_lowercase() && !after_letter);
        if is_wrong {
            return false;
        }
        after_letter = byte.is_ascii_alphabetic();
        found |= after_letter;
    }
    found
}

/// `data.hex(separator, bytes_per_group)`: groups are counted from the right if the number is positive, from the left if it
/// is negative. Charge three bytes for each byte first.
pub fn hex(data: &[u8], separator: Option<u8>, bytes_per_group: i64) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let group = bytes_per_group.unsigned_abs() as usize;
    let mut text = Vec::with_capacity(data.len() * 3);
    for (at, byte) in data.iter().enumerate() {
        let passed = if bytes_per_group > 0 { data.len() - at } else { at };
        if at > 0
            && group > 0
            && passed.is_multiple_of(group)
            && let Some(separator) = separator
        {
            text.push(separator);
        }
        text.extend([DIGITS[*byte as usize >> 4], DIGITS[*byte as usize & 15]]);
    }
    text
}

/// `bytes.fromhex(text)`; Err is the place, in code points, of `ValueError: non-hexadecimal number found in fromhex() arg
/// at position N`.
pub fn from_hex(text: &[u8]) -> Result<Vec<u8>, usize> {
    let value = |at: usize| text.get(at).and_then(|byte| (*byte as char).to_digit(16));
    // What is not ASCII is found first. All before it is, so that offsets are places.
    if let Some(at) = text.iter().position(|byte| !byte.is_ascii()) {
        return Err(at);
    }
    let (mut data, mut at) = (Vec::with_capacity(text.len() / 2), 0);
    while at < text.len() {
        if is_space(&text[at]) {
            at += 1;
            continue;
        }
        let high = value(at).ok_or(at)?;
        let low = value(at + 1).ok_or(at + 1)?;
        data.push((high << 4 | low) as u8);
        at += 2;
    }
    Ok(data)
}

/// `repr(data)`: in single quotes, unless there are such inside and no double ones. Charge four bytes for each byte first.
pub fn repr(data: &[u8]) -> Vec<u8> {
    let quote = if data.contains(&b'\'') && !data.contains(&b'"') { b'"' } else { b'\'' };
    let mut text = Vec::with_capacity(data.len() + 3);
    text.extend([b'b', quote]);
    for &byte in data {
        match byte {
            b'\\' => text.extend(b"\\\\"),
            b'\t' => text.extend(b"\\t"),
            b'\n' => text.extend(b"\\n"),
            b'\r' => text.extend(b"\\r"),
            _ if byte == quote => text.extend([b'\\', byte]),
            b' '..=b'~' => text.push(byte),
            _ => {
                text.extend(b"\\x");
                text.extend(hex(&[byte], None, 0));
            }
        }
    }
    text.push(quote);
    text
}

/// `data.translate(table, delete)`; the table has 256 bytes, or is None.
pub fn translate(data: &[u8], table: Option<&[u8]>, delete: &[u8]) -> Vec<u8> {
    let mut deleted = [false; 256];
    delete.iter().for_each(|byte| deleted[*byte as usize] = true);
    let kept = data.iter().filter(|byte| !deleted[**byte as usize]);
    match table {
        Some(table) => kept.map(|byte| table[*byte as usize]).collect(),
        None => kept.copied().collect(),
    }
}

/// `bytes.maketrans(from, to)`, which are equally long.
pub fn make_translation(from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut table: Vec<u8> = (0..=255).collect();
    from.iter().zip(to).for_each(|(from, to)| table[*from as usize] = *to);
    table
}
