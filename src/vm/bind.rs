//! Arguments to the parameters of a script function, with CPython's messages.

use aspen_grammar::bytecode::Code;
use smallvec::SmallVec;

use super::text::Text;
use crate::call::{Ask, Cx};
use crate::value::{Func, Id, Value};

/// How many registers a call needs from its first argument on.
pub fn n_places(text: &Text, argc: usize) -> usize {
    (text.n_regs as usize).max(text.code.params.total() as usize).max(argc)
}

/// Puts the arguments, which are the first `argc` of `places` (the last of them by these names), where the parameters
/// are, and the cells of the closure behind them.
pub fn bind(
    places: &mut [Value],
    cx: &mut Cx,
    func: Id<Func>,
    text: &Text,
    argc: usize,
    names: &[Value],
) -> Result<(), Ask> {
    let code = &*text.code;
    let params = &code.params;
    let is_plain = params.n_keyword_only == 0 && !params.has_star && !params.has_star_star && code.n_far_params() == 0;
    let is_bound = is_plain
        && names.is_empty()
        && (argc == params.n_positional as usize || fill_defaults(places, cx, func, code, argc).is_some());
    if !is_bound {
        general(places, cx, func, text, argc, names)?;
    }
    let closure = &cx.heap.funcs.get(func).closure;
    if !closure.is_empty() {
        let cells = code.n_register_params() as usize;
        places[cells..cells + closure.len()].copy_from_slice(closure);
    }
    Ok(())
}

/// Too few positional arguments and enough defaults. None: any other case.
fn fill_defaults(places: &mut [Value], cx: &Cx, func: Id<Func>, code: &Code, argc: usize) -> Option<()> {
    let n_missing = (code.params.n_positional as usize).checked_sub(argc)?;
    let Value::Tuple(id) = cx.heap.funcs.get(func).defaults else { return None };
    let defaults = cx.heap.tuples.get(id).items();
    let from = defaults.len().checked_sub(n_missing)?;
    places[argc..argc + n_missing].copy_from_slice(&defaults[from..]);
    Some(())
}

/// Positional arguments stand where they belong; what else there is is taken away first, then put where it belongs.
fn general(
    places: &mut [Value],
    cx: &mut Cx,
    func: Id<Func>,
    text: &Text,
    argc: usize,
    names: &[Value],
) -> Result<(), Ask> {
    let code = &*text.code;
    let params = code.params;
    let (n_positional, n_named) = (params.n_positional as usize, text.params.len());
    let n_given = argc - names.len();
    let values: SmallVec<[Value; 6]> = SmallVec::from_slice(&places[n_given..argc]);
    let n_taken = n_given.min(n_positional);
    let star = if params.has_star { cx.heap.new_tuple(&places[n_taken..n_given]) } else { Value::Undef };
    let bound = &mut places[..params.total() as usize];
    bound[n_taken..].fill(Value::Undef);
    let rest = (params.has_star_star).then(|| cx.heap.new_dict());
    bind_keywords(cx, func, text, bound, names, &values, rest)?;
    if params.has_star {
        bound[n_named] = star;
    } else if n_given > n_positional {
        return Err(too_many(cx, func, code, n_given, bound));
    }
    if let Some(dict) = rest {
        bound[n_named + params.has_star as usize] = Value::Dict(dict);
    }
    use_defaults(cx, func, text, bound)?;
    set_far(places, cx, code);
    Ok(())
}

/// Parameters past the registers are the first far locals.
fn set_far(places: &mut [Value], cx: &mut Cx, code: &Code) {
    if code.n_far_params() > 0
        && let Some(far) = code.far_list
    {
        let mut items = places[code.n_register_params() as usize..code.params.total() as usize].to_vec();
        items.resize(code.far_locals.len(), Value::Undef);
        places[far.0 as usize] = cx.heap.new_list(items);
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
    text: &Text,
    bound: &mut [Value],
    keywords: &[Value],
    values: &[Value],
    rest: Option<Id<crate::value::Dict>>,
) -> Result<(), Ask> {
    let n_only = text.code.params.n_positional_only as usize;
    for (&keyword, &value) in keywords.iter().zip(values) {
        let Some(name) = cx.name_of(keyword) else {
            return Err(cx.type_error("keywords must be strings"));
        };
        let found = (n_only..text.params.len()).find(|&number| text.params[number] == name);
        match (found, rest) {
            (Some(number), _) if !bound[number].is_undef() => {
                let (qualname, name) = (qualname(cx, func, &text.code), cx.text(name));
                return Err(cx.type_error(format!("{qualname}() got multiple values for argument '{name}'")));
            }
            (Some(number), _) => bound[number] = value,
            (None, Some(dict)) => cx.heap.set_in(dict, name, value),
            (None, None) => {
                let name = cx.text(name);
                return Err(unexpected(cx, func, &text.code, keywords, &name));
            }
        }
    }
    Ok(())
}

fn unexpected(cx: &mut Cx, func: Id<Func>, code: &Code, keywords: &[Value], text: &str) -> Ask {
    let qualname = qualname(cx, func, code);
    let n_only = code.params.n_positional_only as usize;
    let given: Vec<String> = keywords
        .iter()
        .filter_map(|&key| cx.text_of(key))
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .collect();
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

fn use_defaults(cx: &mut Cx, func: Id<Func>, text: &Text, bound: &mut [Value]) -> Result<(), Ask> {
    let code = &*text.code;
    let n_positional = code.params.n_positional as usize;
    let object = cx.heap.funcs.get(func);
    let keyword_defaults = object.keyword_defaults;
    if let Value::Tuple(id) = object.defaults {
        let items = cx.heap.tuples.get(id).items();
        let first_default = n_positional.saturating_sub(items.len());
        let skipped = items.len().saturating_sub(n_positional);
        for (place, &default) in bound[first_default..n_positional].iter_mut().zip(&items[skipped..]) {
            if place.is_undef() {
                *place = default;
            }
        }
    }
    if let Value::Dict(dict) = keyword_defaults {
        for (place, &name) in bound[n_positional..].iter_mut().zip(&text.params[n_positional..]) {
            if place.is_undef() {
                *place = cx.heap.get_in(dict, name).unwrap_or(Value::Undef);
            }
        }
    }
    if !bound[..text.params.len()].iter().any(Value::is_undef) {
        return Ok(());
    }
    let absent =
        |range: std::ops::Range<usize>| -> Vec<usize> { range.filter(|&number| bound[number].is_undef()).collect() };
    let missing = absent(0..n_positional);
    if !missing.is_empty() {
        return Err(missing_arguments(cx, func, code, &missing, "positional"));
    }
    let missing = absent(n_positional..text.params.len());
    Err(missing_arguments(cx, func, code, &missing, "keyword-only"))
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
