//! The module `_heapq`: heaps in lists, as CPython's `heapq` keeps them, comparison by comparison.
//!
//! A [`Sift`] is an item on its way: down to a leaf (each time the lesser child moves up) and up again to its place. It runs
//! on the Rust stack until a comparison needs script code; then it moves into the frame.

use aspen_grammar::bytecode::Compare;

use crate::call::{Ask, Cx, Outcome};
use crate::types::{operator, protocol};
use crate::value::native_object::NativeObject;
use crate::value::sequence::trace_values;
use crate::value::slab::Gray;
use crate::value::{Id, List, NativeFrame, Value};

crate::natives! {
    /// The functions of the module.
    pub static HEAPQ = [
        func "heappush(heap, item, /)" => step heappush, "Push item onto heap, maintaining the heap invariant.";
        func "heappushpop(heap, item, /)" => step heappushpop, "Push item on the heap, then pop and return the smallest item from the heap.\n\nThe combined action runs more efficiently than heappush() followed by\na separate call to heappop().";
        func "heappop(heap, /)" => step heappop, "Pop the smallest item off the heap, maintaining the heap invariant.";
        func "heapreplace(heap, item, /)" => step heapreplace, "Pop and return the current smallest value, and add the new item.";
        func "heapify(heap, /)" => step heapify, "Transform list into a heap, in-place, in linear time.";
        func "_heappop_max(heap, /)" => step heappop_max, "Maxheap variant of heappop.";
        func "_heapreplace_max(heap, item, /)" => step heapreplace_max, "Maxheap variant of heapreplace.";
        func "_heapify_max(heap, /)" => step heapify_max, "Maxheap variant of heapify.";
    ]
}

#[derive(Clone, Copy)]
enum Phase {
    /// `heappushpop`: is the item (the result so far) greater than the first one?
    Test,
    /// Children move up until `pos` is a leaf.
    Down,
    /// Parents move down until the item is in its place.
    Up,
    /// In its place.
    Rest,
}

/// An item on its way through a heap.
struct Sift {
    list: Id<List>,
    is_max: bool,
    phase: Phase,
    /// Where the item is.
    pos: usize,
    /// It does not go above this.
    start: usize,
    /// The list's length; a comparison must not change it.
    len: usize,
    /// `heapify`: so many roots are still to be sifted.
    n_roots: usize,
    /// What the function gives.
    result: Value,
}

impl NativeObject for Sift {
    fn trace(&self, gray: &mut Gray) {
        gray.push(Value::List(self.list));
        trace_values(&[self.result], gray);
    }
    fn bytes(&self) -> usize {
        size_of::<Sift>()
    }
}

impl Sift {
    fn new(cx: &Cx, list: Id<List>, is_max: bool, phase: Phase, pos: usize, result: Value) -> Sift {
        let len = cx.heap.lists.get(list).items.len();
        Sift { list, is_max, phase, pos, start: 0, len, n_roots: 0, result }
    }

    /// Goes on, with the answer to the comparison that was asked for, if one was.
    fn run(&mut self, cx: &mut Cx, mut answer: Option<bool>) -> Result<(), Ask> {
        loop {
            cx.burnt += 1;
            match self.phase {
                Phase::Test => {
                    let first = self.item(cx, 0);
                    if !self.less(cx, first, self.result, answer.take())? {
                        return Ok(());
                    }
                    let items = &mut cx.heap.lists.get_mut(self.list).items;
                    self.result = std::mem::replace(&mut items[0], self.result);
                    self.phase = Phase::Down;
                }
                Phase::Down if self.pos < self.len / 2 => {
                    let mut child = 2 * self.pos + 1;
                    if child + 1 < self.len {
                        let (left, right) = (self.item(cx, child), self.item(cx, child + 1));
                        let (lhs, rhs) = if self.is_max { (right, left) } else { (left, right) };
                        child += !self.less(cx, lhs, rhs, answer.take())? as usize;
                    }
                    cx.heap.lists.get_mut(self.list).items.swap(self.pos, child);
                    self.pos = child;
                }
                Phase::Down => self.phase = Phase::Up,
                Phase::Up if self.pos > self.start => {
                    let parent = (self.pos - 1) / 2;
                    let (own, above) = (self.item(cx, self.pos), self.item(cx, parent));
                    let (lhs, rhs) = if self.is_max { (above, own) } else { (own, above) };
                    if self.less(cx, lhs, rhs, answer.take())? {
                        cx.heap.lists.get_mut(self.list).items.swap(self.pos, parent);
                        self.pos = parent;
                    } else {
                        self.phase = Phase::Rest;
                    }
                }
                Phase::Up => self.phase = Phase::Rest,
                Phase::Rest if self.n_roots > 0 => {
                    self.n_roots -= 1;
                    (self.pos, self.start) = (self.n_roots, self.n_roots);
                    self.phase = Phase::Down;
                }
                Phase::Rest => return Ok(()),
            }
        }
    }

    fn item(&self, cx: &Cx, at: usize) -> Value {
        cx.heap.lists.get(self.list).items[at]
    }

