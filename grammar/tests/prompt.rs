//! What a prompt does with what was typed: run it, ask for more, or say what is wrong.

use aspen_grammar::syntax::{Mode, Origin, parse};

#[derive(Debug, PartialEq)]
enum Answer {
    Complete,
    Incomplete,
    Wrong,
}

use Answer::{Complete, Incomplete, Wrong};

#[test]
fn typed_lines() {
    let lines = [
        ("x = 1\n", Complete),
        ("x = 1; y = 2\n", Complete),
        ("x = (1,\n", Incomplete),
        ("x = (1,\n2)\n", Complete),
        ("x = [f(\n", Incomplete),
        ("x = '''a\n", Incomplete),
        ("x = '''a\n'''\n", Complete),
        ("x = f'''{a}\n", Incomplete),
        ("x = 1 + \\\n", Incomplete),
        ("x = 1 + \\\n2\n", Complete),
        ("if x:\n", Incomplete),
        ("if x: y\n", Incomplete),
        ("if x: y\n\n", Complete),
        ("if x:\n  y\n", Incomplete),
        ("if x:\n  y\n\n", Complete),
        ("if x:\n  y\nelse:\n", Incomplete),
        ("if x:\n  y\nelse:\n  z\n\n", Complete),
        ("try:\n  x\n", Incomplete),
        ("try:\n  x\nexcept:\n  y\n\n", Complete),
        ("def f():\n", Incomplete),
        ("def f():\n  return (1,\n", Incomplete),
        ("@decorator\n", Incomplete),
        ("class A:\n  def f(self):\n    pass\n\n", Complete),
        ("match x:\n", Incomplete),
        ("match x:\n  case 1:\n    pass\n\n", Complete),
        ("x = 'abc\n", Wrong),
        ("x = )\n", Wrong),
        ("x = 1 +\n", Wrong),
        ("x y\n", Wrong),
        ("if x\n", Wrong),
        ("x = 1\ny = 2\n", Wrong),
        ("  x\n", Wrong),
        ("\n", Complete),
        ("# comment\n", Complete),
    ];
    for (text, expected) in lines {
        let parsed = parse(text.as_bytes(), Mode::Interactive, Origin::Text);
        let answer = match (parsed.incomplete, parsed.diagnostics.is_empty()) {
            (true, _) => Incomplete,
            (false, true) => Complete,
            (false, false) => Wrong,
        };
        assert_eq!(answer, expected, "{text:?}");
    }
}
