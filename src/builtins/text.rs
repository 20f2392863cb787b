//! `repr`, `ascii`, `format`, `chr`, `ord`.

use aspen_grammar::source::wtf8;

use crate::call::{Cx, Outcome};
use crate::types::{bytes, strings};
use crate::value::Value;

/// `repr(value)`.
pub fn repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    strings::to_repr(cx, args[0])
}

/// `ascii(value)`.
pub fn ascii(cx: &mut Cx, args: &[Value]) -> Outcome {
    strings::to_ascii(cx, args[0])
}

/// `format(value, spec='')`.
pub fn format(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let Some(spec) = args[1].given()
        && cx.text_of(spec).is_none()
    {
        let class = if spec.is_none() { "None".to_owned() } else { cx.class_name(spec) };
        let message = format!("format() argument 2 must be str, not {class}");
        return Err(cx.type_error(message));
    }
    strings::format(cx, args[0], args[1])
}

/// `chr(code)`.
pub fn chr(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[0] {
        Value::Int(code @ 0..0x11_0000) => Ok(cx.heap.char_str(code as u32)),
        Value::Int(_) => Err(cx.value_error("chr() arg not in range(0x110000)")),
        _ => Err(cx.value_error("chr() arg not in range(0x110000)")),
    }
}

/// `ord(char)`.
pub fn ord(cx: &mut Cx, args: &[Value]) -> Outcome {
    let value = cx.exact(args[0]);
    let len = match value {
        Value::Str(id) => match wtf8::decode(cx.heap.text(id)) {
            Some((code, _)) if cx.heap.n_chars(id) == 1 => return Ok(Value::Int(code as i64)),
            Some(_) | None => cx.heap.n_chars(id),
        },
        _ => match bytes::data_of(cx, value) {
            Some([byte]) if !bytes::is_view(cx, value) => return Ok(Value::Int(*byte as i64)),
            Some(data) if !bytes::is_view(cx, value) => data.len(),
            Some(_) | None => {
                let message = format!("ord() expected string of length 1, but {} found", cx.class_name(args[0]));
                return Err(cx.type_error(message));
            }
        },
    };
    Err(cx.type_error(format!("ord() expected a character, but string of length {len} found")))
}
