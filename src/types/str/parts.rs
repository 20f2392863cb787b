//! Texts taken apart and put together: `split`, `partition`, `strip`, `join`.

use std::ops::Range;

use super::{part, text_argument, this};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::types::drive;
use crate::types::text::search::{self, Units};
use crate::types::text::split::{self, Ends};
use crate::value::special::Special;
use crate::value::{Id, NativeFrame, NativeId, Str, Value};

crate::natives! {
    /// Steps: a join over what must be iterated first.
    pub static STR_PARTS_STEPS = [
        hidden "join(separator, iterable)" => step join_step, "Makes a list of the iterable, and joins that.";
    ]
}

const JOIN: NativeId = NativeId { table: crate::tables::STR_PARTS, row: 0 };

/// A list of parts of a str, by their places.
fn list_of(cx: &mut Cx, id: Id<Str>, places: &[Range<usize>]) -> Outcome {
    cx.heap.ensure(places.len().saturating_mul(size_of::<Str>()) + cx.heap.text(id).len())?;
    cx.burnt += places.len() as i64 / 8;
    let items = cx.heap.parts_of(id, places);
    Ok(cx.heap.new_list(items))
}

/// The places of parts within the whole.
fn places<'a>(whole: &[u8], parts: impl Iterator<Item = &'a [u8]>) -> Vec<Range<usize>> {
    let base = whole.as_ptr() as usize;
    let mut places = Vec::with_capacity(8);
    for part in parts {
        let start = part.as_ptr() as usize - base;
        places.push(start..start + part.len());
    }
    places
}

/// The separator of `split`: None for white space.
fn separator(cx: &mut Cx, value: Value) -> Result<Option<Id<Str>>, Ask> {
    let Some(value) = cx.none_or(value) else { return Ok(None) };
    let id = text_argument(cx, value, |class| format!("must be str or None, not {class}"))?;
    if cx.heap.n_chars(id) == 0 {
        return Err(cx.value_error("empty separator"));
    }
    Ok(Some(id))
}

fn limit(value: Value) -> usize {
    match value {
        Value::Int(limit @ 0..) => limit as usize,
        _ => usize::MAX,
    }
}

pub(super) fn str_split(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let limit = limit(args[2]);
    let separator = separator(cx, args[1])?;
    let text = cx.heap.text(id);
    let places = match separator {
        None if cx.heap.is_ascii(id) => split::ascii_words(text, limit),
        None => places(text, split::split_space(text, Units::CodePoints, limit)),
        Some(separator) => places(text, split::split(text, cx.heap.text(separator), limit)),
    };
    list_of(cx, id, &places)
}

pub(super) fn str_rsplit(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let limit = limit(args[2]);
    let separator = separator(cx, args[1])?;
    let text = cx.heap.text(id);
    let parts = match separator {
        None => split::rsplit_space(text, Units::CodePoints, limit),
        Some(separator) => split::rsplit(text, cx.heap.text(separator), limit),
    };
    let places = places(text, parts.into_iter());
    list_of(cx, id, &places)
}

pub(super) fn str_splitlines(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let text = cx.heap.text(id);
    let keep_ends = args[1] == Value::Bool(true);
    let places = places(text, split::split_lines(text, Units::CodePoints, keep_ends));
    list_of(cx, id, &places)
}

pub(super) fn str_partition(cx: &mut Cx, args: &[Value]) -> Outcome {
    let found = partition(cx, args, search::find)?;
    let empty = Value::Str(cx.heap.empty_str);
    partitioned(cx, args, found, |whole| [whole, empty, empty])
}

pub(super) fn str_rpartition(cx: &mut Cx, args: &[Value]) -> Outcome {
    let found = partition(cx, args, search::rfind)?;
    let empty = Value::Str(cx.heap.empty_str);
    partitioned(cx, args, found, |whole| [empty, empty, whole])
}

type Finder = fn(&[u8], &[u8]) -> Option<usize>;

fn partition(cx: &mut Cx, args: &[Value], find: Finder) -> Result<Option<(usize, usize)>, Ask> {
    let id = this(cx, args[0]);
    let separator = text_argument(cx, args[1], |class| format!("must be str, not {class}"))?;
    let separator = cx.heap.text(separator);
    if separator.is_empty() {
        return Err(cx.value_error("empty separator"));
    }
    Ok(find(cx.heap.text(id), separator).map(|at| (at, at + separator.len())))
}

