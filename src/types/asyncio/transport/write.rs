//! Writing: at once what the socket takes, the rest when it is writable, and telling the protocol when it is too much.

use super::super::stream::protocol;
use super::{PAUSE, RESUME, Transport, Way, ask_method, end, of, of_mut, watch_writes};
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::bytes::buffer;
use crate::types::os_error;
use crate::value::native_object::Boxed;
use crate::value::{Id, NativeFrame, Told, Value};

/// From so many writes on a lost connection on, a warning is logged.
const LOG_THRESHOLD: u32 = 5;

/// `transport.write(data)`; gives None.
pub fn write(cx: &mut Cx, id: Id<Boxed>, data: Value) -> Outcome {
    let &Transport { fd, is_eof, n_lost, .. } = of(cx, id);
    let Some(bytes) = buffer::data_of(cx, data) else { return write_rarely(cx, id, data) };
    if is_eof {
        return Err(cx.runtime_error("Cannot call write() after write_eof()"));
    }
    if bytes.is_empty() {
        return Ok(Value::None);
    }
    if n_lost > 0 {
        return write_lost(cx, id);
    }
    let length = bytes.len();
    let mut sent = 0;
    if of(cx, id).waiting() == 0 {
        match cx.host.send(fd, bytes, 0) {
            Ok(count) if count == length => return Ok(Value::None),
            Ok(count) => sent = count,
            Err(error) if error.would_block() => {}
            Err(error) => {
                let exc = super::raised(os_error::raise(cx, &error))?;
                return end::fatal_error(cx, id, exc, "Fatal write error on socket transport");
            }
        }
        watch_writes(cx, id, true)?;
    }
    let rest = buffer::data_of(cx, data).and_then(|bytes| bytes.get(sent..)).unwrap_or_default().to_vec();
    cx.heap.charge(rest.len());
    let transport = of_mut(cx, id);
    if transport.sent == transport.buffer.len() {
        transport.buffer = rest;
        transport.sent = 0;
    } else {
        transport.buffer.extend_from_slice(&rest);
    }
    pause_if_full(cx, id)
}

/// A view whose bytes do not stand side by side, or something that is no buffer.
fn write_rarely(cx: &mut Cx, id: Id<Boxed>, data: Value) -> Outcome {
    if !buffer::is_buffer(cx, data) {
        let class = cx.class_name(data);
        return Err(cx.type_error(format!("data argument must be a bytes-like object, not '{class}'")));
    }
    let bytes = buffer::require(cx, data)?;
    let data = cx.heap.new_bytes(bytes);
    write(cx, id, data)
}

fn write_lost(cx: &mut Cx, id: Id<Boxed>) -> Outcome {
    let transport = of_mut(cx, id);
    transport.n_lost += 1;
    if transport.n_lost > LOG_THRESHOLD {
        return Err(super::super::ask_library(cx, "asyncio.selector_events", "_write_lost", &[]));
    }
    Ok(Value::None)
}

/// Tells the protocol if more waits than it likes.
pub fn pause_if_full(cx: &mut Cx, id: Id<Boxed>) -> Outcome {
    let transport = of_mut(cx, id);
    if transport.waiting() <= transport.high || transport.is_protocol_paused {
        return Ok(Value::None);
    }
    transport.is_protocol_paused = true;
    if let Way::Stream(stream) = transport.way {
        protocol::pause(cx, stream);
        return Ok(Value::None);
    }
    Err(cx.ask_push(NativeFrame::new(PAUSE, &[Value::Native(id)])))
}

fn own(frame: &NativeFrame) -> Id<Boxed> {
    match frame.values[0] {
        Value::Native(id) => id,
        _ => crate::bug!("a step of a transport has it"),
    }
}

/// values: the transport.
pub fn pause(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    call_flow(cx, frame, names::PAUSE_WRITING, "protocol.pause_writing() failed")
}

