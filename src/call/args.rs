//! Arguments bound to the signature of a native, with CPython's messages.
//!
//! A call with just the right positional arguments never comes here. The result is one value per parameter (`Undef` where an
//! optional one is absent), the dict of `**kwargs` if there is one, then the values of `*args`.

use smallvec::SmallVec;

use super::cx::{Cx, native_def};
use super::native::NativeKind;
use super::outcome::Ask;
use super::signature::{ParamKind, Signature};
use crate::types::asyncio::old;
use crate::value::special::Special;
use crate::value::{Name, NativeId, Value};

pub type Bound = SmallVec<[Value; 8]>;

/// Binds arguments, the last `keywords.len()` of which are keyword arguments.
pub fn bind(cx: &mut Cx, native: NativeId, args: &[Value], keywords: &[Name]) -> Result<Bound, Ask> {
    let def = native_def(native);
    let signature = def.signature();
    let (positional, named) = args.split_at(args.len() - keywords.len());
    let mut bound = Bound::new();
    bound.resize(signature.params.len(), Value::Undef);
    let n_taken = positional.len().min(signature.n_positional);
    bound[..n_taken].copy_from_slice(&positional[..n_taken]);
    if positional.len() > signature.n_positional && signature.star.is_none() {
        return Err(too_many(cx, native, signature, positional.len()));
    }
    let extra = bind_keywords(cx, native, signature, &mut bound, n_taken, named, keywords)?;
    check_missing(cx, native, signature, &bound, positional.len())?;
    bound.extend(extra);
    bound.extend_from_slice(&positional[n_taken..]);
    Ok(bound)
}

fn bind_keywords(
    cx: &mut Cx,
    native: NativeId,
    signature: &Signature,
    bound: &mut Bound,
    n_taken: usize,
    named: &[Value],
    keywords: &[Name],
) -> Result<Option<Value>, Ask> {
    let extra = signature.star_star.map(|_| cx.heap.new_dict());
    for (&name, &value) in keywords.iter().zip(named) {
        let text = cx.text(name);
        let takes = |param: &super::signature::Param| param.name == text && param.kind != ParamKind::PositionalOnly;
        match (signature.params.iter().position(takes), extra) {
            (Some(at), _) if at < n_taken || !bound[at].is_undef() => {
                let message = format!(
                    "argument for {}() given by name ('{text}') and position ({})",
                    function_name(native),
                    at + 1
                );
                return Err(cx.type_error(message));
            }
            (Some(at), _) => bound[at] = value,
            (None, Some(dict)) => cx.heap.set_in(dict, name, value),
            (None, None) if all_positional_only(signature) && leaves_keywords(cx, native, bound[0]) => {}
            // What older versions of asyncio took is passed over.
            (None, None) if text == "loop" && !cx.is_strict && old::took_loop(native) => old::hint(cx, "loop"),
            (None, None) => return Err(unexpected_keyword(cx, native, signature, &text)),
        }
    }
    Ok(extra.map(Value::Dict))
}

/// Whether a subclass takes the keywords in its own `__init__` (or `__new__`), so that the other one passes them over.
fn leaves_keywords(cx: &mut Cx, native: NativeId, first: Value) -> bool {
    let Some(owner) = crate::types::classes::class_of_table(native.table) else { return false };
    let (class, other) = match (native_def(native).kind, first) {
        (NativeKind::New, Value::Class(class)) => (class, Special::Init),
        (NativeKind::Special, Value::Inst(_)) if is_init(native) => (cx.class_of(first), Special::New),
        _ => return false,
    };
    class != owner && cx.special(class, other) != cx.special(owner, other)
}

fn function_name(native: NativeId) -> &'static str {
    native_def(native).name()
}

/// `self` is not counted in messages.
fn hidden(native: NativeId) -> usize {
    let kind = native_def(native).kind;
    matches!(
        kind,
        NativeKind::Method | NativeKind::Special | NativeKind::Attribute | NativeKind::ClassMethod | NativeKind::New
    ) as usize
}

/// The name as CPython shows it: `list.append`, `len`.
fn shown_name(cx: &Cx, native: NativeId) -> String {
    let def = native_def(native);
    match def.kind {
        NativeKind::Method | NativeKind::ClassMethod | NativeKind::StaticMethod => {
            let class = crate::types::classes::class_of_table(native.table);
            match class {
                Some(class) => format!("{}.{}", cx.heap.text_lossy(cx.heap.classes.get(class).name), def.name()),
                None => def.name().to_owned(),
            }
        }
        NativeKind::New => class_name_of_table(cx, native).unwrap_or_else(|| def.name().to_owned()),
        NativeKind::Special if is_init(native) => class_name_of_table(cx, native).unwrap_or_default(),
        NativeKind::Function => match crate::tables::module_name(native.table) {
            "" | "builtins" => def.name().to_owned(),
            module => format!("{module}.{}", def.name()),
        },
        NativeKind::Special | NativeKind::Attribute | NativeKind::Hidden => def.name().to_owned(),
    }
}

fn class_name_of_table(cx: &Cx, native: NativeId) -> Option<String> {
    let class = crate::types::classes::class_of_table(native.table)?;
    Some(cx.heap.text_lossy(cx.heap.classes.get(class).name).into_owned())
}

