//! What a register holds: 16 bytes, `Copy`, no pointer in it.
//!
//! The tag is the exact built-in type of the value. Everything that has identity is a handle into a slab. An instance of
//! a script class that derives from a built-in type is an `Inst` with a payload, never the built-in's own tag.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use super::bigint::BigInt;
use super::class::Class;
use super::context::Context;
use super::dict::Dict;
use super::event_loop::{EventLoop, Handle};
use super::exception::Exc;
use super::function::{Cell, Descr, Func, Link, Method, Module};
use super::future::{Future, Task};
use super::generator::Generator;
use super::instance::{Inst, Shape};
use super::iterator::Iter;
use super::native_object::Boxed;
use super::sequence::{List, Range, Slice, Tuple};
use super::set::Set;
use super::string::{Buffer, Bytes, Str};

/// A typed u32 handle: an index into the slab of `T`, and useless anywhere else.
pub struct Id<T>(u32, PhantomData<fn() -> T>);

/// An interned string: two names with the same text are the same handle.
pub type Name = Id<Str>;

/// A row of the tables of natives: which table, which row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NativeId {
    pub table: u16,
    pub row: u16,
}

/// `repr(u64)`: tag and payload are eight bytes each, so a copy is one of 16 or two of 8 bytes and never a mix whose loads
/// cannot be forwarded from the stores just made.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(u64)]
pub enum Value {
    /// An unbound variable, an absent argument; no script ever sees it.
    #[default]
    Undef,
    None,
    NotImplemented,
    Ellipsis,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A native function, method descriptor or attribute descriptor: a row of the tables, so that it costs no memory.
    Builtin(NativeId),
    Str(Id<Str>),
    Bytes(Id<Bytes>),
    BigInt(Id<BigInt>),
    Tuple(Id<Tuple>),
    List(Id<List>),
    Dict(Id<Dict>),
    Set(Id<Set>),
    FrozenSet(Id<Set>),
    Range(Id<Range>),
    Slice(Id<Slice>),
    Func(Id<Func>),
    Method(Id<Method>),
    Class(Id<Class>),
    Inst(Id<Inst>),
    Exc(Id<Exc>),
    /// A generator, coroutine or asynchronous generator.
    Gen(Id<Generator>),
    /// Iterators of the built-in types, and `zip`, `map`, `filter`, `enumerate`, `reversed`.
    Iter(Id<Iter>),
    Cell(Id<Cell>),
    Module(Id<Module>),
    /// property, classmethod, staticmethod.
    Descr(Id<Descr>),
    /// Code with its globals; a script sees it as a code object.
    Link(Id<Link>),
    /// asyncio's futures and tasks.
    Future(Id<Future>),
    Task(Id<Task>),
    /// An asyncio loop.
    Loop(Id<EventLoop>),
    /// `asyncio.Handle` and `TimerHandle`.
    Handle(Id<Handle>),
    /// `contextvars.Context`.
    Context(Id<Context>),
    /// Only for the collector: no register and no object holds one.
    Shape(Id<Shape>),
    /// Only for the collector.
    Buffer(Id<Buffer>),
    /// Everything else: complex, bytearray, memoryview, locks, a host's types.
    Native(Id<Boxed>),
}

const _: () = assert!(size_of::<Value>() == 16);
const _: () = assert!(size_of::<Option<Value>>() == 16);

impl Value {
    /// Whether the collector has to follow it.
    #[inline]
    pub fn is_handle(&self) -> bool {
        !matches!(
            self,
            Value::Undef
                | Value::None
                | Value::NotImplemented
                | Value::Ellipsis
                | Value::Bool(_)
                | Value::Int(_)
                | Value::Float(_)
                | Value::Builtin(_)
        )
    }

    #[inline]
    pub fn is_undef(&self) -> bool {
        matches!(self, Value::Undef)
    }

    #[inline]
    pub fn is_none(&self) -> bool {
        matches!(self, Value::None)
    }

    /// The value of an exact `int` that fits, or of a bool.
    #[inline]
    pub fn as_int(&self) -> Option<i64> {
        match *self {
            Value::Int(int) => Some(int),
            Value::Bool(bool) => Some(bool as i64),
            _ => None,
        }
    }

    /// None for the absent argument.
    #[inline]
    pub fn given(self) -> Option<Value> {
        if self.is_undef() { None } else { Some(self) }
    }

    /// `is`: immediates by bits (so a NaN is itself), handles by number.
    #[inline]
    pub fn is(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Float(lhs), Value::Float(rhs)) => lhs.to_bits() == rhs.to_bits(),
            (lhs, rhs) => lhs == rhs,
        }
    }
}

impl<T> Id<T> {
    #[inline]
    pub const fn new(index: usize) -> Self {
        Id(index as u32, PhantomData)
    }

    /// A handle that no object has.
    pub const NONE: Self = Id(u32::MAX, PhantomData);

    #[inline]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    #[inline]
    pub const fn number(self) -> u32 {
        self.0
    }

    #[inline]
    pub fn is_none(self) -> bool {
        self.0 == u32::MAX
    }

    /// The handle, unless it is `NONE`.
    #[inline]
    pub fn given(self) -> Option<Self> {
        (!self.is_none()).then_some(self)
    }
}

// By hand, because `derive` would ask the same of `T`.
impl<T> Copy for Id<T> {}
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Default for Id<T> {
    fn default() -> Self {
        Id::NONE
    }
}
impl<T> PartialEq for Id<T> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}
