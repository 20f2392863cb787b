//! The module `_codecs`: the encodings in Rust, for the registry in `stdlib/codecs.as`.

use crate::call::{Cx, Outcome};
use crate::types::bytes::buffer;
use crate::types::codecs;
use crate::types::text::codec::{Codec, Handler};
use crate::value::Value;

crate::natives! {
    /// The functions of the module.
    pub static CODECS = [
        func "canonical_name(encoding: str, /)" => canonical_name, "The name of an encoding in Rust, or None.";
        func "is_handler(name: str, /)" => is_handler, "Whether an error handler is in Rust.";
        func "encode_text(encoding: str, text: str, errors: str, /)" => encode_text, "The bytes of a text.";
        func "decode_part(encoding: str, data, errors: str, final: truth, /)" => decode_part,
            "The text of bytes, and how many of them it took.";
    ]
}

fn text_of(cx: &Cx, value: Value) -> String {
    String::from_utf8_lossy(cx.text_of(value).expect("converted")).into_owned()
}

fn canonical_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = text_of(cx, args[0]);
    Ok(Codec::by_name(&name).map_or(Value::None, |codec| cx.str(codec.name())))
}

fn is_handler(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = text_of(cx, args[0]);
    Ok(Value::Bool(Handler::by_name(&name).is_some()))
}

fn encode_text(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Str(id) = cx.exact(args[1]) else { crate::bug!("converted") };
    let (codec, errors) = codecs::arguments(cx, args[0], args[2], "encode")?;
    let data = codecs::encode(cx, id, codec, &errors)?;
    Ok(cx.heap.new_bytes(data))
}

fn decode_part(cx: &mut Cx, args: &[Value]) -> Outcome {
    let data = buffer::require(cx, args[1])?;
    let (codec, errors) = codecs::arguments(cx, args[0], args[2], "decode")?;
    cx.heap.ensure(data.len().saturating_mul(2))?;
    let (text, n_used) = codecs::decode_part(cx, &data, codec, &errors, args[3] == Value::Bool(true))?;
    let text = cx.heap.new_str_from(text);
    Ok(cx.heap.new_tuple(&[text, Value::Int(n_used as i64)]))
}
