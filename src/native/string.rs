//! The module `_string`: templates of `str.format` taken apart, for `string.Formatter`.

use crate::call::{Cx, Outcome};
use crate::types::format::template::{Accessor, Key, Template, split_name};
use crate::types::protocol;
use crate::value::Value;

crate::natives! {
    /// The functions of the module.
    pub static STRING_MODULE = [
        func "formatter_parser(template: str, /)" => formatter_parser,
            "An iterator over (literal text, field name, spec, conversion).";
        func "formatter_field_name_split(name: str, /)" => formatter_field_name_split,
            "The first part of a field name, and an iterator over (is an attribute, key).";
    ]
}

/// A piece of a template, as strs.
struct Parts {
    literal: Vec<u8>,
    field: Option<(Vec<u8>, Vec<u8>, Option<u32>)>,
}

fn formatter_parser(cx: &mut Cx, args: &[Value]) -> Outcome {
    let template = cx.text_of(args[0]).expect("converted").to_vec();
    let mut pieces = Template::new(&template);
    let mut rows = Vec::new();
    loop {
        let piece = match pieces.next_piece() {
            Ok(Some(piece)) => piece,
            Ok(None) => break,
            Err(error) => return Err(cx.value_error(error.message())),
        };
        let field = piece.field.map(|field| (field.name.to_vec(), field.spec.to_vec(), field.conversion));
        rows.push(row(cx, Parts { literal: piece.literal.to_vec(), field }));
    }
    let rows = cx.heap.new_list(rows);
    protocol::iter(cx, rows)
}

fn row(cx: &mut Cx, parts: Parts) -> Value {
    let literal = cx.heap.new_str_from(parts.literal);
    let [name, spec, conversion] = match parts.field {
        None => [Value::None; 3],
        Some((name, spec, conversion)) => {
            let conversion = conversion.map_or(Value::None, |code| cx.heap.char_str(code));
            [cx.heap.new_str_from(name), cx.heap.new_str_from(spec), conversion]
        }
    };
    cx.heap.new_tuple(&[literal, name, spec, conversion])
}

fn formatter_field_name_split(cx: &mut Cx, args: &[Value]) -> Outcome {
    let name = cx.text_of(args[0]).expect("converted").to_vec();
    let (first, mut path) = match split_name(&name) {
        Ok(parts) => parts,
        Err(error) => return Err(cx.value_error(error.message())),
    };
    let first = key_value(cx, first);
    let mut steps = Vec::new();
    loop {
        let (is_attribute, key) = match path.next_accessor() {
            Ok(Some(Accessor::Attribute(name))) => (true, cx.heap.new_str(name)),
            Ok(Some(Accessor::Item(key))) => (false, key_value(cx, key)),
            Ok(None) => break,
            Err(error) => return Err(cx.value_error(error.message())),
        };
        steps.push(cx.heap.new_tuple(&[Value::Bool(is_attribute), key]));
    }
    let steps = cx.heap.new_list(steps);
    let steps = protocol::iter(cx, steps)?;
    Ok(cx.heap.new_tuple(&[first, steps]))
}

fn key_value(cx: &mut Cx, key: Key) -> Value {
    match key {
        Key::Index(index) => Value::Int(index as i64),
        Key::Name(name) => cx.heap.new_str(name),
    }
}
