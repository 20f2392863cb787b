//! Code objects: links as scripts see them.

use std::sync::Arc;

use crate::call::outcome::RecodeAsk;
use crate::call::{Cx, MachineAsk, Outcome};
use crate::types::object::address;
use crate::value::{Id, Link, Value};
use aspen_grammar::bytecode::Code;

crate::natives! {
    /// The rows of `code`.
    pub static CODE = [
        special "__repr__(self, /)" => code_repr, "Return repr(self).";
        special "__eq__(self, value, /)" => code_eq, "Return self==value.";
        special "__ne__(self, value, /)" => code_ne, "Return self!=value.";
        special "__hash__(self, /)" => code_hash, "Return hash(self).";
        method "co_positions(self, /)" => co_positions, "";
        method "co_lines(self, /)" => co_lines, "";
        method "replace(self, /, **changes)" => code_replace, "Return a copy of the code object with new values for the specified fields.";
        method "__replace__(self, /, **changes)" => code_replace, "The same as replace().";
        attr "co_name" => co_name, "";
        attr "co_qualname" => co_qualname, "";
        attr "co_filename" => co_filename, "";
        attr "co_firstlineno" => co_firstlineno, "";
        attr "co_argcount" => co_argcount, "";
        attr "co_posonlyargcount" => co_posonlyargcount, "";
        attr "co_kwonlyargcount" => co_kwonlyargcount, "";
        attr "co_nlocals" => co_nlocals, "";
        attr "co_varnames" => co_varnames, "";
        attr "co_cellvars" => co_cellvars, "";
        attr "co_freevars" => co_freevars, "";
        attr "co_names" => co_names, "";
        attr "co_consts" => co_consts, "";
        attr "co_flags" => co_flags, "";
        attr "co_stacksize" => co_stacksize, "";
        attr "co_code" => co_code, "";
    ]
}

fn own(args: &[Value]) -> Id<Link> {
    let Value::Link(id) = args[0] else { crate::bug!("self of a row of code is a link") };
    id
}

fn code(cx: &Cx, args: &[Value]) -> Arc<Code> {
    cx.heap.links.get(own(args)).code().clone()
}

fn code_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let code = code(cx, args);
    let (name, file, line) = (&code.name, &code.file, code.first_line);
    Ok(cx.str(&format!("<code object {name} at {:#x}, file \"{file}\", line {line}>", address(args[0]))))
}

/// Code is equal if it is the same code, whatever its globals.
fn same(cx: &Cx, args: &[Value]) -> Option<bool> {
    let Value::Link(other) = args[1] else { return None };
    let (left, right) = (code(cx, args), cx.heap.links.get(other).code());
    let is_same = Arc::ptr_eq(&left, right)
        || (left.name == right.name
            && left.first_line == right.first_line
            && left.ops == right.ops
            && left.consts == right.consts
            && left.names == right.names
            && left.locals == right.locals
            && left.params == right.params);
    Some(is_same)
}

fn code_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(same(cx, args).map_or(Value::NotImplemented, Value::Bool))
}

fn code_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(same(cx, args).map_or(Value::NotImplemented, |same| Value::Bool(!same)))
}

fn code_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let code = code(cx, args);
    let hash = crate::value::hash_text(cx.heap.hash_key, code.name.as_bytes());
    Ok(Value::Int((hash ^ code.ops.len() as u64 ^ (code.first_line as u64) << 20) as i64 >> 1))
}

// ----- Names and counts -----

fn co_name(cx: &mut Cx, args: &[Value]) -> Outcome {
    let code = code(cx, args);
    Ok(cx.str(&code.name))
}

fn co_qualname(cx: &mut Cx, args: &[Value]) -> Outcome {
    let code = code(cx, args);
    Ok(cx.str(&code.qualname))
}

fn co_filename(cx: &mut Cx, args: &[Value]) -> Outcome {
    let code = code(cx, args);
    Ok(cx.str(&code.file))
}

fn co_firstlineno(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(code(cx, args).first_line as i64))
}

fn co_argcount(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(code(cx, args).params.n_positional as i64))
}

fn co_posonlyargcount(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(code(cx, args).params.n_positional_only as i64))
}

fn co_kwonlyargcount(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(code(cx, args).params.n_keyword_only as i64))
}

/// Parameters first, then the other locals that are no cells.
pub fn variable_names(code: &Code) -> Vec<&str> {
    let n_params = code.n_register_params() as usize;
    let n_free = code.captures.len();
    let mut names: Vec<&str> = code.locals.iter().take(n_params).map(|name| &**name).collect();
    names.extend(code.far_locals.iter().take(code.n_far_params() as usize).map(|name| &**name));
    let is_cell = |at: usize| code.cells.iter().any(|cell| cell.0 as usize == at);
    for (at, name) in code.locals.iter().enumerate().skip(n_params + n_free) {
        if !name.is_empty() && !is_cell(at) && code.flags.is_function {
            names.push(name);
        }
    }
    names.extend(code.far_locals.iter().skip(code.n_far_params() as usize).map(|name| &**name));
    names
}

/// The variables that inner functions share.
pub fn cell_names(code: &Code) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for cell in &code.cells {
        if let Some(name) = code.locals.get(cell.0 as usize)
            && !name.is_empty()
            && !names.contains(&&**name)
        {
            names.push(name);
        }
    }
    names
}

/// The variables of outer functions.
pub fn free_names(code: &Code) -> Vec<&str> {
    let first = code.n_register_params() as usize;
    code.locals.iter().skip(first).take(code.captures.len()).map(|name| &**name).collect()
}

fn tuple_of(cx: &mut Cx, names: Vec<&str>) -> Value {
    let names = names.into_iter().map(|name| Value::Str(cx.name(name))).collect();
    cx.heap.new_tuple_from(names)
}

