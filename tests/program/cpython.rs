//! CPython 3.13 and the oracle, where they are found.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where CPython 3.13 is: `$CPYTHON313`, else the newest of `~/.pyenv/versions/3.13*`.
pub fn find() -> Option<PathBuf> {
    if let Some(given) = std::env::var_os("CPYTHON313") {
        return Some(PathBuf::from(given));
    }
    let versions = PathBuf::from(std::env::var_os("HOME")?).join(".pyenv/versions");
    let patch = |path: &Path| path.file_name()?.to_str()?.strip_prefix("3.13.")?.parse::<u32>().ok();
    let found = std::fs::read_dir(versions).ok()?.flatten().map(|entry| entry.path());
    let newest = found.filter_map(|path| Some((patch(&path)?, path))).max()?;
    Some(newest.1.join("bin/python"))
}

/// CPython with an exact order and a clock that jumps, if it stands beside the project.
pub fn find_oracle() -> Option<PathBuf> {
    let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/oracle/oracle.py");
    oracle.exists().then_some(oracle)
}

/// Runs a file; its standard output, its standard error, and whether it ended well.
pub fn run(python: &Path, oracle: Option<&Path>, file: &Path, stdin: &str) -> (String, String, bool) {
    let mut command = Command::new(python);
    command.args(["-X", "utf8"]).args(oracle).arg(file).env("CPYTHON313", python).env("PYTHONHASHSEED", "0");
    command.env("PYTHONDONTWRITEBYTECODE", "1").env_remove("PYTHONPATH");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("CPython can be started");
    // A program that does not read may be gone before.
    let _ = child.stdin.take().expect("it is a pipe").write_all(stdin.as_bytes());
    let ended = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (text(ended.stdout), text(ended.stderr), ended.status.success())
}
