//! Measures the front up to the tree: `cargo run --release --example parse_speed -- FILE...`.
//!
//! The files are read first, then joined until they are ten megabytes, and parsed as one source.

use std::time::Instant;

use aspen_grammar::syntax::{Mode, Origin, parse, tokens};

const SIZE: usize = 10 << 20;

fn main() {
    let mut source = Vec::with_capacity(SIZE + (1 << 20));
    let paths: Vec<String> = std::env::args().skip(1).collect();
    if paths.is_empty() {
        eprintln!("usage: parse_speed FILE...");
        return;
    }
    while source.len() < SIZE {
        for path in &paths {
            source.extend(std::fs::read(path).expect("the file can be read"));
            source.push(b'\n');
        }
    }
    let megabytes = source.len() as f64 / 1e6;
    for _ in 0..3 {
        let started = Instant::now();
        let read = tokens(&source, Origin::Bytes);
        let lexed = started.elapsed().as_secs_f64();
        let n_tokens = read.tokens.len();
        drop(read);
        let started = Instant::now();
        let parsed = parse(&source, Mode::Module, Origin::Bytes);
        let seconds = started.elapsed().as_secs_f64();
        println!(
            "{megabytes:.1} MB, {n_tokens} tokens in {lexed:.3} s ({:.1} MB/s); whole in {seconds:.3} s: {:.1} MB/s, {} nodes, {} mistakes",
            megabytes / lexed,
            megabytes / seconds,
            parsed.tree.exprs.len() + parsed.tree.stmts.len(),
            parsed.diagnostics.len(),
        );
    }
}
