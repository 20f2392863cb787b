//! The module `gc`.

use crate::call::{Cx, MachineAsk, Outcome};
use crate::value::{Dict, Id, Value};

crate::natives! {
    /// The functions of the module.
    pub static GC = [
        func "collect(generation: index=2)" => collect, "Run the garbage collector.";
        func "enable()" => enable, "Enable automatic garbage collection.";
        func "disable()" => disable, "Disable automatic garbage collection.";
        func "isenabled()" => isenabled, "Returns true if automatic garbage collection is enabled.";
        func "get_count()" => get_count, "Return a three-tuple of the current collection counts.";
        func "get_threshold()" => get_threshold, "Return the current collection thresholds.";
        func "set_threshold(threshold0: index, threshold1: index=, threshold2: index=, /)" => ignore, "Set the collection thresholds.";
        func "get_stats()" => get_stats, "Return a list of dictionaries containing per-generation statistics.";
        func "get_debug()" => zero, "Get the garbage collection debugging flags.";
        func "set_debug(flags: index, /)" => ignore, "Set the garbage collection debugging flags.";
        func "is_tracked(obj, /)" => is_tracked, "Returns true if the object is tracked by the garbage collector.";
        func "is_finalized(obj, /)" => is_finalized, "Returns true if the object has been already finalized by the GC.";
        func "freeze()" => ignore, "Freeze all current tracked objects and ignore them for future collections.";
        func "unfreeze()" => ignore, "Unfreeze all objects in the permanent generation.";
        func "get_freeze_count()" => zero, "Return the number of objects in the permanent generation.";
        func "get_objects(generation=None)" => absent, "Return a list of objects tracked by the collector.";
        func "get_referrers(*objs)" => absent, "Return the list of objects that directly refer to any of 'objs'.";
        func "get_referents(*objs)" => absent, "Return the list of objects that are directly referred to by 'objs'.";
    ]
}

/// Constants and the lists that programs may append to.
pub fn fill(cx: &mut Cx, dict: Id<Dict>) {
    for (name, value) in [
        ("DEBUG_STATS", 1),
        ("DEBUG_COLLECTABLE", 2),
        ("DEBUG_UNCOLLECTABLE", 4),
        ("DEBUG_SAVEALL", 32),
        ("DEBUG_LEAK", 38),
    ] {
        let name = cx.name(name);
        cx.heap.set_in(dict, name, Value::Int(value));
    }
    for name in ["garbage", "callbacks"] {
        let list = cx.heap.new_list(Vec::new());
        let name = cx.name(name);
        cx.heap.set_in(dict, name, list);
    }
}

fn collect(cx: &mut Cx, args: &[Value]) -> Outcome {
    if !matches!(args[0], Value::Undef | Value::Int(0..=2)) {
        return Err(cx.value_error("invalid generation"));
    }
    Err(cx.ask_machine(MachineAsk::Collect))
}

fn enable(cx: &mut Cx, _args: &[Value]) -> Outcome {
    cx.heap.is_gc_enabled = true;
    Ok(Value::None)
}

/// Memory must be found again nevertheless: only the answer of `isenabled` changes.
fn disable(cx: &mut Cx, _args: &[Value]) -> Outcome {
    cx.heap.is_gc_enabled = false;
    Ok(Value::None)
}

fn isenabled(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Bool(cx.heap.is_gc_enabled))
}

fn get_count(cx: &mut Cx, _args: &[Value]) -> Outcome {
    let [minor, major] = cx.heap.n_collections.map(|count| Value::Int(count as i64));
    Ok(cx.heap.new_tuple(&[Value::Int(0), minor, major]))
}

fn get_threshold(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(cx.heap.new_tuple(&[Value::Int(2000), Value::Int(10), Value::Int(0)]))
}

fn get_stats(cx: &mut Cx, _args: &[Value]) -> Outcome {
    let counts = cx.heap.n_collections;
    let mut stats = Vec::new();
    for collections in [counts[0], 0, counts[1]] {
        let dict = cx.heap.new_dict();
        for (name, value) in [("collections", collections), ("collected", 0), ("uncollectable", 0)] {
            let name = cx.name(name);
            cx.heap.set_in(dict, name, Value::Int(value as i64));
        }
        stats.push(Value::Dict(dict));
    }
    Ok(cx.heap.new_list(stats))
}

fn zero(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::Int(0))
}

fn ignore(_cx: &mut Cx, _args: &[Value]) -> Outcome {
    Ok(Value::None)
}

/// Whatever can hold other objects.
fn is_tracked(_cx: &mut Cx, args: &[Value]) -> Outcome {
    let is_atom = matches!(
        args[0],
        Value::None
            | Value::NotImplemented
            | Value::Ellipsis
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::BigInt(_)
            | Value::Str(_)
            | Value::Bytes(_)
            | Value::Range(_)
    );
    Ok(Value::Bool(!is_atom))
}

fn is_finalized(cx: &mut Cx, args: &[Value]) -> Outcome {
    let has_end = cx.heap.classes.get(cx.class_of(args[0])).has_del;
    let is_registered = cx.heap.mortal.iter().any(|known| known.is(&args[0]));
    Ok(Value::Bool(has_end && !is_registered))
}

fn absent(cx: &mut Cx, _args: &[Value]) -> Outcome {
    Err(cx.not_implemented("gc: the objects of a heap without reference counts can't be listed"))
}
