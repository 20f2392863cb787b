//! How a transport ends: closed, aborted, or by an error. The protocol hears of it once.

use super::super::stream::protocol;
use super::{LOST, Transport, Way, ask_method, of, of_mut, soon, watch_reads, watch_writes};
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::classes;
use crate::value::native_object::Boxed;
use crate::value::{Exc, Id, NativeFrame, Value};

/// `transport.close()`: what waits is still sent.
pub fn close(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    let transport = of_mut(cx, id);
    if transport.is_closing {
        return Ok(());
    }
    transport.is_closing = true;
    let is_empty = transport.waiting() == 0;
    watch_reads(cx, id, false)?;
    if is_empty {
        of_mut(cx, id).n_lost += 1;
        watch_writes(cx, id, false)?;
        soon(cx, id, LOST)?;
    }
    Ok(())
}

/// `transport.abort()`, or the end by an error: what waits is thrown away.
pub fn force_close(cx: &mut Cx, id: Id<Boxed>, exc: Value) -> Result<(), Ask> {
    let transport = of_mut(cx, id);
    if transport.n_lost > 0 {
        return Ok(());
    }
    transport.buffer = Vec::new();
    transport.sent = 0;
    transport.is_closing = true;
    transport.n_lost += 1;
    transport.lost_with = exc;
    watch_writes(cx, id, false)?;
    watch_reads(cx, id, false)?;
    soon(cx, id, LOST)
}

/// An error that ends the connection; one that is no OSError is reported.
pub fn fatal_error(cx: &mut Cx, id: Id<Boxed>, exc: Id<Exc>, message: &str) -> Outcome {
    force_close(cx, id, Value::Exc(exc))?;
    if cx.is_exception(exc, classes::OS_ERROR) {
        return Ok(Value::None);
    }
    Err(report(cx, id, exc, message))
}

/// Hands an exception to the loop's handler.
pub fn report(cx: &mut Cx, id: Id<Boxed>, exc: Id<Exc>, message: &str) -> Ask {
    let Transport { shown_loop, protocol, .. } = *of(cx, id);
    let message = cx.str(message);
    let args = [shown_loop, message, Value::Exc(exc), Value::Native(id), protocol];
    super::super::ask_library(cx, "asyncio.selector_events", "_report", &args)
}

/// Asks for the end right now.
pub fn ask_lost(cx: &mut Cx, id: Id<Boxed>) -> Ask {
    cx.ask_push(NativeFrame::new(LOST, &[Value::Native(id)]))
}

/// `protocol.connection_lost(exc)`, then the socket is closed. values: the transport; later what was raised.
pub fn lost(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Native(id) = frame.values[0] else { crate::bug!("an entry of a transport has it") };
    if frame.step == 0 {
        frame.step = 1;
        let transport = of_mut(cx, id);
        transport.n_lost = transport.n_lost.max(1);
        let &mut Transport { protocol, way, lost_with, context, .. } = transport;
        if let Way::Stream(stream) = way {
            protocol::lost(cx, stream, lost_with)?;
        } else if !protocol.is_none() {
            cx.fiber.context = context;
            return Err(ask_method(cx, protocol, names::CONNECTION_LOST, &[lost_with]));
        }
    }
    if frame.step == 1 {
        frame.step = 2;
        let outcome = std::mem::take(&mut frame.told).into_outcome();
        frame.values.push(match outcome {
            Err(Ask::Raise(exc)) => Value::Exc(exc),
            _ => Value::None,
        });
        let server = release(cx, id);
        if !server.is_none() {
            let name = cx.name("_detach");
            return Err(ask_method(cx, server, name, &[Value::Native(id)]));
        }
    }
    if frame.step == 2 {
        std::mem::take(&mut frame.told).into_outcome()?;
    }
    match frame.values[1] {
        Value::Exc(exc) => Err(Ask::Raise(exc)),
        _ => Ok(Value::None),
    }
}

/// The socket is closed, and everything is let go; gives the server.
fn release(cx: &mut Cx, id: Id<Boxed>) -> Value {
    let transport = of_mut(cx, id);
    let fd = transport.fd;
    let socket = std::mem::replace(&mut transport.socket, Value::None);
    transport.protocol = Value::None;
    transport.way = Way::Data;
    transport.shown_loop = Value::None;
    let server = std::mem::replace(&mut transport.server, Value::None);
    // The descriptor may be the script's again, by `detach`.
    if let Some(socket_id) = crate::types::socket::socket_id(cx, socket)
        && let Some(state) = cx.heap.native_mut::<crate::types::socket::Socket>(socket_id)
        && state.fd.take() == Some(fd)
    {
        // Nobody is there to hear of a failure.
        let _ = cx.host.close(fd);
    }
    if let Value::Inst(_) = socket {
        let closed = cx.name("_closed");
        let _ = crate::types::attribute::set(cx, socket, closed, Value::Bool(true));
    }
    server
}
