//! Reading from a stream: what is there is taken at once; otherwise the caller waits, and looks again.
//!
//! Each method has a part behind its wait (see `waiting`): it looks again with what the method was asked for, which the
//! waiting future carries.

use super::super::{ask_library, waiting};
use super::reader::{of, of_mut, resume, resume_if_room, this};
use crate::call::{Ask, Cx, Outcome};
use crate::tables;
use crate::types::bytes::buffer;
use crate::types::classes;
use crate::value::native_object::Boxed;
use crate::value::{Id, NativeId, Value};

crate::natives! {
    /// Steps of reading.
    pub static TAKE_STEPS = [
        hidden "after_read(reader, n, future, exception)" => after_read, "read() goes on.";
        hidden "after_all(reader, blocks, future, exception)" => after_all, "read(-1) goes on.";
        hidden "after_line(reader, offset, future, exception)" => after_line, "readline() goes on.";
        hidden "after_next(reader, offset, future, exception)" => after_next, "__anext__() goes on.";
        hidden "after_exactly(reader, n, future, exception)" => after_exactly, "readexactly() goes on.";
        hidden "after_until(reader, state, future, exception)" => after_until, "readuntil() goes on.";
        hidden "after_wait(reader, none, future, exception)" => after_wait, "_wait_for_data() goes on.";
    ]
}

const fn row(row: u16) -> NativeId {
    NativeId { table: tables::TAKE_STEPS, row }
}
const AFTER_READ: NativeId = row(0);
const AFTER_ALL: NativeId = row(1);
const AFTER_LINE: NativeId = row(2);
const AFTER_NEXT: NativeId = row(3);
const AFTER_EXACTLY: NativeId = row(4);
const AFTER_UNTIL: NativeId = row(5);
const AFTER_WAIT: NativeId = row(6);

/// Waits for data; then the `after` function goes on with `item`.
fn wait(cx: &mut Cx, id: Id<Boxed>, method: &str, after: NativeId, item: Value) -> Outcome {
    let reader = of_mut(cx, id);
    if reader.waiter.is_some() {
        let message = format!("{method}() called while another coroutine is already waiting for incoming data");
        return Err(cx.runtime_error(message));
    }
    if std::mem::take(&mut reader.is_paused) {
        resume(cx, id)?;
    }
    let event_loop = of(cx, id).event_loop;
    if event_loop.is_none() {
        return Err(cx.not_implemented("a StreamReader on a loop that is not one of asyncio's"));
    }
    let waiter = waiting::new(cx, event_loop, after, id, item);
    of_mut(cx, id).waiter = Some(waiter);
    waiting::wait(cx, waiter)
}

/// The wait is over: the reader and the item, or what was raised.
fn go_on(cx: &mut Cx, args: &[Value]) -> Result<(Id<Boxed>, Value), Ask> {
    let after = waiting::after(cx, args)?;
    let reader = of_mut(cx, after.target);
    if reader.waiter == Some(after.future) {
        reader.waiter = None;
    }
    match after.exc {
        None => Ok((after.target, after.item)),
        Some(exc) => Err(Ask::Raise(exc)),
    }
}

fn check_exception(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    match of(cx, id).exception {
        Value::Exc(exc) => Err(Ask::Raise(exc)),
        _ => Ok(()),
    }
}

fn taken(cx: &mut Cx, id: Id<Boxed>, count: usize) -> Outcome {
    let data = of_mut(cx, id).take(count);
    resume_if_room(cx, id)?;
    Ok(cx.heap.new_bytes(data))
}

pub fn wait_for_data(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let method = cx.text_of(args[1]).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default();
    wait(cx, id, &method, AFTER_WAIT, Value::None)
}

fn after_wait(cx: &mut Cx, args: &[Value]) -> Outcome {
    go_on(cx, args)?;
    Ok(Value::None)
}

// ----- read -----

fn count_of(cx: &mut Cx, value: Value, default: i64) -> Result<i64, Ask> {
    match cx.exact(value) {
        Value::Undef => Ok(default),
        Value::Int(count) => Ok(count),
        Value::Bool(count) => Ok(count.into()),
        Value::BigInt(_) => Ok(i64::MAX),
        _ => {
            let class = cx.class_name(value);
            Err(cx.type_error(format!("'<' not supported between instances of '{class}' and 'int'")))
        }
    }
}

