//! functools.lru_cache: results by arguments, the least recently used one dropped first.
//!
//! The results are in a dict in the order of use: a hit takes its entry out and puts it at the end.

use super::dict::ops;
use super::{attribute, classes, struct_sequence};
use crate::call::{Ask, Cx, Outcome};
use crate::types::struct_sequence::StructDef;
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Dict, Id, NativeFrame, Value};

/// The state of a wrapper.
pub struct LruCache {
    func: Value,
    /// None: no limit.
    maxsize: Option<usize>,
    is_typed: bool,
    results: Id<Dict>,
    hits: i64,
    misses: i64,
    /// The class of what `cache_info` returns.
    info: Value,
    dict: Option<Id<Dict>>,
}

impl NativeObject for LruCache {
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.func, Value::Dict(self.results), self.info], gray);
        gray.extend(self.dict.map(Value::Dict));
    }
    fn bytes(&self) -> usize {
        size_of::<LruCache>()
    }
    fn attributes(&self) -> Option<Id<Dict>> {
        self.dict
    }
    fn set_attributes(&mut self, dict: Id<Dict>) -> bool {
        self.dict = Some(dict);
        true
    }
}

crate::natives! {
    /// The rows of the wrapper's class.
    pub static LRU_CACHE = [
        special "__call__(self, *args, **kwargs)" => step call, "Call self as a function.";
        special "__get__(self, instance, owner=, /)" => get, "Return an attribute of instance, which is of type owner.";
        method "cache_info(self, /)" => cache_info, "Report cache statistics";
        method "cache_clear(self, /)" => cache_clear, "Clear the cache and cache statistics";
        method "__reduce__(self, /)" => reduce, "";
        method "__copy__(self, /)" => itself, "";
        method "__deepcopy__(self, memo, /)" => itself, "";
        attr "__dict__" => get_dict, set set_dict, "";
    ]
}

crate::natives! {
    /// The functions of `_functools`.
    pub static FUNCTOOLS = [
        func "_lru_cache(func, maxsize, typed: truth, info, /)" => lru_cache, "A wrapper of a function that keeps its results.";
    ]
}

/// The named tuple of `cache_info`.
pub const CACHE_INFO: StructDef = StructDef {
    name: "functools.CacheInfo",
    fields: &["hits", "misses", "maxsize", "currsize"],
    n_items: 4,
    is_open: true,
};

fn lru_cache(cx: &mut Cx, args: &[Value]) -> Outcome {
    let maxsize = match args[1] {
        Value::None => None,
        Value::Int(size) => Some(size.max(0) as usize),
        _ => return Err(cx.type_error("maxsize should be integer or None")),
    };
    if !crate::types::protocol::is_callable(cx, args[0]) {
        return Err(cx.type_error("the first argument must be callable"));
    }
    let results = cx.heap.new_dict();
    let info = match args[3] {
        Value::None => Value::Class(struct_sequence::make_class(cx, &CACHE_INFO)),
        info => info,
    };
    let state = LruCache {
        func: args[0],
        maxsize,
        is_typed: args[2] == Value::Bool(true),
        results,
        hits: 0,
        misses: 0,
        info,
        dict: None,
    };
    Ok(cx.heap.new_native(classes::LRU_CACHE, state))
}

fn own_id(value: Value) -> Id<Boxed> {
    let Value::Native(id) = value else { crate::bug!("self is a cache") };
    id
}

fn own(cx: &Cx, value: Value) -> &LruCache {
    cx.heap.native::<LruCache>(own_id(value)).expect("self is a cache")
}

fn own_mut(cx: &mut Cx, value: Value) -> &mut LruCache {
    cx.heap.native_mut::<LruCache>(own_id(value)).expect("self is a cache")
}

/// One plain argument is its own key; otherwise a tuple of the arguments, a mark, the keywords, and the classes if the cache
/// is typed.
fn key(cx: &mut Cx, values: &[Value], is_typed: bool) -> Value {
    let Value::Dict(keywords) = values[1] else { crate::bug!("keywords are a dict") };
    let positional = &values[2..];
    let entries: Vec<_> = cx.heap.dicts.get(keywords).iter().map(|entry| (entry.key, entry.value)).collect();
    if let ([only @ (Value::Int(_) | Value::Str(_))], true, false) = (positional, entries.is_empty(), is_typed) {
        return *only;
    }
    let mut parts = positional.to_vec();
    if !entries.is_empty() {
        parts.push(Value::Class(classes::LRU_CACHE));
        parts.extend(entries.iter().flat_map(|&(name, value)| [name, value]));
    }
    if is_typed {
        let all = positional.iter().copied().chain(entries.iter().map(|&(_, value)| value));
        parts.extend(all.map(|value| Value::Class(cx.class_of(value))).collect::<Vec<_>>());
    }
    cx.heap.new_tuple_from(parts)
}

const BEGIN: u32 = 0;
const LOOKED: u32 = 1;
const TAKEN: u32 = 2;
const PUT_BACK: u32 = 3;
const COMPUTED: u32 = 4;
const KEPT: u32 = 5;

