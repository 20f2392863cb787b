//! Transports over sockets, turn for turn after CPython's selector loop.
//!
//! ```text
//! readable ─→ one receive ─→ protocol.data_received     (an exact stream protocol: straight into its reader)
//! write ─→ send at once ─→ the rest into the buffer ─→ writable ─→ send …
//! close, error ─→ an entry ─→ protocol.connection_lost ─→ the socket is closed
//! ```
//!
//! The state is here; [`read`], [`write`] are what happens when the descriptor is ready, [`end`] how it ends, [`methods`]
//! the rows.

pub mod end;
pub mod methods;
pub mod read;
pub mod write;

use super::stream::protocol::StreamProtocol;
use super::{schedule, watch};
use crate::call::{Ask, Cx};
use crate::host::{Address, Fd};
use crate::tables;
use crate::types::attribute::{self, Resolved};
use crate::types::{classes, method_call};
use crate::value::event_loop::Entry;
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::sequence::trace_values;
use crate::value::special::Special;
use crate::value::{Context, Dict, EventLoop, Exc, Gray, Id, Name, NativeId, Value};

crate::natives! {
    /// What the entries of transports run, and the steps of calling protocols.
    pub static TRANSPORT_STEPS = [
        hidden "read_ready(transport)" => read::read_ready, "_SelectorSocketTransport._read_ready";
        hidden "write_ready(transport)" => write::write_ready, "_SelectorSocketTransport._write_ready";
        hidden "made(transport)" => read::made, "BaseProtocol.connection_made";
        hidden "add_reader(transport)" => read::add_reader, "_SelectorTransport._add_reader";
        hidden "lost(transport)" => step end::lost, "_SelectorTransport._call_connection_lost";
        hidden "deliver(transport, data)" => step read::deliver, "`protocol.data_received(data)`.";
        hidden "end_of_stream(transport)" => step read::end_of_stream, "`protocol.eof_received()`.";
        hidden "fill(transport)" => step read::fill, "`protocol.get_buffer()`, then `buffer_updated()`.";
        hidden "pause(transport)" => step write::pause, "`protocol.pause_writing()`.";
        hidden "resume(transport)" => step write::resume, "`protocol.resume_writing()`, then what follows a write.";
    ]
}

const fn row(row: u16) -> NativeId {
    NativeId { table: tables::TRANSPORT_STEPS, row }
}
const READ_READY: NativeId = row(0);
const WRITE_READY: NativeId = row(1);
const MADE: NativeId = row(2);
const ADD_READER: NativeId = row(3);
const LOST: NativeId = row(4);
const DELIVER: NativeId = row(5);
const END_OF_STREAM: NativeId = row(6);
const FILL: NativeId = row(7);
const PAUSE: NativeId = row(8);
const RESUME: NativeId = row(9);

/// How data gets to the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// `data_received(data)`.
    Data,
    /// `get_buffer(hint)`, `buffer_updated(count)`.
    Buffer,
    /// An exact stream protocol: no script code is between the socket and the reader.
    Stream(Id<Boxed>),
}

/// A transport over a connected socket.
pub struct Transport {
    pub fd: Fd,
    /// The socket object; None once it is closed.
    pub socket: Value,
    /// The loop, as scripts see it; None once the connection is lost.
    pub shown_loop: Value,
    pub event_loop: Id<EventLoop>,
    pub protocol: Value,
    pub way: Way,
    /// What the constructor was given beside the socket's own addresses.
    pub extra: Value,
    pub names: Box<[Option<Address>; 2]>,
    /// Who counts its connections.
    pub server: Value,
    /// In which callbacks run.
    pub context: Id<Context>,
    /// What is not sent yet, from `sent` on.
    pub buffer: Vec<u8>,
    pub sent: usize,
    pub high: usize,
    pub low: usize,
    /// `pause_writing` was called.
    pub is_protocol_paused: bool,
    pub is_paused: bool,
    /// The reader is watched.
    pub reads: bool,
    pub writes: bool,
    pub is_eof: bool,
    pub is_closing: bool,
    /// Writes since the connection was lost.
    pub n_lost: u32,
    /// With what it was lost.
    pub lost_with: Value,
    pub dict: Option<Id<Dict>>,
}

