//! UnicodeEncodeError, UnicodeDecodeError and UnicodeTranslateError, as codecs raise them.

use super::classes;
use crate::call::{Ask, Cx};
use crate::value::{Class, Exc, Id, Value};

/// A UnicodeEncodeError about the code points `start..end` of a str; its slots are its arguments, in order.
pub fn encode_error(cx: &mut Cx, encoding: &str, object: Value, start: usize, end: usize, reason: &str) -> Id<Exc> {
    coding_error(cx, classes::UNICODE_ENCODE_ERROR, encoding, object, [start, end], reason)
}

/// A UnicodeDecodeError about the bytes `start..end` of a bytes object.
pub fn decode_error(cx: &mut Cx, encoding: &str, object: Value, start: usize, end: usize, reason: &str) -> Id<Exc> {
    coding_error(cx, classes::UNICODE_DECODE_ERROR, encoding, object, [start, end], reason)
}

fn coding_error(
    cx: &mut Cx,
    class: Id<Class>,
    encoding: &str,
    object: Value,
    [start, end]: [usize; 2],
    reason: &str,
) -> Id<Exc> {
    let encoding = cx.str(encoding);
    let reason = cx.str(reason);
    let args = [encoding, object, Value::Int(start as i64), Value::Int(end as i64), reason];
    let exc = cx.new_exception(class, &args);
    let slots = cx.heap.excs.get_mut(exc).slots.get_or_insert_default();
    slots[..5].copy_from_slice(&args);
    exc
}

/// The first surrogate of a text, which no codec but `surrogatepass` encodes: raised.
pub fn surrogates_not_allowed(cx: &mut Cx, encoding: &str, object: Value, text: &[u8]) -> Ask {
    let (start, end) = surrogate_run(text).unwrap_or((0, 1));
    Ask::Raise(encode_error(cx, encoding, object, start, end, "surrogates not allowed"))
}

/// Where the first run of surrogates stands, in code points.
fn surrogate_run(text: &[u8]) -> Option<(usize, usize)> {
    let is_surrogate = |at: usize| text[at] == 0xED && text.get(at + 1).is_some_and(|&byte| byte >= 0xA0);
    let mut number = 0;
    let mut start = None;
    let mut at = 0;
    while at < text.len() {
        match (is_surrogate(at), start) {
            (true, None) => start = Some(number),
            (false, Some(start)) => return Some((start, number)),
            (true, Some(_)) | (false, None) => {}
        }
        at += crate::value::text::char_len(text[at]);
        number += 1;
    }
    start.map(|start| (start, number))
}
