//! `asyncio.StreamReader`: its state, how data comes in, and the rows. How it is read is in [`super::take`].

use super::super::transport::{self, read as transport_read};
use super::super::{ensure, future, wrapped_in};
use super::take;
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::bytes::buffer;
use crate::types::{bytearray, classes, method_call};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::sequence::trace_values;
use crate::value::{Dict, EventLoop, Exc, Future, FutureRef, Gray, Heap, Id, NativeFrame, Value};

/// The state of a reader.
pub struct Reader {
    pub limit: usize,
    /// What came and was not read, from `taken` on.
    pub buffer: Vec<u8>,
    pub taken: usize,
    pub is_eof: bool,
    /// The transport was paused.
    pub is_paused: bool,
    /// Who waits for data.
    pub waiter: Option<Id<Future>>,
    /// None, or an exception.
    pub exception: Value,
    pub transport: Value,
    pub shown_loop: Value,
    pub event_loop: Id<EventLoop>,
    pub dict: Option<Id<Dict>>,
}

impl NativeObject for Reader {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.exception, self.transport, self.shown_loop], gray);
        gray.extend(self.waiter.map(Value::Future));
        gray.extend(self.dict.map(Value::Dict));
        if !self.event_loop.is_none() {
            gray.push(Value::Loop(self.event_loop));
        }
    }
    fn bytes(&self) -> usize {
        size_of::<Reader>() + self.buffer.capacity()
    }
    fn attributes(&self) -> Option<Id<Dict>> {
        self.dict
    }
    fn set_attributes(&mut self, dict: Id<Dict>) -> bool {
        self.dict = Some(dict);
        true
    }
}

impl Reader {
    /// What can be read now.
    pub fn unread(&self) -> &[u8] {
        &self.buffer[self.taken..]
    }

    /// Takes bytes from the front.
    pub fn take(&mut self, count: usize) -> Vec<u8> {
        let data = self.buffer[self.taken..self.taken + count].to_vec();
        self.skip(count);
        data
    }

    /// Forgets bytes at the front.
    pub fn skip(&mut self, count: usize) {
        self.taken += count;
        if self.taken == self.buffer.len() {
            self.buffer.clear();
            self.taken = 0;
        } else if self.taken > (1 << 16) && self.taken > self.buffer.len() / 2 {
            self.buffer.drain(..self.taken);
            self.taken = 0;
        }
    }
}

crate::natives! {
    /// The rows of `asyncio.StreamReader`.
    pub static STREAM_READER = [
        new "__new__(cls, *args, **kwargs)" => reader_new, "Create and return a new object.";
        special "__init__(self, limit=65536, loop=None)" => step reader_init, "Initialize self.";
        special "__repr__(self, /)" => reader_repr, "Return repr(self).";
        method "exception(self)" => get_exception, "The exception of the stream, or None.";
        method "set_exception(self, exc)" => reader_set_exception, "Sets the exception of the stream.";
        method "set_transport(self, transport)" => set_transport, "Sets the transport.";
        method "feed_data(self, data)" => feed_data, "Data came.";
        method "feed_eof(self)" => reader_feed_eof, "The stream ended.";
        method "at_eof(self)" => at_eof, "Return True if the buffer is empty and 'feed_eof' was called.";
        amethod "read(self, n=-1)" => take::read, "Read up to `n` bytes from the stream.";
        amethod "readline(self)" => take::readline, "Read chunk of data from the stream until newline (b'\\n') is found.";
        amethod "readexactly(self, n)" => take::readexactly, "Read exactly `n` bytes.";
        amethod "readuntil(self, separator=)" => take::readuntil, "Read data from the stream until ``separator`` is found.";
        amethod "_wait_for_data(self, func_name)" => take::wait_for_data, "Waits until data or the end comes.";
        special "__aiter__(self)" => itself, "Return self.";
        aspecial "__anext__(self)" => take::anext, "The next line.";
        method "_maybe_resume_transport(self)" => maybe_resume, "Resumes the transport if there is room.";
        method "_wakeup_waiter(self)" => wakeup, "Wakes who waits.";
        attr "_buffer" => get_buffer, "What came and was not read.";
        attr "_eof" => get_eof, "Whether the stream ended.";
        attr "_limit" => get_limit, set set_limit, "The limit of lines.";
        attr "_loop" => get_loop, "The loop.";
        attr "_waiter" => get_waiter, set set_waiter, "Who waits.";
        attr "_exception" => get_exception, "The exception of the stream, or None.";
        attr "_transport" => get_transport, set put_transport, "The transport.";
        attr "_paused" => get_paused, set set_paused, "Whether the transport was paused.";
    ]
}

