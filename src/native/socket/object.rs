//! `_socket.socket`: each method is one system call, tried first. If it would have to wait, the fiber is parked until the
//! descriptor is ready or the time-out of the socket has passed, and tries again.

use super::c_int;
use super::names::resolve_given;
use crate::call::{Ask, Cx, MachineAsk, Outcome, Wait, WaitKind};
use crate::host::{Address, Direction, Fd, HostError, HostResult, constant as number};
use crate::native::deadline;
use crate::types::bytes::buffer;
use crate::types::file::bytes_io::of_class;
use crate::types::socket::{self, Socket, checked, fd_of, shown_address};
use crate::types::{classes, memoryview, object, os_error};
use crate::value::native_object::Boxed;
use crate::value::{Id, NativeFrame, Told, Value};

crate::natives! {
    /// The rows of `socket`.
    pub static SOCKET = [
        new "__new__(cls, *args, **kwargs)" => socket_new, "A network connection.";
        special "__init__(self, family: index=-1, type: index=-1, proto: index=-1, fileno=None)" => socket_init, "Initialize self.";
        special "__repr__(self, /)" => socket_repr, "Return repr(self).";
        special "__del__(self, /)" => socket_close, "Closes the descriptor.";
        method "_accept(self, /)" => step accept, "_accept() -> (integer fd, address info)";
        method "bind(self, address, /)" => step bind, "Bind the socket to a local address.";
        method "close(self, /)" => socket_close, "Close the socket.";
        method "connect(self, address, /)" => step connect, "Connect the socket to a remote address.";
        method "connect_ex(self, address, /)" => step connect_ex, "This is like connect(address), but returns an error code instead of raising an exception.";
        method "detach(self, /)" => detach, "Close the socket object without closing the underlying file descriptor.";
        method "fileno(self, /)" => fileno, "Return the integer file descriptor of the socket.";
        method "getpeername(self, /)" => getpeername, "Return the address of the remote endpoint.";
        method "getsockname(self, /)" => getsockname, "Return the address of the local endpoint.";
        method "getsockopt(self, level: index, option: index, buffersize: index=0, /)" => getsockopt, "Get a socket option.";
        method "setsockopt(self, level: index, option: index, value, optlen=, /)" => setsockopt, "Set a socket option.";
        method "listen(self, backlog: index=128, /)" => listen, "Enable a server to accept connections.";
        method "recv(self, bufsize: index, flags: index=0, /)" => step recv, "Receive up to buffersize bytes from the socket.";
        method "recv_into(self, buffer, nbytes: index=0, flags: index=0)" => step recv_into, "A version of recv() that stores its data into a buffer rather than creating a new string.";
        method "recvfrom(self, bufsize: index, flags: index=0, /)" => step recvfrom, "Like recv(buffersize, flags) but also return the sender's address info.";
        method "recvfrom_into(self, buffer, nbytes: index=0, flags: index=0)" => step recvfrom_into, "Like recv_into(buffer[, nbytes[, flags]]) but also return the sender's address info.";
        method "send(self, data, flags: index=0, /)" => step send, "Send a data string to the socket.";
        method "sendall(self, data, flags: index=0, /)" => step sendall, "Send a data string to the socket, until all of it is sent.";
        method "sendto(self, data, flags_or_address, address=, /)" => step sendto, "Like send(data, flags) but allows specifying the destination address.";
        method "sendmsg(self, buffers: list, ancdata=, flags: index=0, address=, /)" => step sendmsg, "Send normal and ancillary data to the socket.";
        method "setblocking(self, flag, /)" => setblocking, "Set the socket to blocking (flag is true) or non-blocking (false).";
        method "getblocking(self, /)" => getblocking, "Returns True if socket is in blocking mode, or False if it is in non-blocking mode.";
        method "settimeout(self, timeout, /)" => settimeout, "Set a timeout on socket operations.";
        method "gettimeout(self, /)" => gettimeout, "Returns the timeout in seconds (float) associated with socket operations.";
        method "shutdown(self, how: index, /)" => shutdown, "Shut down the reading side of the socket, the writing side of the socket, or both ends.";
        attr "family" => family, "the socket family";
        attr "type" => kind, "the socket type";
        attr "proto" => protocol, "the socket protocol";
        attr "timeout" => gettimeout, "the socket timeout";
    ]
}

