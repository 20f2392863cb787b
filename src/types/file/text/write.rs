//! Writing text.

use super::{id_of, is_closed, lower, open_id, state, step};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::file::argument::unsupported;
use crate::types::file::newline::Newlines;
use crate::types::file::raw::after_writing;
use crate::types::file::{Buffered, TEXT_CHUNK, native_id, standard};
use crate::types::{codecs, os_error};
use crate::value::native_object::Boxed;
use crate::value::{Id, NativeFrame, Str, Value};

pub(super) fn text_write(cx: &mut Cx, args: &[Value]) -> Outcome {
    if cx.text_of(args[1]).is_none() {
        let message = format!("write() argument must be str, not {}", cx.class_name(args[1]));
        return Err(cx.type_error(message));
    }
    let id = id_of(cx, args[0])?;
    write(cx, id, args[1])
}

/// Writes a str; its length is the result.
pub fn write(cx: &mut Cx, file: Id<Boxed>, text: Value) -> Outcome {
    let Value::Str(id) = cx.exact(text) else { crate::bug!("only strs are written") };
    if let Some(stream) = state(cx, file).direct {
        let written = if cx.heap.is_ascii(id) {
            let result = cx.host.write_stream(stream, cx.heap.text(id));
            result.map_err(|error| os_error::raise(cx, &error))?
        } else {
            standard::write_encoded(cx, stream, text)?
        };
        let n_chars = Value::Int(cx.heap.n_chars(id) as i64);
        return after_writing(cx, stream, written, n_chars);
    }
    open_id(cx, Value::Native(file))?;
    check_writable(cx, file)?;
    let is_quiet = {
        let state = state(cx, file);
        !state.is_line_buffered && !state.is_write_through && state.read.is_empty()
    };
    if is_quiet {
        // The frequent case: nothing but keeping it.
        append(cx, file, id)?;
        if state(cx, file).write.len() < TEXT_CHUNK {
            return Ok(Value::Int(cx.heap.n_chars(id) as i64));
        }
        let n_chars = cx.heap.n_chars(id) as i64;
        return launch(cx, NativeFrame::at_step(step(3), 1, &[Value::Native(file), Value::Int(n_chars)]));
    }
    launch(cx, NativeFrame::new(step(3), &[Value::Native(file), text]))
}

fn check_writable(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    let buffer = state(cx, id).buffer;
    match buffer {
        Value::Native(below) if cx.heap.native::<Buffered>(below).is_some_and(|file| !file.can_write) => {
            Err(unsupported(cx, "not writable"))
        }
        _ => Ok(()),
    }
}

/// Encodes a text and keeps it.
fn append(cx: &mut Cx, file: Id<Boxed>, text: Id<Str>) -> Result<(), Ask> {
    let (codec, newlines, errors) = {
        let state = state(cx, file);
        (state.codec, state.newlines, state.errors)
    };
    let is_plain = !matches!(newlines, Newlines::Cr | Newlines::CrLf);
    let errors = cx.text_of(errors).unwrap_or(b"strict").to_vec();
    let data = if is_plain {
        codecs::encode(cx, text, codec, &errors)?
    } else {
        let translated = newlines.to_written(cx.heap.text(text)).into_owned();
        match cx.heap.new_str_from(translated) {
            Value::Str(text) => codecs::encode(cx, text, codec, &errors)?,
            other => crate::bug!("a new str is {other:?}"),
        }
    };
    cx.heap.reserve_for(data.len(), cx.heap.natives.is_old(file))?;
    let state = state(cx, file);
    // A signature stands only at the start of a file.
    state.codec = without_mark(state.codec);
    if state.write.is_empty() && !data.is_empty() {
        state.write.extend_from_slice(&data);
        cx.unflushed.push(file);
    } else {
        state.write.extend_from_slice(&data);
    }
    Ok(())
}

fn without_mark(codec: crate::types::text::codec::Codec) -> crate::types::text::codec::Codec {
    use crate::types::text::codec::Codec;
    match codec {
        Codec::Utf8Sig => Codec::Utf8,
        Codec::Utf16 => Codec::Utf16Le,
        Codec::Utf32 => Codec::Utf32Le,
        other => other,
    }
}

