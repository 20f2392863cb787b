//! Encoding and decoding, as scripts ask for it: names looked up, errors raised.
//!
//! The codecs themselves are `types/text/codec/`. As in CPython, a handler's name is looked up only when it is needed.

use super::text::codec::{Codec, DecodeFailure, Handler, decode_all, encode_all};
use super::{classes, unicode_error};
use crate::call::{Ask, Cx, Outcome};
use crate::value::{Id, Str, Value};

/// Codecs that CPython has, but not for `str.encode` and `bytes.decode`.
const NO_TEXT: &[&str] = &[
    "hex",
    "hex_codec",
    "base64",
    "base64_codec",
    "base_64",
    "rot13",
    "rot_13",
    "uu",
    "uu_codec",
    "zlib",
    "zip",
    "zlib_codec",
    "bz2",
    "bz2_codec",
    "quopri",
    "quopri_codec",
    "quoted_printable",
];

/// The codec of a name; `what` is `encode` or `decode`.
pub fn named(cx: &mut Cx, name: &[u8], what: &str) -> Result<Codec, Ask> {
    let text = String::from_utf8_lossy(name).into_owned();
    if let Some(codec) = Codec::by_name(&text) {
        return Ok(codec);
    }
    let message = if NO_TEXT.contains(&text.to_ascii_lowercase().replace('-', "_").as_str()) {
        format!("'{text}' is not a text encoding; use codecs.{what}() to handle arbitrary codecs")
    } else if name.contains(&0) {
        return Err(cx.value_error("embedded null character"));
    } else {
        format!("unknown encoding: {text}")
    };
    Err(cx.raise(classes::LOOKUP_ERROR, message))
}

fn handler_named(cx: &mut Cx, name: &[u8]) -> Result<Handler, Ask> {
    let text = String::from_utf8_lossy(name).into_owned();
    Handler::by_name(&text)
        .ok_or_else(|| cx.raise(classes::LOOKUP_ERROR, format!("unknown error handler name '{text}'")))
}

/// The codec and the handler's name of the arguments `encoding` and `errors`.
pub fn arguments(cx: &mut Cx, encoding: Value, errors: Value, what: &str) -> Result<(Codec, Vec<u8>), Ask> {
    let codec = match cx.text_of(encoding) {
        None | Some(b"utf-8" | b"utf8") => Codec::Utf8,
        Some(name) => {
            let name = name.to_vec();
            named(cx, &name, what)?
        }
    };
    Ok((codec, cx.text_of(errors).unwrap_or(b"strict").to_vec()))
}

/// The bytes of a str.
pub fn encode(cx: &mut Cx, id: Id<Str>, codec: Codec, errors: &[u8]) -> Result<Vec<u8>, Ask> {
    let text = cx.heap.text(id);
    let is_ascii = cx.heap.is_ascii(id);
    let as_it_is = match codec {
        Codec::Utf8 => is_ascii || std::str::from_utf8(text).is_ok(),
        Codec::Ascii | Codec::Latin1 => is_ascii,
        _ => false,
    };
    cx.heap.ensure(text.len().saturating_mul(4))?;
    if as_it_is {
        return Ok(cx.heap.text(id).to_vec());
    }
    if let Ok(bytes) = encode_all(codec, cx.heap.text(id), Handler::Strict) {
        return Ok(bytes);
    }
    let handler = handler_named(cx, errors)?;
    encode_all(codec, cx.heap.text(id), handler).map_err(|error| {
        let object = Value::Str(id);
        let exc = unicode_error::encode_error(cx, error.encoding, object, error.start, error.end, error.reason);
        Ask::Raise(exc)
    })
}

/// The text of bytes, as much as is whole: less than all only if more may follow (`is_final` is false).
pub fn decode_part(
    cx: &mut Cx,
    data: &[u8],
    codec: Codec,
    errors: &[u8],
    is_final: bool,
) -> Result<(Vec<u8>, usize), Ask> {
    if let Codec::Utf8 | Codec::Ascii | Codec::Latin1 = codec
        && data.is_ascii()
    {
        return Ok((data.to_vec(), data.len()));
    }
    if codec == Codec::Utf8 && std::str::from_utf8(data).is_ok() {
        return Ok((data.to_vec(), data.len()));
    }
    if let Ok(decoded) = decode_all(codec, data, Handler::Strict, is_final) {
        return Ok(decoded);
    }
    let handler = handler_named(cx, errors)?;
    decode_all(codec, data, handler, is_final).map_err(|failure| match failure {
        DecodeFailure::Error(error) => {
            let object = cx.heap.new_bytes(data[error.n_skipped..].to_vec());
            let exc = unicode_error::decode_error(cx, error.encoding, object, error.start, error.end, error.reason);
            Ask::Raise(exc)
        }
        DecodeFailure::HandlerEncodesOnly => {
            cx.type_error("don't know how to handle UnicodeDecodeError in error callback")
        }
    })
}

/// A str of bytes.
pub fn decode(cx: &mut Cx, data: &[u8], codec: Codec, errors: &[u8]) -> Outcome {
    cx.heap.ensure(data.len().saturating_mul(2))?;
    let (text, _) = decode_part(cx, data, codec, errors, true)?;
    Ok(cx.heap.new_str_from(text))
}

/// What `str.encode` and `bytes.decode` do with a name that Rust does not know: the registry is asked, if a script has
/// imported `codecs`.
pub fn registered(cx: &mut Cx, outcome: Outcome, function: &str, operands: [Value; 3]) -> Outcome {
    let Err(Ask::Raise(exc)) = outcome else { return outcome };
    if cx.class_of(Value::Exc(exc)) != classes::LOOKUP_ERROR {
        return outcome;
    }
    let (module, function) = (cx.name("codecs"), cx.name(function));
    let Some(Value::Module(module)) = cx.heap.get_in(cx.modules, module) else { return outcome };
    let dict = cx.heap.modules.get(module).dict;
    match cx.heap.get_in(dict, function) {
        Some(function) => {
            let [object, encoding, errors] = operands;
            let encoding = encoding.given().unwrap_or_else(|| cx.str("utf-8"));
            let errors = errors.given().unwrap_or_else(|| cx.str("strict"));
            Err(cx.ask_tail(function, &[object, encoding, errors]))
        }
        None => outcome,
    }
}