/// The native object of a reader.
pub fn reader_id(cx: &Cx, value: Value) -> Option<Id<Boxed>> {
    match cx.exact(value) {
        Value::Native(id) if cx.heap.native::<Reader>(id).is_some() => Some(id),
        _ => None,
    }
}

/// The reader of a method.
pub fn this(cx: &mut Cx, args: &[Value]) -> Result<Id<Boxed>, Ask> {
    match reader_id(cx, args[0]) {
        Some(id) => Ok(id),
        None => Err(cx.type_error("a StreamReader is needed")),
    }
}

/// A reader that is known to be one.
pub fn of(cx: &Cx, id: Id<Boxed>) -> &Reader {
    cx.heap.native(id).expect("it was looked at before")
}

/// The same, to be changed.
pub fn of_mut(cx: &mut Cx, id: Id<Boxed>) -> &mut Reader {
    cx.heap.native_mut(id).expect("it was looked at before")
}

fn reader_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let reader = Reader {
        limit: 1 << 16,
        buffer: Vec::new(),
        taken: 0,
        is_eof: false,
        is_paused: false,
        waiter: None,
        exception: Value::None,
        transport: Value::None,
        shown_loop: Value::None,
        event_loop: Id::NONE,
        dict: None,
    };
    let payload = cx.heap.new_native(classes::STREAM_READER, reader);
    Ok(wrapped_in(cx, args[0], classes::STREAM_READER, payload))
}

/// values: self, limit, loop.
fn reader_init(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let id = this(cx, &frame.values)?;
    let limit = match frame.values[1] {
        Value::Undef => 1 << 16,
        given => match super::super::float_of(cx, given) {
            Some(limit) if limit <= 0.0 => return Err(cx.value_error("Limit cannot be <= 0")),
            Some(limit) => limit as usize,
            None => {
                let class = cx.class_name(given);
                let message = format!("'<=' not supported between instances of '{class}' and 'int'");
                return Err(cx.type_error(message));
            }
        },
    };
    let shown = match (frame.step, cx.none_or(frame.values[2])) {
        (1, _) => frame.told.into_outcome()?,
        (_, Some(shown)) => shown,
        (_, None) => {
            frame.step = 1;
            ensure::current_loop(cx)?
        }
    };
    let event_loop = super::super::schedule::loop_of(cx, shown).unwrap_or(Id::NONE);
    let reader = of_mut(cx, id);
    (reader.limit, reader.shown_loop, reader.event_loop) = (limit, shown, event_loop);
    Ok(Value::None)
}

fn reader_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let reader = of(cx, id);
    let mut text = "<StreamReader".to_owned();
    if !reader.unread().is_empty() {
        text.push_str(&format!(" {} bytes", reader.unread().len()));
    }
    if reader.is_eof {
        text.push_str(" eof");
    }
    if reader.limit != 1 << 16 {
        text.push_str(&format!(" limit={}", reader.limit));
    }
    let (waiter, exception, transport, is_paused) =
        (reader.waiter, reader.exception, reader.transport, reader.is_paused);
    if let Some(waiter) = waiter {
        text.push_str(&format!(" waiter={}", super::super::repr::text_of(cx, Value::Future(waiter))));
    }
    if !exception.is_none() {
        text.push_str(&format!(" exception={}", super::super::repr::text_of(cx, exception)));
    }
    if !transport.is_none() {
        text.push_str(&format!(" transport={}", super::super::repr::text_of(cx, transport)));
    }
    if is_paused {
        text.push_str(" paused");
    }
    text.push('>');
    Ok(cx.str(&text))
}

// ----- Data comes in -----

/// Appends what was received; then [`after_feed`] is to be called.
#[inline]
pub fn append(heap: &mut Heap, id: Id<Boxed>, data: &[u8]) {
    let Some(reader) = heap.native_mut::<Reader>(id) else { return };
    let before = reader.buffer.capacity();
    reader.buffer.extend_from_slice(data);
    let grown = reader.buffer.capacity() - before;
    heap.charge(grown);
}

