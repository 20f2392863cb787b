//! The rows of `memoryview`.

use super::item::{self, open, to_list};
use super::{MemoryView, format, gather, make, of, release, released_error};
use crate::call::{Ask, Cx, Outcome};
use crate::types::bytes::{buffer, change};
use crate::types::quick;
use crate::value::{Iter, Value};

crate::natives! {
    /// The rows of `memoryview`.
    pub static MEMORYVIEW = [
        new "__new__(cls, object)" => memoryview_new, "Creates a view of an object with a buffer.";
        special "__repr__(self, /)" => memoryview_repr, "Return repr(self).";
        special "__len__(self, /)" => memoryview_len, "Return len(self).";
        special "__getitem__(self, key, /)" => item::memoryview_getitem, "Return self[key].";
        special "__setitem__(self, key, value, /)" => item::memoryview_setitem, "Set self[key] to value.";
        special "__delitem__(self, key, /)" => item::memoryview_delitem, "Refuses.";
        special "__iter__(self, /)" => memoryview_iter, "Implement iter(self).";
        special "__eq__(self, value, /)" => memoryview_eq, "Return self==value.";
        special "__ne__(self, value, /)" => memoryview_ne, "Return self!=value.";
        special "__hash__(self, /)" => memoryview_hash, "Return hash(self).";
        special "__enter__(self, /)" => memoryview_enter, "Returns the view.";
        special "__exit__(self, *args)" => memoryview_release, "Releases the view.";
        method "release(self, /)" => memoryview_release, "Lets the buffer go.";
        method "tobytes(self, /, order=None)" => memoryview_tobytes, "The bytes of the items.";
        method "tolist(self, /)" => memoryview_tolist, "The items as a list.";
        method "hex(self, sep=, bytes_per_sep: size=1)" => memoryview_hex, "Hexadecimal digits.";
        method "cast(self, format: str, shape=)" => memoryview_cast, "Another view of the same bytes.";
        method "toreadonly(self, /)" => memoryview_toreadonly, "A view that can't be written through.";
        attr "obj" => memoryview_obj, "The object that is looked at.";
        attr "nbytes" => memoryview_nbytes, "How many bytes the items have.";
        attr "readonly" => memoryview_readonly, "Whether the memory is read only.";
        attr "itemsize" => memoryview_itemsize, "The bytes of an item.";
        attr "format" => memoryview_format, "The format of an item.";
        attr "ndim" => memoryview_ndim, "The number of dimensions.";
        attr "shape" => memoryview_shape, "The length of each dimension.";
        attr "strides" => memoryview_strides, "The distance in bytes of items in each dimension.";
        attr "suboffsets" => memoryview_suboffsets, "An empty tuple.";
        attr "c_contiguous" => memoryview_c_contiguous, "Whether the items stand side by side.";
        attr "f_contiguous" => memoryview_f_contiguous, "The same in Fortran's order.";
        attr "contiguous" => memoryview_contiguous, "One of both.";
    ]
}

fn memoryview_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    of(cx, args[1])
}

fn memoryview_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let word = if open(cx, args[0]).is_ok() { "memory" } else { "released memory" };
    let address = quick::identity(args[0]);
    Ok(cx.str(&format!("<{word} at {address:#x}>")))
}

fn memoryview_len(cx: &mut Cx, args: &[Value]) -> Outcome {
    let view = open(cx, args[0])?;
    match view.shape.first() {
        Some(len) => Ok(Value::Int(*len as i64)),
        None => Err(cx.type_error("0-dim memory has no length")),
    }
}

fn memoryview_iter(cx: &mut Cx, args: &[Value]) -> Outcome {
    let view = open(cx, args[0])?;
    match view.shape.len() {
        0 => Err(cx.type_error("invalid indexing of 0-dim memory")),
        1 => Ok(cx.heap.new_iter(Iter::Items { sequence: args[0], index: 0 })),
        _ => Err(cx.not_implemented("multi-dimensional sub-views are not implemented")),
    }
}

