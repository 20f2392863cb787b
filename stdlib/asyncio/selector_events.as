"""What the loop does with sockets: connections, servers, and calls on plain sockets.

The transport itself is native. Names that begin with `_` and take the loop first are methods of the loop.
"""

import socket
from _asyncio import _BaseSelectorEventLoop as BaseSelectorEventLoop
from _asyncio import CancelledError, _SelectorSocketTransport, gather, sleep

from . import constants
from .events import AbstractServer

__all__ = ("BaseSelectorEventLoop",)

_NO_TLS = "there is no TLS"
_DEBUG_SOCKET = "the socket must be non-blocking"


def _report(loop, message, exc, transport, protocol):
    """Something went wrong on a transport."""
    if loop is not None:
        loop.call_exception_handler(
            {"message": message, "exception": exc, "transport": transport, "protocol": protocol}
        )


def _write_lost():
    from .log import logger

    logger.warning("socket.send() raised exception.")


def _check_tls(sslcontext):
    if sslcontext:
        raise NotImplementedError(_NO_TLS)


def _check_socket(loop, sock):
    if loop.get_debug() and sock.gettimeout() != 0:
        raise ValueError(_DEBUG_SOCKET)


# ----- Names -----

_type = type
_STREAM, _DATAGRAM = socket.SOCK_STREAM, socket.SOCK_DGRAM
_TCP, _UDP = socket.IPPROTO_TCP, socket.IPPROTO_UDP
_AF_INET6 = socket.AF_INET6


def _ipaddr_info(host, port, family, type, proto, flowinfo=0, scopeid=0):
    """The answer of getaddrinfo for an address in numbers, or None."""
    if proto not in (0, _TCP, _UDP) or host is None:
        return None
    if type == _STREAM:
        proto = _TCP
    elif type == _DATAGRAM:
        proto = _UDP
    else:
        return None
    if _type(port) is int:
        pass
    elif port is None:
        port = 0
    elif isinstance(port, bytes) and port == b"":
        port = 0
    elif isinstance(port, str) and port == "":
        port = 0
    else:
        try:
            port = int(port)
        except (TypeError, ValueError):
            return None
    if isinstance(host, bytes):
        host = host.decode("idna")
    if "%" in host:
        return None
    if family == socket.AF_UNSPEC:
        families = (socket.AF_INET, socket.AF_INET6)
    else:
        families = (family,)
    for af in families:
        try:
            socket.inet_pton(af, host)
        except OSError:
            continue
        if af == _AF_INET6:
            return af, type, proto, "", (host, port, flowinfo, scopeid)
        return af, type, proto, "", (host, port)
    return None


async def _ensure_resolved(self, address, *, family=0, type=socket.SOCK_STREAM, proto=0, flags=0, loop=None):
    host, port = address[:2]
    info = _ipaddr_info(host, port, family, type, proto, *address[2:])
    if info is not None:
        return [info]
    loop = self if loop is None else loop
    return await loop.getaddrinfo(host, port, family=family, type=type, proto=proto, flags=flags)


async def getaddrinfo(loop, host, port, *, family=0, type=0, proto=0, flags=0):
    """The addresses of a host."""
    return await loop.run_in_executor(None, socket.getaddrinfo, host, port, family, type, proto, flags)


async def getnameinfo(loop, sockaddr, flags=0):
    """The name of an address."""
    return await loop.run_in_executor(None, socket.getnameinfo, sockaddr, flags)


# ----- Calls on plain sockets: they try first, then wait -----


def _sock_read_done(loop, fd, handle):
    if handle is None or not handle.cancelled():
        loop.remove_reader(fd)


def _sock_write_done(loop, fd, handle):
    if handle is None or not handle.cancelled():
        loop.remove_writer(fd)


def _finish(fut, attempt):
    """Tries once more; what comes of it is the future's."""
    if fut.done():
        return
    try:
        result = attempt()
    except (BlockingIOError, InterruptedError):
        return
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as exc:
        fut.set_exception(exc)
    else:
        fut.set_result(result)


