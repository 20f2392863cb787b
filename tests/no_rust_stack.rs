//! No script needs the Rust stack: on a thread with 256 KB of it, recursion of 100,000 levels through everything that
//! calls gives its result, or RecursionError under the usual limit; source nested as deeply as the limits allow compiles.
//!
//! An unoptimised build has frames several times as large: there the thread gets 1 MB, which 100,000 levels of any
//! Rust recursion would still overflow many times. `tests/run` runs this file optimised, with 256 KB.

mod program;

use program::Program;

const STACK: usize = if cfg!(debug_assertions) { 1 << 20 } else { 256 << 10 };
const DEPTH: usize = 100_000;

/// Runs a program on a thread with little stack; its output.
fn run(text: String) -> String {
    let job = move || {
        let program = Program { text, path: "deep.as".into(), ..Program::default() };
        let seen = program.run();
        let ended = seen.ended.unwrap_or_default();
        let error_output: String = seen.error_output.chars().take(2000).collect();
        seen.output + &ended + &error_output
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(job).expect("a thread");
    thread.join().expect("it ends well")
}

/// The program's output with the limit raised is `expected`; with the usual limit its recursion ends with RecursionError.
fn check(definitions: &str, expression: &str, expected: &str) {
    let deep =
        format!("import sys\nsys.setrecursionlimit(10 * {DEPTH})\nN = {DEPTH}\n{definitions}\nprint({expression})\n");
    assert_eq!(run(deep).trim_end(), expected, "{DEPTH} levels of {expression}");
    let shallow = format!(
        "N = {DEPTH}\n{definitions}\ntry:\n    print({expression})\nexcept RecursionError:\n    print('RecursionError')\n"
    );
    let output = run(shallow);
    let is_good = ["RecursionError", expected].contains(&output.trim_end());
    assert!(is_good, "under the usual limit {expression} gives {output}");
}

#[test]
fn calls() {
    check("def f(n): return n and 1 + f(n - 1)", "f(N)", "100000");
    check("f = lambda n, *a, k=1, **b: n and k + f(n - 1, *a, k=k, **b)", "f(N, 2, k=1, c=3)", "100000");
}

#[test]
fn methods() {
    check("class C:\n    def m(self, n): return n and 1 + self.m(n - 1)", "C().m(N)", "100000");
    check(
        "class B:\n    def m(self, n): return n and 1 + self.m(n - 1)\nclass C(B):\n    def m(self, n): return super().m(n)",
        "C().m(N // 2)",
        "50000",
    );
    check("class C:\n    def __call__(self, n): return n and 1 + self(n - 1)", "C()(N)", "100000");
}

#[test]
fn construction() {
    check("class C:\n    def __init__(self, n): self.inner = n and C(n - 1)", "type(C(N)).__name__", "C");
    check("class C:\n    def __new__(cls, n): return n and 1 + C(n - 1)", "C(N)", "100000");
}

#[test]
fn sorted_key_and_map() {
    check("def f(n): return n and 1 + sorted([n - 1], key=f)[0] * 0 + f.d\nf.d = 0", "f(N)", "1");
    check("def f(n): return n and 1 + sum(map(f, [n - 1]))", "f(N)", "100000");
    check("def f(n): return n and 1 + max([n - 1], key=f) * 0", "f(N)", "1");
    check("def f(n): return n and 1 + next(filter(None, map(f, [n - 1])), 0)", "f(N)", "100000");
}

#[test]
fn eq_in_a_dict_probe() {
    let class = "class K:\n    def __init__(self, n): self.n = n\n    def __hash__(self): return 1\n    def __eq__(self, other):\n        n = min(self.n, other.n)\n        return not n or K(n - 1) in {K(n - 1): 1}";
    check(class, "K(N) in {K(N): 1}", "True");
    check(class, "K(N) in {K(N)}", "True");
    check(class, "[K(N)] == [K(N)]", "True");
}

#[test]
fn repr_and_str() {
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    def __repr__(self): return repr([C(self.n - 1)])[:1] if self.n else 'x'",
        "len(repr(C(N)))",
        "1",
    );
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    def __str__(self): return f'{C(self.n - 1)}'[:1] if self.n else 'x'",
        "len(str(C(N)))",
        "1",
    );
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    def __format__(self, spec): return format(C(self.n - 1), spec)[:1] if self.n else 'x'",
        "len(f'{C(N):x}')",
        "1",
    );
}

#[test]
fn attributes() {
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    def __getattr__(self, name): return C(self.n - 1).missing + 1 if self.n else 0",
        "C(N).missing",
        "100000",
    );
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    @property\n    def p(self): return C(self.n - 1).p + 1 if self.n else 0",
        "C(N).p",
        "100000",
    );
}

#[test]
fn iteration_and_index() {
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    def __iter__(self): return iter(list(C(self.n - 1)) if self.n else [])",
        "list(C(N))",
        "[]",
    );
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    def __index__(self): return [0, 1][C(self.n - 1)] if self.n else 1",
        "[5, 6][C(N)]",
        "6",
    );
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    def __len__(self): return len(C(self.n - 1)) if self.n else 7",
        "len(C(N))",
        "7",
    );
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    def __bool__(self): return not C(self.n - 1) if self.n else True",
        "bool(C(N))",
        "True",
    );
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    def __hash__(self): return hash((C(self.n - 1),)) % 7 if self.n else 7",
        "hash(C(N)) >= 0",
        "True",
    );
}

