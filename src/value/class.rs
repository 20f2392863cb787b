//! Classes, built-in and the script's.
//!
//! A built-in class is made from a static table; its dict is filled from there at first use. Every class has a table of
//! special methods, made at first use and thrown away when one of its bases changes.

use super::dict::Dict;
use super::instance::Shape;
use super::slab::{Gray, Kind};
use super::special::N_SPECIALS;
use super::value::{Id, Name, Value};

/// What an instance is made of: which exact built-in value a subclass's instance carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Nothing but attributes.
    #[default]
    Object,
    Int,
    /// bool, NoneType, …: no subclass.
    Closed,
    Float,
    Str,
    Bytes,
    Tuple,
    List,
    Dict,
    Set,
    FrozenSet,
    /// `Value::Exc`: its classes differ in what they keep beside `args`.
    Exception(ExcLayout),
    /// `Value::Class`.
    Type,
    Module,
    Descr,
    /// A `NativeObject`, by the number of its type's row.
    Native(u16),
}

/// What a built-in exception keeps beside `args`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ExcLayout {
    #[default]
    Plain,
    StopIteration,
    SystemExit,
    KeyError,
    NameError,
    AttributeError,
    ImportError,
    OsError,
    SyntaxError,
    UnicodeError,
    Group,
}

#[derive(Default)]
pub struct Class {
    pub name: Name,
    /// A str.
    pub qualname: Value,
    pub metaclass: Id<Class>,
    pub bases: Vec<Id<Class>>,
    /// Itself first.
    pub mro: Vec<Id<Class>>,
    /// Weak: the collector prunes it.
    pub subclasses: Vec<Id<Class>>,
    pub dict: Id<Dict>,
    pub layout: Layout,
    /// The row of its table, of a built-in class.
    pub table: Option<u16>,
    /// The dict holds what the table says.
    pub is_filled: bool,
    /// Made by a script: its attributes can be set.
    pub is_heap: bool,
    /// Can be a base class.
    pub is_base: bool,
    /// Instances have a dict (or fields of their own).
    pub has_dict: bool,
    pub has_weakrefs: bool,
    /// Some inline cache depends on it: a change of its structure empties those caches.
    pub is_cached: bool,
    /// `__abstractmethods__` is not empty.
    pub is_abstract: bool,
    /// Instances have a `__del__`: they are registered when made.
    pub has_del: bool,
    /// Names from `__slots__` of this class and its bases: the first fields of every instance.
    pub slots: Vec<Name>,
    /// The shape of a fresh instance.
    pub root_shape: Id<Shape>,
    /// The shape of instances whose attributes are a dict.
    pub dict_shape: Id<Shape>,
    pub specials: Option<Box<[Value; N_SPECIALS]>>,
    /// Descriptors that only that table holds.
    pub foreign: Vec<Value>,
}

impl Class {
    pub fn is_subclass_of(&self, base: Id<Class>) -> bool {
        self.mro.contains(&base)
    }
}

impl Kind for Class {
    const SWEPT: bool = true;
    fn trace(&self, gray: &mut Gray) {
        if self.dict.is_none() {
            return;
        }
        gray.push(Value::Str(self.name));
        gray.push(self.qualname);
        gray.push(Value::Dict(self.dict));
        gray.push(Value::Class(self.metaclass));
        gray.extend(self.bases.iter().chain(&self.mro).map(|&class| Value::Class(class)));
        gray.extend(&self.foreign);
        gray.extend(self.slots.iter().map(|&name| Value::Str(name)));
        gray.extend([self.root_shape, self.dict_shape].iter().filter(|id| !id.is_none()).map(|&id| Value::Shape(id)));
    }
    fn owned(&self) -> usize {
        let table = self.specials.as_ref().map_or(0, |table| size_of_val::<[Value]>(&table[..]));
        table + (self.bases.capacity() + self.mro.capacity()) * size_of::<Id<Class>>()
    }
}
