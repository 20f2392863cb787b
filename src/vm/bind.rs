//! Arguments to the parameters of a script function, with CPython's messages.

use aspen_grammar::bytecode::Code;
use smallvec::SmallVec;

use super::call::Site;
use super::fiber::Fiber;
use super::native::keyword_names;
use crate::call::{Ask, Cx};
use crate::value::{Func, Id, Name, Value};

/// Puts the arguments at `site` into the registers of the parameters, in place.
pub fn bind(fiber: &mut Fiber, cx: &mut Cx, func: Id<Func>, code: &Code, site: Site) -> Result<(), Ask> {
    fiber.ensure(site.first + code.n_regs as u32 + site.argc);
    let params = &code.params;
    let is_plain = params.n_keyword_only == 0 && !params.has_star && !params.has_star_star && code.n_far_params() == 0;
    if is_plain && site.keywords.is_undef() {
        if site.argc == params.n_positional {
            return Ok(());
        }
        if let Some(()) = fill_defaults(fiber, cx, func, code, site) {
            return Ok(());
        }
    }
    general(fiber, cx, func, code, site)
}

/// Too few positional arguments and enough defaults. None: any other case.
fn fill_defaults(fiber: &mut Fiber, cx: &Cx, func: Id<Func>, code: &Code, site: Site) -> Option<()> {
    let n_missing = (code.params.n_positional as usize).checked_sub(site.argc as usize)?;
    let Value::Tuple(id) = cx.heap.funcs.get(func).defaults else { return None };
    let defaults = cx.heap.tuples.get(id).items();
    let from = defaults.len().checked_sub(n_missing)?;
    let start = (site.first + site.argc) as usize;
    fiber.stack[start..start + n_missing].copy_from_slice(&defaults[from..]);
    Some(())
}

fn general(fiber: &mut Fiber, cx: &mut Cx, func: Id<Func>, code: &Code, site: Site) -> Result<(), Ask> {
    let params = code.params;
    let given: SmallVec<[Value; 8]> = fiber.stack[site.first as usize..][..site.argc as usize].into();
    let names = keyword_names(cx, site.keywords);
    let (positional, named) = given.split_at(given.len() - names.len());
    let (n_positional, n_keyword_only) = (params.n_positional as usize, params.n_keyword_only as usize);
    let n_named = n_positional + n_keyword_only;
    let mut bound: SmallVec<[Value; 16]> = SmallVec::from_elem(Value::Undef, params.total() as usize);
    let n_taken = positional.len().min(n_positional);
    bound[..n_taken].copy_from_slice(&positional[..n_taken]);
    let rest = (params.has_star_star).then(|| cx.heap.new_dict());
    bind_keywords(cx, func, code, &mut bound, &names, named, rest)?;
    if params.has_star {
        bound[n_named] = cx.heap.new_tuple(&positional[n_taken..]);
    } else if positional.len() > n_positional {
        return Err(too_many(cx, func, code, positional.len(), &bound));
    }
    if let Some(dict) = rest {
        bound[n_named + params.has_star as usize] = Value::Dict(dict);
    }
    use_defaults(cx, func, code, &mut bound)?;
    place(fiber, cx, code, site, &bound);
    Ok(())
}

/// Parameters past the registers are the first far locals.
fn place(fiber: &mut Fiber, cx: &mut Cx, code: &Code, site: Site, bound: &[Value]) {
    let n_registers = code.n_register_params() as usize;
    fiber.stack[site.first as usize..][..n_registers].copy_from_slice(&bound[..n_registers]);
    if code.n_far_params() > 0
        && let Some(far) = code.far_list
    {
        let mut items = bound[n_registers..].to_vec();
        items.resize(code.far_locals.len(), Value::Undef);
        fiber.stack[site.first as usize + far.0 as usize] = cx.heap.new_list(items);
    }
}

/// The name of a parameter by its number.
fn param_name(code: &Code, number: usize) -> &str {
    let n_registers = code.n_register_params() as usize;
    if number < n_registers { &code.locals[number] } else { &code.far_locals[number - n_registers] }
}

fn bind_keywords(
    cx: &mut Cx,
    func: Id<Func>,
    code: &Code,
    bound: &mut [Value],
    names: &[Name],
    values: &[Value],
    rest: Option<Id<crate::value::Dict>>,
) -> Result<(), Ask> {
    let params = code.params;
    let n_named = (params.n_positional + params.n_keyword_only) as usize;
    for (&name, &value) in names.iter().zip(values) {
        let text = cx.text(name);
        let found = (params.n_positional_only as usize..n_named).find(|&number| param_name(code, number) == text);
        match (found, rest) {
            (Some(number), _) if !bound[number].is_undef() => {
                let message = format!("{}() got multiple values for argument '{text}'", qualname(cx, func, code));
                return Err(cx.type_error(message));
            }
            (Some(number), _) => bound[number] = value,
            (None, Some(dict)) => cx.heap.set_in(dict, name, value),
            (None, None) => return Err(unexpected(cx, func, code, names, &text)),
        }
    }
    Ok(())
}