async def _when_readable(loop, sock, attempt):
    try:
        return attempt()
    except (BlockingIOError, InterruptedError):
        pass
    fut = loop.create_future()
    fd = sock.fileno()
    handle = loop._add_reader(fd, _finish, fut, attempt)
    fut.add_done_callback(lambda fut: _sock_read_done(loop, fd, handle))
    return await fut


async def sock_recv(loop, sock, n):
    """Receive at most n bytes."""
    _check_socket(loop, sock)
    return await _when_readable(loop, sock, lambda: sock.recv(n))


async def sock_recv_into(loop, sock, buf):
    """Receive into a buffer; the result is how many bytes."""
    _check_socket(loop, sock)
    return await _when_readable(loop, sock, lambda: sock.recv_into(buf))


async def sock_recvfrom(loop, sock, bufsize):
    """Receive a datagram: (data, address)."""
    _check_socket(loop, sock)
    return await _when_readable(loop, sock, lambda: sock.recvfrom(bufsize))


async def sock_recvfrom_into(loop, sock, buf, nbytes=0):
    """Receive a datagram into a buffer: (how many bytes, address)."""
    _check_socket(loop, sock)
    if not nbytes:
        nbytes = len(buf)
    return await _when_readable(loop, sock, lambda: sock.recvfrom_into(buf, nbytes))


async def sock_accept(loop, sock):
    """Accept a connection: (socket, address)."""
    _check_socket(loop, sock)

    def accept():
        conn, address = sock.accept()
        conn.setblocking(False)
        return conn, address

    try:
        return accept()
    except (BlockingIOError, InterruptedError):
        pass
    fut = loop.create_future()
    fd = sock.fileno()
    handle = loop._add_reader(fd, _finish, fut, accept)
    fut.add_done_callback(lambda fut: _sock_read_done(loop, fd, handle))
    return await fut


async def sock_sendall(loop, sock, data):
    """Send all of the data."""
    _check_socket(loop, sock)
    try:
        n = sock.send(data)
    except (BlockingIOError, InterruptedError):
        n = 0
    if n == len(data):
        return
    fut = loop.create_future()
    fd = sock.fileno()
    handle = loop._add_writer(fd, _sock_sendall, fut, sock, memoryview(data), [n])
    fut.add_done_callback(lambda fut: _sock_write_done(loop, fd, handle))
    return await fut


def _sock_sendall(fut, sock, view, pos):
    if fut.done():
        return
    start = pos[0]
    try:
        n = sock.send(view[start:])
    except (BlockingIOError, InterruptedError):
        return
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as exc:
        fut.set_exception(exc)
        return
    start += n
    if start == len(view):
        fut.set_result(None)
    else:
        pos[0] = start


async def sock_sendto(loop, sock, data, address):
    """Send a datagram."""
    _check_socket(loop, sock)
    try:
        return sock.sendto(data, address)
    except (BlockingIOError, InterruptedError):
        pass
    fut = loop.create_future()
    fd = sock.fileno()
    handle = loop._add_writer(fd, _finish, fut, lambda: sock.sendto(data, 0, address))
    fut.add_done_callback(lambda fut: _sock_write_done(loop, fd, handle))
    return await fut


async def sock_connect(loop, sock, address):
    """Connect a socket."""
    _check_socket(loop, sock)
    if sock.family == socket.AF_INET or sock.family == socket.AF_INET6:
        resolved = await loop._ensure_resolved(
            address, family=sock.family, type=sock.type, proto=sock.proto, loop=loop
        )
        address = resolved[0][4]
    fut = loop.create_future()
    _sock_connect(loop, fut, sock, address)
    try:
        return await fut
    finally:
        # No cycle of the frame and an exception.
        fut = None


def _sock_connect(loop, fut, sock, address):
    fd = sock.fileno()
    try:
        sock.connect(address)
    except (BlockingIOError, InterruptedError):
        handle = loop._add_writer(fd, _sock_connect_cb, fut, sock, address)
        fut.add_done_callback(lambda fut: _sock_write_done(loop, fd, handle))
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as exc:
        fut.set_exception(exc)
    else:
        fut.set_result(None)
    finally:
        fut = None


def _sock_connect_cb(fut, sock, address):
    if fut.done():
        return
    try:
        err = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if err != 0:
            raise OSError(err, f"Connect call failed {address}")
    except (BlockingIOError, InterruptedError):
        pass
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as exc:
        fut.set_exception(exc)
    else:
        fut.set_result(None)
    finally:
        fut = None


