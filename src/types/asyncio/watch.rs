//! Descriptors that a loop watches: `add_reader`, `add_writer`, and what transports watch.
//!
//! The host reports them by a token, which is the loop and the place among its watchers.

use crate::call::{Ask, Cx};
use crate::host::{Direction, Fd};
use crate::types::os_error;
use crate::value::event_loop::{Entry, Watcher};
use crate::value::{EventLoop, Id};

fn direction(is_writer: bool) -> Direction {
    if is_writer { Direction::Write } else { Direction::Read }
}

/// Appends the entries of the descriptors that are ready.
pub fn collect(cx: &mut Cx, id: Id<EventLoop>) -> Result<(), Ask> {
    if cx.heap.event_loops.get(id).watchers.n_active == 0 {
        return Ok(());
    }
    cx.ready.clear();
    if let Err(error) = cx.host.poll_ready(&mut cx.ready) {
        return Err(os_error::raise(cx, &error));
    }
    append_ready(cx, id);
    Ok(())
}

/// Appends the entries of the descriptors that the last poll found ready; those of other loops and fibers stay for them.
pub fn append_ready(cx: &mut Cx, id: Id<EventLoop>) {
    let mut ready = std::mem::take(&mut cx.ready);
    let event_loop = cx.heap.event_loops.get_mut(id);
    ready.retain(|one| {
        let (owner, place) = ((one.token >> 32) as u32, one.token as u32);
        if owner != id.number() {
            return true;
        }
        if let Some(entry) = event_loop.watchers.get(place).map(|watcher| watcher.entry) {
            event_loop.push(entry);
        }
        false
    });
    cx.ready = ready;
}

/// Watches a descriptor; the entry that it had before, if any, is given back.
pub fn add(cx: &mut Cx, id: Id<EventLoop>, fd: i32, is_writer: bool, entry: Entry) -> Result<Option<Entry>, Ask> {
    // Watched anew even if it was watched: the descriptor may have been closed meanwhile, and its number be another's.
    let before = remove(cx, id, fd, is_writer);
    let event_loop = cx.heap.event_loops.get_mut(id);
    let token = (id.number() as u64) << 32 | event_loop.watchers.next_place() as u64;
    match cx.host.watch(Fd(fd), direction(is_writer), token) {
        Ok(watch) => {
            cx.heap.event_loops.get_mut(id).watchers.insert(Watcher { watch, fd, is_writer, entry });
            Ok(before)
        }
        Err(error) => Err(os_error::raise(cx, &error)),
    }
}

/// Stops watching; the entry, if it was watched.
pub fn remove(cx: &mut Cx, id: Id<EventLoop>, fd: i32, is_writer: bool) -> Option<Entry> {
    let watcher = cx.heap.event_loops.get_mut(id).watchers.remove(fd, is_writer)?;
    cx.host.unwatch(watcher.watch);
    Some(watcher.entry)
}

/// Stops watching everything: the loop is closed.
pub fn remove_all(cx: &mut Cx, id: Id<EventLoop>) {
    let watchers = std::mem::take(&mut cx.heap.event_loops.get_mut(id).watchers);
    for watcher in watchers.iter() {
        cx.host.unwatch(watcher.watch);
    }
}