/// `__init__` speaks in the name of its class.
fn is_init(native: NativeId) -> bool {
    native_def(native).name() == "__init__"
}

fn too_many(cx: &mut Cx, native: NativeId, signature: &Signature, n_given: usize) -> Ask {
    let hidden = hidden(native);
    let name = shown_name(cx, native);
    let most = signature.n_positional - hidden.min(signature.n_positional);
    let least = signature.n_required.saturating_sub(hidden);
    let given = n_given.saturating_sub(hidden);
    let s = if most == 1 { "" } else { "s" };
    if native_def(native).kind == NativeKind::Special && !is_init(native) {
        return cx.type_error(format!("expected {most} argument{s}, got {given}"));
    }
    if (name == "int" && native_def(native).kind == NativeKind::New) || name == "sorted" {
        let how = if name == "int" { "at most " } else { "" };
        return cx.type_error(format!("{name} expected {how}{most} argument{s}, got {given}"));
    }
    let message = match (least == most, most) {
        (true, 1..) if is_init(native) && all_positional_only(signature) => {
            format!("{name} expected {most} argument{s}, got {given}")
        }
        (true, 0) => format!("{name}() takes no arguments ({given} given)"),
        (true, 1) => format!("{name}() takes exactly one argument ({given} given)"),
        (true, _) => format!("{} expected {most} arguments, got {given}", bare_name(&name)),
        (false, _) if all_positional_only(signature) => {
            format!(
                "{} expected at most {most} argument{}, got {given}",
                bare_name(&name),
                if most == 1 { "" } else { "s" }
            )
        }
        (false, _) => {
            let s = if most == 1 { "" } else { "s" };
            format!("{}() takes at most {most} argument{s} ({given} given)", bare_name(&name))
        }
    };
    cx.type_error(message)
}

fn all_positional_only(signature: &Signature) -> bool {
    signature.params.iter().all(|param| param.kind == ParamKind::PositionalOnly)
}

fn bare_name(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, last)| last)
}

fn check_missing(
    cx: &mut Cx,
    native: NativeId,
    signature: &Signature,
    bound: &Bound,
    n_given: usize,
) -> Result<(), Ask> {
    let missing =
        signature.params.iter().zip(bound.iter()).position(|(param, value)| value.is_undef() && !param.is_optional);
    let Some(at) = missing else { return Ok(()) };
    let hidden = hidden(native);
    let name = shown_name(cx, native);
    let param = &signature.params[at];
    if at < hidden {
        let def = native_def(native);
        let message = match (class_name_of_table(cx, native), def.kind) {
            (Some(class), NativeKind::Special) => {
                format!("descriptor '{}' of '{class}' object needs an argument", def.name())
            }
            (Some(class), NativeKind::New) => format!("{class}.{}(): not enough arguments", def.name()),
            (Some(class), _) => format!("unbound method {class}.{}() needs an argument", def.name()),
            (None, _) => format!("{name}() needs an argument"),
        };
        return Err(cx.type_error(message));
    }
    let most = signature.n_positional - hidden;
    let least = signature.n_required - hidden;
    let given = n_given.saturating_sub(hidden);
    let s = |n: usize| if n == 1 { "" } else { "s" };
    let n_positional_only = signature.params.iter().filter(|param| param.kind == ParamKind::PositionalOnly).count();
    let message = if name == "sorted" {
        format!("sorted expected 1 argument, got {given}")
    } else if native_def(native).kind == NativeKind::Special && !is_init(native) {
        format!("expected {most} argument{}, got {given}", s(most))
    } else if is_init(native) && all_positional_only(signature) && least == most {
        format!("{name} expected {most} argument{}, got {given}", s(most))
    } else if param.kind == ParamKind::PositionalOnly && !all_positional_only(signature) {
        let n_needed = (n_positional_only - hidden).min(least);
        let how = if n_needed == most { "exactly" } else { "at least" };
        format!("{}() takes {how} {n_needed} positional argument{} ({given} given)", bare_name(&name), s(n_needed))
    } else if param.kind == ParamKind::KeywordOnly || !all_positional_only(signature) {
        let place =
            if param.kind == ParamKind::KeywordOnly { String::new() } else { format!(" (pos {})", at + 1 - hidden) };
        format!("{}() missing required argument '{}'{place}", bare_name(&name), param.name)
    } else if least == most && most == 1 {
        format!("{name}() takes exactly one argument ({given} given)")
    } else if least == most {
        format!("{} expected {most} arguments, got {given}", bare_name(&name))
    } else {
        format!("{} expected at least {least} argument{}, got {given}", bare_name(&name), s(least))
    };
    Err(cx.type_error(message))
}

fn unexpected_keyword(cx: &mut Cx, native: NativeId, signature: &Signature, keyword: &str) -> Ask {
    let name = shown_name(cx, native);
    if all_positional_only(signature) {
        return cx.type_error(format!("{name}() takes no keyword arguments"));
    }
    let known = signature.params.iter().filter(|param| param.kind != ParamKind::PositionalOnly).map(|param| param.name);
    let hint = crate::types::suggest::nearest(keyword, known)
        .map_or(String::new(), |name| format!(". Did you mean '{name}'?"));
    cx.type_error(format!("{}() got an unexpected keyword argument '{keyword}'{hint}", bare_name(&name)))
}
