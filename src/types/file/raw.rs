//! `FileIO`: a descriptor, or a standard stream of the host.

use super::argument::{self, closed_error, truth, unsupported};
use super::bytes_io::of_class;
use super::{FileIo, Way, native_id, open};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, MachineAsk, Outcome};
use crate::host::{Fd, HostOp, HostResult, StandardStream, Written};
use crate::types::bytes::buffer;
use crate::types::{classes, memoryview, os_error, strings};
use crate::value::native_object::Boxed;
use crate::value::{Id, NativeFrame, NativeId, Value};

crate::natives! {
    /// The rows of `FileIO`.
    pub static FILE_IO = [
        new "__new__(cls, *args, **kwargs)" => file_io_new, "Creates a file that is not open yet.";
        special "__init__(self, file, mode: str='r', closefd: truth=True, opener=None)" => file_io_init, "Opens it.";
        special "__repr__(self, /)" => file_io_repr, "Return repr(self).";
        special "__del__(self, /)" => file_io_del, "Closes the descriptor.";
        method "read(self, size=-1, /)" => file_io_read, "Reads at most so many bytes, in one call.";
        method "readall(self, /)" => file_io_readall, "Reads to the end.";
        method "readinto(self, buffer, /)" => file_io_readinto, "Reads into a buffer; gives the number of bytes.";
        method "write(self, b, /)" => file_io_write, "Writes bytes, in one call; gives their number.";
        method "seek(self, pos, whence=0, /)" => file_io_seek, "Moves the position.";
        method "tell(self, /)" => file_io_tell, "The position.";
        method "truncate(self, size=None, /)" => file_io_truncate, "Cuts the file off.";
        method "close(self, /)" => file_io_close, "Closes the file.";
        method "flush(self, /)" => file_io_flush, "Does nothing: nothing is kept back.";
        method "readable(self, /)" => file_io_readable, "Whether it was opened for reading.";
        method "writable(self, /)" => file_io_writable, "Whether it was opened for writing.";
        method "seekable(self, /)" => file_io_seekable, "Whether it has a position.";
        method "fileno(self, /)" => file_io_fileno, "The number of the descriptor.";
        method "isatty(self, /)" => file_io_isatty, "Whether it is a terminal.";
        attr "closed" => file_io_closed, "True if the file is closed.";
        attr "closefd" => file_io_closefd, "Whether closing it closes the descriptor.";
        attr "mode" => file_io_mode, "How it was opened.";
        attr "name" => file_io_name, set file_io_set_name, "What it was opened by.";
        attr "_blksize" => file_io_blksize, "How much is read at once.";
    ]
}

crate::natives! {
    /// Steps: reading what may not be there yet.
    pub static FILE_IO_STEPS = [
        hidden "read(file, size)" => step read_step, "Waits until something can be read.";
        hidden "written(count, stream)" => step written_step, "Waits until the stream has taken what was written.";
    ]
}

const READ: NativeId = NativeId { table: crate::tables::FILE_IO_STEPS, row: 0 };
const WRITTEN: NativeId = NativeId { table: crate::tables::FILE_IO_STEPS, row: 1 };

fn file_io_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let file = FileIo {
        way: Way::Closed,
        name: Value::Undef,
        is_readable: false,
        is_writable: false,
        is_created: false,
        is_appending: false,
        closes: true,
    };
    let payload = cx.heap.new_native(classes::FILE_IO, file);
    of_class(cx, args[0], classes::FILE_IO, payload)
}

fn file_io_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Str(mode) = cx.exact(args[2].given().unwrap_or(Value::Undef)) else {
        let mode = cx.str("r");
        return open::into_raw(cx, args[0], args[1], mode, args[3], args[4]);
    };
    open::into_raw(cx, args[0], args[1], Value::Str(mode), args[3], args[4])
}

/// Its state; ValueError if it is closed.
pub fn opened(cx: &mut Cx, this: Value) -> Result<(Id<Boxed>, Way), Ask> {
    let found = native_id(cx, this).and_then(|id| cx.heap.native::<FileIo>(id).map(|file| (id, file.way)));
    match found {
        Some((id, way)) if way != Way::Closed => Ok((id, way)),
        Some(_) | None => Err(closed_error(cx)),
    }
}

