//! The rows of `array.array`.

use super::content::{self, compare};
use super::{code_of, item, item_len, make, this};
use crate::call::{Cx, Outcome};
use crate::types::{classes, generic_alias};
use crate::value::{Dict, Id, Value};
use aspen_grammar::bytecode::Compare;

const LT: u8 = Compare::Less as u8;
const LE: u8 = Compare::LessEq as u8;
const EQ: u8 = Compare::Eq as u8;
const NE: u8 = Compare::NotEq as u8;
const GT: u8 = Compare::Greater as u8;
const GE: u8 = Compare::GreaterEq as u8;

crate::natives! {
    /// The rows of the class.
    pub static ARRAY = [
        new "__new__(cls, typecode, initializer=, /)" => make::array_new, "array(typecode, initializer)\n\nA mutable sequence of numbers or characters of one type, side by side in memory.";
        method "append(self, v, /)" => item::array_append, "Appends an item.";
        method "insert(self, i: size, v, /)" => item::array_insert, "Puts an item before a place.";
        method "extend(self, bb, /)" => content::array_extend, "Appends all items of an iterable.";
        method "pop(self, i: size=-1, /)" => content::array_pop, "Removes and gives an item.";
        method "remove(self, v, /)" => content::array_remove, "Removes the first equal item.";
        method "index(self, v, start: clip=, stop: clip=, /)" => content::array_index, "The place of the first equal item.";
        method "count(self, v, /)" => content::array_count, "How many items are equal.";
        method "reverse(self, /)" => content::array_reverse, "Reverses the order of the items.";
        method "byteswap(self, /)" => content::array_byteswap, "Reverses the bytes of each item.";
        method "clear(self, /)" => content::array_clear, "Removes all items.";
        method "buffer_info(self, /)" => content::array_buffer_info, "A number for where it is, and its length.";
        method "tolist(self, /)" => content::array_tolist, "The items as a list.";
        method "fromlist(self, list, /)" => make::array_fromlist, "Appends the items of a list.";
        method "tobytes(self, /)" => content::array_tobytes, "The bytes of all items.";
        method "frombytes(self, buffer, /)" => content::array_frombytes, "Appends items from their bytes.";
        method "tounicode(self, /)" => content::array_tounicode, "The characters as a str.";
        method "fromunicode(self, ustr: str, /)" => content::array_fromunicode, "Appends characters.";
        method "tofile(self, f, /)" => content::array_tofile, "Writes the bytes to a file.";
        method "fromfile(self, f, n: size, /)" => content::array_fromfile, "Appends items read from a file.";
        method "__copy__(self, /)" => content::array_copy, "A copy.";
        method "__deepcopy__(self, unused, /)" => content::array_copy, "A copy.";
        method "__reduce_ex__(self, value, /)" => content::array_reduce, "What makes an equal one.";
        special "__len__(self, /)" => content::array_len, "Return len(self).";
        special "__iter__(self, /)" => content::array_iter, "Implement iter(self).";
        special "__getitem__(self, key, /)" => item::array_getitem, "Return self[key].";
        special "__setitem__(self, key, value, /)" => item::array_setitem, "Set self[key] to value.";
        special "__delitem__(self, key, /)" => item::array_delitem, "Delete self[key].";
        special "__contains__(self, key, /)" => content::array_contains, "Return bool(key in self).";
        special "__add__(self, value, /)" => content::array_add, "Return self+value.";
        special "__iadd__(self, value, /)" => content::array_iadd, "Implement self+=value.";
        special "__mul__(self, value: size, /)" => content::array_mul, "Return self*value.";
        special "__rmul__(self, value: size, /)" => content::array_mul, "Return value*self.";
        special "__imul__(self, value: size, /)" => content::array_imul, "Implement self*=value.";
        special "__repr__(self, /)" => content::array_repr, "Return repr(self).";
        special "__lt__(self, value, /)" => compare::<LT>, "Return self<value.";
        special "__le__(self, value, /)" => compare::<LE>, "Return self<=value.";
        special "__eq__(self, value, /)" => compare::<EQ>, "Return self==value.";
        special "__ne__(self, value, /)" => compare::<NE>, "Return self!=value.";
        special "__gt__(self, value, /)" => compare::<GT>, "Return self>value.";
        special "__ge__(self, value, /)" => compare::<GE>, "Return self>=value.";
        class "__class_getitem__(cls, item, /)" => generic_alias::class_getitem, "See PEP 585";
        attr "typecode" => typecode, "the typecode character used to create the array";
        attr "itemsize" => itemsize, "the size, in bytes, of one array item";
    ]
}

fn typecode(cx: &mut Cx, args: &[Value]) -> Outcome {
    let code = code_of(cx, this(cx, args[0]));
    Ok(cx.str(&(code as char).to_string()))
}

fn itemsize(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(item_len(code_of(cx, this(cx, args[0]))) as i64))
}

/// What the module `_array` has.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    let name = cx.name("array");
    cx.heap.set_in(dict, name, Value::Class(classes::ARRAY));
}
