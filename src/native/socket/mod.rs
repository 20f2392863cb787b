//! The module `_socket`: sockets that park the fiber, and names and addresses.
//!
//! 1. [`object`]: the class, with [`transfer`]; its blocking methods try first, then park the fiber until the descriptor is ready.
//! 2. [`names`]: `getaddrinfo` and its like. 3. [`select`]: the module `select`. [`constants`].

mod constants;
mod names;
pub mod object;
pub mod select;
mod transfer;

use crate::call::{Ask, Cx, Outcome};
use crate::host::{self, Fd};
use crate::types::bytes::buffer;
use crate::types::socket::{self, Socket, checked};
use crate::types::{classes, os_error};
use crate::value::{Dict, Id, Value};

crate::natives! {
    /// The functions of `_socket`.
    pub static SOCKET_MODULE = [
        func "socketpair(family: index=1, type: index=1, proto: index=0, /)" => socketpair, "Create a pair of socket objects.";
        func "getaddrinfo(host, port, family: index=0, type: index=0, proto: index=0, flags: index=0)" => step names::getaddrinfo, "Resolve host and port into addrinfo struct.";
        func "getnameinfo(sockaddr, flags: index, /)" => step names::getnameinfo, "Get host and port for a sockaddr.";
        func "gethostbyname(host, /)" => step names::gethostbyname, "Return the IP address (a string of the form '255.255.255.255') for a host.";
        func "gethostbyname_ex(host, /)" => step names::gethostbyname_ex, "Return the true host name, a list of aliases, and a list of IP addresses, for a host.";
        func "gethostbyaddr(host, /)" => step names::gethostbyaddr, "Return the true host name, a list of aliases, and a list of IP addresses, for a host.";
        func "gethostname()" => gethostname, "Return the current host name.";
        func "inet_aton(ip_addr: str, /)" => inet_aton, "Convert an IP address in string format to the 32-bit packed binary format.";
        func "inet_ntoa(packed_ip, /)" => inet_ntoa, "Convert an IP address from 32-bit packed binary format to string format.";
        func "inet_pton(af: index, ip: str, /)" => inet_pton, "Convert an IP address from string format to a packed string.";
        func "inet_ntop(af: index, packed_ip, /)" => inet_ntop, "Convert a packed IP address of the given family to string format.";
        func "ntohs(x: index, /)" => swap16, "Convert a 16-bit unsigned integer from network to host byte order.";
        func "htons(x: index, /)" => swap16, "Convert a 16-bit unsigned integer from host to network byte order.";
        func "ntohl(x: index, /)" => swap32, "Convert a 32-bit integer from network to host byte order.";
        func "htonl(x: index, /)" => swap32, "Convert a 32-bit integer from host to network byte order.";
        func "close(fd: index, /)" => close, "Close an integer socket file descriptor.";
        func "dup(fd: index, /)" => dup, "Duplicate an integer socket file descriptor.";
        func "getservbyname(servicename: str, protocolname: str=, /)" => step names::getservbyname, "Return a port number from a service name and protocol name.";
    ]
}

/// Fills the module.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    for &(name, value) in constants::ALL {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Int(value.into()));
    }
    for (name, class) in [
        ("socket", classes::SOCKET),
        ("SocketType", classes::SOCKET),
        ("error", classes::OS_ERROR),
        ("timeout", classes::TIMEOUT_ERROR),
        ("gaierror", classes::GAI_ERROR),
        ("herror", classes::H_ERROR),
    ] {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Class(class));
    }
    let name = cx.name("has_ipv6");
    cx.heap.set_in(dict, name, Value::Bool(true));
}

/// A converted argument that must be a C int.
pub fn c_int(cx: &mut Cx, value: Value, default: i32) -> Result<i32, Ask> {
    match value {
        Value::Undef => Ok(default),
        Value::Int(int) => match i32::try_from(int) {
            Ok(int) => Ok(int),
            Err(_) if int > 0 => Err(cx.overflow_error("signed integer is greater than maximum")),
            Err(_) => Err(cx.overflow_error("signed integer is less than minimum")),
        },
        _ => Err(cx.overflow_error("Python int too large to convert to C int")),
    }
}

