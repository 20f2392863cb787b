//! Ends of lines: what `newline=` asks of text files and StringIO.

use std::borrow::Cow;

use crate::call::{Ask, Cx};
use crate::value::Value;

/// What `newline=` asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newlines {
    /// None: all kinds end a line and become `\n`.
    Universal,
    /// `''`: all kinds end a line and stay as they are.
    Untranslated,
    Lf,
    Cr,
    CrLf,
}

impl Newlines {
    /// From the argument; None and an absent one are the universal mode.
    pub fn from_argument(cx: &mut Cx, value: Value) -> Result<Newlines, Ask> {
        let Some(value) = cx.none_or(value) else { return Ok(Newlines::Universal) };
        let Some(text) = cx.text_of(value) else {
            let message = format!("newline must be str or None, not {}", cx.class_name(value));
            return Err(cx.type_error(message));
        };
        match text {
            b"" => Ok(Newlines::Untranslated),
            b"\n" => Ok(Newlines::Lf),
            b"\r" => Ok(Newlines::Cr),
            b"\r\n" => Ok(Newlines::CrLf),
            other => {
                let mut quoted = Vec::new();
                crate::types::str::repr::push_repr(other, &mut quoted);
                let message = format!("illegal newline value: {}", String::from_utf8_lossy(&quoted));
                Err(cx.value_error(message))
            }
        }
    }

    /// Where the first line of a text ends; None if its end is not in it. With `is_last` false, a `\r` at the very
    /// end may be half of an end.
    pub fn line_end(self, text: &[u8], is_last: bool) -> Option<usize> {
        match self {
            Newlines::Universal | Newlines::Lf => memchr::memchr(b'\n', text).map(|at| at + 1),
            Newlines::Cr => memchr::memchr(b'\r', text).map(|at| at + 1),
            Newlines::CrLf => memchr::memmem::find(text, b"\r\n").map(|at| at + 2),
            Newlines::Untranslated => match memchr::memchr2(b'\n', b'\r', text) {
                Some(at) if text[at] == b'\n' => Some(at + 1),
                Some(at) if text.get(at + 1) == Some(&b'\n') => Some(at + 2),
                Some(at) if at + 1 == text.len() && !is_last => None,
                Some(at) => Some(at + 1),
                None => None,
            },
        }
    }

    /// What is written for a text.
    pub fn to_written(self, text: &[u8]) -> Cow<'_, [u8]> {
        match self {
            // The end of a line is `\n` outside too.
            Newlines::Universal | Newlines::Untranslated | Newlines::Lf => Cow::Borrowed(text),
            Newlines::Cr => replace_line_feeds(text, b"\r"),
            Newlines::CrLf => replace_line_feeds(text, b"\r\n"),
        }
    }
}

fn replace_line_feeds<'a>(text: &'a [u8], end: &[u8]) -> Cow<'a, [u8]> {
    if memchr::memchr(b'\n', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut written = Vec::with_capacity(text.len() + 16);
    for (nth, line) in text.split(|&byte| byte == b'\n').enumerate() {
        if nth > 0 {
            written.extend_from_slice(end);
        }
        written.extend_from_slice(line);
    }
    Cow::Owned(written)
}

/// The kinds of ends that were seen: `file.newlines`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub lf: bool,
    pub cr: bool,
    pub cr_lf: bool,
}

impl Seen {
    /// None, a str, or a tuple of strs.
    pub fn to_value(self, cx: &mut Cx) -> Value {
        let kinds = [(self.cr, "\r"), (self.lf, "\n"), (self.cr_lf, "\r\n")];
        let kinds: Vec<_> = kinds.iter().filter(|(seen, _)| *seen).map(|(_, text)| cx.str(text)).collect();
        match kinds.as_slice() {
            [] => Value::None,
            [one] => *one,
            several => cx.heap.new_tuple(several),
        }
    }

    /// Makes all ends `\n`. `pending` says that the text before ended in a `\r` that may be half of an end.
    pub fn translate(&mut self, text: &[u8], pending: &mut bool, is_last: bool) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len() + 1);
        let mut rest = text;
        if std::mem::take(pending) {
            if let Some(after) = rest.strip_prefix(b"\n") {
                self.cr_lf = true;
                rest = after;
                out.push(b'\n');
            } else if rest.is_empty() && !is_last {
                *pending = true;
                return out;
            } else {
                self.cr = true;
                out.push(b'\n');
            }
        }
        while let Some(at) = memchr::memchr2(b'\n', b'\r', rest) {
            if rest[at] == b'\r' && at + 1 == rest.len() && !is_last {
                out.extend_from_slice(&rest[..at]);
                *pending = true;
                return out;
            }
            out.extend_from_slice(&rest[..at]);
            out.push(b'\n');
            let len = match (rest[at], rest.get(at + 1)) {
                (b'\r', Some(b'\n')) => {
                    self.cr_lf = true;
                    2
                }
                (b'\r', _) => {
                    self.cr = true;
                    1
                }
                _ => {
                    self.lf = true;
                    1
                }
            };
            rest = &rest[at + len..];
        }
        out.extend_from_slice(rest);
        out
    }
}