fn unexpected(cx: &mut Cx, func: Id<Func>, code: &Code, names: &[Name], text: &str) -> Ask {
    let qualname = qualname(cx, func, code);
    let n_only = code.params.n_positional_only as usize;
    let given: Vec<String> = names.iter().map(|&name| cx.text(name)).collect();
    let wrong: Vec<&str> = (0..n_only)
        .map(|number| param_name(code, number))
        .filter(|name| given.iter().any(|text| text == name))
        .collect();
    if !wrong.is_empty() {
        let list = wrong.join(", ");
        let message = format!("{qualname}() got some positional-only arguments passed as keyword arguments: '{list}'");
        return cx.type_error(message);
    }
    let n_named = (code.params.n_positional + code.params.n_keyword_only) as usize;
    let candidates: Vec<&str> = (n_only..n_named).map(|number| param_name(code, number)).collect();
    let hint = crate::types::suggest::nearest(text, candidates.into_iter())
        .map_or(String::new(), |name| format!(". Did you mean '{name}'?"));
    cx.type_error(format!("{qualname}() got an unexpected keyword argument '{text}'{hint}"))
}

fn use_defaults(cx: &mut Cx, func: Id<Func>, code: &Code, bound: &mut [Value]) -> Result<(), Ask> {
    let params = code.params;
    let n_positional = params.n_positional as usize;
    let object = cx.heap.funcs.get(func);
    let (defaults, keyword_defaults) = (object.defaults, object.keyword_defaults);
    let n_defaults = match defaults {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().len(),
        _ => 0,
    };
    let first_default = n_positional.saturating_sub(n_defaults);
    if let Value::Tuple(id) = defaults {
        let items = cx.heap.tuples.get(id).items();
        let skipped = n_defaults.saturating_sub(n_positional);
        for (place, &default) in bound[first_default..n_positional].iter_mut().zip(&items[skipped..]) {
            if place.is_undef() {
                *place = default;
            }
        }
    }
    let missing: Vec<usize> = (0..n_positional).filter(|&number| bound[number].is_undef()).collect();
    if !missing.is_empty() {
        return Err(missing_arguments(cx, func, code, &missing, "positional"));
    }
    let mut missing = Vec::new();
    let keyword_only = n_positional..n_positional + params.n_keyword_only as usize;
    for (number, place) in bound.iter_mut().enumerate().take(keyword_only.end).skip(keyword_only.start) {
        if !place.is_undef() {
            continue;
        }
        let name = cx.name(param_name(code, number));
        let default = match keyword_defaults {
            Value::Dict(dict) => cx.heap.get_in(dict, name),
            _ => None,
        };
        match default {
            Some(value) => *place = value,
            None => missing.push(number),
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(missing_arguments(cx, func, code, &missing, "keyword-only")) }
}

fn missing_arguments(cx: &mut Cx, func: Id<Func>, code: &Code, missing: &[usize], what: &str) -> Ask {
    let names: Vec<String> = missing.iter().map(|&number| format!("'{}'", param_name(code, number))).collect();
    let list = match names.as_slice() {
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [most @ .., last] => format!("{}, and {last}", most.join(", ")),
        [] => String::new(),
    };
    let s = if missing.len() == 1 { "" } else { "s" };
    let message =
        format!("{}() missing {} required {what} argument{s}: {list}", qualname(cx, func, code), missing.len());
    cx.type_error(message)
}

fn too_many(cx: &mut Cx, func: Id<Func>, code: &Code, n_given: usize, bound: &[Value]) -> Ask {
    let n_positional = code.params.n_positional as usize;
    let n_defaults = match cx.heap.funcs.get(func).defaults {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().len(),
        _ => 0,
    };
    let n_keyword_given = bound[n_positional..n_positional + code.params.n_keyword_only as usize]
        .iter()
        .filter(|value| !value.is_undef())
        .count();
    let s = |n: usize| if n == 1 { "" } else { "s" };
    let takes = match n_defaults {
        0 => format!("{n_positional}"),
        _ => format!("from {} to {n_positional}", n_positional - n_defaults),
    };
    let takes_s = if n_defaults > 0 { "s" } else { s(n_positional) };
    let given = match n_keyword_given {
        0 => format!("{n_given} {} given", if n_given == 1 { "was" } else { "were" }),
        n => format!("{n_given} positional argument{} (and {n} keyword-only argument{}) were given", s(n_given), s(n)),
    };
    let message = format!("{}() takes {takes} positional argument{takes_s} but {given}", qualname(cx, func, code));
    cx.type_error(message)
}

fn qualname(cx: &Cx, func: Id<Func>, code: &Code) -> String {
    let known = cx.heap.funcs.get(func).extra.as_ref().map(|extra| extra.qualname);
    match known.and_then(|value| cx.text_of(value)) {
        Some(text) => String::from_utf8_lossy(text).into_owned(),
        None => code.qualname.to_string(),
    }
}
