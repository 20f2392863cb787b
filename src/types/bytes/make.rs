//! `bytes(x)`, `bytearray(x)`, `fromhex`, `decode`, and bytes from iterables of ints.

use super::{buffer, this};
use crate::call::launch::launch;
use crate::call::{Ask, Cx, Outcome};
use crate::types::bytearray::{self, ByteArray};
use crate::types::{classes, codecs, drive, protocol, text};
use crate::value::special::Special;
use crate::value::{NativeFrame, NativeId, Told, Value};

crate::natives! {
    /// Steps: sources that need script code.
    pub static BYTES_MAKE_STEPS = [
        hidden "source(source, is_array, list, at, out)" => step source_step, "The bytes that a source gives.";
        hidden "bytes_new(class, source)" => step new_step, "The bytes of the source, then the instance.";
        hidden "bytearray_init(self, source)" => step init_step, "The bytes of the source become the content.";
    ]
}

const fn step(row: u16) -> NativeId {
    NativeId { table: crate::tables::BYTES_MAKE, row }
}

/// The bytes of a source that needs no script code: an int is a number of zeros, and its range is checked.
pub fn quick_source(cx: &mut Cx, source: Value, is_array: bool) -> Option<Result<Vec<u8>, Ask>> {
    match source {
        Value::Undef => return Some(Ok(Vec::new())),
        Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => return Some(zeros(cx, source)),
        Value::List(_) | Value::Tuple(_) => return quick_items(cx, source),
        Value::Str(_) => return Some(Err(cx.type_error("string argument without an encoding"))),
        Value::Inst(_) if !is_array && cx.special_of(source, Special::Bytes).is_some() => return None,
        _ => {}
    }
    let data = buffer::bytes_of(cx, source)?.into_owned();
    Some(Ok(data))
}

fn zeros(cx: &mut Cx, count: Value) -> Result<Vec<u8>, Ask> {
    match count.as_int() {
        Some(count @ 0..) => {
            cx.heap.ensure(count as usize)?;
            Ok(vec![0; count as usize])
        }
        Some(_) => Err(cx.value_error("negative count")),
        None => Err(cx.overflow_error("cannot fit 'int' into an index-sized integer")),
    }
}

/// The items of an exact list or tuple, if all are small ints.
fn quick_items(cx: &mut Cx, sequence: Value) -> Option<Result<Vec<u8>, Ask>> {
    let items: &[Value] = match sequence {
        Value::List(id) => &cx.heap.lists.get(id).items,
        Value::Tuple(id) => cx.heap.tuples.get(id).items(),
        _ => return None,
    };
    let mut data = Vec::with_capacity(items.len());
    for item in items {
        let Value::Int(byte @ 0..256) = *item else { return None };
        data.push(byte as u8);
    }
    Some(Ok(data))
}

/// The bytes that any source gives, as bytes.
pub fn source(cx: &mut Cx, source: Value, is_array: bool) -> Outcome {
    match quick_source(cx, source, is_array) {
        Some(data) => data.map(|data| cx.heap.new_bytes(data)),
        None => launch(cx, NativeFrame::new(step(0), &[source, Value::Bool(is_array), Value::Undef])),
    }
}

const BEGIN: u32 = 0;
const BYTES: u32 = 1;
const COUNT: u32 = 2;
const LIST: u32 = 3;
const ITEM: u32 = 4;

/// R[2] is the list of the items; R[3] and on are the ints they gave.
fn source_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let (source, is_array) = (frame.values[0], frame.values[1] == Value::Bool(true));
    let told = std::mem::take(&mut frame.told);
    match frame.step {
        BEGIN => begin(cx, frame, source, is_array),
        BYTES => {
            let answer = told.into_outcome()?;
            if let exact @ Value::Bytes(_) = cx.exact(answer) {
                return Ok(exact);
            }
            let message = format!("__bytes__ returned non-bytes (type {})", cx.class_name(answer));
            Err(cx.type_error(message))
        }
        COUNT => match told {
            Told::Raised(exc) if cx.is_exception(exc, classes::TYPE_ERROR) => iterate(cx, frame, source, is_array),
            told => {
                let count = told.into_outcome()?;
                let data = zeros(cx, count)?;
                Ok(cx.heap.new_bytes(data))
            }
        },
        LIST => {
            frame.values[2] = told.into_outcome()?;
            frame.step = ITEM;
            items(cx, frame, Told::Start, is_array)
        }
        _ => items(cx, frame, told, is_array),
    }
}

