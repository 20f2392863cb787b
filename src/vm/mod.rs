//! The machine: frames, instructions, the run loop.
//!
//! 1. [`text`]: what an engine adds to code: its instructions, constants as values, inline caches.
//! 2. [`fiber`]: one line of execution: registers, frames, native frames.
//! 3. [`run`]: the loop's fast tier. An arm that does not know a case leaves without a word, and
//!    [`warm`] does the instruction if it only needs registers ([`enter`]: or a frame for a script function; [`items`]: loops), and [`slow`]
//!    in all its generality; [`branch`], [`operands`] and [`attr`] are parts of it.
//! 4. [`call`]: calls of anything; [`bind`]: arguments to parameters; [`native`], [`native_call`], [`coroutine`]: of natives and of coroutine
//!    functions. [`deliver`]: results to who waits for them.
//! 5. [`suspend`]: generators, coroutines and await chains, parked and resumed. [`unwind`]: exceptions. [`watch`]: frames that
//!    scripts look at.
//!
//! Nothing here calls itself through script code: calls, generators, callbacks and switches are changes of the frame
//! stack followed by `continue`. Who runs next is `sched`'s affair.

pub mod attr;
pub mod bind;
pub mod branch;
pub mod call;
pub mod coroutine;
pub mod deliver;
pub mod enter;
pub mod fiber;
pub mod frames;
pub mod intrinsic;
pub mod items;
pub mod lookup;
pub mod name;
pub mod native;
pub mod native_call;
pub mod operands;
pub mod run;
pub mod slow;
pub mod suspend;
pub mod text;
pub mod unwind;
pub mod warm;
pub mod watch;

use crate::value::{Exc, Id, Value};

/// Why the loop came back: who has to act.
#[derive(Debug)]
pub enum Signal {
    /// The counter is used up: the driver decides who goes on.
    Fuel,
    /// The driver collects, then the same instruction runs again.
    Full,
    /// The fiber returned this.
    Done(Value),
    /// The fiber ended with this exception.
    Died(Id<Exc>),
    /// A native asked for what the driver does: `Cx::machine_ask`.
    Ask,
}

/// What is on top now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    Script,
    Native,
}

pub type Moved = Result<Next, Signal>;
