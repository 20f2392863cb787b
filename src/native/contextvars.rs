//! The module `contextvars`; its classes are in `types::context`.

use crate::call::Cx;
use crate::types::{classes, context};
use crate::value::{Dict, Id, Value};

crate::natives! {
    /// The function of `contextvars`.
    pub static CONTEXTVARS = [
        func "copy_context()" => context::copy_context, "A copy of the current context.";
    ]
}

/// The classes, and `Token.MISSING`.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    let classes = [("Context", classes::CONTEXT), ("ContextVar", classes::CONTEXT_VAR), ("Token", classes::TOKEN)];
    for (name, class) in classes {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Class(class));
    }
    super::add_functions(cx, "contextvars", dict);
    context::missing(cx);
    let all = ["Context", "ContextVar", "Token", "copy_context"].map(|name| Value::Str(cx.name(name)));
    let all = cx.heap.new_tuple(&all);
    cx.heap.set_in(dict, crate::call::names::ALL, all);
}
