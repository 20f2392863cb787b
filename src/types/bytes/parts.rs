//! Bytes taken apart and put together: `split`, `partition`, `strip`, `join`.

use super::{buffer, like, this, unchanged};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::types::drive;
use crate::types::text::search::{self, Units};
use crate::types::text::split::{self, Ends};
use crate::value::special::Special;
use crate::value::{NativeFrame, NativeId, Value};

crate::natives! {
    /// Steps: a join over what must be iterated first.
    pub static BYTES_PARTS_STEPS = [
        hidden "join(separator, iterable)" => step join_step, "Makes a list of the iterable, and joins that.";
    ]
}

const JOIN: NativeId = NativeId { table: crate::tables::BYTES_PARTS, row: 0 };

fn list_of(cx: &mut Cx, this: Value, parts: Vec<Vec<u8>>) -> Outcome {
    let items = parts.into_iter().map(|part| like(cx, this, part)).collect();
    Ok(cx.heap.new_list(items))
}

/// The separator of `split`: None for white space.
fn separator(cx: &mut Cx, value: Value) -> Result<Option<Vec<u8>>, Ask> {
    let Some(value) = cx.none_or(value) else { return Ok(None) };
    let separator = buffer::require(cx, value)?;
    if separator.is_empty() {
        return Err(cx.value_error("empty separator"));
    }
    Ok(Some(separator))
}

fn limit(value: Value) -> usize {
    match value {
        Value::Int(limit @ 0..) => limit as usize,
        _ => usize::MAX,
    }
}

pub(super) fn bytes_split(cx: &mut Cx, args: &[Value]) -> Outcome {
    let separator = separator(cx, args[1])?;
    let (data, limit) = (this(cx, args[0]), limit(args[2]));
    let parts = match separator {
        None => split::split_space(data, Units::Bytes, limit).map(<[u8]>::to_vec).collect(),
        Some(separator) => split::split(data, &separator, limit).map(<[u8]>::to_vec).collect(),
    };
    list_of(cx, args[0], parts)
}

pub(super) fn bytes_rsplit(cx: &mut Cx, args: &[Value]) -> Outcome {
    let separator = separator(cx, args[1])?;
    let (data, limit) = (this(cx, args[0]), limit(args[2]));
    let parts = match separator {
        None => split::rsplit_space(data, Units::Bytes, limit),
        Some(ref separator) => split::rsplit(data, separator, limit),
    };
    let parts = parts.into_iter().map(<[u8]>::to_vec).collect();
    list_of(cx, args[0], parts)
}

pub(super) fn bytes_splitlines(cx: &mut Cx, args: &[Value]) -> Outcome {
    let keep_ends = args[1] == Value::Bool(true);
    let lines = split::split_lines(this(cx, args[0]), Units::Bytes, keep_ends).map(<[u8]>::to_vec).collect();
    list_of(cx, args[0], lines)
}

type Cut = fn(&[u8], &[u8]) -> Option<usize>;

fn partition(cx: &mut Cx, args: &[Value], find: Cut, is_right: bool) -> Outcome {
    let separator = buffer::require(cx, args[1])?;
    if separator.is_empty() {
        return Err(cx.value_error("empty separator"));
    }
    let data = this(cx, args[0]);
    let parts = match find(data, &separator) {
        Some(at) => {
            let (before, after) = (data[..at].to_vec(), data[at + separator.len()..].to_vec());
            let is_same = matches!((args[0], args[1]), (Value::Bytes(_), Value::Bytes(_)));
            let middle = if is_same { args[1] } else { like(cx, args[0], separator) };
            [like(cx, args[0], before), middle, like(cx, args[0], after)]
        }
        None => {
            let whole = unchanged(cx, args[0]);
            let empty = [like(cx, args[0], Vec::new()), like(cx, args[0], Vec::new())];
            if is_right { [empty[0], empty[1], whole] } else { [whole, empty[0], empty[1]] }
        }
    };
    Ok(cx.heap.new_tuple(&parts))
}

pub(super) fn bytes_partition(cx: &mut Cx, args: &[Value]) -> Outcome {
    partition(cx, args, search::find, false)
}

pub(super) fn bytes_rpartition(cx: &mut Cx, args: &[Value]) -> Outcome {
    partition(cx, args, search::rfind, true)
}

pub(super) fn bytes_strip(cx: &mut Cx, args: &[Value]) -> Outcome {
    strip(cx, args, Ends::Both)
}

pub(super) fn bytes_lstrip(cx: &mut Cx, args: &[Value]) -> Outcome {
    strip(cx, args, Ends::Left)
}

pub(super) fn bytes_rstrip(cx: &mut Cx, args: &[Value]) -> Outcome {
    strip(cx, args, Ends::Right)
}

fn strip(cx: &mut Cx, args: &[Value], ends: Ends) -> Outcome {
    let chars = match cx.none_or(args[1]) {
        None => None,
        Some(chars) => Some(buffer::require(cx, chars)?),
    };
    let data = this(cx, args[0]);
    let kept = match &chars {
        None => split::strip_space(data, Units::Bytes, ends),
        Some(chars) => split::strip_chars(data, chars, Units::Bytes, ends),
    };
    if kept.len() == data.len() {
        return Ok(unchanged(cx, args[0]));
    }
    let kept = kept.to_vec();
    Ok(like(cx, args[0], kept))
}

// ----- Join -----

pub(super) fn bytes_join(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let Value::List(_) | Value::Tuple(_) = args[1] {
        return join(cx, args[0], args[1]);
    }
    if !matches!(args[1], Value::Iter(_) | Value::Gen(_))
        && cx.special_of(args[1], Special::Iter).is_none()
        && cx.special_of(args[1], Special::GetItem).is_none()
    {
        return Err(cx.type_error("can only join an iterable"));
    }
    launch(cx, NativeFrame::new(JOIN, &[args[0], args[1]]))
}

fn join_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let list = if frame.step == 0 {
        frame.step = 1;
        drive::list(cx, frame.values[1]).map_err(Ask::to_come_back)?
    } else {
        frame.told.into_outcome()?
    };
    join(cx, frame.values[0], list)
}

fn join(cx: &mut Cx, separator: Value, sequence: Value) -> Outcome {
    let items = match sequence {
        Value::List(id) => cx.heap.lists.get(id).items.clone(),
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        other => crate::bug!("a join over {other:?}"),
    };
    let between = this(cx, separator).len();
    let mut n_bytes = between.saturating_mul(items.len().saturating_sub(1));
    for (at, &item) in items.iter().enumerate() {
        match buffer::bytes_of(cx, item) {
            Some(data) => n_bytes = n_bytes.saturating_add(data.len()),
            None => {
                let class = cx.class_name(item);
                let message = format!("sequence item {at}: expected a bytes-like object, {class} found");
                return Err(cx.type_error(message));
            }
        }
    }
    cx.heap.ensure(n_bytes)?;
    let mut joined = Vec::with_capacity(n_bytes);
    for (at, &item) in items.iter().enumerate() {
        if at > 0 {
            joined.extend_from_slice(this(cx, separator));
        }
        joined.extend_from_slice(&buffer::bytes_of(cx, item).unwrap_or_default());
    }
    Ok(like(cx, separator, joined))
}
