//! `asyncio.StreamReaderProtocol`: between a transport and a reader, with the flow control of the writer.

use super::super::waiting::{self, Line};
use super::super::{future, schedule, wrapped_in};
use super::reader::{self, Reader};
use crate::call::{Ask, Cx, Outcome};
use crate::tables;
use crate::types::bytes::buffer;
use crate::types::classes;
use crate::value::future::Role;
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::sequence::trace_values;
use crate::value::{Dict, EventLoop, FutureRef, Gray, Heap, Id, NativeFrame, NativeId, Value};

/// The state of a stream protocol.
pub struct StreamProtocol {
    pub shown_loop: Value,
    pub event_loop: Id<EventLoop>,
    /// None once the connection is lost.
    pub reader: Value,
    pub reader_id: Option<Id<Boxed>>,
    /// `client_connected_cb`, of a server.
    pub callback: Value,
    pub transport: Value,
    pub writer: Value,
    pub task: Value,
    /// The future that is done once the connection is lost.
    pub closed: Value,
    pub is_paused: bool,
    pub is_lost: bool,
    pub is_over_tls: bool,
    /// Who waits in drain().
    pub waiters: Line,
    pub dict: Option<Id<Dict>>,
}

impl NativeObject for StreamProtocol {
    fn trace(&self, gray: &mut Gray) {
        let parts = [self.shown_loop, self.reader, self.callback, self.transport, self.writer, self.task, self.closed];
        trace_values(&parts, gray);
        self.waiters.trace(gray);
        gray.extend(self.dict.map(Value::Dict));
        if !self.event_loop.is_none() {
            gray.push(Value::Loop(self.event_loop));
        }
    }
    fn bytes(&self) -> usize {
        size_of::<StreamProtocol>() + self.waiters.bytes()
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
    /// The rows of `asyncio.StreamReaderProtocol`.
    pub static STREAM_PROTOCOL = [
        new "__new__(cls, *args, **kwargs)" => protocol_new, "Create and return a new object.";
        special "__init__(self, stream_reader, client_connected_cb=None, loop=None)" => step protocol_init, "Initialize self.";
        method "connection_made(self, transport)" => connection_made, "A connection was made.";
        method "connection_lost(self, exc)" => connection_lost, "The connection was lost or closed.";
        method "data_received(self, data)" => data_received, "Data came.";
        method "eof_received(self)" => eof_received, "The other end sends nothing more.";
        method "pause_writing(self)" => pause_writing, "The transport's buffer is full.";
        method "resume_writing(self)" => resume_writing, "The transport's buffer has room again.";
        amethod "_drain_helper(self)" => drain_helper, "Waits until there is room.";
        method "_get_close_waiter(self, stream)" => get_closed, "The future that is done once the connection is lost.";
        method "_replace_writer(self, writer)" => replace_writer, "Another writer and its transport.";
        attr "_stream_reader" => get_reader, "The reader.";
        attr "_stream_writer" => get_writer, set set_writer, "The writer, of a server.";
        attr "_client_connected_cb" => get_callback, "The callback, of a server.";
        attr "_transport" => get_transport, set set_transport, "The transport.";
        attr "_task" => get_task, set set_task, "The task of the callback.";
        attr "_loop" => get_loop, "The loop.";
        attr "_closed" => closed_attribute, "The future that is done once the connection is lost.";
        attr "_paused" => get_paused, "Whether writing is paused.";
        attr "_connection_lost" => get_lost, "Whether the connection is lost.";
        attr "_over_ssl" => get_tls, set set_tls, "Whether TLS is below.";
    ]
}

crate::natives! {
    /// Steps of draining.
    pub static DRAIN_STEPS = [
        hidden "after_drain(protocol, none, future, exception)" => after_drain, "drain() goes on.";
    ]
}

const AFTER_DRAIN: NativeId = NativeId { table: tables::DRAIN_STEPS, row: 0 };

/// The native object of a stream protocol.
pub fn protocol_id(cx: &Cx, value: Value) -> Option<Id<Boxed>> {
    match cx.exact(value) {
        Value::Native(id) if cx.heap.native::<StreamProtocol>(id).is_some() => Some(id),
        _ => None,
    }
}

fn this(cx: &mut Cx, args: &[Value]) -> Result<Id<Boxed>, Ask> {
    match protocol_id(cx, args[0]) {
        Some(id) => Ok(id),
        None => Err(cx.type_error("a StreamReaderProtocol is needed")),
    }
}

/// A protocol that is known to be one.
pub fn of(cx: &Cx, id: Id<Boxed>) -> &StreamProtocol {
    cx.heap.native(id).expect("it was looked at before")
}

/// The same, to be changed.
pub fn of_mut(cx: &mut Cx, id: Id<Boxed>) -> &mut StreamProtocol {
    cx.heap.native_mut(id).expect("it was looked at before")
}

fn protocol_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let protocol = StreamProtocol {
        shown_loop: Value::None,
        event_loop: Id::NONE,
        reader: Value::None,
        reader_id: None,
        callback: Value::None,
        transport: Value::None,
        writer: Value::None,
        task: Value::None,
        closed: Value::None,
        is_paused: false,
        is_lost: false,
        is_over_tls: false,
        waiters: Line::default(),
        dict: None,
    };
    let payload = cx.heap.new_native(classes::STREAM_PROTOCOL, protocol);
    Ok(wrapped_in(cx, args[0], classes::STREAM_PROTOCOL, payload))
}

