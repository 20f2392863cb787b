//! `asyncio.Queue`, `PriorityQueue`, `LifoQueue`.
//!
//! Items are not handed over: a put wakes a getter, which takes an item when it goes on, if there still is one. A subclass
//! of the script that replaces one of the parts (`_put`, `_get`, `full`, …), and a priority queue whose items compare by script
//! code, go through the library (`stdlib/asyncio/queues.as`), which calls back the parts that are here.

use std::collections::VecDeque;

use aspen_grammar::bytecode::Compare;

use super::waiting::{self, Line};
use super::{ask_library, await_library, wrapped_in};
use crate::call::{Ask, Cx, Outcome, Place, names};
use crate::tables;
use crate::types::{classes, generic_alias, operator};
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::{Class, EventLoop, Future, Gray, Id, List, Name, NativeId, Value};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Fifo,
    Lifo,
    Priority,
}

/// The state of a queue.
#[derive(Default)]
pub struct Queue {
    kind: Kind,
    /// As it was given.
    maxsize: Value,
    /// 0: without bounds.
    limit: usize,
    items: VecDeque<Value>,
    /// Of a priority queue: its items, a heap.
    heap: Id<List>,
    getters: Line,
    putters: Line,
    joiners: Line,
    n_unfinished: usize,
    is_shutdown: bool,
    /// A subclass replaces parts.
    is_replaced: bool,
    event_loop: Id<EventLoop>,
}

impl NativeObject for Queue {
    fn trace(&self, gray: &mut Gray) {
        gray.extend(self.items.iter().filter(|item| item.is_handle()));
        gray.push(self.maxsize);
        if !self.heap.is_none() {
            gray.push(Value::List(self.heap));
        }
        [&self.getters, &self.putters, &self.joiners].into_iter().for_each(|line| line.trace(gray));
        if !self.event_loop.is_none() {
            gray.push(Value::Loop(self.event_loop));
        }
    }
    fn bytes(&self) -> usize {
        let lines = self.getters.bytes() + self.putters.bytes() + self.joiners.bytes();
        size_of::<Queue>() + self.items.capacity() * size_of::<Value>() + lines
    }
}

crate::natives! {
    /// The rows of `asyncio.Queue`.
    pub static QUEUE = [
        new "__new__(cls, *args, **kwargs)" => queue_new, "Create and return a new object.";
        special "__init__(self, maxsize=0)" => queue_init, "Initialize self.";
        special "__repr__(self, /)" => queue_repr, "Return repr(self).";
        special "__str__(self, /)" => queue_str, "Return str(self).";
        class "__class_getitem__(cls, item, /)" => generic_alias::class_getitem, "See PEP 585";
        method "qsize(self)" => queue_qsize, "Number of items in the queue.";
        method "empty(self)" => queue_empty, "Return True if the queue is empty, False otherwise.";
        method "full(self)" => queue_full, "Return True if there are maxsize items in the queue.";
        amethod "put(self, item)" => queue_put, "Put an item into the queue.";
        method "put_nowait(self, item)" => queue_put_nowait, "Put an item into the queue without blocking.";
        amethod "get(self)" => queue_get, "Remove and return an item from the queue.";
        method "get_nowait(self)" => queue_get_nowait, "Remove and return an item from the queue.";
        method "task_done(self)" => queue_task_done, "Indicate that a formerly enqueued task is complete.";
        amethod "join(self)" => queue_join, "Block until all items in the queue have been gotten and processed.";
        method "shutdown(self, immediate=False)" => queue_shutdown, "Shut-down the queue, making queue gets and puts raise QueueShutDown.";
        method "_init(self, maxsize)" => queue_init_items, "Makes the items.";
        method "_put(self, item)" => queue_put_item, "Adds an item.";
        method "_get(self)" => queue_get_item, "Takes an item.";
        method "_format(self)" => queue_format, "What repr shows.";
        method "_wait_in(self, line)" => queue_wait_in, "A future in one of the lines.";
        method "_leave_line(self, line, future)" => queue_leave_line, "Takes a future out of a line.";
        method "_wakeup_next(self, line)" => queue_wakeup_next, "Wakes the next in a line.";
        method "_count_put(self)" => queue_count_put, "An item was added.";
        attr "maxsize" => queue_maxsize, "Number of items allowed in the queue.";
        attr "_maxsize" => queue_maxsize, set queue_set_maxsize, "Number of items allowed in the queue.";
        attr "_queue" => queue_items, "The items.";
        attr "_getters" => queue_getters, "The futures of those who wait for an item.";
        attr "_putters" => queue_putters, "The futures of those who wait for room.";
        attr "_unfinished_tasks" => queue_unfinished, set queue_set_unfinished, "Items that are not done.";
        attr "_is_shutdown" => queue_is_shutdown, "Whether shutdown() was called.";
    ]
}

