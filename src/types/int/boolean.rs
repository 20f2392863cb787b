//! The table of `bool`; what is not here is inherited from `int`.

use aspen_grammar::bytecode::Arith;

use super::natives::of_two;
use crate::call::{Cx, Outcome};
use crate::types::strings;
use crate::value::Value;

const AND: u8 = Arith::BitAnd as u8;
const OR: u8 = Arith::BitOr as u8;
const XOR: u8 = Arith::BitXor as u8;

crate::natives! {
    /// The rows of `bool`.
    pub static BOOL_ROWS = [
        new "__new__(cls, object: truth=False, /)" => bool_new, "bool(object=False, /)\n\nReturns True when the argument is true, False otherwise.";
        special "__repr__(self, /)" => bool_repr, "Return repr(self).";
        special "__and__(self, value, /)" => bitwise::<AND>, "Return self&value.";
        special "__rand__(self, value, /)" => bitwise::<AND>, "Return value&self.";
        special "__or__(self, value, /)" => bitwise::<OR>, "Return self|value.";
        special "__ror__(self, value, /)" => bitwise::<OR>, "Return value|self.";
        special "__xor__(self, value, /)" => bitwise::<XOR>, "Return self^value.";
        special "__rxor__(self, value, /)" => bitwise::<XOR>, "Return value^self.";
    ]
}

fn bool_new(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(args[1].given().unwrap_or(Value::Bool(false)))
}

fn bool_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    strings::to_str(cx, args[0])
}

/// These operators are symmetric, so the reflected ones are the same.
fn bitwise<const OP: u8>(cx: &mut Cx, args: &[Value]) -> Outcome {
    of_two(cx, crate::types::operator::ARITHS[OP as usize], args[0], args[1])
}
