//! A stepped native tried at once, without a frame.
//!
//! Most calls of `str.format` or `file.readline` need no script code and nothing that blocks. [`attempt`] runs the steps on
//! a frame on the Rust stack; only when one asks for something does the frame go to the machine, which runs it *from its
//! start*. So the body must be restartable: what it has done is in the frame (or in the object it works on), and the ask
//! is made again when the step runs anew with nothing told.

use super::cx::Cx;
use super::native::StepFn;
use super::outcome::{Ask, Outcome};
use crate::value::{NativeFrame, NativeId, Told, Value};

/// How many natives may stand on each other on the Rust stack: `repr` of nested lists goes on in frames.
pub const MAX_DEPTH: u32 = 8;

/// Runs a restartable stepped native at once; its frame is pushed only if it asks.
#[inline]
pub fn attempt(cx: &mut Cx, native: NativeId, body: StepFn, values: &[Value]) -> Outcome {
    attempt_frame(cx, NativeFrame::new(native, values), body)
}

/// The same with a frame that has state already.
pub fn attempt_frame(cx: &mut Cx, mut frame: NativeFrame, body: StepFn) -> Outcome {
    let ask = if cx.n_launched < MAX_DEPTH {
        cx.n_launched += 1;
        let outcome = body(cx, &mut frame);
        cx.n_launched -= 1;
        match outcome {
            Ok(value) => return Ok(value),
            Err(ask) => ask,
        }
    } else {
        Ask::Full
    };
    match ask {
        Ask::Raise(_) | Ask::End | Ask::Tail => Err(ask),
        // After a collection it goes on where it is.
        Ask::Full
        | Ask::Call
        | Ask::Push
        | Ask::Resume(_)
        | Ask::ResumeOr(_)
        | Ask::Throw(_)
        | Ask::Enter(_)
        | Ask::Yield
        | Ask::Await
        | Ask::Machine => {
            cx.machine_ask = None;
            frame.told = Told::Start;
            frame.wants_next = false;
            frame.awaits_item = false;
            Err(cx.ask_push(frame))
        }
    }
}