fn state(cx: &Cx, id: Id<Boxed>) -> &FileIo {
    cx.heap.native::<FileIo>(id).expect("self is a FileIO")
}

fn checked<T>(cx: &mut Cx, result: HostResult<T>) -> Result<T, Ask> {
    result.map_err(|error| os_error::raise(cx, &error))
}

/// How much is read at once where the size is not known.
const CHUNK: usize = 1 << 16;

fn file_io_read(cx: &mut Cx, args: &[Value]) -> Outcome {
    check_readable(cx, args[0])?;
    match argument::size(cx, args[1])? {
        Some(size) => launch(cx, NativeFrame::new(READ, &[args[0], Value::Int(size as i64)])),
        None => file_io_readall(cx, args),
    }
}

fn file_io_readall(cx: &mut Cx, args: &[Value]) -> Outcome {
    check_readable(cx, args[0])?;
    launch(cx, NativeFrame::new(READ, &[args[0], Value::None]))
}

fn check_readable(cx: &mut Cx, this: Value) -> Result<(), Ask> {
    let (id, _) = opened(cx, this)?;
    if state(cx, id).is_readable { Ok(()) } else { Err(unsupported(cx, "File not open for reading")) }
}

/// R[1] is how much, None for all; R[2] what is read so far.
fn read_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    frame.told.into_outcome()?;
    let (_, way) = opened(cx, frame.values[0])?;
    loop {
        let limit = match frame.values[1] {
            Value::Int(size) => size as usize,
            _ => CHUNK,
        };
        cx.heap.ensure(limit)?;
        let data = match read_some(cx, way, limit) {
            Ok(data) => data,
            Err(ReadError::WouldBlock) => {
                return Err(cx.ask_machine(MachineAsk::Operation(Box::new(HostOp::StandardInput))));
            }
            Err(ReadError::Failed(ask)) => return Err(ask),
        };
        let is_end = data.is_empty();
        if let Value::Int(_) = frame.values[1] {
            return Ok(cx.heap.new_bytes(data));
        }
        let data = match frame.values.get(2) {
            Some(before) => [buffer::data_of(cx, *before).unwrap_or_default(), &data[..]].concat(),
            None => data,
        };
        let data = cx.heap.new_bytes(data);
        if is_end {
            return Ok(data);
        }
        frame.values.truncate(2);
        frame.values.push(data);
    }
}

enum ReadError {
    WouldBlock,
    Failed(Ask),
}

fn read_some(cx: &mut Cx, way: Way, limit: usize) -> Result<Vec<u8>, ReadError> {
    let mut data = Vec::new();
    let result = match way {
        Way::Input => {
            data.resize(limit, 0);
            cx.host.read_input(&mut data).map(|count| data.truncate(count))
        }
        Way::File(fd) => cx.host.read_append(fd, &mut data, limit).map(|_| ()),
        Way::Closed | Way::Output(_) => Ok(()),
    };
    match result {
        Ok(()) => Ok(data),
        Err(error) if way == Way::Input && error.would_block() => Err(ReadError::WouldBlock),
        Err(error) => Err(ReadError::Failed(os_error::raise(cx, &error))),
    }
}

/// Reads to the end of a regular file at once; None: it is none.
pub fn read_whole(cx: &mut Cx, this: Value) -> Result<Option<Vec<u8>>, Ask> {
    let (_, Way::File(fd)) = opened(cx, this)? else { return Ok(None) };
    let mut data = Vec::new();
    loop {
        cx.heap.ensure(data.len() + CHUNK)?;
        let result = cx.host.read_append(fd, &mut data, CHUNK);
        if checked(cx, result)? == 0 {
            return Ok(Some(data));
        }
    }
}

