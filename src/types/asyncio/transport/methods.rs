//! The rows of transports: the abstract classes, and the one over a socket.

use super::super::{float_of, repr, schedule};
use super::{ADD_READER, MADE, Transport, Way, end, of, of_mut, read, transport_id, way_to, write};
use crate::call::{Ask, Cx, Outcome};
use crate::types::bytes::buffer;
use crate::types::{attribute, classes, context, drive, socket};
use crate::value::event_loop::Entry;
use crate::value::native_object::Boxed;
use crate::value::{FutureRef, Id, Value};

crate::natives! {
    /// The rows of `asyncio.BaseTransport`.
    pub static BASE_TRANSPORT = [
        new "__new__(cls, *args, **kwargs)" => super::super::abstract_loop::abstract_new, "Create and return a new object.";
        special "__init__(self, extra=None)" => abstract_init, "Initialize self.";
        method "get_extra_info(self, name, default=None)" => abstract_info, "Get optional transport information.";
        method "is_closing(self)" => abstract_method, "Return True if the transport is closing or closed.";
        method "close(self)" => abstract_method, "Close the transport.";
        method "set_protocol(self, protocol)" => abstract_method, "Set a new protocol.";
        method "get_protocol(self)" => abstract_method, "Return the current protocol.";
    ]
}

crate::natives! {
    /// The rows of `asyncio.ReadTransport`.
    pub static READ_TRANSPORT = [
        method "is_reading(self)" => abstract_method, "Return True if the transport is receiving.";
        method "pause_reading(self)" => abstract_method, "Pause the receiving end.";
        method "resume_reading(self)" => abstract_method, "Resume the receiving end.";
    ]
}

crate::natives! {
    /// The rows of `asyncio.WriteTransport`.
    pub static WRITE_TRANSPORT = [
        method "set_write_buffer_limits(self, high=None, low=None)" => abstract_method, "Set the high- and low-water limits for write flow control.";
        method "get_write_buffer_size(self)" => abstract_method, "Return the current size of the write buffer.";
        method "get_write_buffer_limits(self)" => abstract_method, "Get the high and low watermarks for write flow control.";
        method "write(self, data)" => abstract_method, "Write some data bytes to the transport.";
        method "writelines(self, list_of_data)" => abstract_lines, "Write a list (or any iterable) of data bytes to the transport.";
        method "write_eof(self)" => abstract_method, "Close the write end after flushing buffered data.";
        method "can_write_eof(self)" => abstract_method, "Return True if this transport supports write_eof(), False if not.";
        method "abort(self)" => abstract_method, "Close the transport immediately.";
    ]
}

crate::natives! {
    /// The rows of `_SelectorSocketTransport`.
    pub static SOCKET_TRANSPORT = [
        new "__new__(cls, loop, sock, protocol, waiter=None, extra=None, server=None)" => transport_new, "A transport over a connected socket.";
        special "__init__(self, *args, **kwargs)" => nothing, "Initialize self.";
        special "__repr__(self, /)" => transport_repr, "Return repr(self).";
        method "write(self, data)" => transport_write, "Write some data bytes to the transport.";
        method "writelines(self, list_of_data: list)" => transport_lines, "Write a list (or any iterable) of data bytes to the transport.";
        method "write_eof(self)" => transport_eof, "Close the write end after flushing buffered data.";
        method "can_write_eof(self)" => always, "Return True if this transport supports write_eof(), False if not.";
        method "is_closing(self)" => is_closing, "Return True if the transport is closing or closed.";
        method "close(self)" => transport_close, "Close the transport.";
        method "abort(self)" => transport_abort, "Close the transport immediately.";
        method "set_protocol(self, protocol)" => set_protocol, "Set a new protocol.";
        method "get_protocol(self)" => get_protocol, "Return the current protocol.";
        method "is_reading(self)" => is_reading, "Return True if the transport is receiving.";
        method "pause_reading(self)" => pause_reading, "Pause the receiving end.";
        method "resume_reading(self)" => resume_reading, "Resume the receiving end.";
        method "set_write_buffer_limits(self, high=None, low=None)" => set_limits, "Set the high- and low-water limits for write flow control.";
        method "get_write_buffer_limits(self)" => get_limits, "Get the high and low watermarks for write flow control.";
        method "get_write_buffer_size(self)" => buffer_size, "Return the current size of the write buffer.";
        method "get_extra_info(self, name, default=None)" => extra_info, "Get optional transport information.";
        attr "_sock" => get_socket, "The socket.";
        attr "_sock_fd" => get_fd, "Its descriptor.";
        attr "_loop" => get_loop, "The loop.";
        attr "_protocol" => get_protocol, "The protocol.";
        attr "_server" => get_server, "The server.";
        attr "_closing" => is_closing, "Whether it is closing.";
        attr "_paused" => is_paused, "Whether reading is paused.";
        attr "_conn_lost" => n_lost, "Writes since the connection was lost.";
        attr "_eof" => is_eof, "Whether write_eof() was called.";
    ]
}