/// Equal shapes and equal items; None: the other is no buffer, or released.
fn equals(cx: &mut Cx, args: &[Value]) -> Result<Option<bool>, Ask> {
    if args[0] == args[1] {
        return Ok(Some(true));
    }
    let Ok(view) = open(cx, args[0]) else { return Ok(Some(false)) };
    if !buffer::is_buffer(cx, args[1]) {
        return Ok(None);
    }
    let Ok(Value::Native(id)) = of(cx, args[1]) else { return Ok(Some(false)) };
    let other = cx.heap.native::<MemoryView>(id).cloned();
    release(cx, id);
    let Some(other) = other else { return Ok(Some(false)) };
    if view.shape != other.shape {
        return Ok(Some(false));
    }
    let (Some(left), Some(right)) = (gather(cx, &view), gather(cx, &other)) else { return Ok(Some(false)) };
    if view.format == other.format && !matches!(view.format, b'f' | b'd' | b'e') {
        return Ok(Some(left == right));
    }
    let pairs = left.chunks(view.item_len).zip(right.chunks(other.item_len));
    for (left, right) in pairs {
        let (left, right) = (format::unpack(cx, view.format, left), format::unpack(cx, other.format, right));
        if quick::quick_eq(cx, left, right) != Some(true) {
            return Ok(Some(false));
        }
    }
    Ok(Some(true))
}

fn memoryview_eq(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(equals(cx, args)?.map_or(Value::NotImplemented, Value::Bool))
}

fn memoryview_ne(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(equals(cx, args)?.map_or(Value::NotImplemented, |same| Value::Bool(!same)))
}

fn memoryview_hash(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Native(id) = args[0] else { crate::bug!("a memoryview is native") };
    if let Some(hash) = cx.heap.native::<MemoryView>(id).and_then(|view| view.hash) {
        return Ok(Value::Int(hash));
    }
    let view = open(cx, args[0])?;
    if !view.is_readonly {
        return Err(cx.value_error("cannot hash writable memoryview object"));
    }
    if !matches!(view.format, b'B' | b'b' | b'c') {
        return Err(cx.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
    }
    let data = gather(cx, &view).unwrap_or_default();
    let data = cx.heap.new_bytes(data);
    let hash = quick::quick_hash(cx, data).expect("bytes have their hash") as i64;
    if let Some(view) = cx.heap.native_mut::<MemoryView>(id) {
        view.hash = Some(hash);
    }
    Ok(Value::Int(hash))
}

fn memoryview_enter(cx: &mut Cx, args: &[Value]) -> Outcome {
    open(cx, args[0])?;
    Ok(args[0])
}

fn memoryview_release(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let Value::Native(id) = args[0] {
        release(cx, id);
    }
    Ok(Value::None)
}

fn memoryview_tobytes(cx: &mut Cx, args: &[Value]) -> Outcome {
    let view = open(cx, args[0])?;
    match cx.none_or(args[1]).and_then(|order| cx.text_of(order)) {
        None | Some(b"C" | b"A") => {}
        Some(b"F") if view.shape.len() <= 1 => {}
        Some(b"F") => return Err(cx.not_implemented("memoryview.tobytes: Fortran's order of several dimensions")),
        Some(_) => return Err(cx.value_error("order must be 'C', 'F' or 'A'")),
    }
    cx.heap.ensure(view.n_bytes())?;
    match gather(cx, &view) {
        Some(data) => Ok(cx.heap.new_bytes(data)),
        None => Err(released_error(cx)),
    }
}

fn memoryview_tolist(cx: &mut Cx, args: &[Value]) -> Outcome {
    let view = open(cx, args[0])?;
    to_list(cx, &view)
}

fn memoryview_hex(cx: &mut Cx, args: &[Value]) -> Outcome {
    let view = open(cx, args[0])?;
    let data = gather(cx, &view).unwrap_or_default();
    change::hex(cx, &data, args[1], args[2])
}

fn memoryview_cast(cx: &mut Cx, args: &[Value]) -> Outcome {
    let mut view = open(cx, args[0])?;
    let Value::Str(text) = cx.exact(args[1]) else { crate::bug!("converted") };
    let Some(letter) = format::letter(cx, text) else {
        return Err(cx.value_error(
            "memoryview: destination format must be a native single character format prefixed with an optional '@'",
        ));
    };
    if !view.is_contiguous() {
        return Err(cx.type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    let is_byte = |format: u8| matches!(format, b'B' | b'b' | b'c');
    if !is_byte(view.format) && !is_byte(letter) {
        return Err(cx.type_error("memoryview: cannot cast between two non-byte formats"));
    }
    let item_len = format::item_len(letter).unwrap_or(1);
    let n_bytes = view.n_bytes();
    if args[2].is_undef() {
        if view.shape.len() > 1 && n_bytes == 0 {
            return Err(cx.type_error("memoryview: cannot cast view with zeros in shape or strides"));
        }
        if !n_bytes.is_multiple_of(item_len) {
            return Err(cx.type_error("memoryview: length is not a multiple of itemsize"));
        }
        view.shape = vec![n_bytes / item_len];
    } else {
        if n_bytes == 0 {
            return Err(cx.type_error("memoryview: cannot cast view with zeros in shape or strides"));
        }
        view.shape = cast_shape(cx, args[2])?;
        let wanted = view.shape.iter().try_fold(item_len, |product, &len| product.checked_mul(len));
        if wanted != Some(n_bytes) {
            return Err(cx.type_error("memoryview: product(shape) * itemsize != buffer size"));
        }
    }
    (view.format, view.item_len) = (letter, item_len);
    let mut stride = item_len as isize;
    view.strides = vec![0; view.shape.len()];
    for (dimension, &len) in view.shape.iter().enumerate().rev() {
        view.strides[dimension] = stride;
        stride *= len as isize;
    }
    Ok(make(cx, view))
}

fn cast_shape(cx: &mut Cx, shape: Value) -> Result<Vec<usize>, Ask> {
    let lengths = match cx.exact(shape) {
        Value::List(id) => cx.heap.lists.get(id).items.clone(),
        Value::Tuple(id) => cx.heap.tuples.get(id).items().to_vec(),
        _ => return Err(cx.type_error("shape must be a list or a tuple")),
    };
    let mut dimensions = Vec::with_capacity(lengths.len());
    for len in lengths {
        match cx.exact(len) {
            Value::Int(len @ 1..) => dimensions.push(len as usize),
            Value::Int(_) => {
                return Err(cx.value_error("memoryview.cast(): elements of shape must be integers > 0"));
            }
            _ => return Err(cx.type_error("memoryview.cast(): elements of shape must be integers")),
        }
    }
    Ok(dimensions)
}

fn memoryview_toreadonly(cx: &mut Cx, args: &[Value]) -> Outcome {
    let view = open(cx, args[0])?;
    Ok(make(cx, MemoryView { is_readonly: true, ..view }))
}

fn memoryview_obj(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(open(cx, args[0])?.owner)
}

fn memoryview_nbytes(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(open(cx, args[0])?.n_bytes() as i64))
}

fn memoryview_readonly(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(open(cx, args[0])?.is_readonly))
}

fn memoryview_itemsize(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(open(cx, args[0])?.item_len as i64))
}

