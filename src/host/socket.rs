//! Sockets: the system's calls, straight to the descriptor, never blocking.
//!
//! Each call does what it can now. When it would have to wait it says so (`HostError::would_block`), and the native
//! that made it watches the descriptor (`Host::watch`) and suspends. Nothing is buffered here and nothing is allocated per
//! byte: `receive` reads into one buffer of the host, which is used again by the next call.

use std::io::IoSlice;
use std::os::fd::BorrowedFd;

use rustix::io::{Errno, retry_on_intr};
use rustix::net::{
    AddressFamily, Protocol, RecvFlags, SendAncillaryBuffer, SendFlags, Shutdown, SocketFlags, SocketType, sockopt,
};

use super::Host;
use super::address::Address;
use super::error::{HostError, HostResult};
use super::grants::Grant;
use super::table::{Fd, FdKind};

/// At most so much is received by one call of `receive`, as asyncio's transports do.
pub const RECEIVE_LIMIT: usize = 256 * 1024;

const CREATE: SocketFlags = SocketFlags::CLOEXEC.union(SocketFlags::NONBLOCK);

impl Host {
    /// Makes a socket. `kind` may carry `SOCK_NONBLOCK` and `SOCK_CLOEXEC`, as scripts write them.
    pub fn socket(&mut self, family: i32, kind: i32, protocol: i32) -> HostResult<Fd> {
        self.grants.require(Grant::Network)?;
        let owned = rustix::net::socket_with(family_of(family)?, type_of(kind), CREATE, protocol_of(protocol)?)?;
        Ok(self.table.insert(owned, FdKind::Socket))
    }

    /// Makes two sockets that are connected with each other; needs no grant.
    pub fn socket_pair(&mut self, family: i32, kind: i32, protocol: i32) -> HostResult<(Fd, Fd)> {
        let (one, other) = rustix::net::socketpair(family_of(family)?, type_of(kind), CREATE, protocol_of(protocol)?)?;
        Ok((self.table.insert(one, FdKind::Socket), self.table.insert(other, FdKind::Socket)))
    }

    /// Begins to connect. If it would block, the caller waits until the socket is writable, then asks `connect_result`.
    pub fn connect(&self, fd: Fd, address: &Address) -> HostResult<()> {
        let entry = self.table.get(fd)?;
        match rustix::net::connect(entry, &address.to_system()?) {
            Err(Errno::INTR) => Err(HostError::system(libc::EINPROGRESS)),
            result => Ok(result?),
        }
    }

    /// How a connection that was begun has ended: the socket's pending error, which this clears.
    pub fn connect_result(&self, fd: Fd) -> HostResult<()> {
        Ok(sockopt::socket_error(self.table.get(fd)?)??)
    }

    /// Gives a socket its own address.
    pub fn bind(&self, fd: Fd, address: &Address) -> HostResult<()> {
        Ok(rustix::net::bind(self.table.get(fd)?, &address.to_system()?)?)
    }

    /// Lets a socket take connections; a negative backlog counts as 0.
    pub fn listen(&self, fd: Fd, backlog: i32) -> HostResult<()> {
        Ok(rustix::net::listen(self.table.get(fd)?, backlog.max(0))?)
    }

    /// Takes one waiting connection.
    pub fn accept(&mut self, fd: Fd) -> HostResult<(Fd, Address)> {
        let entry = self.table.get(fd)?;
        let (owned, address) = retry_on_intr(|| rustix::net::acceptfrom_with(entry, CREATE))?;
        let address = address.map_or(Ok(Address::UnixUnnamed), Address::from_system)?;
        Ok((self.table.insert(owned, FdKind::Socket), address))
    }

    /// Receives into the caller's buffer; 0 is the end of the stream.
    #[inline]
    pub fn receive_into(&self, fd: Fd, into: &mut [u8], flags: i32) -> HostResult<usize> {
        let entry = self.table.get(fd)?;
        let flags = RecvFlags::from_bits_retain(flags as u32);
        Ok(retry_on_intr(|| rustix::net::recv(entry, &mut *into, flags).map(|(count, _)| count))?)
    }

    /// Receives at most `limit` bytes, and at most `RECEIVE_LIMIT`, into a buffer that the next call uses again.
    #[inline]
    pub fn receive(&mut self, fd: Fd, limit: usize) -> HostResult<&[u8]> {
        let entry = self.table.get(fd)?;
        if self.scratch.is_empty() {
            self.scratch = vec![0; RECEIVE_LIMIT].into();
        }
        let into = &mut self.scratch[..limit.min(RECEIVE_LIMIT)];
        let (count, _) = retry_on_intr(|| rustix::net::recv(entry, &mut *into, RecvFlags::empty()))?;
        Ok(&self.scratch[..count])
    }