/// values: self, keywords, arguments. The key replaces the keywords, the result the arguments.
fn call(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let this = frame.values[0];
    loop {
        match frame.step {
            BEGIN => {
                let (maxsize, is_typed, results) =
                    (own(cx, this).maxsize, own(cx, this).is_typed, own(cx, this).results);
                if maxsize == Some(0) {
                    own_mut(cx, this).misses += 1;
                    return Err(ask_function(cx, frame).to_be_last());
                }
                let key = key(cx, &frame.values, is_typed);
                frame.values.push(key);
                frame.step = LOOKED;
                let known = ops::get_or(cx, results, key, Value::Undef);
                frame.tell(known)?;
            }
            LOOKED => {
                let known = frame.told.into_outcome()?;
                if known.is_undef() {
                    own_mut(cx, this).misses += 1;
                    frame.step = COMPUTED;
                    return Err(ask_function(cx, frame));
                }
                own_mut(cx, this).hits += 1;
                let key = *frame.values.last().expect("the key was pushed");
                if own(cx, this).maxsize.is_none() || is_last(cx, own(cx, this).results, key) {
                    return Ok(known);
                }
                frame.values.push(known);
                frame.step = TAKEN;
                let results = own(cx, this).results;
                let taken = ops::pop(cx, results, key, Value::None);
                frame.tell(taken)?;
            }
            TAKEN => {
                frame.told.into_outcome()?;
                frame.step = PUT_BACK;
                keep(cx, frame, this)?;
            }
            PUT_BACK => {
                frame.told.into_outcome()?;
                return Ok(*frame.values.last().expect("the result was pushed"));
            }
            COMPUTED => {
                let result = frame.told.into_outcome()?;
                frame.values.push(result);
                frame.step = KEPT;
                keep(cx, frame, this)?;
            }
            KEPT => {
                frame.told.into_outcome()?;
                drop_oldest(cx, this);
                return Ok(*frame.values.last().expect("the result was pushed"));
            }
            step => crate::bug!("a cache has no step {step}"),
        }
    }
}

fn ask_function(cx: &mut Cx, frame: &NativeFrame) -> Ask {
    let func = own(cx, frame.values[0]).func;
    let Value::Dict(keywords) = frame.values[1] else { crate::bug!("keywords are a dict") };
    let end = if frame.step == BEGIN { frame.values.len() } else { frame.values.len() - 1 };
    cx.ask_call_with(func, &frame.values[2..end], Some(keywords))
}

fn is_last(cx: &Cx, results: Id<Dict>, key: Value) -> bool {
    cx.heap.dicts.get(results).entries.last().is_some_and(|entry| entry.key.is(&key))
}

/// Sets the result, the last value, under the key, the one before.
fn keep(cx: &mut Cx, frame: &mut NativeFrame, this: Value) -> Result<(), Ask> {
    let [.., key, result] = frame.values[..] else { crate::bug!("key and result were pushed") };
    let results = own(cx, this).results;
    let set = ops::set(cx, results, key, result);
    frame.tell(set)
}

fn drop_oldest(cx: &mut Cx, this: Value) {
    let (Some(maxsize), results) = (own(cx, this).maxsize, own(cx, this).results) else { return };
    while cx.heap.dicts.get(results).len() > maxsize {
        let dict = cx.heap.dicts.get_mut(results);
        let Some((at, _)) = dict.next_entry(0) else { return };
        dict.remove_at(at);
        // Holes at the front are passed over by each search for the oldest: not for long.
        if at > 2 * maxsize + 64 {
            dict.make_room(1);
        }
    }
}

fn get(cx: &mut Cx, args: &[Value]) -> Outcome {
    if args[1].is_none() { Ok(args[0]) } else { Ok(cx.heap.new_method(args[0], args[1])) }
}

fn cache_info(cx: &mut Cx, args: &[Value]) -> Outcome {
    let cache = own(cx, args[0]);
    let (hits, misses, info) = (Value::Int(cache.hits), Value::Int(cache.misses), cache.info);
    let maxsize = cache.maxsize.map_or(Value::None, |size| Value::Int(size as i64));
    let size = Value::Int(cx.heap.dicts.get(cache.results).len() as i64);
    match info {
        Value::Class(class) if cx.heap.classes.get(class).layout == crate::value::class::Layout::Tuple => {
            Ok(struct_sequence::make(cx, class, &[hits, misses, maxsize, size]))
        }
        info => Err(cx.ask_tail(info, &[hits, misses, maxsize, size])),
    }
}

fn cache_clear(cx: &mut Cx, args: &[Value]) -> Outcome {
    let cache = own_mut(cx, args[0]);
    (cache.hits, cache.misses) = (0, 0);
    let results = cache.results;
    cx.heap.dicts.get_mut(results).clear();
    Ok(Value::None)
}

fn reduce(cx: &mut Cx, args: &[Value]) -> Outcome {
    attribute::get(cx, args[0], crate::call::names::QUALNAME)
}

fn itself(_cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(args[0])
}

fn get_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    attribute::dict_attribute(cx, args[0])
}

fn set_dict(cx: &mut Cx, args: &[Value]) -> Outcome {
    attribute::set_dict_attribute(cx, args[0], args[1])
}