async def sock_sendfile(loop, sock, file, offset=0, count=None, *, fallback=None):
    """Send what is in a file; the result is how many bytes went."""
    _check_socket(loop, sock)
    if "b" not in getattr(file, "mode", "b"):
        raise ValueError("file should be opened in binary mode")
    if not sock.type == socket.SOCK_STREAM:
        raise ValueError("only SOCK_STREAM type sockets are supported")
    if count is not None and (not isinstance(count, int) or count <= 0):
        kind = TypeError if not isinstance(count, int) else ValueError
        raise kind(f"count must be a positive integer (got {count!r})")
    file.seek(offset)
    total = 0
    while True:
        size = 16384 if count is None else min(16384, count - total)
        data = file.read(size) if size > 0 else b""
        if not data:
            return total
        await loop.sock_sendall(sock, data)
        total += len(data)


# ----- Connections -----


async def _connect_sock(loop, exceptions, addr_info, local_addr_infos=None):
    my_exceptions = []
    exceptions.append(my_exceptions)
    family, type_, proto, _, address = addr_info
    sock = None
    try:
        sock = socket.socket(family, type_, proto)
        sock.setblocking(False)
        if local_addr_infos is not None:
            for lfamily, _, _, _, laddr in local_addr_infos:
                if lfamily != family:
                    continue
                try:
                    sock.bind(laddr)
                    break
                except OSError as exc:
                    msg = f"error while attempting to bind on address {laddr!r}: {str(exc).lower()}"
                    my_exceptions.append(OSError(exc.errno, msg))
            else:
                if my_exceptions:
                    raise my_exceptions.pop()
                raise OSError(f"no matching local address with {family=} found")
        await loop.sock_connect(sock, address)
        return sock
    except OSError as exc:
        my_exceptions.append(exc)
        if sock is not None:
            sock.close()
        raise
    except:
        if sock is not None:
            sock.close()
        raise
    finally:
        exceptions = my_exceptions = None


def _interleave_addrinfos(addrinfos, first_address_family_count=1):
    """The addresses, with the families taking turns."""
    by_family = {}
    for addr in addrinfos:
        by_family.setdefault(addr[0], []).append(addr)
    lists = list(by_family.values())
    reordered = []
    if first_address_family_count > 1:
        reordered.extend(lists[0][: first_address_family_count - 1])
        del lists[0][: first_address_family_count - 1]
    longest = max((len(one) for one in lists), default=0)
    for at in range(longest):
        for one in lists:
            if at < len(one):
                reordered.append(one[at])
    return reordered


async def create_connection(
    loop,
    protocol_factory,
    host=None,
    port=None,
    *,
    ssl=None,
    family=0,
    proto=0,
    flags=0,
    sock=None,
    local_addr=None,
    server_hostname=None,
    ssl_handshake_timeout=None,
    ssl_shutdown_timeout=None,
    happy_eyeballs_delay=None,
    interleave=None,
    all_errors=False,
):
    """Connect to a TCP server: (transport, protocol)."""
    if server_hostname is not None and not ssl:
        raise ValueError("server_hostname is only meaningful with ssl")
    if ssl_handshake_timeout is not None and not ssl:
        raise ValueError("ssl_handshake_timeout is only meaningful with ssl")
    if ssl_shutdown_timeout is not None and not ssl:
        raise ValueError("ssl_shutdown_timeout is only meaningful with ssl")
    _check_tls(ssl)
    if happy_eyeballs_delay is not None and interleave is None:
        interleave = 1
    if host is not None or port is not None:
        if sock is not None:
            raise ValueError("host/port and sock can not be specified at the same time")
        infos = await loop._ensure_resolved(
            (host, port), family=family, type=socket.SOCK_STREAM, proto=proto, flags=flags, loop=loop
        )
        if not infos:
            raise OSError("getaddrinfo() returned empty list")
        laddr_infos = None
        if local_addr is not None:
            laddr_infos = await loop._ensure_resolved(
                local_addr, family=family, type=socket.SOCK_STREAM, proto=proto, flags=flags, loop=loop
            )
            if not laddr_infos:
                raise OSError("getaddrinfo() returned empty list")
        if interleave:
            infos = _interleave_addrinfos(infos, interleave)
        exceptions = []
        for addrinfo in infos:
            try:
                sock = await _connect_sock(loop, exceptions, addrinfo, laddr_infos)
                break
            except OSError:
                continue
        if sock is None:
            exceptions = [exc for sub in exceptions for exc in sub]
            try:
                if all_errors:
                    raise ExceptionGroup("create_connection failed", exceptions)
                if len(exceptions) == 1:
                    raise exceptions[0]
                model = str(exceptions[0])
                if all(str(exc) == model for exc in exceptions):
                    raise exceptions[0]
                raise OSError("Multiple exceptions: {}".format(", ".join(str(exc) for exc in exceptions)))
            finally:
                exceptions = None
    else:
        if sock is None:
            raise ValueError("host and port was not specified and no sock specified")
        if sock.type != socket.SOCK_STREAM:
            raise ValueError(f"A Stream Socket was expected, got {sock!r}")
    return await _create_connection_transport(loop, sock, protocol_factory)


