//! Calls between two instructions: finalisers and signal handlers.
//!
//! A native frame goes on top of whatever is there, and what it gives is dropped. The script frame below is put *within*
//! its next instruction meanwhile, so that its live registers, its handlers and its line are those of that instruction
//! should the interlude raise; it steps back when the interlude is over.

use super::Engine;
use crate::call::FiberId;
use crate::native::signal;
use crate::sched::fibers::Answer;
use crate::value::NativeFrame;
use crate::value::frame::{Frame, FrameKind, Want};

impl Engine {
    /// Runs a native before the next instruction of the running fiber.
    pub(crate) fn interlude(&mut self, frame: NativeFrame) {
        let base = self.fiber.ceiling(&self.texts);
        let top = self.fiber.top_mut();
        if top.kind != FrameKind::Native {
            top.pc += 1;
        }
        let want = Want::Interlude;
        self.fiber.frames.push(Frame { base, kind: FrameKind::Native, want, ..Frame::default() });
        self.fiber.natives.push(frame);
    }

    /// Signals are the main fiber's: their handlers are called when it runs next. A wait of its ends.
    pub(crate) fn handle_signals(&mut self) {
        if !self.is_running || self.cx.fiber.id != FiberId::MAIN {
            self.wake(FiberId::MAIN, Answer::Woken);
            return;
        }
        // The last one pushed runs first.
        for number in std::mem::take(&mut self.signals).into_iter().rev() {
            self.interlude(signal::handler_frame(number));
        }
    }
}