crate::natives! {
    /// The rows of `asyncio.PriorityQueue`.
    pub static PRIORITY_QUEUE = [
        new "__new__(cls, *args, **kwargs)" => priority_new, "Create and return a new object.";
    ]
}

crate::natives! {
    /// The rows of `asyncio.LifoQueue`.
    pub static LIFO_QUEUE = [
        new "__new__(cls, *args, **kwargs)" => lifo_new, "Create and return a new object.";
    ]
}

crate::natives! {
    /// Steps of queues.
    pub static QUEUE_STEPS = [
        hidden "after_get(queue, item, future, exception)" => after_get, "A getter goes on.";
        hidden "after_put(queue, item, future, exception)" => after_put, "A putter goes on.";
        hidden "after_join(queue, item, future, exception)" => after_join, "One that joins goes on.";
    ]
}

const AFTER_GET: NativeId = NativeId { table: tables::QUEUE_STEPS, row: 0 };
const AFTER_PUT: NativeId = NativeId { table: tables::QUEUE_STEPS, row: 1 };
const AFTER_JOIN: NativeId = NativeId { table: tables::QUEUE_STEPS, row: 2 };

/// What a subclass may replace.
const PARTS: &[Name] = &[
    names::QUEUE_INIT,
    names::QUEUE_GET,
    names::QUEUE_PUT,
    names::QUEUE_FULL,
    names::QUEUE_EMPTY,
    names::QUEUE_QSIZE,
    names::QUEUE_PUT_NOWAIT,
    names::QUEUE_GET_NOWAIT,
];

fn make(cx: &mut Cx, class: Value, own: Id<Class>, kind: Kind) -> Outcome {
    let heap = if kind == Kind::Priority { new_heap(cx) } else { Id::NONE };
    let getters = Line::made_at(cx.place);
    let state = Queue { kind, heap, getters, maxsize: Value::Int(0), event_loop: Id::NONE, ..Queue::default() };
    let payload = cx.heap.new_native(own, state);
    Ok(wrapped_in(cx, class, own, payload))
}

impl Queue {
    /// Where it was made.
    pub fn origin(&self) -> Place {
        self.getters.made_at
    }

    /// What somebody waits for in it, in words before its name.
    pub fn purpose(&self, future: Id<Future>) -> &'static str {
        let stands_in = |line: &Line| line.iter().any(|waiter| waiter == future);
        match () {
            () if stands_in(&self.getters) => "an item of ",
            () if stands_in(&self.putters) => "room in ",
            () if stands_in(&self.joiners) => "the end of the work of ",
            () => "",
        }
    }
}

fn new_heap(cx: &mut Cx) -> Id<List> {
    match cx.heap.new_list(Vec::new()) {
        Value::List(id) => id,
        _ => crate::bug!("a new list is a list"),
    }
}

fn queue_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, args[0], classes::QUEUE, Kind::Fifo)
}

fn priority_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, args[0], classes::PRIORITY_QUEUE, Kind::Priority)
}

fn lifo_new(cx: &mut Cx, args: &[Value]) -> Outcome {
    make(cx, args[0], classes::LIFO_QUEUE, Kind::Lifo)
}

fn queue_init(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    let maxsize = args[1].given().unwrap_or(Value::Int(0));
    let limit = super::float_of(cx, maxsize).filter(|&limit| limit > 0.0).map_or(0, |limit| limit.ceil() as usize);
    let is_replaced = waiting::replaces(cx, args[0], PARTS);
    let queue: &mut Queue = waiting::of_mut(cx, id);
    let (kind, heap, getters) = (queue.kind, queue.heap, Line::made_at(queue.getters.made_at));
    *queue = Queue { kind, heap, getters, maxsize, limit, is_replaced, event_loop: Id::NONE, ..Queue::default() };
    if !is_replaced {
        return Ok(Value::None);
    }
    let method = crate::types::attribute::get(cx, args[0], names::QUEUE_INIT)?;
    let ask = cx.ask_call(method, &[maxsize]);
    Err(crate::call::launch::then_give(cx, ask, Value::None))
}