// ----- The abstract classes -----

fn abstract_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let extra = match cx.none_or(args[1]) {
        Some(extra) => extra,
        None => Value::Dict(cx.heap.new_dict()),
    };
    let name = cx.name("_extra");
    attribute::set(cx, args[0], name, extra)?;
    Ok(Value::None)
}

fn abstract_info(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name("_extra");
    let extra = attribute::get(cx, args[0], name)?;
    let default = args[2].given().unwrap_or(Value::None);
    Ok(in_dict(cx, extra, args[1]).unwrap_or(default))
}

fn in_dict(cx: &mut Cx, dict: Value, key: Value) -> Option<Value> {
    let name = cx.name_of(key)?;
    match dict {
        Value::Dict(dict) => cx.heap.get_in(dict, name),
        _ => None,
    }
}

fn abstract_method(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.raise_with(classes::NOT_IMPLEMENTED_ERROR, &[]))
}

fn abstract_lines(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(super::super::ask_library(cx, "asyncio.transports", "_writelines", args))
}

// ----- The transport over a socket -----

fn this(cx: &mut Cx, args: &[Value]) -> Result<Id<Boxed>, Ask> {
    match transport_id(cx, args[0]) {
        Some(id) => Ok(id),
        None => Err(cx.type_error("a transport is needed")),
    }
}

/// Arguments: the class, loop, sock, protocol, waiter, extra, server.
fn transport_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(event_loop) = schedule::loop_of(cx, args[1]) else {
        return Err(cx.type_error("a transport needs a loop of asyncio"));
    };
    let fd = socket::fd_of(cx, args[2])?;
    let extra = args[5].given().unwrap_or(Value::None);
    // Who accepted the connection knows whose it is.
    let known = Value::Str(cx.name("peername"));
    let peer = if in_dict(cx, extra, known).is_some() { None } else { cx.host.peer_name(fd).ok() };
    let names = [cx.host.socket_name(fd).ok(), peer];
    let way = way_to(cx, args[3]);
    let context = context::copy_current(cx);
    let transport = Transport {
        fd,
        socket: args[2],
        shown_loop: args[1],
        event_loop,
        protocol: args[3],
        way,
        extra,
        names: Box::new(names),
        server: args[6].given().unwrap_or(Value::None),
        context,
        buffer: Vec::new(),
        sent: 0,
        high: 64 * 1024,
        low: 16 * 1024,
        is_protocol_paused: false,
        is_paused: false,
        reads: false,
        writes: false,
        is_eof: false,
        is_closing: false,
        n_lost: 0,
        lost_with: Value::None,
        dict: None,
    };
    let payload = cx.heap.new_native(classes::SOCKET_TRANSPORT, transport);
    let made = super::super::wrapped_in(cx, args[0], classes::SOCKET_TRANSPORT, payload);
    let Value::Native(id) = payload else { crate::bug!("it was just made") };
    // Small answers go out at once.
    let _ = cx.host.set_socket_option(fd, crate::host::constant::IPPROTO_TCP, crate::host::constant::TCP_NODELAY, 1);
    super::soon(cx, id, MADE)?;
    super::soon(cx, id, ADD_READER)?;
    if let Value::Future(waiter) = args[4] {
        cx.heap.futures.get_mut(waiter).result = Value::None;
        schedule::soon_for(cx, FutureRef::Future(waiter), Entry::Release(waiter))?;
    }
    Ok(made)
}

fn nothing(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

fn always(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(true))
}

fn transport_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let class = cx.class_name(args[0]);
    let transport = of(cx, id);
    let mut text = format!("<{class}");
    if transport.socket.is_none() {
        text.push_str(" closed");
    } else if transport.is_closing {
        text.push_str(" closing");
    }
    text.push_str(&format!(" fd={}", transport.fd.0));
    if !transport.shown_loop.is_none() && !cx.heap.event_loops.get(transport.event_loop).is_closed {
        text.push_str(if transport.reads { " read=polling" } else { " read=idle" });
        let state = if transport.writes { "polling" } else { "idle" };
        text.push_str(&format!(" write=<{state}, bufsize={}>", transport.waiting()));
    }
    text.push('>');
    Ok(cx.str(&text))
}

