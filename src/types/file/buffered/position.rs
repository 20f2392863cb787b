//! The position of a buffered file, which is not that of the raw one.

use super::read::unread;
use super::write::{give_back, write_out};
use super::{check_open, id_of, lower, state, step};
use crate::call::launch::launch;
use crate::call::{Cx, Outcome, names};
use crate::types::file::argument::{self, unsupported};
use crate::value::{NativeFrame, Value};

pub(super) fn buffered_seek(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    check_open(cx, id, "seek of")?;
    let (target, whence) = (argument::position(cx, args[1])?, argument::whence(cx, args[2])?);
    if !(0..=2).contains(&whence) {
        return Err(cx.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)")));
    }
    let given = [Value::Native(id), Value::Int(target), Value::Int(whence as i64)];
    launch(cx, NativeFrame::new(step(6), &given))
}

pub(super) fn seek_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    if frame.step == 0 {
        while !state(cx, id).write.is_empty() {
            write_out(cx, frame, id)?;
        }
        if frame.values[2] == Value::Int(1) {
            let n_unread = unread(cx, id) as i64;
            frame.values[1] = Value::Int(frame.values[1].as_int().unwrap_or_default() - n_unread);
        }
        frame.step = 1;
    }
    let place = lower(cx, frame, id, names::SEEK, &[frame.values[1], frame.values[2]])?;
    let file = state(cx, id);
    file.read.clear();
    file.read_pos = 0;
    Ok(place)
}

pub(super) fn buffered_tell(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    check_open(cx, id, "tell of")?;
    launch(cx, NativeFrame::new(step(7), &[Value::Native(id)]))
}

pub(super) fn tell_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    let place = lower(cx, frame, id, names::TELL, &[])?;
    let n_unread = unread(cx, id) as i64;
    let n_pending = state(cx, id).write.len() as i64;
    Ok(Value::Int(place.as_int().unwrap_or_default() - n_unread + n_pending))
}

pub(super) fn buffered_truncate(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    check_open(cx, id, "truncate of")?;
    if !state(cx, id).can_write {
        return Err(unsupported(cx, "truncate"));
    }
    let size = args[1].given().unwrap_or(Value::None);
    launch(cx, NativeFrame::new(step(8), &[Value::Native(id), size]))
}

pub(super) fn truncate_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    if frame.step == 0 {
        while !state(cx, id).write.is_empty() {
            write_out(cx, frame, id)?;
        }
        give_back(cx, frame, id)?;
        frame.step = 1;
    }
    if frame.step == 1 {
        if frame.values[1].is_none() {
            frame.values[1] = lower(cx, frame, id, names::TELL, &[])?;
        }
        frame.step = 2;
    }
    lower(cx, frame, id, names::TRUNCATE, &[frame.values[1]])
}