fn this<'a>(cx: &'a mut Cx, args: &[Value]) -> Result<&'a mut Queue, Ask> {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    Ok(waiting::of_mut(cx, id))
}

fn len(cx: &Cx, id: Id<Boxed>) -> usize {
    let queue: &Queue = waiting::of(cx, id);
    match queue.kind {
        Kind::Priority => cx.heap.lists.get(queue.heap).items.len(),
        Kind::Fifo | Kind::Lifo => queue.items.len(),
    }
}

fn is_full(cx: &Cx, id: Id<Boxed>) -> bool {
    let limit = waiting::of::<Queue>(cx, id).limit;
    limit > 0 && len(cx, id) >= limit
}

// ----- Items -----

/// Adds an item. What it asks adds it and counts it.
fn add(cx: &mut Cx, shown: Value, id: Id<Boxed>, item: Value) -> Result<(), Ask> {
    let queue: &Queue = waiting::of(cx, id);
    if queue.kind == Kind::Priority {
        let heap = queue.heap;
        return match place_of_new(cx, heap, item) {
            Some(place) => {
                cx.heap.push(heap, item)?;
                sink(&mut cx.heap.lists.get_mut(heap).items, item, place);
                Ok(())
            }
            None => Err(ask_library(cx, "asyncio.queues", "_priority_put", &[shown, Value::List(heap), item])),
        };
    }
    if queue.items.len() == queue.items.capacity() {
        let more = queue.items.capacity().max(4) * size_of::<Value>();
        cx.heap.reserve(more)?;
    }
    waiting::of_mut::<Queue>(cx, id).items.push_back(item);
    Ok(())
}

/// Takes an item of a queue that is not empty.
fn take(cx: &mut Cx, shown: Value, id: Id<Boxed>) -> Outcome {
    let queue: &mut Queue = waiting::of_mut(cx, id);
    match queue.kind {
        Kind::Fifo => Ok(queue.items.pop_front().expect("it is not empty")),
        Kind::Lifo => Ok(queue.items.pop_back().expect("it is not empty")),
        Kind::Priority => {
            let heap = queue.heap;
            match path_of_last(cx, heap) {
                Some(path) => Ok(pop(&mut cx.heap.lists.get_mut(heap).items, &path)),
                None => Err(ask_library(cx, "asyncio.queues", "_priority_get", &[shown, Value::List(heap)])),
            }
        }
    }
}

fn is_less(cx: &mut Cx, lhs: Value, rhs: Value) -> Option<bool> {
    match operator::compare(cx, Compare::Less, lhs, rhs) {
        Ok(Value::Bool(holds)) => Some(holds),
        _ => None,
    }
}

/// Where a new item of a heap comes to stand. None: script code compares.
fn place_of_new(cx: &mut Cx, heap: Id<List>, item: Value) -> Option<usize> {
    let mut at = cx.heap.lists.get(heap).items.len();
    while at > 0 {
        let parent = (at - 1) / 2;
        let above = cx.heap.lists.get(heap).items[parent];
        if !is_less(cx, item, above)? {
            break;
        }
        at = parent;
    }
    Some(at)
}

/// Moves the ancestors of the last place down until `place` is free for the item.
fn sink(items: &mut [Value], item: Value, place: usize) {
    let mut at = items.len() - 1;
    while at > place {
        let parent = (at - 1) / 2;
        items[at] = items[parent];
        at = parent;
    }
    items[place] = item;
}

