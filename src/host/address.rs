//! Where a socket is: addresses as plain data.
//!
//! `Address` is what scripts see as a tuple, a path or a bytes object. The conversions to and from the system's form are
//! here and nowhere else. IPv6 scope names (`fe80::1%eth0`) are left to the resolver.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use rustix::net::{AddressFamily, SocketAddrAny, SocketAddrUnix};

use super::error::{HostError, HostResult};

/// The address of a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// `(host, port)`
    Ip4 { ip: [u8; 4], port: u16 },
    /// `(host, port, flowinfo, scope_id)`
    Ip6 { ip: [u8; 16], port: u16, flowinfo: u32, scope_id: u32 },
    /// A Unix socket that was not bound: `''`.
    UnixUnnamed,
    /// A Unix socket in the file system.
    UnixPath(Box<[u8]>),
    /// A Unix socket of Linux's abstract name space: the bytes behind the NUL.
    UnixAbstract(Box<[u8]>),
}

impl Address {
    /// The address of a host given as numbers; `None` if it is a name.
    pub fn numeric(host: &str, port: u16) -> Option<Address> {
        host.parse::<IpAddr>().ok().map(|ip| Address::from_std(SocketAddr::new(ip, port)))
    }

    /// The number of its address family (`AF_INET`, ...).
    pub fn family(&self) -> i32 {
        match self {
            Address::Ip4 { .. } => libc::AF_INET,
            Address::Ip6 { .. } => libc::AF_INET6,
            Address::UnixUnnamed | Address::UnixPath(_) | Address::UnixAbstract(_) => libc::AF_UNIX,
        }
    }

    /// Its port; `None` for Unix sockets.
    pub fn port(&self) -> Option<u16> {
        match self {
            Address::Ip4 { port, .. } | Address::Ip6 { port, .. } => Some(*port),
            Address::UnixUnnamed | Address::UnixPath(_) | Address::UnixAbstract(_) => None,
        }
    }

    /// Its host, as getnameinfo writes it; `None` for Unix sockets.
    pub fn host(&self) -> Option<String> {
        match self.to_std()? {
            SocketAddr::V4(address) => Some(address.ip().to_string()),
            SocketAddr::V6(address) => Some(address.ip().to_string()),
        }
    }

    /// The same as the standard library's type; `None` for Unix sockets.
    pub fn to_std(&self) -> Option<SocketAddr> {
        match self {
            Address::Ip4 { ip, port } => Some(SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::from(*ip), *port))),
            Address::Ip6 { ip, port, flowinfo, scope_id } => {
                Some(SocketAddr::V6(SocketAddrV6::new(Ipv6Addr::from(*ip), *port, *flowinfo, *scope_id)))
            }
            Address::UnixUnnamed | Address::UnixPath(_) | Address::UnixAbstract(_) => None,
        }
    }

    /// The address that the standard library's type means.
    pub fn from_std(address: SocketAddr) -> Address {
        match address {
            SocketAddr::V4(v4) => Address::Ip4 { ip: v4.ip().octets(), port: v4.port() },
            SocketAddr::V6(v6) => {
                Address::Ip6 { ip: v6.ip().octets(), port: v6.port(), flowinfo: v6.flowinfo(), scope_id: v6.scope_id() }
            }
        }
    }

    /// The form that system calls take.
    pub(super) fn to_system(&self) -> HostResult<SocketAddrAny> {
        match self {
            Address::Ip4 { ip, port } => Ok(SocketAddrV4::new(Ipv4Addr::from(*ip), *port).into()),
            Address::Ip6 { ip, port, flowinfo, scope_id } => {
                Ok(SocketAddrV6::new(Ipv6Addr::from(*ip), *port, *flowinfo, *scope_id).into())
            }
            Address::UnixUnnamed => Ok(SocketAddrUnix::new_unnamed().into()),
            Address::UnixPath(path) => Ok(SocketAddrUnix::new(&path[..])?.into()),
            Address::UnixAbstract(name) => Ok(SocketAddrUnix::new_abstract_name(name)?.into()),
        }
    }

    /// What a system call answered.
    pub(super) fn from_system(address: SocketAddrAny) -> HostResult<Address> {
        match address.address_family() {
            AddressFamily::INET | AddressFamily::INET6 => Ok(Address::from_std(SocketAddr::try_from(address)?)),
            AddressFamily::UNIX => Ok(Address::from_unix(&SocketAddrUnix::try_from(address)?)),
            _ => Err(HostError::unsupported(libc::EAFNOSUPPORT, "addresses of this family")),
        }
    }

    fn from_unix(address: &SocketAddrUnix) -> Address {
        match (address.path_bytes(), address.abstract_name()) {
            (Some(path), _) => Address::UnixPath(path.into()),
            (None, Some(name)) if !name.is_empty() => Address::UnixAbstract(name.into()),
            (None, _) => Address::UnixUnnamed,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.to_std(), self) {
            (Some(address), _) => write!(f, "{address}"),
            (None, Address::UnixPath(path)) => write!(f, "{}", String::from_utf8_lossy(path)),
            (None, Address::UnixAbstract(name)) => write!(f, "@{}", String::from_utf8_lossy(name)),
            (None, _) => f.write_str("(unnamed)"),
        }
    }
}

