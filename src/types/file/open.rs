//! `open(file, mode, …)`: the mode taken apart, the path found, the tower of files built.

use super::newline::Newlines;
use super::text::TextFile;
use super::{BUFFER_SIZE, Buffered, FileIo, Way, native_id};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::host::constant as flag;
use crate::host::{Fd, StandardStream};
use crate::types::{classes, os_error};
use crate::value::special::Special;
use crate::value::{NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// Steps of opening.
    pub static OPEN_STEPS = [
        hidden "open(file, mode, buffering, encoding, errors, newline, closefd, opener)" => step open_step,
            "The path, then the descriptor, then the file.";
        hidden "open_raw(file, mode, closefd, opener, raw)" => step open_raw_step, "The path, then the descriptor.";
        hidden "fspath(path)" => step fspath_step, "`path.__fspath__()`, checked.";
    ]
}

const OPEN: NativeId = NativeId { table: crate::tables::OPEN, row: 0 };
const OPEN_RAW: NativeId = NativeId { table: crate::tables::OPEN, row: 1 };
const FSPATH: NativeId = NativeId { table: crate::tables::OPEN, row: 2 };

/// `open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)`.
pub fn open(cx: &mut Cx, args: &[Value]) -> Outcome {
    launch(cx, NativeFrame::new(OPEN, args))
}

/// What a mode says.
#[derive(Clone, Copy)]
struct Mode {
    kind: u8,
    updates: bool,
    is_text: bool,
    is_binary: bool,
}

impl Mode {
    fn parse(mode: &[u8]) -> Option<Mode> {
        let mut parsed = Mode { kind: 0, updates: false, is_text: false, is_binary: false };
        for (at, &letter) in mode.iter().enumerate() {
            if mode[..at].contains(&letter) {
                return None;
            }
            match letter {
                b'r' | b'w' | b'x' | b'a' => {
                    // Two of them are a mistake of another kind.
                    parsed.kind = if parsed.kind == 0 { letter } else { b'!' };
                }
                b'+' => parsed.updates = true,
                b't' => parsed.is_text = true,
                b'b' => parsed.is_binary = true,
                _ => return None,
            }
        }
        Some(parsed)
    }
}

fn parse_mode(cx: &mut Cx, mode: Value) -> Result<Mode, Ask> {
    let text = cx.text_of(mode).unwrap_or(b"r").to_vec();
    let Some(parsed) = Mode::parse(&text) else {
        let message = format!("invalid mode: '{}'", String::from_utf8_lossy(&text));
        return Err(cx.value_error(message));
    };
    if parsed.is_text && parsed.is_binary {
        return Err(cx.value_error("can't have text and binary mode at once"));
    }
    if matches!(parsed.kind, 0 | b'!') {
        let message = if parsed.kind == 0 {
            "Must have exactly one of create/read/write/append mode and at most one plus"
        } else {
            "must have exactly one of create/read/write/append mode"
        };
        return Err(cx.value_error(message));
    }
    Ok(parsed)
}

/// Steps: the path is a str, bytes or a number; the raw file is open; the others stand on it.
fn open_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [_, mode_text, buffering, encoding, errors, newline, closefd, opener] =
        [0, 1, 2, 3, 4, 5, 6, 7].map(|at| frame.values[at]);
    let mode = parse_mode(cx, mode_text)?;
    let buffering = match cx.exact(buffering) {
        Value::Undef => -1,
        Value::Int(size) => size,
        other => other.as_int().unwrap_or(-1),
    };
    if frame.step == 0 {
        check_options(cx, mode, buffering, [encoding, errors, newline])?;
        frame.step = 1;
        frame.told = Told::Value(path_of(cx, frame.values[0])?);
    }
    if frame.step == 1 {
        frame.values[0] = std::mem::take(&mut frame.told).into_outcome()?;
        frame.step = 2;
        let raw_mode = raw_mode(cx, mode);
        let raw = new_raw(cx);
        let given = [frame.values[0], raw_mode, closefd, opener, raw];
        frame.told = Told::Value(launch(cx, NativeFrame::new(OPEN_RAW, &given)).map_err(Ask::to_come_back)?);
    }
    let raw = std::mem::take(&mut frame.told).into_outcome()?;
    stack(cx, raw, mode, mode_text, buffering, [encoding, errors, newline])
}

fn check_options(cx: &mut Cx, mode: Mode, buffering: i64, given: [Value; 3]) -> Result<(), Ask> {
    if mode.is_binary {
        for (value, name) in given.into_iter().zip(["an encoding", "an errors", "a newline"]) {
            if cx.none_or(value).is_some() {
                return Err(cx.value_error(format!("binary mode doesn't take {name} argument")));
            }
        }
    } else if buffering == 0 {
        return Err(cx.value_error("can't have unbuffered text I/O"));
    }
    Ok(())
}

