//! The functions of the module `builtins`, a file per family.

pub mod print;

crate::natives! {
    /// All functions of the module.
    pub static BUILTINS = [
        func "print(*args, sep=, end=, file=, flush: truth=)" => print::print, "Prints the values to a stream, or to sys.stdout.";
        func "input(prompt=, /)" => print::input, "Reads a line from standard input.";
    ]
}
