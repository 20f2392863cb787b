//! `print` and `input`.
//!
//! Printing values of built-in types to the standard stream, as nearly every program does, writes their texts straight into
//! the host's buffer. Any other file gets the calls that CPython makes: a `write` for each text, separator and end.

use crate::call::launch::launch;
use crate::call::{Ask, Cx, MachineAsk, Outcome, names};
use crate::host::{HostOp, StandardStream, Written};
use crate::types::file::{self, standard};
use crate::types::{method_call, os_error, strings};
use crate::value::{Name, NativeFrame, NativeId, Value};

crate::natives! {
    /// Steps of printing.
    pub static PRINT_STEPS = [
        hidden "print(file, sep, end, flush, *values)" => step print_step, "Writes text by text.";
        hidden "input(prompt)" => step input_step, "A line of standard input.";
    ]
}

const PRINT_STEP: NativeId = NativeId { table: crate::tables::PRINT, row: 0 };
const INPUT_STEP: NativeId = NativeId { table: crate::tables::PRINT, row: 1 };

/// `sys.stdout` and its like; None if there is no such attribute.
fn standard_file(cx: &mut Cx, name: Name) -> Option<Value> {
    let sys = cx.heap.find_name(b"sys")?;
    match cx.heap.get_in(cx.modules, sys)? {
        Value::Module(id) => {
            let dict = cx.heap.modules.get(id).dict;
            cx.heap.get_in(dict, name)
        }
        _ => None,
    }
}

/// Without the module there is no stream to be lost.
fn has_sys(cx: &Cx) -> bool {
    cx.heap.find_name(b"sys").is_some_and(|sys| cx.heap.find_in(cx.modules, sys).is_some())
}

/// `print(*values, sep=' ', end='\n', file=None, flush=False)`: the parameters come first.
pub fn print(cx: &mut Cx, args: &[Value]) -> Outcome {
    let sep = text_or_none(cx, args[0], "sep")?;
    let end = text_or_none(cx, args[1], "end")?;
    let flush = args[3];
    let file = match cx.none_or(args[2]) {
        Some(file) => file,
        None => match standard_file(cx, names::STDOUT) {
            Some(Value::None) => return Ok(Value::None),
            Some(file) => file,
            None if has_sys(cx) => return Err(cx.runtime_error("lost sys.stdout")),
            None => standard::make(cx, standard::Standard::Output),
        },
    };
    let values = &args[4..];
    if let Some(stream) = standard::direct(cx, file) {
        return print_direct(cx, stream, file, [sep, end, flush], values);
    }
    let mut all = vec![file, sep, end, flush];
    all.extend_from_slice(values);
    launch(cx, NativeFrame::new(PRINT_STEP, &all))
}

fn text_or_none(cx: &mut Cx, value: Value, name: &str) -> Outcome {
    match cx.none_or(value) {
        None => Ok(Value::Undef),
        Some(text) if cx.text_of(text).is_some() => Ok(text),
        Some(other) => {
            let message = format!("{name} must be None or a string, not {}", cx.class_name(other));
            Err(cx.type_error(message))
        }
    }
}

/// Straight into the buffer of the host.
fn print_direct(
    cx: &mut Cx,
    stream: StandardStream,
    file: Value,
    [sep, end, flush]: [Value; 3],
    values: &[Value],
) -> Outcome {
    let mut written = Written::Done;
    for (at, &value) in values.iter().enumerate() {
        if at > 0 {
            note(&mut written, write_text(cx, stream, sep, b" ")?);
        }
        let text = match value {
            Value::Int(int) => {
                let mut buffer = [0; strings::DECIMAL_LEN];
                let text = strings::decimal(int, &mut buffer);
                note(&mut written, sent(cx, |cx| cx.host.write_stream(stream, text))?);
                continue;
            }
            Value::Str(_) => value,
            _ => match strings::to_str(cx, value) {
                Ok(text) => text,
                Err(ask @ (Ask::Raise(_) | Ask::Full)) => return Err(ask),
                Err(_) => {
                    let mut frame = NativeFrame::at_step(PRINT_STEP, 3 * at as u32 + 1, &[file, sep, end, flush]);
                    frame.values.extend_from_slice(values);
                    return Err(cx.ask_push(frame));
                }
            },
        };
        note(&mut written, write_text(cx, stream, text, b"")?);
    }
    note(&mut written, write_text(cx, stream, end, b"\n")?);
    if flush == Value::Bool(true) {
        note(&mut written, sent(cx, |cx| cx.host.flush_stream(stream))?);
    }
    match written {
        Written::Done => Ok(Value::None),
        Written::Full => Err(cx.ask_machine(MachineAsk::Operation(Box::new(HostOp::StreamWritable(stream))))),
    }
}

fn note(written: &mut Written, now: Written) {
    if now == Written::Full {
        *written = now;
    }
}

fn sent(cx: &mut Cx, write: impl FnOnce(&mut Cx) -> crate::host::HostResult<Written>) -> Result<Written, Ask> {
    write(cx).map_err(|error| os_error::raise(cx, &error))
}

