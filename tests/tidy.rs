//! The rules of the house, run: walls between the stages, sizes, names, docs, homes of dependencies.
//!
//! What breaks a rule and is to be mended stands in a list here, by name; an entry that is mended must go.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The stages, lowest first: every import goes to the left.
const BACK: &[&str] = &["host", "value", "call", "types", "builtins", "vm", "sched", "native", "engine", "cli"];
const FRONT: &[&str] = &["source", "bytecode", "report", "syntax", "resolve", "compile"];

/// Files that import upward: (file, stage). The numbers of classes and a few protocols are known to the calls; the table
/// of classes lists those whose natives are in modules.
const CLIMBS: &[(&str, &str)] = &[
    ("src/call/args.rs", "types"),
    ("src/call/convert.rs", "types"),
    ("src/call/cx.rs", "types"),
    ("src/call/iterate.rs", "types"),
    ("src/call/raise.rs", "types"),
    ("src/types/classes.rs", "native"),
    ("src/vm/intrinsic.rs", "native"),
];

/// The home of each dependency that has one: (crate, path prefixes).
const HOMES: &[(&str, &[&str])] = &[
    ("logos", &["grammar/src/syntax/token.rs"]),
    ("lalrpop_util", &["grammar/src/syntax/parse.rs", "grammar/src/syntax/error"]),
    ("miette", &["grammar/src/report/render.rs"]),
    ("tokio", &["src/host/", "src/cli/"]),
    ("rustix", &["src/host/"]),
    ("libc", &["src/host/"]),
    ("dns_lookup", &["src/host/"]),
    ("signal_hook", &["src/host/"]),
    ("rustyline", &["src/cli/"]),
    ("dashu_int", &["src/value/bigint/"]),
    ("libm", &["src/native/math/"]),
    ("sha2", &["src/types/random.rs"]),
    ("strsim", &["src/types/suggest.rs"]),
    ("mimalloc", &["src/main.rs"]),
];

const MAX_LINES: usize = 500;
const MAX_GRAMMAR_LINES: usize = 1500;
const MAX_FUNCTION_LINES: usize = 50;

/// Files that are too long, and are to be split.
const LONG_FILES: &[&str] = &[
    "src/native/thread.rs",
    "src/types/asyncio/loop_methods.rs",
    "src/types/asyncio/queue.rs",
    "src/types/attribute.rs",
    "src/types/collections/deque.rs",
    "src/types/type_params.rs",
    "src/vm/run.rs",
    "src/vm/suspend.rs",
];

/// Functions that are too long: (file, function). Most are one `match` over the steps of a native or the kinds of a node.
const LONG_FUNCTIONS: &[(&str, &str)] = &[
    ("grammar/src/compile/hoist.rs", "look_into_stmt"),
    ("grammar/src/syntax/dump/expression.rs", "core"),
    ("grammar/src/syntax/dump/statement.rs", "statement"),
    ("grammar/src/syntax/unparse.rs", "expand"),
    ("src/native/program.rs", "program"),
    ("src/types/abstract_base.rs", "subclasscheck"),
    ("src/types/asyncio/run.rs", "run_entry"),
    ("src/types/asyncio/run.rs", "run_until_complete"),
    ("src/types/asyncio/run.rs", "turns"),
    ("src/types/asyncio/task.rs", "foreign"),
    ("src/types/class/create.rs", "make"),
    ("src/types/lru_cache.rs", "call"),
    ("src/types/pattern.rs", "match_class"),
    ("src/types/reduce.rs", "object_reduce_ex"),
    ("src/types/suggest.rs", "is_library_module"),
    ("src/value/heap.rs", "new"),
    ("src/vm/deliver.rs", "grant"),
    ("src/vm/intrinsic.rs", "run"),
    ("src/vm/run.rs", "run_fiber"),
    ("src/vm/warm.rs", "run"),
];

/// Names that say nothing.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "misc", "common", "manager"];

