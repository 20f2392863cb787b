//! Proxies: objects that do what the target of a weak reference does, while it lives.

use super::{check_target, make, ref_died, refs_of, target_of};
use crate::call::{Ask, Cx, Outcome, names};
use crate::types::{attribute, classes, container, item, method_call, object, operator, protocol, strings};
use crate::value::Value;
use crate::value::special::Special;
use aspen_grammar::bytecode::{Arith, Compare};

crate::natives! {
    /// The rows of `weakref.ProxyType`.
    pub static WEAK_PROXY = [
        special "__getattribute__(self, name: str, /)" => proxy_getattribute, "Return getattr(self, name).";
        special "__setattr__(self, name: str, value, /)" => proxy_setattr, "Implement setattr(self, name, value).";
        special "__delattr__(self, name: str, /)" => proxy_delattr, "Implement delattr(self, name).";
        special "__repr__(self, /)" => proxy_repr, "Return repr(self).";
        special "__str__(self, /)" => proxy_str, "Return str(self).";
        special "__bool__(self, /)" => proxy_bool, "True if self else False";
        special "__len__(self, /)" => proxy_len, "Return len(self).";
        special "__getitem__(self, key, /)" => proxy_getitem, "Return self[key].";
        special "__setitem__(self, key, value, /)" => proxy_setitem, "Set self[key] to value.";
        special "__delitem__(self, key, /)" => proxy_delitem, "Delete self[key].";
        special "__contains__(self, key, /)" => proxy_contains, "Return bool(key in self).";
        special "__iter__(self, /)" => proxy_iter, "Implement iter(self).";
        special "__next__(self, /)" => proxy_next, "Implement next(self).";
        special "__call__(self, *args, **kwargs)" => proxy_call, "Call self as a function.";
        special "__hash__(self, /)" => proxy_hash, "Return hash(self).";
        special "__eq__(self, value, /)" => compared::<{ Compare::Eq as usize }>, "Return self==value.";
        special "__ne__(self, value, /)" => compared::<{ Compare::NotEq as usize }>, "Return self!=value.";
        special "__lt__(self, value, /)" => compared::<{ Compare::Less as usize }>, "Return self<value.";
        special "__le__(self, value, /)" => compared::<{ Compare::LessEq as usize }>, "Return self<=value.";
        special "__gt__(self, value, /)" => compared::<{ Compare::Greater as usize }>, "Return self>value.";
        special "__ge__(self, value, /)" => compared::<{ Compare::GreaterEq as usize }>, "Return self>=value.";
        special "__add__(self, value, /)" => combined::<{ Arith::Add as usize }>, "Return self+value.";
        special "__radd__(self, value, /)" => reflected::<{ Arith::Add as usize }>, "Return value+self.";
        special "__iadd__(self, value, /)" => changed::<{ Arith::Add as usize }>, "Return self+=value.";
        special "__sub__(self, value, /)" => combined::<{ Arith::Sub as usize }>, "Return self-value.";
        special "__rsub__(self, value, /)" => reflected::<{ Arith::Sub as usize }>, "Return value-self.";
        special "__isub__(self, value, /)" => changed::<{ Arith::Sub as usize }>, "Return self-=value.";
        special "__mul__(self, value, /)" => combined::<{ Arith::Mul as usize }>, "Return self*value.";
        special "__rmul__(self, value, /)" => reflected::<{ Arith::Mul as usize }>, "Return value*self.";
        special "__imul__(self, value, /)" => changed::<{ Arith::Mul as usize }>, "Return self*=value.";
        special "__matmul__(self, value, /)" => combined::<{ Arith::MatMul as usize }>, "Return self@value.";
        special "__rmatmul__(self, value, /)" => reflected::<{ Arith::MatMul as usize }>, "Return value@self.";
        special "__imatmul__(self, value, /)" => changed::<{ Arith::MatMul as usize }>, "Return self@=value.";
        special "__truediv__(self, value, /)" => combined::<{ Arith::Div as usize }>, "Return self/value.";
        special "__rtruediv__(self, value, /)" => reflected::<{ Arith::Div as usize }>, "Return value/self.";
        special "__itruediv__(self, value, /)" => changed::<{ Arith::Div as usize }>, "Return self/=value.";
        special "__floordiv__(self, value, /)" => combined::<{ Arith::FloorDiv as usize }>, "Return self//value.";
        special "__rfloordiv__(self, value, /)" => reflected::<{ Arith::FloorDiv as usize }>, "Return value//self.";
        special "__ifloordiv__(self, value, /)" => changed::<{ Arith::FloorDiv as usize }>, "Return self//=value.";
        special "__mod__(self, value, /)" => combined::<{ Arith::Mod as usize }>, "Return self%value.";
        special "__rmod__(self, value, /)" => reflected::<{ Arith::Mod as usize }>, "Return value%self.";
        special "__imod__(self, value, /)" => changed::<{ Arith::Mod as usize }>, "Return self%=value.";
        special "__lshift__(self, value, /)" => combined::<{ Arith::LShift as usize }>, "Return self<<value.";
        special "__rlshift__(self, value, /)" => reflected::<{ Arith::LShift as usize }>, "Return value<<self.";
        special "__ilshift__(self, value, /)" => changed::<{ Arith::LShift as usize }>, "Return self<<=value.";
        special "__rshift__(self, value, /)" => combined::<{ Arith::RShift as usize }>, "Return self>>value.";
        special "__rrshift__(self, value, /)" => reflected::<{ Arith::RShift as usize }>, "Return value>>self.";
        special "__irshift__(self, value, /)" => changed::<{ Arith::RShift as usize }>, "Return self>>=value.";
        special "__and__(self, value, /)" => combined::<{ Arith::BitAnd as usize }>, "Return self&value.";
        special "__rand__(self, value, /)" => reflected::<{ Arith::BitAnd as usize }>, "Return value&self.";
        special "__iand__(self, value, /)" => changed::<{ Arith::BitAnd as usize }>, "Return self&=value.";
        special "__or__(self, value, /)" => combined::<{ Arith::BitOr as usize }>, "Return self|value.";
        special "__ror__(self, value, /)" => reflected::<{ Arith::BitOr as usize }>, "Return value|self.";
        special "__ior__(self, value, /)" => changed::<{ Arith::BitOr as usize }>, "Return self|=value.";
        special "__xor__(self, value, /)" => combined::<{ Arith::BitXor as usize }>, "Return self^value.";
        special "__rxor__(self, value, /)" => reflected::<{ Arith::BitXor as usize }>, "Return value^self.";
        special "__ixor__(self, value, /)" => changed::<{ Arith::BitXor as usize }>, "Return self^=value.";
        special "__divmod__(self, value, /)" => proxy_divmod, "Return divmod(self, value).";
        special "__rdivmod__(self, value, /)" => proxy_rdivmod, "Return divmod(value, self).";
        special "__pow__(self, value, mod=None, /)" => proxy_pow, "Return pow(self, value, mod).";
        special "__rpow__(self, value, mod=None, /)" => proxy_rpow, "Return pow(value, self, mod).";
        special "__ipow__(self, value, /)" => changed::<{ Arith::Pow as usize }>, "Return self**=value.";
        special "__pos__(self, /)" => proxy_pos, "+self";
        special "__abs__(self, /)" => proxy_abs, "abs(self)";
        special "__invert__(self, /)" => proxy_invert, "~self";
        special "__neg__(self, /)" => proxy_neg, "-self";
        special "__index__(self, /)" => proxy_index, "Return self converted to an integer.";
        special "__int__(self, /)" => proxy_int, "int(self)";
        special "__float__(self, /)" => proxy_float, "float(self)";
        special "__del__(self, /)" => step ref_died, "The target died.";
    ]
}

