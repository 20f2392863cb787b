//! The command.

use aspen::engine::{Ended, Engine, EngineOptions};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let file = std::env::args().skip_while(|arg| arg != "run").nth(1).or_else(|| std::env::args().nth(1));
    let Some(file) = file else { std::process::exit(2) };
    let source = std::fs::read(&file).unwrap_or_default();
    let mut engine =
        Engine::new(EngineOptions { host: aspen::host::HostOptions::command(), ..EngineOptions::default() });
    let ended = engine.run(&source, &file);
    if let Ended::Raised(exc) = ended {
        eprintln!("{}", engine.describe(exc));
        std::process::exit(1);
    }
}
