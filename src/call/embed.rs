//! What goes between an embedder and the scripts of an engine: values as plain data, functions and modules in Rust.
//!
//! Nothing here knows the heap: `native/embed.rs` turns [`Data`] into script values and back. A script's object that has
//! no counterpart in Rust goes out as an [`Object`], which keeps it alive, and can be handed back.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::value::{Gray, Value};

/// A value outside of an engine.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Data {
    #[default]
    None,
    Bool(bool),
    Int(i64),
    /// An int beyond 64 bits, in decimal.
    BigInt(String),
    Float(f64),
    /// Lone surrogates come out as replacement characters.
    Str(String),
    Bytes(Vec<u8>),
    List(Vec<Data>),
    Tuple(Vec<Data>),
    /// Pairs, in the order of the dict.
    Dict(Vec<(Data, Data)>),
    /// Anything else, and what is nested too deeply or in itself.
    Object(Object),
}

/// A script's object that the embedder holds: it lives as long as a clone of this does.
#[derive(Clone)]
pub struct Object {
    key: Arc<()>,
    place: usize,
    class: Arc<str>,
}

/// What a function of the embedder was called with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments {
    pub positional: Vec<Data>,
    pub keywords: Vec<(String, Data)>,
}

/// An exception that a function of the embedder raises in the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The name of a built-in exception class.
    pub class: String,
    pub message: String,
}

/// How a function of the embedder ends.
pub type Given = Result<Data, Failure>;

/// What an async function of the embedder gives at once.
pub type Promise = Pin<Box<dyn Future<Output = Given> + Send>>;

type SyncFunction = dyn Fn(Arguments) -> Given + Send + Sync;
type AsyncFunction = dyn Fn(Arguments) -> Promise + Send + Sync;

/// The body of a function in Rust.
#[derive(Clone)]
pub enum HostBody {
    Sync(Arc<SyncFunction>),
    Async(Arc<AsyncFunction>),
}

/// A function in Rust, as scripts see it.
#[derive(Clone)]
pub struct HostFunction {
    pub name: Arc<str>,
    pub body: HostBody,
}

/// A module in Rust. Cloning shares the functions: a thousand engines can have the same module.
#[derive(Clone)]
pub struct HostModule {
    pub name: Arc<str>,
    pub doc: Arc<str>,
    pub functions: Vec<HostFunction>,
    pub values: Vec<(Arc<str>, Data)>,
}

impl HostModule {
    /// An empty module that scripts import by this name (`a.b` is a submodule of `a`).
    pub fn new(name: &str) -> HostModule {
        HostModule { name: name.into(), doc: "".into(), functions: Vec::new(), values: Vec::new() }
    }

    /// Sets what `help` says of it.
    #[must_use]
    pub fn doc(mut self, doc: &str) -> HostModule {
        self.doc = doc.into();
        self
    }

    /// Adds a constant.
    #[must_use]
    pub fn value(mut self, name: &str, value: impl Into<Data>) -> HostModule {
        self.values.push((name.into(), value.into()));
        self
    }

    /// Adds a function that has its result at once. It holds up the engine while it runs.
    #[must_use]
    pub fn function<F>(mut self, name: &str, body: F) -> HostModule
    where
        F: Fn(Arguments) -> Given + Send + Sync + 'static,
    {
        self.functions.push(HostFunction { name: name.into(), body: HostBody::Sync(Arc::new(body)) });
        self
    }

    /// Adds an async function. In a running asyncio loop a call gives a future, to be awaited, gathered or cancelled; cancelling
    /// drops the Rust future. Elsewhere the call waits: other threads of the script, and other engines, go on.
    #[must_use]
    pub fn async_function<F, P>(mut self, name: &str, body: F) -> HostModule
    where
        F: Fn(Arguments) -> P + Send + Sync + 'static,
        P: Future<Output = Given> + Send + 'static,
    {
        let body = HostBody::Async(Arc::new(move |arguments| Box::pin(body(arguments))));
        self.functions.push(HostFunction { name: name.into(), body });
        self
    }
}

impl Arguments {
    /// Positional arguments alone.
    pub fn new(positional: Vec<Data>) -> Arguments {
        Arguments { positional, keywords: Vec::new() }
    }