fn partitioned(
    cx: &mut Cx,
    args: &[Value],
    found: Option<(usize, usize)>,
    missing: impl FnOnce(Value) -> [Value; 3],
) -> Outcome {
    let id = this(cx, args[0]);
    let len = cx.heap.text(id).len();
    let parts = match found {
        Some((start, end)) => {
            let before = part(cx, args[0], id, 0..start);
            let after = part(cx, args[0], id, end..len);
            [before, args[1], after]
        }
        None => missing(part(cx, args[0], id, 0..len)),
    };
    Ok(cx.heap.new_tuple(&parts))
}

pub(super) fn str_strip(cx: &mut Cx, args: &[Value]) -> Outcome {
    strip(cx, args, "strip", Ends::Both)
}

pub(super) fn str_lstrip(cx: &mut Cx, args: &[Value]) -> Outcome {
    strip(cx, args, "lstrip", Ends::Left)
}

pub(super) fn str_rstrip(cx: &mut Cx, args: &[Value]) -> Outcome {
    strip(cx, args, "rstrip", Ends::Right)
}

fn strip(cx: &mut Cx, args: &[Value], name: &str, ends: Ends) -> Outcome {
    let id = this(cx, args[0]);
    let kept = match cx.none_or(args[1]) {
        None => split::strip_space(cx.heap.text(id), Units::CodePoints, ends),
        Some(chars) => {
            let chars = text_argument(cx, chars, |_| format!("{name} arg must be None or str"))?;
            split::strip_chars(cx.heap.text(id), cx.heap.text(chars), Units::CodePoints, ends)
        }
    };
    let start = kept.as_ptr() as usize - cx.heap.text(id).as_ptr() as usize;
    let range = start..start + kept.len();
    Ok(part(cx, args[0], id, range))
}

// ----- Join -----

pub(super) fn str_join(cx: &mut Cx, args: &[Value]) -> Outcome {
    let separator = this(cx, args[0]);
    if let Value::List(_) | Value::Tuple(_) = args[1] {
        return join(cx, separator, args[1]);
    }
    let class = cx.class_of(args[1]);
    if !matches!(args[1], Value::Iter(_) | Value::Gen(_) | Value::Str(_))
        && cx.special(class, Special::Iter).is_none()
        && cx.special(class, Special::GetItem).is_none()
    {
        return Err(cx.type_error("can only join an iterable"));
    }
    launch(cx, NativeFrame::new(JOIN, &[Value::Str(separator), args[1]]))
}

fn join_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let Value::Str(separator) = frame.values[0] else { crate::bug!("a separator is a str") };
    let list = if frame.step == 0 {
        frame.step = 1;
        drive::list(cx, frame.values[1]).map_err(Ask::to_come_back)?
    } else {
        frame.told.into_outcome()?
    };
    join(cx, separator, list)
}

/// Joins the items of an exact list or tuple.
fn join(cx: &mut Cx, separator: Id<Str>, sequence: Value) -> Outcome {
    let items: &[Value] = match sequence {
        Value::List(id) => &cx.heap.lists.get(id).items,
        Value::Tuple(id) => cx.heap.tuples.get(id).items(),
        other => crate::bug!("a join over {other:?}"),
    };
    if let [only] = items {
        if let Value::Str(_) = only {
            return Ok(*only);
        }
    } else if items.is_empty() {
        return Ok(Value::Str(cx.heap.empty_str));
    }
    let heap = &cx.heap;
    let sep = heap.strs.get(separator);
    let n_between = items.len() - 1;
    let mut n_chars = n_between * sep.n_chars as usize;
    let mut n_bytes = n_between * heap.text(separator).len();
    let mut is_ascii = sep.is_ascii || n_between == 0;
    for (at, &item) in items.iter().enumerate() {
        let Value::Str(id) = cx.exact(item) else {
            let message = format!("sequence item {at}: expected str instance, {} found", cx.class_name(item));
            return Err(cx.type_error(message));
        };
        let str = heap.strs.get(id);
        n_chars += str.n_chars as usize;
        is_ascii &= str.is_ascii;
        n_bytes += heap.text(id).len();
    }
    if n_bytes > u32::MAX as usize {
        return Err(cx.memory_error());
    }
    let n_items = items.len();
    cx.heap.ensure(n_bytes)?;
    cx.burnt += n_items as i64 / 8;
    let heap = &cx.heap;
    let items: &[Value] = match sequence {
        Value::List(id) => &heap.lists.get(id).items,
        Value::Tuple(id) => heap.tuples.get(id).items(),
        _ => &[],
    };
    let between = heap.text(separator);
    let mut text = Vec::with_capacity(n_bytes);
    for (at, &item) in items.iter().enumerate() {
        if at > 0 {
            text.extend_from_slice(between);
        }
        if let Value::Str(id) = cx.exact(item) {
            text.extend_from_slice(heap.text(id));
        }
    }
    Ok(cx.heap.new_counted(text, n_chars, is_ascii))
}
