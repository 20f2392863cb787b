//! Hostile programs: each of `tests/hostile` ends by itself, in a way that its first line names, under limits of memory and
//! time. No panic, no signal, no hang that the limit of time does not end.
//!
//! `HOSTILE=text cargo test --test hostile` runs those whose name contains the text.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// What the program may use, and for how long.
const LIMITS: [&str; 4] = ["--memory", "256M", "--time", "1"];
/// The limit of time is looked at between instructions and in long native loops, on a machine that may be busy.
const LONGEST: Duration = Duration::from_secs(30);

/// How a program ended: `normally`, the class of the exception, or `stopped` by a limit.
fn ending(output: &Output) -> Result<String, String> {
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = errors.lines().last().unwrap_or_default();
    match output.status.code() {
        Some(0) => Ok("normally".to_owned()),
        Some(1) if last.starts_with("aspen: stopped:") => Ok("stopped".to_owned()),
        Some(1 | 2) if !errors.contains("panicked") && !errors.contains("aspen: a bug in Aspen") => {
            Ok(last.split(':').next().unwrap_or_default().trim().to_owned())
        }
        code => Err(format!("ended with {code:?}: {errors}")),
    }
}

fn check(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let wanted = text.lines().next().and_then(|line| line.strip_prefix("# ends: ")).ok_or("its end is not named")?;
    let begun = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_aspen")).arg("run").args(LIMITS).arg(path).output();
    let end = ending(&output.map_err(|error| error.to_string())?)?;
    if begun.elapsed() > LONGEST {
        return Err(format!("ended after {:?} only", begun.elapsed()));
    }
    // A busy machine may reach the limit of time before that of memory.
    if end == "stopped" || wanted.split(" or ").any(|one| one == end) {
        return Ok(());
    }
    Err(format!("ended with {end}, not {wanted}"))
}

#[test]
fn hostile_programs_end() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    let wanted = std::env::var("HOSTILE").unwrap_or_default();
    let mut programs: Vec<PathBuf> =
        std::fs::read_dir(directory).expect("the programs are there").flatten().map(|entry| entry.path()).collect();
    programs.retain(|path| path.to_string_lossy().contains(&wanted));
    programs.sort();
    let wrong: Vec<String> = programs
        .iter()
        .filter_map(|path| check(path).err().map(|wrong| format!("{}: {wrong}", path.display())))
        .collect();
    assert!(wrong.is_empty(), "{} of {} programs:\n{}", wrong.len(), programs.len(), wrong.join("\n"));
}
