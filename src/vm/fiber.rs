//! One line of execution: the main program, or a thread.
//!
//! ```text
//! stack   main ……… │ callee, self │ function ……… │ gen │ generator ……… │ 256 slots of slack
//! frames  main       function                       generator
//! ```
//!
//! The registers of a frame begin at its base. Frames tile the stack: a caller's live registers end two slots below its
//! callee's base. The slot under the base of a resumed generator holds its handle, under that of an `__init__` the instance.

use crate::value::frame::{Frame, FrameKind, NativeFrame};
use crate::value::{Gray, Id, Link, Value};

use super::frames::Frames;
use super::text::Texts;
use super::watch::Watched;

/// Operands are u8, so a window of 256 registers needs no bounds check at all.
pub type Window = [Value; 256];

#[derive(Default)]
pub struct Fiber {
    pub stack: Vec<Value>,
    /// The running frame is the last one.
    pub frames: Frames,
    /// The states of the native frames, in order.
    pub natives: Vec<NativeFrame>,
    /// Frames that scripts have objects of, innermost last.
    pub watched: Vec<Watched>,
    /// How many there were so far.
    pub n_watched: u64,
}

/// The registers of a frame. None: the stack must grow first.
#[inline(always)]
pub fn window_at(stack: &mut [Value], base: u32) -> Option<&mut Window> {
    let base = base as usize;
    stack.get_mut(base..base + 256)?.try_into().ok()
}

/// The cells of a closure, behind the parameters of the function that is called. False: they are beyond the window.
#[inline(never)]
pub fn put_cells(window: &mut Window, at: u32, cells: &[Value]) -> bool {
    match window.get_mut(at as usize..at as usize + cells.len()) {
        Some(places) => {
            places.copy_from_slice(cells);
            true
        }
        None => false,
    }
}

impl Fiber {
    /// A fiber that will run the code of a link, with R[0] as given.
    pub fn new(link: Id<Link>, namespace: Value) -> Self {
        let mut fiber = Fiber::default();
        fiber.frames.push(Frame { link, base: 2, kind: FrameKind::Entry, ..Frame::default() });
        fiber.ensure(2);
        fiber.stack[2] = namespace;
        fiber
    }

    /// A fiber that begins with a native.
    pub fn of_native(frame: NativeFrame) -> Self {
        let mut fiber = Fiber::default();
        fiber.frames.push(Frame { kind: FrameKind::Entry, ..Frame::default() });
        fiber.frames.push(Frame { kind: FrameKind::Native, ..Frame::default() });
        fiber.natives.push(frame);
        fiber
    }

    #[inline]
    pub fn top(&self) -> Frame {
        *self.frames.last().expect("a fiber has a frame until it is done")
    }

    #[inline]
    pub fn top_mut(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a fiber has a frame until it is done")
    }

    /// The first slot that no register of the top frame is in: where a callee that has no place of its own is put.
    pub fn ceiling(&self, texts: &Texts) -> u32 {
        let top = self.top();
        if top.kind == FrameKind::Native || top.link.is_none() {
            top.base
        } else {
            top.base + texts.get(top.link).n_regs
        }
    }

    /// 256 slots of slack above every base: one compare per frame instead of one per register.
    #[inline]
    pub fn ensure(&mut self, base: u32) {
        if self.stack.len() < base as usize + 256 {
            self.grow(base);
        }
    }

    #[cold]
    fn grow(&mut self, base: u32) {
        self.stack.resize((base as usize + 256).next_power_of_two(), Value::Undef);
    }

    /// Room for one frame more; false at the recursion limit.
    #[inline]
    pub fn has_room(&mut self, limit: usize) -> bool {
        self.frames.has_room(limit)
    }

    #[inline]
    pub fn reg(&self, reg: u8) -> Value {
        self.stack[self.top().base as usize + reg as usize]
    }

    #[inline]
    pub fn set_reg(&mut self, reg: u8, value: Value) {
        let at = self.top().base as usize + reg as usize;
        self.stack[at] = value;
    }

    /// Everything that the fiber keeps alive.
    pub fn trace(&self, texts: &Texts, gray: &mut Gray) {
        for (at, frame) in self.frames.iter().enumerate() {
            let base = frame.base as usize;
            if matches!(frame.kind, FrameKind::Resumed | FrameKind::Linked | FrameKind::Init) {
                gray.push(self.stack[base - 1]);
            }
            if frame.kind == FrameKind::Native || frame.link.is_none() {
                continue;
            }
            gray.push(Value::Link(frame.link));
            let code = &texts.get(frame.link).code;
            // The frame on top has not run the instruction at its pc yet; the others are within the one before.
            let (pc, end) = match self.frames.get(at + 1) {
                None => (frame.pc as usize, self.stack.len()),
                Some(above) => (frame.pc.saturating_sub(1) as usize, above.base as usize),
            };
            let ceiling = code.ceilings.get(pc).map_or(code.n_locals(), |&ceiling| ceiling as usize);
            let live = &self.stack[base..(base + ceiling).min(end).max(base)];
            gray.extend(live.iter().filter(|value| value.is_handle()));
        }
        self.natives.iter().for_each(|native| native.trace(gray));
        gray.extend(self.watched.iter().map(|watched| watched.object));
    }

    /// Bytes of the stacks themselves.
    pub fn bytes(&self) -> usize {
        self.stack.capacity() * size_of::<Value>()
            + self.frames.bytes()
            + self.natives.iter().map(NativeFrame::owned).sum::<usize>()
    }
}
