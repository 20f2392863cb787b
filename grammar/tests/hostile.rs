//! Any bytes are a source text: there is a tree or a diagnostic, never a panic, never an overflow of the stack, and the
//! time stays linear. Everything runs on a thread with a small stack.

use std::time::{Duration, Instant};

use aspen_grammar::report::{Style, render};
use aspen_grammar::syntax::{Mode, Origin, Parsed, dump_tree, parse};

const STACK: usize = 512 * 1024;

/// Parses on a small stack; with the tree, it is shown as well.
fn parse_small(source: impl Into<Vec<u8>>) -> Parsed {
    let source = source.into();
    let run = move || {
        let parsed = parse(&source, Mode::Module, Origin::Bytes);
        if parsed.diagnostics.is_empty() {
            dump_tree(&parsed.text, &parsed.tree, false);
        } else {
            render(&parsed.diagnostics, &parsed.text, "program.as", Style::Plain);
        }
        parsed
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(run);
    thread.expect("a thread starts").join().expect("no source makes the parser panic")
}

fn assert_parses(source: String) {
    let parsed = parse_small(source);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics[0].mistake);
}

fn assert_refused(source: impl Into<Vec<u8>>, text: &str) {
    let parsed = parse_small(source);
    let first = parsed.diagnostics.first().expect("it is refused");
    assert_eq!(first.mistake.cpython_text(), text);
}

#[test]
fn long_chains_are_no_depth() {
    let n = 300_000;
    assert_parses(format!("{}1\n", "1+".repeat(n)));
    assert_parses(format!("a{}\n", ".b".repeat(n)));
    assert_parses(format!("a{}\n", "()".repeat(n)));
    assert_parses(format!("a{}\n", "[0]".repeat(n)));
    assert_parses(format!("{}a\n", "a and ".repeat(n)));
    assert_parses(format!("{}a\n", "a < ".repeat(n)));
    assert_parses(format!("{}a\n", "a = ".repeat(n)));
    assert_parses(format!("if a:\n b\n{}", "elif a:\n b\n".repeat(n / 10)));
}

#[test]
fn nesting_is_limited() {
    let n = 300_000;
    let too_deep = "too many nested parentheses";
    assert_refused("(".repeat(100_000), too_deep);
    assert_refused(format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)), too_deep);
    assert_refused(format!("{}1\n", "-".repeat(n)), too_deep);
    assert_refused(format!("{}1\n", "not ".repeat(n)), too_deep);
    assert_refused(format!("{}1\n", "lambda: ".repeat(n)), too_deep);
    assert_refused(format!("{}1\n", "a if b else ".repeat(n)), too_deep);
    assert_refused(format!("{}1\n", "2**".repeat(n)), too_deep);
    let ifs: String = (0..200).map(|depth| format!("{}if a:\n", " ".repeat(depth))).collect();
    assert_refused(ifs, "too many levels of indentation");
}

#[test]
fn nesting_up_to_the_limits_parses() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("{", "}"), ("{1: ", "}"), ("f(", ")"), ("[x for x in ", "]"), ("(-", ")")]
    {
        assert_parses(format!("{}1{}\n", open.repeat(190), close.repeat(190)));
    }
    let ifs: String = (0..99).map(|depth| format!("{}if a:\n", " ".repeat(depth))).collect();
    assert_parses(format!("{ifs}{}pass\n", " ".repeat(99)));
    assert_parses(format!("match a:\n case {}x{}: pass\n", "[".repeat(190), "]".repeat(190)));
    assert_parses(format!("{}1{}\n", "f'{".repeat(140), "}'".repeat(140)));
}

#[test]
fn bytes_that_are_no_text() {
    assert_refused(vec![0; 100_000], "source code cannot contain null bytes");
    let text = "(unicode error) 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte";
    assert_refused(vec![0xFF; 100_000], text);
}

#[test]
fn long_lines() {
    let n = 10_000_000;
    assert_parses("a".repeat(n));
    assert_parses(format!("0x{}", "f".repeat(n)));
    assert_parses(format!("'{}'", "x".repeat(n)));
    assert_parses(format!("#{}", "x".repeat(n)));
    assert!(!parse_small("1".repeat(n)).diagnostics.is_empty());
    assert!(!parse_small(format!("x = {} $\n", "a + ".repeat(n / 40))).diagnostics.is_empty());
}

#[test]
fn many_mistakes_take_linear_time() {
    let started = Instant::now();
    let n = 3_000;
    let lines = [
        "a b\n",
        "x = 'abc\n",
        "x = (\ndef f(): pass\n",
        "f(a b)\n",
        "]\n",
        "  x\n",
        "if x:\n",
        "f'{'\n",
        "“\n",
        "else:\n",
        "print x\n",
    ];
    for line in lines {
        assert!(!parse_small(line.repeat(n)).diagnostics.is_empty(), "{line}");
        parse_small(format!("def f():\n{}", format!("  {line}").repeat(n)));
    }
    for open in ["f(x,[", "f(g[h{", "x[", "(a if ", "a[b c", "1 + not ", "print ", "lambda x=", "{a:", "f(**"] {
        assert!(!parse_small(open.repeat(n)).diagnostics.is_empty(), "{open}");
    }
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn noise() {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize
    };
    let alphabet = b"abc123()[]{}:,.=+-*/\"'\\\n\t #@!f%&|^~<>_ ";
    let words = "if else for in def f ( ) : x = 1 , [ ] { } \n \n\u{20}\u{20} lambda not await * ** . 'a' f'{ }' match case type with as";
    let words: Vec<&str> = words.split(' ').collect();
    for _ in 0..300 {
        let n = next() % 400;
        parse_small((0..n).map(|_| alphabet[next() % alphabet.len()]).collect::<Vec<u8>>());
        parse_small((0..n).map(|_| words[next() % words.len()]).collect::<Vec<&str>>().join(" "));
        parse_small((0..n).map(|_| next() as u8).collect::<Vec<u8>>());
    }
}
