//! Receiving and sending on a socket object.

use super::c_int;
use super::object::{WAITED, address_argument, this, until_ready};
use crate::call::{Ask, Cx, Outcome};
use crate::host::{Address, Direction, Fd, HostResult};
use crate::types::bytes::buffer;
use crate::types::memoryview;
use crate::types::socket::{self, shown_address};
use crate::value::{NativeFrame, Value};

// ----- Receiving -----

/// How much to receive: not negative, and there must be room for it.
fn size_argument(cx: &mut Cx, value: Value, method: &str) -> Result<usize, Ask> {
    match value {
        Value::Int(size) if size >= 0 => {
            let size = size as usize;
            cx.heap.ensure(size)?;
            Ok(size)
        }
        Value::BigInt(_) => Err(cx.overflow_error("Python int too large to convert to C ssize_t")),
        _ => Err(cx.value_error(format!("negative buffersize in {method}"))),
    }
}

pub fn recv(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let size = size_argument(cx, frame.values[1], "recv")?;
    let flags = c_int(cx, frame.values[2], 0)?;
    let data = until_ready(cx, frame, Direction::Read, |cx, _, fd| receive(cx, fd, size, flags))?;
    Ok(cx.heap.new_bytes(data))
}

/// Receives into a new vector: by the host's buffer where that is large enough.
pub fn receive(cx: &mut Cx, fd: Fd, size: usize, flags: i32) -> HostResult<Vec<u8>> {
    if size <= crate::host::RECEIVE_LIMIT && flags == 0 {
        return cx.host.receive(fd, size).map(<[u8]>::to_vec);
    }
    let mut data = vec![0; size];
    let count = cx.host.receive_into(fd, &mut data, flags)?;
    data.truncate(count);
    Ok(data)
}

/// How much of a buffer is to be filled. values: self, buffer, nbytes.
pub fn room_of(cx: &mut Cx, target: Value, asked: Value, method: &str) -> Result<usize, Ask> {
    let room = match memoryview::writable_len(cx, target, method) {
        Ok(room) => room,
        Err(Ask::Raise(_)) if !buffer::is_view(cx, target) || buffer::is_buffer(cx, target) => {
            let class = cx.class_name(target);
            let message = format!("{method}() argument 1 must be read-write bytes-like object, not {class}");
            return Err(cx.type_error(message));
        }
        Err(ask) => return Err(ask),
    };
    match asked.given().and_then(|asked| asked.as_int()) {
        None | Some(0) => Ok(room),
        Some(asked) if asked < 0 => Err(cx.value_error(format!("negative buffersize in {method}"))),
        Some(asked) if asked as usize > room => Err(cx.value_error("buffer too small for requested bytes")),
        Some(asked) => Ok(asked as usize),
    }
}

pub fn recv_into(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let size = room_of(cx, frame.values[1], frame.values[2], "recv_into")?;
    let flags = c_int(cx, frame.values[3], 0)?;
    let data = until_ready(cx, frame, Direction::Read, |cx, _, fd| receive(cx, fd, size, flags))?;
    memoryview::write_front(cx, frame.values[1], &data);
    Ok(Value::Int(data.len() as i64))
}

type Datagram = (Vec<u8>, Option<Address>);

fn receive_from(cx: &mut Cx, fd: Fd, size: usize, flags: i32) -> HostResult<Datagram> {
    let mut data = vec![0; size];
    let (count, sender) = cx.host.receive_from(fd, &mut data, flags)?;
    data.truncate(count);
    Ok((data, sender))
}

fn shown_sender(cx: &mut Cx, sender: Option<Address>) -> Value {
    sender.map_or(Value::None, |sender| shown_address(cx, &sender))
}

pub fn recvfrom(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let size = size_argument(cx, frame.values[1], "recvfrom")?;
    let flags = c_int(cx, frame.values[2], 0)?;
    let (data, sender) = until_ready(cx, frame, Direction::Read, |cx, _, fd| receive_from(cx, fd, size, flags))?;
    let data = cx.heap.new_bytes(data);
    let sender = shown_sender(cx, sender);
    Ok(cx.heap.new_tuple(&[data, sender]))
}

pub fn recvfrom_into(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let size = room_of(cx, frame.values[1], frame.values[2], "recvfrom_into")?;
    let flags = c_int(cx, frame.values[3], 0)?;
    let (data, sender) = until_ready(cx, frame, Direction::Read, |cx, _, fd| receive_from(cx, fd, size, flags))?;
    memoryview::write_front(cx, frame.values[1], &data);
    let sender = shown_sender(cx, sender);
    Ok(cx.heap.new_tuple(&[Value::Int(data.len() as i64), sender]))
}

