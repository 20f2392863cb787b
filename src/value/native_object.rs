//! Objects that have no variant of their own: complex numbers, files, locks, a host's types, …

use std::any::Any;

use super::class::Class;
use super::dict::Dict;
use super::slab::{Gray, Kind};
use super::value::{Id, Value};

/// The state of a native type. Plain data: no closures, no borrows, no handles of the operating system.
pub trait NativeObject: Any + Send {
    /// Every value inside.
    fn trace(&self, gray: &mut Gray);
    /// Bytes owned, its own size included.
    fn bytes(&self) -> usize;
    /// The attributes that scripts gave it, if its class lets them.
    fn attributes(&self) -> Option<Id<Dict>> {
        None
    }
    /// From now on these are its attributes; false: it keeps none.
    fn set_attributes(&mut self, _dict: Id<Dict>) -> bool {
        false
    }
    /// Whether something is to be done when it dies (then it is in `Heap::mortal`).
    fn has_end(&self) -> bool {
        false
    }
}

/// A slot of the slab: the object and its class.
#[derive(Default)]
pub struct Boxed {
    pub class: Id<Class>,
    pub object: Option<Box<dyn NativeObject>>,
}

impl Boxed {
    pub fn as_ref<T: NativeObject>(&self) -> Option<&T> {
        let object: &dyn Any = self.object.as_deref()?;
        object.downcast_ref()
    }

    pub fn as_mut<T: NativeObject>(&mut self) -> Option<&mut T> {
        let object: &mut dyn Any = self.object.as_deref_mut()?;
        object.downcast_mut()
    }
}

impl Kind for Boxed {
    const SWEPT: bool = true;
    fn trace(&self, gray: &mut Gray) {
        if let Some(object) = &self.object {
            gray.push(Value::Class(self.class));
            object.trace(gray);
        }
    }
    fn owned(&self) -> usize {
        self.object.as_ref().map_or(0, |object| object.bytes())
    }
}
