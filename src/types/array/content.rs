//! The other methods of arrays. What is done with items as values is done on a list of them.

use aspen_grammar::bytecode::Compare;

use super::make::{self, step};
use super::{array_of, code_of, data_mut, is_text, item_at, item_len, items, len_of, make_room, new, state, this};
use crate::call::launch::then_give;
use crate::call::{Ask, Cx, Outcome};
use crate::types::bytes::buffer;
use crate::types::list::methods::search_bounds;
use crate::types::search::{self, Missing};
use crate::types::{bytearray, classes, container, method_call, quick, reduce, strings, walk};
use crate::value::iterator::Iter;
use crate::value::{NativeFrame, Value};

pub fn array_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(len_of(cx, this(cx, args[0])) as i64))
}

pub fn array_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(cx.heap.new_iter(Iter::Indexed { obj: args[0], index: 0 }))
}

pub fn array_tolist(cx: &mut Cx, args: &[Value]) -> Outcome {
    let items = items(cx, this(cx, args[0]))?;
    Ok(cx.heap.new_list(items))
}

pub fn array_tobytes(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    cx.heap.ensure(state(cx, id).data.len())?;
    let data = state(cx, id).data.clone();
    Ok(cx.heap.new_bytes(data))
}

pub fn array_frombytes(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    if !buffer::is_buffer(cx, args[1]) {
        return Err(buffer::not_bytes_like(cx, args[1]));
    }
    make::append_bytes(cx, id, args[1])?;
    Ok(Value::None)
}

fn text_only(cx: &mut Cx, array: Value, method: &str) -> Result<(), Ask> {
    if is_text(code_of(cx, this(cx, array))) {
        return Ok(());
    }
    Err(cx.value_error(format!("{method}() may only be called on unicode type arrays ('u' or 'w')")))
}

pub fn array_fromunicode(cx: &mut Cx, args: &[Value]) -> Outcome {
    text_only(cx, args[0], "fromunicode")?;
    let Value::Str(text) = cx.exact(args[1]) else { crate::bug!("converted") };
    make::append_text(cx, this(cx, args[0]), text)?;
    Ok(Value::None)
}

pub fn array_tounicode(cx: &mut Cx, args: &[Value]) -> Outcome {
    text_only(cx, args[0], "tounicode")?;
    text_of_items(cx, args[0])
}

fn text_of_items(cx: &mut Cx, array: Value) -> Outcome {
    let items = items(cx, this(cx, array))?;
    strings::concat(cx, &items)
}

pub fn array_extend(cx: &mut Cx, args: &[Value]) -> Outcome {
    make::extend(cx, args[0], args[1])
}

pub fn array_pop(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let len = len_of(cx, id) as i64;
    if len == 0 {
        return Err(cx.index_error("pop from empty array"));
    }
    let index = args[1].as_int().unwrap_or(-1);
    let place = if index < 0 { index.saturating_add(len) } else { index };
    if !(0..len).contains(&place) {
        return Err(cx.index_error("pop index out of range"));
    }
    bytearray::check_exports(cx, id)?;
    let item = item_at(cx, id, place as usize);
    let size = item_len(code_of(cx, id));
    data_mut(cx, id).drain(place as usize * size..(place as usize + 1) * size);
    Ok(item)
}

pub fn array_remove(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let size = item_len(code_of(cx, id));
    for place in 0..len_of(cx, id) {
        let item = item_at(cx, id, place);
        if quick::quick_same(cx, item, args[1]) == Some(true) {
            bytearray::check_exports(cx, id)?;
            data_mut(cx, id).drain(place * size..(place + 1) * size);
            return Ok(Value::None);
        }
    }
    Err(cx.value_error("array.remove(x): x not in array"))
}

pub fn array_index(cx: &mut Cx, args: &[Value]) -> Outcome {
    let items = items(cx, this(cx, args[0]))?;
    let bounds = search_bounds(items.len(), args[2], args[3]);
    let list = cx.heap.new_list(items);
    search::index_in(cx, list, args[1], bounds, Missing::Text("array.index(x): x not in array"))
}

pub fn array_count(cx: &mut Cx, args: &[Value]) -> Outcome {
    let items = items(cx, this(cx, args[0]))?;
    let list = cx.heap.new_list(items);
    search::count(cx, list, args[1])
}

pub fn array_contains(cx: &mut Cx, args: &[Value]) -> Outcome {
    let items = items(cx, this(cx, args[0]))?;
    let list = cx.heap.new_list(items);
    container::contains(cx, list, args[1])
}

pub fn array_reverse(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let size = item_len(code_of(cx, id));
    let data = data_mut(cx, id);
    data.reverse();
    data.chunks_mut(size).for_each(<[u8]>::reverse);
    Ok(Value::None)
}

pub fn array_byteswap(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let size = item_len(code_of(cx, id));
    data_mut(cx, id).chunks_mut(size).for_each(<[u8]>::reverse);
    Ok(Value::None)
}

pub fn array_clear(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    bytearray::check_exports(cx, id)?;
    data_mut(cx, id).clear();
    Ok(Value::None)
}

pub fn array_copy(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    cx.heap.ensure(state(cx, id).data.len())?;
    let (code, data) = (code_of(cx, id), state(cx, id).data.clone());
    Ok(new(cx, code, data))
}

pub fn array_buffer_info(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let parts = [Value::Int(quick::identity(Value::Native(id)) as i64), Value::Int(len_of(cx, id) as i64)];
    Ok(cx.heap.new_tuple(&parts))
}

