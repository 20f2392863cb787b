//! Socket options: `getsockopt` and `setsockopt` by number.
//!
//! The system's calls take any bytes, which safe Rust can't pass on; so each option that scripts use has its arm here. An
//! option without one is refused by name. Options are numbers to scripts (a flag is 0 or 1), a few are bytes.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::net::sockopt::{self, Timeout};

use super::Host;
use super::error::{HostError, HostResult};
use super::table::Fd;

impl Host {
    /// The value of an option that is a number.
    pub fn socket_option(&self, fd: Fd, level: i32, option: i32) -> HostResult<i32> {
        let fd = self.table.get(fd)?.as_fd();
        let value = match (level, option) {
            (libc::SOL_SOCKET, libc::SO_REUSEADDR) => sockopt::socket_reuseaddr(fd)?.into(),
            (libc::SOL_SOCKET, libc::SO_REUSEPORT) => sockopt::socket_reuseport(fd)?.into(),
            (libc::SOL_SOCKET, libc::SO_KEEPALIVE) => sockopt::socket_keepalive(fd)?.into(),
            (libc::SOL_SOCKET, libc::SO_BROADCAST) => sockopt::socket_broadcast(fd)?.into(),
            (libc::SOL_SOCKET, libc::SO_OOBINLINE) => sockopt::socket_oobinline(fd)?.into(),
            (libc::SOL_SOCKET, libc::SO_PASSCRED) => sockopt::socket_passcred(fd)?.into(),
            (libc::SOL_SOCKET, libc::SO_ACCEPTCONN) => sockopt::socket_acceptconn(fd)?.into(),
            (libc::SOL_SOCKET, libc::SO_RCVBUF) => sockopt::socket_recv_buffer_size(fd)? as i32,
            (libc::SOL_SOCKET, libc::SO_SNDBUF) => sockopt::socket_send_buffer_size(fd)? as i32,
            (libc::SOL_SOCKET, libc::SO_ERROR) => {
                sockopt::socket_error(fd)?.err().map_or(0, |errno| errno.raw_os_error())
            }
            (libc::SOL_SOCKET, libc::SO_TYPE) => sockopt::socket_type(fd)?.as_raw() as i32,
            (libc::SOL_SOCKET, libc::SO_DOMAIN) => sockopt::socket_domain(fd)?.as_raw().into(),
            (libc::SOL_SOCKET, libc::SO_PROTOCOL) => {
                sockopt::socket_protocol(fd)?.map_or(0, |protocol| protocol.as_raw().get() as i32)
            }
            // As a number it is the first half of the structure: on or off.
            (libc::SOL_SOCKET, libc::SO_LINGER) => sockopt::socket_linger(fd)?.is_some().into(),
            (libc::IPPROTO_TCP, libc::TCP_NODELAY) => sockopt::tcp_nodelay(fd)?.into(),
            (libc::IPPROTO_TCP, libc::TCP_CORK) => sockopt::tcp_cork(fd)?.into(),
            (libc::IPPROTO_TCP, libc::TCP_QUICKACK) => sockopt::tcp_quickack(fd)?.into(),
            (libc::IPPROTO_TCP, libc::TCP_KEEPCNT) => sockopt::tcp_keepcnt(fd)? as i32,
            (libc::IPPROTO_TCP, libc::TCP_KEEPIDLE) => sockopt::tcp_keepidle(fd)?.as_secs() as i32,
            (libc::IPPROTO_TCP, libc::TCP_KEEPINTVL) => sockopt::tcp_keepintvl(fd)?.as_secs() as i32,
            (libc::IPPROTO_TCP, libc::TCP_USER_TIMEOUT) => sockopt::tcp_user_timeout(fd)? as i32,
            (libc::IPPROTO_IP, libc::IP_TTL) => sockopt::ip_ttl(fd)? as i32,
            (libc::IPPROTO_IP, libc::IP_TOS) => sockopt::ip_tos(fd)?.into(),
            (libc::IPPROTO_IP, libc::IP_MULTICAST_TTL) => sockopt::ip_multicast_ttl(fd)? as i32,
            (libc::IPPROTO_IP, libc::IP_MULTICAST_LOOP) => sockopt::ip_multicast_loop(fd)?.into(),
            (libc::IPPROTO_IPV6, libc::IPV6_V6ONLY) => sockopt::ipv6_v6only(fd)?.into(),
            (libc::IPPROTO_IPV6, libc::IPV6_UNICAST_HOPS) => sockopt::ipv6_unicast_hops(fd)?.into(),
            (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_HOPS) => sockopt::ipv6_multicast_hops(fd)? as i32,
            (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_LOOP) => sockopt::ipv6_multicast_loop(fd)?.into(),
            (libc::IPPROTO_IPV6, libc::IPV6_TCLASS) => sockopt::ipv6_tclass(fd)? as i32,
            _ => return Err(missing(level, option)),
        };
        Ok(value)
    }

