//! Writing through a buffer.

use super::read::unread;
use super::{check_open, id_of, is_closed, lower, state, step};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::bytes::buffer;
use crate::types::classes;
use crate::types::file::{FileIo, Way, native_id, raw};
use crate::value::native_object::Boxed;
use crate::value::{Id, NativeFrame, Value};

pub(super) fn buffered_write(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    check_open(cx, id, "write to")?;
    let Some(len) = buffer::bytes_of(cx, args[1]).map(|data| data.len()) else {
        return Err(buffer::not_bytes_like(cx, args[1]));
    };
    // The frequent case: it fits, and nothing is to be done first.
    let is_free = unread(cx, id) == 0;
    let file = state(cx, id);
    if is_free && file.write.len() + len <= file.size {
        let data = buffer::require(cx, args[1])?;
        append(cx, id, &data)?;
        return Ok(Value::Int(len as i64));
    }
    launch(cx, NativeFrame::new(step(3), &[Value::Native(id), args[1]]))
}

/// Keeps bytes back.
pub(super) fn append(cx: &mut Cx, id: Id<Boxed>, data: &[u8]) -> Result<(), Ask> {
    cx.heap.reserve_for(data.len(), cx.heap.natives.is_old(id))?;
    let file = state(cx, id);
    if file.write.is_empty() {
        cx.unflushed.push(id);
    }
    state(cx, id).write.extend_from_slice(data);
    Ok(())
}

/// Steps: what was read ahead is given back; the bytes are appended; then what is too much goes out.
pub(super) fn write_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    if frame.step == 0 {
        give_back(cx, frame, id)?;
        let data = buffer::require(cx, frame.values[1])?;
        append(cx, id, &data)?;
        frame.values[1] = Value::Int(data.len() as i64);
        frame.step = 1;
    }
    let size = state(cx, id).size;
    while state(cx, id).write.len() > size {
        write_out(cx, frame, id)?;
    }
    Ok(frame.values[1])
}

/// The position of the raw file goes back to where the script thinks it is.
pub(super) fn give_back(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Boxed>) -> Result<(), Ask> {
    let n_unread = unread(cx, id);
    if n_unread > 0 {
        lower(cx, frame, id, names::SEEK, &[Value::Int(-(n_unread as i64)), Value::Int(1)])?;
    }
    let file = state(cx, id);
    file.read.clear();
    file.read_pos = 0;
    Ok(())
}

/// Writes what is kept back to the raw file, in one call.
pub(super) fn write_out(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Boxed>) -> Result<(), Ask> {
    let raw = state(cx, id).raw;
    let count = match raw {
        Value::Native(raw_id) if cx.heap.native::<FileIo>(raw_id).is_some() => {
            match std::mem::take(&mut frame.told) {
                crate::value::Told::Start => {
                    let data = std::mem::take(&mut state(cx, id).write);
                    let count = raw::write(cx, raw_id, &data);
                    state(cx, id).write = data;
                    match count {
                        // The stream has taken all, and is waited for.
                        Err(ask) if ask.is_question() => return Err(ask),
                        count => count?,
                    }
                }
                told => told.into_outcome()?,
            }
        }
        _ => {
            let data = match frame.told {
                crate::value::Told::Start => {
                    let data = state(cx, id).write.clone();
                    cx.heap.new_bytes(data)
                }
                _ => Value::Undef,
            };
            lower(cx, frame, id, names::WRITE, &[data])?
        }
    };
    let n_pending = state(cx, id).write.len();
    let count = match cx.exact(count) {
        Value::Int(count @ 0..) if count as usize <= n_pending => count as usize,
        Value::None => return Err(cx.raise(classes::BLOCKING_IO_ERROR, "write could not complete without blocking")),
        _ => return Err(cx.raise(classes::OS_ERROR, "raw write() returned invalid length")),
    };
    state(cx, id).write.drain(..count);
    if state(cx, id).write.is_empty() {
        cx.unflushed.retain(|&other| other != id);
    }
    Ok(())
}

pub(super) fn buffered_flush(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    check_open(cx, id, "flush of")?;
    launch(cx, NativeFrame::new(step(4), &[Value::Native(id)]))
}

pub(super) fn flush_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    if frame.step == 0 {
        while !state(cx, id).write.is_empty() {
            write_out(cx, frame, id)?;
        }
        frame.step = 1;
    }
    if state(cx, id).can_write {
        lower(cx, frame, id, names::FLUSH, &[])?;
    }
    Ok(Value::None)
}

pub(super) fn buffered_close(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(id) = native_id(cx, args[0]) else { return Ok(Value::None) };
    if state(cx, id).raw.is_undef() || is_closed(cx, id) {
        return Ok(Value::None);
    }
    launch(cx, NativeFrame::new(step(5), &[Value::Native(id), Value::Undef]))
}

/// An error of flushing is raised when the raw file is closed.
pub(super) fn close_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    if frame.step == 0 {
        while !state(cx, id).write.is_empty() {
            match write_out(cx, frame, id) {
                Ok(()) => {}
                Err(Ask::Raise(exc)) => {
                    frame.values[1] = Value::Exc(exc);
                    state(cx, id).write.clear();
                    cx.unflushed.retain(|&other| other != id);
                }
                Err(ask) => return Err(ask),
            }
        }
        frame.step = 1;
    }
    lower(cx, frame, id, names::CLOSE, &[])?;
    match frame.values[1] {
        Value::Exc(exc) => Err(Ask::Raise(exc)),
        _ => Ok(Value::None),
    }
}

pub(super) fn buffered_detach(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    flush_now(cx, id)?;
    Ok(std::mem::take(&mut state(cx, id).raw))
}

/// Writes what is kept back at once, if the file below is one of ours.
pub fn flush_now(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    let Value::Native(raw_id) = state(cx, id).raw else { return Ok(()) };
    while !state(cx, id).write.is_empty() {
        let Some(way) = cx.heap.native::<FileIo>(raw_id).map(|file| file.way) else { return Ok(()) };
        let data = std::mem::take(&mut state(cx, id).write);
        let result = match way {
            Way::File(fd) => cx.host.write(fd, &data),
            Way::Output(stream) => cx.host.write_stream(stream, &data).map(|_| data.len()),
            Way::Closed | Way::Input => Ok(data.len()),
        };
        let count = match result {
            Ok(count) => count,
            Err(error) => return Err(crate::types::os_error::raise(cx, &error)),
        };
        state(cx, id).write = data[count..].to_vec();
    }
    cx.unflushed.retain(|&other| other != id);
    Ok(())
}