fn transport_write(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    write::write(cx, id, args[1])
}

fn transport_lines(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    lines(cx, id, args[1])
}

/// `transport.writelines(list)`: as one write.
pub fn lines(cx: &mut Cx, id: Id<Boxed>, list: Value) -> Outcome {
    let items = drive::quick_items(cx, list)?.unwrap_or_default();
    let mut all = Vec::new();
    for item in items {
        match buffer::bytes_of(cx, item) {
            Some(bytes) => all.extend_from_slice(&bytes),
            None => return Err(buffer::not_bytes_like(cx, item)),
        }
    }
    let data = cx.heap.new_bytes(all);
    write::write(cx, id, data)
}

fn transport_eof(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    write::write_eof(cx, id)
}

fn is_closing(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(of(cx, id).is_closing))
}

fn transport_close(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    end::close(cx, id)?;
    Ok(Value::None)
}

fn transport_abort(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    end::force_close(cx, id, Value::None)?;
    Ok(Value::None)
}

fn set_protocol(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let way = way_to(cx, args[1]);
    let transport = of_mut(cx, id);
    transport.protocol = args[1];
    transport.way = way;
    Ok(Value::None)
}

fn get_protocol(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).protocol)
}

fn is_reading(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let transport = of(cx, id);
    Ok(Value::Bool(!transport.is_closing && !transport.is_paused))
}

fn is_paused(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(of(cx, id).is_paused))
}

fn pause_reading(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    read::pause_reading(cx, id)?;
    Ok(Value::None)
}

fn resume_reading(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    read::resume_reading(cx, id)?;
    Ok(Value::None)
}

fn limit_of(cx: &mut Cx, value: Value) -> Result<Option<f64>, Ask> {
    match cx.none_or(value) {
        None => Ok(None),
        Some(value) => match float_of(cx, value) {
            Some(limit) => Ok(Some(limit)),
            None => {
                let class = cx.class_name(value);
                Err(cx.type_error(format!("'>=' not supported between instances of '{class}' and 'int'")))
            }
        },
    }
}

fn set_limits(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let (high, low) = (limit_of(cx, args[1])?, limit_of(cx, args[2])?);
    let high = high.unwrap_or_else(|| low.map_or(64.0 * 1024.0, |low| 4.0 * low));
    let low = low.unwrap_or((high / 4.0).floor());
    if !(high >= low && low >= 0.0) {
        let message = format!("high ({high}) must be >= low ({low}) must be >= 0");
        return Err(cx.value_error(message));
    }
    let transport = of_mut(cx, id);
    transport.high = high as usize;
    transport.low = low as usize;
    write::pause_if_full(cx, id)
}

fn get_limits(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let (low, high) = (of(cx, id).low as i64, of(cx, id).high as i64);
    Ok(cx.heap.new_tuple(&[Value::Int(low), Value::Int(high)]))
}

fn buffer_size(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Int(of(cx, id).waiting() as i64))
}

fn extra_info(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    info(cx, id, args[1], args[2].given().unwrap_or(Value::None))
}

/// `transport.get_extra_info(name, default)`
pub fn info(cx: &mut Cx, id: Id<Boxed>, name: Value, default: Value) -> Outcome {
    let extra = of(cx, id).extra;
    if let Some(found) = in_dict(cx, extra, name) {
        return Ok(found);
    }
    let asked = cx.text_of(name).map(|name| String::from_utf8_lossy(name).into_owned()).unwrap_or_default();
    let address = match asked.as_str() {
        "sockname" => of(cx, id).names[0].clone(),
        "peername" => of(cx, id).names[1].clone(),
        "socket" => {
            let socket = of(cx, id).socket;
            return Err(super::super::ask_library(cx, "asyncio.trsock", "TransportSocket", &[socket]));
        }
        _ => return Ok(default),
    };
    Ok(address.map_or(default, |address| socket::shown_address(cx, &address)))
}

fn get_socket(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).socket)
}

fn get_fd(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Int(of(cx, id).fd.0.into()))
}

fn get_loop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).shown_loop)
}

fn get_server(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).server)
}

fn n_lost(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Int(of(cx, id).n_lost.into()))
}

fn is_eof(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(of(cx, id).is_eof))
}

/// The text of a transport in the texts of others.
pub fn text(cx: &mut Cx, value: Value) -> String {
    let _ = Way::Data;
    repr::text_of(cx, value)
}