impl NativeObject for Transport {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.socket, self.shown_loop, self.protocol, self.extra, self.server, self.lost_with], gray);
        gray.push(Value::Context(self.context));
        if !self.event_loop.is_none() {
            gray.push(Value::Loop(self.event_loop));
        }
        if let Way::Stream(protocol) = self.way {
            gray.push(Value::Native(protocol));
        }
        gray.extend(self.dict.map(Value::Dict));
    }
    fn bytes(&self) -> usize {
        size_of::<Transport>() + self.buffer.capacity()
    }
    fn attributes(&self) -> Option<Id<Dict>> {
        self.dict
    }
    fn set_attributes(&mut self, dict: Id<Dict>) -> bool {
        self.dict = Some(dict);
        true
    }
}

impl Transport {
    /// How much waits to be sent.
    pub fn waiting(&self) -> usize {
        self.buffer.len() - self.sent
    }
}

/// The transport that a value is, or that is in an instance of a subclass.
pub fn transport_id(cx: &Cx, value: Value) -> Option<Id<Boxed>> {
    match cx.exact(value) {
        Value::Native(id) if cx.heap.native::<Transport>(id).is_some() => Some(id),
        _ => None,
    }
}

/// A transport that is known to be one.
pub fn of(cx: &Cx, id: Id<Boxed>) -> &Transport {
    cx.heap.native(id).expect("it was looked at before")
}

/// The same, to be changed.
pub fn of_mut(cx: &mut Cx, id: Id<Boxed>) -> &mut Transport {
    cx.heap.native_mut(id).expect("it was looked at before")
}

/// How data gets to a protocol.
pub fn way_to(cx: &mut Cx, protocol: Value) -> Way {
    if let Value::Native(id) = protocol
        && cx.heap.native::<StreamProtocol>(id).is_some()
    {
        return Way::Stream(id);
    }
    let class = cx.class_of(protocol);
    let is_buffered = match classes::lookup(cx, class, crate::call::names::GET_BUFFER) {
        Some(_) => {
            let base = cx.name("BufferedProtocol");
            cx.heap.classes.get(class).mro.iter().any(|&one| cx.heap.classes.get(one).name == base)
        }
        None => false,
    };
    if is_buffered { Way::Buffer } else { Way::Data }
}

/// Asks for `obj.name(*args)`; a plain function of the class is called without a bound method.
pub fn ask_method(cx: &mut Cx, obj: Value, name: Name, args: &[Value]) -> Ask {
    if let Value::Inst(_) = obj {
        let class = cx.class_of(obj);
        let is_custom =
            cx.special(class, Special::GetAttribute).is_some_and(|method| !attribute::is_default_getattribute(method));
        if !is_custom
            && let Resolved::FromClass { attr: function @ Value::Func(_), .. } =
                attribute::resolve(cx, obj, class, name)
        {
            cx.ask_call(function, &[obj]);
            cx.call.args.extend_from_slice(args);
            return Ask::Call;
        }
    }
    method_call::ask(cx, obj, name, args)
}

/// Appends an entry of the transport to its loop's queue.
pub fn soon(cx: &mut Cx, id: Id<Boxed>, native: NativeId) -> Result<(), Ask> {
    let event_loop = of(cx, id).event_loop;
    schedule::soon(cx, event_loop, Entry::Native(native, id))
}

/// Watches the descriptor for reading, or no longer.
pub fn watch_reads(cx: &mut Cx, id: Id<Boxed>, reads: bool) -> Result<(), Ask> {
    let transport = of_mut(cx, id);
    if std::mem::replace(&mut transport.reads, reads) == reads {
        return Ok(());
    }
    let (fd, event_loop) = (transport.fd.0, transport.event_loop);
    if reads {
        watch::add(cx, event_loop, fd, false, Entry::Native(READ_READY, id))?;
    } else {
        watch::remove(cx, event_loop, fd, false);
    }
    Ok(())
}

/// The same for writing.
pub fn watch_writes(cx: &mut Cx, id: Id<Boxed>, writes: bool) -> Result<(), Ask> {
    let transport = of_mut(cx, id);
    if std::mem::replace(&mut transport.writes, writes) == writes {
        return Ok(());
    }
    let (fd, event_loop) = (transport.fd.0, transport.event_loop);
    if writes {
        watch::add(cx, event_loop, fd, true, Entry::Native(WRITE_READY, id))?;
    } else {
        watch::remove(cx, event_loop, fd, true);
    }
    Ok(())
}

/// The exception that an ask raises.
pub fn raised(ask: Ask) -> Result<Id<Exc>, Ask> {
    match ask {
        Ask::Raise(exc) => Ok(exc),
        ask => Err(ask),
    }
}
