//! An exception as text: the traceback that CPython prints.
//!
//! 1. [`gather`]: the exception, its causes, contexts, groups and notes, each asked for its `str`: a native frame.
//! 2. [`layout`]: what was gathered as lines, with the margins of groups.
//! 3. [`excerpt`]: one frame: file, line, source, carets. [`anchors`]: which of the carets are tildes.
//! 4. [`module`]: the same for the module `traceback`. [`colour`]: for terminals.
//!
//! All of it but the asking is plain data, so that it works for a MemoryError and for a fault of a script's `__str__` too.

mod anchors;
mod colour;
mod excerpt;
mod gather;
mod layout;
mod module;
mod place;

pub use colour::coloured;
pub use gather::{REPORT_STEPS, report_frame};
pub use module::TRACEBACK_FUNCTIONS;
pub use place::{FramePlace, frame_lines, places_of};

/// One exception and what belongs to it.
#[derive(Default)]
pub(super) struct Node {
    /// Frames that it passed through, outermost first; None if it was never raised.
    places: Option<Vec<FramePlace>>,
    /// `module.Class`.
    class: String,
    /// `str(exc)`.
    text: String,
    /// Of a SyntaxError: where in which text.
    syntax: Option<SyntaxPlace>,
    /// Each is a line, or several.
    notes: Vec<String>,
    /// Numbers of nodes.
    cause: Option<usize>,
    context: Option<usize>,
    suppresses_context: bool,
    /// Of a group.
    children: Option<Vec<usize>>,
    /// "Did you mean", or nothing.
    suggestion: String,
}

/// What a SyntaxError shows of its text.
pub(super) struct SyntaxPlace {
    file: String,
    line: Option<i64>,
    text: String,
    offset: Option<i64>,
    end_line: Option<i64>,
    end_offset: Option<i64>,
}
