//! What a transport does when its socket is readable: one receive per event.

use super::super::stream::{protocol, reader};
use super::{DELIVER, END_OF_STREAM, FILL, Transport, Way, ask_method, end, of, of_mut, transport_id, watch_reads};
use crate::call::{Ask, Cx, Outcome, names};
use crate::host::HostError;
use crate::types::{memoryview, os_error};
use crate::value::native_object::Boxed;
use crate::value::{Id, NativeFrame, Told, Value};

/// At most so much is received at once.
const MAX_SIZE: usize = 256 * 1024;

fn own(args: &[Value]) -> Id<Boxed> {
    match args[0] {
        Value::Native(id) => id,
        _ => crate::bug!("an entry of a transport has it"),
    }
}

/// `loop.call_soon(protocol.connection_made, transport)`
pub fn made(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = own(args);
    let Transport { protocol, way, context, .. } = *of(cx, id);
    if let Way::Stream(stream) = way
        && protocol::made_quickly(cx, stream, args[0])?
    {
        return Ok(Value::None);
    }
    cx.fiber.context = context;
    Err(ask_method(cx, protocol, names::CONNECTION_MADE, &[args[0]]))
}

/// `loop.call_soon(transport._add_reader, …)`
pub fn add_reader(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = own(args);
    let transport = of(cx, id);
    if !transport.is_closing && !transport.is_paused {
        watch_reads(cx, id, true)?;
    }
    Ok(Value::None)
}

/// The entry of a readable socket.
pub fn read_ready(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = own(args);
    let &Transport { fd, way, n_lost, reads, context, .. } = of(cx, id);
    if n_lost > 0 || !reads {
        return Ok(Value::None);
    }
    if let Way::Buffer = way {
        cx.fiber.context = context;
        return Err(cx.ask_push(NativeFrame::new(FILL, args)));
    }
    let Cx { host, heap, .. } = cx;
    match host.receive(fd, MAX_SIZE) {
        Ok([]) => at_end(cx, id),
        Ok(data) => match way {
            Way::Stream(stream) => {
                let Some(reader) = protocol::reader_in(heap, stream) else { return Ok(Value::None) };
                reader::append(heap, reader, data);
                reader::after_feed(cx, reader)?;
                Ok(Value::None)
            }
            Way::Data | Way::Buffer => {
                let data = data.to_vec();
                let data = heap.new_bytes(data);
                cx.fiber.context = context;
                Err(cx.ask_push(NativeFrame::new(DELIVER, &[args[0], data])))
            }
        },
        Err(error) => failed(cx, id, &error),
    }
}

fn failed(cx: &mut Cx, id: Id<Boxed>, error: &HostError) -> Outcome {
    if error.would_block() {
        return Ok(Value::None);
    }
    let exc = super::raised(os_error::raise(cx, error))?;
    end::fatal_error(cx, id, exc, "Fatal read error on socket transport")
}

fn at_end(cx: &mut Cx, id: Id<Boxed>) -> Outcome {
    let &Transport { way, context, .. } = of(cx, id);
    if let Way::Stream(stream) = way {
        protocol::end_of_stream(cx, stream)?;
        watch_reads(cx, id, false)?;
        return Ok(Value::None);
    }
    cx.fiber.context = context;
    Err(cx.ask_push(NativeFrame::new(END_OF_STREAM, &[Value::Native(id)])))
}

/// The exception of a protocol's method: fatal, unless it ends the program.
pub fn protocol_failed(cx: &mut Cx, frame: &NativeFrame, exc: Id<crate::value::Exc>, message: &str) -> Outcome {
    use crate::types::classes;
    if cx.is_exception(exc, classes::SYSTEM_EXIT) || cx.is_exception(exc, classes::KEYBOARD_INTERRUPT) {
        return Err(Ask::Raise(exc));
    }
    let Some(id) = transport_id(cx, frame.values[0]) else { return Ok(Value::None) };
    end::fatal_error(cx, id, exc, message)
}