/// The places that the last item of a heap passes when it takes the first place, as heapq does it: the smaller child all
/// the way down, then up again. The last one is where it stays.
fn path_of_last(cx: &mut Cx, heap: Id<List>) -> Option<Vec<usize>> {
    let n_left = cx.heap.lists.get(heap).items.len() - 1;
    if n_left == 0 {
        return Some(Vec::new());
    }
    let last = cx.heap.lists.get(heap).items[n_left];
    let mut path = vec![0];
    let mut at = 0;
    while 2 * at + 1 < n_left {
        let (left, right) = (2 * at + 1, 2 * at + 2);
        let mut child = left;
        if right < n_left {
            let items = &cx.heap.lists.get(heap).items;
            let (left_item, right_item) = (items[left], items[right]);
            if !is_less(cx, left_item, right_item)? {
                child = right;
            }
        }
        path.push(child);
        at = child;
    }
    while path.len() > 1 {
        // In the last place of the path stands, then, what is now one further up.
        let above = cx.heap.lists.get(heap).items[path[path.len() - 1]];
        if !is_less(cx, last, above)? {
            break;
        }
        path.pop();
    }
    Some(path)
}

/// Takes the first item; the last one goes along the path.
fn pop(items: &mut Vec<Value>, path: &[usize]) -> Value {
    let last = items.pop().expect("it is not empty");
    let Some((&end, _)) = path.split_last() else { return last };
    let first = items[0];
    for pair in path.windows(2) {
        items[pair[0]] = items[pair[1]];
    }
    items[end] = last;
    first
}

// ----- put and get -----

fn wake_next(cx: &mut Cx, id: Id<Boxed>, line: fn(&mut Queue) -> &mut Line) -> Result<(), Ask> {
    while let Some(waiter) = line(waiting::of_mut(cx, id)).pop() {
        if waiting::wake(cx, waiter, Value::None)? {
            break;
        }
    }
    Ok(())
}

fn getters(queue: &mut Queue) -> &mut Line {
    &mut queue.getters
}

fn putters(queue: &mut Queue) -> &mut Line {
    &mut queue.putters
}

fn put_nowait(cx: &mut Cx, shown: Value, id: Id<Boxed>, item: Value) -> Outcome {
    if waiting::of::<Queue>(cx, id).is_shutdown {
        return Err(cx.raise_with(classes::QUEUE_SHUT_DOWN, &[]));
    }
    if is_full(cx, id) {
        return Err(cx.raise_with(classes::QUEUE_FULL, &[]));
    }
    add(cx, shown, id, item)?;
    waiting::of_mut::<Queue>(cx, id).n_unfinished += 1;
    wake_next(cx, id, getters)?;
    Ok(Value::None)
}

fn get_nowait(cx: &mut Cx, shown: Value, id: Id<Boxed>) -> Outcome {
    if len(cx, id) == 0 {
        let class =
            if waiting::of::<Queue>(cx, id).is_shutdown { classes::QUEUE_SHUT_DOWN } else { classes::QUEUE_EMPTY };
        return Err(cx.raise_with(class, &[]));
    }
    let item = take(cx, shown, id)?;
    match wake_next(cx, id, putters) {
        Ok(()) => Ok(item),
        Err(ask) => Err(crate::call::launch::then_give(cx, ask, item)),
    }
}

/// A future in a line.
fn wait_in(
    cx: &mut Cx,
    shown: Value,
    id: Id<Boxed>,
    after: NativeId,
    item: Value,
    line: fn(&mut Queue) -> &mut Line,
) -> Result<Id<Future>, Ask> {
    let bound = waiting::of::<Queue>(cx, id).event_loop;
    let event_loop = waiting::bound_loop(cx, shown, bound)?;
    let waiter = waiting::new(cx, event_loop, after, id, item);
    let queue: &mut Queue = waiting::of_mut(cx, id);
    queue.event_loop = event_loop;
    line(queue).push(waiter);
    Ok(waiter)
}

fn put(cx: &mut Cx, id: Id<Boxed>, shown: Value, item: Value) -> Outcome {
    if !is_full(cx, id) {
        return put_nowait(cx, shown, id, item);
    }
    if waiting::of::<Queue>(cx, id).is_shutdown {
        return Err(cx.raise_with(classes::QUEUE_SHUT_DOWN, &[]));
    }
    let waiter = wait_in(cx, shown, id, AFTER_PUT, item, putters)?;
    waiting::wait(cx, waiter)
}