    /// Sets an option that is a number.
    pub fn set_socket_option(&self, fd: Fd, level: i32, option: i32, value: i32) -> HostResult<()> {
        let fd = self.table.get(fd)?.as_fd();
        let on = value != 0;
        let size = value.max(0) as usize;
        let number = value as u32;
        match (level, option) {
            (libc::SOL_SOCKET, libc::SO_REUSEADDR) => sockopt::set_socket_reuseaddr(fd, on)?,
            (libc::SOL_SOCKET, libc::SO_REUSEPORT) => sockopt::set_socket_reuseport(fd, on)?,
            (libc::SOL_SOCKET, libc::SO_KEEPALIVE) => sockopt::set_socket_keepalive(fd, on)?,
            (libc::SOL_SOCKET, libc::SO_BROADCAST) => sockopt::set_socket_broadcast(fd, on)?,
            (libc::SOL_SOCKET, libc::SO_OOBINLINE) => sockopt::set_socket_oobinline(fd, on)?,
            (libc::SOL_SOCKET, libc::SO_PASSCRED) => sockopt::set_socket_passcred(fd, on)?,
            (libc::SOL_SOCKET, libc::SO_RCVBUF) => sockopt::set_socket_recv_buffer_size(fd, size)?,
            (libc::SOL_SOCKET, libc::SO_SNDBUF) => sockopt::set_socket_send_buffer_size(fd, size)?,
            (libc::IPPROTO_TCP, libc::TCP_NODELAY) => sockopt::set_tcp_nodelay(fd, on)?,
            (libc::IPPROTO_TCP, libc::TCP_CORK) => sockopt::set_tcp_cork(fd, on)?,
            (libc::IPPROTO_TCP, libc::TCP_QUICKACK) => sockopt::set_tcp_quickack(fd, on)?,
            (libc::IPPROTO_TCP, libc::TCP_KEEPCNT) => sockopt::set_tcp_keepcnt(fd, number)?,
            (libc::IPPROTO_TCP, libc::TCP_KEEPIDLE) => sockopt::set_tcp_keepidle(fd, seconds(value)?)?,
            (libc::IPPROTO_TCP, libc::TCP_KEEPINTVL) => sockopt::set_tcp_keepintvl(fd, seconds(value)?)?,
            (libc::IPPROTO_TCP, libc::TCP_USER_TIMEOUT) => sockopt::set_tcp_user_timeout(fd, number)?,
            (libc::IPPROTO_IP, libc::IP_TTL) => sockopt::set_ip_ttl(fd, number)?,
            (libc::IPPROTO_IP, libc::IP_TOS) => sockopt::set_ip_tos(fd, byte(value)?)?,
            (libc::IPPROTO_IP, libc::IP_MULTICAST_TTL) => sockopt::set_ip_multicast_ttl(fd, number)?,
            (libc::IPPROTO_IP, libc::IP_MULTICAST_LOOP) => sockopt::set_ip_multicast_loop(fd, on)?,
            (libc::IPPROTO_IPV6, libc::IPV6_V6ONLY) => sockopt::set_ipv6_v6only(fd, on)?,
            (libc::IPPROTO_IPV6, libc::IPV6_UNICAST_HOPS) => {
                let hops = if value == -1 { None } else { Some(byte(value)?) };
                sockopt::set_ipv6_unicast_hops(fd, hops)?;
            }
            (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_HOPS) => sockopt::set_ipv6_multicast_hops(fd, number)?,
            (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_LOOP) => sockopt::set_ipv6_multicast_loop(fd, on)?,
            (libc::IPPROTO_IPV6, libc::IPV6_TCLASS) => sockopt::set_ipv6_tclass(fd, number)?,
            _ => return Err(missing(level, option)),
        }
        Ok(())
    }

    /// The bytes of an option, as the structure in C has them.
    pub fn socket_option_bytes(&self, fd: Fd, level: i32, option: i32) -> HostResult<Vec<u8>> {
        let socket = self.table.get(fd)?.as_fd();
        match (level, option) {
            (libc::SOL_SOCKET, libc::SO_LINGER) => {
                let linger = sockopt::socket_linger(socket)?;
                Ok(two_numbers(linger.is_some().into(), linger.map_or(0, |time| time.as_secs() as i32)))
            }
            (libc::SOL_SOCKET, libc::SO_PEERCRED) => {
                let peer = sockopt::socket_peercred(socket)?;
                let ids = [peer.pid.as_raw_nonzero().get() as u32, peer.uid.as_raw(), peer.gid.as_raw()];
                Ok(ids.iter().flat_map(|id| id.to_ne_bytes()).collect())
            }
            (libc::SOL_SOCKET, libc::SO_RCVTIMEO) => Ok(time_bytes(sockopt::socket_timeout(socket, Timeout::Recv)?)),
            (libc::SOL_SOCKET, libc::SO_SNDTIMEO) => Ok(time_bytes(sockopt::socket_timeout(socket, Timeout::Send)?)),
            (libc::IPPROTO_TCP, libc::TCP_CONGESTION) => {
                let mut name = sockopt::tcp_congestion(socket)?.into_bytes();
                name.resize(16, 0);
                Ok(name)
            }
            // What is a number is its four bytes.
            _ => Ok(self.socket_option(fd, level, option)?.to_ne_bytes().to_vec()),
        }
    }

