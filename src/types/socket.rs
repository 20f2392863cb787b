//! The state of a socket object, and addresses as scripts write them.

use crate::call::{Ask, Cx, Outcome};
use crate::host::constant as number;
use crate::host::{Address, Fd};
use crate::types::bytes::buffer;
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::{Gray, Id, Value};

/// `_socket.socket`.
#[derive(Clone, Debug)]
pub struct Socket {
    /// None once it is closed or detached.
    pub fd: Option<Fd>,
    pub family: i32,
    pub kind: i32,
    pub protocol: i32,
    /// Seconds; None: it waits for ever, 0: it never waits.
    pub timeout: Option<f64>,
}

impl NativeObject for Socket {
    fn trace(&self, _gray: &mut Gray) {}
    fn bytes(&self) -> usize {
        size_of::<Socket>()
    }
    fn has_end(&self) -> bool {
        self.fd.is_some()
    }
}

/// The native object of a socket, or of an instance of a subclass.
pub fn socket_id(cx: &Cx, value: Value) -> Option<Id<Boxed>> {
    match cx.exact(value) {
        Value::Native(id) if cx.heap.native::<Socket>(id).is_some() => Some(id),
        _ => None,
    }
}

/// The state of a socket.
pub fn socket_of(cx: &Cx, value: Value) -> Option<&Socket> {
    let id = socket_id(cx, value)?;
    cx.heap.native(id)
}

/// The descriptor of a socket; EBADF once it is closed.
pub fn fd_of(cx: &mut Cx, value: Value) -> Result<Fd, Ask> {
    match socket_of(cx, value).and_then(|socket| socket.fd) {
        Some(fd) => Ok(fd),
        None => Err(super::os_error::raise(cx, &crate::host::HostError::bad_descriptor())),
    }
}

// ----- Addresses -----

/// An address as it was given.
#[derive(Clone, Debug)]
pub enum Given {
    Known(Address),
    /// The host is a name.
    Named {
        host: String,
        port: u16,
    },
}

/// A host: a str or bytes.
pub fn host_text(cx: &mut Cx, value: Value) -> Result<String, Ask> {
    if let Some(text) = cx.text_of(value) {
        return match std::str::from_utf8(text) {
            Ok(text) if !text.contains('\0') => Ok(text.to_owned()),
            Ok(_) => Err(cx.type_error("host name must not contain null character")),
            Err(_) => Err(cx.value_error("a host name can't have lone surrogates")),
        };
    }
    if let Some(bytes) = buffer::data_of(cx, value) {
        return Ok(String::from_utf8_lossy(bytes).into_owned());
    }
    let message = format!("str, bytes or bytearray expected, not {}", cx.class_name(value));
    Err(cx.type_error(message))
}

fn port_of(cx: &mut Cx, value: Value, method: &str) -> Result<u16, Ask> {
    match cx.exact(value) {
        Value::Int(port) if (0..=65_535).contains(&port) => Ok(port as u16),
        Value::Bool(port) => Ok(port.into()),
        Value::Int(_) | Value::BigInt(_) => Err(cx.overflow_error(format!("{method}(): port must be 0-65535."))),
        _ => {
            let message = format!("'{}' object cannot be interpreted as an integer", cx.class_name(value));
            Err(cx.type_error(message))
        }
    }
}

/// The address that a script wrote for a socket of a family.
pub fn given(cx: &mut Cx, family: i32, value: Value, method: &str) -> Result<Given, Ask> {
    if family == number::AF_UNIX {
        return unix_address(cx, value).map(Given::Known);
    }
    let name = if family == number::AF_INET6 { "AF_INET6" } else { "AF_INET" };
    let Value::Tuple(id) = cx.exact(value) else {
        let message = format!("{method}(): {name} address must be tuple, not {}", cx.class_name(value));
        return Err(cx.type_error(message));
    };
    let items = cx.heap.tuples.get(id).items().to_vec();
    let fits = if family == number::AF_INET6 { (2..=4).contains(&items.len()) } else { items.len() == 2 };
    if !fits {
        let form = if family == number::AF_INET6 {
            "a tuple (host, port[, flowinfo[, scopeid]])"
        } else {
            "a pair (host, port)"
        };
        return Err(cx.type_error(format!("{name} address must be {form}")));
    }
    let host = host_text(cx, items[0])?;
    let port = port_of(cx, items[1], method)?;
    let mut extra = [0; 2];
    for (place, &item) in extra.iter_mut().zip(items.get(2..).unwrap_or_default()) {
        *place = cx.exact(item).as_int().and_then(|int| u32::try_from(int).ok()).unwrap_or(0);
    }
    if family == number::AF_INET6 {
        let any = if host.is_empty() { "::" } else { &host };
        return Ok(match Address::numeric(any, port) {
            Some(Address::Ip6 { ip, port, .. }) => {
                Given::Known(Address::Ip6 { ip, port, flowinfo: extra[0], scope_id: extra[1] })
            }
            _ => Given::Named { host, port },
        });
    }
    Ok(match host.as_str() {
        "" => Given::Known(Address::Ip4 { ip: [0; 4], port }),
        "<broadcast>" => Given::Known(Address::Ip4 { ip: [255; 4], port }),
        _ => match Address::numeric(&host, port) {
            Some(address @ Address::Ip4 { .. }) => Given::Known(address),
            _ => Given::Named { host, port },
        },
    })
}

fn unix_address(cx: &mut Cx, value: Value) -> Result<Address, Ask> {
    let path = match cx.text_of(value) {
        Some(text) => text.to_vec(),
        None => match buffer::bytes_of(cx, value) {
            Some(bytes) => bytes.into_owned(),
            None => {
                let message = format!("a bytes-like object is required, not '{}'", cx.class_name(value));
                return Err(cx.type_error(message));
            }
        },
    };
    Ok(match path.strip_prefix(b"\0") {
        Some(name) => Address::UnixAbstract(name.into()),
        None if path.is_empty() => Address::UnixUnnamed,
        None => Address::UnixPath(path.into()),
    })
}

/// An address as scripts see it.
pub fn shown_address(cx: &mut Cx, address: &Address) -> Value {
    match address {
        Address::Ip4 { port, .. } => {
            let host = cx.str(&address.host().unwrap_or_default());
            cx.heap.new_tuple(&[host, Value::Int((*port).into())])
        }
        Address::Ip6 { port, flowinfo, scope_id, .. } => {
            let host = cx.str(&address.host().unwrap_or_default());
            let numbers = [(*port).into(), (*flowinfo).into(), (*scope_id).into()].map(Value::Int);
            cx.heap.new_tuple(&[host, numbers[0], numbers[1], numbers[2]])
        }
        Address::UnixUnnamed => cx.str(""),
        Address::UnixPath(path) => super::os_error::path_str(cx, path),
        Address::UnixAbstract(name) => {
            let bytes = [b"\0", &name[..]].concat();
            cx.heap.new_bytes(bytes)
        }
    }
}

/// A new socket object of the native class.
pub fn new(cx: &mut Cx, socket: Socket) -> Value {
    let made = cx.heap.new_native(super::classes::SOCKET, socket);
    cx.heap.mortal.push(made);
    made
}

/// The result of a call of the host, as an outcome.
pub fn checked<T>(cx: &mut Cx, result: crate::host::HostResult<T>) -> Result<T, Ask> {
    result.map_err(|error| super::os_error::raise(cx, &error))
}

/// None.
pub fn nothing<T>(_: T) -> Outcome {
    Ok(Value::None)
}
