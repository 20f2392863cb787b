//! The list of all tables of natives: the classes' ones first, then those of modules and of steps.
//!
//! A [`NativeId`](crate::value::NativeId) names a table by its place here. The one file that knows tables of all layers.

use crate::call::NativeDef;
use crate::types::classes::{CLASSES, N_CLASSES};

macro_rules! tables {
    ($($constant:ident $module:literal $rows:path;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Number {
            $($constant,)*
        }

        $(#[doc = concat!("A table of `", $module, "`.")] pub const $constant: u16 = N_CLASSES as u16 + Number::$constant as u16;)*

        static TABLES: &[(&str, &[NativeDef])] = &[$(($module, $rows),)*];
    };
}

// Name of the constant, name of the module (empty: steps that no script sees), rows.
tables! {
    ATTRIBUTE "" crate::types::attribute::HIDDEN;
    AWAIT "" crate::types::awaitable::AWAIT_STEPS;
    SPREAD "" crate::types::spread::SPREAD_STEPS;
    PATTERN "" crate::types::pattern::PATTERN_STEPS;
    DEQUE "" crate::types::collections::deque::DEQUE_STEPS;
    DEFAULT_DICT "" crate::types::collections::defaultdict::DEFAULT_DICT_STEPS;
    ORDERED_DICT "" crate::types::collections::ordered_dict::ORDERED_DICT_STEPS;
    COUNTER "" crate::types::collections::counter::COUNTER_STEPS;
    COUNTER_FUNCTIONS "_collections" crate::types::collections::counter::COUNTER;
    ITERTOOLS "" crate::types::itertools::group::ITERTOOLS_STEPS;
    COMBINE "" crate::types::itertools::combine::COMBINE_STEPS;
    TEE_FUNCTIONS "itertools" crate::types::itertools::tee::TEE_FUNCTIONS;
    NAMESPACE "" crate::types::namespace::NAMESPACE_STEPS;
    IMPORT "" crate::native::import::IMPORT_STEPS;
    BASE_EXCEPTION "" crate::types::exception::base::BASE_EXCEPTION_ROWS;
    STRINGS "" crate::types::strings::STRING_STEPS;
    BOUNDS "" crate::types::bounds::BOUNDS_STEPS;
    STR_MAKE "" crate::types::str::make::STR_MAKE_STEPS;
    STR_PARTS "" crate::types::str::parts::STR_PARTS_STEPS;
    STR_CHANGE "" crate::types::str::change::STR_CHANGE_STEPS;
    STR_TEMPLATE "" crate::types::str::template::STR_TEMPLATE_STEPS;
    STR_PERCENT "" crate::types::str::percent::STR_PERCENT_STEPS;
    BYTES_PARTS "" crate::types::bytes::parts::BYTES_PARTS_STEPS;
    BYTES_MAKE "" crate::types::bytes::make::BYTES_MAKE_STEPS;
    BYTEARRAY_ITEM "" crate::types::bytearray::item::BYTEARRAY_ITEM_STEPS;
    BYTEARRAY_CONTENT "" crate::types::bytearray::content::BYTEARRAY_CONTENT_STEPS;
    MEMORYVIEW_STEPS "" crate::types::memoryview::item::MEMORYVIEW_STEPS;
    ARRAY_STEPS "" crate::types::array::make::ARRAY_STEPS;
    IO_BASE_STEPS "" crate::types::file::base::IO_BASE_STEPS;
    FILE_IO_STEPS "" crate::types::file::raw::FILE_IO_STEPS;
    BUFFERED_STEPS "" crate::types::file::buffered::BUFFERED_STEPS;
    TEXT_STEPS "" crate::types::file::text::TEXT_STEPS;
    OPEN "" crate::types::file::open::OPEN_STEPS;
    LIBRARY "" crate::native::library::LIBRARY_STEPS;
    OLD "" crate::types::asyncio::old::OLD_STEPS;
    PRELUDE "_prelude" crate::native::asyncio::prelude::PRELUDE;
    RUNNER "" crate::native::asyncio::interrupt::RUNNER_STEPS;
    SCHEDULE "" crate::types::asyncio::schedule::SCHEDULE_STEPS;
    CANCEL "" crate::types::asyncio::future::CANCEL_STEPS;
    ENSURE "" crate::types::asyncio::ensure::ENSURE_STEPS;
    FUTURE_STEPS "" crate::types::asyncio::future_methods::FUTURE_STEPS;
    TASK_STEPS "" crate::types::asyncio::task_methods::TASK_STEPS;
    LOCK_STEPS "" crate::types::asyncio::lock::LOCK_STEPS;
    EVENT_STEPS "" crate::types::asyncio::event::EVENT_STEPS;
    SEMAPHORE_STEPS "" crate::types::asyncio::semaphore::SEMAPHORE_STEPS;
    TASK_GROUP_STEPS "" crate::types::asyncio::group::TASK_GROUP_STEPS;
    QUEUE_STEPS "" crate::types::asyncio::queue::QUEUE_STEPS;
    ASYNCIO "_asyncio" crate::native::asyncio::ASYNCIO;
    ASYNCIO_PACKAGE "asyncio" crate::native::asyncio::package::PACKAGE;
    CONTEXTVARS "contextvars" crate::native::contextvars::CONTEXTVARS;
    METHOD_CALL "" crate::types::method_call::METHOD_CALL_STEPS;
    PRINT "" crate::builtins::print::PRINT_STEPS;
    OPERATOR "" crate::types::operator::STEPS;
    LAUNCH "" crate::call::launch::LAUNCH_STEPS;
    CONVERT "" crate::call::convert::CONVERT_STEPS;
    ITERATE "" crate::call::iterate::ITERATE_STEPS;
    PROTOCOL "" crate::types::protocol::PROTOCOL_STEPS;
    PROBE "" crate::types::probe::PROBE_STEPS;
    DRIVE "" crate::types::drive::DRIVE_STEPS;
    PULL "" crate::types::pull::PULL_STEPS;
    WALK "" crate::types::walk::WALK_STEPS;
    SEARCH "" crate::types::search::SEARCH_STEPS;
    ITEM "" crate::types::item::ITEM_STEPS;
    SORT "" crate::types::list::sort::SORT_STEPS;
    TUPLE "" crate::types::tuple::TUPLE_STEPS;
    ALGEBRA "" crate::types::set::algebra::ALGEBRA_STEPS;
    SET_FOLD "" crate::types::set::fold::FOLD_STEPS;
    SET "" crate::types::set::methods::SET_STEPS;
    DICT "" crate::types::dict::methods::DICT_STEPS;
    DICT_COMPARE "" crate::types::dict::compare::DICT_COMPARE_STEPS;
    ITERATOR "" crate::types::iterator::ITERATOR_STEPS;
    ITERATION "" crate::builtins::iteration::ITERATION_STEPS;
    CONTAINER "" crate::types::container::CONTAINER_STEPS;
    DICT_UPDATE "" crate::types::dict::update::DICT_UPDATE_STEPS;
    SET_UPDATE "" crate::types::set::update::SET_UPDATE_STEPS;
    FINALIZE_STEPS "" crate::types::finalize::FINALIZE_STEPS;
    WARNING_STEPS "" crate::types::warning::WARNING_STEPS;
    SYNTAX_WARNING_STEPS "" crate::types::syntax_warning::SYNTAX_WARNING_STEPS;
    REPORT_STEPS "" crate::types::exception::report::REPORT_STEPS;
    PROGRAM_STEPS "" crate::native::program::PROGRAM_STEPS;
    SIGNAL_STEPS "" crate::native::signal::SIGNAL_STEPS;
    THREAD_STEPS "" crate::native::thread::THREAD_STEPS;
    TRANSPORT_STEPS "" crate::types::asyncio::transport::TRANSPORT_STEPS;
    TAKE_STEPS "" crate::types::asyncio::stream::take::TAKE_STEPS;
    DRAIN_STEPS "" crate::types::asyncio::stream::protocol::DRAIN_STEPS;
    SOCKET_MODULE "_socket" crate::native::socket::SOCKET_MODULE;
    SELECT "select" crate::native::socket::select::SELECT;
    TIME "time" crate::native::time::TIME;
    SIGNAL "signal" crate::native::signal::SIGNAL;
    THREAD "_thread" crate::native::thread::THREAD;
    MATH "math" crate::native::math::MATH;
    OPERATOR_MODULE "operator" crate::native::operator::OPERATOR_MODULE;
    HEAPQ "_heapq" crate::native::heapq::HEAPQ;
    BISECT "bisect" crate::native::bisect::BISECT;
    RANDOM_MODULE "_random" crate::types::twister::RANDOM_MODULE;
    NUMBER_BUILTINS "builtins" crate::builtins::numbers::NUMBER_BUILTINS;
    ITERATION_FUNCTIONS "builtins" crate::builtins::iteration::ITERATION;
    IO_MODULE "_io" crate::native::io::IO_MODULE;
    CODECS "_codecs" crate::native::codecs::CODECS;
    STRING_MODULE "_string" crate::native::string::STRING_MODULE;
    BUILTINS "builtins" crate::builtins::BUILTINS;
    ATTRIBUTE_BUILTINS "builtins" crate::builtins::attributes::ATTRIBUTE_BUILTINS;
    THROW_STEPS "" crate::types::generator::methods::THROW_STEPS;
    ASYNC_ENTRY_STEPS "" crate::types::generator::asynchronous::ASYNC_ENTRY_STEPS;
    EXECUTE_BUILTINS "builtins" crate::builtins::execute::EXECUTE_BUILTINS;
    IMPORT_BUILTINS "builtins" crate::native::import::IMPORT_BUILTINS;
    STRUCT_SEQUENCE "" crate::types::struct_sequence::STRUCT_SEQUENCE;
    ABC "_abc" crate::types::abstract_base::ABC;
    WEAKREF_FUNCTIONS "_weakref" crate::types::weak::WEAKREF_FUNCTIONS;
    GC "gc" crate::native::gc::GC;
    FUNCTOOLS "_functools" crate::types::lru_cache::FUNCTOOLS;
    TRACEBACK_FUNCTIONS "_traceback" crate::types::exception::report::TRACEBACK_FUNCTIONS;
    REDUCE "_functools" crate::native::functools::REDUCE;
    SYS "sys" crate::native::sys::SYS;
    UNRAISABLE_STEPS "" crate::native::sys::unraisable::UNRAISABLE_STEPS;
    SYS_HOOKS "sys" crate::native::sys::hooks::SYS_HOOKS;
    BUILD_CLASS "builtins" crate::types::class::build::BUILD_CLASS;
    CONSTRUCT_STEPS "" crate::types::class::construct::CONSTRUCT_STEPS;
    INSTANCE_ATTRIBUTES "" crate::types::class::create::INSTANCE_ATTRIBUTES;
    CHECKS "builtins" crate::types::class::check::CHECKS;
    TYPE_TEXT_STEPS "" crate::types::union::TYPE_TEXT_STEPS;
    LAZY_STEPS "" crate::types::type_params::LAZY_STEPS;
    REDUCE_STEPS "" crate::types::reduce::REDUCE_STEPS;
    COMPOSE_STEPS "" crate::types::compose::COMPOSE_STEPS;
    RAISE_STEPS "" crate::types::exception::raising::RAISE_STEPS;
    STAR_STEPS "" crate::types::exception::group::STAR_STEPS;
    SPLIT_STEPS "" crate::types::exception::split::SPLIT_STEPS;
    BASE_EXCEPTION_GROUP "" crate::types::exception::group::BASE_EXCEPTION_GROUP_ROWS;
    STOP_ITERATION "" crate::types::exception::families::STOP_ITERATION_ROWS;
    SYSTEM_EXIT "" crate::types::exception::families::SYSTEM_EXIT_ROWS;
    KEY_ERROR "" crate::types::exception::families::KEY_ERROR_ROWS;
    NAME_ERROR "" crate::types::exception::families::NAME_ERROR_ROWS;
    ATTRIBUTE_ERROR "" crate::types::exception::families::ATTRIBUTE_ERROR_ROWS;
    IMPORT_ERROR "" crate::types::exception::families::IMPORT_ERROR_ROWS;
    OS_ERROR "" crate::types::exception::os::OS_ERROR_ROWS;
    SYNTAX_ERROR "" crate::types::exception::syntax::SYNTAX_ERROR_ROWS;
    UNICODE_ENCODE_ERROR "" crate::types::exception::unicode::UNICODE_ENCODE_ERROR_ROWS;
    UNICODE_DECODE_ERROR "" crate::types::exception::unicode::UNICODE_DECODE_ERROR_ROWS;
    UNICODE_TRANSLATE_ERROR "" crate::types::exception::unicode::UNICODE_TRANSLATE_ERROR_ROWS;
}

/// The rows of a table.
#[inline]
pub fn rows(table: u16) -> &'static [NativeDef] {
    match CLASSES.get(table as usize) {
        Some(class) => class.natives,
        None => TABLES[table as usize - N_CLASSES].1,
    }
}

/// The numbers of all tables of a module.
pub fn of_module(name: &str) -> impl Iterator<Item = u16> {
    let is_its = move |(_, (module, _)): &(usize, &(&str, &[NativeDef]))| *module == name;
    TABLES.iter().enumerate().filter(is_its).map(|(at, _)| (N_CLASSES + at) as u16)
}

/// The name of the module whose functions a table has; empty for steps and the rows of classes.
pub fn module_name(table: u16) -> &'static str {
    (table as usize).checked_sub(N_CLASSES).map_or("", |number| TABLES[number].0)
}

/// The names of all modules that have a table.
pub fn module_names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|(module, _)| *module).filter(|module| !module.is_empty())
}
