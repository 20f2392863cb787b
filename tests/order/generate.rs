//! Programs of tasks made up by chance: the same seed, the same program.
//!
//! All delays are eighths of a second, which floats hold exactly. Children are coroutines of a lower level, so that every
//! program ends; whatever could wait for ever has a time-out, and at the end everything is cancelled.

use std::fmt::Write;

/// What every program begins with.
const PRELUDE: &str = r#"import asyncio

class Trouble(Exception): ...

tasks = []

def show(label, *values):
    print(f"{loop.time():.3f}", label, *values)

def tell(value):
    if isinstance(value, BaseException):
        return f"{type(value).__name__}:{value}"
    if isinstance(value, list):
        return [tell(item) for item in value]
    return value

def names(found):
    return sorted(task.get_name() for task in found)

def ended(task):
    show("ended", task.get_name(), "cancelled" if task.cancelled() else tell(task.exception() or task.result()))

def spawn(coroutine, name):
    task = asyncio.create_task(coroutine, name=name)
    tasks.append(task)
    return task

async def numbers(name, n, delay):
    try:
        for i in range(n):
            if delay:
                await asyncio.sleep(delay)
            yield i
    finally:
        show(name, "generator ends")
        await asyncio.sleep(0)
        show(name, "generator has ended")
"#;

/// What every program ends with.
const EPILOGUE: &str = r#"
    done, pending = await asyncio.wait(roots, timeout=30)
    show("main", names(done), names(pending))
    for task in tasks:
        if not task.done():
            show("main cancels", task.get_name(), task.cancel("end"))
    for task in tasks:
        try:
            show("main", task.get_name(), tell(await task))
        except asyncio.CancelledError as error:
            show("main", task.get_name(), "cancelled", error.args)
        except Exception as error:
            show("main", task.get_name(), tell(error))
    return "over"

print(asyncio.run(main()))
"#;

