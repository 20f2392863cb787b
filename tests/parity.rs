//! The answers in the specs are CPython's: where CPython 3.13 is found, it gives them too.
//!
//! Programs in which time passes run on the oracle (`../shared/oracle/oracle.py`): CPython whose clock jumps. What can't be
//! compared here is counted aloud.

mod program;

use program::{Program, Seen, all, check_each, cpython, last_raise, say};

/// With these modules the order, or the clock, is the oracle's business.
const TIMED: &[&str] = &["asyncio", "time", "threading", "queue", "concurrent", "sched"];

#[test]
fn every_spec_on_cpython() {
    let Some(python) = cpython::find() else {
        return say("parity: no CPython 3.13 here; nothing was compared");
    };
    let oracle = cpython::find_oracle();
    let (asked, left_out): (Vec<_>, Vec<_>) = all().into_iter().partition(|program| {
        program.skip.is_none() && program.not_cpython.is_none() && (oracle.is_some() || !is_timed(program))
    });
    let wrong = check_each(&asked, |program| {
        let oracle = oracle.as_deref().filter(|_| is_timed(program));
        let (output, error_output, is_good) = cpython::run(&python, oracle, &program.path, &program.stdin);
        compare(program, output, error_output, is_good).map_err(|wrong| format!("{}: {wrong}", program.name()))
    });
    say(&format!("parity: {} specs compared with CPython, {} left out", asked.len(), left_out.len()));
    assert!(wrong.is_empty(), "{} of {} specs:\n{}", wrong.len(), asked.len(), wrong.join("\n"));
}

fn is_timed(program: &Program) -> bool {
    let imports = |line: &str| {
        let mut words = line.split([' ', ',', '.']).filter(|word| !word.is_empty());
        let is_import = matches!(words.next(), Some("import" | "from"));
        is_import && words.any(|word| TIMED.contains(&word))
    };
    !program.is_real_time && program.text.lines().any(|line| imports(line.trim_start()))
}

/// A program with diagnostics is refused by CPython too; their wording is ours.
fn compare(program: &Program, output: String, error_output: String, is_good: bool) -> Result<(), String> {
    if !program.errors.is_empty() {
        let last = error_output.lines().last().unwrap_or_default();
        let is_refused = ["SyntaxError", "IndentationError", "TabError"].iter().any(|class| last.starts_with(class));
        return if is_refused { Ok(()) } else { Err(format!("CPython accepts it: {last}")) };
    }
    let is_failure = !is_good && (program.raise.is_none() || last_raise(&error_output).is_none());
    let ended = is_failure.then(|| "CPython failed".to_owned());
    program.check(&Seen { output, error_output, errors: Vec::new(), ended })
}
