//! Reading through a buffer.

use super::write::write_out;
use super::{check_open, id_of, lower, state, step};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::bytes::buffer;
use crate::types::file::argument::{self, unsupported};
use crate::types::file::{BUFFER_SIZE, FileIo};
use crate::types::{bytearray, classes, memoryview, method_call};
use crate::value::native_object::Boxed;
use crate::value::{Id, NativeFrame, Value};

/// Reads once more from the raw file, after what is unread; the number of bytes, None if nothing is there yet.
pub(super) fn fill(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Boxed>, size: usize) -> Result<Option<usize>, Ask> {
    let count = lower_read(cx, frame, id, size)?;
    let Some(data) = count else { return Ok(None) };
    let n_bytes = data.len();
    cx.heap.reserve_for(n_bytes, cx.heap.natives.is_old(id))?;
    let file = state(cx, id);
    if file.read_pos == file.read.len() {
        file.read.clear();
        file.read_pos = 0;
    }
    file.read.extend_from_slice(&data);
    Ok(Some(n_bytes))
}

pub(super) fn lower_read(
    cx: &mut Cx,
    frame: &mut NativeFrame,
    id: Id<Boxed>,
    size: usize,
) -> Result<Option<Vec<u8>>, Ask> {
    let raw = state(cx, id).raw;
    let is_ours = matches!(raw, Value::Native(raw) if cx.heap.native::<FileIo>(raw).is_some());
    if is_ours {
        let data = lower(cx, frame, id, names::READ, &[Value::Int(size as i64)])?;
        return Ok(buffer::data_of(cx, data).map(<[u8]>::to_vec));
    }
    // A raw file of the script fills a buffer; it is the last value of the frame while it does.
    let scratch = match frame.told {
        crate::value::Told::Start => {
            let scratch = bytearray::new(cx, vec![0; size]);
            frame.values.push(scratch);
            scratch
        }
        _ => *frame.values.last().expect("it was pushed before"),
    };
    let count = match lower(cx, frame, id, names::READINTO, &[scratch]) {
        Err(ask) if ask.is_question() => return Err(ask),
        answer => {
            frame.values.pop();
            answer?
        }
    };
    match cx.exact(count) {
        Value::None => Ok(None),
        Value::Int(count @ 0..) if count as usize <= size => {
            let data = buffer::data_of(cx, scratch).unwrap_or_default();
            Ok(Some(data[..(count as usize).min(data.len())].to_vec()))
        }
        _ => {
            let message = "raw readinto() returned invalid length (should have been between 0 and the size)";
            Err(cx.raise(classes::OS_ERROR, message))
        }
    }
}

/// Takes bytes that are in the buffer.
pub(super) fn take(cx: &mut Cx, id: Id<Boxed>, len: usize) -> Outcome {
    let file = state(cx, id);
    let data = if file.read_pos == 0 && len == file.read.len() && len > BUFFER_SIZE {
        std::mem::take(&mut file.read)
    } else {
        let data = file.read[file.read_pos..file.read_pos + len].to_vec();
        file.read_pos += len;
        data
    };
    Ok(cx.heap.new_bytes(data))
}

pub(super) fn unread(cx: &mut Cx, id: Id<Boxed>) -> usize {
    let file = state(cx, id);
    file.read.len() - file.read_pos
}

/// What is kept back is written before anything is read.
pub(super) fn ready_to_read(cx: &mut Cx, frame: &mut NativeFrame, id: Id<Boxed>) -> Result<(), Ask> {
    if !state(cx, id).can_read {
        return Err(unsupported(cx, "read"));
    }
    while !state(cx, id).write.is_empty() {
        write_out(cx, frame, id)?;
    }
    Ok(())
}

pub(super) fn buffered_read(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    let size = argument::size(cx, args[1])?;
    if let Value::Int(given) = args[1]
        && given < -1
    {
        return Err(cx.value_error("read length must be non-negative or -1"));
    }
    check_open(cx, id, "read of")?;
    let size = size.map_or(Value::None, |size| Value::Int(size as i64));
    launch(cx, NativeFrame::new(step(0), &[Value::Native(id), size]))
}

