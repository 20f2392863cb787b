//! Instances of script classes, and the shapes that say where their attributes are.
//!
//! A shape belongs to one class, so an inline cache compares the shape and knows the class. The first four fields are in
//! the slot. An instance moves to a real dict at the first use of `__dict__`, beyond [`MAX_FIELDS`], or at a deletion
//! out of order; its shape is then the class's `dict_shape`, which no cache of fields ever holds.

use super::class::Class;
use super::dict::Dict;
use super::sequence::trace_values;
use super::slab::{Gray, Kind};
use super::value::{Id, Name, Value};

/// Fields in the slot of an instance.
pub const N_INLINE: usize = 4;
/// More attributes than this are kept in a dict.
pub const MAX_FIELDS: usize = 64;

#[derive(Default)]
pub struct Inst {
    pub shape: Id<Shape>,
    pub fields: [Value; N_INLINE],
    pub extra: Option<Box<Extra>>,
}

/// What only some instances have.
#[derive(Default)]
pub struct Extra {
    /// Fields from the fifth on.
    pub more: Vec<Value>,
    /// The built-in value inside an instance of a subclass of a built-in type; `Undef` if there is none.
    pub payload: Value,
    /// The attributes, once they are a dict.
    pub dict: Option<Id<Dict>>,
}

/// The order of the attributes of some instances of one class.
#[derive(Default)]
pub struct Shape {
    pub class: Id<Class>,
    pub names: Vec<Name>,
    /// Which shape results from adding an attribute.
    pub next: Vec<(Name, Id<Shape>)>,
    /// The attributes are in `Extra::dict`.
    pub is_dict: bool,
}

impl Inst {
    pub fn new(shape: Id<Shape>) -> Self {
        Inst { shape, ..Inst::default() }
    }

    pub fn with_payload(shape: Id<Shape>, payload: Value) -> Self {
        let extra = Extra { payload, ..Extra::default() };
        Inst { shape, extra: Some(Box::new(extra)), ..Inst::default() }
    }

    #[inline]
    pub fn payload(&self) -> Value {
        self.extra.as_ref().map_or(Value::Undef, |extra| extra.payload)
    }

    pub fn dict(&self) -> Option<Id<Dict>> {
        self.extra.as_ref().and_then(|extra| extra.dict)
    }

    #[inline]
    pub fn field(&self, index: usize) -> Value {
        match self.fields.get(index) {
            Some(value) => *value,
            None => self.far_field(index),
        }
    }

    fn far_field(&self, index: usize) -> Value {
        self.extra.as_ref().and_then(|extra| extra.more.get(index - N_INLINE)).copied().unwrap_or_default()
    }

    /// Stores into a field that exists or is the next one.
    pub fn set_field(&mut self, index: usize, value: Value) {
        if let Some(place) = self.fields.get_mut(index) {
            *place = value;
            return;
        }
        let more = &mut self.extra.get_or_insert_default().more;
        if more.len() <= index - N_INLINE {
            more.resize(index - N_INLINE + 1, Value::Undef);
        }
        more[index - N_INLINE] = value;
    }

    pub fn trace_fields(&self, gray: &mut Gray) {
        trace_values(&self.fields, gray);
        if let Some(extra) = &self.extra {
            trace_values(&extra.more, gray);
            trace_values(&[extra.payload], gray);
            gray.extend(extra.dict.map(Value::Dict));
        }
    }

    pub fn owned_by_fields(&self) -> usize {
        self.extra.as_ref().map_or(0, |extra| size_of::<Extra>() + extra.more.capacity() * size_of::<Value>())
    }
}

impl Shape {
    pub fn position(&self, name: Name) -> Option<usize> {
        self.names.iter().position(|&known| known == name)
    }
}

impl Kind for Inst {
    const SWEPT: bool = false;
    /// The shape is marked by the collector itself.
    fn trace(&self, gray: &mut Gray) {
        self.trace_fields(gray);
    }
    fn trace_touched(&self, gray: &mut Gray) {
        gray.extend(Some(self.shape).filter(|shape| !shape.is_none()).map(Value::Shape));
        self.trace_fields(gray);
    }
    fn owned(&self) -> usize {
        self.owned_by_fields()
    }
}

impl Kind for Shape {
    const SWEPT: bool = true;
    fn trace(&self, gray: &mut Gray) {
        gray.push(Value::Class(self.class));
        gray.extend(self.names.iter().map(|&name| Value::Str(name)));
        gray.extend(self.next.iter().map(|&(_, shape)| Value::Shape(shape)));
    }
    fn owned(&self) -> usize {
        self.names.capacity() * size_of::<Name>() + self.next.capacity() * size_of::<(Name, Id<Shape>)>()
    }
}
