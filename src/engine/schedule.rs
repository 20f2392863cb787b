//! Parks fibers, gathers the news of the outside, and chooses who runs.

use super::Engine;
use super::drive::QUANTUM;
use crate::call::Ask;
use crate::call::fiber::{self, FiberId, FiberLocals, Wait, WaitKind};
use crate::host::{OpId, OpResult};
use crate::native::{embed, program, thread};
use crate::sched::fibers::{Answer, Parking, Rest, Resting};
use crate::types::os_error;
use crate::value::frame::Want;
use crate::value::{Context, NativeFrame, Value};
use crate::vm::Moved;
use crate::vm::deliver::grant;
use crate::vm::fiber::Fiber;

impl Engine {
    // ----- Setting aside -----

    /// The running fiber as one that rests.
    fn set_aside(&mut self, rest: Rest) -> Box<Resting> {
        self.is_running = false;
        Box::new(Resting {
            fiber: std::mem::take(&mut self.fiber),
            locals: std::mem::take(&mut self.cx.fiber),
            printing: std::mem::take(&mut self.cx.printing),
            rest,
        })
    }

    /// The running fiber waits; its answer goes to `to`.
    pub(crate) fn park(&mut self, wait: Wait, operation: Option<OpId>, to: (u8, Want)) -> Moved {
        let watch = match wait.kind {
            WaitKind::Descriptor(fd, direction) => {
                let token = fiber::fiber_token(self.cx.fiber.id);
                match self.cx.host.watch(fd, direction, token) {
                    Ok(watch) => Some(watch),
                    Err(error) => {
                        let ask = os_error::raise(&mut self.cx, &error);
                        return grant(&mut self.fiber, &mut self.texts, &mut self.cx, ask, to.0, to.1);
                    }
                }
            }
            WaitKind::Sleep
            | WaitKind::Lock
            | WaitKind::Thread
            | WaitKind::Queue
            | WaitKind::AllThreads
            | WaitKind::Loop
            | WaitKind::Descriptors
            | WaitKind::Operation => None,
        };
        let resting = self.set_aside(Rest::Parked(Parking { wait, to, operation, watch }));
        self.fibers.park(resting);
        self.gather();
        Ok(crate::vm::Next::Script)
    }

    /// The running fiber is over.
    pub(crate) fn leave(&mut self) {
        self.is_running = false;
        self.fiber = Fiber::default();
        self.cx.fiber = FiberLocals::default();
        self.cx.printing.clear();
        self.gather();
        self.wake_joiner();
    }

    /// Whoever waits for the end of all threads looks again.
    fn wake_joiner(&mut self) {
        let waits = |parking: &Parking| parking.wait.kind == WaitKind::AllThreads;
        if self.fibers.parking(FiberId::MAIN).is_some_and(waits) {
            self.wake(FiberId::MAIN, Answer::Woken);
        }
    }

    /// The quantum is over: the next fiber goes on, if one can.
    pub(crate) fn preempt(&mut self) {
        self.quantum = QUANTUM;
        self.gather();
        if self.is_running && self.fibers.any_runnable() {
            let resting = self.set_aside(Rest::Ready);
            self.fibers.append(resting);
        }
    }

    /// A new fiber makes the call in `cx.call` and runs at once; the one that started it is next.
    pub(crate) fn spawn(&mut self, is_daemon: bool, handle: Value, to: (u8, Want)) -> Moved {
        let id = self.fibers.next_id();
        let call = std::mem::take(&mut self.cx.call);
        let frame = program::thread_frame(handle, call);
        thread::note_start(&mut self.cx, handle, id);
        let outcome = Ok(Value::Int(id.0 as i64));
        self.settle(outcome, to.0, to.1)?;
        let starter = self.set_aside(Rest::Ready);
        self.fibers.prepend(starter);
        self.begin(frame, id, is_daemon);
        Ok(crate::vm::Next::Script)
    }

    /// A fiber at the beginning of a native, running now.
    pub(crate) fn begin(&mut self, frame: NativeFrame, id: FiberId, is_daemon: bool) {
        self.fiber = Fiber::of_native(frame);
        let context = self.cx.heap.contexts.alloc(Context::default());
        self.cx.fiber = FiberLocals::new(id, is_daemon, context);
        self.cx.printing.clear();
        self.is_running = true;
        self.quantum = QUANTUM;
    }

    // ----- Waking -----

    /// Ends a wait.
    pub(crate) fn wake(&mut self, id: FiberId, answer: Answer) {
        let Some(parking) = self.fibers.wake(id, answer) else { return };
        if let Some(watch) = parking.watch {
            self.cx.host.unwatch(watch);
        }
    }

