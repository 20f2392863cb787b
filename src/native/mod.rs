//! The modules in Rust, and how modules are found.
//!
//! A native module is its tables of functions (rows in `tables.rs` with the module's name) and a row here for what is no
//! function: classes, constants, objects made at import. [`import`] finds modules: native ones, then the library in
//! `stdlib/`, then files beside the script and on the path.

pub mod asyncio;
pub mod bisect;
pub mod classes;
pub mod codecs;
pub mod contextvars;
pub mod deadline;
pub mod embed;
pub mod functools;
pub mod gc;
pub mod heapq;
pub mod import;
pub mod io;
pub mod library;
pub mod math;
pub mod operator;
pub mod program;
pub mod signal;
pub mod simple_queue;
pub mod socket;
pub mod string;
pub mod sys;
pub mod thread;
pub mod time;
pub mod wait_report;

use crate::call::Cx;
use crate::call::NativeKind;
use crate::value::{Dict, Id, NativeId, Value};

/// A module in Rust.
pub struct ModuleDef {
    pub name: &'static str,
    /// Adds what is no function to the module's namespace.
    pub fill: fn(&mut Cx, Id<Dict>),
    pub doc: &'static str,
}

/// All modules in Rust.
pub static MODULES: &[ModuleDef] = &[
    ModuleDef {
        name: "_collections",
        fill: crate::types::collections::fill,
        doc: "High performance data structures: deques, ordered dictionaries, and default dictionaries.",
    },
    ModuleDef { name: "_asyncio", fill: asyncio::fill, doc: "Accelerator module for asyncio." },
    ModuleDef { name: "asyncio", fill: asyncio::package::fill_package, doc: "The asyncio package, tracking PEP 3156." },
    ModuleDef { name: "contextvars", fill: contextvars::fill, doc: "Context Variables" },
    ModuleDef { name: "_contextvars", fill: contextvars::fill, doc: "Context Variables" },
    ModuleDef { name: "_array", fill: crate::types::array::natives::fill, doc: "The class of the module array." },
    ModuleDef { name: "_codecs", fill: no_more, doc: "The encodings in Rust." },
    ModuleDef { name: "_heapq", fill: no_more, doc: "Heap queue algorithm (a.k.a. priority queue)." },
    ModuleDef { name: "_io", fill: io::fill, doc: "The native classes of files." },
    ModuleDef { name: "_string", fill: no_more, doc: "string helper module" },
    ModuleDef {
        name: "_random",
        fill: crate::types::twister::fill,
        doc: "Module implements the Mersenne Twister random number generator.",
    },
    ModuleDef { name: "bisect", fill: bisect::fill, doc: "Bisection algorithms." },
    ModuleDef {
        name: "itertools",
        fill: crate::types::itertools::fill,
        doc: "Functional tools for creating and using iterators.",
    },
    ModuleDef { name: "_queue", fill: simple_queue::fill, doc: "C implementation of the Python queue module." },
    ModuleDef {
        name: "_thread",
        fill: thread::fill,
        doc: "This module provides primitive operations to write multi-threaded programs.",
    },
    ModuleDef {
        name: "signal",
        fill: signal::fill,
        doc: "This module provides mechanisms to use signal handlers in Python.",
    },
    ModuleDef {
        name: "math",
        fill: math::fill,
        doc: "This module provides access to the mathematical functions defined by the C standard.",
    },
    ModuleDef { name: "_abc", fill: classes::fill_abc, doc: "Module contains faster abc implementation." },
    ModuleDef { name: "_functools", fill: classes::fill_functools, doc: "Tools that operate on functions." },
    ModuleDef { name: "_weakref", fill: classes::fill_weakref, doc: "Weak-reference support module." },
    ModuleDef { name: "_traceback", fill: no_more, doc: "What the machine knows of tracebacks." },
    ModuleDef { name: "_types", fill: classes::fill_types, doc: "The classes of what the machine makes." },
    ModuleDef {
        name: "_typing",
        fill: classes::fill_typing,
        doc: "Primitives and accelerators for the typing module.",
    },
    ModuleDef {
        name: "gc",
        fill: gc::fill,
        doc: "This module provides access to the garbage collector for reference cycles.",
    },
    ModuleDef { name: "_socket", fill: socket::fill, doc: "Implementation module for socket operations." },
    ModuleDef { name: "select", fill: socket::select::fill, doc: "Which files are ready." },
    ModuleDef {
        name: "time",
        fill: time::fill,
        doc: "This module provides various functions to manipulate time values.",
    },
    ModuleDef { name: "operator", fill: operator::fill, doc: "Operator interface." },
];

/// For a module that has only functions.
fn no_more(_cx: &mut Cx, _dict: Id<Dict>) {}

/// The library in `stdlib/`: module name, whether it is a package, its code as bytes.
pub static LIBRARY: &[(&str, bool, &[u8])] = include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// Puts the functions of a native module into a namespace.
pub fn add_functions(cx: &mut Cx, module: &str, dict: Id<Dict>) {
    for table in crate::tables::of_module(module) {
        for (row, def) in crate::tables::rows(table).iter().enumerate() {
            if def.kind != NativeKind::Hidden {
                let name = cx.name(def.name());
                cx.heap.set_in(dict, name, Value::Builtin(NativeId { table, row: row as u16 }));
            }
        }
    }
}