/// values: self, stream_reader, client_connected_cb, loop.
fn protocol_init(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = this(cx, &frame.values)?;
    let shown = match (frame.step, cx.none_or(frame.values[3])) {
        (1, _) => frame.told.into_outcome()?,
        (_, Some(shown)) => shown,
        (_, None) => {
            frame.step = 1;
            super::super::ensure::current_loop(cx)?
        }
    };
    let reader_id = reader::reader_id(cx, frame.values[1]);
    let event_loop = schedule::loop_of(cx, shown).unwrap_or(Id::NONE);
    let closed = match event_loop.is_none() {
        true => Value::None,
        false => Value::Future(future::new(cx, event_loop, Role::Plain)),
    };
    let (reader, callback) = (frame.values[1], frame.values[2].given().unwrap_or(Value::None));
    let protocol = of_mut(cx, id);
    (protocol.shown_loop, protocol.event_loop) = (shown, event_loop);
    (protocol.reader, protocol.reader_id, protocol.callback) = (reader, reader_id, callback);
    protocol.closed = closed;
    Ok(Value::None)
}

/// The reader of a protocol, by the heap alone.
#[inline]
pub fn reader_in(heap: &Heap, id: Id<Boxed>) -> Option<Id<Boxed>> {
    heap.native::<StreamProtocol>(id)?.reader_id
}

/// The connection is made; false: there is a callback to be called.
pub fn made_quickly(cx: &mut Cx, id: Id<Boxed>, transport: Value) -> Result<bool, Ask> {
    let &StreamProtocol { callback, reader_id, .. } = of(cx, id);
    if !callback.is_none() {
        return Ok(false);
    }
    of_mut(cx, id).transport = transport;
    if let Some(reader) = reader_id
        && let Some(reader) = cx.heap.native_mut::<Reader>(reader)
    {
        reader.transport = transport;
    }
    Ok(true)
}

fn connection_made(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    if super::super::transport::transport_id(cx, args[1]).is_some() && made_quickly(cx, id, args[1])? {
        return Ok(Value::None);
    }
    Err(super::super::ask_library(cx, "asyncio.streams", "_connection_made", args))
}

/// The other end sends nothing more.
pub fn end_of_stream(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    match of(cx, id).reader_id {
        Some(reader) => reader::feed_eof(cx, reader),
        None => Ok(()),
    }
}

/// The connection is lost.
pub fn lost(cx: &mut Cx, id: Id<Boxed>, exc: Value) -> Result<(), Ask> {
    let reader_id = of(cx, id).reader_id;
    let exc = match exc {
        Value::Exc(exc) => Some(exc),
        _ => None,
    };
    match (reader_id, exc) {
        (Some(reader), None) => reader::feed_eof(cx, reader)?,
        (Some(reader), Some(exc)) => reader::fail(cx, reader, exc)?,
        (None, _) => {}
    }
    if let Value::Future(closed) = of(cx, id).closed
        && !cx.heap.futures.get(closed).is_done()
    {
        complete(cx, FutureRef::Future(closed), exc)?;
        // Nobody has to ask for it.
        cx.heap.futures.get_mut(closed).is_unretrieved = false;
    }
    let protocol = of_mut(cx, id);
    protocol.is_lost = true;
    if protocol.is_paused {
        let waiters: Vec<_> = protocol.waiters.iter().collect();
        for waiter in waiters {
            if !cx.heap.futures.get(waiter).is_done() {
                complete(cx, FutureRef::Future(waiter), exc)?;
            }
        }
    }
    let protocol = of_mut(cx, id);
    protocol.reader = Value::None;
    protocol.reader_id = None;
    protocol.writer = Value::None;
    protocol.task = Value::None;
    protocol.transport = Value::None;
    Ok(())
}