    /// `lhs < rhs`, or the answer if it was asked for. A list that changed its length meanwhile is an error.
    fn less(&self, cx: &mut Cx, lhs: Value, rhs: Value, answer: Option<bool>) -> Result<bool, Ask> {
        if let Some(answer) = answer {
            return Ok(answer);
        }
        match operator::compare(cx, Compare::Less, lhs, rhs) {
            Ok(Value::Bool(less)) => Ok(less),
            Ok(other) => match protocol::quick_truth(cx, other) {
                Some(truth) => Ok(truth),
                None => Err(cx.ask_push(protocol::truth_frame(other))),
            },
            Err(ask) => Err(ask.to_come_back()),
        }
    }
}

/// Steps: nothing is done; a comparison was asked for; it is to be tried again after a collection.
const START: u32 = 0;
const ASKED: u32 = 1;
const AGAIN: u32 = 2;

/// Runs a sift; what it asks is asked by the frame, which keeps it.
fn sift(cx: &mut Cx, frame: &mut NativeFrame, mut sift: Sift, answer: Option<bool>) -> Outcome {
    match sift.run(cx, answer) {
        Ok(()) => Ok(sift.result),
        Err(ask) => {
            frame.step = if ask == Ask::Full { AGAIN } else { ASKED };
            frame.state = Some(Box::new(sift));
            Err(ask)
        }
    }
}

/// The frame's sift goes on: a comparison was answered.
fn go_on(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    let answer = match frame.step {
        ASKED => {
            let told = frame.told.into_outcome()?;
            let Some(truth) = protocol::quick_truth(cx, told) else {
                return Err(cx.ask_push(protocol::truth_frame(told)));
            };
            Some(truth)
        }
        _ => None,
    };
    let state: Option<Box<dyn std::any::Any>> = frame.state.take().map(|state| state as _);
    let Some(Ok(state)) = state.map(|state| state.downcast::<Sift>()) else {
        crate::bug!("the frame of a heap keeps its sift")
    };
    if cx.heap.lists.get(state.list).items.len() != state.len {
        return Err(cx.runtime_error("list changed size during iteration"));
    }
    sift(cx, frame, *state, answer)
}

/// The heap, which must be a list.
fn heap_of(cx: &mut Cx, frame: &NativeFrame, name: &str, n_params: usize) -> Result<Id<List>, Ask> {
    match cx.exact(frame.values[0]) {
        Value::List(list) => Ok(list),
        _ => {
            let number = if n_params == 1 { "" } else { " 1" };
            let class = cx.class_name(frame.values[0]);
            Err(cx.type_error(format!("{name}() argument{number} must be list, not {class}")))
        }
    }
}

fn heappush(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step != START {
        return go_on(cx, frame);
    }
    let list = heap_of(cx, frame, "heappush", 2)?;
    cx.heap.push(list, frame.values[1])?;
    let last = cx.heap.lists.get(list).items.len() - 1;
    let state = Sift::new(cx, list, false, Phase::Up, last, Value::None);
    sift(cx, frame, state, None)
}

fn heappushpop(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    if frame.step != START {
        return go_on(cx, frame);
    }
    let list = heap_of(cx, frame, "heappushpop", 2)?;
    if cx.heap.lists.get(list).items.is_empty() {
        return Ok(frame.values[1]);
    }
    let state = Sift::new(cx, list, false, Phase::Test, 0, frame.values[1]);
    sift(cx, frame, state, None)
}

fn heappop(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    pop(cx, frame, "heappop", false)
}

fn heappop_max(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    pop(cx, frame, "_heappop_max", true)
}

/// The last item takes the place of the first one, and is sifted.
fn pop(cx: &mut Cx, frame: &mut NativeFrame, name: &str, is_max: bool) -> Outcome {
    if frame.step != START {
        return go_on(cx, frame);
    }
    let list = heap_of(cx, frame, name, 1)?;
    let items = &mut cx.heap.lists.get_mut(list).items;
    let Some(last) = items.pop() else { return Err(cx.index_error("index out of range")) };
    let Some(first) = items.first_mut() else { return Ok(last) };
    let result = std::mem::replace(first, last);
    let state = Sift::new(cx, list, is_max, Phase::Down, 0, result);
    sift(cx, frame, state, None)
}

fn heapreplace(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    replace(cx, frame, "heapreplace", false)
}

fn heapreplace_max(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    replace(cx, frame, "_heapreplace_max", true)
}

fn replace(cx: &mut Cx, frame: &mut NativeFrame, name: &str, is_max: bool) -> Outcome {
    if frame.step != START {
        return go_on(cx, frame);
    }
    let list = heap_of(cx, frame, name, 2)?;
    let Some(first) = cx.heap.lists.get_mut(list).items.first_mut() else {
        return Err(cx.index_error("index out of range"));
    };
    let result = std::mem::replace(first, frame.values[1]);
    let state = Sift::new(cx, list, is_max, Phase::Down, 0, result);
    sift(cx, frame, state, None)
}

fn heapify(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    make_heap(cx, frame, "heapify", false)
}

fn heapify_max(cx: &mut Cx, frame: &mut NativeFrame) -> Outcome {
    make_heap(cx, frame, "_heapify_max", true)
}

fn make_heap(cx: &mut Cx, frame: &mut NativeFrame, name: &str, is_max: bool) -> Outcome {
    if frame.step != START {
        return go_on(cx, frame);
    }
    let list = heap_of(cx, frame, name, 1)?;
    let mut state = Sift::new(cx, list, is_max, Phase::Rest, 0, Value::None);
    state.n_roots = state.len / 2;
    sift(cx, frame, state, None)
}
