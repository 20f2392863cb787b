//! The list of all tables of natives: the classes' ones first, then the modules'.
//!
//! A [`NativeId`](crate::value::NativeId) names a table by its place here. The one file that knows tables of all layers.

use crate::call::NativeDef;
use crate::types::classes::{CLASSES, N_CLASSES};

/// The tables of modules, and of natives that no script sees.
static MODULES: &[(&str, &[NativeDef])] = &[("builtins", crate::builtins::BUILTINS), ("", crate::types::attribute::HIDDEN)];

/// The rows of a table.
#[inline]
pub fn rows(table: u16) -> &'static [NativeDef] {
    match CLASSES.get(table as usize) {
        Some(class) => class.natives,
        None => MODULES[table as usize - N_CLASSES].1,
    }
}

/// The number of the table of a module.
pub fn module_table(name: &str) -> Option<u16> {
    let at = MODULES.iter().position(|(known, _)| *known == name)?;
    Some((N_CLASSES + at) as u16)
}
