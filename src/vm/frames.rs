//! The stack of frames.
//!
//! Slots are made ahead of use and their number never exceeds the recursion limit (but for the few that restoring a parked
//! chain adds), so that the limit, the growth and the bounds check of a push are one compare.

use crate::value::Frame;

/// The frames at the bottom of the main fiber, which no script sees and the limit does not count.
pub const N_BOTTOM: usize = 2;

#[derive(Default)]
pub struct Frames {
    slots: Vec<Frame>,
    /// How many slots are in use.
    depth: usize,
}

impl Frames {
    /// The frame on top and the free slot above it. None: there is no free slot.
    #[inline(always)]
    pub fn top_and_free(&mut self) -> Option<&mut [Frame; 2]> {
        self.slots.get_mut(self.depth.wrapping_sub(1)..self.depth + 1)?.try_into().ok()
    }

    /// The slot that `top_and_free` gave is in use now.
    #[inline(always)]
    pub fn take_free(&mut self) {
        self.depth += 1;
    }

    /// The frame below the top, and the one on top.
    #[inline(always)]
    pub fn top_two(&self) -> Option<&[Frame; 2]> {
        self.slots.get(self.depth.wrapping_sub(2)..self.depth)?.try_into().ok()
    }

    #[inline]
    pub fn push(&mut self, frame: Frame) {
        if self.depth == self.slots.len() {
            self.grow(1);
        }
        self.slots[self.depth] = frame;
        self.depth += 1;
    }

    #[inline]
    pub fn pop(&mut self) -> Option<Frame> {
        self.depth = self.depth.checked_sub(1)?;
        Some(self.slots[self.depth])
    }

    pub fn truncate(&mut self, depth: usize) {
        self.depth = self.depth.min(depth);
    }

    /// Whether a push stays within `limit`; makes slots ahead.
    #[inline]
    pub fn has_room(&mut self, limit: usize) -> bool {
        self.depth < self.slots.len() || self.make_room(limit)
    }

    #[cold]
    fn make_room(&mut self, limit: usize) -> bool {
        let room = (limit + N_BOTTOM).saturating_sub(self.depth);
        if room > 0 {
            self.grow(room.min(self.depth).max(1));
        }
        room > 0
    }

    #[cold]
    fn grow(&mut self, n: usize) {
        self.slots.resize(self.slots.len() + n, Frame::default());
    }

    /// The limit was lowered: slots beyond it are given up.
    pub fn limit_to(&mut self, limit: usize) {
        self.slots.truncate((limit + N_BOTTOM).max(self.depth));
    }

    pub fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Frame>()
    }
}

impl std::ops::Deref for Frames {
    type Target = [Frame];
    #[inline]
    fn deref(&self) -> &[Frame] {
        &self.slots[..self.depth]
    }
}

impl std::ops::DerefMut for Frames {
    #[inline]
    fn deref_mut(&mut self) -> &mut [Frame] {
        &mut self.slots[..self.depth]
    }
}