pub fn read(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let count = count_of(cx, args[1], -1)?;
    check_exception(cx, id)?;
    match count {
        0 => Ok(cx.heap.empty_bytes),
        count if count < 0 => {
            let blocks = crate::types::bytearray::new(cx, Vec::new());
            read_all(cx, id, blocks)
        }
        count => read_some(cx, id, count),
    }
}

fn read_some(cx: &mut Cx, id: Id<Boxed>, count: i64) -> Outcome {
    let reader = of(cx, id);
    if reader.unread().is_empty() && !reader.is_eof {
        return wait(cx, id, "read", AFTER_READ, Value::Int(count));
    }
    let count = reader.unread().len().min(count as usize);
    taken(cx, id, count)
}

fn after_read(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, count) = go_on(cx, args)?;
    let count = of(cx, id).unread().len().min(count.as_int().unwrap_or(0) as usize);
    taken(cx, id, count)
}

/// Collects blocks until the end.
fn read_all(cx: &mut Cx, id: Id<Boxed>, blocks: Value) -> Outcome {
    loop {
        check_exception(cx, id)?;
        let reader = of_mut(cx, id);
        if reader.unread().is_empty() && !reader.is_eof {
            return wait(cx, id, "read", AFTER_ALL, blocks);
        }
        let count = reader.unread().len().min(reader.limit);
        if count == 0 {
            let data = buffer::data_of(cx, blocks).unwrap_or_default().to_vec();
            return Ok(cx.heap.new_bytes(data));
        }
        let data = reader.take(count);
        if let Value::Native(array) = blocks {
            crate::types::bytearray::grow(cx, array, data.len())?;
            if let Some(array) = cx.heap.native_mut::<crate::types::bytearray::ByteArray>(array) {
                array.data.extend_from_slice(&data);
            }
        }
        resume_if_room(cx, id)?;
    }
}

fn after_all(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, blocks) = go_on(cx, args)?;
    if of(cx, id).unread().is_empty() && !of(cx, id).is_eof {
        // Woken without data: as `read` does, an empty block ends it.
        let data = buffer::data_of(cx, blocks).unwrap_or_default().to_vec();
        return Ok(cx.heap.new_bytes(data));
    }
    read_all(cx, id, blocks)
}

// ----- Lines -----

pub fn readline(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    check_exception(cx, id)?;
    line(cx, id, 0, AFTER_LINE)
}

fn after_line(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, offset) = go_on(cx, args)?;
    line(cx, id, offset.as_int().unwrap_or(0) as usize, AFTER_LINE)
}

pub fn anext(cx: &mut Cx, args: &[Value]) -> Outcome {
    if super::super::waiting::replaces(cx, args[0], &[crate::call::names::READLINE]) {
        return Err(super::super::await_library(cx, "asyncio.streams", "_next_line", &args[..1]));
    }
    let id = this(cx, args)?;
    check_exception(cx, id)?;
    let found = line(cx, id, 0, AFTER_NEXT)?;
    end_if_empty(cx, found)
}

fn after_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, offset) = go_on(cx, args)?;
    let found = line(cx, id, offset.as_int().unwrap_or(0) as usize, AFTER_NEXT)?;
    end_if_empty(cx, found)
}

fn end_if_empty(cx: &mut Cx, line: Value) -> Outcome {
    if line.is(&cx.heap.empty_bytes) {
        return Err(cx.raise_with(classes::STOP_ASYNC_ITERATION, &[]));
    }
    Ok(line)
}

/// A line; before `offset` there is no end of one.
fn line(cx: &mut Cx, id: Id<Boxed>, offset: usize, after: NativeId) -> Outcome {
    let reader = of_mut(cx, id);
    let limit = reader.limit;
    let unread = reader.unread();
    let from = offset.min(unread.len());
    if let Some(at) = memchr::memchr(b'\n', &unread[from..]) {
        let end = from + at;
        if end > limit {
            reader.skip(end + 1);
            resume_if_room(cx, id)?;
            return Err(cx.value_error("Separator is found, but chunk is longer than limit"));
        }
        return taken(cx, id, end + 1);
    }
    let length = unread.len();
    if length > limit {
        reader.skip(length);
        resume_if_room(cx, id)?;
        return Err(cx.value_error("Separator is not found, and chunk exceed the limit"));
    }
    if reader.is_eof {
        let data = reader.take(length);
        return Ok(cx.heap.new_bytes(data));
    }
    wait(cx, id, "readuntil", after, Value::Int(length as i64))
}

// ----- readexactly -----