    /// Sets an option from the bytes of the structure in C.
    pub fn set_socket_option_bytes(&self, fd: Fd, level: i32, option: i32, value: &[u8]) -> HostResult<()> {
        let socket = self.table.get(fd)?.as_fd();
        match (level, option) {
            (libc::SOL_SOCKET, libc::SO_LINGER) => {
                let (on, time) = (number_at(value, 0)?, number_at(value, 4)?);
                sockopt::set_socket_linger(socket, if on == 0 { None } else { Some(seconds(time)?) })?;
            }
            (libc::SOL_SOCKET, libc::SO_RCVTIMEO) => set_timeout(socket, Timeout::Recv, value)?,
            (libc::SOL_SOCKET, libc::SO_SNDTIMEO) => set_timeout(socket, Timeout::Send, value)?,
            (libc::IPPROTO_IP, libc::IP_ADD_MEMBERSHIP) => {
                sockopt::set_ip_add_membership(socket, &ip4_at(value, 0)?, &ip4_at(value, 4)?)?;
            }
            (libc::IPPROTO_IP, libc::IP_DROP_MEMBERSHIP) => {
                sockopt::set_ip_drop_membership(socket, &ip4_at(value, 0)?, &ip4_at(value, 4)?)?;
            }
            (libc::IPPROTO_IP, libc::IP_MULTICAST_IF) => sockopt::set_ip_multicast_if(socket, &ip4_at(value, 0)?)?,
            (libc::IPPROTO_IPV6, libc::IPV6_ADD_MEMBERSHIP) => {
                sockopt::set_ipv6_add_membership(socket, &ip6_at(value, 0)?, number_at(value, 16)? as u32)?;
            }
            (libc::IPPROTO_IPV6, libc::IPV6_DROP_MEMBERSHIP) => {
                sockopt::set_ipv6_drop_membership(socket, &ip6_at(value, 0)?, number_at(value, 16)? as u32)?;
            }
            (libc::IPPROTO_TCP, libc::TCP_CONGESTION) => {
                let name = std::str::from_utf8(value).map_err(|_| HostError::system(libc::ENOENT))?;
                sockopt::set_tcp_congestion(socket, name.trim_end_matches('\0'))?;
            }
            _ => return self.set_socket_option(fd, level, option, number_at(value, 0)?),
        }
        Ok(())
    }
}

fn missing(level: i32, option: i32) -> HostError {
    HostError::unsupported(libc::ENOPROTOOPT, &format!("socket option {option} of level {level} is not supported"))
}

fn invalid() -> HostError {
    HostError::system(libc::EINVAL)
}

fn seconds(value: i32) -> HostResult<Duration> {
    u64::try_from(value).map(Duration::from_secs).map_err(|_| invalid())
}

fn byte(value: i32) -> HostResult<u8> {
    u8::try_from(value).map_err(|_| invalid())
}

fn two_numbers(one: i32, other: i32) -> Vec<u8> {
    [one.to_ne_bytes(), other.to_ne_bytes()].concat()
}

fn bytes_at<const N: usize>(value: &[u8], place: usize) -> HostResult<[u8; N]> {
    value.get(place..).and_then(|rest| rest.first_chunk::<N>()).copied().ok_or_else(invalid)
}

fn number_at(value: &[u8], place: usize) -> HostResult<i32> {
    bytes_at(value, place).map(i32::from_ne_bytes)
}

fn ip4_at(value: &[u8], place: usize) -> HostResult<Ipv4Addr> {
    bytes_at::<4>(value, place).map(Ipv4Addr::from)
}

fn ip6_at(value: &[u8], place: usize) -> HostResult<Ipv6Addr> {
    bytes_at::<16>(value, place).map(Ipv6Addr::from)
}

fn time_bytes(time: Option<Duration>) -> Vec<u8> {
    let time = time.unwrap_or_default();
    [(time.as_secs() as i64).to_ne_bytes(), i64::from(time.subsec_micros()).to_ne_bytes()].concat()
}

fn set_timeout(socket: std::os::fd::BorrowedFd<'_>, which: Timeout, value: &[u8]) -> HostResult<()> {
    let (whole, micros) = (i64::from_ne_bytes(bytes_at(value, 0)?), i64::from_ne_bytes(bytes_at(value, 8)?));
    let whole = Duration::from_secs(u64::try_from(whole).map_err(|_| invalid())?);
    let time = whole + Duration::from_micros(u64::try_from(micros).map_err(|_| invalid())?);
    Ok(sockopt::set_socket_timeout(socket, which, (!time.is_zero()).then_some(time))?)
}