/// Writes a str, or `default` for an absent one.
#[inline]
fn write_text(cx: &mut Cx, stream: StandardStream, text: Value, default: &[u8]) -> Result<Written, Ask> {
    let result = match cx.exact(text) {
        Value::Str(id) if cx.heap.is_ascii(id) => cx.host.write_stream(stream, cx.heap.text(id)),
        Value::Str(_) => return standard::write_encoded(cx, stream, text),
        _ => cx.host.write_stream(stream, default),
    };
    result.map_err(|error| os_error::raise(cx, &error))
}

/// `frame.step` counts what is done: for each value the separator before it, its text, the writing of that; then the end,
/// and flushing. The text to be written next stands in for its value.
fn print_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [file, sep, end, flush] = [0, 1, 2, 3].map(|at| frame.values[at]);
    let n_steps = 3 * (frame.values.len() as u32 - 4);
    if let Some(answer) = answer(frame)? {
        // What was asked for is done; a text comes back to be written.
        if frame.step < n_steps && frame.step % 3 == 1 {
            frame.values[4 + frame.step as usize / 3] = answer;
        }
        frame.step += 1;
    }
    while frame.step < n_steps + 2 {
        let at = 4 + frame.step as usize / 3;
        match (frame.step < n_steps, frame.step % 3) {
            (true, 0) if at == 4 => {}
            (true, 0) => write_to(cx, file, sep, b" ")?,
            (true, 1) => frame.values[at] = strings::to_str(cx, frame.values[at])?,
            (true, _) => write_to(cx, file, frame.values[at], b"")?,
            (false, _) if frame.step == n_steps => write_to(cx, file, end, b"\n")?,
            (false, _) if flush != Value::Bool(true) => {}
            (false, _) => flush_file(cx, file)?,
        }
        frame.step += 1;
    }
    Ok(Value::None)
}

/// The answer to what the frame asked for; None if it asked for nothing yet.
fn answer(frame: &mut NativeFrame) -> Result<Option<Value>, Ask> {
    use crate::value::Told;
    match std::mem::take(&mut frame.told) {
        Told::Start => Ok(None),
        told => told.into_outcome().map(Some),
    }
}

fn write_to(cx: &mut Cx, file: Value, text: Value, default: &[u8]) -> Result<(), Ask> {
    let text = match text.given() {
        Some(text) => text,
        None => cx.heap.new_str(default),
    };
    match file::native_write(cx, file, text) {
        Some(outcome) => outcome.map(|_| ()),
        None => Err(method_call::ask(cx, file, names::WRITE, &[text])),
    }
}

fn flush_file(cx: &mut Cx, file: Value) -> Result<(), Ask> {
    Err(method_call::ask(cx, file, names::FLUSH, &[]))
}

/// `input(prompt='')`.
pub fn input(cx: &mut Cx, args: &[Value]) -> Outcome {
    launch(cx, NativeFrame::new(INPUT_STEP, &[args[0]]))
}

/// Steps: standard error is flushed, the prompt made a text, written, flushed, and the line read.
fn input_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let prompt = frame.values[0];
    if let Some(answer) = answer(frame)? {
        match frame.step {
            1 => frame.values[0] = answer,
            4 => return line_of_input(cx, answer),
            _ => {}
        }
        frame.step += 1;
    }
    loop {
        match frame.step {
            0 => match standard_file(cx, names::STDERR) {
                Some(Value::None) | None => {}
                Some(file) => flush_now(cx, file)?,
            },
            1 if prompt.is_undef() => {}
            1 => frame.values[0] = strings::to_str(cx, prompt)?,
            2 if !frame.values[0].is_undef() => {
                let file = standard_or_lost(cx, names::STDOUT)?;
                write_to(cx, file, frame.values[0], b"")?;
            }
            2 => {}
            3 => {
                let file = standard_or_lost(cx, names::STDOUT)?;
                flush_now(cx, file)?;
            }
            _ => {
                let file = standard_or_lost(cx, names::STDIN)?;
                let readline = cx.name("readline");
                return Err(method_call::ask(cx, file, readline, &[]));
            }
        }
        frame.step += 1;
    }
}

/// Flushes; a standard stream of the host at once.
fn flush_now(cx: &mut Cx, file: Value) -> Result<(), Ask> {
    match standard::direct(cx, file) {
        Some(stream) => sent(cx, |cx| cx.host.flush_stream(stream)).map(|_| ()),
        None => flush_file(cx, file),
    }
}

fn standard_or_lost(cx: &mut Cx, name: Name) -> Outcome {
    match standard_file(cx, name) {
        Some(Value::None) | None => {
            let message = format!("input(): lost sys.{}", cx.text(name));
            Err(cx.runtime_error(message))
        }
        Some(file) => Ok(file),
    }
}

/// The line without its end.
fn line_of_input(cx: &mut Cx, line: Value) -> Outcome {
    let Some(text) = cx.text_of(line) else {
        return Err(cx.type_error("object.readline() returned non-string"));
    };
    match text.strip_suffix(b"\n") {
        Some(rest) => {
            let rest = rest.to_vec();
            Ok(cx.heap.new_str_from(rest))
        }
        None if text.is_empty() => Err(cx.raise(crate::types::classes::EOF_ERROR, "EOF when reading a line")),
        None => Ok(line),
    }
}