#[test]
fn operators() {
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    def __add__(self, other): return C(self.n - 1) + other if self.n else 3",
        "C(N) + 1",
        "3",
    );
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    def __radd__(self, other): return other + C(self.n - 1) if self.n else 3",
        "1 + C(N)",
        "3",
    );
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    def __lt__(self, other): return C(self.n - 1) < other if self.n else True",
        "C(N) < 1",
        "True",
    );
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    def __getitem__(self, i): return C(self.n - 1)[i] if self.n else i",
        "C(N)[4]",
        "4",
    );
    check(
        "class C:\n    def __init__(self, n): self.n = n\n    def __contains__(self, i): return i in C(self.n - 1) if self.n else True",
        "1 in C(N)",
        "True",
    );
}

#[test]
fn generators_in_generators() {
    check("def g(n):\n    if n: yield from g(n - 1)\n    yield n", "sum(1 for _ in g(2000))", "2001");
    check("def g(n):\n    yield n\n    if n: yield from g(n - 1)\nlast = None", "next(g(N))", "100000");
    check("def g(n):\n    if n:\n        for x in g(n - 1): yield x\n    else: yield 'end'", "next(g(N))", "end");
    check(
        "def chain(n):\n    it = iter([1])\n    for _ in range(n): it = map(abs, it)\n    return it",
        "next(chain(N))",
        "1",
    );
}

#[test]
fn awaits_in_awaits() {
    let run = "def drive(c):\n    try:\n        while True: c.send(None)\n    except StopIteration as stop: return stop.value\n";
    check(&format!("{run}async def f(n): return n and 1 + await f(n - 1)"), "drive(f(N))", "100000");
    check(
        &format!(
            "{run}class P:\n    def __await__(self): yield\nasync def f(n):\n    if not n:\n        await P()\n        return 0\n    return 1 + await f(n - 1)"
        ),
        "drive(f(N))",
        "100000",
    );
    check(
        &format!(
            "{run}class A:\n    def __init__(self, n): self.n = n\n    def __await__(self): return f(self.n).__await__()\nasync def f(n): return n and 1 + await A(n - 1)"
        ),
        "drive(f(N))",
        "100000",
    );
    check(
        &format!(
            "{run}async def g(n):\n    if n:\n        async for x in g(n - 1): yield x\n    else: yield 'end'\nasync def f():\n    async for x in g(N): return x"
        ),
        "drive(f())",
        "end",
    );
}

#[test]
fn exceptions_unwind_all_that() {
    check(
        "def f(n):\n    if not n: raise KeyError('deep')\n    try: f(n - 1)\n    finally: n\ndef g():\n    try: f(N)\n    except KeyError as error: return str(error)",
        "g()",
        "'deep'",
    );
    check(
        "def f(n):\n    if not n: raise KeyError('deep')\n    return sorted([n - 1], key=f)\ndef g():\n    try: f(N)\n    except KeyError as error: return str(error)",
        "g()",
        "'deep'",
    );
    check(
        "class M:\n    def __enter__(self): pass\n    def __exit__(self, *exc): return False\ndef f(n):\n    if not n: raise KeyError('deep')\n    with M(): f(n - 1)\ndef g():\n    try: f(N)\n    except KeyError as error: return str(error)",
        "g()",
        "'deep'",
    );
}

#[test]
fn deep_data() {
    let nested = "def nest(n):\n    found = []\n    for _ in range(n): found = [found]\n    return found";
    check(nested, "len(repr(nest(N // 20)))", "10002");
    check(nested, "nest(N) == nest(N)", "True");
    check(
        "def nest(n):\n    found = ()\n    for _ in range(n): found = (found,)\n    return found",
        "hash(nest(N)) == hash(nest(N))",
        "True",
    );
    check(
        "import gc\ndef nest(n):\n    found = {}\n    for _ in range(n): found = {1: found}\n    return found",
        "gc.collect() >= 0 and len(nest(N))",
        "1",
    );
}

/// Source nested far beyond what anybody writes: code, or a diagnostic.
#[test]
fn deep_source() {
    let forms: [(&str, &str, &str); 10] = [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{1: ", "1", "}"),
        ("-", "1", ""),
        ("not ", "1", ""),
        ("lambda: ", "1", ""),
        ("1 if 1 else ", "1", ""),
        ("f(", "1", ")"),
        ("1 ** ", "1", ""),
        ("f'{", "1", "}'"),
    ];
    for (open, inner, close) in forms {
        for depth in [20, 60, 90, 150, 199, 1000, DEPTH] {
            let text =
                format!("def f(x): return x\nx = {}{inner}{}\nprint('ran')\n", open.repeat(depth), close.repeat(depth));
            let output = run(text);
            let is_refused = output.is_empty() || output.contains("aspen::");
            assert!(output.starts_with("ran") || is_refused, "{depth} of {open}: {output}");
        }
    }
    for (separator, n) in [(" + ", DEPTH), (".a", DEPTH), ("[0]", DEPTH), (" and ", DEPTH)] {
        let item = if separator.starts_with(' ') { "1" } else { "" };
        let text = format!("if 0:\n    x = y{}\nprint('ran')\n", format!("{separator}{item}").repeat(n));
        assert_eq!(run(text), "ran\n", "{n} of {separator}");
    }
    let blocks: String = (0..150).map(|depth| format!("{}if 1:\n", " ".repeat(depth))).collect();
    let output = run(format!("{blocks}{}print('ran')\n", " ".repeat(150)));
    assert!(output.is_empty() || output.starts_with("ran") || output.contains("aspen::"), "150 blocks: {output}");
    let elifs = "elif 0: pass\n".repeat(DEPTH);
    assert_eq!(run(format!("if 0: pass\n{elifs}else: print('ran')\n")), "ran\n");
}
