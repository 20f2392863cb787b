//! Places in a text file. What `tell` gives is a place in bytes; `seek` takes it.

use super::write::give_down;
use super::{id_of, lower, open_id, state, step};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::file::argument::{self, unsupported};
use crate::types::file::newline::{Newlines, Seen};
use crate::types::{classes, codecs};
use crate::value::native_object::Boxed;
use crate::value::{Id, NativeFrame, Value};

pub(super) fn text_seek(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open_id(cx, args[0])?;
    let (cookie, whence) = (argument::position(cx, args[1])?, argument::whence(cx, args[2])?);
    match whence {
        0 if cookie < 0 => return Err(cx.value_error(format!("negative seek position {cookie}"))),
        0 => {}
        1 if cookie != 0 => return Err(unsupported(cx, "can't do nonzero cur-relative seeks")),
        2 if cookie != 0 => return Err(unsupported(cx, "can't do nonzero end-relative seeks")),
        1 | 2 => {}
        _ => return Err(cx.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
    }
    if whence == 1 {
        return text_tell(cx, args);
    }
    let given = [Value::Native(id), Value::Int(cookie), Value::Int(whence as i64)];
    launch(cx, NativeFrame::new(step(6), &given))
}

pub(super) fn seek_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    if frame.step == 0 {
        give_down(cx, frame, id)?;
        frame.step = 1;
    }
    let place = lower(cx, frame, id, names::SEEK, &[frame.values[1], frame.values[2]])?;
    state(cx, id).forget_read();
    Ok(place)
}

pub(super) fn text_tell(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open_id(cx, args[0])?;
    if !state(cx, id).can_tell {
        return Err(cx.raise(classes::OS_ERROR, "telling position disabled by next() call"));
    }
    launch(cx, NativeFrame::new(step(7), &[Value::Native(id)]))
}

/// Steps: what is kept is written; the place of the file below, less what was read ahead.
pub(super) fn tell_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    if frame.step == 0 {
        give_down(cx, frame, id)?;
        frame.step = 1;
    }
    let place = lower(cx, frame, id, names::TELL, &[])?.as_int().unwrap_or_default();
    let n_ahead = bytes_ahead(cx, id)?;
    Ok(Value::Int(place - n_ahead as i64))
}

/// How many bytes were read for text that was not given away yet.
fn bytes_ahead(cx: &mut Cx, id: Id<Boxed>) -> Result<usize, Ask> {
    let file = state(cx, id);
    if file.rest().is_empty() && file.undecoded.is_empty() && !file.has_pending_cr {
        return Ok(0);
    }
    let (chunk, given) = (file.chunk.clone(), file.read_pos);
    let (codec, newlines, errors) = (file.codec, file.newlines, file.errors);
    let errors = cx.text_of(errors).unwrap_or(b"strict").to_vec();
    // The shortest part of the bytes whose text is what was given away.
    let (mut low, mut high) = (0, chunk.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let (text, _) = codecs::decode_part(cx, &chunk[..middle], codec, &errors, false)?;
        let len = match newlines {
            Newlines::Universal => Seen::default().translate(&text, &mut false, false).len(),
            Newlines::Untranslated | Newlines::Lf | Newlines::Cr | Newlines::CrLf => text.len(),
        };
        if len < given { low = middle + 1 } else { high = middle }
    }
    Ok(chunk.len() - low)
}

pub(super) fn text_truncate(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = open_id(cx, args[0])?;
    let size = args[1].given().unwrap_or(Value::None);
    launch(cx, NativeFrame::new(step(8), &[Value::Native(id), size]))
}

pub(super) fn truncate_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    if frame.step == 0 {
        give_down(cx, frame, id)?;
        frame.step = 1;
    }
    if frame.step == 1 {
        if frame.values[1].is_none() {
            let place = lower(cx, frame, id, names::TELL, &[])?.as_int().unwrap_or_default();
            frame.values[1] = Value::Int(place - bytes_ahead(cx, id)? as i64);
        }
        frame.step = 2;
    }
    lower(cx, frame, id, names::TRUNCATE, &[frame.values[1]])
}