/// values: the transport, the data.
pub fn deliver(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let protocol = of(cx, own(&frame.values)).protocol;
        let data = frame.values[1];
        return Err(ask_method(cx, protocol, names::DATA_RECEIVED, &[data]));
    }
    match frame.told {
        Told::Raised(exc) if frame.step == 1 => {
            frame.step = 2;
            protocol_failed(cx, frame, exc, "Fatal error: protocol.data_received() call failed.")
        }
        Told::Raised(exc) => Err(Ask::Raise(exc)),
        Told::Start | Told::End | Told::Value(_) | Told::Returned(_) => Ok(Value::None),
    }
}

/// values: the transport.
pub fn end_of_stream(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = own(&frame.values);
    match frame.step {
        0 => {
            frame.step = 1;
            let protocol = of(cx, id).protocol;
            Err(ask_method(cx, protocol, names::EOF_RECEIVED, &[]))
        }
        1 => {
            let keeps_open = match frame.told {
                Told::Raised(exc) => {
                    frame.step = 2;
                    return protocol_failed(cx, frame, exc, "Fatal error: protocol.eof_received() call failed.");
                }
                told => told.into_outcome()?,
            };
            if crate::types::protocol::quick_truth(cx, keeps_open).unwrap_or(true) {
                watch_reads(cx, id, false)?;
                return Ok(Value::None);
            }
            end::close(cx, id)?;
            Ok(Value::None)
        }
        _ => frame.told.into_outcome().map(|_| Value::None),
    }
}

/// For buffered protocols. values: the transport; then the buffer.
pub fn fill(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = own(&frame.values);
    let &Transport { fd, protocol, .. } = of(cx, id);
    match frame.step {
        0 => {
            frame.step = 1;
            Err(ask_method(cx, protocol, names::GET_BUFFER, &[Value::Int(-1)]))
        }
        1 => {
            let failure = "Fatal error: protocol.get_buffer() call failed.";
            let target = match frame.told {
                Told::Raised(exc) => {
                    frame.step = 3;
                    return protocol_failed(cx, frame, exc, failure);
                }
                told => told.into_outcome()?,
            };
            let room = match memoryview::writable_len(cx, target, "get_buffer") {
                Ok(0) => Err(cx.runtime_error("get_buffer() returned an empty buffer")),
                result => result,
            };
            let room = match room {
                Ok(room) => room,
                Err(ask) => {
                    frame.step = 3;
                    let exc = super::raised(ask)?;
                    return protocol_failed(cx, frame, exc, failure);
                }
            };
            frame.step = 3;
            let data = match cx.host.receive(fd, room.min(MAX_SIZE)) {
                Ok([]) => return at_end(cx, id),
                Ok(data) => data.to_vec(),
                Err(error) => return failed(cx, id, &error),
            };
            memoryview::write_front(cx, target, &data);
            frame.step = 2;
            Err(ask_method(cx, protocol, names::BUFFER_UPDATED, &[Value::Int(data.len() as i64)]))
        }
        2 => {
            frame.step = 3;
            match frame.told {
                Told::Raised(exc) => {
                    protocol_failed(cx, frame, exc, "Fatal error: protocol.buffer_updated() call failed.")
                }
                _ => Ok(Value::None),
            }
        }
        _ => frame.told.into_outcome().map(|_| Value::None),
    }
}

/// `transport.pause_reading()`
pub fn pause_reading(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    let transport = of_mut(cx, id);
    if transport.is_closing || transport.is_paused {
        return Ok(());
    }
    transport.is_paused = true;
    watch_reads(cx, id, false)
}

/// `transport.resume_reading()`
pub fn resume_reading(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    let transport = of_mut(cx, id);
    if transport.is_closing || !transport.is_paused {
        return Ok(());
    }
    transport.is_paused = false;
    watch_reads(cx, id, true)
}
