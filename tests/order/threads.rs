//! Programs of threads made up by chance, which use only `start`, `join`, `queue`, `Lock` and `call_soon_threadsafe`.
//!
//! Of the threads only one can run at any time: the main program lets one go on, and waits for its answer. Otherwise the
//! output would be a matter of luck on CPython.

use std::fmt::Write;

use super::generate::Chance;

const PRELUDE: &str = "import asyncio
import queue
import threading

lock = threading.Lock()
notes = queue.Queue()

class Worker:
    def __init__(self, work, name):
        self.name = name
        self.inbox, self.outbox = queue.Queue(), queue.Queue()
        self.thread = threading.Thread(target=work, args=(name, self.inbox, self.outbox))
        self.thread.start()
        print(\"main\", name, self.outbox.get())

    def ask(self, question):
        self.inbox.put(question)
        print(\"main\", self.name, self.outbox.get())

    def end(self):
        self.inbox.put(None)
        self.thread.join()
        print(\"main\", self.name, self.thread.is_alive())

def child(name, n):
    for i in range(n):
        with lock:
            print(name, \"child\", i)
        notes.put((name, i))

";

/// A program of threads; every other one has a loop that the threads talk to.
pub fn threads(seed: u64) -> String {
    let mut chance = Chance(seed.wrapping_mul(0x2000_0003) + 11);
    let mut text = PRELUDE.to_owned();
    let n_workers = 2 + chance.below(3);
    let with_loop = seed.is_multiple_of(2);
    let mut left = Vec::new();
    for number in 0..n_workers {
        let n_questions = 1 + chance.below(4);
        left.push((number, n_questions));
        let _ = writeln!(
            text,
            "def work{number}(name, inbox, outbox):\n    print(name, \"begins\")\n    outbox.put(\"ready\")"
        );
        for label in 0..n_questions {
            let _ = writeln!(text, "    question = inbox.get()");
            for _ in 0..1 + chance.below(3) {
                text.push_str(&step(&mut chance, label, with_loop));
            }
            let _ = writeln!(text, "    outbox.put(({label}, question))");
        }
        let _ = writeln!(text, "    inbox.get()\n    print(name, \"ends\")\n");
    }
    let head = if with_loop {
        "async def main():\n    global loop\n    loop = asyncio.get_running_loop()"
    } else {
        "def main():"
    };
    let _ = writeln!(text, "{head}\n    workers = []");
    main(&mut chance, n_workers, left, with_loop, &mut text);
    let last = if with_loop { "asyncio.run(main())" } else { "main()" };
    let _ = writeln!(text, "    while not notes.empty():\n        print(notes.get())\n\n{last}");
    text
}

fn step(chance: &mut Chance, label: usize, with_loop: bool) -> String {
    match chance.below(if with_loop { 7 } else { 4 }) {
        0 => format!("    print(name, {label}, question)\n"),
        1 => format!("    with lock:\n        print(name, {label}, \"locked\")\n"),
        2 => format!("    notes.put((name, {label}))\n"),
        3 => {
            let n = chance.below(3);
            format!(
                "    thread = threading.Thread(target=child, args=(name, {n}))\n    thread.start()\n    thread.join()\n"
            )
        }
        _ => format!("    loop.call_soon_threadsafe(print, name, {label}, \"in the loop\")\n"),
    }
}

/// Asks the workers in an order made up by chance.
fn main(chance: &mut Chance, n_workers: usize, mut left: Vec<(usize, usize)>, with_loop: bool, text: &mut String) {
    for number in 0..n_workers {
        let _ = writeln!(text, "    workers.append(Worker(work{number}, \"{number}\"))");
    }
    let mut n_asked = 0;
    while !left.is_empty() {
        n_asked += 1;
        let at = chance.below(left.len());
        let (number, n_left) = left[at];
        if n_left > 0 {
            let _ = writeln!(text, "    workers[{number}].ask({n_asked})");
            left[at].1 -= 1;
        } else {
            let _ = writeln!(text, "    workers[{number}].end()");
            left.remove(at);
        }
        if with_loop && chance.below(3) == 0 {
            let _ = writeln!(text, "    await asyncio.sleep(0)\n    print(\"main\", \"turned\")");
        }
    }
}
