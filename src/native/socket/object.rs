//! `_socket.socket`: each method is one system call, tried first. If it would have to wait, the fiber is parked until the
//! descriptor is ready or the time-out of the socket has passed, and tries again.

use super::c_int;
use super::names::resolve_given;
use super::transfer;
use crate::call::{Ask, Cx, MachineAsk, Outcome, Wait, WaitKind};
use crate::host::{Address, Direction, Fd, HostError, HostResult, constant as number};
use crate::native::deadline;
use crate::types::bytes::buffer;
use crate::types::file::bytes_io::of_class;
use crate::types::socket::{self, Socket, checked, fd_of, shown_address};
use crate::types::{classes, object, os_error};
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
        method "recv(self, bufsize: index, flags: index=0, /)" => step transfer::recv, "Receive up to buffersize bytes from the socket.";
        method "recv_into(self, buffer, nbytes: index=0, flags: index=0)" => step transfer::recv_into, "A version of recv() that stores its data into a buffer rather than creating a new string.";
        method "recvfrom(self, bufsize: index, flags: index=0, /)" => step transfer::recvfrom, "Like recv(buffersize, flags) but also return the sender's address info.";
        method "recvfrom_into(self, buffer, nbytes: index=0, flags: index=0)" => step transfer::recvfrom_into, "Like recv_into(buffer[, nbytes[, flags]]) but also return the sender's address info.";
        method "send(self, data, flags: index=0, /)" => step transfer::send, "Send a data string to the socket.";
        method "sendall(self, data, flags: index=0, /)" => step transfer::sendall, "Send a data string to the socket, until all of it is sent.";
        method "sendto(self, data, flags_or_address, address=, /)" => step transfer::sendto, "Like send(data, flags) but allows specifying the destination address.";
        method "sendmsg(self, buffers: list, ancdata=, flags: index=0, address=, /)" => step transfer::sendmsg, "Send normal and ancillary data to the socket.";
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

pub fn this<'a>(cx: &'a Cx, args: &[Value]) -> &'a Socket {
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
            // Whoever knows all three, as after `accept`, is believed.
            if given.contains(&-1) || !cx.host.is_socket(Fd(fd)) {
                let result = cx.host.socket_properties(Fd(fd));
                let found = checked(cx, result)?;
                for (place, found) in [(&mut family, found.0), (&mut kind, found.1), (&mut protocol, found.2)] {
                    *place = if *place == -1 { found } else { *place };
                }
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
pub fn until_ready<T>(
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
pub const WAITED: u32 = 100;

// ----- Connections -----

/// The address argument, resolved; from then on it is a tuple in numbers.
pub fn address_argument(cx: &mut Cx, frame: &mut NativeFrame, at: usize, method: &str) -> Result<Address, Ask> {
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
