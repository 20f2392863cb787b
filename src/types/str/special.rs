//! The special methods of `str`.

use super::{text_argument, this};
use crate::call::{Cx, Outcome};
use crate::types::{formatting, protocol, quick, strings};
use crate::value::{Str, Value};

pub(super) fn str_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    strings::to_repr(cx, Value::Str(id))
}

pub(super) fn str_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Str(this(cx, args[0])))
}

pub(super) fn str_format(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (id, spec) = (this(cx, args[0]), this(cx, args[1]));
    if cx.heap.n_chars(spec) == 0 {
        // That of a subclass may be another text.
        return strings::to_str(cx, args[0]);
    }
    let spec = cx.heap.text(spec).to_vec();
    let mut text = Vec::new();
    formatting::push_formatted(cx, Value::Str(id), &spec, &mut text).expect("a str is known")?;
    Ok(formatting::to_str(cx, text))
}

pub(super) fn str_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let hash = quick::quick_hash(cx, Value::Str(id)).expect("a str has its hash");
    Ok(Value::Int(hash as i64))
}

fn compare(cx: &Cx, args: &[Value], holds: fn(&[u8], &[u8]) -> bool) -> Outcome {
    let id = this(cx, args[0]);
    Ok(match cx.exact(args[1]) {
        Value::Str(other) => Value::Bool(holds(cx.heap.text(id), cx.heap.text(other))),
        _ => Value::NotImplemented,
    })
}

pub(super) fn str_lt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, |left, right| left < right)
}

pub(super) fn str_le(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, |left, right| left <= right)
}

pub(super) fn str_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, |left, right| left == right)
}

pub(super) fn str_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, |left, right| left != right)
}

pub(super) fn str_gt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, |left, right| left > right)
}

pub(super) fn str_ge(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, |left, right| left >= right)
}

pub(super) fn str_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    protocol::iter(cx, Value::Str(id))
}

pub(super) fn str_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(cx.heap.n_chars(this(cx, args[0])) as i64))
}

pub(super) fn str_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let part =
        text_argument(cx, args[1], |class| format!("'in <string>' requires string as left operand, not {class}"))?;
    let found = crate::types::text::search::find(cx.heap.text(id), cx.heap.text(part));
    Ok(Value::Bool(found.is_some()))
}

pub(super) fn str_add(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let other = text_argument(cx, args[1], |class| format!("can only concatenate str (not \"{class}\") to str"))?;
    Ok(cx.heap.concat(id, other)?)
}

pub(super) fn str_mul(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let Value::Int(count) = args[1] else { crate::bug!("a size is an Int") };
    if count <= 0 {
        return Ok(Value::Str(cx.heap.empty_str));
    }
    let (n_bytes, n_chars) = (cx.heap.text(id).len(), cx.heap.n_chars(id));
    if count == 1 || n_bytes == 0 {
        return Ok(Value::Str(id));
    }
    let Some(total) = n_bytes.checked_mul(count as usize).filter(|&total| total <= i64::MAX as usize) else {
        return Err(cx.overflow_error("repeated string is too long"));
    };
    super::change::room(cx, total as i64, 1)?;
    let is_ascii = cx.heap.is_ascii(id);
    let text = cx.heap.text(id);
    let repeated = if let [byte] = text { vec![*byte; total] } else { text.repeat(count as usize) };
    Ok(cx.heap.new_counted(repeated, n_chars * count as usize, is_ascii))
}

pub(super) fn str_getnewargs(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text = Value::Str(this(cx, args[0]));
    Ok(cx.heap.new_tuple(&[text]))
}

pub(super) fn str_sizeof(cx: &mut Cx, args: &[Value]) -> Outcome {
    let n_bytes = cx.heap.text(this(cx, args[0])).len();
    Ok(Value::Int((size_of::<Str>() + n_bytes) as i64))
}
