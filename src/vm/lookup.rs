//! What attributes are, by the shape of the instance: for the places that see instances of several shapes.
//!
//! One table for all instructions, direct-mapped. A class that changes and a collection empty it.

use std::cell::{Cell as Memo, OnceCell};

use crate::value::{Class, Dict, Func, Id, Name, Shape};

/// What is known of an attribute of the instances of a shape.
#[derive(Clone, Copy, Debug, Default)]
pub enum Found {
    #[default]
    Unknown,
    /// A field, by its place.
    Field(u32),
    /// The same of a slot, which may be empty.
    Slot(u32),
    /// A function in the class, to be bound.
    Method(Id<Func>),
    /// A value in the dict of a class, as it is.
    ClassValue { dict: Id<Dict>, entry_idx: u32 },
    /// A property, by its getter.
    Property(Id<Func>),
    /// Of a store: the shape after it, and the field.
    Store { next: Id<Shape>, field: u32 },
}

/// What the attribute is looked up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Load,
    Store,
    /// Behind this class: `super()`.
    Behind(Id<Class>),
}

#[derive(Clone, Copy, Default)]
struct Slot {
    shape: Id<Shape>,
    name: Name,
    /// 0, 1, or the number of the class and 2.
    purpose: u32,
    found: Found,
}

const N_SLOTS: usize = 1024;

/// The table; it is made at the first entry.
#[derive(Default)]
pub struct Lookups {
    slots: OnceCell<Box<[Memo<Slot>]>>,
    /// Something that may be young came into it or into an inline cache since the last collection.
    is_filled: Memo<bool>,
}

fn purpose(used: Use) -> u32 {
    match used {
        Use::Load => 0,
        Use::Store => 1,
        Use::Behind(class) => class.number() + 2,
    }
}

fn place(shape: Id<Shape>, name: Name, purpose: u32) -> usize {
    let mixed = shape.number().wrapping_mul(0x9E37_79B1)
        ^ name.number().wrapping_mul(0x85EB_CA6B)
        ^ purpose.wrapping_mul(0xC2B2_AE35);
    (mixed >> 16) as usize % N_SLOTS
}

impl Lookups {
    #[inline]
    pub fn find(&self, shape: Id<Shape>, name: Name, used: Use) -> Found {
        let purpose = purpose(used);
        let Some(slots) = self.slots.get() else { return Found::Unknown };
        let slot = slots[place(shape, name, purpose)].get();
        let is_it = slot.shape == shape && slot.name == name && slot.purpose == purpose;
        if is_it { slot.found } else { Found::Unknown }
    }

    /// Remembers; the class must be marked as one that caches depend on.
    pub fn put(&self, shape: Id<Shape>, name: Name, used: Use, found: Found) {
        self.note_filled();
        let slots = self.slots.get_or_init(|| vec![Memo::new(Slot::default()); N_SLOTS].into());
        let purpose = purpose(used);
        slots[place(shape, name, purpose)].set(Slot { shape, name, purpose, found });
    }

    /// An inline cache was filled.
    pub fn note_filled(&self) {
        self.is_filled.set(true);
    }

    /// Whether anything was filled since this was asked last.
    pub fn take_filled(&self) -> bool {
        self.is_filled.take()
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.slots.get().into_iter().flatten().for_each(|slot| slot.set(Slot::default()));
    }
}