/// Numbers by chance (splitmix64).
pub struct Chance(pub u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// One of these.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// A program that is being written.
struct Writer {
    chance: Chance,
    text: String,
    indent: usize,
    n_labels: usize,
    /// Coroutines of this number and above can't be called here.
    callable: usize,
}

/// A program of tasks.
pub fn tasks(seed: u64) -> String {
    let chance = Chance(seed.wrapping_mul(0x1000_0001) + 7);
    let mut writer = Writer { chance, text: PRELUDE.to_owned(), indent: 0, n_labels: 0, callable: 0 };
    for level in 0..3 {
        let n_below = level * 3;
        for number in n_below..n_below + 3 {
            writer.callable = n_below;
            writer.coroutine(number);
        }
    }
    writer.main();
    writer.text + EPILOGUE
}

impl Writer {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.text, "{:width$}{text}", "", width = self.indent * 4);
    }

    fn block(&mut self, head: &str, body: impl FnOnce(&mut Writer)) {
        self.line(head);
        self.indent += 1;
        body(self);
        self.indent -= 1;
    }

    fn label(&mut self) -> usize {
        self.n_labels += 1;
        self.n_labels
    }

    fn delay(&mut self) -> &'static str {
        self.chance.one_of(&["0", "0", "0.125", "0.25", "0.25", "0.5", "1"])
    }

    fn timeout(&mut self) -> &'static str {
        self.chance.one_of(&["0", "0.125", "0.25", "0.5", "0.75"])
    }

    /// A call of a coroutine that is there already.
    fn call(&mut self) -> String {
        let number = self.chance.below(self.callable.max(1));
        let label = self.label();
        if self.callable == 0 {
            let delay = self.delay();
            return format!("asyncio.sleep({delay}, {label})");
        }
        format!("work{number}(f\"{{name}}.{label}\")")
    }

    fn coroutine(&mut self, number: usize) {
        self.text.push('\n');
        self.block(&format!("async def work{number}(name):"), |writer| {
            writer.line("show(name, \"begins\")");
            let kind = writer.chance.below(4);
            if kind == 0 {
                return writer.body();
            }
            writer.block("try:", Writer::body);
            if kind == 1 {
                let delay = writer.delay();
                writer.block("except asyncio.CancelledError as error:", |writer| {
                    writer.line("show(name, \"cancelled\", error.args)");
                    writer.line(&format!("await asyncio.sleep({delay})"));
                    writer.line("show(name, \"goes\")");
                    writer.line("raise");
                });
            } else if kind == 2 {
                writer.block("except Exception as error:", |writer| writer.line("show(name, \"caught\", tell(error))"));
            }
            let delay = writer.delay();
            writer.block("finally:", |writer| {
                writer.line("show(name, \"finally\")");
                if kind == 3 {
                    writer.line(&format!("await asyncio.sleep({delay})"));
                    writer.line("show(name, \"finally over\")");
                }
            });
        });
    }

    fn body(&mut self) {
        for _ in 0..1 + self.chance.below(4) {
            self.step(0);
        }
        let label = self.label();
        self.line(&format!("return {label}"));
    }

    /// One thing that a coroutine does.
    fn step(&mut self, depth: usize) {
        let label = self.label();
        let n_kinds = if depth < 2 { 24 } else { 12 };
        match self.chance.below(n_kinds) {
            0 | 1 => self.sleep(label),
            2 => self.line(&format!("show(name, {label})")),
            3 => self.event(label),
            4 => self.future(label),
            5 => self.put(label),
            6 => self.get(label),
            7 => self.callback(label),
            8 => self.spawn(label),
            9 => self.cancel(label),
            10 => self.condition(label),
            11 => self.fail(label),
            12 | 13 => self.locked(label, depth),
            14 | 15 => self.gather(label),
            16 => self.wait(label),
            17 => self.as_completed(label),
            18 => self.group(label, depth),
            19 => self.timed(label, depth),
            20 => self.wait_for(label),
            21 => self.shield(label),
            22 => self.generator(label, depth),
            _ => self.guarded(label, depth),
        }
    }

    fn sleep(&mut self, label: usize) {
        let delay = self.delay();
        self.line(&format!("show(name, {label}, await asyncio.sleep({delay}, {label}))"));
    }

    fn event(&mut self, label: usize) {
        let (event, timeout) = (self.chance.below(2), self.timeout());
        match self.chance.below(4) {
            0 => self.line(&format!("events[{event}].set()")),
            1 => self.line(&format!("events[{event}].clear()")),
            _ => self.guard(label, |writer| {
                writer.line(&format!("show(name, {label}, await asyncio.wait_for(events[{event}].wait(), {timeout}))"));
            }),
        }
    }

    fn future(&mut self, label: usize) {
        let (future, timeout) = (self.chance.below(3), self.timeout());
        match self.chance.below(5) {
            0 => self.block(&format!("if not futures[{future}].done():"), |writer| {
                writer.line(&format!("futures[{future}].set_result({label})"));
            }),
            1 => self.block(&format!("if not futures[{future}].done():"), |writer| {
                writer.line(&format!("futures[{future}].set_exception(Trouble({label}))"));
            }),
            2 => self.line(&format!(
                "futures[{future}].add_done_callback(lambda future: show(name, {label}, \"future\", future.cancelled()))"
            )),
            _ => self.guard(label, |writer| {
                let wait = format!("asyncio.wait_for(asyncio.shield(futures[{future}]), {timeout})");
                writer.line(&format!("show(name, {label}, await {wait})"));
            }),
        }
    }

    fn put(&mut self, label: usize) {
        let (queue, timeout) = (self.chance.below(3), self.timeout());
        if self.chance.below(2) == 0 {
            return self.guard(label, |writer| writer.line(&format!("queues[{queue}].put_nowait({label})")));
        }
        self.guard(label, |writer| {
            writer.line(&format!("await asyncio.wait_for(queues[{queue}].put({label}), {timeout})"));
            writer.line(&format!("show(name, {label}, \"put\", queues[{queue}].qsize())"));
        });
    }

    fn get(&mut self, label: usize) {
        let (queue, timeout) = (self.chance.below(3), self.timeout());
        self.guard(label, |writer| {
            writer.line(&format!(
                "show(name, {label}, \"got\", await asyncio.wait_for(queues[{queue}].get(), {timeout}))"
            ));
            writer.line(&format!("queues[{queue}].task_done()"));
        });
    }

    fn callback(&mut self, label: usize) {
        let delay = self.delay();
        match self.chance.below(3) {
            0 => self.line(&format!("loop.call_soon(show, name, {label}, \"soon\")")),
            1 => self.line(&format!("loop.call_later({delay}, show, name, {label}, \"later\")")),
            _ => self.line(&format!("loop.call_later({delay}, show, name, {label}, \"never\").cancel()")),
        }
    }

    fn spawn(&mut self, label: usize) {
        let call = self.call();
        self.line(&format!("task{label} = spawn({call}, f\"{{name}}.{label}\")"));
        if self.chance.below(2) == 0 {
            self.line(&format!("task{label}.add_done_callback(ended)"));
        }
    }

    fn cancel(&mut self, label: usize) {
        let which = self.chance.one_of(&["0", "-1", "len(tasks) // 2", "1"]);
        self.block(&format!("if len(tasks) > 1 and tasks[{which}] is not asyncio.current_task():"), |writer| {
            let args = format!("tasks[{which}].get_name(), tasks[{which}].cancel({label})");
            writer.line(&format!("show(name, {label}, \"cancels\", {args})"));
        });
    }

    fn condition(&mut self, label: usize) {
        let timeout = self.timeout();
        let kind = self.chance.below(4);
        self.guard(label, |writer| {
            writer.block("async with condition:", |writer| match kind {
                0 => writer.line("condition.notify()"),
                1 => writer.line("condition.notify_all()"),
                _ => writer.line(&format!("show(name, {label}, await asyncio.wait_for(condition.wait(), {timeout}))")),
            });
        });
    }

    fn fail(&mut self, label: usize) {
        if self.chance.below(3) == 0 {
            self.block("if loop.time() > 0.25:", |writer| writer.line(&format!("raise Trouble({label})")));
        } else {
            self.line(&format!("show(name, {label})"));
        }
    }

    fn locked(&mut self, label: usize, depth: usize) {
        let lock = self.chance.one_of(&["locks[0]", "locks[1]", "semaphore", "bounded"]);
        self.block(&format!("async with {lock}:"), |writer| {
            writer.line(&format!("show(name, {label}, \"holds {lock}\")"));
            // Nothing that takes a lock twice: a step of the last level takes none.
            writer.step(depth.max(2));
            writer.sleep(label);
        });
        self.line(&format!("show(name, {label}, \"released\")"));
    }

    fn calls(&mut self) -> String {
        let n = 1 + self.chance.below(3);
        (0..n).map(|_| self.call()).collect::<Vec<_>>().join(", ")
    }

    fn gather(&mut self, label: usize) {
        let calls = self.calls();
        let returns = self.chance.one_of(&["True", "True", "False"]);
        self.guard(label, |writer| {
            let gather = format!("asyncio.gather({calls}, return_exceptions={returns})");
            writer.line(&format!("show(name, {label}, tell(await {gather}))"));
        });
    }

    fn spawned(&mut self, label: usize) -> String {
        let n = 1 + self.chance.below(3);
        let mut made = Vec::new();
        for number in 0..n {
            let call = self.call();
            made.push(format!("spawn({call}, f\"{{name}}.{label}.{number}\")"));
        }
        made.join(", ")
    }

    fn wait(&mut self, label: usize) {
        let (spawned, timeout) = (self.spawned(label), self.chance.one_of(&["None", "0.25", "0.5"]));
        let when = self.chance.one_of(&["FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"]);
        self.line(&format!(
            "done, pending = await asyncio.wait([{spawned}], timeout={timeout}, return_when=asyncio.{when})"
        ));
        self.line(&format!("show(name, {label}, names(done), names(pending))"));
    }

    fn as_completed(&mut self, label: usize) {
        let spawned = self.spawned(label);
        let timeout = self.chance.one_of(&["None", "0.5", "1"]);
        self.guard(label, |writer| {
            writer.block(&format!("for next_one in asyncio.as_completed([{spawned}], timeout={timeout}):"), |writer| {
                writer.line(&format!("show(name, {label}, tell(await next_one))"));
            });
        });
    }

    fn group(&mut self, label: usize, depth: usize) {
        let n = 1 + self.chance.below(3);
        self.guard(label, |writer| {
            writer.block("async with asyncio.TaskGroup() as group:", |writer| {
                for number in 0..n {
                    let call = writer.call();
                    writer
                        .line(&format!("tasks.append(group.create_task({call}, name=f\"{{name}}.{label}.{number}\"))"));
                }
                writer.step(depth + 1);
            });
        });
    }

    fn timed(&mut self, label: usize, depth: usize) {
        let timeout = self.timeout();
        self.guard(label, |writer| {
            writer.block(&format!("async with asyncio.timeout({timeout}) as scope{label}:"), |writer| {
                writer.step(depth + 1);
                writer.sleep(label);
            });
            writer.line(&format!("show(name, {label}, scope{label}.expired())"));
        });
    }

    fn wait_for(&mut self, label: usize) {
        let (call, timeout) = (self.call(), self.timeout());
        self.guard(label, |writer| {
            writer.line(&format!("show(name, {label}, tell(await asyncio.wait_for({call}, {timeout})))"));
        });
    }

    fn shield(&mut self, label: usize) {
        let (call, timeout) = (self.call(), self.timeout());
        self.guard(label, |writer| {
            let inner = format!("asyncio.shield(spawn({call}, f\"{{name}}.{label}\"))");
            writer.line(&format!("show(name, {label}, tell(await asyncio.wait_for({inner}, {timeout})))"));
        });
    }

    fn generator(&mut self, label: usize, depth: usize) {
        let (n, delay, stop) = (1 + self.chance.below(3), self.delay(), self.chance.below(4));
        let made = format!("numbers(f\"{{name}}.{label}\", {n}, {delay})");
        if self.chance.below(2) == 0 {
            // Closed on leaving the loop.
            return self.loop_over(&made, label, depth, stop);
        }
        self.line(&format!("stream{label} = {made}"));
        self.block("try:", |writer| writer.loop_over(&format!("stream{label}"), label, depth, stop));
        self.block("finally:", |writer| writer.line(&format!("await stream{label}.aclose()")));
    }

    fn loop_over(&mut self, iterable: &str, label: usize, depth: usize, stop: usize) {
        self.block(&format!("async for item in {iterable}:"), |writer| {
            writer.line(&format!("show(name, {label}, \"item\", item)"));
            writer.block(&format!("if item == {stop}:"), |writer| writer.line("break"));
            writer.step(depth.max(2));
        });
    }

    fn guarded(&mut self, label: usize, depth: usize) {
        self.guard(label, |writer| {
            writer.step(depth + 1);
            writer.step(depth + 1);
        });
    }

    /// What may fail, or take too long.
    fn guard(&mut self, label: usize, body: impl FnOnce(&mut Writer)) {
        self.block("try:", body);
        let class = self.chance.one_of(&[
            "Exception",
            "Exception",
            "(Exception, ExceptionGroup)",
            "(TimeoutError, Trouble, asyncio.QueueFull, ExceptionGroup)",
        ]);
        self.block(&format!("except {class} as error:"), |writer| {
            writer.line(&format!("show(name, {label}, tell(error))"));
        });
    }

    fn main(&mut self) {
        self.text.push('\n');
        self.line("async def main():");
        self.indent = 1;
        for made in [
            "global loop, locks, semaphore, bounded, events, futures, queues, condition",
            "name = \"main\"",
            "loop = asyncio.get_running_loop()",
            "locks = [asyncio.Lock(), asyncio.Lock()]",
            "semaphore, bounded = asyncio.Semaphore(2), asyncio.BoundedSemaphore(1)",
            "events = [asyncio.Event(), asyncio.Event()]",
            "futures = [loop.create_future() for _ in range(3)]",
            "queues = [asyncio.Queue(1), asyncio.LifoQueue(2), asyncio.PriorityQueue()]",
            "condition = asyncio.Condition()",
        ] {
            self.line(made);
        }
        self.callable = 9;
        let n = 2 + self.chance.below(3);
        let mut roots = Vec::new();
        for number in 0..n {
            let root = 3 + self.chance.below(6);
            roots.push(format!("spawn(work{root}(\"{number}\"), \"{number}\")"));
        }
        self.line(&format!("roots = [{}]", roots.join(", ")));
        if self.chance.below(2) == 0 {
            self.sleep(0);
            self.line("show(\"main cancels\", tasks[0].cancel())");
        }
        self.indent = 0;
    }
}