fn get(cx: &mut Cx, id: Id<Boxed>, shown: Value) -> Outcome {
    if len(cx, id) > 0 {
        return get_nowait(cx, shown, id);
    }
    if waiting::of::<Queue>(cx, id).is_shutdown {
        return Err(cx.raise_with(classes::QUEUE_SHUT_DOWN, &[]));
    }
    let waiter = wait_in(cx, shown, id, AFTER_GET, Value::Undef, getters)?;
    waiting::wait(cx, waiter)
}

/// One that waited was cancelled: it leaves the line, and if it was woken passes that on.
fn give_up(
    cx: &mut Cx,
    after: &waiting::After,
    line: fn(&mut Queue) -> &mut Line,
    can_go_on: fn(&Cx, Id<Boxed>) -> bool,
) -> Result<(), Ask> {
    super::future::cancel_itself(cx, crate::value::FutureRef::Future(after.future), Value::Undef)?;
    line(waiting::of_mut(cx, after.target)).remove(after.future);
    if can_go_on(cx, after.target) && !waiting::is_cancelled(cx, after.future) {
        wake_next(cx, after.target, line)?;
    }
    Ok(())
}

fn after_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    let after = waiting::after(cx, args)?;
    match after.exc {
        None => get(cx, after.target, Value::Native(after.target)),
        Some(exc) => {
            give_up(cx, &after, getters, |cx, id| len(cx, id) > 0)?;
            Err(Ask::Raise(exc))
        }
    }
}

fn after_put(cx: &mut Cx, args: &[Value]) -> Outcome {
    let after = waiting::after(cx, args)?;
    match after.exc {
        None => put(cx, after.target, Value::Native(after.target), after.item),
        Some(exc) => {
            give_up(cx, &after, putters, |cx, id| !is_full(cx, id))?;
            Err(Ask::Raise(exc))
        }
    }
}

/// The frequent case: there is room, and nobody waits for the item. False: any other case.
fn put_quickly(cx: &mut Cx, shown: Value, item: Value) -> bool {
    let Value::Native(id) = shown else { return false };
    let Some(queue) = cx.heap.native_mut::<Queue>(id) else { return false };
    let n_items = queue.items.len();
    let is_quick = queue.kind == Kind::Fifo
        && !queue.is_replaced
        && !queue.is_shutdown
        && (queue.limit == 0 || n_items < queue.limit)
        && n_items < queue.items.capacity()
        && queue.getters.is_empty();
    if is_quick {
        queue.items.push_back(item);
        queue.n_unfinished += 1;
    }
    is_quick
}

/// The same: there is an item, and nobody waits for room.
fn get_quickly(cx: &mut Cx, shown: Value) -> Option<Value> {
    let Value::Native(id) = shown else { return None };
    let queue = cx.heap.native_mut::<Queue>(id)?;
    let is_quick = queue.kind == Kind::Fifo && !queue.is_replaced && queue.putters.is_empty();
    if is_quick { queue.items.pop_front() } else { None }
}

fn queue_put(cx: &mut Cx, args: &[Value]) -> Outcome {
    if put_quickly(cx, args[0], args[1]) {
        return Ok(Value::None);
    }
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    if waiting::of::<Queue>(cx, id).is_replaced {
        return Err(await_library(cx, "asyncio.queues", "_put", args));
    }
    put(cx, id, args[0], args[1])
}

fn queue_get(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let Some(item) = get_quickly(cx, args[0]) {
        return Ok(item);
    }
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    if waiting::of::<Queue>(cx, id).is_replaced {
        return Err(await_library(cx, "asyncio.queues", "_get", &args[..1]));
    }
    get(cx, id, args[0])
}

fn queue_put_nowait(cx: &mut Cx, args: &[Value]) -> Outcome {
    if put_quickly(cx, args[0], args[1]) {
        return Ok(Value::None);
    }
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    if waiting::of::<Queue>(cx, id).is_replaced {
        return Err(ask_library(cx, "asyncio.queues", "_put_nowait", args));
    }
    put_nowait(cx, args[0], id, args[1])
}

fn queue_get_nowait(cx: &mut Cx, args: &[Value]) -> Outcome {
    if let Some(item) = get_quickly(cx, args[0]) {
        return Ok(item);
    }
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    if waiting::of::<Queue>(cx, id).is_replaced {
        return Err(ask_library(cx, "asyncio.queues", "_get_nowait", &args[..1]));
    }
    get_nowait(cx, args[0], id)
}

