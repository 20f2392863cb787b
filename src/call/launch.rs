//! Stepped natives run at once, and become a frame only if they ask.
//!
//! A plain native that usually needs no script code (`sum` of a list, a dict from a dict) runs a stepped one on the Rust
//! stack. If that asks for something, it moves to the heap with its question, and asks from there.

use super::attempt::MAX_DEPTH;
use super::cx::{Cx, native_def};
use super::native::Body;
use super::outcome::{Ask, CallAsk, MachineAsk, Outcome};
use crate::value::native_object::NativeObject;
use crate::value::{Exc, Gray, Id, NativeFrame, NativeId, Value};

crate::natives! {
    /// The step of a native that was run at once.
    pub static LAUNCH_STEPS = [
        hidden "launch()" => step launch_step, "Asks what a native asked that was run at once.";
        hidden "give(value)" => step give_step, "The value, once something else is done.";
    ]
}

const LAUNCH: NativeId = NativeId { table: crate::tables::LAUNCH, row: 0 };

/// A question, kept until the frame that asks it is on top.
struct Question {
    ask: Ask,
    call: CallAsk,
    pushed: Option<NativeFrame>,
    sent: Value,
    thrown: Id<Exc>,
    machine_ask: Option<MachineAsk>,
    wants_next: bool,
    /// What the frame was before.
    native: NativeId,
    state: Option<Box<dyn NativeObject>>,
}

impl NativeObject for Question {
    fn trace(&self, gray: &mut Gray) {
        let own = [self.call.callee, self.call.keywords, self.sent];
        gray.extend(own.iter().chain(&self.call.args).filter(|value| value.is_handle()));
        gray.extend(Some(self.thrown).filter(|exc| !exc.is_none()).map(Value::Exc));
        if let Some(frame) = &self.pushed {
            frame.trace(gray);
        }
        if let Some(state) = &self.state {
            state.trace(gray);
        }
    }
    fn bytes(&self) -> usize {
        size_of::<Question>() + self.state.as_ref().map_or(0, |state| state.bytes())
    }
}

/// Runs a stepped native; what it asks for is asked by a frame, whose result is the result.
pub fn launch(cx: &mut Cx, mut frame: NativeFrame) -> Outcome {
    let Body::Stepped(body) = native_def(frame.native).body else { crate::bug!("a plain native is just called") };
    if cx.n_launched >= MAX_DEPTH {
        return Err(cx.ask_push(frame));
    }
    cx.n_launched += 1;
    let outcome = body(cx, &mut frame);
    cx.n_launched -= 1;
    let ask = match outcome {
        Ok(value) => return Ok(value),
        Err(ask) => ask,
    };
    match ask {
        Ask::Raise(_) | Ask::End | Ask::Tail => Err(ask),
        // What it did until now stays done: the machine collects and steps the frame again.
        Ask::Full => Err(cx.ask_push(frame)),
        Ask::Call
        | Ask::Push
        | Ask::Resume(_)
        | Ask::ResumeOr(_)
        | Ask::Throw(_)
        | Ask::Enter(_)
        | Ask::Yield
        | Ask::Await
        | Ask::Machine => Err(ask_from(cx, ask, frame)),
    }
}

/// Once what is asked for is there, the result is this value instead.
pub fn then_give(cx: &mut Cx, ask: Ask, value: Value) -> Ask {
    if !ask.is_question() && ask != Ask::Tail {
        return ask;
    }
    let frame = NativeFrame::new(NativeId { table: crate::tables::LAUNCH, row: 1 }, &[value]);
    ask_from(cx, ask.to_come_back(), frame)
}

/// The frame, once it is on top, asks what was just asked.
pub fn ask_from(cx: &mut Cx, ask: Ask, mut frame: NativeFrame) -> Ask {
    let question = Question {
        ask,
        call: std::mem::take(&mut cx.call),
        pushed: cx.pushed.take(),
        sent: std::mem::take(&mut cx.sent),
        thrown: std::mem::take(&mut cx.thrown),
        machine_ask: cx.machine_ask.take(),
        wants_next: frame.wants_next,
        native: std::mem::replace(&mut frame.native, LAUNCH),
        state: frame.state.take(),
    };
    frame.state = Some(Box::new(question));
    cx.ask_push(frame)
}

fn give_step(_cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    frame.told.into_outcome()?;
    Ok(frame.values[0])
}

fn launch_step(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let state: Option<Box<dyn std::any::Any>> = frame.state.take().map(|state| state as _);
    let Some(Ok(question)) = state.map(|state| state.downcast::<Question>()) else {
        crate::bug!("a launched frame has its question")
    };
    frame.native = question.native;
    frame.state = question.state;
    cx.call = question.call;
    cx.pushed = question.pushed;
    cx.sent = question.sent;
    cx.thrown = question.thrown;
    cx.machine_ask = question.machine_ask;
    // The machine has looked at this flag, and forgotten it, before the step.
    frame.wants_next = question.wants_next;
    Err(question.ask)
}
