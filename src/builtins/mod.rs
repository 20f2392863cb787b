//! The functions of the module `builtins`, a file per family.

crate::natives! {
    /// All functions of the module.
    pub static BUILTINS = []
}