fn begin(cx: &mut Cx, frame: &mut NativeFrame, source: Value, is_array: bool) -> Outcome {
    let special = |cx: &mut Cx, special| cx.special_of(source, special).filter(|method| !method.is_none());
    if !is_array && let Some(method) = cx.special_of(source, Special::Bytes) {
        if method.is_none() {
            return Err(cx.not_callable(method));
        }
        frame.step = BYTES;
        return Err(cx.ask_method(method, source, &[]).to_come_back());
    }
    if let Value::Str(_) = cx.exact(source) {
        return Err(cx.type_error("string argument without an encoding"));
    }
    if let Some(data) = buffer::bytes_of(cx, source) {
        let data = data.into_owned();
        return Ok(cx.heap.new_bytes(data));
    }
    if special(cx, Special::Index).is_some() {
        frame.step = COUNT;
        let count = protocol::index(cx, source).map_err(Ask::to_come_back)?;
        let data = zeros(cx, count)?;
        return Ok(cx.heap.new_bytes(data));
    }
    iterate(cx, frame, source, is_array)
}

fn iterate(cx: &mut Cx, frame: &mut NativeFrame, source: Value, is_array: bool) -> Outcome {
    let is_iterable = protocol::plain_iter(cx, source).is_some()
        || cx.special_of(source, Special::Iter).is_some_and(|method| !method.is_none())
        || cx.special_of(source, Special::GetItem).is_some();
    if !is_iterable {
        let what = if is_array { "bytearray" } else { "bytes" };
        let message = format!("cannot convert '{}' object to {what}", cx.class_name(source));
        return Err(cx.type_error(message));
    }
    frame.step = LIST;
    // A list is seen as it is, whatever the items' `__index__` does to it.
    frame.values[2] = match source {
        Value::List(_) => source,
        _ => drive::list(cx, source).map_err(Ask::to_come_back)?,
    };
    frame.step = ITEM;
    items(cx, frame, Told::Start, is_array)
}

fn items(cx: &mut Cx, frame: &mut NativeFrame, told: Told, is_array: bool) -> Outcome {
    let list = frame.values[2];
    let mut answer = match told {
        Told::Start => None,
        told => Some(told.into_outcome()?),
    };
    loop {
        let at = frame.values.len() - 3;
        let item = match list {
            Value::List(id) => cx.heap.lists.get(id).items.get(at).copied(),
            Value::Tuple(id) => cx.heap.tuples.get(id).items().get(at).copied(),
            _ => None,
        };
        let byte = match (answer.take(), item) {
            (Some(answer), _) => answer,
            (None, Some(item)) => protocol::index(cx, item).map_err(Ask::to_come_back)?,
            (None, None) => break,
        };
        if !matches!(byte, Value::Int(0..256)) {
            let what = if is_array { "byte" } else { "bytes" };
            return Err(cx.value_error(format!("{what} must be in range(0, 256)")));
        }
        frame.values.push(byte);
    }
    let byte = |value: &Value| value.as_int().unwrap_or_default() as u8;
    let data = frame.values[3..].iter().map(byte).collect();
    Ok(cx.heap.new_bytes(data))
}

/// Encodes the source of `bytes(text, encoding, errors)`; None if neither was given.
fn encoded(cx: &mut Cx, args: &[Value]) -> Result<Option<Vec<u8>>, Ask> {
    let [source, encoding, errors] = [args[1], args[2], args[3]];
    if encoding.is_undef() && errors.is_undef() {
        return Ok(None);
    }
    let Value::Str(id) = cx.exact(source) else {
        let which = if encoding.is_undef() { "errors" } else { "encoding" };
        return Err(cx.type_error(format!("{which} without a string argument")));
    };
    if encoding.is_undef() {
        return Err(cx.type_error("string argument without an encoding"));
    }
    let (codec, errors) = codecs::arguments(cx, encoding, errors, "encode")?;
    codecs::encode(cx, id, codec, &errors).map(Some)
}

