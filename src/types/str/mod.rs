//! `str`.
//!
//! 1. [`special`]: operators and other special methods. 2. [`make`]: `str(x)`, `encode`.
//! 3. [`search`]: find, count, startswith, replace, … 4. [`parts`]: split, partition, strip, join.
//! 5. [`change`]: cases, padding, translate. 6. [`classify`]: isalpha and its like.
//! 7. [`template`]: `format`. 8. [`percent`]: the `%` operator. 9. [`repr`]: how a text is quoted.
//!
//! What these do to texts is in `types/text/` and `types/format/`; here are arguments, results and messages.

pub mod change;
pub mod classify;
pub mod make;
pub mod parts;
pub mod percent;
pub mod repr;
pub mod search;
pub mod special;
pub mod template;

use crate::call::{Ask, Cx};
use crate::types::item;
use crate::types::text::index::TextRef;
use crate::value::{Heap, Id, Str, Value};

crate::natives! {
    /// The rows of `str`.
    pub static STR = [
        new "__new__(cls, object=, encoding: str=, errors: str=)" => make::str_new, "Creates a str.";
        special "__repr__(self, /)" => special::str_repr, "Return repr(self).";
        special "__str__(self, /)" => special::str_str, "Return str(self).";
        special "__format__(self, format_spec: str, /)" => special::str_format, "Return a formatted version of the string.";
        special "__hash__(self, /)" => special::str_hash, "Return hash(self).";
        special "__lt__(self, value, /)" => special::str_lt, "Return self<value.";
        special "__le__(self, value, /)" => special::str_le, "Return self<=value.";
        special "__eq__(self, value, /)" => special::str_eq, "Return self==value.";
        special "__ne__(self, value, /)" => special::str_ne, "Return self!=value.";
        special "__gt__(self, value, /)" => special::str_gt, "Return self>value.";
        special "__ge__(self, value, /)" => special::str_ge, "Return self>=value.";
        special "__iter__(self, /)" => special::str_iter, "Implement iter(self).";
        special "__len__(self, /)" => special::str_len, "Return len(self).";
        special "__getitem__(self, key, /)" => item::get_native, "Return self[key].";
        special "__contains__(self, key, /)" => special::str_contains, "Return bool(key in self).";
        special "__add__(self, value, /)" => special::str_add, "Return self+value.";
        special "__mul__(self, value: size, /)" => special::str_mul, "Return self*value.";
        special "__rmul__(self, value: size, /)" => special::str_mul, "Return value*self.";
        special "__mod__(self, value, /)" => percent::str_mod, "Return self%value.";
        special "__rmod__(self, value, /)" => percent::str_rmod, "Return value%self.";
        method "__getnewargs__(self, /)" => special::str_getnewargs, "The arguments that make a copy.";
        method "__sizeof__(self, /)" => special::str_sizeof, "The size of the string in memory, in bytes.";
        method "encode(self, encoding: str='utf-8', errors: str='strict')" => make::str_encode, "Encodes the string.";
        method "replace(self, old, new, /, count: size=-1)" => search::str_replace, "A copy with occurrences replaced.";
        method "find(self, sub, start=, end=, /)" => search::str_find, "The lowest place of a part, or -1.";
        method "rfind(self, sub, start=, end=, /)" => search::str_rfind, "The highest place of a part, or -1.";
        method "index(self, sub, start=, end=, /)" => search::str_index, "The lowest place of a part.";
        method "rindex(self, sub, start=, end=, /)" => search::str_rindex, "The highest place of a part.";
        method "count(self, sub, start=, end=, /)" => search::str_count, "How often a part occurs without overlaps.";
        method "startswith(self, prefix, start=, end=, /)" => search::str_startswith, "Whether it begins with a prefix.";
        method "endswith(self, suffix, start=, end=, /)" => search::str_endswith, "Whether it ends with a suffix.";
        method "removeprefix(self, prefix: str, /)" => search::str_removeprefix, "Without the prefix.";
        method "removesuffix(self, suffix: str, /)" => search::str_removesuffix, "Without the suffix.";
        method "split(self, /, sep=, maxsplit: size=-1)" => parts::str_split, "A list of the parts between separators.";
        method "rsplit(self, /, sep=, maxsplit: size=-1)" => parts::str_rsplit, "The same, from the right.";
        method "splitlines(self, /, keepends: truth=False)" => parts::str_splitlines, "A list of the lines.";
        method "partition(self, sep, /)" => parts::str_partition, "What is before, at and behind the separator.";
        method "rpartition(self, sep, /)" => parts::str_rpartition, "The same, from the right.";
        method "strip(self, chars=None, /)" => parts::str_strip, "Without white space at both ends.";
        method "lstrip(self, chars=None, /)" => parts::str_lstrip, "Without white space at the start.";
        method "rstrip(self, chars=None, /)" => parts::str_rstrip, "Without white space at the end.";
        method "join(self, iterable, /)" => parts::str_join, "Strings put together, with this one between.";
        method "upper(self, /)" => change::str_upper, "A copy in upper case.";
        method "lower(self, /)" => change::str_lower, "A copy in lower case.";
        method "casefold(self, /)" => change::str_casefold, "A copy for comparisons without case.";
        method "swapcase(self, /)" => change::str_swapcase, "A copy with upper and lower case exchanged.";
        method "capitalize(self, /)" => change::str_capitalize, "A copy with a capital at the start.";
        method "title(self, /)" => change::str_title, "A copy with a capital at the start of each word.";
        method "center(self, width: size, fillchar=' ', /)" => change::str_center, "Centred in a width.";
        method "ljust(self, width: size, fillchar=' ', /)" => change::str_ljust, "To the left of a width.";
        method "rjust(self, width: size, fillchar=' ', /)" => change::str_rjust, "To the right of a width.";
        method "zfill(self, width: size, /)" => change::str_zfill, "With zeros on the left.";
        method "expandtabs(self, /, tabsize: size=8)" => change::str_expandtabs, "With spaces for tabs.";
        method "translate(self, table, /)" => change::str_translate, "Each character through a table.";
        stat "maketrans(x, y: str=, z: str=, /)" => change::str_maketrans, "A table for translate.";
        method "isalpha(self, /)" => classify::str_isalpha, "Whether all are letters.";
        method "isalnum(self, /)" => classify::str_isalnum, "Whether all are letters or numbers.";
        method "isascii(self, /)" => classify::str_isascii, "Whether all are ASCII.";
        method "isdecimal(self, /)" => classify::str_isdecimal, "Whether all are decimal digits.";
        method "isdigit(self, /)" => classify::str_isdigit, "Whether all are digits.";
        method "isnumeric(self, /)" => classify::str_isnumeric, "Whether all are numeric.";
        method "isidentifier(self, /)" => classify::str_isidentifier, "Whether it can be a name.";
        method "islower(self, /)" => classify::str_islower, "Whether it is in lower case.";
        method "isupper(self, /)" => classify::str_isupper, "Whether it is in upper case.";
        method "istitle(self, /)" => classify::str_istitle, "Whether it is in title case.";
        method "isprintable(self, /)" => classify::str_isprintable, "Whether all are printable.";
        method "isspace(self, /)" => classify::str_isspace, "Whether all are white space.";
        method "format(self, /, *args, **kwargs)" => template::str_format, "The template with its fields filled in.";
        method "format_map(self, mapping, /)" => template::str_format_map, "The same from a mapping.";
    ]
}