const GIVE: u32 = 1;
const GIVEN: u32 = 2;
const FLUSH: u32 = 3;

/// Steps: the text is kept; what is kept goes down; the file below is flushed, where each line is.
pub(super) fn write_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    if frame.step == 0 {
        let Value::Str(text) = cx.exact(frame.values[1]) else { crate::bug!("only strs are written") };
        append(cx, id, text)?;
        let n_chars = Value::Int(cx.heap.n_chars(text) as i64);
        let ends_line = memchr::memchr2(b'\n', b'\r', cx.heap.text(text)).is_some();
        let file = state(cx, id);
        file.forget_read();
        let flushes = file.is_line_buffered && ends_line;
        if !flushes && !file.is_write_through && file.write.len() < TEXT_CHUNK {
            return Ok(n_chars);
        }
        frame.values[1] = n_chars;
        frame.values.push(Value::Bool(flushes));
        frame.step = GIVE;
    }
    if frame.step == GIVE || frame.step == GIVEN {
        give_down(cx, frame, id)?;
        frame.step = FLUSH;
    }
    if frame.values.get(2) == Some(&Value::Bool(true)) {
        lower(cx, frame, id, names::FLUSH, &[])?;
    }
    Ok(frame.values[1])
}

/// Gives what is kept to the file below. The bytes are the last value of the frame while they are being given.
pub(super) fn give_down(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Boxed>) -> Result<(), Ask> {
    if let crate::value::Told::Start = frame.told {
        let data = std::mem::take(&mut state(cx, id).write);
        if data.is_empty() {
            return Ok(());
        }
        cx.unflushed.retain(|&other| other != id);
        let data = cx.heap.new_bytes(data);
        return match lower(cx, frame, id, names::WRITE, &[data]) {
            Err(Ask::Full) => {
                // Kept again: the machine collects and comes back.
                if let Value::Bytes(data) = data {
                    state(cx, id).write = cx.heap.bytes.get(data).data.to_vec();
                    cx.unflushed.push(id);
                }
                Err(Ask::Full)
            }
            outcome => outcome.map(|_| ()),
        };
    }
    lower(cx, frame, id, names::WRITE, &[]).map(|_| ())
}

pub(super) fn text_flush(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open_id(cx, args[0])?;
    if let Some(stream) = state(cx, id).direct {
        let result = cx.host.flush_stream(stream);
        let written = result.map_err(|error| os_error::raise(cx, &error))?;
        return after_writing(cx, stream, written, Value::None);
    }
    launch(cx, NativeFrame::new(step(4), &[Value::Native(id)]))
}

pub(super) fn flush_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    if frame.step == 0 {
        give_down(cx, frame, id)?;
        frame.step = 1;
    }
    lower(cx, frame, id, names::FLUSH, &[])?;
    state(cx, id).can_tell = true;
    Ok(Value::None)
}

pub(super) fn text_close(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(id) = native_id(cx, args[0]) else { return Ok(Value::None) };
    if state(cx, id).buffer.is_undef() || is_closed(cx, id) {
        return Ok(Value::None);
    }
    launch(cx, NativeFrame::new(step(5), &[Value::Native(id), Value::Undef]))
}

/// An error of flushing is raised when the file below is closed.
pub(super) fn close_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    if frame.step == 0 {
        match give_down(cx, frame, id) {
            Ok(()) => {}
            Err(Ask::Raise(exc)) => frame.values[1] = Value::Exc(exc),
            Err(ask) => return Err(ask),
        }
        frame.step = 1;
    }
    lower(cx, frame, id, names::CLOSE, &[])?;
    state(cx, id).direct = None;
    match frame.values[1] {
        Value::Exc(exc) => Err(Ask::Raise(exc)),
        _ => Ok(Value::None),
    }
}

pub(super) fn text_detach(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    super::flush_now(cx, id)?;
    let file = state(cx, id);
    file.direct = None;
    Ok(std::mem::take(&mut file.buffer))
}
