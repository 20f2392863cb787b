//! How much an idle engine takes. Alone in its process: other tests would be measured too.

use std::time::{Duration, Instant};

use aspen::engine::{Engine, EngineOptions};

/// Pages of this process that are in memory.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").expect("Linux says it");
    let pages: usize = text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("a number");
    pages * 4096
}

#[test]
fn an_idle_engine_is_small_and_quickly_made() {
    const COUNT: usize = 400;
    // The first one fills tables that all share.
    let first = Engine::new(EngineOptions::default());
    let before = resident();
    let begun = Instant::now();
    let engines: Vec<Engine> = (0..COUNT).map(|_| Engine::new(EngineOptions::default())).collect();
    let each = begun.elapsed() / COUNT as u32;
    let size = (resident() - before) / engines.len();
    println!("an idle engine: {size} bytes, {each:?}");
    assert!(size < 200 * 1024, "an idle engine takes {size} bytes");
    // The bar is 1 ms, for an optimised build on a machine that has nothing else to do.
    let bar = if cfg!(debug_assertions) { Duration::from_millis(100) } else { Duration::from_millis(1) };
    assert!(each < bar, "an idle engine takes {each:?} to make");
    drop(first);
}
