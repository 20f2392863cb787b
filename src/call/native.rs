//! The rows of the tables of natives.

use std::sync::OnceLock;

use super::cx::Cx;
use super::outcome::Outcome;
use super::signature::Signature;
use crate::value::{NativeFrame, Value};

/// A native that never pauses in the middle. Its arguments are bound: one value per parameter, `Undef` where an optional
/// one is absent, then those of `*args`.
pub type PlainFn = fn(&mut Cx, &[Value]) -> Outcome;

/// A native that goes on after a pause: at step 0 the frame's values are the bound arguments.
pub type StepFn = fn(&mut Cx, &mut NativeFrame) -> Outcome;

#[derive(Clone, Copy)]
pub enum Body {
    Plain(PlainFn),
    Stepped(StepFn),
}

/// What a row is, and so how it binds when it is found in a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NativeKind {
    /// A function of a module.
    Function,
    /// A method: the first parameter is `self`.
    Method,
    /// A method that is a special one (`__add__`): a slot wrapper.
    Special,
    /// The first argument is the class.
    ClassMethod,
    StaticMethod,
    /// `__new__`: the first argument is the class; does not bind.
    New,
    /// An attribute: the body is the getter.
    Attribute,
    /// No script sees it: steps that other natives push.
    Hidden,
}

/// One native: name and signature as Python text, body, doc.
///
/// The signature is `name(parameters)` or `name(parameters) -> ignored`. A parameter is `name`, `name: converter`,
/// `name=` (optional: absent is `Undef`), with `/`, `*`, `*args` and `**kwargs` as in Python. Values of `*args`
/// come last, behind those of `**kwargs` (a dict). The converters are listed in [`super::signature::Converter`].
pub struct NativeDef {
    pub text: &'static str,
    pub kind: NativeKind,
    pub body: Body,
    /// Of an attribute that can be set: called with self and the value (`Undef`: delete it).
    pub setter: Option<PlainFn>,
    pub doc: &'static str,
    /// An `async def`: a call gives a coroutine, unless it is awaited at once.
    pub is_async: bool,
    signature: OnceLock<Signature>,
}

impl NativeDef {
    pub const fn new(kind: NativeKind, is_async: bool, text: &'static str, body: Body, doc: &'static str) -> Self {
        NativeDef { text, kind, body, setter: None, doc, is_async, signature: OnceLock::new() }
    }

    pub const fn attribute(text: &'static str, getter: PlainFn, setter: Option<PlainFn>, doc: &'static str) -> Self {
        let body = Body::Plain(getter);
        NativeDef { text, kind: NativeKind::Attribute, body, setter, doc, is_async: false, signature: OnceLock::new() }
    }

    /// The name: the text up to the parenthesis.
    pub fn name(&self) -> &'static str {
        self.text.split_once('(').map_or(self.text, |(name, _)| name)
    }

    #[inline]
    pub fn signature(&self) -> &Signature {
        self.signature.get_or_init(|| Signature::parse(self))
    }
}

/// Rows of a table: `kind "text" => function, "doc";` with `fn`, `method`, `special`, `class`, `static`, `new`, `hidden`,
/// their asynchronous forms `afn`, `amethod`, `aspecial`,
/// and `attr "name" => getter [, setter], "doc";`. A function that is stepped is written `step function`.
#[macro_export]
macro_rules! natives {
    ($(#[$meta:meta])* $vis:vis static $table:ident = [$($rows:tt)*]) => {
        $(#[$meta])*
        $vis static $table: &[$crate::call::NativeDef] = $crate::native_rows!([] $($rows)*);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! native_rows {
    ([$($done:expr,)*]) => {{
        const COUNT: usize = <[&str]>::len(&[$(stringify!($done),)*]);
        static ROWS: [$crate::call::NativeDef; COUNT] = [$($done,)*];
        &ROWS
    }};
    ([$($done:expr,)*] attr $text:literal => $getter:path, set $setter:path, $doc:literal; $($rest:tt)*) => {
        $crate::native_rows!([$($done,)* $crate::call::NativeDef::attribute($text, $getter, Some($setter), $doc),] $($rest)*)
    };
    ([$($done:expr,)*] attr $text:literal => $getter:path, $doc:literal; $($rest:tt)*) => {
        $crate::native_rows!([$($done,)* $crate::call::NativeDef::attribute($text, $getter, None, $doc),] $($rest)*)
    };
    ([$($done:expr,)*] $kind:ident $text:literal => step $body:path, $doc:literal; $($rest:tt)*) => {
        $crate::native_rows!([$($done,)* $crate::call::NativeDef::new(
            $crate::native_kind!($kind), $crate::native_async!($kind), $text, $crate::call::Body::Stepped($body), $doc),] $($rest)*)
    };
    ([$($done:expr,)*] $kind:ident $text:literal => $body:path, $doc:literal; $($rest:tt)*) => {
        $crate::native_rows!([$($done,)* $crate::call::NativeDef::new(
            $crate::native_kind!($kind), $crate::native_async!($kind), $text, $crate::call::Body::Plain($body), $doc),] $($rest)*)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! native_kind {
    (func) => {
        $crate::call::NativeKind::Function
    };
    (afn) => {
        $crate::call::NativeKind::Function
    };
    (method) => {
        $crate::call::NativeKind::Method
    };
    (amethod) => {
        $crate::call::NativeKind::Method
    };
    (aspecial) => {
        $crate::call::NativeKind::Special
    };
    (special) => {
        $crate::call::NativeKind::Special
    };
    (class) => {
        $crate::call::NativeKind::ClassMethod
    };
    (stat) => {
        $crate::call::NativeKind::StaticMethod
    };
    (new) => {
        $crate::call::NativeKind::New
    };
    (hidden) => {
        $crate::call::NativeKind::Hidden
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! native_async {
    (afn) => {
        true
    };
    (amethod) => {
        true
    };
    (aspecial) => {
        true
    };
    ($other:ident) => {
        false
    };
}
