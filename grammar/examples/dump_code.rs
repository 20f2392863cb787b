use aspen_grammar::{
    bytecode::{Code, print::print_code},
    compile::{CompileOptions, compile_module},
    syntax::{Mode, Origin, parse},
};
fn show(code: &Code) {
    println!("{}", print_code(code));
}
fn main() {
    let file = std::env::args().nth(1).unwrap_or_default();
    let source = std::fs::read(&file).unwrap_or_default();
    let parsed = parse(&source, Mode::Module, Origin::Bytes);
    println!("{:?}", parsed.diagnostics);
    match compile_module(&parsed.tree, &parsed.text, &file, CompileOptions::default()) {
        Ok(code) => show(&code),
        Err(e) => println!("{e:?}"),
    }
}