// ----- Sending -----

/// Sends what fits of a bytes-like object, from a place on.
pub fn send_from(cx: &mut Cx, fd: Fd, data: Value, from: usize, flags: i32) -> HostResult<usize> {
    match buffer::data_of(cx, data) {
        Some(bytes) => cx.host.send(fd, bytes.get(from..).unwrap_or_default(), flags),
        None => {
            let bytes = buffer::bytes_of(cx, data).map(std::borrow::Cow::into_owned).unwrap_or_default();
            cx.host.send(fd, bytes.get(from..).unwrap_or_default(), flags)
        }
    }
}

/// The length of a bytes-like object, or a TypeError.
pub fn length_of(cx: &mut Cx, data: Value) -> Result<usize, Ask> {
    match buffer::bytes_of(cx, data).map(|bytes| bytes.len()) {
        Some(length) => Ok(length),
        None => Err(buffer::not_bytes_like(cx, data)),
    }
}

pub fn send(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    length_of(cx, frame.values[1])?;
    let flags = c_int(cx, frame.values[2], 0)?;
    let count = until_ready(cx, frame, Direction::Write, |cx, frame, fd| send_from(cx, fd, frame.values[1], 0, flags))?;
    Ok(Value::Int(count as i64))
}

/// values: self, data, flags, then how much is sent; the deadline holds for all of it.
pub fn sendall(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let length = length_of(cx, frame.values[1])?;
    let flags = c_int(cx, frame.values[2], 0)?;
    if frame.values.len() == 3 {
        frame.values.push(Value::Int(0));
    }
    loop {
        let sent = frame.values[3].as_int().unwrap_or(0) as usize;
        if sent >= length && length > 0 {
            return Ok(Value::None);
        }
        let count =
            until_ready(cx, frame, Direction::Write, |cx, frame, fd| send_from(cx, fd, frame.values[1], sent, flags))?;
        if length == 0 {
            return Ok(Value::None);
        }
        frame.values[3] = Value::Int((sent + count) as i64);
    }
}

/// values: self, data, flags or address, address.
pub fn sendto(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    length_of(cx, frame.values[1])?;
    let (at, flags) = match frame.values[3] {
        Value::Undef => (2, 0),
        _ => {
            let given = frame.values[2];
            let Some(flags) = cx.exact(given).as_int() else {
                let message = format!("'{}' object cannot be interpreted as an integer", cx.class_name(given));
                return Err(cx.type_error(message));
            };
            (3, flags as i32)
        }
    };
    let address = match frame.step {
        WAITED => match socket::given(cx, this(cx, &[frame.values[0]]).family, frame.values[at], "sendto")? {
            socket::Given::Known(address) => address,
            socket::Given::Named { .. } => crate::bug!("it was resolved before the first wait"),
        },
        _ => address_argument(cx, frame, at, "sendto")?,
    };
    let count = until_ready(cx, frame, Direction::Write, |cx, frame, fd| {
        let data = buffer::bytes_of(cx, frame.values[1]).map(std::borrow::Cow::into_owned).unwrap_or_default();
        cx.host.send_to(fd, &data, flags, &address)
    })?;
    Ok(Value::Int(count as i64))
}

/// values: self, buffers, ancdata, flags, address.
pub fn sendmsg(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let has_ancillary = match frame.values[2] {
        Value::Undef => false,
        given => crate::types::protocol::quick_len(cx, given).unwrap_or(1) > 0,
    };
    if has_ancillary || cx.none_or(frame.values[4]).is_some() {
        return Err(cx.not_implemented("sendmsg() with ancillary data or an address"));
    }
    let items = crate::types::drive::quick_items(cx, frame.values[1])?.unwrap_or_default();
    let mut pieces = Vec::with_capacity(items.len());
    for item in items {
        pieces.push(buffer::require(cx, item)?);
    }
    let count = until_ready(cx, frame, Direction::Write, |cx, _, fd| {
        let slices: Vec<std::io::IoSlice<'_>> = pieces.iter().map(|piece| std::io::IoSlice::new(piece)).collect();
        cx.host.send_vectored(fd, &slices)
    })?;
    Ok(Value::Int(count as i64))
}
