//! The module `operator`.
//!
//! 1. [`functions`]: the operators as functions, under their plain names and those of the special methods.
//! 2. `itemgetter`, `attrgetter` and `methodcaller` are types: `types/getters`.

pub mod functions;

use functions as f;
use functions::{
    ADD, AND, DIV, EQ, FLOOR_DIV, GE, GT, L_SHIFT, LE, LT, MAT_MUL, MOD, MUL, NE, OR, POW, R_SHIFT, SUB, XOR,
};

use crate::call::Cx;
use crate::types::classes;
use crate::value::{Dict, Id, Value};

crate::natives! {
    /// The functions of the module.
    pub static OPERATOR_MODULE = [
        func "add(a, b, /)" => f::binary::<ADD>, "Same as a + b.";
        func "__add__(a, b, /)" => f::binary::<ADD>, "Same as a + b.";
        func "sub(a, b, /)" => f::binary::<SUB>, "Same as a - b.";
        func "__sub__(a, b, /)" => f::binary::<SUB>, "Same as a - b.";
        func "mul(a, b, /)" => f::binary::<MUL>, "Same as a * b.";
        func "__mul__(a, b, /)" => f::binary::<MUL>, "Same as a * b.";
        func "matmul(a, b, /)" => f::binary::<MAT_MUL>, "Same as a @ b.";
        func "__matmul__(a, b, /)" => f::binary::<MAT_MUL>, "Same as a @ b.";
        func "truediv(a, b, /)" => f::binary::<DIV>, "Same as a / b.";
        func "__truediv__(a, b, /)" => f::binary::<DIV>, "Same as a / b.";
        func "floordiv(a, b, /)" => f::binary::<FLOOR_DIV>, "Same as a // b.";
        func "__floordiv__(a, b, /)" => f::binary::<FLOOR_DIV>, "Same as a // b.";
        func "mod(a, b, /)" => f::binary::<MOD>, "Same as a % b.";
        func "__mod__(a, b, /)" => f::binary::<MOD>, "Same as a % b.";
        func "pow(a, b, /)" => f::binary::<POW>, "Same as a ** b.";
        func "__pow__(a, b, /)" => f::binary::<POW>, "Same as a ** b.";
        func "lshift(a, b, /)" => f::binary::<L_SHIFT>, "Same as a << b.";
        func "__lshift__(a, b, /)" => f::binary::<L_SHIFT>, "Same as a << b.";
        func "rshift(a, b, /)" => f::binary::<R_SHIFT>, "Same as a >> b.";
        func "__rshift__(a, b, /)" => f::binary::<R_SHIFT>, "Same as a >> b.";
        func "and_(a, b, /)" => f::binary::<AND>, "Same as a & b.";
        func "__and__(a, b, /)" => f::binary::<AND>, "Same as a & b.";
        func "or_(a, b, /)" => f::binary::<OR>, "Same as a | b.";
        func "__or__(a, b, /)" => f::binary::<OR>, "Same as a | b.";
        func "xor(a, b, /)" => f::binary::<XOR>, "Same as a ^ b.";
        func "__xor__(a, b, /)" => f::binary::<XOR>, "Same as a ^ b.";
        func "iadd(a, b, /)" => f::in_place::<ADD>, "Same as a += b.";
        func "__iadd__(a, b, /)" => f::in_place::<ADD>, "Same as a += b.";
        func "isub(a, b, /)" => f::in_place::<SUB>, "Same as a -= b.";
        func "__isub__(a, b, /)" => f::in_place::<SUB>, "Same as a -= b.";
        func "imul(a, b, /)" => f::in_place::<MUL>, "Same as a *= b.";
        func "__imul__(a, b, /)" => f::in_place::<MUL>, "Same as a *= b.";
        func "imatmul(a, b, /)" => f::in_place::<MAT_MUL>, "Same as a @= b.";
        func "__imatmul__(a, b, /)" => f::in_place::<MAT_MUL>, "Same as a @= b.";
        func "itruediv(a, b, /)" => f::in_place::<DIV>, "Same as a /= b.";
        func "__itruediv__(a, b, /)" => f::in_place::<DIV>, "Same as a /= b.";
        func "ifloordiv(a, b, /)" => f::in_place::<FLOOR_DIV>, "Same as a //= b.";
        func "__ifloordiv__(a, b, /)" => f::in_place::<FLOOR_DIV>, "Same as a //= b.";
        func "imod(a, b, /)" => f::in_place::<MOD>, "Same as a %= b.";
        func "__imod__(a, b, /)" => f::in_place::<MOD>, "Same as a %= b.";
        func "ipow(a, b, /)" => f::in_place::<POW>, "Same as a **= b.";
        func "__ipow__(a, b, /)" => f::in_place::<POW>, "Same as a **= b.";
        func "ilshift(a, b, /)" => f::in_place::<L_SHIFT>, "Same as a <<= b.";
        func "__ilshift__(a, b, /)" => f::in_place::<L_SHIFT>, "Same as a <<= b.";
        func "irshift(a, b, /)" => f::in_place::<R_SHIFT>, "Same as a >>= b.";
        func "__irshift__(a, b, /)" => f::in_place::<R_SHIFT>, "Same as a >>= b.";
        func "iand(a, b, /)" => f::in_place::<AND>, "Same as a &= b.";
        func "__iand__(a, b, /)" => f::in_place::<AND>, "Same as a &= b.";
        func "ior(a, b, /)" => f::in_place::<OR>, "Same as a |= b.";
        func "__ior__(a, b, /)" => f::in_place::<OR>, "Same as a |= b.";
        func "ixor(a, b, /)" => f::in_place::<XOR>, "Same as a ^= b.";
        func "__ixor__(a, b, /)" => f::in_place::<XOR>, "Same as a ^= b.";
        func "lt(a, b, /)" => f::compare::<LT>, "Same as a < b.";
        func "__lt__(a, b, /)" => f::compare::<LT>, "Same as a < b.";
        func "le(a, b, /)" => f::compare::<LE>, "Same as a <= b.";
        func "__le__(a, b, /)" => f::compare::<LE>, "Same as a <= b.";
        func "eq(a, b, /)" => f::compare::<EQ>, "Same as a == b.";
        func "__eq__(a, b, /)" => f::compare::<EQ>, "Same as a == b.";
        func "ne(a, b, /)" => f::compare::<NE>, "Same as a != b.";
        func "__ne__(a, b, /)" => f::compare::<NE>, "Same as a != b.";
        func "ge(a, b, /)" => f::compare::<GE>, "Same as a >= b.";
        func "__ge__(a, b, /)" => f::compare::<GE>, "Same as a >= b.";
        func "gt(a, b, /)" => f::compare::<GT>, "Same as a > b.";
        func "__gt__(a, b, /)" => f::compare::<GT>, "Same as a > b.";
        func "neg(a, /)" => f::neg, "Same as -a.";
        func "__neg__(a, /)" => f::neg, "Same as -a.";
        func "pos(a, /)" => f::pos, "Same as +a.";
        func "__pos__(a, /)" => f::pos, "Same as +a.";
        func "inv(a, /)" => f::invert, "Same as ~a.";
        func "__inv__(a, /)" => f::invert, "Same as ~a.";
        func "invert(a, /)" => f::invert, "Same as ~a.";
        func "__invert__(a, /)" => f::invert, "Same as ~a.";
        func "abs(a, /)" => f::abs, "Same as abs(a).";
        func "__abs__(a, /)" => f::abs, "Same as abs(a).";
        func "not_(a, /)" => step f::not, "Same as not a.";
        func "__not__(a, /)" => step f::not, "Same as not a.";
        func "truth(a, /)" => f::truth, "Return True if a is true, False otherwise.";
        func "is_(a, b, /)" => f::is, "Same as a is b.";
        func "is_not(a, b, /)" => f::is_not, "Same as a is not b.";
        func "index(a, /)" => f::index, "Same as a.__index__()";
        func "__index__(a, /)" => f::index, "Same as a.__index__()";
        func "concat(a, b, /)" => f::concat, "Same as a + b, for a and b sequences.";
        func "__concat__(a, b, /)" => f::concat, "Same as a + b, for a and b sequences.";
        func "iconcat(a, b, /)" => f::concat_in_place, "Same as a += b, for a and b sequences.";
        func "__iconcat__(a, b, /)" => f::concat_in_place, "Same as a += b, for a and b sequences.";
        func "contains(a, b, /)" => step f::contains, "Same as b in a (note reversed operands).";
        func "__contains__(a, b, /)" => step f::contains, "Same as b in a (note reversed operands).";
        func "countOf(a, b, /)" => f::count_of, "Return the number of items in a which are, or which equal, b.";
        func "indexOf(a, b, /)" => f::index_of, "Return the first index of b in a.";
        func "getitem(a, b, /)" => f::get_item, "Same as a[b].";
        func "__getitem__(a, b, /)" => f::get_item, "Same as a[b].";
        func "setitem(a, b, c, /)" => f::set_item, "Same as a[b] = c.";
        func "__setitem__(a, b, c, /)" => f::set_item, "Same as a[b] = c.";
        func "delitem(a, b, /)" => f::delete_item, "Same as del a[b].";
        func "__delitem__(a, b, /)" => f::delete_item, "Same as del a[b].";
        func "length_hint(obj, default: index=0, /)" => step f::length_hint, "Return an estimate of the number of items in obj.";
        func "call(obj, /, *args, **kwargs)" => f::call, "Same as obj(*args, **kwargs).";
        func "__call__(obj, /, *args, **kwargs)" => f::call, "Same as obj(*args, **kwargs).";
    ]
}

/// Adds the classes.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    for (name, class) in [
        ("attrgetter", classes::ATTR_GETTER),
        ("itemgetter", classes::ITEM_GETTER),
        ("methodcaller", classes::METHOD_CALLER),
    ] {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Class(class));
    }
}