    /// Takes the argument of a parameter, given by place or by name, as a Rust value; TypeError if it is absent or of another type.
    pub fn take<T>(&mut self, place: usize, name: &str) -> Result<T, Failure>
    where
        T: TryFrom<Data, Error = Failure>,
    {
        match self.optional(place, name)? {
            Some(value) => Ok(value),
            None => Err(Failure::type_error(format!("missing required argument '{name}' (pos {})", place + 1))),
        }
    }

    /// The same for one that may be absent.
    pub fn optional<T>(&mut self, place: usize, name: &str) -> Result<Option<T>, Failure>
    where
        T: TryFrom<Data, Error = Failure>,
    {
        let given = match self.positional.get_mut(place) {
            Some(value) => Some(std::mem::take(value)),
            None => self.keywords.iter_mut().find(|(key, _)| key == name).map(|(_, value)| std::mem::take(value)),
        };
        let wrong =
            |failure: Failure| Failure { message: format!("argument '{name}': {}", failure.message), ..failure };
        given.map(T::try_from).transpose().map_err(wrong)
    }
}

impl<const N: usize> From<[Data; N]> for Arguments {
    fn from(positional: [Data; N]) -> Arguments {
        Arguments::new(positional.into())
    }
}

impl From<Vec<Data>> for Arguments {
    fn from(positional: Vec<Data>) -> Arguments {
        Arguments::new(positional)
    }
}

impl From<()> for Arguments {
    fn from((): ()) -> Arguments {
        Arguments::default()
    }
}

impl Failure {
    /// An exception of the built-in class with this name; of an unknown one it is RuntimeError.
    pub fn new(class: &str, message: impl Into<String>) -> Failure {
        Failure { class: class.to_owned(), message: message.into() }
    }

    /// TypeError.
    pub fn type_error(message: impl Into<String>) -> Failure {
        Failure::new("TypeError", message)
    }

    /// ValueError.
    pub fn value_error(message: impl Into<String>) -> Failure {
        Failure::new("ValueError", message)
    }
}

/// Any error of Rust is a RuntimeError. (`Failure` is therefore no `Error` itself.)
impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure::new("RuntimeError", error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class, self.message)
    }
}

impl Object {
    /// The name of its class.
    pub fn class_name(&self) -> &str {
        &self.class
    }
}

impl PartialEq for Object {
    /// Whether it is the same hold of an object; two holds of one object differ.
    fn eq(&self, other: &Object) -> bool {
        Arc::ptr_eq(&self.key, &other.key)
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} object>", self.class)
    }
}

/// The objects of an engine that its embedder holds.
#[derive(Default)]
pub struct Held {
    slots: Vec<Option<(Arc<()>, Value)>>,
}

impl Held {
    /// Holds a value.
    pub fn hold(&mut self, value: Value, class: &str) -> Object {
        self.release();
        let key = Arc::new(());
        let slot = Some((Arc::clone(&key), value));
        let place = match self.slots.iter().position(Option::is_none) {
            Some(place) => {
                self.slots[place] = slot;
                place
            }
            None => {
                self.slots.push(slot);
                self.slots.len() - 1
            }
        };
        Object { key, place, class: class.into() }
    }

    /// The value that is held; None if it is another engine's.
    pub fn get(&self, object: &Object) -> Option<Value> {
        let (key, value) = self.slots.get(object.place)?.as_ref()?;
        Arc::ptr_eq(key, &object.key).then_some(*value)
    }

    /// Forgets what the embedder has dropped.
    fn release(&mut self) {
        for slot in &mut self.slots {
            if slot.as_ref().is_some_and(|(key, _)| Arc::strong_count(key) == 1) {
                *slot = None;
            }
        }
        while self.slots.last().is_some_and(Option::is_none) {
            self.slots.pop();
        }
    }

    /// What the embedder still holds.
    pub fn trace(&self, gray: &mut Gray) {
        let held = self.slots.iter().flatten().filter(|(key, _)| Arc::strong_count(key) > 1);
        gray.extend(held.map(|(_, value)| *value).filter(Value::is_handle));
    }
}

/// Where an embedder keeps the texts of modules.
pub trait Loader: Send {
    /// The module with this absolute name; None: there is none here.
    fn load(&mut self, name: &str) -> Option<ModuleText>;
}

/// A module's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleText {
    pub text: Vec<u8>,
    /// What tracebacks call it.
    pub file: String,
    /// It may have submodules.
    pub is_package: bool,
}