pub fn readexactly(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let count = count_of(cx, args[1], 0)?;
    if count < 0 {
        return Err(cx.value_error("readexactly size can not be less than zero"));
    }
    check_exception(cx, id)?;
    if count == 0 {
        return Ok(cx.heap.empty_bytes);
    }
    exactly(cx, id, count as usize)
}

fn after_exactly(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, count) = go_on(cx, args)?;
    exactly(cx, id, count.as_int().unwrap_or(0) as usize)
}

fn exactly(cx: &mut Cx, id: Id<Boxed>, count: usize) -> Outcome {
    let reader = of(cx, id);
    let length = reader.unread().len();
    if length >= count {
        return taken(cx, id, count);
    }
    if reader.is_eof {
        return Err(incomplete(cx, id, Value::Int(count as i64)));
    }
    wait(cx, id, "readexactly", AFTER_EXACTLY, Value::Int(count as i64))
}

/// IncompleteReadError with all that is there.
fn incomplete(cx: &mut Cx, id: Id<Boxed>, expected: Value) -> Ask {
    let reader = of_mut(cx, id);
    let length = reader.unread().len();
    let data = reader.take(length);
    let partial = cx.heap.new_bytes(data);
    ask_library(cx, "asyncio.streams", "_incomplete", &[partial, expected])
}

// ----- readuntil -----

pub fn readuntil(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args)?;
    let mut separators = match args[1] {
        Value::Undef => vec![cx.heap.new_bytes(b"\n".to_vec())],
        Value::Tuple(tuple) => cx.heap.tuples.get(tuple).items().to_vec(),
        one => vec![one],
    };
    if separators.is_empty() {
        return Err(cx.value_error("Separator should contain at least one element"));
    }
    for &separator in &separators {
        if !buffer::is_buffer(cx, separator) {
            let message = format!("a bytes-like object is required, not '{}'", cx.class_name(separator));
            return Err(cx.type_error(message));
        }
    }
    separators.sort_by_key(|&separator| buffer::bytes_of(cx, separator).map_or(0, |bytes| bytes.len()));
    if buffer::bytes_of(cx, separators[0]).is_none_or(|bytes| bytes.is_empty()) {
        return Err(cx.value_error("Separator should be at least one-byte string"));
    }
    check_exception(cx, id)?;
    let separators = cx.heap.new_tuple(&separators);
    until(cx, id, separators, 0)
}

fn after_until(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, state) = go_on(cx, args)?;
    let Value::Tuple(state) = state else { crate::bug!("readuntil() knows what it looks for") };
    let (separators, offset) = match *cx.heap.tuples.get(state).items() {
        [separators, Value::Int(offset)] => (separators, offset),
        _ => crate::bug!("readuntil() knows what it looks for"),
    };
    until(cx, id, separators, offset as usize)
}

fn until(cx: &mut Cx, id: Id<Boxed>, separators: Value, offset: usize) -> Outcome {
    let Value::Tuple(tuple) = separators else { crate::bug!("separators are a tuple") };
    let items = cx.heap.tuples.get(tuple).items().to_vec();
    let mut found: Option<(usize, usize)> = None;
    let mut longest = 0;
    let reader = of(cx, id);
    let (limit, is_eof) = (reader.limit, reader.is_eof);
    let length = reader.unread().len();
    for item in items {
        let separator = buffer::bytes_of(cx, item).unwrap_or_default();
        longest = longest.max(separator.len());
        let rest = reader.unread().get(offset..).unwrap_or_default();
        if let Some(at) = memchr::memmem::find(rest, &separator) {
            let (start, end) = (offset + at, offset + at + separator.len());
            if found.is_none_or(|(_, known)| end < known) {
                found = Some((start, end));
            }
        }
    }
    match found {
        Some((start, _)) if start > limit => {
            let message = "Separator is found, but chunk is longer than limit";
            Err(overrun(cx, message, start))
        }
        Some((_, end)) => taken(cx, id, end),
        None => {
            let offset = (length + 1).saturating_sub(longest);
            if offset > limit {
                return Err(overrun(cx, "Separator is not found, and chunk exceed the limit", offset));
            }
            if is_eof {
                return Err(incomplete(cx, id, Value::None));
            }
            let state = cx.heap.new_tuple(&[separators, Value::Int(offset as i64)]);
            wait(cx, id, "readuntil", AFTER_UNTIL, state)
        }
    }
}

fn overrun(cx: &mut Cx, message: &str, consumed: usize) -> Ask {
    let message = cx.str(message);
    ask_library(cx, "asyncio.streams", "_overrun", &[message, Value::Int(consumed as i64)])
}