fn raw_mode(cx: &mut Cx, mode: Mode) -> Value {
    let mut text = String::from(mode.kind as char);
    if mode.updates {
        text.push('+');
    }
    cx.str(&text)
}

fn new_raw(cx: &mut Cx) -> Value {
    let raw = FileIo {
        way: Way::Closed,
        name: Value::Undef,
        is_readable: false,
        is_writable: false,
        is_created: false,
        is_appending: false,
        closes: true,
    };
    cx.heap.new_native(classes::FILE_IO, raw)
}

/// Builds what stands on a raw file.
fn stack(cx: &mut Cx, raw: Value, mode: Mode, mode_text: Value, buffering: i64, options: [Value; 3]) -> Outcome {
    let Value::Native(raw_id) = raw else { crate::bug!("a raw file is native") };
    let (can_read, can_write) = match cx.heap.native::<FileIo>(raw_id) {
        Some(file) => (file.is_readable, file.is_writable),
        None => (false, false),
    };
    let is_terminal = match cx.heap.native::<FileIo>(raw_id).map(|file| file.way) {
        Some(Way::File(fd)) if buffering < 0 || buffering == 1 => cx.host.is_terminal(fd).unwrap_or(false),
        _ => false,
    };
    let is_line_buffered = buffering == 1 || (buffering < 0 && is_terminal);
    if buffering == 0 {
        cx.heap.mortal.push(raw);
        return Ok(raw);
    }
    let class = match (mode.updates, can_write) {
        (true, _) => classes::BUFFERED_RANDOM,
        (false, true) => classes::BUFFERED_WRITER,
        (false, false) => classes::BUFFERED_READER,
    };
    let size = if buffering > 1 { buffering as usize } else { BUFFER_SIZE };
    let buffered = Buffered { raw, can_read, can_write, size, read: Vec::new(), read_pos: 0, write: Vec::new() };
    let buffer = cx.heap.new_native(class, buffered);
    cx.heap.mortal.push(buffer);
    if mode.is_binary {
        return Ok(buffer);
    }
    let [encoding, errors, newline] = options;
    let newlines = Newlines::from_argument(cx, newline)?;
    let encoding = cx.none_or(encoding).and_then(|name| cx.text_of(name)).unwrap_or(b"UTF-8").to_vec();
    let errors = cx.none_or(errors).and_then(|name| cx.text_of(name)).unwrap_or(b"strict").to_vec();
    let mut file = TextFile::new(cx, buffer, &encoding, &errors, newlines)?;
    file.is_line_buffered = is_line_buffered;
    file.mode = match mode_text.given() {
        Some(mode) => mode,
        None => cx.str("r"),
    };
    let file = cx.heap.new_native(classes::TEXT_IO_WRAPPER, file);
    cx.heap.mortal.push(file);
    Ok(file)
}

// ----- The path -----

/// A path as str, bytes or an int; asks `__fspath__`.
pub fn path_of(cx: &mut Cx, path: Value) -> Outcome {
    match cx.exact(path) {
        exact @ (Value::Str(_) | Value::Bytes(_) | Value::Int(_)) => Ok(exact),
        Value::Bool(number) => Ok(Value::Int(number as i64)),
        _ => fspath(cx, path),
    }
}

/// `os.fspath(path)`.
pub fn fspath(cx: &mut Cx, path: Value) -> Outcome {
    if let Value::Str(_) | Value::Bytes(_) = cx.exact(path) {
        return Ok(path);
    }
    if cx.special_of(path, Special::FsPath).is_none() {
        let message = format!("expected str, bytes or os.PathLike object, not {}", cx.class_name(path));
        return Err(cx.type_error(message));
    }
    Err(cx.ask_push(NativeFrame::new(FSPATH, &[path])))
}

fn fspath_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let path = frame.values[0];
    if frame.step == 0 {
        frame.step = 1;
        let method = cx.special_of(path, Special::FsPath).expect("it was found before");
        return Err(cx.ask_method(method, path, &[]).to_come_back());
    }
    let answer = frame.told.into_outcome()?;
    if let Value::Str(_) | Value::Bytes(_) = cx.exact(answer) {
        return Ok(answer);
    }
    let (class, actual) = (cx.class_name(path), cx.class_name(answer));
    Err(cx.type_error(format!("expected {class}.__fspath__() to return str or bytes, not {actual}")))
}

/// The bytes of a path for the system.
pub fn path_bytes(cx: &mut Cx, path: Value) -> Result<Vec<u8>, Ask> {
    let bytes = match cx.exact(path) {
        Value::Str(id) => {
            crate::types::codecs::encode(cx, id, crate::types::text::codec::Codec::Utf8, b"surrogateescape")?
        }
        Value::Bytes(id) => cx.heap.bytes.get(id).data.to_vec(),
        other => crate::bug!("a path is {other:?}"),
    };
    if bytes.contains(&0) {
        let what = if let Value::Str(_) = cx.exact(path) { "character" } else { "byte" };
        return Err(cx.value_error(format!("embedded null {what}")));
    }
    Ok(bytes)
}

