//! The rows of `AbstractEventLoop`: everything is left to subclasses.

use crate::call::{Cx, Outcome};
use crate::types::{class, classes};
use crate::value::{Inst, Value};

crate::natives! {
    /// The rows of `AbstractEventLoop`.
    pub static ABSTRACT_EVENT_LOOP = [
        new "__new__(cls, *args, **kwargs)" => abstract_new, "Create and return a new object.";
        method "run_forever(self)" => not_implemented, "Notional; a subclass defines it.";
        method "run_until_complete(self, future)" => not_implemented, "Notional; a subclass defines it.";
        method "stop(self)" => not_implemented, "Notional; a subclass defines it.";
        method "is_running(self)" => not_implemented, "Notional; a subclass defines it.";
        method "is_closed(self)" => not_implemented, "Notional; a subclass defines it.";
        method "close(self)" => not_implemented, "Notional; a subclass defines it.";
        method "_timer_handle_cancelled(self, handle)" => not_implemented, "Notional; a subclass defines it.";
        method "call_soon(self, callback, *args, context=None)" => not_implemented, "Notional; a subclass defines it.";
        method "call_later(self, delay, callback, *args, context=None)" => not_implemented, "Notional; a subclass defines it.";
        method "call_at(self, when, callback, *args, context=None)" => not_implemented, "Notional; a subclass defines it.";
        method "time(self)" => not_implemented, "Notional; a subclass defines it.";
        method "create_future(self)" => not_implemented, "Notional; a subclass defines it.";
        method "create_task(self, coro, *, name=None, context=None)" => not_implemented, "Notional; a subclass defines it.";
        method "call_soon_threadsafe(self, callback, *args, context=None)" => not_implemented, "Notional; a subclass defines it.";
        method "run_in_executor(self, executor, func, *args)" => not_implemented, "Notional; a subclass defines it.";
        method "set_default_executor(self, executor)" => not_implemented, "Notional; a subclass defines it.";
        method "add_reader(self, fd, callback, *args)" => not_implemented, "Notional; a subclass defines it.";
        method "remove_reader(self, fd)" => not_implemented, "Notional; a subclass defines it.";
        method "add_writer(self, fd, callback, *args)" => not_implemented, "Notional; a subclass defines it.";
        method "remove_writer(self, fd)" => not_implemented, "Notional; a subclass defines it.";
        method "add_signal_handler(self, sig, callback, *args)" => not_implemented, "Notional; a subclass defines it.";
        method "remove_signal_handler(self, sig)" => not_implemented, "Notional; a subclass defines it.";
        method "set_task_factory(self, factory)" => not_implemented, "Notional; a subclass defines it.";
        method "get_task_factory(self)" => not_implemented, "Notional; a subclass defines it.";
        method "get_exception_handler(self)" => not_implemented, "Notional; a subclass defines it.";
        method "set_exception_handler(self, handler)" => not_implemented, "Notional; a subclass defines it.";
        method "default_exception_handler(self, context)" => not_implemented, "Notional; a subclass defines it.";
        method "call_exception_handler(self, context)" => not_implemented, "Notional; a subclass defines it.";
        method "get_debug(self)" => not_implemented, "Notional; a subclass defines it.";
        method "set_debug(self, enabled)" => not_implemented, "Notional; a subclass defines it.";
        amethod "shutdown_asyncgens(self)" => not_implemented, "Notional; a subclass defines it.";
        amethod "shutdown_default_executor(self)" => not_implemented, "Notional; a subclass defines it.";
        amethod "getaddrinfo(self, host, port, *, family=0, type=0, proto=0, flags=0)" => not_implemented, "Notional; a subclass defines it.";
        amethod "getnameinfo(self, sockaddr, flags=0)" => not_implemented, "Notional; a subclass defines it.";
        amethod "create_connection(self, *args, **kwargs)" => not_implemented, "Notional; a subclass defines it.";
        amethod "create_server(self, *args, **kwargs)" => not_implemented, "Notional; a subclass defines it.";
        amethod "sendfile(self, *args, **kwargs)" => not_implemented, "Notional; a subclass defines it.";
        amethod "start_tls(self, *args, **kwargs)" => not_implemented, "Notional; a subclass defines it.";
        amethod "create_unix_connection(self, *args, **kwargs)" => not_implemented, "Notional; a subclass defines it.";
        amethod "create_unix_server(self, *args, **kwargs)" => not_implemented, "Notional; a subclass defines it.";
        amethod "connect_accepted_socket(self, *args, **kwargs)" => not_implemented, "Notional; a subclass defines it.";
        amethod "create_datagram_endpoint(self, *args, **kwargs)" => not_implemented, "Notional; a subclass defines it.";
        amethod "connect_read_pipe(self, protocol_factory, pipe)" => not_implemented, "Notional; a subclass defines it.";
        amethod "connect_write_pipe(self, protocol_factory, pipe)" => not_implemented, "Notional; a subclass defines it.";
        amethod "subprocess_shell(self, *args, **kwargs)" => not_implemented, "Notional; a subclass defines it.";
        amethod "subprocess_exec(self, *args, **kwargs)" => not_implemented, "Notional; a subclass defines it.";
        amethod "sock_recv(self, sock, nbytes)" => not_implemented, "Notional; a subclass defines it.";
        amethod "sock_recv_into(self, sock, buf)" => not_implemented, "Notional; a subclass defines it.";
        amethod "sock_recvfrom(self, sock, bufsize)" => not_implemented, "Notional; a subclass defines it.";
        amethod "sock_recvfrom_into(self, sock, buf, nbytes=0)" => not_implemented, "Notional; a subclass defines it.";
        amethod "sock_sendall(self, sock, data)" => not_implemented, "Notional; a subclass defines it.";
        amethod "sock_sendto(self, sock, data, address)" => not_implemented, "Notional; a subclass defines it.";
        amethod "sock_connect(self, sock, address)" => not_implemented, "Notional; a subclass defines it.";
        amethod "sock_accept(self, sock)" => not_implemented, "Notional; a subclass defines it.";
        amethod "sock_sendfile(self, *args, **kwargs)" => not_implemented, "Notional; a subclass defines it.";
    ]
}

/// An instance of a class that CPython has in Python, or of one derived from it.
pub fn abstract_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Class(class) = args[0] else { return Err(cx.type_error("a class is needed")) };
    cx.heap.charge(size_of::<Inst>());
    Ok(class::allocate(cx, class, Value::Undef))
}

fn not_implemented(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.raise_with(classes::NOT_IMPLEMENTED_ERROR, &[]))
}
