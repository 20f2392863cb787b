//! Programs that would never end, or would take everything, in an embedded engine: each stops as its limit says, no script
//! can catch that, and the engine runs the next program.

use std::time::{Duration, Instant};

use aspen::engine::{Data, Engine, EngineOptions, Limit, Limits, Stop};

const FUEL: Limits = Limits { fuel: Some(300_000), time: None, memory: 64 << 20 };
const TIME: Limits = Limits { fuel: None, time: Some(Duration::from_millis(200)), memory: 64 << 20 };
const MEMORY: Limits = Limits { fuel: None, time: Some(Duration::from_secs(60)), memory: 16 << 20 };

fn run(limits: Limits, program: &str) -> Result<(), Stop> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut engine = Engine::new(EngineOptions { limits, ..EngineOptions::default() });
    runtime.block_on(async {
        let ended = engine.run(program).await;
        let next = engine.eval("sum(x * x for x in [1, 2, 3])").await;
        assert_eq!(next.expect("the next program runs"), Data::Int(14));
        ended
    })
}

fn assert_limit(limits: Limits, program: &str, expected: Limit) {
    match run(limits, program) {
        Err(Stop::Limit(limit)) if limit == expected => {}
        other => panic!("{program}\n  ended with {other:?} instead of {expected:?}"),
    }
}

fn assert_raises(limits: Limits, program: &str, class: &str) {
    match run(limits, program) {
        Err(Stop::Raised(raised)) if raised.class == class => {}
        other => panic!("{program}\n  ended with {other:?} instead of {class}"),
    }
}

#[test]
fn a_loop_stops_when_the_fuel_is_used_up() {
    assert_limit(FUEL, "while True: pass", Limit::Fuel);
    assert_limit(FUEL, "def f():\n  while True: pass\nf()", Limit::Fuel);
    assert_limit(FUEL, "while True:\n  try:\n    while True: pass\n  except BaseException: pass", Limit::Fuel);
    assert_limit(FUEL, "try:\n  while True: pass\nfinally:\n  while True: pass", Limit::Fuel);
}

#[test]
fn a_loop_stops_when_the_time_is_over() {
    assert_limit(TIME, "while True: pass", Limit::Time);
    assert_limit(TIME, "while True:\n  try:\n    while True: pass\n  except BaseException: pass", Limit::Time);
    assert_limit(
        TIME,
        "import _thread\nlock = _thread.allocate_lock()\nlock.acquire()\nlock.acquire(True, 1000)",
        Limit::Time,
    );
    assert_limit(TIME, "import asyncio\nasyncio.run(asyncio.sleep(1000))", Limit::Time);
}

#[test]
fn long_natives_use_fuel_and_time() {
    for program in [
        "sum(range(10**12))",
        "max(range(10**12))",
        "10**12 in map(str, range(10**12))",
        "all(map(bool, range(1, 10**12)))",
    ] {
        assert_limit(FUEL, program, Limit::Fuel);
    }
    assert_limit(TIME, "sum(range(10**12))", Limit::Time);
}

#[test]
fn tasks_and_threads_share_the_fuel() {
    let tasks = "import asyncio\nasync def spin():\n  while True: await asyncio.sleep(0)\nasync def main():\n  await asyncio.gather(*(spin() for _ in range(10)))\nasyncio.run(main())";
    assert_limit(FUEL, tasks, Limit::Fuel);
    let threads = "import _thread\ndef spin():\n  while True: pass\nfor _ in range(5): _thread.start_new_thread(spin, ())\nspin()";
    assert_limit(FUEL, threads, Limit::Fuel);
}

#[test]
fn too_much_memory_is_an_ordinary_exception() {
    for program in [
        "a = []\nwhile True: a.append(a)",
        "a = []\nwhile True: a.append([a])",
        "a = {}\nwhile True: a[len(a)] = a",
        "a = set()\nwhile True: a.add(len(a))",
        "a = 'x'\nwhile True: a += a",
        "a = b'x'\nwhile True: a += a",
        "a = (1,)\nwhile True: a += a",
        "a = bytearray(b'x')\nwhile True: a += a",
        "a = 3\nwhile True: a *= a",
        "class A: pass\na = None\nwhile True:\n  b = A(); b.next = a; a = b",
        "'x' * 10**12",
        "list(range(10**9))",
        "a = []\ndef f():\n  while True:\n    yield\nwhile True:\n  g = f(); next(g); a.append(g)",
    ] {
        assert_raises(MEMORY, program, "MemoryError");
    }
}

#[test]
fn a_memory_error_can_be_handled() {
    let program = "a = []\ntry:\n  while True: a.append([])\nexcept MemoryError as error:\n  a = None\n  kind = type(error).__name__\nassert kind == 'MemoryError'\nb = [0] * 1000";
    run(MEMORY, program).expect("it was handled");
}

#[test]
fn who_goes_on_beyond_a_memory_error_is_stopped_or_raises_again() {
    let program = "a = []\nwhile True:\n  try:\n    while True: a.append([a])\n  except MemoryError: pass";
    match run(Limits { fuel: Some(50_000_000), ..MEMORY }, program) {
        Err(Stop::Limit(Limit::Memory | Limit::Fuel)) => {}
        other => panic!("ended with {other:?}"),
    }
}

#[test]
fn code_is_collected() {
    let program = "i = 0\nwhile True:\n  eval(f'{i}')\n  i += 1";
    assert_limit(Limits { fuel: Some(100_000), ..MEMORY }, program, Limit::Fuel);
    let program = "i = 0\nwhile True:\n  exec(f'def f{i}(): return {i}', {})\n  i += 1";
    assert_limit(Limits { fuel: Some(100_000), ..MEMORY }, program, Limit::Fuel);
}

#[test]
fn nobody_sets_the_event() {
    let program = "import asyncio\nasync def main():\n  await asyncio.Event().wait()\nasyncio.run(main())";
    match run(FUEL, program) {
        Err(Stop::Deadlock(report)) => assert!(report.contains("Event"), "{report}"),
        other => panic!("ended with {other:?}"),
    }
}

#[test]
fn another_thread_can_stop_it() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut engine = Engine::new(EngineOptions::default());
    let handle = engine.interrupt();
    let begun = Instant::now();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        handle.cancel();
    });
    match runtime.block_on(engine.run("while True: pass")) {
        Err(Stop::Limit(Limit::Cancelled)) => {}
        other => panic!("ended with {other:?}"),
    }
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert_eq!(runtime.block_on(engine.eval("1 + 1")).expect("it goes on"), Data::Int(2));
}

/// New objects must not come faster than a major collection marks: it would never end, and the heap would grow to its limit.
#[test]
fn major_collections_keep_pace_with_large_allocations() {
    let program = "import gc\n\
        text = ' '.join(str(number) for number in range(200_000))\n\
        before = gc.get_stats()[2]['collections']\n\
        for _ in range(12):\n\
        \x20   words = text.split()\n\
        \x20   for word in words: word.upper()\n\
        assert gc.get_stats()[2]['collections'] - before >= 3";
    run(Limits { fuel: None, time: None, memory: 1 << 30 }, program).expect("it ends");
}