fn this<'a>(cx: &'a Cx, args: &[Value]) -> &'a Socket {
    socket::socket_of(cx, args[0]).expect("self of a socket's row is one")
}

fn this_mut<'a>(cx: &'a mut Cx, args: &[Value]) -> &'a mut Socket {
    let id: Id<Boxed> = socket::socket_id(cx, args[0]).expect("self of a socket's row is one");
    cx.heap.native_mut(id).expect("self of a socket's row is one")
}

fn socket_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let made = socket::new(cx, Socket { fd: None, family: -1, kind: -1, protocol: -1, timeout: None });
    of_class(cx, args[0], classes::SOCKET, made)
}

/// Arguments: self, family, type, proto, fileno.
fn socket_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mut given = [0; 3];
    for (place, &arg) in given.iter_mut().zip(&args[1..4]) {
        *place = c_int(cx, arg, -1)?;
    }
    let [mut family, mut kind, mut protocol] = given;
    let fd = match cx.none_or(args[4]) {
        Some(fileno) => {
            let Some(fd) = cx.exact(fileno).as_int().and_then(|fd| i32::try_from(fd).ok()) else {
                return Err(cx.type_error("an integer is required (got type float)"));
            };
            if fd < 0 {
                return Err(cx.value_error("negative file descriptor"));
            }
            let result = cx.host.socket_properties(Fd(fd));
            let found = checked(cx, result)?;
            for (place, found) in [(&mut family, found.0), (&mut kind, found.1), (&mut protocol, found.2)] {
                *place = if *place == -1 { found } else { *place };
            }
            Fd(fd)
        }
        None => {
            family = if family == -1 { number::AF_INET } else { family };
            kind = if kind == -1 { number::SOCK_STREAM } else { kind };
            protocol = protocol.max(0);
            let mut result = cx.host.socket(family, kind, protocol);
            if result.as_ref().is_err_and(HostError::too_many_files) {
                result = Err(HostError::system(number::EMFILE));
            }
            checked(cx, result)?
        }
    };
    let timeout = if kind & number::SOCK_NONBLOCK != 0 { Some(0.0) } else { None };
    let kind = kind & !(number::SOCK_NONBLOCK | number::SOCK_CLOEXEC);
    *this_mut(cx, args) = Socket { fd: Some(fd), family, kind, protocol, timeout };
    Ok(Value::None)
}

fn socket_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Socket { fd, family, kind, protocol, .. } = *this(cx, args);
    let fd = fd.map_or(-1, |fd| fd.0);
    let text = format!("<socket object, fd={fd}, family={family}, type={kind}, proto={protocol}>");
    let _ = object::address(args[0]);
    Ok(cx.str(&text))
}

fn socket_close(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(fd) = this_mut(cx, args).fd.take() else { return Ok(Value::None) };
    match cx.host.close(fd) {
        Ok(()) => Ok(Value::None),
        Err(error) if error.errno == number::ECONNRESET => Ok(Value::None),
        Err(error) => Err(os_error::raise(cx, &error)),
    }
}

fn detach(cx: &mut Cx, args: &[Value]) -> Outcome {
    let fd = this_mut(cx, args).fd.take();
    Ok(Value::Int(fd.map_or(-1, |fd| fd.0.into())))
}

fn fileno(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(this(cx, args).fd.map_or(-1, |fd| fd.0.into())))
}

fn family(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(this(cx, args).family.into()))
}

fn kind(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(this(cx, args).kind.into()))
}

fn protocol(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(this(cx, args).protocol.into()))
}

// ----- Time-outs -----

fn gettimeout(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(this(cx, args).timeout.map_or(Value::None, Value::Float))
}

fn getblocking(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(this(cx, args).timeout != Some(0.0)))
}

fn set_timeout(cx: &mut Cx, args: &[Value], timeout: Option<f64>) -> Outcome {
    let fd = fd_of(cx, args[0])?;
    this_mut(cx, args).timeout = timeout;
    let result = cx.host.set_blocking(fd, timeout.is_none());
    checked(cx, result).and_then(socket::nothing)
}

fn setblocking(cx: &mut Cx, args: &[Value]) -> Outcome {
    let timeout = if deadline::is_true(cx, args[1]) { None } else { Some(0.0) };
    set_timeout(cx, args, timeout)
}

