//! The driver: runs the fiber, collects between instructions, and answers what natives ask of the machine.

use super::{Ended, Engine};
use crate::call::outcome::BindAsk;
use crate::call::{Ask, MachineAsk, Outcome};
use crate::native::import;
use crate::types::callable::function;
use crate::value::frame::{FrameKind, Want};
use crate::value::{Gray, Value};
use crate::vm::deliver::{push_native, settle};
use crate::vm::{Moved, Signal, call, run::run_fiber, unwind};

/// Instructions before the driver looks around.
const SLICE: i64 = 100_000;

impl Engine {
    /// Runs until the main fiber is over.
    pub(crate) fn drive(&mut self) -> Ended {
        loop {
            let (signal, _) = run_fiber(&mut self.fiber, &mut self.texts, &mut self.cx, SLICE);
            let mut signal = Some(signal);
            while let Some(now) = signal.take() {
                match now {
                    Signal::Fuel => {}
                    Signal::Full => {
                        if !self.collect(false) {
                            signal = self.raise_memory_error().err();
                        }
                    }
                    Signal::Done(value) => return Ended::Value(value),
                    Signal::Died(exc) => return Ended::Raised(exc),
                    Signal::Ask => signal = self.answer().err(),
                }
            }
            self.empty_caches();
        }
    }

    /// Collects. False: what was wanted does not fit.
    pub(crate) fn collect(&mut self, is_forced: bool) -> bool {
        let mut roots = Gray::new();
        self.fiber.trace(&self.texts, &mut roots);
        self.cx.trace(&mut roots);
        let root_bytes = self.fiber.bytes();
        let collected = self.cx.heap.collect(&roots, root_bytes, is_forced);
        if collected.is_major {
            let heap = &self.cx.heap;
            self.texts.sweep(|link| heap.links.is_old(link));
        }
        self.texts.forget_dead(&self.cx);
        collected.has_room
    }

    fn raise_memory_error(&mut self) -> Moved {
        let ask = self.cx.memory_error();
        if self.fiber.top().kind == FrameKind::Native {
            call::pop_native(&mut self.fiber);
        } else {
            self.fiber.top_mut().pc += 1;
        }
        let Ask::Raise(exc) = ask else { crate::bug!("a MemoryError is raised") };
        unwind::raise(&mut self.fiber, &mut self.texts, &mut self.cx, exc)
    }

    fn empty_caches(&mut self) {
        for class in std::mem::take(&mut self.cx.stale_classes) {
            self.texts.forget(&self.cx, class);
        }
    }

    /// Does what a native asked of the machine.
    fn answer(&mut self) -> Moved {
        let (dst, want) = std::mem::take(&mut self.cx.answer_to);
        let ask = self.cx.machine_ask.take().expect("who asks says what");
        let outcome: Outcome = match ask {
            MachineAsk::Compile(ask) => return self.answer_compile(*ask, dst, want),
            MachineAsk::Collect => {
                self.collect(true);
                Ok(Value::Int(0))
            }
            MachineAsk::Globals => Ok(self.calling_globals()),
            MachineAsk::Locals => Ok(self.calling_locals()),
            MachineAsk::Handled => Ok(unwind::handled(&self.fiber, &self.texts)),
            MachineAsk::Run { link, namespace } => {
                let Value::Link(link) = link else { crate::bug!("only code runs") };
                return self.enter(link, namespace, dst, want);
            }
            MachineAsk::Bind(ask) => Ok(self.bind_code(ask)),
            MachineAsk::Recode(ask) => {
                let globals = self.cx.heap.links.get(ask.link).globals;
                Ok(Value::Link(self.link(ask.code, globals)))
            }
            MachineAsk::Frame { depth } => self.frame_object(depth),
            MachineAsk::OfFrame { frame, part } => self.part_of_frame(frame, part),
            MachineAsk::Super => self.super_operands(),
            MachineAsk::Import(ask) => {
                let name = self.cx.heap.new_str(&ask.name);
                let star = self.cx.str("*");
                let names = self.cx.heap.new_tuple(&[star]);
                let frame = import::import_frame(name, Value::None, names, 0);
                return push_native(&mut self.fiber, &mut self.texts, &mut self.cx, frame, dst, want);
            }
            other => Err(self.cx.not_implemented(&format!("{other:?}"))),
        };
        self.settle(outcome, dst, want)
    }

    /// The same code under other globals; the function runs it from now on, if one is named.
    fn bind_code(&mut self, ask: BindAsk) -> Value {
        let code = self.cx.heap.links.get(ask.link).code().clone();
        let link = self.link(code, ask.globals);
        if let Some(func) = ask.for_func {
            function::rebind(&mut self.cx, func, link);
        }
        Value::Link(link)
    }

    pub(crate) fn settle(&mut self, outcome: Outcome, dst: u8, want: Want) -> Moved {
        settle(&mut self.fiber, &mut self.texts, &mut self.cx, outcome, dst, want)
    }
}
