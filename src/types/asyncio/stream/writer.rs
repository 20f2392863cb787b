//! `asyncio.StreamWriter`: writes to a transport, and waits until that has room.

use super::super::transport::{self, end, methods, write as transport_write};
use super::super::{await_library, future, repr, wrapped_in};
use super::{protocol, reader};
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::{classes, method_call};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::sequence::trace_values;
use crate::value::{Dict, FutureRef, Gray, Id, Value};

/// The state of a writer.
pub struct Writer {
    pub transport: Value,
    /// Of the transport, if it is one of ours.
    pub transport_id: Option<Id<Boxed>>,
    pub protocol: Value,
    pub protocol_id: Option<Id<Boxed>>,
    pub reader: Value,
    pub shown_loop: Value,
    pub dict: Option<Id<Dict>>,
}

impl NativeObject for Writer {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.transport, self.protocol, self.reader, self.shown_loop], gray);
        gray.extend(self.dict.map(Value::Dict));
    }
    fn bytes(&self) -> usize {
        size_of::<Writer>()
    }
    fn attributes(&self) -> Option<Id<Dict>> {
        self.dict
    }
    fn set_attributes(&mut self, dict: Id<Dict>) -> bool {
        self.dict = Some(dict);
        true
    }
}

crate::natives! {
    /// The rows of `asyncio.StreamWriter`.
    pub static STREAM_WRITER = [
        new "__new__(cls, *args, **kwargs)" => writer_new, "Create and return a new object.";
        special "__init__(self, transport, protocol, reader, loop)" => writer_init, "Initialize self.";
        special "__repr__(self, /)" => writer_repr, "Return repr(self).";
        method "write(self, data)" => writer_write, "Writes data.";
        method "writelines(self, data)" => writer_lines, "Writes several pieces of data.";
        method "write_eof(self)" => write_eof, "Nothing more will be written.";
        method "can_write_eof(self)" => can_write_eof, "Whether write_eof() is possible.";
        method "close(self)" => close, "Closes the stream.";
        method "is_closing(self)" => is_closing, "Whether it is closing or closed.";
        amethod "wait_closed(self)" => wait_closed, "Waits until it is closed.";
        amethod "drain(self)" => drain, "Flush the write buffer.";
        amethod "start_tls(self, sslcontext, *, server_hostname=None, ssl_handshake_timeout=None, ssl_shutdown_timeout=None)" => start_tls, "Upgrade an existing stream-based connection to TLS.";
        method "get_extra_info(self, name, default=None)" => extra_info, "Get optional transport information.";
        attr "transport" => get_transport, "The transport.";
        attr "_transport" => get_transport, "The transport.";
        attr "_protocol" => get_protocol, "The protocol.";
        attr "_reader" => get_reader, "The reader.";
        attr "_loop" => get_loop, "The loop.";
    ]
}

fn this<'a>(cx: &'a mut Cx, args: &[Value]) -> Result<&'a Writer, Ask> {
    let id = match cx.exact(args[0]) {
        Value::Native(id) if cx.heap.native::<Writer>(id).is_some() => id,
        _ => return Err(cx.type_error("a StreamWriter is needed")),
    };
    Ok(cx.heap.native(id).expect("it was just looked at"))
}

fn writer_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let writer = Writer {
        transport: Value::None,
        transport_id: None,
        protocol: Value::None,
        protocol_id: None,
        reader: Value::None,
        shown_loop: Value::None,
        dict: None,
    };
    let payload = cx.heap.new_native(classes::STREAM_WRITER, writer);
    Ok(wrapped_in(cx, args[0], classes::STREAM_WRITER, payload))
}

/// Arguments: self, transport, protocol, reader, loop.
fn writer_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    this(cx, args)?;
    let Value::Native(id) = cx.exact(args[0]) else { crate::bug!("it was just looked at") };
    let transport_id = match args[1] {
        Value::Native(_) => transport::transport_id(cx, args[1]),
        _ => None,
    };
    let protocol_id = match args[2] {
        Value::Native(_) => protocol::protocol_id(cx, args[2]),
        _ => None,
    };
    if let Some(writer) = cx.heap.native_mut::<Writer>(id) {
        (writer.transport, writer.transport_id) = (args[1], transport_id);
        (writer.protocol, writer.protocol_id) = (args[2], protocol_id);
        (writer.reader, writer.shown_loop) = (args[3], args[4]);
    }
    Ok(Value::None)
}

