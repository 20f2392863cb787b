//! The size of the pages that the process's memory comes in.
//!
//! Large pages make large heaps quicker, but the first object of each kind would take two megabytes: the command begins
//! with small ones.

use rustix::thread::disable_transparent_huge_pages;

/// From this many bytes on large pages are worth it.
const LARGE_FROM: usize = 64 << 20;

/// New memory of the process comes in small pages. Where the system does not know this, nothing changes.
pub fn use_small_pages() {
    let _ = disable_transparent_huge_pages(true);
}

/// Whether the pages are still small by our own wish.
pub struct Pages {
    pub are_small: bool,
}

impl Pages {
    /// An engine's heap has this many bytes.
    pub fn note_heap(&mut self, n_bytes: usize) {
        if self.are_small && n_bytes > LARGE_FROM {
            self.are_small = false;
            let _ = disable_transparent_huge_pages(false);
        }
    }
}
