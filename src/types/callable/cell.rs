//! Cells: variables that closures share.

use crate::call::{Cx, Outcome};
use crate::types::{object, operator};
use crate::value::{Cell, Id, Value};
use aspen_grammar::bytecode::Compare;

crate::natives! {
    /// The rows of `cell`.
    pub static CELL = [
        new "__new__(cls, contents=, /)" => cell_new, "Create a new cell object.";
        special "__repr__(self, /)" => cell_repr, "Return repr(self).";
        special "__eq__(self, value, /)" => cell_eq, "Return self==value.";
        special "__ne__(self, value, /)" => cell_ne, "Return self!=value.";
        special "__lt__(self, value, /)" => cell_lt, "Return self<value.";
        special "__le__(self, value, /)" => cell_le, "Return self<=value.";
        special "__gt__(self, value, /)" => cell_gt, "Return self>value.";
        special "__ge__(self, value, /)" => cell_ge, "Return self>=value.";
        attr "cell_contents" => get_contents, set set_contents, "";
    ]
}

fn own(args: &[Value]) -> Id<Cell> {
    let Value::Cell(id) = args[0] else { crate::bug!("self of a cell's row is a cell") };
    id
}

fn cell_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.new_cell(args[1]))
}

fn cell_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let held = cx.heap.cells.get(own(args)).value;
    let what = match held {
        Value::Undef => "empty".to_owned(),
        held => format!("{} object at {:#x}", cx.class_name(held), object::address(held)),
    };
    Ok(cx.str(&format!("<cell at {:#x}: {what}>", object::address(args[0]))))
}

/// By what they hold; an empty cell is before all others.
fn compare(cx: &mut Cx, args: &[Value], how: Compare) -> Outcome {
    let Value::Cell(other) = args[1] else { return Ok(Value::NotImplemented) };
    let (left, right) = (cx.heap.cells.get(own(args)).value, cx.heap.cells.get(other).value);
    if left.is_undef() || right.is_undef() {
        let (left, right) = (!left.is_undef() as i64, !right.is_undef() as i64);
        return operator::compare(cx, how, Value::Int(left), Value::Int(right));
    }
    operator::compare(cx, how, left, right)
}

fn cell_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, Compare::Eq)
}

fn cell_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, Compare::NotEq)
}

fn cell_lt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, Compare::Less)
}

fn cell_le(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, Compare::LessEq)
}

fn cell_gt(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, Compare::Greater)
}

fn cell_ge(cx: &mut Cx, args: &[Value]) -> Outcome {
    compare(cx, args, Compare::GreaterEq)
}

fn get_contents(cx: &mut Cx, args: &[Value]) -> Outcome {
    match cx.heap.cells.get(own(args)).value {
        Value::Undef => Err(cx.value_error("Cell is empty")),
        value => Ok(value),
    }
}

fn set_contents(cx: &mut Cx, args: &[Value]) -> Outcome {
    cx.heap.cells.get_mut(own(args)).value = args[1];
    Ok(Value::None)
}
