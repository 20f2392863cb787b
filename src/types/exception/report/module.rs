//! `_traceback`: what the module `traceback` takes from here, so that its excerpts are those of the machine.

use aspen_grammar::bytecode::Position;

use super::anchors::Node;
use super::{excerpt, gather, place};
use crate::call::{Cx, Outcome};
use crate::types::frame;
use crate::value::Value;

crate::natives! {
    /// The functions of `_traceback`.
    pub static TRACEBACK_FUNCTIONS = [
        func "excerpt(source: str, line: index, end_line=None, column=None, end_column=None, node=0, /)" => excerpt, "The lines shown of a frame, with carets.";
        func "node(code, lasti: index, /)" => node, "What kind of expression an instruction is the top of.";
        func "source(code, /)" => source, "The text that a code object was made of, or None.";
        func "file_state(path: str, /)" => file_state, "Size of a file and the time of its last change, or None.";
        func "suggestion(exception, /)" => suggestion, "What an exception suggests, as it stands behind its message.";
    ]
}

fn excerpt(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text = String::from_utf8_lossy(cx.text_of(args[0]).unwrap_or_default()).into_owned();
    let number = |value: Value| value.as_int().and_then(|number| u32::try_from(number).ok());
    let line = args[1].as_int().unwrap_or(0);
    let position = match (number(args[1]), number(args[2]), number(args[3]), number(args[4])) {
        (Some(line), Some(end_line), Some(column), Some(end_column)) if end_line >= line && line > 0 => {
            Some(Position { line, end_line, column, end_column })
        }
        _ => None,
    };
    let node = match args[5] {
        Value::Int(1) => Node::Binary,
        Value::Int(2) => Node::Subscript,
        Value::Int(3) => Node::Call,
        _ => Node::Other,
    };
    let mut lines = Vec::new();
    excerpt::excerpt(&text, line, position, node, &mut lines);
    let lines = lines.iter().map(|line| cx.str(line)).collect();
    Ok(cx.heap.new_list(lines))
}

fn node(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Link(link) = args[0] else { return Ok(Value::Int(0)) };
    let pc = args[1].as_int().unwrap_or(0) / 2;
    let op = usize::try_from(pc).ok().and_then(|pc| cx.heap.links.get(link).code().ops.get(pc).copied());
    Ok(Value::Int(match op.map_or(Node::Other, place::node_of) {
        Node::Other => 0,
        Node::Binary => 1,
        Node::Subscript => 2,
        Node::Call => 3,
    }))
}

fn source(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Link(link) = args[0] else { return Ok(Value::None) };
    let line = frame::line_at(cx, link, 0);
    let code = cx.heap.links.get(link).code().clone();
    let place = place::FramePlace { code: code.clone(), pc: 0, line };
    Ok(if place.has_source() { cx.str(&code.source) } else { Value::None })
}

fn suggestion(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Exc(exc) = args[0] else { return Ok(cx.str("")) };
    let text = gather::suggestion(cx, exc);
    Ok(cx.str(&text))
}

fn file_state(cx: &mut Cx, args: &[Value]) -> Outcome {
    let path = cx.text_of(args[0]).unwrap_or_default().to_vec();
    let Ok(status) = cx.host.status(&path) else { return Ok(Value::None) };
    let (size, time) = (Value::Int(status.size), Value::Int(status.modified as i64));
    Ok(cx.heap.new_tuple(&[size, time]))
}