fn co_nlocals(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(variable_names(&code(cx, args)).len() as i64))
}

fn co_varnames(cx: &mut Cx, args: &[Value]) -> Outcome {
    let code = code(cx, args);
    Ok(tuple_of(cx, variable_names(&code)))
}

fn co_cellvars(cx: &mut Cx, args: &[Value]) -> Outcome {
    let code = code(cx, args);
    Ok(tuple_of(cx, cell_names(&code)))
}

fn co_freevars(cx: &mut Cx, args: &[Value]) -> Outcome {
    let code = code(cx, args);
    Ok(tuple_of(cx, free_names(&code)))
}

fn co_names(cx: &mut Cx, args: &[Value]) -> Outcome {
    let names = cx.heap.links.get(own(args)).names.iter().map(|&name| Value::Str(name)).collect();
    Ok(cx.heap.new_tuple_from(names))
}

/// The constants; of the codes inside those that were needed so far.
fn co_consts(cx: &mut Cx, args: &[Value]) -> Outcome {
    let link = cx.heap.links.get(own(args));
    let mut consts = link.consts.to_vec();
    if !link.code().flags.has_docstring && link.code().flags.is_function {
        consts.insert(0, Value::None);
    }
    consts.extend(link.children.iter().map(|child| child.get()).filter(|child| !child.is_none()).map(Value::Link));
    Ok(cx.heap.new_tuple_from(consts))
}

fn co_flags(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(flags(&code(cx, args))))
}

/// The flags as `inspect` names them.
pub fn flags(code: &Code) -> i64 {
    let (flags, params) = (&code.flags, &code.params);
    let bits = [
        (flags.is_function, 0x1 | 0x2),
        (params.has_star, 0x4),
        (params.has_star_star, 0x8),
        (flags.is_nested, 0x10),
        (flags.is_generator, 0x20),
        (flags.is_coroutine, 0x80),
        (flags.is_iterable_coroutine, 0x100),
        (flags.is_async_generator, 0x200),
        (flags.future_annotations, 0x100_0000),
        (flags.has_docstring, 0x400_0000),
        (flags.is_method, 0x800_0000),
    ];
    bits.iter().filter(|(is_set, _)| *is_set).fold(0, |all, (_, bit)| all | bit)
}

fn co_stacksize(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(code(cx, args).n_regs as i64))
}

/// Aspen's instructions are no bytes: as many as there would be, all zero.
fn co_code(cx: &mut Cx, args: &[Value]) -> Outcome {
    let n = code(cx, args).ops.len();
    Ok(cx.heap.new_bytes(vec![0; n * 2]))
}

// ----- Positions -----

fn int_or_none(number: u32) -> Value {
    if number == 0 { Value::None } else { Value::Int(number as i64) }
}

fn co_positions(cx: &mut Cx, args: &[Value]) -> Outcome {
    let code = code(cx, args);
    let mut items = Vec::with_capacity(code.positions.len());
    for position in &code.positions {
        let columns = [position.column, position.end_column]
            .map(|column| if position.line == 0 { Value::None } else { Value::Int(column as i64) });
        let parts = [int_or_none(position.line), int_or_none(position.end_line), columns[0], columns[1]];
        items.push(cx.heap.new_tuple(&parts));
    }
    let all = cx.heap.new_tuple_from(items);
    Ok(cx.heap.new_iter(crate::value::Iter::Items { sequence: all, index: 0 }))
}

/// Runs of instructions of one line: start, end (in pairs of bytes, as CPython counts), line.
fn co_lines(cx: &mut Cx, args: &[Value]) -> Outcome {
    let code = code(cx, args);
    let mut items = Vec::new();
    let mut start = 0;
    while start < code.positions.len() {
        let line = code.positions[start].line;
        let n = code.positions[start..].iter().take_while(|position| position.line == line).count();
        let parts = [Value::Int(start as i64 * 2), Value::Int((start + n) as i64 * 2), int_or_none(line)];
        items.push(cx.heap.new_tuple(&parts));
        start += n;
    }
    let all = cx.heap.new_tuple_from(items);
    Ok(cx.heap.new_iter(crate::value::Iter::Items { sequence: all, index: 0 }))
}

// ----- Copies -----

/// Names, file, line and the flags of suspension can be replaced; the instructions and what they refer to can't.
fn code_replace(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Dict(changes) = args[1] else { crate::bug!("keywords are a dict") };
    let mut changed = (*code(cx, args)).clone();
    let entries: Vec<_> = cx.heap.dicts.get(changes).iter().map(|entry| (entry.key, entry.value)).collect();
    for (key, value) in entries {
        let name = cx.text_of(key).map(|text| String::from_utf8_lossy(text).into_owned()).unwrap_or_default();
        let text = cx.text_of(value).map(|text| String::from_utf8_lossy(text).into_owned());
        match (name.as_str(), text, value) {
            ("co_name", Some(text), _) => changed.name = text.into(),
            ("co_qualname", Some(text), _) => changed.qualname = text.into(),
            ("co_filename", Some(text), _) => changed.file = text.into(),
            ("co_firstlineno", _, Value::Int(line)) => changed.first_line = line.max(0) as u32,
            ("co_flags", _, Value::Int(flags)) => changed.flags.is_iterable_coroutine = flags & 0x100 != 0,
            (known, ..) if CODE.iter().any(|row| row.name() == known) => {
                return Err(cx.not_implemented(&format!("code.replace({known}=...)")));
            }
            (unknown, ..) => {
                return Err(cx.type_error(format!("replace() got an unexpected keyword argument '{unknown}'")));
            }
        }
    }
    let ask = RecodeAsk { link: own(args), code: Arc::new(changed) };
    Err(cx.ask_machine(MachineAsk::Recode(ask)))
}