fn socketpair(cx: &mut Cx, args: &[Value]) -> Outcome {
    let family = c_int(cx, args[0], host::constant::AF_UNIX)?;
    let kind = c_int(cx, args[1], host::constant::SOCK_STREAM)?;
    let protocol = c_int(cx, args[2], 0)?;
    let result = cx.host.socket_pair(family, kind, protocol);
    let (one, other) = checked(cx, result)?;
    let pair = [one, other].map(|fd| socket::new(cx, Socket { fd: Some(fd), family, kind, protocol, timeout: None }));
    Ok(cx.heap.new_tuple(&pair))
}

fn gethostname(cx: &mut Cx, _args: &[Value]) -> Outcome {
    let name = cx.host.host_name();
    Ok(cx.str(&name))
}

fn text(cx: &Cx, value: Value) -> String {
    String::from_utf8_lossy(cx.text_of(value).unwrap_or_default()).into_owned()
}

fn invalid_address(cx: &mut Cx, message: &str) -> Ask {
    cx.raise(classes::OS_ERROR, message)
}

fn inet_aton(cx: &mut Cx, args: &[Value]) -> Outcome {
    match host::inet_aton(&text(cx, args[0])) {
        Some(bytes) => Ok(cx.heap.new_bytes(bytes.to_vec())),
        None => Err(invalid_address(cx, "illegal IP address string passed to inet_aton")),
    }
}

fn inet_ntoa(cx: &mut Cx, args: &[Value]) -> Outcome {
    let bytes = buffer::require(cx, args[0])?;
    match host::inet_ntop(host::constant::AF_INET, &bytes) {
        Ok(Some(shown)) => Ok(cx.str(&shown)),
        _ => Err(invalid_address(cx, "packed IP wrong length")),
    }
}

fn inet_pton(cx: &mut Cx, args: &[Value]) -> Outcome {
    let family = c_int(cx, args[0], 0)?;
    let result = host::inet_pton(family, &text(cx, args[1]));
    match checked(cx, result)? {
        Some(bytes) => Ok(cx.heap.new_bytes(bytes)),
        None => Err(invalid_address(cx, "illegal IP address string passed to inet_pton")),
    }
}

fn inet_ntop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let family = c_int(cx, args[0], 0)?;
    let bytes = buffer::require(cx, args[1])?;
    match host::inet_ntop(family, &bytes) {
        Ok(Some(shown)) => Ok(cx.str(&shown)),
        Ok(None) => Err(cx.value_error("invalid length of packed IP address string")),
        Err(_) => Err(cx.value_error(format!("unknown address family {family}"))),
    }
}

fn swap16(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[0] {
        Value::Int(int) if int < 0 => Err(cx.overflow_error("can't convert negative value to C uint16_t")),
        Value::Int(int) => match u16::try_from(int) {
            Ok(int) => Ok(Value::Int(u16::from_be(int).into())),
            Err(_) => Err(cx.overflow_error("int too large to convert to C 16-bit unsigned integer")),
        },
        _ => Err(cx.overflow_error("int too large to convert to C 16-bit unsigned integer")),
    }
}

fn swap32(cx: &mut Cx, args: &[Value]) -> Outcome {
    match args[0] {
        Value::Int(int) if int < 0 => Err(cx.value_error("can't convert negative number to unsigned long")),
        Value::Int(int) => match u32::try_from(int) {
            Ok(int) => Ok(Value::Int(u32::from_be(int).into())),
            Err(_) => Err(cx.overflow_error("int larger than 32 bits")),
        },
        _ => Err(cx.overflow_error("int larger than 32 bits")),
    }
}

fn close(cx: &mut Cx, args: &[Value]) -> Outcome {
    let fd = c_int(cx, args[0], -1)?;
    match cx.host.close(Fd(fd)) {
        Ok(()) => Ok(Value::None),
        Err(error) => Err(os_error::raise(cx, &error)),
    }
}

fn dup(cx: &mut Cx, args: &[Value]) -> Outcome {
    let fd = c_int(cx, args[0], -1)?;
    let result = cx.host.duplicate(Fd(fd));
    checked(cx, result).map(|fd| Value::Int(fd.0.into()))
}