/// Calls a method of flow control; what it raises goes to the loop's handler. Ends with None.
fn call_flow(cx: &mut Cx, frame: &mut NativeFrame, method: crate::value::Name, message: &str) -> Outcome {
    match frame.step {
        0 => {
            frame.step = 1;
            let protocol = of(cx, own(frame)).protocol;
            Err(ask_method(cx, protocol, method, &[]))
        }
        1 => {
            frame.step = 2;
            let Told::Raised(exc) = frame.told else { return Ok(Value::None) };
            use crate::types::classes;
            if cx.is_exception(exc, classes::SYSTEM_EXIT) || cx.is_exception(exc, classes::KEYBOARD_INTERRUPT) {
                return Err(Ask::Raise(exc));
            }
            Err(end::report(cx, own(frame), exc, message))
        }
        _ => frame.told.into_outcome().map(|_| Value::None),
    }
}

/// The entry of a writable socket.
pub fn write_ready(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Native(id) = args[0] else { crate::bug!("an entry of a transport has it") };
    let transport = of(cx, id);
    if transport.n_lost > 0 || !transport.writes || transport.waiting() == 0 {
        return Ok(Value::None);
    }
    match cx.host.send(transport.fd, &transport.buffer[transport.sent..], 0) {
        Ok(count) => {
            let transport = of_mut(cx, id);
            transport.sent += count;
            if transport.sent == transport.buffer.len() {
                transport.buffer = Vec::new();
                transport.sent = 0;
            } else if transport.sent > transport.buffer.len() / 2 {
                transport.buffer.drain(..transport.sent);
                transport.sent = 0;
            }
            after_write(cx, id)
        }
        Err(error) if error.would_block() => Ok(Value::None),
        Err(error) => {
            let exc = super::raised(os_error::raise(cx, &error))?;
            watch_writes(cx, id, false)?;
            let transport = of_mut(cx, id);
            transport.buffer = Vec::new();
            transport.sent = 0;
            end::fatal_error(cx, id, exc, "Fatal write error on socket transport")
        }
    }
}

fn after_write(cx: &mut Cx, id: Id<Boxed>) -> Outcome {
    let transport = of_mut(cx, id);
    if transport.is_protocol_paused && transport.waiting() <= transport.low {
        transport.is_protocol_paused = false;
        if let Way::Stream(stream) = transport.way {
            protocol::resume(cx, stream)?;
        } else {
            cx.fiber.context = of(cx, id).context;
            return Err(cx.ask_push(NativeFrame::new(RESUME, &[Value::Native(id)])));
        }
    }
    when_empty(cx, id)
}

/// values: the transport.
pub fn resume(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 3 {
        return frame.told.into_outcome().map(|_| Value::None);
    }
    call_flow(cx, frame, names::RESUME_WRITING, "protocol.resume_writing() failed")?;
    frame.step = 3;
    when_empty(cx, own(frame))
}

/// Everything is sent: what waited for that happens.
fn when_empty(cx: &mut Cx, id: Id<Boxed>) -> Outcome {
    if of(cx, id).waiting() > 0 {
        return Ok(Value::None);
    }
    watch_writes(cx, id, false)?;
    let transport = of(cx, id);
    if transport.is_closing {
        return Err(end::ask_lost(cx, id));
    }
    if transport.is_eof {
        // The peer may be gone already, which is told elsewhere.
        let _ = cx.host.shutdown(transport.fd, crate::host::constant::SHUT_WR);
    }
    Ok(Value::None)
}

/// `transport.write_eof()`
pub fn write_eof(cx: &mut Cx, id: Id<Boxed>) -> Outcome {
    let transport = of_mut(cx, id);
    if transport.is_closing || transport.is_eof {
        return Ok(Value::None);
    }
    transport.is_eof = true;
    if transport.waiting() == 0 {
        let fd = transport.fd;
        if let Err(error) = cx.host.shutdown(fd, crate::host::constant::SHUT_WR) {
            return Err(os_error::raise(cx, &error));
        }
    }
    Ok(Value::None)
}
