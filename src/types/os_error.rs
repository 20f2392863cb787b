//! OSError from what went wrong outside.

use super::classes as c;
use crate::call::{Ask, Cx};
use crate::host::constant as number;
use crate::host::{HostError, HostErrorKind};
use crate::value::{Class, Id, Value};

/// Which class an OSError with this number is.
pub fn class_of_errno(errno: i64) -> Id<Class> {
    let Ok(errno) = i32::try_from(errno) else { return c::OS_ERROR };
    match errno {
        number::EPERM | number::EACCES => c::PERMISSION_ERROR,
        number::ENOENT => c::FILE_NOT_FOUND_ERROR,
        number::ESRCH => c::PROCESS_LOOKUP_ERROR,
        number::EINTR => c::INTERRUPTED_ERROR,
        number::ECHILD => c::CHILD_PROCESS_ERROR,
        number::EAGAIN | number::EALREADY | number::EINPROGRESS => c::BLOCKING_IO_ERROR,
        number::EEXIST => c::FILE_EXISTS_ERROR,
        number::ENOTDIR => c::NOT_A_DIRECTORY_ERROR,
        number::EISDIR => c::IS_A_DIRECTORY_ERROR,
        number::EPIPE | number::ESHUTDOWN => c::BROKEN_PIPE_ERROR,
        number::ECONNABORTED => c::CONNECTION_ABORTED_ERROR,
        number::ECONNRESET => c::CONNECTION_RESET_ERROR,
        number::ECONNREFUSED => c::CONNECTION_REFUSED_ERROR,
        number::ETIMEDOUT => c::TIMEOUT_ERROR,
        _ => c::OS_ERROR,
    }
}

/// Raises what the host answered. The slots of an OSError are errno, strerror, filename, filename2.
pub fn raise(cx: &mut Cx, error: &HostError) -> Ask {
    raise_about(cx, error, Value::Undef)
}

/// The same about a file as the script named it.
pub fn raise_about(cx: &mut Cx, error: &HostError, filename: Value) -> Ask {
    let class = match error.kind {
        HostErrorKind::System | HostErrorKind::Refused(_) => class_of_errno(error.errno as i64),
        HostErrorKind::Resolver => c::GAI_ERROR,
        HostErrorKind::Unsupported | HostErrorKind::NoRuntime | HostErrorKind::Abandoned => c::OS_ERROR,
    };
    let text = cx.str(&error.message());
    let errno = Value::Int(error.errno as i64);
    let exc = cx.new_exception(class, &[errno, text]);
    let filename = match (filename.given(), error.filename()) {
        (Some(filename), _) => filename,
        (None, Some(bytes)) => path_str(cx, bytes),
        (None, None) => Value::Undef,
    };
    let filename2 = error.filename2().map(|bytes| path_str(cx, bytes)).unwrap_or_default();
    let slots = cx.heap.excs.get_mut(exc).slots.get_or_insert_default();
    slots[..4].copy_from_slice(&[errno, text, filename, filename2]);
    Ask::Raise(exc)
}

/// A path of the system as a str: bytes that are no UTF-8 become lone surrogates.
pub fn path_str(cx: &mut Cx, bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => cx.str(text),
        Err(_) => {
            let mut text = aspen_grammar::source::Wtf8::new();
            let mut rest = bytes;
            while let Some(chunk) = rest.utf8_chunks().next() {
                text.push_str(chunk.valid());
                chunk.invalid().iter().for_each(|&byte| text.push_code_point(0xDC00 + byte as u32));
                rest = &rest[chunk.valid().len() + chunk.invalid().len()..];
            }
            cx.heap.new_str_from(text.into_bytes())
        }
    }
}