pub(super) fn bytes_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let class = args[0];
    if let Some(data) = encoded(cx, args)? {
        let data = cx.heap.new_bytes(data);
        return Ok(of_class(cx, class, data));
    }
    if let Value::Bytes(_) = args[1]
        && class == Value::Class(classes::BYTES)
    {
        return Ok(args[1]);
    }
    match quick_source(cx, args[1], false) {
        Some(data) => {
            let data = data?;
            let data = cx.heap.new_bytes(data);
            Ok(of_class(cx, class, data))
        }
        None => launch(cx, NativeFrame::new(step(1), &[class, args[1]])),
    }
}

fn new_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let data = source(cx, frame.values[1], false).map_err(Ask::to_come_back)?;
        frame.told = Told::Value(data);
    }
    let data = frame.told.into_outcome()?;
    Ok(of_class(cx, frame.values[0], data))
}

/// The bytes themselves, or an instance of a script subclass with them.
fn of_class(cx: &mut Cx, class: Value, data: Value) -> Value {
    match class {
        Value::Class(id) if id != classes::BYTES => crate::types::class::allocate(cx, id, data),
        _ => data,
    }
}

pub(super) fn bytearray_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    let array = bytearray::new(cx, Vec::new());
    match args[0] {
        Value::Class(id) if id != classes::BYTEARRAY => Ok(crate::types::class::allocate(cx, id, array)),
        _ => Ok(array),
    }
}

pub(super) fn bytearray_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let data = match encoded(cx, args)? {
        Some(data) => data,
        None => match quick_source(cx, args[1], true) {
            Some(data) => data?,
            None => return launch(cx, NativeFrame::new(step(2), &[args[0], args[1]])),
        },
    };
    fill(cx, args[0], data)
}

fn init_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step == 0 {
        frame.step = 1;
        let data = source(cx, frame.values[1], true).map_err(Ask::to_come_back)?;
        frame.told = Told::Value(data);
    }
    let data = frame.told.into_outcome()?;
    let data = this(cx, data).to_vec();
    fill(cx, frame.values[0], data)
}

fn fill(cx: &mut Cx, array: Value, data: Vec<u8>) -> Outcome {
    let Value::Native(id) = cx.exact(array) else { crate::bug!("a bytearray is native") };
    bytearray::check_exports(cx, id)?;
    let is_old = cx.heap.natives.is_old(id);
    cx.heap.reserve_for(data.len(), is_old)?;
    if let Some(array) = cx.heap.native_mut::<ByteArray>(id) {
        array.data = data;
    }
    Ok(Value::None)
}

/// `bytes.fromhex(text)`; a script subclass is called with the bytes.
pub(super) fn bytes_fromhex(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text = cx.text_of(args[1]).expect("converted");
    let data = match text::bytes::from_hex(text) {
        Ok(data) => data,
        Err(at) => {
            let message = format!("non-hexadecimal number found in fromhex() arg at position {at}");
            return Err(cx.value_error(message));
        }
    };
    match args[0] {
        Value::Class(id) if id == classes::BYTES => Ok(cx.heap.new_bytes(data)),
        Value::Class(id) if id == classes::BYTEARRAY => Ok(bytearray::new(cx, data)),
        class => {
            let data = cx.heap.new_bytes(data);
            Err(cx.ask_tail(class, &[data]))
        }
    }
}

pub(super) fn bytes_decode(cx: &mut Cx, args: &[Value]) -> Outcome {
    let data = this(cx, args[0]).to_vec();
    let outcome = codecs::arguments(cx, args[1], args[2], "decode")
        .and_then(|(codec, errors)| codecs::decode(cx, &data, codec, &errors));
    codecs::registered(cx, outcome, "_decode", [args[0], args[1], args[2]])
}