pub(super) fn read_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    ready_to_read(cx, frame, id)?;
    let wanted = frame.values[1].as_int().map(|size| size as usize);
    loop {
        let n_unread = unread(cx, id);
        if wanted.is_some_and(|wanted| n_unread >= wanted) {
            return take(cx, id, wanted.unwrap_or(n_unread));
        }
        let size = match wanted {
            Some(wanted) => (wanted - n_unread).max(state(cx, id).size),
            None => n_unread.max(1 << 16),
        };
        match fill(cx, frame, id, size)? {
            Some(0) => return take(cx, id, n_unread),
            None if n_unread == 0 => return Ok(Value::None),
            None => return take(cx, id, n_unread),
            Some(_) => {}
        }
    }
}

pub(super) fn buffered_read1(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    check_open(cx, id, "read of")?;
    let size = argument::size(cx, args[1])?;
    let size = size.unwrap_or(state(cx, id).size);
    launch(cx, NativeFrame::new(step(1), &[Value::Native(id), Value::Int(size as i64)]))
}

pub(super) fn read1_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    ready_to_read(cx, frame, id)?;
    let wanted = frame.values[1].as_int().unwrap_or_default() as usize;
    if unread(cx, id) == 0 && wanted > 0 {
        let size = wanted.max(state(cx, id).size);
        fill(cx, frame, id, size)?;
    }
    let len = unread(cx, id).min(wanted);
    take(cx, id, len)
}

pub(super) fn buffered_peek(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    check_open(cx, id, "peek of")?;
    launch(cx, NativeFrame::new(step(10), &[Value::Native(id)]))
}

pub(super) fn peek_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    ready_to_read(cx, frame, id)?;
    if unread(cx, id) == 0 {
        let size = state(cx, id).size;
        fill(cx, frame, id, size)?;
    }
    let file = state(cx, id);
    let data = file.read[file.read_pos..].to_vec();
    Ok(cx.heap.new_bytes(data))
}

pub(super) fn buffered_readinto(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    check_open(cx, id, "readinto of")?;
    memoryview::writable_len(cx, args[1], "readinto")?;
    launch(cx, NativeFrame::new(step(11), &[Value::Native(id), args[1]]))
}

pub(super) fn readinto_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    ready_to_read(cx, frame, id)?;
    let target = frame.values[1];
    let room = memoryview::writable_len(cx, target, "readinto")?;
    while unread(cx, id) < room {
        let size = (room - unread(cx, id)).max(state(cx, id).size);
        if fill(cx, frame, id, size)?.unwrap_or(0) == 0 {
            break;
        }
    }
    let len = unread(cx, id).min(room);
    let file = state(cx, id);
    let data = file.read[file.read_pos..file.read_pos + len].to_vec();
    file.read_pos += len;
    memoryview::write_front(cx, target, &data);
    Ok(Value::Int(len as i64))
}

pub(super) fn buffered_readline(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = id_of(cx, args[0])?;
    check_open(cx, id, "readline of")?;
    let size = argument::size(cx, args[1])?.map_or(Value::None, |size| Value::Int(size as i64));
    launch(cx, NativeFrame::new(step(2), &[Value::Native(id), size]))
}

pub(super) fn readline_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = id_of(cx, frame.values[0])?;
    ready_to_read(cx, frame, id)?;
    let limit = frame.values[1].as_int().map(|size| size as usize);
    loop {
        let file = state(cx, id);
        let rest = &file.read[file.read_pos..];
        let len = argument::line_len(rest, limit);
        let is_whole = len > 0 && rest[len - 1] == b'\n' || limit.is_some_and(|limit| len >= limit);
        if is_whole {
            return take(cx, id, len);
        }
        let size = file.size;
        if fill(cx, frame, id, size)?.unwrap_or(0) == 0 {
            return take(cx, id, len);
        }
    }
}

pub(super) fn buffered_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let this @ Value::Native(_) = args[0] {
        let id = id_of(cx, this)?;
        check_open(cx, id, "readline of")?;
    }
    launch(cx, NativeFrame::new(step(9), &[args[0], Value::None]))
}

pub(super) fn next_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let line = match frame.values[0] {
        Value::Native(_) => readline_step(cx, frame)?,
        this => method_call::answered(cx, frame, this, names::READLINE, &[])?,
    };
    if buffer::data_of(cx, line).is_some_and(<[u8]>::is_empty) { Err(Ask::End) } else { Ok(line) }
}