fn writer_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let &Writer { transport, reader, .. } = this(cx, args)?;
    let mut text = format!("<StreamWriter transport={}", repr::text_of(cx, transport));
    if !reader.is_none() {
        text.push_str(&format!(" reader={}", repr::text_of(cx, reader)));
    }
    text.push('>');
    Ok(cx.str(&text))
}

fn writer_write(cx: &mut Cx, args: &[Value]) -> Outcome {
    let &Writer { transport, transport_id, .. } = this(cx, args)?;
    match transport_id {
        Some(id) => transport_write::write(cx, id, args[1]),
        None => Err(method_call::ask(cx, transport, names::WRITE, &args[1..2])),
    }
}

fn writer_lines(cx: &mut Cx, args: &[Value]) -> Outcome {
    let transport = this(cx, args)?.transport;
    let name = cx.name("writelines");
    Err(method_call::ask(cx, transport, name, &args[1..2]))
}

fn write_eof(cx: &mut Cx, args: &[Value]) -> Outcome {
    let &Writer { transport, transport_id, .. } = this(cx, args)?;
    if let Some(id) = transport_id {
        return transport_write::write_eof(cx, id);
    }
    let name = cx.name("write_eof");
    Err(method_call::ask(cx, transport, name, &[]))
}

fn can_write_eof(cx: &mut Cx, args: &[Value]) -> Outcome {
    let transport = this(cx, args)?.transport;
    let name = cx.name("can_write_eof");
    Err(method_call::ask(cx, transport, name, &[]))
}

fn close(cx: &mut Cx, args: &[Value]) -> Outcome {
    let &Writer { transport, transport_id, .. } = this(cx, args)?;
    if let Some(id) = transport_id {
        end::close(cx, id)?;
        return Ok(Value::None);
    }
    Err(method_call::ask(cx, transport, names::CLOSE, &[]))
}

fn is_closing(cx: &mut Cx, args: &[Value]) -> Outcome {
    let &Writer { transport, transport_id, .. } = this(cx, args)?;
    if let Some(id) = transport_id {
        return Ok(Value::Bool(transport::of(cx, id).is_closing));
    }
    let name = cx.name("is_closing");
    Err(method_call::ask(cx, transport, name, &[]))
}

fn wait_closed(cx: &mut Cx, args: &[Value]) -> Outcome {
    let protocol_id = this(cx, args)?.protocol_id;
    let Some(id) = protocol_id else {
        return Err(await_library(cx, "asyncio.streams", "_wait_closed", &args[..1]));
    };
    let Value::Future(closed) = protocol::of(cx, id).closed else { return Ok(Value::None) };
    if cx.heap.futures.get(closed).is_done() {
        return future::result(cx, FutureRef::Future(closed));
    }
    super::super::waiting::wait(cx, closed)
}

fn drain(cx: &mut Cx, args: &[Value]) -> Outcome {
    let &Writer { transport_id, protocol_id, reader, .. } = this(cx, args)?;
    if let (Some(transport), Some(protocol)) = (transport_id, protocol_id)
        && !transport::of(cx, transport).is_closing
        && reader::reader_id(cx, reader).is_none_or(|id| reader::of(cx, id).exception.is_none())
    {
        return protocol::drain(cx, protocol);
    }
    Err(await_library(cx, "asyncio.streams", "_drain", &args[..1]))
}

fn start_tls(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.not_implemented("StreamWriter.start_tls(): there is no TLS"))
}

fn extra_info(cx: &mut Cx, args: &[Value]) -> Outcome {
    let &Writer { transport, transport_id, .. } = this(cx, args)?;
    let default = args[2].given().unwrap_or(Value::None);
    if let Some(id) = transport_id {
        return methods::info(cx, id, args[1], default);
    }
    let name = cx.name("get_extra_info");
    Err(method_call::ask(cx, transport, name, &[args[1], default]))
}

fn get_transport(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(this(cx, args)?.transport)
}

fn get_protocol(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(this(cx, args)?.protocol)
}

fn get_reader(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(this(cx, args)?.reader)
}

fn get_loop(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(this(cx, args)?.shown_loop)
}
