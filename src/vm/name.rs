//! Names: globals, namespaces, cells, and the locals past the registers.

use aspen_grammar::bytecode::{GlobalId, NameId, Reg};

use super::deliver::{grant, settle};
use super::fiber::Fiber;
use super::text::{GlobalCache, Text, Texts};
use super::{Moved, Next};
use crate::call::{Ask, Cx, Outcome};
use crate::types::{classes, item, namespace};
use crate::value::frame::Want;
use crate::value::{Dict, Func, Id, List, Name, Value};

/// The global or built-in, and fills the cache.
pub fn load_global(fiber: &Fiber, texts: &Texts, cx: &mut Cx, global: GlobalId) -> Outcome {
    let text = texts.get(fiber.top().link);
    let cache = &text.global_caches[global.index()];
    match cached_global(cx, text, cache).or_else(|| find(cx, cache, text.globals, text.builtins)) {
        Some(value) => Ok(value),
        None => Err(undefined(cx, cache.name)),
    }
}

fn find(cx: &Cx, cache: &GlobalCache, globals: Id<Dict>, builtins: Id<Dict>) -> Option<Value> {
    let version = cx.heap.dicts.get(globals).keys_version;
    if let Some(entry_idx) = cx.heap.find_in(globals, cache.name) {
        cache.version.set(version);
        cache.builtins_version.set(0);
        cache.entry_idx.set(entry_idx as u32);
        let value = cx.heap.dicts.get(globals).entries[entry_idx].value;
        remember_function(cx, cache, value);
        return Some(value);
    }
    cache.direct.set(Func::NEVER);
    let entry_idx = cx.heap.find_in(builtins, cache.name)?;
    cache.version.set(version);
    cache.builtins_version.set(cx.heap.dicts.get(builtins).keys_version);
    cache.entry_idx.set(entry_idx as u32);
    Some(cx.heap.dicts.get(builtins).entries[entry_idx].value)
}

/// The global that the cache knows.
#[inline]
pub fn cached_global(cx: &Cx, text: &Text, cache: &GlobalCache) -> Option<Value> {
    let globals = cx.heap.dicts.get(text.globals);
    if globals.keys_version != cache.version.get() {
        return None;
    }
    let entry_idx = cache.entry_idx.get() as usize;
    if cache.builtins_version.get() == 0 {
        return Some(globals.entries[entry_idx].value);
    }
    let builtins = cx.heap.dicts.get(text.builtins);
    (builtins.keys_version == cache.builtins_version.get()).then(|| builtins.entries[entry_idx].value)
}

/// A call of a plain function needs no look at the function itself.
fn remember_function(cx: &Cx, cache: &GlobalCache, value: Value) {
    let (direct, link) = match value {
        Value::Func(id) if cx.heap.funcs.get(id).closure.is_empty() => {
            (cx.heap.funcs.get(id).direct, cx.heap.funcs.get(id).link)
        }
        _ => (Func::NEVER, Id::NONE),
    };
    cache.direct.set(direct);
    cache.link.set(link);
}

fn undefined(cx: &mut Cx, name: Name) -> Ask {
    cx.name_error(name)
}

pub fn store_global(fiber: &mut Fiber, texts: &Texts, cx: &mut Cx, src: Reg, global: GlobalId) -> Moved {
    let text = texts.get(fiber.top().link);
    let cache = &text.global_caches[global.index()];
    let (globals, name) = (text.globals, cache.name);
    cx.heap.set_in(globals, name, fiber.reg(src.0));
    cache.version.set(cx.heap.dicts.get(globals).keys_version);
    cache.builtins_version.set(0);
    cache.entry_idx.set(cx.heap.find_in(globals, name).expect("it was just set") as u32);
    remember_function(cx, cache, fiber.reg(src.0));
    Ok(Next::Script)
}

pub fn delete_global(fiber: &Fiber, texts: &Texts, cx: &mut Cx, global: GlobalId) -> Outcome {
    let text = texts.get(fiber.top().link);
    let name = text.global_caches[global.index()].name;
    match cx.heap.remove_in(text.globals, name) {
        Some(_) => Ok(Value::None),
        None => Err(undefined(cx, name)),
    }
}

/// A name in a namespace, then as a global. A namespace that is no exact dict is asked, and KeyError means "not there".
pub fn load_name(fiber: &Fiber, texts: &Texts, cx: &mut Cx, namespace: Reg, global: GlobalId) -> Outcome {
    let text = texts.get(fiber.top().link);
    let cache = &text.global_caches[global.index()];
    match fiber.reg(namespace.0) {
        Value::Undef => {}
        Value::Dict(dict) => {
            if let Some(value) = cx.heap.get_in(dict, cache.name) {
                return Ok(value);
            }
        }
        mapping => {
            let found = find(cx, cache, text.globals, text.builtins);
            let frame = namespace::get_or_frame(mapping, Value::Str(cache.name), found.unwrap_or_default());
            return Err(cx.ask_push(frame));
        }
    }
    load_global(fiber, texts, cx, global)
}

pub fn store_name(fiber: &mut Fiber, texts: &Texts, cx: &mut Cx, src: Reg, global: GlobalId) -> Outcome {
    let name = texts.get(fiber.top().link).global_caches[global.index()].name;
    let value = fiber.reg(src.0);
    match fiber.reg(0) {
        Value::Undef => {
            let _ = store_global(fiber, texts, cx, src, global);
        }
        Value::Dict(dict) => cx.heap.set_in(dict, name, value),
        mapping => return item::set(cx, mapping, Value::Str(name), value),
    }
    Ok(Value::None)
}

