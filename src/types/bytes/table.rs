//! The rows of `bytes` and `bytearray`: most are the same functions.

use super::{change, classify, make, parts, search, special};
use crate::types::bytearray::{content, item};

macro_rules! byte_rows {
    ($(#[$meta:meta])* $vis:vis static $table:ident = [$($own:tt)*]) => {
        crate::natives! {
            $(#[$meta])*
            $vis static $table = [
                $($own)*
                special "__repr__(self, /)" => special::bytes_repr, "Return repr(self).";
                special "__str__(self, /)" => special::bytes_repr, "Return str(self).";
                special "__lt__(self, value, /)" => special::bytes_lt, "Return self<value.";
                special "__le__(self, value, /)" => special::bytes_le, "Return self<=value.";
                special "__eq__(self, value, /)" => special::bytes_eq, "Return self==value.";
                special "__ne__(self, value, /)" => special::bytes_ne, "Return self!=value.";
                special "__gt__(self, value, /)" => special::bytes_gt, "Return self>value.";
                special "__ge__(self, value, /)" => special::bytes_ge, "Return self>=value.";
                special "__iter__(self, /)" => special::bytes_iter, "Implement iter(self).";
                special "__len__(self, /)" => special::bytes_len, "Return len(self).";
                special "__contains__(self, key, /)" => special::bytes_contains, "Return bool(key in self).";
                special "__add__(self, value, /)" => special::bytes_add, "Return self+value.";
                special "__mul__(self, value: size, /)" => special::bytes_mul, "Return self*value.";
                special "__rmul__(self, value: size, /)" => special::bytes_mul, "Return value*self.";
                special "__mod__(self, value, /)" => special::bytes_mod, "Return self%value.";
                special "__rmod__(self, value, /)" => special::bytes_rmod, "Return value%self.";
                method "decode(self, encoding: str='utf-8', errors: str='strict')" => make::bytes_decode,
                    "Decodes the bytes.";
                method "hex(self, sep=, bytes_per_sep: size=1)" => change::bytes_hex, "Hexadecimal digits.";
                class "fromhex(cls, string: str, /)" => make::bytes_fromhex, "Bytes from hexadecimal digits.";
                stat "maketrans(frm: bytes, to: bytes, /)" => change::bytes_maketrans, "A table for translate.";
                method "find(self, sub, start=, end=, /)" => search::bytes_find, "The lowest place of a part, or -1.";
                method "rfind(self, sub, start=, end=, /)" => search::bytes_rfind, "The highest place of a part, or -1.";
                method "index(self, sub, start=, end=, /)" => search::bytes_index, "The lowest place of a part.";
                method "rindex(self, sub, start=, end=, /)" => search::bytes_rindex, "The highest place of a part.";
                method "count(self, sub, start=, end=, /)" => search::bytes_count, "How often a part occurs.";
                method "startswith(self, prefix, start=, end=, /)" => search::bytes_startswith,
                    "Whether they begin with a prefix.";
                method "endswith(self, suffix, start=, end=, /)" => search::bytes_endswith,
                    "Whether they end with a suffix.";
                method "removeprefix(self, prefix: bytes, /)" => search::bytes_removeprefix, "Without the prefix.";
                method "removesuffix(self, suffix: bytes, /)" => search::bytes_removesuffix, "Without the suffix.";
                method "replace(self, old: bytes, new: bytes, count: size=-1, /)" => search::bytes_replace,
                    "A copy with occurrences replaced.";
                method "split(self, /, sep=, maxsplit: size=-1)" => parts::bytes_split, "A list of the parts.";
                method "rsplit(self, /, sep=, maxsplit: size=-1)" => parts::bytes_rsplit, "The same, from the right.";
                method "splitlines(self, /, keepends: truth=False)" => parts::bytes_splitlines, "A list of the lines.";
                method "partition(self, sep: bytes, /)" => parts::bytes_partition, "Before, at and behind a separator.";
                method "rpartition(self, sep: bytes, /)" => parts::bytes_rpartition, "The same, from the right.";
                method "strip(self, bytes=None, /)" => parts::bytes_strip, "Without white space at both ends.";
                method "lstrip(self, bytes=None, /)" => parts::bytes_lstrip, "Without white space at the start.";
                method "rstrip(self, bytes=None, /)" => parts::bytes_rstrip, "Without white space at the end.";
                method "join(self, iterable_of_bytes, /)" => parts::bytes_join, "Put together, with these between.";
                method "upper(self, /)" => change::bytes_upper, "A copy in upper case.";
                method "lower(self, /)" => change::bytes_lower, "A copy in lower case.";
                method "swapcase(self, /)" => change::bytes_swapcase, "A copy with cases exchanged.";
                method "capitalize(self, /)" => change::bytes_capitalize, "A copy with a capital at the start.";
                method "title(self, /)" => change::bytes_title, "A copy with a capital at the start of each word.";
                method "center(self, width: size, fillchar=b' ', /)" => change::bytes_center, "Centred in a width.";
                method "ljust(self, width: size, fillchar=b' ', /)" => change::bytes_ljust, "To the left of a width.";
                method "rjust(self, width: size, fillchar=b' ', /)" => change::bytes_rjust, "To the right of a width.";
                method "zfill(self, width: size, /)" => change::bytes_zfill, "With zeros on the left.";
                method "expandtabs(self, /, tabsize: size=8)" => change::bytes_expandtabs, "With spaces for tabs.";
                method "translate(self, table, /, delete=b'')" => change::bytes_translate,
                    "Each byte through a table.";
                method "isalpha(self, /)" => classify::bytes_isalpha, "Whether all are letters.";
                method "isalnum(self, /)" => classify::bytes_isalnum, "Whether all are letters or digits.";
                method "isascii(self, /)" => classify::bytes_isascii, "Whether all are ASCII.";
                method "isdigit(self, /)" => classify::bytes_isdigit, "Whether all are digits.";
                method "islower(self, /)" => classify::bytes_islower, "Whether they are in lower case.";
                method "isupper(self, /)" => classify::bytes_isupper, "Whether they are in upper case.";
                method "istitle(self, /)" => classify::bytes_istitle, "Whether they are in title case.";
                method "isspace(self, /)" => classify::bytes_isspace, "Whether all are white space.";
                method "__sizeof__(self, /)" => special::bytes_sizeof, "The size in memory, in bytes.";
            ]
        }
    };
}

byte_rows! {
    /// The rows of `bytes`.
    pub static BYTES = [
        new "__new__(cls, source=, encoding: str=, errors: str=)" => make::bytes_new, "bytes(source, encoding, errors)\n\nAn immutable sequence of ints in range(256), made from an iterable of ints, a buffer, a text with its\nencoding, or a length.";
        special "__hash__(self, /)" => special::bytes_hash, "Return hash(self).";
        special "__getitem__(self, key, /)" => crate::types::item::get_native, "Return self[key].";
        special "__bytes__(self, /)" => special::bytes_bytes, "The bytes themselves.";
        method "__getnewargs__(self, /)" => special::bytes_getnewargs, "The arguments that make a copy.";
    ]
}

byte_rows! {
    /// The rows of `bytearray`.
    pub static BYTEARRAY = [
        new "__new__(cls, *args, **kwargs)" => make::bytearray_new, "bytearray(source, encoding, errors)\n\nA mutable sequence of ints in range(256), made from an iterable of ints, a buffer, a text with its\nencoding, or a length.";
        special "__init__(self, source=, encoding: str=, errors: str=)" => make::bytearray_init, "Fills it.";
        special "__getitem__(self, key, /)" => item::bytearray_getitem, "Return self[key].";
        special "__setitem__(self, key, value, /)" => item::bytearray_setitem, "Set self[key] to value.";
        special "__delitem__(self, key, /)" => item::bytearray_delitem, "Delete self[key].";
        special "__iadd__(self, value, /)" => content::bytearray_iadd, "Implement self+=value.";
        special "__imul__(self, value: size, /)" => content::bytearray_imul, "Implement self*=value.";
        method "append(self, item: index, /)" => content::bytearray_append, "Appends a byte.";
        method "extend(self, iterable_of_ints, /)" => content::bytearray_extend, "Appends all bytes.";
        method "insert(self, index: clip, item: index, /)" => content::bytearray_insert, "Inserts a byte.";
        method "pop(self, index: size=-1, /)" => content::bytearray_pop, "Removes a byte and returns it.";
        method "remove(self, value: index, /)" => content::bytearray_remove, "Removes the first such byte.";
        method "reverse(self, /)" => content::bytearray_reverse, "Reverses the bytes in place.";
        method "clear(self, /)" => content::bytearray_clear, "Removes all bytes.";
        method "copy(self, /)" => content::bytearray_copy, "A copy.";
        method "__alloc__(self, /)" => content::bytearray_alloc, "How many bytes are allocated.";
        method "__reduce__(self, /)" => content::bytearray_reduce, "How to make a copy.";
    ]
}
