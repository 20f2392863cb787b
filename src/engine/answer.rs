//! What natives ask of the machine.

use super::Engine;
use crate::call::fiber::{Place, Wait, WaitKind};
use crate::call::{MachineAsk, Outcome};
use crate::native::import;
use crate::types::asyncio::loop_methods;
use crate::types::callable::function;
use crate::value::frame::{Frame, FrameKind};
use crate::value::{GenKind, GenState, Generator, Parked, Value, Want};
use crate::vm::deliver::push_native;
use crate::vm::frames::N_BOTTOM;
use crate::vm::{Moved, unwind};

impl Engine {
    /// Does what a native asked of the machine.
    pub(crate) fn answer(&mut self) -> Moved {
        let to = std::mem::take(&mut self.cx.answer_to);
        let ask = self.cx.machine_ask.take().expect("who asks says what");
        let outcome: Outcome = match ask {
            MachineAsk::Compile(ask) => return self.answer_compile(*ask, to.0, to.1),
            MachineAsk::Load(ask) => return self.answer_load(&ask, to),
            MachineAsk::Run { link: Value::Link(link), namespace, closure } => {
                return self.run_code(link, namespace, closure, to);
            }
            MachineAsk::Run { .. } => crate::bug!("only code is run"),
            MachineAsk::Coroutine { link, namespace } => Ok(self.coroutine_of(link, namespace)),
            MachineAsk::Import(ask) => {
                let name = self.cx.heap.new_str(&ask.name);
                let all = self.cx.str("*");
                let names = self.cx.heap.new_tuple(&[all]);
                let frame = import::import_frame(name, Value::None, names, 0);
                return push_native(&mut self.fiber, &mut self.texts, &mut self.cx, frame, to.0, to.1);
            }
            MachineAsk::RecursionLimit(limit) => self.limit_recursion(limit),
            MachineAsk::Collect => return self.collect_all(to),
            MachineAsk::Globals => Ok(self.calling_globals()),
            MachineAsk::Locals => Ok(self.calling_locals()),
            MachineAsk::Frame { depth } => self.frame_object(depth),
            MachineAsk::FrameOf { traceback, link } => Ok(self.frame_of_traceback(traceback, link)),
            MachineAsk::OfFrame { frame, part } => self.part_of_frame(frame, part),
            MachineAsk::Super => self.super_operands(),
            MachineAsk::Handled => Ok(unwind::handled(&self.fiber, &self.texts, &self.cx)),
            MachineAsk::Bind(ask) => {
                let code = self.cx.heap.links.get(ask.link).code().clone();
                let link = self.link(code, ask.globals);
                if let Some(func) = ask.for_func {
                    function::rebind(&mut self.cx, func, link);
                    self.texts.forget_calls();
                }
                Ok(Value::Link(link))
            }
            MachineAsk::Recode(ask) => {
                let globals = self.cx.heap.links.get(ask.link).globals;
                Ok(Value::Link(self.link(ask.code, globals)))
            }
            MachineAsk::Poll { deadline } => {
                let wait = Wait::on(WaitKind::Loop, self.goal_of_loop()).until(deadline);
                return self.park(wait, None, to);
            }
            MachineAsk::Park(wait) => return self.park(wait, None, to),
            MachineAsk::Spawn { is_daemon, handle } => return self.spawn(is_daemon, handle, to),
            MachineAsk::Operation(op) => return self.await_operation(*op, to),
            MachineAsk::Started(operation) => {
                return self.park(Wait::on(WaitKind::Operation, Value::Undef), Some(operation), to);
            }
            MachineAsk::Place => {
                self.cx.place = self.calling_place();
                Ok(Value::None)
            }
            MachineAsk::EndAll => return self.end_all(to),
            MachineAsk::Others => Ok(Value::Int(self.fibers.n_to_join() as i64)),
        };
        self.settle(outcome, to.0, to.1)
    }

    pub(crate) fn settle(&mut self, outcome: Outcome, dst: u8, want: Want) -> Moved {
        crate::vm::deliver::settle(&mut self.fiber, &mut self.texts, &mut self.cx, outcome, dst, want)
    }

    fn limit_recursion(&mut self, limit: usize) -> Outcome {
        let depth = self.fiber.frames.len().saturating_sub(N_BOTTOM);
        if limit <= depth {
            let message = format!(
                "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
            );
            return Err(self.cx.raise(crate::types::classes::RECURSION_ERROR, message));
        }
        self.cx.recursion_limit = limit;
        self.fiber.frames.limit_to(limit);
        Ok(Value::None)
    }

    /// The future for which `run_until_complete` runs the loop on top, or `Undef`.
    fn goal_of_loop(&self) -> Value {
        match self.fiber.natives.as_slice() {
            [.., below, _] if below.native == loop_methods::RUN_UNTIL_COMPLETE => below.values[1],
            _ => Value::Undef,
        }
    }

    fn calling_place(&self) -> Place {
        self.calling_frame()
            .map_or(Place::default(), |frame| Place { link: frame.link, pc: frame.pc.saturating_sub(1) })
    }

    /// A coroutine that has not begun, which runs the code of a module.
    pub(crate) fn coroutine_of(&mut self, link: Value, namespace: Value) -> Value {
        let Value::Link(link) = link else { crate::bug!("only code is run") };
        let n_regs = self.texts.get(link).n_regs as usize;
        let mut regs = vec![Value::Undef; n_regs];
        regs[0] = namespace;
        let frame = Frame { link, kind: FrameKind::Resumed, ..Frame::default() };
        let generator = Generator {
            kind: GenKind::Coroutine,
            state: GenState::Created,
            seat: Parked::Script { frame, regs: regs.into(), owner: None },
            link,
            ..Generator::default()
        };
        self.cx.heap.charge(size_of::<Generator>() + n_regs * size_of::<Value>());
        Value::Gen(self.cx.heap.gens.alloc(generator))
    }
}
