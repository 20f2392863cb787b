//! What a text file says of itself, and `reconfigure`.

use super::{id_of, open_id, state};
use crate::call::{Cx, Outcome, names};
use crate::types::file::TEXT_CHUNK;
use crate::types::file::argument::truth;
use crate::types::file::newline::Newlines;
use crate::types::{attribute, codecs, method_call, strings};
use crate::value::{Name, Value};

fn ask_below(cx: &mut Cx, this: Value, name: Name) -> Outcome {
    let id = open_id(cx, this)?;
    let buffer = state(cx, id).buffer;
    method_call::outcome(cx, buffer, name, &[])
}

fn attribute_below(cx: &mut Cx, this: Value, name: Name) -> Outcome {
    let id = id_of(cx, this)?;
    let buffer = state(cx, id).buffer;
    attribute::get(cx, buffer, name)
}

pub(super) fn text_readable(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask_below(cx, args[0], names::READABLE)
}

pub(super) fn text_writable(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask_below(cx, args[0], names::WRITABLE)
}

pub(super) fn text_seekable(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask_below(cx, args[0], names::SEEKABLE)
}

pub(super) fn text_fileno(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask_below(cx, args[0], names::FILENO)
}

pub(super) fn text_isatty(cx: &mut Cx, args: &[Value]) -> Outcome {
    ask_below(cx, args[0], names::ISATTY)
}

pub(super) fn text_closed(cx: &mut Cx, args: &[Value]) -> Outcome {
    attribute_below(cx, args[0], names::CLOSED)
}

pub(super) fn text_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    attribute_below(cx, args[0], names::NAME_ATTR)
}

pub(super) fn text_mode(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    match state(cx, id).mode.given() {
        Some(mode) => Ok(mode),
        None => Err(cx.attribute_error(args[0], names::MODE)),
    }
}

pub(super) fn text_set_mode(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    state(cx, id).mode = args[1];
    Ok(Value::None)
}

pub(super) fn text_buffer(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    Ok(state(cx, id).buffer)
}

pub(super) fn text_encoding(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    Ok(state(cx, id).encoding)
}

pub(super) fn text_errors(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    Ok(state(cx, id).errors)
}

pub(super) fn text_newlines(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    let seen = state(cx, id).seen;
    Ok(seen.to_value(cx))
}

pub(super) fn text_line_buffering(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    truth(state(cx, id).is_line_buffered)
}

pub(super) fn text_write_through(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    truth(state(cx, id).is_write_through)
}

pub(super) fn text_chunk_size(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(TEXT_CHUNK as i64))
}

pub(super) fn text_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = cx.class_name(args[0]);
    let mut shown = format!("<_io.{class}");
    for (what, value) in
        [("name", text_name(cx, args)), ("mode", text_mode(cx, args)), ("encoding", text_encoding(cx, args))]
    {
        if let Ok(value) = value
            && let Ok(text) = strings::to_repr(cx, value)
            && let Some(text) = cx.text_of(text)
        {
            shown.push_str(&format!(" {what}={}", String::from_utf8_lossy(text)));
        }
    }
    shown.push('>');
    Ok(cx.str(&shown))
}

/// What is kept back is flushed first.
pub(super) fn text_reconfigure(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open_id(cx, args[0])?;
    let [encoding, errors, newline, line_buffering, write_through] = [args[1], args[2], args[3], args[4], args[5]];
    let given = |cx: &Cx, value: Value| cx.none_or(value).and_then(|text| cx.text_of(text)).map(<[u8]>::to_vec);
    let (encoding, errors) = (given(cx, encoding), given(cx, errors));
    if (encoding.is_some() || errors.is_some() || !newline.is_undef()) && !state(cx, id).rest().is_empty() {
        let message = "It is not possible to set the encoding or newline of stream after the first read";
        return Err(super::super::argument::unsupported(cx, message));
    }
    super::flush_now(cx, id)?;
    if let Some(encoding) = &encoding {
        let codec = codecs::named(cx, encoding, "encode")?;
        let name = cx.heap.new_str(encoding);
        let file = state(cx, id);
        (file.codec, file.encoding, file.direct) = (codec, name, None);
        if errors.is_none() {
            let strict = cx.str("strict");
            state(cx, id).errors = strict;
        }
    }
    if let Some(errors) = &errors {
        let name = cx.heap.new_str(errors);
        let file = state(cx, id);
        (file.errors, file.direct) = (name, None);
    }
    if !newline.is_undef() {
        let newlines = Newlines::from_argument(cx, newline)?;
        let file = state(cx, id);
        file.newlines = newlines;
        if let Newlines::Cr | Newlines::CrLf = newlines {
            file.direct = None;
        }
    }
    let file = state(cx, id);
    if let Value::Bool(is_line_buffered) = line_buffering {
        file.is_line_buffered = is_line_buffered;
    }
    if let Value::Bool(is_write_through) = write_through {
        file.is_write_through = is_write_through;
    }
    if file.is_line_buffered || file.is_write_through {
        file.direct = None;
    }
    Ok(Value::None)
}
