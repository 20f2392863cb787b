//! Functions and what belongs to them: cells, bound methods, descriptors, links, modules.

use std::cell::Cell as Memo;
use std::sync::Arc;

use aspen_grammar::bytecode::Code;

use super::dict::Dict;
use super::sequence::trace_values;
use super::slab::{Gray, Kind};
use super::value::{Id, Name, Value};

/// A function of the script.
#[derive(Default)]
pub struct Func {
    pub link: Id<Link>,
    /// The number of positional arguments with which a call runs the body at once, or [`Func::NEVER`]: one compare for
    /// "is it a plain function" and "does the count fit". [`Func::AWAITED`] is added for a coroutine function: it runs at
    /// once only where its result is awaited at once.
    pub direct: u16,
    /// The cells of the enclosing scopes, in the order of `Code::captures`.
    pub closure: Box<[Value]>,
    /// A tuple, or `Undef`.
    pub defaults: Value,
    /// A dict, or `Undef`.
    pub keyword_defaults: Value,
    pub name: Id<super::Str>,
    pub extra: Option<Box<FuncExtra>>,
}

/// What a script changed or asked for; most functions have none. `Undef`: as the code says.
#[derive(Default)]
pub struct FuncExtra {
    pub qualname: Value,
    pub doc: Value,
    pub module: Value,
    pub annotations: Value,
    pub type_params: Value,
    pub dict: Option<Id<Dict>>,
    /// Set by `inspect.markcoroutinefunction`.
    pub is_marked_coroutine: bool,
}

impl Func {
    pub const NEVER: u16 = u16::MAX;
    pub const AWAITED: u16 = 0x4000;
}

/// A variable that closures share.
#[derive(Default)]
pub struct Cell {
    pub value: Value,
}

#[derive(Clone, Copy, Default)]
pub struct Method {
    pub func: Value,
    pub this: Value,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DescrKind {
    #[default]
    Property,
    ClassMethod,
    StaticMethod,
    /// A native method in the special methods of a class that does not derive from the method's own: `get`.
    Foreign,
}

/// property, classmethod or staticmethod.
#[derive(Default)]
pub struct Descr {
    pub kind: DescrKind,
    /// The getter, or the function. `Undef`: absent.
    pub get: Value,
    pub set: Value,
    pub delete: Value,
    pub doc: Value,
    /// A property's `__name__`.
    pub name: Value,
    /// Attributes copied from the function (`__wrapped__`, …) or set by the script.
    pub dict: Option<Id<Dict>>,
}

/// Code bound to globals: what all functions made by one `def` in one module share.
#[derive(Default)]
pub struct Link {
    pub code: Option<Arc<Code>>,
    pub globals: Id<Dict>,
    pub builtins: Id<Dict>,
    pub consts: Box<[Value]>,
    pub names: Box<[Name]>,
    /// The links of `Code::codes`, made when first needed.
    pub children: Box<[Memo<Id<Link>>]>,
}

#[derive(Default)]
pub struct Module {
    pub dict: Id<Dict>,
    pub name: Value,
}

impl Link {
    /// Every link in use has code; only free slots have none.
    pub fn code(&self) -> &Arc<Code> {
        self.code.as_ref().expect("a link in use has its code")
    }
}

impl Kind for Func {
    const SWEPT: bool = true;
    fn trace(&self, gray: &mut Gray) {
        gray.push(Value::Link(self.link));
        gray.push(Value::Str(self.name));
        trace_values(&self.closure, gray);
        trace_values(&[self.defaults, self.keyword_defaults], gray);
        if let Some(extra) = &self.extra {
            let FuncExtra { qualname, doc, module, annotations, type_params, dict, .. } = **extra;
            trace_values(&[qualname, doc, module, annotations, type_params], gray);
            gray.extend(dict.map(Value::Dict));
        }
    }
    fn owned(&self) -> usize {
        size_of_val::<[Value]>(&self.closure) + self.extra.as_ref().map_or(0, |_| size_of::<FuncExtra>())
    }
}

impl Kind for Cell {
    const SWEPT: bool = false;
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.value], gray);
    }
    fn owned(&self) -> usize {
        0
    }
}

impl Kind for Method {
    const SWEPT: bool = false;
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.func, self.this], gray);
    }
    fn owned(&self) -> usize {
        0
    }
}

impl Kind for Descr {
    const SWEPT: bool = false;
    fn trace(&self, gray: &mut Gray) {
        trace_values(&[self.get, self.set, self.delete, self.doc, self.name], gray);
        gray.extend(self.dict.map(Value::Dict));
    }
    fn owned(&self) -> usize {
        0
    }
}

impl Kind for Link {
    const SWEPT: bool = true;
    fn trace(&self, gray: &mut Gray) {
        if self.code.is_none() {
            return;
        }
        gray.push(Value::Dict(self.globals));
        gray.push(Value::Dict(self.builtins));
        trace_values(&self.consts, gray);
        gray.extend(self.names.iter().map(|&name| Value::Str(name)));
        gray.extend(self.children.iter().map(Memo::get).filter(|child| !child.is_none()).map(Value::Link));
    }
    fn owned(&self) -> usize {
        let ops = self.code.as_ref().map_or(0, |code| code.ops.len() * 32);
        size_of_val::<[Value]>(&self.consts) + size_of_val::<[Name]>(&self.names) + ops
    }
}

impl Kind for Module {
    const SWEPT: bool = false;
    fn trace(&self, gray: &mut Gray) {
        gray.push(Value::Dict(self.dict));
        trace_values(&[self.name], gray);
    }
    fn owned(&self) -> usize {
        0
    }
}