/// Wakes who waits, and pauses the transport if there is too much.
#[inline]
pub fn after_feed(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    wake(cx, id)?;
    let reader = of_mut(cx, id);
    if reader.is_paused || reader.transport.is_none() || reader.unread().len() <= 2 * reader.limit {
        return Ok(());
    }
    let transport = reader.transport;
    if let Some(own) = transport::transport_id(cx, transport) {
        of_mut(cx, id).is_paused = true;
        return transport_read::pause_reading(cx, own);
    }
    let shown = Value::Native(id);
    Err(super::super::ask_library(cx, "asyncio.streams", "_pause_transport", &[shown, transport]))
}

fn wake(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    let Some(waiter) = of_mut(cx, id).waiter.take() else { return Ok(()) };
    if !cx.heap.futures.get(waiter).is_done() {
        future::finish(cx, FutureRef::Future(waiter), Value::None)?;
    }
    Ok(())
}

/// `reader.feed_eof()`
pub fn feed_eof(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    of_mut(cx, id).is_eof = true;
    wake(cx, id)
}

/// `reader.set_exception(exc)`
pub fn fail(cx: &mut Cx, id: Id<Boxed>, exc: Id<Exc>) -> Result<(), Ask> {
    let reader = of_mut(cx, id);
    reader.exception = Value::Exc(exc);
    let Some(waiter) = reader.waiter.take() else { return Ok(()) };
    if !cx.heap.futures.get(waiter).is_done() {
        future::fail(cx, FutureRef::Future(waiter), exc)?;
    }
    Ok(())
}

fn feed_data(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let data = buffer::require(cx, args[1])?;
    if of(cx, id).is_eof {
        return Err(cx.raise(classes::ASSERTION_ERROR, "feed_data after feed_eof"));
    }
    if data.is_empty() {
        return Ok(Value::None);
    }
    append(&mut cx.heap, id, &data);
    after_feed(cx, id)?;
    Ok(Value::None)
}

fn reader_feed_eof(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    feed_eof(cx, id)?;
    Ok(Value::None)
}

fn reader_set_exception(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    match args[1] {
        Value::Exc(exc) => fail(cx, id, exc)?,
        other => of_mut(cx, id).exception = other,
    }
    Ok(Value::None)
}

fn set_transport(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    if !of(cx, id).transport.is_none() {
        return Err(cx.raise(classes::ASSERTION_ERROR, "Transport already set"));
    }
    of_mut(cx, id).transport = args[1];
    Ok(Value::None)
}

/// Resumes the transport once there is room again.
#[inline]
pub fn resume_if_room(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    let reader = of_mut(cx, id);
    if !reader.is_paused || reader.unread().len() > reader.limit {
        return Ok(());
    }
    reader.is_paused = false;
    resume(cx, id)
}

/// `transport.resume_reading()`
pub fn resume(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    let transport = of(cx, id).transport;
    match transport::transport_id(cx, transport) {
        Some(own) => transport_read::resume_reading(cx, own),
        None if transport.is_none() => Ok(()),
        None => Err(method_call::ask(cx, transport, names::RESUME_READING, &[])),
    }
}

fn maybe_resume(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    resume_if_room(cx, id)?;
    Ok(Value::None)
}

fn wakeup(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    wake(cx, id)?;
    Ok(Value::None)
}

fn at_eof(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let reader = of(cx, id);
    Ok(Value::Bool(reader.is_eof && reader.unread().is_empty()))
}

fn itself(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(args[0])
}

// ----- Attributes -----

fn get_exception(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).exception)
}

fn get_buffer(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let data = of(cx, id).unread().to_vec();
    Ok(bytearray::new(cx, data))
}

fn get_eof(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(of(cx, id).is_eof))
}

fn get_limit(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Int(of(cx, id).limit as i64))
}

fn set_limit(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    of_mut(cx, id).limit = args[1].as_int().unwrap_or(0).max(0) as usize;
    Ok(Value::None)
}

fn get_loop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).shown_loop)
}

fn get_waiter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).waiter.map_or(Value::None, Value::Future))
}

fn set_waiter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    of_mut(cx, id).waiter = match args[1] {
        Value::Future(waiter) => Some(waiter),
        _ => None,
    };
    Ok(Value::None)
}

fn get_transport(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(of(cx, id).transport)
}

fn put_transport(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    of_mut(cx, id).transport = args[1].given().unwrap_or(Value::None);
    Ok(Value::None)
}

fn get_paused(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    Ok(Value::Bool(of(cx, id).is_paused))
}

fn set_paused(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    of_mut(cx, id).is_paused = args[1] == Value::Bool(true);
    Ok(Value::None)
}