fn memoryview_format(cx: &mut Cx, args: &[Value]) -> Outcome {
    let format = open(cx, args[0])?.format;
    Ok(cx.heap.latin_char(format))
}

fn memoryview_ndim(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(open(cx, args[0])?.shape.len() as i64))
}

fn memoryview_shape(cx: &mut Cx, args: &[Value]) -> Outcome {
    let shape = open(cx, args[0])?.shape.into_iter().map(|len| Value::Int(len as i64)).collect();
    Ok(cx.heap.new_tuple_from(shape))
}

fn memoryview_strides(cx: &mut Cx, args: &[Value]) -> Outcome {
    let strides = open(cx, args[0])?.strides.into_iter().map(|stride| Value::Int(stride as i64)).collect();
    Ok(cx.heap.new_tuple_from(strides))
}

fn memoryview_suboffsets(cx: &mut Cx, args: &[Value]) -> Outcome {
    open(cx, args[0])?;
    Ok(cx.heap.empty_tuple)
}

fn memoryview_c_contiguous(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(open(cx, args[0])?.is_contiguous()))
}

fn is_fortran(view: &MemoryView) -> bool {
    let mut expected = view.item_len as isize;
    for (&len, &stride) in view.shape.iter().zip(&view.strides) {
        if len > 1 && stride != expected {
            return view.n_items() == 0;
        }
        expected *= len as isize;
    }
    true
}

fn memoryview_f_contiguous(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(is_fortran(&open(cx, args[0])?)))
}

fn memoryview_contiguous(cx: &mut Cx, args: &[Value]) -> Outcome {
    let view = open(cx, args[0])?;
    Ok(Value::Bool(view.is_contiguous() || is_fortran(&view)))
}