impl<F: FnMut(&str) -> Option<ModuleText> + Send> Loader for F {
    fn load(&mut self, name: &str) -> Option<ModuleText> {
        self(name)
    }
}

// ----- Rust's types -----

macro_rules! from_int {
    ($($int:ty)*) => {
        $(impl From<$int> for Data {
            fn from(value: $int) -> Data {
                match i64::try_from(value) {
                    Ok(value) => Data::Int(value),
                    Err(_) => Data::BigInt(value.to_string()),
                }
            }
        }

        impl TryFrom<Data> for $int {
            type Error = Failure;
            fn try_from(data: Data) -> Result<$int, Failure> {
                let number = match &data {
                    Data::Int(value) => <$int>::try_from(*value).ok(),
                    Data::Bool(value) => Some(<$int>::from(*value)),
                    Data::BigInt(digits) => digits.parse().ok(),
                    other => return Err(other.is_not("int")),
                };
                number.ok_or_else(|| Failure::new("OverflowError", "int out of range"))
            }
        })*
    };
}

from_int!(i16 i32 i64 i128 u8 u16 u32 u64 u128 isize usize);

macro_rules! from_plain {
    ($($rust:ty, $variant:ident, $name:literal;)*) => {
        $(impl From<$rust> for Data {
            fn from(value: $rust) -> Data {
                Data::$variant(value)
            }
        }

        impl TryFrom<Data> for $rust {
            type Error = Failure;
            fn try_from(data: Data) -> Result<$rust, Failure> {
                match data {
                    Data::$variant(value) => Ok(value),
                    other => Err(other.is_not($name)),
                }
            }
        })*
    };
}

from_plain! {
    bool, Bool, "bool";
    String, Str, "str";
    Object, Object, "object";
}

impl From<()> for Data {
    fn from((): ()) -> Data {
        Data::None
    }
}

impl From<&str> for Data {
    fn from(value: &str) -> Data {
        Data::Str(value.to_owned())
    }
}

impl From<&[u8]> for Data {
    fn from(value: &[u8]) -> Data {
        Data::Bytes(value.to_owned())
    }
}

impl From<f64> for Data {
    fn from(value: f64) -> Data {
        Data::Float(value)
    }
}

impl TryFrom<Data> for f64 {
    type Error = Failure;
    fn try_from(data: Data) -> Result<f64, Failure> {
        match data {
            Data::Float(value) => Ok(value),
            Data::Int(value) => Ok(value as f64),
            Data::Bool(value) => Ok(f64::from(value)),
            other => Err(other.is_not("float")),
        }
    }
}

impl<T: Into<Data>> From<Vec<T>> for Data {
    fn from(items: Vec<T>) -> Data {
        Data::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: TryFrom<Data, Error = Failure>> TryFrom<Data> for Vec<T> {
    type Error = Failure;
    fn try_from(data: Data) -> Result<Vec<T>, Failure> {
        match data {
            Data::List(items) | Data::Tuple(items) => items.into_iter().map(T::try_from).collect(),
            other => Err(other.is_not("list")),
        }
    }
}

impl<T: Into<Data>> From<Option<T>> for Data {
    fn from(value: Option<T>) -> Data {
        value.map_or(Data::None, Into::into)
    }
}

impl Data {
    /// The name of its type in a script.
    pub fn type_name(&self) -> &str {
        match self {
            Data::None => "NoneType",
            Data::Bool(_) => "bool",
            Data::Int(_) | Data::BigInt(_) => "int",
            Data::Float(_) => "float",
            Data::Str(_) => "str",
            Data::Bytes(_) => "bytes",
            Data::List(_) => "list",
            Data::Tuple(_) => "tuple",
            Data::Dict(_) => "dict",
            Data::Object(object) => object.class_name(),
        }
    }

    fn is_not(&self, wanted: &str) -> Failure {
        Failure::type_error(format!("{wanted} expected, got {}", self.type_name()))
    }

    /// The value of a key of a dict.
    pub fn get(&self, key: &str) -> Option<&Data> {
        match self {
            Data::Dict(pairs) => {
                pairs.iter().find(|(own, _)| matches!(own, Data::Str(own) if own == key)).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The text of a str.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Data::Str(text) => Some(text),
            _ => None,
        }
    }
}