    /// Receives a datagram with its sender; `None` on a connected stream.
    pub fn receive_from(&self, fd: Fd, into: &mut [u8], flags: i32) -> HostResult<(usize, Option<Address>)> {
        let entry = self.table.get(fd)?;
        let flags = RecvFlags::from_bits_retain(flags as u32);
        let (count, _, sender) = retry_on_intr(|| rustix::net::recvfrom(entry, &mut *into, flags))?;
        Ok((count, sender.map(Address::from_system).transpose()?))
    }

    /// Sends what fits; never raises SIGPIPE.
    #[inline]
    pub fn send(&self, fd: Fd, bytes: &[u8], flags: i32) -> HostResult<usize> {
        let entry = self.table.get(fd)?;
        let flags = SendFlags::from_bits_retain(flags as u32) | SendFlags::NOSIGNAL;
        Ok(retry_on_intr(|| rustix::net::send(entry, bytes, flags))?)
    }

    /// Sends what fits of several pieces, in order.
    pub fn send_vectored(&self, fd: Fd, pieces: &[IoSlice<'_>]) -> HostResult<usize> {
        let entry = self.table.get(fd)?;
        Ok(retry_on_intr(|| {
            rustix::net::sendmsg(entry, pieces, &mut SendAncillaryBuffer::default(), SendFlags::NOSIGNAL)
        })?)
    }

    /// Sends a datagram.
    pub fn send_to(&self, fd: Fd, bytes: &[u8], flags: i32, address: &Address) -> HostResult<usize> {
        let entry = self.table.get(fd)?;
        let flags = SendFlags::from_bits_retain(flags as u32) | SendFlags::NOSIGNAL;
        let address = address.to_system()?;
        Ok(retry_on_intr(|| rustix::net::sendto(entry, bytes, flags, &address))?)
    }

    /// Ends one or both directions: `SHUT_RD`, `SHUT_WR`, `SHUT_RDWR`.
    pub fn shutdown(&self, fd: Fd, how: i32) -> HostResult<()> {
        let entry = self.table.get(fd)?;
        let how = match how {
            libc::SHUT_RD => Shutdown::Read,
            libc::SHUT_WR => Shutdown::Write,
            libc::SHUT_RDWR => Shutdown::Both,
            _ => return Err(HostError::system(libc::EINVAL)),
        };
        Ok(rustix::net::shutdown(entry, how)?)
    }

    /// The socket's own address.
    pub fn socket_name(&self, fd: Fd) -> HostResult<Address> {
        Address::from_system(rustix::net::getsockname(self.table.get(fd)?)?)
    }

    /// The address of the other end.
    pub fn peer_name(&self, fd: Fd) -> HostResult<Address> {
        rustix::net::getpeername(self.table.get(fd)?)?.map_or(Ok(Address::UnixUnnamed), Address::from_system)
    }

    /// Whether the host made the descriptor as a socket.
    pub fn is_socket(&self, fd: Fd) -> bool {
        self.table.get(fd).is_ok_and(|entry| entry.kind == FdKind::Socket)
    }

    /// Family, type and protocol of a socket, found out from the descriptor (`socket(fileno=...)`).
    pub fn socket_properties(&self, fd: Fd) -> HostResult<(i32, i32, i32)> {
        let entry = self.table.get(fd)?;
        let family = i32::from(sockopt::socket_domain(entry)?.as_raw());
        let kind = sockopt::socket_type(entry)?.as_raw() as i32;
        let protocol = sockopt::socket_protocol(entry)?.map_or(0, |protocol| protocol.as_raw().get() as i32);
        Ok((family, kind, protocol))
    }
}

fn family_of(family: i32) -> HostResult<AddressFamily> {
    match family {
        libc::AF_INET | libc::AF_INET6 | libc::AF_UNIX => Ok(AddressFamily::from_raw(family as u16)),
        _ => Err(HostError::system(libc::EAFNOSUPPORT)),
    }
}

fn type_of(kind: i32) -> SocketType {
    SocketType::from_raw((kind & !(libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC)) as u32)
}

fn protocol_of(protocol: i32) -> HostResult<Option<Protocol>> {
    let number = u32::try_from(protocol).map_err(|_| HostError::system(libc::EPROTONOSUPPORT))?;
    Ok(std::num::NonZeroU32::new(number).map(Protocol::from_raw))
}

/// Sends on a socket whose flags are not ours to change.
pub(super) fn send_without_blocking(socket: BorrowedFd<'_>, bytes: &[u8]) -> Result<usize, Errno> {
    rustix::net::send(socket, bytes, SendFlags::NOSIGNAL | SendFlags::DONTWAIT)
}
