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
    NAMESPACE "" crate::types::namespace::NAMESPACE_STEPS;
    IMPORT "" crate::native::import::IMPORT_STEPS;
    BASE_EXCEPTION "" crate::types::exception::BASE_EXCEPTION_ROWS;
    STRINGS "" crate::types::strings::STRING_STEPS;
    BOUNDS "" crate::types::bounds::BOUNDS_STEPS;
    STR_MAKE "" crate::types::str::make::STR_MAKE_STEPS;
    STR_PARTS "" crate::types::str::parts::STR_PARTS_STEPS;
    STR_CHANGE "" crate::types::str::change::STR_CHANGE_STEPS;
    STR_TEMPLATE "" crate::types::str::template::STR_TEMPLATE_STEPS;
    STR_PERCENT "" crate::types::str::percent::STR_PERCENT_STEPS;
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
    CONTAINER "" crate::types::container::CONTAINER_STEPS;
    DICT_UPDATE "" crate::types::dict::update::DICT_UPDATE_STEPS;
    SET_UPDATE "" crate::types::set::update::SET_UPDATE_STEPS;
    NUMBER_BUILTINS "builtins" crate::builtins::numbers::NUMBER_BUILTINS;
    BUILTINS "builtins" crate::builtins::BUILTINS;
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