/// What may not stand in the sources, and where it may.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (".unwrap()", &[]),
    ("todo!(", &[]),
    ("unimplemented!(", &[]),
    ("dbg!(", &[]),
    ("println!(", &["src/cli/"]),
    ("eprint!(", &["src/cli/"]),
    ("print!(", &["src/cli/"]),
    ("unsafe {", &[]),
    ("unsafe fn", &[]),
    ("unsafe impl", &[]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the project: its path from the root, and its text.
struct File {
    path: String,
    text: String,
}

impl File {
    /// The text without comments.
    fn code(&self) -> String {
        let lines = self.text.lines().map(|line| line.split("//").next().unwrap_or_default());
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn files(folders: &[&str], extension: &str) -> Vec<File> {
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut open: Vec<PathBuf> =
        folders.iter().map(|folder| root().join(folder)).filter(|path| path.is_dir()).collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the project can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let read = |path: &PathBuf| File {
        path: path.strip_prefix(root()).expect("it is below the root").display().to_string(),
        text: fs::read_to_string(path).expect("sources are text"),
    };
    paths.iter().map(read).collect()
}

fn sources() -> Vec<File> {
    files(&["src", "grammar/src"], "rs")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Fails with what was found beyond what is known, and with what is known and was not found.
fn compare(what: &str, found: BTreeSet<String>, known: BTreeSet<String>) {
    let new: Vec<_> = found.difference(&known).collect();
    let mended: Vec<_> = known.difference(&found).collect();
    assert!(new.is_empty(), "{what}: {new:#?}");
    assert!(mended.is_empty(), "{what}: mended, so take them off the list: {mended:#?}");
}

fn pairs(known: &[(&str, &str)]) -> BTreeSet<String> {
    known.iter().map(|(one, other)| format!("{one}: {other}")).collect()
}

/// The names that follow `prefix` in a text.
fn names_after<'t>(text: &'t str, prefix: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices(prefix).map(move |(at, _)| {
        let rest = &text[at + prefix.len()..];
        rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default()
    })
}

#[test]
fn imports_go_downward() {
    let mut climbs = BTreeSet::new();
    for file in sources() {
        let (stages, rest) = match file.path.strip_prefix("grammar/src/") {
            Some(rest) => (FRONT, rest),
            None => (BACK, file.path.strip_prefix("src/").unwrap_or_default()),
        };
        let stage = rest.split(['/', '.']).next().unwrap_or_default();
        let Some(level) = stages.iter().position(|&one| one == stage) else { continue };
        let code = file.code();
        for name in names_after(&code, "crate::") {
            if stages.iter().position(|&one| one == name).is_some_and(|other| other > level) {
                climbs.insert(format!("{}: {name}", file.path));
            }
        }
    }
    compare("imports that go upward", climbs, pairs(CLIMBS));
}

#[test]
fn back_knows_of_the_front_what_code_is() {
    for file in files(&["src"], "rs") {
        if file.path.starts_with("src/engine/") || file.path.starts_with("src/cli/") {
            continue;
        }
        for name in names_after(&file.code(), "aspen_grammar::") {
            assert!(["bytecode", "source"].contains(&name), "{} knows aspen_grammar::{name}", file.path);
        }
    }
}

#[test]
fn front_is_pure() {
    let outside =
        ["std::fs", "std::env", "std::time", "std::net", "std::process", "std::thread", "static mut", "thread_local!"];
    for file in files(&["grammar/src"], "rs") {
        let code = file.code();
        for name in outside {
            assert!(!code.contains(name), "{} uses {name}", file.path);
        }
    }
}

#[test]
fn dependencies_stay_at_home() {
    for file in sources() {
        let code = file.code();
        for (dependency, homes) in HOMES {
            let uses = code.contains(&format!("{dependency}::")) && !code.contains(&format!("_{dependency}::"));
            let is_home = homes.iter().any(|home| file.path.starts_with(home));
            assert!(!uses || is_home, "{} uses {dependency}", file.path);
        }
    }
}

#[test]
fn dependencies_have_reasons() {
    for path in ["Cargo.toml", "grammar/Cargo.toml"] {
        let text = read(path);
        let mut is_dependency = false;
        let mut before = "";
        for line in text.lines() {
            if line.starts_with('[') {
                is_dependency = line.ends_with("dependencies]");
            } else if is_dependency && line.contains('=') {
                assert!(before.starts_with('#'), "{path}: no reason above: {line}");
            }
            before = line;
        }
    }
}

#[test]
fn crates_forbid_unsafe_code() {
    for path in ["src/lib.rs", "src/main.rs", "grammar/src/lib.rs"] {
        assert!(read(path).contains("#![forbid(unsafe_code)]"), "{path} does not forbid unsafe code");
    }
}

#[test]
fn files_are_short() {
    let mut long = BTreeSet::new();
    for file in sources().into_iter().chain(files(&["tests", "grammar/tests", "examples", "benches"], "rs")) {
        if file.text.lines().count() > MAX_LINES {
            long.insert(file.path);
        }
    }
    for file in files(&["grammar"], "lalrpop") {
        assert!(file.text.lines().count() <= MAX_GRAMMAR_LINES, "{} is too long", file.path);
    }
    compare("files that are too long", long, LONG_FILES.iter().map(|&path| path.to_owned()).collect());
}

#[test]
fn functions_are_short() {
    let mut long = BTreeSet::new();
    for file in sources().into_iter().filter(|file| !file.path.ends_with("tests.rs")) {
        for (name, n_lines) in functions(&file.text) {
            if n_lines > MAX_FUNCTION_LINES {
                long.insert(format!("{}: {name}", file.path));
            }
        }
    }
    compare("functions that are too long", long, pairs(LONG_FUNCTIONS));
}

/// The functions of a formatted text, with their lines, not counting the arms of a `match` that stand on one line.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let body = line.trim_start();
        let indent = &line[..line.len() - body.len()];
        let is_function =
            ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn ", "async fn ", "pub async fn ", "const fn "]
                .iter()
                .any(|start| body.starts_with(start));
        if !is_function || body.ends_with('}') || body.ends_with(';') {
            continue;
        }
        let end = format!("{indent}}}");
        let Some(length) = lines[start..].iter().position(|line| *line == end) else { continue };
        let is_arm = |line: &&&str| {
            let line = line.trim();
            (line.contains(" => ") && line.ends_with(',')) || line.starts_with("| ") || line.starts_with("//")
        };
        let n_arms = lines[start..start + length].iter().filter(is_arm).count();
        let name = names_after(body, "fn ").next().unwrap_or_default();
        // A macro's functions have no names.
        if !name.is_empty() {
            found.push((name.to_owned(), length + 1 - n_arms));
        }
    }
    found
}

#[test]
fn files_begin_with_their_doc() {
    let tests = files(&["tests", "grammar/tests", "examples", "benches"], "rs");
    for file in sources().into_iter().chain(tests) {
        assert!(file.text.starts_with("//! "), "{} does not say what it is", file.path);
    }
}

#[test]
fn nothing_is_called_by_an_empty_name() {
    for file in sources().into_iter().chain(files(&["tests", "stdlib", "examples"], "rs")) {
        for part in file.path.split(['/', '.']) {
            let is_numbered =
                part.rsplit_once("_v").or(part.rsplit_once('_')).is_some_and(|(_, end)| end.parse::<u8>().is_ok());
            assert!(!EMPTY_NAMES.contains(&part) && !is_numbered, "{}: {part} says nothing", file.path);
        }
    }
}

#[test]
fn nothing_forbidden_is_written() {
    for file in sources() {
        // What stands in tests of a file may print and panic.
        let code = file.code();
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        for (text, allowed) in FORBIDDEN {
            let is_allowed = allowed.iter().any(|home| file.path.starts_with(home));
            assert!(is_allowed || !code.contains(text), "{} contains {text}", file.path);
        }
    }
    for file in files(&["src", "grammar/src", "tests", "grammar/tests"], "rs") {
        let is_this = file.path == "tests/tidy.rs";
        for attribute in ["#[ignore", "#[should_panic"] {
            assert!(is_this || !file.text.contains(attribute), "{} contains {attribute}", file.path);
        }
    }
}

#[test]
fn stages_are_listed_in_their_modules() {
    for (path, stages) in [("src/lib.rs", BACK), ("grammar/src/lib.rs", FRONT)] {
        let text = read(path);
        for stage in stages {
            assert!(text.contains(&format!("pub mod {stage};")), "{path} has no stage {stage}");
        }
    }
}

#[test]
fn differences_from_cpython_are_written_down() {
    let divergences = fs::read_to_string(root().join("DIVERGENCES.md")).unwrap_or_default();
    for file in files(&["tests/spec"], "as") {
        let is_different = file.text.lines().any(|line| line.starts_with("# cpython: no"));
        let name = file.path.strip_prefix("tests/spec/").unwrap_or_default();
        assert!(!is_different || divergences.contains(name), "DIVERGENCES.md does not name {name}");
    }
}

#[test]
fn specs_are_short_and_named_by_their_behavior() {
    for file in files(&["tests/spec"], "as") {
        let n_lines = file.text.lines().count();
        assert!(n_lines <= 60, "{} has {n_lines} lines", file.path);
        let name = Path::new(&file.path).file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let is_plain =
            name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
        assert!(is_plain, "{} is not named in lower case", file.path);
    }
}
