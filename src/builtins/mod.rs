//! The functions of the module `builtins`, a file per family.

pub mod attributes;
pub mod execute;
pub mod iteration;
pub mod numbers;
pub mod print;
pub mod text;

crate::natives! {
    /// All functions of the module.
    pub static BUILTINS = [
        func "print(*args, sep=, end=, file=, flush: truth=)" => print::print, "Prints the values to a stream, or to sys.stdout.";
        func "repr(obj, /)" => text::repr, "The text that stands for an object.";
        func "ascii(obj, /)" => text::ascii, "The same, with escapes for all that is not ASCII.";
        func "format(value, format_spec=, /)" => text::format, "type(value).__format__(value, format_spec).";
        func "chr(i: index, /)" => text::chr, "The string of one code point.";
        func "ord(c, /)" => text::ord, "The code point of a string of one character.";
        func "open(file, mode: str=, buffering=, encoding=, errors=, newline=, closefd: truth=, opener=)" =>
            crate::types::file::open::open, "Opens a file.";
        func "input(prompt=, /)" => print::input, "Reads a line from standard input.";
    ]
}