pub(super) fn proxy(cx: &mut Cx, args: &[Value]) -> Outcome {
    check_target(cx, args[0])?;
    let is_callable = crate::types::protocol::is_callable(cx, args[0]);
    let native = if is_callable { classes::CALLABLE_PROXY } else { classes::WEAK_PROXY };
    let callback = args[1].given().unwrap_or(Value::None);
    if callback.is_none()
        && let Some(known) = refs_of(cx, args[0]).into_iter().find(|&weak| cx.class_of(weak) == native)
    {
        return Ok(known);
    }
    Ok(make(cx, native, args[0], callback))
}

/// What a proxy stands for.
fn behind(cx: &mut Cx, value: Value) -> Outcome {
    match target_of(cx, value) {
        Value::Undef => Err(cx.raise(classes::REFERENCE_ERROR, "weakly-referenced object no longer exists")),
        target => Ok(target),
    }
}

/// An operand: what it stands for, if it is a proxy.
fn operand(cx: &mut Cx, value: Value) -> Outcome {
    let class = cx.class_of(value);
    if class == classes::WEAK_PROXY || class == classes::CALLABLE_PROXY { behind(cx, value) } else { Ok(value) }
}

fn proxy_getattribute(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    let target = behind(cx, args[0])?;
    attribute::get(cx, target, name)
}