pub fn delete_name(fiber: &Fiber, texts: &Texts, cx: &mut Cx, global: GlobalId) -> Outcome {
    let name = texts.get(fiber.top().link).global_caches[global.index()].name;
    match fiber.reg(0) {
        Value::Undef => delete_global(fiber, texts, cx, global),
        Value::Dict(dict) => match cx.heap.remove_in(dict, name) {
            Some(_) => Ok(Value::None),
            None => Err(undefined(cx, name)),
        },
        mapping => item::delete(cx, mapping, Value::Str(name)),
    }
}

/// A free variable seen from a class body: the namespace first.
pub fn load_name_or_cell(
    fiber: &Fiber,
    texts: &Texts,
    cx: &mut Cx,
    namespace: Reg,
    cell: Reg,
    name: NameId,
) -> Outcome {
    let name = cx.heap.links.get(fiber.top().link).names[name.index()];
    match fiber.reg(namespace.0) {
        Value::Undef => {}
        Value::Dict(dict) => {
            if let Some(value) = cx.heap.get_in(dict, name) {
                return Ok(value);
            }
        }
        mapping => {
            let held = match fiber.reg(cell.0) {
                Value::Cell(id) => cx.heap.cells.get(id).value,
                _ => Value::Undef,
            };
            let frame = namespace::get_or_frame(mapping, Value::Str(name), held);
            return Err(cx.ask_push(frame));
        }
    }
    load_cell(fiber, texts, cx, cell)
}

/// What is in a cell.
pub fn load_cell(fiber: &Fiber, texts: &Texts, cx: &mut Cx, cell: Reg) -> Outcome {
    if let Value::Cell(id) = fiber.reg(cell.0)
        && let Some(value) = cx.heap.cells.get(id).value.given()
    {
        return Ok(value);
    }
    Err(unbound_cell(fiber, texts, cx, cell))
}

fn unbound_cell(fiber: &Fiber, texts: &Texts, cx: &mut Cx, cell: Reg) -> Ask {
    let code = texts.get(fiber.top().link).code.clone();
    let name = cx.name(&code.locals[cell.0 as usize]);
    let first_free = code.n_register_params() as usize;
    let is_free = (first_free..first_free + code.captures.len()).contains(&(cell.0 as usize));
    if !is_free {
        return unbound(cx, name);
    }
    let message = format!(
        "cannot access free variable '{}' where it is not associated with a value in enclosing scope",
        cx.text(name)
    );
    cx.named_error(classes::NAME_ERROR, &message, name)
}

pub fn delete_cell(fiber: &Fiber, texts: &Texts, cx: &mut Cx, cell: Reg) -> Outcome {
    match fiber.reg(cell.0) {
        Value::Cell(id) if !cx.heap.cells.get(id).value.is_undef() => {
            cx.heap.cells.get_mut(id).value = Value::Undef;
            Ok(Value::None)
        }
        _ => Err(unbound_cell(fiber, texts, cx, cell)),
    }
}

fn unbound(cx: &mut Cx, name: Name) -> Ask {
    let message = format!("cannot access local variable '{}' where it is not associated with a value", cx.text(name));
    cx.named_error(classes::UNBOUND_LOCAL_ERROR, &message, name)
}

/// A local that is read before it has a value.
pub fn unbound_local(fiber: &Fiber, cx: &mut Cx, name: NameId) -> Outcome {
    let name = cx.heap.links.get(fiber.top().link).names[name.index()];
    Err(unbound(cx, name))
}

// ----- Locals past the registers -----

fn far_list(fiber: &Fiber, far: Reg) -> Id<List> {
    match fiber.reg(far.0) {
        Value::List(id) => id,
        _ => crate::bug!("R[{}] is not the list of the far locals", far.0),
    }
}

fn unbound_far(fiber: &Fiber, texts: &Texts, cx: &mut Cx, index: u32) -> Ask {
    let code = texts.get(fiber.top().link).code.clone();
    let name = cx.name(&code.far_locals[index as usize]);
    unbound(cx, name)
}

pub fn load_far(fiber: &Fiber, texts: &Texts, cx: &mut Cx, far: Reg, index: u32) -> Outcome {
    match cx.heap.lists.get(far_list(fiber, far)).items[index as usize].given() {
        Some(value) => Ok(value),
        None => Err(unbound_far(fiber, texts, cx, index)),
    }
}

pub fn store_far(fiber: &mut Fiber, cx: &mut Cx, far: Reg, src: Reg, index: u32) -> Moved {
    let value = fiber.reg(src.0);
    cx.heap.lists.get_mut(far_list(fiber, far)).items[index as usize] = value;
    Ok(Next::Script)
}

pub fn delete_far(fiber: &Fiber, texts: &Texts, cx: &mut Cx, far: Reg, index: u32) -> Outcome {
    load_far(fiber, texts, cx, far, index)?;
    cx.heap.lists.get_mut(far_list(fiber, far)).items[index as usize] = Value::Undef;
    Ok(Value::None)
}

/// Raises in the frame on top.
pub fn fail(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, ask: Ask) -> Moved {
    grant(fiber, texts, cx, ask, 0, Want::Value)
}

/// An outcome for a register.
pub fn put(fiber: &mut Fiber, texts: &mut Texts, cx: &mut Cx, outcome: Outcome, dst: Reg) -> Moved {
    settle(fiber, texts, cx, outcome, dst.0, Want::Value)
}
