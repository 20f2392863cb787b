//! Compiles the library: every file of `stdlib/`, as `(module, is a package, its code as bytes)`.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use aspen_grammar::bytecode::store::write_code;
use aspen_grammar::compile::{CompileMode, CompileOptions, compile_module};
use aspen_grammar::report::render::{Style, render};
use aspen_grammar::syntax::{Mode, Origin, parse};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let mut modules = Vec::new();
    collect(&root.join("stdlib"), "", &mut modules);
    modules.sort();
    let mut rows = String::from("&[\n");
    for (module, is_package, path) in modules {
        let code = out.join(format!("{module}.code"));
        fs::write(&code, compile(&module, is_package, &path)).expect("the output directory can be written");
        writeln!(rows, "    ({module:?}, {is_package}, include_bytes!({code:?})),").expect("a String takes all");
    }
    rows.push_str("]\n");
    fs::write(out.join("library.rs"), rows).expect("the output directory can be written");
    println!("cargo::rerun-if-changed=stdlib");
    // The command stands where it is linked to: as a program that can be moved it would have tens of thousands of addresses
    // to fill in at each start.
    println!("cargo::rustc-link-arg-bins=-no-pie");
}

fn collect(directory: &Path, prefix: &str, modules: &mut Vec<(String, bool, PathBuf)>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}."), modules);
        } else if name == "__init__.as" {
            modules.push((prefix.trim_end_matches('.').to_owned(), true, path));
        } else if let Some(module) = name.strip_suffix(".as") {
            modules.push((format!("{prefix}{module}"), false, path));
        }
    }
}

/// The code of a module, as bytes. The build stops at a mistake.
fn compile(module: &str, is_package: bool, path: &Path) -> Vec<u8> {
    let text = fs::read(path).expect("the library can be read");
    let file = format!("<stdlib>/{}{}.as", module.replace('.', "/"), if is_package { "/__init__" } else { "" });
    let parsed = parse(&text, Mode::Module, Origin::Bytes);
    let options = CompileOptions { mode: CompileMode::Module, strict: true, is_hidden: true, ..Default::default() };
    let compiled = match parsed.diagnostics.is_empty() {
        true => compile_module(&parsed.tree, &parsed.text, &file, options),
        false => Err(parsed.diagnostics),
    };
    match compiled {
        Ok(code) => write_code(&code),
        Err(mistakes) => panic!("{}", render(&mistakes, &parsed.text, &file, Style::Plain)),
    }
}
