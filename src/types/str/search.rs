//! `find`, `count`, `startswith`, `replace` and their like.

use std::ops::Range;

use super::{part, text_argument, text_ref, this};
use crate::call::{Ask, Cx, Outcome};
use crate::types::bounds::bounds;
use crate::types::classes::STR;
use crate::types::text::index::clamp_bounds;
use crate::types::text::search::{self, Units};
use crate::value::{Id, Str, Value};

/// The arguments of a search: the text, what is searched for, and where.
struct Search {
    text: Id<Str>,
    sub: Id<Str>,
    /// In code points; None: nothing can be there.
    chars: Option<Range<usize>>,
}

#[inline]
fn prepare(cx: &mut Cx, name: &str, args: &[Value]) -> Result<Search, Ask> {
    let text = this(cx, args[0]);
    let sub = text_argument(cx, args[1], |class| format!("{name}() argument 1 must be str, not {class}"))?;
    let (start, end) = bounds(cx, STR, name, args)?;
    Ok(Search { text, sub, chars: clamp_bounds(start, end, cx.heap.n_chars(text)) })
}

#[inline]
fn find(cx: &mut Cx, name: &str, args: &[Value]) -> Result<Option<usize>, Ask> {
    if let [Value::Str(text), Value::Str(sub), Value::Undef, Value::Undef] = *args
        && cx.heap.is_ascii(text)
    {
        return Ok(search::find(cx.heap.text(text), cx.heap.text(sub)));
    }
    let Search { text, sub, chars } = prepare(cx, name, args)?;
    Ok(chars.and_then(|chars| search::find_chars(text_ref(&cx.heap, text), cx.heap.text(sub), chars)))
}

fn rfind(cx: &mut Cx, name: &str, args: &[Value]) -> Result<Option<usize>, Ask> {
    let Search { text, sub, chars } = prepare(cx, name, args)?;
    Ok(chars.and_then(|chars| search::rfind_chars(text_ref(&cx.heap, text), cx.heap.text(sub), chars)))
}

pub(super) fn str_find(cx: &mut Cx, args: &[Value]) -> Outcome {
    find(cx, "find", args).map(|found| Value::Int(found.map_or(-1, |place| place as i64)))
}

pub(super) fn str_rfind(cx: &mut Cx, args: &[Value]) -> Outcome {
    rfind(cx, "rfind", args).map(|found| Value::Int(found.map_or(-1, |place| place as i64)))
}

pub(super) fn str_index(cx: &mut Cx, args: &[Value]) -> Outcome {
    let found = find(cx, "index", args)?;
    place_or_error(cx, found)
}

pub(super) fn str_rindex(cx: &mut Cx, args: &[Value]) -> Outcome {
    let found = rfind(cx, "rindex", args)?;
    place_or_error(cx, found)
}

fn place_or_error(cx: &mut Cx, found: Option<usize>) -> Outcome {
    match found {
        Some(place) => Ok(Value::Int(place as i64)),
        None => Err(cx.value_error("substring not found")),
    }
}

pub(super) fn str_count(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Search { text, sub, chars } = prepare(cx, "count", args)?;
    let Some(chars) = chars else { return Ok(Value::Int(0)) };
    let text = text_ref(&cx.heap, text);
    let within = &text.bytes[text.byte_range(chars)];
    let count = search::count(within, cx.heap.text(sub), usize::MAX, Units::CodePoints);
    Ok(Value::Int(count as i64))
}

pub(super) fn str_startswith(cx: &mut Cx, args: &[Value]) -> Outcome {
    has_affix(cx, "startswith", args, |text, prefix| text.starts_with(prefix))
}

pub(super) fn str_endswith(cx: &mut Cx, args: &[Value]) -> Outcome {
    has_affix(cx, "endswith", args, |text, suffix| text.ends_with(suffix))
}

#[inline]
fn has_affix(cx: &mut Cx, name: &str, args: &[Value], fits: fn(&[u8], &[u8]) -> bool) -> Outcome {
    let text = this(cx, args[0]);
    if let (Value::Str(affix), Value::Undef, Value::Undef) = (args[1], args[2], args[3]) {
        return Ok(Value::Bool(fits(cx.heap.text(text), cx.heap.text(affix))));
    }
    let (start, end) = bounds(cx, STR, name, args)?;
    let chars = clamp_bounds(start, end, cx.heap.n_chars(text));
    let affixes = match cx.exact(args[1]) {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        affix @ Value::Str(_) => vec![affix],
        _ => {
            let class = cx.class_name(args[1]);
            let message = format!("{name} first arg must be str or a tuple of str, not {class}");
            return Err(cx.type_error(message));
        }
    };
    for affix in affixes {
        let affix = text_argument(cx, affix, |class| format!("tuple for {name} must only contain str, not {class}"))?;
        let text = text_ref(&cx.heap, text);
        if let Some(chars) = chars.clone()
            && fits(&text.bytes[text.byte_range(chars)], cx.heap.text(affix))
        {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

pub(super) fn str_removeprefix(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, prefix) = (this(cx, args[0]), this(cx, args[1]));
    let (text, prefix) = (cx.heap.text(id), cx.heap.text(prefix));
    let start = if text.starts_with(prefix) { prefix.len() } else { 0 };
    let range = start..text.len();
    Ok(part(cx, args[0], id, range))
}

pub(super) fn str_removesuffix(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, suffix) = (this(cx, args[0]), this(cx, args[1]));
    let (text, suffix) = (cx.heap.text(id), cx.heap.text(suffix));
    let end = if text.ends_with(suffix) { text.len() - suffix.len() } else { text.len() };
    Ok(part(cx, args[0], id, 0..end))
}

pub(super) fn str_replace(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let old = text_argument(cx, args[1], |class| format!("replace() argument 1 must be str, not {class}"))?;
    let new = text_argument(cx, args[2], |class| format!("replace() argument 2 must be str, not {class}"))?;
    let limit = match args[3] {
        Value::Int(count @ 0..) => count as usize,
        _ => usize::MAX,
    };
    let heap = &cx.heap;
    let (text, from, to) = (heap.text(id), heap.text(old), heap.text(new));
    let n_found = search::count(text, from, limit, Units::CodePoints);
    if n_found == 0 {
        return Ok(part(cx, args[0], id, 0..text.len()));
    }
    let len = search::replaced_len(text.len(), from.len(), to.len(), n_found);
    let Some(len) = len.filter(|&len| len <= u32::MAX as usize) else {
        return Err(cx.memory_error());
    };
    let is_ascii = heap.is_ascii(id) && heap.is_ascii(new);
    let n_chars = heap.n_chars(id) - n_found * heap.n_chars(old) + n_found * heap.n_chars(new);
    cx.heap.ensure(len)?;
    let heap = &cx.heap;
    let replaced = search::replace(heap.text(id), heap.text(old), heap.text(new), n_found, Units::CodePoints);
    let is_ascii = is_ascii || replaced.len() == n_chars;
    Ok(cx.heap.new_counted(replaced, n_chars, is_ascii))
}
