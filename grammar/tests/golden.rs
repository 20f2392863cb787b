//! The shape of each stage, held still: a program on top, what the stage makes of it below.
//!
//! A file of `tests/golden/STAGE/` is: a first line with the command that makes the outputs anew, the source, a line
//! `# ==== output`, the output. Where the second line is `# escaped`, `\xNN` in the source is a byte and `\n` a line end;
//! where it is `# single`, the source is one statement as typed at a prompt.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use aspen_grammar::report::{Diagnostic, Style, SyntaxMistake, render};
use aspen_grammar::syntax::{self, Mode, Origin, Parsed, dump_tokens, dump_tree, parse};

const FIRST_LINE: &str = "# UPDATE_GOLDEN=1 cargo test -p aspen-grammar --test golden\n";
const ESCAPED_LINE: &str = "# escaped\n";
const SINGLE_LINE: &str = "# single\n";
const OUTPUT_LINE: &str = "# ==== output\n";

/// Mistakes that no small file can show.
const WITHOUT_GOLDEN: &[&str] = &["aspen::syntax::source_too_large"];

#[test]
fn tokens() {
    check_folder("tokens", |source, _| {
        let lexed = syntax::tokens(source, Origin::Bytes);
        dump_tokens(&lexed.text, &lexed.tokens)
    });
}

#[test]
fn ast() {
    check_folder("ast", |source, mode| {
        let parsed = parse(source, mode, Origin::Bytes);
        let mut output = show_diagnostics(&parsed);
        for warning in &parsed.warnings {
            output.push_str(&format!("warning: {}\n", warning.message));
        }
        output + &dump_tree(&parsed.text, &parsed.tree, false)
    });
}

#[test]
fn diagnostics() {
    check_folder("diagnostics", |source, mode| show_diagnostics(&parse(source, mode, Origin::Bytes)));
}

#[test]
fn every_mistake_has_a_golden() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        // The files are being written at this moment.
        return;
    }
    let mut shown = String::new();
    for path in golden_files("diagnostics") {
        shown.push_str(&fs::read_to_string(path).expect("a golden is text"));
    }
    let is_missing = |code: &&&str| !shown.contains(&format!("{code}\n")) && !WITHOUT_GOLDEN.contains(code);
    let missing: BTreeSet<_> = SyntaxMistake::CODES.iter().filter(is_missing).collect();
    assert!(missing.is_empty(), "no golden shows: {missing:#?}");
}

/// What a reader sees, then what CPython would raise.
fn show_diagnostics(parsed: &Parsed) -> String {
    let Some(first) = parsed.diagnostics.first() else { return String::new() };
    let shown = render(&parsed.diagnostics, &parsed.text, "program.as", Style::Plain);
    let trimmed: String = shown.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    format!("{trimmed}\n{}", show_raised(first, &parsed.text))
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
fn check_folder(stage: &str, show: impl Fn(&[u8], Mode) -> String) {
    let is_update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut changed = Vec::new();
    let files = golden_files(stage);
    assert!(!files.is_empty(), "no golden for {stage}");
    for path in files {
        let golden = fs::read_to_string(&path).expect("a golden is text");
        let body = golden.strip_prefix(FIRST_LINE).unwrap_or(&golden);
        let source = body.split(OUTPUT_LINE).next().unwrap_or_default();
        let bytes = match source.strip_prefix(ESCAPED_LINE) {
            Some(escaped) => unescape(escaped),
            None => source.strip_prefix(SINGLE_LINE).unwrap_or(source).as_bytes().to_vec(),
        };
        let mode = if source.starts_with(SINGLE_LINE) { Mode::Interactive } else { Mode::Module };
        let expected = format!("{FIRST_LINE}{source}{OUTPUT_LINE}{}", show(&bytes, mode));
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
