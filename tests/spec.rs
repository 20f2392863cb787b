//! Behavior: every program of `tests/spec` gives the answers that are written in it.
//!
//! `SPEC=text cargo test --test spec` runs those whose path contains the text.

mod program;

use program::{all, check_each, say};

#[test]
fn every_spec() {
    let (programs, skipped): (Vec<_>, Vec<_>) = all().into_iter().partition(|program| program.skip.is_none());
    for program in &skipped {
        say(&format!("skipped: {}: {}", program.name(), program.skip.as_deref().unwrap_or_default()));
    }
    let wrong = check_each(&programs, |program| {
        if program.output.is_empty() && program.errors.is_empty() && program.raise.is_none() {
            return Err(format!("{}: expects nothing", program.name()));
        }
        program.check(&program.run()).map_err(|wrong| format!("{}: {wrong}", program.name()))
    });
    assert!(wrong.is_empty(), "{} of {} specs:\n{}", wrong.len(), programs.len(), wrong.join("\n"));
}
