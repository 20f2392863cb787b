//! Timers of a loop, and the time that they mean.
//!
//! Scripts count seconds as floats, the host nanoseconds. A virtual clock stands, after a jump, at just the moment of the
//! timer that it jumped to: `loop.time()` then is that float, not what the nanoseconds would give.

use crate::call::Cx;
use crate::host::{Nanos, SECOND};
use crate::value::timers::{Due, Timer};
use crate::value::{EventLoop, Future, Handle, Heap, Id, Slab};

/// Cancelled timers are thrown out together when there are so many and more than half of them are.
const MANY: usize = 100;

/// No poll is longer.
const LONGEST_POLL: Nanos = 86_400 * SECOND;

/// `loop.time()`: reading it may move a virtual clock that nobody else moves.
pub fn read(cx: &mut Cx) -> f64 {
    let now = cx.host.clock.monotonic();
    seconds(cx, now)
}

/// A moment of engine time as a script's float.
pub fn seconds(cx: &Cx, moment: Nanos) -> f64 {
    let (exact, float) = cx.asyncio.exact_time;
    if exact == moment && exact != 0 && cx.host.clock.is_virtual() { float } else { moment as f64 / 1e9 }
}

/// A script's moment as engine time.
fn moment(seconds: f64) -> Nanos {
    (seconds * 1e9).round().clamp(-9.0e18, 9.0e18) as Nanos
}

fn is_cancelled(timer: &Timer, futures: &Slab<Future>, handles: &Slab<Handle>) -> bool {
    match timer.due {
        Due::Release(future) => futures.get(future).is_done(),
        Due::Handle(handle) => handles.get(handle).is_cancelled,
    }
}

/// Throws out cancelled timers: all if they are many, otherwise those that would be next.
pub fn drop_cancelled(cx: &mut Cx, id: Id<EventLoop>) {
    let Heap { event_loops, futures, handles, .. } = &mut cx.heap;
    let timers = &mut event_loops.get_unbarred(id).timers;
    if timers.n_cancelled == 0 {
        return;
    }
    if timers.len() > MANY && timers.n_cancelled * 2 > timers.len() {
        timers.retain(|timer| {
            let is_dead = is_cancelled(timer, futures, handles);
            if let Due::Handle(handle) = timer.due
                && is_dead
            {
                handles.get_unbarred(handle).is_scheduled = false;
            }
            !is_dead
        });
        timers.n_cancelled = 0;
        // Which of the others a collection has seen is not known any more.
        event_loops.get_mut(id);
        return;
    }
    while let Some(first) = timers.first()
        && is_cancelled(&first, futures, handles)
    {
        timers.pop();
        timers.n_cancelled = timers.n_cancelled.saturating_sub(1);
        if let Due::Handle(handle) = first.due {
            handles.get_unbarred(handle).is_scheduled = false;
        }
    }
}

/// When a poll has to end. A virtual clock will stand at just that moment.
pub fn deadline(cx: &mut Cx, id: Id<EventLoop>) -> Option<Nanos> {
    let first = cx.heap.event_loops.get(id).timers.first()?;
    let now = cx.host.clock.now();
    let due = moment(first.when);
    if cx.host.clock.is_virtual() {
        if due > now {
            cx.asyncio.exact_time = (due, first.when);
        }
        return Some(due);
    }
    Some(due.min(now.saturating_add(LONGEST_POLL)))
}

/// Timers that are due become entries, behind what is ready.
#[inline]
pub fn append_due(cx: &mut Cx, id: Id<EventLoop>) {
    if cx.heap.event_loops.get(id).timers.is_empty() {
        return;
    }
    let now = cx.host.clock.now();
    let now = seconds(cx, now);
    // Far from zero, a nanosecond may be nothing.
    let resolution = (now.next_up() - now).max(1e-9);
    let end = now + resolution;
    let Heap { event_loops, futures, handles, .. } = &mut cx.heap;
    if event_loops.get(id).timers.first().is_none_or(|first| first.when >= end) {
        return;
    }
    let event_loop = event_loops.get_mut(id);
    while let Some(first) = event_loop.timers.first()
        && first.when < end
    {
        event_loop.timers.pop();
        match first.due {
            Due::Release(future) if futures.get(future).is_done() => {
                event_loop.timers.n_cancelled = event_loop.timers.n_cancelled.saturating_sub(1);
                continue;
            }
            Due::Release(_) => {}
            Due::Handle(handle) => {
                let object = handles.get_unbarred(handle);
                object.is_scheduled = false;
                if object.is_cancelled {
                    event_loop.timers.n_cancelled = event_loop.timers.n_cancelled.saturating_sub(1);
                    continue;
                }
            }
        }
        event_loop.ready.push_back(first.entry());
    }
}
