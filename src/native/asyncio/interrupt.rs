//! What a Runner does with Ctrl-C.

use crate::call::{Cx, Outcome};
use crate::tables;
use crate::value::{NativeId, Value};

crate::natives! {
    /// Steps of the Runner.
    pub static RUNNER_STEPS = [
        hidden "on_interrupt(pair, signum, frame)" => on_interrupt, "The first one cancels the task, others raise.";
    ]
}

const ON_INTERRUPT: NativeId = NativeId { table: tables::RUNNER, row: 0 };

/// Bound to the runner and its task, so that who looks for a deadlock knows it.
pub(super) fn interrupt_handler(cx: &mut Cx, args: &[Value]) -> Outcome {
    let pair = cx.heap.new_tuple(&[args[0], args[1]]);
    Ok(cx.heap.new_method(Value::Builtin(ON_INTERRUPT), pair))
}

fn on_interrupt(cx: &mut Cx, args: &[Value]) -> Outcome {
    let Value::Tuple(pair) = args[0] else { crate::bug!("the handler is bound to a pair") };
    let items = cx.heap.tuples.get(pair).items();
    let (runner, task) = (items[0], items[1]);
    let name = cx.name("_on_sigint");
    Err(crate::types::method_call::ask(cx, runner, name, &[args[1], args[2], task]).to_be_last())
}

/// Whether a signal's handler is the one of a Runner, or the default one: nobody waits for the signal.
pub fn is_runners_handler(cx: &Cx, handler: Value) -> bool {
    match handler {
        Value::Method(id) => cx.heap.methods.get(id).func == Value::Builtin(ON_INTERRUPT),
        other => other == Value::Builtin(super::super::signal::DEFAULT_INT_HANDLER),
    }
}