/// The bytes of an address in text form (`socket.inet_pton`); `None` if the text is not one.
pub fn inet_pton(family: i32, text: &str) -> HostResult<Option<Vec<u8>>> {
    match family {
        libc::AF_INET => Ok(text.parse::<Ipv4Addr>().ok().map(|ip| ip.octets().to_vec())),
        libc::AF_INET6 => Ok(text.parse::<Ipv6Addr>().ok().map(|ip| ip.octets().to_vec())),
        _ => Err(HostError::system(libc::EAFNOSUPPORT)),
    }
}

/// The text form of an address in bytes (`socket.inet_ntop`); `None` if the length is wrong.
pub fn inet_ntop(family: i32, bytes: &[u8]) -> HostResult<Option<String>> {
    match family {
        libc::AF_INET => Ok(<[u8; 4]>::try_from(bytes).ok().map(|ip| Ipv4Addr::from(ip).to_string())),
        libc::AF_INET6 => Ok(<[u8; 16]>::try_from(bytes).ok().map(|ip| Ipv6Addr::from(ip).to_string())),
        _ => Err(HostError::system(libc::EAFNOSUPPORT)),
    }
}

/// The bytes of an IPv4 address in any of the old spellings: one to four numbers, decimal, `0x` or octal
/// (`socket.inet_aton`).
pub fn inet_aton(text: &str) -> Option<[u8; 4]> {
    let text = text.split(|c: char| c.is_ascii_whitespace()).next().filter(|text| !text.is_empty())?;
    let numbers = text.split('.').map(aton_number).collect::<Option<Vec<u32>>>()?;
    let (last, first) = numbers.split_last()?;
    if first.len() > 3 || first.iter().any(|&number| number > 255) {
        return None;
    }
    let rest_bits = 32 - 8 * first.len() as u32;
    let limit = if rest_bits == 32 { u32::MAX } else { (1 << rest_bits) - 1 };
    let high = first.iter().enumerate().fold(0, |sum, (place, &number)| sum | number << (24 - 8 * place as u32));
    (*last <= limit).then(|| (high | last).to_be_bytes())
}

fn aton_number(text: &str) -> Option<u32> {
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    match (hexadecimal, text.strip_prefix('0')) {
        (Some(digits), _) => u32::from_str_radix(digits, 16).ok(),
        (None, Some(digits)) if !digits.is_empty() => u32::from_str_radix(digits, 8).ok(),
        _ if text.starts_with('+') => None,
        _ => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_spellings_of_addresses() {
        assert_eq!(inet_aton("127.0.0.1"), Some([127, 0, 0, 1]));
        assert_eq!(inet_aton("127.1"), Some([127, 0, 0, 1]));
        assert_eq!(inet_aton("0x7f.1"), Some([127, 0, 0, 1]));
        assert_eq!(inet_aton("017.0.0.1"), Some([15, 0, 0, 1]));
        assert_eq!(inet_aton("4294967295"), Some([255; 4]));
        for wrong in ["", "256.0.0.1", "1.2.3.4.5", "1..2", "+1", "localhost", "08.0.0.1"] {
            assert_eq!(inet_aton(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn system_form_and_back() {
        let addresses = [
            Address::numeric("127.0.0.1", 80).expect("an address"),
            Address::numeric("::1", 8080).expect("an address"),
            Address::UnixPath(b"socket"[..].into()),
            Address::UnixAbstract(b"name"[..].into()),
            Address::UnixUnnamed,
        ];
        for address in addresses {
            let system = address.to_system().expect("representable");
            assert_eq!(Address::from_system(system).expect("known family"), address);
        }
        assert_eq!(Address::numeric("localhost", 80), None);
    }
}
