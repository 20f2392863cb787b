"""The prompt: reads, evaluates and prints on an event loop that runs on while it waits for the next line.

Lines come from the command (`src/cli/repl.rs`), which edits, remembers and checks them. Each is a task of its own, so that
an interrupt can cancel it while it awaits; while it computes, the interrupt is raised inside.
"""

import asyncio
import signal
import sys

import _console

# `ast.PyCF_ALLOW_TOP_LEVEL_AWAIT`, and: expression statements are shown, tracebacks have the text.
_FLAGS = 0x2000 | 1 << 41


class _Session:
    def __init__(self, loop):
        self.loop = loop
        self.namespace = sys.modules["__main__"].__dict__
        self.count = 0
        # What is being evaluated; done when nobody waits for it any more; whether it was cancelled already.
        self.task = None
        self.left = None
        self.is_cancelled = False
        # The SystemExit of a line.
        self.exit = None

    async def talk(self):
        while self.exit is None and (text := await _console.read()) is not None:
            self.count += 1
            self.left = self.loop.create_future()
            self.is_cancelled = False
            self.task = self.loop.create_task(self.evaluate(text), name=f"line {self.count}")
            await asyncio.wait((self.task, self.left), return_when=asyncio.FIRST_COMPLETED)
            if not self.task.done():
                _say(f"KeyboardInterrupt: 'line {self.count}' refuses to end, and goes on as a task")
            elif self.task.cancelled():
                _say("KeyboardInterrupt")
            self.task = None

    async def evaluate(self, text):
        try:
            code = compile(text, f"<prompt-{self.count}>", "single", _FLAGS)
            value = eval(code, self.namespace)
            if asyncio.iscoroutine(value):
                await value
        except asyncio.CancelledError:
            raise
        except SystemExit as error:
            self.exit = error
        except KeyboardInterrupt:
            _say("KeyboardInterrupt")
        except BaseException as error:
            sys.last_exc = error
            sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
            sys.excepthook(type(error), error, error.__traceback__)

    def interrupt(self, number, frame):
        if self.task is not None and asyncio.current_task(self.loop) is None:
            # The loop may wait: it is woken.
            self.loop.call_soon_threadsafe(self.leave if self.is_cancelled else self.task.cancel)
            self.is_cancelled = True
        else:
            raise KeyboardInterrupt


    def leave(self):
        if not self.left.done():
            self.left.set_result(None)


def _say(text):
    sys.stdout.flush()
    sys.stderr.write("\n" + text + "\n")


def run():
    """Goes on until the input ends or a line exits."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    session = _Session(loop)
    signal.signal(signal.SIGINT, session.interrupt)
    talk = loop.create_task(session.talk(), name="prompt")
    try:
        while not talk.done():
            try:
                loop.run_until_complete(talk)
            except KeyboardInterrupt:
                # Of a task that computed while nobody looked.
                _say("KeyboardInterrupt")
    finally:
        _end(loop, talk)
    if session.exit is not None:
        raise session.exit


def _end(loop, talk):
    tasks = [task for task in asyncio.all_tasks(loop) if task is not talk]
    for task in tasks:
        task.cancel()
    if tasks:
        # Who catches even that is not waited for.
        loop.run_until_complete(asyncio.wait(tasks, timeout=1))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
