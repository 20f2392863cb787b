//! exec, eval, compile: text that becomes code and runs.

use crate::call::outcome::{BindAsk, CompileAsk, CompileMode};
use crate::call::{Ask, Cx, MachineAsk, Outcome, names};
use crate::types::{bytes, classes};
use crate::value::special::Special;
use crate::value::{Id, Link, NativeFrame, Value};

crate::natives! {
    /// The functions.
    pub static EXECUTE_BUILTINS = [
        func "exec(source, /, globals=None, locals=None, *, closure=None)" => step exec, "Execute the given source in the context of globals and locals.";
        func "eval(source, /, globals=None, locals=None)" => step eval, "Evaluate the given source in the context of globals and locals.";
        func "compile(source, filename, mode: str, flags: index=0, dont_inherit: truth=False, optimize: index=-1, *, _feature_version: index=-1)" => compile, "Compile source into a code object that can be executed by exec() or eval().";
    ]
}

const BEGIN: u32 = 0;
const GLOBALS_TOLD: u32 = 1;
const LOCALS_TOLD: u32 = 2;
const READY: u32 = 3;
const BOUND: u32 = 4;
const DONE: u32 = 5;

// The values: as bound.
const SOURCE: usize = 0;
const GLOBALS: usize = 1;
const LOCALS: usize = 2;
const CLOSURE: usize = 3;

fn exec(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    run(cx, frame, "exec").map(|_| Value::None)
}

fn eval(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    run(cx, frame, "eval")
}

fn run(cx: &mut Cx, frame: &mut NativeFrame, function: &str) -> Outcome {
    loop {
        match frame.step {
            BEGIN => begin(cx, frame, function)?,
            GLOBALS_TOLD => {
                frame.values[GLOBALS] = frame.told.into_outcome()?;
                if !is_absent(frame.values[LOCALS]) {
                    frame.step = READY;
                    continue;
                }
                frame.step = LOCALS_TOLD;
                return Err(cx.ask_machine(MachineAsk::Locals));
            }
            LOCALS_TOLD => {
                frame.values[LOCALS] = frame.told.into_outcome()?;
                frame.step = READY;
            }
            READY => return start(cx, frame, function),
            BOUND => {
                let link = frame.told.into_outcome()?;
                frame.step = DONE;
                let namespace = namespace(frame);
                if is_awaiting(cx, link) {
                    return Err(cx.ask_machine(MachineAsk::Coroutine { link, namespace }));
                }
                return Err(cx.ask_machine(MachineAsk::Run { link, namespace, closure: closure(frame) }));
            }
            DONE => return frame.told.into_outcome(),
            step => crate::bug!("{function} has no step {step}"),
        }
    }
}

/// Whether running the code gives a coroutine.
fn is_awaiting(cx: &Cx, link: Value) -> bool {
    matches!(link, Value::Link(link) if cx.heap.links.get(link).code().flags.is_top_level_await)
}

fn is_absent(value: Value) -> bool {
    value.is_undef() || value.is_none()
}

fn begin(cx: &mut Cx, frame: &mut NativeFrame, function: &str) -> Result<(), Ask> {
    let (globals, locals) = (frame.values[GLOBALS], frame.values[LOCALS]);
    if !is_absent(locals)
        && !matches!(cx.exact(locals), Value::Dict(_))
        && cx.special_of(locals, Special::GetItem).is_none()
    {
        let message = match function {
            "exec" => format!("locals must be a mapping or None, not {}", cx.class_name(locals)),
            _ => "locals must be a mapping".to_owned(),
        };
        return Err(cx.type_error(message));
    }
    if is_absent(globals) {
        frame.step = GLOBALS_TOLD;
        return Err(cx.ask_machine(MachineAsk::Globals));
    }
    let Value::Dict(dict) = cx.exact(globals) else {
        let message = match function {
            "exec" => format!("exec() globals must be a dict, not {}", cx.class_name(globals)),
            _ => "globals must be a dict".to_owned(),
        };
        return Err(cx.type_error(message));
    };
    frame.values[GLOBALS] = Value::Dict(dict);
    if is_absent(locals) {
        // What a subclass of dict does in its own `__getitem__` is seen where the code looks names up.
        let is_plain = matches!(cx.special_of(globals, Special::GetItem), Some(Value::Builtin(_)));
        frame.values[LOCALS] = if is_plain { Value::Dict(dict) } else { globals };
    }
    frame.step = READY;
    Ok(())
}

/// What R[0] is: unbound where the locals are the globals.
fn namespace(frame: &NativeFrame) -> Value {
    if frame.values[LOCALS].is(&frame.values[GLOBALS]) { Value::Undef } else { frame.values[LOCALS] }
}

