//! Generators, coroutines and asynchronous generators as scripts see them.
//!
//! 1. [`methods`]: send, throw, close, and the attributes; [`wrapper`]: what `coroutine.__await__()` gives.
//! 2. [`asynchronous`]: asend, athrow, aclose: awaitables that enter an asynchronous generator.
//! 3. [`place`]: where a suspended one is: its frame and what it waits for.
//!
//! How they are resumed and parked is the machine's business: the natives here only ask for it.

pub mod asynchronous;
pub mod methods;
pub mod place;
pub mod wrapper;

pub use asynchronous::native_coroutine;
