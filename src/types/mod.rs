//! The built-in types.
//!
//! 1. [`classes`]: the table of all built-in classes; what the class of a value is.
//! 2. [`attribute`]: attribute access in all its generality, and binding.
//! 3. [`operator`]: binary operators and comparisons; [`protocol`]: truth, length, hash, equality, items.
//!    Under them [`quick`] (what is known without script code), and the frames: [`probe`], [`walk`], [`drive`], [`pull`],
//!    [`search`]. [`item`], [`container`]: subscription, membership, displays.
//! 4. [`strings`]: `str(x)`, `repr(x)`, `format(x)`.
//! 5. A file or folder per type. [`class`]: classes made, called and changed; [`callable`]: functions, methods, descriptors;
//!    [`exception`].
//! 6. The algorithms under them, plain functions over bytes and numbers without heap or interpreter: [`float`],
//!    [`format`], [`text`], [`sort`], [`random`].

pub mod abstract_base;
pub mod array;
pub mod asyncio;
pub mod attribute;
pub mod bounds;
pub mod bytearray;
pub mod bytes;
pub mod callable;
pub mod class;
pub mod class_of;
pub mod classes;
pub mod codecs;
pub mod collections;
pub mod complex;
pub mod compose;
pub mod constants;
pub mod container;
pub mod context;
pub mod dict;
pub mod direct;
pub mod drive;
pub mod exception;
pub mod file;
pub mod finalize;
pub mod formatting;
pub mod frame;
pub mod generator;
pub mod generic_alias;
pub mod getters;
pub mod instance_dict;
pub mod int;
pub mod item;
pub mod iterator;
pub mod itertools;
pub mod keys;
pub mod library;
pub mod list;
pub mod lru_cache;
pub mod mapping_proxy;
pub mod memoryview;
pub mod method_call;
pub mod module;
pub mod namespace;
pub mod number;
pub mod object;
pub mod operator;
pub mod os_error;
pub mod partial;
pub mod printing;
pub mod probe;
pub mod protocol;
pub mod pull;
pub mod quick;
pub mod range;
pub mod reduce;
pub mod search;
pub mod set;
pub mod simple_namespace;
pub mod singletons;
pub mod slice;
pub mod str;
pub mod strings;
pub mod struct_sequence;
pub mod tuple;
pub mod type_params;
pub mod unicode_error;
pub mod union;
pub mod walk;
pub mod warning;
pub mod weak;

pub mod awaitable;
pub mod float;
pub mod format;
pub mod pattern;
pub mod random;
pub mod socket;
pub mod sort;
pub mod spread;
pub mod suggest;
pub mod syntax_warning;
pub mod text;
pub mod twister;
