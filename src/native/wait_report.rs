//! A wait in words: who waits for what, made where, held by whom, and where he stands. Part of the report of a deadlock.
//!
//! Tasks wait in frames that are parked, threads in frames of a fiber: both give their frames from the outside inwards. What is
//! inside of the last frame of the script is the library's; the object whose method that is names the wait.

use super::thread;
use crate::call::{Cx, Place};
use crate::types::asyncio::event::Event;
use crate::types::asyncio::lock::Lock;
use crate::types::asyncio::queue::Queue;
use crate::types::asyncio::semaphore::Semaphore;
use crate::types::{attribute, warning};
use crate::value::{FutureRef, Role, Value};

/// Of a chain of awaits or calls so many places are shown at either end.
const N_SHOWN: usize = 4;

/// One that waits.
pub struct WaitReport {
    pub who: String,
    pub what: String,
    /// Where that was made.
    pub made_at: Place,
    /// Who has it now.
    pub holder: Option<String>,
    /// Where the waiter stands, from the outside inwards.
    pub places: Vec<Place>,
}

/// A frame of one that waits.
pub struct WaitingFrame {
    pub place: Place,
    pub is_hidden: bool,
    /// The first argument, if there is one.
    pub this: Value,
}

impl WaitReport {
    /// Its lines.
    pub fn render(&self, cx: &Cx) -> String {
        let mut out = format!("  {} waits for {}\n", self.who, self.what);
        if is_visible(cx, self.made_at) {
            let (file, line, source) = warning::where_is(cx, self.made_at);
            out.push_str(&format!("    made at {file}:{line}\n"));
            push_source(&mut out, source);
        }
        if let Some(holder) = &self.holder {
            out.push_str(&format!("    held by {holder}\n"));
        }
        let n_left_out = self.places.len().saturating_sub(2 * N_SHOWN);
        for (at, &place) in self.places.iter().enumerate() {
            if n_left_out > 0 && (N_SHOWN..N_SHOWN + n_left_out).contains(&at) {
                if at == N_SHOWN {
                    out.push_str(&format!("    … {n_left_out} more …\n"));
                }
                continue;
            }
            let (file, line, source) = warning::where_is(cx, place);
            let name = cx.heap.links.get(place.link).code().name.to_string();
            out.push_str(&format!("    at {file}:{line}, in {name}\n"));
            push_source(&mut out, source);
        }
        out
    }
}

fn push_source(out: &mut String, source: Option<String>) {
    if let Some(source) = source {
        out.push_str(&format!("      {source}\n"));
    }
}

/// A place in code of the script.
pub fn is_visible(cx: &Cx, place: Place) -> bool {
    !place.link.is_none() && !cx.heap.links.get(place.link).code().flags.is_hidden
}

/// The places of the script, and what of the library waits inside of them: in words, with the object whose method it is.
pub fn sort_frames(cx: &Cx, frames: &[WaitingFrame]) -> (Vec<Place>, Option<(String, Value)>) {
    let n_outer = frames.iter().rposition(|frame| !frame.is_hidden).map_or(0, |last| last + 1);
    let places = frames[..n_outer].iter().filter(|frame| !frame.is_hidden).map(|frame| frame.place).collect();
    (places, frames.get(n_outer).map(|frame| in_library(cx, frame)))
}

/// `a Condition` for a frame of one of its methods, `asyncio.wait()` for one of a function.
fn in_library(cx: &Cx, frame: &WaitingFrame) -> (String, Value) {
    let code = cx.heap.links.get(frame.place.link).code();
    let this = match frame.this {
        Value::Cell(cell) => cx.heap.cells.get(cell).value,
        this => this,
    };
    if code.qualname.contains('.') && matches!(this, Value::Inst(_)) {
        return (with_article(&cx.class_name(this)), this);
    }
    let module = warning::module_of(cx, frame.place).and_then(|name| cx.text_of(name)).unwrap_or_default();
    let module = String::from_utf8_lossy(module);
    let package = module.split('.').next().unwrap_or_default();
    (format!("{package}.{}()", code.name), Value::None)
}

/// `a Lock`, `an Event`.
pub fn with_article(name: &str) -> String {
    let article = if name.starts_with(['A', 'E', 'I', 'O', 'a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {name}")
}

/// Where something that can be waited for was made. An object of the library was made where the lock was of which it is made.
pub fn made_at(cx: &Cx, value: Value) -> Place {
    origin(cx, value, 2).unwrap_or_default()
}

fn origin(cx: &Cx, value: Value, depth: usize) -> Option<Place> {
    match cx.exact(value) {
        Value::Native(id) => {
            let lock = cx.heap.native::<Lock>(id).map(|lock| lock.origin().0);
            let event = || cx.heap.native::<Event>(id).map(Event::origin);
            let semaphore = || cx.heap.native::<Semaphore>(id).map(Semaphore::origin);
            let queue = || cx.heap.native::<Queue>(id).map(Queue::origin);
            let of_threads = || thread::lock_of(cx, value).map(|lock| lock.made_at);
            lock.or_else(event).or_else(semaphore).or_else(queue).or_else(of_threads)
        }
        Value::Future(id) => match cx.heap.future(FutureRef::Future(id)).role {
            Role::Own(made_at) => Some(made_at),
            Role::Plain | Role::Sleep | Role::Gather(_) | Role::Waits { .. } | Role::Call(_) | Role::Deadline(_) => {
                None
            }
        },
        // As good as: where its coroutine was made.
        Value::Task(id) => match cx.heap.tasks.get(id).coro {
            Value::Gen(coroutine) => Some(cx.heap.gens.get(coroutine).made_at),
            _ => None,
        },
        Value::Inst(id) if depth > 0 => {
            let inst = cx.heap.insts.get(id);
            let fields = inst.fields.iter().chain(inst.extra.iter().flat_map(|extra| extra.more.iter()));
            let in_dict =
                inst.dict().into_iter().flat_map(|dict| cx.heap.dicts.get(dict).iter().map(|entry| entry.value));
            fields.copied().chain(in_dict).find_map(|field| origin(cx, field, depth - 1))
        }
        _ => None,
    }
}

/// What `threading` calls a thread, if it knows it.
pub fn thread_name(cx: &mut Cx, number: u64) -> Option<String> {
    let module = cx.name("threading");
    let Value::Module(module) = cx.heap.get_in(cx.modules, module)? else { return None };
    let active = cx.name("_active");
    let Value::Dict(active) = cx.heap.get_in(cx.heap.modules.get(module).dict, active)? else { return None };
    let number = Value::Int(number as i64);
    let thread = cx.heap.dicts.get(active).iter().find(|entry| entry.key == number).map(|entry| entry.value)?;
    let name = cx.name("_name");
    let name = attribute::get(cx, thread, name).ok()?;
    cx.text_of(name).map(|name| String::from_utf8_lossy(name).into_owned())
}
