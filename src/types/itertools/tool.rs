//! The state of the iterators of itertools: one struct for all, whose fields each of them uses in its way.

use crate::call::{Cx, Outcome};
use crate::types::class;
use crate::value::native_object::{Boxed, NativeObject};
use crate::value::{Class, Gray, Id, NativeFrame, Value};

/// The state of an iterator of itertools.
#[derive(Default)]
pub struct Tool {
    /// The iterator that is read, mostly.
    pub source: Value,
    /// The function, or a second iterator.
    pub with: Value,
    /// What is kept between two items.
    pub kept: Value,
    pub items: Vec<Value>,
    /// Indexes into the items.
    pub places: Vec<usize>,
    /// Other indexes: cycles of permutations, the borders of pools.
    pub marks: Vec<usize>,
    pub next: i64,
    pub stop: i64,
    pub step: i64,
    pub flag: bool,
}

impl NativeObject for Tool {
    fn trace(&self, gray: &mut Gray) {
        let own = [self.source, self.with, self.kept];
        gray.extend(own.iter().chain(&self.items).filter(|value| value.is_handle()));
    }
    fn bytes(&self) -> usize {
        let indexes = (self.places.capacity() + self.marks.capacity()) * size_of::<usize>();
        size_of::<Tool>() + self.items.capacity() * size_of::<Value>() + indexes
    }
}

/// A new iterator of a class, which may be a script's subclass of `native`.
pub fn make(cx: &mut Cx, class: Value, native: Id<Class>, tool: Tool) -> Outcome {
    let class = class::checked_class(cx, class, native)?;
    let made = cx.heap.new_native(native, tool);
    if class == native { Ok(made) } else { Ok(class::allocate(cx, class, made)) }
}

/// The handle of the state of `self`.
#[inline]
pub fn id_of(cx: &Cx, value: Value) -> Id<Boxed> {
    match cx.exact(value) {
        Value::Native(id) => id,
        other => crate::bug!("{other:?} is no iterator of itertools"),
    }
}

/// That of the iterator whose `__next__` is under way.
#[inline]
pub fn own(cx: &Cx, frame: &NativeFrame) -> Id<Boxed> {
    id_of(cx, frame.values[0])
}

#[inline]
pub fn get(cx: &Cx, id: Id<Boxed>) -> &Tool {
    cx.heap.native::<Tool>(id).expect("it is an iterator of itertools")
}

#[inline]
pub fn get_mut(cx: &mut Cx, id: Id<Boxed>) -> &mut Tool {
    cx.heap.native_mut::<Tool>(id).expect("it is an iterator of itertools")
}
