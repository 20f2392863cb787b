//! Reading text.

use super::{id_of, lower, open_id, state, step};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::bytes::buffer;
use crate::types::file::argument::{self, unsupported};
use crate::types::file::newline::Newlines;
use crate::types::file::{Buffered, TEXT_CHUNK};
use crate::types::{attribute, codecs, method_call};
use crate::value::native_object::Boxed;
use crate::value::text::char_len;
use crate::value::{Id, NativeFrame, Value};

/// Whether the file below, if it is ours, was opened for reading.
fn check_readable(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    let buffer = state(cx, id).buffer;
    match buffer {
        Value::Native(below) if cx.heap.native::<Buffered>(below).is_some_and(|file| !file.can_read) => {
            Err(unsupported(cx, "not readable"))
        }
        _ => Ok(()),
    }
}

/// Writes what is kept back before anything is read.
fn flush_first(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Boxed>) -> Result<(), Ask> {
    if state(cx, id).write.is_empty() {
        return Ok(());
    }
    super::write::give_down(cx, frame, id)
}

/// Reads a chunk from below and decodes it; false at the end.
fn read_chunk(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Boxed>) -> Result<bool, Ask> {
    let size = [Value::Int(TEXT_CHUNK as i64)];
    let buffer = state(cx, id).buffer;
    let name = if let Value::Native(_) = buffer { names::READ1 } else { read_name(cx, buffer) };
    let data = lower(cx, frame, id, name, &size)?;
    decode(cx, id, data, false)
}

/// `read1` where the file below has it.
fn read_name(cx: &mut Cx, buffer: Value) -> crate::value::Name {
    let class = cx.class_of(buffer);
    let has_read1 = crate::types::classes::lookup(cx, class, names::READ1).is_some()
        || attribute::own_attribute(cx, buffer, names::READ1).is_some();
    if has_read1 { names::READ1 } else { super::READ }
}

/// Appends what some bytes are, as text; none are the end. Gives whether it is not the end.
fn decode(cx: &mut Cx, id: Id<Boxed>, data: Value, is_last: bool) -> Result<bool, Ask> {
    let Some(data) = buffer::bytes_of(cx, data) else {
        let message =
            format!("underlying read1() should have returned a bytes-like object, not '{}'", cx.class_name(data));
        return Err(cx.type_error(message));
    };
    let data = data.into_owned();
    let is_end = data.is_empty() || is_last;
    cx.heap.reserve_for(data.len() * 2, cx.heap.natives.is_old(id))?;
    let file = state(cx, id);
    let (codec, newlines) = (file.codec, file.newlines);
    let mut bytes = std::mem::take(&mut file.undecoded);
    bytes.extend_from_slice(&data);
    let errors = file.errors;
    let errors = cx.text_of(errors).unwrap_or(b"strict").to_vec();
    let (text, n_used) = codecs::decode_part(cx, &bytes, codec, &errors, is_end)?;
    let file = state(cx, id);
    file.undecoded = bytes[n_used..].to_vec();
    let text = match newlines {
        Newlines::Universal => {
            let mut pending = file.has_pending_cr;
            let plain = !pending && memchr::memchr(b'\r', &text).is_none();
            let text = if plain {
                file.seen.lf |= memchr::memchr(b'\n', &text).is_some();
                text
            } else {
                file.seen.translate(&text, &mut pending, is_end)
            };
            file.has_pending_cr = pending;
            text
        }
        Newlines::Untranslated | Newlines::Lf | Newlines::Cr | Newlines::CrLf => text,
    };
    if file.read_pos == file.read.len() {
        file.read.clear();
        file.read_pos = 0;
        file.chunk.clear();
        // What was begun before belongs to this text.
        file.chunk.extend_from_slice(&bytes);
    } else {
        file.chunk.extend_from_slice(&data);
    }
    file.read.extend_from_slice(&text);
    Ok(!is_end || !text.is_empty() && !is_last)
}

/// Takes text that is there.
fn take(cx: &mut Cx, id: Id<Boxed>, len: usize) -> Outcome {
    let file = state(cx, id);
    let text = file.rest()[..len].to_vec();
    file.read_pos += len;
    if file.read_pos == file.read.len() && file.read.capacity() > 1 << 20 {
        file.read = Vec::new();
        file.read_pos = 0;
        file.chunk = Vec::new();
    }
    Ok(cx.heap.new_str_from(text))
}

/// The length in bytes of so many characters; None if there are fewer.
fn len_of_chars(text: &[u8], n_chars: usize) -> Option<usize> {
    let mut len = 0;
    for _ in 0..n_chars {
        len += char_len(*text.get(len)?);
    }
    Some(len)
}

pub(super) fn text_read(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open_id(cx, args[0])?;
    let size = argument::size(cx, args[1])?.map_or(Value::None, |size| Value::Int(size as i64));
    check_readable(cx, id)?;
    launch(cx, NativeFrame::new(step(0), &[Value::Native(id), size]))
}

pub(super) fn read_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    if frame.step == 0 {
        flush_first(cx, frame, id)?;
        frame.step = 1;
    }
    match frame.values[1] {
        Value::Int(size) => {
            loop {
                if let Some(len) = len_of_chars(state(cx, id).rest(), size as usize) {
                    return take(cx, id, len);
                }
                if !read_chunk(cx, frame, id)? {
                    break;
                }
            }
            let file = state(cx, id);
            let len = len_of_chars(file.rest(), size as usize).unwrap_or(file.rest().len());
            take(cx, id, len)
        }
        _ => {
            let data = lower(cx, frame, id, super::READ, &[])?;
            decode(cx, id, data, true)?;
            let len = state(cx, id).rest().len();
            take(cx, id, len)
        }
    }
}

pub(super) fn text_readline(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open_id(cx, args[0])?;
    let size = argument::size(cx, args[1])?.map_or(Value::None, |size| Value::Int(size as i64));
    check_readable(cx, id)?;
    launch(cx, NativeFrame::new(step(1), &[Value::Native(id), size]))
}

pub(super) fn readline_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    if frame.step == 0 {
        flush_first(cx, frame, id)?;
        frame.step = 1;
    }
    let limit = frame.values.get(1).and_then(Value::as_int).map(|size| size as usize);
    let mut is_last = false;
    loop {
        let file = state(cx, id);
        let rest = file.rest();
        let within = limit.and_then(|limit| len_of_chars(rest, limit));
        let end = file.newlines.line_end(&rest[..within.unwrap_or(rest.len())], is_last);
        match end.or(within) {
            Some(len) => return take(cx, id, len),
            None if is_last => {
                let len = rest.len();
                return take(cx, id, len);
            }
            None => is_last = !read_chunk(cx, frame, id)?,
        }
    }
}

pub(super) fn text_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open_id(cx, args[0])?;
    check_readable(cx, id)?;
    if let Value::Native(_) = args[0] {
        let file = state(cx, id);
        file.can_tell = false;
        // The frequent case: a line is there.
        if file.write.is_empty()
            && let Some(len) = file.newlines.line_end(file.rest(), false)
        {
            return take(cx, id, len);
        }
    }
    launch(cx, NativeFrame::new(step(2), &[args[0]]))
}

pub(super) fn next_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let line = match frame.values[0] {
        Value::Native(_) => readline_step(cx, frame)?,
        this => method_call::answered(cx, frame, this, names::READLINE, &[])?,
    };
    let is_end = cx.text_of(line).is_some_and(<[u8]>::is_empty);
    if !is_end {
        return Ok(line);
    }
    if let Value::Native(id) = frame.values[0] {
        state(cx, id).can_tell = true;
    }
    Err(Ask::End)
}
