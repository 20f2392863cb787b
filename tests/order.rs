//! Order: programs made up by chance print the same lines in the same order here and on CPython.
//!
//! 200 programs of tasks, and 30 of threads, of which those whose output varies on CPython itself are left out. CPython
//! runs on the oracle (`../shared/oracle/oracle.py`), whose clock jumps; without it nothing is compared, aloud.
//! `ORDER=17 cargo test --test order` runs one program and leaves it, with both outputs, in the folder for temporary files.

#[path = "order/generate.rs"]
mod generate;
mod program;
#[path = "order/threads.rs"]
mod threads;

use std::path::{Path, PathBuf};

use program::{Program, check_each, cpython, say};

const N_TASKS: u64 = 200;
const N_THREADS: u64 = 30;
/// So often a program of threads must say the same on CPython.
const N_RUNS: usize = 5;

/// Where the programs are while they are compared.
struct Bench {
    python: PathBuf,
    oracle: PathBuf,
    folder: PathBuf,
    only: Option<u64>,
}

impl Bench {
    fn new(name: &str) -> Option<Bench> {
        let (Some(python), Some(oracle)) = (cpython::find(), cpython::find_oracle()) else {
            say("order: no oracle here; nothing was compared");
            return None;
        };
        let folder = std::env::temp_dir().join(format!("aspen-order-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for the programs");
        let only = std::env::var("ORDER").ok().and_then(|seed| seed.parse().ok());
        Some(Bench { python, oracle, folder, only })
    }

    fn seeds(&self, n: u64) -> Vec<u64> {
        self.only.map_or_else(|| (0..n).collect(), |seed| vec![seed])
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, text).expect("the folder can be written");
        path
    }

    fn on_cpython(&self, path: &Path) -> String {
        let (output, error_output, _) = cpython::run(&self.python, Some(&self.oracle), path, "");
        if self.only.is_some() {
            self.write("cpython.txt", &format!("{output}\n{error_output}"));
        }
        output
    }

    fn on_aspen(&self, path: &Path) -> (String, String) {
        let seen = Program::read(path).run();
        if self.only.is_some() {
            self.write("aspen.txt", &format!("{}\n{}", seen.output, seen.error_output));
        }
        (seen.output, seen.ended.unwrap_or_default() + &seen.error_output)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        match self.only {
            Some(_) => say(&format!("order: see {}", self.folder.display())),
            None => {
                let _ = std::fs::remove_dir_all(&self.folder);
            }
        }
    }
}

/// The first line where two outputs part.
fn compare(seed: u64, expected: &str, (output, rest): &(String, String)) -> Result<(), String> {
    if expected == output {
        return Ok(());
    }
    let mut pairs = expected.lines().zip(output.lines()).enumerate();
    Err(match pairs.find(|(_, (one, other))| one != other) {
        Some((at, (one, other))) => format!("program {seed}: line {}: {other}\n  instead of: {one}", at + 1),
        None => {
            format!("program {seed}: {} lines instead of {}: {rest}", output.lines().count(), expected.lines().count())
        }
    })
}

#[test]
fn tasks_in_order() {
    let Some(bench) = Bench::new("tasks") else { return };
    let seeds = bench.seeds(N_TASKS);
    let wrong = check_each(&seeds, |&seed| {
        let path = bench.write(&format!("tasks{seed}.as"), &generate::tasks(seed));
        compare(seed, &bench.on_cpython(&path), &bench.on_aspen(&path))
    });
    assert!(wrong.is_empty(), "{} of {} programs:\n{}", wrong.len(), seeds.len(), wrong.join("\n"));
}

#[test]
fn threads_in_order() {
    let Some(bench) = Bench::new("threads") else { return };
    let seeds = bench.seeds(N_THREADS);
    let varying = std::sync::atomic::AtomicUsize::new(0);
    let wrong = check_each(&seeds, |&seed| {
        let path = bench.write(&format!("threads{seed}.as"), &threads::threads(seed));
        let expected = bench.on_cpython(&path);
        if (1..N_RUNS).any(|_| bench.on_cpython(&path) != expected) {
            varying.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            return Ok(());
        }
        compare(seed, &expected, &bench.on_aspen(&path))
    });
    let n_varying = varying.into_inner();
    say(&format!("order: {n_varying} of {} programs of threads vary on CPython and were left out", seeds.len()));
    assert!(wrong.is_empty(), "{} of {} programs:\n{}", wrong.len(), seeds.len(), wrong.join("\n"));
}