    /// Takes what happened: wake-ups, operations, descriptors, signals, deadlines, in this order.
    pub(crate) fn gather(&mut self) {
        for id in std::mem::take(&mut self.cx.wakes) {
            self.wake(id, Answer::Woken);
        }
        let mut completed = std::mem::take(&mut self.cx.completed);
        if self.cx.host.in_flight() > 0 {
            self.cx.host.take_completed(&mut completed);
        }
        for (operation, result) in completed {
            self.complete(operation, result);
        }
        if self.cx.host.watched_descriptors() > 0 {
            // What is still ready is reported again; what can't be asked now is asked again.
            self.cx.ready.clear();
            let _ = self.cx.host.poll_ready(&mut self.cx.ready);
        }
        if !self.cx.ready.is_empty() {
            self.hand_out_ready();
        }
        self.cx.host.take_wake();
        self.cx.host.take_signals(&mut self.signals);
        self.signals.append(&mut self.cx.raised_signals);
        if !self.signals.is_empty() {
            self.handle_signals();
        }
        if self.fibers.first_deadline().is_some() {
            let now = self.cx.host.clock.now();
            while let Some(id) = self.fibers.expired(now) {
                self.wake(id, Answer::TimedOut);
            }
        }
    }

    fn complete(&mut self, operation: OpId, result: OpResult) {
        let Some(id) = self.fibers.of_operation(operation) else {
            let Err(result) = embed::complete(&mut self.cx, operation, result) else {
                self.wake_loops();
                return;
            };
            // A loop's: it takes it at its poll.
            self.cx.completed.push((operation, result));
            self.wake_loops();
            return;
        };
        let answer = match result {
            Ok(output) => Answer::Output(output),
            Err(error) => match os_error::raise(&mut self.cx, &error) {
                Ask::Raise(exc) => Answer::Raised(exc),
                _ => crate::bug!("an error of the host is raised"),
            },
        };
        self.wake(id, answer);
    }

    fn hand_out_ready(&mut self) {
        let mut is_for_loops = false;
        for ready in std::mem::take(&mut self.cx.ready) {
            match fiber::fiber_of_token(ready.token) {
                Some(id) => self.wake(id, Answer::Woken),
                None => {
                    self.cx.ready.push(ready);
                    is_for_loops = true;
                }
            }
        }
        if is_for_loops {
            self.wake_loops();
        }
    }

    /// Loops that wait look at what the host reported; what is not theirs they leave.
    fn wake_loops(&mut self) {
        let waits =
            |resting: &&Resting| matches!(&resting.rest, Rest::Parked(parking) if parking.wait.kind == WaitKind::Loop);
        let loops: Vec<FiberId> = self.fibers.iter().filter(waits).map(|resting| resting.locals.id).collect();
        for id in loops {
            self.wake(id, Answer::Woken);
        }
    }

    // ----- Choosing -----

    /// The next fiber runs. False: none can.
    pub(crate) fn choose(&mut self) -> bool {
        if !self.cx.wakes.is_empty() {
            self.gather();
        }
        let Some(resting) = self.fibers.take_next() else { return false };
        let Resting { fiber, locals, printing, rest } = *resting;
        self.fiber = fiber;
        self.cx.fiber = locals;
        self.cx.printing = printing;
        self.is_running = true;
        self.quantum = QUANTUM;
        if let Rest::Answered { answer, to } = rest {
            self.tell(answer, to);
        }
        if self.cx.fiber.id == FiberId::MAIN && !self.signals.is_empty() {
            self.handle_signals();
        }
        true
    }

    /// A wait of the running fiber is over.
    fn tell(&mut self, answer: Answer, to: (u8, Want)) {
        let outcome = match answer {
            Answer::Woken => Ok(Value::Bool(true)),
            Answer::TimedOut => Ok(Value::Bool(false)),
            Answer::Raised(exc) => Err(Ask::Raise(exc)),
            Answer::Output(output) => {
                self.cx.output = Some(output);
                Ok(Value::None)
            }
        };
        // Natives ask, so that nothing but a change of frames comes of it.
        if let Err(signal) = self.settle(outcome, to.0, to.1) {
            crate::bug!("{signal:?} cannot come of an answer")
        }
    }

    /// Starts an operation of the host; the fiber waits for its end.
    pub(crate) fn await_operation(&mut self, op: crate::host::HostOp, to: (u8, Want)) -> Moved {
        match self.cx.host.start(op) {
            Ok(id) => self.park(Wait::on(WaitKind::Operation, Value::Undef), Some(id), to),
            Err(error) => {
                let ask = os_error::raise(&mut self.cx, &error);
                grant(&mut self.fiber, &mut self.texts, &mut self.cx, ask, to.0, to.1)
            }
        }
    }
}
