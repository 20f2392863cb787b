//! Code as text, for `dump --code` and the golden tests.
//!
//! One instruction a line: number, line of the source, what it does to which registers, and as a comment the names and
//! constants behind the numbers. The operands are read off the instruction's own `Debug` form, so that a new instruction is
//! printed without a word here.

use std::fmt::Write;

use super::code::{Code, Const};
use super::op::Op;

/// The code and those inside it, outermost first.
pub fn print_code(code: &Code) -> String {
    let mut out = String::new();
    print_one(code, &mut out);
    for inner in &code.codes {
        out.push('\n');
        out.push_str(&print_code(inner));
    }
    out
}

fn print_one(code: &Code, out: &mut String) {
    let _ = writeln!(out, "code {} ({} registers)", code.qualname, code.n_regs);
    print_locals(code, out);
    for (pc, op) in code.ops.iter().enumerate() {
        let line = code.positions[pc].line;
        let is_new = pc == 0 || code.positions[pc - 1].line != line;
        let line = if is_new && line > 0 { line.to_string() } else { String::new() };
        let (text, comment) = op_text(code, op);
        let row = format!("{line:>5} {pc:>4}  {text}");
        let comment = if comment.is_empty() {
            format!("^{}", code.ceilings[pc])
        } else {
            format!("^{} {comment}", code.ceilings[pc])
        };
        let _ = writeln!(out, "{row:<52} ; {comment}");
    }
    for handler in &code.handlers {
        let (start, end, target, exc) = (handler.start.0, handler.end.0, handler.target.0, handler.exc.0);
        let _ = writeln!(out, "      {start}..{end} raise -> {target}, R[{exc}]");
    }
    for range in &code.handled {
        let _ = writeln!(out, "      {}..{} handles R[{}]", range.start.0, range.end.0, range.exc.0);
    }
}

fn print_locals(code: &Code, out: &mut String) {
    let params = &code.params;
    let mut notes = Vec::new();
    if code.n_params() > 0 {
        let star = if params.has_star { " *" } else { "" };
        let star_star = if params.has_star_star { " **" } else { "" };
        notes.push(format!(
            "parameters {}/{} +{}{star}{star_star}",
            params.n_positional_only, params.n_positional, params.n_keyword_only
        ));
    }
    let names: Vec<&str> = code.locals.iter().map(|name| if name.is_empty() { "." } else { name }).collect();
    if !names.is_empty() {
        notes.push(format!("locals {}", names.join(" ")));
    }
    let list = |regs: Vec<u8>| regs.iter().map(|reg| reg.to_string()).collect::<Vec<_>>().join(" ");
    if !code.captures.is_empty() {
        notes.push(format!("captures {}", list(code.captures.iter().map(|capture| capture.from.0).collect())));
    }
    if !code.cells.is_empty() {
        notes.push(format!("cells {}", list(code.cells.iter().map(|cell| cell.0).collect())));
    }
    if !code.far_locals.is_empty() {
        notes.push(format!("far {}", code.far_locals.len()));
    }
    let flags = &code.flags;
    let named = [
        (flags.is_generator, "generator"),
        (flags.is_coroutine, "coroutine"),
        (flags.is_async_generator, "async generator"),
        (flags.is_top_level_await, "top-level await"),
        (flags.is_method, "method"),
        (flags.has_docstring, "docstring"),
    ];
    notes.extend(named.iter().filter(|(set, _)| *set).map(|(_, name)| name.to_string()));
    for note in notes {
        let _ = writeln!(out, "      {note}");
    }
}

/// The instruction in register notation, and its comment.
fn op_text(code: &Code, op: &Op) -> (String, String) {
    let debug = format!("{op:?}");
    let (name, fields) = debug.split_once(" { ").unwrap_or((&debug, ""));
    let mut destination = String::new();
    let mut operands = Vec::new();
    let mut comments = Vec::new();
    for field in fields.trim_end_matches(" }").split(", ").filter(|field| !field.is_empty()) {
        let Some((field_name, value)) = field.split_once(": ") else { continue };
        let (kind, number) = value.trim_end_matches(')').split_once('(').unwrap_or(("", value));
        let index = number.parse::<usize>().unwrap_or(0);
        let text = match kind {
            "Reg" => {
                let local = code.locals.get(index).filter(|local| !local.is_empty());
                local.into_iter().for_each(|local| comments.push(format!("{index}={local}")));
                format!("R[{index}]")
            }
            "Jump" => format!("-> {index}"),
            "ConstId" => {
                comments.push(const_text(&code.consts[index]));
                format!("K[{index}]")
            }
            "NameId" => {
                comments.push(code.names[index].to_string());
                format!("N[{index}]")
            }
            "AttrId" => {
                comments.push(format!(".{}", code.names[code.attrs[index].index()]));
                format!("A[{index}]")
            }
            "GlobalId" => {
                comments.push(code.names[code.globals[index].index()].to_string());
                format!("G[{index}]")
            }
            "CodeId" => {
                comments.push(code.codes[index].name.to_string());
                format!("C[{index}]")
            }
            _ if matches!(field_name, "n" | "argc" | "before" | "after") => format!("{field_name}={value}"),
            _ => value.to_string(),
        };
        if field_name == "dst" {
            destination = format!("{text} = ");
        } else {
            operands.push(text);
        }
    }
    (format!("{destination}{name} {}", operands.join(", ")).trim_end().to_string(), comments.join(", "))
}

/// A constant, shortened.
fn const_text(constant: &Const) -> String {
    let list = |items: &[Const]| items.iter().take(8).map(const_text).collect::<Vec<_>>().join(", ");
    match constant {
        Const::None => "None".into(),
        Const::Ellipsis => "...".into(),
        Const::Bool(value) => if *value { "True" } else { "False" }.into(),
        Const::Int(value) => value.to_string(),
        Const::BigInt(digits) => digits.chars().take(40).collect(),
        Const::Float(value) => format!("{value:?}"),
        Const::Complex(real, imaginary) => format!("({real:?}, {imaginary:?}j)"),
        Const::Str(text) => {
            let shown: String = String::from_utf8_lossy(text.as_bytes()).chars().take(40).collect();
            format!("{shown:?}")
        }
        Const::Bytes(bytes) => format!("b{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(40)])),
        Const::Tuple(items) => format!("({})", list(items)),
        Const::FrozenSet(items) => format!("frozenset({})", list(items)),
    }
}
