//! asyncio: loops, futures, tasks, and what must be as quick as they are.
//!
//! 1. [`future`], [`task`]: what can be done with them; their data is in `value::future`.
//! 2. [`schedule`]: the one way into a loop's queue. [`ensure`]: coroutines to tasks. [`gather`].
//! 3. [`run`]: the frame of the turn, with [`timer`] and [`watch`].
//! 4. The classes' rows: [`future_methods`], [`task_methods`], [`loop_methods`], [`abstract_loop`], [`handle`].
//! 5. [`lock`], [`event`], [`semaphore`], [`queue`], on [`waiting`]: who waits in line.
//! 6. [`timeout`]: time limits. [`group`]: tasks that end together.
//! 7. [`transport`] over sockets, and [`stream`]s on it.
//! 8. [`repr`], [`report`]: texts, and what went wrong. [`old`]: spellings of earlier versions.
//!
//! `turns.md` of the design is the contract: each `call_soon` of CPython is one entry here, made at the same moment. The rest
//! of asyncio is written in Aspen: `stdlib/asyncio/`.

pub mod abstract_loop;
pub mod ensure;
pub mod event;
pub mod future;
pub mod future_methods;
pub mod gather;
pub mod group;
pub mod handle;
pub mod lock;
pub mod loop_methods;
pub mod old;
pub mod queue;
pub mod report;
pub mod repr;
pub mod run;
pub mod schedule;
pub mod semaphore;
pub mod sleep;
pub mod stream;
pub mod task;
pub mod task_methods;
pub mod timeout;
pub mod timer;
pub mod transport;
pub mod waiting;
pub mod watch;

pub use super::library::{ask_library, await_library};
use crate::call::Cx;
use crate::value::{Class, Id, Value};

/// The new object itself, or an instance of a script's subclass around it.
pub fn wrapped_in(cx: &mut Cx, class: Value, own: Id<Class>, payload: Value) -> Value {
    match class {
        Value::Class(id) if id != own => super::class::allocate(cx, id, payload),
        _ => payload,
    }
}

/// A number as a float, without script code.
pub fn float_of(cx: &Cx, value: Value) -> Option<f64> {
    match cx.exact(value) {
        Value::Float(float) => Some(float),
        Value::Int(int) => Some(int as f64),
        Value::Bool(bool) => Some(bool as i64 as f64),
        Value::BigInt(_) => Some(f64::INFINITY),
        _ => None,
    }
}
