//! The shape of each stage, held still: a program on top, what the stage makes of it below.
//!
//! A file of `tests/golden/STAGE/` is: a first line with the command that makes the outputs anew, the source, a line
//! `# ==== output`, the output. Where the second line is `# escaped`, `\xNN` in the source is a byte and `\n` a line end;
//! where it is `# single`, the source is one statement as typed at a prompt; where it is `# strict`, there is no `await` at
//! top level.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use aspen_grammar::bytecode::print::print_code;
use aspen_grammar::compile::{CompileMode, CompileOptions, compile_module};
use aspen_grammar::report::{Diagnostic, ScopeMistake, Style, SyntaxMistake, render};
use aspen_grammar::resolve::print::print_scopes;
use aspen_grammar::resolve::{ResolveOptions, resolve};
use aspen_grammar::syntax::{self, Mode, Origin, dump_tokens, dump_tree, parse};

const FIRST_LINE: &str = "# UPDATE_GOLDEN=1 cargo test -p aspen-grammar --test golden\n";
const ESCAPED_LINE: &str = "# escaped\n";
const SINGLE_LINE: &str = "# single\n";
const STRICT_LINE: &str = "# strict\n";
const OUTPUT_LINE: &str = "# ==== output\n";

/// Mistakes that no small file can show, and one that stands behind what the grammar refuses.
const WITHOUT_GOLDEN: &[&str] = &[
    "aspen::syntax::source_too_large",
    "aspen::scope::too_large",
    "aspen::scope::nested_too_deeply",
    "aspen::scope::starred_here",
];

/// A source, and how it is read.
struct Given {
    bytes: Vec<u8>,
    mode: Mode,
    is_strict: bool,
}

#[test]
fn tokens() {
    check_folder("tokens", |given| {
        let lexed = syntax::tokens(&given.bytes, Origin::Bytes);
        dump_tokens(&lexed.text, &lexed.tokens)
    });
}

#[test]
fn ast() {
    check_folder("ast", |given| {
        let parsed = parse(&given.bytes, given.mode, Origin::Bytes);
        let mut output = show_diagnostics(&parsed.diagnostics, &parsed.text);
        for warning in &parsed.warnings {
            output.push_str(&format!("warning: {}\n", warning.message));
        }
        output + &dump_tree(&parsed.text, &parsed.tree, false)
    });
}

#[test]
fn scopes() {
    check_folder("scopes", |given| {
        let parsed = parse(&given.bytes, given.mode, Origin::Bytes);
        let options = ResolveOptions { top_level_await: !given.is_strict, future_annotations: false };
        match resolve(&parsed.tree, options) {
            Ok((scopes, names)) => print_scopes(&scopes, &names),
            Err(diagnostics) => show_diagnostics(&diagnostics, &parsed.text),
        }
    });
}

#[test]
fn code() {
    check_folder("code", |given| match compiled(given) {
        Ok(text) => text,
        Err((diagnostics, text)) => show_diagnostics(&diagnostics, &text),
    });
}

#[test]
fn diagnostics() {
    check_folder("diagnostics", |given| match compiled(given) {
        Ok(_) => String::new(),
        Err((diagnostics, text)) => show_diagnostics(&diagnostics, &text),
    });
}

/// The code as text, or the mistakes and the text they are about.
fn compiled(given: &Given) -> Result<String, (Vec<Diagnostic>, String)> {
    let parsed = parse(&given.bytes, given.mode, Origin::Bytes);
    if !parsed.diagnostics.is_empty() {
        return Err((parsed.diagnostics, parsed.text));
    }
    let mode = if given.mode == Mode::Interactive { CompileMode::Interactive } else { CompileMode::Module };
    let options = CompileOptions { mode, strict: given.is_strict, ..CompileOptions::default() };
    match compile_module(&parsed.tree, &parsed.text, "program.as", options) {
        Ok(code) => Ok(print_code(&code)),
        Err(diagnostics) => Err((diagnostics, parsed.text)),
    }
}

#[test]
fn every_mistake_has_a_golden() {
    let codes = SyntaxMistake::CODES.iter().chain(ScopeMistake::CODES).map(|code| format!("{code}\n"));
    check_shown("diagnostics", codes.filter(|code| !WITHOUT_GOLDEN.contains(&code.trim_end())));
}

