//! Exceptions.
//!
//! 1. [`hierarchy`]: the table of the built-in classes.
//! 2. [`base`]: what all have: args, traceback, cause, context, notes.
//! 3. [`families`]: what some keep beside `args`: StopIteration, SystemExit, ImportError, …; [`os`], [`syntax`], [`unicode`].
//! 4. [`group`]: exception groups: split, subgroup, derive, and what `except*` does.
//! 5. [`raising`]: the `raise` statement in all its forms, and whether an exception matches a handler.
//! 6. [`traceback`]: traceback objects, made when a script looks. [`report`]: the text of an uncaught exception.
//!
//! How an exception passes through frames is the machine's business.

pub mod base;
pub mod families;
pub mod group;
pub mod hierarchy;
pub mod os;
pub mod raising;
pub mod report;
pub mod split;
pub mod syntax;
pub mod traceback;
pub mod unicode;

pub use base::add_note_text;
pub use hierarchy::*;
pub use raising::{matches, raise_frame};
pub use traceback::traceback_of;

use crate::tables;
use crate::value::{Class, Id};

/// The tables of the classes that have rows of their own.
pub const EXCEPTION_TABLES: &[(Id<Class>, u16)] = &[
    (BASE_EXCEPTION, tables::BASE_EXCEPTION),
    (BASE_EXCEPTION_GROUP, tables::BASE_EXCEPTION_GROUP),
    (STOP_ITERATION, tables::STOP_ITERATION),
    (SYSTEM_EXIT, tables::SYSTEM_EXIT),
    (KEY_ERROR, tables::KEY_ERROR),
    (NAME_ERROR, tables::NAME_ERROR),
    (ATTRIBUTE_ERROR, tables::ATTRIBUTE_ERROR),
    (IMPORT_ERROR, tables::IMPORT_ERROR),
    (OS_ERROR, tables::OS_ERROR),
    (SYNTAX_ERROR, tables::SYNTAX_ERROR),
    (UNICODE_ENCODE_ERROR, tables::UNICODE_ENCODE_ERROR),
    (UNICODE_DECODE_ERROR, tables::UNICODE_DECODE_ERROR),
    (UNICODE_TRANSLATE_ERROR, tables::UNICODE_TRANSLATE_ERROR),
];

/// The table of a class of exceptions.
pub fn table_of(class: Id<Class>) -> Option<u16> {
    EXCEPTION_TABLES.iter().find(|(owner, _)| *owner == class).map(|&(_, table)| table)
}

/// The class of exceptions whose table this is.
pub fn class_of_table(table: u16) -> Option<Id<Class>> {
    EXCEPTION_TABLES.iter().find(|(_, number)| *number == table).map(|&(class, _)| class)
}
