//! Lists the library: every file of `stdlib/`, as `(module, is a package, text)`.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut rows = Vec::new();
    collect(&root.join("stdlib"), "", &mut rows);
    rows.sort();
    let mut text = String::from("&[\n");
    for (module, is_package, path) in rows {
        writeln!(text, "    ({module:?}, {is_package}, include_str!({path:?})),").expect("a String takes all");
    }
    text.push_str("]\n");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("library.rs"), text).expect("the output directory can be written");
    println!("cargo::rerun-if-changed=stdlib");
}

fn collect(directory: &Path, prefix: &str, rows: &mut Vec<(String, bool, PathBuf)>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}."), rows);
        } else if name == "__init__.as" {
            rows.push((prefix.trim_end_matches('.').to_owned(), true, path));
        } else if let Some(module) = name.strip_suffix(".as") {
            rows.push((format!("{prefix}{module}"), false, path));
        }
    }
}