async def _create_connection_transport(loop, sock, protocol_factory):
    sock.setblocking(False)
    protocol = protocol_factory()
    waiter = loop.create_future()
    transport = loop._make_socket_transport(sock, protocol, waiter)
    try:
        await waiter
    except:
        transport.close()
        raise
    return transport, protocol


def _make_socket_transport(loop, sock, protocol, waiter=None, *, extra=None, server=None):
    transport = _SelectorSocketTransport(loop, sock, protocol, waiter, extra, server)
    if server is not None:
        server._attach(transport)
    return transport


async def connect_accepted_socket(
    loop, protocol_factory, sock, *, ssl=None, ssl_handshake_timeout=None, ssl_shutdown_timeout=None
):
    """A transport for a connection that was accepted elsewhere: (transport, protocol)."""
    if sock.type != socket.SOCK_STREAM:
        raise ValueError(f"A Stream Socket was expected, got {sock!r}")
    if ssl_handshake_timeout is not None and not ssl:
        raise ValueError("ssl_handshake_timeout is only meaningful with ssl")
    if ssl_shutdown_timeout is not None and not ssl:
        raise ValueError("ssl_shutdown_timeout is only meaningful with ssl")
    _check_tls(ssl)
    return await _create_connection_transport(loop, sock, protocol_factory)


async def start_tls(loop, transport, protocol, sslcontext, **kwds):
    raise NotImplementedError(f"loop.start_tls(): {_NO_TLS}")


async def sendfile(loop, transport, file, offset=0, count=None, *, fallback=True):
    """Send what is in a file over a transport; the result is how many bytes went."""
    if transport.is_closing():
        raise RuntimeError("Transport is closing")
    if not fallback:
        raise RuntimeError(f"fallback is disabled and native sendfile is not supported for transport {transport!r}")
    if hasattr(file, "seek"):
        file.seek(offset)
    total = 0
    while True:
        size = 262144 if count is None else min(262144, count - total)
        data = file.read(size) if size > 0 else b""
        if not data:
            return total
        transport.write(data)
        total += len(data)
        while transport.get_write_buffer_size() > 0 and not transport.is_closing():
            await sleep(0.001)


async def create_datagram_endpoint(loop, protocol_factory, *args, **kwds):
    raise NotImplementedError("loop.create_datagram_endpoint(): there are no datagram transports")


async def create_unix_connection(loop, *args, **kwds):
    raise NotImplementedError("loop.create_unix_connection(): there are no Unix sockets in asyncio")


async def create_unix_server(loop, *args, **kwds):
    raise NotImplementedError("loop.create_unix_server(): there are no Unix sockets in asyncio")


async def connect_read_pipe(loop, *args, **kwds):
    raise NotImplementedError("loop.connect_read_pipe(): there are no pipe transports")


async def connect_write_pipe(loop, *args, **kwds):
    raise NotImplementedError("loop.connect_write_pipe(): there are no pipe transports")


async def subprocess_shell(loop, *args, **kwds):
    raise NotImplementedError("loop.subprocess_shell(): there are no subprocesses")


