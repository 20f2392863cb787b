//! `find`, `count`, `startswith`, `replace` and their like.

use std::ops::Range;

use smallvec::SmallVec;

use super::{buffer, data_of, like, this, unchanged};
use crate::call::{Ask, Cx, Outcome};
use crate::types::bounds::bounds;
use crate::types::classes::{BYTEARRAY, BYTES};
use crate::types::text::index::clamp_bounds;
use crate::types::text::search::{self, Units};
use crate::value::{Class, Id, Value};

fn own_class(cx: &Cx, this: Value) -> Id<Class> {
    if let Value::Bytes(_) = cx.exact(this) { BYTES } else { BYTEARRAY }
}

type Needle = SmallVec<[u8; 32]>;

/// What is searched for: bytes, or one byte as an int.
fn needle(cx: &mut Cx, value: Value) -> Result<Needle, Ask> {
    if let Some(data) = buffer::bytes_of(cx, value) {
        return Ok(Needle::from_slice(&data));
    }
    match cx.exact(value) {
        Value::Int(byte @ 0..256) => Ok(Needle::from_slice(&[byte as u8])),
        Value::Bool(byte) => Ok(Needle::from_slice(&[byte as u8])),
        Value::Int(_) | Value::BigInt(_) => Err(cx.value_error("byte must be in range(0, 256)")),
        _ => {
            let message = format!("argument should be integer or bytes-like object, not '{}'", cx.class_name(value));
            Err(cx.type_error(message))
        }
    }
}

fn prepare(cx: &mut Cx, name: &str, args: &[Value]) -> Result<(Needle, Option<Range<usize>>), Ask> {
    let needle = needle(cx, args[1])?;
    let (start, end) = bounds(cx, own_class(cx, args[0]), name, args)?;
    Ok((needle, clamp_bounds(start, end, this(cx, args[0]).len())))
}

fn find(cx: &mut Cx, name: &str, args: &[Value]) -> Result<Option<usize>, Ask> {
    let (needle, range) = prepare(cx, name, args)?;
    Ok(range.and_then(|range| {
        let from = range.start;
        search::find(&this(cx, args[0])[range], &needle).map(|at| from + at)
    }))
}

fn rfind(cx: &mut Cx, name: &str, args: &[Value]) -> Result<Option<usize>, Ask> {
    let (needle, range) = prepare(cx, name, args)?;
    Ok(range.and_then(|range| {
        let from = range.start;
        search::rfind(&this(cx, args[0])[range], &needle).map(|at| from + at)
    }))
}

fn place(found: Option<usize>) -> Value {
    Value::Int(found.map_or(-1, |place| place as i64))
}

pub(super) fn bytes_find(cx: &mut Cx, args: &[Value]) -> Outcome {
    find(cx, "find", args).map(place)
}

pub(super) fn bytes_rfind(cx: &mut Cx, args: &[Value]) -> Outcome {
    rfind(cx, "rfind", args).map(place)
}

pub(super) fn bytes_index(cx: &mut Cx, args: &[Value]) -> Outcome {
    match find(cx, "index", args)? {
        None => Err(cx.value_error("subsection not found")),
        found => Ok(place(found)),
    }
}

pub(super) fn bytes_rindex(cx: &mut Cx, args: &[Value]) -> Outcome {
    match rfind(cx, "rindex", args)? {
        None => Err(cx.value_error("subsection not found")),
        found => Ok(place(found)),
    }
}

pub(super) fn bytes_count(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (needle, range) = prepare(cx, "count", args)?;
    let count = range.map_or(0, |range| search::count(&this(cx, args[0])[range], &needle, usize::MAX, Units::Bytes));
    Ok(Value::Int(count as i64))
}

pub(super) fn bytes_startswith(cx: &mut Cx, args: &[Value]) -> Outcome {
    has_affix(cx, "startswith", args, |data, prefix| data.starts_with(prefix))
}

pub(super) fn bytes_endswith(cx: &mut Cx, args: &[Value]) -> Outcome {
    has_affix(cx, "endswith", args, |data, suffix| data.ends_with(suffix))
}

fn has_affix(cx: &mut Cx, name: &str, args: &[Value], fits: fn(&[u8], &[u8]) -> bool) -> Outcome {
    let (start, end) = bounds(cx, own_class(cx, args[0]), name, args)?;
    let range = clamp_bounds(start, end, this(cx, args[0]).len());
    let affixes = match cx.exact(args[1]) {
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        affix if data_of(cx, affix).is_some() => vec![affix],
        _ => {
            let class = cx.class_name(args[1]);
            let message = format!("{name} first arg must be bytes or a tuple of bytes, not {class}");
            return Err(cx.type_error(message));
        }
    };
    for affix in affixes {
        let Some(affix) = buffer::bytes_of(cx, affix) else { return Err(buffer::not_bytes_like(cx, affix)) };
        if let Some(range) = range.clone()
            && fits(&this(cx, args[0])[range], &affix)
        {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

pub(super) fn bytes_removeprefix(cx: &mut Cx, args: &[Value]) -> Outcome {
    let prefix = buffer::require(cx, args[1])?;
    match this(cx, args[0]).strip_prefix(&prefix[..]) {
        Some(rest) if !prefix.is_empty() => {
            let rest = rest.to_vec();
            Ok(like(cx, args[0], rest))
        }
        Some(_) | None => Ok(unchanged(cx, args[0])),
    }
}

pub(super) fn bytes_removesuffix(cx: &mut Cx, args: &[Value]) -> Outcome {
    let suffix = buffer::require(cx, args[1])?;
    match this(cx, args[0]).strip_suffix(&suffix[..]) {
        Some(rest) if !suffix.is_empty() => {
            let rest = rest.to_vec();
            Ok(like(cx, args[0], rest))
        }
        Some(_) | None => Ok(unchanged(cx, args[0])),
    }
}

pub(super) fn bytes_replace(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (old, new) = (buffer::require(cx, args[1])?, buffer::require(cx, args[2])?);
    let limit = match args[3] {
        Value::Int(count @ 0..) => count as usize,
        _ => usize::MAX,
    };
    let data = this(cx, args[0]);
    let n_found = search::count(data, &old, limit, Units::Bytes);
    if n_found == 0 {
        return Ok(unchanged(cx, args[0]));
    }
    let Some(len) = search::replaced_len(data.len(), old.len(), new.len(), n_found) else {
        return Err(cx.overflow_error("replace bytes is too long"));
    };
    cx.heap.ensure(len)?;
    let replaced = search::replace(this(cx, args[0]), &old, &new, n_found, Units::Bytes);
    Ok(like(cx, args[0], replaced))
}
