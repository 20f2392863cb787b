//! `_IOBase`: what all files have, made of their other methods.

use super::argument::{closed_error, truth, unsupported};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::drive::{self, Flow};
use crate::types::{attribute, bytes, method_call};
use crate::value::{NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// The rows of `_IOBase`.
    pub static IO_BASE = [
        special "__enter__(self, /)" => base_enter, "The file itself, if it is open.";
        special "__exit__(self, *args)" => base_exit, "Closes the file.";
        special "__iter__(self, /)" => base_iter, "The file itself, if it is open.";
        special "__next__(self, /)" => base_next, "The next line.";
        method "readlines(self, hint=None, /)" => base_readlines, "A list of the lines.";
        method "writelines(self, lines, /)" => base_writelines, "Writes each of the lines.";
        method "fileno(self, /)" => base_fileno, "Refuses.";
        method "seek(self, pos, whence=0, /)" => base_seek, "Refuses.";
        method "tell(self, /)" => base_tell, "Refuses.";
        method "truncate(self, size=None, /)" => base_truncate, "Refuses.";
        method "read(self, size=-1, /)" => base_read, "Refuses.";
        method "write(self, b, /)" => base_write, "Refuses.";
        method "detach(self, /)" => base_detach, "Refuses.";
        method "isatty(self, /)" => base_no, "False.";
        method "readable(self, /)" => base_no, "False.";
        method "writable(self, /)" => base_no, "False.";
        method "seekable(self, /)" => base_no, "False.";
    ]
}

crate::natives! {
    /// Steps: what is made of several calls.
    pub static IO_BASE_STEPS = [
        hidden "next(file)" => step next_step, "The next line, or the end.";
        hidden "readlines(file, hint, list, count)" => step readlines_step, "Line by line.";
        hidden "writelines(lines, line, file)" => step writelines_step, "Line by line.";
        hidden "if_open(file)" => step if_open_step, "The file itself, if it is open.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::IO_BASE_STEPS, row }
}

/// The file itself, if its `closed` is false.
fn base_enter(cx: &mut Cx, args: &[Value]) -> Outcome {
    launch(cx, NativeFrame::new(step(3), &[args[0]]))
}

fn if_open_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let closed = attribute::get(cx, frame.values[0], names::CLOSED);
        frame.told = Told::Value(closed.map_err(Ask::to_come_back)?);
    }
    let closed = frame.told.into_outcome()?;
    if closed == Value::Bool(true) { Err(closed_error(cx)) } else { Ok(frame.values[0]) }
}

fn base_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    base_enter(cx, args)
}

fn base_exit(cx: &mut Cx, args: &[Value]) -> Outcome {
    method_call::outcome(cx, args[0], names::CLOSE, &[])
}

fn base_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    launch(cx, NativeFrame::new(step(0), &[args[0]]))
}

/// Whether a line is empty, as the last one is.
fn is_empty(cx: &Cx, line: Value) -> bool {
    cx.text_of(line).or_else(|| bytes::data_of(cx, line)).is_none_or(<[u8]>::is_empty)
}

fn next_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let this = frame.values[0];
    let line = method_call::answered(cx, frame, this, names::READLINE, &[])?;
    if is_empty(cx, line) { Err(Ask::End) } else { Ok(line) }
}

fn base_readlines(cx: &mut Cx, args: &[Value]) -> Outcome {
    let list = cx.heap.new_list(Vec::new());
    let hint = cx.none_or(args[1]).and_then(|hint| hint.as_int()).filter(|&hint| hint > 0);
    let hint = hint.map_or(Value::None, Value::Int);
    launch(cx, NativeFrame::new(step(1), &[args[0], hint, list, Value::Int(0)]))
}

fn readlines_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (this, Value::List(list)) = (frame.values[0], frame.values[2]) else { crate::bug!("the lines are in a list") };
    loop {
        let line = method_call::answered(cx, frame, this, names::READLINE, &[])?;
        if is_empty(cx, line) {
            return Ok(frame.values[2]);
        }
        if let Err(full) = cx.heap.push(list, line) {
            // The line comes again as the answer.
            frame.told = Told::Value(line);
            return Err(full.into());
        }
        cx.burnt += 1;
        let len = match cx.exact(line) {
            Value::Str(id) => cx.heap.n_chars(id),
            _ => bytes::data_of(cx, line).map_or(0, <[u8]>::len),
        };
        let count = frame.values[3].as_int().unwrap_or_default() + len as i64;
        frame.values[3] = Value::Int(count);
        if frame.values[1].as_int().is_some_and(|hint| count >= hint) {
            return Ok(frame.values[2]);
        }
    }
}

fn base_writelines(cx: &mut Cx, args: &[Value]) -> Outcome {
    launch(cx, NativeFrame::new(step(2), &[args[1], Value::Undef, args[0]]))
}

fn writelines_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    drive::drive(cx, frame, write_line, drive::any_answer)?;
    Ok(Value::None)
}

fn write_line(cx: &mut Cx, frame: &mut NativeFrame, line: Value) -> Result<Flow, Ask> {
    method_call::outcome(cx, frame.values[2], names::WRITE, &[line])?;
    Ok(Flow::Go)
}

fn base_fileno(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(unsupported(cx, "fileno"))
}

fn base_seek(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(unsupported(cx, "seek"))
}

fn base_tell(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(unsupported(cx, "tell"))
}

fn base_truncate(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(unsupported(cx, "truncate"))
}

fn base_read(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(unsupported(cx, "read"))
}

fn base_write(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(unsupported(cx, "write"))
}

fn base_detach(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(unsupported(cx, "detach"))
}

fn base_no(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    truth(false)
}