async def subprocess_exec(loop, *args, **kwds):
    raise NotImplementedError("loop.subprocess_exec(): there are no subprocesses")


# ----- Servers -----


class Server(AbstractServer):
    """Sockets that listen, and the connections they brought."""

    def __init__(
        self, loop, sockets, protocol_factory, ssl_context, backlog, ssl_handshake_timeout, ssl_shutdown_timeout=None
    ):
        self._loop = loop
        self._sockets = sockets
        # In order of connection.
        self._clients = {}
        self._waiters = []
        self._protocol_factory = protocol_factory
        self._backlog = backlog
        self._ssl_context = ssl_context
        self._serving = False
        self._serving_forever_fut = None

    def __repr__(self):
        return f"<{self.__class__.__name__} sockets={self.sockets!r}>"

    def _attach(self, transport):
        assert self._sockets is not None
        self._clients[transport] = None

    def _detach(self, transport):
        self._clients.pop(transport, None)
        if not self._clients and self._sockets is None:
            self._wakeup()

    def _wakeup(self):
        waiters = self._waiters
        if waiters is None:
            return
        self._waiters = None
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _start_serving(self):
        if self._serving:
            return
        self._serving = True
        for sock in self._sockets:
            sock.listen(self._backlog)
            self._loop._start_serving(self._protocol_factory, sock, self._ssl_context, self, self._backlog)

    def get_loop(self):
        return self._loop

    def is_serving(self):
        return self._serving

    @property
    def sockets(self):
        if self._sockets is None:
            return ()
        from .trsock import TransportSocket

        return tuple(TransportSocket(sock) for sock in self._sockets)

    def close(self):
        """Stop listening; connections stay open."""
        sockets = self._sockets
        if sockets is None:
            return
        self._sockets = None
        for sock in sockets:
            self._loop._stop_serving(sock)
        self._serving = False
        if self._serving_forever_fut is not None and not self._serving_forever_fut.done():
            self._serving_forever_fut.cancel()
            self._serving_forever_fut = None
        if not self._clients:
            self._wakeup()

    def close_clients(self):
        """Close all connections."""
        for transport in list(self._clients):
            transport.close()

    def abort_clients(self):
        """Close all connections at once."""
        for transport in list(self._clients):
            transport.abort()

    async def start_serving(self):
        self._start_serving()
        # Whoever waits for the server goes on a turn after it listens.
        await sleep(0)

    async def serve_forever(self):
        if self._serving_forever_fut is not None:
            raise RuntimeError(f"server {self!r} is already being awaited on serve_forever()")
        if self._sockets is None:
            raise RuntimeError(f"server {self!r} is closed")
        self._start_serving()
        self._serving_forever_fut = self._loop.create_future()
        try:
            await self._serving_forever_fut
        except CancelledError:
            try:
                self.close()
                await self.wait_closed()
            finally:
                raise
        finally:
            self._serving_forever_fut = None

    async def wait_closed(self):
        """Wait until the server is closed and all its connections are over."""
        if self._waiters is None:
            return
        waiter = self._loop.create_future()
        self._waiters.append(waiter)
        await waiter


def _start_serving(loop, protocol_factory, sock, sslcontext=None, server=None, backlog=100):
    loop._add_reader(sock.fileno(), _accept_connection, loop, protocol_factory, sock, sslcontext, server, backlog)


def _stop_serving(loop, sock):
    loop._remove_reader(sock.fileno())
    sock.close()


# Out of descriptors or memory.
_EXHAUSTED = (24, 23, 105, 12)


def _accept_connection(loop, protocol_factory, sock, sslcontext=None, server=None, backlog=100):
    # Several connections may wait; the loop tells only once of them.
    for _ in range(backlog + 1):
        try:
            conn, addr = sock.accept()
            conn.setblocking(False)
        except ConnectionAbortedError:
            continue
        except (BlockingIOError, InterruptedError):
            return
        except OSError as exc:
            if exc.errno not in _EXHAUSTED:
                raise
            from .trsock import TransportSocket

            loop.call_exception_handler(
                {
                    "message": "socket.accept() out of system resource",
                    "exception": exc,
                    "socket": TransportSocket(sock),
                }
            )
            loop._remove_reader(sock.fileno())
            loop.call_later(
                constants.ACCEPT_RETRY_DELAY,
                loop._start_serving,
                protocol_factory,
                sock,
                sslcontext,
                server,
                backlog,
            )
        else:
            loop.create_task(_accept_connection2(loop, protocol_factory, conn, {"peername": addr}, server))