fn start(cx: &mut Cx, frame: &mut NativeFrame, function: &str) -> Outcome {
    let Value::Dict(globals) = frame.values[GLOBALS] else { crate::bug!("globals are a dict") };
    if cx.heap.get_in(globals, names::BUILTINS).is_none() {
        let builtins = Value::Dict(cx.builtins);
        cx.heap.set_in(globals, names::BUILTINS, builtins);
    }
    let source = frame.values[SOURCE];
    if let Value::Link(link) = source {
        check_closure(cx, frame, link, function)?;
        if cx.heap.links.get(link).globals == globals {
            frame.step = DONE;
            let namespace = namespace(frame);
            if is_awaiting(cx, source) {
                return Err(cx.ask_machine(MachineAsk::Coroutine { link: source, namespace }));
            }
            return Err(cx.ask_machine(MachineAsk::Run { link: source, namespace, closure: closure(frame) }));
        }
        frame.step = BOUND;
        return Err(cx.ask_machine(MachineAsk::Bind(BindAsk { link, globals, for_func: None })));
    }
    if !closure(frame).is_undef() {
        return Err(cx.type_error("closure can only be used when source is a code object"));
    }
    let mut text = source_text(cx, source, &format!("{function}() arg 1 must be a string, bytes or code object"))?;
    let mode = if function == "eval" { CompileMode::Eval } else { CompileMode::Exec };
    if mode == CompileMode::Eval {
        let n_blank = text.iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
        text.drain(..n_blank);
    }
    frame.step = DONE;
    let run_in = Some((Value::Dict(globals), namespace(frame)));
    let ask = CompileAsk { source: text, file: b"<string>".to_vec(), mode, flags: 0, run_in };
    Err(cx.ask_machine(MachineAsk::Compile(Box::new(ask))))
}

/// The cells that were given to `exec`; `Undef` without.
fn closure(frame: &NativeFrame) -> Value {
    frame.values.get(CLOSURE).copied().filter(|&cells| !is_absent(cells)).unwrap_or_default()
}

/// Code with free variables needs just as many cells.
fn check_closure(cx: &mut Cx, frame: &NativeFrame, link: Id<Link>, function: &str) -> Result<(), Ask> {
    let n_free = cx.heap.links.get(link).code().captures.len();
    let cells = closure(frame);
    if n_free == 0 {
        let message = "cannot use a closure with this code object";
        return if cells.is_undef() { Ok(()) } else { Err(cx.type_error(message)) };
    }
    if function == "eval" {
        return Err(cx.type_error("code object passed to eval() may not contain free variables"));
    }
    let fits = match cells {
        Value::Tuple(id) => {
            let items = cx.heap.tuples.get(id).items();
            items.len() == n_free && items.iter().all(|cell| matches!(cell, Value::Cell(_)))
        }
        _ => false,
    };
    if fits {
        return Ok(());
    }
    Err(cx.type_error(format!("code object requires a closure of exactly length {n_free}")))
}

/// The bytes of a source text.
fn source_text(cx: &mut Cx, source: Value, otherwise: &str) -> Result<Vec<u8>, Ask> {
    let text = match cx.text_of(source) {
        Some(text) => text.to_vec(),
        None => match bytes::buffer::bytes_of(cx, source) {
            Some(data) => data.into_owned(),
            None => return Err(cx.type_error(otherwise)),
        },
    };
    if text.contains(&0) {
        return Err(cx.raise(classes::SYNTAX_ERROR, "source code string cannot contain null bytes"));
    }
    Ok(text)
}

/// What `flags` may have: the future features, the bits that the module `ast` names, and the one of the prompt
/// (`import::PROMPT`), which is in the library.
const KNOWN_FLAGS: i64 = 0x1FF_0010 | 0x8000 | 0x7E00 | (1 << 41);

fn compile(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mode = match cx.text_of(args[2]).unwrap_or_default() {
        b"exec" => CompileMode::Exec,
        b"eval" => CompileMode::Eval,
        b"single" => CompileMode::Single,
        _ => return Err(cx.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
    };
    let file = match cx.text_of(args[1]) {
        Some(text) => text.to_vec(),
        None => match bytes::buffer::bytes_of(cx, args[1]) {
            Some(data) => data.into_owned(),
            None => {
                let class = cx.class_name(args[1]);
                return Err(cx.type_error(format!("expected str, bytes or os.PathLike object, not {class}")));
            }
        },
    };
    let flags = args[3].as_int().unwrap_or(0);
    if flags & !KNOWN_FLAGS != 0 {
        return Err(cx.value_error("compile(): unrecognised flags"));
    }
    if !(-1..=2).contains(&args[5].given().and_then(|value| value.as_int()).unwrap_or(-1)) {
        return Err(cx.value_error("compile(): invalid optimize value"));
    }
    if let Value::Link(_) = args[0] {
        return Ok(args[0]);
    }
    let source = source_text(cx, args[0], "compile() arg 1 must be a string, bytes or AST object")?;
    let ask = CompileAsk { source, file, mode, flags, run_in: None };
    Err(cx.ask_machine(MachineAsk::Compile(Box::new(ask))))
}