fn file_io_readinto(cx: &mut Cx, args: &[Value]) -> Outcome {
    check_readable(cx, args[0])?;
    let (_, way) = opened(cx, args[0])?;
    let room = memoryview::writable_len(cx, args[1], "readinto")?;
    match read_some(cx, way, room) {
        Ok(data) => {
            memoryview::write_front(cx, args[1], &data);
            Ok(Value::Int(data.len() as i64))
        }
        Err(ReadError::WouldBlock) => Ok(Value::None),
        Err(ReadError::Failed(ask)) => Err(ask),
    }
}

fn file_io_write(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, _) = opened(cx, args[0])?;
    if !state(cx, id).is_writable {
        return Err(unsupported(cx, "File not open for writing"));
    }
    let data = buffer::require(cx, args[1])?;
    write(cx, id, &data)
}

/// Writes in one call; gives how many bytes went.
pub fn write(cx: &mut Cx, id: Id<Boxed>, data: &[u8]) -> Outcome {
    match state(cx, id).way {
        Way::File(fd) => {
            let result = cx.host.write(fd, data);
            checked(cx, result).map(|count| Value::Int(count as i64))
        }
        Way::Output(stream) => {
            let result = cx.host.write_stream(stream, data);
            let written = checked(cx, result)?;
            after_writing(cx, stream, written, Value::Int(data.len() as i64))
        }
        Way::Closed | Way::Input => Err(closed_error(cx)),
    }
}

/// The result of a write, once the stream takes more.
pub fn after_writing(cx: &mut Cx, stream: StandardStream, written: Written, result: Value) -> Outcome {
    match written {
        Written::Done => Ok(result),
        Written::Full => {
            let is_error = Value::Bool(stream == StandardStream::Error);
            Err(cx.ask_push(NativeFrame::new(WRITTEN, &[result, is_error])))
        }
    }
}

fn written_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let is_error = frame.values[1] == Value::Bool(true);
        let stream = if is_error { StandardStream::Error } else { StandardStream::Output };
        return Err(cx.ask_machine(MachineAsk::Operation(Box::new(HostOp::StreamWritable(stream)))));
    }
    frame.told.into_outcome()?;
    Ok(frame.values[0])
}

/// The descriptor, as a number.
fn number(cx: &Cx, way: Way) -> Option<i64> {
    let _ = cx;
    match way {
        Way::Closed => None,
        Way::File(Fd(fd)) => Some(fd as i64),
        Way::Input => Some(0),
        Way::Output(StandardStream::Output) => Some(1),
        Way::Output(StandardStream::Error) => Some(2),
    }
}

/// The descriptor that calls on a position go to.
fn descriptor(cx: &mut Cx, this: Value) -> Result<Fd, Ask> {
    let (_, way) = opened(cx, this)?;
    if let Way::Output(stream) = way {
        let result = cx.host.flush_stream(stream);
        checked(cx, result)?;
    }
    Ok(Fd(number(cx, way).expect("it is open") as i32))
}

fn file_io_seek(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (offset, whence) = (argument::position(cx, args[1])?, argument::whence(cx, args[2])?);
    let fd = descriptor(cx, args[0])?;
    let result = cx.host.seek(fd, offset, whence);
    checked(cx, result).map(|place| Value::Int(place as i64))
}

fn file_io_tell(cx: &mut Cx, args: &[Value]) -> Outcome {
    file_io_seek(cx, &[args[0], Value::Int(0), Value::Int(1)])
}

fn file_io_truncate(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, _) = opened(cx, args[0])?;
    if !state(cx, id).is_writable {
        return Err(unsupported(cx, "File not open for writing"));
    }
    let size = match cx.none_or(args[1]) {
        Some(size) => argument::position(cx, size)?,
        None => match file_io_tell(cx, args)? {
            Value::Int(place) => place,
            _ => 0,
        },
    };
    let fd = descriptor(cx, args[0])?;
    let result = cx.host.truncate(fd, size as u64);
    checked(cx, result)?;
    Ok(Value::Int(size))
}

fn file_io_close(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(id) = native_id(cx, args[0]) else { return Ok(Value::None) };
    let Some(file) = cx.heap.native_mut::<FileIo>(id) else { return Ok(Value::None) };
    let way = std::mem::replace(&mut file.way, Way::Closed);
    match way {
        Way::File(fd) if file.closes => {
            let result = cx.host.close(fd);
            checked(cx, result)?;
        }
        Way::Output(stream) => {
            let result = cx.host.flush_stream(stream);
            checked(cx, result)?;
        }
        Way::Closed | Way::Input | Way::File(_) => {}
    }
    Ok(Value::None)
}