// ----- Raw files -----

/// Opens a `FileIO` that was made before: `FileIO.__init__`.
pub fn into_raw(cx: &mut Cx, raw: Value, file: Value, mode: Value, closefd: Value, opener: Value) -> Outcome {
    launch(cx, NativeFrame::at_step(OPEN_RAW, INIT, &[file, mode, closefd, opener, raw]))
}

/// From `FileIO.__init__`: the path is not looked at yet, and None is the result.
const INIT: u32 = 10;
const INIT_PATH: u32 = 11;

fn open_raw_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == INIT {
        frame.step = INIT_PATH;
        frame.told = Told::Value(path_of(cx, frame.values[0])?);
    }
    if frame.step == INIT_PATH {
        frame.values[0] = std::mem::take(&mut frame.told).into_outcome()?;
        frame.values.push(Value::None);
        frame.step = 0;
    }
    let [path, mode, closefd, opener, raw] = [0, 1, 2, 3, 4].map(|at| frame.values[at]);
    let result = frame.values.get(5).copied().unwrap_or(raw);
    let mode = cx.text_of(mode).unwrap_or(b"r").to_vec();
    let kind = match mode.iter().find(|letter| b"rwxa".contains(letter)) {
        Some(kind) => *kind,
        None => {
            return Err(cx.value_error("Must have exactly one of create/read/write/append mode and at most one plus"));
        }
    };
    let updates = mode.contains(&b'+');
    let flags = flags_of(kind, updates);
    let closes = closefd != Value::Bool(false);
    let way = match path {
        Value::Int(number) => way_of_number(cx, number)?,
        _ if !closes => return Err(cx.value_error("Cannot use closefd=False with file name")),
        _ => match cx.none_or(opener) {
            Some(opener) if frame.step == 0 => {
                frame.step = 1;
                return Err(cx.ask_call(opener, &[path, Value::Int(flags as i64)]));
            }
            Some(_) => {
                let answer = frame.told.into_outcome()?;
                match cx.exact(answer) {
                    Value::Int(number @ 0..) => Way::File(Fd(number as i32)),
                    Value::Int(_) => return Err(cx.value_error("opener returned -1")),
                    _ => return Err(cx.type_error("expected integer from opener")),
                }
            }
            None => open_path(cx, path, flags)?,
        },
    };
    let Some(id) = native_id(cx, raw) else { crate::bug!("a raw file is native") };
    if let Some(file) = cx.heap.native_mut::<FileIo>(id) {
        file.way = way;
        file.name = path;
        file.is_readable = kind == b'r' || updates;
        file.is_writable = kind != b'r' || updates;
        file.is_created = kind == b'x';
        file.is_appending = kind == b'a';
        file.closes = closes && !matches!(way, Way::Input | Way::Output(_));
    }
    if let (b'a', Way::File(fd)) = (kind, way) {
        // A pipe has no end to go to.
        let _ = cx.host.seek(fd, 0, flag::SEEK_END);
    }
    Ok(result)
}

fn flags_of(kind: u8, updates: bool) -> i32 {
    let access = match (kind, updates) {
        (_, true) => flag::O_RDWR,
        (b'r', false) => flag::O_RDONLY,
        (_, false) => flag::O_WRONLY,
    };
    access
        | match kind {
            b'w' => flag::O_CREAT | flag::O_TRUNC,
            b'x' => flag::O_CREAT | flag::O_EXCL,
            b'a' => flag::O_CREAT | flag::O_APPEND,
            _ => 0,
        }
}

fn way_of_number(cx: &mut Cx, number: i64) -> Result<Way, Ask> {
    match number {
        0 => Ok(Way::Input),
        1 => Ok(Way::Output(StandardStream::Output)),
        2 => Ok(Way::Output(StandardStream::Error)),
        3.. => {
            let fd = Fd(i32::try_from(number).unwrap_or(i32::MAX));
            match cx.host.descriptor_kind(fd) {
                Ok(_) => Ok(Way::File(fd)),
                Err(error) => Err(os_error::raise_about(cx, &error, Value::Int(number))),
            }
        }
        _ => Err(cx.value_error("negative file descriptor")),
    }
}

/// Files that are still open are flushed first, so that what was written is there.
fn open_path(cx: &mut Cx, path: Value, flags: i32) -> Result<Way, Ask> {
    let bytes = path_bytes(cx, path)?;
    super::flush_all(cx);
    let result = cx.host.open_file(&bytes, flags, 0o666);
    match result {
        Ok(fd) => Ok(Way::File(fd)),
        Err(error) => Err(os_error::raise_about(cx, &error, path)),
    }
}
