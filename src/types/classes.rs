//! The table of all built-in classes, and what the class of a value is.
//!
//! A class's handle is its place in the table (the exceptions of `exception.rs` follow), so that Rust code knows them as
//! constants. Their dicts are filled from the tables of natives at first use.

pub use super::class_of::class_of;
pub use super::exception::*;
use crate::call::cx::native_def;
use crate::call::{Cx, NativeDef, NativeKind, names};
use crate::value::class::Layout;
use crate::value::special::{N_SPECIALS, Special};
use crate::value::{Class, Descr, DescrKind, Id, Inst, Name, NativeId, Value};

/// A row of the table.
pub struct ClassDef {
    pub name: &'static str,
    pub module: &'static str,
    pub bases: &'static [Id<Class>],
    pub layout: Layout,
    pub natives: &'static [NativeDef],
    pub flags: u8,
}

/// Can be a base class.
pub(super) const BASE: u8 = 1;
/// Instances have attributes of their own.
pub(super) const DICT: u8 = 2;
/// Can be the target of a weak reference.
pub(super) const WEAK: u8 = 4;

macro_rules! classes {
    ($($constant:ident $name:literal $module:literal [$($base:ident)*] $layout:expr, $flags:expr, $natives:expr;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Number {
            $($constant,)*
            Count,
        }

        $(#[doc = $name] pub const $constant: Id<Class> = Id::new(Number::$constant as usize);)*

        /// How many there are without the exceptions.
        pub const N_CLASSES: usize = Number::Count as usize;

        /// All built-in classes but the exceptions, bases before what derives from them.
        pub static CLASSES: &[ClassDef] = &[$(ClassDef {
            name: $name,
            module: $module,
            bases: &[$($base),*],
            layout: $layout,
            natives: $natives,
            flags: $flags,
        },)*];
    };
}

use Layout as L;

classes! {
    OBJECT "object" "builtins" [] L::Object, BASE, super::object::OBJECT;
    TYPE "type" "builtins" [OBJECT] L::Type, BASE | DICT | WEAK, super::class::TYPE_ROWS;
    INT "int" "builtins" [OBJECT] L::Int, BASE, super::int::natives::INT_ROWS;
    BOOL "bool" "builtins" [INT] L::Closed, 0, super::int::boolean::BOOL_ROWS;
    FLOAT "float" "builtins" [OBJECT] L::Float, BASE, super::float::natives::FLOAT_ROWS;
    COMPLEX "complex" "builtins" [OBJECT] L::Native(5), BASE, super::complex::natives::COMPLEX_ROWS;
    STR "str" "builtins" [OBJECT] L::Str, BASE, super::str::STR;
    BYTES "bytes" "builtins" [OBJECT] L::Bytes, BASE, super::bytes::table::BYTES;
    BYTEARRAY "bytearray" "builtins" [OBJECT] L::Native(8), BASE, super::bytes::table::BYTEARRAY;
    MEMORYVIEW "memoryview" "builtins" [OBJECT] L::Closed, WEAK, super::memoryview::natives::MEMORYVIEW;
    TUPLE "tuple" "builtins" [OBJECT] L::Tuple, BASE, super::tuple::TUPLE;
    LIST "list" "builtins" [OBJECT] L::List, BASE, super::list::methods::LIST;
    DICT_CLASS "dict" "builtins" [OBJECT] L::Dict, BASE, super::dict::methods::DICT;
    SET "set" "builtins" [OBJECT] L::Set, BASE | WEAK, super::set::methods::SET;
    FROZENSET "frozenset" "builtins" [OBJECT] L::FrozenSet, BASE | WEAK, super::set::methods::FROZENSET;
    RANGE "range" "builtins" [OBJECT] L::Closed, 0, super::range::RANGE;
    SLICE "slice" "builtins" [OBJECT] L::Closed, 0, super::slice::SLICE;
    NONE_TYPE "NoneType" "builtins" [OBJECT] L::Closed, 0, super::constants::NONE_ROWS;
    NOT_IMPLEMENTED_TYPE "NotImplementedType" "builtins" [OBJECT] L::Closed, 0, super::constants::NOT_IMPLEMENTED_ROWS;
    ELLIPSIS_TYPE "ellipsis" "builtins" [OBJECT] L::Closed, 0, super::constants::ELLIPSIS_ROWS;
    FUNCTION "function" "builtins" [OBJECT] L::Closed, DICT | WEAK, super::callable::function::FUNCTION;
    BUILTIN_FUNCTION "builtin_function_or_method" "builtins" [OBJECT] L::Closed, WEAK, super::callable::builtin::BUILTIN_FUNCTION;
    METHOD "method" "builtins" [OBJECT] L::Closed, WEAK, super::callable::method::METHOD;
    METHOD_DESCRIPTOR "method_descriptor" "builtins" [OBJECT] L::Closed, 0, super::callable::builtin::METHOD_DESCRIPTOR;
    CLASSMETHOD_DESCRIPTOR "classmethod_descriptor" "builtins" [OBJECT] L::Closed, 0, super::callable::builtin::CLASSMETHOD_DESCRIPTOR;
    WRAPPER_DESCRIPTOR "wrapper_descriptor" "builtins" [OBJECT] L::Closed, 0, super::callable::builtin::WRAPPER_DESCRIPTOR;
    METHOD_WRAPPER "method-wrapper" "builtins" [OBJECT] L::Closed, 0, super::callable::builtin::METHOD_WRAPPER;
    GETSET_DESCRIPTOR "getset_descriptor" "builtins" [OBJECT] L::Closed, 0, super::callable::builtin::GETSET_DESCRIPTOR;
    MEMBER_DESCRIPTOR "member_descriptor" "builtins" [OBJECT] L::Closed, 0, super::callable::builtin::MEMBER_DESCRIPTOR;
    CELL "cell" "builtins" [OBJECT] L::Closed, 0, super::callable::cell::CELL;
    CODE "code" "builtins" [OBJECT] L::Closed, WEAK, super::callable::code::CODE;
    MODULE "module" "builtins" [OBJECT] L::Module, BASE | DICT | WEAK, super::module::MODULE;
    GENERATOR "generator" "builtins" [OBJECT] L::Closed, WEAK, super::generator::methods::GENERATOR;
    COROUTINE "coroutine" "builtins" [OBJECT] L::Closed, WEAK, super::generator::methods::COROUTINE;
    ASYNC_GENERATOR "async_generator" "builtins" [OBJECT] L::Closed, WEAK, super::generator::methods::ASYNC_GENERATOR;
    PROPERTY "property" "builtins" [OBJECT] L::Descr, BASE, super::callable::property::PROPERTY;
    CLASSMETHOD "classmethod" "builtins" [OBJECT] L::Descr, BASE | DICT, super::callable::wrapper::CLASSMETHOD;
    STATICMETHOD "staticmethod" "builtins" [OBJECT] L::Descr, BASE | DICT, super::callable::wrapper::STATICMETHOD;
    SUPER "super" "builtins" [OBJECT] L::Native(38), BASE, super::callable::super_object::SUPER;
    MAPPING_PROXY "mappingproxy" "builtins" [OBJECT] L::Closed, 0, super::mapping_proxy::MAPPING_PROXY;
    DICT_KEYS "dict_keys" "builtins" [OBJECT] L::Closed, 0, super::dict::views::KEYS;
    DICT_VALUES "dict_values" "builtins" [OBJECT] L::Closed, 0, super::dict::views::VALUES;
    DICT_ITEMS "dict_items" "builtins" [OBJECT] L::Closed, 0, super::dict::views::ITEMS;
    LIST_ITERATOR "list_iterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    LIST_REVERSE_ITERATOR "list_reverseiterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    TUPLE_ITERATOR "tuple_iterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    STR_ITERATOR "str_iterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    STR_ASCII_ITERATOR "str_ascii_iterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    BYTES_ITERATOR "bytes_iterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    BYTEARRAY_ITERATOR "bytearray_iterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    RANGE_ITERATOR "range_iterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    LONG_RANGE_ITERATOR "longrange_iterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    DICT_KEY_ITERATOR "dict_keyiterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    DICT_VALUE_ITERATOR "dict_valueiterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    DICT_ITEM_ITERATOR "dict_itemiterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    DICT_REVERSE_KEY_ITERATOR "dict_reversekeyiterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    DICT_REVERSE_VALUE_ITERATOR "dict_reversevalueiterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    DICT_REVERSE_ITEM_ITERATOR "dict_reverseitemiterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    SET_ITERATOR "set_iterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    ITERATOR "iterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    REVERSED "reversed" "builtins" [OBJECT] L::Closed, BASE, super::iterator::REVERSED;
    CALLABLE_ITERATOR "callable_iterator" "builtins" [OBJECT] L::Closed, 0, super::iterator::ITERATOR;
    ENUMERATE "enumerate" "builtins" [OBJECT] L::Closed, BASE, super::iterator::ENUMERATE;
    ZIP "zip" "builtins" [OBJECT] L::Closed, BASE, super::iterator::ZIP;
    MAP "map" "builtins" [OBJECT] L::Closed, BASE, super::iterator::MAP;
    FILTER "filter" "builtins" [OBJECT] L::Closed, BASE, super::iterator::FILTER;
    ABC_META "ABCMeta" "abc" [TYPE] L::Type, BASE | DICT | WEAK, super::abstract_base::ABC_META;
    ABC_DATA "_abc_data" "_abc" [OBJECT] L::Closed, 0, &[];
    WEAK_REF "ReferenceType" "weakref" [OBJECT] L::Native(112), BASE, super::weak::WEAK_REF;
    WEAK_PROXY "ProxyType" "weakref" [OBJECT] L::Closed, 0, super::weak::WEAK_PROXY;
    CALLABLE_PROXY "CallableProxyType" "weakref" [WEAK_PROXY] L::Closed, 0, &[];
    PARTIAL "partial" "functools" [OBJECT] L::Native(111), BASE | DICT | WEAK, super::partial::PARTIAL;
    LRU_CACHE "_lru_cache_wrapper" "functools" [OBJECT] L::Closed, DICT | WEAK, super::lru_cache::LRU_CACHE;
    SIMPLE_NAMESPACE "SimpleNamespace" "types" [OBJECT] L::Object, BASE | DICT | WEAK, super::simple_namespace::SIMPLE_NAMESPACE;
    TUPLE_GETTER "_tuplegetter" "_collections" [OBJECT] L::Closed, 0, super::struct_sequence::ITEM_GETTER;
    DEQUE "deque" "collections" [OBJECT] L::Native(130), BASE | WEAK, super::collections::deque::DEQUE;
    DEQUE_ITERATOR "_deque_iterator" "_collections" [OBJECT] L::Closed, 0, super::collections::deque_iterator::DEQUE_ITERATOR;
    DEQUE_REVERSE_ITERATOR "_deque_reverse_iterator" "_collections" [OBJECT] L::Closed, 0, super::collections::deque_iterator::DEQUE_ITERATOR;
    DEFAULT_DICT "defaultdict" "collections" [DICT_CLASS] L::Dict, BASE, super::collections::defaultdict::DEFAULT_DICT;
    ORDERED_DICT "OrderedDict" "collections" [DICT_CLASS] L::Dict, BASE | DICT | WEAK, super::collections::ordered_dict::ORDERED_DICT;
    COUNT "count" "itertools" [OBJECT] L::Native(140), BASE, super::itertools::endless::COUNT;
    CYCLE "cycle" "itertools" [OBJECT] L::Native(141), BASE, super::itertools::endless::CYCLE;
    REPEAT "repeat" "itertools" [OBJECT] L::Native(142), BASE, super::itertools::endless::REPEAT;
    CHAIN "chain" "itertools" [OBJECT] L::Native(143), BASE, super::itertools::chain::CHAIN;
    COMPRESS "compress" "itertools" [OBJECT] L::Native(144), BASE, super::itertools::chain::COMPRESS;
    DROPWHILE "dropwhile" "itertools" [OBJECT] L::Native(145), BASE, super::itertools::filter::DROPWHILE;
    TAKEWHILE "takewhile" "itertools" [OBJECT] L::Native(146), BASE, super::itertools::filter::TAKEWHILE;
    FILTERFALSE "filterfalse" "itertools" [OBJECT] L::Native(147), BASE, super::itertools::filter::FILTERFALSE;
    STARMAP "starmap" "itertools" [OBJECT] L::Native(148), BASE, super::itertools::chain::STARMAP;
    ISLICE "islice" "itertools" [OBJECT] L::Native(149), BASE, super::itertools::chain::ISLICE;
    ACCUMULATE "accumulate" "itertools" [OBJECT] L::Native(150), BASE, super::itertools::group::ACCUMULATE;
    BATCHED "batched" "itertools" [OBJECT] L::Native(151), BASE, super::itertools::group::BATCHED;
    PAIRWISE "pairwise" "itertools" [OBJECT] L::Native(152), BASE, super::itertools::group::PAIRWISE;
    ZIP_LONGEST "zip_longest" "itertools" [OBJECT] L::Native(153), BASE, super::itertools::group::ZIP_LONGEST;
    GROUPBY "groupby" "itertools" [OBJECT] L::Native(154), BASE, super::itertools::groupby::GROUPBY;
    GROUPER "_grouper" "itertools" [OBJECT] L::Native(155), 0, super::itertools::groupby::GROUPER;
    TEE "_tee" "itertools" [OBJECT] L::Native(156), WEAK, super::itertools::tee::TEE;
    PRODUCT "product" "itertools" [OBJECT] L::Native(157), BASE, super::itertools::combine::PRODUCT;
    PERMUTATIONS "permutations" "itertools" [OBJECT] L::Native(158), BASE, super::itertools::combine::PERMUTATIONS;
    COMBINATIONS "combinations" "itertools" [OBJECT] L::Native(159), BASE, super::itertools::combine::COMBINATIONS;
    COMBINATIONS_WITH_REPLACEMENT "combinations_with_replacement" "itertools" [OBJECT] L::Native(160), BASE, super::itertools::combine::COMBINATIONS_WITH_REPLACEMENT;
    COROUTINE_WRAPPER "coroutine_wrapper" "builtins" [OBJECT] L::Closed, 0, super::generator::wrapper::COROUTINE_WRAPPER;
    ASYNC_GENERATOR_ASEND "async_generator_asend" "builtins" [OBJECT] L::Closed, 0, super::generator::asynchronous::ASEND;
    ASYNC_GENERATOR_ATHROW "async_generator_athrow" "builtins" [OBJECT] L::Closed, 0, super::generator::asynchronous::ATHROW;
    FRAME "frame" "builtins" [OBJECT] L::Closed, 0, super::frame::FRAME;
    TRACEBACK "traceback" "builtins" [OBJECT] L::Closed, 0, super::exception::traceback::TRACEBACK;
    UNION_TYPE "UnionType" "types" [OBJECT] L::Closed, WEAK, super::union::UNION;
    GENERIC_ALIAS "GenericAlias" "types" [OBJECT] L::Native(110), BASE | WEAK, super::generic_alias::GENERIC_ALIAS;
    GENERIC "Generic" "typing" [OBJECT] L::Object, BASE, super::generic_alias::GENERIC;
    TYPE_VAR "TypeVar" "typing" [OBJECT] L::Closed, WEAK, super::type_params::TYPE_VAR;
    PARAM_SPEC "ParamSpec" "typing" [OBJECT] L::Closed, WEAK, super::type_params::PARAM_SPEC;
    TYPE_VAR_TUPLE "TypeVarTuple" "typing" [OBJECT] L::Closed, WEAK, super::type_params::TYPE_VAR_TUPLE;
    TYPE_ALIAS_TYPE "TypeAliasType" "typing" [OBJECT] L::Closed, WEAK, super::type_params::TYPE_ALIAS_TYPE;
    NO_DEFAULT_TYPE "NoDefaultType" "typing" [OBJECT] L::Closed, 0, super::singletons::NO_DEFAULT;
    MEMORY_ITERATOR "memory_iterator" "builtins" [OBJECT] L::Closed, 0, &[];
    FUTURE "Future" "_asyncio" [OBJECT] L::Native(120), BASE | DICT | WEAK, super::asyncio::future_methods::FUTURE;
    TASK "Task" "_asyncio" [FUTURE] L::Native(121), BASE | DICT | WEAK, super::asyncio::task_methods::TASK;
    HANDLE "Handle" "asyncio.events" [OBJECT] L::Native(122), BASE | WEAK, super::asyncio::handle::HANDLE;
    TIMER_HANDLE "TimerHandle" "asyncio.events" [HANDLE] L::Native(122), BASE | WEAK, super::asyncio::handle::TIMER_HANDLE;
    ABSTRACT_EVENT_LOOP "AbstractEventLoop" "asyncio.events" [OBJECT] L::Object, BASE | DICT | WEAK, super::asyncio::abstract_loop::ABSTRACT_EVENT_LOOP;
    BASE_EVENT_LOOP "BaseEventLoop" "asyncio.base_events" [ABSTRACT_EVENT_LOOP] L::Native(123), BASE | DICT | WEAK, super::asyncio::loop_methods::BASE_EVENT_LOOP;
    BASE_SELECTOR_EVENT_LOOP "BaseSelectorEventLoop" "asyncio.selector_events" [BASE_EVENT_LOOP] L::Native(123), BASE | DICT | WEAK, super::asyncio::loop_methods::BASE_SELECTOR_EVENT_LOOP;
    UNIX_SELECTOR_EVENT_LOOP "_UnixSelectorEventLoop" "asyncio.unix_events" [BASE_SELECTOR_EVENT_LOOP] L::Native(123), BASE | DICT | WEAK, &[];
    LOCK "Lock" "asyncio.locks" [OBJECT] L::Native(124), BASE | DICT | WEAK, super::asyncio::lock::LOCK;
    EVENT "Event" "asyncio.locks" [OBJECT] L::Native(125), BASE | DICT | WEAK, super::asyncio::event::EVENT;
    SEMAPHORE "Semaphore" "asyncio.locks" [OBJECT] L::Native(126), BASE | DICT | WEAK, super::asyncio::semaphore::SEMAPHORE;
    BOUNDED_SEMAPHORE "BoundedSemaphore" "asyncio.locks" [SEMAPHORE] L::Native(126), BASE | DICT | WEAK, super::asyncio::semaphore::BOUNDED_SEMAPHORE;
    QUEUE "Queue" "asyncio.queues" [OBJECT] L::Native(127), BASE | DICT | WEAK, super::asyncio::queue::QUEUE;
    PRIORITY_QUEUE "PriorityQueue" "asyncio.queues" [QUEUE] L::Native(127), BASE | DICT | WEAK, super::asyncio::queue::PRIORITY_QUEUE;
    LIFO_QUEUE "LifoQueue" "asyncio.queues" [QUEUE] L::Native(127), BASE | DICT | WEAK, super::asyncio::queue::LIFO_QUEUE;
    TIMEOUT "Timeout" "asyncio.timeouts" [OBJECT] L::Native(140), BASE | DICT | WEAK, super::asyncio::timeout::TIMEOUT;
    TASK_GROUP "TaskGroup" "asyncio.taskgroups" [OBJECT] L::Native(141), BASE | DICT | WEAK, super::asyncio::group::TASK_GROUP;
    CONTEXT "Context" "_contextvars" [OBJECT] L::Closed, WEAK, super::context::CONTEXT;
    CONTEXT_VAR "ContextVar" "_contextvars" [OBJECT] L::Closed, WEAK, super::context::CONTEXT_VAR;
    TOKEN "Token" "_contextvars" [OBJECT] L::Closed, 0, super::context::TOKEN;
    TOKEN_MISSING "Token.MISSING" "_contextvars" [OBJECT] L::Closed, 0, super::context::TOKEN_MISSING;
    IO_BASE "_IOBase" "_io" [OBJECT] L::Object, BASE | DICT | WEAK, super::file::base::IO_BASE;
    ITEM_GETTER "itemgetter" "operator" [OBJECT] L::Closed, 0, super::getters::ITEM_GETTER_ROWS;
    ATTR_GETTER "attrgetter" "operator" [OBJECT] L::Closed, 0, super::getters::ATTR_GETTER_ROWS;
    METHOD_CALLER "methodcaller" "operator" [OBJECT] L::Closed, 0, super::getters::METHOD_CALLER_ROWS;
    RANDOM "Random" "_random" [OBJECT] L::Native(120), BASE, super::twister::RANDOM_ROWS;
    THREAD_LOCK "lock" "_thread" [OBJECT] L::Closed, WEAK, crate::native::thread::LOCK;
    THREAD_RLOCK "RLock" "_thread" [OBJECT] L::Native(130), BASE | WEAK, crate::native::thread::RLOCK;
    THREAD_HANDLE "_ThreadHandle" "_thread" [OBJECT] L::Closed, WEAK, crate::native::thread::THREAD_HANDLE;
    SIMPLE_QUEUE "SimpleQueue" "_queue" [OBJECT] L::Native(131), BASE | WEAK, crate::native::simple_queue::SIMPLE_QUEUE;
    ARRAY "array" "array" [OBJECT] L::Native(132), BASE | WEAK, super::array::natives::ARRAY;
    HOST_FUNCTION "host_function" "builtins" [OBJECT] L::Closed, 0, crate::native::embed::HOST_FUNCTION;
    RAW_IO_BASE "_RawIOBase" "_io" [IO_BASE] L::Object, BASE | DICT | WEAK, &[];
    BUFFERED_IO_BASE "_BufferedIOBase" "_io" [IO_BASE] L::Object, BASE | DICT | WEAK, &[];
    TEXT_IO_BASE "_TextIOBase" "_io" [IO_BASE] L::Object, BASE | DICT | WEAK, &[];
    FILE_IO "FileIO" "_io" [RAW_IO_BASE] L::Native(100), BASE | DICT | WEAK, super::file::raw::FILE_IO;
    BUFFERED_READER "BufferedReader" "_io" [BUFFERED_IO_BASE] L::Native(101), BASE | DICT | WEAK, super::file::buffered::BUFFERED_READER;
    BUFFERED_WRITER "BufferedWriter" "_io" [BUFFERED_IO_BASE] L::Native(102), BASE | DICT | WEAK, super::file::buffered::BUFFERED_WRITER;
    BUFFERED_RANDOM "BufferedRandom" "_io" [BUFFERED_IO_BASE] L::Native(103), BASE | DICT | WEAK, super::file::buffered::BUFFERED_RANDOM;
    BYTES_IO "BytesIO" "_io" [BUFFERED_IO_BASE] L::Native(104), BASE | DICT | WEAK, super::file::bytes_io::BYTES_IO;
    STRING_IO "StringIO" "_io" [TEXT_IO_BASE] L::Native(105), BASE | DICT | WEAK, super::file::string_io::STRING_IO;
    SOCKET "socket" "_socket" [OBJECT] L::Native(200), BASE, crate::native::socket::object::SOCKET;
    BASE_TRANSPORT "BaseTransport" "asyncio.transports" [OBJECT] L::Object, BASE | DICT | WEAK, super::asyncio::transport::methods::BASE_TRANSPORT;
    READ_TRANSPORT "ReadTransport" "asyncio.transports" [BASE_TRANSPORT] L::Object, BASE | DICT | WEAK, super::asyncio::transport::methods::READ_TRANSPORT;
    WRITE_TRANSPORT "WriteTransport" "asyncio.transports" [BASE_TRANSPORT] L::Object, BASE | DICT | WEAK, super::asyncio::transport::methods::WRITE_TRANSPORT;
    TRANSPORT "Transport" "asyncio.transports" [READ_TRANSPORT WRITE_TRANSPORT] L::Object, BASE | DICT | WEAK, &[];
    SOCKET_TRANSPORT "_SelectorSocketTransport" "asyncio.selector_events" [TRANSPORT] L::Native(201), BASE | DICT | WEAK, super::asyncio::transport::methods::SOCKET_TRANSPORT;
    STREAM_READER "StreamReader" "asyncio.streams" [OBJECT] L::Native(202), BASE | DICT | WEAK, super::asyncio::stream::reader::STREAM_READER;
    STREAM_PROTOCOL "StreamReaderProtocol" "asyncio.streams" [OBJECT] L::Native(203), BASE | DICT | WEAK, super::asyncio::stream::protocol::STREAM_PROTOCOL;
    STREAM_WRITER "StreamWriter" "asyncio.streams" [OBJECT] L::Native(204), BASE | DICT | WEAK, super::asyncio::stream::writer::STREAM_WRITER;
    STRUCT_TIME "struct_time" "time" [TUPLE] L::Tuple, 0, crate::native::time::tuple::STRUCT_TIME;
    TEXT_IO_WRAPPER "TextIOWrapper" "_io" [TEXT_IO_BASE] L::Native(106), BASE | DICT | WEAK, super::file::text::TEXT_IO_WRAPPER;
}

/// The class whose table this is.
pub fn class_of_table(table: u16) -> Option<Id<Class>> {
    if (table as usize) < N_CLASSES {
        return Some(Id::new(table as usize));
    }
    super::exception::class_of_table(table)
}

/// Puts the rows of a built-in class's table into its dict.
#[cold]
pub fn fill(cx: &mut Cx, class: Id<Class>) {
    let object = cx.heap.classes.get_mut(class);
    object.is_filled = true;
    let dict = object.dict;
    let Some(table) = object.table else { return };
    let rows = crate::tables::rows(table);
    for (row, def) in rows.iter().enumerate() {
        if def.kind == NativeKind::Hidden {
            continue;
        }
        let name = cx.name(def.name());
        cx.heap.set_in(dict, name, Value::Builtin(NativeId { table, row: row as u16 }));
    }
    // The doc of `__new__` is that of the class.
    let own = |def: &&NativeDef| def.kind == NativeKind::New && !def.doc.is_empty();
    if let Some(def) = rows.iter().find(own)
        && cx.heap.find_in(dict, names::DOC).is_none()
    {
        let doc = cx.str(def.doc);
        cx.heap.set_in(dict, names::DOC, doc);
    }
    // As for a class of a script: what compares by value and has no hash of its own has none.
    let has = |special: Special| rows.iter().any(|def| def.name() == special.text());
    if has(Special::Eq) && !has(Special::Hash) {
        cx.heap.set_in(dict, names::special(Special::Hash), Value::None);
    }
}

/// The dict of a class, filled.
#[inline]
pub fn dict_of(cx: &mut Cx, class: Id<Class>) -> Id<crate::value::Dict> {
    if !cx.heap.classes.get(class).is_filled {
        fill(cx, class);
    }
    cx.heap.classes.get(class).dict
}

/// What attribute lookup finds in a class and its bases, unbound: the place of the entry and the value.
pub fn find(cx: &mut Cx, class: Id<Class>, name: Name) -> Option<(Id<crate::value::Dict>, usize, Value)> {
    for at in 0..cx.heap.classes.get(class).mro.len() {
        let base = cx.heap.classes.get(class).mro[at];
        let dict = dict_of(cx, base);
        if let Some(entry_idx) = cx.heap.find_in(dict, name) {
            return Some((dict, entry_idx, cx.heap.dicts.get(dict).entries[entry_idx].value));
        }
    }
    None
}

/// The value that attribute lookup finds in a class and its bases, unbound.
pub fn lookup(cx: &mut Cx, class: Id<Class>, name: Name) -> Option<Value> {
    find(cx, class, name).map(|(_, _, value)| value)
}

/// Makes the table of special methods of a class.
#[cold]
pub fn fill_specials(cx: &mut Cx, class: Id<Class>) {
    let mut table = Box::new([Value::Undef; N_SPECIALS]);
    for &special in Special::ALL {
        if let Some(value) = lookup(cx, class, names::special(special)) {
            table[special as usize] = own_or_foreign(cx, class, value);
        }
    }
    cx.heap.charge(size_of::<[Value; N_SPECIALS]>());
    cx.heap.classes.get_mut(class).specials = Some(table);
}

/// A native method that stands in a class which does not derive from its owner (`__eq__ = str.__eq__`) is no method that
/// natives may call directly: it becomes a descriptor, whose method checks its `self`.
fn own_or_foreign(cx: &mut Cx, class: Id<Class>, value: Value) -> Value {
    let Value::Builtin(id) = value else { return value };
    if !cx.heap.classes.get(class).is_heap || !matches!(native_def(id).kind, NativeKind::Method | NativeKind::Special) {
        return value;
    }
    if class_of_table(id.table).is_none_or(|owner| is_subclass(cx, class, owner)) {
        return value;
    }
    let foreign = cx.heap.new_descr(Descr { kind: DescrKind::Foreign, get: value, ..Descr::default() });
    cx.heap.classes.get_mut(class).foreign.push(foreign);
    foreign
}

/// The structure of a class changed: its tables of special methods and those of its subclasses are stale, and so are the
/// inline caches that depend on them.
pub fn touch(cx: &mut Cx, class: Id<Class>) {
    let object = cx.heap.classes.get_mut(class);
    object.specials = None;
    object.foreign.clear();
    if std::mem::take(&mut object.is_cached) {
        cx.stale_classes.push(class);
    }
    for subclass in cx.heap.classes.get(class).subclasses.clone() {
        touch(cx, subclass);
    }
}

/// Whether instances of `class` are instances of `base`, by the order of bases alone.
pub fn is_subclass(cx: &Cx, class: Id<Class>, base: Id<Class>) -> bool {
    cx.heap.classes.get(class).is_subclass_of(base)
}

/// A fresh instance of a class without payload.
pub fn new_instance(cx: &mut Cx, class: Id<Class>) -> Value {
    let shape = cx.heap.classes.get(class).root_shape;
    cx.heap.new_inst(Inst::new(shape))
}