fn proxy_setattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    let target = behind(cx, args[0])?;
    attribute::set(cx, target, name, args[2])
}

fn proxy_delattr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.name_of(args[1]).expect("converted");
    let target = behind(cx, args[0])?;
    attribute::set(cx, target, name, Value::Undef)
}

fn proxy_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    let class = cx.class_name(target);
    let text =
        format!("<weakproxy at {:#x}; to '{class}' at {:#x}>", object::address(args[0]), object::address(target));
    Ok(cx.str(&text))
}

fn proxy_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    strings::to_str(cx, target)
}

fn proxy_bool(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    protocol::truth(cx, target)
}

fn proxy_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    protocol::len(cx, target)
}

fn proxy_getitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    item::get(cx, target, args[1])
}

fn proxy_setitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    item::set(cx, target, args[1], args[2])
}

fn proxy_delitem(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    item::delete(cx, target, args[1])
}

fn proxy_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    container::contains(cx, target, args[1])
}

fn proxy_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    protocol::iter(cx, target)
}

fn proxy_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    if cx.special_of(target, Special::Next).is_none() {
        let message = format!("Weakref proxy referenced a non-iterator '{}' object", cx.class_name(target));
        return Err(cx.type_error(message));
    }
    let name = names::special(Special::Next);
    Err(method_call::ask(cx, target, name, &[]).to_be_last())
}

fn proxy_call(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    let Value::Dict(keywords) = args[1] else { crate::bug!("keywords are a dict") };
    cx.ask_call_with(target, &args[2..], Some(keywords));
    Err(Ask::Tail)
}

fn proxy_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = cx.class_name(args[0]);
    Err(cx.type_error(format!("unhashable type: '{class}'")))
}

fn operands(cx: &mut Cx, args: &[Value]) -> Result<(Value, Value), Ask> {
    Ok((operand(cx, args[0])?, operand(cx, args[1])?))
}

const COMPARES: [Compare; 6] =
    [Compare::Less, Compare::LessEq, Compare::Eq, Compare::NotEq, Compare::Greater, Compare::GreaterEq];

fn compared<const HOW: usize>(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (left, right) = operands(cx, args)?;
    let how = COMPARES.into_iter().find(|&how| how as usize == HOW).expect("all are listed");
    operator::compare(cx, how, left, right)
}

const ARITHS: [Arith; 13] = [
    Arith::Add,
    Arith::Sub,
    Arith::Mul,
    Arith::MatMul,
    Arith::Div,
    Arith::FloorDiv,
    Arith::Mod,
    Arith::Pow,
    Arith::LShift,
    Arith::RShift,
    Arith::BitAnd,
    Arith::BitOr,
    Arith::BitXor,
];

fn arith_of(number: usize) -> Arith {
    ARITHS.into_iter().find(|&arith| arith as usize == number).expect("all are listed")
}

fn combined<const ARITH: usize>(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (left, right) = operands(cx, args)?;
    operator::binary(cx, arith_of(ARITH), left, right)
}

fn reflected<const ARITH: usize>(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (right, left) = operands(cx, args)?;
    operator::binary(cx, arith_of(ARITH), left, right)
}

/// `proxy += value`: the result is what the target makes of it, no proxy.
fn changed<const ARITH: usize>(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (left, right) = operands(cx, args)?;
    operator::in_place(cx, arith_of(ARITH), left, right)
}

fn proxy_divmod(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (left, right) = operands(cx, args)?;
    operator::divmod(cx, left, right)
}

fn proxy_rdivmod(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (right, left) = operands(cx, args)?;
    operator::divmod(cx, left, right)
}

fn proxy_pow(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (base, exponent) = operands(cx, args)?;
    let modulus = operand(cx, args[2])?;
    operator::power(cx, base, exponent, modulus)
}

fn proxy_rpow(cx: &mut Cx, args: &[Value]) -> Outcome {
    let (exponent, base) = operands(cx, args)?;
    let modulus = operand(cx, args[2])?;
    operator::power(cx, base, exponent, modulus)
}

fn proxy_pos(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    operator::positive(cx, target)
}

fn proxy_abs(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    operator::absolute(cx, target)
}

fn proxy_invert(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    operator::invert(cx, target)
}

fn proxy_neg(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    operator::negative(cx, target)
}

fn proxy_index(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    protocol::index(cx, target)
}

fn proxy_int(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    Err(cx.ask_tail(Value::Class(classes::INT), &[target]))
}

fn proxy_float(cx: &mut Cx, args: &[Value]) -> Outcome {
    let target = behind(cx, args[0])?;
    protocol::float(cx, target)
}