fn complete(cx: &mut Cx, future: FutureRef, exc: Option<Id<crate::value::Exc>>) -> Result<(), Ask> {
    match exc {
        None => future::finish(cx, future, Value::None),
        Some(exc) => future::fail(cx, future, exc),
    }
}

fn connection_lost(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    lost(cx, id, args[1])?;
    Ok(Value::None)
}

fn data_received(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let data = buffer::require(cx, args[1])?;
    if let Some(reader) = of(cx, id).reader_id
        && !data.is_empty()
    {
        reader::append(&mut cx.heap, reader, &data);
        reader::after_feed(cx, reader)?;
    }
    Ok(Value::None)
}

fn eof_received(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    end_of_stream(cx, id)?;
    Ok(Value::Bool(!of(cx, id).is_over_tls))
}

// ----- Flow control -----

/// Writers are to wait.
pub fn pause(cx: &mut Cx, id: Id<Boxed>) {
    of_mut(cx, id).is_paused = true;
}

/// Writers go on.
pub fn resume(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    let protocol = of_mut(cx, id);
    protocol.is_paused = false;
    let waiters: Vec<_> = protocol.waiters.iter().collect();
    for waiter in waiters {
        waiting::wake(cx, waiter, Value::None)?;
    }
    Ok(())
}

fn pause_writing(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    pause(cx, id);
    Ok(Value::None)
}

fn resume_writing(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    resume(cx, id)?;
    Ok(Value::None)
}

/// Waits until the transport has room.
pub fn drain(cx: &mut Cx, id: Id<Boxed>) -> Outcome {
    let protocol = of(cx, id);
    if protocol.is_lost {
        return Err(cx.raise(classes::CONNECTION_RESET_ERROR, "Connection lost"));
    }
    if !protocol.is_paused {
        return Ok(Value::None);
    }
    let event_loop = protocol.event_loop;
    let waiter = waiting::new(cx, event_loop, AFTER_DRAIN, id, Value::None);
    of_mut(cx, id).waiters.push(waiter);
    waiting::wait(cx, waiter)
}

fn drain_helper(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    drain(cx, id)
}

fn after_drain(cx: &mut Cx, args: &[Value]) -> Outcome {
    let after = waiting::after(cx, args)?;
    of_mut(cx, after.target).waiters.remove(after.future);
    after.exc.map_or(Ok(Value::None), |exc| Err(Ask::Raise(exc)))
}

// ----- Attributes -----

fn get_closed(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).closed)
}

fn closed_attribute(cx: &mut Cx, args: &[Value]) -> Outcome {
    get_closed(cx, args)
}

fn replace_writer(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    of_mut(cx, id).writer = args[1];
    Ok(Value::None)
}

fn get_reader(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).reader)
}

fn get_writer(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).writer)
}

fn set_writer(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    of_mut(cx, id).writer = args[1].given().unwrap_or(Value::None);
    Ok(Value::None)
}

fn get_callback(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).callback)
}

fn get_transport(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).transport)
}

fn set_transport(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    of_mut(cx, id).transport = args[1].given().unwrap_or(Value::None);
    Ok(Value::None)
}

fn get_task(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).task)
}

fn set_task(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    of_mut(cx, id).task = args[1].given().unwrap_or(Value::None);
    Ok(Value::None)
}

fn get_loop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).shown_loop)
}

fn get_paused(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(of(cx, id).is_paused))
}

fn get_lost(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(of(cx, id).is_lost))
}

fn get_tls(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(of(cx, id).is_over_tls))
}

fn set_tls(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    of_mut(cx, id).is_over_tls = args[1] == Value::Bool(true);
    Ok(Value::None)
}