#[test]
fn every_instruction_has_a_golden() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bytecode/op.rs");
    let table = fs::read_to_string(table).expect("the table of instructions is there");
    let instructions = variants(&table, "Op").into_iter().map(|name| format!(" {name} "));
    check_shown("code", instructions.chain(variants(&table, "Intrinsic").into_iter().map(|name| format!(", {name} "))));
}

/// The names of an enum's variants.
fn variants(table: &str, name: &str) -> Vec<String> {
    let (_, body) = table.split_once(&format!("pub enum {name} {{\n")).expect("the enum is there");
    let body = body.split("\n}").next().unwrap_or_default();
    let is_letter = |letter: char| !letter.is_ascii_alphanumeric();
    let names = body.lines().map(|line| line.trim_start().split(is_letter).next().unwrap_or_default());
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Each of these occurs in the goldens of a stage.
fn check_shown(stage: &str, wanted: impl Iterator<Item = String>) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        // The files are being written at this moment.
        return;
    }
    let mut shown = String::new();
    for path in golden_files(stage) {
        shown.push_str(&fs::read_to_string(path).expect("a golden is text"));
    }
    let missing: BTreeSet<String> = wanted.filter(|wanted| !shown.contains(wanted)).collect();
    assert!(missing.is_empty(), "no golden of {stage} shows: {missing:#?}");
}

/// What a reader sees, then what CPython would raise.
fn show_diagnostics(diagnostics: &[Diagnostic], text: &str) -> String {
    let Some(first) = diagnostics.first() else { return String::new() };
    let shown = render(diagnostics, text, "program.as", Style::Plain);
    let trimmed: String = shown.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    format!("{trimmed}\n{}", show_raised(first, text))
}

fn show_raised(diagnostic: &Diagnostic, text: &str) -> String {
    let (class, message) = (diagnostic.mistake.class().name(), diagnostic.mistake.cpython_text());
    match diagnostic.place(text) {
        Some(place) => {
            let (from, to) = ((place.line, place.offset), (place.end_line, place.end_offset));
            format!("raises {class} {from:?} {to:?}: {message}\n")
        }
        None => format!("raises {class}: {message}\n"),
    }
}

fn golden_files(stage: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden").join(stage);
    let entries = fs::read_dir(folder).expect("the goldens are beside the crate");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    files.sort();
    files
}

/// Compares every file of a stage with what the stage says now, or writes it anew.
fn check_folder(stage: &str, show: impl Fn(&Given) -> String) {
    let is_update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut changed = Vec::new();
    let files = golden_files(stage);
    assert!(!files.is_empty(), "no golden for {stage}");
    for path in files {
        let golden = fs::read_to_string(&path).expect("a golden is text");
        let body = golden.strip_prefix(FIRST_LINE).unwrap_or(&golden);
        let source = body.split(OUTPUT_LINE).next().unwrap_or_default();
        let given = read_source(source);
        let expected = format!("{FIRST_LINE}{source}{OUTPUT_LINE}{}", show(&given));
        if expected == golden {
            continue;
        }
        if is_update {
            fs::write(&path, expected).expect("a golden can be written");
        } else {
            changed.push(format!("{}:\n{expected}", path.display()));
        }
    }
    assert!(changed.is_empty(), "{} changed:\n{}", changed.len(), changed.join("\n"));
}

fn read_source(source: &str) -> Given {
    let (mode, rest) = match source.strip_prefix(SINGLE_LINE) {
        Some(rest) => (Mode::Interactive, rest),
        None => (Mode::Module, source),
    };
    let is_strict = rest.starts_with(STRICT_LINE);
    let bytes = match rest.strip_prefix(ESCAPED_LINE) {
        Some(escaped) => unescape(escaped),
        None => rest.strip_prefix(STRICT_LINE).unwrap_or(rest).as_bytes().to_vec(),
    };
    Given { bytes, mode, is_strict }
}

fn unescape(source: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = source.strip_suffix('\n').unwrap_or(source);
    while let Some((before, escape)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        rest = match escape.strip_prefix('x') {
            Some(hex) => {
                bytes.push(u8::from_str_radix(&hex[..2], 16).expect("two hexadecimal digits follow \\x"));
                &hex[2..]
            }
            None => {
                bytes.push(if escape.starts_with('n') { b'\n' } else { b'\\' });
                &escape[1..]
            }
        };
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
