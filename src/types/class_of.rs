//! The class of a value: by its tag, and for some tags by what the object says.

use super::classes::*;
use crate::call::NativeKind;
use crate::call::cx::native_def;
use crate::value::generator::GenKind;
use crate::value::{Class, DescrKind, Heap, Id, Iter, NativeId, Value};

/// The class of a value: `type(value)`.
#[inline]
pub fn class_of(heap: &Heap, value: Value) -> Id<Class> {
    match value {
        Value::Str(_) => STR,
        Value::List(_) => LIST,
        Value::Dict(_) => DICT_CLASS,
        Value::Inst(id) => heap.shapes.get(heap.insts.get(id).shape).class,
        _ => class_of_rare(heap, value),
    }
}

fn class_of_rare(heap: &Heap, value: Value) -> Id<Class> {
    match value {
        Value::Undef | Value::Shape(_) | Value::Buffer(_) => OBJECT,
        Value::None => NONE_TYPE,
        Value::NotImplemented => NOT_IMPLEMENTED_TYPE,
        Value::Ellipsis => ELLIPSIS_TYPE,
        Value::Bool(_) => BOOL,
        Value::Int(_) | Value::BigInt(_) => INT,
        Value::Float(_) => FLOAT,
        Value::Builtin(id) => class_of_builtin(id),
        Value::Str(_) => STR,
        Value::Bytes(_) => BYTES,
        Value::Tuple(_) => TUPLE,
        Value::List(_) => LIST,
        Value::Dict(_) => DICT_CLASS,
        Value::Set(_) => SET,
        Value::FrozenSet(_) => FROZENSET,
        Value::Range(_) => RANGE,
        Value::Slice(_) => SLICE,
        Value::Func(_) => FUNCTION,
        Value::Method(id) => match heap.methods.get(id).func {
            Value::Builtin(native) if native_def(native).kind == NativeKind::Special => METHOD_WRAPPER,
            Value::Builtin(_) => BUILTIN_FUNCTION,
            _ => METHOD,
        },
        Value::Class(id) => heap.classes.get(id).metaclass,
        Value::Inst(id) => heap.shapes.get(heap.insts.get(id).shape).class,
        Value::Exc(id) => heap.shapes.get(heap.excs.get(id).inst.shape).class,
        Value::Gen(id) => match heap.gens.get(id).kind {
            GenKind::Generator => GENERATOR,
            GenKind::Coroutine => COROUTINE,
            GenKind::AsyncGenerator => ASYNC_GENERATOR,
        },
        Value::Iter(id) => class_of_iter(heap, heap.iters.get(id)),
        Value::Cell(_) => CELL,
        Value::Module(_) => MODULE,
        Value::Descr(id) => match heap.descrs.get(id).kind {
            DescrKind::Property => PROPERTY,
            DescrKind::ClassMethod => CLASSMETHOD,
            DescrKind::StaticMethod | DescrKind::Foreign => STATICMETHOD,
        },
        Value::Link(_) => CODE,
        Value::Native(id) => heap.natives.get(id).class,
        Value::Future(_) => FUTURE,
        Value::Task(_) => TASK,
        Value::Loop(id) => heap.event_loops.get(id).class,
        Value::Handle(id) if heap.handles.get(id).when.is_some() => TIMER_HANDLE,
        Value::Handle(_) => HANDLE,
        Value::Context(_) => CONTEXT,
    }
}

fn class_of_builtin(id: NativeId) -> Id<Class> {
    match native_def(id).kind {
        NativeKind::Function | NativeKind::StaticMethod | NativeKind::New | NativeKind::Hidden => BUILTIN_FUNCTION,
        NativeKind::Method => METHOD_DESCRIPTOR,
        NativeKind::Special => WRAPPER_DESCRIPTOR,
        NativeKind::ClassMethod => CLASSMETHOD_DESCRIPTOR,
        NativeKind::Attribute => GETSET_DESCRIPTOR,
    }
}

fn class_of_iter(heap: &Heap, iter: &Iter) -> Id<Class> {
    use crate::value::iterator::{DictPart, PullKind};
    match iter {
        Iter::Done | Iter::Indexed { .. } => ITERATOR,
        Iter::List { .. } => LIST_ITERATOR,
        Iter::ListReversed { .. } => LIST_REVERSE_ITERATOR,
        Iter::Items { sequence, .. } => match sequence {
            Value::Bytes(_) => BYTES_ITERATOR,
            Value::Native(id) if heap.natives.get(*id).class == MEMORYVIEW => MEMORY_ITERATOR,
            Value::Native(_) => BYTEARRAY_ITERATOR,
            _ => TUPLE_ITERATOR,
        },
        Iter::Str { text, .. } if heap.strs.get(*text).is_ascii => STR_ASCII_ITERATOR,
        Iter::Str { .. } => STR_ITERATOR,
        Iter::Range { .. } => RANGE_ITERATOR,
        Iter::LongRange { .. } => LONG_RANGE_ITERATOR,
        Iter::Dict { part: DictPart::Keys, .. } => DICT_KEY_ITERATOR,
        Iter::Dict { part: DictPart::Values, .. } => DICT_VALUE_ITERATOR,
        Iter::Dict { part: DictPart::Items, .. } => DICT_ITEM_ITERATOR,
        Iter::DictReversed { part: DictPart::Keys, .. } => DICT_REVERSE_KEY_ITERATOR,
        Iter::DictReversed { part: DictPart::Values, .. } => DICT_REVERSE_VALUE_ITERATOR,
        Iter::DictReversed { part: DictPart::Items, .. } => DICT_REVERSE_ITEM_ITERATOR,
        Iter::Set { .. } => SET_ITERATOR,
        Iter::IndexedReversed { .. } => REVERSED,
        Iter::Calls { .. } => CALLABLE_ITERATOR,
        Iter::Pull(pull) => match pull.kind {
            PullKind::Enumerate => ENUMERATE,
            PullKind::Zip | PullKind::ZipStrict => ZIP,
            PullKind::Map => MAP,
            PullKind::Filter => FILTER,
        },
    }
}
