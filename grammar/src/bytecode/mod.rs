//! What an instruction is, and what the compiler hands to the machine.
//!
//! 1. [`op`]: the instructions, eight bytes each, in register notation.
//! 2. [`code`]: one compiled scope: instructions and the side tables that they index.
//! 3. [`jump`]: where instructions lead.
//! 4. [`print`]: code as text.
//!
//! The only part of the front that the machine knows. `Code` is immutable, holds no handles, and is shared.
//!
//! # The window
//!
//! A frame sees 256 registers:
//!
//! ```text
//! R[0..n_params]            parameters: positional, keyword-only, *args, **kwargs (in the order of `Code::params`)
//! R[n_params..][..n_frees]  cells of the enclosing scopes, copied from the function by the call
//! R[..n_locals]             the other locals; those that are cells hold a cell
//! R[n_locals..n_regs]       temporaries, a stack; `ceilings[pc]` says how high it is before each instruction
//! ```
//!
//! # Calls
//!
//! ```text
//! R[base]      the callee
//! R[base + 1]  belongs to the machine: `self` of a bound method, the new instance of a class
//! R[base + 2…] the arguments; the callee's window begins here, or at base + 1 when there is a `self`
//! ```
//!
//! # Loops
//!
//! `GetIter` leaves three registers of state, R[iter..iter + 3], which only `ForIter` and `CloseIter` understand. A loop is
//! entered by a jump to its last instruction, which jumps back to the body; backward jumps (`Loop…`, `For…`) burn fuel.
//!
//! # Suspension
//!
//! `Await`, `YieldFrom`, `ForAsync` and `Yield` may suspend. A call whose result is awaited (or delegated to) at once is emitted
//! directly before its `Await { src: dst }` (`YieldFrom`): the machine then starts the function without a coroutine object.

pub mod code;
pub mod jump;
pub mod op;
pub mod print;
pub mod store;

pub use code::{
    AttrId, CallParams, Callee, Capture, Code, CodeFlags, CodeId, Const, ConstId, GlobalId, Handled, Handler,
    MAX_REGISTER_PARAMS, NameId, Position,
};
pub use op::{Arith, Compare, Intrinsic, Jump, Op, Reg};