fn settimeout(cx: &mut Cx, args: &[Value]) -> Outcome {
    let timeout = match args[1] {
        Value::None => None,
        given => Some(deadline::seconds(cx, given)?),
    };
    if timeout.is_some_and(|timeout| timeout < 0.0) {
        return Err(cx.value_error("Timeout value out of range"));
    }
    set_timeout(cx, args, timeout)
}

/// Tries until it need not wait any more. The deadline is kept behind the arguments, from the first wait on.
fn until_ready<T>(
    cx: &mut Cx,
    frame: &mut NativeFrame,
    direction: Direction,
    mut attempt: impl FnMut(&mut Cx, &NativeFrame, Fd) -> HostResult<T>,
) -> Result<T, Ask> {
    let args = [frame.values[0]];
    match std::mem::take(&mut frame.told) {
        Told::Value(Value::Bool(false)) => return Err(cx.raise(classes::TIMEOUT_ERROR, "timed out")),
        Told::Raised(exc) => return Err(Ask::Raise(exc)),
        Told::Start | Told::End | Told::Value(_) | Told::Returned(_) => {}
    }
    let fd = fd_of(cx, args[0])?;
    let error = match attempt(cx, frame, fd) {
        Ok(result) => return Ok(result),
        Err(error) => error,
    };
    let timeout = this(cx, &args).timeout;
    if !error.would_block() || timeout == Some(0.0) {
        return Err(os_error::raise(cx, &error));
    }
    Err(park(cx, frame, fd, direction, timeout))
}

fn park(cx: &mut Cx, frame: &mut NativeFrame, fd: Fd, direction: Direction, timeout: Option<f64>) -> Ask {
    if frame.step != WAITED {
        frame.step = WAITED;
        let deadline = timeout.map_or(Value::None, |timeout| Value::Int(deadline::after(cx, timeout)));
        frame.values.push(deadline);
    }
    let deadline = frame.values.last().and_then(Value::as_int);
    let wait = Wait::on(WaitKind::Descriptor(fd, direction), frame.values[0]).until(deadline);
    cx.ask_machine(MachineAsk::Park(wait))
}

/// The deadline is among the values.
const WAITED: u32 = 100;

// ----- Connections -----

/// The address argument, resolved; from then on it is a tuple in numbers.
fn address_argument(cx: &mut Cx, frame: &mut NativeFrame, at: usize, method: &str) -> Result<Address, Ask> {
    let family = this(cx, &[frame.values[0]]).family;
    let given = socket::given(cx, family, frame.values[at], method)?;
    let address = resolve_given(cx, frame, family, given)?;
    if frame.step == 1 {
        frame.step = 0;
        frame.told = Told::Start;
        frame.values[at] = shown_address(cx, &address);
    }
    Ok(address)
}

fn accept(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (fd, address) = until_ready(cx, frame, Direction::Read, |cx, _, fd| cx.host.accept(fd))?;
    let address = shown_address(cx, &address);
    Ok(cx.heap.new_tuple(&[Value::Int(fd.0.into()), address]))
}

fn bind(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let address = address_argument(cx, frame, 1, "bind")?;
    let fd = fd_of(cx, frame.values[0])?;
    let result = cx.host.bind(fd, &address);
    checked(cx, result).and_then(socket::nothing)
}

fn connect(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    match connect_errno(cx, frame, "connect")? {
        None => Ok(Value::None),
        Some(error) => Err(os_error::raise(cx, &error)),
    }
}

fn connect_ex(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let error = connect_errno(cx, frame, "connect_ex")?;
    Ok(Value::Int(error.map_or(0, |error| error.errno.into())))
}

/// Connects; gives what the system said.
fn connect_errno(cx: &mut Cx, frame: &mut NativeFrame, method: &str) -> Result<Option<HostError>, Ask> {
    if frame.step == WAITED {
        let error = match std::mem::take(&mut frame.told) {
            Told::Value(Value::Bool(false)) if method == "connect_ex" => Some(HostError::system(number::EAGAIN)),
            Told::Value(Value::Bool(false)) => return Err(cx.raise(classes::TIMEOUT_ERROR, "timed out")),
            Told::Raised(exc) => return Err(Ask::Raise(exc)),
            Told::Start | Told::End | Told::Value(_) | Told::Returned(_) => {
                let fd = fd_of(cx, frame.values[0])?;
                cx.host.connect_result(fd).err()
            }
        };
        return Ok(error);
    }
    let address = address_argument(cx, frame, 1, method)?;
    let fd = fd_of(cx, frame.values[0])?;
    let timeout = this(cx, &[frame.values[0]]).timeout;
    match cx.host.connect(fd, &address) {
        Ok(()) => Ok(None),
        Err(error) if error.errno == number::EINPROGRESS && timeout != Some(0.0) => {
            Err(park(cx, frame, fd, Direction::Write, timeout))
        }
        Err(error) => Ok(Some(error)),
    }
}