fn file_io_del(cx: &mut Cx, args: &[Value]) -> Outcome {
    match native_id(cx, args[0]) {
        Some(id) if state(cx, id).closes => file_io_close(cx, args),
        Some(_) | None => Ok(Value::None),
    }
}

fn file_io_flush(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (_, way) = opened(cx, args[0])?;
    match way {
        Way::Output(stream) => {
            let result = cx.host.flush_stream(stream);
            let written = checked(cx, result)?;
            after_writing(cx, stream, written, Value::None)
        }
        Way::Closed | Way::File(_) | Way::Input => Ok(Value::None),
    }
}

fn file_io_readable(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, _) = opened(cx, args[0])?;
    truth(state(cx, id).is_readable)
}

fn file_io_writable(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, _) = opened(cx, args[0])?;
    truth(state(cx, id).is_writable)
}

fn file_io_seekable(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (_, way) = opened(cx, args[0])?;
    let fd = Fd(number(cx, way).expect("it is open") as i32);
    truth(cx.host.seek(fd, 0, 1).is_ok())
}

fn file_io_fileno(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (_, way) = opened(cx, args[0])?;
    Ok(Value::Int(number(cx, way).expect("it is open")))
}

fn file_io_isatty(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (_, way) = opened(cx, args[0])?;
    truth(match way {
        Way::Input => cx.host.input_is_terminal(),
        Way::Output(stream) => cx.host.stream_is_terminal(stream),
        Way::File(fd) => cx.host.is_terminal(fd).unwrap_or(false),
        Way::Closed => false,
    })
}

fn file_io_closed(cx: &mut Cx, args: &[Value]) -> Outcome {
    truth(opened(cx, args[0]).is_err())
}

fn file_io_closefd(cx: &mut Cx, args: &[Value]) -> Outcome {
    truth(native_id(cx, args[0]).is_some_and(|id| state(cx, id).closes))
}

/// The mode of a raw file.
pub fn mode_text(file: &FileIo) -> &'static str {
    match (file.is_created, file.is_appending, file.is_readable, file.is_writable) {
        (true, _, false, _) => "xb",
        (true, _, true, _) => "xb+",
        (_, true, false, _) => "ab",
        (_, true, true, _) => "ab+",
        (_, _, true, true) => "rb+",
        (_, _, true, false) => "rb",
        (_, _, false, _) => "wb",
    }
}

fn file_io_mode(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text = native_id(cx, args[0]).map_or("rb", |id| mode_text(state(cx, id)));
    Ok(cx.str(text))
}

fn file_io_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = native_id(cx, args[0]).map(|id| state(cx, id).name).and_then(Value::given);
    match name {
        Some(name) => Ok(name),
        None => Err(cx.attribute_error(args[0], crate::call::names::NAME_ATTR)),
    }
}

fn file_io_set_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let Some(id) = native_id(cx, args[0])
        && let Some(file) = cx.heap.native_mut::<FileIo>(id)
    {
        file.name = args[1];
    }
    Ok(Value::None)
}

fn file_io_blksize(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(super::BUFFER_SIZE as i64))
}

fn file_io_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Some(id) = native_id(cx, args[0]) else { return Err(closed_error(cx)) };
    let file = state(cx, id);
    if file.way == Way::Closed {
        return Ok(cx.str("<_io.FileIO [closed]>"));
    }
    let (mode, closes) = (mode_text(file), if file.closes { "True" } else { "False" });
    let name = match file.name.given() {
        Some(name) => {
            let name = strings::to_repr(cx, name)?;
            format!("name={}", String::from_utf8_lossy(cx.text_of(name).unwrap_or_default()))
        }
        None => format!("fd={}", number(cx, file.way).unwrap_or(-1)),
    };
    Ok(cx.str(&format!("<_io.FileIO {name} mode='{mode}' closefd={closes}>")))
}
