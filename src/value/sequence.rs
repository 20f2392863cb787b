//! tuple, list, range and slice objects.

use super::slab::{Gray, Kind};
use super::value::Value;

pub struct Tuple(Items);

/// Up to three items are in the slot itself.
enum Items {
    Few { len: u8, items: [Value; 3] },
    Many(Box<[Value]>),
}

#[derive(Default)]
pub struct List {
    pub items: Vec<Value>,
}

/// A range whose bounds fit in 64 bits; longer ones keep their bounds as values.
#[derive(Clone, Copy, Default)]
pub struct Range {
    pub start: Value,
    pub stop: Value,
    pub step: Value,
    /// How many numbers; Int or BigInt.
    pub len: Value,
}

#[derive(Clone, Copy, Default)]
pub struct Slice {
    pub start: Value,
    pub stop: Value,
    pub step: Value,
}

impl Range {
    /// Whether all its numbers fit in 64 bits.
    pub fn is_short(&self) -> bool {
        matches!((self.start, self.step, self.len), (Value::Int(_), Value::Int(_), Value::Int(_)))
    }
}

impl Default for Tuple {
    fn default() -> Self {
        Tuple(Items::Few { len: 0, items: [Value::Undef; 3] })
    }
}

impl Tuple {
    #[inline]
    pub fn new(items: &[Value]) -> Self {
        if items.len() > 3 {
            return Tuple(Items::Many(items.into()));
        }
        let mut few = [Value::Undef; 3];
        few[..items.len()].copy_from_slice(items);
        Tuple(Items::Few { len: items.len() as u8, items: few })
    }

    pub fn from_vec(items: Vec<Value>) -> Self {
        if items.len() > 3 { Tuple(Items::Many(items.into_boxed_slice())) } else { Tuple::new(&items) }
    }

    #[inline]
    pub fn items(&self) -> &[Value] {
        match &self.0 {
            Items::Few { len, items } => &items[..(*len as usize).min(3)],
            Items::Many(items) => items,
        }
    }
}

/// Values that are traced in one step, of an object that has more.
const PART: usize = 1024;
/// From this size on the places written in an object are remembered one by one.
pub const LARGE: usize = 64;

/// Traces one step's values from `from` on, as [`Kind::trace_from`] does.
pub fn trace_part<T>(items: &[T], from: usize, gray: &mut Gray, values: impl Fn(&T, &mut Gray)) -> Option<usize> {
    let end = items.len().min(from.saturating_add(PART));
    items.get(from..end).into_iter().flatten().for_each(|item| values(item, gray));
    (end < items.len()).then_some(end)
}

pub fn trace_values(values: &[Value], gray: &mut Gray) {
    gray.extend(values.iter().filter(|value| value.is_handle()));
}

impl Kind for Tuple {
    const SWEPT: bool = false;
    fn trace(&self, gray: &mut Gray) {
        trace_values(self.items(), gray);
    }
    fn trace_from(&self, from: usize, gray: &mut Gray) -> Option<usize> {
        trace_part(self.items(), from, gray, |item, gray| gray.extend(Some(*item).filter(Value::is_handle)))
    }
    fn owned(&self) -> usize {
        match &self.0 {
            Items::Few { .. } => 0,
            Items::Many(items) => size_of_val::<[Value]>(items),
        }
    }
}

impl Kind for List {
    const SWEPT: bool = true;
    fn trace(&self, gray: &mut Gray) {
        trace_values(&self.items, gray);
    }
    fn trace_from(&self, from: usize, gray: &mut Gray) -> Option<usize> {
        trace_part(&self.items, from, gray, |item, gray| gray.extend(Some(*item).filter(Value::is_handle)))
    }
    fn is_large(&self) -> bool {
        self.items.len() > LARGE
    }
    fn trace_place(&self, place: usize, gray: &mut Gray) {
        gray.extend(self.items.get(place).filter(|value| value.is_handle()));
    }
    fn owned(&self) -> usize {
        self.items.capacity() * size_of::<Value>()
    }
}

impl Kind for Range {
    const SWEPT: bool = false;
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.start, self.stop, self.step, self.len], gray);
    }
    fn owned(&self) -> usize {
        0
    }
}

impl Kind for Slice {
    const SWEPT: bool = false;
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.start, self.stop, self.step], gray);
    }
    fn owned(&self) -> usize {
        0
    }
}
