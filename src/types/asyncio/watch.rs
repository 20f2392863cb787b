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
    let mut ready = Vec::new();
    if let Err(error) = cx.host.poll_ready(&mut ready) {
        return Err(os_error::raise(cx, &error));
    }
    for one in ready {
        let (owner, place) = ((one.token >> 32) as u32, one.token as u32);
        // A descriptor of another loop stays ready: that one finds it in its own poll.
        if owner != id.number() {
            continue;
        }
        let event_loop = cx.heap.event_loops.get_mut(id);
        if let Some(entry) = event_loop.watchers.get(place).map(|watcher| watcher.entry) {
            event_loop.push(entry);
        }
    }
    Ok(())
}

/// Watches a descriptor; the entry that it had before, if any, is given back.
pub fn add(cx: &mut Cx, id: Id<EventLoop>, fd: i32, is_writer: bool, entry: Entry) -> Result<Option<Entry>, Ask> {
    let event_loop = cx.heap.event_loops.get_mut(id);
    if let Some(watcher) = event_loop.watchers.find(fd, is_writer) {
        return Ok(Some(std::mem::replace(&mut watcher.entry, entry)));
    }
    let token = (id.number() as u64) << 32 | event_loop.watchers.next_place() as u64;
    match cx.host.watch(Fd(fd), direction(is_writer), token) {
        Ok(watch) => {
            cx.heap.event_loops.get_mut(id).watchers.insert(Watcher { watch, fd, is_writer, entry });
            Ok(None)
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