fn listen(cx: &mut Cx, args: &[Value]) -> Outcome {
    let backlog = c_int(cx, args[1], 128)?;
    let fd = fd_of(cx, args[0])?;
    let result = cx.host.listen(fd, backlog);
    checked(cx, result).and_then(socket::nothing)
}

fn shutdown(cx: &mut Cx, args: &[Value]) -> Outcome {
    let how = c_int(cx, args[1], 0)?;
    let fd = fd_of(cx, args[0])?;
    let result = cx.host.shutdown(fd, how);
    checked(cx, result).and_then(socket::nothing)
}

fn getsockname(cx: &mut Cx, args: &[Value]) -> Outcome {
    let fd = fd_of(cx, args[0])?;
    let result = cx.host.socket_name(fd);
    checked(cx, result).map(|address| shown_address(cx, &address))
}

fn getpeername(cx: &mut Cx, args: &[Value]) -> Outcome {
    let fd = fd_of(cx, args[0])?;
    let result = cx.host.peer_name(fd);
    checked(cx, result).map(|address| shown_address(cx, &address))
}

// ----- Options -----

/// Arguments: self, level, option, buffersize.
fn getsockopt(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (level, option) = (c_int(cx, args[1], 0)?, c_int(cx, args[2], 0)?);
    let size = c_int(cx, args[3], 0)?;
    let fd = fd_of(cx, args[0])?;
    if size == 0 {
        let result = cx.host.socket_option(fd, level, option);
        return checked(cx, result).map(|value| Value::Int(value.into()));
    }
    if !(0..=1024).contains(&size) {
        return Err(cx.raise(classes::OS_ERROR, "getsockopt buflen out of range"));
    }
    let result = cx.host.socket_option_bytes(fd, level, option);
    let mut bytes = checked(cx, result)?;
    bytes.truncate(size as usize);
    Ok(cx.heap.new_bytes(bytes))
}

/// Arguments: self, level, option, value, optlen.
fn setsockopt(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (level, option) = (c_int(cx, args[1], 0)?, c_int(cx, args[2], 0)?);
    let fd = fd_of(cx, args[0])?;
    let result = match cx.exact(args[3]) {
        value @ (Value::Int(_) | Value::BigInt(_)) => {
            let value = c_int(cx, value, 0)?;
            cx.host.set_socket_option(fd, level, option, value)
        }
        Value::Bool(value) => cx.host.set_socket_option(fd, level, option, value.into()),
        Value::None => match args[4].given().and_then(|length| length.as_int()) {
            Some(length) => {
                let zeros = vec![0; length.clamp(0, 4096) as usize];
                cx.host.set_socket_option_bytes(fd, level, option, &zeros)
            }
            None => return Err(cx.type_error("socket option should be int, bytes-like object or None (got NoneType)")),
        },
        _ => {
            let bytes = buffer::require(cx, args[3])?;
            cx.host.set_socket_option_bytes(fd, level, option, &bytes)
        }
    };
    checked(cx, result).and_then(socket::nothing)
}

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

fn recv(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
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

fn recv_into(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
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

fn recvfrom(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let size = size_argument(cx, frame.values[1], "recvfrom")?;
    let flags = c_int(cx, frame.values[2], 0)?;
    let (data, sender) = until_ready(cx, frame, Direction::Read, |cx, _, fd| receive_from(cx, fd, size, flags))?;
    let data = cx.heap.new_bytes(data);
    let sender = shown_sender(cx, sender);
    Ok(cx.heap.new_tuple(&[data, sender]))
}

fn recvfrom_into(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
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

fn send(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    length_of(cx, frame.values[1])?;
    let flags = c_int(cx, frame.values[2], 0)?;
    let count = until_ready(cx, frame, Direction::Write, |cx, frame, fd| send_from(cx, fd, frame.values[1], 0, flags))?;
    Ok(Value::Int(count as i64))
}

/// values: self, data, flags, then how much is sent; the deadline holds for all of it.
fn sendall(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
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
fn sendto(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
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
fn sendmsg(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
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