// ----- join, shutdown -----

fn queue_task_done(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    let queue: &mut Queue = waiting::of_mut(cx, id);
    if queue.n_unfinished == 0 {
        return Err(cx.value_error("task_done() called too many times"));
    }
    queue.n_unfinished -= 1;
    finish_if_done(cx, id)?;
    Ok(Value::None)
}

/// All items are done: those who join are woken.
fn finish_if_done(cx: &mut Cx, id: Id<Boxed>) -> Result<(), Ask> {
    let queue: &Queue = waiting::of(cx, id);
    if queue.n_unfinished > 0 {
        return Ok(());
    }
    let joiners: Vec<_> = queue.joiners.iter().collect();
    for joiner in joiners {
        waiting::wake(cx, joiner, Value::Bool(true))?;
    }
    Ok(())
}

fn queue_join(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    if waiting::of::<Queue>(cx, id).n_unfinished == 0 {
        return Ok(Value::None);
    }
    let waiter = wait_in(cx, args[0], id, AFTER_JOIN, Value::Undef, |queue| &mut queue.joiners)?;
    waiting::wait(cx, waiter)
}

fn after_join(cx: &mut Cx, args: &[Value]) -> Outcome {
    let after = waiting::after(cx, args)?;
    waiting::of_mut::<Queue>(cx, after.target).joiners.remove(after.future);
    match after.exc {
        None => Ok(Value::None),
        Some(exc) => Err(Ask::Raise(exc)),
    }
}

fn queue_shutdown(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    let is_immediate = args[1].given().is_some_and(|value| crate::types::quick::quick_truth(cx, value) == Some(true));
    let queue: &mut Queue = waiting::of_mut(cx, id);
    queue.is_shutdown = true;
    if is_immediate {
        let heap = queue.heap;
        let mut n_items = queue.items.len();
        queue.items.clear();
        if !heap.is_none() {
            n_items += cx.heap.lists.get(heap).items.len();
            cx.heap.lists.get_mut(heap).items.clear();
        }
        // Every item that was left counts as done; more may be unfinished than lie here.
        let queue: &mut Queue = waiting::of_mut(cx, id);
        queue.n_unfinished = queue.n_unfinished.saturating_sub(n_items);
        finish_if_done(cx, id)?;
    }
    for line in [getters as fn(&mut Queue) -> &mut Line, putters] {
        while let Some(waiter) = line(waiting::of_mut(cx, id)).pop() {
            waiting::wake(cx, waiter, Value::None)?;
        }
    }
    Ok(Value::None)
}

// ----- What is left -----

fn queue_qsize(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    Ok(Value::Int(len(cx, id) as i64))
}

fn queue_empty(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    Ok(Value::Bool(len(cx, id) == 0))
}

fn queue_full(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    Ok(Value::Bool(is_full(cx, id)))
}

fn queue_init_items(cx: &mut Cx, args: &[Value]) -> Outcome {
    let queue = this(cx, args)?;
    queue.items.clear();
    Ok(Value::None)
}

fn queue_put_item(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    let queue: &Queue = waiting::of(cx, id);
    if queue.kind == Kind::Priority {
        let heap = Value::List(queue.heap);
        return Err(ask_library(cx, "asyncio.queues", "_heap_push", &[heap, args[1]]));
    }
    add(cx, args[0], id, args[1])?;
    Ok(Value::None)
}

fn queue_get_item(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    if len(cx, id) == 0 {
        return Err(cx.index_error("pop from an empty deque"));
    }
    let queue: &Queue = waiting::of(cx, id);
    if queue.kind == Kind::Priority {
        let heap = Value::List(queue.heap);
        return Err(ask_library(cx, "asyncio.queues", "_heap_pop", &[heap]));
    }
    take(cx, args[0], id)
}

fn queue_maxsize(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(this(cx, args)?.maxsize)
}

fn queue_set_maxsize(cx: &mut Cx, args: &[Value]) -> Outcome {
    let limit = super::float_of(cx, args[1]).filter(|&limit| limit > 0.0).map_or(0, |limit| limit.ceil() as usize);
    let queue = this(cx, args)?;
    (queue.maxsize, queue.limit) = (args[1], limit);
    Ok(Value::None)
}