pub fn array_reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let code = cx.str(&(code_of(cx, id) as char).to_string());
    let list = array_tolist(cx, args)?;
    let arguments = cx.heap.new_tuple(&[code, list]);
    let class = cx.class_of(args[0]);
    let state = reduce::object_getstate(cx, &args[..1])?;
    Ok(cx.heap.new_tuple(&[Value::Class(class), arguments, state]))
}

pub fn array_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let (name, code) = (cx.class_name(args[0]), code_of(cx, id));
    let name = name.rsplit('.').next().unwrap_or(&name).to_owned();
    let open = format!("{name}('{}'", code as char);
    if len_of(cx, id) == 0 {
        return Ok(cx.str(&format!("{open})")));
    }
    let items = items(cx, id)?;
    if is_text(code) {
        let text = strings::concat(cx, &items)?;
        return walk::repr_parts(cx, &format!("{open}, "), &[text], ")");
    }
    walk::repr_parts(cx, &format!("{open}, ["), &items, "])")
}

// ----- Operators -----

pub fn array_add(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let Some(other) = array_of(cx, args[1]) else {
        let message = format!("can only append array (not \"{}\") to array", cx.class_name(args[1]));
        return Err(cx.type_error(message));
    };
    let code = code_of(cx, id);
    if code_of(cx, other) != code {
        return Err(cx.type_error("bad argument type for built-in operation"));
    }
    cx.heap.ensure(state(cx, id).data.len() + state(cx, other).data.len())?;
    let data = [&state(cx, id).data[..], &state(cx, other).data[..]].concat();
    Ok(new(cx, code, data))
}

pub fn array_iadd(cx: &mut Cx, args: &[Value]) -> Outcome {
    if array_of(cx, args[1]).is_none() {
        let message = format!("can only extend array with array (not \"{}\")", cx.class_name(args[1]));
        return Err(cx.type_error(message));
    }
    match make::extend(cx, args[0], args[1]) {
        Ok(_) => Ok(args[0]),
        Err(ask) => Err(then_give(cx, ask, args[0])),
    }
}

fn repeated(cx: &mut Cx, array: Value, count: Value) -> Result<Vec<u8>, Ask> {
    let id = this(cx, array);
    let count = count.as_int().unwrap_or_default().max(0) as usize;
    let Some(total) = state(cx, id).data.len().checked_mul(count).filter(|&total| total <= isize::MAX as usize) else {
        return Err(cx.memory_error());
    };
    cx.heap.ensure(total)?;
    cx.burnt += total as i64 / 64;
    Ok(state(cx, id).data.repeat(count))
}

pub fn array_mul(cx: &mut Cx, args: &[Value]) -> Outcome {
    let data = repeated(cx, args[0], args[1])?;
    let code = code_of(cx, this(cx, args[0]));
    Ok(new(cx, code, data))
}

pub fn array_imul(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = this(cx, args[0]);
    let data = repeated(cx, args[0], args[1])?;
    let extra = data.len().saturating_sub(state(cx, id).data.len());
    make_room(cx, id, extra)?;
    *data_mut(cx, id) = data;
    Ok(args[0])
}

/// Compares two arrays as lists of their items.
pub fn compare<const OP: u8>(cx: &mut Cx, args: &[Value]) -> Outcome {
    let op = crate::types::operator::COMPARES[OP as usize];
    let (left, Some(right)) = (this(cx, args[0]), array_of(cx, args[1])) else { return Ok(Value::NotImplemented) };
    let is_equality = matches!(op, Compare::Eq | Compare::NotEq);
    let code = code_of(cx, left);
    if is_equality && code == code_of(cx, right) && !matches!(code, b'f' | b'd') {
        let is_equal = state(cx, left).data == state(cx, right).data;
        return Ok(Value::Bool(is_equal == (op == Compare::Eq)));
    }
    let (left, right) = (items(cx, left)?, items(cx, right)?);
    let (left, right) = (cx.heap.new_tuple_from(left), cx.heap.new_tuple_from(right));
    walk::compare(cx, op, left, right)
}

// ----- Files -----

pub fn array_tofile(cx: &mut Cx, args: &[Value]) -> Outcome {
    let data = array_tobytes(cx, args)?;
    let write = cx.name("write");
    let ask = method_call::ask(cx, args[1], write, &[data]);
    Err(then_give(cx, ask, Value::None))
}

pub fn array_fromfile(cx: &mut Cx, args: &[Value]) -> Outcome {
    Err(cx.ask_push(NativeFrame::new(step(3), &[args[0], args[1], args[2]])))
}

/// Steps: 0; 1 the bytes were asked for.
pub fn read_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let [array, file, count] = frame.values[..] else { crate::bug!("an array, a file and a count") };
    let id = this(cx, array);
    let size = item_len(code_of(cx, id)) as i64;
    let count = count.as_int().unwrap_or_default();
    if frame.step == 0 {
        if count < 0 {
            return Err(cx.value_error("negative count"));
        }
        let Some(wanted) = count.checked_mul(size) else { return Err(cx.memory_error()) };
        frame.step = 1;
        let read = cx.name("read");
        return Err(method_call::ask(cx, file, read, &[Value::Int(wanted)]).to_come_back());
    }
    let data = frame.told.into_outcome()?;
    let Value::Bytes(bytes) = cx.exact(data) else { return Err(cx.type_error("read() didn't return bytes")) };
    let n_read = cx.heap.bytes.get(bytes).data.len() as i64;
    make::append_bytes(cx, id, data)?;
    if n_read != count * size {
        return Err(cx.raise(classes::EOF_ERROR, "read() didn't return enough bytes"));
    }
    Ok(Value::None)
}
