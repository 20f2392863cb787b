//! "Did you mean": the one function that guesses what a misspelt name should have been.

/// What a change of one letter into another, an insertion or a deletion costs; a change of case is half of it.
const MOVE: usize = 2;
const CASE: usize = 1;

/// The name that an exception suggests: the first of the nearest, by CPython's measure.
pub fn nearest<'a>(wrong: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wrong: Vec<char> = wrong.chars().collect();
    if wrong.is_empty() || wrong.len() > 40 {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for (at, candidate) in candidates.enumerate() {
        if at >= 750 {
            return None;
        }
        let letters: Vec<char> = candidate.chars().collect();
        if letters == wrong {
            continue;
        }
        let limit = (letters.len() + wrong.len() + 3) * MOVE / 6;
        let limit = limit.min(best.map_or(wrong.len(), |(distance, _)| distance).saturating_sub(1));
        let distance = edit_distance(&wrong, &letters);
        if distance <= limit {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

fn edit_distance(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).map(|column| column * MOVE).collect();
    for (line, &left) in from.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (line + 1) * MOVE;
        for (column, &right) in to.iter().enumerate() {
            let changed = diagonal + change(left, right);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + MOVE).min(diagonal + MOVE);
        }
    }
    row[to.len()]
}

fn change(left: char, right: char) -> usize {
    match () {
        () if left == right => 0,
        () if left.to_lowercase().eq(right.to_lowercase()) => CASE,
        () => MOVE,
    }
}

/// Whether a name is that of a module of the library.
pub fn is_library_module(name: &str) -> bool {
    const MODULES: &[&str] = &[
        "abc",
        "asyncio",
        "bisect",
        "builtins",
        "collections",
        "concurrent",
        "contextlib",
        "contextvars",
        "copy",
        "csv",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "functools",
        "gc",
        "glob",
        "hashlib",
        "heapq",
        "inspect",
        "io",
        "itertools",
        "json",
        "logging",
        "math",
        "operator",
        "os",
        "pathlib",
        "pickle",
        "queue",
        "random",
        "re",
        "select",
        "selectors",
        "shutil",
        "signal",
        "socket",
        "ssl",
        "statistics",
        "string",
        "struct",
        "subprocess",
        "sys",
        "tempfile",
        "textwrap",
        "threading",
        "time",
        "traceback",
        "types",
        "typing",
        "unittest",
        "urllib",
        "uuid",
        "warnings",
        "weakref",
        "zlib",
    ];
    MODULES.contains(&name)
}