async def _accept_connection2(loop, protocol_factory, conn, extra, server=None):
    protocol = None
    transport = None
    try:
        protocol = protocol_factory()
        waiter = loop.create_future()
        transport = loop._make_socket_transport(conn, protocol, waiter, extra=extra, server=server)
        try:
            await waiter
        except BaseException:
            transport.close()
            raise
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as exc:
        if loop.get_debug():
            context = {"message": "Error on transport creation for incoming connection", "exception": exc}
            if protocol is not None:
                context["protocol"] = protocol
            if transport is not None:
                context["transport"] = transport
            loop.call_exception_handler(context)


async def _create_server_getaddrinfo(loop, host, port, family, flags):
    infos = await loop._ensure_resolved((host, port), family=family, type=socket.SOCK_STREAM, flags=flags, loop=loop)
    if not infos:
        raise OSError(f"getaddrinfo({host!r}) returned empty list")
    return infos


async def create_server(
    loop,
    protocol_factory,
    host=None,
    port=None,
    *,
    family=socket.AF_UNSPEC,
    flags=socket.AI_PASSIVE,
    sock=None,
    backlog=100,
    ssl=None,
    reuse_address=None,
    reuse_port=None,
    keep_alive=None,
    ssl_handshake_timeout=None,
    ssl_shutdown_timeout=None,
    start_serving=True,
):
    """Listen at an address: a Server."""
    if isinstance(ssl, bool):
        raise TypeError("ssl argument must be an SSLContext or None")
    if ssl_handshake_timeout is not None and ssl is None:
        raise ValueError("ssl_handshake_timeout is only meaningful with ssl")
    if ssl_shutdown_timeout is not None and ssl is None:
        raise ValueError("ssl_shutdown_timeout is only meaningful with ssl")
    _check_tls(ssl)
    if host is not None or port is not None:
        if sock is not None:
            raise ValueError("host/port and sock can not be specified at the same time")
        if reuse_address is None:
            reuse_address = True
        if host == "":
            hosts = [None]
        elif isinstance(host, str) or not hasattr(type(host), "__iter__"):
            hosts = [host]
        else:
            hosts = host
        fs = [_create_server_getaddrinfo(loop, one, port, family, flags) for one in hosts]
        infos = await gather(*fs)
        infos = dict.fromkeys(info for sub in infos for info in sub)
        sockets = []
        completed = False
        try:
            for af, socktype, proto, _, sa in infos:
                try:
                    sock = socket.socket(af, socktype, proto)
                except socket.error:
                    # The machine has no such addresses.
                    continue
                sockets.append(sock)
                if reuse_address:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
                if reuse_port:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, True)
                if keep_alive:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, True)
                if af == socket.AF_INET6:
                    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, True)
                try:
                    sock.bind(sa)
                except OSError as err:
                    msg = "error while attempting to bind on address %r: %s" % (sa, str(err).lower())
                    if err.errno == 99:
                        # An address that the machine does not have is left out.
                        sockets.pop()
                        sock.close()
                        continue
                    raise OSError(err.errno, msg) from None
            if not sockets:
                raise OSError("could not bind on any address out of %r" % ([info[4] for info in infos],))
            completed = True
        finally:
            if not completed:
                for sock in sockets:
                    sock.close()
    else:
        if sock is None:
            raise ValueError("Neither host/port nor sock were specified")
        if sock.type != socket.SOCK_STREAM:
            raise ValueError(f"A Stream Socket was expected, got {sock!r}")
        sockets = [sock]
    for sock in sockets:
        sock.setblocking(False)
    server = Server(loop, sockets, protocol_factory, ssl, backlog, ssl_handshake_timeout, ssl_shutdown_timeout)
    if start_serving:
        server._start_serving()
        # Whoever waits for the server goes on a turn after it listens.
        await sleep(0)
    return server