fn listed(cx: &mut Cx, id: Id<Boxed>) -> Value {
    let queue: &Queue = waiting::of(cx, id);
    match queue.kind {
        Kind::Priority => Value::List(queue.heap),
        Kind::Fifo | Kind::Lifo => {
            let items = queue.items.iter().copied().collect();
            cx.heap.new_list(items)
        }
    }
}

fn queue_items(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    Ok(listed(cx, id))
}

fn queue_getters(cx: &mut Cx, args: &[Value]) -> Outcome {
    let line = this(cx, args)?.getters.iter().collect();
    Ok(waiting::shown_line(cx, line))
}

fn queue_putters(cx: &mut Cx, args: &[Value]) -> Outcome {
    let line = this(cx, args)?.putters.iter().collect();
    Ok(waiting::shown_line(cx, line))
}

fn queue_unfinished(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Int(this(cx, args)?.n_unfinished as i64))
}

fn queue_set_unfinished(cx: &mut Cx, args: &[Value]) -> Outcome {
    this(cx, args)?.n_unfinished = args[1].as_int().unwrap_or(0).max(0) as usize;
    Ok(Value::None)
}

fn queue_is_shutdown(cx: &mut Cx, args: &[Value]) -> Outcome {
    Ok(Value::Bool(this(cx, args)?.is_shutdown))
}

fn format(cx: &mut Cx, shown: Value) -> Result<String, Ask> {
    let id = waiting::state_id::<Queue>(cx, shown)?;
    let maxsize = waiting::of::<Queue>(cx, id).maxsize;
    let mut text = format!("maxsize={}", waiting::part(cx, maxsize));
    if len(cx, id) > 0 {
        let items = listed(cx, id);
        text.push_str(&format!(" _queue={}", waiting::part(cx, items)));
    }
    let queue: &Queue = waiting::of(cx, id);
    for (name, n) in [("_getters", queue.getters.len()), ("_putters", queue.putters.len())] {
        if n > 0 {
            text.push_str(&format!(" {name}[{n}]"));
        }
    }
    if queue.n_unfinished > 0 {
        text.push_str(&format!(" tasks={}", queue.n_unfinished));
    }
    if queue.is_shutdown {
        text.push_str(" shutdown");
    }
    Ok(text)
}

fn queue_format(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text = format(cx, args[0])?;
    Ok(cx.str(&text))
}

fn queue_repr(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text = format(cx, args[0])?;
    let text = format!("<{} at {:#x} {text}>", cx.class_name(args[0]), crate::types::quick::identity(args[0]));
    Ok(cx.str(&text))
}

fn queue_str(cx: &mut Cx, args: &[Value]) -> Outcome {
    let text = format(cx, args[0])?;
    let text = format!("<{} {text}>", cx.class_name(args[0]));
    Ok(cx.str(&text))
}

// ----- Parts for the library -----

fn line_of(cx: &mut Cx, value: Value) -> Result<fn(&mut Queue) -> &mut Line, Ask> {
    match cx.text_of(value) {
        Some(b"getters") => Ok(getters),
        Some(b"putters") => Ok(putters),
        _ => Err(cx.value_error("no such line")),
    }
}

fn queue_wait_in(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    let line = line_of(cx, args[1])?;
    let waiter = wait_in(cx, args[0], id, AFTER_JOIN, Value::Undef, line)?;
    cx.heap.futures.get_mut(waiter).role = crate::value::Role::Plain;
    Ok(Value::Future(waiter))
}

fn queue_leave_line(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    let line = line_of(cx, args[1])?;
    let Value::Future(waiter) = args[2] else { return Ok(Value::Bool(false)) };
    Ok(Value::Bool(line(waiting::of_mut(cx, id)).remove(waiter)))
}

fn queue_wakeup_next(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    let line = line_of(cx, args[1])?;
    wake_next(cx, id, line)?;
    Ok(Value::None)
}

fn queue_count_put(cx: &mut Cx, args: &[Value]) -> Outcome {
    let id = waiting::state_id::<Queue>(cx, args[0])?;
    waiting::of_mut::<Queue>(cx, id).n_unfinished += 1;
    wake_next(cx, id, getters)?;
    Ok(Value::None)
}