/// The str that `self` is.
#[inline]
pub fn this(cx: &Cx, value: Value) -> Id<Str> {
    match value {
        Value::Str(id) => id,
        _ => inner(cx, value),
    }
}

fn inner(cx: &Cx, value: Value) -> Id<Str> {
    match cx.exact(value) {
        Value::Str(id) => id,
        other => crate::bug!("self of a method of str is {other:?}"),
    }
}

/// A str with what is known of its places.
pub fn text_ref(heap: &Heap, id: Id<Str>) -> TextRef<'_> {
    TextRef { bytes: heap.text(id), n_chars: heap.n_chars(id), index: heap.sparse_index(id) }
}

/// An argument that must be a str, with the method's own message about any other.
#[inline]
pub fn text_argument(cx: &mut Cx, value: Value, message: impl FnOnce(&str) -> String) -> Result<Id<Str>, Ask> {
    match cx.exact(value) {
        Value::Str(id) => Ok(id),
        _ => {
            let message = message(&cx.class_name(value));
            Err(cx.type_error(message))
        }
    }
}

/// A part of a str: the str itself if it is all of an exact one.
pub fn part(cx: &mut Cx, whole: Value, id: Id<Str>, range: std::ops::Range<usize>) -> Value {
    let text = cx.heap.text(id);
    if range.len() == text.len() && matches!(whole, Value::Str(_)) {
        return whole;
    }
    cx.heap.part_of(id, range)
}

/// A text made from a str: ASCII if that was.
pub fn made(cx: &mut Cx, text: Vec<u8>, is_ascii: bool) -> Value {
    if is_ascii { cx.heap.new_ascii(text) } else { cx.heap.new_str_from(text) }
}
