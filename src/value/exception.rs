//! Exceptions: instances of built-in and script exception classes alike.
//!
//! The attributes that a script sets are those of the `Inst` inside. Traceback entries are added while the exception
//! unwinds, each a link and a pc; objects for them are made when a script looks.

use super::function::Link;
use super::instance::Inst;
use super::sequence::trace_values;
use super::slab::{Gray, Kind};
use super::value::{Id, Value};

#[derive(Default)]
pub struct Exc {
    /// Shape (hence the class) and attributes.
    pub inst: Inst,
    /// A tuple.
    pub args: Value,
    /// An exception, None, or `Undef` (absent).
    pub cause: Value,
    pub context: Value,
    pub suppress_context: bool,
    /// Where it passed through since `traceback` was last made an object, innermost first.
    pub trace: Vec<TraceEntry>,
    /// The traceback object of what it passed through before that; `Undef` or None if nothing.
    pub traceback: Value,
    /// What the class keeps beside `args` (`errno`, `value`, `name`, …), by the layout of the class.
    pub slots: Option<Box<[Value; N_SLOTS]>>,
}

/// The most that a built-in exception class keeps: OSError and SyntaxError.
pub const N_SLOTS: usize = 8;

/// One frame that the exception left.
#[derive(Clone, Copy, Debug)]
pub struct TraceEntry {
    pub link: Id<Link>,
    pub pc: u32,
    /// The frame object, if one had been made.
    pub frame: Value,
}

impl Kind for Exc {
    const SWEPT: bool = true;
    /// The shape is marked by the collector itself.
    fn trace(&self, gray: &mut Gray) {
        self.inst.trace_fields(gray);
        trace_values(&[self.args, self.cause, self.context, self.traceback], gray);
        for entry in &self.trace {
            gray.push(Value::Link(entry.link));
            trace_values(&[entry.frame], gray);
        }
        if let Some(slots) = &self.slots {
            trace_values(&slots[..], gray);
        }
    }
    fn trace_touched(&self, gray: &mut Gray) {
        gray.extend(Some(self.inst.shape).filter(|shape| !shape.is_none()).map(Value::Shape));
        self.trace(gray);
    }
    fn owned(&self) -> usize {
        let slots = self.slots.as_ref().map_or(0, |slots| size_of_val::<[Value]>(&slots[..]));
        self.inst.owned_by_fields() + self.trace.capacity() * size_of::<TraceEntry>() + slots
    }
}
